//! XML that is not EPCIS's own, for what stands around it (SOAP envelopes): elements with resolved names, read by the same
//! scanner as documents, without document types, entities or external access.

use super::scan::scan;
use super::tree::Node;
use crate::fault::{Fault, RULE_BYTES, RULE_XML_ENCODING, position};
use crate::read::Limits;

/// An element with all that is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    /// Empty where there is none.
    pub namespace: String,
    pub name: String,
    /// Namespace, local name and value of each; declarations of namespaces are none.
    pub attributes: Vec<(String, String, String)>,
    /// The character data without that of the children.
    pub text: String,
    pub children: Vec<Element>,
}

impl Element {
    /// Whether it has this name in this namespace.
    pub fn is(&self, namespace: &str, name: &str) -> bool {
        self.namespace == namespace && self.name == name
    }

    /// The first child of a name, in whatever namespace.
    pub fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// An attribute by namespace and local name.
    pub fn attribute(&self, namespace: &str, name: &str) -> Option<&str> {
        let found =
            self.attributes.iter().find(|(uri, local, _)| uri == namespace && local == name);
        found.map(|(.., value)| value.as_str())
    }
}

/// Reads any XML document (XML 1.0, Namespaces in XML 1.0) within the limits of bytes, depth, parts and strings.
///
/// # Errors
/// The one thing that stopped the reader.
pub fn read_element(bytes: &[u8], limits: &Limits) -> Result<Element, Vec<Fault>> {
    let most = limits.bytes.min(u32::MAX as usize / 8);
    if bytes.len() > most {
        return Err(vec![Fault::new(&RULE_BYTES, String::new(), (1, 1), &most.to_string())]);
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let stopped = |rule, offset, what: &str| {
        vec![Fault::new(rule, String::new(), position(bytes, offset), what)]
    };
    let text = std::str::from_utf8(bytes)
        .map_err(|error| stopped(&RULE_XML_ENCODING, error.valid_up_to(), ""))?;
    let tree = scan(text, limits).map_err(|stop| stopped(stop.rule, stop.offset, &stop.what))?;
    Ok(element(tree.root()))
}

/// Recurses over elements, whose depth the scanner has bounded.
fn element(node: Node<'_>) -> Element {
    let attribute =
        |a: Node<'_>| (a.namespace().to_owned(), a.local().to_owned(), a.content().into_owned());
    Element {
        namespace: node.namespace().to_owned(),
        name: node.local().to_owned(),
        attributes: node.attributes().map(attribute).collect(),
        text: node.content().into_owned(),
        children: node.children().map(element).collect(),
    }
}
