//! Units of measure: which UN/CEFACT Recommendation 20 codes measure the same quantity, and how they convert. EPCIS writes
//! `uom` in these codes; a question in one unit finds an answer in another (a threshold in °F, a reading in °C).

mod natural;
mod number;

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::OnceLock;

pub use number::Number;

/// A unit: its value times `factor`, plus `offset`, is the value in the quantity's first unit.
#[derive(Debug)]
pub struct Unit {
    /// The code of Recommendation 20, as in `uom`.
    pub code: &'static str,
    pub name: &'static str,
    /// What it measures, in the words of the GS1 web vocabulary where it has one: `Temperature`. Units of one quantity
    /// convert into each other, and into no other.
    pub quantity: &'static str,
    factor: Number,
    offset: Number,
}

const TABLE: &str = include_str!("rec20.txt");
const PI: &str = "3.14159265358979323846264338327950288419716939937510";

/// The unit of a code; `None` for codes that are unknown or measure nothing that converts.
pub fn unit(code: &str) -> Option<&'static Unit> {
    static UNITS: OnceLock<HashMap<&'static str, Unit>> = OnceLock::new();
    UNITS.get_or_init(|| all().map(|unit| (unit.code, unit)).collect()).get(code)
}

/// Every unit of the table, in its order.
pub fn all() -> impl Iterator<Item = Unit> {
    let mut quantity = "";
    TABLE.lines().filter_map(move |line| {
        if let Some(rest) = line.strip_prefix('[') {
            quantity = rest.split_once(']')?.0;
            return None;
        }
        let mut parts = line.splitn(3, ' ').filter(|_| !line.starts_with('#'));
        let (code, scale, name) = (parts.next()?, parts.next()?, parts.next()?);
        let (factor, offset) = scale.split_once('+').unwrap_or((scale, "0"));
        let (factor, offset) = (product(factor)?, product(offset)?);
        Some(Unit { code, name, quantity, factor, offset })
    })
}

/// `2*pi`, `45967/180`.
fn product(text: &str) -> Option<Number> {
    let mut value = Number::parse("1")?;
    let mut rest = text;
    let mut divide = false;
    loop {
        let end = rest.find(['*', '/']).unwrap_or(rest.len());
        let factor = Number::parse(if &rest[..end] == "pi" { PI } else { &rest[..end] })?;
        value = if divide { value.over(&factor)? } else { value.times(&factor) };
        let Some(sign) = rest[end..].chars().next() else { return Some(value) };
        divide = sign == '/';
        rest = &rest[end + 1..];
    }
}

/// The value in another unit; `None` where the two do not measure the same. A unit converts into itself even if we do not
/// know it.
pub fn convert(value: &Number, from: &str, to: &str) -> Option<Number> {
    if from == to {
        return Some(value.clone());
    }
    let (from, to) = same_quantity(from, to)?;
    value.times(&from.factor).plus(&from.offset).minus(&to.offset).over(&to.factor)
}

/// As [`convert`], for a difference or a spread: 9 °F of standard deviation are 5 °C, whatever the zero of the scales.
pub fn convert_difference(value: &Number, from: &str, to: &str) -> Option<Number> {
    if from == to {
        return Some(value.clone());
    }
    let (from, to) = same_quantity(from, to)?;
    value.times(&from.factor).over(&to.factor)
}

/// Which of two readings is the greater; `None` where their units do not measure the same.
pub fn compare(value: &Number, uom: &str, other: &Number, other_uom: &str) -> Option<Ordering> {
    Some(convert(value, uom, other_uom)?.cmp(other))
}

fn same_quantity(from: &str, to: &str) -> Option<(&'static Unit, &'static Unit)> {
    let (from, to) = (unit(from)?, unit(to)?);
    (from.quantity == to.quantity).then_some((from, to))
}
