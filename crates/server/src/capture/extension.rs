//! Our own fields in events, under one namespace: which card wrote it, with what and for how long
//! to wait, who entered it. They are read by their namespace, whatever prefix a sender chose.

use epcis::{Event, Json};
use serde_json::Value;

/// The namespace of our fields and steps.
pub const NAMESPACE: &str = "https://nguon.example/ns#";
/// The prefix we write it with.
pub const PREFIX: &str = "nguon";

/// Prefix and namespace, as a `GS1-Extensions` header has them.
pub const DECLARED: &str = "nguon=https://nguon.example/ns#";

/// The value of one of our fields.
pub fn value(event: &Event, name: &str) -> Option<Value> {
    let found = event.extensions.iter().find(|extension| {
        extension.name.ends_with(name)
            && event
                .context
                .expand(&extension.name)
                .is_some_and(|(space, local)| space == NAMESPACE && local == name)
    });
    found.map(|extension| extension.value.to_value())
}

pub fn text(event: &Event, name: &str) -> Option<String> {
    match value(event, name)? {
        Value::String(text) if !text.is_empty() => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

pub fn number(event: &Event, name: &str) -> Option<i64> {
    match value(event, name)? {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// The whole numbers of a list.
pub fn numbers(event: &Event, name: &str) -> Vec<i64> {
    match value(event, name) {
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_i64).collect(),
        _ => Vec::new(),
    }
}

/// Sets one of our fields.
pub fn set(event: &mut Event, name: &str, value: Value) {
    if event.context.uri_of(PREFIX).as_deref() != Some(NAMESPACE) {
        event.declare_prefix(PREFIX, NAMESPACE);
    }
    event.set_extension(&format!("{PREFIX}:{name}"), Json::from(value));
}

/// Sets one of our fields to a text, unless it is empty.
pub fn set_text(event: &mut Event, name: &str, content: &str) {
    if !content.is_empty() {
        set(event, name, Value::from(content));
    }
}

#[cfg(test)]
mod tests {
    use epcis::{Action, Event, EventTime};

    use super::*;

    #[test]
    fn what_is_declared_is_our_prefix() {
        assert_eq!(DECLARED, format!("{PREFIX}={NAMESPACE}"));
    }

    #[test]
    fn a_field_is_known_by_its_namespace_and_not_by_its_prefix() {
        let time = EventTime { micros: 0, offset_minutes: 420 };
        let mut ours = Event::object(Action::Observe, time);
        set(&mut ours, "waitDays", Value::from(14));
        assert_eq!(number(&ours, "waitDays"), Some(14));

        let mut theirs = Event::object(Action::Observe, time);
        theirs.declare_prefix("nguon", "https://elsewhere.example/");
        theirs.set_extension("nguon:waitDays", "14");
        assert_eq!(number(&theirs, "waitDays"), None);

        let mut renamed = Event::object(Action::Observe, time);
        renamed.declare_prefix("vn", NAMESPACE);
        renamed.set_extension("vn:waitDays", Value::from(7));
        assert_eq!(number(&renamed, "waitDays"), Some(7));
    }
}
