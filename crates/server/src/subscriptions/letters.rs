//! Dead letters: stretches of the log that a receiver did not take. Each waits until somebody of the organisation asks to send
//! it again, and goes when the receiver has taken it.

use serde_json::json;
use store::{Row, Seq, params, sql};

use super::lease::LEASE;
use crate::app::{App, Micros};
use crate::shared::{Fail, audit};

/// Letters of one organisation that are shown.
const SHOWN: i64 = 200;

/// A stretch of the log that was not taken.
#[derive(Debug, Clone)]
pub struct Letter {
    pub id: i64,
    pub subscription: i64,
    pub after: Seq,
    pub upto: Seq,
    pub events: i64,
    pub failure: String,
    pub died_at: Micros,
    pub attempts: i64,
    /// When it is tried again; nothing while it rests.
    pub next_at: Option<Micros>,
    pub(super) lease: String,
}

fn of_row(row: &Row) -> Result<Letter, Fail> {
    Ok(Letter {
        id: row.at("id")?,
        subscription: row.at("subscription")?,
        after: Seq(row.at("after_position")?),
        upto: Seq(row.at("upto_position")?),
        events: row.at("events")?,
        failure: row.at("failure")?,
        died_at: row.at("died_at")?,
        attempts: row.at("attempts")?,
        next_at: row.at("next_at")?,
        lease: row.at("lease")?,
    })
}

/// Letters of an organisation, newest first.
pub async fn all(app: &App, owner: i64) -> Result<Vec<Letter>, Fail> {
    let rows = app
        .store
        .query(
            sql!("SELECT * FROM dead_letter WHERE organisation = $1 ORDER BY id DESC LIMIT $2"),
            &params![owner, SHOWN],
        )
        .await?;
    rows.iter().map(of_row).collect()
}

/// How many letters a subscription has.
pub async fn count(app: &App, subscription: i64) -> Result<i64, Fail> {
    let row = app
        .store
        .query_one(
            sql!("SELECT COUNT(*) FROM dead_letter WHERE subscription = $1"),
            &params![subscription],
        )
        .await?;
    Ok(row.map_or(Ok(0), |row| row.get(0))?)
}

/// Letters whose time has come.
pub(super) async fn due(app: &App, now: Micros, limit: usize) -> Result<Vec<Letter>, Fail> {
    let rows = app
        .store
        .query(
            sql!(
                "SELECT * FROM dead_letter WHERE next_at <= $1 AND lease_until <= $1 ORDER BY next_at LIMIT $2"
            ),
            &params![now, limit as i64],
        )
        .await?;
    rows.iter().map(of_row).collect()
}

/// Asks to send a letter again; false where there is none, or it is on its way.
pub async fn send_again(app: &App, actor: i64, owner: i64, id: i64) -> Result<bool, Fail> {
    let mut tx = app.store.begin().await?;
    let asked = tx
        .query_one(
            sql!(
                "UPDATE dead_letter SET next_at = $3, attempts = 0 WHERE id = $1 AND organisation = $2 AND next_at IS NULL
                 RETURNING subscription, events"
            ),
            &params![id, owner, app.now()],
        )
        .await?;
    let Some(row) = asked else { return Ok(false) };
    let change = audit::Change {
        subject_kind: "subscription",
        subject: row.get(0)?,
        action: "send_again",
        organisation: Some(owner),
        before: json!({}),
        after: json!({"events": row.get::<i64>(1)?}),
    };
    audit::record(app, &mut tx, actor, change).await?;
    tx.commit().await?;
    Ok(true)
}

/// Takes a letter, if its time has come and nobody has it.
pub(super) async fn take(app: &App, id: i64) -> Result<Option<Letter>, Fail> {
    let (now, lease) = (app.now(), app.token());
    let taken = app
        .store
        .execute(
            sql!(
                "UPDATE dead_letter SET lease = $2, lease_until = $3
                 WHERE id = $1 AND lease_until <= $4 AND next_at <= $4"
            ),
            &params![id, &*lease, now + LEASE, now],
        )
        .await?;
    if taken == 0 {
        return Ok(None);
    }
    let row = app
        .store
        .query_one(
            sql!("SELECT * FROM dead_letter WHERE id = $1 AND lease = $2"),
            &params![id, &*lease],
        )
        .await?;
    row.as_ref().map(of_row).transpose()
}

/// A letter was taken by its receiver: it goes.
pub(super) async fn taken(app: &App, letter: &Letter) -> Result<(), Fail> {
    let done = sql!("DELETE FROM dead_letter WHERE id = $1 AND lease = $2");
    app.store.execute(done, &params![letter.id, &*letter.lease]).await?;
    Ok(())
}

/// A letter was not taken again: it is tried later, or rests.
pub(super) async fn refused(
    app: &App,
    letter: &Letter,
    failure: &str,
    next_at: Option<Micros>,
) -> Result<(), Fail> {
    app.store
        .execute(
            sql!(
                "UPDATE dead_letter SET attempts = $3, failure = $4, next_at = $5, lease_until = 0
                 WHERE id = $1 AND lease = $2"
            ),
            &params![letter.id, &*letter.lease, letter.attempts + 1, failure, next_at],
        )
        .await?;
    Ok(())
}
