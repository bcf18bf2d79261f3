//! The diary: what each card becomes, what cannot be, corrections, and the way between
//! organisations. All people and firms are invented (minh hoạ).

use axum::http::StatusCode;
use rust_decimal::Decimal;
use server::capture::{Refusal, extension};
use server::diary::cards::{Ask, CARDS, Shape};
use server::diary::{self, Into, Reason, Receipt, Step};
use server::lots::{self, Lot};
use server::shared::L;
use store::testing::each_engine;
use store::{Filter, Seq};

use crate::ground::{Ground, location, text};
use crate::lots::{Land, land};

/// The rules that a refusal names.
fn rules<T: std::fmt::Debug>(result: Result<T, Refusal>) -> Vec<&'static str> {
    match result {
        Err(Refusal::Faults(faults)) => faults.into_iter().map(|one| one.rule).collect(),
        other => panic!("not refused by a rule: {other:?}"),
    }
}

async fn record(g: &Ground, land: &Land, lot: i64, step: &Step) -> Result<diary::Saved, Refusal> {
    diary::record(&g.app, land.person, land.org, lot, step, Vec::new()).await
}

async fn left(g: &Ground, lot: &Lot, org: i64) -> Option<Decimal> {
    diary::state_with(&g.app, &lot.item, org).await.unwrap().available
}

#[tokio::test]
async fn every_card_becomes_an_event_that_the_standard_accepts() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let land = land(&g, g.org, g.manager, "luong-thuc").await;
        for card in &CARDS {
            let lot = land.harvested(&g, 1_000).await;
            let other = land.open(&g).await;
            let mut step = Step {
                note: "ghi chú “minh hoạ”".to_owned(),
                ..land.card(&g, card.code, 0)
            };
            for ask in card.asks {
                match ask {
                    Ask::Mass | Ask::Count | Ask::Amount | Ask::SomeAmount => {
                        step.amount = Some(Decimal::new(125, 1));
                    }
                    Ask::Substance => step.substance = "Chế phẩm minh hoạ".to_owned(),
                    Ask::Dose => step.dose = "0,5 lít/sào".to_owned(),
                    Ask::Wait => step.wait_days = Some(7),
                    Ask::To => step.to_name = "Cửa hàng minh hoạ".to_owned(),
                    Ask::From => step.from_name = "Trại giống minh hoạ".to_owned(),
                    Ask::LiveWeight => step.live_weight = Some(Decimal::from(90)),
                    Ask::Result => step.passed = Some(true),
                    Ask::Turn => {
                        step.inputs = vec![(lot.id, Decimal::from(100))];
                        step.outputs = vec![(Into::Lot(other.id), Decimal::from(70))];
                    }
                }
            }
            let saved = record(&g, &land, lot.id, &step)
                .await
                .unwrap_or_else(|e| panic!("{}: {e}", card.code));
            let logged = g.app.store.at(&[saved.seq]).await.unwrap().remove(0);
            let alone =
                epcis::write_bare_event(epcis::Stored { body: &logged.body, record_time: None });
            let read = epcis::read_json(alone.as_bytes(), &epcis::Limits::default());
            let event =
                read.unwrap_or_else(|faults| panic!("{}: {faults:?}", card.code)).events.remove(0);
            assert_eq!(event.biz_step.as_deref(), Some(card.step), "{}", card.code);
            assert_eq!(extension::text(&event, "card").as_deref(), Some(card.code));
            assert_eq!(extension::number(&event, "enteredBy"), Some(g.manager));
            let steps = diary::journey(&g.app, &lot.item, 0).await.unwrap();
            let told = steps.iter().find(|one| one.seq == saved.seq.0).unwrap();
            assert_eq!(told.step, card.code);
            assert!(told.text_vi.contains("minh hoạ"), "{}: {}", card.code, told.text_vi);
            let words = diary::words::whole(L(gs1::Lang::Vi), Some(card), told);
            assert!(words.starts_with("Ngày 22/11/2026, Hợp tác xã Bản Phủ"), "{words}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_harvest_inside_the_waiting_period_is_refused_and_one_after_it_is_not() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let land = land(&g, g.org, g.manager, "luong-thuc").await;
        let lot = land.open(&g).await;
        let spray = Step {
            substance: "Thuốc rầy A".to_owned(),
            wait_days: Some(14),
            ..land.card(&g, "spray", 8)
        };
        record(&g, &land, lot.id, &spray).await.unwrap();
        let harvest = Step { amount: Some(Decimal::from(500)), ..land.card(&g, "harvest", 0) };
        match record(&g, &land, lot.id, &harvest).await {
            Err(Refusal::Faults(faults)) => {
                assert_eq!(faults[0].rule, "lot.waiting");
                assert!(
                    faults[0].vi.contains("Thuốc rầy A") && faults[0].vi.contains("28/11/2026"),
                    "{}",
                    faults[0].vi
                );
            }
            other => panic!("{other:?}"),
        }
        let state = diary::state(&g.app, &lot.item).await.unwrap();
        assert_eq!(state.waiting_until.unwrap().0, jiff::civil::date(2026, 11, 28));
        // Fourteen days after the spraying, and before it, nothing waits.
        let other = land.open(&g).await;
        let early = Step { time: spray.time - 7 * server::app::DAY, ..spray.clone() };
        record(&g, &land, other.id, &early).await.unwrap();
        record(&g, &land, other.id, &harvest).await.unwrap();
        let before = Step { time: spray.time - 3_600_000_000 * 24, ..harvest };
        record(&g, &land, lot.id, &before).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn no_more_leaves_a_lot_than_it_has_and_no_more_comes_out_than_went_in() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let land = land(&g, g.org, g.manager, "luong-thuc").await;
        let lot = land.harvested(&g, 100).await;
        let sell = |kg: i64| Step { amount: Some(Decimal::from(kg)), ..land.card(&g, "sell", 0) };
        assert_eq!(rules(record(&g, &land, lot.id, &sell(101)).await), ["lot.balance"]);
        record(&g, &land, lot.id, &sell(60)).await.unwrap();
        assert_eq!(rules(record(&g, &land, lot.id, &sell(41)).await), ["lot.balance"]);
        assert_eq!(left(&g, &lot, g.org).await, Some(Decimal::from(40)));

        let turn = |used: i64, made: i64| Step {
            inputs: vec![(lot.id, Decimal::from(used))],
            outputs: vec![(
                Into::New { product: land.product.id, code: String::new() },
                Decimal::from(made),
            )],
            ..land.card(&g, "process", 0)
        };
        let before = lots::of_organisation(&g.app, g.org).await.unwrap().len();
        assert_eq!(rules(record(&g, &land, lot.id, &turn(30, 31)).await), ["yield.above-input"]);
        assert_eq!(rules(record(&g, &land, lot.id, &turn(41, 20)).await), ["lot.balance"]);
        assert_eq!(
            lots::of_organisation(&g.app, g.org).await.unwrap().len(),
            before,
            "a refused step opens no lot"
        );
        let saved = record(&g, &land, lot.id, &turn(30, 20)).await.unwrap();
        let made = lots::load(&g.app, g.org, saved.opened[0]).await.unwrap();
        assert_eq!(left(&g, &made, g.org).await, Some(Decimal::from(20)));
        assert_eq!(made.made_on.as_deref(), Some("2026-11-22"));
        let whole = diary::journey(&g.app, &made.item, 5).await.unwrap();
        let steps: Vec<&str> = whole.iter().map(|one| one.step.as_str()).collect();
        assert_eq!(steps, ["harvest", "process"], "what was sold elsewhere is not on this way");
        assert_eq!(whole[0].of_item, lot.item);
    })
    .await;
}

