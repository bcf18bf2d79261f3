//! From text to tree. The parser gives tags and texts; what it leaves to others is checked here: characters, names,
//! attributes, references, namespaces, one document element. Limits are checked before anything is kept, the nesting is
//! a vector, and a document type that declares or refers to anything is refused before it could be looked at.

mod within;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use quick_xml::Reader;
use quick_xml::events::Event;

use super::text::{BadReference, is_char, is_ncname, is_qname, reference, unescape};
use super::tree::{Kind, Shape, Tree};
use crate::fault::{
    RULE_DEPTH, RULE_LIST, RULE_STRING, RULE_XML_DTD, RULE_XML_ENCODING, RULE_XML_ENTITY,
    RULE_XML_PREFIX, RULE_XML_SYNTAX, RULE_XML_TWICE, Rule,
};
use crate::json::Stop;
use crate::read::Limits;

pub(super) use within::{Bindings, bindings, root_namespace, scan_within};

pub(super) const XML: &str = "http://www.w3.org/XML/1998/namespace";
const XMLNS: &str = "http://www.w3.org/2000/xmlns/";

/// Translation recurses over elements; no EPCIS document comes near this.
const MAX_DEPTH: usize = 256;

struct Open<'t> {
    node: usize,
    items: usize,
    text: usize,
    /// How many prefixes were declared before this element.
    declared: usize,
    name: &'t str,
}

struct Scan<'t> {
    text: &'t str,
    shapes: Vec<Shape>,
    open: Vec<Open<'t>>,
    limits: &'t Limits,
    /// How many elements stand around the text.
    level: usize,
    namespaces: Vec<Cow<'t, str>>,
    known: HashMap<Cow<'t, str>, u32>,
    /// For each prefix, the namespaces it stands for, the innermost last.
    bound: HashMap<&'t str, Vec<u32>>,
    declared: Vec<&'t str>,
    prefixes: HashMap<&'t str, u32>,
}

/// Reads a whole XML document (XML 1.0, Namespaces in XML 1.0).
pub(super) fn scan<'t>(text: &'t str, limits: &'t Limits) -> Result<Tree<'t>, Stop> {
    scan_within(text, limits, &[], 0)
}

fn stop(rule: &'static Rule, offset: usize, what: &str) -> Stop {
    Stop { rule, offset, what: what.to_owned() }
}

fn bad_reference(raw: &str, offset: usize, bad: BadReference) -> Stop {
    match bad {
        BadReference::Entity(at) => {
            let name = raw[at + 1..].split(';').next().unwrap_or_default();
            stop(&RULE_XML_ENTITY, offset + at, name)
        }
        BadReference::Syntax(at) => stop(&RULE_XML_SYNTAX, offset + at, "&"),
    }
}

impl<'t> Scan<'t> {
    fn new(
        text: &'t str,
        limits: &'t Limits,
        bindings: &'t [(String, String)],
        level: usize,
    ) -> Self {
        let mut scan = Self {
            text,
            shapes: Vec::with_capacity(text.len() / 24 + 8),
            open: Vec::new(),
            limits,
            level,
            namespaces: vec![Cow::Borrowed("")],
            known: HashMap::from([(Cow::Borrowed(""), 0)]),
            bound: HashMap::new(),
            declared: Vec::new(),
            prefixes: HashMap::new(),
        };
        let xml = scan.namespace(Cow::Borrowed(XML));
        scan.bound.insert("xml", vec![xml]);
        for (prefix, uri) in bindings {
            let namespace = scan.namespace(Cow::Borrowed(uri));
            scan.bound.insert(prefix, vec![namespace]);
            scan.prefixes.insert(prefix, namespace);
        }
        scan
    }

    fn characters_allowed(&self) -> Result<(), Stop> {
        match self.text.char_indices().find(|(_, c)| !is_char(*c)) {
            Some((at, _)) => Err(stop(&RULE_XML_SYNTAX, at, "")),
            None => Ok(()),
        }
    }

