//! Documents of any size in constant memory: bytes are pushed in as they come, events come out one by one, each judged by
//! the reader of whole documents and with its place in the whole.
//!
//! The events are cut out of the document; what stands around them, a few hundred bytes, is kept and judged at the end
//! as a document without events. But events mean what the head says they mean, and a head may stand after its events:
//! members of JSON come in any order, and extensions of an XML document follow its body. Hence the rule: **who can read
//! the input twice does**, first for the [`Head`] and then for the events. Who cannot reads with what has been said so
//! far, and JSON whose `type` or `@context` comes after its events is then refused.
//!
//! ```
//! use epcis::{Limits, stream::{Part, Stream}};
//! let text = br#"{"type":"EPCISDocument","schemaVersion":"2.0","creationDate":"2026-03-02T00:00:00Z","epcisBody":{"eventList":[
//!   {"type":"ObjectEvent","action":"ADD","eventTime":"2026-03-01T08:00:00+07:00","eventTimeZoneOffset":"+07:00","epcList":["vn:lot:7"]}
//! ]},"@context":"https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"}"#;
//! let limits = Limits::default();
//! let mut heads = Stream::head_only(&limits);
//! text.chunks(7).for_each(|chunk| heads.push(chunk));
//! let mut stream = Stream::with_head(&limits, heads.into_head());
//! let mut events = 0;
//! for chunk in text.chunks(11) {
//!     stream.push(chunk);
//!     while let Some(part) = stream.next() {
//!         assert!(matches!(part, Part::Event(0, _)));
//!         events += 1;
//!     }
//! }
//! stream.finish();
//! assert!(stream.next().is_none());
//! assert_eq!((events, stream.faults()), (1, 0));
//! ```

mod items;
mod json;
mod run;
mod skeleton;
mod step;
mod xml;

use std::collections::VecDeque;

use crate::fault::{Fault, Place};
use crate::model::Event;
use crate::read::{Document, Limits};
use crate::xml::{Names, Surroundings};
use items::Items;
use skeleton::Skeleton;

/// What a stream gives.
#[derive(Clone, Debug)]
pub enum Part {
    /// An event without faults, and its number in the list, from 0.
    Event(usize, Box<Event>),
    Fault(Fault),
    Warning(Fault),
}

/// What a document says around its events.
#[derive(Clone, Debug)]
pub struct Head {
    /// The document with no events, unless it is one bare event; `None` where it is no EPCIS document.
    document: Option<Document>,
    faults: Vec<Fault>,
    broken: usize,
    /// Nothing can be said of the events.
    stopped: bool,
    names: Names,
}

impl Head {
    /// The document without its events; `None` where it is no EPCIS document at all.
    pub fn document(&self) -> Option<&Document> {
        self.document.as_ref()
    }

    /// What is wrong around the events.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }
}

/// What the stream is for.
#[derive(Debug)]
enum Task {
    /// Only what stands around the events.
    Head,
    /// Only the events.
    Events,
    /// Both in one pass.
    Both,
}

#[derive(Debug)]
enum Cutter {
    /// Too little has come to tell.
    Unknown,
    Json(json::Cutter),
    Xml(xml::Cutter, Option<Surroundings>),
}

/// A reader of documents that come in pieces. See the [module](self).
///
/// Of its [`Limits`] the bytes are those of one event and of all that stands around the events, while the events are
/// those of the document; a list of events may be longer than other lists.
#[derive(Debug)]
pub struct Stream {
    limits: Limits,
    /// As for whole documents: by the letter, or loosely.
    strict: bool,
    task: Task,
    /// Bytes that have come, of which those before `from` have been used up.
    bytes: Vec<u8>,
    from: usize,
    /// Where the byte at `from` stands.
    place: Place,
    ended: bool,
    done: bool,
    cutter: Cutter,
    skeleton: Skeleton,
    items: Items,
    head: Option<Head>,
    parts: VecDeque<Part>,
    events: usize,
    faults: usize,
    warnings: usize,
}

impl Stream {
    fn new(limits: &Limits, task: Task, strict: bool) -> Self {
        Self {
            limits: *limits,
            strict,
            task,
            bytes: Vec::new(),
            from: 0,
            place: Place::START,
            ended: false,
            done: false,
            cutter: Cutter::Unknown,
            skeleton: Skeleton::default(),
            items: Items::default(),
            head: None,
            parts: VecDeque::new(),
            events: 0,
            faults: 0,
            warnings: 0,
        }
    }

    /// For the first of two passes: keeps what stands around the events.
    pub fn head_only(limits: &Limits) -> Self {
        Self::new(limits, Task::Head, true)
    }

    /// For the second of two passes: the events, under the head of the first. What is wrong with the head comes first.
    pub fn with_head(limits: &Limits, head: Head) -> Self {
        let mut stream = Self::new(limits, Task::Events, true);
        stream.begin(head);
        stream
    }

    /// For input that can be read only once.
    pub fn once(limits: &Limits) -> Self {
        Self::new(limits, Task::Both, true)
    }

    /// As [`read_loosely`](crate::read_loosely) reads. To be called before the first bytes come.
    #[must_use]
    pub fn loosely(mut self) -> Self {
        self.strict = false;
        self
    }

    /// Takes the next bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.done {
            return;
        }
        self.bytes.drain(..self.from);
        self.from = 0;
        self.bytes.extend_from_slice(bytes);
        // The first of two passes has nothing to give before its end.
        if matches!(self.task, Task::Head) {
            while self.advance() {}
        }
    }

    /// Says that no more bytes will come.
    pub fn finish(&mut self) {
        self.ended = true;
    }

    /// What comes next; `None` where more bytes are needed, or all has been given.
    #[expect(clippy::should_implement_trait, reason = "after `None` there may be more")]
    pub fn next(&mut self) -> Option<Part> {
        loop {
            if let Some(part) = self.parts.pop_front() {
                return Some(part);
            }
            if !self.advance() {
                return self.parts.pop_front();
            }
        }
    }

    /// The head of what was pushed, the first of two passes.
    pub fn into_head(mut self) -> Head {
        self.finish();
        while self.advance() {}
        self.head.unwrap_or_else(|| self.skeleton.judge(&self.limits, self.strict, false))
    }

    /// The head, once the stream has ended or was given one.
    pub fn head(&self) -> Option<&Document> {
        self.head.as_ref().and_then(Head::document)
    }

    /// Events of the list so far, those with faults included.
    pub fn events(&self) -> usize {
        self.events
    }

    /// How many faults there were, those beyond the first hundred included, which are not given.
    pub fn faults(&self) -> usize {
        self.faults
    }
}

impl Head {
    /// The events mean nothing: only what is no JSON or XML among them is worth telling.
    fn is_hopeless(&self) -> bool {
        self.stopped || self.document.is_none()
    }

    fn stopped(fault: Fault) -> Self {
        let faults = vec![fault];
        Self { document: None, faults, broken: 1, stopped: true, names: Names::default() }
    }
}
