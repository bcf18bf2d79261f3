//! Reading a dictionary file as GS1 publishes it. The grammar is the one its head comment explains;
//! a line that breaks it is refused with its number, and only a linter this program has never heard
//! of is passed over with a warning, so that tomorrow's file loads today.

use super::index::{NONE, NOWHERE, Slot};
use super::relations::Bits;
use super::{Check, Dictionary, Entry, Group, Kind, Part, Pattern};
use crate::ai::Ai;

/// A line of a dictionary file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct DictionaryError {
    /// The number of the line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub what: &'static str,
}

/// Something in a file that was passed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// The AI or the first AI of the row.
    pub ai: Ai,
    /// The linter that is not known here.
    pub linter: String,
}

/// The greatest number of components of a value, of linters of a component, and of attributes.
const MOST_PARTS: usize = 5;
const MOST_LINTERS: usize = 3;
const MOST_ATTRIBUTES: usize = 9;

type Parsed<T> = Result<T, &'static str>;

impl Dictionary {
    /// Reads a dictionary file.
    ///
    /// # Errors
    /// The first line that breaks the grammar or the order of AIs.
    pub fn parse(text: &str) -> Result<Self, DictionaryError> {
        let release = text.lines().find_map(|line| line.strip_prefix("# Release:"));
        let release = release.map(str::trim).filter(|release| *release != "UNSET");
        Self::of_rows(text.lines().enumerate(), release.map(str::to_owned))
    }

    pub(super) fn of_rows<'a>(
        rows: impl Iterator<Item = (usize, &'a str)>,
        release: Option<String>,
    ) -> Result<Self, DictionaryError> {
        let mut dictionary = Self {
            release,
            entries: Vec::new(),
            warnings: Vec::new(),
            index: vec![NOWHERE; 10_000],
            bits: Vec::new(),
        };
        for (at, row) in rows {
            let error = |what| DictionaryError { line: at + 1, what };
            if let Some(entry) = entry(row, &mut dictionary.warnings).map_err(error)? {
                dictionary.add(entry).map_err(error)?;
            }
        }
        dictionary.bits = Bits::of_all(&dictionary.entries);
        Ok(dictionary)
    }

    fn add(&mut self, entry: Entry) -> Parsed<()> {
        let place = u16::try_from(self.entries.len()).map_err(|_| "too many entries")?;
        let own = Slot { place, len: entry.first.len() as u8 };
        for slot in entry.first.slot()..=entry.last.slot() + entry.last.slots_below() {
            if std::mem::replace(&mut self.index[slot], own).place != NONE {
                return Err("this AI is the same as another or its start");
            }
        }
        self.entries.push(entry);
        Ok(())
    }
}

/// An entry, or nothing for an empty line or a comment.
fn entry(row: &str, warnings: &mut Vec<Warning>) -> Parsed<Option<Entry>> {
    let (row, title) = match row.split_once('#') {
        Some((row, title)) => (row, title.trim()),
        None => (row, ""),
    };
    let mut tokens = row.split_ascii_whitespace().peekable();
    let Some(ais) = tokens.next() else { return Ok(None) };
    if title.starts_with('@') {
        return Err("a title starts with a letter or digit");
    }
    let (first, last) = range(ais)?;
    let flags = tokens.next_if(|token| token.bytes().all(is_flag)).unwrap_or_default();

    let mut parts = Vec::new();
    while let Some(token) = tokens.next_if(|token| is_component(token)) {
        parts.push(component(token, first, warnings)?);
    }
    if parts.is_empty() {
        return Err("there is no component");
    }
    if parts.len() > MOST_PARTS {
        return Err("there are too many components");
    }
    if parts.windows(2).any(|pair| pair[0].optional && !pair[1].optional) {
        return Err("a component after an optional one must be optional");
    }
    if parts[..parts.len() - 1].iter().any(|part| part.least != part.most) {
        return Err("only the last component may have a variable length");
    }
    let fixed = flags.contains('*');
    if fixed && parts.len() > 1 && parts.iter().any(|part| part.least != part.most) {
        return Err("a pre-defined length cannot be variable");
    }
    let mut entry = Entry {
        first,
        last,
        fixed,
        attribute: flags.contains('?'),
        least: parts.iter().filter(|p| !p.optional).map(|p| p.least).sum(),
        most: parts.iter().map(|p| p.most).sum(),
        parts,
        title: title.to_owned(),
        requires: Vec::new(),
        excludes: Vec::new(),
        qualifiers: None,
    };
    for (count, token) in tokens.enumerate() {
        if count >= MOST_ATTRIBUTES {
            return Err("there are too many attributes");
        }
        attribute(token, &mut entry)?;
    }
    Ok(Some(entry))
}

