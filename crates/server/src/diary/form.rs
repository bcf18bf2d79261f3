//! A step's one screen: filled in already (now, this lot's place, the last amount), one photo
//! button, one green button. What is wrong is said at its field, and what was typed stays.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Time;
use store::{params, sql};

use super::build::{Step, Target, step_of};
use super::cards::{Ask, Card, Shape, card};
use super::{held, incoming::place_choices, lot_of, state_with, step};
use crate::app::{App, Micros};
use crate::capture::Refusal;
use crate::identity::account::Account;
use crate::lots::ledger::{LotState, PIECE};
use crate::lots::{self, Lot};
use crate::shared::field::Choice;
use crate::shared::form::{Entered, Form};
use crate::shared::guard::Visit;
use crate::shared::page::{Page, go, show, show_with};
use crate::shared::{Fail, L, picture};
use crate::{organisations, places, products};

/// Rows for inputs and outputs of a transformation.
const INPUTS: usize = 3;
const OUTPUTS: usize = 2;
/// Most photos of one step.
const MOST_PHOTOS: usize = 5;

/// Date and time of an instant as the fields of a browser take them.
pub(super) fn now_fields(at: Micros) -> (String, String) {
    match vietnam::format::local(at) {
        Some(local) => (local.date().to_string(), format!("{:02}:{:02}", local.hour(), local.minute())),
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
            "lot.balance" | "step.amount" => if turn { "input_amount_1" } else { "amount" },
            "step.wait" => "wait",
            "step.substance" => "substance",
            "step.to" => "to_name",
            "step.result" => "result",
            "step.inputs" => "input_1",
            "step.outputs" => "output_1",
            "yield.above-input" => "output_amount_1",
            "lot.unknown" | "lot.foreign" => if turn { "input_1" } else { "lot" },
            _ => "note",
        };
        form.fault(field, &fault.vi, &fault.en);
    }
    Ok(())
}

/// A row of a transformation: names of its fields.
pub(super) struct Row {
    pub(super) lot: String,
    pub(super) amount: String,
}

fn rows(kind: &str, count: usize) -> Vec<Row> {
    (1..=count).map(|n| Row { lot: format!("{kind}_{n}"), amount: format!("{kind}_amount_{n}") }).collect()
}

/// What a card's fields need besides what was entered.
pub(super) struct Fields {
    pub(super) card: &'static Card,
    /// The unit of the amount, in words.
    pub(super) unit: String,
    pub(super) uom: String,
    pub(super) places: Vec<Choice>,
    pub(super) partners: Vec<Choice>,
    pub(super) sources: Vec<Choice>,
    pub(super) targets: Vec<Choice>,
    pub(super) results: Vec<Choice>,
    pub(super) input_rows: Vec<Row>,
    pub(super) output_rows: Vec<Row>,
    pub(super) available: String,
}

impl Fields {
    pub(super) async fn load(app: &App, l: L, org: i64, card: &'static Card, state: &LotState) -> Result<Fields, Fail> {
        let own = lots::of_organisation(app, org).await?;
        let open: Vec<&Lot> = own.iter().filter(|lot| lot.closed_at.is_none()).collect();
        let label = |lot: &Lot| format!("{} · {}", lot.name, lot.code);
        let (mut sources, mut targets) = (Vec::new(), Vec::new());
        if card.asks(Ask::Turn) {
            sources = open.iter().map(|lot| (lot.id.to_string(), label(lot))).collect();
            sources.extend(held(app, org).await?.iter().map(|held| (held.lot.id.to_string(), label(&held.lot))));
            for product in products::of_organisation(app, org).await? {
                let words = format!("{}: {}", l.t("Lô mới", "New lot"), product.name);
                targets.push((format!("new:{}", product.id), words));
            }
            targets.extend(open.iter().map(|lot| (lot.id.to_string(), label(lot))));
        }
        let counted = if card.asks(Ask::Mass) { "KGM" } else if card.asks(Ask::Count) { PIECE } else { &state.uom };
        Ok(Fields {
            card,
            unit: if counted == PIECE { l.t("con", "heads").to_owned() } else { "kg".to_owned() },
            uom: counted.to_owned(),
            places: place_choices(&places::of_organisation(app, org).await?),
            partners: if card.asks(Ask::To) { partners(app, org).await? } else { Vec::new() },
            sources,
            targets,
            results: vec![
                ("yes".to_owned(), l.t("Đạt", "Passed").to_owned()),
                ("no".to_owned(), l.t("Không đạt", "Failed").to_owned()),
            ],
            input_rows: rows("input", INPUTS),
            output_rows: rows("output", OUTPUTS),
            available: state
                .available
                .map(|left| crate::capture::rules::amount(left, &state.uom, l.0))
                .unwrap_or_default(),
        })
    }

    /// How much there is, as help under the amount.
    pub(super) fn available_words(&self, l: &L) -> String {
        let leaves = matches!(self.card.shape, Shape::Leave | Shape::End | Shape::Keep);
        if leaves && !self.available.is_empty() {
            format!("{} {}", l.t("Còn", "Left:"), self.available)
        } else {
            String::new()
        }
    }

    /// Whether the card asks for something, by name, for the page.
    pub(super) fn asks(&self, what: &str) -> bool {
        let ask = match what {
            "amount" => {
                return [Ask::Mass, Ask::Count, Ask::Amount, Ask::SomeAmount].iter().any(|ask| self.card.asks(*ask));
            }
            "substance" => Ask::Substance,
            "dose" => Ask::Dose,
            "wait" => Ask::Wait,
            "to" => Ask::To,
            "from" => Ask::From,
            "live" => Ask::LiveWeight,
            "turn" => Ask::Turn,
            _ => Ask::Result,
        };
        self.card.asks(ask)
    }
}

