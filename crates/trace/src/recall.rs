//! Recall with bounds: where suspect goods are, how many kilograms at least and at most, and what is cleared.
//!
//! Three sets: *certain* holds some of it, whatever happened; *possible* may; *cleared* is bound up with it by name, and
//! cannot. What is truly touched always lies within certain and possible; [`Scope::high`] bounds its kilograms.
//!
//! A process mixes: of what comes out all may be touched once anything suspect went in. At least as much is touched as no
//! other output and no loss can hold.

use std::collections::{BTreeSet, HashMap};

use crate::amount::{Amount, Unit};
use crate::flow::Flow;
use crate::graph::{Graph, Micros};
use crate::ledger::{Bounds, Heap};
use crate::life::{ALWAYS, Lives, Spot};
use crate::names::Name;
use crate::start::{Start, StartError, begin};
use crate::tell::{node, tell};
use crate::walk::{Direction, Key, Limits, Node, Stopped, Trace, reach};

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

impl Flow<'_, '_> {
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
                if !matches!(place, Spot::Anywhere | Spot::Astray)
                    && !self.reached.labels.contains_key(&key)
                {
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
