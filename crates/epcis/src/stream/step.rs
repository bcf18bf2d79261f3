//! What a cutter finds next in a document that comes in pieces. A cutter knows only as much of its format as it takes
//! to tell events from what stands around them; what either of them says is for the one reader to judge.

use crate::fault::Rule;

/// The next thing in the bytes at hand; a number says how many of them it takes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Undecided before more bytes have come.
    More,
    /// Stands around the events: head, header, tail.
    Around(usize),
    /// As [`Step::Around`], and then the list of events begins.
    Open(usize),
    /// Between events and without meaning.
    Skip(usize),
    /// An item of the list.
    Item(usize),
    /// An `extension` of XML 1.2 that has events in it begins.
    Wrap(usize),
    /// It ends.
    Unwrap(usize),
    /// The beginning of an item that cannot be well-formed, whatever follows.
    BadItem(usize),
    /// As [`Step::Around`], and it cannot be well-formed, whatever follows.
    BadAround(usize),
    /// Between events stands what may not, right at the beginning of the bytes.
    Stop(&'static Rule, &'static str),
}

/// The kind of document that the list stands in, and so its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum List {
    Bare,
    Document,
    Query,
}

impl List {
    /// The names from the document to its list.
    pub(super) fn path(self) -> &'static [&'static str] {
        match self {
            Self::Bare => &[],
            Self::Document => &["epcisBody", "eventList"],
            Self::Query => &["epcisBody", "queryResults", "resultsBody", "eventList"],
        }
    }
}
