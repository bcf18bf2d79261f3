//! The three keys every chain is made of, each checked once at the door: the trade item (GTIN), the
//! place or party (GLN) and the logistic unit (SSCC). General Specifications 3.3 and 3.4; TCVN
//! 13274:2020.

use std::fmt;
use std::str::FromStr;

use crate::check::check_digit;
use crate::value::ValueError;

/// What can be wrong with a key. The same type as for any other value.
pub type KeyError = ValueError;

/// A Global Trade Item Number, held as 14 digits.
///
/// ```
/// use gs1::Gtin;
/// let gtin = Gtin::parse("8 931234 567897")?;
/// assert_eq!(gtin.as_str(), "08931234567897");
/// assert_eq!(gtin.short(), "8931234567897");
/// assert!(gtin.is_vietnamese() && !gtin.is_restricted());
/// # Ok::<(), gs1::KeyError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Gtin(String);

impl Gtin {
    /// Reads a GTIN-8, -12, -13 or -14. Spaces and hyphens are tolerated; the check digit must be
    /// right.
    ///
    /// # Errors
    /// Another length, another character, or a wrong check digit (with the right one).
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let digits = digits(text)?;
        if !matches!(digits.len(), 8 | 12 | 13 | 14) {
            return Err(wrong_length("8, 12, 13, 14", digits.len()));
        }
        verified(&digits)?;
        Ok(Self(format!("{digits:0>14}")))
    }

    /// All 14 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form people print: 13 digits where the first of the 14 is a zero, and 8 for a GTIN-8. A
    /// GTIN-12 is given as 13 digits, its EAN form.
    pub fn short(&self) -> &str {
        if let Some(eight) = self.0.strip_prefix("000000") {
            // Six zeros and a non-zero digit: the range of GTIN-8. Zero again would be a GTIN-12
            // with leading zeros.
            if !eight.starts_with('0') {
                return eight;
            }
        }
        self.0.strip_prefix('0').unwrap_or(&self.0)
    }

    /// Whether the number is one of the ranges for circulation inside a company or region (GS1
    /// prefixes 02, 04 and 20–29; General Specifications 1.4.5): it says nothing outside.
    pub fn is_restricted(&self) -> bool {
        let thirteen = &self.0[1..];
        // A GTIN-8 has its own prefixes, of three digits at its own start (0 and 2 restricted).
        if let Some(eight) = self.0.strip_prefix("000000") {
            return eight.starts_with(['0', '2']);
        }
        matches!(&thirteen[..2], "02" | "04") || thirteen.starts_with('2')
    }

    /// Whether the prefix is 893, given out in Viet Nam. It tells who gave out the number, not where
    /// the goods are from.
    pub fn is_vietnamese(&self) -> bool {
        self.0[1..].starts_with("893")
            || self.0.strip_prefix("000000").is_some_and(|eight| eight.starts_with("893"))
    }
}

/// A Global Location Number: 13 digits, for a place or a party.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Gln(String);

impl Gln {
    /// Reads 13 digits; spaces and hyphens are tolerated.
    ///
    /// # Errors
    /// Another length, another character, or a wrong check digit (with the right one).
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        fixed(text, 13, "13").map(Self)
    }

    /// All 13 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the prefix is 893, given out in Viet Nam.
    pub fn is_vietnamese(&self) -> bool {
        self.0.starts_with("893")
    }
}

/// A Serial Shipping Container Code: 18 digits, for one logistic unit.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sscc(String);

impl Sscc {
    /// Reads 18 digits; spaces and hyphens are tolerated.
    ///
    /// # Errors
    /// Another length, another character, or a wrong check digit (with the right one).
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        fixed(text, 18, "18").map(Self)
    }

    /// All 18 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

macro_rules! text_of {
    ($($key:ident),*) => {$(
        impl fmt::Display for $key {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $key {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($key), "({})"), self.0)
            }
        }

        impl AsRef<str> for $key {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $key {
            type Err = KeyError;

            fn from_str(text: &str) -> Result<Self, KeyError> {
                Self::parse(text)
            }
        }
    )*};
}

