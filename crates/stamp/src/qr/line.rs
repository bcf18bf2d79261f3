//! A row of modules as the bits of one number, column 0 in the lowest bit. Symbols up to version 11
//! fit a `u64` and up to 27 a `u128`; the rest use three words. The same code runs on all three.

use std::ops::{BitAnd, BitOr, BitXor, Not, Shl, Shr};

/// The words that the finished symbol keeps for each row, whatever it was drawn with.
pub(super) type Limbs = [u64; 3];

pub(super) trait Line:
    Copy
    + Eq
    + Default
    + BitAnd<Output = Self>
    + BitOr<Output = Self>
    + BitXor<Output = Self>
    + Not<Output = Self>
    + Shl<u32, Output = Self>
    + Shr<u32, Output = Self>
{
    fn ones(self) -> u32;
    fn from_limbs(limbs: &Limbs) -> Self;
    fn limbs(self) -> Limbs;

    /// A short pattern, column 0 in its lowest bit.
    fn pattern(bits: u64) -> Self {
        Self::from_limbs(&[bits, 0, 0])
    }

    /// The columns `0..count`; `count` is at least 1.
    fn columns(count: usize) -> Self {
        let full = !Self::default();
        let width = full.ones();
        full >> (width - count as u32)
    }

    /// The two modules at columns `left` and `left + 1`.
    fn pair(self, left: usize) -> u64 {
        (self >> left as u32).limbs()[0] & 3
    }
}

impl Line for u64 {
    fn ones(self) -> u32 {
        self.count_ones()
    }
    fn from_limbs(limbs: &Limbs) -> Self {
        limbs[0]
    }
    fn limbs(self) -> Limbs {
        [self, 0, 0]
    }
}

impl Line for u128 {
    fn ones(self) -> u32 {
        self.count_ones()
    }
    fn from_limbs(limbs: &Limbs) -> Self {
        Self::from(limbs[0]) | Self::from(limbs[1]) << 64
    }
    fn limbs(self) -> Limbs {
        [self as u64, (self >> 64) as u64, 0]
    }
}

/// 192 columns, enough for the 177 of version 40.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Wide(Limbs);

macro_rules! limb_by_limb {
    ($($trait:ident $method:ident $op:tt),*) => {$(
        impl $trait for Wide {
            type Output = Self;
            fn $method(self, other: Self) -> Self {
                let ([a, b, c], [x, y, z]) = (self.0, other.0);
                Self([a $op x, b $op y, c $op z])
            }
        }
    )*};
}
limb_by_limb!(BitAnd bitand &, BitOr bitor |, BitXor bitxor ^);

impl Not for Wide {
    type Output = Self;
    fn not(self) -> Self {
        Self(self.0.map(|limb| !limb))
    }
}

impl Shl<u32> for Wide {
    type Output = Self;
    fn shl(self, by: u32) -> Self {
        let (limbs, bits) = ((by / 64) as usize, by % 64);
        let at = |index: usize| index.checked_sub(limbs).map_or(0, |from| self.0[from]);
        let carry = |index: usize| match index.checked_sub(limbs + 1) {
            Some(from) if bits > 0 => self.0[from] >> (64 - bits),
            _ => 0,
        };
        Self([0, 1, 2].map(|index| at(index) << bits | carry(index)))
    }
}

impl Shr<u32> for Wide {
    type Output = Self;
    fn shr(self, by: u32) -> Self {
        let (limbs, bits) = ((by / 64) as usize, by % 64);
        let at = |index: usize| self.0.get(index + limbs).copied().unwrap_or(0);
        let carry = |index: usize| if bits == 0 { 0 } else { at(index + 1) << (64 - bits) };
        Self([0, 1, 2].map(|index| at(index) >> bits | carry(index)))
    }
}

impl Line for Wide {
    fn ones(self) -> u32 {
        self.0.iter().map(|limb| limb.count_ones()).sum()
    }
    fn from_limbs(limbs: &Limbs) -> Self {
        Self(*limbs)
    }
    fn limbs(self) -> Limbs {
        self.0
    }
}
