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
