//! Compressed links (GS1 Digital Link Compression 1.0.0): AIs and values as bits, written in the
//! letters of base64url in place of the path. Leading zeros, numbers of any length and parameters
//! that are no AI come back as they were.

mod bits;
mod layout;
mod value;

use bits::{Bits, Reader};
use layout::Field;

use crate::ai::Ai;
use crate::dictionary::Dictionary;
use crate::lang::Lang;
use crate::link::{Link, LinkBuilder, LinkError, Reading, View};

/// How a link is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Compression {
    /// Use the one-byte codes for AIs that often stand together.
    pub optimise: bool,
    /// Compress parameters that are no AI too, where they can be. Else they stay in the query.
    pub other: bool,
}

impl Default for Compression {
    fn default() -> Self {
        Self { optimise: true, other: false }
    }
}

/// A link cannot be decompressed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message(Lang::En))]
#[non_exhaustive]
pub enum DecompressError {
    /// The address is not one of a link, compressed or not.
    NotCompressed,
    /// The last segment of the path is not what compression writes: says what is wrong.
    Broken(&'static str),
    /// What came out is no valid link.
    Link(LinkError),
}

impl DecompressError {
    /// A name that stays.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::NotCompressed => "LINK_IS_NOT_COMPRESSED",
            Self::Broken(_) => "COMPRESSED_LINK_IS_BROKEN",
            Self::Link(error) => error.name,
        }
    }

    /// The sentence for people, without a full stop.
    pub fn message(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::NotCompressed, Lang::Vi) => "Đây không phải là liên kết nén".to_owned(),
            (Self::NotCompressed, Lang::En) => "This is no compressed link".to_owned(),
            (Self::Broken(_), Lang::Vi) => "Liên kết nén bị hỏng".to_owned(),
            (Self::Broken(what), Lang::En) => format!("The compressed link is broken: {what}"),
            (Self::Link(error), _) => error.message(lang),
        }
    }
}

/// The link compressed: its stem, one segment, and what stays in the query. Where the segment after
/// this stem would be read as the value of a key, the link is given as it is.
///
/// ```
/// use gs1::{Link, compress::{Compression, compress, decompress}};
/// let link = Link::parse("https://tx.example.vn/01/08931234567897/10/007/21/0042")?;
/// let short = compress(&link, Compression::default());
/// assert_eq!(short, "https://tx.example.vn/CxA-7iCtsgYDkIIAVA");
/// assert_eq!(decompress(&short)?, link);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn compress(link: &Link, how: Compression) -> String {
    let all = link.keys().iter().chain(link.attributes());
    let mut left: Vec<(Ai, &str)> = all.map(|(ai, value)| (*ai, value.as_str())).collect();
    // Where another key is among the attributes, only its place tells the primary one: it comes first,
    // and no code may bring another before it.
    let is_key = |(ai, _): &(Ai, String)| Dictionary::built_in().is_primary(*ai);
    let several = link.attributes().iter().any(is_key);
    let sorted_from = if several { link.keys().len() } else { 0 };
    left[sorted_from..].sort_by_key(|(ai, _)| *ai);
    let optimise = how.optimise && !several;
    let mut bits = Bits::default();
    while let Some((code, ais)) = best_code(&left).filter(|_| optimise) {
        bits.push(u64::from(code), 8);
        for ai in ais {
            if let Some(at) = left.iter().position(|(known, _)| known == ai) {
                let (ai, value) = left.remove(at);
                push_value(&mut bits, ai, value);
            }
        }
    }
    for (ai, value) in left {
        for digit in ai.as_str().bytes() {
            bits.push(u64::from(digit - b'0'), 4);
        }
        push_value(&mut bits, ai, value);
    }
    let mut kept = Vec::new();
    for (name, value) in link.other_parameters() {
        if !how.other || !value::push_other(&mut bits, name, value) {
            kept.push((name.as_str(), value.as_str()));
        }
    }
    let mut out = format!("{}/{}", link.stem(), bits.into_text());
    crate::link::write_rest(&mut out, &kept, '?', link.fragment());
    // A stem may end with what looks like keys (`/01/…/21`); there the segment would be taken for a
    // value, and only the link as it is says what it says.
    let host_at = link.stem().find("://").map_or(0, |at| at + 3);
    let ambiguous =
        link.stem()[host_at..].contains('/') && View::parse(&out, Reading::tolerant()).is_ok();
    if ambiguous { link.address() } else { out }
}

