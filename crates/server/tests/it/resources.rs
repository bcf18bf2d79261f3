//! The top-level resources of the EPCIS interface: lists, single resources, their events.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use server::capture::views;
use store::testing::each_engine;

use crate::epcis_api::{Program, document, event};
use crate::ground::Ground;

async fn members(program: &Program, path: &str) -> Vec<String> {
    let (mut path, mut all) = (path.to_owned(), Vec::new());
    loop {
        let (status, headers, body) = program.get(&path).await;
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
        assert_eq!(body["type"], "Collection");
        let page = body["member"].as_array().unwrap().iter();
        all.extend(page.map(|one| one.as_str().unwrap().to_owned()));
        let Some(link) = headers.get("link").map(|link| link.to_str().unwrap()) else { return all };
        path = String::from(link.split(['<', '>']).nth(1).unwrap());
    }
}

#[tokio::test]
async fn lists_show_the_standards_words_and_what_ones_own_events_use() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let program = Program::new(&g, g.org, g.manager).await;
        let (other, manager) = g.neighbour("Hộ Quàng Văn Ơn").await;
        let stranger = Program::new(&g, other, manager).await;
        let more = json!({
            "readPoint": {"id": "https://example.org/kho/1"},
            "bizLocation": {"id": "urn:epc:id:sgln:9524321.00000.0"},
            "disposition": "https://example.org/disp/phoi",
        });
        let events: Vec<Value> = (0..70)
            .map(|n| {
                let step = if n == 0 { "https://example.org/step/sao-che" } else { "storing" };
                event(&format!("urn:x:{n}"), step, &format!("urn:x:item:{n:02}"), &more)
            })
            .collect();
        program.capture(document(&events)).await;
        views::catch_up(&g.app).await.unwrap();

        assert_eq!(members(&program, "/epcis/eventTypes").await.len(), 5);
        let steps = members(&program, "/epcis/bizSteps?perPage=7").await;
        assert!(steps.is_sorted() && steps.contains(&"shipping".to_owned()), "{steps:?}");
        assert!(steps.contains(&"https://example.org/step/sao-che".to_owned()));
        assert_eq!(steps.iter().filter(|step| *step == "storing").count(), 1);
        let epcs = members(&program, "/epcis/epcs").await;
        let all: Vec<String> = (0..70).map(|n| format!("urn:x:item:{n:02}")).collect();
        assert_eq!(epcs, all, "over three pages, each once");
        assert_eq!(members(&program, "/epcis/readPoints").await, ["https://example.org/kho/1"]);
        let places = members(&program, "/epcis/bizLocations").await;
        assert_eq!(places, ["https://id.gs1.org/414/9524321000002"]);
        let disposition = "https://example.org/disp/phoi".to_owned();
        assert!(members(&program, "/epcis/dispositions?perPage=1000").await.contains(&disposition));

        assert!(members(&stranger, "/epcis/epcs").await.is_empty(), "others' names are not shown");
        let (status, ..) = stranger.get("/epcis/epcs/urn%3Ax%3Aitem%3A01").await;
        assert_eq!(status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn a_resource_leads_to_its_events_in_any_spelling_and_with_any_other_condition() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let program = Program::new(&g, g.org, g.manager).await;
        let at = |place: &str| json!({"readPoint": {"id": place}});
        let events = [
            event("urn:x:1", "storing", "urn:x:a", &at("urn:epc:id:sgln:9524321.00000.0")),
            event("urn:x:2", "shipping", "urn:x:a", &at("urn:epc:id:sgln:9524321.00000.0")),
            event("urn:x:3", "shipping", "urn:x:b", &at("https://example.org/kho/1")),
        ];
        program.capture(document(&events)).await;
        let ids = async |path: &str| -> Vec<String> {
            let (status, _, body) = program.get(path).await;
            assert_eq!(status, StatusCode::OK, "{path}: {body}");
            let list = body["epcisBody"]["queryResults"]["resultsBody"]["eventList"].as_array();
            let mut ids: Vec<String> = list
                .unwrap()
                .iter()
                .map(|one| one["eventID"].as_str().unwrap().to_owned())
                .collect();
            ids.sort();
            ids
        };
        for step in ["shipping", "urn:epcglobal:cbv:bizstep:shipping", "cbv:BizStep-shipping"] {
            assert_eq!(
                ids(&format!("/epcis/bizSteps/{step}/events")).await,
                ["urn:x:2", "urn:x:3"]
            );
        }
        for place in
            ["urn:epc:id:sgln:9524321.00000.0", "https%3A%2F%2Fid.gs1.org%2F414%2F9524321000002"]
        {
            let path = format!("/epcis/readPoints/{place}/events");
            assert_eq!(ids(&path).await, ["urn:x:1", "urn:x:2"]);
            assert_eq!(ids(&format!("{path}?EQ_bizStep=shipping")).await, ["urn:x:2"]);
        }
        assert_eq!(ids("/epcis/epcs/urn%3Ax%3Aa/events").await, ["urn:x:1", "urn:x:2"]);
        assert_eq!(ids("/epcis/eventTypes/ObjectEvent/events").await.len(), 3);
        assert_eq!(ids("/epcis/eventTypes/AggregationEvent/events").await.len(), 0);
        // A page leads to the next one of the same resource.
        let (_, headers, _) = program.get("/epcis/epcs/urn%3Ax%3Aa/events?perPage=1").await;
        assert!(headers["link"].to_str().unwrap().starts_with("</epcis/epcs/urn%3Ax%3Aa/events?"));

        for (path, status) in [
            ("/epcis/eventTypes/QuantityEvent/events", StatusCode::BAD_REQUEST),
            ("/epcis/bizSteps/shipping/events?EQ_bizStep=storing", StatusCode::BAD_REQUEST),
            ("/epcis/bizSteps?perPage=0", StatusCode::BAD_REQUEST),
            ("/epcis/bizSteps?perPage=x", StatusCode::BAD_REQUEST),
            ("/epcis/epcs?EQ_bizStep=storing", StatusCode::BAD_REQUEST),
            ("/epcis/epcs/urn%3Ax%3Anone", StatusCode::NOT_FOUND),
            ("/epcis/eventTypes/QuantityEvent", StatusCode::NOT_FOUND),
            ("/epcis/bizSteps/shipping", StatusCode::OK),
            ("/epcis/eventTypes/ObjectEvent", StatusCode::OK),
        ] {
            let (found, _, body) = program.get(path).await;
            assert_eq!(found, status, "{path}: {body}");
        }
        for path in ["/epcis", "/epcis/epcs", "/epcis/epcs/x", "/epcis/readPoints/x/events"] {
            let (status, headers, _) = program.send(Method::OPTIONS, path, &[], Vec::new()).await;
            assert_eq!(
                (status, headers["allow"].as_bytes()),
                (StatusCode::NO_CONTENT, &b"OPTIONS, GET"[..])
            );
            assert_eq!(headers["gs1-epcis-version"], "2.0.0");
        }
        let (_, _, root) = program.get("/epcis").await;
        assert!(root["member"].as_array().unwrap().contains(&json!("epcs")));
    })
    .await;
}
