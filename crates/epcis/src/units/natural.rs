//! Natural numbers of any size: as much arithmetic as exact fractions need, and no more.

use std::cmp::Ordering;

/// A natural number, the least significant digit to the base 2³² first, without zeros at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Natural(Vec<u32>);

impl Natural {
    pub(super) const ZERO: Self = Self(Vec::new());

    pub(super) fn one() -> Self {
        Self(vec![1])
    }

    /// Of decimal digits; anything else in the text counts as 0.
    pub(super) fn of_digits(digits: &str) -> Self {
        let mut number = Self::ZERO;
        for byte in digits.bytes() {
            number.times_and(10, u32::from(byte.wrapping_sub(b'0') % 10));
        }
        number
    }

    pub(super) fn power_of_ten(exponent: u32) -> Self {
        let mut number = Self::one();
        for _ in 0..exponent {
            number.times_and(10, 0);
        }
        number
    }

    pub(super) fn is_zero(&self) -> bool {
        self.0.is_empty()
    }

    /// `self * factor + more`, in place.
    fn times_and(&mut self, factor: u32, more: u32) {
        let mut carry = u64::from(more);
        for digit in &mut self.0 {
            let sum = u64::from(*digit) * u64::from(factor) + carry;
            *digit = sum as u32;
            carry = sum >> 32;
        }
        if carry > 0 {
            self.0.push(carry as u32);
        }
    }

    pub(super) fn times(&self, other: &Self) -> Self {
        let mut digits = vec![0_u32; self.0.len() + other.0.len()];
        for (at, a) in self.0.iter().enumerate() {
            let mut carry = 0_u64;
            for (digit, b) in digits[at..].iter_mut().zip(other.0.iter().chain([&0])) {
                let sum = u64::from(*a) * u64::from(*b) + u64::from(*digit) + carry;
                *digit = sum as u32;
                carry = sum >> 32;
            }
        }
        Self(digits).trimmed()
    }

    pub(super) fn plus(&self, other: &Self) -> Self {
        let length = self.0.len().max(other.0.len()) + 1;
        let mut carry = 0_u64;
        let digits = (0..length).map(|at| {
            let sum = carry + self.digit(at) + other.digit(at);
            carry = sum >> 32;
            sum as u32
        });
        Self(digits.collect()).trimmed()
    }

    /// `self - other`, where `other` is not the greater one.
    pub(super) fn minus(&self, other: &Self) -> Self {
        let mut borrow = 0_u64;
        let digits = (0..self.0.len()).map(|at| {
            let difference = (1 << 32) + self.digit(at) - other.digit(at) - borrow;
            borrow = u64::from(difference >> 32 == 0);
            difference as u32
        });
        Self(digits.collect()).trimmed()
    }

    fn digit(&self, at: usize) -> u64 {
        self.0.get(at).map_or(0, |digit| u64::from(*digit))
    }

    fn trimmed(mut self) -> Self {
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
        self
    }
}

impl PartialOrd for Natural {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Natural {
    fn cmp(&self, other: &Self) -> Ordering {
        let length = self.0.len().cmp(&other.0.len());
        length.then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(number: u128) -> Natural {
        Natural::of_digits(&number.to_string())
    }

    proptest! {
        #[test]
        fn arithmetic_is_that_of_u128(a in any::<u64>(), b in any::<u64>(), c in any::<u128>(), d in any::<u128>()) {
            prop_assert_eq!(of(a.into()).times(&of(b.into())), of(u128::from(a) * u128::from(b)));
            prop_assert_eq!(of(c >> 1).plus(&of(d >> 1)), of((c >> 1) + (d >> 1)));
            prop_assert_eq!(of(c.max(d)).minus(&of(c.min(d))), of(c.max(d) - c.min(d)));
            prop_assert_eq!(of(c).cmp(&of(d)), c.cmp(&d));
        }

        #[test]
        fn a_product_divides_into_its_sums(a in "[0-9]{1,60}", b in "[0-9]{1,60}", c in "[0-9]{1,60}") {
            let [a, b, c] = [&a, &b, &c].map(|digits| Natural::of_digits(digits));
            prop_assert_eq!(a.times(&b.plus(&c)), a.times(&b).plus(&a.times(&c)));
            prop_assert_eq!(a.plus(&b).minus(&b), a);
        }
    }

    #[test]
    fn powers_of_ten_have_as_many_zeros() {
        assert_eq!(Natural::power_of_ten(30), of(10_u128.pow(30)));
        assert!(Natural::of_digits("000").is_zero() && !Natural::one().is_zero());
    }
}
