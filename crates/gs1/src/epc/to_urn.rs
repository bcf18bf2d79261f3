//! Link to EPC URN. A URN has the company prefix apart, so its length must be known; lot and variant
//! are dropped where a serial number is there, because the URN of an item has no place for them.

use std::fmt::Write;
use std::ops::Range;

use super::EpcError;
use crate::ai::Ai;
use crate::link::Link;
use crate::prefix::gcp_length;

/// The EPC URN of a link whose company prefix has `length` digits: `urn:epc:id:…` for one thing,
/// `urn:epc:class:lgtin:…` for a lot, `urn:epc:idpat:…*` for a class.
///
/// ```
/// use gs1::{Link, epc};
/// let link = Link::parse("https://tx.example.vn/01/08931234567897/10/L7")?;
/// assert_eq!(epc::to_urn(&link, 9)?, "urn:epc:class:lgtin:893123456.0789.L7");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// A length outside 6 to 12 or longer than the key, or a key without a URN: (415), (8013), a lot of
/// (8006).
pub fn to_urn(link: &Link, length: usize) -> Result<String, EpcError> {
    let (ai, value) = link.primary();
    let none = || EpcError::NoUrn { ai: ai.to_string() };
    let tail = |ai: Ai| link.get(ai);
    // A link that was made by another dictionary may have shorter values.
    let part = |range: Range<usize>| value.get(range).ok_or_else(none);
    let rest = |start: usize| value.get(start..).ok_or_else(none);
    Ok(match ai {
        Ai::GTIN => {
            let (gcp, item) = trade_item(part(0..13)?, length)?;
            match (tail(Ai::SERIAL), tail(Ai::TPX), link.lot()) {
                (Some(serial), ..) => format!("urn:epc:id:sgtin:{gcp}.{item}.{}", escaped(serial)),
                (_, Some(serial), _) => format!("urn:epc:id:upui:{gcp}.{item}.{}", escaped(serial)),
                (.., Some(lot)) => format!("urn:epc:class:lgtin:{gcp}.{item}.{}", escaped(lot)),
                _ => format!("urn:epc:idpat:sgtin:{gcp}.{item}.*"),
            }
        }
        Ai::ITIP => {
            let (gcp, item) = trade_item(part(0..13)?, length)?;
            let (piece, total) = (part(14..16)?, part(16..18)?);
            match (tail(Ai::SERIAL), link.lot()) {
                (Some(serial), _) => {
                    format!("urn:epc:id:itip:{gcp}.{item}.{piece}.{total}.{}", escaped(serial))
                }
                (None, Some(_)) => return Err(none()),
                (None, None) => format!("urn:epc:idpat:itip:{gcp}.{item}.{piece}.{total}.*"),
            }
        }
        Ai::SSCC => {
            let (gcp, unit) = cut(part(1..17)?, length)?;
            format!("urn:epc:id:sscc:{gcp}.{}{unit}", part(0..1)?)
        }
        Ai::GLN => {
            let (gcp, place) = cut(part(0..12)?, length)?;
            // In a URN a single zero says that there is no extension (TDS 2.2, 6.3.3), so one that is zero has none.
            let extension = match tail(Ai::GLN_EXTENSION) {
                Some("0") => return Err(EpcError::NoUrn { ai: Ai::GLN_EXTENSION.to_string() }),
                Some(extension) => escaped(extension),
                None => "0".into(),
            };
            format!("urn:epc:id:sgln:{gcp}.{place}.{extension}")
        }
        Ai::PARTY => {
            let (gcp, party) = cut(part(0..12)?, length)?;
            format!("urn:epc:id:pgln:{gcp}.{party}")
        }
        Ai::GRAI => serialised("grai", cut(part(1..13)?, length)?, rest(14)?),
        Ai::GDTI => serialised("gdti", cut(part(0..12)?, length)?, rest(13)?),
        Ai::GCN => serialised("sgcn", cut(part(0..12)?, length)?, rest(13)?),
        Ai::GIAI | Ai::GINC => {
            let (gcp, reference) = cut(value, length)?;
            if reference.is_empty() {
                return Err(EpcError::CompanyPrefix);
            }
            let scheme = if ai == Ai::GIAI { "giai" } else { "ginc" };
            format!("urn:epc:id:{scheme}:{gcp}.{}", escaped(reference))
        }
        Ai::GSIN => {
            let (gcp, shipment) = cut(part(0..16)?, length)?;
            format!("urn:epc:id:gsin:{gcp}.{shipment}")
        }
        Ai::GSRN | Ai::GSRN_PROVIDER => {
            let (gcp, service) = cut(part(0..17)?, length)?;
            let scheme = if ai == Ai::GSRN { "gsrn" } else { "gsrnp" };
            format!("urn:epc:id:{scheme}:{gcp}.{service}")
        }
        Ai::CPID => {
            let (gcp, part) = cut(value, length)?;
            if part.is_empty() {
                return Err(EpcError::CompanyPrefix);
            }
            serialised("cpi", (gcp, &escaped(part)), tail(Ai::CPID_SERIAL).unwrap_or_default())
        }
        _ => return Err(none()),
    })
}

