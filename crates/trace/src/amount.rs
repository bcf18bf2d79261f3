//! How much: whole millionths of a kilogram, of a piece, or of another unit, so that sums are exact and do not depend on order.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// What an amount counts. Masses are all turned into kilograms; other units stay apart, because one does not become the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Unit {
    Kilogram,
    Piece,
    /// Another unit of UN/CEFACT Recommendation 20, by its code (three characters at most).
    Other([u8; 3]),
}

impl Unit {
    /// The code of Recommendation 20: `KGM`, `C62` for pieces.
    pub fn code(&self) -> &str {
        match self {
            Self::Kilogram => "KGM",
            Self::Piece => "C62",
            Self::Other(code) => std::str::from_utf8(code).unwrap_or("").trim_end_matches('\0'),
        }
    }
}

/// An amount of goods that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount {
    /// In millionths of the unit; never negative.
    pub micro: i64,
    pub unit: Unit,
}

/// Units of mass with their kilograms (Recommendation 20, annex I). Held against the whole table by a test.
const MASSES: [(&str, &str); 12] = [
    ("KGM", "1"),
    ("GRM", "0.001"),
    ("MGM", "0.000001"),
    ("TNE", "1000"),
    ("DTN", "100"),
    ("HGM", "0.1"),
    ("DJ", "0.01"),
    ("LBR", "0.45359237"),
    ("ONZ", "0.028349523125"),
    ("STN", "907.18474"),
    ("LTN", "1016.0469088"),
    ("CWA", "45.359237"),
];

/// What is counted one by one: `C62` one, `H87` piece, `EA` each, `NAR` number of articles.
const PIECES: [&str; 4] = ["C62", "H87", "EA", "NAR"];

/// One thing.
pub(crate) const ONE: Amount = Amount { micro: 1_000_000, unit: Unit::Piece };

impl Amount {
    /// Of a quantity as an event has it, pieces where there is no unit (EPCIS 2.0 §7.3.3.3). `None` for an amount that is
    /// negative or too large to count: nothing is known of it then.
    pub fn of(quantity: Decimal, uom: Option<&str>) -> Option<Self> {
        let (factor, unit) = match uom {
            None => (Decimal::ONE, Unit::Piece),
            Some(uom) if PIECES.contains(&uom) => (Decimal::ONE, Unit::Piece),
            Some(uom) => match MASSES.iter().find(|(code, _)| *code == uom) {
                Some((_, kilograms)) => (kilograms.parse().ok()?, Unit::Kilogram),
                None => (Decimal::ONE, Unit::Other(short(uom)?)),
            },
        };
        let micro = quantity.checked_mul(factor)?.checked_mul(Decimal::from(1_000_000))?;
        let micro = micro.round().to_i64().filter(|micro| *micro >= 0)?;
        Some(Self { micro, unit })
    }

    /// As a number of its unit.
    pub fn value(self) -> Decimal {
        Decimal::new(self.micro, 6).normalize()
    }
}

fn short(code: &str) -> Option<[u8; 3]> {
    let mut short = [0; 3];
    short.get_mut(..code.len())?.copy_from_slice(code.as_bytes());
    Some(short)
}

#[cfg(test)]
mod tests {
    use super::*;
    use epcis::units::{Number, convert};

    #[test]
    fn masses_are_those_of_the_whole_table() {
        for (code, kilograms) in MASSES {
            let one = Number::parse("1").unwrap();
            assert_eq!(convert(&one, code, "KGM"), Number::parse(kilograms), "{code}");
        }
    }

    #[test]
    fn a_mass_is_kilograms_and_a_litre_stays_a_litre() {
        let of = |value: &str, uom| Amount::of(value.parse().unwrap(), uom);
        assert_eq!(of("1.5", Some("TNE")), of("1500", Some("KGM")));
        assert_eq!(of("3", None), of("3.0", Some("EA")));
        assert_eq!(of("2", Some("LTR")).unwrap().unit.code(), "LTR");
        assert_eq!(of("-1", Some("KGM")), None);
        assert_eq!(of("99999999999999999", Some("TNE")), None);
        assert_eq!(of("1", Some("kilograms")), None);
        assert_eq!(of("2.50", Some("KGM")).unwrap().value().to_string(), "2.5");
    }
}
