//! What the bytes of a text are, found out while the text is cut up. Every reader goes through its
//! input once; what it has seen by then answers whether a value is digits, of the 82 characters, or in
//! need of decoding, with one test of a bit and no second look.

use crate::dictionary::Kind;

/// What the bytes of a stretch of text are. A bit is set where some byte is **not** of a set, so that
/// bytes are gathered by "or" and a stretch without bytes is of every set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Seen(u16);

const NOT_DIGIT: u16 = 1;
const NOT_82: u16 = 1 << 1;
const NOT_39: u16 = 1 << 2;
const NOT_64: u16 = 1 << 3;
const NOT_ASCII: u16 = 1 << 4;
/// Outside what RFC 3986 allows in an address.
const NOT_ADDRESS: u16 = 1 << 5;
/// Outside the name of a host: a port, a user name, an IPv6 address, or what no host may be.
const NOT_NAME: u16 = 1 << 6;
/// `%` or `+`, which may stand for something else.
const ESCAPE: u16 = 1 << 7;

/// Where a stretch ends, to be looked for by [`until`].
pub(crate) const SLASH: u16 = 1 << 8;
/// The parameters of a query: `&`, `;` that did the same before 1.2, and `#` after all of them.
pub(crate) const PARAMETER_END: u16 = 1 << 9;
/// The name of a parameter.
pub(crate) const EQUALS: u16 = 1 << 10;
/// FNC1 in raw data.
pub(crate) const SEPARATOR: u16 = 1 << 11;
/// What may end a bracketed value: `(`, and `|` before the composite part.
pub(crate) const BRACKET: u16 = 1 << 12;

/// What each byte is.
const BYTES: [u16; 256] = {
    let mut bytes = [0; 256];
    let mut byte = 0_usize;
    while byte < 256 {
        let b = byte as u8;
        let mut is = 0;
        if !b.is_ascii_digit() {
            is |= NOT_DIGIT;
        }
        if !matches!(b, b'!' | b'"' | b'%'..=b'?' | b'A'..=b'Z' | b'_' | b'a'..=b'z') {
            is |= NOT_82;
        }
        if !(b.is_ascii_digit() || b.is_ascii_uppercase() || matches!(b, b'#' | b'-' | b'/')) {
            is |= NOT_39;
        }
        if !(b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')) {
            is |= NOT_64;
        }
        if !b.is_ascii() {
            is |= NOT_ASCII;
        }
        if !matches!(b, b'!' | b'#'..=b';' | b'=' | b'?'..=b'[' | b']' | b'_' | b'a'..=b'z' | b'~')
        {
            is |= NOT_ADDRESS;
        }
        if !(b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_')) {
            is |= NOT_NAME;
        }
        is |= match b {
            b'%' | b'+' => ESCAPE,
            b'/' => SLASH,
            b'&' | b';' | b'#' => PARAMETER_END,
            b'=' => EQUALS,
            b'^' | 0x1d => SEPARATOR,
            b'(' | b'|' => BRACKET,
            _ => 0,
        };
        bytes[byte] = is;
        byte += 1;
    }
    bytes
};

impl Seen {
    pub(crate) fn of(text: &str) -> Self {
        text.bytes().fold(Self::default(), |all, b| all.and(Self::byte(b)))
    }

    #[inline]
    pub(crate) const fn byte(byte: u8) -> Self {
        Self(BYTES[byte as usize])
    }

    /// Whether every byte belongs to the set of a component. All the sets are of ASCII.
    #[inline]
    pub(crate) const fn all(self, kind: Kind) -> bool {
        let bit = match kind {
            Kind::Digits => NOT_DIGIT,
            Kind::Cset82 => NOT_82,
            Kind::Cset39 => NOT_39,
            Kind::Cset64 => NOT_64,
        };
        self.0 & bit == 0
    }

    #[inline]
    pub(crate) const fn is_ascii(self) -> bool {
        self.0 & NOT_ASCII == 0
    }

    /// Whether all of it may stand in an address.
    #[inline]
    pub(crate) const fn is_address(self) -> bool {
        self.0 & NOT_ADDRESS == 0
    }

    /// Whether all of it may stand in the name of a host.
    #[inline]
    pub(crate) const fn is_name(self) -> bool {
        self.0 & NOT_NAME == 0
    }

    /// Whether there may be something to decode.
    #[inline]
    pub(crate) const fn has_escape(self) -> bool {
        self.0 & ESCAPE != 0
    }

    /// Both stretches together.
    #[inline]
    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// How many bytes come before the first that `stops`, and what they are; all where none does.
#[inline]
pub(crate) fn until(bytes: &[u8], stops: u16) -> (usize, Seen) {
    let mut seen = 0;
    for (at, b) in bytes.iter().enumerate() {
        let is = BYTES[usize::from(*b)];
        if is & stops != 0 {
            return (at, Seen(seen));
        }
        seen |= is;
    }
    (bytes.len(), Seen(seen))
}

/// Where the last byte that `stops` stands, and what those after it are.
#[inline]
pub(crate) fn after_last(bytes: &[u8], stops: u16) -> Option<(usize, Seen)> {
    let mut seen = 0;
    for (at, b) in bytes.iter().enumerate().rev() {
        let is = BYTES[usize::from(*b)];
        if is & stops != 0 {
            return Some((at, Seen(seen)));
        }
        seen |= is;
    }
    None
}

/// Where either of two bytes first stands. Eight bytes at a time: for finding alone that is several
/// times as fast as [`until`].
#[inline]
pub(crate) fn find_either(bytes: &[u8], one: u8, other: u8) -> Option<usize> {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGH: u64 = ONES << 7;
    // The lowest bit set is at the first byte that is zero; only those above it may be wrong.
    let zero = |word: u64| word.wrapping_sub(ONES) & !word & HIGH;
    let (words, rest) = bytes.as_chunks::<8>();
    for (at, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let hit = zero(word ^ (ONES * u64::from(one))) | zero(word ^ (ONES * u64::from(other)));
        if hit != 0 {
            return Some(at * 8 + hit.trailing_zeros() as usize / 8);
        }
    }
    let found = rest.iter().position(|b| *b == one || *b == other)?;
    Some(words.len() * 8 + found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_is_of_the_sets_that_all_its_bytes_are_of() {
        let (len, seen) = until(b"SC-0726/21", SLASH);
        assert_eq!((len, seen), (7, Seen::of("SC-0726")));
        assert!(seen.all(Kind::Cset82) && seen.all(Kind::Cset39) && seen.is_name());
        assert!(!seen.all(Kind::Digits) && !seen.has_escape());
        assert_eq!(after_last(b"ab/42", SLASH), Some((2, Seen::of("42"))));
        assert_eq!((until(b"", SLASH), after_last(b"ab", SLASH)), ((0, Seen(0)), None));
        assert!(!Seen::of("ô").is_ascii() && !Seen::of("ô").all(Kind::Cset82));
        assert!(Seen::of("a").and(Seen::of("+")).has_escape());
    }

    #[test]
    fn either_byte_is_found_wherever_it_stands() {
        for len in 0..40 {
            let mut text = vec![b'x'; len];
            assert_eq!(find_either(&text, b'?', b'#'), None);
            for at in (0..len).rev() {
                text[at] = if at % 2 == 0 { b'?' } else { b'#' };
                assert_eq!(find_either(&text, b'?', b'#'), Some(at));
            }
        }
    }
}
