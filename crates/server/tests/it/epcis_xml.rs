//! Events that programs send in XML come back in JSON, and what is wrong with them is told at its line.

use std::fs;
use std::path::{Path, PathBuf};

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use store::testing::each_engine;

use crate::epcis_api::{Program, corpora};
use crate::ground::Ground;

async fn send(program: &Program, path: &str, xml: &str) -> (StatusCode, Value) {
    let headers = [("content-type", "application/xml; charset=utf-8")];
    let (status, headers, body) =
        program.send(Method::POST, path, &headers, xml.as_bytes().to_vec()).await;
    if status == StatusCode::ACCEPTED {
        return (status, program.get(headers["location"].to_str().unwrap()).await.2);
    }
    (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
}

const NEW: &str = r#"<epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:2" xmlns:vn="https://example.org/vn/" schemaVersion="2.0" creationDate="2026-11-01T08:00:00+07:00">
  <EPCISBody><EventList><ObjectEvent>
    <eventTime>2026-11-01T08:00:00+07:00</eventTime>
    <eventTimeZoneOffset>+07:00</eventTimeZoneOffset>
    <eventID>urn:x:1</eventID>
    <epcList><epc>urn:epc:id:sgtin:9524321.000001.7</epc></epcList>
    <action>OBSERVE</action>
    <bizStep>https://ref.gs1.org/cbv/BizStep-shipping</bizStep>
    <vn:xe>27C-123.45</vn:xe>
  </ObjectEvent></EventList></EPCISBody>
</epcis:EPCISDocument>"#;

const NEW_JSON: &str = r#"{"@context":["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",{"vn":"https://example.org/vn/"}],
 "type":"ObjectEvent","eventID":"urn:x:9","eventTime":"2026-11-01T08:00:00+07:00","eventTimeZoneOffset":"+07:00",
 "epcList":["urn:x:a"],"action":"OBSERVE","vn:xe":"27C-123.45"}"#;

const OLD: &str = r#"<epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:1" schemaVersion="1.2" creationDate="2026-11-01T08:00:00+07:00">
  <EPCISBody><EventList><ObjectEvent>
    <eventTime>2026-11-01T09:00:00+07:00</eventTime>
    <eventTimeZoneOffset>+07:00</eventTimeZoneOffset>
    <baseExtension><eventID>urn:x:2</eventID></baseExtension>
    <epcList><epc>urn:epc:id:sgtin:9524321.000001.7</epc></epcList>
    <action>OBSERVE</action>
    <bizStep>urn:epcglobal:cbv:bizstep:receiving</bizStep>
    <extension><quantityList><quantityElement><epcClass>urn:epc:class:lgtin:9524321.000001.L1</epcClass>
      <quantity>2.5</quantity><uom>KGM</uom></quantityElement></quantityList></extension>
  </ObjectEvent></EventList></EPCISBody>
</epcis:EPCISDocument>"#;

