//! Our description for machines against GS1's own (`REST Bindings/openapi.json`): every operation, parameter, header and
//! status that GS1's has and ours lacks stands in a table with the reason. A difference that is not in the table fails,
//! and so does a line of the table that explains nothing any more.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use crate::epcis_api::corpora;

/// What ours lacks on purpose: operation, what is missing, why. A star stands for any text.
const EXPLAINED: &[(&str, &str, &str)] = &[
    ("*", "status 500", "nothing answers so on purpose"),
    ("options *", "status 401", "discovery is public"),
    ("options *", "status 403", "discovery is public"),
    ("options *", "status 404", "discovery does not look whether the thing is there"),
    ("get *", "status 404", "a name that no event has used has an empty list of events"),
    ("*", "status 414", "the server below refuses an address that is too long before it is ours"),
    ("get *", "query nextPageToken", "one thing has one page"),
    ("get *", "query perPage", "one thing has one page"),
    ("*", "answer GS1-Query-Min-Record-Time", "the whole log can be asked for"),
    ("post *", "answer GS1-EPCIS-Capture-*", "`OPTIONS` of the address says the limits"),
    ("delete /nextPageToken/{}", "status 501", "tokens can be given up"),
    ("get /queries/{}", "status 413", "a definition is small"),
    ("get /queries/{}/events", "* Connection", "a header of the hop, for WebSocket (RFC 6455)"),
    ("get /queries/{}/events", "* Upgrade", "a header of the hop, for WebSocket (RFC 6455)"),
];

/// Follows a `$ref` within a document.
fn resolved<'v>(document: &'v Value, mut node: &'v Value) -> &'v Value {
    while let Some(reference) = node["$ref"].as_str() {
        node = document.pointer(reference.trim_start_matches('#')).unwrap();
    }
    node
}

/// A path with the names of its parts taken out.
fn shape(path: &str) -> String {
    let part = |part: &str| if part.starts_with('{') { "{}".to_owned() } else { part.to_owned() };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// Everything that a document says: `get /events: query perPage`, `…: status 200`, `…: header Link`.
fn said(document: &Value, root: &str) -> BTreeSet<(String, String)> {
    let mut all = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let Some(path) = path.strip_prefix(root) else { continue };
        let path = if path.is_empty() { "/" } else { path };
        for method in ["get", "post", "put", "delete", "options", "head", "patch"] {
            let operation = &item[method];
            if operation.is_null() {
                continue;
            }
            let name = format!("{method} {}", shape(path));
            let mut say = |what: String| all.insert((name.clone(), what));
            say("operation".to_owned());
            let lists = [&item["parameters"], &operation["parameters"]];
            for parameter in lists.into_iter().filter_map(Value::as_array).flatten() {
                let parameter = resolved(document, parameter);
                let (place, name) =
                    (parameter["in"].as_str().unwrap(), parameter["name"].as_str().unwrap());
                // Parts of a path have no name in the request.
                if place != "path" {
                    say(format!("{place} {name}"));
                }
            }
            for (status, response) in operation["responses"].as_object().unwrap() {
                say(format!("status {status}"));
                let headers = resolved(document, response)["headers"].as_object();
                for header in headers.into_iter().flatten().map(|(name, _)| name) {
                    say(format!("answer {header}"));
                }
            }
        }
    }
    all
}

fn fits(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((before, after)) => text.starts_with(before) && text[before.len()..].ends_with(after),
    }
}

#[test]
fn what_gs1s_description_has_and_ours_lacks_is_explained() {
    let Some(corpora) = corpora() else { return };
    let theirs = fs::read_to_string(corpora.join("gs1+EPCIS/REST Bindings/openapi.json")).unwrap();
    let theirs: Value = serde_json::from_str(&theirs).unwrap();
    let ours: Value = serde_json::from_str(&server::api::DOCUMENT).unwrap();
    let (theirs, ours) = (said(&theirs, ""), said(&ours, "/epcis"));
    assert_eq!(theirs.iter().filter(|(_, what)| what == "operation").count(), 63);
    let mut used = vec![false; EXPLAINED.len()];
    let mut unexplained = Vec::new();
    for (operation, what) in theirs.difference(&ours) {
        let line = EXPLAINED
            .iter()
            .position(|(of, missing, _)| fits(of, operation) && fits(missing, what));
        match line {
            Some(line) => used[line] = true,
            None => unexplained.push(format!("{operation}: {what}")),
        }
    }
    assert!(
        unexplained.is_empty(),
        "{} unexplained:\n{}",
        unexplained.len(),
        unexplained.join("\n")
    );
    let idle: Vec<_> =
        EXPLAINED.iter().zip(used).filter(|(_, used)| !used).map(|(line, _)| line).collect();
    assert!(idle.is_empty(), "these explain nothing: {idle:?}");
}
