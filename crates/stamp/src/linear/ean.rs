//! EAN-13, EAN-8, UPC-A and UPC-E (ISO/IEC 15420:2009). A digit is seven modules; in EAN-13 the choice
//! between two forms of the left digits says the first one, and in UPC-E the check digit.

use super::Bars;

/// Widths of space, bar, space, bar of each digit in number set A (Table 1). Set C exchanges dark and
/// light, set B is C read backwards.
const WIDTHS: [[u8; 4]; 10] = [
    [3, 2, 1, 1],
    [2, 2, 2, 1],
    [2, 1, 2, 2],
    [1, 4, 1, 1],
    [1, 1, 3, 2],
    [1, 2, 3, 1],
    [1, 1, 1, 4],
    [1, 3, 1, 2],
    [1, 2, 1, 3],
    [3, 1, 1, 2],
];

/// Which of the six left digits of EAN-13 are in set B, by the first digit (Table 2), the leftmost in
/// the highest bit.
const LEFT_SETS: [u8; 10] = [
    0b00_0000, 0b00_1011, 0b00_1101, 0b00_1110, 0b01_0011, 0b01_1001, 0b01_1100, 0b01_0101,
    0b01_0110, 0b01_1010,
];

/// Which of the six digits of UPC-E are in set B, by the check digit (Table 3).
const UPC_E_SETS: [u8; 10] = [
    0b11_1000, 0b11_0100, 0b11_0010, 0b11_0001, 0b10_1100, 0b10_0110, 0b10_0011, 0b10_1010,
    0b10_1001, 0b10_0101,
];

const GUARD: [f64; 3] = [1.0; 3];
const CENTRE: [f64; 5] = [1.0; 5];
/// The end of UPC-E: space, bar, space, bar, space, bar.
const SPECIAL: [f64; 6] = [1.0; 6];

fn widths(digit: u8) -> [f64; 4] {
    WIDTHS[usize::from(digit % 10)].map(f64::from)
}

fn reversed(digit: u8) -> [f64; 4] {
    let [a, b, c, d] = widths(digit);
    [d, c, b, a]
}

/// Digits of ASCII text as numbers.
fn numbers<const N: usize>(digits: &str) -> [u8; N] {
    let mut out = [0; N];
    for (number, byte) in out.iter_mut().zip(digits.bytes()) {
        *number = byte.wrapping_sub(b'0') % 10;
    }
    out
}

/// The thirteen digits of an EAN-13 symbol, or of UPC-A with a zero in front. In UPC-A the first and
/// the last digit are as tall as the guards (`tall`).
pub(crate) fn ean13(digits: &str, tall: bool) -> Bars {
    let all: [u8; 13] = numbers(digits);
    let sets = LEFT_SETS[usize::from(all[0])];
    let mut bars = Bars::default();
    bars.push(GUARD, true);
    for (place, &digit) in all[1..7].iter().enumerate() {
        let in_b = sets >> (5 - place) & 1 == 1;
        let widths = if in_b { reversed(digit) } else { widths(digit) };
        bars.push_light_first(widths, tall && place == 0);
    }
    bars.push_light_first(CENTRE, true);
    for (place, &digit) in all[7..].iter().enumerate() {
        bars.push(widths(digit), tall && place == 5);
    }
    bars.push(GUARD, true);
    bars
}

pub(crate) fn ean8(digits: &str) -> Bars {
    let all: [u8; 8] = numbers(digits);
    let mut bars = Bars::default();
    bars.push(GUARD, true);
    all[..4].iter().for_each(|&digit| bars.push_light_first(widths(digit), false));
    bars.push_light_first(CENTRE, true);
    all[4..].iter().for_each(|&digit| bars.push(widths(digit), false));
    bars.push(GUARD, true);
    bars
}

/// The six digits that a UPC-E symbol shows of the twelve of a GTIN-12 that starts with 0, where its
/// zeros allow that (Table 4; General Specifications 5.2.2.4).
pub(crate) fn suppressed(gtin: &str) -> Option<String> {
    let all: [u8; 12] = numbers(gtin);
    let [0, company @ .., _] = all else { return None };
    // Which of the ten digits are shown, and the last one, which says where zeros were left out.
    let (shown, end) = match company {
        [_, _, end @ 0..=2, 0, 0, 0, 0, _, _, _] => ([0, 1, 7, 8, 9], end),
        [_, _, _, 0, 0, 0, 0, 0, _, _] => ([0, 1, 2, 8, 9], 3),
        [_, _, _, _, 0, 0, 0, 0, 0, _] => ([0, 1, 2, 3, 9], 4),
        [_, _, _, _, _, 0, 0, 0, 0, end @ 5..=9] => ([0, 1, 2, 3, 4], end),
        _ => return None,
    };
    let digits = shown.into_iter().map(|place: usize| company[place]).chain([end]);
    Some(digits.map(|digit| char::from(b'0' + digit)).collect())
}

/// A UPC-E symbol: its six digits and the check digit of the GTIN-12 they stand for.
pub(crate) fn upc_e(six: &str, check: u8) -> Bars {
    let all: [u8; 6] = numbers(six);
    let sets = UPC_E_SETS[usize::from(check % 10)];
    let mut bars = Bars::default();
    bars.push(GUARD, true);
    for (place, &digit) in all.iter().enumerate() {
        let in_b = sets >> (5 - place) & 1 == 1;
        bars.push_light_first(if in_b { reversed(digit) } else { widths(digit) }, false);
    }
    bars.push_light_first(SPECIAL, true);
    bars
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symbols_have_the_widths_of_the_standard() {
        for (bars, modules) in [
            (ean13("8931234567897", false), 95.0),
            (ean8("96385074"), 67.0),
            (upc_e("123450", 5), 51.0),
        ] {
            assert!((bars.width() - modules).abs() < 1e-9);
            assert!((bars.widths().iter().sum::<f64>() - modules).abs() < 1e-9);
            assert!(bars.widths().iter().all(|width| (1.0..=4.0).contains(width)));
        }
    }

    #[test]
    fn a_gtin_12_is_suppressed_by_the_one_rule_that_its_zeros_allow() {
        for (gtin, six) in [
            ("012000003455", "123450"),
            ("012100003454", "123451"),
            ("012300000451", "123453"),
            ("012340000053", "123454"),
            ("012345000058", "123455"),
            ("012345000096", "123459"),
        ] {
            let (body, check) = gtin.split_at(11);
            assert_eq!(gs1::check_digit(body), check.parse().ok(), "{gtin}");
            assert_eq!(suppressed(gtin).as_deref(), Some(six));
        }
        for gtin in ["112000003452", "012345000041", "012345678905"] {
            assert_eq!(suppressed(gtin), None, "{gtin}");
        }
    }
}
