//! GS1 Digital Link URI Syntax 1.6.0, uncompressed: a web address that holds a GS1 key, what
//! qualifies it, and facts about it. Here is the value itself; reading, building and writing are the
//! modules below. Compression is a standard and a module of its own; the relations between AIs are asked
//! of whole messages.

pub(crate) mod build;
mod host;
pub(crate) mod keys;
mod parse;
mod view;
mod write;

pub use build::LinkBuilder;
pub(crate) use host::after_scheme;
pub use parse::Reading;
pub(crate) use parse::is_address;
pub(crate) use view::Found;
pub use view::View;
pub use write::is_qr_alphanumeric;
pub(crate) use write::write_rest;

use crate::ai::Ai;
use crate::keys::{Gln, Gtin, Sscc};
use crate::level::Level;

/// What is wrong with a link.
pub type LinkError = crate::problem::ReadError;

/// A Digital Link, read and checked.
///
/// ```
/// use gs1::{Ai, Link};
/// let link = Link::parse("https://tx.example.vn/01/08931234567897/10/L%2F7/21/K9?17=261231")?;
/// assert_eq!(link.gtin().map(|g| g.to_string()).as_deref(), Some("08931234567897"));
/// assert_eq!(link.lot(), Some("L/7"));
/// assert_eq!(link.attributes(), [(Ai::EXPIRY, "261231".to_owned())]);
/// assert_eq!(link.canonical(), "https://id.gs1.org/01/08931234567897/10/L%2F7/21/K9?17=261231");
/// # Ok::<(), gs1::LinkError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Link {
    stem: String,
    keys: Vec<(Ai, String)>,
    attributes: Vec<(Ai, String)>,
    other: Vec<(String, String)>,
    fragment: Option<String>,
}

impl Link {
    /// Reads a link as scanners and other systems write it: see [`Reading::tolerant`].
    ///
    /// # Errors
    /// The first rule broken, with its bytes in `text`.
    pub fn parse(text: &str) -> Result<Self, LinkError> {
        Self::parse_with(text, Reading::tolerant())
    }

    /// Reads a link with chosen tolerance.
    ///
    /// # Errors
    /// The first rule broken, with its bytes in `text`.
    pub fn parse_with(text: &str, reading: Reading) -> Result<Self, LinkError> {
        View::parse(text, reading).map(|view| view.to_link())
    }

    /// Builds a link on `https://id.gs1.org` from elements in any order.
    ///
    /// # Errors
    /// See [`LinkBuilder::build`]. The range of an error is that of the element in the list.
    pub fn build(elements: &[(&str, &str)]) -> Result<Self, LinkError> {
        let mut builder = LinkBuilder::new();
        for (ai, value) in elements {
            builder = builder.with(ai, value);
        }
        builder.build()
    }

    /// Scheme, host and the path before the primary key, without a slash at the end. Scheme and host
    /// are lower-cased (RFC 3986, 6.2.2.1).
    pub fn stem(&self) -> &str {
        &self.stem
    }

    /// The primary key, then its qualifiers in their order, with decoded values. Never empty.
    pub fn keys(&self) -> &[(Ai, String)] {
        &self.keys
    }

    /// The AIs of the query in the order of the link, with decoded values.
    pub fn attributes(&self) -> &[(Ai, String)] {
        &self.attributes
    }

    /// The parameters of the query that are no AI, in the order of the link and **as written**
    /// (still percent-encoded), so that passing them on loses nothing. A parameter without `=` has
    /// an empty value.
    pub fn other_parameters(&self) -> &[(String, String)] {
        &self.other
    }

    /// What stood after `#`, as written. It is for the browser and has no part in the identity.
    pub fn fragment(&self) -> Option<&str> {
        self.fragment.as_deref()
    }

    /// The primary key.
    pub fn primary(&self) -> (Ai, &str) {
        let (ai, value) = &self.keys[0];
        (*ai, value)
    }

    /// The value of an AI in path or query.
    pub fn get(&self, ai: Ai) -> Option<&str> {
        let mut all = self.keys.iter().chain(&self.attributes);
        all.find(|(found, _)| *found == ai).map(|(_, value)| value.as_str())
    }

    /// The trade item, for the key (01) and, without the piece numbers, (8006).
    pub fn gtin(&self) -> Option<Gtin> {
        match self.primary() {
            (Ai::GTIN, value) => Gtin::parse(value).ok(),
            (Ai::ITIP, value) => Gtin::parse(value.get(..14)?).ok(),
            _ => None,
        }
    }

    /// The batch or lot in the path.
    pub fn lot(&self) -> Option<&str> {
        self.qualifier(Ai::LOT)
    }

    /// The serial number in the path: (21), or (235) for tobacco.
    pub fn serial(&self) -> Option<&str> {
        self.qualifier(Ai::SERIAL).or_else(|| self.qualifier(Ai::TPX))
    }

    /// The location or party, for the keys (414), (415) and (417).
    pub fn gln(&self) -> Option<Gln> {
        match self.primary() {
            (Ai::GLN | Ai::PAY_TO | Ai::PARTY, value) => Gln::parse(value).ok(),
            _ => None,
        }
    }

    /// The logistic unit, for the key (00).
    pub fn sscc(&self) -> Option<Sscc> {
        match self.primary() {
            (Ai::SSCC, value) => Sscc::parse(value).ok(),
            _ => None,
        }
    }

    /// Whether the link is of one thing, of a lot, or of a class of things.
    pub fn level(&self) -> Level {
        let (ai, value) = self.primary();
        Level::of_keys(ai, value, |wanted| self.qualifier(wanted).is_some())
    }

    /// A value in the path after the primary key.
    fn qualifier(&self, ai: Ai) -> Option<&str> {
        self.keys[1..].iter().find(|(found, _)| *found == ai).map(|(_, value)| value.as_str())
    }
}
