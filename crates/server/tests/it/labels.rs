//! Kinds of code beside QR: GS1 DataMatrix on stamps, GS1-128 on cases, EAN-13 for the till.

use axum::http::{StatusCode, header};
use server::stamps::{self, Carrier, Kind, NewOrder};
use store::testing::each_engine;
use store::{params, sql};

use crate::ground::{Ground, bytes, location, refusal, text};
use crate::published::{GTIN, Goods, goods};

/// Goods with a GTIN in a lot that expires on 22 November 2027.
async fn dated(ground: &Ground) -> Goods {
    let rice = goods(ground, Some(GTIN), "Gạo Séng Cù", "SC-0726").await;
    let expires = sql!("UPDATE lot SET expires_on = '2027-11-22' WHERE id = $1");
    ground.app.store.execute(expires, &params![rice.lot]).await.unwrap();
    rice
}

fn fields<'a>(lot: &'a str, kind: &'a str, layout: &'a str) -> [(&'a str, &'a str); 4] {
    [("lot", lot), ("count", "3"), ("kind", kind), ("layout", layout)]
}

/// What follows `mark` up to the end of the element that it starts.
fn after<'a>(page: &'a str, mark: &str) -> &'a str {
    let (_, rest) = page.split_once(mark).unwrap_or_else(|| panic!("no {mark} in {page}"));
    rest.split('>').next().unwrap()
}

