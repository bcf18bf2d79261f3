//! Where the bits of codewords go (ISO/IEC 16022:2006, 5.8 and Annex F). Each codeword is a bent
//! shape of eight modules; the shapes are laid along diagonals, up and down in turn, and wrap around
//! the edges. Afterwards the matrix is cut into regions and each gets its finder.

use super::table::Size;
use crate::Matrix;

/// A codeword's modules from its most significant bit on, as steps down and right from its last.
const SHAPE: [(isize, isize); 8] =
    [(-2, -2), (-2, -1), (-1, -2), (-1, -1), (-1, 0), (0, -2), (0, -1), (0, 0)];

/// The four shapes that a codeword takes in a corner. A row or column below zero counts from the
/// far edge: -1 is the last one.
const CORNERS: [[(isize, isize); 8]; 4] = [
    [(-1, 0), (-1, 1), (-1, 2), (0, -2), (0, -1), (1, -1), (2, -1), (3, -1)],
    [(-3, 0), (-2, 0), (-1, 0), (0, -4), (0, -3), (0, -2), (0, -1), (1, -1)],
    [(-3, 0), (-2, 0), (-1, 0), (0, -2), (0, -1), (1, -1), (2, -1), (3, -1)],
    [(-1, 0), (-1, -1), (0, -3), (0, -2), (0, -1), (1, -3), (1, -2), (1, -1)],
];

/// The symbol of `codewords`, which must be all of `size`.
pub(super) fn place(codewords: &[u8], size: &Size) -> Matrix {
    let (rows, columns) = size.mapping();
    let mut grid = Grid {
        rows: rows as isize,
        columns: columns as isize,
        taken: vec![false; rows * columns],
        dark: vec![false; rows * columns],
        codewords: codewords.iter(),
    };
    grid.fill();
    finish(&grid, size)
}

struct Grid<'a> {
    rows: isize,
    columns: isize,
    taken: Vec<bool>,
    dark: Vec<bool>,
    codewords: std::slice::Iter<'a, u8>,
}

impl Grid<'_> {
    fn index(&self, row: isize, column: isize) -> usize {
        (row * self.columns + column) as usize
    }

    fn put(&mut self, row: isize, column: isize, dark: bool) {
        let index = self.index(row, column);
        self.taken[index] = true;
        self.dark[index] = dark;
    }

    fn fill(&mut self) {
        let (rows, columns) = (self.rows, self.columns);
        let (mut row, mut column) = (4, 0);
        while row < rows || column < columns {
            let corner = match (row, column) {
                (row, 0) if row == rows => Some(0),
                (row, 0) if row == rows - 2 && columns % 8 == 4 => Some(2),
                (row, 0) if row == rows - 2 && columns % 4 != 0 => Some(1),
                (row, 2) if row == rows + 4 && columns % 8 == 0 => Some(3),
                _ => None,
            };
            if let Some(corner) = corner {
                self.corner(&CORNERS[corner]);
            }
            loop {
                if row < rows && column >= 0 {
                    self.codeword(row, column);
                }
                (row, column) = (row - 2, column + 2);
                if row < 0 || column >= columns {
                    break;
                }
            }
            (row, column) = (row + 1, column + 3);
            loop {
                if row >= 0 && column < columns {
                    self.codeword(row, column);
                }
                (row, column) = (row + 2, column - 2);
                if row >= rows || column < 0 {
                    break;
                }
            }
            (row, column) = (row + 3, column + 1);
        }
        // Four modules that no codeword reaches: a fixed pattern (F.3).
        if !self.taken[self.index(rows - 1, columns - 1)] {
            self.put(rows - 1, columns - 1, true);
            self.put(rows - 2, columns - 2, true);
        }
    }

    /// Lays the next codeword with its last bit at the place given, unless something lies there.
    fn codeword(&mut self, row: isize, column: isize) {
        if self.taken[self.index(row, column)] {
            return;
        }
        let codeword = self.codewords.next().copied().unwrap_or(0);
        for (bit, (down, right)) in SHAPE.into_iter().enumerate() {
            let (mut row, mut column) = (row + down, column + right);
            if row < 0 {
                row += self.rows;
                column += 4 - (self.rows + 4) % 8;
            }
            if column < 0 {
                column += self.columns;
                row += 4 - (self.columns + 4) % 8;
            }
            self.put(row, column, codeword >> (7 - bit) & 1 == 1);
        }
    }

    fn corner(&mut self, places: &[(isize, isize); 8]) {
        let codeword = self.codewords.next().copied().unwrap_or(0);
        for (bit, &(row, column)) in places.iter().enumerate() {
            let row = if row < 0 { self.rows + row } else { row };
            let column = if column < 0 { self.columns + column } else { column };
            self.put(row, column, codeword >> (7 - bit) & 1 == 1);
        }
    }
}

/// Cuts the grid into regions and draws around each: solid left and below, broken above and right.
fn finish(grid: &Grid<'_>, size: &Size) -> Matrix {
    let mut matrix = Matrix::light(size.columns, size.rows);
    let (high, wide) = (size.rows / size.regions.0, size.columns / size.regions.1);
    for y in 0..size.rows {
        for x in 0..size.columns {
            let (inner_x, inner_y) = (x % wide, y % high);
            let dark = if inner_x == 0 || inner_y == high - 1 {
                true
            } else if inner_y == 0 {
                inner_x % 2 == 0
            } else if inner_x == wide - 1 {
                inner_y % 2 == 1
            } else {
                let row = y / high * (high - 2) + inner_y - 1;
                let column = x / wide * (wide - 2) + inner_x - 1;
                grid.dark[grid.index(row as isize, column as isize)]
            };
            if dark {
                matrix.darken(x, y);
            }
        }
    }
    matrix
}

#[cfg(test)]
mod tests {
    use super::super::table::SIZES;
    use super::*;

    #[test]
    fn every_codeword_of_every_size_is_laid_once() {
        for size in &SIZES {
            let (rows, columns) = size.mapping();
            let total = size.data + size.ecc * size.blocks;
            let codewords = vec![0xff; total];
            let mut grid = Grid {
                rows: rows as isize,
                columns: columns as isize,
                taken: vec![false; rows * columns],
                dark: vec![false; rows * columns],
                codewords: codewords.iter(),
            };
            grid.fill();
            assert_eq!(grid.codewords.len(), 0, "{size:?}");
            let dark = grid.dark.iter().filter(|dark| **dark).count();
            // Two of the four modules of a fixed corner are dark.
            assert_eq!(dark, total * 8 + (rows * columns % 8) / 2, "{size:?}");
        }
    }
}
