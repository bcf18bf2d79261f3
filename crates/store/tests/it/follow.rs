//! Following the log and hopping over postings.

use std::time::Duration;

use store::testing::{each_engine, event};
use store::{Hop, NewEvent, Posting, Seq, Store};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_follower_never_sees_a_number_before_the_one_below_it() {
    each_engine(|store| async move {
        const EVENTS: i64 = 240;
        let follower = {
            let store = store.clone();
            tokio::spawn(async move {
                let mut seen = Seq::ZERO;
                while seen.0 < EVENTS {
                    for event in store.follow(seen, 7).await.unwrap() {
                        assert_eq!(event.seq, seen.next());
                        seen = event.seq;
                    }
                }
            })
        };
        let mut writers = tokio::task::JoinSet::new();
        for writer in 0..6_u64 {
            let store = if writer % 2 == 0 {
                store.clone()
            } else {
                Store::open(store.address()).await.unwrap()
            };
            writers.spawn(async move {
                for n in 0..20 {
                    let n = writer * 1000 + n * 2;
                    store.append(vec![event(1, n), event(1, n + 1)]).await.unwrap();
                }
            });
        }
        writers.join_all().await;
        follower.await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn followers_wake_up_after_a_commit_and_not_before() {
    each_engine(|store| async move {
        let mut head = store.subscribe();
        store.append(vec![event(1, 1)]).await.unwrap();
        tokio::time::timeout(Duration::from_secs(10), head.changed()).await.unwrap().unwrap();
        assert_eq!(*head.borrow_and_update(), Seq(1));
        let mut tx = store.begin().await.unwrap();
        tx.append(vec![event(1, 2)]).await.unwrap();
        assert!(!head.has_changed().unwrap());
        tx.commit().await.unwrap();
        assert_eq!(*head.borrow_and_update(), Seq(2));
        store.append(vec![event(1, 2)]).await.unwrap();
        assert!(!head.has_changed().unwrap(), "a duplicate is no news");
    })
    .await;
}

#[tokio::test]
async fn one_look_up_finds_many_identifiers_by_role_and_as_known_then() {
    each_engine(|store| async move {
        let with = |n, postings: &[(i64, &str)]| NewEvent {
            postings: postings.iter().map(|(role, id)| (*role, (*id).to_owned())).collect(),
            ..event(1, n)
        };
        let batch = vec![
            with(1, &[(1, "lúa"), (2, "lúa"), (1, "lúa")]),
            with(2, &[(1, "Lúa"), (2, "gạo")]),
            with(3, &[(3, "gạo"), (1, "lúa")]),
        ];
        store.append(batch).await.unwrap();
        let posting = |seq, id: &str, role| Posting { seq: Seq(seq), id: id.to_owned(), role };
        let all = [
            posting(1, "lúa", 1),
            posting(1, "lúa", 2),
            posting(2, "gạo", 2),
            posting(3, "gạo", 3),
            posting(3, "lúa", 1),
        ];
        let ids = ["gạo", "lúa", "lúa", "không có"].map(str::to_owned);
        assert_eq!(store.postings(&ids, &Hop::default()).await.unwrap(), all);
        let roles = Hop { roles: vec![1, 3], ..Hop::default() };
        let expected = [all[0].clone(), all[3].clone(), all[4].clone()];
        assert_eq!(store.postings(&ids, &roles).await.unwrap(), expected);
        let then = Hop { upto: Seq(2), ..Hop::default() };
        assert_eq!(store.postings(&ids, &then).await.unwrap(), all[..3]);
        // By pages of two, each posting once.
        let mut paged = Vec::new();
        loop {
            let hop = Hop { limit: 2, after: paged.last().cloned(), ..Hop::default() };
            let page = store.postings(&ids, &hop).await.unwrap();
            if page.is_empty() {
                break;
            }
            paged.extend(page);
        }
        assert_eq!(paged, all);
        assert_eq!(store.postings(&[], &Hop::default()).await.unwrap(), []);
    })
    .await;
}
