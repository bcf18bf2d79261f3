//! The command line of Nguồn: thin over the libraries. Data go to stdout, words to stderr; the
//! exit code is 0 for done, 1 for input that is not valid, 2 for usage or environment.

mod admin;
mod backup;
mod data;
mod demo;
mod documents;
mod epcis_tools;
mod gs1_tools;
mod import;
mod networks;
mod serve;
mod tend;
mod trace_tools;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// A page is put together from many small pieces; the C library's allocator cost a seventh of a scan.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Truy xuất nguồn gốc sản phẩm · product traceability for a province.
#[derive(Parser)]
#[command(name = "nguon", version, about)]
struct Line {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// A demonstration province on a fresh SQLite file, with the portal on this machine.
    Demo(demo::Args),
    /// Run the portal and the APIs.
    Serve(serve::Args),
    /// Bring the database to this program's form.
    Migrate(data::Where),
    /// Check that log, postings and views agree.
    Fsck(data::Where),
    /// Throw the views away and build them again from the log.
    Rebuild(data::Where),
    /// Write a checked copy of the database, while the portal runs.
    Backup(backup::Args),
    /// Put a copy back into an empty place.
    Restore(backup::Args),
    /// The description of the APIs, OpenAPI 3.1.
    Openapi,
    /// Capture EPCIS documents from files.
    Import(import::ImportArgs),
    /// Accounts of the administration.
    #[command(subcommand)]
    Admin(admin::Command),
    /// Identifiers: links and their readable text.
    #[command(subcommand)]
    Gs1(gs1_tools::Command),
    /// Event documents: validate, hash, convert, compare.
    #[command(subcommand)]
    Epcis(epcis_tools::Command),
    /// Who became what: back, forward, recall.
    #[command(subcommand)]
    Trace(trace_tools::Command),
}

/// How a command ended.
enum Ended {
    Done,
    /// The input is not valid; what is wrong has been printed.
    Invalid,
}

fn main() -> ExitCode {
    let line = Line::parse();
    let ended = match line.command {
        Command::Gs1(command) => Ok(gs1_tools::run(&command)),
        Command::Epcis(command) => epcis_tools::run(&command),
        Command::Openapi => openapi(),
        other => in_runtime(other),
    };
    match ended {
        Ok(Ended::Done) => ExitCode::SUCCESS,
        Ok(Ended::Invalid) => ExitCode::from(1),
        Err(error) => {
            eprintln!("nguon: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn in_runtime(command: Command) -> anyhow::Result<Ended> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        match command {
            Command::Demo(args) => demo::run(args).await,
            Command::Serve(args) => serve::run(args).await,
            Command::Migrate(place) => tend::migrate(&place).await,
            Command::Fsck(place) => tend::fsck(&place).await,
            Command::Rebuild(place) => tend::rebuild(&place).await,
            Command::Backup(args) => backup::backup(&args).await,
            Command::Restore(args) => backup::restore(&args).await,
            Command::Import(args) => import::import(&args).await,
            Command::Admin(command) => admin::run(command).await,
            Command::Trace(command) => trace_tools::run(&command).await,
            Command::Gs1(_) | Command::Epcis(_) | Command::Openapi => Ok(Ended::Done),
        }
    })
}

/// The document that the portal serves at `/api/openapi.json`.
fn openapi() -> anyhow::Result<Ended> {
    print(&serde_json::from_str(&server::api::DOCUMENT)?);
    Ok(Ended::Done)
}

/// One JSON object a line on stdout.
#[expect(clippy::print_stdout, reason = "the one place where data are printed")]
fn print(value: &serde_json::Value) {
    println!("{value}");
}
