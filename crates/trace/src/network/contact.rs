//! The graph along which contamination spreads: from delivery to delivery. Crossing at a station where n deliveries arrive and
//! m leave is not n·m edges but a chain along time: what arrived by a day may be in whatever left from that day on.

use super::mark::Resolved;
use super::reach::{Components, Graph};
use super::{Date, Network};

/// Deliveries first, then those that only relations name, then links of chains.
pub(super) struct Contact {
    pub(super) graph: Graph,
    /// For each station as seen: what arrives and what leaves.
    pub(super) incoming: Vec<Vec<usize>>,
    pub(super) outgoing: Vec<Vec<usize>>,
    /// The stations of each delivery, also of those that only relations name.
    pub(super) ends: Vec<Ends>,
}

/// From where to where, as places among the stations as seen.
#[derive(Clone, Copy)]
pub(super) struct Ends {
    pub(super) from: Option<usize>,
    pub(super) to: Option<usize>,
}

impl Contact {
    /// O((d + r) log d) for d deliveries and r relations.
    pub(super) fn new(network: &Network, marks: &Resolved<'_>, temporal_order: bool) -> Self {
        let ends = ends(network, marks);
        let count = marks.stations.len();
        let (mut incoming, mut outgoing) = (vec![Vec::new(); count], vec![Vec::new(); count]);
        for (number, ends) in ends.iter().enumerate() {
            ends.from.into_iter().for_each(|place| outgoing[place].push(number));
            ends.to.into_iter().for_each(|place| incoming[place].push(number));
        }
        let mut weave = Weave {
            network,
            temporal_order,
            nodes: ends.len(),
            edges: network.relations().to_vec(),
        };
        let relations = Graph::new(weave.nodes, network.relations());
        for (place, station) in marks.stations.iter().enumerate() {
            if station.mark.kill_contamination {
                continue;
            }
            if station.mark.cross_contamination {
                weave.cross(&incoming[place], outgoing[place].clone());
                continue;
            }
            let group: Vec<usize> = incoming[place]
                .iter()
                .copied()
                .filter(|number| marks.deliveries[*number].cross_contamination)
                .collect();
            if group.len() > 1 {
                let mut onward: Vec<usize> =
                    group.iter().flat_map(|number| relations.after(*number)).copied().collect();
                onward.sort_unstable();
                onward.dedup();
                weave.cross(&group, onward);
            }
        }
        let Weave { nodes, mut edges, .. } = weave;
        let kills =
            |place: Option<usize>| place.is_some_and(|p| marks.stations[p].mark.kill_contamination);
        edges.retain(|(tail, head)| {
            let ended = ends.get(*tail).is_some_and(|ends| kills(ends.to))
                || marks.deliveries.get(*tail).is_some_and(|mark| mark.kill_contamination);
            !ended && !ends.get(*head).is_some_and(|ends| kills(ends.from))
        });
        Self { graph: Graph::new(nodes, &edges), incoming, outgoing, ends }
    }

    /// What arrives at a station and brings contamination with it.
    pub(super) fn received<'a>(
        &'a self,
        marks: &'a Resolved<'_>,
        place: usize,
    ) -> impl Iterator<Item = usize> + 'a {
        let incoming = self.incoming[place].iter().copied();
        incoming.filter(|number| !marks.deliveries[*number].kill_contamination)
    }

    /// What leaves a station and may take its contamination along.
    pub(super) fn sent<'a>(
        &'a self,
        marks: &'a Resolved<'_>,
        place: usize,
    ) -> impl Iterator<Item = usize> + 'a {
        let clean = marks.stations[place].mark.kill_contamination;
        self.outgoing[place].iter().copied().filter(move |_| !clean)
    }

    /// For each node, and for each station as seen, which of up to sixty-four cases lie on its forward trace.
    pub(super) fn seen(
        &self,
        cases: impl Iterator<Item = Case>,
        marks: &Resolved<'_>,
        components: &Components,
    ) -> (Vec<u64>, Vec<u64>) {
        let mut own = vec![0_u64; self.graph.len()];
        let mut of_stations = vec![0_u64; marks.stations.len()];
        for (bit, case) in cases.take(64).enumerate() {
            match case {
                Case::Delivery(number) => own[number] |= 1 << bit,
                Case::Station(place) => {
                    of_stations[place] |= 1 << bit;
                    self.received(marks, place).for_each(|number| own[number] |= 1 << bit);
                }
            }
        }
        let bits = components.gather(&self.graph, &own);
        for (place, seen) in of_stations.iter_mut().enumerate() {
            *seen |= self.sent(marks, place).fold(0, |seen, number| seen | bits[number]);
        }
        (bits, of_stations)
    }
}

