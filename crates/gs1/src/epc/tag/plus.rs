//! The “+” schemes (Tag Data Standard 2.2, 14.5 and 15.3): an identity as AIs hold it, without the
//! company prefix apart. Data after the identity (the toggle bit) are not read.

use super::bits::{Bits, Reader};
use super::{EpcError, Tag};
use crate::ai::Ai;
use crate::link::{Link, LinkBuilder};

/// How the value of an AI is encoded (table F of the standard).
#[derive(Clone, Copy)]
enum Field {
    /// So many digits of four bits.
    Digits(usize),
    /// Text with encoding and length before it; the greatest length fits five bits.
    Text,
    /// A number with its length in four bits before it.
    Number,
    /// Digits of four bits, ended by 15, or by 14 and text for the rest.
    Delimited,
}

const fn fields(ai: Ai) -> Option<&'static [Field]> {
    Some(match ai {
        Ai::SSCC | Ai::ITIP | Ai::GSRN | Ai::GSRN_PROVIDER => &[Field::Digits(18)],
        Ai::GTIN => &[Field::Digits(14)],
        Ai::GLN => &[Field::Digits(13)],
        Ai::GDTI => &[Field::Digits(13), Field::Text],
        Ai::GCN => &[Field::Digits(13), Field::Number],
        Ai::GRAI => &[Field::Digits(14), Field::Text],
        Ai::GIAI | Ai::CPID => &[Field::Delimited],
        Ai::SERIAL | Ai::GLN_EXTENSION => &[Field::Text],
        Ai::CPID_SERIAL => &[Field::Number],
        _ => return None,
    })
}

/// Header and AIs of each scheme.
const SCHEMES: [(u8, &[Ai]); 11] = [
    (0xf0, &[Ai::CPID, Ai::CPID_SERIAL]),
    (0xf1, &[Ai::GRAI]),
    (0xf2, &[Ai::GLN, Ai::GLN_EXTENSION]),
    (0xf3, &[Ai::ITIP, Ai::SERIAL]),
    (0xf4, &[Ai::GSRN]),
    (0xf5, &[Ai::GSRN_PROVIDER]),
    (0xf6, &[Ai::GDTI]),
    (0xf7, &[Ai::GTIN, Ai::SERIAL]),
    (0xf8, &[Ai::GCN]),
    (0xf9, &[Ai::SSCC]),
    (0xfa, &[Ai::GIAI]),
];

/// DSGTIN+: a date before GTIN and serial number.
const DATED: u8 = 0xfb;

/// The dates of DSGTIN+, in the order of their indicator.
const DATES: [Ai; 7] = [
    Ai::PRODUCTION_DATE,
    Ai::of("13"),
    Ai::BEST_BEFORE,
    Ai::of("16"),
    Ai::EXPIRY,
    Ai::of("7006"),
    Ai::of("7007"),
];

pub(super) fn encode(link: &Link) -> Result<Tag, EpcError> {
    let (primary, _) = link.primary();
    let none = || EpcError::NoTag { ai: primary.to_string() };
    let row = SCHEMES.iter().find(|(_, ais)| ais[0] == primary);
    let &(header, ais) = row.ok_or_else(none)?;
    let date = DATES.iter().enumerate().find_map(|(number, ai)| {
        let value =
            link.attributes().iter().find(|(known, _)| known == ai).map(|(_, value)| value)?;
        (value.len() == 6 && primary == Ai::GTIN).then_some((number, *ai, value.as_str()))
    });

    let mut bits = Bits::default();
    let mut fits = bits.push(u128::from(if date.is_some() { DATED } else { header }), 8);
    // No data after the identity, filter 0.
    fits &= bits.push(0, 4);
    let mut builder = LinkBuilder::new();
    if let Some((number, ai, value)) = date {
        fits &= bits.push(number as u128, 4);
        for (range, len) in [(0..2, 7), (2..4, 4), (4..6, 5)] {
            fits &= value[range].parse().is_ok_and(|part| bits.push(part, len));
        }
        builder = builder.with(ai.as_str(), value);
    }
    for &ai in ais {
        let value = match link.get(ai) {
            Some(value) => value,
            // A single zero says that there is no extension.
            None if ai == Ai::GLN_EXTENSION => "0",
            None => return Err(none()),
        };
        let mut rest = value;
        for field in fields(ai).ok_or_else(none)? {
            rest = push(&mut bits, *field, rest).ok_or_else(none)?;
        }
        if ai != Ai::GLN_EXTENSION || value != "0" {
            builder = builder.with(ai.as_str(), value);
        }
    }
    if !fits {
        return Err(none());
    }
    let uri = builder.build().map_err(EpcError::Link)?.canonical();
    Ok(Tag { uri, tag_uri: None, hex: bits.into_hex() })
}

