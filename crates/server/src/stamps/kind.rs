//! What stamps and labels can bear, with what a layman needs to choose. QR and GS1 DataMatrix are
//! stamps: each has its own serial number, is activated and can be voided. Labels of cases and for the
//! till are all alike: they name a product or a lot, and there is nothing to activate.

use super::carrier::Carrier;
use crate::shared::L;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// A link, for buyers' phones.
    #[default]
    Qr,
    /// Product, lot and serial number, for scanners.
    DataMatrix,
    /// GS1-128 with product, lot and expiry, for warehouses.
    Case,
    /// EAN-13, for the till.
    Till,
}

impl Kind {
    pub const ALL: [Kind; 4] = [Kind::Qr, Kind::DataMatrix, Kind::Case, Kind::Till];

    /// As forms and the register have it.
    pub fn code(self) -> &'static str {
        match self {
            Kind::Qr => "qr",
            Kind::DataMatrix => "datamatrix",
            Kind::Case => "case",
            Kind::Till => "till",
        }
    }

    pub fn of_code(code: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The name that print shops know, the same in both languages.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Qr => "QR",
            Kind::DataMatrix => "GS1 DataMatrix",
            Kind::Case => "GS1-128",
            Kind::Till => "EAN-13",
        }
    }

    /// What it is, in few words.
    pub fn title(self, l: L) -> &'static str {
        let (vi, en) = match self {
            Kind::Qr => ("Tem mã QR cho người mua", "QR stamps for buyers"),
            Kind::DataMatrix => {
                ("Tem GS1 DataMatrix cho máy quét", "GS1 DataMatrix stamps for scanners")
            }
            Kind::Case => ("Nhãn thùng, bao: GS1-128", "Labels of cases and sacks: GS1-128"),
            Kind::Till => ("Nhãn EAN-13 cho quầy tính tiền", "EAN-13 labels for the till"),
        };
        l.t(vi, en)
    }

    /// What it is for, and what it is not for.
    pub fn purpose(self, l: L) -> &'static str {
        let (vi, en) = match self {
            Kind::Qr => (
                "Người mua quét bằng điện thoại để xem nguồn gốc. Mỗi tem một số riêng.",
                "Buyers scan it with a phone to see where goods come from. Each stamp has its own number.",
            ),
            Kind::DataMatrix => (
                "Cho gói nhỏ, dây chuyền đóng gói và siêu thị: mã sản phẩm, số lô, mỗi tem một số riêng. Điện thoại của người mua không mở được trang nguồn gốc từ mã này.",
                "For small packs, packing lines and supermarkets: product, lot, and a number for each stamp. Buyers' phones do not open the page of origin from it.",
            ),
            Kind::Case => (
                "Kho quét khi nhập, xuất: mã sản phẩm, số lô, hạn sử dụng nếu lô đã có. Các nhãn giống nhau. Mã GTIN của sản phẩm phải là mã của cả thùng, bao.",
                "Warehouses scan it at the door: product, lot, and expiry if the lot has one. All labels are alike. The product's GTIN must be that of the whole case.",
            ),
            Kind::Till => (
                "Máy quét ở quầy tính tiền và nhãn kệ: chỉ có mã sản phẩm, không có số lô. Các nhãn giống nhau.",
                "For tills and shelf labels: the product only, no lot. All labels are alike.",
            ),
        };
        l.t(vi, en)
    }

    /// Whether each stamp has a serial number of its own.
    pub fn serialised(self) -> bool {
        matches!(self, Kind::Qr | Kind::DataMatrix)
    }

    /// The papers it can be printed on: large enough for what it must carry.
    pub fn carriers(self) -> &'static [Carrier] {
        match self {
            Kind::Qr | Kind::DataMatrix => &Carrier::STAMPS,
            Kind::Case => &Carrier::CASES,
            Kind::Till => &Carrier::TILL,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_found_by_its_code_and_has_papers_that_are_offered() {
        for kind in Kind::ALL {
            assert_eq!(Kind::of_code(kind.code()), Some(kind));
            assert!(kind.carriers().iter().all(|one| Carrier::ALL.contains(one)));
        }
        for carrier in Carrier::ALL {
            assert!(Kind::ALL.iter().any(|kind| kind.carriers().contains(&carrier)), "{carrier:?}");
        }
        assert_eq!(Kind::of_code("QR"), None);
        assert_eq!(Kind::of_code(""), None);
    }
}
