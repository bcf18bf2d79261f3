//! Reading a link (URI Syntax 1.6.0, 4). The address is cut up on its bytes and never rebuilt, so
//! every fault can be shown where it stands. The primary key is looked for from the end of the path,
//! two segments at a time: what stands before it is the stem, whatever it looks like.

use std::borrow::Cow;
use std::ops::Range;

use super::view::{Found, View};
use super::{LinkError, keys};
use crate::ai::Ai;
use crate::dictionary::{Dictionary, Entry};
use crate::percent;
use crate::problem::Problem;

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
/// address, the path with the lengths of its values, the query likewise, the rows of keys, and only
/// then what the values say.
pub(super) fn parse<'a>(
    text: &'a str,
    reading: Reading,
    dictionary: &'a Dictionary,
) -> Result<View<'a>, LinkError> {
    let signs = characters(text)?;
    let no_scheme = || Problem::Scheme.at(0..find(text, 0..text.len(), b':').unwrap_or(text.len()));
    let host_at = after_scheme(text).ok_or_else(no_scheme)?;
    let end = text.len();
    let Some(host_end) = find(text, host_at..end, b'/') else {
        return Err(Problem::NoPath.at(end..end));
    };
    host_characters(text, host_at..host_end)?;
    let fragment_at = match signs & HASH {
        0 => end,
        _ => find(text, host_end..end, b'#').unwrap_or(end),
    };
    let query_at = match signs & QUESTION {
        0 => fragment_at,
        _ => find(text, host_end..fragment_at, b'?').unwrap_or(fragment_at),
    };

    let reader = Reader { text, reading, dictionary, escapes: signs & ESCAPE != 0 };
    let (stem_end, keys) = reader.path(host_end..query_at)?;
    let mut view = View {
        text,
        host_end,
        stem_end,
        keys,
        attributes: Vec::new(),
        other: Vec::new(),
        fragment: (fragment_at < end).then(|| &text[fragment_at + 1..]),
    };
    if query_at < fragment_at {
        reader.query(query_at + 1..fragment_at, &mut view)?;
    }
    let after = &view.keys[1..];
    if !keys::fits(view.keys[0].entry, &after.iter().map(|found| found.ai)) {
        let span = view.keys[0].name.start..view.keys[after.len()].at.end;
        return Err(Problem::Sequence.of(view.keys[0].ai.to_string(), span));
    }
    attributes(&view)?;
    host(text, host_at..host_end)?;
    for found in view.found() {
        reader.value(found)?;
    }
    Ok(view)
}

/// Where a byte first stands in a part of the text. The texts are short, so a plain loop is faster
/// than a search that is set up for long ones.
#[inline]
fn find(text: &str, range: Range<usize>, byte: u8) -> Option<usize> {
    let start = range.start;
    text.as_bytes()[range].iter().position(|b| *b == byte).map(|at| start + at)
}

/// As [`find`], from the end.
#[inline]
fn find_last(text: &str, range: Range<usize>, byte: u8) -> Option<usize> {
    let start = range.start;
    text.as_bytes()[range].iter().rposition(|b| *b == byte).map(|at| start + at)
}

/// Where the host starts, in text that claims to be a web address.
pub(crate) fn after_scheme(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let is = |(b, letter): (&u8, &u8)| b.to_ascii_lowercase() == *letter;
    if bytes.len() < 7 || !bytes.iter().zip(b"http").all(is) {
        return None;
    }
    match (bytes[4].to_ascii_lowercase(), &bytes[5..]) {
        (b's', [b':', b'/', b'/', ..]) => Some(8),
        (b':', [b'/', b'/', ..]) => Some(7),
        _ => None,
    }
}

/// Bits of [`ALLOWED`]: outside an address, outside a host with its port, and signs to look for.
const OUTSIDE: u8 = 1;
const NO_HOST: u8 = 2;
const HASH: u8 = 4;
const QUESTION: u8 = 8;
const ESCAPE: u8 = 16;

/// What each byte is in an address.
const ALLOWED: [u8; 256] = {
    let mut allowed = [OUTSIDE | NO_HOST; 256];
    let mut byte = 0_usize;
    while byte < 128 {
        let b = byte as u8;
        if matches!(b, b'!' | b'#'..=b'_' | b'a'..=b'z' | b'~')
            && !matches!(b, b'<' | b'>' | b'\\' | b'^')
        {
            allowed[byte] &= !OUTSIDE;
        }
        if b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b':' | b'[' | b']' | b'@')
        {
            allowed[byte] &= !NO_HOST;
        }
        allowed[byte] |= match b {
            b'#' => HASH,
            b'?' => QUESTION,
            b'%' | b'+' => ESCAPE,
            _ => 0,
        };
        byte += 1;
    }
    allowed
};

