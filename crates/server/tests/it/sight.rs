//! Who may see which events: each reason by itself.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use serde_json::{Value, json};
use server::capture::party_uri;
use server::sight;
use store::sql;
use store::testing::each_engine;

use crate::epcis_api::{Program, document, event};
use crate::ground::{Ground, location, text};

pub(crate) const LOT: &str = "https://id.gs1.org/01/08931234567897/10/L1";
pub(crate) const PALLET: &str = "https://id.gs1.org/00/389312345000000017";

/// The events a program may see, by id; a declaration of error has a mark.
pub(crate) async fn seen(program: &Program) -> BTreeSet<String> {
    let events = program.all("perPage=1000").await;
    let ids: BTreeSet<String> = events.iter().map(name).collect();
    assert_eq!(ids.len(), events.len(), "an event comes once");
    ids
}

pub(crate) fn name(event: &Value) -> String {
    let mark = if event.get("errorDeclaration").is_some() { "!" } else { "" };
    format!("{}{mark}", event["eventID"].as_str().unwrap())
}

pub(crate) fn to(org: i64) -> Value {
    json!({"destinationList": [{"type": "owning_party", "destination": party_uri(org)}]})
}

pub(crate) fn from(org: i64) -> Value {
    json!({"sourceList": [{"type": "owning_party", "source": party_uri(org)}]})
}

pub(crate) async fn capture(g: &Ground, program: &Program, events: &[Value]) {
    let job = program.capture(document(events)).await;
    assert_eq!(job["success"], json!(true), "{job}");
    sight::catch_up(&g.app).await.unwrap();
    assert_eq!(sight::verify(&g.app).await.unwrap(), Vec::<String>::new());
}

pub(crate) fn set(ids: &[&str]) -> BTreeSet<String> {
    ids.iter().map(|id| (*id).to_owned()).collect()
}

#[tokio::test]
async fn a_thing_lets_those_see_whom_its_holder_names_and_nobody_else() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let (mill, miller) = g.neighbour("Cơ sở xay xát").await;
        let (shop, keeper) = g.neighbour("Cửa hàng").await;
        let farm = Program::new(&g, g.org, g.manager).await;
        let mill_program = Program::new(&g, mill, miller).await;
        let shop_program = Program::new(&g, shop, keeper).await;

        let sown = event("urn:x:sown", "commissioning", LOT, &json!({"action": "ADD"}));
        let other = event("urn:x:other", "commissioning", "urn:x:own:1", &json!({"action": "ADD"}));
        capture(&g, &farm, &[sown, other]).await;
        // To speak of a thing is no right to see it.
        let spied = event("urn:x:spied", "inspecting", LOT, &from(g.org));
        capture(&g, &shop_program, &[spied]).await;
        assert_eq!(seen(&shop_program).await, set(&["urn:x:spied"]));
        assert_eq!(seen(&farm).await, set(&["urn:x:sown", "urn:x:other", "urn:x:spied"]));

        // One step forward: who is named sees what was said of the thing before, and after.
        capture(&g, &farm, &[event("urn:x:sent", "shipping", LOT, &to(mill))]).await;
        assert_eq!(seen(&mill_program).await, set(&["urn:x:sown", "urn:x:sent"]));
        capture(&g, &mill_program, &[event("urn:x:milled", "storing", LOT, &json!({}))]).await;
        assert!(!seen(&farm).await.contains("urn:x:milled"), "the mill has named nobody");
        // One step back.
        capture(&g, &mill_program, &[event("urn:x:got", "receiving", LOT, &from(g.org))]).await;
        let farm_sees = set(&[
            "urn:x:sown",
            "urn:x:other",
            "urn:x:spied",
            "urn:x:sent",
            "urn:x:milled",
            "urn:x:got",
        ]);
        assert_eq!(seen(&farm).await, farm_sees);

        // Two steps are none: the shop sees the mill's word, not the farm's. To whom else a lot went is the mill's business.
        capture(&g, &mill_program, &[event("urn:x:sold", "shipping", LOT, &to(shop))]).await;
        let shop_sees = set(&["urn:x:spied", "urn:x:milled", "urn:x:sold"]);
        assert_eq!(seen(&shop_program).await, shop_sees);
        assert_eq!(seen(&farm).await, farm_sees);
        for (path, program, status) in [
            ("urn:x:sown", &shop_program, StatusCode::NOT_FOUND),
            ("urn:x:sown", &mill_program, StatusCode::OK),
            ("urn:x:other", &mill_program, StatusCode::NOT_FOUND),
        ] {
            assert_eq!(program.get(&format!("/epcis/events/{path}")).await.0, status, "{path}");
        }

        // Who takes his word back takes the sight back; who saw it learns that it is withdrawn.
        let mut wrong = event("urn:x:sold", "shipping", LOT, &to(shop));
        wrong["errorDeclaration"] = json!({"declarationTime": "2026-11-02T08:00:00+07:00"});
        capture(&g, &mill_program, &[wrong]).await;
        assert_eq!(seen(&shop_program).await, set(&["urn:x:spied", "urn:x:sold!"]));
        assert_eq!(seen(&farm).await, farm_sees, "the declaration names another");
    })
    .await;
}

