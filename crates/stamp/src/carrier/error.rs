//! Why there is no carrier, in both languages.

use gs1::{ElementError, KeyError, Lang};

use super::{GS1_128_MOST, Symbology};
use crate::{datamatrix, qr};

/// Data that no symbol of the symbology asked for may carry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message(Lang::En))]
#[non_exhaustive]
pub enum CarrierError {
    Empty,
    /// No element strings, or wrong ones.
    Elements(#[from] ElementError),
    /// No GTIN, or a wrong one.
    Number(#[from] KeyError),
    /// A right GTIN of a length that the symbology has no room for.
    Kind {
        symbology: Symbology,
    },
    /// A GTIN-12 that has no zeros to leave out.
    NoZeros,
    /// More than the symbology's largest symbol holds, or than GS1 allows.
    TooLong {
        symbology: Symbology,
        characters: usize,
    },
}

impl From<qr::TooLong> for CarrierError {
    fn from(error: qr::TooLong) -> Self {
        Self::TooLong { symbology: Symbology::Qr, characters: error.bytes }
    }
}

impl From<datamatrix::TooLong> for CarrierError {
    fn from(error: datamatrix::TooLong) -> Self {
        Self::TooLong { symbology: Symbology::DataMatrix, characters: error.bytes }
    }
}

impl Symbology {
    fn numbers(self) -> &'static str {
        match self {
            Self::Ean8 => "GTIN-8",
            Self::UpcA | Self::UpcE => "GTIN-12",
            Self::Ean13 => "GTIN-13, GTIN-12",
            _ => "GTIN",
        }
    }
}

impl CarrierError {
    /// One sentence for the person who asked for the symbol, without a full stop.
    pub fn message(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Empty, Lang::Vi) => "Chưa có dữ liệu để tạo mã vạch".to_owned(),
            (Self::Empty, Lang::En) => "There are no data to make a symbol of".to_owned(),
            (Self::Elements(error), _) => error.message(lang),
            (Self::Number(error), _) => error.message(lang),
            (Self::Kind { symbology }, Lang::Vi) => {
                format!("Mã vạch {} chỉ chứa {}", symbology.name(), symbology.numbers())
            }
            (Self::Kind { symbology }, Lang::En) => {
                format!("{} carries only {}", symbology.name(), symbology.numbers())
            }
            (Self::NoZeros, Lang::Vi) => {
                "Số này không rút gọn thành UPC-E được: hãy dùng UPC-A".to_owned()
            }
            (Self::NoZeros, Lang::En) => {
                "This number cannot be shortened to UPC-E: use UPC-A".to_owned()
            }
            (Self::TooLong { symbology: Symbology::Gs1128, characters }, Lang::Vi) => format!(
                "Mã vạch GS1-128 chứa nhiều nhất {GS1_128_MOST} ký tự, ở đây có {characters}: hãy \
                 dùng GS1 DataMatrix"
            ),
            (Self::TooLong { symbology: Symbology::Gs1128, characters }, Lang::En) => format!(
                "GS1-128 carries at most {GS1_128_MOST} characters, here are {characters}: use GS1 \
                 DataMatrix"
            ),
            (Self::TooLong { symbology, characters }, Lang::Vi) => format!(
                "Dữ liệu dài {characters} ký tự không vừa mã {} nào: hãy rút ngắn",
                symbology.name()
            ),
            (Self::TooLong { symbology, characters }, Lang::En) => format!(
                "{characters} characters do not fit any {} symbol: shorten the data",
                symbology.name()
            ),
        }
    }
}
