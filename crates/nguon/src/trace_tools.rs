//! `nguon trace`: what a thing came from, what it went into, and what to call back, from a database or from documents.

use std::collections::HashSet;
use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, Subcommand};
use epcis::EventTime;
use serde_json::json;
use trace::{Direction, Graph, Limits, Start, StartError};

use crate::Ended;
use crate::data::Where;
use crate::documents::{self, Input, Way};
use crate::networks::{self, BalanceArgs, ScoreArgs};

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// To everything it came from.
    Back(Question),
    /// To everything it went into, and everywhere it was.
    Forward(Question),
    /// What suspect lots, things or places have touched: certain, possible, cleared, with quantities in bounds.
    Recall(Question),
    /// A line for each place where more left than had come, with the events or deliveries that prove it.
    Balance(BalanceArgs),
    /// Outbreak scores of stations or deliveries, as CSV.
    Score(ScoreArgs),
}

#[derive(Args, Debug)]
pub(crate) struct Question {
    /// Identifiers: things, lots, classes (all their lots), containers (with what is in them), places (what was there).
    #[arg(required = true)]
    ids: Vec<String>,
    /// EPCIS documents instead of a database.
    #[arg(long, num_args = 1.., conflicts_with_all = ["data", "database"])]
    events: Vec<PathBuf>,
    #[command(flatten)]
    place: Where,
    /// As was known at this time: 2026-11-22T08:00:00+07:00.
    #[arg(long, value_name = "TIME")]
    as_of: Option<String>,
    /// Of the things, only what is or was at this place.
    #[arg(long, value_name = "PLACE")]
    at: Option<String>,
    /// Only what was there from this time on.
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
    /// And until this.
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    /// Steps from hand to hand at most: 1 is one step back or forward.
    #[arg(long, default_value_t = usize::MAX, hide_default_value = true)]
    steps: usize,
    /// Nodes of the answer at most.
    #[arg(long, default_value_t = 1_000_000)]
    nodes: usize,
}

/// A graph with the ids of its events.
pub(crate) struct Known {
    pub(crate) graph: Graph,
    pub(crate) ids: Vec<String>,
}

impl Known {
    fn new() -> Self {
        Self { graph: Graph::new(), ids: Vec::new() }
    }

    fn add(&mut self, event: &epcis::Event, id: String, recorded: Option<i64>) {
        self.graph.add(event, recorded);
        self.ids.push(id);
    }
}

pub(crate) async fn run(command: &Command) -> anyhow::Result<Ended> {
    let question = match command {
        Command::Back(question) | Command::Forward(question) | Command::Recall(question) => {
            question
        }
        Command::Balance(args) => return networks::balance(args).await,
        Command::Score(args) => return networks::score(args),
    };
    let as_of = instant(question.as_of.as_deref())?;
    let (since, until) = (instant(question.since.as_deref())?, instant(question.until.as_deref())?);
    let start =
        |id: &String| Start { id: id.clone(), place: question.at.clone(), from: since, until };
    let starts: Vec<Start> = question.ids.iter().map(start).collect();
    let Some(known) = known(&question.events, &question.place).await? else {
        return Ok(Ended::Invalid);
    };
    let limits = Limits { nodes: question.nodes, steps: question.steps, stop: &|| false };
    let name = |event: u32| known.ids[event as usize].clone();
    let told = match command {
        Command::Back(_) => known
            .graph
            .trace(&starts, Direction::Back, as_of, &limits)
            .map(|trace| trace.to_json(&name)),
        Command::Forward(_) => known
            .graph
            .trace(&starts, Direction::Forward, as_of, &limits)
            .map(|trace| trace.to_json(&name)),
        _ => known.graph.recall(&starts, as_of, &limits).map(|recall| recall.to_json(&name)),
    };
    match told {
        Ok(told) => {
            crate::print(&told);
            Ok(Ended::Done)
        }
        Err(error) => {
            let (StartError::Unknown(id) | StartError::NeverThere(id, _)) = &error;
            crate::print(&json!({"ok": false, "id": id, "error": error.to_string()}));
            Ok(Ended::Invalid)
        }
    }
}

/// The events of documents, or of a database where there are none; nothing where a document is not valid.
pub(crate) async fn known(events: &[PathBuf], place: &Where) -> anyhow::Result<Option<Known>> {
    if events.is_empty() { from_database(place).await.map(Some) } else { from_files(events) }
}

/// A time as it is printed.
pub(crate) fn told(micros: i64) -> String {
    EventTime { micros, offset_minutes: 0 }.utc_text()
}

pub(crate) fn instant(text: Option<&str>) -> anyhow::Result<Option<i64>> {
    let read =
        |text: &str| EventTime::parse(text).with_context(|| format!("reading the time {text}"));
    Ok(text.map(read).transpose()?.map(|time| time.micros))
}

/// The events of documents, each once; nothing where one of them is not valid, which has been said.
fn from_files(files: &[PathBuf]) -> anyhow::Result<Option<Known>> {
    let mut known = Known::new();
    let mut seen: HashSet<String> = HashSet::new();
    // The events are to be worked with, not judged.
    let way = Way::loosely();
    for file in files {
        let input = Input::open(file)?;
        let report = documents::events(&input, way, documents::head(&input, way)?, |_, event| {
            let id = event.event_id.clone().unwrap_or_else(|| epcis::hash_id(&event));
            let declares = event.error_declaration.is_some();
            if seen.insert(format!("{declares} {id}")) {
                let recorded = event.record_time.map(|time| time.micros);
                known.add(&event, id, recorded);
            }
            Ok(())
        })?;
        if !report.is_valid() {
            report.tell(&input.name);
            crate::print(&report.refusal(&input.name));
            return Ok(None);
        }
    }
    known.graph.settle();
    Ok(Some(known))
}

/// The events of the log.
async fn from_database(place: &Where) -> anyhow::Result<Known> {
    const AT_ONCE: usize = 2_000;
    let store = place.open().await?;
    let mut known = Known::new();
    let mut after = store::Seq::default();
    loop {
        let logged = store.follow(after, AT_ONCE).await.context("reading the log")?;
        let Some(last) = logged.last() else { break };
        after = last.seq;
        for one in logged {
            let event = epcis::read_stored(&one.body).map_err(|fault| {
                anyhow::anyhow!("event {} of the log is damaged: {fault}", one.seq)
            })?;
            // A declaration has a key of its own in the log, and names the event that it declares.
            known.add(&event, one.corrects.unwrap_or(one.event_id), Some(one.record_time));
        }
    }
    store.close().await;
    known.graph.settle();
    Ok(known)
}
