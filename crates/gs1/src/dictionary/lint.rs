//! The checks a component may ask for beyond its characters and length, each a rule of the GS1
//! Barcode Syntax Tests. Every one takes the component and gives the bytes that are wrong.

use std::ops::Range;

use super::Kind;
use crate::check::{check_digit, check_pair};
use crate::value::{CharSet, Code, ValueError};

type Verdict = Result<(), (ValueError, Range<usize>)>;

/// A rule for a component of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// The last digit is the check digit of those before it.
    CheckDigit,
    /// The last two characters are the check pair of those before them.
    CheckPair,
    /// A company prefix starts here.
    PrefixAt0,
    /// A company prefix starts after one digit.
    PrefixAt1,
    /// YYMMDD.
    Date,
    /// YYMMDD where DD may be 00, the last day of the month.
    DateDay0,
    /// YYYYMMDD.
    LongDate,
    /// HHMM.
    HourMinute,
    /// HH.
    Hour,
    /// MM.
    Minute,
    /// SS.
    Second,
    /// Zeros only.
    Zero,
    /// Not zero.
    NonZero,
    /// No zero at the start.
    NoZeroPrefix,
    /// Piece number and total, of the same number of digits.
    PieceOfTotal,
    /// Not digits only.
    HasNonDigit,
    /// Winding direction.
    Winding,
    /// 0 or 1.
    YesNo,
    /// ISO/IEC 5218.
    BiologicalSex,
    /// Importer index.
    ImporterIndex,
    /// Hyphens only.
    Hyphen,
    /// Ten-millionths of a degree above the South Pole.
    Latitude,
    /// Ten-millionths of a degree east of the 180th meridian's start.
    Longitude,
    /// Percent signs are escapes.
    PercentEncoded,
    /// `1/2`.
    PositionInSequence,
}

impl Check {
    /// Runs the check on a component.
    ///
    /// # Errors
    /// The rule broken, with the bytes of `piece` that break it.
    pub fn run(self, piece: &str) -> Verdict {
        let all = |error| Err((error, 0..piece.len()));
        match self {
            Self::CheckDigit => digit(piece),
            Self::CheckPair => pair(piece),
            Self::PrefixAt0 => prefix(piece, 0),
            Self::PrefixAt1 => prefix(piece, 1),
            Self::Date => date(piece, 2, false),
            Self::DateDay0 => date(piece, 2, true),
            Self::LongDate => date(piece, 4, false),
            Self::HourMinute => {
                length(piece, 4)?;
                sixty(piece, 0, 24, ValueError::NoSuchHour)?;
                sixty(piece, 2, 60, ValueError::NoSuchMinute)
            }
            Self::Hour => {
                length(piece, 2).and_then(|()| sixty(piece, 0, 24, ValueError::NoSuchHour))
            }
            Self::Minute => {
                length(piece, 2).and_then(|()| sixty(piece, 0, 60, ValueError::NoSuchMinute))
            }
            Self::Second => {
                length(piece, 2).and_then(|()| sixty(piece, 0, 60, ValueError::NoSuchSecond))
            }
            Self::Zero if piece.is_empty() || piece.bytes().any(|b| b != b'0') => {
                all(ValueError::NotZero)
            }
            Self::NonZero => {
                characters(Kind::Digits, piece)?;
                if piece.bytes().all(|b| b == b'0') { all(ValueError::IsZero) } else { Ok(()) }
            }
            Self::NoZeroPrefix => {
                characters(Kind::Digits, piece)?;
                if piece.starts_with('0') { Err((ValueError::ZeroPrefix, 0..1)) } else { Ok(()) }
            }
            Self::PieceOfTotal => piece_of_total(piece),
            Self::HasNonDigit if piece.bytes().all(|b| b.is_ascii_digit()) => {
                all(ValueError::NeedsNonDigit)
            }
            Self::Winding => code(piece, Code::Winding, |b| matches!(b, b'0' | b'1' | b'9')),
            Self::YesNo => code(piece, Code::YesNo, |b| matches!(b, b'0' | b'1')),
            Self::BiologicalSex => {
                code(piece, Code::BiologicalSex, |b| matches!(b, b'0'..=b'2' | b'9'))
            }
            Self::ImporterIndex => code(piece, Code::ImporterIndex, |b| {
                b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')
            }),
            Self::Hyphen => code(piece, Code::Hyphen, |b| b == b'-'),
            Self::Latitude => degrees(piece, 1_800_000_000, ValueError::Latitude),
            Self::Longitude => degrees(piece, 3_600_000_000, ValueError::Longitude),
            Self::PercentEncoded => percent(piece),
            Self::PositionInSequence => position(piece),
            Self::Zero | Self::HasNonDigit => Ok(()),
        }
    }
}

