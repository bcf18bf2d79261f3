//! The checker finds each kind of damage that is done on purpose.

use store::testing::{each_engine, event};
use store::{Engine, Fault, Logged, Seq, Sql, Store, fsck, params, sql};

/// The postings of the sample event whose number its time tells.
fn postings_of(logged: &Logged) -> Option<Vec<(i64, String)>> {
    let number = (logged.event_time - 1_780_000_000_000_000) / 60_000_000;
    Some(event(logged.owner, u64::try_from(number).ok()?).postings)
}

async fn faults_after(store: &Store, damage: Sql) -> Vec<Fault> {
    store.execute(damage, &params![]).await.unwrap();
    fsck(store, postings_of).await.unwrap().faults
}

async fn with_log(store: &Store) {
    store.append((0..700).map(|n| event(1, n)).collect()).await.unwrap();
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
        let unreadable = fsck(&store, |_| None).await.unwrap();
        assert_eq!((unreadable.faults.len(), unreadable.faults_not_listed), (100, 600));
    })
    .await;
}

#[tokio::test]
async fn a_damaged_body_or_a_missing_event_is_found() {
    each_engine(|store| async move {
        with_log(&store).await;
        let body = match store.engine() {
            Engine::Sqlite => sql!("UPDATE log SET body = CAST('x' AS BLOB) WHERE seq = 600"),
            Engine::Postgres => sql!(
                "UPDATE event_body SET body = CAST('x' AS BYTEA)
                 WHERE event_id = (SELECT event_id FROM log WHERE seq = 600)"
            ),
        };
        assert_eq!(faults_after(&store, body).await, [Fault::Hash(Seq(600))]);
        let faults = faults_after(&store, sql!("DELETE FROM log WHERE seq = 3")).await;
        assert_eq!(faults[..2], [Fault::Missing(Seq(3)), Fault::Hash(Seq(600))]);
        assert!(faults.contains(&Fault::PostingsDangling(4)), "{faults:?}");
        if store.engine() == Engine::Postgres {
            assert!(faults.contains(&Fault::BodiesUnnumbered(1)), "{faults:?}");
            let faults = faults_after(&store, sql!("UPDATE log_head SET seq = 650")).await;
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
        let faults =
            faults_after(&store, sql!("DELETE FROM posting WHERE seq = 2 AND role = 1")).await;
        assert!(
            matches!(&faults[..], [Fault::PostingMissing(one)] if one.seq == Seq(2)),
            "{faults:?}"
        );
        let more = sql!("INSERT INTO posting (id, role, seq) VALUES ('thừa', 1, 5)");
        assert!(faults_after(&store, more).await.contains(&Fault::PostingsTooMany(1)));
    })
    .await;
}

#[tokio::test]
async fn a_cursor_beyond_the_log_is_found() {
    each_engine(|store| async move {
        with_log(&store).await;
        let beyond = sql!("INSERT INTO view_cursor (name, seq) VALUES ('trace', 701)");
        let expected = Fault::Cursor { name: "trace".to_owned(), at: Seq(701) };
        assert_eq!(faults_after(&store, beyond).await, [expected]);
    })
    .await;
}
