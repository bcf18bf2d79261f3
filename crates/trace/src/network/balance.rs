//! The balance of stations: who sent more than he can have had, proved by the few deliveries that show it.
//!
//! What a station sent must have come from what it received: no more of it (times a yield), and not before it arrived. For each
//! station the greatest flow from what came to what left is sought; where it falls short, the least cut is the proof: a set of
//! deliveries that left, and all that can have gone into them, and the sums do not meet. [`super::check::check`] verifies
//! that by adding up. Every delivery is a claim of a fixed amount, so the flow through the whole network falls apart into one for
//! each station, and a trader's invented goods are held against him, not against those who bought them in good faith.
//!
//! - A relation says what went into a delivery: where there are any, only these count for it, whatever the dates say (a relation
//!   against the dates is told apart, [`Conflict`]). Without one, everything counts that may have arrived by the day it left.
//! - Amounts that are not known are not zero: a station with an input of unknown amount is not judged, and an output of
//!   unknown amount is left out. What a station sent to itself is neither.
//! - A station to which nothing came is a source: what it produced cannot be judged from deliveries.
//! - A finding is a lead, not guilt: records may begin with goods in store, or lack an input. [`Grounds`] says what it rests on.
//!
//! Amounts are kilograms, exact to the milligram. With n deliveries at a station its net has O(n log n) edges and ways of
//! O(log n), and only stations that fail are looked at twice.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::fault::{Fault, Faults, Kind, Table};
use super::flow::{ENDLESS, Flow};
pub use super::report::{json_lines, notes};
use super::sheet::Sheet;
use super::{Network, mass};

/// How much a station makes of a kilogram that it receives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Yield {
    /// Kilograms out for a kilogram in, at most: 1 for a trader, 0.75 for pigs into carcasses, more where water is added.
    pub factor: Decimal,
    /// Who says so; not empty, for it may accuse somebody.
    pub source: String,
}

/// What is allowed for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// A share of the inputs by which outputs may exceed them, for scales and rounding: 0.02 for 2 %, at most 1. Default 0.
    pub tolerance: Decimal,
    /// Yields by the ids of stations; 1 where none is given.
    pub yields: BTreeMap<String, Yield>,
}

impl Options {
    /// Reads yields: `id,factor,source`, all three filled.
    ///
    /// # Errors
    /// All faults, each with row and column.
    pub fn read_yields(&mut self, network: &Network, text: &[u8]) -> Result<(), Faults> {
        let table = Table::Yields;
        let sheet = Sheet::from_csv(table, text)?;
        let mut faults = Faults::default();
        let columns =
            ["id", "factor", "source"].map(|name| sheet.need(table, &[name], &mut faults));
        let [Some(id), Some(factor), Some(source)] = columns else { return Err(faults) };
        for row in &sheet.rows {
            let mut wrong = |column: usize, kind| {
                faults.push(Fault::new(table, row.line, &sheet.columns[column], kind));
            };
            let name = &row.cells[id];
            if network.find_station(name).is_none() {
                wrong(id, Kind::UnknownStation(name.clone()));
            }
            if row.cells[source].is_empty() {
                wrong(source, Kind::Empty);
            }
            match mass::number(&row.cells[factor]).filter(|n| *n <= Decimal::ONE_THOUSAND) {
                None => wrong(factor, Kind::BadNumber(row.cells[factor].clone())),
                Some(factor) => {
                    let source = row.cells[source].clone();
                    self.yields.insert(name.clone(), Yield { factor, source });
                }
            }
        }
        faults.or(())
    }

    fn factor(&self, id: &str) -> Decimal {
        self.yields.get(id).map_or(Decimal::ONE, |y| y.factor)
    }
}

/// The balance of a network.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Balance {
    /// A line for each station, in the order of the table.
    pub stations: Vec<Line>,
    /// Who sent more than he can have had, by the order of stations.
    pub findings: Vec<Finding>,
    /// What the dates contradict.
    pub conflicts: Vec<Conflict>,
    /// Which stations were not judged, and why; one that sent nothing has nothing to be judged.
    pub unjudged: Vec<Unjudged>,
}

/// What a station received and sent, in kilograms; unknown amounts are counted apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Known amounts that came.
    pub into: Decimal,
    /// Known amounts that left.
    pub out: Decimal,
    /// How many deliveries of unknown amount came.
    pub unknown_into: usize,
    /// How many deliveries of unknown amount left.
    pub unknown_out: usize,
}

/// More left than can have come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The station, a number of [`Network::stations`].
    pub station: usize,
    /// Deliveries that left and cannot all be true.
    pub out: Vec<usize>,
    /// All deliveries that can have gone into these.
    pub into: Vec<usize>,
    /// How many kilograms of `out` cannot be: its sum − factor · (1 + tolerance) · the sum of `into`.
    pub gap: Decimal,
    /// The yield that was allowed for.
    pub factor: Decimal,
    /// The tolerance that was allowed for.
    pub tolerance: Decimal,
    /// What it rests on.
    pub grounds: Grounds,
}

