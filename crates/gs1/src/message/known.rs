//! What is known of an AI while a message is read: its entry, or the little that holds for every AI.

use std::borrow::Cow;
use std::ops::Range;

use super::{Element, Options};
use crate::ai::Ai;
use crate::dictionary::{NONE, Row};
use crate::problem::{Problem, ReadError};
use crate::seen::Seen;

/// The entry of an AI, or what an unknown one is taken for.
#[derive(Clone, Copy)]
pub(super) enum Known<'d> {
    Entry(Row<'d>),
    /// 1 to 90 of the 82 characters, ended by FNC1.
    Unknown,
}

impl<'d> Known<'d> {
    /// What a bracketed AI is. An unknown one must have the length that AIs of its first two digits
    /// have, where the dictionary knows any.
    pub(super) fn of(ai: Ai, options: &Options<'d>) -> Option<Self> {
        match options.dictionary.row(ai) {
            Some(row) => Some(Self::Entry(row)),
            None if !options.permit_unknown_ais => None,
            None => match options.dictionary.length_of_prefix(ai.as_str().as_bytes()) {
                Some(len) if len != ai.len() => None,
                _ => Some(Self::Unknown),
            },
        }
    }

    /// The element that is read with it.
    pub(super) fn element(self, ai: Ai, value: Cow<'d, str>, composite: bool) -> Element<'d> {
        match self {
            Self::Entry(Row { entry, place }) => {
                Element { ai, value, composite, fixed: entry.fixed, place }
            }
            Self::Unknown => Element { ai, value, composite, fixed: false, place: NONE },
        }
    }

    /// Whether the value is neither too short nor too long.
    #[inline]
    pub(super) fn check_length(
        self,
        ai: Ai,
        value: &str,
        seen: Seen,
        at: &Range<usize>,
    ) -> Result<(), ReadError> {
        let verdict = match self {
            Self::Entry(row) => row.entry.check_length(value, seen),
            Self::Unknown => crate::dictionary::check_unknown_length(value, seen),
        };
        verdict.map_err(|fault| Problem::of_value(ai, value, fault, at.clone()))
    }

    /// Whether the components are right. `exact` says that the value stands in the input as it is.
    #[inline]
    pub(super) fn check_parts(
        self,
        ai: Ai,
        value: &str,
        seen: Seen,
        at: &Range<usize>,
        exact: bool,
    ) -> Result<(), ReadError> {
        let verdict = match self {
            Self::Entry(row) => row.entry.check_parts(value, seen),
            Self::Unknown => crate::dictionary::check_unknown(value),
        };
        verdict.map_err(|fault| {
            let inside = at.start + fault.at.start..at.start + fault.at.end;
            Problem::of_value(ai, value, fault, if exact { inside } else { at.clone() })
        })
    }
}
