//! Whether an event answers a query.

mod fields;
mod lists;
mod sensors;

use super::{Attributes, ErrorFilter, FieldCondition, Measure, Query, Typed, VocabularyField};
use crate::model::{ErrorDeclaration, Event};
use crate::postings::{Posting, Role, canonical};
use crate::units::{self, Number};
use lists::{Numbers, OneOf, Patterns, Values};
use sensors::Sensor;

pub(super) use fields::extension;

/// A query made ready to judge many events: its values are looked up, not compared one by one.
#[derive(Debug)]
pub struct Judge<'q> {
    query: &'q Query,
    biz_steps: OneOf<'q>,
    dispositions: OneOf<'q>,
    persistent_set: OneOf<'q>,
    persistent_unset: OneOf<'q>,
    event_ids: OneOf<'q>,
    identifiers: Vec<(&'q [Role], Patterns<'q>)>,
    within: Vec<(Role, OneOf<'q>)>,
    attributes: Vec<(&'q Attributes, OneOf<'q>)>,
    typed: Vec<(&'q Typed, OneOf<'q>)>,
    quantities: Vec<Measured<'q>>,
    sensors: Vec<Sensor<'q>>,
    fields: Vec<(&'q FieldCondition, Values<'q>)>,
    reasons: OneOf<'q>,
    corrective_event_ids: OneOf<'q>,
}

impl Query {
    /// Whether the event answers. An event without record time answers only where none is asked for. Who has many events to
    /// judge makes a [`Judge`] first.
    pub fn matches(&self, event: &Event) -> bool {
        self.judge().matches(event)
    }

    /// The query made ready to judge events.
    pub fn judge(&self) -> Judge<'_> {
        let error = &self.error;
        let identifiers =
            self.identifiers.iter().map(|asked| (asked.roles, Patterns::of(&asked.patterns)));
        Judge {
            query: self,
            biz_steps: OneOf::of(&self.biz_steps),
            dispositions: OneOf::of(&self.dispositions),
            persistent_set: OneOf::of(&self.persistent_set),
            persistent_unset: OneOf::of(&self.persistent_unset),
            event_ids: OneOf::of(&self.event_ids),
            identifiers: identifiers.collect(),
            within: self.within.iter().map(|one| (one.role, OneOf::of(&one.ids))).collect(),
            attributes: self.attributes.iter().map(|one| (one, OneOf::of(&one.ids))).collect(),
            typed: self.typed.iter().map(|one| (one, OneOf::of(&one.ids))).collect(),
            quantities: self.quantities.iter().map(Measured::of).collect(),
            sensors: self.sensors.iter().map(Sensor::of).collect(),
            fields: self.fields.iter().map(|one| (one, Values::of(&one.test))).collect(),
            reasons: OneOf::of(&error.reasons),
            corrective_event_ids: OneOf::of(&error.corrective_event_ids),
        }
    }
}

