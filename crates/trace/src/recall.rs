//! Recall with bounds: where suspect goods are, how many kilograms at least and at most, and what is cleared.
//!
//! Three sets: *certain* holds some of it, whatever happened; *possible* may; *cleared* is bound up with it by name, and
//! cannot. What is truly touched always lies within certain and possible; [`Scope::high`] bounds its kilograms.
//!
//! A process mixes: of what comes out all may be touched once anything suspect went in. At least as much is touched as no
//! other output and no loss can hold.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::amount::{Amount, Unit};
use crate::graph::{Graph, Micros, Part};
use crate::ledger::{Bounds, Heap, Portion};
use crate::life::{ALWAYS, End, Link, Lives, Spot};
use crate::names::Name;
use crate::start::{Begin, Start, StartError, begin};
use crate::walk::{Direction, Key, Limits, Node, Reached, Stopped, Trace, node, reach, tell};

/// How sure it is that a holding is touched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    Certain,
    Possible,
    Cleared,
}

/// How much is suspect: in kilograms, pieces or another unit, in millionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scope {
    pub low: i64,
    /// Nothing where events do not bound it.
    pub high: Option<i64>,
}

/// A lot or a thing at a place, with what is suspect of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holding {
    pub node: Node,
    pub verdict: Verdict,
    /// What unit the scopes are in; nothing where amounts are not known or do not go together.
    pub unit: Option<Unit>,
    /// All that ever came here.
    pub came: Option<Amount>,
    /// What of that is suspect.
    pub suspect: Scope,
    /// What should still be here.
    pub here: Option<Amount>,
    /// What of that is suspect.
    pub suspect_here: Scope,
    /// What is suspect of what was sold to consumers or destroyed here.
    pub suspect_gone: Scope,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recall {
    /// In the order of verdicts, then of the trace.
    pub holdings: Vec<Holding>,
    /// The walk forward that it rests on.
    pub trace: Trace,
    /// Kilograms to be called back at most, beyond those that were suspect to begin with: what finer lots would have saved.
    /// Millionths; nothing where amounts are not known.
    pub avoidable: Option<i64>,
    pub stopped: Option<Stopped>,
}

impl Graph {
    /// What suspect lots, things or places have touched, as was known at a time (`None`: now).
    ///
    /// # Errors
    /// Where no event speaks of what is suspect.
    pub fn recall(
        &self,
        starts: &[Start],
        as_of: Option<Micros>,
        limits: &Limits<'_>,
    ) -> Result<Recall, StartError> {
        let lives = Lives::new(self, as_of.unwrap_or(Micros::MAX));
        let mut begins = Vec::new();
        for start in starts {
            begins.extend(begin(&lives, start)?);
        }
        let reached = reach(&lives, &begins, Direction::Forward, limits);
        let mut flow = Flow::new(&lives, &reached, &begins);
        flow.run();
        Ok(flow.answer())
    }
}

/// A transfer at one instant, between heaps and processes.
#[derive(Clone, Copy)]
struct Transfer {
    at: Micros,
    leaves: Micros,
    from: End,
    to: End,
    thing: Name,
    open: bool,
    amount: Option<Amount>,
}

/// What goes into and comes out of a process.
#[derive(Default)]
struct Mix {
    inputs: Vec<Portion>,
    outputs: Vec<Option<Amount>>,
    /// It has one event, so that all inputs are in before anything comes out.
    single: bool,
}

struct Flow<'l, 'g> {
    lives: &'l Lives<'g>,
    reached: &'l Reached,
    suspects: HashMap<Key, (Micros, Micros)>,
    transfers: Vec<Transfer>,
    heaps: BTreeMap<Key, Heap>,
    mixes: HashMap<Name, Mix>,
    /// Kilograms that were suspect to begin with.
    began: Bounds,
}

