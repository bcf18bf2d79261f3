//! Pages of events against a brute-force oracle, and under writers.

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use store::testing::{each_engine, event, on_engine};
use store::{Engine, Filter, Logged, NewEvent, Seq, Sight, SortBy, Store, Token, sql};

const WORDS: [&str; 3] = ["gieo", "thu hoạch", "bán"];

fn word() -> impl Strategy<Value = String> {
    prop::sample::select(&WORDS[..]).prop_map(str::to_owned)
}

/// A few words asked for, or so many that they go to the engine as one.
fn some_words() -> impl Strategy<Value = Vec<String>> {
    (prop::collection::vec(word(), 1..3), any::<bool>()).prop_map(|(mut words, many)| {
        let others = (0..20).map(|number| format!("khác “{number}”\\\0"));
        words.extend(others.filter(|_| many));
        words
    })
}

fn some_event() -> impl Strategy<Value = NewEvent> {
    let texts = (prop::option::of(word()), prop::option::of(word()), prop::option::of(word()));
    let postings = prop::collection::vec((1..4_i64, word()), 0..4);
    // Few distinct times, so that many events tie and only the number tells them apart.
    (1..4_i64, 1..3_i64, 0..2_i64, 0..5_i64, 0..5_i64, texts, postings).prop_map(
        |(owner, kind, action, event_time, record_time, (step, place, corrects), postings)| {
            NewEvent {
                owner,
                kind,
                action,
                event_time,
                record_time,
                biz_step: step.clone(),
                disposition: place.clone(),
                read_point: step,
                biz_location: place,
                corrects,
                postings,
                ..event(owner, 0)
            }
        },
    )
}

/// One reason to see an event; the events an organisation has seen are in `view_seen`, see [`sees`].
fn some_sight() -> impl Strategy<Value = Sight> {
    let owners = prop::option::of(prop::collection::vec(1..5_i64, 0..4));
    let group = (prop::collection::vec(0..3_i64, 0..2), prop::collection::vec(word(), 1..3));
    let ids = prop::collection::vec(group, 0..2);
    (owners, prop::option::of(1..3_i64), ids, prop::option::weighted(0.3, 0..5_i64))
        .prop_map(|(owners, seen_by, ids, since)| Sight { owners, seen_by, ids, since })
}

/// Which events the tests' readers have seen.
fn sees(reader: i64, seq: i64) -> bool {
    seq % (reader + 2) == 0
}

fn some_filter() -> impl Strategy<Value = Filter> {
    let words = || prop_oneof![3 => Just(Vec::new()), 1 => some_words()];
    let ints = || prop_oneof![3 => Just(Vec::new()), 1 => prop::collection::vec(0..3_i64, 1..3)];
    let time = || prop_oneof![3 => Just(None), 1 => (0..6_i64).prop_map(Some)];
    let group = (ints(), prop_oneof![1 => Just(Vec::new()), 3 => some_words()]);
    let ids = prop_oneof![2 => Just(Vec::new()), 1 => prop::collection::vec(group, 1..3)];
    let lists = (ints(), ints(), words(), words(), words(), words(), words());
    let times = (time(), time(), time(), time());
    let sort = prop::sample::select(vec![SortBy::EventTime, SortBy::RecordTime, SortBy::Seq]);
    let sight = prop::collection::vec(some_sight(), 0..4);
    let owner = (prop::option::weighted(0.3, 1..4_i64), sight);
    (lists, times, ids, owner, sort, any::<bool>(), 1..8_usize).prop_map(
        |(lists, times, ids, (owner, sight), sort_by, descending, limit)| Filter {
            kinds: lists.0,
            actions: lists.1,
            biz_steps: lists.2,
            dispositions: lists.3,
            read_points: lists.4,
            biz_locations: lists.5,
            corrects: lists.6,
            ge_event_time: times.0,
            lt_event_time: times.1,
            ge_record_time: times.2,
            lt_record_time: times.3,
            ids,
            owner,
            sight,
            sort_by,
            descending,
            limit,
            ..Filter::default()
        },
    )
}