/// The code that covers most digits of AIs, with its AIs in their order.
fn best_code(left: &[(Ai, &str)]) -> Option<(u8, &'static [Ai])> {
    let has = |ais: &&[Ai]| ais.iter().all(|ai| left.iter().any(|(known, _)| known == ai));
    let digits = |ais: &[Ai]| ais.iter().map(|ai| ai.len()).sum::<usize>();
    let codes = layout::CODES.iter().rev().filter(|(_, ais)| has(ais));
    // The last of equals is the first of the table.
    codes.max_by_key(|(_, ais)| digits(ais)).copied()
}

fn push_value(bits: &mut Bits, ai: Ai, value: &str) {
    let Some(entry) = Dictionary::built_in().entry(ai) else { return };
    let mut rest = value;
    for field in layout::fields(entry) {
        let (piece, after) =
            rest.split_at_checked(field.most().min(rest.len())).unwrap_or((rest, ""));
        value::push(bits, field, piece);
        rest = after;
    }
}

/// The link that a compressed one stands for. A primary key before the compressed segment
/// (`/01/…/EEQ…`) is taken with it; so is a link that is not compressed at all.
///
/// # Errors
/// Not an address of this kind, data that no compression writes, or data that are no valid link.
pub fn decompress(text: &str) -> Result<Link, DecompressError> {
    match View::parse(text, Reading::tolerant()) {
        Ok(view) => Ok(view.to_link()),
        Err(_) => only_compressed(text),
    }
}

/// As [`decompress`], where the address is known to be no plain link.
pub(crate) fn only_compressed(text: &str) -> Result<Link, DecompressError> {
    let parts = Parts::of(text).filter(|_| crate::link::is_address(text));
    let parts = parts.ok_or(DecompressError::NotCompressed)?;
    let (elements, mut other) = read(parts.segment)?;
    let mut builder = LinkBuilder::new().of_link();
    let mut stem = parts.stem;
    if !elements.iter().any(|(ai, _)| Dictionary::built_in().is_primary(*ai)) {
        let key = parts.key_before().ok_or(DecompressError::NotCompressed)?;
        builder = builder.with(key.0.as_str(), &key.1);
        stem = key.2;
    }
    for (ai, value) in &elements {
        builder = builder.with(ai.as_str(), value);
    }
    for (name, value) in parts.parameters() {
        // As in a plain link, a name without a value is no AI.
        let ai = value.and_then(|value| Some((Ai::parse(name)?, value)));
        match ai.filter(|(ai, _)| ai.is_known()) {
            Some((ai, value)) => {
                let value = crate::percent::decode(value, true);
                let value = value.map_err(|_| DecompressError::Broken("a null in the query"))?;
                builder = builder.with(ai.as_str(), &value);
            }
            None => other.push((name.to_owned(), value.unwrap_or_default().to_owned())),
        }
    }
    let link = builder.build().map_err(DecompressError::Link)?;
    let host_end = stem.find("://").map_or(0, |at| at + 3);
    let host_end = stem[host_end..].find('/').map_or(stem.len(), |at| host_end + at);
    let stem = stem[..host_end].to_ascii_lowercase() + &stem[host_end..];
    Ok(link.in_place(stem, other, parts.fragment.map(str::to_owned)))
}

/// Whether the address is a compressed link that [`decompress`] reads.
pub fn is_compressed(text: &str) -> bool {
    View::parse(text, Reading::tolerant()).is_err() && decompress(text).is_ok()
}

type Elements = Vec<(Ai, String)>;
type Parameters = Vec<(String, String)>;

