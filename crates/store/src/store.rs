//! The one handle the rest of the program holds. It says what can be asked of the store; the
//! engines' own modules say how.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use crate::error::{StoreError, doing};
use crate::filter::{Filter, Page};
use crate::key::Entry;
use crate::log::{Appended, Hop, Logged, NewEvent, Posting, Seq};
use crate::postgres::Postgres;
use crate::sql::Sql;
use crate::sqlite::Sqlite;
use crate::tx::Tx;
use crate::value::{self, Row, Value};
use crate::{migrate, sql};

/// The database engine below a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// Bounds of a store.
#[derive(Debug, Clone)]
pub struct Options {
    /// Reading connections.
    pub readers: usize,
    /// Writing connections (PostgreSQL; SQLite has one writer).
    pub writers: usize,
    /// How long a caller waits for a connection.
    pub wait: Duration,
    /// How long a transaction may stand idle between two statements before it is rolled back.
    pub tx_idle: Duration,
    /// How long a transaction may be open altogether (SQLite, where it holds up every other
    /// writer).
    pub tx_total: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            readers: 8,
            writers: 8,
            wait: Duration::from_secs(10),
            tx_idle: Duration::from_secs(5),
            tx_total: Duration::from_mins(1),
        }
    }
}

/// A database that holds the log and the register. Clones share the connections.
#[derive(Debug, Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    backend: Backend,
    head: Arc<watch::Sender<Seq>>,
    #[cfg(feature = "testing")]
    address: String,
}

#[derive(Debug)]
enum Backend {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

/// Runs the same call on whichever engine is below.
macro_rules! on_engine {
    ($store:expr, $engine:ident => $call:expr) => {
        match &$store.inner.backend {
            Backend::Sqlite($engine) => $call,
            Backend::Postgres($engine) => $call,
        }
    };
}

impl Store {
    /// Opens `sqlite:/path/file.db` (or a bare path; the file is made if it is missing) or
    /// `postgres://…`. Does not migrate.
    ///
    /// # Errors
    /// [`StoreError::Address`] for another scheme, [`StoreError::Unavailable`] if the database does
    /// not answer.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        Self::open_with(url, Options::default()).await
    }

