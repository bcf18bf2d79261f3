//! Lays codewords and function patterns out in the matrix (ISO/IEC 18004:2015, 6.3, 7.7, 7.9, 7.10)
//! and picks the mask. Two grids are kept: the modules, and which modules are no data.

use super::Level;
use super::line::{Limbs, Line, Wide};
use super::mask::{self, PADDING, ROWS};
use super::table::{alignment_places, side};

/// Draws the symbol with the given mask, or with the one of least penalty.
/// Gives the rows and the mask that was used.
pub(super) fn draw(
    version: u8,
    level: Level,
    codewords: &[u8],
    mask: Option<u8>,
) -> (Vec<Limbs>, u8) {
    match version {
        ..=11 => Grid::<u64>::new(version, codewords).masked(level, mask),
        12..=27 => Grid::<u128>::new(version, codewords).masked(level, mask),
        _ => Grid::<Wide>::new(version, codewords).masked(level, mask),
    }
}

struct Grid<L> {
    side: usize,
    dark: [L; 177],
    /// Modules of finder, timing and alignment patterns, format and version information.
    taken: [L; 177],
}

impl<L: Line> Grid<L> {
    fn new(version: u8, codewords: &[u8]) -> Self {
        let side = side(version);
        let mut grid = Self { side, dark: [L::default(); 177], taken: [L::default(); 177] };
        grid.timing();
        grid.finders();
        grid.alignment(version);
        grid.version_information(version);
        grid.codewords(codewords);
        grid
    }

    /// Puts `width` modules into row `y` from column `x`.
    fn put(&mut self, x: usize, y: usize, width: usize, bits: u64) {
        let x = x as u32;
        let place = L::pattern((1 << width) - 1) << x;
        self.taken[y] = self.taken[y] | place;
        self.dark[y] = (self.dark[y] & !place) | (L::pattern(bits) << x);
    }

    fn timing(&mut self) {
        for at in 8..self.side - 8 {
            let bit = u64::from(at % 2 == 0);
            self.put(at, 6, 1, bit);
            self.put(6, at, 1, bit);
        }
    }

    /// The three finders with their separators, the format areas beside them (left light here) and
    /// the one module that is always dark.
    fn finders(&mut self) {
        const RINGS: [u64; 8] = [0x7f, 0x41, 0x5d, 0x5d, 0x5d, 0x41, 0x7f, 0];
        let far = self.side - 8;
        for (step, ring) in RINGS.into_iter().enumerate() {
            self.put(0, step, 9, ring);
            self.put(far, step, 8, ring << 1);
            let y = self.side - 1 - step;
            self.put(0, y, 9, ring | if step == 7 { 1 << 8 } else { 0 });
        }
        // Column 6 of row 8 is timing, and dark.
        self.put(0, 8, 9, 1 << 6);
        self.put(far, 8, 8, 0);
        self.put(8, 6, 1, 1);
    }

    fn alignment(&mut self, version: u8) {
        const RINGS: [u64; 5] = [0x1f, 0x11, 0x15, 0x11, 0x1f];
        let places = alignment_places(version);
        let last = places.len().saturating_sub(1);
        for (row, &y) in places.iter().enumerate() {
            for (column, &x) in places.iter().enumerate() {
                if [(0, 0), (0, last), (last, 0)].contains(&(row, column)) {
                    continue;
                }
                for (step, ring) in RINGS.into_iter().enumerate() {
                    self.put(x - 2, y - 2 + step, 5, ring);
                }
            }
        }
    }

    /// Eighteen bits, twice, from version 7 on (7.10).
    fn version_information(&mut self, version: u8) {
        if version < 7 {
            return;
        }
        let word = u32::from(version) << 12 | bch(u32::from(version), 12, 0x1f25);
        let far = self.side - 11;
        for bit in 0..18 {
            let value = u64::from(word >> bit & 1);
            self.put(far + bit % 3, bit / 3, 1, value);
            self.put(bit / 3, far + bit % 3, 1, value);
        }
    }

