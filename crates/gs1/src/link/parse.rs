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
    characters(text)?;
    let no_scheme = || Problem::Scheme.at(0..text.find(':').unwrap_or(text.len()));
    let host_at = after_scheme(text).ok_or_else(no_scheme)?;
    let end = text.len();
    let Some(host_end) = text[host_at..].find('/').map(|at| host_at + at) else {
        return Err(Problem::NoPath.at(end..end));
    };
    host_characters(text, host_at..host_end)?;
    let fragment_at = text[host_end..].find('#').map_or(end, |at| host_end + at);
    let query_at = text[host_end..fragment_at].find('?').map_or(fragment_at, |at| host_end + at);

    let reader = Reader { text, reading, dictionary };
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

/// Where the host starts, in text that claims to be a web address.
pub(crate) fn after_scheme(text: &str) -> Option<usize> {
    let starts = |scheme: &&str| {
        text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    ["https://", "http://"].iter().find(|scheme| starts(scheme)).map(|scheme| scheme.len())
}

/// Only the characters of RFC 3986 may stand in the address.
fn characters(text: &str) -> Result<(), LinkError> {
    // One pass over bytes, the longest loop here.
    let good = |b: u8| match b {
        b'<' | b'>' | b'\\' | b'^' => false,
        b'!' | b'#'..=b'_' | b'a'..=b'z' | b'~' => true,
        _ => false,
    };
    let Some(at) = text.bytes().position(|b| !good(b)) else { return Ok(()) };
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
    let good = |b: u8| b.is_ascii_alphanumeric() || b"-._:[]@".contains(&b);
    match host.bytes().position(|b| !good(b)) {
        Some(at) => Err(Problem::Host.at(range.start + at..range.start + at + 1)),
        None => Ok(()),
    }
}

/// A name, an IPv4 address or an IPv6 address in brackets, and perhaps a port. A user name before the
/// host (`https://id.gs1.org@elsewhere/`) is refused: nobody prints one, and it serves deceit.
fn host(text: &str, range: Range<usize>) -> Result<(), LinkError> {
    let host = &text[range.clone()];
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
}

impl<'a> Reader<'a> {
    /// Finds the keys; gives also where the stem ends.
    fn path(&self, range: Range<usize>) -> Result<(usize, Vec<Found<'a>>), LinkError> {
        let (text, mut end) = (self.text, range.end);
        if self.reading.trailing_slash && range.len() > 1 && text[..end].ends_with('/') {
            end -= 1;
        }
        // Pairs of segments from the end, until one names a primary key.
        let mut rest = end;
        loop {
            let before = &text[range.start..rest];
            let value_at = before.rfind('/').ok_or_else(|| Problem::NoKey.at(range.start..end))?;
            let name_at = before[..value_at].rfind('/');
            let name_at = name_at.ok_or_else(|| Problem::NoKey.at(range.start..end))?;
            let name = range.start + name_at + 1..range.start + value_at;
            let Some((ai, _)) = self.path_ai(&text[name.clone()]) else {
                return Err(Problem::UnknownInPath.at(name));
            };
            rest = range.start + name_at;
            if self.dictionary.is_primary(ai) {
                break;
            }
        }
        let mut keys = Vec::with_capacity(4);
        let mut segments = text[rest + 1..end].split('/');
        let mut at = rest + 1;
        while let (Some(name), Some(value)) = (segments.next(), segments.next()) {
            let Some((ai, entry)) = self.path_ai(name) else { break };
            let name_range = at..at + name.len();
            let value_range = name_range.end + 1..name_range.end + 1 + value.len();
            at = value_range.end + 1;
            if value.is_empty() {
                return Err(Problem::EmptyPathValue.of(ai.to_string(), name_range));
            }
            keys.push(self.found(ai, entry, name_range, value_range, false)?);
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
        // `;` separated parameters before 1.2 and is still read so by the reference.
        for pair in self.text[range].split(['&', ';']) {
            let start = at;
            at += pair.len() + 1;
            if pair.is_empty() {
                continue;
            }
            let Some((name, value)) = pair.split_once('=') else {
                view.other.push((pair, ""));
                continue;
            };
            let name_range = start..start + name.len();
            if !name.bytes().all(|b| b.is_ascii_digit()) {
                view.other.push((name, value));
                continue;
            }
            let Some((ai, entry)) = known(self.dictionary, name) else {
                if self.reading.unknown_ais {
                    view.other.push((name, value));
                    continue;
                }
                return Err(Problem::UnknownInQuery.of(name, name_range));
            };
            if value.is_empty() {
                return Err(Problem::EmptyQueryValue.of(name, name_range));
            }
            let value_at = start + name.len() + 1;
            let value_range = value_at..value_at + value.len();
            view.attributes.push(self.found(ai, entry, name_range, value_range, true)?);
        }
        Ok(())
    }

    /// Decodes a value and checks its length.
    fn found(
        &self,
        ai: Ai,
        entry: &'a Entry,
        name: Range<usize>,
        at: Range<usize>,
        in_query: bool,
    ) -> Result<Found<'a>, LinkError> {
        let raw = &self.text[at.clone()];
        let mut value = percent::decode(raw, in_query).map_err(|percent::Null(null)| {
            let problem = if in_query { Problem::NullInQuery } else { Problem::NullInPath };
            problem.of(ai.as_str(), at.start + null..at.start + null + 3)
        })?;
        if ai == Ai::GTIN && self.reading.short_gtin && matches!(value.len(), 8 | 12 | 13) {
            value = Cow::Owned(format!("{value:0>14}"));
        }
        if let Err(fault) = entry.check_length(&value) {
            return Err(Problem::of_value(ai, &value, fault, at));
        }
        Ok(Found { ai, entry, value, name, at })
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
    let mut sorted: Vec<&Found<'_>> = view.attributes.iter().collect();
    sorted.sort_by_key(|found| found.ai);
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
