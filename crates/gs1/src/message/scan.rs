//! Scan data: a symbology identifier (ISO/IEC 15424) and what the symbol holds. The identifier tells
//! element strings from plain text, which the data alone do not.

use super::{Message, Options, Raw, is_link, raw};
use crate::ai::Ai;
use crate::check::check_digit;
use crate::keys::Gtin;
use crate::problem::{Problem, ReadError};
use crate::seen::find;

/// A symbology that GS1 uses.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Symbology {
    /// `]C1`.
    Gs1_128,
    /// `]e0`: GS1 DataBar of any kind but the limited one, and composite parts.
    DataBar,
    /// `]e0`: GS1 DataBar Limited, a GTIN that starts with 0 or 1. Only written; a scan does not tell.
    DataBarLimited,
    /// `]d2` with element strings, `]d1` with text.
    DataMatrix,
    /// `]Q3` with element strings, `]Q1` with text.
    Qr,
    /// `]J1` with element strings, `]J0` with text.
    DotCode,
    /// `]E0`: EAN-13; a scan gives UPC-A and UPC-E as this too.
    Ean13,
    /// `]E0`: UPC-A and, in full, UPC-E: 12 digits, given as 13.
    Upc,
    /// `]E4`.
    Ean8,
}

/// What the data of a symbology are.
enum Content {
    Elements,
    Text,
    Number(usize),
}

fn symbology(id: &str) -> Option<(Symbology, Content)> {
    Some(match id {
        "]C1" => (Symbology::Gs1_128, Content::Elements),
        "]e0" => (Symbology::DataBar, Content::Elements),
        "]d2" => (Symbology::DataMatrix, Content::Elements),
        "]Q3" => (Symbology::Qr, Content::Elements),
        "]J1" => (Symbology::DotCode, Content::Elements),
        "]d1" => (Symbology::DataMatrix, Content::Text),
        "]Q1" => (Symbology::Qr, Content::Text),
        "]J0" => (Symbology::DotCode, Content::Text),
        "]E0" => (Symbology::Ean13, Content::Number(13)),
        "]E4" => (Symbology::Ean8, Content::Number(8)),
        _ => return None,
    })
}

/// Where the composite part of an EAN or UPC symbol follows.
const COMPOSITE: &str = "|]e0";

pub(super) fn read<'a>(input: &'a str, options: &Options<'a>) -> Result<Message<'a>, ReadError> {
    let id = input.get(..3).unwrap_or(input);
    let Some((symbology, content)) = symbology(id) else {
        return Err(Problem::Symbology.at(0..id.len()));
    };
    let data = &input[3..];
    let mut message = match content {
        Content::Elements => {
            if let Some(at) = find(data.as_bytes(), *b"^") {
                return Err(Problem::CaretInScan.at(3 + at..4 + at));
            }
            // Without `^` there is no composite part to look for.
            let elements = raw::read_linear(input, 3, options)?;
            // A separator in front says no more than the identifier does.
            let text = data.strip_prefix('\u{1d}').unwrap_or(data);
            Message::checked(elements, Some(Raw { text, fnc1: true }), options)?
        }
        Content::Text if is_link(data) => {
            Message::link(data, options).map_err(|error| error.shifted(3))?
        }
        Content::Text => Message::plain("", options),
        Content::Number(len) => number(input, len, options)?,
    };
    message.symbology = Some(symbology);
    Ok(message)
}

/// An EAN or UPC symbol, perhaps with a composite part.
fn number<'a>(input: &'a str, len: usize, options: &Options<'a>) -> Result<Message<'a>, ReadError> {
    let (number, composite) = match input[3..].split_once(COMPOSITE) {
        Some((number, rest)) => (number, Some(rest)),
        None => (&input[3..], None),
    };
    let at = 3..3 + number.len();
    let mut digits = number.to_owned();
    if options.add_check_digit && digits.len() + 1 == len {
        digits.extend(check_digit(&digits).map(|digit| (b'0' + digit) as char));
    }
    if digits.len() < len {
        return Err(Problem::ScanTooShort.at(at));
    }
    if digits.len() > len {
        return Err(Problem::PrimaryTooLong.at(at));
    }
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Problem::PrimaryNotDigits.at(at));
    }
    let expected = check_digit(&digits[..len - 1]).unwrap_or_default();
    if digits.as_bytes()[len - 1] != b'0' + expected {
        return Err(Problem::PrimaryCheckDigit(expected).of(Ai::GTIN.as_str(), at.end - 1..at.end));
    }
    let mut message = match composite {
        Some(rest) => {
            let mut elements = raw::read(input, input.len() - rest.len(), options)?;
            for element in &mut elements {
                element.composite = true;
            }
            Message::checked(elements, None, options)?
        }
        None => Message::plain("", options),
    };
    message.gtin = Gtin::parse(&digits).ok();
    Ok(message)
}

