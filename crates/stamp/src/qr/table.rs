//! The numbers of ISO/IEC 18004:2015 that differ by version and level: capacities (Table 7), error
//! correction blocks (Table 9), places of alignment patterns (Annex E).

use super::Level;

/// Largest version; its symbol has 177 modules a side.
pub(super) const MAX_VERSION: u8 = 40;

/// Error correction codewords of each block, by level and version (Table 9).
const ECC_PER_BLOCK: [[u8; 40]; 4] = [
    [
        7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30,
        30, 26, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
    ],
    [
        10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26, 26, 28, 28,
        28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28,
    ],
    [
        13, 22, 18, 26, 18, 24, 18, 22, 20, 24, 28, 26, 24, 20, 30, 24, 28, 28, 26, 30, 28, 30, 30,
        30, 30, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
    ],
    [
        17, 28, 22, 16, 22, 28, 26, 26, 24, 28, 24, 28, 22, 24, 24, 30, 28, 28, 26, 28, 30, 24, 30,
        30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
    ],
];

/// Number of blocks, by level and version (Table 9).
const BLOCKS: [[u8; 40]; 4] = [
    [
        1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12, 13,
        14, 15, 16, 17, 18, 19, 19, 20, 21, 22, 24, 25,
    ],
    [
        1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21, 23,
        25, 26, 28, 29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49,
    ],
    [
        1, 1, 2, 2, 4, 4, 6, 6, 8, 8, 8, 10, 12, 16, 12, 17, 16, 18, 21, 20, 23, 23, 25, 27, 29,
        34, 34, 35, 38, 40, 43, 45, 48, 51, 53, 56, 59, 62, 65, 68,
    ],
    [
        1, 1, 2, 4, 4, 4, 5, 6, 8, 8, 11, 11, 16, 16, 18, 16, 19, 21, 25, 25, 25, 34, 30, 32, 35,
        37, 40, 42, 45, 48, 51, 54, 57, 60, 63, 66, 70, 74, 77, 81,
    ],
];

/// How the codewords of one version and level are divided (Table 9).
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    /// All codewords, data and error correction.
    pub(super) total: usize,
    pub(super) blocks: usize,
    /// Error correction codewords of each block.
    pub(super) ecc: usize,
}

impl Layout {
    pub(super) fn of(version: u8, level: Level) -> Self {
        let (row, column) = (level as usize, usize::from(version) - 1);
        Self {
            total: data_modules(version) / 8,
            blocks: usize::from(BLOCKS[row][column]),
            ecc: usize::from(ECC_PER_BLOCK[row][column]),
        }
    }

    /// Codewords left for the message.
    pub(super) fn data(self) -> usize {
        self.total - self.blocks * self.ecc
    }

    /// Length of the data part of block `index`; the later blocks may be one longer (7.6).
    pub(super) fn block_data(self, index: usize) -> usize {
        let longer = self.total % self.blocks;
        self.total / self.blocks - self.ecc + usize::from(index >= self.blocks - longer)
    }
}

/// Modules a side of a symbol, without the quiet zone.
pub(super) fn side(version: u8) -> usize {
    usize::from(version) * 4 + 17
}

/// Modules that carry codewords or remainder bits: all but the function patterns (Table 1).
fn data_modules(version: u8) -> usize {
    let side = side(version);
    let alignment = alignment_places(version).len();
    let finders = 3 * 8 * 8;
    let timing = 2 * (side - 16);
    let format = 2 * 15 + 1;
    let version_information = if version >= 7 { 2 * 18 } else { 0 };
    // Three corners of the alignment lattice are finders; those in line with the timing patterns
    // share five modules with them.
    let aligned = match alignment {
        0 => 0,
        n => (n * n - 3) * 25 - 2 * (n - 2) * 5,
    };
    side * side - finders - timing - format - version_information - aligned
}

/// Coordinates of alignment pattern centres, the same for rows and columns (Annex E).
pub(super) fn alignment_places(version: u8) -> Alignment {
    let mut places = Alignment { at: [0; 7], count: 0 };
    if version == 1 {
        return places;
    }
    let gaps = usize::from(version) / 7 + 1;
    let span = side(version) - 13;
    // Evenly spread and even, counted from the far end; version 32 is the table's one exception.
    let step = if version == 32 { 26 } else { span.div_ceil(gaps).next_multiple_of(2) };
    places.count = gaps + 1;
    places.at[0] = 6;
    for (gap, place) in places.at[1..=gaps].iter_mut().enumerate() {
        *place = side(version) - 7 - (gaps - 1 - gap) * step;
    }
    places
}

/// At most seven coordinates, without an allocation.
pub(super) struct Alignment {
    at: [usize; 7],
    count: usize,
}

impl std::ops::Deref for Alignment {
    type Target = [usize];
    fn deref(&self) -> &[usize] {
        &self.at[..self.count]
    }
}
