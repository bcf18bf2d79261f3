//! Writing a link: canonical, on another host, in upper case for small QR codes, and cut down to what
//! identifies. Values are percent-encoded so that every reader gets them back.

use super::build::CANONICAL_STEM;
use super::{Link, View};
use crate::ai::Ai;
use crate::percent::encode_into;

impl Link {
    /// The canonical form (URI Syntax 1.6.0, 4.12): `https://id.gs1.org`, keys, attributes sorted by
    /// AI, and nothing else.
    pub fn canonical(&self) -> String {
        self.with_stem(CANONICAL_STEM)
    }

    /// As [`Self::with_stem`], with the attributes in the order of the reference: those of pre-defined
    /// length first, else as they were given.
    pub(crate) fn with_stem_as_given(&self, stem: &str, fixed: impl Fn(Ai) -> bool) -> String {
        let mut out = stem.trim_end_matches('/').to_owned();
        write_keys(&mut out, &self.keys);
        let (first, rest): (Vec<_>, Vec<_>) =
            self.attributes.iter().partition(|(ai, _)| fixed(*ai));
        write_query(&mut out, first.into_iter().chain(rest));
        out
    }

    /// The canonical form without its query: the identity alone.
    pub fn canonical_path(&self) -> String {
        Self::canonical_of(&self.keys)
    }

    /// The canonical text of keys that are known to be right.
    pub(crate) fn canonical_of(keys: &[(Ai, String)]) -> String {
        canonical_keys(keys.iter().map(|(ai, value)| (*ai, value.as_str())), false)
    }

    /// The constrained canonical form (CBV 2.0, 8.9; EPCIS event hash): no query, and of the
    /// qualifiers only the finest level. A serialised item keeps its GTIN and serial number and drops
    /// lot and variant, because GTIN and serial name it alone. Two links of one thing are equal in
    /// this form, and equal to what its EPC URN gives.
    pub fn constrained(&self) -> String {
        canonical_keys(self.keys.iter().map(|(ai, value)| (*ai, value.as_str())), true)
    }

    /// Keys and attributes (sorted by AI) under another stem, such as `https://tx.example.vn/s`. A
    /// slash at its end is dropped. Other parameters and the fragment belong to the address that was
    /// read and are not carried over.
    pub fn with_stem(&self, stem: &str) -> String {
        let mut out = stem.trim_end_matches('/').to_owned();
        write_keys(&mut out, &self.keys);
        self.write_query(&mut out);
        out
    }

    /// The whole address that was read, in the strict form: stem, keys, attributes sorted by AI, other
    /// parameters as written, fragment.
    pub fn address(&self) -> String {
        let mut out = self.with_stem(&self.stem);
        let other: Vec<_> = self.other.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let sign = if self.attributes.is_empty() { '?' } else { '&' };
        write_rest(&mut out, &other, sign, self.fragment.as_deref());
        out
    }

    /// The same keys and attributes under another address.
    pub(crate) fn in_place(
        self,
        stem: String,
        other: Vec<(String, String)>,
        fragment: Option<String>,
    ) -> Self {
        Self { stem, other, fragment, ..self }
    }

    /// The path of the keys, percent-encoded: `/01/…/10/…/21/…`.
    pub fn path(&self) -> String {
        let mut out = String::new();
        write_keys(&mut out, &self.keys);
        out
    }

    /// The link with scheme and host in upper case, `HTTPS://TX.EXAMPLE.VN/01/…`, under which a QR
    /// code can use its alphanumeric mode and stays smaller.
    ///
    /// `None` where `stem` is more than scheme, host and port: a path is case-sensitive, so it could
    /// not be changed. The data are case-sensitive too and are **never** changed: the result is wholly
    /// alphanumeric only where they are (upper-case letters, digits, `-`, `.` and escapes), without
    /// attributes; ask [`is_qr_alphanumeric`]. Elsewhere the result is still a right link, and its
    /// first part still packs better.
    pub fn upper_case(&self, stem: &str) -> Option<String> {
        let stem = stem.strip_suffix('/').unwrap_or(stem);
        let (scheme, host) = stem.split_once("://")?;
        let web = scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http");
        if !web || host.is_empty() || host.contains(['/', '?', '#', '@']) || !host.is_ascii() {
            return None;
        }
        Some(self.with_stem(&stem.to_ascii_uppercase()))
    }