    /// As [`Store::open`], with other bounds.
    pub async fn open_with(url: &str, options: Options) -> Result<Self, StoreError> {
        let head = Arc::new(watch::Sender::new(Seq::ZERO));
        let backend = match url.split_once(':') {
            Some(("postgres" | "postgresql", _)) => {
                Backend::Postgres(Postgres::open(url, &options, Arc::clone(&head)).await?)
            }
            Some(("sqlite", path)) => {
                Backend::Sqlite(Sqlite::open(sqlite_path(path), &options, Arc::clone(&head)).await?)
            }
            Some((scheme, _))
                if scheme.len() > 1 && scheme.bytes().all(|b| b.is_ascii_lowercase()) =>
            {
                return Err(StoreError::Address { address: format!("{scheme}:…") });
            }
            _ => Backend::Sqlite(Sqlite::open(url, &options, Arc::clone(&head)).await?),
        };
        let inner = Inner {
            backend,
            head,
            #[cfg(feature = "testing")]
            address: url.to_owned(),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Which engine is below.
    pub fn engine(&self) -> Engine {
        match self.inner.backend {
            Backend::Sqlite(_) => Engine::Sqlite,
            Backend::Postgres(_) => Engine::Postgres,
        }
    }

    /// The address this store was opened with, to open a second handle on the same database.
    #[cfg(feature = "testing")]
    pub fn address(&self) -> &str {
        &self.inner.address
    }

    /// Brings the database up to this program, in one transaction under a lock, and returns the
    /// names of the migrations that were applied.
    ///
    /// # Errors
    /// [`StoreError::MigrationChanged`], [`StoreError::DatabaseNewer`] or
    /// [`StoreError::MigrationOutOfOrder`], and nothing is applied.
    pub async fn migrate(&self) -> Result<Vec<String>, StoreError> {
        self.migrate_with(migrate::embedded(self.engine())).await
    }

    pub(crate) async fn migrate_with(
        &self,
        known: Vec<migrate::Migration>,
    ) -> Result<Vec<String>, StoreError> {
        on_engine!(self, engine => engine.migrate(known).await)
    }

    /// The rows of a reading statement. It cannot write, on either engine.
    pub async fn query(&self, sql: Sql, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        value::check(params)?;
        on_engine!(self, engine => engine.query(sql.text(), params).await)
    }

    /// The row of a reading statement, if there is one.
    ///
    /// # Errors
    /// [`StoreError::TooManyRows`] if there are several.
    pub async fn query_one(&self, sql: Sql, params: &[Value]) -> Result<Option<Row>, StoreError> {
        at_most_one(sql, self.query(sql, params).await?)
    }

    /// As [`Store::query`], for statements that find a few rows by their keys and touch a few pages
    /// only: SQLite answers them on the calling thread, since handing over to a reading thread costs
    /// several times the read. A slow statement here would hold up the whole program.
    pub async fn find_all(&self, sql: Sql, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        value::check(params)?;
        match &self.inner.backend {
            Backend::Sqlite(engine) => engine.find(sql.text(), params).await,
            Backend::Postgres(engine) => engine.query(sql.text(), params).await,
        }
    }

    /// As [`Store::find_all`], the row if there is one.
    ///
    /// # Errors
    /// [`StoreError::TooManyRows`] if there are several.
    pub async fn find(&self, sql: Sql, params: &[Value]) -> Result<Option<Row>, StoreError> {
        at_most_one(sql, self.find_all(sql, params).await?)
    }

    /// Runs one writing statement in its own transaction; returns the number of rows it touched.
    pub async fn execute(&self, sql: Sql, params: &[Value]) -> Result<u64, StoreError> {
        value::check(params)?;
        on_engine!(self, engine => engine.execute(sql.text(), params).await)
    }

    /// Begins a writing transaction. On SQLite it is the only one; on PostgreSQL it is READ
    /// COMMITTED, so guard what was read with unique keys or with conditions in the writing
    /// statement.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        let head = Arc::clone(&self.inner.head);
        match &self.inner.backend {
            Backend::Sqlite(engine) => Ok(Tx::sqlite(engine.begin().await?, head)),
            Backend::Postgres(engine) => Ok(Tx::postgres(engine.begin().await?, head)),
        }
    }

    /// Appends events: all of the batch or none, durable when this returns. Batches that wait at
    /// the same time share one commit. The answers stand in the order of the batch.
    ///
    /// # Errors
    /// [`StoreError::Event`] if an event cannot be stored as it is; nothing of the batch is stored
    /// then.
    pub async fn append(&self, batch: Vec<NewEvent>) -> Result<Vec<Appended>, StoreError> {
        let batch = Entry::all(batch)?;
        if batch.is_empty() {
            return Ok(Vec::new());
        }
        on_engine!(self, engine => engine.append(batch).await)
    }

    /// The number of the last event.
    pub async fn head(&self) -> Result<Seq, StoreError> {
        on_engine!(self, engine => engine.head().await)
    }

    /// The events after a number, in order, at most `limit`. Whoever has seen number n has seen all
    /// before it.
    pub async fn follow(&self, after: Seq, limit: usize) -> Result<Vec<Logged>, StoreError> {
        on_engine!(self, engine => engine.follow(after, limit).await)
    }

    /// The event of an id; without an owner, the first stored under that id.
    pub async fn event(
        &self,
        owner: Option<i64>,
        event_id: &str,
    ) -> Result<Option<Logged>, StoreError> {
        on_engine!(self, engine => engine.event(owner, event_id).await)
    }

    /// The events of these numbers, in order of number; unknown numbers are passed over.
    pub async fn at(&self, seqs: &[Seq]) -> Result<Vec<Logged>, StoreError> {
        on_engine!(self, engine => engine.at(seqs).await)
    }

    /// A page of the events that match. Going on from [`Page::next`] shows each event that was
    /// there at the start exactly once, whatever is written meanwhile.
    pub async fn events(&self, filter: &Filter) -> Result<Page, StoreError> {
        let events = on_engine!(self, engine => engine.events(filter).await)?;
        Ok(filter.page(events))
    }

    /// Where these identifiers occur: one batched look-up for one hop of a walk, ordered by number.
    pub async fn postings(&self, ids: &[String], hop: &Hop) -> Result<Vec<Posting>, StoreError> {
        if ids.is_empty() || hop.limit == 0 {
            return Ok(Vec::new());
        }
        on_engine!(self, engine => engine.postings(ids, hop).await)
    }

    /// How far a view has come; [`Seq::ZERO`] if it never began. [`Tx::advance`] moves it.
    pub async fn cursor(&self, name: &str) -> Result<Seq, StoreError> {
        let statement = sql!("SELECT seq FROM view_cursor WHERE name = $1");
        let row = self.query_one(statement, &[name.into()]).await?;
        row.map_or(Ok(Seq::ZERO), |row| row.get(0))
    }

    /// Wakes followers of this process after a commit. It holds the highest number appended by this
    /// process, which may lag behind [`Store::head`] when others write too: poll now and then as
    /// well.
    pub fn subscribe(&self) -> watch::Receiver<Seq> {
        self.inner.head.subscribe()
    }

    /// Writes a copy of the whole database as of one moment into a new file, while others read and
    /// write. SQLite only: PostgreSQL has `pg_dump`.
    ///
    /// # Errors
    /// [`StoreError::Unsupported`] on PostgreSQL; [`StoreError::Database`] where the file exists.
    pub async fn copy_to(&self, file: &Path) -> Result<(), StoreError> {
        match &self.inner.backend {
            Backend::Sqlite(engine) => engine.copy_to(file).await,
            Backend::Postgres(_) => {
                Err(StoreError::Unsupported { doing: "copying into a file".to_owned() })
            }
        }
    }

    /// Closes the connections after the work under way; later calls fail with
    /// [`StoreError::Closed`] or as unavailable.
    pub async fn close(&self) {
        on_engine!(self, engine => engine.close().await);
    }

    /// Prepares a statement without running it, and says what the engine thinks of it.
    #[cfg(feature = "testing")]
    pub async fn check_statement(&self, text: &str) -> Result<(), StoreError> {
        on_engine!(self, engine => engine.check_statement(text).await)
    }

    /// How SQLite would go about a page of events, a line for each step; nothing on PostgreSQL.
    #[cfg(feature = "testing")]
    pub async fn plan(&self, filter: &Filter) -> Result<Vec<String>, StoreError> {
        match &self.inner.backend {
            Backend::Sqlite(engine) => engine.plan(filter).await,
            Backend::Postgres(_) => Ok(Vec::new()),
        }
    }

    /// Those of the given postings that are not stored, for [`crate::fsck`].
    pub(crate) async fn missing(&self, postings: Vec<Posting>) -> Result<Vec<Posting>, StoreError> {
        on_engine!(self, engine => engine.missing(postings).await)
    }
}

/// `sqlite:x.db`, `sqlite:/x.db`, `sqlite:///x.db` all name a file.
fn sqlite_path(rest: &str) -> &str {
    rest.strip_prefix("//").unwrap_or(rest)
}

pub(crate) fn at_most_one(sql: Sql, mut rows: Vec<Row>) -> Result<Option<Row>, StoreError> {
    match rows.len() {
        0 | 1 => Ok(rows.pop()),
        found => Err(StoreError::TooManyRows { doing: doing(sql.text()), found }),
    }
}

/// Raises the number that followers watch.
pub(crate) fn announce(head: &watch::Sender<Seq>, appended: &[Appended]) {
    let stored = appended.iter().filter_map(|one| match one {
        Appended::Stored(seq) => Some(*seq),
        Appended::Duplicate(_) | Appended::Conflict(_) => None,
    });
    if let Some(last) = stored.max() {
        head.send_if_modified(|known| {
            let newer = last > *known;
            *known = last.max(*known);
            newer
        });
    }
}
