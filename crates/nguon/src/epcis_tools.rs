//! `nguon epcis`: validate documents and print event hash ids.

use std::io::Read;
use std::path::PathBuf;

use anyhow::Context;
use clap::Subcommand;
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
    },
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
    let (files, hashing) = match command {
        Command::Validate { files } => (files, false),
        Command::Hash { files } => (files, true),
    };
    let mut ended = Ended::Done;
    for file in files {
        let name = file.display().to_string();
        match epcis::read_json(&bytes(file)?, &epcis::Limits::default()) {
            Err(found) => {
                crate::print(&json!({"file": name, "ok": false, "errors": faults(&found)}));
                ended = Ended::Invalid;
            }
            Ok(document) if hashing => {
                for (index, event) in document.events.iter().enumerate() {
                    crate::print(
                        &json!({"file": name, "event": index, "hash": epcis::hash_id(event)}),
                    );
                }
            }
            Ok(document) => {
                crate::print(&json!({"file": name, "ok": true, "events": document.events.len()}));
            }
        }
    }
    Ok(ended)
}
