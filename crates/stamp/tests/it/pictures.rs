//! Drawings of a symbol give back the symbol, module by module.

use stamp::qr::{Level, QUIET_ZONE, Symbol, encode};

use crate::links::{links, mixtures};

fn symbols() -> Vec<Symbol> {
    let texts = links(10).into_iter().chain(mixtures(30));
    texts.map(|text| encode(text, Level::Q).expect("short enough")).collect()
}

/// Fills path data of the kind that we write, by the even-odd rule: counts upright edges to the
/// left of each module's centre.
fn filled(path: &str, side: usize) -> Vec<Vec<bool>> {
    let mut crossings = vec![vec![0; side]; side];
    for outline in path.split_terminator('z') {
        let mut rest = outline.strip_prefix('M').expect("starts with M");
        let end = rest.find(['h', 'v']).expect("has sides");
        let (x, y) = rest[..end].split_once(' ').expect("two numbers");
        let start: (i64, i64) = (x.parse().expect("x"), y.parse().expect("y"));
        let mut at = start;
        rest = &rest[end..];
        let mut upright = |x: i64, from: i64, to: i64| {
            for y in from.min(to)..from.max(to) {
                for cell in &mut crossings[y as usize][x as usize..] {
                    *cell += 1;
                }
            }
        };
        while !rest.is_empty() {
            let end = rest[1..].find(['h', 'v']).map_or(rest.len(), |end| end + 1);
            let step: i64 = rest[1..end].parse().expect("a number");
            if rest.starts_with('h') {
                at.0 += step;
            } else {
                upright(at.0, at.1, at.1 + step);
                at.1 += step;
            }
            rest = &rest[end..];
        }
        assert_eq!(at.0, start.0, "only an upright side is left to close");
        upright(at.0, at.1, start.1);
    }
    crossings.iter().map(|row| row.iter().map(|count| count % 2 == 1).collect()).collect()
}

#[test]
fn the_filled_path_is_the_symbol() {
    for symbol in symbols() {
        let side = symbol.size() + 2 * QUIET_ZONE;
        let cells = filled(&symbol.svg_path(QUIET_ZONE), side);
        for (y, row) in cells.iter().enumerate() {
            for (x, &dark) in row.iter().enumerate() {
                let inside = x >= QUIET_ZONE && y >= QUIET_ZONE;
                let expected = inside && symbol.get(x - QUIET_ZONE, y - QUIET_ZONE);
                assert_eq!(dark, expected, "{x},{y}");
            }
        }
    }
}

#[test]
fn the_picture_is_one_path_in_a_box_with_the_quiet_zone() {
    let symbol = encode("HTTPS://NGUON.EXAMPLE/T/T7K3M9Q2XW", Level::M).expect("short");
    let svg = symbol.to_svg(QUIET_ZONE);
    assert!(svg.contains("viewBox=\"0 0 33 33\""));
    assert_eq!(svg.matches("<path").count(), 2, "the ground and the symbol");
    assert!(svg.len() < 4096, "{} bytes", svg.len());
}

#[test]
fn the_terminal_shows_the_symbol_with_its_quiet_zone() {
    for symbol in symbols() {
        let text = symbol.terminal();
        let side = symbol.size() + 2 * QUIET_ZONE;
        let lines: Vec<Vec<char>> = text.lines().map(|line| line.chars().collect()).collect();
        assert_eq!(lines.len(), side.div_ceil(2));
        for y in 0..side {
            assert_eq!(lines[y / 2].len(), side);
            for (x, drawn) in lines[y / 2].iter().enumerate() {
                let light = match drawn {
                    '█' => true,
                    '▀' => y % 2 == 0,
                    '▄' => y % 2 == 1,
                    _ => false,
                };
                let inside = x >= QUIET_ZONE && y >= QUIET_ZONE;
                let dark = inside && symbol.get(x - QUIET_ZONE, y - QUIET_ZONE);
                assert_eq!(light, !dark, "{x},{y}");
            }
        }
    }
}

#[test]
fn module_and_side_are_each_others_inverse() {
    let symbol = encode("HTTPS://NGUON.EXAMPLE/T/T7K3M9Q2XW", Level::M).expect("short");
    assert!((symbol.side_mm(0.396) - 33.0 * 0.396).abs() < 1e-9);
    assert!((symbol.module_mm(symbol.side_mm(0.5)) - 0.5).abs() < 1e-9);
}
