//! Master data: what a document's header says about places, classes of goods, parties and words (EPCIS 2.0 §6.5, CBV 2.0 §9).
//! An element is one name of a vocabulary with its attributes and, in a hierarchy, the names directly below it. Events
//! never depend on it.

use std::borrow::Cow;

use serde_json::Value;

use crate::context::Context;
use crate::json::{Json, Node, Tape, push_string};
use crate::read::Limits;
use crate::vocab::List;

/// What the types of the standard's own vocabularies begin with.
pub(crate) const VTYPE: &str = "urn:epcglobal:epcis:vtype:";
/// The namespace of the standard's attributes, which is written with `:` or `#` before the name.
const MDA: &str = "urn:epcglobal:cbv:mda";

/// Vocabularies of EPCIS 1.2 §7.2 and EPCIS 2.0 §7.2, as their types are spelled. Real documents write them in any case.
const KNOWN: &[&str] = &[
    "ReadPoint",
    "BusinessLocation",
    "BusinessStep",
    "Disposition",
    "BusinessTransaction",
    "BusinessTransactionType",
    "EPCClass",
    "SourceDest",
    "SourceDestType",
    "ErrorReason",
    "Location",
    "Party",
];

/// One element of a vocabulary, as somebody asserts it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VocabularyElement {
    /// The type of its vocabulary, in the standard's spelling where it is one of the standard's.
    pub vocabulary: String,
    /// Its name, as written.
    pub id: String,
    pub attributes: Vec<Attribute>,
    /// The names directly below it.
    pub children: Vec<String>,
    /// What names within the values of attributes mean.
    pub context: Context,
}

/// A statement about an element. The same name may occur several times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// A URI; prefixes of the document are expanded.
    pub id: String,
    /// A text, a number or an object.
    pub value: Json,
}

impl VocabularyElement {
    /// The name in the form in which events are found by it.
    pub fn canonical_id(&self) -> String {
        canonical_name(&self.vocabulary, &self.id)
    }

    /// The element as JSON that [`VocabularyElement::parse`] reads.
    pub fn to_json(&self) -> String {
        let mut out = String::with_capacity(256);
        out.push('{');
        for (name, text) in [("type", &self.vocabulary), ("id", &self.id)] {
            push_string(&mut out, name);
            out.push(':');
            push_string(&mut out, text);
            out.push(',');
        }
        out.push_str("\"attributes\":[");
        for (index, attribute) in self.attributes.iter().enumerate() {
            out.push_str(if index > 0 { ",{\"id\":" } else { "{\"id\":" });
            push_string(&mut out, &attribute.id);
            out.push_str(",\"attribute\":");
            out.push_str(attribute.value.as_str());
            out.push('}');
        }
        out.push_str("],\"children\":[");
        for (index, child) in self.children.iter().enumerate() {
            if index > 0 {
                out.push(',');
            }
            push_string(&mut out, child);
        }
        out.push_str("]}");
        self.context.declare_used(&mut out, 0);
        out
    }

    /// Reads what [`VocabularyElement::to_json`] wrote; nothing where it is something else.
    pub fn parse(text: &str) -> Option<Self> {
        let limits = Limits::NONE;
        let tape = Tape::read(text, &limits).ok()?;
        let root = tape.root();
        let own = |name: &str| Some(root.get(name)?.string()?.into_owned());
        let mut context = Context::default();
        for entry in root.get("@context").into_iter().flat_map(Node::items) {
            context.push_node(entry);
        }
        let attributes = root.get("attributes").into_iter().flat_map(Node::items);
        let attribute = |node: Node<'_>| {
            let value = Json::known(node.get("attribute")?.source());
            Some(Attribute { id: node.get("id")?.string()?.into_owned(), value })
        };
        let children = root.get("children").into_iter().flat_map(Node::items);
        Some(Self {
            vocabulary: own("type")?,
            id: own("id")?,
            attributes: attributes.map(attribute).collect::<Option<_>>()?,
            children: children
                .map(|child| child.string().map(Cow::into_owned))
                .collect::<Option<_>>()?,
            context,
        })
    }

    /// Adds what is said of the same element at another place of the document.
    pub(crate) fn merge(&mut self, other: Self) {
        for attribute in other.attributes {
            if !self.attributes.contains(&attribute) {
                self.attributes.push(attribute);
            }
        }
        for child in other.children {
            if !self.children.contains(&child) {
                self.children.push(child);
            }
        }
    }
}

impl Attribute {
    /// Whether it says anything.
    pub fn is_null(&self) -> bool {
        self.value.as_str() == "null"
    }

