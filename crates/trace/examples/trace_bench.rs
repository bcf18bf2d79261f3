//! The trace engine while the log grows: how fast the graph is built, how many bytes a bond takes, how long questions take
//! by the size of their answers. Run it with `--release`; see `bench/TRACE.md`.
//!
//!   cargo run --release -p trace --example trace_bench -- 1000000 [QUESTIONS]
#![expect(clippy::print_stdout, reason = "its output is the result")]

#[path = "province.rs"]
mod province;
#[path = "../tests/it/random.rs"]
#[expect(dead_code, reason = "the tests use the rest")]
mod random;

use std::time::{Duration, Instant};

use province::Province;
use trace::{Direction, Graph, Limits, Start};

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let mut arguments = std::env::args().skip(1).filter_map(|number| number.parse::<usize>().ok());
    let events = arguments.next().unwrap_or(100_000);
    let questions = arguments.next().unwrap_or(2_000);
    let mut province = Province::new(1, events);
    let mut graph = Graph::new();
    let mut adding = Duration::ZERO;
    let mut made = Vec::with_capacity(1_000);
    while graph.events() < events {
        made.clear();
        province.season(&mut |event| made.push(event));
        let began = Instant::now();
        for event in &made {
            graph.add(event, None);
        }
        adding += began.elapsed();
    }
    let began = Instant::now();
    graph.settle();
    adding += began.elapsed();
    let edges = graph.edges();
    println!(
        "events {} edges {edges} built {:.1} s ({:.0} events/s) edge bytes {:.1} all bytes an edge {:.1}",
        graph.events(),
        adding.as_secs_f64(),
        graph.events() as f64 / adding.as_secs_f64(),
        graph.edge_bytes() as f64 / edges as f64,
        graph.bytes() as f64 / edges as f64,
    );
    let limits = Limits::default();
    type Ask<'a> = &'a dyn Fn(&[Start]) -> usize;
    let back: Ask<'_> = &|starts| {
        graph.trace(starts, Direction::Back, None, &limits).map_or(0, |trace| trace.nodes.len())
    };
    let forward: Ask<'_> = &|starts| {
        graph.trace(starts, Direction::Forward, None, &limits).map_or(0, |trace| trace.nodes.len())
    };
    let recall: Ask<'_> =
        &|starts| graph.recall(starts, None, &limits).map_or(0, |recall| recall.holdings.len());
    println!("| question | nodes | asked | p50 | p99 |\n|---|---|---|---|---|");
    let [paddy, sold, far] = province.some_lots(questions);
    let asked = [
        ("back", back, &sold),
        ("forward", forward, &paddy),
        ("recall", recall, &paddy),
        ("forward, of supplies", forward, &far),
        ("recall, of supplies", recall, &far),
    ];
    for (name, ask, ids) in asked {
        // By the size of the answer: up to ten nodes, a hundred, and so on.
        let mut times: Vec<Vec<Duration>> = vec![Vec::new(); 8];
        for id in ids {
            let began = Instant::now();
            let nodes = ask(&[Start::of(id)]);
            times[nodes.max(1).ilog10() as usize].push(began.elapsed());
        }
        for (size, times) in times.iter_mut().enumerate().filter(|(_, times)| !times.is_empty()) {
            times.sort_unstable();
            let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
            println!(
                "| {name} | {}–{} | {} | {:.3} ms | {:.3} ms |",
                10_usize.pow(size as u32),
                10_usize.pow(size as u32 + 1) - 1,
                times.len(),
                at(0.5).as_secs_f64() * 1e3,
                at(0.99).as_secs_f64() * 1e3
            );
        }
    }
}
