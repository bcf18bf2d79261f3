//! `nguon import`: documents of any size through the door of the API. A document is read to its end before anything of it is
//! captured. Up to ten thousand events are then captured all or nothing, as the API does it; a larger document goes in
//! batches, each all or nothing, and ends at the first that is refused: what was captured before it is recognised as
//! captured when the document, put right, is imported again.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use epcis::stream::Head;
use epcis::{Document, DocumentKind, Event};
use serde_json::{Value, json};
use server::app::App;
use server::capture::problem::path_in;
use server::capture::{self, Caller, OnError, Refused};
use tokio::sync::mpsc;

use crate::documents::{self, Input, Report, Way};
use crate::{Ended, data};

/// Documents with no more events than the API takes are captured as a whole.
const WHOLE: usize = 10_000;
/// Events of a batch of a larger document.
const BATCH: usize = 1_000;

#[derive(Args, Debug)]
pub(crate) struct ImportArgs {
    #[command(flatten)]
    place: data::Where,
    /// The organisation that the events belong to (its number in the register).
    #[arg(long)]
    organisation: i64,
    /// The account that answers for them.
    #[arg(long)]
    account: i64,
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

/// Captures documents through the same door as the API.
pub(crate) async fn import(args: &ImportArgs) -> anyhow::Result<Ended> {
    let app = data::app(args.place.ready().await?, data::quiet_config())?;
    let caller = Caller { organisation: args.organisation, account: 0, made_by: args.account };
    let mut ended = Ended::Done;
    for file in &args.files {
        let line = one(&app, &caller, file).await?;
        if line["rejected"].as_array().is_some_and(|list| !list.is_empty()) {
            ended = Ended::Invalid;
        }
        crate::print(&line);
    }
    Ok(ended)
}

/// What became of a document.
#[derive(Default)]
struct Tally {
    captured: usize,
    duplicates: usize,
    rejected: Vec<Value>,
    more: usize,
}

impl Tally {
    fn line(self, name: &str) -> Value {
        let mut line = json!({"file": name, "captured": self.captured, "duplicates": self.duplicates,
            "rejected": self.rejected});
        if self.more > 0 {
            line["more"] = self.more.into();
        }
        line
    }
}

async fn one(app: &App, caller: &Caller, file: &Path) -> anyhow::Result<Value> {
    let input = Arc::new(Input::open(file)?);
    let (head, report) = read(input.clone()).await?;
    if !report.is_valid() {
        let rejected = documents::faults(&report.faults).as_array().cloned().unwrap_or_default();
        let tally = Tally { rejected, more: report.more(), ..Tally::default() };
        return Ok(tally.line(&input.name));
    }
    let (kind, mut master_data) = match head.document() {
        Some(document) => (document.kind, document.master_data.clone()),
        None => (DocumentKind::Events, Vec::new()),
    };
    let whole = report.events <= WHOLE;
    let size = if whole { report.events.max(1) } else { BATCH };
    let mut batches = batches(input.clone(), head, size);
    let (mut tally, mut before) = (Tally::default(), 0);
    while let Some(events) = batches.recv().await {
        let events = events?;
        let count = events.len();
        // What the header says comes with the first batch.
        let master_data = std::mem::take(&mut master_data);
        let document = Document { events, master_data, ..Document::new(kind) };
        match capture::capture_document(app, caller, document, OnError::Rollback).await {
            Ok((_, outcome)) => {
                tally.captured += outcome.stored();
                tally.duplicates += outcome.duplicates();
                tally.rejected.extend(outcome.refused.iter().map(|one| refusal(kind, one, before)));
            }
            Err(fail) => tally.rejected.push(json!({"message": fail.to_string()})),
        }
        if !tally.rejected.is_empty() {
            break;
        }
        before += count;
        progress(&input.name, before, report.events);
    }
    Ok(tally.line(&input.name))
}

fn refusal(kind: DocumentKind, one: &Refused, before: usize) -> Value {
    let placed =
        Refused { index: before + one.index, vi: String::new(), en: String::new(), ..*one };
    json!({"rule": one.rule, "path": path_in(kind, &placed), "message": one.en})
}

fn progress(name: &str, done: usize, all: usize) {
    if std::io::stderr().is_terminal() && all > WHOLE {
        let end = if done == all { "\n" } else { "" };
        eprint!("\r{name}: {done} / {all}{end}");
    }
}

/// Reads a document to its end.
async fn read(input: Arc<Input>) -> anyhow::Result<(Head, Report)> {
    let way = Way::capturing();
    let reading = move || {
        let head = documents::head(&input, way)?;
        let report = documents::events(&input, way, head.clone(), |_, _| Ok(()))?;
        anyhow::Ok((head, report))
    };
    tokio::task::spawn_blocking(reading).await?
}

/// The events of a document, so many at a time, read while those before are captured. A document without events is one batch
/// without any: there may be master data in its header.
fn batches(
    input: Arc<Input>,
    head: Head,
    size: usize,
) -> mpsc::Receiver<anyhow::Result<Vec<Event>>> {
    let (sender, receiver) = mpsc::channel(1);
    tokio::task::spawn_blocking(move || {
        let (mut batch, mut begun) = (Vec::new(), false);
        // Nobody listens any more once a batch was refused; then there is nothing more to read.
        let send = |batch| sender.blocking_send(batch).map_err(|_| anyhow::anyhow!("ended"));
        let read = documents::events(&input, Way::capturing(), head, |_, event| {
            batch.push(event);
            if batch.len() < size {
                return Ok(());
            }
            begun = true;
            send(Ok(std::mem::take(&mut batch)))
        });
        let last = match read {
            Err(error) => Err(error),
            Ok(_) if batch.is_empty() && begun => return,
            Ok(_) => Ok(batch),
        };
        drop(send(last));
    });
    receiver
}
