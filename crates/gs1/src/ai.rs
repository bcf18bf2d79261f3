//! The Application Identifier: two to four digits that say what a value is (General Specifications
//! 3). The type holds any such digits; whether the dictionary knows them is another question.

use std::fmt;
use std::str::FromStr;

/// An Application Identifier, such as `01` for a GTIN. Ordered as text, the order in which the
/// attributes of a canonical link stand.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ai {
    // Shorter ones are filled with zero bytes, so that the derived order is that of the text.
    digits: [u8; 4],
}

impl Ai {
    /// Serial Shipping Container Code.
    pub const SSCC: Self = Self::of("00");
    /// Global Trade Item Number.
    pub const GTIN: Self = Self::of("01");
    /// Batch or lot number.
    pub const LOT: Self = Self::of("10");
    /// Production date.
    pub const PRODUCTION_DATE: Self = Self::of("11");
    /// Best before date.
    pub const BEST_BEFORE: Self = Self::of("15");
    /// Expiration date.
    pub const EXPIRY: Self = Self::of("17");
    /// Serial number.
    pub const SERIAL: Self = Self::of("21");
    /// Consumer product variant.
    pub const VARIANT: Self = Self::of("22");
    /// Third party controlled, serialised extension of a GTIN (tobacco).
    pub const TPX: Self = Self::of("235");
    /// Global Document Type Identifier.
    pub const GDTI: Self = Self::of("253");
    /// GLN extension component.
    pub const GLN_EXTENSION: Self = Self::of("254");
    /// Global Coupon Number.
    pub const GCN: Self = Self::of("255");
    /// Global Identification Number for Consignment.
    pub const GINC: Self = Self::of("401");
    /// Global Shipment Identification Number.
    pub const GSIN: Self = Self::of("402");
    /// Global Location Number of a physical location.
    pub const GLN: Self = Self::of("414");
    /// Global Location Number of an invoicing party.
    pub const PAY_TO: Self = Self::of("415");
    /// Global Location Number of a party.
    pub const PARTY: Self = Self::of("417");
    /// Global Returnable Asset Identifier.
    pub const GRAI: Self = Self::of("8003");
    /// Global Individual Asset Identifier.
    pub const GIAI: Self = Self::of("8004");
    /// Individual Trade Item Piece.
    pub const ITIP: Self = Self::of("8006");
    /// Component/Part Identifier.
    pub const CPID: Self = Self::of("8010");
    /// Serial number of a Component/Part Identifier.
    pub const CPID_SERIAL: Self = Self::of("8011");
    /// Global Model Number.
    pub const GMN: Self = Self::of("8013");
    /// Global Service Relation Number of a provider.
    pub const GSRN_PROVIDER: Self = Self::of("8017");
    /// Global Service Relation Number of a recipient.
    pub const GSRN: Self = Self::of("8018");

    /// Two to four ASCII digits, or nothing.
    pub fn parse(text: &str) -> Option<Self> {
        Self::from_digits(text.as_bytes())
    }

    /// For constants known to be digits.
    pub(crate) const fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut digits = [0; 4];
        let mut at = 0;
        while at < bytes.len() {
            digits[at] = bytes[at];
            at += 1;
        }
        Self { digits }
    }

    /// The digits as text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.digits[..self.len()]).unwrap_or_default()
    }

    /// How many digits: 2 to 4.
    #[expect(clippy::len_without_is_empty, reason = "an AI is never empty")]
    #[inline]
    pub const fn len(self) -> usize {
        2 + (self.digits[2] != 0) as usize + (self.digits[3] != 0) as usize
    }

    /// The digits as one number, for comparing with a mask.
    #[inline]
    pub(crate) const fn bits(self) -> u32 {
        u32::from_be_bytes(self.digits)
    }

    /// Where the dictionary's index has this AI: its digits, filled up with zeros to four.
    #[inline]
    pub(crate) const fn slot(self) -> usize {
        // The filling bytes are zero like the low half of the digit zero.
        let [a, b, c, d] = self.digits;
        (a & 15) as usize * 1000
            + (b & 15) as usize * 100
            + (c & 15) as usize * 10
            + (d & 15) as usize
    }

    /// How many slots after the first belong to this AI alone, because no AI starts another.
    pub(crate) const fn slots_below(self) -> usize {
        match self.len() {
            2 => 99,
            3 => 9,
            _ => 0,
        }
    }

    /// The slot of the digits that `text` starts with, at most four.
    #[inline]
    pub(crate) fn slot_of_start(text: &[u8]) -> usize {
        let (mut slot, mut place) = (0, 1000);
        for b in text.iter().take(4) {
            let digit = b.wrapping_sub(b'0');
            if digit > 9 {
                break;
            }
            slot += usize::from(digit) * place;
            place /= 10;
        }
        slot
    }

    /// Two to four ASCII digits, or nothing.
    #[inline]
    pub(crate) fn from_digits(bytes: &[u8]) -> Option<Self> {
        // Spelt out, because copying a length that is not known is a call.
        let (filled, digits) = match *bytes {
            [a, b] => ([a, b, b'0', b'0'], [a, b, 0, 0]),
            [a, b, c] => ([a, b, c, b'0'], [a, b, c, 0]),
            [a, b, c, d] => ([a, b, c, d], [a, b, c, d]),
            _ => return None,
        };
        filled.iter().all(u8::is_ascii_digit).then_some(Self { digits })
    }

    /// The AI with the next last digit.
    pub(crate) fn next(mut self) -> Option<Self> {
        let last = &mut self.digits[self.len() - 1];
        *last += 1;
        (*last <= b'9').then_some(self)
    }

    /// The data title of the dictionary, such as `BATCH/LOT`, where the AI is a known one.
    pub fn title(self) -> Option<&'static str> {
        crate::dictionary::entry(self).map(|entry| entry.title.as_str())
    }

    /// Whether the dictionary knows this AI.
    pub fn is_known(self) -> bool {
        crate::dictionary::entry(self).is_some()
    }
}

impl fmt::Display for Ai {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Ai {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({})", self.as_str())
    }
}

impl PartialEq<str> for Ai {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Ai {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl FromStr for Ai {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::parse(text).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ai_is_two_to_four_digits_and_sorts_as_text() {
        for bad in ["", "1", "12345", "1a", "０１"] {
            assert_eq!(Ai::parse(bad), None, "{bad}");
        }
        let mut ais: Vec<Ai> =
            ["3103", "17", "99", "310", "01"].into_iter().filter_map(Ai::parse).collect();
        ais.sort();
        assert_eq!(
            ais.iter().map(Ai::as_str).collect::<Vec<_>>(),
            ["01", "17", "310", "3103", "99"]
        );
        assert_eq!(Ai::LOT.title(), Some("BATCH/LOT"));
    }
}
