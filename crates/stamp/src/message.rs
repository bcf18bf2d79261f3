//! A message as symbols carry it: bytes, and FNC1, which is no byte. In a GS1 symbol the first FNC1
//! says that element strings follow, and each later one ends a value of free length (General
//! Specifications 7.8.4).

/// The separator as readers transmit it, ASCII 29.
pub(crate) const GS: u8 = 0x1d;

/// One thing to encode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Byte(u8),
    Fnc1,
}

impl Unit {
    pub(crate) fn byte(self) -> Option<u8> {
        match self {
            Self::Byte(byte) => Some(byte),
            Self::Fnc1 => None,
        }
    }

    pub(crate) fn is_digit(self) -> bool {
        self.byte().is_some_and(|byte| byte.is_ascii_digit())
    }
}

pub(crate) fn plain(data: &[u8]) -> Vec<Unit> {
    data.iter().map(|&byte| Unit::Byte(byte)).collect()
}

/// Element strings as readers transmit them, FNC1 put where their separators are.
pub(crate) fn separated(raw: &[u8]) -> Vec<Unit> {
    let unit = |&byte: &u8| if byte == GS { Unit::Fnc1 } else { Unit::Byte(byte) };
    raw.iter().map(unit).collect()
}