impl<'l, 'g> Flow<'l, 'g> {
    fn new(lives: &'l Lives<'g>, reached: &'l Reached, begins: &[Begin]) -> Self {
        let suspects = begins
            .iter()
            .map(|begin| (Key::Spot(begin.thing, begin.spot), (begin.from, begin.until)))
            .collect();
        let mut flow = Self {
            lives,
            reached,
            suspects,
            transfers: Vec::new(),
            heaps: BTreeMap::new(),
            mixes: HashMap::new(),
            began: Bounds::NONE,
        };
        flow.gather();
        flow
    }

    /// Every transfer from or to something that is reached, and the heaps and processes between them.
    fn gather(&mut self) {
        let mut things: BTreeSet<Name> = BTreeSet::new();
        for key in self.reached.labels.keys() {
            match *key {
                Key::Spot(thing, _) => drop(things.insert(thing)),
                Key::Process(process) => {
                    let mix = self.mix(process);
                    self.mixes.insert(process, mix);
                }
            }
        }
        for thing in things {
            let life = self.lives.of(thing);
            let inner = |end: End| match end {
                End::Spot(spot) => self.reached.labels.contains_key(&Key::Spot(thing, spot)),
                _ => false,
            };
            let mut leaky: BTreeSet<u32> = BTreeSet::new();
            // What is not reached goes into a process that is, too, and dilutes.
            let mixes = |end: End| matches!(end, End::Process(process) if self.mixes.contains_key(&process));
            let counts = |link: &&Link| inner(link.from) || inner(link.to) || mixes(link.to);
            for link in life.links.iter().filter(counts) {
                let hidden = link.open || link.amount.is_none();
                for end in [link.from, link.to] {
                    if let (true, End::Spot(spot)) = (hidden, end) {
                        leaky.insert(spot);
                    }
                }
                self.transfers.push(Transfer {
                    at: link.arrives,
                    leaves: link.leaves,
                    from: link.from,
                    to: link.to,
                    thing,
                    open: link.open,
                    amount: link.amount,
                });
            }
            for spot in 0..life.spots.len() as u32 {
                if inner(End::Spot(spot)) {
                    self.heaps.insert(Key::Spot(thing, spot), Heap::new(leaky.contains(&spot)));
                }
            }
        }
        let order = |transfer: &Transfer| {
            let rank = match (transfer.from, transfer.to) {
                (End::Born, _) => 0,
                (_, End::Spot(spot)) if !matches!(transfer.from, End::Process(_)) => {
                    match self.lives.of(transfer.thing).spots[spot as usize] {
                        Spot::At(_) | Spot::Anywhere => 1,
                        Spot::Inside(..) => 2,
                        Spot::OnTheWay(_) => 3,
                    }
                }
                (_, End::Process(_)) => 4,
                (End::Process(_), _) => 5,
                _ => 6,
            };
            (transfer.at, rank, transfer.thing)
        };
        let mut transfers = std::mem::take(&mut self.transfers);
        transfers.sort_by_cached_key(order);
        self.transfers = transfers;
    }

    fn mix(&self, process: Name) -> Mix {
        let graph = self.lives.graph;
        let holding = graph.events_of(process).iter();
        let events: Vec<u32> =
            holding.copied().filter(|event| graph.holds(*event, self.lives.as_of)).collect();
        let made = events.iter().flat_map(|event| graph.parts_of(*event));
        let outputs = made.filter(|fact| fact.part == Part::Made).map(|fact| fact.amount).collect();
        Mix { inputs: self.untouched(&events), outputs, single: events.len() == 1 }
    }

    /// Inputs of which nothing is reached: they dilute.
    fn untouched(&self, events: &[u32]) -> Vec<Portion> {
        let graph = self.lives.graph;
        let used = events.iter().flat_map(|event| graph.parts_of(*event));
        let touched = |thing| {
            let life = self.lives.of(thing);
            (0..life.spots.len() as u32)
                .any(|spot| self.reached.labels.contains_key(&Key::Spot(thing, spot)))
        };
        used.filter(|fact| fact.part == Part::Used && !touched(fact.thing))
            .map(|fact| Portion::good(fact.amount))
            .collect()
    }

