//! Events that a program builds, as the diary does. All firms and codes are invented (minh hoạ).

use epcis::{
    Action, BizTransaction, ErrorDeclaration, Event, EventTime, Place, Quantity, Role, check,
    read_json, read_stored, write_document,
};
use epcis::{Limits, Stored, hash_id, write_bare_event, write_query_document};
use serde_json::{Value, json};

const LOT: &str = "https://id.gs1.org/01/08931234567897/10/SC-0726";
const FIELD: &str = "https://id.gs1.org/414/8931234567897";
const NS: &str = "https://nguon.example.vn/ns/";

pub(crate) fn at(text: &str) -> EventTime {
    text.parse().unwrap()
}

/// A spraying card: OBSERVE on a lot, with substance and dose under our prefix.
pub(crate) fn spraying() -> Event {
    let mut event = Event::object(Action::Observe, at("2026-03-01T08:00:00+07:00"));
    event.quantity_list.push(Quantity::measured(LOT, 120, "KGM"));
    event.biz_step = Some("inspecting".into());
    event.read_point = Some(Place::from(FIELD));
    event.declare_prefix("nguon", NS);
    event.set_extension("nguon:step", "phun thuốc");
    event.set_extension(
        "nguon:spray",
        json!({"nguon:substance": "Validamycin", "nguon:waitDays": 14}),
    );
    event
}

#[test]
fn a_built_event_passes_the_rules_of_one_from_outside() {
    assert_eq!(check(&spraying()), []);
    let mut wrong = spraying();
    wrong.biz_step = Some("phun thuốc".into());
    assert_eq!(check(&wrong)[0].rule, "vocabulary.biz-step");
}

#[test]
fn a_stored_event_declares_its_prefixes_and_has_an_id() {
    let event = spraying();
    let stored: Value = serde_json::from_slice(&event.stored()).unwrap();
    assert_eq!(stored["@context"], json!([{"nguon": NS}]));
    assert_eq!(stored["eventID"], json!(hash_id(&event)));
    assert_eq!(stored["eventTime"], "2026-03-01T08:00:00+07:00");
    assert_eq!(stored["eventTimeZoneOffset"], "+07:00");
    assert_eq!(stored["nguon:spray"]["nguon:waitDays"], 14);
    let back = read_stored(&event.stored()).unwrap();
    assert_eq!(back.quantity_list, event.quantity_list);
    assert_eq!(back.extension("nguon:step").unwrap().to_value(), "phun thuốc");
    assert_eq!(hash_id(&back), hash_id(&event));
}

#[test]
fn a_document_declares_each_prefix_once_and_an_event_keeps_one_that_clashes() {
    let mut other = spraying();
    other.declare_prefix("nguon", "https://other.example.vn/ns/");
    let text = write_document(&[spraying(), spraying(), other.clone()], at("2026-03-02T00:00:00Z"));
    let document = read_json(text.as_bytes(), &Limits::default()).unwrap();
    assert_eq!(document.context.uri_of("nguon").as_deref(), Some(NS));
    assert_eq!(hash_id(&document.events[0]), hash_id(&spraying()));
    assert_eq!(hash_id(&document.events[2]), hash_id(&other));
    assert_ne!(hash_id(&other), hash_id(&spraying()));
    assert_eq!(text.matches("\"@context\"").count(), 2);
}

#[test]
fn a_query_document_of_stored_events_means_what_was_stored() {
    let mut other = spraying();
    other.declare_prefix("nguon", "https://other.example.vn/ns/");
    let bodies = [spraying().stored(), other.stored(), spraying().stored()];
    let record_time = Some(at("2026-03-01T01:30:00Z"));
    let stored = bodies.iter().map(|body| Stored { body, record_time });
    let text =
        write_query_document(stored, "SimpleEventQuery", Some("sub-1"), at("2026-03-02T00:00:00Z"));
    let document = read_json(text.as_bytes(), &Limits::default()).unwrap();
    assert_eq!(document.query_name.as_deref(), Some("SimpleEventQuery"));
    assert_eq!(document.subscription_id.as_deref(), Some("sub-1"));
    let hashes: Vec<_> = document.events.iter().map(hash_id).collect();
    assert_eq!(hashes, [hash_id(&spraying()), hash_id(&other), hash_id(&spraying())]);
    assert!(document.events.iter().all(|event| event.record_time == record_time));
    assert_eq!(text.matches("\"@context\"").count(), 2);
    let bare = write_bare_event(Stored { body: &bodies[0], record_time: None });
    let bare = read_json(bare.as_bytes(), &Limits::default()).unwrap();
    assert_eq!(hash_id(&bare.events[0]), hashes[0]);
    let empty = write_query_document([], "SimpleEventQuery", None, at("2026-03-02T00:00:00Z"));
    assert!(read_json(empty.as_bytes(), &Limits::default()).unwrap().events.is_empty());
}

#[test]
fn urn_and_link_of_one_thing_give_one_posting() {
    let mut event = Event::aggregation(
        Action::Add,
        at("2026-03-01T08:00:00+07:00"),
        "urn:epc:id:sscc:893123456.00000001",
    );
    event.child_epcs = vec![
        "urn:epc:id:sgtin:893123456.0789.7".into(),
        "https://tem.example.vn/01/08931234567897/21/7".into(),
    ];
    event.biz_transaction_list.push(BizTransaction::new("po", "urn:example:po:1"));
    let roles: Vec<_> = event.postings().into_iter().map(|p| (p.role, p.id)).collect();
    let posting = |role, id: &str| (role, id.to_owned());
    assert_eq!(
        roles[1..],
        [
            posting(Role::ChildOf, "https://id.gs1.org/01/08931234567897"),
            posting(Role::Child, "https://id.gs1.org/01/08931234567897/21/7"),
            posting(Role::BizTransaction, "urn:example:po:1"),
        ]
    );
}

#[test]
fn an_error_declaration_keeps_the_event_and_its_hash() {
    let mut event = spraying();
    event.ensure_id();
    let mistaken = event.declare_error(ErrorDeclaration {
        declaration_time: at("2026-03-03T09:00:00+07:00"),
        reason: Some("incorrect_data".into()),
        corrective_event_ids: vec!["urn:uuid:0f3c2b1a-0000-4000-8000-000000000001".into()],
        extensions: Vec::new(),
    });
    assert_eq!(check(&mistaken), []);
    assert_eq!(hash_id(&mistaken), hash_id(&event));
    assert!(mistaken.postings().iter().any(|posting| posting.role == Role::CorrectiveEvent));
    let back = read_stored(&mistaken.stored()).unwrap();
    assert_eq!(back.error_declaration, mistaken.error_declaration);
}

#[test]
fn the_hash_changes_with_every_field_that_changes() {
    let base = hash_id(&spraying());
    let change = |edit: &dyn Fn(&mut Event)| {
        let mut event = spraying();
        edit(&mut event);
        hash_id(&event)
    };
    assert_ne!(base, change(&|e| e.event_time.micros += 1_000));
    assert_ne!(base, change(&|e| e.disposition = Some("active".into())));
    assert_ne!(base, change(&|e| e.quantity_list[0].quantity = Some(121.into())));
    assert_ne!(base, change(&|e| e.set_extension("nguon:step", "bón phân")));
    assert_eq!(base, change(&|e| e.record_time = Some(e.event_time)));
    assert_eq!(base, change(&|e| e.event_id = Some("urn:uuid:0".into())));
}
