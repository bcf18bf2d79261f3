//! Whether an event answers a query.

use super::{ErrorFilter, Query, Typed};
use crate::model::{ErrorDeclaration, Event};
use crate::postings::{Role, canonical};

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
    }

    fn identifiers_match(&self, event: &Event) -> bool {
        if self.identifiers.is_empty() {
            return true;
        }
        let postings = event.postings();
        self.identifiers.iter().all(|asked| {
            postings.iter().any(|posting| {
                asked.roles.contains(&posting.role)
                    && asked.patterns.iter().any(|p| p.fits(&posting.id))
            })
        })
    }
}

fn any<'e, T: PartialEq + 'e>(asked: &[T], found: impl IntoIterator<Item = &'e T>) -> bool {
    asked.is_empty() || found.into_iter().any(|value| asked.contains(value))
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
