//! The reference's cases for single checks: verdict, name and the characters it shows as wrong.

use gs1::dictionary::{Check, highlight};

use crate::corpora::{lines, verdict};

#[test]
fn every_check_agrees_with_the_reference_on_its_cases() {
    let Some(cases) = lines("gs1+gs1-syntax-dictionary/linter-vectors.jsonl") else { return };
    let mut wrong = Vec::new();
    for case in &cases {
        let (linter, input) = (case["linter"].as_str(), case["input"].as_str());
        let (linter, input) = (linter.expect("text"), input.expect("text"));
        let check = Check::by_name(linter).unwrap_or_else(|| panic!("{linter} is not known"));
        let (name, highlight) = match check.run(input) {
            Ok(()) => (None, None),
            Err((error, at)) => (Some(error.name()), Some(highlight(input, &at))),
        };
        if case["error"].as_str() != name || case["highlight"].as_str() != highlight.as_deref() {
            wrong.push(format!("{case}: {name:?} {highlight:?}"));
        }
    }
    verdict("checks", cases.len(), 0, &wrong);
}
