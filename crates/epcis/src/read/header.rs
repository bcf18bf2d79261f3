//! The `epcisHeader`: its master data is judged and taken out, and the whole is kept as written. Events never depend on it.

use std::collections::HashMap;

use super::identifier::Use;
use super::{At, Reader};
use crate::context::Context;
use crate::fault::{RULE_MASTER_DATA, RULE_MASTER_ID, RULE_MASTER_TYPE};
use crate::json::{Json, Kind, Node};
use crate::master::{
    Attribute, VocabularyElement, canonical_type, expanded_attribute, is_malformed_type, nothing,
};

/// Bytes of a type or name: an index has to hold two of them.
const MAX_NAME: usize = 1_000;

/// The elements of a document by vocabulary and canonical name; what is said of one at two places is one assertion.
#[derive(Default)]
pub(super) struct Elements {
    list: Vec<VocabularyElement>,
    places: HashMap<(String, String), usize>,
}

impl Elements {
    fn add(&mut self, element: VocabularyElement) {
        let key = (element.vocabulary.clone(), element.canonical_id());
        if let Some(place) = self.places.get(&key) {
            self.list[*place].merge(element);
        } else {
            self.places.insert(key, self.list.len());
            self.list.push(element);
        }
    }
}

impl<'t> Reader<'t> {
    /// Judges a header; its master data.
    pub(super) fn header(
        &mut self,
        node: Node<'t>,
        at: &At<'_>,
        context: &Context,
    ) -> Vec<VocabularyElement> {
        if !self.expect(node, Kind::Object, at) {
            return Vec::new();
        }
        let mut found = Vec::new();
        for (name, value) in node.members() {
            let Some(key) = name.string() else { continue };
            let at = at.name(&key);
            if &*key == "epcisMasterData" {
                if self.expect(value, Kind::Object, &at)
                    && let Some(list) = value.get("vocabularyList")
                {
                    found = self.vocabularies(list, &at.name("vocabularyList"), context);
                }
            } else {
                self.extension_name(name, &at, context);
            }
        }
        found
    }

    /// A `vocabularyList`, of a header or of query results.
    pub(super) fn vocabularies(
        &mut self,
        list: Node<'t>,
        at: &At<'_>,
        context: &Context,
    ) -> Vec<VocabularyElement> {
        let mut elements = Elements::default();
        self.list(list, at, |reader, node, at| reader.vocabulary(node, at, context, &mut elements));
        elements.list
    }

    fn vocabulary(
        &mut self,
        node: Node<'t>,
        at: &At<'_>,
        context: &Context,
        elements: &mut Elements,
    ) -> Option<()> {
        let kind = self.identified(node, at, "type")?;
        if is_malformed_type(&kind) {
            self.fault(
                &RULE_MASTER_TYPE,
                &at.name("type"),
                node.get("type").unwrap_or(node),
                &kind,
            );
        }
        let list = node.get("vocabularyElementList")?;
        let most = self.limits.events;
        let kind = canonical_type(&kind);
        self.list(list, &at.name("vocabularyElementList"), |reader, node, at| {
            if elements.list.len() >= most {
                // Told once: the first that is too many.
                if elements.list.len() == most && !reader.told(&RULE_MASTER_DATA) {
                    reader.fault(&RULE_MASTER_DATA, at, node, &most.to_string());
                }
                return None;
            }
            let element = reader.vocabulary_element(node, at, &kind, context)?;
            elements.add(element);
            Some(())
        });
        Some(())
    }

    fn vocabulary_element(
        &mut self,
        node: Node<'t>,
        at: &At<'_>,
        vocabulary: &str,
        context: &Context,
    ) -> Option<VocabularyElement> {
        let id = self.identified(node, at, "id")?;
        let mut plain = true;
        let mut attributes = Vec::new();
        if let Some(list) = node.get("attributes") {
            attributes = self.list(list, &at.name("attributes"), |reader, node, at| {
                let id = reader.identified(node, at, "id")?;
                let value = node.get("attribute");
                plain &= value.is_none_or(|value| value.kind() == Kind::String);
                let value = value.map_or_else(nothing, |value| Json::known(value.source()));
                Some(Attribute { id: expanded_attribute(&id, context), value })
            });
        }
        let mut children = Vec::new();
        if let Some(list) = node.get("children") {
            children = self.list(list, &at.name("children"), Self::element_name);
        }
        // Plain texts need no context, and most attributes are such.
        let context = if plain { Context::default() } else { context.clone() };
        Some(VocabularyElement {
            vocabulary: vocabulary.to_owned(),
            id,
            attributes,
            children,
            context,
        })
    }

    fn identified(&mut self, node: Node<'t>, at: &At<'_>, field: &str) -> Option<String> {
        if !self.expect(node, Kind::Object, at) {
            return None;
        }
        let Some(id) = node.get(field) else {
            self.missing(at, node, field);
            return None;
        };
        self.element_name(id, &at.name(field))
    }

    fn element_name(&mut self, node: Node<'t>, at: &At<'_>) -> Option<String> {
        let name = self.identifier(node, at, Use::Any)?;
        if name.len() > MAX_NAME {
            self.fault(&RULE_MASTER_ID, at, node, &MAX_NAME.to_string());
            return None;
        }
        Some(name)
    }
}