    fn run(&mut self) {
        for index in 0..self.transfers.len() {
            let transfer = self.transfers[index];
            let key = |end| match end {
                End::Spot(spot) => Some(Key::Spot(transfer.thing, spot)),
                _ => None,
            };
            let mut portion = self.leave(&transfer, key(transfer.from));
            if let Some(to) = key(transfer.to)
                && let Some((from, until)) = self.suspects.get(&to)
                && transfer.at >= *from
                && transfer.at <= *until
            {
                let fresh =
                    !key(transfer.from).is_some_and(|from| self.suspects.contains_key(&from));
                portion = Portion::suspect(transfer.amount);
                if fresh {
                    let kilograms = transfer.amount.filter(|amount| amount.unit == Unit::Kilogram);
                    self.began = self.began.plus(kilograms.map_or(Bounds::ANY, |amount| Bounds {
                        low: amount.micro,
                        high: Some(amount.micro),
                    }));
                }
            }
            match transfer.to {
                End::Process(process) => {
                    if let Some(mix) = self.mixes.get_mut(&process) {
                        mix.inputs.push(portion);
                    }
                }
                End::Gone => {
                    if let Some(heap) = key(transfer.from).and_then(|key| self.heaps.get_mut(&key))
                    {
                        heap.gone = heap.gone.plus(portion.bad);
                    }
                }
                _ => {
                    if let Some(heap) = key(transfer.to).and_then(|key| self.heaps.get_mut(&key)) {
                        heap.put(portion);
                    }
                }
            }
        }
    }

    fn leave(&mut self, transfer: &Transfer, from: Option<Key>) -> Portion {
        match (transfer.from, from.and_then(|key| self.heaps.get_mut(&key))) {
            (End::Process(process), _) => match self.mixes.get(&process) {
                Some(mix) => mix.output(transfer.amount),
                None => Portion::good(transfer.amount),
            },
            (_, Some(heap)) => {
                let suspect = from.and_then(|key| self.suspects.get(&key));
                let always =
                    suspect.is_some_and(|(from, until)| *from == Micros::MIN && *until == ALWAYS);
                let label = from.and_then(|key| self.reached.labels.get(&key));
                let untouched = label.is_none_or(|label| *label > transfer.leaves);
                let empty = heap.came.amount.is_none() && heap.came.bad == Bounds::NONE;
                if transfer.open {
                    // Nobody knows when it left, and what was there then.
                    return if always {
                        Portion::suspect(transfer.amount)
                    } else {
                        Portion { amount: transfer.amount, bad: Bounds::ANY, pure: false }
                    };
                }
                if empty && suspect.is_some() {
                    // It was there before anybody wrote anything down.
                    heap.put(Portion::suspect(transfer.amount));
                }
                let taken = heap.take(transfer.amount);
                if untouched {
                    Portion::good(transfer.amount)
                } else if empty && suspect.is_none() {
                    // Touched, by what came at the same instant or was not written down.
                    Portion::doubtful(transfer.amount)
                } else {
                    taken
                }
            }
            (_, None) => Portion::good(transfer.amount),
        }
    }

    fn answer(self) -> Recall {
        let trace = tell(self.lives, Direction::Forward, self.reached);
        let mut holdings: Vec<Holding> = Vec::new();
        for (key, heap) in &self.heaps {
            let label = self.reached.labels[key];
            holdings.push(holding(
                node(self.lives, *key, label),
                heap,
                self.suspects.contains_key(key),
            ));
        }
        holdings.extend(self.cleared());
        let order: HashMap<_, _> = trace
            .nodes
            .iter()
            .enumerate()
            .map(|(number, node)| ((&node.id, &node.place), number))
            .collect();
        holdings.sort_by_cached_key(|holding| {
            let number = order.get(&(&holding.node.id, &holding.node.place)).copied();
            (
                holding.verdict,
                number.unwrap_or(usize::MAX),
                holding.node.id.clone(),
                holding.node.place.clone(),
            )
        });
        let avoidable = self.avoidable();
        Recall { holdings, avoidable, stopped: self.reached.stopped, trace }
    }

