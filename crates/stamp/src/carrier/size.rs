//! The room a symbol needs: quiet zones in modules, X-dimensions and bar heights in millimetres, as
//! the General Specifications ask for (5.12.3). Where their tables differ by use, the one for goods
//! read at a point of sale counts for EAN/UPC and matrix symbols, and the one for general distribution
//! for ITF-14 and GS1-128.

use super::Symbology;
use crate::{datamatrix, qr};

/// Light modules that must stay free beside a symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quiet {
    pub left: u8,
    pub right: u8,
    /// Above and below.
    pub rows: u8,
}

/// Width of a module, in millimetres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct XDimension {
    pub least: f64,
    /// The width to choose where nothing speaks against it.
    pub target: f64,
    pub most: f64,
}

impl XDimension {
    pub fn contains(&self, mm: f64) -> bool {
        (self.least..=self.most).contains(&mm)
    }
}

impl Symbology {
    /// ISO/IEC 18004 6.3.8, 16022 5.3.2, 15417 4.6, 15420 4.3.5, 16390 4.4; General Specifications
    /// 5.2.3.4.
    pub fn quiet_zone(self) -> Quiet {
        let [left, right, rows] = match self {
            Self::Qr | Self::Gs1Qr => [qr::QUIET_ZONE as u8; 3],
            Self::DataMatrix | Self::Gs1DataMatrix => [datamatrix::QUIET_ZONE as u8; 3],
            Self::Gs1128 | Self::Itf14 => [10, 10, 0],
            Self::Ean13 => [11, 7, 0],
            Self::Ean8 => [7, 7, 0],
            Self::UpcA => [9, 9, 0],
            Self::UpcE => [9, 7, 0],
        };
        Quiet { left, right, rows }
    }

    /// General Specifications, symbol specification tables of 5.12.3: table 1 (EAN/UPC and, by its
    /// addenda, matrix symbols), table 2 (ITF-14 and GS1-128). The target of matrix symbols, 1.5 times
    /// that of EAN/UPC, is this system's choice within their range.
    pub fn x_dimension(self) -> XDimension {
        let [least, target, most] = match self {
            Self::Qr | Self::Gs1Qr | Self::DataMatrix | Self::Gs1DataMatrix => {
                [qr::MIN_MODULE_MM, 0.495, 0.990]
            }
            Self::Gs1128 | Self::Itf14 => [0.495, 0.495, 1.016],
            Self::Ean13 | Self::Ean8 | Self::UpcA | Self::UpcE => [0.264, 0.330, 0.660],
        };
        XDimension { least, target, most }
    }

    /// Height of the ordinary bars in modules of `x_mm`: EAN/UPC grow with their modules, ITF-14 and
    /// GS1-128 are 31.75 mm whatever their modules are. Nothing for matrix symbols.
    pub(super) fn bar_modules(self, x_mm: f64) -> f64 {
        match self {
            Self::Ean13 | Self::UpcA | Self::UpcE => 22.85 / 0.33,
            Self::Ean8 => 18.23 / 0.33,
            _ => 31.75 / x_mm,
        }
    }
}
