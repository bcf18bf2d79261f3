//! The writer thread. Waiting appends and single statements are drained into one transaction and
//! acknowledged after its commit, so that one sync of the disk serves them all; a transaction of a
//! caller has the thread to itself, for a bounded time.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::{oneshot, watch};

use super::statements::{self, fault};
use super::{blocking, log};
use crate::error::StoreError;
use crate::key::Entry;
use crate::log::{Appended, Seq};
use crate::store::{Options, announce};
use crate::value::{Row, Value};

/// Events in one group at most, so that no caller waits behind an endless transaction. One call may
/// still bring more.
const GROUP_EVENTS: usize = 2000;

/// After so long without work everything fresh is settled.
const QUIET: Duration = Duration::from_millis(500);

type Reply<T> = oneshot::Sender<Result<T, StoreError>>;

enum Job {
    Write(Write),
    /// Has the connection to itself, outside any transaction.
    Alone(Box<dyn FnOnce(&Connection) + Send>),
    Tx {
        steps: Receiver<Step>,
        ready: Reply<()>,
    },
    Stop,
}

/// A call that shares its commit with others.
enum Write {
    Append { batch: Vec<Entry>, reply: Reply<Vec<Appended>> },
    Execute { sql: &'static str, params: Vec<Value>, reply: Reply<u64> },
}

/// A call that has run and waits for the commit.
enum Written {
    Append(Result<Vec<Appended>, StoreError>, Reply<Vec<Appended>>),
    Execute(Result<u64, StoreError>, Reply<u64>),
}

enum Step {
    Run(Box<dyn FnOnce(&Connection) + Send>),
    Commit(Reply<()>),
    Rollback(Reply<()>),
}

#[derive(Debug)]
pub(super) struct Writer {
    jobs: Sender<Job>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    pub(super) fn start(
        connection: Connection,
        options: &Options,
        head: Arc<watch::Sender<Seq>>,
    ) -> Result<Self, StoreError> {
        let (jobs, queue) = mpsc::channel();
        let (idle, total) = (options.tx_idle, options.tx_total);
        let thread = thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || Loop { connection, queue, head, idle, total }.run())
            .map_err(|e| StoreError::unavailable("starting the writer thread", e.to_string()))?;
        Ok(Self { jobs, thread: Mutex::new(Some(thread)) })
    }

    pub(super) async fn append(&self, batch: Vec<Entry>) -> Result<Vec<Appended>, StoreError> {
        self.ask(|reply| Job::Write(Write::Append { batch, reply })).await
    }

    pub(super) async fn execute(
        &self,
        sql: &'static str,
        params: Vec<Value>,
    ) -> Result<u64, StoreError> {
        self.ask(|reply| Job::Write(Write::Execute { sql, params, reply })).await
    }

    pub(super) async fn alone<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.ask(|reply| {
            Job::Alone(Box::new(move |connection| {
                // A caller that has gone away does not want the answer.
                let _ = reply.send(work(connection));
            }))
        })
        .await
    }

    pub(super) async fn begin(&self) -> Result<SqliteTx, StoreError> {
        let (sender, steps) = mpsc::channel();
        self.ask(|ready| Job::Tx { steps, ready }).await?;
        Ok(SqliteTx { steps: sender })
    }

    pub(super) async fn stop(&self) {
        // Fails only if the thread has ended already.
        let _ = self.jobs.send(Job::Stop);
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            let _ = blocking(move || thread.join().map_err(|_| StoreError::Closed)).await;
        }
    }

    async fn ask<T>(&self, job: impl FnOnce(Reply<T>) -> Job) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        self.jobs.send(job(reply)).map_err(|_| StoreError::Closed)?;
        answer.await.unwrap_or(Err(StoreError::Closed))
    }
}

/// A caller's transaction. The writer thread serves its steps until it commits, is dropped, or
/// takes too long.
#[derive(Debug)]
pub(crate) struct SqliteTx {
    steps: Sender<Step>,
}

