//! A document in pieces is the document: same events, same faults, at the same places.

use std::fs;

use epcis::{Document, Fault, Format, Limits, Output, Version, read_loosely, write_json};
use proptest::prelude::*;

use crate::built::at;
use crate::conversion::xml;
use crate::corpora::{corpora, files_of};
use crate::fuzz::targets::{assert_same_in_pieces as assert_same, streamed};
use crate::generated::event;

#[test]
fn every_document_of_the_corpora_is_the_same_in_pieces() {
    let Some(corpora) = corpora() else { return };
    let (mut documents, mut bytes_read) = (0, 0);
    let limits = Limits::default();
    for path in files_of(&corpora, &["json", "jsonld", "xml"]) {
        let bytes = fs::read(&path).unwrap();
        if bytes.len() > 300_000 || path.display().to_string().contains("node_modules") {
            continue;
        }
        println!("{}", path.display());
        for strict in [true, false] {
            assert_same(&bytes, &[bytes.len()], true, strict, &limits);
            assert_same(&bytes, &[113, 7, 1024], true, strict, &limits);
        }
        documents += 1;
        bytes_read += bytes.len();
    }
    println!("{documents} documents, {bytes_read} bytes");
    assert!(documents > 400, "{documents}");
}

/// Texts of a document, right ones first.
fn text() -> impl Strategy<Value = String> {
    let document = proptest::collection::vec(event(), 0..4);
    (document, 0..6_usize).prop_map(|(events, form)| {
        let created = at("2026-03-02T00:00:00Z");
        let json = write_json(&Document::from(events), created);
        let read = epcis::read_json(json.as_bytes(), &Limits::default()).unwrap();
        match form {
            0 => json,
            // Members in another order, and space between them.
            1 => serde_json::to_string_pretty(
                &serde_json::from_str::<serde_json::Value>(&json).unwrap(),
            )
            .unwrap(),
            2 => {
                let value: serde_json::Value = serde_json::from_str(&json).unwrap();
                value["epcisBody"]["eventList"].to_string()
            }
            3 => xml(&read, Version::V2_0),
            4 => xml(&read, Version::V1_2),
            _ => {
                let query = Document { kind: epcis::DocumentKind::EpcisQueryDocument, ..read };
                xml(&query, Version::V2_0)
            }
        }
    })
}

fn sizes() -> impl Strategy<Value = Vec<usize>> {
    proptest::collection::vec(prop_oneof![1..4_usize, 1..200_usize, 1..10_000_usize], 1..6)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn pieces_of_any_size_make_the_same_document(text in text(), sizes in sizes(), strict in any::<bool>()) {
        assert_same(text.as_bytes(), &sizes, true, strict, &Limits::default());
    }

    #[test]
    fn a_document_with_bytes_changed_has_the_same_faults_in_pieces(
        text in text(), sizes in sizes(), place in any::<prop::sample::Index>(), byte in prop_oneof![any::<u8>(), "[\\]\\[{}<>\"',:/ a0&;!-]".prop_map(|s| s.as_bytes()[0])]
    ) {
        let mut bytes = text.into_bytes();
        let at = place.index(bytes.len());
        bytes[at] = byte;
        assert_same(&bytes, &sizes, true, true, &Limits::default());
    }

    #[test]
    fn a_document_cut_short_is_so_in_pieces_too(text in text(), sizes in sizes(), place in any::<prop::sample::Index>()) {
        let bytes = &text.as_bytes()[..place.index(text.len())];
        assert_same(bytes, &sizes, true, true, &Limits::default());
    }

    #[test]
    fn one_pass_is_enough_where_the_context_comes_first(events in proptest::collection::vec(event(), 0..4), sizes in sizes()) {
        let json = write_json(&Document::from(events), at("2026-03-02T00:00:00Z"));
        assert_same(json.as_bytes(), &sizes, false, true, &Limits::default());
        let read = epcis::read_json(json.as_bytes(), &Limits::default()).unwrap();
        assert_same(xml(&read, Version::V2_0).as_bytes(), &sizes, false, true, &Limits::default());
    }
}