text_of!(Gtin, Gln, Sscc);

/// The digits of a text without the spaces and hyphens people group them by.
fn digits(text: &str) -> Result<String, KeyError> {
    let mut digits = String::with_capacity(18);
    for found in text.chars() {
        match found {
            '0'..='9' => digits.push(found),
            ' ' | '-' | '\u{a0}' => {}
            _ => return Err(ValueError::NotDigit { found }),
        }
    }
    if digits.is_empty() { Err(ValueError::Empty) } else { Ok(digits) }
}

fn fixed(text: &str, len: usize, allowed: &'static str) -> Result<String, KeyError> {
    let digits = digits(text)?;
    if digits.len() != len {
        return Err(wrong_length(allowed, digits.len()));
    }
    verified(&digits)?;
    Ok(digits)
}

const fn wrong_length(allowed: &'static str, found: usize) -> KeyError {
    ValueError::WrongLength { allowed, found }
}

/// Whether the last digit is the check digit of those before it.
fn verified(digits: &str) -> Result<(), KeyError> {
    let (body, last) = digits.split_at(digits.len() - 1);
    match check_digit(body) {
        Some(expected) if last.as_bytes() == [b'0' + expected] => Ok(()),
        Some(expected) => Err(ValueError::WrongCheckDigit { expected }),
        None => Err(ValueError::Empty),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Lang;

    #[test]
    fn every_length_of_gtin_becomes_fourteen_digits() -> Result<(), KeyError> {
        assert_eq!(Gtin::parse("9638-5074")?.as_str(), "00000096385074");
        assert_eq!(Gtin::parse("614141123452")?.as_str(), "00614141123452");
        assert_eq!(Gtin::parse("8931234567897")?.as_str(), "08931234567897");
        assert_eq!(Gtin::parse("18931234567894")?.as_str(), "18931234567894");
        Ok(())
    }

    #[test]
    fn the_short_form_is_what_is_printed_under_the_bars() -> Result<(), KeyError> {
        assert_eq!(Gtin::parse("96385074")?.short(), "96385074");
        assert_eq!(Gtin::parse("614141123452")?.short(), "0614141123452");
        assert_eq!(Gtin::parse("08931234567897")?.short(), "8931234567897");
        assert_eq!(Gtin::parse("18931234567894")?.short(), "18931234567894");
        Ok(())
    }

    #[test]
    fn a_wrong_check_digit_names_the_right_one_in_both_languages() {
        let error = Gtin::parse("8931234567890").expect_err("the last digit is wrong");
        assert_eq!(error, KeyError::WrongCheckDigit { expected: 7 });
        assert_eq!(error.message(Lang::Vi), "Mã số kiểm tra sai: số cuối phải là 7");
        assert_eq!(error.message(Lang::En), "Wrong check digit: the last digit must be 7");
        assert_eq!(error.name(), "GS1_LINTER_INCORRECT_CHECK_DIGIT");
    }

    #[test]
    fn another_length_or_character_is_refused() {
        assert_eq!(
            Gtin::parse("12345670123"),
            Err(KeyError::WrongLength { allowed: "8, 12, 13, 14", found: 11 })
        );
        assert_eq!(Gln::parse("893123456789O"), Err(KeyError::NotDigit { found: 'O' }));
        assert_eq!(Sscc::parse(" - "), Err(KeyError::Empty));
    }

    #[test]
    fn restricted_numbers_are_told_from_global_ones() -> Result<(), KeyError> {
        for body in ["020000000001", "040000000001", "200000000001", "299999999999"] {
            let digit = check_digit(body).expect("digits");
            assert!(Gtin::parse(&format!("{body}{digit}"))?.is_restricted(), "{body}");
        }
        for body in ["893123456789", "030000000001", "300000000001", "061414112345"] {
            let digit = check_digit(body).expect("digits");
            assert!(!Gtin::parse(&format!("{body}{digit}"))?.is_restricted(), "{body}");
        }
        Ok(())
    }
}
