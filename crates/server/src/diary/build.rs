//! From a filled-in card to its event, and back: a correction begins with what was said before.

use epcis::{Action, BizTransaction, Event, EventTime, Party, Quantity};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::cards::{Ask, Card, Shape, card};
use crate::app::Micros;
use crate::capture::{extension, organisation_of_party, party_uri};
use crate::lots::Lot;
use crate::lots::ledger::{KILOGRAM, PIECE, in_base};
use crate::places::Place;
use crate::shared::text::OFFSET_MINUTES;

/// Where an output goes: a lot that is open, or a new one of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    Lot(i64),
    New { product: i64, code: String },
}

/// A card as filled in. Amounts are in the unit that the lot is counted in.
#[derive(Debug, Clone, Default)]
pub struct Step {
    pub card: String,
    /// `urn:uuid:…`, drawn when the page was made; drawn anew where `None`.
    pub event_id: Option<String>,
    /// Microseconds UTC.
    pub time: Micros,
    /// A place of the organisation.
    pub place: i64,
    pub amount: Option<Decimal>,
    /// Unit of `amount`; the card's or the lot's where empty.
    pub uom: String,
    pub substance: String,
    pub dose: String,
    pub wait_days: Option<i64>,
    /// The organisation that goods are sent to.
    pub to: Option<i64>,
    /// Its name, where it is not registered.
    pub to_name: String,
    pub from_name: String,
    pub live_weight: Option<Decimal>,
    /// Lots that went in, with what was used of each.
    pub inputs: Vec<(i64, Decimal)>,
    pub outputs: Vec<(Target, Decimal)>,
    /// Whether a test was passed.
    pub passed: Option<bool>,
    pub laboratory: String,
    pub note: String,
    /// The dispatch that a receipt answers.
    pub shipment: String,
    /// The office whose staff entered it for the organisation; empty where its own people did.
    pub office: String,
}

/// What a card's event speaks of, already loaded and checked to be the organisation's.
pub struct Parts<'p> {
    pub lot: &'p Lot,
    pub place: &'p Place,
    /// The unit that the lot is counted in.
    pub uom: &'p str,
    /// Item, amount and unit of each input and output.
    pub inputs: Vec<(String, Decimal, String)>,
    pub outputs: Vec<(String, Decimal)>,
    pub organisation: i64,
    pub account: i64,
    pub pictures: Vec<i64>,
}

/// The identifier of a dispatch, by which its receipt finds it.
pub fn shipment_uri(event_id: &str) -> String {
    format!("urn:nguon:shipment:{}", event_id.rsplit(':').next().unwrap_or(event_id))
}

/// The event of a card.
pub fn event(card: &Card, step: &Step, event_id: &str, parts: &Parts<'_>) -> Event {
    let time = EventTime { micros: step.time, offset_minutes: OFFSET_MINUTES };
    let mut event = match card.shape {
        Shape::Begin | Shape::Gain => Event::object(Action::Add, time),
        Shape::End => Event::object(Action::Delete, time),
        Shape::Turn => Event::transformation(time),
        Shape::Care | Shape::Keep | Shape::Leave | Shape::Arrive => Event::object(Action::Observe, time),
    };
    event.event_id = Some(event_id.to_owned());
    event.biz_step = Some(card.step.to_owned());
    let disposition = match step.passed {
        Some(true) => "conformant",
        Some(false) => "non_conformant",
        None => card.disposition,
    };
    event.disposition = (!disposition.is_empty()).then(|| disposition.to_owned());
    event.read_point = Some(parts.place.uri().into());
    event.biz_location = (card.shape != Shape::Leave).then(|| parts.place.uri().into());
    if card.shape == Shape::Turn {
        let quantity = |(item, amount, uom): &(String, Decimal, String)| Quantity::measured(item, *amount, uom);
        event.input_quantity_list = parts.inputs.iter().map(quantity).collect();
        let quantity = |(item, amount): &(String, Decimal)| Quantity::measured(item, *amount, KILOGRAM);
        event.output_quantity_list = parts.outputs.iter().map(quantity).collect();
    } else {
        event.quantity_list = vec![match step.amount {
            Some(amount) => Quantity::measured(&parts.lot.item, amount, unit(card, step, parts.uom)),
            None => Quantity::unknown(&parts.lot.item),
        }];
    }
    parties(&mut event, card, step, event_id, parts);
    extend(&mut event, card, step, parts);
    event
}

