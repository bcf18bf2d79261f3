//! The classic schemes: a tag URI to bits and back. What the URN means is checked by the way to links
//! before a bit is written, so that only right identities get onto tags.

use super::super::from_urn::{escaped_text, six_bit_text, to_link};
use super::super::inspect::supplier_code;
use super::super::to_urn::escaped;
use super::bits::{Bits, Reader};
use super::schemes::{Layout, PREFIX, Reference, Scheme, Tail};
use super::{EpcError, Tag};

/// The bits of a URN body under a scheme.
pub(super) fn encode(scheme: &Scheme, filter: u8, body: &str) -> Result<Tag, EpcError> {
    let body = &upper_escapes(body);
    let uri = format!("urn:epc:id:{}:{body}", scheme.identity);
    let mut bits = Bits::default();
    let mut fits = bits.push(u128::from(scheme.header), 8);
    match scheme.layout {
        Layout::Partitioned(reference, tail) => {
            to_link(&uri)?;
            let (gcp, rest) = body.split_once('.').ok_or(EpcError::CompanyPrefix)?;
            let partition = 12_usize
                .checked_sub(gcp.len())
                .filter(|p| *p < 7)
                .ok_or(EpcError::CompanyPrefix)?;
            fits &= bits.push(u128::from(filter), 3) & bits.push(partition as u128, 3);
            fits &= push_digits(&mut bits, gcp, PREFIX[partition]);
            let (reference_text, tail_text) = match tail {
                Tail::Zero(_) => (rest, ""),
                _ => rest.split_once('.').ok_or(EpcError::WrongParts { expected: 3 })?,
            };
            fits &= push_reference(&mut bits, reference, partition, reference_text)?;
            fits &= push_tail(&mut bits, tail, tail_text)?;
        }
        Layout::General => {
            let parts: Vec<&str> = body.split('.').collect();
            let [manager, class, serial] = parts[..] else {
                return Err(EpcError::WrongParts { expected: 3 });
            };
            for (part, len) in [(manager, 28), (class, 24), (serial, 36)] {
                fits &= push_number(&mut bits, part, len);
            }
        }
        Layout::Defense => {
            let (supplier, serial) =
                body.split_once('.').ok_or(EpcError::WrongParts { expected: 2 })?;
            supplier_code(supplier)?;
            fits &= bits.push(u128::from(filter), 4);
            for byte in format!("{supplier:>6}").bytes() {
                fits &= bits.push(u128::from(byte), 8);
            }
            fits &= push_number(&mut bits, serial, 36);
        }
        Layout::Aerospace => {
            let parts: Vec<&str> = body.splitn(3, '.').collect();
            let [supplier, part, serial] = parts[..] else {
                return Err(EpcError::WrongParts { expected: 3 });
            };
            supplier_code(supplier)?;
            fits &= bits.push(u128::from(filter), 6);
            for byte in format!("{supplier:>6}").bytes() {
                fits &= bits.push(u128::from(byte & 63), 6);
            }
            let (part, serial) = (six_bit_text(part)?, six_bit_text(serial)?);
            fits &= part.len() <= 32 && (1..=30).contains(&serial.len());
            push_six(&mut bits, &part);
            push_six(&mut bits, &serial);
        }
    }
    if !fits {
        return Err(EpcError::DoesNotFit { scheme: scheme.name });
    }
    let tag_uri = Some(tag_uri(scheme, filter, body));
    Ok(Tag { uri, tag_uri, hex: bits.into_hex(), data: Vec::new() })
}

/// The spelling in which a tag gives a body back: escapes in upper case.
fn upper_escapes(body: &str) -> String {
    let mut left = 0;
    let upper = |c: char| {
        left = if c == '%' { 3_u8 } else { left };
        if left == 0 {
            return c;
        }
        left -= 1;
        c.to_ascii_uppercase()
    };
    body.chars().map(upper).collect()
}

fn tag_uri(scheme: &Scheme, filter: u8, body: &str) -> String {
    match scheme.layout {
        Layout::General => format!("urn:epc:tag:{}:{body}", scheme.name),
        _ => format!("urn:epc:tag:{}:{filter}.{body}", scheme.name),
    }
}

