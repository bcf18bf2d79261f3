//! A canvas that paints shapes given as signed distances in pixels (negative inside), which gives smooth edges
//! without sampling twice.

use image::ExtendedColorType;
use image::codecs::jpeg::JpegEncoder;

use super::shape::Shape;

pub(super) const WIDTH: usize = 960;
pub(super) const HEIGHT: usize = 720;
/// The promise of [`super::picture`].
const MOST_BYTES: usize = 60_000;

/// Red, green, blue in 0..=255.
pub(super) type Colour = [f32; 3];

/// A colour as designers write it: `0x2F_6B_3A`.
pub(super) const fn hex(code: u32) -> Colour {
    [((code >> 16) & 255) as f32, ((code >> 8) & 255) as f32, (code & 255) as f32]
}

/// `a` where `t` is 0, `b` where it is 1.
pub(super) fn mix(a: Colour, b: Colour, t: f32) -> Colour {
    let t = t.clamp(0.0, 1.0);
    [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t]
}

/// Darker (below 1) or lighter.
pub(super) fn shade(colour: Colour, factor: f32) -> Colour {
    colour.map(|part| (part * factor).clamp(0.0, 255.0))
}

pub(super) const WHITE: Colour = hex(0xFF_FF_FF);

pub(super) struct Canvas {
    pixels: Vec<Colour>,
}

impl Canvas {
    pub(super) fn new() -> Self {
        Self { pixels: vec![WHITE; WIDTH * HEIGHT] }
    }

    /// Paints a shape with one colour.
    pub(super) fn fill(&mut self, shape: &Shape, colour: Colour) {
        self.paint(shape, 1.0, |_, _| colour);
    }

    /// Paints a shape from one colour at its top to another at its foot.
    pub(super) fn fade(&mut self, shape: &Shape, top: Colour, foot: Colour) {
        let [_, y0, _, y1] = shape.bounds();
        self.paint(shape, 1.0, |_, y| mix(top, foot, (y - y0) / (y1 - y0)));
    }

    /// Paints a shape as a round thing lit from the upper left.
    pub(super) fn ball(&mut self, shape: &Shape, colour: Colour) {
        let [x0, y0, x1, y1] = shape.bounds();
        let (cx, cy) = (x0 + (x1 - x0) * 0.36, y0 + (y1 - y0) * 0.3);
        let reach = ((x1 - x0).max(y1 - y0) * 0.75).max(1.0);
        self.paint(shape, 1.0, |x, y| {
            let t = ((x - cx).hypot(y - cy) / reach).min(1.0);
            mix(mix(colour, WHITE, 0.3), shade(colour, 0.62), t.sqrt() * t)
        });
    }

    /// Paints a shape with a colour for every point; `alpha` 0..=1.
    pub(super) fn paint(&mut self, shape: &Shape, alpha: f32, colour: impl Fn(f32, f32) -> Colour) {
        let [x0, y0, x1, y1] = shape.bounds();
        let columns = clip(x0, x1, WIDTH);
        for row in clip(y0, y1, HEIGHT) {
            let y = row as f32 + 0.5;
            for column in columns.clone() {
                let x = column as f32 + 0.5;
                let cover = (0.5 - shape.distance(x, y)).clamp(0.0, 1.0) * alpha;
                if cover > 0.0 {
                    let pixel = &mut self.pixels[row * WIDTH + column];
                    *pixel = mix(*pixel, colour(x, y), cover);
                }
            }
        }
    }

    /// Darkens an ellipse that fades towards its edge.
    pub(super) fn shadow(&mut self, (cx, cy): (f32, f32), (rx, ry): (f32, f32), strength: f32) {
        self.glow((cx, cy), (rx, ry), hex(0x14_18_10), strength);
    }

    /// Tints an ellipse that fades towards its edge.
    pub(super) fn glow(
        &mut self,
        (cx, cy): (f32, f32),
        (rx, ry): (f32, f32),
        colour: Colour,
        strength: f32,
    ) {
        let columns = clip(cx - rx, cx + rx, WIDTH);
        for row in clip(cy - ry, cy + ry, HEIGHT) {
            let dy = (row as f32 + 0.5 - cy) / ry;
            for column in columns.clone() {
                let dx = (column as f32 + 0.5 - cx) / rx;
                let inside = 1.0 - (dx * dx + dy * dy);
                if inside > 0.0 {
                    let pixel = &mut self.pixels[row * WIDTH + column];
                    *pixel = mix(*pixel, colour, strength * inside * inside);
                }
            }
        }
    }

    /// The canvas as JPEG, at the best of four qualities that keeps the promised size.
    pub(super) fn jpeg(&self) -> Vec<u8> {
        let bytes: Vec<u8> =
            self.pixels.iter().flatten().map(|part| part.clamp(0.0, 255.0).round() as u8).collect();
        let mut jpeg = Vec::new();
        for quality in [84, 74, 60, 40] {
            jpeg.clear();
            JpegEncoder::new_with_quality(&mut jpeg, quality)
                .encode(&bytes, WIDTH as u32, HEIGHT as u32, ExtendedColorType::Rgb8)
                .expect("writing to memory does not fail and the size is constant");
            if jpeg.len() < MOST_BYTES {
                break;
            }
        }
        jpeg
    }
}

/// Pixels that a span may touch.
fn clip(low: f32, high: f32, size: usize) -> std::ops::Range<usize> {
    let low = (low - 1.0).max(0.0) as usize;
    let high = ((high + 2.0).max(0.0) as usize).min(size);
    low.min(high)..high
}
