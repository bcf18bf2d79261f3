//! A link as it stands in the text it was read from: nothing is copied but values that were
//! percent-encoded. What only looks at a link (a scan page, a check of a million lines) stays here;
//! what keeps one makes a [`Link`] of it.

use std::borrow::Cow;
use std::ops::Range;

use super::{Link, LinkError, Reading, parse};
use crate::ai::Ai;
use crate::dictionary::{Dictionary, Entry};
use crate::level::Level;
use crate::seen::Seen;

/// A link that borrows from its text.
///
/// ```
/// use gs1::{Ai, link::{Reading, View}};
/// let view = View::parse("https://tx.example.vn/01/08931234567897/10/L7?17=261231", Reading::tolerant())?;
/// assert_eq!(view.get(Ai::LOT), Some("L7"));
/// assert_eq!(view.elements().count(), 3);
/// # Ok::<(), gs1::LinkError>(())
/// ```
#[derive(Debug, Clone)]
pub struct View<'a> {
    pub(super) text: &'a str,
    /// Where scheme and host end, and where the stem ends.
    pub(super) host_end: usize,
    pub(super) stem_end: usize,
    /// The primary key and its qualifiers, then the attributes, and how many are keys.
    pub(super) found: Vec<Found<'a>>,
    pub(super) keys: usize,
    pub(super) other: Vec<(&'a str, &'a str)>,
    pub(super) fragment: Option<&'a str>,
}

/// An AI with its value, and where the value stands.
#[derive(Debug, Clone)]
pub(crate) struct Found<'a> {
    pub(crate) ai: Ai,
    /// What the bytes of the value are.
    pub(crate) seen: Seen,
    pub(crate) entry: &'a Entry,
    /// The place of the entry in the dictionary.
    pub(crate) place: u16,
    pub(crate) value: Cow<'a, str>,
    /// Where the AI stands.
    pub(crate) name: Range<usize>,
    /// Where the value stands, as written.
    pub(crate) at: Range<usize>,
}

impl<'a> View<'a> {
    /// Reads a link; see [`Link::parse_with`].
    ///
    /// # Errors
    /// The first rule broken, with its bytes in `text`.
    pub fn parse(text: &'a str, reading: Reading) -> Result<Self, LinkError> {
        Self::parse_by(text, reading, Dictionary::built_in())
    }

    /// Reads a link by a dictionary of the caller's.
    ///
    /// # Errors
    /// The first rule broken, with its bytes in `text`.
    pub fn parse_by(
        text: &'a str,
        reading: Reading,
        dictionary: &'a Dictionary,
    ) -> Result<Self, LinkError> {
        parse::parse(text, reading, dictionary)
    }

    /// The primary key, its qualifiers, then the attributes, in their order, with decoded values.
    pub fn elements(&self) -> impl Iterator<Item = (Ai, &str)> {
        self.found.iter().map(|found| (found.ai, &*found.value))
    }

    /// The value of an AI in path or query.
    pub fn get(&self, ai: Ai) -> Option<&str> {
        self.elements().find(|(found, _)| *found == ai).map(|(_, value)| value)
    }

    /// The primary key.
    pub fn primary(&self) -> (Ai, &str) {
        (self.found[0].ai, &self.found[0].value)
    }

    /// Whether the link is of one thing, of a lot, or of a class of things.
    pub fn level(&self) -> Level {
        let (ai, value) = self.primary();
        Level::of_keys(ai, value, |wanted| self.keys()[1..].iter().any(|key| key.ai == wanted))
    }

    /// How many bytes of the text are the stem.
    pub(crate) fn stem_len(&self) -> usize {
        self.stem_end
    }

    pub(super) fn keys(&self) -> &[Found<'a>] {
        &self.found[..self.keys]
    }

    pub(super) fn attributes(&self) -> &[Found<'a>] {
        &self.found[self.keys..]
    }

    pub(crate) fn into_found(self) -> Vec<Found<'a>> {
        self.found
    }

    /// The parameters that are no AI, as written.
    pub fn other_parameters(&self) -> &[(&'a str, &'a str)] {
        &self.other
    }

    /// The link for keeping.
    pub fn to_link(&self) -> Link {
        let owned = |found: &Found<'_>| (found.ai, found.value.clone().into_owned());
        let mut stem = String::with_capacity(self.stem_end);
        stem.push_str(&self.text[..self.host_end]);
        stem.make_ascii_lowercase();
        stem.push_str(&self.text[self.host_end..self.stem_end]);
        Link {
            stem,
            keys: self.keys().iter().map(owned).collect(),
            attributes: self.attributes().iter().map(owned).collect(),
            other: self.other.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect(),
            fragment: self.fragment.map(str::to_owned),
        }
    }
}
