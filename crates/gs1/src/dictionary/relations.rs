//! Which AIs belong together and which do not (the `req` and `ex` facts of the dictionary; General
//! Specifications 4.13). Both hold over all the data of one item, so they are asked of a whole
//! message and not while it is read.
//!
//! Nearly every message keeps them all, so what is quick is to see that: every pattern of the dictionary
//! has a bit, every AI the bits of the patterns that mean it, and a message those of all its AIs. Only
//! where these do not settle it are the relations gone through one by one, which also tells the first
//! that is broken.

use std::fmt;

use super::{Dictionary, Entry};
use crate::ai::Ai;

/// An AI, or a row of AIs with `n` for any digit: `31nn`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pattern {
    // The digits of `Ai`, with zero bytes and a zero mask where any digit fits.
    bits: u32,
    mask: u32,
    len: u8,
}

/// AIs that satisfy a requirement together: `01+21`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group(pub Vec<Pattern>);

/// A relation that a message breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Broken {
    /// `ai` needs one group of each rule; the rule is written as in the dictionary.
    Required {
        /// The AI that needs others.
        ai: Ai,
        /// `01,02,8006`.
        rule: String,
    },
    /// Two AIs that may not stand together.
    Excluded {
        /// The AI whose entry says so.
        ai: Ai,
        /// The other.
        with: Ai,
    },
}

impl Pattern {
    /// `01`, `390n`, `31nn`.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if !(2..=4).contains(&bytes.len()) {
            return None;
        }
        let (mut bits, mut mask) = ([0; 4], [0xff; 4]);
        for (at, &byte) in bytes.iter().enumerate() {
            match byte {
                b'0'..=b'9' => bits[at] = byte,
                b'n' => mask[at] = 0,
                _ => return None,
            }
        }
        let (bits, mask) = (u32::from_be_bytes(bits), u32::from_be_bytes(mask));
        Some(Self { bits, mask, len: bytes.len() as u8 })
    }

    /// Whether the pattern means `ai`.
    #[inline]
    pub fn fits(self, ai: Ai) -> bool {
        ai.bits() & self.mask == self.bits && ai.len() == usize::from(self.len)
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (bits, mask) = (self.bits.to_be_bytes(), self.mask.to_be_bytes());
        for at in 0..usize::from(self.len) {
            write!(f, "{}", if mask[at] == 0 { 'n' } else { bits[at] as char })?;
        }
        Ok(())
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, pattern) in self.0.iter().enumerate() {
            write!(f, "{}{pattern}", if at == 0 { "" } else { "+" })?;
        }
        Ok(())
    }
}

/// A rule as the dictionary writes it.
pub(super) fn rule_text(rule: &[Group]) -> String {
    rule.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

/// The relations of an entry as bits, one for each pattern of the dictionary.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bits {
    /// The patterns that mean every AI of the entry.
    is: u128,
    /// The patterns that mean any AI of the entry.
    may_be: u128,
    /// The patterns of what may not be in the message.
    excludes: u128,
    /// For each of two rules, patterns of which one alone satisfies it.
    requires: [u128; 2],
}

/// A bit that every message has: for rules that are not there.
const ALWAYS: u128 = 1 << 127;

/// Of an AI that is not known.
const NOTHING: Bits = Bits { is: 0, may_be: 0, excludes: 0, requires: [ALWAYS; 2] };

impl Bits {
    /// The bits of all entries; none where a dictionary has more patterns than there are bits. The
    /// built-in one has 104.
    pub(super) fn of_all(entries: &[Entry]) -> Vec<Self> {
        let mut patterns: Vec<Pattern> = Vec::new();
        for entry in entries {
            let required = entry.requires.iter().flatten().flat_map(|group| &group.0);
            for pattern in entry.excludes.iter().chain(required) {
                if !patterns.contains(pattern) {
                    patterns.push(*pattern);
                }
            }
        }
        if patterns.len() > 127 {
            return Vec::new();
        }
        let bit = |pattern: &Pattern| match patterns.iter().position(|known| known == pattern) {
            Some(at) => 1 << at,
            None => 0_u128,
        };
        let of = |entry: &Entry| {
            let (mut is, mut may_be, mut requires) = (0, 0, [ALWAYS; 2]);
            for (at, pattern) in patterns.iter().enumerate() {
                is |= u128::from(entry.ais().all(|ai| pattern.fits(ai))) << at;
                may_be |= u128::from(entry.ais().any(|ai| pattern.fits(ai))) << at;
            }
            for (at, rule) in entry.requires.iter().enumerate() {
                let alone = rule.iter().filter_map(|group| match &group.0[..] {
                    [one] => Some(bit(one)),
                    _ => None,
                });
                match requires.get_mut(at) {
                    Some(bits) => *bits = alone.fold(0, |all, bit| all | bit),
                    // Never satisfied, so that all of them are gone through.
                    None => requires = [0; 2],
                }
            }
            let excludes = entry.excludes.iter().fold(0, |all, p| all | bit(p));
            Self { is, may_be, excludes, requires }
        };
        entries.iter().map(of).collect()
    }
}

