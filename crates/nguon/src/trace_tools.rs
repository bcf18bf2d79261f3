//! `nguon trace`: what a thing came from, what it went into, and what to call back, from a database or from documents.

use std::collections::HashSet;
use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, Subcommand};
use epcis::EventTime;
use serde_json::{Value, json};
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
    /// All ways by which the first can have become, or come to, the second.
    Path(Question),
    /// What several things come from: that which most come from first, a line each.
    Common(Question),
    /// What was at the same tool, vehicle or room at the same time or shortly before or after, a line each.
    Contacts(ContactArgs),
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

#[derive(Args, Debug)]
pub(crate) struct ContactArgs {
    #[command(flatten)]
    question: Question,
    /// Minutes that may lie between the one and the other.
    #[arg(long, default_value_t = 0)]
    window: i64,
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
        Command::Back(question)
        | Command::Forward(question)
        | Command::Recall(question)
        | Command::Path(question)
        | Command::Common(question) => question,
        Command::Contacts(args) => &args.question,
        Command::Balance(args) => return networks::balance(args).await,
        Command::Score(args) => return networks::score(args),
    };
    let as_of = instant(question.as_of.as_deref())?;
    let (since, until) = (instant(question.since.as_deref())?, instant(question.until.as_deref())?);
    let start =
        |id: &String| Start { id: id.clone(), place: question.at.clone(), from: since, until };
    let starts: Vec<Start> = question.ids.iter().map(start).collect();
    if let (Command::Path(_), false) = (command, starts.len() == 2) {
        anyhow::bail!("a path is between two identifiers");
    }
    let Some(known) = known(&question.events, &question.place).await? else {
        return Ok(Ended::Invalid);
    };
    let limits = Limits { nodes: question.nodes, steps: question.steps, stop: &|| false };
    let name = |event: u32| known.ids[event as usize].clone();
    let graph = &known.graph;
    let lines: Result<Vec<Value>, StartError> = match command {
        Command::Back(_) => {
            let trace = graph.trace(&starts, Direction::Back, as_of, &limits);
            trace.map(|trace| vec![trace.to_json(&name)])
        }
        Command::Forward(_) => {
            let trace = graph.trace(&starts, Direction::Forward, as_of, &limits);
            trace.map(|trace| vec![trace.to_json(&name)])
        }
        Command::Path(_) => graph
            .path(&starts[0], &starts[1], as_of, &limits)
            .map(|trace| vec![trace.to_json(&name)]),
        Command::Common(_) => graph.common(&starts, as_of, &limits).map(|common| {
            let of = |common: &trace::Common| -> Vec<&str> {
                common.of.iter().map(|number| question.ids[*number].as_str()).collect()
            };
            common
                .iter()
                .map(|one| json!({"node": one.node.to_json(&name), "of": of(one)}))
                .collect()
        }),
        Command::Contacts(args) => {
            let window = args.window.saturating_mul(60_000_000);
            let contacts = question.ids.iter().map(|id| graph.contacts(id, window, as_of));
            contacts.collect::<Result<Vec<_>, _>>().map(|contacts| {
                let line = |contact: &trace::Contact| {
                    json!({"at": contact.base, "with": contact.thing, "from": told(contact.from),
                        "until": told(contact.to), "events": contact.events.map(name)})
                };
                contacts.iter().flatten().map(line).collect()
            })
        }
        _ => graph.recall(&starts, as_of, &limits).map(|recall| vec![recall.to_json(&name)]),
    };
    match lines {
        Ok(lines) => {
            lines.iter().for_each(crate::print);
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
