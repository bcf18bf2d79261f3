//! Units people weigh, measure and count goods in, with their UN/ECE Recommendation 20 codes and fixed factors.
//!
//! Kinds of packing take the code of Recommendation 21 with `X` in front, as Recommendation 20 prescribes. A sào, công or
//! mẫu differs by region: whoever records one stores the factor used. Those factors are common knowledge, not law.

use gs1::Lang;
use rust_decimal::Decimal;

/// What a unit measures, with the unit its factor leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dimension {
    /// In kilograms.
    Mass,
    /// In litres.
    Volume,
    /// In metres.
    Length,
    /// In square metres.
    Area,
    /// In pieces or heads; no factor.
    Count,
    /// In packs of no fixed content; no factor.
    Pack,
}

/// A part of the country with its own field measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Region {
    /// Bắc Bộ.
    North,
    /// Trung Bộ.
    Central,
    /// Nam Bộ.
    South,
}

/// A unit of measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Our own short name, stable in stored data.
    pub code: &'static str,
    /// Recommendation 20 common code; `None` where it has none.
    pub un_ece: Option<&'static str>,
    /// As written after a number in Vietnamese.
    pub vi: &'static str,
    /// As written after a number in English.
    pub en: &'static str,
    /// What it measures.
    pub dimension: Dimension,
    /// Mantissa and scale of the factor.
    factor: Option<(i64, u32)>,
    /// Square metres by region.
    regional: &'static [(Region, i64)],
}

impl Unit {
    /// How many kilograms, litres, metres or square metres one of it is; `None` where that is not fixed.
    pub fn factor(&self) -> Option<Decimal> {
        self.factor.map(|(mantissa, scale)| Decimal::new(mantissa, scale))
    }

    /// [`Unit::factor`], or for a field measure the usual one of the region.
    pub fn factor_in(&self, region: Region) -> Option<Decimal> {
        let regional = self
            .regional
            .iter()
            .find(|(r, _)| *r == region)
            .map(|(_, factor)| Decimal::from(*factor));
        self.factor().or(regional)
    }

    /// Whether the factor depends on the region, so that it must be stored with the figure.
    pub fn is_regional(&self) -> bool {
        !self.regional.is_empty()
    }

    /// As written after a number.
    pub fn label(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::Vi => self.vi,
            Lang::En => self.en,
        }
    }
}

const fn fixed(
    code: &'static str,
    un_ece: Option<&'static str>,
    (vi, en): (&'static str, &'static str),
    dimension: Dimension,
    factor: (i64, u32),
) -> Unit {
    Unit { code, un_ece, vi, en, dimension, factor: Some(factor), regional: &[] }
}

const fn counted(
    code: &'static str,
    un_ece: &'static str,
    (vi, en): (&'static str, &'static str),
    dimension: Dimension,
) -> Unit {
    Unit { code, un_ece: Some(un_ece), vi, en, dimension, factor: None, regional: &[] }
}

const fn field(
    code: &'static str,
    (vi, en): (&'static str, &'static str),
    regional: &'static [(Region, i64)],
) -> Unit {
    Unit { code, un_ece: None, vi, en, dimension: Dimension::Area, factor: None, regional }
}

use Dimension::{Area, Count, Length, Mass, Pack, Volume};
use Region::{Central, North, South};

