//! Messages for every symbology: invented numbers (minh hoạ) with right check digits, element strings
//! of many shapes, text that stresses every encodation scheme.

use stamp::carrier::Symbology;

use crate::links::{links, mixtures, numbers};

/// How many messages of a kind are tried: `least`, or `NGUON_SYMBOLS` where that says more.
pub(crate) fn count(least: usize) -> usize {
    let asked = std::env::var("NGUON_SYMBOLS").ok().and_then(|count| count.parse().ok());
    asked.unwrap_or(0).max(least)
}

/// The 82 characters of AI values (General Specifications 7.11).
const CSET82: &[u8] =
    b"!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";

pub(crate) struct Draw<N>(pub(crate) N);

impl<N: FnMut(u64) -> u64> Draw<N> {
    pub(crate) fn below(&mut self, most: usize) -> usize {
        (self.0)(most as u64) as usize
    }

    pub(crate) fn word(&mut self, set: &[u8], length: usize) -> String {
        (0..length).map(|_| char::from(set[self.below(set.len())])).collect()
    }

    fn key(&mut self, start: &str, digits: usize) -> String {
        let body = format!("{start}{}", self.word(b"0123456789", digits - start.len() - 1));
        let check = gs1::check_digit(&body).expect("digits");
        format!("{body}{check}")
    }

    /// A lot or serial number: digits, capitals, or anything that is allowed.
    fn value(&mut self, most: usize) -> String {
        let length = 1 + self.below(most);
        let set = [b"0123456789", &b"0123456789ABCDEFGHJKMNPQRSTVWXYZ-"[..], CSET82][self.below(3)];
        self.word(set, length)
    }

    /// Element strings as readers transmit them, at most `most` characters.
    fn elements(&mut self, most: usize) -> String {
        loop {
            let mut values = vec![match self.below(4) {
                0 => ("00", self.key("3893", 18)),
                1 => ("01", self.key("1893", 14)),
                _ => ("01", self.key("0893", 14)),
            }];
            if values[0].0 == "01" {
                let lot = self.value(20);
                let serial = self.value(20);
                let mut more = vec![
                    ("10", lot),
                    ("21", serial),
                    ("17", "261231".to_owned()),
                    ("11", "260105".to_owned()),
                    ("3103", self.word(b"0123456789", 6)),
                ];
                while !more.is_empty() && self.below(5) > 0 {
                    values.push(more.remove(self.below(more.len())));
                }
            }
            let elements: Vec<_> = values
                .into_iter()
                .map(|(ai, value)| (gs1::Ai::parse(ai).expect("an AI"), value))
                .collect();
            let raw = gs1::element::raw(&elements);
            if raw.len() <= most {
                return raw;
            }
        }
    }

    /// Stretches of characters that one scheme or another writes densely.
    fn schemes(&mut self) -> String {
        let sets: [&[u8]; 7] = [
            b"0123456789",
            b"ABCXYZ 019",
            b"abcxyz 019",
            b"AZ09 *>\r",
            b"A^]Z.,-+()=&%",
            b"\x01\x09\x1f\x7f~{`",
            b"!@_[",
        ];
        (0..=self.below(5))
            .map(|_| {
                let length = 1 + self.below(14);
                let set = sets[self.below(sets.len())];
                self.word(set, length)
            })
            .collect()
    }
}

pub(crate) fn draw() -> Draw<impl FnMut(u64) -> u64> {
    Draw(numbers())
}

/// Inputs for a symbology with what a reader must transmit.
pub(crate) fn messages(symbology: Symbology, count: usize) -> Vec<(String, String)> {
    let mut draw = draw();
    let same = |text: String| (text.clone(), text);
    match symbology {
        Symbology::Qr => {
            links(count / 2).into_iter().chain(mixtures(count / 2)).map(same).collect()
        }
        Symbology::DataMatrix => {
            let schemes: Vec<_> = (0..count).map(|_| draw.schemes()).collect();
            let texts = links(count / 2).into_iter().chain(mixtures(count / 2));
            texts.chain(schemes).map(same).collect()
        }
        Symbology::Gs1Qr | Symbology::Gs1DataMatrix => {
            (0..count).map(|_| same(draw.elements(400))).collect()
        }
        Symbology::Gs1128 => (0..count).map(|_| same(draw.elements(48))).collect(),
        Symbology::Ean13 => {
            let starts = ["893", "01", "4", "978", "55", "6", "71", "8", "2", "9"];
            (0..count).map(|turn| same(draw.key(starts[turn % starts.len()], 13))).collect()
        }
        Symbology::Ean8 => (0..count).map(|_| same(draw.key("893", 8))).collect(),
        Symbology::UpcA => (0..count)
            .map(|turn| {
                let gtin = draw.key(["01", "6", "7", "3"][turn % 4], 12);
                (gtin.clone(), format!("0{gtin}"))
            })
            .collect(),
        Symbology::UpcE => (0..count)
            .map(|turn| {
                let d = draw.word(b"123456789", 5);
                let (ab, c, de) = (&d[..2], &d[2..3], &d[3..]);
                let body = match turn % 6 {
                    end @ 0..=2 => format!("0{ab}{end}0000{c}{de}"),
                    3 => format!("0{ab}{}00000{de}", 3 + turn % 7),
                    4 => format!("0{}00000{}", &d[..4], &d[4..]),
                    _ => format!("0{d}0000{}", 5 + turn % 5),
                };
                let gtin = format!("{body}{}", gs1::check_digit(&body).expect("digits"));
                (gtin.clone(), format!("0{gtin}"))
            })
            .collect(),
        _ => (0..count)
            .map(|turn| {
                let gtin = draw.key(["1893", "0893", "3", "00"][turn % 4], 14);
                (format!("(01){gtin}"), gtin)
            })
            .collect(),
    }
}
