//! Proves that the log agrees with itself: numbers without gaps, bodies with their hashes, postings
//! with their events, cursors within the log. What the views hold is checked by those who build
//! them.

use std::fmt;

use sha2::{Digest as _, Sha256};

use crate::error::StoreError;
use crate::log::{Logged, Posting, Seq};
use crate::store::{Engine, Store};
use crate::{params, sql};

/// Events read at a time.
const STRETCH: i64 = 500;
/// Faults listed; the rest is only counted.
const LISTED: usize = 100;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// No event bears this number, or its body is missing.
    Missing(Seq),
    /// The body is not the one its hash was made from.
    Hash(Seq),
    /// The body cannot be read, so its postings cannot be checked.
    Unreadable(Seq),
    /// The body calls for this posting and it is not there.
    PostingMissing(Posting),
    /// So many postings more than the bodies call for.
    PostingsTooMany(i64),
    /// So many postings name a number that no event bears.
    PostingsDangling(i64),
    /// So many bodies are not in the log.
    BodiesUnnumbered(i64),
    /// The log goes on beyond the number it says is its last.
    BeyondHead { head: Seq, last: Seq },
    /// A view claims to have read further than the log goes.
    Cursor { name: String, at: Seq },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(seq) => write!(f, "event {seq} or its body is missing"),
            Self::Hash(seq) => write!(f, "the body of event {seq} does not match its hash"),
            Self::Unreadable(seq) => write!(f, "the body of event {seq} cannot be read"),
            Self::PostingMissing(Posting { seq, id, role }) => {
                write!(f, "event {seq} cannot be found by {id} in role {role}")
            }
            Self::PostingsTooMany(count) => {
                write!(f, "{count} postings more than the events call for")
            }
            Self::PostingsDangling(count) => {
                write!(f, "{count} postings name events that are missing")
            }
            Self::BodiesUnnumbered(count) => write!(f, "{count} bodies are not in the log"),
            Self::BeyondHead { head, last } => {
                write!(f, "the log should end at {head} but goes on to {last}")
            }
            Self::Cursor { name, at } => {
                write!(f, "the view {name} claims to have read to {at}, beyond the log")
            }
        }
    }
}

/// What [`fsck`] found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// The log was checked up to this number.
    pub upto: Seq,
    pub events: u64,
    pub bytes: u64,
    pub postings: i64,
    /// The first hundred.
    pub faults: Vec<Fault>,
    pub faults_not_listed: u64,
}

impl Report {
    pub fn is_sound(&self) -> bool {
        self.faults.is_empty()
    }

    fn add(&mut self, fault: Fault) {
        if self.faults.len() < LISTED {
            self.faults.push(fault);
        } else {
            self.faults_not_listed += 1;
        }
    }
}

/// Reads the whole log up to its present head. `postings_of` says by what (role, identifier) an
/// event must be found, or `None` if the body cannot be read.
///
/// # Errors
/// Only if the database fails; what is wrong with the log stands in the report.
pub async fn fsck<F>(store: &Store, postings_of: F) -> Result<Report, StoreError>
where
    F: Fn(&Logged) -> Option<Vec<(i64, String)>>,
{
    let (mut report, expected) = events_after(store, Seq::ZERO, postings_of).await?;
    whole_tables(store, report.upto, &mut report).await?;
    match expected {
        Some(expected) if report.postings > expected => {
            report.add(Fault::PostingsTooMany(report.postings - expected));
        }
        _ => {}
    }
    Ok(report)
}

/// Only the events after a number, each with its body and postings: for a log whose older part was
/// found sound before. What only counting whole tables shows is left to [`fsck`].
///
/// # Errors
/// As for [`fsck`].
pub async fn fsck_after<F>(store: &Store, after: Seq, postings_of: F) -> Result<Report, StoreError>
where
    F: Fn(&Logged) -> Option<Vec<(i64, String)>>,
{
    events_after(store, after, postings_of).await.map(|(report, _)| report)
}

/// Also returns how many postings there should be, unless some body cannot be read.
async fn events_after<F>(
    store: &Store,
    after: Seq,
    postings_of: F,
) -> Result<(Report, Option<i64>), StoreError>
where
    F: Fn(&Logged) -> Option<Vec<(i64, String)>>,
{
    let head = store.head().await?;
    let mut report = Report { upto: head, ..Report::default() };
    let mut expected_postings = 0;
    let mut readable = true;
    let mut seen = after;
    while seen < head {
        let last = head.min(Seq(seen.0 + STRETCH));
        let wanted: Vec<Seq> = (seen.0 + 1..=last.0).map(Seq).collect();
        let mut events = store.at(&wanted).await?.into_iter().peekable();
        let mut expected = Vec::new();
        for seq in wanted {
            let Some(event) = events.next_if(|event| event.seq == seq) else {
                report.add(Fault::Missing(seq));
                continue;
            };
            report.events += 1;
            report.bytes += event.body.len() as u64;
            if Sha256::digest(&event.body).as_slice() != event.hash {
                report.add(Fault::Hash(seq));
            }
            let Some(mut postings) = postings_of(&event) else {
                readable = false;
                report.add(Fault::Unreadable(seq));
                continue;
            };
            postings.sort_unstable();
            postings.dedup();
            expected_postings += postings.len() as i64;
            expected.extend(postings.into_iter().map(|(role, id)| Posting { seq, id, role }));
        }
        for posting in store.missing(expected).await? {
            expected_postings -= 1;
            report.add(Fault::PostingMissing(posting));
        }
        seen = last;
    }
    Ok((report, readable.then_some(expected_postings)))
}

async fn whole_tables(store: &Store, head: Seq, report: &mut Report) -> Result<(), StoreError> {
    let count = |row: Option<crate::Row>| row.map_or(Ok(0), |row| row.get::<i64>(0));
    let postings = sql!("SELECT count(*) FROM posting WHERE seq <= $1");
    report.postings = count(store.query_one(postings, &params![head]).await?)?;
    let dangling = sql!(
        "SELECT count(*) FROM posting p WHERE NOT EXISTS (SELECT 1 FROM log l WHERE l.seq = p.seq)"
    );
    match count(store.query_one(dangling, &params![]).await?)? {
        0 => {}
        dangling => report.add(Fault::PostingsDangling(dangling)),
    }
    let unnumbered = sql!("SELECT (SELECT count(*) FROM event_body) - (SELECT count(*) FROM log)");
    match count(store.query_one(unnumbered, &params![]).await?)? {
        unnumbered if unnumbered > 0 => report.add(Fault::BodiesUnnumbered(unnumbered)),
        _ => {}
    }
    if store.engine() == Engine::Postgres {
        let beyond = sql!(
            "SELECT h.seq, max(l.seq) FROM log l, log_head h GROUP BY h.seq HAVING max(l.seq) > h.seq"
        );
        if let Some(row) = store.query_one(beyond, &params![]).await? {
            report.add(Fault::BeyondHead { head: row.get(0)?, last: row.get(1)? });
        }
    }
    let cursors = sql!("SELECT name, seq FROM view_cursor WHERE seq > $1 ORDER BY name");
    let head_now = store.head().await?;
    for row in store.query(cursors, &params![head_now]).await? {
        report.add(Fault::Cursor { name: row.get(0)?, at: row.get(1)? });
    }
    Ok(())
}
