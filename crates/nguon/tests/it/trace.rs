//! `nguon trace`: the answer by documents and by a database is the same; what is not valid or not known is said.

use serde_json::{Value, json};
use store::Store;

use crate::nguon;

/// Paddy of a field becomes rice in a shop; names are invented.
fn document() -> Value {
    let place = |name: &str| json!({"id": format!("urn:minh-hoa:place:{name}")});
    let lot = |name: &str, kilograms: u32| json!([{"epcClass": format!("urn:minh-hoa:lot:{name}"), "quantity": kilograms, "uom": "KGM"}]);
    let event = |minute: u32, rest: Value| {
        let mut event = json!({
            "eventID": format!("urn:uuid:00000000-0000-4000-8000-0000000000{minute:02}"),
            "eventTime": format!("2026-11-22T08:{minute:02}:00+07:00"),
            "eventTimeZoneOffset": "+07:00",
        });
        event.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        event
    };
    let events = [
        event(
            1,
            json!({"type": "ObjectEvent", "action": "ADD", "bizStep": "commissioning", "quantityList": lot("paddy", 100), "readPoint": place("field")}),
        ),
        event(
            2,
            json!({"type": "ObjectEvent", "action": "OBSERVE", "bizStep": "shipping", "quantityList": lot("paddy", 60), "readPoint": place("field"),
            "destinationList": [{"type": "location", "destination": "urn:minh-hoa:place:mill"}]}),
        ),
        event(
            3,
            json!({"type": "ObjectEvent", "action": "OBSERVE", "bizStep": "receiving", "quantityList": lot("paddy", 60), "readPoint": place("mill")}),
        ),
        event(
            4,
            json!({"type": "TransformationEvent", "inputQuantityList": lot("paddy", 60), "outputQuantityList": lot("rice", 40), "readPoint": place("mill")}),
        ),
        event(
            5,
            json!({"type": "ObjectEvent", "action": "OBSERVE", "bizStep": "shipping", "quantityList": lot("rice", 15), "readPoint": place("mill"),
            "destinationList": [{"type": "location", "destination": "urn:minh-hoa:place:shop"}]}),
        ),
    ];
    json!({
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
        "type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": "2026-11-22T09:00:00Z",
        "epcisBody": {"eventList": events},
    })
}

fn ids(list: &Value) -> Vec<&str> {
    fn short(node: &Value) -> &str {
        node["id"].as_str().unwrap().rsplit(':').next().unwrap()
    }
    list.as_array().unwrap().iter().map(short).collect()
}

#[test]
fn documents_are_traced_back_forward_and_recalled() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rice.jsonld").display().to_string();
    std::fs::write(&file, document().to_string()).unwrap();
    let ask = |words: &[&str]| {
        let (code, mut lines) = nguon(&[&["trace"], words, &["--events", &file]].concat());
        assert_eq!((code, lines.len()), (0, 1), "{lines:?}");
        lines.remove(0)
    };
    let back = ask(&["back", "urn:minh-hoa:lot:rice"]);
    assert_eq!(ids(&back["nodes"]), ["paddy", "00000000-0000-4000-8000-000000000004", "rice"]);
    let events: Vec<&str> =
        back["events"].as_array().unwrap().iter().filter_map(|id| id.as_str()?.get(43..)).collect();
    assert_eq!(events, ["01", "02", "03", "04", "05"]);
    let early = ask(&["back", "urn:minh-hoa:lot:rice", "--steps", "0"]);
    assert!(!early["nodes"].to_string().contains("place:field"));

    let path = ask(&["path", "urn:minh-hoa:lot:paddy", "urn:minh-hoa:lot:rice"]);
    assert_eq!(ids(&path["nodes"]), ids(&back["nodes"]));
    let none = ask(&["path", "urn:minh-hoa:lot:rice", "urn:minh-hoa:lot:paddy"]);
    assert_eq!(none["nodes"], json!([]));
    let common =
        ["trace", "common", "urn:minh-hoa:lot:paddy", "urn:minh-hoa:lot:rice", "--events", &file];
    let (code, lines) = nguon(&common);
    assert_eq!((code, lines[0]["of"].as_array().unwrap().len()), (0, 2), "{lines:?}");

    let recall = ask(&["recall", "urn:minh-hoa:lot:paddy", "--at", "urn:minh-hoa:place:mill"]);
    assert_eq!(ids(&recall["certain"]), ["paddy", "rice", "rice"]);
    let rice = &recall["certain"][1];
    assert_eq!(rice["suspect"], json!({"low": 40, "high": 40}));
    assert_eq!((&rice["here"], &rice["uom"]), (&json!(25), &json!("KGM")));
    assert_eq!(recall["certain"][2]["place"], json!({"onTheWayTo": "urn:minh-hoa:place:shop"}));
    let field = json!({"at": "urn:minh-hoa:place:field"});
    assert!(recall["cleared"].as_array().unwrap().iter().any(|holding| holding["place"] == field));
}