/// Whether every character belongs to the set of the component.
pub(super) fn characters(kind: Kind, piece: &str) -> Verdict {
    let good = |c: char| match kind {
        Kind::Digits => c.is_ascii_digit(),
        Kind::Cset82 => {
            matches!(c, '!' | '"' | '%'..='?' | 'A'..='Z' | '_' | 'a'..='z')
        }
        Kind::Cset39 => {
            c.is_ascii_digit() || c.is_ascii_uppercase() || matches!(c, '#' | '-' | '/')
        }
        Kind::Cset64 => c.is_ascii_alphanumeric() || matches!(c, '-' | '_'),
    };
    let body = if kind == Kind::Cset64 { piece.trim_end_matches('=') } else { piece };
    if let Some((at, found)) = body.char_indices().find(|&(_, c)| !good(c)) {
        return Err((outside(kind, found), at..at + found.len_utf8()));
    }
    // The reference accepts padding of one or two signs that fills the length to a multiple of 3.
    let padding = piece.len() - body.len();
    if padding > 2 || (padding > 0 && !piece.len().is_multiple_of(3)) {
        return Err((ValueError::Padding, body.len()..piece.len()));
    }
    Ok(())
}

/// What it means that `found` is not in the set.
pub(super) const fn outside(kind: Kind, found: char) -> ValueError {
    match kind {
        Kind::Digits => ValueError::NotDigit { found },
        Kind::Cset82 => ValueError::NotInSet { set: CharSet::Cset82, found },
        Kind::Cset39 => ValueError::NotInSet { set: CharSet::Cset39, found },
        Kind::Cset64 => ValueError::NotInSet { set: CharSet::Cset64, found },
    }
}

fn length(piece: &str, len: usize) -> Verdict {
    match piece.len() {
        found if found < len => Err((ValueError::TooShort { least: len }, 0..found)),
        found if found > len => Err((ValueError::TooLong { most: len }, 0..found)),
        _ => Ok(()),
    }
}

fn digit(piece: &str) -> Verdict {
    characters(Kind::Digits, piece)?;
    let Some((body, last)) = piece.len().checked_sub(1).map(|at| piece.split_at(at)) else {
        return Err((ValueError::Empty, 0..0));
    };
    match check_digit(body) {
        Some(expected) if last.as_bytes() == [b'0' + expected] => Ok(()),
        Some(expected) => Err((ValueError::WrongCheckDigit { expected }, body.len()..piece.len())),
        None => Err((ValueError::Empty, 0..piece.len())),
    }
}

fn pair(piece: &str) -> Verdict {
    let Some(at) = piece.len().checked_sub(2) else {
        return Err((ValueError::NoRoomForCheckPair, 0..piece.len()));
    };
    if at == 0 {
        return Err((ValueError::NoRoomForCheckPair, 0..piece.len()));
    }
    let Some((body, last)) = piece.split_at_checked(at) else {
        return characters(Kind::Cset82, piece);
    };
    characters(Kind::Cset82, body)?;
    match check_pair(body) {
        Some([a, b]) if last.chars().eq([a, b]) => Ok(()),
        Some(expected) => Err((ValueError::WrongCheckPair { expected }, at..piece.len())),
        None => Err((ValueError::TooLong { most: 25 }, 0..piece.len())),
    }
}

fn prefix(piece: &str, skip: usize) -> Verdict {
    /// The reference takes four digits as the least a company prefix can be told by.
    const LEAST: usize = 4;
    let bytes = piece.as_bytes();
    if bytes.len() < skip + LEAST {
        return Err((ValueError::NoCompanyPrefix, skip.min(bytes.len())..bytes.len()));
    }
    match bytes[skip..skip + LEAST].iter().position(|b| !b.is_ascii_digit()) {
        Some(at) => Err((ValueError::CompanyPrefixNotDigits, skip + at..skip + at + 1)),
        None => Ok(()),
    }
}

