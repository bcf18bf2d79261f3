//! What comes off the printer: every symbol reads, every line is there.

use sheet::{Layout, Printed, pdf};
use stamp::qr::MIN_MODULE_MM;

use crate::order::order;
use crate::tools::{Picture, available, font, pictures, symbols, text};

fn on_paper(layout: Layout, count: usize, check: impl FnOnce(&Printed, &str, &[Picture])) {
    let Some(font) = font() else { return };
    if !available(&["pdftoppm", "pdftotext", "zbarimg"]) {
        return;
    }
    let printed = pdf(&order(layout, count), &font).expect("an order that can be printed");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("sheet.pdf");
    std::fs::write(&file, &printed.bytes).expect("a temporary file");
    check(&printed, &text(&file), &pictures(&file, 300));
}

fn links(layout: Layout, count: usize) -> Vec<String> {
    order(layout, count).stamps.into_iter().map(|stamp| stamp.data).collect()
}

/// Carriers are cut out of the picture where a guillotine would cut, in true size: this also proves
/// that they are where the layout says.
#[test]
fn every_symbol_on_a4_sheets_reads_back() {
    for (size_mm, count, columns, rows) in
        [(20.0, 100, 8, 12), (25.0, 7, 7, 10), (30.0, 41, 5, 8), (40.0, 30, 4, 6)]
    {
        let layout = Layout::A4 { size_mm, cut_marks: true };
        on_paper(layout, count, |printed, _, pages| {
            assert_eq!(printed.pages, pages.len());
            let pitch = size_mm + 2.0;
            let left = (210.0 - (f64::from(columns) * pitch - 2.0)) / 2.0;
            let cells = (0..rows).flat_map(|row| (0..columns).map(move |column| (column, row)));
            let carriers: Vec<_> = pages
                .iter()
                .flat_map(|page| cells.clone().map(move |cell| (page, cell)))
                .take(count)
                .map(|(page, (column, row))| {
                    let (x, y) = (left + f64::from(column) * pitch, 11.0 + f64::from(row) * pitch);
                    page.part(x, y, size_mm, size_mm)
                })
                .collect();
            assert_eq!(symbols(&carriers), links(layout, count), "{size_mm}");
        });
    }
}

#[test]
fn every_label_of_a_roll_reads_back() {
    for (width_mm, height_mm) in [(40.0, 25.0), (50.0, 30.0), (30.0, 30.0), (30.0, 45.0)] {
        let layout = Layout::Roll { width_mm, height_mm };
        on_paper(layout, 3, |printed, _, pages| {
            assert_eq!(printed.pages, 3);
            assert_eq!(symbols(pages), links(layout, 3), "{width_mm} x {height_mm}");
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
