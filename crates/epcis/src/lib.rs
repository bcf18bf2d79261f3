//! Events: the EPCIS 2.0 model, JSON-LD and XML in and out, faults with positions, CBV words, hash ids, queries as values,
//! units of measure.
//!
//! Bytes come in by [`read`], JSON-LD or XML, which tells every fault with its place, or piece by piece through a
//! [`stream`]; a program builds its own by [`Event::object`]
//! and its sisters. An event goes to the log by [`Event::stored`], is found again under its [`Event::postings`], and goes
//! out by [`write_document`] or [`write_query_document`]; whole documents by [`write_json`] and [`write_xml`]. Nothing here does I/O or knows the time of day.

mod build;
mod context;
mod diff;
mod fault;
mod hash;
mod ids;
mod json;
pub mod master;
mod model;
mod postings;
pub mod query;
mod read;
pub mod stream;
mod time;
pub mod units;
mod uri;
pub mod vocab;
mod write;
mod xml;

pub use context::{Context, ContextEntry, EPCIS_CONTEXT};
pub use diff::diff;
pub use fault::{Fault, RULES};
pub use hash::{hash_id, prehash};
pub use ids::EpcFormat;
pub use json::Json;
pub use master::{Attribute, VocabularyElement};
pub use model::{
    Action, BizTransaction, ErrorDeclaration, Event, EventKind, Extension, Party,
    PersistentDisposition, Place, Quantity,
};
pub use postings::{Posting, Role, canonical, class_of};
pub use query::Query;
pub use read::{Document, DocumentKind, Limits, check, read_json, read_stored};
pub use time::{EventTime, TimeError};
pub use uri::is_uri;
pub use write::{
    Format, Output, Stored, stored_context, write_bare_event, write_document, write_json,
    write_query_document,
};
pub use xml::{
    CbvFormat, Element, Results, Version, read, read_element, read_loosely, read_xml,
    write_query_results, write_xml, write_xml_with,
};
