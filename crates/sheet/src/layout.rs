//! Where stamps stand on paper, in millimetres from the upper left corner of the page.

use crate::SheetError;

/// The paper that the stamps of an order are printed on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Layout {
    /// Square carriers on A4 pages, to be cut; 15 to 100 mm (20, 25, 30 and 40 are usual).
    A4 {
        size_mm: f64,
        /// Ticks in the margins, in line with the edges of the carriers.
        cut_marks: bool,
    },
    /// Rectangles on A4 pages, to be cut: labels of cases. At most what the margins leave, 188 by 254 mm.
    A4Labels { width_mm: f64, height_mm: f64, cut_marks: bool },
    /// A label a page, each side 15 to 200 mm (40 × 25 and 50 × 30 are usual).
    Roll { width_mm: f64, height_mm: f64 },
}

/// An upright rectangle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Area {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

impl Area {
    /// What is left when `edge` is taken off on every side.
    pub(crate) fn inside(self, edge: f64) -> Self {
        Self {
            x: self.x + edge,
            y: self.y + edge,
            width: self.width - 2.0 * edge,
            height: self.height - 2.0 * edge,
        }
    }
}

const A4: (f64, f64) = (210.0, 297.0);
/// What desk printers cannot reach, with some to spare; it holds the cut marks too.
const MARGIN: f64 = 11.0;
/// Between carriers, so that a cut that is not quite straight harms neither.
const GAP: f64 = 2.0;
const FOOTER: f64 = 6.0;
const MARK: f64 = 4.0;

/// The pages of one layout.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Pages {
    pub(crate) width: f64,
    pub(crate) height: f64,
    carrier: (f64, f64),
    columns: usize,
    rows: usize,
    /// Upper left corner of the first carrier.
    origin: (f64, f64),
    pub(crate) cut_marks: bool,
    pub(crate) footer: Option<Area>,
}

impl Pages {
    pub(crate) fn of(layout: Layout) -> Result<Self, SheetError> {
        match layout {
            Layout::A4 { size_mm, cut_marks } if (15.0..=100.0).contains(&size_mm) => {
                Ok(Self::a4((size_mm, size_mm), cut_marks))
            }
            Layout::A4Labels { width_mm, height_mm, cut_marks }
                if (15.0..=A4.0 - 2.0 * MARGIN).contains(&width_mm)
                    && (15.0..=254.0).contains(&height_mm) =>
            {
                Ok(Self::a4((width_mm, height_mm), cut_marks))
            }
            Layout::Roll { width_mm, height_mm }
                if [width_mm, height_mm].iter().all(|side| (15.0..=200.0).contains(side)) =>
            {
                Ok(Self {
                    width: width_mm,
                    height: height_mm,
                    carrier: (width_mm, height_mm),
                    columns: 1,
                    rows: 1,
                    origin: (0.0, 0.0),
                    cut_marks: false,
                    footer: None,
                })
            }
            Layout::A4 { size_mm, .. } => {
                Err(SheetError::Size { width_mm: size_mm, height_mm: size_mm })
            }
            Layout::Roll { width_mm, height_mm } | Layout::A4Labels { width_mm, height_mm, .. } => {
                Err(SheetError::Size { width_mm, height_mm })
            }
        }
    }

    fn a4(carrier: (f64, f64), cut_marks: bool) -> Self {
        let (width, height) = A4;
        let fitting = |room: f64, side: f64| ((room + GAP) / (side + GAP)).floor() as usize;
        let columns = fitting(width - 2.0 * MARGIN, carrier.0);
        let rows = fitting(height - 2.0 * MARGIN - FOOTER, carrier.1);
        let taken = columns as f64 * (carrier.0 + GAP) - GAP;
        Self {
            width,
            height,
            carrier,
            columns,
            rows,
            origin: ((width - taken) / 2.0, MARGIN),
            cut_marks,
            footer: Some(Area {
                x: MARGIN,
                y: height - MARGIN - FOOTER / 2.0,
                width: width - 2.0 * MARGIN,
                height: FOOTER,
            }),
        }
    }

    pub(crate) fn stamps_a_page(&self) -> usize {
        self.columns * self.rows
    }

    /// Where the `place`th stamp of a page stands, row by row.
    pub(crate) fn area(&self, place: usize) -> Area {
        let (column, row) = (place % self.columns, place / self.columns);
        Area {
            x: self.origin.0 + column as f64 * (self.carrier.0 + GAP),
            y: self.origin.1 + row as f64 * (self.carrier.1 + GAP),
            width: self.carrier.0,
            height: self.carrier.1,
        }
    }

