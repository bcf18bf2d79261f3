//! Whether an event answers a query.

mod fields;
mod sensors;

use super::{Attributes, ErrorFilter, Query, Typed, VocabularyField};
use crate::model::{ErrorDeclaration, Event};
use crate::postings::{Posting, Role, canonical};
use crate::units::Number;

pub(super) use fields::extension;

impl Query {
    /// Whether the event answers. An event without record time answers only where none is asked for.
    pub fn matches(&self, event: &Event) -> bool {
        let none = &[][..];
        let persistent = event.persistent_disposition.as_ref();
        any(&self.event_types, [&event.kind])
            && any(&self.actions, &event.action)
            && any(&self.biz_steps, &event.biz_step)
            && any(&self.dispositions, &event.disposition)
            && any(&self.persistent_set, persistent.map_or(none, |p| &p.set))
            && any(&self.persistent_unset, persistent.map_or(none, |p| &p.unset))
            && any(&self.event_ids, &event.event_id)
            && self.event_time.contains(event.event_time.micros)
            && (self.record_time.is_all()
                || event.record_time.is_some_and(|time| self.record_time.contains(time.micros)))
            && self.identifiers_match(event)
            && self.typed.iter().all(|typed| typed.matches(event))
            && self.error.matches(event.error_declaration.as_ref())
            && self.quantities_match(event)
            && self.sensors_match(event)
            && self.fields.iter().all(|field| field.matches(event))
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
        self.identifiers
            .iter()
            .all(|asked| some(asked.roles, &|id| asked.patterns.iter().any(|p| p.fits(id))))
            && self.within.iter().all(|within| some(&[within.role], &|id| is_one(&within.ids, id)))
            && self.attributes.iter().all(|attributes| {
                some(attributes.field.roles(), &|id| is_one(&attributes.ids, id))
                    || attributes.match_beside_identifiers(event)
            })
    }

    fn quantities_match(&self, event: &Event) -> bool {
        self.quantities.iter().all(|asked| {
            event.quantities().any(|quantity| {
                let amount = quantity.quantity.and_then(|q| Number::parse(&q.to_string()));
                amount.is_some_and(|amount| asked.holds(&amount, quantity.uom.as_deref(), false))
            })
        })
    }
}

fn any<'e, T: PartialEq + 'e>(asked: &[T], found: impl IntoIterator<Item = &'e T>) -> bool {
    asked.is_empty() || found.into_iter().any(|value| asked.contains(value))
}

fn is_one(ids: &[String], id: &str) -> bool {
    ids.iter().any(|one| one == id)
}

impl Attributes {
    /// Whether a word or an extension field of the event is one of the elements.
    fn match_beside_identifiers(&self, event: &Event) -> bool {
        match &self.field {
            VocabularyField::BizStep => event.biz_step.iter().any(|word| is_one(&self.ids, word)),
            VocabularyField::Disposition => {
                event.disposition.iter().any(|word| is_one(&self.ids, word))
            }
            VocabularyField::Extension(name) => {
                let mut found = false;
                extension(event, name, &mut |value| {
                    found |= super::test::any_scalar(value, &|scalar| {
                        scalar.string().is_some_and(|text| is_one(&self.ids, &canonical(&text)))
                    });
                });
                found
            }
            _ => false,
        }
    }
}

impl Typed {
    fn matches(&self, event: &Event) -> bool {
        let fits = |kind: Option<&str>, id: &str| {
            kind == Some(&self.kind) && self.ids.contains(&canonical(id))
        };
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

impl ErrorFilter {
    fn matches(&self, error: Option<&ErrorDeclaration>) -> bool {
        if *self == Self::default() {
            return true;
        }
        error.is_some_and(|error| {
            self.declared.contains(error.declaration_time.micros)
                && any(&self.reasons, &error.reason)
                && any(&self.corrective_event_ids, &error.corrective_event_ids)
        })
    }
}
