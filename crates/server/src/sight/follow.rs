//! Keeps the views `view_hand` and `view_seen` by following the log. What a stretch of the log changes is worked out first, from
//! what is stored and from what the stretch itself has changed so far, and written in one short transaction together with the
//! cursor; another node that was faster makes this one's work void.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use epcis::Event;
use store::{Filter, Logged, Seq, SortBy, StoreError, Token, params, sql};

use super::hand;
use crate::app::{App, Micros};
use crate::lots::ledger::read;
use crate::shared::Fail;
use crate::shared::view::{self, View};

/// The name of the cursor.
pub const CURSOR: &str = "sight";
/// Events taken in one transaction.
const BATCH: usize = 200;

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
    /// The first declaration that an event of an owner's is in error, where that has been looked up.
    declared: HashMap<(i64, String), Option<Seq>>,
    /// Whether anything is stored of what an owner handed on.
    hands_on: HashMap<i64, bool>,
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
            let mut readers = BTreeMap::new();
            if self.handed_on(owner).await? {
                let of_thing =
                    sql!("SELECT reader, events FROM view_hand WHERE owner = $1 AND thing = $2");
                for row in &self.app.store.find_all(of_thing, &params![owner, thing]).await? {
                    readers.insert(row.get(0)?, row.get(1)?);
                }
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

    /// Whether an event had been declared to be in error before a place in the log. What was declared behind the stretch is not
    /// before any place in it, so that what was looked up once stays true.
    async fn is_declared(&mut self, owner: i64, event_id: &str, before: Seq) -> Result<bool, Fail> {
        let event = (owner, event_id.to_owned());
        if !self.declared.contains_key(&event) {
            self.look_up_declarations(vec![event.clone()]).await?;
        }
        Ok(self.declared.get(&event).copied().flatten().is_some_and(|first| first < before))
    }

    async fn look_up_declarations(&mut self, events: Vec<(i64, String)>) -> Result<(), Fail> {
        let mut filter = Filter {
            corrects: events.iter().map(|(_, id)| id.clone()).collect(),
            sort_by: SortBy::Seq,
            limit: 1_000,
            ..Filter::default()
        };
        self.declared.extend(events.into_iter().map(|event| (event, None)));
        loop {
            let page = self.app.store.events(&filter).await?;
            for declaration in page.events {
                let Some(id) = declaration.corrects else { continue };
                // They come in the order of the log, and the first counts.
                if let Some(first) = self.declared.get_mut(&(declaration.owner, id)) {
                    first.get_or_insert(declaration.seq);
                }
            }
            filter.after = page.next;
            if page.next.is_none() {
                return Ok(());
            }
        }
    }

    /// Whether something is stored of what an owner handed on: most hand nothing on under names that are known here.
    async fn handed_on(&mut self, owner: i64) -> Result<bool, Fail> {
        if let Some(known) = self.hands_on.get(&owner) {
            return Ok(*known);
        }
        let any = sql!("SELECT reader FROM view_hand WHERE owner = $1 LIMIT 1");
        let found = self.app.store.find(any, &params![owner]).await?.is_some();
        self.hands_on.insert(owner, found);
        Ok(found)
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
async fn step(app: &App) -> Result<usize, Fail> {
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
        declared: HashMap::new(),
        hands_on: HashMap::new(),
    };
    let said = |one: &Logged| (one.owner, one.corrects.as_ref().unwrap_or(&one.event_id).clone());
    stretch.look_up_declarations(events.iter().map(said).collect()).await?;
    for logged in &events {
        stretch.take(logged).await?;
    }
    stretch.write(from, to).await?;
    Ok(events.len())
}

/// Who may see what, as a view of the log.
pub struct Sights;

impl View for Sights {
    async fn step(app: &App) -> Result<usize, Fail> {
        step(app).await
    }
}

/// Catches up with the log; the number of events it took.
pub async fn catch_up(app: &App) -> Result<usize, Fail> {
    view::catch_up::<Sights>(app).await
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
