//! What an EPC URN is, without turning it into anything: its form, and the key it is of. Knows also
//! the schemes that are no GS1 keys (TDS 2.2, 6.3.13–6.3.19), which have a grammar but no link.

use super::from_urn::{digits, six_bit_text, split, to_elements};
use super::{EpcError, is_prefix};
use crate::ai::Ai;

/// Which of the URN forms an EPC URN has (TDS 2.2, 6.3 and 8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `urn:epc:id:…`: one thing, place or party.
    Instance,
    /// `urn:epc:class:…`, and `urn:epc:idpat:….*`, which stands for all of a class.
    Class,
}

/// A well-formed EPC URN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Inspected {
    /// Its form.
    pub form: Form,
    /// The AI of its primary key; `None` for schemes that are no GS1 keys.
    pub key: Option<Ai>,
}

/// Reads an EPC URN of any scheme by the grammar of Tag Data Standard 2.2.
///
/// ```
/// use gs1::{Ai, epc::{Form, inspect}};
/// let place = inspect("urn:epc:id:sgln:893123456.789.0")?;
/// assert_eq!((place.form, place.key), (Form::Instance, Some(Ai::GLN)));
/// let container = inspect("urn:epc:id:bic:CSQU3054383")?;
/// assert_eq!(container.key, None, "no GS1 key, and still an EPC");
/// assert!(inspect("urn:epc:id:sgtin:893123456.078.7").is_err(), "12 digits of 13");
/// # Ok::<(), gs1::EpcError>(())
/// ```
///
/// # Errors
/// What breaks the grammar of the scheme; [`EpcError::NotEpc`] for URIs of tags (`urn:epc:tag:`,
/// `urn:epc:raw:`) and for patterns of more than one class.
pub fn inspect(urn: &str) -> Result<Inspected, EpcError> {
    if let Some(("id", scheme, body)) = parts(urn)
        && let Some(grammar) = other_scheme(scheme)
    {
        return grammar(body).map(|()| Inspected { form: Form::Instance, key: None });
    }
    let elements = to_elements(urn)?;
    let class = parts(urn).is_some_and(|(kind, ..)| kind != "id");
    let form = if class { Form::Class } else { Form::Instance };
    Ok(Inspected { form, key: elements.first().map(|(ai, _)| *ai) })
}

fn parts(urn: &str) -> Option<(&str, &str, &str)> {
    let rest = if is_prefix(urn, "urn:epc:") { &urn[8..] } else { return None };
    let (kind, rest) = rest.split_once(':')?;
    let (scheme, body) = rest.split_once(':')?;
    Some((kind, scheme, body))
}

type Grammar = fn(&str) -> Result<(), EpcError>;

fn other_scheme(scheme: &str) -> Option<Grammar> {
    Some(match scheme {
        "gid" => general,
        "usdod" => defense,
        "adi" => aerospace,
        "bic" => container,
        "imovn" => vessel,
        _ => return None,
    })
}

/// Three numbers (6.3.13).
fn general(body: &str) -> Result<(), EpcError> {
    split::<3>(body)?.into_iter().try_for_each(number)
}

/// A supplier and a number (6.3.14).
fn defense(body: &str) -> Result<(), EpcError> {
    let [supplier, serial] = split(body)?;
    supplier_code(supplier)?;
    number(serial)
}

/// A supplier, a part number that may be empty, and a serial number (6.3.15).
fn aerospace(body: &str) -> Result<(), EpcError> {
    let [supplier, part, serial] = split(body)?;
    supplier_code(supplier)?;
    // Only the serial number may begin with `#`, where it is one of its supplier and of no part.
    let unmarked = serial.strip_prefix("%23").unwrap_or(serial);
    for text in [part, unmarked] {
        if six_bit_text(text)?.contains('#') {
            return Err(EpcError::Character { found: "%23".to_owned() });
        }
    }
    if part.len() > 32 {
        return Err(EpcError::SerialLength { most: 32 });
    }
    if unmarked.is_empty() || serial.len() > 30 {
        return Err(EpcError::SerialLength { most: 30 });
    }
    Ok(())
}

