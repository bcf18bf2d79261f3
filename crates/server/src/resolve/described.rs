//! What the addresses of codes are, for programs.

use serde_json::{Value, json};

use crate::api::Operation;

/// What is scanned: a page for people, data for machines.
fn scan(id: String, summary: &str) -> Operation {
    let object = json!({"schema": {"type": "object"}});
    let content: Value = json!({
        "text/html": {}, "application/linkset+json": object, "application/ld+json": object,
    });
    Operation::new(id, summary)
        .answers_with(200, "The answer", content)
        .answers(400, "Not a valid link; a page says what is wrong.")
        .answers(404, "Not issued here; a page says so.")
}

/// A GS1 Digital Link, shown as `path`.
pub(super) fn link(path: &'static str) -> Operation {
    let key = path.split('/').nth(1).unwrap_or_default();
    // The most common of all came first, and keeps its name.
    let id = if key == "01" { "resolve".to_owned() } else { format!("resolve{key}") };
    scan(id, "Answer a scan (GS1 Digital Link)")
        .shown_as(path)
        .describe("A page for people; `application/linkset+json` (RFC 9264) or `application/ld+json` (the published events) for machines, by content negotiation. Shorter and longer forms answer likewise.")
}

/// One of our own codes.
pub(super) fn code() -> Operation {
    scan("resolveCode".to_owned(), "Answer a scan (our own code)")
}

/// `/.well-known/gs1resolver`
pub(super) fn description() -> Operation {
    Operation::new("resolverDescription", "Resolver description file")
        .answers_json("Description", json!({"type": "object"}))
}
