//! The way of one thing, drawn from what events say of it: where it was, how it came there and where it went.
//!
//! A thing named among quantities (a lot) can be in many places at once; one named by itself is in one. Both are told as
//! *spots*, where the thing or some of it was, and *links* between them, each with the time at which it could last be
//! entered and that at which it arrives. Where events leave a gap the link is *implied*: goods that are used somewhere have
//! come there, though nobody said how.
//!
//! | what events say | what is drawn |
//! |---|---|
//! | shipping and receiving (CBV 2.0 §7.1) | place → on the way → place; met by a common document, by destination, by source, or as the only ones left |
//! | receiving alone, with a source | source → place, implied |
//! | shipping alone | place → on the way, where it stays |
//! | AggregationEvent ADD … DELETE | place → inside the container → place. Inside, the thing goes where the container goes |
//! | used, packed or shipped at a place nobody brought it to | from a container that was there, else from a shipment to there, else from wherever it was before |
//! | TransformationEvent | place → process → place; events of one `transformationID` are one process (EPCIS 2.0 §7.4.6) |

mod bulk;
mod single;

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use crate::amount::Amount;
use crate::graph::{EventNumber, Fact, Graph, Micros, NOWHERE, Part};
use crate::names::Name;

/// Containers in containers are followed so deep: a tray in a carton on a pallet in a trailer on a ship is five.
const DEPTH: u8 = 8;

pub(crate) const ALWAYS: Micros = Micros::MAX;

/// Where a thing, or some of a lot, was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Spot {
    At(Name),
    OnTheWay(Way),
    /// Inside a container, from one packing to the unpacking: `Life::sessions`.
    Inside(Name, u32),
    /// Where it was before it turned up somewhere unexplained: wherever it had been.
    Anywhere,
    /// Where it may have gone without anybody saying so: wherever else it is known.
    Astray,
}

/// What a shipment and its receipt have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Way {
    Document(Name),
    To(Name),
    From(Name),
    Any,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum End {
    Spot(u32),
    Process(Name),
    Born,
    Gone,
}

#[derive(Clone, Debug)]
pub(crate) struct Link {
    pub(crate) from: End,
    pub(crate) to: End,
    pub(crate) event: EventNumber,
    /// Whatever was there by this time may have gone along.
    pub(crate) leaves: Micros,
    pub(crate) arrives: Micros,
    /// What left late arrived late: nobody saw when.
    pub(crate) open: bool,
    /// No event says so.
    pub(crate) implied: bool,
    pub(crate) amount: Option<Amount>,
}

/// From a packing to the unpacking.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Session {
    pub(crate) holder: Name,
    /// Where it was packed.
    pub(crate) place: Name,
    pub(crate) from: Micros,
    pub(crate) until: Micros,
}

#[derive(Debug, Default)]
pub(crate) struct Life {
    pub(crate) bulk: bool,
    pub(crate) spots: Vec<Spot>,
    pub(crate) links: Vec<Link>,
    pub(crate) sessions: Vec<Session>,
    /// Events that only say that the thing was there.
    seen: Vec<(u32, Micros, EventNumber)>,
    /// Sites in the order in which a single thing came to them, or was sent to them.
    stays: Vec<(Micros, Name)>,
    numbers: BTreeMap<Spot, u32>,
    /// Links by where they begin and by where they end.
    out: Vec<(End, u32)>,
    into: Vec<(End, u32)>,
}

impl Life {
    /// Links that begin there.
    pub(crate) fn from(&self, end: End) -> impl Iterator<Item = &Link> {
        self.ordered(&self.out, end)
    }

    /// Links that end there.
    pub(crate) fn to(&self, end: End) -> impl Iterator<Item = &Link> {
        self.ordered(&self.into, end)
    }

    /// When it was only seen at a spot, and the event that says so.
    pub(crate) fn seen_at(&self, spot: u32) -> impl Iterator<Item = (Micros, EventNumber)> {
        let start = self.seen.partition_point(|(other, ..)| *other < spot);
        let here = self.seen[start..].iter().take_while(move |(other, ..)| *other == spot);
        here.map(|(_, time, event)| (*time, *event))
    }

