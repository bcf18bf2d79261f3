//! EPCIS in XML: 2.0, and 1.1 and 1.2 with their wrappers. An XML document is translated into the JSON text that says the
//! same, with a map of places; then the reader of JSON judges it, so that both formats have one set of rules and each
//! fault still stands at its line and column of the XML.
//!
//! What the schemas say beyond those rules is judged while translating: order and place of elements, namespaces, what
//! may occur once. [`read_loosely`] leaves order and namespaces alone, for those who convert what others wrote.

mod document;
mod element;
mod event;
mod list;
mod order;
mod out;
mod scan;
mod sensor;
mod text;
mod translate;
mod tree;
mod write;

use crate::fault::{Fault, RULE_BYTES, RULE_XML_ENCODING};
use crate::read::{Document, Limits, MAX_FAULTS, Origin, judge_all, read_json, read_json_as};

pub use element::{Element, read_element};
pub(crate) use list::{ItemPlace, ItemReader, Surroundings};
pub(crate) use out::Names;
pub use write::{CbvFormat, Results, write_query_results, write_xml, write_xml_with};
pub(crate) use write::{Writer, end_tag};

use out::Out;
use translate::Translator;

/// Which XML a document is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// EPCIS 1.1 and 1.2: what came later stands in `extension` wrappers.
    V1_2,
    V2_0,
}

/// Reads an EPCIS 2.0, 1.2 or 1.1 document in XML: `EPCISDocument`, `EPCISQueryDocument`, `EPCISMasterDataDocument` or a
/// bare event. Paths of faults are JSON pointers of the JSON binding; lines and columns are those of the XML.
pub fn read_xml(bytes: &[u8], limits: &Limits) -> Result<Document, Vec<Fault>> {
    read_as(bytes, limits, true)
}

/// Reads JSON or XML, whichever the first character that is no space says it is.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Document, Vec<Fault>> {
    if is_xml(bytes) { read_xml(bytes, limits) } else { read_json(bytes, limits) }
}

/// As [`read`], but elements of XML may stand in another order, place or namespace than the schema has them in, and
/// identifiers are whatever URI they are. Nothing is lost by that; for judging a document use [`read`].
pub fn read_loosely(bytes: &[u8], limits: &Limits) -> Result<Document, Vec<Fault>> {
    if is_xml(bytes) { read_as(bytes, limits, false) } else { read_json_as(bytes, limits, false) }
}

fn is_xml(bytes: &[u8]) -> bool {
    // UTF-16 begins with a mark of its own; it is XML that we refuse, not broken JSON.
    if bytes.starts_with(b"\xFE\xFF") || bytes.starts_with(b"\xFF\xFE") {
        return true;
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'<')
}

fn read_as(bytes: &[u8], limits: &Limits, strict: bool) -> Result<Document, Vec<Fault>> {
    // The JSON is at most six times as long as the XML, and offsets of both are kept in 32 bits.
    let most = limits.bytes.min(u32::MAX as usize / 8);
    if bytes.len() > most {
        return Err(vec![Fault::new(&RULE_BYTES, String::new(), (1, 1), &most.to_string())]);
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let read = read_text(Origin::whole(bytes), limits, strict);
    match read.document {
        Some(document) if read.broken == 0 => Ok(document),
        _ => Err(read.faults),
    }
}

/// What an XML text says, however much is wrong with it.
pub(crate) struct Text {
    pub(crate) document: Option<Document>,
    pub(crate) faults: Vec<Fault>,
    pub(crate) broken: usize,
    /// It is no XML at all.
    pub(crate) stopped: bool,
    pub(crate) names: Names,
}

/// Reads XML that may have parts cut out of it.
pub(crate) fn read_text(origin: Origin<'_>, limits: &Limits, strict: bool) -> Text {
    let stopped = |rule, offset, what: &str| Text {
        document: None,
        faults: vec![Fault::new(rule, String::new(), origin.place(offset), what)],
        broken: 1,
        stopped: true,
        names: Names::default(),
    };
    let text = match std::str::from_utf8(origin.bytes) {
        Ok(text) => text,
        Err(error) => return stopped(&RULE_XML_ENCODING, error.valid_up_to(), ""),
    };
    let tree = match scan::scan(text, limits) {
        Ok(tree) => tree,
        Err(stop) => return stopped(stop.rule, stop.offset, &stop.what),
    };
    let mut translator = Translator {
        origin,
        tree: &tree,
        version: Version::V2_0,
        strict,
        out: Out::default(),
        names: Names::default(),
        faults: Vec::new(),
        broken: 0,
    };
    let known = translator.document();
    let Translator { out, names, mut faults, mut broken, .. } = translator;
    if !known {
        return Text { document: None, faults, broken, stopped: false, names };
    }
    let judged =
        judge_all(&out.text, Origin { map: Some(&out.map), ..origin }, &translated(limits), strict);
    broken += judged.broken;
    faults.extend(judged.faults);
    faults.sort_by_key(|fault| (fault.line, fault.column));
    faults.truncate(MAX_FAULTS);
    Text { document: judged.document, faults, broken, stopped: false, names }
}

/// For JSON that was translated: depth, lengths and counts were limited while scanning.
fn translated(limits: &Limits) -> Limits {
    let Limits { events, context_entries, context_bytes, loose_urns, .. } = *limits;
    Limits { events, context_entries, context_bytes, loose_urns, ..Limits::NONE }
}