#[test]
fn what_is_not_known_or_not_valid_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rice.jsonld").display().to_string();
    std::fs::write(&file, document().to_string()).unwrap();
    let (code, lines) = nguon(&["trace", "back", "urn:minh-hoa:lot:corn", "--events", &file]);
    assert_eq!((code, &lines[0]["id"]), (1, &json!("urn:minh-hoa:lot:corn")));
    std::fs::write(&file, "{").unwrap();
    let (code, lines) = nguon(&["trace", "back", "urn:minh-hoa:lot:rice", "--events", &file]);
    assert_eq!((code, &lines[0]["ok"]), (1, &json!(false)));
    let (code, _) = nguon(&["trace", "back", "x", "--events", &file, "--as-of", "yesterday"]);
    assert_eq!(code, 2);
}

#[test]
fn a_database_answers_as_its_documents_do_and_as_it_knew_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rice.jsonld").display().to_string();
    std::fs::write(&file, document().to_string()).unwrap();
    let data = folder.path().display().to_string();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let store = Store::open(&format!("sqlite:{data}/nguon.db")).await.unwrap();
        store.migrate().await.unwrap();
        let read =
            epcis::read(document().to_string().as_bytes(), &epcis::Limits::default()).unwrap();
        let logged = |event: &epcis::Event| store::NewEvent {
            owner: 1,
            event_id: event.event_id.clone().unwrap(),
            event_time: event.event_time.micros,
            record_time: 1_000,
            hash: vec![0; 32],
            body: event.stored(),
            ..store::NewEvent::default()
        };
        store.append(read.events.iter().map(logged).collect()).await.unwrap();
        store.close().await;
    });
    let ask =
        |place: &[&str]| nguon(&[&["trace", "forward", "urn:minh-hoa:lot:paddy"], place].concat());
    let (code, lines) = ask(&["--data", &data]);
    assert_eq!((code, &lines), (0, &ask(&["--events", &file]).1));
    let (code, _) = ask(&["--data", &data, "--as-of", "1970-01-01T00:00:00Z"]);
    assert_eq!(code, 1);
}

#[test]
fn cases_are_scored_and_who_sold_more_than_he_bought_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let file = folder.path().join(name).display().to_string();
        std::fs::write(&file, text).unwrap();
        file
    };
    let stations = write("s.csv", "ID,node\nfarm,Farm\nmill,Mill\nshop,Shop\nother,Other\n");
    let deliveries = write(
        "d.csv",
        "ID,from,to,Date Delivery\n1,farm,mill,2026-01-01\n2,mill,shop,2026-01-03\n3,mill,other,2025-12-30\n",
    );
    let relations = write("r.csv", "ID,Next\n1,2\n");
    let weights = write("w.csv", "id,weight\nshop,1\nother,1\n");
    let ask = |more: &[&str]| {
        let words = [
            &[
                "trace",
                "score",
                "--stations",
                &stations,
                "--deliveries",
                &deliveries,
                "--relations",
                &relations,
            ],
            &["--weights", &weights][..],
            more,
        ]
        .concat();
        let done =
            std::process::Command::new(env!("CARGO_BIN_EXE_nguon")).args(words).output().unwrap();
        String::from_utf8(done.stdout).unwrap()
    };
    let row = |text: &str, id: &str| -> String {
        let row = text.lines().find(|line| line.starts_with(&format!("{id},"))).unwrap();
        row.split(',').nth(1).unwrap().to_owned()
    };
    let scores = ask(&[]);
    assert!(scores.starts_with("id,score,"));
    assert_eq!((row(&scores, "farm"), row(&scores, "mill")), ("0.5".to_owned(), "1".to_owned()));
    // Where all that comes may touch all that leaves, what left before cannot have been touched; without the order of time it may.
    let cross = write("c.csv", "id\nmill\n");
    assert_eq!(row(&ask(&["--cross-contamination", &cross]), "farm"), "0.5");
    let loose = ask(&["--cross-contamination", &cross, "--temporal-order", "off"]);
    assert_eq!(row(&loose, "farm"), "1");
    assert_eq!(row(&ask(&["--of", "deliveries"]), "2"), "0.5");

    let file = folder.path().join("rice.jsonld").display().to_string();
    let mut sold = document();
    let events = sold["epcisBody"]["eventList"].as_array_mut().unwrap();
    events[4]["quantityList"][0]["quantity"] = json!(90);
    std::fs::write(&file, sold.to_string()).unwrap();
    let (code, lines) = nguon(&["trace", "balance", "--check", "--events", &file]);
    assert_eq!((code, lines.len()), (0, 1), "{lines:?}");
    let said = ["place", "in", "out", "gap", "proven"].map(|key| lines[0][key].clone());
    assert_eq!(json!(said), json!(["urn:minh-hoa:place:mill", 40, 90, 50, true]));
    assert_eq!(lines[0]["proof"]["out"].as_array().unwrap().len(), 1);
}
