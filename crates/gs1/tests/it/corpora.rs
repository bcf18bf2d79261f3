//! Finds the public test data. It is never part of the repository; where it is missing, a test says
//! so and passes.

use std::path::PathBuf;

/// The text of a file of the corpora, or nothing where they are missing.
#[expect(clippy::print_stdout, reason = "the reader of a test run must see that it was skipped")]
pub(crate) fn text(path: &str) -> Option<String> {
    let root = std::env::var_os("NGUON_CORPORA").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpora")),
        PathBuf::from,
    );
    // A relative path counts from the workspace root, not from the crate a test runs in.
    let root = if root.is_relative() {
        PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).join(root)
    } else {
        root
    };
    if !root.is_dir() {
        println!("skipped: no corpora");
        return None;
    }
    let file = root.join(path);
    Some(std::fs::read_to_string(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display())))
}

/// A file that is one JSON value.
pub(crate) fn json(path: &str) -> Option<serde_json::Value> {
    text(path).map(|text| serde_json::from_str(&text).expect("the corpora are well-formed"))
}

/// A file of one JSON value a line.
pub(crate) fn lines(path: &str) -> Option<Vec<serde_json::Value>> {
    let text = text(path)?;
    Some(text.lines().map(|l| serde_json::from_str(l).expect("well-formed")).collect())
}

/// Prints what was judged and fails with the list of what was wrong.
#[expect(clippy::print_stdout, reason = "how much was judged is the worth of the verdict")]
pub(crate) fn verdict(what: &str, judged: usize, set_aside: usize, wrong: &[String]) {
    println!("{what}: {judged} judged, {set_aside} set aside, {} wrong", wrong.len());
    assert!(judged > 0, "{what}: nothing was judged");
    assert!(wrong.is_empty(), "{what}:\n{}", wrong.join("\n"));
}
