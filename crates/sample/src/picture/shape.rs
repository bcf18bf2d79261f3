//! The few shapes that everything is drawn with.

/// A shape; distances are exact for capsules, boxes and polygons, near enough at the edge for the others.
pub(super) enum Shape {
    /// Centre, radii, turned by radians.
    Ellipse((f32, f32), (f32, f32), f32),
    /// Left, top, right, bottom; radius of the corners.
    Box([f32; 4], f32),
    /// A thick line between two points; radius.
    Capsule((f32, f32), (f32, f32), f32),
    /// Base and tip of a leaf; half its width.
    Leaf((f32, f32), (f32, f32), f32),
    /// Corners in order; radius by which they are rounded outwards.
    Polygon(Vec<(f32, f32)>, f32),
    /// Everything below a curve: height of the curve at each x.
    Below(Vec<f32>),
}

use Shape::{Below, Box as RoundBox, Capsule, Ellipse, Leaf, Polygon};

impl Shape {
    pub(super) fn circle(centre: (f32, f32), radius: f32) -> Self {
        Ellipse(centre, (radius, radius), 0.0)
    }

    /// Left, top, right, bottom of what it may cover.
    pub(super) fn bounds(&self) -> [f32; 4] {
        match self {
            Ellipse((x, y), (rx, ry), turn) => {
                let (sin, cos) = turn.sin_cos();
                let (w, h) = ((rx * cos).hypot(ry * sin), (rx * sin).hypot(ry * cos));
                [x - w, y - h, x + w, y + h]
            }
            RoundBox(edges, _) => *edges,
            Capsule(a, b, r) | Leaf(a, b, r) => {
                [a.0.min(b.0) - r, a.1.min(b.1) - r, a.0.max(b.0) + r, a.1.max(b.1) + r]
            }
            Polygon(corners, r) => corners.iter().fold(
                [f32::MAX, f32::MAX, f32::MIN, f32::MIN],
                |[x0, y0, x1, y1], (x, y)| {
                    [x0.min(x - r), y0.min(y - r), x1.max(x + r), y1.max(y + r)]
                },
            ),
            Below(heights) => {
                let top = heights.iter().copied().fold(f32::MAX, f32::min);
                [0.0, top, super::canvas::WIDTH as f32, super::canvas::HEIGHT as f32]
            }
        }
    }

    /// Signed distance to the edge in pixels.
    pub(super) fn distance(&self, x: f32, y: f32) -> f32 {
        match self {
            Ellipse(centre, (rx, ry), turn) => {
                let (sin, cos) = turn.sin_cos();
                let (dx, dy) = (x - centre.0, y - centre.1);
                let (u, v) = (dx * cos + dy * sin, dy * cos - dx * sin);
                let k = (u / rx).hypot(v / ry);
                let slope = (u / (rx * rx)).hypot(v / (ry * ry));
                if slope > 0.0 { k * (k - 1.0) / slope } else { -rx.min(*ry) }
            }
            RoundBox([x0, y0, x1, y1], r) => {
                let dx = (x0 + r - x).max(x - x1 + r);
                let dy = (y0 + r - y).max(y - y1 + r);
                dx.max(0.0).hypot(dy.max(0.0)) + dx.max(dy).min(0.0) - r
            }
            Capsule(a, b, r) => segment(*a, *b, (x, y)) - r,
            Leaf(a, b, half) => leaf(*a, *b, *half, (x, y)),
            Polygon(corners, r) => polygon(corners, (x, y)) - r,
            Below(heights) => {
                let at = (x.max(0.0) as usize).min(heights.len() - 2);
                let slope = heights[at + 1] - heights[at];
                (heights[at] - y) / 1.0_f32.hypot(slope)
            }
        }
    }
}

fn segment(a: (f32, f32), b: (f32, f32), p: (f32, f32)) -> f32 {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let length = (dx * dx + dy * dy).max(f32::EPSILON);
    let t = (((p.0 - a.0) * dx + (p.1 - a.1) * dy) / length).clamp(0.0, 1.0);
    (p.0 - a.0 - dx * t).hypot(p.1 - a.1 - dy * t)
}

/// Where two circles overlap, each through base and tip.
fn leaf(a: (f32, f32), b: (f32, f32), half: f32, p: (f32, f32)) -> f32 {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let long = dx.hypot(dy).max(1.0) / 2.0;
    let (ux, uy) = (dx / (2.0 * long), dy / (2.0 * long));
    let (mx, my) = (f32::midpoint(a.0, b.0), f32::midpoint(a.1, b.1));
    let along = (p.0 - mx) * ux + (p.1 - my) * uy;
    let across = ((p.1 - my) * ux - (p.0 - mx) * uy).abs();
    let offset = (long * long - half * half) / (2.0 * half);
    along.hypot(across + offset) - (half + offset)
}

fn polygon(corners: &[(f32, f32)], p: (f32, f32)) -> f32 {
    let mut nearest = f32::MAX;
    let mut inside = false;
    for (at, a) in corners.iter().enumerate() {
        let b = corners[(at + 1) % corners.len()];
        nearest = nearest.min(segment(*a, b, p));
        if (a.1 > p.1) != (b.1 > p.1) && p.0 < (b.0 - a.0) * (p.1 - a.1) / (b.1 - a.1) + a.0 {
            inside = !inside;
        }
    }
    if inside { -nearest } else { nearest }
}
