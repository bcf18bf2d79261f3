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

/// The Python that has `zxingcpp`.
pub(crate) fn python() -> Command {
    Command::new(std::env::var("NGUON_PYTHON").unwrap_or_else(|_| "python3".to_owned()))
}

/// Whether the decoder that comes with Python is there.
pub(crate) fn zxing_available() -> bool {
    let probe = python().args(["-c", "import zxingcpp"]).output();
    probe.is_ok_and(|output| output.status.success()) || !skip("zxingcpp")
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

/// A grey picture of a page.
pub(crate) struct Picture {
    dots_an_inch: f64,
    width: usize,
    pixels: Vec<u8>,
}

/// The pages of a document as pictures.
pub(crate) fn pictures(pdf: &Path, dots_an_inch: u16) -> Vec<Picture> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    run(Command::new("pdftoppm")
        .args(["-r", &dots_an_inch.to_string(), "-gray"])
        .arg(pdf)
        .arg(folder.path().join("page")));
    let mut files: Vec<_> = std::fs::read_dir(folder.path())
        .expect("the temporary folder")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    let picture = |file: &PathBuf| {
        Picture::of(&std::fs::read(file).expect("a picture"), f64::from(dots_an_inch))
    };
    files.iter().map(picture).collect()
}

impl Picture {
    /// Reads a PGM file: three lines of heading, then a byte a pixel.
    fn of(file: &[u8], dots_an_inch: f64) -> Self {
        let mut parts = file.splitn(4, |&byte| byte == b'\n');
        let (_, size) = (parts.next(), parts.next().expect("the size"));
        let size = std::str::from_utf8(size).expect("digits");
        let width = size.split(' ').next().and_then(|width| width.parse().ok()).expect("a width");
        Self { dots_an_inch, width, pixels: parts.nth(1).expect("pixels").to_vec() }
    }

    /// What a phone sees that looks at one stamp: the part from `x`, `y`, all in millimetres.
    pub(crate) fn part(&self, x: f64, y: f64, width: f64, height: f64) -> Self {
        let dots = |mm: f64| (mm * self.dots_an_inch / 25.4).round() as usize;
        let rows = self.pixels.chunks(self.width).skip(dots(y)).take(dots(height));
        let pixels = rows.flat_map(|row| &row[dots(x)..dots(x + width)]).copied().collect();
        Self { dots_an_inch: self.dots_an_inch, width: dots(x + width) - dots(x), pixels }
    }

    /// Writes the picture to a file, as PGM.
    pub(crate) fn write(&self, file: &Path) {
        let height = self.pixels.len() / self.width;
        let mut bytes = format!("P5\n{} {height}\n255\n", self.width).into_bytes();
        bytes.extend(&self.pixels);
        std::fs::write(file, bytes).expect("a temporary file");
    }

    /// From the first dark column to the last one, in millimetres.
    pub(crate) fn dark_width_mm(&self) -> f64 {
        let dark = |&column: &usize| {
            self.pixels.iter().skip(column).step_by(self.width).any(|&grey| grey < 128)
        };
        let first = (0..self.width).find(dark).expect("something dark");
        let last = (0..self.width).rev().find(dark).expect("something dark");
        (last + 1 - first) as f64 * 25.4 / self.dots_an_inch
    }
}

/// What zbar reads in each of the pictures; it prints nothing for a picture without a symbol.
pub(crate) fn symbols(pictures: &[Picture]) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut command = Command::new("zbarimg");
    command.args(["--quiet", "--raw", "-Sdisable", "-Sqrcode.enable"]);
    for (number, picture) in pictures.iter().enumerate() {
        let path = folder.path().join(format!("{number:04}.pgm"));
        picture.write(&path);
        command.arg(path);
    }
    // Its status tells of pictures without symbols, which the caller sees by itself.
    let output = command.output().expect("the program is available");
    String::from_utf8(output.stdout).expect("UTF-8").lines().map(str::to_owned).collect()
}
