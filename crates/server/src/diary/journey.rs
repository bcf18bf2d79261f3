//! The way of a lot: its own events, and through transformations those of the lots it was made
//! from, found hop by hop with one look-up each. Events declared in error are left out, and so are
//! those of an input that did not lead here: the half of a harvest that was sent elsewhere.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use epcis::{Event, EventKind, Role};
use store::{Hop, Logged, Seq};

use super::words::{Names, describe, last_part};
use crate::app::{App, Micros};
use crate::capture::{extension, known, organisation_of_party};
use crate::lots::ledger::{self, read};
use crate::organisations;
use crate::places;
use crate::review::record::JourneyStep;
use crate::shared::Fail;
use crate::{lots, places::Place};

/// Events of one journey at most.
const MOST: usize = 500;
/// Postings read a hop.
const MOST_POSTINGS: usize = 5_000;
/// Boxes on pallets in containers: levels followed at most.
const MOST_NESTED: usize = 4;

/// An event on the way.
struct Found {
    logged: Logged,
    event: Event,
    /// Which of the items of the walk it speaks of.
    items: BTreeSet<String>,
    hop: usize,
}

/// The steps of a lot and of what it was made from, at most `depth` transformations back, oldest
/// first, at most 500.
pub async fn journey(app: &App, item: &str, depth: usize) -> Result<Vec<JourneyStep>, Fail> {
    let item = epcis::canonical(item);
    let found = walk(app, &item, depth).await?;
    tell(app, &item, found).await
}

async fn walk(app: &App, item: &str, depth: usize) -> Result<Vec<Found>, Fail> {
    let mut found: BTreeMap<i64, Found> = BTreeMap::new();
    let mut walked: HashSet<String> = HashSet::new();
    let mut frontier = vec![item.to_owned()];
    // Who needs the items of this hop: only ways that end with one of them are shown.
    let mut users: HashMap<String, BTreeSet<i64>> = HashMap::new();
    for hop in 0..=depth {
        let mut events = events_of(app, &frontier).await?;
        let carried = carried(app, &events).await?;
        events.extend(carried);
        walked.extend(frontier.iter().cloned());
        let mut next: BTreeMap<String, BTreeSet<i64>> = BTreeMap::new();
        for (logged, event, items) in on_the_way(events, &users, hop) {
            if found.len() >= MOST {
                break;
            }
            if outputs(&event).iter().any(|output| items.contains(output)) {
                for input in inputs(&event).into_iter().filter(|input| !walked.contains(input)) {
                    next.entry(input).or_default().insert(logged.owner);
                }
            }
            found
                .entry(logged.seq.0)
                .and_modify(|known| known.items.extend(items.iter().cloned()))
                .or_insert(Found { logged, event, items, hop });
        }
        frontier = next.keys().cloned().collect();
        users = next.into_iter().collect();
        if frontier.is_empty() || found.len() >= MOST {
            break;
        }
    }
    let mut found: Vec<Found> = found.into_values().collect();
    found.sort_by_key(|one| (one.logged.event_time, one.logged.seq));
    Ok(found)
}

type OneEvent = (Logged, Event, BTreeSet<String>);

/// The live events that speak of some items as goods.
async fn events_of(app: &App, items: &[String]) -> Result<Vec<OneEvent>, Fail> {
    let roles = Role::ALL
        .into_iter()
        .filter(|role| known::is_thing(*role))
        .map(|role| i64::from(role.code()))
        .collect();
    let hop = Hop { roles, limit: MOST_POSTINGS, ..Hop::default() };
    let mut of: BTreeMap<Seq, BTreeSet<String>> = BTreeMap::new();
    for posting in app.store.postings(items, &hop).await? {
        of.entry(posting.seq).or_default().insert(posting.id);
    }
    let seqs: Vec<Seq> = of.keys().copied().take(MOST * 2).collect();
    let mut events = Vec::new();
    for logged in ledger::live_at(app, &seqs).await? {
        let event = read(&logged)?;
        let items = of.remove(&logged.seq).unwrap_or_default();
        events.push((logged, event, items));
    }
    Ok(events)
}

