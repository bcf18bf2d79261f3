//! What cannot be answered or said holds up neither others nor what comes after it.

use epcis::Limits;
use serde_json::{Value, json};
use server::subscriptions::run_due;
use store::testing::each_engine;
use store::{params, sql};

use crate::epcis_api::{Program, document, event};
use crate::ground::Ground;
use crate::receiver::Manner;
use crate::webhooks::{HOUR, capture, set_up, subscribe};

/// A query that was kept by an older version and that this one cannot read.
async fn break_queries_of(g: &Ground, organisation: i64) {
    let broken = sql!("UPDATE named_query SET definition = $2 WHERE organisation = $1");
    let definition = r#"{"EQ_nothing":["x"]}"#;
    g.app.store.execute(broken, &params![organisation, definition]).await.unwrap();
}

#[tokio::test]
async fn a_query_that_cannot_be_answered_is_a_failed_attempt_and_stops_nobody_else() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let (program, receiver) = set_up(&g, json!({})).await;
        let address = subscribe(&program, &receiver, json!({"stream": true})).await;
        let (other, manager) = g.neighbour("Hộ bên cạnh").await;
        let theirs = Program::new(&g, other, manager).await;
        let body = json!({"name": "q", "query": {}});
        theirs.post_json("/epcis/queries", &body).await;
        let good = crate::receiver::Receiver::new().await;
        subscribe(&theirs, &good, json!({"stream": true})).await;

        break_queries_of(&g, g.org).await;
        capture(&program, 0..1).await;
        let ids = capture(&theirs, 1..2).await;
        run_due(&g.app).await.unwrap();
        assert_eq!(good.taken(), ids);
        for attempt in 1..=20 {
            let (_, _, shown) = program.get(&address).await;
            assert_eq!(shown["attempts"], json!(attempt), "{shown}");
            g.clock.forward(2 * HOUR);
            run_due(&g.app).await.unwrap();
        }
        assert_eq!(receiver.got().len(), 0);
        assert_eq!(g.count(sql!("SELECT COUNT(*) FROM dead_letter")).await, 0);

        let mended = sql!("UPDATE named_query SET definition = '{}'");
        g.app.store.execute(mended, &[]).await.unwrap();
        g.clock.forward(2 * HOUR);
        run_due(&g.app).await.unwrap();
        assert_eq!(receiver.taken(), ["urn:x:0000"], "nothing is lost meanwhile");
    })
    .await;
}

#[tokio::test]
async fn a_letter_whose_query_cannot_be_answered_is_tried_so_often_and_then_rests() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let (program, bad) = set_up(&g, json!({})).await;
        subscribe(&program, &bad, json!({"stream": true})).await;
        bad.always(Manner::Status(500));
        capture(&program, 0..1).await;
        for _ in 0..16 {
            run_due(&g.app).await.unwrap();
            g.clock.forward(2 * HOUR);
        }
        break_queries_of(&g, g.org).await;
        let again = sql!("UPDATE dead_letter SET next_at = 0, attempts = 0");
        g.app.store.execute(again, &[]).await.unwrap();
        for _ in 0..20 {
            run_due(&g.app).await.unwrap();
            g.clock.forward(2 * HOUR);
        }
        let row = sql!("SELECT attempts, failure FROM dead_letter WHERE next_at IS NULL");
        let row = g.app.store.query_one(row, &[]).await.unwrap().expect("a letter that rests");
        assert_eq!(
            (row.get::<i64>(0).unwrap(), row.get::<String>(1).unwrap()),
            (16, "query".into())
        );
        assert_eq!(bad.got().len(), 16);
    })
    .await;
}

#[tokio::test]
async fn of_events_of_which_xml_cannot_say_one_the_others_are_told_at_once() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let (program, receiver) = set_up(&g, json!({})).await;
        let xml = json!({"stream": true, "format": "application/xml"});
        subscribe(&program, &receiver, xml).await;
        let one = |n: usize| {
            let note = if n == 6 { "a\u{1}b" } else { "ab" };
            let more = json!({"@context": [{"ex": "https://ex.vn/"}], "ex:note": note});
            event(&format!("urn:x:{n:04}"), "storing", "urn:x:item", &more)
        };
        let all: Vec<Value> = (0..20).map(one).collect();
        assert_eq!(program.capture(document(&all)).await["success"], json!(true));
        for _ in 0..3 {
            run_due(&g.app).await.unwrap();
        }
        let mut told = Vec::new();
        for got in receiver.got() {
            let read = epcis::read_xml(&got.body, &Limits::default()).unwrap();
            told.extend(read.events.into_iter().map(|event| event.event_id.unwrap()));
        }
        let wanted: Vec<_> = (0..20).filter(|n| *n != 6).map(|n| format!("urn:x:{n:04}")).collect();
        assert_eq!(told, wanted);
        let row = sql!("SELECT events, failure FROM dead_letter");
        let row = g.app.store.query_one(row, &[]).await.unwrap().expect("a letter");
        assert_eq!(
            (row.get::<i64>(0).unwrap(), row.get::<String>(1).unwrap()),
            (1, "unsayable".into())
        );
    })
    .await;
}
