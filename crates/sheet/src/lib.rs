//! Print sheets of stamps as PDF: A4 grids to cut and labels on a roll. Symbols are vector paths in
//! true size, text is embedded with only the glyphs it uses. The font comes from the caller, and so
//! does the date: the same order gives the same bytes. What is printed is decided elsewhere; this
//! crate stands alone because the PDF engine is the dearest dependency to build.
//!
//! A stamp bears any symbol that [`stamp::carrier`] makes. Its modules are as wide as the stamp allows,
//! within what the General Specifications allow; where they must be narrower, a warning tells. A link in
//! QR may grow further: phones read it from afar, and no till is meant.

mod draw;
mod face;
mod layout;
mod linear;
mod picture;
mod press;
mod text;
mod words;

use stamp::carrier::{CarrierError, Symbology};
use stamp::qr::Level;

pub use layout::Layout;
pub use picture::{Picture, picture};

/// Least level of error correction of QR on paper; raised where the symbol has room.
pub const LEVEL: Level = Level::M;

/// An order to print.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// What the sheet is, for the footer of A4 pages and the document's title.
    pub title: Vec<String>,
    /// The day, as it is to be printed in the footer.
    pub date: String,
    /// Language of the footer and of the document.
    pub lang: stamp::Lang,
    pub layout: Layout,
    pub stamps: Vec<StampFace>,
}

/// What one stamp shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StampFace {
    pub symbology: Symbology,
    /// What the symbol carries, as [`stamp::carrier::encode`] takes it: a link, element strings, a GTIN.
    pub data: String,
    /// Readable text, the most important line first: product, "(01)…", "(10)…", "(21)….". Lines
    /// wrap at spaces and before a bracket; what finds no room is left out with a warning. A linear
    /// symbol has its readable interpretation below its bars, not among these lines.
    pub lines: Vec<String>,
}

/// A finished document.
#[derive(Clone, Debug, PartialEq)]
pub struct Printed {
    /// The PDF file.
    pub bytes: Vec<u8>,
    pub pages: usize,
    /// Width of a module of the smallest symbols, in millimetres.
    pub module_mm: f64,
    pub warnings: Vec<Warning>,
}

/// Something to tell whoever prints, though the sheet was made. Stamps count from 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Warning {
    /// Modules of `stamps` stamps are narrower than the least X-dimension of their symbology: some
    /// readers will fail.
    SmallModule { symbology: Symbology, module_mm: f64, stamps: usize },
    /// Bars of `stamps` stamps are lower than their symbology asks for: readers will have to be held
    /// with more care.
    LowBars { symbology: Symbology, bar_mm: f64, stamps: usize },
    /// Text of `stamps` stamps found no room.
    TextCut { first: usize, stamps: usize },
    /// The font has no glyph for a character, on `stamps` stamps.
    MissingGlyph { character: char, stamps: usize },
}

/// Why no sheet was made.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SheetError {
    #[error("there are no stamps to print")]
    Empty,
    /// The sizes that [`Layout`] names.
    #[error("{width_mm} x {height_mm} mm is no size that can be printed")]
    Size { width_mm: f64, height_mm: f64 },
    /// Stamps count from 0.
    #[error("stamp {stamp}: {source}")]
    Symbol { stamp: usize, source: CarrierError },
    #[error("the font is no TrueType or OpenType file")]
    Font,
    #[error("the PDF could not be written: {0}")]
    Pdf(String),
}

/// Draws an order. `font` is a TrueType or OpenType file that has the Vietnamese letters.
pub fn pdf(order: &Sheet, font: &[u8]) -> Result<Printed, SheetError> {
    draw::document(order, font)
}
