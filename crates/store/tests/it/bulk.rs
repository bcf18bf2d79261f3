//! Big documents and long logs: what an engine does otherwise there must not show.

use store::testing::{each_engine, event};
use store::{Appended, Engine, Filter, Hop, Logged, NewEvent, Seq, Store, fsck, params, sql};

use crate::{logged, stored};

fn postings_of(logged: &Logged) -> Option<Vec<(i64, String)>> {
    let number = (logged.event_time - 1_780_000_000_000_000) / 60_000_000;
    Some(event(logged.owner, u64::try_from(number).ok()?).postings)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_big_document_that_many_send_at_once_is_stored_once() {
    each_engine(|store| async move {
        let mut tasks = tokio::task::JoinSet::new();
        for sender in 0..6_u64 {
            let handle = Store::open(store.address()).await.unwrap();
            tasks.spawn(async move {
                // Each overlaps with its neighbours by two thirds.
                let own: Vec<_> = (sender * 100..sender * 100 + 300).map(|n| event(1, n)).collect();
                (sender, handle.append(own).await.unwrap())
            });
        }
        let mut numbers = std::collections::BTreeMap::new();
        let mut new = 0;
        while let Some(done) = tasks.join_next().await {
            let (sender, appended) = done.unwrap();
            for (n, one) in (sender * 100..).zip(appended) {
                assert!(!matches!(one, Appended::Conflict(_)), "event {n}: {one:?}");
                new += usize::from(matches!(one, Appended::Stored(_)));
                assert_eq!(*numbers.entry(n).or_insert(one.seq()), one.seq(), "event {n}");
            }
        }
        assert_eq!((new, numbers.len()), (800, 800));
        let report = fsck(&store, postings_of).await.unwrap();
        assert!(report.is_sound() && report.events == 800, "{report:?}");
    })
    .await;
}

#[tokio::test]
async fn what_settled_long_ago_is_found_like_what_is_new() {
    each_engine(|store| async move {
        const OLD: u64 = 4200;
        const ALL: u64 = OLD + 60;
        for start in (0..OLD).step_by(600) {
            store.append((start..start + 600).map(|n| event(1, n)).collect()).await.unwrap();
        }
        let new: Vec<_> = (OLD..ALL).map(|n| event(1, n)).collect();
        assert_eq!(stored(&store.append(new).await.unwrap())[0], 4201);
        if store.engine() == Engine::Sqlite {
            let settled = sql!("SELECT count(*) FROM log_settled");
            let row = store.query_one(settled, &params![]).await.unwrap().unwrap();
            assert!(row.get::<i64>(0).unwrap() > 2000, "nothing has settled yet");
        }
        let place = event(1, 5).postings[3].clone();
        let hop = Hop { roles: vec![4], limit: 100_000, ..Hop::default() };
        let found = store.postings(std::slice::from_ref(&place.1), &hop).await.unwrap();
        let at_place: Vec<_> = (0..ALL).filter(|n| n % 7 == 5).map(|n| n as i64 + 1).collect();
        assert_eq!(found.iter().map(|one| one.seq.0).collect::<Vec<_>>(), at_place);
        let mut filter =
            Filter { ids: vec![(vec![4], vec![place.1])], limit: 400, ..Filter::default() };
        filter.descending = true;
        let page = store.events(&filter).await.unwrap();
        assert!(
            page.events.iter().map(|one| one.seq.0).eq(at_place.iter().rev().take(400).copied())
        );
        for n in [0, OLD - 1, OLD, ALL - 1] {
            let (event, seq) = (event(1, n), n as i64 + 1);
            let logged = logged(&event, seq);
            assert_eq!(store.event(Some(1), &event.event_id).await.unwrap(), Some(logged.clone()));
            assert_eq!(store.at(&[Seq(seq)]).await.unwrap(), [logged]);
            assert_eq!(store.append(vec![event]).await.unwrap(), [Appended::Duplicate(Seq(seq))]);
        }
        let followed = store.follow(Seq(4190), 20).await.unwrap();
        assert!(followed.iter().map(|one| one.seq.0).eq(4191..=4210));
        assert_eq!(store.head().await.unwrap(), Seq(ALL as i64));
        let report = fsck(&store, postings_of).await.unwrap();
        assert!(report.is_sound() && report.postings == 4 * ALL as i64, "{report:?}");
    })
    .await;
}

/// SQLite keeps few identifiers of a new event with it and many of them apart.
#[tokio::test]
async fn a_new_event_is_found_by_each_of_its_identifiers_however_many() {
    each_engine(|store| async move {
        let with = |n: u64, many: i64| NewEvent {
            postings: (0..many).map(|i| (1 + i % 2, format!("urn:x:{n}:{i}"))).collect(),
            ..event(1, n)
        };
        for (n, many) in [(1, 64), (2, 65), (3, 1000)] {
            store.append(vec![with(n, many)]).await.unwrap();
            let postings = with(n, many).postings;
            let ids: Vec<String> = postings.iter().map(|(_, id)| id.clone()).collect();
            let found = store.postings(&ids, &Hop::default()).await.unwrap();
            assert_eq!(found.len(), ids.len(), "of {many}");
            for (role, id) in [&postings[0], &postings[postings.len() - 1]] {
                for (asked, events) in [(*role, 1), (3 - *role, 0)] {
                    let ids = vec![(vec![asked], vec![id.clone()])];
                    let page = store.events(&Filter { ids, ..Filter::default() }).await.unwrap();
                    assert_eq!(page.events.len(), events, "{id} as {asked}, of {many}");
                }
            }
        }
        let wrong = NewEvent { postings: vec![(256, "urn:x".to_owned())], ..event(1, 4) };
        assert!(store.append(vec![wrong]).await.is_err(), "no such role can be stored");
        let read = |logged: &Logged| {
            let n = (logged.event_time - 1_780_000_000_000_000) / 60_000_000;
            Some(with(n.try_into().ok()?, [0, 64, 65, 1000][n as usize]).postings)
        };
        let report = fsck(&store, read).await.unwrap();
        assert!(report.is_sound() && report.postings == 1129, "{report:?}");
    })
    .await;
}