pub(super) fn decode(header: u8, bits: &Bits) -> Result<Tag, EpcError> {
    let dated = header == DATED;
    let scheme = if dated { 0xf7 } else { header };
    let row = SCHEMES.iter().find(|(known, _)| *known == scheme);
    let &(_, ais) = row.ok_or(EpcError::TagHeader { header })?;
    let mut reader = bits.reader();
    let mut take = |len| reader.take(len).ok_or(EpcError::TagTooShort);
    take(8)?;
    if take(1)? == 1 {
        return Err(EpcError::TagData);
    }
    take(3)?;
    let mut builder = LinkBuilder::new();
    if dated {
        let ai = DATES.get(take(4)? as usize).ok_or(EpcError::TagBits)?;
        let date = format!("{:02}{:02}{:02}", take(7)?, take(4)?, take(5)?);
        builder = builder.with(ai.as_str(), &date);
    }
    for &ai in ais {
        let mut value = String::new();
        for field in fields(ai).ok_or(EpcError::TagBits)? {
            take_field(&mut reader, *field, &mut value).ok_or(EpcError::TagBits)?;
        }
        if ai != Ai::GLN_EXTENSION || value != "0" {
            builder = builder.with(ai.as_str(), &value);
        }
    }
    if !reader.rest_is_zero() {
        return Err(EpcError::TagBits);
    }
    let uri = builder.build().map_err(EpcError::Link)?.canonical();
    Ok(Tag { uri, tag_uri: None, hex: bits.clone().into_hex() })
}

/// Appends a field; gives what of the value is left.
fn push<'a>(bits: &mut Bits, field: Field, value: &'a str) -> Option<&'a str> {
    match field {
        Field::Digits(len) => {
            let (digits, rest) = value.split_at_checked(len)?;
            push_digits(bits, digits)?;
            Some(rest)
        }
        Field::Number => {
            bits.push(value.len() as u128, 4).then_some(())?;
            bits.push(value.parse().ok()?, number_bits(value.len())).then_some("")
        }
        Field::Text => push_text(bits, value),
        Field::Delimited => {
            let end = value.bytes().position(|b| !b.is_ascii_digit()).unwrap_or(value.len());
            let (digits, rest) = value.split_at(end);
            push_digits(bits, digits)?;
            let last = if rest.is_empty() { 15 } else { 14 };
            bits.push(last, 4).then_some(())?;
            if rest.is_empty() { Some("") } else { push_text(bits, rest) }
        }
    }
}

fn push_digits(bits: &mut Bits, digits: &str) -> Option<()> {
    digits.bytes().all(|b| b.is_ascii_digit() && bits.push(u128::from(b - b'0'), 4)).then_some(())
}

