//! Text and long numbers of the “+” schemes: text in one of six encodings (tables B and E of Tag Data
//! Translation), numbers of any length in binary.

use super::bits::{Bits, Reader};

/// Digits as one number, however many there are; none are no bits.
pub(super) fn push_integer(bits: &mut Bits, digits: &str) -> Option<()> {
    let digit = |b: u8| b.is_ascii_digit().then_some(b - b'0');
    let mut digits: Vec<u8> = digits.bytes().map(digit).collect::<Option<_>>()?;
    // Halved in decimal: what is left over is the next bit from the end.
    let mut last_first = Vec::with_capacity(number_bits(digits.len()));
    for _ in 0..number_bits(digits.len()) {
        let left = digits.iter_mut().fold(0, |left, digit| {
            let value = left * 10 + *digit;
            *digit = value / 2;
            value % 2
        });
        last_first.push(left);
    }
    last_first.iter().rev().all(|bit| bits.push(u128::from(*bit), 1)).then_some(())
}

pub(super) fn push_length(bits: &mut Bits, text: &str, most: usize) -> Option<()> {
    (text.len() <= most && bits.push(text.len() as u128, length_bits(most))).then_some(())
}

/// The encodings of text by their indicator (table E): one that needs the fewest bits is used.
pub(super) fn push_text<'a>(bits: &mut Bits, text: &str, most: usize) -> Option<&'a str> {
    let (encoding, _) = encodings(text).min_by_key(|(_, bits)| *bits)?;
    bits.push(encoding, 3).then_some(())?;
    push_length(bits, text, most)?;
    let mut fits = true;
    match encoding {
        0 => push_integer(bits, text)?,
        5 => {
            for three in text.as_bytes().chunks(3) {
                let value = |at: usize| three.get(at).map_or(Some(0), |b| code40(*b));
                fits &= bits.push(value(0)? * 1600 + value(1)? * 40 + value(2)? + 1, 16);
            }
        }
        _ => {
            for byte in text.bytes() {
                fits &= match encoding {
                    3 => bits.push(base64(byte)?, 6),
                    4 => bits.push(u128::from(byte), 7),
                    _ => bits.push(u128::from((byte as char).to_digit(16)?), 4),
                };
            }
        }
    }
    fits.then_some("")
}

/// The encodings that can hold a text, with the bits they need (table B); of equals the first is used.
fn encodings(text: &str) -> impl Iterator<Item = (u128, usize)> {
    let all = |good: fn(u8) -> bool| text.bytes().all(good);
    let len = text.len();
    [
        (0, number_bits(len), all(|b| b.is_ascii_digit())),
        (1, len * 4, all(|b| b.is_ascii_digit() || matches!(b, b'A'..=b'F'))),
        (2, len * 4, all(|b| b.is_ascii_digit() || matches!(b, b'a'..=b'f'))),
        (3, len * 6, all(|b| base64(b).is_some())),
        (5, len.div_ceil(3) * 16, all(|b| code40(b).is_some())),
        (4, len * 7, text.is_ascii()),
    ]
    .into_iter()
    .filter_map(|(encoding, bits, can)| can.then_some((encoding, bits)))
}

/// A number of `len` digits, with its leading zeros; nothing where it has more digits.
pub(super) fn take_integer(reader: &mut Reader<'_>, len: usize, out: &mut String) -> Option<()> {
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
    out.extend(digits.into_iter().map(|digit| char::from(b'0' + digit)));
    Some(())
}

pub(super) fn take_text(reader: &mut Reader<'_>, most: usize, out: &mut String) -> Option<()> {
    let encoding = reader.take(3)?;
    let len = reader.take(length_bits(most))? as usize;
    match encoding {
        0 => return take_integer(reader, len, out),
        5 => {
            for start in (0..len).step_by(3) {
                let value = reader.take(16)?.checked_sub(1)?;
                let three = [value / 1600, value / 40 % 40, value % 40];
                for code in three.into_iter().take(len - start) {
                    out.push(of_code40(code)?);
                }
            }
        }
        _ => {
            for _ in 0..len {
                out.push(match encoding {
                    1 => char::from_digit(reader.take(4)? as u32, 16)?.to_ascii_uppercase(),
                    2 => char::from_digit(reader.take(4)? as u32, 16)?,
                    3 => BASE64[reader.take(6)? as usize] as char,
                    4 => reader.take(7)? as u8 as char,
                    _ => return None,
                });
            }
        }
    }
    Some(())
}

/// The bits of a number of `len` digits.
fn number_bits(len: usize) -> usize {
    (len as f64 * std::f64::consts::LOG2_10).ceil() as usize
}

/// The bits of a length up to `most`.
pub(super) const fn length_bits(most: usize) -> usize {
    (usize::BITS - most.leading_zeros()) as usize
}

/// The letters of base64url.
pub(super) const BASE64: &[u8; 64] =
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

pub(super) fn base64(byte: u8) -> Option<u128> {
    BASE64.iter().position(|b| *b == byte).map(|at| at as u128)
}

/// URN Code 40 (ISO/IEC 17367): three characters in sixteen bits.
const CODE40: &[u8; 39] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ-.:0123456789";

fn code40(byte: u8) -> Option<u128> {
    CODE40.iter().position(|b| *b == byte).map(|at| at as u128 + 1)
}

fn of_code40(code: u128) -> Option<char> {
    Some(*CODE40.get(code.checked_sub(1)? as usize)? as char)
}
