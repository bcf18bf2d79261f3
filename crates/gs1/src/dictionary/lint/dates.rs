//! Dates and times of day, as digits.

use super::{Kind, Shape, ValueError, Verdict, characters, length};

pub(super) fn date(piece: &str, year_len: usize, day_may_be_zero: bool) -> Verdict {
    let len = year_len + 4;
    length(piece, len, Shape::Date)?;
    // Numbers and their characters at once: dates are among the most frequent values.
    let (bytes, mut good) = (piece.as_bytes(), true);
    let mut two = |at: usize| {
        let [tens, ones] = [bytes[at], bytes[at + 1]].map(|b| u32::from(b.wrapping_sub(b'0')));
        good &= tens <= 9 && ones <= 9;
        tens * 10 + ones
    };
    let century = if year_len == 4 { two(0) * 100 } else { 0 };
    let (year, month, day) = (century + two(len - 6), two(len - 4), two(len - 2));
    if !good {
        return characters(Kind::Digits, piece);
    }
    // Of a two-digit year only the leap rule matters, and no century year in reach breaks it: 2000
    // was a leap year.
    let leap = year.is_multiple_of(4)
        && (year_len == 2 || !year.is_multiple_of(100) || year.is_multiple_of(400));
    let last = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return Err((ValueError::NoSuchMonth, year_len..year_len + 2)),
    };
    if day > last || (day == 0 && !day_may_be_zero) {
        return Err((ValueError::NoSuchDay, year_len + 2..len));
    }
    Ok(())
}

pub(super) fn hour_minute(piece: &str) -> Verdict {
    length(piece, 4, Shape::HourMinute)?;
    characters(Kind::Digits, piece)?;
    below(piece, 0, 24, ValueError::NoSuchHour)?;
    below(piece, 2, 60, ValueError::NoSuchMinute)
}

pub(super) fn hour(piece: &str) -> Verdict {
    two(piece, Shape::Hour, 24, ValueError::NoSuchHour)
}

pub(super) fn minute(piece: &str) -> Verdict {
    two(piece, Shape::Minute, 60, ValueError::NoSuchMinute)
}

pub(super) fn second(piece: &str) -> Verdict {
    two(piece, Shape::Second, 60, ValueError::NoSuchSecond)
}

fn two(piece: &str, of: Shape, end: u32, error: ValueError) -> Verdict {
    length(piece, 2, of)?;
    characters(Kind::Digits, piece)?;
    below(piece, 0, end, error)
}

/// Two digits at `at`, below `end`.
fn below(piece: &str, at: usize, end: u32, error: ValueError) -> Verdict {
    match piece.get(at..at + 2).and_then(|two| two.parse::<u32>().ok()) {
        Some(value) if value < end => Ok(()),
        _ => Err((error, at..at + 2)),
    }
}
