//! Scans, written behind their answers: a queue of bounded length, emptied in batches. Of a caller
//! nothing is kept but a keyed hash in memory, for ten minutes, so that a page that is loaded again
//! does not count twice; the key is drawn by each process and never leaves it.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, MutexGuard, PoisonError};

use store::{params, sql};
use tokio::sync::Notify;

use crate::app::{App, Micros};
use crate::shared::{Fail, text};

/// The same phone within this time is the same look at the same stamp.
const AGAIN: Micros = 600_000_000;
/// Most scans that wait; further ones are answered but not counted (and that is counted).
const MOST_WAITING: usize = 20_000;
/// Most callers remembered; beyond it the old ones go.
const MOST_CALLERS: usize = 200_000;
/// Scans of one transaction.
const BATCH: usize = 500;

/// One scan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scan {
    /// Serial number or trace code.
    pub code: String,
    pub lot: Option<i64>,
    pub verdict: &'static str,
    /// Whether it adds to the stamp's own count: only active stamps of public lots do, so that a
    /// print house's trials do not take the buyer's "first scan".
    pub counts: bool,
    pub at: Micros,
}

#[derive(Default)]
struct Inner {
    waiting: Vec<Scan>,
    /// Scans of a stamp that count and are not committed yet.
    uncommitted: HashMap<String, i64>,
    /// When a caller looked at a code last.
    callers: HashMap<u64, Micros>,
}

/// Scans waiting to be written behind their answers.
#[derive(Default)]
pub struct ScanQueue {
    inner: Mutex<Inner>,
    key: RandomState,
    came: Notify,
}

impl ScanQueue {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        // A panic elsewhere leaves plain lists behind.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Scans of a stamp that its row does not show yet. Ask before reading the row: then a batch
    /// committed in between is counted twice rather than not at all, and no second scan reads
    /// "first".
    pub fn uncommitted(&self, code: &str) -> i64 {
        self.lock().uncommitted.get(code).copied().unwrap_or(0)
    }

    /// Whether this caller looked at this code within the last ten minutes; notes that it did now.
    pub fn again(&self, code: &str, address: &str, agent: &str, now: Micros) -> bool {
        let caller = self.key.hash_one((code, address, agent));
        let mut inner = self.lock();
        if inner.callers.len() >= MOST_CALLERS {
            inner.callers.retain(|_, at| now - *at < AGAIN);
            if inner.callers.len() >= MOST_CALLERS {
                inner.callers.clear();
            }
        }
        let last = inner.callers.insert(caller, now);
        last.is_some_and(|at| now - at < AGAIN)
    }

    /// Lays a scan down to be written.
    pub fn push(&self, scan: Scan) {
        let mut inner = self.lock();
        if inner.waiting.len() >= MOST_WAITING {
            metrics::counter!("scans_dropped_total").increment(1);
            return;
        }
        metrics::counter!("scans_total", "verdict" => scan.verdict).increment(1);
        if scan.counts {
            *inner.uncommitted.entry(scan.code.clone()).or_insert(0) += 1;
        }
        inner.waiting.push(scan);
        drop(inner);
        self.came.notify_one();
    }

    fn take(&self) -> Vec<Scan> {
        let mut inner = self.lock();
        let end = inner.waiting.len().min(BATCH);
        inner.waiting.drain(..end).collect()
    }

    /// What could not be written goes back to the front.
    fn give_back(&self, scans: Vec<Scan>) {
        let mut inner = self.lock();
        inner.waiting.splice(0..0, scans);
    }

    fn committed(&self, scans: &[Scan]) {
        let mut inner = self.lock();
        for scan in scans.iter().filter(|scan| scan.counts) {
            if let Some(count) = inner.uncommitted.get_mut(&scan.code) {
                *count -= 1;
                if *count <= 0 {
                    inner.uncommitted.remove(&scan.code);
                }
            }
        }
    }
}

