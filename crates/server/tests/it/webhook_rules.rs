//! Who may subscribe, to what, and to where: beginnings, refusals, and the doors that stay shut.

use std::time::Duration;

use axum::http::{StatusCode, header};
use serde_json::json;
use server::app::{App, Webhooks};
use server::capture::party_uri;
use server::subscriptions::run_due;
use store::sql;
use store::testing::each_engine;

use crate::epcis_api::{Program, document, event, next};
use crate::ground::{Browser, Ground};
use crate::receiver::Receiver;
use crate::sight::LOT;
use crate::webhooks::{HOUR, capture, set_up, subscribe};

#[tokio::test]
async fn a_subscription_may_begin_in_the_past() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let (program, receiver) = set_up(&g, json!({})).await;
        capture(&program, 0..2).await;
        g.clock.forward(HOUR);
        let later = capture(&program, 2..4).await;
        let from = json!({"stream": true, "initialRecordTime": "2026-11-22T09:44:00+07:00"});
        subscribe(&program, &receiver, from).await;
        assert_eq!(run_due(&g.app).await.unwrap(), 1);
        assert_eq!(receiver.taken(), later);
    })
    .await;
}

/// A buyer that has captured nothing is sent what those said who hand it goods, from before it asked too.
#[tokio::test]
async fn what_others_said_is_sent_to_whom_it_concerns() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let (shop, keeper) = g.neighbour("Cửa hàng").await;
        let farm = Program::new(&g, g.org, g.manager).await;
        let buyer = Program::new(&g, shop, keeper).await;
        let body = json!({"name": "q", "query": {}});
        assert_eq!(buyer.post_json("/epcis/queries", &body).await.0, StatusCode::CREATED);
        let to =
            json!({"destinationList": [{"type": "owning_party", "destination": party_uri(shop)}]});
        let said = [
            event("urn:x:sown", "commissioning", LOT, &json!({"action": "ADD"})),
            event("urn:x:own", "storing", "urn:x:item", &json!({})),
            event("urn:x:sent", "shipping", LOT, &to),
        ];
        assert_eq!(farm.capture(document(&said)).await["success"], json!(true));
        let receiver = Receiver::new().await;
        let from = json!({"stream": true, "initialRecordTime": "2026-11-22T09:00:00+07:00"});
        subscribe(&buyer, &receiver, from).await;
        assert_eq!(run_due(&g.app).await.unwrap(), 1);
        assert_eq!(receiver.taken(), ["urn:x:sown", "urn:x:sent"]);
        let later = event("urn:x:weighed", "inspecting", LOT, &json!({}));
        assert_eq!(farm.capture(document(&[later])).await["success"], json!(true));
        assert_eq!(run_due(&g.app).await.unwrap(), 1);
        assert_eq!(receiver.taken(), ["urn:x:sown", "urn:x:sent", "urn:x:weighed"]);
    })
    .await;
}

