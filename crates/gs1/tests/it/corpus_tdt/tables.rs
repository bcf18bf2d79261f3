//! Tables B, E and F, interpreted: the value of an AI as a row of bits.

use gs1::Ai;
use serde_json::Value;

use super::{artefact, bits, number, rows, text};

/// The tables that say how the value of an AI becomes bits.
pub(super) struct Tables {
    b: Value,
    e: Value,
    pub(super) f: Value,
    pub(super) k: Value,
}

impl Tables {
    pub(super) fn read() -> Option<Self> {
        let [b, e, f, k] = ["B", "E", "F", "K"].map(|name| artefact(&format!("TDT_Table{name}")));
        Some(Self { b: b?, e: e?, f: f?, k: k? })
    }

    fn row(&self, ai: Ai) -> Option<&Value> {
        rows(&self.f).iter().find(|row| row["a"] == ai.as_str())
    }

    /// The bits of a value by its row of table F; nothing for what the table leaves to prose.
    pub(super) fn bits(&self, ai: Ai, value: &str) -> Option<String> {
        let row = self.row(ai)?;
        let first = ["b", "d", "e", "f", "g"];
        let second = ["i", "k", "l", "m", "n"];
        let (mut out, rest) = self.component(row, first, value)?;
        if row["i"].is_string() {
            out.push_str(&self.component(row, second, rest)?.0);
        }
        Some(out)
    }

    /// A component: its bits, and what of the value is left.
    fn component<'v>(
        &self,
        row: &Value,
        [format, chars, width, _, length]: [&str; 5],
        value: &'v str,
    ) -> Option<(String, &'v str)> {
        let (chars, width, length) = (number(row, chars), number(row, width), number(row, length));
        let fixed = || value.split_at_checked(chars);
        let four = |text: &str| -> String {
            text.bytes().filter(u8::is_ascii_digit).map(|b| bits(u32::from(b - b'0'), 4)).collect()
        };
        Some(match text(row, format) {
            "Fixed-length numeric" => {
                let (digits, rest) = fixed()?;
                (four(digits), rest)
            }
            "Fixed-Bit-Length Numeric String" => {
                let (digits, rest) = fixed()?;
                (wide(digits, width), rest)
            }
            "Variable-length numeric string without encoding indicator" => {
                let head = format!("{:0length$b}", value.len());
                (head + &wide(value, self.width(value.len(), "b")), "")
            }
            "Variable-length alphanumeric" => (self.alphanumeric(value, length), ""),
            "Delimited/terminated numeric" => {
                let end = value.find(|c: char| !c.is_ascii_digit()).unwrap_or(value.len());
                let (digits, rest) = value.split_at(end);
                let tail = if rest.is_empty() {
                    "1111".to_owned()
                } else {
                    format!("1110{}", self.alphanumeric(rest, length))
                };
                (four(digits) + &tail, "")
            }
            "6-digit date YYMMDD" => (date(value)?, ""),
            "10-digit date+time YYMMDDhhmm" => {
                let (day, time) = value.split_at_checked(6)?;
                (date(day)? + &wide(&time[..2], 5) + &wide(&time[2..], 6), "")
            }
            "Single data bit" => (value.to_owned(), ""),
            "Sequence indicator" => (four(value), ""),
            "Optional minus sign in 1 bit" => {
                (if value.is_empty() { "0" } else { "1" }.to_owned(), "")
            }
            // Two letters of base64, and dates of several precisions, are told in prose.
            _ => return None,
        })
    }

    /// How many bits table B gives for so many characters in a column.
    fn width(&self, len: usize, column: &str) -> usize {
        if len == 0 {
            return 0;
        }
        let row = rows(&self.b).iter().find(|row| number(row, "a") == len);
        number(row.unwrap_or_else(|| panic!("no row for {len}")), column)
    }

    /// Text in the encoding of table E that needs the fewest bits by table B.
    fn alphanumeric(&self, value: &str, length: usize) -> String {
        let fits = |indicator: &str| {
            let row = rows(&self.e).iter().find(|row| row["a"] == indicator).expect("table E");
            let set = text(row, "f");
            // The set of components has a sign that the expression for ASCII lacks.
            value.chars().all(|c| in_set(set, c) || indicator == "4" && c == '#')
        };
        let columns = [("0", "b"), ("1", "c"), ("2", "d"), ("3", "f"), ("5", "e"), ("4", "g")];
        let can = columns.into_iter().filter(|(indicator, _)| fits(indicator));
        let (indicator, column) =
            can.min_by_key(|(_, column)| self.width(value.len(), column)).expect("ASCII");
        let width = self.width(value.len(), column);
        let one = |c: char| -> String {
            const SIX: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
            match indicator {
                "3" => format!("{:06b}", SIX.find(c).expect("base64")),
                "4" => format!("{:07b}", c as u32),
                _ => format!("{:04b}", c.to_digit(16).expect("hexadecimal")),
            }
        };
        let body: String = match indicator {
            "0" => wide(value, width),
            "5" => {
                const FORTY: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ-.:0123456789";
                let code = |c: char| FORTY.find(c).expect("code 40") + 1;
                let chars: Vec<char> = value.chars().collect();
                let three = |three: &[char]| {
                    let at = |at: usize| three.get(at).map_or(0, |c| code(*c));
                    format!("{:016b}", at(0) * 1600 + at(1) * 40 + at(2) + 1)
                };
                chars.chunks(3).map(three).collect()
            }
            _ => value.chars().map(one).collect(),
        };
        assert_eq!(body.len(), width, "{value}: table B");
        let indicator: u8 = indicator.parse().expect("a digit");
        format!("{indicator:03b}{:0length$b}{body}", value.len())
    }
}

/// Whether a character is of a set as table E writes it: `[0-9A-F]`, with `\x` for some.
fn in_set(set: &str, found: char) -> bool {
    let inside = set.trim_start_matches('[').trim_end_matches(']');
    let mut letters = Vec::new();
    let mut rest = inside;
    while let Some(c) = rest.chars().next() {
        let (letter, len) = match rest.strip_prefix("\\x") {
            Some(hex) => (u8::from_str_radix(&hex[..2], 16).map(char::from).expect("hex"), 4),
            None if c == '\\' => (rest[1..].chars().next().expect("escaped"), 2),
            None => (c, 1),
        };
        letters.push(letter);
        rest = &rest[len..];
    }
    let ranges = letters.windows(3).filter(|three| three[1] == '-');
    let alone = if found == '-' { letters.last() == Some(&'-') } else { letters.contains(&found) };
    alone || ranges.into_iter().any(|three| (three[0]..=three[2]).contains(&found))
}

/// Digits as a number of so many bits: halved again and again, as there may be ninety.
pub(super) fn wide(digits: &str, bits: usize) -> String {
    let mut digits: Vec<u8> = digits.bytes().map(|b| b - b'0').collect();
    let mut out = Vec::new();
    for _ in 0..bits {
        let left = digits.iter_mut().fold(0, |left, digit| {
            let value: u8 = left * 10 + *digit;
            *digit = value / 2;
            value % 2
        });
        out.push(char::from(b'0' + left));
    }
    out.iter().rev().collect()
}

pub(super) fn date(value: &str) -> Option<String> {
    let part = |at: usize| value.get(at..at + 2)?.parse::<u32>().ok();
    Some(format!("{:07b}{:04b}{:05b}", part(0)?, part(2)?, part(4)?))
}
