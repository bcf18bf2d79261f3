//! One event: its wrappers unfolded, each of its elements to the JSON member of the same meaning, everything in somebody
//! else's namespace to the extensions.

use std::collections::HashSet;

use super::order::{Level, rank};
use super::translate::{Ordered, Translator};
use super::tree::Node;
use crate::fault::{RULE_XML_ELEMENT, RULE_XML_ORDER, RULE_XML_REPEATED};
use crate::model::EventKind;
use crate::read::At;

/// Which JSON an element of an event becomes.
#[derive(Clone, Copy)]
enum Form {
    Text,
    Word,
    Epcs,
    Quantities,
    Place,
    Transactions,
    Parties(&'static str),
    Sensors,
    Persistent,
    Ilmd,
    Error,
}

fn form(name: &str) -> Option<Form> {
    Some(match name {
        "eventTime"
        | "recordTime"
        | "eventTimeZoneOffset"
        | "eventID"
        | "certificationInfo"
        | "action"
        | "parentID"
        | "transformationID" => Form::Text,
        "bizStep" | "disposition" => Form::Word,
        "epcList" | "childEPCs" | "inputEPCList" | "outputEPCList" => Form::Epcs,
        "quantityList" | "childQuantityList" | "inputQuantityList" | "outputQuantityList" => {
            Form::Quantities
        }
        "readPoint" | "bizLocation" => Form::Place,
        "bizTransactionList" => Form::Transactions,
        "sourceList" => Form::Parties("source"),
        "destinationList" => Form::Parties("destination"),
        "sensorElementList" => Form::Sensors,
        "persistentDisposition" => Form::Persistent,
        "ilmd" => Form::Ilmd,
        "errorDeclaration" => Form::Error,
        _ => return None,
    })
}

/// What an event gathers while its wrappers are unfolded.
#[derive(Default)]
struct Gathered<'t> {
    seen: HashSet<&'t str>,
    certificates: Vec<Node<'t>>,
    extensions: Vec<Node<'t>>,
}

impl<'t> Translator<'t> {
    pub(super) fn event(&mut self, node: Node<'t>, kind: EventKind, at: &At<'_>) {
        self.out.name("type", node.offset());
        self.out.string(kind.name(), node.offset());
        let mut gathered = Gathered::default();
        self.level(node, kind, Level::Event, at, &mut gathered);
        match &gathered.certificates[..] {
            [] => {}
            [one] => self.text_member("certificationInfo", *one, &at.name("certificationInfo")),
            many => {
                self.out.name("certificationInfo", many[0].offset());
                self.out.open('[', many[0].offset());
                for one in many {
                    self.text(*one, &at.name("certificationInfo"));
                }
                self.out.close(']');
            }
        }
        gathered.extensions.extend(self.foreign_attributes(node, at));
        self.members(&gathered.extensions);
    }

    fn level(
        &mut self,
        node: Node<'t>,
        kind: EventKind,
        level: Level,
        at: &At<'_>,
        gathered: &mut Gathered<'t>,
    ) {
        self.no_text(node, at);
        let mut last = 0;
        for child in node.children() {
            let Some(name) = self.own(child, at) else {
                last = usize::MAX;
                gathered.extensions.push(child);
                continue;
            };
            let inner = match (name, level) {
                ("baseExtension", Level::Event) => Some(Level::Base),
                ("extension", Level::Event) => Some(Level::Extension),
                ("extension", Level::Base | Level::BaseOpen) => Some(Level::BaseOpen),
                ("extension", Level::Extension | Level::Open) => Some(Level::Open),
                _ => None,
            };
            // Said already, in the quantity list that the deprecated type stands for.
            let quantity_event = node.local() == "QuantityEvent";
            if quantity_event && matches!(name, "epcClass" | "quantity") {
                continue;
            }
            let form = form(name);
            let here = at.name(name);
            if form.is_none() && inner.is_none() {
                self.fault(&RULE_XML_ELEMENT, &here, child.offset(), name);
                continue;
            }
            match rank(self.version, kind, level, name) {
                Ok(Some(place)) => {
                    if place < last && !quantity_event {
                        self.order(child, &here);
                    }
                    last = place;
                }
                Ok(None) => {}
                Err(()) if quantity_event => {}
                Err(()) => self.order(child, &here),
            }
            if let Some(inner) = inner {
                self.level(child, kind, inner, at, gathered);
            } else if name == "certificationInfo" {
                // The XSD has it once, the standard any number of times (EPCIS 2.0 §7.4.1).
                gathered.certificates.push(child);
            } else if !gathered.seen.insert(name) {
                self.fault(&RULE_XML_REPEATED, &here, child.offset(), name);
            } else if let Some(form) = form {
                self.field(name, child, form, &here);
            }
        }
    }

