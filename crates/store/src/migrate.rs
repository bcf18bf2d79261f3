//! Migrations: numbered, forward only, embedded, each recorded with the SHA-256 of its text. What
//! is to be applied is decided here; the engines apply it in one transaction under a lock.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::error::StoreError;
use crate::store::Engine;

include!(concat!(env!("OUT_DIR"), "/migrations.rs"));

/// Text kept about what was applied, on both engines.
pub(crate) const CREATE_RECORD: &str = "CREATE TABLE IF NOT EXISTS schema_migration (
    name TEXT NOT NULL PRIMARY KEY,
    digest TEXT NOT NULL,
    applied_at TEXT NOT NULL
)";
pub(crate) const READ_RECORD: &str = "SELECT name, digest FROM schema_migration ORDER BY name";
pub(crate) const WRITE_RECORD: &str = "INSERT INTO schema_migration (name, digest, applied_at)
    VALUES ($1, $2, CAST(CURRENT_TIMESTAMP AS TEXT))";

/// A migration in the words of one engine.
#[derive(Debug, Clone)]
pub(crate) struct Migration {
    /// `log/0001_log`: stream and file name.
    pub(crate) name: String,
    pub(crate) digest: String,
    pub(crate) sql: String,
}

impl Migration {
    pub(crate) fn new(stream: &str, name: &str, text: &str, engine: Engine) -> Self {
        let portable = stream == "register";
        // A checkout with other line ends is the same migration.
        let text = text.replace("\r\n", "\n");
        let mut digest = String::new();
        for byte in Sha256::digest(text.as_bytes()) {
            let _ = write!(digest, "{byte:02x}");
        }
        let sql = match engine {
            Engine::Sqlite if portable => crate::ddl::for_sqlite(&text),
            _ => text,
        };
        Self { name: format!("{stream}/{name}"), digest, sql }
    }

    fn stream(&self) -> &str {
        stream(&self.name)
    }
}

fn stream(name: &str) -> &str {
    name.split_once('/').map_or("", |(stream, _)| stream)
}

/// All migrations this program knows, the log's first.
pub(crate) fn embedded(engine: Engine) -> Vec<Migration> {
    let log = match engine {
        Engine::Sqlite => LOG_SQLITE,
        Engine::Postgres => LOG_POSTGRES,
    };
    let streams = [("log", log), ("register", REGISTER)];
    streams
        .into_iter()
        .flat_map(|(stream, files)| files.iter().map(move |(name, text)| (stream, name, text)))
        .map(|(stream, name, text)| Migration::new(stream, name, text, engine))
        .collect()
}

/// What is left to apply, given the (name, digest) pairs the database has recorded.
pub(crate) fn pending(
    known: Vec<Migration>,
    recorded: &[(String, String)],
) -> Result<Vec<Migration>, StoreError> {
    for (name, digest) in recorded {
        match known.iter().find(|migration| migration.name == *name) {
            None => return Err(StoreError::DatabaseNewer { name: name.clone() }),
            Some(migration) if migration.digest != *digest => {
                return Err(StoreError::MigrationChanged { name: name.clone() });
            }
            Some(_) => {}
        }
    }
    let mut pending = known;
    pending.retain(|migration| !recorded.iter().any(|(name, _)| *name == migration.name));
    for migration in &pending {
        let later = recorded
            .iter()
            .find(|(name, _)| stream(name) == migration.stream() && *name > migration.name);
        if let Some((applied, _)) = later {
            return Err(StoreError::MigrationOutOfOrder {
                name: migration.name.clone(),
                applied: applied.clone(),
            });
        }
    }
    Ok(pending)
}