fn unit<'s>(card: &Card, step: &'s Step, lot: &'s str) -> &'s str {
    if card.asks(Ask::Mass) {
        KILOGRAM
    } else if card.asks(Ask::Count) {
        PIECE
    } else if step.uom.is_empty() {
        lot
    } else {
        &step.uom
    }
}

fn parties(event: &mut Event, card: &Card, step: &Step, event_id: &str, parts: &Parts<'_>) {
    let own = party_uri(parts.organisation);
    match card.code {
        "ship" => {
            event.source_list.push(Party::new("owning_party", &own));
            if let Some(to) = step.to {
                event.destination_list.push(Party::new("owning_party", &party_uri(to)));
            }
            event.biz_transaction_list.push(BizTransaction::new("desadv", &shipment_uri(event_id)));
        }
        "receive" => {
            if parts.lot.organisation != parts.organisation {
                event.source_list.push(Party::new("owning_party", &party_uri(parts.lot.organisation)));
            }
            event.destination_list.push(Party::new("owning_party", &own));
            if epcis::is_uri(&step.shipment) {
                event.biz_transaction_list.push(BizTransaction::new("desadv", &step.shipment));
            }
        }
        _ => {}
    }
}

fn extend(event: &mut Event, card: &Card, step: &Step, parts: &Parts<'_>) {
    extension::set(event, "card", Value::from(card.code));
    for (name, content) in [
        ("substance", &step.substance),
        ("dose", &step.dose),
        ("toName", &step.to_name),
        ("fromName", &step.from_name),
        ("laboratory", &step.laboratory),
        ("note", &step.note),
        ("enteredFor", &step.office),
    ] {
        extension::set_text(event, name, content);
    }
    if let Some(days) = step.wait_days {
        extension::set(event, "waitDays", Value::from(days));
    }
    if let Some(weight) = step.live_weight {
        extension::set(event, "liveWeight", Value::from(weight.normalize().to_string()));
    }
    if parts.account != 0 {
        extension::set(event, "enteredBy", Value::from(parts.account));
    }
    if !parts.pictures.is_empty() {
        extension::set(event, "pictures", json!(parts.pictures));
    }
}

/// The card as it was filled in, to be corrected. Inputs and outputs are named by their items,
/// which the caller turns into lots. `None` for an event that no card wrote.
pub fn step_of(event: &Event) -> Option<Step> {
    let text = |name| extension::text(event, name).unwrap_or_default();
    let card = card(&text("card"))?;
    let amount = event.quantity_list.first().and_then(in_base);
    Some(Step {
        card: card.code.to_owned(),
        event_id: None,
        time: event.event_time.micros,
        amount: amount.as_ref().map(|(_, amount)| *amount),
        uom: amount.map(|(uom, _)| uom).unwrap_or_default(),
        substance: text("substance"),
        dose: text("dose"),
        wait_days: extension::number(event, "waitDays"),
        to: event.destination_list.iter().find_map(|to| organisation_of_party(&to.id)),
        to_name: text("toName"),
        from_name: text("fromName"),
        live_weight: text("liveWeight").parse().ok(),
        passed: match event.disposition.as_deref() {
            Some("conformant") => Some(true),
            Some("non_conformant") => Some(false),
            _ => None,
        },
        laboratory: text("laboratory"),
        note: text("note"),
        shipment: event.biz_transaction_list.first().map(|one| one.id.clone()).unwrap_or_default(),
        ..Step::default()
    })
}
