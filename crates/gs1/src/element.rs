//! Element strings: how AIs and values stand in bar codes (General Specifications 7.8) and under them.
//! Reads the bracketed form people type, `(01)…(10)…`, and the form scanners give, with or without a
//! symbology identifier; writes both and the human readable lines. This is for those who know what they
//! hold; [`crate::message`] reads every syntax and checks which AIs belong together.

use crate::ai::Ai;
use crate::dictionary::{self, Entry};
use crate::link::{Link, LinkBuilder, LinkError};
use crate::problem::Problem;
use crate::seen::Seen;

/// What is wrong with an element string.
pub type ElementError = crate::problem::ReadError;

/// AIs with their values, in the order they were read.
pub type Elements = Vec<(Ai, String)>;

/// The separator between values of free length, ASCII 29.
const GS: char = '\u{1d}';

/// The symbology identifiers whose data are element strings (ISO/IEC 15424): GS1-128, DataMatrix,
/// QR, DataBar, DotCode.
const SYMBOLOGIES: [&str; 5] = ["]C1", "]d2", "]Q3", "]e0", "]J1"];

/// Reads an element string in either form.
///
/// ```
/// use gs1::{Ai, element};
/// let typed = element::read("(01)08931234567897(10)L7(17)261231")?;
/// let scanned = element::read("]C1010893123456789710L7\u{1d}17261231")?;
/// assert_eq!(typed, scanned);
/// assert_eq!(typed[1], (Ai::LOT, "L7".to_owned()));
/// # Ok::<(), gs1::ElementError>(())
/// ```
///
/// # Errors
/// An unknown AI, a value against its rule, the same AI twice with different values, or text that is
/// in neither form. The range is in bytes of `text`.
pub fn read(text: &str) -> Result<Elements, ElementError> {
    if text.starts_with('(') { read_bracketed(text) } else { read_raw(text) }
}

/// Reads `(01)…(10)…`; in a value `\(` stands for a bracket.
///
/// # Errors
/// See [`read`].
pub fn read_bracketed(text: &str) -> Result<Elements, ElementError> {
    let mut out = Elements::new();
    let mut at = 0;
    while at < text.len() {
        let Some(close) = text[at..].strip_prefix('(').and_then(|rest| rest.find(')')) else {
            return Err(Problem::Brackets.at(at..text.len()));
        };
        let name = &text[at + 1..at + 1 + close];
        let name_at = at + 1..at + 1 + close;
        let value_at = at + close + 2;
        let end = value_end(text, value_at);
        if end == value_at {
            return Err(Problem::Brackets.at(at..end));
        }
        let Some((ai, entry)) = known(name) else {
            return Err(Problem::UnknownAi.of(name, name_at));
        };
        let written = &text[value_at..end];
        let value = written.replace("\\(", "(");
        checked(entry, ai, &value, value_at, value == written, value_at..end)?;
        push(&mut out, ai, value, name_at)?;
        at = end;
    }
    if out.is_empty() { Err(Problem::Brackets.at(0..text.len())) } else { Ok(out) }
}

/// Where the value that starts at `start` ends: before the next bracket that is not escaped.
fn value_end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let open = |&at: &usize| bytes[at] == b'(' && (at == start || bytes[at - 1] != b'\\');
    (start..bytes.len()).find(open).unwrap_or(bytes.len())
}

/// Reads what a scanner gives: an optional symbology identifier, then AIs and values, where a value of
/// free length ends at ASCII 29. Text that starts with `^` has `^` for that separator, the notation of
/// people who write such data down.
///
/// # Errors
/// See [`read`].
pub fn read_raw(text: &str) -> Result<Elements, ElementError> {
    let mut at = if SYMBOLOGIES.iter().any(|id| text.starts_with(id)) { 3 } else { 0 };
    let separator = if text[at..].starts_with('^') { '^' } else { GS };
    if text[at..].starts_with(separator) {
        at += 1;
    }
    let mut out = Elements::new();
    while at < text.len() {
        let rest = &text[at..];
        // No AI is the start of another, so the first that is known is the one.
        let Some((ai, entry)) = (2..=4).find_map(|len| known(rest.get(..len)?)) else {
            return Err(Problem::UnknownAi.at(at..text.len()));
        };
        let name_at = at..at + ai.as_str().len();
        let value_at = name_at.end;
        // A value of pre-defined length is looked for no further than it can go, so that a long row
        // of them is read in one pass.
        let most = if entry.fixed { value_at + entry.fixed_length() } else { text.len() };
        let most = most.min(text.len());
        let bytes = &text.as_bytes()[value_at..most];
        let stop = bytes.iter().position(|b| char::from(*b) == separator);
        let end = stop.map_or(most, |len| value_at + len);
        let Some(value) = text.get(value_at..end) else {
            return Err(Problem::Brackets.of(ai.to_string(), value_at..text.len()));
        };
        checked(entry, ai, value, value_at, true, value_at..end)?;
        push(&mut out, ai, value.to_owned(), name_at)?;
        at = if text[end..].starts_with(separator) { end + 1 } else { end };
    }
    if out.is_empty() { Err(Problem::Brackets.at(0..text.len())) } else { Ok(out) }
}

