//! What the log says of one lot: its events without those declared in error, how much of it each
//! organisation holds, and until when it must wait after a treatment. Nothing of it is stored; an
//! event that is corrected changes every answer at once.

use std::collections::{BTreeMap, HashSet};

use epcis::{Action, Event, EventKind, Quantity};
use jiff::ToSpan;
use jiff::civil::Date;
use rust_decimal::Decimal;
use store::{Filter, Logged, Seq, SortBy};

use crate::app::{App, Micros};
use crate::capture::extension;
use crate::shared::{Fail, text};

/// The unit of mass that amounts are kept in (UN/ECE Recommendation 20).
pub const KILOGRAM: &str = "KGM";
/// The unit of counted things.
pub const PIECE: &str = "H87";
/// Events of one lot that are read at most; a lot that has more is followed by machines only.
const MOST: usize = 20_000;

/// One event of the log about the lot.
#[derive(Debug, Clone)]
pub struct Entry {
    pub seq: i64,
    /// The organisation that captured it.
    pub owner: i64,
    pub event_id: String,
    /// Microseconds UTC.
    pub time: Micros,
    pub event: Event,
}

/// All live events of one identifier, oldest first.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    pub item: String,
    pub entries: Vec<Entry>,
}

/// Reads a body of the log.
pub fn read(logged: &Logged) -> Result<Event, Fail> {
    epcis::read_stored(&logged.body).map_err(|fault| Fail::internal(format!("event {}: {fault}", logged.seq)))
}

/// Sorts out events that their owner declared to be in error, and the declarations.
pub fn live(events: Vec<Logged>) -> Vec<Logged> {
    let void: HashSet<(i64, String)> =
        events.iter().filter_map(|one| Some((one.owner, one.corrects.clone()?))).collect();
    let stands = |one: &Logged| one.corrects.is_none() && !void.contains(&(one.owner, one.event_id.clone()));
    events.into_iter().filter(stands).collect()
}

/// The ledger of an identifier.
pub async fn of_item(app: &App, item: &str) -> Result<Ledger, Fail> {
    let item = epcis::canonical(item);
    let mut filter = Filter {
        ids: vec![(Vec::new(), vec![item.clone()])],
        sort_by: SortBy::Seq,
        limit: 1_000,
        ..Filter::default()
    };
    let mut events = Vec::new();
    while events.len() < MOST {
        let page = app.store.events(&filter).await?;
        events.extend(page.events);
        filter.after = page.next;
        if page.next.is_none() {
            break;
        }
    }
    // A declaration has the content of the event it declares, so both were found.
    let mut entries = Vec::new();
    for logged in live(events) {
        entries.push(Entry {
            event: read(&logged)?,
            seq: logged.seq.0,
            owner: logged.owner,
            time: logged.event_time,
            event_id: logged.event_id,
        });
    }
    entries.sort_by_key(|entry| (entry.time, entry.seq));
    Ok(Ledger { item, entries })
}

/// Some amount in the unit that amounts of its kind are kept in.
pub fn in_base(quantity: &Quantity) -> Option<(String, Decimal)> {
    let amount = quantity.quantity?;
    let Some(uom) = quantity.uom.as_deref() else { return Some((PIECE.to_owned(), amount)) };
    let unit = vietnam::units_of_measure::by_un_ece(uom);
    match unit.map(|unit| (unit.dimension, unit.factor())) {
        Some((vietnam::units_of_measure::Dimension::Mass, Some(factor))) => {
            Some((KILOGRAM.to_owned(), amount.saturating_mul(factor)))
        }
        Some((vietnam::units_of_measure::Dimension::Count, _)) => Some((PIECE.to_owned(), amount)),
        _ => Some((uom.to_owned(), amount)),
    }
}

/// Sums the amounts of an identifier in a list, by unit.
pub fn sum(list: &[Quantity], item: &str, into: &mut BTreeMap<String, Decimal>, sign: Decimal) {
    for quantity in list.iter().filter(|quantity| epcis::canonical(&quantity.epc_class) == item) {
        if let Some((uom, amount)) = in_base(quantity) {
            let total = into.entry(uom).or_default();
            *total = total.saturating_add(amount.saturating_mul(sign));
        }
    }
}

/// What an event adds to (or takes from) what its owner holds of an identifier, by unit.
pub fn effects(event: &Event, item: &str) -> BTreeMap<String, Decimal> {
    let mut changes = BTreeMap::new();
    let less = -Decimal::ONE;
    match event.kind {
        EventKind::Object => {
            let sign = match (event.action, event.biz_step.as_deref()) {
                (Some(Action::Add), _) | (Some(Action::Observe), Some("receiving" | "void_shipping")) => Decimal::ONE,
                (Some(Action::Delete), _) | (_, Some("shipping" | "retail_selling" | "dispensing" | "destroying")) => less,
                _ => return changes,
            };
            sum(&event.quantity_list, item, &mut changes, sign);
        }
        EventKind::Transformation => {
            sum(&event.input_quantity_list, item, &mut changes, less);
            sum(&event.output_quantity_list, item, &mut changes, Decimal::ONE);
        }
        _ => {}
    }
    changes
}

