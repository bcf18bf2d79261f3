//! Which events are asked for, and the page they come in. The statement is built here for both
//! engines, from literals and numbered parameters only.

use std::fmt::Write as _;

use crate::key::{EventKey, Key, event_key, key};
use crate::log::{Logged, Seq};
use crate::store::Engine;
use crate::value::Value;

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
    /// Only events up to this number: the answer as known then.
    pub upto: Option<Seq>,
    pub after: Option<Token>,
    pub limit: usize,
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
            upto: None,
            after: None,
            limit: 30,
            sort_by: SortBy::default(),
            descending: false,
        }
    }
}

impl Filter {
    /// The statement that selects the matching rows of the table `log`, one more than the limit, and
    /// its parameters. Bodies are joined to it, so that only those of the page are read.
    pub(crate) fn statement(&self, engine: Engine) -> (String, Vec<Value>) {
        let mut query = Builder { conditions: Vec::new(), params: Vec::new() };
        query.any_int("kind", &self.kinds);
        query.any_int("action", &self.actions);
        query.any_text("biz_step", &self.biz_steps);
        query.any_text("disposition", &self.dispositions);
        query.any_text("read_point", &self.read_points);
        query.any_text("biz_location", &self.biz_locations);
        query.any_event(&self.event_ids);
        query.any_text("corrects", &self.corrects);
        query.compare("owner =", self.owner);
        query.compare("event_time >=", self.ge_event_time);
        query.compare("event_time <", self.lt_event_time);
        query.compare("record_time >=", self.ge_record_time);
        query.compare("record_time <", self.lt_record_time);
        query.compare("seq <=", self.upto.map(|seq| seq.0));
        for (roles, ids) in &self.ids {
            query.any_posting(engine, roles, ids);
        }
        let (column, beyond, direction) = match (self.sort_by, self.descending) {
            (SortBy::EventTime, false) => ("event_time", ">", "ASC"),
            (SortBy::EventTime, true) => ("event_time", "<", "DESC"),
            (SortBy::RecordTime, false) => ("record_time", ">", "ASC"),
            (SortBy::RecordTime, true) => ("record_time", "<", "DESC"),
            (SortBy::Seq, false) => ("seq", ">", "ASC"),
            (SortBy::Seq, true) => ("seq", "<", "DESC"),
        };
        if let Some(token) = self.after {
            let seq = query.param(token.seq.0);
            if self.sort_by == SortBy::Seq {
                query.conditions.push(format!("seq {beyond} {seq}"));
            } else {
                let sort = query.param(token.sort);
                query.conditions.push(format!("({column}, seq) {beyond} ({sort}, {seq})"));
            }
        }
        let mut text = "SELECT * FROM log".to_owned();
        if !query.conditions.is_empty() {
            let _ = write!(text, " WHERE {}", query.conditions.join(" AND "));
        }
        let _ = match self.sort_by {
            SortBy::Seq => write!(text, " ORDER BY seq {direction}"),
            _ => write!(text, " ORDER BY {column} {direction}, seq {direction}"),
        };
        let limit = i64::try_from(self.limit).unwrap_or(i64::MAX).saturating_add(1);
        let limit = query.param(limit);
        let _ = write!(text, " LIMIT {limit}");
        (text, query.params)
    }

    /// Brings the events into order, cuts the extra one off and says where to go on.
    pub(crate) fn page(&self, mut events: Vec<Logged>) -> Page {
        events.sort_by_key(|event| (self.sort_value(event), event.seq));
        if self.descending {
            events.reverse();
        }
        let more = events.len() > self.limit;
        events.truncate(self.limit);
        let next = events
            .last()
            .filter(|_| more)
            .map(|last| Token { sort: self.sort_value(last), seq: last.seq });
        Page { events, next }
    }

    fn sort_value(&self, event: &Logged) -> i64 {
        match self.sort_by {
            SortBy::EventTime => event.event_time,
            SortBy::RecordTime => event.record_time,
            SortBy::Seq => event.seq.0,
        }
    }
}

struct Builder {
    conditions: Vec<String>,
    params: Vec<Value>,
}

impl Builder {
    fn param(&mut self, value: impl Into<Value>) -> String {
        self.params.push(value.into());
        format!("${}", self.params.len())
    }

    fn list<T: Clone + Into<Value>>(&mut self, values: &[T]) -> String {
        let numbers: Vec<_> = values.iter().map(|value| self.param(value.clone())).collect();
        numbers.join(", ")
    }

    fn any_int(&mut self, column: &str, values: &[i64]) {
        if !values.is_empty() {
            let list = self.list(values);
            self.conditions.push(format!("{column} IN ({list})"));
        }
    }

    fn any_text(&mut self, column: &str, values: &[String]) {
        if !values.is_empty() {
            let list = self.list(values);
            self.conditions.push(format!("{column} IN ({list})"));
        }
    }

    fn any_event(&mut self, ids: &[String]) {
        if !ids.is_empty() {
            let keys: Vec<EventKey> = ids.iter().map(|id| event_key(id)).collect();
            let list = self.list(&keys);
            self.conditions.push(format!("event_key IN ({list})"));
        }
    }

    fn compare(&mut self, comparison: &str, value: Option<i64>) {
        if let Some(value) = value {
            let number = self.param(value);
            self.conditions.push(format!("{comparison} {number}"));
        }
    }

    fn any_posting(&mut self, engine: Engine, roles: &[i64], ids: &[String]) {
        if ids.is_empty() {
            self.conditions.push("1 = 0".to_owned());
            return;
        }
        let mut keys: Vec<Key> = ids.iter().map(|id| key(id)).collect();
        let table = if engine == Engine::Sqlite { "posting_settled" } else { "posting" };
        let mut inner = format!("SELECT seq FROM {table} WHERE key IN ({})", self.list(&keys));
        if !roles.is_empty() {
            let list = self.list(roles);
            let _ = write!(inner, " AND role IN ({list})");
        }
        if engine == Engine::Sqlite {
            // Fresh events hold their postings packed; see `sqlite::packed`.
            keys.sort_unstable();
            let roles: Vec<u8> = roles.iter().filter_map(|role| u8::try_from(*role).ok()).collect();
            let (keys, roles) = (self.param(keys.concat()), self.param(roles));
            let _ = write!(
                inner,
                " UNION ALL SELECT seq FROM log_fresh WHERE postings_meet(postings, {keys}, {roles})"
            );
        }
        self.conditions.push(format!("seq IN ({inner})"));
    }
}
