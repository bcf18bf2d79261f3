//! One event off the tape: every field to its place, every name that is not EPCIS's own to the extensions.

use super::identifier::Use;
use super::{At, Reader};
use crate::context::Context;
use crate::fault::{RULE_ACTION, RULE_ACTION_FORBIDDEN, RULE_EVENT_TYPE, RULE_FIELD, RULE_OFFSET};
use crate::json::{Json, Kind, Node};
use crate::model::{Action, ErrorDeclaration, Event, EventKind, Extension};
use crate::time::{EventTime, parse_offset};
use crate::vocab::List;

/// Fields of one event type beside those of all (EPCIS 2.0 JSON schema).
fn has_field(kind: EventKind, field: &str) -> bool {
    use EventKind::{Aggregation, Association, Object, Transaction, Transformation};
    match field {
        "action" => kind != Transformation,
        "epcList" | "quantityList" => matches!(kind, Object | Transaction),
        "parentID" => matches!(kind, Aggregation | Association | Transaction),
        "childEPCs" | "childQuantityList" => matches!(kind, Aggregation | Association),
        "inputEPCList" | "inputQuantityList" | "outputEPCList" | "outputQuantityList"
        | "transformationID" => kind == Transformation,
        "ilmd" => matches!(kind, Object | Transformation),
        _ => true,
    }
}

impl<'t> Reader<'t> {
    pub(super) fn event(
        &mut self,
        node: Node<'t>,
        at: &At<'_>,
        document: &Context,
    ) -> Option<Event> {
        let before = self.broken;
        let Some(kind_node) = node.get("type") else {
            self.missing(at, node, "type");
            return None;
        };
        let name = self.text(kind_node, &at.name("type"))?;
        let Some(kind) = EventKind::parse(&name) else {
            self.fault(&RULE_EVENT_TYPE, &at.name("type"), kind_node, &name);
            return None;
        };
        // The time is set below; an event without one is not returned.
        let mut event = Event::object(Action::Observe, EventTime { micros: 0, offset_minutes: 0 });
        event.kind = kind;
        event.action = None;
        event.context = document.clone();
        if let Some(own) = node.get("@context") {
            self.context(own, &at.name("@context"), &mut event.context);
            event.written.own_context = Some(Json::known(own.source()));
        }
        let mut offset = None;
        for (name, value) in node.members() {
            let Some(key) = name.string() else { continue };
            let at = at.name(&key);
            if !has_field(kind, &key) {
                let rule = if &*key == "action" { &RULE_ACTION_FORBIDDEN } else { &RULE_FIELD };
                self.fault(rule, &at, name, &key);
                continue;
            }
            if &*key == "eventTimeZoneOffset" {
                offset = self.offset(value, &at);
            } else if !self.field(&mut event, &key, value, &at)
                && self.extension_name(name, &at, &event.context)
            {
                event.extensions.push(Extension::of(&key, value));
            }
        }
        for required in ["eventTime", "eventTimeZoneOffset"] {
            if node.get(required).is_none() {
                self.missing(at, node, required);
            }
        }
        if let Some(offset) = offset {
            event.event_time.offset_minutes = offset;
        }
        self.rules(&event, node, at);
        (self.broken == before).then_some(event)
    }

