//! Data Matrix (ISO/IEC 16022:2006), ECC 200, all 24 square and 6 rectangular sizes, with or without
//! FNC1 in front. Our own encoder because it chooses among the six encodation schemes optimally: no
//! other choice makes a smaller symbol. What GS1 asks of the message is `carrier`'s.

mod correction;
mod encode;
mod place;
mod table;
mod values;
mod write;

use crate::Matrix;
use crate::message::{self, Unit};
use table::Size;

/// Light modules that must stay free around a symbol (ISO/IEC 16022:2006, 5.3.2).
pub const QUIET_ZONE: usize = 1;

/// Most characters that any symbol holds: digits in 144 × 144 (Table 7).
const MAX_CHARACTERS: usize = 3116;

/// Codewords that announce UTF-8, ECI 26 (5.4.1).
const ECI_UTF8: [u8; 2] = [241, 27];
/// FNC1 in the first place: element strings follow (5.2.4.6).
const FNC1: [u8; 1] = [232];

/// Which sizes may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Shape {
    /// 10 × 10 to 144 × 144.
    #[default]
    Square,
    /// 8 × 18 to 16 × 48.
    Rectangle,
    /// Whatever has the smallest area.
    Any,
}

/// The message fits no symbol of this shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{bytes} bytes do not fit a Data Matrix symbol of shape {shape:?}")]
pub struct TooLong {
    pub bytes: usize,
    pub shape: Shape,
}

/// A finished symbol without its quiet zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    matrix: Matrix,
}

/// Encodes `data` in the smallest symbol of a shape.
///
/// Text outside ASCII is announced as UTF-8 (ECI 26), which costs 2 codewords; bytes that are not
/// UTF-8 are written as they are.
///
/// ```
/// use stamp::datamatrix::{Shape, encode};
///
/// let symbol = encode("HTTPS://NGUON.EXAMPLE/T/T7K3M9Q2XW", Shape::Square)?;
/// assert_eq!((symbol.columns(), symbol.rows()), (22, 22));
/// # Ok::<(), stamp::datamatrix::TooLong>(())
/// ```
pub fn encode(data: impl AsRef<[u8]>, shape: Shape) -> Result<Symbol, TooLong> {
    let data = data.as_ref();
    let utf8 = !data.is_ascii() && std::str::from_utf8(data).is_ok();
    let head = if utf8 { &ECI_UTF8[..] } else { &[] };
    build(head, data, message::plain, shape)
}

/// Encodes element strings as readers transmit them, ASCII 29 after values of free length: FNC1
/// goes in front and in the place of each ASCII 29 (General Specifications 5.6). Nothing is checked.
///
/// ```
/// use stamp::datamatrix::{Shape, encode_gs1};
///
/// let symbol = encode_gs1("0108931234567897\u{1d}10SC-0726", Shape::Rectangle)?;
/// assert_eq!((symbol.columns(), symbol.rows()), (26, 12));
/// # Ok::<(), stamp::datamatrix::TooLong>(())
/// ```
pub fn encode_gs1(raw: impl AsRef<[u8]>, shape: Shape) -> Result<Symbol, TooLong> {
    build(&FNC1, raw.as_ref(), message::separated, shape)
}

fn build(
    head: &[u8],
    data: &[u8],
    units: fn(&[u8]) -> Vec<Unit>,
    shape: Shape,
) -> Result<Symbol, TooLong> {
    let too_long = TooLong { bytes: data.len(), shape };
    if data.len() > MAX_CHARACTERS {
        return Err(too_long);
    }
    let (size, codewords) = encode::encode(head, &units(data), Size::of(shape)).ok_or(too_long)?;
    let matrix = place::place(&correction::completed(codewords, size), size);
    Ok(Symbol { matrix })
}

impl Symbol {
    /// Modules in a row: 10 to 144.
    pub fn columns(&self) -> usize {
        self.matrix.width()
    }

    /// Modules in a column: 8 to 144.
    pub fn rows(&self) -> usize {
        self.matrix.height()
    }

    /// The modules.
    pub fn matrix(&self) -> &Matrix {
        &self.matrix
    }
}
