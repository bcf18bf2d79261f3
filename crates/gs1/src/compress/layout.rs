//! How a value is laid out in bits (Compression 1.0.0, table F), which follows from the components the
//! dictionary gives it; and the codes for AIs that often stand together (table O).

use crate::ai::Ai;
use crate::dictionary::{Entry, Kind};

/// A piece of a value as compression sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    /// So many digits.
    FixedDigits(usize),
    /// Up to so many digits.
    Digits(usize),
    /// So many characters.
    FixedText(usize),
    /// Up to so many characters.
    Text(usize),
}

/// The fields of a value. Components of one type run together: digits of fixed length into one
/// number, text into one text, optional digits into one number of variable length.
pub(super) fn fields(entry: &Entry) -> Vec<Field> {
    let mut out: Vec<Field> = Vec::with_capacity(2);
    for part in &entry.parts {
        let variable = part.optional || part.least < part.most;
        let digits = part.kind == Kind::Digits;
        let joined = match (out.last().copied(), digits, variable) {
            (Some(Field::FixedDigits(len)), true, false) => {
                Some(Field::FixedDigits(len + part.most))
            }
            (Some(Field::Digits(most)), true, true) => Some(Field::Digits(most + part.most)),
            (Some(Field::FixedText(len)), false, false) => Some(Field::FixedText(len + part.most)),
            (Some(Field::FixedText(len)), false, true) => Some(Field::Text(len + part.most)),
            _ => None,
        };
        match (joined, out.last_mut()) {
            (Some(joined), Some(last)) => *last = joined,
            _ => out.push(match (digits, variable) {
                (true, false) => Field::FixedDigits(part.most),
                (true, true) => Field::Digits(part.most),
                (false, false) => Field::FixedText(part.most),
                (false, true) => Field::Text(part.most),
            }),
        }
    }
    out
}

macro_rules! codes {
    ($($code:literal => $($ai:literal)+;)*) => {
        /// The codes, in their order, with their AIs in the order of their values.
        pub(super) const CODES: &[(u8, &[Ai])] = &[$(($code, &[$(Ai::of($ai)),+]),)*];
    };
}

codes! {
    0x0a => "01" "22";
    0x0b => "01" "10";
    0x0c => "01" "21";
    0x0d => "01" "17";
    0x0e => "01" "7003";
    0x0f => "01" "30";
    0x1a => "01" "10" "17" "21";
    0x1b => "01" "15";
    0x1c => "01" "11";
    0x1d => "01" "16";
    0x1e => "01" "91";
    0x1f => "01" "10" "15";
    0x2a => "01" "3100";
    0x2b => "01" "3101";
    0x2c => "01" "3102";
    0x2d => "01" "3103";
    0x2e => "01" "3104";
    0x2f => "01" "3105";
    0x3a => "01" "3200";
    0x3b => "01" "3201";
    0x3c => "01" "3202";
    0x3d => "01" "3203";
    0x3e => "01" "3204";
    0x3f => "01" "3205";
    0x9a => "8010" "8011";
    0x9b => "8017" "8019";
    0x9c => "8018" "8019";
    0x9d => "254" "414";
    0xa0 => "01" "3920";
    0xa1 => "01" "3921";
    0xa2 => "01" "3922";
    0xa3 => "01" "3923";
    0xa4 => "01" "3924";
    0xa5 => "01" "3925";
    0xa6 => "01" "3926";
    0xa7 => "01" "3927";
    0xa8 => "01" "3928";
    0xa9 => "01" "3929";
    0xc0 => "255" "3900";
    0xc1 => "255" "3901";
    0xc2 => "255" "3902";
    0xc3 => "255" "3903";
    0xc4 => "255" "3904";
    0xc5 => "255" "3905";
    0xc6 => "255" "3906";
    0xc7 => "255" "3907";
    0xc8 => "255" "3908";
    0xc9 => "255" "3909";
    0xca => "255" "3940";
    0xcb => "255" "3941";
    0xcc => "255" "3942";
    0xcd => "255" "3943";
}
