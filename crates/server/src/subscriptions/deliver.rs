//! Delivering what a subscription or a letter owes, under a lease: one document after another until the receiver has all, or
//! does not take one.

use std::borrow::Cow;

use epcis::{EventTime, Query};
use rand_core::Rng;
use store::{Logged, Seq};

use super::dest::Dest;
use super::failure::Failure;
use super::lease::{self, Outcome};
use super::letters;
use super::post::{self, Letter};
use super::register::{BATCH, Subscription};
use crate::app::{App, Micros};
use crate::query::format::{Format, Title, Unwritten};
use crate::query::{named, since};
use crate::shared::Fail;
use crate::shared::text::OFFSET_MINUTES;
use crate::soap;

/// How often a document is tried. With the waits below that is about seven hours; then it becomes a letter, and what comes
/// after it goes on.
pub(super) const TRIES: i64 = 16;
const FIRST_WAIT: Micros = 10_000_000;
const LONGEST_WAIT: Micros = 3_600_000_000;
/// Documents delivered under one lease before others have their turn.
const DOCUMENTS: usize = 50;
/// Bytes of events in one document; a single event may be larger.
const BYTES: usize = 1 << 20;

/// Within so many microseconds of a time that is asked for, drawn evenly around it: receivers that failed together are not
/// called together again.
fn wait(app: &App, attempts: i64) -> Micros {
    let doubled = FIRST_WAIT << (attempts - 1).clamp(0, 20);
    let most = doubled.min(LONGEST_WAIT);
    let drawn = i64::from(app.draw(Rng::next_u32) >> 12);
    most / 2 + most * drawn / (1 << 20)
}

/// The query of a subscription with what the subscription adds to it.
pub(super) fn narrowed(mut query: Query, initial_record_time: Option<Micros>) -> Query {
    query.record_time.ge = query.record_time.ge.max(initial_record_time);
    query
}

/// The longest beginning of events that one document holds, and how far the log is read with it.
pub(super) fn fitting(events: &mut Vec<Logged>, reached: Seq) -> Seq {
    let mut bytes = 0;
    let fits = events.iter().take_while(|one| {
        bytes += one.body.len();
        bytes <= BYTES
    });
    let count = fits.count().max(1);
    if count >= events.len() {
        return reached;
    }
    events.truncate(count);
    events.last().map_or(reached, |last| last.seq)
}

/// The text of one document.
async fn written(app: &App, to: &Subscription, events: &[Logged]) -> Result<String, Unwritten> {
    let id = to.id.to_string();
    let created = EventTime { micros: app.now(), offset_minutes: OFFSET_MINUTES };
    let title = Title { query_name: &to.query_name, subscription: Some(&id), created };
    match soap::told(app, to.id).await? {
        Some(told) => told.document(events, created),
        None => to.format.document(events, title),
    }
}

/// One document, written and sent.
async fn send(app: &App, to: &Subscription, events: &[Logged]) -> Result<(), Failure> {
    let body = written(app, to, events).await.map_err(|why| match why {
        Unwritten::Unsayable(_) => Failure::Unsayable,
        Unwritten::Fail(fail) => unanswered(to.id, &fail),
    })?;
    let Format { syntax, .. } = to.format;
    let letter = Letter {
        media_type: syntax.media_type(),
        body,
        signature_token: to.signature_token.clone(),
    };
    let webhooks = app.config.webhooks;
    let begun = app.now();
    let sent = match Dest::parse(&to.dest, webhooks.to_loopback) {
        Ok(dest) => post::post(webhooks, &dest, letter).await,
        Err(_) => Err(Failure::Address),
    };
    let code: Cow<'static, str> = match &sent {
        Ok(_) => "taken".into(),
        Err(failure) => failure.code().into(),
    };
    metrics::counter!("subscription_deliveries_total", "outcome" => code.into_owned()).increment(1);
    metrics::histogram!("subscription_delivery_seconds").record((app.now() - begun) as f64 / 1e6);
    sent.map(drop)
}

/// The failure of a subscription whose query could not be answered: an attempt like any other, so that it is seen, waits, and
/// holds up nobody else.
fn unanswered(subscription: i64, fail: &Fail) -> Failure {
    tracing::warn!(cause = %fail, subscription, "the query of a subscription was not answered");
    Failure::Query
}

/// The query of a subscription; nothing where it is gone.
async fn query_of(app: &App, one: &Subscription) -> Result<Option<Query>, Failure> {
    let found = named::load_kept(app, one.organisation, &one.query_name).await;
    let found = found.map_err(|fail| unanswered(one.id, &fail))?;
    Ok(found.map(|found| narrowed(found.query, one.initial_record_time)))
}

