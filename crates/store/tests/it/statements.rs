//! The rules of scale hold for every statement and every table from the first on.

use std::fs;
use std::path::Path;

use store::testing::{ddl_faults, each_engine, statement_faults, statements_in};

fn folder(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

#[test]
fn every_statement_keeps_the_rules_of_scale() {
    let found = statements_in(&folder("src")).unwrap();
    assert!(found.len() >= 8, "the walk finds too little: {found:?}");
    for statement in found {
        let faults = statement_faults(&statement.text);
        assert!(faults.is_empty(), "{}:{}: {faults:?}", statement.file.display(), statement.line);
    }
}

#[test]
fn every_table_keeps_the_rules_of_scale() {
    let big = [("event_body", "owner"), ("log", "seq"), ("posting_run", "key")];
    let log = fs::read_to_string(folder("migrations/log/postgres/0001_log.sql")).unwrap();
    assert_eq!(ddl_faults(&log, &big), Vec::<String>::new());
    for entry in fs::read_dir(folder("migrations/register")).unwrap() {
        let path = entry.unwrap().path();
        let faults = ddl_faults(&fs::read_to_string(&path).unwrap(), &[]);
        assert_eq!(faults, Vec::<String>::new(), "{}", path.display());
    }
}

/// The log's own statements are native to an engine; what the store says through its facade must
/// hold on both.
#[tokio::test]
async fn every_statement_prepares_on_its_engines() {
    each_engine(|store| async move {
        for statement in statements_in(&folder("src")).unwrap() {
            if statement.text.contains("log_head") && store.engine() == store::Engine::Sqlite {
                continue;
            }
            if let Err(e) = store.check_statement(&statement.text).await {
                panic!("{}:{}: {e:?}", statement.file.display(), statement.line);
            }
        }
    })
    .await;
}
