//! What the fuzzer found, each as the rule that was broken.

use gs1::compress::{Compression, compress, decompress};
use gs1::dictionary::Dictionary;
use gs1::message::{Message, Options, Symbology, Syntax, scan_data};
use gs1::{EpcError, Level, Link, epc};

#[test]
fn scan_data_have_no_empty_element_before_the_composite_part() -> Result<(), gs1::ReadError> {
    let options = Options { relations: false, ..Options::default() };
    let scan = scan_data(Symbology::DataMatrix, "^10A^|^21B", &options)?;
    assert_eq!(scan, "]d210A\u{1d}21B");
    assert_eq!(Message::read(&scan, &options)?.elements().len(), 2);
    Ok(())
}

#[test]
fn a_separator_in_front_of_scanned_data_is_not_told_twice() -> Result<(), gs1::ReadError> {
    let options = Options::default();
    let message = Message::read("]e0\u{1d}95A", &options)?;
    let raw = message.raw().unwrap_or_default();
    assert_eq!(raw, "^95A");
    assert_eq!(Message::read(&raw, &options)?.elements(), message.elements());
    Ok(())
}

#[test]
fn a_composite_part_has_no_other_after_it() {
    let options = Options { relations: false, ..Options::default() };
    assert!(scan_data(Symbology::Ean13, "8931234567897|^10A|^21B", &options).is_err());
}

#[test]
fn a_lot_gives_way_in_the_path_to_what_can_stand_nowhere_else()
-> Result<(), Box<dyn std::error::Error>> {
    let link = Link::parse("https://a.vn/01/08933214567897/235/B4T?10=261231")?;
    assert_eq!(decompress(&compress(&link, Compression::default()))?, link);
    Ok(())
}

#[test]
fn a_parameter_without_a_value_is_no_ai_when_a_link_is_decompressed()
-> Result<(), Box<dyn std::error::Error>> {
    let link = Link::parse("https://a.vn/00/389312345000000017?90&x")?;
    assert_eq!(decompress(&compress(&link, Compression::default()))?, link);
    Ok(())
}

#[test]
fn a_segment_is_not_taken_for_the_value_of_a_key_in_the_stem()
-> Result<(), Box<dyn std::error::Error>> {
    let link = Link::parse("https://a.vn/01/08931234567897/10/A/21/01/08931234567897/10/31")?;
    assert_eq!(link.stem(), "https://a.vn/01/08931234567897/10/A/21");
    assert_eq!(decompress(&compress(&link, Compression::default()))?, link);
    Ok(())
}

#[test]
fn only_an_address_is_decompressed() {
    for text in ["https://a|b/DBA-7iCtsgoAKg", "https://a:b/DBA-7iCtsgoAKg", "https://a/đ/DBA"] {
        assert!(decompress(text).is_err(), "{text}");
    }
}

#[test]
fn a_parameter_without_name_and_value_is_written_so_that_it_is_read_back()
-> Result<(), gs1::LinkError> {
    let link = Link::parse("https://a.vn/00/389312345000000017?=&x=1")?;
    assert_eq!(Link::parse(&link.address())?, link);
    Ok(())
}

#[test]
fn the_level_of_a_urn_does_not_depend_on_the_case_of_its_namespace() {
    assert_eq!(Level::of("URN:EPC:id:sgtin:893123456.0789.7"), Some(Level::Instance));
}

#[test]
fn a_key_that_is_shorter_by_another_dictionary_has_no_urn() -> Result<(), Box<dyn std::error::Error>>
{
    let own = Dictionary::parse("00 N2 dlpkey\n01 N2 dlpkey\n253 N2 dlpkey\n8006 N2 dlpkey")?;
    for ai in ["00", "01", "253", "8006"] {
        let options = Options { syntax: Syntax::Bracketed, dictionary: &own, ..Options::default() };
        let message = format!("({ai})12");
        let link = Message::read(&message, &options)?.link_of()?;
        assert_eq!(epc::to_urn(&link, 9), Err(EpcError::NoUrn { ai: ai.to_owned() }));
    }
    Ok(())
}

/// FNC1 may be given as `^` or as ASCII 29, and either ends the last value of a linear part.
#[test]
fn a_composite_part_follows_one_separator_however_that_is_written()
-> Result<(), Box<dyn std::error::Error>> {
    let options = Options { relations: false, ..Options::default() };
    for separator in ["^", "\u{1d}", ""] {
        let data = format!("^10AB{separator}|^21CD");
        let scan = scan_data(Symbology::Gs1_128, &data, &options)?;
        assert_eq!(scan, "]C110AB\u{1d}21CD", "{data:?}");
        assert_eq!(Message::read(&scan, &options)?.elements().len(), 2);
    }
    Ok(())
}

#[test]
fn an_extension_that_is_zero_has_no_urn() -> Result<(), gs1::LinkError> {
    let link = Link::parse("https://id.gs1.org/414/8931234567897/254/0")?;
    assert_eq!(epc::to_urn(&link, 9), Err(EpcError::NoUrn { ai: "254".to_owned() }));
    Ok(())
}

#[test]
fn a_tag_says_how_it_gives_escapes_back() {
    for uri in ["urn:epc:id:cpi:893123.%2f6A%237.77", "urn:epc:id:sgtin:893123456.0789.a%2fb"] {
        let tag = epc::tag::encode(uri);
        assert!(tag.is_ok(), "{uri}: {tag:?}");
        assert_eq!(tag.clone().and_then(|tag| epc::tag::decode(&tag.hex)), tag, "{uri}");
    }
}
