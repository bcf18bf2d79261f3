//! Every symbology read back by two decoders that share no code with ours or with each other: ZXing
//! (`zxingcpp` of Python) for all of them, zbar (`zbarimg`) for all but Data Matrix, which it does
//! not know, and libdmtx (`dmtxread`) for Data Matrix.

use std::path::PathBuf;
use std::process::Command;

use base64::Engine as _;
use stamp::carrier::{Bearer, Form, Options, Symbology, encode_with};
use stamp::datamatrix::{self, Shape};
use stamp::qr::Level;
use tempfile::TempDir;

use crate::messages::{count, draw, messages};
use crate::raster::{magnified, matrix_picture, picture};
use crate::tools::{available, python};

/// A symbol in a file, and what a decoder must say of it.
struct Case {
    symbology: Symbology,
    message: Vec<u8>,
    file: PathBuf,
}

/// Symbols of all symbologies `of`, with changing choices.
fn cases(of: &[Symbology]) -> (TempDir, Vec<Case>) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut cases = Vec::new();
    for &symbology in of {
        for (turn, (input, message)) in messages(symbology, count(30)).into_iter().enumerate() {
            let options = Options {
                level: [Level::L, Level::M, Level::Q, Level::H][turn % 4],
                bearer: [Bearer::Bars, Bearer::Frame][turn % 2],
                shape: [Shape::Square, Shape::Any, Shape::Rectangle][turn % 3],
            };
            let carrier = encode_with(symbology, &input, options)
                .or_else(|_| encode_with(symbology, &input, Options::default()))
                .expect(&input);
            assert_eq!(carrier.message(), message);
            let file = folder.path().join(format!("{:05}.pgm", cases.len()));
            let drawing = carrier.drawing_at(0.5, Some(10.0));
            std::fs::write(&file, picture(&drawing)).expect("a temporary file");
            cases.push(Case { symbology, message: message.into_bytes(), file });
        }
    }
    (folder, cases)
}

/// Asks a decoder, some files at a time, and compares what it says of each: the symbology identifier
/// and the message. Decoders' searches miss a symbol in some thousands at one magnification and find
/// it at another, so each is given three.
fn agree(name: &str, cases: &[Case], decode: impl Fn(&[&Case]) -> Vec<(String, Vec<u8>)>) {
    for some in cases.chunks(200) {
        let some: Vec<&Case> = some.iter().collect();
        let read = decode(&some);
        assert_eq!(read.len(), some.len(), "{name}");
        for (case, mut found) in some.iter().zip(read) {
            for times in 2..=3 {
                if found.1.is_empty() {
                    let small = std::fs::read(&case.file).expect("written before");
                    std::fs::write(&case.file, magnified(&small, times)).expect("a file");
                    found = decode(&[case]).pop().expect("one");
                }
            }
            let (identifier, message) = found;
            let shown = String::from_utf8_lossy(&case.message);
            assert_eq!(
                String::from_utf8_lossy(&message),
                shown,
                "{name} {:?} {}",
                case.symbology,
                case.file.display()
            );
            assert_eq!(message, case.message, "{name} {:?}", case.symbology);
            assert_eq!(identifier, case.symbology.identifier(), "{name}: {shown}");
        }
    }
}

fn output(command: &mut Command, some: &[&Case]) -> Vec<u8> {
    command.args(some.iter().map(|case| &case.file));
    command.output().expect("it ran a moment ago").stdout
}

/// Prints the symbology identifier and the bytes of the one symbol that ZXing finds in a picture.
const ZXING: &str = r"
import sys, zxingcpp
for path in sys.argv[1:]:
    head, pixels = open(path, 'rb').read().split(b' 255\n', 1)
    width, height = map(int, head.split()[1:3])
    picture = memoryview(pixels).cast('B', (height, width))
    found = zxingcpp.read_barcodes(picture, text_mode=zxingcpp.TextMode.Plain)
    one = found[0] if len(found) == 1 else None
    print(one.symbology_identifier + ' ' + one.bytes.hex() if one else '- ' + str(len(found)))
";

fn zxing(some: &[&Case]) -> Vec<(String, Vec<u8>)> {
    zxing_by(ZXING, some)
}

