//! The 30 sizes of ECC 200 symbols (ISO/IEC 16022:2006, Table 7): how many codewords each holds and
//! into how many regions and blocks it is cut.

use super::Shape;

/// One size. All counts are of the whole symbol unless a name says otherwise.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Size {
    pub(super) rows: usize,
    pub(super) columns: usize,
    /// Data regions down and across; each has a finder of its own.
    pub(super) regions: (usize, usize),
    /// Codewords of data.
    pub(super) data: usize,
    /// Codewords of error correction in each block.
    pub(super) ecc: usize,
    pub(super) blocks: usize,
}

impl Size {
    /// Rows and columns of the matrix that codewords are placed in: all regions without finders.
    pub(super) fn mapping(&self) -> (usize, usize) {
        (self.rows - 2 * self.regions.0, self.columns - 2 * self.regions.1)
    }

    fn is_square(&self) -> bool {
        self.rows == self.columns
    }

    /// Sizes of a shape, from the smallest area; a square before a rectangle of the same area.
    pub(super) fn of(shape: Shape) -> impl Iterator<Item = &'static Size> {
        SIZES.iter().filter(move |size| match shape {
            Shape::Square => size.is_square(),
            Shape::Rectangle => !size.is_square(),
            Shape::Any => true,
        })
    }
}

const fn size(
    (rows, columns): (usize, usize),
    regions: (usize, usize),
    data: usize,
    ecc: usize,
    blocks: usize,
) -> Size {
    Size { rows, columns, regions, data, ecc, blocks }
}

pub(super) static SIZES: [Size; 30] = [
    size((10, 10), (1, 1), 3, 5, 1),
    size((12, 12), (1, 1), 5, 7, 1),
    size((8, 18), (1, 1), 5, 7, 1),
    size((14, 14), (1, 1), 8, 10, 1),
    size((16, 16), (1, 1), 12, 12, 1),
    size((8, 32), (1, 2), 10, 11, 1),
    size((12, 26), (1, 1), 16, 14, 1),
    size((18, 18), (1, 1), 18, 14, 1),
    size((20, 20), (1, 1), 22, 18, 1),
    size((12, 36), (1, 2), 22, 18, 1),
    size((22, 22), (1, 1), 30, 20, 1),
    size((24, 24), (1, 1), 36, 24, 1),
    size((16, 36), (1, 2), 32, 24, 1),
    size((26, 26), (1, 1), 44, 28, 1),
    size((16, 48), (1, 2), 49, 28, 1),
    size((32, 32), (2, 2), 62, 36, 1),
    size((36, 36), (2, 2), 86, 42, 1),
    size((40, 40), (2, 2), 114, 48, 1),
    size((44, 44), (2, 2), 144, 56, 1),
    size((48, 48), (2, 2), 174, 68, 1),
    size((52, 52), (2, 2), 204, 42, 2),
    size((64, 64), (4, 4), 280, 56, 2),
    size((72, 72), (4, 4), 368, 36, 4),
    size((80, 80), (4, 4), 456, 48, 4),
    size((88, 88), (4, 4), 576, 56, 4),
    size((96, 96), (4, 4), 696, 68, 4),
    size((104, 104), (4, 4), 816, 56, 6),
    size((120, 120), (6, 6), 1050, 68, 6),
    size((132, 132), (6, 6), 1304, 62, 8),
    size((144, 144), (6, 6), 1558, 62, 10),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_and_error_correction_fill_every_size() {
        for size in &SIZES {
            let (rows, columns) = size.mapping();
            assert_eq!(rows * columns / 8, size.data + size.ecc * size.blocks, "{size:?}");
            // What is left over is the fixed corner of four modules, or nothing.
            assert!([0, 4].contains(&(rows * columns % 8)), "{size:?}");
        }
    }

    #[test]
    fn sizes_stand_in_order_of_area_and_squares_in_order_of_capacity() {
        assert!(SIZES.is_sorted_by_key(|size| (size.rows * size.columns, !size.is_square())));
        for shape in [Shape::Square, Shape::Rectangle] {
            assert!(Size::of(shape).is_sorted_by_key(|size| size.data));
        }
        assert_eq!((Size::of(Shape::Square).count(), Size::of(Shape::Rectangle).count()), (24, 6));
    }
}
