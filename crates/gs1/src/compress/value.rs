//! Values as bits (Compression 1.0.0, 5): numbers in binary, text in the narrowest of five encodings.
//! A number keeps its leading zeros, because its length in digits is known or written before it.

use super::bits::{Bits, Reader, letter, of_letter};
use super::layout::Field;
use crate::ai::Ai;

/// The encodings of text, with the number that stands before it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Number = 0,
    LowerHex = 1,
    UpperHex = 2,
    Letters = 3,
    Ascii = 4,
}

impl Encoding {
    /// The narrowest for a text.
    fn of(text: &str) -> Self {
        let all = |good: fn(u8) -> bool| !text.is_empty() && text.bytes().all(good);
        if all(|b| b.is_ascii_digit()) {
            Self::Number
        } else if all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            Self::LowerHex
        } else if all(|b| matches!(b, b'0'..=b'9' | b'A'..=b'F')) {
            Self::UpperHex
        } else if all(|b| of_letter(b).is_some()) {
            Self::Letters
        } else {
            Self::Ascii
        }
    }

    fn of_number(number: u64) -> Option<Self> {
        let all = [Self::Number, Self::LowerHex, Self::UpperHex, Self::Letters, Self::Ascii];
        all.get(number as usize).copied()
    }

    /// How many bits `len` characters take.
    fn bits(self, len: usize) -> usize {
        match self {
            Self::Number => number_bits(len),
            Self::LowerHex | Self::UpperHex => len * 4,
            Self::Letters => len * 6,
            Self::Ascii => len * 7,
        }
    }
}

/// The bits of a length up to `most`.
const fn length_bits(most: usize) -> u32 {
    usize::BITS - most.leading_zeros()
}

/// The bits of a number of `len` digits. The hundredth is the standard's guard against rounding.
fn number_bits(len: usize) -> usize {
    (len as f64 * std::f64::consts::LOG2_10 + 0.01).ceil() as usize
}

/// Appends a field.
pub(super) fn push(bits: &mut Bits, field: Field, piece: &str) {
    match field {
        Field::FixedDigits(_) => push_number(bits, piece),
        Field::Digits(most) => {
            bits.push(piece.len() as u64, length_bits(most));
            push_number(bits, piece);
        }
        Field::FixedText(_) => {
            let encoding = Encoding::of(piece);
            bits.push(encoding as u64, 3);
            push_text(bits, encoding, piece);
        }
        Field::Text(most) => {
            let encoding = Encoding::of(piece);
            bits.push(encoding as u64, 3);
            bits.push(piece.len() as u64, length_bits(most));
            push_text(bits, encoding, piece);
        }
    }
}

fn push_text(bits: &mut Bits, encoding: Encoding, text: &str) {
    if encoding == Encoding::Number {
        return push_number(bits, text);
    }
    let width = encoding.bits(1) as u32;
    for byte in text.bytes() {
        let value = match encoding {
            Encoding::Letters => of_letter(byte),
            Encoding::Ascii => Some(u64::from(byte)),
            _ => (byte as char).to_digit(16).map(u64::from),
        };
        bits.push(value.unwrap_or_default(), width);
    }
}

/// Digits as one binary number of fixed width, however many there are.
fn push_number(bits: &mut Bits, digits: &str) {
    // Limbs of 32 bits, least significant first; 90 digits are ten of them.
    let mut limbs: Vec<u64> = Vec::with_capacity(4);
    for digit in digits.bytes() {
        let mut carry = u64::from(digit.wrapping_sub(b'0'));
        for limb in &mut limbs {
            let value = *limb * 10 + carry;
            *limb = value & 0xffff_ffff;
            carry = value >> 32;
        }
        if carry > 0 {
            limbs.push(carry);
        }
    }
    let width = number_bits(digits.len());
    for at in (0..width).rev() {
        bits.push(limbs.get(at / 32).map_or(0, |limb| limb >> (at % 32)), 1);
    }
}

/// Reads a field and appends it.
pub(super) fn take(reader: &mut Reader<'_>, field: Field, out: &mut String) -> Option<()> {
    let take_length = |reader: &mut Reader<'_>, most: usize| {
        let len = reader.take(length_bits(most) as usize)? as usize;
        (len <= most).then_some(len)
    };
    match field {
        Field::FixedDigits(len) => take_number(reader, len, out),
        Field::Digits(most) => {
            let len = take_length(reader, most)?;
            take_number(reader, len, out)
        }
        Field::FixedText(len) => {
            let encoding = Encoding::of_number(reader.take(3)?)?;
            take_text(reader, encoding, len, out)
        }
        Field::Text(most) => {
            let encoding = Encoding::of_number(reader.take(3)?)?;
            let len = take_length(reader, most)?;
            take_text(reader, encoding, len, out)
        }
    }
}

fn take_text(
    reader: &mut Reader<'_>,
    encoding: Encoding,
    len: usize,
    out: &mut String,
) -> Option<()> {
    if encoding == Encoding::Number {
        return take_number(reader, len, out);
    }
    let width = encoding.bits(1);
    for _ in 0..len {
        let value = reader.take(width)?;
        out.push(match encoding {
            Encoding::Letters => letter(value),
            Encoding::Ascii => value as u8 as char,
            Encoding::UpperHex => char::from_digit(value as u32, 16)?.to_ascii_uppercase(),
            _ => char::from_digit(value as u32, 16)?,
        });
    }
    Some(())
}

/// A number of `len` digits, with its leading zeros; nothing where it has more digits.
fn take_number(reader: &mut Reader<'_>, len: usize, out: &mut String) -> Option<()> {
    let mut digits = vec![0_u8; len];
    for _ in 0..number_bits(len) {
        // Doubled, and the next bit added, in decimal.
        let mut carry = reader.take(1)? as u8;
        for digit in digits.iter_mut().rev() {
            let value = *digit * 2 + carry;
            (*digit, carry) = (value % 10, value / 10);
        }
        if carry > 0 {
            return None;
        }
    }
    out.extend(digits.into_iter().map(|digit| (b'0' + digit) as char));
    Some(())
}

/// The greatest length of the name and of the value of a parameter: what seven bits count.
const MOST_OTHER: usize = 127;

/// Appends a parameter that is no AI; false where it cannot be, and nothing is appended.
pub(super) fn push_other(bits: &mut Bits, name: &str, value: &str) -> bool {
    let name_fits =
        (1..=MOST_OTHER).contains(&name.len()) && name.bytes().all(|b| of_letter(b).is_some());
    if !name_fits || value.len() > MOST_OTHER || !value.is_ascii() {
        return false;
    }
    bits.push(0xf, 4);
    bits.push(name.len() as u64, 7);
    push_text(bits, Encoding::Letters, name);
    push(bits, Field::Text(MOST_OTHER), value);
    true
}

/// Reads a parameter whose first four bits were taken.
pub(super) fn take_other(reader: &mut Reader<'_>) -> Option<(String, String)> {
    let len = reader.take(7)? as usize;
    let (mut name, mut value) = (String::new(), String::new());
    take_text(reader, Encoding::Letters, len, &mut name)?;
    take(reader, Field::Text(MOST_OTHER), &mut value)?;
    // It came from a query and goes back to one, where no AI stands among the others.
    let plain = |b: u8| b.is_ascii_graphic() && !b"&;#\"<>\\^`{|}".contains(&b);
    let an_ai = !value.is_empty() && Ai::parse(&name).is_some_and(Ai::is_known);
    let good = !name.is_empty() && !an_ai && value.bytes().all(plain);
    good.then_some((name, value))
}
