//! From an EPCIS query to what the log can be asked. The log answers the common conditions from its
//! indexes; the rest is judged event by event with [`epcis::Query::matches`], which is the meaning.

use epcis::query::{IdPattern, OrderBy};
use epcis::{Query, Role};
use store::{Filter, Sight, SortBy};

use crate::capture::{action_code, kind_code};

/// The conditions of a query that the log itself can judge, for one who may see `sight`.
pub(super) fn of_query(query: &Query, sight: Vec<Sight>) -> Filter {
    let sort_by = match &query.order_by {
        Some(OrderBy::RecordTime) => SortBy::RecordTime,
        // Without an order, and for one that only the events themselves know: that of an index.
        Some(OrderBy::EventTime | OrderBy::Field(_)) | None => SortBy::EventTime,
    };
    let mut filter = Filter {
        kinds: query.event_types.iter().map(|kind| kind_code(*kind)).collect(),
        actions: query.actions.iter().map(|action| action_code(*action)).collect(),
        biz_steps: query.biz_steps.clone(),
        dispositions: query.dispositions.clone(),
        ge_event_time: query.event_time.ge,
        lt_event_time: query.event_time.lt,
        ge_record_time: query.record_time.ge,
        lt_record_time: query.record_time.lt,
        sight,
        sort_by,
        descending: query.order_by.is_some() && !query.ascending,
        ..Filter::default()
    };
    for asked in &query.identifiers {
        // All keys of a company, or below a place: judged event by event.
        let ids: Option<Vec<String>> = asked.patterns.iter().map(indexed).collect();
        let Some(ids) = ids else { continue };
        match place_column(&mut filter, asked.roles) {
            Some(column) if column.is_empty() => *column = ids,
            _ => {
                let classes = asked.roles.iter().filter_map(|role| role.of_class());
                let roles = asked.roles.iter().copied().chain(classes).map(code);
                filter.ids.push((roles.collect(), ids));
            }
        }
    }
    for within in &query.within {
        match place_column(&mut filter, &[within.role]) {
            Some(column) if column.is_empty() && !within.ids.is_empty() => {
                column.clone_from(&within.ids);
            }
            _ => filter.ids.push((vec![code(within.role)], within.ids.clone())),
        }
    }
    for asked in &query.attributes {
        let roles = asked.field.roles();
        if !roles.is_empty() || asked.ids.is_empty() {
            filter.ids.push((roles.iter().copied().map(code).collect(), asked.ids.clone()));
        }
    }
    for typed in &query.typed {
        filter.ids.push((vec![code(typed.role)], typed.ids.clone()));
    }
    if !query.error.corrective_event_ids.is_empty() {
        filter
            .ids
            .push((vec![code(Role::CorrectiveEvent)], query.error.corrective_event_ids.clone()));
    }
    filter
}

fn code(role: Role) -> i64 {
    i64::from(role.code())
}

/// The list of places that the log keeps in a column of its own, with an index in the order of time.
fn place_column<'f>(filter: &'f mut Filter, roles: &[Role]) -> Option<&'f mut Vec<String>> {
    match roles {
        [Role::ReadPoint] => Some(&mut filter.read_points),
        [Role::BizLocation] => Some(&mut filter.biz_locations),
        _ => None,
    }
}

/// Under what the log finds the events that a pattern fits, and maybe some more.
fn indexed(pattern: &IdPattern) -> Option<String> {
    match pattern {
        IdPattern::Exact(id) | IdPattern::Class(id) => Some(id.clone()),
        IdPattern::Under(_) | IdPattern::Keys { .. } => None,
    }
}