/// Written event by event.
fn rewritten(document: &Document, format: Format) -> Result<String, Vec<Fault>> {
    let head = Document { events: Vec::new(), ..document.clone() };
    let mut output = Output::new(&head, format);
    document.events.iter().for_each(|event| output.note(event));
    let mut out = output.begin(at("2026-03-02T00:00:00Z"))?;
    for event in &document.events {
        out.push_str(&output.event(event));
    }
    out.push_str(&output.end());
    Ok(out)
}

fn assert_written_same(document: &Document) {
    let created = at("2026-03-02T00:00:00Z");
    assert_eq!(rewritten(document, Format::Json).unwrap(), write_json(document, created));
    for version in [Version::V2_0, Version::V1_2] {
        assert_eq!(
            rewritten(document, Format::Xml(version)),
            epcis::write_xml(document, version, created)
        );
    }
}

#[test]
fn every_document_of_the_corpora_is_written_the_same_event_by_event() {
    let Some(corpora) = corpora() else { return };
    let mut documents = 0;
    for path in files_of(&corpora, &["json", "jsonld", "xml"]) {
        let bytes = fs::read(&path).unwrap();
        if let Ok(document) = read_loosely(&bytes, &Limits::default()) {
            assert_written_same(&document);
            documents += 1;
        }
    }
    assert!(documents > 200, "{documents}");
}

#[test]
fn two_events_with_one_prefix_for_two_things_are_written_the_same_event_by_event() {
    let mut first = crate::built::spraying();
    first.declare_prefix("ex", "https://one.example/");
    first.set_extension("ex:a", "1");
    let mut second = crate::built::spraying();
    second.declare_prefix("ex", "https://two.example/");
    second.set_extension("ex:a", "1");
    let document = Document::from(vec![first, second]);
    assert_written_same(&document);
    assert_same(
        write_json(&document, at("2026-03-02T00:00:00Z")).as_bytes(),
        &[64],
        true,
        true,
        &Limits::default(),
    );
}

const EVENT: &str = r#"{"type":"ObjectEvent","action":"ADD","eventTime":"2026-03-01T08:00:00Z","eventTimeZoneOffset":"+07:00","epcList":["vn:x:1"]}"#;
const HEAD: &str = r#""@context":"https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld","type":"EPCISDocument","schemaVersion":"2.0","creationDate":"2026-03-02T00:00:00Z""#;

/// Found by fuzzing: the first pass told the type and the second looked at no event.
#[test]
fn what_is_no_json_is_told_before_what_is_no_document() {
    for text in [
        r#"{"type": "EPCIRDocument", "epcisBody": {"eventList": [{"type": "ObjectEvent"}, {"a" 1}]}}"#,
        r#"{"epcisBody": {"eventList": [{"a"b: 1}]}, "type": "EPCIRDocument"}"#,
        r#"{"epcisBody": {"eventList": [{"type": "ObjectEvent"}]}, "type": "EPCIRDocument"}"#,
    ] {
        for sizes in [&[1][..], &[7, 3], &[text.len()]] {
            assert_same(text.as_bytes(), sizes, true, true, &Limits::default());
        }
    }
}

fn once(text: &str, limits: &Limits) -> Vec<(&'static str, String, u32)> {
    let out = streamed(text.as_bytes(), &[100], false, true, limits);
    out.faults.into_iter().map(|fault| (fault.rule, fault.path, fault.line)).collect()
}

