//! Raw data: AIs and values one after the other, with FNC1 (`^` or ASCII 29) where a value of free
//! length ends. Which AI comes next follows from the dictionary, because none is the start of another.

use std::borrow::Cow;
use std::ops::Range;

use super::{Element, Known, Options};
use crate::ai::Ai;
use crate::dictionary::Row;
use crate::problem::{Problem, ReadError};
use crate::seen::{Seen, find};

/// Reads the data of `text` from `start`; a leading FNC1 is passed over, and `|` leads to the
/// composite part.
pub(super) fn read<'a>(
    text: &'a str,
    start: usize,
    options: &Options<'a>,
) -> Result<Vec<Element<'a>>, ReadError> {
    let bytes = &text.as_bytes()[start..];
    let Some(linear) = bytes.windows(2).position(|two| two == b"|^") else {
        return read_linear(text, start, options);
    };
    let (mut out, end) = (Vec::new(), start + linear);
    part(text, start..end, false, options, &mut out)?;
    part(text, end + 1..text.len(), true, options, &mut out)?;
    Ok(out)
}

/// As [`read`], for data that have no composite part.
pub(super) fn read_linear<'a>(
    text: &'a str,
    start: usize,
    options: &Options<'a>,
) -> Result<Vec<Element<'a>>, ReadError> {
    // Room for what nearly every message has, so that the list does not grow while it is read.
    let mut out = Vec::with_capacity(8);
    part(text, start..text.len(), false, options, &mut out)?;
    Ok(out)
}

fn part<'a>(
    text: &'a str,
    range: Range<usize>,
    composite: bool,
    options: &Options<'a>,
    out: &mut Vec<Element<'a>>,
) -> Result<(), ReadError> {
    let end = range.end;
    let bytes = &text.as_bytes()[..end];
    let separator_at = |at: usize| bytes.get(at).is_some_and(|b| matches!(b, b'^' | 0x1d));
    let mut at = range.start + usize::from(separator_at(range.start));
    if at == end {
        return Err(Problem::NoData.at(range));
    }
    while at < end {
        let Some((ai, known)) = next_ai(&bytes[at..], options) else {
            return Err(Problem::NoAiForPrefix.at(at..end));
        };
        let value_at = at + ai.len();
        // A value of pre-defined length is looked for no further than it can go, so that a long row
        // of them is read in one pass.
        let most = match known {
            Known::Entry(Row { entry, .. }) if entry.fixed => {
                end.min(value_at + entry.fixed_length())
            }
            _ => end,
        };
        let stop = find(&bytes[value_at..most], *b"^\x1d");
        let mut value_end = stop.map_or(most, |len| value_at + len);
        // A cut inside a character means that it is no digit; the check says so.
        while !text.is_char_boundary(value_end) {
            value_end += 1;
        }
        let (value, range) = (&text[value_at..value_end], value_at..value_end);
        let seen = Seen::of(value.as_bytes());
        known.check_length(ai, value, seen, &range)?;
        known.check_parts(ai, value, seen, &range, true)?;
        out.push(known.element(ai, Cow::Borrowed(value), composite));
        at = value_end + usize::from(separator_at(value_end));
    }
    Ok(())
}

/// The AI that the text starts with. One that is not known must at least have first digits that tell
/// how long it is.
fn next_ai<'a>(text: &[u8], options: &Options<'a>) -> Option<(Ai, Known<'a>)> {
    if let Some((ai, row)) = options.dictionary.row_of_start(text) {
        return Some((ai, Known::Entry(row)));
    }
    if !options.permit_unknown_ais {
        return None;
    }
    let len = options.dictionary.length_of_prefix(text)?;
    Some((Ai::from_digits(text.get(..len)?)?, Known::Unknown))
}
