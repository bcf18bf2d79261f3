//! Compression against the pairs of other people's compressors, and against the links that one of them
//! corrupts: ours must bring every link back as it was.

use gs1::compress::{Compression, compress, decompress, is_compressed};
use gs1::{Link, ValueError};
use serde_json::Value;

use crate::corpora::{json, verdict};

/// How a case was recorded; `optimise` is what the project does where the case does not say.
fn how(case: &Value, optimise: bool) -> Compression {
    Compression {
        optimise: case["use_optimisations"].as_bool().unwrap_or(optimise),
        other: case["compress_other"] == true,
    }
}

fn text<'a>(case: &'a Value, key: &str) -> &'a str {
    case[key].as_str().expect("text")
}

#[test]
fn pairs_of_the_toolkit_hold_both_ways() {
    let Some(cases) = json("gs1+GS1DigitalLinkToolkit.js/compression-roundtrip-ok.json") else {
        return;
    };
    let mut wrong = Vec::new();
    let cases = cases.as_array().expect("a list");
    for case in cases {
        let link = Link::parse(text(case, "input")).expect("a link");
        let compressed = compress(&link, how(case, true));
        if compressed != text(case, "compressed") {
            wrong.push(format!("{case}: {compressed}"));
        }
        // The toolkit leaves quotation marks unescaped and orders attributes by AI; what it says is
        // the same link.
        let ours = decompress(text(case, "compressed"));
        if !ours.as_ref().is_ok_and(|ours| ours.address() == link.address()) {
            wrong.push(format!("{case}: {ours:?}"));
        }
    }
    verdict("toolkit pairs", cases.len(), 0, &wrong);
}

#[test]
fn links_that_the_toolkit_corrupts_come_back_whole() {
    let Some(cases) = json("gs1+GS1DigitalLinkToolkit.js/compression-toolkit-faults.json") else {
        return;
    };
    let (mut judged, mut aside, mut wrong) = (0, 0, Vec::new());
    for case in cases.as_array().expect("a list") {
        let link = match Link::parse(text(case, "input")) {
            Ok(link) => link,
            // General Specifications 7.9.1 and 3.8.4: a wrong check digit, `%` that is no escape.
            Err(error) => {
                let clause = matches!(
                    error.value_error(),
                    Some(ValueError::WrongCheckDigit { .. } | ValueError::BrokenPercent)
                );
                assert!(clause, "{case}: {error}");
                aside += 1;
                continue;
            }
        };
        judged += 1;
        let compressed = compress(&link, how(case, true));
        let back = decompress(&compressed);
        if !back.as_ref().is_ok_and(|back| back.address() == link.address()) {
            wrong.push(format!("{case}: {compressed} {back:?}"));
        }
    }
    verdict("toolkit faults", judged, aside, &wrong);
}

#[test]
fn compressed_links_of_two_more_projects_are_written_and_read() {
    let (mut judged, mut wrong) = (0, Vec::new());
    let projects = [("Trust-Codes-Ltd+gs1-compression", false), ("gs1+digital-link.js", true)];
    for (file, optimise) in projects {
        let Some(cases) = json(&format!("{file}/compression.json")) else { return };
        for case in cases.as_array().expect("a list") {
            let input = text(case, "input");
            judged += 1;
            let right = match text(case, "op") {
                "compress" => {
                    let ours = compress(&Link::parse(input).expect("a link"), how(case, optimise));
                    match case["expect"].as_str() {
                        Some(expected) => ours == expected,
                        None => ours.ends_with(&format!("/{}", text(case, "expect_path"))),
                    }
                }
                "element_string_compress" => {
                    let elements = gs1::element::read(input).expect("an element string");
                    let link = gs1::element::to_link(&elements).expect("a link");
                    compress(&link, how(case, optimise)) == text(case, "expect")
                }
                "is_compressed" => case["expect"] == is_compressed(input),
                _ => decompress(input).is_ok_and(|link| {
                    let expected = Link::parse(text(case, "expect")).expect("a link");
                    link == expected
                }),
            };
            if !right {
                let ours = Link::parse(input).map(|link| compress(&link, how(case, optimise)));
                wrong.push(format!("{case}: {ours:?} {:?}", decompress(input)));
            }
        }
    }
    verdict("other compressors", judged, 0, &wrong);
}
