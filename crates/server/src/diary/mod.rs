//! The diary of a lot: step cards made for a thumb in a field, each becoming one EPCIS event
//! through `capture`; corrections; what is on its way here; and the journey that anyone may read.

pub mod build;
pub mod cards;
pub mod correct;
pub mod fields;
pub mod form;
pub mod incoming;
pub mod journey;
pub mod lot;
pub mod public;
pub mod step;
pub mod words;

use store::{Filter, SortBy};

use crate::app::App;
use crate::capture::party_uri;
use crate::lots::ledger::{self, LotState};
use crate::lots::{self, Lot};
use crate::places;
use crate::shared::guard::{Access, Routes};
use crate::shared::{Fail, text};

pub use build::{Step, Target as Into};
pub use correct::{Reason, correct};
pub use incoming::{Incoming, Receipt, incoming, receive};
pub use journey::journey;
pub use step::{Saved, record};

pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/org/{org}/lots/{lot}", Access::Member, lot::page)
        .get("/org/{org}/lots/{lot}/steps/{card}", Access::Member, form::page)
        .post("/org/{org}/lots/{lot}/steps/{card}", Access::Member, form::submit)
        .get("/org/{org}/lots/{lot}/events/{seq}/correct", Access::Member, correct::page)
        .post("/org/{org}/lots/{lot}/events/{seq}/correct", Access::Member, correct::submit)
        .get("/org/{org}/receive", Access::Member, incoming::page)
        .post("/org/{org}/receive", Access::Member, incoming::submit)
        .get("/journey", Access::Public, public::page)
}

/// Where a lot stands with the organisation that opened it (or, for an identifier that is not
/// registered, altogether with nobody in particular: only its steps tell).
pub async fn state(app: &App, item: &str) -> Result<LotState, Fail> {
    let holder = lots::by_item(app, item).await?.map_or(0, |lot| lot.organisation);
    state_with(app, item, holder).await
}

/// Where a lot stands with one organisation that has it or had it.
pub async fn state_with(app: &App, item: &str, holder: i64) -> Result<LotState, Fail> {
    let parties = addresses(app, holder).await?;
    Ok(ledger::of_item(app, item).await?.state(holder, &parties, text::day_of(app.now())))
}

/// Under which identifiers others address an organisation.
pub async fn addresses(app: &App, organisation: i64) -> Result<Vec<String>, Fail> {
    let mut parties = vec![party_uri(organisation)];
    let own = places::all_of(app, organisation).await?;
    parties.extend(own.iter().map(|place| epcis::canonical(&place.uri())));
    Ok(parties)
}

/// A lot that an organisation opened, or one of another that it received. Anything else is as if
/// it did not exist.
pub async fn lot_of(app: &App, org: i64, id: i64) -> Result<Lot, Fail> {
    match lots::load(app, org, id).await {
        Err(Fail::NotFound) => {
            let lot = lots::any(app, id).await?;
            let filter = Filter {
                owner: Some(org),
                biz_steps: vec!["receiving".to_owned()],
                ids: vec![(Vec::new(), vec![lot.item.clone()])],
                limit: 1,
                ..Filter::default()
            };
            if app.store.events(&filter).await?.events.is_empty() {
                Err(Fail::NotFound)
            } else {
                Ok(lot)
            }
        }
        found => found,
    }
}

/// A lot of another organisation that this one received and still has.
pub struct Held {
    pub lot: Lot,
    pub state: LotState,
}

/// What an organisation received from others and still has, newest first.
pub async fn held(app: &App, org: i64) -> Result<Vec<Held>, Fail> {
    let filter = Filter {
        owner: Some(org),
        biz_steps: vec!["receiving".to_owned()],
        sort_by: SortBy::EventTime,
        descending: true,
        limit: 300,
        ..Filter::default()
    };
    let mut items: Vec<String> = Vec::new();
    for logged in ledger::live(app.store.events(&filter).await?.events) {
        for quantity in &ledger::read(&logged)?.quantity_list {
            let item = epcis::canonical(&quantity.epc_class);
            if !items.contains(&item) {
                items.push(item);
            }
        }
    }
    let mut lots = lots::by_items(app, &items).await?;
    lots.sort_by_key(|lot| items.iter().position(|item| *item == lot.item));
    let mut held = Vec::new();
    for lot in lots.into_iter().filter(|lot| lot.organisation != org).take(100) {
        let state = state_with(app, &lot.item, org).await?;
        if state.available.is_some_and(|left| left.is_sign_positive() && !left.is_zero()) {
            held.push(Held { lot, state });
        }
    }
    Ok(held)
}
