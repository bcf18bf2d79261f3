//! Named queries: kept, listed, asked and deleted, each organisation's its own.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use store::sql;
use store::testing::each_engine;

use crate::epcis_api::{Program, document, event, list, next};
use crate::ground::Ground;

fn ids(answer: &Value) -> Vec<&str> {
    list(answer).iter().map(|event| event["eventID"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_query_is_kept_asked_page_by_page_and_deleted() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let program = Program::new(&g, g.org, g.manager).await;
        let definition =
            json!({"EQ_bizStep": ["shipping", "receiving"], "eventType": ["ObjectEvent"]});
        let body = json!({"name": "Xuất & nhận", "query": definition});
        let (status, headers, _) = program.post_json("/epcis/queries", &body).await;
        assert_eq!(status, StatusCode::CREATED);
        let address = headers["location"].to_str().unwrap().to_owned();
        assert!(address.starts_with("/epcis/queries/Xu%E1%BA%A5t%20%26"), "{address}");
        let (status, _, again) = program.post_json("/epcis/queries", &body).await;
        assert_eq!(
            (status, &again["type"]),
            (StatusCode::CONFLICT, &json!("epcisException:ResourceAlreadyExistsException"))
        );
        let (status, _, kept) = program.get(&address).await;
        assert_eq!((status, kept), (StatusCode::OK, body.clone()));

        let events: Vec<Value> =
            ["shipping", "storing", "receiving", "shipping", "storing", "receiving"]
                .iter()
                .enumerate()
                .map(|(number, step)| {
                    event(&format!("urn:x:{number}"), step, "urn:x:item", &json!({}))
                })
                .collect();
        program.capture(document(&events)).await;
        let (status, headers, page) = program.get(&format!("{address}/events?perPage=3")).await;
        assert_eq!((status, ids(&page)), (StatusCode::OK, vec!["urn:x:0", "urn:x:2", "urn:x:3"]));
        assert_eq!(page["epcisBody"]["queryResults"]["queryName"], json!("Xuất & nhận"));
        let (_, headers, page) = program.get(&next(&headers).unwrap()).await;
        assert_eq!((ids(&page), next(&headers)), (vec!["urn:x:5"], None));
        let (_, _, all) = program.get("/epcis/queries/SimpleEventQuery/events").await;
        assert_eq!(ids(&all).len(), 6, "the query that everybody has");

        for (path, status) in [
            (format!("{address}/events?EQ_bizStep=storing"), StatusCode::BAD_REQUEST),
            (format!("{address}/events?perPage=0"), StatusCode::BAD_REQUEST),
            (format!("{address}/events?nextPageToken=x"), StatusCode::BAD_REQUEST),
            ("/epcis/queries/none".to_owned(), StatusCode::NOT_FOUND),
            ("/epcis/queries/none/events".to_owned(), StatusCode::NOT_FOUND),
            ("/epcis/queries/none/subscriptions".to_owned(), StatusCode::NOT_FOUND),
            (format!("{address}/subscriptions/1"), StatusCode::NOT_FOUND),
            (format!("{address}/subscriptions/x"), StatusCode::NOT_FOUND),
        ] {
            let (found, _, body) = program.get(&path).await;
            assert_eq!(found, status, "{path}: {body}");
            if status == StatusCode::NOT_FOUND {
                assert_eq!(body["type"], json!("epcisException:NoSuchNameException"));
            }
        }
        assert_eq!(program.delete("/epcis/queries/SimpleEventQuery").await, StatusCode::FORBIDDEN);
        assert_eq!(program.delete(&address).await, StatusCode::NO_CONTENT);
        assert_eq!(program.delete(&address).await, StatusCode::NOT_FOUND);
        assert_eq!(program.get(&address).await.0, StatusCode::NOT_FOUND);
        let trail = sql!("SELECT COUNT(*) FROM audit WHERE subject_kind = 'named_query'");
        assert_eq!(g.count(trail).await, 2, "made and deleted");
    })
    .await;
}

