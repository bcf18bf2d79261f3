//! The event hash id of CBV 2.0 §8.9: the same event has the same id, however it is written, and an event that comes
//! without an id gets this one.
//!
//! Where the prose of the algorithm and the published ids disagree, the published ids win: `type` stands before its value,
//! `destinationList` before `sourceList`, and `certificationInfo` after the zone offset; and a word under a private prefix
//! (`example:Ghi`) stays as written, which for XML is a URI like any other.

use std::borrow::Cow;

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::context::Context;
use crate::model::{Event, Extension, Party, Place, Quantity};
use crate::time::EventTime;
use crate::vocab::List;

/// `ni:///sha-256;…?ver=CBV2.0`.
pub fn hash_id(event: &Event) -> String {
    let digest = Sha256::digest(prehash(event).as_bytes());
    let mut id = String::with_capacity(88);
    id.push_str("ni:///sha-256;");
    for byte in digest {
        id.push(char::from(b"0123456789abcdef"[usize::from(byte >> 4)]));
        id.push(char::from(b"0123456789abcdef"[usize::from(byte & 15)]));
    }
    id.push_str("?ver=CBV2.0");
    id
}

/// The text that is hashed, for those who look for the difference between two ids.
pub fn prehash(event: &Event) -> String {
    let mut out = Prehash { text: String::with_capacity(1024), context: &event.context };
    out.pair("eventType", event.kind.name());
    out.pair("eventTime", &event.event_time.utc_millis());
    out.pair("eventTimeZoneOffset", &event.event_time.offset_text());
    out.sorted("", &event.certification_info, |text, uri| {
        text.push_str("certificationInfo=");
        text.push_str(&value_of(uri));
    });
    out.ids("epcList", &event.epc_list);
    out.id("parentID", event.parent_id.as_deref());
    out.ids("inputEPCList", &event.input_epc_list);
    out.ids("childEPCs", &event.child_epcs);
    out.quantities("quantityList", &event.quantity_list);
    out.quantities("childQuantityList", &event.child_quantity_list);
    out.quantities("inputQuantityList", &event.input_quantity_list);
    out.ids("outputEPCList", &event.output_epc_list);
    out.quantities("outputQuantityList", &event.output_quantity_list);
    if let Some(action) = event.action {
        out.pair("action", action.name());
    }
    out.id("transformationID", event.transformation_id.as_deref());
    out.word("bizStep", List::BizStep, event.biz_step.as_deref());
    out.word("disposition", List::Disposition, event.disposition.as_deref());
    if let Some(persistent) = &event.persistent_disposition {
        out.text.push_str("persistentDisposition");
        for (name, words) in [("set=", &persistent.set), ("unset=", &persistent.unset)] {
            out.sorted("", words, |text, word| {
                text.push_str(name);
                text.push_str(&word_of(&event.context, List::Disposition, word));
            });
        }
    }
    out.place("readPoint", event.read_point.as_ref());
    out.place("bizLocation", event.biz_location.as_ref());
    out.sorted("bizTransactionList", &event.biz_transaction_list, |text, transaction| {
        if let Some(kind) = &transaction.kind {
            text.push_str("type=");
            text.push_str(&word_of(&event.context, List::BizTransaction, kind));
        }
        text.push_str("bizTransaction=");
        text.push_str(&value_of(&transaction.id));
    });
    out.parties("destinationList", "destination", &event.destination_list);
    out.parties("sourceList", "source", &event.source_list);
    out.sorted("sensorElementList", &event.sensor_element_list, |text, element| {
        text.push_str(&sensor_element(&event.context, &element.to_value()));
    });
    if let Some(ilmd) = &event.ilmd {
        out.all("ilmd", members(&event.context, &ilmd.to_value(), &[]));
    }
    out.extensions(event.extensions.iter().filter(|e| !event.written.unhashed.contains(&e.name)));
    out.text
}

struct Prehash<'e> {
    text: String,
    context: &'e Context,
}

impl Prehash<'_> {
    fn pair(&mut self, name: &str, value: &str) {
        self.text.push_str(name);
        self.text.push('=');
        self.text.push_str(value);
    }

    /// What `write` says of each item, in the order of these texts, after the list's name; nothing where there are no items.
    fn sorted<T>(&mut self, name: &str, items: &[T], write: impl Fn(&mut String, &T)) {
        match items {
            [] => {}
            [one] => {
                self.text.push_str(name);
                write(&mut self.text, one);
            }
            many => {
                let told = |item| {
                    let mut text = String::with_capacity(64);
                    write(&mut text, item);
                    text
                };
                self.all(name, many.iter().map(told).collect());
            }
        }
    }

    /// The same of parts that are texts already.
    fn all(&mut self, name: &str, mut parts: Vec<String>) {
        if !parts.is_empty() {
            parts.sort_unstable();
            self.text.push_str(name);
            self.text.extend(parts);
        }
    }

    fn id(&mut self, name: &str, id: Option<&str>) {
        if let Some(id) = id {
            self.pair(name, &value_of(id));
        }
    }

    fn ids(&mut self, name: &str, ids: &[String]) {
        self.sorted(name, ids, |text, id| {
            text.push_str("epc=");
            text.push_str(&value_of(id));
        });
    }

    fn quantities(&mut self, name: &str, quantities: &[Quantity]) {
        self.sorted(name, quantities, |text, quantity| {
            text.push_str("quantityElementepcClass=");
            text.push_str(&value_of(&quantity.epc_class));
            if let Some(amount) = quantity.quantity {
                text.push_str("quantity=");
                text.push_str(&amount.normalize().to_string());
            }
            if let Some(uom) = &quantity.uom {
                text.push_str("uom=");
                text.push_str(uom);
            }
        });
    }

    fn word(&mut self, name: &str, list: List, word: Option<&str>) {
        if let Some(word) = word {
            self.pair(name, &word_of(self.context, list, word));
        }
    }

    fn place(&mut self, name: &str, place: Option<&Place>) {
        if let Some(place) = place {
            self.text.push_str(name);
            self.pair("id", &value_of(&place.id));
            self.extensions(&place.extensions);
        }
    }

    fn parties(&mut self, name: &str, field: &str, parties: &[Party]) {
        let context = self.context;
        self.sorted(name, parties, |text, party| {
            text.push_str("type=");
            text.push_str(&word_of(context, List::SourceDestination, &party.kind));
            text.push_str(field);
            text.push('=');
            text.push_str(&value_of(&party.id));
        });
    }

    fn extensions<'x>(&mut self, extensions: impl IntoIterator<Item = &'x Extension>) {
        let mut parts = Vec::new();
        for extension in extensions {
            member(self.context, &extension.name, &extension.value.to_value(), &mut parts);
        }
        self.all("", parts);
    }
}