    /// The texts that an `EQATTR_` parameter is compared with: the value itself, each item of a list, the text beside
    /// inner elements; none where the value is an object.
    pub fn texts(&self) -> Vec<String> {
        match self.value.to_value() {
            Value::Array(items) => items.into_iter().filter_map(text).collect(),
            other => text(other).into_iter().collect(),
        }
    }
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Object(members) => members.get("#text")?.as_str().map(str::to_owned),
        Value::Null | Value::Array(_) => None,
    }
}

/// The type of a vocabulary in one spelling.
pub fn canonical_type(kind: &str) -> Cow<'_, str> {
    let word = kind.get(..VTYPE.len()).filter(|stem| stem.eq_ignore_ascii_case(VTYPE));
    let known = word.and_then(|stem| {
        let word = &kind[stem.len()..];
        KNOWN.iter().find(|known| known.eq_ignore_ascii_case(word))
    });
    known.map_or(Cow::Borrowed(kind), |known| Cow::Owned(format!("{VTYPE}{known}")))
}

/// The name of an element in the form in which events are found by it: CBV words bare, GS1 identities as links.
pub fn canonical_name(vocabulary: &str, id: &str) -> String {
    let list = match vocabulary.strip_prefix(VTYPE) {
        Some("BusinessStep") => List::BizStep,
        Some("Disposition") => List::Disposition,
        Some("BusinessTransactionType") => List::BizTransaction,
        Some("SourceDestType") => List::SourceDestination,
        Some("ErrorReason") => List::ErrorReason,
        _ => return crate::canonical(id),
    };
    list.bare(id).to_owned()
}

/// The name of an attribute in one spelling: prefixes expanded, the standard's own with a colon before the name
/// (`urn:epcglobal:cbv:mda:site`; documents write `…:mda#site` too).
pub(crate) fn expanded_attribute(name: &str, context: &Context) -> String {
    let whole = match context.expand(name) {
        Some((uri, local)) => uri + &local,
        None => name.to_owned(),
    };
    match whole.strip_prefix(MDA).and_then(|rest| rest.strip_prefix([':', '#'])) {
        Some(word) => format!("{MDA}:{word}"),
        None => whole,
    }
}

/// Whether the type claims to be one of the standard's and names nothing.
pub(crate) fn is_malformed_type(kind: &str) -> bool {
    let word = kind.get(..VTYPE.len()).filter(|stem| stem.eq_ignore_ascii_case(VTYPE));
    word.is_some() && !kind[VTYPE.len()..].bytes().all(|byte| byte.is_ascii_alphanumeric())
        || kind.eq_ignore_ascii_case(VTYPE)
}

/// The value of an attribute where a document gives none.
pub(crate) fn nothing() -> Json {
    Json::from(Value::Null)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_and_attributes_have_one_spelling() {
        for (written, canonical) in [
            ("urn:epcglobal:epcis:vtype:epcclass", "urn:epcglobal:epcis:vtype:EPCClass"),
            ("URN:EPCGLOBAL:epcis:vtype:location", "urn:epcglobal:epcis:vtype:Location"),
            ("urn:epcglobal:epcis:vtype:TradingParty", "urn:epcglobal:epcis:vtype:TradingParty"),
            ("https://example.com/vocabulary", "https://example.com/vocabulary"),
        ] {
            assert_eq!(canonical_type(written), canonical);
        }
        for written in ["cbvmda:site", "urn:epcglobal:cbv:mda:site", "urn:epcglobal:cbv:mda#site"] {
            assert_eq!(
                expanded_attribute(written, &Context::default()),
                "urn:epcglobal:cbv:mda:site"
            );
        }
        assert_eq!(
            expanded_attribute("https://a.example/x#site", &Context::default()),
            "https://a.example/x#site"
        );
        assert!(is_malformed_type("urn:epcglobal:epcis:vtype:"));
        assert!(is_malformed_type("urn:epcglobal:epcis:vtype:Read Point"));
        assert!(!is_malformed_type("urn:epcglobal:epcis:vtype:ReadPoint"));
    }

    #[test]
    fn an_element_comes_back_from_its_json() {
        let element = VocabularyElement {
            vocabulary: "urn:epcglobal:epcis:vtype:Location".to_owned(),
            id: "urn:epc:id:sgln:0614141.00777.0".to_owned(),
            attributes: vec![
                Attribute { id: "urn:x:a".to_owned(), value: Json::from("1 \"2\"") },
                Attribute {
                    id: "urn:x:a".to_owned(),
                    value: Json::parse("{\"ex:b\":[1,2]}").unwrap(),
                },
            ],
            children: vec!["urn:x:child".to_owned()],
            context: Context::prefix("ex", "https://a.example/"),
        };
        assert_eq!(VocabularyElement::parse(&element.to_json()), Some(element.clone()));
        assert_eq!(element.canonical_id(), "https://id.gs1.org/414/0614141007776");
        assert_eq!(element.attributes[0].texts(), ["1 \"2\""]);
        assert!(element.attributes[1].texts().is_empty());
    }
}
