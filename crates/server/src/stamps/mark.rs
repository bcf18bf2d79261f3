//! What stands in the symbol of a stamp or label of each kind, what is printed beside it, and why a
//! product may have none of a kind.

use gs1::{Ai, Gtin, element};
use jiff::civil::Date;
use stamp::Serial;
use stamp::carrier::{Symbology, encode};

use super::kind::Kind;
use super::link::Face;
use crate::shared::{Fail, L, text};

/// Room for a GS1-128 symbol with its quiet zones on the smaller of the papers for cases, in
/// millimetres.
const CASE_ROOM_MM: f64 = 148.0;

/// A symbol to print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    pub symbology: Symbology,
    /// As `stamp::carrier` takes it, and as a print house must encode it.
    pub data: String,
}

/// Why a product or lot has no symbol of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lacking {
    /// The product has no GTIN.
    Gtin,
    /// The GTIN is one of a case, which no till reads.
    CaseGtin,
    /// The code of the lot is too long for a label.
    LongLot,
}

impl Lacking {
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Lacking::Gtin => (
                "Sản phẩm chưa có mã GTIN do GS1 cấp. Ghi mã vào trang sản phẩm trước, hoặc dùng tem mã QR.",
                "The product has no GTIN from GS1. Enter it on the product's page first, or use QR stamps.",
            ),
            Lacking::CaseGtin => (
                "Mã GTIN của sản phẩm là mã thùng 14 số, quầy tính tiền không đọc. Hãy dùng nhãn thùng GS1-128.",
                "The product's GTIN is that of a case, 14 digits, which tills do not read. Use a GS1-128 label.",
            ),
            Lacking::LongLot => (
                "Mã lô dài quá, mã vạch không vừa nhãn thùng. Hãy dùng tem GS1 DataMatrix.",
                "The code of the lot is too long for the bars of a case label. Use GS1 DataMatrix stamps.",
            ),
        }
    }
}

impl Face {
    /// Why there is no symbol of this kind; nothing where there is one.
    pub fn lacking(&self, kind: Kind) -> Option<Lacking> {
        if kind == Kind::Qr {
            return None;
        }
        let Some(gtin) = self.gtin.as_deref().and_then(|gtin| Gtin::parse(gtin).ok()) else {
            return Some(Lacking::Gtin);
        };
        match kind {
            Kind::Till if till(&gtin).is_none() => Some(Lacking::CaseGtin),
            Kind::Case if self.case_data(&gtin).is_none() => Some(Lacking::LongLot),
            _ => None,
        }
    }

    /// The symbol of a stamp. Kinds whose labels are all alike take no notice of the serial number;
    /// the others need one.
    ///
    /// # Errors
    /// A product or lot that has no symbol of this kind, see [`Face::lacking`].
    pub fn mark(&self, kind: Kind, url: &str, serial: Option<&Serial>) -> Result<Mark, Fail> {
        if let Some(lacking) = self.lacking(kind) {
            let (vi, en) = lacking.words();
            return Err(Fail::refused(vi, en));
        }
        let needs = || Fail::internal(format!("a stamp of lot {} without a number", self.lot));
        let gtin = || {
            let text = self.gtin.as_deref().unwrap_or_default();
            Gtin::parse(text).map_err(Fail::internal)
        };
        let (symbology, data) = match kind {
            Kind::Qr => (Symbology::Qr, self.link(url, serial.ok_or_else(needs)?)?),
            Kind::DataMatrix => {
                let link = self.digital_link(serial.ok_or_else(needs)?)?.ok_or_else(needs)?;
                (Symbology::Gs1DataMatrix, element::bracketed(&element::of_link(&link)))
            }
            Kind::Case => (Symbology::Gs1128, self.case_data(&gtin()?).ok_or_else(needs)?),
            Kind::Till => till(&gtin()?).ok_or_else(needs)?,
        };
        Ok(Mark { symbology, data })
    }

    /// Product, expiry and lot, or product and lot where all three would be too wide. The date goes
    /// first: a lot at the end needs no separator.
    fn case_data(&self, gtin: &Gtin) -> Option<String> {
        let product = (Ai::GTIN, gtin.as_str().to_owned());
        let lot = (Ai::LOT, self.lot_code.clone());
        let day: Option<Date> = self.expires_on.as_deref().and_then(|day| day.parse().ok());
        let expiry = day.map(|day| {
            let year = day.year().rem_euclid(100);
            (Ai::EXPIRY, format!("{year:02}{:02}{:02}", day.month(), day.day()))
        });
        let whole: Vec<_> =
            [Some(product.clone()), expiry, Some(lot.clone())].into_iter().flatten().collect();
        [whole, vec![product, lot]]
            .iter()
            .map(|all| element::bracketed(all))
            .find(|data| fits(data))
    }