#[tokio::test]
async fn the_future_a_closed_lot_and_a_place_of_others_are_refused() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let land = land(&g, g.org, g.manager, "luong-thuc").await;
        let lot = land.open(&g).await;
        let tomorrow = land.card(&g, "water", -1);
        assert_eq!(rules(record(&g, &land, lot.id, &tomorrow).await), ["time.future"]);
        let (other, _) = g.neighbour("Hộ bên cạnh").await;
        let theirs = server::places::of_organisation(&g.app, other).await.unwrap().remove(0);
        let elsewhere = Step { place: theirs.id, ..land.card(&g, "water", 0) };
        assert_eq!(rules(record(&g, &land, lot.id, &elsewhere).await), ["place.unknown"]);
        let closed = Lot { closed_at: Some(g.app.now()), ..lot.clone() };
        lots::dates::update(&g.app, g.manager, &lot, closed, lot.version).await.unwrap();
        assert_eq!(
            rules(record(&g, &land, lot.id, &land.card(&g, "water", 0)).await),
            ["lot.closed"]
        );
        assert_eq!(g.app.store.head().await.unwrap(), Seq::ZERO, "nothing was stored");
    })
    .await;
}

#[tokio::test]
async fn a_form_sent_twice_is_one_step_and_a_faulty_one_keeps_what_was_typed() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let land = land(&g, g.org, g.manager, "luong-thuc").await;
        let lot = land.open(&g).await;
        let browser = g.browser(g.manager).await;
        let address = format!("/org/{}/lots/{}/steps/harvest", g.org, lot.id);
        let page = text(browser.get(&address).await).await;
        let event = page
            .split("name=\"event\" value=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .to_owned();
        assert!(diary::step::is_event_id(&event), "{event}");
        let place = land.place.id.to_string();
        let mut fields = vec![
            ("event", event.as_str()),
            ("date", "2026-11-20"),
            ("time", "08:30"),
            ("place", &place),
            ("amount", "không"),
            ("note", "lời nhắn <b>"),
        ];
        let wrong = browser.post(&address, &fields, &[]).await;
        assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let wrong = text(wrong).await;
        assert!(wrong.contains("lời nhắn &#60;b&#62;") || wrong.contains("lời nhắn &lt;b&gt;"));
        assert!(wrong.contains("id=\"e-amount\""));
        fields[4] = ("amount", "1.240");
        let done = browser.post(&address, &fields, &[]).await;
        assert_eq!(location(&done), format!("/org/{}/lots/{}", g.org, lot.id));
        assert_eq!(
            location(&browser.post(&address, &fields, &[]).await),
            format!("/org/{}/lots/{}", g.org, lot.id)
        );
        assert_eq!(g.app.store.head().await.unwrap(), Seq(1));
        let page = text(browser.get(&format!("/org/{}/lots/{}?step=1", g.org, lot.id)).await).await;
        assert!(page.contains("1.240 kg") && page.contains("buyer-reads"), "{page}");
    })
    .await;
}

