//! The reference engine's recorded links, element strings and canonical forms, read strictly.

use gs1::{Link, Reading, element};
use serde_json::Value;

use crate::corpora::{json, lines, verdict};

/// Where the reference and the standard differ: the link, whether it is right, the clause.
const AGAINST_THE_STANDARD: [(&str, bool, &str); 2] = [
    ("HtTp://a/b/00/006141411234567890", true, "RFC 3986, 3.1: schemes are case-insensitive"),
    (
        "https://[2001:db8::1x/01/89513010627763?3675=631278",
        false,
        "RFC 3986, 3.2.2: the brackets of an IPv6 address are closed",
    ),
];

/// Whether a case is one of the table, after checking that we follow the standard on it.
fn against_the_standard(input: &str) -> bool {
    let case = AGAINST_THE_STANDARD.iter().find(|(link, ..)| *link == input);
    if let Some((link, right, clause)) = case {
        assert_eq!(Link::parse_with(link, Reading::strict()).is_ok(), *right, "{link}: {clause}");
    }
    case.is_some()
}

fn reading(case: &Value) -> Reading {
    Reading {
        short_gtin: case["permit_zero_suppressed_gtin"] == true,
        short_names: case["permit_convenience_alphas"] == true,
        ..Reading::strict()
    }
}

fn unbracketed(raw_with_carets: &str) -> Vec<(gs1::Ai, String)> {
    element::read_raw(raw_with_carets).expect("an accepted link has good elements")
}

#[test]
fn links_are_accepted_and_refused_as_by_the_reference() {
    let Some(cases) = json("gs1+gs1-syntax-engine/dl-parse.json") else { return };
    let (mut judged, mut aside, mut wrong) = (0, 0, Vec::new());
    for case in cases.as_array().expect("a list") {
        let input = case["input"].as_str().expect("text");
        if against_the_standard(input) {
            aside += 1;
            continue;
        }
        judged += 1;
        let link = Link::parse_with(input, reading(case));
        match (&link, case["expect"].as_str().filter(|_| case["ok"] == true)) {
            (Ok(link), Some(expected)) if element::of_link(link) == unbracketed(expected) => {}
            (Err(_), None) => {}
            (_, expected) => wrong.push(format!("{input}: {link:?}, expected {expected:?}")),
        }
    }
    verdict("dl-parse", judged, aside, &wrong);
}

#[test]
fn whole_messages_agree_with_the_reference_but_for_relations() {
    let Some(cases) = lines("gs1+gs1-syntax-engine/oracle-messages.jsonl") else { return };
    let (mut judged, mut aside, mut wrong, mut names) = (0, 0, Vec::new(), 0);
    for case in cases.iter().filter(|case| case["mode"] == "D") {
        let input = case["input"].as_str().expect("text");
        let error = case["error"].as_str().unwrap_or_default();
        // Relations between AIs and code lists are not checked yet.
        let linter = case["linter_error"].as_str().unwrap_or_default();
        let absent = ["ISO3166", "ISO4217", "MEDIA_TYPE", "PACKAGE_TYPE", "IBAN", "COUPON"];
        if matches!(error, "REQUIRED_AIS_NOT_SATISFIED" | "INVALID_AI_PAIRS")
            || absent.iter().any(|part| linter.contains(part))
            || against_the_standard(input)
        {
            aside += 1;
            continue;
        }
        judged += 1;
        let link = Link::parse_with(input, Reading::strict());
        match (&link, case["canonical_dl"].as_str().filter(|_| case["ok"] == true)) {
            (Ok(link), Some(expected)) if link.canonical() == sorted(expected) => {}
            (Err(ours), None) => {
                let name = ours.value_error().map_or(ours.name, gs1::ValueError::name);
                let theirs = if linter.is_empty() { error } else { linter };
                if !theirs.is_empty() && name != theirs {
                    names += 1;
                }
            }
            (_, expected) => {
                wrong.push(format!("{input}: {link:?}, expected {expected:?} {error}"));
            }
        }
    }
    println!("{names} refused under another name");
    verdict("oracle links", judged, aside, &wrong);
}

/// The reference keeps the order of attributes; ours are sorted.
fn sorted(link: &str) -> String {
    match link.split_once('?') {
        Some((path, query)) => {
            let mut pairs: Vec<&str> = query.split('&').collect();
            pairs.sort_unstable();
            format!("{path}?{}", pairs.join("&"))
        }
        None => link.to_owned(),
    }
}

