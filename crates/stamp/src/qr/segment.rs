//! Splits a message into numeric, alphanumeric and byte segments so that it takes the fewest bits.
//! A shortest path over (character, mode) is exact: no split by another encoder is smaller. The
//! answer differs by version band only, because the length fields do (ISO/IEC 18004:2015, Table 3).

use super::table::MAX_VERSION;
use crate::message::GS;

/// The modes we write; Kanji needs Shift JIS text, which links never are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Numeric,
    Alphanumeric,
    Byte,
}

const MODES: [Mode; 3] = [Mode::Numeric, Mode::Alphanumeric, Mode::Byte];

/// Versions that share the widths of the length fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Band {
    pub(super) first: u8,
    pub(super) last: u8,
    count_bits: [u32; 3],
}

pub(super) const BANDS: [Band; 3] = [
    Band { first: 1, last: 9, count_bits: [10, 9, 8] },
    Band { first: 10, last: 26, count_bits: [12, 11, 16] },
    Band { first: 27, last: MAX_VERSION, count_bits: [14, 13, 16] },
];

/// Most characters that any symbol holds: digits in version 40-L (Table 7).
pub(super) const MAX_CHARACTERS: usize = 7089;

/// What a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text, announced as UTF-8 where it is that and not ASCII, or never.
    Text { announced: bool },
    /// Element strings with ASCII 29 for FNC1.
    Elements,
}

/// A message cut into segments for one band.
pub(super) struct Segments {
    band: Band,
    /// Mode and first byte of each segment, in order.
    starts: Vec<(Mode, usize)>,
    /// Whether the text is announced as UTF-8: readers guess, and Vietnamese is guessed wrong.
    utf8: bool,
    /// Whether FNC1 stands in front, and ASCII 29 in the message is FNC1 too.
    gs1: bool,
    bits: usize,
}

/// Mode indicator and designator 26, UTF-8 (7.4.2).
const ECI_UTF8: (u32, u32) = (0b0111 << 8 | 0x1a, 12);

/// Mode indicator of FNC1 in the first position (7.4.8.2).
const FNC1_FIRST: (u32, u32) = (0b0101, 4);

/// Costs are counted in sixths of a bit: a digit is 10/3 bits, an alphanumeric character 11/2.
const SIXTHS: [u32; 3] = [20, 33, 48];
const NEVER: u32 = u32::MAX / 2;

/// Rounds up to whole bits, as happens where a segment ends.
fn whole(sixths: u32) -> u32 {
    sixths.div_ceil(6) * 6
}

impl Segments {
    /// The cheapest split of `data` in `band`.
    pub(super) fn best(data: &[u8], band: Band, kind: Kind) -> Self {
        let gs1 = kind == Kind::Elements;
        let heads = band.count_bits.map(|bits| (4 + bits) * 6);
        let mut cost = heads;
        // came[i][m]: the mode of character i-1 on the cheapest way to character i in mode m.
        let mut came = Vec::with_capacity(data.len());
        for (place, &byte) in data.iter().enumerate() {
            let mut next = [NEVER; 3];
            let mut from = [0, 1, 2];
            for mode in lowest_mode(byte, gs1)..3 {
                next[mode] = cost[mode];
                if place > 0 {
                    for (other, &before) in cost.iter().enumerate() {
                        let entering = whole(before) + heads[mode];
                        if other != mode && entering < next[mode] {
                            next[mode] = entering;
                            from[mode] = other as u8;
                        }
                    }
                }
                let characters = if mode == 1 && gs1 && byte == b'%' { 2 } else { 1 };
                next[mode] = (next[mode] + SIXTHS[mode] * characters).min(NEVER);
            }
            cost = next;
            came.push(from);
        }
        if data.is_empty() {
            return Self { band, starts: Vec::new(), utf8: false, gs1, bits: 0 };
        }
        let utf8 = kind == Kind::Text { announced: true }
            && !data.is_ascii()
            && std::str::from_utf8(data).is_ok();
        let mut mode = (0..3).min_by_key(|&mode| whole(cost[mode])).unwrap_or(2);
        let announcement = if utf8 { ECI_UTF8.1 } else { 0 } + if gs1 { FNC1_FIRST.1 } else { 0 };
        let bits = (whole(cost[mode]) / 6 + announcement) as usize;
        let mut starts = Vec::with_capacity(4);
        for place in (1..data.len()).rev() {
            let before = usize::from(came[place][mode]);
            if before != mode {
                starts.push((MODES[mode], place));
                mode = before;
            }
        }
        starts.push((MODES[mode], 0));
        starts.reverse();
        Self { band, starts, utf8, gs1, bits }
    }

    /// Length of the bit stream without terminator and padding.
    pub(super) fn bits(&self) -> usize {
        self.bits
    }

