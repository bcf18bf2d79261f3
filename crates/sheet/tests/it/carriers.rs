//! Every symbology on paper: printed, rendered, read back by two decoders that share no code with ours
//! or with each other, with the symbology identifier; in the width that was promised.

use std::path::Path;
use std::process::Command;

use sheet::{Layout, Printed, Sheet, SheetError, StampFace, Warning, pdf};
use stamp::Lang;
use stamp::carrier::{Symbology, encode};

use crate::tools::{Picture, available, font, pictures, python, text, zxing_available};

/// A symbology with invented data (minh hoạ), what a reader transmits, and what zbar prints: its kind
/// and the digits, without those that it leaves out. zbar knows no Data Matrix.
const CASES: [(Symbology, &str, &str, &str); 10] = [
    (
        Symbology::Qr,
        "HTTPS://NGUON.EXAMPLE/01/08931234567897/10/SC-0726/21/7K3M9Q2XWP4T",
        "HTTPS://NGUON.EXAMPLE/01/08931234567897/10/SC-0726/21/7K3M9Q2XWP4T",
        "QR-Code HTTPS://NGUON.EXAMPLE/01/08931234567897/10/SC-0726/21/7K3M9Q2XWP4T",
    ),
    (
        Symbology::Gs1Qr,
        "(01)08931234567897(10)SC-0726",
        "010893123456789710SC-0726",
        "QR-Code GS1 010893123456789710SC-0726",
    ),
    (
        Symbology::DataMatrix,
        "https://nguon.example/01/08931234567897",
        "https://nguon.example/01/08931234567897",
        "",
    ),
    (
        Symbology::Gs1DataMatrix,
        "(01)08931234567897(10)SC-0726(21)7K3M9Q2XWP4T",
        "010893123456789710SC-0726\u{1d}217K3M9Q2XWP4T",
        "",
    ),
    (
        Symbology::Gs1128,
        "(01)08931234567897(17)271122(10)SC-0726",
        "01089312345678971727112210SC-0726",
        "CODE-128 GS1 01089312345678971727112210SC-0726",
    ),
    (Symbology::Ean13, "8931234567897", "8931234567897", "EAN-13 8931234567897"),
    (Symbology::Ean8, "89312346", "89312346", "EAN-8 89312346"),
    (Symbology::UpcA, "012345678905", "0012345678905", "UPC-A 012345678905"),
    (Symbology::UpcE, "012345000058", "0012345000058", "UPC-E 01234558"),
    (Symbology::Itf14, "18931234567894", "18931234567894", "I2/5 18931234567894"),
];

/// Dots an inch of the printer that we pretend to have.
const DOTS: u16 = 400;

/// Papers on which a symbology is printed without a warning.
fn papers(symbology: Symbology) -> Vec<Layout> {
    let a4 = |size_mm| Layout::A4 { size_mm, cut_marks: true };
    let roll = |width_mm, height_mm| Layout::Roll { width_mm, height_mm };
    match symbology {
        Symbology::Gs1128 | Symbology::Itf14 => {
            let cases = Layout::A4Labels { width_mm: 188.0, height_mm: 65.0, cut_marks: true };
            vec![cases, roll(150.0, 100.0)]
        }
        Symbology::Qr | Symbology::Gs1Qr | Symbology::DataMatrix | Symbology::Gs1DataMatrix => {
            vec![a4(25.0), roll(40.0, 25.0)]
        }
        _ => vec![a4(40.0), roll(50.0, 30.0)],
    }
}

fn order(symbology: Symbology, data: &str, layout: Layout) -> Sheet {
    let face = StampFace {
        symbology,
        data: data.to_owned(),
        lines: vec!["Gạo Séng Cù (minh hoạ)".to_owned(), "Lô SC-0726".to_owned()],
    };
    Sheet {
        title: vec!["Tem (minh hoạ)".to_owned()],
        date: "22/11/2026".to_owned(),
        lang: Lang::Vi,
        layout,
        stamps: vec![face; 2],
    }
}

fn printed(symbology: Symbology, data: &str, layout: Layout) -> Option<Printed> {
    Some(pdf(&order(symbology, data, layout), &font()?).expect(data))
}

