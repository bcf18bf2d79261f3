//! The EPCIS interface, through the router: documents of others captured and got back, faults,
//! rights, jobs and paging. Public documents are read from
//! `$NGUON_CORPORA` and never copied.

use std::env;
use std::path::{Path, PathBuf};

use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use serde_json::{Value, json};
use server::app::App;
use server::diary;
use server::identity::key;
use store::testing::each_engine;
use tower::ServiceExt;

use crate::ground::{Ground, bytes};
use crate::lots::land;

/// A program with the key of an organisation.
pub(crate) struct Program {
    router: axum::Router,
    secret: String,
}

impl Program {
    pub(crate) async fn new(g: &Ground, org: i64, person: i64) -> Program {
        let secret = key::make(&g.app, org, person, "Máy minh hoạ", "capture query").await.unwrap();
        Program { router: server::router(g.app.clone()).0, secret }
    }

    /// The same program, speaking to another node.
    pub(crate) fn at(&self, node: &App) -> Program {
        Program { router: server::router(node.clone()).0, secret: self.secret.clone() }
    }

    pub(crate) fn secret(&self) -> &str {
        &self.secret
    }

    /// Sends JSON.
    pub(crate) async fn post_json(
        &self,
        path: &str,
        body: &Value,
    ) -> (StatusCode, HeaderMap, Value) {
        let kind = [("content-type", "application/json")];
        let body = body.to_string().into_bytes();
        let (status, headers, answer) = self.send(Method::POST, path, &kind, body).await;
        (status, headers, serde_json::from_slice(&answer).unwrap_or(Value::Null))
    }

    pub(crate) async fn delete(&self, path: &str) -> StatusCode {
        self.send(Method::DELETE, path, &[], Vec::new()).await.0
    }

    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> (StatusCode, HeaderMap, Vec<u8>) {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {}", self.secret))
            .header(header::ACCEPT_LANGUAGE, "vi");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer =
            self.router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        (answer.status(), answer.headers().clone(), bytes(answer).await)
    }

    pub(crate) async fn post(&self, path: &str, body: Vec<u8>) -> (StatusCode, HeaderMap, Vec<u8>) {
        self.send(Method::POST, path, &[("content-type", "application/ld+json")], body).await
    }

    pub(crate) async fn get(&self, path: &str) -> (StatusCode, HeaderMap, Value) {
        // As it was captured, to be compared with it; the default is translated to Digital Links.
        let as_is = [("gs1-epc-format", "Never_Translates")];
        let (status, headers, body) = self.send(Method::GET, path, &as_is, Vec::new()).await;
        (status, headers, serde_json::from_slice(&body).unwrap_or(Value::Null))
    }

    /// Captures a document and returns its finished job.
    pub(crate) async fn capture(&self, body: Vec<u8>) -> Value {
        let (status, headers, answer) = self.post("/epcis/capture", body).await;
        assert_eq!(status, StatusCode::ACCEPTED, "{}", String::from_utf8_lossy(&answer));
        self.get(headers["location"].to_str().unwrap()).await.2
    }

    /// All events, following the pages.
    pub(crate) async fn all(&self, query: &str) -> Vec<Value> {
        let mut found = Vec::new();
        let mut path = format!("/epcis/events?{query}");
        loop {
            let (status, headers, body) = self.get(&path).await;
            assert_eq!(status, StatusCode::OK, "{body}");
            found.extend(list(&body).iter().cloned());
            match next(&headers) {
                Some(more) => path = more,
                None => return found,
            }
        }
    }
}

pub(crate) fn list(document: &Value) -> &Vec<Value> {
    let body = &document["epcisBody"];
    let inner = body.get("eventList").unwrap_or(&body["queryResults"]["resultsBody"]["eventList"]);
    inner.as_array().expect("an event list")
}

pub(crate) fn next(headers: &HeaderMap) -> Option<String> {
    let link = headers.get(header::LINK)?.to_str().unwrap();
    Some(link.strip_prefix('<')?.split_once('>')?.0.to_owned())
}

pub(crate) fn corpora() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder =
        env::var_os("NGUON_CORPORA").map_or_else(|| root.join("../shared/corpora"), PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: no corpora");
    None
}