fn zxing_by(script: &str, some: &[&Case]) -> Vec<(String, Vec<u8>)> {
    let read = output(Command::new(python()).args(["-c", script]), some);
    let read = String::from_utf8(read).expect("ASCII");
    read.lines()
        .map(|line| {
            let (identifier, hex) = line.split_once(' ').expect("two words");
            let byte = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).unwrap_or(0);
            (identifier.to_owned(), (0..hex.len() / 2).map(|index| byte(index * 2)).collect())
        })
        .collect()
}

/// zbar's XML: type and modifiers, which say what a symbology identifier says, and the data.
fn zbar(some: &[&Case]) -> Vec<(String, Vec<u8>)> {
    let xml = output(
        Command::new("zbarimg").args([
            "--quiet",
            "--xml",
            "-Senable",
            "-Sisbn10.disable",
            "-Sisbn13.disable",
        ]),
        some,
    );
    let xml = String::from_utf8(xml).expect("UTF-8");
    let sources: Vec<&str> = xml.split("<source ").skip(1).collect();
    some.iter()
        .map(|case| {
            let href = format!("href='{}'", case.file.display());
            let source = sources.iter().find(|source| source.starts_with(&href));
            let Some(source) = source.filter(|source| source.contains("<symbol ")) else {
                return (String::new(), Vec::new());
            };
            assert_eq!(source.matches("<symbol ").count(), 1, "{:?}: {source}", case.symbology);
            let (tag, rest) = between(source, "<symbol ", ">");
            let (data_tag, rest) = between(rest, "<data", ">");
            let (data, _) = between(rest, "<![CDATA[", "]]>");
            let mut data = data.as_bytes().to_vec();
            if data_tag.contains("base64") {
                data.retain(|byte| !byte.is_ascii_whitespace());
                let standard = base64::engine::general_purpose::STANDARD;
                data = standard.decode(&data).expect("base64");
            }
            let (kind, _) = between(tag, "type='", "'");
            let identifier = match (kind, tag.contains("modifiers='GS1'")) {
                ("QR-Code", false) => "]Q1",
                ("QR-Code", true) => "]Q3",
                ("CODE-128", true) => "]C1",
                ("EAN-13", false) => "]E0",
                ("EAN-8", false) => "]E4",
                ("I2/5", false) => "]I1",
                // These two leave out the zero in front, and UPC-E all that are suppressed.
                ("UPC-A", false) => {
                    data.insert(0, b'0');
                    "]E0"
                }
                ("UPC-E", false) => {
                    data = expanded(&data);
                    "]E0"
                }
                _ => tag,
            };
            (identifier.to_owned(), data)
        })
        .collect()
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> (&'a str, &'a str) {
    let (_, rest) = text.split_once(start).unwrap_or_else(|| panic!("no {start}: {text}"));
    rest.split_once(end).expect("closed")
}

/// The 13 digits of the eight that a UPC-E reader shows (General Specifications 5.2.2.4.2).
fn expanded(eight: &[u8]) -> Vec<u8> {
    let text = std::str::from_utf8(eight).expect("digits");
    let (d, check) = (&text[1..7], &text[7..]);
    let body = match &d[5..] {
        end @ ("0" | "1" | "2") => format!("{}{end}0000{}", &d[..2], &d[2..5]),
        "3" => format!("{}00000{}", &d[..3], &d[3..5]),
        "4" => format!("{}00000{}", &d[..4], &d[4..5]),
        end => format!("{}0000{end}", &d[..5]),
    };
    format!("00{body}{check}").into_bytes()
}

/// libdmtx writes ASCII 29 for FNC1, so that one in front says that the symbol is of GS1.
fn dmtx(some: &[&Case]) -> Vec<(String, Vec<u8>)> {
    some.iter()
        .map(|case| {
            let mut read = output(Command::new("dmtxread").args(["-N1", "-G29"]), &[case]);
            if read.first() == Some(&0x1d) {
                read.remove(0);
                ("]d2".to_owned(), read)
            } else {
                ("]d1".to_owned(), read)
            }
        })
        .collect()
}

const MATRIX: [Symbology; 2] = [Symbology::DataMatrix, Symbology::Gs1DataMatrix];

#[test]
fn zxing_reads_every_carrier_with_its_symbology_identifier() {
    if available("zxingcpp") {
        let (_folder, cases) = cases(&Symbology::ALL);
        agree("zxingcpp", &cases, zxing);
    }
}

#[test]
fn zbar_reads_every_carrier_but_data_matrix_with_its_kind() {
    if available("zbarimg") {
        let known: Vec<_> = Symbology::ALL.into_iter().filter(|s| !MATRIX.contains(s)).collect();
        let (_folder, cases) = cases(&known);
        agree("zbarimg", &cases, zbar);
    }
}

#[test]
fn libdmtx_reads_every_data_matrix_and_its_fnc1() {
    if available("dmtxread") {
        let (_folder, cases) = cases(&MATRIX);
        agree("dmtxread", &cases, dmtx);
    }
}

/// All 30 sizes nearly full, with and without FNC1, read by both decoders.
#[test]
fn every_size_of_data_matrix_is_read_when_it_is_full() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut draw = draw();
    let mut cases = Vec::new();
    let mut sizes = std::collections::BTreeSet::new();
    for shape in [Shape::Square, Shape::Rectangle] {
        for gs1 in [false, true] {
            let mut last: Option<(Vec<u8>, datamatrix::Symbol)> = None;
            // Lengthens a message until it needs another size, and keeps the one before.
            let mut message = Vec::new();
            loop {
                let digits = usize::from(gs1) + message.len() / 200 + 1;
                message.extend(draw.word(b"0123456789", digits).bytes());
                let symbol = if gs1 {
                    datamatrix::encode_gs1(&message, shape)
                } else {
                    datamatrix::encode(&message, shape)
                };
                let full = match (&last, &symbol) {
                    (Some((_, before)), Ok(now)) => {
                        before.rows() * before.columns() < now.rows() * now.columns()
                    }
                    (_, Err(_)) => true,
                    (None, Ok(_)) => false,
                };
                if let Some((message, before)) = last.take().filter(|_| full) {
                    sizes.insert((before.rows(), before.columns()));
                    let file = folder.path().join(format!("{:05}.pgm", cases.len()));
                    std::fs::write(&file, matrix_picture(before.matrix(), 1)).expect("a file");
                    let symbology = MATRIX[usize::from(gs1)];
                    cases.push(Case { symbology, message, file });
                }
                match symbol {
                    Ok(symbol) => last = Some((message.clone(), symbol)),
                    Err(_) => break,
                }
            }
        }
    }
    assert_eq!(sizes.len(), 30);
    if available("zxingcpp") {
        agree("zxingcpp", &cases, zxing);
    }
    if available("dmtxread") {
        agree("dmtxread", &cases, dmtx);
    }
}

