//! Reading a link (URI Syntax 1.6.0, 4). The address is cut up on its bytes and never rebuilt, so
//! every fault can be shown where it stands. The primary key is looked for from the end of the path,
//! two segments at a time: what stands before it is the stem, whatever it looks like.

use std::borrow::Cow;
use std::ops::Range;

use super::view::{Found, View};
use super::{LinkError, host, keys};
use crate::ai::Ai;
use crate::dictionary::{Dictionary, Entry, Row};
use crate::percent;
use crate::problem::Problem;
use crate::seen::{Seen, find, find_last};

/// How much a reader forgives. Everything a tolerant reader accepts is written back in the strict
/// form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// A GTIN of 8, 12 or 13 digits is filled with zeros to 14 (required since 1.4).
    pub short_gtin: bool,
    /// `/gtin/`, `/lot/`, `/ser/` and the other names dropped in 1.3.
    pub short_names: bool,
    /// One slash after the last value.
    pub trailing_slash: bool,
    /// A parameter of digits that is no AI is kept among the other parameters. The syntax reserves
    /// such names; a resolver has no reason to fail on them.
    pub unknown_ais: bool,
}

impl Reading {
    /// What a scan page needs: forgives all of it.
    pub const fn tolerant() -> Self {
        Self { short_gtin: true, short_names: true, trailing_slash: true, unknown_ais: true }
    }

    /// The letter of URI Syntax 1.6.0.
    pub const fn strict() -> Self {
        Self { short_gtin: false, short_names: false, trailing_slash: false, unknown_ais: false }
    }
}

impl Default for Reading {
    fn default() -> Self {
        Self::tolerant()
    }
}

/// Reads in the order of the reference engine, so that of several faults the same one is told: the
/// characters, the address, the path with the lengths of its values, the query likewise, the rows of
/// keys, and only then what the values say.
pub(super) fn parse<'a>(
    text: &'a str,
    reading: Reading,
    dictionary: &'a Dictionary,
) -> Result<View<'a>, LinkError> {
    // No pass of its own is made over the characters: what is read is seen, and only where a fault was
    // found before all was read, a character further on may come before that fault.
    let reader =
        Reader { text, bytes: text.as_bytes(), reading, dictionary, seen: Seen::default() };
    let read = reader.read();
    if read.is_err() {
        return characters(text).and(read);
    }
    read
}

/// Only the characters of RFC 3986 may stand in the address.
#[cold]
fn characters(text: &str) -> Result<(), LinkError> {
    let bad = text.bytes().position(|b| !Seen::byte(b).is_address());
    let Some(at) = bad else { return Ok(()) };
    // Every byte before is ASCII, so a character starts here.
    let found = text[at..].chars().next().unwrap_or('\u{fffd}');
    Err(Problem::Character(found).at(at..at + found.len_utf8()))
}

/// Whether scheme, host and characters are those of an address, whatever its path says.
pub(crate) fn is_address(text: &str) -> bool {
    let Some(host_at) = host::after_scheme(text) else { return false };
    let host_end = find(&text.as_bytes()[host_at..], *b"/").map_or(text.len(), |at| host_at + at);
    characters(text).is_ok()
        && host::characters(text, host_at..host_end).is_ok()
        && host::form(text, host_at..host_end).is_ok()
}

/// What a link is read with.
struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    reading: Reading,
    dictionary: &'a Dictionary,
    /// What was read so far.
    seen: Seen,
}

impl<'a> Reader<'a> {
    fn read(mut self) -> Result<View<'a>, LinkError> {
        let (text, end) = (self.text, self.bytes.len());
        let no_scheme = || {
            let colon = text.bytes().position(|b| b == b':');
            Problem::Scheme.at(0..colon.unwrap_or(end))
        };
        let host_at = host::after_scheme(text).ok_or_else(no_scheme)?;
        let Some(host_len) = find(&self.bytes[host_at..], *b"/") else {
            return Err(Problem::NoPath.at(end..end));
        };
        let host_end = host_at + host_len;
        // A plain name, as nearly always, is right as it is.
        let plain_host = host_len > 0 && Seen::of(&self.bytes[host_at..host_end]).is_name();
        if !plain_host {
            host::characters(text, host_at..host_end)?;
        }
        let path_len = find(&self.bytes[host_end..], *b"?#");
        let path_end = path_len.map_or(end, |len| host_end + len);
        let (stem_end, mut found) = self.path(host_end..path_end)?;
        let keys = found.len();
        let (mut other, mut fragment_at) = (Vec::new(), path_end);
        if self.bytes.get(path_end) == Some(&b'?') {
            fragment_at = self.query(path_end + 1, &mut found, &mut other)?;
        }
        let view = View {
            text,
            host_end,
            stem_end,
            keys,
            found,
            other,
            fragment: text.get(fragment_at + 1..),
        };
        self.seen = self.seen.and(Seen::of(view.fragment.unwrap_or_default().as_bytes()));

