//! Finding a unit by what people type: any part of its address, old or new, with or without marks.
//!
//! The index holds the folded names of all 13,361 units and is built on the first search. A search reads all of it,
//! which takes less time than a key press, so there is nothing cleverer here.

use std::sync::OnceLock;

use unicode_normalization::UnicodeNormalization;

use super::{Commune, OldCommune, Successors, communes, old_communes, provinces};
use crate::fold::fold;

/// Folded words for kinds of unit. They tell a person what a name is; the search passes over them.
const KIND_WORDS: [&str; 15] = [
    "xa", "phuong", "huyen", "quan", "tinh", "tp", "tt", "tx", "x", "p", "h", "q", "t", "ward",
    "commune",
];
const KIND_PAIRS: [(&str, &str); 4] =
    [("thi", "tran"), ("thi", "xa"), ("thanh", "pho"), ("dac", "khu")];

/// One unit that a search found.
#[derive(Clone, Debug, PartialEq)]
pub enum Hit {
    /// A commune of today.
    New(&'static Commune),
    /// A commune of before July 2025 and what became of it.
    Old {
        /// The unit as it was.
        unit: &'static OldCommune,
        /// Where its land is now; a split one asks a person.
        successors: Successors,
    },
}

/// How well a unit answers, best first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Rank {
    /// The code, or the whole name and perhaps words of its district and province.
    Exact,
    /// The name begins with the query, or is the query but for spaces.
    Prefix,
    /// Every word is in the address, at least one of them in the name.
    Contains,
    /// Every word is in the address, none in the name: all communes of a district or province.
    Around,
}

struct Entry {
    /// `thanh an`
    name: String,
    /// `xa`
    kind: String,
    /// Position in [`Index::places`].
    place: usize,
}

struct Index {
    communes: Vec<Entry>,
    old: Vec<Entry>,
    /// Folded district and province, once each: `huyen dien bien tinh dien bien`.
    places: Vec<String>,
}

struct Query {
    /// Folded, single spaces.
    text: String,
    /// The words of `text` that are not kinds.
    words: Vec<String>,
    /// As typed, lower case and NFC, to prefer the name with the same marks.
    marked: String,
}

/// Units that answer a query, best first, at most `limit`: whole names before beginnings before parts, units of today
/// before those of before July 2025, names with the marks as typed before others.
///
/// The query may be a code, a name or several parts of an address in the usual order (`xã Thanh An huyện Điện
/// Biên`). An old unit that goes on unchanged is left out where its successor is found as well. A query without
/// letters or digits finds nothing.
pub fn find(query: &str, limit: usize) -> Vec<Hit> {
    let query = Query::new(query);
    if query.text.is_empty() || limit == 0 {
        return Vec::new();
    }
    let index = index();
    let mut found = Vec::new();
    for (at, (entry, unit)) in index.communes.iter().zip(communes()).enumerate() {
        if let Some(rank) = query.rank(unit.code, entry, &index.places) {
            found.push((rank, false, query.other_marks(unit.name), entry.name.len(), at));
        }
    }
    for (at, (entry, unit)) in index.old.iter().zip(old_communes()).enumerate() {
        if let Some(rank) = query.rank(unit.code, entry, &index.places) {
            found.push((rank, true, query.other_marks(unit.name), entry.name.len(), at));
        }
    }
    found.sort_unstable();
    let mut hits: Vec<Hit> = Vec::new();
    for (_, old, _, _, at) in found {
        if hits.len() == limit {
            break;
        }
        let hit = if old {
            let unit = &old_communes()[at];
            Hit::Old { unit, successors: unit.successors() }
        } else {
            Hit::New(&communes()[at])
        };
        let said = matches!(&hit, Hit::Old { successors: Successors::Unchanged(c), .. } if hits.contains(&Hit::New(c)));
        if !said {
            hits.push(hit);
        }
    }
    hits
}

