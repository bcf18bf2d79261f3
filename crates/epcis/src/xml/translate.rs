//! What all parts of the translation share: faults with their place, the order of elements, lists, texts, and members in
//! other people's namespaces.

use std::collections::HashMap;

use super::Version;
use super::out::{Names, Out};
use super::scan::XML;
use super::tree::{Node, Tree};
use crate::fault::{
    Fault, RULE_XML_ATTRIBUTE, RULE_XML_ELEMENT, RULE_XML_NAMESPACE, RULE_XML_ORDER,
    RULE_XML_REPEATED, RULE_XML_TEXT, Rule,
};
use crate::read::{At, MAX_FAULTS, Origin};

pub(super) const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";

pub(super) struct Translator<'t> {
    pub(super) origin: Origin<'t>,
    pub(super) tree: &'t Tree<'t>,
    pub(super) version: Version,
    /// Whether places and namespaces are judged by the XSD.
    pub(super) strict: bool,
    pub(super) out: Out,
    pub(super) names: Names,
    pub(super) faults: Vec<Fault>,
    /// How many faults there were, those that are not kept included.
    pub(super) broken: usize,
}

/// A sequence of the XSD that is being followed.
pub(super) struct Ordered {
    sequence: &'static [&'static str],
    last: usize,
    seen: u32,
    repeating: bool,
    /// The order is free, the names are not.
    pub(super) free: bool,
}

impl Ordered {
    /// Each name once.
    pub(super) fn new(sequence: &'static [&'static str]) -> Self {
        Self { sequence, last: 0, seen: 0, repeating: false, free: false }
    }

    /// Each name any number of times.
    pub(super) fn repeating(sequence: &'static [&'static str]) -> Self {
        Self { repeating: true, ..Self::new(sequence) }
    }
}

/// The namespaces of EPCIS itself; its elements stand in them only at the top of a document.
pub(super) fn is_epcis(namespace: &str) -> bool {
    namespace.starts_with("urn:epcglobal:epcis") && version_of(namespace).is_some()
}

pub(super) fn version_of(namespace: &str) -> Option<Version> {
    match namespace.rsplit_once(":xsd:")?.1 {
        "1" => Some(Version::V1_2),
        "2" => Some(Version::V2_0),
        _ => None,
    }
}

impl<'t> Translator<'t> {
    pub(super) fn fault(&mut self, rule: &'static Rule, at: &At<'_>, offset: usize, what: &str) {
        self.broken += 1;
        if self.faults.len() < MAX_FAULTS {
            let place = self.origin.place(offset);
            self.faults.push(Fault::new(rule, at.pointer(), place, what));
        }
    }

