//! Sorts the errors of the driver and of its pool into ours.

use std::error::Error as _;
use std::io;
use std::sync::Arc;

use deadpool_postgres::PoolError;
use tokio_postgres::Error;

use crate::error::{Source, StoreError};

/// By SQLSTATE (PostgreSQL, appendix A).
pub(crate) fn refused(doing: String, error: Error) -> StoreError {
    let unreachable = error.is_closed()
        || error.source().is_some_and(|source| source.downcast_ref::<io::Error>().is_some());
    let code = error.code().map(|state| state.code().to_owned());
    let source: Source = Arc::new(error);
    match code.as_deref() {
        None if unreachable => StoreError::Unavailable { doing, source },
        Some("23505") => StoreError::Unique { doing, source },
        Some(code) if code.starts_with("23") => StoreError::Constraint { doing, source },
        // Serialization, deadlock, lock time-out.
        Some("40001" | "40P01" | "55P03") => StoreError::Contended { doing, source },
        // Idle too long within a transaction.
        Some("25P03") => StoreError::Abandoned,
        // Connection lost, out of resources, shutting down or starting.
        Some(code) if ["08", "53", "57P"].iter().any(|class| code.starts_with(class)) => {
            StoreError::Unavailable { doing, source }
        }
        _ => StoreError::Database { doing, source },
    }
}

pub(super) fn pool_fault(error: PoolError) -> StoreError {
    let doing = "connecting to PostgreSQL".to_owned();
    match error {
        PoolError::Closed => StoreError::Closed,
        other => StoreError::Unavailable { doing, source: Arc::new(other) },
    }
}
