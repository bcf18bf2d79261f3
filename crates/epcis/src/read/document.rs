//! The document around the events: its kind, its fields, and the way to its list.

use super::at::Step;
use super::{At, Document, DocumentKind, Extension, Reader};
use crate::context::Context;
use crate::fault::{RULE_DOCUMENT_TYPE, RULE_EVENTS, RULE_VERSION};
use crate::json::{Json, Kind, Node};

impl<'t> Reader<'t> {
    pub(super) fn document(&mut self, root: Node<'t>) -> Option<Document> {
        let at = At::ROOT;
        if root.kind() == Kind::Array {
            return Some(self.bare(root, Some(root)));
        }
        if !self.expect(root, Kind::Object, &at) {
            return None;
        }
        let Some(kind) = root.get("type") else {
            self.missing(&at, root, "type");
            return None;
        };
        let name = self.text(kind, &at.name("type"))?;
        match &*name {
            "EPCISDocument" => Some(self.epcis_document(root)),
            "EPCISQueryDocument" => Some(self.query_document(root)),
            name if crate::EventKind::parse(name).is_some() => Some(self.bare(root, None)),
            name => {
                self.fault(&RULE_DOCUMENT_TYPE, &at.name("type"), kind, name);
                None
            }
        }
    }

    fn bare(&mut self, root: Node<'t>, list: Option<Node<'t>>) -> Document {
        let mut document = Document::new(DocumentKind::Events);
        match list {
            Some(list) => self.events(list, &At::ROOT, &mut document),
            None => document.events.extend(self.event(root, &At::ROOT, &Context::default())),
        }
        document
    }

    fn epcis_document(&mut self, root: Node<'t>) -> Document {
        let at = At::ROOT;
        let mut document = Document::new(DocumentKind::EpcisDocument);
        self.document_context(root, &mut document);
        for required in ["schemaVersion", "creationDate", "epcisBody"] {
            if root.get(required).is_none() {
                self.missing(&at, root, required);
            }
        }
        self.document_fields(root, &mut document);
        if let Some(body) = root.get("epcisBody") {
            let at = at.name("epcisBody");
            if self.expect(body, Kind::Object, &at) {
                self.event_list(body, &at, &mut document);
            }
        }
        document
    }

    fn query_document(&mut self, root: Node<'t>) -> Document {
        let at = At::ROOT;
        let mut document = Document::new(DocumentKind::EpcisQueryDocument);
        self.document_context(root, &mut document);
        self.document_fields(root, &mut document);
        let (body_at, mut node) = (at.name("epcisBody"), root);
        let results_at = body_at.name("queryResults");
        let list_at = results_at.name("resultsBody");
        for step in [&body_at, &results_at, &list_at] {
            let Step::Name(name) = step.step else { continue };
            match node.get(name) {
                Some(next) if self.expect(next, Kind::Object, step) => node = next,
                Some(_) => return document,
                None => {
                    self.missing(step.parent.unwrap_or(&at), node, name);
                    return document;
                }
            }
            if name == "queryResults" {
                self.query_results(node, step, &mut document);
            }
        }
        if let Some(list) = node.get("vocabularyList") {
            let found = self.vocabularies(list, &list_at.name("vocabularyList"), &document.context);
            document.master_data.extend(found);
        }
        self.event_list(node, &list_at, &mut document);
        document
    }

    fn query_results(&mut self, node: Node<'t>, at: &At<'_>, document: &mut Document) {
        for (name, field) in [("queryName", true), ("subscriptionID", false)] {
            match node.get(name) {
                Some(value) => {
                    let text = self.text(value, &at.name(name)).map(std::borrow::Cow::into_owned);
                    *(if field {
                        &mut document.query_name
                    } else {
                        &mut document.subscription_id
                    }) = text;
                }
                None if field => self.missing(at, node, name),
                None => {}
            }
        }
    }

    fn document_context(&mut self, root: Node<'t>, document: &mut Document) {
        let at = At::ROOT;
        match root.get("@context") {
            Some(node) => self.context(node, &at.name("@context"), &mut document.context),
            None => self.missing(&at, root, "@context"),
        }
    }

    fn document_fields(&mut self, root: Node<'t>, document: &mut Document) {
        let root_at = At::ROOT;
        for (name, value) in root.members() {
            let Some(key) = name.string() else { continue };
            let at = root_at.name(&key);
            match &*key {
                "@context" | "type" | "epcisBody" => {}
                "id" => document.id = self.uri(value, &at),
                "schemaVersion" => self.schema_version(value, &at),
                "creationDate" => document.creation_date = self.time(value, &at),
                "epcisHeader" => {
                    let found = self.header(value, &at, &document.context);
                    document.master_data.extend(found);
                    document.header = Some(Json::known(value.source()));
                }
                "sender" | "receiver" | "instanceIdentifier" => {
                    if self.text(value, &at).is_some() {
                        document.extensions.push(Extension::of(&key, value));
                    }
                }
                _ => {
                    if self.extension_name(name, &at, &document.context) {
                        document.extensions.push(Extension::of(&key, value));
                    }
                }
            }
        }
    }

    fn schema_version(&mut self, node: Node<'t>, at: &At<'_>) {
        let version = node.string().filter(|version| {
            version
                .split('.')
                .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
        });
        if version.is_none() {
            self.fault(&RULE_VERSION, at, node, node.source());
        }
    }

    fn event_list(&mut self, body: Node<'t>, at: &At<'_>, document: &mut Document) {
        let Some(list) = body.get("eventList") else {
            return self.missing(at, body, "eventList");
        };
        let at = at.name("eventList");
        if self.expect(list, Kind::Array, &at) {
            self.events(list, &at, document);
        }
    }

    fn events(&mut self, list: Node<'t>, at: &At<'_>, document: &mut Document) {
        // One allocation for all that can be events: the least of them has four names and four values.
        document.events.reserve_exact(list.items().count().min(list.nodes() / 8));
        for (index, node) in list.items().enumerate() {
            let at = at.index(index);
            if index == self.limits.events {
                return self.fault(&RULE_EVENTS, &at, node, &self.limits.events.to_string());
            }
            if self.expect(node, Kind::Object, &at) {
                document.events.extend(self.event(node, &at, &document.context));
            }
        }
        let unhashed = document.unhashed();
        if !unhashed.is_empty() {
            for event in &mut document.events {
                event.written.unhashed.clone_from(&unhashed);
            }
        }
    }
}
