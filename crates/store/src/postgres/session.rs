//! Connections: how a session is set up, and a transaction on one.

use std::fmt;
use std::time::{Duration, Instant};

use deadpool_postgres::{
    ClientWrapper, Hook, HookError, Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime,
};
use tokio::runtime::Handle;
use tokio_postgres::{Config, NoTls};

use super::fault::refused;
use super::{log, values};
use crate::error::StoreError;
use crate::key::Entry;
use crate::log::Appended;
use crate::store::Options;
use crate::value::{Row, Value};

/// What runs statements on a connection of a pool.
pub(super) type Session = ClientWrapper;

/// A reader cannot write, as on SQLite.
pub(super) const READER: &str = "SET default_transaction_read_only = on";

/// A writer answers only when the commit is on the disk, whatever the server's default, and does
/// not hold locks while it stands idle.
pub(super) fn writer(options: &Options) -> String {
    format!(
        "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off';
         SET idle_in_transaction_session_timeout = {}; SET lock_timeout = {}",
        options.tx_idle.as_millis(),
        options.wait.as_millis(),
    )
}

pub(super) fn pool(
    config: &Config,
    size: usize,
    setup: String,
    options: &Options,
) -> Result<Pool, StoreError> {
    let manager_config = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    let manager = Manager::from_config(config.clone(), NoTls, manager_config);
    let setup = Hook::async_fn(move |client, _| {
        let setup = setup.clone();
        Box::pin(async move { client.batch_execute(&setup).await.map_err(HookError::Backend) })
    });
    Pool::builder(manager)
        .max_size(size.max(2))
        .runtime(Runtime::Tokio1)
        .wait_timeout(Some(options.wait))
        .create_timeout(Some(options.wait))
        .post_create(setup)
        .build()
        .map_err(|e| StoreError::unavailable("setting up the connections", e.to_string()))
}

/// A transaction of a caller. Dropping it rolls back before the connection is used again.
pub(crate) struct PostgresTx {
    /// Present until the transaction ends.
    client: Option<Object>,
    idle: Duration,
    used: Instant,
}

impl fmt::Debug for PostgresTx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresTx").field("open", &self.client.is_some()).finish_non_exhaustive()
    }
}

impl PostgresTx {
    pub(super) async fn begin(client: Object, idle: Duration) -> Result<Self, StoreError> {
        // Made first, so that a caller who goes away while BEGIN is under way leaves no open
        // transaction behind.
        let tx = Self { client: Some(client), idle, used: Instant::now() };
        tx.batch("beginning a transaction", "BEGIN").await?;
        Ok(tx)
    }

    fn session(&self) -> Result<&Session, StoreError> {
        self.client.as_deref().ok_or(StoreError::Abandoned)
    }

    /// The server closes a session that stood idle too long; the driver then only knows that it is
    /// closed.
    fn note<T>(&mut self, result: Result<T, StoreError>) -> Result<T, StoreError> {
        let idle = self.used.elapsed();
        self.used = Instant::now();
        match result {
            Err(StoreError::Unavailable { .. }) if idle >= self.idle => Err(StoreError::Abandoned),
            other => other,
        }
    }

    pub(crate) async fn query(
        &mut self,
        sql: &str,
        params: &[Value],
    ) -> Result<Vec<Row>, StoreError> {
        let rows = values::query(self.session()?, sql, params).await;
        self.note(rows)
    }

    pub(crate) async fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64, StoreError> {
        let count = values::execute(self.session()?, sql, params).await;
        self.note(count)
    }

    pub(crate) async fn append(&mut self, batch: Vec<Entry>) -> Result<Vec<Appended>, StoreError> {
        let events: Vec<_> = batch.iter().collect();
        let appended = log::append(self.session()?, &events, log::End::Open).await;
        self.note(appended)
    }

    pub(super) async fn batch(&self, doing: &str, sql: &str) -> Result<(), StoreError> {
        self.session()?.batch_execute(sql).await.map_err(|e| refused(doing.to_owned(), e))
    }

    pub(crate) async fn commit(mut self) -> Result<(), StoreError> {
        let committed = self.batch("committing to PostgreSQL", "COMMIT").await;
        self.end(committed)
    }

    pub(crate) async fn rollback(mut self) -> Result<(), StoreError> {
        let undone = self.batch("rolling back on PostgreSQL", "ROLLBACK").await;
        match self.end(undone) {
            // Whatever ended the session ended the transaction with it.
            Ok(()) | Err(StoreError::Unavailable { .. } | StoreError::Abandoned) => Ok(()),
            Err(other) => Err(other),
        }
    }

    fn end(&mut self, ended: Result<(), StoreError>) -> Result<(), StoreError> {
        let ended = self.note(ended);
        if ended.is_ok() {
            self.client = None;
        }
        ended
    }
}

impl Drop for PostgresTx {
    fn drop(&mut self) {
        let Some(client) = self.client.take() else { return };
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(async move {
                if client.batch_execute("ROLLBACK").await.is_err() {
                    // Not fit to be used again; closing it rolls back too.
                    drop(Object::take(client));
                }
            });
        } else {
            drop(Object::take(client));
        }
    }
}