    fn order(&mut self, node: Node<'t>, at: &At<'_>) {
        if self.strict {
            self.fault(&RULE_XML_ORDER, at, node.offset(), node.name());
        }
    }

    fn field(&mut self, name: &str, node: Node<'t>, form: Form, at: &At<'_>) {
        match form {
            Form::Text => self.text_member(name, node, at),
            Form::Word => {
                self.out.name(name, node.offset());
                self.known_attributes(node, at, &[]);
                self.no_children(node, at);
                self.word(node.content().trim(), node.offset());
            }
            Form::Epcs => self.epcs(name, node, at),
            Form::Quantities => self.list(name, node, "quantityElement", at, Self::quantity),
            Form::Place => self.place(name, node, at),
            Form::Transactions => {
                self.list(name, node, "bizTransaction", at, |all, node, at| {
                    all.typed("bizTransaction", node, at);
                });
            }
            Form::Parties(item) => {
                self.list(name, node, item, at, |all, node, at| all.typed(item, node, at));
            }
            Form::Sensors => self.list(name, node, "sensorElement", at, Self::sensor_element),
            Form::Persistent => self.persistent(name, node, at),
            Form::Ilmd => {
                let mut parts = Vec::new();
                self.only_extensions(node, at, &mut parts);
                self.out.name(name, node.offset());
                self.out.open('{', node.offset());
                self.members(&parts);
                self.out.close('}');
            }
            Form::Error => self.error_declaration(name, node, at),
        }
    }

    /// The XSD lets an identifier stand twice in a list, the JSON schema does not; twice means no more than once.
    fn epcs(&mut self, name: &str, node: Node<'t>, at: &At<'_>) {
        let seen = std::cell::RefCell::new(HashSet::new());
        self.list(name, node, "epc", at, |all, item, at| {
            if seen.borrow_mut().insert(item.content().trim().to_owned()) {
                all.text(item, at);
            }
        });
    }

    /// `extension` wrappers of `ilmd` are unfolded like all others.
    fn only_extensions(&mut self, node: Node<'t>, at: &At<'_>, parts: &mut Vec<Node<'t>>) {
        self.no_text(node, at);
        for child in node.children() {
            match self.own(child, at) {
                None => parts.push(child),
                Some("extension") => self.only_extensions(child, at, parts),
                Some(name) => self.fault(&RULE_XML_ELEMENT, &at.name(name), child.offset(), name),
            }
        }
        parts.extend(self.foreign_attributes(node, at));
    }

    fn quantity(&mut self, node: Node<'t>, at: &At<'_>) {
        self.out.open('{', node.offset());
        let mut ordered = Ordered::new(&["epcClass", "quantity", "uom"]);
        self.no_text(node, at);
        for child in node.children() {
            let Some(name) = self.ordered(&mut ordered, child, at) else { continue };
            let at = at.name(name);
            match name {
                "quantity" => {
                    // Nil stands for “not known” (EPCIS 2.0 §7.3.3.3), as does its absence in JSON.
                    let text = child.content();
                    let text = text.trim();
                    if !text.is_empty() || !Self::is_nil(child) {
                        self.out.name("quantity", child.offset());
                        self.number(text, child.offset());
                    }
                }
                "epcClass" | "uom" => self.text_member(name, child, &at),
                _ => self.fault(&RULE_XML_ELEMENT, &at, child.offset(), name),
            }
        }
        self.out.close('}');
    }

