//! Packed goods on a table before the mountains: rice, tea, coffee, honey.

use super::canvas::{Canvas, Colour, WHITE, hex, mix, shade};
use super::land::{mountains, sprig};
use super::shape::Shape;
use crate::rng::Draw;

/// Where things stand.
const TABLE: f32 = 600.0;

/// A light, soft backdrop and a table.
pub(super) fn table(c: &mut Canvas, d: &mut Draw, wood: Colour) {
    mountains(c, d, hex(0x5C_8A_5A));
    let veil = hex(0xF7_F3_E8);
    c.paint(&Shape::Box([0.0, 0.0, 960.0, 720.0], 0.0), 0.42, |_, _| veil);
    c.fade(&Shape::Box([0.0, 505.0, 960.0, 720.0], 0.0), mix(wood, WHITE, 0.12), shade(wood, 0.8));
    c.fill(&Shape::Box([0.0, 503.0, 960.0, 510.0], 0.0), mix(wood, WHITE, 0.45));
    for plank in [552.0, 618.0] {
        c.paint(&Shape::Box([0.0, plank, 960.0, plank + 2.5], 0.0), 0.55, |_, _| shade(wood, 0.66));
    }
    for _ in 0..26 {
        let (x, y) = (d.range(-60.0, 960.0), d.range(516.0, 715.0));
        let grain = Shape::Capsule((x, y), (x + d.range(50.0, 190.0), y), 1.0);
        c.paint(&grain, 0.35, |_, _| shade(wood, 0.74));
    }
}

/// A bowl seen from slightly above, with something in it.
pub(super) fn bowl(c: &mut Canvas, (x, y): (f32, f32), wide: f32, glaze: Colour, inside: Colour) {
    c.shadow((x + 10.0, y + wide * 0.56), (wide * 1.15, wide * 0.2), 0.55);
    let body = Shape::Polygon(
        vec![
            (x - wide * 0.94, y),
            (x + wide * 0.94, y),
            (x + wide * 0.74, y + wide * 0.38),
            (x + wide * 0.4, y + wide * 0.54),
            (x - wide * 0.4, y + wide * 0.54),
            (x - wide * 0.74, y + wide * 0.38),
        ],
        wide * 0.06,
    );
    c.paint(&body, 1.0, |px, _| {
        mix(mix(glaze, WHITE, 0.25), shade(glaze, 0.66), f32::midpoint((px - x) / wide, 1.0))
    });
    c.fill(&Shape::Ellipse((x, y), (wide, wide * 0.27), 0.0), mix(glaze, WHITE, 0.35));
    c.fade(&Shape::Ellipse((x, y), (wide * 0.92, wide * 0.22), 0.0), shade(inside, 0.82), inside);
}

