//! Events as their authors write them: identifiers and words in any spelling, prefixes that mean one thing here and another
//! there, fields of every type at every depth.

use serde_json::{Map, Value, json};

use super::{Choices, NS, OTHER, PLACES};

pub(super) const EPCS: [&str; 7] = [
    "urn:epc:id:sgtin:893123456.0789.7",
    "urn:epc:id:sgtin:893123456.0789.8",
    "urn:epc:id:sgtin:893123456.1789.7",
    "urn:epc:id:sgtin:0614141.107346.2017",
    "urn:epc:id:sscc:893123456.00000001",
    "urn:epc:id:gid:95100000.12345.400",
    "urn:nguon:lot:1",
];

pub(super) const CLASSES: [&str; 4] = [
    "urn:epc:idpat:sgtin:893123456.0789.*",
    "urn:epc:idpat:sgtin:0614141.107346.*",
    "urn:epc:class:lgtin:893123456.0789.L1",
    "urn:nguon:class:1",
];

pub(super) const TIMES: [&str; 4] = [
    "2026-03-01T08:00:00+07:00",
    "2026-03-01T01:00:00Z",
    "2026-03-01T08:00:00.001+07:00",
    "2026-03-02T00:00:00-05:00",
];

pub(super) const UNITS: [&str; 8] = ["CEL", "KEL", "FAH", "GRM", "KGM", "P1", "C62", "XYZ"];

pub(super) const NUMBERS: [&str; 7] = ["0", "26", "26.0", "78.8", "0.5", "299.15", "26000"];

pub(super) const TEXTS: [&str; 6] = ["", "7", "7.0", "007", "Shan Tuyết", "true"];

pub(super) const STEPS: [&str; 4] = [
    "shipping",
    "urn:epcglobal:cbv:bizstep:shipping",
    "https://ref.gs1.org/cbv/BizStep-receiving",
    "https://ex.example/step/dry",
];

pub(super) const DISPOSITIONS: [&str; 3] =
    ["active", "urn:epcglobal:cbv:disp:active", "https://ref.gs1.org/cbv/Disp-in_transit"];

pub(super) fn id(choices: &mut Choices, pool: &[&str]) -> String {
    let id = choices.of(pool);
    match choices.below(3) {
        0 => id.to_owned(),
        1 => epcis::canonical(id),
        _ => epcis::canonical(id).replace("id.gs1.org", "tem.example.vn"),
    }
}

fn ids(choices: &mut Choices, pool: &[&str]) -> Value {
    let first = id(choices, pool);
    let mut ids = vec![first];
    if choices.one_in(2) {
        let another = id(choices, pool);
        // A list names a thing once.
        if epcis::canonical(&another).replace("tem.example.vn", "id.gs1.org")
            != epcis::canonical(&ids[0]).replace("tem.example.vn", "id.gs1.org")
        {
            ids.push(another);
        }
    }
    json!(ids)
}

fn quantities(choices: &mut Choices) -> Value {
    let count = 1 + choices.below(2);
    let quantities = (0..count).map(|_| {
        let mut quantity = json!({"epcClass": id(choices, &CLASSES)});
        if choices.one_in(2) {
            quantity["quantity"] = number(choices);
            if choices.one_in(2) {
                quantity["uom"] = json!(choices.of(&UNITS));
            }
        }
        quantity
    });
    Value::Array(quantities.collect())
}

fn number(choices: &mut Choices) -> Value {
    serde_json::from_str(choices.of(&NUMBERS)).unwrap()
}

/// A name of either namespace under the event's prefixes, which may be exchanged.
fn field_name(choices: &mut Choices, top: bool) -> String {
    let local = choices.of(&["a", "b", "ba"]);
    match choices.below(if top { 2 } else { 3 }) {
        0 => format!("ex:{local}"),
        1 => format!("more:{local}"),
        _ => local.to_owned(),
    }
}

fn scalar(choices: &mut Choices) -> Value {
    match choices.below(5) {
        0 => number(choices),
        1 => json!(choices.of(&TEXTS)),
        2 => json!(choices.of(&TIMES)),
        3 => json!(choices.one_in(2)),
        _ => Value::Null,
    }
}

