//! Outbreak scores as FoodChain-Lab defines them (Weiser et al. 2016, PLoS ONE 11(3):e0151977): the score of a station or a
//! delivery is the sum of the weights of the cases on its forward trace, divided by the sum of all weights. It is a share
//! from 0 to 1, without a unit; 1 means that a contamination there would explain every case.
//!
//! - The forward trace of a delivery: itself, its receiver, every delivery it went into (by a relation, or by crossing, see
//!   [`Mark::cross_contamination`]), and so on. That of a station: itself and the forward traces of what it sent.
//! - With negative weights the divisor is the greater of the sums of positive and of negative ones; the positive score and
//!   the negative score count only the ones, or only the others.
//! - The normalised score divides by the greatest absolute score of all stations and deliveries.
//! - The lot score of a delivery joins the forward traces of all deliveries of its lot; a station has the greatest lot score
//!   of what it sent.
//! - Deliveries between stations that are merged stay on the trace, and have no row of their own.
//!
//! Two readings where FoodChain-Lab's programs differ from its words: where a delivery kills contamination its receiver counts
//! for nobody upstream either, and a lot's score includes the weights of its own deliveries.
//!
//! With d deliveries, r relations and k cases it takes O((d + r) log d + (d + r) · k/64 + d·k) steps; deliveries in circles
//! are allowed.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::Network;
use super::contact::{Case, Contact};
use super::fault::Faults;
use super::mark::Resolved;
pub use super::mark::{Mark, Merged, Tracing};
use super::reach::Components;

/// The scores of a network.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scores {
    /// Stations in the order of the table, without those that were merged; merged ones at the end.
    pub stations: Vec<Scored>,
    /// Deliveries in the order of the table, without those between stations that were merged.
    pub deliveries: Vec<Scored>,
}

/// The score of a station or a delivery.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scored {
    /// Its id.
    pub id: String,
    /// What was assumed of it.
    pub mark: Mark,
    /// Weights on the forward trace / all weights.
    pub score: f64,
    /// The score / the greatest absolute score.
    pub normalized: f64,
    /// Positive weights on the forward trace / all positive weights.
    pub positive: f64,
    /// Negative weights on the forward trace / all negative weights, as a positive number.
    pub negative: f64,
    /// Of a delivery the score of its lot, of a station the greatest such; `None` where no lot is named.
    pub lot: Option<f64>,
    /// It lies on the trace back from what is observed.
    pub backward: bool,
    /// It lies on the trace forward from what is observed.
    pub forward: bool,
}

/// Weights seen on a forward trace.
#[derive(Clone, Copy, Default)]
struct Sum {
    positive: f64,
    negative: f64,
}

impl Sum {
    fn add(&mut self, weight: f64) {
        if weight > 0.0 {
            self.positive += weight;
        } else {
            self.negative -= weight;
        }
    }

    fn share(self, of: Self) -> f64 {
        share(self.positive - self.negative, of.positive.max(of.negative))
    }
}

fn share(part: f64, whole: f64) -> f64 {
    // Adding zero makes a negative zero a plain one: it would be written with its sign.
    if whole > 0.0 { part / whole + 0.0 } else { 0.0 }
}

/// Scores every station and delivery.
///
/// # Errors
/// The tracing names an unknown id, merges a station twice, or has a weight that is no number.
pub fn score(network: &Network, tracing: &Tracing) -> Result<Scores, Faults> {
    let marks = tracing.resolve(network)?;
    let contact = Contact::new(network, &marks, tracing.temporal_order);
    let lots = Lots::of(network);
    let sums = Sums::new(network, &marks, &contact, &lots);
    let traces = Traces::new(&marks, &contact);
    let mut scores = Scores::default();
    for (place, station) in marks.stations.iter().enumerate() {
        let lots_sent =
            contact.outgoing[place].iter().filter_map(|number| *lots.of.get(*number)?);
        let lot = lots_sent.map(|lot| sums.lots[lot].share(sums.all)).reduce(f64::max);
        let mut scored = sums.scored(station.id, station.mark, sums.stations[place], lot);
        (scored.backward, scored.forward) =
            (traces.back_stations[place], traces.on_stations[place]);
        scores.stations.push(scored);
    }
    for (number, delivery) in network.deliveries().iter().enumerate() {
        let place = marks.place_of[delivery.from];
        if place == marks.place_of[delivery.to] && marks.stations[place].merged {
            continue;
        }
        let lot = lots.of[number].map(|lot| sums.lots[lot].share(sums.all));
        let mark = marks.deliveries[number];
        let mut scored = sums.scored(&delivery.id, mark, sums.deliveries[number], lot);
        (scored.backward, scored.forward) = (traces.back[number], traces.on[number]);
        scores.deliveries.push(scored);
    }
    normalize(&mut scores);
    Ok(scores)
}

fn normalize(scores: &mut Scores) {
    let all = || scores.stations.iter().chain(&scores.deliveries);
    let greatest = all().map(|scored| scored.score.abs()).fold(0.0, f64::max);
    for scored in scores.stations.iter_mut().chain(&mut scores.deliveries) {
        scored.normalized = share(scored.score, greatest);
    }
}

/// Which lot each delivery is of.
struct Lots {
    of: Vec<Option<usize>>,
    count: usize,
}

impl Lots {
    fn of(network: &Network) -> Self {
        let mut numbers = HashMap::new();
        let of = network
            .deliveries()
            .iter()
            .map(|delivery| {
                let next = numbers.len();
                delivery.lot_key().map(|key| *numbers.entry(key).or_insert(next))
            })
            .collect();
        Self { of, count: numbers.len() }
    }
}

