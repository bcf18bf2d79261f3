//! A small world in which it is known what touched what, and the events that its people write down, or do not.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use epcis::{Action, Party};
use trace::{Direction, Graph, Limits, Start};

use crate::random::Random;
use crate::world::{World, item, lot, place};

/// Which things, by bit, some goods have been touched by.
pub(crate) type Touched = u64;

/// Some goods: kilograms of a lot, a thing, or a crate.
#[derive(Clone, Debug)]
struct Goods {
    name: String,
    kilograms: i64,
    touched: Touched,
    /// How much of it is suspect goods: kilograms of a lot, one or none of a thing.
    bad: i64,
    /// What is in a crate.
    inside: Vec<Goods>,
}

impl Goods {
    fn is_lot(&self) -> bool {
        self.name.starts_with('L')
    }

    fn written(&self) -> String {
        if self.is_lot() {
            format!("{}:{}", self.name, self.kilograms)
        } else {
            format!("#{}", self.name)
        }
    }

    fn weight(&self) -> i64 {
        let own = if self.is_lot() { self.kilograms } else { 1 };
        self.inside.iter().fold(own, |all, inner| all + inner.weight())
    }

    fn all_bad(&self) -> i64 {
        self.inside.iter().fold(self.bad, |all, inner| all + inner.all_bad())
    }

    /// What it has been touched by, with all that is in it.
    fn all(&self) -> Touched {
        self.inside.iter().fold(self.touched, |all, inner| all | inner.all())
    }
}

/// What may not be written down.
#[derive(Clone, Copy)]
pub(crate) struct Gaps {
    pub(crate) percent: usize,
    pub(crate) lots_in_crates: bool,
}

pub(crate) struct Simulation {
    random: Random,
    /// Decides what no event shows: which kilograms were taken.
    luck: Random,
    /// The name that is suspect.
    suspect: String,
    /// Suspect goods that ever came to a place.
    pub(crate) came: BTreeMap<(String, String), i64>,
    gaps: Gaps,
    world: World,
    /// Goods at each place. Of a lot there is one heap a place.
    places: BTreeMap<String, Vec<Goods>>,
    on_the_way: Vec<(String, String, Goods, Option<String>, bool)>,
    pub(crate) names: Vec<String>,
    /// What has touched whom, and where.
    pub(crate) truth: BTreeMap<String, Touched>,
    pub(crate) spots: BTreeMap<(String, String), Touched>,
    /// Events that were written down, by their number in `world`.
    unwritten: BTreeSet<usize>,
}

/// Names, and names with the places they were at.
pub(crate) type Found = (BTreeSet<String>, BTreeSet<(String, String)>);

const PLACES: [&str; 4] = ["a", "b", "c", "d"];

impl Simulation {
    pub(crate) fn run(seed: u64, gaps: Gaps) -> Self {
        Self::suspecting(seed, gaps, "")
    }