/// What happened to the containers that the items were packed into, while they were inside; a
/// container may stand on another one.
async fn carried(app: &App, events: &[OneEvent]) -> Result<Vec<OneEvent>, Fail> {
    let mut carried: Vec<OneEvent> = Vec::new();
    let mut inside = stays(events);
    for _ in 0..MOST_NESTED {
        let parents: Vec<String> = inside.keys().cloned().collect();
        if parents.is_empty() {
            break;
        }
        let mut outer = Vec::new();
        for (logged, event, containers) in events_of(app, &parents).await? {
            let known = |one: &OneEvent| one.0.seq == logged.seq;
            if events.iter().any(known) || carried.iter().any(known) {
                continue;
            }
            let items: BTreeSet<String> = containers
                .iter()
                .filter_map(|container| inside.get(container))
                .filter(|stay| (stay.from..=stay.until).contains(&logged.event_time))
                .flat_map(|stay| stay.items.iter().cloned())
                .collect();
            if items.is_empty() {
                continue;
            }
            outer.push((logged.clone(), event.clone(), containers));
            carried.push((logged, event, items));
        }
        let within = inside;
        inside = stays(&outer);
        for stay in inside.values_mut() {
            stay.items = stay
                .items
                .iter()
                .filter_map(|container| within.get(container))
                .flat_map(|one| one.items.clone())
                .collect();
        }
    }
    Ok(carried)
}

/// A time that goods spent in a container.
struct Stay {
    from: Micros,
    until: Micros,
    items: BTreeSet<String>,
}

/// The containers that these events put things into, and for how long.
fn stays(events: &[OneEvent]) -> HashMap<String, Stay> {
    let mut stays: HashMap<String, Stay> = HashMap::new();
    for (logged, event, items) in events {
        let (EventKind::Aggregation, Some(parent)) = (event.kind, &event.parent_id) else {
            continue;
        };
        let parent = epcis::canonical(parent);
        if items.contains(&parent) || event.action != Some(epcis::Action::Add) {
            continue;
        }
        let stay = stays.entry(parent).or_insert(Stay {
            from: logged.event_time,
            until: Micros::MAX,
            items: BTreeSet::new(),
        });
        stay.from = stay.from.min(logged.event_time);
        stay.items.extend(items.iter().cloned());
    }
    for (logged, event, _) in events {
        let parent = event.parent_id.as_deref().map(epcis::canonical);
        if let Some(stay) = parent.and_then(|parent| stays.get_mut(&parent))
            && event.action == Some(epcis::Action::Delete)
        {
            stay.until = stay.until.min(logged.event_time);
        }
    }
    stays
}

/// Leaves out what did not lead here. For the lot itself everything did; of an input, its dispatches
/// to others, and what those others did with it, are another way.
fn on_the_way(
    events: Vec<OneEvent>,
    users: &HashMap<String, BTreeSet<i64>>,
    hop: usize,
) -> Vec<OneEvent> {
    if hop == 0 {
        return events;
    }
    let mut held: HashMap<&str, BTreeSet<i64>> = HashMap::new();
    for (item, owners) in users {
        held.insert(item, owners.clone());
    }
    // Whoever sent it to one who had it on this way had it himself; until nothing is added.
    loop {
        let before: usize = held.values().map(BTreeSet::len).sum();
        for (logged, event, items) in &events {
            let Some(to) = addressee(event) else { continue };
            for item in items {
                if let Some(owners) = held.get_mut(item.as_str())
                    && owners.contains(&to)
                {
                    owners.insert(logged.owner);
                }
            }
        }
        if held.values().map(BTreeSet::len).sum::<usize>() == before {
            break;
        }
    }
    let leads_here = |(logged, event, items): &OneEvent| {
        items.iter().any(|item| {
            let Some(owners) = held.get(item.as_str()) else { return false };
            let step = event.biz_step.as_deref();
            let elsewhere = addressee(event).is_some_and(|to| !owners.contains(&to));
            let used_elsewhere =
                event.kind == EventKind::Transformation && inputs(event).contains(item);
            owners.contains(&logged.owner)
                && !elsewhere
                && !used_elsewhere
                && !matches!(step, Some("retail_selling" | "destroying"))
        })
    };
    // The transformation that used the input was found one hop before, as the making of its output.
    events
        .iter()
        .map(leads_here)
        .collect::<Vec<_>>()
        .into_iter()
        .zip(events)
        .filter(|(keep, _)| *keep)
        .map(|(_, one)| one)
        .collect()
}

/// The registered organisation that a dispatch is addressed to.
fn addressee(event: &Event) -> Option<i64> {
    if event.biz_step.as_deref() != Some("shipping") {
        return None;
    }
    event.destination_list.iter().find_map(|to| organisation_of_party(&to.id))
}

fn inputs(event: &Event) -> Vec<String> {
    let classes = event.input_quantity_list.iter().map(|quantity| &quantity.epc_class);
    event.input_epc_list.iter().chain(classes).map(|id| epcis::canonical(id)).collect()
}