    /// Takes one of EPCIS's own fields; false for any other name.
    fn field(&mut self, event: &mut Event, key: &str, value: Node<'t>, at: &At<'_>) -> bool {
        let context = event.context.clone();
        match key {
            "type" | "@context" => {}
            "eventTime" => {
                if let Some(time) = self.time(value, at) {
                    event.event_time = time;
                    event.written.event_time =
                        value.string().map(|text| text.into_owned().into_boxed_str());
                }
            }
            "recordTime" => {
                event.record_time = self.time(value, at);
                event.written.record_time =
                    value.string().map(|text| text.into_owned().into_boxed_str());
            }
            "eventID" => event.event_id = self.identifier(value, at, Use::Any),
            "action" => event.action = self.action(value, at),
            "epcList" if event.kind == EventKind::Object => {
                event.epc_list = self.unique_things(value, at);
            }
            "epcList" => event.epc_list = self.things(value, at),
            "quantityList" => event.quantity_list = self.quantities(value, at),
            "parentID" => event.parent_id = self.identifier(value, at, Use::Instance),
            "childEPCs" => event.child_epcs = self.things(value, at),
            "childQuantityList" => event.child_quantity_list = self.quantities(value, at),
            "inputEPCList" => event.input_epc_list = self.unique_things(value, at),
            "inputQuantityList" => event.input_quantity_list = self.quantities(value, at),
            "outputEPCList" => event.output_epc_list = self.unique_things(value, at),
            "outputQuantityList" => event.output_quantity_list = self.quantities(value, at),
            "transformationID" => {
                event.transformation_id = self.identifier(value, at, Use::Any);
            }
            "bizStep" => event.biz_step = self.word(value, at, List::BizStep, &context),
            "disposition" => event.disposition = self.word(value, at, List::Disposition, &context),
            "persistentDisposition" => {
                event.persistent_disposition = self.persistent(value, at, &context);
            }
            "readPoint" => event.read_point = self.place(value, at, &context),
            "bizLocation" => event.biz_location = self.place(value, at, &context),
            "bizTransactionList" => {
                event.biz_transaction_list =
                    self.list(value, at, |reader, node, at| reader.transaction(node, at, &context));
            }
            "sourceList" => {
                event.source_list = self
                    .list(value, at, |reader, node, at| reader.party(node, at, "source", &context));
            }
            "destinationList" => {
                event.destination_list = self.list(value, at, |reader, node, at| {
                    reader.party(node, at, "destination", &context)
                });
            }
            "sensorElementList" => {
                event.sensor_element_list = self
                    .list(value, at, |reader, node, at| reader.sensor_element(node, at, &context));
            }
            "ilmd" => event.ilmd = self.ilmd(value, at, &context),
            "certificationInfo" => {
                event.written.certification_list = value.kind() == Kind::Array;
                event.certification_info = if value.kind() == Kind::Array {
                    self.uris(value, at)
                } else {
                    self.uri(value, at).into_iter().collect()
                };
            }
            "errorDeclaration" => {
                event.error_declaration = self.error_declaration(value, at, &context);
                event.written.declaration_time = value
                    .get("declarationTime")
                    .and_then(Node::string)
                    .map(|text| text.into_owned().into_boxed_str());
            }
            _ => return false,
        }
        if value.kind() == Kind::Array && value.items().next().is_none() {
            event.written.empty.extend(crate::write::LISTS.iter().find(|list| **list == key));
        }
        true
    }

    fn offset(&mut self, node: Node<'t>, at: &At<'_>) -> Option<i16> {
        let text = self.text(node, at)?;
        let offset = parse_offset(&text);
        if offset.is_none() {
            self.fault(&RULE_OFFSET, at, node, &text);
        }
        offset
    }

    fn action(&mut self, node: Node<'t>, at: &At<'_>) -> Option<Action> {
        let text = self.text(node, at)?;
        let action = Action::parse(&text);
        if action.is_none() {
            self.fault(&RULE_ACTION, at, node, &text);
        }
        action
    }

    fn ilmd(&mut self, node: Node<'t>, at: &At<'_>, context: &Context) -> Option<Json> {
        if !self.expect(node, Kind::Object, at) {
            return None;
        }
        for (name, _) in node.members() {
            let Some(key) = name.string() else { continue };
            self.extension_name(name, &at.name(&key), context);
        }
        Some(Json::known(node.source()))
    }

    fn error_declaration(
        &mut self,
        node: Node<'t>,
        at: &At<'_>,
        context: &Context,
    ) -> Option<ErrorDeclaration> {
        if !self.expect(node, Kind::Object, at) {
            return None;
        }
        let (mut time, mut reason, mut correctives, mut extensions) =
            (None, None, Vec::new(), Vec::new());
        for (name, value) in node.members() {
            let Some(key) = name.string() else { continue };
            let at = at.name(&key);
            match &*key {
                "declarationTime" => time = self.time(value, &at),
                "reason" => reason = self.word(value, &at, List::ErrorReason, context),
                "correctiveEventIDs" => correctives = self.uris(value, &at),
                _ => {
                    if self.extension_name(name, &at, context) {
                        extensions.push(Extension::of(&key, value));
                    }
                }
            }
        }
        if node.get("declarationTime").is_none() {
            self.missing(at, node, "declarationTime");
        }
        Some(ErrorDeclaration {
            declaration_time: time?,
            reason,
            corrective_event_ids: correctives,
            extensions,
        })
    }
}
