//! The log in SQLite's own terms: rows by number, postings by key, all on the writer or a reader
//! connection.

use rusqlite::{Connection, OptionalExtension as _, Row, ToSql, params};

use super::statements::{self, fault, refused};
use crate::error::StoreError;
use crate::log::{Appended, Hop, Logged, NewEvent, Posting, Seq};
use crate::value::Value;

/// In the order [`logged`] reads them.
pub(super) const COLUMNS: &str = "seq, owner, event_id, kind, action, event_time, offset_minutes, record_time, biz_step, \
     disposition, read_point, biz_location, corrects, hash, body";

/// Appends within the open transaction of the one writer.
pub(super) fn append(
    connection: &Connection,
    batch: &[NewEvent],
) -> Result<Vec<Appended>, StoreError> {
    let failed = fault(|| "appending to the log".to_owned());
    let mut insert = connection
        .prepare_cached(
            "INSERT INTO log (seq, owner, event_id, kind, action, event_time, offset_minutes, record_time, biz_step,
                 disposition, read_point, biz_location, corrects, hash, body)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
             ON CONFLICT (event_id, owner) DO NOTHING",
        )
        .map_err(&failed)?;
    let mut post = connection
        .prepare_cached("INSERT INTO posting (id, role, seq) VALUES (?1, ?2, ?3)")
        .map_err(&failed)?;
    let mut last = head(connection)?;
    let mut appended = Vec::with_capacity(batch.len());
    for event in batch {
        let seq = last.next();
        let stored = insert
            .execute(params![
                seq.0,
                event.owner,
                event.event_id,
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
                event.hash,
                event.body,
            ])
            .map_err(&failed)?;
        if stored == 0 {
            appended.push(earlier(connection, event)?);
            continue;
        }
        for (role, id) in event.distinct_postings() {
            post.execute(params![id, role, seq.0]).map_err(&failed)?;
        }
        last = seq;
        appended.push(Appended::Stored(seq));
    }
    Ok(appended)
}

fn earlier(connection: &Connection, event: &NewEvent) -> Result<Appended, StoreError> {
    let failed = fault(|| "looking up an event stored before".to_owned());
    let mut statement = connection
        .prepare_cached("SELECT seq, hash FROM log WHERE event_id = ?1 AND owner = ?2")
        .map_err(&failed)?;
    let (seq, hash): (i64, Vec<u8>) = statement
        .query_row(params![event.event_id, event.owner], |row| Ok((row.get(0)?, row.get(1)?)))
        .map_err(&failed)?;
    Ok(if hash == event.hash {
        Appended::Duplicate(Seq(seq))
    } else {
        Appended::Conflict(Seq(seq))
    })
}

pub(super) fn head(connection: &Connection) -> Result<Seq, StoreError> {
    let failed = fault(|| "reading the head of the log".to_owned());
    let mut statement =
        connection.prepare_cached("SELECT coalesce(max(seq), 0) FROM log").map_err(&failed)?;
    statement.query_row([], |row| row.get(0)).map(Seq).map_err(&failed)
}

pub(super) fn follow(
    connection: &Connection,
    after: Seq,
    limit: usize,
) -> Result<Vec<Logged>, StoreError> {
    let sql = "SELECT seq, owner, event_id, kind, action, event_time, offset_minutes, record_time, biz_step, disposition,
                   read_point, biz_location, corrects, hash, body
               FROM log WHERE seq > $1 ORDER BY seq LIMIT $2";
    collect(connection, sql, &[&after.0, &i64::try_from(limit).unwrap_or(i64::MAX)])
}

pub(super) fn event(
    connection: &Connection,
    owner: Option<i64>,
    event_id: &str,
) -> Result<Option<Logged>, StoreError> {
    let failed = fault(|| "looking up an event".to_owned());
    let mut statement = connection
        .prepare_cached(
            "SELECT seq, owner, event_id, kind, action, event_time, offset_minutes, record_time, biz_step, disposition,
                 read_point, biz_location, corrects, hash, body
             FROM log WHERE event_id = ?1 AND (?2 IS NULL OR owner = ?2) ORDER BY seq LIMIT 1",
        )
        .map_err(&failed)?;
    statement.query_row(params![event_id, owner], logged).optional().map_err(&failed)
}

pub(super) fn at(connection: &Connection, mut seqs: Vec<Seq>) -> Result<Vec<Logged>, StoreError> {
    seqs.sort_unstable();
    seqs.dedup();
    let failed = fault(|| "reading events by number".to_owned());
    let mut statement = connection
        .prepare_cached(
            "SELECT seq, owner, event_id, kind, action, event_time, offset_minutes, record_time, biz_step, disposition,
                 read_point, biz_location, corrects, hash, body
             FROM log WHERE seq = ?1",
        )
        .map_err(&failed)?;
    let mut events = Vec::with_capacity(seqs.len());
    for seq in seqs {
        events.extend(statement.query_row([seq.0], logged).optional().map_err(&failed)?);
    }
    Ok(events)
}

/// The rows of a built statement; its text varies too much to be worth keeping prepared.
pub(super) fn select(
    connection: &Connection,
    sql: &str,
    params: &[Value],
) -> Result<Vec<Logged>, StoreError> {
    let failed = |e| refused("selecting events".to_owned(), e);
    let mut statement = connection.prepare(sql).map_err(failed)?;
    statements::bind(&mut statement, sql, params)?;
    statement.raw_query().mapped(logged).collect::<rusqlite::Result<_>>().map_err(failed)
}

pub(super) fn postings(
    connection: &Connection,
    mut ids: Vec<String>,
    hop: &Hop,
) -> Result<Vec<Posting>, StoreError> {
    ids.sort_unstable();
    ids.dedup();
    let failed = fault(|| "looking up postings".to_owned());
    let mut statement = connection
        .prepare_cached(
            "SELECT role, seq FROM posting WHERE id = ?1 AND seq >= ?2 AND seq <= ?3
             AND (?2 < seq OR ?4 < ?1 OR (?4 = ?1 AND ?5 < role))
             ORDER BY seq, role",
        )
        .map_err(&failed)?;
    let (start, after_id, after_role) = match &hop.after {
        Some(after) => (after.seq.0, after.id.as_str(), after.role),
        // Before every posting: numbers begin at 1.
        None => (0, "", 0),
    };
    let mut found = Vec::new();
    for id in ids {
        let mut rows = statement
            .query(params![id, start, hop.upto.0, after_id, after_role])
            .map_err(&failed)?;
        let mut taken = 0;
        while let Some(row) = rows.next().map_err(&failed)? {
            let role = row.get(0).map_err(&failed)?;
            if !hop.roles.is_empty() && !hop.roles.contains(&role) {
                continue;
            }
            found.push(Posting { seq: Seq(row.get(1).map_err(&failed)?), id: id.clone(), role });
            taken += 1;
            if taken == hop.limit {
                break;
            }
        }
    }
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
    let mut statement = connection
        .prepare_cached("SELECT 1 FROM posting WHERE id = ?1 AND role = ?2 AND seq = ?3")
        .map_err(&failed)?;
    let mut missing = Vec::new();
    for posting in postings {
        if !statement.exists(params![posting.id, posting.role, posting.seq.0]).map_err(&failed)? {
            missing.push(posting);
        }
    }
    Ok(missing)
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
