//! Between things: the ways from one to another, what several have in common, and what touched the same tool or vehicle.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use epcis::canonical;

use crate::graph::{EventNumber, Graph, Micros, Part};
use crate::life::{ALWAYS, Lives};
use crate::names::Name;
use crate::start::{Start, StartError, begin};
use crate::tell::{node, tell};
use crate::walk::{Direction, Key, Limits, Node, Reached, Trace, reach};

/// Something that several things come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Common {
    pub node: Node,
    /// Which of those asked about come from it, by their order.
    pub of: Vec<usize>,
}

/// Two things at one tool, vehicle or room, within a time of each other: contact, not descent.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Contact {
    /// The identifier of the asset or place.
    pub base: String,
    pub thing: String,
    /// When the two were nearest in time: from the end of the one to the beginning of the other, or of both being there.
    pub from: Micros,
    pub to: Micros,
    /// The events that attached them.
    pub events: [EventNumber; 2],
}

impl Graph {
    /// All ways by which `from` can have become, or come to, `to`; no nodes where there is none.
    ///
    /// # Errors
    /// Where no event speaks of one of them.
    pub fn path(
        &self,
        from: &Start,
        to: &Start,
        as_of: Option<Micros>,
        limits: &Limits<'_>,
    ) -> Result<Trace, StartError> {
        let lives = Lives::new(self, as_of.unwrap_or(Micros::MAX));
        let forward = reach(&lives, &begin(&lives, from)?, Direction::Forward, limits);
        let back = reach(&lives, &begin(&lives, to)?, Direction::Back, limits);
        // Touched at the soonest, and mattering at the latest: on a way where the one is not after the other.
        let on_a_way = |(key, soonest): (&Key, &Micros)| {
            back.labels.get(key).is_some_and(|latest| soonest <= latest).then_some((*key, *soonest))
        };
        let labels = forward.labels.iter().filter_map(on_a_way).collect();
        let stopped = forward.stopped.or(back.stopped);
        Ok(tell(&lives, Direction::Forward, &Reached { labels, stopped }))
    }

    /// What several things come from, that which most come from first, and of those the latest.
    ///
    /// # Errors
    /// Where no event speaks of one of them.
    pub fn common(
        &self,
        starts: &[Start],
        as_of: Option<Micros>,
        limits: &Limits<'_>,
    ) -> Result<Vec<Common>, StartError> {
        let lives = Lives::new(self, as_of.unwrap_or(Micros::MAX));
        let mut of: HashMap<Key, (Vec<usize>, Micros)> = HashMap::new();
        for (number, start) in starts.iter().enumerate() {
            let reached = reach(&lives, &begin(&lives, start)?, Direction::Back, limits);
            for (key, label) in reached.labels {
                let (of, latest) = of.entry(key).or_insert((Vec::new(), ALWAYS));
                of.push(number);
                // All that come from it can have left by the soonest of these.
                *latest = label.min(*latest);
            }
        }
        let mut common: Vec<(Micros, Common)> = of
            .into_iter()
            .filter(|(_, (of, _))| of.len() > 1)
            .map(|(key, (of, latest))| (latest, Common { node: node(&lives, key, latest), of }))
            .collect();
        common.sort_by(|(a_time, a), (b_time, b)| {
            let told = |one: &Common| (one.node.id.clone(), one.node.place.clone());
            b.of.len().cmp(&a.of.len()).then(b_time.cmp(a_time)).then_with(|| told(a).cmp(&told(b)))
        });
        Ok(common.into_iter().map(|(_, common)| common).collect())
    }

    /// What was attached to the same asset or place (AssociationEvent) as a thing, at the same time or at most `window`
    /// microseconds before or after.
    ///
    /// # Errors
    /// Where no event speaks of it.
    pub fn contacts(
        &self,
        id: &str,
        window: Micros,
        as_of: Option<Micros>,
    ) -> Result<Vec<Contact>, StartError> {
        let lives = Lives::new(self, as_of.unwrap_or(Micros::MAX));
        let known =
            self.things.find(&canonical(id)).filter(|thing| lives.facts(*thing).next().is_some());
        let thing = known.ok_or_else(|| StartError::Unknown(id.to_owned()))?;
        let mut contacts = BTreeSet::new();
        let own = lives.facts(thing).filter(|fact| fact.part == Part::Attached);
        let bases: BTreeSet<Name> = own.filter_map(|fact| base(self, fact.event)).collect();
        for base in bases {
            let stays = stays(&lives, base);
            let of =
                |wanted: bool| stays.iter().filter(move |stay| (stay.thing == thing) == wanted);
            for (mine, other) in of(true).flat_map(|mine| of(false).map(move |other| (mine, other)))
            {
                let (from, to) = (mine.from.max(other.from), mine.until.min(other.until));
                if from <= to.saturating_add(window) {
                    contacts.insert(Contact {
                        base: self.things.get(base).to_owned(),
                        thing: self.things.get(other.thing).to_owned(),
                        from: from.min(to),
                        to: from.max(to),
                        events: [mine.event, other.event],
                    });
                }
            }
        }
        Ok(contacts.into_iter().collect())
    }
}

/// From being attached to being detached.
struct Stay {
    thing: Name,
    event: EventNumber,
    from: Micros,
    until: Micros,
}

fn base(graph: &Graph, event: EventNumber) -> Option<Name> {
    graph.parts_of(event).find(|fact| fact.part == Part::Base).map(|fact| fact.thing)
}

/// Who was attached to a base, and when.
fn stays(lives: &Lives<'_>, base: Name) -> Vec<Stay> {
    let graph = lives.graph;
    let mut events: Vec<EventNumber> =
        lives.facts(base).filter(|fact| fact.part == Part::Base).map(|fact| fact.event).collect();
    events.sort_by_key(|event| (graph.time(*event), graph.key(*event)));
    events.dedup();
    let mut stays: Vec<Stay> = Vec::new();
    let mut open: BTreeMap<Name, usize> = BTreeMap::new();
    for event in events {
        let time = graph.time(event);
        for fact in graph.parts_of(event) {
            match fact.part {
                Part::Attached => {
                    open.entry(fact.thing).or_insert_with(|| {
                        stays.push(Stay { thing: fact.thing, event, from: time, until: ALWAYS });
                        stays.len() - 1
                    });
                }
                Part::Detached => {
                    if let Some(stay) = open.remove(&fact.thing) {
                        stays[stay].until = time;
                    }
                }
                _ => {}
            }
        }
    }
    stays
}
