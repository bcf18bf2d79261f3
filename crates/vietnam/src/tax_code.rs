//! Vietnamese tax codes (mã số thuế).
//!
//! Three shapes are in use: ten digits with a check digit, the same with three more for a dependent unit, and since
//! 1 July 2025 the twelve-digit personal identification number for households and individuals. Nothing here asks
//! a register: a code that parses is well formed, not necessarily issued.
//!
//! Sources: the shapes as Circular 86/2024/TT-BTC is commonly quoted (its text was not read for this); the check digit as
//! tax software in the country computes it. No legal text for the weights was found; published codes agree.

use std::fmt;

use gs1::Lang;

/// Weights of the first nine digits; the tenth is `10 − (sum mod 11)`.
const WEIGHTS: [u32; 9] = [31, 29, 23, 19, 17, 13, 7, 5, 3];

/// Which of the three shapes a code has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaxCodeKind {
    /// Ten digits: an enterprise, cooperative, organisation, or (until 30 June 2025) a person.
    Main,
    /// Ten digits and three: a branch, representative office or business place of the main code.
    Dependent,
    /// Twelve digits: a personal identification number, which is the tax code of a household or person.
    Personal,
}

/// A well-formed tax code.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TaxCode {
    /// Digits only.
    digits: String,
}

/// Why a text is no tax code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message(Lang::En))]
pub enum TaxCodeError {
    /// Nothing was entered.
    Empty,
    /// Something other than digits, spaces, dots and dashes.
    NotADigit {
        /// The first such character.
        found: char,
    },
    /// Not 10, 12 or 13 digits.
    Length {
        /// How many digits there are.
        digits: usize,
    },
    /// The tenth digit does not fit the first nine.
    CheckDigit {
        /// The digit that would fit.
        expected: char,
        /// The digit that stands there.
        found: char,
    },
    /// No tenth digit fits these first nine, so one of them is wrong.
    NoCheckDigit,
    /// The three digits of a dependent unit count from 001.
    DependentZero,
    /// Twelve digits whose first four no person has (place of registration, century and sex).
    Personal,
}

impl TaxCode {
    /// Reads a code as people write it: spaces, dots and dashes are taken out.
    ///
    /// ```
    /// use vietnam::tax_code::TaxCode;
    /// let branch = TaxCode::parse("0100109106-001").unwrap();
    /// assert_eq!(branch.main(), Some("0100109106"));
    /// assert!(TaxCode::parse("0100109107").unwrap_err().to_string().contains("must be 6"));
    /// ```
    pub fn parse(text: &str) -> Result<Self, TaxCodeError> {
        let mut digits = String::with_capacity(13);
        for letter in text.trim().chars() {
            match letter {
                '0'..='9' => digits.push(letter),
                ' ' | '\u{a0}' | '-' | '.' | '\u{2010}'..='\u{2013}' => {}
                found => return Err(TaxCodeError::NotADigit { found }),
            }
        }
        match digits.len() {
            0 => return Err(TaxCodeError::Empty),
            10 => check_main(&digits)?,
            13 => {
                check_main(&digits[..10])?;
                if &digits[10..] == "000" {
                    return Err(TaxCodeError::DependentZero);
                }
            }
            12 => check_personal(&digits)?,
            digits => return Err(TaxCodeError::Length { digits }),
        }
        Ok(Self { digits })
    }

    /// The digits without separators, the form to store and compare.
    pub fn as_str(&self) -> &str {
        &self.digits
    }

    /// Which shape the code has.
    pub fn kind(&self) -> TaxCodeKind {
        match self.digits.len() {
            10 => TaxCodeKind::Main,
            13 => TaxCodeKind::Dependent,
            _ => TaxCodeKind::Personal,
        }
    }

    /// The ten digits of the taxpayer itself; `None` for a personal number.
    pub fn main(&self) -> Option<&str> {
        (self.kind() != TaxCodeKind::Personal).then(|| &self.digits[..10])
    }
}

