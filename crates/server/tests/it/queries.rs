//! Random queries over random events, page by page, against the meaning of a query judged on each event
//! in memory: what the store answers from its indexes must be that, on both engines. `NGUON_CASES` sets how many (CI: 200).

use std::collections::BTreeSet;

use epcis::Query;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use server::sight;
use store::testing::each_engine;

use crate::epcis_api::{Program, document};
use crate::ground::Ground;

const STEPS: [&str; 3] = ["shipping", "receiving", "storing"];
const STATES: [&str; 3] = ["in_transit", "in_progress", "urn:x:state:wet"];
const PLACES: [&str; 4] = [
    "urn:epc:id:sgln:893123456.789.0",
    "https://id.gs1.org/414/8931234567897/254/7",
    "urn:x:place:1",
    "urn:x:place:2",
];
const ITEMS: [&str; 6] = [
    "urn:epc:id:sgtin:893123456.0789.7",
    "https://id.gs1.org/01/08931234567897/21/8",
    "https://id.gs1.org/8003/089312345678977Q2",
    "urn:epc:id:sscc:893123456.30000000",
    "urn:x:item:1",
    "urn:x:item:2",
];
const CLASSES: [&str; 4] = [
    "https://id.gs1.org/01/08931234567897",
    "https://id.gs1.org/01/08931234567897/10/L1",
    "urn:epc:class:lgtin:893123456.0789.L2",
    "urn:x:class:1",
];
const PATTERNS: [&str; 5] = [
    "urn:epc:idpat:sgtin:893123456.0789.*",
    "urn:epc:idpat:sgtin:893123456.*.*",
    "urn:epc:idpat:grai:893123456.789.*",
    "urn:epc:idpat:sgln:893123456.789.*",
    "urn:epc:idpat:sscc:*.*",
];

fn one_of(list: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    prop::sample::select(list)
}

fn some_event() -> impl Strategy<Value = Value> {
    let items = prop::collection::btree_set(one_of(&ITEMS), 0..3);
    let classes = prop::collection::btree_set(one_of(&CLASSES), 0..2);
    let places = (prop::option::of(one_of(&PLACES)), prop::option::of(one_of(&PLACES)));
    let words = (prop::option::of(one_of(&STEPS)), prop::option::of(one_of(&STATES)));
    (0..3_u8, items, classes, places, words, 0..4_u8, 0..3_u8, any::<[bool; 4]>()).prop_map(
        |(kind, items, classes, (read, location), (step, state), hour, amount, with)| {
            let quantities: Vec<Value> = classes
                .iter()
                .map(|class| json!({"epcClass": class, "quantity": amount, "uom": "KGM"}))
                .collect();
            let mut event = json!({
                "eventTime": format!("2026-11-01T0{hour}:00:00+07:00"), "eventTimeZoneOffset": "+07:00",
            });
            let items: Vec<&str> = items.into_iter().collect();
            match kind {
                0 => {
                    event["type"] = json!("ObjectEvent");
                    event["action"] = json!(if with[0] { "ADD" } else { "OBSERVE" });
                    event["epcList"] = json!(items);
                    event["quantityList"] = json!(quantities);
                }
                1 => {
                    event["type"] = json!("AggregationEvent");
                    event["action"] = json!("ADD");
                    event["parentID"] = json!("urn:epc:id:sscc:893123456.30000001");
                    event["childEPCs"] = json!(items);
                    event["childQuantityList"] = json!(quantities);
                }
                _ => {
                    event["type"] = json!("TransformationEvent");
                    event["inputEPCList"] = json!(if items.is_empty() { vec![ITEMS[5]] } else { items.clone() });
                    event["outputQuantityList"] = json!(quantities);
                    event["outputEPCList"] = json!([ITEMS[4]]);
                    event["transformationID"] = json!("urn:x:transformation:1");
                }
            }
            if items.is_empty() && quantities.is_empty() {
                let list = if kind == 0 { "epcList" } else { "childEPCs" };
                if kind < 2 {
                    event[list] = json!([ITEMS[4]]);
                }
            }
            for (name, value) in [("bizStep", step), ("disposition", state)] {
                if let Some(value) = value {
                    event[name] = json!(value);
                }
            }
            for (name, place) in [("readPoint", read), ("bizLocation", location)] {
                if let Some(place) = place {
                    event[name] = json!({"id": place});
                }
            }
            if with[1] {
                event["ex:grade"] = json!(amount);
            }
            if with[2] {
                event["sensorElementList"] = json!([{"sensorReport": [
                    {"type": "Temperature", "value": f64::from(amount) * 10.0, "uom": "CEL"}]}]);
            }
            if with[3] && kind == 0 {
                event["action"] = json!("ADD");
                event["ilmd"] = json!({"ex:variety": {"ex:name": STEPS[usize::from(amount)]}});
            }
            event
        },
    )
}

