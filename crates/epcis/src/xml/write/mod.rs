//! Documents as XML in the order of the schemas: EPCIS 2.0, or 1.2 with its wrappers. What XML cannot say is told, never
//! left out. What 1.2 has no element for goes to its open places, as GS1's own conversion between the versions does it:
//! sensor elements and persistent dispositions to `extension/extension`, an AssociationEvent to the same place of the
//! event list, certification to `baseExtension/extension`.

mod event;
mod header;
mod value;

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use super::Version;
use super::scan::XML;
use super::text::{is_char, is_ncname, push_escaped};
use crate::context::{Context, standard};
use crate::fault::{Fault, RULE_XML_UNSAYABLE};
use crate::master::VocabularyElement;
use crate::model::{Event, EventKind};
use crate::read::{At, Document, DocumentKind, MAX_FAULTS};
use crate::time::EventTime;

/// Writes a document as XML of the given version, created at `created` unless the document says when.
///
/// # Errors
/// What XML cannot say without loss, with its JSON pointer: characters that XML 1.0 excludes, names that are no XML names
/// or whose prefix only a remote context explains.
pub fn write_xml(
    document: &Document,
    version: Version,
    created: EventTime,
) -> Result<String, Vec<Fault>> {
    write_xml_with(document, version, CbvFormat::Urn, created)
}

/// How words of the Core Business Vocabulary are spelled in XML (`GS1-CBV-XML-Format`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CbvFormat {
    /// `urn:epcglobal:cbv:bizstep:shipping`, as GS1's examples of both versions have it.
    #[default]
    Urn,
    /// `https://ref.gs1.org/cbv/BizStep-shipping`.
    WebUri,
}

/// As [`write_xml`], with the words of CBV in a certain spelling; EPCIS 1.2 has only the URN.
///
/// # Errors
/// As [`write_xml`].
pub fn write_xml_with(
    document: &Document,
    version: Version,
    words: CbvFormat,
    created: EventTime,
) -> Result<String, Vec<Fault>> {
    let mut writer = Writer::new(version);
    writer.words = if version == Version::V1_2 { CbvFormat::Urn } else { words };
    writer.out.reserve(document.events.len() * 1024 + 1024);
    writer.before(document);
    for (index, event) in document.events.iter().enumerate() {
        writer.listed(index, event);
    }
    writer.after(document);
    if !writer.faults.is_empty() {
        return Err(writer.faults);
    }
    let mut out = writer.start_tag(document, created);
    out.push_str(&writer.out);
    out.push_str(&end_tag(document));
    Ok(out)
}