/// Writes scans as they come, until the task is aborted. Call [`write_waiting`] once more before
/// the program ends.
pub async fn run_scans(app: App) {
    loop {
        app.scans.came.notified().await;
        // A short wait gathers a batch; a commit a scan would be most of a scan's cost.
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        while let Err(fail) = write_waiting(&app).await {
            tracing::warn!(error = %fail, "scans could not be written; trying again");
            tokio::time::sleep(std::time::Duration::from_secs(2)).await;
        }
    }
}

/// Writes everything that waits; returns how many scans that were.
pub async fn write_waiting(app: &App) -> Result<usize, Fail> {
    let mut written = 0;
    loop {
        let scans = app.scans.take();
        if scans.is_empty() {
            return Ok(written);
        }
        if let Err(fail) = write(app, &scans).await {
            app.scans.give_back(scans);
            return Err(fail);
        }
        app.scans.committed(&scans);
        written += scans.len();
    }
}

/// One batch in one transaction, rows in key order so that two nodes never wait for each other.
async fn write(app: &App, scans: &[Scan]) -> Result<(), Fail> {
    let mut stamps: BTreeMap<&str, (i64, Micros)> = BTreeMap::new();
    let mut days: BTreeMap<(i64, String), i64> = BTreeMap::new();
    for scan in scans {
        if scan.counts {
            let (count, first) = stamps.entry(&scan.code).or_insert((0, scan.at));
            *count += 1;
            *first = (*first).min(scan.at);
        }
        if let Some(lot) = scan.lot {
            *days.entry((lot, text::day_of(scan.at).to_string())).or_insert(0) += 1;
        }
    }
    let mut tx = app.store.begin().await?;
    for scan in scans {
        tx.execute(
            sql!(
                "INSERT INTO scan (code, id, lot, verdict, scanned_at) VALUES ($1, $2, $3, $4, $5)"
            ),
            &params![&*scan.code, app.id(), scan.lot, scan.verdict, scan.at],
        )
        .await?;
    }
    for (serial, (count, first)) in stamps {
        tx.execute(
            sql!(
                "UPDATE stamp SET scans = scans + $2, first_scan_at = CASE
                   WHEN first_scan_at IS NULL OR first_scan_at > $3 THEN $3 ELSE first_scan_at END
                 WHERE serial = $1"
            ),
            &params![serial, count, first],
        )
        .await?;
    }
    for ((lot, day), count) in days {
        tx.execute(
            sql!(
                "INSERT INTO scan_day (lot, day, scans) VALUES ($1, $2, $3)
                 ON CONFLICT (lot, day) DO UPDATE SET scans = scan_day.scans + excluded.scans"
            ),
            &params![lot, day, count],
        )
        .await?;
    }
    tx.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_phone_counts_again_after_ten_minutes_only() {
        let queue = ScanQueue::default();
        assert!(!queue.again("A", "address", "phone", 0));
        assert!(queue.again("A", "address", "phone", AGAIN - 1));
        assert!(!queue.again("A", "address", "other phone", 1));
        assert!(!queue.again("B", "address", "phone", 1));
        assert!(!queue.again("A", "address", "phone", 2 * AGAIN));
    }

    #[test]
    fn a_flood_is_dropped_instead_of_filling_the_memory() {
        let queue = ScanQueue::default();
        for _ in 0..=MOST_WAITING {
            let code = "A".to_owned();
            queue.push(Scan { code, lot: None, verdict: "genuine", counts: true, at: 0 });
        }
        assert_eq!(queue.lock().waiting.len(), MOST_WAITING);
        let batch = queue.take();
        assert_eq!(batch.len(), BATCH);
        queue.give_back(batch.clone());
        assert_eq!(queue.lock().waiting.len(), MOST_WAITING, "nothing is lost when writing fails");
        queue.committed(&batch);
        assert_eq!(queue.uncommitted("A"), (MOST_WAITING - BATCH) as i64);
    }
}