type Parameter = (String, String);

fn parameter() -> impl Strategy<Value = Parameter> {
    let word = |name: &'static str, list: &'static [&'static str]| {
        prop::collection::vec(one_of(list), 1..3)
            .prop_map(move |values| (name.to_owned(), values.join("|")))
    };
    let id = one_of(&[
        "MATCH_epc",
        "MATCH_anyEPC",
        "MATCH_parentID",
        "MATCH_inputEPC",
        "MATCH_anyEPCClass",
        "MATCH_epcClass",
    ]);
    let value = prop_oneof![3 => one_of(&ITEMS), 2 => one_of(&CLASSES), 2 => one_of(&PATTERNS)];
    let time = one_of(&["GE_eventTime", "LT_eventTime", "GE_recordTime"]);
    let compared = one_of(&["EQ", "GT", "GE", "LT", "LE"]);
    let number = one_of(&[
        "quantity",
        "https://example.org/ns/grade",
        "value_CEL",
        "value_FAH",
        "value_KEL",
    ]);
    prop_oneof![
        word("EQ_bizStep", &STEPS),
        word("EQ_disposition", &STATES),
        word("EQ_readPoint", &PLACES),
        word("WD_bizLocation", &PLACES),
        word("eventType", &["ObjectEvent", "AggregationEvent", "TransformationEvent"]),
        word("EQ_action", &["ADD", "OBSERVE"]),
        word("EQ_INNER_ILMD_https://example.org/ns/name", &STEPS),
        (id, value).prop_map(|(name, value)| (name.to_owned(), value.to_owned())),
        (time, 0..5_u8)
            .prop_map(|(name, hour)| (name.to_owned(), format!("2026-11-01T0{hour}:00:00+07:00"))),
        (compared, number, prop::sample::select(vec!["0", "1", "10", "50", "273.15", "293.15"]))
            .prop_map(|(how, what, value)| (format!("{how}_{what}"), value.to_owned())),
        Just(("EXISTS_sensorElement".to_owned(), "true".to_owned())),
        Just(("EQ_transformationID".to_owned(), "urn:x:transformation:1".to_owned())),
    ]
}

fn order() -> impl Strategy<Value = Vec<Parameter>> {
    let by = one_of(&["eventTime", "recordTime", "https://example.org/ns/grade"]);
    let all = (by, one_of(&["ASC", "DESC"]), prop::option::of(1..20_u8));
    prop::option::of(all).prop_map(|order| {
        let Some((by, direction, limit)) = order else { return Vec::new() };
        let mut list = vec![("orderBy", by.to_owned()), ("orderDirection", direction.to_owned())];
        list.extend(limit.map(|limit| ("eventCountLimit", limit.to_string())));
        list.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    })
}

/// The ids that the query ought to give, in an order that holds for those it orders; the rest as a set.
fn expected(query: &Query, events: &[epcis::Event]) -> BTreeSet<String> {
    let matching = events.iter().filter(|event| query.matches(event));
    matching.map(|event| event.event_id.clone().unwrap()).collect()
}

