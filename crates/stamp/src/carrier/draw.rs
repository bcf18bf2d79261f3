//! A carrier in vectors: closed outlines and the places of readable text, in modules from the upper
//! left corner of the quiet zone, y down. Multiplied by the X-dimension they are millimetres on paper.

use std::fmt::Write as _;

use super::{Bearer, Carrier, Form, Symbology};
use crate::linear::Bars;

/// How far guard bars reach below the others (ISO/IEC 15420:2009, 4.3.7), in modules.
const GUARD: f64 = 5.0;
/// Between the bars of EAN/UPC and their readable text, in modules.
const GAP: f64 = 1.0;
/// Between the other linear symbols and their readable text, in millimetres (asked of ITF-14 by
/// General Specifications 5.3.2.5).
const GAP_MM: f64 = 1.02;
/// Height of the readable text of EAN/UPC, in modules; about 2.75 mm at the target X-dimension.
const EAN_TEXT: f64 = 8.0;
/// Height of the readable text of the other linear symbols, in millimetres. General Specifications
/// 4.14 asks for 2 at least, and 3 on logistic labels.
const TEXT_MM: f64 = 3.0;
/// Thickness of ITF-14's frame, in millimetres whatever the X-dimension is (General Specifications
/// 5.3.2.4).
const FRAME_MM: f64 = 4.83;

/// Readable text and the box it stands in, in modules.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    pub text: String,
    /// Left edge.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// The text is centred in this width and must not exceed it.
    pub width: f64,
    /// Of a figure or capital.
    pub height: f64,
}

/// A carrier drawn for one X-dimension.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawing {
    x_mm: f64,
    width: f64,
    height: f64,
    outlines: Vec<Vec<(f64, f64)>>,
    labels: Vec<Label>,
}

impl Carrier {
    /// Drawn at the target X-dimension; see [`Carrier::drawing_at`].
    pub fn drawing(&self) -> Drawing {
        self.drawing_at(self.symbology.x_dimension().target, None)
    }

    /// Drawn with modules of `x_mm` millimetres and bars of `bar_mm`, or of the height that the
    /// General Specifications ask for; a width that is no positive number is taken as the target, a
    /// height as none. Quiet zones and the text under linear symbols are included;
    /// where the text of a matrix symbol goes is for the label's design.
    pub fn drawing_at(&self, x_mm: f64, bar_mm: Option<f64>) -> Drawing {
        let sensible = |mm: &f64| *mm > 0.0 && mm.is_finite();
        let target = self.symbology.x_dimension().target;
        let x_mm = Some(x_mm).filter(sensible).unwrap_or(target);
        let bar_mm = bar_mm.filter(sensible);
        let quiet = self.symbology.quiet_zone();
        let [left, right, rows] = [quiet.left, quiet.right, quiet.rows].map(f64::from);
        match &self.form {
            Form::Matrix(matrix) => {
                let move_in = |(x, y): (usize, usize)| (x as f64 + left, y as f64 + rows);
                let outlines = matrix.outlines().into_iter();
                Drawing {
                    x_mm,
                    width: matrix.width() as f64 + left + right,
                    height: matrix.height() as f64 + 2.0 * rows,
                    outlines: outlines.map(|o| o.into_iter().map(move_in).collect()).collect(),
                    labels: Vec::new(),
                }
            }
            Form::Bars(bars) => {
                let bar_mm = bar_mm.or(self.symbology.bar_mm(x_mm)).unwrap_or(0.0);
                let tall = bar_mm / x_mm;
                self.linear(bars, [left, right], x_mm, tall)
            }
        }
    }

    fn linear(&self, bars: &Bars, [left, right]: [f64; 2], x_mm: f64, tall: f64) -> Drawing {
        let (border, thick) = match self.bearer {
            None => (0.0, 0.0),
            Some(Bearer::Bars) => (0.0, 2.0),
            Some(Bearer::Frame) => (FRAME_MM / x_mm, FRAME_MM / x_mm),
        };
        let width = left + bars.width() + right + 2.0 * border;
        let start = border + left;
        let mut drawing =
            Drawing { x_mm, width, height: 0.0, outlines: Vec::new(), labels: Vec::new() };
        for bar in bars.bars() {
            let height = if bar.guard { tall + GUARD } else { tall };
            drawing.rectangle(start + bar.x, thick, bar.width, height);
        }
        if self.bearer.is_some() {
            // The bars of a frame reach over the quiet zones, as its sides do.
            let (x, span) = if border > 0.0 { (0.0, width) } else { (start, bars.width()) };
            drawing.rectangle(x, 0.0, span, thick);
            drawing.rectangle(x, thick + tall, span, thick);
            if border > 0.0 {
                drawing.rectangle(0.0, thick, border, tall);
                drawing.rectangle(width - border, thick, border, tall);
            }
        }
        let gap = match self.symbology {
            Symbology::Gs1128 | Symbology::Itf14 => GAP_MM / x_mm,
            _ => GAP,
        };
        let below = thick + tall + thick + gap;
        self.labels(&mut drawing, start, bars.width(), below);
        // Brackets, commas and small letters reach below the line.
        let texts = drawing.labels.iter().map(|label| label.y + label.height * 1.3);
        drawing.height = texts.fold(thick + tall + thick, f64::max);
        if bars.bars().iter().any(|bar| bar.guard) {
            drawing.height = drawing.height.max(tall + GUARD);
        }
        drawing
    }

