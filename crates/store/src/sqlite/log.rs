//! The log in SQLite's own terms: appended to small tables, settled in bulk into the indexed ones, read through the views of both.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, Row, ToSql, params};

use super::packed;
use super::statements::{self, fault, refused};
use crate::error::StoreError;
use crate::filter::{FOLLOW_BYTES, IN_ORDER};
use crate::key::{Entry, Key, event_key, key};
use crate::log::{Appended, Hop, Logged, Posting, Seq};
use crate::value::Value;

/// From so many fresh events on they are settled. More means fewer pages written for each event; fewer means less to scan for a
/// reader, who reads through the postings of all fresh events.
const SETTLE_AT: i64 = 4_000;

/// Appends within the open transaction of the one writer.
pub(super) fn append(
    connection: &Connection,
    batch: &[Entry],
) -> Result<Vec<Appended>, StoreError> {
    let failed = fault(|| "appending to the log".to_owned());
    let mut settled = connection
        .prepare_cached("SELECT 1 FROM log_settled WHERE event_key = ?1 AND owner = ?2")
        .map_err(&failed)?;
    let mut insert = connection
        .prepare_cached(
            "INSERT INTO log_fresh (seq, owner, event_key, kind, action, event_time, offset_minutes, record_time, biz_step,
                 disposition, read_point, biz_location, corrects, postings)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
             ON CONFLICT (event_key, owner) DO NOTHING",
        )
        .map_err(&failed)?;
    let mut keep = connection
        .prepare_cached(
            "INSERT INTO event_body (seq, event_id, hash, body) VALUES (?1, ?2, ?3, ?4)",
        )
        .map_err(&failed)?;
    let mut post = connection.prepare_cached(POST).map_err(&failed)?;
    let mut last = head(connection)?;
    let mut appended = Vec::with_capacity(batch.len());
    for entry in batch {
        let (event, seq) = (&entry.event, last.next());
        let many = entry.postings.len() > packed::MOST;
        let packed = if many { Vec::new() } else { packed::pack(&entry.postings) };
        let known = settled.exists(params![entry.key, event.owner]).map_err(&failed)?;
        let stored = !known
            && 1 == insert
                .execute(params![
                    seq.0,
                    event.owner,
                    entry.key,
                    event.kind,
                    event.action,
                    event.event_time,
                    event.offset_minutes,
                    event.record_time,
                    event.biz_step,
                    event.disposition,
                    event.read_point,
                    event.biz_location,
                    event.corrects,
                    packed,
                ])
                .map_err(&failed)?;
        if !stored {
            appended.push(earlier(connection, entry)?);
            continue;
        }
        keep.execute(params![seq.0, event.event_id, event.hash, event.body]).map_err(&failed)?;
        for (key, role) in entry.postings.iter().filter(|_| many) {
            post.execute(params![key, seq.0, role]).map_err(&failed)?;
        }
        last = seq;
        appended.push(Appended::Stored(seq));
    }
    Ok(appended)
}

fn earlier(connection: &Connection, entry: &Entry) -> Result<Appended, StoreError> {
    let failed = fault(|| "looking up an event stored before".to_owned());
    let mut statement = connection
        .prepare_cached(
            "SELECT b.seq, b.hash FROM event_body b
             WHERE b.seq = (SELECT seq FROM log WHERE event_key = ?1 AND owner = ?2)",
        )
        .map_err(&failed)?;
    let (seq, hash): (i64, Vec<u8>) = statement
        .query_row(params![entry.key, entry.event.owner], |row| Ok((row.get(0)?, row.get(1)?)))
        .map_err(&failed)?;
    Ok(if hash == entry.event.hash {
        Appended::Duplicate(Seq(seq))
    } else {
        Appended::Conflict(Seq(seq))
    })
}

/// Whether there is enough to settle, or, with `all`, anything.
pub(super) fn is_unsettled(connection: &Connection, all: bool) -> Result<bool, StoreError> {
    let failed = fault(|| "counting what is not settled".to_owned());
    let mut statement = connection
        .prepare_cached(
            "SELECT coalesce((SELECT max(seq) FROM log_fresh) - (SELECT min(seq) FROM log_fresh) + 1, 0)",
        )
        .map_err(&failed)?;
    let events: i64 = statement.query_row([], |row| row.get(0)).map_err(&failed)?;
    Ok(events >= if all { 1 } else { SETTLE_AT })
}

