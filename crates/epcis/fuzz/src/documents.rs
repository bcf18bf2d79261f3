//! Documents in JSON and XML: read, written, converted, hashed.

use epcis::{
    Document, EpcFormat, Event, EventTime, Limits, Version, diff, hash_id, read, read_json,
    read_loosely, read_stored, read_xml, write_json, write_xml,
};

use super::told;

const CREATED: EventTime = EventTime { micros: 1_772_323_200_000_000, offset_minutes: 420 };

pub(super) fn json(data: &[u8]) {
    match read_json(data, &Limits::default()) {
        Ok(document) => kept(&document),
        Err(faults) => told(&faults, data),
    }
}

/// What is stored comes back, and what is written is read again.
fn kept(document: &Document) {
    for event in &document.events {
        let stored = event.stored();
        let back = read_stored(&stored).expect("what we wrote");
        assert_eq!(back.stored(), stored, "{}", String::from_utf8_lossy(&stored));
        assert_eq!(hash_id(&back), hash_id(event));
    }
    let text = write_json(document, CREATED);
    let again = read_json(text.as_bytes(), &Limits::default());
    let again = again.unwrap_or_else(|faults| panic!("{faults:?}\n{text}"));
    same(document, &again, &text);
}

fn same(one: &Document, other: &Document, text: &str) {
    let paths = diff(one, other);
    assert!(paths.is_empty(), "{paths:?}\n{text}");
}

/// Writes XML and reads it again; false where XML cannot say it, which is then told.
fn through_xml(document: &Document, version: Version) -> bool {
    match write_xml(document, version, CREATED) {
        Ok(text) => {
            let again = read_loosely(text.as_bytes(), &Limits::default());
            let again = again.unwrap_or_else(|faults| panic!("{faults:?}\n{text}"));
            same(document, &again, &text);
            true
        }
        Err(faults) => {
            faults.iter().for_each(super::sentences);
            false
        }
    }
}

pub(super) fn xml(data: &[u8]) {
    in_xml(data, Version::V2_0);
}

pub(super) fn xml12(data: &[u8]) {
    in_xml(data, Version::V1_2);
}

fn in_xml(data: &[u8], version: Version) {
    match read_xml(data, &Limits::default()) {
        Ok(document) => {
            kept(&document);
            through_xml(&document, version);
            // What the schema lets pass, a loose reader does too, and reads the same.
            let loose = read_loosely(data, &Limits::default()).expect("it was read strictly");
            same(&document, &loose, "loosely");
        }
        Err(faults) => told(&faults, data),
    }
}

/// JSON to XML to JSON and the other way round, in every spelling of identifiers.
pub(super) fn convert(data: &[u8]) {
    let document = match read_loosely(data, &Limits::default()) {
        Ok(document) => document,
        Err(faults) => return told(&faults, data),
    };
    for version in [Version::V2_0, Version::V1_2] {
        through_xml(&document, version);
    }
    for format in [EpcFormat::Link, EpcFormat::Urn] {
        let mut spelled = document.clone();
        spelled.spell_ids(format);
        let text = write_json(&spelled, CREATED);
        let again = read_loosely(text.as_bytes(), &Limits::default());
        let again = again.unwrap_or_else(|faults| panic!("{faults:?}\n{text}"));
        same(&document, &again, &text);
    }
}

/// The hash id is that of what an event says, not of how.
pub(super) fn hash(data: &[u8]) {
    let document = match read(data, &Limits::default()) {
        Ok(document) => document,
        Err(faults) => return told(&faults, data),
    };
    for event in &document.events {
        let id = hash_id(event);
        assert!(id.starts_with("ni:///sha-256;") && id.ends_with("?ver=CBV2.0"), "{id}");
        let mut other = event.clone();
        turned(&mut other);
        assert_eq!(hash_id(&other), id, "turned: {}", event.to_json());
        for format in [EpcFormat::Link, EpcFormat::Urn] {
            let mut other = event.clone();
            other.spell_ids(format);
            assert_eq!(hash_id(&other), id, "{format:?}: {}", event.to_json());
        }
        let mut other = event.clone();
        other.record_time = Some(CREATED);
        other.event_id = Some("urn:uuid:1".to_owned());
        assert_eq!(hash_id(&other), id, "its name and when it was recorded are not what it says");
    }
}

/// Lists the other way round.
fn turned(event: &mut Event) {
    let lists = [
        &mut event.epc_list,
        &mut event.child_epcs,
        &mut event.input_epc_list,
        &mut event.output_epc_list,
        &mut event.certification_info,
    ];
    for list in lists {
        list.reverse();
    }
    let quantities = [
        &mut event.quantity_list,
        &mut event.child_quantity_list,
        &mut event.input_quantity_list,
        &mut event.output_quantity_list,
    ];
    for list in quantities {
        list.reverse();
    }
    event.biz_transaction_list.reverse();
    event.source_list.reverse();
    event.destination_list.reverse();
    event.sensor_element_list.reverse();
    event.extensions.reverse();
}
