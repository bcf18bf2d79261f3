//! Webhooks: every event at least once, whatever the receiver does and whenever a node dies; and none to where it must not go.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use server::app::Webhooks;
use server::subscriptions::run_due;
use sha2::{Digest, Sha256};
use store::testing::each_engine;
use store::{Store, sql};

use crate::epcis_api::{Program, document, event};
use crate::ground::{Ground, location, text};
use crate::receiver::{Manner, Receiver};

const SECOND: i64 = 1_000_000;
pub(crate) const HOUR: i64 = 3_600 * SECOND;

/// A program with a query named `q`, and somebody who receives.
pub(crate) async fn set_up(g: &Ground, query: Value) -> (Program, Receiver) {
    let program = Program::new(g, g.org, g.manager).await;
    let body = json!({"name": "q", "query": query});
    assert_eq!(program.post_json("/epcis/queries", &body).await.0, StatusCode::CREATED);
    (program, Receiver::new().await)
}

/// Subscribes; where the subscription is found.
pub(crate) async fn subscribe(program: &Program, receiver: &Receiver, more: Value) -> String {
    let mut body = json!({"dest": receiver.url});
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    let (status, headers, answer) =
        program.post_json("/epcis/queries/q/subscriptions", &body).await;
    assert_eq!(status, StatusCode::CREATED, "{answer}");
    headers["location"].to_str().unwrap().to_owned()
}

pub(crate) async fn capture(program: &Program, numbers: std::ops::Range<usize>) -> Vec<String> {
    let ids: Vec<String> = numbers.map(|number| format!("urn:x:{number:04}")).collect();
    let events: Vec<Value> =
        ids.iter().map(|id| event(id, "shipping", "urn:x:item", &json!({}))).collect();
    assert_eq!(program.capture(document(&events)).await["success"], json!(true));
    ids
}

/// HMAC-SHA-256 from its definition (RFC 2104), for a key of at most 64 bytes.
fn hmac(key: &[u8], body: &[u8]) -> Vec<u8> {
    let pad = |with: u8| {
        let mut pad = [with; 64];
        pad.iter_mut().zip(key).for_each(|(pad, key)| *pad ^= key);
        pad
    };
    let inner = Sha256::new().chain_update(pad(0x36)).chain_update(body).finalize();
    Sha256::new().chain_update(pad(0x5c)).chain_update(inner).finalize().to_vec()
}

#[tokio::test]
async fn events_are_sent_as_they_come_signed_and_only_those_that_answer_the_query() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let (program, receiver) = set_up(&g, json!({"EQ_bizStep": ["shipping"]})).await;
        capture(&program, 0..1).await;
        let secret = "13df38d8275b13f05704629e5f1cf3d45d6132d5";
        let address =
            subscribe(&program, &receiver, json!({"stream": true, "signatureToken": secret})).await;
        assert_eq!(run_due(&g.app).await.unwrap(), 0, "what was there before is not sent");

        let ids = capture(&program, 1..3).await;
        let other = event("urn:x:other", "storing", "urn:x:item", &json!({}));
        program.capture(document(&[other])).await;
        assert_eq!(run_due(&g.app).await.unwrap(), 1);
        assert_eq!(run_due(&g.app).await.unwrap(), 0);
        let got = receiver.got();
        assert_eq!((got.len(), got[0].ids()), (1, ids));
        assert_eq!(got[0].path, "/events?from=nguon");
        assert_eq!(got[0].header("content-type"), Some("application/ld+json"));
        let signature = STANDARD.decode(got[0].header("gs1-signature").unwrap()).unwrap();
        assert_eq!(signature, hmac(secret.as_bytes(), &got[0].body));
        let results = &got[0].document()["epcisBody"]["queryResults"];
        let id = address.rsplit('/').next().unwrap();
        assert_eq!((&results["queryName"], &results["subscriptionID"]), (&json!("q"), &json!(id)));
        assert!(epcis::read_json(&got[0].body, &epcis::Limits::default()).is_ok());

        let (_, _, shown) = program.get(&address).await;
        assert_eq!(
            (&shown["state"], &shown["stream"], &shown["signed"]),
            (&json!("active"), &json!(true), &json!(true))
        );
        assert!(shown["lastNotifiedAt"].is_string());
        assert!(!shown.to_string().contains(secret), "the secret is never shown");
        assert_eq!(program.delete(&address).await, StatusCode::NO_CONTENT);
        capture(&program, 3..4).await;
        assert_eq!(run_due(&g.app).await.unwrap(), 0, "who unsubscribed hears nothing");
    })
    .await;
}

