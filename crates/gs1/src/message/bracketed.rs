//! Bracketed element strings as people type them. All brackets and lengths are looked at before any
//! value is, so that a slip of the hand is told before what it does to a value.

use std::borrow::Cow;
use std::ops::Range;

use super::{Element, Known, Options, primary};
use crate::ai::Ai;
use crate::problem::{Problem, ReadError};

struct Found<'a> {
    ai: Ai,
    known: Known<'a>,
    value: Cow<'a, str>,
    at: Range<usize>,
    composite: bool,
}

pub(super) fn read<'a>(
    text: &'a str,
    options: &Options<'a>,
) -> Result<Vec<Element<'a>>, ReadError> {
    let mut found: Vec<Found<'a>> = Vec::new();
    let mut at = 0;
    let mut composite = false;
    while at < text.len() {
        if !composite && !found.is_empty() && text[at..].starts_with("|(") {
            composite = true;
            at += 1;
        }
        let close = text[at..].strip_prefix('(').and_then(|rest| rest.find(')'));
        let close = close.ok_or_else(|| Problem::Brackets.at(at..text.len()))?;
        let name_at = at + 1..at + 1 + close;
        let name = &text[name_at.clone()];
        let ai = Ai::parse(name).and_then(|ai| Some((ai, Known::of(ai, options)?)));
        let (ai, known) = ai.ok_or_else(|| Problem::UnknownAi.of(name, name_at.clone()))?;
        let start = name_at.end + 1;
        let end = value_end(text, start, composite);
        if start == text.len() {
            return Err(Problem::Brackets.at(at..end));
        }
        let written = &text[start..end];
        let mut value = if written.contains("\\(") {
            Cow::Owned(written.replace("\\(", "("))
        } else {
            Cow::Borrowed(written)
        };
        if options.add_check_digit && ai == Ai::GTIN {
            value = primary::completed(value);
        }
        known.check_length(ai, &value, &(start..end))?;
        if value.contains('^') {
            return Err(Problem::Caret.of(ai.as_str(), start..end));
        }
        found.push(Found { ai, known, value, at: start..end, composite });
        at = end;
    }
    if found.is_empty() {
        return Err(Problem::NoData.at(0..text.len()));
    }
    for one in &found {
        let exact = *one.value == text[one.at.clone()];
        one.known.check_parts(one.ai, &one.value, &one.at, exact)?;
    }
    let element = |one: Found<'a>| Element {
        ai: one.ai,
        value: one.value,
        composite: one.composite,
        fixed: one.known.fixed(),
    };
    Ok(found.into_iter().map(element).collect())
}

/// Where the value that starts at `start` ends: before the next bracket that is not escaped, or
/// before the sign that the composite part follows.
fn value_end(text: &str, start: usize, composite: bool) -> usize {
    let bytes = text.as_bytes();
    let ends = |&at: &usize| match bytes[at] {
        b'(' => at == start || bytes[at - 1] != b'\\',
        b'|' => !composite && bytes.get(at + 1) == Some(&b'('),
        _ => false,
    };
    (start..bytes.len()).find(ends).unwrap_or(bytes.len())
}
