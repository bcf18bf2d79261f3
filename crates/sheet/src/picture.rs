//! The first page of an order as SVG in millimetres, so that a screen shows it in true size. Faces are
//! the very ones that the PDF has; only the shapes of letters are the screen's.

use std::fmt::Write as _;

use crate::face::{Face, MM_A_POINT};
use crate::layout::{Area, Pages};
use crate::press::Press;
use crate::{Sheet, SheetError, Warning};

/// What the first page looks like.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// An `svg` element of the class `stamp-sheet`.
    pub svg: String,
    /// Width of a module of the smallest symbols, in millimetres.
    pub module_mm: f64,
    /// Of the stamps that were drawn.
    pub warnings: Vec<Warning>,
}

/// Draws the first page of an order that has `stamps` stamps in all, of which the first ones are given;
/// the others are shown as frames. `label` is read to who does not see the picture.
pub fn picture(
    order: &Sheet,
    stamps: usize,
    label: &str,
    font: &[u8],
) -> Result<Picture, SheetError> {
    let pages = Pages::of(order.layout)?;
    let mut press = Press::new(font)?;
    let (w, h) = (pages.width, pages.height);
    let mut svg = format!(
        r##"<svg class="stamp-sheet" width="{w}mm" height="{h}mm" viewBox="0 0 {w} {h}" role="img" aria-label="{}"><path fill="#fff" d="M0 0h{w}v{h}H0z"/>"##,
        escaped(label)
    );
    for place in 0..pages.stamps_a_page().min(stamps) {
        let area = pages.area(place);
        frame(&mut svg, area);
        if let Some(stamp) = order.stamps.get(place) {
            face(&mut svg, &press.face(place, area, stamp)?);
        }
    }
    svg.push_str("</svg>");
    Ok(Picture { svg, module_mm: press.module_mm, warnings: press.warnings() })
}

/// Writing to a String cannot fail, so results are let go.
fn frame(svg: &mut String, area: Area) {
    let Area { x, y, width, height } = area;
    let _ = write!(
        svg,
        r##"<path fill="none" stroke="#999" stroke-width=".15" d="M{x:.2} {y:.2}h{width:.2}v{height:.2}h-{width:.2}z"/>"##
    );
}

fn face(svg: &mut String, face: &Face) {
    let _ = write!(
        svg,
        r#"<path transform="translate({:.3} {:.3}) scale({:.5})" d="{}"/>"#,
        face.symbol.0,
        face.symbol.1,
        face.drawing.x_mm(),
        face.drawing.svg_path()
    );
    for piece in &face.text {
        let glyphs = &piece.line.glyphs[piece.glyphs.clone()];
        let (Some(first), Some(last)) = (glyphs.first(), glyphs.last()) else { continue };
        let text = &piece.line.text[first.text_range.start..last.text_range.end];
        let size = piece.size * MM_A_POINT;
        let _ = write!(
            svg,
            r#"<text x="{:.2}" y="{:.2}" font-size="{size:.2}" textLength="{:.2}" lengthAdjust="spacingAndGlyphs">{}</text>"#,
            piece.at.0,
            piece.at.1,
            piece.line.width(piece.glyphs.clone()) * size,
            escaped(text)
        );
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
