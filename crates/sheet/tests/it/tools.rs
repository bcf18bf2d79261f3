//! The font, and programs that look at a PDF.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// True where a thing may be missing: then the test is passed over.
#[expect(clippy::print_stdout, reason = "a test that is passed over says so")]
pub(crate) fn skip(what: &str) -> bool {
    let required = std::env::var("NGUON_DECODERS").is_ok_and(|value| value == "1");
    assert!(!required, "{what} is asked for by NGUON_DECODERS=1 and is not there");
    println!("skipped: no {what}");
    true
}

/// The file that `NGUON_FONT` names, else the font that the web part installs.
pub(crate) fn font() -> Option<Vec<u8>> {
    let installed = Path::new(env!("CARGO_MANIFEST_DIR")).join(
        "../../web/node_modules/@expo-google-fonts/be-vietnam-pro/400Regular/\
         BeVietnamPro_400Regular.ttf",
    );
    let file = std::env::var_os("NGUON_FONT").map_or(installed, PathBuf::from);
    let bytes = std::fs::read(file).ok();
    if bytes.is_none() {
        skip("font");
    }
    bytes
}

pub(crate) fn available(programs: &[&str]) -> bool {
    programs.iter().all(|program| {
        let mut command = Command::new(program);
        command.arg("-v").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        // zbarimg knows no -v, but answers.
        command.status().is_ok() || !skip(program)
    })
}

pub(crate) fn run(command: &mut Command) -> String {
    let output = command.output().expect("the program is available");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// The text of a document, pages one after another.
pub(crate) fn text(pdf: &Path) -> String {
    run(Command::new("pdftotext").arg("-raw").arg(pdf).arg("-"))
}

/// A grey picture of a page of 300 dots an inch.
pub(crate) struct Picture {
    width: usize,
    pixels: Vec<u8>,
}

/// The pages of a document as pictures.
pub(crate) fn pictures(pdf: &Path) -> Vec<Picture> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    run(Command::new("pdftoppm")
        .args(["-r", "300", "-gray"])
        .arg(pdf)
        .arg(folder.path().join("page")));
    let mut files: Vec<_> = std::fs::read_dir(folder.path())
        .expect("the temporary folder")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    files.iter().map(|file| Picture::of(&std::fs::read(file).expect("a picture"))).collect()
}

impl Picture {
    /// Reads a PGM file: three lines of heading, then a byte a pixel.
    fn of(file: &[u8]) -> Self {
        let mut parts = file.splitn(4, |&byte| byte == b'\n');
        let (_, size) = (parts.next(), parts.next().expect("the size"));
        let size = std::str::from_utf8(size).expect("digits");
        let width = size.split(' ').next().and_then(|width| width.parse().ok()).expect("a width");
        Self { width, pixels: parts.nth(1).expect("pixels").to_vec() }
    }

    /// What a phone sees that looks at one stamp: the part from `x`, `y`, all in millimetres.
    pub(crate) fn part(&self, x: f64, y: f64, width: f64, height: f64) -> Self {
        let dots = |mm: f64| (mm * 300.0 / 25.4).round() as usize;
        let rows = self.pixels.chunks(self.width).skip(dots(y)).take(dots(height));
        let pixels = rows.flat_map(|row| &row[dots(x)..dots(x + width)]).copied().collect();
        Self { width: dots(x + width) - dots(x), pixels }
    }
}

/// What zbar reads in each of the pictures; it prints nothing for a picture without a symbol.
pub(crate) fn symbols(pictures: &[Picture]) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut command = Command::new("zbarimg");
    command.args(["--quiet", "--raw", "-Sdisable", "-Sqrcode.enable"]);
    for (number, picture) in pictures.iter().enumerate() {
        let height = picture.pixels.len() / picture.width;
        let mut file = format!("P5\n{} {height}\n255\n", picture.width).into_bytes();
        file.extend(&picture.pixels);
        let path = folder.path().join(format!("{number:04}.pgm"));
        std::fs::write(&path, file).expect("a temporary file");
        command.arg(path);
    }
    // Its status tells of pictures without symbols, which the caller sees by itself.
    let output = command.output().expect("the program is available");
    String::from_utf8(output.stdout).expect("UTF-8").lines().map(str::to_owned).collect()
}