/// What a finding rests on, the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grounds {
    /// All that ever came is less than what left.
    Amounts,
    /// There would be enough, but it came too late.
    Dates,
    /// There would be enough in time, but relations say that other goods went in.
    Relations,
}

/// A contradiction of dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Conflict {
    /// The first is said to have gone into the second, and arrived after that had left.
    RelationBackwards(usize, usize),
    /// It left before anything had arrived at its station.
    LeftFirst(usize),
}

/// Why a station was not judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unjudged {
    /// Nothing came: it is a source, and what it produced is not in the network.
    Source(usize),
    /// These inputs have no known amount; numbers as in [`Network::delivery_id`].
    UnknownInputs(usize, Vec<usize>),
}

/// The balance of every station.
///
/// ```
/// use trace::network::{Network, balance, check::check};
///
/// let network = Network::from_csv(
///     b"ID\nfarm\ntrader\nshop\n",
///     b"ID,from,to,Date Delivery,Amount [kg]\nin,farm,trader,2026-03-01,100\nout,trader,shop,2026-03-02,400\n",
///     b"ID,Next\n",
/// )
/// .unwrap();
/// let balance = balance::balance(&network, &balance::Options::default());
/// assert_eq!(balance.findings[0].gap, 300.into());
/// assert_eq!(check(&network, &balance.findings[0]), Ok(()));
/// ```
pub fn balance(network: &Network, options: &Options) -> Balance {
    let (incoming, outgoing) = network.hands();
    let mut fed: HashMap<usize, Vec<usize>> = HashMap::new();
    for (went, into) in network.relations() {
        fed.entry(*into).or_default().push(*went);
    }
    let mut balance = Balance::default();
    for (station, place) in network.stations().iter().enumerate() {
        let other = |number: &usize| {
            let delivery = &network.deliveries()[*number];
            delivery.from != delivery.to
        };
        let books = Books {
            network,
            fed: &fed,
            station,
            into: incoming[station].iter().copied().filter(other).collect(),
            out: outgoing[station].iter().copied().filter(other).collect(),
            factor: options.factor(&place.id),
            tolerance: options.tolerance.clamp(Decimal::ZERO, Decimal::ONE),
        };
        balance.stations.push(books.line());
        balance.conflicts.extend(books.left_first());
        if books.out.is_empty() {
            continue;
        }
        match books.unjudged() {
            Some(why) => balance.unjudged.push(why),
            None => balance.findings.extend(books.finding()),
        }
    }
    let backwards = network.relations().iter().filter_map(|(went, into)| {
        let (first, second) = (network.deliveries().get(*went)?, network.deliveries().get(*into)?);
        (!first.may_precede(second)).then_some(Conflict::RelationBackwards(*went, *into))
    });
    balance.conflicts.extend(backwards);
    balance.conflicts.sort_unstable();
    balance
}

/// One station's deliveries.
struct Books<'a> {
    network: &'a Network,
    fed: &'a HashMap<usize, Vec<usize>>,
    station: usize,
    into: Vec<usize>,
    out: Vec<usize>,
    factor: Decimal,
    tolerance: Decimal,
}

