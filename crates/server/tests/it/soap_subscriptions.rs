//! Subscriptions made over SOAP: delivered by the runner of all subscriptions, in the version of EPCIS and under the names
//! of their makers.

use epcis::Limits;
use serde_json::json;
use server::soap::TRIGGER;
use server::subscriptions::run_due;
use store::sql;
use store::testing::each_engine;

use crate::epcis_api::{Program, document, event};
use crate::ground::Ground;
use crate::receiver::{Manner, Receiver};
use crate::soap::{ONE, TWO, ask, refused, strings, texts};

fn controls(inner: &str) -> String {
    format!("<controls>{inner}<reportIfEmpty>false</reportIfEmpty></controls>")
}

/// As events come.
fn triggered() -> String {
    controls(&format!("<trigger>{TRIGGER}</trigger>"))
}

fn subscribe(
    space: &str,
    query: &str,
    params: &str,
    dest: &str,
    controls: &str,
    id: &str,
) -> String {
    format!(
        "<q:Subscribe xmlns:q=\"{space}\"><queryName>{query}</queryName><params>{params}</params><dest>{dest}</dest>{controls}<subscriptionID>{id}</subscriptionID></q:Subscribe>"
    )
}

fn shipping() -> String {
    let steps = strings(&["urn:epcglobal:cbv:bizstep:shipping"]);
    format!("<param><name>EQ_bizStep</name><value>{steps}</value></param>")
}

fn ids(query: &str) -> String {
    format!(
        "<q:GetSubscriptionIDs xmlns:q=\"{ONE}\"><queryName>{query}</queryName></q:GetSubscriptionIDs>"
    )
}

fn unsubscribe(id: &str) -> String {
    format!(
        "<q:Unsubscribe xmlns:q=\"{ONE}\"><subscriptionID>{id}</subscriptionID></q:Unsubscribe>"
    )
}

/// What is due is sent, once the view of who may see what has come by.
async fn deliver(g: &Ground) {
    server::sight::catch_up(&g.app).await.unwrap();
    run_due(&g.app).await.unwrap();
}

async fn capture(program: &Program, number: usize, step: &str) {
    let one = event(
        &format!("urn:x:{number}"),
        step,
        "https://id.gs1.org/01/08935012345677/21/7",
        &json!({}),
    );
    assert_eq!(program.capture(document(&[one])).await["success"], json!(true));
}

#[tokio::test]
async fn events_come_as_a_query_document_of_the_version_that_was_subscribed_in() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let program = Program::new(&g, g.org, g.manager).await;
        let (old, new) = (Receiver::new().await, Receiver::new().await);
        let call =
            subscribe(ONE, "SimpleEventQuery", &shipping(), &old.url, &triggered(), "của tôi");
        assert_eq!(ask(&program, &call).await.name, "SubscribeResult");
        let call = subscribe(TWO, "SimpleEventQuery", "", &new.url, &triggered(), "hai");
        assert_eq!(ask(&program, &call).await.namespace, TWO);
        capture(&program, 1, "shipping").await;
        capture(&program, 2, "storing").await;
        old.will([Manner::Status(500)]);
        deliver(&g).await;
        g.app.store.execute(sql!("UPDATE subscription SET next_at = 0"), &[]).await.unwrap();
        deliver(&g).await;
        let got = old.got();
        assert_eq!(got.len(), 2, "what was not taken comes again");
        assert_eq!(got[1].header("content-type"), Some("application/xml"));
        let text = String::from_utf8(got[1].body.clone()).unwrap();
        assert!(text.contains("schemaVersion=\"1.2\"") && text.contains(ONE), "{text}");
        let read = epcis::read_xml(&got[1].body, &Limits::default()).unwrap();
        assert_eq!(read.query_name.as_deref(), Some("SimpleEventQuery"));
        assert_eq!(read.subscription_id.as_deref(), Some("của tôi"));
        let found: Vec<_> =
            read.events.iter().map(|one| one.event_id.as_deref().unwrap()).collect();
        assert_eq!(found, ["urn:x:1"]);
        assert_eq!(read.events[0].epc_list, ["urn:epc:id:sgtin:89350123.04567.7"]);
        let read = epcis::read_xml(&new.got()[0].body, &Limits::default()).unwrap();
        assert_eq!(read.subscription_id.as_deref(), Some("hai"));
        assert_eq!(read.events.len(), 2);
        assert!(
            String::from_utf8(new.got()[0].body.clone()).unwrap().contains("schemaVersion=\"2.0\"")
        );

        assert_eq!(texts(&ask(&program, &ids("SimpleEventQuery")).await), ["của tôi", "hai"]);
        let (name, _) = refused(
            &program,
            &subscribe(ONE, "SimpleEventQuery", "", &old.url, &triggered(), "hai"),
        )
        .await;
        assert_eq!(name, "DuplicateSubscriptionException");
        assert_eq!(ask(&program, &unsubscribe("của tôi")).await.name, "UnsubscribeResult");
        assert_eq!(
            refused(&program, &unsubscribe("của tôi")).await.0,
            "NoSuchSubscriptionException"
        );
        capture(&program, 3, "shipping").await;
        deliver(&g).await;
        assert_eq!(old.got().len(), 2, "who unsubscribed hears nothing");
        assert_eq!(new.got().len(), 2);
        // The name is free again, and its parameters are gone with it.
        let call =
            subscribe(ONE, "SimpleEventQuery", &shipping(), &old.url, &triggered(), "của tôi");
        ask(&program, &call).await;
        assert_eq!(g.count(sql!("SELECT COUNT(*) FROM named_query")).await, 1);
    })
    .await;
}

