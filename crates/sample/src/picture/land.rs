//! Landscapes: the mountains behind everything, terraces, tea rows, an apiary, a pig on its hill.

use super::canvas::{Canvas, Colour, HEIGHT, WHITE, WIDTH, hex, mix, shade};
use super::shape::Shape;
use crate::rng::Draw;

/// A curve across the picture: base height and waves of (height, length, shift).
fn curve(base: f32, waves: &[(f32, f32, f32)]) -> Vec<f32> {
    (0..=WIDTH)
        .map(|x| {
            let x = x as f32;
            waves.iter().fold(base, |y, (high, long, shift)| y + high * (x / long + shift).sin())
        })
        .collect()
}

/// Sky and three ranges of mountains; the nearest ends at the foot of the picture.
pub(super) fn mountains(c: &mut Canvas, d: &mut Draw, near: Colour) {
    let dawn = d.unit();
    let high = mix(hex(0x7F_B4_D9), hex(0x9C_B8_D4), dawn);
    let low = mix(hex(0xE9_F2_F0), hex(0xFB_E6_CB), dawn);
    c.fade(&Shape::Box([0.0, 0.0, WIDTH as f32, 460.0], 0.0), high, low);
    c.fill(&Shape::Box([0.0, 458.0, WIDTH as f32, HEIGHT as f32], 0.0), low);
    let sun = (d.range(140.0, 820.0), d.range(90.0, 170.0));
    c.glow(sun, (260.0, 260.0), hex(0xFF_F3_D2), 0.75);
    c.fill(&Shape::circle(sun, 38.0), hex(0xFF_F6_DF));
    for _ in 0..3 {
        let (x, y) = (d.range(60.0, 900.0), d.range(60.0, 210.0));
        for puff in -2..=2_i8 {
            let puff = f32::from(puff);
            let centre = (x + puff * 34.0, y - (2.0 - puff.abs()) * 5.0);
            c.glow(centre, (58.0, 20.0), WHITE, 0.75);
        }
    }
    let haze = mix(low, hex(0xA9_C3_CF), 0.5);
    for (at, (base, t)) in [(300.0, 0.25), (350.0, 0.5), (410.0, 0.78)].into_iter().enumerate() {
        let sharp = 62.0 - at as f32 * 14.0;
        let ridge = curve(
            base,
            &[
                (sharp, d.range(120.0, 170.0), d.range(0.0, 6.0)),
                (sharp * 0.45, d.range(48.0, 66.0), d.range(0.0, 6.0)),
                (sharp * 0.12, d.range(14.0, 22.0), d.range(0.0, 6.0)),
            ],
        );
        let colour = mix(haze, shade(near, 0.8), t);
        c.fade(&Shape::Below(ridge), colour, mix(colour, low, 0.55));
    }
}

pub(super) fn rice_field(c: &mut Canvas, d: &mut Draw) {
    let ripe = d.unit();
    let green = mix(hex(0x6C_A6_3F), hex(0xD8_B2_3C), ripe);
    mountains(c, d, hex(0x4E_7F_4B));
    let (shift, long) = (d.range(0.0, 6.0), d.range(150.0, 210.0));
    let bend = d.range(0.6, 1.3);
    let mut y = 400.0;
    let mut step = 20.0;
    let mut at = 0.0;
    while y < HEIGHT as f32 + 70.0 {
        // Near terraces swing wider than far ones.
        let swing = 12.0 + step * bend;
        let edge =
            curve(y, &[(swing, long, shift + at * 0.28), (swing * 0.3, long * 0.37, at * 0.5)]);
        let bank: Vec<f32> = edge.iter().map(|y| y - step * 0.2).collect();
        c.fill(&Shape::Below(bank), shade(mix(green, hex(0x5B_4A_2E), 0.35), 0.72));
        let bed = mix(green, hex(0xF2_E6_8E), d.range(0.0, 0.32));
        // Here and there a bed still under water mirrors the sky.
        let bed = if d.between(0, 6) == 0 { mix(bed, hex(0xBF_DC_E4), 0.7) } else { bed };
        c.fill(&Shape::Below(edge), bed);
        y += step;
        step *= 1.19;
        at += 1.0;
    }
    for _ in 0..46 {
        let (x, y) = (d.range(0.0, 960.0), d.range(640.0, 730.0));
        let tall = d.range(50.0, 110.0);
        let lean = d.range(-26.0, 26.0);
        let blade = mix(green, hex(0x3E_6B_25), d.range(0.0, 0.6));
        c.fill(&Shape::Leaf((x, y + 20.0), (x + lean, y - tall), 5.0), blade);
        for grain in 0..5_u8 {
            let down = f32::from(grain) * 9.0;
            let side = if grain % 2 == 0 { 4.0 } else { -4.0 };
            let centre = (x + lean + side, y - tall + down);
            c.fill(&Shape::Ellipse(centre, (3.4, 6.0), 0.4), hex(0xE6_C2_55));
        }
    }
}

