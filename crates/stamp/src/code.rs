//! Our own codes: a letter for the kind, eight random characters (40 bits), a check character; ten
//! characters of Crockford's base 32, printed as `E7K3-M9Q2-X4`. They carry no meaning besides the
//! kind (Circular 02/2024/TT-BKHCN asks for unique codes; a code that tells nothing never becomes
//! wrong). Serial numbers have twelve characters, so neither is ever taken for the other.
//!
//! The check character makes Σ cᵢ·αⁱ vanish over GF(32), α being a root of x⁵+x²+1. The weights of
//! all places differ and none is zero; hence every single wrong character, every exchange of two
//! characters, adjacent or not, and every twin error (aa for bb) is found. The systems of ISO/IEC
//! 7064 for alphabets of this size miss some exchanges. The kind is covered too, so a
//! mistyped first letter is a wrong code and not the code of something else.

use std::fmt;
use std::str::FromStr;

use gs1::Lang;
use rand_core::CryptoRng;

use crate::crockford::{self, Misread};

/// Characters of a code, with kind and check character.
pub const LENGTH: usize = 10;

/// What a code names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A place of an organisation (mã số định danh cơ sở).
    Establishment,
    /// A lot or item whose product has no GTIN: the code in `/t/{code}`.
    Trace,
    /// A reported doubt: the tracking code that the reporter keeps.
    Case,
    /// A product without GTIN: the provincial product code.
    Product,
}

impl Kind {
    pub const ALL: [Self; 4] = [Self::Establishment, Self::Trace, Self::Case, Self::Product];

    /// First character of the kind's codes.
    pub fn letter(self) -> char {
        match self {
            Self::Establishment => 'E',
            Self::Trace => 'T',
            Self::Case => 'C',
            Self::Product => 'P',
        }
    }

    fn of(letter: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.letter() == char::from(letter))
    }

    fn name(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Self::Establishment, Lang::Vi) => "mã số định danh cơ sở",
            (Self::Establishment, Lang::En) => "an establishment code",
            (Self::Trace, Lang::Vi) => "mã truy xuất",
            (Self::Trace, Lang::En) => "a trace code",
            (Self::Case, Lang::Vi) => "mã theo dõi báo nghi vấn",
            (Self::Case, Lang::En) => "the tracking code of a reported doubt",
            (Self::Product, Lang::Vi) => "mã sản phẩm của tỉnh",
            (Self::Product, Lang::En) => "a provincial product code",
        }
    }
}

/// A code in canonical form: upper case, no hyphens, check character verified. That it is new is
/// for the store to ensure, which draws again when 40 bits meet.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code([u8; LENGTH]);

/// Why a text is no code. Never says which character would have been right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    #[error("a code has 10 characters, this one has {found}")]
    Length { found: usize },
    #[error("{} is not used in codes", crockford::shown(*found))]
    Character { found: char },
    #[error("the characters of the code do not agree")]
    Check,
    #[error("a code of kind {found:?} stands where one of kind {expected:?} is asked for")]
    Kind { expected: Kind, found: Kind },
}

impl Code {
    /// Draws a code of a kind.
    pub fn random<R: CryptoRng + ?Sized>(kind: Kind, rng: &mut R) -> Self {
        let mut characters: [u8; LENGTH] = crockford::write(rng.next_u64() << 5);
        characters[0] = kind.letter() as u8;
        characters[LENGTH - 1] = b'0';
        characters[LENGTH - 1] = crockford::ALPHABET[usize::from(syndrome(&characters))];
        Self(characters)
    }

    /// Reads a code of any kind as people type it: any case, I and L for 1, O for 0, hyphens and
    /// spaces anywhere.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let characters = crockford::read(text).map_err(|misread| match misread {
            Misread::Length(found) => CodeError::Length { found },
            Misread::Character(found) => CodeError::Character { found },
        })?;
        match Kind::of(characters[0]) {
            Some(_) if syndrome(&characters) == 0 => Ok(Self(characters)),
            _ => Err(CodeError::Check),
        }
    }

    /// Reads a code that must be of one kind.
    pub fn parse_kind(expected: Kind, text: &str) -> Result<Self, CodeError> {
        let code = Self::parse(text)?;
        let found = code.kind();
        if found == expected { Ok(code) } else { Err(CodeError::Kind { expected, found }) }
    }

    pub fn kind(&self) -> Kind {
        Kind::of(self.0[0]).unwrap_or(Kind::Trace)
    }

    /// The canonical form, as links and the store hold it.
    pub fn as_str(&self) -> &str {
        crockford::text(&self.0)
    }

    /// `E7K3-M9Q2-X4`, for people.
    pub fn grouped(&self) -> String {
        crockford::grouped(&self.0)
    }
}

/// Σ cᵢ·αⁱ, the check character having i = 0 (Horner's rule from the left).
fn syndrome(characters: &[u8; LENGTH]) -> u8 {
    characters.iter().fold(0, |sum: u8, &character| {
        let doubled = sum << 1;
        let reduced = if doubled & 0x20 == 0 { doubled } else { doubled ^ 0x25 };
        reduced ^ crockford::canonical_value(character)
    })
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Code({self})")
    }
}