/// The meaning of a filter, written down once more in the plainest way.
fn oracle(filter: &Filter, log: &[(NewEvent, Logged)]) -> Vec<Logged> {
    let within = |wanted: &Vec<String>, found: &Option<String>| {
        wanted.is_empty() || found.as_ref().is_some_and(|found| wanted.contains(found))
    };
    let one_of = |wanted: &Vec<i64>, found: i64| wanted.is_empty() || wanted.contains(&found);
    let bears = |event: &NewEvent, groups: &Vec<(Vec<i64>, Vec<String>)>| {
        groups.iter().all(|(roles, ids)| {
            event.postings.iter().any(|(role, id)| one_of(roles, *role) && ids.contains(id))
        })
    };
    let mut found: Vec<Logged> = log
        .iter()
        .filter(|(event, _)| {
            one_of(&filter.kinds, event.kind)
                && one_of(&filter.actions, event.action)
                && within(&filter.biz_steps, &event.biz_step)
                && within(&filter.dispositions, &event.disposition)
                && within(&filter.read_points, &event.read_point)
                && within(&filter.biz_locations, &event.biz_location)
                && within(&filter.corrects, &event.corrects)
                && within(&filter.event_ids, &Some(event.event_id.clone()))
                && filter.owner.is_none_or(|owner| owner == event.owner)
                && filter.ge_event_time.is_none_or(|time| event.event_time >= time)
                && filter.lt_event_time.is_none_or(|time| event.event_time < time)
                && filter.ge_record_time.is_none_or(|time| event.record_time >= time)
                && filter.lt_record_time.is_none_or(|time| event.record_time < time)
                && bears(event, &filter.ids)
        })
        .filter(|(event, logged)| {
            filter.sight.is_empty()
                || filter.sight.iter().any(|reason| {
                    reason.owners.as_ref().is_none_or(|owners| owners.contains(&event.owner))
                        && reason.seen_by.is_none_or(|reader| sees(reader, logged.seq.0))
                        && reason.since.is_none_or(|since| event.event_time >= since)
                        && bears(event, &reason.ids)
                })
        })
        .map(|(_, logged)| logged.clone())
        .collect();
    found.sort_by_key(|event| match filter.sort_by {
        SortBy::EventTime => (event.event_time, event.seq),
        SortBy::RecordTime => (event.record_time, event.seq),
        SortBy::Seq => (0, event.seq),
    });
    if filter.descending {
        found.reverse();
    }
    found
}

async fn all_pages(store: &Store, mut filter: Filter) -> Vec<Logged> {
    let mut events = Vec::new();
    loop {
        let page = store.events(&filter).await.unwrap();
        assert!(page.events.len() <= filter.limit);
        events.extend(page.events);
        filter.after = page.next;
        if filter.after.is_none() {
            return events;
        }
    }
}

#[tokio::test]
async fn pages_hold_what_the_filter_means() {
    each_engine(|store| async move {
        let mut runner = TestRunner::deterministic();
        let events =
            prop::collection::vec(some_event(), 60).new_tree(&mut runner).unwrap().current();
        let mut log = Vec::new();
        for (n, event) in events.into_iter().enumerate() {
            let event = NewEvent { event_id: format!("sự kiện {n}"), ..event };
            let seq = store.append(vec![event.clone()]).await.unwrap()[0].seq();
            log.push((event.clone(), crate::logged(&event, seq.0)));
        }
        for (event, logged) in &log {
            for reader in (1..3).filter(|reader| sees(*reader, logged.seq.0)) {
                let row = [reader, logged.seq.0, event.event_time, event.record_time];
                store
                    .execute(
                        sql!(
                            "INSERT INTO view_seen (reader, seq, event_time, record_time, things) VALUES ($1, $2, $3, $4, 1)"
                        ),
                        &row.map(Into::into),
                    )
                    .await
                    .unwrap();
            }
        }
        let mut matched = 0;
        for _ in 0..300 {
            let filter = some_filter().new_tree(&mut runner).unwrap().current();
            let expected = oracle(&filter, &log);
            matched += usize::from(!expected.is_empty());
            assert_eq!(all_pages(&store, filter.clone()).await, expected, "{filter:?}");
        }
        assert!(matched > 30, "too few of the filters match anything: {matched}");
        let ids = vec!["sự kiện 3".to_owned(), "sự kiện 5".to_owned(), "không có".to_owned()];
        let filter = Filter { event_ids: ids, ..Filter::default() };
        assert_eq!(all_pages(&store, filter.clone()).await, oracle(&filter, &log));
    })
    .await;
}

