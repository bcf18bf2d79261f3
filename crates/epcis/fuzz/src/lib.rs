//! What the fuzzer asks of every reader of `epcis`. A target takes any bytes and asserts what must hold for all of them:
//! what reads well is written and read again to the same, and what does not is told with a rule, a place inside the
//! input, and sentences. The crate's own tests run the same functions over the kept corpus.

mod documents;
mod queries;
mod streams;

use epcis::{Fault, RULES};
use gs1::Lang;

pub use streams::{assert_same_in_pieces, streamed};

/// A target: bytes in, a panic where something does not hold.
pub type Target = fn(&[u8]);

/// Every target by its name, which is also that of its corpus.
pub const TARGETS: [(&str, Target); 7] = [
    ("json", documents::json),
    ("xml", documents::xml),
    ("xml12", documents::xml12),
    ("stream", streams::stream),
    ("convert", documents::convert),
    ("hash", documents::hash),
    ("query", queries::query),
];

/// Runs a target by its name.
pub fn run(name: &str, data: &[u8]) {
    let found = TARGETS.iter().find(|(known, _)| *known == name);
    let (_, target) = found.unwrap_or_else(|| panic!("there is no target {name}"));
    target(data);
}

/// Faults are told well: by a known rule, in both languages, at a place inside the input.
fn told(faults: &[Fault], data: &[u8]) {
    assert!(!faults.is_empty() && faults.len() <= 100);
    let lines = data.split(|byte| *byte == b'\n').count();
    for fault in faults {
        assert!(RULES.contains(&fault.rule), "{fault:?}");
        assert!((1..=lines).contains(&(fault.line as usize)), "{fault:?}");
        assert!(fault.column >= 1 && fault.column as usize <= data.len() + 1, "{fault:?}");
        assert!(fault.path.is_empty() || fault.path.starts_with('/'), "{fault:?}");
        sentences(fault);
    }
}

fn sentences(fault: &Fault) {
    for lang in [Lang::Vi, Lang::En] {
        let message = fault.message(lang);
        assert!(!message.is_empty() && !message.contains(|c: char| c.is_control()), "{message:?}");
    }
}
