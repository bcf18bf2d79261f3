//! What a character is in each encodation scheme (ISO/IEC 16022:2006, 5.2 and Annex C): the values of
//! C40, Text and X12, which go three to two codewords, and those of EDIFACT, four to three.

use crate::message::Unit;

/// The encodation schemes of ECC 200.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scheme {
    Ascii,
    C40,
    Text,
    X12,
    Edifact,
    Base256,
}

/// At most four values, for a character outside ASCII in C40 and Text.
#[derive(Clone, Copy, Default)]
pub(super) struct Values {
    values: [u8; 4],
    length: usize,
}

impl Values {
    fn push(mut self, value: u8) -> Self {
        self.values[self.length] = value;
        self.length += 1;
        self
    }

    pub(super) fn as_slice(&self) -> &[u8] {
        &self.values[..self.length]
    }
}

/// Values that lead into the other sets of C40 and Text.
const SHIFT_1: u8 = 0;
const SHIFT_2: u8 = 1;
const SHIFT_3: u8 = 2;
const FNC1: u8 = 27;
const UPPER_SHIFT: u8 = 30;

/// The values of a unit in C40, Text or X12; none where the scheme lacks it.
pub(super) fn values(scheme: Scheme, unit: Unit) -> Option<Values> {
    let none = Values::default();
    match (scheme, unit) {
        (Scheme::C40 | Scheme::Text, Unit::Fnc1) => Some(none.push(SHIFT_2).push(FNC1)),
        (Scheme::C40 | Scheme::Text, Unit::Byte(byte)) if byte >= 128 => {
            let upper = none.push(SHIFT_2).push(UPPER_SHIFT);
            Some(shifted(scheme, byte - 128, upper))
        }
        (Scheme::C40 | Scheme::Text, Unit::Byte(byte)) => Some(shifted(scheme, byte, none)),
        (Scheme::X12, Unit::Byte(byte)) => x12(byte).map(|value| none.push(value)),
        _ => None,
    }
}

fn shifted(scheme: Scheme, byte: u8, before: Values) -> Values {
    // Text is C40 with small and capital letters exchanged.
    let byte = match byte {
        b'a'..=b'z' | b'A'..=b'Z' if scheme == Scheme::Text => byte ^ 0x20,
        _ => byte,
    };
    match byte {
        b' ' => before.push(3),
        b'0'..=b'9' => before.push(byte - b'0' + 4),
        b'A'..=b'Z' => before.push(byte - b'A' + 14),
        0..=31 => before.push(SHIFT_1).push(byte),
        33..=47 => before.push(SHIFT_2).push(byte - 33),
        58..=64 => before.push(SHIFT_2).push(byte - 58 + 15),
        91..=95 => before.push(SHIFT_2).push(byte - 91 + 22),
        _ => before.push(SHIFT_3).push(byte - 96),
    }
}

fn x12(byte: u8) -> Option<u8> {
    match byte {
        b'\r' => Some(0),
        b'*' => Some(1),
        b'>' => Some(2),
        b' ' => Some(3),
        b'0'..=b'9' => Some(byte - b'0' + 4),
        b'A'..=b'Z' => Some(byte - b'A' + 14),
        _ => None,
    }
}

/// The six bits of a unit in EDIFACT; none where it lacks it.
pub(super) fn edifact(unit: Unit) -> Option<u8> {
    unit.byte().filter(|byte| (32..=94).contains(byte)).map(|byte| byte & 0x3f)
}

/// The two codewords of three values.
pub(super) fn packed(values: [u8; 3]) -> [u8; 2] {
    let [a, b, c] = values.map(u16::from);
    (1600 * a + 40 * b + c + 1).to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_those_of_the_standards_tables() {
        let of = |scheme, byte| values(scheme, Unit::Byte(byte)).map(|v| v.as_slice().to_vec());
        assert_eq!(of(Scheme::C40, b'A'), Some(vec![14]));
        assert_eq!(of(Scheme::C40, b'a'), Some(vec![2, 1]));
        assert_eq!(of(Scheme::Text, b'a'), Some(vec![14]));
        assert_eq!(of(Scheme::Text, b'A'), Some(vec![2, 1]));
        assert_eq!(of(Scheme::Text, b'`'), Some(vec![2, 0]));
        assert_eq!(of(Scheme::C40, 127), Some(vec![2, 31]));
        assert_eq!(of(Scheme::C40, b'_'), Some(vec![1, 26]));
        assert_eq!(of(Scheme::C40, 0xe4), Some(vec![1, 30, 2, 4]));
        assert_eq!(of(Scheme::X12, b'a'), None);
        // Annex C.2's "AIM" is 91, 11.
        assert_eq!(packed([14, 22, 26]), [91, 11]);
    }
}
