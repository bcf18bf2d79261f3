//! The header with its master data, and what a document carries beside header and body.

use super::value::scalar;
use super::{Writer, is_plain};
use crate::context::Context;
use crate::json::{Json, Kind, Node};
use crate::master::VocabularyElement;
use crate::read::{At, Document};

impl Writer {
    pub(super) fn header(&mut self, header: &Json, context: &Context, at: &At<'_>) {
        self.open("EPCISHeader");
        self.walk(header, |writer, header| {
            // The business document header stands first, and master data in the extension after it.
            for (name, value) in header.members() {
                let key = name.string().unwrap_or_default();
                if key != "epcisMasterData" {
                    writer.member(&key, value, context, false, &at.name(&key));
                }
            }
            let lists = header.get("epcisMasterData").and_then(|data| data.get("vocabularyList"));
            if let Some(list) = lists {
                writer.out.push_str("<extension><EPCISMasterData><VocabularyList>");
                for vocabulary in list.items() {
                    writer.vocabulary(vocabulary, context, at);
                }
                writer.out.push_str("</VocabularyList></EPCISMasterData></extension>");
            }
        });
        self.close("EPCISHeader");
    }

    fn vocabulary(&mut self, vocabulary: Node<'_>, context: &Context, at: &At<'_>) {
        self.out.push_str("\n<Vocabulary");
        self.identified(vocabulary, "type", at);
        let elements = vocabulary.get("vocabularyElementList").into_iter().flat_map(Node::items);
        let mut elements = elements.peekable();
        if elements.peek().is_some() {
            self.open("VocabularyElementList");
            for element in elements {
                self.vocabulary_element(element, context, at);
            }
            self.close("VocabularyElementList");
        }
        self.close("Vocabulary");
    }

    fn vocabulary_element(&mut self, element: Node<'_>, context: &Context, at: &At<'_>) {
        self.out.push_str("\n<VocabularyElement");
        self.identified(element, "id", at);
        for attribute in element.get("attributes").into_iter().flat_map(Node::items) {
            self.master_data(attribute, context, at);
        }
        let mut children = element.get("children").into_iter().flat_map(Node::items).peekable();
        if children.peek().is_some() {
            self.open("children");
            for child in children {
                self.text("id", &scalar(child), at);
            }
            self.close("children");
        }
        self.close("VocabularyElement");
    }

    /// A `VocabularyList` of elements, those that stand together in one vocabulary; each brings its own context.
    pub(super) fn vocabulary_list(&mut self, elements: &[VocabularyElement], at: &At<'_>) {
        self.open("VocabularyList");
        for group in elements.chunk_by(|a, b| a.vocabulary == b.vocabulary) {
            self.out.push_str("\n<Vocabulary");
            self.attribute("type", &group[0].vocabulary, at);
            self.out.push_str("><VocabularyElementList>");
            for element in group {
                let json = Json::known(&element.to_json());
                self.walk(&json, |writer, node| {
                    writer.vocabulary_element(node, &element.context, at);
                });
            }
            self.out.push_str("</VocabularyElementList></Vocabulary>");
        }
        self.close("VocabularyList");
    }

    /// ` id="…">`.
    fn identified(&mut self, node: Node<'_>, name: &str, at: &At<'_>) {
        if let Some(value) = node.get(name) {
            self.attribute(name, &scalar(value), at);
        }
        self.out.push('>');
    }

    fn master_data(&mut self, attribute: Node<'_>, context: &Context, at: &At<'_>) {
        let value = attribute.get("attribute");
        let many = value.filter(|value| value.kind() == Kind::Array);
        let values: Vec<_> =
            many.map_or_else(|| value.into_iter().collect(), |v| v.items().collect());
        for value in values {
            self.out.push_str("<attribute");
            self.identified(attribute, "id", at);
            self.escaped(&scalar(value), false, at);
            self.members(value, context, true, at);
            self.close("attribute");
        }
    }

    pub(super) fn document_extensions(&mut self, document: &Document, root: &At<'_>) {
        let context = &document.context;
        for extension in document.extensions.iter().filter(|e| !is_plain(&e.name)) {
            let at = root.name(&extension.name);
            if !extension.name.ends_with(":ignoreFields") {
                self.extensions(std::slice::from_ref(extension), context, root);
                continue;
            }
            // Names, each of which is an element.
            let Some(name) = self.name(&extension.name, context, false, &at) else { continue };
            self.open(&name);
            self.walk(&extension.value, |writer, list| {
                for item in list.items() {
                    let key = item.string().unwrap_or_default();
                    if let Some(name) = writer.name(&key, context, false, &at) {
                        writer.out.push('<');
                        writer.out.push_str(&name);
                        writer.out.push_str("/>");
                    }
                }
            });
            self.close(&name);
        }
    }
}
