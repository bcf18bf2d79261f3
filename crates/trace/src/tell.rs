//! The answer out of what a walk has reached.

use std::collections::{BTreeSet, HashMap};

use crate::graph::{EventNumber, Micros, Part};
use crate::life::{ALWAYS, End, Life, Lives, Spot, Way};
use crate::names::Name;
use crate::walk::{Direction, Edge, Key, Node, NodeKind, Place, Reached, Trace, each_link, passes};

/// The answer out of what was reached: nodes in the order of time, links that join them, events on the way.
pub(crate) fn tell(lives: &Lives<'_>, direction: Direction, reached: &Reached) -> Trace {
    let mut keys: Vec<Key> = reached.labels.keys().copied().collect();
    let name = |key: &Key| match key {
        Key::Spot(thing, spot) => {
            let life = lives.of(*thing);
            (lives.graph.things.get(*thing).to_owned(), Some(place_of(lives, &life, *spot)))
        }
        Key::Process(process) => (lives.graph.process(*process).to_owned(), None),
    };
    keys.sort_by_cached_key(|key| (when(lives, *key, reached.labels[key]), name(key), *key));
    let numbers: HashMap<Key, usize> =
        keys.iter().enumerate().map(|(number, key)| (*key, number)).collect();
    let mut trace = Trace { stopped: reached.stopped, ..Trace::default() };
    let mut events = BTreeSet::new();
    for (number, key) in keys.iter().enumerate() {
        let label = reached.labels[key];
        trace.nodes.push(node(lives, *key, label));
        happened(lives, *key, label, direction, &mut events);
        each_link(lives, *key, direction, &mut |other, link| {
            let Some(other) = numbers.get(&other) else { return };
            if passes(link, label, direction).is_none() {
                return;
            }
            let (from, to) = match direction {
                Direction::Forward => (number, *other),
                Direction::Back => (*other, number),
            };
            events.insert((lives.graph.time(link.event), lives.graph.key(link.event)));
            trace.edges.push(Edge {
                from,
                to,
                event: link.event,
                leaves: (link.leaves != ALWAYS).then_some(link.leaves),
                arrives: link.arrives,
                amount: link.amount,
                implied: link.implied,
            });
        });
    }
    trace.edges.sort_by_key(|edge| (edge.arrives, edge.from, edge.to, lives.graph.key(edge.event)));
    trace.events = events.into_iter().map(|(_, (_, event))| event).collect();
    trace
}

/// When a node matters: a process, which is one however long it lasts, from its first event on.
fn when(lives: &Lives<'_>, key: Key, label: Micros) -> Micros {
    match key {
        Key::Spot(..) => label,
        Key::Process(process) => {
            let events = lives.graph.events_of(process, lives.as_of).into_iter();
            events.map(|event| lives.graph.time(event)).min().unwrap_or(label)
        }
    }
}

pub(crate) fn node(lives: &Lives<'_>, key: Key, label: Micros) -> Node {
    let label = when(lives, key, label);
    let time = (label != Micros::MIN && label != ALWAYS).then_some(label);
    match key {
        Key::Spot(thing, spot) => {
            let life = lives.of(thing);
            Node {
                kind: if life.bulk { NodeKind::Lot } else { NodeKind::Item },
                id: lives.graph.things.get(thing).to_owned(),
                place: Some(place_of(lives, &life, spot)),
                time,
                process: Vec::new(),
            }
        }
        Key::Process(process) => {
            let mut events = lives.graph.events_of(process, lives.as_of);
            events.sort_by_key(|event| (lives.graph.time(*event), lives.graph.key(*event)));
            let id = lives.graph.process(process).to_owned();
            Node { kind: NodeKind::Process, id, place: None, time, process: events }
        }
    }
}

fn place_of(lives: &Lives<'_>, life: &Life, spot: u32) -> Place {
    let place = |name| lives.graph.place(name).map(str::to_owned);
    match life.spots[spot as usize] {
        Spot::At(at) => place(at).map_or(Place::Unknown, Place::At),
        Spot::OnTheWay(Way::To(to)) => Place::OnTheWay(place(to)),
        Spot::OnTheWay(_) => Place::OnTheWay(None),
        Spot::Inside(holder, _) => Place::Inside(lives.graph.things.get(holder).to_owned()),
        Spot::Anywhere | Spot::Astray => Place::Unknown,
    }
}

type InOrder = BTreeSet<(Micros, (u64, EventNumber))>;

/// What happened at a node in the time that matters: sightings, and the travels of the container it is in.
fn happened(
    lives: &Lives<'_>,
    key: Key,
    label: Micros,
    direction: Direction,
    events: &mut InOrder,
) {
    let matters = |time: Micros| match direction {
        Direction::Forward => time >= label,
        Direction::Back => time <= label,
    };
    let mut add = |event: EventNumber| {
        events.insert((lives.graph.time(event), lives.graph.key(event)));
    };
    match key {
        Key::Process(process) => {
            lives.graph.events_of(process, lives.as_of).into_iter().for_each(add);
        }
        Key::Spot(thing, spot) => {
            let life = lives.of(thing);
            life.seen_at(spot).filter(|(time, _)| matters(*time)).for_each(|(_, event)| add(event));
            // Its birth and its end have no node.
            let end = End::Spot(spot);
            let gone = life.from(end).filter(|link| link.to == End::Gone);
            let ends = gone.chain(life.to(end).filter(|link| link.from == End::Born));
            ends.filter(|link| matters(link.arrives)).for_each(|link| add(link.event));
            if let Spot::Inside(holder, session) = life.spots[spot as usize] {
                let session = life.sessions[session as usize];
                travels(lives, holder, session.from, session.until, &matters, &mut add, 8);
            }
        }
    }
}

/// The events of a container while something is in it, and of the containers that it is in.
fn travels(
    lives: &Lives<'_>,
    holder: Name,
    from: Micros,
    until: Micros,
    matters: &dyn Fn(Micros) -> bool,
    add: &mut dyn FnMut(EventNumber),
    depth: u8,
) {
    for fact in lives.facts(holder) {
        let time = lives.graph.time(fact.event);
        // Packing and unpacking something else is no event of what is inside.
        let own = !matches!(fact.part, Part::Holder | Part::Emptied);
        if own && time >= from && time <= until && matters(time) {
            add(fact.event);
        }
    }
    if depth == 0 {
        return;
    }
    for session in &lives.of(holder).sessions {
        if session.from <= until && session.until >= from {
            let (from, until) = (session.from.max(from), session.until.min(until));
            travels(lives, session.holder, from, until, matters, add, depth - 1);
        }
    }
}
