//! Recording a step: the pictures, the days of the lot, new lots and the event in one commit. A
//! form that is sent twice is one step, because its event id was drawn when the page was made.

use gs1::Lang;
use rand_core::Rng;
use rust_decimal::Decimal;
use store::{Seq, Tx};

use super::build::{self, Parts, Step, Target};
use super::cards::{Ask, Card, Shape, card};
use super::{lot_of, state_with};
use crate::app::App;
use crate::capture::{Caller, Refusal, Refused, capture_in};
use crate::lots::ledger::{KILOGRAM, LotState, PIECE};
use crate::lots::{self, Lot, NewLot, dates};
use crate::places::{self, Place};
use crate::products;
use crate::shared::picture::{self, Picture, Subject};
use crate::shared::{Fail, text};

/// A step that is in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    pub seq: Seq,
    pub event_id: String,
    /// It was there before: the form was sent twice.
    pub duplicate: bool,
    /// Lots that were opened for its outputs.
    pub opened: Vec<i64>,
}

/// A fresh event id.
pub fn draw_event_id(app: &App) -> String {
    let (high, low) = app.draw(|rng| (rng.next_u64(), rng.next_u64()));
    let high = high & !0xF000 | 0x4000;
    let low = low & !(0b11 << 62) | 0b10 << 62;
    format!(
        "urn:uuid:{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        high >> 32,
        high >> 16 & 0xFFFF,
        high & 0xFFFF,
        low >> 48,
        low & 0xFFFF_FFFF_FFFF
    )
}

/// Whether a text is an event id as [`draw_event_id`] makes them: a form brings it back, and could
/// bring anything.
pub fn is_event_id(text: &str) -> bool {
    text.strip_prefix("urn:uuid:").is_some_and(|uuid| {
        uuid.len() == 36 && uuid.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte),
        })
    })
}

/// A fault of a card itself, before its event exists.
fn fault(rule: &'static str, vi: impl Into<String>, en: impl Into<String>) -> Refusal {
    let refused = Refused { index: 0, rule, path: "", vi: vi.into(), en: en.into() };
    Refusal::Faults(vec![refused])
}

/// Records a step of a lot.
///
/// # Errors
/// [`Refusal::Faults`] with what is wrong, nothing stored; `NotFound` where the lot or the place is
/// not the organisation's.
pub async fn record(
    app: &App,
    actor: i64,
    org: i64,
    lot: i64,
    step: &Step,
    pictures: Vec<Picture>,
) -> Result<Saved, Refusal> {
    let event_id = step.event_id.clone().unwrap_or_else(|| draw_event_id(app));
    if let Some(known) = app.store.event(Some(org), &event_id).await? {
        return Ok(Saved { seq: known.seq, event_id, duplicate: true, opened: Vec::new() });
    }
    let mut tx = app.store.begin().await?;
    let photos = Photos::New(pictures);
    let written = write(app, &mut tx, actor, org, lot, step, &event_id, photos, Vec::new()).await;
    match written {
        Ok(saved) => {
            tx.commit().await?;
            Ok(saved)
        }
        Err(refusal) => {
            tx.rollback().await?;
            // The same form came twice at once and the other one was quicker.
            if let Some(known) = app.store.event(Some(org), &event_id).await? {
                return Ok(Saved { seq: known.seq, event_id, duplicate: true, opened: Vec::new() });
            }
            Err(refusal)
        }
    }
}

/// The photos of a step: just taken, or those of the step that it corrects.
enum Photos {
    New(Vec<Picture>),
    Kept(Vec<i64>),
}

/// Records a step that makes good another one, with its photos, in a transaction that the caller
/// commits; `before` is the declaration that the other one is in error.
#[expect(clippy::too_many_arguments, reason = "one call of one caller, each argument another thing")]
pub(super) async fn write_again(
    app: &App,
    tx: &mut Tx,
    actor: i64,
    org: i64,
    lot: i64,
    step: &Step,
    event_id: &str,
    pictures: Vec<i64>,
    before: Vec<epcis::Event>,
) -> Result<Saved, Refusal> {
    write(app, tx, actor, org, lot, step, event_id, Photos::Kept(pictures), before).await
}