pub(super) fn rice_bag(c: &mut Canvas, d: &mut Draw) {
    table(c, d, hex(0xC0_98_68));
    let cloth = d.pick(&[hex(0xEE_E6_D2), hex(0xE6_D7_B8), hex(0xF2_EF_E6)]);
    let band = d.pick(&[hex(0x2F_7A_4B), hex(0xB5_3B_2E), hex(0x2F_5F_8C), hex(0xC9_8A_1E)]);
    let x = d.range(330.0, 400.0);
    c.shadow((x + 14.0, TABLE + 34.0), (260.0, 42.0), 0.6);
    let body = vec![
        (x - 104.0, 236.0),
        (x + 104.0, 236.0),
        (x + 158.0, 330.0),
        (x + 176.0, 480.0),
        (x + 160.0, TABLE + 8.0),
        (x - 160.0, TABLE + 8.0),
        (x - 176.0, 480.0),
        (x - 158.0, 330.0),
    ];
    let round = |px: f32| f32::midpoint((px - x) / 190.0, 1.0);
    c.paint(&Shape::Polygon(body, 22.0), 1.0, |px, py| {
        let fold = ((px - x) / 17.0 + (py / 70.0).sin()).sin() * 0.02;
        shade(mix(mix(cloth, WHITE, 0.4), shade(cloth, 0.7), round(px)), 1.0 + fold)
    });
    let neck = vec![(x - 62.0, 196.0), (x + 62.0, 196.0), (x + 96.0, 240.0), (x - 96.0, 240.0)];
    c.paint(&Shape::Polygon(neck, 8.0), 1.0, |px, _| {
        shade(cloth, 0.88 + ((px - x) / 8.0).sin() * 0.09)
    });
    let crown = vec![(x - 104.0, 128.0), (x + 104.0, 128.0), (x + 60.0, 188.0), (x - 60.0, 188.0)];
    c.paint(&Shape::Polygon(crown, 8.0), 1.0, |px, _| {
        shade(cloth, 0.98 + ((px - x) / 12.0).sin() * 0.07)
    });
    c.fill(&Shape::Box([x - 70.0, 186.0, x + 70.0, 204.0], 9.0), band);
    let label = Shape::Box([x - 128.0, 318.0, x + 128.0, 540.0], 18.0);
    c.paint(&label, 1.0, |px, _| mix(mix(band, WHITE, 0.14), shade(band, 0.78), round(px)));
    c.fill(&Shape::circle((x, 402.0), 64.0), hex(0xFB_F6_E6));
    ear(c, (x - 14.0, 452.0), 1.0);
    for (y, half) in [(488.0, 84.0), (512.0, 56.0)] {
        let line = Shape::Box([x - half, y, x + half, y + 11.0], 5.0);
        c.paint(&line, 0.92, |_, _| hex(0xFB_F6_E6));
    }
    let (bx, by) = (x + d.range(330.0, 360.0), 560.0);
    bowl(c, (bx, by), 128.0, d.pick(&[hex(0x6C_8F_A8), hex(0x9C_6B_4A), hex(0xB9_C2_B6)]), WHITE);
    let rice = hex(0xF6_F2_E4);
    c.ball(&Shape::Ellipse((bx, by - 16.0), (112.0, 42.0), 0.0), rice);
    for _ in 0..210 {
        let (turn, far) = (d.range(0.0, 6.3), d.unit().sqrt());
        let at = (bx + turn.cos() * far * 108.0, by - 16.0 + turn.sin() * far * 36.0);
        let grain = Shape::Ellipse(at, (7.5, 2.6), d.range(0.0, 3.1));
        c.fill(&grain, shade(rice, d.range(0.88, 1.03)));
    }
    for _ in 0..26 {
        let at = (bx + d.range(-210.0, 170.0), d.range(648.0, 690.0));
        c.fill(
            &Shape::Ellipse(at, (8.0, 2.8), d.range(0.0, 3.1)),
            shade(rice, d.range(0.92, 1.03)),
        );
    }
}

/// An ear of rice for labels.
fn ear(c: &mut Canvas, (x, y): (f32, f32), size: f32) {
    let gold = hex(0xC9_97_22);
    c.fill(&Shape::Capsule((x, y), (x + 18.0 * size, y - 84.0 * size), 2.2), hex(0x5B_86_3A));
    for at in 0..7_u8 {
        let t = f32::from(at) / 6.0;
        let stem = (x + 18.0 * size * t, y - (22.0 + 66.0 * t) * size);
        for side in [-1.0, 1.0] {
            let centre = (stem.0 + side * 9.0 * size, stem.1 - 4.0 * size);
            c.fill(&Shape::Ellipse(centre, (5.2 * size, 10.0 * size), side * 0.55), gold);
        }
    }
}

