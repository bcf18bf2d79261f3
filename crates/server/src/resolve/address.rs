//! What an address names: one stamped thing, a lot, a product, a place, or one of our own codes.
//! Reading forgives what scanners and people do to links; what cannot be read is told in words.

use gs1::{Ai, Link};
use stamp::{Code, Serial};

use crate::shared::L;

/// What an address names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// One stamped thing. `gtin` and `lot` as the link says them; both absent in `/t/{serial}`.
    Item {
        serial: String,
        gtin: Option<String>,
        lot: Option<String>,
    },
    Lot {
        gtin: String,
        lot: String,
    },
    Product {
        gtin: String,
    },
    Place {
        gln: String,
    },
    Code(Code),
}

/// An address that was read, with the path that is written the same way each time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    pub target: Target,
    pub path: String,
}

/// Why an address could not be read: the sentence in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    pub vi: String,
    pub en: String,
    /// The code itself is right, but it names a kind of thing that this system knows nothing of.
    pub foreign: bool,
}

impl Unread {
    pub fn sentence(&self, l: L) -> &str {
        l.t(&self.vi, &self.en)
    }

    fn new(vi: &str, en: &str) -> Unread {
        Unread { vi: vi.to_owned(), en: en.to_owned(), foreign: false }
    }
}

/// Reads the path of a Digital Link.
pub fn of_link(path: &str) -> Result<Address, Unread> {
    // The host has no part in the identity, so any will do.
    let link = Link::parse(&format!("https://id.gs1.org{path}")).map_err(|error| Unread {
        vi: format!("{}.", error.message(gs1::Lang::Vi)),
        en: format!("{}.", error.message(gs1::Lang::En)),
        foreign: false,
    })?;
    of_parsed(&link)
}

/// What a link that was read elsewhere names.
pub fn of_parsed(link: &Link) -> Result<Address, Unread> {
    let path = link.path();
    if let (Ai::GTIN, gtin) = link.primary() {
        let gtin = gtin.to_owned();
        let lot = link.lot().map(str::to_owned);
        let target = match (link.serial(), lot) {
            (Some(serial), lot) => {
                Target::Item { serial: canonical(serial), gtin: Some(gtin), lot }
            }
            (None, Some(lot)) => Target::Lot { gtin, lot },
            (None, None) => Target::Product { gtin },
        };
        return Ok(Address { target, path });
    }
    if let (Ai::GLN, gln) = link.primary() {
        return Ok(Address { target: Target::Place { gln: gln.to_owned() }, path });
    }
    Err(Unread {
        foreign: true,
        ..Unread::new(
            "Mã đúng quy cách nhưng không phải mã sản phẩm hay mã địa điểm; hệ thống này không có thông tin về nó.",
            "The code is well formed, but names neither a product nor a place; this system knows nothing of it.",
        )
    })
}

/// Reads what stands behind `/t/`: twelve characters are a serial number, ten are a code.
pub fn of_code(text: &str) -> Result<Address, Unread> {
    if let Ok(serial) = Serial::parse(text) {
        let path = format!("/t/{serial}");
        let target = Target::Item { serial: serial.as_str().to_owned(), gtin: None, lot: None };
        return Ok(Address { target, path });
    }
    match Code::parse(text) {
        Ok(code) => Ok(Address { path: format!("/t/{code}"), target: Target::Code(code) }),
        Err(stamp::CodeError::Check) => Err(Unread::new(
            "Mã không đúng: có ký tự gõ hoặc in sai. Kiểm tra lại từng ký tự.",
            "The code is not right: a character is wrong. Check each one.",
        )),
        Err(_) => Err(Unread::new(
            "Mã của hệ thống có 10 hoặc 12 ký tự gồm chữ và số. Kiểm tra lại mã in trên tem.",
            "Our codes have 10 or 12 letters and digits. Check the code on the stamp.",
        )),
    }
}

/// Our serial numbers in canonical form; what is none of ours stays as it is and is never found.
fn canonical(serial: &str) -> String {
    Serial::parse(serial).map_or_else(|_| serial.to_owned(), |serial| serial.as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand_core::SeedableRng;

    #[test]
    fn a_link_names_what_its_last_key_says() {
        let item = of_link("/01/08931234567897/10/SC-0726/21/7k3m9q2xwp4t").expect("a link");
        let Target::Item { serial, gtin, lot } = item.target else { panic!("an item") };
        assert_eq!(serial, "7K3M9Q2XWP4T");
        assert_eq!((gtin.as_deref(), lot.as_deref()), (Some("08931234567897"), Some("SC-0726")));
        let lot = of_link("/01/8931234567897/10/A%2FB").expect("13 digits are filled up");
        let named = Target::Lot { gtin: "08931234567897".to_owned(), lot: "A/B".to_owned() };
        assert_eq!(lot.target, named);
        assert!(matches!(of_link("/01/08931234567897").unwrap().target, Target::Product { .. }));
    }

    #[test]
    fn a_wrong_check_digit_is_told_with_the_right_one() {
        let unread = of_link("/01/08931234567894").unwrap_err();
        assert_eq!(unread.vi, "(01) Mã số kiểm tra sai: số cuối phải là 7.");
    }

    #[test]
    fn twelve_characters_are_a_serial_number_and_ten_a_code() {
        assert!(matches!(of_code("7k3m-9q2x-wp4t").unwrap().target, Target::Item { .. }));
        let code =
            Code::random(stamp::Kind::Trace, &mut rand_chacha::ChaCha20Rng::from_seed([1; 32]));
        assert_eq!(of_code(&code.grouped()).unwrap().target, Target::Code(code));
        assert!(of_code("ngắn").is_err());
    }

    proptest! {
        #[test]
        fn no_text_makes_reading_panic(text in "\\PC{0,60}") {
            let _ = of_code(&text);
            let _ = of_link(&format!("/01/{text}"));
        }
    }
}
