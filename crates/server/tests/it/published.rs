//! A published lot to scan: product, place, lot and the approved record, written as other
//! capabilities would have left them. All names are invented (minh hoạ).

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::response::Response;
use server::app::App;
use server::review::record::{
    JourneyStep, MissingItem, PublicRecord, RecordCertificate, RecordLot, RecordOrganisation,
    RecordProduct,
};
use server::stamps::{self, NewOrder};
use stamp::{Code, Kind};
use store::{params, sql};
use tower::ServiceExt;

use crate::ground::{COMMUNE, Ground};

pub(crate) const GTIN: &str = "08931234567897";

pub(crate) struct Goods {
    pub(crate) product: i64,
    pub(crate) lot: i64,
    pub(crate) code: String,
    pub(crate) trace: Code,
    pub(crate) gtin: Option<&'static str>,
}

/// A product with a lot, nothing published.
pub(crate) async fn goods(
    ground: &Ground,
    gtin: Option<&'static str>,
    name: &str,
    code: &str,
) -> Goods {
    let app = &ground.app;
    let (product, place, lot) = (app.id(), app.id(), app.id());
    let own = app.draw(|rng| Code::random(Kind::Product, rng));
    let trace = app.draw(|rng| Code::random(Kind::Trace, rng));
    let at = app.draw(|rng| Code::random(Kind::Establishment, rng));
    let add_product = sql!(
        "INSERT INTO product (id, organisation, code, gtin, name, group_code, brand, no_brand, unit, net_content,
           no_expiry, standards, description, created_at, version)
         VALUES ($1, $2, $3, $4, $5, 'luong-thuc', 'Mường Thanh', FALSE, 'KGM', '5 kg', FALSE, '[]', '', 0, 1)"
    );
    app.store
        .execute(add_product, &params![product, ground.org, own.as_str(), gtin, name])
        .await
        .unwrap();
    let add_place = sql!(
        "INSERT INTO place (id, organisation, code, kind, name, commune, address_line, note, valid_from, version)
         VALUES ($1, $2, $3, 'field', 'Ruộng Nà Hý', $4, '', '', 0, 1)"
    );
    app.store.execute(add_place, &params![place, ground.org, at.as_str(), COMMUNE]).await.unwrap();
    let add_lot = sql!(
        "INSERT INTO lot (id, organisation, product, place, name, code, trace_code, item, opened_at, opened_by, version)
         VALUES ($1, $2, $3, $4, 'Lô', $5, $6, $6, 0, $7, 1)"
    );
    let values = params![lot, ground.org, product, place, code, trace.as_str(), ground.manager];
    app.store.execute(add_lot, &values).await.unwrap();
    Goods { product, lot, code: code.to_owned(), trace, gtin }
}

/// The record of goods with so many steps.
pub(crate) fn record(ground: &Ground, goods: &Goods, name: &str, steps: usize) -> PublicRecord {
    let step = |turn: usize| JourneyStep {
        event_id: format!("urn:uuid:{turn}"),
        step: "spray".to_owned(),
        title_vi: ["Gieo cấy", "Bón phân", "Phun thuốc", "Thu hoạch", "Xay xát"][turn % 5]
            .to_owned(),
        title_en: ["Sowing", "Fertilising", "Spraying", "Harvest", "Milling"][turn % 5].to_owned(),
        text_vi: format!(
            "Ngày thứ {turn}, cơ sở làm tại ruộng, lượng {} kg, cách ly {turn} ngày",
            turn * 37
        ),
        text_en: format!("Day {turn}, done in the field, {} kg, {turn} days to wait", turn * 37),
        time: crate::ground::START - (40 - turn as i64) * 86_400_000_000,
        place: format!("Ruộng Nà Hý {turn}, xã Thanh An, tỉnh Điện Biên"),
        place_code: "EB7K2M9QX4".to_owned(),
        declared_by: "Hợp tác xã Bản Phủ (minh hoạ)".to_owned(),
        organisation: ground.org,
        entered_for_by: if turn == 2 { "UBND xã Thanh An".to_owned() } else { String::new() },
        confirmed: turn % 4 == 3,
        ..JourneyStep::default()
    };
    PublicRecord {
        lot: RecordLot {
            id: goods.lot,
            code: goods.code.clone(),
            trace_code: goods.trace.as_str().to_owned(),
            item: String::new(),
            made_on: "2026-10-18".to_owned(),
            expires_on: "2027-04-18".to_owned(),
        },
        product: RecordProduct {
            id: goods.product,
            name: name.to_owned(),
            brand: "Mường Thanh".to_owned(),
            gtin: goods.gtin.unwrap_or_default().to_owned(),
            net_content: "5 kg".to_owned(),
            standards: vec!["TCVN 11888:2017".to_owned()],
            pictures: vec![1, 2],
            ..RecordProduct::default()
        },
        organisation: RecordOrganisation {
            id: ground.org,
            name: "Hợp tác xã Bản Phủ".to_owned(),
            kind: "cooperative".to_owned(),
            address: "Bản Phủ, xã Thanh An, tỉnh Điện Biên".to_owned(),
            old_address: "xã Noong Hẹt, huyện Điện Biên, tỉnh Điện Biên".to_owned(),
            commune: COMMUNE.to_owned(),
            illustrative: true,
        },
        certificates: vec![RecordCertificate {
            id: 1,
            kind_vi: "VietGAP".to_owned(),
            kind_en: "VietGAP".to_owned(),
            number: "MH-0123".to_owned(),
            issuer: "Trung tâm minh hoạ".to_owned(),
            expires_on: "2027-01-01".to_owned(),
            verified: true,
        }],
        journey: (0..steps).map(step).collect(),
        missing: vec![MissingItem {
            number: 5,
            key: "stages".to_owned(),
            label_vi: "mã truy vết địa điểm của bước vận chuyển".to_owned(),
            label_en: "the place of transport".to_owned(),
            detail_vi: "Người bán chưa khai bước này".to_owned(),
            detail_en: "The seller has not declared it".to_owned(),
            mend: "/".to_owned(),
        }],
        ..PublicRecord::default()
    }
}