const METADATA: &[&str] = &[
    "time",
    "startTime",
    "endTime",
    "deviceID",
    "deviceMetadata",
    "rawData",
    "dataProcessingMethod",
    "bizRules",
];

const REPORT: &[&str] = &[
    "type",
    "exception",
    "deviceID",
    "deviceMetadata",
    "rawData",
    "dataProcessingMethod",
    "bizRules",
    "time",
    "microorganism",
    "chemicalSubstance",
    "value",
    "component",
    "stringValue",
    "booleanValue",
    "hexBinaryValue",
    "uriValue",
    "minValue",
    "maxValue",
    "meanValue",
    "sDev",
    "percRank",
    "percValue",
    "uom",
    "coordinateReferenceSystem",
];

fn sensor_element(context: &Context, element: &Value) -> String {
    let mut out = String::from("sensorElement");
    if let Some(metadata) = element.get("sensorMetadata") {
        out.push_str(&sensor_fields(context, "sensorMetadata", metadata, METADATA));
    }
    let mut reports: Vec<String> = element
        .get("sensorReport")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(|report| sensor_fields(context, "sensorReport", report, REPORT))
        .collect();
    reports.sort_unstable();
    out.extend(reports);
    out.extend(members(context, element, &["sensorMetadata", "sensorReport"]));
    out
}

fn sensor_fields(context: &Context, name: &str, value: &Value, order: &[&str]) -> String {
    let mut out = name.to_owned();
    for field in order {
        let Some(value) = value.get(field) else { continue };
        let text = match *field {
            "type" => word_of(context, List::Measurement, &scalar(value)).into_owned(),
            "exception" => word_of(context, List::SensorAlert, &scalar(value)).into_owned(),
            "component" => word_of(context, List::Component, &scalar(value)).into_owned(),
            "time" | "startTime" | "endTime" => {
                let text = scalar(value);
                EventTime::parse(&text).map_or(text, EventTime::utc_millis)
            }
            _ => scalar(value),
        };
        out.push_str(field);
        out.push('=');
        out.push_str(&text);
    }
    out.extend(members(context, value, order));
    out
}

/// The members of an object that are not in `known`, expanded and in order.
fn members(context: &Context, object: &Value, known: &[&str]) -> Vec<String> {
    let mut parts = Vec::new();
    for (name, value) in object.as_object().into_iter().flatten() {
        if !known.contains(&name.as_str()) {
            member(context, name, value, &mut parts);
        }
    }
    parts.sort_unstable();
    parts
}

/// `{namespace}name=value`; a list gives as many parts as it has items.
fn member(context: &Context, name: &str, value: &Value, parts: &mut Vec<String>) {
    if name.starts_with('@') || name == "rdfs:comment" {
        return;
    }
    let key = match context.expand(name) {
        Some((namespace, local)) => format!("{{{namespace}}}{local}"),
        None => name.to_owned(),
    };
    match value {
        Value::Array(items) => {
            for item in items {
                parts.push(one(context, &key, item));
            }
        }
        value => parts.push(one(context, &key, value)),
    }
}

fn one(context: &Context, key: &str, value: &Value) -> String {
    match value {
        Value::Object(_) => {
            let mut out = key.to_owned();
            out.extend(members(context, value, &[]));
            out
        }
        Value::Null => key.to_owned(),
        value => format!("{key}={}", scalar(value)),
    }
}

fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => value_of(text.trim()).into_owned(),
        Value::Number(number) => trim_zeros(&number.to_string()),
        value => value.to_string(),
    }
}

/// An identifier in its canonical form, anything else as it is.
fn value_of(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    if text.starts_with("urn:epcglobal:cbv:") || text.starts_with("https://ref.gs1.org/cbv/") {
        return crate::vocab::find(text).map_or(Cow::Borrowed(text), |word| word.list.uri(text));
    }
    let id = gs1::epc::constrained_id(text);
    // The published ids leave the apostrophe of an identifier as it is; a canonical Digital Link escapes it.
    if id.contains("%27") { Cow::Owned(id.replace("%27", "'")) } else { id }
}

/// A word as URI: the standard's, a CURIE under a prefix of the standard's, or a term of the context.
fn word_of<'w>(context: &Context, list: List, word: &'w str) -> Cow<'w, str> {
    let uri = list.uri(word);
    if uri != word {
        return uri;
    }
    let expanded = match word.split_once(':') {
        Some((prefix, local)) => {
            crate::context::standard(prefix).map(|uri| format!("{uri}{local}"))
        }
        None => context.uri_of(word),
    };
    expanded.map_or(uri, Cow::Owned)
}

pub(crate) fn trim_zeros(number: &str) -> String {
    if number.contains('.') && !number.contains(['e', 'E']) {
        number.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        number.to_owned()
    }
}
