//! How a stream moves on: a step of the cutter at a time, what is around the events kept, events judged as they come.

use super::items::{Items, Spot};
use super::step::{List, Step};
use super::{Cutter, Head, Part, Stream, Task, json, xml};
use crate::fault::{
    Fault, Place, RULE_EVENT_BYTES, RULE_EVENTS, RULE_MISSING, RULE_STREAM_ORDER, RULE_SYNTAX,
    RULE_UTF8, RULE_XML_ENCODING, Rule,
};
use crate::read::MAX_FAULTS;
use crate::xml::Surroundings;

impl Stream {
    pub(super) fn begin(&mut self, mut head: Head) {
        if head.is_hopeless() && matches!(self.task, Task::Events) {
            // An event may be what is wrong first.
            self.head = Some(head);
            return;
        }
        self.gave(std::mem::take(&mut head.faults), head.broken);
        if let Some(document) = &mut head.document {
            let warnings = std::mem::take(&mut document.warnings);
            self.warn(warnings);
            for event in std::mem::take(&mut document.events) {
                self.parts.push_back(Part::Event(self.events, Box::new(event)));
                self.events += 1;
            }
            self.items = Items::new(document, std::mem::take(&mut head.names));
        }
        // Nothing is known of the events of what is no document.
        self.done = head.is_hopeless();
        self.head = Some(head);
    }

    fn is_hopeless(&self) -> bool {
        self.head.as_ref().is_some_and(Head::is_hopeless)
    }

    fn gave(&mut self, faults: Vec<Fault>, all: usize) {
        let room = MAX_FAULTS.saturating_sub(self.faults);
        self.parts.extend(faults.into_iter().take(room).map(Part::Fault));
        self.faults += all;
    }

    fn warn(&mut self, warnings: Vec<Fault>) {
        let room = MAX_FAULTS.saturating_sub(self.warnings);
        self.warnings += warnings.len();
        self.parts.extend(warnings.into_iter().take(room).map(Part::Warning));
    }

    /// Nothing after this can be trusted.
    fn stop(&mut self, rule: &'static Rule, path: String, what: &str) {
        let place = (self.place.line, self.place.column);
        self.stop_with(Fault::new(rule, path, place, what));
    }

    /// Ends with this fault, or with one that stands before it: that of the first pass, or one around the events.
    fn stop_with(&mut self, fault: Fault) {
        if !matches!(self.task, Task::Events) {
            let around = self.so_far();
            if around.stopped {
                self.head = Some(around);
            }
        }
        let known = self.head.as_ref().filter(|head| head.stopped);
        let known = known.and_then(|head| head.faults.first());
        let place = |fault: &Fault| (fault.line, fault.column);
        let fault = known.filter(|known| place(known) < place(&fault)).cloned().unwrap_or(fault);
        if !matches!(self.task, Task::Head) {
            self.gave(vec![fault.clone()], 1);
        }
        self.head = Some(Head::stopped(fault));
        self.done = true;
    }

    /// Takes one step; false where there is none to take now.
    pub(super) fn advance(&mut self) -> bool {
        if self.done {
            return false;
        }
        if matches!(self.cutter, Cutter::Unknown) && !self.recognise() {
            return !self.done && self.ended && self.end();
        }
        let bytes = &self.bytes[self.from..];
        let step = match &mut self.cutter {
            Cutter::Json(cutter) => cutter.step(bytes, self.ended),
            Cutter::Xml(cutter, around) => cutter.step(bytes, self.ended, around.as_ref()),
            Cutter::Unknown => Step::More,
        };
        match step {
            Step::More if self.ended => return self.end(),
            Step::More if bytes.len() > self.limits.bytes => self.too_large(),
            Step::More => return false,
            Step::Around(len) => self.around(len),
            Step::Open(len) => {
                self.around(len);
                self.open();
            }
            Step::Skip(len) => self.pass(len),
            Step::Wrap(len) => self.wrap(len),
            Step::Unwrap(len) => {
                self.pass(len);
                self.look_around();
            }
            Step::Item(len) => self.item(len, false),
            Step::BadItem(len) => self.item(len, true),
            Step::BadAround(len) => {
                self.around(len);
                return !self.done && self.end();
            }
            Step::Stop(rule, what) => {
                // What is no character at all is told as that.
                let start = &bytes[..bytes.len().min(4)];
                let invalid = std::str::from_utf8(start).is_err_and(|e| {
                    e.valid_up_to() == 0 && (e.error_len().is_some() || self.ended)
                });
                let json = matches!(self.cutter, Cutter::Json(_));
                if json && invalid {
                    self.stop(&RULE_UTF8, String::new(), "");
                } else {
                    self.stop(rule, String::new(), what);
                }
            }
        }
        true
    }

    /// Learns from the first bytes what the format is.
    fn recognise(&mut self) -> bool {
        let bytes = &self.bytes[self.from..];
        if bytes.len() < 3 && !self.ended {
            return false;
        }
        if bytes.starts_with(b"\xFE\xFF") || bytes.starts_with(b"\xFF\xFE") {
            self.stop(&RULE_XML_ENCODING, String::new(), "");
            return false;
        }
        if self.place == Place::START && bytes.starts_with(b"\xEF\xBB\xBF") {
            self.from += 3;
        }
        let bytes = &self.bytes[self.from..];
        let Some(first) = bytes.iter().find(|byte| !byte.is_ascii_whitespace()) else {
            // Space before all else is no use, and need not be kept.
            let len = bytes.len();
            self.pass(len);
            return false;
        };
        self.cutter = if *first == b'<' {
            let cutter = xml::Cutter::new(self.limits.depth.min(256), self.limits.string);
            Cutter::Xml(cutter, None)
        } else {
            Cutter::Json(json::Cutter::new(self.limits.depth))
        };
        true
    }

