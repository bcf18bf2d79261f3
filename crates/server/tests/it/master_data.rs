//! Master data of captured documents: kept as said, dated, found by name, attribute and hierarchy, an organisation's own.

use std::collections::BTreeSet;
use std::fs;

use axum::http::{Method, StatusCode};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use server::capture::{Caller, OnError, capture_document};
use server::masterdata::{Selection, descendants, find, with_attribute};
use store::testing::each_engine;
use store::{Store, sql};

use crate::epcis_api::{Program, corpora, document, event};
use crate::ground::Ground;

const LOCATION: &str = "urn:epcglobal:epcis:vtype:Location";

/// A document of master data alone.
pub(crate) fn vocabulary(kind: &str, elements: &[Value]) -> Vec<u8> {
    let mut text: Value = serde_json::from_slice(&document(&[])).unwrap();
    text["epcisHeader"] = json!({"epcisMasterData": {"vocabularyList": [
        {"type": kind, "vocabularyElementList": elements}]}});
    text.to_string().into_bytes()
}

pub(crate) fn element(id: &str, attributes: &[(&str, &str)], children: &[&str]) -> Value {
    let attributes: Vec<Value> =
        attributes.iter().map(|(id, value)| json!({"id": id, "attribute": value})).collect();
    json!({"id": id, "attributes": attributes, "children": children})
}

#[tokio::test]
async fn each_assertion_is_kept_with_its_time_and_job_and_the_newest_is_current() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let program = Program::new(&g, g.org, g.manager).await;
        let id = "urn:epc:id:sgln:9524321.00001.0";
        let said = |name: &str| vocabulary(LOCATION, &[element(id, &[("cbvmda:name", name)], &[])]);
        let first = program.capture(said("Xưởng cũ")).await;
        assert_eq!((&first["success"], &first["events"]), (&json!(true), &json!(0)), "{first}");
        let second = program.capture(said("Xưởng mới")).await;
        program.capture(said("Xưởng mới")).await;
        let count = sql!("SELECT COUNT(*) FROM vocabulary_element");
        assert_eq!(g.count(count).await, 2, "what is the same is not written again");
        // Any spelling of the name and of the type leads to it.
        for path in [
            "/api/vocabularies/Location/urn:epc:id:sgln:9524321.00001.0".to_owned(),
            "/api/vocabularies/location/https%3A%2F%2Fid.gs1.org%2F414%2F9524321000019".to_owned(),
            format!("/api/vocabularies/{LOCATION}/{id}"),
        ] {
            let (status, _, now) = program.get(&path).await;
            assert_eq!(status, StatusCode::OK, "{path}");
            assert_eq!(now["attributes"][0]["id"], "urn:epcglobal:cbv:mda:name");
            assert_eq!(now["attributes"][0]["attribute"], "Xưởng mới");
            assert_eq!(now["captureID"], second["captureID"]);
            assert_eq!(now["id"], id, "the name is as it was written");
        }
        let path = format!("/api/vocabularies/Location/{id}");
        let (_, _, all) = program.get(&format!("{path}/assertions?perPage=1")).await;
        assert_eq!(all["member"][0]["supersededAt"], Value::Null);
        let (_, headers, _) = program.get(&format!("{path}/assertions?perPage=1")).await;
        let link = headers["link"].to_str().unwrap();
        let next = link.trim_start_matches('<').split('>').next().unwrap();
        let (_, _, all) = program.get(next).await;
        let old = &all["member"][0];
        assert_eq!(old["captureID"], first["captureID"]);
        let then = old["assertedAt"].as_str().unwrap();
        let (_, _, known) = program.get(&format!("{path}?at={then}")).await;
        assert_eq!(known["attributes"][0]["attribute"], "Xưởng cũ");
        let (_, _, list) = program.get(&format!("/api/vocabularies/Location?at={then}")).await;
        assert_eq!(list["member"][0]["attributes"][0]["attribute"], "Xưởng cũ");
        let before = "2020-01-01T00:00:00Z";
        assert_eq!(program.get(&format!("{path}?at={before}")).await.0, StatusCode::NOT_FOUND);
        assert_eq!(program.get(&format!("{path}?at=then")).await.0, StatusCode::BAD_REQUEST);
        let (_, _, types) = program.get("/api/vocabularies").await;
        assert_eq!(
            types["member"],
            json!([{"type": LOCATION, "elements": 1, "href": "/api/vocabularies/Location"}])
        );
        // Another organisation has asserted nothing.
        let (other, person) = g.neighbour("Hộ bên cạnh").await;
        let theirs = Program::new(&g, other, person).await;
        assert_eq!(theirs.get(&path).await.0, StatusCode::NOT_FOUND);
        assert!(descendants(&g.app, other, [id]).await.unwrap().len() == 1);
    })
    .await;
}

