//! Subscriptions and dead letters in the register.

use serde_json::{Value, json};
use store::{Filter, Row, Seq, SortBy, Tx, params, sql};

use super::body::Asked;
use super::schedule::Schedule;
use crate::app::{App, Micros};
use crate::identity::key::KeyHolder;
use crate::query::format::{Format, Syntax};
use crate::query::negotiate::Spelling;
use crate::shared::{Fail, audit};

/// Subscriptions that one organisation has.
pub const MOST: i64 = 200;
/// Events in one document, until a receiver says that they are too many.
pub const BATCH: i64 = 100;

/// A subscription to a named query by webhook.
#[derive(Debug, Clone)]
pub struct Subscription {
    pub id: i64,
    pub organisation: i64,
    pub query_name: String,
    pub dest: String,
    pub signature_token: String,
    /// Nothing: as events come.
    pub schedule: Option<Schedule>,
    pub report_if_empty: bool,
    pub initial_record_time: Option<Micros>,
    pub format: Format,
    pub created_at: Micros,
    /// The number in the log up to which the receiver has everything.
    pub position: Seq,
    pub next_at: Micros,
    pub batch: i64,
    /// Failed deliveries since the last that succeeded.
    pub attempts: i64,
    /// When the query was last executed.
    pub executed_at: Option<Micros>,
    /// When the receiver last answered 2xx.
    pub notified_at: Option<Micros>,
    pub failed_at: Option<Micros>,
    pub failure: String,
    /// Who delivers, and until when nobody else does.
    pub lease: String,
}

impl Subscription {
    fn of_row(row: &Row) -> Result<Subscription, Fail> {
        let schedule: Option<String> = row.at("schedule")?;
        let schedule = schedule.map(|text| match serde_json::from_str(&text) {
            Ok(Value::Object(fields)) => {
                Schedule::of_json(&fields).map_err(|wrong| Fail::internal(format!("{wrong:?}")))
            }
            _ => Err(Fail::internal("a schedule that is no object")),
        });
        let (media, epc, cbv): (String, String, String) =
            (row.at("format")?, row.at("epc_format")?, row.at("cbv_format")?);
        Ok(Subscription {
            id: row.at("id")?,
            organisation: row.at("organisation")?,
            query_name: row.at("query_name")?,
            dest: row.at("dest")?,
            signature_token: row.at("signature_token")?,
            schedule: schedule.transpose()?,
            report_if_empty: row.at("report_if_empty")?,
            initial_record_time: row.at("initial_record_time")?,
            format: Format {
                syntax: Syntax::of(&media).unwrap_or_default(),
                spelling: Spelling::of_codes(&epc, &cbv),
            },
            created_at: row.at("created_at")?,
            position: Seq(row.at("position")?),
            next_at: row.at("next_at")?,
            batch: row.at("batch")?,
            attempts: row.at("attempts")?,
            executed_at: row.at("executed_at")?,
            notified_at: row.at("notified_at")?,
            failed_at: row.at("failed_at")?,
            failure: row.at("failure")?,
            lease: row.at("lease")?,
        })
    }
}

/// Subscribes; nothing where the organisation has as many as it may.
pub async fn create(
    app: &App,
    holder: &KeyHolder,
    query_name: &str,
    asked: &Asked,
    spelling: Spelling,
) -> Result<Option<Subscription>, Fail> {
    let (owner, id, now) = (holder.organisation, app.id(), app.now());
    let position = first_position(app, asked.initial_record_time).await?;
    let next_at = match &asked.schedule {
        Some(schedule) => schedule.next(now).unwrap_or(Micros::MAX),
        None => 0,
    };
    let schedule = asked.schedule.as_ref().map(|schedule| schedule.to_json().to_string());
    let (epc, cbv) = spelling.codes();
    let mut tx = app.store.begin().await?;
    let row = tx
        .query_one(
            sql!("SELECT COUNT(*) FROM subscription WHERE organisation = $1"),
            &params![owner],
        )
        .await?;
    if row.map_or(Ok(0), |row| row.get::<i64>(0))? >= MOST {
        return Ok(None);
    }
    let row = tx
        .query_one(
            sql!(
                "INSERT INTO subscription (id, organisation, query_name, dest, signature_token, schedule, report_if_empty,
                   initial_record_time, format, epc_format, cbv_format, api_key, created_at, position, next_at, batch,
                   attempts, failure, lease, lease_until)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 0, '', '', 0) RETURNING *"
            ),
            &params![
                id,
                owner,
                query_name,
                &*asked.dest,
                &*asked.signature_token,
                schedule.clone(),
                asked.report_if_empty,
                asked.initial_record_time,
                asked.syntax.media_type(),
                epc,
                cbv,
                holder.key,
                now,
                position.0,
                next_at,
                BATCH
            ],
        )
        .await?
        .ok_or_else(|| Fail::internal("no row of a new subscription"))?;
    let change = audit::Change {
        subject_kind: "subscription",
        subject: id,
        action: "create",
        organisation: Some(owner),
        before: json!({}),
        after: json!({"query": query_name, "dest": asked.dest, "schedule": schedule}),
    };
    audit::record(app, &mut tx, holder.made_by, change).await?;
    tx.commit().await?;
    Ok(Some(Subscription::of_row(&row)?))
}

/// How far the times of recording may run against the numbers of the log: an event has its time before it waits for its number.
const DISORDER: Micros = 3_600_000_000;

