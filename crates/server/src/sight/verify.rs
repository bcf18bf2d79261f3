//! What the views ought to hold, worked out from the whole log and in another way than the follower's: for each thing, upwards,
//! who has it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use epcis::Event;
use store::{Logged, Seq, sql};

use super::follow::CURSOR;
use super::hand;
use super::packing::{self, Order, Packing};
use crate::app::App;
use crate::lots::ledger::read;
use crate::shared::Fail;

/// Events read at once.
const BATCH: usize = 1_000;

/// Compares the views with the log up to their cursor; a sentence for each difference, at most a hundred.
pub async fn verify(app: &App) -> Result<Vec<String>, Fail> {
    let log = Log::load(app, app.store.cursor(CURSOR).await?).await?;
    let (hands, mut seen) = log.views();
    let mut differences = Vec::new();
    let rows = app.store.query(sql!("SELECT owner, thing, reader FROM view_hand"), &[]).await?;
    let mut found = BTreeSet::new();
    for row in rows {
        found.insert((row.get(0)?, row.get(1)?, row.get(2)?));
    }
    let differing: Vec<&Hand> = hands.symmetric_difference(&found).take(100).collect();
    differences.extend(differing.iter().map(|(owner, thing, reader)| {
        format!("view_hand {owner} {thing} {reader}: in only one of the view and the log")
    }));
    let rows = app
        .store
        .query(sql!("SELECT reader, seq, event_time, record_time, things FROM view_seen"), &[])
        .await?;
    for row in rows {
        let (reader, seq): (i64, i64) = (row.get(0)?, row.get(1)?);
        let found: [i64; 3] = [row.get(2)?, row.get(3)?, row.get(4)?];
        let expected = seen.remove(&(reader, seq));
        if expected != Some(found) {
            differences
                .push(format!("view_seen {reader} {seq}: {found:?}, the log says {expected:?}"));
        }
    }
    differences
        .extend(seen.keys().map(|(reader, seq)| format!("view_seen {reader} {seq}: missing")));
    differences.truncate(100);
    Ok(differences)
}

/// Owner, thing and reader.
type Hand = (i64, String, i64);
/// By reader and number: times and what of the event the reader sees it by.
type Seen = BTreeMap<(i64, i64), [i64; 3]>;

/// What of an event matters here.
struct Line {
    owner: i64,
    order: Order,
    record_time: i64,
    event_id: String,
    declares: bool,
    things: BTreeSet<String>,
    parties: BTreeSet<i64>,
    packing: Option<Packing>,
}

/// The log in memory, with the ways through it. Places in `lines` stand for events.
#[derive(Default)]
struct Log {
    lines: Vec<Line>,
    about: HashMap<(i64, String), Vec<usize>>,
    packed: HashMap<(i64, String), Vec<usize>>,
    containers: HashMap<(i64, String), BTreeSet<String>>,
    /// When an event was first declared to be in error, and everything that was said under its id.
    declared: HashMap<(i64, String), Seq>,
    versions: HashMap<(i64, String), Vec<usize>>,
}

impl Log {
    async fn load(app: &App, upto: Seq) -> Result<Log, Fail> {
        let mut parties: HashMap<i64, BTreeSet<i64>> = HashMap::new();
        let rows = app.store.query(sql!("SELECT seq, organisation FROM event_party"), &[]).await?;
        for row in rows {
            parties.entry(row.get(0)?).or_default().insert(row.get(1)?);
        }
        let mut log = Log::default();
        let mut at = Seq::ZERO;
        while at < upto {
            let events = app.store.follow(at, BATCH).await?;
            let Some(last) = events.last() else { break };
            at = last.seq;
            for logged in events.into_iter().filter(|logged| logged.seq <= upto) {
                let named = parties.remove(&logged.seq.0).unwrap_or_default();
                log.add(&logged, &read(&logged)?, named);
            }
        }
        Ok(log)
    }

    fn add(&mut self, logged: &Logged, event: &Event, parties: BTreeSet<i64>) {
        let (owner, number) = (logged.owner, self.lines.len());
        let order = (logged.event_time, logged.seq);
        let event_id = logged.corrects.as_ref().unwrap_or(&logged.event_id).clone();
        let (things, declares) = (hand::things(event), logged.corrects.is_some());
        self.versions.entry((owner, event_id.clone())).or_default().push(number);
        let packing = hand::packing(event, order, &event_id).filter(|_| !declares);
        if declares {
            self.declared.entry((owner, event_id.clone())).or_insert(logged.seq);
        }
        for thing in &things {
            self.about.entry((owner, thing.clone())).or_default().push(number);
        }
        if let Some(packing) = &packing {
            let container = &packing.container;
            self.packed.entry((owner, container.clone())).or_default().push(number);
            for thing in packing.goods() {
                let of_thing = self.containers.entry((owner, thing.clone())).or_default();
                of_thing.insert(container.clone());
            }
        }
        let record_time = logged.record_time;
        self.lines.push(Line {
            owner,
            order,
            record_time,
            event_id,
            declares,
            things,
            parties,
            packing,
        });
    }

