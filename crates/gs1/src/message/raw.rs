//! Raw data: AIs and values one after the other, with FNC1 (`^` or ASCII 29) where a value of free
//! length ends. Which AI comes next follows from the dictionary, because none is the start of another.

use std::borrow::Cow;

use super::{Element, Known, Options};
use crate::ai::Ai;
use crate::problem::{Problem, ReadError};

const SEPARATORS: [u8; 2] = [b'^', 0x1d];

/// Reads the data of `text` from `start`; a leading FNC1 is passed over, and `|` leads to the
/// composite part.
pub(super) fn read<'a>(
    text: &'a str,
    start: usize,
    options: &Options<'a>,
) -> Result<Vec<Element<'a>>, ReadError> {
    let mut out = Vec::new();
    match text[start..].split_once("|^") {
        Some((linear, _)) => {
            let end = start + linear.len();
            part(text, start, end, false, options, &mut out)?;
            part(text, end + 1, text.len(), true, options, &mut out)?;
        }
        None => part(text, start, text.len(), false, options, &mut out)?,
    }
    Ok(out)
}

fn part<'a>(
    text: &'a str,
    start: usize,
    end: usize,
    composite: bool,
    options: &Options<'a>,
    out: &mut Vec<Element<'a>>,
) -> Result<(), ReadError> {
    let mut at = start;
    if text.as_bytes()[at..end].first().is_some_and(|b| SEPARATORS.contains(b)) {
        at += 1;
    }
    if at == end {
        return Err(Problem::NoData.at(start..end));
    }
    while at < end {
        let rest = &text[at..end];
        let Some((ai, known)) = next_ai(rest, options) else {
            return Err(Problem::NoAiForPrefix.at(at..end));
        };
        let value_at = at + ai.len();
        // A value of pre-defined length is looked for no further than it can go, so that a long row
        // of them is read in one pass.
        let most = match known {
            Known::Entry(entry) if entry.fixed => end.min(value_at + entry.fixed_length()),
            _ => end,
        };
        let bytes = &text.as_bytes()[value_at..most];
        let stop = bytes.iter().position(|b| SEPARATORS.contains(b)).map(|len| value_at + len);
        // A cut inside a character means that it is no digit; the check says so.
        let mut value_end = stop.unwrap_or(most);
        while !text.is_char_boundary(value_end) {
            value_end += 1;
        }
        let (value, range) = (&text[value_at..value_end], value_at..value_end);
        known.check_length(ai, value, &range)?;
        known.check_parts(ai, value, &range, true)?;
        out.push(Element { ai, value: Cow::Borrowed(value), composite, fixed: known.fixed() });
        let separated = text.as_bytes()[value_end..end].first();
        at = value_end + usize::from(separated.is_some_and(|b| SEPARATORS.contains(b)));
    }
    Ok(())
}

/// The AI that the text starts with. One that is not known must at least have first digits that tell
/// how long it is.
fn next_ai<'a>(text: &str, options: &Options<'a>) -> Option<(Ai, Known<'a>)> {
    if let Some((ai, entry)) = options.dictionary.entry_of_start(text.as_bytes()) {
        return Some((ai, Known::Entry(entry)));
    }
    if !options.permit_unknown_ais {
        return None;
    }
    let len = options.dictionary.length_of_prefix(text)?;
    Some((Ai::parse(text.get(..len)?)?, Known::Unknown))
}
