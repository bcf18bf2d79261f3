//! Which AIs belong together and which do not (the `req` and `ex` facts of the dictionary; General
//! Specifications 4.13). Both hold over all the data of one item, so they are asked of a whole
//! message and not while it is read.

use std::fmt;

use super::Dictionary;
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

impl Dictionary {
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
