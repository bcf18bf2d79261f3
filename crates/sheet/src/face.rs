//! How the parts of one stamp share its paper. The symbol gets at least the module width that
//! readers need, then text gets as large as it may, then the symbol takes what is left. This is for
//! matrix symbols, which have their text beside or below; linear ones are `linear`'s.

use std::ops::Range;
use std::rc::Rc;

use stamp::carrier::{Carrier, Drawing, Form, Symbology};

use crate::layout::Area;
use crate::linear;
use crate::text::{Line, Typesetter};

/// Sizes of type, in points. Below the least nobody reads it; above the largest nobody gains.
pub(crate) const LARGEST: f64 = 7.0;
const LEAST: f64 = 3.5;
const STEP: f64 = 0.25;
/// From line to line, in sizes of type: Vietnamese stacks two marks on a capital.
pub(crate) const LEADING: f64 = 1.2;
/// From the top of a line to the feet of its letters, in sizes of type.
const ASCENT: f64 = 1.0;
/// Between text and the edge of the paper, in millimetres.
pub(crate) const PADDING: f64 = 0.5;
/// Around symbols whose quiet zones are too narrow to forgive a cut that goes astray, in millimetres.
const EDGE: f64 = 1.0;
/// Papers so much wider than high have the text beside the symbol.
const LANDSCAPE: f64 = 1.4;

pub(crate) const MM_A_POINT: f64 = 25.4 / 72.0;

/// Height of a line in the least type.
pub(crate) const ONE_LINE: f64 = LEAST * LEADING * MM_A_POINT;

/// Where everything of a stamp goes.
pub(crate) struct Face {
    /// Upper left corner of the symbol's quiet zone.
    pub(crate) symbol: (f64, f64),
    /// The symbol, drawn with modules as wide as they are to be.
    pub(crate) drawing: Drawing,
    /// Height of the bars, where there are any.
    pub(crate) bar_mm: Option<f64>,
    pub(crate) text: Vec<Piece>,
    /// Whether text was left out.
    pub(crate) cut: bool,
}

/// Some glyphs of a line, from a point on the base line.
pub(crate) struct Piece {
    pub(crate) line: Rc<Line>,
    pub(crate) glyphs: Range<usize>,
    pub(crate) at: (f64, f64),
    /// In points.
    pub(crate) size: f64,
}

impl Face {
    pub(crate) fn of(
        area: Area,
        carrier: &Carrier,
        lines: &[Rc<Line>],
        setter: &mut Typesetter<'_>,
    ) -> Self {
        match (carrier.form(), carrier.symbology()) {
            (Form::Matrix(_), Symbology::Qr) => Self::matrix(area, carrier, lines, f64::INFINITY),
            (Form::Matrix(_), symbology) => {
                Self::matrix(area.inside(EDGE), carrier, lines, symbology.x_dimension().most)
            }
            (Form::Bars(_), _) => linear::face(area.inside(EDGE), carrier, lines, setter),
        }
    }

    /// A matrix symbol with modules of at most `most` millimetres.
    fn matrix(area: Area, carrier: &Carrier, lines: &[Rc<Line>], most: f64) -> Self {
        let drawing = carrier.drawing();
        let modules = drawing.width().max(drawing.height());
        let least = carrier.symbology().x_dimension().least * modules;
        let most = most * modules;
        let quiet = carrier.symbology().quiet_zone();
        // One module of light is not enough to tell text from symbol at a glance.
        let apart = if quiet.rows < 4 { EDGE } else { 0.0 };
        let landscape = area.width >= area.height * LANDSCAPE;
        let wide = area.height.min(most);
        let room = if landscape {
            let (x, width) = (wide + apart, area.width - wide - apart - PADDING);
            Area { x, y: 0.0, width, height: area.height - 2.0 * PADDING }
        } else {
            // Text may take what the smallest good symbol leaves, at most half of the paper.
            let symbol = least.max(area.height / 2.0);
            let height = (area.height - symbol - PADDING - apart).max(ONE_LINE);
            Area { x: PADDING, y: 0.0, width: area.width - 2.0 * PADDING, height }
        };
        let (size, parts, cut) = set(lines, room, LARGEST);
        let height = parts.len() as f64 * size * LEADING * MM_A_POINT;
        let (side, left, above, top) = if landscape {
            (wide, 0.0, (area.height - wide) / 2.0, (area.height - height) / 2.0)
        } else {
            let taken = if parts.is_empty() { 0.0 } else { height + PADDING + apart };
            let side = area.width.min(area.height - taken).min(most);
            // Symbol and text together in the middle.
            let above = (area.height - side - taken) / 2.0;
            (side, (area.width - side) / 2.0, above, above + side + apart)
        };
        let place = Place { x: area.x + room.x, y: area.y + top, width: room.width };
        let text = pieces(parts, size, &place, !landscape);
        let symbol = (area.x + left, area.y + above);
        let drawing = carrier.drawing_at(side / modules, None);
        Self { symbol, drawing, bar_mm: None, text, cut }
    }
}

/// Where lines of text start, and how wide they may be.
pub(crate) struct Place {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) width: f64,
}

pub(crate) type Parts = Vec<(Rc<Line>, Range<usize>)>;

/// Lines one below the other, from the left or each in the middle.
pub(crate) fn pieces(parts: Parts, size: f64, place: &Place, centred: bool) -> Vec<Piece> {
    let piece = |(row, (line, glyphs)): (usize, (Rc<Line>, Range<usize>))| {
        let width = line.width(glyphs.clone()) * size * MM_A_POINT;
        let indent = if centred { (place.width - width) / 2.0 } else { 0.0 };
        let down = (row as f64 * LEADING + ASCENT) * size * MM_A_POINT;
        Piece { line, glyphs, at: (place.x + indent, place.y + down), size }
    };
    parts.into_iter().enumerate().map(piece).collect()
}

/// The largest type, up to `largest`, in which all lines fit the room without a word cut in two; else
/// the least, with as many lines as fit. Gives the size, the parts, and whether some were left out.
pub(crate) fn set(lines: &[Rc<Line>], room: Area, largest: f64) -> (f64, Parts, bool) {
    let mut size = largest;
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
        size = (size - STEP).max(LEAST);
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
