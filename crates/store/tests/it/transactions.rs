//! Transactions: all or nothing, the cursor with its view, and nobody holds the writer for ever.

use std::time::Duration;

use store::testing::{each_engine, event};
use store::{Options, Seq, Store, StoreError, params, sql};

use crate::stored;

async fn with_table(store: &Store) {
    store
        .execute(sql!("CREATE TABLE t (k BIGINT NOT NULL PRIMARY KEY, v TEXT)"), &params![])
        .await
        .unwrap();
}

async fn count(store: &Store) -> i64 {
    let row = store.query_one(sql!("SELECT count(*) AS n FROM t"), &params![]).await.unwrap();
    row.unwrap().at("n").unwrap()
}

#[tokio::test]
async fn a_commit_keeps_register_and_log_together() {
    each_engine(|store| async move {
        with_table(&store).await;
        let mut tx = store.begin().await.unwrap();
        let insert = sql!("INSERT INTO t (k, v) VALUES ($1, $2)");
        assert_eq!(tx.execute(insert, &params![1, "một"]).await.unwrap(), 1);
        assert_eq!(stored(&tx.append(vec![event(1, 1), event(1, 2)]).await.unwrap()), [1, 2]);
        assert_eq!(stored(&tx.append(vec![event(1, 3)]).await.unwrap()), [3]);
        let own = tx.query_one(sql!("SELECT v FROM t WHERE k = $1"), &params![1]).await.unwrap();
        assert_eq!(own.unwrap().get::<String>(0).unwrap(), "một");
        assert_eq!(count(&store).await, 0, "not visible before the commit");
        assert_eq!(store.follow(Seq::ZERO, 10).await.unwrap(), []);
        tx.commit().await.unwrap();
        assert_eq!(count(&store).await, 1);
        assert_eq!(store.follow(Seq::ZERO, 10).await.unwrap().len(), 3);
    })
    .await;
}

#[tokio::test]
async fn a_rollback_or_a_drop_leaves_nothing_and_no_gap() {
    each_engine(|store| async move {
        with_table(&store).await;
        let insert = sql!("INSERT INTO t (k) VALUES ($1)");
        for explicit in [true, false] {
            let mut tx = store.begin().await.unwrap();
            tx.execute(insert, &params![1]).await.unwrap();
            tx.append(vec![event(1, 1)]).await.unwrap();
            if explicit {
                tx.rollback().await.unwrap();
            } else {
                drop(tx);
            }
        }
        assert_eq!(stored(&store.append(vec![event(1, 2)]).await.unwrap()), [1]);
        assert_eq!(count(&store).await, 0);
    })
    .await;
}

#[tokio::test]
async fn after_a_failed_statement_only_the_rollback_is_left() {
    each_engine(|store| async move {
        with_table(&store).await;
        let insert = sql!("INSERT INTO t (k) VALUES ($1)");
        let mut tx = store.begin().await.unwrap();
        tx.execute(insert, &params![1]).await.unwrap();
        let error = tx.execute(insert, &params![1]).await.unwrap_err();
        assert!(error.is_unique_violation(), "{error:?}");
        let error = tx.query(sql!("SELECT k FROM t"), &params![]).await.unwrap_err();
        assert!(matches!(error, StoreError::TxFailed), "{error:?}");
        assert!(matches!(tx.commit().await, Err(StoreError::TxFailed)));
        assert_eq!(count(&store).await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_cursor_moves_with_its_view_and_only_from_where_it_stands() {
    each_engine(|store| async move {
        assert_eq!(store.cursor("trace").await.unwrap(), Seq::ZERO);
        for (from, to) in [(0, 5), (5, 9)] {
            let mut tx = store.begin().await.unwrap();
            tx.advance("trace", Seq(from), Seq(to)).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(store.cursor("trace").await.unwrap(), Seq(to));
        }
        for stale in [0, 5] {
            with_stale(&store, stale).await;
        }
        assert_eq!(store.cursor("trace").await.unwrap(), Seq(9));
        assert_eq!(store.cursor("other").await.unwrap(), Seq::ZERO);
    })
    .await;
}

async fn with_stale(store: &Store, from: i64) {
    let mut tx = store.begin().await.unwrap();
    match tx.advance("trace", Seq(from), Seq(12)).await {
        Err(StoreError::CursorMoved { expected, found, .. }) => {
            assert_eq!((expected, found), (Seq(from), Seq(9)));
        }
        other => panic!("{other:?}"),
    }
    assert!(matches!(tx.commit().await, Err(StoreError::TxFailed)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_abandoned_transaction_is_rolled_back_and_holds_nobody_up() {
    each_engine(|store| async move {
        with_table(&store).await;
        let options = Options { tx_idle: Duration::from_millis(300), ..Options::default() };
        let impatient = Store::open_with(store.address(), options).await.unwrap();
        let mut tx = impatient.begin().await.unwrap();
        tx.execute(sql!("INSERT INTO t (k) VALUES ($1)"), &params![1]).await.unwrap();
        tx.append(vec![event(1, 1)]).await.unwrap();
        // It holds the lock on the numbers, so this waits for its end.
        assert_eq!(stored(&impatient.append(vec![event(1, 2)]).await.unwrap()), [1]);
        let error =
            tx.execute(sql!("INSERT INTO t (k) VALUES ($1)"), &params![2]).await.unwrap_err();
        assert!(matches!(error, StoreError::Abandoned), "{error:?}");
        assert!(tx.commit().await.is_err());
        assert_eq!(count(&impatient).await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_closed_store_says_so() {
    each_engine(|store| async move {
        let other = Store::open(store.address()).await.unwrap();
        other.close().await;
        let error = other.append(vec![event(1, 1)]).await.unwrap_err();
        assert!(error.is_unavailable(), "{error:?}");
        let error = other.query(sql!("SELECT 1"), &params![]).await.unwrap_err();
        assert!(error.is_unavailable(), "{error:?}");
    })
    .await;
}