        let [primary, after @ ..] = view.keys() else {
            return Err(Problem::NoKey.at(host_end..path_end));
        };
        if !keys::fits(primary.entry, &after.iter().map(|found| found.ai)) {
            let last = after.last().unwrap_or(primary);
            let span = primary.name.start..last.at.end;
            return Err(Problem::Sequence.of(primary.ai.to_string(), span));
        }
        attributes(&view)?;
        if !plain_host {
            host::form(text, host_at..host_end)?;
        }
        for found in &view.found {
            self.value(found)?;
        }
        if !self.seen.is_address() {
            characters(text)?;
        }
        Ok(view)
    }

    /// Finds the keys; gives also where the stem ends.
    fn path(&mut self, range: Range<usize>) -> Result<(usize, Vec<Found<'a>>), LinkError> {
        let (text, mut end) = (self.text, range.end);
        if self.reading.trailing_slash && range.len() > 1 && self.bytes[end - 1] == b'/' {
            end -= 1;
        }
        // Pairs of segments from the end, until one names a primary key. Room for one more pair than
        // any key of today has, and attributes.
        let mut found: Vec<Found<'a>> = Vec::with_capacity(8);
        let mut rest = end;
        loop {
            let no_key = || Problem::NoKey.at(range.start..end);
            let path = &self.bytes[range.start..rest];
            let value_at = find_last(path, b'/').ok_or_else(no_key)?;
            let name_at = find_last(&path[..value_at], b'/').ok_or_else(no_key)?;
            let seen = Seen::of(&path[value_at + 1..]);
            self.seen = self.seen.and(seen);
            let (value_at, name_at) = (range.start + value_at, range.start + name_at);
            let name = name_at + 1..value_at;
            let Some((ai, Row { entry, place })) = self.path_ai(name.clone()) else {
                return Err(Problem::UnknownInPath.at(name));
            };
            let at = value_at + 1..rest;
            let value = Cow::Borrowed(&text[at.clone()]);
            found.push(Found { ai, seen, entry, place, value, name, at });
            rest = name_at;
            if entry.qualifiers.is_some() {
                break;
            }
        }
        // The names are those of AIs and need no look.
        self.seen = self.seen.and(Seen::of(&self.bytes[range.start..rest]));
        found.reverse();
        for key in &mut found {
            if key.at.is_empty() {
                return Err(Problem::EmptyPathValue.of(key.ai.as_str(), key.name.clone()));
            }
            self.decode(key, false)?;
        }
        Ok((rest, found))
    }

    /// The AI a path segment names.
    fn path_ai(&self, name: Range<usize>) -> Option<(Ai, Row<'a>)> {
        if let Some(known) = self.dictionary.row_named(&self.bytes[name.clone()]) {
            return Some(known);
        }
        let ai = keys::of_short_name(&self.text[name]).filter(|_| self.reading.short_names)?;
        Some((ai, self.dictionary.row(ai)?))
    }

    /// Reads the parameters from `at` on; gives where the fragment or the end is.
    fn query(
        &mut self,
        mut at: usize,
        found: &mut Vec<Found<'a>>,
        other: &mut Vec<(&'a str, &'a str)>,
    ) -> Result<usize, LinkError> {
        let (text, bytes) = (self.text, self.bytes);
        loop {
            let start = at;
            // `;` separated parameters before 1.2 and is still read so by the reference.
            let len = find(&bytes[start..], *b"&;#").unwrap_or(bytes.len() - start);
            let end = start + len;
            let parameter = &bytes[start..end];
            match parameter.iter().position(|b| *b == b'=') {
                Some(sign) => {
                    let seen = Seen::of(&parameter[sign + 1..]);
                    self.seen = self.seen.and(Seen::of(&parameter[..sign])).and(seen);
                    let sign = start + sign;
                    self.parameter(start..sign, sign + 1..end, seen, found, other)?;
                }
                None if len > 0 => {
                    self.seen = self.seen.and(Seen::of(parameter));
                    other.push((&text[start..end], ""));
                }
                None => {}
            }
            match bytes.get(end) {
                Some(b'&' | b';') => at = end + 1,
                _ => return Ok(end),
            }
        }
    }

    /// A parameter with a value.
    fn parameter(
        &self,
        name: Range<usize>,
        at: Range<usize>,
        seen: Seen,
        found: &mut Vec<Found<'a>>,
        other: &mut Vec<(&'a str, &'a str)>,
    ) -> Result<(), LinkError> {
        let value = &self.text[at.clone()];
        let Some((ai, row)) = self.dictionary.row_named(&self.bytes[name.clone()]) else {
            let written = &self.text[name.clone()];
            if self.reading.unknown_ais || !written.bytes().all(|b| b.is_ascii_digit()) {
                other.push((written, value));
                return Ok(());
            }
            return Err(Problem::UnknownInQuery.of(written, name));
        };
        if value.is_empty() {
            return Err(Problem::EmptyQueryValue.of(&self.text[name.clone()], name));
        }
        let (Row { entry, place }, value) = (row, Cow::Borrowed(value));
        let mut one = Found { ai, seen, entry, place, value, name, at };
        self.decode(&mut one, true)?;
        found.push(one);
        Ok(())
    }

    /// Decodes a value and checks its length.
    #[inline]
    fn decode(&self, found: &mut Found<'a>, in_query: bool) -> Result<(), LinkError> {
        if found.seen.has_escape() {
            self.unescape(found, in_query)?;
        }
        if found.ai == Ai::GTIN
            && self.reading.short_gtin
            && matches!(found.value.len(), 8 | 12 | 13)
        {
            found.value = Cow::Owned(format!("{:0>14}", found.value));
        }
        let length = found.entry.check_length(&found.value, found.seen);
        length.map_err(|fault| Problem::of_value(found.ai, &found.value, fault, found.at.clone()))
    }

    fn unescape(&self, found: &mut Found<'a>, in_query: bool) -> Result<(), LinkError> {
        let at = &found.at;
        let decoded = percent::decode(&self.text[at.clone()], in_query);
        found.value = decoded.map_err(|null| {
            let problem = if in_query { Problem::NullInQuery } else { Problem::NullInPath };
            problem.of(found.ai.as_str(), at.start + null.0..at.start + null.0 + 3)
        })?;
        found.seen = Seen::of(found.value.as_bytes());
        Ok(())
    }

    /// Checks what a value says.
    fn value(&self, found: &Found<'_>) -> Result<(), LinkError> {
        found.entry.check_parts(&found.value, found.seen).map_err(|fault| {
            // Where nothing was escaped or filled up, the range can be as exact as the check's own.
            let start = found.at.start;
            let exact = found.value == self.text[found.at.clone()];
            let at =
                if exact { start + fault.at.start..start + fault.at.end } else { found.at.clone() };
            Problem::of_value(found.ai, &found.value, fault, at)
        })
    }
}

