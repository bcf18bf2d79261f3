//! Loose goods: cherries on the branch, nuts, vegetables, meat.

use super::canvas::{Canvas, Colour, WHITE, hex, mix, shade};
use super::land::mountains;
use super::pack::{bowl, table};
use super::shape::Shape;
use crate::rng::Draw;

/// A broad leaf with its middle vein.
fn leaf(c: &mut Canvas, base: (f32, f32), tip: (f32, f32), half: f32, green: Colour) {
    c.fade(&Shape::Leaf(base, tip, half), mix(green, WHITE, 0.2), shade(green, 0.78));
    let end = (base.0 + (tip.0 - base.0) * 0.93, base.1 + (tip.1 - base.1) * 0.93);
    c.fill(&Shape::Capsule(base, end, 1.8), mix(green, WHITE, 0.42));
}

pub(super) fn coffee_cherries(c: &mut Canvas, d: &mut Draw) {
    mountains(c, d, hex(0x4B_80_50));
    c.paint(&Shape::Box([0.0, 0.0, 960.0, 720.0], 0.0), 0.3, |_, _| hex(0xDD_EB_CE));
    for _ in 0..34 {
        let at = (d.range(0.0, 960.0), d.range(0.0, 720.0));
        let size = d.range(50.0, 120.0);
        c.glow(at, (size, size), mix(hex(0x6F_A0_5A), hex(0xB9_D4_8E), d.unit()), 0.5);
    }
    let slope = d.range(-0.12, 0.12);
    let branch = |x: f32| 330.0 + (x - 480.0) * slope + (x / 210.0).sin() * 22.0;
    let knots: Vec<f32> = (0..5_u8).map(|at| 130.0 + f32::from(at) * 178.0).collect();
    for &x in &knots {
        for (side, lean) in [(-1.0, -60.0), (1.0, 70.0), (-1.0, 90.0)] {
            let tip = (x + lean + d.range(-20.0, 20.0), branch(x) + side * d.range(190.0, 250.0));
            let green = mix(hex(0x2F_6E_3C), hex(0x4F_8F_4A), d.unit());
            leaf(c, (x, branch(x)), tip, d.range(40.0, 52.0), green);
        }
    }
    for at in 0..96_u8 {
        let x = f32::from(at) * 10.0;
        let wood = Shape::Capsule((x, branch(x)), (x + 10.0, branch(x + 10.0)), 8.0);
        c.fill(&wood, hex(0x77_5A_40));
    }
    for &x in &knots {
        let fruits = d.between(7, 10);
        for _ in 0..fruits {
            let at = (x + d.range(-64.0, 64.0), branch(x) + d.range(-46.0, 62.0));
            let red = d.unit();
            let colour = if red < 0.12 {
                hex(0x8F_A8_3C)
            } else if red < 0.25 {
                hex(0xDE_8A_2E)
            } else {
                mix(hex(0xB8_1F_26), hex(0xD8_36_2E), d.unit())
            };
            let size = d.range(27.0, 34.0);
            c.shadow((at.0 + 4.0, at.1 + 8.0), (size * 1.15, size * 1.15), 0.4);
            c.ball(&Shape::Ellipse(at, (size, size * 1.06), 0.0), colour);
            c.glow((at.0 - size * 0.3, at.1 - size * 0.38), (size * 0.3, size * 0.24), WHITE, 0.85);
            c.fill(&Shape::circle((at.0 + 3.0, at.1 + size * 0.86), 4.0), shade(colour, 0.5));
        }
    }
}

pub(super) fn macadamia(c: &mut Canvas, d: &mut Draw) {
    table(c, d, hex(0xB5_90_68));
    for (dx, dy) in [(-330.0, -40.0), (-300.0, 60.0), (330.0, -70.0), (310.0, 50.0)] {
        let base = (480.0, 560.0);
        leaf(c, base, (480.0 + dx * 1.25, 570.0 + dy), 42.0, hex(0x47_7F_4A));
    }
    bowl(
        c,
        (480.0, 500.0),
        260.0,
        d.pick(&[hex(0x8A_5E_3C), hex(0x5F_77_80), hex(0xC9_B9_9A)]),
        hex(0x5A_3F_2A),
    );
    // From back to front, so that near nuts cover far ones.
    for layer in 0..6_u8 {
        for at in 0..9_u8 {
            let far = f32::from(layer);
            let wide = 208.0 - (far - 3.0).abs() * 26.0;
            let t = f32::from(at) / 8.0 * 2.0 - 1.0;
            let x = 480.0 + t * wide + d.range(-10.0, 10.0);
            let y = 410.0 + far * 22.0 + t * t * 44.0 + d.range(-6.0, 6.0);
            nut(c, d, (x, y.min(520.0)), 40.0);
        }
    }
    for (x, y) in [(150.0, 650.0), (245.0, 672.0), (720.0, 668.0), (812.0, 644.0)] {
        let at = (x + d.range(-14.0, 14.0), y);
        c.shadow((at.0 + 6.0, at.1 + 32.0), (54.0, 16.0), 0.55);
        nut(c, d, at, 40.0);
    }
}

