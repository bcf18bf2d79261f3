//! `nguon trace score` and `nguon trace balance`: outbreak scores of a delivery network, and who sold more than he can have had.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{Args, ValueEnum};
use gs1::Lang;
use serde_json::json;
use trace::network::{self, Faults, Network, fcl, score};

use crate::Ended;
use crate::data::Where;
use crate::trace_tools;

#[derive(Args, Debug)]
pub(crate) struct ScoreArgs {
    /// Stations by `ID`.
    #[arg(long, value_name = "CSV")]
    stations: PathBuf,
    /// Deliveries by `ID,from,to,Date Delivery`.
    #[arg(long, value_name = "CSV")]
    deliveries: PathBuf,
    /// Which delivery went into which: `ID,Next`.
    #[arg(long, value_name = "CSV")]
    relations: PathBuf,
    /// Cases: `id,weight`.
    #[arg(long, value_name = "CSV")]
    weights: PathBuf,
    /// Whether goods must arrive before they leave again.
    #[arg(long, value_enum, default_value = "on")]
    temporal_order: Switch,
    /// Stations and deliveries where what comes touches all that leaves later.
    #[arg(long, value_name = "CSV")]
    cross_contamination: Option<PathBuf>,
    /// Stations and deliveries where contamination ends.
    #[arg(long, value_name = "CSV")]
    kill_contamination: Option<PathBuf>,
    /// What to print the scores of.
    #[arg(long, value_enum, default_value = "stations")]
    of: Of,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Switch {
    On,
    Off,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Of {
    Stations,
    Deliveries,
}

#[derive(Args, Debug)]
pub(crate) struct BalanceArgs {
    /// EPCIS documents instead of a database.
    #[arg(long, num_args = 1.., conflicts_with_all = ["data", "database", "network"])]
    events: Vec<PathBuf>,
    /// A delivery network instead, as FoodChain-Lab writes it (JSON).
    #[arg(long, value_name = "FILE", conflicts_with_all = ["data", "database"])]
    network: Option<PathBuf>,
    #[command(flatten)]
    place: Where,
    /// As was known at this time.
    #[arg(long, value_name = "TIME", conflicts_with = "network")]
    as_of: Option<String>,
    /// Per cent of what came that may be missing: scales err, goods dry.
    #[arg(long, default_value = "0", value_name = "PERCENT")]
    tolerance: rust_decimal::Decimal,
    /// Adds the events of every finding up again, and says if they prove it.
    #[arg(long)]
    check: bool,
}

pub(crate) fn score(args: &ScoreArgs) -> anyhow::Result<Ended> {
    match scored(args)? {
        Ok(table) => {
            std::io::stdout().lock().write_all(table.as_bytes()).context("writing")?;
            Ok(Ended::Done)
        }
        Err(faults) => Ok(refused(&faults)),
    }
}

fn scored(args: &ScoreArgs) -> anyhow::Result<Result<String, Faults>> {
    let (stations, deliveries) = (bytes(&args.stations)?, bytes(&args.deliveries)?);
    let (relations, weights) = (bytes(&args.relations)?, bytes(&args.weights)?);
    let cross = args.cross_contamination.as_deref().map(bytes).transpose()?;
    let kill = args.kill_contamination.as_deref().map(bytes).transpose()?;
    let work = || -> Result<String, Faults> {
        let network = Network::from_csv(&stations, &deliveries, &relations)?;
        let mut tracing = score::Tracing {
            temporal_order: args.temporal_order == Switch::On,
            ..score::Tracing::default()
        };
        tracing.read_weights(&network, &weights)?;
        if let Some(cross) = &cross {
            tracing.read_cross(&network, cross)?;
        }
        if let Some(kill) = &kill {
            tracing.read_kill(&network, kill)?;
        }
        let scores = score::score(&network, &tracing)?;
        for notice in network.notices().iter().chain(&tracing.notices) {
            eprintln!("{}", notice.message(Lang::En));
        }
        Ok(score::csv(match args.of {
            Of::Stations => &scores.stations,
            Of::Deliveries => &scores.deliveries,
        }))
    };
    Ok(work())
}

pub(crate) async fn balance(args: &BalanceArgs) -> anyhow::Result<Ended> {
    match &args.network {
        Some(file) => of_network(args, file),
        None => of_events(args).await,
    }
}

fn of_network(args: &BalanceArgs, file: &Path) -> anyhow::Result<Ended> {
    let document = match fcl::read(&bytes(file)?) {
        Ok(document) => document,
        Err(faults) => return Ok(refused(&faults)),
    };
    let hundred = rust_decimal::Decimal::ONE_HUNDRED;
    let options = network::balance::Options {
        tolerance: args.tolerance / hundred,
        ..network::balance::Options::default()
    };
    let found = network::balance::balance(&document.network, &options);
    for finding in found.findings.iter().filter(|_| args.check) {
        if let Err(why) = network::check::check(&document.network, finding) {
            anyhow::bail!("a finding is not proven: {why:?}");
        }
    }
    let lines = network::balance::json_lines(&document.network, &found);
    std::io::stdout().lock().write_all(lines.as_bytes()).context("writing")?;
    eprint!("{}", network::balance::notes(&document.network, &found, Lang::En));
    Ok(Ended::Done)
}

async fn of_events(args: &BalanceArgs) -> anyhow::Result<Ended> {
    let Some(known) = trace_tools::known(&args.events, &args.place).await? else {
        return Ok(Ended::Invalid);
    };
    let as_of = trace_tools::instant(args.as_of.as_deref())?;
    let thousandths = (args.tolerance * rust_decimal::Decimal::TEN).round();
    let tolerance = u32::try_from(thousandths).context("the tolerance is a share in per cent")?;
    let balances = known.graph.balance(tolerance, as_of);
    for finding in &balances.findings {
        let ids = |events: &[u32]| -> Vec<&str> {
            events.iter().map(|event| known.ids[*event as usize].as_str()).collect()
        };
        let mut line = json!({
            "place": finding.place,
            "product": finding.product,
            "in": trace::millionths(finding.came),
            "out": trace::millionths(finding.left),
            "gap": trace::millionths(finding.gap),
            "unit": finding.unit.code(),
            "until": trace_tools::told(finding.until),
            "proof": {"in": ids(&finding.bringing), "out": ids(&finding.taking)},
        });
        if args.check {
            match trace::balance::check(&known.graph, finding) {
                None => line["proven"] = true.into(),
                Some(why) => anyhow::bail!("a finding is not proven: {why}"),
            }
        }
        crate::print(&line);
    }
    eprintln!(
        "{} stocks judged; of {} nothing that came is written down, of {} an amount is not known",
        balances.judged, balances.begins, balances.unknown
    );
    Ok(Ended::Done)
}

fn bytes(file: &Path) -> anyhow::Result<Vec<u8>> {
    std::fs::read(file).with_context(|| format!("reading {}", file.display()))
}

fn refused(faults: &Faults) -> Ended {
    eprint!("{}", faults.message(Lang::En));
    crate::print(
        &json!({"ok": false, "errors": faults.message(Lang::En).lines().collect::<Vec<_>>()}),
    );
    Ended::Invalid
}