    fn run(&mut self) -> Result<(), Stop> {
        let mut reader = Reader::from_str(self.text);
        loop {
            let start = reader.buffer_position() as usize;
            let event = reader
                .read_event()
                .map_err(|_| stop(&RULE_XML_SYNTAX, reader.error_position() as usize, ""))?;
            let end = reader.buffer_position() as usize;
            match event {
                Event::Start(_) => self.element(start + 1, end - 1)?,
                Event::Empty(_) => {
                    self.element(start + 1, end - 2)?;
                    self.close();
                }
                Event::End(_) => {
                    let name = self.text[start + 2..end - 1].trim_end();
                    if self.open.last().is_none_or(|open| open.name != name) {
                        return Err(stop(&RULE_XML_SYNTAX, start, name));
                    }
                    self.close();
                }
                Event::Text(_) => self.characters(start, end)?,
                Event::GeneralRef(_) => {
                    let raw = &self.text[start..end];
                    let name = raw.strip_prefix('&').and_then(|r| r.strip_suffix(';'));
                    name.ok_or(BadReference::Syntax(0))
                        .and_then(|name| reference(name, 0))
                        .map_err(|bad| bad_reference(raw, start, bad))?;
                    self.characters(start, end)?;
                }
                Event::CData(_) => self.cdata(start, end)?,
                Event::Decl(_) => self.declaration(start, end)?,
                Event::DocType(_) => self.doctype(start, end)?,
                Event::Comment(_) => {}
                Event::PI(_) => self.instruction(start, end)?,
                Event::Eof => break,
            }
        }
        match self.open.last() {
            Some(open) => {
                Err(stop(&RULE_XML_SYNTAX, self.text.len(), &format!("</{}>", open.name)))
            }
            None if self.shapes.is_empty() => Err(stop(&RULE_XML_SYNTAX, self.text.len(), "")),
            None => Ok(()),
        }
    }

    /// A start tag, the text between its angle brackets.
    fn element(&mut self, start: usize, end: usize) -> Result<(), Stop> {
        let name_end = self.word(start, end);
        let name = &self.text[start..name_end];
        if !is_qname(name) || (self.open.is_empty() && !self.shapes.is_empty()) {
            return Err(stop(&RULE_XML_SYNTAX, start, name));
        }
        if self.level + self.open.len() >= self.limits.depth.min(MAX_DEPTH) {
            let most = self.limits.depth.min(MAX_DEPTH).to_string();
            return Err(stop(&RULE_DEPTH, start - 1, &most));
        }
        self.string(start, name_end)?;
        self.count(start - 1)?;
        let node = self.shapes.len();
        self.open.push(Open { node, items: 0, text: 0, declared: self.declared.len(), name });
        self.push(Kind::Element, start, name_end);
        self.attributes(name_end, end)?;
        // Declarations of the element itself are in scope for its own name and for all its attributes.
        self.shapes[node].namespace = match self.resolve(name, start)? {
            Some(namespace) => namespace,
            None => self.bound.get("").and_then(|stack| stack.last()).copied().unwrap_or(0),
        };
        let mut names = HashSet::new();
        for index in node + 1..self.shapes.len() {
            let shape = self.shapes[index];
            let (start, end) = (shape.start as usize, shape.end as usize);
            let name = &self.text[start..end];
            let namespace = self.resolve(name, start)?.unwrap_or(0);
            self.shapes[index].namespace = namespace;
            let local = name.split_once(':').map_or(name, |(_, local)| local);
            if !names.insert((namespace, local)) {
                return Err(stop(&RULE_XML_TWICE, start, name));
            }
        }
        Ok(())
    }

