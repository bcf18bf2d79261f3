//! What can be wrong with the value of a key or an Application Identifier, as one type with a stable
//! name and a sentence in both languages. The names are those of the GS1 Barcode Syntax Resource, so
//! that other tools' users recognise them.

mod sentences;

use crate::dictionary::{CouponFault, CouponField};
use crate::lang::Lang;

/// A value breaks the rule of its key or Application Identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message(Lang::En))]
#[non_exhaustive]
pub enum ValueError {
    /// Nothing is there.
    Empty,
    /// A key with one of a few lengths has another.
    WrongLength {
        /// The lengths that are right, for people.
        allowed: &'static str,
        /// Digits found.
        found: usize,
    },
    /// Fewer characters than the value needs.
    TooShort {
        /// The least number of characters.
        least: usize,
    },
    /// More characters than the value may have.
    TooLong {
        /// The greatest number of characters.
        most: usize,
    },
    /// A character that is no digit, where only digits may stand.
    NotDigit {
        /// The character.
        found: char,
    },
    /// A character outside the set of the value.
    NotInSet {
        /// The set.
        set: CharSet,
        /// The character.
        found: char,
    },
    /// The check digit does not fit the digits before it.
    WrongCheckDigit {
        /// The digit that fits.
        expected: u8,
    },
    /// The check character pair of a Global Model Number does not fit.
    WrongCheckPair {
        /// The pair that fits.
        expected: [char; 2],
    },
    /// Too short to hold a check character pair.
    NoRoomForCheckPair,
    /// The value ends before a company prefix (at least four digits) is complete.
    NoCompanyPrefix,
    /// The company prefix holds another character than digits.
    CompanyPrefixNotDigits,
    /// No such month.
    NoSuchMonth,
    /// No such day in that month.
    NoSuchDay,
    /// Hours go from 00 to 23.
    NoSuchHour,
    /// Minutes go from 00 to 59.
    NoSuchMinute,
    /// Seconds go from 00 to 59.
    NoSuchSecond,
    /// Zero, where it makes no sense.
    IsZero,
    /// Something else than the zero that must stand there.
    NotZero,
    /// A number that starts with a zero.
    ZeroPrefix,
    /// Piece 3 of 2.
    PieceOverTotal,
    /// Pieces are counted from 1.
    PieceIsZero,
    /// The total of pieces is zero.
    TotalIsZero,
    /// Digits only, where at least one other character must stand.
    NeedsNonDigit,
    /// One of a few codes was expected; says which ones.
    NoSuchCode {
        /// Which code it is.
        code: Code,
    },
    /// A percent sign without two hexadecimal digits after it.
    BrokenPercent,
    /// Position 3 of 2 in a sequence.
    PositionOverEnd,
    /// Not of the form `1/2`.
    NotAPosition,
    /// Latitude over 180 degrees above the South Pole.
    Latitude,
    /// Longitude over 360 degrees.
    Longitude,
    /// Padding of base64url that does not fit its length.
    Padding,
    /// A component of one fixed length has another.
    Length {
        /// What it is.
        of: Shape,
        /// Whether it is too long; else it is too short.
        long: bool,
    },
    /// Too short to hold a check digit.
    NoRoomForCheckDigit,
    /// Too long for the weights of the check character pair.
    TooLongForCheckPair,
    /// More or less than one character.
    NotOneCharacter,
    /// Not in a list of codes.
    NotListed {
        /// Which list.
        list: List,
    },
    /// Too short for a bank account number.
    IbanTooShort,
    /// Too long for a bank account number.
    IbanTooLong,
    /// A bank account number holds another character than digits and upper-case letters.
    IbanCharacter {
        /// The character.
        found: char,
    },
    /// A bank account number starts with a country code.
    IbanCountry,
    /// The check digits of a bank account number do not fit.
    IbanChecksum,
    /// A field of a coupon.
    Coupon {
        /// Which field.
        field: CouponField,
        /// What is wrong with it.
        fault: CouponFault,
    },
}

