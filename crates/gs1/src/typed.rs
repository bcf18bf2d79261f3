//! What a value says, as types: dates with their century, decimals and amounts by the last digit of
//! the AI, currencies, countries, coordinates (General Specifications 3 and 7.12). A value is checked
//! before; one that breaks its rule has no meaning here.

use std::fmt;

use crate::ai::Ai;
use crate::dictionary::{country_letters, currency_letters, entry};

/// The meaning of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Typed {
    /// Text or a key, as it stands.
    Text(String),
    /// A number without a unit: counts, points.
    Count(u64),
    /// A day.
    Date(Date),
    /// A day and a time of it.
    Moment(Moment),
    /// From one day to another, both included.
    Days(Date, Date),
    /// A measure with its unit, as the data title has it (`kg`, `m²`).
    Measure(Decimal, String),
    /// Money, with its currency (ISO 4217 letters) where the AI has one; else that of the place.
    Amount(Decimal, Option<&'static str>),
    /// Per cent.
    Percent(Decimal),
    /// Countries (ISO 3166-1 letters) in their order.
    Countries(Vec<&'static str>),
    /// Degrees north and east.
    Place(Decimal, Decimal),
    /// A temperature, in degrees Celsius or, where true, Fahrenheit.
    Temperature(Decimal, bool),
    /// Yes or no.
    Flag(bool),
}

/// A day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// With its century.
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31. Where only the month was given (day 00), its last day.
    pub day: u8,
}

/// A time of a day, as fine as it was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment {
    /// The day.
    pub date: Date,
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: Option<u8>,
    /// 0 to 59.
    pub second: Option<u8>,
}

/// A decimal number, exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Decimal {
    /// All digits as one number.
    pub digits: i64,
    /// How many of them stand after the point.
    pub scale: u8,
}

impl Date {
    /// The day of `YYMMDD`, where `this_year` is the year of reading: the year is the one of three
    /// centuries that is at most 49 years before or 50 after it (General Specifications 7.12).
    ///
    /// ```
    /// use gs1::typed::Date;
    /// assert_eq!(Date::parse("280200", 2026).map(|d| d.to_string()).as_deref(), Some("2028-02-29"));
    /// assert_eq!(Date::parse("770101", 2026).map(|d| d.year), Some(1977));
    /// assert_eq!(Date::parse("260931", 2026), None);
    /// ```
    pub fn parse(text: &str, this_year: u16) -> Option<Self> {
        let year: u16 = number(text.get(..2)?)?;
        let (century, now) = (this_year / 100 * 100, this_year % 100);
        // The difference decides: 51 and more is the past, 50 and more behind is the future.
        let year = if year >= now + 51 {
            (century + year).checked_sub(100)?
        } else if year + 50 <= now {
            century + 100 + year
        } else {
            century + year
        };
        Self::of(year, text.get(2..)?)
    }

    /// A year and `MMDD`.
    fn of(year: u16, rest: &str) -> Option<Self> {
        if rest.len() != 4 {
            return None;
        }
        let (month, day): (u8, u8) = (number(&rest[..2])?, number(&rest[2..])?);
        let leap =
            year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let last = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            _ => return None,
        };
        let day = if day == 0 { last } else { day };
        (day <= last).then_some(Self { year, month, day })
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.digits < 0 { "-" } else { "" };
        let scale = usize::from(self.scale);
        let digits = format!("{:0>1$}", self.digits.unsigned_abs(), scale + 1);
        let (whole, part) = digits.split_at(digits.len() - scale);
        let point = if scale == 0 { "" } else { "." };
        write!(f, "{sign}{whole}{point}{part}")
    }
}

/// What the value of an AI says, read in the year `this_year`; nothing where the value breaks its
/// rule or the AI is not known.
///
/// ```
/// use gs1::{Ai, typed::{Typed, typed}};
/// let of = |ai: &str, value: &str| typed(Ai::parse(ai)?, value, 2026);
/// assert!(matches!(of("3103", "001250"), Some(Typed::Measure(n, unit)) if n.to_string() == "1.250" && unit == "kg"));
/// assert!(matches!(of("3932", "7041500"), Some(Typed::Amount(n, Some("VND"))) if n.to_string() == "15.00"));
/// assert_eq!(of("422", "704"), Some(Typed::Countries(vec!["VN"])));
/// assert_eq!(of("17", "261331"), None);
/// ```
pub fn typed(ai: Ai, value: &str, this_year: u16) -> Option<Typed> {
    let entry = entry(ai)?;
    entry.check(value).ok()?;
    let name = ai.as_str();
    let scale = name.as_bytes().get(3).map_or(0, |digit| digit - b'0');
    let date = |text: &str| Date::parse(text, this_year);
    Some(match name {
        "7250" => Typed::Date(Date::of(number(&value[..4])?, &value[4..])?),
        "7251" => {
            let day = Date::of(number(&value[..4])?, &value[4..8])?;
            Typed::Moment(moment(day, &value[8..])?)
        }
        "4324" | "4325" | "7003" | "8008" => {
            Typed::Moment(moment(date(&value[..6])?, &value[6..])?)
        }
        "7011" if value.len() > 6 => Typed::Moment(moment(date(&value[..6])?, &value[6..])?),
        "7007" if value.len() > 6 => Typed::Days(date(&value[..6])?, date(&value[6..])?),
        "11" | "12" | "13" | "15" | "16" | "17" | "4326" | "7006" | "7007" | "7011" => {
            Typed::Date(date(value)?)
        }
        "422" | "424" | "426" | "423" | "425" => {
            let numbers = value.as_bytes().chunks(3).filter_map(|c| std::str::from_utf8(c).ok());
            Typed::Countries(numbers.map(country_letters).collect::<Option<_>>()?)
        }
        "4309" => {
            let (north, east): (i64, i64) = (number(&value[..10])?, number(&value[10..])?);
            let east = if east > 1_800_000_000 { east - 3_600_000_000 } else { east };
            let degrees = |digits| Decimal { digits, scale: 7 };
            Typed::Place(degrees(north - 900_000_000), degrees(east))
        }
        "4330" | "4331" | "4332" | "4333" => {
            let digits: i64 = number(&value[..6])?;
            let digits = if value.ends_with('-') { -digits } else { digits };
            Typed::Temperature(Decimal { digits, scale: 2 }, matches!(name, "4330" | "4332"))
        }
        "4321" | "4322" | "4323" => Typed::Flag(value == "1"),
        "20" | "30" | "37" | "7004" | "8111" => Typed::Count(number(value)?),
        _ => match &name[..2.max(name.len().saturating_sub(1))] {
            "390" | "392" | "395" => Typed::Amount(decimal(value, scale)?, None),
            "391" | "393" => {
                let currency = currency_letters(&value[..3])?;
                Typed::Amount(decimal(&value[3..], scale)?, Some(currency))
            }
            "394" => Typed::Percent(decimal(value, scale)?),
            _ if name.len() == 4 && name.starts_with('3') => {
                Typed::Measure(decimal(value, scale)?, unit(&entry.title).to_owned())
            }
            _ => Typed::Text(value.to_owned()),
        },
    })
}

