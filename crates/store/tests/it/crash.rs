//! `kill -9` at random moments: what was acknowledged is there, nothing is there by half, the log
//! has no gap. `NGUON_CRASH_CYCLES` says how often (6 by default, per engine).

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, thread};

use sha2::{Digest as _, Sha256};
use store::testing::{Cluster, Database, event};
use store::{Engine, Logged, Seq, Store, fsck, fsck_after};

fn cycles() -> u64 {
    env::var("NGUON_CRASH_CYCLES").ok().and_then(|cycles| cycles.parse().ok()).unwrap_or(6)
}

/// The whole log once more, after the last kill.
async fn check_all(store: &Store) {
    let report = fsck(store, postings_of).await.unwrap();
    assert!(report.is_sound(), "{report:?}");
}

/// Cargo builds the examples of a package before it runs its tests, beside them.
fn writer() -> PathBuf {
    let test = env::current_exe().unwrap();
    let name = format!("crash_writer{}", env::consts::EXE_SUFFIX);
    test.parent().and_then(|deps| deps.parent()).unwrap().join("examples").join(name)
}

struct Writer {
    child: Child,
    lines: thread::JoinHandle<Vec<u64>>,
}

impl Writer {
    fn start(address: &str, first: u64) -> Self {
        let mut child = Command::new(writer())
            .args([address, &first.to_string(), "8"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the crash_writer example was built");
        let out = BufReader::new(child.stdout.take().unwrap());
        // A last line cut short by the kill may lack digits: only whole lines count.
        let lines = thread::spawn(move || {
            let mut numbers = Vec::new();
            let mut out = out;
            let mut line = String::new();
            while out.read_line(&mut line).unwrap_or(0) > 0 {
                if let Some(number) = line.strip_suffix('\n').and_then(|line| line.parse().ok()) {
                    numbers.push(number);
                }
                line.clear();
            }
            numbers
        });
        Self { child, lines }
    }

    /// Kills it and returns the numbers it had acknowledged.
    fn kill(mut self) -> Vec<u64> {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.lines.join().unwrap()
    }
}

/// Some moment between the start of a writer and a second later, another each time.
fn wait_at_random(cycle: u64) {
    let digest = Sha256::digest(format!("{cycle} {}", std::process::id()));
    let milliseconds = 120 + u64::from(u16::from_be_bytes([digest[0], digest[1]])) % 700;
    thread::sleep(Duration::from_millis(milliseconds));
}

fn postings_of(logged: &Logged) -> Option<Vec<(i64, String)>> {
    let number = (logged.event_time - 1_780_000_000_000_000) / 60_000_000;
    Some(event(logged.owner, u64::try_from(number).ok()?).postings)
}

async fn open(address: &str) -> Store {
    let start = Instant::now();
    loop {
        match Store::open(address).await {
            Ok(store) => return store,
            // PostgreSQL is still recovering.
            Err(e) => assert!(start.elapsed() < Duration::from_mins(1), "{e:?}"),
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Checks what a cycle left behind; `checked` is where the cycle before ended.
async fn check(store: &Store, acknowledged: &[u64], checked: &mut Seq) {
    let report = fsck_after(store, *checked, postings_of).await.unwrap();
    assert!(report.is_sound(), "{report:?}");
    let mut batches: BTreeMap<String, u64> = BTreeMap::new();
    let mut there = BTreeMap::new();
    for event in store.follow(*checked, usize::MAX).await.unwrap() {
        *checked = event.seq;
        *batches.entry(event.read_point.clone().unwrap()).or_default() += 1;
        there.insert(event.event_id, event.body);
    }
    for (batch, found) in batches {
        let size: u64 = batch.split_once('+').unwrap().1.parse().unwrap();
        assert_eq!(found, size, "the batch {batch} is there by half");
    }
    for number in acknowledged {
        let event = event(1, *number);
        let found = there.get(&event.event_id);
        assert_eq!(found, Some(&event.body), "acknowledged event {number} is lost");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_loses_nothing_acknowledged_on_sqlite() {
    let database = Database::fresh(Engine::Sqlite).await.unwrap();
    let store = open(database.address()).await;
    store.migrate().await.unwrap();
    store.close().await;
    let (mut total, mut checked) = (0, Seq::ZERO);
    for cycle in 0..cycles() {
        let writer = Writer::start(database.address(), cycle * 1_000_000);
        wait_at_random(cycle);
        let acknowledged = writer.kill();
        total += acknowledged.len();
        let store = open(database.address()).await;
        check(&store, &acknowledged, &mut checked).await;
        store.close().await;
    }
    check_all(&open(database.address()).await).await;
    eprintln!("SQLite: {} kills, {total} acknowledged events, none lost", cycles());
    assert!(total > 0, "the kills came before the first acknowledgement every time");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_of_writer_and_server_loses_nothing_acknowledged_on_postgres() {
    let mut cluster = match Cluster::start() {
        Ok(cluster) => cluster,
        Err(store::testing::ClusterError::NotInstalled)
            if env::var("NGUON_POSTGRES").as_deref() != Ok("1") =>
        {
            eprintln!("skipped: no PostgreSQL");
            return;
        }
        Err(e) => panic!("{e}"),
    };
    let store = open(cluster.address()).await;
    store.migrate().await.unwrap();
    store.close().await;
    let (mut total, mut checked) = (0, Seq::ZERO);
    for cycle in 0..cycles() {
        let writer = Writer::start(cluster.address(), cycle * 1_000_000);
        wait_at_random(cycle);
        // In turn: the program first, the server first.
        if cycle % 2 == 0 {
            cluster.kill().unwrap();
        }
        let acknowledged = writer.kill();
        if cycle % 2 == 1 {
            cluster.kill().unwrap();
        }
        total += acknowledged.len();
        cluster.restart().unwrap();
        let store = open(cluster.address()).await;
        check(&store, &acknowledged, &mut checked).await;
        store.close().await;
    }
    check_all(&open(cluster.address()).await).await;
    eprintln!("PostgreSQL: {} kills of both, {total} acknowledged events, none lost", cycles());
    assert!(total > 0, "the kills came before the first acknowledgement every time");
}