/// A component of one fixed length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A date.
    Date,
    /// Hour and minute.
    HourMinute,
    /// An hour.
    Hour,
    /// A minute.
    Minute,
    /// A second.
    Second,
    /// A latitude.
    Latitude,
    /// A longitude.
    Longitude,
    /// Piece number and total.
    PieceOfTotal,
}

/// A list of codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// ISO 3166-1 numeric.
    Country,
    /// ISO 3166-1 numeric, or 999.
    CountryOr999,
    /// ISO 3166-1 alpha-2.
    CountryLetters,
    /// ISO 4217 numeric.
    Currency,
    /// AIDC media types.
    MediaType,
    /// Package types.
    PackageType,
}

/// The character sets of AI values (General Specifications 7.11).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CharSet {
    /// The 82 characters of ISO/IEC 646 that most values may hold.
    Cset82,
    /// Digits, upper-case letters, `#`, `-`, `/`.
    Cset39,
    /// base64url.
    Cset64,
}

/// Short codes with few values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// 0, 1 or 9: direction in which a roll is wound.
    Winding,
    /// 0 or 1.
    YesNo,
    /// ISO/IEC 5218: 0, 1, 2 or 9.
    BiologicalSex,
    /// One character of an importer index.
    ImporterIndex,
    /// A hyphen.
    Hyphen,
}

impl Shape {
    const fn error_name(self, long: bool) -> &'static str {
        match (self, long) {
            (Self::Date, false) => "GS1_LINTER_DATE_TOO_SHORT",
            (Self::Date, true) => "GS1_LINTER_DATE_TOO_LONG",
            (Self::HourMinute, false) => "GS1_LINTER_HOUR_WITH_MINUTE_TOO_SHORT",
            (Self::HourMinute, true) => "GS1_LINTER_HOUR_WITH_MINUTE_TOO_LONG",
            (Self::Hour, false) => "GS1_LINTER_HOUR_TOO_SHORT",
            (Self::Hour, true) => "GS1_LINTER_HOUR_TOO_LONG",
            (Self::Minute, false) => "GS1_LINTER_MINUTE_TOO_SHORT",
            (Self::Minute, true) => "GS1_LINTER_MINUTE_TOO_LONG",
            (Self::Second, false) => "GS1_LINTER_SECOND_TOO_SHORT",
            (Self::Second, true) => "GS1_LINTER_SECOND_TOO_LONG",
            (Self::Latitude, _) => "GS1_LINTER_LATITUDE_INVALID_LENGTH",
            (Self::Longitude, _) => "GS1_LINTER_LONGITUDE_INVALID_LENGTH",
            (Self::PieceOfTotal, _) => "GS1_LINTER_INVALID_LENGTH_FOR_PIECE_OF_TOTAL",
        }
    }
}

