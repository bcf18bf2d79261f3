//! Between JSON-LD and XML, and between the versions of XML: nothing is lost, and what is written is what the schemas ask.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::built::at;
use crate::corpora::corpora;
use crate::xml::{OPENEPCIS, files, gs1_examples, loosely};
use epcis::{
    Document, EpcFormat, Limits, Version, diff, hash_id, prehash, read_json, read_loosely,
    read_xml, write_json, write_xml,
};

pub(crate) fn xml(document: &Document, version: Version) -> String {
    write_xml(document, version, at("2026-03-02T00:00:00Z")).unwrap_or_else(|f| panic!("{f:#?}"))
}

fn json(document: &Document) -> String {
    write_json(document, at("2026-03-02T00:00:00Z"))
}

#[track_caller]
pub(crate) fn assert_same(a: &Document, b: &Document, what: &str) {
    let paths = diff(a, b);
    assert!(paths.is_empty(), "{what}: {paths:#?}");
    let ids = |document: &Document| -> Vec<String> {
        let mut ids: Vec<String> = document.events.iter().map(hash_id).collect();
        ids.sort();
        ids
    };
    assert_eq!(ids(a), ids(b), "{what}");
}

/// All documents of the corpora that are read, in either format.
fn readable(corpora: &Path) -> Vec<(PathBuf, Document)> {
    let folders = [
        "gs1+EPCIS/XML",
        "gs1+EPCIS/XSL",
        "gs1+EPCIS/JSON",
        OPENEPCIS,
        "RalphTro+epcis-event-hash-generator",
        "ift-gftc+opentraceability",
        "TraceabilityInternet+TraceabilityDriver",
    ];
    let mut found = Vec::new();
    for folder in folders {
        for extension in ["xml", "json", "jsonld"] {
            found.extend(files(&corpora.join(folder), extension));
        }
    }
    found.into_iter().filter_map(|path| loosely(&path).ok().map(|d| (path, d))).collect()
}

#[test]
fn every_document_round_trips_through_both_formats_and_versions() {
    let Some(corpora) = corpora() else { return };
    let documents = readable(&corpora);
    let mut refused = BTreeSet::new();
    for (path, document) in &documents {
        let what = path.display().to_string();
        let text = json(document);
        let back = read_json(text.as_bytes(), &Limits::for_capture())
            .unwrap_or_else(|f| panic!("{what} {f:?}\n{text}"));
        assert_same(document, &back, &format!("{what} JSON"));
        assert_eq!(back.header.is_some(), document.header.is_some());
        for version in [Version::V2_0, Version::V1_2] {
            let text = match write_xml(document, version, at("2026-03-02T00:00:00Z")) {
                Ok(text) => text,
                Err(faults) => {
                    refused.insert(format!("{what}: {}", faults[0].message(gs1::Lang::En)));
                    continue;
                }
            };
            let back = read_xml(text.as_bytes(), &Limits::for_capture())
                .unwrap_or_else(|f| panic!("{what} {f:?}\n{text}"));
            assert_same(document, &back, &format!("{what} {version:?}\n{text}"));
            assert_eq!(back.header.is_some(), document.header.is_some());
        }
    }
    println!("{} documents, {} refused: {refused:#?}", documents.len(), refused.len());
    assert!(documents.len() > 200, "{}", documents.len());
    assert!(refused.len() < 10);
}

/// JSON and XML of one name that do not say the same, or of which one is not valid, and why.
const NO_PAIRS: &[(&str, &str)] = &[
    (
        "SensorData_with_combined_events.json",
        "Molar_concentration, which the JSON schema's list of measurement types does not have",
    ),
    (
        "TransactionEvent_with_userExtensions.json",
        "EffectiveDoseRate, which the JSON schema's list of measurement types does not have",
    ),
    (
        "Capture/Events/TransformationEvent.json",
        "declarationTime 00:00+01:00 in XML, 00:00Z in JSON",
    ),
    ("ObjectEventWithAllPossibleFields.json", "13:00Z: DateTimeStamp of the XSD wants seconds"),
    (
        "Query/TransformationEvent_with_error_declaration.json",
        "23:00Z: DateTimeStamp of the XSD wants seconds",
    ),
    ("Query/Queries/SimpleEventQuery.json", "a query, not a document with events"),
];

/// Pairs that mean the same and whose hash ids differ nevertheless, because the algorithm takes the text as it stands.
const NO_COMMON_ID: &[(&str, &str)] = &[
    (
        "epcisDocWithAllGS1Keys.json",
        "one SSCC twice, in JSON as URN and as link (JSON schema: uniqueItems)",
    ),
    ("Capture/Events/TransactionEvent.json", "an empty element in XML, nothing in JSON"),
];

