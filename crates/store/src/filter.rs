//! Which events are asked for, by whom, and the page they come in.

mod statement;

use crate::log::{Logged, Seq};

/// What a page of events is sorted by; events with the same time follow their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SortBy {
    EventTime,
    RecordTime,
    #[default]
    Seq,
}

/// Where a page ended: the sort value (µs, or the number itself) and the number of its last event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    pub sort: i64,
    pub seq: Seq,
}

/// A page of events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    pub events: Vec<Logged>,
    /// Present if there is more.
    pub next: Option<Token>,
}

/// One reason why a reader may see an event; all that it says must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sight {
    /// Captured by one of these organisations; `None`: by any.
    pub owners: Option<Vec<i64>>,
    /// The view `view_seen` shows it to this organisation.
    pub seen_by: Option<i64>,
    /// For each group, it bears one of the identifiers in one of the roles (empty: any role).
    pub ids: Vec<(Vec<i64>, Vec<String>)>,
    /// It happened then or later, µs UTC.
    pub since: Option<i64>,
}

/// The order of the log, of rows named `l`.
pub(crate) const IN_ORDER: &str = "l.seq";

/// Bytes of bodies after which a read of the next events of the log ends: they may be of ten megabytes each.
pub(crate) const FOLLOW_BYTES: usize = 16 << 20;

/// Conditions that all must hold. An empty list or `None` does not restrict; times are µs UTC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    pub kinds: Vec<i64>,
    pub actions: Vec<i64>,
    pub biz_steps: Vec<String>,
    pub dispositions: Vec<String>,
    pub read_points: Vec<String>,
    pub biz_locations: Vec<String>,
    pub event_ids: Vec<String>,
    /// Error declarations that name one of these event ids.
    pub corrects: Vec<String>,
    /// For each group, the event has at least one of the identifiers in one of the roles (empty:
    /// any role). A group without identifiers matches nothing.
    pub ids: Vec<(Vec<i64>, Vec<String>)>,
    pub ge_event_time: Option<i64>,
    pub lt_event_time: Option<i64>,
    pub ge_record_time: Option<i64>,
    pub lt_record_time: Option<i64>,
    pub owner: Option<i64>,
    /// The event may be seen for one of these reasons. Empty: whoever asks may see everything.
    pub sight: Vec<Sight>,
    /// Only events up to this number: the answer as known then.
    pub upto: Option<Seq>,
    pub after: Option<Token>,
    pub limit: usize,
    /// The page ends with the event at which its bodies have so many bytes together.
    pub bytes: Option<usize>,
    pub sort_by: SortBy,
    pub descending: bool,
}

impl Default for Filter {
    fn default() -> Self {
        Self {
            kinds: Vec::new(),
            actions: Vec::new(),
            biz_steps: Vec::new(),
            dispositions: Vec::new(),
            read_points: Vec::new(),
            biz_locations: Vec::new(),
            event_ids: Vec::new(),
            corrects: Vec::new(),
            ids: Vec::new(),
            ge_event_time: None,
            lt_event_time: None,
            ge_record_time: None,
            lt_record_time: None,
            owner: None,
            sight: Vec::new(),
            upto: None,
            after: None,
            limit: 30,
            bytes: None,
            sort_by: SortBy::default(),
            descending: false,
        }
    }
}

impl Filter {
    /// Brings the events into order, cuts the extra one off and says where to go on.
    pub(crate) fn page(&self, mut events: Vec<Logged>) -> Page {
        events.sort_by_key(|event| (self.sort_value(event), event.seq));
        if self.descending {
            events.reverse();
        }
        let bytes: usize = events.iter().map(|event| event.body.len()).sum();
        let more = events.len() > self.limit || self.bytes.is_some_and(|most| bytes >= most);
        events.truncate(self.limit);
        let next = events
            .last()
            .filter(|_| more)
            .map(|last| Token { sort: self.sort_value(last), seq: last.seq });
        Page { events, next }
    }

    /// The order of the page, of rows named `l`.
    pub(crate) fn order(&self) -> &'static str {
        match (self.sort_by, self.descending) {
            (SortBy::EventTime, false) => "l.event_time, l.seq",
            (SortBy::EventTime, true) => "l.event_time DESC, l.seq DESC",
            (SortBy::RecordTime, false) => "l.record_time, l.seq",
            (SortBy::RecordTime, true) => "l.record_time DESC, l.seq DESC",
            (SortBy::Seq, false) => IN_ORDER,
            (SortBy::Seq, true) => "l.seq DESC",
        }
    }

    fn sort_value(&self, event: &Logged) -> i64 {
        match self.sort_by {
            SortBy::EventTime => event.event_time,
            SortBy::RecordTime => event.record_time,
            SortBy::Seq => event.seq.0,
        }
    }
}
