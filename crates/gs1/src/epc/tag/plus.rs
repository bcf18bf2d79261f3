//! The “+” schemes (Tag Data Standard 2.2, 14.5 and 15.3): an identity as AIs hold it, without the
//! company prefix apart, and after it any other AIs, where the toggle bit says so.

use super::bits::{Bits, Reader};
use super::field::{push_value, take_value};
use super::{EpcError, Tag};
use crate::ai::Ai;
use crate::dictionary::{self, Dictionary};
use crate::link::{Link, LinkBuilder};
use crate::problem::Problem;
use crate::seen::Seen;

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

/// The tag of a link, with data after its identity.
pub(super) fn encode(link: &Link, data: &[(&str, &str)]) -> Result<Tag, EpcError> {
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
    // Whether data follow, and filter 0.
    fits &= bits.push(u128::from(!data.is_empty()), 1) & bits.push(0, 3);
    let mut builder = LinkBuilder::new();
    if let Some((number, ai, value)) = date {
        fits &= bits.push(number as u128, 4);
        push_value(&mut bits, Ai::EXPIRY, value).ok_or_else(none)?;
        builder = builder.with(ai.as_str(), value);
    }
    for &ai in ais {
        let value = match link.get(ai) {
            Some(value) if is_instance(ai, value) => value,
            // A single zero says that there is no extension.
            None if ai == Ai::GLN_EXTENSION => "0",
            _ => return Err(none()),
        };
        push_value(&mut bits, ai, value).ok_or_else(none)?;
        if ai != Ai::GLN_EXTENSION || value != "0" {
            builder = builder.with(ai.as_str(), value);
        }
    }
    if !fits {
        return Err(none());
    }
    let data = push_data(&mut bits, data)?;
    let uri = builder.build().map_err(EpcError::Link)?.canonical();
    Ok(Tag { uri, tag_uri: None, hex: bits.into_hex(), data })
}

/// Whether a key says which one: of documents, coupons and assets only with their serial number.
fn is_instance(ai: Ai, value: &str) -> bool {
    match ai {
        Ai::GDTI | Ai::GCN => value.len() > 13,
        Ai::GRAI => value.len() > 14,
        _ => true,
    }
}

/// Appends AIs, four bits a digit, each with its value.
fn push_data(bits: &mut Bits, data: &[(&str, &str)]) -> Result<Vec<(Ai, String)>, EpcError> {
    let mut out: Vec<(Ai, String)> = Vec::with_capacity(data.len());
    for (place, &(name, value)) in data.iter().enumerate() {
        let at = place..place + 1;
        let known = Ai::parse(name).and_then(|ai| Some((ai, dictionary::entry(ai)?)));
        let unknown = || EpcError::Link(Problem::UnknownAi.of(name, at.clone()));
        let (ai, entry) = known.ok_or_else(unknown)?;
        let verdict = entry.judge(value, Seen::of(value.as_bytes()));
        verdict.map_err(|fault| EpcError::Link(Problem::of_value(ai, value, fault, at.clone())))?;
        if out.iter().any(|(again, _)| *again == ai) {
            return Err(EpcError::Link(Problem::Duplicate.of(name, at)));
        }
        let digits = ai.as_str().bytes().all(|digit| bits.push(u128::from(digit - b'0'), 4));
        let pushed = push_value(bits, ai, value).filter(|()| digits);
        pushed.ok_or_else(|| EpcError::NoTag { ai: name.to_owned() })?;
        out.push((ai, value.to_owned()));
    }
    Ok(out)
}

pub(super) fn decode(header: u8, bits: &Bits) -> Result<Tag, EpcError> {
    let dated = header == DATED;
    let scheme = if dated { 0xf7 } else { header };
    let row = SCHEMES.iter().find(|(known, _)| *known == scheme);
    let &(_, ais) = row.ok_or(EpcError::TagHeader { header })?;
    let mut reader = bits.reader();
    let mut take = |len| reader.take(len).ok_or(EpcError::TagTooShort);
    take(8)?;
    let followed = take(1)? == 1;
    take(3)?;
    let mut builder = LinkBuilder::new();
    if dated {
        let ai = DATES.get(take(4)? as usize).ok_or(EpcError::TagBits)?;
        let date = take_value(&mut reader, Ai::EXPIRY).ok_or(EpcError::TagBits)?;
        builder = builder.with(ai.as_str(), &date);
    }
    for &ai in ais {
        let value = take_value(&mut reader, ai).filter(|value| is_instance(ai, value));
        let value = value.ok_or(EpcError::TagBits)?;
        if ai != Ai::GLN_EXTENSION || value != "0" {
            builder = builder.with(ai.as_str(), &value);
        }
    }
    let data = if followed { take_data(&mut reader)? } else { Vec::new() };
    if !reader.rest_is_zero() {
        return Err(EpcError::TagBits);
    }
    let uri = builder.build().map_err(EpcError::Link)?.canonical();
    Ok(Tag { uri, tag_uri: None, hex: bits.clone().into_hex(), data })
}

/// Reads AIs up to where only zero bits are left.
fn take_data(reader: &mut Reader<'_>) -> Result<Vec<(Ai, String)>, EpcError> {
    let mut out: Vec<(Ai, String)> = Vec::new();
    while !reader.rest_is_zero() {
        let ai = take_ai(reader).ok_or(EpcError::TagData)?;
        let entry = dictionary::entry(ai).ok_or(EpcError::TagData)?;
        let value = take_value(reader, ai).ok_or(EpcError::TagData)?;
        let verdict = entry.judge(&value, Seen::of(value.as_bytes()));
        verdict.map_err(|fault| EpcError::Link(Problem::of_value(ai, &value, fault, 0..0)))?;
        if out.iter().any(|(again, _)| *again == ai) {
            return Err(EpcError::Link(Problem::Duplicate.of(ai.as_str(), 0..0)));
        }
        out.push((ai, value));
    }
    if out.is_empty() { Err(EpcError::TagData) } else { Ok(out) }
}

/// An AI, whose length its first two digits tell (table K).
fn take_ai(reader: &mut Reader<'_>) -> Option<Ai> {
    let mut digit = || char::from_digit(reader.take(4)? as u32, 10);
    let mut name = String::from_iter([digit()?, digit()?]);
    while name.len() < Dictionary::built_in().length_of_prefix(name.as_bytes())? {
        name.push(digit()?);
    }
    Ai::parse(&name)
}