/// The two stamps as a guillotine or a roll gives them.
fn stamps(layout: Layout, file: &Path) -> Vec<Picture> {
    let pages = pictures(file, DOTS);
    let (width, height) = match layout {
        Layout::A4 { size_mm, .. } => (size_mm, size_mm),
        Layout::A4Labels { width_mm, height_mm, .. } => (width_mm, height_mm),
        Layout::Roll { .. } => return pages,
    };
    let columns = ((188.0 + 2.0) / (width + 2.0)).floor();
    let left = (210.0 - (columns * (width + 2.0) - 2.0)) / 2.0;
    let second = if columns > 1.0 { (left + width + 2.0, 11.0) } else { (left, 13.0 + height) };
    [(left, 11.0), second].map(|(x, y)| pages[0].part(x, y, width, height)).into()
}

const ZXING: &str = r"
import sys, zxingcpp
head, size, most, pixels = open(sys.argv[1], 'rb').read().split(b'\n', 3)
width, height = map(int, size.split())
picture = memoryview(pixels).cast('B', (height, width))
for one in zxingcpp.read_barcodes(picture, text_mode=zxingcpp.TextMode.Plain):
    print(one.symbology_identifier + one.bytes.decode())
";

fn zxing(file: &Path) -> String {
    let output = python().args(["-c", ZXING]).arg(file).output().expect("it is available");
    String::from_utf8(output.stdout).expect("UTF-8").trim_end_matches('\n').to_owned()
}

fn zbar(file: &Path) -> String {
    let mut command = Command::new("zbarimg");
    command.args(["--quiet", "--xml", "-Senable", "-Sisbn10.disable", "-Sisbn13.disable"]);
    let output = command.arg(file).output().expect("it is available");
    let xml = String::from_utf8(output.stdout).expect("UTF-8");
    let symbols: Vec<&str> = xml.split("<symbol ").skip(1).collect();
    let [one] = symbols.as_slice() else { return format!("{} symbols", symbols.len()) };
    let between = |start: &str, end: &str| {
        let rest = one.split_once(start).map_or("", |(_, rest)| rest);
        rest.split_once(end).map_or("", |(part, _)| part)
    };
    let gs1 = if one.contains("modifiers='GS1'") { "GS1 " } else { "" };
    format!("{} {gs1}{}", between("type='", "'"), between("<![CDATA[", "]]>"))
}

/// libdmtx writes ASCII 29 for FNC1, so one in front says that the symbol is of GS1.
fn dmtx(file: &Path) -> String {
    let output = Command::new("dmtxread").args(["-N1", "-G29"]).arg(file).output();
    let read = String::from_utf8(output.expect("it is available").stdout).expect("UTF-8");
    match read.strip_prefix('\u{1d}') {
        Some(message) => format!("]d2{message}"),
        None => format!("]d1{read}"),
    }
}

