//! Documents: events under one head. Prefixes move up to the document's `@context`, unless two events mean different
//! things by one; that event then keeps its own.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use super::{Fields, Scope};
use crate::context::{Context, ContextEntry, EPCIS_CONTEXT};
use crate::json::{Json, Tape, push_string};
use crate::model::Event;
use crate::read::{Document, DocumentKind, Limits};
use crate::time::EventTime;

/// An `EPCISDocument` of these events, created at `created`.
pub fn write_document(events: &[Event], created: EventTime) -> String {
    let mut context = Context::default();
    let mut list = String::with_capacity(events.len() * 1024);
    for (index, event) in events.iter().enumerate() {
        if index > 0 {
            list.push(',');
        }
        let scope = if context.merge(&event.context) { Scope::Document } else { Scope::Full };
        event.write(&mut list, scope, event.event_id.as_deref());
    }
    let mut out = String::with_capacity(list.len() + 512);
    write_head(&mut out, "EPCISDocument", &context, created);
    let _ = write!(out, "\"epcisBody\":{{\"eventList\":[{list}]}}}}");
    out
}

/// A document as EPCIS 2.0 JSON-LD with all that it came with, header included. Bare events become an `EPCISDocument`.
/// `created` is written where the document does not say when it was made.
pub fn write_json(document: &Document, created: EventTime) -> String {
    let mut context = document.context.clone();
    let mut list = String::with_capacity(document.events.len() * 1024);
    for event in &document.events {
        if !list.is_empty() {
            list.push(',');
        }
        push_listed(&mut list, event, &mut context);
    }
    let mut out = before_list(document, &context, created);
    out.push_str(&list);
    out.push_str(after_list(document));
    out
}

/// An event whose prefixes `context` declares, unless one of them means something else there.
pub(super) fn push_listed(list: &mut String, event: &Event, context: &mut Context) {
    let scope = if context.merge(&event.context) { Scope::Document } else { Scope::Full };
    event.write(list, scope, event.event_id.as_deref());
}

/// A document up to the first of its events.
pub(super) fn before_list(document: &Document, context: &Context, created: EventTime) -> String {
    let query = document.kind == DocumentKind::EpcisQueryDocument;
    let kind = if query { "EPCISQueryDocument" } else { "EPCISDocument" };
    let mut out = String::with_capacity(512);
    write_head(&mut out, kind, context, document.creation_date.unwrap_or(created));
    let mut fields = Fields { out: &mut out, first: true };
    if let Some(id) = &document.id {
        fields.text("id", id);
    }
    if let Some(header) = &document.header {
        fields.raw("epcisHeader", header.as_str());
    }
    fields.extensions(&document.extensions);
    fields.name("epcisBody").push('{');
    let mut fields = Fields { out: &mut out, first: true };
    if query {
        fields.name("queryResults").push('{');
        let mut fields = Fields { out: &mut out, first: true };
        fields.text("queryName", document.query_name.as_deref().unwrap_or("SimpleEventQuery"));
        if let Some(id) = &document.subscription_id {
            fields.text("subscriptionID", id);
        }
        out.push_str(",\"resultsBody\":{\"eventList\":[");
    } else {
        fields.name("eventList").push('[');
    }
    out
}

/// A document after the last of its events.
pub(super) fn after_list(document: &Document) -> &'static str {
    if document.kind == DocumentKind::EpcisQueryDocument { "]}}}}" } else { "]}}" }
}

/// An event as the log holds it.
#[derive(Clone, Copy, Debug)]
pub struct Stored<'b> {
    /// What [`Event::stored`] gave.
    pub body: &'b [u8],
    /// Written into the event; give it where the body was stored without one.
    pub record_time: Option<EventTime>,
}

