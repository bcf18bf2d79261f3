//! Whether two documents' events mean the same. Each event is brought into one form: identifiers as canonical links, words
//! and names as URIs, times as instants, numbers without their zeros, lists in order of their content. What then differs,
//! differs in meaning.

use std::collections::{BTreeSet, HashMap};

use gs1::epc::canonical_id;
use serde_json::{Map, Value};

use crate::context::Context;
use crate::json::{Json, Kind, Node, Tape};
use crate::model::{Event, Extension, Party, Place, Quantity};
use crate::read::{Document, Limits, decimal};
use crate::time::EventTime;
use crate::vocab::List;

/// The paths at which the events of two documents differ in meaning; empty where they mean the same. The order of events
/// and of lists, the spelling of identifiers, words, times and numbers, and the choice of prefixes do not matter.
///
/// Paths are JSON pointers into `a`; an event that only `b` has is named by its place there.
pub fn diff(a: &Document, b: &Document) -> Vec<String> {
    let forms = |document: &Document| -> Vec<Option<Value>> {
        document.events.iter().map(|event| Some(form(event))).collect()
    };
    let (mut left, mut right) = (forms(a), forms(b));
    pair(&mut left, &mut right, Value::to_string);
    let mut paths = Vec::new();
    // What is left is compared with what it was most likely meant to be: first by its id, then by type and time, then in
    // order.
    let id = |event: &Value| event["eventID"].to_string();
    let when = |event: &Value| format!("{} {}", event["type"], event["eventTime"]);
    let keys: [&dyn Fn(&Value) -> String; 3] = [&id, &when, &|_| String::new()];
    for (stage, key) in keys.into_iter().enumerate() {
        for (at, ours, theirs) in pair(&mut left, &mut right, |event| {
            // Events without an id are not the same for that.
            if stage == 0 && event["eventID"].is_null() { event.to_string() } else { key(event) }
        }) {
            compare(&format!("/epcisBody/eventList/{at}"), &ours, &theirs, &mut paths);
        }
    }
    for side in [left, right] {
        let rest = side.iter().enumerate().filter(|(_, event)| event.is_some());
        paths.extend(rest.map(|(at, _)| format!("/epcisBody/eventList/{at}")));
    }
    paths
}

/// Takes out the events of both sides that have one key, pair by pair, with their place on the left.
fn pair(
    left: &mut [Option<Value>],
    right: &mut [Option<Value>],
    key: impl Fn(&Value) -> String,
) -> Vec<(usize, Value, Value)> {
    let mut waiting: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, event) in right.iter().enumerate().rev() {
        if let Some(event) = event {
            waiting.entry(key(event)).or_default().push(at);
        }
    }
    let mut pairs = Vec::new();
    for (at, slot) in left.iter_mut().enumerate() {
        let partner = slot.as_ref().and_then(|event| waiting.get_mut(&key(event))?.pop());
        if let Some(partner) = partner
            && let (Some(ours), Some(theirs)) = (slot.take(), right[partner].take())
        {
            pairs.push((at, ours, theirs));
        }
    }
    pairs
}

