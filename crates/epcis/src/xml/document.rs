//! What stands around the events: the document element, header and master data, query results, the event list with its
//! wrappers. All kinds of document become one of the two that JSON-LD knows, or a bare event.

use super::Version;
use super::translate::{Ordered, TEXT, Translator, XSI, is_epcis, version_of};
use super::tree::Node;
use crate::fault::{
    RULE_DOCUMENT_TYPE, RULE_EVENT_TYPE, RULE_XML_ATTRIBUTE, RULE_XML_ELEMENT, RULE_XML_NAMESPACE,
    RULE_XML_ORDER,
};
use crate::model::{Action, EventKind};
use crate::read::At;

const TOP: &[&str] = &["EPCISHeader", "EPCISBody", "extension"];

impl<'t> Translator<'t> {
    /// Translates the document; false where it is none of EPCIS's, which is then a fault.
    pub(super) fn document(&mut self) -> bool {
        let tree = self.tree;
        let root = tree.root();
        let at = At::ROOT;
        let ours = root.namespace().is_empty() || is_epcis(root.namespace());
        let bare = kind_of(root.local()).is_some();
        self.version = if root.namespace().is_empty() {
            // A bare event has no namespace; the one that its document had may still be declared.
            let declared = |uri: &str| tree.namespaces.iter().any(|known| known == uri);
            let old =
                declared("urn:epcglobal:epcis:xsd:1") && !declared("urn:epcglobal:epcis:xsd:2");
            if old { Version::V1_2 } else { Version::V2_0 }
        } else {
            version_of(root.namespace()).unwrap_or(Version::V2_0)
        };
        let name = root.local();
        let known =
            matches!(name, "EPCISDocument" | "EPCISQueryDocument" | "EPCISMasterDataDocument");
        if !ours || !(known || bare) {
            self.fault(&RULE_DOCUMENT_TYPE, &at, root.offset(), root.name());
            return false;
        }
        if self.strict && bare != root.namespace().is_empty() {
            self.fault(&RULE_XML_NAMESPACE, &at, root.offset(), root.name());
        }
        self.out.open('{', root.offset());
        if bare {
            self.bare_event(root, &at);
        } else {
            self.head(root, &at);
        }
        self.names.write_context(&mut self.out, root.offset());
        self.out.close('}');
        true
    }

    /// A bare event often keeps the attributes of the document it was taken out of.
    fn bare_event(&mut self, root: Node<'t>, at: &At<'_>) {
        let Some(kind) = kind_of(root.local()) else { return };
        self.event_fields(root, kind, at);
    }

    fn head(&mut self, root: Node<'t>, at: &At<'_>) {
        let query = root.local() == "EPCISQueryDocument";
        self.out.name("type", root.offset());
        self.out.string(if query { "EPCISQueryDocument" } else { "EPCISDocument" }, root.offset());
        let mut extensions = Vec::new();
        for attribute in root.attributes() {
            match (attribute.namespace(), attribute.local()) {
                (XSI, _) => {}
                (
                    "",
                    name @ ("schemaVersion" | "creationDate" | "id" | "sender" | "receiver"
                    | "instanceIdentifier"),
                ) => {
                    self.out.name(name, attribute.offset());
                    self.out.string(attribute.content().trim(), attribute.value_offset());
                }
                ("", name) => self.fault(&RULE_XML_ATTRIBUTE, at, attribute.offset(), name),
                _ => extensions.push(attribute),
            }
        }
        self.no_text(root, at);
        let mut ordered = Ordered::new(TOP);
        let (mut header, mut body) = (None, None);
        for child in root.children() {
            match self.ordered_or_foreign(&mut ordered, child, at, &mut extensions) {
                Some("EPCISHeader") => header = Some(child),
                Some("EPCISBody") => body = Some(child),
                // A query document without its body, as some tools write it.
                Some("queryName" | "subscriptionID" | "resultsBody" | "QueryResults") if query => {
                    if self.strict {
                        self.fault(&RULE_XML_ORDER, at, child.offset(), child.name());
                    }
                    body = Some(root);
                }
                Some(name) => self.fault(&RULE_XML_ELEMENT, &at.name(name), child.offset(), name),
                None => {}
            }
        }
        let master = root.local() == "EPCISMasterDataDocument";
        if let Some(header) = header.or(body.filter(|_| master)) {
            self.header(header, body.filter(|_| master), &at.name("epcisHeader"));
        }
        if let Some(body) = body {
            let at = at.name("epcisBody");
            self.out.name("epcisBody", body.offset());
            self.out.open('{', body.offset());
            if query {
                self.query_body(body, &at);
            } else if master {
                self.empty_list(body);
            } else {
                self.body(body, &at);
            }
            self.out.close('}');
        }
        // What a repository wants left out of hash ids is a list of names, not of values.
        extensions.retain(|part| part.local() != "ignoreFields" || !self.ignore_fields(*part));
        self.members(&extensions);
    }