impl ValueError {
    /// The name that stays: of the GS1 Barcode Syntax Resource where it has one for this fault.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Empty | Self::TooShort { .. } => "AI_VALUE_IS_TOO_SHORT",
            Self::WrongLength { .. } => "KEY_HAS_WRONG_LENGTH",
            Self::TooLong { .. } => "AI_VALUE_IS_TOO_LONG",
            Self::NotDigit { .. } => "GS1_LINTER_NON_DIGIT_CHARACTER",
            Self::NotInSet { set: CharSet::Cset82, .. } => "GS1_LINTER_INVALID_CSET82_CHARACTER",
            Self::NotInSet { set: CharSet::Cset39, .. } => "GS1_LINTER_INVALID_CSET39_CHARACTER",
            Self::NotInSet { set: CharSet::Cset64, .. } => "GS1_LINTER_INVALID_CSET64_CHARACTER",
            Self::WrongCheckDigit { .. } => "GS1_LINTER_INCORRECT_CHECK_DIGIT",
            Self::WrongCheckPair { .. } => "GS1_LINTER_INCORRECT_CHECK_PAIR",
            Self::NoRoomForCheckPair => "GS1_LINTER_TOO_SHORT_FOR_CHECK_PAIR",
            Self::NoCompanyPrefix => "GS1_LINTER_TOO_SHORT_FOR_GCP",
            Self::CompanyPrefixNotDigits => "GS1_LINTER_INVALID_GCP_PREFIX",
            Self::NoSuchMonth => "GS1_LINTER_ILLEGAL_MONTH",
            Self::NoSuchDay => "GS1_LINTER_ILLEGAL_DAY",
            Self::NoSuchHour => "GS1_LINTER_ILLEGAL_HOUR",
            Self::NoSuchMinute => "GS1_LINTER_ILLEGAL_MINUTE",
            Self::NoSuchSecond => "GS1_LINTER_ILLEGAL_SECOND",
            Self::IsZero => "GS1_LINTER_ILLEGAL_ZERO_VALUE",
            Self::NotZero => "GS1_LINTER_NOT_ZERO",
            Self::ZeroPrefix => "GS1_LINTER_ILLEGAL_ZERO_PREFIX",
            Self::PieceOverTotal => "GS1_LINTER_PIECE_NUMBER_EXCEEDS_TOTAL",
            Self::PieceIsZero => "GS1_LINTER_ZERO_PIECE_NUMBER",
            Self::TotalIsZero => "GS1_LINTER_ZERO_TOTAL_PIECES",
            Self::NeedsNonDigit => "GS1_LINTER_REQUIRES_NON_DIGIT_CHARACTER",
            Self::NoSuchCode { code } => match code {
                Code::Winding => "GS1_LINTER_INVALID_WINDING_DIRECTION",
                Code::YesNo => "GS1_LINTER_NOT_ZERO_OR_ONE",
                Code::BiologicalSex => "GS1_LINTER_INVALID_BIOLOGICAL_SEX_CODE",
                Code::ImporterIndex => "GS1_LINTER_INVALID_IMPORT_IDX_CHARACTER",
                Code::Hyphen => "GS1_LINTER_NOT_HYPHEN",
            },
            Self::BrokenPercent => "GS1_LINTER_INVALID_PERCENT_SEQUENCE",
            Self::PositionOverEnd => "GS1_LINTER_POSITION_EXCEEDS_END",
            Self::NotAPosition => "GS1_LINTER_POSITION_IN_SEQUENCE_MALFORMED",
            Self::Latitude => "GS1_LINTER_INVALID_LATITUDE",
            Self::Longitude => "GS1_LINTER_INVALID_LONGITUDE",
            Self::Padding => "GS1_LINTER_INVALID_CSET64_PADDING",
            Self::Length { of, long } => of.error_name(long),
            Self::NoRoomForCheckDigit => "GS1_LINTER_TOO_SHORT_FOR_CHECK_DIGIT",
            Self::TooLongForCheckPair => "GS1_LINTER_TOO_LONG_FOR_CHECK_PAIR_IMPLEMENTATION",
            Self::NotOneCharacter => "GS1_LINTER_IMPORTER_IDX_MUST_BE_ONE_CHARACTER",
            Self::NotListed { list } => match list {
                List::Country => "GS1_LINTER_NOT_ISO3166",
                List::CountryOr999 => "GS1_LINTER_NOT_ISO3166_OR_999",
                List::CountryLetters => "GS1_LINTER_NOT_ISO3166_ALPHA2",
                List::Currency => "GS1_LINTER_NOT_ISO4217",
                List::MediaType => "GS1_LINTER_INVALID_MEDIA_TYPE",
                List::PackageType => "GS1_LINTER_INVALID_PACKAGE_TYPE",
            },
            Self::IbanTooShort => "GS1_LINTER_IBAN_TOO_SHORT",
            Self::IbanTooLong => "GS1_LINTER_IBAN_TOO_LONG",
            Self::IbanCharacter { .. } => "GS1_LINTER_INVALID_IBAN_CHARACTER",
            Self::IbanCountry => "GS1_LINTER_ILLEGAL_IBAN_COUNTRY_CODE",
            Self::IbanChecksum => "GS1_LINTER_INCORRECT_IBAN_CHECKSUM",
            Self::Coupon { field, fault } => field.error_name(fault),
        }
    }
}
