//! The engine over a connection: two pools (readers cannot write), and one task that gathers
//! waiting appends into one commit. Several processes may write at once; the row lock on `log_head`
//! orders them.

mod append;
mod fault;
mod group;
mod log;
mod numeric;
mod rows;
mod session;
mod values;

use std::sync::Arc;

use deadpool_postgres::{Object, Pool};
use tokio::sync::watch;
use tokio_postgres::Config;

use crate::error::StoreError;
use crate::filter::Filter;
use crate::key::Entry;
use crate::log::{Appended, Hop, Logged, Posting, Seq};
use crate::migrate::{self, Migration};
use crate::store::Options;
use crate::value::{Row, Value};
use fault::pool_fault;
#[cfg(feature = "testing")]
pub(crate) use fault::refused;
use group::Group;
pub(crate) use session::PostgresTx;
use session::Session;

/// Names the advisory lock that one migrating program holds: "nguon" in ASCII.
const MIGRATION_LOCK: i64 = 0x6e_67_75_6f_6e;

#[derive(Debug)]
pub(crate) struct Postgres {
    readers: Pool,
    writers: Pool,
    group: Group,
    options: Options,
}

impl Postgres {
    pub(crate) async fn open(
        url: &str,
        options: &Options,
        head: Arc<watch::Sender<Seq>>,
    ) -> Result<Self, StoreError> {
        let mut config: Config = url
            .parse()
            .map_err(|_| StoreError::Address { address: "postgres://…".to_owned() })?;
        if config.get_application_name().is_none() {
            config.application_name("nguon");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(options.wait);
        }
        let readers = session::pool(&config, options.readers, session::READER.to_owned(), options)?;
        let writers = session::pool(&config, options.writers, session::writer(options), options)?;
        // Fails now rather than at the first request if nobody answers.
        drop(writers.get().await.map_err(pool_fault)?);
        let group = Group::start(writers.clone(), head);
        Ok(Self { readers, writers, group, options: options.clone() })
    }

    async fn reader(&self) -> Result<Object, StoreError> {
        self.readers.get().await.map_err(pool_fault)
    }

    async fn writer(&self) -> Result<Object, StoreError> {
        self.writers.get().await.map_err(pool_fault)
    }

    pub(crate) async fn migrate(&self, known: Vec<Migration>) -> Result<Vec<String>, StoreError> {
        let mut tx = self.begin().await?;
        let applied = apply_pending(&mut tx, known).await;
        match applied {
            Ok(applied) => tx.commit().await.map(|()| applied),
            Err(e) => {
                tx.rollback().await?;
                Err(e)
            }
        }
    }

    pub(crate) async fn query(&self, sql: &str, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        values::query(&*self.reader().await?, sql, params).await
    }

    pub(crate) async fn execute(&self, sql: &str, params: &[Value]) -> Result<u64, StoreError> {
        values::execute(&*self.writer().await?, sql, params).await
    }

    pub(crate) async fn begin(&self) -> Result<PostgresTx, StoreError> {
        PostgresTx::begin(self.writer().await?, self.options.tx_idle).await
    }

    pub(crate) async fn append(&self, batch: Vec<Entry>) -> Result<Vec<Appended>, StoreError> {
        self.group.append(batch).await
    }

    pub(crate) async fn head(&self) -> Result<Seq, StoreError> {
        log::head(&*self.reader().await?).await
    }

    pub(crate) async fn follow(&self, after: Seq, limit: usize) -> Result<Vec<Logged>, StoreError> {
        log::follow(&*self.reader().await?, after, limit).await
    }

    pub(crate) async fn event(
        &self,
        owner: Option<i64>,
        event_id: &str,
    ) -> Result<Option<Logged>, StoreError> {
        log::event(&*self.reader().await?, owner, event_id).await
    }

    pub(crate) async fn at(&self, seqs: &[Seq]) -> Result<Vec<Logged>, StoreError> {
        log::at(&*self.reader().await?, seqs).await
    }

    pub(crate) async fn events(&self, filter: &Filter) -> Result<Vec<Logged>, StoreError> {
        log::events(&*self.reader().await?, filter).await
    }

    pub(crate) async fn postings(
        &self,
        ids: &[String],
        hop: &Hop,
    ) -> Result<Vec<Posting>, StoreError> {
        log::postings(&*self.reader().await?, ids, hop).await
    }

    pub(crate) async fn missing(&self, postings: Vec<Posting>) -> Result<Vec<Posting>, StoreError> {
        log::missing(&*self.reader().await?, postings).await
    }

    pub(crate) async fn close(&self) {
        self.group.stop().await;
        self.readers.close();
        self.writers.close();
    }

    #[cfg(feature = "testing")]
    pub(crate) async fn check_statement(&self, text: &str) -> Result<(), StoreError> {
        let client = self.reader().await?;
        client.prepare(text).await.map(drop).map_err(|e| refused(crate::error::doing(text), e))
    }
}

async fn apply_pending(
    tx: &mut PostgresTx,
    known: Vec<Migration>,
) -> Result<Vec<String>, StoreError> {
    tx.query("SELECT CAST(pg_advisory_xact_lock($1) AS TEXT)", &[Value::Int(MIGRATION_LOCK)])
        .await?;
    tx.batch("creating the record of migrations", migrate::CREATE_RECORD).await?;
    let recorded = tx
        .query(migrate::READ_RECORD, &[])
        .await?
        .iter()
        .map(|row| Ok((row.get(0)?, row.get(1)?)))
        .collect::<Result<Vec<_>, StoreError>>()?;
    let mut applied = Vec::new();
    for migration in migrate::pending(known, &recorded)? {
        tx.batch(&format!("applying migration {}", migration.name), &migration.sql).await?;
        let record = [Value::from(&migration.name), Value::from(migration.digest)];
        tx.execute(migrate::WRITE_RECORD, &record).await?;
        applied.push(migration.name);
    }
    Ok(applied)
}
