//! The home of a producer: open lots as large cards, what was received, what is on its way.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::{Lot, of_organisation};
use crate::app::App;
use crate::capture::rules::amount;
use crate::diary::{self, cards};
use crate::lots::ledger::LotState;
use crate::organisations;
use crate::places;
use crate::products;
use crate::shared::guard::{Ids, Visit};
use crate::shared::page::{Page, show};
use crate::shared::{Fail, L};

/// Cards whose state is looked up; older lots are listed below without it.
const LARGE: usize = 60;

struct LotCard {
    lot: Lot,
    product: String,
    /// Where it is grown or made; empty for goods of others.
    place: String,
    icon: &'static str,
    last: String,
    left: String,
    waiting: String,
}

#[derive(Template)]
#[template(path = "lots/list.html")]
struct ListPage {
    page: Page,
    base: String,
    accepted: bool,
    cards: Vec<LotCard>,
    held: Vec<LotCard>,
    coming: usize,
    closed: Vec<Lot>,
}

fn card(l: L, lot: Lot, product: String, place: String, state: &LotState) -> LotCard {
    let last = state.steps.iter().rev().find_map(|step| cards::card(&step.card));
    LotCard {
        icon: last.map_or("lot", |card| card.icon),
        last: last.map(|card| card.name(&l).to_owned()).unwrap_or_default(),
        left: state.available.map(|left| amount(left, &state.uom, l.0)).unwrap_or_default(),
        waiting: state
            .waiting_until
            .as_ref()
            .map(|(day, _)| vietnam::format::date(*day, l.0))
            .unwrap_or_default(),
        lot,
        product,
        place,
    }
}

/// `GET /org/{org}/lots`
pub async fn page(State(app): State<App>, visit: Visit, ids: Ids) -> Result<Response, Fail> {
    let org = ids.get("org")?;
    let organisation = organisations::load(&app, org).await?;
    let products = products::of_organisation(&app, org).await?;
    let name_of = |id: i64| {
        products.iter().find(|one| one.id == id).map(|one| one.name.clone()).unwrap_or_default()
    };
    let places = places::of_organisation(&app, org).await?;
    let place_of = |id: i64| {
        places.iter().find(|one| one.id == id).map(|one| one.name.clone()).unwrap_or_default()
    };
    let (open, mut closed): (Vec<Lot>, Vec<Lot>) =
        of_organisation(&app, org).await?.into_iter().partition(|lot| lot.closed_at.is_none());
    let mut cards = Vec::new();
    for lot in open {
        if cards.len() < LARGE {
            let state = diary::state_with(&app, &lot.item, org).await?;
            let (product, place) = (name_of(lot.product), place_of(lot.place));
            cards.push(card(visit.l, lot, product, place, &state));
        } else {
            closed.push(lot);
        }
    }
    let mut held = Vec::new();
    for one in diary::held(&app, org).await? {
        let product = products::any(&app, one.lot.product).await?;
        held.push(card(visit.l, one.lot, product.name, String::new(), &one.state));
    }
    let title = visit.l.t("Lô và nhật ký", "Lots and diary");
    show(&ListPage {
        page: Page::of_organisation(&visit, title, org, &organisation.legal_name),
        base: format!("/org/{org}"),
        accepted: organisation.state == "accepted",
        cards,
        held,
        coming: diary::incoming(&app, org).await?.len(),
        closed,
    })
}
