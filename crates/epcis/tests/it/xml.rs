//! XML documents made by GS1 and others: what is accepted, what is refused and where.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use epcis::{Document, Fault, Limits, hash_id, prehash, read_loosely, read_xml};

use crate::corpora::{corpora, only_identifiers, rows};

pub(crate) const OPENEPCIS: &str = "openepcis+openepcis-test-resources/core/src/main/resources";

pub(crate) fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

pub(crate) fn strictly(path: &Path) -> Result<Document, Vec<Fault>> {
    read_xml(&fs::read(path).unwrap(), &Limits::default())
}

pub(crate) fn loosely(path: &Path) -> Result<Document, Vec<Fault>> {
    read_loosely(&fs::read(path).unwrap(), &Limits::default())
}

/// Examples of GS1 that are no documents with events, and why.
pub(crate) const NO_DOCUMENT: &[(&str, &str)] = &[(
    "CaptureJob/",
    "EPCISCaptureJob is the answer to GET /capture/{captureID} (EPCIS 2.0 §12.6), not what is captured",
)];

pub(crate) fn gs1_examples(corpora: &Path) -> Vec<PathBuf> {
    let mut found = files(&corpora.join("gs1+EPCIS/XML"), "xml");
    assert_eq!(found.len(), 37);
    found.retain(|path| {
        !NO_DOCUMENT.iter().any(|(part, _)| path.display().to_string().contains(part))
    });
    found
}

#[test]
fn gs1s_own_xml_examples_are_accepted() {
    let Some(corpora) = corpora() else { return };
    let examples = gs1_examples(&corpora);
    let mut events = 0;
    for path in &examples {
        let document = strictly(path).unwrap_or_else(|f| panic!("{}: {f:#?}", path.display()));
        events += document.events.len();
    }
    println!("{} of 37 are documents, {events} events", examples.len());
    assert_eq!(examples.len(), 33);
}

/// Where our verdict differs from the XSD's, and why; every other document must agree.
const DIFFER: &[(&str, &str)] = &[
    // The XSD takes what nobody can understand, or does not look.
    (
        "XSL/1.2/XML/AssociationEvent.xml",
        "sensorMetaData for sensorMetadata, in a place where the 1.2 XSD takes anything",
    ),
    (
        "XSL/1.2/XML/ObjectEvent.xml",
        "an element that no version knows, in a place where the 1.2 XSD takes anything",
    ),
    // The XSD judges xsi:type within extensions, which is not EPCIS's (XSD: processContents=\"lax\").
    (
        "1.2/EPCIS/XML/Capture/Documents/AggregationEvent_all_possible_fields.xml",
        "xsi:type of an extension",
    ),
    (
        "1.2/EPCIS/XML/Capture/Documents/AssociationEvent_all_possible_fields.xml",
        "xsi:type of an extension",
    ),
    ("Query/Queries/SimpleEventQuery.xml", "a query, which has no events to read"),
    (
        "differentRepresentationsOfTransactionEvent.xml",
        "1.2 that calls itself 2.0; right by the XSD of its namespace",
    ),
    // The header is kept, not judged: the SBDH is another standard.
    ("OpenTraceability.TestServer/Data/epcis-data/", "the SBDH lacks parts"),
];

#[test]
fn verdicts_agree_with_the_xsd_but_for_known_differences() {
    let Some(corpora) = corpora() else { return };
    let mut counts: BTreeMap<(String, bool), usize> = BTreeMap::new();
    let mut surprises = Vec::new();
    for row in rows(&corpora.join("facts/schema_validation_baseline.csv")) {
        let path = corpora.join(&row[0]);
        if path.extension().is_none_or(|e| e != "xml") || !path.is_file() || row[2] == "no-schema" {
            continue;
        }
        let verdict = strictly(&path);
        *counts.entry((row[2].clone(), verdict.is_ok())).or_default() += 1;
        let known = DIFFER.iter().any(|(part, _)| row[0].contains(part));
        let passes = verdict.as_ref().err().is_none_or(|faults| only_identifiers(&row[0], faults));
        if passes != (row[2] == "valid") && !known {
            let first = verdict.err().and_then(|faults| faults.into_iter().next());
            surprises.push(format!("{} XSD {} ({}) we: {first:?}", row[0], row[2], row[3]));
        }
    }
    println!("(XSD, we accept) -> documents: {counts:#?}");
    assert!(surprises.is_empty(), "{}:\n{}", surprises.len(), surprises.join("\n"));
}