/// Publishes a record, as an approval does.
pub(crate) async fn publish(ground: &Ground, record: &PublicRecord) {
    let app = &ground.app;
    let submission = app.id();
    let json = serde_json::to_string(record).unwrap();
    let (lot, product) = (record.lot.id, record.product.id);
    let submitted = sql!(
        "INSERT INTO submission (id, lot, organisation, number, state, record, missing, submitted_by, submitted_at, reasons)
         VALUES ($1, $2, $3, $1, 'approved', $4, 0, $5, 0, '')"
    );
    let values = params![submission, lot, ground.org, &*json, ground.manager];
    app.store.execute(submitted, &values).await.unwrap();
    let published = sql!(
        "INSERT INTO publication (lot, submission, organisation, product, record, published_at)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (lot) DO UPDATE SET submission = excluded.submission,
           record = excluded.record, published_at = excluded.published_at, withdrawn_at = NULL"
    );
    let values = params![lot, submission, ground.org, product, json, app.now()];
    app.store.execute(published, &values).await.unwrap();
    let mut tx = app.store.begin().await.unwrap();
    let texts = [(record.product.name.as_str(), 3), (record.organisation.name.as_str(), 2)];
    server::portal::search::index(&mut tx, "lot", lot, &texts).await.unwrap();
    server::portal::search::index(&mut tx, "product", product, &texts[..1]).await.unwrap();
    tx.commit().await.unwrap();
}

/// An order of stamps; its id and the serial numbers in order.
pub(crate) async fn stamps_of(ground: &Ground, goods: &Goods, count: i64) -> (i64, Vec<String>) {
    let new = NewOrder { lot: goods.lot, count, ..NewOrder::default() };
    let order =
        stamps::order(&ground.app, ground.manager, ground.org, &new).await.expect("an order");
    let rows = ground
        .app
        .store
        .query(
            sql!("SELECT serial FROM stamp WHERE stamp_order = $1 ORDER BY ordinal"),
            &params![order],
        )
        .await
        .unwrap();
    (order, rows.iter().map(|row| row.get(0).unwrap()).collect())
}

/// Asks the router as a machine or a phone would, with headers.
pub(crate) async fn ask(app: &App, path: &str, headers: &[(&str, &str)]) -> Response {
    let mut request = Request::builder().uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::empty()).expect("a request");
    server::router(app.clone()).0.oneshot(request).await.expect("an answer")
}

/// A phone of its own: the text of a page.
pub(crate) async fn look(app: &App, path: &str, phone: &str) -> (StatusCode, String) {
    let response = ask(app, path, &[("accept", "text/html"), ("user-agent", phone)]).await;
    assert!(response.headers().get(header::SET_COOKIE).is_none(), "{path} sets a cookie");
    (response.status(), crate::ground::text(response).await)
}
