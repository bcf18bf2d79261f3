//! Links written from element strings, as the reference engine writes them. What it reads is judged in
//! `corpus_message`.

use gs1::{Link, Message, Options, Reading};

use crate::corpora::{json, verdict};

#[test]
fn element_strings_become_the_links_of_the_reference() {
    let Some(cases) = json("gs1+gs1-syntax-engine/dl-generate.json") else { return };
    let (mut judged, mut wrong) = (0, Vec::new());
    for case in cases.as_array().expect("a list") {
        let input = case["input"].as_str().expect("text");
        let stem = case["stem"].as_str().expect("text");
        judged += 1;
        let options = Options { relations: false, ..Options::default() };
        let link = Message::read(input, &options).and_then(|message| message.link_on(stem));
        if link.as_deref().ok() != case["expect"].as_str() {
            wrong.push(format!("{case}: {link:?}"));
        }
    }
    verdict("dl-generate", judged, 0, &wrong);
}

#[test]
fn links_of_an_older_syntax_are_read_tolerantly_and_judged_by_the_new_one() {
    let Some(cases) = json("gs1+digital-link.js/validity.json") else { return };
    let (mut judged, mut aside, mut wrong) = (0, 0, Vec::new());
    for case in cases.as_array().expect("a list") {
        let uri = case["uri"].as_str().expect("text");
        // General Specifications 3.9.3: a GIAI is the company prefix and any characters.
        if uri.ends_with("/giai/0801234126") {
            aside += 1;
            continue;
        }
        judged += 1;
        if case["valid"] != Link::parse(uri).is_ok() {
            wrong.push(format!("{case}: {:?}", Link::parse(uri)));
        }
        // GTIN of 14 digits since 1.4, no names since 1.3.
        let old =
            case["note"].as_str().is_some_and(|note| note.contains("pre-1") || note == "alpha");
        if old && Link::parse_with(uri, Reading::strict()).is_ok() {
            wrong.push(format!("{uri} is of an older syntax"));
        }
    }
    verdict("older links", judged, aside, &wrong);
}