/// Only the characters of RFC 3986 may stand in the address. Gives the signs that are in it.
fn characters(text: &str) -> Result<u8, LinkError> {
    // One pass over bytes, the longest loop here; it has no way out in between, so that it runs wide.
    let signs = text.bytes().fold(0, |all, b| all | ALLOWED[usize::from(b)]);
    if signs & OUTSIDE == 0 {
        return Ok(signs);
    }
    let bad = |b: u8| ALLOWED[usize::from(b)] & OUTSIDE != 0;
    let at = text.bytes().position(bad).unwrap_or_default();
    // Every byte before is ASCII, so a character starts here.
    let found = text[at..].chars().next().unwrap_or('\u{fffd}');
    Err(Problem::Character(found).at(at..at + found.len_utf8()))
}

/// Only what can stand in a host and port, before its form is looked at.
fn host_characters(text: &str, range: Range<usize>) -> Result<(), LinkError> {
    let host = &text[range.clone()];
    if host.is_empty() {
        return Err(Problem::NoPath.at(range));
    }
    match host.bytes().position(|b| ALLOWED[usize::from(b)] & NO_HOST != 0) {
        Some(at) => Err(Problem::Host.at(range.start + at..range.start + at + 1)),
        None => Ok(()),
    }
}

/// Whether scheme, host and characters are those of an address, whatever its path says.
pub(crate) fn is_address(text: &str) -> bool {
    let Some(host_at) = after_scheme(text) else { return false };
    let host_end = find(text, host_at..text.len(), b'/').unwrap_or(text.len());
    characters(text).is_ok()
        && host_characters(text, host_at..host_end).is_ok()
        && host(text, host_at..host_end).is_ok()
}

/// A name, an IPv4 address or an IPv6 address in brackets, and perhaps a port. A user name before the
/// host (`https://id.gs1.org@elsewhere/`) is refused: nobody prints one, and it serves deceit.
fn host(text: &str, range: Range<usize>) -> Result<(), LinkError> {
    let host = &text[range.clone()];
    if host.bytes().all(|b| !matches!(b, b'@' | b':' | b'[' | b']')) {
        // A plain name, as nearly always; its characters were looked at before.
        return Ok(());
    }
    if host.contains('@') {
        return Err(Problem::Userinfo.at(range));
    }
    let (name, port) = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((inside, rest)) => {
            let good = |b: u8| b.is_ascii_hexdigit() || matches!(b, b':' | b'.');
            if inside.is_empty() || !inside.bytes().all(good) {
                return Err(Problem::Host.at(range));
            }
            match rest {
                "" => return Ok(()),
                _ => (inside, rest.strip_prefix(':')),
            }
        }
        None => match host.split_once(':') {
            Some((name, port)) => (name, Some(port)),
            None => (host, Some("")),
        },
    };
    if name.is_empty() {
        return Err(Problem::Host.at(range));
    }
    let good_name = host.starts_with('[')
        || name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'));
    let good_port =
        port.is_some_and(|p| p.is_empty() || p.parse::<u16>().is_ok() && !p.starts_with('+'));
    if good_name && good_port { Ok(()) } else { Err(Problem::Host.at(range)) }
}

/// What a link is read with.
struct Reader<'a> {
    text: &'a str,
    reading: Reading,
    dictionary: &'a Dictionary,
    /// Whether any `%` or `+` is there to be decoded.
    escapes: bool,
}

impl<'a> Reader<'a> {
    /// Finds the keys; gives also where the stem ends.
    fn path(&self, range: Range<usize>) -> Result<(usize, Vec<Found<'a>>), LinkError> {
        let (text, mut end) = (self.text, range.end);
        if self.reading.trailing_slash && range.len() > 1 && text[..end].ends_with('/') {
            end -= 1;
        }
        // Pairs of segments from the end, until one names a primary key.
        let mut keys: Vec<Found<'a>> = Vec::with_capacity(4);
        let mut rest = end;
        loop {
            let no_key = || Problem::NoKey.at(range.start..end);
            let value_at = find_last(text, range.start..rest, b'/').ok_or_else(no_key)?;
            let name_at = find_last(text, range.start..value_at, b'/').ok_or_else(no_key)?;
            let name = name_at + 1..value_at;
            let Some((ai, entry)) = self.path_ai(&text[name.clone()]) else {
                return Err(Problem::UnknownInPath.at(name));
            };
            let at = value_at + 1..rest;
            keys.push(Found { ai, entry, value: Cow::Borrowed(&text[at.clone()]), name, at });
            rest = name_at;
            if entry.qualifiers.is_some() {
                break;
            }
        }
        keys.reverse();
        for found in &mut keys {
            if found.at.is_empty() {
                return Err(Problem::EmptyPathValue.of(found.ai.as_str(), found.name.clone()));
            }
            self.decode(found, false)?;
        }
        Ok((rest, keys))
    }

