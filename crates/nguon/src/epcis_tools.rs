//! `nguon epcis`: validate, convert and compare documents in JSON-LD and XML, print event hash ids, look words up.

use std::io::Read;
use std::path::PathBuf;

use anyhow::Context;
use clap::{Subcommand, ValueEnum};
use epcis::{Document, EpcFormat, EventTime, Limits, Version};
use serde_json::json;

use crate::Ended;

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

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Ids {
    Link,
    Urn,
    AsIs,
}

/// The bytes of a file, or of standard input for `-`.
pub(crate) fn bytes(file: &PathBuf) -> anyhow::Result<Vec<u8>> {
    if file.as_os_str() == "-" {
        let mut all = Vec::new();
        std::io::stdin().read_to_end(&mut all).context("reading standard input")?;
        return Ok(all);
    }
    std::fs::read(file).with_context(|| format!("reading {}", file.display()))
}

pub(crate) fn faults(found: &[epcis::Fault]) -> serde_json::Value {
    found
        .iter()
        .map(|fault| {
            json!({"rule": fault.rule, "path": fault.path, "line": fault.line, "column": fault.column,
                "message": fault.message(gs1::Lang::En)})
        })
        .collect()
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
        let name = file.display().to_string();
        match epcis::read(&bytes(file)?, &Limits::default()) {
            Err(found) => {
                crate::print(&json!({"file": name, "ok": false, "errors": faults(&found)}));
                ended = Ended::Invalid;
            }
            Ok(document) => {
                let mut line = json!({"file": name, "ok": true, "events": document.events.len()});
                if !document.warnings.is_empty() {
                    line["warnings"] = faults(&document.warnings);
                }
                crate::print(&line);
            }
        }
    }
    Ok(ended)
}

/// Reads what is to be worked with, not judged: the order of XML elements is left alone. What is wrong is told on stderr.
fn loosely(file: &PathBuf) -> anyhow::Result<Option<Document>> {
    match epcis::read_loosely(&bytes(file)?, &Limits::default()) {
        Ok(document) => Ok(Some(document)),
        Err(found) => {
            for fault in found {
                let epcis::Fault { rule, path, line, column, .. } = &fault;
                eprintln!("{}:{line}:{column}: {rule} {path}: {fault}", file.display());
            }
            Ok(None)
        }
    }
}

fn hash(files: &[PathBuf], prehash: bool) -> anyhow::Result<Ended> {
    let mut ended = Ended::Done;
    for file in files {
        let name = file.display().to_string();
        match epcis::read_loosely(&bytes(file)?, &Limits::default()) {
            Err(found) => {
                crate::print(&json!({"file": name, "ok": false, "errors": faults(&found)}));
                ended = Ended::Invalid;
            }
            Ok(document) => {
                for (index, event) in document.events.iter().enumerate() {
                    let mut line =
                        json!({"file": name, "event": index, "hash": epcis::hash_id(event)});
                    if prehash {
                        line["prehash"] = epcis::prehash(event).into();
                    }
                    crate::print(&line);
                }
            }
        }
    }
    Ok(ended)
}

#[expect(clippy::print_stdout, reason = "a document is the data of this command")]
fn convert(file: &PathBuf, to: Format, ids: Option<Ids>) -> anyhow::Result<Ended> {
    let Some(mut document) = loosely(file)? else { return Ok(Ended::Invalid) };
    document.spell_ids(match (ids, to) {
        (Some(Ids::Link), _) => EpcFormat::Link,
        (Some(Ids::Urn), _) | (None, Format::Xml12) => EpcFormat::Urn,
        (Some(Ids::AsIs), _) | (None, Format::Json | Format::Xml) => EpcFormat::AsIs,
    });
    // Only for documents that do not say when they were made: bare events, which say when they happened.
    let newest = document.events.iter().map(|event| event.event_time).max();
    let created = newest.unwrap_or(EventTime { micros: 0, offset_minutes: 0 });
    let text = match to {
        Format::Json => Ok(epcis::write_json(&document, created)),
        Format::Xml => epcis::write_xml(&document, Version::V2_0, created),
        Format::Xml12 => epcis::write_xml(&document, Version::V1_2, created),
    };
    match text {
        Ok(text) => {
            println!("{}", text.trim_end());
            Ok(Ended::Done)
        }
        Err(found) => {
            for fault in found {
                eprintln!("{}: {} {}: {fault}", file.display(), fault.rule, fault.path);
            }
            Ok(Ended::Invalid)
        }
    }
}

#[expect(clippy::print_stdout, reason = "paths are the data of this command")]
fn diff(a: &PathBuf, b: &PathBuf) -> anyhow::Result<Ended> {
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
