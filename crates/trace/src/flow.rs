//! Suspect goods through heaps and processes, transfer after transfer in the order of time.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::amount::{Amount, Unit};
use crate::graph::{Micros, Part};
use crate::ledger::{Bounds, Heap, Portion};
use crate::life::{ALWAYS, End, Link, Lives, Spot};
use crate::names::Name;
use crate::start::Begin;
use crate::walk::{Key, Reached};

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

pub(crate) struct Flow<'l, 'g> {
    pub(crate) lives: &'l Lives<'g>,
    pub(crate) reached: &'l Reached,
    pub(crate) suspects: HashMap<Key, (Micros, Micros)>,
    transfers: Vec<Transfer>,
    pub(crate) heaps: BTreeMap<Key, Heap>,
    mixes: HashMap<Name, Mix>,
    /// Kilograms that were suspect to begin with.
    pub(crate) began: Bounds,
}

impl<'l, 'g> Flow<'l, 'g> {
    pub(crate) fn new(lives: &'l Lives<'g>, reached: &'l Reached, begins: &[Begin]) -> Self {
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
        let events = graph.events_of(process, self.lives.as_of);
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

    pub(crate) fn run(&mut self) {
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