/// The encodings of text by their indicator (table E): the narrowest that can hold it is used.
fn push_text<'a>(bits: &mut Bits, text: &str) -> Option<&'a str> {
    let all = |good: fn(u8) -> bool| text.bytes().all(good);
    let encoding = if all(|b| b.is_ascii_digit()) {
        0
    } else if all(|b| b.is_ascii_digit() || matches!(b, b'A'..=b'F')) {
        1
    } else if all(|b| b.is_ascii_digit() || matches!(b, b'a'..=b'f')) {
        2
    } else if text.len() >= 3 && all(|b| code40(b).is_some()) && text.len().is_multiple_of(3) {
        5
    } else if all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')) {
        3
    } else if all(|b| code40(b).is_some()) && text.len().div_ceil(3) * 16 < text.len() * 7 {
        5
    } else {
        4
    };
    let mut fits = bits.push(encoding, 3) & bits.push(text.len() as u128, 5);
    match encoding {
        0 => fits &= bits.push(text.parse().ok()?, number_bits(text.len())),
        5 => {
            for three in text.as_bytes().chunks(3) {
                let value = |at: usize| three.get(at).map_or(Some(0), |b| code40(*b));
                fits &= bits.push(value(0)? * 1600 + value(1)? * 40 + value(2)? + 1, 16);
            }
        }
        _ => {
            for byte in text.bytes() {
                fits &= match encoding {
                    3 => bits.push(base64(byte)?, 6),
                    4 => bits.push(u128::from(byte), 7),
                    _ => bits.push(u128::from((byte as char).to_digit(16)?), 4),
                };
            }
        }
    }
    fits.then_some("")
}

fn take_field(reader: &mut Reader<'_>, field: Field, out: &mut String) -> Option<()> {
    match field {
        Field::Digits(len) => {
            for _ in 0..len {
                out.push(char::from_digit(reader.take(4)? as u32, 10)?);
            }
            Some(())
        }
        Field::Number => {
            let len = reader.take(4)? as usize;
            take_number(reader, len, out)
        }
        Field::Text => take_text(reader, out),
        Field::Delimited => loop {
            match reader.take(4)? as u32 {
                15 => return Some(()),
                14 => return take_text(reader, out),
                digit => out.push(char::from_digit(digit, 10)?),
            }
        },
    }
}

fn take_number(reader: &mut Reader<'_>, len: usize, out: &mut String) -> Option<()> {
    if len == 0 {
        return Some(());
    }
    let digits = format!("{:0>len$}", reader.take(number_bits(len))?);
    out.push_str(&digits);
    (digits.len() == len).then_some(())
}

fn take_text(reader: &mut Reader<'_>, out: &mut String) -> Option<()> {
    let encoding = reader.take(3)?;
    let len = reader.take(5)? as usize;
    match encoding {
        0 => return take_number(reader, len, out),
        5 => {
            for start in (0..len).step_by(3) {
                let value = reader.take(16)?.checked_sub(1)?;
                let three = [value / 1600, value / 40 % 40, value % 40];
                for code in three.into_iter().take(len - start) {
                    out.push(of_code40(code)?);
                }
            }
        }
        _ => {
            for _ in 0..len {
                out.push(match encoding {
                    1 => char::from_digit(reader.take(4)? as u32, 16)?.to_ascii_uppercase(),
                    2 => char::from_digit(reader.take(4)? as u32, 16)?,
                    3 => BASE64[reader.take(6)? as usize] as char,
                    4 => reader.take(7)? as u8 as char,
                    _ => return None,
                });
            }
        }
    }
    Some(())
}

/// The bits of a number of `len` digits.
fn number_bits(len: usize) -> usize {
    (len as f64 * std::f64::consts::LOG2_10).ceil() as usize
}

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

fn base64(byte: u8) -> Option<u128> {
    BASE64.iter().position(|b| *b == byte).map(|at| at as u128)
}

/// URN Code 40 (ISO/IEC 17367): three characters in sixteen bits.
const CODE40: &[u8; 39] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ-.:0123456789";

fn code40(byte: u8) -> Option<u128> {
    CODE40.iter().position(|b| *b == byte).map(|at| at as u128 + 1)
}

fn of_code40(code: u128) -> Option<char> {
    Some(*CODE40.get(code.checked_sub(1)? as usize)? as char)
}
