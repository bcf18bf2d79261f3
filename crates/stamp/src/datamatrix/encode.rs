//! Chooses the encodation schemes so that a message takes the fewest codewords. A shortest path over
//! (units done, scheme, values waiting) is exact; what the end of a symbol allows beyond that (ISO/IEC
//! 16022:2006, 5.2.5.2, 5.2.7.1, 5.2.8.1) is added where paths end. No other choice is smaller.

use super::table::Size;
use super::values::{Scheme, edifact, values};
use super::write::Writer;
use crate::message::Unit;

/// A stretch of the message in one scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Segment {
    pub(super) scheme: Scheme,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Most bytes in one stretch of base 256 (5.2.9).
const LONGEST_BASE_256: usize = 1555;
/// Up to here its length takes one codeword.
const SHORT_BASE_256: usize = 249;

// States of the path: ASCII; C40, Text and X12 with 0 to 2 values waiting; EDIFACT with 0 to 3.
const ASCII: usize = 0;
const C40: usize = 1;
const TEXT: usize = 4;
const X12: usize = 7;
const EDIFACT: usize = 10;
const STATES: usize = 14;

const TRIPLES: [(usize, Scheme); 3] =
    [(C40, Scheme::C40), (TEXT, Scheme::Text), (X12, Scheme::X12)];

const NEVER: u32 = u32::MAX / 2;

/// How a state was reached: from which state and how many units before.
#[derive(Clone, Copy)]
struct Step {
    state: u8,
    units: u16,
}

#[derive(Clone)]
struct Place {
    cost: [u32; STATES],
    step: [Step; STATES],
}

/// The cheapest ways through a message.
struct Paths {
    places: Vec<Place>,
}

impl Paths {
    fn reach(&mut self, from: (usize, usize), to: (usize, usize), codewords: u32) {
        let cost = self.places[from.0].cost[from.1] + codewords;
        let place = &mut self.places[to.0];
        if cost < place.cost[to.1] {
            place.cost[to.1] = cost;
            place.step[to.1] = Step { state: from.1 as u8, units: (to.0 - from.0) as u16 };
        }
    }

    fn cost(&self, at: usize, state: usize) -> u32 {
        self.places[at].cost[state]
    }

    fn of(units: &[Unit]) -> Self {
        let place = Place { cost: [NEVER; STATES], step: [Step { state: 0, units: 0 }; STATES] };
        let mut paths = Self { places: vec![place; units.len() + 1] };
        paths.places[0].cost[ASCII] = 0;
        for at in 0..=units.len() {
            paths.leave(at);
            paths.enter(at);
            if at < units.len() {
                paths.advance(units, at);
            }
        }
        paths
    }

    /// Back to ASCII: an unlatch codeword, or the value 31 and the rest of a codeword.
    fn leave(&mut self, at: usize) {
        for (state, _) in TRIPLES {
            self.reach((at, state), (at, ASCII), 1);
        }
        for (waiting, codewords) in [1, 2, 3, 3].into_iter().enumerate() {
            self.reach((at, EDIFACT + waiting), (at, ASCII), codewords);
        }
    }

    fn enter(&mut self, at: usize) {
        for state in [C40, TEXT, X12, EDIFACT] {
            self.reach((at, ASCII), (at, state), 1);
        }
    }

    fn advance(&mut self, units: &[Unit], at: usize) {
        let unit = units[at];
        let wide = unit.byte().is_some_and(|byte| byte >= 128);
        self.reach((at, ASCII), (at + 1, ASCII), if wide { 2 } else { 1 });
        if is_pair(&units[at..]) {
            self.reach((at, ASCII), (at + 2, ASCII), 1);
        }
        for (state, scheme) in TRIPLES {
            if let Some(values) = values(scheme, unit) {
                for waiting in 0..3 {
                    let now = waiting + values.as_slice().len();
                    let codewords = now / 3 * 2;
                    let to = (at + 1, state + now % 3);
                    self.reach((at, state + waiting), to, codewords as u32);
                }
            }
        }
        if edifact(unit).is_some() {
            for waiting in 0..4 {
                let full = waiting == 3;
                let to = (at + 1, EDIFACT + (waiting + 1) % 4);
                self.reach((at, EDIFACT + waiting), to, if full { 3 } else { 0 });
            }
        }
        // A stretch of base 256 that starts or ends with a byte below 128 costs no less than one
        // that leaves this byte to ASCII.
        if wide {
            let bytes = units[at..].iter().take(LONGEST_BASE_256).map_while(|unit| unit.byte());
            for (index, byte) in bytes.enumerate() {
                if byte >= 128 {
                    let length = index + 1;
                    let head = if length <= SHORT_BASE_256 { 2 } else { 3 };
                    self.reach((at, ASCII), (at + length, ASCII), head + length as u32);
                }
            }
        }
    }

