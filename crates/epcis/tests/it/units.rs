//! Units of Recommendation 20 against facts that do not come from its table.

use std::sync::LazyLock;

use epcis::units::{self, Number, convert, convert_difference};
use epcis::vocab::MEASUREMENTS;
use proptest::prelude::*;

fn number(text: &str) -> Number {
    Number::parse(text).unwrap()
}

#[track_caller]
fn same(value: &str, uom: &str, other: &str, other_uom: &str) {
    let converted = convert(&number(value), uom, other_uom);
    assert_eq!(converted, Some(number(other)), "{value} {uom} = {other} {other_uom}");
    assert_eq!(convert(&number(other), other_uom, uom), Some(number(value)), "and back");
}

/// To so many parts in a million, where a definition has no end (π) or the Recommendation rounds.
#[track_caller]
fn near(value: &str, uom: &str, other: &str, other_uom: &str, millionths: &str) {
    let ratio = convert(&number(value), uom, other_uom).unwrap().over(&number(other)).unwrap();
    let off = ratio.minus(&number("1"));
    let within = number(millionths).times(&number("1e-6"));
    let least = number("0").minus(&within);
    assert!(off <= within && off >= least, "{value} {uom} = {other} {other_uom}");
}

#[test]
fn every_line_of_the_table_is_a_unit_and_no_code_stands_twice() {
    let table = include_str!("../../src/units/rec20.txt");
    let lines = table.lines().filter(|line| !line.is_empty() && !line.starts_with(['#', '[']));
    let units: Vec<_> = units::all().collect();
    assert_eq!(units.len(), lines.count());
    let mut codes: Vec<_> = units.iter().map(|unit| unit.code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), units.len());
    for unit in &units {
        assert_eq!(units::unit(unit.code).map(|found| found.name), Some(unit.name));
        let one = convert(&number("1"), unit.code, unit.code);
        assert_eq!(one, Some(number("1")), "{}", unit.code);
    }
    println!("{} units", units.len());
}

#[test]
fn every_measurement_type_of_gs1_has_units() {
    // Types that share the units of another one.
    let shared = [
        ("AbsoluteHumidity", "Density"),
        ("Altitude", "Length"),
        ("Count", "Dimensionless"),
        ("MassConcentration", "Density"),
        ("RadiantFlux", "Power"),
        ("RelativeHumidity", "Dimensionless"),
        ("VolumeFraction", "Dimensionless"),
        ("VolumetricFlux", "Speed"),
    ];
    for measurement in MEASUREMENTS {
        let quantity =
            shared.iter().find(|(name, _)| name == measurement).map_or(*measurement, |s| s.1);
        assert!(units::all().any(|unit| unit.quantity == quantity), "{measurement}");
    }
}

#[test]
fn temperatures_have_their_zeros_and_spreads_have_none() {
    same("0", "CEL", "273.15", "KEL");
    same("0", "CEL", "32", "FAH");
    same("37", "CEL", "98.6", "FAH");
    same("-40", "CEL", "-40", "FAH");
    same("0", "KEL", "-459.67", "FAH");
    same("491.67", "A48", "0", "CEL");
    assert_eq!(convert_difference(&number("9"), "FAH", "CEL"), Some(number("5")));
    assert_eq!(convert_difference(&number("1"), "KEL", "CEL"), Some(number("1")));
}

