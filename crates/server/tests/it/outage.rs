//! The database killed below the portal: a clear answer at once, nothing half done, and everything
//! again by itself when it is back.

use std::time::{Duration, Instant};

use axum::http::{StatusCode, header};
use serde_json::{Value, json};
use store::testing::Cluster;
use store::{Options, Store};

use crate::epcis_api::{Program, document, event};
use crate::ground::{Browser, Ground, text};

async fn ready(g: &Ground) -> bool {
    Browser::anonymous(&g.app).get("/readyz").await.status() == StatusCode::OK
}

#[tokio::test]
async fn while_postgresql_is_down_pages_and_programs_are_told_and_afterwards_all_goes_on() {
    let Some(mut cluster) = Cluster::for_test(&[]) else { return };
    let options = Options { wait: Duration::from_secs(2), ..Options::default() };
    let store = Store::open_with(cluster.address(), options).await.unwrap();
    store.migrate().await.unwrap();
    let g = Ground::new(store).await;
    let program = Program::new(&g, g.org, g.manager).await;
    let browser = g.browser(g.manager).await;
    let officer = g.browser(g.officer.id).await;
    let lots = format!("/org/{}/lots", g.org);
    assert_eq!(browser.get(&lots).await.status(), StatusCode::OK);
    let first = document(&[event("urn:x:1", "storing", "urn:x:item", &json!({}))]);
    assert_eq!(program.capture(first).await["success"], json!(true));

    cluster.kill().unwrap();
    for (who, path) in [
        (Browser::anonymous(&g.app), "/"),
        (Browser::anonymous(&g.app), "/01/08931234567897/10/SC-0726"),
        (browser.clone(), lots.as_str()),
        (officer.clone(), "/desk/trace?q=urn:x:item"),
    ] {
        let asked = Instant::now();
        let answer = who.get(path).await;
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert_eq!(answer.headers()[header::RETRY_AFTER], "60");
        let page = text(answer).await;
        assert!(page.contains("<html") && page.contains("Hệ thống tạm thời"), "{path}: {page}");
        assert!(asked.elapsed() < Duration::from_secs(20), "{path} is answered, not left hanging");
    }
    let place = format!("/org/{}/places/new", g.org);
    let form = [("name", "Ruộng Bản Phủ"), ("kind", "field"), ("commune", "03325")];
    let answer = browser.post(&place, &form, &[]).await;
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(text(answer).await.contains("Chưa có gì được lưu"));
    let second = event("urn:x:2", "storing", "urn:x:item", &json!({})).to_string().into_bytes();
    let (status, headers, body) = program.post("/epcis/events", second.clone()).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(headers["content-type"], "application/problem+json");
    let problem: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(problem["status"], json!(503), "{problem}");
    assert!(!ready(&g).await, "a load balancer sends nobody here");
    let alive = Browser::anonymous(&g.app).get("/healthz").await;
    assert_eq!(alive.status(), StatusCode::OK, "the program itself is well");

    cluster.restart().unwrap();
    let back = Instant::now();
    while !ready(&g).await {
        assert!(back.elapsed() < Duration::from_secs(30), "it comes back without a restart");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert_eq!(browser.get(&lots).await.status(), StatusCode::OK, "still signed in");
    let (status, _, body) = program.post("/epcis/events", second).await;
    assert_eq!(status, StatusCode::CREATED, "{}", String::from_utf8_lossy(&body));
    let held: Vec<Value> = program.all("").await.iter().map(|one| one["eventID"].clone()).collect();
    assert_eq!(held, [json!("urn:x:1"), json!("urn:x:2")], "what was acknowledged, once");
}