/// The unit in a data title: what stands in its outermost brackets; kilograms per square metre has
/// none.
fn unit(title: &str) -> &str {
    match title.split_once('(') {
        Some((_, rest)) => rest.rsplit_once(')').map_or(rest, |(unit, _)| unit),
        None => "kg/m²",
    }
}

fn number<T: std::str::FromStr>(digits: &str) -> Option<T> {
    // `parse` takes a sign, which no value has.
    if digits.bytes().all(|b| b.is_ascii_digit()) { digits.parse().ok() } else { None }
}

fn decimal(digits: &str, scale: u8) -> Option<Decimal> {
    Some(Decimal { digits: number(digits)?, scale })
}

/// A time of `HH`, `HHMM` or `HHMMSS` on a day.
fn moment(date: Date, time: &str) -> Option<Moment> {
    let two = |at: usize| time.get(at..at + 2).and_then(number);
    Some(Moment { date, hour: two(0)?, minute: two(2), second: two(4) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(ai: &str, value: &str) -> Option<Typed> {
        typed(Ai::of(ai), value, 2026)
    }

    #[test]
    fn a_year_is_the_nearest_of_three_centuries() {
        let year = |text: &str, now| Date::parse(text, now).map(|date| date.year);
        assert_eq!(year("760101", 2026), Some(2076), "50 years on");
        assert_eq!(year("770101", 2026), Some(1977), "51 years on is the past");
        assert_eq!(year("490101", 2098), Some(2049), "49 years back");
        assert_eq!(year("480101", 2098), Some(2148), "50 years back is the future");
        assert_eq!(year("000101", 2026), Some(2000));
    }

    #[test]
    fn day_zero_is_the_last_of_its_month() {
        assert_eq!(of("15", "260200"), Some(Typed::Date(Date { year: 2026, month: 2, day: 28 })));
        assert_eq!(of("7006", "260200"), None, "only some dates may leave the day open");
    }

    #[test]
    fn values_become_what_they_mean() {
        let told = |ai: &str, value: &str| match of(ai, value) {
            Some(Typed::Measure(n, unit)) => format!("{n} {unit}"),
            Some(Typed::Amount(n, currency)) => format!("{n} {}", currency.unwrap_or("?")),
            Some(Typed::Percent(n)) => format!("{n} %"),
            Some(Typed::Place(north, east)) => format!("{north} {east}"),
            Some(Typed::Temperature(n, fahrenheit)) => format!("{n} {fahrenheit}"),
            other => format!("{other:?}"),
        };
        assert_eq!(told("3100", "000012"), "12 kg");
        assert_eq!(told("3625", "012345"), "0.12345 qt (US)");
        assert_eq!(told("3370", "000012"), "12 kg/m²");
        assert_eq!(told("3902", "1999"), "19.99 ?");
        assert_eq!(told("3910", "84012"), "12 USD");
        assert_eq!(told("3941", "0255"), "25.5 %");
        assert_eq!(told("4309", "11100000002857000000"), "21.0000000 -74.3000000");
        assert_eq!(told("4309", "11100000001057000000"), "21.0000000 105.7000000");
        assert_eq!(told("4331", "001850-"), "-18.50 false");
        assert_eq!(of("4321", "1"), Some(Typed::Flag(true)));
        assert_eq!(of("423", "704418"), Some(Typed::Countries(vec!["VN", "LA"])));
        assert_eq!(of("37", "25"), Some(Typed::Count(25)));
        assert_eq!(of("10", "L7"), Some(Typed::Text("L7".to_owned())));
        let day = Date { year: 2026, month: 7, day: 26 };
        let time = |minute, second| Moment { date: day, hour: 8, minute, second };
        assert_eq!(of("8008", "26072608"), Some(Typed::Moment(time(None, None))));
        assert_eq!(of("8008", "260726083015"), Some(Typed::Moment(time(Some(30), Some(15)))));
        assert_eq!(of("7007", "260726260726"), Some(Typed::Days(day, day)));
    }
}
