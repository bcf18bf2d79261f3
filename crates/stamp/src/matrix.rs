//! A rectangle of dark and light modules, as every two-dimensional symbol ends up, and its outlines.
//! Outlines rather than squares: one path of a few hundred corners prints without hairlines between
//! modules and is a third of the size.

/// Columns that a row has room for; the largest symbol, QR version 40, has 177.
const ROOM: usize = 192;

/// Steps right, down, left, up; the dark side of an outline is on its right hand.
const STEPS: [(isize, isize); 4] = [(1, 0), (0, 1), (-1, 0), (0, -1)];

/// Modules of a two-dimensional symbol without its quiet zone; `true` is dark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matrix {
    width: usize,
    /// Column 0 in the lowest bit of the first word.
    rows: Vec<[u64; 3]>,
}

impl Matrix {
    pub(crate) fn of_rows(width: usize, rows: Vec<[u64; 3]>) -> Self {
        debug_assert!(width <= ROOM);
        Self { width, rows }
    }

    /// All light.
    pub(crate) fn light(width: usize, height: usize) -> Self {
        Self::of_rows(width, vec![[0; 3]; height])
    }

    pub(crate) fn darken(&mut self, x: usize, y: usize) {
        self.rows[y][x / 64] |= 1 << (x % 64);
    }

    /// Modules in a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Modules in a column.
    pub fn height(&self) -> usize {
        self.rows.len()
    }

    /// Whether the module in column `x` of row `y` is dark; light outside the symbol.
    pub fn get(&self, x: usize, y: usize) -> bool {
        let word = |row: &[u64; 3]| row.get(x / 64).is_some_and(|word| word >> (x % 64) & 1 == 1);
        self.rows.get(y).is_some_and(word)
    }

    /// Runs of dark modules, row by row: column, row and length of each.
    pub fn runs(&self) -> Vec<(usize, usize, usize)> {
        let mut runs = Vec::new();
        for y in 0..self.height() {
            let mut x = 0;
            while x < self.width {
                let length = (x..self.width).take_while(|&x| self.get(x, y)).count();
                if length > 0 {
                    runs.push((x, y, length));
                }
                x += length + 1;
            }
        }
        runs
    }

    /// Closed outlines of the dark areas, in modules from the symbol's upper left corner, y down.
    /// Outer edges run clockwise and holes anticlockwise, so both fill rules paint the symbol. Only
    /// corners are listed; sides are horizontal and vertical in turn, the first one horizontal.
    pub fn outlines(&self) -> Vec<Vec<(usize, usize)>> {
        let mut walked = vec![[0_u64; 3]; self.height()];
        let mut outlines = Vec::new();
        for y in 0..self.height() {
            for x in 0..self.width {
                // Each outline has an upper edge, walked to the right; start at its left end.
                let edge = self.is_upper_edge(x, y)
                    && !(x > 0 && self.is_upper_edge(x - 1, y))
                    && walked[y][x / 64] >> (x % 64) & 1 == 0;
                if edge {
                    outlines.push(self.walk(x, y, &mut walked));
                }
            }
        }
        outlines
    }

    fn is_upper_edge(&self, x: usize, y: usize) -> bool {
        self.get(x, y) && !(y > 0 && self.get(x, y - 1))
    }

    fn dark(&self, x: isize, y: isize) -> bool {
        match (usize::try_from(x), usize::try_from(y)) {
            (Ok(x), Ok(y)) => self.get(x, y),
            _ => false,
        }
    }

    /// Follows one outline from the left end of an upper edge, back to its start.
    fn walk(&self, x: usize, y: usize, walked: &mut [[u64; 3]]) -> Vec<(usize, usize)> {
        let start = (x as isize, y as isize);
        let (mut at, mut heading) = (start, 0);
        let mut corners = vec![(x, y)];
        loop {
            let (dx, dy) = STEPS[heading];
            if heading == 0 {
                walked[at.1 as usize][at.0 as usize / 64] |= 1 << (at.0 % 64);
            }
            at = (at.0 + dx, at.1 + dy);
            // The two modules ahead of the corner reached, by the corner each has in common.
            let ahead = |side: (isize, isize)| {
                let (sx, sy) = (dx + side.0, dy + side.1);
                self.dark(at.0 + (sx - 1) / 2, at.1 + (sy - 1) / 2)
            };
            let turn = if !ahead((-dy, dx)) {
                1
            } else if ahead((dy, -dx)) {
                3
            } else {
                0
            };
            heading = (heading + turn) % 4;
            if at == start && heading == 0 {
                return corners;
            }
            if turn != 0 {
                corners.push((at.0 as usize, at.1 as usize));
            }
        }
    }
}