    /// Where the same things were, and what came of the same processes' places, without being touched.
    fn cleared(&self) -> Vec<Holding> {
        let things: BTreeSet<Name> = self
            .heaps
            .keys()
            .filter_map(|key| match key {
                Key::Spot(thing, _) => Some(*thing),
                Key::Process(_) => None,
            })
            .collect();
        let mut cleared = Vec::new();
        for thing in things {
            let life = self.lives.of(thing);
            for (spot, place) in life.spots.iter().enumerate() {
                let key = Key::Spot(thing, spot as u32);
                if *place != Spot::Anywhere && !self.reached.labels.contains_key(&key) {
                    cleared.push(holding(node(self.lives, key, ALWAYS), &Heap::new(false), false));
                }
            }
        }
        cleared
    }

    /// What is called back at most, less what was suspect to begin with.
    fn avoidable(&self) -> Option<i64> {
        let mut most = 0_i64;
        for heap in self.heaps.values() {
            let left = heap.left().high?;
            let gone = heap.gone.high?;
            let unit = heap.came.amount?.unit;
            if unit == Unit::Kilogram {
                most = most.saturating_add(left).saturating_add(gone);
            }
        }
        self.began.high.map(|began| (most - began).max(0))
    }
}

impl Mix {
    /// What of an output is suspect.
    fn output(&self, amount: Option<Amount>) -> Portion {
        if self.single && self.inputs.iter().all(|input| input.pure) {
            return Portion::suspect(amount);
        }
        if self.single && self.inputs.iter().all(|input| input.bad == Bounds::NONE) {
            return Portion::good(amount);
        }
        let mut portion = Portion::doubtful(amount);
        if let Some(low) = self.least(amount).filter(|_| self.single) {
            portion.bad.low = low;
        }
        portion
    }

    /// What is left of the suspect input when loss and all other outputs took as much of it as they could.
    fn least(&self, amount: Option<Amount>) -> Option<i64> {
        let amount = amount?;
        let same = |other: &Amount| other.unit == amount.unit;
        let mut sum = (0_i64, 0_i64);
        for input in &self.inputs {
            let measured = input.amount.filter(same)?;
            sum = (sum.0.checked_add(measured.micro)?, sum.1.checked_add(input.bad.low)?);
        }
        let mut out = 0_i64;
        for output in &self.outputs {
            out = out.checked_add((*output).filter(same)?.micro)?;
        }
        let (total, bad) = sum;
        let lost = (total - out).max(0);
        // Where more comes out than went in, something else was added, and it may be where the suspect is not.
        Some((bad - lost - (out - amount.micro)).clamp(0, amount.micro))
    }
}

fn holding(node: Node, heap: &Heap, suspect: bool) -> Holding {
    let scope = |bounds: Bounds, most: Option<Amount>| {
        let most = most.map(|amount| amount.micro);
        let high = match (bounds.high, most) {
            (Some(high), Some(most)) => Some(high.min(most)),
            (high, most) => high.or(most),
        };
        Scope { low: bounds.low.min(high.unwrap_or(bounds.low)), high }
    };
    let came = heap.came.amount;
    let certain = heap.is_pure() || heap.came.bad.low > 0 || suspect;
    let cleared = heap.came.bad == Bounds::NONE && !suspect;
    Holding {
        node,
        verdict: match (certain, cleared) {
            (true, _) => Verdict::Certain,
            (false, false) => Verdict::Possible,
            (false, true) => Verdict::Cleared,
        },
        unit: came.map(|amount| amount.unit),
        came,
        suspect: scope(heap.came.bad, came),
        here: heap.total(),
        suspect_here: scope(heap.left(), heap.total()),
        suspect_gone: scope(heap.gone, None),
    }
}