#[tokio::test]
async fn every_kind_is_ordered_shown_printed_and_listed_for_the_print_house() {
    each_engine(|store| async move {
        let ground = Ground::new(store).await;
        let rice = dated(&ground).await;
        let browser = ground.browser(ground.manager).await;
        let base = format!("/org/{}/stamps", ground.org);
        let lot = rice.lot.to_string();
        for (kind, layout, shown, stamps) in [
            ("qr", "a4-30", "QR: <span class=\"code\">HTTPS://NGUON.EXAMPLE/01/", 3),
            (
                "datamatrix",
                "roll-40x25",
                "GS1 DataMatrix: <span class=\"code\">(01)08931234567897(10)SC-0726(21)",
                3,
            ),
            (
                "case",
                "a4-188x65",
                "GS1-128: <span class=\"code\">(01)08931234567897(17)271122(10)SC-0726<",
                0,
            ),
            ("till", "roll-50x30", "EAN-13: <span class=\"code\">8931234567897<", 0),
        ] {
            let before = ground.count(sql!("SELECT COUNT(*) FROM stamp")).await;
            let made = location(&browser.post(&base, &fields(&lot, kind, layout), &[]).await);
            let after = ground.count(sql!("SELECT COUNT(*) FROM stamp")).await;
            assert_eq!(after - before, stamps, "{kind}: labels that are alike have no numbers");
            let page = text(browser.get(&made).await).await;
            assert!(page.contains(shown), "{kind}: {page}");
            assert!(page.contains("<svg class=\"stamp-sheet\""), "{kind}: a preview");
            assert!(!page.contains("Xem lại trước khi in"), "{kind}: nothing to warn of");
            assert_eq!(page.contains("Kích hoạt khi dán"), stamps > 0, "{kind}");

            let pdf = browser.get(&format!("{made}/sheet.pdf")).await;
            assert_eq!(pdf.headers()[header::CONTENT_TYPE], "application/pdf");
            assert!(bytes(pdf).await.starts_with(b"%PDF-"));
            let csv = text(browser.get(&format!("{made}/print.csv")).await).await;
            let name = Kind::of_code(kind).unwrap().name();
            assert!(csv.contains(&format!(",Nội dung mã {name},")), "{csv}");
            assert_eq!(csv.lines().count() - 1, if stamps > 0 { 3 } else { 1 }, "{csv}");
            if stamps == 0 {
                assert!(csv.contains("Số nhãn") && csv.contains("\n1,3,"), "{csv}");
            }
        }
        let list = text(browser.get(&base).await).await;
        for shown in ["QR · ", "GS1 DataMatrix · ", "GS1-128 · ", "EAN-13 · "] {
            assert!(list.contains(shown), "{shown}");
        }
        let kept = sql!("SELECT COUNT(*) FROM stamp_order WHERE kind = 'till' AND quantity = 3");
        assert_eq!(ground.count(kept).await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_data_matrix_that_a_scanner_reads_marks_the_end_of_a_range() {
    each_engine(|store| async move {
        let ground = Ground::new(store).await;
        let rice = dated(&ground).await;
        let new =
            NewOrder { lot: rice.lot, count: 5, kind: Kind::DataMatrix, ..NewOrder::default() };
        let id = stamps::order(&ground.app, ground.manager, ground.org, &new).await.unwrap();
        let serials = stamps::serials(&ground.app, id, 1, 5).await.unwrap();
        let browser = ground.browser(ground.manager).await;
        let at = format!("/org/{}/stamps/{id}/activate", ground.org);
        let scanned = format!("]d201{GTIN}10SC-0726\u{1d}21{}", serials[3].as_str());
        location(&browser.post(&at, &[("from", "2"), ("to", &scanned)], &[]).await);
        let active = sql!("SELECT COUNT(*) FROM stamp WHERE state = 'active'");
        assert_eq!(ground.count(active).await, 3);
    })
    .await;
}

#[tokio::test]
async fn what_a_product_cannot_have_is_disabled_with_the_reason_and_refused() {
    each_engine(|store| async move {
        let ground = Ground::new(store).await;
        let bare = goods(&ground, None, "Rau cải", "R-1").await;
        let browser = ground.browser(ground.manager).await;
        let base = format!("/org/{}/stamps", ground.org);
        let lot = bare.lot.to_string();
        let reason = "Sản phẩm chưa có mã GTIN do GS1 cấp.";
        let page = text(browser.get(&format!("{base}?lot={lot}")).await).await;
        assert!(after(&page, "value=\"qr\"").contains(" checked"), "QR is chosen at first");
        assert!(!after(&page, "value=\"qr\"").contains(" disabled"));
        for kind in ["datamatrix", "case", "till"] {
            assert!(after(&page, &format!("value=\"{kind}\"")).contains(" disabled"), "{kind}");
            let layout = Kind::of_code(kind).unwrap().carriers()[0].code();
            let refused = browser.post(&base, &fields(&lot, kind, &layout), &[]).await;
            assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
            let page = text(refused).await;
            assert!(page.contains("id=\"e-kind\"") && page.contains(reason), "{page}");
            assert!(page.contains("value=\"3\""), "what was typed stays");
        }
        assert_eq!(page.matches(reason).count(), 3);
        assert_eq!(ground.count(sql!("SELECT COUNT(*) FROM stamp_order")).await, 0);

        // With another lot whose product has a GTIN, and no lot chosen, nothing is ruled out yet.
        let none = text(browser.get(&base).await).await;
        assert!(after(&none, "value=\"case\"").contains(" disabled"));
        dated(&ground).await;
        let some = text(browser.get(&base).await).await;
        assert!(!after(&some, "value=\"case\"").contains(" disabled"));
        assert!(some.contains("<select class=\"input\" id=\"f-lot\""));
    })
    .await;
}

#[tokio::test]
async fn a_kind_or_paper_that_does_not_exist_or_does_not_fit_is_a_fault_at_its_field() {
    each_engine(|store| async move {
        let ground = Ground::new(store).await;
        let rice = dated(&ground).await;
        let browser = ground.browser(ground.manager).await;
        let base = format!("/org/{}/stamps", ground.org);
        let lot = rice.lot.to_string();
        for (kind, layout, at, words) in [
            ("QR", "a4-30", "e-kind", "Hãy chọn một mục trong danh sách."),
            ("", "a4-30", "e-kind", "Hãy chọn một mục trong danh sách."),
            ("case'--", "a4-30", "e-kind", "Hãy chọn một mục trong danh sách."),
            ("case", "a4-30", "e-layout", "GS1-128 cần một trong các kiểu in: Giấy A4, nhãn thùng"),
            ("till", "a4-20", "e-layout", "EAN-13 cần một trong các kiểu in:"),
            ("qr", "a4-188x65", "e-layout", "QR cần một trong các kiểu in:"),
            ("till", "roll-9x9", "e-layout", "Hãy chọn một mục trong danh sách."),
        ] {
            let refused = browser.post(&base, &fields(&lot, kind, layout), &[]).await;
            assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY, "{kind} {layout}");
            let page = text(refused).await;
            assert!(page.contains(&format!("id=\"{at}\"")) && page.contains(words), "{page}");
        }
        let nobodys = browser.post(&base, &fields("77", "case", "a4-188x65"), &[]).await;
        assert_eq!(nobodys.status(), StatusCode::NOT_FOUND);
        for lot in ["77", "x", "-1", "99999999999999999999"] {
            let page = browser.get(&format!("{base}?lot={lot}")).await;
            assert_eq!(page.status(), StatusCode::OK, "another's lot is as good as none");
        }
        assert_eq!(ground.count(sql!("SELECT COUNT(*) FROM stamp_order")).await, 0);

        let order = |kind, carrier| {
            let new = NewOrder { lot: rice.lot, count: 3, kind, carrier };
            let (app, actor, org) = (ground.app.clone(), ground.manager, ground.org);
            async move { stamps::order(&app, actor, org, &new).await }
        };
        assert!(refusal(order(Kind::Case, Carrier::A4(20)).await).contains("GS1-128 cần"));
    })
    .await;
}

#[tokio::test]
async fn labels_that_are_all_alike_are_neither_activated_nor_voided() {
    each_engine(|store| async move {
        let ground = Ground::new(store).await;
        let rice = dated(&ground).await;
        let new = NewOrder {
            lot: rice.lot,
            count: 3,
            kind: Kind::Case,
            carrier: Carrier::Roll(150, 100),
        };
        let id = stamps::order(&ground.app, ground.manager, ground.org, &new).await.unwrap();
        let words = "Nhãn của đơn này giống nhau";
        let activated = stamps::activate(&ground.app, ground.manager, ground.org, id, 1, 3).await;
        assert!(refusal(activated).contains(words));
        let voided =
            stamps::void(&ground.app, ground.manager, ground.org, id, 1, 3, "In hỏng").await;
        assert!(refusal(voided).contains(words));
        let browser = ground.browser(ground.manager).await;
        let at = format!("/org/{}/stamps/{id}", ground.org);
        let refused =
            browser.post(&format!("{at}/activate"), &[("from", "1"), ("to", "3")], &[]).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let audits = sql!("SELECT COUNT(*) FROM audit WHERE subject_kind = 'stamp_order'");
        assert_eq!(ground.count(audits).await, 1, "only the order itself");
    })
    .await;
}

/// An order from before kinds were kept: the column's default says what it was.
#[tokio::test]
async fn orders_from_before_bear_qr() {
    each_engine(|store| async move {
        let ground = Ground::new(store).await;
        let rice = goods(&ground, Some(GTIN), "Gạo", "SC-0726").await;
        let old = sql!(
            "INSERT INTO stamp_order (id, organisation, lot, quantity, layout, ordered_by, ordered_at)
             VALUES (7, $1, $2, 1, 'a4-30', $3, 0)"
        );
        let values = params![ground.org, rice.lot, ground.manager];
        ground.app.store.execute(old, &values).await.unwrap();
        let order = stamps::order::load(&ground.app, ground.org, 7).await.unwrap();
        assert_eq!((order.kind, order.carrier), (Kind::Qr, Carrier::A4(30)));
    })
    .await;
}
