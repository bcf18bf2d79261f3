//! Storing a batch: bodies first (many writers at once), then the one short step that numbers them.
//! The lock on `log_head` is held from there to the commit, so that number n+1 is never visible
//! before n.
//!
//! Arrays and one INSERT a table, for groups of any size: binary COPY, which knows no ON CONFLICT and
//! so needs a look-up before it, was no faster for documents of 500.

use std::collections::HashMap;

use futures_util::future::{join, join3};
use tokio_postgres::types::ToSql;

use super::Session;
use super::fault::refused;
use super::rows::{self, Bodies};
use crate::error::StoreError;
use crate::key::{Entry, EventKey};
use crate::log::{Appended, Seq};

/// Whether the batch is a transaction of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// Begin here and commit here.
    Commit,
    /// Part of a transaction that is open and stays so.
    Open,
}

type Unique = (i64, EventKey);
/// Events that are in the log: number and hash.
type Known = HashMap<Unique, (Seq, Vec<u8>)>;

/// Stores what is new of the batch and answers for each event, in order.
pub(super) async fn append(
    session: &Session,
    batch: &[&Entry],
    end: End,
) -> Result<Vec<Appended>, StoreError> {
    let result = run(session, batch, end).await;
    if result.is_err() && end == End::Commit {
        // Fails only if the connection is gone, and the transaction with it; the pool throws such a
        // connection away.
        let _ = session.batch_execute("ROLLBACK").await;
    }
    result
}

async fn run(session: &Session, batch: &[&Entry], end: End) -> Result<Vec<Appended>, StoreError> {
    // The first of each key; what repeats within the batch is compared with it.
    let mut first: HashMap<Unique, &Entry> = HashMap::with_capacity(batch.len());
    for entry in batch {
        first.entry(unique(entry)).or_insert(entry);
    }
    let (taken, mut numbers) = store_bodies(session, &first, end).await?;
    let mut fresh: Vec<&Entry> = Vec::new();
    for entry in batch {
        if !numbers.contains_key(&unique(entry)) && first.remove(&unique(entry)).is_some() {
            fresh.push(entry);
        }
    }
    if fresh.len() != taken.stored {
        let problem = format!("{} bodies were stored for {} new events", taken.stored, fresh.len());
        return Err(StoreError::Damaged { problem });
    }
    let mut next = taken.start;
    if fresh.is_empty() {
        finish(session, end).await?;
    } else {
        write(session, &fresh, next, end).await?;
    }
    let mut appended = Vec::with_capacity(batch.len());
    let mut fresh = fresh.into_iter().peekable();
    for &entry in batch {
        if fresh.next_if(|new| std::ptr::eq(*new, entry)).is_some() {
            appended.push(Appended::Stored(next));
            numbers.insert(unique(entry), (next, entry.event.hash.clone()));
            next = next.next();
            continue;
        }
        let Some((seq, hash)) = numbers.get(&unique(entry)) else {
            let problem = format!("event {} is neither new nor known", entry.event.event_id);
            return Err(StoreError::Damaged { problem });
        };
        let same = *hash == entry.event.hash;
        appended.push(if same { Appended::Duplicate(*seq) } else { Appended::Conflict(*seq) });
    }
    Ok(appended)
}

fn unique(entry: &Entry) -> Unique {
    (entry.event.owner, entry.key)
}

struct Taken {
    /// How many of the events were new.
    stored: usize,
    /// The first of the numbers, as many as there are events.
    start: Seq,
}

/// Stores the bodies and takes the numbers, as if all were new; both are on their way before the
/// first is answered. The bodies go in the order of the key, so that two groups with the same
/// events wait for each other rather than deadlock.
async fn store_bodies(
    session: &Session,
    events: &HashMap<Unique, &Entry>,
    end: End,
) -> Result<(Taken, Known), StoreError> {
    let failed = |e| refused("storing the bodies of events".to_owned(), e);
    let insert = session.prepare_cached(rows::INSERT_BODIES).await.map_err(failed)?;
    let head = session.prepare_cached(MOVE_HEAD).await.map_err(failed)?;
    let sorted = sorted(events);
    let bodies = Bodies::of(&sorted);
    let bodies = bodies.params();
    let count = events.len() as i64;
    let count: [&(dyn ToSql + Sync); 1] = [&count];
    let begin = async {
        match end {
            End::Commit => session.batch_execute("BEGIN").await,
            End::Open => Ok(()),
        }
    };
    let insert = session.execute(&insert, &bodies);
    let (begun, stored, head) = join3(begin, insert, session.query_one(&head, &count)).await;
    begun.map_err(failed)?;
    let stored = stored.map_err(failed)? as usize;
    let last: i64 = head.and_then(|row| row.try_get(0)).map_err(failed)?;
    let taken = Taken { stored, start: Seq(last - events.len() as i64 + 1) };
    if stored == events.len() {
        return Ok((taken, HashMap::new()));
    }
    let known = stored_before(session, events).await?;
    // Nobody else has taken any meanwhile.
    move_head(session, stored as i64 - events.len() as i64).await?;
    Ok((taken, known))
}