#[tokio::test]
async fn master_data_goes_the_way_of_its_document() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let (other, _) = g.neighbour("Hộ bên cạnh").await;
        let theirs = server::places::of_organisation(&g.app, other).await.unwrap().remove(0);
        let program = Program::new(&g, g.org, g.manager).await;
        let bad =
            event("urn:x:1", "storing", "urn:x:item", &json!({"readPoint": {"id": theirs.uri()}}));
        let mut text: Value =
            serde_json::from_slice(&vocabulary(LOCATION, &[element("urn:x:place", &[], &[])]))
                .unwrap();
        text["epcisBody"]["eventList"] = json!([bad]);
        let body = text.to_string().into_bytes();
        let count = sql!("SELECT COUNT(*) FROM vocabulary_element");
        assert_eq!(program.capture(body.clone()).await["success"], json!(false));
        assert_eq!(g.count(count).await, 0, "a document that is rolled back says nothing");
        let headers =
            [("content-type", "application/json"), ("gs1-capture-error-behaviour", "proceed")];
        let (status, ..) = program.send(Method::POST, "/epcis/capture", &headers, body).await;
        assert_eq!(status, StatusCode::ACCEPTED);
        assert_eq!(g.count(count).await, 1);
        let wrong = vocabulary("location", &[element("no uri", &[], &[])]);
        let (status, _, answer) = program.post("/epcis/capture", wrong).await;
        let problem: Value = serde_json::from_slice(&answer).unwrap();
        assert_eq!(status, StatusCode::BAD_REQUEST);
        let path = "/epcisHeader/epcisMasterData/vocabularyList/0/type";
        assert!(
            problem["errors"].as_array().unwrap().iter().any(|one| one["path"] == path),
            "{problem}"
        );
    })
    .await;
}

/// Captures a document of the ground's organisation.
async fn say(g: &Ground, body: &[u8]) {
    let document = epcis::read_json(body, &epcis::Limits::default()).unwrap();
    let caller = Caller { organisation: g.org, account: 0, made_by: g.manager };
    capture_document(&g.app, &caller, document, OnError::Rollback).await.unwrap();
}

#[tokio::test]
async fn names_below_a_name_are_found_at_any_depth_and_circles_end() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let elements = [
            element("urn:x:a", &[], &["urn:x:b", "urn:x:c"]),
            element("urn:x:c", &[], &["urn:x:d"]),
            element("urn:x:d", &[], &["urn:x:a", "urn:epc:id:sgln:9524321.00001.0"]),
        ];
        say(&g, &vocabulary(LOCATION, &elements)).await;
        // Another vocabulary goes on where this one ends.
        let below = [element("https://id.gs1.org/414/9524321000019", &[], &["urn:x:e"])];
        say(&g, &vocabulary("urn:epcglobal:epcis:vtype:ReadPoint", &below)).await;
        let found = |ids: &'static [&'static str]| {
            let app = g.app.clone();
            let org = g.org;
            async move {
                descendants(&app, org, ids).await.unwrap().into_iter().collect::<BTreeSet<_>>()
            }
        };
        let all = [
            "https://id.gs1.org/414/9524321000019",
            "urn:x:a",
            "urn:x:b",
            "urn:x:c",
            "urn:x:d",
            "urn:x:e",
        ];
        assert_eq!(found(&["urn:x:a"]).await, all.map(str::to_owned).into());
        assert_eq!(found(&["urn:x:b"]).await, ["urn:x:b".to_owned()].into());
        let gln = ["https://id.gs1.org/414/9524321000019", "urn:x:e"];
        assert_eq!(
            found(&["urn:epc:id:sgln:9524321.00001.0"]).await,
            gln.map(str::to_owned).into()
        );
        // What is said anew takes the place of what was said: the circle is open now.
        say(&g, &vocabulary(LOCATION, &[element("urn:x:c", &[], &[])])).await;
        let left = ["urn:x:a", "urn:x:b", "urn:x:c"];
        assert_eq!(found(&["urn:x:a"]).await, left.map(str::to_owned).into());
    })
    .await;
}