/// All units, the usual ones first within each dimension.
pub const UNITS: [Unit; 31] = [
    fixed("kg", Some("KGM"), ("kg", "kg"), Mass, (1, 0)),
    fixed("g", Some("GRM"), ("g", "g"), Mass, (1, 3)),
    fixed("tan", Some("TNE"), ("tấn", "tonne"), Mass, (1000, 0)),
    fixed("ta", Some("DTN"), ("tạ", "quintal (100 kg)"), Mass, (100, 0)),
    fixed("yen", None, ("yến", "yến (10 kg)"), Mass, (10, 0)),
    fixed("lit", Some("LTR"), ("lít", "litre"), Volume, (1, 0)),
    fixed("ml", Some("MLT"), ("ml", "ml"), Volume, (1, 3)),
    fixed("m3", Some("MTQ"), ("m³", "m³"), Volume, (1000, 0)),
    counted("cai", "H87", ("cái", "piece"), Count),
    counted("qua", "H87", ("quả", "fruit"), Count),
    counted("cay", "H87", ("cây", "plant"), Count),
    counted("con", "HEA", ("con", "head"), Count),
    counted("bo", "XBE", ("bó", "bundle"), Pack),
    counted("chum", "XBH", ("chùm", "bunch"), Pack),
    counted("bao", "XSA", ("bao", "sack"), Pack),
    counted("tui", "XBG", ("túi", "bag"), Pack),
    counted("thung", "XCT", ("thùng", "carton"), Pack),
    counted("hop", "XBX", ("hộp", "box"), Pack),
    counted("goi", "XPK", ("gói", "package"), Pack),
    counted("chai", "XBO", ("chai", "bottle"), Pack),
    counted("lon", "XCX", ("lon", "can"), Pack),
    counted("khay", "XPU", ("khay", "tray"), Pack),
    counted("lo", "XJR", ("lọ, hũ", "jar"), Pack),
    fixed("m", Some("MTR"), ("m", "m"), Length, (1, 0)),
    fixed("cm", Some("CMT"), ("cm", "cm"), Length, (1, 2)),
    fixed("m2", Some("MTK"), ("m²", "m²"), Area, (1, 0)),
    fixed("ha", Some("HAR"), ("ha", "ha"), Area, (10_000, 0)),
    fixed("km2", Some("KMK"), ("km²", "km²"), Area, (1_000_000, 0)),
    field("sao", ("sào", "sào"), &[(North, 360), (Central, 500), (South, 1000)]),
    field("cong", ("công", "công"), &[(South, 1000)]),
    field("mau", ("mẫu", "mẫu"), &[(North, 3600), (Central, 5000), (South, 10_000)]),
];

/// The unit of our short name.
pub fn unit(code: &str) -> Option<&'static Unit> {
    UNITS.iter().find(|unit| unit.code == code)
}

/// The first unit with a Recommendation 20 code (`H87` gives the piece).
pub fn by_un_ece(code: &str) -> Option<&'static Unit> {
    UNITS.iter().find(|unit| unit.un_ece == Some(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_only_weights_and_measures_have_factors() {
        for (at, unit) in UNITS.iter().enumerate() {
            assert!(UNITS[..at].iter().all(|other| other.code != unit.code), "{}", unit.code);
            let uncounted = !matches!(unit.dimension, Count | Pack);
            assert_eq!(unit.factor.is_some() || unit.is_regional(), uncounted, "{}", unit.code);
        }
    }

    #[test]
    fn factors_lead_to_kilograms_litres_and_square_metres() {
        let factor = |code| unit(code).and_then(Unit::factor).map(|f| f.to_string());
        assert_eq!(factor("ta").as_deref(), Some("100"));
        assert_eq!(factor("yen").as_deref(), Some("10"));
        assert_eq!(factor("g").as_deref(), Some("0.001"));
        assert_eq!(factor("m3").as_deref(), Some("1000"));
        assert_eq!(factor("ha").as_deref(), Some("10000"));
        assert_eq!(factor("con"), None);
    }

    #[test]
    fn a_sao_is_worth_nothing_without_its_region() {
        let sao = unit("sao").unwrap();
        assert_eq!(sao.factor(), None);
        assert_eq!(sao.factor_in(Region::North), Some(Decimal::from(360)));
        assert_eq!(sao.factor_in(Region::Central), Some(Decimal::from(500)));
        assert_eq!(unit("cong").unwrap().factor_in(Region::North), None);
        assert_eq!(unit("kg").unwrap().factor_in(Region::North), Some(Decimal::ONE));
    }

    #[test]
    fn a_recommendation_20_code_finds_its_unit() {
        assert_eq!(by_un_ece("KGM").map(|u| u.code), Some("kg"));
        assert_eq!(by_un_ece("H87").map(|u| u.code), Some("cai"));
        assert_eq!(by_un_ece("???"), None);
    }
}
