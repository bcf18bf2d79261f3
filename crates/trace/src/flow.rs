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
struct Mix {
    /// It has one event, so that all inputs are in before anything comes out.
    single: bool,
    /// Some input is not wholly suspect; some is touched at all.
    mixed: bool,
    touched: bool,
    into: Sum,
    /// Of that at least so much is suspect.
    bad: i64,
    out: Sum,
}

/// Amounts of one unit together.
#[derive(Clone, Copy)]
enum Sum {
    Nothing,
    Of(Amount),
    /// One of them is not known, or they are of several units.
    Unknown,
}

impl Sum {
    fn add(&mut self, amount: Option<Amount>) {
        *self = match (*self, amount) {
            (Self::Nothing, Some(amount)) => Self::Of(amount),
            (Self::Of(sum), Some(amount)) if sum.unit == amount.unit => sum
                .micro
                .checked_add(amount.micro)
                .map_or(Self::Unknown, |micro| Self::Of(Amount { micro, ..sum })),
            _ => Self::Unknown,
        };
    }

    /// In a unit, where it is one.
    fn of(self, unit: Unit) -> Option<i64> {
        match self {
            Self::Nothing => Some(0),
            Self::Of(amount) if amount.unit == unit => Some(amount.micro),
            _ => None,
        }
    }
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
        let spots = self.reached.labels.keys().filter_map(|key| match *key {
            Key::Spot(thing, _) => Some(thing),
            Key::Process(_) => None,
        });
        let things: BTreeSet<Name> = spots.collect();
        for key in self.reached.labels.keys() {
            if let Key::Process(process) = *key {
                self.mixes.insert(process, self.mix(process, &things));
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
                        Spot::At(_) | Spot::Anywhere | Spot::Astray => 1,
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

    /// A process with what it makes, and with the inputs of which nothing is reached: they dilute.
    fn mix(&self, process: Name, touched: &BTreeSet<Name>) -> Mix {
        let graph = self.lives.graph;
        let events = graph.events_of(process, self.lives.as_of);
        let mut mix = Mix::new(events.len() == 1);
        for fact in events.iter().flat_map(|event| graph.parts_of(*event)) {
            match fact.part {
                Part::Made => mix.out.add(fact.amount),
                Part::Used if !touched.contains(&fact.thing) => mix.put(Portion::good(fact.amount)),
                _ => {}
            }
        }
        mix
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
                        mix.put(portion);
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
    fn new(single: bool) -> Self {
        let (into, out) = (Sum::Nothing, Sum::Nothing);
        Self { single, mixed: false, touched: false, into, bad: 0, out }
    }

    fn put(&mut self, input: Portion) {
        self.mixed |= !input.pure;
        self.touched |= input.bad != Bounds::NONE;
        self.into.add(input.amount);
        self.bad = self.bad.saturating_add(input.bad.low);
    }

    /// What of an output is suspect.
    fn output(&self, amount: Option<Amount>) -> Portion {
        let mut portion = Portion::doubtful(amount);
        if !self.single {
            return portion;
        }
        match (self.mixed, self.touched) {
            (false, _) => return Portion::suspect(amount),
            (true, false) => return Portion::good(amount),
            (true, true) => {}
        }
        portion.bad.low = amount.and_then(|amount| self.least(amount)).unwrap_or(0);
        portion
    }

    /// What is left of the suspect input when loss and all other outputs took as much of it as they could.
    fn least(&self, amount: Amount) -> Option<i64> {
        let (into, out) = (self.into.of(amount.unit)?, self.out.of(amount.unit)?);
        let lost = (into - out).max(0);
        // Where more comes out than went in, something else was added, and it may be where the suspect is not.
        Some((self.bad - lost - (out - amount.micro)).clamp(0, amount.micro))
    }
}