    fn ordered<'s>(&'s self, list: &'s [(End, u32)], end: End) -> impl Iterator<Item = &'s Link> {
        let start = list.partition_point(|(other, _)| *other < end);
        let same = list[start..].iter().take_while(move |(other, _)| *other == end);
        same.map(|(_, link)| &self.links[*link as usize])
    }

    /// Puts the links in order, once all are drawn.
    fn finish(mut self) -> Self {
        let order = |end: fn(&Link) -> End| {
            let mut list: Vec<_> = self
                .links
                .iter()
                .enumerate()
                .map(|(index, link)| (end(link), index as u32))
                .collect();
            list.sort_unstable();
            list
        };
        (self.out, self.into) = (order(|link| link.from), order(|link| link.to));
        self.seen.sort_unstable();
        self
    }

    fn spot(&mut self, spot: Spot) -> u32 {
        let next = self.spots.len() as u32;
        let number = *self.numbers.entry(spot).or_insert(next);
        if number == next {
            self.spots.push(spot);
        }
        number
    }

    pub(crate) fn find(&self, spot: Spot) -> Option<u32> {
        self.numbers.get(&spot).copied()
    }
}

/// Where a container went and what became of what was in it.
#[derive(Debug, Default)]
pub(crate) struct Carrier {
    pub(crate) stays: Vec<(Micros, Name)>,
    uses: Vec<(Micros, EventNumber, Name)>,
}

/// One thing that happened to a thing, in the order of time.
#[derive(Clone, Copy, Debug)]
struct Moment {
    time: Micros,
    fact: Fact,
    /// It happened to the container that the thing may be in.
    through: Option<Name>,
}

/// The ways of things in a graph, as was known at a time, each drawn once.
pub(crate) struct Lives<'g> {
    pub(crate) graph: &'g Graph,
    pub(crate) as_of: Micros,
    drawn: RefCell<HashMap<(Name, u8), Rc<Life>>>,
    carriers: RefCell<HashMap<(Name, u8), Rc<Carrier>>>,
}

impl<'g> Lives<'g> {
    pub(crate) fn new(graph: &'g Graph, as_of: Micros) -> Self {
        Self { graph, as_of, drawn: RefCell::default(), carriers: RefCell::default() }
    }

    pub(crate) fn of(&self, thing: Name) -> Rc<Life> {
        self.life(thing, DEPTH)
    }

    fn life(&self, thing: Name, depth: u8) -> Rc<Life> {
        if let Some(known) = self.drawn.borrow().get(&(thing, depth)) {
            return Rc::clone(known);
        }
        let (moments, bulk) = self.moments(thing, depth);
        let life =
            if bulk { bulk::draw(self, &moments, depth) } else { single::draw(self, &moments) };
        let life = Rc::new(life.finish());
        self.drawn.borrow_mut().insert((thing, depth), Rc::clone(&life));
        life
    }

    /// What events say of a thing that hold.
    pub(crate) fn facts(&self, thing: Name) -> impl Iterator<Item = Fact> {
        self.graph.facts_of(thing).filter(|fact| self.graph.holds(fact.event, self.as_of))
    }

    /// What happened to a thing, in order; and whether it is a lot.
    fn moments(&self, thing: Name, depth: u8) -> (Vec<Moment>, bool) {
        let time = |event| self.graph.time(event);
        let mut moments: Vec<Moment> = self
            .facts(thing)
            .map(|fact| Moment { time: time(fact.event), fact, through: None })
            .collect();
        let bulk = moments.iter().any(|moment| moment.fact.bulk);
        let mut holders: Vec<Name> =
            moments.iter().filter_map(|moment| self.holder(&moment.fact)).collect();
        holders.sort_unstable();
        holders.dedup();
        for holder in holders {
            let emptied = self.facts(holder).filter(|fact| fact.part == Part::Emptied);
            moments.extend(emptied.map(|fact| Moment {
                time: time(fact.event),
                fact,
                through: Some(holder),
            }));
            let carrier = self.carrier(holder, depth - 1);
            moments.extend(carrier.uses.iter().map(|(time, event, _)| Moment {
                time: *time,
                fact: Fact { thing, event: *event, part: Part::Used, amount: None, bulk },
                through: Some(holder),
            }));
        }
        moments.sort_by_key(|moment| {
            (moment.time, moment.fact.part, self.graph.key(moment.fact.event), moment.through)
        });
        (moments, bulk)
    }

