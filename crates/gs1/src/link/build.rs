//! Building a link from elements. The caller names AIs and values in any order; the builder finds the
//! primary key, puts its qualifiers in the order of the standard and the rest into the query.

use std::cmp::Reverse;

use super::{Link, LinkError, parse};
use crate::ai::Ai;
use crate::dictionary::{Dictionary, Entry, Row};
use crate::problem::Problem;
use crate::seen::Seen;

/// The host of canonical links.
pub(super) const CANONICAL_STEM: &str = "https://id.gs1.org";

/// Gathers the elements of a link.
///
/// ```
/// use gs1::LinkBuilder;
/// let link = LinkBuilder::new().with("21", "K9").with("01", "08931234567897").with("10", "L7").build()?;
/// assert_eq!(link.path(), "/01/08931234567897/10/L7/21/K9");
/// # Ok::<(), gs1::LinkError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct LinkBuilder {
    elements: Vec<(String, String)>,
    of_link: bool,
}

impl LinkBuilder {
    /// Without elements.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an element. The value is plain text, not percent-encoded; a GTIN may have 8, 12 or 13
    /// digits.
    #[must_use]
    pub fn with(mut self, ai: &str, value: &str) -> Self {
        self.elements.push((ai.to_owned(), value.to_owned()));
        self
    }

    /// The elements were those of a link: they are put where they can stand, though elements alone would not become a link.
    pub(crate) fn of_link(mut self) -> Self {
        self.of_link = true;
        self
    }

    /// The link on `https://id.gs1.org`. Of several AIs that could be the primary key, the one given
    /// first is; the others become attributes.
    ///
    /// # Errors
    /// An unknown AI, a value against its rule, no primary key, an AI given twice with different
    /// values, or one that may not stand in a query. The range counts elements as given, not bytes.
    pub fn build(self) -> Result<Link, LinkError> {
        let dictionary = Dictionary::built_in();
        let mut elements: Vec<(usize, Ai, String)> = Vec::with_capacity(self.elements.len());
        for (place, (name, value)) in self.elements.into_iter().enumerate() {
            let at = place..place + 1;
            let Some((ai, Row { entry, .. })) = dictionary.row_named(name.as_bytes()) else {
                return Err(Problem::UnknownAi.of(name, at));
            };
            let value = if ai == Ai::GTIN && matches!(value.len(), 8 | 12 | 13) {
                format!("{value:0>14}")
            } else {
                value
            };
            let seen = Seen::of(value.as_bytes());
            let verdict = entry.judge(&value, seen);
            verdict.map_err(|fault| Problem::of_value(ai, &value, fault, at.clone()))?;
            match elements.iter().find(|(_, known, _)| *known == ai) {
                Some((_, _, same)) if *same == value => {}
                Some(_) => return Err(Problem::Duplicate.of(ai.to_string(), at)),
                None => elements.push((place, ai, value)),
            }
        }
        assemble(elements, dictionary, self.of_link)
    }
}

/// The link of elements that are right in themselves and not repeated, each with its place in the
/// message.
pub(crate) fn assemble(
    mut elements: Vec<(usize, Ai, String)>,
    dictionary: &Dictionary,
    of_link: bool,
) -> Result<Link, LinkError> {
    let Some(primary) = elements.iter().position(|(_, ai, _)| dictionary.is_primary(*ai)) else {
        return Err(Problem::NoPrimaryKey.at(0..elements.len()));
    };
    let (_, ai, value) = elements.remove(primary);
    let Some(entry) = dictionary.entry(ai) else {
        return Err(Problem::NoPrimaryKey.at(0..elements.len()));
    };
    let mut link = Link {
        stem: CANONICAL_STEM.to_owned(),
        keys: vec![(ai, value)],
        attributes: Vec::new(),
        other: Vec::new(),
        fragment: None,
    };
    take_qualifiers(&mut link, entry, &mut elements, |ai| {
        of_link && !dictionary.entry(ai).is_some_and(|entry| entry.attribute)
    });
    for (place, ai, value) in elements {
        let at = place..place + 1;
        let Some(own) = dictionary.entry(ai) else {
            return Err(Problem::NotAttribute.of(ai.to_string(), at));
        };
        let after = || link.keys[1..].iter().map(|(ai, _)| *ai);
        parse::may_be_attribute(entry, after, ai, own, at)?;
        link.attributes.push((ai, value));
    }
    Ok(link)
}

/// Moves the row of qualifiers that takes most elements into the path; but sooner one that takes fewer than one that leaves
/// what `stays`. With a GTIN, a lot (10) may stand in path or query, a third-party serial (235) in the path alone: a link can
/// have both, though the reference makes none of the two elements.
fn take_qualifiers(
    link: &mut Link,
    primary: &Entry,
    elements: &mut Vec<(usize, Ai, String)>,
    stays: impl Fn(Ai) -> bool,
) {
    let rows = primary.qualifiers.as_deref().unwrap_or_default();
    let taken = |row: &[Ai]| elements.iter().filter(|(_, ai, _)| row.contains(ai)).count();
    let stranded =
        |row: &[Ai]| elements.iter().filter(|(_, ai, _)| !row.contains(ai) && stays(*ai)).count();
    // `max_by_key` gives the last of equals; the first row is the usual one.
    let best = rows.iter().rev().max_by_key(|row| (Reverse(stranded(row)), taken(row)));
    let Some(row) = best else { return };
    for qualifier in row {
        if let Some(at) = elements.iter().position(|(_, ai, _)| ai == qualifier) {
            let (_, ai, value) = elements.remove(at);
            link.keys.push((ai, value));
        }
    }
}