fn value(choices: &mut Choices, depth: usize) -> Value {
    match choices.below(if depth == 0 { 3 } else { 6 }) {
        0..3 => scalar(choices),
        3 => {
            let count = choices.below(3);
            Value::Array((0..count).map(|_| value(choices, depth - 1)).collect())
        }
        4 => {
            let mut object = fields(choices, depth - 1, false);
            let key = choices.of(&["#text", "@value"]);
            object.insert(key.to_owned(), scalar(choices));
            Value::Object(object)
        }
        _ => Value::Object(fields(choices, depth - 1, false)),
    }
}

fn fields(choices: &mut Choices, depth: usize, top: bool) -> Map<String, Value> {
    let count = choices.below(5);
    (0..count).map(|_| (field_name(choices, top), value(choices, depth))).collect()
}

fn extend(object: &mut Value, choices: &mut Choices) {
    let more = fields(choices, 3, true);
    object.as_object_mut().unwrap().extend(more);
}

fn place(choices: &mut Choices) -> Value {
    let mut place = json!({"id": id(choices, &PLACES)});
    extend(&mut place, choices);
    place
}

fn party(choices: &mut Choices, field: &str) -> Value {
    let kind =
        choices.of(&["owning_party", "urn:epcglobal:cbv:sdt:possessing_party", "urn:nguon:kho"]);
    json!([{"type": kind, field: id(choices, &PLACES)}])
}

fn put_some(object: &mut Value, choices: &mut Choices, texts: &[(&str, &[&str])]) {
    for (field, values) in texts {
        if choices.one_in(2) {
            object[*field] = json!(choices.of(values));
        }
    }
}

const SHARED: [(&str, &[&str]); 5] = [
    (
        "deviceID",
        &["urn:epc:id:giai:893123456.1", "https://id.gs1.org/8004/8931234561", "urn:x:device"],
    ),
    ("deviceMetadata", &["urn:x:m1", "urn:x:m2"]),
    ("rawData", &["urn:x:m1", "urn:x:m2"]),
    ("dataProcessingMethod", &["urn:x:m1", "urn:x:m2"]),
    ("bizRules", &["urn:x:m1", "urn:x:m2"]),
];

fn sensor(choices: &mut Choices) -> Value {
    let mut element = json!({});
    if choices.one_in(2) {
        let mut metadata = json!({});
        put_some(&mut metadata, choices, &SHARED);
        put_some(
            &mut metadata,
            choices,
            &[("time", &TIMES), ("startTime", &TIMES), ("endTime", &TIMES)],
        );
        extend(&mut metadata, choices);
        element["sensorMetadata"] = metadata;
    }
    let count = 1 + choices.below(2);
    let reports: Vec<Value> = (0..count).map(|_| report(choices)).collect();
    element["sensorReport"] = json!(reports);
    extend(&mut element, choices);
    element
}

fn report(choices: &mut Choices) -> Value {
    let kind =
        choices.of(&["Temperature", "gs1:Temperature", "https://gs1.org/voc/Mass", "urn:x:kind"]);
    let mut report = json!({"type": kind});
    put_some(&mut report, choices, &SHARED);
    put_some(
        &mut report,
        choices,
        &[
            ("time", &TIMES),
            ("microorganism", &["urn:x:m1", "urn:x:m2"]),
            ("chemicalSubstance", &["urn:x:m1", "urn:x:m2"]),
            ("stringValue", &TEXTS),
            ("hexBinaryValue", &["0a", "0A", "FF"]),
            ("uriValue", &["urn:x:m1", "urn:x:m2"]),
            ("uom", &UNITS),
        ],
    );
    for field in ["value", "minValue", "maxValue", "meanValue", "sDev", "percRank", "percValue"] {
        if choices.one_in(2) {
            report[field] = number(choices);
        }
    }
    if choices.one_in(2) {
        report["booleanValue"] = json!(choices.one_in(2));
    }
    extend(&mut report, choices);
    report
}

/// The prefixes of an event: `ex` is the namespace of queries, or the other one.
fn context(choices: &mut Choices) -> Value {
    let other = format!("{OTHER}:");
    let prefixes = match choices.below(2) {
        0 => json!({"ex": NS, "more": other}),
        _ => json!({"more": NS, "ex": other}),
    };
    json!(["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", prefixes])
}