/// Random hierarchies against a walk over the lists as they were said.
async fn hierarchies(store: Store) {
    let g = Ground::new(store).await;
    let mut runner = TestRunner::deterministic();
    let lists = prop::collection::vec(prop::collection::vec(0usize..12, 0..4), 12);
    for _ in 0..12 {
        let lists = lists.new_tree(&mut runner).unwrap().current();
        let name = |number: usize| format!("urn:x:{number}");
        let elements: Vec<Value> = lists
            .iter()
            .enumerate()
            .map(|(number, below)| {
                let below: Vec<String> = below.iter().map(|one| name(*one)).collect();
                let below: Vec<&str> = below.iter().map(String::as_str).collect();
                element(&name(number), &[], &below)
            })
            .collect();
        say(&g, &vocabulary(LOCATION, &elements)).await;
        for start in 0..lists.len() {
            let mut expected = BTreeSet::from([name(start)]);
            let mut waiting = vec![start];
            while let Some(at) = waiting.pop() {
                for below in &lists[at] {
                    if expected.insert(name(*below)) {
                        waiting.push(*below);
                    }
                }
            }
            let found = descendants(&g.app, g.org, [name(start)]).await.unwrap();
            assert_eq!(found.iter().cloned().collect::<BTreeSet<_>>(), expected, "{lists:?}");
            assert_eq!(found.len(), expected.len(), "each once");
        }
    }
}

#[tokio::test]
async fn the_hierarchy_is_what_a_walk_over_the_lists_finds() {
    each_engine(hierarchies).await;
}

#[tokio::test]
async fn elements_are_found_by_attribute_and_value_as_they_are_now() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let class = "urn:epcglobal:epcis:vtype:EPCClass";
        let many: Vec<Value> = (0..40)
            .map(|n| {
                let grade = if n % 2 == 0 { "A" } else { "B" };
                element(&format!("urn:x:{n:02}"), &[("urn:x:grade", grade), ("urn:epcglobal:cbv:mda#name", "Gạo")], &[])
            })
            .collect();
        say(&g, &vocabulary(class, &many)).await;
        say(&g, &vocabulary(LOCATION, &[element("urn:x:99", &[("urn:x:grade", "A")], &[])])).await;
        let ask = |kinds: &'static [&'static str], attribute: &'static str, values: Option<Vec<String>>| {
            let (app, org) = (g.app.clone(), g.org);
            async move { with_attribute(&app, org, kinds, attribute, values.as_deref()).await.unwrap() }
        };
        let a = || Some(vec!["A".to_owned()]);
        assert_eq!(ask(&[], "urn:x:grade", None).await.len(), 41);
        assert_eq!(ask(&[], "urn:x:grade", a()).await.len(), 21);
        assert_eq!(ask(&["urn:epcglobal:epcis:vtype:EPCClass"], "urn:x:grade", a()).await.len(), 20);
        let both = Some(vec!["A".to_owned(), "B".to_owned()]);
        assert_eq!(ask(&[], "urn:x:grade", both).await.len(), 41);
        assert_eq!(ask(&[], "cbvmda:name", Some(vec!["Gạo".to_owned()])).await.len(), 40);
        assert!(ask(&[], "urn:x:grade", Some(vec!["C".to_owned()])).await.is_empty());
        // A new assertion without the attribute takes the element out.
        say(&g, &vocabulary(class, &[element("urn:x:00", &[("urn:x:grade", "B")], &[])])).await;
        assert_eq!(ask(&[], "urn:x:grade", a()).await.len(), 20);
        let selection = Selection {
            attribute_is: vec![("urn:x:grade".to_owned(), vec!["B".to_owned()])],
            has_attribute: Some(vec!["cbvmda:name".to_owned(), "urn:x:none".to_owned()]),
            ..Selection::default()
        };
        let find::Selected::Elements(found) = find::select(&g.app, g.org, &selection, 100).await.unwrap() else {
            panic!("too many")
        };
        assert_eq!(found.len(), 20);
        assert!(found.is_sorted_by_key(|one| one.name.clone()));
        let few = find::select(&g.app, g.org, &selection, 19).await.unwrap();
        assert!(matches!(few, find::Selected::TooMany));
        let everything = find::select(&g.app, g.org, &Selection::default(), 41).await.unwrap();
        assert!(matches!(everything, find::Selected::Elements(all) if all.len() == 41));
        let program = Program::new(&g, g.org, g.manager).await;
        let (mut path, mut seen) = ("/api/vocabularies/EPCClass?perPage=7".to_owned(), Vec::new());
        loop {
            let (_, headers, body) = program.get(&path).await;
            seen.extend(body["member"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()));
            let Some(link) = headers.get("link") else { break };
            path = link.to_str().unwrap().trim_start_matches('<').split('>').next().unwrap().to_owned();
        }
        assert_eq!(seen.len(), 40);
        assert!(seen.is_sorted());
    })
    .await;
}

