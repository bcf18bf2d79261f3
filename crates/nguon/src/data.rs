//! Where the data are: a folder with an SQLite file, or a PostgreSQL address.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use clap::Args;
use server::app::{App, Config, SystemClock, Webhooks};
use store::Store;

#[derive(Args, Debug, Clone)]
pub(crate) struct Where {
    /// Folder with the SQLite file `nguon.db`.
    #[arg(long, default_value = "./nguon-data", env = "NGUON_DATA", conflicts_with = "database")]
    pub(crate) data: PathBuf,
    /// A database address instead: `postgres://user@host/name`.
    #[arg(long, env = "NGUON_DATABASE")]
    pub(crate) database: Option<String>,
}

impl Where {
    pub(crate) fn url(&self) -> String {
        self.database
            .clone()
            .unwrap_or_else(|| format!("sqlite:{}", self.data.join("nguon.db").display()))
    }

    /// Opens the store without changing it.
    pub(crate) async fn open(&self) -> anyhow::Result<Store> {
        if self.database.is_none() {
            std::fs::create_dir_all(&self.data)
                .with_context(|| format!("making the data folder {}", self.data.display()))?;
        }
        Store::open(&self.url()).await.context("opening the database")
    }

    /// Opens the store and brings it to this program's form.
    pub(crate) async fn ready(&self) -> anyhow::Result<Store> {
        let store = self.open().await?;
        for name in store.migrate().await.context("migrating the database")? {
            eprintln!("migrated: {name}");
        }
        Ok(store)
    }
}

/// An application on a store, for commands that do one thing and end.
pub(crate) fn app(store: Store, config: Config) -> anyhow::Result<App> {
    let seed = server::app::seed().context("asking the system for randomness")?;
    Ok(App::new(store, config, Arc::new(SystemClock), seed))
}

/// The configuration of a command without a portal.
pub(crate) fn quiet_config() -> Config {
    Config {
        public_url: "http://127.0.0.1".to_owned(),
        province: "11".to_owned(),
        secure_cookies: false,
        demonstration: false,
        behind_proxy: false,
        webhooks: Webhooks::default(),
    }
}