#[expect(clippy::too_many_arguments, reason = "one call of two callers, each argument another thing")]
async fn write(
    app: &App,
    tx: &mut Tx,
    actor: i64,
    org: i64,
    lot: i64,
    step: &Step,
    event_id: &str,
    photos: Photos,
    mut before: Vec<epcis::Event>,
) -> Result<Saved, Refusal> {
    let card = card(&step.card).ok_or(Fail::NotFound)?;
    let lot = lot_of_card(app, org, lot, card).await?;
    let place = match places::load(app, org, step.place).await {
        Err(Fail::NotFound) => {
            return Err(fault("place.unknown", "Hãy chọn một địa điểm của đơn vị.", "Choose a place of the organisation."));
        }
        found => found?,
    };
    let state = state_with(app, &lot.item, org).await?;
    demanded(card, step)?;
    let mut parts = Parts {
        lot: &lot,
        place: &place,
        uom: counted_in(card, &state),
        inputs: inputs(app, org, step).await?,
        outputs: Vec::new(),
        organisation: org,
        account: actor,
        pictures: Vec::new(),
    };
    let (opened, targets) = outputs(app, tx, actor, org, step, &place, &mut parts).await?;
    match photos {
        Photos::Kept(ids) => parts.pictures = ids,
        Photos::New(pictures) => {
            for (ordinal, one) in pictures.into_iter().enumerate() {
                let subject = Subject { organisation: org, kind: "event", id: lot.id };
                parts.pictures.push(picture::keep(app, tx, actor, subject, ordinal as i64, one).await?);
            }
        }
    }
    note_made(app, tx, actor, card, step, &lot, &targets).await?;
    before.push(build::event(card, step, event_id, &parts));
    let caller = Caller { organisation: org, account: actor, made_by: actor };
    let outcome = capture_in(app, tx, &caller, before, &opened).await?;
    let kept = outcome.kept.last().ok_or_else(|| Fail::internal("a capture without events"))?;
    Ok(Saved {
        seq: kept.seq,
        event_id: event_id.to_owned(),
        duplicate: kept.duplicate,
        opened: opened.iter().map(|lot| lot.id).collect(),
    })
}

/// The lot a card is written for. A receipt may be of a lot that was never here.
async fn lot_of_card(app: &App, org: i64, lot: i64, card: &Card) -> Result<Lot, Fail> {
    if card.shape == Shape::Arrive { lots::any(app, lot).await } else { lot_of(app, org, lot).await }
}

fn counted_in<'s>(card: &Card, state: &'s LotState) -> &'s str {
    if card.asks(Ask::Mass) {
        KILOGRAM
    } else if card.asks(Ask::Count) {
        PIECE
    } else {
        &state.uom
    }
}

fn demanded(card: &Card, step: &Step) -> Result<(), Refusal> {
    let amount = [Ask::Mass, Ask::Count, Ask::Amount].iter().any(|ask| card.asks(*ask));
    let positive = |amount: &Decimal| amount.is_sign_positive() && !amount.is_zero();
    if amount && !step.amount.as_ref().is_some_and(positive) {
        return Err(fault("step.amount", "Hãy nhập số lượng lớn hơn 0.", "Enter an amount above 0."));
    }
    if card.asks(Ask::Wait) && step.wait_days.is_none() {
        return Err(fault(
            "step.wait",
            "Hãy ghi số ngày cách ly in trên nhãn thuốc; không phải cách ly thì ghi 0.",
            "Enter the days to wait as printed on the label; 0 where none.",
        ));
    }
    if (card.code == "spray" || card.code == "treat") && step.substance.is_empty() {
        return Err(fault("step.substance", "Hãy ghi tên thuốc.", "Enter the name of the substance."));
    }
    if card.asks(Ask::To) && step.to.is_none() && step.to_name.is_empty() {
        return Err(fault("step.to", "Hãy ghi giao cho ai.", "Say to whom it goes."));
    }
    if card.asks(Ask::Result) && step.passed.is_none() {
        return Err(fault("step.result", "Hãy chọn kết quả.", "Choose the result."));
    }
    if card.asks(Ask::Turn) {
        if step.inputs.is_empty() || !step.inputs.iter().all(|(_, amount)| positive(amount)) {
            return Err(fault("step.inputs", "Hãy ghi lô đầu vào và lượng đã dùng.", "Enter the input lot and how much was used."));
        }
        if step.outputs.is_empty() || !step.outputs.iter().all(|(_, amount)| positive(amount)) {
            return Err(fault("step.outputs", "Hãy ghi lô đầu ra và lượng làm được.", "Enter the output lot and how much came out."));
        }
    }
    Ok(())
}

