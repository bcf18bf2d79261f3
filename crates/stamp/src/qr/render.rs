//! A symbol as SVG and as text for a terminal. Its outlines, of which the SVG is made, are the
//! matrix's; paper is `sheet`'s.

use std::fmt::Write as _;

use super::{QUIET_ZONE, Symbol};

impl Symbol {
    /// Closed outlines of the dark areas; see [`Matrix::outlines`](crate::Matrix::outlines).
    pub fn outlines(&self) -> Vec<Vec<(usize, usize)>> {
        self.matrix.outlines()
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
