//! Cutting JSON: `epcisBody.eventList`, `epcisBody.queryResults.resultsBody.eventList`, or a list by itself. Brackets and
//! quotes decide; an item ends where its brackets do.

use super::step::{List, Step};
use crate::fault::RULE_SYNTAX;

/// Longer names are none of those that lead to the list.
const LONGEST_NAME: usize = 96;

#[derive(Debug)]
pub(super) struct Cutter {
    state: State,
    /// The objects and lists around the place, while it is not within the list of events.
    open: Vec<Frame>,
    /// Within a string around the events, and whether its next character is escaped.
    quoted: bool,
    escaped: bool,
    item: Item,
    depth: usize,
    pub(super) list: List,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Around,
    /// After `[` of the list.
    First,
    /// After a comma of the list.
    Next,
    After,
    Item,
}

#[derive(Debug)]
struct Frame {
    object: bool,
    /// A name is next, not a value.
    wants_name: bool,
    name: Vec<u8>,
}

/// How far an item has been looked at.
#[derive(Debug, Default)]
struct Item {
    at: usize,
    open: Vec<bool>,
    quoted: bool,
}

impl Cutter {
    pub(super) fn new(depth: usize) -> Self {
        Self {
            state: State::Around,
            open: Vec::new(),
            quoted: false,
            escaped: false,
            item: Item::default(),
            depth,
            list: List::Bare,
        }
    }

    /// How deep the items of the list are nested.
    pub(super) fn level(&self) -> usize {
        self.open.len()
    }

    /// What closes the document, were the list to end here.
    pub(super) fn closers(&self) -> String {
        self.open.iter().rev().map(|frame| if frame.object { '}' } else { ']' }).collect()
    }

    pub(super) fn step(&mut self, bytes: &[u8], ended: bool) -> Step {
        if self.state == State::Around {
            return self.around(bytes);
        }
        if self.state == State::Item {
            return self.item(bytes, ended);
        }
        let space = bytes.iter().take_while(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r')).count();
        if space > 0 {
            return Step::Skip(space);
        }
        match (self.state, bytes.first()) {
            (_, None) if !ended => Step::More,
            (State::First | State::After, Some(b']')) => {
                self.state = State::Around;
                self.open.pop();
                Step::Around(1)
            }
            (State::After, Some(b',')) => {
                self.state = State::Next;
                Step::Skip(1)
            }
            (State::After, _) => Step::Stop(&RULE_SYNTAX, "',' ']'"),
            (_, None) => Step::Stop(&RULE_SYNTAX, ""),
            (_, Some(_)) => {
                self.state = State::Item;
                self.item = Item::default();
                self.item(bytes, ended)
            }
        }
    }

    fn around(&mut self, bytes: &[u8]) -> Step {
        for (at, byte) in bytes.iter().copied().enumerate() {
            if self.quoted {
                self.character(byte);
                continue;
            }
            match byte {
                b'"' => {
                    self.quoted = true;
                    if let Some(frame) = self.naming() {
                        frame.name.clear();
                    }
                }
                b':' => self.wants_name(false),
                b',' => self.wants_name(true),
                b'{' | b'[' if self.open.len() >= self.depth => return Step::BadAround(at + 1),
                b'{' | b'[' => {
                    let object = byte == b'{';
                    let list = if object { None } else { self.list_here() };
                    self.open.push(Frame { object, wants_name: object, name: Vec::new() });
                    if let Some(list) = list {
                        self.list = list;
                        self.state = State::First;
                        return Step::Open(at + 1);
                    }
                }
                b'}' | b']' => drop(self.open.pop()),
                _ => {}
            }
        }
        if bytes.is_empty() { Step::More } else { Step::Around(bytes.len()) }
    }

    /// A byte within a string.
    fn character(&mut self, byte: u8) {
        if byte == b'"' && !self.escaped {
            self.quoted = false;
            return;
        }
        self.escaped = byte == b'\\' && !self.escaped;
        if let Some(frame) = self.naming()
            && frame.name.len() < LONGEST_NAME
        {
            frame.name.push(byte);
        }
    }

    /// The object whose next name stands here.
    fn naming(&mut self) -> Option<&mut Frame> {
        self.open.last_mut().filter(|frame| frame.wants_name)
    }

    fn wants_name(&mut self, wants: bool) {
        if let Some(frame) = self.open.last_mut() {
            frame.wants_name = wants && frame.object;
        }
    }

    /// Which list begins where a value stands here.
    fn list_here(&self) -> Option<List> {
        let known = [List::Bare, List::Document, List::Query];
        known.into_iter().find(|list| {
            let path = list.path();
            path.len() == self.open.len()
                && self.open.iter().zip(path).all(|(frame, name)| frame.object && frame.is(name))
        })
    }

    fn item(&mut self, bytes: &[u8], ended: bool) -> Step {
        let found = self.item.end(bytes, self.depth.saturating_sub(self.open.len()));
        match found {
            Some(Ok(end)) => {
                self.state = State::After;
                Step::Item(end)
            }
            Some(Err(end)) => Step::BadItem(end),
            None if ended && self.item.is_word() => {
                self.state = State::After;
                Step::Item(bytes.len())
            }
            None if ended => Step::BadItem(bytes.len()),
            None => Step::More,
        }
    }
}

impl Frame {
    fn is(&self, name: &str) -> bool {
        if !self.name.contains(&b'\\') {
            return self.name == name.as_bytes();
        }
        let quoted = [b"\"", &self.name[..], b"\""].concat();
        serde_json::from_slice::<String>(&quoted).is_ok_and(|read| read == name)
    }
}

impl Item {
    fn is_word(&self) -> bool {
        self.open.is_empty() && !self.quoted
    }

