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

/// What came of a task.
#[derive(Debug, Clone, Copy, Default)]
struct Done {
    /// Documents that a receiver took.
    taken: usize,
    /// Up to where the log was found to hold nothing for the subscription.
    nothing: Option<Seq>,
}

struct Runner {
    app: App,
    /// Up to where the log holds nothing for a subscription that follows it, beyond what its row says.
    nothing: HashMap<i64, Seq>,
    /// What is being delivered by which task, and for which organisation.
    under_way: HashMap<Id, (Work, i64)>,
    tasks: JoinSet<Result<Done, Fail>>,
    /// The last subscription looked at, where there was no room for those behind it: the next look begins there.
    looked_at: i64,
}

impl Runner {
    fn new(app: App) -> Runner {
        Runner {
            app,
            nothing: HashMap::new(),
            under_way: HashMap::new(),
            tasks: JoinSet::new(),
            looked_at: 0,
        }
    }

    /// Begins all that is due and has room; whether something is left for which there was none.
    async fn begin_due(&mut self) -> Result<bool, Fail> {
        let (now, head) = (self.app.now(), self.app.store.head().await?);
        for letter in letters::due(&self.app, now, MOST_UNDER_WAY).await? {
            // A letter counts as an organisation of its own: it is not to hold up what is new.
            let work = Work::Letter(letter.id);
            if self.has_room(work, -letter.subscription) {
                let app = self.app.clone();
                self.begin(work, -letter.subscription, async move {
                    let taken = deliver::letter(&app, letter.id).await?;
                    Ok(Done { taken: usize::from(taken), nothing: None })
                });
            }
        }
        let start = std::mem::take(&mut self.looked_at);
        let mut left = self.begin_between(start, i64::MAX, now, head).await?;
        if start > 0 && self.looked_at == 0 {
            left |= self.begin_between(0, start, now, head).await?;
        }
        Ok(left)
    }

    /// The same of the subscriptions with ids behind `after` and up to `last`.
    async fn begin_between(
        &mut self,
        mut after: i64,
        last: i64,
        now: Micros,
        head: Seq,
    ) -> Result<bool, Fail> {
        let mut left = false;
        loop {
            let room = MOST_UNDER_WAY.saturating_sub(self.under_way.len());
            let most = (4 * room).clamp(16, PAGE);
            let due = register::due(&self.app, now, head, after, most).await?;
            let full = due.len() == most;
            for subscription in due {
                if subscription.id > last {
                    return Ok(left);
                }
                if self.under_way.len() >= MOST_UNDER_WAY {
                    self.looked_at = after;
                    return Ok(true);
                }
                after = subscription.id;
                left |= !self.begin_subscription(subscription, head);
            }
            if !full {
                return Ok(left);
            }
        }
    }

    /// Begins what a subscription that is due needs, if that is anything; false where its organisation has no room.
    fn begin_subscription(&mut self, one: Subscription, head: Seq) -> bool {
        let follows = one.schedule.is_none() && one.attempts == 0;
        let from = self.nothing.get(&one.id).map_or(one.position, |seen| one.position.max(*seen));
        if follows && from >= head {
            return true;
        }
        let (work, organisation) = (Work::Subscription(one.id), one.organisation);
        if !self.has_room(work, organisation) {
            return self.under_way.values().any(|(begun, _)| *begun == work);
        }
        let app = self.app.clone();
        self.begin(work, organisation, async move {
            if follows && let Some(nothing) = holds_nothing(&app, &one, from, head).await {
                return Ok(Done { taken: 0, nothing: Some(nothing) });
            }
            Ok(Done { taken: deliver::subscription(&app, one.id).await?, nothing: None })
        });
        true
    }

    fn has_room(&self, work: Work, organisation: i64) -> bool {
        let of_one = self.under_way.values().filter(|(_, one)| *one == organisation).count();
        let begun = self.under_way.values().any(|(one, _)| *one == work);
        !begun && self.under_way.len() < MOST_UNDER_WAY && of_one < MOST_OF_ONE
    }

    fn begin(
        &mut self,
        work: Work,
        organisation: i64,
        task: impl Future<Output = Result<Done, Fail>> + Send + 'static,
    ) {
        let task = self.tasks.spawn(task);
        self.under_way.insert(task.id(), (work, organisation));
    }

    /// Waits for one that is under way; documents taken, or nothing where none is.
    async fn one_done(&mut self) -> Option<usize> {
        let joined = self.tasks.join_next_with_id().await?;
        Some(self.done(joined))
    }

    fn done(&mut self, joined: Result<(Id, Result<Done, Fail>), JoinError>) -> usize {
        let (task, done) = match joined {
            Ok((task, done)) => (task, done.map_err(|fail| fail.to_string())),
            Err(error) => (error.id(), Err(error.to_string())),
        };
        let work = self.under_way.remove(&task).map(|(work, _)| work);
        let done = done.unwrap_or_else(|cause| {
            tracing::warn!(
                cause,
                ?work,
                "a delivery could not be made; it is made when its lease ends"
            );
            Done::default()
        });
        if let Some(Work::Subscription(id)) = work {
            self.remember(id, done.nothing);
        }
        done.taken
    }

    fn remember(&mut self, id: i64, nothing: Option<Seq>) {
        let Some(seen) = nothing else {
            self.nothing.remove(&id);
            return;
        };
        if self.nothing.len() >= MOST_REMEMBERED {
            self.nothing.clear();
        }
        self.nothing.insert(id, seen);
    }
}

/// Up to where the log holds nothing for a subscription that follows it; nothing where there is something to do. It is looked
/// at without a lease first: most of what is appended concerns others. What fails here fails again under the lease, where it is
/// written down.
async fn holds_nothing(app: &App, one: &Subscription, from: Seq, head: Seq) -> Option<Seq> {
    let Some(found) = named::load_kept(app, one.organisation, &one.query_name).await.ok()? else {
        return Some(head);
    };
    let query = deliver::narrowed(found.query, one.initial_record_time);
    let (events, reached) = since(app, one.organisation, &query, from, head, 1).await.ok()?;
    (events.is_empty() && reached.0 - one.position.0 <= LAG).then_some(reached)
}

/// Does all that is due at this time and waits until it is done: for tests. The number of documents that receivers took.
pub async fn run_due(app: &App) -> Result<usize, Fail> {
    let mut runner = Runner::new(app.clone());
    let mut taken = 0;
    loop {
        let left = runner.begin_due().await?;
        while let Some(count) = runner.one_done().await {
            taken += count;
        }
        if !left {
            return Ok(taken);
        }
    }
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