#[test]
fn invalid_documents_of_openepcis_are_refused_at_a_place() {
    let Some(corpora) = corpora() else { return };
    let folder = corpora.join(OPENEPCIS).join("2.0/EPCIS/XML");
    let mut found = files(&folder.join("Capture/Invalid"), "xml");
    found.extend(files(&folder.join("Query/Invalid"), "xml"));
    found.extend(files(&folder.join("Query/Queries/Invalid"), "xml"));
    assert_eq!(found.len(), 7);
    for path in found {
        let faults = loosely(&path).expect_err(&path.display().to_string());
        for fault in &faults {
            println!("{}: {fault:?}", path.file_name().unwrap().display());
            assert!(fault.line >= 1 && fault.column >= 1);
            assert!(fault.path.starts_with('/'), "{fault:?}");
        }
    }
}

/// Published ids that contradict the algorithm they were published with (CBV 2.0 §8.9), or the values of the event.
const WRONG_IDS: &[(&str, &str, &str)] = &[
    (
        "SensorDataExamples.xml",
        "6",
        "stringValue went through a binary fraction: 111100001111000011110000 became …3641344",
    ),
    (
        "SensorDataExamples.xml",
        "7",
        "a second sensorElementList at the end: the name of a list stands once (rule 11)",
    ),
    (
        "SensorDataExamples.xml",
        "10",
        "bizTransactionList, 20th in the canonical property order, after sensorElementList, the 23rd (rule 1)",
    ),
];

#[test]
fn published_event_hash_ids_of_xml_are_ours() {
    let Some(corpora) = corpora() else { return };
    let (mut right, mut exceptions, mut wrong) = (0, 0, Vec::new());
    for row in rows(&corpora.join("facts/event_hash_ids_published.csv")) {
        let path = corpora.join(&row[0]);
        if path.extension().is_none_or(|e| e != "xml") || !path.is_file() {
            continue;
        }
        let document = match loosely(&path) {
            Ok(document) => document,
            Err(faults) => {
                wrong.push(format!("{}: {faults:?}", row[0]));
                continue;
            }
        };
        let event = &document.events[row[1].parse::<usize>().unwrap()];
        let known = WRONG_IDS.iter().any(|(file, at, _)| row[0].ends_with(file) && row[1] == *at);
        if hash_id(event) == row[2] {
            assert!(!known, "{row:?} is right now");
            right += 1;
        } else if known {
            exceptions += 1;
        } else {
            wrong.push(format!("{} {}\n{}", row[0], row[1], prehash(event)));
        }
    }
    println!("{right} published ids are ours, {exceptions} contradict their algorithm");
    assert!(wrong.is_empty(), "{right} right, wrong:\n{}", wrong.join("\n"));
    assert_eq!((right, exceptions), (35, 3));
}

#[test]
fn events_that_the_hash_algorithm_calls_equal_have_one_id() {
    let Some(corpora) = corpora() else { return };
    let folder = corpora.join("RalphTro+epcis-event-hash-generator/tests/expected_equal");
    let mut documents = 0;
    for path in files(&folder, "xml") {
        let document = loosely(&path).unwrap_or_else(|f| panic!("{}: {f:#?}", path.display()));
        let mut ids: HashMap<String, String> = HashMap::new();
        for event in &document.events {
            ids.insert(hash_id(event), prehash(event));
        }
        assert_eq!(ids.len(), 1, "{}: {:#?}", path.display(), ids.values());
        documents += 1;
    }
    println!("{documents} documents of equal events");
    assert!(documents >= 9);
}