#[test]
fn bracketed_strings_agree_with_the_reference_but_for_relations() {
    let Some(cases) = lines("gs1+gs1-syntax-engine/oracle-messages.jsonl") else { return };
    let (mut judged, mut aside, mut wrong) = (0, 0, Vec::new());
    for case in cases.iter().filter(|case| case["mode"] == "A") {
        let input = case["input"].as_str().expect("text");
        let error = case["error"].as_str().unwrap_or_default();
        let linter = case["linter_error"].as_str().unwrap_or_default();
        let absent = ["ISO3166", "ISO4217", "MEDIA_TYPE", "PACKAGE_TYPE", "IBAN", "COUPON"];
        if matches!(error, "REQUIRED_AIS_NOT_SATISFIED" | "INVALID_AI_PAIRS")
            || absent.iter().any(|part| linter.contains(part))
        {
            aside += 1;
            continue;
        }
        judged += 1;
        let read = element::read(input);
        match (&read, case["ai_data"].as_str().filter(|_| case["ok"] == true)) {
            (Ok(elements), Some(expected)) if element::bracketed(elements) == expected => {
                let raw = case["raw"].as_str().expect("text").replace('^', "\u{1d}");
                if element::raw(elements) != raw[1..] {
                    wrong.push(format!(
                        "{input}: raw {:?}, expected {raw:?}",
                        element::raw(elements)
                    ));
                }
            }
            (Err(_), None) => {}
            (_, expected) => {
                wrong.push(format!("{input}: {read:?}, expected {expected:?} {error}"));
            }
        }
    }
    verdict("oracle bracketed", judged, aside, &wrong);
}

#[test]
fn element_strings_become_the_links_of_the_reference() {
    let Some(cases) = json("gs1+gs1-syntax-engine/dl-generate.json") else { return };
    let (mut judged, mut wrong) = (0, Vec::new());
    for case in cases.as_array().expect("a list") {
        let input = case["input"].as_str().expect("text");
        let stem = case["stem"].as_str().expect("text");
        judged += 1;
        let link = element::read(input).and_then(|elements| element::to_link(&elements));
        match (&link, case["expect"].as_str().filter(|_| case["ok"] == true)) {
            (Ok(link), Some(expected)) if link.with_stem(stem) == sorted(expected) => {}
            (Err(_), None) => {}
            (_, expected) => wrong.push(format!("{input}: {link:?}, expected {expected:?}")),
        }
    }
    verdict("dl-generate", judged, 0, &wrong);
}

#[test]
fn raw_strings_and_scans_agree_with_the_reference_but_for_relations() {
    let Some(cases) = lines("gs1+gs1-syntax-engine/oracle-messages.jsonl") else { return };
    let (mut judged, mut aside, mut wrong) = (0, 0, Vec::new());
    for case in cases.iter().filter(|case| case["mode"] == "R" || case["mode"] == "S") {
        let input = case["input"].as_str().expect("text");
        let error = case["error"].as_str().unwrap_or_default();
        // EAN scans and plain text in other symbols are not element strings.
        let scan = ["]C1", "]d2", "]Q3", "]e0", "]J1"].iter().any(|id| input.starts_with(id));
        let relation = matches!(error, "REQUIRED_AIS_NOT_SATISFIED" | "INVALID_AI_PAIRS");
        if relation || (case["mode"] == "S" && !scan) {
            aside += 1;
            continue;
        }
        judged += 1;
        let read = element::read(input);
        match (&read, case["ai_data"].as_str().filter(|_| case["ok"] == true)) {
            (Ok(elements), Some(expected)) if element::bracketed(elements) == expected => {}
            (Err(_), None) => {}
            (_, expected) => {
                wrong.push(format!("{input:?}: {read:?}, expected {expected:?} {error}"));
            }
        }
    }
    verdict("oracle raw and scans", judged, aside, &wrong);
}

#[test]
fn raw_strings_are_cut_up_as_by_the_reference() {
    let Some(cases) = json("gs1+gs1-syntax-engine/raw-element-string.json") else { return };
    let (mut judged, mut aside, mut wrong) = (0, 0, Vec::new());
    for case in cases.as_array().expect("a list") {
        let input = case["input"].as_str().expect("text");
        // The reference demands a leading FNC1 here, which scanners do not send; and it has room for
        // 64 elements, which no standard limits.
        let bare = !input.starts_with('^');
        if bare || input.matches('^').count() > 64 {
            assert!(element::read_raw(input).is_ok(), "{input}");
            aside += 1;
            continue;
        }
        judged += 1;
        let read = element::read_raw(input);
        if read.is_ok() != (case["ok"] == true) {
            wrong.push(format!("{input:?}: {read:?}, expected {}", case["ok"]));
        }
    }
    verdict("raw-element-string", judged, aside, &wrong);
}