    /// Where the item ends, or an error where it cannot go on; `None` where the bytes do not say.
    fn end(&mut self, bytes: &[u8], depth: usize) -> Option<Result<usize, usize>> {
        loop {
            if self.quoted {
                let rest = bytes.get(self.at..)?;
                let Some(plain) = rest.iter().position(|b| matches!(b, b'"' | b'\\' | 0..0x20))
                else {
                    self.at = bytes.len();
                    return None;
                };
                self.at += plain;
                match bytes[self.at] {
                    b'"' => {
                        self.at += 1;
                        self.quoted = false;
                        if self.open.is_empty() {
                            return Some(Ok(self.at));
                        }
                    }
                    b'\\' if self.at + 1 >= bytes.len() => return None,
                    b'\\' => self.at += 2,
                    _ => return Some(Err(self.at + 1)),
                }
                continue;
            }
            let rest = bytes.get(self.at..)?;
            let plain = rest.iter().position(|byte| SPECIAL[usize::from(*byte)]);
            if self.open.is_empty() && plain != Some(0) {
                return self.word(bytes);
            }
            let Some(plain) = plain else {
                self.at = bytes.len();
                return None;
            };
            self.at += plain;
            let byte = bytes[self.at];
            self.at += 1;
            match byte {
                b'"' => self.quoted = true,
                b'{' | b'[' if self.open.len() >= depth => return Some(Err(self.at)),
                b'{' | b'[' => self.open.push(byte == b'{'),
                close => {
                    if self.open.pop() != Some(close == b'}') {
                        return Some(Err(self.at));
                    }
                    if self.open.is_empty() {
                        return Some(Ok(self.at));
                    }
                }
            }
        }
    }

    /// A number, `true` or whatever else stands without quotes and brackets.
    fn word(&mut self, bytes: &[u8]) -> Option<Result<usize, usize>> {
        let ends = |b: &u8| {
            b.is_ascii_whitespace() || matches!(b, b',' | b']' | b'}' | b'"' | b'[' | b'{')
        };
        match bytes[self.at..].iter().position(ends) {
            // A comma where a value belongs: no item, but a place that the reader can name.
            Some(0) => Some(Err(self.at + 1)),
            Some(len) => Some(Ok(self.at + len)),
            None => {
                self.at = bytes.len();
                None
            }
        }
    }
}

static SPECIAL: [bool; 256] = {
    let mut table = [false; 256];
    table[b'"' as usize] = true;
    table[b'{' as usize] = true;
    table[b'}' as usize] = true;
    table[b'[' as usize] = true;
    table[b']' as usize] = true;
    table
};