fn what(event: &mut Value, choices: &mut Choices) {
    let kind = choices.of(&[
        "ObjectEvent",
        "AggregationEvent",
        "TransactionEvent",
        "TransformationEvent",
        "AssociationEvent",
    ]);
    event["type"] = json!(kind);
    if kind != "TransformationEvent" {
        event["action"] = json!(choices.of(&["ADD", "OBSERVE", "DELETE"]));
    }
    let (things, amounts): (&[&str], &[&str]) = match kind {
        "ObjectEvent" | "TransactionEvent" => (&["epcList"], &["quantityList"]),
        "TransformationEvent" => {
            (&["inputEPCList", "outputEPCList"], &["inputQuantityList", "outputQuantityList"])
        }
        _ => (&["childEPCs"], &["childQuantityList"]),
    };
    for field in things {
        event[*field] = ids(choices, &EPCS);
    }
    for field in amounts {
        if choices.one_in(2) {
            event[*field] = quantities(choices);
        }
    }
    match kind {
        "AggregationEvent" | "AssociationEvent" => event["parentID"] = json!(id(choices, &EPCS)),
        "TransformationEvent" if choices.one_in(2) => {
            event["transformationID"] = json!(choices.of(&["urn:x:t1", "urn:x:t2"]));
        }
        _ => {}
    }
    if kind == "TransformationEvent" || (kind == "ObjectEvent" && event["action"] == "ADD") {
        let ilmd = Value::Object(fields(choices, 3, true));
        if ilmd != json!({}) {
            event["ilmd"] = ilmd;
        }
    }
}

pub(super) fn event(choices: &mut Choices) -> Value {
    let mut event = json!({"@context": context(choices)});
    event["eventTime"] = json!(choices.of(&TIMES));
    event["eventTimeZoneOffset"] = json!("+07:00");
    what(&mut event, choices);
    put_some(
        &mut event,
        choices,
        &[
            ("recordTime", &TIMES),
            ("eventID", &["urn:x:e1", "urn:x:e2"]),
            ("bizStep", &STEPS),
            ("disposition", &DISPOSITIONS),
        ],
    );
    if choices.one_in(2) {
        event["readPoint"] = place(choices);
    }
    if choices.one_in(2) {
        event["bizLocation"] = place(choices);
    }
    if choices.one_in(2) || event["type"] == "TransactionEvent" {
        let kind = choices.of(&["po", "urn:epcglobal:cbv:btt:inv", "urn:nguon:phieu"]);
        let transaction = choices.of(&["urn:x:doc1", "urn:x:doc2"]);
        event["bizTransactionList"] = match choices.below(3) {
            0 => json!([{"bizTransaction": transaction}]),
            _ => json!([{"type": kind, "bizTransaction": transaction}]),
        };
    }
    if choices.one_in(2) {
        event["sourceList"] = party(choices, "source");
    }
    if choices.one_in(2) {
        event["destinationList"] = party(choices, "destination");
    }
    if choices.one_in(2) {
        let mut persistent = json!({"set": [choices.of(&DISPOSITIONS)]});
        if choices.one_in(2) {
            persistent["unset"] = json!([choices.of(&DISPOSITIONS)]);
        }
        event["persistentDisposition"] = persistent;
    }
    if choices.one_in(2) {
        let count = 1 + choices.below(2);
        event["sensorElementList"] = Value::Array((0..count).map(|_| sensor(choices)).collect());
    }
    if choices.one_in(2) {
        let mut error = json!({"declarationTime": choices.of(&TIMES)});
        put_some(
            &mut error,
            choices,
            &[(
                "reason",
                &["incorrect_data", "urn:epcglobal:cbv:er:did_not_occur", "urn:x:reason"],
            )],
        );
        if choices.one_in(2) {
            error["correctiveEventIDs"] = json!([choices.of(&["urn:x:e1", "urn:x:e2"])]);
        }
        extend(&mut error, choices);
        event["errorDeclaration"] = error;
    }
    extend(&mut event, choices);
    event
}
