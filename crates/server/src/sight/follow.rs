//! Keeps the views `view_hand` and `view_seen` by following the log. What a stretch of the log changes is worked out first, from
//! what is stored and from what the stretch itself has changed so far, and written in one short transaction together with the
//! cursor; another node that was faster makes this one's work void.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use epcis::Event;
use store::{Filter, Logged, Seq, SortBy, StoreError, Token, params, sql};

use super::hand;
use crate::app::{App, Micros};
use crate::lots::ledger::read;
use crate::shared::Fail;

/// The name of the cursor.
pub const CURSOR: &str = "sight";
/// Events taken in one transaction.
const BATCH: usize = 200;
/// How long the follower waits where nothing wakes it: another node may have written.
const POLL: Duration = Duration::from_secs(1);

/// Owner and thing.
type Held = (i64, String);

/// How one event comes to be seen.
#[derive(Debug, Clone, Copy)]
struct Change {
    event_time: Micros,
    record_time: Micros,
    things: i64,
}

/// One more or one less event that says a thing of an owner's went to a reader.
struct Step {
    owner: i64,
    thing: String,
    reader: i64,
    sign: i64,
}

/// What a stretch of the log changes.
struct Stretch<'a> {
    app: &'a App,
    /// Readers with the number of events that name them, as of now; loaded where first asked for.
    hands: HashMap<Held, BTreeMap<i64, i64>>,
    touched: BTreeSet<(i64, String, i64)>,
    seen: BTreeMap<(i64, i64), Change>,
    /// Organisations by the identifiers that events name them with.
    organisations: BTreeMap<String, i64>,
}

