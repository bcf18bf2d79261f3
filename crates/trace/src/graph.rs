//! What events say, as small numbers: which things took part in which event, in which part, how much, where and when.
//! Nothing is concluded here. What an event says goes in whole, in any order; [`crate::life`] draws a thing's way from it
//! when somebody asks, so that an event that comes late, or is declared to be in error, needs nothing to be mended.

use std::collections::HashMap;
use std::ops::Range;

use epcis::{Action, Event, EventKind, Quantity, canonical, class_of};

use crate::amount::{Amount, ONE, Unit};
use crate::names::{Name, Names};
use crate::step::{Step, key_of, site};

/// Microseconds since 1970 in UTC.
pub type Micros = i64;

/// The number of an event: 0 for the first that was added.
pub type EventNumber = u32;

pub(crate) const NOWHERE: Name = u32::MAX;
const UNKNOWN: i64 = i64::MIN;
const BULK: u8 = 0x80;
/// Marks the process that is one event; the rest is the number of that event.
const ALONE: Name = 0x8000_0000;
/// Entries that may wait before they are packed.
const RECENT: usize = 1 << 20;

/// What a thing did in an event. The order is that in which things happen at one instant: goods arrive before they are
/// packed, and are packed before they leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Part {
    /// Came into being (ObjectEvent ADD).
    Born,
    /// Came out of a process (TransformationEvent).
    Made,
    /// Arrived (receiving, arriving, accepting).
    Got,
    /// Taken out of the container that is the event's holder (AggregationEvent DELETE).
    Out,
    /// The container itself, when everything is taken out.
    Emptied,
    /// Was there.
    Seen,
    /// Seen inside the event's holder (AggregationEvent OBSERVE).
    Within,
    /// The container of an AggregationEvent.
    Holder,
    /// Put into the event's holder (AggregationEvent ADD).
    In,
    /// Left (shipping, departing).
    Sent,
    /// Went into a process.
    Used,
    /// Ceased to be, or was sold to a consumer (DELETE, retail_selling, destroying …).
    Gone,
    /// The asset or place that others are attached to (AssociationEvent).
    Base,
    Attached,
    Detached,
}

/// One event.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) time: Micros,
    /// When the repository took it in; the beginning of time where nobody says.
    pub(crate) recorded: Micros,
    /// Of its id: puts events of one instant into an order that does not depend on how they came.
    key: u64,
    first: u32,
    /// Where it happened, and where the things were afterwards.
    pub(crate) place: Name,
    /// From where and to where, as the event's source and destination of type `location` say.
    pub(crate) from: Name,
    pub(crate) to: Name,
    pub(crate) process: Name,
    /// Its business transactions, in `Graph::transactions`.
    transactions: (u32, u32),
}

/// A thing's part in an event.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fact {
    pub(crate) thing: Name,
    pub(crate) event: EventNumber,
    pub(crate) part: Part,
    /// How much; nothing where nobody says.
    pub(crate) amount: Option<Amount>,
    /// The event names the thing among quantities: it is a lot or a class, and can be in many places at once.
    pub(crate) bulk: bool,
}

#[derive(Clone, Copy)]
struct Entry {
    thing: Name,
    event: EventNumber,
    micro: i64,
}

/// The graph that events make.
#[derive(Default)]
pub struct Graph {
    pub(crate) things: Names,
    pub(crate) places: Names,
    pub(crate) processes: Names,
    documents: Names,
    rows: Vec<Row>,
    entries: Vec<Entry>,
    parts: Vec<Part>,
    /// The number of the amount's unit; [`BULK`] added where the thing is named among quantities.
    units: Vec<u8>,
    kinds: Vec<Unit>,
    transactions: Vec<Name>,
    /// Entries by thing, of those that stood at the last [`Graph::settle`].
    starts: Vec<u32>,
    sorted: Vec<u32>,
    /// Entries by thing, of those that came since.
    recent: HashMap<Name, Vec<u32>>,
    /// Events of each process that has an id.
    of_process: HashMap<Name, Vec<EventNumber>>,
    /// Events at each place, or from it.
    of_place: HashMap<Name, Vec<EventNumber>>,
    /// Things of a class, where the class is named by no event itself.
    of_class: HashMap<Name, Vec<Name>>,
    /// Keys of events that were declared to be in error, and since when that is known.
    declared: HashMap<u64, Micros>,
}

