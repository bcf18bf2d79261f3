//! The engine in a file: one writer thread with group commit, a pool of readers in WAL mode. An
//! acknowledged write is on the disk (`synchronous=FULL`).

mod log;
mod packed;
mod readers;
mod statements;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use tokio::sync::watch;

use crate::error::StoreError;
use crate::filter::Filter;
use crate::key::Entry;
use crate::log::{Appended, Hop, Logged, Posting, Seq};
use crate::migrate::{self, Migration};
use crate::store::{Engine, Options};
use crate::value::{Row, Value};
use readers::Readers;
use statements::{fault, refused};
pub(crate) use writer::SqliteTx;
use writer::Writer;

#[derive(Debug)]
pub(crate) struct Sqlite {
    writer: Writer,
    readers: Readers,
}

impl Sqlite {
    pub(crate) async fn open(
        path: &str,
        options: &Options,
        head: Arc<watch::Sender<Seq>>,
    ) -> Result<Self, StoreError> {
        let path = PathBuf::from(path);
        let wait = options.wait;
        let file = path.clone();
        let connection = blocking(move || connect(&file, Role::Writer, wait)).await?;
        let writer = Writer::start(connection, options, head)?;
        Ok(Self { writer, readers: Readers::new(path, options) })
    }

    pub(crate) async fn migrate(&self, known: Vec<Migration>) -> Result<Vec<String>, StoreError> {
        self.writer.alone(move |connection| apply(connection, known)).await
    }

    pub(crate) async fn query(
        &self,
        sql: &'static str,
        params: &[Value],
    ) -> Result<Vec<Row>, StoreError> {
        let params = params.to_vec();
        self.readers.read(move |connection| statements::query(connection, sql, &params)).await
    }

    /// As [`Sqlite::query`], on the calling thread where a connection is idle.
    pub(crate) async fn find(
        &self,
        sql: &'static str,
        params: &[Value],
    ) -> Result<Vec<Row>, StoreError> {
        match self.readers.read_here(|connection| statements::query(connection, sql, params)) {
            Some(found) => found,
            None => self.query(sql, params).await,
        }
    }

    pub(crate) async fn execute(
        &self,
        sql: &'static str,
        params: &[Value],
    ) -> Result<u64, StoreError> {
        self.writer.execute(sql, params.to_vec()).await
    }

    pub(crate) async fn begin(&self) -> Result<SqliteTx, StoreError> {
        self.writer.begin().await
    }

    pub(crate) async fn append(&self, batch: Vec<Entry>) -> Result<Vec<Appended>, StoreError> {
        self.writer.append(batch).await
    }

    pub(crate) async fn head(&self) -> Result<Seq, StoreError> {
        self.readers.read(log::head).await
    }

    pub(crate) async fn follow(&self, after: Seq, limit: usize) -> Result<Vec<Logged>, StoreError> {
        self.readers.read(move |connection| log::follow(connection, after, limit)).await
    }

    pub(crate) async fn event(
        &self,
        owner: Option<i64>,
        event_id: &str,
    ) -> Result<Option<Logged>, StoreError> {
        let event_id = event_id.to_owned();
        self.readers.read(move |connection| log::event(connection, owner, &event_id)).await
    }

    pub(crate) async fn at(&self, seqs: &[Seq]) -> Result<Vec<Logged>, StoreError> {
        let seqs = seqs.to_vec();
        self.readers.read(move |connection| log::at(connection, seqs)).await
    }

    pub(crate) async fn events(&self, filter: &Filter) -> Result<Vec<Logged>, StoreError> {
        let (sql, params) = filter.statement(Engine::Sqlite);
        let within = filter.bytes.map(|bytes| (filter.order(), bytes));
        self.readers.read(move |connection| log::select(connection, &sql, &params, within)).await
    }

    pub(crate) async fn postings(
        &self,
        ids: &[String],
        hop: &Hop,
    ) -> Result<Vec<Posting>, StoreError> {
        let (ids, hop) = (ids.to_vec(), hop.clone());
        self.readers.read(move |connection| log::postings(connection, &ids, &hop)).await
    }

    pub(crate) async fn missing(&self, postings: Vec<Posting>) -> Result<Vec<Posting>, StoreError> {
        self.readers.read(move |connection| log::missing(connection, postings)).await
    }