impl SqliteTx {
    pub(crate) async fn query(
        &mut self,
        sql: &'static str,
        params: &[Value],
    ) -> Result<Vec<Row>, StoreError> {
        let params = params.to_vec();
        self.run(move |connection| statements::query(connection, sql, &params)).await
    }

    pub(crate) async fn execute(
        &mut self,
        sql: &'static str,
        params: &[Value],
    ) -> Result<u64, StoreError> {
        let params = params.to_vec();
        self.run(move |connection| statements::execute(connection, sql, &params)).await
    }

    pub(crate) async fn append(&mut self, batch: Vec<Entry>) -> Result<Vec<Appended>, StoreError> {
        self.run(move |connection| log::append(connection, &batch)).await
    }

    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        self.ask(Step::Commit).await
    }

    pub(crate) async fn rollback(self) -> Result<(), StoreError> {
        match self.ask(Step::Rollback).await {
            // It has been rolled back already.
            Ok(()) | Err(StoreError::Abandoned) => Ok(()),
            Err(other) => Err(other),
        }
    }

    async fn run<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.ask(|reply| {
            Step::Run(Box::new(move |connection| {
                // A caller that has gone away does not want the answer.
                let _ = reply.send(work(connection));
            }))
        })
        .await
    }

    async fn ask<T>(&self, step: impl FnOnce(Reply<T>) -> Step) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        self.steps.send(step(reply)).map_err(|_| StoreError::Abandoned)?;
        answer.await.unwrap_or(Err(StoreError::Abandoned))
    }
}

struct Loop {
    connection: Connection,
    queue: Receiver<Job>,
    head: Arc<watch::Sender<Seq>>,
    idle: Duration,
    total: Duration,
}

impl Loop {
    fn run(self) {
        let mut put_back = None;
        // What another process left unsettled is settled in the first quiet moment.
        let mut unsettled = true;
        loop {
            let next = match put_back.take() {
                Some(job) => Ok(job),
                None if unsettled => self.queue.recv_timeout(QUIET),
                None => self.queue.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            match next {
                Ok(Job::Write(first)) => put_back = self.group(first),
                Ok(Job::Alone(work)) => work(&self.connection),
                Ok(Job::Tx { steps, ready }) => self.transaction(&steps, ready),
                Err(RecvTimeoutError::Timeout) => {
                    self.settle(true);
                    unsettled = false;
                    continue;
                }
                Ok(Job::Stop) | Err(RecvTimeoutError::Disconnected) => return,
            }
            unsettled = true;
            self.settle(false);
        }
    }

    /// Settles fresh events, after their callers have been answered.
    fn settle(&self, all: bool) {
        let settled = log::is_unsettled(&self.connection, all).and_then(|due| {
            if !due {
                return Ok(());
            }
            let settled = self
                .batch("BEGIN IMMEDIATE")
                .and_then(|()| log::settle(&self.connection))
                .and_then(|()| self.batch("COMMIT"));
            self.undo();
            settled
        });
        if let Err(e) = settled {
            // Nothing is lost, and it is tried again after the next write.
            tracing::debug!(error = %e, "the fresh events could not be settled");
        }
    }

    /// Runs the first call and those waiting behind it in one transaction. Returns the job that
    /// could not join.
    fn group(&self, first: Write) -> Option<Job> {
        let mut written = Vec::new();
        let mut events = 0;
        let mut next = Some(first);
        let mut put_back = None;
        let mut alive = self.batch("BEGIN IMMEDIATE");
        while let Some(write) = next.take() {
            let done = match &alive {
                Ok(()) => self.one(write, &mut events),
                Err(e) => write.refuse(e.clone()),
            };
            // A full disk or an I/O error ends SQLite's transaction there and then: what ran before
            // is lost too.
            if alive.is_ok() && self.connection.is_autocommit() {
                let reason = done.error().unwrap_or(StoreError::Closed);
                alive = Err(reason);
            }
            written.push(done);
            if events < GROUP_EVENTS {
                match self.queue.try_recv() {
                    Ok(Job::Write(write)) => next = Some(write),
                    Ok(other) => put_back = Some(other),
                    Err(_) => {}
                }
            }
        }
        let committed = alive.and_then(|()| self.batch("COMMIT"));
        if committed.is_err() && !self.connection.is_autocommit() {
            self.undo();
        }
        for one in written {
            one.acknowledge(&committed, &self.head);
        }
        put_back
    }

    fn one(&self, write: Write, events: &mut usize) -> Written {
        match write {
            Write::Append { batch, reply } => {
                *events += batch.len();
                Written::Append(self.in_savepoint(&batch), reply)
            }
            // A statement that fails is undone by itself; it needs no savepoint.
            Write::Execute { sql, params, reply } => {
                *events += 1;
                Written::Execute(statements::execute(&self.connection, sql, &params), reply)
            }
        }
    }

    /// A call that fails must not take the rest of the group with it.
    fn in_savepoint(&self, batch: &[Entry]) -> Result<Vec<Appended>, StoreError> {
        statements::execute(&self.connection, "SAVEPOINT one", &[])?;
        let appended = log::append(&self.connection, batch);
        if !self.connection.is_autocommit() {
            if appended.is_err() {
                statements::execute(&self.connection, "ROLLBACK TO one", &[])?;
            }
            statements::execute(&self.connection, "RELEASE one", &[])?;
        }
        appended
    }

    fn transaction(&self, steps: &Receiver<Step>, ready: Reply<()>) {
        let begun = self.batch("BEGIN IMMEDIATE");
        let open = begun.is_ok();
        if ready.send(begun).is_err() || !open {
            if open {
                self.undo();
            }
            return;
        }
        let deadline = Instant::now() + self.total;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match steps.recv_timeout(self.idle.min(left)) {
                Ok(Step::Run(work)) => work(&self.connection),
                Ok(Step::Commit(reply)) => {
                    let committed = self.batch("COMMIT");
                    if committed.is_err() {
                        self.undo();
                    }
                    let _ = reply.send(committed);
                    return;
                }
                Ok(Step::Rollback(reply)) => {
                    self.undo();
                    let _ = reply.send(Ok(()));
                    return;
                }
                Err(RecvTimeoutError::Disconnected) => {
                    self.undo();
                    return;
                }
                Err(RecvTimeoutError::Timeout) => {
                    self.undo();
                    tracing::warn!("a transaction was left open too long and has been rolled back");
                    return;
                }
            }
        }
    }

