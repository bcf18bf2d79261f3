//! From bytes to events. A document is read whole onto a tape, so that every fault knows its line and column; limits are
//! checked before anything is built; then each event is taken off the tape and judged by EPCIS 2.0 §7 and its JSON schema.
//!
//! Where we differ from the schema, on purpose: CBV words may be written as URN, web URI or CURIE (they become bare);
//! `persistentDisposition` stands in all event types (XSD 2.0); a sensor report may have `exception` instead of `type`
//! (§7.3.7.4); an `EPCISQueryDocument` may carry an `epcisHeader` (GDST does); a bare event needs no `@context`.
//! Stricter: extension names need a prefix that is declared; quantities are not negative; a name occurs once in an object
//! (but for `eventID`, of which the last counts: GS1's own examples have one such).

mod at;
mod document;
mod event;
mod header;
mod identifier;
mod judge;
mod origin;
mod parts;
mod rules;
mod sensor;
mod stored;

use crate::context::{Context, ContextEntry, MAX_BYTES, MAX_ENTRIES, is_epcis_context};
use crate::fault::{
    Fault, RULE_BYTES, RULE_CONTEXT, RULE_CONTEXT_BYTES, RULE_CONTEXT_ENTRIES, RULE_FIELD,
    RULE_MISSING, RULE_PREFIX, RULE_UTF8, Reason, Rule, position,
};
use crate::json::{Json, Kind, Node};
use crate::master::VocabularyElement;
use crate::model::{Event, Extension};
use crate::time::EventTime;
use crate::uri::is_uri;

pub(crate) use at::At;
pub use judge::check;
pub(crate) use judge::{Item, Judged, judge_all, judge_item};
pub(crate) use origin::{Cut, Origin};
pub(crate) use parts::decimal;
pub use stored::read_stored;

/// What a reader takes at most. Checked before the work that it bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the whole input.
    pub bytes: usize,
    /// Levels of nesting.
    pub depth: usize,
    /// Events of a document.
    pub events: usize,
    /// Parts of one list or object, the event list included.
    pub list_items: usize,
    /// Bytes of one string or name, as written.
    pub string: usize,
    /// Names that `@context` declares, of the document and of an event together; an event in the log carries those it uses.
    pub context_entries: usize,
    /// Bytes of them and of what they stand for.
    pub context_bytes: usize,
    /// Whether EPC URNs that break their scheme or name a class where a thing belongs pass with a warning. A repository
    /// may take any URI (EPCIS 2.0 §7.3.3.1), such a URN still ties the events of a chain together, and real chains of
    /// GDST have some; judging a document does not let them pass.
    pub loose_urns: bool,
}

impl Default for Limits {
    /// For input from outside: 10 MiB, 64 levels, 10,000 events, 100,000 parts, 64 KiB a string,
    /// a context of 500 names and 16 KiB.
    fn default() -> Self {
        Self {
            bytes: 10 << 20,
            depth: 64,
            events: 10_000,
            list_items: 100_000,
            string: 64 << 10,
            context_entries: MAX_ENTRIES,
            context_bytes: MAX_BYTES,
            loose_urns: false,
        }
    }
}

impl Limits {
    /// For texts that were limited when they came in.
    pub(crate) const NONE: Self = Self {
        bytes: usize::MAX,
        depth: usize::MAX,
        events: usize::MAX,
        list_items: usize::MAX,
        string: usize::MAX,
        context_entries: usize::MAX,
        context_bytes: usize::MAX,
        loose_urns: true,
    };

    /// For what is to be captured: the sizes of the default, and EPC URNs as their authors have them.
    pub fn for_capture() -> Self {
        Self { loose_urns: true, ..Self::default() }
    }
}

/// What kind of text the events came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentKind {
    EpcisDocument,
    EpcisQueryDocument,
    /// A bare event, or an array of them.
    Events,
}