impl FromStr for Code {
    type Err = CodeError;
    fn from_str(text: &str) -> Result<Self, CodeError> {
        Self::parse(text)
    }
}

impl CodeError {
    /// One sentence for the person who typed the code.
    pub fn message(self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Length { found }, Lang::Vi) => {
                format!("Mã có {LENGTH} ký tự, ở đây có {found}: kiểm tra lại từng ký tự")
            }
            (Self::Length { found }, Lang::En) => {
                format!("A code has {LENGTH} characters, here are {found}: check each character")
            }
            (Self::Character { found }, Lang::Vi) => {
                format!("Mã không dùng ký tự {}: kiểm tra lại từng ký tự", crockford::shown(found))
            }
            (Self::Character { found }, Lang::En) => {
                format!("A code never holds {}: check each character", crockford::shown(found))
            }
            (Self::Check, Lang::Vi) => "Mã không đúng: kiểm tra lại từng ký tự".to_owned(),
            (Self::Check, Lang::En) => "The code is not right: check each character".to_owned(),
            (Self::Kind { expected, found }, Lang::Vi) => {
                format!("Đây là {}, ở đây cần {}", found.name(lang), expected.name(lang))
            }
            (Self::Kind { expected, found }, Lang::En) => {
                format!("This is {}, needed here is {}", found.name(lang), expected.name(lang))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rand_chacha::ChaCha20Rng;
    use rand_core::SeedableRng as _;

    use super::*;

    fn codes() -> impl Iterator<Item = Code> {
        let mut rng = ChaCha20Rng::from_seed([3; 32]);
        (0..200).map(move |turn| Code::random(Kind::ALL[turn % 4], &mut rng))
    }

    fn is_refused(characters: &[u8; LENGTH]) -> bool {
        Code::parse(crockford::text(characters)).is_err()
    }

    /// The check is linear, so an error is missed if and only if its difference has syndrome 0:
    /// trying all differences at all places covers all codes.
    #[test]
    fn every_single_error_exchange_and_twin_error_is_found() {
        let with = |changes: &[(usize, u8)]| {
            let mut difference = [b'0'; LENGTH];
            for &(place, value) in changes {
                difference[place] = crockford::ALPHABET[usize::from(value)];
            }
            syndrome(&difference)
        };
        for value in 1..32 {
            for place in 0..LENGTH {
                assert_ne!(with(&[(place, value)]), 0, "{value} at {place}");
                for other in 0..place {
                    // Exchanging a and b, or writing bb for aa, adds a-b at both places.
                    assert_ne!(with(&[(place, value), (other, value)]), 0);
                }
            }
        }
    }

    #[test]
    fn a_wrong_or_exchanged_character_in_a_real_code_is_refused() {
        for code in codes() {
            for place in 0..LENGTH {
                for &character in crockford::ALPHABET {
                    let mut changed = code.0;
                    changed[place] = character;
                    assert_eq!(is_refused(&changed), changed != code.0);
                }
                for other in 0..place {
                    let mut changed = code.0;
                    changed.swap(place, other);
                    assert_eq!(is_refused(&changed), changed != code.0);
                }
            }
        }
    }

    #[test]
    fn codes_of_different_kinds_never_meet() {
        for code in codes() {
            for kind in Kind::ALL {
                let read = Code::parse_kind(kind, code.as_str());
                assert_eq!(read.is_ok(), kind == code.kind());
            }
        }
    }

    #[test]
    fn the_message_does_not_tell_the_right_character() {
        let code = codes().next().expect("a code");
        let last = if code.as_str().ends_with('7') { "8" } else { "7" };
        let wrong = format!("{}{last}", &code.as_str()[..LENGTH - 1]);
        let error = Code::parse(&wrong).expect_err("wrong check character");
        assert_eq!(error.message(Lang::Vi), "Mã không đúng: kiểm tra lại từng ký tự");
        assert_eq!(error.message(Lang::En), "The code is not right: check each character");
    }

    #[test]
    fn a_code_of_another_kind_is_named() {
        let case = codes().find(|code| code.kind() == Kind::Case).expect("a case");
        let error = Code::parse_kind(Kind::Establishment, case.as_str()).expect_err("a case");
        assert_eq!(
            error.message(Lang::Vi),
            "Đây là mã theo dõi báo nghi vấn, ở đây cần mã số định danh cơ sở"
        );
    }

    #[test]
    fn a_code_is_printed_in_groups_of_four() {
        let code = codes().next().expect("a code");
        assert!(code.grouped().starts_with('E'));
        assert_eq!(code.grouped().split('-').map(str::len).collect::<Vec<_>>(), [4, 4, 2]);
    }

    proptest! {
        #[test]
        fn no_text_panics_and_what_is_read_reads_again(text in "[ETCP]?\\PC{0,16}") {
            if let Ok(code) = Code::parse(&text) {
                prop_assert_eq!(Code::parse(&code.grouped().to_lowercase()), Ok(code));
            }
        }
    }
}
