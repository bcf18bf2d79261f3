//! Documents of others captured and got back, and what a chain of theirs shows. They are read from `$NGUON_CORPORA` and never
//! copied.

use std::fs;
use std::path::{Path, PathBuf};

use axum::http::StatusCode;
use serde_json::{Value, json};
use server::diary;
use store::testing::each_engine;

use crate::epcis_api::{Program, corpora, list};
use crate::ground::{Browser, Ground, text};

fn documents(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            documents(&path, found);
        } else if path.extension().is_some_and(|kind| kind == "jsonld" || kind == "json") {
            found.push(path);
        }
    }
    found.sort();
}

/// An event without what a repository adds or moves.
fn bare(event: &Value, keep_id: bool) -> Value {
    let mut event = event.clone();
    let fields = event.as_object_mut().unwrap();
    fields.remove("recordTime");
    fields.remove("@context");
    if !keep_id {
        fields.remove("eventID");
    }
    event
}

async fn captured_and_back(g: &Ground, path: &Path) {
    let (org, person) = g.neighbour("Đơn vị của một tài liệu").await;
    let program = Program::new(g, org, person).await;
    let source = fs::read(path).unwrap();
    let job = program.capture(source.clone()).await;
    assert_eq!(job["success"], json!(true), "{}: {job}", path.display());
    let again = program.capture(source.clone()).await;
    assert_eq!(again["duplicates"], again["events"], "{}: {again}", path.display());
    let source: Value = serde_json::from_slice(&source).unwrap();
    let sent = list(&source);
    let (status, _, answer) =
        program.get("/epcis/events?perPage=1000&orderBy=recordTime&orderDirection=ASC").await;
    assert_eq!(status, StatusCode::OK);
    let text = answer.to_string();
    let read = epcis::read_json(text.as_bytes(), &epcis::Limits::for_capture());
    assert_eq!(
        read.unwrap_or_else(|faults| panic!("{}: {faults:?}", path.display())).events.len(),
        sent.len()
    );
    for (sent, got) in sent.iter().zip(list(&answer)) {
        assert!(got["recordTime"].is_string());
        let keep_id = sent.get("eventID").is_some();
        assert_eq!(bare(got, keep_id), bare(sent, keep_id), "{}", path.display());
    }
}

#[tokio::test]
async fn gs1s_own_documents_are_captured_and_come_back_by_query_meaning_the_same() {
    let Some(corpora) = corpora() else { return };
    let mut files = Vec::new();
    documents(&corpora.join("gs1+EPCIS/JSON"), &mut files);
    assert_eq!(files.len(), 47);
    each_engine(|store| {
        let files = files.clone();
        async move {
            let g = Ground::new(store).await;
            for path in &files {
                captured_and_back(&g, path).await;
            }
        }
    })
    .await;
}

#[tokio::test]
async fn the_journey_of_a_gdst_lot_shows_its_real_steps() {
    let Some(corpora) = corpora() else { return };
    let chain = corpora.join(
        "TraceabilityInternet+TraceabilityDriver/TraceabilityDriver/Services/GDST/FullData.json",
    );
    each_engine(|store| {
        let (corpora, chain) = (corpora.clone(), chain.clone());
        async move {
            let g = Ground::new(store).await;
            captured_and_back(&g, &chain).await;
            let other = corpora.join(
                "TraceabilityInternet+TraceabilityDriver/TraceabilityDriver.Tests/Data/testdata001.json",
            );
            captured_and_back(&g, &other).await;
            let can = "urn:gdst:example.org:product:lot:class:processor.2u.v1-0122-2022";
            let steps = diary::journey(&g.app, can, 8).await.unwrap();
            let told: Vec<&str> = steps.iter().map(|one| one.title_vi.as_str()).collect();
            for wanted in [
                "Ương giống",
                "Đánh bắt",
                "Chuyển tải",
                "Cập bến",
                "Thu hoạch vùng nuôi",
                "Gộp lô",
                "Đóng gói",
                "Vận chuyển",
                "Nhận hàng",
                "Mở kiện",
            ] {
                assert!(told.contains(&wanted), "{wanted} is missing in {told:?}");
            }
            assert!(steps.is_sorted_by_key(|one| one.time));
            assert!(steps.iter().any(|one| one.of_item.ends_with("hatchery.1u.tf12012021")));
            let anyone = Browser::anonymous(&g.app);
            let page = text(anyone.get(&format!("/journey?id={can}")).await).await;
            assert!(
                page.contains("class=\"journey\"")
                    && page.contains("Đánh bắt")
                    && page.contains("Đơn vị của một tài liệu")
            );
            let english = text(anyone.get(&format!("/journey?id={can}&lang=en")).await).await;
            assert!(english.contains("Fishing"));
            assert_eq!(
                anyone.get("/journey?id=urn:x:nothing").await.status(),
                StatusCode::NOT_FOUND
            );
        }
    })
    .await;
}
