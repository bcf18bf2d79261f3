//! What an event type demands as a whole (EPCIS 2.0 §7.4.2–7.4.6), once its fields are read.

use super::{At, Reader};
use crate::fault::{RULE_EMPTY, RULE_ILMD, RULE_INPUT, RULE_OBJECTS, RULE_OUTPUT, RULE_PARENT};
use crate::json::{Kind, Node};
use crate::model::{Action, Event, EventKind};

impl<'t> Reader<'t> {
    pub(super) fn rules(&mut self, event: &Event, node: Node<'t>, at: &At<'_>) {
        if event.kind != EventKind::Transformation && node.get("action").is_none() {
            self.missing(at, node, "action");
        }
        match event.kind {
            EventKind::Object => self.object(event, node, at),
            EventKind::Aggregation | EventKind::Association => self.children(event, node, at),
            EventKind::Transaction => self.transaction_event(event, node, at),
            EventKind::Transformation => self.transformation(event, node, at),
        }
    }

    fn object(&mut self, event: &Event, node: Node<'t>, at: &At<'_>) {
        let sensed = has_items(node, "sensorElementList") && node.get("readPoint").is_some();
        if node.get("epcList").is_none() && !has_items(node, "quantityList") && !sensed {
            self.fault(&RULE_OBJECTS, at, node, "epcList, quantityList");
        }
        if let (Some(ilmd), Some(Action::Observe | Action::Delete)) =
            (node.get("ilmd"), event.action)
        {
            self.fault(&RULE_ILMD, &at.name("ilmd"), ilmd, "");
        }
    }

    fn children(&mut self, event: &Event, node: Node<'t>, at: &At<'_>) {
        // An observed aggregation may not know its parent (§7.4.3); an association always has one (§7.4.6).
        let parent_needed = event.kind == EventKind::Association
            || matches!(event.action, Some(Action::Add | Action::Delete));
        if parent_needed && node.get("parentID").is_none() {
            self.fault(&RULE_PARENT, &at.name("parentID"), node, "");
        }
        // Deleting without naming children means all of them.
        let any = has_items(node, "childEPCs") || has_items(node, "childQuantityList");
        if !any && event.action != Some(Action::Delete) && node.get("action").is_some() {
            self.fault(&RULE_OBJECTS, at, node, "childEPCs, childQuantityList");
        }
    }

    fn transaction_event(&mut self, event: &Event, node: Node<'t>, at: &At<'_>) {
        match node.get("bizTransactionList") {
            None => self.missing(at, node, "bizTransactionList"),
            Some(list) if list.kind() == Kind::Array && list.items().next().is_none() => {
                self.fault(&RULE_EMPTY, &at.name("bizTransactionList"), list, "bizTransactionList");
            }
            Some(_) => {}
        }
        let any = node.get("epcList").is_some() || has_items(node, "quantityList");
        if !any && event.action != Some(Action::Delete) && node.get("action").is_some() {
            self.fault(&RULE_OBJECTS, at, node, "epcList, quantityList");
        }
    }

    fn transformation(&mut self, event: &Event, node: Node<'t>, at: &At<'_>) {
        let input = has_items(node, "inputEPCList") || has_items(node, "inputQuantityList");
        let output = has_items(node, "outputEPCList") || has_items(node, "outputQuantityList");
        let shared = event.transformation_id.is_some() || node.get("transformationID").is_some();
        // With a transformationID the two sides may come in events of their own (§7.4.5).
        let half = shared && output;
        if !(input || half) {
            self.fault(&RULE_INPUT, at, node, "");
        }
        if !(output || shared) {
            self.fault(&RULE_OUTPUT, at, node, "");
        }
    }
}

fn has_items(node: Node<'_>, list: &str) -> bool {
    node.get(list).is_some_and(|list| list.items().next().is_some())
}
