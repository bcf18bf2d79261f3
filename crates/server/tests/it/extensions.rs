//! Fields and words of one's own in queries: their prefixes are declared by a header (`GS1-Extensions`) or by the `@context` of a
//! named query, mean the same on every address, and go along with whatever is kept of a question.

use axum::http::{HeaderMap, Method, StatusCode};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use server::capture::views;
use store::Store;
use store::testing::each_engine;

use crate::epcis_api::{Program, document, event, list, next};
use crate::ground::Ground;

const NAMESPACE: &str = "https://nong.example/ns#";
const HEADER: &str = "ex=https://nong.example/ns#";

/// Six events of two authors, who have prefixes of their own: grades 0 to 5, the even ones dried.
async fn ground(store: Store) -> (Ground, Program) {
    let g = Ground::new(store).await;
    let program = Program::new(&g, g.org, g.manager).await;
    let events: Vec<Value> = (0..6)
        .map(|grade| {
            let prefix = if grade < 3 { "a" } else { "b" };
            let step = if grade % 2 == 0 { format!("{NAMESPACE}drying") } else { "storing".into() };
            let mut more = json!({
                "@context": [{prefix: NAMESPACE}],
                "bizLocation": {"id": "https://nong.example/kho/1"},
            });
            more[format!("{prefix}:grade")] = json!(grade);
            event(&format!("urn:x:{grade}"), &step, "urn:x:item", &more)
        })
        .collect();
    program.capture(document(&events)).await;
    views::catch_up(&g.app).await.unwrap();
    (g, program)
}

async fn ask(program: &Program, path: &str, header: &str) -> (StatusCode, HeaderMap, Value) {
    let headers = [("gs1-extensions", header)];
    let headers = if header.is_empty() { &[][..] } else { &headers[..] };
    let (status, headers, body) = program.send(Method::GET, path, headers, Vec::new()).await;
    (status, headers, serde_json::from_slice(&body).unwrap_or(Value::Null))
}