    fn attributes(&mut self, mut at: usize, end: usize) -> Result<(), Stop> {
        let bytes = self.text.as_bytes();
        let mut declared_here = HashSet::new();
        loop {
            let start = self.skip_space(at, end);
            if start == end {
                return Ok(());
            }
            let name_end = self.word(start, end);
            let equals = self.skip_space(name_end, end);
            let quote = self.skip_space(equals + 1, end);
            let name = &self.text[start..name_end];
            let well_formed = start > at
                && is_qname(name)
                && bytes[equals..end].first() == Some(&b'=')
                && matches!(bytes.get(quote), Some(b'"' | b'\''))
                && quote < end;
            if !well_formed {
                return Err(stop(&RULE_XML_SYNTAX, start, name));
            }
            let value_start = quote + 1;
            let Some(length) = bytes[value_start..end].iter().position(|b| *b == bytes[quote])
            else {
                return Err(stop(&RULE_XML_SYNTAX, quote, name));
            };
            let value_end = value_start + length;
            let raw = &self.text[value_start..value_end];
            if let Some(less) = raw.find('<') {
                return Err(stop(&RULE_XML_SYNTAX, value_start + less, "<"));
            }
            let value = unescape(raw).map_err(|bad| bad_reference(raw, value_start, bad))?;
            self.count(start)?;
            self.string(value_start, value_end)?;
            let prefix = match name.split_once(':') {
                Some(("xmlns", prefix)) => Some(prefix),
                None if name == "xmlns" => Some(""),
                _ => None,
            };
            if let Some(prefix) = prefix {
                if !declared_here.insert(prefix) {
                    return Err(stop(&RULE_XML_TWICE, start, name));
                }
                self.declare(prefix, value, start)?;
            } else {
                self.push(Kind::Attribute, start, name_end);
                if let Some(shape) = self.shapes.last_mut() {
                    shape.value = (value_start as u32, value_end as u32);
                }
            }
            at = value_end + 1;
        }
    }

    fn declare(&mut self, prefix: &'t str, uri: Cow<'t, str>, at: usize) -> Result<(), Stop> {
        // Namespaces in XML 1.0 §3: xml and xmlns stand for what they stand for, and a prefix is not undeclared.
        let reserved = prefix == "xmlns" || uri == XMLNS || (prefix == "xml") != (uri == XML);
        if reserved || (uri.is_empty() && !prefix.is_empty()) {
            return Err(stop(&RULE_XML_PREFIX, at, prefix));
        }
        let namespace = self.namespace(uri);
        self.bound.entry(prefix).or_default().push(namespace);
        self.declared.push(prefix);
        self.prefixes.entry(prefix).or_insert(namespace);
        Ok(())
    }

    fn namespace(&mut self, uri: Cow<'t, str>) -> u32 {
        if let Some(known) = self.known.get(&uri) {
            return *known;
        }
        let index = self.namespaces.len() as u32;
        self.namespaces.push(uri.clone());
        self.known.insert(uri, index);
        index
    }

    /// The namespace of a prefixed name; `None` without a prefix.
    fn resolve(&self, name: &str, at: usize) -> Result<Option<u32>, Stop> {
        let Some((prefix, _)) = name.split_once(':') else { return Ok(None) };
        let namespace = self.bound.get(prefix).and_then(|stack| stack.last()).copied();
        namespace.map(Some).ok_or_else(|| stop(&RULE_XML_PREFIX, at, name))
    }

    fn close(&mut self) {
        let Some(open) = self.open.pop() else { return };
        self.shapes[open.node].next = self.shapes.len() as u32;
        for prefix in self.declared.drain(open.declared..) {
            if let Some(stack) = self.bound.get_mut(prefix) {
                stack.pop();
            }
        }
    }

    fn characters(&mut self, start: usize, end: usize) -> Result<(), Stop> {
        let text = &self.text[start..end];
        if self.open.is_empty() {
            let stray = text.find(|c: char| !matches!(c, ' ' | '\t' | '\n' | '\r'));
            return stray.map_or(Ok(()), |at| Err(stop(&RULE_XML_SYNTAX, start + at, "")));
        }
        if let Some(at) = text.find("]]>") {
            return Err(stop(&RULE_XML_SYNTAX, start + at, "]]>"));
        }
        self.measure(start, end)?;
        match self.shapes.last_mut() {
            // A reference does not break a text into two.
            Some(last) if last.kind == Kind::Text && last.end as usize == start => {
                last.end = end as u32;
            }
            _ => self.push(Kind::Text, start, end),
        }
        Ok(())
    }