/// What was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    pub kind: DocumentKind,
    pub events: Vec<Event>,
    /// The prefixes of the document, beside those of the EPCIS context.
    pub context: Context,
    pub id: Option<String>,
    pub creation_date: Option<EventTime>,
    /// `epcisHeader` with its master data, as written.
    pub header: Option<Json>,
    /// The elements of the header's vocabularies, and of query results that are master data; each element once.
    pub master_data: Vec<VocabularyElement>,
    pub query_name: Option<String>,
    pub subscription_id: Option<String>,
    /// Fields of the document that are not EPCIS's own, and `sender`, `receiver`, `instanceIdentifier`.
    pub extensions: Vec<Extension>,
    /// What no standard forbids and is yet most likely a mistake, at most a hundred.
    pub warnings: Vec<Fault>,
}

/// A reader stops collecting here; more would help nobody.
pub(crate) const MAX_FAULTS: usize = 100;

/// Reads an `EPCISDocument`, an `EPCISQueryDocument`, a bare event or an array of events.
///
/// On error, the faults in the order of the text, at most a hundred; a text that is not JSON, or is over a limit, has one.
pub fn read_json(bytes: &[u8], limits: &Limits) -> Result<Document, Vec<Fault>> {
    read_json_as(bytes, limits, true)
}

/// The same; whether identifiers are judged is for the caller to say.
pub(crate) fn read_json_as(
    bytes: &[u8],
    limits: &Limits,
    judges_ids: bool,
) -> Result<Document, Vec<Fault>> {
    let most = limits.bytes.min(u32::MAX as usize);
    if bytes.len() > most {
        return Err(vec![Fault::new(&RULE_BYTES, String::new(), (1, 1), &most.to_string())]);
    }
    // A byte order mark is no JSON (RFC 8259 §8.1), yet readers may ignore it and spreadsheets write it.
    let mark = if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
    let bytes = &bytes[mark..];
    let text = std::str::from_utf8(bytes).map_err(|error| {
        vec![Fault::new(&RULE_UTF8, String::new(), position(bytes, error.valid_up_to()), "")]
    })?;
    judge::judge(text, Origin::whole(bytes), limits, judges_ids)
}

struct Reader<'t> {
    origin: Origin<'t>,
    faults: Vec<Fault>,
    /// How many faults there were, those beyond the hundredth included.
    broken: usize,
    warnings: Vec<Fault>,
    /// False for what was judged when it was captured: rules become stricter, the log stays readable.
    judges_ids: bool,
    /// A context was too large and was not read to its end: what names mean is not known, nor judged.
    cut: bool,
    limits: &'t Limits,
}

impl<'t> Reader<'t> {
    fn new(origin: Origin<'t>, limits: &'t Limits) -> Self {
        let (faults, warnings) = (Vec::new(), Vec::new());
        Self { origin, faults, broken: 0, warnings, judges_ids: true, cut: false, limits }
    }

    fn fault(&mut self, rule: &'static Rule, at: &At<'_>, node: Node<'t>, what: &str) {
        self.fault_because(rule, at, node, what, None);
    }

    fn fault_because(
        &mut self,
        rule: &'static Rule,
        at: &At<'_>,
        node: Node<'t>,
        what: &str,
        reason: Option<Reason>,
    ) {
        self.broken += 1;
        if self.faults.len() < MAX_FAULTS {
            let place = self.origin.position(node.offset());
            self.faults.push(Fault::new(rule, at.pointer(), place, what).because(reason));
        }
    }

    fn warn(
        &mut self,
        rule: &'static Rule,
        at: &At<'_>,
        node: Node<'t>,
        what: &str,
        reason: Option<Reason>,
    ) {
        if self.warnings.len() < MAX_FAULTS {
            let place = self.origin.position(node.offset());
            self.warnings.push(Fault::new(rule, at.pointer(), place, what).because(reason));
        }
    }

    /// Whether a rule has been told already.
    fn told(&self, rule: &'static Rule) -> bool {
        self.faults.iter().any(|fault| fault.rule == rule.name)
    }

    fn missing(&mut self, at: &At<'_>, node: Node<'t>, name: &str) {
        self.fault(&RULE_MISSING, &at.name(name), node, name);
    }

