//! Copies of the whole database: written while the portal runs, checked at once, and put back into
//! an empty place. SQLite copies itself; PostgreSQL's own programs are called for PostgreSQL.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;
use clap::Args as ClapArgs;
use serde_json::json;
use server::capture;
use store::{Engine, Store};

use crate::{Ended, data};

#[derive(ClapArgs, Debug)]
pub(crate) struct Args {
    #[command(flatten)]
    place: data::Where,
    /// The copy. An existing file is never written over.
    file: PathBuf,
}

/// `nguon backup`: a copy as of one moment. An SQLite copy is opened and checked before it counts.
pub(crate) async fn backup(args: &Args) -> anyhow::Result<Ended> {
    anyhow::ensure!(!args.file.exists(), "{} exists already", args.file.display());
    if args.place.database.is_none() {
        let file = args.place.data.join("nguon.db");
        anyhow::ensure!(file.is_file(), "there is no database {}", file.display());
    }
    let store = args.place.open().await?;
    let (ok, events) = match store.engine() {
        Engine::Sqlite => {
            store.copy_to(&args.file).await.context("copying the database")?;
            check(&args.file).await?
        }
        Engine::Postgres => {
            call("pg_dump", &["--format=custom", "--no-owner"], &args.place.url(), &args.file)?;
            (true, store.head().await?.0.unsigned_abs())
        }
    };
    let bytes = std::fs::metadata(&args.file).context("reading the copy")?.len();
    crate::print(&json!({"file": args.file, "ok": ok, "events": events, "bytes": bytes}));
    Ok(if ok { Ended::Done } else { Ended::Invalid })
}

/// `nguon restore`: into a folder without a database, or an empty PostgreSQL database; what is there
/// already is never touched.
pub(crate) async fn restore(args: &Args) -> anyhow::Result<Ended> {
    anyhow::ensure!(args.file.is_file(), "there is no file {}", args.file.display());
    if args.place.database.is_some() {
        let url = args.place.url();
        let options = ["--no-owner", "--exit-on-error", "--single-transaction"];
        call("pg_restore", &options, &url, &args.file)?;
    } else {
        let target = args.place.data.join("nguon.db");
        anyhow::ensure!(!target.exists(), "{} exists already", target.display());
        std::fs::create_dir_all(&args.place.data).context("making the data folder")?;
        // Under another name until it has been checked: what is no database never becomes ours.
        let draft = args.place.data.join("nguon.db.restoring");
        std::fs::copy(&args.file, &draft).context("putting the copy back")?;
        let checked = check(&draft).await;
        if !matches!(checked, Ok((true, _))) {
            std::fs::remove_file(&draft).context("removing the copy that is not sound")?;
        }
        if !checked?.0 {
            return Ok(Ended::Invalid);
        }
        std::fs::rename(&draft, &target).context("putting the copy back")?;
    }
    let store = args.place.ready().await?;
    let (ok, events) = sound(&store).await?;
    crate::print(&json!({"restored": args.file, "ok": ok, "events": events}));
    Ok(if ok { Ended::Done } else { Ended::Invalid })
}

async fn check(file: &Path) -> anyhow::Result<(bool, u64)> {
    let address = format!("sqlite:{}", file.display());
    sound(&Store::open(&address).await.context("opening the copy")?).await
}

/// Whether log and postings agree, and how many events there are.
async fn sound(store: &Store) -> anyhow::Result<(bool, u64)> {
    let report = store::fsck(store, capture::postings_of).await.context("checking the copy")?;
    store.close().await;
    for fault in &report.faults {
        eprintln!("nguon: {fault}");
    }
    Ok((report.is_sound(), report.events))
}

/// Runs one of PostgreSQL's programs on a database and a file.
fn call(program: &str, options: &[&str], url: &str, file: &Path) -> anyhow::Result<()> {
    let mut command = Command::new(program);
    command.args(options).arg(format!("--dbname={url}"));
    if program == "pg_dump" {
        command.arg("--file");
    }
    let ended = command.arg(file).status().with_context(|| {
        format!("running {program}: it comes with PostgreSQL's client programs")
    })?;
    anyhow::ensure!(ended.success(), "{program} failed: {ended}");
    Ok(())
}