pub(crate) fn event(id: &str, step: &str, item: &str, extra: &Value) -> Value {
    let mut event = json!({
        "type": "ObjectEvent", "eventID": id, "eventTime": "2026-11-01T08:00:00+07:00", "eventTimeZoneOffset": "+07:00",
        "epcList": [item], "action": "OBSERVE", "bizStep": step,
    });
    for (name, value) in extra.as_object().unwrap() {
        event[name] = value.clone();
    }
    event
}

pub(crate) fn document(events: &[Value]) -> Vec<u8> {
    json!({
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
        "type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": "2026-11-01T08:00:00+07:00",
        "epcisBody": {"eventList": events},
    })
    .to_string()
    .into_bytes()
}

#[tokio::test]
async fn a_place_of_another_organisation_is_refused_and_proceed_keeps_the_rest() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let (other, _) = g.neighbour("Hộ bên cạnh").await;
        let theirs = server::places::of_organisation(&g.app, other).await.unwrap().remove(0);
        let program = Program::new(&g, g.org, g.manager).await;
        let good = event("urn:x:1", "storing", "urn:x:item:1", &json!({}));
        let bad = event(
            "urn:x:2",
            "storing",
            "urn:x:item:1",
            &json!({"readPoint": {"id": theirs.uri()}}),
        );
        let job = program.capture(document(&[good.clone(), bad.clone()])).await;
        assert_eq!((&job["success"], &job["running"]), (&json!(false), &json!(false)));
        assert_eq!(job["errors"][0]["rule"], json!("place.foreign"));
        assert_eq!(job["errors"][0]["path"], json!("/epcisBody/eventList/1/readPoint/id"));
        assert!(program.all("").await.is_empty(), "rollback stores nothing");
        let headers =
            [("content-type", "application/json"), ("gs1-capture-error-behaviour", "proceed")];
        let (status, ..) = program
            .send(Method::POST, "/epcis/capture", &headers, document(&[good, bad.clone()]))
            .await;
        assert_eq!(status, StatusCode::ACCEPTED);
        assert_eq!(program.all("").await.len(), 1);
        let (status, _, body) = program.post("/epcis/events", bad.to_string().into_bytes()).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{}", String::from_utf8_lossy(&body));
    })
    .await;
}

