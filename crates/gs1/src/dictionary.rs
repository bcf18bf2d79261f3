//! The dictionary of Application Identifiers: which exist, which need no separator, which may stand
//! in the query of a link, and how a value is made up. The facts are rows of a table, so that a newer
//! dictionary is new rows and no new code. Not checked yet: code lists (ISO 3166, ISO 4217, media and
//! package types), IBAN, coupon codes, and the relations between AIs.

mod lint;
mod table;

use std::ops::Range;

pub use lint::Check;

use crate::ai::Ai;
use crate::value::ValueError;

/// What the dictionary says of an AI or a row of AIs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    first: &'static str,
    last: &'static str,
    /// Pre-defined length: no FNC1 separator is needed after the value.
    pub fixed: bool,
    /// May stand in the query of a link.
    pub attribute: bool,
    /// The components of a value, in order.
    pub parts: &'static [Part],
    /// The data title, as printed beside a bar code.
    pub title: &'static str,
}

/// One component of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Which characters.
    pub kind: Kind,
    /// Least number of characters.
    pub least: usize,
    /// Greatest number of characters.
    pub most: usize,
    /// Whether the value may end before this component.
    pub optional: bool,
    /// What else must hold.
    pub checks: &'static [Check],
}

/// The type of a component.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `N`: digits.
    Digits,
    /// `X`: the 82 characters.
    Cset82,
    /// `Y`: the 39 characters.
    Cset39,
    /// `Z`: base64url.
    Cset64,
}

impl Kind {
    /// Whether every character of `piece` belongs to the set.
    ///
    /// # Errors
    /// The first character that does not, with its bytes.
    pub fn check(self, piece: &str) -> Result<(), (ValueError, Range<usize>)> {
        lint::characters(self, piece)
    }
}

/// The entry of an AI.
pub fn entry(ai: Ai) -> Option<&'static Entry> {
    let text = ai.as_str();
    let after = table::ENTRIES.partition_point(|entry| entry.first <= text);
    let entry = table::ENTRIES.get(after.checked_sub(1)?)?;
    (entry.first.len() == text.len() && text <= entry.last).then_some(entry)
}

/// All entries, in order of their AI.
pub fn entries() -> &'static [Entry] {
    table::ENTRIES
}

impl Entry {
    /// The first and the last AI of the row.
    pub fn range(&self) -> (Ai, Ai) {
        (Ai::of(self.first), Ai::of(self.last))
    }

    /// Whether `value` is one this AI may carry.
    ///
    /// # Errors
    /// The first rule broken, with the bytes of `value` that break it.
    pub fn check(&self, value: &str) -> Result<(), (ValueError, Range<usize>)> {
        let whole = 0..value.len();
        let least: usize = self.parts.iter().filter(|p| !p.optional).map(|p| p.least).sum();
        let most: usize = self.parts.iter().map(|p| p.most).sum();
        if value.len() < least {
            return Err((ValueError::TooShort { least }, whole));
        }
        if value.len() > most {
            return Err((ValueError::TooLong { most }, whole));
        }
        let mut at = 0;
        for part in self.parts {
            let rest = value.len() - at;
            if part.optional && rest == 0 {
                break;
            }
            if rest < part.least {
                return Err((ValueError::TooShort { least: at + part.least }, whole));
            }
            let end = at + rest.min(part.most);
            // A cut inside a character means that it is no ASCII: the character set says so.
            let Some(piece) = value.get(at..end) else {
                return Err(not_ascii(part.kind, value));
            };
            let shifted = |(error, range): (ValueError, Range<usize>)| {
                (error, range.start + at..range.end + at)
            };
            part.kind.check(piece).map_err(shifted)?;
            for check in part.checks {
                check.run(piece).map_err(shifted)?;
            }
            at = end;
        }
        if at < value.len() {
            return Err((ValueError::TooLong { most: at }, whole));
        }
        Ok(())
    }
}

fn not_ascii(kind: Kind, value: &str) -> (ValueError, Range<usize>) {
    let (at, found) = value.char_indices().find(|(_, c)| !c.is_ascii()).unwrap_or((0, '?'));
    (lint::outside(kind, found), at..at + found.len_utf8())
}

// The words the table is written with.

#[derive(Clone, Copy)]
struct Flags {
    fixed: bool,
    attribute: bool,
}

const PLAIN: Flags = Flags { fixed: false, attribute: false };
const FIXED: Flags = Flags { fixed: true, attribute: false };
const ATTRIBUTE: Flags = Flags { fixed: false, attribute: true };
const FIXED_ATTRIBUTE: Flags = Flags { fixed: true, attribute: true };

const fn row(
    first: &'static str,
    last: &'static str,
    flags: Flags,
    parts: &'static [Part],
    title: &'static str,
) -> Entry {
    Entry { first, last, fixed: flags.fixed, attribute: flags.attribute, parts, title }
}

const fn part(kind: Kind, least: usize, most: usize) -> Part {
    Part { kind, least, most, optional: false, checks: &[] }
}

const fn n(len: usize) -> Part {
    part(Kind::Digits, len, len)
}

const fn n_to(most: usize) -> Part {
    part(Kind::Digits, 1, most)
}

const fn x(len: usize) -> Part {
    part(Kind::Cset82, len, len)
}

const fn x_to(most: usize) -> Part {
    part(Kind::Cset82, 1, most)
}

const fn y_to(most: usize) -> Part {
    part(Kind::Cset39, 1, most)
}

const fn z_to(most: usize) -> Part {
    part(Kind::Cset64, 1, most)
}

impl Part {
    const fn check(mut self, checks: &'static [Check]) -> Self {
        self.checks = checks;
        self
    }

    const fn optional(mut self) -> Self {
        self.optional = true;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_in_order_and_no_ai_is_the_start_of_another() {
        for pair in entries().windows(2) {
            assert!(pair[0].last < pair[1].first, "{} {}", pair[0].last, pair[1].first);
            assert!(!pair[1].first.starts_with(pair[0].last));
        }
    }

    #[test]
    fn the_dictionary_knows_its_541_ais_and_no_more() {
        let all = (0..10_000).map(|n| format!("{n:04}"));
        let known = all
            .flat_map(|four| [four[2..].to_owned(), four[1..].to_owned(), four])
            .collect::<std::collections::BTreeSet<_>>();
        let known = known.iter().filter_map(|ai| Ai::parse(ai)).filter(|ai| ai.is_known()).count();
        assert_eq!(known, 541);
    }

    #[test]
    fn a_value_is_checked_part_by_part() {
        let check = |ai: &str, value: &str| entry(Ai::of(ai)).expect("known").check(value);
        assert_eq!(check("7007", "260101260102"), Ok(()));
        assert_eq!(check("7007", "260101"), Ok(()));
        assert!(matches!(check("7007", "26010126"), Err((ValueError::TooShort { .. }, _))));
        assert_eq!(check("7007", "260101261301"), Err((ValueError::NoSuchMonth, 8..10)));
        assert_eq!(
            check("10", "Lô"),
            Err((ValueError::NotInSet { set: crate::value::CharSet::Cset82, found: 'ô' }, 1..3))
        );
    }
}