#[test]
fn pairs_of_openepcis_mean_the_same_both_ways() {
    let Some(corpora) = corpora() else { return };
    let root = corpora.join(OPENEPCIS).join("2.0/EPCIS");
    let (mut same, mut unlike) = (0, Vec::new());
    for path in files(&root.join("XML"), "xml") {
        let name = path.strip_prefix(root.join("XML")).unwrap().with_extension("json");
        // One pair is spelled in two ways.
        let twin =
            name.display().to_string().replace("_with_errorDeclaration", "_with_error_declaration");
        let partner = root.join("JSON").join(twin);
        if !partner.is_file() || name.display().to_string().contains("Invalid") {
            continue;
        }
        let listed = |table: &[(&str, &str)]| table.iter().any(|(part, _)| name.ends_with(part));
        let (ours, theirs) = match (loosely(&path), loosely(&partner)) {
            (Ok(ours), Ok(theirs)) => (ours, theirs),
            _ if listed(NO_PAIRS) => continue,
            (a, b) => {
                let fault = a.err().or(b.err()).unwrap_or_default();
                unlike.push(format!("{} {:?}", name.display(), fault.first()));
                continue;
            }
        };
        let converted = read_json(json(&ours).as_bytes(), &Limits::default()).unwrap();
        let there = diff(&converted, &theirs);
        let back = read_xml(xml(&theirs, Version::V2_0).as_bytes(), &Limits::default()).unwrap();
        let back = diff(&ours, &back);
        let ids =
            |document: &Document| -> BTreeSet<_> { document.events.iter().map(prehash).collect() };
        if !there.is_empty() || !back.is_empty() {
            if !listed(NO_PAIRS) {
                unlike.push(format!("{} {there:?} {back:?}", name.display()));
            }
        } else if ids(&ours) != ids(&theirs) && !listed(NO_COMMON_ID) {
            unlike.push(format!("{} {:#?} {:#?}", name.display(), ids(&ours), ids(&theirs)));
        } else {
            same += 1;
        }
    }
    println!("{same} pairs mean the same");
    assert!(same >= 29);
    assert!(unlike.is_empty(), "{same} same, {}:\n{}", unlike.len(), unlike.join("\n"));
}

/// What `xmllint` says of a text under a schema; `None` where there is no such program, unless it is demanded.
fn schema_error(schema: &Path, text: &str) -> Option<Result<(), String>> {
    let mut command = Command::new("xmllint");
    command.args(["--noout", "--nonet", "--schema"]).arg(schema).arg("-");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = match command.spawn() {
        Ok(child) => child,
        Err(error) => {
            assert!(std::env::var_os("NGUON_DECODERS").is_none(), "xmllint: {error}");
            println!("skipped: no xmllint");
            return None;
        }
    };
    let mut child = child;
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    Some(if output.status.success() { Ok(()) } else { Err(said) })
}

/// Written documents that the XSD refuses, and why.
const NOT_VALID: &[(&str, &str)] = &[
    // EPCIS 1.2 demands a business document header in every EPCISHeader; we invent no sender.
    (
        "Element 'extension': This element is not expected. Expected is ( {http://www.unece.org",
        "no header of the SBDH",
    ),
    ("StandardBusinessDocumentHeader}Sender", "the SBDH that was read lacks HeaderVersion"),
];

