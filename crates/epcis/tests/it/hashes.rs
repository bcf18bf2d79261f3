//! Event hash ids against those that were published with the algorithm.

use std::fs;

use epcis::{Limits, hash_id, prehash, read_loosely};

use crate::corpora::{corpora, rows};

#[test]
fn published_event_hash_ids_are_ours() {
    let Some(corpora) = corpora() else { return };
    let (mut right, mut wrong) = (0, Vec::new());
    for row in rows(&corpora.join("facts/event_hash_ids_published.csv")) {
        let path = corpora.join(&row[0]);
        if !row[0].contains(".json") || !path.is_file() {
            continue;
        }
        let document = match read_loosely(&fs::read(&path).unwrap(), &Limits::default()) {
            Ok(document) => document,
            Err(faults) => {
                wrong.push(format!("{}: {faults:?}", row[0]));
                continue;
            }
        };
        let event = &document.events[row[1].parse::<usize>().unwrap()];
        if hash_id(event) == row[2] {
            right += 1;
        } else {
            wrong.push(format!("{} {}\n{}", row[0], row[1], prehash(event)));
        }
    }
    println!("{right} published ids are ours, {} are not", wrong.len());
    assert!(wrong.is_empty(), "{right} right, wrong:\n{}", wrong.join("\n"));
}
