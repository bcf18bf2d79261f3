//! A day as far as it is known: `2013-11-09`, `2013-11`, `2013`, or nothing.

use std::fmt;

use jiff::civil;

/// A day, a month, a year or an unknown time: the stretch of days within which it lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date {
    first: civil::Date,
    last: civil::Date,
}

impl Default for Date {
    fn default() -> Self {
        Self::UNKNOWN
    }
}

impl Date {
    /// A time of which nothing is known.
    pub const UNKNOWN: Self = Self { first: civil::Date::MIN, last: civil::Date::MAX };

    /// Reads `2013`, `2013-11`, `2013-11-9`, `9.11.2013`, `9/11/2013` (day first, as in Vietnam and Germany), `11/2013`,
    /// or a time stamp that begins with such a date. An empty text is an unknown time; `None` means it is no date.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.is_empty() {
            return Some(Self::UNKNOWN);
        }
        let day = match text.find(['T', ' ']) {
            // A time of day is not judged: deliveries are ordered by days.
            Some(end) if text[end + 1..].starts_with(|c: char| c.is_ascii_digit()) => &text[..end],
            Some(_) => return None,
            None => text,
        };
        let separator = ['-', '/', '.'].into_iter().find(|c| day.contains(*c));
        let mut parts: Vec<&str> = match separator {
            Some(separator) => day.split(separator).collect(),
            None => vec![day],
        };
        if separator != Some('-') {
            parts.reverse();
        }
        match parts.as_slice() {
            [year] => Self::year(number(year, 4)?),
            [year, month] => Self::month(number(year, 4)?, number(month, 2)?),
            [year, month, day] => Self::day(number(year, 4)?, number(month, 2)?, number(day, 2)?),
            _ => None,
        }
    }

    fn year(year: i16) -> Option<Self> {
        let first = civil::Date::new(year, 1, 1).ok()?;
        Some(Self { first, last: first.last_of_year() })
    }

    fn month(year: i16, month: i16) -> Option<Self> {
        let first = civil::Date::new(year, i8::try_from(month).ok()?, 1).ok()?;
        Some(Self { first, last: first.last_of_month() })
    }

    fn day(year: i16, month: i16, day: i16) -> Option<Self> {
        let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
        let first = civil::Date::new(year, month, day).ok()?;
        Some(Self { first, last: first })
    }

    /// Whether anything is known of it.
    pub fn is_known(self) -> bool {
        self != Self::UNKNOWN
    }

    /// The first day it can be.
    pub fn first(self) -> civil::Date {
        self.first
    }

    /// The last day it can be.
    pub fn last(self) -> civil::Date {
        self.last
    }

    /// Whether it can have been on or before the day of `later`. The same day may precede; what is not known may, too.
    /// This is the order FoodChain-Lab enforces: compare years, then months, then days, and stop where one is missing.
    pub fn may_precede(self, later: Self) -> bool {
        self.first <= later.last
    }
}

fn number(text: &str, digits: usize) -> Option<i16> {
    let fits = if digits == 4 { text.len() == 4 } else { (1..=digits).contains(&text.len()) };
    if !fits || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::UNKNOWN => Ok(()),
            Self { first, last } if first == last => write!(f, "{first}"),
            Self { first, last } if first.month() == last.month() => {
                write!(f, "{:04}-{:02}", first.year(), first.month())
            }
            Self { first, .. } => write!(f, "{:04}", first.year()),
        }
    }
}