#[tokio::test]
async fn queries_are_listed_page_by_page_and_only_to_their_own_organisation() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let (other, person) = g.neighbour("Hộ bên cạnh").await;
        let (mine, theirs) =
            (Program::new(&g, g.org, g.manager).await, Program::new(&g, other, person).await);
        for number in 0..5 {
            let body = json!({"name": format!("q{number}"), "query": {}});
            assert_eq!(mine.post_json("/epcis/queries", &body).await.0, StatusCode::CREATED);
        }
        let same = json!({"name": "q1", "query": {"EQ_action": ["ADD"]}});
        assert_eq!(theirs.post_json("/epcis/queries", &same).await.0, StatusCode::CREATED);
        for page in [1, 2, 6, 7] {
            let mut names = Vec::new();
            let mut path = format!("/epcis/queries?perPage={page}");
            loop {
                let (status, headers, body) = mine.get(&path).await;
                assert_eq!(status, StatusCode::OK, "{body}");
                let found = body.as_array().unwrap();
                assert!(found.len() <= page);
                names.extend(found.iter().map(|one| one["name"].as_str().unwrap().to_owned()));
                match next(&headers) {
                    Some(more) => path = more,
                    None => break,
                }
            }
            assert_eq!(names, ["SimpleEventQuery", "q0", "q1", "q2", "q3", "q4"]);
        }
        assert_eq!(theirs.get("/epcis/queries/q1").await.2["query"], json!({"EQ_action": ["ADD"]}));
        assert_eq!(theirs.get("/epcis/queries/q2").await.0, StatusCode::NOT_FOUND);
        assert_eq!(theirs.delete("/epcis/queries/q2").await, StatusCode::NOT_FOUND);
        assert_eq!(theirs.get("/epcis/queries").await.2.as_array().unwrap().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_query_that_cannot_be_asked_is_not_kept() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let program = Program::new(&g, g.org, g.manager).await;
        let body =
            json!({"name": "a", "query": {"EQ_bizStep": ["no such step"], "EQ_nothing": ["x"]}});
        let (status, _, problem) = program.post_json("/epcis/queries", &body).await;
        assert_eq!(
            (status, &problem["type"]),
            (StatusCode::BAD_REQUEST, &json!("epcisException:QueryValidationException"))
        );
        let paths: Vec<&Value> =
            problem["errors"].as_array().unwrap().iter().map(|error| &error["path"]).collect();
        assert_eq!(paths, [&json!("/query/EQ_bizStep"), &json!("/query/EQ_nothing")]);
        for (body, kind, status) in [
            (&b"{"[..], "application/json", StatusCode::BAD_REQUEST),
            (b"[]", "application/json", StatusCode::BAD_REQUEST),
            (b"\xff\xfe", "application/json", StatusCode::BAD_REQUEST),
            (b"{}", "text/plain", StatusCode::UNSUPPORTED_MEDIA_TYPE),
            (b"{}", "application/json", StatusCode::BAD_REQUEST),
            (&vec![b' '; 70_000], "application/json", StatusCode::PAYLOAD_TOO_LARGE),
        ] {
            let answer = program
                .send(Method::POST, "/epcis/queries", &[("content-type", kind)], body.to_vec())
                .await;
            assert_eq!(answer.0, status, "{}", String::from_utf8_lossy(&answer.2));
            assert_eq!(answer.1["content-type"], "application/problem+json");
        }
        let deep = "[".repeat(100_000);
        let body = format!(r#"{{"name": "a", "query": {{"EQ_bizStep": {}}}}}"#, &deep[..60_000]);
        let (status, _, _) = program.post("/epcis/queries", body.into_bytes()).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "depth is bounded");
        assert_eq!(g.count(sql!("SELECT COUNT(*) FROM named_query")).await, 0);
    })
    .await;
}
