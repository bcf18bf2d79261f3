//! Places: codes, GLNs, who finds what.

use axum::http::StatusCode;
use server::capture::Refusal;
use server::diary::{self, Step};
use server::lots::{self, NewLot};
use server::places::{self, NewPlace};
use server::shared::Fail;
use stamp::code::{Code, Kind};
use store::sql;
use store::testing::each_engine;

use crate::ground::{COMMUNE, Ground, location, refusal, text};
use crate::lots::land;

fn field(name: &str) -> NewPlace {
    NewPlace {
        kind: "field".to_owned(),
        name: name.to_owned(),
        commune: COMMUNE.to_owned(),
        address_line: "Bản Nà Hý".to_owned(),
        ..NewPlace::default()
    }
}

fn with_gln(name: &str, gln: &str) -> NewPlace {
    NewPlace { gln: Some(gln.to_owned()), ..field(name) }
}

#[tokio::test]
async fn every_place_has_a_code_of_its_own_with_a_right_check_character() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let mut codes = std::collections::BTreeSet::new();
        for number in 0..20 {
            let place =
                places::create(&g.app, g.manager, g.org, &field(&format!("Ruộng {number}")))
                    .await
                    .expect("a place");
            let code =
                Code::parse_kind(Kind::Establishment, &place.code).expect("an establishment code");
            assert_eq!(code.as_str(), place.code);
            assert_eq!(place.uri(), format!("urn:nguon:place:{code}"));
            assert!(codes.insert(place.code.clone()));
            assert_eq!(places::load(&g.app, g.org, place.id).await.expect("it is there"), place);
        }
    })
    .await;
}

#[tokio::test]
async fn acceptance_opens_one_seat_at_the_address_and_no_second() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let before = places::of_organisation(&g.app, g.org).await.expect("places");
        let [seat] = before.as_slice() else { panic!("one seat") };
        assert_eq!((seat.kind.as_str(), seat.commune.as_str()), ("office", COMMUNE));
        let again = sql!("UPDATE organisation SET state = 'submitted'");
        g.app.store.execute(again, &[]).await.expect("it applies again");
        g.accept(g.org).await;
        assert_eq!(places::of_organisation(&g.app, g.org).await.expect("places"), before);
    })
    .await;
}

#[tokio::test]
async fn nothing_is_declared_before_the_organisation_is_accepted() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let (manager, org) =
            crate::ground::organisation(&g.app, "Hộ Vàng A Lử", "household", COMMUNE).await;
        let sentence = refusal(places::create(&g.app, manager, org, &field("Ruộng")).await);
        assert!(sentence.starts_with("Đơn vị chưa được tiếp nhận"), "{sentence}");
    })
    .await;
}

#[tokio::test]
async fn a_gln_is_checked_and_belongs_to_one_place() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let sentence = refusal(
            places::create(&g.app, g.manager, g.org, &with_gln("Kho", "8931234567899")).await,
        );
        assert!(sentence.starts_with("Mã số kiểm tra sai: số cuối phải là"), "{sentence}");
        let place = places::create(&g.app, g.manager, g.org, &with_gln("Kho", "893 1234 56781 1"))
            .await
            .expect("a place");
        assert_eq!(place.uri(), "https://id.gs1.org/414/8931234567811");
        let (other, manager) = g.neighbour("Hộ Quàng Văn Ơn").await;
        let sentence = refusal(
            places::create(&g.app, manager, other, &with_gln("Kho", "8931234567811")).await,
        );
        assert!(sentence.contains("đã được ghi cho một địa điểm khác"), "{sentence}");
        let field =
            places::create(&g.app, g.manager, g.org, &field("Ruộng")).await.expect("a place");
        let moved = places::update(
            &g.app,
            g.manager,
            &field,
            &with_gln("Ruộng", "8931234567811"),
            field.version,
        )
        .await;
        assert!(refusal(moved).contains("đã được ghi cho một địa điểm khác"));
    })
    .await;
}

