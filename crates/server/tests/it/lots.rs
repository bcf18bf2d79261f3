//! Lots: numbers, identifiers, days.

use server::app::DAY;
use server::diary::{self, Step};
use server::lots::{self, Lot, NewLot, dates};
use server::places::{self, Place};
use server::products::{self, NewProduct, Product};
use server::shared::Fail;
use stamp::code::{Code, Kind};
use store::testing::each_engine;

use crate::ground::{Ground, refusal};

/// A product of somebody and the first of his places, where a lot can be opened.
pub(crate) struct Land {
    pub(crate) org: i64,
    pub(crate) person: i64,
    pub(crate) product: Product,
    pub(crate) place: Place,
}

pub(crate) async fn land(g: &Ground, org: i64, person: i64, group: &str) -> Land {
    let new = NewProduct {
        name: format!("Hàng minh hoạ {group}"),
        group_code: group.to_owned(),
        unit: "kg".to_owned(),
        shelf_life_days: Some(180),
        ..NewProduct::default()
    };
    let product = products::create(&g.app, person, org, &new).await.unwrap();
    let place = places::of_organisation(&g.app, org).await.unwrap().remove(0);
    Land { org, person, product, place }
}

impl Land {
    pub(crate) async fn open(&self, g: &Ground) -> Lot {
        let new = NewLot { product: self.product.id, place: self.place.id, ..NewLot::default() };
        lots::open(&g.app, self.person, self.org, &new).await.unwrap()
    }

    /// A card filled in, `days` before now.
    pub(crate) fn card(&self, g: &Ground, card: &str, days: i64) -> Step {
        Step {
            card: card.to_owned(),
            time: g.app.now() - days * DAY,
            place: self.place.id,
            ..Step::default()
        }
    }

    /// A lot of which so many kilograms were harvested yesterday.
    pub(crate) async fn harvested(&self, g: &Ground, kilograms: i64) -> Lot {
        let lot = self.open(g).await;
        let step = Step { amount: Some(kilograms.into()), ..self.card(g, "harvest", 1) };
        diary::record(&g.app, self.person, self.org, lot.id, &step, Vec::new()).await.unwrap();
        lot
    }
}

#[tokio::test]
async fn a_lot_has_a_number_of_the_day_a_trace_code_and_an_identifier_of_its_own() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let land = land(&g, g.org, g.manager, "luong-thuc").await;
        let (one, two) = (land.open(&g).await, land.open(&g).await);
        assert_eq!((one.code.as_str(), two.code.as_str()), ("221126-01", "221126-02"));
        assert!(Code::parse_kind(Kind::Trace, &one.trace_code).is_ok());
        assert_eq!(one.item, format!("urn:nguon:lot:{}", one.trace_code));
        assert_eq!(lots::by_item(&g.app, &one.item).await.unwrap(), Some(one.clone()));
        assert_eq!(
            lots::named(&g.app, &one.trace_code.to_lowercase()).await.unwrap(),
            Some(one.clone())
        );
        assert_eq!(lots::load(&g.app, g.org, one.id).await.unwrap(), one);
    })
    .await;
}

#[tokio::test]
async fn with_a_gtin_the_identifier_is_the_link_of_gtin_and_number() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let land = land(&g, g.org, g.manager, "luong-thuc").await;
        let new = NewProduct {
            gtin: Some("8931234567897".to_owned()),
            name: "Gạo minh hoạ".to_owned(),
            group_code: "luong-thuc".to_owned(),
            unit: "kg".to_owned(),
            ..NewProduct::default()
        };
        let product = products::create(&g.app, g.manager, g.org, &new).await.unwrap();
        let new = NewLot {
            product: product.id,
            place: land.place.id,
            code: "sc/07".to_owned(),
            ..NewLot::default()
        };
        let lot = lots::open(&g.app, g.manager, g.org, &new).await.unwrap();
        assert_eq!(lot.item, "https://id.gs1.org/01/08931234567897/10/SC%2F07");
        let scanned = "https://nguon.example/01/08931234567897/10/SC%2F07/21/ABC";
        assert_eq!(lots::named(&g.app, scanned).await.unwrap().map(|found| found.id), Some(lot.id));
        let again = refusal(lots::open(&g.app, g.manager, g.org, &new).await);
        assert!(again.contains("SC/07"), "{again}");
    })
    .await;
}

#[tokio::test]
async fn a_lot_of_another_organisation_is_not_found_and_cannot_be_opened_for_it() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let land = land(&g, g.org, g.manager, "luong-thuc").await;
        let lot = land.open(&g).await;
        let (other, person) = g.neighbour("Hộ bên cạnh").await;
        assert!(matches!(lots::load(&g.app, other, lot.id).await, Err(Fail::NotFound)));
        assert!(matches!(diary::lot_of(&g.app, other, lot.id).await, Err(Fail::NotFound)));
        let new = NewLot { product: land.product.id, place: land.place.id, ..NewLot::default() };
        assert!(matches!(lots::open(&g.app, person, other, &new).await, Err(Fail::NotFound)));
    })
    .await;
}

#[tokio::test]
async fn the_first_harvest_sets_the_day_and_the_shelf_life_the_expiry() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let land = land(&g, g.org, g.manager, "luong-thuc").await;
        let lot = land.harvested(&g, 100).await;
        let now = lots::load(&g.app, g.org, lot.id).await.unwrap();
        assert_eq!(now.made_on.as_deref(), Some("2026-11-21"));
        assert_eq!(now.expires_on.as_deref(), Some("2027-05-20"));
        let backwards = Lot { expires_on: Some("2026-11-20".to_owned()), ..now.clone() };
        assert!(
            refusal(dates::update(&g.app, g.manager, &now, backwards, now.version).await)
                .contains("Hạn sử dụng")
        );
        let stale = dates::update(&g.app, g.manager, &now, now.clone(), now.version + 1).await;
        assert_eq!(stale.unwrap_err().status(), axum::http::StatusCode::CONFLICT);
    })
    .await;
}
