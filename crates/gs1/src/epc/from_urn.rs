//! EPC URN to link: pure identities (TDS 2.2, 6.3), the class URN `lgtin` and the patterns that stand
//! for a class (`urn:epc:idpat:…:*`). The URN leaves out check digits; they are computed here.

use super::EpcError;
use crate::ai::Ai;
use crate::check::check_digit;
use crate::link::Link;

type Keys = Vec<(Ai, String)>;

/// The canonical link of an EPC URN.
///
/// ```
/// let link = gs1::epc::to_link("urn:epc:id:sscc:893123456.10000007")?;
/// assert_eq!(link, "https://id.gs1.org/00/189312345600000079");
/// # Ok::<(), gs1::EpcError>(())
/// ```
///
/// # Errors
/// A URN that is not one of the GS1 keys, or breaks the grammar of its scheme.
pub fn to_link(urn: &str) -> Result<String, EpcError> {
    to_elements(urn).map(|keys| Link::canonical_of(&keys))
}

/// The AIs and values of an EPC URN, the primary key first.
///
/// # Errors
/// As [`to_link`].
pub fn to_elements(urn: &str) -> Result<Vec<(Ai, String)>, EpcError> {
    let rest =
        if super::is_prefix(urn, "urn:epc:") { &urn[8..] } else { return Err(EpcError::NotEpc) };
    let mut parts = rest.splitn(3, ':');
    let (Some(kind), Some(scheme), Some(body)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(EpcError::NotEpc);
    };
    let keys = match kind {
        "id" => instance(scheme, body)?,
        "class" if scheme == "lgtin" => {
            let [gcp, item, lot] = split(body)?;
            vec![(Ai::GTIN, gtin(gcp, item)?), (Ai::LOT, text(lot, 20)?)]
        }
        "class" => return Err(unknown(scheme)),
        "idpat" => pattern(scheme, body)?,
        _ => return Err(EpcError::NotEpc),
    };
    Ok(keys)
}

fn instance(scheme: &str, body: &str) -> Result<Keys, EpcError> {
    Ok(match scheme {
        "sgtin" => {
            let [gcp, item, serial] = split(body)?;
            vec![(Ai::GTIN, gtin(gcp, item)?), (Ai::SERIAL, text(serial, 20)?)]
        }
        "upui" => {
            let [gcp, item, serial] = split(body)?;
            vec![(Ai::GTIN, gtin(gcp, item)?), (Ai::TPX, text(serial, 28)?)]
        }
        "itip" => {
            let [gcp, item, piece, total, serial] = split(body)?;
            vec![(Ai::ITIP, itip(gcp, item, piece, total)?), (Ai::SERIAL, text(serial, 20)?)]
        }
        "sscc" => {
            let [gcp, serial] = split(body)?;
            vec![(Ai::SSCC, moved(gcp, serial, 17)?)]
        }
        "sgln" => {
            let [gcp, place, extension] = split(body)?;
            let extension = text(extension, 20)?;
            let mut keys = vec![(Ai::GLN, number(gcp, place, 12)?)];
            // A single zero says that there is no extension (TDS 2.2, 6.3.3).
            if extension != "0" {
                keys.push((Ai::GLN_EXTENSION, extension));
            }
            keys
        }
        "pgln" => {
            let [gcp, party] = split(body)?;
            vec![(Ai::PARTY, number(gcp, party, 12)?)]
        }
        "grai" => {
            let [gcp, asset, serial] = split(body)?;
            vec![(Ai::GRAI, format!("0{}{}", number(gcp, asset, 12)?, text(serial, 16)?))]
        }
        "giai" => vec![(Ai::GIAI, free(body)?)],
        "ginc" => vec![(Ai::GINC, free(body)?)],
        "gsrn" | "gsrnp" => {
            let [gcp, service] = split(body)?;
            let ai = if scheme == "gsrn" { Ai::GSRN } else { Ai::GSRN_PROVIDER };
            vec![(ai, number(gcp, service, 17)?)]
        }
        "gsin" => {
            let [gcp, shipment] = split(body)?;
            vec![(Ai::GSIN, number(gcp, shipment, 16)?)]
        }
        "gdti" => {
            let [gcp, document, serial] = split(body)?;
            vec![(Ai::GDTI, number(gcp, document, 12)? + &text(serial, 17)?)]
        }
        "sgcn" => {
            let [gcp, coupon, serial] = split(body)?;
            if serial.is_empty() || serial.len() > 12 {
                return Err(EpcError::SerialLength { most: 12 });
            }
            vec![(Ai::GCN, number(gcp, coupon, 12)? + digits(serial)?)]
        }
        "cpi" => {
            let [gcp, part, serial] = split(body)?;
            if serial.is_empty() || serial.len() > 12 {
                return Err(EpcError::SerialLength { most: 12 });
            }
            if serial.len() > 1 && serial.starts_with('0') {
                return Err(EpcError::Character { found: "0".to_owned() });
            }
            vec![(Ai::CPID, cpid(gcp, part)?), (Ai::CPID_SERIAL, digits(serial)?.to_owned())]
        }
        _ => return Err(unknown(scheme)),
    })
}

