//! Whole messages against the reference engine's recorded behaviour: verdict, error, linter error,
//! markup, AI data, canonical link and raw data, exactly.

use gs1::dictionary::Dictionary;
use gs1::message::{Message, Options, Symbology, Syntax, scan_data};
use serde_json::Value;

use crate::corpora::{json, lines, verdict};

/// Where the reference and a standard differ: the input, whether it is right, the clause.
const AGAINST_THE_STANDARD: [(&str, bool, &str); 2] = [
    ("HtTp://a/b/00/006141411234567890", true, "RFC 3986, 3.1: schemes are case-insensitive"),
    (
        "https://[2001:db8::1x/01/89513010627763?3675=631278",
        false,
        "RFC 3986, 3.2.2: the brackets of an IPv6 address are closed",
    ),
];

fn clause(input: &str) -> Option<&'static str> {
    let found = AGAINST_THE_STANDARD.iter().find(|(text, ..)| *text == input);
    found.map(|(text, right, clause)| {
        let read = Message::read(text, &Options::default());
        assert_eq!(read.is_ok(), *right, "{text}: {clause}");
        *clause
    })
}

/// How a case asks to be read. The small files record one stage each, without relations.
fn options(case: &Value, relations: bool) -> Options<'static> {
    Options {
        permit_unknown_ais: case["permit_unknown_ais"] == true,
        permit_zero_suppressed_gtin: case["permit_zero_suppressed_gtin"] == true,
        add_check_digit: case["add_check_digit"] == true,
        permit_convenience_alphas: case["permit_convenience_alphas"] == true,
        relations,
        ..Options::default()
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).expect("a list")
}

fn input(case: &Value) -> &str {
    case["input"].as_str().expect("text")
}

#[test]
fn whole_messages_are_read_exactly_as_by_the_reference() {
    let Some(cases) = lines("gs1+gs1-syntax-engine/oracle-messages.jsonl") else { return };
    let (mut judged, mut aside, mut wrong) = (0, 0, Vec::new());
    for case in &cases {
        if clause(input(case)).is_some() {
            aside += 1;
            continue;
        }
        judged += 1;
        let syntax = match case["mode"].as_str() {
            Some("A") => Syntax::Bracketed,
            Some("S") => Syntax::Scan,
            _ => Syntax::Auto,
        };
        let told = told(input(case), &Options { syntax, ..Options::default() });
        for field in
            ["ok", "error", "linter_error", "markup", "ai_data", "canonical_dl", "dl_error", "raw"]
        {
            // The record has no raw data but for bracketed input, and calls them `data` for scans.
            let expected = match field {
                "raw" if case["mode"] == "S" && case["ai_data"].is_string() => {
                    let data = case["data"].as_str().unwrap_or_default();
                    if data.starts_with('^') { &case["data"] } else { &told[field] }
                }
                "raw" if case["raw"].is_null() => &told[field],
                _ => &case[field],
            };
            if told[field] != *expected {
                wrong.push(format!("{} {case}: {field} {}", input(case), told[field]));
                break;
            }
        }
    }
    verdict("oracle messages", judged, aside, &wrong);
}

/// What we say of an input, in the words of the record.
fn told(input: &str, options: &Options<'_>) -> Value {
    match Message::read(input, options) {
        Ok(message) => {
            let link = message.canonical_link();
            serde_json::json!({
                "ok": true,
                "ai_data": message.ai_data(),
                "raw": message.raw(),
                "canonical_dl": link.as_ref().and_then(|link| link.as_ref().ok()),
                "dl_error": link.and_then(Result::err).map(|error| error.name),
            })
        }
        Err(error) => serde_json::json!({
            "ok": false,
            "error": error.name,
            "linter_error": error.linter_error(),
            "markup": error.markup(),
        }),
    }
}

#[test]
fn relations_are_judged_as_by_the_reference() {
    let Some(cases) = json("gs1+gs1-syntax-engine/ai-relationship-rules.json") else { return };
    let mut wrong = Vec::new();
    for case in list(&cases) {
        // Each case asks for one rule; what it does not ask for is not broken in it, but for the
        // repeats and the pairs, which were recorded without looking for what is required.
        let read = Message::read(input(case), &options(case, true));
        let name = read.as_ref().err().map(|error| error.name);
        let ok = match case["rule"].as_str() {
            Some("repeats") => name != Some("INSTANCES_OF_AI_HAVE_DIFFERENT_VALUES"),
            Some("mutex") => name != Some("INVALID_AI_PAIRS"),
            _ => name.is_none(),
        };
        if ok != (case["ok"] == true) {
            wrong.push(format!("{case}: {name:?}"));
        }
    }
    verdict("relations", list(&cases).len(), 0, &wrong);
}

