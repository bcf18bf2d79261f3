//! What an officer finds out from one code: certain, possible and cleared, with kilograms, and the file of it all.

use axum::http::StatusCode;
use serde_json::{Value, json};
use store::testing::each_engine;

use crate::epcis_api::{Program, document};
use crate::ground::{Ground, text};

const PADDY: &str = "https://id.gs1.org/01/08931234567897/10/LUA-1";
const RICE: &str = "https://id.gs1.org/01/08931234567897/10/GAO-1";

/// An event of a lot at a made-up place (minh hoạ).
fn event(id: &str, minute: u32, rest: &Value) -> Value {
    let mut event = json!({
        "type": "ObjectEvent", "action": "OBSERVE", "eventID": format!("urn:x:{id}"),
        "eventTime": format!("2026-11-01T09:{minute:02}:00+07:00"), "eventTimeZoneOffset": "+07:00",
    });
    event.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
    event
}

fn lot(id: &str, kilograms: u32) -> Value {
    json!([{"epcClass": id, "quantity": kilograms, "uom": "KGM"}])
}

fn at(place: &str) -> Value {
    json!({"id": format!("urn:x:place:{place}")})
}

/// 100 kg of paddy, 60 of them milled with what came before, 10 kg of the rice sent to a shop.
fn story() -> Vec<Value> {
    let to =
        |place: &str| json!([{"type": "location", "destination": format!("urn:x:place:{place}")}]);
    vec![
        event("grown", 1, &json!({"action": "ADD", "bizStep": "commissioning", "quantityList": lot(PADDY, 100), "readPoint": at("ruong")})),
        event("sent", 2, &json!({"bizStep": "shipping", "quantityList": lot(PADDY, 60), "readPoint": at("ruong"), "destinationList": to("nha-may")})),
        event("got", 3, &json!({"bizStep": "receiving", "quantityList": lot(PADDY, 60), "readPoint": at("nha-may")})),
        event("milled", 4, &json!({"type": "TransformationEvent", "action": null, "inputQuantityList": lot(PADDY, 60), "outputQuantityList": lot(RICE, 40), "readPoint": at("nha-may")})),
        event("sold", 5, &json!({"bizStep": "shipping", "quantityList": lot(RICE, 10), "readPoint": at("nha-may"), "destinationList": to("cho")})),
    ]
    .into_iter()
    .map(|mut event| {
        event.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        event
    })
    .collect()
}

#[tokio::test]
async fn an_officer_sees_what_to_call_back_and_from_where_it_came() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let program = Program::new(&g, g.org, g.manager).await;
        let officer = g.browser(g.officer.id).await;
        let empty = text(officer.get("/desk/trace").await).await;
        assert!(empty.contains("Truy vết"));
        let unknown = officer.get(&format!("/desk/trace?q={PADDY}")).await;
        assert_eq!(unknown.status(), StatusCode::NOT_FOUND);
        assert!(text(unknown).await.contains("Chưa có sự kiện nào nói đến mã này"));

        let job = program.capture(document(&story())).await;
        assert_eq!(job["success"], json!(true), "{job}");
        let page = text(officer.get(&format!("/desk/trace?q={PADDY}")).await).await;
        assert!(page.contains("Chắc chắn liên quan"), "{page}");
        // 40 kg of rice were made of nothing else, 30 should still be at the mill.
        assert!(page.contains("<b>40 kg</b>") && page.contains(">30 kg<"), "{page}");
        assert!(
            page.contains("đã gửi, chưa ai nhận, đến") && page.contains("urn:x:place:cho"),
            "{page}"
        );
        let back = text(officer.get(&format!("/desk/trace?way=back&q={RICE}")).await).await;
        assert!(back.contains("urn:x:place:ruong"), "{back}");

        let file = text(officer.get(&format!("/desk/trace.json?way=back&q={RICE}")).await).await;
        let file: Value = serde_json::from_str(&file).unwrap();
        let events = ["urn:x:grown", "urn:x:sent", "urn:x:got", "urn:x:milled", "urn:x:sold"];
        assert_eq!(file["events"], json!(events));
        let none = officer.get("/desk/trace.json?q=urn:x:none").await;
        assert_eq!(none.status(), StatusCode::NOT_FOUND);

        // What comes later is in the next answer, and what is declared to be wrong is not.
        let mut wrong = story().remove(4);
        wrong["errorDeclaration"] = json!({"declarationTime": "2026-11-02T08:00:00+07:00"});
        let job = program.capture(document(&[wrong])).await;
        assert_eq!(job["success"], json!(true), "{job}");
        let page = text(officer.get(&format!("/desk/trace?q={PADDY}")).await).await;
        assert!(!page.contains("urn:x:place:cho") && page.contains(">40 kg<"), "{page}");
    })
    .await;
}
