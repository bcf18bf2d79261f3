//! Exact numbers. A reading, a limit and a factor of conversion are fractions, so that 98.6 °F *is* 37 °C and a comparison
//! never depends on how a number was rounded.

use std::cmp::Ordering;

use super::natural::Natural;

/// A fraction of whole numbers of any size.
#[derive(Clone, Debug)]
pub struct Number {
    negative: bool,
    numerator: Natural,
    denominator: Natural,
}

/// Digits and exponents beyond these are no measurement, and would only cost time.
const MOST_DIGITS: usize = 100;
const MOST_EXPONENT: u32 = 400;

impl Number {
    /// Reads a decimal as JSON, `xsd:decimal` and `xsd:double` write it: `21`, `-0.5`, `+.5`, `1.5e-3`. `None` for any other
    /// text, more than 100 significant digits, or an exponent beyond ±400.
    pub fn parse(text: &str) -> Option<Self> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, small(exponent)?),
            None => (text, 0),
        };
        let (negative, digits) = sign(mantissa);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let numeric = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.len() + fraction.len() == 0 || !numeric(whole) || !numeric(fraction) {
            return None;
        }
        let digits = format!("{whole}{fraction}");
        let digits = digits.trim_start_matches('0');
        let exponent = exponent.checked_sub(i32::try_from(fraction.len()).ok()?)?;
        let significant = digits.trim_end_matches('0');
        let exponent =
            exponent.checked_add(i32::try_from(digits.len() - significant.len()).ok()?)?;
        if significant.is_empty() {
            return Some(Self::zero());
        }
        if significant.len() > MOST_DIGITS || exponent.unsigned_abs() > MOST_EXPONENT {
            return None;
        }
        let numerator = Natural::of_digits(significant);
        let power = Natural::power_of_ten(exponent.unsigned_abs());
        let (numerator, denominator) = if exponent < 0 {
            (numerator, power)
        } else {
            (numerator.times(&power), Natural::one())
        };
        Some(Self { negative, numerator, denominator })
    }

    pub fn zero() -> Self {
        Self { negative: false, numerator: Natural::ZERO, denominator: Natural::one() }
    }

    fn signed(negative: bool, numerator: Natural, denominator: Natural) -> Self {
        Self { negative: negative && !numerator.is_zero(), numerator, denominator }
    }

    #[must_use]
    pub fn times(&self, other: &Self) -> Self {
        Self::signed(
            self.negative != other.negative,
            self.numerator.times(&other.numerator),
            self.denominator.times(&other.denominator),
        )
    }

    /// `None` if `other` is zero.
    #[must_use]
    pub fn over(&self, other: &Self) -> Option<Self> {
        (!other.numerator.is_zero()).then(|| {
            Self::signed(
                self.negative != other.negative,
                self.numerator.times(&other.denominator),
                self.denominator.times(&other.numerator),
            )
        })
    }

    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        let (left, right) = self.brought_together(other);
        let denominator = self.denominator.times(&other.denominator);
        if self.negative == other.negative {
            return Self::signed(self.negative, left.plus(&right), denominator);
        }
        match left.cmp(&right) {
            Ordering::Less => Self::signed(other.negative, right.minus(&left), denominator),
            _ => Self::signed(self.negative, left.minus(&right), denominator),
        }
    }

    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        self.plus(&Self::signed(
            !other.negative,
            other.numerator.clone(),
            other.denominator.clone(),
        ))
    }

    /// Both numerators over the common denominator.
    fn brought_together(&self, other: &Self) -> (Natural, Natural) {
        (self.numerator.times(&other.denominator), other.numerator.times(&self.denominator))
    }
}

fn sign(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

/// An exponent: its digits with an optional sign.
fn small(text: &str) -> Option<i32> {
    let (negative, digits) = sign(text);
    let numeric = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let value: i32 = numeric.then(|| digits.parse().ok()).flatten()?;
    Some(if negative { -value } else { value })
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Number {}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        let (left, right) = self.brought_together(other);
        match (self.negative, other.negative) {
            (false, false) => left.cmp(&right),
            (true, true) => right.cmp(&left),
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(text: &str) -> Number {
        Number::parse(text).unwrap_or_else(|| panic!("{text}"))
    }

    #[test]
    fn spellings_of_one_number_are_equal() {
        for (one, other) in [
            ("1.5e-3", "0.0015"),
            ("+.50", "0.5"),
            ("007", "7"),
            ("5.", "5"),
            ("-0.0", "0"),
            ("1E+5", "100000"),
            ("0e999", "0"),
            ("12300e-2", "123.0"),
        ] {
            assert_eq!(of(one), of(other), "{one}");
        }
        assert!(of("-1e-9") < of("0") && of("0.1") < of("0.10000000000000000000000000000001"));
        assert!(of("-2") < of("-1") && of("9") < of("10"));
    }

    #[test]
    fn what_is_no_decimal_or_too_long_is_no_number() {
        for text in
            ["", ".", "+", "e5", "1e", "1e+", "--1", "1_0", "0x1", "INF", "NaN", "1e401", " 1"]
        {
            assert!(Number::parse(text).is_none(), "{text}");
        }
        assert!(
            Number::parse("1e99999999999").is_none() && Number::parse("1e-2147483648").is_none()
        );
        assert!(Number::parse(&"9".repeat(101)).is_none());
        assert!(Number::parse(&"9".repeat(100)).is_some());
    }

    proptest! {
        #[test]
        fn order_and_sums_are_those_of_whole_numbers(a in -1_000_000_i64..1_000_000, b in -1_000_000_i64..1_000_000, scale in 0_u32..6) {
            // The same integers, each told in units of 10^-scale.
            let [x, y, sum, product] = [a, b, a + b, a * b].map(|n| of(&format!("{n}e-{scale}")));
            prop_assert_eq!(x.cmp(&y), a.cmp(&b));
            prop_assert_eq!(&x.plus(&y), &sum);
            prop_assert_eq!(&sum.minus(&y), &x);
            prop_assert_eq!(x.times(&y), product.times(&of(&format!("1e-{scale}"))));
            if b != 0 {
                prop_assert_eq!(x.times(&y).over(&y), Some(x));
            }
        }
    }
}