    /// The zigzag of two-module columns, right to left (7.7.3). Where both modules of a row are
    /// free, which is nearly everywhere, two bits go in at once.
    fn codewords(&mut self, codewords: &[u8]) {
        let mut bits = BitReader { bytes: codewords.iter(), held: 0, count: 0 };
        let columns = (1..self.side).rev().step_by(2).map(|x| if x <= 6 { x - 1 } else { x });
        for (turn, right) in columns.enumerate() {
            let left = right - 1;
            for step in 0..self.side {
                let y = if turn % 2 == 0 { self.side - 1 - step } else { step };
                // The right module comes first in the stream and stands in the higher bit.
                let pair = match self.taken[y].pair(left) {
                    0 => bits.take(2),
                    1 => bits.take(1) << 1,
                    2 => bits.take(1),
                    _ => continue,
                };
                self.dark[y] = self.dark[y] | L::pattern(pair) << left as u32;
            }
        }
    }

    fn masked(&self, level: Level, wanted: Option<u8>) -> (Vec<Limbs>, u8) {
        let mut rows = [L::default(); ROWS];
        let mut chosen = (wanted.unwrap_or(0), u32::MAX);
        if wanted.is_none() {
            for mask in 0..8 {
                self.apply(level, mask, &mut rows);
                let penalty = mask::penalty(&rows, self.side, chosen.1);
                if penalty < chosen.1 {
                    chosen = (mask, penalty);
                }
            }
        }
        self.apply(level, chosen.0, &mut rows);
        let rows = rows[PADDING..][..self.side].iter().map(|row| row.limbs()).collect();
        (rows, chosen.0)
    }

    /// Masks the data modules and writes the format information.
    fn apply(&self, level: Level, mask: u8, rows: &mut [L; ROWS]) {
        let inside = L::columns(self.side);
        let cycle: [L; 12] =
            std::array::from_fn(|y| L::from_limbs(&mask::PATTERNS[usize::from(mask)][y]) & inside);
        let rows = &mut rows[PADDING..][..self.side];
        for (y, row) in rows.iter_mut().enumerate() {
            *row = self.dark[y] ^ (cycle[y % 12] & !self.taken[y]);
        }
        let format = format_information(level, mask);
        let bit = |index: usize| L::pattern(u64::from(format >> index & 1));
        let mut dark = |x: usize, y: usize, index: usize| {
            rows[y] = rows[y] | bit(index) << x as u32;
        };
        for index in 0..15 {
            // Around the upper left finder, stepping over the timing patterns (7.9).
            match index {
                0..=5 => dark(8, index, index),
                6 | 7 => dark(8, index + 1, index),
                8 => dark(7, 8, index),
                _ => dark(14 - index, 8, index),
            }
            // Split between the other two.
            if index < 8 {
                dark(self.side - 1 - index, 8, index);
            } else {
                dark(8, self.side - 15 + index, index);
            }
        }
    }
}

/// Fifteen bits that name level and mask (7.9.1).
fn format_information(level: Level, mask: u8) -> u32 {
    let level = match level {
        Level::L => 0b01,
        Level::M => 0b00,
        Level::Q => 0b11,
        Level::H => 0b10,
    };
    let data = level << 3 | u32::from(mask);
    (data << 10 | bch(data, 10, 0x537)) ^ 0x5412
}

/// Remainder of `data` times x^`degree` by `generator` over GF(2) (Annexes C and D).
fn bch(data: u32, degree: u32, generator: u32) -> u32 {
    (0..degree).fold(data, |rest, _| {
        let next = rest << 1;
        if next >> degree & 1 == 1 { next ^ generator } else { next }
    })
}

struct BitReader<'a> {
    bytes: std::slice::Iter<'a, u8>,
    held: u64,
    count: u32,
}

impl BitReader<'_> {
    /// The next `bits` bits, at most two; zeros after the end, for the remainder bits.
    fn take(&mut self, bits: u32) -> u64 {
        if self.count < bits {
            let byte = self.bytes.next().copied().unwrap_or(0);
            self.held = self.held << 8 | u64::from(byte);
            self.count += 8;
        }
        self.count -= bits;
        self.held >> self.count & ((1 << bits) - 1)
    }
}