impl Ledger {
    /// Leaves an event out: it is being declared in error.
    pub fn void(&mut self, owner: i64, event_id: &str) {
        self.entries.retain(|entry| entry.owner != owner || entry.event_id != event_id);
    }

    /// How much an organisation holds, by unit. Where it was sent goods and has not said that it
    /// received any, what was sent to it counts.
    pub fn balances(&self, holder: i64, parties: &[String]) -> BTreeMap<String, Decimal> {
        let mut totals: BTreeMap<String, Decimal> = BTreeMap::new();
        let mut gained = false;
        for entry in self.entries.iter().filter(|entry| entry.owner == holder) {
            for (uom, amount) in effects(&entry.event, &self.item) {
                gained |= amount.is_sign_positive();
                let total = totals.entry(uom).or_default();
                *total = total.saturating_add(amount);
            }
        }
        if !gained {
            for entry in self.sent_to(holder, parties) {
                sum(&entry.event.quantity_list, &self.item, &mut totals, Decimal::ONE);
            }
        }
        totals
    }

    /// Dispatches of others that are addressed to an organisation.
    pub fn sent_to<'l>(&'l self, holder: i64, parties: &'l [String]) -> impl Iterator<Item = &'l Entry> {
        self.entries.iter().filter(move |entry| {
            entry.owner != holder
                && entry.event.biz_step.as_deref() == Some("shipping")
                && entry.event.destination_list.iter().any(|to| parties.contains(&epcis::canonical(&to.id)))
        })
    }

    /// The first day on which the lot may be harvested or slaughtered, and the substance that makes
    /// it wait, if `on` is before that day.
    pub fn waiting(&self, on: Date) -> Option<(Date, String)> {
        self.entries
            .iter()
            .filter(|entry| text::day_of(entry.time) <= on)
            .filter_map(|entry| wait_of(&entry.event))
            .filter(|(until, _)| *until > on)
            .max_by_key(|(until, _)| *until)
    }
}

/// Until when an event makes its lot wait, and after what.
pub fn wait_of(event: &Event) -> Option<(Date, String)> {
    let days: i64 = extension::number(event, "waitDays").filter(|days| (1..=3_650).contains(days))?;
    let until = text::day_of(event.event_time.micros).checked_add(days.days()).ok()?;
    Some((until, extension::text(event, "substance").unwrap_or_default()))
}

/// One step of a lot as its own people see it.
#[derive(Debug, Clone)]
pub struct Step {
    pub seq: i64,
    pub owner: i64,
    pub time: Micros,
    /// Card code, or empty where no card wrote it.
    pub card: String,
    pub event: Event,
}

/// Where a lot stands.
#[derive(Debug, Clone, Default)]
pub struct LotState {
    /// What its holder still has; `None` where no amount was ever said.
    pub available: Option<Decimal>,
    /// The unit of `available`: `KGM` or `H87`.
    pub uom: String,
    /// The first day of harvest or slaughter, and the substance that makes it wait.
    pub waiting_until: Option<(Date, String)>,
    /// Oldest first, without those declared in error.
    pub steps: Vec<Step>,
}

impl Ledger {
    /// Where the lot stands with one holder on a day.
    pub fn state(self, holder: i64, parties: &[String], on: Date) -> LotState {
        let balances = self.balances(holder, parties);
        // The unit that was spoken of last: a lot of animals has no kilograms left over.
        let uom = self
            .entries
            .iter()
            .rev()
            .find_map(|entry| effects(&entry.event, &self.item).into_keys().next())
            .or_else(|| balances.keys().next().cloned())
            .unwrap_or_else(|| KILOGRAM.to_owned());
        LotState {
            available: balances.get(&uom).copied(),
            waiting_until: self.waiting(on),
            steps: self
                .entries
                .into_iter()
                .map(|entry| Step {
                    seq: entry.seq,
                    owner: entry.owner,
                    time: entry.time,
                    card: extension::text(&entry.event, "card").unwrap_or_default(),
                    event: entry.event,
                })
                .collect(),
            uom,
        }
    }
}

/// The events of these numbers that stand: neither declared in error nor declarations.
pub async fn live_at(app: &App, seqs: &[Seq]) -> Result<Vec<Logged>, Fail> {
    let events = app.store.at(seqs).await?;
    let mut void: HashSet<(i64, String)> = HashSet::new();
    let ids: Vec<String> = events.iter().map(|one| one.event_id.clone()).collect();
    for some in ids.chunks(200) {
        let filter = Filter { corrects: some.to_vec(), limit: 1_000, ..Filter::default() };
        for one in app.store.events(&filter).await?.events {
            void.insert((one.owner, one.corrects.unwrap_or_default()));
        }
    }
    let stands = |one: &Logged| one.corrects.is_none() && !void.contains(&(one.owner, one.event_id.clone()));
    Ok(events.into_iter().filter(stands).collect())
}