#[tokio::test]
async fn pages_stay_whole_while_others_write() {
    each_engine(|store| async move {
        let at = |n: u64, time| NewEvent { event_time: time, ..event(1, n) };
        let there: Vec<_> = (0..20).map(|n| at(n, (n % 4) as i64)).collect();
        store.append(there.clone()).await.unwrap();
        let mut filter =
            Filter { limit: 3, sort_by: SortBy::EventTime, descending: true, ..Filter::default() };
        let mut seen = Vec::new();
        let mut next_number = 100;
        loop {
            let page = store.events(&filter).await.unwrap();
            seen.extend(page.events.into_iter().map(|event| event.event_id));
            filter.after = page.next;
            if filter.after.is_none() {
                break;
            }
            // Before, at and after the place where the page ended.
            store
                .append((0..4).map(|time| at(next_number + time, time as i64)).collect())
                .await
                .unwrap();
            next_number += 4;
            assert!(next_number < 1000, "the pages do not end");
        }
        for event in there {
            assert_eq!(
                seen.iter().filter(|id| **id == event.event_id).count(),
                1,
                "{}",
                event.event_id
            );
        }
        let past_the_end = Token { sort: -1, seq: store::Seq(1) };
        filter.after = Some(past_the_end);
        assert_eq!(store.events(&filter).await.unwrap().events, []);
    })
    .await;
}

#[tokio::test]
async fn a_page_ends_with_the_event_at_which_its_bodies_are_too_much() {
    each_engine(|store| async move {
        let of_size =
            |number: u64, size: usize| NewEvent { body: vec![b'x'; size], ..event(1, number) };
        let sizes = [400, 400, 400, 5_000, 100, 100];
        let events = sizes.iter().zip(0..).map(|(size, number)| of_size(number, *size)).collect();
        store.append(events).await.unwrap();
        for sort_by in [SortBy::EventTime, SortBy::RecordTime, SortBy::Seq] {
            for (descending, wanted) in [(false, [3, 1, 2].as_slice()), (true, &[3, 3])] {
                let sight =
                    vec![Sight { owners: Some(vec![1]), ..Sight::default() }, Sight::default()];
                let bytes = Some(1_000);
                let mut filter = Filter { bytes, sort_by, descending, sight, ..Filter::default() };
                let mut pages = Vec::new();
                loop {
                    let page = store.events(&filter).await.unwrap();
                    pages.extend(Some(page.events.len()).filter(|count| *count > 0));
                    filter.after = page.next;
                    if filter.after.is_none() {
                        break;
                    }
                }
                assert_eq!(pages, wanted, "{sort_by:?} {descending}");
            }
        }
        // A follower reads on whatever the events weigh.
        let large = (10..13).map(|number| of_size(number, 9 << 20)).collect();
        store.append(large).await.unwrap();
        let (mut after, mut counts) = (Seq::ZERO, Vec::new());
        loop {
            let events = store.follow(after, 100).await.unwrap();
            let Some(last) = events.last() else { break };
            after = last.seq;
            counts.push(events.len());
        }
        assert_eq!(counts, [8, 1]);
    })
    .await;
}

