//! Who delivers: a node takes a subscription or a letter for a while, and nobody else does meanwhile. Every change that follows
//! names the lease under which it is made, so that a node which was too slow changes nothing.

use store::{Seq, params, sql};

use super::register::Subscription;
use crate::app::{App, Micros};
use crate::shared::Fail;

/// Longer than one delivery may take on a slow day; a node that dies holds its subscriptions up for so long.
pub(super) const LEASE: Micros = 120_000_000;

/// Takes a subscription, if its time has come and nobody has it; its row as it stands now.
pub(super) async fn take(app: &App, id: i64) -> Result<Option<Subscription>, Fail> {
    let (now, lease) = (app.now(), app.token());
    let taken = app
        .store
        .execute(
            sql!(
                "UPDATE subscription SET lease = $2, lease_until = $3
                 WHERE id = $1 AND lease_until <= $4 AND next_at <= $4"
            ),
            &params![id, &*lease, now + LEASE, now],
        )
        .await?;
    if taken == 0 {
        return Ok(None);
    }
    Ok(super::register::of_id(app, id).await?.filter(|taken| taken.lease == lease))
}

/// What is known after a delivery, or after finding nothing to deliver.
#[derive(Debug, Clone)]
pub(super) struct Outcome {
    pub(super) position: Seq,
    pub(super) next_at: Micros,
    pub(super) batch: i64,
    pub(super) attempts: i64,
    pub(super) notified_at: Option<Micros>,
    pub(super) failed_at: Option<Micros>,
    pub(super) failure: String,
}

/// Writes an outcome down and keeps the lease for the next document, or gives it back; false if it was no longer ours.
pub(super) async fn settle(
    app: &App,
    held: &Subscription,
    outcome: &Outcome,
    go_on: bool,
) -> Result<bool, Fail> {
    let now = app.now();
    let until = if go_on { now + LEASE } else { 0 };
    let settled = app
        .store
        .execute(
            sql!(
                "UPDATE subscription SET position = $3, next_at = $4, batch = $5, attempts = $6, notified_at = $7,
                   failed_at = $8, failure = $9, executed_at = $10, lease_until = $11
                 WHERE id = $1 AND lease = $2"
            ),
            &params![
                held.id,
                &*held.lease,
                outcome.position.0,
                outcome.next_at,
                outcome.batch,
                outcome.attempts,
                outcome.notified_at,
                outcome.failed_at,
                &*outcome.failure,
                now,
                until
            ],
        )
        .await?;
    Ok(settled == 1)
}

/// As [`settle`], and what could not be delivered becomes a letter in the same commit.
pub(super) async fn bury(
    app: &App,
    held: &Subscription,
    outcome: &Outcome,
    events: usize,
) -> Result<bool, Fail> {
    let now = app.now();
    let mut tx = app.store.begin().await?;
    let settled = tx
        .execute(
            sql!(
                "UPDATE subscription SET position = $3, next_at = $4, attempts = 0, failed_at = $5, failure = $6,
                   executed_at = $5, lease_until = 0
                 WHERE id = $1 AND lease = $2"
            ),
            &params![
                held.id,
                &*held.lease,
                outcome.position.0,
                outcome.next_at,
                now,
                &*outcome.failure
            ],
        )
        .await?;
    if settled == 0 {
        return Ok(false);
    }
    tx.execute(
        sql!(
            "INSERT INTO dead_letter (id, organisation, subscription, after_position, upto_position, events, failure, died_at,
               attempts, lease, lease_until) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', 0)"
        ),
        &params![
            app.id(),
            held.organisation,
            held.id,
            held.position.0,
            outcome.position.0,
            events as i64,
            &*outcome.failure,
            now,
            outcome.attempts
        ],
    )
    .await?;
    tx.commit().await?;
    Ok(true)
}