    pub(crate) async fn copy_to(&self, file: &Path) -> Result<(), StoreError> {
        let file = file.display().to_string();
        self.writer
            .alone(move |connection| {
                let doing = || format!("copying the database into {file}");
                connection.execute("VACUUM INTO ?1", [&file]).map_err(fault(doing))?;
                // On the disk before anyone is told that there is a copy.
                let synced = std::fs::File::open(&file).and_then(|copy| copy.sync_all());
                synced.map_err(|source| StoreError::unavailable(&doing(), source.to_string()))
            })
            .await
    }

    pub(crate) async fn close(&self) {
        self.readers.close();
        self.writer.stop().await;
    }

    #[cfg(feature = "testing")]
    pub(crate) async fn plan(&self, filter: &Filter) -> Result<Vec<String>, StoreError> {
        let (sql, params) = filter.statement(Engine::Sqlite);
        let within = filter.bytes.map(|bytes| (filter.order(), bytes));
        self.readers.read(move |connection| log::plan(connection, &sql, &params, within)).await
    }

    #[cfg(feature = "testing")]
    pub(crate) async fn check_statement(&self, text: &str) -> Result<(), StoreError> {
        let text = text.to_owned();
        self.readers.read(move |connection| statements::check(connection, &text)).await
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Writer,
    Reader,
}

/// Opens the file as the one writer or as a reader that cannot write.
fn connect(path: &Path, role: Role, wait: Duration) -> Result<Connection, StoreError> {
    let doing = || format!("opening the database file {}", path.display());
    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if role == Role::Writer {
        flags |= OpenFlags::SQLITE_OPEN_CREATE;
    }
    let connection = Connection::open_with_flags(path, flags).map_err(fault(doing))?;
    connection.busy_timeout(wait).map_err(fault(doing))?;
    // Plans must not depend on the values bound: otherwise, with STAT4 compiled in, every binding
    // of a value that an index could use has the statement prepared again, at three times its cost.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(fault(doing))?;
    connection.set_prepared_statement_cache_capacity(256);
    packed::teach(&connection).map_err(fault(doing))?;
    let settings = match role {
        // A checkpoint every 16000 pages (64 MB) rather than every 1000: under steady writing
        // the same pages are written to the main file less often.
        Role::Writer => {
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
             PRAGMA wal_autocheckpoint = 16000; PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY;
             PRAGMA trusted_schema = OFF;"
        }
        Role::Reader => {
            "PRAGMA query_only = ON; PRAGMA cache_size = -8192; PRAGMA temp_store = MEMORY;
             PRAGMA trusted_schema = OFF;"
        }
    };
    patient(wait, || connection.execute_batch(settings)).map_err(fault(doing))?;
    Ok(connection)
}

/// Tries until the database is free. Turning a new file into one with a write-ahead log needs it alone,
/// and SQLite does not wait there as it does elsewhere when several programs begin at once.
fn patient(wait: Duration, mut work: impl FnMut() -> rusqlite::Result<()>) -> rusqlite::Result<()> {
    let step = Duration::from_millis(20);
    let mut waited = Duration::ZERO;
    loop {
        match work() {
            Err(error)
                if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) && waited < wait =>
            {
                std::thread::sleep(step);
                waited += step;
            }
            done => return done,
        }
    }
}

fn apply(connection: &Connection, known: Vec<Migration>) -> Result<Vec<String>, StoreError> {
    let doing = || "migrating the database".to_owned();
    connection.execute_batch("BEGIN IMMEDIATE").map_err(fault(doing))?;
    let applied = apply_pending(connection, known);
    let end = if applied.is_ok() { "COMMIT" } else { "ROLLBACK" };
    connection.execute_batch(end).map_err(fault(doing))?;
    applied
}

fn apply_pending(
    connection: &Connection,
    known: Vec<Migration>,
) -> Result<Vec<String>, StoreError> {
    statements::execute(connection, migrate::CREATE_RECORD, &[])?;
    let recorded = statements::query(connection, migrate::READ_RECORD, &[])?
        .iter()
        .map(|row| Ok((row.get(0)?, row.get(1)?)))
        .collect::<Result<Vec<_>, StoreError>>()?;
    let mut applied = Vec::new();
    for migration in migrate::pending(known, &recorded)? {
        connection
            .execute_batch(&migration.sql)
            .map_err(|e| refused(format!("applying migration {}", migration.name), e))?;
        let record = [Value::from(&migration.name), Value::from(migration.digest)];
        statements::execute(connection, migrate::WRITE_RECORD, &record)?;
        applied.push(migration.name);
    }
    Ok(applied)
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    // The join fails only if the runtime is shutting down or the closure panicked.
    tokio::task::spawn_blocking(work).await.unwrap_or(Err(StoreError::Closed))
}