    /// The stretches of the way that ends at `at` in `state`.
    fn segments(&self, mut at: usize, mut state: usize) -> Vec<Segment> {
        let mut out: Vec<Segment> = Vec::new();
        while at > 0 {
            let step = self.places[at].step[state];
            let (units, before) = (usize::from(step.units), usize::from(step.state));
            if units > 0 {
                let start = at - units;
                let scheme = match before {
                    EDIFACT.. => Scheme::Edifact,
                    X12.. => Scheme::X12,
                    TEXT.. => Scheme::Text,
                    C40.. => Scheme::C40,
                    _ if units > 2 => Scheme::Base256,
                    // A stretch of one or two bytes costs more than ASCII, or as much.
                    _ => Scheme::Ascii,
                };
                match out.last_mut() {
                    Some(last) if last.scheme == scheme && scheme != Scheme::Base256 => {
                        last.start = start;
                    }
                    _ => out.push(Segment { scheme, start, end: at }),
                }
                at = start;
            }
            state = before;
        }
        out.reverse();
        out
    }
}

fn is_pair(units: &[Unit]) -> bool {
    units.len() >= 2 && units[0].is_digit() && units[1].is_digit()
}

/// Codewords of `units` in ASCII alone.
fn in_ascii(units: &[Unit]) -> u32 {
    let (mut at, mut codewords) = (0, 0);
    while at < units.len() {
        codewords += if units[at].byte().is_some_and(|byte| byte >= 128) { 2 } else { 1 };
        at += if is_pair(&units[at..]) { 2 } else { 1 };
    }
    codewords
}

/// A path's end: the units done in which state, the rest being ASCII without an unlatch.
#[derive(Clone, Copy)]
struct End {
    codewords: u32,
    at: usize,
    state: usize,
}

/// The ends of `paths`, the cheapest that fits any symbol with room, and the cheapest that must fill
/// its symbol.
fn ends(paths: &Paths, units: &[Unit]) -> (End, End) {
    let length = units.len();
    let end = |state, rest: u32, at| End { codewords: paths.cost(at, state) + rest, at, state };
    let mut free = end(ASCII, 0, length);
    let mut take = |other: End| {
        if other.codewords < free.codewords {
            free = other;
        }
    };
    for state in [C40, TEXT, X12, EDIFACT] {
        take(end(state, 0, length));
    }
    for at in length.saturating_sub(4)..length {
        let rest = in_ascii(&units[at..]);
        if rest == 1 {
            for (state, _) in TRIPLES {
                take(end(state, rest, at));
            }
        }
        if rest <= 2 {
            take(end(EDIFACT, rest, at));
        }
    }
    // Two values waiting are filled up with a pad value, but only in the last two codewords.
    let padded = [C40 + 2, TEXT + 2].map(|state| end(state, 2, length));
    (free, if padded[1].codewords < padded[0].codewords { padded[1] } else { padded[0] })
}

/// The first of `sizes` that holds the message after the codewords `head`, and its data codewords,
/// padded.
pub(super) fn encode(
    head: &[u8],
    units: &[Unit],
    sizes: impl Iterator<Item = &'static Size>,
) -> Option<(&'static Size, Vec<u8>)> {
    let paths = Paths::of(units);
    let (free, exact) = ends(&paths, units);
    let before = head.len() as u32;
    let fits = |size: &'static Size| {
        let room = size.data as u32;
        if before + free.codewords <= room {
            Some((size, free))
        } else if before + exact.codewords == room {
            Some((size, exact))
        } else {
            None
        }
    };
    let (size, end) = { sizes }.find_map(fits)?;
    let mut segments = paths.segments(end.at, end.state);
    if end.at < units.len() {
        segments.push(Segment { scheme: Scheme::Ascii, start: end.at, end: units.len() });
    }
    Some((size, Writer::new(head, size.data).message(units, &segments)))
}

#[cfg(test)]
#[path = "encode_tests.rs"]
mod tests;
