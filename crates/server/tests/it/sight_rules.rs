//! How narrow sight is: how many an event may name, what of a container is handed over, what of a lot concerns whom, and what a
//! number opens.

use axum::http::StatusCode;
use serde_json::{Value, json};
use server::capture::party_uri;
use server::places::gln::{self, Finding};
use server::places::{self, NewPlace, Place};
use server::sight::{self, Rule};
use store::sql;
use store::testing::each_engine;

use crate::epcis_api::{Program, document, event};
use crate::ground::{Browser, COMMUNE, Ground, location, refusal, text};
use crate::sight::{LOT, PALLET, capture, from, seen, set, to};

const CRATE: &str = "https://id.gs1.org/00/389312345000000024";
const ITEM: &str = "https://id.gs1.org/01/08931234567897/21/7K3M";
const GLN: &str = "8931234567811";

/// Puts things into a container or takes them out, at an hour of the day.
fn packing(id: &str, action: &str, container: &str, things: &[&str], hour: u8) -> Value {
    json!({
        "type": "AggregationEvent", "eventID": id, "eventTime": format!("2026-11-01T{hour:02}:00:00+07:00"),
        "eventTimeZoneOffset": "+07:00", "parentID": container, "action": action, "childEPCs": things,
    })
}

/// As [`event`], at an hour of the day.
fn at(hour: u8, id: &str, thing: &str, extra: &Value) -> Value {
    let mut event = event(id, "shipping", thing, extra);
    event["eventTime"] = json!(format!("2026-11-01T{hour:02}:00:00+07:00"));
    event
}

fn wrong(mut event: Value) -> Value {
    event["errorDeclaration"] = json!({"declarationTime": "2026-11-02T08:00:00+07:00"});
    event
}

#[tokio::test]
async fn organisations_that_do_not_exist_get_no_line_of_who_may_see_what() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let (_, applied) =
            crate::ground::organisation(&g.app, "Chưa tiếp nhận", "household", COMMUNE).await;
        let farm = Program::new(&g, g.org, g.manager).await;
        let parties: Vec<Value> = (1..20)
            .chain([applied])
            .map(|party| json!({"type": "owning_party", "destination": party_uri(party)}))
            .collect();
        let named = json!({"destinationList": parties});
        capture(&g, &farm, &[event("urn:x:sent", "shipping", LOT, &named)]).await;
        assert_eq!(g.count(sql!("SELECT COUNT(*) FROM view_hand")).await, 0);
    })
    .await;
}

#[tokio::test]
async fn an_event_names_no_more_parties_than_a_shipment_has() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let farm = Program::new(&g, g.org, g.manager).await;
        let parties = |count: i64| -> Vec<Value> {
            let one = |party| json!({"type": "owning_party", "source": party_uri(party)});
            (1..=count).map(one).collect()
        };
        let things: Vec<String> = (0..5_001).map(|number| format!("urn:x:{number}")).collect();
        let many_things = json!({"epcList": things, "sourceList": parties(20)});
        for (extra, words) in [
            (json!({"sourceList": parties(21)}), "nhiều nhất 20 nguồn và đích"),
            (many_things, "giao 5001 mã hàng cho 20 bên"),
        ] {
            let (status, _, answer) = farm
                .post_json("/epcis/events", &event("urn:x:sent", "shipping", LOT, &extra))
                .await;
            assert_eq!(status, StatusCode::BAD_REQUEST, "{answer}");
            let fault = &answer["errors"][0];
            assert_eq!(fault["rule"], json!("party.many"), "{answer}");
            assert_eq!(fault["path"], json!("/sourceList"));
            assert!(fault["message"].as_str().unwrap().contains(words), "{fault}");
        }
        let fine = event("urn:x:sent", "shipping", LOT, &json!({"sourceList": parties(20)}));
        capture(&g, &farm, &[fine]).await;
    })
    .await;
}