#[tokio::test]
async fn gdst_master_data_is_queryable_after_capture() {
    let Some(corpora) = corpora() else { return };
    let chain = corpora.join(
        "TraceabilityInternet+TraceabilityDriver/TraceabilityDriver/Services/GDST/FullData.json",
    );
    let body = fs::read(chain).unwrap();
    each_engine(|store| {
        let body = body.clone();
        async move {
            let g = Ground::new(store).await;
            let program = Program::new(&g, g.org, g.manager).await;
            assert_eq!(program.capture(body.clone()).await["success"], json!(true));
            let source: Value = serde_json::from_slice(&body).unwrap();
            let lists =
                source["epcisHeader"]["epcisMasterData"]["vocabularyList"].as_array().unwrap();
            for list in lists {
                let kind = list["type"].as_str().unwrap();
                let names: BTreeSet<&str> = list["vocabularyElementList"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|one| one["id"].as_str().unwrap())
                    .collect();
                let (_, _, found) =
                    program.get(&format!("/api/vocabularies/{kind}?perPage=1000")).await;
                let found: BTreeSet<&str> = found["member"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|one| one["id"].as_str().unwrap())
                    .collect();
                assert_eq!(found, names, "{kind}");
            }
            let tuna = "urn:gdst:example.org:product:class:processor.2u";
            let (_, _, can) = program.get(&format!("/api/vocabularies/EPCClass/{tuna}")).await;
            assert_eq!(can["attributes"][0]["attribute"], "Can of Tuna");
            let code = "cbvmda:speciesForFisheryStatisticsPurposesCode";
            let yellowfin =
                with_attribute(&g.app, g.org, &[], code, Some(&["YFT".to_owned()])).await.unwrap();
            assert!(yellowfin.contains(&tuna.to_owned()));
        }
    })
    .await;
}