/// A nut; one in three is cracked and shows its kernel.
fn nut(c: &mut Canvas, d: &mut Draw, at: (f32, f32), size: f32) {
    let shell = mix(hex(0x6E_40_22), hex(0x94_5E_36), d.unit());
    c.shadow((at.0 + 3.0, at.1 + 6.0), (size * 1.12, size * 1.12), 0.35);
    c.ball(&Shape::circle(at, size), shell);
    if d.between(0, 2) == 0 {
        let turn = d.range(-0.6, 0.6);
        let (sin, cos) = turn.sin_cos();
        let (a, b) = (
            (at.0 - cos * size * 0.8, at.1 - sin * size * 0.8),
            (at.0 + cos * size * 0.8, at.1 + sin * size * 0.8),
        );
        c.fill(&Shape::Leaf(a, b, size * 0.24), shade(shell, 0.4));
        c.fill(&Shape::Leaf(a, b, size * 0.15), hex(0xF3_E6_C4));
    }
}

/// The back of a woven basket, to be filled.
fn basket(c: &mut Canvas, (x, y): (f32, f32), wide: f32, front: bool) {
    let cane = hex(0xC8_9A_5C);
    if !front {
        c.shadow((x + 12.0, y + 190.0), (wide * 1.15, 40.0), 0.6);
        c.fill(&Shape::Ellipse((x, y), (wide, 62.0), 0.0), shade(cane, 0.55));
        return;
    }
    let body = Shape::Polygon(
        vec![
            (x - wide * 0.98, y + 14.0),
            (x - wide * 0.5, y + 44.0),
            (x, y + 54.0),
            (x + wide * 0.5, y + 44.0),
            (x + wide * 0.98, y + 14.0),
            (x + wide * 0.78, y + 178.0),
            (x - wide * 0.78, y + 178.0),
        ],
        9.0,
    );
    c.paint(&body, 1.0, |px, py| {
        let row = ((py - y) / 24.0).floor();
        let weave = ((px - x) / 15.0 + row * std::f32::consts::PI).sin() * 0.13;
        let seam = if (py - y).rem_euclid(24.0) < 3.0 { -0.16 } else { 0.0 };
        let side = f32::midpoint((px - x) / wide, 1.0);
        shade(mix(mix(cane, WHITE, 0.18), shade(cane, 0.72), side), 1.0 + weave + seam)
    });
    let rim: Vec<(f32, f32)> = (0..=12_u8)
        .map(|at| {
            let t = f32::from(at) / 6.0 - 1.0;
            (x + wide * t, y + 58.0 * (1.0 - t * t).max(0.0).sqrt())
        })
        .collect();
    for pair in rim.windows(2) {
        c.fill(&Shape::Capsule(pair[0], pair[1], 11.0), mix(cane, WHITE, 0.12));
    }
}

pub(super) fn greens(c: &mut Canvas, d: &mut Draw) {
    table(c, d, hex(0xB8_92_66));
    let at = (480.0, 450.0);
    basket(c, at, 290.0, false);
    for layer in 0..3_u8 {
        for stalk in 0..11_u8 {
            let t = f32::from(stalk) / 10.0 * 2.0 - 1.0;
            let near = f32::from(layer);
            let base = (480.0 + t * 190.0, 500.0);
            let tall = 330.0 - near * 80.0 - t.abs() * 60.0 + d.range(-24.0, 24.0);
            let tip = (480.0 + t * (300.0 - near * 20.0) + d.range(-24.0, 24.0), 500.0 - tall);
            let green = mix(hex(0x2F_73_36), hex(0x7F_B8_4A), d.unit());
            crinkled(c, base, tip, green);
        }
    }
    basket(c, at, 290.0, true);
}

