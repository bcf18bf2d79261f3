//! `nguon epcis`: validate, convert and compare documents in JSON-LD and XML, print event hash ids, look words up.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{Subcommand, ValueEnum};
use epcis::{Document, DocumentKind, EpcFormat, EventTime, Output, Version};
use serde_json::json;

use crate::Ended;
use crate::documents::{self, Input, Way};

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// One line a document: how many events, or every fault with its place.
    Validate {
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// One line an event: its hash id (CBV 2.0).
    Hash {
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Also the text that is hashed.
        #[arg(long)]
        prehash: bool,
    },
    /// The document in another format.
    Convert {
        #[arg(long)]
        to: Format,
        /// How identifiers are written; EPC URNs where they can be for XML 1.2, as they came otherwise.
        #[arg(long)]
        epc_format: Option<Ids>,
        file: PathBuf,
    },
    /// Nothing where the events of both documents mean the same, else the paths at which they differ.
    Diff { a: PathBuf, b: PathBuf },
    /// All forms of a word of CBV or of the GS1 web vocabulary.
    Vocab { value: String },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Format {
    Json,
    Xml,
    #[value(name = "xml-1.2")]
    Xml12,
}

impl From<Format> for epcis::Format {
    fn from(format: Format) -> Self {
        match format {
            Format::Json => Self::Json,
            Format::Xml => Self::Xml(Version::V2_0),
            Format::Xml12 => Self::Xml(Version::V1_2),
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Ids {
    Link,
    Urn,
    AsIs,
}

pub(crate) fn run(command: &Command) -> anyhow::Result<Ended> {
    match command {
        Command::Validate { files } => validate(files),
        Command::Hash { files, prehash } => hash(files, *prehash),
        Command::Convert { to, epc_format, file } => convert(file, *to, *epc_format),
        Command::Diff { a, b } => diff(a, b),
        Command::Vocab { value } => Ok(vocab(value)),
    }
}

fn validate(files: &[PathBuf]) -> anyhow::Result<Ended> {
    let mut ended = Ended::Done;
    for file in files {
        let (input, way) = (Input::open(file)?, Way::judging());
        let report = documents::events(&input, way, documents::head(&input, way)?, |_, _| Ok(()))?;
        if report.is_valid() {
            let mut line = json!({"file": input.name, "ok": true, "events": report.events});
            if !report.warnings.is_empty() {
                line["warnings"] = documents::faults(&report.warnings);
            }
            crate::print(&line);
        } else {
            crate::print(&report.refusal(&input.name));
            ended = Ended::Invalid;
        }
    }
    Ok(ended)
}

fn hash(files: &[PathBuf], prehash: bool) -> anyhow::Result<Ended> {
    let mut ended = Ended::Done;
    // What is hashed is to be worked with, not judged: the order of XML elements is left alone.
    let way = Way::loosely();
    for file in files {
        let input = Input::open(file)?;
        let mut out = BufWriter::new(std::io::stdout().lock());
        let head = documents::head(&input, way)?;
        let report = documents::events(&input, way, head, |index, event| {
            let hash = epcis::hash_id(&event);
            let mut line = json!({"file": input.name, "event": index, "hash": hash});
            if prehash {
                line["prehash"] = epcis::prehash(&event).into();
            }
            writeln!(out, "{line}").context("writing")
        })?;
        if !report.is_valid() {
            writeln!(out, "{}", report.refusal(&input.name)).context("writing")?;
            ended = Ended::Invalid;
        }
        out.flush().context("writing")?;
    }
    Ok(ended)
}

/// Three readings: for the head, for what all events declare together, and to write. Nothing is written of a document
/// that is not whole.
fn convert(file: &Path, to: Format, ids: Option<Ids>) -> anyhow::Result<Ended> {
    let (input, way) = (Input::open(file)?, Way::loosely());
    let ids = match (ids, to) {
        (Some(Ids::Link), _) => EpcFormat::Link,
        (Some(Ids::Urn), _) | (None, Format::Xml12) => EpcFormat::Urn,
        (Some(Ids::AsIs), _) | (None, Format::Json | Format::Xml) => EpcFormat::AsIs,
    };
    let head = documents::head(&input, way)?;
    let empty = Document::new(DocumentKind::Events);
    let document = head.document().unwrap_or(&empty).clone();
    let mut output = Output::new(&document, to.into());
    let mut newest = None;
    let report = documents::events(&input, way, head.clone(), |_, mut event| {
        event.spell_ids(ids);
        newest = newest.max(Some(event.event_time));
        output.note(&event);
        Ok(())
    })?;
    if !report.is_valid() {
        report.tell(&input.name);
        return Ok(Ended::Invalid);
    }
    // Only for documents that do not say when they were made: bare events, which say when they happened.
    let created = newest.unwrap_or(EventTime { micros: 0, offset_minutes: 0 });
    let begin = match output.begin(created) {
        Ok(begin) => begin,
        Err(found) => {
            for fault in found {
                eprintln!("{}: {} {}: {fault}", input.name, fault.rule, fault.path);
            }
            return Ok(Ended::Invalid);
        }
    };
    let mut out = BufWriter::with_capacity(256 << 10, std::io::stdout().lock());
    out.write_all(begin.as_bytes()).context("writing")?;
    documents::events(&input, way, head, |_, mut event| {
        event.spell_ids(ids);
        out.write_all(output.event(&event).as_bytes()).context("writing")
    })?;
    writeln!(out, "{}", output.end().trim_end()).context("writing")?;
    out.flush().context("writing")?;
    Ok(Ended::Done)
}

/// A whole document, to be worked with. What is wrong is told on stderr.
fn loosely(file: &Path) -> anyhow::Result<Option<Document>> {
    let (input, way) = (Input::open(file)?, Way::loosely());
    let head = documents::head(&input, way)?;
    let empty = Document::new(DocumentKind::Events);
    let mut document = head.document().unwrap_or(&empty).clone();
    document.events.clear();
    let report = documents::events(&input, way, head, |_, event| {
        document.events.push(event);
        Ok(())
    })?;
    report.tell(&input.name);
    Ok(report.is_valid().then_some(document))
}

#[expect(clippy::print_stdout, reason = "paths are the data of this command")]
fn diff(a: &Path, b: &Path) -> anyhow::Result<Ended> {
    let (Some(a), Some(b)) = (loosely(a)?, loosely(b)?) else { return Ok(Ended::Invalid) };
    let paths = epcis::diff(&a, &b);
    for path in &paths {
        println!("{path}");
    }
    Ok(if paths.is_empty() { Ended::Done } else { Ended::Invalid })
}

fn vocab(value: &str) -> Ended {
    let Some(word) = epcis::vocab::find(value) else {
        eprintln!("{value}: neither a word of CBV 2.0 nor of the GS1 web vocabulary");
        return Ended::Invalid;
    };
    crate::print(&json!({"bare": word.bare, "urn": word.list.urn(word.bare),
        "uri": word.list.uri(word.bare), "curie": word.list.curie(word.bare)}));
    Ended::Done
}
