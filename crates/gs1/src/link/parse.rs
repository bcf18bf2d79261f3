//! Reading a link (URI Syntax 1.6.0, 4). The address is cut up on its bytes and never rebuilt, so
//! every fault can be shown where it stands. The primary key is looked for from the end of the path,
//! two segments at a time: what stands before it is the stem, whatever it looks like.

use std::ops::Range;

use super::{Link, LinkError, keys};
use crate::ai::Ai;
use crate::dictionary::{self, Entry};
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

pub(super) fn parse(text: &str, reading: Reading) -> Result<Link, LinkError> {
    let host_at = after_scheme(text)?;
    characters(text)?;
    let end = text.len();
    let fragment_at = text.find('#').unwrap_or(end);
    let query_at = text[..fragment_at].find('?').unwrap_or(fragment_at);
    let Some(path_at) = text[host_at..].find('/').map(|at| host_at + at) else {
        return Err(Problem::NoPath.at(end..end));
    };
    if path_at > query_at {
        // A `?` or `#` where the host should be.
        return Err(Problem::Host.at(query_at..query_at + 1));
    }
    host(text, host_at..path_at)?;

    let (stem_end, keys) = path(text, path_at..query_at, reading)?;
    let mut link = Link {
        stem: text[..path_at].to_ascii_lowercase() + &text[path_at..stem_end],
        keys,
        attributes: Vec::new(),
        other: Vec::new(),
        fragment: (fragment_at < end).then(|| text[fragment_at + 1..].to_owned()),
    };
    if query_at < fragment_at {
        query(text, query_at + 1..fragment_at, reading, &mut link)?;
    }
    Ok(link)
}

/// Where the host starts.
fn after_scheme(text: &str) -> Result<usize, LinkError> {
    for scheme in ["https://", "http://"] {
        if text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)) {
            return Ok(scheme.len());
        }
    }
    Err(Problem::Scheme.at(0..text.find(':').unwrap_or(text.len())))
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
        return Err(Problem::NoPath.at(range));
    }
    let good_name = host.starts_with('[')
        || name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'));
    let good_port =
        port.is_some_and(|p| p.is_empty() || p.parse::<u16>().is_ok() && !p.starts_with('+'));
    if good_name && good_port { Ok(()) } else { Err(Problem::Host.at(range)) }
}

/// Finds the keys; gives also where the stem ends.
fn path(
    text: &str,
    range: Range<usize>,
    reading: Reading,
) -> Result<(usize, Vec<(Ai, String)>), LinkError> {
    let mut end = range.end;
    if reading.trailing_slash && text[range.clone()].len() > 1 && text[..end].ends_with('/') {
        end -= 1;
    }
    let mut found: Vec<(Ai, Range<usize>, Range<usize>)> = Vec::new();
    let mut rest = end;
    let stem_end = loop {
        let before = &text[range.start..rest];
        let Some(value_at) = before.rfind('/') else {
            return Err(Problem::NoKey.at(range.start..end));
        };
        let Some(name_at) = before[..value_at].rfind('/') else {
            return Err(Problem::NoKey.at(range.start..end));
        };
        let name = range.start + name_at + 1..range.start + value_at;
        let value = range.start + value_at + 1..rest;
        let Some(ai) = path_ai(&text[name.clone()], reading) else {
            return Err(Problem::UnknownInPath.at(name));
        };
        rest = range.start + name_at;
        found.push((ai, name, value));
        if keys::is_primary(ai) {
            break rest;
        }
    };
    found.reverse();

    let span = found[0].1.start..end;
    let after: Vec<Ai> = found[1..].iter().map(|(ai, ..)| *ai).collect();
    if !keys::fits(found[0].0, &after) {
        return Err(Problem::Sequence.of(found[0].0.to_string(), span));
    }
    let mut keys = Vec::with_capacity(found.len());
    for (ai, name, value) in found {
        if value.is_empty() {
            return Err(Problem::EmptyPathValue.of(ai.to_string(), name));
        }
        let decoded = value_of(text, ai, value, false, reading)?;
        keys.push((ai, decoded));
    }
    Ok((stem_end, keys))
}

/// The AI a path segment names.
fn path_ai(name: &str, reading: Reading) -> Option<Ai> {
    let ai = Ai::parse(name).filter(|ai| ai.is_known());
    ai.or_else(|| if reading.short_names { keys::of_short_name(name) } else { None })
}

fn query(
    text: &str,
    range: Range<usize>,
    reading: Reading,
    link: &mut Link,
) -> Result<(), LinkError> {
    let mut at = range.start;
    // `;` separated parameters before 1.2 and is still read so by the reference.
    for pair in text[range].split(['&', ';']) {
        let start = at;
        at += pair.len() + 1;
        if pair.is_empty() {
            continue;
        }
        let Some((name, value)) = pair.split_once('=') else {
            link.other.push((pair.to_owned(), String::new()));
            continue;
        };
        let name_range = start..start + name.len();
        let numeric = name.bytes().all(|b| b.is_ascii_digit());
        if !numeric {
            link.other.push((name.to_owned(), value.to_owned()));
            continue;
        }
        let Some((ai, entry)) = known(name) else {
            if reading.unknown_ais {
                link.other.push((name.to_owned(), value.to_owned()));
                continue;
            }
            return Err(Problem::UnknownInQuery.of(name, name_range));
        };
        if value.is_empty() {
            return Err(Problem::EmptyQueryValue.of(name, name_range));
        }
        let value_at = start + name.len() + 1;
        let decoded = value_of(text, ai, value_at..value_at + value.len(), true, reading)?;
        attribute(link, ai, entry, name_range)?;
        link.attributes.push((ai, decoded));
    }
    Ok(())
}

pub(super) fn known(name: &str) -> Option<(Ai, &'static Entry)> {
    let ai = Ai::parse(name)?;
    Some((ai, dictionary::entry(ai)?))
}

/// Whether `ai` may be added to the query of the link.
pub(super) fn attribute(
    link: &Link,
    ai: Ai,
    entry: &Entry,
    at: Range<usize>,
) -> Result<(), LinkError> {
    if link.get(ai).is_some() {
        return Err(Problem::Duplicate.of(ai.to_string(), at));
    }
    if !entry.attribute {
        return Err(Problem::NotAttribute.of(ai.to_string(), at));
    }
    if keys::could_join(&link.keys, ai) {
        return Err(Problem::BelongsInPath.of(ai.to_string(), at));
    }
    Ok(())
}

/// Decodes and checks the value of an AI.
fn value_of(
    text: &str,
    ai: Ai,
    range: Range<usize>,
    in_query: bool,
    reading: Reading,
) -> Result<String, LinkError> {
    let raw = &text[range.clone()];
    let mut value = percent::decode(raw, in_query).map_err(|bad| {
        let problem = if bad.null { Problem::Null } else { Problem::Escape };
        problem.of(ai.to_string(), range.start + bad.at..range.start + bad.at + bad.len)
    })?;
    if ai == Ai::GTIN && reading.short_gtin && matches!(value.len(), 8 | 12 | 13) {
        value = format!("{value:0>14}");
    }
    check(ai, &value).map_err(|(error, at)| {
        // Where nothing was escaped or filled up, the range can be as exact as the check's own.
        let at = if value == raw { range.start + at.start..range.start + at.end } else { range };
        Problem::Value(error).of(ai.to_string(), at)
    })?;
    Ok(value)
}

pub(super) fn check(ai: Ai, value: &str) -> Result<(), (crate::value::ValueError, Range<usize>)> {
    dictionary::entry(ai).map_or(Ok(()), |entry| entry.check(value))
}
