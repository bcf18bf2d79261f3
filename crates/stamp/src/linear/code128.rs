//! Code 128 with the fewest symbol characters (ISO/IEC 15417:2007). A shortest path over (units done,
//! code set) chooses start character, code sets and shifts; greedy rules of thumb, such as those of
//! its Annex E, are sometimes a character longer.

use super::Bars;
use crate::message::Unit;

const A: usize = 0;
const B: usize = 1;
const C: usize = 2;

const SHIFT: u8 = 98;
const FNC1: u8 = 102;
/// Start characters of the code sets A, B and C.
const START: [u8; 3] = [103, 104, 105];
/// The character that changes to a code set, the same in the two others.
const CODE: [u8; 3] = [101, 100, 99];

const NEVER: u32 = u32::MAX / 2;

/// Widths of bars and spaces of each symbol character (Table 1), one digit each.
const PATTERNS: [u32; 106] = [
    212_222, 222_122, 222_221, 121_223, 121_322, 131_222, 122_213, 122_312, 132_212, 221_213,
    221_312, 231_212, 112_232, 122_132, 122_231, 113_222, 123_122, 123_221, 223_211, 221_132,
    221_231, 213_212, 223_112, 312_131, 311_222, 321_122, 321_221, 312_212, 322_112, 322_211,
    212_123, 212_321, 232_121, 111_323, 131_123, 131_321, 112_313, 132_113, 132_311, 211_313,
    231_113, 231_311, 112_133, 112_331, 132_131, 113_123, 113_321, 133_121, 313_121, 211_331,
    231_131, 213_113, 213_311, 213_131, 311_123, 311_321, 331_121, 312_113, 312_311, 332_111,
    314_111, 221_411, 431_111, 111_224, 111_422, 121_124, 121_421, 141_122, 141_221, 112_214,
    112_412, 122_114, 122_411, 142_112, 142_211, 241_211, 221_114, 413_111, 241_112, 134_111,
    111_242, 121_142, 121_241, 114_212, 124_112, 124_211, 411_212, 421_112, 421_211, 212_141,
    214_121, 412_121, 111_143, 111_341, 131_141, 114_113, 114_311, 411_113, 411_311, 113_141,
    114_131, 311_141, 411_131, 211_412, 211_214, 211_232,
];
const STOP_PATTERN: u32 = 2_331_112;