/// A curly mustard leaf: lobes along a pale rib.
fn crinkled(c: &mut Canvas, base: (f32, f32), tip: (f32, f32), green: Colour) {
    let (dx, dy) = (tip.0 - base.0, tip.1 - base.1);
    let long = dx.hypot(dy);
    let (nx, ny) = (-dy / long, dx / long);
    for lobe in 0..7_u8 {
        let t = 0.36 + f32::from(lobe) * 0.1;
        let wide = 40.0 * (1.0 - (t - 0.72).abs() * 1.5).max(0.3);
        let (x, y) = (base.0 + dx * t, base.1 + dy * t);
        for side in [-1.0, 1.0_f32] {
            let centre = (x + nx * side * wide * 0.55, y + ny * side * wide * 0.55);
            let tone = if side < 0.0 { 0.86 } else { 1.04 };
            let lit = shade(green, tone + t * 0.14 - 0.08);
            c.fill(&Shape::circle(centre, wide * 0.66), lit);
        }
    }
    let end = (base.0 + dx * 0.95, base.1 + dy * 0.95);
    c.fill(&Shape::Capsule(base, (base.0 + dx * 0.5, base.1 + dy * 0.5), 6.0), hex(0xD5_E2_B4));
    c.fill(&Shape::Capsule(base, end, 3.0), hex(0xC6_DA_A0));
}

pub(super) fn tomatoes(c: &mut Canvas, d: &mut Draw) {
    table(c, d, hex(0xB8_92_66));
    let at = (480.0, 450.0);
    basket(c, at, 300.0, false);
    for layer in 0..4_u8 {
        let far = f32::from(layer);
        for at in 0..6_u8 {
            let t = f32::from(at) / 5.0 * 2.0 - 1.0;
            let x = 480.0 + t * (150.0 + far * 24.0) + d.range(-14.0, 14.0);
            let y = 350.0 + far * 38.0 + t * t * 42.0 + d.range(-8.0, 8.0);
            let size = d.range(54.0, 66.0);
            tomato(c, d, (x, y), size);
        }
    }
    basket(c, at, 300.0, true);
    for (x, y) in [(130.0, 640.0), (830.0, 650.0)] {
        c.shadow((x + 6.0, y + 50.0), (82.0, 20.0), 0.55);
        tomato(c, d, (x, y), 58.0);
    }
}

fn tomato(c: &mut Canvas, d: &mut Draw, (x, y): (f32, f32), size: f32) {
    let red = mix(hex(0xC9_2B_22), hex(0xE8_6A_2A), d.unit() * d.unit());
    c.shadow((x + 3.0, y + 8.0), (size * 1.12, size * 1.05), 0.35);
    c.ball(&Shape::Ellipse((x, y), (size, size * 0.9), 0.0), red);
    c.glow((x - size * 0.36, y - size * 0.36), (size * 0.24, size * 0.18), WHITE, 0.8);
    let turned = d.range(0.0, 1.2);
    for sepal in 0..5_u8 {
        let (sin, cos) = (f32::from(sepal) * 1.2566 + turned).sin_cos();
        let top = (x + size * 0.08, y - size * 0.56);
        let tip = (top.0 + cos * size * 0.44, top.1 + sin * size * 0.26);
        c.fill(&Shape::Leaf(top, tip, size * 0.075), hex(0x4E_8A_3A));
    }
}

pub(super) fn meat_tray(c: &mut Canvas, d: &mut Draw) {
    table(c, d, hex(0xB9_95_6E));
    let tray = d.pick(&[hex(0xF1_F0_EA), hex(0x3E_46_48), hex(0xDD_E8_E4)]);
    c.shadow((490.0, 640.0), (440.0, 56.0), 0.6);
    let outer = vec![(170.0, 392.0), (790.0, 392.0), (862.0, 632.0), (98.0, 632.0)];
    c.fade(&Shape::Polygon(outer, 26.0), shade(tray, 0.94), shade(tray, 0.8));
    let inner = vec![(190.0, 408.0), (770.0, 408.0), (828.0, 612.0), (132.0, 612.0)];
    c.fade(&Shape::Polygon(inner, 16.0), shade(tray, 0.82), mix(tray, WHITE, 0.2));
    for (x, y) in [(196.0, 420.0), (770.0, 424.0)] {
        for stalk in -2..=2_i8 {
            let tip = (x + f32::from(stalk) * 26.0, y - 64.0 + f32::from(stalk.abs()) * 14.0);
            leaf(c, (x, y), tip, 15.0, hex(0x5E_9A_48));
        }
    }
    for at in 0..5_u8 {
        let x = 262.0 + f32::from(at) * 108.0 + d.range(-8.0, 8.0);
        let y = 506.0 + d.range(-8.0, 8.0);
        slice(c, d, (x, y));
    }
}

