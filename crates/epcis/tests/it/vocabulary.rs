//! CBV words in their four forms, against the conversions of another project.

use std::fs;

use epcis::vocab::{self, List};
use serde_json::Value;

use crate::corpora::corpora;

#[test]
fn conversions_of_openepcis_are_ours() {
    let Some(corpora) = corpora() else { return };
    let text = fs::read_to_string(corpora.join("facts/openepcis_vocab_conversion.json")).unwrap();
    let facts: Value = serde_json::from_str(&text).unwrap();
    let (mut right, mut invented) = (0, 0);
    for case in facts["cases"].as_array().unwrap() {
        let (Some(word), Some(expected)) = (case["args"][0].as_str(), case["expected"].as_str())
        else {
            continue;
        };
        let found = vocab::find(word);
        let ours = match case["function"].as_str().unwrap() {
            "toBareStringVocabulary" => found.map_or(word, |w| w.bare).to_owned(),
            "toUrnVocabulary" => {
                found.and_then(|w| w.list.urn(w.bare)).unwrap_or_else(|| word.to_owned())
            }
            "toWebURIVocabulary" => {
                found.map_or_else(|| word.to_owned(), |w| w.list.uri(word).into_owned())
            }
            _ => continue,
        };
        // "other" is no error reason of CBV 2.0 (§7.5), nor is any word that the lists do not have.
        if ours == word && ours != expected {
            assert!(word.ends_with("ER-other"), "{word} -> {expected}");
            invented += 1;
        } else {
            assert_eq!(ours, expected, "{word}");
            right += 1;
        }
    }
    println!("{right} as ours, {invented} of words that CBV 2.0 does not have");
    assert!(right > 50);
}

#[test]
fn a_word_found_by_its_form_names_its_list() {
    let word = vocab::find("https://ref.gs1.org/cbv/Disp-in_transit").unwrap();
    assert_eq!((word.list, word.bare), (List::Disposition, "in_transit"));
    assert_eq!(word.list.curie(word.bare).as_deref(), Some("cbv:Disp-in_transit"));
    assert_eq!(List::Measurement.uri("Temperature"), "https://gs1.org/voc/Temperature");
    assert_eq!(vocab::find("phun thuốc"), None);
}