#[test]
fn what_is_written_is_valid_under_the_schemas() {
    let Some(corpora) = corpora() else { return };
    let (mut checked, mut known) = (0, 0);
    let mut wrong = Vec::new();
    for (path, document) in readable(&corpora) {
        let query = document.kind == epcis::DocumentKind::EpcisQueryDocument;
        for (version, folder, number) in
            [(Version::V2_0, "XSD", "2_0"), (Version::V1_2, "XSL/1.2/XSD", "1_2")]
        {
            let Ok(text) = write_xml(&document, version, at("2026-03-02T00:00:00Z")) else {
                continue;
            };
            let kind = if query { "epcis-query" } else { "epcis" };
            let schema = corpora
                .join("gs1+EPCIS")
                .join(folder)
                .join(format!("EPCglobal-{kind}-{number}.xsd"));
            match schema_error(&schema, &text) {
                None => return,
                Some(Ok(())) => checked += 1,
                Some(Err(said)) if NOT_VALID.iter().any(|(part, _)| said.contains(part)) => {
                    known += 1;
                }
                Some(Err(said)) => {
                    let said: String = said.lines().take(2).collect();
                    wrong.push(format!("{} {version:?}: {said}", path.display()));
                }
            }
        }
    }
    println!("{checked} documents are valid, {known} have a header that is not");
    assert!(wrong.is_empty(), "{checked} valid, {}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn spellings_of_identifiers_change_nothing_else() {
    let Some(corpora) = corpora() else { return };
    let mut changed = 0;
    for path in gs1_examples(&corpora) {
        let document = loosely(&path).unwrap();
        for format in [EpcFormat::Link, EpcFormat::Urn, EpcFormat::AsIs] {
            let mut spelled = document.clone();
            spelled.spell_ids(format);
            assert_same(&document, &spelled, &path.display().to_string());
            changed += usize::from(spelled != document);
            let text = xml(&spelled, Version::V2_0);
            let back = read_loosely(text.as_bytes(), &Limits::default()).unwrap();
            assert_same(&document, &back, &path.display().to_string());
        }
    }
    assert!(changed > 20, "{changed}");
}

#[test]
fn what_xml_cannot_say_is_told_and_not_left_out() {
    let mut event = crate::built::spraying();
    event.set_extension("nguon:note", "chuông \u{7}");
    event.set_extension("lạ:x", "1");
    event.set_extension("nguon:hai từ", "1");
    let document = Document::from(vec![event]);
    let faults = write_xml(&document, Version::V2_0, at("2026-03-02T00:00:00Z")).unwrap_err();
    let found: Vec<_> = faults.iter().map(|fault| (fault.rule, fault.path.as_str())).collect();
    let path = |name: &str| format!("/epcisBody/eventList/0/{name}");
    let expected = ["nguon:note", "lạ:x", "nguon:hai từ"].map(path);
    assert_eq!(
        found,
        expected.iter().map(|path| ("xml.unsayable", path.as_str())).collect::<Vec<_>>()
    );
}

#[test]
fn xml_1_2_keeps_what_came_later_in_its_open_places() {
    let text = r#"{"@context":"https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld","type":"AssociationEvent",
        "action":"ADD","eventTime":"2026-03-01T08:00:00+07:00","eventTimeZoneOffset":"+07:00","eventID":"urn:uuid:1",
        "parentID":"urn:epc:id:giai:893123456.1","childEPCs":["urn:epc:id:giai:893123456.2"],"certificationInfo":"urn:x:1",
        "persistentDisposition":{"set":["completeness_verified"]},
        "sensorElementList":[{"sensorReport":[{"type":"Temperature","value":1.5,"uom":"CEL"}]}]}"#;
    let association = read_json(text.as_bytes(), &Limits::default()).unwrap();
    let object = text
        .replace("AssociationEvent", "ObjectEvent")
        .replace("parentID", "bizStep")
        .replace("urn:epc:id:giai:893123456.1", "packing");
    let object =
        read_json(object.replace("childEPCs", "epcList").as_bytes(), &Limits::default()).unwrap();
    for document in [association, object] {
        let text = xml(&document, Version::V1_2);
        let back = read_xml(text.as_bytes(), &Limits::default())
            .unwrap_or_else(|f| panic!("{f:?} {text}"));
        assert_same(&document, &back, &text);
        assert!(text.contains("<extension><extension>"), "{text}");
    }
}

#[test]
fn a_difference_is_named_by_its_path() {
    let mut changed = crate::built::spraying();
    changed.quantity_list[0].quantity = Some(121.into());
    changed.set_extension("nguon:spray", serde_json::json!({"nguon:waitDays": 15}));
    let base = Document::from(vec![crate::built::spraying(), crate::built::spraying()]);
    let other = Document::from(vec![changed, crate::built::spraying()]);
    let ns = "{https:~1~1nguon.example.vn~1ns~1}";
    let expected = [
        "/epcisBody/eventList/1/quantityList/0/1".to_owned(),
        format!("/epcisBody/eventList/1/{ns}spray/{ns}substance"),
        format!("/epcisBody/eventList/1/{ns}spray/{ns}waitDays"),
    ];
    let mut found = diff(&base, &other);
    found.sort();
    assert_eq!(found, expected);
    let one = Document::from(vec![crate::built::spraying()]);
    assert_eq!(diff(&base, &one), ["/epcisBody/eventList/1"]);
    assert_eq!(diff(&one, &base), ["/epcisBody/eventList/1"]);
    assert!(diff(&base, &base).is_empty());
}
