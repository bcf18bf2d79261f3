//! The part of a JSON-LD `@context` that is not the EPCIS context itself: prefixes for extension fields, and references to
//! other people's contexts. Events share it with their document and take it along when they are stored on their own.

mod entries;

use std::collections::HashSet;
use std::sync::Arc;

use crate::json::{Json, Node, push_string, strings};
use entries::Entries;

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

/// Entries of a context, those of the document and of an event together. Real ones have ten; an event that is stored on
/// its own carries what it uses, so that what a document declares once may be written ten thousand times.
pub(crate) const MAX_ENTRIES: usize = 500;
/// Bytes of their names and meanings.
pub(crate) const MAX_BYTES: usize = 16 << 10;

/// The entries in scope of an event, in order. Cheap to clone; what an event declares itself lies above what it shares
/// with its document.
#[derive(Clone, Debug, Default)]
pub struct Context(Arc<Entries>);

impl PartialEq for Context {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.entries().eq(other.entries())
    }
}

impl Eq for Context {}

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

    /// The entries in their order; of several of one name the last.
    pub fn entries(&self) -> impl Iterator<Item = &ContextEntry> {
        self.0.iter()
    }

    /// Whether nothing is declared.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn push(&mut self, entry: ContextEntry) {
        Entries::push(&mut self.0, entry);
    }

    /// How many entries were declared, and the bytes of them, those included that gave way to later ones.
    pub(crate) fn size(&self) -> (usize, usize) {
        self.0.size()
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

    /// Adds `other`'s entries; false and unchanged if a name means something else there, or if they are too many for one
    /// context.
    pub(crate) fn merge(&mut self, other: &Self) -> bool {
        if Arc::ptr_eq(&self.0, &other.0) {
            return true;
        }
        let (mut entries, mut bytes) = self.size();
        let mut new = Vec::new();
        for entry in other.entries() {
            match entry {
                ContextEntry::Term { name, value } => match self.term(name) {
                    Some(mine) if mine == value => continue,
                    Some(_) => return false,
                    None => {}
                },
                ContextEntry::Remote(_) if self.0.contains(entry) => continue,
                ContextEntry::Remote(_) => {}
            }
            entries += 1;
            bytes += entry.bytes();
            new.push(entry);
        }
        if !new.is_empty() && !self.is_empty() && (entries > MAX_ENTRIES || bytes > MAX_BYTES) {
            return false;
        }
        for entry in new {
            self.push(entry.clone());
        }
        true
    }

    pub(crate) fn term(&self, name: &str) -> Option<&Json> {
        match self.0.term(name) {
            Some(ContextEntry::Term { value, .. }) => Some(value),
            _ => None,
        }
    }

    /// Whether terms may be in scope that we cannot know.
    pub(crate) fn is_open(&self) -> bool {
        self.0.is_open()
    }

    /// The entries that a JSON text may depend on, in their order: those it names, whole or before a colon, those that
    /// these name, and all whose effect is on any text (other contexts, keywords).
    pub(crate) fn used_in<'c>(&'c self, text: &str) -> Vec<&'c ContextEntry> {
        if self.is_empty() {
            return Vec::new();
        }
        let mut used: HashSet<&str> = HashSet::new();
        let mut unread: Vec<&'c Json> = Vec::new();
        for entry in self.entries() {
            if let ContextEntry::Term { name, value } = entry
                && name.starts_with('@')
            {
                used.insert(name);
                unread.push(value);
            }
        }
        self.note_names(text, &mut used, &mut unread);
        while let Some(value) = unread.pop() {
            self.note_names(value.as_str(), &mut used, &mut unread);
        }
        let is_used = |entry: &&ContextEntry| match entry {
            ContextEntry::Remote(_) => true,
            ContextEntry::Term { name, .. } => used.contains(name.as_str()),
        };
        self.entries().filter(is_used).collect()
    }

    fn note_names<'c>(
        &'c self,
        text: &str,
        used: &mut HashSet<&'c str>,
        unread: &mut Vec<&'c Json>,
    ) {
        for string in strings(text) {
            let prefix = string.split_once(':').map(|(prefix, _)| prefix);
            for name in [Some(&*string), prefix].into_iter().flatten() {
                if let Some(ContextEntry::Term { name, value }) = self.0.term(name)
                    && used.insert(name)
                {
                    unread.push(value);
                }
            }
        }
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

    /// Puts an `@context` at the head of the object that was written from `start` on, with what the object uses.
    pub(crate) fn declare_used(&self, out: &mut String, start: usize) {
        let used = self.used_in(&out[start..]);
        if !used.is_empty() {
            let mut head = String::from("\"@context\":[");
            write_entries(used, &mut head, false);
            head.push_str("],");
            out.insert_str(start + 1, &head);
        }
    }

    /// Appends the entries as members of a JSON array, each after a comma if `after` says that one stands before.
    pub(crate) fn write_entries(&self, out: &mut String, after: bool) {
        write_entries(self.entries(), out, after);
    }
}

