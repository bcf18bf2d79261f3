//! Where a question begins: the things, the lots at a place, or everything of a kind that a text names.

use epcis::canonical;

use crate::graph::{Graph, Micros};
use crate::life::{ALWAYS, Lives, Spot};
use crate::names::Name;
use crate::step::site;

/// A thing, a lot, a kind of goods or a place, within a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Start {
    /// An identifier as events have it: an EPC, a lot, a class (all its lots and items), a container (with what is in it),
    /// or a place (whatever was there).
    pub id: String,
    /// Of a thing, only what is or was at this place.
    pub place: Option<String>,
    /// Only what was there from this time on.
    pub from: Option<Micros>,
    /// And until this.
    pub until: Option<Micros>,
}

impl Start {
    pub fn of(id: &str) -> Self {
        Self { id: id.to_owned(), place: None, from: None, until: None }
    }
}

/// Why there is nowhere to begin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StartError {
    #[error("no event speaks of {0}")]
    Unknown(String),
    #[error("{0} was never at {1}")]
    NeverThere(String, String),
}

/// A spot of a thing, and the time over which it is meant.
pub(crate) struct Begin {
    pub(crate) thing: Name,
    pub(crate) spot: u32,
    pub(crate) from: Micros,
    pub(crate) until: Micros,
}

pub(crate) fn begin(lives: &Lives<'_>, start: &Start) -> Result<Vec<Begin>, StartError> {
    let graph = lives.graph;
    let (from, until) = (start.from.unwrap_or(Micros::MIN), start.until.unwrap_or(ALWAYS));
    let mut begins = Vec::new();
    let things = named(graph, &start.id);
    let place = start.place.as_deref().map(site);
    for thing in things.iter().copied() {
        let life = lives.of(thing);
        for (number, spot) in life.spots.iter().enumerate() {
            let here = match (&place, spot) {
                (None, _) => true,
                (Some(place), Spot::At(at)) => graph.place(*at) == Some(place),
                (Some(_), _) => false,
            };
            if here {
                begins.push(Begin { thing, spot: number as u32, from, until });
            }
        }
        if place.is_none() {
            begins.extend(contents(lives, thing, from, until));
        }
    }
    if things.is_empty() {
        begins.extend(at_place(lives, &site(&start.id), from, until));
    }
    match (begins.is_empty(), place) {
        (false, _) => Ok(begins),
        (true, Some(place)) if !things.is_empty() => {
            Err(StartError::NeverThere(start.id.clone(), place))
        }
        (true, _) => Err(StartError::Unknown(start.id.clone())),
    }
}

/// The thing of that name, and where it is a class also all things of it.
fn named(graph: &Graph, id: &str) -> Vec<Name> {
    let Some(thing) = graph.things.find(&canonical(id)) else { return Vec::new() };
    let mut things = vec![thing];
    things.extend(graph.members_of(thing));
    things.retain(|thing| graph.facts_of(*thing).next().is_some());
    things
}

/// What was in a container, and in containers in it.
fn contents(lives: &Lives<'_>, holder: Name, from: Micros, until: Micros) -> Vec<Begin> {
    let mut begins = Vec::new();
    let mut open = vec![(holder, from, until)];
    let mut known = std::collections::HashSet::new();
    while let Some((holder, from, until)) = open.pop() {
        for thing in lives.contents(holder) {
            let life = lives.of(thing);
            for (number, spot) in life.spots.iter().enumerate() {
                let Spot::Inside(within, session) = *spot else { continue };
                let session = life.sessions[session as usize];
                if within != holder || session.from > until || session.until < from {
                    continue;
                }
                let (from, until) = (session.from.max(from), session.until.min(until));
                if known.insert((thing, number)) {
                    begins.push(Begin { thing, spot: number as u32, from, until });
                    open.push((thing, from, until));
                }
            }
        }
    }
    begins
}

/// Everything that was at a place.
fn at_place(lives: &Lives<'_>, place: &str, from: Micros, until: Micros) -> Vec<Begin> {
    let Some(place) = lives.graph.places.find(place) else { return Vec::new() };
    let mut things: Vec<Name> = lives.graph.things_at(place).collect();
    things.sort_unstable();
    things.dedup();
    let spot = |thing| lives.of(thing).find(Spot::At(place)).map(|spot| (thing, spot));
    let there = things.into_iter().filter_map(spot);
    there.map(|(thing, spot)| Begin { thing, spot, from, until }).collect()
}
