//! CBV words in their four forms, against the conversions of another project.

use std::fs;

use epcis::vocab::{self, List};
use serde_json::Value;

use crate::corpora::corpora;

/// The list that a field takes its words from, as OpenEPCIS names the field.
fn list_of(field: &str) -> List {
    match field.to_ascii_lowercase().as_str() {
        "bizstep" => List::BizStep,
        "disposition" | "persistentdisposition" => List::Disposition,
        "biztransaction" | "biztransactionlist" => List::BizTransaction,
        "source" | "sourcelist" | "destination" | "destinationlist" => List::SourceDestination,
        "reason" | "errordeclaration" => List::ErrorReason,
        other => panic!("{other}"),
    }
}

/// What we make of a word, told as OpenEPCIS does: a word that is none of the standard's comes back unchanged.
fn converted(function: &str, word: &str, args: &Value) -> String {
    let found = vocab::find(word);
    let unchanged = || word.to_owned();
    match function {
        "toBareStringVocabulary" => found.map_or(word, |w| w.bare).to_owned(),
        "toUrnVocabulary" => found.and_then(|w| w.list.urn(w.bare)).unwrap_or_else(unchanged),
        "toWebURIVocabulary" => found.map_or_else(unchanged, |w| w.list.uri(word).into_owned()),
        "toCbvVocabulary" => match (args[1].as_str().map(list_of), args[2].as_str()) {
            (Some(list), Some(form)) if form.eq_ignore_ascii_case("urn") => {
                list.urn(word).unwrap_or_else(unchanged)
            }
            (Some(list), Some(_)) => list.uri(word).into_owned(),
            // Without a field or a form nothing is asked.
            _ => unchanged(),
        },
        // Short names of links are the business of `gs1`; where the link is right, this is its canonical form.
        "shortNameReplacer" if word.starts_with("http") => gs1::canonical_id(word).into_owned(),
        "shortNameReplacer" => unchanged(),
        other => panic!("{other}"),
    }
}

#[test]
fn conversions_of_openepcis_are_ours() {
    let Some(corpora) = corpora() else { return };
    let text = fs::read_to_string(corpora.join("facts/openepcis_vocab_conversion.json")).unwrap();
    let facts: Value = serde_json::from_str(&text).unwrap();
    let (mut right, mut nothing, mut invented, mut broken) = (0, 0, 0, 0);
    for case in facts["cases"].as_array().unwrap() {
        // No word in, no word out.
        let Some(word) = case["args"][0].as_str() else {
            assert!(case["expected"].is_null());
            nothing += 1;
            continue;
        };
        let function = case["function"].as_str().unwrap();
        let (ours, expected) =
            (converted(function, word, &case["args"]), case["expected"].as_str().unwrap());
        if ours == expected {
            right += 1;
        } else if function == "shortNameReplacer" {
            // Their replacer looks at names only; with a wrong key or an empty segment it is no link for us.
            assert!(gs1::Link::parse(word).is_err() && ours == word, "{word} -> {ours}");
            broken += 1;
        } else {
            // Error reasons and types of parties are closed lists (CBV 2.0 §7.4, §7.5), and these are not in them.
            let known = ["other", "processing_party"].iter().any(|name| word.ends_with(name));
            assert!(ours == word && known, "{function} {word}: {ours}, {expected}");
            invented += 1;
        }
    }
    println!(
        "{right} as ours, {nothing} of nothing, {invented} invented words, {broken} broken links"
    );
    assert_eq!(right + nothing + invented + broken, 138);
    assert!(invented < 12 && broken < 6, "{invented} {broken}");
}

#[test]
fn a_word_found_by_its_form_names_its_list() {
    let word = vocab::find("https://ref.gs1.org/cbv/Disp-in_transit").unwrap();
    assert_eq!((word.list, word.bare), (List::Disposition, "in_transit"));
    assert_eq!(word.list.curie(word.bare).as_deref(), Some("cbv:Disp-in_transit"));
    assert_eq!(List::Measurement.uri("Temperature"), "https://gs1.org/voc/Temperature");
    assert_eq!(vocab::find("phun thuốc"), None);
}
