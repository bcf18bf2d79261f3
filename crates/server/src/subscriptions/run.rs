//! The task that sees to it that every subscription gets its due: woken by the log, by the time, and now and then for what other
//! nodes wrote. One receiver that is slow or gone holds nobody else up.

use std::collections::HashMap;
use std::time::Duration;

use store::Seq;
use tokio::task::{Id, JoinError, JoinSet};

use super::register::{self, Subscription};
use super::{deliver, letters};
use crate::app::{App, Micros};
use crate::query::{named, since};
use crate::shared::Fail;

/// How long the runner sleeps at most: what another node appends is seen within this time.
const POLL: Duration = Duration::from_secs(1);
/// And at least, so that many commits are looked at together.
const PAUSE: Duration = Duration::from_millis(50);
/// Deliveries under way at once, of all and of one organisation.
const MOST_UNDER_WAY: usize = 64;
const MOST_OF_ONE: usize = 4;
/// Subscriptions looked at together.
const PAGE: usize = 500;
/// What a subscription is behind by before it is written down that nothing of it was its own.
const LAG: i64 = 2_000;
/// Subscriptions of which it is remembered how far the log held nothing for them; the rest is looked at again.
const MOST_REMEMBERED: usize = 100_000;
/// How long those under way may still take when the node ends.
const GRACE: Duration = Duration::from_secs(5);

/// What is delivered: a subscription's due, or a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Work {
    Subscription(i64),
    Letter(i64),
}

struct Runner {
    app: App,
    /// Up to where the log holds nothing for a subscription that follows it, beyond what its row says.
    nothing: HashMap<i64, Seq>,
    /// What is being delivered by which task, and for which organisation.
    under_way: HashMap<Id, (Work, i64)>,
    tasks: JoinSet<Result<usize, Fail>>,
}

impl Runner {
    fn new(app: App) -> Runner {
        Runner { app, nothing: HashMap::new(), under_way: HashMap::new(), tasks: JoinSet::new() }
    }

    /// Begins all that is due and has room.
    async fn begin_due(&mut self) -> Result<(), Fail> {
        let (now, head) = (self.app.now(), self.app.store.head().await?);
        for letter in letters::due(&self.app, now, MOST_UNDER_WAY).await? {
            // A letter counts as an organisation of its own: it is not to hold up what is new.
            self.begin(Work::Letter(letter.id), -letter.subscription);
        }
        let mut after = 0;
        loop {
            let due = register::due(&self.app, now, head, after, PAGE).await?;
            let full = due.len() == PAGE;
            after = due.last().map_or(after, |last| last.id);
            for subscription in due {
                if self.under_way.len() >= MOST_UNDER_WAY {
                    return Ok(());
                }
                if self.owes(&subscription, head).await? {
                    self.begin(Work::Subscription(subscription.id), subscription.organisation);
                }
            }
            if !full {
                return Ok(());
            }
        }
    }

    /// Whether there is something to do for a subscription that is due. One that follows the log is looked at without a lease
    /// first: most of what is appended concerns others.
    async fn owes(&mut self, one: &Subscription, head: Seq) -> Result<bool, Fail> {
        if one.schedule.is_some() || one.attempts > 0 {
            return Ok(true);
        }
        let from = self.nothing.get(&one.id).map_or(one.position, |seen| one.position.max(*seen));
        if from >= head {
            return Ok(false);
        }
        let Some(found) = named::load(&self.app, one.organisation, &one.query_name).await? else {
            return Ok(false);
        };
        let query = deliver::narrowed(found.query, one.initial_record_time);
        let (events, reached) = since(&self.app, one.organisation, &query, from, head, 1).await?;
        if !events.is_empty() || reached.0 - one.position.0 > LAG {
            self.nothing.remove(&one.id);
            return Ok(true);
        }
        if self.nothing.len() >= MOST_REMEMBERED {
            self.nothing.clear();
        }
        self.nothing.insert(one.id, reached);
        Ok(false)
    }

    fn begin(&mut self, work: Work, organisation: i64) {
        let of_one = self.under_way.values().filter(|(_, one)| *one == organisation).count();
        let begun = self.under_way.values().any(|(one, _)| *one == work);
        if begun || self.under_way.len() >= MOST_UNDER_WAY || of_one >= MOST_OF_ONE {
            return;
        }
        let app = self.app.clone();
        let task = self.tasks.spawn(async move {
            match work {
                Work::Subscription(id) => deliver::subscription(&app, id).await,
                Work::Letter(id) => deliver::letter(&app, id).await.map(usize::from),
            }
        });
        self.under_way.insert(task.id(), (work, organisation));
    }

    /// Waits for one that is under way; documents taken, or nothing where none is.
    async fn one_done(&mut self) -> Option<usize> {
        let joined = self.tasks.join_next_with_id().await?;
        Some(self.done(joined))
    }

    fn done(&mut self, joined: Result<(Id, Result<usize, Fail>), JoinError>) -> usize {
        let (task, done) = match joined {
            Ok((task, done)) => (task, done.map_err(|fail| fail.to_string())),
            Err(error) => (error.id(), Err(error.to_string())),
        };
        let work = self.under_way.remove(&task);
        done.unwrap_or_else(|cause| {
            tracing::warn!(
                cause,
                ?work,
                "a delivery could not be made; it is made when its lease ends"
            );
            0
        })
    }
}

/// Does all that is due at this time and waits until it is done: for tests. The number of documents that receivers took.
pub async fn run_due(app: &App) -> Result<usize, Fail> {
    let mut runner = Runner::new(app.clone());
    let mut taken = 0;
    runner.begin_due().await?;
    while let Some(count) = runner.one_done().await {
        taken += count;
    }
    Ok(taken)
}

/// Sees to the subscriptions until the node ends; then no more is begun, and what is under way has a little time.
pub async fn run(app: App) {
    let mut grown = app.store.subscribe();
    let mut runner = Runner::new(app.clone());
    loop {
        grown.mark_unchanged();
        if let Err(fail) = runner.begin_due().await {
            tracing::warn!(cause = %fail, "subscriptions could not be looked at; trying again");
        }
        let sleep = until_next(&app).await;
        tokio::select! {
            () = app.told_to_end() => break,
            () = async {
                tokio::time::sleep(PAUSE).await;
                // Either outcome means: look again.
                let _ = tokio::time::timeout(sleep, grown.changed()).await;
            } => {}
            Some(_) = runner.one_done() => {}
        }
        while let Some(joined) = runner.tasks.try_join_next_with_id() {
            runner.done(joined);
        }
    }
    let all = async { while runner.one_done().await.is_some() {} };
    if tokio::time::timeout(GRACE, all).await.is_err() {
        tracing::info!("deliveries under way were broken off; they are made again");
    }
}

/// How long nothing is due, at most [`POLL`].
async fn until_next(app: &App) -> Duration {
    let now: Micros = app.now();
    let next = register::next_due(app, now).await.ok().flatten();
    let wait = next.map_or(POLL, |next| Duration::from_micros((next - now).max(0) as u64));
    wait.min(POLL)
}
