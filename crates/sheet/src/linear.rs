//! The face of a stamp with a linear symbol: text above, the symbol below it with its readable
//! interpretation under the bars. Bars are never lower than asked for as long as there is room; text
//! gives way first.

use std::rc::Rc;

use stamp::carrier::{Carrier, Drawing};

use crate::face::{
    Face, LARGEST, LEADING, MM_A_POINT, ONE_LINE, PADDING, Piece, Place, pieces, set,
};
use crate::layout::Area;
use crate::text::{Line, Typesetter};

/// Type on large labels, in parts of their height, up to a size that a warehouse reads from afar.
const TYPE: f64 = 0.12;
const LARGEST_ON_CASES: f64 = 18.0;
/// Between text and bars, in millimetres.
const APART: f64 = 1.5;
/// Bars lower than this are no bars, in millimetres.
const LOWEST: f64 = 2.0;

pub(crate) fn face(
    area: Area,
    carrier: &Carrier,
    lines: &[Rc<Line>],
    setter: &mut Typesetter<'_>,
) -> Face {
    let symbology = carrier.symbology();
    let range = symbology.x_dimension();
    let modules = carrier.drawing().width();
    let allowed = symbology.most_width_mm().unwrap_or(f64::INFINITY);
    let widest = range.most.min(area.width.min(allowed) / modules);
    let height = |x_mm: f64| carrier.drawing_at(x_mm, None).size_mm().1;

    let largest = (area.height * TYPE / MM_A_POINT).clamp(LARGEST, LARGEST_ON_CASES);
    // Text beside a symbol with modules of this width, and at most in half of the paper.
    let beside = |x_mm: f64| {
        let symbol = height(x_mm.min(widest)).max(area.height / 2.0);
        let (width, left) = (area.width - 2.0 * PADDING, area.height - symbol - APART);
        set(lines, Area { x: PADDING, y: 0.0, width, height: left.max(ONE_LINE) }, largest)
    };
    // The symbol is of a good width if the text then is whole, else of the least.
    let mut text = beside(f64::midpoint(range.least, range.target));
    if text.2 {
        text = beside(range.least);
    }
    let (size, parts, cut) = text;
    let text_height = parts.len() as f64 * size * LEADING * MM_A_POINT;
    let taken = if parts.is_empty() { 0.0 } else { text_height + APART };

    // Modules as wide as paper and rules allow; where bars grow with them, also as the height allows.
    let left = area.height - taken;
    let grows = symbology.bar_mm(2.0) != symbology.bar_mm(1.0);
    let x_mm = if grows { widest.min(left / height(1.0)) } else { widest };
    let asked = symbology.bar_mm(x_mm).unwrap_or(LOWEST);
    let beyond = (height(x_mm) - left).max(0.0);
    let bar_mm = if beyond > 1e-9 { (asked - beyond).max(LOWEST) } else { asked };

    let drawing = carrier.drawing_at(x_mm, Some(bar_mm));
    let (wide, high) = drawing.size_mm();
    let above = ((area.height - taken - high) / 2.0).max(0.0);
    let width = area.width - 2.0 * PADDING;
    let place = Place { x: area.x + PADDING, y: area.y + above, width };
    let mut text = pieces(parts, size, &place, true);
    let symbol = (area.x + (area.width - wide) / 2.0, area.y + above + taken);
    text.extend(interpretation(&drawing, symbol, setter));
    Face { symbol, drawing, bar_mm: Some(bar_mm), text, cut }
}

/// The labels of a symbol in our font: figures as high as asked for, unless they must be smaller to
/// keep within their boxes; then all of that height are smaller together, so that they stay alike.
fn interpretation(
    drawing: &Drawing,
    symbol: (f64, f64),
    setter: &mut Typesetter<'_>,
) -> Vec<Piece> {
    let module = drawing.x_mm();
    let lines: Vec<_> = drawing.labels().iter().map(|label| setter.line(&label.text)).collect();
    // Width of a line in type whose figures are a module high.
    let width = |line: &Line| line.width(0..line.glyphs.len()) / setter.figures;
    let squeeze = |height: f64| {
        let alike = drawing.labels().iter().zip(&lines);
        alike
            .filter(|(label, _)| (label.height - height).abs() < 1e-9)
            .map(|(label, line)| label.width / (width(line) * label.height))
            .fold(1.0, f64::min)
    };
    let piece = |(label, line): (&stamp::carrier::Label, &Rc<Line>)| {
        let height = label.height * squeeze(label.height);
        let indent = (label.width - width(line) * height) / 2.0;
        let at =
            (symbol.0 + (label.x + indent) * module, symbol.1 + (label.y + label.height) * module);
        let size = height * module / setter.figures / MM_A_POINT;
        Piece { line: Rc::clone(line), glyphs: 0..line.glyphs.len(), at, size }
    };
    drawing.labels().iter().zip(&lines).map(piece).collect()
}