fn sorted<'a>(events: &HashMap<Unique, &'a Entry>) -> Vec<&'a Entry> {
    let mut sorted: Vec<_> = events.values().copied().collect();
    sorted.sort_unstable_by_key(|entry| unique(entry));
    sorted
}

/// Its row is locked from here to the commit.
const MOVE_HEAD: &str = "UPDATE log_head SET seq = seq + $1 WHERE one = 1 RETURNING seq";

async fn move_head(session: &Session, by: i64) -> Result<i64, StoreError> {
    let failed = |e| refused("numbering the log".to_owned(), e);
    let head = session.prepare_cached(MOVE_HEAD).await.map_err(failed)?;
    session.query_one(&head, &[&by]).await.and_then(|row| row.try_get(0)).map_err(failed)
}

/// The numbers and hashes of those that are in the log already.
async fn stored_before(
    session: &Session,
    events: &HashMap<Unique, &Entry>,
) -> Result<Known, StoreError> {
    let failed = |e| refused("looking up events stored before".to_owned(), e);
    // The LIMIT keeps the planner to one look-up in the index for each event. Without statistics it would rather read all bodies
    // for a document of a few hundred.
    let sql = "SELECT w.owner, w.event_key, known.seq, known.hash
               FROM unnest($1::BIGINT[], $2::BYTEA[]) AS w (owner, event_key)
               CROSS JOIN LATERAL (
                   SELECT l.seq, b.hash FROM log l
                   JOIN event_body b ON b.owner = l.owner AND b.event_key = l.event_key
                   WHERE l.event_key = w.event_key AND l.owner = w.owner LIMIT 1
               ) known";
    let statement = session.prepare_cached(sql).await.map_err(failed)?;
    let (owners, keys): (Vec<i64>, Vec<&[u8]>) =
        events.iter().map(|((owner, _), entry)| (*owner, entry.key.as_slice())).unzip();
    let rows = session.query(&statement, &[&owners, &keys]).await.map_err(failed)?;
    let mut known = HashMap::with_capacity(rows.len());
    for row in &rows {
        let owner: i64 = row.try_get(0).map_err(failed)?;
        let key: &[u8] = row.try_get(1).map_err(failed)?;
        let Ok(key) = EventKey::try_from(key) else { continue };
        let stored = (Seq(row.try_get(2).map_err(failed)?), row.try_get(3).map_err(failed)?);
        known.insert((owner, key), stored);
    }
    Ok(known)
}

/// Writes the order and the postings of new events, numbered from `start` on.
async fn write(
    session: &Session,
    fresh: &[&Entry],
    start: Seq,
    end: End,
) -> Result<(), StoreError> {
    let failed = |e| refused("numbering the log".to_owned(), e);
    let runs = rows::Runs::of(fresh, start);
    let log = session.prepare_cached(rows::INSERT_LOG).await.map_err(failed)?;
    let posting = session.prepare_cached(rows::INSERT_POSTINGS).await.map_err(failed)?;
    let order = rows::Order::of(fresh, start);
    // All three are on their way at once. If an insert fails, the COMMIT behind it is a rollback,
    // and the insert's error is ours.
    let (order, runs) = (order.params(), runs.params());
    let inserts = join(session.execute(&log, &order), session.execute(&posting, &runs));
    let ((log, posting), finished) = join(inserts, finish(session, end)).await;
    log.map_err(failed)?;
    posting.map_err(failed)?;
    finished
}

async fn finish(session: &Session, end: End) -> Result<(), StoreError> {
    match end {
        End::Open => Ok(()),
        End::Commit => session
            .batch_execute("COMMIT")
            .await
            .map_err(|e| refused("committing to PostgreSQL".to_owned(), e)),
    }
}
