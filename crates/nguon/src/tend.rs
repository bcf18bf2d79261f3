//! Tending the data: migrate, check, rebuild, import.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;
use server::capture::problem::path_in;
use server::capture::{self, OnError};

use crate::epcis_tools::{bytes, faults};
use crate::{Ended, data};

pub(crate) async fn migrate(place: &data::Where) -> anyhow::Result<Ended> {
    let store = place.open().await?;
    crate::print(&json!({"migrated": store.migrate().await?}));
    Ok(Ended::Done)
}

/// Log gapless, bodies intact, postings as the events say, views as a fresh build would make them.
pub(crate) async fn fsck(place: &data::Where) -> anyhow::Result<Ended> {
    let store = place.open().await?;
    let report = store::fsck(&store, capture::postings_of).await?;
    let app = data::app(store, data::quiet_config())?;
    let views = capture::views::verify(&app)
        .await
        .map_err(|fail| anyhow::anyhow!("checking the views: {fail}"))?;
    let log: Vec<String> = report.faults.iter().map(ToString::to_string).collect();
    let ok = log.is_empty() && views.is_empty();
    crate::print(
        &json!({"ok": ok, "events": report.events, "postings": report.postings, "log": log, "views": views}),
    );
    Ok(if ok { Ended::Done } else { Ended::Invalid })
}

pub(crate) async fn rebuild(place: &data::Where) -> anyhow::Result<Ended> {
    let app = data::app(place.ready().await?, data::quiet_config())?;
    let events = capture::views::rebuild(&app)
        .await
        .map_err(|fail| anyhow::anyhow!("rebuilding the views: {fail}"))?;
    crate::print(&json!({"rebuilt": true, "events": events}));
    Ok(Ended::Done)
}

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
    let caller =
        capture::Caller { organisation: args.organisation, account: 0, made_by: args.account };
    let mut ended = Ended::Done;
    for file in &args.files {
        let name = file.display().to_string();
        let line = match epcis::read(&bytes(file)?, &epcis::Limits::for_capture()) {
            Err(found) => {
                json!({"file": name, "captured": 0, "duplicates": 0, "rejected": faults(&found)})
            }
            Ok(document) => {
                let kind = document.kind;
                match capture::capture_document(&app, &caller, document, OnError::Rollback).await {
                    Ok((_, outcome)) => {
                        let rejected: Vec<_> = outcome
                            .refused
                            .iter()
                            .map(|one| json!({"rule": one.rule, "path": path_in(kind, one), "message": one.en}))
                            .collect();
                        json!({"file": name, "captured": outcome.stored(), "duplicates": outcome.duplicates(), "rejected": rejected})
                    }
                    Err(fail) => {
                        json!({"file": name, "captured": 0, "duplicates": 0, "rejected": [{"message": fail.to_string()}]})
                    }
                }
            }
        };
        if line["rejected"].as_array().is_some_and(|list| !list.is_empty()) {
            ended = Ended::Invalid;
        }
        crate::print(&line);
    }
    Ok(ended)
}
