//! Texts under small numbers, each kept once.

use std::hash::{BuildHasher, RandomState};

/// The number of a text, in the order in which texts came.
pub(crate) type Name = u32;

/// All texts lie one after the other; a table of numbers finds them. A million identifiers of fifty bytes take about 60 MB.
#[derive(Default)]
pub(crate) struct Names {
    text: String,
    ends: Vec<u64>,
    /// Number + 1 of the text whose hash falls here, or a later one; zero is free. A power of two in length.
    slots: Vec<u32>,
    hasher: RandomState,
}

impl Names {
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn get(&self, name: Name) -> &str {
        let index = name as usize;
        let start = if index == 0 { 0 } else { self.ends[index - 1] as usize };
        &self.text[start..self.ends[index] as usize]
    }

    pub(crate) fn find(&self, text: &str) -> Option<Name> {
        if self.slots.is_empty() {
            return None;
        }
        let slot = self.slot(text);
        self.slots[slot].checked_sub(1)
    }

    pub(crate) fn add(&mut self, text: &str) -> Name {
        if self.slots.len() < (self.ends.len() + 1) * 2 {
            self.grow();
        }
        let slot = self.slot(text);
        if let Some(known) = self.slots[slot].checked_sub(1) {
            return known;
        }
        let name = u32::try_from(self.ends.len()).expect("fewer than four thousand million names");
        self.text.push_str(text);
        self.ends.push(self.text.len() as u64);
        self.slots[slot] = name + 1;
        name
    }

    /// Where the text is, or where it would go.
    fn slot(&self, text: &str) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = self.hasher.hash_one(text) as usize & mask;
        while let Some(name) = self.slots[slot].checked_sub(1) {
            if self.get(name) == text {
                break;
            }
            slot = (slot + 1) & mask;
        }
        slot
    }

    fn grow(&mut self) {
        self.slots = vec![0; (self.slots.len() * 2).max(16)];
        for name in 0..self.ends.len() as u32 {
            let slot = self.slot(self.get(name));
            self.slots[slot] = name + 1;
        }
    }

    /// Bytes that the texts and their table take.
    pub(crate) fn bytes(&self) -> usize {
        self.text.capacity() + self.ends.capacity() * 8 + self.slots.capacity() * 4
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_one_number_however_often_it_comes() {
        let mut names = Names::default();
        assert_eq!(names.find("a"), None);
        let numbers: Vec<Name> =
            (0..5_000).map(|n| names.add(&format!("t{}", n % 1_000))).collect();
        for (n, number) in numbers.into_iter().enumerate() {
            assert_eq!(number as usize, n % 1_000);
            assert_eq!(names.get(number), format!("t{}", n % 1_000));
        }
        assert_eq!(names.len(), 1_000);
        assert_eq!(names.find("t999"), Some(999));
        assert_eq!(names.find("t1000"), None);
    }
}
