//! The choice of schemes against a search that tries every one, and against the ends that the
//! standard describes.

use super::super::table::Size;
use super::super::values::packed;
use super::*;
use crate::message::{plain, separated};

fn squares() -> impl Iterator<Item = &'static Size> {
    Size::of(super::super::Shape::Square)
}

fn codewords(text: &str) -> Vec<u8> {
    let (size, codewords) = encode(&[], &plain(text.as_bytes()), squares()).expect("short");
    assert_eq!(codewords.len(), size.data);
    codewords
}

#[test]
fn the_standards_examples_come_out() {
    // ISO/IEC 16022:2006, Annex O; 5.2.5.2's AIMAIMAIM in C40, unlatched because two remain.
    assert_eq!(codewords("123456"), [142, 164, 186]);
    assert_eq!(codewords("AIMAIMAIM")[..8], [230, 91, 11, 91, 11, 91, 11, 254]);
}

#[test]
fn the_last_codeword_of_a_symbol_is_ascii_without_an_unlatch() {
    // Three triples and a latch leave one codeword of eight.
    let [a, b] = packed([14, 15, 16]);
    assert_eq!(codewords("ABCABCABC12"), [230, a, b, a, b, a, b, 142]);
}

#[test]
fn two_values_at_the_very_end_are_filled_up_with_a_shift() {
    let [a, b] = packed([14, 15, 16]);
    let [c, d] = packed([14, 15, 0]);
    let all = Segment { scheme: Scheme::C40, start: 0, end: 5 };
    let written = Writer::new(&[], 5).message(&plain(b"ABCAB"), &[all]);
    assert_eq!(written, [230, a, b, c, d]);
}

#[test]
fn edifact_ends_without_an_unlatch_where_two_codewords_remain() {
    // Four characters to three codewords, twice, after a latch: one of eight is left.
    let text = "!\"^&!\"^&";
    let written = codewords(text);
    assert_eq!((written.len(), written[0]), (8, 240));
    assert_eq!(written[7], 129, "a pad, no unlatch: {written:?}");
}

#[test]
fn fnc1_stands_in_the_first_place_and_between_elements() {
    let units = separated(b"10A\x1d21B");
    let (_, codewords) = encode(&[232], &units, squares()).expect("short");
    assert_eq!(codewords, [232, 140, b'A' + 1, 232, 151, b'B' + 1, 129, 56]);
}

/// Data codewords that a cut into schemes needs in a symbol of `room`, none where the rules of the
/// standard do not let it end there. Written from the standard, apart from the encoder.
fn needed(units: &[Unit], schemes: &[Scheme], room: usize) -> Option<usize> {
    let mut used = 0;
    let mut at = 0;
    while at < units.len() {
        let scheme = schemes[at];
        let end = (at..units.len()).find(|&place| schemes[place] != scheme).unwrap_or(units.len());
        let part = &units[at..end];
        let last = end == units.len();
        // Whether all that follows is in ASCII, in so many codewords.
        let rest = schemes[end..].iter().all(|&scheme| scheme == Scheme::Ascii);
        let rest = rest.then(|| in_ascii(&units[end..]) as usize);
        match scheme {
            Scheme::Ascii => used += in_ascii(part) as usize,
            Scheme::Base256 => {
                part.iter().try_for_each(|unit| unit.byte().map(drop))?;
                used += 2 + part.len();
            }
            Scheme::Edifact => {
                part.iter().try_for_each(|&unit| edifact(unit).map(drop))?;
                used += 1 + part.len() / 4 * 3;
                let loose = part.len() % 4;
                if loose == 0 && rest.is_some_and(|rest| rest <= 2 && room - used.min(room) <= 2) {
                    // Nothing: what remains is ASCII by itself.
                } else {
                    // A group is read only where three codewords are left.
                    if room < used + 3 {
                        return None;
                    }
                    used += [1, 2, 3, 3][loose];
                }
            }
            _ => {
                let mut count = 0;
                for &unit in part {
                    count += values(scheme, unit)?.as_slice().len();
                }
                used += 1 + count / 3 * 2;
                match count % 3 {
                    0 if last && used == room => {}
                    0 if rest == Some(1) && used + 1 == room => {}
                    0 => used += 1,
                    2 if last && scheme != Scheme::X12 && used + 2 == room => used += 2,
                    _ => return None,
                }
            }
        }
        at = end;
    }
    (used <= room).then_some(used)
}

/// Every cut of a short message, tried one by one, never needs a smaller symbol than ours.
#[test]
fn no_choice_of_schemes_is_smaller_than_ours() {
    const ALL: [Scheme; 6] =
        [Scheme::Ascii, Scheme::C40, Scheme::Text, Scheme::X12, Scheme::Edifact, Scheme::Base256];
    let mut state = 11_u64;
    let mut draw = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695);
        (state >> 33) as usize % below
    };
    // Rooms of every number of codewords, so that each way to end is met, and not only those of the
    // real sizes.
    for _ in 0..120 {
        let mut units = Vec::new();
        while units.len() < 7 {
            let set: &[u8] =
                [b"0123456789", &b"ABCDEF"[..], b"abc", b"*>\r A", b".,^-", b"\xe1\xbb"][draw(6)];
            for _ in 0..=draw(5) {
                units.push(Unit::Byte(set[draw(set.len())]));
            }
            if draw(6) == 0 {
                units.push(Unit::Fnc1);
            }
        }
        units.truncate(7);
        let paths = Paths::of(&units);
        let (free, exact) = ends(&paths, &units);
        let smallest = (1..30)
            .find(|&room| free.codewords <= room || exact.codewords == room)
            .expect("thirty are enough") as usize;
        for number in 0..6_usize.pow(7) {
            let schemes: Vec<Scheme> =
                (0..7).map(|place| ALL[number / 6_usize.pow(place) % 6]).collect();
            // Most cuts change scheme all the time; these are never small.
            if schemes.windows(2).filter(|pair| pair[0] != pair[1]).count() > 2 {
                continue;
            }
            for room in 1..smallest {
                assert_eq!(needed(&units, &schemes, room), None, "{units:?} {schemes:?} {room}");
            }
        }
    }
}