/// Digits as a number; empty is zero.
fn push_digits(bits: &mut Bits, digits: &str, len: usize) -> bool {
    let value = if digits.is_empty() { Some(0) } else { digits.parse().ok() };
    value.is_some_and(|value| bits.push(value, len))
}

/// A number that has no leading zero.
fn push_number(bits: &mut Bits, text: &str, len: usize) -> bool {
    let plain =
        text.bytes().all(|b| b.is_ascii_digit()) && (text.len() == 1 || !text.starts_with('0'));
    plain && !text.is_empty() && push_digits(bits, text, len)
}

fn push_reference(
    bits: &mut Bits,
    reference: Reference,
    partition: usize,
    text: &str,
) -> Result<bool, EpcError> {
    Ok(match reference {
        Reference::Digits(lens, _) => push_digits(bits, text, lens[partition]),
        Reference::Number(lens) => push_number(bits, text, lens[partition]),
        Reference::Text(lens) => push_text(bits, &escaped_text(text)?, lens[partition]),
        Reference::Terminated(most) => {
            let text = six_bit_text(text)?;
            push_six(bits, &text);
            text.len() <= most[partition]
        }
    })
}

fn push_tail(bits: &mut Bits, tail: Tail, text: &str) -> Result<bool, EpcError> {
    Ok(match tail {
        Tail::Zero(len) => bits.push(0, len),
        Tail::Number(len) => push_number(bits, text, len),
        Tail::Digits(len) => {
            !text.is_empty()
                && text.bytes().all(|b| b.is_ascii_digit())
                && push_digits(bits, &format!("1{text}"), len)
        }
        Tail::Text(most) => push_text(bits, &escaped_text(text)?, most * 7),
        Tail::PieceNumber | Tail::PieceText => {
            let parts: Vec<&str> = text.splitn(3, '.').collect();
            let [piece, total, serial] = parts[..] else {
                return Err(EpcError::WrongParts { expected: 5 });
            };
            let counted = push_digits(bits, piece, 7) & push_digits(bits, total, 7);
            counted
                & match tail {
                    Tail::PieceNumber => push_number(bits, serial, 38),
                    _ => push_text(bits, &escaped_text(serial)?, 140),
                }
        }
    })
}

/// Characters of seven bits in a field of `len` bits.
fn push_text(bits: &mut Bits, text: &str, len: usize) -> bool {
    let end = bits.len() + len;
    let fits = text.bytes().all(|byte| bits.push(u128::from(byte), 7)) && bits.len() <= end;
    bits.fill(end);
    fits
}

/// Characters of six bits and a zero after them.
fn push_six(bits: &mut Bits, text: &str) {
    for byte in text.bytes().map(|byte| byte & 63).chain([0]) {
        // Six bits always fit six bits.
        let _ = bits.push(u128::from(byte), 6);
    }
}

/// The URIs of a tag.
pub(super) fn decode(scheme: &Scheme, bits: &Bits) -> Result<Tag, EpcError> {
    let mut reader = bits.reader();
    let mut take = |len| reader.take(len).ok_or(EpcError::TagTooShort);
    take(8)?;
    let (filter, body) = match scheme.layout {
        Layout::Partitioned(reference, tail) => {
            let filter = take(3)? as u8;
            let partition = take(3)? as usize;
            let prefix_len = *PREFIX.get(partition).ok_or(EpcError::TagBits)?;
            let digits = 12 - partition;
            let gcp = padded(take(prefix_len)?, digits)?;
            let reference = take_reference(&mut reader, reference, partition)?;
            let mut body = format!("{gcp}.{reference}");
            if let Some(tail) = take_tail(&mut reader, tail)? {
                body.push('.');
                body.push_str(&tail);
            }
            (filter, body)
        }
        Layout::General => {
            let body = format!("{}.{}.{}", take(28)?, take(24)?, take(36)?);
            (0, body)
        }
        Layout::Defense => {
            let filter = take(4)? as u8;
            let code: Result<String, _> = (0..6).map(|_| Ok(take(8)? as u8 as char)).collect();
            (filter, format!("{}.{}", code?.trim_start(), take(36)?))
        }
        Layout::Aerospace => {
            let filter = take(6)? as u8;
            let code: Result<String, _> = (0..6).map(|_| Ok(six(take(6)?))).collect();
            let part = escaped(&take_six(&mut reader)?);
            let serial = escaped(&take_six(&mut reader)?);
            (filter, format!("{}.{part}.{serial}", code?.trim_start()))
        }
    };
    if !reader.rest_is_zero() {
        return Err(EpcError::TagBits);
    }
    // Written again, so that only what an encoding writes is read.
    encode(scheme, filter, &body)
}

