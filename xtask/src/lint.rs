//! The lints: formatting, clippy, the arrows between the rooms, and rooms that grew too large.

use std::path::Path;

use crate::arrows;
use crate::shell::{Done, cargo, output};

/// Lines above which a file fails; ARCHITECTURE.md asks for about 400.
const MOST_LINES: usize = 500;

pub(crate) fn all() -> Done {
    arrows::check()?;
    small_rooms()?;
    cargo(&["fmt", "--all", "--check"])?;
    cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])
}

/// No source file grows past what a person can hold in the head.
fn small_rooms() -> Done {
    let files = output("git", &["ls-files", "*.rs", "*.html", "*.js", "*.mjs", "*.css"])?;
    let mut large = Vec::new();
    for file in files.lines() {
        let text =
            std::fs::read_to_string(crate::shell::root().join(Path::new(file))).unwrap_or_default();
        let lines = text.lines().count();
        if lines > MOST_LINES {
            large.push(format!("{file} has {lines} lines"));
        }
    }
    if large.is_empty() { Ok(()) } else { Err(format!("split by meaning: {}", large.join("; "))) }
}