#[test]
fn values_are_judged_as_by_the_reference() {
    let Some(cases) = json("gs1+gs1-syntax-engine/ai-linter-errors.json") else { return };
    let mut wrong = Vec::new();
    for case in list(&cases) {
        let read = Message::read(input(case), &options(case, false));
        let name = read.err().and_then(|error| error.linter_error()).unwrap_or("GS1_LINTER_OK");
        if case["error_name"] != name {
            wrong.push(format!("{case}: {name}"));
        }
    }
    verdict("linter errors", list(&cases).len(), 0, &wrong);
}

#[test]
fn faults_are_marked_up_to_the_end_of_their_component() {
    let Some(cases) = json("gs1+gs1-syntax-engine/error-markup.json") else { return };
    let mut wrong = Vec::new();
    for case in list(&cases) {
        let error = Message::read(input(case), &options(case, false)).expect_err("a bad value");
        if case["expect"].as_str() != error.markup() {
            wrong.push(format!("{case}: {:?}", error.markup()));
        }
    }
    verdict("markup", list(&cases).len(), 0, &wrong);
}

#[test]
fn bracketed_data_become_the_raw_data_of_the_reference() {
    let Some(cases) = json("gs1+gs1-syntax-engine/bracketed-to-raw.json") else { return };
    let mut wrong = Vec::new();
    for case in list(&cases) {
        let options = Options { syntax: Syntax::Bracketed, ..options(case, false) };
        let raw = Message::read(input(case), &options).ok().and_then(|message| message.raw());
        if case["expect"].as_str() != raw.as_deref() {
            wrong.push(format!("{case}: {raw:?}"));
        }
    }
    verdict("bracketed to raw", list(&cases).len(), 0, &wrong);
}

#[test]
fn raw_data_are_cut_up_as_by_the_reference() {
    let Some(cases) = json("gs1+gs1-syntax-engine/raw-element-string.json") else { return };
    let (mut judged, mut aside, mut wrong) = (0, 0, Vec::new());
    for case in list(&cases) {
        let options = Options { syntax: Syntax::Raw, ..options(case, false) };
        let read = Message::read(input(case), &options);
        // The reference demands a leading FNC1 here, which people leave out; and it has room for 64
        // elements, which no standard limits.
        if !input(case).starts_with('^') || input(case).matches('^').count() > 64 {
            assert!(read.is_ok(), "{case}");
            aside += 1;
            continue;
        }
        judged += 1;
        if case["ok"] != read.is_ok() {
            wrong.push(format!("{case}: {read:?}"));
        }
    }
    verdict("raw element strings", judged, aside, &wrong);
}

#[test]
fn links_become_the_raw_data_of_the_reference() {
    let Some(cases) = json("gs1+gs1-syntax-engine/dl-parse.json") else { return };
    let (mut judged, mut aside, mut wrong) = (0, 0, Vec::new());
    for case in list(&cases) {
        if clause(input(case)).is_some() {
            aside += 1;
            continue;
        }
        judged += 1;
        let options = Options { syntax: Syntax::Link, ..options(case, false) };
        let raw = Message::read(input(case), &options).ok().and_then(|message| message.raw());
        if case["expect"].as_str() != raw.as_deref() {
            wrong.push(format!("{case}: {raw:?}"));
        }
    }
    verdict("links to raw", judged, aside, &wrong);
}

#[test]
fn scans_are_accepted_and_refused_as_by_the_reference() {
    let Some(cases) = json("gs1+gs1-syntax-engine/scan-data-parse.json") else { return };
    let mut wrong = Vec::new();
    for case in list(&cases) {
        let options = Options { syntax: Syntax::Scan, ..options(case, false) };
        let read = Message::read(input(case), &options);
        let raw = read.as_ref().ok().and_then(Message::raw);
        let expected = case["expect"].as_str().filter(|raw| raw.starts_with('^'));
        if case["ok"] != read.is_ok() || expected.is_some() && expected != raw.as_deref() {
            wrong.push(format!("{case}: {read:?}"));
        }
    }
    verdict("scans", list(&cases).len(), 0, &wrong);
}