#[tokio::test]
async fn one_follows_the_log_at_a_time_whoever_asks() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let farm = Program::new(&g, g.org, g.manager).await;
        let events: Vec<Value> = (0..30)
            .map(|number| event(&format!("urn:x:{number}"), "storing", LOT, &json!({})))
            .collect();
        let job = farm.capture(document(&events)).await;
        assert_eq!(job["success"], json!(true), "{job}");
        let once = || Box::pin(sight::catch_up(&g.app));
        let (first, second, third) = tokio::join!(once(), once(), once());
        assert_eq!([first, second, third].map(Result::unwrap).iter().sum::<usize>(), 30);
    })
    .await;
}

#[tokio::test]
async fn what_was_taken_out_of_a_container_does_not_go_with_it() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let (shop, keeper) = g.neighbour("Cửa hàng").await;
        let (depot, clerk) = g.neighbour("Kho").await;
        let farm = Program::new(&g, g.org, g.manager).await;
        let shop = (shop, Program::new(&g, shop, keeper).await);
        let depot = (depot, Program::new(&g, depot, clerk).await);
        let made = at(6, "urn:x:made", ITEM, &json!({}));
        let events = [
            made.clone(),
            packing("urn:x:in", "ADD", PALLET, &[ITEM], 7),
            packing("urn:x:out", "DELETE", PALLET, &[ITEM], 8),
            at(9, "urn:x:sold", ITEM, &to(shop.0)),
            at(10, "urn:x:empty", PALLET, &to(depot.0)),
        ];
        capture(&g, &farm, &events).await;
        assert_eq!(seen(&depot.1).await, set(&["urn:x:in", "urn:x:out", "urn:x:empty"]));
        let item = set(&["urn:x:made", "urn:x:in", "urn:x:out", "urn:x:sold"]);
        assert_eq!(seen(&shop.1).await, item);

        // It had not been taken out after all: it went with the pallet.
        capture(&g, &farm, &[wrong(events[2].clone())]).await;
        assert!(seen(&depot.1).await.is_superset(&set(&["urn:x:made", "urn:x:sold"])));
        // All was taken out, and that is told late.
        capture(&g, &farm, &[packing("urn:x:emptied", "DELETE", PALLET, &[], 8)]).await;
        assert!(seen(&depot.1).await.is_disjoint(&set(&["urn:x:made", "urn:x:sold"])));
    })
    .await;
}

#[tokio::test]
async fn a_container_within_another_goes_with_it_while_it_is_in() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let (shop, keeper) = g.neighbour("Cửa hàng").await;
        let (depot, clerk) = g.neighbour("Kho").await;
        let farm = Program::new(&g, g.org, g.manager).await;
        let shop = (shop, Program::new(&g, shop, keeper).await);
        let depot = (depot, Program::new(&g, depot, clerk).await);
        capture(
            &g,
            &farm,
            &[
                at(6, "urn:x:made", ITEM, &json!({})),
                packing("urn:x:1", "ADD", CRATE, &[ITEM], 7),
                packing("urn:x:2", "ADD", PALLET, &[CRATE], 8),
                at(9, "urn:x:full", PALLET, &to(shop.0)),
                packing("urn:x:3", "DELETE", PALLET, &[CRATE], 10),
                at(11, "urn:x:empty", PALLET, &to(depot.0)),
            ],
        )
        .await;
        assert!(seen(&shop.1).await.contains("urn:x:made"));
        assert!(!seen(&depot.1).await.contains("urn:x:made"));
    })
    .await;
}