#[tokio::test]
async fn xml_goes_to_those_who_ask_for_it_in_their_spelling() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let (program, receiver) = set_up(&g, json!({})).await;
        let body =
            json!({"dest": receiver.url, "stream": true, "format": "application/xml"}).to_string();
        let headers = [
            ("content-type", "application/json"),
            ("gs1-epc-format", "Always_EPC_URN"),
            ("gs1-cbv-xml-format", "Always_Web_URI"),
        ];
        let (status, _, _) = program
            .send(
                axum::http::Method::POST,
                "/epcis/queries/q/subscriptions",
                &headers,
                body.into_bytes(),
            )
            .await;
        assert_eq!(status, StatusCode::CREATED);
        let link = "https://id.gs1.org/01/08931234567897/21/2017";
        program.capture(document(&[event("urn:x:1", "shipping", link, &json!({}))])).await;
        assert_eq!(run_due(&g.app).await.unwrap(), 1);
        let got = receiver.got().remove(0);
        assert_eq!(got.header("content-type"), Some("application/xml"));
        let xml = String::from_utf8(got.body).unwrap();
        assert!(xml.contains("urn:epc:id:sgtin:8931234567.089.2017"), "{xml}");
        assert!(xml.contains("https://ref.gs1.org/cbv/BizStep-shipping"), "{xml}");
        assert!(xml.contains("<subscriptionID>"), "{xml}");
        let read = epcis::read_xml(xml.as_bytes(), &epcis::Limits::default());
        assert_eq!(read.unwrap().events.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_is_not_answered_2xx_is_sent_again_later_and_later() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let (program, receiver) = set_up(&g, json!({})).await;
        let address = subscribe(&program, &receiver, json!({"stream": true})).await;
        let ids = capture(&program, 0..2).await;
        let manners = [
            Manner::Status(500),
            Manner::Silence,
            Manner::Close,
            Manner::Redirect,
            Manner::Status(404),
        ];
        receiver.will(manners);
        let errors = ["500", "kịp", "ngắt", "307", "404"];
        for (tried, error) in errors.iter().enumerate() {
            assert_eq!(run_due(&g.app).await.unwrap(), 0);
            assert_eq!(receiver.got().len(), tried + 1);
            assert_eq!(run_due(&g.app).await.unwrap(), 0);
            assert_eq!(receiver.got().len(), tried + 1, "it waits before it tries again");
            let (_, _, shown) = program.get(&address).await;
            assert_eq!(
                (&shown["state"], &shown["attempts"]),
                (&json!("retrying"), &json!(tried + 1))
            );
            assert!(shown["lastError"].as_str().unwrap().contains(error), "{shown}");
            assert!(shown.get("lastNotifiedAt").is_none());
            // Half as much again as the doubled wait is the longest that is drawn.
            let longest = 10 * SECOND * (1 << tried) * 3 / 2;
            g.clock.forward(longest / 4);
            assert_eq!(run_due(&g.app).await.unwrap(), 0);
            assert_eq!(receiver.got().len(), tried + 1, "nor does it come too soon");
            g.clock.forward(longest);
        }
        assert_eq!(run_due(&g.app).await.unwrap(), 1);
        for got in receiver.got() {
            assert_eq!(got.ids(), ids, "the same events each time");
        }
        let (_, _, shown) = program.get(&address).await;
        assert_eq!((&shown["state"], &shown["attempts"]), (&json!("active"), &json!(0)));
        assert!(shown.get("lastError").is_none());
    })
    .await;
}