fn is_flag(byte: u8) -> bool {
    byte.is_ascii_punctuation() && !matches!(byte, b'#')
}

/// `01` or `3100-3105`.
fn range(ais: &str) -> Parsed<(Ai, Ai)> {
    const WRONG: &str = "an AI has two to four digits";
    let (first, last) = ais.split_once('-').unwrap_or((ais, ais));
    let (first, last) = (Ai::parse(first).ok_or(WRONG)?, Ai::parse(last).ok_or(WRONG)?);
    let head = |ai: Ai| ai.as_str()[..ai.len() - 1].to_owned();
    if first.len() != last.len() || head(first) != head(last) || last < first {
        return Err("a range of AIs differs in the last digit alone");
    }
    Ok((first, last))
}

fn is_component(token: &str) -> bool {
    token.starts_with(['N', 'X', 'Y', 'Z', '['])
}

/// `N13,csum`, `X..20`, `[N6],yymmdd`.
fn component(token: &str, ai: Ai, warnings: &mut Vec<Warning>) -> Parsed<Part> {
    let mut fields = token.split(',');
    let shape = fields.next().unwrap_or_default();
    let inside = shape.strip_prefix('[');
    let (optional, shape) = match inside {
        Some(rest) => (true, rest.strip_suffix(']').ok_or("a bracket is not closed")?),
        None => (false, shape),
    };
    let (kind, length) = shape.split_at_checked(1).ok_or("a component has a type")?;
    let kind = match kind {
        "N" => Kind::Digits,
        "X" => Kind::Cset82,
        "Y" => Kind::Cset39,
        "Z" => Kind::Cset64,
        _ => return Err("a component is of type N, X, Y or Z"),
    };
    let (variable, digits) = match length.strip_prefix("..") {
        Some(digits) => (true, digits),
        None => (false, length),
    };
    let good = matches!(digits.len(), 1 | 2) && digits.bytes().all(|b| b.is_ascii_digit());
    let most = if good { digits.parse().unwrap_or(0) } else { 0 };
    if most == 0 {
        return Err("the length of a component is 1 to 99");
    }
    let mut checks = Vec::new();
    for (count, name) in fields.enumerate() {
        if count >= MOST_LINTERS {
            return Err("there are too many linters");
        }
        match Check::by_name(name) {
            Some(check) => checks.push(check),
            None => warnings.push(Warning { ai, linter: name.to_owned() }),
        }
    }
    Ok(Part { kind, least: if variable { 1 } else { most }, most, optional, checks })
}

/// `req=…`, `ex=…`, `dlpkey`, `dlpkey=…`; others are well-formed or wrong, and mean nothing here.
fn attribute(token: &str, entry: &mut Entry) -> Parsed<()> {
    let (key, value) = match token.split_once('=') {
        Some((_, "")) => return Err("an attribute has no value after “=”"),
        Some((key, value)) => (key, Some(value)),
        None => (token, None),
    };
    if key.is_empty() || !key.bytes().all(|b| b.is_ascii_lowercase()) {
        return Err("the name of an attribute is lower-case letters");
    }
    match (key, value) {
        ("req", Some(value)) => {
            let groups = value.split(',').map(group).collect::<Parsed<_>>()?;
            entry.requires.push(groups);
        }
        ("ex", Some(value)) => {
            for pattern in value.split(',') {
                entry.excludes.push(Pattern::parse(pattern).ok_or(NOT_PATTERN)?);
            }
        }
        ("dlpkey", None) => entry.qualifiers = Some(Vec::new()),
        ("dlpkey", Some(value)) => {
            let row =
                |row: &str| row.split(',').map(|ai| Ai::parse(ai).ok_or(NOT_PATTERN)).collect();
            entry.qualifiers = Some(value.split('|').map(row).collect::<Parsed<_>>()?);
        }
        _ => {}
    }
    Ok(())
}

const NOT_PATTERN: &str = "an AI or a pattern of AIs has two to four digits or “n”";

/// `01+21`.
fn group(text: &str) -> Parsed<Group> {
    text.split('+').map(|p| Pattern::parse(p).ok_or(NOT_PATTERN)).collect::<Parsed<_>>().map(Group)
}