/// A place in a list as the graph keeps it: half as wide as the machine's own.
fn numbered(place: usize) -> u32 {
    u32::try_from(place).expect("fewer than four thousand million bonds")
}

impl Graph {
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes an event in. `recorded` is when the repository took it in (`None`: it has always been known). The caller sees to
    /// it that the same event does not come twice. An error declaration takes out the event whose id, or whose content, it has.
    ///
    /// Gives the number under which answers name it: 0, 1, 2 and so on, declarations included.
    pub fn add(&mut self, event: &Event, recorded: Option<Micros>) -> EventNumber {
        let key = match &event.event_id {
            Some(id) => key_of(id),
            None => key_of(&epcis::hash_id(event)),
        };
        let number = numbered(self.rows.len());
        assert!(number < ALONE, "fewer than two thousand million events");
        let recorded = recorded.unwrap_or(Micros::MIN);
        let mut row = Row {
            time: event.event_time.micros,
            recorded,
            key,
            first: self.entries.len() as u32,
            place: NOWHERE,
            from: NOWHERE,
            to: NOWHERE,
            process: NOWHERE,
            transactions: (self.transactions.len() as u32, 0),
        };
        if event.error_declaration.is_some() {
            let since = self.declared.entry(key).or_insert(recorded);
            *since = recorded.min(*since);
            self.rows.push(row);
            return number;
        }
        let step = Step::of(event);
        let at = |place: &Option<epcis::Place>| place.as_ref().map(|place| site(&place.id));
        let (read, business) = (at(&event.read_point), at(&event.biz_location));
        // A position on the map is where somebody stood; the vessel or the market is the place, if it is named.
        let sighting = read.as_ref().is_some_and(|read| read.starts_with("geo:"));
        let place =
            if step == Step::Got || sighting { business.or(read) } else { read.or(business) };
        row.place = place.map_or(NOWHERE, |place| self.places.add(&place));
        row.from = self.party(&event.source_list);
        row.to = self.party(&event.destination_list);
        for transaction in &event.biz_transaction_list {
            let name = self.documents.add(transaction.id.trim());
            self.transactions.push(name);
        }
        row.transactions.1 = self.transactions.len() as u32;
        if event.kind == EventKind::Transformation {
            let process = match &event.transformation_id {
                Some(id) => self.processes.add(&canonical(id)),
                // Each other transformation is a process of its own.
                None => number | ALONE,
            };
            row.process = process;
            if process & ALONE == 0 {
                self.of_process.entry(process).or_default().push(number);
            }
        }
        for place in [Some(row.place), Some(row.from).filter(|from| *from != row.place)] {
            if let Some(place) = place.filter(|place| *place != NOWHERE) {
                self.of_place.entry(place).or_default().push(number);
            }
        }
        self.rows.push(row);
        self.take_parts(event, number, step);
        self.settle_now_and_then();
        number
    }

    fn party(&mut self, parties: &[epcis::Party]) -> Name {
        let location = parties.iter().find(|party| party.kind == "location");
        location.map_or(NOWHERE, |location| self.places.add(&site(&location.id)))
    }

    fn take_parts(&mut self, event: &Event, number: EventNumber, step: Step) {
        let (mine, holder) = match (event.kind, event.action) {
            (EventKind::Aggregation, Some(Action::Add)) => (Part::In, Part::Holder),
            (EventKind::Aggregation, Some(Action::Delete)) => (Part::Out, Part::Holder),
            (EventKind::Aggregation, _) => (Part::Within, Part::Holder),
            (EventKind::Association, Some(Action::Delete)) => (Part::Detached, Part::Base),
            (EventKind::Association, _) => (Part::Attached, Part::Base),
            (EventKind::Object, Some(Action::Add)) => {
                (step.part().unwrap_or(Part::Born), Part::Seen)
            }
            (EventKind::Object, Some(Action::Delete)) => {
                (step.part().unwrap_or(Part::Gone), Part::Seen)
            }
            _ => (step.part().unwrap_or(Part::Seen), step.part().unwrap_or(Part::Seen)),
        };
        if let Some(parent) = &event.parent_id {
            let parent = self.thing(parent);
            let empties = event.child_epcs.is_empty() && event.child_quantity_list.is_empty();
            let holder = if empties && mine == Part::Out { Part::Emptied } else { holder };
            self.fact(number, parent, holder, Some(ONE), 0);
            if event.kind == EventKind::Aggregation
                && let Some(part) = step.part()
            {
                self.fact(number, parent, part, Some(ONE), 0);
            }
        }
        // Without a container there is nothing to be in.
        let inside =
            if event.parent_id.is_none() && matches!(mine, Part::Within | Part::In | Part::Out) {
                step.part().unwrap_or(Part::Seen)
            } else {
                mine
            };
        self.list(number, mine, &event.epc_list, &event.quantity_list);
        self.list(number, inside, &event.child_epcs, &event.child_quantity_list);
        self.list(number, Part::Used, &event.input_epc_list, &event.input_quantity_list);
        self.list(number, Part::Made, &event.output_epc_list, &event.output_quantity_list);
    }

