//! Appending: idempotency, atomicity, and one gapless order whoever writes.

use std::collections::BTreeSet;

use store::testing::{each_engine, event};
use store::{Appended, Engine, NewEvent, Seq, Store, StoreError};

use crate::{altered, logged, stored};

#[tokio::test]
async fn what_was_appended_comes_back_as_given() {
    each_engine(|store| async move {
        let mut odd = event(7, 1);
        odd.event_id = "đặc biệt \u{200b}\u{202e}\u{1f33e} ' \" \\ %_ e\u{0301}é".to_owned();
        odd.event_time = i64::MIN;
        odd.record_time = i64::MAX;
        odd.offset_minutes = -840;
        odd.corrects = Some(String::new());
        let mut bare = event(-1, 2);
        (bare.biz_step, bare.disposition, bare.read_point, bare.biz_location) =
            (None, None, None, None);
        bare.body = Vec::new();
        bare.postings = Vec::new();
        let appended = store.append(vec![odd.clone(), bare.clone()]).await.unwrap();
        assert_eq!(appended, [Appended::Stored(Seq(1)), Appended::Stored(Seq(2))]);
        let expected = [logged(&odd, 1), logged(&bare, 2)];
        assert_eq!(store.follow(Seq::ZERO, 10).await.unwrap(), expected);
        assert_eq!(store.at(&[Seq(2), Seq(1), Seq(9), Seq(2)]).await.unwrap(), expected);
        assert_eq!(store.event(Some(7), &odd.event_id).await.unwrap().as_ref(), expected.first());
        assert_eq!(store.event(None, &bare.event_id).await.unwrap().as_ref(), expected.last());
        assert_eq!(store.event(Some(8), &odd.event_id).await.unwrap(), None);
        assert_eq!(store.head().await.unwrap(), Seq(2));
    })
    .await;
}

