//! The simple event query of EPCIS 2.0 §8.2.7.1 as a value: parsed from REST, SOAP or JSON parameters, ready for a store to
//! turn into SQL, and able to judge a single event. [`Query::matches`] is the meaning; a store must give the same answer.
//!
//! A store compiles what it has indexes for (types, actions, steps, times, identifiers) and judges the events it finds so
//! with `matches`. What only the register knows it fills in beforehand: the places below those of [`Query::within`], and
//! the vocabulary elements that have the attributes of [`Query::attributes`].

mod field;
mod master;
mod matches;
mod order;
mod parse;
mod pattern;
mod prefixes;
mod sensor;
mod test;

pub use field::{FieldCondition, FieldName, FieldPlace};
pub use master::{Attributes, VocabularyField, Within};
pub use matches::Judge;
pub use order::{OrderBy, SortKey};
pub use pattern::IdPattern;
pub use sensor::{
    Measure, QuantityCondition, SensorCondition, SensorTime, SensorValue, SensorWord,
};
pub use test::{Asked, Comparison, Limit, NumberTest, Test};

use crate::model::{Action, EventKind};
use crate::postings::Role;

/// A query. Lists that are empty ask for nothing; the values of one list are alternatives; all that is asked must hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    pub event_types: Vec<EventKind>,
    /// A transformation has no action and matches none.
    pub actions: Vec<Action>,
    /// Bare CBV words or private URIs, as events hold them.
    pub biz_steps: Vec<String>,
    pub dispositions: Vec<String>,
    pub persistent_set: Vec<String>,
    pub persistent_unset: Vec<String>,
    pub event_time: Span,
    pub record_time: Span,
    pub event_ids: Vec<String>,
    /// Identifiers in certain roles; every one of these must hold.
    pub identifiers: Vec<Identifiers>,
    /// `EQ_bizTransaction_…`, `EQ_source_…`, `EQ_destination_…`.
    pub typed: Vec<Typed>,
    /// `WD_readPoint`, `WD_bizLocation`.
    pub within: Vec<Within>,
    /// `HASATTR_…`, `EQATTR_…`.
    pub attributes: Vec<Attributes>,
    /// Conditions on extension fields, wherever they stand.
    pub fields: Vec<FieldCondition>,
    /// `EQ_quantity`, `GE_quantity_KGM` and their like.
    pub quantities: Vec<QuantityCondition>,
    pub sensors: Vec<SensorCondition>,
    pub error: ErrorFilter,
    /// `None`: in the order that suits the store.
    pub order_by: Option<OrderBy>,
    /// EPCIS's default is descending.
    pub ascending: bool,
    /// Events a page; the server's own default where `None`.
    pub per_page: Option<u32>,
    pub next_page_token: Option<String>,
    /// At most so many events, the first in order; comes with `order_by` only.
    pub event_count_limit: Option<u32>,
    /// An error if there are more.
    pub max_event_count: Option<u32>,
}

/// From `ge` on, up to but without `lt`, in microseconds since 1970 UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    pub ge: Option<i64>,
    pub lt: Option<i64>,
}

impl Span {
    pub fn contains(self, micros: i64) -> bool {
        self.ge.is_none_or(|ge| micros >= ge) && self.lt.is_none_or(|lt| micros < lt)
    }

    pub fn is_all(self) -> bool {
        self == Self::default()
    }
}

/// Some posting of the event has one of `roles` and fits one of `patterns`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identifiers {
    pub roles: &'static [Role],
    pub patterns: Vec<IdPattern>,
}

/// An identifier of a certain type in one of the three typed lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    /// `BizTransaction`, `Source` or `Destination`.
    pub role: Role,
    /// Bare CBV word or private URI.
    pub kind: String,
    /// Canonical.
    pub ids: Vec<String>,
}

/// What is asked of the error declaration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErrorFilter {
    pub exists: bool,
    pub declared: Span,
    pub reasons: Vec<String>,
    pub corrective_event_ids: Vec<String>,
}