#[test]
fn what_can_be_read_only_once_says_what_its_events_mean_before_them() {
    let limits = Limits::default();
    let body = format!(r#""epcisBody":{{"eventList":[{EVENT}]}}"#);
    assert_eq!(once(&format!("{{{HEAD},{body}}}"), &limits), []);
    let order = [("stream.order", String::new(), 1)];
    assert_eq!(once(&format!("{{{body},{HEAD}}}"), &limits), order);
    // Whoever reads twice has no such trouble.
    let out = streamed(format!("{{{body},{HEAD}}}").as_bytes(), &[100], true, true, &limits);
    assert_eq!((out.events.len(), out.faults), (1, Vec::new()));
}

#[test]
fn a_list_may_have_any_number_of_events_but_an_event_is_bounded() {
    let limits = Limits { bytes: 1_000, list_items: 50, events: usize::MAX, ..Limits::default() };
    let list = vec![EVENT; 5_000].join(",\n");
    let text = format!("{{{HEAD},\"epcisBody\":{{\"eventList\":[{list}]}}}}");
    let out = streamed(text.as_bytes(), &[1_000], true, true, &limits);
    assert_eq!((out.events.len(), out.faults), (5_000, Vec::new()));
    let few = Limits { events: 3, ..limits };
    let out = streamed(text.as_bytes(), &[1_000], true, true, &few);
    let told: Vec<_> = out.faults.iter().map(|f| (f.rule, f.path.as_str(), f.line)).collect();
    assert_eq!(told, [("limit.events", "/epcisBody/eventList/3", 4)]);
    let long = EVENT.replace("vn:x:1", &format!("vn:x:{}", "1".repeat(2_000)));
    assert_eq!(
        once(&format!("[{EVENT},\n{long}]"), &limits),
        [("limit.event-bytes", String::new(), 2)]
    );
    let header = format!("{{{HEAD},\"epcisHeader\":{{\"x:y\":\"{}\"}}", "1".repeat(2_000));
    assert_eq!(once(&header, &limits), [("limit.event-bytes", String::new(), 1)]);
}

#[test]
fn of_a_hundred_thousand_faults_a_hundred_are_told_and_all_are_counted() {
    let bad = EVENT.replace("ADD", "PUT");
    let text = format!("[{}]", vec![bad.as_str(); 100_000].join(","));
    let limits = Limits { events: usize::MAX, ..Limits::default() };
    let out = streamed(text.as_bytes(), &[1 << 16], true, true, &limits);
    assert_eq!((out.events.len(), out.faults.len(), out.all_faults), (0, 100, 100_000));
    assert_eq!(out.faults[99].path, "/99/action");
}

#[test]
fn hostile_input_ends_soon_and_at_its_place() {
    let limits = Limits { events: usize::MAX, ..Limits::default() };
    let deep = format!("[{}", "{\"a\":".repeat(1_000_000));
    let bomb =
        "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY x \"xx\"><!ENTITY y \"&x;&x;\">]><a>&y;</a>";
    let open = format!(
        "<epcis:EPCISDocument xmlns:epcis=\"urn:epcglobal:epcis:xsd:2\"><EPCISBody><EventList>{}",
        "<a>".repeat(1_000_000)
    );
    let long = format!("[{{\"type\":\"{}\"}}]", "x".repeat(1 << 20));
    let cases = [
        (deep, "limit.depth"),
        (format!("{{{}", "\"a\":{".repeat(1_000_000)), "limit.depth"),
        ("[".repeat(1_000_000), "limit.depth"),
        (bomb.to_owned(), "xml.dtd"),
        (
            bomb.replace("<!ENTITY y \"&x;&x;\">", "<!ENTITY y SYSTEM \"file:///etc/passwd\">"),
            "xml.dtd",
        ),
        (open, "limit.depth"),
        (long, "limit.string"),
        (format!("[{{\"a\":1{}}}]", ",\"b\":2,\"b\":3"), "json.duplicate-key"),
        ("[{\"a\":\"\\ud800\"}]".to_owned(), "json.syntax"),
        (format!("<a>{}", "x".repeat(11 << 20)), "limit.string"),
        (format!("<!--{}", "-".repeat(11 << 20)), "limit.event-bytes"),
        (format!("[{}", EVENT.repeat(3)), "json.syntax"),
        ("\u{1f}\u{8b}\u{8}".to_owned(), "json.syntax"),
    ];
    for (text, rule) in cases {
        for twice in [true, false] {
            let out = streamed(text.as_bytes(), &[1 << 16], twice, true, &limits);
            let last = out.faults.last().map(|fault| fault.rule);
            assert_eq!(last, Some(rule), "{}", &text[..text.len().min(80)]);
        }
    }
    // A number beyond any other is a number; what asks for a quantity refuses it.
    let number = EVENT.replace(
        "\"epcList\":[\"vn:x:1\"]",
        "\"quantityList\":[{\"epcClass\":\"vn:c\",\"quantity\":1e999}]",
    );
    let out = streamed(format!("[{number}]").as_bytes(), &[64], true, true, &limits);
    assert_eq!(out.faults[0].rule, "quantity.value");
}
