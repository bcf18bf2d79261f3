//! What the bytes of a text are, found out while the text is cut up. Every reader goes through its
//! input once; what it has seen by then answers whether a value is digits, of the 82 characters, or in
//! need of decoding, with one test of a bit and no second look.

use crate::dictionary::Kind;

/// What the bytes of a stretch of text are. A bit is set where some byte is **not** of a set, so that
/// bytes are gathered by "or" and a stretch without bytes is of every set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Seen(u8);

const NOT_DIGIT: u8 = 1;
const NOT_82: u8 = 1 << 1;
const NOT_39: u8 = 1 << 2;
const NOT_64: u8 = 1 << 3;
const NOT_ASCII: u8 = 1 << 4;
/// Outside what RFC 3986 allows in an address.
const NOT_ADDRESS: u8 = 1 << 5;
/// Outside the name of a host: a port, a user name, an IPv6 address, or what no host may be.
const NOT_NAME: u8 = 1 << 6;
/// `%` or `+`, which may stand for something else.
const ESCAPE: u8 = 1 << 7;

/// What each byte is.
const BYTES: [u8; 256] = {
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
        if matches!(b, b'%' | b'+') {
            is |= ESCAPE;
        }
        bytes[byte] = is;
        byte += 1;
    }
    bytes
};

impl Seen {
    /// Four bytes a turn and no way out in between: a third of the instructions of one by one.
    #[inline]
    pub(crate) fn of(text: &[u8]) -> Self {
        let (fours, rest) = text.as_chunks::<4>();
        let mut seen = Self::default();
        for four in fours {
            let [a, b, c, d] = four.map(Self::byte);
            seen = seen.and(a.and(b)).and(c.and(d));
        }
        rest.iter().fold(seen, |all, b| all.and(Self::byte(*b)))
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

const ONES: u64 = u64::from_ne_bytes([1; 8]);
const LOW: u64 = ONES * 0x7f;

/// The high bit of each byte that is one of `signs`, and no other.
#[inline]
fn hits<const N: usize>(word: [u8; 8], signs: [u8; N]) -> u64 {
    let word = u64::from_le_bytes(word);
    signs.into_iter().fold(0, |hits, sign| {
        let other = word ^ (ONES * u64::from(sign));
        hits | !(((other & LOW) + LOW) | other | LOW)
    })
}

/// Where one of a few signs first stands. Eight bytes at a time: values are so short that what is set
/// up for long texts costs more than it saves.
#[inline]
pub(crate) fn find<const N: usize>(bytes: &[u8], signs: [u8; N]) -> Option<usize> {
    let Some(last) = bytes.last_chunk::<8>() else {
        return bytes.iter().position(|b| signs.contains(b));
    };
    for (at, word) in bytes.as_chunks::<8>().0.iter().enumerate() {
        let hits = hits(*word, signs);
        if hits != 0 {
            return Some(at * 8 + hits.trailing_zeros() as usize / 8);
        }
    }
    // Some of the last eight bytes may have been looked at; they are no signs.
    let hits = hits(*last, signs);
    if hits == 0 { None } else { Some(bytes.len() - 8 + hits.trailing_zeros() as usize / 8) }
}

/// As [`find`], from the end.
#[inline]
pub(crate) fn find_last(bytes: &[u8], sign: u8) -> Option<usize> {
    let Some(first) = bytes.first_chunk::<8>() else {
        return bytes.iter().rposition(|b| *b == sign);
    };
    let (rest, words) = bytes.as_rchunks::<8>();
    for (at, word) in words.iter().enumerate().rev() {
        let hits = hits(*word, [sign]);
        if hits != 0 {
            return Some(rest.len() + at * 8 + 7 - hits.leading_zeros() as usize / 8);
        }
    }
    let hits = hits(*first, [sign]);
    if hits == 0 { None } else { Some(7 - hits.leading_zeros() as usize / 8) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_is_of_the_sets_that_all_its_bytes_are_of() {
        let lot = Seen::of(b"SC-0726");
        assert!(lot.all(Kind::Cset82) && lot.all(Kind::Cset39) && lot.is_name());
        assert!(!lot.all(Kind::Digits) && !lot.has_escape());
        let letter = Seen::of("ô".as_bytes());
        assert!(!letter.is_ascii() && !letter.all(Kind::Cset82) && !letter.is_address());
        assert!(lot.and(Seen::of(b"+")).has_escape() && Seen::of(b"").all(Kind::Digits));
    }

    #[test]
    fn a_sign_is_found_wherever_it_stands() {
        for len in 0..40 {
            // Bytes that a careless comparison takes for the signs or lets carry into the next.
            let near = [b'#' ^ 1, 0xff, b'?' ^ 0x80];
            let mut text: Vec<u8> = (0..len).map(|at| near[at % 3]).collect();
            assert_eq!((find(&text, *b"?#"), find_last(&text, b'?')), (None, None));
            for at in (0..len).rev() {
                text[at] = b'?';
                assert_eq!(find(&text, *b"#?"), Some(at));
                assert_eq!(find_last(&text, b'?'), Some(len - 1));
            }
            for at in 0..len {
                assert_eq!(find_last(&text[..=at], b'?'), Some(at));
                text[at] = b'x';
                assert_eq!(find_last(&text[..=at], b'?'), None);
            }
        }
    }
}
