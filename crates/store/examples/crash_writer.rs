//! Appends without end and prints each acknowledged event id, to be killed at any moment by the
//! crash test. Arguments: the database address, the first number, the number of callers.

use std::env;
use std::error::Error;
use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use store::testing::event;
use store::{NewEvent, Store};

#[tokio::main(worker_threads = 2)]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let address = arguments.next().ok_or("the address of the database is missing")?;
    let first: u64 = arguments.next().ok_or("the first number is missing")?.parse()?;
    let callers: usize = arguments.next().ok_or("the number of callers is missing")?.parse()?;
    let store = Store::open(&address).await?;
    let number = Arc::new(AtomicU64::new(first));
    let mut tasks = tokio::task::JoinSet::new();
    for caller in 0..callers {
        let (store, number) = (store.clone(), Arc::clone(&number));
        tasks.spawn(async move {
            // Batches of different size, so that a kill also falls into the middle of a batch.
            let size: u64 = [1, 1, 3, 20][caller % 4];
            loop {
                let start = number.fetch_add(size, Ordering::Relaxed);
                // Each event tells its batch, so that a batch there by half is found out.
                let read_point = Some(format!("{start}+{size}"));
                let batch = (start..start + size)
                    .map(|number| NewEvent { read_point: read_point.clone(), ..event(1, number) })
                    .collect();
                if store.append(batch).await.is_err() {
                    return;
                }
                // One write, so that lines of different callers do not mix.
                let mut lines = String::new();
                for number in start..start + size {
                    lines.push_str(&number.to_string());
                    lines.push('\n');
                }
                let mut out = std::io::stdout().lock();
                if out.write_all(lines.as_bytes()).and_then(|()| out.flush()).is_err() {
                    return;
                }
            }
        });
    }
    tasks.join_all().await;
    Ok(())
}