pub(super) fn tea_pack(c: &mut Canvas, d: &mut Draw) {
    table(c, d, hex(0x9E_77_52));
    let tin = d.pick(&[hex(0x2E_5E_43), hex(0x7A_2F_2B), hex(0x30_4A_5E), hex(0x8A_6A_2C)]);
    let x = d.range(300.0, 370.0);
    c.shadow((x + 12.0, TABLE + 34.0), (220.0, 38.0), 0.6);
    let light = |px: f32| {
        mix(mix(tin, WHITE, 0.22), shade(tin, 0.66), f32::midpoint((px - x) / 150.0, 1.0))
    };
    c.paint(&Shape::Box([x - 142.0, 190.0, x + 142.0, TABLE + 20.0], 14.0), 1.0, |px, _| light(px));
    c.paint(&Shape::Box([x - 150.0, 160.0, x + 150.0, 232.0], 12.0), 1.0, |px, _| {
        shade(light(px), 0.86)
    });
    c.fill(&Shape::Box([x - 104.0, 282.0, x + 104.0, 556.0], 8.0), hex(0xF5_EF_DC));
    sprig(c, (x, 452.0), 0.52);
    for (y, half) in [(308.0, 62.0), (332.0, 40.0), (528.0, 72.0)] {
        c.fill(&Shape::Box([x - half, y, x + half, y + 9.0], 4.0), shade(tin, 1.1));
    }
    let (cx, cy) = (x + d.range(330.0, 370.0), 556.0);
    let brew = if tin[0] > 110.0 { hex(0x9C_3F_1C) } else { hex(0xB9_B2_4A) };
    c.shadow((cx + 4.0, 646.0), (190.0, 26.0), 0.5);
    c.fade(&Shape::Ellipse((cx, 636.0), (156.0, 24.0), 0.0), hex(0xF4_F1_EA), hex(0xCF_CA_BF));
    let handle = Shape::circle((cx + 116.0, cy + 26.0), 36.0);
    c.fill(&handle, hex(0xDD_D9_CF));
    c.fill(&Shape::circle((cx + 116.0, cy + 26.0), 21.0), hex(0xB4_94_72));
    bowl(c, (cx, cy), 112.0, hex(0xE9_E5_DB), brew);
    for (at, bend) in [(-26.0, 0.0), (14.0, 2.0)] {
        for puff in 0..26_u8 {
            let t = f32::from(puff) / 25.0;
            let px = cx + at + (t * 6.0 + bend).sin() * 16.0;
            c.glow((px, cy - 40.0 - t * 170.0), (17.0, 20.0), WHITE, 0.26 * (1.0 - t));
        }
    }
    for _ in 0..34 {
        let at = (d.range(x + 130.0, 930.0), d.range(660.0, 700.0));
        let turn = d.range(-1.0, 1.0);
        let tip = (at.0 + 22.0 * turn.cos(), at.1 + 12.0 * turn.sin());
        c.fill(&Shape::Leaf(at, tip, 3.6), mix(hex(0x2F_3B_22), hex(0x5E_6B_3A), d.unit()));
    }
}

/// A coffee bean.
fn bean(c: &mut Canvas, at: (f32, f32), size: f32, turn: f32, roast: Colour) {
    c.ball(&Shape::Ellipse(at, (size, size * 0.7), turn), roast);
    let (sin, cos) = turn.sin_cos();
    let half = size * 0.78;
    let seam = Shape::Capsule(
        (at.0 - cos * half, at.1 - sin * half),
        (at.0 + cos * half, at.1 + sin * half),
        size * 0.07,
    );
    c.fill(&seam, shade(roast, 0.45));
}

pub(super) fn coffee_bag(c: &mut Canvas, d: &mut Draw) {
    table(c, d, hex(0xB0_8A_63));
    let paper = d.pick(&[hex(0xB8_8A_5A), hex(0x3C_36_33), hex(0x8A_5A_3C), hex(0xD9_C7_A4)]);
    let accent = d.pick(&[hex(0xC7_46_34), hex(0x2F_6B_4F), hex(0xD8_9A_2B)]);
    let x = d.range(380.0, 560.0);
    c.shadow((x + 10.0, TABLE + 40.0), (260.0, 42.0), 0.6);
    let light = |px: f32| {
        mix(mix(paper, WHITE, 0.2), shade(paper, 0.7), f32::midpoint((px - x) / 160.0, 1.0))
    };
    let body = vec![
        (x - 138.0, 190.0),
        (x + 138.0, 190.0),
        (x + 154.0, TABLE - 70.0),
        (x + 146.0, TABLE + 20.0),
        (x - 146.0, TABLE + 20.0),
        (x - 154.0, TABLE - 70.0),
    ];
    c.paint(&Shape::Polygon(body, 8.0), 1.0, |px, py| {
        shade(light(px), 1.0 + ((py - 200.0) / 46.0 + (px / 90.0).sin()).sin() * 0.018)
    });
    c.fill(&Shape::Box([x - 146.0, 150.0, x + 146.0, 206.0], 5.0), shade(paper, 0.84));
    for line in [166.0, 178.0, 190.0] {
        c.fill(&Shape::Box([x - 146.0, line, x + 146.0, line + 2.0], 0.0), shade(paper, 0.66));
    }
    c.fill(&Shape::Box([x - 108.0, 276.0, x + 108.0, 540.0], 10.0), hex(0xF7_F1_E3));
    c.fill(&Shape::Box([x - 108.0, 276.0, x + 108.0, 318.0], 10.0), accent);
    c.fill(&Shape::circle((x, 412.0), 62.0), mix(accent, WHITE, 0.72));
    bean(c, (x, 412.0), 42.0, -0.7, hex(0x6B_3F_22));
    for (y, half) in [(492.0, 74.0), (512.0, 46.0)] {
        c.fill(&Shape::Box([x - half, y, x + half, y + 9.0], 4.0), hex(0x8A_6A_4C));
    }
    for _ in 0..64 {
        let left = d.unit() < 0.5;
        let px = if left { d.range(40.0, x - 130.0) } else { d.range(x + 140.0, 920.0) };
        let near = d.unit();
        let at = (px, 628.0 + near * 68.0);
        c.shadow((at.0 + 3.0, at.1 + 9.0), (22.0, 10.0), 0.5);
        let roast = mix(hex(0x5A_33_1B), hex(0x7C_4A_28), d.unit());
        bean(c, at, 15.0 + near * 5.0, d.range(-1.5, 1.5), roast);
    }
}