    fn list(&mut self, event: EventNumber, part: Part, epcs: &[String], quantities: &[Quantity]) {
        for epc in epcs {
            let thing = self.thing(epc);
            self.fact(event, thing, part, Some(ONE), 0);
        }
        for quantity in quantities {
            let thing = self.thing(&quantity.epc_class);
            let amount =
                quantity.quantity.and_then(|value| Amount::of(value, quantity.uom.as_deref()));
            self.fact(event, thing, part, amount, BULK);
        }
    }

    fn thing(&mut self, id: &str) -> Name {
        let id = canonical(id);
        let known = self.things.len();
        let thing = self.things.add(&id);
        if thing as usize == known
            && let Some(class) = class_of(&id)
        {
            let class = self.things.add(class);
            self.of_class.entry(class).or_default().push(thing);
        }
        thing
    }

    fn fact(
        &mut self,
        event: EventNumber,
        thing: Name,
        part: Part,
        amount: Option<Amount>,
        bulk: u8,
    ) {
        let unit = amount.map_or(0, |amount| {
            let known = self.kinds.iter().position(|kind| *kind == amount.unit);
            known.unwrap_or_else(|| {
                if self.kinds.len() < usize::from(BULK) {
                    self.kinds.push(amount.unit);
                    self.kinds.len() - 1
                } else {
                    usize::from(BULK)
                }
            })
        });
        // No trade has so many units; of an amount in one more nothing is known, rather than something wrong.
        let amount = amount.filter(|_| unit < usize::from(BULK));
        let index = numbered(self.entries.len());
        self.entries.push(Entry {
            thing,
            event,
            micro: amount.map_or(UNKNOWN, |amount| amount.micro),
        });
        self.parts.push(part);
        self.units.push((unit as u8 & !BULK) | bulk);
        self.recent.entry(thing).or_default().push(index);
    }

    /// Packs when as many entries wait as half of those that are packed, so that each is moved a few times at most.
    fn settle_now_and_then(&mut self) {
        let waiting = self.entries.len() - self.sorted.len();
        if waiting > RECENT.max(self.sorted.len() / 2) {
            self.settle();
        }
    }

    /// Packs what came since the last time, for speed and memory. Answers are the same before and after.
    pub fn settle(&mut self) {
        let mut starts = vec![0_u32; self.things.len() + 1];
        for entry in &self.entries {
            starts[entry.thing as usize + 1] += 1;
        }
        for thing in 1..starts.len() {
            starts[thing] += starts[thing - 1];
        }
        let mut next = starts.clone();
        let mut sorted = vec![0_u32; self.entries.len()];
        for (index, entry) in self.entries.iter().enumerate() {
            let slot = &mut next[entry.thing as usize];
            sorted[*slot as usize] = index as u32;
            *slot += 1;
        }
        (self.starts, self.sorted) = (starts, sorted);
        self.recent = HashMap::new();
        self.entries.shrink_to_fit();
        self.parts.shrink_to_fit();
        self.units.shrink_to_fit();
    }

    /// How many events there are, declarations of error included.
    pub fn events(&self) -> usize {
        self.rows.len()
    }

    /// How many bonds between a thing and an event there are: the edges of the graph.
    pub fn edges(&self) -> usize {
        self.entries.len()
    }

