//! What the fuzzer found, each as the rule that was broken.

use gs1::message::{Message, Options, Symbology, scan_data};

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
