//! The dictionary of Application Identifiers: which exist, which need no separator, how a value is
//! made up, which may stand in a link and where, and which belong together. All of it is data: the
//! rows that ship with the crate and a newer file read at run time go the same way, and a new AI
//! needs no code.

mod changes;
mod coupon;
mod index;
mod lint;
mod lists;
mod parse;
mod relations;
mod table;

use std::ops::Range;
use std::sync::LazyLock;

pub use changes::Change;
pub use coupon::{CouponFault, CouponField};
pub use lint::{Check, highlight};
pub use lists::{country_letters, currency_letters};
pub use parse::{DictionaryError, Warning};
pub use relations::{Broken, Group, Pattern};

use index::Slot;
pub(crate) use index::{NONE, Row};

use crate::ai::Ai;
use crate::seen::Seen;
use crate::value::ValueError;

/// A dictionary: the built-in one, or one read from a file.
///
/// ```
/// use gs1::dictionary::Dictionary;
/// // A line as GS1 writes it, for an AI that does not exist (minh hoạ).
/// let own = Dictionary::parse("89 ? X..10,cset39 req=01 # EXAMPLE")?;
/// let changes = Dictionary::built_in().changes(&own);
/// assert!(changes.iter().any(|change| change.to_string() == "+ 89 ? X..10,cset39 req=01 # EXAMPLE"));
/// # Ok::<(), gs1::dictionary::DictionaryError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Dictionary {
    release: Option<String>,
    entries: Vec<Entry>,
    warnings: Vec<Warning>,
    /// For every AI, filled up with zeros to four digits, its entry; [`index::NOWHERE`] elsewhere.
    index: Vec<Slot>,
    /// The relations of each entry.
    bits: Vec<relations::Bits>,
}

/// What the dictionary says of an AI or a row of AIs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    first: Ai,
    last: Ai,
    /// Pre-defined length: no FNC1 separator is needed after the value.
    pub fixed: bool,
    /// May stand in the query of a link.
    pub attribute: bool,
    /// The components of a value, in order.
    pub parts: Vec<Part>,
    /// The data title, as printed beside a bar code.
    pub title: String,
    /// At least one group of each rule must be in the message.
    pub requires: Vec<Vec<Group>>,
    /// What may not be in the message.
    pub excludes: Vec<Pattern>,
    /// For a primary key of links, the rows of qualifiers that may follow; none for other AIs.
    pub qualifiers: Option<Vec<Vec<Ai>>>,
    // The bounds of the whole value, in bytes.
    least: usize,
    most: usize,
}

/// One component of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    pub checks: Vec<Check>,
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

/// A value broke a rule: which, where in the value, and where the component it is in ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) error: ValueError,
    pub(crate) at: Range<usize>,
    pub(crate) part_end: usize,
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

static BUILT_IN: LazyLock<Dictionary> = LazyLock::new(|| {
    Dictionary::of_rows(table::ROWS.iter().copied().enumerate(), Some(table::RELEASE.to_owned()))
        .expect("the built-in rows are well-formed, as a test shows")
});

/// The entry of an AI in the built-in dictionary.
pub fn entry(ai: Ai) -> Option<&'static Entry> {
    BUILT_IN.entry(ai)
}

/// All entries of the built-in dictionary, in order of their AI.
pub fn entries() -> &'static [Entry] {
    BUILT_IN.entries()
}

impl Dictionary {
    /// The dictionary that ships with the crate: the release of 2026-01-27.
    pub fn built_in() -> &'static Self {
        &BUILT_IN
    }

    /// The date of the release, where the file says one.
    pub fn release(&self) -> Option<&str> {
        self.release.as_deref()
    }

    /// All entries, in order of their AI.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// What was read and could not be used: linters this program does not know.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// The entry of an AI.
    #[inline]
    pub fn entry(&self, ai: Ai) -> Option<&Entry> {
        self.row(ai).map(|row| row.entry)
    }

    /// Whether the AI is the primary key of links.
    pub fn is_primary(&self, ai: Ai) -> bool {
        self.entry(ai).is_some_and(|entry| entry.qualifiers.is_some())
    }
}

impl Entry {
    /// The first and the last AI of the row.
    pub fn range(&self) -> (Ai, Ai) {
        (self.first, self.last)
    }

    /// Every AI of the row.
    fn ais(&self) -> impl Iterator<Item = Ai> {
        let last = self.last;
        std::iter::successors(Some(self.first), move |ai| ai.next().filter(|next| *next <= last))
    }

    /// The length that a value has at least.
    pub(crate) fn least_length(&self) -> usize {
        self.least
    }

    /// The length of a value that needs no separator; of a fixed entry only.
    pub(crate) fn fixed_length(&self) -> usize {
        self.most
    }