#[tokio::test]
async fn a_receiver_that_talks_without_end_is_believed_by_its_first_line() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let (program, receiver) = set_up(&g, json!({})).await;
        subscribe(&program, &receiver, json!({"stream": true})).await;
        capture(&program, 0..1).await;
        receiver.will([Manner::Flood]);
        assert_eq!(run_due(&g.app).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_node_that_dies_between_delivery_and_its_note_of_it_means_twice_and_never_not_at_all() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let (program, receiver) = set_up(&g, json!({})).await;
        subscribe(&program, &receiver, json!({"stream": true})).await;
        let ids = capture(&program, 0..3).await;
        receiver.will([Manner::Silence]);
        let dying = {
            let patient = Webhooks { to_loopback: true, time_limit: Duration::from_mins(10) };
            let node = g.node_with(Store::open(g.app.store.address()).await.unwrap(), 8, patient);
            tokio::spawn(async move { run_due(&node).await })
        };
        // The receiver has the events; the node dies before it knows.
        receiver.has(1).await;
        dying.abort();
        assert!(dying.await.unwrap_err().is_cancelled());

        let after = g.node(Store::open(g.app.store.address()).await.unwrap(), 9);
        assert_eq!(run_due(&after).await.unwrap(), 0, "the dead one's lease still stands");
        g.clock.forward(180 * SECOND);
        assert_eq!(run_due(&after).await.unwrap(), 1);
        assert_eq!(run_due(&g.app).await.unwrap(), 0);
        assert_eq!(receiver.taken(), ids);
        assert_eq!(receiver.got().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn two_nodes_at_once_deliver_each_event_once() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let (program, receiver) = set_up(&g, json!({})).await;
        subscribe(&program, &receiver, json!({"stream": true})).await;
        let other = g.node(Store::open(g.app.store.address()).await.unwrap(), 9);
        let mut ids = Vec::new();
        for round in 0..12 {
            let (captured, one, two, three) = tokio::join!(
                Box::pin(capture(&program, round * 3..round * 3 + 3)),
                Box::pin(run_due(&g.app)),
                Box::pin(run_due(&other)),
                Box::pin(run_due(&g.app)),
            );
            ids.extend(captured);
            for ran in [one, two, three] {
                ran.unwrap();
            }
        }
        run_due(&other).await.unwrap();
        assert_eq!(receiver.taken(), ids, "in the order of the log, none twice, none left out");
    })
    .await;
}

/// A small generator, so that a failing run can be had again.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

#[tokio::test]
async fn no_event_is_lost_to_bad_receivers_dying_nodes_and_captures_at_the_same_time() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let (program, receiver) = set_up(&g, json!({})).await;
        subscribe(&program, &receiver, json!({"stream": true})).await;
        let hasty = Webhooks { to_loopback: true, time_limit: Duration::from_millis(100) };
        let mut dice = Dice(4);
        let mut all = BTreeSet::new();
        for round in 0..40 {
            receiver.will([match dice.roll(6) {
                0 => Manner::Status(503),
                1 => Manner::Close,
                2 => Manner::Silence,
                3 => Manner::Status(413),
                _ => Manner::Take,
            }]);
            let node = g.node_with(g.app.store.clone(), 10 + round, hasty);
            let running = tokio::spawn(async move { run_due(&node).await });
            let from = all.len();
            all.extend(capture(&program, from..from + 1 + dice.roll(4) as usize).await);
            if dice.roll(4) == 0 {
                running.abort();
            }
            let _ = running.await;
            g.clock.forward(dice.roll(400) as i64 * SECOND);
        }
        receiver.always(Manner::Take);
        for _ in 0..6 {
            g.clock.forward(2 * HOUR);
            run_due(&g.app).await.unwrap();
        }
        let taken: BTreeSet<String> = receiver.taken().into_iter().collect();
        assert_eq!(taken, all);
        assert_eq!(g.count(sql!("SELECT COUNT(*) FROM dead_letter")).await, 0);
    })
    .await;
}

