//! Numbers, dates and times as people in Việt Nam write and read them, and their English form.
//!
//! Vietnamese writes `1.234,5` and `12/10/2026 09:14`; English here writes `1,234.5` and `12 Oct 2026 09:14`, the month in
//! letters so that nobody reads it as the tenth of December. Times are civil times of Việt Nam, UTC+7 without
//! daylight saving since 1975, so an offset is enough and no time-zone database is carried.

use gs1::Lang;
use jiff::{
    Timestamp,
    civil::{Date, DateTime},
    tz::{Offset, TimeZone},
};
use rust_decimal::Decimal;

/// The offset of Asia/Ho_Chi_Minh.
pub const OFFSET: Offset = Offset::constant(7);

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Why a text is no number, date or time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message(Lang::En))]
pub enum FormatFault {
    /// Nothing was entered.
    Empty,
    /// Not a number in any accepted form.
    Number,
    /// More digits than can be kept exactly (28).
    TooManyDigits,
    /// Not a date in any accepted form.
    Date,
    /// A day that the calendar does not have.
    NoSuchDay,
    /// Not a time of day.
    Time,
}

impl FormatFault {
    /// What is wrong and what to do.
    pub fn message(self, lang: Lang) -> String {
        match (lang, self) {
            (Lang::Vi, Self::Empty) => "Ô này chưa có nội dung.",
            (Lang::En, Self::Empty) => "This field is empty.",
            (Lang::Vi, Self::Number) => "Đây không phải là số. Xin viết như 1.234,5 hoặc 1234,5.",
            (Lang::En, Self::Number) => "This is not a number. Write it as 1,234.5 or 1234.5.",
            (Lang::Vi, Self::TooManyDigits) => {
                "Số này có quá nhiều chữ số. Xin viết nhiều nhất 28 chữ số."
            }
            (Lang::En, Self::TooManyDigits) => "This number has too many digits. Write 28 at most.",
            (Lang::Vi, Self::Date) => {
                "Ngày không đúng dạng. Xin viết ngày/tháng/năm, ví dụ 12/10/2026."
            }
            (Lang::En, Self::Date) => {
                "This is not a date. Write day/month/year, for example 12/10/2026."
            }
            (Lang::Vi, Self::NoSuchDay) => {
                "Ngày này không có trong lịch. Xin xem lại ngày và tháng."
            }
            (Lang::En, Self::NoSuchDay) => "The calendar has no such day. Check day and month.",
            (Lang::Vi, Self::Time) => "Giờ không đúng dạng. Xin viết giờ:phút, ví dụ 09:14.",
            (Lang::En, Self::Time) => "This is not a time. Write hour:minute, for example 09:14.",
        }
        .to_owned()
    }
}

/// A number with thousands marked: `1.234,5` or `1,234.5`. Trailing zeros stay, they say how exact the number is.
pub fn number(value: Decimal, lang: Lang) -> String {
    let (group, point) = separators(lang);
    let plain = value.abs().to_string();
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let mut out = String::with_capacity(plain.len() + plain.len() / 3 + 2);
    if value.is_sign_negative() && !value.is_zero() {
        out.push('-');
    }
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            out.push(group);
        }
        out.push(digit);
    }
    if !fraction.is_empty() {
        out.push(point);
        out.push_str(fraction);
    }
    out
}

/// Reads a number as people type it. In Vietnamese: `1.234,5`, `1234,5`, `1234.5`, `1 234,5`; English with the signs changed.
///
/// With both signs present the last one is the decimal sign, in either language. One sign alone is the language's
/// decimal sign (`1,234` in Vietnamese is one and a bit), except that the other language's decimal sign with exactly
/// three digits after it and one to three before it marks thousands: `1.234` in Vietnamese is 1234, `0.234` and `1.2345`
/// are fractions. A sign that occurs several times marks thousands.
pub fn parse_number(text: &str, lang: Lang) -> Result<Decimal, FormatFault> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let (negative, digits) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(&text)),
    };
    if digits.is_empty() {
        return Err(if text.is_empty() { FormatFault::Empty } else { FormatFault::Number });
    }
    if !digits.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b',') {
        return Err(FormatFault::Number);
    }
    let (whole, fraction) = match decimal_sign(digits, lang) {
        Some(at) => (&digits[..at], &digits[at + 1..]),
        None => (digits, ""),
    };
    let whole = ungroup(whole).ok_or(FormatFault::Number)?;
    if whole.is_empty() && fraction.is_empty() || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return Err(FormatFault::Number);
    }
    let whole = whole.trim_start_matches('0');
    if whole.len() + fraction.len() > 28 {
        return Err(FormatFault::TooManyDigits);
    }
    // 28 digits are at most 10^28 − 1, well inside the 96 bits of a Decimal.
    let mantissa: i128 =
        format!("0{whole}{fraction}").parse().map_err(|_| FormatFault::TooManyDigits)?;
    let scale = u32::try_from(fraction.len()).map_err(|_| FormatFault::TooManyDigits)?;
    Decimal::try_from_i128_with_scale(if negative { -mantissa } else { mantissa }, scale)
        .map_err(|_| FormatFault::TooManyDigits)
}

/// `12/10/2026` or `12 Oct 2026`.
pub fn date(date: Date, lang: Lang) -> String {
    match lang {
        Lang::Vi => format!("{:02}/{:02}/{:04}", date.day(), date.month(), date.year()),
        Lang::En => format!("{} {} {:04}", date.day(), month_name(date), date.year()),
    }
}