/// The international yard and pound agreement (1959), the Weights and Measures Acts, the SI brochure.
#[test]
fn units_that_are_defined_convert_exactly() {
    same("1", "LBR", "0.45359237", "KGM");
    same("16", "ONZ", "1", "LBR");
    same("7000", "GRN", "1", "LBR");
    same("1", "STN", "2000", "LBR");
    same("1", "TNE", "1000000", "GRM");
    same("1", "DTN", "100", "KGM");
    same("1", "INH", "2.54", "CMT");
    same("1", "FOT", "0.3048", "MTR");
    same("1760", "YRD", "1", "SMI");
    same("1", "NMI", "1852", "MTR");
    same("1", "HAR", "10000", "MTK");
    same("640", "ACR", "1", "MIK");
    same("1", "LTR", "1", "DMQ");
    same("1", "GLL", "231", "INQ");
    same("1", "GLI", "4.54609", "LTR");
    same("1", "BLL", "42", "GLL");
    same("1", "KNT", "1.852", "KMH");
    same("1", "HM", "1.609344", "KMH");
    same("1", "DAY", "86400", "SEC");
    same("60", "RPM", "1", "HTZ");
    same("1", "ATM", "1013.25", "MBR");
    same("760", "UA", "1", "ATM");
    same("1", "BAR", "100", "KPA");
    same("1", "KWH", "3.6", "3B");
    same("1", "BTU", "1055.05585262", "JOU");
    same("1", "CUR", "37", "GBQ");
    same("100", "C80", "1", "A95");
    same("100", "D91", "1", "D13");
    same("1", "AMH", "3600", "COU");
    same("1", "P1", "10000", "59");
    same("1", "GRO", "12", "DZN");
    same("1", "AD", "8", "A99");
    same("1", "M44", "360", "DD");
    same("1", "DD", "60", "D61");
    same("400", "A91", "360", "DD");
    same("1", "GL", "1", "KMQ");
    same("1", "P26", "10000", "LUX");
    same("1", "D33", "10000", "76");
}

/// Figures as handbooks round them.
#[test]
fn units_that_are_derived_come_near_the_handbooks() {
    near("1", "PS", "6894.757", "PAL", "1");
    near("1", "HN", "133.3224", "PAL", "1");
    near("180", "DD", "3.14159265", "C81", "1");
    near("1", "BHP", "745.6999", "WTT", "1");
    near("1", "A53", "1.602176634e-19", "JOU", "1");
    near("1", "C63", "3.0856776e16", "MTR", "1");
    near("1", "87", "16.01846", "KMQ", "1");
    near("1", "P27", "10.76391", "LUX", "1");
    near("1", "F13", "14.59390", "KGM", "1");
}

#[test]
fn different_quantities_never_compare() {
    for (one, other) in [
        ("CEL", "MTR"),
        ("JOU", "NU"),
        ("HTZ", "BQL"),
        ("A95", "D13"),
        ("PAL", "JOU"),
        ("KGM", "LTR"),
        ("P1", "CEL"),
        ("XX", "KGM"),
        ("KGM", "XX"),
    ] {
        assert_eq!(convert(&number("1"), one, other), None, "{one} {other}");
        assert_eq!(units::compare(&number("1"), one, &number("1"), other), None);
    }
    assert_eq!(
        convert(&number("1"), "XX", "XX"),
        Some(number("1")),
        "a unit nobody knows is itself"
    );
}

proptest! {
    #[test]
    fn there_and_back_is_the_same_value_and_order_is_kept(
        first in any::<prop::sample::Index>(),
        second in any::<prop::sample::Index>(),
        a in "-?[0-9]{1,6}(\\.[0-9]{1,4})?",
        b in "-?[0-9]{1,6}(\\.[0-9]{1,4})?",
    ) {
        static ALL: LazyLock<Vec<units::Unit>> = LazyLock::new(|| units::all().collect());
        let from = first.get(&ALL);
        let alike: Vec<_> = ALL.iter().filter(|unit| unit.quantity == from.quantity).collect();
        let to = second.get(&alike);
        let (a, b) = (number(&a), number(&b));
        let there = convert(&a, from.code, to.code).unwrap();
        prop_assert_eq!(&convert(&there, to.code, from.code).unwrap(), &a);
        let other = convert(&b, from.code, to.code).unwrap();
        prop_assert_eq!(there.cmp(&other), a.cmp(&b));
        let spread = convert_difference(&a.minus(&b), from.code, to.code).unwrap();
        prop_assert_eq!(there.minus(&other), spread);
    }
}