pub(super) fn honey_jar(c: &mut Canvas, d: &mut Draw) {
    table(c, d, hex(0xC4_9C_6A));
    let amber = mix(hex(0xD9_87_18), hex(0xE9_B4_3C), d.unit());
    let lid = d.pick(&[hex(0xB0_7A_2A), hex(0x5E_44_30), hex(0xC9_C2_B2)]);
    let x = d.range(390.0, 570.0);
    c.shadow((x + 14.0, TABLE + 40.0), (250.0, 42.0), 0.6);
    c.glow((x + 120.0, TABLE + 44.0), (220.0, 30.0), amber, 0.5);
    c.paint(&Shape::Box([x - 168.0, 218.0, x + 168.0, TABLE + 26.0], 54.0), 1.0, |px, py| {
        let across = (px - x) / 168.0;
        let lit = mix(mix(amber, WHITE, 0.28), shade(amber, 0.62), across.abs().powi(2));
        mix(lit, shade(amber, 0.72), (py - 300.0) / 620.0)
    });
    let gleam = Shape::Capsule((x - 132.0, 290.0), (x - 132.0, 540.0), 9.0);
    c.paint(&gleam, 0.5, |_, _| WHITE);
    c.paint(&Shape::Box([x - 146.0, 148.0, x + 146.0, 232.0], 14.0), 1.0, |px, _| {
        mix(mix(lid, WHITE, 0.28), shade(lid, 0.7), f32::midpoint((px - x) / 146.0, 1.0))
    });
    for rib in -7..=7_i8 {
        let rx = x + f32::from(rib) * 19.0;
        let line = Shape::Box([rx, 172.0, rx + 3.0, 228.0], 1.0);
        c.paint(&line, 0.4, |_, _| shade(lid, 0.55));
    }
    c.fill(&Shape::Box([x - 118.0, 330.0, x + 118.0, 540.0], 16.0), hex(0xFB_F4_DF));
    for (dx, dy) in [(0.0, -30.0), (-39.0, 37.0), (39.0, 37.0)] {
        let (hx, hy) = (x + dx, 408.0 + dy);
        let corners = (0..6_u8).map(|at| {
            let (sin, cos) = (f32::from(at) * std::f32::consts::FRAC_PI_3
                + std::f32::consts::FRAC_PI_6)
                .sin_cos();
            (hx + cos * 33.0, hy + sin * 33.0)
        });
        c.ball(&Shape::Polygon(corners.collect(), 3.0), mix(amber, hex(0xFF_D8_6A), 0.35));
    }
    c.fill(&Shape::Box([x - 76.0, 506.0, x + 76.0, 516.0], 5.0), hex(0x9A_6A_2A));
    // Flowers of the ban tree, white with a violet heart.
    for (fx, fy) in [(x - 290.0, 640.0), (x + 270.0, 650.0), (x + 340.0, 618.0)] {
        let (fx, fy) = (fx + d.range(-20.0, 20.0), fy + d.range(-8.0, 8.0));
        c.shadow((fx, fy + 26.0), (64.0, 16.0), 0.4);
        let turned = d.range(0.0, 1.2);
        for petal in 0..5_u8 {
            let (sin, cos) = (f32::from(petal) * 1.2566 + turned).sin_cos();
            let tip = (fx + cos * 60.0, fy + sin * 42.0);
            let leaf = Shape::Leaf((fx, fy), tip, 17.0);
            c.paint(&leaf, 1.0, |px, py| {
                mix(hex(0xC9_7A_B0), hex(0xFD_F4_F9), (px - fx).hypot(py - fy) / 40.0)
            });
        }
        c.fill(&Shape::circle((fx, fy), 6.0), hex(0xE2_B8_3A));
    }
}
