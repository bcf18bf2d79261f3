//! The statement of a page, for both engines, from literals and numbered parameters only.
//!
//! Each reason to see an event is a select of its own that an index answers in the order of the page, and gives no more rows than
//! the page has; together they are cut to one page afterwards. One select with an OR between the reasons would read and sort all
//! that the reader may see.

use std::fmt::Write as _;

use super::{Filter, Sight, SortBy};
use crate::key::{EventKey, Key, event_key, key};
use crate::store::Engine;
use crate::value::Value;

/// The columns of the log without the body.
const COLUMNS: &str = "l.seq, l.owner, l.event_key, l.kind, l.action, l.event_time, l.offset_minutes, l.record_time, l.biz_step, \
    l.disposition, l.read_point, l.biz_location, l.corrects";

impl Filter {
    /// The statement that selects the matching rows of the table `log`, one more than the limit for each reason to see them, and
    /// its parameters. Bodies are joined to it, so that only those of the page are read.
    pub(crate) fn statement(&self, engine: Engine) -> (String, Vec<Value>) {
        let everything = [Sight::default()];
        let reasons = if self.sight.is_empty() { &everything[..] } else { &self.sight };
        let mut params = Vec::new();
        let mut selects = Vec::new();
        for reason in reasons {
            for source in self.sources(engine, reason) {
                selects.push(self.select(engine, reason, source, &mut params));
            }
        }
        if let [only] = selects.as_slice() {
            return (only.clone(), params);
        }
        // UNION: an event that may be seen for two reasons is one.
        let all: Vec<String> =
            selects.iter().map(|select| format!("SELECT * FROM ({select}) one")).collect();
        (all.join(" UNION "), params)
    }

    /// What a select reads from, and the alias its times come from. Where nothing but time orders what a reader may see of others,
    /// the view of what he may see leads; SQLite then needs the two tables of the log by name, since it would build the whole of
    /// the view `log` before joining it.
    fn sources(&self, engine: Engine, reason: &Sight) -> &'static [Source] {
        let led_by_ids = !self.ids.is_empty() || !reason.ids.is_empty() || self.names_events();
        match engine {
            _ if reason.seen_by.is_none() || led_by_ids => &[Source { from: "log l", times: "l" }],
            Engine::Postgres => {
                &[Source { from: "view_seen v JOIN log l ON l.seq = v.seq", times: "v" }]
            }
            Engine::Sqlite => &[
                Source {
                    from: "view_seen v CROSS JOIN log_settled l ON l.seq = v.seq",
                    times: "v",
                },
                Source { from: "view_seen v CROSS JOIN log_fresh l ON l.seq = v.seq", times: "v" },
            ],
        }
    }

    /// By what the events are found. SQLite keeps no statistics here and would rather walk through all events of an owner in the
    /// order of time than look up the ten that bear an identifier.
    fn lead(&self, engine: Engine, reason: &Sight) -> Lead {
        if engine == Engine::Postgres {
            Lead::Any
        } else if self.names_events() {
            Lead::Only(&["event_key", "corrects"])
        } else if !self.ids.is_empty() || !reason.ids.is_empty() {
            Lead::Only(&["seq"])
        } else if !self.read_points.is_empty() || !self.biz_locations.is_empty() {
            Lead::Only(&["read_point", "biz_location", "owner", "event_time"])
        } else if self.sort_by == SortBy::Seq && self.after.is_some() {
            Lead::Only(&["seq"])
        } else {
            Lead::Any
        }
    }

    fn names_events(&self) -> bool {
        !self.event_ids.is_empty() || !self.corrects.is_empty()
    }

    fn select(
        &self,
        engine: Engine,
        reason: &Sight,
        source: &Source,
        params: &mut Vec<Value>,
    ) -> String {
        let times = source.times;
        let lead = self.lead(engine, reason);
        let mut query = Builder { conditions: Vec::new(), params, lead };
        match reason.seen_by {
            Some(reader) if times == "v" => query.compare("v.reader =", Some(reader)),
            Some(reader) => {
                let reader = query.param(reader);
                query.conditions.push(format!(
                    "EXISTS (SELECT 1 FROM view_seen v WHERE v.reader = {reader} AND v.seq = l.seq)"
                ));
            }
            None => {}
        }
        if let Some(owners) = &reason.owners {
            query.owners(engine, owners);
        }
        query.any_int("kind", &self.kinds);
        query.any_int("action", &self.actions);
        query.any_text(engine, "biz_step", &self.biz_steps);
        query.any_text(engine, "disposition", &self.dispositions);
        query.any_text(engine, "read_point", &self.read_points);
        query.any_text(engine, "biz_location", &self.biz_locations);
        query.any_event(engine, &self.event_ids);
        query.any_text(engine, "corrects", &self.corrects);
        query.compare(&format!("{} =", lead.column("owner")), self.owner);
        let of = |column| if times == "v" { format!("v.{column}") } else { lead.column(column) };
        query.compare(&format!("{} >=", of("event_time")), self.ge_event_time.max(reason.since));
        query.compare(&format!("{} <", of("event_time")), self.lt_event_time);
        query.compare(&format!("{} >=", of("record_time")), self.ge_record_time);
        query.compare(&format!("{} <", of("record_time")), self.lt_record_time);
        query.compare(&format!("{} <=", of("seq")), self.upto.map(|seq| seq.0));
        for (roles, ids) in self.ids.iter().chain(&reason.ids) {
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
        // An index in the order of a time has the numbers behind it.
        let led = of(column);
        let tie = if led.starts_with('+') { of("seq") } else { format!("{times}.seq") };
        if let Some(token) = self.after {
            let seq = query.param(token.seq.0);
            if self.sort_by == SortBy::Seq {
                query.conditions.push(format!("{} {beyond} {seq}", of("seq")));
            } else {
                let sort = query.param(token.sort);
                query.conditions.push(format!("({led}, {tie}) {beyond} ({sort}, {seq})"));
            }
        }
        let mut text = format!("SELECT {COLUMNS} FROM {}", source.from);
        if !query.conditions.is_empty() {
            let _ = write!(text, " WHERE {}", query.conditions.join(" AND "));
        }
        let _ = match self.sort_by {
            SortBy::Seq => write!(text, " ORDER BY {} {direction}", of("seq")),
            _ => write!(text, " ORDER BY {led} {direction}, {tie} {direction}"),
        };
        let limit = i64::try_from(self.limit).unwrap_or(i64::MAX).saturating_add(1);
        let limit = query.param(limit);
        let _ = write!(text, " LIMIT {limit}");
        text
    }
}