/// Bytes outside ASCII that are no UTF-8, so that base 256 and upper shifts are written without an
/// announcement; with and without characters of other schemes around them.
#[test]
fn bytes_outside_ascii_are_read_as_they_are() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut draw = draw();
    let mut cases = Vec::new();
    for turn in 0..count(30) {
        let mut message = vec![0xff];
        for _ in 0..=draw.below(4) {
            let length = draw.below(if turn % 10 == 9 { 300 } else { 12 });
            message.extend((0..length).map(|_| 128 + draw.below(128) as u8));
            let length = draw.below(9);
            message.extend(draw.word(b"09AZaz.", length).bytes());
        }
        let symbol = datamatrix::encode(&message, Shape::Any).expect("short enough");
        let file = folder.path().join(format!("{turn:05}.pgm"));
        std::fs::write(&file, matrix_picture(symbol.matrix(), 1)).expect("a file");
        cases.push(Case { symbology: Symbology::DataMatrix, message, file });
    }
    if available("zxingcpp") {
        agree("zxingcpp", &cases, zxing);
    }
    if available("dmtxread") {
        agree("dmtxread", &cases, dmtx);
    }
}

#[test]
fn vietnamese_text_in_data_matrix_is_announced_as_utf_8() {
    if !available("zxingcpp") {
        return;
    }
    let text = "Nguồn gốc cà phê Mường Ảng";
    let carrier = encode_with(Symbology::DataMatrix, text, Options::default()).expect("short");
    let Form::Matrix(matrix) = carrier.form() else { panic!("a matrix") };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("text.pgm");
    std::fs::write(&file, matrix_picture(matrix, 1)).expect("a file");
    let script = ZXING.replace("Plain", "ECI").replace("one.bytes", "one.text.encode()");
    let case = Case { symbology: Symbology::DataMatrix, message: Vec::new(), file };
    let read = zxing_by(&script, &[&case]);
    // What a reader with ECI protocol transmits: ]d4 is Data Matrix with ECI (ISO/IEC 16022:2006,
    // Annex N), 26 is UTF-8.
    assert_eq!(String::from_utf8_lossy(&read[0].1), format!("]d4\\000026{text}"));
}
