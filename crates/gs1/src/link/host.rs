//! The start of a link: scheme, and the host with its port.

use std::ops::Range;

use super::LinkError;
use crate::problem::Problem;

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

/// Only what can stand in a host and port, before its form is looked at.
pub(super) fn characters(text: &str, range: Range<usize>) -> Result<(), LinkError> {
    let host = &text[range.clone()];
    if host.is_empty() {
        return Err(Problem::NoPath.at(range));
    }
    let good = |b: u8| {
        b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b':' | b'[' | b']' | b'@')
    };
    match host.bytes().position(|b| !good(b)) {
        Some(at) => Err(Problem::Host.at(range.start + at..range.start + at + 1)),
        None => Ok(()),
    }
}

/// A name, an IPv4 address or an IPv6 address in brackets, and perhaps a port. A user name before the
/// host (`https://id.gs1.org@elsewhere/`) is refused: nobody prints one, and it serves deceit.
pub(super) fn form(text: &str, range: Range<usize>) -> Result<(), LinkError> {
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
