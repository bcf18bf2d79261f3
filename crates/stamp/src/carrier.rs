//! Data carriers as GS1 and TCVN 13275:2020 know them: one door for ten symbologies. A carrier has
//! its message checked by `gs1`, its modules or bars, its quiet zones, the X-dimensions that the
//! General Specifications ask for, the readable text, and a drawing in vectors.
//!
//! | symbology | carries | readers say | for |
//! |---|---|---|---|
//! | QR | a link, any text | `]Q1` | consumers' phones, and points of sale from 2027 |
//! | GS1 DataMatrix | element strings | `]d2` | small packs, medicines, points of sale from 2027 |
//! | Data Matrix | a link, any text | `]d1` | as QR, where there is less room |
//! | GS1 QR | element strings | `]Q3` | where a partner asks for it |
//! | GS1-128 | element strings, 48 characters | `]C1` | cases and pallets (SSCC) |
//! | ITF-14 | a GTIN | `]I1` | cases printed on corrugated board |
//! | EAN-13, EAN-8, UPC-A, UPC-E | a GTIN | `]E0`, `]E4` | the till, today |

mod draw;
mod error;
mod number;
mod size;

pub use draw::{Drawing, Label};
pub use error::CarrierError;
pub use size::{Quiet, XDimension};

use crate::linear::{Bars, code128};
use crate::{Matrix, datamatrix, message, qr};

/// Most data characters of a GS1-128 symbol, AIs and separators counted (General Specifications
/// 5.4.4.3; FNC1 in front and the check character are not data).
pub const GS1_128_MOST: usize = 48;

/// Longer element strings are refused unread: brackets and escapes at most triple the 7,089
/// characters that any symbol holds.
const LONGEST_INPUT: usize = 3 * 7089;

/// A kind of symbol and what it carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Symbology {
    /// QR with a link or any text.
    Qr,
    /// QR with FNC1 in front: element strings.
    Gs1Qr,
    /// Data Matrix with a link or any text.
    DataMatrix,
    /// Data Matrix with FNC1 in front: element strings.
    Gs1DataMatrix,
    /// Code 128 with FNC1 in front: element strings.
    Gs1128,
    Ean13,
    Ean8,
    UpcA,
    /// A GTIN-12 whose zeros are left out.
    UpcE,
    /// Interleaved 2 of 5 with a GTIN and bearer bars.
    Itf14,
}

impl Symbology {
    pub const ALL: [Self; 10] = [
        Self::Qr,
        Self::Gs1Qr,
        Self::DataMatrix,
        Self::Gs1DataMatrix,
        Self::Gs1128,
        Self::Ean13,
        Self::Ean8,
        Self::UpcA,
        Self::UpcE,
        Self::Itf14,
    ];

    /// What a reader puts before the data (ISO/IEC 15424; General Specifications 5.1.2). Text outside
    /// ASCII in QR and Data Matrix is announced by an ECI, for which readers may have another digit.
    pub fn identifier(self) -> &'static str {
        match self {
            Self::Qr => "]Q1",
            Self::Gs1Qr => "]Q3",
            Self::DataMatrix => "]d1",
            Self::Gs1DataMatrix => "]d2",
            Self::Gs1128 => "]C1",
            Self::Ean13 | Self::UpcA | Self::UpcE => "]E0",
            Self::Ean8 => "]E4",
            Self::Itf14 => "]I1",
        }
    }

    /// The name on packaging and in manuals, the same in both languages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Qr => "QR",
            Self::Gs1Qr => "GS1 QR",
            Self::DataMatrix => "Data Matrix",
            Self::Gs1DataMatrix => "GS1 DataMatrix",
            Self::Gs1128 => "GS1-128",
            Self::Ean13 => "EAN-13",
            Self::Ean8 => "EAN-8",
            Self::UpcA => "UPC-A",
            Self::UpcE => "UPC-E",
            Self::Itf14 => "ITF-14",
        }
    }
}

/// What supports the ends of ITF-14's bars, so that a slanting scan does not read a part of the
/// number (General Specifications 5.3.2.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Bearer {
    /// A bar of two modules above and one below: enough where no printing plates are used.
    #[default]
    Bars,
    /// A frame of 4.83 mm around symbol and quiet zones, as plates need.
    Frame,
}

/// Choices beyond symbology and message; each counts for the symbologies that know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// At least this error correction, for QR.
    pub level: qr::Level,
    /// Sizes allowed, for Data Matrix.
    pub shape: datamatrix::Shape,
    /// For ITF-14.
    pub bearer: Bearer,
}

impl Default for Options {
    /// QR of level M, square Data Matrix, bearer bars.
    fn default() -> Self {
        Self { level: qr::Level::M, shape: datamatrix::Shape::Square, bearer: Bearer::Bars }
    }
}

/// The modules or bars of a carrier, without quiet zones.
#[derive(Clone, Debug, PartialEq)]
pub enum Form {
    Matrix(Matrix),
    Bars(Bars),
}

