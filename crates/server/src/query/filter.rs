//! From an EPCIS query to what the log can be asked. The log answers the common conditions from its
//! indexes; the rest is judged event by event with [`epcis::Query::matches`], which is the meaning.

use epcis::query::OrderBy;
use epcis::{Query, Role};
use store::{Filter, SortBy};

use super::exact;
use crate::capture::{action_code, kind_code};

/// The conditions of a query that the log itself can judge, for one owner.
pub(super) fn of_query(query: &Query, owner: i64) -> Filter {
    let sort_by = match &query.order_by {
        Some(OrderBy::EventTime) => SortBy::EventTime,
        Some(OrderBy::RecordTime) => SortBy::RecordTime,
        Some(OrderBy::Field(_)) | None => SortBy::Seq,
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
        owner: Some(owner),
        sort_by,
        // Without an order the log's own is the one that never moves.
        descending: query.order_by.is_some() && !query.ascending,
        ..Filter::default()
    };
    for asked in &query.identifiers {
        let ids: Option<Vec<String>> =
            asked.patterns.iter().map(|pattern| exact(pattern).cloned()).collect();
        // A pattern for all serials of a class is judged event by event.
        if let Some(ids) = ids {
            filter.ids.push((asked.roles.iter().map(|role| code(*role)).collect(), ids));
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
