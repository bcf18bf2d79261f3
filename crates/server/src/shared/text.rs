//! Times and numbers in pages, as people write them here; thin over `vietnam::format`.

use jiff::civil::Date;
use rust_decimal::Decimal;
use vietnam::format;

use super::L;
use crate::app::{DAY, Micros};

/// Offset of Việt Nam from UTC in minutes: no daylight saving since 1975.
pub const OFFSET_MINUTES: i16 = 7 * 60;

/// The Vietnamese civil day of an instant.
pub fn day_of(at: Micros) -> Date {
    format::local(at).map_or(Date::constant(1970, 1, 1), jiff::civil::DateTime::date)
}

/// The first instant of a Vietnamese civil day.
pub fn start_of_day(day: Date) -> Micros {
    let days = Date::constant(1970, 1, 1).until(day).map_or(0, |span| i64::from(span.get_days()));
    days * DAY - Micros::from(OFFSET_MINUTES) * 60_000_000
}

/// `22/11/2026` of an ISO date kept as text; what is not one is shown as it is.
pub fn iso_date(l: &L, text: &str) -> String {
    text.parse::<Date>().map_or_else(|_| text.to_owned(), |date| format::date(date, l.0))
}

/// `22/11/2026` of an instant.
pub fn day(l: &L, at: &Micros) -> String {
    format::date_of(*at, l.0)
}

/// `22/11/2026 09:14`.
pub fn moment(l: &L, at: &Micros) -> String {
    format::date_time_of(*at, l.0)
}

/// `1.234,5` or `1,234.5`.
pub fn number(l: &L, value: &Decimal) -> String {
    format::number(*value, l.0)
}

/// A count with marks by thousands.
pub fn count(l: &L, value: &i64) -> String {
    format::number(Decimal::from(*value), l.0)
}