impl Dictionary {
    /// Whether the AIs of these entries may stand together, as far as that is seen at a glance: where
    /// this says no, [`Self::relations`] knows.
    pub(crate) fn clearly_related(&self, places: impl Iterator<Item = u16> + Clone) -> bool {
        if self.bits.is_empty() {
            return false;
        }
        let bits = |place: u16| self.bits.get(usize::from(place)).unwrap_or(&NOTHING);
        let has = |is, bits: &Bits| is & bits.requires[0] != 0 && is & bits.requires[1] != 0;
        let (mut is, mut may_be, mut excludes, mut satisfied) = (ALWAYS, 0, 0, true);
        for bits in places.clone().map(bits) {
            is |= bits.is;
            may_be |= bits.may_be;
            excludes |= bits.excludes;
            // The key stands first in most messages, and then one pass is enough.
            satisfied &= has(is, bits);
        }
        may_be & excludes == 0 && (satisfied || places.map(bits).all(|bits| has(is, bits)))
    }

    /// Whether the AIs of a message may stand together: first that none excludes another, then that
    /// each has what it needs. An AI that the dictionary does not know needs and excludes nothing.
    ///
    /// # Errors
    /// The first relation broken, in the order of `ais`.
    pub fn relations(&self, ais: &[Ai]) -> Result<(), Broken> {
        let excluded = |ai: Ai, pattern: Pattern| {
            ais.iter().copied().find(|&other| other != ai && pattern.fits(other))
        };
        for &ai in ais {
            let Some(entry) = self.entry(ai) else { continue };
            for &pattern in &entry.excludes {
                if let Some(with) = excluded(ai, pattern) {
                    return Err(Broken::Excluded { ai, with });
                }
            }
        }
        let has = |group: &Group| group.0.iter().all(|p| ais.iter().any(|&ai| p.fits(ai)));
        for &ai in ais {
            let Some(entry) = self.entry(ai) else { continue };
            for rule in &entry.requires {
                if !rule.iter().any(has) {
                    return Err(Broken::Required { ai, rule: rule_text(rule) });
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_clearly_related_is_related() {
        let dictionary = Dictionary::built_in();
        let clear = |ais: &[Ai]| {
            let place = |ai: &Ai| dictionary.row(*ai).expect("known").place;
            dictionary.clearly_related(ais.iter().map(place))
        };
        assert!(!dictionary.bits.is_empty());
        let rows = dictionary.entries().iter().map(Entry::range);
        let ais: Vec<Ai> = rows.flat_map(|(first, last)| [first, last]).collect();
        for a in &ais {
            for b in &ais {
                for more in [&[][..], &[Ai::GTIN], &[Ai::GTIN, Ai::SERIAL]] {
                    let all = [&[*a, *b], more].concat();
                    assert!(!clear(&all) || dictionary.relations(&all).is_ok(), "{all:?}");
                }
            }
        }
        assert!(clear(&[Ai::GTIN, Ai::LOT, Ai::SERIAL, Ai::EXPIRY]));
        assert!(clear(&[Ai::LOT, Ai::EXPIRY, Ai::GTIN]), "what is needed may come later");
    }

    #[test]
    fn a_dictionary_of_too_many_patterns_is_gone_through() {
        let entry = |n: u32| format!("{n} X..3 ex={}\n", 9999 - n);
        let text: String = (1000..1200).map(entry).collect();
        let many = Dictionary::parse(&text).expect("well-formed");
        assert!(!many.clearly_related(std::iter::once(0)));
        assert_eq!(many.relations(&[Ai::of("1000")]), Ok(()));
    }
}