/// What a scanner gives of a symbol that holds `data`: element strings with `^` for FNC1, or text, and
/// after `|^` a composite part. The inverse of reading scan data.
///
/// ```
/// use gs1::message::{Options, Symbology, scan_data};
/// let options = Options::default();
/// assert_eq!(
///     scan_data(Symbology::Qr, "^010893123456789710L7^17261231", &options)?,
///     "]Q3010893123456789710L7\u{1d}17261231"
/// );
/// assert_eq!(scan_data(Symbology::Ean13, "8931234567897", &options)?, "]E08931234567897");
/// # Ok::<(), gs1::ReadError>(())
/// ```
///
/// # Errors
/// Data that the symbology does not hold, or element strings against their rules.
pub fn scan_data(
    symbology: Symbology,
    data: &str,
    options: &Options<'_>,
) -> Result<String, ReadError> {
    let ids = match symbology {
        Symbology::Gs1_128 => ("]C1", None),
        Symbology::DataBar | Symbology::DataBarLimited => ("]e0", None),
        Symbology::DataMatrix => ("]d2", Some("]d1")),
        Symbology::Qr => ("]Q3", Some("]Q1")),
        Symbology::DotCode => ("]J1", Some("]J0")),
        Symbology::Ean13 => return numbered(data, 13, "]E0", options),
        Symbology::Upc => return numbered(data, 12, "]E00", options),
        Symbology::Ean8 => return numbered(data, 8, "]E4", options),
    };
    match ids {
        (id, _) if data.starts_with('^') => {
            let elements = raw::read(data, 0, options)?;
            let gtin = elements.first().map_or("", |element| &element.value);
            if symbology == Symbology::DataBarLimited && !gtin.starts_with(['0', '1']) {
                return Err(Problem::Symbology.at(0..data.len()));
            }
            // A linear part of pre-defined length, or with a separator at its end, needs none before
            // the composite part.
            let open = elements.iter().take_while(|element| !element.composite).last();
            let ended =
                data.split_once("|^").is_some_and(|(linear, _)| linear.ends_with(['^', '\u{1d}']));
            let open = open.is_some_and(|element| !element.fixed) && !ended;
            let joined = data.replace("|^", if open { "^" } else { "" });
            Ok(format!("{id}{}", joined[1..].replace('^', "\u{1d}")))
        }
        // A backslash before the sign says that text starts with it.
        (_, Some(id)) => {
            let sign = data.trim_start_matches('\\').starts_with('^');
            let text = data.strip_prefix('\\').filter(|_| sign).unwrap_or(data);
            Ok(format!("{id}{text}"))
        }
        _ => Err(Problem::Symbology.at(0..data.len())),
    }
}

/// The number of an EAN or UPC symbol: digits, or (01) with a GTIN of as many, then a composite part.
fn numbered(data: &str, len: usize, id: &str, options: &Options<'_>) -> Result<String, ReadError> {
    let (number, composite) = match data.split_once("|^") {
        Some((number, rest)) => (number, Some(rest)),
        None => (data, None),
    };
    let at = 0..number.len();
    let mut digits = match number.strip_prefix("^01") {
        Some(gtin) => {
            let (zeros, rest) = gtin
                .split_at_checked(14 - len)
                .ok_or_else(|| Problem::ScanTooShort.at(at.clone()))?;
            if zeros.bytes().any(|b| b != b'0') {
                return Err(Problem::PrimaryTooLong.at(at));
            }
            rest.to_owned()
        }
        None => number.to_owned(),
    };
    if options.add_check_digit {
        if digits.len() >= len {
            return Err(Problem::PrimaryTooLong.at(at));
        }
        digits.extend(check_digit(&digits).map(|digit| (b'0' + digit) as char));
    }
    // Read as a scan, which checks it; a UPC is an EAN-13 that starts with a zero.
    let scan = format!("{id}{digits}");
    read(&scan, &Options { add_check_digit: false, ..*options })?;
    let Some(rest) = composite else { return Ok(scan) };
    let whole = format!("{scan}{COMPOSITE}{}", rest.replace('^', "\u{1d}"));
    // Read as the scan, too: a composite part has no other after it.
    raw::read(&whole, scan.len() + COMPOSITE.len(), options)?;
    Ok(whole)
}
