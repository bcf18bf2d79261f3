//! A text read and judged: as a whole document, or as one item of a list that stands elsewhere.

use super::{At, Document, Limits, Origin, Reader};
use crate::context::Context;
use crate::fault::{Fault, RULE_DEPTH};
use crate::json::{Kind, Tape};
use crate::model::Event;

/// What a JSON text says, however much is wrong with it.
pub(crate) struct Judged {
    pub(crate) document: Option<Document>,
    pub(crate) faults: Vec<Fault>,
    /// How many faults there were, those that are not kept included.
    pub(crate) broken: usize,
    /// It is no JSON at all.
    pub(crate) stopped: bool,
}

/// Reads a JSON text and judges what it says.
pub(crate) fn judge_all(
    text: &str,
    origin: Origin<'_>,
    limits: &Limits,
    judges_ids: bool,
) -> Judged {
    let tape = match Tape::read(text, limits) {
        Ok(tape) => tape,
        Err(stop) => {
            let place = origin.position(stop.offset);
            let faults = vec![Fault::new(stop.rule, String::new(), place, &stop.what)];
            return Judged { document: None, faults, broken: 1, stopped: true };
        }
    };
    let mut reader = Reader { judges_ids, ..Reader::new(origin, limits) };
    let mut document = reader.document(tape.root());
    let Reader { faults, warnings, broken, .. } = reader;
    if let Some(document) = &mut document {
        document.warnings = warnings;
    }
    Judged { document, faults, broken, stopped: false }
}

pub(super) fn judge(
    text: &str,
    origin: Origin<'_>,
    limits: &Limits,
    judges_ids: bool,
) -> Result<Document, Vec<Fault>> {
    let judged = judge_all(text, origin, limits, judges_ids);
    match judged.document {
        Some(document) if judged.broken == 0 => Ok(document),
        _ => Err(judged.faults),
    }
}

/// What one item of an event list turned out to be.
pub(crate) struct Item {
    pub(crate) event: Option<Event>,
    pub(crate) faults: Vec<Fault>,
    pub(crate) warnings: Vec<Fault>,
    /// How many faults there were, those that are not kept included.
    pub(crate) broken: usize,
    /// The text is not JSON: what follows it cannot be trusted.
    pub(crate) stopped: bool,
}

impl Item {
    pub(crate) fn nothing() -> Self {
        let (faults, warnings) = (Vec::new(), Vec::new());
        Self { event: None, faults, warnings, broken: 0, stopped: false }
    }
}

/// Reads an item that was cut out of the event list of its document, where it was so many levels deep, and judges it as
/// if it still stood there.
pub(crate) fn judge_item(
    text: &str,
    origin: Origin<'_>,
    limits: &Limits,
    level: usize,
    judges_ids: bool,
    at: &At<'_>,
    context: &Context,
) -> Item {
    let inner = Limits { depth: limits.depth.saturating_sub(level), ..*limits };
    let tape = match Tape::read(text, &inner) {
        Ok(tape) => tape,
        Err(mut stop) => {
            if stop.rule == &RULE_DEPTH {
                stop.what = limits.depth.to_string();
            }
            let place = origin.position(stop.offset);
            let faults = vec![Fault::new(stop.rule, String::new(), place, &stop.what)];
            return Item { event: None, faults, warnings: Vec::new(), broken: 1, stopped: true };
        }
    };
    let mut reader = Reader { judges_ids, ..Reader::new(origin, limits) };
    let object = reader.expect(tape.root(), Kind::Object, at);
    let event = object.then(|| reader.event(tape.root(), at, context)).flatten();
    let Reader { faults, warnings, broken, .. } = reader;
    Item { event, faults, warnings, broken, stopped: false }
}

/// Judges an event that a program built, by the same rules as one that came from outside.
pub fn check(event: &Event) -> Vec<Fault> {
    let limits = Limits { bytes: usize::MAX, ..Limits::for_capture() };
    super::read_json(&event.stored(), &limits).err().unwrap_or_default()
}