#[tokio::test]
async fn a_correction_keeps_the_old_event_and_everything_follows_the_new_one() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let land = land(&g, g.org, g.manager, "luong-thuc").await;
        let lot = land.harvested(&g, 100).await;
        let right = Step { amount: Some(Decimal::from(90)), ..land.card(&g, "harvest", 1) };
        let new = diary::correct(
            &g.app,
            g.manager,
            g.org,
            lot.id,
            1,
            Reason::IncorrectData,
            Some(&right),
        )
        .await
        .unwrap();
        assert_eq!((new, g.app.store.head().await.unwrap()), (Some(Seq(3)), Seq(3)));
        let all = g.app.store.events(&Filter::default()).await.unwrap().events;
        assert_eq!(all[1].corrects.as_ref(), Some(&all[0].event_id));
        assert_ne!(all[1].event_id, all[0].event_id);
        let declared = epcis::read_stored(&all[1].body).unwrap();
        assert_eq!(declared.event_id.as_ref(), Some(&all[0].event_id));
        assert_eq!(
            declared.error_declaration.unwrap().corrective_event_ids,
            [all[2].event_id.clone()]
        );
        assert_eq!(left(&g, &lot, g.org).await, Some(Decimal::from(90)));
        let steps = diary::journey(&g.app, &lot.item, 3).await.unwrap();
        assert_eq!(steps.iter().map(|one| one.seq).collect::<Vec<_>>(), [3]);
        assert!(
            diary::correct(&g.app, g.manager, g.org, lot.id, 1, Reason::DidNotOccur, None)
                .await
                .is_err()
        );
        diary::correct(&g.app, g.manager, g.org, lot.id, 3, Reason::DidNotOccur, None)
            .await
            .unwrap();
        assert_eq!(left(&g, &lot, g.org).await, None);
        let (other, person) = g.neighbour("Hộ bên cạnh").await;
        let foreign =
            diary::correct(&g.app, person, other, lot.id, 3, Reason::DidNotOccur, None).await;
        assert!(matches!(foreign, Err(Refusal::Fail(server::shared::Fail::NotFound))));
    })
    .await;
}

