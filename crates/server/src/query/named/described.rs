//! What the addresses of named queries are, for programs.

use serde_json::{Value, json};

use super::definition::LONGEST_NAME;
use crate::api::{Operation, content, instant, list, schema};
use crate::query::described::answers_events;
use crate::subscriptions::schedule::Schedule;

/// An operation on the query that the address names.
pub(crate) fn of_one(operation: Operation) -> Operation {
    let name = json!({"type": "string", "minLength": 1, "maxLength": LONGEST_NAME});
    operation.part("queryName", "Percent-encoded.", &name)
}

pub(super) fn all() -> Operation {
    let page = "The organisation's queries by name, SimpleEventQuery first; `Link: rel=\"next\"` where there are more.";
    Operation::new("listQueries", "List named queries")
        .answers_json(page, list(&schema("NamedQuery")))
        .paged()
}

pub(super) fn post() -> Operation {
    Operation::new("createQuery", "Keep a query under a name")
        .sent(&content([("application/json", schema("NamedQuery"))]))
        .answers(201, "Kept; `Location` is the query.")
        .located()
        .refuses(&[409])
}

pub(super) fn one() -> Operation {
    let shown = "As it was sent; prefixes that it was sent with stand in its `@context`.";
    of_one(Operation::new("getQuery", "The definition of a query"))
        .answers_json(shown, schema("NamedQuery"))
        .refuses(&[404])
}

pub(super) fn delete() -> Operation {
    of_one(Operation::new("deleteQuery", "Delete a query and end its subscriptions"))
        .answers(204, "Deleted; webhooks and WebSockets have ended.")
        .refuses(&[404])
}

pub(super) fn events() -> Operation {
    let summary = "Events of a named query; with `Upgrade: websocket` a subscription";
    let operation = of_one(Operation::new("getQueryEvents", summary))
        .describe("Over a WebSocket, query documents come as text messages. Close codes: 1001 the server ends, 1008 the key was revoked, 1000 the query was deleted, 1013 the client takes too long.")
        .answers(101, "A WebSocket; `GS1-Query-Min-Record-Time` says from when on.");
    let flag = json!({"type": "boolean"});
    let as_in_schedule = "WebSocket only: as in a schedule.";
    let since = "WebSocket only: events recorded from this time on.";
    let operation = Schedule::names()
        .fold(operation, |operation, name| {
            operation.takes("query", name, as_in_schedule, &json!({"type": "string"}))
        })
        .takes("query", "stream", "WebSocket only: as events come.", &flag)
        .takes("query", "reportIfEmpty", "WebSocket only.", &flag)
        .takes("query", "initialRecordTime", since, &instant());
    answers_events(operation).refuses(&[404])
}

/// A query with its name.
pub(crate) fn named_query() -> Value {
    json!({"type": "object", "required": ["name", "query"], "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": LONGEST_NAME},
        "query": {
            "type": "object",
            "description": "Parameters of the simple event query; values are texts, numbers, true or false, or lists of those. An `@context` declares the prefixes of names.",
        },
        "@context": {"description": "Prefixes of names in the query (JSON-LD), as in the query itself."},
    }})
}
