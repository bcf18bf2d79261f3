//! What the addresses of capture are, for programs.

use serde_json::{Value, json};

use super::OnError;
use crate::api::{Operation, content, instant, list, schema, text, text_that_is};
use crate::query::described;

/// Headers of `OPTIONS` that only capture has.
pub(crate) const LIMITS: [(&str, &str); 3] = [
    ("GS1-EPCIS-Capture-Limit", "Events of one document at most."),
    ("GS1-EPCIS-Capture-File-Size-Limit", "Bytes of one document at most."),
    ("GS1-Capture-Error-Behaviour", "all: rollback, the default, and proceed."),
];

fn behaviours() -> Value {
    json!([OnError::Rollback.code(), OnError::Proceed.code()])
}

/// Documents or events of every version that is read.
fn documents() -> Value {
    let object = json!({"type": "object"});
    content([
        ("application/ld+json", object.clone()),
        ("application/json", object),
        ("application/xml", text_that_is("EPCIS 2.0, 1.2 or 1.1")),
    ])
}

pub(super) fn document() -> Operation {
    let behaviour = json!({"enum": behaviours(), "default": OnError::Rollback.code()});
    Operation::new("captureDocument", "Capture an EPCIS document")
        .takes("header", "GS1-Capture-Error-Behaviour", "", &behaviour)
        .sent(&documents())
        .answers(202, "Taken and committed; `Location` is the job.")
        .located()
}

pub(super) fn event() -> Operation {
    Operation::new("captureEvent", "Capture one event")
        .sent(&documents())
        .answers(201, "Committed; `Location` is the event.")
        .located()
        .refuses(&[409])
}

pub(super) fn jobs() -> Operation {
    Operation::new("listJobs", "Capture jobs of the organisation, newest first")
        .answers_json("Jobs", list(&schema("Job")))
        .paged()
}

pub(super) fn job() -> Operation {
    Operation::new("getJob", "One capture job")
        .answers_json("The job", schema("Job"))
        .refuses(&[404])
}

pub(super) fn options() -> Operation {
    described::discovery("captureOptions".to_owned())
        .with_headers(LIMITS.iter().map(|(name, _)| *name))
}

/// What is described once.
pub(crate) fn schemas() -> Vec<(&'static str, Value)> {
    let job = json!({"type": "object", "properties": {
        "captureID": text(), "createdAt": instant(), "finishedAt": instant(),
        "running": {"type": "boolean"}, "success": {"type": "boolean"},
        "captureErrorBehaviour": {"enum": behaviours()},
        "errors": list(&schema("Problem")),
    }});
    vec![("Job", job)]
}
