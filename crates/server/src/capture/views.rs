//! Views of the log: how often and when last each thing occurred, how many events each day had, and
//! which names each organisation's events use. A follower keeps them by a cursor, in the same transaction as the cursor itself; they may be
//! thrown away and built again at any time. Declarations of error are not counted.

use std::collections::BTreeMap;

use epcis::Role;
use store::{Logged, Seq, Tx, params, sql};

use super::known::is_thing;
use crate::app::{App, Micros};
use crate::lots::ledger::read;
use crate::shared::view::{self, View};
use crate::shared::{Fail, text};

/// The name of the cursor.
pub const CURSOR: &str = "views";
/// Events taken in one transaction.
const BATCH: usize = 500;

/// One line of the view of things.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct ItemLine {
    events: i64,
    last_seq: i64,
    last_step: String,
    last_time: Micros,
    first_time: Micros,
}

/// What a name in events is the name of. The numbers are stored; they never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Name {
    Epc = 1,
    BizStep = 2,
    Disposition = 3,
    ReadPoint = 4,
    BizLocation = 5,
}

impl Name {
    pub fn code(self) -> i64 {
        self as i64
    }

    /// What the identifiers in a role of an event are, if they are among these.
    fn of_role(role: Role) -> Option<Name> {
        match role {
            Role::Epc | Role::Parent | Role::Child | Role::Input | Role::Output => Some(Name::Epc),
            Role::ReadPoint => Some(Name::ReadPoint),
            Role::BizLocation => Some(Name::BizLocation),
            _ => None,
        }
    }
}

/// Owner, kind and name.
type NameKey = (i64, i64, Vec<u8>);

/// What a stretch of the log adds to the views.
#[derive(Debug, Default)]
struct Sums {
    items: BTreeMap<String, ItemLine>,
    names: BTreeMap<NameKey, i64>,
    days: BTreeMap<(String, String), i64>,
}

impl Sums {
    fn add(&mut self, logged: &Logged) -> Result<(), Fail> {
        if logged.corrects.is_some() {
            return Ok(());
        }
        let step = logged.biz_step.clone().unwrap_or_default();
        let day = text::day_of(logged.event_time).to_string();
        *self.days.entry((day, step.clone())).or_default() += 1;
        let postings = read(logged)?.postings();
        let mut names: Vec<(Name, &str)> = postings
            .iter()
            .filter_map(|posting| Some((Name::of_role(posting.role)?, posting.id.as_str())))
            .collect();
        names.extend(logged.biz_step.iter().map(|step| (Name::BizStep, step.as_str())));
        names.extend(logged.disposition.iter().map(|state| (Name::Disposition, state.as_str())));
        let mut keys: Vec<NameKey> = names
            .into_iter()
            .map(|(kind, name)| (logged.owner, kind.code(), name.as_bytes().to_vec()))
            .collect();
        keys.sort_unstable();
        keys.dedup();
        for key in keys {
            *self.names.entry(key).or_default() += 1;
        }
        let mut things: Vec<String> = postings
            .into_iter()
            .filter(|posting| is_thing(posting.role) && posting.role != Role::Transformation)
            .map(|posting| posting.id)
            .collect();
        things.sort_unstable();
        things.dedup();
        for thing in things {
            let first = ItemLine {
                first_time: logged.event_time,
                last_time: Micros::MIN,
                ..ItemLine::default()
            };
            let line = self.items.entry(thing).or_insert(first);
            line.events += 1;
            line.first_time = line.first_time.min(logged.event_time);
            if (logged.event_time, logged.seq.0) >= (line.last_time, line.last_seq) {
                line.last_time = logged.event_time;
                line.last_seq = logged.seq.0;
                line.last_step.clone_from(&step);
            }
        }
        Ok(())
    }

    async fn write(&self, tx: &mut Tx) -> Result<(), Fail> {
        for (item, line) in &self.items {
            // Batches come in the order of the log, so an equal time is a later number.
            tx.execute(
                sql!(
                    "INSERT INTO view_item (item, events, last_seq, last_step, last_time, first_time)
                     VALUES ($1, $2, $3, $4, $5, $6)
                     ON CONFLICT (item) DO UPDATE SET
                       events = view_item.events + excluded.events,
                       first_time = CASE WHEN excluded.first_time < view_item.first_time
                         THEN excluded.first_time ELSE view_item.first_time END,
                       last_seq = CASE WHEN excluded.last_time >= view_item.last_time
                         THEN excluded.last_seq ELSE view_item.last_seq END,
                       last_step = CASE WHEN excluded.last_time >= view_item.last_time
                         THEN excluded.last_step ELSE view_item.last_step END,
                       last_time = CASE WHEN excluded.last_time >= view_item.last_time
                         THEN excluded.last_time ELSE view_item.last_time END"
                ),
                &params![&**item, line.events, line.last_seq, &*line.last_step, line.last_time, line.first_time],
            )
            .await?;
        }
        for ((owner, kind, name), events) in &self.names {
            tx.execute(
                sql!(
                    "INSERT INTO view_name (owner, kind, name, events) VALUES ($1, $2, $3, $4)
                     ON CONFLICT (owner, kind, name) DO UPDATE SET events = view_name.events + excluded.events"
                ),
                &params![*owner, *kind, name.clone(), *events],
            )
            .await?;
        }
        for ((day, step), events) in &self.days {
            tx.execute(
                sql!(
                    "INSERT INTO view_day (day, step, events) VALUES ($1, $2, $3)
                     ON CONFLICT (day, step) DO UPDATE SET events = view_day.events + excluded.events"
                ),
                &params![&**day, &**step, *events],
            )
            .await?;
        }
        Ok(())
    }
}