/// The value of a unit in code set A or B; none where the set lacks it.
fn value(set: usize, unit: Unit) -> Option<u8> {
    match (set, unit) {
        (_, Unit::Fnc1) => Some(FNC1),
        (A, Unit::Byte(byte @ 0..=31)) => Some(byte + 64),
        (A, Unit::Byte(byte @ 32..=95)) | (B, Unit::Byte(byte @ 32..=127)) => Some(byte - 32),
        _ => None,
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Move {
    /// The start character.
    Start,
    /// A change of code set, from the one named.
    Change(usize),
    /// A unit in the set.
    Unit,
    /// A unit of the other of A and B.
    Shifted,
    Pair,
}

/// The symbol characters of a message, from the start character to the last of data, without check
/// and stop. None for bytes outside ASCII, which GS1 data never have.
pub(crate) fn characters(units: &[Unit]) -> Option<Vec<u8>> {
    let mut cost = vec![[NEVER; 3]; units.len() + 1];
    let mut came = vec![[Move::Start; 3]; units.len() + 1];
    cost[0] = [1; 3];
    for at in 0..=units.len() {
        // At the start every set is free, and no set is reached more cheaply through two changes.
        let arrived = cost[at];
        for to in 0..3 {
            for from in (0..3).rev() {
                if arrived[from] + 1 < cost[at][to] {
                    cost[at][to] = arrived[from] + 1;
                    came[at][to] = Move::Change(from);
                }
            }
        }
        let Some(&unit) = units.get(at) else { break };
        let mut reach = |set: usize, length: usize, characters: u32, how: Move| {
            let total = cost[at][set] + characters;
            if total < cost[at + length][set] {
                cost[at + length][set] = total;
                came[at + length][set] = how;
            }
        };
        for (set, other) in [(A, B), (B, A)] {
            if value(set, unit).is_some() {
                reach(set, 1, 1, Move::Unit);
            } else if value(other, unit).is_some() {
                reach(set, 1, 2, Move::Shifted);
            }
        }
        if unit == Unit::Fnc1 {
            reach(C, 1, 1, Move::Unit);
        } else if unit.is_digit() && units.get(at + 1).is_some_and(|next| next.is_digit()) {
            reach(C, 2, 1, Move::Pair);
        }
    }
    // Of equals, C before B before A, the customary order.
    let mut set = (0..3).rev().min_by_key(|&set| cost[units.len()][set])?;
    if cost[units.len()][set] >= NEVER {
        return None;
    }
    let mut out = Vec::with_capacity(units.len() + 4);
    let mut at = units.len();
    loop {
        match came[at][set] {
            Move::Start => break,
            Move::Change(from) => {
                out.push(CODE[set]);
                set = from;
            }
            Move::Unit => {
                at -= 1;
                out.push(value(set, units[at]).unwrap_or(FNC1));
            }
            Move::Shifted => {
                at -= 1;
                out.push(value(1 - set, units[at])?);
                out.push(SHIFT);
            }
            Move::Pair => {
                at -= 2;
                let digits = [units[at].byte()?, units[at + 1].byte()?];
                out.push((digits[0] - b'0') * 10 + (digits[1] - b'0'));
            }
        }
    }
    out.push(START[set]);
    out.reverse();
    Some(out)
}

/// The bars of a message, FNC1 and all.
pub(crate) fn bars(units: &[Unit]) -> Option<Bars> {
    let characters = characters(units)?;
    let weighted = characters.iter().enumerate();
    let sum: usize = weighted.map(|(place, &value)| place.max(1) * usize::from(value)).sum();
    let mut bars = Bars::default();
    for &character in characters.iter().chain(&[(sum % 103) as u8]) {
        bars.push(digits(PATTERNS[usize::from(character)]), false);
    }
    bars.push(digits(STOP_PATTERN), false);
    Some(bars)
}

fn digits(pattern: u32) -> impl Iterator<Item = f64> {
    let places = if pattern > 999_999 { 7 } else { 6 };
    (0..places).rev().map(move |place| f64::from(pattern / 10_u32.pow(place) % 10))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{plain, separated};

    #[test]
    fn every_pattern_is_eleven_modules_with_an_even_count_of_dark_ones_and_stands_once() {
        for (index, &pattern) in PATTERNS.iter().enumerate() {
            let widths: Vec<f64> = digits(pattern).collect();
            assert!((widths.iter().sum::<f64>() - 11.0).abs() < 1e-9, "{index}");
            let dark = widths[0] + widths[2] + widths[4];
            assert!(dark.rem_euclid(2.0) < 1e-9, "{index}");
            assert!(!PATTERNS[..index].contains(&pattern), "{index}");
        }
        assert!((digits(STOP_PATTERN).sum::<f64>() - 13.0).abs() < 1e-9);
    }

    #[test]
    fn digits_go_in_pairs_and_an_odd_one_goes_where_it_is_free() {
        let of = |text: &str| characters(&plain(text.as_bytes())).expect("ASCII");
        assert_eq!(of("1234"), [105, 12, 34]);
        assert_eq!(of("A1234"), [104, 33, 99, 12, 34]);
        assert_eq!(of("12345").len(), 5);
        // Five digits between letters: the change to C would cost as much as it saves.
        assert_eq!(of("A123B").len(), 6);
        assert_eq!(of("a\nb"), [104, 65, 98, 74, 66]);
        assert!(characters(&plain("ô".as_bytes())).is_none());
    }

    #[test]
    fn fnc1_never_leaves_the_code_set() {
        let of = |text: &str| characters(&separated(text.as_bytes())).expect("ASCII");
        assert_eq!(of("\u{1d}12\u{1d}34"), [105, 102, 12, 102, 34]);
        assert_eq!(of("\u{1d}a\u{1d}b"), [104, 102, 65, 102, 66]);
    }

    /// Every way to write a short message, tried one by one, is never shorter than ours.
    #[test]
    fn no_choice_of_code_sets_is_shorter_than_ours() {
        fn shortest(units: &[Unit], set: usize, most: usize) -> usize {
            let Some(&unit) = units.first() else { return 0 };
            if most == 0 {
                return usize::MAX / 2;
            }
            let mut best = usize::MAX / 2;
            if set < C {
                if value(set, unit).is_some() {
                    best = best.min(1 + shortest(&units[1..], set, most - 1));
                }
                if value(1 - set, unit).is_some() {
                    best = best.min(2 + shortest(&units[1..], set, most - 1));
                }
            } else if unit == Unit::Fnc1 {
                best = best.min(1 + shortest(&units[1..], set, most - 1));
            } else if units.len() > 1 && unit.is_digit() && units[1].is_digit() {
                best = best.min(1 + shortest(&units[2..], set, most - 1));
            }
            for other in (0..3).filter(|&other| other != set) {
                best = best.min(1 + shortest(units, other, most - 1));
            }
            best
        }
        let mut state = 3_u64;
        for _ in 0..60 {
            let units: Vec<Unit> = (0..6)
                .map(|_| {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    match state >> 61 {
                        0..=3 => Unit::Byte(b'0' + (state >> 40) as u8 % 10),
                        4 => Unit::Byte(b'A'),
                        5 => Unit::Byte(b'a'),
                        6 => Unit::Byte(b'\n'),
                        _ => Unit::Fnc1,
                    }
                })
                .collect();
            let best = (0..3).map(|set| 1 + shortest(&units, set, 9)).min();
            assert_eq!(characters(&units).map(|all| all.len()), best, "{units:?}");
        }
    }
}
