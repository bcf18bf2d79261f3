//! Storing a batch: bodies first (many writers at once), then the one short step that numbers them.
//! The lock on `log_head` is held from there to the commit, so that number n+1 is never visible
//! before n.

use std::collections::HashMap;

use futures_util::future::join;
use tokio_postgres::types::ToSql;

use super::Session;
use super::fault::refused;
use crate::error::StoreError;
use crate::log::{Appended, NewEvent, Seq};

/// Whether the batch is a transaction of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// Begin here and commit here.
    Commit,
    /// Part of a transaction that is open and stays so.
    Open,
}

type Key<'a> = (i64, &'a str);

/// Stores what is new of the batch and answers for each event, in order.
pub(super) async fn append(
    session: &Session,
    batch: &[&NewEvent],
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

async fn run(
    session: &Session,
    batch: &[&NewEvent],
    end: End,
) -> Result<Vec<Appended>, StoreError> {
    // The first of each key; what repeats within the batch is compared with it.
    let mut first: HashMap<Key<'_>, &NewEvent> = HashMap::with_capacity(batch.len());
    for event in batch {
        first.entry(key(event)).or_insert(event);
    }
    let stored = store_bodies(session, &first, end).await?;
    let mut numbers: HashMap<Key<'_>, (Seq, Vec<u8>)> = HashMap::new();
    if stored < first.len() as u64 {
        numbers = stored_before(session, &first).await?;
    }
    let mut fresh: Vec<&NewEvent> = Vec::new();
    for event in batch {
        if !numbers.contains_key(&key(event)) && first.remove(&key(event)).is_some() {
            fresh.push(event);
        }
    }
    if fresh.len() as u64 != stored {
        let problem = format!("{stored} bodies were stored for {} new events", fresh.len());
        return Err(StoreError::Damaged { problem });
    }
    let mut next = if fresh.is_empty() {
        finish(session, end).await?;
        Seq::ZERO
    } else {
        number(session, &fresh, end).await?
    };
    let mut appended = Vec::with_capacity(batch.len());
    let mut fresh = fresh.into_iter().peekable();
    for &event in batch {
        if fresh.next_if(|new| std::ptr::eq(*new, event)).is_some() {
            appended.push(Appended::Stored(next));
            numbers.insert(key(event), (next, event.hash.clone()));
            next = next.next();
            continue;
        }
        let Some((seq, hash)) = numbers.get(&key(event)) else {
            let problem = format!("event {} is neither new nor known", event.event_id);
            return Err(StoreError::Damaged { problem });
        };
        let same = *hash == event.hash;
        appended.push(if same { Appended::Duplicate(*seq) } else { Appended::Conflict(*seq) });
    }
    Ok(appended)
}

fn key(event: &NewEvent) -> Key<'_> {
    (event.owner, &event.event_id)
}

/// In the order of the key, so that two processes with the same events wait for each other rather
/// than deadlock.
async fn store_bodies(
    session: &Session,
    events: &HashMap<Key<'_>, &NewEvent>,
    end: End,
) -> Result<u64, StoreError> {
    let failed = |e| refused("storing the bodies of events".to_owned(), e);
    let sql = "INSERT INTO event_body (owner, event_id, hash, body)
               SELECT * FROM unnest($1::BIGINT[], $2::TEXT[], $3::BYTEA[], $4::BYTEA[])
               ON CONFLICT DO NOTHING";
    let statement = session.prepare_cached(sql).await.map_err(failed)?;
    let mut sorted: Vec<_> = events.iter().collect();
    sorted.sort_unstable_by_key(|(key, _)| **key);
    let owners: Vec<i64> = sorted.iter().map(|((owner, _), _)| *owner).collect();
    let ids: Vec<&str> = sorted.iter().map(|((_, id), _)| *id).collect();
    let hashes: Vec<&[u8]> = sorted.iter().map(|(_, event)| event.hash.as_slice()).collect();
    let bodies: Vec<&[u8]> = sorted.iter().map(|(_, event)| event.body.as_slice()).collect();
    let params: [&(dyn ToSql + Sync); 4] = [&owners, &ids, &hashes, &bodies];
    let insert = session.execute(&statement, &params);
    if end == End::Open {
        return insert.await.map_err(failed);
    }
    // Both are on their way before the first is answered.
    let (begun, stored) = join(session.batch_execute("BEGIN"), insert).await;
    begun.map_err(failed)?;
    stored.map_err(failed)
}