struct Sums {
    all: Sum,
    stations: Vec<Sum>,
    deliveries: Vec<Sum>,
    lots: Vec<Sum>,
}

impl Sums {
    fn new(network: &Network, marks: &Resolved<'_>, contact: &Contact, lots: &Lots) -> Self {
        let mut sums = Self {
            all: Sum::default(),
            stations: vec![Sum::default(); marks.stations.len()],
            deliveries: vec![Sum::default(); network.deliveries().len()],
            lots: vec![Sum::default(); lots.count],
        };
        let of_stations = marks.stations.iter().map(|station| station.mark.weight).enumerate();
        let of_deliveries = marks.deliveries.iter().map(|mark| mark.weight).enumerate();
        let cases: Vec<(Case, f64)> = of_stations
            .map(|(place, weight)| (Case::Station(place), weight))
            .chain(of_deliveries.map(|(number, weight)| (Case::Delivery(number), weight)))
            .filter(|(_, weight)| *weight != 0.0)
            .collect();
        for (_, weight) in &cases {
            sums.all.add(*weight);
        }
        let components = Components::of(&contact.graph);
        for block in cases.chunks(64) {
            sums.add(block, marks, contact, &components, lots);
        }
        sums
    }

    /// Adds up to sixty-four cases to whatever has them on its forward trace.
    fn add(
        &mut self,
        cases: &[(Case, f64)],
        marks: &Resolved<'_>,
        contact: &Contact,
        components: &Components,
        lots: &Lots,
    ) {
        let (bits, of_stations) =
            contact.seen(cases.iter().map(|(case, _)| *case), marks, components);
        let mut of_lots = vec![0_u64; lots.count];
        for (number, lot) in lots.of.iter().enumerate() {
            if let Some(lot) = lot {
                of_lots[*lot] |= bits[number];
            }
        }
        // Nodes behind the deliveries are no deliveries; `zip` leaves them out.
        let all = self.deliveries.iter_mut().zip(&bits);
        let all = all.chain(self.stations.iter_mut().zip(&of_stations));
        for (sum, bits) in all.chain(self.lots.iter_mut().zip(&of_lots)) {
            let mut left = *bits;
            while left != 0 {
                sum.add(cases[left.trailing_zeros() as usize].1);
                left &= left - 1;
            }
        }
    }

    fn scored(&self, id: &str, mark: Mark, sum: Sum, lot: Option<f64>) -> Scored {
        Scored {
            id: id.to_owned(),
            mark,
            score: sum.share(self.all),
            positive: share(sum.positive, self.all.positive),
            negative: share(sum.negative, self.all.negative),
            lot,
            ..Scored::default()
        }
    }
}

/// What lies on the traces of all that is observed.
struct Traces {
    back: Vec<bool>,
    on: Vec<bool>,
    back_stations: Vec<bool>,
    on_stations: Vec<bool>,
}

impl Traces {
    fn new(marks: &Resolved<'_>, contact: &Contact) -> Self {
        let places =
            || (0..marks.stations.len()).filter(|place| marks.stations[*place].mark.observed);
        let observed: Vec<usize> = (0..marks.deliveries.len())
            .filter(|number| marks.deliveries[*number].observed)
            .collect();
        let sent: Vec<usize> = places().flat_map(|place| contact.sent(marks, place)).collect();
        let came: Vec<usize> = places().flat_map(|place| contact.received(marks, place)).collect();
        let on = flags(&contact.graph, &observed, &sent);
        let back = flags(&contact.graph.reversed(), &observed, &came);
        let mut traces = Self {
            back_stations: vec![false; marks.stations.len()],
            on_stations: vec![false; marks.stations.len()],
            back,
            on,
        };
        for (number, (ends, mark)) in contact.ends.iter().zip(&marks.deliveries).enumerate() {
            if let Some(from) = ends.from {
                let source = !marks.stations[from].mark.kill_contamination;
                traces.back_stations[from] |= source && (mark.observed || traces.back[number]);
            }
            if let Some(to) = ends.to {
                let touched = !mark.kill_contamination;
                traces.on_stations[to] |= touched && (mark.observed || traces.on[number]);
            }
        }
        traces
    }
}

/// What is beyond the deliveries that are observed, and what the observed stations received or sent, with all beyond.
fn flags(graph: &super::reach::Graph, observed: &[usize], hands: &[usize]) -> Vec<bool> {
    let mut reached = graph.beyond(observed.iter().chain(hands).copied());
    for number in hands {
        reached[*number] = true;
    }
    reached
}

/// The scores as CSV: `id,score` and further columns, a row each, in the order given.
pub fn csv(scored: &[Scored]) -> String {
    let mut text = String::from(
        "id,score,normalized_score,positive_score,negative_score,lot_score,weight,\
         cross_contamination,kill_contamination,observed,backward,forward\n",
    );
    for one in scored {
        let lot = one.lot.map(|lot| lot.to_string()).unwrap_or_default();
        let Mark { weight, cross_contamination, kill_contamination, observed } = one.mark;
        let (id, score, normalized) = (quoted(&one.id), one.score, one.normalized);
        let Scored { positive, negative, backward, forward, .. } = one;
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "{id},{score},{normalized},{positive},{negative},{lot},{weight},{cross_contamination},\
             {kill_contamination},{observed},{backward},{forward}",
        );
    }
    text
}

/// RFC 4180 §2: a field with a quote, a comma or a line break stands in quotes. Ids are given back as they came, for
/// programs join tables by them: no guard against formulas here.
fn quoted(text: &str) -> String {
    if text.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}