#[tokio::test]
async fn what_is_sent_is_seen_received_confirmed_and_used_by_its_addressee_alone() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let farm = land(&g, g.org, g.manager, "thit-lon").await;
        let (house, butcher) = g.neighbour("Cơ sở giết mổ").await;
        let house = land(&g, house, butcher, "thit-lon").await;
        let (stranger, person) = g.neighbour("Người lạ").await;
        let stranger = land(&g, stranger, person, "thit-lon").await;
        let pigs = farm.open(&g).await;
        let arrive =
            Step { amount: Some(Decimal::from(10)), ..farm.card(&g, "receive-animals", 60) };
        record(&g, &farm, pigs.id, &arrive).await.unwrap();
        let ship = Step {
            amount: Some(Decimal::from(4)),
            to: Some(house.org),
            ..farm.card(&g, "ship", 3)
        };
        record(&g, &farm, pigs.id, &ship).await.unwrap();
        assert_eq!(left(&g, &pigs, farm.org).await, Some(Decimal::from(6)));

        let receipt = |land: &Land| Receipt {
            lot: pigs.trace_code.clone(),
            amount: Decimal::from(4),
            place: land.place.id,
            time: g.app.now() - 2 * server::app::DAY,
            ..Receipt::default()
        };
        assert!(diary::incoming(&g.app, stranger.org).await.unwrap().is_empty());
        let refused =
            diary::receive(&g.app, stranger.person, stranger.org, &receipt(&stranger)).await;
        assert_eq!(rules(refused), ["lot.foreign"]);

        let coming = diary::incoming(&g.app, house.org).await.unwrap();
        assert_eq!(
            (coming.len(), coming[0].amount, coming[0].uom.as_str()),
            (1, Decimal::from(4), "H87")
        );
        diary::receive(&g.app, house.person, house.org, &receipt(&house)).await.unwrap();
        assert!(diary::incoming(&g.app, house.org).await.unwrap().is_empty());
        assert_eq!(diary::held(&g.app, house.org).await.unwrap()[0].lot.id, pigs.id);
        assert_eq!(diary::lot_of(&g.app, house.org, pigs.id).await.unwrap().id, pigs.id);

        let kill = |heads: i64| Step {
            inputs: vec![(pigs.id, Decimal::from(heads))],
            live_weight: Some(Decimal::from(400)),
            outputs: vec![(
                Into::New { product: house.product.id, code: String::new() },
                Decimal::from(280),
            )],
            ..house.card(&g, "slaughter", 1)
        };
        assert_eq!(rules(record(&g, &house, pigs.id, &kill(5)).await), ["lot.balance"]);
        let heavy = Step { live_weight: Some(Decimal::from(279)), ..kill(4) };
        assert_eq!(rules(record(&g, &house, pigs.id, &heavy).await), ["yield.above-input"]);
        let saved = record(&g, &house, pigs.id, &kill(4)).await.unwrap();
        let pork = lots::load(&g.app, house.org, saved.opened[0]).await.unwrap();

        let other = Step {
            amount: Some(Decimal::from(6)),
            to: Some(stranger.org),
            ..farm.card(&g, "ship", 0)
        };
        record(&g, &farm, pigs.id, &other).await.unwrap();
        let steps = diary::journey(&g.app, &pork.item, 6).await.unwrap();
        let told: Vec<(&str, bool)> =
            steps.iter().map(|one| (one.step.as_str(), one.confirmed)).collect();
        let expected =
            [("receive-animals", false), ("ship", true), ("receive", false), ("slaughter", false)];
        assert_eq!(told, expected, "the pigs that went elsewhere are not on the way of this pork");
        assert!(steps[1].text_vi.contains("Cơ sở giết mổ"), "{}", steps[1].text_vi);
    })
    .await;
}

#[tokio::test]
async fn animals_under_treatment_are_not_slaughtered_wherever_they_were_treated() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let farm = land(&g, g.org, g.manager, "thit-lon").await;
        let pigs = farm.open(&g).await;
        let arrive =
            Step { amount: Some(Decimal::from(10)), ..farm.card(&g, "receive-animals", 60) };
        record(&g, &farm, pigs.id, &arrive).await.unwrap();
        let treat = Step {
            substance: "Kháng sinh minh hoạ".to_owned(),
            wait_days: Some(10),
            ..farm.card(&g, "treat", 2)
        };
        record(&g, &farm, pigs.id, &treat).await.unwrap();
        let kill = Step {
            inputs: vec![(pigs.id, Decimal::from(1))],
            outputs: vec![(
                Into::New { product: farm.product.id, code: String::new() },
                Decimal::from(60),
            )],
            ..farm.card(&g, "slaughter", 0)
        };
        assert_eq!(rules(record(&g, &farm, pigs.id, &kill).await), ["lot.waiting"]);
    })
    .await;
}

#[tokio::test]
async fn every_step_page_opens_for_its_lot_and_no_card_is_without_a_page() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let land = land(&g, g.org, g.manager, "luong-thuc").await;
        let lot = land.harvested(&g, 10).await;
        let browser = g.browser(g.manager).await;
        let base = format!("/org/{}/lots", g.org);
        for path in [
            base.clone(),
            format!("{base}/new"),
            format!("{base}/{}", lot.id),
            format!("/org/{}/receive", g.org),
        ] {
            let answer = browser.get(&path).await;
            assert_eq!(answer.status(), StatusCode::OK, "{path}");
        }
        for card in CARDS.iter().filter(|card| card.shape != Shape::Arrive) {
            let answer = browser.get(&format!("{base}/{}/steps/{}", lot.id, card.code)).await;
            assert_eq!(answer.status(), StatusCode::OK, "{}", card.code);
        }
        assert_eq!(
            browser.get(&format!("{base}/{}/steps/fly", lot.id)).await.status(),
            StatusCode::NOT_FOUND
        );
        let correct = text(browser.get(&format!("{base}/{}/events/1/correct", lot.id)).await).await;
        assert!(correct.contains("value=\"10\""), "the form begins with what was said");
        // A lot that is registered here is public once it is published, not before.
        let public = browser.get(&format!("/journey?id={}", lot.item)).await;
        assert_eq!(public.status(), StatusCode::NOT_FOUND);
    })
    .await;
}