/// `12/10/2026 09:14` or `12 Oct 2026 09:14`.
pub fn date_time(at: DateTime, lang: Lang) -> String {
    format!("{} {:02}:{:02}", date(at.date(), lang), at.hour(), at.minute())
}

/// Reads `12/10/2026`, `12-10-2026`, `12.10.2026`, `12102026` (day first, in both languages) and `2026-10-12`.
pub fn parse_date(text: &str) -> Result<Date, FormatFault> {
    let text = text.trim();
    if text.is_empty() {
        return Err(FormatFault::Empty);
    }
    let parts: Vec<&str> = if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        vec![&text[..2], &text[2..4], &text[4..]]
    } else {
        text.split(['/', '-', '.']).map(str::trim).collect()
    };
    if parts.iter().any(|part| part.is_empty() || !part.bytes().all(|b| b.is_ascii_digit())) {
        return Err(FormatFault::Date);
    }
    let (day, month, year) = match parts.as_slice() {
        // The guard is tried for either order; the year of four digits tells them apart.
        [day, month, year] | [year, month, day]
            if day.len() <= 2 && month.len() <= 2 && year.len() == 4 =>
        {
            (day, month, year)
        }
        _ => return Err(FormatFault::Date),
    };
    let (Ok(day), Ok(month), Ok(year)) = (day.parse(), month.parse(), year.parse()) else {
        return Err(FormatFault::Date);
    };
    Date::new(year, month, day).map_err(|_| FormatFault::NoSuchDay)
}

/// Reads a date and a time of day, `12/10/2026 09:14` or the `2026-10-12T09:14` that browsers send; midnight without a time.
pub fn parse_date_time(text: &str) -> Result<DateTime, FormatFault> {
    let text = text.trim();
    let (date, time) = text.split_once(['T', ' ']).unwrap_or((text, ""));
    let date = parse_date(date)?;
    let time = time.trim();
    if time.is_empty() {
        return Ok(date.at(0, 0, 0, 0));
    }
    let mut parts = [0i8; 3];
    let given: Vec<&str> = time.split([':', 'h']).collect();
    if !(2..=3).contains(&given.len()) {
        return Err(FormatFault::Time);
    }
    for (slot, part) in parts.iter_mut().zip(given) {
        if part.is_empty() || part.len() > 2 || !part.bytes().all(|b| b.is_ascii_digit()) {
            return Err(FormatFault::Time);
        }
        *slot = part.parse().map_err(|_| FormatFault::Time)?;
    }
    let [hour, minute, second] = parts;
    let time = jiff::civil::Time::new(hour, minute, second, 0).map_err(|_| FormatFault::Time)?;
    Ok(date.to_datetime(time))
}

/// The civil time in Việt Nam of an instant in microseconds since 1970 UTC; `None` outside the years −9999 to 9999.
pub fn local(micros: i64) -> Option<DateTime> {
    Timestamp::from_microsecond(micros).ok().map(|instant| OFFSET.to_datetime(instant))
}

/// The instant, in microseconds since 1970 UTC, of a civil time in Việt Nam; `None` at the very ends of the calendar.
pub fn instant(local: DateTime) -> Option<i64> {
    TimeZone::fixed(OFFSET).to_timestamp(local).ok().map(Timestamp::as_microsecond)
}

/// [`date_time`] of an instant in microseconds since 1970 UTC; empty outside the calendar.
pub fn date_time_of(micros: i64, lang: Lang) -> String {
    local(micros).map(|at| date_time(at, lang)).unwrap_or_default()
}

/// [`date`] in Việt Nam of an instant in microseconds since 1970 UTC; empty outside the calendar.
pub fn date_of(micros: i64, lang: Lang) -> String {
    local(micros).map(|at| date(at.date(), lang)).unwrap_or_default()
}

fn month_name(date: Date) -> &'static str {
    // jiff keeps months in 1..=12.
    MONTHS[usize::from(date.month().unsigned_abs()) - 1]
}

/// Thousands sign and decimal sign.
const fn separators(lang: Lang) -> (char, char) {
    match lang {
        Lang::Vi => ('.', ','),
        Lang::En => (',', '.'),
    }
}

/// Where the decimal sign stands, if there is one.
fn decimal_sign(digits: &str, lang: Lang) -> Option<usize> {
    let (group, point) = separators(lang);
    let last = digits.rfind(['.', ','])?;
    let sign = char::from(digits.as_bytes()[last]);
    let alone = digits.matches(['.', ',']).count() == 1;
    let several = digits.matches(sign).count() > 1;
    if several {
        return None;
    }
    if alone && sign == group {
        let before = &digits[..last];
        let thousands = digits.len() - last - 1 == 3
            && (1..=3).contains(&before.len())
            && !before.starts_with('0');
        return (!thousands).then_some(last);
    }
    debug_assert!(!alone || sign == point);
    Some(last)
}

/// The digits of a whole number whose thousands may be marked by one kind of sign; `None` where the groups are not threes.
fn ungroup(whole: &str) -> Option<String> {
    let Some(first) = whole.find(['.', ',']) else { return Some(whole.to_owned()) };
    let sign = char::from(whole.as_bytes()[first]);
    let mut groups = whole.split(sign);
    let head = groups.next()?;
    let threes =
        groups.clone().all(|group| group.len() == 3 && group.bytes().all(|b| b.is_ascii_digit()));
    ((1..=3).contains(&head.len()) && threes).then(|| whole.split(sign).collect())
}

#[cfg(test)]
#[path = "format_tests.rs"]
mod tests;