#[tokio::test]
async fn a_gln_that_lots_are_recorded_under_stays() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let place = places::create(&g.app, g.manager, g.org, &with_gln("Kho", "8931234567811"))
            .await
            .expect("a place");
        let product = crate::products::rice(&g).await;
        g.lot(product.id, place.id).await;
        assert!(
            refusal(places::update(&g.app, g.manager, &place, &field("Kho"), 1).await)
                .contains("không đổi được mã")
        );
        let renamed =
            places::update(&g.app, g.manager, &place, &with_gln("Kho lạnh", "8931234567811"), 1)
                .await;
        assert_eq!(renamed.expect("a name may change").uri(), place.uri());
    })
    .await;
}

#[tokio::test]
async fn a_place_of_another_organisation_is_not_found() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let place =
            places::create(&g.app, g.manager, g.org, &field("Ruộng")).await.expect("a place");
        let (other, manager) = g.neighbour("Hộ Quàng Văn Ơn").await;
        assert!(matches!(places::load(&g.app, other, place.id).await, Err(Fail::NotFound)));
        let browser = g.browser(manager).await;
        for page in ["", "/edit", "/code"] {
            let through_own = browser.get(&format!("/org/{other}/places/{}{page}", place.id)).await;
            assert_eq!(through_own.status(), StatusCode::NOT_FOUND, "{page}");
            let directly = browser.get(&format!("/org/{}/places/{}{page}", g.org, place.id)).await;
            assert_eq!(directly.status(), StatusCode::FORBIDDEN, "{page}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_stale_form_overwrites_nothing() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let place =
            places::create(&g.app, g.manager, g.org, &field("Ruộng")).await.expect("a place");
        let first = places::update(&g.app, g.manager, &place, &field("Ruộng trên"), 1)
            .await
            .expect("the first");
        assert_eq!(first.version, 2);
        let second = places::update(&g.app, g.manager, &place, &field("Ruộng dưới"), 1).await;
        assert_eq!(second.expect_err("the second").status(), StatusCode::CONFLICT);
        assert_eq!(places::load(&g.app, g.org, place.id).await.expect("it is there"), first);
    })
    .await;
}

#[tokio::test]
async fn events_find_a_place_by_code_by_gln_and_by_epc_urn() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let coded =
            places::create(&g.app, g.manager, g.org, &field("Ruộng")).await.expect("a place");
        let numbered = places::create(&g.app, g.manager, g.org, &with_gln("Kho", "8931234567811"))
            .await
            .expect("a place");
        let mut uris = vec![
            coded.uri(),
            numbered.uri(),
            "urn:epc:id:sgln:8931234.56781.0".to_owned(),
            "https://id.gs1.org/414/8931234567811/254/K2".to_owned(),
            "https://id.gs1.org/414/8939999999990".to_owned(),
            "urn:nguon:place:E000000000".to_owned(),
            String::new(),
        ];
        // More than one statement's worth.
        uris.extend((0..20).map(|number| format!("urn:nguon:place:{number}")));
        uris.push(format!("urn:nguon:place:{}", numbered.code));
        let found = places::by_uris(&g.app, &uris.iter().map(String::as_str).collect::<Vec<_>>())
            .await
            .expect("a look-up");
        let known: Vec<(&str, i64)> =
            found.iter().map(|(uri, (place, _))| (uri.as_str(), place.id)).collect();
        let mut expected = vec![
            (uris[0].as_str(), coded.id),
            (uris[1].as_str(), numbered.id),
            (uris[2].as_str(), numbered.id),
            (uris[3].as_str(), numbered.id),
            (uris[uris.len() - 1].as_str(), numbered.id),
        ];
        expected.sort_unstable();
        assert_eq!(known, expected);
        assert_eq!(found[&uris[0]].1, "Hợp tác xã Bản Phủ (minh hoạ)");
    })
    .await;
}

