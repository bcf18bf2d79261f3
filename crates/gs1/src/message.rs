//! A whole message: what a scanner, a file or a person gives, in any syntax, read, checked and told
//! again in every other. One entry, [`Message::read`], finds the syntax by its first characters; the
//! verdicts, and the order in which faults are told, are those of GS1's own Syntax Engine.

mod bracketed;
mod known;
mod primary;
mod raw;
mod scan;
mod signed;

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::ai::Ai;
use crate::compress::only_compressed;
use crate::dictionary::{Broken, Dictionary, NONE};
use crate::keys::Gtin;
use crate::link::{Link, Reading, View, build};
use crate::problem::{Problem, ReadError};

use known::Known;
pub use scan::{Symbology, scan_data};

/// How the input is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Syntax {
    /// By its first characters: `(` bracketed, `^` raw, `]` scan data, `http` a link; else plain text.
    #[default]
    Auto,
    /// `(01)…(10)…`, `\(` for a bracket in a value.
    Bracketed,
    /// AIs and values with FNC1 as `^` or ASCII 29; the leading one may be missing.
    Raw,
    /// A Digital Link, compressed or not.
    Link,
    /// A symbology identifier and the data of the symbol.
    Scan,
}

/// How a message is read.
#[derive(Debug, Clone, Copy)]
pub struct Options<'d> {
    /// How the input is written.
    pub syntax: Syntax,
    /// Accept AIs that the dictionary does not know, with values of the 82 characters.
    pub permit_unknown_ais: bool,
    /// Accept a GTIN of 8, 12 or 13 digits in a link.
    pub permit_zero_suppressed_gtin: bool,
    /// Complete EAN, UPC and GTIN without their check digit, in bracketed and scanned data.
    pub add_check_digit: bool,
    /// Accept `/gtin/` and the other names that links had until 1.2.
    pub permit_convenience_alphas: bool,
    /// Check which AIs belong together.
    pub relations: bool,
    /// The dictionary to read by.
    pub dictionary: &'d Dictionary,
}

impl Default for Options<'static> {
    fn default() -> Self {
        Self {
            syntax: Syntax::Auto,
            permit_unknown_ais: false,
            permit_zero_suppressed_gtin: false,
            add_check_digit: false,
            permit_convenience_alphas: false,
            relations: true,
            dictionary: Dictionary::built_in(),
        }
    }
}

/// An AI with its value.
#[derive(Debug, Clone)]
pub struct Element<'a> {
    /// The AI.
    pub ai: Ai,
    /// Its value, decoded.
    pub value: Cow<'a, str>,
    /// Whether the element comes from the two-dimensional part of a composite symbol.
    pub composite: bool,
    // Pre-defined length: no separator is needed after it.
    fixed: bool,
    // Which entry of the dictionary.
    place: u16,
}

// Where a dictionary has the entry is no part of what was read.
impl PartialEq for Element<'_> {
    fn eq(&self, other: &Self) -> bool {
        let of = |one: &Self| (one.ai, one.composite, one.fixed);
        of(self) == of(other) && self.value == other.value
    }
}

impl Eq for Element<'_> {}

/// Raw data as they were given. Written with `^` when they are asked for and not when they are read:
/// most messages are only checked.
#[derive(Debug, Clone, Copy)]
struct Raw<'a> {
    text: &'a str,
    /// Whether the FNC1 at the start is to be added.
    fnc1: bool,
}

/// What was read.
///
/// ```
/// use gs1::message::{Message, Options};
/// let message = Message::read("]C1010893123456789710L7\u{1d}17261231", &Options::default())?;
/// assert_eq!(message.ai_data().as_deref(), Some("(01)08931234567897(10)L7(17)261231"));
/// assert_eq!(message.raw().as_deref(), Some("^010893123456789710L7^17261231"));
/// assert_eq!(
///     message.canonical_link().expect("AI data")?,
///     "https://id.gs1.org/01/08931234567897/10/L7?17=261231"
/// );
/// # Ok::<(), gs1::ReadError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Message<'a> {
    elements: Vec<Element<'a>>,
    raw: Option<Raw<'a>>,
    gtin: Option<Gtin>,
    symbology: Option<Symbology>,
    dictionary: &'a Dictionary,
}

