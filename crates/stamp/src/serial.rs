//! Serial numbers of stamps: 12 characters of Crockford's base 32, 60 random bits. A billion stamps
//! of one product leave a guess a chance below one in a billion. In a Digital Link they are AI (21),
//! which allows 20 characters (GS1 General Specifications, 3.5.2).

use std::fmt;
use std::str::FromStr;

use gs1::Lang;
use rand_core::CryptoRng;

use crate::crockford::{self, Misread};

/// Characters of a serial number.
pub const LENGTH: usize = 12;

/// A serial number in canonical form: upper case, no hyphens. That it is new is for the store to
/// ensure, which refuses one issued before.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Serial([u8; LENGTH]);

/// Why a text is no serial number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SerialError {
    #[error("a serial number has 12 characters, this one has {found}")]
    Length { found: usize },
    #[error("{} is not used in serial numbers", crockford::shown(*found))]
    Character { found: char },
}

impl Serial {
    /// Draws a serial number. The bound asks for a cryptographic generator: whoever sees some
    /// serial numbers must not be able to foresee others.
    pub fn random<R: CryptoRng + ?Sized>(rng: &mut R) -> Self {
        Self(crockford::write(rng.next_u64()))
    }

    /// Reads a serial number as people type it: any case, I and L for 1, O for 0, hyphens and
    /// spaces anywhere.
    ///
    /// ```
    /// let serial = stamp::Serial::parse("7k3m-9q2x-wpaO")?;
    /// assert_eq!(serial.as_str(), "7K3M9Q2XWPA0");
    /// # Ok::<(), stamp::SerialError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, SerialError> {
        crockford::read(text).map(Self).map_err(|misread| match misread {
            Misread::Length(found) => SerialError::Length { found },
            Misread::Character(found) => SerialError::Character { found },
        })
    }

    /// The canonical form, as links and the store hold it.
    pub fn as_str(&self) -> &str {
        crockford::text(&self.0)
    }

    /// `7K3M-9Q2X-WPA0`, for people.
    pub fn grouped(&self) -> String {
        crockford::grouped(&self.0)
    }
}

impl fmt::Display for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Serial({self})")
    }
}

impl FromStr for Serial {
    type Err = SerialError;
    fn from_str(text: &str) -> Result<Self, SerialError> {
        Self::parse(text)
    }
}

impl SerialError {
    /// One sentence for the person who typed the number.
    pub fn message(self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Length { found }, Lang::Vi) => {
                format!("Số sê-ri có {LENGTH} ký tự, ở đây có {found}: xem lại số in trên tem")
            }
            (Self::Length { found }, Lang::En) => format!(
                "A serial number has {LENGTH} characters, here are {found}: check it on the stamp"
            ),
            (Self::Character { found }, Lang::Vi) => format!(
                "Số sê-ri không dùng ký tự {}: xem lại số in trên tem",
                crockford::shown(found)
            ),
            (Self::Character { found }, Lang::En) => format!(
                "A serial number never holds {}: check it on the stamp",
                crockford::shown(found)
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;
    use rand_chacha::ChaCha20Rng;
    use rand_core::SeedableRng as _;

    use super::*;

    fn rng() -> ChaCha20Rng {
        ChaCha20Rng::from_seed([7; 32])
    }

    #[test]
    fn drawn_serials_differ_and_use_every_character_in_every_place() {
        let mut rng = rng();
        let serials: HashSet<_> = (0..20_000).map(|_| Serial::random(&mut rng)).collect();
        assert_eq!(serials.len(), 20_000);
        for place in 0..LENGTH {
            let used: HashSet<_> = serials.iter().map(|serial| serial.0[place]).collect();
            assert_eq!(used.len(), 32, "place {place}");
        }
    }

    #[test]
    fn a_guess_hits_a_billion_issued_serials_less_than_once_in_a_billion() {
        let space = 32_f64.powi(LENGTH as i32);
        assert!(1e9 / space < 1e-9);
    }

    #[test]
    fn look_alikes_hyphens_spaces_and_lower_case_are_read() {
        let serial = Serial::parse("01AB-CDEF-GHJK").expect("canonical");
        assert_eq!(Serial::parse(" oi ab cd ef gh jk "), Ok(serial));
        assert_eq!(Serial::parse("Ol\u{2011}abCD\u{a0}EFGHJK"), Ok(serial));
    }

    #[test]
    fn what_is_wrong_is_said_in_both_languages() {
        let short = Serial::parse("7K3M").expect_err("short");
        assert_eq!(
            short.message(Lang::Vi),
            "Số sê-ri có 12 ký tự, ở đây có 4: xem lại số in trên tem"
        );
        let unused = Serial::parse("7K3M9Q2XWPAU").expect_err("U is not used");
        assert_eq!(unused, SerialError::Character { found: 'U' });
        let hidden = Serial::parse("7K3M9Q2X\u{202e}WPA4").expect_err("direction mark");
        assert_eq!(
            hidden.message(Lang::En),
            "A serial number never holds U+202E: check it on the stamp"
        );
    }

    proptest! {
        #[test]
        fn no_text_panics_and_what_is_read_reads_again(text in "\\PC{0,40}") {
            if let Ok(serial) = Serial::parse(&text) {
                prop_assert_eq!(Serial::parse(&serial.grouped()), Ok(serial));
            }
        }

        #[test]
        fn every_drawn_serial_reads_back(seed: [u8; 32]) {
            let serial = Serial::random(&mut ChaCha20Rng::from_seed(seed));
            prop_assert_eq!(Serial::parse(&serial.to_string().to_lowercase()), Ok(serial));
        }
    }
}