async fn inputs(app: &App, org: i64, step: &Step) -> Result<Vec<(String, Decimal, String)>, Refusal> {
    let mut found: Vec<(String, Decimal, String)> = Vec::new();
    for (id, amount) in &step.inputs {
        let lot = match lot_of(app, org, *id).await {
            Err(Fail::NotFound) => {
                return Err(fault("lot.unknown", "Không tìm thấy lô đầu vào này.", "The input lot was not found."));
            }
            found => found?,
        };
        let uom = state_with(app, &lot.item, org).await?.uom;
        match found.iter_mut().find(|(item, _, _)| *item == lot.item) {
            Some((_, sum, _)) => *sum = sum.saturating_add(*amount),
            None => found.push((lot.item, *amount, uom)),
        }
    }
    Ok(found)
}

/// The lots that outputs go into; new ones are opened in the same transaction.
async fn outputs(
    app: &App,
    tx: &mut Tx,
    actor: i64,
    org: i64,
    step: &Step,
    place: &Place,
    parts: &mut Parts<'_>,
) -> Result<(Vec<Lot>, Vec<Lot>), Refusal> {
    let (mut opened, mut targets) = (Vec::new(), Vec::new());
    for (into, amount) in &step.outputs {
        let lot = match into {
            Target::Lot(id) => lots::load(app, org, *id).await?,
            Target::New { product, code } => {
                let new = NewLot { product: *product, place: place.id, name: String::new(), code: code.clone() };
                let lot = lots::open_in(app, tx, actor, org, &new).await?;
                opened.push(lot.clone());
                lot
            }
        };
        if parts.inputs.iter().any(|(item, _, _)| *item == lot.item) {
            return Err(fault(
                "step.outputs",
                "Lô đầu ra phải khác lô đầu vào. Chọn “lô mới”.",
                "The output must be another lot than the input. Choose “new lot”.",
            ));
        }
        parts.outputs.push((lot.item.clone(), *amount));
        targets.push(lot);
    }
    Ok((opened, targets))
}

/// The day a lot was made follows from its first harvest, slaughter, making or packing.
async fn note_made(
    app: &App,
    tx: &mut Tx,
    actor: i64,
    card: &Card,
    step: &Step,
    lot: &Lot,
    outputs: &[Lot],
) -> Result<(), Fail> {
    let day = text::day_of(step.time);
    let made: &[Lot] = match card.code {
        "harvest" => std::slice::from_ref(lot),
        _ if card.shape == Shape::Turn => outputs,
        _ => &[],
    };
    // A date in the future is refused with the event; it must not reach the register first.
    for one in made.iter().filter(|_| step.time <= app.now() + 5 * 60 * 1_000_000) {
        let product = products::any(app, one.product).await?;
        dates::made(app, tx, actor, one, &product, day).await?;
    }
    Ok(())
}

/// The amount with its unit, for a prefilled field.
pub fn shown(amount: Decimal, lang: Lang) -> String {
    vietnam::format::number(amount.normalize(), lang)
}
