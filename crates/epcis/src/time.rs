//! The time of an event: an instant in microseconds together with the offset that ruled where it happened (EPCIS 2.0
//! §7.4.1 `eventTime`, `eventTimeZoneOffset`). The instant orders and filters; the offset is what a person reads.

use std::fmt;

/// When something happened, and what the clocks showed there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EventTime {
    /// Microseconds since 1970-01-01T00:00:00Z.
    pub micros: i64,
    /// Minutes east of UTC, −840 to 840.
    pub offset_minutes: i16,
}

/// Why a text is no time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    #[error("not of the form YYYY-MM-DDThh:mm:ss with a zone (RFC 3339)")]
    Form,
    #[error("no zone: Z or ±hh:mm is required")]
    NoZone,
    #[error("no such date or time of day")]
    Range,
}

impl EventTime {
    /// Reads an RFC 3339 date-time with its zone; fractions finer than a microsecond are cut off.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let bytes = text.as_bytes();
        if bytes.len() < 19 || bytes[4] != b'-' || bytes[7] != b'-' {
            return Err(TimeError::Form);
        }
        if !matches!(bytes[10], b'T' | b't') || bytes[13] != b':' || bytes[16] != b':' {
            return Err(TimeError::Form);
        }
        let year = digits(&bytes[0..4])?;
        let month = digits(&bytes[5..7])?;
        let day = digits(&bytes[8..10])?;
        let hour = digits(&bytes[11..13])?;
        let minute = digits(&bytes[14..16])?;
        // A leap second (":60", RFC 3339 §5.6) has no microsecond of its own in UTC counted by days.
        let second = digits(&bytes[17..19])?;
        if month == 0 || month > 12 || day == 0 || day > days_in(year, month) {
            return Err(TimeError::Range);
        }
        if hour > 23 || minute > 59 || second > 60 {
            return Err(TimeError::Range);
        }
        let mut at = 19;
        let mut fraction = 0;
        if bytes.get(at) == Some(&b'.') {
            at += 1;
            let start = at;
            let mut unit = 100_000;
            while let Some(digit @ b'0'..=b'9') = bytes.get(at) {
                fraction += i64::from(digit - b'0') * unit;
                unit /= 10;
                at += 1;
            }
            if at == start {
                return Err(TimeError::Form);
            }
        }
        let offset_minutes = match bytes.get(at) {
            None => return Err(TimeError::NoZone),
            Some(b'Z' | b'z') if bytes.len() == at + 1 => 0,
            Some(b'+' | b'-') => parse_offset(&text[at..]).ok_or(TimeError::Form)?,
            Some(_) => return Err(TimeError::Form),
        };
        let seconds = days_from_civil(year, month, day) * 86_400
            + hour * 3_600
            + minute * 60
            + second.min(59)
            - i64::from(offset_minutes) * 60;
        Ok(Self { micros: seconds * 1_000_000 + fraction, offset_minutes })
    }

    /// The same instant, read on clocks that are `offset_minutes` east of UTC.
    #[must_use]
    pub const fn with_offset(self, offset_minutes: i16) -> Self {
        Self { micros: self.micros, offset_minutes }
    }

    /// From an instant and the offset in force at the place (Việt Nam: 420).
    pub fn new(at: jiff::Timestamp, offset_minutes: i16) -> Self {
        Self { micros: at.as_microsecond(), offset_minutes }
    }

    /// The instant, for arithmetic and for other libraries.
    pub fn timestamp(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.micros).unwrap_or_default()
    }

    /// The offset as EPCIS writes it: `+07:00`.
    pub fn offset_text(self) -> String {
        let sign = if self.offset_minutes < 0 { '-' } else { '+' };
        let minutes = self.offset_minutes.unsigned_abs();
        format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
    }

    /// In UTC with milliseconds, halves rounded up: the form of the event hash id (CBV 2.0 §8.9, rules 8 and 9).
    pub fn utc_millis(self) -> String {
        let millis = (self.micros + 500).div_euclid(1_000);
        let mut text = civil(millis.div_euclid(1_000));
        text.push('.');
        push_number(&mut text, millis.rem_euclid(1_000), 3);
        text.push('Z');
        text
    }

    /// In UTC, as short as the value allows: `2026-03-01T01:02:03Z`.
    pub fn utc_text(self) -> String {
        format!("{}{}Z", civil(self.micros.div_euclid(1_000_000)), Fraction(self.micros))
    }
}

impl fmt::Display for EventTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let local = self.micros + i64::from(self.offset_minutes) * 60_000_000;
        let seconds = civil(local.div_euclid(1_000_000));
        write!(f, "{seconds}{}{}", Fraction(self.micros), self.offset_text())
    }
}

