//! The fields of a card: which ones its page shows, how they are filled with a step, and how a
//! step is read from them again.

use store::{params, sql};

use super::build::{Step, Target};
use super::cards::{Ask, Card, Shape};
use super::form::{event_id, moment, now_fields, office, uom};
use super::incoming::place_choices;
use super::{held, step};
use crate::app::App;
use crate::capture::rules::amount;
use crate::lots::ledger::{LotState, PIECE};
use crate::lots::{self, Lot};
use crate::shared::field::Choice;
use crate::shared::form::{Entered, Form};
use crate::shared::guard::Visit;
use crate::shared::{Fail, L};
use crate::{places, products};

/// Rows for inputs and outputs of a transformation.
const INPUTS: usize = 3;
const OUTPUTS: usize = 2;

/// A row of a transformation: names of its fields.
pub(super) struct Row {
    pub(super) lot: String,
    pub(super) amount: String,
}

fn rows(kind: &str, count: usize) -> Vec<Row> {
    (1..=count)
        .map(|n| Row { lot: format!("{kind}_{n}"), amount: format!("{kind}_amount_{n}") })
        .collect()
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
    /// How much there is, as help under the amount.
    pub(super) left: String,
}

fn left_words(l: L, card: &Card, state: &LotState) -> String {
    match state.available {
        Some(left) if matches!(card.shape, Shape::Leave | Shape::End | Shape::Keep) => {
            format!("{} {}", l.t("Còn", "Left:"), amount(left, &state.uom, l.0))
        }
        _ => String::new(),
    }
}

impl Fields {
    pub(super) async fn load(
        app: &App,
        l: L,
        org: i64,
        card: &'static Card,
        state: &LotState,
    ) -> Result<Fields, Fail> {
        let own = lots::of_organisation(app, org).await?;
        let open: Vec<&Lot> = own.iter().filter(|lot| lot.closed_at.is_none()).collect();
        let label = |lot: &Lot| format!("{} · {}", lot.name, lot.code);
        let (mut sources, mut targets) = (Vec::new(), Vec::new());
        if card.asks(Ask::Turn) {
            sources = open.iter().map(|lot| (lot.id.to_string(), label(lot))).collect();
            sources.extend(
                held(app, org)
                    .await?
                    .iter()
                    .map(|held| (held.lot.id.to_string(), label(&held.lot))),
            );
            for product in products::of_organisation(app, org).await? {
                let words = format!("{}: {}", l.t("Lô mới", "New lot"), product.name);
                targets.push((format!("new:{}", product.id), words));
            }
            targets.extend(open.iter().map(|lot| (lot.id.to_string(), label(lot))));
        }
        let counted = if card.asks(Ask::Mass) {
            "KGM"
        } else if card.asks(Ask::Count) {
            PIECE
        } else {
            &state.uom
        };
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
            left: left_words(l, card, state),
        })
    }

    /// Whether the card asks for something, by name, for the page.
    pub(super) fn asks(&self, what: &str) -> bool {
        let ask = match what {
            "amount" => {
                return [Ask::Mass, Ask::Count, Ask::Amount, Ask::SomeAmount]
                    .iter()
                    .any(|ask| self.card.asks(*ask));
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
            let (id, name, commune): (i64, String, String) =
                (row.get(0)?, row.get(1)?, row.get(2)?);
            let place = vietnam::units::commune(&commune)
                .map_or_else(String::new, vietnam::units::Commune::title);
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
    let amount = match card
        .asks
        .iter()
        .find(|ask| matches!(ask, Ask::Mass | Ask::Count | Ask::Amount | Ask::SomeAmount))
    {
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
            Some(product) => {
                product.parse().ok().map(|product| Target::New { product, code: String::new() })
            }
            None => chosen.parse().ok().map(Target::Lot),
        };
        if let Some(target) = target
            && let Some(amount) = form.amount(&row.amount)
        {
            step.outputs.push((target, amount));
        }
    }
}
