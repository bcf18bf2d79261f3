//! Chains of seafood as GDST publishes them for tests, traced to the vessel and the hatchery. They have what real records
//! have: feed that is used before it was received, a container that is packed twice, receipts of which nobody tells the
//! shipment.

use std::collections::BTreeSet;
use std::path::PathBuf;

use trace::{Direction, Graph, Limits, Start};

const FULL: &str = "TraceabilityDriver/Services/GDST/FullData.json";
const TWICE: &str = "TraceabilityDriver.Tests/Data/testdata001.json";

/// The graph of a document; nothing where there are no corpora.
fn graph(document: &str) -> Option<Graph> {
    let corpora = std::env::var_os("NGUON_CORPORA").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpora")),
        PathBuf::from,
    );
    let file = corpora.join("TraceabilityInternet+TraceabilityDriver").join(document);
    let Ok(bytes) = std::fs::read(&file) else {
        eprintln!("skipped: no corpora");
        return None;
    };
    let text = String::from_utf8(bytes).expect("UTF-8");
    let limits = epcis::Limits { loose_urns: true, ..epcis::Limits::default() };
    let document = epcis::read_loosely(text.trim_start_matches('\u{feff}').as_bytes(), &limits);
    let document = document.expect("readable");
    let mut graph = Graph::new();
    let mut seen = BTreeSet::new();
    for event in &document.events {
        if seen.insert(event.event_id.clone().unwrap_or_else(|| epcis::hash_id(event))) {
            graph.add(event, None);
        }
    }
    Some(graph)
}

fn ends(graph: &Graph, id: &str, direction: Direction) -> BTreeSet<String> {
    let trace = graph.trace(&[Start::of(id)], direction, None, &Limits::default()).expect("known");
    assert_eq!(trace.stopped, None);
    let plain = |id: String| id.replace("urn:gdst:example.org:product:lot:class:", "");
    trace.nodes.into_iter().filter(|node| node.place.is_some()).map(|node| plain(node.id)).collect()
}

const CHAIN: [&str; 6] = [
    "feedmill.1u.ff11252021",
    "fisherman01.tunau.v1-0122-2022",
    "fishfarm.1u.farmed-tuna-01192022",
    "hatchery.1u.tf12012021",
    "processor.10u.commingle-01232022",
    "processor.2u.v1-0122-2022",
];

fn lot(name: &str) -> String {
    format!("urn:gdst:example.org:product:lot:class:{name}")
}

#[test]
fn a_box_of_tuna_is_traced_to_the_vessel_the_hatchery_and_the_feed() {
    for document in [FULL, TWICE] {
        let Some(graph) = graph(document) else { return };
        let whole: BTreeSet<String> = CHAIN.map(str::to_owned).into();
        let found = ends(&graph, &lot("processor.2u.v1-0122-2022"), Direction::Back);
        assert_eq!(found, whole, "{document}");
        for case in ["urn:epc:id:sscc:08600031303.0005", "urn:epc:id:sscc:08600031303.0004"] {
            if document == FULL || case.ends_with("0004") {
                assert!(
                    ends(&graph, case, Direction::Back).is_superset(&whole),
                    "{document} {case}"
                );
            }
        }
    }
}

#[test]
fn what_the_vessel_caught_is_found_at_the_importer() {
    let Some(graph) = graph(FULL) else { return };
    let start = [Start::of(&lot("fisherman01.tunau.v1-0122-2022"))];
    let trace = graph.trace(&start, Direction::Forward, None, &Limits::default()).unwrap();
    let importer = trace::Place::At("urn:gdst:example.org:location:loc:importer.123u".to_owned());
    assert!(trace.nodes.iter().any(|node| node.place.as_ref() == Some(&importer)));
    assert!(trace.nodes.iter().all(|node| !node.id.contains("hatchery")));
    let recall = graph.recall(&start, None, &Limits::default()).unwrap();
    let held = |holding: &&trace::Holding| holding.node.place.as_ref() == Some(&importer);
    let held = recall.holdings.iter().find(held).expect("held");
    // 9,876 of 22,000 kg were mixed, 9,876 of those cut and 5,000 packed: all of it may be of the vessel, none must.
    assert_eq!((held.suspect.low, held.suspect.high), (0, Some(5_000_000_000)));
}
