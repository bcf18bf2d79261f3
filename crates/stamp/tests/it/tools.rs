//! Decoders outside. One that is not installed is passed over with a note, but with
//! `NGUON_DECODERS=1` in the environment it must be there.

use std::process::Command;

/// The Python that has `zxingcpp`: `NGUON_PYTHON`, or `python3`.
pub(crate) fn python() -> String {
    std::env::var("NGUON_PYTHON").unwrap_or_else(|_| "python3".to_owned())
}

/// Whether a decoder runs.
#[expect(clippy::print_stdout, reason = "a test that is passed over says so")]
pub(crate) fn available(name: &str) -> bool {
    let mut probe = match name {
        "zxingcpp" => Command::new(python()),
        _ => Command::new(name),
    };
    probe.args(if name == "zxingcpp" { &["-c", "import zxingcpp"][..] } else { &["--version"] });
    let there = probe.output().is_ok_and(|output| output.status.success());
    if !there {
        let required = std::env::var("NGUON_DECODERS").is_ok_and(|value| value == "1");
        assert!(!required, "{name} is asked for by NGUON_DECODERS=1 and does not run");
        println!("skipped: no {name}");
    }
    there
}
