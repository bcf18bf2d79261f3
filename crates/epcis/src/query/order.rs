//! In which order events are given out (EPCIS 2.0 §8.2.7.1 `orderBy`).

use std::cmp::Ordering;

use super::Query;
use super::field::FieldName;
use super::matches::extension;
use super::test::any_scalar;
use crate::json::Kind;
use crate::model::Event;
use crate::time::EventTime;
use crate::units::Number;

/// What events are ordered by.
///
/// Times are what a log keeps in order. The value of an extension field it does not know: a server that takes
/// [`OrderBy::Field`] has to read *all* events that match, up to a bound of its own (else `QueryTooLargeException`), sort
/// them by [`Query::order`] with the number in the log as the last resort, and page through that list by the pair of both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrderBy {
    EventTime,
    RecordTime,
    /// A top-level extension field whose values are numbers, times or texts.
    Field(FieldName),
}

/// What an event is sorted by. Numbers come before times and times before texts, so that the order is whole even where a
/// field is of several types; texts stand in the order of their characters' codes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SortKey {
    Number(Number),
    Time(i64),
    Text(String),
    /// The event has no such field.
    Absent,
}

impl Query {
    /// The key by which `order_by` sorts the event; `Absent` where no order is asked for.
    pub fn sort_key(&self, event: &Event) -> SortKey {
        match &self.order_by {
            None => SortKey::Absent,
            Some(OrderBy::EventTime) => SortKey::Time(event.event_time.micros),
            Some(OrderBy::RecordTime) => {
                event.record_time.map_or(SortKey::Absent, |time| SortKey::Time(time.micros))
            }
            Some(OrderBy::Field(name)) => field_key(event, name),
        }
    }

    /// Which of two events comes first, in the direction asked for. Events without the field come last either way.
    pub fn order(&self, a: &SortKey, b: &SortKey) -> Ordering {
        match (a, b) {
            (SortKey::Absent, _) | (_, SortKey::Absent) => a.cmp(b),
            _ if self.ascending => a.cmp(b),
            _ => b.cmp(a),
        }
    }
}

/// The least value that stands in the field.
fn field_key(event: &Event, name: &FieldName) -> SortKey {
    let found = std::cell::RefCell::new(SortKey::Absent);
    extension(event, name, &mut |value| {
        any_scalar(value, &|scalar| {
            let key = match (scalar.kind(), scalar.string()) {
                (Kind::Number, _) => scalar.number().and_then(Number::parse).map(SortKey::Number),
                (_, Some(text)) => Some(match EventTime::parse(&text) {
                    Ok(time) => SortKey::Time(time.micros),
                    Err(_) => SortKey::Text(text.into_owned()),
                }),
                (_, None) => None,
            };
            let mut found = found.borrow_mut();
            if let Some(key) = key.filter(|key| *key < *found) {
                *found = key;
            }
            false
        });
    });
    found.into_inner()
}
