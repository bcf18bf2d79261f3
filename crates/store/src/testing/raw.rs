//! The bare thing that benches compare with: bodies into a table of one column of the same engine, with
//! the same durability and the same grouping of waiting callers into one commit.

use std::error::Error;
use std::path::Path;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::future::try_join_all;
use futures_util::pin_mut;
use tokio::sync::oneshot;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, NoTls};

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// The value at a share of the sorted values: 0.5 is the median.
pub fn quantile(values: &mut [f64], at: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    values[((values.len() - 1) as f64 * at).round() as usize]
}

type RawJob = (Vec<Bytes>, oneshot::Sender<()>);

/// The writer of that table.
#[derive(Debug)]
pub struct Raw {
    jobs: mpsc::Sender<RawJob>,
}

impl Raw {
    /// How long it takes until every caller's batches are on the disk, one after another.
    pub async fn takes(&self, batches: Vec<Vec<Vec<Bytes>>>) -> Outcome<Duration> {
        let start = Instant::now();
        try_join_all(batches.into_iter().map(|calls| {
            let jobs = self.jobs.clone();
            tokio::spawn(async move {
                for bodies in calls {
                    let (reply, done) = oneshot::channel();
                    jobs.send((bodies, reply))?;
                    done.await?;
                }
                Ok::<_, Box<dyn Error + Send + Sync>>(())
            })
        }))
        .await?
        .into_iter()
        .collect::<Result<(), _>>()?;
        Ok(start.elapsed())
    }

    /// A new file.
    pub fn sqlite(path: &Path) -> Outcome<Self> {
        let connection = rusqlite::Connection::open(path)?;
        connection.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 16000;
             PRAGMA cache_size = -65536; CREATE TABLE raw (body BLOB NOT NULL) STRICT;",
        )?;
        let (jobs, queue) = mpsc::channel();
        std::thread::spawn(move || -> Outcome<()> {
            while let Some(group) = gather(&queue) {
                connection.execute_batch("BEGIN IMMEDIATE")?;
                let mut insert = connection.prepare_cached("INSERT INTO raw (body) VALUES (?1)")?;
                for (bodies, _) in &group {
                    for body in bodies {
                        insert.execute([body.as_ref()])?;
                    }
                }
                connection.execute_batch("COMMIT")?;
                acknowledge(group);
            }
            Ok(())
        });
        Ok(Self { jobs })
    }

    /// A new table in a database.
    pub async fn postgres(address: &str) -> Outcome<Self> {
        let (client, connection) = tokio_postgres::connect(address, NoTls).await?;
        tokio::spawn(connection);
        client.batch_execute("CREATE TABLE raw (body BYTEA NOT NULL)").await?;
        let (jobs, queue) = mpsc::channel();
        let runtime = tokio::runtime::Handle::current();
        std::thread::spawn(move || -> Outcome<()> {
            let insert = runtime.block_on(
                client.prepare("INSERT INTO raw (body) SELECT * FROM unnest($1::BYTEA[])"),
            )?;
            while let Some(group) = gather(&queue) {
                let bodies: Vec<&Bytes> = group.iter().flat_map(|(bodies, _)| bodies).collect();
                if bodies.len() >= 500 {
                    runtime.block_on(copy(&client, &bodies))?;
                } else {
                    let bodies: Vec<&[u8]> = bodies.into_iter().map(AsRef::as_ref).collect();
                    runtime.block_on(client.execute(&insert, &[&bodies]))?;
                }
                acknowledge(group);
            }
            Ok(())
        });
        Ok(Self { jobs })
    }
}

async fn copy(client: &Client, bodies: &[&Bytes]) -> Outcome<()> {
    let sink = client.copy_in("COPY raw (body) FROM STDIN BINARY").await?;
    let writer = BinaryCopyInWriter::new(sink, &[Type::BYTEA]);
    pin_mut!(writer);
    for body in bodies {
        writer.as_mut().write(&[&body.as_ref()]).await?;
    }
    writer.finish().await?;
    Ok(())
}

/// The first that comes and all that wait behind it.
fn gather(queue: &mpsc::Receiver<RawJob>) -> Option<Vec<RawJob>> {
    let mut group = vec![queue.recv().ok()?];
    let mut events = group[0].0.len();
    while events < 2000 {
        let Ok(job) = queue.try_recv() else { break };
        events += job.0.len();
        group.push(job);
    }
    Some(group)
}

fn acknowledge(group: Vec<RawJob>) {
    for (_, reply) in group {
        // The caller waits for it, or has failed and gone.
        let _ = reply.send(());
    }
}
