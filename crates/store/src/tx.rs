//! A writing transaction. Dropping it rolls it back; after a failed statement nothing but that is
//! left, on both engines alike.

use std::sync::Arc;

use tokio::sync::watch;

use crate::error::StoreError;
use crate::key::Entry;
use crate::log::{Appended, NewEvent, Seq};
use crate::postgres::PostgresTx;
use crate::sql;
use crate::sql::Sql;
use crate::sqlite::SqliteTx;
use crate::store::{announce, at_most_one};
use crate::value::{self, Row, Value};

/// An open writing transaction, from [`Store::begin`](crate::Store::begin).
#[derive(Debug)]
#[must_use = "a transaction that is dropped is rolled back"]
pub struct Tx {
    backend: Backend,
    head: Arc<watch::Sender<Seq>>,
    appended: Vec<Appended>,
    failed: bool,
}

#[derive(Debug)]
enum Backend {
    Sqlite(SqliteTx),
    /// Boxed, since it holds a whole connection.
    Postgres(Box<PostgresTx>),
}

macro_rules! on_engine {
    ($backend:expr, $engine:ident => $call:expr) => {
        match $backend {
            Backend::Sqlite($engine) => $call,
            Backend::Postgres($engine) => $call,
        }
    };
}

impl Tx {
    pub(crate) fn sqlite(tx: SqliteTx, head: Arc<watch::Sender<Seq>>) -> Self {
        Self { backend: Backend::Sqlite(tx), head, appended: Vec::new(), failed: false }
    }

    pub(crate) fn postgres(tx: PostgresTx, head: Arc<watch::Sender<Seq>>) -> Self {
        Self { backend: Backend::Postgres(Box::new(tx)), head, appended: Vec::new(), failed: false }
    }

    /// The rows of a statement, which may write (`… RETURNING`).
    pub async fn query(&mut self, sql: Sql, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        value::check(params)?;
        self.usable()?;
        let rows = on_engine!(&mut self.backend, tx => tx.query(sql.text(), params).await);
        self.noting_failure(rows)
    }

    /// The row of a statement, if there is one.
    ///
    /// # Errors
    /// [`StoreError::TooManyRows`] if there are several.
    pub async fn query_one(
        &mut self,
        sql: Sql,
        params: &[Value],
    ) -> Result<Option<Row>, StoreError> {
        at_most_one(sql, self.query(sql, params).await?)
    }

    /// Runs a statement; returns the number of rows it touched.
    pub async fn execute(&mut self, sql: Sql, params: &[Value]) -> Result<u64, StoreError> {
        value::check(params)?;
        self.usable()?;
        let count = on_engine!(&mut self.backend, tx => tx.execute(sql.text(), params).await);
        self.noting_failure(count)
    }

    /// Appends events within this transaction. From here to the commit it holds the lock that
    /// numbers the log, so append last and commit soon.
    pub async fn append(&mut self, batch: Vec<NewEvent>) -> Result<Vec<Appended>, StoreError> {
        let batch = Entry::all(batch)?;
        self.usable()?;
        if batch.is_empty() {
            return Ok(Vec::new());
        }
        let appended = on_engine!(&mut self.backend, tx => tx.append(batch).await);
        let appended = self.noting_failure(appended)?;
        self.appended.extend_from_slice(&appended);
        Ok(appended)
    }

    /// Moves a view's cursor, so that the view's change and its cursor commit together.
    ///
    /// # Errors
    /// [`StoreError::CursorMoved`] if the cursor does not stand at `from`: another worker has been
    /// here.
    pub async fn advance(&mut self, name: &str, from: Seq, to: Seq) -> Result<(), StoreError> {
        if from == Seq::ZERO {
            let first =
                sql!("INSERT INTO view_cursor (name, seq) VALUES ($1, 0) ON CONFLICT DO NOTHING");
            self.execute(first, &[name.into()]).await?;
        }
        let moving = sql!("UPDATE view_cursor SET seq = $3 WHERE name = $1 AND seq = $2");
        if self.execute(moving, &[name.into(), from.into(), to.into()]).await? == 1 {
            return Ok(());
        }
        self.failed = true;
        let standing = sql!("SELECT seq FROM view_cursor WHERE name = $1");
        let row =
            on_engine!(&mut self.backend, tx => tx.query(standing.text(), &[name.into()]).await)?;
        let found = row.first().map_or(Ok(Seq::ZERO), |row| row.get(0))?;
        Err(StoreError::CursorMoved { name: name.to_owned(), expected: from, found })
    }

    /// Makes everything of this transaction durable.
    ///
    /// # Errors
    /// [`StoreError::TxFailed`] if one of its statements failed; it is rolled back then.
    pub async fn commit(self) -> Result<(), StoreError> {
        if self.failed {
            self.rollback().await?;
            return Err(StoreError::TxFailed);
        }
        on_engine!(self.backend, tx => tx.commit().await)?;
        announce(&self.head, &self.appended);
        Ok(())
    }

    /// Undoes everything of this transaction, and waits until that is done.
    pub async fn rollback(self) -> Result<(), StoreError> {
        on_engine!(self.backend, tx => tx.rollback().await)
    }

    fn usable(&self) -> Result<(), StoreError> {
        if self.failed { Err(StoreError::TxFailed) } else { Ok(()) }
    }

    fn noting_failure<T>(&mut self, result: Result<T, StoreError>) -> Result<T, StoreError> {
        self.failed |= result.is_err();
        result
    }
}
