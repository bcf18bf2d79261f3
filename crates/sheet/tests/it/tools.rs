//! The font, and programs that look at a PDF.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// True where a thing may be missing: then the test is passed over.
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

/// Contents of all symbols of a document, sorted, from pictures of 300 dots an inch.
pub(crate) fn symbols(pdf: &Path) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let stem = folder.path().join("page");
    run(Command::new("pdftoppm").args(["-r", "300", "-gray"]).arg(pdf).arg(&stem));
    let mut read = Vec::new();
    let mut pictures: Vec<_> = std::fs::read_dir(folder.path())
        .expect("the temporary folder")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    pictures.sort();
    for picture in pictures {
        let mut command = Command::new("zbarimg");
        command.args(["--quiet", "--raw", "-Sdisable", "-Sqrcode.enable"]).arg(&picture);
        read.extend(run(&mut command).lines().map(str::to_owned));
    }
    read.sort();
    read
}
