//! What the door lets in, what it says to the rest, and that a drawing has the room it needs.

use gs1::Lang;
use proptest::prelude::*;

use super::*;

/// An input for each symbology, invented (minh hoạ).
const INPUTS: [(Symbology, &str); 10] = [
    (Symbology::Qr, "HTTPS://TX.EXAMPLE.VN/01/08931234567897/21/7K3M9Q2XWP4T"),
    (Symbology::Gs1Qr, "(01)08931234567897(10)SC-0726"),
    (Symbology::DataMatrix, "https://tx.example.vn/01/08931234567897"),
    (Symbology::Gs1DataMatrix, "(01)08931234567897(21)7K3M9Q2XWP4T"),
    (Symbology::Gs1128, "(00)389312345678901234"),
    (Symbology::Ean13, "8931234567897"),
    (Symbology::Ean8, "89312346"),
    (Symbology::UpcA, "012345678905"),
    (Symbology::UpcE, "012345000058"),
    (Symbology::Itf14, "18931234567894"),
];

fn carriers() -> impl Iterator<Item = Carrier> {
    INPUTS.into_iter().map(|(symbology, data)| encode(symbology, data).expect(data))
}

fn refused(symbology: Symbology, data: &str) -> CarrierError {
    encode(symbology, data).expect_err(data)
}

#[test]
fn every_symbology_has_its_input_and_its_identifier() {
    for (symbology, (other, _)) in Symbology::ALL.into_iter().zip(INPUTS) {
        assert_eq!(symbology, other);
    }
    let identifiers = Symbology::ALL.map(Symbology::identifier);
    let expected = ["]Q1", "]Q3", "]d1", "]d2", "]C1", "]E0", "]E4", "]E0", "]E0", "]I1"];
    assert_eq!(identifiers, expected);
}

#[test]
fn readable_text_is_the_whole_message() {
    for carrier in carriers() {
        let text = carrier.hri().concat();
        let digits: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
        let message: String =
            carrier.message().chars().filter(char::is_ascii_alphanumeric).collect();
        match carrier.symbology() {
            Symbology::Qr | Symbology::DataMatrix => {
                assert!(text.starts_with("(01) 0893123456789"));
            }
            Symbology::UpcA => assert_eq!(format!("0{digits}"), message),
            Symbology::UpcE => assert_eq!(digits, "01234558"),
            _ => assert_eq!(digits, message),
        }
    }
}

#[test]
fn a_gtin_goes_only_where_its_length_is_carried() {
    let kind = |symbology| CarrierError::Kind { symbology };
    assert_eq!(refused(Symbology::Ean13, "18931234567894"), kind(Symbology::Ean13));
    assert_eq!(refused(Symbology::Ean13, "89312346"), kind(Symbology::Ean13));
    assert_eq!(refused(Symbology::Ean8, "8931234567897"), kind(Symbology::Ean8));
    assert_eq!(refused(Symbology::UpcA, "8931234567897"), kind(Symbology::UpcA));
    assert_eq!(refused(Symbology::UpcE, "012345678905"), CarrierError::NoZeros);
    // The same number with zeros in front, or as an element string.
    for same in ["8931234567897", "08931234567897", "(01)08931234567897", "8 931234 567897"] {
        assert_eq!(encode(Symbology::Ean13, same).expect(same).message(), "8931234567897");
    }
    for any in ["8931234567897", "012345678905", "89312346"] {
        assert_eq!(encode(Symbology::Itf14, any).expect(any).message().len(), 14);
    }
}

#[test]
fn what_is_wrong_is_said_in_both_languages() {
    let error = refused(Symbology::Ean13, "8931234567890");
    assert_eq!(error.message(Lang::Vi), "Mã số kiểm tra sai: số cuối phải là 7");
    let error = refused(Symbology::Gs1DataMatrix, "(01)08931234567890");
    assert_eq!(error.message(Lang::Vi), "(01) Mã số kiểm tra sai: số cuối phải là 7");
    let error = refused(Symbology::Ean8, "8931234567897");
    assert_eq!(error.message(Lang::Vi), "Mã vạch EAN-8 chỉ chứa GTIN-8");
    assert_eq!(error.to_string(), "EAN-8 carries only GTIN-8");
    let error = refused(Symbology::Qr, "");
    assert_eq!(error.message(Lang::Vi), "Chưa có dữ liệu để tạo mã vạch");
    let error = refused(Symbology::DataMatrix, &"a".repeat(4000));
    assert_eq!(
        error.message(Lang::Vi),
        "Dữ liệu dài 4000 ký tự không vừa mã Data Matrix nào: hãy rút ngắn"
    );
}

#[test]
fn gs1_128_carries_48_characters_and_no_more() {
    // (01) takes 16, (10) 3 to 22, (21) 3 to 22, and one separator.
    let data = |serial: &str| format!("(01)08931234567897(10)12345678901(21){serial}");
    let full = encode(Symbology::Gs1128, &data("1234567890123456")).expect("48 characters");
    assert_eq!(full.message().len(), GS1_128_MOST);
    let error = refused(Symbology::Gs1128, &data("12345678901234567"));
    assert_eq!(
        error,
        CarrierError::TooLong { symbology: Symbology::Gs1128, characters: GS1_128_MOST + 1 }
    );
    assert_eq!(
        error.message(Lang::Vi),
        "Mã vạch GS1-128 chứa nhiều nhất 48 ký tự, ở đây có 49: hãy dùng GS1 DataMatrix"
    );
}

