//! Balance: what came to a place, what left it, and what left though it cannot have been there. A finding is a flow that
//! cannot exist: up to some moment more of a product left than had come. The events until then are its proof; anybody can
//! add them up again ([`check`]).
//!
//! It is a finding, not an accusation: a receipt that nobody wrote down looks the same. What cannot be judged is counted and
//! told: places where nothing of the product ever came, or where an amount is not known.

use std::collections::{BTreeMap, BTreeSet};

use epcis::class_of;

use crate::amount::{Amount, Unit};
use crate::graph::{EventNumber, Fact, Graph, Micros, Part};
use crate::names::Name;

/// More left than had come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub place: String,
    /// The class of goods, or the lot where lots have no class.
    pub product: String,
    pub unit: Unit,
    /// Until this moment, at which the gap was largest.
    pub until: Micros,
    /// Millionths of the unit that came until then, that left, and what is missing.
    pub came: i64,
    pub left: i64,
    pub gap: i64,
    /// The events that brought it, and those that took it away, in the order of time.
    pub bringing: Vec<EventNumber>,
    pub taking: Vec<EventNumber>,
}

/// The answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Balances {
    /// The largest gap first.
    pub findings: Vec<Finding>,
    /// Places and products that were judged.
    pub judged: usize,
    /// Of which nothing came that was written down: where goods begin, or records do.
    pub begins: usize,
    /// Of which some amount is not known, or in another unit.
    pub unknown: usize,
}

/// What a part in an event does to the stock of a place.
fn effect(part: Part) -> Option<bool> {
    match part {
        Part::Born | Part::Made | Part::Got | Part::Out => Some(true),
        Part::Sent | Part::Used | Part::Gone | Part::In => Some(false),
        _ => None,
    }
}

#[derive(Default)]
struct Account {
    /// (time, event, it came, millionths)
    lines: Vec<(Micros, EventNumber, bool, i64)>,
    unit: Option<Unit>,
    unknown: bool,
}

impl Graph {
    /// Judges the stock of every lot and of every product at every place. A gap counts where it is more than `tolerance`
    /// thousandths of what came: scales err, goods dry.
    pub fn balance(&self, tolerance: u32, as_of: Option<Micros>) -> Balances {
        let as_of = as_of.unwrap_or(Micros::MAX);
        let mut accounts: BTreeMap<(Name, String), Account> = BTreeMap::new();
        let mut lots: BTreeMap<(Name, String), BTreeSet<Name>> = BTreeMap::new();
        for event in 0..self.events() as EventNumber {
            let Some(place) = self.place(self.row(event).place).map(|_| self.row(event).place)
            else {
                continue;
            };
            if !self.holds(event, as_of) {
                continue;
            }
            for fact in self.parts_of(event).filter(|fact| fact.bulk) {
                let Some(came) = effect(fact.part) else { continue };
                let id = self.things.get(fact.thing);
                let product = class_of(id).unwrap_or(id).to_owned();
                if product != id {
                    lots.entry((place, product.clone())).or_default().insert(fact.thing);
                    accounts.entry((place, id.to_owned())).or_default().add(
                        self.time(event),
                        came,
                        &fact,
                    );
                }
                accounts.entry((place, product)).or_default().add(self.time(event), came, &fact);
            }
        }
        let mut balances = Balances::default();
        for ((place, product), mut account) in accounts {
            balances.judged += 1;
            if account.unknown {
                balances.unknown += 1;
            } else if !account.lines.iter().any(|(_, _, came, _)| *came) {
                balances.begins += 1;
            } else if lots.get(&(place, product.clone())).is_some_and(|lots| lots.len() == 1) {
                // One lot and its product are the same stock: the lot is judged.
                balances.judged -= 1;
            } else if let Some(worst) = account.worst(self, tolerance) {
                let place = self.place(place).unwrap_or_default().to_owned();
                balances.findings.push(Finding { place, product, ..worst });
            }
        }
        balances.findings.sort_by(|a, b| {
            b.gap.cmp(&a.gap).then_with(|| (&a.place, &a.product).cmp(&(&b.place, &b.product)))
        });
        balances
    }
}

impl Account {
    fn add(&mut self, time: Micros, came: bool, fact: &Fact) {
        match fact.amount {
            Some(Amount { micro, unit }) if self.unit.is_none_or(|known| known == unit) => {
                self.unit = Some(unit);
                self.lines.push((time, fact.event, came, micro));
            }
            _ => self.unknown = true,
        }
    }

    /// The moment with the largest gap, if it is one.
    fn worst(&mut self, graph: &Graph, tolerance: u32) -> Option<Finding> {
        // At one instant goods come before they leave.
        self.lines.sort_by_key(|(time, event, came, _)| (*time, !*came, graph.key(*event)));
        let (mut came, mut left) = (0_i64, 0_i64);
        let mut worst: Option<(i64, usize, i64, i64)> = None;
        for (index, (_, _, comes, micro)) in self.lines.iter().enumerate() {
            let side = if *comes { &mut came } else { &mut left };
            *side = side.saturating_add(*micro);
            let gap = left - came;
            let allowed = (i128::from(came) * i128::from(tolerance) / 1_000) as i64;
            if gap > allowed && worst.is_none_or(|(most, ..)| gap > most) {
                worst = Some((gap, index, came, left));
            }
        }
        let (gap, index, came, left) = worst?;
        let lines = &self.lines[..=index];
        let of = |wanted: bool| -> Vec<EventNumber> {
            let mut events: Vec<EventNumber> =
                lines.iter().filter(|line| line.2 == wanted).map(|line| line.1).collect();
            events.dedup();
            events
        };
        Some(Finding {
            place: String::new(),
            product: String::new(),
            unit: self.unit?,
            until: lines[index].0,
            came,
            left,
            gap,
            bringing: of(true),
            taking: of(false),
        })
    }
}

/// Adds up the events of a finding again: nothing where they prove it, else what does not hold.
pub fn check(graph: &Graph, finding: &Finding) -> Option<&'static str> {
    let mut sums = [0_i64; 2];
    for (side, events) in [&finding.bringing, &finding.taking].into_iter().enumerate() {
        for event in events {
            if *event as usize >= graph.events() || !graph.holds(*event, Micros::MAX) {
                return Some("an event does not hold");
            }
            let row = graph.row(*event);
            if row.time > finding.until || graph.place(row.place) != Some(finding.place.as_str()) {
                return Some("an event is of another place or later");
            }
            for fact in graph.parts_of(*event).filter(|fact| effect(fact.part) == Some(side == 0)) {
                let id = graph.things.get(fact.thing);
                if id == finding.product || class_of(id) == Some(finding.product.as_str()) {
                    match fact.amount.filter(|amount| amount.unit == finding.unit) {
                        Some(amount) => sums[side] += amount.micro,
                        None => return Some("an amount is not known"),
                    }
                }
            }
        }
    }
    match sums {
        [came, left] if came != finding.came || left != finding.left => Some("the sums are others"),
        [came, left] if left - came != finding.gap || finding.gap <= 0 => Some("there is no gap"),
        _ => None,
    }
}
