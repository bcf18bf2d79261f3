//! Reading the log in PostgreSQL's own terms: arrays as parameters, bodies joined by their key.

use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::Session;
pub(super) use super::append::{End, append};
use super::fault::refused;
use super::values::as_sql;
use crate::error::StoreError;
use crate::filter::{FOLLOW_BYTES, Filter, IN_ORDER};
use crate::key::{event_key, key};
use crate::log::{Hop, Logged, Posting, Seq};
use crate::store::Engine;

pub(super) async fn head(session: &Session) -> Result<Seq, StoreError> {
    let rows = run(session, "SELECT seq FROM log_head WHERE one = 1", &[]).await?;
    rows.first().map_or(Ok(Seq::ZERO), |row| row.try_get(0).map(Seq)).map_err(misread)
}

pub(super) async fn follow(
    session: &Session,
    after: Seq,
    limit: usize,
) -> Result<Vec<Logged>, StoreError> {
    let page = "SELECT * FROM log WHERE seq > $1 ORDER BY seq LIMIT $2";
    let sql = with_bodies(page, Some((IN_ORDER, FOLLOW_BYTES))) + " ORDER BY l.seq";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    collect(&run(session, &sql, &[&after.0, &limit]).await?)
}

pub(super) async fn event(
    session: &Session,
    owner: Option<i64>,
    event_id: &str,
) -> Result<Option<Logged>, StoreError> {
    let sql = "SELECT l.seq, l.owner, b.event_id, l.kind, l.action, l.event_time, l.offset_minutes, l.record_time, l.biz_step,
                   l.disposition, l.read_point, l.biz_location, l.corrects, b.hash, b.body
               FROM log l JOIN event_body b ON b.owner = l.owner AND b.event_key = l.event_key
               WHERE l.event_key = $1 AND (CAST($2 AS BIGINT) IS NULL OR l.owner = $2)
               ORDER BY l.seq LIMIT 1";
    Ok(collect(&run(session, sql, &[&event_key(event_id).as_slice(), &owner]).await?)?.pop())
}

pub(super) async fn at(session: &Session, seqs: &[Seq]) -> Result<Vec<Logged>, StoreError> {
    let sql = "SELECT l.seq, l.owner, b.event_id, l.kind, l.action, l.event_time, l.offset_minutes, l.record_time, l.biz_step,
                   l.disposition, l.read_point, l.biz_location, l.corrects, b.hash, b.body
               FROM log l JOIN event_body b ON b.owner = l.owner AND b.event_key = l.event_key
               WHERE l.seq = ANY($1)
               ORDER BY l.seq";
    let seqs: Vec<i64> = seqs.iter().map(|seq| seq.0).collect();
    collect(&run(session, sql, &[&seqs]).await?)
}

/// The page is cut from the narrow table first; only its bodies are read.
pub(super) async fn events(session: &Session, filter: &Filter) -> Result<Vec<Logged>, StoreError> {
    let (page, params) = filter.statement(Engine::Postgres);
    let sql = with_bodies(&page, filter.bytes.map(|bytes| (filter.order(), bytes)));
    let failed = |e| refused("selecting events".to_owned(), e);
    // Its text varies too much to be worth keeping prepared.
    let statement = session.prepare(&sql).await.map_err(failed)?;
    collect(&session.query(&statement, &as_sql(&params)).await.map_err(failed)?)
}

/// Joins their bodies to the rows of a page of the log. Where it ends after so many bytes, in the order given, the sizes are looked
/// at first: they are read without the bodies.
fn with_bodies(page: &str, within: Option<(&str, usize)>) -> String {
    if let Some((order, bytes)) = within {
        let sized = format!(
            "SELECT l.*, sum(l.size) OVER (ORDER BY {order} ROWS UNBOUNDED PRECEDING) - l.size AS before
             FROM (SELECT l.*, octet_length(b.body) AS size
                   FROM ({page}) l JOIN event_body b ON b.owner = l.owner AND b.event_key = l.event_key) l"
        );
        return with_bodies(&sized, None) + &format!(" WHERE l.before < {bytes}");
    }
    format!(
        "SELECT l.seq, l.owner, b.event_id, l.kind, l.action, l.event_time, l.offset_minutes, l.record_time, l.biz_step,
             l.disposition, l.read_point, l.biz_location, l.corrects, b.hash, b.body
         FROM ({page}) l JOIN event_body b ON b.owner = l.owner AND b.event_key = l.event_key"
    )
}

