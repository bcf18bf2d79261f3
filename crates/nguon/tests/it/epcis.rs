//! Documents at the command line: converted, compared, words looked up.

use std::path::Path;
use std::process::Command;

use crate::nguon;

const XML: &str = r#"<epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:2" xmlns:vn="https://example.org/vn/" schemaVersion="2.0" creationDate="2026-11-01T08:00:00+07:00">
  <EPCISBody><EventList><ObjectEvent>
    <eventTime>2026-11-01T08:00:00+07:00</eventTime>
    <eventTimeZoneOffset>+07:00</eventTimeZoneOffset>
    <epcList><epc>urn:epc:id:sgtin:9524321.000001.7</epc><epc>urn:epc:id:sgtin:9524321.000001.8</epc></epcList>
    <action>OBSERVE</action>
    <bizStep>https://ref.gs1.org/cbv/BizStep-shipping</bizStep>
    <vn:xe>27C-123.45</vn:xe>
  </ObjectEvent></EventList></EPCISBody>
</epcis:EPCISDocument>"#;

/// Runs the program where it prints no lines of JSON; its exit code and what it printed.
fn text(args: &[&str]) -> (i32, String) {
    let done = Command::new(env!("CARGO_BIN_EXE_nguon")).args(args).output().unwrap();
    (done.status.code().unwrap(), String::from_utf8(done.stdout).unwrap())
}

fn written(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

#[test]
fn a_document_means_the_same_in_every_format_and_spelling() {
    let folder = tempfile::tempdir().unwrap();
    let source = written(folder.path(), "new.xml", XML);
    let (_, lines) = nguon(&["epcis", "hash", &source]);
    let hash = lines[0]["hash"].clone();
    for (to, ids) in [("json", "as-is"), ("json", "link"), ("xml", "link"), ("xml-1.2", "urn")] {
        let (code, out) = text(&["epcis", "convert", "--to", to, "--epc-format", ids, &source]);
        assert_eq!(code, 0, "{to} {ids}");
        let link = "https://id.gs1.org/01/09524321000019/21/7";
        assert_eq!(out.contains(link), ids == "link", "{out}");
        let other = written(folder.path(), "other", &out);
        assert_eq!(text(&["epcis", "diff", &source, &other]), (0, String::new()), "{to} {ids}");
        assert_eq!(nguon(&["epcis", "validate", &other]).0, 0, "{out}");
        assert_eq!(nguon(&["epcis", "hash", &other]).1[0]["hash"], hash, "{to} {ids}");
    }
    let changed = written(folder.path(), "changed.xml", &XML.replace("OBSERVE", "DELETE"));
    let (code, paths) = text(&["epcis", "diff", &source, &changed]);
    assert_eq!(code, 1);
    assert!(paths.contains("action"), "{paths}");
    let broken = written(folder.path(), "broken.xml", &XML.replace("</epcList>", ""));
    assert_eq!(text(&["epcis", "convert", "--to", "json", &broken]), (1, String::new()));
    assert_eq!(text(&["epcis", "convert", "--to", "pdf", &source]).0, 2);
    let (code, lines) = nguon(&["epcis", "validate", &broken]);
    assert_eq!((code, lines[0]["errors"][0]["line"].as_i64()), (1, Some(9)), "{lines:?}");
}

#[test]
fn a_word_of_the_vocabulary_has_four_forms() {
    let forms = [
        "shipping",
        "urn:epcglobal:cbv:bizstep:shipping",
        "https://ref.gs1.org/cbv/BizStep-shipping",
        "cbv:BizStep-shipping",
    ];
    for form in forms {
        let (code, lines) = nguon(&["epcis", "vocab", form]);
        assert_eq!(code, 0, "{form}");
        let told = ["bare", "urn", "uri", "curie"].map(|name| lines[0][name].as_str().unwrap());
        assert_eq!(told, forms, "{form}");
    }
    assert_eq!(nguon(&["epcis", "vocab", "khong-co"]), (1, Vec::new()));
}

/// More events than the API takes at once, their `@context` after them.
fn large(action: &str) -> String {
    let event = |number: usize| {
        format!(
            r#"{{"type":"ObjectEvent","action":"{action}","eventTime":"2026-11-01T08:00:00+07:00","eventTimeZoneOffset":"+07:00","epcList":["urn:epc:id:sgtin:9524321.000001.{number}"],"vn:số":{number}}}"#
        )
    };
    let events: Vec<String> = (0..10_500).map(event).collect();
    format!(
        "{{\"type\":\"EPCISDocument\",\"schemaVersion\":\"2.0\",\"creationDate\":\"2026-11-01T08:00:00Z\",\"epcisBody\":{{\"eventList\":[\n{}]}},\"@context\":[\"https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld\",{{\"vn\":\"https://example.org/vn/\"}}]}}",
        events.join(",\n")
    )
}

#[test]
fn a_document_may_have_any_number_of_events_and_its_head_after_them() {
    let folder = tempfile::tempdir().unwrap();
    let source = written(folder.path(), "large.jsonld", &large("OBSERVE"));
    let (code, lines) = nguon(&["epcis", "validate", &source]);
    assert_eq!((code, lines[0]["events"].as_i64()), (0, Some(10_500)), "{:?}", lines[0]);
    let (_, hashes) = nguon(&["epcis", "hash", &source]);
    assert_eq!(hashes.len(), 10_500);
    let (code, xml) = text(&["epcis", "convert", "--to", "xml", &source]);
    assert_eq!(code, 0);
    let other = written(folder.path(), "large.xml", &xml);
    let (_, again) = nguon(&["epcis", "hash", &other]);
    let ids = |lines: &[serde_json::Value]| -> Vec<_> {
        lines.iter().map(|line| line["hash"].clone()).collect()
    };
    assert_eq!(ids(&hashes), ids(&again));

    let wrong = written(folder.path(), "wrong.jsonld", &large("PUT"));
    let (code, lines) = nguon(&["epcis", "validate", &wrong]);
    let errors = lines[0]["errors"].as_array().unwrap();
    assert_eq!((code, errors.len(), lines[0]["more"].as_i64()), (1, 100, Some(10_400)));
    assert_eq!(errors[99]["path"], "/epcisBody/eventList/99/action");
    assert_eq!(errors[99]["line"], 101);
    assert_eq!(text(&["epcis", "convert", "--to", "xml", &wrong]), (1, String::new()));
}

#[test]
fn what_is_most_likely_a_mistake_is_told_and_the_document_is_valid() {
    let folder = tempfile::tempdir().unwrap();
    // A wrong check digit on somebody's own host: the URI is theirs to choose.
    let text = XML.replace(
        "urn:epc:id:sgtin:9524321.000001.8",
        "https://tx.example.vn/01/09524321000018/21/8",
    );
    let source = written(folder.path(), "own.xml", &text);
    let (code, lines) = nguon(&["epcis", "validate", &source]);
    assert_eq!((code, lines[0]["ok"].as_bool()), (0, Some(true)));
    assert_eq!(lines[0]["warnings"][0]["rule"], "identifier.check-digit");
    assert_eq!(lines[0]["warnings"][0]["line"], 5);
    let source = written(folder.path(), "gs1.xml", &text.replace("tx.example.vn", "id.gs1.org"));
    let (code, lines) = nguon(&["epcis", "validate", &source]);
    assert_eq!((code, &lines[0]["errors"][0]["rule"]), (1, &"identifier.gs1-link".into()));
    // It is still the same event.
    assert_eq!(nguon(&["epcis", "hash", &source]).0, 0);
}
