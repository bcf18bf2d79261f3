//! How fast documents are read and written; run with `--release --run-ignored only --no-capture`.

use std::hint::black_box;
use std::time::Instant;

use epcis::{Limits, read_json, write_document};

use crate::built::{at, spraying};

fn rate(bytes: usize, mut work: impl FnMut()) -> f64 {
    let mut rates: Vec<f64> = (0..9)
        .map(|_| {
            let start = Instant::now();
            work();
            bytes as f64 / start.elapsed().as_secs_f64() / 1e6
        })
        .collect();
    rates.sort_by(f64::total_cmp);
    rates[4]
}

#[test]
#[ignore = "measures"]
fn speed() {
    let mut event = spraying();
    event.ensure_id();
    event.epc_list =
        (0..20).map(|n| format!("https://id.gs1.org/01/08931234567897/21/{n:012}")).collect();
    let events = vec![event; 5_000];
    let text = write_document(&events, at("2026-03-02T00:00:00Z"));
    let bytes = text.len();
    println!("document: {bytes} bytes, {} events", events.len());
    let limits = Limits { bytes: usize::MAX, ..Limits::default() };
    let read = rate(bytes, || drop(black_box(read_json(text.as_bytes(), &limits))));
    let value = rate(bytes, || drop(black_box(serde_json::from_str::<serde_json::Value>(&text))));
    let write =
        rate(bytes, || drop(black_box(write_document(&events, at("2026-03-02T00:00:00Z")))));
    let hash =
        rate(bytes, || events.iter().for_each(|event| drop(black_box(epcis::hash_id(event)))));
    let postings =
        rate(bytes, || events.iter().for_each(|event| drop(black_box(event.postings()))));
    println!(
        "MB/s, median of 9: read_json {read:.0}, serde_json to Value {value:.0}, write {write:.0}, hash {hash:.0}, postings {postings:.0}"
    );
}
