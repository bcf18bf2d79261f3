//! Interleaved 2 of 5 (ISO/IEC 16390:2007): of each pair of digits, the first is in the bars and the
//! second in the spaces between them. Two of the five elements of a digit are wide.

use super::Bars;

/// Wide to narrow. 2.5 is the target of the General Specifications (5.3.2.2); 2.25 to 3 is allowed.
const WIDE: f64 = 2.5;

/// Which elements are wide (Table 1), the first in the highest bit.
const DIGITS: [u8; 10] = [
    0b0_0110, 0b1_0001, 0b0_1001, 0b1_1000, 0b0_0101, 0b1_0100, 0b0_1100, 0b0_0011, 0b1_0010,
    0b0_1010,
];

/// The bars of an even number of digits.
pub(crate) fn bars(digits: &str) -> Bars {
    let mut bars = Bars::default();
    bars.push([1.0; 4], false);
    for pair in digits.as_bytes().chunks_exact(2) {
        let [dark, light] = [pair[0], pair[1]].map(|byte| DIGITS[usize::from(byte % 16 % 10)]);
        for place in (0..5).rev() {
            bars.push([dark, light].map(|digit| width(digit >> place & 1 == 1)), false);
        }
    }
    bars.push([WIDE, 1.0, 1.0], false);
    bars
}

fn width(wide: bool) -> f64 {
    if wide { WIDE } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fourteen_digits_are_as_wide_as_the_formula_says() {
        // P(4N + 6) + N + 6 with P pairs, N the ratio (5.3.2.3).
        let expected = 7.0 * (4.0 * WIDE + 6.0) + WIDE + 6.0;
        let bars = bars("08931234567897");
        assert!((bars.width() - expected).abs() < 1e-9);
        assert_eq!(bars.bars().len(), 2 + 7 * 5 + 2);
    }

    #[test]
    fn every_digit_has_two_wide_elements_and_its_own_pattern() {
        for (index, digit) in DIGITS.iter().enumerate() {
            assert_eq!(digit.count_ones(), 2);
            assert!(!DIGITS[..index].contains(digit));
        }
    }
}
