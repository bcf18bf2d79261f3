//! The checker finds each kind of damage that is done on purpose.

use store::testing::{each_engine, event};
use store::{Engine, Fault, Logged, Seq, Sql, Store, fsck, fsck_after, params, sql};

/// The postings of the sample event whose number its time tells.
fn postings_of(logged: &Logged) -> Option<Vec<(i64, String)>> {
    let number = (logged.event_time - 1_780_000_000_000_000) / 60_000_000;
    Some(event(logged.owner, u64::try_from(number).ok()?).postings)
}

async fn faults_after(store: &Store, sqlite: &[Sql], postgres: Sql) -> Vec<Fault> {
    let damage = match store.engine() {
        Engine::Sqlite => sqlite,
        Engine::Postgres => &[postgres],
    };
    for statement in damage {
        store.execute(*statement, &params![]).await.unwrap();
    }
    fsck(store, postings_of).await.unwrap().faults
}

/// 700 events. SQLite keeps new ones apart for a moment; the damage is done to what has settled.
async fn with_log(store: &Store) {
    store.append((0..700).map(|n| event(1, n)).collect()).await.unwrap();
    while store.engine() == Engine::Sqlite {
        let fresh = sql!("SELECT count(*) FROM log_fresh");
        let row = store.query_one(fresh, &params![]).await.unwrap().unwrap();
        if row.get::<i64>(0).unwrap() == 0 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn events_that_have_not_settled_are_sound_too() {
    each_engine(|store| async move {
        store.append((0..70).map(|n| event(1, n)).collect()).await.unwrap();
        let report = fsck(&store, postings_of).await.unwrap();
        assert!(report.is_sound(), "{report:?}");
        assert_eq!((report.events, report.postings), (70, 280));
    })
    .await;
}

#[tokio::test]
async fn a_sound_log_has_no_faults() {
    each_engine(|store| async move {
        let empty = fsck(&store, postings_of).await.unwrap();
        assert!(empty.is_sound() && empty.events == 0);
        with_log(&store).await;
        let mut tx = store.begin().await.unwrap();
        tx.advance("trace", Seq::ZERO, Seq(700)).await.unwrap();
        tx.commit().await.unwrap();
        let report = fsck(&store, postings_of).await.unwrap();
        assert!(report.is_sound(), "{report:?}");
        assert_eq!((report.upto, report.events, report.postings), (Seq(700), 700, 2800));
        let new = fsck_after(&store, Seq(650), postings_of).await.unwrap();
        assert_eq!((new.is_sound(), new.events), (true, 50));
        let unreadable = fsck(&store, |_| None).await.unwrap();
        assert_eq!((unreadable.faults.len(), unreadable.faults_not_listed), (100, 600));
    })
    .await;
}

#[tokio::test]
async fn a_damaged_body_or_a_missing_event_is_found() {
    each_engine(|store| async move {
        with_log(&store).await;
        let faults = faults_after(
            &store,
            &[sql!("UPDATE event_body SET body = CAST('x' AS BLOB) WHERE seq = 600")],
            sql!(
                "UPDATE event_body SET body = CAST('x' AS BYTEA)
                 WHERE event_key = (SELECT event_key FROM log WHERE seq = 600)"
            ),
        )
        .await;
        assert_eq!(faults, [Fault::Hash(Seq(600))]);
        let faults = faults_after(
            &store,
            &[sql!("DELETE FROM log_settled WHERE seq = 3")],
            sql!("DELETE FROM log WHERE seq = 3"),
        )
        .await;
        assert_eq!(faults[..2], [Fault::Missing(Seq(3)), Fault::Hash(Seq(600))]);
        assert!(faults.contains(&Fault::PostingsDangling(4)), "{faults:?}");
        assert!(faults.contains(&Fault::BodiesUnnumbered(1)), "{faults:?}");
        if store.engine() == Engine::Postgres {
            let faults = faults_after(&store, &[], sql!("UPDATE log_head SET seq = 650")).await;
            assert!(
                faults.contains(&Fault::BeyondHead { head: Seq(650), last: Seq(700) }),
                "{faults:?}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn postings_that_do_not_agree_with_the_body_are_found() {
    each_engine(|store| async move {
        with_log(&store).await;
        let faults = faults_after(
            &store,
            &[sql!("DELETE FROM posting_settled WHERE seq = 2 AND role = 1")],
            sql!("DELETE FROM posting_run WHERE first = 2 AND role = 1"),
        )
        .await;
        assert!(
            matches!(&faults[..], [Fault::PostingMissing(one)] if one.seq == Seq(2)),
            "{faults:?}"
        );
        let faults = faults_after(
            &store,
            &[sql!("INSERT INTO posting_settled (key, role, seq) VALUES (zeroblob(20), 1, 5)")],
            sql!(
                "INSERT INTO posting_run (key, role, first, seqs)
                 VALUES (CAST('x' AS BYTEA), 1, 5, ARRAY[CAST(5 AS BIGINT)])"
            ),
        )
        .await;
        assert!(faults.contains(&Fault::PostingsTooMany(1)));
    })
    .await;
}

#[tokio::test]
async fn a_cursor_beyond_the_log_is_found() {
    each_engine(|store| async move {
        with_log(&store).await;
        let beyond = sql!("INSERT INTO view_cursor (name, seq) VALUES ('trace', 701)");
        let expected = Fault::Cursor { name: "trace".to_owned(), at: Seq(701) };
        assert_eq!(faults_after(&store, &[beyond], beyond).await, [expected]);
    })
    .await;
}