/// Delivers what a subscription owes; the number of documents that its receiver took.
pub(super) async fn subscription(app: &App, id: i64) -> Result<usize, Fail> {
    let Some(mut held) = lease::take(app, id).await? else { return Ok(0) };
    let query = match query_of(app, &held).await {
        Ok(Some(query)) => query,
        Ok(None) => return Ok(0),
        Err(failure) => {
            put_off(app, &held, held.outcome(), &failure).await?;
            return Ok(0);
        }
    };
    let due = held.next_at;
    let mut taken = 0;
    for document in 1..=DOCUMENTS {
        let head = app.store.head().await?;
        let most = held.batch.clamp(1, BATCH) as usize;
        let found = since(app, held.organisation, &query, held.position, head, most).await;
        let (mut events, reached) = match found {
            Ok(found) => found,
            Err(fail) => {
                put_off(app, &held, held.outcome(), &unanswered(held.id, &fail)).await?;
                return Ok(taken);
            }
        };
        let reached = fitting(&mut events, reached);
        let last = reached >= head;
        // A report of nothing stands for the whole time, not for what is left after other documents.
        let report = !events.is_empty()
            || last && taken == 0 && held.schedule.is_some() && held.report_if_empty;
        let sent = if report { send(app, &held, &events).await } else { Ok(()) };
        let mut outcome = held.outcome();
        match sent {
            Ok(()) => {
                outcome.position = reached;
                outcome.attempts = 0;
                if report {
                    taken += 1;
                    outcome.notified_at = Some(app.now());
                    outcome.failure = String::new();
                    outcome.batch = (held.batch * 2).min(BATCH);
                }
                let go_on = !last && document < DOCUMENTS;
                // What is left is due at once; a schedule's next time comes when all is delivered.
                outcome.next_at = if last { held.after(app.now()) } else { due };
                if !lease::settle(app, &held, &outcome, go_on).await? || !go_on {
                    return Ok(taken);
                }
                held.position = reached;
                held.batch = outcome.batch;
                held.notified_at = outcome.notified_at;
                held.failure = outcome.failure;
                held.attempts = 0;
            }
            // The receiver asks for less at once (REST bindings, callback of a subscription); and of events of which one cannot
            // be said, the others are told.
            Err(Failure::Status(413) | Failure::Unsayable) if events.len() > 1 => {
                outcome.batch = (events.len() / 2).max(1) as i64;
                outcome.next_at = due;
                if !lease::settle(app, &held, &outcome, true).await? {
                    return Ok(taken);
                }
                held.batch = outcome.batch;
            }
            Err(failure)
                if failure == Failure::Unsayable || held.attempts_with(&failure) >= TRIES =>
            {
                outcome.failure = failure.code();
                outcome.attempts = held.attempts_with(&failure);
                outcome.position = reached;
                outcome.next_at = if last { held.after(app.now()) } else { due };
                told(&held, &outcome);
                lease::bury(app, &held, &outcome, events.len()).await?;
                metrics::counter!("subscription_dead_letters_total").increment(1);
                return Ok(taken);
            }
            Err(failure) => {
                put_off(app, &held, outcome, &failure).await?;
                return Ok(taken);
            }
        }
    }
    // The receiver asked for ever less; the rest has its turn later.
    lease::settle(app, &held, &held.outcome(), false).await?;
    Ok(taken)
}

fn told(held: &Subscription, outcome: &Outcome) {
    tracing::info!(
        subscription = held.id,
        failure = outcome.failure,
        attempts = outcome.attempts,
        "a delivery failed"
    );
}

/// Writes a failed attempt down; the next one comes later.
async fn put_off(
    app: &App,
    held: &Subscription,
    mut outcome: Outcome,
    failure: &Failure,
) -> Result<(), Fail> {
    outcome.failed_at = Some(app.now());
    outcome.failure = failure.code();
    outcome.attempts = held.attempts_with(failure);
    outcome.next_at = app.now() + wait(app, outcome.attempts);
    told(held, &outcome);
    lease::settle(app, held, &outcome, false).await?;
    Ok(())
}

impl Subscription {
    /// What stands in its row, to be changed by what happens.
    fn outcome(&self) -> Outcome {
        Outcome {
            position: self.position,
            next_at: self.next_at,
            batch: self.batch,
            attempts: self.attempts,
            notified_at: self.notified_at,
            failed_at: self.failed_at,
            failure: self.failure.clone(),
        }
    }

    /// How often it has been tried once it has failed so. What the query alone was at fault for is not counted against the
    /// receiver.
    fn attempts_with(&self, failure: &Failure) -> i64 {
        let of_query = self.failure == Failure::Query.code();
        if of_query && *failure != Failure::Query { 1 } else { self.attempts + 1 }
    }

    /// When to look again once all is delivered: at the next time of its schedule, or whenever the log grows.
    fn after(&self, now: Micros) -> Micros {
        self.schedule.as_ref().map_or(0, |schedule| schedule.next(now).unwrap_or(Micros::MAX))
    }
}

/// Tries a letter again; whether its receiver took it.
pub(super) async fn letter(app: &App, id: i64) -> Result<bool, Fail> {
    let Some(letter) = letters::take(app, id).await? else { return Ok(false) };
    let Some(to) = super::register::of_id(app, letter.subscription).await? else {
        return Ok(false);
    };
    let sent = match stretch(app, &to, &letter).await {
        Ok(Some(events)) => send(app, &to, &events).await,
        Ok(None) => return Ok(false),
        Err(failure) => Err(failure),
    };
    match sent {
        Ok(()) => {
            letters::taken(app, &letter).await?;
            Ok(true)
        }
        Err(failure) => {
            let attempts = letter.attempts + 1;
            let again = attempts < TRIES && failure != Failure::Unsayable;
            let next_at = again.then(|| app.now() + wait(app, attempts));
            letters::refused(app, &letter, &failure.code(), next_at).await?;
            Ok(false)
        }
    }
}

/// The events of a letter; nothing where the query is gone.
async fn stretch(
    app: &App,
    to: &Subscription,
    letter: &letters::Letter,
) -> Result<Option<Vec<Logged>>, Failure> {
    let Some(query) = query_of(app, to).await? else { return Ok(None) };
    let most = letter.events.max(1) as usize;
    let (mut after, mut events) = (letter.after, Vec::new());
    while after < letter.upto {
        let found = since(app, to.organisation, &query, after, letter.upto, most).await;
        let (found, reached) = found.map_err(|fail| unanswered(to.id, &fail))?;
        events.extend(found);
        after = reached;
    }
    Ok(Some(events))
}
