//! A document with its events cut out: the same text otherwise, and the place of every part in the whole.

use super::Head;
use crate::fault::{Fault, Place, RULE_UTF8};
use crate::read::{Cut, Limits, Origin, judge_all};
use crate::xml::{Names, read_text};

#[derive(Clone, Debug, Default)]
pub(super) struct Skeleton {
    bytes: Vec<u8>,
    cuts: Vec<Cut>,
    /// Where the next byte would stand, had nothing been cut out since.
    next: Option<Place>,
}

impl Skeleton {
    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Adds bytes that stand at `place`.
    pub(super) fn push(&mut self, bytes: &[u8], place: Place) {
        if self.next != Some(place) {
            self.cuts.push(Cut { offset: self.bytes.len(), place });
        }
        self.bytes.extend_from_slice(bytes);
        let mut next = place;
        next.pass(bytes);
        self.next = Some(next);
    }

    /// What the document says around its events.
    pub(super) fn judge(&self, limits: &Limits, strict: bool, xml: bool) -> Head {
        let origin = Origin { bytes: &self.bytes, map: None, cuts: &self.cuts };
        if xml {
            let read = read_text(origin, limits, strict);
            let crate::xml::Text { document, faults, broken, stopped, names } = read;
            return Head { document, faults, broken, stopped, names };
        }
        let text = match std::str::from_utf8(&self.bytes) {
            Ok(text) => text,
            Err(error) => {
                let place = origin.place(error.valid_up_to());
                return Head::stopped(Fault::new(&RULE_UTF8, String::new(), place, ""));
            }
        };
        let judged = judge_all(text, origin, limits, strict);
        let crate::read::Judged { document, faults, broken, stopped } = judged;
        Head { document, faults, broken, stopped, names: Names::default() }
    }
}