#[tokio::test]
async fn what_is_never_taken_is_set_aside_shown_and_sent_again_on_demand_and_holds_nobody_up() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let (program, bad) = set_up(&g, json!({})).await;
        let good = Receiver::new().await;
        let address = subscribe(&program, &bad, json!({"stream": true})).await;
        subscribe(&program, &good, json!({"stream": true})).await;
        bad.always(Manner::Status(500));
        let ids = capture(&program, 0..2).await;
        for tried in 1..=16 {
            run_due(&g.app).await.unwrap();
            assert_eq!(bad.got().len(), tried);
            assert_eq!(good.taken(), ids, "the other receiver has had it all the while");
            g.clock.forward(2 * HOUR);
        }
        run_due(&g.app).await.unwrap();
        assert_eq!(bad.got().len(), 16, "it is given up");
        let (_, _, shown) = program.get(&address).await;
        assert_eq!((&shown["deadLetters"], &shown["state"]), (&json!(1), &json!("active")));

        bad.always(Manner::Take);
        let later = capture(&program, 2..3).await;
        run_due(&g.app).await.unwrap();
        assert_eq!(bad.taken()[..], later[..], "what comes after goes on");

        let browser = g.browser(g.manager).await;
        let path = format!("/org/{}/subscriptions", g.org);
        let page = text(browser.get(&path).await).await;
        assert!(
            page.contains("Chưa gửi được") && page.contains("Máy nhận trả lời mã 500."),
            "{page}"
        );
        let send = page.split("action=\"").find(|part| part.contains("/letters/")).unwrap();
        let send = send.split('"').next().unwrap().to_owned();
        let (_, stranger) = g.neighbour("Hộ bên cạnh").await;
        let refused = g.browser(stranger).await.post(&send, &[], &[]).await;
        assert_eq!(refused.status(), StatusCode::FORBIDDEN);
        assert_eq!(location(&browser.post(&send, &[], &[]).await), path);
        assert_eq!(
            browser.post(&send, &[], &[]).await.status(),
            StatusCode::NOT_FOUND,
            "it is on its way"
        );
        assert!(text(browser.get(&path).await).await.contains("đang gửi lại"));
        assert_eq!(run_due(&g.app).await.unwrap(), 1);
        assert_eq!(bad.taken(), [later, ids].concat());
        assert!(!text(browser.get(&path).await).await.contains("Chưa gửi được"));
        assert_eq!(program.get(&address).await.2["deadLetters"], json!(0));

        let end = format!("{path}/{}/end", address.rsplit('/').next().unwrap());
        assert_eq!(location(&browser.post(&end, &[], &[]).await), path);
        assert_eq!(program.get(&address).await.0, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn a_letter_that_fails_again_waits_again() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let (program, receiver) = set_up(&g, json!({})).await;
        subscribe(&program, &receiver, json!({"stream": true})).await;
        receiver.always(Manner::Close);
        let ids = capture(&program, 0..2).await;
        for _ in 0..16 {
            run_due(&g.app).await.unwrap();
            g.clock.forward(2 * HOUR);
        }
        let letter = server::subscriptions::letters::all(&g.app, g.org).await.unwrap().remove(0);
        assert!(
            server::subscriptions::letters::send_again(&g.app, g.manager, g.org, letter.id)
                .await
                .unwrap()
        );
        let before = receiver.got().len();
        run_due(&g.app).await.unwrap();
        run_due(&g.app).await.unwrap();
        assert_eq!(receiver.got().len(), before + 1);
        receiver.always(Manner::Take);
        g.clock.forward(HOUR);
        assert_eq!(run_due(&g.app).await.unwrap(), 1);
        assert_eq!(receiver.taken(), ids);
        assert_eq!(g.count(sql!("SELECT COUNT(*) FROM dead_letter")).await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_schedule_sends_at_its_times_and_of_nothing_only_where_asked() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        // 22 November 2026, 09:14 in Việt Nam.
        let (program, receiver) = set_up(&g, json!({})).await;
        let silent = Receiver::new().await;
        let at_ten = json!({"hour": "10", "minute": "0"});
        let address =
            subscribe(&program, &receiver, json!({"schedule": at_ten, "reportIfEmpty": true}))
                .await;
        subscribe(&program, &silent, json!({"schedule": at_ten})).await;
        let (_, _, shown) = program.get(&address).await;
        assert_eq!(
            (&shown["nextAt"], &shown["schedule"]),
            (&json!("2026-11-22T03:00:00Z"), &at_ten)
        );
        let ids = capture(&program, 0..250).await;
        g.clock.forward(40 * 60 * SECOND);
        assert_eq!(run_due(&g.app).await.unwrap(), 0, "it is not ten yet");
        g.clock.forward(10 * 60 * SECOND);
        assert_eq!(
            run_due(&g.app).await.unwrap(),
            6,
            "three documents each, and no empty one after them"
        );
        assert_eq!((receiver.taken(), silent.taken()), (ids.clone(), ids));
        assert_eq!(run_due(&g.app).await.unwrap(), 0, "once a day");
        g.clock.forward(24 * HOUR);
        assert_eq!(run_due(&g.app).await.unwrap(), 1);
        assert!(receiver.got().last().unwrap().ids().is_empty(), "a report of nothing");
        assert_eq!(silent.got().len(), 3);
        let (_, _, shown) = program.get(&address).await;
        assert_eq!(shown["nextAt"], json!("2026-11-24T03:00:00Z"));
    })
    .await;
}

#[tokio::test]
async fn a_receiver_that_finds_it_too_much_gets_less_at_once() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let (program, receiver) = set_up(&g, json!({})).await;
        subscribe(&program, &receiver, json!({"stream": true})).await;
        let ids = capture(&program, 0..30).await;
        receiver.will([Manner::Status(413), Manner::Status(413), Manner::Take]);
        run_due(&g.app).await.unwrap();
        let counts: Vec<usize> = receiver.got().iter().map(|got| got.ids().len()).collect();
        assert_eq!(counts[..3], [30, 15, 7]);
        assert_eq!(receiver.taken(), ids);
    })
    .await;
}