    /// The local name of an element that is EPCIS's own; `None` in somebody else's namespace.
    pub(super) fn own(&mut self, node: Node<'t>, at: &At<'_>) -> Option<&'t str> {
        if node.namespace().is_empty() {
            return Some(node.local());
        }
        if !is_epcis(node.namespace()) {
            return None;
        }
        // `elementFormDefault="unqualified"`.
        if self.strict {
            self.fault(&RULE_XML_NAMESPACE, &at.name(node.local()), node.offset(), node.name());
        }
        Some(node.local())
    }

    /// The name of an own element, its place judged; foreign elements are refused.
    pub(super) fn ordered(
        &mut self,
        ordered: &mut Ordered,
        node: Node<'t>,
        at: &At<'_>,
    ) -> Option<&'t str> {
        let mut foreign = Vec::new();
        let name = self.ordered_or_foreign(ordered, node, at, &mut foreign);
        if let Some(node) = foreign.first() {
            self.fault(&RULE_XML_ELEMENT, at, node.offset(), node.name());
        }
        name
    }

    /// The same, where foreign elements may follow. `None` too for what occurs once too often.
    pub(super) fn ordered_or_foreign(
        &mut self,
        ordered: &mut Ordered,
        node: Node<'t>,
        at: &At<'_>,
        foreign: &mut Vec<Node<'t>>,
    ) -> Option<&'t str> {
        let Some(name) = self.own(node, at) else {
            foreign.push(node);
            ordered.last = usize::MAX;
            return None;
        };
        let Some(place) = ordered.sequence.iter().position(|known| *known == name) else {
            return Some(name);
        };
        if ordered.seen & 1 << place != 0 && !ordered.repeating {
            self.repeated(node, at);
            return None;
        }
        ordered.seen |= 1 << place;
        if place < ordered.last && self.strict && !ordered.free {
            self.fault(&RULE_XML_ORDER, &at.name(name), node.offset(), node.name());
        }
        ordered.last = place;
        Some(name)
    }

    pub(super) fn repeated(&mut self, node: Node<'t>, at: &At<'_>) {
        self.fault(&RULE_XML_REPEATED, &at.name(node.local()), node.offset(), node.name());
    }

    /// A list whose items are all of one name.
    pub(super) fn list(
        &mut self,
        name: &str,
        node: Node<'t>,
        item: &str,
        at: &At<'_>,
        one: impl Fn(&mut Self, Node<'t>, &At<'_>),
    ) {
        self.out.name(name, node.offset());
        self.out.open('[', node.offset());
        self.no_text(node, at);
        self.known_attributes(node, at, &[]);
        let mut index = 0;
        for child in node.children() {
            match self.own(child, at) {
                Some(name) if name == item => {
                    one(self, child, &at.index(index));
                    index += 1;
                }
                _ => self.fault(&RULE_XML_ELEMENT, at, child.offset(), child.name()),
            }
        }
        self.out.close(']');
    }

    pub(super) fn text_member(&mut self, name: &str, node: Node<'t>, at: &At<'_>) {
        self.out.name(name, node.offset());
        self.text(node, at);
    }

    /// The content of an element of simple type, white space collapsed at its ends.
    pub(super) fn text(&mut self, node: Node<'t>, at: &At<'_>) {
        self.known_attributes(node, at, &[]);
        self.leaf(node, at);
    }

    /// A word of a vocabulary.
    pub(super) fn word(&mut self, word: &str, from: usize) {
        let word = self.names.word(self.tree, word);
        self.out.string(&word, from);
    }

    pub(super) fn leaf(&mut self, node: Node<'t>, at: &At<'_>) {
        self.no_children(node, at);
        self.out.string(node.content().trim(), node.offset());
    }

    pub(super) fn no_children(&mut self, node: Node<'t>, at: &At<'_>) {
        if let Some(child) = node.children().next() {
            self.fault(&RULE_XML_ELEMENT, at, child.offset(), child.name());
        }
    }

    /// A number of XML Schema as JSON writes it; anything else as a string, which the rules of the value then refuse.
    pub(super) fn number(&mut self, text: &str, from: usize) {
        match json_number(text) {
            Some(number) => self.out.raw(&number, from),
            None => self.out.string(text, from),
        }
    }

    pub(super) fn is_nil(node: Node<'t>) -> bool {
        let nil = node.attribute(XSI, "nil");
        nil.is_some_and(|nil| matches!(nil.content().trim(), "true" | "1"))
    }

    pub(super) fn no_text(&mut self, node: Node<'t>, at: &At<'_>) {
        if let Some(text) = node.stray_text() {
            self.fault(&RULE_XML_TEXT, at, text.offset(), node.content().trim());
        }
    }

    /// Refuses attributes beside those named and those about the XML itself.
    pub(super) fn known_attributes(&mut self, node: Node<'t>, at: &At<'_>, known: &[&str]) {
        for attribute in node.attributes() {
            let namespace = attribute.namespace();
            let ours = namespace.is_empty() && known.contains(&attribute.local());
            if !ours && namespace != XSI && namespace != XML {
                self.fault(&RULE_XML_ATTRIBUTE, at, attribute.offset(), attribute.name());
            }
        }
    }

    /// Attributes in somebody's namespace: extensions like the elements.
    pub(super) fn foreign_attributes(&mut self, node: Node<'t>, at: &At<'_>) -> Vec<Node<'t>> {
        let mut foreign = Vec::new();
        for attribute in node.attributes() {
            match attribute.namespace() {
                XSI | XML => {}
                // Those of the document that a bare event was taken out of.
                "" if matches!(attribute.local(), "schemaVersion" | "creationDate") => {}
                "" => self.fault(&RULE_XML_ATTRIBUTE, at, attribute.offset(), attribute.name()),
                _ => foreign.push(attribute),
            }
        }
        foreign
    }

    /// Members of an object from elements and attributes; those of one name become a list.
    pub(super) fn members(&mut self, parts: &[Node<'t>]) {
        let mut groups: Vec<(String, Vec<Node<'t>>)> = Vec::new();
        let mut known: HashMap<String, usize> = HashMap::new();
        for part in parts {
            let key = self.names.key(*part);
            let index = *known.entry(key).or_insert_with_key(|key| {
                groups.push((key.clone(), Vec::new()));
                groups.len() - 1
            });
            groups[index].1.push(*part);
        }
        for (key, group) in groups {
            self.out.name(&key, group[0].offset());
            if let [one] = group[..] {
                self.value(one);
                continue;
            }
            self.out.open('[', group[0].offset());
            for part in group {
                self.value(part);
            }
            self.out.close(']');
        }
    }

    /// An extension's value: text where there is nothing else, or an object of attributes and children. Types that the
    /// XML names are not taken over: the published JSON of such documents has texts.
    pub(super) fn value(&mut self, node: Node<'t>) {
        let content = node.content();
        let keep = node.is_element()
            && node.attribute(XML, "space").is_some_and(|space| space.content() == "preserve");
        let text = if keep { &*content } else { content.trim() };
        let about =
            |a: &Node<'t>| a.namespace() == XSI || (a.namespace() == XML && a.local() == "space");
        let mut parts: Vec<Node<'t>> = node.attributes().filter(|a| !about(a)).collect();
        parts.extend(node.children());
        if parts.is_empty() {
            return self.out.string(text, node.value_offset());
        }
        self.out.open('{', node.offset());
        self.members(&parts);
        if !content.trim().is_empty() {
            self.out.name(TEXT, node.offset());
            self.out.string(text, node.offset());
        }
        self.out.close('}');
    }
}

/// The member that holds the text of an element which has attributes or children as well.
pub(super) const TEXT: &str = "#text";

/// `xsd:decimal` and `xsd:double` allow signs, zeros and points that JSON does not.
fn json_number(text: &str) -> Option<String> {
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    };
    let (sign, digits) = match mantissa.strip_prefix(['+', '-']) {
        Some(rest) if mantissa.starts_with('-') => ("-", rest),
        Some(rest) => ("", rest),
        None => ("", mantissa),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let numeric = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.len() + fraction.len() == 0 || !numeric(whole) || !numeric(fraction) {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    let mut number = format!("{sign}{}", if whole.is_empty() { "0" } else { whole });
    if !fraction.is_empty() {
        number.push('.');
        number.push_str(fraction);
    }
    if let Some(exponent) = exponent {
        let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        if digits.is_empty() || !numeric(digits) {
            return None;
        }
        number.push('e');
        number.push_str(exponent);
    }
    Some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_xml_schema_become_numbers_of_json() {
        for (xml, json) in
            [("+.50", "0.50"), ("007", "7"), ("5.", "5"), ("-0.0", "-0.0"), ("1E+5", "1e+5")]
        {
            assert_eq!(json_number(xml).as_deref(), Some(json));
        }
        for bad in ["", ".", "+", "INF", "NaN", "1e", "1_0", "--1", "0x1"] {
            assert_eq!(json_number(bad), None, "{bad}");
        }
    }
}
