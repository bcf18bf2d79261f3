//! An organisation's own page, and the reviewer's look at a record through a buyer's eyes.

use axum::http::StatusCode;
use server::organisations::Organisation;
use store::testing::each_engine;
use store::{params, sql};

use crate::ground::{Browser, Ground, location, staff, text};
use crate::published;

const PHONE: &str = "0987654321";

/// Sends the profile's form with a name and a phone, everything else as it is.
async fn change(browser: &Browser, o: &Organisation, name: &str, phone: &str) {
    let version = o.version.to_string();
    let address = o.address();
    let fields = [
        ("kind", o.kind.as_str()),
        ("legal_name", name),
        ("tax_code", o.tax_code.as_str()),
        ("representative", o.representative.as_str()),
        ("phone", phone),
        ("email", o.email.as_str()),
        ("commune", o.commune.as_str()),
        ("commune_text", address.as_str()),
        ("commune_old", o.old_unit.as_str()),
        ("address_line", o.address_line.as_str()),
        ("version", version.as_str()),
    ];
    let response = browser.post(&format!("/org/{}/profile", o.id), &fields, &[]).await;
    assert_eq!(location(&response), format!("/org/{}/profile", o.id));
}

#[tokio::test]
async fn a_change_of_phone_keeps_an_organisation_accepted_and_a_change_of_name_does_not() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let tax = sql!("UPDATE organisation SET tax_code = '9900003017' WHERE id = $1");
        g.app.store.execute(tax, &params![g.org]).await.unwrap();
        let browser = g.browser(g.manager).await;
        let before = g.load(g.org).await;

        change(&browser, &before, &before.legal_name, PHONE).await;
        let called = g.load(g.org).await;
        assert_eq!(called.state, "accepted");
        assert_ne!(called.phone, before.phone);
        assert_eq!(called.submitted_at, before.submitted_at);

        change(&browser, &called, "Hợp tác xã Tên Mới", PHONE).await;
        let renamed = g.load(g.org).await;
        assert_eq!(renamed.state, "submitted");
        assert!(renamed.submitted_at > before.submitted_at);

        let trail = sql!(
            "SELECT action FROM audit WHERE subject_kind = 'organisation' AND subject = $1
             ORDER BY id DESC LIMIT 2"
        );
        let rows = g.app.store.query(trail, &params![g.org]).await.unwrap();
        let actions: Vec<String> = rows.iter().map(|row| row.get(0).unwrap()).collect();
        assert_eq!(actions, ["resubmit", "update"]);
    })
    .await;
}

#[tokio::test]
async fn a_reviewer_sees_a_waiting_record_as_buyers_will_and_is_told_that_it_is_not_public() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let goods = published::goods(&g, Some(published::GTIN), "Gạo Séng Cù", "SC-1").await;
        let record = published::record(&g, &goods, "Gạo Séng Cù", 3);
        let submission = g.app.id();
        let waiting = sql!(
            "INSERT INTO submission (id, lot, organisation, number, state, record, missing, submitted_by,
               submitted_at, reasons) VALUES ($1, $2, $3, 1, 'submitted', $4, 0, $5, 0, '{}')"
        );
        let json = serde_json::to_string(&record).unwrap();
        let values = params![submission, goods.lot, g.org, json, g.manager];
        g.app.store.execute(waiting, &values).await.unwrap();
        let path = format!("/desk/review/{submission}/as-buyer");

        let reviewer = staff(&g.app, "reviewer", "11").await;
        let response = g.browser(reviewer.id).await.get(&path).await;
        assert_eq!(response.status(), StatusCode::OK);
        let page = text(response).await;
        assert!(page.contains("Xem trước, chưa công bố"));
        assert!(page.contains("Gạo Séng Cù") && page.contains("SC-1"));
        assert!(!page.contains("Tem hợp lệ"));

        let elsewhere = staff(&g.app, "reviewer", "01").await;
        let response = g.browser(elsewhere.id).await.get(&path).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
    })
    .await;
}