    /// The same world with the same events; one of its names is suspect.
    pub(crate) fn suspecting(seed: u64, gaps: Gaps, suspect: &str) -> Self {
        let mut simulation = Self {
            random: Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1),
            luck: Random(seed.wrapping_mul(0xd134_2543_de82_ef95) | 1),
            suspect: suspect.to_owned(),
            came: BTreeMap::new(),
            gaps,
            world: World::default(),
            places: BTreeMap::new(),
            on_the_way: Vec::new(),
            names: Vec::new(),
            truth: BTreeMap::new(),
            spots: BTreeMap::new(),
            unwritten: BTreeSet::new(),
        };
        let steps = 6 + simulation.random.below(24);
        for _ in 0..steps {
            match simulation.random.below(12) {
                0..2 => simulation.bear(),
                2..4 => simulation.pack(),
                4..6 => simulation.ship(),
                6..8 => simulation.receive(),
                8 => simulation.unpack(),
                _ => simulation.make(),
            }
        }
        // Where nothing is left out, nothing stays on the way: it might have come.
        while gaps.percent == 0 && !simulation.on_the_way.is_empty() {
            simulation.receive();
        }
        simulation
    }

    /// How much of fresh goods is suspect.
    fn bad(&self, name: &str, amount: i64) -> i64 {
        let amount = if name.starts_with('L') { amount } else { 1 };
        if name == self.suspect { amount } else { 0 }
    }

    pub(crate) fn bit(&self, name: &str) -> Touched {
        self.names.iter().position(|known| known == name).map_or(0, |bit| 1 << bit)
    }

    fn fresh(&mut self, kind: char) -> Option<String> {
        (self.names.len() < 60).then(|| {
            let name = format!("{kind}{}", self.names.len());
            self.names.push(name.clone());
            name
        })
    }

    /// Goods come to a place.
    fn put(&mut self, site: &str, goods: &Goods) {
        *self.came.entry((goods.name.clone(), site.to_owned())).or_default() += goods.bad;
        self.put_back(site, goods);
    }

    /// Puts goods down: a lot joins its heap.
    fn put_back(&mut self, site: &str, goods: &Goods) {
        let touched = goods.touched;
        let heap = self.places.entry(site.to_owned()).or_default();
        let known = heap.iter_mut().find(|other| goods.is_lot() && other.name == goods.name);
        let after = if let Some(other) = known {
            other.kilograms += goods.kilograms;
            other.bad += goods.bad;
            other.touched |= touched;
            other.touched
        } else {
            heap.push(goods.clone());
            touched
        };
        // Quantities are not looked at: a lot that was touched at a place stays so there, also if it was all taken and came anew.
        let spot = self.spots.entry((goods.name.clone(), site.to_owned())).or_default();
        *spot |= after;
        let after = *spot;
        self.note(&goods.name, after);
        for other in self.places.get_mut(site).into_iter().flatten() {
            if goods.is_lot() && other.name == goods.name {
                other.touched = after;
            }
        }
    }

    fn note(&mut self, name: &str, touched: Touched) {
        *self.truth.entry(name.to_owned()).or_default() |= touched;
    }

    /// Takes some goods from a place; of a lot, some of it.
    fn take(&mut self, site: &str, wanted: impl Fn(&Goods) -> bool) -> Option<Goods> {
        let heap = self.places.get_mut(site)?;
        let fitting: Vec<usize> = (0..heap.len()).filter(|index| wanted(&heap[*index])).collect();
        let index = self.random.of(&fitting)?;
        let heap = self.places.get_mut(site)?;
        if heap[index].is_lot() && heap[index].kilograms > 1 && self.random.chance(60) {
            let some = 1 + self.random.below(heap[index].kilograms as usize - 1) as i64;
            let (all, bad) = (heap[index].kilograms, heap[index].bad);
            let (least, most) = ((some - (all - bad)).max(0), some.min(bad));
            let taken = least + self.luck.below((most - least + 1) as usize) as i64;
            heap[index].kilograms -= some;
            heap[index].bad -= taken;
            return Some(Goods { kilograms: some, bad: taken, ..heap[index].clone() });
        }
        Some(heap.remove(index))
    }

    fn site(&mut self) -> String {
        PLACES[self.random.below(PLACES.len())].to_owned()
    }

    /// The event just written down is, now and then, not.
    fn perhaps_unwritten(&mut self) -> bool {
        let lost = self.random.chance(self.gaps.percent);
        if lost {
            self.unwritten.insert(self.world.events.len() - 1);
        }
        lost
    }

    fn bear(&mut self) {
        let site = self.site();
        let again: Vec<String> =
            self.names.iter().filter(|name| name.starts_with('L')).cloned().collect();
        let name = if self.random.chance(25) { self.random.of(&again) } else { None };
        let kind = if self.random.chance(60) { 'L' } else { 'I' };
        let Some(name) = name.or_else(|| self.fresh(kind)) else { return };
        let bad = self.bad(&name, 10);
        let goods =
            Goods { kilograms: 10, touched: self.bit(&name), bad, inside: Vec::new(), name };
        self.world.born(&goods.written(), &site);
        self.put(&site, &goods);
    }

    fn pack(&mut self) {
        let site = self.site();
        let lots = self.gaps.lots_in_crates;
        let Some(mut inner) =
            self.take(&site, |goods| (lots || !goods.is_lot()) && goods.inside.is_empty())
        else {
            return;
        };
        if inner.name.starts_with('C') && self.random.chance(70) {
            return self.put_back(&site, &inner);
        }
        let crates = |goods: &Goods| goods.name.starts_with('C') && goods.name != inner.name;
        let mut holder = if let Some(holder) = self.take(&site, crates) {
            holder
        } else {
            let Some(name) = self.fresh('C') else { return self.put_back(&site, &inner) };
            Goods { kilograms: 1, touched: self.bit(&name), bad: 0, inside: Vec::new(), name }
        };
        self.world.pack(Action::Add, &holder.name, &inner.written(), &site);
        let same =
            holder.inside.iter_mut().find(|other| inner.is_lot() && other.name == inner.name);
        if let Some(other) = same {
            other.kilograms += inner.kilograms;
            other.bad += inner.bad;
            other.touched |= inner.touched;
        } else {
            inner.inside.sort_by(|a, b| a.name.cmp(&b.name));
            holder.inside.push(inner);
        }
        self.put_back(&site, &holder);
    }

    fn unpack(&mut self) {
        let site = self.site();
        let full = |goods: &Goods| !goods.inside.is_empty();
        let Some(mut holder) = self.take(&site, full) else { return };
        if self.random.chance(40) {
            self.world.pack(Action::Delete, &holder.name, "", &site);
            for inner in std::mem::take(&mut holder.inside) {
                self.put(&site, &inner);
            }
        } else {
            let index = self.random.below(holder.inside.len());
            let inner = holder.inside.remove(index);
            self.world.pack(Action::Delete, &holder.name, &inner.written(), &site);
            self.perhaps_unwritten();
            self.put(&site, &inner);
        }
        self.put_back(&site, &holder);
    }

    fn ship(&mut self) {
        let (site, to) = (self.site(), self.site());
        if site == to {
            return;
        }
        let Some(goods) = self.take(&site, |_| true) else { return };
        let document = self.world.events.len().to_string();
        let addressed = !self.random.chance(self.gaps.percent);
        self.world.ship(&goods.written(), &site, if addressed { &to } else { "" });
        let documented = !self.random.chance(self.gaps.percent);
        if documented {
            self.world.document(&document);
        }
        let lost = self.perhaps_unwritten();
        self.on_the_way.push((site, to, goods, documented.then_some(document), lost));
    }

    fn receive(&mut self) {
        if self.on_the_way.is_empty() {
            return;
        }
        let index = self.random.below(self.on_the_way.len());
        let (from, to, goods, document, lost) = self.on_the_way.remove(index);
        self.world.receive(&goods.written(), &to);
        let told = self.random.chance(50);
        let event = self.world.events.last_mut().expect("an event");
        if told {
            event.source_list.push(Party::new("location", &place(&from)));
        }
        if let Some(document) = document {
            self.world.document(&document);
        }
        if !lost {
            self.perhaps_unwritten();
        }
        self.put(&to, &goods);
    }

    fn make(&mut self) {
        let site = self.site();
        let mut inputs = Vec::new();
        for _ in 0..=self.random.below(3) {
            inputs.extend(self.take(&site, |_| true));
        }
        if inputs.is_empty() {
            return;
        }
        let touched = inputs.iter().fold(0, |all, goods| all | goods.all());
        let bad = inputs.iter().map(Goods::all_bad).sum::<i64>();
        let mut outputs: Vec<Goods> = Vec::new();
        for _ in 0..=self.random.below(2) {
            let kind = if self.random.chance(70) { 'L' } else { 'I' };
            let Some(name) = self.fresh(kind) else { break };
            let touched = touched | self.bit(&name);
            let bad = self.bad(&name, 5);
            outputs.push(Goods { kilograms: 5, touched, bad, inside: Vec::new(), name });
        }
        self.spread(bad, &inputs, &mut outputs);
        let written =
            |goods: &[Goods]| goods.iter().map(Goods::written).collect::<Vec<_>>().join(" ");
        self.world.make(&written(&inputs), &written(&outputs), &site);
        for output in outputs {
            self.put(&site, &output);
        }
    }

    /// Divides what was suspect of the inputs among the outputs: all is touched, or pieces stay what they are and some are lost.
    fn spread(&mut self, bad: i64, inputs: &[Goods], outputs: &mut [Goods]) {
        let amount = |goods: &Goods| if goods.is_lot() { goods.kilograms } else { 1 };
        let pure = inputs.iter().all(|input| input.all_bad() == input.weight());
        if bad > 0 && (pure || self.luck.chance(30)) {
            for output in outputs {
                output.bad = amount(output);
            }
            return;
        }
        let came: i64 = inputs.iter().map(Goods::weight).sum();
        let out: i64 = outputs.iter().map(amount).sum();
        let lost = self.luck.below(((came - out).max(0).min(bad) + 1) as usize) as i64;
        let mut left = bad - lost;
        let first = self.luck.below(outputs.len().max(1));
        for turn in 0..outputs.len() {
            let number = (first + turn) % outputs.len();
            let output = &mut outputs[number];
            let some = left.min(amount(output) - output.bad);
            output.bad += some;
            left -= some;
        }
    }

    /// What happened, for whoever looks into a failure: a line an event, those not written down with a dash.
    pub(crate) fn told(&self) -> String {
        let mut told = String::new();
        for (number, event) in self.world.events.iter().enumerate() {
            let mark = if self.unwritten.contains(&number) { '-' } else { ' ' };
            let text = epcis::prehash(event).replace("urn:minh-hoa:", "");
            let text = text.split_once("Offset=+07:00").map_or("", |(_, what)| what);
            writeln!(told, "{mark}{number} {} {text}", event.kind.name()).expect("a text");
        }
        told
    }

    /// The graph of what was written down, in an order that says nothing.
    pub(crate) fn graph(&mut self) -> Graph {
        let mut written: Vec<usize> = (0..self.world.events.len())
            .filter(|number| !self.unwritten.contains(number))
            .collect();
        for index in (1..written.len()).rev() {
            written.swap(index, self.random.below(index + 1));
        }
        let mut graph = Graph::new();
        let half = self.random.below(written.len() + 1);
        for (index, number) in written.into_iter().enumerate() {
            if index == half {
                graph.settle();
            }
            graph.add(&self.world.events[number], None);
        }
        graph
    }

    pub(crate) fn id(name: &str) -> String {
        if name.starts_with('L') { lot(name) } else { item(name) }
    }

    pub(crate) fn found(graph: &Graph, name: &str, direction: Direction) -> Option<Found> {
        let trace =
            graph.trace(&[Start::of(&Self::id(name))], direction, None, &Limits::default()).ok()?;
        let plain = |id: &str| id.rsplit(':').next().unwrap_or_default().to_owned();
        let names = trace
            .nodes
            .iter()
            .filter(|node| node.place.is_some())
            .map(|node| plain(&node.id))
            .collect();
        let at = |node: &trace::Node| match node.place.as_ref()? {
            trace::Place::At(place) => Some((plain(&node.id), plain(place))),
            _ => None,
        };
        Some((names, trace.nodes.iter().filter_map(at).collect()))
    }
}