    fn place(&mut self, name: &str, node: Node<'t>, at: &At<'_>) {
        self.out.name(name, node.offset());
        self.out.open('{', node.offset());
        self.no_text(node, at);
        let mut ordered = Ordered::new(&["id", "extension"]);
        let mut extensions = Vec::new();
        for child in node.children() {
            match self.ordered_or_foreign(&mut ordered, child, at, &mut extensions) {
                Some("id") => self.text_member("id", child, &at.name("id")),
                Some("extension") => self.only_extensions(child, at, &mut extensions),
                Some(name) => self.fault(&RULE_XML_ELEMENT, &at.name(name), child.offset(), name),
                None => {}
            }
        }
        extensions.extend(self.foreign_attributes(node, at));
        self.members(&extensions);
        self.out.close('}');
    }

    /// A business transaction, source or destination: the type is an attribute, the identifier the text.
    fn typed(&mut self, field: &str, node: Node<'t>, at: &At<'_>) {
        self.out.open('{', node.offset());
        if let Some(kind) = node.attribute("", "type") {
            self.out.name("type", kind.offset());
            self.word(kind.content().trim(), kind.value_offset());
        }
        self.known_attributes(node, at, &["type"]);
        self.out.name(field, node.offset());
        self.leaf(node, at);
        self.out.close('}');
    }

    fn persistent(&mut self, name: &str, node: Node<'t>, at: &At<'_>) {
        self.out.name(name, node.offset());
        self.out.open('{', node.offset());
        self.no_text(node, at);
        let mut ordered = Ordered::repeating(&["unset", "set"]);
        let (mut set, mut unset) = (Vec::new(), Vec::new());
        for child in node.children() {
            match self.ordered(&mut ordered, child, at) {
                Some("set") => set.push(child),
                Some("unset") => unset.push(child),
                Some(name) => self.fault(&RULE_XML_ELEMENT, &at.name(name), child.offset(), name),
                None => {}
            }
        }
        for (name, words) in [("set", set), ("unset", unset)] {
            let Some(first) = words.first() else { continue };
            self.out.name(name, first.offset());
            self.out.open('[', first.offset());
            for word in words {
                self.text(word, &at.name(name));
            }
            self.out.close(']');
        }
        self.out.close('}');
    }

    fn error_declaration(&mut self, name: &str, node: Node<'t>, at: &At<'_>) {
        self.out.name(name, node.offset());
        self.out.open('{', node.offset());
        self.no_text(node, at);
        // In 2.0 the XSD takes the parts in any order.
        let sequence = &["declarationTime", "reason", "correctiveEventIDs", "extension"];
        let mut ordered = Ordered::new(sequence);
        ordered.free = self.version == super::Version::V2_0;
        let mut extensions = Vec::new();
        for child in node.children() {
            match self.ordered_or_foreign(&mut ordered, child, at, &mut extensions) {
                Some(name @ ("declarationTime" | "reason")) => {
                    self.text_member(name, child, &at.name(name));
                }
                Some("correctiveEventIDs") => {
                    let at = at.name("correctiveEventIDs");
                    self.list("correctiveEventIDs", child, "correctiveEventID", &at, Self::text);
                }
                Some("extension") => self.only_extensions(child, at, &mut extensions),
                Some(name) => self.fault(&RULE_XML_ELEMENT, &at.name(name), child.offset(), name),
                None => {}
            }
        }
        extensions.extend(self.foreign_attributes(node, at));
        self.members(&extensions);
        self.out.close('}');
    }
}