/// `urn:epc:idpat:sgtin:…*` and its kin: everything of a class.
fn pattern(scheme: &str, body: &str) -> Result<Keys, EpcError> {
    let body = body.strip_suffix(".*").ok_or(EpcError::NotPattern)?;
    let key = match scheme {
        "sgtin" | "upui" => {
            let [gcp, item] = split(body)?;
            (Ai::GTIN, gtin(gcp, item)?)
        }
        "itip" => {
            let [gcp, item, piece, total] = split(body)?;
            (Ai::ITIP, itip(gcp, item, piece, total)?)
        }
        "grai" => {
            let [gcp, asset] = split(body)?;
            (Ai::GRAI, format!("0{}", number(gcp, asset, 12)?))
        }
        "gdti" => {
            let [gcp, document] = split(body)?;
            (Ai::GDTI, number(gcp, document, 12)?)
        }
        "sgcn" => {
            let [gcp, coupon] = split(body)?;
            (Ai::GCN, number(gcp, coupon, 12)?)
        }
        "cpi" => {
            let [gcp, part] = split(body)?;
            (Ai::CPID, cpid(gcp, part)?)
        }
        _ => return Err(unknown(scheme)),
    };
    Ok(vec![key])
}

fn unknown(scheme: &str) -> EpcError {
    EpcError::UnknownScheme { scheme: scheme.to_owned() }
}

/// Cuts at dots; the last part keeps its own.
pub(super) fn split<const N: usize>(body: &str) -> Result<[&str; N], EpcError> {
    let parts: Vec<&str> = body.splitn(N, '.').collect();
    parts.try_into().map_err(|_| EpcError::WrongParts { expected: N })
}

pub(super) fn digits(part: &str) -> Result<&str, EpcError> {
    if part.bytes().all(|b| b.is_ascii_digit()) { Ok(part) } else { Err(EpcError::NotDigits) }
}

fn prefix(gcp: &str) -> Result<&str, EpcError> {
    let good = (6..=12).contains(&gcp.len()) && gcp.bytes().all(|b| b.is_ascii_digit());
    if good { Ok(gcp) } else { Err(EpcError::CompanyPrefix) }
}

/// Prefix and reference, `len` digits together, with their check digit.
fn number(gcp: &str, reference: &str, len: usize) -> Result<String, EpcError> {
    complete(&[prefix(gcp)?, digits(reference)?], len)
}

/// As [`number`], where the first digit of the reference stands before the prefix.
fn moved(gcp: &str, reference: &str, len: usize) -> Result<String, EpcError> {
    let (first, rest) =
        digits(reference)?.split_at_checked(1).ok_or(EpcError::WrongLength { expected: len })?;
    complete(&[first, prefix(gcp)?, rest], len)
}

fn complete(parts: &[&str], len: usize) -> Result<String, EpcError> {
    let mut key = parts.concat();
    let expected = if key.len() == len { check_digit(&key) } else { None };
    let digit = expected.ok_or(EpcError::WrongLength { expected: len })?;
    key.push((b'0' + digit) as char);
    Ok(key)
}

fn gtin(gcp: &str, item: &str) -> Result<String, EpcError> {
    moved(gcp, item, 13)
}

fn itip(gcp: &str, item: &str, piece: &str, total: &str) -> Result<String, EpcError> {
    if piece.len() != 2 || total.len() != 2 {
        return Err(EpcError::SerialLength { most: 2 });
    }
    Ok(gtin(gcp, item)? + digits(piece)? + digits(total)?)
}

/// A prefix and a reference of free length, 30 characters together.
fn free(body: &str) -> Result<String, EpcError> {
    let [gcp, reference] = split(body)?;
    let gcp = prefix(gcp)?;
    Ok(gcp.to_owned() + &text(reference, 30 - gcp.len())?)
}

/// The reference of a component: digits, upper-case letters, `-`, and `#` and `/` escaped (TDS 2.2,
/// 6.3.11).
fn cpid(gcp: &str, part: &str) -> Result<String, EpcError> {
    let gcp = prefix(gcp)?;
    let part = six_bit_text(part)?;
    let most = 30 - gcp.len();
    if part.is_empty() || part.len() > most {
        return Err(EpcError::SerialLength { most });
    }
    Ok(gcp.to_owned() + &part)
}

/// Text with its escapes decoded, of the 82 characters.
pub(super) fn escaped_text(part: &str) -> Result<String, EpcError> {
    text(part, 30)
}

/// Text of digits, upper-case letters, `-`, and `#` and `/` escaped.
pub(super) fn six_bit_text(part: &str) -> Result<String, EpcError> {
    unescape(part, |b| b.is_ascii_digit() || b.is_ascii_uppercase() || b == b'-', b"#/")
}

/// A serial number of 1 to `most` characters of the 82 (TDS 2.2, 5: GS3A3).
fn text(part: &str, most: usize) -> Result<String, EpcError> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"!'()*+,-.:;=_".contains(&b);
    let value = unescape(part, plain, b"\"%&/<>?")?;
    if value.is_empty() || value.len() > most {
        return Err(EpcError::SerialLength { most });
    }
    Ok(value)
}

/// Decodes a part in which `plain` characters stand for themselves and `escaped` ones as `%XX`.
fn unescape(part: &str, plain: impl Fn(u8) -> bool, escaped: &[u8]) -> Result<String, EpcError> {
    let mut out = String::with_capacity(part.len());
    let mut rest = part;
    while let Some(found) = rest.chars().next() {
        let len = if found == '%' { 3 } else { found.len_utf8() };
        let piece = rest.get(..len).unwrap_or(rest);
        let byte = match piece.strip_prefix('%') {
            Some(hex) if hex.bytes().all(|b| b.is_ascii_hexdigit()) => {
                u8::from_str_radix(hex, 16).ok().filter(|byte| escaped.contains(byte))
            }
            Some(_) => None,
            None => u8::try_from(found).ok().filter(|&byte| plain(byte)),
        };
        let byte = byte.ok_or_else(|| EpcError::Character { found: piece.to_owned() })?;
        out.push(byte as char);
        rest = rest.get(len..).unwrap_or_default();
    }
    Ok(out)
}