/// What a query has found.
#[derive(Clone, Copy, Debug)]
pub enum Results<'r> {
    Events(&'r [Event]),
    MasterData(&'r [VocabularyElement]),
}

/// Writes the element `QueryResults` by itself, as it stands in a SOAP message (EPCIS 1.2 and 2.0 §11).
///
/// # Errors
/// As [`write_xml`].
pub fn write_query_results(
    query_name: &str,
    results: Results<'_>,
    version: Version,
) -> Result<String, Vec<Fault>> {
    let root = At::ROOT;
    let mut writer = Writer::new(version);
    writer.text("queryName", query_name, &root.name("queryName"));
    writer.open("resultsBody");
    match results {
        Results::Events(events) => {
            writer.out.reserve(events.len() * 1024 + 1024);
            writer.open("EventList");
            for (index, event) in events.iter().enumerate() {
                writer.listed(index, event);
            }
            writer.out.push_str("\n</EventList>");
        }
        Results::MasterData(elements) => {
            writer.vocabulary_list(elements, &root.name("vocabularyList"));
        }
    }
    writer.close("resultsBody");
    if !writer.faults.is_empty() {
        return Err(writer.faults);
    }
    let number = if version == Version::V1_2 { 1 } else { 2 };
    let mut out = String::with_capacity(writer.out.len() + 256);
    let _ =
        write!(out, "<epcisq:QueryResults xmlns:epcisq=\"urn:epcglobal:epcis-query:xsd:{number}\"");
    writer.declarations(&mut out);
    let _ = write!(out, ">{}</epcisq:QueryResults>", writer.out);
    Ok(out)
}

#[derive(Debug)]
pub(crate) struct Writer {
    pub(crate) out: String,
    version: Version,
    words: CbvFormat,
    /// The prefix of each namespace.
    prefixes: HashMap<String, String>,
    taken: HashSet<String>,
    /// Prefixes and namespaces in the order of their first use.
    declared: Vec<(String, String)>,
    /// The last number that was given to a prefix, so that none is tried twice.
    number: usize,
    pub(crate) faults: Vec<Fault>,
}

/// The name of the document element and what its namespace is called.
fn names(document: &Document) -> (&'static str, &'static str) {
    match document.kind {
        DocumentKind::EpcisQueryDocument => ("epcisq:EPCISQueryDocument", "epcis-query"),
        DocumentKind::EpcisDocument | DocumentKind::Events => ("epcis:EPCISDocument", "epcis"),
    }
}

pub(crate) fn end_tag(document: &Document) -> String {
    format!("</{}>\n", names(document).0)
}

impl Writer {
    pub(crate) fn new(version: Version) -> Self {
        Self {
            out: String::new(),
            version,
            words: CbvFormat::default(),
            prefixes: HashMap::new(),
            taken: ["xml", "xmlns", "epcis", "epcisq"].map(str::to_owned).into(),
            declared: Vec::new(),
            number: 0,
            faults: Vec::new(),
        }
    }

    fn fault(&mut self, at: &At<'_>, what: &str) {
        if self.faults.len() < MAX_FAULTS {
            self.faults.push(Fault::new(&RULE_XML_UNSAYABLE, at.pointer(), (0, 0), what));
        }
    }

    /// Header and body up to the first event.
    pub(crate) fn before(&mut self, document: &Document) {
        let root = At::ROOT;
        if let Some(header) = &document.header {
            self.header(header, &document.context, &root.name("epcisHeader"));
        }
        self.out.push_str("<EPCISBody>");
        if document.kind == DocumentKind::EpcisQueryDocument {
            self.out.push_str("<epcisq:QueryResults>");
            let name = document.query_name.as_deref().unwrap_or("SimpleEventQuery");
            self.text("queryName", name, &root.name("queryName"));
            if let Some(id) = &document.subscription_id {
                self.text("subscriptionID", id, &root.name("subscriptionID"));
            }
            self.out.push_str("<resultsBody>");
        }
        self.out.push_str("<EventList>");
    }

    /// An event in its list, with the wrappers that 1.2 wants around it.
    pub(crate) fn listed(&mut self, index: usize, event: &Event) {
        let body = At::ROOT.name("epcisBody");
        let list = body.name("eventList");
        let wrappers = match (self.version, event.kind) {
            (Version::V2_0, _) => 0,
            (_, EventKind::Transformation) => 1,
            (_, EventKind::Association) => 2,
            _ => 0,
        };
        self.out.push('\n');
        self.out.push_str(&"<extension>".repeat(wrappers));
        self.event(event, &list.index(index));
        self.out.push_str(&"</extension>".repeat(wrappers));
    }

    /// The end of the body, and what a document has after it.
    pub(crate) fn after(&mut self, document: &Document) {
        self.out.push_str("\n</EventList>");
        if document.kind == DocumentKind::EpcisQueryDocument {
            self.out.push_str("</resultsBody></epcisq:QueryResults>");
        }
        self.out.push_str("</EPCISBody>");
        self.document_extensions(document, &At::ROOT);
    }

    /// The namespaces that names have used.
    fn declarations(&self, out: &mut String) {
        for (prefix, uri) in &self.declared {
            let _ = write!(out, " xmlns:{prefix}=\"");
            push_escaped(out, uri, true);
            out.push('"');
        }
    }

    /// The beginning of the document element, once all its namespaces are known.
    pub(crate) fn start_tag(&self, document: &Document, created: EventTime) -> String {
        let (number, schema) = match self.version {
            Version::V1_2 => ("1", "1.2"),
            Version::V2_0 => ("2", "2.0"),
        };
        let (name, namespace) = names(document);
        let prefix = name.split(':').next().unwrap_or_default();
        let mut out = String::with_capacity(512);
        out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        let _ = write!(out, "<{name} xmlns:{prefix}=\"urn:epcglobal:{namespace}:xsd:{number}\"");
        self.declarations(&mut out);
        let created = document.creation_date.unwrap_or(created);
        let _ = write!(out, " schemaVersion=\"{schema}\" creationDate=\"{created}\"");
        // Names of JSON that the schema has no element for, but takes any attribute for.
        let own = document.extensions.iter().filter(|e| is_plain(&e.name));
        let texts =
            own.filter_map(|e| Some((e.name.as_str(), e.value.to_value().as_str()?.to_owned())));
        let id = document.id.iter().map(|id| ("id", id.clone()));
        for (name, value) in id.chain(texts) {
            let _ = write!(out, " {name}=\"");
            push_escaped(&mut out, &value, true);
            out.push('"');
        }
        out.push('>');
        out
    }

    /// `<name>content</name>`.
    fn text(&mut self, name: &str, content: &str, at: &At<'_>) {
        self.open(name);
        self.escaped(content, false, at);
        self.close(name);
    }

    fn open(&mut self, name: &str) {
        self.out.push('<');
        self.out.push_str(name);
        self.out.push('>');
    }

    fn close(&mut self, name: &str) {
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
    }

    fn attribute(&mut self, name: &str, content: &str, at: &At<'_>) {
        let _ = write!(self.out, " {name}=\"");
        self.escaped(content, true, at);
        self.out.push('"');
    }

    fn escaped(&mut self, content: &str, attribute: bool, at: &At<'_>) {
        if !content.chars().all(is_char) {
            self.fault(at, content);
        }
        push_escaped(&mut self.out, content, attribute);
    }

    /// The qualified name of a member: its namespace declared, its local name an XML name. Bare names stand as they are
    /// where `bare` allows it, within extensions.
    fn name(&mut self, key: &str, context: &Context, bare: bool, at: &At<'_>) -> Option<String> {
        let known = match key.split_once(':') {
            None => bare && context.term(key).is_none(),
            Some(_) => false,
        };
        if known && is_ncname(key) {
            return Some(key.to_owned());
        }
        let explained = key.split_once(':').is_none_or(|(prefix, _)| {
            context.knows(prefix) || matches!(prefix, "http" | "https" | "urn")
        });
        let expanded = context.expand(key).filter(|_| explained && !key.starts_with('@'));
        let Some((uri, local)) = expanded.filter(|(_, local)| is_ncname(local)) else {
            self.fault(at, key);
            return None;
        };
        if uri == XML {
            return Some(format!("xml:{local}"));
        }
        let wanted = key.split_once(':').map_or("", |(prefix, _)| prefix);
        Some(format!("{}:{local}", self.prefix(&uri, wanted)))
    }

    fn prefix(&mut self, uri: &str, wanted: &str) -> String {
        if let Some(prefix) = self.prefixes.get(uri) {
            return prefix.clone();
        }
        // `urn`, `http` and the like are no prefixes that anybody declared.
        let free = |name: &str| !self.taken.contains(name) && is_ncname(name);
        let scheme = matches!(wanted, "http" | "https" | "urn");
        let prefix = if free(wanted) && !scheme {
            wanted.to_owned()
        } else {
            let mut number = self.declared.len().max(self.number) + 1;
            while !free(&format!("ns{number}")) {
                number += 1;
            }
            self.number = number;
            format!("ns{number}")
        };
        self.taken.insert(prefix.clone());
        self.prefixes.insert(uri.to_owned(), prefix.clone());
        self.declared.push((prefix.clone(), uri.to_owned()));
        prefix
    }

    /// A word that is not the standard's: a term becomes the URI it stands for, a private prefix is declared.
    fn private_word(&mut self, word: &str, context: &Context) -> String {
        match word.split_once(':') {
            None => context.uri_of(word).unwrap_or_else(|| word.to_owned()),
            Some((prefix, local))
                if standard(prefix).is_none() && context.term(prefix).is_some() =>
            {
                let Some(uri) = context.uri_of(prefix) else { return word.to_owned() };
                format!("{}:{local}", self.prefix(&uri, prefix))
            }
            Some(_) => word.to_owned(),
        }
    }
}

/// The names of document fields that are EPCIS's own although they are kept with the extensions.
fn is_plain(name: &str) -> bool {
    matches!(name, "sender" | "receiver" | "instanceIdentifier")
}
