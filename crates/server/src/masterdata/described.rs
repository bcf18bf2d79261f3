//! What the addresses of master data are, for programs.

use serde_json::{Value, json};

use crate::api::{Operation, instant, list, schema, text};

fn of_type(operation: Operation) -> Operation {
    let what = "`Location`, `Party`, `EPCClass`, … for the standard's vocabularies, or a whole URI";
    operation.part("type", what, &text())
}

fn of_element(operation: Operation) -> Operation {
    let what = "the element's name in any spelling, percent-encoded";
    of_type(operation).part("name", what, &text())
}

/// An operation that can be asked for another time than now.
fn at_a_time(operation: Operation) -> Operation {
    let when = "as known at this instant; now where none is given";
    operation.takes("query", "at", when, &instant()).refuses(&[400])
}

fn members(of: &Value) -> Value {
    json!({"type": "object", "properties": {"member": list(of)}})
}

pub(super) fn types() -> Operation {
    let one = json!({"type": "object", "properties": {
        "type": text(), "elements": {"type": "integer"}, "href": text(),
    }});
    let what = "The types in which your documents have asserted elements. Ours: the REST binding of EPCIS 2.0 has no query for master data.";
    Operation::new("listVocabularies", "Vocabularies of master data")
        .answers_json(what, members(&one))
}

pub(super) fn elements() -> Operation {
    at_a_time(of_type(Operation::new("listVocabularyElements", "Elements of a vocabulary")))
        .answers_json("By name, a page at a time.", members(&schema("VocabularyElement")))
        .paged()
}

pub(super) fn one() -> Operation {
    at_a_time(of_element(Operation::new("getVocabularyElement", "One element")))
        .answers_json("The newest assertion.", schema("VocabularyElement"))
        .refuses(&[404])
}

pub(super) fn history() -> Operation {
    let summary = "All that was said of an element";
    at_a_time(of_element(Operation::new("listVocabularyAssertions", summary)))
        .answers_json("The newest first.", members(&schema("VocabularyElement")))
        .paged()
        .refuses(&[404])
}

/// What is described once.
pub(crate) fn schemas() -> Vec<(&'static str, Value)> {
    let uri = json!({"type": "string", "format": "uri"});
    let attribute = json!({
        "type": "object", "required": ["id", "attribute"], "properties": {"id": uri, "attribute": {}},
    });
    let element = json!({
        "type": "object",
        "required": ["type", "id", "attributes", "children", "assertedAt", "captureID"],
        "properties": {
            "@context": {"type": "array", "description": "what prefixes within attributes mean"},
            "type": uri, "id": uri,
            "attributes": list(&attribute), "children": list(&uri),
            "assertedAt": instant(),
            "supersededAt": {"type": ["string", "null"], "format": "date-time"},
            "captureID": text(),
        },
    });
    vec![("VocabularyElement", element)]
}
