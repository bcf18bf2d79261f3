//! The room a symbol needs: quiet zones in modules, X-dimensions and bar heights in millimetres, as
//! the General Specifications ask for. Where their tables differ by use, the one for goods read at a
//! point of sale counts for EAN/UPC and matrix symbols, and the one for general distribution for
//! ITF-14 and GS1-128.
//!
//! Where the figures come from: the text of release 26.0 (January 2026) was not at hand. EAN/UPC,
//! ITF-14 and GS1-128 were compared with several independent works that quote releases 25.0 and 26.0
//! with clause and table, and these agree. For matrix symbols the quotations are of release 22.0 or
//! name no release, and differ in one figure; see [`Symbology::x_dimension`].

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
    /// General Specifications 5.2.3.4 (EAN/UPC), 5.3.2.2 (ITF-14), 5.4.4.2 (GS1-128; release 25.0 is
    /// also quoted as saying so in 5.4.6.3), with the same figures in ISO/IEC 15420, 16390 and 15417.
    /// Four modules around QR and one around Data Matrix are those of ISO/IEC 18004 and 16022.
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

    /// - EAN/UPC: symbol specification table 1, retail point of sale (5.12.3.1; Table 5-44 of release
    ///   26.0).
    /// - ITF-14, GS1-128: symbol specification table 2, general distribution (5.12.3.2; Table 5-47 of
    ///   release 26.0). Printed on corrugated board itself, ITF-14 needs 0.635 at least.
    /// - GS1 DataMatrix and GS1 QR at a point of sale: table 1 as quoted from release 22.0, **not
    ///   verified against the current text**. In general distribution they need 0.743 to 1.500.
    /// - QR and Data Matrix with a link: addendum 2 of table 1, for GS1 Digital Link. Least and target
    ///   are quoted alike everywhere; the most is quoted as 0.990, and by older works as 0.743. **Not
    ///   verified against the current text.**
    pub fn x_dimension(self) -> XDimension {
        let [least, target, most] = match self {
            Self::Qr | Self::DataMatrix => [qr::MIN_MODULE_MM, 0.495, 0.990],
            Self::Gs1Qr | Self::Gs1DataMatrix => [0.375, 0.625, 0.990],
            Self::Gs1128 | Self::Itf14 => [0.495, 0.495, 1.016],
            Self::Ean13 | Self::Ean8 | Self::UpcA | Self::UpcE => [0.264, 0.330, 0.660],
        };
        XDimension { least, target, most }
    }

    /// Least height of the ordinary bars where modules are `x_mm` wide, in millimetres: EAN/UPC grow
    /// with their modules (5.2.3.2), ITF-14 and GS1-128 are 31.75 whatever their modules are (5.12.3.2;
    /// less only where a pack has no room, 5.8 at the very least). None for matrix symbols.
    pub fn bar_mm(self, x_mm: f64) -> Option<f64> {
        match self {
            Self::Ean13 | Self::UpcA | Self::UpcE => Some(22.85 / 0.33 * x_mm),
            Self::Ean8 => Some(18.23 / 0.33 * x_mm),
            Self::Gs1128 | Self::Itf14 => Some(31.75),
            Self::Qr | Self::Gs1Qr | Self::DataMatrix | Self::Gs1DataMatrix => None,
        }
    }

    /// Greatest width, quiet zones included, in millimetres: 165.10 for GS1-128 (5.4.4.3).
    pub fn most_width_mm(self) -> Option<f64> {
        (self == Self::Gs1128).then_some(165.10)
    }
}
