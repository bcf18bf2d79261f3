//! Documents of FoodChain-Lab Web.

use std::fs;
use std::path::PathBuf;

use trace::network::fcl::{read, write};
use trace::network::score::{Merged, score};

use super::corpora;

fn documents() -> Vec<(PathBuf, Vec<u8>)> {
    let Some(corpora) = corpora() else { return Vec::new() };
    let mut folders = vec![corpora.join("SiLeBAT+fcl-client/src/assets")];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "json") {
                found.push((path.clone(), fs::read(path).unwrap()));
            }
        }
    }
    found
}

/// Pictures of graphs and a list of questions: not networks.
const OTHER: &[&str] = &["f2f.visio.json", "f2f.samples.visio.json", "faq.json"];

#[test]
fn every_network_of_the_web_client_is_read_and_comes_out_again_equal() {
    let documents = documents();
    let mut networks = 0;
    for (path, text) in &documents {
        let name = path.file_name().unwrap().to_str().unwrap();
        let read_once = read(text);
        if OTHER.contains(&name) {
            assert!(read_once.is_err(), "{name}");
            continue;
        }
        let document = read_once.unwrap_or_else(|faults| panic!("{name}: {faults}"));
        let again = read(write(&document.network, &document.tracing).as_bytes()).unwrap();
        assert_eq!(again, document, "{name}");
        score(&document.network, &document.tracing).unwrap();
        assert!(document.network.relations().len() > 5);
        networks += 1;
    }
    assert!(documents.is_empty() || networks == 6, "{networks}");
}

#[test]
fn weights_flags_order_and_merged_stations_are_read() {
    let text = br#"{"version": "1.2.0", "data": {
        "stations": {"columnProperties": [], "data":
            [[{"id": "ID", "value": "a"}], [{"id": "ID", "value": "b"}, {"id": "Open", "value": true}]]},
        "deliveries": {"columnProperties": [{"id": "ID", "type": "string"}], "data":
            [[{"id": "ID", "value": "d"}, {"id": "from", "value": "a"}, {"id": "to", "value": "b"}]]},
        "deliveryRelations": {"columnProperties": [], "data": []}},
        "tracing": {"enforceTemporalOrder": false,
            "nodes": [{"id": "b", "weight": 2, "crossContamination": true}, {"id": "ab", "weight": 0}],
            "deliveries": [{"id": "d", "weight": 0, "killContamination": true, "observed": true}]},
        "settings": {"metaNodes": [{"id": "ab", "type": "SIMPLE_CHAIN", "members": ["a", "b"]}]}}"#;
    let mut document = read(text).unwrap();
    let tracing = &mut document.tracing;
    assert!(!tracing.temporal_order);
    assert!(tracing.station("b").cross_contamination && tracing.delivery("d").kill_contamination);
    assert!(tracing.delivery("d").observed);
    let members = vec!["a".to_owned(), "b".to_owned()];
    assert_eq!(tracing.merged, [Merged { id: "ab".to_owned(), members }]);
    assert_eq!(document.network.station_columns(), ["Open"]);
    let scores = score(&document.network, &document.tracing).unwrap();
    assert_eq!(scores.stations.len(), 1);
    assert_eq!(scores.stations[0].mark.weight.to_bits(), 0);
    let again = read(write(&document.network, &document.tracing).as_bytes()).unwrap();
    assert_eq!(again, document);
}

#[test]
fn what_is_no_such_document_is_refused_in_words() {
    for text in [
        "",
        "{}",
        "[]",
        r#"{"data": 1}"#,
        r#"{"stations": [], "deliveries": {}}"#,
        r#"{"stations": [{"name": "x"}], "deliveries": []}"#,
        r#"{"stations": [{"id": "x"}], "deliveries": [{"id": "d", "source": "x", "target": "y"}]}"#,
        r#"{"stations": [{"id": "x"}], "deliveries": [], "tracing": {"nodes": [{"id": "y", "weight": 1}]}}"#,
        r#"{"stations": [{"id": "x"}], "deliveries": [], "tracing": {"nodes": [{"id": "x", "weight": "1"}]}}"#,
        r#"{"stations": [{"id": "x"}], "deliveries": [], "settings": {"metaNodes": [{"id": "x", "members": []}]}}"#,
    ] {
        let faults = read(text.as_bytes()).expect_err(text);
        assert!(!faults.message(gs1::Lang::Vi).is_empty());
    }
}