#[tokio::test]
async fn a_list_may_have_more_values_than_a_statement_has_parameters_for() {
    each_engine(|store| async move {
        let events: Vec<_> = (0..3).map(|number| event(1, number)).collect();
        store.append(events.clone()).await.unwrap();
        let mut ids: Vec<_> = (0..40_000).map(|number| format!("urn:khác:{number}")).collect();
        let last = &events[2];
        ids.push(last.postings[0].1.clone());
        ids.push(last.event_id.clone());
        ids.push(last.biz_step.clone().unwrap());
        let reasons: Vec<_> =
            (0..5).map(|owner| Sight { owners: Some(vec![owner]), ..Sight::default() }).collect();
        let of = |filter: Filter| Filter { sight: reasons.clone(), ..filter };
        for filter in [
            Filter { ids: vec![(vec![1], ids.clone())], ..Filter::default() },
            Filter { event_ids: ids.clone(), ..Filter::default() },
            Filter { biz_steps: ids.clone(), ..Filter::default() },
        ] {
            let page = store.events(&of(filter)).await.unwrap();
            let found: Vec<_> = page.events.iter().map(|event| &event.event_id).collect();
            assert_eq!(found, [&last.event_id]);
        }
    })
    .await;
}

/// No question by identifier, time, place or step reads the settled log from end to end, for whatever reason it is seen.
#[tokio::test]
async fn every_question_is_answered_from_an_index() {
    on_engine(Engine::Sqlite, |store| async move {
        let owner = || vec![Sight { owners: Some(vec![1]), ..Sight::default() }];
        let reasons = || {
            let mut sight = owner();
            sight.push(Sight { seen_by: Some(1), ..Sight::default() });
            sight.push(Sight { owners: Some(vec![2, 3]), since: Some(7), ..Sight::default() });
            sight
        };
        let word = || vec!["gieo".to_owned()];
        let ids = || vec![(vec![1], word())];
        // So many that they go as one.
        let many = || (0..40).map(|n| format!("gieo-{n}")).collect::<Vec<_>>();
        let questions = [
            (Filter { ids: vec![(vec![1], many())], ..Filter::default() }, "INTEGER PRIMARY KEY"),
            (Filter { event_ids: many(), ..Filter::default() }, "log_settled_event "),
            (Filter { corrects: many(), ..Filter::default() }, "log_settled_corrects"),
            // Of many steps the events of an owner are read in the order of time.
            (Filter { biz_steps: many(), ..Filter::default() }, "_time"),
            (Filter { ids: ids(), ..Filter::default() }, "INTEGER PRIMARY KEY"),
            (Filter { event_ids: word(), ..Filter::default() }, "log_settled_event "),
            (Filter { corrects: word(), ..Filter::default() }, "log_settled_corrects"),
            (Filter { read_points: word(), biz_steps: word(), ..Filter::default() }, "read_point"),
            (Filter { biz_locations: word(), ..Filter::default() }, "biz_location"),
            (Filter { biz_steps: word(), ..Filter::default() }, "_step"),
            (Filter { ge_event_time: Some(1), ..Filter::default() }, "_time"),
            (Filter::default(), "_time"),
        ];
        for (question, index) in questions {
            for sort_by in [SortBy::EventTime, SortBy::RecordTime] {
                for sight in [owner(), reasons()] {
                    for (descending, after) in [(false, None), (true, None), (true, Some(7))] {
                        let after = after.map(|sort| Token { sort, seq: Seq(sort) });
                        let (question, sight) = (question.clone(), sight.clone());
                        let filter = Filter { sort_by, sight, descending, after, ..question };
                        let plan = store.plan(&filter).await.unwrap();
                        let scans = plan.iter().any(|line| {
                            line.starts_with("SCAN log_settled") && !line.contains("USING INDEX")
                        });
                        assert!(!scans, "{filter:?}: {plan:#?}");
                        // What has an index in the order of the page is not sorted, but for the fresh events.
                        let sorted = plan.iter().skip_while(|line| !line.contains("log_settled"));
                        let sorted = sorted.take_while(|line| !line.contains("log_fresh"));
                        let sorted = sorted.filter(|line| line.contains("TEMP B-TREE")).count();
                        let ordered = ["read_point", "biz_location"].contains(&index);
                        let ordered =
                            ordered && sort_by == SortBy::EventTime && filter.sight.len() == 1;
                        assert!(sorted == 0 || !ordered, "{filter:?}: {plan:#?}");
                        let used = plan.iter().any(|line| line.contains(index));
                        let by_time = sort_by == SortBy::RecordTime && index.starts_with('_');
                        assert!(used || by_time, "{filter:?}: {plan:#?}");
                    }
                }
            }
        }
    })
    .await;
}
