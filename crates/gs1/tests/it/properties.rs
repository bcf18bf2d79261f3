//! What must hold for any input: nothing panics, and what is written is read back.

use gs1::{Ai, Gtin, Level, Link, LinkBuilder, Reading, check_digit, element, epc};
use proptest::prelude::*;

/// A value of the 82 characters.
fn value(most: usize) -> impl Strategy<Value = String> {
    proptest::string::string_regex(&format!("[!-\"%-?A-Z_a-z]{{1,{most}}}"))
        .expect("a good pattern")
}

fn gtin() -> impl Strategy<Value = String> {
    "[0-9]{13}".prop_map(|body| {
        let digit = check_digit(&body).expect("digits");
        format!("{body}{digit}")
    })
}

fn link() -> impl Strategy<Value = Link> {
    let lot = proptest::option::of(value(20));
    let serial = proptest::option::of(value(20));
    let variant = proptest::option::of(value(20));
    let order = proptest::option::of(value(30));
    (gtin(), variant, lot, serial, order).prop_map(|(gtin, variant, lot, serial, order)| {
        let mut builder = LinkBuilder::new().with("01", &gtin);
        let rest = [("400", order), ("21", serial), ("22", variant), ("10", lot)];
        for (ai, value) in rest {
            if let Some(value) = value {
                builder = builder.with(ai, &value);
            }
        }
        builder.build().expect("every value is good")
    })
}

proptest! {
    #[test]
    fn a_written_link_is_read_back(link in link()) {
        let read = Link::parse_with(&link.canonical(), Reading::strict()).expect("our own link");
        prop_assert_eq!(&read, &link);
        let upper = link.upper_case("https://tx.example.vn").expect("scheme and host");
        let read = Link::parse_with(&upper, Reading::strict()).expect("our own link");
        prop_assert_eq!(read.keys(), link.keys());
        prop_assert_eq!(read.attributes(), link.attributes());
        prop_assert_eq!(read.stem(), "https://tx.example.vn");
    }

    #[test]
    fn written_elements_are_read_back(link in link()) {
        let elements = element::of_link(&link);
        prop_assert_eq!(&element::read(&element::raw(&elements)).expect("our own data"), &elements);
        // `\(` in a value cannot be told from an escaped bracket, and `\` is not of the 82.
        let bracketed = element::bracketed(&elements);
        prop_assert_eq!(&element::read(&bracketed).expect("our own data"), &elements);
        prop_assert_eq!(&element::to_link(&elements).expect("our own data"), &link);
    }

    #[test]
    fn a_urn_leads_back_to_the_constrained_link(link in link(), length in 6..=12_usize) {
        let urn = epc::to_urn(&link, length).expect("a GTIN always has a URN");
        prop_assert_eq!(epc::to_link(&urn).expect("our own URN"), link.constrained());
        let canonical = link.canonical();
        prop_assert_eq!(epc::constrained_id(&urn), epc::constrained_id(&canonical));
        prop_assert_eq!(Level::of(&urn), Some(link.level()));
    }

    #[test]
    fn a_normal_form_is_its_own_normal_form(link in link()) {
        let once = epc::canonical_id(&link.canonical()).into_owned();
        prop_assert_eq!(epc::canonical_id(&once), once.as_str());
        let once = epc::constrained_id(&once).into_owned();
        prop_assert_eq!(epc::constrained_id(&once), once.as_str());
    }

    #[test]
    fn no_text_panics_and_faults_stand_inside_it(text in ".{0,60}") {
        everything(&text)?;
    }

    #[test]
    fn no_almost_link_panics(
        stem in "(https?|HTTPS?|x)://[a-z@:\\[\\]\\.]{0,6}(/[a-z0-9]{0,3}){0,2}",
        path in "(/(01|10|21|22|235|00|414|254|8003|8006|8010|gtin|lot)/[0-9A-Za-zđ%/]{0,18}){0,3}",
        rest in "(\\?[0-9a-z=&;%+#]{0,20})?",
    ) {
        everything(&format!("{stem}{path}{rest}"))?;
    }

    #[test]
    fn no_almost_element_string_panics(text in "(\\]C1|\\^)?(\\(?[0-9]{2,4}\\)?[0-9A-Zđ\u{1d}^(\\\\]{0,20}){0,4}") {
        everything(&text)?;
    }

    #[test]
    fn no_almost_urn_panics(
        scheme in "(id|idpat|class):(sgtin|sscc|sgln|grai|giai|gsrn|gdti|cpi|sgcn|ginc|gsin|itip|upui|pgln|lgtin)",
        body in "[0-9]{5,13}(\\.[0-9A-Za-z%*đ]{0,14}){0,4}",
    ) {
        everything(&format!("urn:epc:{scheme}:{body}"))?;
    }

    #[test]
    fn a_check_digit_finds_every_single_wrong_digit(gtin in gtin(), place in 0..14_usize, add in 1..10_u8) {
        let mut bytes = gtin.clone().into_bytes();
        bytes[place] = b'0' + (bytes[place] - b'0' + add) % 10;
        let wrong = String::from_utf8(bytes).expect("digits");
        prop_assert!(Gtin::parse(&gtin).is_ok());
        prop_assert!(Gtin::parse(&wrong).is_err());
    }
}

/// Every reader of the crate on one text.
fn everything(text: &str) -> Result<(), TestCaseError> {
    for reading in [Reading::strict(), Reading::tolerant()] {
        match Link::parse_with(text, reading) {
            Err(error) => prop_assert!(text.get(error.at.clone()).is_some(), "{:?}", error),
            Ok(link) => {
                let again = Link::parse_with(&link.canonical(), Reading::strict());
                let again = again.expect("what was read is written well");
                prop_assert_eq!(again.keys(), link.keys());
                for length in 0..14 {
                    if let Ok(urn) = epc::to_urn(&link, length) {
                        prop_assert_eq!(
                            epc::to_link(&urn).expect("our own URN"),
                            link.constrained()
                        );
                    }
                }
            }
        }
    }
    if let Err(error) = element::read(text) {
        prop_assert!(text.get(error.at.clone()).is_some(), "{:?}", error);
    }
    if let Ok(link) = epc::to_link(text) {
        prop_assert!(Link::parse(&link).is_ok() || link.contains("/8011/0"), "{}", link);
    }
    let _ = (epc::canonical_id(text), epc::constrained_id(text), Level::of(text));
    let _ = (Gtin::parse(text), Ai::parse(text), gs1::gcp_length(text), gs1::check_pair(text));
    for entry in gs1::dictionary::entries() {
        if let Err((_, at)) = entry.check(text) {
            prop_assert!(text.get(at.clone()).is_some(), "{:?} {:?}", &entry.title, at);
        }
    }
    Ok(())
}
