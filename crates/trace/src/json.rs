//! Answers as JSON, for the command line and the API: a node for each thing, lot and process, with the places it was at;
//! edges between them in the direction in which goods went; the ids of the events on the way, in the order of time.

use std::collections::BTreeMap;

use epcis::EventTime;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::graph::{EventNumber, Micros};
use crate::recall::{Holding, Recall, Scope, Verdict};
use crate::walk::{Edge, Node, NodeKind, Place, Stopped, Trace};

/// How the caller names events.
pub type EventName<'n> = &'n dyn Fn(EventNumber) -> String;

impl Trace {
    /// `{"nodes":[…],"edges":[…],"events":[…]}`, with `stopped` where it is not the whole.
    pub fn to_json(&self, name: EventName<'_>) -> Value {
        let mut nodes: Vec<(String, Map<String, Value>)> = Vec::new();
        let mut known: BTreeMap<String, usize> = BTreeMap::new();
        for node in &self.nodes {
            let id = id(node, name);
            let at = *known.entry(id.clone()).or_insert_with(|| {
                let mut told = Map::new();
                told.insert("id".to_owned(), id.clone().into());
                told.insert("kind".to_owned(), kind(node.kind).into());
                nodes.push((id.clone(), told));
                nodes.len() - 1
            });
            let told = &mut nodes[at].1;
            if let Some(spot) = &node.place {
                let mut spot = place(spot);
                if let Some(since) = node.time {
                    spot["time"] = time(since);
                }
                let places = told.entry("places").or_insert_with(|| json!([]));
                if let Some(places) = places.as_array_mut() {
                    places.push(spot);
                }
            } else {
                let events: Vec<String> = node.process.iter().map(|event| name(*event)).collect();
                told.insert("events".to_owned(), events.into());
            }
        }
        let nodes: Vec<Value> = nodes.into_iter().map(|(_, told)| Value::Object(told)).collect();
        let edges: Vec<Value> = self.edges.iter().map(|edge| self.edge(edge, name)).collect();
        let events: Vec<String> = self.events.iter().map(|event| name(*event)).collect();
        let mut told = json!({"nodes": nodes, "edges": edges, "events": events});
        tell_stopped(&mut told, self.stopped);
        told
    }

    fn edge(&self, edge: &Edge, name: EventName<'_>) -> Value {
        let (from, to) = (&self.nodes[edge.from], &self.nodes[edge.to]);
        let mut told = json!({
            "from": id(from, name),
            "to": id(to, name),
            "event": name(edge.event),
            "time": time(edge.arrives),
        });
        for (key, node) in [("fromPlace", from), ("toPlace", to)] {
            if let Some(spot) = &node.place {
                told[key] = place(spot);
            }
        }
        if let Some(amount) = edge.amount {
            told["quantity"] = millionths(amount.micro);
            told["uom"] = amount.unit.code().into();
        }
        if edge.implied {
            told["implied"] = true.into();
        }
        told
    }
}

impl Node {
    /// `{"id":…,"kind":…}` with `place`, `time`, and of a process its `events`.
    pub fn to_json(&self, name: EventName<'_>) -> Value {
        let mut told = json!({"id": id(self, name), "kind": kind(self.kind)});
        if let Some(spot) = &self.place {
            told["place"] = place(spot);
        }
        if let Some(at) = self.time {
            told["time"] = time(at);
        }
        if !self.process.is_empty() {
            told["events"] = self.process.iter().map(|event| name(*event)).collect();
        }
        told
    }
}

impl Recall {
    /// As [`Trace::to_json`], with `certain`, `possible` and `cleared`: what is where, and how much of it is suspect.
    pub fn to_json(&self, name: EventName<'_>) -> Value {
        let mut told = self.trace.to_json(name);
        let of = |verdict| -> Vec<Value> {
            let holdings = self.holdings.iter().filter(|holding| holding.verdict == verdict);
            holdings.map(holding).collect()
        };
        told["certain"] = of(Verdict::Certain).into();
        told["possible"] = of(Verdict::Possible).into();
        told["cleared"] = of(Verdict::Cleared).into();
        if let Some(avoidable) = self.avoidable {
            told["avoidableKilograms"] = millionths(avoidable);
        }
        tell_stopped(&mut told, self.stopped);
        told
    }
}

fn holding(holding: &Holding) -> Value {
    let mut told = json!({"id": holding.node.id, "kind": kind(holding.node.kind)});
    if let Some(spot) = &holding.node.place {
        told["place"] = place(spot);
    }
    if holding.verdict == Verdict::Cleared {
        return told;
    }
    if let Some(since) = holding.node.time {
        told["since"] = time(since);
    }
    if let Some(unit) = &holding.unit {
        told["uom"] = unit.code().into();
    }
    if let Some(came) = holding.came {
        told["came"] = millionths(came.micro);
    }
    if let Some(here) = holding.here {
        told["here"] = millionths(here.micro);
    }
    told["suspect"] = scope(holding.suspect);
    told["suspectHere"] = scope(holding.suspect_here);
    told["suspectGone"] = scope(holding.suspect_gone);
    told
}

/// `{"low":…,"high":…}`; `high` is null where nothing bounds it.
fn scope(scope: Scope) -> Value {
    json!({"low": millionths(scope.low), "high": scope.high.map(millionths)})
}

/// A process without an id is named by its first event.
fn id(node: &Node, name: EventName<'_>) -> String {
    match node.process.first() {
        Some(event) if node.id.is_empty() => name(*event),
        _ => node.id.clone(),
    }
}

fn kind(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Item => "item",
        NodeKind::Lot => "lot",
        NodeKind::Process => "process",
    }
}

fn place(place: &Place) -> Value {
    match place {
        Place::At(site) => json!({"at": site}),
        Place::Unknown => json!({"unknown": true}),
        Place::OnTheWay(Some(to)) => json!({"onTheWayTo": to}),
        Place::OnTheWay(None) => json!({"onTheWay": true}),
        Place::Inside(holder) => json!({"inside": holder}),
    }
}

fn time(at: Micros) -> Value {
    let at = Timestamp::from_microsecond(at).unwrap_or_default();
    EventTime::new(at, 0).utc_text().into()
}

/// Millionths as a number with no more digits than it needs.
pub fn millionths(micro: i64) -> Value {
    if micro % 1_000_000 == 0 { (micro / 1_000_000).into() } else { (micro as f64 / 1e6).into() }
}

fn tell_stopped(told: &mut Value, stopped: Option<Stopped>) {
    if let Some(stopped) = stopped {
        told["stopped"] = match stopped {
            Stopped::TooMany => "too many nodes",
            Stopped::Cancelled => "cancelled",
        }
        .into();
    }
}
