//! Throw-away databases on both engines for tests, and checks of SQL text. PostgreSQL tests are
//! skipped with a word where it is not installed, and fail there if `NGUON_POSTGRES=1` says that it
//! must be.

mod cluster;
mod events;
mod raw;
mod statements;

use std::env;
use std::future::Future;
use std::sync::OnceLock;

use tokio_postgres::NoTls;

use crate::error::StoreError;
use crate::store::{Engine, Store};
pub use cluster::{Cluster, ClusterError};
pub use events::event;
pub use raw::{Raw, quantile};
pub use statements::{Found, ddl_faults, statement_faults, statements_in};

/// A cluster that runs already, for all test processes to share: `postgres://…/postgres` of a
/// superuser.
pub const SHARED: &str = "NGUON_TEST_POSTGRES";

/// Runs a test on a fresh, migrated database of each engine.
pub async fn each_engine<F, Fut>(test: F)
where
    F: Fn(Store) -> Fut,
    Fut: Future<Output = ()>,
{
    for engine in [Engine::Sqlite, Engine::Postgres] {
        on_engine(engine, &test).await;
    }
}

/// Runs a test on a fresh, migrated database of one engine.
///
/// # Panics
/// If the database cannot be made.
pub async fn on_engine<F, Fut>(engine: Engine, test: F)
where
    F: Fn(Store) -> Fut,
    Fut: Future<Output = ()>,
{
    let Some(database) = Database::fresh(engine).await else { return };
    let store = Store::open(database.address()).await.expect("a fresh database opens");
    if engine == Engine::Sqlite {
        store.migrate().await.expect("a fresh database migrates");
    }
    test(store.clone()).await;
    store.close().await;
    database.remove().await;
}

/// A database of its own, removed with [`Database::remove`] (or, on PostgreSQL, with its cluster).
#[derive(Debug)]
pub struct Database {
    address: String,
    place: Place,
}

#[derive(Debug)]
enum Place {
    Folder { _removed_with_it: tempfile::TempDir },
    Cluster { admin: String, name: String },
}

impl Database {
    /// SQLite: no file yet. PostgreSQL: a copy of a migrated template. `None` if PostgreSQL is not
    /// installed and need not be.
    ///
    /// # Panics
    /// If the database cannot be made, or PostgreSQL is missing where `NGUON_POSTGRES=1`.
    pub async fn fresh(engine: Engine) -> Option<Self> {
        match engine {
            Engine::Sqlite => {
                let folder = tempfile::tempdir().expect("a temporary folder");
                let address = format!("sqlite:{}", folder.path().join("test.db").display());
                Some(Self { address, place: Place::Folder { _removed_with_it: folder } })
            }
            Engine::Postgres => {
                let admin = admin()?;
                let template = template(admin).await.expect("a template database");
                Some(Self::in_cluster(admin, Some(&template)).await)
            }
        }
    }

    /// As [`Database::fresh`], but empty on PostgreSQL too.
    pub async fn empty(engine: Engine) -> Option<Self> {
        match engine {
            Engine::Sqlite => Self::fresh(engine).await,
            Engine::Postgres => Some(Self::in_cluster(admin()?, None).await),
        }
    }

    async fn in_cluster(admin: &str, template: Option<&str>) -> Self {
        let mut random = [0_u8; 8];
        getrandom::fill(&mut random).expect("randomness");
        let name = format!("test_{:016x}", u64::from_ne_bytes(random));
        let from = template.map_or(String::new(), |template| format!(" TEMPLATE {template}"));
        run(admin, &format!("CREATE DATABASE {name}{from}")).await.expect("a database of its own");
        let address = with_database(admin, &name);
        Self { address, place: Place::Cluster { admin: admin.to_owned(), name } }
    }