/// The elements and parameters of a segment.
fn read(segment: &str) -> Result<(Elements, Parameters), DecompressError> {
    let broken = DecompressError::Broken;
    let mut reader = Reader::of_text(segment).ok_or(broken("not base64url"))?;
    let (mut elements, mut other) = (Vec::new(), Vec::new());
    // No AI with a value is shorter than two digits; less is padding.
    while reader.left() >= 8 {
        let first = reader.take(4).ok_or(broken("it ends early"))?;
        if first == 0xf {
            other.push(value::take_other(&mut reader).ok_or(broken("a parameter"))?);
            continue;
        }
        let second = reader.take(4).ok_or(broken("it ends early"))?;
        if first < 10 && second < 10 {
            let ai = take_ai(&mut reader, first, second).ok_or(broken("an unknown AI"))?;
            once(&elements, ai)?;
            elements.push((ai, take_value(&mut reader, ai).ok_or(broken("a value"))?));
            continue;
        }
        let code = (first << 4 | second) as u8;
        let row = layout::CODES.iter().find(|(known, _)| *known == code);
        let (_, ais) = row.ok_or(broken("a code without meaning"))?;
        for &ai in *ais {
            once(&elements, ai)?;
            elements.push((ai, take_value(&mut reader, ai).ok_or(broken("a value"))?));
        }
    }
    if reader.left() > 0 && reader.take(reader.left()) != Some(0) {
        return Err(broken("padding that is not zero"));
    }
    Ok((elements, other))
}

/// No link has an AI twice; to say so at once keeps long nonsense short.
fn once(elements: &[(Ai, String)], ai: Ai) -> Result<(), DecompressError> {
    let again = elements.iter().any(|(known, _)| *known == ai);
    if again { Err(DecompressError::Broken("an AI twice")) } else { Ok(()) }
}

fn take_ai(reader: &mut Reader<'_>, first: u64, second: u64) -> Option<Ai> {
    let mut digits = vec![b'0' + first as u8, b'0' + second as u8];
    let len = Dictionary::built_in().length_of_prefix(&digits)?;
    while digits.len() < len {
        digits.push(b'0' + u8::try_from(reader.take(4)?).ok().filter(|digit| *digit < 10)?);
    }
    Ai::from_digits(&digits).filter(|ai| ai.is_known())
}

fn take_value(reader: &mut Reader<'_>, ai: Ai) -> Option<String> {
    let entry = Dictionary::built_in().entry(ai)?;
    let mut out = String::new();
    for field in layout::fields(entry) {
        value::take(reader, field, &mut out)?;
    }
    Some(out)
}

/// An address cut at its last segment.
struct Parts<'a> {
    stem: &'a str,
    segment: &'a str,
    query: &'a str,
    fragment: Option<&'a str>,
}

impl<'a> Parts<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let host_at = crate::link::after_scheme(text)?;
        let (rest, fragment) = match text.split_once('#') {
            Some((rest, fragment)) => (rest, Some(fragment)),
            None => (text, None),
        };
        let (address, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (stem, segment) = address.rsplit_once('/').filter(|(stem, _)| stem.len() > host_at)?;
        (!segment.is_empty()).then_some(Self { stem, segment, query, fragment })
    }

    fn parameters(&self) -> impl Iterator<Item = (&'a str, Option<&'a str>)> {
        let pairs = self.query.split(['&', ';']).filter(|pair| !pair.is_empty());
        pairs.map(|pair| match pair.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (pair, None),
        })
    }

    /// The primary key that stands uncompressed before the segment, and the stem before it.
    fn key_before(&self) -> Option<(Ai, String, &'a str)> {
        let view = View::parse(self.stem, Reading::tolerant()).ok()?;
        let (ai, value) = view.primary();
        let stem = &self.stem[..view.stem_len()];
        Some((ai, value.to_owned(), stem)).filter(|_| view.elements().count() == 1)
    }
}

impl Field {
    /// The greatest number of characters.
    fn most(self) -> usize {
        match self {
            Self::FixedDigits(len) | Self::FixedText(len) => len,
            Self::Digits(most) | Self::Text(most) => most,
        }
    }
}
