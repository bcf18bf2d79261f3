//! What stands in the QR code of a stamp and below it. Scheme and host are written in upper case,
//! so that the symbol can use its alphanumeric mode and stays small.

use gs1::{Link, element};
use stamp::Serial;

use crate::shared::{Fail, L};

/// What the stamps of an order say, the same for all but the serial number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Face {
    pub lot: i64,
    pub lot_code: String,
    pub trace_code: String,
    pub gtin: Option<String>,
    pub product: String,
    pub organisation: i64,
    /// The lot's day of expiry, as the register has it.
    pub expires_on: Option<String>,
}

impl Face {
    /// The link in the code: a GS1 Digital Link where the product has a GTIN, our own short
    /// address where it has none.
    pub fn link(&self, public_url: &str, serial: &Serial) -> Result<String, Fail> {
        let Some(link) = self.digital_link(serial)? else {
            return Ok(short(public_url, serial.as_str()));
        };
        Ok(link.upper_case(public_url).unwrap_or_else(|| link.with_stem(public_url)))
    }

    pub(super) fn digital_link(&self, serial: &Serial) -> Result<Option<Link>, Fail> {
        let Some(gtin) = &self.gtin else { return Ok(None) };
        Link::build(&[("01", gtin), ("10", &self.lot_code), ("21", serial.as_str())])
            .map(Some)
            .map_err(|error| {
                Fail::internal(format!(
                    "the link of lot {}: {}",
                    self.lot,
                    error.message(gs1::Lang::En)
                ))
            })
    }

    /// Readable text below the code, the most important line first.
    pub fn lines(&self, l: L, serial: &Serial) -> Result<Vec<String>, Fail> {
        let mut lines = vec![self.product.clone()];
        if let Some(link) = self.digital_link(serial)? {
            lines.extend(element::hri(&link));
        } else {
            lines.push(format!("{} {}", l.t("Lô", "Lot"), self.lot_code));
            lines.push(serial.grouped());
        }
        Ok(lines)
    }
}

/// `HTTPS://HOST/T/SERIAL`; a public address with a path of its own keeps its case.
fn short(public_url: &str, code: &str) -> String {
    let host = public_url.split_once("://").map_or(public_url, |(_, rest)| rest);
    if host.contains('/') {
        format!("{public_url}/t/{code}")
    } else {
        format!("{}/T/{code}", public_url.to_ascii_uppercase())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn face(gtin: Option<&str>) -> Face {
        Face {
            lot: 1,
            lot_code: "SC-0726".to_owned(),
            trace_code: "T000000000".to_owned(),
            gtin: gtin.map(str::to_owned),
            product: "Gạo Séng Cù (minh hoạ)".to_owned(),
            organisation: 1,
            expires_on: None,
        }
    }

    #[test]
    fn the_code_of_a_stamp_uses_the_small_alphabet_of_qr() {
        let serial = Serial::parse("7K3M9Q2XWP4T").unwrap();
        for gtin in [Some("08931234567897"), None] {
            let link = face(gtin).link("https://nguon.example", &serial).unwrap();
            assert!(gs1::link::is_qr_alphanumeric(&link), "{link}");
        }
    }

    #[test]
    fn the_text_below_names_product_lot_and_serial_number() {
        let serial = Serial::parse("7K3M9Q2XWP4T").unwrap();
        let l = L(gs1::Lang::Vi);
        let lines = face(Some("08931234567897")).lines(l, &serial).unwrap();
        assert_eq!(lines[1..], ["(01) 08931234567897", "(10) SC-0726", "(21) 7K3M9Q2XWP4T"]);
        assert_eq!(face(None).lines(l, &serial).unwrap()[1..], ["Lô SC-0726", "7K3M-9Q2X-WP4T"]);
    }
}