    /// Ticks for a page with `stamps` stamps, from point to point: outside the grid, so that none
    /// comes near a quiet zone.
    pub(crate) fn marks(&self, stamps: usize) -> Vec<[(f64, f64); 2]> {
        if !self.cut_marks || stamps == 0 {
            return Vec::new();
        }
        let columns = stamps.min(self.columns);
        let rows = stamps.div_ceil(self.columns);
        let last = self.area(rows * self.columns - 1);
        let right = self.area(columns - 1).x + self.carrier.0;
        let bottom = last.y + self.carrier.1;
        let (left, top) = self.origin;
        let mut marks = Vec::new();
        for column in 0..columns {
            let x = self.area(column).x;
            for x in [x, x + self.carrier.0] {
                marks.push([(x, top - GAP - MARK), (x, top - GAP)]);
                marks.push([(x, bottom + GAP), (x, bottom + GAP + MARK)]);
            }
        }
        for row in 0..rows {
            let y = self.area(row * self.columns).y;
            for y in [y, y + self.carrier.1] {
                marks.push([(left - GAP - MARK, y), (left - GAP, y)]);
                marks.push([(right + GAP, y), (right + GAP + MARK, y)]);
            }
        }
        marks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_never_overlap_and_stay_clear_of_margins_and_footer() {
        for size in [15.0, 20.0, 25.0, 30.0, 40.0, 100.0] {
            let pages = Pages::of(Layout::A4 { size_mm: size, cut_marks: true }).expect("a size");
            let areas: Vec<_> = (0..pages.stamps_a_page()).map(|place| pages.area(place)).collect();
            let footer = pages.footer.expect("A4 has a footer");
            for (place, area) in areas.iter().enumerate() {
                assert!(area.x >= MARGIN - 1e-9 && area.x + size <= A4.0 - MARGIN + 1e-9);
                assert!(area.y >= MARGIN - 1e-9 && area.y + size <= footer.y);
                for other in &areas[..place] {
                    let beside = (area.x - other.x).abs() >= size + GAP - 1e-9;
                    let below = (area.y - other.y).abs() >= size + GAP - 1e-9;
                    assert!(beside || below, "{area:?} {other:?}");
                }
            }
        }
    }

    #[test]
    fn the_usual_sizes_fill_a_page() {
        let count = |size_mm| {
            Pages::of(Layout::A4 { size_mm, cut_marks: false }).map(|p| p.stamps_a_page())
        };
        assert_eq!([20.0, 25.0, 30.0, 40.0].map(count), [Ok(96), Ok(70), Ok(40), Ok(24)]);
    }

    #[test]
    fn sizes_that_no_printer_can_mean_are_refused() {
        for size in [0.0, -5.0, 14.9, 100.1, f64::NAN, f64::INFINITY] {
            assert!(Pages::of(Layout::A4 { size_mm: size, cut_marks: false }).is_err());
        }
        for height_mm in [0.0, -5.0, 14.9, 200.1, f64::NAN, f64::INFINITY] {
            assert!(Pages::of(Layout::Roll { width_mm: 40.0, height_mm }).is_err());
        }
        for (width_mm, height_mm) in [(188.1, 65.0), (14.9, 65.0), (188.0, 254.1), (f64::NAN, 65.0)]
        {
            let layout = Layout::A4Labels { width_mm, height_mm, cut_marks: true };
            assert!(Pages::of(layout).is_err(), "{width_mm} {height_mm}");
        }
    }

    #[test]
    fn four_labels_of_cases_stand_on_a_page() {
        let labels = Layout::A4Labels { width_mm: 188.0, height_mm: 65.0, cut_marks: true };
        let pages = Pages::of(labels).expect("a size");
        assert_eq!((pages.columns, pages.stamps_a_page()), (1, 4));
        let footer = pages.footer.expect("A4 has a footer");
        for place in 0..4 {
            let area = pages.area(place);
            assert!(area.x >= MARGIN && area.x + area.width <= A4.0 - MARGIN + 1e-9);
            assert!(area.y >= MARGIN && area.y + area.height <= footer.y);
        }
    }

    #[test]
    fn marks_stay_outside_the_grid_and_inside_the_page() {
        let pages = Pages::of(Layout::A4 { size_mm: 30.0, cut_marks: true }).expect("a size");
        for stamps in [1, 3, 5, 6, pages.stamps_a_page()] {
            let marks = pages.marks(stamps);
            assert!(!marks.is_empty());
            for point in marks.iter().flatten() {
                assert!(point.0 > 0.0 && point.0 < A4.0 && point.1 > 0.0 && point.1 < A4.1);
                for place in 0..stamps {
                    let area = pages.area(place);
                    let inside_x = (area.x - GAP + 1e-9..area.x + area.width).contains(&point.0);
                    let inside_y = (area.y - GAP + 1e-9..area.y + area.height).contains(&point.1);
                    assert!(!(inside_x && inside_y), "{point:?} {area:?}");
                }
            }
        }
    }
}
