//! EPC tags: the bits in the memory of an RFID tag (Tag Data Standard 2.2, 14; the artefacts of Tag
//! Data Translation 2.2). Here are the ways in and out; the classic schemes, which need the length of
//! the company prefix, and the “+” schemes, which hold a link as it is, have their modules below.

mod bits;
mod classic;
mod field;
mod plus;
mod schemes;
mod text;

use super::EpcError;
use crate::ai::Ai;
use crate::link::Link;
use bits::Bits;

/// A tag in its spellings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// The identity: an EPC URN, or for the “+” schemes a Digital Link.
    pub uri: String,
    /// The tag URI, `urn:epc:tag:…`, with filter and scheme; the “+” schemes have none.
    pub tag_uri: Option<String>,
    /// The EPC memory in hexadecimal, filled up with zero bits to words of 16.
    pub hex: String,
    /// AIs after the identity, which only the “+” schemes have.
    pub data: Vec<(Ai, String)>,
}

/// Encodes a tag. A tag URI says its scheme and filter; an EPC URN gets the shortest scheme of 96
/// bits or more that holds it; a Digital Link gets its “+” scheme, with the date scheme DSGTIN+ where
/// a date stands in its query, and so do bare identifiers and AIs in JSON. All but the tag URI get
/// filter 0 (all others).
///
/// ```
/// use gs1::epc::tag;
/// let tag = tag::encode("urn:epc:tag:sgtin-96:1.893123456.0789.42")?;
/// assert_eq!(tag.hex, "302F53BFB800C5400000002A");
/// assert_eq!(tag::decode(&tag.hex)?, tag);
/// # Ok::<(), gs1::EpcError>(())
/// ```
///
/// # Errors
/// Not one of these, against the grammar of its scheme, or too large for it.
pub fn encode(text: &str) -> Result<Tag, EpcError> {
    if let Some(rest) = strip(text, "urn:epc:tag:") {
        let (scheme, body) = rest.split_once(':').ok_or(EpcError::NotEpc)?;
        let scheme = schemes::by_name(scheme).ok_or_else(|| unknown(scheme))?;
        let (filter, body) = scheme.split_filter(body)?;
        return classic::encode(scheme, filter, body);
    }
    if let Some(rest) = strip(text, "urn:epc:id:") {
        let (name, body) = rest.split_once(':').ok_or(EpcError::NotEpc)?;
        let mut fits = schemes::of_identity(name).peekable();
        if fits.peek().is_none() {
            return Err(unknown(name));
        }
        let mut error = EpcError::NotEpc;
        for scheme in fits {
            match classic::encode(scheme, 0, body) {
                Ok(tag) => return Ok(tag),
                Err(why) => error = why,
            }
        }
        return Err(error);
    }
    encode_with(text, &[])
}

/// Encodes a Digital Link in its “+” scheme as [`encode`] does, with other AIs after the identity. The
/// order is kept; a reader need not know what they mean to find the identity.
///
/// ```
/// use gs1::epc::tag;
/// let link = "https://id.gs1.org/01/08931234567897/21/7K3M";
/// let tag = tag::encode_with(link, &[("10", "SC-0726"), ("17", "261231")])?;
/// assert_eq!(tag::decode(&tag.hex)?.data[0].1, "SC-0726");
/// # Ok::<(), gs1::EpcError>(())
/// ```
///
/// # Errors
/// As [`encode`]; also an unknown AI, a value against its rule, an AI given twice (the place counts
/// elements), or one that tables of the standard do not have.
pub fn encode_with(text: &str, data: &[(&str, &str)]) -> Result<Tag, EpcError> {
    let link = match super::spelling::link(text) {
        Some(link) => link?,
        None => Link::parse(text).map_err(EpcError::Link)?,
    };
    plus::encode(&link, data)
}

/// Decodes the EPC memory of a tag, given in hexadecimal.
///
/// # Errors
/// Not hexadecimal, an unknown header, too few bits, or bits that no encoding writes.
pub fn decode(hex: &str) -> Result<Tag, EpcError> {
    let bits = Bits::of_hex(hex).ok_or(EpcError::NotHex)?;
    let header = bits.header().ok_or(EpcError::TagTooShort)?;
    match schemes::by_header(header) {
        Some(scheme) => classic::decode(scheme, &bits),
        None => plus::decode(header, &bits),
    }
}

fn strip<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    if super::is_prefix(text, prefix) { text.get(prefix.len()..) } else { None }
}

fn unknown(scheme: &str) -> EpcError {
    EpcError::UnknownScheme { scheme: scheme.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_urn_gets_the_shortest_scheme_that_holds_it() -> Result<(), EpcError> {
        let tag = |urn: &str| encode(urn).map(|tag| tag.tag_uri.unwrap_or_default());
        assert_eq!(
            tag("urn:epc:id:sgtin:893123456.0789.42")?,
            "urn:epc:tag:sgtin-96:0.893123456.0789.42"
        );
        assert_eq!(
            tag("urn:epc:id:sgtin:893123456.0789.042")?,
            "urn:epc:tag:sgtin-198:0.893123456.0789.042"
        );
        assert_eq!(tag("urn:epc:id:giai:893123456.A7")?, "urn:epc:tag:giai-202:0.893123456.A7");
        Ok(())
    }

    #[test]
    fn a_link_is_held_by_a_plus_scheme_without_a_prefix_length() -> Result<(), EpcError> {
        for link in [
            "https://id.gs1.org/01/08931234567897/21/007",
            "https://id.gs1.org/01/08931234567897/21/AB-7.9%3AX",
            "https://id.gs1.org/01/08931234567897/21/xY_9%2F?17=261231",
            "https://id.gs1.org/00/389312345000000017",
            "https://id.gs1.org/414/8931234567897/254/A7",
            "https://id.gs1.org/8004/893123456A7b",
            "https://id.gs1.org/8004/8931234560000",
            "https://id.gs1.org/8003/08931234567897X7",
            "https://id.gs1.org/253/893123456789742",
            "https://id.gs1.org/255/893123456789700042",
            "https://id.gs1.org/8010/893123456A-%237/8011/77",
            "https://id.gs1.org/8018/893123456700000006",
        ] {
            let tag = encode(link)?;
            assert_eq!((tag.uri.as_str(), &tag.tag_uri), (link, &None));
            assert_eq!(decode(&tag.hex)?, tag, "{link}");
        }
        Ok(())
    }

    #[test]
    fn what_is_no_tag_is_said() {
        assert_eq!(decode("30ZZ"), Err(EpcError::NotHex));
        assert_eq!(decode(""), Err(EpcError::TagTooShort));
        assert_eq!(decode("30"), Err(EpcError::TagTooShort));
        assert_eq!(decode("000000000000000000000000"), Err(EpcError::TagHeader { header: 0 }));
        assert!(matches!(
            encode("urn:epc:tag:sgtin-97:0.1.2.3"),
            Err(EpcError::UnknownScheme { .. })
        ));
    }
}
