//! Crockford's base 32: the digits and the capital letters without I, L, O and U. Reading is
//! tolerant (lower case, I and L as 1, O as 0, hyphens and spaces), because people type what is
//! printed on a damp label.

/// The 32 characters in the order of their values.
pub(crate) const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// What was wrong with a text read as `N` characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Misread {
    Length(usize),
    Character(char),
}

/// The value of one character, or none for a character that stands for nothing.
fn value(character: char) -> Option<u8> {
    let upper = match character.to_ascii_uppercase() {
        'I' | 'L' => '1',
        'O' => '0',
        other => other,
    };
    ALPHABET.iter().position(|&known| char::from(known) == upper).map(|place| place as u8)
}

fn is_separator(character: char) -> bool {
    character.is_whitespace() || matches!(character, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// Reads exactly `N` characters into their canonical form.
pub(crate) fn read<const N: usize>(text: &str) -> Result<[u8; N], Misread> {
    let mut out = [0; N];
    let mut length = 0;
    for character in text.chars().filter(|&character| !is_separator(character)) {
        let value = value(character).ok_or(Misread::Character(character))?;
        if let Some(place) = out.get_mut(length) {
            *place = ALPHABET[usize::from(value)];
        }
        length += 1;
    }
    if length == N { Ok(out) } else { Err(Misread::Length(length)) }
}

/// Writes the lowest `5 * N` bits of `bits`, highest first.
pub(crate) fn write<const N: usize>(bits: u64) -> [u8; N] {
    std::array::from_fn(|place| ALPHABET[(bits >> ((N - 1 - place) * 5) & 31) as usize])
}

/// The value of a character that [`read`] or [`write`] produced.
pub(crate) fn canonical_value(character: u8) -> u8 {
    value(char::from(character)).unwrap_or(0)
}

/// The text of characters that [`read`] or [`write`] produced.
pub(crate) fn text(characters: &[u8]) -> &str {
    std::str::from_utf8(characters).unwrap_or_default()
}

/// In groups of four with hyphens, as it is printed for people.
pub(crate) fn grouped(characters: &[u8]) -> String {
    characters.chunks(4).map(text).collect::<Vec<_>>().join("-")
}

/// A character as an error may show it: itself where it can be seen, else its number.
pub(crate) fn shown(character: char) -> String {
    if character.is_alphanumeric() || character.is_ascii_graphic() {
        format!("“{character}”")
    } else {
        format!("U+{:04X}", u32::from(character))
    }
}