    /// `…:ignoreFields` of the reference implementation of the hash: each child's name stands for itself.
    fn ignore_fields(&mut self, node: Node<'t>) -> bool {
        if !node.is_element() || node.children().next().is_none() {
            return false;
        }
        let key = self.names.key(node);
        self.out.name(&key, node.offset());
        self.out.open('[', node.offset());
        for child in node.children() {
            let key = self.names.key(child);
            self.out.string(&key, child.offset());
        }
        self.out.close(']');
        true
    }

    fn empty_list(&mut self, node: Node<'t>) {
        self.out.name("eventList", node.offset());
        self.out.open('[', node.offset());
        self.out.close(']');
    }

    fn body(&mut self, body: Node<'t>, at: &At<'_>) {
        self.no_text(body, at);
        let mut ordered = Ordered::new(&["EventList", "extension"]);
        let (mut list, mut foreign) = (None, Vec::new());
        for child in body.children() {
            match self.ordered_or_foreign(&mut ordered, child, at, &mut foreign) {
                Some("EventList") => list = Some(child),
                Some(name) => self.fault(&RULE_XML_ELEMENT, &at.name(name), child.offset(), name),
                None => {}
            }
        }
        // The JSON of EPCIS has no place for extensions between the body and its list.
        if let Some(foreign) = foreign.first() {
            self.fault(&RULE_XML_ELEMENT, at, foreign.offset(), foreign.name());
        }
        match list {
            Some(list) => self.event_list(list, &at.name("eventList")),
            None => self.empty_list(body),
        }
    }

    fn query_body(&mut self, body: Node<'t>, at: &At<'_>) {
        let results = body.children().find(|child| child.local() == "QueryResults");
        let results = match results {
            Some(results) => {
                if self.strict && !is_epcis(results.namespace()) {
                    self.fault(&RULE_XML_NAMESPACE, at, results.offset(), results.name());
                }
                results
            }
            None if body.local() == "EPCISQueryDocument" => body,
            None => {
                let other = body.children().next();
                let what = other.map_or("", Node::name);
                return self.fault(&RULE_DOCUMENT_TYPE, at, other.unwrap_or(body).offset(), what);
            }
        };
        let at = at.name("queryResults");
        self.out.name("queryResults", results.offset());
        self.out.open('{', results.offset());
        let mut ordered =
            Ordered::new(&["queryName", "subscriptionID", "resultsBody", "extension"]);
        let mut foreign = Vec::new();
        for child in results.children() {
            match self.ordered_or_foreign(&mut ordered, child, &at, &mut foreign) {
                Some(name @ ("queryName" | "subscriptionID")) => {
                    self.text_member(name, child, &at.name(name));
                }
                Some("resultsBody") => {
                    let at = at.name("resultsBody");
                    self.out.name("resultsBody", child.offset());
                    self.out.open('{', child.offset());
                    match child.children().next() {
                        Some(list) if list.local() == "EventList" => {
                            self.own(list, &at);
                            self.event_list(list, &at.name("eventList"));
                        }
                        Some(list) if list.local() == "VocabularyList" => {
                            self.own(list, &at);
                            self.vocabulary_lists(&[list], &at);
                            self.empty_list(child);
                        }
                        _ => self.empty_list(child),
                    }
                    self.out.close('}');
                }
                Some("EPCISHeader") | None => {}
                Some(name) => self.fault(&RULE_XML_ELEMENT, &at.name(name), child.offset(), name),
            }
        }
        if !self.strict && !results.children().any(|child| child.local() == "queryName") {
            // The one query of the standard whose results are events (EPCIS 2.0 §8.2.7.1).
            self.out.name("queryName", results.offset());
            self.out.string("SimpleEventQuery", results.offset());
        }
        self.out.close('}');
    }