/// As printed on invoices: `0100109106-001`.
impl fmt::Display for TaxCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind() {
            TaxCodeKind::Dependent => write!(f, "{}-{}", &self.digits[..10], &self.digits[10..]),
            _ => f.write_str(&self.digits),
        }
    }
}

impl TaxCodeError {
    /// What is wrong and what to do.
    pub fn message(&self, lang: Lang) -> String {
        match (lang, self) {
            (Lang::Vi, Self::Empty) => "Chưa nhập mã số thuế.".to_owned(),
            (Lang::En, Self::Empty) => "No tax code was entered.".to_owned(),
            (Lang::Vi, Self::NotADigit { found }) => {
                format!("Mã số thuế chỉ gồm chữ số; xin bỏ ký tự “{}”.", found.escape_debug())
            }
            (Lang::En, Self::NotADigit { found }) => {
                format!("A tax code has digits only; remove “{}”.", found.escape_debug())
            }
            (Lang::Vi, Self::Length { digits }) => format!(
                "Mã số thuế có 10 số, 13 số (đơn vị phụ thuộc) hoặc 12 số (số định danh cá nhân của hộ kinh doanh); ở đây có {digits} số."
            ),
            (Lang::En, Self::Length { digits }) => format!(
                "A tax code has 10 digits, 13 (dependent unit) or 12 (personal identification number of a household); this has {digits}."
            ),
            (Lang::Vi, Self::CheckDigit { expected, found }) => format!(
                "Mã số thuế sai số kiểm tra: số thứ mười phải là {expected}, không phải {found}. Xin xem lại từng số."
            ),
            (Lang::En, Self::CheckDigit { expected, found }) => {
                format!("The tax code's check digit is wrong: the tenth digit must be {expected}, not {found}. Check each digit.")
            }
            (Lang::Vi, Self::NoCheckDigit) => {
                "Không có mã số thuế nào bắt đầu bằng chín số này. Xin xem lại từng số.".to_owned()
            }
            (Lang::En, Self::NoCheckDigit) => {
                "No tax code begins with these nine digits. Check each digit.".to_owned()
            }
            (Lang::Vi, Self::DependentZero) => {
                "Ba số cuối của đơn vị phụ thuộc bắt đầu từ 001. Nếu là đơn vị chính, chỉ nhập 10 số đầu.".to_owned()
            }
            (Lang::En, Self::DependentZero) => {
                "The last three digits of a dependent unit count from 001. For the main unit enter the first 10 digits only.".to_owned()
            }
            (Lang::Vi, Self::Personal) => {
                "Số định danh cá nhân không đúng cấu trúc: ba số đầu là mã nơi đăng ký khai sinh, số thứ tư từ 0 đến 3. Xin xem lại theo thẻ căn cước.".to_owned()
            }
            (Lang::En, Self::Personal) => {
                "The personal identification number is not well formed: three digits for the place of birth registration, then 0 to 3. Compare with the identity card.".to_owned()
            }
        }
    }
}

fn check_main(digits: &str) -> Result<(), TaxCodeError> {
    let sum: u32 =
        digits.bytes().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    let found = char::from(digits.as_bytes()[9]);
    match char::from_digit(10 - sum % 11, 10) {
        Some(expected) if expected == found => Ok(()),
        Some(expected) => Err(TaxCodeError::CheckDigit { expected, found }),
        None => Err(TaxCodeError::NoCheckDigit),
    }
}