    /// Bytes that the bonds take: the part of the graph that grows with them.
    pub fn edge_bytes(&self) -> usize {
        self.entries.capacity() * size_of::<Entry>()
            + self.parts.capacity()
            + self.units.capacity()
            + self.sorted.capacity() * 4
            + self.recent.values().map(|list| 64 + list.capacity() * 4).sum::<usize>()
    }

    /// Bytes that everything takes.
    pub fn bytes(&self) -> usize {
        self.edge_bytes()
            + self.rows.capacity() * size_of::<Row>()
            + self.starts.capacity() * 4
            + self.transactions.capacity() * 4
            + self.of_place.values().map(|list| 64 + list.capacity() * 4).sum::<usize>()
            + [&self.things, &self.places, &self.processes, &self.documents]
                .map(Names::bytes)
                .iter()
                .sum::<usize>()
    }

    pub(crate) fn row(&self, event: EventNumber) -> &Row {
        &self.rows[event as usize]
    }

    /// When an event happened.
    pub fn time(&self, event: EventNumber) -> Micros {
        self.row(event).time
    }

    pub(crate) fn key(&self, event: EventNumber) -> (u64, EventNumber) {
        (self.row(event).key, event)
    }

    /// Whether an event counts, as was known at a time.
    pub(crate) fn holds(&self, event: EventNumber, as_of: Micros) -> bool {
        let row = self.row(event);
        row.recorded <= as_of && self.declared.get(&row.key).is_none_or(|since| *since > as_of)
    }

    pub(crate) fn transactions(&self, event: EventNumber) -> &[Name] {
        let (from, to) = self.row(event).transactions;
        self.transactions.get(from as usize..to as usize).unwrap_or_default()
    }

    /// A place by its number; nothing where events say none.
    pub(crate) fn place(&self, place: Name) -> Option<&str> {
        (place != NOWHERE).then(|| self.places.get(place))
    }

    /// Whatever took part in events at a place, as often as it did.
    pub(crate) fn things_at(&self, place: Name) -> impl Iterator<Item = Name> {
        let events = self.of_place.get(&place).map_or(&[][..], Vec::as_slice);
        events.iter().flat_map(|event| self.parts_of(*event)).map(|fact| fact.thing)
    }

    pub(crate) fn document(&self, name: Name) -> &str {
        self.documents.get(name)
    }

    pub(crate) fn facts_of(&self, thing: Name) -> impl Iterator<Item = Fact> {
        let thing_index = thing as usize;
        let settled = match (self.starts.get(thing_index), self.starts.get(thing_index + 1)) {
            (Some(from), Some(to)) => &self.sorted[*from as usize..*to as usize],
            _ => &[],
        };
        let recent = self.recent.get(&thing).map_or(&[][..], Vec::as_slice);
        settled.iter().chain(recent).map(|index| self.entry(*index as usize))
    }

    pub(crate) fn parts_of(&self, event: EventNumber) -> impl Iterator<Item = Fact> {
        let end = self
            .rows
            .get(event as usize + 1)
            .map_or(self.entries.len(), |next| next.first as usize);
        let range: Range<usize> = self.row(event).first as usize..end;
        range.map(|index| self.entry(index))
    }

    fn entry(&self, index: usize) -> Fact {
        let Entry { thing, event, micro } = self.entries[index];
        let known = micro != UNKNOWN;
        let unit = self.units[index];
        let kind = usize::from(unit & !BULK);
        let amount = known.then(|| Amount { micro, unit: self.kinds[kind] });
        Fact { thing, event, part: self.parts[index], amount, bulk: unit & BULK != 0 }
    }

    /// The events of a process that hold, as was known at a time.
    pub(crate) fn events_of(&self, process: Name, as_of: Micros) -> Vec<EventNumber> {
        let alone = [process & !ALONE];
        let events = if process & ALONE == 0 {
            self.of_process.get(&process).map_or(&[][..], Vec::as_slice)
        } else {
            &alone
        };
        events.iter().copied().filter(|event| self.holds(*event, as_of)).collect()
    }

    /// The id of a process; nothing for one without.
    pub(crate) fn process(&self, process: Name) -> &str {
        if process & ALONE == 0 { self.processes.get(process) } else { "" }
    }

    pub(crate) fn members_of(&self, class: Name) -> &[Name] {
        self.of_class.get(&class).map_or(&[], Vec::as_slice)
    }
}