fn write_entries<'c>(
    entries: impl IntoIterator<Item = &'c ContextEntry>,
    out: &mut String,
    mut after: bool,
) {
    for entry in entries {
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

impl ContextEntry {
    fn bytes(&self) -> usize {
        match self {
            Self::Remote(uri) => uri.len(),
            Self::Term { name, value } => name.len() + value.as_str().len(),
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
        assert_eq!(all.entries().count(), 2);
    }

    fn term(name: &str, value: &str) -> ContextEntry {
        ContextEntry::Term { name: name.into(), value: Json::parse(value).unwrap() }
    }

    #[test]
    fn a_context_that_would_become_too_large_does_not_merge() {
        let mut all = Context::default();
        for number in 0..MAX_ENTRIES {
            assert!(all.merge(&Context::prefix(&format!("p{number}"), "u:")));
        }
        assert!(!all.merge(&Context::prefix("one", "u:")));
        assert!(all.merge(&Context::prefix("p7", "u:")));
        assert_eq!(all.size().0, MAX_ENTRIES);
    }

    #[test]
    fn what_an_event_declares_leaves_the_document_untouched_and_comes_after_it() {
        let mut document = Context::prefix("a", "https://a.example/");
        document.declare("b", "https://b.example/");
        let mut event = document.clone();
        event.declare("a", "https://c.example/");
        event.push(ContextEntry::Remote("https://r.example/".into()));
        assert!(Arc::ptr_eq(event.0.below().unwrap(), &document.0));
        assert_eq!(document.uri_of("a").as_deref(), Some("https://a.example/"));
        assert_eq!(event.uri_of("a").as_deref(), Some("https://c.example/"));
        let mut text = String::new();
        event.write_entries(&mut text, false);
        assert_eq!(
            text,
            r#"{"b":"https://b.example/"},{"a":"https://c.example/"},"https://r.example/""#
        );
        assert!(event.is_open() && !document.is_open());
    }

    #[test]
    fn a_text_uses_what_it_names_and_what_that_names() {
        let mut context = Context::default();
        for entry in [
            term("ex", r#""https://ex.example/""#),
            term("base", r#""https://base.example/""#),
            term("idle", r#""https://idle.example/""#),
            term("dose", r#"{"@id":"base:dose","@type":"xsd:decimal"}"#),
            term("giống", r#""https://giong.example/""#),
            term("ex:whole", r#"{"@type":"@id"}"#),
            term("@vocab", r#""voc:""#),
            term("voc", r#""https://voc.example/""#),
        ] {
            context.push(entry);
        }
        context.push(ContextEntry::Remote("https://r.example/".into()));
        let used = |text: &str| {
            let mut out = Vec::new();
            for entry in context.used_in(text) {
                out.push(match entry {
                    ContextEntry::Remote(_) => "remote",
                    ContextEntry::Term { name, .. } => name,
                });
            }
            out.join(" ")
        };
        assert_eq!(used(r#"{"x":1}"#), "@vocab voc remote");
        assert_eq!(used(r#"{"ex:n":1}"#), "ex @vocab voc remote");
        assert_eq!(used(r#"{"ex:whole":1}"#), "ex ex:whole @vocab voc remote");
        assert_eq!(used(r#"{"dose":1}"#), "base dose @vocab voc remote");
        assert_eq!(used(r#"{"gi\u1ed1ng:x":"\"ex:n"}"#), "giống @vocab voc remote");
        assert_eq!(used(r#"{"bizStep":"ex:n"}"#), "ex @vocab voc remote");
    }

    #[test]
    fn many_declarations_of_many_names_end() {
        let mut context = Context::default();
        for number in 0..400_000 {
            context.declare(&format!("p{}", number % 200_000), "u:");
        }
        assert_eq!(context.entries().count(), 200_000);
        assert!(context.term("p7").is_some() && context.term("q").is_none());
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
