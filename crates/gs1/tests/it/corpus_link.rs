//! Links written from element strings, as the reference engine writes them. What it reads is judged in
//! `corpus_message`.

use gs1::element;

use crate::corpora::{json, verdict};

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