/// A station as seen or a delivery, of which is asked on whose forward trace it lies.
#[derive(Clone, Copy)]
pub(super) enum Case {
    Station(usize),
    Delivery(usize),
}

/// The stations of each delivery, as seen. Of one that only relations name they follow from what went into it, and from what
/// it went into; one end may stay unknown.
fn ends(network: &Network, marks: &Resolved<'_>) -> Vec<Ends> {
    let listed = network.deliveries().len();
    let mut ends: Vec<Ends> = network
        .deliveries()
        .iter()
        .map(|delivery| Ends {
            from: Some(marks.place_of[delivery.from]),
            to: Some(marks.place_of[delivery.to]),
        })
        .collect();
    ends.resize(listed + network.unlisted().len(), Ends { from: None, to: None });
    for (went, into) in network.relations().iter().copied() {
        if into >= listed && went < listed {
            ends[into].from = ends[went].to;
        }
        if went >= listed && into < listed {
            ends[went].to = ends[into].from;
        }
    }
    ends
}

struct Weave<'a> {
    network: &'a Network,
    temporal_order: bool,
    nodes: usize,
    edges: Vec<(usize, usize)>,
}

impl Weave<'_> {
    /// Everything of `into` gets into everything of `out` that it may precede.
    fn cross(&mut self, into: &[usize], out: Vec<usize>) {
        if into.is_empty() || out.is_empty() {
            return;
        }
        if !self.temporal_order {
            let hub = self.node();
            self.edges.extend(into.iter().map(|number| (*number, hub)));
            self.edges.extend(out.into_iter().map(|number| (hub, number)));
            return;
        }
        let date = |number: usize, of: fn(&super::Delivery) -> Date| {
            self.network.deliveries().get(number).map_or(Date::UNKNOWN, of)
        };
        let mut arrivals: Vec<_> = into
            .iter()
            .map(|number| (date(*number, super::Delivery::arrives).first(), *number))
            .collect();
        arrivals.sort_unstable();
        let departures: Vec<_> = out
            .into_iter()
            .map(|number| (date(number, super::Delivery::departs).last(), number))
            .collect();
        let first_link = self.nodes;
        for (place, (_, number)) in arrivals.iter().enumerate() {
            let link = self.node();
            self.edges.push((*number, link));
            if place > 0 {
                self.edges.push((link - 1, link));
            }
        }
        for (last, number) in departures {
            let before = arrivals.partition_point(|(first, _)| *first <= last);
            if before > 0 {
                self.edges.push((first_link + before - 1, number));
            }
        }
    }

    fn node(&mut self) -> usize {
        self.nodes += 1;
        self.nodes - 1
    }
}

/// One delivery of each circle of relations.
pub(super) fn circles(network: &Network) -> Vec<usize> {
    let nodes = network.deliveries().len() + network.unlisted().len();
    let graph = Graph::new(nodes, network.relations());
    let components = Components::of(&graph);
    components
        .each()
        .filter(|nodes| nodes.len() > 1)
        .filter_map(|nodes| nodes.iter().min().copied())
        .collect()
}