/// Values of a list that are parameters of their own; more go as one. Engines take some ten thousand parameters, a query may
/// have ten thousand values in each of its lists, and each reason to see an event says them again.
const MOST_SINGLE: usize = 16;

/// Which columns an index may be chosen for; the planner is kept from the others by a unary plus.
#[derive(Clone, Copy)]
enum Lead {
    Any,
    Only(&'static [&'static str]),
}

impl Lead {
    fn column(self, column: &str) -> String {
        match self {
            Self::Only(columns) if !columns.contains(&column) => format!("+l.{column}"),
            _ => format!("l.{column}"),
        }
    }
}

struct Source {
    from: &'static str,
    times: &'static str,
}

struct Builder<'p> {
    conditions: Vec<String>,
    params: &'p mut Vec<Value>,
    lead: Lead,
}

impl Builder<'_> {
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
            let column = self.lead.column(column);
            self.conditions.push(format!("{column} IN ({list})"));
        }
    }

    fn any_text(&mut self, engine: Engine, column: &str, values: &[String]) {
        if values.is_empty() {
            return;
        }
        let list = if values.len() <= MOST_SINGLE {
            self.list(values)
        } else {
            // No text in a database has a NUL, and PostgreSQL refuses to look for one.
            let stored = values.iter().filter(|value| !value.contains('\0'));
            let of_bytes = match engine {
                Engine::Sqlite => |bytes: &str| format!("CAST({bytes} AS TEXT)"),
                Engine::Postgres => |bytes: &str| format!("convert_from({bytes}, 'UTF8')"),
            };
            self.long_list(engine, stored.map(String::as_bytes), of_bytes)
        };
        let column = self.lead.column(column);
        self.conditions.push(format!("{column} IN ({list})"));
    }

    fn any_event(&mut self, engine: Engine, ids: &[String]) {
        if !ids.is_empty() {
            let keys: Vec<EventKey> = ids.iter().map(|id| event_key(id)).collect();
            let list = self.keys(engine, &keys);
            self.conditions.push(format!("l.event_key IN ({list})"));
        }
    }

    fn keys<const N: usize>(&mut self, engine: Engine, keys: &[[u8; N]]) -> String
    where
        [u8; N]: Into<Value>,
    {
        if keys.len() <= MOST_SINGLE {
            return self.list(keys);
        }
        self.long_list(engine, keys.iter().map(<[u8; N]>::as_slice), str::to_owned)
    }

    /// Many values as one parameter: a JSON list of their bytes in hexadecimal, and the select that takes it apart.
    fn long_list<'v>(
        &mut self,
        engine: Engine,
        values: impl Iterator<Item = &'v [u8]>,
        of_bytes: impl Fn(&str) -> String,
    ) -> String {
        let mut list = String::from("[");
        for value in values {
            list.push_str(if list.len() > 1 { ",\"" } else { "\"" });
            for byte in value {
                let _ = write!(list, "{byte:02x}");
            }
            list.push('"');
        }
        list.push(']');
        let list = self.param(list);
        match engine {
            Engine::Sqlite => {
                format!("SELECT {} FROM json_each({list})", of_bytes("unhex(value)"))
            }
            Engine::Postgres => format!(
                "SELECT {} FROM json_array_elements_text(CAST(CAST({list} AS TEXT) AS JSON)) o",
                of_bytes("decode(o, 'hex')")
            ),
        }
    }

    /// Many go as one list, so that a statement keeps its length.
    fn owners(&mut self, engine: Engine, owners: &[i64]) {
        if let [only] = owners {
            let column = self.lead.column("owner");
            return self.compare(&format!("{column} ="), Some(*only));
        }
        let list: Vec<String> = owners.iter().map(i64::to_string).collect();
        let list = self.param(format!("[{}]", list.join(",")));
        let column = self.lead.column("owner");
        self.conditions.push(match engine {
            Engine::Sqlite => format!("{column} IN (SELECT value FROM json_each({list}))"),
            Engine::Postgres => format!(
                "{column} IN (SELECT CAST(o AS BIGINT) FROM json_array_elements_text(CAST(CAST({list} AS TEXT) AS JSON)) o)"
            ),
        });
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
        let list = self.keys(engine, &keys);
        let mut inner = format!("SELECT seq FROM {table} WHERE key IN ({list})");
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
        self.conditions.push(format!("l.seq IN ({inner})"));
    }
}