#[tokio::test]
async fn of_a_counted_lot_some_may_be_taken_out_and_the_rest_goes_along() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let (shop, keeper) = g.neighbour("Cửa hàng").await;
        let (depot, clerk) = g.neighbour("Kho").await;
        let farm = Program::new(&g, g.org, g.manager).await;
        let shop = (shop, Program::new(&g, shop, keeper).await);
        let depot = (depot, Program::new(&g, depot, clerk).await);
        let of_lot = |id, action, kilograms: u32, hour| {
            let mut event = packing(id, action, PALLET, &[], hour);
            event.as_object_mut().unwrap().remove("childEPCs");
            event["childQuantityList"] =
                json!([{"epcClass": LOT, "quantity": kilograms, "uom": "KGM"}]);
            event
        };
        capture(
            &g,
            &farm,
            &[
                at(6, "urn:x:sown", LOT, &json!({})),
                of_lot("urn:x:1", "ADD", 20, 7),
                of_lot("urn:x:2", "DELETE", 15, 8),
                at(9, "urn:x:some", PALLET, &to(shop.0)),
                of_lot("urn:x:3", "DELETE", 5, 10),
                at(11, "urn:x:none", PALLET, &to(depot.0)),
            ],
        )
        .await;
        assert!(seen(&shop.1).await.contains("urn:x:sown"));
        assert!(!seen(&depot.1).await.contains("urn:x:sown"));
    })
    .await;
}

#[tokio::test]
async fn containers_that_lie_in_each_other_keep_nobody_s_sight_alive() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let (shop, keeper) = g.neighbour("Cửa hàng").await;
        let farm = Program::new(&g, g.org, g.manager).await;
        let buyer = Program::new(&g, shop, keeper).await;
        let sent = at(10, "urn:x:sent", PALLET, &to(shop));
        capture(
            &g,
            &farm,
            &[
                packing("urn:x:1", "ADD", PALLET, &[CRATE], 7),
                packing("urn:x:2", "ADD", CRATE, &[PALLET, ITEM], 8),
                at(9, "urn:x:made", ITEM, &json!({})),
                sent.clone(),
            ],
        )
        .await;
        assert_eq!(seen(&buyer).await.len(), 4);
        capture(&g, &farm, &[wrong(sent)]).await;
        assert_eq!(seen(&buyer).await, set(&["urn:x:sent!"]));
    })
    .await;
}

#[tokio::test]
async fn to_whom_else_a_lot_went_is_its_holder_s_business_but_an_item_has_one_way() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let (mill, miller) = g.neighbour("Cơ sở xay xát").await;
        let (shop, keeper) = g.neighbour("Cửa hàng").await;
        let farm = Program::new(&g, g.org, g.manager).await;
        let mill = (mill, Program::new(&g, mill, miller).await);
        let shop = (shop, Program::new(&g, shop, keeper).await);
        let sent = |id: &str, thing: &str, to: Value| event(id, "shipping", thing, &to);
        let mut moved = to(g.org);
        moved["sourceList"] = from(g.org)["sourceList"].clone();
        let stranger =
            json!({"destinationList": [{"type": "owning_party", "destination": "urn:x:somebody"}]});
        capture(
            &g,
            &farm,
            &[
                sent("urn:x:sown", LOT, json!({})),
                sent("urn:x:moved", LOT, moved),
                sent("urn:x:to-mill", LOT, to(mill.0)),
                sent("urn:x:to-shop", LOT, to(shop.0)),
                sent("urn:x:to-stranger", LOT, stranger),
                sent("urn:x:item-to-mill", ITEM, to(mill.0)),
                sent("urn:x:item-to-shop", ITEM, to(shop.0)),
            ],
        )
        .await;
        let items = ["urn:x:item-to-mill", "urn:x:item-to-shop"];
        let [a, b] = items;
        assert_eq!(seen(&mill.1).await, set(&["urn:x:sown", "urn:x:moved", "urn:x:to-mill", a, b]));
        assert_eq!(seen(&shop.1).await, set(&["urn:x:sown", "urn:x:moved", "urn:x:to-shop", a, b]));
        // The mirror image: whose customers the shop's are.
        capture(
            &g,
            &shop.1,
            &[
                sent("urn:x:got", LOT, from(g.org)),
                sent("urn:x:kept", LOT, json!({})),
                sent("urn:x:sold", LOT, to(mill.0)),
            ],
        )
        .await;
        let farm_sees = seen(&farm).await;
        assert!(farm_sees.contains("urn:x:got") && farm_sees.contains("urn:x:kept"));
        assert!(!farm_sees.contains("urn:x:sold"));
    })
    .await;
}