#[tokio::test]
async fn a_revoked_key_ends_its_subscriptions_and_no_other_s() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let (program, receiver) = set_up(&g, json!({})).await;
        subscribe(&program, &receiver, json!({"stream": true})).await;
        let other = Program::new(&g, g.org, g.manager).await;
        let second = Receiver::new().await;
        subscribe(&other, &second, json!({"stream": true})).await;
        let key = g.count(sql!("SELECT api_key FROM subscription ORDER BY id LIMIT 1")).await;
        let path = format!("/org/{}/keys/{key}/revoke", g.org);
        crate::ground::location(&g.browser(g.manager).await.post(&path, &[], &[]).await);
        let said = capture(&other, 0..2).await;
        assert_eq!(run_due(&g.app).await.unwrap(), 1);
        assert_eq!(receiver.taken(), Vec::<String>::new());
        assert_eq!(second.taken(), said);
        assert_eq!(g.count(sql!("SELECT COUNT(*) FROM subscription")).await, 1);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_a_subscription_is_refused_with_its_place() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let (program, _) = set_up(&g, json!({})).await;
        let stream = |dest: &str| json!({"dest": dest, "stream": true});
        let good = "https://client.example.com/queryCallback";
        for (body, rule, path) in [
            (json!({"stream": true}), "subscription.dest.missing", "/dest"),
            (stream("client.example.com"), "subscription.dest.url", "/dest"),
            (stream("http://10.0.0.1/"), "subscription.dest.private", "/dest"),
            (stream("http://[::ffff:127.0.0.1]:8080/"), "subscription.dest.private", "/dest"),
            (stream("https://a:b@client.example.com/"), "subscription.dest.user", "/dest"),
            (stream("https://client.example.com:25/"), "subscription.dest.port", "/dest"),
            (json!({"dest": good}), "subscription.when", "/stream"),
            (json!({"dest": good, "stream": false}), "subscription.when", "/stream"),
            (
                json!({"dest": good, "stream": true, "schedule": {"hour": "1"}}),
                "subscription.when",
                "/stream",
            ),
            (json!({"dest": good, "trigger": "urn:x:trigger"}), "subscription.trigger", "/trigger"),
            (json!({"dest": good, "schedule": {}}), "subscription.schedule", "/schedule"),
            (
                json!({"dest": good, "schedule": {"second": "0/30"}}),
                "subscription.schedule",
                "/schedule/second",
            ),
            (
                json!({"dest": good, "schedule": {"hour": "24"}}),
                "subscription.schedule",
                "/schedule/hour",
            ),
            (json!({"dest": good, "schedule": "daily"}), "subscription.schedule", "/schedule"),
            (json!({"dest": good, "stream": "yes"}), "subscription.flag", "/stream"),
            (
                json!({"dest": good, "stream": true, "signatureToken": ""}),
                "subscription.token",
                "/signatureToken",
            ),
            (
                json!({"dest": good, "stream": true, "initialRecordTime": "today"}),
                "subscription.time",
                "/initialRecordTime",
            ),
            (
                json!({"dest": good, "stream": true, "format": "text/csv"}),
                "subscription.format",
                "/format",
            ),
            (
                json!({"dest": good, "stream": true, "secret": "x"}),
                "subscription.unknown",
                "/secret",
            ),
        ] {
            let (status, _, problem) =
                program.post_json("/epcis/queries/q/subscriptions", &body).await;
            assert_eq!(status, StatusCode::BAD_REQUEST, "{body}: {problem}");
            assert_eq!(problem["type"], json!("epcisException:SubscriptionControlsException"));
            let error = &problem["errors"][0];
            assert_eq!((&error["rule"], &error["path"]), (&json!(rule), &json!(path)), "{body}");
        }
        let limited =
            json!({"name": "few", "query": {"orderBy": "eventTime", "eventCountLimit": 3}});
        program.post_json("/epcis/queries", &limited).await;
        let (status, _, problem) =
            program.post_json("/epcis/queries/few/subscriptions", &stream(good)).await;
        assert_eq!(
            (status, &problem["errors"][0]["rule"]),
            (StatusCode::BAD_REQUEST, &json!("subscription.query"))
        );
        let (status, _, _) =
            program.post_json("/epcis/queries/none/subscriptions", &stream(good)).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
        assert_eq!(g.count(sql!("SELECT COUNT(*) FROM subscription")).await, 0);
    })
    .await;
}

/// The program at a node that may not call this machine itself.
fn strict(g: &Ground, program: &Program) -> (App, Program) {
    let webhooks = Webhooks { to_loopback: false, time_limit: Duration::from_secs(5) };
    let node = g.node_with(g.app.store.clone(), 9, webhooks);
    let program = program.at(&node);
    (node, program)
}

