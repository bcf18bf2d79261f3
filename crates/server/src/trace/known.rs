//! The graph of the log, in memory.

use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant};

use store::Seq;
use tokio::sync::Mutex;
use trace::{EventNumber, Graph, Limits};

use crate::app::App;
use crate::lots::ledger::read;
use crate::shared::Fail;

/// Events read at once.
const BATCH: usize = 1_000;
/// A question may take so long; what was found until then is shown, and that it is not the whole.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long to wait where nothing wakes, and after a failure.
const AGAIN: Duration = Duration::from_secs(10);
/// Events that come within this time are taken into the graph together.
const TOGETHER: Duration = Duration::from_secs(1);
/// Nodes of an answer at most.
const NODES: usize = 200_000;

/// What a node of the application knows of the log.
#[derive(Default)]
pub struct Graphs {
    known: Arc<RwLock<Known>>,
    /// One reads the log at a time.
    reading: Mutex<()>,
}

#[derive(Default)]
struct Known {
    graph: Graph,
    upto: Seq,
}

/// Takes into the graph what the log has more.
pub async fn catch_up(app: &App) -> Result<(), Fail> {
    let graphs = &app.graphs;
    let _reading = graphs.reading.lock().await;
    loop {
        let upto = lock(&graphs.known, |known| known.upto)?;
        let logged = app.store.follow(upto, BATCH).await?;
        let Some(last) = logged.last().map(|one| one.seq) else { return Ok(()) };
        let mut events = Vec::with_capacity(logged.len());
        for one in &logged {
            let mut event = read(one)?;
            // A declaration has a key of its own in the log; the event that it declares is what it is about.
            event.event_id = Some(one.corrects.clone().unwrap_or_else(|| one.event_id.clone()));
            events.push((event, one.record_time));
        }
        let mut known = graphs.known.write().map_err(|_| Fail::internal("the graph is broken"))?;
        for (event, recorded) in events {
            known.graph.add(&event, Some(recorded));
        }
        known.upto = last;
    }
}

/// Keeps up with the log from the start of the node on, so that a question finds the graph ready; ends only with the task.
pub async fn keep(app: App) {
    let mut wake = app.store.subscribe();
    loop {
        if let Err(fail) = catch_up(&app).await {
            tracing::warn!(cause = %fail, "the trace graph could not be kept; trying again");
            tokio::time::sleep(AGAIN).await;
        }
        // Either outcome means: look again. A burst of events is taken together.
        let _ = tokio::time::timeout(AGAIN, wake.changed()).await;
        tokio::time::sleep(TOGETHER).await;
    }
}

fn lock<T>(known: &RwLock<Known>, ask: impl FnOnce(&Known) -> T) -> Result<T, Fail> {
    known.read().map(|known| ask(&known)).map_err(|_| Fail::internal("the graph is broken"))
}

/// Asks the graph, away from the threads that answer others; how long it took.
pub(super) async fn ask<T: Send + 'static>(
    app: &App,
    question: impl FnOnce(&Graph, &Limits<'_>) -> T + Send + 'static,
) -> Result<(T, Duration), Fail> {
    catch_up(app).await?;
    let known = Arc::clone(&app.graphs.known);
    let work = move || {
        let began = Instant::now();
        let stop = || began.elapsed() > PATIENCE;
        let limits = Limits { nodes: NODES, stop: &stop, ..Limits::default() };
        lock(&known, |known| question(&known.graph, &limits)).map(|told| (told, began.elapsed()))
    };
    tokio::task::spawn_blocking(work).await.map_err(Fail::internal)?
}

/// The number in the log of an event of the graph: the log has no gaps, and the graph has every event of it.
pub(super) fn seq(event: EventNumber) -> Seq {
    Seq(i64::from(event) + 1)
}