/// Organisations that goods may be sent to: accepted ones, those that trade with us first by name.
async fn partners(app: &App, org: i64) -> Result<Vec<Choice>, Fail> {
    let rows = app
        .store
        .query(
            sql!("SELECT id, legal_name, commune FROM organisation WHERE state = 'accepted' AND id <> $1 ORDER BY legal_name LIMIT 2000"),
            &params![org],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let (id, name, commune): (i64, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let place = vietnam::units::commune(&commune).map_or_else(String::new, vietnam::units::Commune::title);
            Ok((id.to_string(), format!("{name} ({place})")))
        })
        .collect()
}

/// Fills the fields of a card with a step.
pub(super) fn fill(f: &mut Entered, step: &Step, l: L) {
    let (date, time) = now_fields(step.time);
    f.set("date", date);
    f.set("time", time);
    f.set("place", step.place.to_string());
    if let Some(amount) = step.amount {
        f.set("amount", step::shown(amount, l.0));
    }
    f.set("uom", step.uom.clone());
    f.set("substance", step.substance.clone());
    f.set("dose", step.dose.clone());
    f.set("wait", step.wait_days.map(|days| days.to_string()).unwrap_or_default());
    f.set("to", step.to.map(|to| to.to_string()).unwrap_or_default());
    f.set("to_name", step.to_name.clone());
    f.set("from_name", step.from_name.clone());
    f.set("live_weight", step.live_weight.map(|kg| step::shown(kg, l.0)).unwrap_or_default());
    f.set("laboratory", step.laboratory.clone());
    f.set("note", step.note.clone());
    f.set("shipment", step.shipment.clone());
    if let Some(passed) = step.passed {
        f.set("result", if passed { "yes" } else { "no" });
    }
    for (at, (lot, amount)) in step.inputs.iter().enumerate() {
        f.set(&format!("input_{}", at + 1), lot.to_string());
        f.set(&format!("input_amount_{}", at + 1), step::shown(*amount, l.0));
    }
    for (at, (target, amount)) in step.outputs.iter().enumerate() {
        let value = match target {
            Target::Lot(id) => id.to_string(),
            Target::New { product, .. } => format!("new:{product}"),
        };
        f.set(&format!("output_{}", at + 1), value);
        f.set(&format!("output_amount_{}", at + 1), step::shown(*amount, l.0));
    }
}

/// Reads a card's fields.
pub(super) fn read(form: &mut Form, card: &Card, visit: &Visit, org: i64) -> Step {
    let amount = match card.asks.iter().find(|ask| matches!(ask, Ask::Mass | Ask::Count | Ask::Amount | Ask::SomeAmount)) {
        Some(Ask::SomeAmount) => form.optional_amount("amount"),
        Some(_) => form.amount("amount"),
        None => None,
    };
    let mut step = Step {
        card: card.code.to_owned(),
        event_id: event_id(form),
        time: moment(form).unwrap_or_default(),
        place: form.id("place"),
        amount,
        uom: uom(form),
        note: form.optional("note", 500),
        office: office(visit, org),
        ..Step::default()
    };
    if card.asks(Ask::Substance) {
        step.substance = form.optional("substance", 200);
        step.dose = form.optional("dose", 100);
    }
    if card.asks(Ask::Wait) {
        step.wait_days = form.optional_whole("wait", 0, 730);
    }
    if card.asks(Ask::To) {
        step.to = form.entered.value("to").parse().ok();
        step.to_name = form.optional("to_name", 200);
    }
    if card.asks(Ask::From) {
        step.from_name = form.optional("from_name", 200);
    }
    if card.asks(Ask::LiveWeight) {
        step.live_weight = form.optional_amount("live_weight");
    }
    if card.asks(Ask::Result) {
        step.passed = match form.entered.value("result") {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        };
        step.laboratory = form.optional("laboratory", 200);
    }
    if card.shape == Shape::Arrive {
        step.shipment = form.optional("shipment", 200);
    }
    if card.asks(Ask::Turn) {
        turn(form, &mut step);
    }
    step
}

fn turn(form: &mut Form, step: &mut Step) {
    for row in rows("input", INPUTS) {
        if let Ok(lot) = form.entered.value(&row.lot).parse()
            && let Some(amount) = form.amount(&row.amount)
        {
            step.inputs.push((lot, amount));
        }
    }
    for row in rows("output", OUTPUTS) {
        let chosen = form.entered.value(&row.lot).to_owned();
        let target = match chosen.strip_prefix("new:") {
            Some(product) => product.parse().ok().map(|product| Target::New { product, code: String::new() }),
            None => chosen.parse().ok().map(Target::Lot),
        };
        if let Some(target) = target
            && let Some(amount) = form.amount(&row.amount)
        {
            step.outputs.push((target, amount));
        }
    }
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

async fn render(app: &App, visit: &Visit, org: i64, lot: Lot, card: &'static Card, f: Entered) -> Result<StepPage, Fail> {
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
async fn begin(app: &App, visit: &Visit, org: i64, lot: &Lot, card: &Card) -> Result<Entered, Fail> {
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
        first.amount = state.available.filter(|left| left.is_sign_positive() && !left.is_zero()).or(first.amount);
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
pub async fn submit(State(app): State<App>, visit: Visit, path: Way, mut form: Form) -> Result<Response, Fail> {
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
    show_with(StatusCode::UNPROCESSABLE_ENTITY, &render(&app, &visit, org, lot, card, form.entered).await?)
}