pub(super) async fn postings(
    session: &Session,
    ids: &[String],
    hop: &Hop,
) -> Result<Vec<Posting>, StoreError> {
    let sql = "SELECT p.seq, w.id, p.role
               FROM unnest($8::BYTEA[], $1::TEXT[]) AS w (key, id)
               JOIN LATERAL (
                   SELECT u.seq, r.role FROM posting_run r CROSS JOIN LATERAL unnest(r.seqs) AS u (seq)
                   WHERE r.key = w.key AND r.key = ANY($8) AND r.first <= $3
               ) p ON TRUE
               WHERE (cardinality($2::BIGINT[]) = 0 OR p.role = ANY($2))
                   AND p.seq <= $3 AND (p.seq, w.id COLLATE \"C\", p.role) > ($4, $5, $6)
               ORDER BY p.seq, w.id COLLATE \"C\", p.role LIMIT $7";
    let mut ids: Vec<&String> = ids.iter().collect();
    ids.sort_unstable();
    ids.dedup();
    let keys: Vec<Vec<u8>> = ids.iter().map(|id| key(id).to_vec()).collect();
    let limit = i64::try_from(hop.limit).unwrap_or(i64::MAX);
    // Before every posting: numbers begin at 1.
    let before = Posting { seq: Seq::ZERO, id: String::new(), role: 0 };
    let after = hop.after.as_ref().unwrap_or(&before);
    let params: [&(dyn ToSql + Sync); 8] =
        [&ids, &hop.roles, &hop.upto.0, &after.seq.0, &after.id, &after.role, &limit, &keys];
    let rows = run(session, sql, &params).await?;
    rows.iter()
        .map(|row| {
            Ok(Posting { seq: Seq(row.try_get(0)?), id: row.try_get(1)?, role: row.try_get(2)? })
        })
        .collect::<Result<_, _>>()
        .map_err(misread)
}

/// Those of the given postings that are not stored.
pub(super) async fn missing(
    session: &Session,
    postings: Vec<Posting>,
) -> Result<Vec<Posting>, StoreError> {
    // Groups are numbered one after another, so only the last run that begins before a number can hold it.
    let sql = "SELECT w.seq, w.id, w.role
               FROM unnest($1::BIGINT[], $2::TEXT[], $3::BIGINT[], $4::BYTEA[]) AS w (seq, id, role, key)
               LEFT JOIN LATERAL (
                   SELECT r.seqs FROM posting_run r WHERE r.key = w.key AND r.role = w.role AND r.first <= w.seq
                   ORDER BY r.first DESC LIMIT 1
               ) run ON TRUE
               WHERE (w.seq = ANY(run.seqs)) IS NOT TRUE";
    let keys: Vec<Vec<u8>> = postings.iter().map(|posting| key(&posting.id).to_vec()).collect();
    let seqs: Vec<i64> = postings.iter().map(|posting| posting.seq.0).collect();
    let ids: Vec<&str> = postings.iter().map(|posting| posting.id.as_str()).collect();
    let roles: Vec<i64> = postings.iter().map(|posting| posting.role).collect();
    let rows = run(session, sql, &[&seqs, &ids, &roles, &keys]).await?;
    rows.iter()
        .map(|row| {
            Ok(Posting { seq: Seq(row.try_get(0)?), id: row.try_get(1)?, role: row.try_get(2)? })
        })
        .collect::<Result<_, _>>()
        .map_err(misread)
}

async fn run(
    session: &Session,
    sql: &str,
    params: &[&(dyn ToSql + Sync)],
) -> Result<Vec<Row>, StoreError> {
    let failed = |e| refused("reading the log".to_owned(), e);
    let statement = session.prepare_cached(sql).await.map_err(failed)?;
    session.query(&statement, params).await.map_err(failed)
}

fn collect(rows: &[Row]) -> Result<Vec<Logged>, StoreError> {
    rows.iter().map(logged).collect::<Result<_, _>>().map_err(misread)
}

fn misread(error: tokio_postgres::Error) -> StoreError {
    refused("reading a row of the log".to_owned(), error)
}

fn logged(row: &Row) -> Result<Logged, tokio_postgres::Error> {
    Ok(Logged {
        seq: Seq(row.try_get(0)?),
        owner: row.try_get(1)?,
        event_id: row.try_get(2)?,
        kind: row.try_get(3)?,
        action: row.try_get(4)?,
        event_time: row.try_get(5)?,
        offset_minutes: row.try_get(6)?,
        record_time: row.try_get(7)?,
        biz_step: row.try_get(8)?,
        disposition: row.try_get(9)?,
        read_point: row.try_get(10)?,
        biz_location: row.try_get(11)?,
        corrects: row.try_get(12)?,
        hash: row.try_get(13)?,
        body: row.try_get(14)?,
    })
}
