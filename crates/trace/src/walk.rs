//! Back to everything a thing came from, forward to everything it went into: a walk that respects time. Goods that left a
//! place before the suspect lot came there are not touched by it; a crate that held it yesterday does not join it to what
//! is in the crate today.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, HashMap};

use crate::amount::Amount;
use crate::graph::{EventNumber, Graph, Micros, Part};
use crate::life::{ALWAYS, End, Link, Lives, Spot};
use crate::names::Name;
use crate::start::{Begin, Start, StartError, begin};
use crate::tell::tell;

/// Which way to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To what it came from.
    Back,
    /// To what it went into.
    Forward,
}

/// How far an answer may go.
#[derive(Clone)]
pub struct Limits<'s> {
    /// Nodes at most.
    pub nodes: usize,
    /// Steps from one place to another at most: one is the law's "một bước trước, một bước sau".
    pub steps: usize,
    /// Asked now and then; true stops the walk.
    pub stop: &'s dyn Fn() -> bool,
}

impl Default for Limits<'_> {
    fn default() -> Self {
        Self { nodes: 1_000_000, steps: usize::MAX, stop: &|| false }
    }
}

/// Why an answer is not the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// It has as many nodes as were allowed.
    TooMany,
    /// Whoever asked wants it no longer.
    Cancelled,
}

/// Where something was.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Place {
    At(String),
    /// No event says where.
    Unknown,
    /// Sent and not received, as far as is known; to where, if anybody says.
    OnTheWay(Option<String>),
    /// In a container.
    Inside(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NodeKind {
    /// One thing.
    Item,
    /// A lot, or a class where events name no lot.
    Lot,
    /// A transformation.
    Process,
}

/// A thing at a place, or a process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    pub kind: NodeKind,
    /// The canonical identifier of the thing. Of a process, its `transformationID`, or nothing.
    pub id: String,
    /// Of a thing: where it was; of a process nothing.
    pub place: Option<Place>,
    /// Forward, since when it is touched; back, until when it matters. Nothing where that is always.
    pub time: Option<Micros>,
    /// Of a process: its events.
    pub process: Vec<EventNumber>,
}

/// One step between nodes, by their numbers in the answer, in the direction in which goods went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    pub from: usize,
    pub to: usize,
    pub event: EventNumber,
    pub leaves: Option<Micros>,
    pub arrives: Micros,
    pub amount: Option<Amount>,
    /// No event says it; it follows from others.
    pub implied: bool,
}

/// The answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    pub nodes: Vec<Node>,
    pub edges: Vec<Edge>,
    /// Everything that happened on the way, in the order of time.
    pub events: Vec<EventNumber>,
    pub stopped: Option<Stopped>,
}

/// A node while walking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Key {
    Spot(Name, u32),
    Process(Name),
}

/// Everything that is reached, with its label: forward, the first time; back, the last.
#[derive(Debug, Default)]
pub(crate) struct Reached {
    pub(crate) labels: HashMap<Key, Micros>,
    pub(crate) stopped: Option<Stopped>,
}

impl Graph {
    /// Follows things back or forward, as was known at a time (`None`: now).
    ///
    /// # Errors
    /// Where no event speaks of what is asked for.
    pub fn trace(
        &self,
        starts: &[Start],
        direction: Direction,
        as_of: Option<Micros>,
        limits: &Limits<'_>,
    ) -> Result<Trace, StartError> {
        let lives = Lives::new(self, as_of.unwrap_or(Micros::MAX));
        let mut begins = Vec::new();
        for start in starts {
            begins.extend(begin(&lives, start)?);
        }
        let reached = reach(&lives, &begins, direction, limits);
        Ok(tell(&lives, direction, &reached))
    }
}

