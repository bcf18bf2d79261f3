//! What the addresses of subscriptions are, for programs.

use serde_json::{Map, Value, json};

use super::body::LONGEST_TOKEN;
use super::deliver::TRIES;
use super::schedule;
use crate::api::{Operation, content, instant, list, schema, text};
use crate::query::described::events;
use crate::query::named::described::of_one as of_query;

pub(super) fn all() -> Operation {
    of_query(Operation::new("listSubscriptions", "List subscriptions to a query"))
        .answers_json("Webhooks, the oldest first.", list(&schema("Subscription")))
        .paged()
        .refuses(&[404])
}

pub(super) fn post() -> Operation {
    let shown = content([("application/json", schema("Subscription"))]);
    of_query(Operation::new("subscribe", "Subscribe to a query by webhook"))
        .describe(format!("Delivered at least once: what is not answered 2xx within 20 seconds is sent again, with waits that double from 10 seconds to an hour, {TRIES} times; then it is set aside and what comes after it goes on. 413 asks for smaller documents. Redirects are not followed."))
        .sent(&content([("application/json", schema("SubscriptionAsked"))]))
        .answers_with(201, "Subscribed; `Location` is the subscription.", shown)
        .located()
        .refuses(&[404])
        .calls(json!({"results": {"{$request.body#/dest}": {"post": {
            "summary": "Events that answer the query",
            "parameters": [{"name": "GS1-Signature", "in": "header", "schema": text()}],
            "requestBody": {"required": true, "content": events()},
            "responses": {
                "2XX": {"description": "Taken; it will not be sent again."},
                "413": {"description": "Too large: send less at once."},
            },
        }}}}))
}

pub(super) fn one() -> Operation {
    of_query(Operation::new("getSubscription", "A subscription and how it fares"))
        .answers_json("Without its secret.", schema("Subscription"))
        .refuses(&[404])
}

pub(super) fn delete() -> Operation {
    of_query(Operation::new("unsubscribe", "Unsubscribe")).answers(204, "Ended.").refuses(&[404])
}

/// What is described once.
pub(crate) fn schemas() -> Vec<(&'static str, Value)> {
    vec![("Schedule", of_schedule()), ("SubscriptionAsked", asked()), ("Subscription", shown())]
}

fn of_schedule() -> Value {
    let field = |(name, least, most): (&str, u32, u32)| {
        let numbers = format!(
            "Numbers from {least} to {most} and ranges such as [{least}-{most}], separated by commas."
        );
        (name.to_owned(), json!({"type": ["string", "integer"], "description": numbers}))
    };
    let fields: Map<String, Value> = schedule::FIELDS.into_iter().map(field).collect();
    json!({
        "type": "object",
        "description": "Times on the clocks of Việt Nam (+07:00). Seconds that are not given are 0; any other field that is not given matches every value.",
        "minProperties": 1, "additionalProperties": false, "properties": fields,
    })
}

fn uri() -> Value {
    json!({"type": "string", "format": "uri"})
}

fn described(mut schema: Value, description: &str) -> Value {
    schema["description"] = json!(description);
    schema
}

fn asked() -> Value {
    json!({"type": "object", "required": ["dest"], "additionalProperties": false, "properties": {
        "dest": described(uri(), "http or https, of the public internet, port 80, 443 or from 1024 on, without a name and password."),
        "signatureToken": {
            "type": "string", "minLength": 1, "maxLength": LONGEST_TOKEN,
            "description": "Signs each document: `GS1-Signature` is HMAC with SHA-256 of the body under this secret, in Base64. Never shown again.",
        },
        "schedule": schema("Schedule"),
        "stream": {"type": "boolean", "description": "As events come. Exactly one of `schedule` and `stream`: true."},
        "reportIfEmpty": {"type": "boolean", "default": false},
        "initialRecordTime": described(instant(), "Events recorded from this time on; without it, from now on."),
        "format": {
            "type": "string", "enum": ["application/ld+json", "application/json", "application/xml"],
            "description": "An addition of ours: what the documents are written in.",
            "default": "application/ld+json",
        },
    }})
}

fn shown() -> Value {
    json!({"type": "object", "required": ["dest", "subscriptionID", "createdAt"], "properties": {
        "subscriptionID": text(), "queryName": text(), "dest": uri(),
        "createdAt": instant(),
        "lastNotifiedAt": described(instant(), "When the receiver last answered 2xx."),
        "initialRecordTime": instant(),
        "minRecordTime": described(instant(), "When the query was last executed."),
        "epcFormat": text(), "format": text(),
        "stream": {"const": true}, "schedule": schema("Schedule"), "reportIfEmpty": {"type": "boolean"},
        "signed": {"type": "boolean"},
        "state": {"enum": ["active", "retrying"]},
        "attempts": {"type": "integer", "description": "Failed deliveries since the last that succeeded."},
        "nextAt": instant(), "lastFailedAt": instant(), "lastError": text(),
        "deadLetters": {"type": "integer", "description": "Documents given up; a manager of the organisation can have them sent again."},
    }})
}
