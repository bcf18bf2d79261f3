//! When a scheduled query runs (`QuerySchedule`, EPCIS 2.0 §8.2.5.3): six patterns that a time must match, on the clocks of
//! Việt Nam, the time zone that this service chooses. Seconds that are not given are 0, as the REST binding has it in its
//! example of “every morning at 1.05am”; any other field that is not given matches every value.

use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Map, Value};

use crate::app::{DAY, Micros};
use crate::shared::text::OFFSET_MINUTES;

const SECOND: Micros = 1_000_000;
const OFFSET: Micros = OFFSET_MINUTES as Micros * 60 * SECOND;
/// Days within which a schedule comes round if it ever does: 29 February falls on each day of the week within forty years.
const FAR: usize = 366 * 41;
/// Longest pattern that is read; the longest that says something has 60 numbers.
const LONGEST: usize = 400;

/// Fields of a schedule with the least and the greatest number in each.
pub(super) const FIELDS: [(&str, u32, u32); 6] = [
    ("second", 0, 59),
    ("minute", 0, 59),
    ("hour", 0, 23),
    ("dayOfMonth", 1, 31),
    ("month", 1, 12),
    ("dayOfWeek", 1, 7),
];

/// A schedule; each field is a set of numbers, bit n for n.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    sets: [u64; 6],
    /// As it was given, to be shown again.
    given: Vec<(&'static str, String)>,
}

/// What is wrong with a schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    /// A field that no schedule has.
    Unknown(String),
    /// Not numbers and ranges, or out of the field's range.
    Field { name: &'static str, least: u32, most: u32 },
    /// No field at all.
    Empty,
    /// No time will ever match, such as 30 February.
    Never,
}

impl Schedule {
    /// The names of the fields, which are also those of the parameters of a WebSocket subscription.
    pub fn names() -> impl Iterator<Item = &'static str> {
        FIELDS.iter().map(|(name, ..)| *name)
    }

    /// From names and patterns.
    pub fn parse<'a>(
        fields: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Schedule, Wrong> {
        let mut sets = FIELDS.map(|(_, least, most)| span(least, most));
        sets[0] = 1;
        let mut given = Vec::new();
        for (asked, pattern) in fields {
            let at = FIELDS.iter().position(|(name, ..)| *name == asked);
            let at = at.ok_or_else(|| Wrong::Unknown(asked.to_owned()))?;
            let (name, least, most) = FIELDS[at];
            sets[at] = read(pattern, least, most).ok_or(Wrong::Field { name, least, most })?;
            given.push((name, pattern.to_owned()));
        }
        if given.is_empty() {
            return Err(Wrong::Empty);
        }
        let schedule = Schedule { sets, given };
        schedule.next(0).ok_or(Wrong::Never)?;
        Ok(schedule)
    }

    /// From the JSON of a subscription: texts, or a plain number where there is only one.
    pub fn of_json(value: &Map<String, Value>) -> Result<Schedule, Wrong> {
        let texts: Vec<(&str, String)> = value
            .iter()
            .map(|(name, value)| {
                (name.as_str(), value.as_str().map_or_else(|| value.to_string(), str::to_owned))
            })
            .collect();
        Schedule::parse(texts.iter().map(|(name, text)| (*name, text.as_str())))
    }

    /// As it was given.
    pub fn to_json(&self) -> Value {
        let fields =
            self.given.iter().map(|(name, text)| ((*name).to_owned(), Value::from(text.as_str())));
        Value::Object(fields.collect())
    }

    /// The first time after `after` that matches; nothing if none does.
    pub fn next(&self, after: Micros) -> Option<Micros> {
        let [seconds, minutes, hours, ..] = self.sets;
        let start = after + OFFSET - (after + OFFSET).rem_euclid(SECOND) + SECOND;
        let mut day = start.div_euclid(DAY);
        // Seconds of the first day that have passed.
        let mut from = start.rem_euclid(DAY) / SECOND;
        let mut date = Date::constant(1970, 1, 1).checked_add(day.days()).ok()?;
        for _ in 0..FAR {
            if self.on(date) {
                let found = within_day(seconds, minutes, hours, from as u32);
                if let Some(second) = found {
                    return Some(day * DAY + Micros::from(second) * SECOND - OFFSET);
                }
            }
            (day, from) = (day + 1, 0);
            date = date.tomorrow().ok()?;
        }
        None
    }

    /// Whether a day matches.
    fn on(&self, date: Date) -> bool {
        let [.., days, months, weekdays] = self.sets;
        has(days, date.day() as u32)
            && has(months, date.month() as u32)
            && has(weekdays, date.weekday().to_monday_one_offset() as u32)
    }
}

