//! Links written from element strings, as the reference engine writes them. What it reads is judged in
//! `corpus_message`.

use gs1::{Message, Options};

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
