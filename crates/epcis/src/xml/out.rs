//! The JSON text that an XML document is translated into, with a map from its offsets back to those of the XML, and the
//! names under which XML's namespaces stand in it.

use std::collections::{HashMap, HashSet};

use super::tree::{Node, Tree};
use crate::context::{Context, standard_prefix};
use crate::json::push_string;

/// A JSON text being written. Every name and value is marked with the place in the XML that it comes from.
#[derive(Default)]
pub(super) struct Out {
    pub(super) text: String,
    /// Offsets of the JSON text, ascending, and where they come from.
    pub(super) map: Vec<(u32, u32)>,
    /// A comma is due before the next part.
    comma: bool,
}

impl Out {
    fn part(&mut self, from: usize) {
        if self.comma {
            self.text.push(',');
        }
        self.comma = true;
        self.map.push((self.text.len() as u32, from as u32));
    }

    /// The name of a member; its value must follow.
    pub(super) fn name(&mut self, name: &str, from: usize) {
        self.part(from);
        push_string(&mut self.text, name);
        self.text.push(':');
        self.comma = false;
    }

    pub(super) fn string(&mut self, content: &str, from: usize) {
        self.part(from);
        push_string(&mut self.text, content);
    }

    /// A number, `true` or `false`.
    pub(super) fn raw(&mut self, json: &str, from: usize) {
        self.part(from);
        self.text.push_str(json);
    }

    pub(super) fn open(&mut self, bracket: char, from: usize) {
        self.part(from);
        self.text.push(bracket);
        self.comma = false;
    }

    pub(super) fn close(&mut self, bracket: char) {
        self.text.push(bracket);
        self.comma = true;
    }
}

/// Prefixes that mean something by themselves in JSON-LD or in the EPCIS context.
const TAKEN: &[&str] =
    &["epcis", "cbv", "gs1", "rdfs", "owl", "xsd", "dcterms", "http", "https", "urn"];

/// One prefix for each namespace of the document, so that the `@context` of the document declares them all.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    by_uri: HashMap<String, String>,
    taken: HashSet<String>,
    order: Vec<String>,
    /// The last number that was given to a prefix, so that none is tried twice.
    number: usize,
}

impl Names {
    /// The name of an element or attribute as JSON has it: `prefix:local`, or the bare name where it has no namespace.
    pub(super) fn key(&mut self, node: Node<'_>) -> String {
        let (uri, local) = (node.namespace(), node.local());
        if uri.is_empty() {
            return local.to_owned();
        }
        format!("{}:{local}", self.prefix(uri, node.prefix()))
    }

    /// A word in a value: where its prefix is declared, the `@context` must declare it too.
    pub(super) fn word(&mut self, tree: &Tree<'_>, word: &str) -> String {
        let Some((prefix, local)) = word.split_once(':') else { return word.to_owned() };
        let Some(uri) = tree.namespace_of(prefix).filter(|_| !TAKEN.contains(&prefix)) else {
            return word.to_owned();
        };
        format!("{}:{local}", self.prefix(uri, prefix))
    }

    fn prefix(&mut self, uri: &str, wanted: &str) -> &str {
        if self.by_uri.contains_key(uri) {
            return &self.by_uri[uri];
        }
        let own = standard_prefix(uri);
        let wanted = own.unwrap_or(wanted);
        let free = |name: &str| {
            !name.is_empty()
                && !self.taken.contains(name)
                && (!TAKEN.contains(&name) || own == Some(name))
        };
        let prefix = if free(wanted) {
            wanted.to_owned()
        } else {
            let mut number = self.order.len().max(self.number) + 1;
            while !free(&format!("ns{number}")) {
                number += 1;
            }
            self.number = number;
            format!("ns{number}")
        };
        self.taken.insert(prefix.clone());
        self.order.push(uri.to_owned());
        self.by_uri.entry(uri.to_owned()).or_insert(prefix)
    }

    /// What has been used beside the names of which `context` already has so many.
    pub(super) fn declare_rest(&self, declared: usize, context: &mut Context) -> usize {
        for uri in &self.order[declared..] {
            context.declare(&self.by_uri[uri.as_str()], uri);
        }
        self.order.len()
    }

    /// Writes the `@context` that declares what [`Names::key`] has used.
    pub(super) fn write_context(&self, out: &mut Out, from: usize) {
        out.name("@context", from);
        out.open('[', from);
        out.string(crate::context::EPCIS_CONTEXT, from);
        for uri in &self.order {
            out.open('{', from);
            out.name(&self.by_uri[uri.as_str()], from);
            out.string(uri, from);
            out.close('}');
        }
        out.close(']');
    }
}
