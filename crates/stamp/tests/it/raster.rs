//! Drawings turned into pictures for decoders, by the even-odd rule over their outlines, so that what
//! is decoded is what a printer would be given and not our own matrix.

use stamp::Matrix;
use stamp::carrier::Drawing;

/// Pixels a module: a multiple of 2, so that the 2.5 modules of ITF-14 are whole pixels.
const SCALE: f64 = 4.0;

/// A grey picture (PGM) with a light border beyond the quiet zones above and below.
pub(crate) fn picture(drawing: &Drawing) -> Vec<u8> {
    let border = 10;
    let pixel = |modules: f64| (modules * SCALE).round() as usize;
    let (width, height) = (pixel(drawing.width()), pixel(drawing.height()));
    let mut crossings = vec![0_u8; (width + 1) * height];
    for outline in drawing.outlines() {
        for (index, &(x, from)) in outline.iter().enumerate() {
            let (next_x, to) = outline[(index + 1) % outline.len()];
            if pixel(x) == pixel(next_x) {
                for y in pixel(from.min(to))..pixel(from.max(to)) {
                    crossings[y * (width + 1) + pixel(x)] += 1;
                }
            }
        }
    }
    let (wide, high) = (width + 2 * border, height + 2 * border);
    let mut out = format!("P5 {wide} {high} 255\n").into_bytes();
    out.resize(out.len() + border * wide, 255);
    for row in crossings.chunks(width + 1) {
        out.resize(out.len() + border, 255);
        let mut dark = false;
        for crossed in &row[..width] {
            dark ^= crossed % 2 == 1;
            out.push(if dark { 0 } else { 255 });
        }
        out.resize(out.len() + border, 255);
    }
    out.resize(out.len() + border * wide, 255);
    out
}

/// A matrix by its modules, with light ones around.
pub(crate) fn matrix_picture(matrix: &Matrix, quiet: usize) -> Vec<u8> {
    let scale = SCALE as usize;
    let border = (quiet + 2) * scale;
    let (wide, high) = (matrix.width() * scale + 2 * border, matrix.height() * scale + 2 * border);
    let mut out = format!("P5 {wide} {high} 255\n").into_bytes();
    for y in 0..high {
        for x in 0..wide {
            let dark = x >= border
                && y >= border
                && matrix.get((x - border) / scale, (y - border) / scale);
            out.push(if dark { 0 } else { 255 });
        }
    }
    out
}

/// A picture of ours with each pixel `times` as wide and high.
pub(crate) fn magnified(picture: &[u8], times: usize) -> Vec<u8> {
    let line = picture.iter().position(|&byte| byte == b'\n').expect("a first line");
    let head = std::str::from_utf8(&picture[..line]).expect("ASCII");
    let sides: Vec<usize> = head.split(' ').skip(1).map_while(|word| word.parse().ok()).collect();
    let (wide, high) = (sides[0], sides[1]);
    let pixels = &picture[line + 1..];
    let mut out = format!("P5 {} {} 255\n", wide * times, high * times).into_bytes();
    for y in 0..high * times {
        for x in 0..wide * times {
            out.push(pixels[y / times * wide + x / times]);
        }
    }
    out
}