/// The numbers and hashes of those that are in the log already.
async fn stored_before<'a>(
    session: &Session,
    events: &HashMap<Key<'a>, &'a NewEvent>,
) -> Result<HashMap<Key<'a>, (Seq, Vec<u8>)>, StoreError> {
    let failed = |e| refused("looking up events stored before".to_owned(), e);
    let sql = "SELECT l.owner, l.event_id, l.seq, b.hash
               FROM unnest($1::BIGINT[], $2::TEXT[]) AS w (owner, event_id)
               JOIN log l ON l.event_id = w.event_id AND l.owner = w.owner
               JOIN event_body b ON b.owner = l.owner AND b.event_id = l.event_id";
    let statement = session.prepare_cached(sql).await.map_err(failed)?;
    let (owners, ids): (Vec<i64>, Vec<&str>) = events.keys().copied().unzip();
    let rows = session.query(&statement, &[&owners, &ids]).await.map_err(failed)?;
    let mut known = HashMap::with_capacity(rows.len());
    for row in &rows {
        let owner: i64 = row.try_get(0).map_err(failed)?;
        let event_id: &str = row.try_get(1).map_err(failed)?;
        let Some(event) = events.get(&(owner, event_id)) else { continue };
        let stored = (Seq(row.try_get(2).map_err(failed)?), row.try_get(3).map_err(failed)?);
        known.insert(key(event), stored);
    }
    Ok(known)
}

/// Takes the numbers, writes the order and the postings, and returns the first number.
async fn number(session: &Session, fresh: &[&NewEvent], end: End) -> Result<Seq, StoreError> {
    let failed = |e| refused("numbering the log".to_owned(), e);
    let sql = "UPDATE log_head SET seq = seq + $1 WHERE one = 1 RETURNING seq";
    let log = session
        .prepare_cached(
            "INSERT INTO log (seq, owner, event_id, kind, action, event_time, offset_minutes, record_time, biz_step,
                 disposition, read_point, biz_location, corrects)
             SELECT * FROM unnest($1::BIGINT[], $2::BIGINT[], $3::TEXT[], $4::BIGINT[], $5::BIGINT[], $6::BIGINT[],
                 $7::BIGINT[], $8::BIGINT[], $9::TEXT[], $10::TEXT[], $11::TEXT[], $12::TEXT[], $13::TEXT[])",
        )
        .await
        .map_err(failed)?;
    let posting = session
        .prepare_cached(
            "INSERT INTO posting (id, role, seq) SELECT * FROM unnest($1::TEXT[], $2::BIGINT[], $3::BIGINT[])",
        )
        .await
        .map_err(failed)?;
    let head = session.prepare_cached(sql).await.map_err(failed)?;
    let last: i64 = session
        .query_one(&head, &[&(fresh.len() as i64)])
        .await
        .and_then(|row| row.try_get(0))
        .map_err(failed)?;
    let start = last - fresh.len() as i64 + 1;

    let ints = |of: fn(&NewEvent) -> i64| fresh.iter().map(|event| of(event)).collect::<Vec<i64>>();
    let seqs: Vec<i64> = (start..=last).collect();
    let (owners, kinds, actions) = (ints(|e| e.owner), ints(|e| e.kind), ints(|e| e.action));
    let (times, offsets) = (ints(|e| e.event_time), ints(|e| e.offset_minutes));
    let records = ints(|e| e.record_time);
    let ids: Vec<&str> = fresh.iter().map(|event| event.event_id.as_str()).collect();
    let steps = optional(fresh, |e| e.biz_step.as_deref());
    let dispositions = optional(fresh, |e| e.disposition.as_deref());
    let read_points = optional(fresh, |e| e.read_point.as_deref());
    let locations = optional(fresh, |e| e.biz_location.as_deref());
    let corrects = optional(fresh, |e| e.corrects.as_deref());
    let log_params: [&(dyn ToSql + Sync); 13] = [
        &seqs,
        &owners,
        &ids,
        &kinds,
        &actions,
        &times,
        &offsets,
        &records,
        &steps,
        &dispositions,
        &read_points,
        &locations,
        &corrects,
    ];

    // Sorted by identifier: neighbours in the index are written together.
    let mut postings: Vec<(&str, i64, i64)> = Vec::new();
    for (event, seq) in fresh.iter().zip(&seqs) {
        postings.extend(event.distinct_postings().into_iter().map(|(role, id)| (id, role, *seq)));
    }
    postings.sort_unstable();
    let posted: Vec<&str> = postings.iter().map(|posting| posting.0).collect();
    let roles: Vec<i64> = postings.iter().map(|posting| posting.1).collect();
    let posted_at: Vec<i64> = postings.iter().map(|posting| posting.2).collect();
    let posting_params: [&(dyn ToSql + Sync); 3] = [&posted, &roles, &posted_at];

    // All three are on their way at once. If an insert fails, the COMMIT behind it is a rollback,
    // and the insert's error is ours.
    let inserts =
        join(session.execute(&log, &log_params), session.execute(&posting, &posting_params));
    let ((log, posting), finished) = join(inserts, finish(session, end)).await;
    log.map_err(failed)?;
    posting.map_err(failed)?;
    finished?;
    Ok(Seq(start))
}

fn optional<'a>(
    events: &[&'a NewEvent],
    of: fn(&NewEvent) -> Option<&str>,
) -> Vec<Option<&'a str>> {
    events.iter().map(|event| of(event)).collect()
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
