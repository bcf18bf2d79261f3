//! The memory of a tag as single bits, written and read from the front.

/// Bits, most significant first.
#[derive(Debug, Clone, Default)]
pub(super) struct Bits {
    bits: Vec<bool>,
}

impl Bits {
    /// The bits of hexadecimal text; spaces are tolerated.
    pub(super) fn of_hex(hex: &str) -> Option<Self> {
        let mut bits = Vec::with_capacity(hex.len() * 4);
        for found in hex.chars().filter(|c| *c != ' ') {
            let digit = found.to_digit(16)?;
            bits.extend((0..4).rev().map(|at| digit >> at & 1 == 1));
        }
        Some(Self { bits })
    }

    /// Upper-case hexadecimal, filled up with zero bits to words of 16.
    pub(super) fn into_hex(mut self) -> String {
        self.bits.resize(self.bits.len().next_multiple_of(16), false);
        let digit = |four: &[bool]| four.iter().fold(0, |n, &bit| n << 1 | u32::from(bit));
        let digits = self.bits.chunks(4).map(digit);
        digits.filter_map(|digit| char::from_digit(digit, 16)).collect::<String>().to_uppercase()
    }

    /// The first eight bits.
    pub(super) fn header(&self) -> Option<u8> {
        let first = self.bits.get(..8)?;
        Some(first.iter().fold(0, |n, &bit| n << 1 | u8::from(bit)))
    }

    /// Appends the lowest `len` bits of `value`; false where it has more.
    #[must_use]
    pub(super) fn push(&mut self, value: u128, len: usize) -> bool {
        let fits = len >= 128 || value >> len == 0;
        self.bits.extend((0..len).rev().map(|at| at < 128 && value >> at & 1 == 1));
        fits
    }

    pub(super) fn len(&self) -> usize {
        self.bits.len()
    }

    /// Fills up with zero bits.
    pub(super) fn fill(&mut self, len: usize) {
        self.bits.resize(len.max(self.bits.len()), false);
    }

    pub(super) fn reader(&self) -> Reader<'_> {
        Reader { bits: &self.bits }
    }
}

/// What is left to be read.
pub(super) struct Reader<'a> {
    bits: &'a [bool],
}

impl Reader<'_> {
    /// The next `len` bits, at most 128.
    pub(super) fn take(&mut self, len: usize) -> Option<u128> {
        let (taken, rest) = self.bits.split_at_checked(len).filter(|_| len <= 128)?;
        self.bits = rest;
        Some(taken.iter().fold(0, |n, &bit| n << 1 | u128::from(bit)))
    }

    /// Whether all that is left is zero.
    pub(super) fn rest_is_zero(&self) -> bool {
        self.bits.iter().all(|bit| !bit)
    }
}