fn compare(path: &str, a: &Value, b: &Value, paths: &mut Vec<String>) {
    match (a, b) {
        _ if a == b => {}
        (Value::Object(a), Value::Object(b)) => {
            let only_b = b.keys().filter(|key| !a.contains_key(*key));
            for key in a.keys().chain(only_b) {
                let step = key.replace('~', "~0").replace('/', "~1");
                let (a, b) = (a.get(key), b.get(key));
                let null = Value::Null;
                compare(&format!("{path}/{step}"), a.unwrap_or(&null), b.unwrap_or(&null), paths);
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (index, (a, b)) in a.iter().zip(b).enumerate() {
                compare(&format!("{path}/{index}"), a, b, paths);
            }
        }
        _ => paths.push(path.to_owned()),
    }
}

/// The event in the one form that all its spellings have.
fn form(event: &Event) -> Value {
    let context = &event.context;
    let mut out = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            out.insert(name.to_owned(), value);
        }
    };
    let word = |list, word: &Option<String>| word.as_deref().map(|w| word_form(context, list, w));
    put("type", Some(event.kind.name().into()));
    put("eventID", event.event_id.as_deref().map(Value::from));
    put("action", event.action.map(|action| action.name().into()));
    put("eventTime", Some(event.event_time.micros.into()));
    put("eventTimeZoneOffset", Some(event.event_time.offset_minutes.into()));
    put("recordTime", event.record_time.map(|time| time.micros.into()));
    put("certificationInfo", ids(&event.certification_info));
    put("epcList", ids(&event.epc_list));
    put("parentID", event.parent_id.as_deref().map(id));
    put("childEPCs", ids(&event.child_epcs));
    put("inputEPCList", ids(&event.input_epc_list));
    put("outputEPCList", ids(&event.output_epc_list));
    put("transformationID", event.transformation_id.as_deref().map(id));
    put("quantityList", quantities(&event.quantity_list));
    put("childQuantityList", quantities(&event.child_quantity_list));
    put("inputQuantityList", quantities(&event.input_quantity_list));
    put("outputQuantityList", quantities(&event.output_quantity_list));
    put("bizStep", word(List::BizStep, &event.biz_step));
    put("disposition", word(List::Disposition, &event.disposition));
    put("readPoint", event.read_point.as_ref().map(|place| place_form(context, place)));
    put("bizLocation", event.biz_location.as_ref().map(|place| place_form(context, place)));
    let transactions = event.biz_transaction_list.iter().map(|transaction| {
        let kind = word(List::BizTransaction, &transaction.kind);
        Value::from(vec![kind.unwrap_or_default(), id(&transaction.id)])
    });
    put("bizTransactionList", sorted(transactions));
    put("sourceList", parties(context, &event.source_list));
    put("destinationList", parties(context, &event.destination_list));
    if let Some(persistent) = &event.persistent_disposition {
        let words = |words: &[String]| {
            sorted(words.iter().map(|word| word_form(context, List::Disposition, word)))
        };
        put("persistentDisposition/set", words(&persistent.set));
        put("persistentDisposition/unset", words(&persistent.unset));
    }
    if let Some(error) = &event.error_declaration {
        let mut parts = extensions(context, &error.extensions);
        parts.insert("declarationTime".into(), error.declaration_time.micros.into());
        if let Some(reason) = word(List::ErrorReason, &error.reason) {
            parts.insert("reason".into(), reason);
        }
        if let Some(ids) = ids(&error.corrective_event_ids) {
            parts.insert("correctiveEventIDs".into(), ids);
        }
        put("errorDeclaration", Some(parts.into()));
    }
    let sensors = event.sensor_element_list.iter();
    put("sensorElementList", sorted(sensors.map(|element| read(element, |n| sensor(context, n)))));
    put("ilmd", event.ilmd.as_ref().and_then(|ilmd| read(ilmd, |n| value(context, n))));
    out.extend(extensions(context, &event.extensions));
    out.into()
}

fn sorted(items: impl Iterator<Item = Value>) -> Option<Value> {
    let mut items: Vec<Value> = items.collect();
    items.sort_by_cached_key(Value::to_string);
    (!items.is_empty()).then(|| items.into())
}

fn id(id: &str) -> Value {
    Value::from(canonical_id(id.trim()))
}

/// A list of identifiers is a set: naming a thing twice says no more than once.
fn ids(list: &[String]) -> Option<Value> {
    let set: BTreeSet<_> = list.iter().map(|id| canonical_id(id.trim())).collect();
    sorted(set.into_iter().map(Value::from))
}

fn quantities(list: &[Quantity]) -> Option<Value> {
    sorted(list.iter().map(|quantity| {
        let amount = quantity.quantity.map(|amount| amount.normalize().to_string());
        let unit = quantity.uom.as_deref().map(Value::from).unwrap_or_default();
        Value::from(vec![
            id(&quantity.epc_class),
            amount.map(Value::from).unwrap_or_default(),
            unit,
        ])
    }))
}

fn parties(context: &Context, list: &[Party]) -> Option<Value> {
    sorted(list.iter().map(|party| {
        let kind = word_form(context, List::SourceDestination, &party.kind);
        Value::from(vec![kind, id(&party.id)])
    }))
}

fn place_form(context: &Context, place: &Place) -> Value {
    let mut parts = extensions(context, &place.extensions);
    parts.insert("id".into(), id(&place.id));
    parts.into()
}

/// A word as URI, whatever list and prefix it was written with.
fn word_form(context: &Context, list: List, word: &str) -> Value {
    let uri = list.uri(word);
    if uri != word {
        return uri.into_owned().into();
    }
    let expanded = match word.split_once(':') {
        Some((prefix, local)) if !local.starts_with("//") => {
            context.uri_of(prefix).map(|uri| format!("{uri}{local}"))
        }
        Some(_) => None,
        None => context.uri_of(word),
    };
    expanded.unwrap_or_else(|| word.to_owned()).into()
}