/// A finished carrier.
#[derive(Clone, Debug, PartialEq)]
pub struct Carrier {
    symbology: Symbology,
    message: String,
    hri: Vec<String>,
    form: Form,
    bearer: Option<Bearer>,
}

/// Encodes `data` with the default choices; see [`encode_with`].
///
/// ```
/// use stamp::carrier::{Symbology, encode};
///
/// // An invented product, for illustration (minh hoạ).
/// let carrier = encode(Symbology::Gs1DataMatrix, "(01)08931234567897(10)SC-0726(21)7K3M9Q2XWP4T")?;
/// assert_eq!(carrier.message(), "010893123456789710SC-0726\u{1d}217K3M9Q2XWP4T");
/// assert_eq!(carrier.hri()[1], "(10) SC-0726");
/// let drawing = carrier.drawing();
/// assert_eq!(drawing.width(), 24.0); // 22 modules and a quiet zone of one
/// assert!(drawing.to_svg().starts_with("<svg"));
/// # Ok::<(), stamp::carrier::CarrierError>(())
/// ```
///
/// # Errors
/// See [`encode_with`].
pub fn encode(symbology: Symbology, data: &str) -> Result<Carrier, CarrierError> {
    encode_with(symbology, data, Options::default())
}

/// Encodes `data`: text or a link for QR and Data Matrix; element strings, with brackets or as readers
/// give them, for their GS1 forms and GS1-128; a GTIN with its check digit, or `(01)` and the GTIN,
/// for the others.
///
/// # Errors
/// Data against the rules of `gs1`, a number of a kind that the symbology does not carry, or too much
/// data.
pub fn encode_with(
    symbology: Symbology,
    data: &str,
    options: Options,
) -> Result<Carrier, CarrierError> {
    match symbology {
        Symbology::Qr | Symbology::DataMatrix => text(symbology, data, options),
        Symbology::Gs1Qr | Symbology::Gs1DataMatrix | Symbology::Gs1128 => {
            elements(symbology, data, options)
        }
        _ => number::encode(symbology, data, options),
    }
}

fn text(symbology: Symbology, data: &str, options: Options) -> Result<Carrier, CarrierError> {
    if data.is_empty() {
        return Err(CarrierError::Empty);
    }
    let form = Form::Matrix(if symbology == Symbology::Qr {
        qr::encode(data, options.level)?.into()
    } else {
        datamatrix::encode(data, options.shape)?.into()
    });
    let hri = gs1::Link::parse(data).map_or_else(|_| Vec::new(), |link| gs1::element::hri(&link));
    Ok(Carrier { symbology, message: data.to_owned(), hri, form, bearer: None })
}

fn elements(symbology: Symbology, data: &str, options: Options) -> Result<Carrier, CarrierError> {
    if data.is_empty() {
        return Err(CarrierError::Empty);
    }
    if data.len() > LONGEST_INPUT {
        return Err(CarrierError::TooLong { symbology, characters: data.len() });
    }
    let elements = gs1::element::read(data)?;
    let raw = gs1::element::raw(&elements);
    let form = match symbology {
        Symbology::Gs1Qr => {
            Form::Matrix(qr::encode_gs1(&raw, qr::Options::new(options.level))?.into())
        }
        Symbology::Gs1DataMatrix => {
            Form::Matrix(datamatrix::encode_gs1(&raw, options.shape)?.into())
        }
        _ => {
            let too_long = CarrierError::TooLong { symbology, characters: raw.len() };
            if raw.len() > GS1_128_MOST {
                return Err(too_long);
            }
            let mut units = vec![message::Unit::Fnc1];
            units.extend(message::separated(raw.as_bytes()));
            Form::Bars(code128::bars(&units).ok_or(too_long)?)
        }
    };
    let hri = elements.iter().map(|(ai, value)| format!("({ai}) {value}")).collect();
    Ok(Carrier { symbology, message: raw, hri, form, bearer: None })
}

impl Carrier {
    pub fn symbology(&self) -> Symbology {
        self.symbology
    }

    /// What a reader transmits after the symbology identifier: ASCII 29 between element strings, 13
    /// digits for UPC-A and UPC-E too.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The human readable interpretation, a line for each element string or one for a number (General
    /// Specifications 4.14). A link has the lines of what it identifies, other text has none.
    pub fn hri(&self) -> &[String] {
        &self.hri
    }

    /// Modules or bars.
    pub fn form(&self) -> &Form {
        &self.form
    }
}

impl From<qr::Symbol> for Matrix {
    fn from(symbol: qr::Symbol) -> Self {
        symbol.matrix().clone()
    }
}

impl From<datamatrix::Symbol> for Matrix {
    fn from(symbol: datamatrix::Symbol) -> Self {
        symbol.matrix().clone()
    }
}

#[cfg(test)]
mod tests;
