//! A group of events as the columns its inserts take, one array for each.

use tokio_postgres::types::ToSql;

use crate::key::{Entry, Key};
use crate::log::{NewEvent, Seq};

type Param<'a> = &'a (dyn ToSql + Sync);

/// Passes over events that are there already.
pub(super) const INSERT_BODIES: &str =
    "INSERT INTO event_body (owner, event_key, event_id, hash, body)
     SELECT * FROM unnest($1::BIGINT[], $2::BYTEA[], $3::TEXT[], $4::BYTEA[], $5::BYTEA[])
     ON CONFLICT DO NOTHING";

/// What [`super::append`] stores before the numbering.
pub(super) struct Bodies<'a> {
    owners: Vec<i64>,
    keys: Vec<&'a [u8]>,
    ids: Vec<&'a str>,
    hashes: Vec<&'a [u8]>,
    contents: Vec<&'a [u8]>,
}

impl<'a> Bodies<'a> {
    pub(super) fn of(entries: &[&'a Entry]) -> Self {
        Self {
            owners: column(entries, |entry| entry.event.owner),
            keys: column(entries, |entry| entry.key.as_slice()),
            ids: column(entries, |entry| entry.event.event_id.as_str()),
            hashes: column(entries, |entry| entry.event.hash.as_slice()),
            contents: column(entries, |entry| entry.event.body.as_slice()),
        }
    }

    pub(super) fn params(&self) -> [Param<'_>; 5] {
        [&self.owners, &self.keys, &self.ids, &self.hashes, &self.contents]
    }
}

fn column<'a, T>(entries: &[&'a Entry], of: fn(&'a Entry) -> T) -> Vec<T> {
    entries.iter().map(|entry| of(entry)).collect()
}

pub(super) const INSERT_LOG: &str =
    "INSERT INTO log (seq, owner, event_key, kind, action, event_time, offset_minutes, record_time, biz_step,
         disposition, read_point, biz_location, corrects)
     SELECT * FROM unnest($1::BIGINT[], $2::BIGINT[], $3::BYTEA[], $4::BIGINT[], $5::BIGINT[], $6::BIGINT[],
         $7::BIGINT[], $8::BIGINT[], $9::TEXT[], $10::TEXT[], $11::TEXT[], $12::TEXT[], $13::TEXT[])";

/// The rows of `log`, without bodies.
pub(super) struct Order<'a> {
    seqs: Vec<i64>,
    keys: Vec<&'a [u8]>,
    /// Owner, kind, action, event time, offset, record time.
    ints: [Vec<i64>; 6],
    /// Business step, disposition, read point, location, what it corrects.
    texts: [Vec<Option<&'a str>>; 5],
}

impl<'a> Order<'a> {
    pub(super) fn of(entries: &[&'a Entry], start: Seq) -> Self {
        let ints =
            |of: fn(&NewEvent) -> i64| entries.iter().map(|entry| of(&entry.event)).collect();
        let texts = |of: fn(&NewEvent) -> &Option<String>| {
            entries.iter().map(|entry| of(&entry.event).as_deref()).collect()
        };
        Self {
            seqs: (start.0..).take(entries.len()).collect(),
            keys: column(entries, |entry| entry.key.as_slice()),
            ints: [
                ints(|e| e.owner),
                ints(|e| e.kind),
                ints(|e| e.action),
                ints(|e| e.event_time),
                ints(|e| e.offset_minutes),
                ints(|e| e.record_time),
            ],
            texts: [
                texts(|e| &e.biz_step),
                texts(|e| &e.disposition),
                texts(|e| &e.read_point),
                texts(|e| &e.biz_location),
                texts(|e| &e.corrects),
            ],
        }
    }

    pub(super) fn params(&self) -> [Param<'_>; 13] {
        let [owners, kinds, actions, times, offsets, records] = &self.ints;
        let [steps, dispositions, read_points, locations, corrects] = &self.texts;
        [
            &self.seqs,
            owners,
            &self.keys,
            kinds,
            actions,
            times,
            offsets,
            records,
            steps,
            dispositions,
            read_points,
            locations,
            corrects,
        ]
    }
}

/// All numbers come as one array, of which each run takes its stretch.
pub(super) const INSERT_POSTINGS: &str = "INSERT INTO posting_run (key, role, first, seqs)
     SELECT w.key, w.role, ($5::BIGINT[])[w.a], ($5::BIGINT[])[w.a : w.b]
     FROM unnest($1::BYTEA[], $2::BIGINT[], $3::BIGINT[], $4::BIGINT[]) AS w (key, role, a, b)";

/// The rows of `posting_run`, sorted by key: neighbours in the index are written together.
pub(super) struct Runs<'a> {
    keys: Vec<&'a [u8]>,
    roles: Vec<i64>,
    /// The first and the last position in `seqs`, from 1.
    begins: Vec<i64>,
    ends: Vec<i64>,
    seqs: Vec<i64>,
}

impl<'a> Runs<'a> {
    pub(super) fn of(entries: &[&'a Entry], start: Seq) -> Self {
        let mut postings: Vec<(&'a Key, i64, i64)> = Vec::new();
        for (entry, seq) in entries.iter().zip(start.0..) {
            postings.extend(entry.postings.iter().map(|(key, role)| (key, i64::from(*role), seq)));
        }
        postings.sort_unstable();
        let mut runs = Self {
            keys: Vec::new(),
            roles: Vec::new(),
            begins: Vec::new(),
            ends: Vec::new(),
            seqs: postings.iter().map(|posting| posting.2).collect(),
        };
        let mut end = 0;
        for run in postings.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            runs.keys.push(run[0].0);
            runs.roles.push(run[0].1);
            runs.begins.push(end + 1);
            end += run.len() as i64;
            runs.ends.push(end);
        }
        runs
    }

    pub(super) fn params(&self) -> [Param<'_>; 5] {
        [&self.keys, &self.roles, &self.begins, &self.ends, &self.seqs]
    }
}
