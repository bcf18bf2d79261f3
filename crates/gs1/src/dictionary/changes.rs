//! What a newer dictionary changes: a list to read before it is put to use.

use std::fmt;

use super::relations::rule_text;
use super::{Dictionary, Entry, Kind, Part};
use crate::ai::Ai;

/// A difference between two dictionaries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// An entry that is new.
    Added(Entry),
    /// An entry that is gone.
    Removed(Entry),
    /// An entry of the same AIs that says something else.
    Changed {
        /// As it was.
        before: Entry,
        /// As it is.
        after: Entry,
    },
}

impl Dictionary {
    /// What `newer` changes against this dictionary, in order of AIs.
    pub fn changes(&self, newer: &Self) -> Vec<Change> {
        let same = |a: &&Entry, b: &Entry| a.range() == b.range();
        let mut changes: Vec<(Ai, Change)> = Vec::new();
        for before in &self.entries {
            let after = newer.entries.iter().find(|after| same(after, before));
            let change = match after {
                None => Change::Removed(before.clone()),
                Some(after) if after == before => continue,
                Some(after) => Change::Changed { before: before.clone(), after: after.clone() },
            };
            changes.push((before.first, change));
        }
        for entry in &newer.entries {
            if !self.entries.iter().any(|before| same(&before, entry)) {
                changes.push((entry.first, Change::Added(entry.clone())));
            }
        }
        changes.sort_by_key(|(ai, _)| *ai);
        changes.into_iter().map(|(_, change)| change).collect()
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Added(entry) => write!(f, "+ {entry}"),
            Self::Removed(entry) => write!(f, "- {entry}"),
            Self::Changed { before, after } => write!(f, "- {before}\n+ {after}"),
        }
    }
}

/// The entry as a line of a dictionary file, without padding.
impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.first)?;
        if self.last != self.first {
            write!(f, "-{}", self.last)?;
        }
        if self.fixed || self.attribute {
            let star = if self.fixed { "*" } else { "" };
            write!(f, " {star}{}", if self.attribute { "?" } else { "" })?;
        }
        for part in &self.parts {
            write!(f, " {part}")?;
        }
        if !self.excludes.is_empty() {
            let list: Vec<String> = self.excludes.iter().map(ToString::to_string).collect();
            write!(f, " ex={}", list.join(","))?;
        }
        for rule in &self.requires {
            write!(f, " req={}", rule_text(rule))?;
        }
        if let Some(rows) = &self.qualifiers {
            let row = |row: &Vec<Ai>| row.iter().map(Ai::as_str).collect::<Vec<_>>().join(",");
            let rows: Vec<String> = rows.iter().map(row).collect();
            let sign = if rows.is_empty() { "" } else { "=" };
            write!(f, " dlpkey{sign}{}", rows.join("|"))?;
        }
        if self.title.is_empty() { Ok(()) } else { write!(f, " # {}", self.title) }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            Kind::Digits => 'N',
            Kind::Cset82 => 'X',
            Kind::Cset39 => 'Y',
            Kind::Cset64 => 'Z',
        };
        let (open, close) = if self.optional { ("[", "]") } else { ("", "") };
        let dots = if self.least == self.most { "" } else { ".." };
        write!(f, "{open}{kind}{dots}{}{close}", self.most)?;
        self.checks.iter().try_for_each(|check| write!(f, ",{}", check.name()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dictionary_without_changes_lists_none_and_a_row_is_written_as_it_is_read() {
        let built_in = Dictionary::built_in();
        assert_eq!(built_in.changes(built_in), []);
        let written: Vec<String> = built_in.entries().iter().map(ToString::to_string).collect();
        let again = Dictionary::parse(&written.join("\n")).expect("our own rows");
        assert_eq!(built_in.changes(&again), []);
    }

    #[test]
    fn changes_are_told_in_order() -> Result<(), super::super::DictionaryError> {
        let old = Dictionary::parse("10 ? X..20 # LOT\n11 * N6,yymmd0")?;
        let new = Dictionary::parse("05 N2\n10 ? X..20 req=01 # LOT")?;
        let told: Vec<String> = old.changes(&new).iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            ["+ 05 N2", "- 10 ? X..20 # LOT\n+ 10 ? X..20 req=01 # LOT", "- 11 * N6,yymmd0"]
        );
        Ok(())
    }
}
