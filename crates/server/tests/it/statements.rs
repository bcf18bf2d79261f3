//! Every SQL statement of the server: prepared on both engines, and within the rules for growing
//! past one machine.

use std::path::Path;

use store::testing::{each_engine, statement_faults, statements_in};

#[tokio::test]
async fn every_statement_is_understood_by_both_engines() {
    let found = statements_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
    assert!(found.len() > 60, "the walk over the sources found only {} statements", found.len());
    each_engine(|store| {
        let found = found.clone();
        async move {
            let mut wrong = Vec::new();
            for one in &found {
                if let Err(error) = store.check_statement(&one.text).await {
                    wrong.push(format!("{}:{}: {error:?}", one.file.display(), one.line));
                }
            }
            assert!(wrong.is_empty(), "{:?}: {}", store.engine(), wrong.join("\n"));
        }
    })
    .await;
}

#[test]
fn no_statement_breaks_the_rules_for_growing() {
    let found = statements_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
    let wrong: Vec<String> = found
        .iter()
        .flat_map(|one| {
            statement_faults(&one.text)
                .into_iter()
                .map(move |fault| format!("{}:{}: {fault}", one.file.display(), one.line))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