#[tokio::test]
async fn what_lies_in_a_container_goes_with_it() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let (mill, miller) = g.neighbour("Cơ sở xay xát").await;
        let farm = Program::new(&g, g.org, g.manager).await;
        let mill_program = Program::new(&g, mill, miller).await;
        let packed = json!({
            "type": "AggregationEvent", "eventID": "urn:x:packed", "eventTime": "2026-11-01T07:00:00+07:00",
            "eventTimeZoneOffset": "+07:00", "parentID": PALLET, "action": "ADD", "bizStep": "packing",
            "childQuantityList": [{"epcClass": LOT, "quantity": 20, "uom": "KGM"}],
        });
        let crate_event = event(
            "urn:x:crate",
            "shipping",
            "https://id.gs1.org/8003/089312345678977Q2",
            &to(mill),
        );
        capture(
            &g,
            &farm,
            &[
                event("urn:x:sown", "commissioning", LOT, &json!({"action": "ADD"})),
                packed,
                crate_event,
            ],
        )
        .await;
        assert_eq!(seen(&mill_program).await, set(&[]), "a crate goes to strangers too");
        capture(&g, &farm, &[event("urn:x:sent", "shipping", PALLET, &to(mill))]).await;
        assert_eq!(seen(&mill_program).await, set(&["urn:x:sown", "urn:x:packed", "urn:x:sent"]));
        assert_eq!(sight::rebuild(&g.app).await.unwrap(), 4);
        assert_eq!(sight::verify(&g.app).await.unwrap(), Vec::<String>::new());
        g.app.store.execute(sql!("DELETE FROM view_seen WHERE seq = 1"), &[]).await.unwrap();
        assert_eq!(sight::verify(&g.app).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn the_public_sees_no_event_of_the_log() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let farm = Program::new(&g, g.org, g.manager).await;
        capture(&g, &farm, &[event("urn:x:sown", "commissioning", LOT, &json!({"action": "ADD"}))])
            .await;
        let stranger = crate::ground::Browser::anonymous(&g.app);
        for path in ["/epcis/events", "/epcis/events/urn:x:sown", "/epcis/epcs"] {
            assert_eq!(stranger.get(path).await.status(), StatusCode::UNAUTHORIZED, "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_manager_shows_events_by_rule_and_ends_it() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let (shop, keeper) = g.neighbour("Cửa hàng").await;
        let farm = Program::new(&g, g.org, g.manager).await;
        let buyer = Program::new(&g, shop, keeper).await;
        let rice =
            crate::published::goods(&g, Some(crate::published::GTIN), "Gạo Séng Cù", "SC-0726")
                .await;
        let before = seen(&buyer).await;
        assert!(before.is_empty());
        let manager = g.browser(g.manager).await;
        let base = format!("/org/{}/sharing", g.org);
        let tax_code = g.load(shop).await.tax_code;
        let own = g.load(g.org).await.tax_code;
        for (tax_code, product, words) in [
            ("0000000000", "", "Không có đơn vị đã tiếp nhận nào"),
            (own.as_str(), "", "mã số thuế của chính đơn vị bạn"),
            (tax_code.as_str(), "77", "Hãy chọn một mục trong danh sách"),
        ] {
            let fields = [("tax_code", tax_code), ("product", product), ("place", "")];
            let response = manager.post(&base, &fields, &[]).await;
            assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
            assert!(text(response).await.contains(words), "{words}");
        }
        let product = rice.product.to_string();
        let fields = [
            ("tax_code", tax_code.as_str()),
            ("product", &product),
            ("place", ""),
            ("since", "01/01/2026"),
        ];
        assert_eq!(location(&manager.post(&base, &fields, &[]).await), base);
        let other = event("urn:x:other", "storing", "urn:x:own:1", &json!({}));
        let of_lot = event(
            "urn:x:rice",
            "storing",
            "https://id.gs1.org/01/08931234567897/10/SC-0726",
            &json!({}),
        );
        capture(&g, &farm, &[other, of_lot]).await;
        let shown = seen(&buyer).await;
        assert!(shown.contains("urn:x:rice") && !shown.contains("urn:x:other"), "{shown:?}");
        assert_eq!(shown.len(), seen(&farm).await.len() - 1, "all that was said of the product");
        let page = text(g.browser(keeper).await.get(&format!("/org/{shop}/sharing")).await).await;
        assert!(page.contains("Gạo Séng Cù") && page.contains("01/01/2026"), "{page}");
        let page = text(manager.get(&base).await).await;
        let (_, rest) = page.split_once(&format!("{base}/")).unwrap();
        let end = format!("{base}/{}", rest.split('"').next().unwrap());
        let foreign = end.replace(&g.org.to_string(), &shop.to_string());
        let stranger = g.browser(keeper).await.post(&foreign, &[], &[]).await;
        assert_eq!(stranger.status(), StatusCode::NOT_FOUND, "the rule is not theirs to end");
        assert_eq!(location(&manager.post(&end, &[], &[]).await), base);
        assert_eq!(seen(&buyer).await, before);
    })
    .await;
}

