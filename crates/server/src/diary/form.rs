//! A step's one screen: filled in already (now, this lot's place, the last amount), one photo
//! button, one green button. What is wrong is said at its field, and what was typed stays.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Time;

use super::build::step_of;
use super::cards::{Ask, Card, Shape, card};
use super::fields::{Fields, fill, read};
use super::{lot_of, state_with, step};
use crate::app::{App, Micros};
use crate::capture::Refusal;
use crate::identity::account::Account;
use crate::lots::Lot;
use crate::lots::ledger::PIECE;
use crate::shared::form::{Entered, Form};
use crate::shared::guard::Visit;
use crate::shared::page::{Page, go, show, show_with};
use crate::shared::{Fail, picture};
use crate::{organisations, places};

/// Most photos of one step.
const MOST_PHOTOS: usize = 5;

/// Date and time of an instant as the fields of a browser take them.
pub(super) fn now_fields(at: Micros) -> (String, String) {
    match vietnam::format::local(at) {
        Some(local) => {
            (local.date().to_string(), format!("{:02}:{:02}", local.hour(), local.minute()))
        }
        None => (String::new(), String::new()),
    }
}

/// The instant of the fields `date` and `time`.
pub(super) fn moment(form: &mut Form) -> Option<Micros> {
    let date = form.date("date")?;
    let typed = form.optional("time", 8);
    let time = match typed.parse::<Time>().or_else(|_| format!("{typed}:00").parse()) {
        Ok(time) => time,
        Err(_) if typed.is_empty() => Time::midnight(),
        Err(_) => {
            form.fault("time", "Giờ không đúng. Viết dạng 09:30.", "Not a time. Write 09:30.");
            return None;
        }
    };
    vietnam::format::instant(date.to_datetime(time))
}

/// The id drawn when the page was made; `None` if it is not one.
pub(super) fn event_id(form: &Form) -> Option<String> {
    let id = form.entered.value("event");
    step::is_event_id(id).then(|| id.to_owned())
}

/// A unit that a hidden field brought back; only those that forms offer.
pub(super) fn uom(form: &Form) -> String {
    let uom = form.entered.value("uom");
    if uom == PIECE || uom == "KGM" { uom.to_owned() } else { String::new() }
}

/// The office in whose name a member of staff enters data for an organisation; empty for its own
/// people.
pub(super) fn office(visit: &Visit, org: i64) -> String {
    match &visit.account {
        Some(account) if !account.is_member(org) => office_of(account),
        _ => String::new(),
    }
}

fn office_of(account: &Account) -> String {
    let Some(grant) = account.staff.first() else { return String::new() };
    let area = vietnam::units::commune(&grant.area)
        .map(vietnam::units::Commune::title)
        .or_else(|| vietnam::units::province(&grant.area).map(vietnam::units::Province::title));
    let (role, _) = grant.role.label();
    area.map_or_else(|| role.to_owned(), |area| format!("{role} {area}"))
}

/// Puts the faults of a refusal at the fields of a card.
pub(super) fn put_faults(form: &mut Form, refusal: Refusal) -> Result<(), Fail> {
    let faults = match refusal {
        Refusal::Faults(faults) => faults,
        Refusal::Fail(Fail::Refused { vi, en, .. }) => {
            form.fault("note", &vi, &en);
            return Ok(());
        }
        Refusal::Fail(fail) => return Err(fail),
    };
    let turn = !form.entered.value("input_1").is_empty();
    for fault in faults {
        let field = match fault.rule {
            "time.future" | "lot.waiting" => "date",
            "place.foreign" | "place.unknown" => "place",
            "lot.balance" | "step.amount" => {
                if turn {
                    "input_amount_1"
                } else {
                    "amount"
                }
            }
            "step.wait" => "wait",
            "step.substance" => "substance",
            "step.to" => "to_name",
            "step.result" => "result",
            "step.inputs" => "input_1",
            "step.outputs" => "output_1",
            "yield.above-input" => "output_amount_1",
            "lot.unknown" | "lot.foreign" => {
                if turn {
                    "input_1"
                } else {
                    "lot"
                }
            }
            _ => "note",
        };
        form.fault(field, &fault.vi, &fault.en);
    }
    Ok(())
}

#[derive(Template)]
#[template(path = "diary/step.html")]
struct StepPage {
    page: Page,
    base: String,
    lot: Lot,
    fields: Fields,
    f: Entered,
    /// The day from which harvest or slaughter is allowed, and why.
    waiting: Option<(String, String)>,
}

