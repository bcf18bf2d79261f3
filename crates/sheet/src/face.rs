//! How the parts of one stamp share its carrier. The symbol gets at least the module width that
//! readers need, then text gets as large as it may, then the symbol takes what is left.

use std::ops::Range;
use std::rc::Rc;

use stamp::qr::{MIN_MODULE_MM, Symbol};

use crate::layout::Area;
use crate::text::Line;

/// Sizes of type, in points. Below the least nobody reads it; above the largest nobody gains.
const LARGEST: f64 = 7.0;
const LEAST: f64 = 3.5;
const STEP: f64 = 0.25;
/// From line to line, in sizes of type: Vietnamese stacks two marks on a capital.
const LEADING: f64 = 1.2;
/// From the top of a line to the feet of its letters, in sizes of type.
const ASCENT: f64 = 1.0;
/// Between text and the edge of the carrier, in millimetres.
const PADDING: f64 = 0.5;
/// Carriers so much wider than high have the text beside the symbol.
const LANDSCAPE: f64 = 1.4;

pub(crate) const MM_A_POINT: f64 = 25.4 / 72.0;

/// Where everything of a stamp goes.
pub(crate) struct Face {
    /// Upper left corner of the symbol's quiet zone.
    pub(crate) symbol: (f64, f64),
    pub(crate) module_mm: f64,
    /// In points.
    pub(crate) size: f64,
    pub(crate) text: Vec<Piece>,
    /// Whether text was left out.
    pub(crate) cut: bool,
}

/// Some glyphs of a line, from a point on the base line.
pub(crate) struct Piece {
    pub(crate) line: Rc<Line>,
    pub(crate) glyphs: Range<usize>,
    pub(crate) at: (f64, f64),
}

impl Face {
    pub(crate) fn of(area: Area, symbol: &Symbol, lines: &[Rc<Line>]) -> Self {
        let landscape = area.width >= area.height * LANDSCAPE;
        let room = if landscape {
            let (x, width) = (area.height, area.width - area.height - PADDING);
            Area { x, y: 0.0, width, height: area.height - 2.0 * PADDING }
        } else {
            // Text may take what the smallest good symbol leaves, at most half of the carrier.
            let symbol = symbol.side_mm(MIN_MODULE_MM).max(area.height / 2.0);
            let one_line = LEAST * LEADING * MM_A_POINT;
            let height = (area.height - symbol - PADDING).max(one_line);
            Area { x: PADDING, y: 0.0, width: area.width - 2.0 * PADDING, height }
        };
        let (size, parts, cut) = set(lines, room);
        let height = parts.len() as f64 * size * LEADING * MM_A_POINT;
        let (side, left, above, top) = if landscape {
            (area.height, 0.0, 0.0, (area.height - height) / 2.0)
        } else {
            let taken = if parts.is_empty() { 0.0 } else { height + PADDING };
            let side = area.width.min(area.height - taken);
            // Symbol and text together in the middle.
            let above = (area.height - side - taken) / 2.0;
            (side, (area.width - side) / 2.0, above, above + side)
        };
        let text = parts
            .into_iter()
            .enumerate()
            .map(|(row, (line, glyphs))| {
                let width = line.width(glyphs.clone()) * size * MM_A_POINT;
                let indent = if landscape { 0.0 } else { (room.width - width) / 2.0 };
                let down = (row as f64 * LEADING + ASCENT) * size * MM_A_POINT;
                Piece { line, glyphs, at: (area.x + room.x + indent, area.y + top + down) }
            })
            .collect();
        let symbol_at = (area.x + left, area.y + above);
        Self { symbol: symbol_at, module_mm: symbol.module_mm(side), size, text, cut }
    }
}

type Parts = Vec<(Rc<Line>, Range<usize>)>;

/// The largest type in which all lines fit the room without a word cut in two; else the least, with
/// as many lines as fit. Gives the size, the parts, and whether some were left out.
fn set(lines: &[Rc<Line>], room: Area) -> (f64, Parts, bool) {
    let mut size = LARGEST;
    loop {
        let (mut parts, words_whole) = wrapped(lines, room.width / (size * MM_A_POINT));
        let fitting = (room.height / (size * LEADING * MM_A_POINT) + 1e-9).floor() as usize;
        if parts.len() <= fitting && words_whole {
            return (size, parts, false);
        }
        if size <= LEAST {
            let cut = parts.len() > fitting;
            parts.truncate(fitting);
            return (size, parts, cut);
        }
        size -= STEP;
    }
}

fn wrapped(lines: &[Rc<Line>], room: f64) -> (Parts, bool) {
    let mut parts = Vec::new();
    let mut words_whole = true;
    for line in lines {
        let (ranges, whole) = line.wrapped(room);
        words_whole &= whole;
        parts.extend(ranges.into_iter().map(|range| (Rc::clone(line), range)));
    }
    (parts, words_whole)
}