/// Takes the next stretch of the log into the views; the number of events it had.
async fn step(app: &App) -> Result<usize, Fail> {
    let from = app.store.cursor(CURSOR).await?;
    let events = app.store.follow(from, BATCH).await?;
    let Some(last) = events.last() else { return Ok(0) };
    let mut sums = Sums::default();
    for logged in &events {
        sums.add(logged)?;
    }
    let mut tx = app.store.begin().await?;
    sums.write(&mut tx).await?;
    match tx.advance(CURSOR, from, last.seq).await {
        Ok(()) => tx.commit().await?,
        // Another node was here first; its work is as good as ours.
        Err(store::StoreError::CursorMoved { .. }) => tx.rollback().await?,
        Err(error) => return Err(error.into()),
    }
    Ok(events.len())
}

/// The views of this module, as one.
pub struct Views;

impl View for Views {
    async fn step(app: &App) -> Result<usize, Fail> {
        step(app).await
    }
}

/// Catches up with the log; the number of events it took.
pub async fn catch_up(app: &App) -> Result<usize, Fail> {
    view::catch_up::<Views>(app).await
}

/// Throws the views away and builds them again from the log; the number of events they cover.
pub async fn rebuild(app: &App) -> Result<usize, Fail> {
    let mut tx = app.store.begin().await?;
    tx.execute(sql!("DELETE FROM view_item"), &[]).await?;
    tx.execute(sql!("DELETE FROM view_day"), &[]).await?;
    tx.execute(sql!("DELETE FROM view_name"), &[]).await?;
    tx.execute(sql!("DELETE FROM view_cursor WHERE name = $1"), &params![CURSOR]).await?;
    tx.commit().await?;
    catch_up(app).await
}

/// Compares the views with the log up to their cursor; a sentence for each difference, at most a
/// hundred.
pub async fn verify(app: &App) -> Result<Vec<String>, Fail> {
    let upto = app.store.cursor(CURSOR).await?;
    let mut sums = Sums::default();
    let mut seen = Seq::ZERO;
    while seen < upto {
        let events = app.store.follow(seen, BATCH).await?;
        let Some(last) = events.last() else { break };
        seen = last.seq;
        for logged in events.iter().filter(|logged| logged.seq <= upto) {
            sums.add(logged)?;
        }
    }
    let mut differences = items_differ(app, sums.items).await?;
    differences.extend(days_differ(app, sums.days).await?);
    differences.extend(names_differ(app, sums.names).await?);
    differences.truncate(100);
    Ok(differences)
}

async fn items_differ(
    app: &App,
    mut expected: BTreeMap<String, ItemLine>,
) -> Result<Vec<String>, Fail> {
    let mut differences = Vec::new();
    for row in app.store.query(sql!("SELECT * FROM view_item"), &[]).await? {
        let item: String = row.at("item")?;
        let found = ItemLine {
            events: row.at("events")?,
            last_seq: row.at("last_seq")?,
            last_step: row.at("last_step")?,
            last_time: row.at("last_time")?,
            first_time: row.at("first_time")?,
        };
        match expected.remove(&item) {
            Some(line) if line == found => {}
            Some(line) => {
                differences.push(format!("view_item {item}: {found:?}, the log says {line:?}"));
            }
            None => differences.push(format!("view_item {item}: the log does not have it")),
        }
    }
    differences.extend(expected.keys().map(|item| format!("view_item {item}: missing")));
    Ok(differences)
}

async fn days_differ(
    app: &App,
    mut expected: BTreeMap<(String, String), i64>,
) -> Result<Vec<String>, Fail> {
    let mut differences = Vec::new();
    for row in app.store.query(sql!("SELECT day, step, events FROM view_day"), &[]).await? {
        let key: (String, String) = (row.get(0)?, row.get(1)?);
        let found: i64 = row.get(2)?;
        let logged = expected.remove(&key);
        if logged != Some(found) {
            differences.push(format!(
                "view_day {} {}: {found}, the log says {}",
                key.0,
                key.1,
                logged.unwrap_or(0)
            ));
        }
    }
    differences
        .extend(expected.keys().map(|(day, step)| format!("view_day {day} {step}: missing")));
    Ok(differences)
}

async fn names_differ(
    app: &App,
    mut expected: BTreeMap<NameKey, i64>,
) -> Result<Vec<String>, Fail> {
    let mut differences = Vec::new();
    let told = |key: &NameKey| {
        format!("view_name {} {} {}", key.0, key.1, String::from_utf8_lossy(&key.2))
    };
    let rows =
        app.store.query(sql!("SELECT owner, kind, name, events FROM view_name"), &[]).await?;
    for row in rows {
        let key: NameKey = (row.get(0)?, row.get(1)?, row.get(2)?);
        let found: i64 = row.get(3)?;
        let logged = expected.remove(&key);
        if logged != Some(found) {
            let logged = logged.unwrap_or(0);
            differences.push(format!("{}: {found}, the log says {logged}", told(&key)));
        }
    }
    differences.extend(expected.keys().map(|key| format!("{}: missing", told(key))));
    Ok(differences)
}
