//! Lots: their diaries, what the gate said, their stamps and scans, and the recall that tests hold a trace against.

use jiff::civil::{Date, DateTime};
use rust_decimal::Decimal;

use crate::scene::PictureSpec;
use crate::types::Card;

/// A lot and all that happened to it, at whomever it was.
#[derive(Clone, Debug, PartialEq)]
pub struct Lot {
    /// Key.
    pub key: String,
    /// Key of the organisation that opened it.
    pub organisation: String,
    /// Key of its product.
    pub product: String,
    /// Key of its place; `None` for some, as a thing still missing.
    pub place: Option<String>,
    /// Lot number: A–Z, 0–9 and dash, at most 20; unique within the product.
    pub code: String,
    /// When it was opened, before its first step.
    pub opened_at: DateTime,
    /// Oldest first.
    pub steps: Vec<Step>,
    /// What was sent to the reviewer, oldest first; empty for a draft. All lie after the last step.
    pub submissions: Vec<Submission>,
    /// Whether a submission was approved.
    pub published: bool,
    /// Stamps ordered for it, after its publication.
    pub stamps: Option<Stamps>,
}

/// One use of a lot as input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Key of the lot used.
    pub lot: String,
    /// Kilograms; live weight of animals.
    pub kg: Decimal,
    /// Head, for animals.
    pub count: Option<u32>,
}

/// One card of a diary.
///
/// What each does to the goods: `harvest`, `slaughter` and `process` bring `kg` of the lot into being at `by` (the last two
/// from `inputs`, which leave `by`); `receive-animals` brings `count`. `ship` takes from `by` onto the way to `to`,
/// `receive` from the way into `by`; `sell` and `destroy` take from `by`. The others only say that something
/// happened; `kg` then is the amount it concerned.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Which card.
    pub card: Card,
    /// Local time.
    pub at: DateTime,
    /// Key of the organisation that did and recorded it: the owner, or whoever received the goods.
    pub by: String,
    /// Key of a place of `by`; `None` for some lots, as a thing still missing.
    pub place: Option<String>,
    /// Kilograms.
    pub kg: Option<Decimal>,
    /// Head of animals.
    pub count: Option<u32>,
    /// Lots used up by it.
    pub inputs: Vec<Input>,
    /// Seed, fertiliser, active ingredient or medicine.
    pub substance: Option<&'static str>,
    /// How much of it.
    pub dose: Option<&'static str>,
    /// Days to wait before harvest or slaughter.
    pub wait_days: Option<u32>,
    /// Key of the receiving organisation (`ship`).
    pub to: Option<String>,
    /// Key of the sending organisation (`receive`).
    pub from: Option<String>,
    /// In Vietnamese.
    pub note: Option<&'static str>,
    /// Key of the staff who entered it for the firm.
    pub entered_by: Option<String>,
    /// Photo taken with it.
    pub picture: Option<PictureSpec>,
}

/// One submission to the gate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// When it was sent.
    pub at: DateTime,
    /// What the reviewer said.
    pub verdict: Verdict,
}

/// What the reviewer said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing yet.
    Waiting,
    /// It is public.
    Approved {
        /// When.
        at: DateTime,
    },
    /// It must be mended.
    Returned {
        /// When.
        at: DateTime,
        /// One for each field.
        reasons: Vec<Reason>,
    },
}

/// Why one field was sent back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Key of the item in the profile `TT02-2024`: `images`, `standards`, `stages`…
    pub field: &'static str,
    /// In Vietnamese.
    pub text: &'static str,
}

/// An order of stamps and what became of them. Stamps are counted from 1 in the order of the sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamps {
    /// When they were ordered.
    pub ordered_at: DateTime,
    /// How many.
    pub count: u32,
    /// Stuck and activated: first and last.
    pub active: Option<(u32, u32)>,
    /// Spoilt: first and last; never overlaps with `active`.
    pub void: Option<(u32, u32)>,
    /// By day, then stamp; each pair once.
    pub scans: Vec<Scan>,
}

/// Scans of one stamp on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scan {
    /// Day.
    pub day: Date,
    /// Which stamp, from 1.
    pub ordinal: u32,
    /// How often.
    pub times: u32,
}

/// A lot that turned out bad.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recall {
    /// Key of the lot.
    pub source: String,
    /// What was found, in Vietnamese.
    pub finding: &'static str,
    /// Keys of all lots made of it, through any number of steps, in the order of the lots.
    pub affected: Vec<String>,
    /// Keys of all organisations that held it or any of those, sorted.
    pub holders: Vec<String>,
}