/// A dark module within a quiet zone would be a symbol that no scanner need read.
#[test]
fn nothing_but_a_frame_is_drawn_in_the_quiet_zones() {
    for carrier in carriers() {
        let quiet = carrier.symbology().quiet_zone();
        let drawing = carrier.drawing();
        let [left, right] = [f64::from(quiet.left), f64::from(quiet.right)];
        let corners = || drawing.outlines().iter().flatten();
        let least = corners().map(|corner| corner.0).fold(f64::MAX, f64::min);
        let most = corners().map(|corner| corner.0).fold(0.0, f64::max);
        assert!((least - left).abs() < 1e-9, "{:?}", carrier.symbology());
        assert!((drawing.width() - most - right).abs() < 1e-9, "{:?}", carrier.symbology());
        let lowest = corners().map(|corner| corner.1).fold(0.0, f64::max);
        assert!(lowest <= drawing.height() - f64::from(quiet.rows) + 1e-9);
        for label in drawing.labels() {
            assert!(label.x >= 0.0 && label.x + label.width <= drawing.width(), "{label:?}");
            assert!(label.y + label.height <= drawing.height());
        }
    }
}

#[test]
fn true_size_is_that_of_the_standard() {
    // ISO/IEC 15420: an EAN-13 symbol at X = 0.33 is 37.29 mm wide with its quiet zones.
    let drawing = encode(Symbology::Ean13, "8931234567897").expect("right").drawing();
    assert!((drawing.size_mm().0 - 37.29).abs() < 0.005, "{:?}", drawing.size_mm());
    // General Specifications 5.3.2.3: ITF-14 at X = 1.016 and 2.5 to 1 is 142.75 mm with them.
    let itf = encode(Symbology::Itf14, "18931234567894").expect("right");
    let (wide, _) = itf.drawing_at(1.016, None).size_mm();
    assert!((wide - 142.75).abs() < 0.01, "{wide}");
    // A bar is 31.75 mm high whatever the X-dimension is.
    for x_mm in [0.495, 1.016] {
        let drawing = itf.drawing_at(x_mm, None);
        let bar = &drawing.outlines()[0];
        assert!(((bar[2].1 - bar[0].1) * x_mm - 31.75).abs() < 1e-9);
    }
    let nonsense = itf.drawing_at(f64::NAN, Some(-1.0));
    assert_eq!(nonsense, itf.drawing());
}

#[test]
fn target_x_dimensions_are_within_their_range() {
    for symbology in Symbology::ALL {
        let range = symbology.x_dimension();
        assert!(range.contains(range.target) && !range.contains(range.least - 0.01));
    }
}

#[test]
fn text_in_a_picture_is_escaped() {
    let carrier =
        encode(Symbology::Gs1128, "(01)08931234567897(10)A<B&\"C").expect("allowed characters");
    let svg = carrier.drawing().to_svg();
    assert!(svg.contains("(10)A&lt;B&amp;&quot;C</text>"), "{svg}");
    assert!(svg.contains("mm\" height=\"") && svg.contains("lengthAdjust"));
}

/// What other programs read of a path is what was meant, to a thousandth of a module.
#[test]
fn a_path_has_the_corners_of_the_outlines() {
    for carrier in carriers() {
        let drawing = carrier.drawing_at(0.37, None);
        let path = drawing.svg_path();
        let numbers: Vec<f64> = path
            .split(|c: char| c.is_ascii_alphabetic() || c == ' ')
            .filter_map(|number| number.parse().ok())
            .collect();
        let mut expected = Vec::new();
        for outline in drawing.outlines() {
            expected.extend([outline[0].0, outline[0].1]);
            let later = outline.iter().enumerate().skip(1);
            expected.extend(later.map(|(index, &(x, y))| if index % 2 == 1 { x } else { y }));
        }
        assert_eq!(numbers.len(), expected.len());
        for (number, expected) in numbers.into_iter().zip(expected) {
            assert!((number - expected).abs() <= 0.000_501, "{number} {expected}");
        }
    }
}

#[test]
fn a_megabyte_is_refused() {
    for symbology in Symbology::ALL {
        for data in ["0", "a", "ô", "]C10108931234567897"] {
            assert!(encode(symbology, &data.repeat((1 << 20) / data.len())).is_err());
        }
    }
}

proptest! {
    #[test]
    fn no_text_panics(text in "\\PC{0,60}", digits in "[0-9]{0,15}", element in "\\(?0[01]\\)?[0-9]{0,20}.{0,20}") {
        for symbology in Symbology::ALL {
            for data in [&text, &digits, &element] {
                if let Ok(carrier) = encode(symbology, data) {
                    let drawing = carrier.drawing();
                    prop_assert!(drawing.width() > 0.0 && !drawing.svg_path().is_empty());
                } else if let Err(error) = encode(symbology, data) {
                    prop_assert!(!error.message(Lang::Vi).is_empty());
                }
            }
        }
    }
}
