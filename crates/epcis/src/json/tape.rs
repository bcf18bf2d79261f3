//! One pass over the input gives a flat list of nodes in document order. Depth, counts and lengths are checked on the
//! way, before anything is allocated for what they limit; the nesting is a vector, not the call stack.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::fault::{RULE_DEPTH, RULE_DUPLICATE, RULE_LIST, RULE_STRING, RULE_SYNTAX, Rule};
use crate::read::Limits;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Null,
    Bool,
    Number,
    String,
    Array,
    Object,
}

/// A value's place: bytes `start..end` of the text (a string without its quotes), `next` the node after its last part.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    start: u32,
    end: u32,
    next: u32,
    kind: Kind,
    escaped: bool,
}

/// The first thing that stops reading, with its byte offset.
pub(crate) struct Stop {
    pub(crate) rule: &'static Rule,
    pub(crate) offset: usize,
    pub(crate) what: String,
}

pub(crate) struct Tape<'t> {
    text: &'t str,
    shapes: Vec<Shape>,
}

/// A value on the tape.
#[derive(Clone, Copy)]
pub(crate) struct Node<'t> {
    tape: &'t Tape<'t>,
    index: usize,
}

enum Expect {
    Value,
    FirstItem,
    FirstKey,
    Key,
    AfterValue,
}

impl<'t> Tape<'t> {
    /// Reads a whole JSON text (RFC 8259). A name that occurs twice in an object stops reading: two readers would
    /// otherwise see two different events. `eventID` alone may: GS1's example AssociationEvent-h has two.
    pub(crate) fn read(text: &'t str, limits: &Limits) -> Result<Self, Stop> {
        let mut reader = Reader {
            bytes: text.as_bytes(),
            at: 0,
            shapes: Vec::with_capacity(text.len() / 16 + 8),
            open: Vec::new(),
            limits,
        };
        reader.run()?;
        let tape = Self { text, shapes: reader.shapes };
        tape.refuse_duplicates()?;
        Ok(tape)
    }

    pub(crate) fn root(&'t self) -> Node<'t> {
        Node { tape: self, index: 0 }
    }

    fn refuse_duplicates(&self) -> Result<(), Stop> {
        let mut names: Vec<Node<'_>> = Vec::new();
        for index in 0..self.shapes.len() {
            if self.shapes[index].kind != Kind::Object {
                continue;
            }
            names.clear();
            let members = Node { tape: self, index }.members().map(|(name, _)| name);
            names.extend(members.filter(|name| name.raw() != "eventID"));
            if let Some(twice) = twice(&names) {
                return Err(Stop {
                    rule: &RULE_DUPLICATE,
                    offset: twice.offset(),
                    what: twice.string().unwrap_or_default().into_owned(),
                });
            }
        }
        Ok(())
    }
}

fn twice<'t>(names: &[Node<'t>]) -> Option<Node<'t>> {
    // Comparing lengths first makes the square cheaper than hashing for the objects that events are made of.
    if names.len() <= 24 {
        return names.iter().enumerate().find_map(|(index, name)| {
            names[..index].iter().any(|other| same_name(*other, *name)).then_some(*name)
        });
    }
    let mut seen = HashSet::with_capacity(names.len());
    names.iter().find(|name| !seen.insert(name.string().unwrap_or_default())).copied()
}

fn same_name(a: Node<'_>, b: Node<'_>) -> bool {
    if a.shape().escaped || b.shape().escaped {
        a.string() == b.string()
    } else {
        a.raw() == b.raw()
    }
}

impl<'t> Node<'t> {
    fn shape(self) -> Shape {
        self.tape.shapes[self.index]
    }

    pub(crate) fn kind(self) -> Kind {
        self.shape().kind
    }

    /// Where the value begins, in bytes; for a string, its opening quote.
    pub(crate) fn offset(self) -> usize {
        let shape = self.shape();
        shape.start as usize - usize::from(shape.kind == Kind::String)
    }