    fn cdata(&mut self, start: usize, end: usize) -> Result<(), Stop> {
        if self.open.is_empty() {
            return Err(stop(&RULE_XML_SYNTAX, start, "<![CDATA["));
        }
        self.measure(start, end)?;
        self.push(Kind::CData, start + "<![CDATA[".len(), end - "]]>".len());
        Ok(())
    }

    /// Adds to the text of the innermost element.
    fn measure(&mut self, start: usize, end: usize) -> Result<(), Stop> {
        let Some(open) = self.open.last_mut() else { return Ok(()) };
        // Space between children is no text of anybody's.
        if !self.text[start..end].trim().is_empty() {
            open.text += end - start;
        }
        if open.text > self.limits.string {
            return Err(stop(&RULE_STRING, start, &self.limits.string.to_string()));
        }
        Ok(())
    }

    fn declaration(&self, start: usize, end: usize) -> Result<(), Stop> {
        let text = &self.text[start..end];
        if start != 0 {
            return Err(stop(&RULE_XML_SYNTAX, start, "<?xml"));
        }
        let Some((_, rest)) = text.split_once("encoding") else { return Ok(()) };
        let rest = rest.trim_start().trim_start_matches('=').trim_start();
        let name =
            rest.get(1..).and_then(|rest| rest.split(['"', '\'']).next()).unwrap_or_default();
        if ["utf-8", "utf8", "us-ascii"].iter().any(|known| known.eq_ignore_ascii_case(name)) {
            return Ok(());
        }
        Err(stop(&RULE_XML_ENCODING, start, name))
    }

    /// GS1's own examples begin with `<!DOCTYPE project>`: a name alone declares nothing and refers to nothing.
    fn doctype(&self, start: usize, end: usize) -> Result<(), Stop> {
        let text = self.text[start..end].strip_suffix('>').unwrap_or_default();
        let name = text.get("<!DOCTYPE".len()..).unwrap_or_default().trim();
        if is_qname(name) && self.shapes.is_empty() {
            return Ok(());
        }
        Err(stop(&RULE_XML_DTD, start, ""))
    }

    fn instruction(&self, start: usize, end: usize) -> Result<(), Stop> {
        let target = self.text[start + 2..end].split([' ', '\t', '\n', '\r', '?']).next();
        let target = target.unwrap_or_default();
        if is_ncname(target) && !target.eq_ignore_ascii_case("xml") {
            return Ok(());
        }
        Err(stop(&RULE_XML_SYNTAX, start, target))
    }

    /// Counts one more part of the innermost element.
    fn count(&mut self, at: usize) -> Result<(), Stop> {
        let Some(open) = self.open.last_mut() else { return Ok(()) };
        open.items += 1;
        if open.items > self.limits.list_items {
            return Err(stop(&RULE_LIST, at, &self.limits.list_items.to_string()));
        }
        Ok(())
    }

    fn string(&self, start: usize, end: usize) -> Result<(), Stop> {
        if end - start > self.limits.string {
            return Err(stop(&RULE_STRING, start, &self.limits.string.to_string()));
        }
        Ok(())
    }

    fn push(&mut self, kind: Kind, start: usize, end: usize) {
        // Offsets fit: inputs of 4 GiB and more are refused.
        let next = self.shapes.len() as u32 + 1;
        let (start, end) = (start as u32, end as u32);
        self.shapes.push(Shape { kind, start, end, value: (end, end), namespace: 0, next });
    }

    fn skip_space(&self, start: usize, end: usize) -> usize {
        let bytes = self.text.as_bytes().get(start..end).unwrap_or_default();
        start.min(end) + bytes.iter().take_while(|b| b.is_ascii_whitespace()).count()
    }

    /// Where the name that begins at `start` ends.
    fn word(&self, start: usize, end: usize) -> usize {
        let bytes = self.text.as_bytes().get(start..end).unwrap_or_default();
        let ends = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'=' | b'"' | b'\'' | b'/');
        start.min(end) + bytes.iter().position(ends).unwrap_or(bytes.len())
    }
}
