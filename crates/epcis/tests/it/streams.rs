//! A document in pieces is the document: same events, same faults, at the same places.

use std::fs;

use epcis::stream::{Part, Stream};
use epcis::{
    Document, Event, Fault, Format, Limits, Output, Version, diff, hash_id, read, read_loosely,
    write_json,
};
use proptest::prelude::*;

use crate::built::at;
use crate::conversion::xml;
use crate::corpora::{corpora, files_of};
use crate::generated::event;

/// What came out of a stream.
#[derive(Debug, Default)]
pub(crate) struct Streamed {
    pub(crate) events: Vec<Event>,
    pub(crate) faults: Vec<Fault>,
    pub(crate) warnings: Vec<Fault>,
    pub(crate) head: Option<Document>,
    pub(crate) all_faults: usize,
}

fn pieces<'b>(bytes: &'b [u8], sizes: &'b [usize]) -> impl Iterator<Item = &'b [u8]> {
    let (mut rest, mut sizes) = (bytes, sizes.iter().cycle());
    std::iter::from_fn(move || {
        let size = (*sizes.next()?).clamp(1, rest.len().max(1));
        let (piece, after) = rest.split_at_checked(size)?;
        rest = after;
        Some(piece)
    })
}

/// Reads in pieces, in one pass or in two.
pub(crate) fn streamed(
    bytes: &[u8],
    sizes: &[usize],
    twice: bool,
    strict: bool,
    limits: &Limits,
) -> Streamed {
    let kind = |stream: Stream| if strict { stream } else { stream.loosely() };
    let mut stream = if twice {
        let mut heads = kind(Stream::head_only(limits));
        pieces(bytes, sizes).for_each(|piece| heads.push(piece));
        kind(Stream::with_head(limits, heads.into_head()))
    } else {
        kind(Stream::once(limits))
    };
    let mut out = Streamed::default();
    let mut take = |stream: &mut Stream| {
        while let Some(part) = stream.next() {
            match part {
                Part::Event(_, event) => out.events.push(*event),
                Part::Fault(fault) => out.faults.push(fault),
                Part::Warning(warning) => out.warnings.push(warning),
            }
        }
    };
    for piece in pieces(bytes, sizes) {
        stream.push(piece);
        take(&mut stream);
    }
    stream.finish();
    take(&mut stream);
    out.head = stream.head().cloned();
    out.all_faults = stream.faults();
    out
}

type Told = (u32, u32, &'static str, String, String);

fn told(faults: &[Fault]) -> Vec<Told> {
    let one = |f: &Fault| (f.line, f.column, f.rule, f.path.clone(), f.what().to_owned());
    let mut told: Vec<_> = faults.iter().map(one).collect();
    told.sort();
    told
}

/// A text that is no JSON or XML has one fault, which stops reading.
fn is_stop(faults: &[Fault]) -> bool {
    matches!(faults, [only] if only.path.is_empty())
}

/// Compares what was read whole and in pieces.
pub(crate) fn assert_same(
    bytes: &[u8],
    sizes: &[usize],
    twice: bool,
    strict: bool,
    limits: &Limits,
) {
    let shown = || String::from_utf8_lossy(bytes);
    let out = streamed(bytes, sizes, twice, strict, limits);
    let whole = if strict { read(bytes, limits) } else { read_loosely(bytes, limits) };
    match whole {
        Ok(whole) => {
            assert_eq!(out.faults, [], "{}", shown());
            assert_eq!(out.events.len(), whole.events.len(), "{}", shown());
            for (ours, theirs) in out.events.iter().zip(&whole.events) {
                assert_eq!(ours.to_json(), theirs.to_json(), "{}", shown());
                assert_eq!(hash_id(ours), hash_id(theirs), "{}", shown());
            }
            let head = out.head.unwrap_or_else(|| panic!("no head: {}", shown()));
            let again = Document { events: out.events, ..head.clone() };
            assert_eq!(diff(&again, &whole), [""; 0], "{}", shown());
            assert_eq!((head.kind, head.id, head.header), (whole.kind, whole.id, whole.header));
            assert_eq!(
                (head.creation_date, head.extensions),
                (whole.creation_date, whole.extensions)
            );
            assert_eq!(
                (head.query_name, head.subscription_id),
                (whole.query_name, whole.subscription_id)
            );
            assert_eq!(told(&out.warnings), told(&whole.warnings), "{}", shown());
        }
        Err(faults) if is_stop(&faults) => {
            let last = out.faults.last().unwrap_or_else(|| panic!("{faults:?} {}", shown()));
            let place = |f: &Fault| (f.rule, f.line, f.column, f.path.clone());
            assert_eq!(place(last), place(&faults[0]), "{}", shown());
        }
        Err(faults) => {
            assert_eq!(told(&out.faults), told(&faults), "{}", shown());
            assert!(out.all_faults >= faults.len());
        }
    }
}

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