    fn pass(&mut self, len: usize) {
        let end = (self.from + len).min(self.bytes.len());
        self.place.pass(&self.bytes[self.from..end]);
        self.from = end;
    }

    fn around(&mut self, len: usize) {
        let end = (self.from + len).min(self.bytes.len());
        if !matches!(self.task, Task::Events) {
            self.skeleton.push(&self.bytes[self.from..end], self.place);
        }
        self.pass(len);
        if self.skeleton.len() > self.limits.bytes {
            self.too_large();
        }
    }

    fn too_large(&mut self) {
        let most = self.limits.bytes.to_string();
        self.stop(&RULE_EVENT_BYTES, String::new(), &most);
    }

    /// The list of events begins: its events mean what has been said so far.
    fn open(&mut self) {
        self.look_around();
        if !matches!(self.task, Task::Both) || self.done || self.head.is_some() {
            return;
        }
        let mut head = self.so_far();
        if head.stopped {
            self.gave(std::mem::take(&mut head.faults), head.broken);
            self.done = true;
            return;
        }
        let bare = matches!(&self.cutter, Cutter::Json(cutter) if cutter.list == List::Bare);
        let unknown = head.faults.iter().any(|fault| {
            fault.rule == RULE_MISSING.name && matches!(&*fault.path, "/@context" | "/type")
        });
        if unknown && !bare && matches!(self.cutter, Cutter::Json(_)) {
            return self.stop(&RULE_STREAM_ORDER, String::new(), "");
        }
        if head.document.is_none() {
            self.end();
            return;
        }
        if let Some(document) = &head.document {
            self.items = Items::new(document, head.names);
        }
    }

    /// The document as it would be, were the list and all around it to end here.
    fn so_far(&self) -> Head {
        let (closers, xml) = match &self.cutter {
            Cutter::Json(cutter) => (cutter.closers(), false),
            Cutter::Xml(cutter, _) => (cutter.closers(), true),
            Cutter::Unknown => (String::new(), false),
        };
        let mut skeleton = self.skeleton.clone();
        skeleton.push(closers.as_bytes(), self.place);
        skeleton.judge(&self.limits, self.strict, xml)
    }

    /// Learns which namespaces are in scope where the next items stand.
    fn look_around(&mut self) {
        let Cutter::Xml(cutter, around) = &mut self.cutter else { return };
        match Surroundings::of(cutter.tags(), &self.limits) {
            Ok(found) => *around = Some(found),
            // What stands around the events is not well-formed; the end says where.
            Err(_) => _ = self.end(),
        }
    }

    fn wrap(&mut self, len: usize) {
        let tag = self.from..self.from + len;
        if !matches!(self.task, Task::Head)
            && !self.is_hopeless()
            && let Some(fault) =
                Items::wrapper(&self.bytes[tag], &self.cutter, self.strict, self.place, self.events)
        {
            self.gave(vec![fault], 1);
        }
        self.pass(len);
        self.look_around();
    }

    fn item(&mut self, len: usize, bad: bool) {
        if len > self.limits.bytes {
            return self.too_large();
        }
        // A first pass looks only at what it could not go past.
        if matches!(self.task, Task::Head) && !bad {
            self.events += 1;
            return self.pass(len);
        }
        let spot = Spot { place: self.place, index: self.events };
        if self.events >= self.limits.events && !self.is_hopeless() {
            let most = self.limits.events.to_string();
            let path = Items::pointer(&self.cutter, self.events);
            return self.stop(&RULE_EVENTS, path, &most);
        }
        let bytes = &self.bytes[self.from..self.from + len];
        let (item, counts) = self.items.read(bytes, &self.cutter, &self.limits, self.strict, spot);
        if item.stopped {
            return item.faults.into_iter().for_each(|fault| self.stop_with(fault));
        }
        if bad {
            // Cut off where it cannot go on, it must not pass for whole.
            self.pass(len);
            return self.stop(&RULE_SYNTAX, String::new(), "");
        }
        if self.is_hopeless() {
            return self.pass(len);
        }
        self.gave(item.faults, item.broken);
        self.warn(item.warnings);
        if let Some(event) = item.event.filter(|_| item.broken == 0) {
            self.parts.push_back(Part::Event(self.events, Box::new(event)));
        }
        self.events += usize::from(counts);
        self.pass(len);
    }

    /// All has come: what stands around the events is judged.
    fn end(&mut self) -> bool {
        self.done = true;
        if matches!(self.task, Task::Events) {
            let known = self.head.as_mut().filter(|head| head.is_hopeless());
            if let Some(head) = known {
                let faults = std::mem::take(&mut head.faults);
                let broken = head.broken;
                self.gave(faults, broken);
            }
            return true;
        }
        self.skeleton.push(&[], self.place);
        let xml = matches!(self.cutter, Cutter::Xml(..));
        let head = self.skeleton.judge(&self.limits, self.strict, xml);
        if matches!(self.task, Task::Both) {
            self.begin(head);
            self.done = true;
        } else {
            self.head = Some(head);
        }
        true
    }
}