    /// The text of the value as written; a string without its quotes.
    fn raw(self) -> &'t str {
        let shape = self.shape();
        &self.tape.text[shape.start as usize..shape.end as usize]
    }

    /// The text of the value as written, strings with their quotes.
    pub(crate) fn source(self) -> &'t str {
        let shape = self.shape();
        let quote = u32::from(shape.kind == Kind::String);
        &self.tape.text[(shape.start - quote) as usize..(shape.end + quote) as usize]
    }

    pub(crate) fn string(self) -> Option<Cow<'t, str>> {
        let shape = self.shape();
        match shape.kind {
            Kind::String if shape.escaped => {
                serde_json::from_str(self.source()).ok().map(Cow::Owned)
            }
            Kind::String => Some(Cow::Borrowed(self.raw())),
            _ => None,
        }
    }

    pub(crate) fn number(self) -> Option<&'t str> {
        (self.kind() == Kind::Number).then(|| self.raw())
    }

    /// The names and values of an object, in order; nothing for any other kind.
    pub(crate) fn members(self) -> impl Iterator<Item = (Node<'t>, Node<'t>)> {
        let shape = self.shape();
        let end = if shape.kind == Kind::Object { shape.next as usize } else { 0 };
        let mut index = self.index + 1;
        std::iter::from_fn(move || {
            if index >= end {
                return None;
            }
            let name = Node { tape: self.tape, index };
            let value = Node { tape: self.tape, index: index + 1 };
            index = value.shape().next as usize;
            Some((name, value))
        })
    }

    /// How many values and names it holds, itself among them.
    pub(crate) fn nodes(self) -> usize {
        self.shape().next as usize - self.index
    }

    /// The items of an array, in order; nothing for any other kind.
    pub(crate) fn items(self) -> impl Iterator<Item = Node<'t>> {
        let shape = self.shape();
        let end = if shape.kind == Kind::Array { shape.next as usize } else { 0 };
        let mut index = self.index + 1;
        std::iter::from_fn(move || {
            (index < end).then(|| {
                let item = Node { tape: self.tape, index };
                index = item.shape().next as usize;
                item
            })
        })
    }

    pub(crate) fn get(self, name: &str) -> Option<Node<'t>> {
        self.members()
            .find(|(key, _)| key.string().as_deref() == Some(name))
            .map(|(_, value)| value)
    }
}

struct Open {
    node: usize,
    items: usize,
    object: bool,
}

struct Reader<'t> {
    bytes: &'t [u8],
    at: usize,
    shapes: Vec<Shape>,
    open: Vec<Open>,
    limits: &'t Limits,
}