#[tokio::test]
async fn a_registered_lot_is_made_only_by_its_owner_and_used_only_by_its_addressee() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let land = land(&g, g.org, g.manager, "luong-thuc").await;
        let lot = land.harvested(&g, 100).await;
        let (other, person) = g.neighbour("Hộ bên cạnh").await;
        let program = Program::new(&g, other, person).await;
        let about = |action: &str, step: &str| {
            let quantity = json!([{"epcClass": lot.item, "quantity": 5, "uom": "KGM"}]);
            let mut event = event(
                &format!("urn:x:{action}"),
                step,
                "x",
                &json!({"action": action, "quantityList": quantity}),
            );
            event.as_object_mut().unwrap().remove("epcList");
            event
        };
        for one in [about("ADD", "commissioning"), about("OBSERVE", "receiving")] {
            let (status, _, body) =
                program.post("/epcis/events", one.to_string().into_bytes()).await;
            assert_eq!(status, StatusCode::FORBIDDEN, "{}", String::from_utf8_lossy(&body));
        }
        let unknown = event("urn:x:u", "storing", "urn:nguon:lot:T000000000", &json!({}));
        let (status, _, body) =
            program.post("/epcis/events", unknown.to_string().into_bytes()).await;
        let problem: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(
            (status, &problem["errors"][0]["rule"]),
            (StatusCode::BAD_REQUEST, &json!("lot.unknown"))
        );
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_read_is_answered_with_the_place_of_each_fault() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let program = Program::new(&g, g.org, g.manager).await;
        let mut wrong = event("urn:x:1", "flying", "urn:x:item", &json!({}));
        wrong["action"] = json!("MAYBE");
        let (status, headers, body) = program.post("/epcis/capture", document(&[wrong])).await;
        assert_eq!(
            (status, headers["content-type"].to_str().unwrap()),
            (StatusCode::BAD_REQUEST, "application/problem+json")
        );
        let problem: Value = serde_json::from_slice(&body).unwrap();
        let errors = problem["errors"].as_array().unwrap();
        assert_eq!(errors.len(), 2, "{problem}");
        assert!(
            errors.iter().all(|one| one["line"] == json!(1) && one["column"].as_u64().unwrap() > 1)
        );
        assert!(errors.iter().any(|one| one["path"] == json!("/epcisBody/eventList/0/bizStep")));
        assert!(
            errors[0]["message"].as_str().unwrap().contains("không")
                || errors[1]["message"].as_str().unwrap().contains("không")
        );

        let plain = program
            .send(Method::POST, "/epcis/capture", &[("content-type", "text/plain")], b"a".to_vec())
            .await;
        assert_eq!(plain.0, StatusCode::UNSUPPORTED_MEDIA_TYPE);
        // A few bytes can unpack to any number; the door does not unpack.
        let json = ("content-type", "application/ld+json");
        let packed = program
            .send(
                Method::POST,
                "/epcis/capture",
                &[json, ("content-encoding", "gzip")],
                vec![0x1f, 0x8b],
            )
            .await;
        assert_eq!(packed.0, StatusCode::UNSUPPORTED_MEDIA_TYPE);
        let big = program.post("/epcis/capture", vec![b' '; (10 << 20) + 1]).await;
        assert_eq!(
            (big.0, big.1["content-type"].to_str().unwrap()),
            (StatusCode::PAYLOAD_TOO_LARGE, "application/problem+json")
        );
        let (status, _, body) = program.get("/epcis/events?EQ_bizStepp=shipping").await;
        assert_eq!(
            (status, &body["errors"][0]["rule"]),
            (StatusCode::BAD_REQUEST, &json!("query.parameter"))
        );
        let options = program.send(Method::OPTIONS, "/epcis/capture", &[], Vec::new()).await;
        assert_eq!(
            (options.0, options.1["gs1-epcis-version"].to_str().unwrap()),
            (StatusCode::NO_CONTENT, "2.0.0")
        );
    })
    .await;
}

#[tokio::test]
async fn an_organisation_sees_its_own_events_and_jobs_only() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let (other, person) = g.neighbour("Hộ bên cạnh").await;
        let (mine, theirs) =
            (Program::new(&g, g.org, g.manager).await, Program::new(&g, other, person).await);
        let job =
            mine.capture(document(&[event("urn:x:1", "storing", "urn:x:item", &json!({}))])).await;
        let address = format!("/epcis/capture/{}", job["captureID"].as_str().unwrap());
        assert_eq!(mine.get(&address).await.0, StatusCode::OK);
        assert_eq!(theirs.get(&address).await.0, StatusCode::NOT_FOUND);
        assert!(theirs.all("").await.is_empty());
        assert_eq!(mine.get("/epcis/events/urn:x:1").await.2["eventID"], json!("urn:x:1"));
        assert_eq!(theirs.get("/epcis/events/urn:x:1").await.0, StatusCode::NOT_FOUND);
        // The id belongs to whoever says it: another organisation may use the same one.
        let (status, headers, _) = theirs
            .post(
                "/epcis/events",
                event("urn:x:1", "storing", "urn:y:item", &json!({})).to_string().into_bytes(),
            )
            .await;
        assert_eq!(
            (status, headers["location"].to_str().unwrap()),
            (StatusCode::CREATED, "/epcis/events/urn:x:1")
        );
        let changed =
            event("urn:x:1", "shipping", "urn:x:item", &json!({})).to_string().into_bytes();
        assert_eq!(mine.post("/epcis/events", changed).await.0, StatusCode::CONFLICT);
        let only_query = key::make(&g.app, g.org, g.manager, "Chỉ đọc", "query").await.unwrap();
        let reader = Program { secret: only_query, ..Program::new(&g, g.org, g.manager).await };
        assert_eq!(reader.post("/epcis/capture", Vec::new()).await.0, StatusCode::FORBIDDEN);
    })
    .await;
}

