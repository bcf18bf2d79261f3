//! What comes off the printer: every symbol reads, every line is there.

use sheet::{Layout, Printed, pdf};
use stamp::qr::MIN_MODULE_MM;

use crate::order::order;
use crate::tools::{available, font, symbols, text};

fn on_paper(layout: Layout, count: usize, check: impl FnOnce(&Printed, &str, Vec<String>)) {
    let Some(font) = font() else { return };
    if !available(&["pdftoppm", "pdftotext", "zbarimg"]) {
        return;
    }
    let printed = pdf(&order(layout, count), &font).expect("an order that can be printed");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("sheet.pdf");
    std::fs::write(&file, &printed.bytes).expect("a temporary file");
    check(&printed, &text(&file), symbols(&file));
}

fn links(layout: Layout, count: usize) -> Vec<String> {
    let mut links: Vec<_> = order(layout, count).stamps.into_iter().map(|s| s.link).collect();
    links.sort();
    links
}

#[test]
fn every_symbol_on_a4_sheets_reads_back() {
    for (size_mm, count) in [(20.0, 100), (25.0, 7), (30.0, 41), (40.0, 30)] {
        let layout = Layout::A4 { size_mm, cut_marks: true };
        on_paper(layout, count, |_, _, read| assert_eq!(read, links(layout, count), "{size_mm}"));
    }
}

#[test]
fn every_label_of_a_roll_reads_back() {
    for (width_mm, height_mm) in [(40.0, 25.0), (50.0, 30.0), (30.0, 30.0), (30.0, 45.0)] {
        let layout = Layout::Roll { width_mm, height_mm };
        on_paper(layout, 3, |printed, _, read| {
            assert_eq!(printed.pages, 3);
            assert_eq!(read, links(layout, 3), "{width_mm} x {height_mm}");
        });
    }
}

#[test]
fn the_readable_lines_keep_their_vietnamese_marks() {
    for layout in [
        Layout::A4 { size_mm: 40.0, cut_marks: true },
        Layout::Roll { width_mm: 50.0, height_mm: 30.0 },
    ] {
        on_paper(layout, 2, |printed, text, _| {
            // Lines may be wrapped, also where there was no space.
            let without_spaces = |text: &str| text.split_whitespace().collect::<String>();
            let all = without_spaces(text);
            for line in order(layout, 2).stamps.iter().flat_map(|stamp| &stamp.lines) {
                assert!(all.contains(&without_spaces(line)), "{line} in {text}");
            }
            assert_eq!(printed.warnings, []);
            assert!(printed.module_mm >= MIN_MODULE_MM);
        });
    }
}

#[test]
fn the_footer_of_a4_tells_title_date_and_page() {
    on_paper(Layout::A4 { size_mm: 40.0, cut_marks: false }, 25, |printed, text, _| {
        assert_eq!(printed.pages, 2);
        for page in ["Trang 1/2", "Trang 2/2"] {
            assert!(text.contains(&format!("22/11/2026 – {page}")), "{text}");
        }
        assert_eq!(text.matches("Tem truy xuất nguồn gốc (minh hoạ) – Lô L2406").count(), 2);
    });
}