impl std::str::FromStr for EventTime {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        Self::parse(text)
    }
}

/// Reads `±hh:mm`, at most fourteen hours (XML Schema's limit, which EPCIS takes over).
pub(crate) fn parse_offset(text: &str) -> Option<i16> {
    let bytes = text.as_bytes();
    if bytes.len() != 6 || bytes[3] != b':' {
        return None;
    }
    let sign = match bytes[0] {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let hours = digits(&bytes[1..3]).ok()?;
    let minutes = digits(&bytes[4..6]).ok()?;
    let total = hours * 60 + minutes;
    (minutes < 60 && total <= 840).then_some(sign * total as i16)
}

struct Fraction(i64);

impl fmt::Display for Fraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.rem_euclid(1_000_000) {
            0 => Ok(()),
            micros if micros % 1_000 == 0 => write!(f, ".{:03}", micros / 1_000),
            micros => write!(f, ".{micros:06}"),
        }
    }
}

fn digits(bytes: &[u8]) -> Result<i64, TimeError> {
    bytes.iter().try_fold(0, |value, byte| {
        if byte.is_ascii_digit() {
            Ok(value * 10 + i64::from(byte - b'0'))
        } else {
            Err(TimeError::Form)
        }
    })
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar, counted in years that begin in March.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// Seconds since 1970 as `YYYY-MM-DDThh:mm:ss`.
fn civil(seconds: i64) -> String {
    let days = seconds.div_euclid(86_400) + 719_468;
    let time = seconds.rem_euclid(86_400);
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let (hour, minute, second) = (time / 3_600, time / 60 % 60, time % 60);
    // By hand: each event that is hashed passes here, and the formatting machinery costs five times as much.
    let mut text = String::with_capacity(32);
    push_number(&mut text, year, 4);
    for (mark, value) in [('-', month), ('-', day), ('T', hour), (':', minute), (':', second)] {
        text.push(mark);
        push_number(&mut text, value, 2);
    }
    text
}

/// A number that is not negative, with leading zeros.
fn push_number(text: &mut String, value: i64, width: u32) {
    for place in (0..width).rev() {
        text.push(char::from(b'0' + (value / 10_i64.pow(place) % 10) as u8));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_does_not_depend_on_the_zone_it_is_written_in() {
        let there = EventTime::parse("2026-03-01T08:02:03.5+07:00").unwrap();
        let here = EventTime::parse("2026-03-01T01:02:03.500000Z").unwrap();
        assert_eq!(there.micros, here.micros);
        assert_eq!(there.to_string(), "2026-03-01T08:02:03.500+07:00");
        assert_eq!(there.utc_text(), "2026-03-01T01:02:03.500Z");
    }

    #[test]
    fn the_calendar_agrees_with_jiff_over_eight_hundred_years() {
        for day in (-146_097..146_097).step_by(13) {
            let at = jiff::Timestamp::from_second(day * 86_400 + 5).unwrap();
            let time = EventTime::new(at, 0);
            assert_eq!(time.utc_text(), at.to_string());
            assert_eq!(EventTime::parse(&at.to_string()), Ok(time));
        }
    }

    #[test]
    fn a_time_without_zone_or_out_of_the_calendar_is_refused() {
        assert_eq!(EventTime::parse("2026-03-01T08:02:03"), Err(TimeError::NoZone));
        assert_eq!(EventTime::parse("2026-02-29T08:02:03Z"), Err(TimeError::Range));
        assert_eq!(EventTime::parse("2026-03-01T24:00:00Z"), Err(TimeError::Range));
        assert_eq!(EventTime::parse("22-07-2026"), Err(TimeError::Form));
        assert_eq!(EventTime::parse("2026-03-01T08:02:03+15:00"), Err(TimeError::Form));
        assert_eq!(EventTime::parse("2026-03-01T08:02:03.Z"), Err(TimeError::Form));
        assert_eq!(EventTime::parse("2026-03-01Tđ8:02:03Z"), Err(TimeError::Form));
    }

    #[test]
    fn milliseconds_of_the_hash_round_halves_up() {
        let millis = |text| EventTime::parse(text).unwrap().utc_millis();
        assert_eq!(millis("2023-01-18T11:04:03.1415Z"), "2023-01-18T11:04:03.142Z");
        assert_eq!(millis("2023-01-18T11:04:03.1414Z"), "2023-01-18T11:04:03.141Z");
        assert_eq!(millis("2023-01-18T11:04:59.9999Z"), "2023-01-18T11:05:00.000Z");
    }
}
