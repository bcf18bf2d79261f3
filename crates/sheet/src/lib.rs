//! Print sheets of stamps as PDF: A4 grids to cut and labels on a roll. Symbols are vector paths in
//! true size, text is embedded with only the glyphs it uses. The font comes from the caller, and so
//! does the date: the same order gives the same bytes. What is printed is decided elsewhere; this
//! crate stands alone because the PDF engine is the dearest dependency to build.

mod draw;
mod face;
mod layout;
mod text;

use stamp::Lang;
use stamp::qr::{Level, MIN_MODULE_MM, TooLong};

pub use layout::Layout;

/// Least level of error correction on paper; raised where the symbol has room.
pub const LEVEL: Level = Level::M;

/// An order to print.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// What the sheet is, for the footer of A4 pages and the document's title.
    pub title: Vec<String>,
    /// The day, as it is to be printed in the footer.
    pub date: String,
    /// Language of the footer and of the document.
    pub lang: Lang,
    pub layout: Layout,
    pub stamps: Vec<StampFace>,
}

/// What one stamp shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StampFace {
    /// What the QR code holds, exactly.
    pub link: String,
    /// Readable text, the most important line first: product, "(01)…", "(10)…", "(21)….". Lines
    /// wrap at spaces and before a bracket; what finds no room is left out with a warning.
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
    /// Modules of `stamps` stamps are narrower than [`MIN_MODULE_MM`]: some readers will fail.
    SmallModule { module_mm: f64, stamps: usize },
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
    #[error("the link of stamp {stamp} is too long")]
    Link { stamp: usize, source: TooLong },
    #[error("the font is no TrueType or OpenType file")]
    Font,
    #[error("the PDF could not be written: {0}")]
    Pdf(String),
}

/// Draws an order. `font` is a TrueType or OpenType file that has the Vietnamese letters.
pub fn pdf(order: &Sheet, font: &[u8]) -> Result<Printed, SheetError> {
    draw::document(order, font)
}

impl Warning {
    /// One sentence for whoever prints.
    pub fn message(self, lang: Lang) -> String {
        match (self, lang) {
            (Self::SmallModule { module_mm, stamps }, Lang::Vi) => format!(
                "{stamps} tem có ô mã QR rộng {} mm, nên từ {} mm trở lên: hãy chọn cỡ tem lớn hơn",
                decimal_comma(module_mm),
                decimal_comma(MIN_MODULE_MM)
            ),
            (Self::SmallModule { module_mm, stamps }, Lang::En) => format!(
                "{stamps} stamps have QR modules of {module_mm:.3} mm, less than \
                 {MIN_MODULE_MM:.3} mm: choose a larger stamp"
            ),
            (Self::TextCut { first, stamps }, Lang::Vi) => format!(
                "{stamps} tem không đủ chỗ cho hết chữ, đầu tiên là tem thứ {}: hãy rút gọn dòng \
                 chữ hoặc chọn cỡ tem lớn hơn",
                first + 1
            ),
            (Self::TextCut { first, stamps }, Lang::En) => format!(
                "The text of {stamps} stamps does not fit, stamp {} is the first: shorten it or \
                 choose a larger stamp",
                first + 1
            ),
            (Self::MissingGlyph { character, stamps }, Lang::Vi) => format!(
                "Phông chữ không có ký tự U+{:04X} ({stamps} tem): hãy bỏ ký tự này",
                u32::from(character)
            ),
            (Self::MissingGlyph { character, stamps }, Lang::En) => format!(
                "The font has no character U+{:04X} ({stamps} stamps): leave it out",
                u32::from(character)
            ),
        }
    }
}

impl SheetError {
    /// One sentence for whoever ordered the sheet.
    pub fn message(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Empty, Lang::Vi) => "Chưa có tem nào để in".to_owned(),
            (Self::Empty, Lang::En) => "There are no stamps to print".to_owned(),
            (Self::Size { width_mm, height_mm }, Lang::Vi) => {
                format!("Cỡ tem {width_mm} × {height_mm} mm không in được: hãy chọn cỡ khác")
            }
            (Self::Size { width_mm, height_mm }, Lang::En) => {
                format!("{width_mm} × {height_mm} mm cannot be printed: choose another size")
            }
            (Self::Link { stamp, .. }, Lang::Vi) => {
                format!("Đường dẫn của tem thứ {} quá dài cho mã QR", stamp + 1)
            }
            (Self::Link { stamp, .. }, Lang::En) => {
                format!("The link of stamp {} is too long for a QR code", stamp + 1)
            }
            (Self::Font | Self::Pdf(_), Lang::Vi) => {
                "Không tạo được tệp in: hãy báo cho người quản trị hệ thống".to_owned()
            }
            (Self::Font | Self::Pdf(_), Lang::En) => {
                "The sheet could not be made: tell the administrator of the system".to_owned()
            }
        }
    }
}

/// Three decimals with the Vietnamese decimal comma.
fn decimal_comma(value: f64) -> String {
    format!("{value:.3}").replace('.', ",")
}