    /// What [`Store::open`] takes.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Removes it, whoever is connected.
    pub async fn remove(self) {
        if let Place::Cluster { admin, name } = self.place {
            // The whole cluster goes in the end; what is left over only takes room.
            let _ = run(&admin, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        }
    }
}

/// Set by nextest for each of its test processes, the same for all of a run.
const RUN: &str = "NEXTEST_RUN_ID";

/// The cluster of this process, or the one shared with the others of this run.
fn admin() -> Option<&'static str> {
    static ADMIN: OnceLock<Option<String>> = OnceLock::new();
    static OWN: OnceLock<Cluster> = OnceLock::new();
    ADMIN
        .get_or_init(|| {
            if let Ok(shared) = env::var(SHARED) {
                return Some(shared);
            }
            // What these tests check needs no disk: only the crash test does, and it has its own
            // cluster.
            let settings = ["fsync=off", "full_page_writes=off"];
            let address = match env::var(RUN) {
                Ok(run) => Cluster::shared(&run, &settings),
                Err(_) => Cluster::start_with(&settings)
                    .map(|cluster| OWN.get_or_init(|| cluster).address().to_owned()),
            };
            match address {
                Ok(address) => Some(address),
                Err(ClusterError::NotInstalled)
                    if env::var("NGUON_POSTGRES").as_deref() != Ok("1") =>
                {
                    eprintln!("skipped: no PostgreSQL");
                    None
                }
                Err(e) => panic!("a PostgreSQL cluster for the tests: {e}"),
            }
        })
        .as_deref()
}

/// Migrates a template once for all test processes of a cluster, and names it after the migrations
/// it holds.
async fn template(admin: &str) -> Result<String, StoreError> {
    let digest: String =
        crate::migrate::embedded(Engine::Postgres).iter().map(|known| &known.digest[..6]).collect();
    let name = format!("template_{}", &digest[..digest.len().min(48)]);
    let lock = connect(admin).await?;
    let failed = |e| crate::postgres::refused("making the template database".to_owned(), e);
    lock.batch_execute("SELECT pg_advisory_lock(1)").await.map_err(failed)?;
    let known = lock
        .query_opt("SELECT 1 FROM pg_database WHERE datname = $1", &[&name])
        .await
        .map_err(failed)?;
    if known.is_none() {
        // Under another name until it is finished.
        let draft = format!("draft_{name}");
        lock.batch_execute(&format!("DROP DATABASE IF EXISTS {draft} WITH (FORCE)"))
            .await
            .map_err(failed)?;
        lock.batch_execute(&format!("CREATE DATABASE {draft}")).await.map_err(failed)?;
        let store = Store::open(&with_database(admin, &draft)).await?;
        store.migrate().await?;
        store.close().await;
        let ended = format!(
            "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE datname = '{draft}'"
        );
        lock.batch_execute(&ended).await.map_err(failed)?;
        let rename = format!("ALTER DATABASE {draft} RENAME TO {name}");
        lock.batch_execute(&rename).await.map_err(failed)?;
    }
    Ok(name)
}

async fn connect(address: &str) -> Result<tokio_postgres::Client, StoreError> {
    let (client, connection) = tokio_postgres::connect(address, NoTls)
        .await
        .map_err(|e| crate::postgres::refused("connecting to the test cluster".to_owned(), e))?;
    // It ends with its client; an error of it is the client's too.
    tokio::spawn(async move { drop(connection.await) });
    Ok(client)
}

async fn run(admin: &str, sql: &str) -> Result<(), StoreError> {
    let client = connect(admin).await?;
    client.batch_execute(sql).await.map_err(|e| crate::postgres::refused(sql.to_owned(), e))
}

/// The address of another database of the same cluster.
fn with_database(admin: &str, name: &str) -> String {
    let (base, query) = admin.split_once('?').map_or((admin, ""), |(base, query)| (base, query));
    let server = base.rsplit_once('/').map_or(base, |(server, _)| server);
    if query.is_empty() { format!("{server}/{name}") } else { format!("{server}/{name}?{query}") }
}