#[tokio::test]
async fn a_form_with_a_fault_keeps_what_was_typed_and_changes_nothing() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let browser = g.browser(g.manager).await;
        let path = format!("/org/{}/places", g.org);
        let typed = [
            ("kind", "field"),
            ("name", "Ruộng <b>Nà Hý</b>"),
            ("commune", COMMUNE),
            ("gln", "8931234567899"),
        ];
        let answer = browser.post(&path, &typed, &[]).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let page = text(answer).await;
        assert!(page.contains("Ruộng &lt;b&gt;Nà Hý&lt;/b&gt;") && page.contains("8931234567899"));
        assert!(page.contains("Mã số kiểm tra sai"));
        assert_eq!(g.count(sql!("SELECT COUNT(*) FROM place")).await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_form_sent_twice_makes_one_place() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let browser = g.browser(g.manager).await;
        let path = format!("/org/{}/places", g.org);
        let typed =
            [("kind", "pond"), ("name", "Ao Pá Khoang"), ("commune", COMMUNE), ("once", "một-lần")];
        let first = location(&browser.post(&path, &typed, &[]).await);
        let second = location(&browser.post(&path, &typed, &[]).await);
        assert_eq!(first, second);
        assert_eq!(g.count(sql!("SELECT COUNT(*) FROM place")).await, 2);
    })
    .await;
}

#[tokio::test]
async fn the_pages_of_a_place_show_its_code_in_both_languages() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let place =
            places::create(&g.app, g.manager, g.org, &field("Ruộng Nà Hý")).await.expect("a place");
        let browser = g.browser(g.manager).await;
        let base = format!("/org/{}/places", g.org);
        for page in
            [base.clone(), format!("{base}/{}", place.id), format!("{base}/{}/code", place.id)]
        {
            for language in ["vi", "en"] {
                let answer = browser.get(&format!("{page}?lang={language}")).await;
                assert_eq!(answer.status(), StatusCode::OK, "{page}");
                assert!(text(answer).await.contains(&place.grouped_code()), "{page}");
            }
        }
        let printed = text(browser.get(&format!("{base}/{}/code", place.id)).await).await;
        assert!(printed.contains(&format!("https://nguon.example/t/{}", place.code)));
        assert!(!printed.contains("style="), "the policy refuses inline styles");
        for form in [format!("{base}/new"), format!("{base}/{}/edit", place.id)] {
            assert_eq!(browser.get(&form).await.status(), StatusCode::OK, "{form}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_closed_place_takes_no_new_lot_and_no_later_step_until_it_is_opened_again() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let land = land(&g, g.org, g.manager, "luong-thuc").await;
        let lot = land.open(&g).await;
        places::close(&g.app, g.manager, &land.place, land.place.version, true).await.unwrap();
        let stale = places::close(&g.app, g.manager, &land.place, land.place.version, true).await;
        assert_eq!(stale.unwrap_err().status(), StatusCode::CONFLICT);
        let closed = places::load(&g.app, g.org, land.place.id).await.unwrap();
        assert!(closed.closed_at.is_some());
        assert!(places::of_organisation(&g.app, g.org).await.unwrap().is_empty(), "not offered");
        assert_eq!(places::all_of(&g.app, g.org).await.unwrap().len(), 1, "but not forgotten");

        let new = NewLot { product: land.product.id, place: closed.id, ..NewLot::default() };
        assert!(lots::open(&g.app, g.manager, g.org, &new).await.is_err());
        let record = async |step: &Step| {
            diary::record(&g.app, g.manager, g.org, lot.id, step, Vec::new()).await
        };
        let later = Step { amount: Some(5.into()), ..land.card(&g, "harvest", 0) };
        let Err(Refusal::Faults(faults)) = record(&later).await else { panic!("was taken") };
        assert_eq!(faults[0].rule, "place.closed");
        let earlier = Step { amount: Some(5.into()), ..land.card(&g, "harvest", 1) };
        record(&earlier).await.expect("what happened before may still be told");

        places::close(&g.app, g.manager, &closed, closed.version, false).await.unwrap();
        record(&later).await.expect("the place is in use again");
        lots::open(&g.app, g.manager, g.org, &new).await.expect("for lots too");
        let history = server::shared::audit::history(&g.app, "place", closed.id).await.unwrap();
        assert!(history.iter().any(|line| line.action == "close_place"));
        assert!(history.iter().any(|line| line.action == "reopen_place"));
    })
    .await;
}
