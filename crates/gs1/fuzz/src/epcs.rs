//! EPC URNs, links, patterns, and the memory of tags.

use gs1::epc::{self, tag};
use gs1::{EpcError, Level, Link, Reading};

use super::{epc_fault, split};

pub(super) fn epc(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    match epc::to_link(&text) {
        Ok(link) => urn(&text, &link),
        Err(error) => {
            epc_fault(&error, &text);
            assert_eq!(epc::to_elements(&text), Err(error));
            if text.starts_with("urn:") {
                assert_eq!(gs1::canonical_id(&text), text, "what is no identity stays as it is");
            }
        }
    }
    on_tag(&text);
    spelled(&text);
}

/// Bare identifiers and AIs in JSON are written back as what was read.
fn spelled(text: &str) {
    match epc::of_bare(text) {
        Ok(link) => {
            let bare = epc::to_bare(&link).expect("it has a name");
            assert_eq!(epc::of_bare(&bare).as_ref(), Ok(&link), "{text} {bare}");
        }
        Err(error) => epc_fault(&error, ""),
    }
    match epc::of_ai_json(text) {
        Ok(link) => {
            let json = epc::to_ai_json(&link);
            assert_eq!(epc::of_ai_json(&json).as_ref(), Ok(&link), "{text} {json}");
        }
        Err(error) => epc_fault(&error, ""),
    }
}

/// A URN that became a link.
fn urn(text: &str, link: &str) {
    assert_eq!(epc::canonical_id(text), link);
    assert_eq!(epc::constrained_id(text), link);
    let read = match Link::parse_with(link, Reading::strict()) {
        Ok(read) => read,
        Err(error) => {
            // The grammar of URNs knows neither piece numbers nor that a component's serial number
            // is not zero; the standard's own examples have such.
            let rule = error.linter_error().unwrap_or_default();
            let lax = ["PIECE", "TOTAL", "ZERO_PREFIX"].iter().any(|word| rule.contains(word));
            assert!(lax, "{text} became {link}: {error}");
            return;
        }
    };
    assert_eq!(read.canonical(), link);
    assert_eq!(read.constrained(), link, "a URN is of the finest level");
    let elements = epc::to_elements(text).expect("it was read before");
    assert_eq!(elements, read.keys());
    assert_eq!(Level::of(text), Some(read.level()), "{text}");
    let body = text.splitn(5, ':').nth(4).unwrap_or_default();
    let length = body.split('.').next().map_or(0, str::len);
    let again = epc::to_urn(&read, length).unwrap_or_else(|error| panic!("{text} {link}: {error}"));
    assert_eq!(epc::to_link(&again).as_deref(), Ok(link), "{again}");
    // A URN is written back as it is but for case; a pattern of `upui` is one of its trade item.
    let plain = |text: &str| text.to_ascii_lowercase().replace("idpat:upui:", "idpat:sgtin:");
    assert_eq!(plain(&again), plain(text));
}

/// What gets onto a tag is read back from it.
pub(super) fn on_tag(text: &str) {
    match tag::encode(text) {
        Ok(written) => {
            assert_eq!(tag::decode(&written.hex).as_ref(), Ok(&written), "{text}");
            assert!(written.hex.len().is_multiple_of(4), "{}", written.hex);
        }
        Err(error) => epc_fault(&error, text),
    }
}

/// Memory in hexadecimal, or with the highest bit of the first byte its bytes themselves.
pub(super) fn tag(data: &[u8]) {
    let (flags, mut hex) = split(data);
    if flags & 128 != 0 {
        let bytes = data.get(1..).unwrap_or_default();
        let digit = |four: u8| char::from_digit(u32::from(four), 16).unwrap_or_default();
        hex = bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect();
    }
    let found = match tag::decode(&hex) {
        Ok(found) => found,
        Err(error) => {
            assert!(!matches!(error, EpcError::NotEpc | EpcError::WrongParts { .. }), "{hex}");
            return epc_fault(&error, "");
        }
    };
    assert_eq!(tag::decode(&found.hex).as_ref(), Ok(&found), "{hex}");
    if let Some(uri) = &found.tag_uri {
        assert!(found.data.is_empty());
        assert_eq!(tag::encode(uri).as_ref(), Ok(&found), "{hex}");
        // General, defence and aerospace identifiers are no GS1 keys.
        let other = ["gid", "usdod", "adi"].iter().any(|name| found.uri.contains(name));
        assert!(other || epc::to_link(&found.uri).is_ok(), "{}", found.uri);
    } else {
        // A text may have been written in another way than ours, and with a filter.
        let data: Vec<(&str, &str)> =
            found.data.iter().map(|(ai, value)| (ai.as_str(), value.as_str())).collect();
        let again = tag::encode_with(&found.uri, &data);
        let again = again.unwrap_or_else(|error| panic!("{hex}: {error}"));
        assert_eq!((&again.uri, &again.data), (&found.uri, &found.data), "{hex}");
        assert_eq!(tag::decode(&again.hex).as_ref(), Ok(&again), "{hex}");
        let link = Link::parse_with(&found.uri, Reading::strict());
        assert_eq!(link.expect("our own link").canonical(), found.uri);
    }
}