/// Whether every attribute may stand in the query: the lowest AI first, as the reference looks.
fn attributes(view: &View<'_>) -> Result<(), LinkError> {
    // Nearly always one or none, and then there is nothing to sort.
    let mut many: Vec<&Found<'_>>;
    let one;
    let sorted = match view.attributes() {
        [] => return Ok(()),
        [found] => {
            one = [found];
            &one[..]
        }
        all => {
            many = all.iter().collect();
            many.sort_by_key(|found| found.ai);
            &many[..]
        }
    };
    for (place, found) in sorted.iter().enumerate() {
        let in_path = view.keys().iter().any(|key| key.ai == found.ai);
        if in_path || place > 0 && sorted[place - 1].ai == found.ai {
            return Err(Problem::Duplicate.of(found.ai.as_str(), found.name.clone()));
        }
        let after = || view.keys()[1..].iter().map(|key| key.ai);
        may_be_attribute(view.keys()[0].entry, after, found.ai, found.entry, found.name.clone())?;
    }
    Ok(())
}

/// Whether `ai` may stand in the query of a link.
pub(super) fn may_be_attribute<I: Iterator<Item = Ai> + Clone>(
    primary: &Entry,
    after: impl Fn() -> I,
    ai: Ai,
    entry: &Entry,
    at: Range<usize>,
) -> Result<(), LinkError> {
    if !entry.attribute {
        return Err(Problem::NotAttribute.of(ai.to_string(), at));
    }
    if keys::could_join(primary, &after(), ai) {
        return Err(Problem::BelongsInPath.of(ai.to_string(), at));
    }
    Ok(())
}
