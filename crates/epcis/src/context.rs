//! The part of a JSON-LD `@context` that is not the EPCIS context itself: prefixes for extension fields, and references to
//! other people's contexts. Events share it with their document and take it along when they are stored on their own.

use std::sync::Arc;

use crate::json::{Json, Node, push_string};

/// The EPCIS 2.0 context, as this crate writes it.
pub const EPCIS_CONTEXT: &str = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld";

/// Prefixes that the EPCIS context declares itself.
const STANDARD: &[(&str, &str)] = &[
    ("epcis", "https://ref.gs1.org/epcis/"),
    ("cbv", "https://ref.gs1.org/cbv/"),
    ("cbvmda", "urn:epcglobal:cbv:mda:"),
    ("gs1", "https://gs1.org/voc/"),
    ("rdfs", "http://www.w3.org/2000/01/rdf-schema#"),
    ("owl", "http://www.w3.org/2002/07/owl#"),
    ("xsd", "http://www.w3.org/2001/XMLSchema#"),
    ("dcterms", "http://purl.org/dc/terms/"),
];

/// One entry of a context beside the EPCIS context.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ContextEntry {
    /// The address of another context. We do not fetch it: what it declares is unknown here.
    Remote(String),
    /// A term or prefix and what it stands for.
    Term { name: String, value: Json },
}

/// The entries in scope of an event, in order. Cheap to clone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context(Arc<Vec<ContextEntry>>);

/// Whether this is the address of the EPCIS context, in any version and at any of its published places.
pub(crate) fn is_epcis_context(uri: &str) -> bool {
    uri.ends_with("epcis-context.jsonld")
}

impl Context {
    /// A context that declares one prefix.
    pub fn prefix(name: &str, uri: &str) -> Self {
        let mut context = Self::default();
        context.declare(name, uri);
        context
    }

    /// Declares a prefix; an earlier declaration of the same name gives way.
    pub fn declare(&mut self, name: &str, uri: &str) {
        self.push(ContextEntry::Term { name: name.to_owned(), value: Json::from(uri) });
    }

    pub fn entries(&self) -> &[ContextEntry] {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn push(&mut self, entry: ContextEntry) {
        let entries = Arc::make_mut(&mut self.0);
        if let ContextEntry::Term { name, .. } = &entry {
            entries.retain(|old| !matches!(old, ContextEntry::Term { name: n, .. } if n == name));
        } else if entries.contains(&entry) {
            return;
        }
        entries.push(entry);
    }

    /// Adds an entry that [`Context::write_entries`] wrote.
    pub(crate) fn push_node(&mut self, node: Node<'_>) {
        if let Some(uri) = node.string() {
            self.push(ContextEntry::Remote(uri.into_owned()));
        }
        for (name, value) in node.members() {
            let name = name.string().unwrap_or_default().into_owned();
            self.push(ContextEntry::Term { name, value: Json::known(value.source()) });
        }
    }

    /// Adds `other`'s entries; false and unchanged if a name means something else there.
    pub(crate) fn merge(&mut self, other: &Self) -> bool {
        if Arc::ptr_eq(&self.0, &other.0) {
            return true;
        }
        let clash = other.0.iter().any(|entry| match entry {
            ContextEntry::Term { name, value } => self.term(name).is_some_and(|mine| mine != value),
            ContextEntry::Remote(_) => false,
        });
        if clash {
            return false;
        }
        for entry in other.0.iter() {
            if !self.0.contains(entry) {
                self.push(entry.clone());
            }
        }
        true
    }

    pub(crate) fn term(&self, name: &str) -> Option<&Json> {
        self.0.iter().rev().find_map(|entry| match entry {
            ContextEntry::Term { name: n, value } if n == name => Some(value),
            _ => None,
        })
    }

    /// Whether terms may be in scope that we cannot know.
    pub(crate) fn is_open(&self) -> bool {
        self.0.iter().any(|entry| match entry {
            ContextEntry::Remote(_) => true,
            ContextEntry::Term { name, .. } => name == "@vocab",
        })
    }

    /// The URI that a prefix or term stands for.
    pub fn uri_of(&self, name: &str) -> Option<String> {
        match self.term(name).map(Json::to_value) {
            Some(serde_json::Value::String(uri)) => Some(uri),
            Some(serde_json::Value::Object(term)) => term.get("@id")?.as_str().map(str::to_owned),
            Some(_) => None,
            None => standard(name).map(str::to_owned),
        }
    }

    /// Whether a prefix is declared here or by the EPCIS context.
    pub(crate) fn knows(&self, prefix: &str) -> bool {
        self.term(prefix).is_some() || standard(prefix).is_some()
    }

    /// Splits `prefix:local` into the namespace and the local name; an absolute URI after its last `/`, `#` or `:`.
    /// `None` for a bare name that no term explains.
    pub fn expand(&self, name: &str) -> Option<(String, String)> {
        if let Some((prefix, local)) = name.split_once(':')
            && !local.starts_with("//")
            && let Some(uri) = self.uri_of(prefix)
        {
            return Some((uri, local.to_owned()));
        }
        let uri = if name.contains(':') { name.to_owned() } else { self.uri_of(name)? };
        let cut = uri.rfind(['/', '#', ':'])? + 1;
        Some((uri[..cut].to_owned(), uri[cut..].to_owned()))
    }

    /// Appends the entries as members of a JSON array, each after a comma if `after` says that one stands before.
    pub(crate) fn write_entries(&self, out: &mut String, mut after: bool) {
        for entry in self.0.iter() {
            if after {
                out.push(',');
            }
            after = true;
            match entry {
                ContextEntry::Remote(uri) => push_string(out, uri),
                ContextEntry::Term { name, value } => {
                    out.push('{');
                    push_string(out, name);
                    out.push(':');
                    out.push_str(value.as_str());
                    out.push('}');
                }
            }
        }
    }
}

/// What the EPCIS context itself lets a prefix stand for.
pub(crate) fn standard(prefix: &str) -> Option<&'static str> {
    STANDARD.iter().find(|(name, _)| *name == prefix).map(|(_, uri)| *uri)
}

/// The prefix under which the EPCIS context has a namespace.
pub(crate) fn standard_prefix(uri: &str) -> Option<&'static str> {
    STANDARD.iter().find(|(_, known)| *known == uri).map(|(name, _)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_with_two_meanings_does_not_merge() {
        let mut all = Context::prefix("ex", "https://a.example/");
        assert!(all.merge(&Context::prefix("ex", "https://a.example/")));
        assert!(all.merge(&Context::prefix("other", "https://b.example/")));
        assert!(!all.merge(&Context::prefix("ex", "https://c.example/")));
        assert_eq!(all.entries().len(), 2);
    }

    #[test]
    fn a_name_expands_by_the_prefix_in_scope() {
        let context = Context::prefix("ex", "https://a.example/ns#");
        assert_eq!(
            context.expand("ex:dose"),
            Some(("https://a.example/ns#".into(), "dose".into()))
        );
        assert_eq!(
            context.expand("cbvmda:lotNumber"),
            Some(("urn:epcglobal:cbv:mda:".into(), "lotNumber".into()))
        );
        assert_eq!(
            context.expand("https://b.example/x/dose"),
            Some(("https://b.example/x/".into(), "dose".into()))
        );
        assert_eq!(context.expand("dose"), None);
    }
}
