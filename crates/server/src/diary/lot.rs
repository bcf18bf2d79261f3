//! A lot's page: what to do next, how much is left, how long to wait, what is still missing, what
//! was done; and after a step, the sentence that buyers will read of it.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

use super::cards::{Card, Offer, card, lot_kind, offer};
use super::{journey, lot_of, state_with, words};
use crate::app::App;
use crate::capture::rules::amount;
use crate::lots::Lot;
use crate::lots::ledger::LotState;
use crate::organisations;
use crate::products::{self, Product};
use crate::review::record::{JourneyStep, MissingItem};
use crate::review::submit::{self, Last};
use crate::review::{draw, fields};
use crate::shared::guard::{Ids, Visit};
use crate::shared::page::{Page, show};
use crate::shared::{Fail, L, text};

#[derive(Deserialize, Default)]
pub struct Asked {
    /// The step just saved.
    step: Option<i64>,
}

/// A waiting period that runs: the ring shows the days left of all days.
struct Countdown {
    left: i64,
    /// For the ring: `6 14` of a path of length 14.
    dashes: String,
    of: i64,
    until: String,
    what: String,
}

struct Line {
    step: JourneyStep,
    when: String,
    own: bool,
}

#[derive(Template)]
#[template(path = "diary/lot.html")]
struct LotPage {
    page: Page,
    base: String,
    org: i64,
    lot: Lot,
    product: Product,
    held: bool,
    from: String,
    offer: Offer,
    available: String,
    countdown: Option<Countdown>,
    missing: Vec<(String, String)>,
    lines: Vec<Line>,
    /// What became of the record that was sent last.
    last: Option<Last>,
    /// Where it was returned: field and reason.
    returned: Vec<(String, String)>,
    /// The step just saved, as buyers read it, and its number.
    said: Option<(String, i64)>,
    made_on: String,
    expires_on: String,
}

/// `GET /org/{org}/lots/{lot}`
pub async fn page(
    State(app): State<App>,
    visit: Visit,
    ids: Ids,
    asked: Result<Query<Asked>, axum::extract::rejection::QueryRejection>,
) -> Result<Response, Fail> {
    let org = ids.get("org")?;
    let lot = lot_of(&app, org, ids.get("lot")?).await?;
    let asked = asked.map(|Query(asked)| asked).unwrap_or_default();
    show(&render(&app, &visit, org, lot, &asked).await?)
}

async fn render(
    app: &App,
    visit: &Visit,
    org: i64,
    lot: Lot,
    asked: &Asked,
) -> Result<LotPage, Fail> {
    let l = visit.l;
    let organisation = organisations::load(app, org).await?;
    let product = products::any(app, lot.product).await?;
    let held = lot.organisation != org;
    let state = state_with(app, &lot.item, org).await?;
    let steps = journey(app, &lot.item, 0).await?;
    let card_before = state
        .steps
        .iter()
        .rev()
        .find(|step| step.owner == org)
        .map_or("", |step| step.card.as_str());
    let kind = lot_kind(&product.group_code, &organisation.kind);
    let said = asked
        .step
        .and_then(|seq| steps.iter().find(|step| step.seq == seq && step.organisation == org))
        .map(|step| (words::whole(l, card(&step.step), step), step.seq));
    let last = if held { None } else { submit::last(app, visit, lot.id).await? };
    Ok(LotPage {
        page: Page::of_organisation(visit, lot.name.clone(), org, &organisation.legal_name),
        base: format!("/org/{org}/lots/{}", lot.id),
        org,
        from: if held { organisations::name(app, lot.organisation).await? } else { String::new() },
        offer: offer(kind, &organisation.kind, card_before, held),
        available: state.available.map(|left| amount(left, &state.uom, l.0)).unwrap_or_default(),
        countdown: countdown(app, l, &state),
        missing: if held {
            Vec::new()
        } else {
            missing(app, l, org, &lot, &product, &steps).await?
        },
        returned: returned(app, l, &lot, last.as_ref()).await?,
        last,
        lines: steps
            .into_iter()
            .map(|step| Line {
                when: text::day(&l, &step.time),
                own: step.organisation == org,
                step,
            })
            .collect(),
        said,
        made_on: lot.made_on.clone().unwrap_or_default(),
        expires_on: lot.expires_on.clone().unwrap_or_default(),
        product,
        held,
        lot,
    })
}

/// The reasons of a return under the names of their fields.
async fn returned(
    app: &App,
    l: L,
    lot: &Lot,
    last: Option<&Last>,
) -> Result<Vec<(String, String)>, Fail> {
    let Some(last) = last.filter(|last| last.state == "returned") else { return Ok(Vec::new()) };
    let fields = fields::of(&draw::record(app, lot).await?, l);
    let label = |key: &String| {
        fields
            .iter()
            .find(|field| field.key == *key)
            .map(|field| field.label.clone())
            .unwrap_or_default()
    };
    Ok(last.reasons.iter().map(|(key, reason)| (label(key), reason.clone())).collect())
}

fn countdown(app: &App, l: L, state: &LotState) -> Option<Countdown> {
    let (until, what) = state.waiting_until.clone()?;
    let today = text::day_of(app.now());
    let left = i64::from(today.until(until).ok()?.get_days());
    let of = state
        .steps
        .iter()
        .filter_map(|step| crate::capture::extension::number(&step.event, "waitDays"))
        .max()
        .unwrap_or(left)
        .max(left);
    Some(Countdown {
        left,
        of,
        dashes: format!("{left} {of}"),
        until: vietnam::format::date(until, l.0),
        what,
    })
}

/// What buyers will miss: of the product, and of this lot.
async fn missing(
    app: &App,
    l: L,
    org: i64,
    lot: &Lot,
    product: &Product,
    steps: &[JourneyStep],
) -> Result<Vec<(String, String)>, Fail> {
    let of_product: Vec<MissingItem> = products::missing_for(app, product).await?;
    let mut missing: Vec<(String, String)> = of_product
        .into_iter()
        .map(|item| (l.t(&item.label_vi, &item.label_en).to_owned(), item.mend))
        .collect();
    let base = format!("/org/{org}/lots/{}", lot.id);
    let mut note = |absent: bool, vi: &str, en: &str, field: &str| {
        if absent {
            missing.push((l.t(vi, en).to_owned(), format!("{base}#{field}")));
        }
    };
    note(steps.is_empty(), "Chưa ghi bước nào trong nhật ký", "No step in the diary yet", "steps");
    note(
        lot.made_on.is_none(),
        "Ngày thu hoạch, sản xuất",
        "Day of harvest or production",
        "f-made_on",
    );
    note(lot.expires_on.is_none() && !product.no_expiry, "Hạn sử dụng", "Expiry", "f-expires_on");
    Ok(missing)
}

/// One card as a link, for the page.
impl LotPage {
    fn link(&self, card: &Card) -> String {
        format!("{}/steps/{}", self.base, card.code)
    }
}
