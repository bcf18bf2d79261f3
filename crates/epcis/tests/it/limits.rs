//! Input that means harm, or nothing.

use epcis::{Limits, read_json, read_stored};
use proptest::prelude::*;

fn rule(bytes: &[u8]) -> &'static str {
    read_json(bytes, &Limits::default()).unwrap_err()[0].rule
}

#[test]
fn deep_nesting_is_refused_without_touching_the_stack() {
    assert_eq!(rule("[".repeat(5_000_000).as_bytes()), "limit.depth");
    assert_eq!(rule("{\"a\":".repeat(1_000_000).as_bytes()), "limit.depth");
    let deep = format!("{}{}", "[".repeat(64), "]".repeat(64));
    assert_eq!(rule(deep.as_bytes()), "json.type");
}

#[test]
fn size_length_and_count_are_limited() {
    let long = format!("{{\"type\":\"{}\"}}", "x".repeat(9 << 20));
    assert_eq!(rule(long.as_bytes()), "limit.string");
    let large = format!("{{\"type\":\"{}\"}}", "x".repeat(10 << 20));
    assert_eq!(rule(large.as_bytes()), "limit.bytes");
    let many = format!("[{}1]", "1,".repeat(100_000));
    assert_eq!(rule(many.as_bytes()), "limit.list");
    let event = r#"{"type":"ObjectEvent","action":"ADD","eventTime":"2026-03-01T08:00:00Z","eventTimeZoneOffset":"+07:00","epcList":[]}"#;
    let events = format!("[{event},{event},{event}]");
    let limits = Limits { events: 2, ..Limits::default() };
    let faults = read_json(events.as_bytes(), &limits).unwrap_err();
    assert_eq!((faults[0].rule, faults[0].path.as_str()), ("limit.events", "/2"));
    assert_eq!(
        read_json(events.as_bytes(), &Limits { events: 3, ..limits }).unwrap().events.len(),
        3
    );
}

#[test]
fn what_json_does_not_know_is_refused_where_it_stands() {
    for text in [
        "NaN",
        "[Infinity]",
        "[01]",
        "[1.]",
        "[.5]",
        "[+1]",
        "[1e]",
        "['a']",
        "[1,]",
        "{\"a\":1,}",
        "[\"\\x\"]",
        "[\"\\ud800\"]",
        "[\"\\ud800\\u0041\"]",
        "[\"\t\"]",
        "[tru]",
        "",
        " ",
        "[1] 2",
        "{a:1}",
        "[1",
        "[\"a",
        "{\"a\" 1}",
        "]",
    ] {
        let faults = read_json(text.as_bytes(), &Limits::default()).unwrap_err();
        assert_eq!((faults.len(), faults[0].rule), (1, "json.syntax"), "{text}");
        assert!(faults[0].line == 1 && faults[0].column >= 1);
    }
    assert_eq!(rule(b"{\"type\":\"\xff\"}"), "json.utf8");
    assert_eq!(
        rule(br#"{"type":"ObjectEvent","action":"ADD","action":"DELETE"}"#),
        "json.duplicate-key"
    );
    assert_eq!(
        rule(br#"{"type":"ObjectEvent","action":"ADD","\u0061ction":"DELETE"}"#),
        "json.duplicate-key"
    );
}

#[test]
fn a_thousand_faults_end_at_a_hundred() {
    let text = format!("[{}1]", "1,".repeat(1_000));
    assert_eq!(read_json(text.as_bytes(), &Limits::default()).unwrap_err().len(), 100);
}

const GOOD: &str = r#"{"@context":["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",{"ex":"https://ex.example/"}],
"type":"EPCISDocument","schemaVersion":"2.0","creationDate":"2026-03-02T00:00:00Z","epcisBody":{"eventList":[
{"type":"ObjectEvent","action":"ADD","eventTime":"2026-03-01T08:00:00.5+07:00","eventTimeZoneOffset":"+07:00",
"quantityList":[{"epcClass":"urn:example:lô","quantity":1.50,"uom":"KGM"}],"ilmd":{"ex:giống":"Shan Tuyết \u0111"},"ex:n":[1e3,-0.0,null,true]}]}}"#;

proptest! {
    #[test]
    fn any_bytes_end_in_a_document_or_in_faults(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = read_json(&bytes, &Limits::default());
        let _ = read_stored(&bytes);
    }

    #[test]
    fn any_text_like_json_is_read_as_serde_json_reads_it(text in "[\\[\\]{}\",:0-9eE.+a-c\\\\ntrulfs \n-]{0,24}") {
        let ours = read_json(text.as_bytes(), &Limits::default());
        let theirs = serde_json::from_str::<serde_json::Value>(&text);
        let syntax = ours.as_ref().is_err_and(|faults| faults[0].rule == "json.syntax");
        // serde_json also refuses numbers beyond f64, and takes names twice.
        let other = theirs.as_ref().is_err_and(|e| e.to_string().starts_with("number out of range"));
        prop_assert!(syntax == theirs.is_err() || other, "{text} {ours:?} {theirs:?}");
    }

    #[test]
    fn a_document_cut_short_says_where(cut in 0..GOOD.len()) {
        prop_assume!(GOOD.is_char_boundary(cut));
        let faults = read_json(&GOOD.as_bytes()[..cut], &Limits::default()).unwrap_err();
        let lines = GOOD[..cut].split('\n').count();
        prop_assert_eq!(faults[0].rule, "json.syntax");
        prop_assert_eq!(faults[0].line as usize, lines);
    }

    #[test]
    fn a_document_with_one_byte_changed_never_panics_and_what_is_read_is_stored(at in 0..GOOD.len(), byte in any::<u8>()) {
        let mut bytes = GOOD.as_bytes().to_vec();
        bytes[at] = byte;
        if let Ok(document) = read_json(&bytes, &Limits::default()) {
            for event in document.events {
                let stored = event.stored();
                let back = read_stored(&stored).unwrap();
                prop_assert_eq!(back.stored(), stored);
            }
        }
    }
}

#[test]
fn the_good_document_is_good() {
    let document = read_json(GOOD.as_bytes(), &Limits::default()).unwrap();
    let event = &document.events[0];
    assert!(
        event
            .to_json()
            .contains(r#""ilmd":{"ex:giống":"Shan Tuyết \u0111"},"ex:n":[1e3,-0.0,null,true]"#)
    );
    assert!(event.to_json().contains(r#""quantity":1.50,"#));
}