#[tokio::test]
async fn a_duplicate_is_acknowledged_and_not_stored_twice() {
    each_engine(|store| async move {
        let (a, b) = (event(1, 1), event(1, 2));
        assert_eq!(stored(&store.append(vec![a.clone()]).await.unwrap()), [1]);
        let again = store.append(vec![b.clone(), a.clone(), b.clone()]).await.unwrap();
        let expected =
            [Appended::Stored(Seq(2)), Appended::Duplicate(Seq(1)), Appended::Duplicate(Seq(2))];
        assert_eq!(again, expected);
        assert_eq!(store.append(vec![a]).await.unwrap(), [Appended::Duplicate(Seq(1))]);
        assert_eq!(store.head().await.unwrap(), Seq(2));
        let of_b =
            store.postings(&[b.postings[0].1.clone()], &store::Hop::default()).await.unwrap();
        assert_eq!(of_b.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn another_event_under_a_known_id_never_replaces_the_first() {
    each_engine(|store| async move {
        let first = event(1, 1);
        store.append(vec![first.clone()]).await.unwrap();
        let other = altered(first.clone());
        let fresh = event(1, 2);
        let batch = vec![other, fresh.clone(), altered(fresh.clone())];
        let expected =
            [Appended::Conflict(Seq(1)), Appended::Stored(Seq(2)), Appended::Conflict(Seq(2))];
        assert_eq!(store.append(batch).await.unwrap(), expected);
        let expected = [logged(&first, 1), logged(&fresh, 2)];
        assert_eq!(store.follow(Seq::ZERO, 10).await.unwrap(), expected);
    })
    .await;
}

#[tokio::test]
async fn the_same_id_of_another_owner_is_another_event() {
    each_engine(|store| async move {
        let mine = event(1, 1);
        let theirs = NewEvent { owner: 2, ..altered(mine.clone()) };
        assert_eq!(stored(&store.append(vec![theirs, mine.clone()]).await.unwrap()), [1, 2]);
        assert_eq!(store.event(None, &mine.event_id).await.unwrap().unwrap().owner, 2);
        assert_eq!(store.event(Some(1), &mine.event_id).await.unwrap(), Some(logged(&mine, 2)));
    })
    .await;
}

#[tokio::test]
async fn one_bad_event_keeps_its_whole_batch_out() {
    each_engine(|store| async move {
        let mut nul = event(1, 2);
        nul.postings.push((9, "a\0b".to_owned()));
        let nameless = NewEvent { event_id: String::new(), ..event(1, 3) };
        let unhashed = NewEvent { hash: vec![1, 2], ..event(1, 4) };
        let long = NewEvent { event_id: "x".repeat(2001), ..event(1, 5) };
        for bad in [nul, nameless, unhashed, long] {
            let error = store.append(vec![event(1, 1), bad]).await.unwrap_err();
            assert!(matches!(error, StoreError::Event { .. }), "{error:?}");
        }
        assert_eq!(store.head().await.unwrap(), Seq::ZERO);
        assert_eq!(store.append(Vec::new()).await.unwrap(), []);
    })
    .await;
}

/// Only the table can refuse this batch, so it fails inside a group that holds good calls too.
#[tokio::test]
async fn a_batch_that_the_database_refuses_fails_alone() {
    each_engine(|store| async move {
        let trap_set = match store.engine() {
            Engine::Sqlite => store::sql!(
                "CREATE TRIGGER trap BEFORE INSERT ON log_fresh WHEN substr(NEW.postings, 1, 1) = x'4D'
                 BEGIN SELECT RAISE(ABORT, 'refused'); END"
            ),
            Engine::Postgres => {
                store::sql!("ALTER TABLE posting_run ADD CONSTRAINT trap CHECK (role <> 77)")
            }
        };
        store.execute(trap_set, &[]).await.unwrap();
        let bad = |n| NewEvent { postings: vec![(77, "bẫy".to_owned())], ..event(1, n) };
        let calls = (0..30).map(|n| {
            let batch =
                if n % 10 == 5 { vec![event(1, 1000 + n), bad(n)] } else { vec![event(1, n)] };
            let store = store.clone();
            async move { (n, store.append(batch).await) }
        });
        for (n, result) in futures_util::future::join_all(calls).await {
            assert_eq!(result.is_err(), n % 10 == 5, "call {n}: {result:?}");
        }
        assert_eq!(store.head().await.unwrap(), Seq(27));
        assert_eq!(store.event(Some(1), &event(1, 1005).event_id).await.unwrap(), None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_order_is_gapless_under_many_writers_and_handles() {
    each_engine(|store| async move {
        let mut tasks = tokio::task::JoinSet::new();
        for writer in 0..3_u64 {
            let handle = Store::open(store.address()).await.unwrap();
            for task in 0..8_u64 {
                let handle = handle.clone();
                tasks.spawn(async move {
                    let mut own = Vec::new();
                    for call in 0..5_u64 {
                        // Every event is offered by two handles; each must be stored once.
                        let first = ((writer + task) % 3 / 2) * 1000 + task * 100 + call * 10;
                        let batch = (first..first + 4).map(|n| event(1, n)).collect::<Vec<_>>();
                        let ids: Vec<_> =
                            batch.iter().map(|event| event.event_id.clone()).collect();
                        own.extend(handle.append(batch).await.unwrap().into_iter().zip(ids));
                    }
                    own
                });
            }
        }
        let (mut numbers, mut by_id) = (BTreeSet::new(), std::collections::BTreeMap::new());
        while let Some(own) = tasks.join_next().await {
            for (appended, id) in own.unwrap() {
                assert!(!matches!(appended, Appended::Conflict(_)));
                if let Appended::Stored(seq) = appended {
                    assert!(numbers.insert(seq.0), "number {seq} was given twice");
                }
                let seq = *by_id.entry(id).or_insert(appended.seq());
                assert_eq!(seq, appended.seq(), "all must be told the same number");
            }
        }
        assert_eq!(numbers.len(), by_id.len());
        assert!(numbers.iter().copied().eq(1..=numbers.len() as i64), "{numbers:?}");
        let log = store.follow(Seq::ZERO, 10_000).await.unwrap();
        assert_eq!(log.len(), numbers.len());
        assert!(log.iter().all(|event| by_id[&event.event_id] == event.seq));
    })
    .await;
}