    /// Readable text beside a symbol, the most important line first.
    pub fn text(&self, kind: Kind, l: L, serial: Option<&Serial>) -> Result<Vec<String>, Fail> {
        let lot = format!("{} {}", l.t("Lô", "Lot"), self.lot_code);
        match (kind, serial) {
            (Kind::Qr | Kind::DataMatrix, Some(serial)) => self.lines(l, serial),
            (Kind::Case, _) => {
                let expiry = self.expires_on.as_deref().map(|day| {
                    format!(" · {} {}", l.t("Hạn dùng", "Use by"), text::iso_date(&l, day))
                });
                Ok(vec![self.product.clone(), format!("{lot}{}", expiry.unwrap_or_default())])
            }
            _ => Ok(vec![self.product.clone()]),
        }
    }
}

/// EAN-8 of a GTIN-8 and EAN-13 of the others; none of a GTIN-14 with a digit for its packing.
fn till(gtin: &Gtin) -> Option<(Symbology, String)> {
    [Symbology::Ean8, Symbology::Ean13].into_iter().find_map(|symbology| {
        let carrier = encode(symbology, gtin.as_str()).ok()?;
        Some((symbology, carrier.message().to_owned()))
    })
}

/// Whether the bars fit a label of a case at the least width that warehouses ask for.
fn fits(data: &str) -> bool {
    let least = Symbology::Gs1128.x_dimension().least;
    encode(Symbology::Gs1128, data)
        .is_ok_and(|carrier| carrier.drawing_at(least, None).size_mm().0 <= CASE_ROOM_MM)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Invented (minh hoạ).
    fn face(gtin: Option<&str>, lot_code: &str, expires_on: Option<&str>) -> Face {
        Face {
            lot: 1,
            lot_code: lot_code.to_owned(),
            trace_code: "T000000000".to_owned(),
            gtin: gtin.map(str::to_owned),
            product: "Gạo Séng Cù (minh hoạ)".to_owned(),
            organisation: 1,
            expires_on: expires_on.map(str::to_owned),
        }
    }

    const GTIN: Option<&str> = Some("08931234567897");

    fn data(face: &Face, kind: Kind) -> String {
        let serial = Serial::parse("7K3M9Q2XWP4T").unwrap();
        let mark = face.mark(kind, "https://nguon.example", Some(&serial)).unwrap();
        encode(mark.symbology, &mark.data).expect("what is offered can be printed");
        format!("{} {}", mark.symbology.name(), mark.data)
    }

    #[test]
    fn each_kind_carries_what_its_readers_look_for() {
        let rice = face(GTIN, "SC-0726", Some("2027-11-22"));
        assert_eq!(
            data(&rice, Kind::Qr),
            "QR HTTPS://NGUON.EXAMPLE/01/08931234567897/10/SC-0726/21/7K3M9Q2XWP4T"
        );
        assert_eq!(
            data(&rice, Kind::DataMatrix),
            "GS1 DataMatrix (01)08931234567897(10)SC-0726(21)7K3M9Q2XWP4T"
        );
        assert_eq!(data(&rice, Kind::Case), "GS1-128 (01)08931234567897(17)271122(10)SC-0726");
        assert_eq!(data(&rice, Kind::Till), "EAN-13 8931234567897");
        let undated = face(GTIN, "SC-0726", None);
        assert_eq!(data(&undated, Kind::Case), "GS1-128 (01)08931234567897(10)SC-0726");
        assert_eq!(data(&face(Some("00000089312346"), "A", None), Kind::Till), "EAN-8 89312346");
    }

    #[test]
    fn a_bracket_in_the_code_of_a_lot_stays_in_it() {
        let odd = face(GTIN, "A(1)", None);
        let Mark { symbology, data } = odd.mark(Kind::Case, "", None).unwrap();
        let carrier = encode(symbology, &data).unwrap();
        assert_eq!(carrier.message(), "010893123456789710A(1)");
    }

    #[test]
    fn what_a_product_cannot_have_is_told_with_the_reason() {
        let bare = face(None, "SC-0726", None);
        for kind in [Kind::DataMatrix, Kind::Case, Kind::Till] {
            assert_eq!(bare.lacking(kind), Some(Lacking::Gtin));
            assert!(bare.mark(kind, "", None).is_err());
        }
        assert_eq!(bare.lacking(Kind::Qr), None);
        let case = face(Some("18931234567894"), "SC-0726", None);
        assert_eq!(case.lacking(Kind::Till), Some(Lacking::CaseGtin));
        assert_eq!(case.lacking(Kind::Case), None);
    }

    /// Twenty characters are the longest code of a lot; the date gives way first.
    #[test]
    fn a_long_code_of_a_lot_costs_the_date_and_then_the_label() {
        let expires = Some("2027-11-22");
        assert_eq!(
            data(&face(GTIN, "SENGCU-0726", expires), Kind::Case),
            "GS1-128 (01)08931234567897(10)SENGCU-0726"
        );
        let long = face(GTIN, "SENG-CU-MUONG-THANH-", expires);
        assert_eq!(long.lacking(Kind::Case), Some(Lacking::LongLot));
        assert_eq!(long.lacking(Kind::DataMatrix), None);
        let digits = face(GTIN, "12345678901234567890", expires);
        assert_eq!(digits.lacking(Kind::Case), None);
    }
}
