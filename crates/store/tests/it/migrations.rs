//! Migrations: once, together, and never backwards.

use store::testing::Database;
use store::{Engine, Store, StoreError, params, sql};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_programs_that_start_at_once_migrate_once() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let Some(database) = Database::empty(engine).await else { continue };
        let mut starts = tokio::task::JoinSet::new();
        for _ in 0..4 {
            let address = database.address().to_owned();
            starts.spawn(
                async move { Store::open(&address).await.unwrap().migrate().await.unwrap() },
            );
        }
        let applied: Vec<String> = starts.join_all().await.concat();
        assert_eq!(applied.iter().filter(|name| *name == "log/0001_log").count(), 1);
        let mut once = applied.clone();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), applied.len(), "{applied:?}");
        let store = Store::open(database.address()).await.unwrap();
        assert_eq!(store.migrate().await.unwrap(), Vec::<String>::new());
        store.close().await;
        database.remove().await;
    }
}

#[tokio::test]
async fn a_newer_or_altered_database_is_refused() {
    store::testing::each_engine(|store| async move {
        let newer = sql!("INSERT INTO schema_migration (name, digest, applied_at) VALUES ('log/9999_later', 'x', '')");
        store.execute(newer, &params![]).await.unwrap();
        match store.migrate().await {
            Err(StoreError::DatabaseNewer { name }) => assert_eq!(name, "log/9999_later"),
            other => panic!("{other:?}"),
        }
        store.execute(sql!("DELETE FROM schema_migration WHERE name = 'log/9999_later'"), &params![]).await.unwrap();
        store.execute(sql!("UPDATE schema_migration SET digest = 'x' WHERE name = 'log/0001_log'"), &params![]).await.unwrap();
        match store.migrate().await {
            Err(StoreError::MigrationChanged { name }) => assert_eq!(name, "log/0001_log"),
            other => panic!("{other:?}"),
        }
    })
    .await;
}