    /// The AI a path segment names.
    fn path_ai(&self, name: &str) -> Option<(Ai, &'a Entry)> {
        if let Some(known) = known(self.dictionary, name) {
            return Some(known);
        }
        let ai = keys::of_short_name(name).filter(|_| self.reading.short_names)?;
        Some((ai, self.dictionary.entry(ai)?))
    }

    fn query(&self, range: Range<usize>, view: &mut View<'a>) -> Result<(), LinkError> {
        let mut at = range.start;
        while at < range.end {
            let start = at;
            // `;` separated parameters before 1.2 and is still read so by the reference.
            let bytes = &self.text.as_bytes()[start..range.end];
            let len = bytes.iter().position(|b| matches!(b, b'&' | b';')).unwrap_or(bytes.len());
            let end = start + len;
            at = end + 1;
            if len == 0 {
                continue;
            }
            let Some(sign) = find(self.text, start..end, b'=') else {
                view.other.push((&self.text[start..end], ""));
                continue;
            };
            let (name, value) = (&self.text[start..sign], &self.text[sign + 1..end]);
            let Some((ai, entry)) = known(self.dictionary, name) else {
                if self.reading.unknown_ais || !name.bytes().all(|b| b.is_ascii_digit()) {
                    view.other.push((name, value));
                    continue;
                }
                return Err(Problem::UnknownInQuery.of(name, start..sign));
            };
            if value.is_empty() {
                return Err(Problem::EmptyQueryValue.of(name, start..sign));
            }
            let (name, at) = (start..sign, sign + 1..end);
            let mut found = Found { ai, entry, value: Cow::Borrowed(value), name, at };
            self.decode(&mut found, true)?;
            view.attributes.push(found);
        }
        Ok(())
    }

    /// Decodes a value and checks its length.
    fn decode(&self, found: &mut Found<'a>, in_query: bool) -> Result<(), LinkError> {
        let at = &found.at;
        if self.escapes {
            let decoded = percent::decode(&self.text[at.clone()], in_query);
            found.value = decoded.map_err(|null| {
                let problem = if in_query { Problem::NullInQuery } else { Problem::NullInPath };
                problem.of(found.ai.as_str(), at.start + null.0..at.start + null.0 + 3)
            })?;
        }
        if found.ai == Ai::GTIN
            && self.reading.short_gtin
            && matches!(found.value.len(), 8 | 12 | 13)
        {
            found.value = Cow::Owned(format!("{:0>14}", found.value));
        }
        let length = found.entry.check_length(&found.value);
        length.map_err(|fault| Problem::of_value(found.ai, &found.value, fault, at.clone()))
    }

    /// Checks what a value says.
    fn value(&self, found: &Found<'_>) -> Result<(), LinkError> {
        found.entry.check_parts(&found.value).map_err(|fault| {
            // Where nothing was escaped or filled up, the range can be as exact as the check's own.
            let start = found.at.start;
            let exact = found.value == self.text[found.at.clone()];
            let at =
                if exact { start + fault.at.start..start + fault.at.end } else { found.at.clone() };
            Problem::of_value(found.ai, &found.value, fault, at)
        })
    }
}

/// An AI by its digits, with its entry.
pub(super) fn known<'a>(dictionary: &'a Dictionary, name: &str) -> Option<(Ai, &'a Entry)> {
    let ai = Ai::parse(name)?;
    Some((ai, dictionary.entry(ai)?))
}

/// Whether every attribute may stand in the query: the lowest AI first, as the reference looks.
fn attributes(view: &View<'_>) -> Result<(), LinkError> {
    // Nearly always one or none, and then there is nothing to sort.
    let mut many: Vec<&Found<'_>>;
    let one;
    let sorted = match &view.attributes[..] {
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
        let in_path = view.keys.iter().any(|key| key.ai == found.ai);
        if in_path || place > 0 && sorted[place - 1].ai == found.ai {
            return Err(Problem::Duplicate.of(found.ai.as_str(), found.name.clone()));
        }
        let after = || view.keys[1..].iter().map(|key| key.ai);
        may_be_attribute(view.keys[0].entry, after, found.ai, found.entry, found.name.clone())?;
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
