//! Scan data: a symbology identifier (ISO/IEC 15424) and what the symbol holds. The identifier tells
//! element strings from plain text, which the data alone do not.

use super::{Message, Options, is_link, raw};
use crate::ai::Ai;
use crate::check::check_digit;
use crate::keys::Gtin;
use crate::problem::{Problem, ReadError};

/// A symbology that GS1 uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Symbology {
    /// `]C1`.
    Gs1_128,
    /// `]e0`.
    DataBar,
    /// `]d2` with element strings, `]d1` with text.
    DataMatrix,
    /// `]Q3` with element strings, `]Q1` with text.
    Qr,
    /// `]J1` with element strings, `]J0` with text.
    DotCode,
    /// `]E0`: EAN-13, UPC-A, UPC-E, all given as 13 digits.
    Ean13,
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
            if let Some(at) = data.find('^') {
                return Err(Problem::CaretInScan.at(3 + at..4 + at));
            }
            let elements = raw::read(input, 3, options)?;
            let written = format!("^{}", data.replace('\u{1d}', "^"));
            Message::checked(elements, Some(written), options)?
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