#[tokio::test]
async fn a_name_that_leads_to_this_machine_is_not_called_unless_the_operator_permits_it() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let (program, receiver) = set_up(&g, json!({})).await;
        let (node, program) = strict(&g, &program);
        let body = json!({"dest": receiver.url, "stream": true});
        let (status, _, _) = program.post_json("/epcis/queries/q/subscriptions", &body).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        let dest = receiver.url.replace("127.0.0.1", "localhost");
        let body = json!({"dest": dest, "stream": true});
        let (status, headers, _) = program.post_json("/epcis/queries/q/subscriptions", &body).await;
        assert_eq!(status, StatusCode::CREATED, "a name says nothing until it is looked up");
        capture(&program, 0..1).await;
        assert_eq!(run_due(&node).await.unwrap(), 0);
        assert!(receiver.got().is_empty(), "nothing was sent");
        let (_, _, shown) = program.get(headers["location"].to_str().unwrap()).await;
        assert_eq!(
            shown["lastError"],
            json!("Tên máy nhận dẫn tới địa chỉ không thuộc internet công cộng.")
        );
        g.clock.forward(HOUR);
        assert_eq!(run_due(&g.app).await.unwrap(), 1, "here the operator permits it");
    })
    .await;
}

#[tokio::test]
async fn subscriptions_belong_to_their_organisation_and_end_with_their_query() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let (other, person) = g.neighbour("Hộ bên cạnh").await;
        let theirs = Program::new(&g, other, person).await;
        theirs.post_json("/epcis/queries", &json!({"name": "q", "query": {}})).await;
        let (program, receiver) = set_up(&g, json!({})).await;
        let mut mine = Vec::new();
        for _ in 0..3 {
            mine.push(subscribe(&program, &receiver, json!({"stream": true})).await);
        }
        let mut found = Vec::new();
        let mut path = "/epcis/queries/q/subscriptions?perPage=2".to_owned();
        loop {
            let (status, headers, body) = program.get(&path).await;
            assert_eq!(status, StatusCode::OK);
            found.extend(body.as_array().unwrap().iter().map(|one| {
                format!(
                    "/epcis/queries/q/subscriptions/{}",
                    one["subscriptionID"].as_str().unwrap()
                )
            }));
            let Some(more) = next(&headers) else { break };
            path = more;
        }
        assert_eq!(found, mine);
        assert_eq!(theirs.get(&mine[0]).await.0, StatusCode::NOT_FOUND);
        assert_eq!(theirs.delete(&mine[0]).await, StatusCode::NOT_FOUND);
        assert_eq!(theirs.get("/epcis/queries/q/subscriptions").await.2, json!([]));
        // Events of another organisation are none of theirs.
        theirs
            .capture(document(&[event("urn:x:theirs", "shipping", "urn:x:item", &json!({}))]))
            .await;
        assert_eq!(run_due(&g.app).await.unwrap(), 0);

        assert_eq!(program.delete("/epcis/queries/q").await, StatusCode::NO_CONTENT);
        assert_eq!(g.count(sql!("SELECT COUNT(*) FROM subscription")).await, 0);
        let page = format!("/org/{}/subscriptions", g.org);
        let answer = Browser::anonymous(&g.app).get(&page).await;
        assert!(answer.headers()[header::LOCATION].to_str().unwrap().starts_with("/sign-in"));
    })
    .await;
}

#[tokio::test]
async fn https_is_never_answered_in_the_clear() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let (program, _) = set_up(&g, json!({})).await;
        let mut plain = Receiver::new().await;
        plain.url = plain.url.replace("http://", "https://");
        let address = subscribe(&program, &plain, json!({"stream": true})).await;
        capture(&program, 0..1).await;
        assert_eq!(run_due(&g.app).await.unwrap(), 0);
        assert!(plain.got().is_empty());
        let (_, _, shown) = program.get(&address).await;
        assert_eq!(shown["lastError"], json!("Chứng chỉ hoặc TLS của máy nhận không hợp lệ."));
    })
    .await;
}