/// Moves what is fresh into the indexed tables, within an open transaction. Sorted, so that neighbours in the index are written
/// together. What can be found stays the same.
pub(super) fn settle(connection: &Connection) -> Result<(), StoreError> {
    let failed = fault(|| "settling the log".to_owned());
    let mut postings: Vec<(Key, i64, u8)> = Vec::new();
    each_fresh(connection, 0, i64::MAX, |key, seq, role| postings.push((key, seq, role)))?;
    postings.sort_unstable();
    let mut post = connection.prepare_cached(POST).map_err(&failed)?;
    for (key, seq, role) in &postings {
        post.execute(params![key, seq, role]).map_err(&failed)?;
    }
    for sql in [
        "INSERT INTO log_settled (seq, owner, event_key, kind, action, event_time, offset_minutes, record_time, biz_step,
             disposition, read_point, biz_location, corrects)
         SELECT seq, owner, event_key, kind, action, event_time, offset_minutes, record_time, biz_step,
             disposition, read_point, biz_location, corrects FROM log_fresh ORDER BY seq",
        "DELETE FROM log_fresh",
    ] {
        statements::execute(connection, sql, &[])?;
    }
    Ok(())
}

const POST: &str = "INSERT INTO posting_settled (key, seq, role) VALUES (?1, ?2, ?3)";

/// Every posting of the fresh events of these numbers.
fn each_fresh(
    connection: &Connection,
    first: i64,
    last: i64,
    mut take: impl FnMut(Key, i64, u8),
) -> Result<(), StoreError> {
    let failed = fault(|| "reading fresh postings".to_owned());
    let mut statement = connection
        .prepare_cached("SELECT seq, postings FROM log_fresh WHERE seq BETWEEN ?1 AND ?2")
        .map_err(&failed)?;
    let mut rows = statement.query([first, last]).map_err(&failed)?;
    while let Some(row) = rows.next().map_err(&failed)? {
        let seq = row.get(0).map_err(&failed)?;
        let packed = row.get_ref(1).map_err(&failed)?.as_blob().unwrap_or_default();
        packed::unpack(packed).for_each(|(key, role)| take(key, seq, role));
    }
    Ok(())
}

pub(super) fn head(connection: &Connection) -> Result<Seq, StoreError> {
    let failed = fault(|| "reading the head of the log".to_owned());
    let mut statement = connection
        .prepare_cached("SELECT coalesce(max(seq), 0) FROM event_body")
        .map_err(&failed)?;
    statement.query_row([], |row| row.get(0)).map(Seq).map_err(&failed)
}

pub(super) fn follow(
    connection: &Connection,
    after: Seq,
    limit: usize,
) -> Result<Vec<Logged>, StoreError> {
    let page = "SELECT * FROM log WHERE seq > $1 ORDER BY seq LIMIT $2";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let sql = with_bodies(page, Some((IN_ORDER, FOLLOW_BYTES)));
    let mut events = collect(connection, &sql, &[&after.0, &limit])?;
    events.sort_unstable_by_key(|event| event.seq);
    Ok(events)
}

pub(super) fn event(
    connection: &Connection,
    owner: Option<i64>,
    event_id: &str,
) -> Result<Option<Logged>, StoreError> {
    let page = "SELECT * FROM log WHERE event_key = $1 AND ($2 IS NULL OR owner = $2) ORDER BY seq LIMIT 1";
    Ok(collect(connection, &with_bodies(page, None), &[&event_key(event_id), &owner])?.pop())
}

pub(super) fn at(connection: &Connection, mut seqs: Vec<Seq>) -> Result<Vec<Logged>, StoreError> {
    seqs.sort_unstable();
    seqs.dedup();
    let mut events = Vec::with_capacity(seqs.len());
    let sql = with_bodies("SELECT * FROM log WHERE seq = $1", None);
    for seq in seqs {
        events.extend(collect(connection, &sql, &[&seq.0])?);
    }
    Ok(events)
}

/// The rows of a built page, in no certain order; its text varies too much to be worth keeping prepared.
pub(super) fn select(
    connection: &Connection,
    page: &str,
    params: &[Value],
    within: Option<Within>,
) -> Result<Vec<Logged>, StoreError> {
    let failed = |e| refused("selecting events".to_owned(), e);
    let sql = with_bodies(page, within);
    let mut statement = connection.prepare(&sql).map_err(failed)?;
    statements::bind(&mut statement, &sql, params)?;
    statement.raw_query().mapped(logged).collect::<rusqlite::Result<_>>().map_err(failed)
}

/// How SQLite would go about a built page, a line for each step.
#[cfg(feature = "testing")]
pub(super) fn plan(
    connection: &Connection,
    page: &str,
    params: &[Value],
    within: Option<Within>,
) -> Result<Vec<String>, StoreError> {
    let failed = |e| refused("explaining a page".to_owned(), e);
    let sql = format!("EXPLAIN QUERY PLAN {}", with_bodies(page, within));
    let mut statement = connection.prepare(&sql).map_err(failed)?;
    statements::bind(&mut statement, &sql, params)?;
    statement.raw_query().mapped(|row| row.get(3)).collect::<rusqlite::Result<_>>().map_err(failed)
}