    fn event_list(&mut self, list: Node<'t>, at: &At<'_>) {
        self.out.name("eventList", list.offset());
        self.out.open('[', list.offset());
        let mut index = 0;
        self.events(list, 0, &mut index, at);
        self.out.close(']');
    }

    /// The events of the list or of one of its wrappers, `depth` of them around.
    fn events(&mut self, list: Node<'t>, depth: usize, index: &mut usize, at: &At<'_>) {
        self.no_text(list, at);
        for child in list.children() {
            let here = at.index(*index);
            let name = self.own(child, &here).unwrap_or("");
            if name == "extension" {
                self.events(child, depth + 1, index, at);
                continue;
            }
            *index += usize::from(self.one_event(child, name, depth, &here));
        }
    }

    /// An element that stands in the list of events by itself.
    pub(super) fn list_item(&mut self, node: Node<'t>, depth: usize, at: &At<'_>) -> bool {
        let name = self.own(node, at).unwrap_or("");
        self.one_event(node, name, depth, at)
    }

    /// One event; false where it is none, and then has no number.
    fn one_event(&mut self, node: Node<'t>, name: &str, depth: usize, at: &At<'_>) -> bool {
        let Some(kind) = kind_of(name) else {
            self.fault(&RULE_EVENT_TYPE, at, node.offset(), node.name());
            return false;
        };
        // In 1.2 the types that came later stand in one wrapper (1.1) or two (2.0).
        let place = match (self.version, kind) {
            (Version::V2_0, _) => 0,
            (_, EventKind::Transformation) => 1,
            (_, EventKind::Association) => 2,
            _ => 0,
        };
        if self.strict && depth != place {
            self.fault(&RULE_XML_ORDER, at, node.offset(), node.name());
        }
        self.out.open('{', node.offset());
        self.event_fields(node, kind, at);
        self.out.close('}');
        true
    }

    fn event_fields(&mut self, node: Node<'t>, kind: EventKind, at: &At<'_>) {
        if node.local() == "QuantityEvent" {
            self.quantity_event(node, at);
        } else {
            self.event(node, kind, at);
        }
    }

    /// The deprecated QuantityEvent says what an observed ObjectEvent with a quantity says (EPCIS 1.2 §7.4.4).
    fn quantity_event(&mut self, node: Node<'t>, at: &At<'_>) {
        self.out.name("action", node.offset());
        self.out.string(Action::Observe.name(), node.offset());
        self.out.name("quantityList", node.offset());
        self.out.open('[', node.offset());
        self.out.open('{', node.offset());
        for child in node.children().filter(|child| child.namespace().is_empty()) {
            match child.local() {
                "epcClass" => self.text_member("epcClass", child, at),
                "quantity" => {
                    self.out.name("quantity", child.offset());
                    self.number(child.content().trim(), child.offset());
                }
                _ => {}
            }
        }
        self.out.close('}');
        self.out.close(']');
        self.event(node, EventKind::Object, at);
    }

    /// The header: master data by the JSON schema's names, everything else as an extension. `also` is the body of a
    /// master data document, which has a vocabulary list of its own.
    fn header(&mut self, header: Node<'t>, also: Option<Node<'t>>, at: &At<'_>) {
        self.out.name("epcisHeader", header.offset());
        self.out.open('{', header.offset());
        let (mut lists, mut extensions) = (Vec::new(), Vec::new());
        if Some(header.offset()) != also.map(Node::offset) {
            self.header_parts(header, at, &mut lists, &mut extensions);
        }
        if let Some(body) = also {
            lists.extend(body.children().filter(|child| child.local() == "VocabularyList"));
        }
        if let Some(first) = lists.first() {
            let at = at.name("epcisMasterData");
            self.out.name("epcisMasterData", first.offset());
            self.out.open('{', first.offset());
            self.vocabulary_lists(&lists, &at);
            self.out.close('}');
        }
        self.members(&extensions);
        self.out.close('}');
    }