/// A slice of belly: rind, fat and lean in layers.
fn slice(c: &mut Canvas, d: &mut Draw, (x, y): (f32, f32)) {
    let lean = mix(hex(0xC6_4F_50), hex(0xD8_6E_68), d.unit());
    let tilt = d.range(14.0, 30.0);
    let body = vec![
        (x - 44.0 + tilt, y - 104.0),
        (x + 44.0 + tilt, y - 98.0),
        (x + 52.0 - tilt, y + 96.0),
        (x - 50.0 - tilt, y + 92.0),
    ];
    c.shadow((x + 16.0, y + 20.0), (92.0, 128.0), 0.45);
    let phase = d.range(0.0, 6.0);
    c.paint(&Shape::Polygon(body, 13.0), 1.0, |px, py| {
        // Across the slice, following its tilt.
        let across = (px - x + (py - y) * tilt / 96.0) / 60.0 + ((py / 26.0) + phase).sin() * 0.05;
        let fat = hex(0xF8_E6_DC);
        match across {
            t if t < -0.86 => hex(0xDB_B0_8E),
            t if t < -0.48 => fat,
            t if t < -0.08 => mix(lean, fat, (((px + py) / 11.0).sin() * 0.5 + 0.5) * 0.14),
            t if t < 0.16 => mix(fat, lean, 0.1),
            t if t < 0.82 => mix(lean, fat, (((px - py) / 13.0).sin() * 0.5 + 0.5) * 0.16),
            _ => fat,
        }
    });
}

pub(super) fn sausages(c: &mut Canvas, d: &mut Draw) {
    table(c, d, hex(0x8E_6C_4C));
    c.shadow((490.0, 650.0), (430.0, 50.0), 0.6);
    let board = hex(0xD8_B2_7C);
    let edge = vec![(150.0, 372.0), (810.0, 372.0), (872.0, 650.0), (88.0, 650.0)];
    c.fill(&Shape::Polygon(edge.clone(), 16.0), shade(board, 0.62));
    let top = edge.into_iter().map(|(x, y)| (x, y - 16.0)).collect();
    c.paint(&Shape::Polygon(top, 14.0), 1.0, |px, py| {
        shade(board, 1.0 + (py / 9.0 + (px / 160.0).sin() * 2.0).sin() * 0.03)
    });
    let meat = d.pick(&[hex(0x9C_35_26), hex(0x7E_34_24), hex(0xB0_48_2C)]);
    for at in 0..5_u8 {
        let x = 212.0 + f32::from(at) * 112.0 + d.range(-8.0, 8.0);
        let bow = d.range(14.0, 30.0);
        c.shadow((x + 22.0, 520.0), (64.0, 150.0), 0.4);
        // A bowed sausage is a row of balls close enough to merge, painted as slices of light.
        let path = |t: f32| (x + bow * (t * std::f32::consts::PI).sin(), 404.0 + t * 204.0);
        for part in 0..=40_u8 {
            let (px, py) = path(f32::from(part) / 40.0);
            let disc = Shape::circle((px, py), 37.0);
            c.paint(&disc, 1.0, |qx, _| {
                let across = (qx - px) / 37.0;
                mix(mix(meat, hex(0xF2_B0_8A), 0.32), shade(meat, 0.55), (across + 0.45).abs())
            });
        }
        for _ in 0..15 {
            let (px, py) = path(d.unit());
            let spot = (px + d.range(-24.0, 22.0), py);
            c.paint(&Shape::Ellipse(spot, (5.5, 3.6), 0.5), 0.6, |_, _| hex(0xEB_B8_9A));
        }
        for (t, up) in [(0.0, -1.0), (1.0, 1.0)] {
            let (px, py) = path(t);
            let knot = Shape::Capsule((px, py + up * 38.0), (px, py + up * 50.0), 5.0);
            c.fill(&knot, hex(0xE3_D2_B0));
        }
    }
    for at in 0..3_u8 {
        let y = 430.0 + f32::from(at) * 66.0;
        let base = (812.0, y + 40.0);
        leaf(c, base, (772.0 + d.range(-12.0, 12.0), y - 46.0), 17.0, hex(0x4F_8A_42));
    }
}