fn date(piece: &str, year_len: usize, day_may_be_zero: bool) -> Verdict {
    let len = year_len + 4;
    length(piece, len)?;
    characters(Kind::Digits, piece)?;
    let number = |range: Range<usize>| piece[range].parse::<u32>().unwrap_or_default();
    // Of a two-digit year only the leap rule matters, and no century year in reach breaks it: 2000
    // was a leap year.
    let year = number(0..year_len);
    let leap = year.is_multiple_of(4)
        && (year_len == 2 || !year.is_multiple_of(100) || year.is_multiple_of(400));
    let last = match number(year_len..year_len + 2) {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return Err((ValueError::NoSuchMonth, year_len..year_len + 2)),
    };
    let day = number(year_len + 2..len);
    if day > last || (day == 0 && !day_may_be_zero) {
        return Err((ValueError::NoSuchDay, year_len + 2..len));
    }
    Ok(())
}

/// Two digits at `at`, below `end`.
fn sixty(piece: &str, at: usize, end: u32, error: ValueError) -> Verdict {
    characters(Kind::Digits, piece)?;
    match piece.get(at..at + 2).and_then(|two| two.parse::<u32>().ok()) {
        Some(value) if value < end => Ok(()),
        Some(_) => Err((error, at..at + 2)),
        None => Err((ValueError::TooShort { least: at + 2 }, 0..piece.len())),
    }
}

fn piece_of_total(piece: &str) -> Verdict {
    characters(Kind::Digits, piece)?;
    if piece.is_empty() || !piece.len().is_multiple_of(2) {
        return Err((ValueError::TooShort { least: piece.len() + 1 }, 0..piece.len()));
    }
    let middle = piece.len() / 2;
    let (number, total) = piece.split_at(middle);
    if number.bytes().all(|b| b == b'0') {
        return Err((ValueError::PieceIsZero, 0..middle));
    }
    if total.bytes().all(|b| b == b'0') {
        return Err((ValueError::TotalIsZero, middle..piece.len()));
    }
    // Of equal length, so the order of text is that of numbers.
    if number > total { Err((ValueError::PieceOverTotal, 0..piece.len())) } else { Ok(()) }
}

fn code(piece: &str, code: Code, good: impl Fn(u8) -> bool) -> Verdict {
    if piece.len() == 1 && piece.bytes().all(good) {
        Ok(())
    } else {
        Err((ValueError::NoSuchCode { code }, 0..piece.len()))
    }
}

/// Ten digits, ten-millionths of a degree, up to `most`.
fn degrees(piece: &str, most: u64, error: ValueError) -> Verdict {
    length(piece, 10)?;
    characters(Kind::Digits, piece)?;
    if piece.parse::<u64>().is_ok_and(|value| value > most) {
        return Err((error, 0..piece.len()));
    }
    Ok(())
}

fn percent(piece: &str) -> Verdict {
    let bytes = piece.as_bytes();
    for at in (0..bytes.len()).filter(|&at| bytes[at] == b'%') {
        let pair = bytes.get(at + 1..at + 3);
        if !pair.is_some_and(|pair| pair.iter().all(u8::is_ascii_hexdigit)) {
            return Err((ValueError::BrokenPercent, at..(at + 3).min(bytes.len())));
        }
    }
    Ok(())
}

fn position(piece: &str) -> Verdict {
    let number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let Some((place, end)) = piece.split_once('/').filter(|(a, b)| number(a) && number(b)) else {
        return Err((ValueError::NotAPosition, 0..piece.len()));
    };
    if place.starts_with('0') {
        return Err((ValueError::ZeroPrefix, 0..1));
    }
    if end.starts_with('0') {
        return Err((ValueError::ZeroPrefix, place.len() + 1..place.len() + 2));
    }
    if (place.len(), place) > (end.len(), end) {
        return Err((ValueError::PositionOverEnd, 0..piece.len()));
    }
    Ok(())
}