    fn write_query(&self, out: &mut String) {
        let mut attributes: Vec<_> = self.attributes.iter().collect();
        attributes.sort_by_key(|(ai, _)| *ai);
        write_query(out, attributes.into_iter());
    }
}

impl View<'_> {
    /// As [`Link::canonical_path`], without making a [`Link`].
    pub fn canonical_path(&self) -> String {
        canonical_keys(self.keys().iter().map(|found| (found.ai, &*found.value)), false)
    }

    /// As [`Link::constrained`], without making a [`Link`].
    pub fn constrained(&self) -> String {
        canonical_keys(self.keys().iter().map(|found| (found.ai, &*found.value)), true)
    }
}

/// Keys on the canonical host; of the qualifiers only the finest where `constrained`.
fn canonical_keys<'a>(
    keys: impl Iterator<Item = (Ai, &'a str)> + Clone,
    constrained: bool,
) -> String {
    let primary = keys.clone().next().map_or(Ai::GTIN, |(ai, _)| ai);
    let serialised = keys.clone().skip(1).any(|(ai, _)| ai == Ai::SERIAL || ai == Ai::TPX);
    let fine = |ai: Ai| match primary {
        Ai::GTIN | Ai::ITIP if serialised => ai == Ai::SERIAL || ai == Ai::TPX,
        Ai::GTIN | Ai::ITIP => ai == Ai::LOT,
        Ai::GLN => ai == Ai::GLN_EXTENSION,
        Ai::CPID => ai == Ai::CPID_SERIAL,
        _ => false,
    };
    let mut out = String::with_capacity(96);
    out.push_str(CANONICAL_STEM);
    for (place, (ai, value)) in keys.enumerate() {
        if place == 0 || !constrained || fine(ai) {
            write_key(&mut out, ai, value);
        }
    }
    out
}

fn write_query<'a>(out: &mut String, attributes: impl Iterator<Item = &'a (Ai, String)>) {
    for (place, (ai, value)) in attributes.enumerate() {
        out.push(if place == 0 { '?' } else { '&' });
        out.push_str(ai.as_str());
        out.push('=');
        encode_into(out, value);
    }
}

/// Appends `/01/…` for each key.
fn write_keys(out: &mut String, keys: &[(Ai, String)]) {
    for (ai, value) in keys {
        write_key(out, *ai, value);
    }
}

fn write_key(out: &mut String, ai: Ai, value: &str) {
    out.push('/');
    out.push_str(ai.as_str());
    out.push('/');
    encode_into(out, value);
}

/// Appends parameters as written, the first after `sign`, and the fragment.
pub(crate) fn write_rest(
    out: &mut String,
    other: &[(&str, &str)],
    mut sign: char,
    fragment: Option<&str>,
) {
    for (name, value) in other {
        out.push(sign);
        sign = '&';
        out.push_str(name);
        // Without name and value only the sign tells that a parameter is there.
        if !value.is_empty() || name.is_empty() {
            out.push('=');
            out.push_str(value);
        }
    }
    if let Some(fragment) = fragment {
        out.push('#');
        out.push_str(fragment);
    }
}

/// Whether all of `text` can be written in the alphanumeric mode of QR codes (ISO/IEC 18004, 7.3.4):
/// digits, upper-case letters, space and `$ % * + - . / :`.
pub fn is_qr_alphanumeric(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase() || b" $%*+-./:".contains(&b))
}
