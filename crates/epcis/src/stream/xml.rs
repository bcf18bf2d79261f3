//! Cutting XML: the children of the `EventList` of a body or of query results, through the `extension` wrappers that 1.2
//! has around newer types. Tags decide; an item ends where its element does.

use super::step::{List, Step};
use crate::fault::RULE_XML_SYNTAX;
use crate::xml::Surroundings;

#[derive(Debug)]
pub(super) struct Cutter {
    /// The elements around the place.
    open: Vec<String>,
    /// Their start tags as written, one after the other, and where each begins.
    tags: String,
    starts: Vec<usize>,
    /// In the list of events, which has so many elements around it.
    in_list: Option<usize>,
    /// The names of the elements that are open within an item, as places in its bytes.
    names: Vec<(usize, usize)>,
    /// In an item, which has been looked at up to here.
    item: Option<usize>,
    token: Token,
    limits: (usize, usize),
    pub(super) list: List,
}

/// A piece of markup whose end has not come yet.
#[derive(Debug, Default)]
struct Token {
    /// Looked at so far, from its beginning.
    at: usize,
    quote: Option<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    /// Comments.
    Nothing,
    /// CDATA, instructions, document types.
    Other,
    Start,
    Empty,
    End,
}

impl Cutter {
    pub(super) fn new(depth: usize, string: usize) -> Self {
        Self {
            open: Vec::new(),
            tags: String::new(),
            starts: Vec::new(),
            in_list: None,
            names: Vec::new(),
            item: None,
            token: Token::default(),
            limits: (depth, string),
            list: List::Document,
        }
    }

    /// How many elements the items have around them.
    pub(super) fn level(&self) -> usize {
        self.open.len()
    }

    /// How many wrappers the place has around it within the list.
    pub(super) fn wrappers(&self) -> usize {
        self.in_list.map_or(0, |list| self.open.len() - list)
    }

    /// The start tags of the elements around the place.
    pub(super) fn tags(&self) -> &str {
        &self.tags
    }

    /// What closes the document, were the list to end here; wrappers within it are cut out like the events.
    pub(super) fn closers(&self) -> String {
        let kept = self.in_list.unwrap_or(self.open.len());
        self.open[..kept].iter().rev().flat_map(|name| ["</", name, ">"]).collect()
    }

    pub(super) fn step(
        &mut self,
        bytes: &[u8],
        ended: bool,
        around: Option<&Surroundings>,
    ) -> Step {
        if let Some(at) = self.item {
            return self.item(bytes, at, ended);
        }
        if self.in_list.is_some() {
            return self.between(bytes, ended, around);
        }
        let mut at = 0;
        while at < bytes.len() {
            let Some((kind, len)) = self.token.next(&bytes[at..], ended) else { break };
            let tag = &bytes[at..at + len];
            at += len;
            match kind {
                Kind::Start => {
                    if !self.enter(tag) {
                        return Step::BadAround(at);
                    }
                    if let Some(list) = self.list_here() {
                        self.list = list;
                        self.in_list = Some(self.open.len());
                        return Step::Open(at);
                    }
                }
                Kind::End => {
                    if !self.leave(tag) {
                        return Step::BadAround(at);
                    }
                }
                Kind::Text | Kind::Nothing | Kind::Other | Kind::Empty => {}
            }
        }
        match at {
            0 if ended && !bytes.is_empty() => Step::Around(bytes.len()),
            0 => Step::More,
            _ => Step::Around(at),
        }
    }

    /// Within the list, not within an item.
    fn between(&mut self, bytes: &[u8], ended: bool, around: Option<&Surroundings>) -> Step {
        let Some((kind, len)) = self.token.next(bytes, ended) else {
            return if ended { Step::BadAround(bytes.len()) } else { Step::More };
        };
        let tag = &bytes[..len];
        match kind {
            Kind::Text if tag.iter().all(u8::is_ascii_whitespace) => Step::Skip(len),
            Kind::Nothing => Step::Skip(len),
            Kind::Text | Kind::Other => Step::Around(len),
            Kind::End if Some(self.open.len()) == self.in_list => {
                if !self.leave(tag) {
                    return Step::BadAround(len);
                }
                self.in_list = None;
                Step::Around(len)
            }
            Kind::End => {
                if self.leave(tag) {
                    Step::Unwrap(len)
                } else {
                    Step::Stop(&RULE_XML_SYNTAX, "")
                }
            }
            Kind::Start | Kind::Empty => {
                let wraps = local(name_of(tag)) == b"extension"
                    && around.is_some_and(|around| around.is_own(tag, self.limits.1));
                if !wraps {
                    self.item = Some(0);
                    return self.item(bytes, 0, ended);
                }
                if kind == Kind::Empty {
                    return Step::Skip(len);
                }
                if self.enter(tag) { Step::Wrap(len) } else { Step::BadItem(len) }
            }
        }
    }

