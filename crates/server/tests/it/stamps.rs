//! Stamps: their states, their numbers, their files.

use std::collections::BTreeSet;

use axum::http::{StatusCode, header};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use server::shared::Fail;
use server::stamps::{self, NewOrder};
use store::testing::{each_engine, on_engine};
use store::{Engine, params, sql};

use crate::ground::{Ground, bytes, location, refusal, text};
use crate::published::{GTIN, goods, stamps_of};

async fn states(ground: &Ground, order: i64) -> Vec<String> {
    let rows = ground
        .app
        .store
        .query(
            sql!("SELECT state FROM stamp WHERE stamp_order = $1 ORDER BY ordinal"),
            &params![order],
        )
        .await
        .unwrap();
    rows.iter().map(|row| row.get(0).unwrap()).collect()
}

/// Any order of activating and voiding any ranges, judged against the rules written down plainly.
#[tokio::test]
async fn a_void_stamp_never_becomes_active() {
    each_engine(|store| async move {
        let ground = Ground::new(store).await;
        let rice = goods(&ground, Some(GTIN), "Gạo", "SC-0726").await;
        let mut runner = TestRunner::deterministic();
        let acts = prop::collection::vec((any::<bool>(), 0_i64..9, 0_i64..9), 24);
        for _ in 0..6 {
            let (order, _) = stamps_of(&ground, &rice, 7).await;
            let mut model = vec!["issued".to_owned(); 7];
            for (voids, from, to) in acts.new_tree(&mut runner).unwrap().current() {
                let outcome = if voids {
                    stamps::void(&ground.app, ground.manager, ground.org, order, from, to, "thử")
                        .await
                } else {
                    stamps::activate(&ground.app, ground.manager, ground.org, order, from, to).await
                };
                let range = from >= 1 && from <= to && to <= 7;
                let part =
                    if range { &mut model[from as usize - 1..to as usize] } else { &mut [][..] };
                let allowed = range && part.iter().all(|state| state != "void");
                assert_eq!(outcome.is_ok(), allowed, "{voids} {from}..={to}");
                if allowed {
                    let target = if voids { "void" } else { "active" };
                    let changed = part.iter().filter(|state| *state != target).count() as i64;
                    assert_eq!(outcome.unwrap().changed, changed);
                    part.fill(target.to_owned());
                }
                assert_eq!(states(&ground, order).await, model);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_range_with_a_void_stamp_changes_nothing_and_names_it() {
    each_engine(|store| async move {
        let ground = Ground::new(store).await;
        let rice = goods(&ground, Some(GTIN), "Gạo", "SC-0726").await;
        let (order, _) = stamps_of(&ground, &rice, 5).await;
        let act =
            |from, to| stamps::activate(&ground.app, ground.manager, ground.org, order, from, to);
        stamps::void(&ground.app, ground.manager, ground.org, order, 3, 3, "In hỏng")
            .await
            .unwrap();
        assert!(refusal(act(1, 5).await).contains("(số 3)"));
        assert_eq!(states(&ground, order).await, ["issued", "issued", "void", "issued", "issued"]);
        let changed = act(1, 2).await.unwrap();
        assert_eq!((changed.changed, changed.already), (2, 0));
        assert_eq!(act(1, 2).await.unwrap().already, 2, "activating again is no fault");
    })
    .await;
}

#[tokio::test]
async fn every_serial_number_is_new_and_every_order_whole() {
    each_engine(|store| async move {
        let ground = Ground::new(store).await;
        let rice = goods(&ground, Some(GTIN), "Gạo", "SC-0726").await;
        let mut seen = BTreeSet::new();
        for count in [1, 999, 1_000, 2_345] {
            let (_, serials) = stamps_of(&ground, &rice, count).await;
            assert_eq!(serials.len() as i64, count);
            for serial in serials {
                assert_eq!(stamp::Serial::parse(&serial).unwrap().as_str(), serial);
                assert!(seen.insert(serial));
            }
        }
        let again = sql!(
            "INSERT INTO stamp (serial, lot, stamp_order, ordinal, state, void_reason, scans)
             VALUES ($1, 1, 1, 1, 'issued', '', 0)"
        );
        let taken = seen.first().unwrap().as_str();
        let refused = ground.app.store.execute(again, &params![taken]).await.unwrap_err();
        assert!(refused.is_unique_violation());
    })
    .await;
}

#[tokio::test]
async fn orders_are_bounded_and_of_own_lots_only() {
    each_engine(|store| async move {
        let ground = Ground::new(store).await;
        let rice = goods(&ground, Some(GTIN), "Gạo", "SC-0726").await;
        let (other, manager) = ground.neighbour("Hộ bên cạnh").await;
        for count in [0, -1, 50_001, i64::MAX] {
            let new = NewOrder { lot: rice.lot, count, ..NewOrder::default() };
            refusal(stamps::order(&ground.app, ground.manager, ground.org, &new).await);
        }
        let new = NewOrder { lot: rice.lot, count: 1, ..NewOrder::default() };
        let foreign = stamps::order(&ground.app, manager, other, &new).await;
        assert!(matches!(foreign, Err(Fail::NotFound)));
        let (order, serials) = stamps_of(&ground, &rice, 1).await;
        let foreign = stamps::activate(&ground.app, manager, other, order, 1, 1).await;
        assert!(matches!(foreign, Err(Fail::NotFound)));
        assert!(stamps::by_serial(&ground.app, other, &serials[0]).await.unwrap().is_none());
        let own = stamps::by_serial(&ground.app, ground.org, &serials[0]).await.unwrap().unwrap();
        assert_eq!((own.ordinal, own.state.as_str()), (1, "issued"));
    })
    .await;
}

#[tokio::test]
async fn ordering_activating_and_voiding_work_in_the_browser() {
    each_engine(|store| async move {
        let ground = Ground::new(store).await;
        let rice = goods(&ground, Some(GTIN), "Gạo Séng Cù", "SC-0726").await;
        let browser = ground.browser(ground.manager).await;
        let base = format!("/org/{}/stamps", ground.org);
        let page = text(browser.get(&format!("{base}?lot={}", rice.lot)).await).await;
        let token = page
            .split_once("name=\"once\" value=\"")
            .unwrap()
            .1
            .split('"')
            .next()
            .unwrap()
            .to_owned();
        let lot = rice.lot.to_string();
        let fields = [
            ("lot", lot.as_str()),
            ("count", "3"),
            ("kind", "qr"),
            ("layout", "roll-50x30"),
            ("once", token.as_str()),
        ];
        let made = location(&browser.post(&base, &fields, &[]).await);
        let again = location(&browser.post(&base, &fields, &[]).await);
        assert_eq!(made, again, "a form sent twice orders once");
        assert_eq!(ground.count(sql!("SELECT COUNT(*) FROM stamp")).await, 3);
        let bad = browser
            .post(&base, &[("lot", lot.as_str()), ("count", "nhiều"), ("layout", "x")], &[])
            .await;
        assert_eq!(bad.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(text(bad).await.contains("value=\"nhiều\""), "what was typed stays");

        let page = text(browser.get(&made).await).await;
        assert!(
            page.contains("width=\"50mm\"") && page.contains("HTTPS://NGUON.EXAMPLE/01/"),
            "{page}"
        );
        let rows = ground
            .app
            .store
            .query(sql!("SELECT serial FROM stamp ORDER BY ordinal"), &[])
            .await
            .unwrap();
        let serial = |place: usize| rows[place].get::<String>(0).unwrap();
        let scanned = format!("HTTPS://NGUON.EXAMPLE/01/{GTIN}/10/SC-0726/21/{}", serial(1));
        let done = browser
            .post(&format!("{made}/activate"), &[("from", "1"), ("to", &scanned)], &[])
            .await;
        assert_eq!(location(&done), made);
        assert_eq!(
            ground.count(sql!("SELECT COUNT(*) FROM stamp WHERE state = 'active'")).await,
            2
        );
        let out =
            browser.post(&format!("{made}/activate"), &[("from", "1"), ("to", "9")], &[]).await;
        assert_eq!(out.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let void = [("from", "2"), ("to", "2"), ("reason", "Rách")];
        assert_eq!(location(&browser.post(&format!("{made}/void"), &void, &[]).await), made);
        let one = text(browser.get(&format!("{base}/serial/{}", serial(1))).await).await;
        assert!(one.contains("Đã hủy") && one.contains("Rách"));
        assert_eq!(
            browser.get(&format!("{base}/serial/7K3M9Q2XWP4T")).await.status(),
            StatusCode::NOT_FOUND
        );
        assert_eq!(
            ground
                .count(sql!("SELECT COUNT(*) FROM audit WHERE subject_kind = 'stamp_order'"))
                .await,
            3
        );
    })
    .await;
}

#[tokio::test]
async fn the_files_to_print_hold_every_stamp_and_no_formula() {
    on_engine(Engine::Sqlite, |store| async move {
        let ground = Ground::new(store).await;
        let odd = goods(&ground, None, "=HYPERLINK(\"http://evil.example\")", "SC-1").await;
        let (order, serials) = stamps_of(&ground, &odd, 3).await;
        let browser = ground.browser(ground.manager).await;
        let base = format!("/org/{}/stamps/{order}", ground.org);
        let csv = browser.get(&format!("{base}/print.csv")).await;
        assert!(
            csv.headers()[header::CONTENT_DISPOSITION].to_str().unwrap().starts_with("attachment")
        );
        let csv = text(csv).await;
        for serial in &serials {
            assert!(csv.contains(&format!("HTTPS://NGUON.EXAMPLE/T/{serial}")), "{csv}");
        }
        assert!(csv.contains("\"'=HYPERLINK") && !csv.contains(",=HYPERLINK"), "{csv}");
        let pdf = browser.get(&format!("{base}/sheet.pdf?from=1&to=3")).await;
        assert_eq!(pdf.headers()[header::CONTENT_TYPE], "application/pdf");
        assert!(bytes(pdf).await.starts_with(b"%PDF-"));
        for range in ["from=0&to=1", "from=2&to=1", "from=1&to=4", "from=1&to=9223372036854775807"]
        {
            let refused = browser.get(&format!("{base}/sheet.pdf?{range}")).await;
            assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY, "{range}");
        }
    })
    .await;
}
