//! The entries of a context, found by their name: a document may declare many, and each name of each of its events is
//! looked up.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::ContextEntry;

#[derive(Clone, Debug, Default)]
pub(super) struct Entries {
    /// What is shared, below what is declared here. That has nothing below itself.
    below: Option<Arc<Entries>>,
    /// In order; `None` where a later entry of the same name stands.
    list: Vec<Option<ContextEntry>>,
    /// The place of each name.
    names: HashMap<Box<str>, usize>,
    /// The addresses of other contexts.
    remotes: HashSet<Box<str>>,
    bytes: usize,
    open: bool,
}

impl Entries {
    /// Adds an entry; an earlier one of the same name gives way. What others hold is not copied but lain upon.
    pub(super) fn push(this: &mut Arc<Self>, entry: ContextEntry) {
        if matches!(entry, ContextEntry::Remote(_)) && this.contains(&entry) {
            return;
        }
        if Arc::get_mut(this).is_none() && this.below.is_none() && !this.list.is_empty() {
            *this = Arc::new(Self { below: Some(this.clone()), ..Self::default() });
        }
        Arc::make_mut(this).add(entry);
    }

    fn add(&mut self, entry: ContextEntry) {
        self.bytes += entry.bytes();
        let place = self.list.len();
        match &entry {
            ContextEntry::Remote(uri) => {
                self.open = true;
                self.remotes.insert(uri.as_str().into());
            }
            ContextEntry::Term { name, .. } => {
                self.open |= name == "@vocab";
                if let Some(old) = self.names.insert(name.as_str().into(), place) {
                    self.list[old] = None;
                }
            }
        }
        self.list.push(Some(entry));
    }

    #[cfg(test)]
    pub(super) fn below(&self) -> Option<&Arc<Self>> {
        self.below.as_ref()
    }

    fn layers(&self) -> impl Iterator<Item = &Self> {
        std::iter::once(self).chain(self.below.as_deref())
    }

    pub(super) fn term(&self, name: &str) -> Option<&ContextEntry> {
        self.layers().find_map(|layer| layer.list[*layer.names.get(name)?].as_ref())
    }

    /// Whether this very entry is in scope.
    pub(super) fn contains(&self, entry: &ContextEntry) -> bool {
        match entry {
            ContextEntry::Remote(uri) => {
                self.layers().any(|layer| layer.remotes.contains(uri.as_str()))
            }
            ContextEntry::Term { name, .. } => self.term(name) == Some(entry),
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &ContextEntry> {
        let below = self.below.iter().flat_map(|below| below.list.iter().flatten());
        let stands = |entry: &&ContextEntry| match entry {
            ContextEntry::Remote(_) => true,
            ContextEntry::Term { name, .. } => !self.names.contains_key(name.as_str()),
        };
        below.filter(stands).chain(self.list.iter().flatten())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.layers().all(|layer| layer.list.is_empty())
    }

    pub(super) fn is_open(&self) -> bool {
        self.layers().any(|layer| layer.open)
    }

    pub(super) fn size(&self) -> (usize, usize) {
        self.layers()
            .fold((0, 0), |(entries, bytes), one| (entries + one.list.len(), bytes + one.bytes))
    }
}
