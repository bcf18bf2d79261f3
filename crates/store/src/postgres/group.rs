//! Group commit: one task takes the appends that wait and stores them in one transaction. While it
//! commits, the next ones gather. Two groups under way at once were slower: the lock on the numbers
//! lets only one of them commit, and each is half the size.

use std::sync::{Arc, Mutex, PoisonError};

use deadpool_postgres::Pool;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;

use super::fault::pool_fault;
use super::log;
use crate::error::StoreError;
use crate::key::Entry;
use crate::log::{Appended, Seq};
use crate::store::announce;

/// Events in one group at most. One call may still bring more.
const GROUP_EVENTS: usize = 2000;
/// A deadlock or a lost race with another process is tried again so often.
const ATTEMPTS: usize = 5;

struct Call {
    batch: Vec<Entry>,
    reply: oneshot::Sender<Result<Vec<Appended>, StoreError>>,
}

#[derive(Debug)]
pub(super) struct Group {
    calls: Mutex<Option<mpsc::UnboundedSender<Call>>>,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Group {
    pub(super) fn start(writers: Pool, head: Arc<watch::Sender<Seq>>) -> Self {
        let (calls, queue) = mpsc::unbounded_channel();
        let task = tokio::spawn(gather(queue, writers, head));
        Self { calls: Mutex::new(Some(calls)), task: Mutex::new(Some(task)) }
    }

    pub(super) async fn append(&self, batch: Vec<Entry>) -> Result<Vec<Appended>, StoreError> {
        let calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let (reply, answer) = oneshot::channel();
        calls
            .ok_or(StoreError::Closed)?
            .send(Call { batch, reply })
            .map_err(|_| StoreError::Closed)?;
        answer.await.unwrap_or(Err(StoreError::Closed))
    }

    pub(super) async fn stop(&self) {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).take();
        let task = self.task.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(task) = task {
            // It ends by itself once the last call is answered; a panic of it has been reported
            // already.
            let _ = task.await;
        }
    }
}

async fn gather(
    mut queue: mpsc::UnboundedReceiver<Call>,
    writers: Pool,
    head: Arc<watch::Sender<Seq>>,
) {
    while let Some(first) = queue.recv().await {
        let mut events = first.batch.len();
        let mut calls = vec![first];
        while events < GROUP_EVENTS {
            let Ok(call) = queue.try_recv() else { break };
            events += call.batch.len();
            calls.push(call);
        }
        let together = store(&writers, &calls).await;
        match together {
            Ok(appended) => acknowledge(calls, appended, &head),
            Err(e) if calls.len() == 1 || e.is_unavailable() => {
                for call in calls {
                    let _ = call.reply.send(Err(e.clone()));
                }
            }
            // One bad call must fail alone: each by itself now.
            Err(_) => {
                for call in calls {
                    match store(&writers, std::slice::from_ref(&call)).await {
                        Ok(appended) => acknowledge(vec![call], appended, &head),
                        Err(e) => drop(call.reply.send(Err(e))),
                    }
                }
            }
        }
    }
}

/// All calls in one transaction, tried again where another process stood in the way.
async fn store(writers: &Pool, calls: &[Call]) -> Result<Vec<Appended>, StoreError> {
    let events: Vec<_> = calls.iter().flat_map(|call| &call.batch).collect();
    let mut attempt = 1;
    loop {
        let client = writers.get().await.map_err(pool_fault)?;
        match log::append(&client, &events, log::End::Commit).await {
            Err(e) if e.is_contended() && attempt < ATTEMPTS => attempt += 1,
            other => return other,
        }
    }
}

fn acknowledge(calls: Vec<Call>, appended: Vec<Appended>, head: &watch::Sender<Seq>) {
    announce(head, &appended);
    let mut appended = appended.into_iter();
    for call in calls {
        let own = appended.by_ref().take(call.batch.len()).collect();
        // The caller may have gone away; the events stand all the same.
        let _ = call.reply.send(Ok(own));
    }
}
