//! The `epcisHeader`: its master data is checked for shape and kept as written. Master data belongs to the register; the
//! events never depend on it.

use super::identifier::Use;
use super::{At, Reader};
use crate::context::Context;
use crate::json::{Kind, Node};

impl<'t> Reader<'t> {
    pub(super) fn header(&mut self, node: Node<'t>, at: &At<'_>, context: &Context) {
        if !self.expect(node, Kind::Object, at) {
            return;
        }
        for (name, value) in node.members() {
            let Some(key) = name.string() else { continue };
            let at = at.name(&key);
            if &*key == "epcisMasterData" {
                if self.expect(value, Kind::Object, &at)
                    && let Some(list) = value.get("vocabularyList")
                {
                    self.list(list, &at.name("vocabularyList"), Self::vocabulary);
                }
            } else {
                self.extension_name(name, &at, context);
            }
        }
    }

    fn vocabulary(&mut self, node: Node<'t>, at: &At<'_>) -> Option<()> {
        self.identified(node, at, "type")?;
        if let Some(list) = node.get("vocabularyElementList") {
            self.list(list, &at.name("vocabularyElementList"), Self::vocabulary_element);
        }
        Some(())
    }

    fn vocabulary_element(&mut self, node: Node<'t>, at: &At<'_>) -> Option<()> {
        self.identified(node, at, "id")?;
        if let Some(list) = node.get("attributes") {
            self.list(list, &at.name("attributes"), |reader, node, at| {
                reader.identified(node, at, "id")
            });
        }
        if let Some(list) = node.get("children") {
            self.uris(list, &at.name("children"));
        }
        Some(())
    }

    fn identified(&mut self, node: Node<'t>, at: &At<'_>, field: &str) -> Option<()> {
        if !self.expect(node, Kind::Object, at) {
            return None;
        }
        match node.get(field) {
            Some(id) => drop(self.identifier(id, &at.name(field), Use::Any)),
            None => self.missing(at, node, field),
        }
        Some(())
    }
}
