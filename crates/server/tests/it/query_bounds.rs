//! What one answer may take: bytes of a page, events read, names that a question leads to.

use axum::http::StatusCode;
use epcis::Query;
use serde_json::{Value, json};
use server::query::{Bounds, Found, find_within};
use store::testing::each_engine;

use crate::epcis_api::{Program, document, event};
use crate::ground::Ground;
use crate::soap::{ONE, refused};

async fn with_events(store: store::Store, count: usize) -> (Ground, Program) {
    let g = Ground::new(store).await;
    let program = Program::new(&g, g.org, g.manager).await;
    let one = |n: usize| event(&format!("urn:x:{n:04}"), "storing", "urn:x:item", &json!({}));
    let all: Vec<Value> = (0..count).map(one).collect();
    assert_eq!(program.capture(document(&all)).await["success"], json!(true));
    (g, program)
}

fn query(parameters: &[(&str, &str)]) -> Query {
    Query::parse(parameters.iter().copied()).unwrap()
}

#[tokio::test]
async fn a_page_ends_where_its_events_have_too_many_bytes_and_the_next_one_goes_on() {
    each_engine(|store| async move {
        let (g, _) = with_events(store, 40).await;
        let bounds = Bounds { page_bytes: 1_000, ..Bounds::USUAL };
        let mut asked = query(&[("perPage", "35")]);
        let mut ids = Vec::new();
        loop {
            let found = find_within(&g.app, g.org, &asked, bounds).await.unwrap();
            let Found::Page { events, next } = found else { panic!("a page") };
            let bytes: usize = events.iter().map(|one| one.body.len()).sum();
            assert!(bytes <= 1_000, "{bytes}");
            ids.extend(events.into_iter().map(|one| one.event_id));
            asked.next_page_token = next;
            if asked.next_page_token.is_none() {
                break;
            }
            assert!(ids.len() < 100, "the pages do not end");
        }
        assert_eq!(ids, (0..40).map(|n| format!("urn:x:{n:04}")).collect::<Vec<_>>());
        // Events that are asked for by their ids come from two look-ups, which end at different places.
        let some = ["urn:x:0003", "urn:x:0007", "urn:x:0011", "urn:x:0030"];
        let mut asked = query(&[("EQ_eventID", &some.join("|"))]);
        let mut ids = Vec::new();
        for _ in 0..10 {
            let found = find_within(&g.app, g.org, &asked, bounds).await.unwrap();
            let Found::Page { events, next } = found else { panic!("a page") };
            ids.extend(events.into_iter().map(|one| one.event_id));
            asked.next_page_token = next;
            if asked.next_page_token.is_none() {
                break;
            }
        }
        assert_eq!(ids, some);
    })
    .await;
}

#[tokio::test]
async fn too_much_to_read_is_not_too_many_found() {
    each_engine(|store| async move {
        let (g, _) = with_events(store, 70).await;
        let none = ("EQ_https://x.vn/none", "1");
        let most = ("maxEventCount", "10");
        let order = ("orderBy", "https://x.vn/none");
        for bounds in [
            Bounds { events: 30, ..Bounds::USUAL },
            Bounds { work: 5_000, page_bytes: 2_000, ..Bounds::USUAL },
        ] {
            let ask = async |parameters: &[(&str, &str)]| {
                find_within(&g.app, g.org, &query(parameters), bounds).await.unwrap()
            };
            assert!(matches!(ask(&[none, most]).await, Found::TooMuch));
            assert!(matches!(ask(&[none, order]).await, Found::TooMuch));
            assert!(matches!(ask(&[most]).await, Found::TooMany(10)));
            assert!(matches!(ask(&[order, most]).await, Found::TooMany(10)));
            let Found::Page { events, next } = ask(&[none]).await else { panic!("a page") };
            assert!(events.is_empty() && next.is_some(), "a short page, and where to go on");
        }
        let all = query(&[none, most]);
        let found = find_within(&g.app, g.org, &all, Bounds::USUAL).await.unwrap();
        assert!(matches!(found, Found::Page { next: None, .. }));
    })
    .await;
}

#[tokio::test]
async fn ten_thousand_identifiers_may_be_asked_for_by_who_sees_events_for_many_reasons() {
    each_engine(|store| async move {
        let (g, _) = with_events(store, 3).await;
        let mut ids: Vec<String> = (0..9_999).map(|n| format!("urn:x:other:{n}")).collect();
        ids.push("urn:x:item".to_owned());
        let asked = Query::parse_lists([("MATCH_epc", ids)]).unwrap();
        let found = find_within(&g.app, g.org, &asked, Bounds::USUAL).await.unwrap();
        let Found::Page { events, .. } = found else { panic!("a page") };
        assert_eq!(events.len(), 3);
    })
    .await;
}

#[tokio::test]
async fn an_event_that_xml_cannot_say_is_named_by_the_fault_of_a_poll() {
    each_engine(|store| async move {
        let (_, program) = with_events(store, 2).await;
        let more = json!({"@context": [{"ex": "https://ex.vn/"}], "ex:note": "a\u{1}b"});
        let one = event("urn:x:unsayable", "storing", "urn:x:item", &more);
        assert_eq!(program.capture(document(&[one])).await["success"], json!(true));
        let poll = format!(
            "<q:Poll xmlns:q=\"{ONE}\"><queryName>SimpleEventQuery</queryName><params/></q:Poll>"
        );
        let (name, reason) = refused(&program, &poll).await;
        assert_eq!(name, "ImplementationException");
        assert!(reason.contains("urn:x:unsayable") && !reason.contains("urn:x:0001"), "{reason}");
    })
    .await;
}

#[tokio::test]
async fn queries_that_soap_keeps_for_its_subscriptions_are_not_shown_and_cannot_be_deleted() {
    each_engine(|store| async move {
        let (g, program) = with_events(store, 1).await;
        let mark = store::sql!(
            "INSERT INTO named_query (id, organisation, name, definition, created_by, created_at)
             VALUES (7, $1, 'SimpleEventQuery/7', '{}', $2, 1)"
        );
        g.app.store.execute(mark, &store::params![g.org, g.manager]).await.unwrap();
        let (_, _, names) = program.get("/epcis/queries").await;
        assert_eq!(names.as_array().unwrap().len(), 1, "{names}");
        let path = "/epcis/queries/SimpleEventQuery%2F7";
        assert_eq!(program.get(path).await.0, StatusCode::NOT_FOUND);
        assert_eq!(program.get(&format!("{path}/events")).await.0, StatusCode::NOT_FOUND);
        assert_eq!(program.get(&format!("{path}/subscriptions")).await.0, StatusCode::NOT_FOUND);
        assert_eq!(program.delete(path).await, StatusCode::NOT_FOUND);
        assert_eq!(g.count(store::sql!("SELECT COUNT(*) FROM named_query")).await, 1);
    })
    .await;
}