fn read<T: Default>(json: &Json, with: impl FnOnce(Node<'_>) -> T) -> T {
    Tape::read(json.as_str(), &Limits::NONE).map_or_else(|_| T::default(), |tape| with(tape.root()))
}

fn extensions(context: &Context, list: &[Extension]) -> Map<String, Value> {
    let mut out = Map::new();
    for extension in list {
        if let Some(value) = read(&extension.value, |node| value(context, node)) {
            out.insert(name(context, &extension.name), value);
        }
    }
    out
}

/// The expanded name. CBV's master data attributes are written with a colon at the end of their namespace in JSON, and
/// without in XML (CBV 2.0 §9).
fn name(context: &Context, key: &str) -> String {
    match context.expand(key).filter(|_| !key.starts_with('@')) {
        Some((namespace, local)) => {
            let mda = namespace.strip_suffix(':').filter(|rest| *rest == "urn:epcglobal:cbv:mda");
            format!("{{{}}}{local}", mda.unwrap_or(&namespace))
        }
        None => key.to_owned(),
    }
}

/// An extension's value: scalars as text, lists of one as their item; JSON-LD gives lists no order. `null`, an empty text,
/// an empty list and an object without members say nothing, as an empty element does.
fn value(context: &Context, node: Node<'_>) -> Option<Value> {
    Some(match node.kind() {
        Kind::Null => return None,
        Kind::Bool => node.source().into(),
        Kind::Number => number(node.source()).into(),
        Kind::String => {
            let content = node.string().unwrap_or_default();
            if content.trim().is_empty() {
                return None;
            }
            text(&content)
        }
        Kind::Object => {
            let mut members = Map::new();
            for (key, member) in node.members() {
                let key = key.string().unwrap_or_default();
                if key != "@context"
                    && let Some(member) = value(context, member)
                {
                    members.insert(name(context, &key), member);
                }
            }
            match members.len() {
                0 => return None,
                1 if members.contains_key("#text") => members.remove("#text")?,
                _ => members.into(),
            }
        }
        Kind::Array => {
            let mut items = Vec::new();
            for item in node.items() {
                match value(context, item) {
                    Some(Value::Array(inner)) => items.extend(inner),
                    item => items.extend(item),
                }
            }
            match items.len() {
                0 | 1 => items.pop()?,
                _ => sorted(items.into_iter())?,
            }
        }
    })
}

/// XML has no types: a text that is a plain number is that number.
fn text(text: &str) -> Value {
    let text = text.trim();
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && (digits == "0" || digits.starts_with("0.") || !digits.starts_with(['0', '.']));
    if plain && !digits.is_empty() && !digits.ends_with('.') {
        number(text).into()
    } else {
        id(text)
    }
}

fn number(number: &str) -> String {
    decimal(number).map_or_else(|| number.to_owned(), |value| value.normalize().to_string())
}

fn sensor(context: &Context, element: Node<'_>) -> Value {
    let mut out = Map::new();
    for (key, part) in element.members() {
        let key = key.string().unwrap_or_default();
        match &*key {
            "sensorMetadata" => drop(out.insert(key.into_owned(), sensor_part(context, part))),
            "sensorReport" => {
                let reports = sorted(part.items().map(|report| sensor_part(context, report)));
                out.insert(key.into_owned(), reports.unwrap_or_default());
            }
            _ => drop(value(context, part).map(|value| out.insert(name(context, &key), value))),
        }
    }
    out.into()
}

fn sensor_part(context: &Context, part: Node<'_>) -> Value {
    let mut out = Map::new();
    for (key, field) in part.members() {
        let key = key.string().unwrap_or_default();
        let content = field.string().unwrap_or_default();
        let form = match &*key {
            "type" => Some(word_form(context, List::Measurement, &content)),
            "exception" => Some(word_form(context, List::SensorAlert, &content)),
            "component" => Some(word_form(context, List::Component, &content)),
            "time" | "startTime" | "endTime" => {
                Some(EventTime::parse(&content).map_or(Value::Null, |time| time.micros.into()))
            }
            "stringValue" | "uom" => Some(content.trim().into()),
            "hexBinaryValue" => Some(content.to_ascii_lowercase().into()),
            _ => value(context, field),
        };
        if let Some(form) = form {
            out.insert(name(context, &key), form);
        }
    }
    out.into()
}