impl Stretch<'_> {
    async fn take(&mut self, logged: &Logged) -> Result<(), Fail> {
        let event = read(logged)?;
        match &logged.corrects {
            None if self.is_declared(logged.owner, &logged.event_id, logged.seq).await? => {}
            None => self.say(logged.owner, &event, logged.seq, 1, None).await?,
            Some(id) if self.is_declared(logged.owner, id, logged.seq).await? => {}
            Some(id) => {
                let said = self.app.store.event(Some(logged.owner), id).await?;
                if let Some(said) = said.filter(|said| said.seq < logged.seq) {
                    let event = read(&said)?;
                    self.say(logged.owner, &event, logged.seq, -1, Some(said.seq)).await?;
                }
            }
        }
        for thing in hand::things(&event) {
            let readers: Vec<i64> =
                self.readers(logged.owner, &thing).await?.keys().copied().collect();
            for reader in readers {
                self.sees(reader, logged, 1);
            }
        }
        Ok(())
    }

    /// Adds (`sign` 1) or takes back (-1) what an event says of hands; `before` is where the log stands, and `void` the event
    /// that was just taken back.
    async fn say(
        &mut self,
        owner: i64,
        event: &Event,
        before: Seq,
        sign: i64,
        void: Option<Seq>,
    ) -> Result<(), Fail> {
        let mut steps = Vec::new();
        let ids = hand::counterparts(event);
        if !ids.is_empty() {
            self.learn(&ids).await?;
            let named: BTreeSet<i64> = ids
                .iter()
                .filter_map(|id| self.organisations.get(id).copied())
                .filter(|reader| *reader != owner)
                .collect();
            let things = hand::things(event);
            for reader in named {
                let one = |thing: &String| Step { owner, thing: thing.clone(), reader, sign };
                steps.extend(things.iter().map(one));
            }
        }
        if sign > 0 {
            self.walk(steps, before, void).await?;
            self.pack(owner, event, before, sign, void).await
        } else {
            self.pack(owner, event, before, sign, void).await?;
            self.walk(steps, before, void).await
        }
    }

    /// What goes into a container goes where the container went.
    async fn pack(
        &mut self,
        owner: i64,
        event: &Event,
        before: Seq,
        sign: i64,
        void: Option<Seq>,
    ) -> Result<(), Fail> {
        let Some((container, content)) = hand::packing(event) else { return Ok(()) };
        let readers: Vec<i64> = self.readers(owner, &container).await?.keys().copied().collect();
        let mut steps = Vec::new();
        for reader in readers {
            let one = |thing: &String| Step { owner, thing: thing.clone(), reader, sign };
            steps.extend(content.iter().map(one));
        }
        self.walk(steps, before, void).await
    }

    async fn walk(
        &mut self,
        mut steps: Vec<Step>,
        before: Seq,
        void: Option<Seq>,
    ) -> Result<(), Fail> {
        while let Some(Step { owner, thing, reader, sign }) = steps.pop() {
            let readers = self.readers(owner, &thing).await?;
            let count = readers.entry(reader).or_default();
            let was = *count;
            *count += sign;
            let is = *count;
            if is <= 0 {
                readers.remove(&reader);
            }
            self.touched.insert((owner, thing.clone(), reader));
            if (was > 0) == (is > 0) {
                continue;
            }
            // From now on, or no longer, the reader sees what the owner said of the thing before.
            for logged in self.about(owner, &thing, before).await? {
                self.sees(reader, &logged, sign);
                if Some(logged.seq) == void || logged.corrects.is_some() {
                    continue;
                }
                if let Some((container, content)) = hand::packing(&read(&logged)?)
                    && container == thing
                    && !self.is_declared(owner, &logged.event_id, before).await?
                {
                    steps.extend(content.into_iter().map(|thing| Step {
                        owner,
                        thing,
                        reader,
                        sign,
                    }));
                }
            }
        }
        Ok(())
    }

    fn sees(&mut self, reader: i64, logged: &Logged, sign: i64) {
        let change = self.seen.entry((reader, logged.seq.0)).or_insert(Change {
            event_time: logged.event_time,
            record_time: logged.record_time,
            things: 0,
        });
        change.things += sign;
    }

    /// To whom a thing went, or from whom it came.
    async fn readers(&mut self, owner: i64, thing: &str) -> Result<&mut BTreeMap<i64, i64>, Fail> {
        let held = (owner, thing.to_owned());
        if !self.hands.contains_key(&held) {
            let rows = self
                .app
                .store
                .find_all(
                    sql!("SELECT reader, events FROM view_hand WHERE owner = $1 AND thing = $2"),
                    &params![owner, thing],
                )
                .await?;
            let mut readers = BTreeMap::new();
            for row in &rows {
                readers.insert(row.get(0)?, row.get(1)?);
            }
            self.hands.insert(held.clone(), readers);
        }
        Ok(self.hands.entry(held).or_default())
    }

    /// Looks up which organisations identifiers mean, those not known yet.
    async fn learn(&mut self, ids: &BTreeSet<String>) -> Result<(), Fail> {
        let unknown = ids.iter().filter(|id| !self.organisations.contains_key(*id)).cloned();
        let found = hand::organisations(self.app, &unknown.collect()).await?;
        self.organisations.extend(found);
        Ok(())
    }

    async fn is_declared(&self, owner: i64, event_id: &str, before: Seq) -> Result<bool, Fail> {
        let filter = Filter {
            owner: Some(owner),
            corrects: vec![event_id.to_owned()],
            upto: Some(Seq(before.0 - 1)),
            limit: 1,
            ..Filter::default()
        };
        Ok(!self.app.store.events(&filter).await?.events.is_empty())
    }

    /// What an owner said of a thing before a place in the log.
    async fn about(&self, owner: i64, thing: &str, before: Seq) -> Result<Vec<Logged>, Fail> {
        let mut filter = Filter {
            owner: Some(owner),
            ids: vec![(super::thing_roles(), vec![thing.to_owned()])],
            upto: Some(Seq(before.0 - 1)),
            sort_by: SortBy::Seq,
            limit: 1_000,
            ..Filter::default()
        };
        let mut events = Vec::new();
        loop {
            let page = self.app.store.events(&filter).await?;
            events.extend(page.events);
            match page.next {
                Some(next @ Token { .. }) => filter.after = Some(next),
                None => return Ok(events),
            }
        }
    }

    async fn write(self, from: Seq, to: Seq) -> Result<(), Fail> {
        let mut tx = self.app.store.begin().await?;
        for (owner, thing, reader) in &self.touched {
            let events = self.hands.get(&(*owner, thing.clone())).and_then(|all| all.get(reader));
            match events {
                Some(events) => {
                    tx.execute(
                        sql!(
                            "INSERT INTO view_hand (owner, thing, reader, events) VALUES ($1, $2, $3, $4)
                             ON CONFLICT (owner, thing, reader) DO UPDATE SET events = excluded.events"
                        ),
                        &params![*owner, &**thing, *reader, *events],
                    )
                    .await?
                }
                None => {
                    tx.execute(
                        sql!("DELETE FROM view_hand WHERE owner = $1 AND thing = $2 AND reader = $3"),
                        &params![*owner, &**thing, *reader],
                    )
                    .await?
                }
            };
        }
        for ((reader, seq), change) in &self.seen {
            if change.things == 0 {
                continue;
            }
            tx.execute(
                sql!(
                    "INSERT INTO view_seen (reader, seq, event_time, record_time, things) VALUES ($1, $2, $3, $4, $5)
                     ON CONFLICT (reader, seq) DO UPDATE SET things = view_seen.things + excluded.things"
                ),
                &params![*reader, *seq, change.event_time, change.record_time, change.things],
            )
            .await?;
            if change.things < 0 {
                tx.execute(
                    sql!("DELETE FROM view_seen WHERE reader = $1 AND seq = $2 AND things = 0"),
                    &params![*reader, *seq],
                )
                .await?;
            }
        }
        match tx.advance(CURSOR, from, to).await {
            Ok(()) => tx.commit().await?,
            // Another node was here first; its work is as good as ours.
            Err(StoreError::CursorMoved { .. }) => tx.rollback().await?,
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }
}