    fn undo(&self) {
        if self.connection.is_autocommit() {
            return;
        }
        if let Err(e) = self.batch("ROLLBACK") {
            tracing::error!(error = %e, "a transaction could not be rolled back");
        }
    }

    fn batch(&self, sql: &'static str) -> Result<(), StoreError> {
        let failed = fault(|| "committing to the database file".to_owned());
        let mut statement = self.connection.prepare_cached(sql).map_err(&failed)?;
        statement.execute([]).map_err(&failed)?;
        Ok(())
    }
}

impl Write {
    fn refuse(self, error: StoreError) -> Written {
        match self {
            Self::Append { reply, .. } => Written::Append(Err(error), reply),
            Self::Execute { reply, .. } => Written::Execute(Err(error), reply),
        }
    }
}

impl Written {
    fn error(&self) -> Option<StoreError> {
        match self {
            Self::Append(Err(e), _) | Self::Execute(Err(e), _) => Some(e.clone()),
            _ => None,
        }
    }

    fn acknowledge(self, committed: &Result<(), StoreError>, head: &watch::Sender<Seq>) {
        fn settle<T>(
            result: Result<T, StoreError>,
            committed: &Result<(), StoreError>,
        ) -> Result<T, StoreError> {
            result.and_then(|value| committed.clone().map(|()| value))
        }
        // The caller may have gone away; the write stands all the same.
        match self {
            Self::Append(result, reply) => {
                let result = settle(result, committed);
                if let Ok(appended) = &result {
                    announce(head, appended);
                }
                let _ = reply.send(result);
            }
            Self::Execute(result, reply) => {
                let _ = reply.send(settle(result, committed));
            }
        }
    }
}