#[test]
fn every_symbology_on_every_paper_for_it_is_read_by_two_decoders() {
    if !available(&["pdftoppm", "pdftotext", "zbarimg", "dmtxread"]) || !zxing_available() {
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = |name: &str| folder.path().join(name);
    for (symbology, data, message, by_zbar) in CASES {
        let identified = format!("{}{message}", symbology.identifier());
        for layout in papers(symbology) {
            let Some(printed) = printed(symbology, data, layout) else { return };
            let at = format!("{symbology:?} {layout:?}, modules of {}", printed.module_mm);
            assert_eq!(printed.warnings, [], "{at}");
            let range = symbology.x_dimension();
            assert!(printed.module_mm >= range.least - 1e-9, "{at}");
            assert!(printed.module_mm <= range.most + 1e-9, "{at}");
            std::fs::write(file("sheet.pdf"), &printed.bytes).expect("a temporary file");
            let words: String = text(&file("sheet.pdf")).split_whitespace().collect();
            assert!(words.contains("GạoSéngCù(minhhoạ)LôSC-0726"), "{at}: {words}");
            for stamp in stamps(layout, &file("sheet.pdf")) {
                stamp.write(&file("stamp.pgm"));
                assert_eq!(zxing(&file("stamp.pgm")), identified, "zxing {at}");
                if by_zbar.is_empty() {
                    assert_eq!(dmtx(&file("stamp.pgm")), identified, "libdmtx {at}");
                } else {
                    assert_eq!(zbar(&file("stamp.pgm")), by_zbar, "zbar {at}");
                }
            }
        }
    }
}

#[test]
fn the_digits_of_a_linear_symbol_stand_below_it_and_only_there() {
    if !available(&["pdftotext"]) {
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("sheet.pdf");
    for (symbology, data, _, _) in CASES {
        let carrier = encode(symbology, data).expect(data);
        let labels = carrier.drawing().labels().len();
        let Some(printed) = printed(symbology, data, papers(symbology)[0]) else { return };
        std::fs::write(&file, &printed.bytes).expect("a temporary file");
        let words: String = text(&file).split_whitespace().collect();
        let readable: String = carrier.hri().concat().split_whitespace().collect();
        let found = words.matches(&readable).count();
        assert_eq!(found, if labels == 0 { 0 } else { 2 }, "{symbology:?}: {words}");
    }
}

/// On a label without text the only ink is the symbol's: its width is its modules by their width.
#[test]
fn symbols_are_printed_in_the_width_that_is_told() {
    if !available(&["pdftoppm"]) {
        return;
    }
    let Some(font) = font() else { return };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("sheet.pdf");
    for (symbology, data, _, _) in CASES {
        let layout = *papers(symbology).last().expect("some paper");
        let mut order = order(symbology, data, layout);
        order.stamps.truncate(1);
        order.stamps[0].lines.clear();
        let printed = pdf(&order, &font).expect(data);
        std::fs::write(&file, &printed.bytes).expect("a temporary file");
        let drawing = encode(symbology, data).expect(data).drawing_at(printed.module_mm, None);
        let corners = || drawing.outlines().iter().flatten().map(|corner| corner.0);
        let least = corners().fold(f64::MAX, f64::min);
        let most = corners().fold(0.0, f64::max);
        // Digits beside the bars are ink too; then the measure is from there.
        let labels = drawing.labels().iter();
        let beside = labels.filter(|label| label.x < least || label.x > most).count();
        let (wide, dot) = ((most - least) * printed.module_mm, 25.4 / f64::from(DOTS));
        let found = pictures(&file, DOTS)[0].dark_width_mm();
        if beside == 0 {
            assert!((found - wide).abs() <= 2.0 * dot, "{symbology:?}: {found} for {wide}");
        } else {
            assert!(found > wide, "{symbology:?}: {found} for {wide}");
        }
    }
}

#[test]
fn too_small_a_paper_is_told_with_the_least_width() {
    let cramped = Layout::A4 { size_mm: 20.0, cut_marks: false };
    let Some(ean) = printed(Symbology::Ean13, "8931234567897", cramped) else { return };
    let module_mm = ean.module_mm;
    let warning = Warning::SmallModule { symbology: Symbology::Ean13, module_mm, stamps: 2 };
    assert_eq!(ean.warnings[0], warning);
    assert!(
        warning.message(Lang::Vi).starts_with("2 tem có vạch hẹp nhất của mã EAN-13 rộng 0,1")
            && warning.message(Lang::Vi).contains("0,264 mm"),
        "{}",
        warning.message(Lang::Vi)
    );
    let low = Layout::Roll { width_mm: 150.0, height_mm: 30.0 };
    let case = printed(Symbology::Gs1128, "(01)08931234567897(10)SC-0726", low).expect("a font");
    let Warning::LowBars { symbology: Symbology::Gs1128, bar_mm, stamps: 2 } = case.warnings[0]
    else {
        panic!("{:?}", case.warnings)
    };
    assert!((5.8..31.75).contains(&bar_mm), "{bar_mm}");
    let words = case.warnings[0].message(Lang::Vi);
    assert!(words.starts_with("2 tem có mã vạch GS1-128 chỉ cao 20,1 mm"), "{words}");
}

#[test]
fn a_gs1_128_symbol_is_never_wider_than_the_rule() {
    let wide = Layout::Roll { width_mm: 200.0, height_mm: 100.0 };
    for data in ["(01)08931234567897", "(01)08931234567897(10)SC-0726-A1"] {
        let Some(printed) = printed(Symbology::Gs1128, data, wide) else { return };
        let drawing = encode(Symbology::Gs1128, data).expect(data);
        let (width, _) = drawing.drawing_at(printed.module_mm, None).size_mm();
        assert!(width <= 165.1 + 1e-9, "{width}");
        assert_eq!(printed.warnings, []);
    }
}

#[test]
fn data_that_a_symbology_does_not_carry_are_told_by_their_stamp() {
    let Some(font) = font() else { return };
    let layout = papers(Symbology::Ean13)[0];
    let mut wrong = order(Symbology::Ean13, "8931234567897", layout);
    wrong.stamps[1].data = "8931234567890".to_owned();
    let error = pdf(&wrong, &font).expect_err("a wrong check digit");
    assert!(matches!(error, SheetError::Symbol { stamp: 1, .. }), "{error:?}");
    assert_eq!(error.message(Lang::Vi), "Tem thứ 2: Mã số kiểm tra sai: số cuối phải là 7");
}