    /// The data codewords: segments, terminator, padding (7.4).
    pub(super) fn codewords(&self, data: &[u8], capacity: usize) -> Vec<u8> {
        let mut out = BitWriter { bytes: Vec::with_capacity(capacity), held: 0, count: 0 };
        if self.utf8 {
            out.put(ECI_UTF8.0, ECI_UTF8.1);
        }
        if self.gs1 {
            out.put(FNC1_FIRST.0, FNC1_FIRST.1);
        }
        for (index, &(mode, start)) in self.starts.iter().enumerate() {
            let end = self.starts.get(index + 1).map_or(data.len(), |&(_, next)| next);
            let part = &data[start..end];
            let rewritten;
            let part = if self.gs1 && mode == Mode::Alphanumeric {
                rewritten = with_percent_signs(part);
                &rewritten[..]
            } else {
                part
            };
            out.put(1 << mode as u32, 4);
            out.put(part.len() as u32, self.band.count_bits[mode as usize]);
            match mode {
                Mode::Numeric => {
                    for group in part.chunks(3) {
                        let value = group.iter().fold(0, |sum, &b| sum * 10 + u32::from(b - b'0'));
                        out.put(value, group.len() as u32 * 3 + 1);
                    }
                }
                Mode::Alphanumeric => {
                    for group in part.chunks(2) {
                        let value = group
                            .iter()
                            .fold(0, |sum, &b| sum * 45 + u32::from(ALPHANUMERIC[usize::from(b)]));
                        out.put(value, group.len() as u32 * 5 + 1);
                    }
                }
                Mode::Byte => part.iter().for_each(|&byte| out.put(u32::from(byte), 8)),
            }
        }
        out.finish(capacity)
    }
}

/// Values of the alphanumeric set (Table 5); 255 for characters outside it.
const ALPHANUMERIC: [u8; 256] = {
    let set = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
    let mut values = [255; 256];
    let mut value = 0;
    while value < set.len() {
        values[set[value] as usize] = value as u8;
        value += 1;
    }
    values
};

/// Index of the densest mode that can hold `byte`; every later mode can as well.
fn lowest_mode(byte: u8, gs1: bool) -> usize {
    match ALPHANUMERIC[usize::from(byte)] {
        _ if gs1 && byte == GS => 1,
        0..=9 => 0,
        10..=44 => 1,
        _ => 2,
    }
}

/// In alphanumeric mode FNC1 is `%`, and `%` is doubled (7.4.8.2).
fn with_percent_signs(part: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(part.len() + 4);
    for &byte in part {
        match byte {
            GS => out.push(b'%'),
            b'%' => out.extend(b"%%"),
            _ => out.push(byte),
        }
    }
    out
}

struct BitWriter {
    bytes: Vec<u8>,
    held: u64,
    count: u32,
}

impl BitWriter {
    fn put(&mut self, value: u32, bits: u32) {
        self.held = self.held << bits | u64::from(value);
        self.count += bits;
        while self.count >= 8 {
            self.count -= 8;
            self.bytes.push((self.held >> self.count) as u8);
        }
    }

    fn finish(mut self, capacity: usize) -> Vec<u8> {
        let room = capacity * 8 - self.bytes.len() * 8 - self.count as usize;
        self.put(0, room.min(4) as u32);
        if self.count > 0 {
            self.put(0, 8 - self.count);
        }
        let mut pad = [0xec, 0x11].into_iter().cycle();
        self.bytes.resize_with(capacity, || pad.next().unwrap_or(0));
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn modes(text: &str) -> Vec<Mode> {
        let segments = Segments::best(text.as_bytes(), BANDS[0], Kind::Text { announced: true });
        segments.starts.iter().map(|&(mode, _)| mode).collect()
    }

    #[test]
    fn an_upper_case_link_is_one_alphanumeric_run_with_its_long_number_apart() {
        use Mode::{Alphanumeric, Numeric};
        assert_eq!(modes("HTTPS://X.VN/T/7K3M9Q2XWP"), [Alphanumeric]);
        let link = "HTTPS://X.VN/01/08936012345678/21/7K3M9Q2XWPA4";
        assert_eq!(modes(link), [Alphanumeric, Numeric, Alphanumeric]);
    }

    #[test]
    fn a_switch_that_does_not_pay_is_not_made() {
        assert_eq!(modes("abc123def"), [Mode::Byte]);
        assert_eq!(modes("abc1234567890123"), [Mode::Byte, Mode::Numeric]);
    }

    /// Every split of a short text, tried one by one, is never cheaper than ours.
    #[test]
    fn no_split_is_smaller_than_ours() {
        fn cheapest(data: &[u8], band: Band, gs1: bool) -> usize {
            let mut best = vec![usize::MAX; data.len() + 1];
            best[0] = if gs1 { 4 } else { 0 };
            for end in 1..=data.len() {
                for start in 0..end {
                    let part = &data[start..end];
                    let lowest = part.iter().map(|&b| lowest_mode(b, gs1)).max().unwrap_or(0);
                    for (mode, count_bits) in band.count_bits.into_iter().enumerate().skip(lowest) {
                        let n = part.len();
                        let body = match MODES[mode] {
                            Mode::Numeric => n / 3 * 10 + [0, 4, 7][n % 3],
                            Mode::Alphanumeric => {
                                let signs = part.iter().filter(|&&b| gs1 && b == b'%').count();
                                let characters = n + signs;
                                characters / 2 * 11 + characters % 2 * 6
                            }
                            Mode::Byte => n * 8,
                        };
                        let bits = best[start] + 4 + count_bits as usize + body;
                        best[end] = best[end].min(bits);
                    }
                }
            }
            best[data.len()]
        }
        let mut state = 7_u64;
        for _ in 0..3000 {
            let mut text = Vec::new();
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let mut draw = state;
            for _ in 0..=(state >> 59) % 5 {
                let sort = b"1Aa%\x1d"[(draw >> 33) as usize % 5];
                text.extend(std::iter::repeat_n(sort, (draw >> 40) as usize % 14 + 1));
                draw = draw.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(99);
            }
            for band in BANDS {
                for kind in [Kind::Text { announced: true }, Kind::Elements] {
                    let bits = Segments::best(&text, band, kind).bits();
                    let gs1 = kind == Kind::Elements;
                    assert_eq!(bits, cheapest(&text, band, gs1), "{text:?}");
                }
            }
        }
    }
}