pub(super) fn tea_hill(c: &mut Canvas, d: &mut Draw) {
    mountains(c, d, hex(0x3F_74_50));
    let (shift, long) = (d.range(0.0, 6.0), d.range(190.0, 260.0));
    let mut y = 410.0;
    let mut step = 17.0;
    let mut at = 0.0;
    while y < HEIGHT as f32 + 60.0 {
        let row = curve(
            y,
            &[(26.0, long, shift + at * 0.1), (step * 0.13, step * 0.42, at), (2.0, 7.0, at * 1.7)],
        );
        let leaf = mix(hex(0x4F_8F_45), hex(0x86_B4_4E), d.unit());
        let gap: Vec<f32> = row.iter().map(|y| y + step * 0.66).collect();
        c.fade(&Shape::Below(row), leaf, leaf);
        c.fill(&Shape::Below(gap), hex(0x2F_5A_34));
        y += step;
        step *= 1.2;
        at += 1.0;
    }
    let mist = d.range(330.0, 400.0);
    c.glow((d.range(200.0, 760.0), mist), (520.0, 52.0), WHITE, 0.7);
    // One bud and two leaves in front.
    for (x, y, size) in [(250.0, 640.0, 1.0), (690.0, 665.0, 1.15)] {
        let x = x + d.range(-60.0, 60.0);
        sprig(c, (x, y), size * d.range(1.0, 1.2));
    }
}

/// One bud and two leaves.
pub(super) fn sprig(c: &mut Canvas, (x, y): (f32, f32), size: f32) {
    let s = |v: f32| v * size;
    c.fill(&Shape::Capsule((x, y + s(120.0)), (x + s(4.0), y - s(20.0)), s(4.5)), hex(0x6E_97_3C));
    for (dx, dy, wide, colour) in [
        (-150.0, -70.0, 36.0, hex(0x5B_9A_3F)),
        (150.0, -90.0, 36.0, hex(0x6C_A8_45)),
        (14.0, -175.0, 17.0, hex(0xA9_CB_62)),
    ] {
        let base = (x, y);
        let tip = (x + s(dx), y + s(dy));
        let leaf = Shape::Leaf(base, tip, s(wide));
        c.fade(&leaf, mix(colour, WHITE, 0.18), shade(colour, 0.82));
        let vein = (x + s(dx * 0.9), y + s(dy * 0.9));
        c.fill(&Shape::Capsule(base, vein, s(1.8)), mix(colour, WHITE, 0.4));
        for rib in 1..5_u8 {
            let t = f32::from(rib) / 5.0;
            let from = (x + s(dx * t), y + s(dy * t));
            for side in [-1.0, 1.0_f32] {
                let reach = wide * 0.62 * (1.0 - (2.0 * t - 1.0).abs() * 0.5) * side;
                let norm = dx.hypot(dy);
                let to = (
                    from.0 + s(dx / norm * 18.0 - dy / norm * reach),
                    from.1 + s(dy / norm * 18.0 + dx / norm * reach),
                );
                c.paint(&Shape::Capsule(from, to, s(1.0)), 0.5, |_, _| mix(colour, WHITE, 0.4));
            }
        }
    }
}

fn meadow(c: &mut Canvas, d: &mut Draw, base: f32) {
    let hill = curve(base, &[(22.0, d.range(170.0, 260.0), d.range(0.0, 6.0))]);
    c.fade(&Shape::Below(hill), hex(0x9C_C0_62), hex(0x5E_8F_43));
    for _ in 0..150 {
        let (x, y) = (d.range(0.0, 960.0), d.range(base + 40.0, 730.0));
        let near = (y - base) / (720.0 - base);
        let tip = (x + d.range(-8.0, 8.0), y - 14.0 - near * 26.0);
        let green = mix(hex(0x7F_AE_4E), hex(0x45_78_36), d.unit());
        c.fill(&Shape::Leaf((x, y), tip, 1.6 + near * 2.0), green);
    }
}

fn tree(c: &mut Canvas, d: &mut Draw, (x, y): (f32, f32), size: f32) {
    c.fill(&Shape::Capsule((x, y), (x, y - 90.0 * size), 8.0 * size), hex(0x6B_50_38));
    for _ in 0..7 {
        let centre = (x + d.range(-55.0, 55.0) * size, y - (95.0 + d.range(0.0, 80.0)) * size);
        let green = mix(hex(0x3D_73_3B), hex(0x67_9B_4B), d.unit());
        c.ball(&Shape::circle(centre, d.range(34.0, 52.0) * size), green);
    }
}

