//! Delivery networks: scores, balance, documents of FoodChain-Lab.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "helpers of tests: a panic is the verdict, and what is skipped is said"
)]

mod balance;
mod fcl;
mod golden;
mod inspect;
mod marks;
mod tables;

use std::path::{Path, PathBuf};

/// The folder of public test material, if it is there.
fn corpora() -> Option<PathBuf> {
    let folder = std::env::var_os("NGUON_CORPORA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora"),
        PathBuf::from,
    );
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: no corpora");
    None
}

/// A small network from words: stations by their ids, deliveries as `id from to date`, relations as `went into`.
fn network(stations: &str, deliveries: &[&str], relations: &[&str]) -> trace::network::Network {
    let mut rows = String::from("ID,from,to,Date Delivery,Amount [kg]\n");
    for delivery in deliveries {
        rows.push_str(&delivery.replace(' ', ","));
        rows.push_str(&",".repeat(4 - delivery.matches(' ').count()));
        rows.push('\n');
    }
    let pairs = format!("ID,Next\n{}\n", relations.join("\n").replace(' ', ","));
    let places = format!("ID\n{}\n", stations.replace(' ', "\n"));
    trace::network::Network::from_csv(places.as_bytes(), rows.as_bytes(), pairs.as_bytes()).unwrap()
}