/// As [`to_urn`], for keys whose prefix length [`gcp_length`] knows: those of Viet Nam.
///
/// # Errors
/// As [`to_urn`], and where no rule is known.
pub fn to_urn_known(link: &Link) -> Result<String, EpcError> {
    to_urn_by(link, gcp_length)
}

/// As [`to_urn`], where `length_of` tells the length of the company prefix that digits start with,
/// such as [`PrefixLengths::of`](crate::prefix::PrefixLengths::of).
///
/// # Errors
/// As [`to_urn`], and where no rule is known.
pub fn to_urn_by(
    link: &Link,
    length_of: impl Fn(&str) -> Option<usize>,
) -> Result<String, EpcError> {
    let (ai, value) = link.primary();
    let digits = match ai {
        Ai::SSCC | Ai::GTIN | Ai::ITIP | Ai::GRAI => value.get(1..).unwrap_or_default(),
        _ => value,
    };
    let length = length_of(digits).ok_or(EpcError::UnknownCompanyPrefixLength)?;
    to_urn(link, length)
}

/// Cuts the company prefix off.
fn cut(key: &str, length: usize) -> Result<(&str, &str), EpcError> {
    let parts = (6..=12).contains(&length).then(|| key.split_at_checked(length)).flatten();
    parts.filter(|(gcp, _)| gcp.bytes().all(|b| b.is_ascii_digit())).ok_or(EpcError::CompanyPrefix)
}

/// Prefix and item reference of 13 digits; the indicator goes before the reference.
fn trade_item(digits: &str, length: usize) -> Result<(&str, String), EpcError> {
    let (indicator, key) = digits.split_at_checked(1).ok_or(EpcError::CompanyPrefix)?;
    let (gcp, rest) = cut(key, length)?;
    Ok((gcp, format!("{indicator}{rest}")))
}

fn serialised(scheme: &str, (gcp, reference): (&str, &str), serial: &str) -> String {
    if serial.is_empty() {
        format!("urn:epc:idpat:{scheme}:{gcp}.{reference}.*")
    } else {
        format!("urn:epc:id:{scheme}:{gcp}.{reference}.{}", escaped(serial))
    }
}

/// Escapes what may not stand plainly in a URN (TDS 2.2, Annex A).
pub(super) fn escaped(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for c in value.chars() {
        if "\"#%&/<>?".contains(c) {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{:02X}", c as u32);
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vietnamese_prefix_is_found_by_the_table() -> Result<(), Box<dyn std::error::Error>> {
        let link = Link::parse("https://tx.example.vn/01/08935012345677/21/A%2F7")?;
        assert_eq!(to_urn_known(&link)?, "urn:epc:id:sgtin:89350123.04567.A%2F7");
        let link = Link::parse("https://tx.example.vn/00/389350123000000011")?;
        assert_eq!(to_urn_known(&link)?, "urn:epc:id:sscc:89350123.300000001");
        Ok(())
    }

    #[test]
    fn an_unknown_prefix_is_said_and_not_guessed() -> Result<(), Box<dyn std::error::Error>> {
        let link = Link::parse("https://example.org/01/04012345123456/21/7")?;
        assert_eq!(to_urn_known(&link), Err(EpcError::UnknownCompanyPrefixLength));
        assert_eq!(to_urn(&link, 13), Err(EpcError::CompanyPrefix));
        assert_eq!(to_urn(&link, 7)?, "urn:epc:id:sgtin:4012345.012345.7");
        Ok(())
    }

    #[test]
    fn a_key_without_urn_is_an_error() -> Result<(), Box<dyn std::error::Error>> {
        let link = Link::parse("https://example.org/415/4012345123456/8020/77")?;
        assert_eq!(to_urn(&link, 7), Err(EpcError::NoUrn { ai: "415".to_owned() }));
        Ok(())
    }
}