#[tokio::test]
async fn the_store_answers_what_the_query_means() {
    let cases: usize =
        std::env::var("NGUON_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(200);
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let (other, person) = g.neighbour("Hộ bên cạnh").await;
        let own = Program::new(&g, g.org, g.manager).await;
        let foreign = Program::new(&g, other, person).await;
        let mut runner = TestRunner::deterministic();
        for batch in 0..4_usize {
            let events: Vec<Value> = (0..40)
                .map(|number| {
                    let mut event = some_event().new_tree(&mut runner).unwrap().current();
                    event["eventID"] = json!(format!("urn:x:{batch}:{number}"));
                    event
                })
                .collect();
            let mut document: Value = serde_json::from_slice(&document(&events)).unwrap();
            document["@context"] = json!([
                "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
                {"ex": "https://example.org/ns/"},
            ]);
            let program = if batch == 3 { &foreign } else { &own };
            let job = program.capture(document.to_string().into_bytes()).await;
            assert_eq!(job["success"], json!(true), "{job}");
            // Some of the log is settled by now on SQLite, some is fresh.
            sight::catch_up(&g.app).await.unwrap();
        }
        let all = own.all("perPage=1000").await;
        assert_eq!(all.len(), 120, "the neighbour's are not ours to see");
        let known: Vec<epcis::Event> = read(&all);
        let mut found_any = 0;
        for case in 0..cases {
            let mut asked =
                prop::collection::vec(parameter(), 0..3).new_tree(&mut runner).unwrap().current();
            asked.extend(order().new_tree(&mut runner).unwrap().current());
            let Ok(query) = Query::parse(asked.iter().map(|(name, value)| (name, value))) else {
                continue;
            };
            let mut pairs = asked.clone();
            pairs.push(("perPage".to_owned(), (1 + case % 40).to_string()));
            let text: Vec<String> = pairs
                .iter()
                .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
                .collect();
            let answer = own.all(&text.join("&")).await;
            let found = read(&answer);
            let ids: BTreeSet<String> =
                found.iter().map(|event| event.event_id.clone().unwrap()).collect();
            assert_eq!(ids.len(), found.len(), "{asked:?}: an event twice");
            let meant = expected(&query, &known);
            found_any += usize::from(!meant.is_empty() && meant.len() < known.len());
            match query.event_count_limit {
                None => assert_eq!(ids, meant, "{asked:?}"),
                Some(limit) => {
                    assert!(ids.is_subset(&meant), "{asked:?}");
                    assert_eq!(ids.len(), meant.len().min(limit as usize), "{asked:?}");
                }
            }
            let keys: Vec<_> = found.iter().map(|event| query.sort_key(event)).collect();
            assert!(keys.is_sorted_by(|a, b| query.order(a, b).is_le()), "{asked:?}");
            // With a limit it is the first ones that come.
            if let (Some(last), Some(_)) = (keys.last(), query.event_count_limit) {
                let left = known.iter().filter(|event| {
                    meant.contains(event.event_id.as_ref().unwrap())
                        && !ids.contains(event.event_id.as_ref().unwrap())
                });
                for event in left {
                    assert!(query.order(last, &query.sort_key(event)).is_le(), "{asked:?}");
                }
            }
        }
        assert!(found_any > cases / 5, "the queries are too dull: {found_any} of {cases}");
    })
    .await;
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

fn read(events: &[Value]) -> Vec<epcis::Event> {
    let mut document: Value = serde_json::from_slice(&document(events)).unwrap();
    document["@context"] = json!([
        "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
        {"ex": "https://example.org/ns/"},
    ]);
    let read = epcis::read_json(document.to_string().as_bytes(), &epcis::Limits::default());
    read.unwrap_or_else(|faults| panic!("{faults:?}")).events
}
