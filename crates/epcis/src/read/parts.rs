//! The small values events are made of: texts, URIs, times, words, quantities, and lists of them. Each returns `None`
//! after it has said what is wrong.

use std::borrow::Cow;
use std::collections::HashSet;
use std::str::FromStr;

use rust_decimal::Decimal;

use super::identifier::Use;
use super::{At, Reader};
use crate::context::Context;
use crate::fault::{
    RULE_ALERT, RULE_COMPONENT, RULE_DISPOSITION, RULE_EMPTY, RULE_FIELD, RULE_MEASUREMENT,
    RULE_PARTY, RULE_QUANTITY, RULE_REASON, RULE_STEP, RULE_TIME, RULE_TRANSACTION, RULE_TYPE,
    RULE_UNIQUE, RULE_UOM, RULE_URI, Rule,
};
use crate::json::{Kind, Node};
use crate::model::{BizTransaction, Extension, Party, PersistentDisposition, Place, Quantity};
use crate::time::EventTime;
use crate::uri::is_uri;
use crate::vocab::List;

fn rule_of(list: List) -> &'static Rule {
    match list {
        List::BizStep => &RULE_STEP,
        List::Disposition => &RULE_DISPOSITION,
        List::BizTransaction => &RULE_TRANSACTION,
        List::SourceDestination => &RULE_PARTY,
        List::ErrorReason => &RULE_REASON,
        List::Component => &RULE_COMPONENT,
        List::Measurement => &RULE_MEASUREMENT,
        List::SensorAlert => &RULE_ALERT,
    }
}

impl<'t> Reader<'t> {
    pub(super) fn expect(&mut self, node: Node<'t>, kind: Kind, at: &At<'_>) -> bool {
        if node.kind() == kind {
            return true;
        }
        let word = match kind {
            Kind::Null => "null",
            Kind::Bool => "true/false",
            Kind::Number => "1.0",
            Kind::String => "\"…\"",
            Kind::Array => "[…]",
            Kind::Object => "{…}",
        };
        self.fault(&RULE_TYPE, at, node, word);
        false
    }