/// Takes the next stretch of the log into the views; the number of events it had.
pub async fn step(app: &App) -> Result<usize, Fail> {
    let from = app.store.cursor(CURSOR).await?;
    let events = app.store.follow(from, BATCH).await?;
    let Some(last) = events.last() else { return Ok(0) };
    let to = last.seq;
    let mut stretch = Stretch {
        app,
        hands: HashMap::new(),
        touched: BTreeSet::new(),
        seen: BTreeMap::new(),
        organisations: BTreeMap::new(),
    };
    for logged in &events {
        stretch.take(logged).await?;
    }
    stretch.write(from, to).await?;
    Ok(events.len())
}

/// Catches up with the log; the number of events it took.
pub async fn catch_up(app: &App) -> Result<usize, Fail> {
    let mut taken = 0;
    loop {
        match step(app).await? {
            0 => return Ok(taken),
            more => taken += more,
        }
    }
}

/// Keeps the views for ever; ends only with the task.
pub async fn run(app: App) {
    let mut wake = app.store.subscribe();
    loop {
        if let Err(fail) = catch_up(&app).await {
            tracing::warn!(cause = %fail, "who may see what could not be kept; trying again");
            tokio::time::sleep(POLL).await;
        }
        // Either outcome means: look again.
        let _ = tokio::time::timeout(POLL, wake.changed()).await;
    }
}

/// Throws the views away and builds them again from the log; the number of events they cover.
pub async fn rebuild(app: &App) -> Result<usize, Fail> {
    let mut tx = app.store.begin().await?;
    tx.execute(sql!("DELETE FROM view_hand"), &[]).await?;
    tx.execute(sql!("DELETE FROM view_seen"), &[]).await?;
    tx.execute(sql!("DELETE FROM view_cursor WHERE name = $1"), &params![CURSOR]).await?;
    tx.commit().await?;
    catch_up(app).await
}
