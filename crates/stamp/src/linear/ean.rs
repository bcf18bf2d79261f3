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

/// By how much the bars of digits 1 and 2 in number set A are narrower, and those of 7 and 8 wider,
/// their spaces making up for it; in sets B and C it is the other way round. It spreads what printing
/// may add to a bar evenly over the decisions of a reader (General Specifications 5.2.3.1; Table 5-10
/// of release 26.0).
const THIRTEENTH: f64 = 1.0 / 13.0;

const GUARD: [f64; 3] = [1.0; 3];
const CENTRE: [f64; 5] = [1.0; 5];
/// The end of UPC-E: space, bar, space, bar, space, bar.
const SPECIAL: [f64; 6] = [1.0; 6];

/// Widths of a digit: space, bar, space, bar in set A; bar, space, bar, space in set C. In both, what
/// the first element gains or loses is the same.
fn widths(digit: u8) -> [f64; 4] {
    let [a, b, c, d] = WIDTHS[usize::from(digit % 10)].map(f64::from);
    let more = match digit {
        1 | 2 => THIRTEENTH,
        7 | 8 => -THIRTEENTH,
        _ => 0.0,
    };
    [a + more, b - more, c + more, d - more]
}

/// Set B: space, bar, space, bar, mirrored.
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
            let thirteenth = THIRTEENTH + 1e-9;
            let allowed = 1.0 - thirteenth..=4.0 + thirteenth;
            assert!(bars.widths().iter().all(|width| allowed.contains(width)));
        }
    }

    /// Table 5-10: a bar less a thirteenth for 1 and 2 in set A, more in B and C; 7 and 8 contrary.
    #[test]
    fn bars_of_1_2_7_and_8_differ_by_a_thirteenth_of_a_module() {
        let dark = |widths: [f64; 4], first: usize| widths[first] + widths[first + 2];
        for digit in 0..10 {
            let whole: u8 = WIDTHS[usize::from(digit)][1] + WIDTHS[usize::from(digit)][3];
            let less = match digit {
                1 | 2 => 2.0 * THIRTEENTH,
                7 | 8 => -2.0 * THIRTEENTH,
                _ => 0.0,
            };
            let whole = f64::from(whole);
            assert!((dark(widths(digit), 1) - (whole - less)).abs() < 1e-9, "A {digit}");
            // Bars of set C are where the spaces of set A are, and set B is C mirrored.
            assert!((dark(widths(digit), 0) - (7.0 - whole + less)).abs() < 1e-9, "C {digit}");
            assert!((dark(reversed(digit), 1) - (7.0 - whole + less)).abs() < 1e-9, "B {digit}");
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