impl Reader<'_> {
    fn run(&mut self) -> Result<(), Stop> {
        let mut expect = Expect::Value;
        loop {
            self.skip_space();
            let byte = self.bytes.get(self.at).copied();
            expect = match (expect, byte) {
                (Expect::FirstItem, Some(b']')) | (Expect::FirstKey, Some(b'}')) => self.close()?,
                (Expect::Value | Expect::FirstItem, Some(byte)) => self.value(byte)?,
                (Expect::Key | Expect::FirstKey, Some(b'"')) => {
                    self.count()?;
                    self.string()?;
                    self.skip_space();
                    if self.bytes.get(self.at) != Some(&b':') {
                        return Err(self.syntax("':'"));
                    }
                    self.at += 1;
                    Expect::Value
                }
                (Expect::Key | Expect::FirstKey, _) => return Err(self.syntax("\"…\"")),
                (Expect::AfterValue, byte) => match (byte, self.open.last()) {
                    (None, None) => return Ok(()),
                    (Some(_), None) => return Err(self.syntax("")),
                    (Some(b','), Some(open)) => {
                        let object = open.object;
                        self.at += 1;
                        if object { Expect::Key } else { Expect::Value }
                    }
                    (Some(b'}'), Some(Open { object: true, .. }))
                    | (Some(b']'), Some(Open { object: false, .. })) => self.close()?,
                    (_, Some(Open { object: true, .. })) => return Err(self.syntax("',' '}'")),
                    (_, Some(Open { object: false, .. })) => return Err(self.syntax("',' ']'")),
                },
                (Expect::Value | Expect::FirstItem, None) => return Err(self.syntax("")),
            };
        }
    }

    fn value(&mut self, byte: u8) -> Result<Expect, Stop> {
        if self.open.last().is_some_and(|open| !open.object) {
            self.count()?;
        }
        match byte {
            b'{' | b'[' => {
                let object = byte == b'{';
                if self.open.len() >= self.limits.depth {
                    return Err(self.stop(&RULE_DEPTH, self.at, self.limits.depth.to_string()));
                }
                self.open.push(Open { node: self.shapes.len(), items: 0, object });
                self.push(if object { Kind::Object } else { Kind::Array }, self.at, self.at, false);
                self.at += 1;
                return Ok(if object { Expect::FirstKey } else { Expect::FirstItem });
            }
            b'"' => self.string()?,
            b'-' | b'0'..=b'9' => self.number()?,
            b't' => self.word("true", Kind::Bool)?,
            b'f' => self.word("false", Kind::Bool)?,
            b'n' => self.word("null", Kind::Null)?,
            _ => return Err(self.syntax("")),
        }
        Ok(Expect::AfterValue)
    }

    /// Counts one more part of the innermost object or array.
    fn count(&mut self) -> Result<(), Stop> {
        let Some(open) = self.open.last_mut() else { return Ok(()) };
        open.items += 1;
        if open.items > self.limits.list_items {
            return Err(self.stop(&RULE_LIST, self.at, self.limits.list_items.to_string()));
        }
        Ok(())
    }

    fn close(&mut self) -> Result<Expect, Stop> {
        self.at += 1;
        let Some(open) = self.open.pop() else { return Err(self.syntax("")) };
        let next = self.shapes.len() as u32;
        let shape = &mut self.shapes[open.node];
        shape.end = self.at as u32;
        shape.next = next;
        Ok(Expect::AfterValue)
    }

    fn string(&mut self) -> Result<(), Stop> {
        let quote = self.at;
        let start = quote + 1;
        let mut at = start;
        let mut escaped = false;
        loop {
            match self.bytes.get(at) {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    at = self.escape(at)?;
                }
                Some(0..0x20) | None => {
                    self.at = at;
                    return Err(self.syntax("'\"'"));
                }
                Some(_) => {
                    let rest = self.bytes[at..].iter();
                    at += rest.take_while(|byte| !matches!(byte, b'"' | b'\\' | 0..0x20)).count();
                }
            }
        }
        if at - start > self.limits.string {
            return Err(self.stop(&RULE_STRING, quote, self.limits.string.to_string()));
        }
        self.push(Kind::String, start, at, escaped);
        self.at = at + 1;
        Ok(())
    }

    /// Passes one escape; returns the offset after it. A lone surrogate is no character and is refused here.
    fn escape(&mut self, at: usize) -> Result<usize, Stop> {
        let after = match self.bytes.get(at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Some(at + 2),
            Some(b'u') => match self.unit(at) {
                Some(0xD800..=0xDBFF) => {
                    matches!(self.unit(at + 6), Some(0xDC00..=0xDFFF)).then_some(at + 12)
                }
                Some(0xDC00..=0xDFFF) | None => None,
                Some(_) => Some(at + 6),
            },
            _ => None,
        };
        after.ok_or_else(|| {
            self.at = at;
            self.syntax("")
        })
    }

    /// The UTF-16 unit of a `\uXXXX` that begins at `at`.
    fn unit(&self, at: usize) -> Option<u32> {
        let escape = self.bytes.get(at..at + 6)?;
        if &escape[..2] != b"\\u" {
            return None;
        }
        escape[2..]
            .iter()
            .try_fold(0, |unit, byte| Some(unit * 16 + char::from(*byte).to_digit(16)?))
    }

    fn number(&mut self) -> Result<(), Stop> {
        let start = self.at;
        if self.bytes[self.at] == b'-' {
            self.at += 1;
        }
        if self.bytes.get(self.at) == Some(&b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.bytes.get(self.at) {
            self.at += 1;
            if let Some(b'+' | b'-') = self.bytes.get(self.at) {
                self.at += 1;
            }
            self.digits()?;
        }
        self.push(Kind::Number, start, self.at, false);
        Ok(())
    }

    fn digits(&mut self) -> Result<(), Stop> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.bytes.get(self.at) {
            self.at += 1;
        }
        if self.at == start { Err(self.syntax("0–9")) } else { Ok(()) }
    }

    fn word(&mut self, word: &str, kind: Kind) -> Result<(), Stop> {
        if !self.bytes[self.at..].starts_with(word.as_bytes()) {
            return Err(self.syntax(""));
        }
        self.push(kind, self.at, self.at + word.len(), false);
        self.at += word.len();
        Ok(())
    }

    fn push(&mut self, kind: Kind, start: usize, end: usize, escaped: bool) {
        // Offsets fit: `read_json` refuses inputs of 4 GiB and more.
        let next = self.shapes.len() as u32 + 1;
        self.shapes.push(Shape { start: start as u32, end: end as u32, next, kind, escaped });
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.bytes.get(self.at) {
            self.at += 1;
        }
    }

    fn syntax(&self, expected: &str) -> Stop {
        self.stop(&RULE_SYNTAX, self.at, expected.to_owned())
    }

    #[expect(clippy::unused_self, reason = "reads as the other steps of the reader do")]
    fn stop(&self, rule: &'static Rule, offset: usize, what: String) -> Stop {
        Stop { rule, offset, what }
    }
}