fn outputs(event: &Event) -> Vec<String> {
    let classes = event.output_quantity_list.iter().map(|quantity| &quantity.epc_class);
    event.output_epc_list.iter().chain(classes).map(|id| epcis::canonical(id)).collect()
}

async fn tell(app: &App, item: &str, found: Vec<Found>) -> Result<Vec<JourneyStep>, Fail> {
    let names = names(app, &found).await?;
    let uris: BTreeSet<String> = found.iter().filter_map(|one| place_of(&one.event)).collect();
    let places = places::by_uris(app, &uris.iter().map(String::as_str).collect::<Vec<_>>()).await?;
    let confirmed = confirmed(&found);
    let mut steps = Vec::with_capacity(found.len());
    for one in &found {
        let words = describe(&one.event, &names);
        let place = place_of(&one.event);
        let (place, place_code) = match &place {
            Some(uri) => places.get(uri).map_or_else(
                || (last_part(uri).to_owned(), last_part(uri).to_owned()),
                |(place, _): &(Place, String)| {
                    (place.name.clone(), place.gln.clone().unwrap_or_else(|| place.code.clone()))
                },
            ),
            None => (String::new(), String::new()),
        };
        steps.push(JourneyStep {
            seq: one.logged.seq.0,
            event_id: one.logged.event_id.clone(),
            step: words.step,
            title_vi: words.title_vi,
            title_en: words.title_en,
            text_vi: words.text_vi,
            text_en: words.text_en,
            time: one.logged.event_time,
            place,
            place_code,
            declared_by: names.organisations.get(&one.logged.owner).cloned().unwrap_or_default(),
            organisation: one.logged.owner,
            entered_by: extension::number(&one.event, "enteredBy").unwrap_or(0),
            entered_for_by: extension::text(&one.event, "enteredFor").unwrap_or_default(),
            confirmed: confirmed.contains(&one.logged.seq),
            pictures: extension::numbers(&one.event, "pictures"),
            of_item: earlier(one, item),
        });
    }
    Ok(steps)
}

fn earlier(one: &Found, item: &str) -> String {
    if one.hop == 0 || one.items.contains(item) {
        String::new()
    } else {
        one.items.first().cloned().unwrap_or_default()
    }
}

fn place_of(event: &Event) -> Option<String> {
    let place = event.biz_location.as_ref().or(event.read_point.as_ref())?;
    Some(epcis::canonical(&place.id))
}

async fn names(app: &App, found: &[Found]) -> Result<Names, Fail> {
    let mut names = Names::default();
    let mut ids: BTreeSet<i64> = found.iter().map(|one| one.logged.owner).collect();
    let mut items: BTreeSet<String> = BTreeSet::new();
    for one in found {
        let parties = one.event.source_list.iter().chain(&one.event.destination_list);
        ids.extend(parties.filter_map(|party| organisation_of_party(&party.id)));
        items.extend(inputs(&one.event));
        items.extend(outputs(&one.event));
    }
    for id in ids {
        match organisations::name(app, id).await {
            Ok(name) => drop(names.organisations.insert(id, name)),
            Err(Fail::NotFound) => {}
            Err(fail) => return Err(fail),
        }
    }
    let ours: Vec<String> = items
        .into_iter()
        .filter(|item| item.starts_with("urn:nguon:") || known::gtin_of(item).is_some())
        .collect();
    for lot in lots::by_items(app, &ours).await? {
        names.lots.insert(lot.item.clone(), format!("{} · {}", lot.name, lot.code));
    }
    Ok(names)
}

/// Dispatches that the other side confirmed: a receipt of another organisation that names the same
/// dispatch, or, where none is named, of the same goods afterwards from the same hands.
fn confirmed(found: &[Found]) -> HashSet<Seq> {
    let step = |one: &Found, name: &str| one.event.biz_step.as_deref() == Some(name);
    let mut confirmed = HashSet::new();
    for sent in found.iter().filter(|one| step(one, "shipping")) {
        let fits = |got: &Found| {
            let named: Vec<&str> =
                sent.event.biz_transaction_list.iter().map(|one| one.id.as_str()).collect();
            let same =
                got.event.biz_transaction_list.iter().any(|one| named.contains(&one.id.as_str()));
            let unnamed = named.is_empty()
                && !sent.event.destination_list.is_empty()
                && sent.event.destination_list == got.event.destination_list;
            got.logged.owner != sent.logged.owner
                && got.logged.event_time >= sent.logged.event_time
                && !got.items.is_disjoint(&sent.items)
                && (same || unnamed)
        };
        if found.iter().any(|got| step(got, "receiving") && fits(got)) {
            confirmed.insert(sent.logged.seq);
        }
    }
    confirmed
}
