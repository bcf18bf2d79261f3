//! Whoever was touched must be found, also where half of what happened was not written down; where all was, nobody else may
//! be. What is said of kilograms holds however they were mixed. `NGUON_WORLDS` says how many worlds are tried.

use std::collections::{BTreeMap, BTreeSet};

use trace::{Direction, Graph, Holding, Limits, Start, Verdict};

use crate::simulation::{Gaps, Simulation};

fn worlds() -> u64 {
    std::env::var("NGUON_WORLDS").ok().and_then(|worlds| worlds.parse().ok()).unwrap_or(3_000)
}

#[test]
fn where_all_is_written_down_exactly_what_was_touched_is_found() {
    for seed in 1..=worlds() {
        let mut simulation = Simulation::run(seed, Gaps { percent: 0, lots_in_crates: false });
        let graph = simulation.graph();
        let origins = simulation.names.iter().filter(|name| !name.starts_with('C'));
        for (name, touch) in origins.map(|name| (name, simulation.bit(name))) {
            let Some((names, spots)) = Simulation::found(&graph, name, Direction::Forward) else {
                continue;
            };
            let touched = simulation.truth.iter().filter(|(_, by)| **by & touch != 0);
            let truth: BTreeSet<String> = touched.map(|(name, _)| name.clone()).collect();
            assert_eq!(names, truth, "world {seed}, from {name}\n{}", simulation.told());
            let touched = simulation.spots.iter().filter(|(_, by)| **by & touch != 0);
            let truth: BTreeSet<(String, String)> = touched.map(|(spot, _)| spot.clone()).collect();
            assert_eq!(spots, truth, "world {seed}, places from {name}\n{}", simulation.told());
        }
    }
}

#[test]
fn whatever_is_not_written_down_all_that_was_touched_is_found() {
    for seed in 1..=worlds() {
        let percent = [0, 10, 30][seed as usize % 3];
        let mut simulation = Simulation::run(seed, Gaps { percent, lots_in_crates: true });
        let graph = simulation.graph();
        for name in simulation.names.iter().filter(|name| !name.starts_with('C')) {
            let Some((names, _)) = Simulation::found(&graph, name, Direction::Forward) else {
                continue;
            };
            let touch = simulation.bit(name);
            for (other, by) in &simulation.truth {
                assert!(
                    by & touch == 0 || names.contains(other),
                    "world {seed}: {name} touched {other}
{}",
                    simulation.told()
                );
            }
        }
    }
}

#[test]
fn what_is_found_forward_finds_back() {
    for seed in 1..=worlds() / 4 {
        let percent = [0, 10, 30][seed as usize % 3];
        let mut simulation = Simulation::run(seed, Gaps { percent, lots_in_crates: true });
        let graph = simulation.graph();
        let names: Vec<&String> =
            simulation.names.iter().filter(|name| !name.starts_with('C')).collect();
        let all = |direction| -> BTreeSet<(String, String)> {
            let mut pairs = BTreeSet::new();
            for name in &names {
                let found = Simulation::found(&graph, name, direction);
                let others = found.into_iter().flat_map(|(names, _)| names);
                let others = others.filter(|other| !other.starts_with('C'));
                pairs.extend(others.map(|other| ((*name).clone(), other)));
            }
            pairs
        };
        let back: BTreeSet<_> =
            all(Direction::Back).into_iter().map(|(name, other)| (other, name)).collect();
        assert_eq!(all(Direction::Forward), back, "world {seed}\n{}", simulation.told());
    }
}

/// What is said of each thing at each place: the verdict, and suspect goods at least and at most.
type Said = BTreeMap<(String, String), (Verdict, i64, Option<i64>)>;

fn said(graph: &Graph, name: &str) -> Option<Said> {
    let recall =
        graph.recall(&[Start::of(&Simulation::id(name))], None, &Limits::default()).ok()?;
    let plain = |id: &str| id.rsplit(':').next().unwrap_or_default().to_owned();
    let one = |holding: &Holding| match holding.node.place.as_ref()? {
        trace::Place::At(place) => {
            let said = (holding.verdict, holding.suspect.low, holding.suspect.high);
            Some(((plain(&holding.node.id), plain(place)), said))
        }
        _ => None,
    };
    Some(recall.holdings.iter().filter_map(one).collect())
}

#[test]
fn what_is_truly_suspect_lies_within_what_is_said() {
    const MILLION: i64 = 1_000_000;
    for seed in 1..=worlds() / 3 {
        let gaps = Gaps { percent: 0, lots_in_crates: seed % 2 == 0 };
        let names = Simulation::run(seed, gaps).names;
        for name in names.iter().filter(|name| !name.starts_with('C')) {
            let mut simulation = Simulation::suspecting(seed, gaps, name);
            let Some(said) = said(&simulation.graph(), name) else { continue };
            for (spot, bad) in &simulation.came {
                let about = || {
                    let told = simulation.told();
                    format!(
                        "world {seed}, {name} suspect: {bad} of {spot:?}, said {said:?}\n{told}"
                    )
                };
                let Some((verdict, low, high)) = said.get(spot) else {
                    assert_eq!(*bad, 0, "{}", about());
                    continue;
                };
                assert!(*low <= bad * MILLION, "{}", about());
                assert!(high.is_none_or(|high| bad * MILLION <= high), "{}", about());
                assert!(*verdict != Verdict::Cleared || *bad == 0, "{}", about());
                assert!(*verdict != Verdict::Certain || *bad > 0, "{}", about());
            }
        }
    }
}

#[test]
fn what_is_truly_suspect_is_never_cleared_whatever_is_not_written_down() {
    for seed in 1..=worlds() / 3 {
        let gaps = Gaps { percent: 20, lots_in_crates: true };
        let names = Simulation::run(seed, gaps).names;
        for name in names.iter().filter(|name| !name.starts_with('C')) {
            let mut simulation = Simulation::suspecting(seed, gaps, name);
            let graph = simulation.graph();
            let Some(said) = said(&graph, name) else { continue };
            for (spot, _) in simulation.came.iter().filter(|(_, bad)| **bad > 0) {
                // A place that no written event names cannot be told of.
                let cleared =
                    said.get(spot).is_some_and(|(verdict, ..)| *verdict == Verdict::Cleared);
                let about = || {
                    format!("world {seed}, {name}: {spot:?}, said {said:?}\n{}", simulation.told())
                };
                assert!(!cleared, "{}", about());
            }
        }
    }
}