impl Query {
    fn new(query: &str) -> Self {
        let text = fold(query);
        let words = without_kinds(&text).map(str::to_owned).collect();
        Self { words, text, marked: query.nfc().collect::<String>().to_lowercase() }
    }

    fn other_marks(&self, name: &str) -> bool {
        !self.marked.contains(&name.to_lowercase())
    }

    fn rank(&self, code: &str, entry: &Entry, places: &[String]) -> Option<Rank> {
        if self.text == code {
            return Some(Rank::Exact);
        }
        let place = &places[entry.place];
        let bare =
            self.text.strip_prefix(entry.kind.as_str()).and_then(|rest| rest.strip_prefix(' '));
        for text in [Some(self.text.as_str()), bare].into_iter().flatten() {
            if let Some(after) = text.strip_prefix(entry.name.as_str()) {
                let whole_word = after.is_empty() || after.starts_with(' ');
                if whole_word && all_in(without_kinds(after), place) {
                    return Some(Rank::Exact);
                }
            }
            if entry.name.starts_with(text) || equal_but_for_spaces(text, &entry.name) {
                return Some(Rank::Prefix);
            }
        }
        let (last, rest) = self.words.split_last()?;
        let mut named = starts_a_word(last, &entry.name);
        if !named && !starts_a_word(last, place) {
            return None;
        }
        for word in rest {
            let in_name = has_word(word, &entry.name);
            if !in_name && !has_word(word, place) {
                return None;
            }
            named |= in_name;
        }
        Some(if named { Rank::Contains } else { Rank::Around })
    }
}

fn index() -> &'static Index {
    static INDEX: OnceLock<Index> = OnceLock::new();
    INDEX.get_or_init(|| {
        let mut places: Vec<String> = provinces()
            .iter()
            .map(|province| {
                // The one abbreviation that is commoner than the name.
                let also = if province.code == "79" { " hcm tphcm" } else { "" };
                fold(province.kind.word()) + " " + &fold(province.name) + also
            })
            .collect();
        let new = communes()
            .iter()
            .map(|unit| Entry {
                name: fold(unit.name),
                kind: fold(unit.kind.word()),
                place: usize::from(unit.province),
            })
            .collect();
        let first_district = places.len();
        let mut old = Vec::with_capacity(old_communes().len());
        for unit in old_communes() {
            let place = first_district + usize::from(unit.district);
            if place == places.len() {
                let also = if unit.province_code == "79" { " hcm tphcm" } else { "" };
                places.push(fold(unit.district_name) + " " + &fold(unit.province_name) + also);
            }
            old.push(Entry { name: fold(unit.name), kind: fold(unit.kind.word()), place });
        }
        Index { communes: new, old, places }
    })
}

/// The words of a folded text that are not kinds of unit.
fn without_kinds(text: &str) -> impl Iterator<Item = &str> {
    let mut words = text.split(' ').filter(|word| !word.is_empty()).peekable();
    std::iter::from_fn(move || {
        loop {
            let word = words.next()?;
            let pair = words.peek().is_some_and(|next| KIND_PAIRS.contains(&(word, *next)));
            if pair {
                words.next();
            } else if !KIND_WORDS.contains(&word) {
                return Some(word);
            }
        }
    })
}

fn all_in<'a>(words: impl Iterator<Item = &'a str>, place: &str) -> bool {
    let mut words = words.peekable();
    while let Some(word) = words.next() {
        let last = words.peek().is_none();
        if !(has_word(word, place) || last && starts_a_word(word, place)) {
            return false;
        }
    }
    true
}

fn has_word(word: &str, text: &str) -> bool {
    text.split(' ').any(|other| other == word)
}

fn starts_a_word(start: &str, text: &str) -> bool {
    text.split(' ').any(|word| word.starts_with(start))
}

fn equal_but_for_spaces(a: &str, b: &str) -> bool {
    // Bytes, because this runs 13,361 times a search and both texts are folded.
    a.bytes().filter(|byte| *byte != b' ').eq(b.bytes().filter(|byte| *byte != b' '))
}