#[tokio::test]
async fn xml_of_both_versions_is_captured_and_comes_back_in_json() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let program = Program::new(&g, g.org, g.manager).await;
        for xml in [NEW, OLD] {
            let (_, job) = send(&program, "/epcis/capture", xml).await;
            assert_eq!((&job["success"], &job["events"]), (&json!(true), &json!(1)), "{job}");
            let (_, again) = send(&program, "/epcis/capture", xml).await;
            assert_eq!(again["duplicates"], json!(1));
        }
        let (status, _) = send(&program, "/epcis/events", &NEW.replace("urn:x:1", "urn:x:3")).await;
        assert_eq!(status, StatusCode::CREATED);
        let events = program.all("EQ_bizStep=shipping&orderBy=eventTime").await;
        assert_eq!(events.len(), 2);
        assert_eq!(events[0]["bizStep"], "shipping");
        assert_eq!(events[0]["vn:xe"], "27C-123.45");
        // The link of the same item finds them all, whatever they were written with.
        let link = "https://id.gs1.org/01/09524321000019/21/7";
        assert_eq!(program.all(&format!("MATCH_anyEPC={link}")).await.len(), 3);
        let old = program.all("EQ_bizStep=receiving").await;
        assert_eq!(old[0]["quantityList"][0]["quantity"], json!(2.5));
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_in_xml_is_told_with_its_line_and_nothing_is_stored() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let program = Program::new(&g, g.org, g.manager).await;
        let outside = NEW.replacen(
            "<epcis:EPCISDocument",
            "<!DOCTYPE d [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>\n<epcis:EPCISDocument",
            1,
        );
        let order = NEW
            .replace("<action>OBSERVE</action>", "")
            .replace("<epcList>", "<action>OBSERVE</action><epcList>");
        for (xml, rule, line) in [
            (outside, "xml.dtd", 1),
            (NEW.replace("27C-123.45", "&xe;"), "xml.entity", 9),
            (NEW.replace("OBSERVE", "WATCH"), "event.action", 7),
            (order, "xml.order", 6),
            (NEW.replace("</ObjectEvent>", ""), "xml.syntax", 10),
            ("<a/>".to_owned(), "", 1),
        ] {
            let (status, problem) = send(&program, "/epcis/capture", &xml).await;
            assert_eq!(status, StatusCode::BAD_REQUEST, "{rule}: {problem}");
            let errors = problem["errors"].as_array().unwrap();
            assert!(
                errors.iter().any(|one| one["line"] == json!(line)
                    && (rule.is_empty() || one["rule"] == json!(rule))),
                "{rule} at {line}: {problem}"
            );
        }
        // What is said to be JSON is read as JSON.
        let (status, ..) = program.post("/epcis/capture", NEW.as_bytes().to_vec()).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert!(program.all("").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn events_go_out_in_xml_to_those_who_ask_for_it() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let program = Program::new(&g, g.org, g.manager).await;
        for xml in [NEW, OLD] {
            send(&program, "/epcis/capture", xml).await;
        }
        let ask = async |path: &str, accept: &str| {
            let headers = [("accept", accept)];
            let (status, headers, body) =
                program.send(Method::GET, path, &headers, Vec::new()).await;
            (status, headers["content-type"].to_str().unwrap().to_owned(), body)
        };
        for (path, ids) in [
            ("/epcis/events?orderBy=eventTime&orderDirection=ASC", &["urn:x:1", "urn:x:2"][..]),
            ("/epcis/events/urn:x:2", &["urn:x:2"]),
            ("/epcis/bizSteps/shipping/events", &["urn:x:1"]),
        ] {
            let (status, kind, body) = ask(path, "application/xml").await;
            assert_eq!((status, kind.as_str()), (StatusCode::OK, "application/xml"), "{path}");
            let read = epcis::read_xml(&body, &epcis::Limits::default()).unwrap();
            let found: Vec<_> = read.events.iter().map(|one| one.event_id.clone()).collect();
            assert_eq!(found, ids.iter().map(|id| Some((*id).to_owned())).collect::<Vec<_>>());
            assert!(read.events.iter().all(|one| one.record_time.is_some()));
        }
        let (_, kind, _) = ask("/epcis/events", "*/*").await;
        assert_eq!(kind, "application/ld+json");
        let (status, kind, _) = ask("/epcis/events", "image/png").await;
        assert_eq!(
            (status, kind.as_str()),
            (StatusCode::NOT_ACCEPTABLE, "application/problem+json")
        );
        // A vertical tab is a character of JSON and none of XML.
        let json = NEW_JSON.replace("27C", "27C\\u000b");
        assert_eq!(program.post("/epcis/events", json.into_bytes()).await.0, StatusCode::CREATED);
        let (status, _, body) = ask("/epcis/events/urn:x:9", "application/xml").await;
        let problem: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(status, StatusCode::NOT_ACCEPTABLE, "{problem}");
        assert_eq!(problem["errors"][0]["rule"], "xml.unsayable");
    })
    .await;
}

fn examples(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            examples(&path, found);
        } else if path.extension().is_some_and(|kind| kind == "xml") {
            found.push(path);
        }
    }
    found.sort();
}

#[tokio::test]
async fn gs1s_own_xml_documents_are_captured_as_the_events_they_hold() {
    let Some(corpora) = corpora() else { return };
    let mut files = Vec::new();
    examples(&corpora.join("gs1+EPCIS/XML"), &mut files);
    // Capture jobs are answers of a repository, not what is captured.
    files.retain(|path| !path.components().any(|part| part.as_os_str() == "CaptureJob"));
    assert_eq!(files.len(), 33);
    each_engine(|store| {
        let files = files.clone();
        async move {
            let g = Ground::new(store).await;
            for path in &files {
                let (org, person) = g.neighbour("Đơn vị của một tài liệu").await;
                let program = Program::new(&g, org, person).await;
                let xml = fs::read_to_string(path).unwrap();
                let (_, job) = send(&program, "/epcis/capture", &xml).await;
                assert_eq!(job["success"], json!(true), "{}: {job}", path.display());
                let read = epcis::read_xml(xml.as_bytes(), &epcis::Limits::default()).unwrap();
                let hashes = |events: &[epcis::Event]| {
                    let mut all: Vec<String> = events.iter().map(epcis::hash_id).collect();
                    all.sort();
                    all
                };
                let (_, _, answer) = program
                    .get("/epcis/events?perPage=1000&orderBy=recordTime&orderDirection=ASC")
                    .await;
                let limits = epcis::Limits::default();
                let back = epcis::read_json(answer.to_string().as_bytes(), &limits).unwrap();
                assert_eq!(hashes(&back.events), hashes(&read.events), "{}", path.display());
            }
        }
    })
    .await;
}
