//! The eight masks and the penalty that chooses among them (ISO/IEC 18004:2015, 7.8). Every rule is
//! evaluated for a whole row of modules at once with shifts and population counts, because choosing
//! the mask is nine tenths of the work of an encoder that looks at modules one by one.

use super::line::{Limbs, Line};

/// Light rows kept above and below the symbol, so that the finder-like rule may look past the edge.
pub(super) const PADDING: usize = 4;
pub(super) const ROWS: usize = 177 + 2 * PADDING;

/// Masks repeat every 12 rows and every 6 columns; 192 columns are 32 such periods.
pub(super) static PATTERNS: [[Limbs; 12]; 8] = patterns();

const fn patterns() -> [[Limbs; 12]; 8] {
    let mut table = [[[0; 3]; 12]; 8];
    let mut mask = 0;
    while mask < 8 {
        let mut y = 0;
        while y < 12 {
            let mut x = 0;
            while x < 192 {
                if inverts(mask, x, y) {
                    table[mask][y][x / 64] |= 1 << (x % 64);
                }
                x += 1;
            }
            y += 1;
        }
        mask += 1;
    }
    table
}

/// Whether the mask inverts the module in column `x` of row `y` (Table 10).
const fn inverts(mask: usize, x: usize, y: usize) -> bool {
    match mask {
        0 => (x + y).is_multiple_of(2),
        1 => y.is_multiple_of(2),
        2 => x.is_multiple_of(3),
        3 => (x + y).is_multiple_of(3),
        4 => (x / 3 + y / 2).is_multiple_of(2),
        5 => x * y % 2 + x * y % 3 == 0,
        6 => (x * y % 2 + x * y % 3).is_multiple_of(2),
        _ => ((x + y) % 2 + x * y % 3).is_multiple_of(2),
    }
}

/// Penalty points of a symbol (Table 11); stops counting above `limit`.
/// Light modules of the quiet zone count for the finder-like rule.
pub(super) fn penalty<L: Line>(rows: &[L; ROWS], side: usize, limit: u32) -> u32 {
    let neighbours = L::columns(side - 1);
    let inside = L::columns(side);
    let mut points = 0;
    let mut dark = 0;
    let mut above = Above::default();
    for y in PADDING..PADDING + side {
        let row = rows[y];
        dark += row.ones();

        // Along the row: bit x says that modules x and x+1 are alike.
        let alike = !(row ^ (row >> 1)) & neighbours;
        let five = alike & alike >> 1 & alike >> 2 & alike >> 3;
        points += run_points(five, five << 1);
        points += 40 * finder_like(|step| row >> step, |step| row << step);

        // Down the columns, the same rules between rows; `down` compares with the row above.
        if y > PADDING {
            let down = !(row ^ rows[y - 1]) & inside;
            points += 3 * (alike & above.alike & down).ones();
            let five = down & above.down[0] & above.down[1] & above.down[2];
            points += run_points(five, above.five);
            above.down = [down, above.down[0], above.down[1]];
            above.five = five;
        }
        above.alike = alike;
        if y + 6 < PADDING + side {
            points +=
                40 * finder_like(|step| rows[y + step as usize], |step| rows[y - step as usize]);
        }
        if points >= limit {
            return points;
        }
    }
    let total = (side * side) as u32;
    // Whole steps of five per cent away from one half.
    points + 10 * ((dark * 20).abs_diff(total * 10) / total)
}

/// What a row needs to know of the rows above it.
#[derive(Default)]
struct Above<L> {
    alike: L,
    down: [L; 3],
    five: L,
}

/// A run of n ≥ 5 alike holds n-4 windows of five and costs n-2 points: one a window, two a run.
fn run_points<L: Line>(windows: L, window_before: L) -> u32 {
    windows.ones() + 2 * (windows & !window_before).ones()
}

/// Counts dark-light-dark-dark-dark-light-dark with four light modules on one side or the other.
/// `after(n)` and `before(n)` give the modules n places on or back; `after(0)` is the place itself.
fn finder_like<L: Line>(after: impl Fn(u32) -> L, before: impl Fn(u32) -> L) -> u32 {
    let core = after(0) & !after(1) & after(2) & after(3) & after(4) & !after(5) & after(6);
    if core == L::default() {
        return 0;
    }
    let dark_before = before(1) | before(2) | before(3) | before(4);
    let dark_after = after(7) | after(8) | after(9) | after(10);
    (core & !(dark_before & dark_after)).ones()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rules of Table 11 spelled out module by module.
    fn plain_penalty(dark: &dyn Fn(isize, isize) -> bool, side: isize) -> u32 {
        let mut points = 0;
        let mut count = 0_u32;
        for y in 0..side {
            for x in 0..side {
                count += u32::from(dark(x, y));
                let square = [(1, 0), (0, 1), (1, 1)];
                if x + 1 < side && y + 1 < side {
                    let same = square.iter().all(|(i, j)| dark(x + i, y + j) == dark(x, y));
                    points += 3 * u32::from(same);
                }
            }
        }
        for along_rows in [true, false] {
            let at = |line, place| if along_rows { dark(place, line) } else { dark(line, place) };
            for line in 0..side {
                let mut run = 1;
                for place in 1..=side {
                    if place < side && at(line, place) == at(line, place - 1) {
                        run += 1;
                    } else {
                        points += if run >= 5 { run - 2 } else { 0 };
                        run = 1;
                    }
                }
                for place in 0..side - 6 {
                    let core = [true, false, true, true, true, false, true];
                    let like = (0..7).all(|n| at(line, place + n) == core[n as usize]);
                    let before = (1..5).all(|n| !at(line, place - n));
                    let after = (7..11).all(|n| !at(line, place + n));
                    points += 40 * u32::from(like && (before || after));
                }
            }
        }
        let total = (side * side) as u32;
        points + 10 * ((count * 20).abs_diff(total * 10) / total)
    }

    fn both_agree<L: Line>(side: usize, seed: u64) {
        let mut state = seed;
        let mut rows = [L::default(); ROWS];
        for row in &mut rows[PADDING..][..side] {
            let limbs = std::array::from_fn(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                // Few changes of colour, so that runs and squares occur.
                (state >> 32).wrapping_mul(0x0f_0000_f00f) & !(state >> 11)
            });
            *row = L::from_limbs(&limbs) & L::columns(side);
        }
        let dark = |x: isize, y: isize| {
            let inside = 0..side as isize;
            inside.contains(&x)
                && inside.contains(&y)
                && rows[PADDING + y as usize].limbs()[x as usize / 64] >> (x % 64) & 1 == 1
        };
        assert_eq!(penalty(&rows, side, u32::MAX), plain_penalty(&dark, side as isize));
    }

    #[test]
    fn counting_whole_rows_gives_the_points_of_counting_modules() {
        for seed in 1..40 {
            both_agree::<u64>(21, seed);
            both_agree::<u64>(61, seed);
            both_agree::<u128>(65, seed);
            both_agree::<u128>(125, seed);
            both_agree::<super::super::line::Wide>(177, seed);
        }
    }
}
