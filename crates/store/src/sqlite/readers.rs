//! The reading connections. Each sees the last commit at the moment its statement begins, and never
//! waits for the writer.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::Connection;
use tokio::sync::Semaphore;

use super::{Role, blocking, connect};
use crate::error::StoreError;
use crate::store::Options;

#[derive(Debug)]
pub(super) struct Readers {
    path: PathBuf,
    wait: Duration,
    permits: Arc<Semaphore>,
    idle: Arc<Mutex<Vec<Connection>>>,
}

impl Readers {
    pub(super) fn new(path: PathBuf, options: &Options) -> Self {
        let permits = Arc::new(Semaphore::new(options.readers.max(1)));
        Self { path, wait: options.wait, permits, idle: Arc::default() }
    }

    pub(super) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let permit = Arc::clone(&self.permits).acquire_owned();
        let permit = match tokio::time::timeout(self.wait, permit).await {
            Ok(Ok(permit)) => permit,
            Ok(Err(_)) => return Err(StoreError::Closed),
            Err(_) => {
                return Err(StoreError::unavailable("reading", "every reading connection is busy"));
            }
        };
        let (path, wait, idle) = (self.path.clone(), self.wait, Arc::clone(&self.idle));
        blocking(move || {
            let taken = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let connection = match taken {
                Some(connection) => connection,
                None => connect(&path, Role::Reader, wait)?,
            };
            let result = work(&connection);
            idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
            drop(permit);
            result
        })
        .await
    }

    /// Runs `work` at once on the calling thread; `None` where no connection is idle. For reads by
    /// key, where handing over to another thread and back costs several times the read itself.
    pub(super) fn read_here<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Option<Result<T, StoreError>> {
        let _permit = self.permits.try_acquire().ok()?;
        let connection = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()?;
        let result = work(&connection);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        Some(result)
    }

    pub(super) fn close(&self) {
        self.permits.close();
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
