//! The checks a component may ask for beyond its characters and length, each a rule of the GS1
//! Barcode Syntax Tests under its name there. Every one takes the component and gives the bytes that
//! are wrong. Dates, numbers and codes have their own modules below.

mod dates;
mod numbers;

use std::ops::Range;

use super::{Kind, coupon, lists};
use crate::check::{check_digit, check_pair};
use crate::seen::Seen;
use crate::value::{CharSet, Code, List, Shape, ValueError};

type Verdict = Result<(), (ValueError, Range<usize>)>;

macro_rules! checks {
    ($($(#[$doc:meta])* $check:ident = $name:literal,)*) => {
        /// A rule for a component of a value.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Check {
            $($(#[$doc])* $check,)*
        }

        impl Check {
            /// All rules.
            pub const ALL: &[Self] = &[$(Self::$check,)*];

            /// The name of the rule in the dictionary.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$check => $name,)*
                }
            }

            /// The rule of a name in the dictionary.
            pub fn by_name(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$check),)*
                    _ => None,
                }
            }
        }
    };
}

checks! {
    /// The last digit is the check digit of those before it.
    CheckDigit = "csum",
    /// The last two characters are the check pair of those before them.
    CheckPair = "csumalpha",
    /// A company prefix starts here.
    PrefixAt0 = "gcppos1",
    /// A company prefix starts after one digit.
    PrefixAt1 = "gcppos2",
    /// YYMMDD.
    Date = "yymmdd",
    /// YYMMDD where DD may be 00, the last day of the month.
    DateDay0 = "yymmd0",
    /// YYYYMMDD.
    LongDate = "yyyymmdd",
    /// YYYYMMDD where DD may be 00.
    LongDateDay0 = "yyyymmd0",
    /// HHMM.
    HourMinute = "hhmi",
    /// HH.
    Hour = "hh",
    /// MM.
    Minute = "mi",
    /// SS.
    Second = "ss",
    /// Zeros only.
    Zero = "zero",
    /// Not zero.
    NonZero = "nonzero",
    /// No zero at the start.
    NoZeroPrefix = "nozeroprefix",
    /// Piece number and total, of the same number of digits.
    PieceOfTotal = "pieceoftotal",
    /// Not digits only.
    HasNonDigit = "hasnondigit",
    /// Winding direction.
    Winding = "winding",
    /// 0 or 1.
    YesNo = "yesno",
    /// ISO/IEC 5218.
    BiologicalSex = "iso5218",
    /// Importer index.
    ImporterIndex = "importeridx",
    /// Hyphens only.
    Hyphen = "hyphen",
    /// Ten-millionths of a degree above the South Pole.
    Latitude = "latitude",
    /// Ten-millionths of a degree east of the 180th meridian's start.
    Longitude = "longitude",
    /// Percent signs are escapes.
    PercentEncoded = "pcenc",
    /// `1/2`.
    PositionInSequence = "posinseqslash",
    /// ISO 3166-1 numeric.
    Country = "iso3166",
    /// ISO 3166-1 numeric, or 999.
    CountryOr999 = "iso3166999",
    /// ISO 3166-1 alpha-2.
    CountryLetters = "iso3166alpha2",
    /// ISO 4217 numeric.
    Currency = "iso4217",
    /// ISO 13616.
    Iban = "iban",
    /// AIDC media type.
    MediaType = "mediatype",
    /// Package type.
    PackageType = "packagetype",
    /// North American coupon code.
    CouponCode = "couponcode",
    /// North American positive offer file.
    CouponPosOffer = "couponposoffer",
    /// Digits, asked of a component besides its type.
    Digits = "csetnumeric",
    /// The 82 characters, asked of a component besides its type.
    Cset82 = "cset82",
    /// The 39 characters, asked of a component besides its type.
    Cset39 = "cset39",
    /// base64url, asked of a component besides its type.
    Cset64 = "cset64",
}

