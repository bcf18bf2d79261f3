//! Appends against the same bytes inserted raw into the same engine: durable single events of many
//! callers, and documents of 500. Run it with `--release`; see `bench/append.md`.
#![expect(clippy::print_stdout, reason = "its output is the result")]

use std::env;
use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::future::try_join_all;
use store::testing::{Cluster, Raw, event, quantile};
use store::{Hop, NewEvent, Store};

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// One kind of load: `callers` at a time, each giving `calls` batches of `batch` events, one after
/// another.
#[derive(Clone, Copy)]
struct Load {
    name: &'static str,
    callers: usize,
    calls: usize,
    batch: usize,
}

const LOADS: [Load; 3] = [
    Load { name: "single events, 1 caller", callers: 1, calls: 300, batch: 1 },
    Load { name: "single events, 64 callers", callers: 64, calls: 100, batch: 1 },
    Load { name: "documents of 500, 2 callers", callers: 2, calls: 10, batch: 500 },
];

#[tokio::main(worker_threads = 2)]
async fn main() -> Outcome<()> {
    let rounds: usize = env::args().nth(1).map_or(Ok(7), |rounds| rounds.parse())?;
    // On the disk the program would use, not on a temporary file system in memory.
    let folder = tempfile::tempdir_in(env::args().nth(2).unwrap_or_else(|| ".".to_owned()))?;
    println!(
        "{rounds} paired rounds; events/s are medians, the ratio is the median of the rounds' ratios"
    );

    let engine = env::args().nth(3);
    let wanted = |name| engine.as_deref().is_none_or(|engine| engine == name);
    if wanted("sqlite") {
        on_sqlite(folder.path(), rounds).await?;
    }
    if wanted("postgres") {
        on_postgres(rounds).await?;
    }
    Ok(())
}

async fn on_sqlite(folder: &Path, rounds: usize) -> Outcome<()> {
    let store = Store::open(&format!("sqlite:{}", folder.join("log.db").display())).await?;
    store.migrate().await?;
    let raw = Raw::sqlite(&folder.join("raw.db"))?;
    compare("SQLite", &store, &raw, rounds).await?;
    hop_takes(&store).await?;
    store.close().await;
    Ok(())
}

/// What a reader pays for fresh postings: a hop of ten identifiers while 7 600 are fresh, and once
/// they have settled.
async fn hop_takes(store: &Store) -> Outcome<()> {
    tokio::time::sleep(Duration::from_secs(2)).await;
    store.append((0..1900).map(|n| event(51, n)).collect()).await?;
    let ids: Vec<_> = (0..10).map(|n| event(51, n).postings[0].1.clone()).collect();
    for state in ["fresh", "settled"] {
        let mut takes = Vec::new();
        for _ in 0..25 {
            let start = Instant::now();
            store.postings(&ids, &Hop::default()).await?;
            takes.push(start.elapsed().as_secs_f64() * 1e6);
        }
        println!("SQLite     hop of 10 identifiers, {state}: {:.0} µs", quantile(&mut takes, 0.5));
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
    Ok(())
}

async fn on_postgres(rounds: usize) -> Outcome<()> {
    let cluster = Cluster::start()?;
    let store = Store::open(cluster.address()).await?;
    store.migrate().await?;
    let raw = Raw::postgres(cluster.address()).await?;
    compare("PostgreSQL", &store, &raw, rounds).await?;
    store.close().await;
    Ok(())
}

async fn compare(engine: &str, store: &Store, raw: &Raw, rounds: usize) -> Outcome<()> {
    let mut number = 0_u64;
    for load in LOADS {
        let (mut ours, mut theirs, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        // The first round warms caches and prepared statements and does not count.
        for round in 0..=rounds {
            let mut batches = Vec::new();
            for _ in 0..load.callers {
                let mut calls = Vec::new();
                for _ in 0..load.calls {
                    number += load.batch as u64;
                    let events = number - load.batch as u64..number;
                    calls.push(events.map(|n| event(1 + (n % 50) as i64, n)).collect::<Vec<_>>());
                }
                batches.push(calls);
            }
            let bodies: Vec<Vec<Vec<Bytes>>> = batches
                .iter()
                .map(|calls| calls.iter().map(|call| bodies_of(call)).collect())
                .collect();
            let events = (load.callers * load.calls * load.batch) as f64;
            let (own, bare) = if round % 2 == 0 {
                let own = ours_takes(store, batches).await?;
                (own, raw.takes(bodies).await?)
            } else {
                let bare = raw.takes(bodies).await?;
                (ours_takes(store, batches).await?, bare)
            };
            if round > 0 {
                ours.push(events / own.as_secs_f64());
                theirs.push(events / bare.as_secs_f64());
                ratios.push(bare.as_secs_f64() / own.as_secs_f64());
            }
        }
        let (low, high) = (quantile(&mut ratios, 0.0), quantile(&mut ratios, 1.0));
        println!(
            "{engine:10} {:28} log {:7.0}/s  raw {:7.0}/s  ratio {:.2} ({low:.2}–{high:.2})",
            load.name,
            quantile(&mut ours, 0.5),
            quantile(&mut theirs, 0.5),
            quantile(&mut ratios, 0.5),
        );
    }
    Ok(())
}

fn bodies_of(call: &[NewEvent]) -> Vec<Bytes> {
    call.iter().map(|event| Bytes::from(event.body.clone())).collect()
}

async fn ours_takes(store: &Store, batches: Vec<Vec<Vec<NewEvent>>>) -> Outcome<Duration> {
    let start = Instant::now();
    try_join_all(batches.into_iter().map(|calls| {
        let store = store.clone();
        tokio::spawn(async move {
            for call in calls {
                store.append(call).await?;
            }
            Ok::<_, store::StoreError>(())
        })
    }))
    .await?
    .into_iter()
    .collect::<Result<(), _>>()?;
    Ok(start.elapsed())
}