/// Structure of a personal identification number: three digits for the place of birth registration, one for century
/// and sex (0 and 1 born 1900–1999, 2 and 3 born 2000–2099), two for the year, six at random; no check digit.
///
/// As the circulars of the Ministry of Public Security are commonly described; their text was not read for this,
/// so only what no living person can have is refused. People registered abroad have a country's code in
/// place of a province's, hence no look-up in the list of provinces.
fn check_personal(digits: &str) -> Result<(), TaxCodeError> {
    let bytes = digits.as_bytes();
    if &bytes[..3] == b"000" || bytes[3] > b'3' {
        return Err(TaxCodeError::Personal);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn published_tax_codes_of_large_companies_pass() {
        for code in ["0100109106", "0300588569", "0101248141"] {
            assert_eq!(TaxCode::parse(code).map(|c| c.kind()), Ok(TaxCodeKind::Main), "{code}");
        }
    }

    #[test]
    fn a_wrong_check_digit_names_the_right_one() {
        let error = TaxCode::parse("0100109107").unwrap_err();
        assert_eq!(error, TaxCodeError::CheckDigit { expected: '6', found: '7' });
        assert!(error.message(Lang::Vi).contains("phải là 6"));
    }

    #[test]
    fn nine_digits_whose_sum_divides_by_eleven_have_no_tenth() {
        assert_eq!(TaxCode::parse("0000000000"), Err(TaxCodeError::NoCheckDigit));
    }

    #[test]
    fn a_dependent_unit_is_read_with_and_without_dash_and_printed_with_it() {
        let code = TaxCode::parse(" 0100109106 - 012 ").unwrap();
        assert_eq!(code, TaxCode::parse("0100109106012").unwrap());
        assert_eq!(
            (code.kind(), code.to_string().as_str()),
            (TaxCodeKind::Dependent, "0100109106-012")
        );
        assert_eq!(TaxCode::parse("0100109106-000"), Err(TaxCodeError::DependentZero));
        assert!(matches!(TaxCode::parse("0100109107-001"), Err(TaxCodeError::CheckDigit { .. })));
    }

    #[test]
    fn a_personal_number_is_judged_by_structure_only() {
        assert_eq!(TaxCode::parse("011199000123").unwrap().kind(), TaxCodeKind::Personal);
        assert_eq!(TaxCode::parse("011199000123").unwrap().main(), None);
        assert_eq!(TaxCode::parse("011499000123"), Err(TaxCodeError::Personal));
        assert_eq!(TaxCode::parse("000199000123"), Err(TaxCodeError::Personal));
    }

    #[test]
    fn what_is_not_digits_or_of_another_length_is_named() {
        assert_eq!(TaxCode::parse("  "), Err(TaxCodeError::Empty));
        assert_eq!(TaxCode::parse("01001O9106"), Err(TaxCodeError::NotADigit { found: 'O' }));
        assert_eq!(TaxCode::parse("٠١٠٠١٠٩١٠٦"), Err(TaxCodeError::NotADigit { found: '٠' }));
        assert_eq!(TaxCode::parse("01001091"), Err(TaxCodeError::Length { digits: 8 }));
    }

    proptest! {
        #[test]
        fn one_wrong_digit_among_ten_is_always_found(first in 0u32..1_000_000_000, at in 0usize..10, by in 1u8..10) {
            let nine = format!("{first:09}");
            let sum: u32 = nine.bytes().zip(WEIGHTS).map(|(d, w)| u32::from(d - b'0') * w).sum();
            prop_assume!(!sum.is_multiple_of(11));
            let code = format!("{nine}{}", 10 - sum % 11);
            prop_assert!(TaxCode::parse(&code).is_ok());
            let mut bytes = code.into_bytes();
            bytes[at] = b'0' + (bytes[at] - b'0' + by) % 10;
            prop_assert!(TaxCode::parse(&String::from_utf8(bytes).unwrap()).is_err());
        }

        #[test]
        fn no_text_makes_the_parser_panic_and_what_it_takes_it_prints_back(text in "\\PC{0,20}|[0-9 .-]{8,16}") {
            if let Ok(code) = TaxCode::parse(&text) {
                prop_assert_eq!(TaxCode::parse(&code.to_string()), Ok(code));
            }
        }
    }
}