impl Judge<'_> {
    /// Whether the event answers the query.
    pub fn matches(&self, event: &Event) -> bool {
        let (query, none) = (self.query, &[][..]);
        let persistent = event.persistent_disposition.as_ref();
        any(&query.event_types, [&event.kind])
            && any(&query.actions, &event.action)
            && self.biz_steps.allows(&event.biz_step)
            && self.dispositions.allows(&event.disposition)
            && self.persistent_set.allows(persistent.map_or(none, |p| &p.set))
            && self.persistent_unset.allows(persistent.map_or(none, |p| &p.unset))
            && self.event_ids.allows(&event.event_id)
            && query.event_time.contains(event.event_time.micros)
            && (query.record_time.is_all()
                || event.record_time.is_some_and(|time| query.record_time.contains(time.micros)))
            && self.identifiers_match(event)
            && self.typed.iter().all(|(typed, ids)| typed.matches(ids, event))
            && self.error_matches(event.error_declaration.as_ref())
            && self.quantities_match(event)
            && self.sensors_match(event)
            && self.fields.iter().all(|(field, values)| field.matches(values, event))
    }

    /// How many conditions may each look at all of an event: what judging costs, in readings of the event.
    pub fn weight(&self) -> usize {
        let lists = self.identifiers.len() + self.within.len() + self.attributes.len();
        let values = self.typed.len() + self.quantities.len() + self.sensors.len();
        1 + lists + values + self.fields.len()
    }

    /// All conditions that the event's identifiers decide.
    fn identifiers_match(&self, event: &Event) -> bool {
        if self.identifiers.is_empty() && self.within.is_empty() && self.attributes.is_empty() {
            return true;
        }
        let postings = event.postings();
        let some = |roles: &[Role], fits: &dyn Fn(&str) -> bool| {
            postings.iter().any(|Posting { role, id }| roles.contains(role) && fits(id))
        };
        self.identifiers.iter().all(|(roles, patterns)| some(roles, &|id| patterns.fit(id)))
            && self.within.iter().all(|(role, ids)| some(&[*role], &|id| ids.has(id)))
            && self.attributes.iter().all(|(attributes, ids)| {
                some(attributes.field.roles(), &|id| ids.has(id))
                    || attributes.match_beside_identifiers(ids, event)
            })
    }

    fn quantities_match(&self, event: &Event) -> bool {
        if self.quantities.is_empty() {
            return true;
        }
        let amounts: Vec<(Number, Option<&str>)> = event
            .quantities()
            .filter_map(|one| {
                Some((Number::parse(&one.quantity?.to_string())?, one.uom.as_deref()))
            })
            .collect();
        self.quantities
            .iter()
            .all(|asked| amounts.iter().any(|(amount, uom)| asked.holds(amount, *uom, false)))
    }

    fn error_matches(&self, error: Option<&ErrorDeclaration>) -> bool {
        let asked = &self.query.error;
        if *asked == ErrorFilter::default() {
            return true;
        }
        error.is_some_and(|error| {
            asked.declared.contains(error.declaration_time.micros)
                && self.reasons.allows(&error.reason)
                && self.corrective_event_ids.allows(&error.corrective_event_ids)
        })
    }
}

fn any<'e, T: PartialEq + 'e>(asked: &[T], found: impl IntoIterator<Item = &'e T>) -> bool {
    asked.is_empty() || found.into_iter().any(|value| asked.contains(value))
}

/// A test of numbers with a unit.
#[derive(Debug)]
struct Measured<'q> {
    uom: Option<&'q str>,
    numbers: Numbers<'q>,
}

impl<'q> Measured<'q> {
    fn of(measure: &'q Measure) -> Self {
        Self { uom: measure.uom.as_deref(), numbers: Numbers::of(&measure.test) }
    }

    /// Whether a number with its unit passes. A spread is converted without the zero of the scale.
    fn holds(&self, value: &Number, uom: Option<&str>, spread: bool) -> bool {
        let Some(asked) = self.uom else { return self.numbers.hold(value) };
        let convert = if spread { units::convert_difference } else { units::convert };
        let converted = uom.and_then(|uom| convert(value, uom, asked));
        converted.is_some_and(|value| self.numbers.hold(&value))
    }
}

impl Attributes {
    /// Whether a word or an extension field of the event is one of the elements.
    fn match_beside_identifiers(&self, ids: &OneOf<'_>, event: &Event) -> bool {
        match &self.field {
            VocabularyField::BizStep => event.biz_step.iter().any(|word| ids.has(word)),
            VocabularyField::Disposition => event.disposition.iter().any(|word| ids.has(word)),
            VocabularyField::Extension(name) => {
                let mut found = false;
                extension(event, name, &mut |value| {
                    found |= super::test::any_scalar(value, &|scalar| {
                        scalar.string().is_some_and(|text| ids.has(&canonical(&text)))
                    });
                });
                found
            }
            _ => false,
        }
    }
}

impl Typed {
    fn matches(&self, ids: &OneOf<'_>, event: &Event) -> bool {
        let fits =
            |kind: Option<&str>, id: &str| kind == Some(&self.kind) && ids.has(&canonical(id));
        match self.role {
            Role::Source => {
                event.source_list.iter().any(|party| fits(Some(&party.kind), &party.id))
            }
            Role::Destination => {
                event.destination_list.iter().any(|party| fits(Some(&party.kind), &party.id))
            }
            _ => event.biz_transaction_list.iter().any(|t| fits(t.kind.as_deref(), &t.id)),
        }
    }
}