    /// Adds what an `@context` declares beside the EPCIS context.
    fn context(&mut self, node: Node<'t>, at: &At<'_>, context: &mut Context) {
        match node.kind() {
            Kind::String => {
                let uri = node.string().unwrap_or_default();
                if !is_epcis_context(&uri) && self.has_room(node, uri.len(), at, context) {
                    context.push(ContextEntry::Remote(uri.into_owned()));
                }
            }
            Kind::Object => {
                for (name, value) in node.members() {
                    let size = name.source().len() + value.source().len();
                    if !self.has_room(name, size, at, context) {
                        break;
                    }
                    let name = name.string().unwrap_or_default().into_owned();
                    context.push(ContextEntry::Term { name, value: Json::known(value.source()) });
                }
            }
            Kind::Array => {
                for (index, item) in node.items().enumerate() {
                    let at = at.index(index);
                    // JSON-LD knows no list within the list; refusing it also keeps this from recursing further.
                    if item.kind() == Kind::Array {
                        self.fault(&RULE_CONTEXT, &at, item, "");
                    } else {
                        self.context(item, &at, context);
                    }
                }
            }
            Kind::Null | Kind::Bool | Kind::Number => self.fault(&RULE_CONTEXT, at, node, ""),
        }
    }

    /// Whether a context may take one more entry of so many bytes.
    fn has_room(&mut self, node: Node<'t>, size: usize, at: &At<'_>, context: &Context) -> bool {
        let ((entries, bytes), most) = (context.size(), self.limits);
        let (rule, most) = if entries >= most.context_entries {
            (&RULE_CONTEXT_ENTRIES, most.context_entries)
        } else if bytes.saturating_add(size) > most.context_bytes {
            (&RULE_CONTEXT_BYTES, most.context_bytes)
        } else {
            return true;
        };
        self.fault(rule, at, node, &most.to_string());
        self.cut = true;
        false
    }

    /// Whether a name that is not EPCIS's own may stand: a declared term, a declared prefix, or a whole URI.
    fn extension_name(&mut self, name: Node<'t>, at: &At<'_>, context: &Context) -> bool {
        if self.cut {
            return true;
        }
        let key = name.string().unwrap_or_default();
        let rule = match key.split_once(':') {
            None if !key.starts_with('@') && context.term(&key).is_some() => return true,
            None => &RULE_FIELD,
            Some((prefix, _)) if context.knows(prefix) => return true,
            Some(("http" | "https" | "urn", _)) if is_uri(&key) => return true,
            Some((prefix, _)) if context.is_open() && is_uri(&key) && !prefix.is_empty() => {
                return true;
            }
            Some(_) => &RULE_PREFIX,
        };
        self.fault(rule, at, name, &key);
        false
    }
}

impl Document {
    /// A document without events.
    pub fn new(kind: DocumentKind) -> Self {
        Self {
            kind,
            events: Vec::new(),
            context: Context::default(),
            id: None,
            creation_date: None,
            header: None,
            master_data: Vec::new(),
            query_name: None,
            subscription_id: None,
            extensions: Vec::new(),
            warnings: Vec::new(),
        }
    }
}

impl From<Vec<Event>> for Document {
    /// An `EPCISDocument` of events; each brings its own context.
    fn from(events: Vec<Event>) -> Self {
        Self { events, ..Self::new(DocumentKind::EpcisDocument) }
    }
}

impl Document {
    /// Names of fields that the document asks to leave out of hash ids: an extension of the reference implementation of
    /// the algorithm, `…:ignoreFields`, for what a repository adds to other people's events.
    pub(crate) fn unhashed(&self) -> Vec<String> {
        let asked = self.extensions.iter().find(|e| e.name.ends_with(":ignoreFields"));
        let Some(serde_json::Value::Array(names)) = asked.map(|e| e.value.to_value()) else {
            return Vec::new();
        };
        names.iter().filter_map(|name| name.as_str().map(str::to_owned)).collect()
    }
}

impl Extension {
    fn of(name: &str, value: Node<'_>) -> Self {
        Self { name: name.to_owned(), value: Json::known(value.source()) }
    }
}