impl Check {
    /// Runs the check on a component.
    ///
    /// # Errors
    /// The rule broken, with the bytes of `piece` that break it.
    pub fn run(self, piece: &str) -> Verdict {
        match self {
            Self::CheckDigit => digit(piece),
            Self::CheckPair => pair(piece),
            Self::PrefixAt0 => prefix(piece, 0),
            Self::PrefixAt1 => prefix(piece, 1),
            Self::Date => dates::date(piece, 2, false),
            Self::DateDay0 => dates::date(piece, 2, true),
            Self::LongDate => dates::date(piece, 4, false),
            Self::LongDateDay0 => dates::date(piece, 4, true),
            Self::HourMinute => dates::hour_minute(piece),
            Self::Hour => dates::hour(piece),
            Self::Minute => dates::minute(piece),
            Self::Second => dates::second(piece),
            Self::Zero => holds(
                !piece.is_empty() && piece.bytes().all(|b| b == b'0'),
                piece,
                ValueError::NotZero,
            ),
            Self::NonZero => {
                characters(Kind::Digits, piece)?;
                holds(piece.bytes().any(|b| b != b'0'), piece, ValueError::IsZero)
            }
            Self::NoZeroPrefix => {
                characters(Kind::Digits, piece)?;
                if piece.starts_with('0') { Err((ValueError::ZeroPrefix, 0..1)) } else { Ok(()) }
            }
            Self::PieceOfTotal => numbers::piece_of_total(piece),
            Self::HasNonDigit => {
                let found = piece.bytes().any(|b| !b.is_ascii_digit());
                holds(found, piece, ValueError::NeedsNonDigit)
            }
            Self::Winding => code(piece, Code::Winding, |b| matches!(b, b'0' | b'1' | b'9')),
            Self::YesNo => code(piece, Code::YesNo, |b| matches!(b, b'0' | b'1')),
            Self::BiologicalSex => {
                code(piece, Code::BiologicalSex, |b| matches!(b, b'0'..=b'2' | b'9'))
            }
            Self::ImporterIndex => {
                holds(piece.chars().count() == 1, piece, ValueError::NotOneCharacter)?;
                let good = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
                code(piece, Code::ImporterIndex, good)
            }
            Self::Hyphen => {
                let good = !piece.is_empty() && piece.bytes().all(|b| b == b'-');
                holds(good, piece, ValueError::NoSuchCode { code: Code::Hyphen })
            }
            Self::Latitude => {
                numbers::degrees(piece, 1_800_000_000, Shape::Latitude, ValueError::Latitude)
            }
            Self::Longitude => {
                numbers::degrees(piece, 3_600_000_000, Shape::Longitude, ValueError::Longitude)
            }
            Self::PercentEncoded => percent(piece),
            Self::PositionInSequence => numbers::position(piece),
            Self::Country => listed(country(piece), piece, List::Country),
            Self::CountryOr999 => {
                listed(piece == "999" || country(piece), piece, List::CountryOr999)
            }
            Self::CountryLetters => listed(country_letters(piece), piece, List::CountryLetters),
            Self::Currency => {
                let known = piece.len() == 3 && lists::has(lists::CURRENCIES, 7, piece);
                listed(known, piece, List::Currency)
            }
            Self::Iban => numbers::iban(piece, country_letters),
            Self::MediaType => {
                // 01 to 10 and, for use inside companies, 80 to 99 (General Specifications 3.8.23).
                let number = if piece.len() == 2 { piece.parse::<u8>().ok() } else { None };
                listed(matches!(number, Some(1..=10 | 80..=99)), piece, List::MediaType)
            }
            Self::PackageType => {
                let known =
                    !piece.is_empty() && lists::PACKAGE_TYPES.split(' ').any(|p| p == piece);
                listed(known, piece, List::PackageType)
            }
            Self::CouponCode => coupon::code(piece),
            Self::CouponPosOffer => coupon::positive_offer(piece),
            Self::Digits => characters(Kind::Digits, piece),
            Self::Cset82 => characters(Kind::Cset82, piece),
            Self::Cset39 => characters(Kind::Cset39, piece),
            Self::Cset64 => characters(Kind::Cset64, piece),
        }
    }
}

/// A component with what is wrong between stars, `1234*x*6`.
pub fn highlight(piece: &str, at: &Range<usize>) -> String {
    let part = |range: Range<usize>| piece.get(range).unwrap_or_default();
    format!("{}*{}*{}", part(0..at.start), part(at.clone()), part(at.end..piece.len()))
}

fn country(piece: &str) -> bool {
    piece.len() == 3 && lists::has(lists::COUNTRIES, 6, piece)
}

fn country_letters(piece: &str) -> bool {
    piece.len() == 2 && lists::has(lists::COUNTRY_LETTERS, 3, piece)
}

/// The error over the whole component where `good` is false.
fn holds(good: bool, piece: &str, error: ValueError) -> Verdict {
    if good { Ok(()) } else { Err((error, 0..piece.len())) }
}