/// An `EPCISQueryDocument` of stored events, in their order.
pub fn write_query_document<'b>(
    events: impl IntoIterator<Item = Stored<'b>>,
    query_name: &str,
    subscription_id: Option<&str>,
    created: EventTime,
) -> String {
    let mut context = Context::default();
    // Events of one source carry the same context, letter for letter: each is merged once.
    let mut seen: HashMap<&str, bool> = HashMap::new();
    let mut list = String::with_capacity(4096);
    for stored in events {
        let Ok(body) = std::str::from_utf8(stored.body) else { continue };
        let (head, rest) = split_context(body);
        let merged = head.is_none_or(|head| {
            *seen.entry(head).or_insert_with(|| context.merge(&parse_context(head)))
        });
        if !list.is_empty() {
            list.push(',');
        }
        list.push('{');
        if let Some(head) = head.filter(|_| !merged) {
            let _ = write!(list, "\"@context\":{head},");
        }
        push_rest(&mut list, rest, stored.record_time);
    }
    let mut out = String::with_capacity(list.len() + 512);
    write_head(&mut out, "EPCISQueryDocument", &context, created);
    out.push_str("\"epcisBody\":{\"queryResults\":{");
    let mut fields = Fields { out: &mut out, first: true };
    fields.text("queryName", query_name);
    if let Some(id) = subscription_id {
        fields.text("subscriptionID", id);
    }
    let _ = write!(out, ",\"resultsBody\":{{\"eventList\":[{list}]}}}}}}}}");
    out
}

/// What the contexts of stored events declare; of two meanings of one prefix, that of the earlier event.
pub fn stored_context<'b>(bodies: impl IntoIterator<Item = &'b [u8]>) -> Context {
    let mut context = Context::default();
    let mut seen: HashSet<&str> = HashSet::new();
    for body in bodies {
        let Ok(body) = std::str::from_utf8(body) else { continue };
        if let (Some(head), _) = split_context(body)
            && seen.insert(head)
        {
            context.merge(&parse_context(head));
        }
    }
    context
}

/// One stored event as a document of its own, with the EPCIS context: the answer to `GET /events/{eventID}`.
pub fn write_bare_event(stored: Stored<'_>) -> String {
    let body = String::from_utf8_lossy(stored.body);
    let (head, rest) = split_context(&body);
    let mut out = String::with_capacity(body.len() + 128);
    out.push_str("{\"@context\":[");
    push_string(&mut out, EPCIS_CONTEXT);
    parse_context(head.unwrap_or("[]")).write_entries(&mut out, true);
    out.push_str("],");
    push_rest(&mut out, rest, stored.record_time);
    out
}

fn push_rest(out: &mut String, rest: &str, record_time: Option<EventTime>) {
    if let Some(time) = record_time {
        let mut fields = Fields { out, first: true };
        fields.time("recordTime", time, None);
        out.push(',');
    }
    out.push_str(rest);
}

fn write_head(out: &mut String, kind: &str, context: &Context, created: EventTime) {
    out.push_str("{\"@context\":[");
    push_string(out, EPCIS_CONTEXT);
    context.write_entries(out, true);
    let _ = write!(
        out,
        "],\"type\":\"{kind}\",\"schemaVersion\":\"2.0\",\"creationDate\":\"{created}\","
    );
}

/// Splits a stored body into its `@context` and what follows the comma after it.
fn split_context(body: &str) -> (Option<&str>, &str) {
    let Some(list) = body.strip_prefix("{\"@context\":") else {
        return (None, body.strip_prefix('{').unwrap_or(body));
    };
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for (at, byte) in list.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'[' | b'{' if !quoted => depth += 1,
            b']' | b'}' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 && !quoted {
            return (
                Some(&list[..=at]),
                list[at + 1..].strip_prefix(',').unwrap_or(&list[at + 1..]),
            );
        }
    }
    (None, body)
}

fn parse_context(text: &str) -> Context {
    let mut context = Context::default();
    let Ok(tape) = Tape::read(text, &Limits::default()) else { return context };
    for item in tape.root().items() {
        if let Some(uri) = item.string() {
            context.push(ContextEntry::Remote(uri.into_owned()));
        }
        for (name, value) in item.members() {
            let name = name.string().unwrap_or_default().into_owned();
            context.push(ContextEntry::Term { name, value: Json::known(value.source()) });
        }
    }
    context
}