/// A freight container: owner, category, number, check digit (6.3.17, ISO 6346).
fn container(body: &str) -> Result<(), EpcError> {
    if body.len() != 11 || !body.is_ascii() {
        return Err(EpcError::WrongLength { expected: 11 });
    }
    let (owner, rest) = body.split_at(3);
    let (category, number) = rest.split_at(1);
    if !owner.bytes().all(|b| b.is_ascii_uppercase()) || !matches!(category, "J" | "U" | "Z") {
        return Err(EpcError::Character { found: body[..4].to_owned() });
    }
    digits(number).map(drop)
}

/// The number of a vessel (6.3.18).
fn vessel(body: &str) -> Result<(), EpcError> {
    if body.len() != 7 {
        return Err(EpcError::WrongLength { expected: 7 });
    }
    digits(body).map(drop)
}

/// A number without leading zeros.
fn number(text: &str) -> Result<(), EpcError> {
    if text.is_empty() {
        return Err(EpcError::NotDigits);
    }
    if text.len() > 1 && text.starts_with('0') {
        return Err(EpcError::Character { found: "0".to_owned() });
    }
    digits(text).map(drop)
}

/// A supplier code (CAGE) of five characters or an activity code (DoDAAC) of six.
pub(super) fn supplier_code(text: &str) -> Result<(), EpcError> {
    let good = |b: u8| b.is_ascii_digit() || (b.is_ascii_uppercase() && !matches!(b, b'I' | b'O'));
    if matches!(text.len(), 5 | 6) && text.bytes().all(good) {
        return Ok(());
    }
    Err(EpcError::Character { found: text.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemes_that_are_no_gs1_keys_have_their_own_grammar() {
        for good in [
            "urn:epc:id:gid:95100000.12345.400",
            "urn:epc:id:usdod:2S194.12345678901",
            "urn:epc:id:adi:35962.PQ7VZ4.M37GXB92",
            "urn:epc:id:adi:W81X9C..%232ABX3",
            "urn:epc:id:bic:CSQU3054383",
            "urn:epc:id:imovn:9176187",
        ] {
            let found = inspect(good);
            assert_eq!(found, Ok(Inspected { form: Form::Instance, key: None }), "{good}");
        }
        for bad in [
            "urn:epc:id:gid:095100000.12345.400",
            "urn:epc:id:gid:1.2",
            "urn:epc:id:gid:1..3",
            "urn:epc:id:usdod:2SI94.1",
            "urn:epc:id:usdod:2S194.",
            "urn:epc:id:adi:35962.PQ%237.M",
            "urn:epc:id:adi:35962.PQ7.",
            "urn:epc:id:adi:35962.pq7.M",
            "urn:epc:id:bic:CSQX3054383",
            "urn:epc:id:bic:CSQU305438",
            "urn:epc:id:imovn:917618A",
            "urn:epc:id:imovn:91761871",
            "urn:epc:id:none:1",
        ] {
            assert!(inspect(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_form_and_the_key_are_told() {
        let told = |urn| inspect(urn).map(|found| (found.form, found.key));
        let lot = "urn:epc:class:lgtin:893123456.0789.L7";
        assert_eq!(told(lot), Ok((Form::Class, Some(Ai::GTIN))));
        let all = "urn:epc:idpat:grai:893123456.789.*";
        assert_eq!(told(all), Ok((Form::Class, Some(Ai::GRAI))));
        let unit = "urn:epc:id:sscc:893123456.10000007";
        assert_eq!(told(unit), Ok((Form::Instance, Some(Ai::SSCC))));
        for other in ["urn:epc:tag:sgtin-96:3.893123456.0789.7", "urn:epc:raw:96.x30", "urn:epc:"] {
            assert_eq!(told(other), Err(EpcError::NotEpc), "{other}");
        }
    }
}