impl<'a> Message<'a> {
    /// Reads a message. Plain text that is in none of the syntaxes is a message without elements.
    ///
    /// # Errors
    /// The first rule broken, with its bytes in `input`.
    pub fn read(input: &'a str, options: &Options<'a>) -> Result<Self, ReadError> {
        match options.syntax {
            Syntax::Bracketed => Self::bracketed(input, options),
            Syntax::Raw => Self::raw_data(input, options),
            Syntax::Link => Self::link(input, options),
            Syntax::Scan => scan::read(input, options),
            Syntax::Auto if input.starts_with('(') => Self::bracketed(input, options),
            Syntax::Auto if input.starts_with('^') => Self::raw_data(input, options),
            Syntax::Auto if input.starts_with(']') => scan::read(input, options),
            Syntax::Auto if is_link(input) => Self::link(input, options),
            Syntax::Auto => Ok(Self::plain(input, options)),
        }
    }

    fn bracketed(input: &'a str, options: &Options<'a>) -> Result<Self, ReadError> {
        let elements = bracketed::read(input, options)?;
        Self::checked(elements, None, options)
    }

    fn raw_data(input: &'a str, options: &Options<'a>) -> Result<Self, ReadError> {
        let elements = raw::read(input, 0, options)?;
        let fnc1 = !input.starts_with(['^', '\u{1d}']);
        Self::checked(elements, Some(Raw { text: input, fnc1 }), options)
    }

    fn link(input: &'a str, options: &Options<'a>) -> Result<Self, ReadError> {
        let reading = Reading {
            short_gtin: options.permit_zero_suppressed_gtin,
            short_names: options.permit_convenience_alphas,
            ..Reading::strict()
        };
        let view = match View::parse_by(input, reading, options.dictionary) {
            Ok(view) => view,
            // Without a key in its path the address may be a compressed link.
            Err(error) if error.is_without_key() => {
                return Self::compressed(input, options).unwrap_or(Err(error));
            }
            Err(error) => return Err(error),
        };
        let element = |found: crate::link::Found<'a>| Element {
            ai: found.ai,
            value: found.value,
            composite: false,
            fixed: found.entry.fixed,
            place: found.place,
        };
        Self::checked(view.into_found().into_iter().map(element).collect(), None, options)
    }

    /// A compressed link, or nothing.
    fn compressed(input: &str, options: &Options<'a>) -> Option<Result<Self, ReadError>> {
        let link = only_compressed(input).ok()?;
        let element = |(ai, value): &(Ai, String)| {
            let row = options.dictionary.row(*ai);
            Element {
                ai: *ai,
                value: Cow::Owned(value.clone()),
                composite: false,
                fixed: row.is_some_and(|row| row.entry.fixed),
                place: row.map_or(NONE, |row| row.place),
            }
        };
        let elements = link.keys().iter().chain(link.attributes()).map(element).collect();
        Some(Self::checked(elements, None, options))
    }

    /// Text that is no GS1 data, or a bare EAN, UPC or GTIN.
    fn plain(input: &'a str, options: &Options<'a>) -> Self {
        let digits = matches!(input.len(), 8 | 12 | 13 | 14);
        let gtin = if digits { Gtin::parse(input).ok() } else { None };
        Self {
            elements: Vec::new(),
            raw: None,
            gtin,
            symbology: None,
            dictionary: options.dictionary,
        }
    }

    /// A message of elements that are right in themselves.
    fn checked(
        elements: Vec<Element<'a>>,
        raw: Option<Raw<'a>>,
        options: &Options<'a>,
    ) -> Result<Self, ReadError> {
        if let Some(ai) = different(&elements) {
            return Err(Problem::Different.of(ai.as_str(), 0..0));
        }
        let places = elements.iter().map(|element| element.place);
        if options.relations && !options.dictionary.clearly_related(places) {
            related(&elements, options.dictionary)?;
        }
        if options.relations {
            signed::check(&elements, options.dictionary)?;
        }
        Ok(Self { elements, raw, gtin: None, symbology: None, dictionary: options.dictionary })
    }

    /// The elements in the order they were read; none for plain text.
    pub fn elements(&self) -> &[Element<'a>] {
        &self.elements
    }

    /// The value of an AI.
    pub fn get(&self, ai: Ai) -> Option<&str> {
        self.elements.iter().find(|element| element.ai == ai).map(|element| &*element.value)
    }

    /// The symbology of scan data.
    pub fn symbology(&self) -> Option<Symbology> {
        self.symbology
    }

    /// The trade item: (01), or the number of an EAN or UPC symbol or of plain digits.
    pub fn gtin(&self) -> Option<Gtin> {
        self.gtin.clone().or_else(|| Gtin::parse(self.get(Ai::GTIN)?).ok())
    }

    /// `(01)…(10)…` with brackets inside values escaped and `|` before composite data; nothing for
    /// plain text.
    pub fn ai_data(&self) -> Option<String> {
        if self.elements.is_empty() {
            return None;
        }
        let mut out = String::new();
        let mut composite = false;
        for element in &self.elements {
            if element.composite && !composite {
                composite = true;
                out.push('|');
            }
            out.push('(');
            out.push_str(element.ai.as_str());
            out.push(')');
            out.push_str(&element.value.replace('(', "\\("));
        }
        Some(out)
    }

    /// The data with `^` for FNC1: as it was given, or written anew; nothing for plain text.
    pub fn raw(&self) -> Option<String> {
        if let Some(Raw { text, fnc1 }) = self.raw {
            let text = text.replace('\u{1d}', "^");
            return Some(if fnc1 { format!("^{text}") } else { text });
        }
        if self.elements.is_empty() {
            return None;
        }
        let mut out = String::new();
        let (mut open, mut composite) = (true, false);
        for element in &self.elements {
            if element.composite && !composite {
                composite = true;
                out.push('|');
                open = true;
            }
            if open {
                out.push('^');
            }
            out.push_str(element.ai.as_str());
            out.push_str(&element.value);
            open = !element.fixed;
        }
        Some(out)
    }

    /// The link that says the same.
    ///
    /// # Errors
    /// There is no primary key, or an AI that may not stand in a link.
    pub fn link_of(&self) -> Result<Link, ReadError> {
        let mut elements: Vec<(usize, Ai, String)> = Vec::with_capacity(self.elements.len());
        for (place, element) in self.elements.iter().enumerate() {
            if !elements.iter().any(|(_, ai, _)| *ai == element.ai) {
                elements.push((place, element.ai, element.value.clone().into_owned()));
            }
        }
        build::assemble(elements, self.dictionary, false)
    }

    /// The link on `https://id.gs1.org` as the reference writes it, with attributes in the order of
    /// the message but those of pre-defined length first ([`Link::canonical`] sorts them); nothing for
    /// plain text.
    pub fn canonical_link(&self) -> Option<Result<String, ReadError>> {
        if self.elements.is_empty() {
            return None;
        }
        Some(self.link_on("https://id.gs1.org"))
    }

    /// As [`Self::canonical_link`], on scheme, host and path of the caller's.
    ///
    /// # Errors
    /// There is no primary key, or an AI that may not stand in a link.
    pub fn link_on(&self, stem: &str) -> Result<String, ReadError> {
        let fixed = |ai| self.dictionary.entry(ai).is_some_and(|entry| entry.fixed);
        self.link_of().map(|link| link.with_stem_as_given(stem, fixed))
    }

    /// The human readable lines (General Specifications 4.14): `(01) 08931234567897`.
    pub fn hri(&self) -> Vec<String> {
        self.elements.iter().map(|element| format!("({}) {}", element.ai, element.value)).collect()
    }

    /// As [`Self::hri`], with data titles: `GTIN (01) 08931234567897`.
    pub fn hri_with_titles(&self) -> Vec<String> {
        let line = |element: &Element<'_>| {
            let title = self.dictionary.entry(element.ai).map_or("", |entry| entry.title.as_str());
            let space = if title.is_empty() { "" } else { " " };
            format!("{title}{space}({}) {}", element.ai, element.value)
        };
        self.elements.iter().map(line).collect()
    }
}

