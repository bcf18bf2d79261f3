//! What the views ought to hold, worked out from the whole log at once and in another way than the follower's.

use std::collections::{BTreeMap, BTreeSet};

use epcis::Event;
use store::{Logged, Seq, sql};

use super::follow::CURSOR;
use super::hand;
use crate::app::App;
use crate::lots::ledger::read;
use crate::shared::Fail;

/// Events read at once.
const BATCH: usize = 1_000;

/// Compares the views with the log up to their cursor; a sentence for each difference, at most a hundred.
pub async fn verify(app: &App) -> Result<Vec<String>, Fail> {
    let upto = app.store.cursor(CURSOR).await?;
    let mut log = Vec::new();
    let mut at = Seq::ZERO;
    while at < upto {
        let events = app.store.follow(at, BATCH).await?;
        let Some(last) = events.last() else { break };
        at = last.seq;
        for logged in events.into_iter().filter(|logged| logged.seq <= upto) {
            let event = read(&logged)?;
            log.push((Logged { body: Vec::new(), ..logged }, event));
        }
    }
    let mut seen = seen_by_hand(app, &log).await?;
    let mut differences = Vec::new();
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

/// By reader and number: times and how many things of the event went to the reader or came from it.
async fn seen_by_hand(
    app: &App,
    log: &[(Logged, Event)],
) -> Result<BTreeMap<(i64, i64), [i64; 3]>, Fail> {
    let void: BTreeSet<(i64, &str)> =
        log.iter().filter_map(|(one, _)| Some((one.owner, one.corrects.as_deref()?))).collect();
    let stands = |one: &Logged| {
        one.corrects.is_none() && !void.contains(&(one.owner, one.event_id.as_str()))
    };
    let named = log.iter().flat_map(|(_, event)| hand::counterparts(event)).collect();
    let organisations = hand::organisations(app, &named).await?;
    let mut hands: BTreeSet<Hand> = BTreeSet::new();
    let mut packings = Vec::new();
    for (one, event) in log.iter().filter(|(one, _)| stands(one)) {
        for id in hand::counterparts(event) {
            let Some(reader) = organisations.get(&id).filter(|reader| **reader != one.owner) else {
                continue;
            };
            hands.extend(hand::things(event).into_iter().map(|thing| (one.owner, thing, *reader)));
        }
        if let Some((container, content)) = hand::packing(event) {
            packings.push((one.owner, container, content));
        }
    }
    loop {
        let mut more = Vec::new();
        for (owner, container, content) in &packings {
            let from = (*owner, container.clone(), i64::MIN);
            let upto = (*owner, container.clone(), i64::MAX);
            for (_, _, reader) in hands.range(from..=upto) {
                more.extend(content.iter().map(|thing| (*owner, thing.clone(), *reader)));
            }
        }
        let before = hands.len();
        hands.extend(more);
        if hands.len() == before {
            break;
        }
    }
    let mut seen: BTreeMap<(i64, i64), [i64; 3]> = BTreeMap::new();
    for (one, event) in log {
        for thing in hand::things(event) {
            let from = (one.owner, thing.clone(), i64::MIN);
            for (_, _, reader) in hands.range(from..=(one.owner, thing, i64::MAX)) {
                let line = seen.entry((*reader, one.seq.0)).or_insert([
                    one.event_time,
                    one.record_time,
                    0,
                ]);
                line[2] += 1;
            }
        }
    }
    Ok(seen)
}