    /// The container of an event that puts a thing in, takes it out or sees it inside.
    pub(crate) fn holder(&self, fact: &Fact) -> Option<Name> {
        if !matches!(fact.part, Part::In | Part::Out | Part::Within) {
            return None;
        }
        let holds = |other: &Fact| matches!(other.part, Part::Holder | Part::Emptied);
        self.graph.parts_of(fact.event).find(holds).map(|other| other.thing)
    }

    fn carrier(&self, holder: Name, depth: u8) -> Rc<Carrier> {
        if let Some(known) = self.carriers.borrow().get(&(holder, depth)) {
            return Rc::clone(known);
        }
        let mut carrier = Carrier::default();
        if depth > 0 {
            let life = self.life(holder, depth);
            carrier.stays.extend(&life.stays);
            for session in &life.sessions {
                let outer = self.carrier(session.holder, depth - 1);
                let within =
                    |stay: &&(Micros, Name)| stay.0 >= session.from && stay.0 < session.until;
                carrier.stays.extend(outer.stays.iter().filter(within));
            }
            carrier.stays.sort_unstable();
            carrier.uses.extend(life.links.iter().filter_map(|link| match link.to {
                End::Process(process) => Some((link.leaves, link.event, process)),
                _ => None,
            }));
        }
        let carrier = Rc::new(carrier);
        self.carriers.borrow_mut().insert((holder, depth), Rc::clone(&carrier));
        carrier
    }

    /// Everything that was ever in a container, each once, in the order of identifiers.
    pub(crate) fn contents(&self, holder: Name) -> Vec<Name> {
        let mut contents: Vec<Name> = self
            .facts(holder)
            .filter(|fact| fact.part == Part::Holder)
            .flat_map(|fact| self.graph.parts_of(fact.event))
            .filter(|part| matches!(part.part, Part::In | Part::Within))
            .map(|part| part.thing)
            .collect();
        contents.sort_unstable();
        contents.dedup();
        contents
    }
}

/// Draws links into a life.
struct Pen<'l, 'g> {
    lives: &'l Lives<'g>,
    life: Life,
}

impl<'l, 'g> Pen<'l, 'g> {
    fn new(lives: &'l Lives<'g>, bulk: bool) -> Self {
        Self { lives, life: Life { bulk, ..Life::default() } }
    }

    /// A link that an event says: it is entered and left at the event's time.
    fn said(&mut self, from: End, to: End, moment: &Moment) -> &mut Link {
        self.life.links.push_mut(Link {
            from,
            to,
            event: moment.fact.event,
            leaves: moment.time,
            arrives: moment.time,
            open: false,
            implied: false,
            amount: moment.fact.amount,
        })
    }

    /// A link that must be, though no event says it.
    fn implied(&mut self, from: End, to: End, moment: &Moment, amount: Option<Amount>) {
        let link = self.said(from, to, moment);
        (link.implied, link.amount) = (true, amount);
    }

    /// A link of which nobody knows when it was gone along, but not before `arrives`.
    fn open(&mut self, from: End, to: End, event: EventNumber, arrives: Micros) {
        self.life.links.push(Link {
            from,
            to,
            event,
            leaves: ALWAYS,
            arrives,
            open: true,
            implied: true,
            amount: None,
        });
    }

    fn place(&self, moment: &Moment) -> Name {
        self.lives.graph.row(moment.fact.event).place
    }

    fn process(&self, moment: &Moment) -> End {
        End::Process(self.lives.graph.row(moment.fact.event).process)
    }

    /// The number of the session that a spot is of.
    fn session(&mut self, holder: Name, moment: &Moment) -> u32 {
        let place = self.place(moment);
        self.life.sessions.push(Session { holder, place, from: moment.time, until: ALWAYS });
        self.life.sessions.len() as u32 - 1
    }
}

/// Whether a place is known.
fn known(place: Name) -> bool {
    place != NOWHERE
}
