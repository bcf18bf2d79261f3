//! An XML document as a flat list of nodes in document order, each with its place in the text. Names and contents are
//! slices of the text; namespaces are resolved once, while scanning.

use std::borrow::Cow;
use std::collections::HashMap;

use super::text::unescape;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Element,
    Attribute,
    /// Character data with references still in it.
    Text,
    /// Character data as it is.
    CData,
}

/// `start..end` is the name of an element or attribute, or the text; `value` the text of an attribute.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    pub(super) kind: Kind,
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) value: (u32, u32),
    /// Index into the list of namespaces; 0 is none.
    pub(super) namespace: u32,
    /// The node after the last part of this one.
    pub(super) next: u32,
}

pub(super) struct Tree<'t> {
    pub(super) text: &'t str,
    pub(super) shapes: Vec<Shape>,
    pub(super) namespaces: Vec<Cow<'t, str>>,
    /// What each prefix stood for first, anywhere in the document.
    pub(super) prefixes: HashMap<&'t str, u32>,
}

#[derive(Clone, Copy)]
pub(super) struct Node<'t> {
    tree: &'t Tree<'t>,
    index: usize,
}

impl<'t> Tree<'t> {
    /// The document element. Scanning refuses a text without one.
    pub(super) fn root(&'t self) -> Node<'t> {
        Node { tree: self, index: 0 }
    }

    /// The namespace that a prefix stands for; for words in values, which are not resolved while scanning.
    pub(super) fn namespace_of(&self, prefix: &str) -> Option<&str> {
        self.prefixes.get(prefix).map(|index| &*self.namespaces[*index as usize])
    }
}

impl<'t> Node<'t> {
    fn shape(self) -> Shape {
        self.tree.shapes[self.index]
    }

    fn slice(self, (start, end): (u32, u32)) -> &'t str {
        &self.tree.text[start as usize..end as usize]
    }

    /// Where the node begins: an element at its `<`, all else at its first character.
    pub(super) fn offset(self) -> usize {
        let shape = self.shape();
        shape.start as usize - usize::from(shape.kind == Kind::Element)
    }

    /// Where the value begins: the text of an attribute, else the node itself.
    pub(super) fn value_offset(self) -> usize {
        match self.shape() {
            Shape { kind: Kind::Attribute, value, .. } => value.0 as usize,
            _ => self.offset(),
        }
    }

    /// The name as written, with its prefix.
    pub(super) fn name(self) -> &'t str {
        let shape = self.shape();
        self.slice((shape.start, shape.end))
    }

    pub(super) fn prefix(self) -> &'t str {
        self.name().split_once(':').map_or("", |(prefix, _)| prefix)
    }

    pub(super) fn local(self) -> &'t str {
        let name = self.name();
        name.split_once(':').map_or(name, |(_, local)| local)
    }

    /// Empty where there is none.
    pub(super) fn namespace(self) -> &'t str {
        &self.tree.namespaces[self.shape().namespace as usize]
    }

    fn parts(self) -> impl Iterator<Item = Node<'t>> {
        let end = match self.shape().kind {
            Kind::Element => self.shape().next as usize,
            _ => 0,
        };
        let mut index = self.index + 1;
        std::iter::from_fn(move || {
            (index < end).then(|| {
                let part = Node { tree: self.tree, index };
                index = part.shape().next as usize;
                part
            })
        })
    }

    pub(super) fn children(self) -> impl Iterator<Item = Node<'t>> {
        self.parts().filter(|part| part.shape().kind == Kind::Element)
    }

    pub(super) fn attributes(self) -> impl Iterator<Item = Node<'t>> {
        self.parts().take_while(|part| part.shape().kind == Kind::Attribute)
    }

    /// An attribute by namespace and local name.
    pub(super) fn attribute(self, namespace: &str, local: &str) -> Option<Node<'t>> {
        self.attributes().find(|a| a.local() == local && a.namespace() == namespace)
    }

    pub(super) fn is_element(self) -> bool {
        self.shape().kind == Kind::Element
    }

    /// The character data of an element without that of its children, or the value of an attribute.
    pub(super) fn content(self) -> Cow<'t, str> {
        if self.shape().kind == Kind::Attribute {
            return unescape(self.slice(self.shape().value)).unwrap_or_default();
        }
        let mut whole = Cow::Borrowed("");
        for part in self.parts() {
            let shape = part.shape();
            let text = match shape.kind {
                Kind::Text => unescape(part.slice((shape.start, shape.end))).unwrap_or_default(),
                Kind::CData => Cow::Borrowed(part.slice((shape.start, shape.end))),
                Kind::Element | Kind::Attribute => continue,
            };
            if whole.is_empty() {
                whole = text;
            } else {
                whole.to_mut().push_str(&text);
            }
        }
        whole
    }

    /// The first character data that is not space, for those who want none.
    pub(super) fn stray_text(self) -> Option<Node<'t>> {
        self.parts().find(|part| {
            matches!(part.shape().kind, Kind::Text | Kind::CData)
                && !part.slice((part.shape().start, part.shape().end)).trim().is_empty()
        })
    }
}