async fn numbered(g: &Ground, org: i64, manager: i64) -> Place {
    let new = NewPlace {
        kind: "warehouse".to_owned(),
        name: "Kho".to_owned(),
        commune: COMMUNE.to_owned(),
        gln: Some(GLN.to_owned()),
        ..NewPlace::default()
    };
    places::create(&g.app, manager, org, &new).await.expect("a place")
}

fn to_gln() -> Value {
    let link = format!("https://id.gs1.org/417/{GLN}");
    json!({"destinationList": [{"type": "owning_party", "destination": link}]})
}

#[tokio::test]
async fn a_number_opens_nothing_until_an_officer_has_checked_it() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let (thief, spy) = g.neighbour("Hộ bên cạnh").await;
        let (shop, keeper) = g.neighbour("Cửa hàng").await;
        let farm = Program::new(&g, g.org, g.manager).await;
        let thief_program = Program::new(&g, thief, spy).await;
        let shop_program = Program::new(&g, shop, keeper).await;
        let place = numbered(&g, thief, spy).await;
        capture(&g, &farm, &[event("urn:x:1", "shipping", LOT, &to_gln())]).await;
        assert_eq!(seen(&thief_program).await, set(&[]));
        let page =
            text(g.browser(spy).await.get(&format!("/org/{thief}/places/{}", place.id)).await)
                .await;
        assert!(page.contains("chưa kiểm tra mã này"), "{page}");

        // The holder finds the number taken, and hears what to do; an officer takes it from the wrong place.
        let fields = [("kind", "shop"), ("name", "Quầy"), ("commune", COMMUNE), ("gln", GLN)];
        let path = format!("/org/{shop}/places");
        let answer = g.browser(keeper).await.post(&path, &fields, &[]).await;
        assert!(text(answer).await.contains("báo cơ quan tiếp nhận"));
        let desk = g.browser(g.officer.id).await;
        let found = text(desk.get(&format!("/desk/organisations?q={GLN}")).await).await;
        assert!(found.contains(&format!("/desk/organisations/{thief}")), "{found}");
        assert!(!found.contains(&format!("/desk/organisations/{shop}")), "{found}");
        let decide = async |org: i64, place: &Place, finding: &str, by: &Browser| {
            let path = format!("/desk/organisations/{org}/places/{}/gln", place.id);
            let version = place.version.to_string();
            by.post(&path, &[("finding", finding), ("version", &version)], &[]).await
        };
        let own = decide(thief, &place, "theirs", &g.browser(spy).await).await;
        assert_eq!(own.status(), StatusCode::FORBIDDEN);
        location(&decide(thief, &place, "not-theirs", &desk).await);
        assert_eq!(places::load(&g.app, thief, place.id).await.unwrap().gln, None);

        let place = numbered(&g, shop, keeper).await;
        let page = text(desk.get(&format!("/desk/organisations/{shop}")).await).await;
        assert!(page.contains(GLN) && page.contains("chưa kiểm tra"), "{page}");
        location(&decide(shop, &place, "theirs", &desk).await);
        let stale = decide(shop, &place, "theirs", &desk).await;
        assert_eq!(stale.status(), StatusCode::CONFLICT);
        capture(&g, &farm, &[event("urn:x:2", "shipping", LOT, &to_gln())]).await;
        assert_eq!(seen(&shop_program).await, set(&["urn:x:2"]));
        assert_eq!(seen(&thief_program).await, set(&[]));
        let history = server::shared::audit::history(&g.app, "place", place.id).await.unwrap();
        assert!(history.iter().any(|line| line.action == "check_gln"));
    })
    .await;
}

#[tokio::test]
async fn a_number_that_is_changed_is_to_be_checked_again() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let place = numbered(&g, g.org, g.manager).await;
        let place =
            gln::decide(&g.app, &g.officer, &place, place.version, Finding::Theirs).await.unwrap();
        let new = |gln: &str| NewPlace {
            kind: "warehouse".to_owned(),
            name: "Kho lạnh".to_owned(),
            commune: COMMUNE.to_owned(),
            gln: Some(gln.to_owned()),
            ..NewPlace::default()
        };
        let place = places::update(&g.app, g.manager, &place, &new(GLN), place.version).await;
        let place = place.unwrap();
        assert!(place.gln_checked_at.is_some());
        let other = new("8931234567897");
        let place = places::update(&g.app, g.manager, &place, &other, place.version).await.unwrap();
        assert_eq!(place.gln_checked_at, None);
        assert_eq!(places::load(&g.app, g.org, place.id).await.unwrap(), place);
    })
    .await;
}