/// All that can be reached, respecting time.
pub(crate) fn reach(
    lives: &Lives<'_>,
    begins: &[Begin],
    direction: Direction,
    limits: &Limits<'_>,
) -> Reached {
    let mut reached = Reached::default();
    let mut steps: HashMap<Key, usize> = HashMap::new();
    let mut queue = BinaryHeap::new();
    // The queue gives the smallest first: times forward, their negative back.
    let rank = |label: Micros| match direction {
        Direction::Forward => label,
        Direction::Back => label.saturating_neg(),
    };
    let mut put = |reached: &mut Reached, queue: &mut BinaryHeap<_>, key, label, step| {
        let known = reached.labels.get(&key).copied();
        let fewer = steps.get(&key).is_none_or(|known| step < *known);
        let sooner = known.is_none_or(|known| rank(label) < rank(known));
        if step > limits.steps || !(sooner || fewer) {
            return;
        }
        if known.is_none() && reached.labels.len() >= limits.nodes {
            reached.stopped = Some(Stopped::TooMany);
            return;
        }
        let best = known.filter(|_| !sooner).unwrap_or(label);
        reached.labels.insert(key, best);
        let least = steps.get(&key).copied().filter(|_| !fewer).unwrap_or(step);
        steps.insert(key, least);
        queue.push(Reverse((rank(best), least, key)));
    };
    for one in begins {
        let label = match direction {
            Direction::Forward => one.from,
            Direction::Back => one.until,
        };
        put(&mut reached, &mut queue, Key::Spot(one.thing, one.spot), label, 0);
    }
    let mut turn = 0_u32;
    while let Some(Reverse((ranked, step, key))) = queue.pop() {
        let label = reached.labels[&key];
        if ranked != rank(label) {
            continue;
        }
        turn = turn.wrapping_add(1);
        if turn.is_multiple_of(256) && (limits.stop)() {
            reached.stopped = Some(Stopped::Cancelled);
            break;
        }
        each_link(lives, key, direction, &mut |other, link| {
            if let Some(label) = passes(link, label, direction) {
                // All that went in may be in all that came out, whenever (EPCIS 2.0 §7.4.6).
                let label = match (other, direction) {
                    (Key::Spot(..), _) => label,
                    (Key::Process(_), Direction::Forward) => Micros::MIN,
                    (Key::Process(_), Direction::Back) => ALWAYS,
                };
                let moved = moves(lives, key, other);
                put(&mut reached, &mut queue, other, label, step + usize::from(moved));
            }
        });
    }
    reached
}

/// The label beyond a link; nothing where time forbids it.
pub(crate) fn passes(link: &Link, label: Micros, direction: Direction) -> Option<Micros> {
    match direction {
        Direction::Forward if label > link.leaves => None,
        Direction::Forward if link.open => Some(label.max(link.arrives)),
        Direction::Forward => Some(link.arrives),
        Direction::Back if link.arrives > label => None,
        Direction::Back if link.open => Some(link.leaves.min(label)),
        Direction::Back => Some(link.leaves),
    }
}

/// Whether a step in the sense of the law is taken with a link: to the next hand, or from the one before. It is taken with
/// setting out from a place; coming to the other is no second one.
fn moves(lives: &Lives<'_>, here: Key, other: Key) -> bool {
    let (Key::Spot(thing, here), Key::Spot(_, other)) = (here, other) else { return false };
    let life = lives.of(thing);
    let packed = |session: u32| life.sessions[session as usize].place;
    match (life.spots[here as usize], life.spots[other as usize]) {
        (Spot::At(_), Spot::OnTheWay(_) | Spot::At(_)) => true,
        (Spot::At(place), Spot::Inside(_, session))
        | (Spot::Inside(_, session), Spot::At(place)) => place != packed(session),
        _ => false,
    }
}

/// Everything beside a node in one direction.
pub(crate) fn each_link(
    lives: &Lives<'_>,
    key: Key,
    direction: Direction,
    tell: &mut dyn FnMut(Key, &Link),
) {
    let (things, end) = match key {
        Key::Spot(thing, spot) => (vec![thing], End::Spot(spot)),
        Key::Process(process) => (sides(lives, process, direction), End::Process(process)),
    };
    for thing in things {
        let life = lives.of(thing);
        match direction {
            Direction::Forward => {
                life.from(end).for_each(|link| beyond(thing, link.to, link, tell));
            }
            Direction::Back => life.to(end).for_each(|link| beyond(thing, link.from, link, tell)),
        }
    }
}

fn beyond(thing: Name, end: End, link: &Link, tell: &mut dyn FnMut(Key, &Link)) {
    match end {
        End::Spot(spot) => tell(Key::Spot(thing, spot), link),
        End::Process(process) => tell(Key::Process(process), link),
        End::Born | End::Gone => {}
    }
}

/// Forward, what came out of a process; back, what went in, with what was in containers that went in.
fn sides(lives: &Lives<'_>, process: Name, direction: Direction) -> Vec<Name> {
    let part = match direction {
        Direction::Forward => Part::Made,
        Direction::Back => Part::Used,
    };
    let events = lives.graph.events_of(process, lives.as_of);
    let mut things: BTreeSet<Name> = events
        .iter()
        .flat_map(|event| lives.graph.parts_of(*event))
        .filter(|fact| fact.part == part)
        .map(|fact| fact.thing)
        .collect();
    if direction == Direction::Back {
        let mut open: Vec<Name> = things.iter().copied().collect();
        while let Some(holder) = open.pop() {
            for inner in lives.contents(holder) {
                if things.insert(inner) {
                    open.push(inner);
                }
            }
        }
    }
    things.into_iter().collect()
}