    /// Whether a line said something that stood after a place in the log.
    fn stood(&self, line: &Line, at: Seq) -> bool {
        let declared = self.declared.get(&(line.owner, line.event_id.clone()));
        !line.declares && line.order.1 <= at && declared.is_none_or(|first| *first > at)
    }

    /// Who had a thing of an owner's, after a place in the log.
    fn readers(&self, owner: i64, thing: &str, at: Seq) -> BTreeSet<i64> {
        let mut readers = BTreeSet::new();
        let mut met = BTreeSet::from([thing]);
        let mut open = vec![thing];
        while let Some(holder) = open.pop() {
            let held = (owner, holder.to_owned());
            for line in self.about.get(&held).into_iter().flatten().map(|one| &self.lines[*one]) {
                let news = line.parties.iter().any(|party| !readers.contains(party));
                if news && self.stood(line, at) && self.reaches(line, thing, at) {
                    readers.extend(&line.parties);
                }
            }
            for container in self.containers.get(&held).into_iter().flatten() {
                if met.insert(container) {
                    open.push(container);
                }
            }
        }
        readers.retain(|reader| *reader != owner && *reader != hand::UNKNOWN);
        readers
    }

    /// Whether a thing was among what a line names, or lay in it then.
    fn reaches(&self, line: &Line, thing: &str, at: Seq) -> bool {
        let mut met = line.things.clone();
        let mut open: Vec<String> = met.iter().cloned().collect();
        while let Some(holder) = open.pop() {
            if holder == thing {
                return true;
            }
            let packed = self.packed.get(&(line.owner, holder)).into_iter().flatten();
            let before = packed.filter_map(|one| {
                let packing = self.lines[*one].packing.as_ref()?;
                (packing.order < line.order && self.stood(&self.lines[*one], at)).then_some(packing)
            });
            for inside in packing::content(before) {
                if met.insert(inside.clone()) {
                    open.push(inside);
                }
            }
        }
        false
    }

    /// Who saw a line for its things after a place in the log, and for how many.
    fn for_things(&self, line: &Line, at: Seq) -> BTreeMap<i64, i64> {
        let mut seen = BTreeMap::new();
        for thing in &line.things {
            for reader in self.readers(line.owner, thing, at) {
                if hand::opens(&line.parties, line.owner, thing, reader) {
                    *seen.entry(reader).or_default() += 1;
                }
            }
        }
        seen
    }

    fn views(&self) -> (BTreeSet<Hand>, Seen) {
        let Some(end) = self.lines.last().map(|line| line.order.1) else {
            return (BTreeSet::new(), BTreeMap::new());
        };
        let mut hands: BTreeSet<Hand> = BTreeSet::new();
        for (owner, thing) in self.about.keys() {
            let readers = self.readers(*owner, thing, end);
            hands.extend(readers.into_iter().map(|reader| (*owner, thing.clone(), reader)));
        }
        let mut seen = Seen::new();
        let mut told: HashMap<usize, BTreeSet<i64>> = HashMap::new();
        for (number, line) in self.lines.iter().enumerate() {
            let mut things: BTreeMap<i64, i64> = BTreeMap::new();
            for thing in &line.things {
                let from = (line.owner, thing.clone(), i64::MIN);
                for (_, _, reader) in hands.range(from..=(line.owner, thing.clone(), i64::MAX)) {
                    if hand::opens(&line.parties, line.owner, thing, *reader) {
                        *things.entry(*reader).or_default() += 1;
                    }
                }
            }
            if line.declares {
                let before = Seq(line.order.1.0 - 1);
                let mut witnesses = BTreeSet::new();
                let of_id = &self.versions[&(line.owner, line.event_id.clone())];
                for version in of_id.iter().take_while(|version| **version < number) {
                    witnesses.extend(self.for_things(&self.lines[*version], before).into_keys());
                    witnesses.extend(told.get(version).into_iter().flatten());
                }
                for reader in &witnesses {
                    *things.entry(*reader).or_default() += 1;
                }
                told.insert(number, witnesses);
            }
            for (reader, things) in things {
                seen.insert((reader, line.order.1.0), [line.order.0, line.record_time, things]);
            }
        }
        (hands, seen)
    }
}
