//! An example order, and what is answered to orders that cannot be printed or only with losses.

use sheet::{Layout, Sheet, SheetError, StampFace, Warning, pdf};
use stamp::Lang;
use stamp::carrier::Symbology;

use crate::tools::font;

/// Invented: an order of a cooperative that does not exist (minh hoạ).
pub(crate) fn order(layout: Layout, count: usize) -> Sheet {
    let stamps = (0..count)
        .map(|turn| {
            let serial = format!("7K3M9Q2XW{turn:03}");
            StampFace {
                symbology: Symbology::Qr,
                data: format!("HTTPS://NGUON.EXAMPLE/01/08936012345678/10/L2406/21/{serial}"),
                lines: vec![
                    "Chè Shan Tuyết cổ thụ".to_owned(),
                    "(01)08936012345678".to_owned(),
                    format!("(10)L2406(21){serial}"),
                    "Nguồn".to_owned(),
                ],
            }
        })
        .collect();
    Sheet {
        title: vec!["Tem truy xuất nguồn gốc (minh hoạ)".to_owned(), "Lô L2406".to_owned()],
        date: "22/11/2026".to_owned(),
        lang: Lang::Vi,
        layout,
        stamps,
    }
}

const A4: Layout = Layout::A4 { size_mm: 30.0, cut_marks: true };

#[test]
fn the_same_order_gives_the_same_bytes() {
    let Some(font) = font() else { return };
    let once = pdf(&order(A4, 50), &font).expect("a sheet");
    let again = pdf(&order(A4, 50), &font).expect("a sheet");
    assert_eq!(once, again);
    assert!(once.bytes.starts_with(b"%PDF-"));
}

#[test]
fn only_the_glyphs_in_use_are_embedded() {
    let Some(font) = font() else { return };
    let printed = pdf(&order(A4, 1), &font).expect("a sheet");
    assert!(printed.bytes.len() < font.len() / 2, "{} bytes", printed.bytes.len());
}

#[test]
fn narrow_modules_are_told_with_their_width() {
    let Some(font) = font() else { return };
    let tight = order(Layout::A4 { size_mm: 15.0, cut_marks: false }, 4);
    let printed = pdf(&tight, &font).expect("a sheet");
    let small = printed.warnings[0];
    let module_mm = printed.module_mm;
    let expected = Warning::SmallModule { symbology: Symbology::Qr, module_mm, stamps: 4 };
    assert_eq!(small, expected);
    assert!(printed.module_mm > 0.2 && printed.module_mm < 0.396, "{}", printed.module_mm);
    assert!(small.message(Lang::Vi).starts_with("4 tem có ô mã QR rộng 0,3"), "{small:?}");
}

#[test]
fn text_without_room_is_told_and_the_symbol_keeps_its_size() {
    let Some(font) = font() else { return };
    let mut crowded = order(A4, 3);
    crowded.stamps[1].lines = vec!["Một dòng chữ rất dài".repeat(40)];
    let printed = pdf(&crowded, &font).expect("a sheet");
    assert_eq!(printed.warnings, [Warning::TextCut { first: 1, stamps: 1 }]);
}

#[test]
fn a_character_that_the_font_lacks_is_told() {
    let Some(font) = font() else { return };
    let mut odd = order(A4, 2);
    odd.stamps[1].lines[0] = "Chè 茶".to_owned();
    let printed = pdf(&odd, &font).expect("a sheet");
    assert_eq!(printed.warnings, [Warning::MissingGlyph { character: '茶', stamps: 1 }]);
}

#[test]
fn decomposed_text_is_set_with_the_same_glyphs() {
    let Some(font) = font() else { return };
    let mut decomposed = order(A4, 1);
    decomposed.stamps[0].lines[0] =
        "Che\u{300} Shan Tuye\u{302}\u{301}t co\u{302}\u{309} thu\u{323}".to_owned();
    assert_eq!(pdf(&decomposed, &font).expect("a sheet").warnings, []);
}

#[test]
fn an_order_without_stamps_is_refused() {
    let error = pdf(&order(A4, 0), b"no font is looked at").expect_err("nothing to print");
    assert_eq!(error, SheetError::Empty);
    assert_eq!(error.message(Lang::Vi), "Chưa có tem nào để in");
}

#[test]
fn a_file_that_is_no_font_is_refused() {
    assert_eq!(pdf(&order(A4, 1), b"not a font").expect_err("no font"), SheetError::Font);
}

#[test]
fn a_link_too_long_is_told_by_its_stamp() {
    let Some(font) = font() else { return };
    let mut long = order(A4, 3);
    long.stamps[2].data = "x".repeat(5000);
    let error = pdf(&long, &font).expect_err("too long");
    assert_eq!(error.message(Lang::Vi), "Đường dẫn của tem thứ 3 quá dài cho mã QR");
}