/// The first second of a day from `from` on whose parts are in the sets.
fn within_day(seconds: u64, minutes: u64, hours: u64, from: u32) -> Option<u32> {
    let (mut hour, mut minute, mut second) = (from / 3600, from / 60 % 60, from % 60);
    loop {
        if least(hours, hour)? > hour {
            (minute, second) = (0, 0);
        }
        hour = least(hours, hour)?;
        let Some(found) = least(minutes, minute) else {
            (hour, minute, second) = (hour + 1, 0, 0);
            continue;
        };
        if found > minute {
            second = 0;
        }
        minute = found;
        if let Some(second) = least(seconds, second) {
            return Some((hour * 60 + minute) * 60 + second);
        }
        (minute, second) = (minute + 1, 0);
    }
}

fn has(set: u64, number: u32) -> bool {
    set >> number & 1 == 1
}

/// The least number of a set from `from` on.
fn least(set: u64, from: u32) -> Option<u32> {
    let rest = if from < 64 { set >> from } else { 0 };
    (rest != 0).then(|| from + rest.trailing_zeros())
}

fn span(least: u32, most: u32) -> u64 {
    (least..=most).fold(0, |set, number| set | 1 << number)
}

/// `Element ("," Element)*` with `Element ::= Number | "[" Number "-" Number "]"`.
fn read(pattern: &str, least: u32, most: u32) -> Option<u64> {
    let number = |text: &str| {
        let digits = (1..=4).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        text.parse::<u32>().ok().filter(|number| digits && (least..=most).contains(number))
    };
    if pattern.len() > LONGEST {
        return None;
    }
    let mut set = 0;
    for element in pattern.split(',') {
        let range = element.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        let (from, to) = match range {
            Some(range) => {
                let (from, to) = range.split_once('-')?;
                (number(from)?, number(to)?)
            }
            None => (number(element)?, number(element)?),
        };
        if from > to {
            return None;
        }
        set |= span(from, to);
    }
    Some(set)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn schedule(fields: &[(&str, &str)]) -> Result<Schedule, Wrong> {
        Schedule::parse(fields.iter().copied())
    }

    fn at(text: &str) -> Micros {
        text.parse::<jiff::Timestamp>().expect("an instant").as_microsecond()
    }

    #[test]
    fn times_are_those_of_viet_nam_and_unsaid_seconds_are_none() {
        for (fields, after, wanted) in [
            (&[("hour", "1"), ("minute", "5")][..], "2026-11-22T00:00:00Z", "2026-11-22T18:05:00Z"),
            (&[("minute", "0")], "2026-11-22T02:14:00Z", "2026-11-22T03:00:00Z"),
            (&[("second", "[10-12],30")], "2026-11-22T02:14:12Z", "2026-11-22T02:14:30Z"),
            // 22 November 2026 is a Sunday.
            (
                &[("hour", "8"), ("minute", "0"), ("dayOfWeek", "[1-5]")],
                "2026-11-22T02:14:00Z",
                "2026-11-23T01:00:00Z",
            ),
            (
                &[("dayOfMonth", "29"), ("month", "2"), ("hour", "0"), ("minute", "0")],
                "2026-11-22T02:14:00Z",
                "2028-02-28T17:00:00Z",
            ),
            (&[("minute", "14")], "2026-11-22T02:14:00Z", "2026-11-22T03:14:00Z"),
            (&[("minute", "14")], "2026-11-22T02:13:59.999999Z", "2026-11-22T02:14:00Z"),
        ] {
            let schedule = schedule(fields).expect("a schedule");
            assert_eq!(schedule.next(at(after)), Some(at(wanted)), "{fields:?} after {after}");
        }
    }

    #[test]
    fn what_the_grammar_does_not_have_is_refused() {
        for (name, pattern) in [
            ("second", "60"),
            ("second", "-1"),
            ("second", ""),
            ("second", "*"),
            ("second", "0/30"),
            ("second", "1,"),
            ("minute", "[5-1]"),
            ("minute", "[1-]"),
            ("minute", "1-5"),
            ("hour", "24"),
            ("hour", " 1"),
            ("hour", "+1"),
            ("dayOfMonth", "0"),
            ("dayOfMonth", "32"),
            ("month", "13"),
            ("dayOfWeek", "0"),
            ("dayOfWeek", "8"),
            ("second", "99999999999999999999"),
        ] {
            assert!(
                matches!(schedule(&[(name, pattern)]), Err(Wrong::Field { .. })),
                "{name} {pattern}"
            );
        }
        assert_eq!(schedule(&[]), Err(Wrong::Empty));
        assert_eq!(schedule(&[("year", "1")]), Err(Wrong::Unknown("year".into())));
        assert_eq!(schedule(&[("dayOfMonth", "30"), ("month", "2")]), Err(Wrong::Never));
    }

    /// A pattern of numbers and ranges, and the numbers that it means.
    fn pattern(least: u32, most: u32) -> impl Strategy<Value = (String, Vec<u32>)> {
        let element = (least..=most, least..=most, any::<bool>());
        prop::collection::vec(element, 1..4).prop_map(|elements| {
            let mut numbers = Vec::new();
            let texts: Vec<String> = elements
                .into_iter()
                .map(|(a, b, range)| {
                    let (a, b) = (a.min(b), a.max(b));
                    numbers.extend(if range { a..=b } else { a..=a });
                    if range { format!("[{a}-{b}]") } else { a.to_string() }
                })
                .collect();
            (texts.join(","), numbers)
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

        /// The oracle tries second after second.
        #[test]
        fn the_next_time_is_the_first_second_that_matches(
            fields in prop::collection::vec(any::<bool>(), 6),
            patterns in FIELDS.map(|(_, least, most)| pattern(least, most)),
            start in 0_i64..4_000_000_000,
            micros in 0_i64..1_000_000,
        ) {
            let chosen: Vec<usize> = (0..6).filter(|at| fields[*at]).collect();
            let given = chosen.iter().map(|at| (FIELDS[*at].0, patterns[*at].0.as_str()));
            let Ok(schedule) = Schedule::parse(given) else {
                // Empty, or a day that no year has.
                return Ok(());
            };
            let after = start * SECOND + micros;
            let found = schedule.next(after);
            let fits = |at: usize, part: u32| {
                if fields[at] { patterns[at].1.contains(&part) } else { at != 0 || part == 0 }
            };
            let matches = |second: i64| {
                let local = second + 7 * 3600;
                let (s, m, h) = (local % 60, local / 60 % 60, local / 3600 % 24);
                if !(fits(0, s as u32) && fits(1, m as u32) && fits(2, h as u32)) {
                    return false;
                }
                let day = jiff::Timestamp::from_second(local).expect("an instant");
                let day = day.to_zoned(jiff::tz::TimeZone::UTC);
                fits(3, day.day() as u32)
                    && fits(4, day.month() as u32)
                    && fits(5, day.weekday().to_monday_one_offset() as u32)
            };
            // A day of seconds is tried; what comes later must at least match itself.
            let first = (start + 1..start + 86_400).find(|second| matches(*second));
            match first {
                Some(second) => prop_assert_eq!(found, Some(second * SECOND)),
                None => prop_assert!(found.is_some_and(|found| found > (start + 86_400 - 1) * SECOND && matches(found / SECOND))),
            }
        }
    }
}