#[tokio::test]
async fn queries_of_events_follow_hierarchies_downwards_and_attributes_of_what_events_speak_of() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let program = Program::new(&g, g.org, g.manager).await;
        let province = "urn:epc:id:sgln:9524321.00001.0";
        let places = [
            element(province, &[("urn:x:area", "2")], &["urn:x:commune"]),
            element("urn:x:commune", &[], &["urn:x:farm"]),
            element("urn:x:farm", &[("cbvmda:name", "Trại Bản Phủ")], &[]),
        ];
        program.capture(vocabulary(LOCATION, &places)).await;
        let at = |id: &str, place: &str, step: &str| {
            let place = json!({"id": place});
            event(id, step, "urn:x:item", &json!({"readPoint": place, "bizLocation": place}))
        };
        let events = [
            at("urn:e:province", "https://id.gs1.org/414/9524321000019", "storing"),
            at("urn:e:commune", "urn:x:commune", "storing"),
            at("urn:e:farm", "urn:x:farm", "shipping"),
            at("urn:e:other", "urn:x:other", "shipping"),
        ];
        assert_eq!(program.capture(document(&events)).await["success"], json!(true));
        let steps =
            [element("https://ref.gs1.org/cbv/BizStep-shipping", &[("urn:x:moves", "yes")], &[])];
        program.capture(vocabulary("urn:epcglobal:epcis:vtype:BusinessStep", &steps)).await;
        for (query, expected) in [
            (
                format!("WD_readPoint={province}"),
                &["urn:e:commune", "urn:e:farm", "urn:e:province"][..],
            ),
            ("WD_bizLocation=urn:x:commune".to_owned(), &["urn:e:commune", "urn:e:farm"]),
            ("WD_bizLocation=urn:x:farm".to_owned(), &["urn:e:farm"]),
            ("WD_bizLocation=urn:x:farm%7Curn:x:other".to_owned(), &["urn:e:farm", "urn:e:other"]),
            ("HASATTR_readPoint=urn:epcglobal:cbv:mda%23name".to_owned(), &["urn:e:farm"]),
            ("EQATTR_bizLocation_urn:x:area=2".to_owned(), &["urn:e:province"]),
            ("EQATTR_bizLocation_urn:x:area=3".to_owned(), &[]),
            ("HASATTR_bizStep=urn:x:moves".to_owned(), &["urn:e:farm", "urn:e:other"]),
            (format!("WD_readPoint={province}&EQATTR_bizStep_urn:x:moves=yes"), &["urn:e:farm"]),
        ] {
            for page in ["", "&perPage=1"] {
                let found = program.all(&format!("{query}{page}")).await;
                let mut ids: Vec<&str> =
                    found.iter().map(|one| one["eventID"].as_str().unwrap()).collect();
                ids.sort_unstable();
                assert_eq!(ids, expected, "{query}");
            }
        }
        // Another organisation's hierarchy is not this one's.
        let (other, person) = g.neighbour("Hộ bên cạnh").await;
        let theirs = Program::new(&g, other, person).await;
        let own = [at("urn:f:farm", "urn:x:farm", "storing")];
        theirs.capture(document(&own)).await;
        assert!(theirs.all("WD_readPoint=urn:x:commune").await.is_empty());
        assert_eq!(theirs.all("WD_readPoint=urn:x:farm").await.len(), 1);
    })
    .await;
}

/// The documents explain themselves in keys that EPCIS does not know.
fn without_comments(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|key, _| !key.starts_with("_comment"));
            members.values_mut().for_each(without_comments);
        }
        Value::Array(items) => items.iter_mut().for_each(without_comments),
        _ => {}
    }
}

#[tokio::test]
async fn the_seven_critical_tracking_events_of_fsma_204_are_captured_and_found() {
    let Some(corpora) = corpora() else { return };
    let folder = corpora.join("openepcis+openepcis-dpp-ready/extensions/us/fsma204/epcis");
    let mut files: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.to_string_lossy().ends_with("-cte.jsonld"));
    assert_eq!(files.len(), 7);
    each_engine(|store| {
        let files = files.clone();
        async move {
            let g = Ground::new(store).await;
            // Two of the documents say different things under one eventID: each is somebody's own.
            for path in &files {
                let (org, person) = g.neighbour("Đơn vị của một tài liệu").await;
                let program = Program::new(&g, org, person).await;
                let mut source: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
                without_comments(&mut source);
                let body = source.to_string().into_bytes();
                let events = source["epcisBody"]["eventList"].as_array().unwrap();
                let job = program.capture(body).await;
                assert_eq!(job["success"], json!(true), "{}: {job}", path.display());
                assert_eq!(program.all("perPage=100").await.len(), events.len());
                for event in events {
                    let step = event["bizStep"].as_str().unwrap();
                    let time = event["eventTime"].as_str().unwrap().replace('+', "%2B");
                    let query = format!("EQ_bizStep={step}&GE_eventTime={time}");
                    let found = program.all(&query).await;
                    assert!(
                        found.iter().any(|one| one["eventTime"] == event["eventTime"]),
                        "{}: {query}",
                        path.display()
                    );
                }
            }
        }
    })
    .await;
}