    pub(super) fn text(&mut self, node: Node<'t>, at: &At<'_>) -> Option<Cow<'t, str>> {
        if self.expect(node, Kind::String, at) { node.string() } else { None }
    }

    pub(super) fn uri(&mut self, node: Node<'t>, at: &At<'_>) -> Option<String> {
        let text = self.text(node, at)?;
        if is_uri(&text) {
            return Some(text.into_owned());
        }
        self.fault(&RULE_URI, at, node, &text);
        None
    }

    pub(super) fn time(&mut self, node: Node<'t>, at: &At<'_>) -> Option<EventTime> {
        let text = self.text(node, at)?;
        let time = EventTime::parse(&text).ok();
        if time.is_none() {
            self.fault(&RULE_TIME, at, node, &text);
        }
        time
    }

    /// A word of a CBV list, made bare; a private URI; or a term that the context declares.
    pub(super) fn word(
        &mut self,
        node: Node<'t>,
        at: &At<'_>,
        list: List,
        context: &Context,
    ) -> Option<String> {
        let text = self.text(node, at)?;
        if let Ok(word) = list.check(&text) {
            return Some(word.to_owned());
        }
        if context.term(&text).is_some() {
            return Some(text.into_owned());
        }
        self.fault(rule_of(list), at, node, &text);
        None
    }

    pub(super) fn list<T>(
        &mut self,
        node: Node<'t>,
        at: &At<'_>,
        mut one: impl FnMut(&mut Self, Node<'t>, &At<'_>) -> Option<T>,
    ) -> Vec<T> {
        if !self.expect(node, Kind::Array, at) {
            return Vec::new();
        }
        let mut list = Vec::new();
        for (index, item) in node.items().enumerate() {
            list.extend(one(self, item, &at.index(index)));
        }
        list
    }

    pub(super) fn uris(&mut self, node: Node<'t>, at: &At<'_>) -> Vec<String> {
        self.list(node, at, Self::uri)
    }

    pub(super) fn things(&mut self, node: Node<'t>, at: &At<'_>) -> Vec<String> {
        self.list(node, at, |reader, node, at| reader.identifier(node, at, Use::Instance))
    }

    /// A list in which each identifier stands once.
    pub(super) fn unique_things(&mut self, node: Node<'t>, at: &At<'_>) -> Vec<String> {
        let list = self.things(node, at);
        if list.len() > 1 {
            let mut seen = HashSet::with_capacity(list.len());
            let texts =
                node.items().enumerate().filter_map(|(at, item)| Some((at, item, item.string()?)));
            for (index, item, text) in texts {
                if !seen.insert(text.clone()) {
                    self.fault(&RULE_UNIQUE, &at.index(index), item, &text);
                    break;
                }
            }
        }
        list
    }

    pub(super) fn quantities(&mut self, node: Node<'t>, at: &At<'_>) -> Vec<Quantity> {
        self.list(node, at, Self::quantity)
    }

    fn quantity(&mut self, node: Node<'t>, at: &At<'_>) -> Option<Quantity> {
        if !self.expect(node, Kind::Object, at) {
            return None;
        }
        let (mut class, mut quantity, mut uom, mut has_class) = (None, None, None, false);
        for (name, value) in node.members() {
            let Some(key) = name.string() else { continue };
            let at = at.name(&key);
            match &*key {
                "epcClass" => {
                    has_class = true;
                    class = self.identifier(value, &at, Use::Class);
                }
                "quantity" => quantity = self.amount(value, &at),
                "uom" => uom = self.unit(value, &at),
                _ => self.fault(&RULE_FIELD, &at, name, &key),
            }
        }
        if !has_class {
            self.missing(at, node, "epcClass");
        }
        Some(Quantity { epc_class: class?, quantity, uom })
    }

    fn amount(&mut self, node: Node<'t>, at: &At<'_>) -> Option<Decimal> {
        let amount = node
            .number()
            .and_then(decimal)
            .filter(|amount| !amount.is_sign_negative() || amount.is_zero());
        if amount.is_none() {
            self.fault(&RULE_QUANTITY, at, node, node.string().as_deref().unwrap_or(node.source()));
        }
        amount
    }

    fn unit(&mut self, node: Node<'t>, at: &At<'_>) -> Option<String> {
        let text = self.text(node, at)?;
        let fits = (2..=3).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        if fits {
            return Some(text.into_owned());
        }
        self.fault(&RULE_UOM, at, node, &text);
        None
    }

    pub(super) fn place(
        &mut self,
        node: Node<'t>,
        at: &At<'_>,
        context: &Context,
    ) -> Option<Place> {
        if !self.expect(node, Kind::Object, at) {
            return None;
        }
        let (mut id, mut has_id, mut extensions) = (None, false, Vec::new());
        for (name, value) in node.members() {
            let Some(key) = name.string() else { continue };
            let at = at.name(&key);
            if &*key == "id" {
                has_id = true;
                id = self.identifier(value, &at, Use::Place);
            } else if self.extension_name(name, &at, context) {
                extensions.push(Extension::of(&key, value));
            }
        }
        if !has_id {
            self.missing(at, node, "id");
        }
        Some(Place { id: id?, extensions })
    }

    pub(super) fn transaction(
        &mut self,
        node: Node<'t>,
        at: &At<'_>,
        context: &Context,
    ) -> Option<BizTransaction> {
        let (kind, id) = self.typed(node, at, "bizTransaction", List::BizTransaction, context);
        Some(BizTransaction { kind, id: id? })
    }

    /// A source or destination: both have a type, which is required.
    pub(super) fn party(
        &mut self,
        node: Node<'t>,
        at: &At<'_>,
        field: &str,
        context: &Context,
    ) -> Option<Party> {
        let (kind, id) = self.typed(node, at, field, List::SourceDestination, context);
        if node.kind() == Kind::Object && node.get("type").is_none() {
            self.missing(at, node, "type");
        }
        Some(Party { kind: kind?, id: id? })
    }

    fn typed(
        &mut self,
        node: Node<'t>,
        at: &At<'_>,
        field: &str,
        list: List,
        context: &Context,
    ) -> (Option<String>, Option<String>) {
        let (mut kind, mut id, mut has_id) = (None, None, false);
        if !self.expect(node, Kind::Object, at) {
            return (None, None);
        }
        for (name, value) in node.members() {
            let Some(key) = name.string() else { continue };
            let at = at.name(&key);
            if &*key == "type" {
                kind = self.word(value, &at, list, context);
            } else if &*key == field {
                has_id = true;
                let used = if list == List::SourceDestination { Use::Party } else { Use::Any };
                id = self.identifier(value, &at, used);
            } else {
                self.fault(&RULE_FIELD, &at, name, &key);
            }
        }
        if !has_id {
            self.missing(at, node, field);
        }
        (kind, id)
    }

    pub(super) fn persistent(
        &mut self,
        node: Node<'t>,
        at: &At<'_>,
        context: &Context,
    ) -> Option<PersistentDisposition> {
        if !self.expect(node, Kind::Object, at) {
            return None;
        }
        let mut persistent = PersistentDisposition::default();
        for (name, value) in node.members() {
            let Some(key) = name.string() else { continue };
            let at = at.name(&key);
            let words = match &*key {
                "set" => &mut persistent.set,
                "unset" => &mut persistent.unset,
                _ => {
                    self.fault(&RULE_FIELD, &at, name, &key);
                    continue;
                }
            };
            *words = self.list(value, &at, |reader, node, at| {
                reader.word(node, at, List::Disposition, context)
            });
            if value.kind() == Kind::Array && value.items().next().is_none() {
                self.fault(&RULE_EMPTY, &at, value, &key);
            }
        }
        if node.members().next().is_none() {
            self.missing(at, node, "set");
        }
        Some(persistent)
    }
}

/// A JSON number as an exact decimal; `None` beyond 28 significant digits.
pub(crate) fn decimal(text: &str) -> Option<Decimal> {
    if text.bytes().any(|byte| matches!(byte, b'e' | b'E')) {
        Decimal::from_scientific(text).ok()
    } else {
        Decimal::from_str_exact(text)
            .or_else(|_| Decimal::from_str(text).ok().filter(|_| text.len() <= 29).ok_or(()))
            .ok()
    }
}