    /// Text under the bars, which start at `start` and are `width` wide.
    fn labels(&self, drawing: &mut Drawing, start: f64, width: f64, y: f64) {
        let height = EAN_TEXT;
        let mut put = |text: &str, x: f64, width: f64, height: f64| {
            drawing.labels.push(Label { text: text.to_owned(), x: start + x, y, width, height });
        };
        let line = self.hri.first().map_or("", String::as_str);
        let parts: Vec<&str> = line.split(' ').collect();
        match (self.symbology, parts.as_slice()) {
            (Symbology::Ean13, [first, left, right]) => {
                put(first, -9.0, 7.0, height);
                put(left, 4.0, 40.0, height);
                put(right, 51.0, 40.0, height);
            }
            (Symbology::Ean8, [left, right]) => {
                put(left, 4.0, 26.0, height);
                put(right, 37.0, 26.0, height);
            }
            // The first and the last digit are at most four modules wide and stand five from the bars
            // (General Specifications 5.2.5). Three at the right of UPC-E, whose quiet zone has room for
            // no more, were not verified.
            (Symbology::UpcA, [first, left, right, check]) => {
                put(first, -9.0, 4.0, height * 0.75);
                put(left, 11.0, 33.0, height);
                put(right, 51.0, 33.0, height);
                put(check, 100.0, 4.0, height * 0.75);
            }
            (Symbology::UpcE, [first, six, check]) => {
                put(first, -9.0, 4.0, height * 0.75);
                put(six, 4.0, 40.0, height);
                put(check, 54.0, 4.0, height * 0.75);
            }
            _ => {
                let all: String = self.hri.iter().map(|line| line.replacen(") ", ")", 1)).collect();
                let height = TEXT_MM / drawing.x_mm;
                put(&all, 0.0, width, height);
            }
        }
    }
}

impl Drawing {
    /// Width of a module, in millimetres.
    pub fn x_mm(&self) -> f64 {
        self.x_mm
    }

    /// Modules across, quiet zones included.
    pub fn width(&self) -> f64 {
        self.width
    }

    /// Modules down, quiet zones and text included.
    pub fn height(&self) -> f64 {
        self.height
    }

    /// Width and height on paper, in millimetres.
    pub fn size_mm(&self) -> (f64, f64) {
        (self.width * self.x_mm, self.height * self.x_mm)
    }

    /// Closed outlines of the dark areas, sides horizontal and vertical in turn, the first one
    /// horizontal. Both fill rules paint the symbol.
    pub fn outlines(&self) -> &[Vec<(f64, f64)>] {
        &self.outlines
    }

    /// Readable text.
    pub fn labels(&self) -> &[Label] {
        &self.labels
    }

    fn rectangle(&mut self, x: f64, y: f64, width: f64, height: f64) {
        let (right, bottom) = (x + width, y + height);
        self.outlines.push(vec![(x, y), (right, y), (right, bottom), (x, bottom)]);
    }

    /// The outlines as SVG path data, in modules.
    pub fn svg_path(&self) -> String {
        let mut path = String::new();
        for outline in &self.outlines {
            for (index, &(x, y)) in outline.iter().enumerate() {
                // Writing to a String cannot fail.
                let _ = match index {
                    0 => write!(path, "M{} {}", Short(x), Short(y)),
                    _ if index % 2 == 1 => write!(path, "H{}", Short(x)),
                    _ => write!(path, "V{}", Short(y)),
                };
            }
            path.push('z');
        }
        path
    }

    /// A complete SVG picture in true size, black on white.
    pub fn to_svg(&self) -> String {
        let (width, height) = (Short(self.width), Short(self.height));
        let (wide, high) = (Short(self.size_mm().0), Short(self.size_mm().1));
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{wide}mm\" height=\"{high}mm\" \
             viewBox=\"0 0 {width} {height}\"><path fill=\"#fff\" d=\"M0 0H{width}V{height}H0z\"/>\
             <path d=\"{}\"/>",
            self.svg_path()
        );
        for label in &self.labels {
            // Figures are about 0.7 of the size of type, and a monospaced one about 0.6 wide.
            let size = label.height / 0.7;
            let natural = size * 0.6 * label.text.chars().count() as f64;
            let _ = write!(
                svg,
                "<text x=\"{}\" y=\"{}\" font-size=\"{}\" font-family=\"OCRB,OCR-B,monospace\" \
                 text-anchor=\"middle\" textLength=\"{}\" lengthAdjust=\"spacingAndGlyphs\">{}</text>",
                Short(label.x + label.width / 2.0),
                Short(label.y + label.height),
                Short(size),
                Short(label.width.min(natural)),
                escaped(&label.text)
            );
        }
        svg.push_str("</svg>");
        svg
    }
}

/// A number with at most three decimals, a thousandth of a module being finer than any print. By
/// whole numbers, because a path has hundreds and writing floating ones takes most of its time.
struct Short(f64);

impl std::fmt::Display for Short {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let thousandths = (self.0 * 1000.0).round() as i64;
        let (whole, rest) = (thousandths.abs() / 1000, thousandths.abs() % 1000);
        if thousandths < 0 {
            f.write_str("-")?;
        }
        write!(f, "{whole}")?;
        match rest {
            0 => Ok(()),
            _ if rest % 100 == 0 => write!(f, ".{}", rest / 100),
            _ if rest % 10 == 0 => write!(f, ".{:02}", rest / 10),
            _ => write!(f, ".{rest:03}"),
        }
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
