//! A row of bits, most significant first, and its writing in base64url, six bits a letter.

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The six bits a letter stands for.
pub(super) fn of_letter(letter: u8) -> Option<u64> {
    Some(u64::from(match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'-' => 62,
        b'_' => 63,
        _ => return None,
    }))
}

pub(super) fn letter(six: u64) -> char {
    LETTERS[(six & 63) as usize] as char
}

/// Bits that are being written.
#[derive(Default)]
pub(super) struct Bits {
    text: String,
    // Fewer than six bits that make no letter yet.
    rest: u64,
    len: u32,
}

impl Bits {
    /// Appends the lowest `len` bits of `value`, at most 64.
    pub(super) fn push(&mut self, value: u64, len: u32) {
        for at in (0..len).rev() {
            self.rest = self.rest << 1 | (value >> at & 1);
            self.len += 1;
            if self.len == 6 {
                self.text.push(letter(self.rest));
                (self.rest, self.len) = (0, 0);
            }
        }
    }

    /// The letters, filled up with zero bits.
    pub(super) fn into_text(mut self) -> String {
        if self.len > 0 {
            self.text.push(letter(self.rest << (6 - self.len)));
        }
        self.text
    }
}

/// Bits that are being read.
pub(super) struct Reader<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    /// The bits of a text, which must be base64url.
    pub(super) fn of_text(text: &'a str) -> Option<Self> {
        let text = text.as_bytes();
        text.iter().all(|&b| of_letter(b).is_some()).then_some(Self { text, at: 0 })
    }

    pub(super) fn left(&self) -> usize {
        self.text.len() * 6 - self.at
    }

    /// The next `len` bits, at most 64, where there are as many.
    pub(super) fn take(&mut self, len: usize) -> Option<u64> {
        if len > 64 || len > self.left() {
            return None;
        }
        let mut out = 0;
        for at in self.at..self.at + len {
            let six = of_letter(self.text[at / 6])?;
            out = out << 1 | (six >> (5 - at % 6) & 1);
        }
        self.at += len;
        Some(out)
    }
}
