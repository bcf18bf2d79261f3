//! What is known of an AI while a message is read: its entry, or the little that holds for every AI.

use std::ops::Range;

use super::Options;
use crate::ai::Ai;
use crate::dictionary::Entry;
use crate::problem::{Problem, ReadError};
use crate::seen::Seen;

/// The entry of an AI, or what an unknown one is taken for.
#[derive(Clone, Copy)]
pub(super) enum Known<'d> {
    Entry(&'d Entry),
    /// 1 to 90 of the 82 characters, ended by FNC1.
    Unknown,
}

impl<'d> Known<'d> {
    /// What a bracketed AI is. An unknown one must have the length that AIs of its first two digits
    /// have, where the dictionary knows any.
    pub(super) fn of(ai: Ai, options: &Options<'d>) -> Option<Self> {
        match options.dictionary.entry(ai) {
            Some(entry) => Some(Self::Entry(entry)),
            None if !options.permit_unknown_ais => None,
            None => match options.dictionary.length_of_prefix(ai.as_str().as_bytes()) {
                Some(len) if len != ai.len() => None,
                _ => Some(Self::Unknown),
            },
        }
    }

    pub(super) fn fixed(self) -> bool {
        matches!(self, Self::Entry(entry) if entry.fixed)
    }

    /// Whether the value is neither too short nor too long.
    pub(super) fn check_length(
        self,
        ai: Ai,
        value: &str,
        seen: Seen,
        at: &Range<usize>,
    ) -> Result<(), ReadError> {
        let verdict = match self {
            Self::Entry(entry) => entry.check_length(value, seen),
            Self::Unknown => crate::dictionary::check_unknown_length(value, seen),
        };
        verdict.map_err(|fault| Problem::of_value(ai, value, fault, at.clone()))
    }

    /// Whether the components are right. `exact` says that the value stands in the input as it is.
    pub(super) fn check_parts(
        self,
        ai: Ai,
        value: &str,
        seen: Seen,
        at: &Range<usize>,
        exact: bool,
    ) -> Result<(), ReadError> {
        let verdict = match self {
            Self::Entry(entry) => entry.check_parts(value, seen),
            Self::Unknown => crate::dictionary::check_unknown(value),
        };
        verdict.map_err(|fault| {
            let inside = at.start + fault.at.start..at.start + fault.at.end;
            Problem::of_value(ai, value, fault, if exact { inside } else { at.clone() })
        })
    }
}