#[tokio::test]
async fn an_event_means_for_ever_whom_it_meant_when_it_came() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let (shop, keeper) = g.neighbour("Cửa hàng").await;
        let farm = Program::new(&g, g.org, g.manager).await;
        let buyer = Program::new(&g, shop, keeper).await;
        let early = event("urn:x:early", "shipping", LOT, &to_gln());
        let late = event("urn:x:late", "shipping", ITEM, &to_gln());
        capture(&g, &farm, std::slice::from_ref(&early)).await;
        let place = numbered(&g, shop, keeper).await;
        gln::decide(&g.app, &g.officer, &place, place.version, Finding::Theirs).await.unwrap();
        assert_eq!(sight::verify(&g.app).await.unwrap(), Vec::<String>::new());
        capture(&g, &farm, std::slice::from_ref(&late)).await;
        assert_eq!(seen(&buyer).await, set(&["urn:x:late"]));
        capture(&g, &farm, &[wrong(early)]).await;
        assert_eq!(seen(&buyer).await, set(&["urn:x:late"]));
        // The number goes elsewhere; a fresh build says the same, and so does a word taken back.
        let place = places::load(&g.app, shop, place.id).await.unwrap();
        gln::decide(&g.app, &g.officer, &place, place.version, Finding::NotTheirs).await.unwrap();
        sight::rebuild(&g.app).await.unwrap();
        assert_eq!(seen(&buyer).await, set(&["urn:x:late"]));
        capture(&g, &farm, &[wrong(late)]).await;
        assert_eq!(seen(&buyer).await, set(&["urn:x:late!"]));
    })
    .await;
}

#[tokio::test]
async fn many_rules_of_one_owner_push_out_nobody_s() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let (mill, miller) = g.neighbour("Cơ sở xay xát").await;
        let (shop, keeper) = g.neighbour("Cửa hàng").await;
        let farm = Program::new(&g, g.org, g.manager).await;
        let mill_program = Program::new(&g, mill, miller).await;
        let buyer = Program::new(&g, shop, keeper).await;
        capture(&g, &farm, &[event("urn:x:farm", "storing", "urn:x:a", &json!({}))]).await;
        capture(&g, &mill_program, &[event("urn:x:mill", "storing", "urn:x:b", &json!({}))]).await;
        let rule = |since| Rule { reader: shop, since, ..Rule::default() };
        sight::share(&g.app, g.manager, g.org, &rule(None)).await.unwrap();
        let again = sight::share(&g.app, g.manager, g.org, &rule(None)).await;
        assert!(refusal(again).contains("đúng quy tắc này"));
        for number in 0..200 {
            let since = Some(crate::ground::START + number);
            sight::share(&g.app, miller, mill, &rule(since)).await.unwrap();
        }
        assert_eq!(seen(&buyer).await, set(&["urn:x:farm"]));
        sight::share(&g.app, miller, mill, &rule(None)).await.unwrap();
        assert_eq!(seen(&buyer).await, set(&["urn:x:farm", "urn:x:mill"]));
        assert_eq!(sight::of(&g.app, shop).await.unwrap().len(), 2, "its own word, and one more");
        // The page says so at the field.
        let manager = g.browser(g.manager).await;
        let tax_code = g.load(shop).await.tax_code;
        let fields = [("tax_code", tax_code.as_str()), ("product", ""), ("place", "")];
        let path = format!("/org/{}/sharing", g.org);
        let response = manager.post(&path, &fields, &[]).await;
        assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(text(response).await.contains("đúng quy tắc này"));
    })
    .await;
}
