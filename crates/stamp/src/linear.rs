//! Linear symbols as bars: Code 128 (ISO/IEC 15417), EAN/UPC (ISO/IEC 15420), Interleaved 2 of 5
//! (ISO/IEC 16390). These modules know digits and patterns; which number may stand in which symbol,
//! and what is around the bars, is `carrier`'s.

pub(crate) mod code128;
pub(crate) mod ean;
pub(crate) mod itf;

/// A dark bar, in modules from the symbol's left edge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bar {
    pub x: f64,
    pub width: f64,
    /// A guard bar, which reaches below the others (EAN/UPC).
    pub guard: bool,
}

/// The bars of a symbol without its quiet zones, from left to right.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Bars {
    bars: Vec<Bar>,
    width: f64,
}

impl Bars {
    /// Width of the symbol in modules, from the first bar to the last.
    pub fn width(&self) -> f64 {
        self.width
    }

    /// The dark bars.
    pub fn bars(&self) -> &[Bar] {
        &self.bars
    }

    /// Widths of bars and spaces in turn, in modules, starting and ending with a bar.
    pub fn widths(&self) -> Vec<f64> {
        let mut widths = Vec::with_capacity(self.bars.len() * 2);
        let mut at = 0.0;
        for bar in &self.bars {
            if bar.x > at {
                widths.push(bar.x - at);
            }
            widths.push(bar.width);
            at = bar.x + bar.width;
        }
        widths
    }

    /// Adds widths of a bar, a space, a bar, … after what is there.
    fn push(&mut self, widths: impl IntoIterator<Item = f64>, guard: bool) {
        for (index, width) in widths.into_iter().enumerate() {
            if index % 2 == 0 {
                self.bars.push(Bar { x: self.width, width, guard });
            }
            self.width += width;
        }
    }

    /// Adds widths of a space, a bar, a space, … after what is there.
    fn push_light_first(&mut self, widths: impl IntoIterator<Item = f64>, guard: bool) {
        for (index, width) in widths.into_iter().enumerate() {
            if index % 2 == 1 {
                self.bars.push(Bar { x: self.width, width, guard });
            }
            self.width += width;
        }
    }
}
