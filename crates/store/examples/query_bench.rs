//! Pages of events while the log grows: by identifier, by lot, by a window of time, by place and step, by step and by time of
//! recording, each for an owner and for a reader with other reasons to see. Run it with `--release`; see `bench/query.md`.
#![expect(clippy::print_stdout, reason = "its output is the result")]

use std::env;
use std::error::Error;
use std::time::{Duration, Instant};

use sha2::{Digest as _, Sha256};
use store::testing::{Cluster, event, quantile};
use store::{Filter, NewEvent, Sight, SortBy, Store};

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

const OWNERS: u64 = 200;
const PLACES: u64 = 1_000;
const STEPS: [&str; 5] = ["commissioning", "packing", "shipping", "receiving", "storing"];
/// Events an `append` takes at once.
const BATCH: u64 = 2_000;
/// Questions of each kind at each size.
const ASKED: u64 = 200;
const MINUTE: i64 = 60_000_000;

#[tokio::main(worker_threads = 2)]
async fn main() -> Outcome<()> {
    let most: u64 = env::args().nth(1).map_or(Ok(1_000_000), |most| most.parse())?;
    let folder = tempfile::tempdir_in(env::args().nth(2).unwrap_or_else(|| ".".to_owned()))?;
    let engine = env::args().nth(3).unwrap_or_else(|| "sqlite".to_owned());
    if engine == "sqlite" {
        let store =
            Store::open(&format!("sqlite:{}", folder.path().join("log.db").display())).await?;
        grow(&engine, &store, most).await
    } else {
        let cluster = Cluster::start()?;
        let store = Store::open(cluster.address()).await?;
        grow(&engine, &store, most).await
    }
}

async fn grow(engine: &str, store: &Store, most: u64) -> Outcome<()> {
    store.migrate().await?;
    println!("| engine | events | question | answer | p50 | p99 |\n|---|---|---|---|---|---|");
    let (mut size, mut next) = (100_000, 0);
    while size <= most {
        let began = Instant::now();
        while next < size {
            store.append((next..next + BATCH).map(made).collect()).await?;
            next += BATCH;
        }
        eprintln!("{size} events after {:.0} s", began.elapsed().as_secs_f64());
        // Fresh events settle in the first quiet moment, and PostgreSQL looks at its tables now and then.
        tokio::time::sleep(Duration::from_secs(20)).await;
        measure(engine, store, size).await?;
        size *= 10;
    }
    store.close().await;
    Ok(())
}

/// A number that looks random, the same for the same number.
fn drawn(number: u64, salt: &str) -> u64 {
    let digest = Sha256::digest(format!("{salt}{number}"));
    digest.iter().take(7).fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

/// Event `number`: a place has one owner, a lot ten events in a row, a piece one.
fn made(number: u64) -> NewEvent {
    let place = drawn(number, "place") % PLACES;
    let mut event = event((place % OWNERS) as i64, number);
    let uri = format!("https://id.example.vn/414/8930000000{place:03}");
    event.biz_step = Some(STEPS[(drawn(number, "step") % 5) as usize].to_owned());
    event.read_point = Some(uri.clone());
    event.biz_location = Some(uri.clone());
    for posting in &mut event.postings[2..] {
        posting.1.clone_from(&uri);
    }
    event.body.truncate(300);
    event.hash = Sha256::digest(&event.body).to_vec();
    event
}

/// What is asked of the log about an event that is in it.
type Question = fn(&NewEvent) -> Filter;

async fn measure(engine: &str, store: &Store, size: u64) -> Outcome<()> {
    let questions: [(&str, Question); 6] = [
        ("by EPC", |event| Filter {
            ids: vec![(vec![1], vec![event.postings[0].1.clone()])],
            ..Filter::default()
        }),
        ("by lot", |event| Filter {
            ids: vec![(Vec::new(), vec![event.postings[1].1.clone()])],
            ..Filter::default()
        }),
        ("within two days", |event| Filter {
            ge_event_time: Some(event.event_time),
            lt_event_time: Some(event.event_time + 2 * 1_440 * MINUTE),
            ..Filter::default()
        }),
        ("by place and step, newest first", |event| Filter {
            read_points: event.read_point.clone().into_iter().collect(),
            biz_steps: event.biz_step.clone().into_iter().collect(),
            descending: true,
            ..Filter::default()
        }),
        ("by step, newest first", |event| Filter {
            biz_steps: event.biz_step.clone().into_iter().collect(),
            descending: true,
            ..Filter::default()
        }),
        ("recorded since", |event| Filter {
            ge_record_time: Some(event.record_time),
            sort_by: SortBy::RecordTime,
            ..Filter::default()
        }),
    ];
    for (name, question) in questions {
        let (mut takes, mut rows) = (Vec::new(), 0);
        for asked in 0..ASKED {
            let event = made(drawn(asked, name) % size);
            let own = Sight { owners: Some(vec![event.owner]), ..Sight::default() };
            let seen = Sight { seen_by: Some(event.owner), ..Sight::default() };
            let shared =
                Sight { owners: Some(vec![(event.owner + 1) % OWNERS as i64]), ..Sight::default() };
            let mut filter = question(&event);
            filter.sight = vec![own, seen, shared];
            if filter.sort_by == SortBy::Seq {
                filter.sort_by = SortBy::EventTime;
            }
            let start = Instant::now();
            let page = store.events(&filter).await?;
            takes.push(start.elapsed().as_secs_f64() * 1e3);
            rows += page.events.len();
        }
        println!(
            "| {engine} | {size} | {name} | {:.1} | {:.2} ms | {:.2} ms |",
            rows as f64 / ASKED as f64,
            quantile(&mut takes, 0.5),
            quantile(&mut takes, 0.99)
        );
    }
    Ok(())
}
