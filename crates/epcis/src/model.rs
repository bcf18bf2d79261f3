//! The event of EPCIS 2.0 §7.4 as a value: what, when, where, why and how. Identifiers stand as they were written;
//! business vocabulary stands bare (`shipping`), as the JSON binding demands; extension fields stay as raw JSON, in order.

use rust_decimal::Decimal;

use crate::context::Context;
use crate::json::Json;
use crate::time::EventTime;

/// The five event types (EPCIS 2.0 §7.4.2–7.4.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EventKind {
    Object,
    Aggregation,
    Transaction,
    Transformation,
    Association,
}

impl EventKind {
    pub const ALL: [Self; 5] = [
        Self::Object,
        Self::Aggregation,
        Self::Transaction,
        Self::Transformation,
        Self::Association,
    ];

    /// As written in `type`: `ObjectEvent`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Object => "ObjectEvent",
            Self::Aggregation => "AggregationEvent",
            Self::Transaction => "TransactionEvent",
            Self::Transformation => "TransformationEvent",
            Self::Association => "AssociationEvent",
        }
    }

    /// By its name, with or without the prefix `epcis:`.
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.strip_prefix("epcis:").unwrap_or(name);
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// How the event relates to the life of the objects or of the bond between them (EPCIS 2.0 §7.3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    Add,
    Observe,
    Delete,
}

impl Action {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Add => "ADD",
            Self::Observe => "OBSERVE",
            Self::Delete => "DELETE",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        [Self::Add, Self::Observe, Self::Delete].into_iter().find(|action| action.name() == name)
    }
}

/// An amount of a class of goods (EPCIS 2.0 §7.3.3.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quantity {
    pub epc_class: String,
    /// How many, or how much in `uom`; unknown where `None`.
    pub quantity: Option<Decimal>,
    /// UN/CEFACT Recommendation 20 unit code (`KGM`, `LTR`, `MTR`); pieces where `None`.
    pub uom: Option<String>,
}

/// A read point or business location with the extension fields that EPCIS lets it carry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub id: String,
    pub extensions: Vec<Extension>,
}

/// A business document the event took place in the context of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BizTransaction {
    /// CBV word (bare) or private URI.
    pub kind: Option<String>,
    pub id: String,
}

/// A source or destination of a transfer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// CBV word (bare) or private URI.
    pub kind: String,
    pub id: String,
}

/// Dispositions that hold until they are unset, beside the current one (EPCIS 2.0 §7.4.1.5).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersistentDisposition {
    pub set: Vec<String>,
    pub unset: Vec<String>,
}

/// Says that an event captured before, with the same content, is in error (EPCIS 2.0 §7.4.1.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorDeclaration {
    pub declaration_time: EventTime,
    /// CBV word (bare) or private URI.
    pub reason: Option<String>,
    /// The events that say it rightly.
    pub corrective_event_ids: Vec<String>,
    pub extensions: Vec<Extension>,
}

/// A field that is not EPCIS's own, under the name it was written with (`nguon:dose`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    pub name: String,
    pub value: Json,
}

/// One event. Lists that do not occur are empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub kind: EventKind,
    /// `None` for a transformation, `Some` for all others.
    pub action: Option<Action>,
    /// Its offset is the event's `eventTimeZoneOffset`.
    pub event_time: EventTime,
    /// When the repository took it in.
    pub record_time: Option<EventTime>,
    pub event_id: Option<String>,
    pub epc_list: Vec<String>,
    pub quantity_list: Vec<Quantity>,
    pub parent_id: Option<String>,
    pub child_epcs: Vec<String>,
    pub child_quantity_list: Vec<Quantity>,
    pub input_epc_list: Vec<String>,
    pub input_quantity_list: Vec<Quantity>,
    pub output_epc_list: Vec<String>,
    pub output_quantity_list: Vec<Quantity>,
    pub transformation_id: Option<String>,
    /// CBV word (bare) or private URI.
    pub biz_step: Option<String>,
    /// CBV word (bare) or private URI.
    pub disposition: Option<String>,
    pub persistent_disposition: Option<PersistentDisposition>,
    pub read_point: Option<Place>,
    pub biz_location: Option<Place>,
    pub biz_transaction_list: Vec<BizTransaction>,
    pub source_list: Vec<Party>,
    pub destination_list: Vec<Party>,
    /// Each a JSON object, checked on reading and kept as written.
    pub sensor_element_list: Vec<Json>,
    /// Master data of the lot or instance, a JSON object.
    pub ilmd: Option<Json>,
    pub certification_info: Vec<String>,
    pub error_declaration: Option<ErrorDeclaration>,
    /// Everything else, in order.
    pub extensions: Vec<Extension>,
    /// What the names of extensions mean.
    pub context: Context,
    pub(crate) written: Written,
}

/// How its author wrote what has several spellings, so that writing gives the same back. A spelling that no longer means
/// the value beside it is not used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Written {
    pub(crate) event_time: Option<Box<str>>,
    pub(crate) record_time: Option<Box<str>>,
    pub(crate) declaration_time: Option<Box<str>>,
    /// The event had an `@context` of its own.
    pub(crate) own_context: Option<Json>,
    /// `certificationInfo` was a list.
    pub(crate) certification_list: bool,
    /// Lists that were there, and empty.
    pub(crate) empty: Vec<&'static str>,
    /// Extensions that the document wants left out of the hash id.
    pub(crate) unhashed: Vec<String>,
}

impl Event {
    /// The value of an extension field by the name it is written with.
    pub fn extension(&self, name: &str) -> Option<&Json> {
        self.extensions.iter().find(|extension| extension.name == name).map(|e| &e.value)
    }

    /// Every quantity of the event, whatever its part in it.
    pub fn quantities(&self) -> impl Iterator<Item = &Quantity> {
        self.quantity_list
            .iter()
            .chain(&self.child_quantity_list)
            .chain(&self.input_quantity_list)
            .chain(&self.output_quantity_list)
    }
}

impl From<&str> for Place {
    fn from(id: &str) -> Self {
        Self { id: id.to_owned(), extensions: Vec::new() }
    }
}

impl From<String> for Place {
    fn from(id: String) -> Self {
        Self { id, extensions: Vec::new() }
    }
}