    /// Whether `value` is one this AI may carry.
    ///
    /// # Errors
    /// The first rule broken, with the bytes of `value` that break it.
    pub fn check(&self, value: &str) -> Result<(), (ValueError, Range<usize>)> {
        let seen = Seen::of(value.as_bytes());
        self.judge(value, seen).map_err(|fault| (fault.error, fault.at))
    }

    /// As [`Entry::check`], with the classes of the value's bytes.
    pub(crate) fn judge(&self, value: &str, seen: Seen) -> Result<(), Fault> {
        self.check_length(value, seen).and_then(|()| self.check_parts(value, seen))
    }

    /// Whether the value as a whole is neither too short nor too long.
    #[inline]
    pub(crate) fn check_length(&self, value: &str, seen: Seen) -> Result<(), Fault> {
        let len = characters(value, seen);
        if len >= self.least && len <= self.most {
            return Ok(());
        }
        let error = if len < self.least {
            ValueError::TooShort { least: self.least }
        } else {
            ValueError::TooLong { most: self.most }
        };
        Err(Fault::of_whole(error, value))
    }

    /// Whether every component is right; the length as a whole was checked before.
    pub(crate) fn check_parts(&self, value: &str, seen: Seen) -> Result<(), Fault> {
        let mut at = 0;
        for part in &self.parts {
            let rest = value.len() - at;
            if part.optional && rest == 0 {
                break;
            }
            if rest < part.least {
                let error = ValueError::TooShort { least: at + part.least };
                return Err(Fault::of_whole(error, value));
            }
            // What holds for all characters of the value holds for those of the component.
            let good = seen.all(part.kind);
            let end = if good { at + rest.min(part.most) } else { part.end(value, at) };
            let piece = &value[at..end];
            let fault = |(error, range): (ValueError, Range<usize>)| Fault {
                error,
                at: range.start + at..range.end + at,
                part_end: end,
            };
            if !good {
                part.kind.check(piece).map_err(fault)?;
            }
            for check in &part.checks {
                check.run(piece).map_err(fault)?;
            }
            at = end;
        }
        if at < value.len() {
            return Err(Fault::of_whole(ValueError::TooLong { most: at }, value));
        }
        Ok(())
    }
}

impl Part {
    /// Where the component that starts at `at` ends. Lengths are in characters; where they are not in
    /// bytes, the character set will refuse the value, and the cut is made for showing where.
    fn end(&self, value: &str, at: usize) -> usize {
        let rest = &value[at..];
        let len = rest.len().min(self.most);
        if rest.get(..len).is_some_and(str::is_ascii) {
            return at + len;
        }
        at + rest.char_indices().nth(self.most).map_or(rest.len(), |(len, _)| len)
    }
}

impl Fault {
    #[cold]
    fn of_whole(error: ValueError, value: &str) -> Self {
        Self { error, at: 0..value.len(), part_end: value.len() }
    }
}

/// The greatest length of a value whose AI is not known.
const MOST_UNKNOWN: usize = 90;

/// Whether the value of an AI that is not known has a length it may have.
pub(crate) fn check_unknown_length(value: &str, seen: Seen) -> Result<(), Fault> {
    let error = match characters(value, seen) {
        0 => ValueError::TooShort { least: 1 },
        1..=MOST_UNKNOWN => return Ok(()),
        _ => ValueError::TooLong { most: MOST_UNKNOWN },
    };
    Err(Fault::of_whole(error, value))
}

/// Whether the value of an AI that is not known is of the 82 characters.
pub(crate) fn check_unknown(value: &str) -> Result<(), Fault> {
    let verdict = lint::characters(Kind::Cset82, value);
    verdict.map_err(|(error, at)| Fault { error, at, part_end: value.len() })
}

/// The length of a value in characters.
#[inline]
fn characters(value: &str, seen: Seen) -> usize {
    if seen.is_ascii() { value.len() } else { value.chars().count() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_in_order_and_no_ai_is_the_start_of_another() {
        for pair in entries().windows(2) {
            assert!(pair[0].last < pair[1].first, "{} {}", pair[0].last, pair[1].first);
            assert!(!pair[1].first.as_str().starts_with(pair[0].last.as_str()));
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

    #[test]
    fn an_ai_is_found_at_the_start_of_scanned_data() {
        let start = |text: &str| Dictionary::built_in().row_of_start(text.as_bytes()).map(|f| f.0);
        assert_eq!(start("0108931234567897"), Some(Ai::GTIN));
        assert_eq!(start("3103"), Ai::parse("3103"));
        for none in ["", "0", "31", "310", "310x", "0x", "05", "3199"] {
            assert_eq!(start(none), None, "{none}");
        }
    }
}
