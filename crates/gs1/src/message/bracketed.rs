//! Bracketed element strings as people type them. A fault of any bracket or length is told before one
//! of any value, so that a slip of the hand is told before what it does to a value.

use std::borrow::Cow;
use std::ops::Range;

use super::{Element, Known, Options, primary};
use crate::ai::Ai;
use crate::dictionary::Kind;
use crate::problem::{Problem, ReadError};
use crate::seen::{Seen, find};

pub(super) fn read<'a>(
    text: &'a str,
    options: &Options<'a>,
) -> Result<Vec<Element<'a>>, ReadError> {
    // Room for what nearly every message has, so that the list does not grow while it is read.
    let mut out: Vec<Element<'a>> = Vec::with_capacity(8);
    let mut first_wrong = Ok(());
    let bytes = text.as_bytes();
    let mut at = 0;
    let mut composite = false;
    while at < text.len() {
        if !composite && !out.is_empty() && bytes[at..].starts_with(b"|(") {
            composite = true;
            at += 1;
        }
        let (name_at, (ai, known)) = name(text, at, options)?;
        let start = name_at.end + 1;
        let end = value_end(bytes, start, composite);
        if start == text.len() {
            return Err(Problem::Brackets.at(at..end));
        }
        let written = &text[start..end];
        let (mut value, mut seen) = (Cow::Borrowed(written), Seen::of(written.as_bytes()));
        // An escaped bracket has a backslash, which is of no set.
        if !seen.all(Kind::Cset82) && written.contains("\\(") {
            value = Cow::Owned(written.replace("\\(", "("));
            seen = Seen::of(value.as_bytes());
        }
        if options.add_check_digit && ai == Ai::GTIN {
            value = primary::completed(value);
            seen = Seen::of(value.as_bytes());
        }
        let range = start..end;
        known.check_length(ai, &value, seen, &range)?;
        if !seen.all(Kind::Cset82) && value.contains('^') {
            return Err(Problem::Caret.of(ai.as_str(), range));
        }
        if first_wrong.is_ok() {
            let exact = value.len() == written.len();
            first_wrong = known.check_parts(ai, &value, seen, &range, exact);
        }
        out.push(known.element(ai, value, composite));
        at = end;
    }
    if out.is_empty() {
        return Err(Problem::NoData.at(0..text.len()));
    }
    first_wrong.map(|()| out)
}

/// The AI in brackets at `at`, and where it stands.
fn name<'a>(
    text: &str,
    at: usize,
    options: &Options<'a>,
) -> Result<(Range<usize>, (Ai, Known<'a>)), ReadError> {
    let rest = &text.as_bytes()[at..];
    let close = match rest {
        [b'(', inside @ ..] => inside.iter().position(|b| *b == b')'),
        _ => None,
    };
    let close = close.ok_or_else(|| Problem::Brackets.at(at..text.len()))?;
    let name_at = at + 1..at + 1 + close;
    let ai = Ai::from_digits(&rest[1..=close]);
    match ai.and_then(|ai| Some((ai, Known::of(ai, options)?))) {
        Some(ai) => Ok((name_at, ai)),
        None => Err(Problem::UnknownAi.of(&text[name_at.clone()], name_at)),
    }
}

/// Where the value that starts at `start` ends: before the next bracket that is not escaped, or
/// before the sign that the composite part follows.
fn value_end(bytes: &[u8], start: usize, composite: bool) -> usize {
    let mut at = start;
    loop {
        let Some(len) = find(&bytes[at..], *b"(|") else { return bytes.len() };
        at += len;
        let ends = match bytes[at] {
            b'(' => at == start || bytes[at - 1] != b'\\',
            _ => !composite && bytes.get(at + 1) == Some(&b'('),
        };
        if ends {
            return at;
        }
        at += 1;
    }
}
