//! Finding the entry of an AI: a table by its digits, in which no search is made.

use super::{Dictionary, Entry};
use crate::ai::Ai;

/// The place of no entry.
pub(crate) const NONE: u16 = u16::MAX;

/// The place of an entry and the length of its AIs, which is here so that looking for an AI that is
/// another's start does not go to the entry.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot {
    pub(super) place: u16,
    pub(super) len: u8,
}

pub(super) const NOWHERE: Slot = Slot { place: NONE, len: 0 };

/// An entry, and its place among those of its dictionary.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row<'d> {
    pub(crate) entry: &'d Entry,
    pub(crate) place: u16,
}

impl Dictionary {
    /// The entry of an AI, and which one it is.
    #[inline]
    pub(crate) fn row(&self, ai: Ai) -> Option<Row<'_>> {
        self.row_of(ai, ai.len())
    }

    /// The AI that these digits are, with its entry.
    #[inline]
    pub(crate) fn row_named(&self, name: &[u8]) -> Option<(Ai, Row<'_>)> {
        let ai = Ai::from_digits(name)?;
        Some((ai, self.row_of(ai, name.len())?))
    }

    #[inline]
    fn row_of(&self, ai: Ai, len: usize) -> Option<Row<'_>> {
        let slot = self.index.get(ai.slot())?;
        if usize::from(slot.len) == len { self.row_at(*slot) } else { None }
    }

    /// The entry whose AI `text` starts with. No AI is the start of another, so there is at most one.
    pub(crate) fn row_of_start(&self, text: &[u8]) -> Option<(Ai, Row<'_>)> {
        // Most AIs in the field have two digits, and those are found without counting digits.
        if let Some(found) = text.get(..2).and_then(|two| self.row_named(two)) {
            return Some(found);
        }
        let slot = *self.index.get(Ai::slot_of_start(text))?;
        let ai = Ai::from_digits(text.get(..usize::from(slot.len))?)?;
        Some((ai, self.row_at(slot)?))
    }

    #[inline]
    fn row_at(&self, Slot { place, .. }: Slot) -> Option<Row<'_>> {
        Some(Row { entry: self.entries.get(usize::from(place))?, place })
    }

    /// How long AIs are that start with the first two digits of `text`, where any does: all of one
    /// start are of one length.
    pub(crate) fn length_of_prefix(&self, text: &[u8]) -> Option<usize> {
        let two = text.get(..2).filter(|two| two.iter().all(u8::is_ascii_digit))?;
        let slot = Ai::slot_of_start(two);
        let known = self.index[slot..slot + 100].iter().find(|slot| slot.place != NONE)?;
        Some(usize::from(known.len))
    }
}
