//! The carriers that can be ordered, with what a layman needs to choose one.

use sheet::Layout;

use crate::shared::L;

/// What the stamps of an order are printed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carrier {
    /// Squares of so many millimetres on A4 pages.
    A4(u8),
    /// Labels of cases on A4 pages, width and height in millimetres.
    A4Labels(u8, u8),
    /// Labels on a roll, width and height in millimetres.
    Roll(u8, u8),
}

impl Default for Carrier {
    fn default() -> Carrier {
        Carrier::A4(30)
    }
}

impl Carrier {
    pub const ALL: [Carrier; 8] = [
        Carrier::A4(20),
        Carrier::A4(25),
        Carrier::A4(30),
        Carrier::A4(40),
        Carrier::Roll(40, 25),
        Carrier::Roll(50, 30),
        Carrier::A4Labels(188, 65),
        Carrier::Roll(150, 100),
    ];

    /// For stamps on packs.
    pub const STAMPS: [Carrier; 6] = [
        Carrier::A4(20),
        Carrier::A4(25),
        Carrier::A4(30),
        Carrier::A4(40),
        Carrier::Roll(40, 25),
        Carrier::Roll(50, 30),
    ];

    /// On which an EAN-13 symbol has the width and height that tills ask for.
    pub const TILL: [Carrier; 2] = [Carrier::A4(40), Carrier::Roll(50, 30)];

    /// For labels of cases: a GS1-128 symbol with product and lot is at least some 12 cm wide.
    pub const CASES: [Carrier; 2] = [Carrier::A4Labels(188, 65), Carrier::Roll(150, 100)];

    /// `a4-30`, `a4-188x65`, `roll-40x25`.
    pub fn code(self) -> String {
        match self {
            Carrier::A4(size) => format!("a4-{size}"),
            Carrier::A4Labels(width, height) => format!("a4-{width}x{height}"),
            Carrier::Roll(width, height) => format!("roll-{width}x{height}"),
        }
    }

    pub fn of_code(code: &str) -> Option<Carrier> {
        Carrier::ALL.into_iter().find(|carrier| carrier.code() == code)
    }

    pub fn label(self, l: L) -> String {
        match self {
            Carrier::A4(size) => {
                format!("{} {size} mm", l.t("Giấy A4, tem vuông", "A4 sheet, square of"))
            }
            Carrier::A4Labels(width, height) => {
                format!(
                    "{} {width} × {height} mm",
                    l.t("Giấy A4, nhãn thùng", "A4 sheet, case label")
                )
            }
            Carrier::Roll(150, 100) => {
                format!("{} 150 × 100 mm", l.t("Cuộn nhãn thùng", "Roll of case labels"))
            }
            Carrier::Roll(width, height) => {
                format!("{} {width} × {height} mm", l.t("Cuộn nhãn", "Label roll"))
            }
        }
    }

    pub fn layout(self) -> Layout {
        match self {
            Carrier::A4(size) => Layout::A4 { size_mm: f64::from(size), cut_marks: true },
            Carrier::A4Labels(width, height) => Layout::A4Labels {
                width_mm: f64::from(width),
                height_mm: f64::from(height),
                cut_marks: true,
            },
            Carrier::Roll(width, height) => {
                Layout::Roll { width_mm: f64::from(width), height_mm: f64::from(height) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Carrier;

    #[test]
    fn every_carrier_is_found_by_its_code_and_nothing_else_is() {
        for carrier in Carrier::ALL {
            assert_eq!(Carrier::of_code(&carrier.code()), Some(carrier));
        }
        assert_eq!(Carrier::of_code("a4-31"), None);
    }
}