/// A number as so many digits.
fn padded(value: u128, digits: usize) -> Result<String, EpcError> {
    if digits == 0 {
        return if value == 0 { Ok(String::new()) } else { Err(EpcError::TagBits) };
    }
    let text = format!("{value:0>digits$}");
    if text.len() == digits { Ok(text) } else { Err(EpcError::TagBits) }
}

fn take_reference(
    reader: &mut Reader<'_>,
    reference: Reference,
    partition: usize,
) -> Result<String, EpcError> {
    let short = EpcError::TagTooShort;
    match reference {
        Reference::Digits(lens, total) => {
            let digits = total - (12 - partition);
            padded(reader.take(lens[partition]).ok_or(short)?, digits)
        }
        Reference::Number(lens) => Ok(reader.take(lens[partition]).ok_or(short)?.to_string()),
        Reference::Text(lens) => Ok(escaped(&take_text(reader, lens[partition])?)),
        Reference::Terminated(_) => Ok(escaped(&take_six(reader)?)),
    }
}

fn take_tail(reader: &mut Reader<'_>, tail: Tail) -> Result<Option<String>, EpcError> {
    let short = EpcError::TagTooShort;
    Ok(Some(match tail {
        Tail::Zero(len) => {
            return if reader.take(len).ok_or(short)? == 0 {
                Ok(None)
            } else {
                Err(EpcError::TagBits)
            };
        }
        Tail::Number(len) => reader.take(len).ok_or(short)?.to_string(),
        Tail::Digits(len) => {
            let text = reader.take(len).ok_or(short)?.to_string();
            text.strip_prefix('1').ok_or(EpcError::TagBits)?.to_owned()
        }
        Tail::Text(most) => escaped(&take_text(reader, most * 7)?),
        Tail::PieceNumber | Tail::PieceText => {
            let piece = padded(reader.take(7).ok_or(short.clone())?, 2)?;
            let total = padded(reader.take(7).ok_or(short.clone())?, 2)?;
            let serial = match tail {
                Tail::PieceNumber => reader.take(38).ok_or(short)?.to_string(),
                _ => escaped(&take_text(reader, 140)?),
            };
            format!("{piece}.{total}.{serial}")
        }
    }))
}

/// Characters of seven bits up to the first zero; after it all must be zero.
fn take_text(reader: &mut Reader<'_>, len: usize) -> Result<String, EpcError> {
    let mut text = String::new();
    let mut ended = false;
    for _ in 0..len / 7 {
        let value = reader.take(7).ok_or(EpcError::TagTooShort)? as u8;
        match (value, ended) {
            (0, _) => ended = true,
            (_, true) => return Err(EpcError::TagBits),
            (value, false) => text.push(value as char),
        }
    }
    match reader.take(len % 7) {
        Some(0) => Ok(text),
        Some(_) => Err(EpcError::TagBits),
        None => Err(EpcError::TagTooShort),
    }
}

/// The character of six bits: ASCII without its highest bit.
fn six(value: u128) -> char {
    let value = value as u8;
    (if value < 32 { value + 64 } else { value }) as char
}

fn take_six(reader: &mut Reader<'_>) -> Result<String, EpcError> {
    let mut text = String::new();
    loop {
        match reader.take(6).ok_or(EpcError::TagTooShort)? {
            0 => return Ok(text),
            value => text.push(six(value)),
        }
    }
}