impl Books<'_> {
    fn kg(&self, number: usize) -> Option<Decimal> {
        self.network.deliveries()[number].kg
    }

    fn line(&self) -> Line {
        let sum = |numbers: &[usize]| numbers.iter().filter_map(|number| self.kg(*number)).sum();
        let unknown =
            |numbers: &[usize]| numbers.iter().filter(|number| self.kg(**number).is_none()).count();
        Line {
            into: sum(&self.into),
            out: sum(&self.out),
            unknown_into: unknown(&self.into),
            unknown_out: unknown(&self.out),
        }
    }

    fn left_first(&self) -> Vec<Conflict> {
        let deliveries = self.network.deliveries();
        let arrivals = self.into.iter().map(|number| deliveries[*number].arrives().first());
        let Some(earliest) = arrivals.min() else { return Vec::new() };
        let early = |number: &&usize| deliveries[**number].departs().last() < earliest;
        self.out.iter().filter(early).map(|number| Conflict::LeftFirst(*number)).collect()
    }

    fn unjudged(&self) -> Option<Unjudged> {
        let listed = self.network.deliveries().len();
        let unlisted = self.out.iter().filter_map(|number| self.fed.get(number)).flatten();
        let unlisted = unlisted.copied().filter(|number| *number >= listed);
        let mut unknown: Vec<usize> =
            self.into.iter().copied().filter(|number| self.kg(*number).is_none()).collect();
        unknown.extend(unlisted.collect::<BTreeSet<_>>());
        match (self.into.is_empty(), unknown.is_empty()) {
            (_, false) => Some(Unjudged::UnknownInputs(self.station, unknown)),
            (true, true) => Some(Unjudged::Source(self.station)),
            (false, true) => None,
        }
    }

    fn finding(&self) -> Option<Finding> {
        let line = self.line();
        let (out, into) = self.shortfall(true)?;
        let sum = |numbers: &[usize]| -> Decimal {
            numbers.iter().filter_map(|number| self.kg(*number)).sum()
        };
        let gap = sum(&out) - self.allowed(sum(&into));
        let grounds = if line.out > self.allowed(line.into) {
            Grounds::Amounts
        } else if self.shortfall(false).is_some() {
            Grounds::Dates
        } else {
            Grounds::Relations
        };
        let (station, factor, tolerance) = (self.station, self.factor, self.tolerance);
        (gap > Decimal::ZERO).then_some(Finding {
            station,
            out,
            into,
            gap,
            factor,
            tolerance,
            grounds,
        })
    }

    fn allowed(&self, kg: Decimal) -> Decimal {
        self.factor * (Decimal::ONE + self.tolerance) * kg
    }

    /// The least cut where the greatest flow falls short: what left, and all that can have gone into it.
    fn shortfall(&self, heed_relations: bool) -> Option<(Vec<usize>, Vec<usize>)> {
        let (source, sink) = (0, 1);
        let mut flow = Flow::new(2);
        let mut arrivals = self.into.clone();
        arrivals.sort_by_key(|number| self.network.deliveries()[*number].arrives().first());
        let leaves: Vec<usize> = arrivals.iter().map(|_| flow.node()).collect();
        for (number, leaf) in arrivals.iter().zip(&leaves) {
            flow.edge(source, *leaf, milligrams(self.allowed(self.kg(*number)?), true));
        }
        let prefixes = Prefixes::new(&mut flow, leaves.clone());
        let place: HashMap<usize, usize> = arrivals.iter().copied().zip(leaves.clone()).collect();
        let mut wanted = 0;
        let mut ends = Vec::with_capacity(self.out.len());
        for number in &self.out {
            let Some(kg) = self.kg(*number) else { continue };
            let end = flow.node();
            ends.push((*number, end));
            flow.edge(end, sink, milligrams(kg, false));
            wanted += milligrams(kg, false);
            match self.fed.get(number).filter(|_| heed_relations) {
                Some(fed) => {
                    for leaf in fed.iter().filter_map(|went| place.get(went)) {
                        flow.edge(*leaf, end, ENDLESS);
                    }
                }
                None => prefixes.feed(&mut flow, self.in_time(&arrivals, *number), end),
            }
        }
        if flow.send(source, sink) >= wanted {
            return None;
        }
        let wanting = flow.wanting(sink);
        let out = ends.into_iter().filter(|(_, end)| wanting[*end]).map(|(number, _)| number);
        let into = arrivals.iter().zip(leaves).filter(|(_, leaf)| wanting[*leaf]);
        Some((out.collect(), into.map(|(number, _)| *number).collect()))
    }

    /// How many of the arrivals, in order, may have been there when `number` left.
    fn in_time(&self, arrivals: &[usize], number: usize) -> usize {
        let deliveries = self.network.deliveries();
        arrivals.partition_point(|came| deliveries[*came].may_precede(&deliveries[number]))
    }
}

/// Kilograms in whole milligrams; rounded in favour of the station.
fn milligrams(kg: Decimal, up: bool) -> i128 {
    let exact = kg * Decimal::from(1_000_000);
    let whole = if up { exact.ceil() } else { exact.floor() };
    whole.to_i128().unwrap_or(ENDLESS).min(ENDLESS)
}

/// A binary tree over the arrivals: every beginning of them is at most log n of its nodes, instead of n edges or a chain of n.
struct Prefixes {
    /// From the leaves to the root; each level has half as many nodes.
    levels: Vec<Vec<usize>>,
}

impl Prefixes {
    fn new(flow: &mut Flow, leaves: Vec<usize>) -> Self {
        let mut levels = vec![leaves];
        while let Some(below) = levels.last().filter(|level| level.len() > 1) {
            let mut level = Vec::with_capacity(below.len() / 2);
            for pair in below.clone().chunks_exact(2) {
                let node = flow.node();
                flow.edge(pair[0], node, ENDLESS);
                flow.edge(pair[1], node, ENDLESS);
                level.push(node);
            }
            levels.push(level);
        }
        Self { levels }
    }

    /// Lets the first `count` leaves feed a node.
    fn feed(&self, flow: &mut Flow, count: usize, end: usize) {
        let mut left = count;
        for level in &self.levels {
            if left % 2 == 1 {
                flow.edge(level[left - 1], end, ENDLESS);
            }
            left /= 2;
        }
    }
}