    /// Several lists as one `vocabularyList`.
    fn vocabulary_lists(&mut self, lists: &[Node<'t>], at: &At<'_>) {
        let Some(first) = lists.first() else { return };
        let at = at.name("vocabularyList");
        self.out.name("vocabularyList", first.offset());
        self.out.open('[', first.offset());
        let vocabularies = lists.iter().flat_map(|list| list.children());
        for (index, vocabulary) in vocabularies.enumerate() {
            self.vocabulary(vocabulary, &at.index(index));
        }
        self.out.close(']');
    }

    fn header_parts(
        &mut self,
        node: Node<'t>,
        at: &At<'_>,
        lists: &mut Vec<Node<'t>>,
        extensions: &mut Vec<Node<'t>>,
    ) {
        self.no_text(node, at);
        for child in node.children() {
            match self.own(child, at) {
                None => extensions.push(child),
                Some("extension" | "EPCISMasterData") => {
                    self.header_parts(child, at, lists, extensions);
                }
                Some("VocabularyList") => lists.push(child),
                Some(name) => self.fault(&RULE_XML_ELEMENT, &at.name(name), child.offset(), name),
            }
        }
    }

    fn vocabulary(&mut self, node: Node<'t>, at: &At<'_>) {
        self.out.open('{', node.offset());
        self.attribute_member(node, "type");
        let at = at.name("vocabularyElementList");
        for list in node.children().filter(|child| child.local() == "VocabularyElementList") {
            self.out.name("vocabularyElementList", list.offset());
            self.out.open('[', list.offset());
            for (index, element) in list.children().enumerate() {
                let at = at.index(index);
                if self.own(element, &at) == Some("VocabularyElement") {
                    self.vocabulary_element(element, &at);
                } else {
                    self.fault(&RULE_XML_ELEMENT, &at, element.offset(), element.name());
                }
            }
            self.out.close(']');
        }
        self.out.close('}');
    }

    fn vocabulary_element(&mut self, node: Node<'t>, at: &At<'_>) {
        self.out.open('{', node.offset());
        self.attribute_member(node, "id");
        let attributes: Vec<_> = node.children().filter(|c| c.local() == "attribute").collect();
        if let Some(first) = attributes.first() {
            self.out.name("attributes", first.offset());
            self.out.open('[', first.offset());
            for attribute in attributes {
                self.out.open('{', attribute.offset());
                self.attribute_member(attribute, "id");
                self.out.name("attribute", attribute.offset());
                self.attribute_value(attribute);
                self.out.close('}');
            }
            self.out.close(']');
        }
        if let Some(children) = node.children().find(|child| child.local() == "children") {
            self.list("children", children, "id", at, Self::text);
        }
        self.out.close('}');
    }

    /// The value of a master data attribute, whose `id` is no part of it.
    fn attribute_value(&mut self, node: Node<'t>) {
        let parts: Vec<_> = node.children().collect();
        let content = node.content();
        if parts.is_empty() {
            return self.out.string(content.trim(), node.offset());
        }
        self.out.open('{', node.offset());
        self.members(&parts);
        if !content.trim().is_empty() {
            self.out.name(TEXT, node.offset());
            self.out.string(content.trim(), node.offset());
        }
        self.out.close('}');
    }

    fn attribute_member(&mut self, node: Node<'t>, name: &str) {
        if let Some(attribute) = node.attribute("", name) {
            self.out.name(name, attribute.offset());
            self.out.string(attribute.content().trim(), attribute.value_offset());
        }
    }
}

/// The type of an event element; the deprecated QuantityEvent counts as the ObjectEvent that it stands for.
fn kind_of(name: &str) -> Option<EventKind> {
    if name == "QuantityEvent" { Some(EventKind::Object) } else { EventKind::parse(name) }
}