/// Whether the AIs of a message may stand together.
#[cold]
fn related(elements: &[Element<'_>], dictionary: &Dictionary) -> Result<(), ReadError> {
    let mut ais: Vec<Ai> = elements.iter().map(|element| element.ai).collect();
    let mut seen = BTreeSet::new();
    ais.retain(|ai| seen.insert(*ai));
    dictionary.relations(&ais).map_err(|broken| match broken {
        Broken::Required { ai, rule } => Problem::Required(rule).of(ai.as_str(), 0..0),
        Broken::Excluded { ai, with } => Problem::Excluded(with).of(ai.as_str(), 0..0),
    })
}

/// The first AI that is given again with another value.
fn different(elements: &[Element<'_>]) -> Option<Ai> {
    let differ = |a: &Element<'_>, b: &Element<'_>| a.ai == b.ai && a.value != b.value;
    if elements.len() <= 8 {
        let repeated = |at: &usize| elements[..*at].iter().any(|a| differ(a, &elements[*at]));
        return (1..elements.len()).find(repeated).map(|at| elements[at].ai);
    }
    // Sorting keeps repeats together however many there are.
    let mut order: Vec<usize> = (0..elements.len()).collect();
    order.sort_by_key(|&at| (elements[at].ai, at));
    let pairs = order.windows(2).filter(|pair| differ(&elements[pair[0]], &elements[pair[1]]));
    Some(elements[pairs.map(|pair| pair[1]).min()?].ai)
}

/// Whether text claims to be a web address.
fn is_link(text: &str) -> bool {
    crate::link::after_scheme(text).is_some()
}