#[tokio::test]
async fn paging_while_others_write_shows_each_event_once_and_filters_hold() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let program = Program::new(&g, g.org, g.manager).await;
        let one = |n: usize| {
            let step = if n.is_multiple_of(2) { "storing" } else { "shipping" };
            let time = format!("2026-11-{:02}T08:00:00+07:00", 1 + n % 20);
            event(&format!("urn:x:{n}"), step, "urn:epc:id:sgtin:0614141.107346.2017", &json!({"eventTime": time}))
        };
        let events: Vec<Value> = (0..40).map(one).collect();
        program.capture(document(&events)).await;
        for order in ["", "&orderBy=eventTime", "&orderBy=eventTime&orderDirection=ASC", "&orderBy=recordTime"] {
            let mut seen = Vec::new();
            let mut path = format!("/epcis/events?perPage=7&EQ_bizStep=storing{order}");
            let mut written = 1_000 + order.len() * 100;
            loop {
                let (_, headers, body) = program.get(&path).await;
                assert!(list(&body).len() <= 7);
                seen.extend(list(&body).iter().map(|one| one["eventID"].as_str().unwrap().to_owned()));
                let id = format!("urn:w:{written}");
                written += 1;
                let new = event(&id, "storing", "urn:x:other", &json!({}));
                assert_eq!(program.post("/epcis/events", new.to_string().into_bytes()).await.0, StatusCode::CREATED);
                match next(&headers) {
                    Some(more) => path = more,
                    None => break,
                }
            }
            let count = seen.len();
            seen.sort();
            seen.dedup();
            assert_eq!(seen.len(), count, "nothing twice with {order:?}");
            assert_eq!(seen.iter().filter(|id| id.starts_with("urn:x:")).count(), 20, "nothing lost with {order:?}");
        }
        // A URN and a link of the same thing are one thing.
        let link = "https%3A%2F%2Fid.gs1.org%2F01%2F10614141073464%2F21%2F2017";
        assert_eq!(program.all(&format!("MATCH_epc={link}&perPage=15")).await.len(), 40);
        assert_eq!(program.all("MATCH_epc=urn:epc:idpat:sgtin:0614141.107346.*&EQ_bizStep=shipping").await.len(), 20);
        assert_eq!(program.all("GE_eventTime=2026-11-20T00:00:00%2B07:00&LT_eventTime=2026-11-21T00:00:00%2B07:00").await.len(), 2);
        assert_eq!(program.all("eventCountLimit=9&orderBy=eventTime&perPage=4&MATCH_epc=urn:epc:id:sgtin:0614141.107346.2017").await.len(), 9);
        assert_eq!(program.get("/epcis/events?maxEventCount=39").await.0, StatusCode::PAYLOAD_TOO_LARGE);
        let (_, headers, _) = program.get("/epcis/events?perPage=5&EQ_bizStep=storing").await;
        let moved = next(&headers).unwrap().replace("storing", "shipping");
        assert_eq!(program.get(&moved).await.0, StatusCode::BAD_REQUEST, "a token belongs to its query");
    })
    .await;
}

#[tokio::test]
async fn a_declaration_of_error_is_found_under_the_id_it_declares() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let program = Program::new(&g, g.org, g.manager).await;
        let wrong = event("urn:x:1", "storing", "urn:x:item", &json!({}));
        let declared = json!({"errorDeclaration": {"declarationTime": "2026-11-02T08:00:00+07:00", "reason": "incorrect_data", "correctiveEventIDs": ["urn:x:2"]}});
        let right = event("urn:x:2", "stocking", "urn:x:item", &json!({}));
        let events = [wrong, event("urn:x:1", "storing", "urn:x:item", &declared), right];
        assert_eq!(program.capture(document(&events)).await["success"], json!(true));
        let found = program.all("EQ_eventID=urn:x:1").await;
        assert_eq!(found.len(), 2);
        assert!(found[0].get("errorDeclaration").is_none() && found[1].get("errorDeclaration").is_some());
        assert_eq!(program.all("EXISTS_errorDeclaration=true").await.len(), 1);
        assert_eq!(program.all("EQ_correctiveEventID=urn:x:2").await.len(), 1);
        let steps = diary::journey(&g.app, "urn:x:item", 2).await.unwrap();
        assert_eq!(steps.iter().map(|one| one.step.as_str()).collect::<Vec<_>>(), ["stocking"]);
    })
    .await;
}
