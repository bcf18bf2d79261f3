//! Writes the codewords of a message that is already cut into schemes: latches, values, unlatches
//! where the symbol has room for them, padding (ISO/IEC 16022:2006, 5.2).

use super::encode::Segment;
use super::values::{Scheme, edifact, packed, values};
use crate::message::Unit;

const FNC1: u8 = 232;
const UPPER_SHIFT: u8 = 235;
const PAD: u8 = 129;
const UNLATCH: u8 = 254;
const UNLATCH_EDIFACT: u8 = 31;

pub(super) struct Writer {
    out: Vec<u8>,
    capacity: usize,
}

impl Writer {
    pub(super) fn new(head: &[u8], capacity: usize) -> Self {
        let mut out = Vec::with_capacity(capacity);
        out.extend_from_slice(head);
        Self { out, capacity }
    }

    /// All data codewords of the symbol. The segments must fit.
    pub(super) fn message(mut self, units: &[Unit], segments: &[Segment]) -> Vec<u8> {
        for segment in segments {
            let part = &units[segment.start..segment.end];
            let last = segment.end == units.len();
            match segment.scheme {
                Scheme::Ascii => self.ascii(part),
                Scheme::C40 | Scheme::Text | Scheme::X12 => {
                    self.triples(segment.scheme, part, last);
                }
                Scheme::Edifact => self.edifact(part),
                Scheme::Base256 => self.base_256(part),
            }
        }
        self.padded()
    }

    fn room(&self) -> usize {
        self.capacity.saturating_sub(self.out.len())
    }

    fn ascii(&mut self, mut part: &[Unit]) {
        while let Some((&unit, rest)) = part.split_first() {
            part = rest;
            match (unit, rest.first()) {
                (Unit::Fnc1, _) => self.out.push(FNC1),
                (Unit::Byte(tens @ b'0'..=b'9'), Some(&Unit::Byte(ones @ b'0'..=b'9'))) => {
                    self.out.push((tens - b'0') * 10 + (ones - b'0') + 130);
                    part = &rest[1..];
                }
                (Unit::Byte(byte @ 128..), _) => self.out.extend([UPPER_SHIFT, byte - 127]),
                (Unit::Byte(byte), _) => self.out.push(byte + 1),
            }
        }
    }

    fn triples(&mut self, scheme: Scheme, part: &[Unit], last: bool) {
        self.out.push(match scheme {
            Scheme::C40 => 230,
            Scheme::Text => 239,
            _ => 238,
        });
        let mut waiting = Vec::with_capacity(part.len() * 2);
        for &unit in part {
            waiting.extend_from_slice(values(scheme, unit).unwrap_or_default().as_slice());
        }
        for group in waiting.chunks(3) {
            // A last group of two is filled up with a zero, which is a shift that shifts nothing.
            let value = |index| group.get(index).copied().unwrap_or(0);
            self.out.extend(packed([value(0), value(1), value(2)]));
        }
        // A single codeword left at the end is ASCII by itself (5.2.5.2 d).
        let by_itself = !last && self.room() == 1;
        if self.room() > 0 && !by_itself {
            self.out.push(UNLATCH);
        }
    }

    fn edifact(&mut self, part: &[Unit]) {
        self.out.push(240);
        for group in part.chunks(4) {
            // One or two codewords left at the end are ASCII by themselves (5.2.8.1).
            if group.len() < 4 && self.room() <= 2 {
                self.ascii(group);
                return;
            }
            let values = group.iter().filter_map(|&unit| edifact(unit));
            self.sextets(values.chain((group.len() < 4).then_some(UNLATCH_EDIFACT)));
        }
        if part.len().is_multiple_of(4) && self.room() > 2 {
            self.sextets([UNLATCH_EDIFACT].into_iter());
        }
    }

    /// At most four values of six bits, filled up with zero bits to whole codewords.
    fn sextets(&mut self, values: impl Iterator<Item = u8>) {
        let (bits, count) = values.fold((0_u32, 0), |(bits, count), value| {
            (bits | u32::from(value) << (26 - count * 6), count + 1)
        });
        let bytes = bits.to_be_bytes();
        self.out.extend_from_slice(&bytes[..(count as usize * 6).div_ceil(8)]);
    }

    /// Length and bytes, each disguised by its place (Annex B.2).
    fn base_256(&mut self, part: &[Unit]) {
        self.out.push(231);
        let length = part.len();
        let head: &[u8] = &if length <= 249 {
            vec![length as u8]
        } else {
            vec![(length / 250 + 249) as u8, (length % 250) as u8]
        };
        for byte in head.iter().copied().chain(part.iter().filter_map(|unit| unit.byte())) {
            let place = self.out.len() + 1;
            self.out.push(byte.wrapping_add((149 * place % 255 + 1) as u8));
        }
    }

    /// Fills up: a plain pad, then pads disguised by their place (Annex B.1).
    fn padded(mut self) -> Vec<u8> {
        if self.room() > 0 {
            self.out.push(PAD);
        }
        while self.room() > 0 {
            let place = self.out.len() + 1;
            let sum = usize::from(PAD) + 149 * place % 253 + 1;
            self.out.push(if sum > 254 { sum - 254 } else { sum } as u8);
        }
        self.out
    }
}