fn known(name: &str) -> Option<(Ai, &'static Entry)> {
    let ai = Ai::parse(name)?;
    Some((ai, dictionary::entry(ai)?))
}

/// Checks a value that starts at `start` of the input; the exact range holds only where it is written
/// as it is.
fn checked(
    entry: &Entry,
    ai: Ai,
    value: &str,
    start: usize,
    exact: bool,
    whole: std::ops::Range<usize>,
) -> Result<(), ElementError> {
    let seen = Seen::of(value.as_bytes());
    let verdict = entry.judge(value, seen);
    verdict.map_err(|fault| {
        let at = if exact { start + fault.at.start..start + fault.at.end } else { whole };
        Problem::of_value(ai, value, fault, at)
    })
}

/// Adds an element. Repeated with the same value it is the same fact.
fn push(
    out: &mut Elements,
    ai: Ai,
    value: String,
    at: std::ops::Range<usize>,
) -> Result<(), ElementError> {
    match out.iter().find(|(known, _)| *known == ai) {
        Some((_, same)) if *same == value => Ok(()),
        Some(_) => Err(Problem::Duplicate.of(ai.to_string(), at)),
        None => {
            out.push((ai, value));
            Ok(())
        }
    }
}

/// The link on `https://id.gs1.org` that says the same.
///
/// # Errors
/// See [`LinkBuilder::build`].
pub fn to_link(elements: &[(Ai, String)]) -> Result<Link, LinkError> {
    let add = |link: LinkBuilder, (ai, value): &(Ai, String)| link.with(ai.as_str(), value);
    elements.iter().fold(LinkBuilder::new(), add).build()
}

/// The elements of a link: keys, then attributes in their order.
pub fn of_link(link: &Link) -> Elements {
    link.keys().iter().chain(link.attributes()).cloned().collect()
}

/// `(01)…(10)…`, with brackets inside values escaped.
pub fn bracketed(elements: &[(Ai, String)]) -> String {
    let one = |(ai, value): &(Ai, String)| format!("({ai}){}", value.replace('(', "\\("));
    elements.iter().map(one).collect()
}

/// The data a symbol holds after its FNC1, with ASCII 29 where a value of free length is followed by
/// another.
pub fn raw(elements: &[(Ai, String)]) -> String {
    let mut out = String::new();
    let mut open = false;
    for (ai, value) in elements {
        if open {
            out.push(GS);
        }
        out.push_str(ai.as_str());
        out.push_str(value);
        open = !dictionary::entry(*ai).is_some_and(|entry| entry.fixed);
    }
    out
}

/// The human readable lines under a symbol (General Specifications 4.14): `(01) 08931234567897`.
pub fn hri(link: &Link) -> Vec<String> {
    link.keys()
        .iter()
        .chain(link.attributes())
        .map(|(ai, value)| format!("({ai}) {value}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bracket_inside_a_value_is_escaped_and_comes_back() -> Result<(), ElementError> {
        let elements = read("(01)08931234567897(10)L\\(7)")?;
        assert_eq!(elements[1].1, "L(7)");
        assert_eq!(bracketed(&elements), "(01)08931234567897(10)L\\(7)");
        Ok(())
    }

    #[test]
    fn a_fixed_length_needs_no_separator_and_a_free_one_does() -> Result<(), ElementError> {
        let elements = read("]d20108931234567897172612311012\u{1d}21S")?;
        assert_eq!(bracketed(&elements), "(01)08931234567897(17)261231(10)12(21)S");
        assert_eq!(raw(&elements), "0108931234567897172612311012\u{1d}21S");
        Ok(())
    }

    #[test]
    fn a_fault_is_shown_where_it_stands() {
        let error = read("(01)08931234567890(10)L").expect_err("wrong check digit");
        assert_eq!(
            (error.name, error.ai.as_deref(), error.at),
            ("AI_LINTER_ERROR", Some("01"), 17..18)
        );
        let error = read("(17)261331").expect_err("month 13");
        assert_eq!(error.at, 6..8);
        let error = read("(05)1").expect_err("no such AI");
        assert_eq!((error.name, error.at), ("AI_UNRECOGNISED", 1..3));
        assert!(read("").is_err() && read("()").is_err() && read("(10)").is_err());
    }

    #[test]
    fn lines_for_people_follow_the_link() -> Result<(), LinkError> {
        let link = Link::parse("https://tx.vn/01/08931234567897/10/L7?17=261231")?;
        assert_eq!(hri(&link), ["(01) 08931234567897", "(10) L7", "(17) 261231"]);
        Ok(())
    }
}