#[tokio::test]
async fn an_administrator_gives_an_authority_oversight_and_ends_it() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let farm = Program::new(&g, g.org, g.manager).await;
        capture(&g, &farm, &[event("urn:x:sown", "storing", LOT, &json!({}))]).await;
        let (clerk, office) = crate::ground::organisation(
            &g.app,
            "Chi cục Chất lượng",
            "authority",
            crate::ground::COMMUNE,
        )
        .await;
        g.accept(office).await;
        let program = Program::new(&g, office, clerk).await;
        let administrator = crate::ground::staff(&g.app, "administrator", "").await;
        let desk = g.browser(administrator.id).await;
        let firm = g.load(g.org).await.tax_code;
        let tax_code = g.load(office).await.tax_code;
        for (tax_code, area, words) in [
            (firm.as_str(), "11", "không phải cơ quan quản lý"),
            (tax_code.as_str(), "99", "Mã tỉnh (2 số)"),
        ] {
            let fields = [("tax_code", tax_code), ("sector", "all"), ("area", area)];
            let response = desk.post("/desk/oversight", &fields, &[]).await;
            assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
            assert!(text(response).await.contains(words), "{words}");
        }
        assert_eq!(seen(&program).await, set(&[]));
        let fields = [("tax_code", tax_code.as_str()), ("sector", "agriculture"), ("area", "11")];
        assert_eq!(location(&desk.post("/desk/oversight", &fields, &[]).await), "/desk/oversight");
        assert_eq!(seen(&program).await, set(&["urn:x:sown"]));
        let page = text(desk.get("/desk/oversight").await).await;
        assert!(page.contains("Chi cục Chất lượng"), "{page}");
        let (_, rest) = page.split_once("/desk/oversight/").unwrap();
        let end = format!("/desk/oversight/{}", rest.split('"').next().unwrap());
        assert_eq!(location(&desk.post(&end, &[], &[]).await), "/desk/oversight");
        assert_eq!(seen(&program).await, set(&[]));
    })
    .await;
}