#[tokio::test]
async fn named_queries_and_subscriptions_of_the_rest_binding_are_known_here_too() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let program = Program::new(&g, g.org, g.manager).await;
        let receiver = Receiver::new().await;
        let body = json!({"name": "xuất kho", "query": {"EQ_bizStep": ["shipping"]}});
        program.post_json("/epcis/queries", &body).await;
        let names = ask(&program, &format!("<q:GetQueryNames xmlns:q=\"{ONE}\"/>")).await;
        assert_eq!(texts(&names), ["SimpleEventQuery", "SimpleMasterDataQuery", "xuất kho"]);
        capture(&program, 1, "shipping").await;
        capture(&program, 2, "storing").await;
        let poll = |params: &str| {
            format!("<q:Poll xmlns:q=\"{ONE}\"><queryName>xuất kho</queryName><params>{params}</params></q:Poll>")
        };
        let found = ask(&program, &poll("")).await;
        let list = found.child("resultsBody").unwrap().child("EventList").unwrap();
        assert_eq!(list.children.len(), 1);
        assert_eq!(found.child("queryName").unwrap().text, "xuất kho");
        assert_eq!(refused(&program, &poll(&shipping())).await.0, "QueryParameterException");
        let address = "/epcis/queries/xu%E1%BA%A5t%20kho/subscriptions";
        let (_, _, made) =
            program.post_json(address, &json!({"dest": receiver.url, "stream": true})).await;
        ask(&program, &subscribe(ONE, "xuất kho", "", &receiver.url, &triggered(), "s")).await;
        let number = made["subscriptionID"].as_str().unwrap();
        assert_eq!(texts(&ask(&program, &ids("xuất kho")).await), ["s", number]);
        assert_eq!(texts(&ask(&program, &ids("SimpleMasterDataQuery")).await), [""; 0]);
        ask(&program, &unsubscribe(number)).await;
        // The end of the query ends its subscriptions, and their names are free.
        program.delete("/epcis/queries/xu%E1%BA%A5t%20kho").await;
        assert_eq!(refused(&program, &ids("xuất kho")).await.0, "NoSuchNameException");
        assert_eq!(refused(&program, &unsubscribe("s")).await.0, "NoSuchSubscriptionException");
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_a_subscription_is_told_by_the_exception_of_the_standard() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let program = Program::new(&g, g.org, g.manager).await;
        let dest = "https://receiver.example/events";
        let events = "SimpleEventQuery";
        let scheduled = |inner: &str| controls(&format!("<schedule>{inner}</schedule>"));
        let many = "<param><name>maxEventCount</name><value>5</value></param>";
        for (call, exception) in [
            (subscribe(ONE, "Other", "", dest, &triggered(), "s"), "NoSuchNameException"),
            (subscribe(ONE, "SimpleMasterDataQuery", "", dest, &triggered(), "s"), "SubscribeNotPermittedException"),
            (subscribe(ONE, events, many, dest, &triggered(), "s"), "QueryParameterException"),
            (subscribe(ONE, events, "", "http://10.0.0.1/x", &triggered(), "s"), "InvalidURIException"),
            (subscribe(ONE, events, "", "ftp://receiver.example/", &triggered(), "s"), "InvalidURIException"),
            (subscribe(ONE, events, "", dest, "", "s"), "SubscriptionControlsException"),
            (subscribe(ONE, events, "", dest, &controls(""), "s"), "SubscriptionControlsException"),
            (subscribe(ONE, events, "", dest, &controls("<trigger>urn:x:other</trigger>"), "s"), "SubscriptionControlsException"),
            (subscribe(ONE, events, "", dest, &scheduled("<minute>70</minute>"), "s"), "SubscriptionControlsException"),
            (subscribe(ONE, events, "", dest, &scheduled(""), "s"), "SubscriptionControlsException"),
            (subscribe(ONE, events, "", dest, &triggered().replace("false", "maybe"), "s"), "SubscriptionControlsException"),
            (subscribe(ONE, events, "", dest, &controls("<initialRecordTime>noon</initialRecordTime><schedule><hour>1</hour></schedule>"), "s"), "SubscriptionControlsException"),
            (subscribe(ONE, events, "", dest, &triggered(), ""), "ValidationException"),
            (unsubscribe("nothing"), "NoSuchSubscriptionException"),
            (ids("Other"), "NoSuchNameException"),
        ] {
            let (name, reason) = refused(&program, &call).await;
            assert_eq!(name, exception, "{call}: {reason}");
        }
        assert_eq!(g.count(sql!("SELECT COUNT(*) FROM soap_subscription")).await, 0);
        let call = subscribe(ONE, events, "", dest, &scheduled("<hour>[1-5],7</hour>"), "s");
        assert_eq!(ask(&program, &call).await.name, "SubscribeResult");
        // Another organisation neither sees nor ends it.
        let (other, person) = g.neighbour("Hộ bên cạnh").await;
        let theirs = Program::new(&g, other, person).await;
        assert!(ask(&theirs, &ids(events)).await.children.is_empty());
        assert_eq!(refused(&theirs, &unsubscribe("s")).await.0, "NoSuchSubscriptionException");
        ask(&theirs, &call).await;
    })
    .await;
}