fn ids(answer: &Value) -> Vec<&str> {
    list(answer).iter().map(|event| event["eventID"].as_str().unwrap()).collect()
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

#[tokio::test]
async fn a_field_under_a_declared_prefix_is_the_field_of_its_uri_on_every_address_of_events() {
    each_engine(|store| async move {
        let (_g, program) = ground(store).await;
        let item = encoded("urn:x:item");
        let place = encoded("https://nong.example/kho/1");
        let whole = encoded(&format!("GE_{NAMESPACE}grade"));
        for address in [
            "/epcis/events".to_owned(),
            "/epcis/eventTypes/ObjectEvent/events".to_owned(),
            format!("/epcis/epcs/{item}/events"),
            format!("/epcis/bizLocations/{place}/events"),
        ] {
            let (status, _, by_uri) = ask(&program, &format!("{address}?{whole}=2"), "").await;
            assert_eq!((status, ids(&by_uri).len()), (StatusCode::OK, 4), "{address}");
            let by_prefix = format!("{address}?GE_ex:grade=2&orderBy=ex:grade&orderDirection=ASC");
            let (status, _, found) = ask(&program, &by_prefix, HEADER).await;
            assert_eq!(status, StatusCode::OK, "{address}: {found}");
            assert_eq!(ids(&found), ["urn:x:2", "urn:x:3", "urn:x:4", "urn:x:5"], "{address}");
            let other = "other=https://other.example/, ex=https://other.example/ns#";
            let (_, _, found) = ask(&program, &by_prefix, other).await;
            assert!(ids(&found).is_empty(), "{address}: another namespace");
            let (status, _, problem) = ask(&program, &by_prefix, "").await;
            assert_eq!(status, StatusCode::BAD_REQUEST);
            assert_eq!(problem["errors"][0]["rule"], "query.field", "{address}: {problem}");
        }
        let lines =
            [("gs1-extensions", "other=https://other.example/"), ("gs1-extensions", HEADER)];
        let path = "/epcis/events?EQ_ex:grade=3";
        let (_, _, body) = program.send(Method::GET, path, &lines, Vec::new()).await;
        assert_eq!(
            ids(&serde_json::from_slice(&body).unwrap()),
            ["urn:x:3"],
            "two lines, one list"
        );
    })
    .await;
}

#[tokio::test]
async fn a_word_of_ones_own_is_found_under_its_prefix() {
    each_engine(|store| async move {
        let (_g, program) = ground(store).await;
        for path in ["/epcis/events?EQ_bizStep=ex:drying", "/epcis/bizSteps/ex:drying/events"] {
            let (status, _, found) = ask(&program, path, HEADER).await;
            assert_eq!((status, ids(&found).len()), (StatusCode::OK, 3), "{path}");
            let (_, _, found) = ask(&program, path, "ex=https://other.example/").await;
            assert!(ids(&found).is_empty(), "{path}");
        }
        let (known, ..) = ask(&program, "/epcis/bizSteps/ex:drying", HEADER).await;
        let (unknown, ..) = ask(&program, "/epcis/bizSteps/ex:drying", "").await;
        assert_eq!((known, unknown), (StatusCode::OK, StatusCode::NOT_FOUND));
    })
    .await;
}

#[tokio::test]
async fn the_link_to_a_next_page_is_whole_without_the_header() {
    each_engine(|store| async move {
        let (g, program) = ground(store).await;
        let path = "/epcis/events?GE_ex:grade=1&perPage=2";
        for again in ["", HEADER] {
            let (_, mut headers, page) = ask(&program, path, HEADER).await;
            let mut found: Vec<String> = ids(&page).into_iter().map(str::to_owned).collect();
            while let Some(link) = next(&headers) {
                assert!(link.len() < 400, "a link does not grow from page to page: {link}");
                let (status, more, page) = ask(&program, &link, again).await;
                assert_eq!(status, StatusCode::OK, "{link}: {page}");
                found.extend(ids(&page).into_iter().map(str::to_owned));
                headers = more;
            }
            assert_eq!(found, ["urn:x:1", "urn:x:2", "urn:x:3", "urn:x:4", "urn:x:5"]);
        }
        let (_, headers, _) = ask(&program, path, HEADER).await;
        let link = next(&headers).unwrap();
        let (status, _, problem) = ask(&program, &link, "ex=https://other.example/").await;
        assert_eq!(
            (status, &problem["detail"]),
            (StatusCode::BAD_REQUEST, &json!("nextPageToken"))
        );
        let forged = link.replace("~ex%3D", "~e%20x%3D").replace("~ex=", "~e%20x=");
        assert_ne!(forged, link);
        let (status, ..) = ask(&program, &forged, "").await;
        assert_eq!(status, StatusCode::BAD_REQUEST);

        let token = link.split("nextPageToken=").nth(1).unwrap();
        let gone = program.delete(&format!("/epcis/nextPageToken/{token}")).await;
        assert_eq!(gone, StatusCode::NO_CONTENT);
        let node = program.at(&g.app);
        assert_eq!(ask(&node, &link, "").await.0, StatusCode::BAD_REQUEST, "it was given up");
    })
    .await;
}

#[tokio::test]
async fn a_named_query_keeps_the_prefixes_that_it_was_sent_with() {
    each_engine(|store| async move {
        let (_g, program) = ground(store).await;
        let kind = ("content-type", "application/json");
        let wrong = json!({"ex": "https://other.example/"});
        let right = json!({"ex": NAMESPACE});
        let standard = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld";
        // The header, the context of the body, that of the query; the nearest counts.
        for (name, header, body, query) in [
            ("head", HEADER, Value::Null, Value::Null),
            ("body", "ex=https://other.example/", json!([standard, right]), Value::Null),
            ("query", "ex=https://other.example/", wrong.clone(), right.clone()),
            ("alone", "", Value::Null, json!([standard, right])),
        ] {
            let mut sent = json!({"name": name, "query": {"GE_ex:grade": [4]}});
            if !body.is_null() {
                sent["@context"] = body;
            }
            if !query.is_null() {
                sent["query"]["@context"] = query.clone();
            }
            let headers = [kind, ("gs1-extensions", header)];
            let headers = if header.is_empty() { &headers[..1] } else { &headers[..] };
            let text = sent.to_string().into_bytes();
            let (status, _, answer) =
                program.send(Method::POST, "/epcis/queries", headers, text).await;
            let answer = String::from_utf8_lossy(&answer).into_owned();
            assert_eq!(status, StatusCode::CREATED, "{name}: {answer}");
            let (_, _, found) = ask(&program, &format!("/epcis/queries/{name}/events"), "").await;
            assert_eq!(ids(&found), ["urn:x:4", "urn:x:5"], "{name}");
            let (_, _, kept) = ask(&program, &format!("/epcis/queries/{name}"), "").await;
            if header.is_empty() {
                assert_eq!(kept["query"], sent["query"], "as it was sent");
            }
            // What is shown can be sent again, without the header, and is the same query.
            let again = json!({"name": format!("{name} 2"), "query": kept["query"]});
            let (status, headers, answer) = program.post_json("/epcis/queries", &again).await;
            assert_eq!(status, StatusCode::CREATED, "{answer}");
            let address = headers["location"].to_str().unwrap();
            let (_, _, found) = ask(&program, &format!("{address}/events"), "").await;
            assert_eq!(ids(&found), ["urn:x:4", "urn:x:5"], "{name}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_prefixes_of_a_named_query_is_told_with_its_place() {
    each_engine(|store| async move {
        let (_g, program) = ground(store).await;
        for (body, rule, path) in [
            (json!({"query": {"EQ_ex:grade": 1}}), "query.field", "/query/EQ_ex:grade"),
            (json!({"@context": 1, "query": {}}), "context", "/@context"),
            (json!({"query": {"@context": [1]}}), "context", "/query/@context"),
        ] {
            let mut body = body;
            body["name"] = json!("sai");
            let (status, _, problem) = program.post_json("/epcis/queries", &body).await;
            let told = problem["errors"].as_array().unwrap();
            assert_eq!((status, told.len()), (StatusCode::BAD_REQUEST, 1), "{problem}");
            assert_eq!((&told[0]["rule"], &told[0]["path"]), (&json!(rule), &json!(path)));
        }
    })
    .await;
}

#[tokio::test]
async fn a_header_that_cannot_be_read_is_refused_with_rule_and_place_by_every_operation() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let program = Program::new(&g, g.org, g.manager).await;
        let long = format!("ex=https://ex.example/{}", "x".repeat(2_000));
        for route in server::table().iter().filter(|route| route.path.starts_with("/epcis")) {
            let path = route.path.replace(['{', '}'], "");
            for (header, rule) in [("ex", "query.extensions"), (&long, "query.extensions.limit")] {
                let headers = [("gs1-extensions", header)];
                let (status, _, body) =
                    program.send(route.method.clone(), &path, &headers, Vec::new()).await;
                let problem: Value = serde_json::from_slice(&body).unwrap();
                assert_eq!(status, StatusCode::BAD_REQUEST, "{} {path}", route.method);
                let told = &problem["errors"][0];
                assert_eq!(
                    (&told["rule"], &told["path"]),
                    (&json!(rule), &json!("/GS1-Extensions"))
                );
            }
        }
    })
    .await;
}

#[tokio::test]
async fn an_answer_declares_the_prefixes_that_its_events_use() {
    each_engine(|store| async move {
        let (_g, program) = ground(store).await;
        let ours = "nguon=https://nguon.example/ns#";
        for (path, prefixes) in [
            ("/epcis/events", vec!["a", "b"]),
            ("/epcis/events/urn:x:1", vec!["a"]),
            ("/epcis/events?EQ_eventID=urn:x:5", vec!["b"]),
            ("/epcis/events?EQ_eventID=urn:x:none", vec![]),
            ("/epcis/queries/SimpleEventQuery/events", vec!["a", "b"]),
            ("/epcis/bizSteps", vec![]),
        ] {
            let used = prefixes.iter().map(|prefix| format!("{prefix}={NAMESPACE}"));
            let all: Vec<String> = used.chain([ours.to_owned()]).collect();
            for kind in ["application/ld+json", "application/xml"] {
                let accept = [("accept", kind)];
                let (status, headers, _) =
                    program.send(Method::GET, path, &accept, Vec::new()).await;
                assert_eq!(status, StatusCode::OK, "{path}");
                assert_eq!(headers["gs1-extensions"], all.join(","), "{path} as {kind}");
            }
        }
    })
    .await;
}