/// Behind which number a subscription begins: behind all there is, or before everything recorded from a time on, whosever it is.
/// It may be some way before; the query itself asks for the time.
pub async fn first_position(app: &App, initial_record_time: Option<Micros>) -> Result<Seq, Fail> {
    let head = app.store.head().await?;
    let Some(from) = initial_record_time.filter(|from| *from <= app.now()) else {
        return Ok(head);
    };
    let filter = Filter {
        ge_record_time: Some(from.saturating_sub(DISORDER)),
        sort_by: SortBy::RecordTime,
        limit: 1,
        ..Filter::default()
    };
    let page = app.store.events(&filter).await?;
    Ok(page.events.first().map_or(head, |first| Seq(first.seq.0 - 1).min(head)))
}

/// Subscriptions to a query after an id, in their order.
pub async fn list(
    app: &App,
    owner: i64,
    query_name: &str,
    after: i64,
    limit: usize,
) -> Result<Vec<Subscription>, Fail> {
    let rows = app
        .store
        .query(
            sql!(
                "SELECT * FROM subscription WHERE organisation = $1 AND query_name = $2 AND id > $3
                 ORDER BY id LIMIT $4"
            ),
            &params![owner, query_name, after, limit as i64],
        )
        .await?;
    rows.iter().map(Subscription::of_row).collect()
}

/// All subscriptions of an organisation, newest first.
pub async fn all(app: &App, owner: i64) -> Result<Vec<Subscription>, Fail> {
    let rows = app
        .store
        .query(
            sql!("SELECT * FROM subscription WHERE organisation = $1 ORDER BY id DESC LIMIT $2"),
            &params![owner, MOST],
        )
        .await?;
    rows.iter().map(Subscription::of_row).collect()
}

/// A subscription to a query by its id.
pub async fn load(
    app: &App,
    owner: i64,
    query_name: &str,
    id: i64,
) -> Result<Option<Subscription>, Fail> {
    let row = app
        .store
        .query_one(
            sql!(
                "SELECT * FROM subscription WHERE organisation = $1 AND query_name = $2 AND id = $3"
            ),
            &params![owner, query_name, id],
        )
        .await?;
    row.as_ref().map(Subscription::of_row).transpose()
}

/// A subscription, whosever it is: for the runner.
pub(super) async fn of_id(app: &App, id: i64) -> Result<Option<Subscription>, Fail> {
    let row =
        app.store.query_one(sql!("SELECT * FROM subscription WHERE id = $1"), &params![id]).await?;
    row.as_ref().map(Subscription::of_row).transpose()
}

/// Subscriptions that may have something to do: their time has come, or they follow the log and stand behind its head. After
/// an id, in their order.
pub(super) async fn due(
    app: &App,
    now: Micros,
    head: Seq,
    after: i64,
    limit: usize,
) -> Result<Vec<Subscription>, Fail> {
    let rows = app
        .store
        .query(
            sql!(
                "SELECT * FROM subscription WHERE next_at <= $1 AND lease_until <= $1 AND id > $3
                   AND (schedule IS NOT NULL OR position < $2)
                 ORDER BY id LIMIT $4"
            ),
            &params![now, head.0, after, limit as i64],
        )
        .await?;
    rows.iter().map(Subscription::of_row).collect()
}

/// When the next subscription or letter is due that is not due yet.
pub(super) async fn next_due(app: &App, now: Micros) -> Result<Option<Micros>, Fail> {
    let next = app
        .store
        .query_one(
            sql!(
                "SELECT MIN(at) FROM (SELECT MIN(next_at) AS at FROM subscription WHERE next_at > $1
                   UNION ALL SELECT MIN(next_at) AS at FROM dead_letter WHERE next_at > $1) AS next"
            ),
            &params![now],
        )
        .await?;
    Ok(next.map_or(Ok(None), |row| row.get(0))?)
}

/// Ends a subscription with its letters; false where there is none.
pub async fn end(
    app: &App,
    actor: i64,
    owner: i64,
    query_name: Option<&str>,
    id: i64,
) -> Result<bool, Fail> {
    let mut tx = app.store.begin().await?;
    let found = tx
        .query_one(
            sql!("SELECT query_name, dest FROM subscription WHERE organisation = $1 AND id = $2"),
            &params![owner, id],
        )
        .await?;
    let Some(row) = found else { return Ok(false) };
    let (name, dest): (String, String) = (row.get(0)?, row.get(1)?);
    if query_name.is_some_and(|query| query != name) {
        return Ok(false);
    }
    tx.execute(sql!("DELETE FROM dead_letter WHERE subscription = $1"), &params![id]).await?;
    tx.execute(sql!("DELETE FROM subscription WHERE id = $1"), &params![id]).await?;
    let change = audit::Change {
        subject_kind: "subscription",
        subject: id,
        action: "end",
        organisation: Some(owner),
        before: json!({"query": name, "dest": dest}),
        after: json!({}),
    };
    audit::record(app, &mut tx, actor, change).await?;
    tx.commit().await?;
    Ok(true)
}

/// Ends every subscription to a query, within the transaction that ends the query.
pub async fn end_all_of(tx: &mut Tx, owner: i64, query_name: &str) -> Result<(), Fail> {
    tx.execute(
        sql!(
            "DELETE FROM dead_letter WHERE subscription IN
               (SELECT id FROM subscription WHERE organisation = $1 AND query_name = $2)"
        ),
        &params![owner, query_name],
    )
    .await?;
    tx.execute(
        sql!("DELETE FROM subscription WHERE organisation = $1 AND query_name = $2"),
        &params![owner, query_name],
    )
    .await?;
    Ok(())
}
