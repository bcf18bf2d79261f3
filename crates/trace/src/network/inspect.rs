//! Where to look next: the place whose inspection is expected to narrow down the source most.
//!
//! The scores of stations, divided by their sum, are taken as the chances p that the contamination began there (negative scores
//! as none). Their entropy H = −Σ p·log₂ p, in bits, is what is not known of the source. An inspection of a place finds the
//! contamination with chance `sensitivity` if the place lies on the forward trace of the true source, and otherwise not.
//! With S the sum of p over the stations that have the place on their forward trace, it finds something with chance
//! sensitivity·S; by Bayes either answer gives new chances, and the gain is H less the expected entropy afterwards.
//!
//! Nothing is drawn by lot; equal gains stand in the order of the tables. Cases are left out, for their answer is known.
//! With c stations of positive score, m places, d deliveries and r relations it takes O((d + r + c) · m/64 + c·m) steps.

use super::Network;
use super::contact::{Case, Contact};
use super::fault::Faults;
use super::reach::Components;
use super::score::{Tracing, score};

/// What to inspect, and how well.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// The chance, above 0 and at most 1, that an inspection finds a contamination that can have come to the place.
    pub sensitivity: f64,
    /// Whether deliveries can be inspected too, as from kept samples.
    pub deliveries: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { sensitivity: 1.0, deliveries: false }
    }
}

/// What is not known, and what would help.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// The entropy of the source, in bits: 0 where one station is left, 3 where eight are equally likely.
    pub uncertainty: f64,
    /// Places by expected gain, the best first; those that would tell nothing are left out.
    pub places: Vec<Place>,
}

/// A place that can be inspected.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// The id of the station or the delivery.
    pub id: String,
    /// Whether it is a delivery.
    pub delivery: bool,
    /// By how many bits the inspection is expected to reduce the uncertainty.
    pub gain: f64,
    /// The chance that it finds something.
    pub chance: f64,
}

/// The places to inspect, the best first.
///
/// ```
/// use trace::network::{Network, inspect, score::Tracing};
///
/// // Two farms, each through its own trader, to one shop with a case.
/// let network = Network::from_csv(
///     b"ID\nf1\nf2\nt1\nt2\nshop\n",
///     b"ID,from,to\na,f1,t1\nb,f2,t2\nc,t1,shop\nd,t2,shop\n",
///     b"ID,Next\na,c\nb,d\n",
/// )
/// .unwrap();
/// let mut tracing = Tracing::default();
/// tracing.station("shop").weight = 1.0;
/// let plan = inspect::next(&network, &tracing, &inspect::Options::default()).unwrap();
/// assert_eq!(plan.places[0].id, "t1");
/// ```
///
/// # Errors
/// As [`score`].
pub fn next(network: &Network, tracing: &Tracing, options: &Options) -> Result<Plan, Faults> {
    let scores = score(network, tracing)?;
    let all: f64 = scores.stations.iter().map(|station| station.score.max(0.0)).sum();
    if all <= 0.0 {
        return Ok(Plan::default());
    }
    let sources: Vec<(usize, f64)> = scores
        .stations
        .iter()
        .enumerate()
        .filter(|(_, station)| station.score > 0.0)
        .map(|(place, station)| (place, station.score / all))
        .collect();
    let entropy = Entropy { all: sources.iter().map(|(_, p)| xlog2(*p)).sum(), options };
    let marks = tracing.resolve(network)?;
    let contact = Contact::new(network, &marks, tracing.temporal_order);
    let components = Components::of(&contact.graph);
    let stations = (0..marks.stations.len())
        .filter(|place| marks.stations[*place].mark.weight == 0.0)
        .map(Case::Station);
    let listed = if options.deliveries { network.deliveries().len() } else { 0 };
    let deliveries =
        (0..listed).filter(|number| marks.deliveries[*number].weight == 0.0).map(Case::Delivery);
    let cases: Vec<Case> = stations.chain(deliveries).collect();
    let mut plan = Plan { uncertainty: -entropy.all + 0.0, places: Vec::new() };
    for block in cases.chunks(64) {
        let (_, seen) = contact.seen(block.iter().copied(), &marks, &components);
        for (bit, case) in block.iter().enumerate() {
            let behind = sources.iter().filter(|(place, _)| seen[*place] >> bit & 1 == 1);
            let (share, part) = behind.fold((0.0, 0.0), |(s, e), (_, p)| (s + p, e + xlog2(*p)));
            let gain = entropy.gain(share, part);
            // Less is rounding: everybody, or nobody, has the place on his trace.
            if gain > 1e-9 {
                let (id, delivery) = match case {
                    Case::Station(place) => (marks.stations[*place].id, false),
                    Case::Delivery(number) => (network.deliveries()[*number].id.as_str(), true),
                };
                let chance = options.sensitivity * share;
                plan.places.push(Place { id: id.to_owned(), delivery, gain, chance });
            }
        }
    }
    // Equal but for rounding stays in order.
    plan.places.sort_by(|a, b| (b.gain * 1e9).round().total_cmp(&(a.gain * 1e9).round()));
    Ok(plan)
}

struct Entropy<'a> {
    /// Σ p·log₂ p over all sources: the entropy with its sign turned.
    all: f64,
    options: &'a Options,
}

impl Entropy<'_> {
    /// The expected gain where the sources behind the place have the chances `share` together, and Σ p·log₂ p = `part`.
    fn gain(&self, share: f64, part: f64) -> f64 {
        if share <= 0.0 {
            return 0.0;
        }
        let (found, missed) = (self.options.sensitivity, 1.0 - self.options.sensitivity);
        // Chance times entropy of weights w that sum to W is W·log₂ W − Σ w·log₂ w; found: w = found·p behind the place;
        // not found: w = missed·p behind it, and p elsewhere.
        let scaled = |factor: f64| factor * part + xlog2(factor) * share;
        let after_found = xlog2(found * share) - scaled(found);
        let after_missed = xlog2(1.0 - found * share) - scaled(missed) - (self.all - part);
        -self.all - after_found - after_missed
    }
}

/// x·log₂ x, 0 at 0.
fn xlog2(x: f64) -> f64 {
    if x > 0.0 { x * x.log2() } else { 0.0 }
}