async fn render(
    app: &App,
    visit: &Visit,
    org: i64,
    lot: Lot,
    card: &'static Card,
    f: Entered,
) -> Result<StepPage, Fail> {
    let name = organisations::name(app, org).await?;
    let state = state_with(app, &lot.item, org).await?;
    let title = format!("{} · {}", card.name(&visit.l), lot.name);
    let stops = card.code == "harvest" || card.code == "slaughter";
    Ok(StepPage {
        page: Page::of_organisation(visit, title, org, &name),
        base: format!("/org/{org}/lots/{}", lot.id),
        fields: Fields::load(app, visit.l, org, card, &state).await?,
        waiting: state
            .waiting_until
            .filter(|_| stops)
            .map(|(day, what)| (vietnam::format::date(day, visit.l.0), what)),
        lot,
        f,
    })
}

/// What a card begins with: now, here, and what was said last time.
async fn begin(
    app: &App,
    visit: &Visit,
    org: i64,
    lot: &Lot,
    card: &Card,
) -> Result<Entered, Fail> {
    let state = state_with(app, &lot.item, org).await?;
    let last = state.steps.iter().rev().find(|one| one.owner == org && one.card == card.code);
    let mut first = last.and_then(|one| step_of(&one.event)).unwrap_or_default();
    first.time = app.now();
    first.note = String::new();
    let own = places::of_organisation(app, org).await?;
    let here = own.iter().find(|place| place.id == lot.place).or(own.first());
    first.place = here.map_or(0, |place| place.id);
    first.uom = String::new();
    if matches!(card.shape, Shape::Leave | Shape::End) && card.asks(Ask::Amount) {
        first.amount = state
            .available
            .filter(|left| left.is_sign_positive() && !left.is_zero())
            .or(first.amount);
    }
    let mut f = Entered::default();
    fill(&mut f, &first, visit.l);
    if card.asks(Ask::Turn) {
        let left = state.available.filter(|left| left.is_sign_positive() && !left.is_zero());
        match left {
            Some(left) => {
                f.set("input_1", lot.id.to_string());
                f.set("input_amount_1", step::shown(left, visit.l.0));
            }
            // A lot that has nothing yet is what comes out.
            None if lot.organisation == org => f.set("output_1", lot.id.to_string()),
            None => {}
        }
    }
    f.set("event", step::draw_event_id(app));
    Ok(f)
}

fn card_of(code: &str) -> Result<&'static Card, Fail> {
    card(code).filter(|card| card.shape != Shape::Arrive).ok_or(Fail::NotFound)
}

/// Organisation, lot and card in the path.
type Way = Path<(String, String, String)>;

fn way(Path((org, lot, card)): Way) -> Result<(i64, i64, &'static Card), Fail> {
    let number = |text: String| text.parse().map_err(|_| Fail::NotFound);
    Ok((number(org)?, number(lot)?, card_of(&card)?))
}

/// `GET /org/{org}/lots/{lot}/steps/{card}`
pub async fn page(State(app): State<App>, visit: Visit, path: Way) -> Result<Response, Fail> {
    let (org, lot, card) = way(path)?;
    let lot = lot_of(&app, org, lot).await?;
    let f = begin(&app, &visit, org, &lot, card).await?;
    show(&render(&app, &visit, org, lot, card, f).await?)
}

/// `POST /org/{org}/lots/{lot}/steps/{card}`
pub async fn submit(
    State(app): State<App>,
    visit: Visit,
    path: Way,
    mut form: Form,
) -> Result<Response, Fail> {
    let (org, lot, card) = way(path)?;
    let lot = lot_of(&app, org, lot).await?;
    let step = read(&mut form, card, &visit, org);
    let pictures = picture::take(&mut form, "photos", MOST_PHOTOS).await?;
    if form.sound() {
        match step::record(&app, visit.actor()?, org, lot.id, &step, pictures).await {
            Ok(saved) => return Ok(go(&format!("/org/{org}/lots/{}?step={}", lot.id, saved.seq))),
            Err(refusal) => put_faults(&mut form, refusal)?,
        }
    }
    show_with(
        StatusCode::UNPROCESSABLE_ENTITY,
        &render(&app, &visit, org, lot, card, form.entered).await?,
    )
}
