//! Vietnamese telephone numbers, brought to one form.
//!
//! Mobile numbers have nine digits after the country code and begin with 3, 5, 7, 8 or 9; fixed lines have ten and
//! begin with 2 (numbering plan of Circular 22/2014/TT-BTTTT, amended by 27/2021/TT-BTTTT; its annexes were not read
//! for this, the lengths are common knowledge). Service numbers 1800 and 1900 exist only inside the country and
//! keep their form.

use gs1::Lang;

/// A telephone number in the form to store: `+84912345678`, or `19001234` for a service number.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Phone(String);

/// Why a text is no Vietnamese telephone number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message(Lang::En))]
pub enum PhoneError {
    /// Nothing was entered.
    Empty,
    /// A character that no telephone number has.
    NotADigit {
        /// The first such character.
        found: char,
    },
    /// A number of another country.
    Foreign,
    /// Too few or too many digits for its beginning, or a beginning that is not in use.
    Unknown,
}

impl Phone {
    /// Reads a number as people write it: `0912 345 678`, `(0215) 3.825.101`, `+84 912…`, `0084…`, `84912…`.
    pub fn parse(text: &str) -> Result<Self, PhoneError> {
        let text = text.trim();
        let mut digits = String::with_capacity(15);
        for (at, letter) in text.chars().enumerate() {
            match letter {
                '0'..='9' => digits.push(letter),
                '+' if at == 0 => {}
                ' ' | '\u{a0}' | '.' | '-' | '(' | ')' | '/' | '\u{2010}'..='\u{2013}' => {}
                found => return Err(PhoneError::NotADigit { found }),
            }
        }
        if digits.is_empty() {
            return Err(PhoneError::Empty);
        }
        let international =
            if text.starts_with('+') { Some(digits.as_str()) } else { digits.strip_prefix("00") };
        let subscriber = match international {
            Some(number) => match number.strip_prefix("84") {
                // People write "+84 (0)912…".
                Some(rest) => rest.strip_prefix('0').unwrap_or(rest),
                None => return Err(PhoneError::Foreign),
            },
            None if is_service(&digits) => return Ok(Self(digits)),
            None => match digits.strip_prefix('0') {
                Some(rest) => rest,
                None => digits.strip_prefix("84").ok_or(PhoneError::Unknown)?,
            },
        };
        if is_subscriber(subscriber) {
            Ok(Self(format!("+84{subscriber}")))
        } else {
            Err(PhoneError::Unknown)
        }
    }

    /// The form to store and compare.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form to show inside the country: `0912 345 678`, `02153 825 101`, `1900 1234`.
    pub fn national(&self) -> String {
        let Some(subscriber) = self.0.strip_prefix("+84") else {
            return format!("{} {}", &self.0[..4], &self.0[4..]);
        };
        let (head, tail) = subscriber.split_at(subscriber.len() - 6);
        format!("0{head} {} {}", &tail[..3], &tail[3..])
    }
}

impl PhoneError {
    /// What is wrong and what to do.
    pub fn message(&self, lang: Lang) -> String {
        match (lang, self) {
            (Lang::Vi, Self::Empty) => "Chưa nhập số điện thoại.".to_owned(),
            (Lang::En, Self::Empty) => "No telephone number was entered.".to_owned(),
            (Lang::Vi, Self::NotADigit { found }) => {
                format!("Số điện thoại chỉ gồm chữ số; xin bỏ ký tự “{}”. Mỗi ô chỉ ghi một số.", found.escape_debug())
            }
            (Lang::En, Self::NotADigit { found }) => {
                format!("A telephone number has digits only; remove “{}”. One number in each field.", found.escape_debug())
            }
            (Lang::Vi, Self::Foreign) => "Đây là số của nước khác. Xin nhập số điện thoại tại Việt Nam.".to_owned(),
            (Lang::En, Self::Foreign) => "This is a number of another country. Enter a number in Việt Nam.".to_owned(),
            (Lang::Vi, Self::Unknown) => {
                "Số điện thoại không đúng: số di động có 10 số (03, 05, 07, 08, 09…), số cố định có 11 số (02…).".to_owned()
            }
            (Lang::En, Self::Unknown) => {
                "Not a Vietnamese number: mobile numbers have 10 digits (03, 05, 07, 08, 09…), fixed lines 11 (02…).".to_owned()
            }
        }
    }
}

fn is_subscriber(digits: &str) -> bool {
    match digits.as_bytes().first() {
        Some(b'3' | b'5' | b'7' | b'8' | b'9') => digits.len() == 9,
        Some(b'2') => digits.len() == 10,
        _ => false,
    }
}

fn is_service(digits: &str) -> bool {
    (digits.starts_with("1800") || digits.starts_with("1900")) && matches!(digits.len(), 8 | 10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_way_of_writing_a_number_gives_one_form() {
        for text in [
            "0912345678",
            "0912 345 678",
            "0912.345.678",
            "+84 912 345 678",
            "0084912345678",
            "84912345678",
            "+84 (0)912-345-678",
        ] {
            assert_eq!(Phone::parse(text).map(|p| p.0), Ok("+84912345678".to_owned()), "{text}");
        }
        assert_eq!(Phone::parse("(0215) 3825101").unwrap().as_str(), "+842153825101");
    }

    #[test]
    fn a_mobile_number_that_begins_with_84_inside_the_country_is_not_cut() {
        assert_eq!(Phone::parse("0841234567").unwrap().as_str(), "+84841234567");
    }

    #[test]
    fn a_service_number_keeps_its_form() {
        assert_eq!(Phone::parse("1900 1234").unwrap().as_str(), "19001234");
        assert_eq!(Phone::parse("1900 1234").unwrap().national(), "1900 1234");
    }

    #[test]
    fn numbers_of_wrong_length_or_country_are_refused() {
        assert_eq!(Phone::parse(""), Err(PhoneError::Empty));
        assert_eq!(Phone::parse("091234567"), Err(PhoneError::Unknown));
        assert_eq!(Phone::parse("0123456789"), Err(PhoneError::Unknown));
        assert_eq!(Phone::parse("+856 20 5555"), Err(PhoneError::Foreign));
        assert_eq!(
            Phone::parse("0912345678, 0987654321"),
            Err(PhoneError::NotADigit { found: ',' })
        );
    }

    #[test]
    fn the_national_form_reads_in_threes() {
        assert_eq!(Phone::parse("+84912345678").unwrap().national(), "0912 345 678");
        assert_eq!(Phone::parse("02153825101").unwrap().national(), "02153 825 101");
    }

    proptest! {
        #[test]
        fn what_is_taken_is_taken_again_unchanged(text in "\\PC{0,20}|[+0-9 .()-]{6,16}|0[35789][0-9]{8}") {
            if let Ok(phone) = Phone::parse(&text) {
                prop_assert_eq!(Phone::parse(phone.as_str()), Ok(phone.clone()));
                prop_assert_eq!(Phone::parse(&phone.national()), Ok(phone));
            }
        }
    }
}