pub(super) fn hives(c: &mut Canvas, d: &mut Draw) {
    mountains(c, d, hex(0x44_75_4A));
    for at in 0..7_u8 {
        let x = f32::from(at) * 150.0 + d.range(-30.0, 30.0);
        let size = d.range(0.9, 1.4);
        tree(c, d, (x, 470.0), size);
    }
    meadow(c, d, 455.0);
    let paints = [hex(0xE7_B8_4A), hex(0x7F_AE_C4), hex(0xE3_D9_C3), hex(0xC9_7F_5A)];
    for at in 0..4_u8 {
        let x = 130.0 + f32::from(at) * 220.0 + d.range(-18.0, 18.0);
        let y = 610.0 + d.range(-40.0, 30.0);
        let paint = d.pick(&paints);
        c.shadow((x + 8.0, y + 8.0), (100.0, 20.0), 0.5);
        for leg in [-52.0, 52.0] {
            c.fill(&Shape::Capsule((x + leg, y - 12.0), (x + leg, y + 6.0), 6.0), hex(0x6B_50_38));
        }
        for (floor, tone) in [(0.0, 0.92), (74.0, 1.0)] {
            let edges = [x - 72.0, y - 84.0 - floor, x + 72.0, y - 12.0 - floor];
            c.fade(&Shape::Box(edges, 5.0), shade(paint, tone), shade(paint, tone * 0.84));
            let grip = [x - 20.0, y - 56.0 - floor, x + 20.0, y - 46.0 - floor];
            c.fill(&Shape::Box(grip, 5.0), shade(paint, 0.6));
        }
        c.fill(&Shape::Box([x - 44.0, y - 24.0, x + 44.0, y - 16.0], 3.0), hex(0x3E_2F_22));
        let roof = [x - 82.0, y - 174.0, x + 82.0, y - 154.0];
        c.fade(&Shape::Box(roof, 5.0), hex(0xC8_CC_CE), hex(0x8E_96_9A));
    }
    for _ in 0..14 {
        let (x, y) = (d.range(60.0, 900.0), d.range(380.0, 600.0));
        c.paint(&Shape::Ellipse((x - 2.0, y - 6.0), (5.0, 8.0), 0.6), 0.75, |_, _| WHITE);
        c.fill(&Shape::Ellipse((x, y), (9.0, 5.5), 0.1), hex(0xE0_A0_2A));
        c.fill(&Shape::Capsule((x, y - 4.0), (x, y + 4.0), 1.6), hex(0x3A_2A_18));
    }
}

pub(super) fn pig(c: &mut Canvas, d: &mut Draw) {
    mountains(c, d, hex(0x4B_7C_4C));
    meadow(c, d, 440.0);
    for at in 0..9_u8 {
        let x = f32::from(at) * 120.0;
        c.fade(&Shape::Box([x, 400.0, x + 14.0, 540.0], 4.0), hex(0xA9_86_5A), hex(0x7C_5E_3C));
    }
    for y in [430.0, 480.0] {
        c.fade(&Shape::Box([0.0, y, 960.0, y + 13.0], 4.0), hex(0xB8_95_67), hex(0x8B_6B_45));
    }
    let skin = if d.unit() < 0.5 { hex(0x4A_45_44) } else { hex(0xE3_A9_A0) };
    let herd = [(280.0, 560.0, 0.72), (650.0, 600.0, 1.0)];
    for (x, y, size) in herd {
        let x = x + d.range(-40.0, 40.0);
        one_pig(c, (x, y), size * d.range(0.95, 1.1), skin);
    }
}

fn one_pig(c: &mut Canvas, (x, y): (f32, f32), size: f32, skin: Colour) {
    let at = |dx: f32, dy: f32| (x + dx * size, y + dy * size);
    let s = |v: f32| v * size;
    c.shadow(at(0.0, 92.0), (s(210.0), s(26.0)), 0.5);
    for leg in [-110.0, -70.0, 70.0, 108.0_f32] {
        let tone = if leg.abs() < 90.0 { 0.7 } else { 0.85 };
        c.fill(&Shape::Capsule(at(leg, 40.0), at(leg, 84.0), s(17.0)), shade(skin, tone));
        c.fill(
            &Shape::Capsule(at(leg - 6.0, 94.0), at(leg + 6.0, 94.0), s(9.0)),
            shade(skin, 0.45),
        );
    }
    for turn in 0..8_u8 {
        let t = f32::from(turn) / 7.0;
        let centre = at(168.0 + 14.0 * (t * 7.0).sin(), -30.0 - 26.0 * t);
        c.fill(&Shape::circle(centre, s(5.0)), shade(skin, 0.85));
    }
    c.ball(&Shape::Ellipse(at(0.0, 0.0), (s(178.0), s(88.0)), 0.0), skin);
    c.ball(&Shape::Ellipse(at(-168.0, -14.0), (s(76.0), s(66.0)), 0.2), mix(skin, WHITE, 0.05));
    for (dx, lean) in [(-196.0, -24.0), (-138.0, 12.0)] {
        let ear = Shape::Leaf(at(dx, -52.0), at(dx + lean, -118.0), s(22.0));
        c.fill(&ear, shade(skin, 0.8));
    }
    let snout = Shape::Ellipse(at(-232.0, 6.0), (s(24.0), s(30.0)), 0.1);
    c.fill(&snout, shade(mix(skin, hex(0xE8_A0_9A), 0.4), 0.92));
    for dy in [-4.0, 14.0] {
        c.fill(&Shape::Ellipse(at(-238.0, dy), (s(4.5), s(6.0)), 0.0), shade(skin, 0.42));
    }
    c.fill(&Shape::circle(at(-190.0, -26.0), s(7.0)), hex(0x1E_18_17));
    c.fill(&Shape::circle(at(-192.0, -29.0), s(2.2)), WHITE);
}
