//! Values in other people's namespaces: objects become elements of elements, lists repeat their element, and what XML
//! has no types for becomes text, numbers in the spelling that their event hash id has.

use super::Writer;
use crate::context::Context;
use crate::hash::trim_zeros;
use crate::json::{Json, Kind, Node, Tape};
use crate::model::Extension;
use crate::read::{At, Limits, decimal};
use crate::xml::translate::TEXT;

impl Writer {
    /// Calls `with` on the root of a JSON text. What is kept as [`Json`] has been read before, so that nothing fails here.
    pub(super) fn walk(&mut self, json: &Json, with: impl FnOnce(&mut Self, Node<'_>)) {
        if let Ok(tape) = Tape::read(json.as_str(), &Limits::NONE) {
            with(self, tape.root());
        }
    }

    pub(super) fn extensions(&mut self, extensions: &[Extension], context: &Context, at: &At<'_>) {
        for extension in extensions {
            let at = at.name(&extension.name);
            self.walk(&extension.value, |writer, value| {
                writer.member(&extension.name, value, context, false, &at);
            });
        }
    }

    /// The members of an object as elements.
    pub(super) fn members(&mut self, object: Node<'_>, context: &Context, bare: bool, at: &At<'_>) {
        for (name, value) in object.members() {
            let key = name.string().unwrap_or_default();
            self.member(&key, value, context, bare, &at.name(&key));
        }
    }

    pub(super) fn member(
        &mut self,
        key: &str,
        value: Node<'_>,
        context: &Context,
        bare: bool,
        at: &At<'_>,
    ) {
        match value.kind() {
            Kind::Array => {
                for (index, item) in value.items().enumerate() {
                    self.member(key, item, context, bare, &at.index(index));
                }
            }
            // Attributes about the XML are written with the element that they stand on.
            _ if bare && key == TEXT => self.content(value, at),
            _ => {
                let Some(name) = self.name(key, context, bare, at) else { return };
                if name.starts_with("xml:") {
                    return;
                }
                self.out.push('<');
                self.out.push_str(&name);
                self.about(value, context, at);
                self.out.push('>');
                self.content(value, at);
                self.members(value, context, true, at);
                self.close(&name);
            }
        }
    }

    /// `xml:…` attributes of the element that an object or text becomes.
    fn about(&mut self, value: Node<'_>, context: &Context, at: &At<'_>) {
        let text = value.get(TEXT).unwrap_or(value).string();
        if text.is_some_and(|text| text.trim().len() != text.len()) {
            self.out.push_str(" xml:space=\"preserve\"");
        }
        for (name, value) in value.members() {
            let key = name.string().unwrap_or_default();
            if context.expand(&key).is_some_and(|(uri, _)| uri == crate::xml::scan::XML)
                && let Some(name) = self.name(&key, context, true, at)
            {
                self.attribute(&name, &scalar(value), &at.name(&key));
            }
        }
    }

    fn content(&mut self, value: Node<'_>, at: &At<'_>) {
        self.escaped(&scalar(value), false, at);
    }
}

/// The text of a value that is no object or list. `null` says that there is none.
pub(super) fn scalar(value: Node<'_>) -> String {
    match value.kind() {
        Kind::String => value.string().unwrap_or_default().into_owned(),
        Kind::Number => match value.source() {
            plain if !plain.contains(['e', 'E']) => trim_zeros(plain),
            number => {
                decimal(number).map_or_else(|| number.to_owned(), |n| n.normalize().to_string())
            }
        },
        Kind::Bool => value.source().to_owned(),
        Kind::Null | Kind::Array | Kind::Object => String::new(),
    }
}