#[test]
fn symbols_give_the_scan_data_of_the_reference() {
    let Some(cases) = json("gs1+gs1-syntax-engine/scan-data-generate.json") else { return };
    let (mut judged, mut aside, mut wrong) = (0, 0, Vec::new());
    for case in list(&cases) {
        let symbology = match case["symbology"].as_str().unwrap_or_default() {
            "QR" => Symbology::Qr,
            "DM" => Symbology::DataMatrix,
            "DotCode" => Symbology::DotCode,
            "DataBarExpanded" | "DataBarOmni" => Symbology::DataBar,
            "DataBarLimited" => Symbology::DataBarLimited,
            "GS1_128_CCA" => Symbology::Gs1_128,
            "UPCA" | "UPCE" => Symbology::Upc,
            "EAN13" => Symbology::Ean13,
            "EAN8" => Symbology::Ean8,
            // No symbology, no scan: there is no such value here.
            _ => {
                aside += 1;
                continue;
            }
        };
        judged += 1;
        let ours = scan_data(symbology, input(case), &options(case, false));
        if case["expect"].as_str() != ours.as_deref().ok() {
            wrong.push(format!("{case}: {ours:?}"));
        }
    }
    verdict("scan data", judged, aside, &wrong);
}

#[test]
fn lines_for_people_are_those_of_the_reference() {
    let Some(cases) = json("gs1+gs1-syntax-engine/api-hri-and-ai-data.json") else { return };
    let (mut judged, mut aside, mut wrong) = (0, 0, Vec::new());
    for case in list(&cases) {
        if case["comment"].as_str().is_some_and(|why| why.contains("mixed-case scheme")) {
            // RFC 3986, 3.1: schemes are case-insensitive.
            assert!(Message::read(input(case), &Options::default()).is_ok());
            aside += 1;
            continue;
        }
        judged += 1;
        let read = Message::read(input(case), &options(case, false));
        if case["ok"] == false {
            if read.is_ok() {
                wrong.push(format!("{case}: {read:?}"));
            }
            continue;
        }
        let Ok(message) = read else {
            wrong.push(format!("{case}: {read:?}"));
            continue;
        };
        let titles = case["data_titles"] == true;
        let hri = if titles { message.hri_with_titles() } else { message.hri() };
        if case["hri"].is_array() && case["hri"] != serde_json::json!(hri) {
            wrong.push(format!("{case}: {hri:?}"));
        }
        if case.get("ai_data").is_some_and(|data| data.as_str() != message.ai_data().as_deref()) {
            wrong.push(format!("{case}: {:?}", message.ai_data()));
        }
    }
    verdict("lines for people", judged, aside, &wrong);
}

#[test]
fn both_dictionaries_load_and_every_expanded_ai_is_as_recorded() {
    let files = ["gs1-syntax-dictionary.txt", "gs1-syntax-dictionary-2026-01-27.txt"];
    let [newer, released] = files.map(|file| {
        let text = crate::corpora::text(&format!("gs1+gs1-syntax-dictionary/{file}"))?;
        Some(Dictionary::parse(&text).expect("a dictionary"))
    });
    let (Some(newer), Some(released)) = (newer, released) else { return };
    assert_eq!(released.release(), Some("2026-01-27"));
    assert_eq!(Dictionary::built_in().changes(&released), []);
    assert!(newer.warnings().is_empty() && released.warnings().is_empty());
    let changed = released.changes(&newer);
    assert_eq!(changed.len(), 29, "{changed:?}");

    let Some(expanded) = json("gs1+gs1-syntax-dictionary/ai-table-expanded.json") else { return };
    for row in list(&expanded) {
        let ai = gs1::Ai::parse(row["ai"].as_str().expect("text")).expect("an AI");
        let entry = newer.entry(ai).expect("known");
        assert_eq!(row["fnc1_required"], !entry.fixed, "{ai}");
        assert_eq!(row["dl_data_attribute"], entry.attribute, "{ai}");
        assert_eq!(row["dl_primary_key"], entry.qualifiers.is_some(), "{ai}");
        assert_eq!(list(&row["components"]).len(), entry.parts.len(), "{ai}");
        for (part, expected) in entry.parts.iter().zip(list(&row["components"])) {
            let names: Vec<&str> = part.checks.iter().map(|check| check.name()).collect();
            assert_eq!(expected["linters"], serde_json::json!(names), "{ai}");
            assert_eq!(
                (&expected["min"], &expected["max"]),
                (&part.least.into(), &part.most.into())
            );
        }
    }
}

#[test]
fn lines_of_a_dictionary_are_accepted_and_refused_as_by_the_reference() {
    let Some(cases) = json("gs1+gs1-syntax-engine/dictionary-entry-syntax.json") else { return };
    let (mut judged, mut aside, mut wrong) = (0, 0, Vec::new());
    for case in list(&cases) {
        let read = Dictionary::parse(input(case));
        if input(case).contains("badlinter") {
            // A newer file may ask for what this program does not know: loaded, with a warning.
            assert_eq!(read.expect("loaded").warnings().len(), 1);
            aside += 1;
            continue;
        }
        judged += 1;
        if case["ok"] != read.is_ok() {
            wrong.push(format!("{case}: {:?}", read.err()));
        }
    }
    verdict("dictionary lines", judged, aside, &wrong);
}