    fn item(&mut self, bytes: &[u8], mut at: usize, ended: bool) -> Step {
        loop {
            let Some((kind, len)) = bytes.get(at..).and_then(|rest| self.token.next(rest, ended))
            else {
                self.item = Some(at);
                return if ended { Step::BadItem(bytes.len()) } else { Step::More };
            };
            let tag = &bytes[at..at + len];
            let name = name_of(tag);
            let from = at + usize::from(kind == Kind::End) + 1;
            at += len;
            match kind {
                Kind::Start if self.open.len() + self.names.len() >= self.limits.0 => {
                    return Step::BadItem(at);
                }
                Kind::Start => self.names.push((from, from + name.len())),
                Kind::End => {
                    let opened = self.names.pop().map(|(from, to)| &bytes[from..to]);
                    if opened != Some(name) {
                        return Step::BadItem(at);
                    }
                }
                Kind::Text | Kind::Nothing | Kind::Other | Kind::Empty => {}
            }
            if self.names.is_empty() {
                self.item = None;
                return Step::Item(at);
            }
        }
    }

    /// Notes a start tag; false where it is too deep, too long or no text.
    fn enter(&mut self, tag: &[u8]) -> bool {
        let Ok(text) = std::str::from_utf8(tag) else { return false };
        let name = std::str::from_utf8(name_of(tag)).unwrap_or_default();
        if self.open.len() >= self.limits.0 || name.len() > self.limits.1 {
            return false;
        }
        self.starts.push(self.tags.len());
        self.tags.push_str(text);
        self.open.push(name.to_owned());
        true
    }

    /// Notes an end tag; false where it is not that of the innermost element.
    fn leave(&mut self, tag: &[u8]) -> bool {
        let Some(name) = self.open.pop() else { return false };
        self.tags.truncate(self.starts.pop().unwrap_or_default());
        name.as_bytes() == name_of(tag)
    }

    /// Which list begins with the innermost element.
    fn list_here(&self) -> Option<List> {
        let names: Vec<&str> = self.open.iter().map(|name| local_text(name)).collect();
        match names[..] {
            ["EPCISDocument", "EPCISBody", "EventList"] => Some(List::Document),
            ["EPCISQueryDocument", "EPCISBody", "QueryResults", "resultsBody", "EventList"]
            // Without its body, as some tools write it.
            | ["EPCISQueryDocument", "resultsBody", "EventList"]
            | ["EPCISQueryDocument", "QueryResults", "resultsBody", "EventList"] => {
                Some(List::Query)
            }
            _ => None,
        }
    }
}

impl Token {
    /// The kind and length of what begins here, once it is all there.
    fn next(&mut self, bytes: &[u8], ended: bool) -> Option<(Kind, usize)> {
        if bytes.first()? != &b'<' {
            return Some((Kind::Text, find(bytes, b"<").unwrap_or(bytes.len())));
        }
        const LONGEST: usize = "<![CDATA[".len();
        if bytes.len() < LONGEST && !ended && !bytes.contains(&b'>') {
            return None;
        }
        let (kind, end): (Kind, &[u8]) = if bytes.starts_with(b"<!--") {
            (Kind::Nothing, b"-->")
        } else if bytes.starts_with(b"<![CDATA[") {
            (Kind::Other, b"]]>")
        } else if bytes.starts_with(b"<?") {
            (Kind::Other, b"?>")
        } else if bytes.starts_with(b"<!") {
            (Kind::Other, b">")
        } else {
            return self.tag(bytes);
        };
        // What begins and ends it may not share its characters: `<!-->` is not over.
        let from = self.at.max(if kind == Kind::Nothing { 4 } else { 2 });
        let Some(found) = bytes.get(from..).and_then(|rest| find(rest, end)) else {
            self.at = bytes.len().saturating_sub(end.len());
            return None;
        };
        *self = Self::default();
        Some((kind, from + found + end.len()))
    }

    fn tag(&mut self, bytes: &[u8]) -> Option<(Kind, usize)> {
        let mut at = self.at.max(1);
        loop {
            let rest = bytes.get(at..).unwrap_or_default();
            let ends = |b: &u8| match self.quote {
                Some(quote) => *b == quote,
                None => matches!(b, b'>' | b'"' | b'\''),
            };
            let Some(found) = rest.iter().position(ends) else {
                self.at = bytes.len();
                return None;
            };
            let byte = bytes[at + found];
            at += found + 1;
            self.quote = match (self.quote, byte) {
                (None, b'>') => break,
                (None, quote) => Some(quote),
                (Some(_), _) => None,
            };
        }
        *self = Self::default();
        let kind = match (bytes[1], bytes[at - 2]) {
            (b'/', _) => Kind::End,
            (_, b'/') => Kind::Empty,
            _ => Kind::Start,
        };
        Some((kind, at))
    }
}

/// The name of a tag, start or end.
fn name_of(tag: &[u8]) -> &[u8] {
    let rest = tag.strip_prefix(b"</").or_else(|| tag.strip_prefix(b"<")).unwrap_or_default();
    let ends = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'>' | b'/');
    &rest[..rest.iter().position(ends).unwrap_or(rest.len())]
}

fn local(name: &[u8]) -> &[u8] {
    name.iter().position(|b| *b == b':').map_or(name, |at| &name[at + 1..])
}

fn local_text(name: &str) -> &str {
    name.split_once(':').map_or(name, |(_, local)| local)
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += bytes.get(at..)?.iter().position(|b| *b == what[0])?;
        if bytes[at..].starts_with(what) {
            return Some(at);
        }
        at += 1;
    }
}
