//! Symbols read back by zbar (`zbarimg`) and ZXing (`zxingcpp` of Python). A decoder that is not
//! installed is passed over with a note, but with `NGUON_DECODERS=1` in the environment it must be
//! there. `NGUON_PYTHON` names the Python that has `zxingcpp`, if it is not `python3`.

use std::path::{Path, PathBuf};
use std::process::Command;

use stamp::qr::{Options, QUIET_ZONE, Symbol, encode, encode_with};

use crate::links::{LEVELS, links, mixtures};

/// A grey picture (PGM) of four pixels a module.
fn picture(symbol: &Symbol) -> Vec<u8> {
    const SCALE: usize = 4;
    let side = (symbol.size() + 2 * QUIET_ZONE) * SCALE;
    let mut out = format!("P5 {side} {side} 255\n").into_bytes();
    for y in 0..side {
        for x in 0..side {
            let module = |at: usize| (at / SCALE).wrapping_sub(QUIET_ZONE);
            out.push(if symbol.get(module(x), module(y)) { 0 } else { 255 });
        }
    }
    out
}

/// Messages, and pictures of their symbols in all levels, masks and small to large versions.
fn pictures(folder: &Path) -> (Vec<String>, Vec<PathBuf>) {
    let mut texts = links(60);
    texts.extend(mixtures(40));
    texts.extend([300, 700, 1200].map(|length| "Nguồn gốc 0123456789 ".repeat(length / 21)));
    let mut files = Vec::new();
    for (turn, text) in texts.iter().enumerate() {
        let options = Options {
            mask: if turn % 3 == 0 { None } else { Some(turn as u8 % 8) },
            min_version: if turn % 10 == 9 { turn as u8 / 4 } else { 1 },
            ..Options::new(LEVELS[turn % 4])
        };
        let symbol = encode_with(text, options).expect("short enough");
        let file = folder.join(format!("{turn:03}.pgm"));
        std::fs::write(&file, picture(&symbol)).expect("a temporary file");
        files.push(file);
    }
    (texts, files)
}

/// Runs a decoder over all pictures; it prints one message a line, in the order of the files.
#[expect(clippy::print_stdout, reason = "a test that is passed over says so")]
fn reads_all(name: &str, mut command: Command, probe: &str) {
    let available = Command::new(command.get_program())
        .args(command.get_args())
        .arg(probe)
        .output()
        .is_ok_and(|output| output.status.success());
    if !available {
        let required = std::env::var("NGUON_DECODERS").is_ok_and(|value| value == "1");
        assert!(!required, "{name} is asked for by NGUON_DECODERS=1 and does not run");
        println!("skipped: no {name}");
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (texts, files) = pictures(folder.path());
    if name == "zbarimg" {
        command.args(["--quiet", "--raw", "-Sdisable", "-Sqrcode.enable"]);
    }
    let output = command.args(&files).output().expect("it ran a moment ago");
    let read = String::from_utf8(output.stdout).expect("UTF-8");
    let read: Vec<&str> = read.lines().collect();
    assert_eq!(read.len(), texts.len(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    for (text, read) in texts.iter().zip(read) {
        assert_eq!(text, read, "{name}");
    }
}

#[test]
fn zbar_reads_every_symbol() {
    reads_all("zbarimg", Command::new("zbarimg"), "--version");
}

#[test]
fn zxing_reads_every_symbol_as_a_model_2_qr_code() {
    let script = r"
import sys, zxingcpp
if sys.argv[1] == '--version': sys.exit(0)
def picture(path):
    head, pixels = open(path, 'rb').read().split(b'\n', 1)
    side = int(head.split()[1])
    return memoryview(pixels).cast('B', (side, side))
for path in sys.argv[1:]:
    found = zxingcpp.read_barcodes(picture(path), formats=zxingcpp.BarcodeFormat.QRCode)
    text = found[0].text if len(found) == 1 else ''
    # ]Q1 is QR model 2 (ISO/IEC 18004:2015, Annex F).
    print(text if found and found[0].symbology_identifier == ']Q1' else '-')
";
    let python = std::env::var("NGUON_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let mut command = Command::new(python);
    command.args(["-c", script]).env("PYTHONIOENCODING", "utf-8");
    reads_all("zxingcpp", command, "--version");
}

#[test]
fn the_level_asked_for_is_the_least_one_gets() {
    for level in LEVELS {
        for text in links(20) {
            assert!(encode(&text, level).expect("short enough").level() >= level);
        }
    }
}