fn listed(known: bool, piece: &str, list: List) -> Verdict {
    holds(known, piece, ValueError::NotListed { list })
}

fn code(piece: &str, code: Code, good: impl Fn(u8) -> bool) -> Verdict {
    holds(piece.len() == 1 && piece.bytes().all(good), piece, ValueError::NoSuchCode { code })
}

/// Whether every character belongs to the set of the component.
#[inline]
pub(super) fn characters(kind: Kind, piece: &str) -> Verdict {
    if Seen::of(piece.as_bytes()).all(kind) { Ok(()) } else { outsiders(kind, piece) }
}

/// What is wrong where not every character belongs to the set.
#[cold]
fn outsiders(kind: Kind, piece: &str) -> Verdict {
    let body = if kind == Kind::Cset64 { piece.trim_end_matches('=') } else { piece };
    if let Some(at) = body.bytes().position(|b| !Seen::byte(b).all(kind)) {
        // Every byte before is ASCII, so a character starts here.
        let found = body[at..].chars().next().unwrap_or('\u{fffd}');
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

/// Exactly `len` bytes.
fn length(piece: &str, len: usize, of: Shape) -> Verdict {
    let long = piece.len() > len;
    holds(piece.len() == len, piece, ValueError::Length { of, long })
}

fn digit(piece: &str) -> Verdict {
    let Some((body, last)) = piece.len().checked_sub(1).and_then(|at| piece.split_at_checked(at))
    else {
        characters(Kind::Digits, piece)?;
        return Err((ValueError::NoRoomForCheckDigit, 0..0));
    };
    match check_digit(body) {
        Some(expected) if last.as_bytes() == [b'0' + expected] => Ok(()),
        expected => {
            characters(Kind::Digits, piece)?;
            let Some(expected) = expected else {
                return Err((ValueError::NoRoomForCheckDigit, 0..piece.len()));
            };
            Err((ValueError::WrongCheckDigit { expected }, body.len()..piece.len()))
        }
    }
}

fn pair(piece: &str) -> Verdict {
    let Some(at) = piece.len().checked_sub(2) else {
        return Err((ValueError::NoRoomForCheckPair, 0..piece.len()));
    };
    let Some((body, last)) = piece.split_at_checked(at) else {
        return characters(Kind::Cset82, piece);
    };
    characters(Kind::Cset82, body)?;
    match check_pair(body) {
        Some([a, b]) if last.chars().eq([a, b]) => Ok(()),
        Some(expected) => Err((ValueError::WrongCheckPair { expected }, at..piece.len())),
        None => Err((ValueError::TooLongForCheckPair, 0..piece.len())),
    }
}

fn prefix(piece: &str, skip: usize) -> Verdict {
    /// The reference takes four digits as the least a company prefix can be told by.
    const LEAST: usize = 4;
    let bytes = piece.as_bytes();
    if bytes.len() < skip + LEAST {
        let start =
            if piece.is_char_boundary(skip.min(bytes.len())) { skip.min(bytes.len()) } else { 0 };
        return Err((ValueError::NoCompanyPrefix, start..bytes.len()));
    }
    match bytes[skip..skip + LEAST].iter().position(|b| !b.is_ascii_digit()) {
        Some(at) => {
            let start = skip + at;
            let found = piece.get(start..).and_then(|rest| rest.chars().next());
            let end = found.map_or(bytes.len(), |found| start + found.len_utf8());
            let start = if found.is_some() { start } else { 0 };
            Err((ValueError::CompanyPrefixNotDigits, start..end))
        }
        None => Ok(()),
    }
}

fn percent(piece: &str) -> Verdict {
    let bytes = piece.as_bytes();
    let Some(first) = bytes.iter().position(|&b| b == b'%') else { return Ok(()) };
    for at in (first..bytes.len()).filter(|&at| bytes[at] == b'%') {
        let pair = bytes.get(at + 1..at + 3);
        if !pair.is_some_and(|pair| pair.iter().all(u8::is_ascii_hexdigit)) {
            let end = piece[at..].char_indices().nth(3).map_or(bytes.len(), |(len, _)| at + len);
            return Err((ValueError::BrokenPercent, at..end));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_check_is_found_by_its_name() {
        for &check in Check::ALL {
            assert_eq!(Check::by_name(check.name()), Some(check));
        }
        assert_eq!(Check::by_name("nosuch"), None);
    }
}
