//! A symbol as outlines, SVG and text for a terminal. Outlines rather than squares: one path of a
//! few hundred corners prints without hairlines between modules and is a third of the size.

use std::fmt::Write as _;

use super::{QUIET_ZONE, Symbol};

/// Steps right, down, left, up; the dark side of an outline is on its right hand.
const STEPS: [(isize, isize); 4] = [(1, 0), (0, 1), (-1, 0), (0, -1)];

impl Symbol {
    /// Closed outlines of the dark areas, in modules from the symbol's upper left corner, y down.
    /// Outer edges run clockwise and holes anticlockwise, so both fill rules paint the symbol. Only
    /// corners are listed; sides are horizontal and vertical in turn, the first one horizontal.
    pub fn outlines(&self) -> Vec<Vec<(usize, usize)>> {
        let size = self.size();
        let mut walked = vec![[0_u64; 3]; size];
        let mut outlines = Vec::new();
        for y in 0..size {
            for x in 0..size {
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

    /// The outlines as SVG path data in whole modules, moved by `quiet` modules right and down.
    pub fn svg_path(&self, quiet: usize) -> String {
        let mut path = String::with_capacity(self.size() * self.size() * 2);
        for outline in self.outlines() {
            let (mut x, mut y) = outline[0];
            // Writing to a String cannot fail.
            let _ = write!(path, "M{} {}", x + quiet, y + quiet);
            for &(next_x, next_y) in &outline[1..] {
                if next_x == x {
                    let _ = write!(path, "v{}", next_y as isize - y as isize);
                } else {
                    let _ = write!(path, "h{}", next_x as isize - x as isize);
                }
                (x, y) = (next_x, next_y);
            }
            path.push('z');
        }
        path
    }

    /// A complete SVG picture, one unit a module, black on white, with `quiet` light modules
    /// around ([`QUIET_ZONE`] unless the page itself leaves them).
    pub fn to_svg(&self, quiet: usize) -> String {
        let side = self.size() + 2 * quiet;
        let path = self.svg_path(quiet);
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" \
             shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{side}v{side}h-{side}z\"/>\
             <path d=\"{path}\"/></svg>"
        )
    }

    /// Two modules a character, quiet zone included, a line feed after each line. Light modules are
    /// the inked ones, so it reads right on a terminal with light letters on a dark ground; see
    /// [`Symbol::terminal_coloured`] for one that may be either.
    pub fn terminal(&self) -> String {
        let side = self.size() + 2 * QUIET_ZONE;
        let light =
            |x: usize, y: usize| !self.get(x.wrapping_sub(QUIET_ZONE), y.wrapping_sub(QUIET_ZONE));
        let mut text = String::with_capacity(side * side * 2);
        for y in (0..side).step_by(2) {
            for x in 0..side {
                // The side is odd: the last line has only its upper half.
                text.push(match (light(x, y), y + 1 < side && light(x, y + 1)) {
                    (true, true) => '█',
                    (true, false) => '▀',
                    (false, true) => '▄',
                    (false, false) => ' ',
                });
            }
            text.push('\n');
        }
        text
    }

    /// As [`Symbol::terminal`], with every line set to white on black by an ANSI colour sequence.
    pub fn terminal_coloured(&self) -> String {
        self.terminal().lines().fold(String::new(), |mut text, line| {
            let _ = writeln!(text, "\x1b[38;5;231;48;5;16m{line}\x1b[0m");
            text
        })
    }
}
