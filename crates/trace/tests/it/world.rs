//! Events in a few words: `w.born("rice", "farm", 100)` at the next minute. All names are invented.

use epcis::{Action, BizTransaction, Event, EventTime, Party, Place, Quantity};
use trace::{Direction, EventNumber, Graph, Limits, NodeKind, Place as Where, Start, Trace};

/// A list of events that grows by one a minute.
#[derive(Default, Clone)]
pub(crate) struct World {
    pub(crate) events: Vec<Event>,
    minute: i64,
}

pub(crate) fn lot(name: &str) -> String {
    format!("urn:minh-hoa:lot:{name}")
}

pub(crate) fn item(name: &str) -> String {
    format!("urn:minh-hoa:item:{name}")
}

pub(crate) fn place(name: &str) -> String {
    format!("urn:minh-hoa:place:{name}")
}

pub(crate) fn kilograms(name: &str, kilograms: i64) -> Quantity {
    Quantity::measured(&lot(name), kilograms, "KGM")
}

/// Lots are written `name:kilograms` or `name`, items `#name`.
fn into(things: &str, epcs: &mut Vec<String>, quantities: &mut Vec<Quantity>) {
    for thing in things.split_whitespace() {
        match (thing.strip_prefix('#'), thing.split_once(':')) {
            (Some(name), _) => epcs.push(item(name)),
            (None, Some((name, amount))) => {
                quantities.push(kilograms(name, amount.parse().expect("kilograms")));
            }
            (None, None) => quantities.push(Quantity::unknown(&lot(thing))),
        }
    }
}

impl World {
    pub(crate) fn time(minute: i64) -> EventTime {
        EventTime { micros: 1_700_000_000_000_000 + minute * 60_000_000, offset_minutes: 420 }
    }

    fn next(&mut self) -> EventTime {
        self.minute += 1;
        Self::time(self.minute)
    }

    /// Adds an event at the next minute, or changes the one just added.
    fn push(&mut self, mut event: Event, site: &str) -> &mut Event {
        event.event_id = Some(format!("urn:minh-hoa:event:{}", self.events.len()));
        if !site.is_empty() {
            event.read_point = Some(Place { id: place(site), extensions: Vec::new() });
        }
        self.events.push(event);
        self.events.last_mut().expect("just added")
    }

    pub(crate) fn object(
        &mut self,
        action: Action,
        step: &str,
        things: &str,
        site: &str,
    ) -> &mut Event {
        let mut event = Event::object(action, self.next());
        event.biz_step = Some(step.to_owned());
        into(things, &mut event.epc_list, &mut event.quantity_list);
        self.push(event, site)
    }

    pub(crate) fn born(&mut self, things: &str, site: &str) -> &mut Event {
        self.object(Action::Add, "commissioning", things, site)
    }

    pub(crate) fn seen(&mut self, things: &str, site: &str) -> &mut Event {
        self.object(Action::Observe, "inspecting", things, site)
    }

    pub(crate) fn ship(&mut self, things: &str, site: &str, to: &str) -> &mut Event {
        let event = self.object(Action::Observe, "shipping", things, site);
        if !to.is_empty() {
            event.destination_list.push(Party::new("location", &place(to)));
        }
        event
    }

    pub(crate) fn receive(&mut self, things: &str, site: &str) -> &mut Event {
        self.object(Action::Observe, "receiving", things, site)
    }

    pub(crate) fn gone(&mut self, things: &str, site: &str) -> &mut Event {
        self.object(Action::Delete, "decommissioning", things, site)
    }

    pub(crate) fn pack(
        &mut self,
        action: Action,
        holder: &str,
        things: &str,
        site: &str,
    ) -> &mut Event {
        let mut event = Event::aggregation(action, self.next(), &item(holder));
        event.biz_step = Some("packing".to_owned());
        into(things, &mut event.child_epcs, &mut event.child_quantity_list);
        self.push(event, site)
    }

    pub(crate) fn make(&mut self, inputs: &str, outputs: &str, site: &str) -> &mut Event {
        let mut event = Event::transformation(self.next());
        into(inputs, &mut event.input_epc_list, &mut event.input_quantity_list);
        into(outputs, &mut event.output_epc_list, &mut event.output_quantity_list);
        self.push(event, site)
    }

    /// The last event bears this document too.
    pub(crate) fn document(&mut self, id: &str) {
        let event = self.events.last_mut().expect("an event");
        event
            .biz_transaction_list
            .push(BizTransaction::new("desadv", &format!("urn:minh-hoa:doc:{id}")));
    }

    pub(crate) fn graph(&self) -> Graph {
        let mut graph = Graph::new();
        for event in &self.events {
            graph.add(event, None);
        }
        graph
    }
}

/// The names of what is reached, in order, each once: things as they were written here, processes as `*`.
pub(crate) fn names(trace: &Trace) -> Vec<String> {
    let mut names: Vec<String> = trace
        .nodes
        .iter()
        .map(|node| match node.kind {
            NodeKind::Process => "*".to_owned(),
            NodeKind::Item => node.id.replace("urn:minh-hoa:item:", "#"),
            NodeKind::Lot => node.id.replace("urn:minh-hoa:lot:", ""),
        })
        .collect();
    names.sort();
    names.dedup();
    names
}

/// Where lots and things are, as `name@place`.
pub(crate) fn spots(trace: &Trace) -> Vec<String> {
    let plain = |id: &str| {
        id.replace("urn:minh-hoa:lot:", "")
            .replace("urn:minh-hoa:item:", "#")
            .replace("urn:minh-hoa:place:", "")
    };
    let mut spots: Vec<String> = trace
        .nodes
        .iter()
        .filter_map(|node| {
            let place = match node.place.as_ref()? {
                Where::At(place) => plain(place),
                Where::Unknown => "?".to_owned(),
                Where::OnTheWay(to) => format!(">{}", to.as_deref().map(plain).unwrap_or_default()),
                Where::Inside(holder) => format!("in {}", plain(holder)),
            };
            Some(format!("{}@{place}", plain(&node.id)))
        })
        .collect();
    spots.sort();
    spots
}

pub(crate) fn go(graph: &Graph, id: &str, direction: Direction) -> Trace {
    let id = match id.strip_prefix('#') {
        Some(name) => item(name),
        None => lot(id),
    };
    graph.trace(&[Start::of(&id)], direction, None, &Limits::default()).expect("known")
}

pub(crate) fn back(world: &World, id: &str) -> Trace {
    go(&world.graph(), id, Direction::Back)
}

pub(crate) fn forward(world: &World, id: &str) -> Trace {
    go(&world.graph(), id, Direction::Forward)
}

pub(crate) fn events(trace: &Trace) -> Vec<EventNumber> {
    trace.events.clone()
}