pub(super) fn postings(
    connection: &Connection,
    ids: &[String],
    hop: &Hop,
) -> Result<Vec<Posting>, StoreError> {
    let asked: HashMap<Key, &String> = ids.iter().map(|id| (key(id), id)).collect();
    // Before every posting: numbers begin at 1.
    let start = hop.after.as_ref().map_or(0, |after| after.seq.0);
    let mut found = Vec::new();
    let mut take = |key: &Key, seq, role| {
        let Some(&id) = asked.get(key) else { return false };
        let posting = Posting { seq: Seq(seq), id: id.clone(), role };
        let wanted = hop.roles.is_empty() || hop.roles.contains(&role);
        let wanted = wanted && hop.after.as_ref().is_none_or(|after| posting > *after);
        if wanted {
            found.push(posting);
        }
        wanted
    };
    let failed = fault(|| "looking up postings".to_owned());
    // One snapshot: between two, postings might be settled.
    let snapshot = connection.unchecked_transaction().map_err(&failed)?;
    each_fresh(connection, start, hop.upto.0, |key, seq, role| {
        take(&key, seq, role.into());
    })?;
    let mut settled = connection
        .prepare_cached(
            "SELECT seq, role FROM posting_settled WHERE key = ?1 AND seq BETWEEN ?2 AND ?3 ORDER BY seq, role",
        )
        .map_err(&failed)?;
    for key in asked.keys() {
        let mut rows = settled.query(params![key, start, hop.upto.0]).map_err(&failed)?;
        let mut taken = 0;
        while let Some(row) = rows.next().map_err(&failed)?
            && taken < hop.limit
        {
            let (seq, role) = (row.get(0).map_err(&failed)?, row.get(1).map_err(&failed)?);
            taken += usize::from(take(key, seq, role));
        }
    }
    drop(settled);
    snapshot.finish().map_err(&failed)?;
    found.sort_unstable();
    found.truncate(hop.limit);
    Ok(found)
}

/// Those of the given postings that are not stored.
pub(super) fn missing(
    connection: &Connection,
    postings: Vec<Posting>,
) -> Result<Vec<Posting>, StoreError> {
    let failed = fault(|| "checking postings".to_owned());
    let snapshot = connection.unchecked_transaction().map_err(&failed)?;
    let mut fresh: HashSet<(Key, i64, i64)> = HashSet::new();
    each_fresh(connection, 0, i64::MAX, |key, seq, role| {
        fresh.insert((key, seq, role.into()));
    })?;
    let mut settled = connection
        .prepare_cached("SELECT 1 FROM posting_settled WHERE key = ?1 AND seq = ?2 AND role = ?3")
        .map_err(&failed)?;
    let mut missing = Vec::new();
    for posting in postings {
        let wanted = (key(&posting.id), posting.seq.0, posting.role);
        if !fresh.contains(&wanted)
            && !settled.exists(params![wanted.0, wanted.1, wanted.2]).map_err(&failed)?
        {
            missing.push(posting);
        }
    }
    drop(settled);
    snapshot.finish().map_err(&failed)?;
    Ok(missing)
}

/// The order of a page, and the bytes after which it ends.
type Within = (&'static str, usize);

/// Joins their bodies to the rows of a page of the log. Where it ends after so many bytes, the sizes are looked at first: they are
/// read without the bodies.
fn with_bodies(page: &str, within: Option<Within>) -> String {
    if let Some((order, bytes)) = within {
        let sized = format!(
            "SELECT l.*, sum(l.size) OVER (ORDER BY {order} ROWS UNBOUNDED PRECEDING) - l.size AS before
             FROM (SELECT l.*, length(b.body) AS size FROM ({page}) l JOIN event_body b ON b.seq = l.seq) l"
        );
        return with_bodies(&sized, None) + &format!(" WHERE l.before < {bytes}");
    }
    format!(
        "SELECT l.seq, l.owner, b.event_id, l.kind, l.action, l.event_time, l.offset_minutes, l.record_time, l.biz_step,
             l.disposition, l.read_point, l.biz_location, l.corrects, b.hash, b.body
         FROM ({page}) l JOIN event_body b ON b.seq = l.seq"
    )
}

fn collect(
    connection: &Connection,
    sql: &str,
    params: &[&dyn ToSql],
) -> Result<Vec<Logged>, StoreError> {
    let failed = |e| refused("reading the log".to_owned(), e);
    let mut statement = connection.prepare_cached(sql).map_err(failed)?;
    let rows = statement.query_map(params, logged).map_err(failed)?;
    rows.collect::<rusqlite::Result<_>>().map_err(failed)
}

fn logged(row: &Row<'_>) -> rusqlite::Result<Logged> {
    Ok(Logged {
        seq: Seq(row.get(0)?),
        owner: row.get(1)?,
        event_id: row.get(2)?,
        kind: row.get(3)?,
        action: row.get(4)?,
        event_time: row.get(5)?,
        offset_minutes: row.get(6)?,
        record_time: row.get(7)?,
        biz_step: row.get(8)?,
        disposition: row.get(9)?,
        read_point: row.get(10)?,
        biz_location: row.get(11)?,
        corrects: row.get(12)?,
        hash: row.get(13)?,
        body: row.get(14)?,
    })
}
