//! Keeps the views `view_hand` and `view_seen` by following the log. What a stretch of the log changes is worked out first, from
//! what is stored and from what the stretch itself has changed so far, and written in one short transaction together with the
//! cursor; another node that was faster makes this one's work void.
//!
//! What holds after each event of the log, of all events before and of it:
//! - `view_hand` has owner, thing and reader where an event of the owner's that stands (one that is not declared to be in
//!   error) names the reader, and names the thing or something in which the thing lay when the event happened;
//! - `view_seen.things` counts, for a reader and an event of an owner's, the things of the event that are in the reader's hand
//!   by that and of which the event is open to the reader ([`hand::opens`]), and one more where the event declares another to
//!   be in error that the reader saw at that moment: who has it must learn that it is withdrawn.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use epcis::Event;
use store::{Logged, Seq, StoreError, Tx, params, sql};

use super::hand;
use super::packing::Packing;
use crate::app::{App, Micros};
use crate::lots::ledger::read;
use crate::shared::Fail;
use crate::shared::view::{self, View};

/// The name of the cursor.
pub const CURSOR: &str = "sight";
/// The name of the cursor of `event_party`, which a fresh build leaves alone.
const PARTIES: &str = "sight_parties";
/// Events taken in one transaction, at most.
const BATCH: usize = 200;
/// Changes after which a stretch ends, so that the cursor moves however much one event changes.
const ENOUGH: usize = 20_000;

/// Owner and thing.
pub(super) type Held = (i64, String);

/// How one event comes to be seen.
#[derive(Debug, Clone, Copy)]
struct Change {
    event_time: Micros,
    record_time: Micros,
    things: i64,
}

/// What a stretch of the log changes.
pub(super) struct Stretch<'a> {
    pub(super) app: &'a App,
    /// The event that is being taken; the log is seen as it was with it.
    pub(super) now: Seq,
    /// Readers, as of now; loaded where first asked for.
    pub(super) hands: HashMap<Held, BTreeSet<i64>>,
    /// What of them is to be written.
    touched: BTreeSet<(i64, String, i64)>,
    /// By event and reader.
    seen: BTreeMap<(i64, i64), Change>,
    /// Whom events name.
    pub(super) parties: HashMap<i64, BTreeSet<i64>>,
    /// How far `event_party` goes; what the stretch adds to it.
    parties_known: Seq,
    parties_new: BTreeSet<(i64, i64)>,
    /// Organisations by the identifiers that events name them with; nothing for those that mean none.
    organisations: BTreeMap<String, Option<i64>>,
    /// The first declaration that an event of an owner's is in error, where that has been looked up.
    pub(super) declared: HashMap<(i64, String), Option<Seq>>,
    /// Whether anything is stored of what an owner handed on.
    pub(super) hands_on: HashMap<i64, bool>,
    /// What went into containers and out of them.
    pub(super) packings: HashMap<Held, Vec<Packing>>,
}

impl<'a> Stretch<'a> {
    fn new(app: &'a App, parties_known: Seq) -> Stretch<'a> {
        Stretch {
            app,
            now: Seq::ZERO,
            hands: HashMap::new(),
            touched: BTreeSet::new(),
            seen: BTreeMap::new(),
            parties: HashMap::new(),
            parties_known,
            parties_new: BTreeSet::new(),
            organisations: BTreeMap::new(),
            declared: HashMap::new(),
            hands_on: HashMap::new(),
            packings: HashMap::new(),
        }
    }

    async fn take(&mut self, logged: &Logged) -> Result<(), Fail> {
        self.now = logged.seq;
        let event = read(logged)?;
        let parties = self.note_parties(logged, &event).await?;
        match &logged.corrects {
            None => self.note_packing(logged, &event),
            Some(id) => self.let_know(logged, id).await?,
        }
        match &logged.corrects {
            None if !self.stands(logged).await? => {}
            None => self.say(logged, &event, &parties).await?,
            Some(id) if self.is_declared(logged.owner, id, logged.seq).await? => {}
            Some(id) => {
                let said = self.app.store.event(Some(logged.owner), id).await?;
                if let Some(said) = said.filter(|said| said.seq < logged.seq) {
                    self.unsay(&said).await?;
                }
            }
        }
        for thing in hand::things(&event) {
            for reader in self.readers(logged.owner, &thing).await?.clone() {
                if hand::opens(&parties, logged.owner, &thing, reader) {
                    self.sees(reader, logged, 1);
                }
            }
        }
        Ok(())
    }

    /// Whom the event names: as it was understood when it was first taken in, which is now, unless the views are being built
    /// again.
    async fn note_parties(
        &mut self,
        logged: &Logged,
        event: &Event,
    ) -> Result<BTreeSet<i64>, Fail> {
        if logged.seq <= self.parties_known {
            return self.parties_of(logged, event).await;
        }
        let ids = hand::counterparts(event);
        let unknown: BTreeSet<String> =
            ids.iter().filter(|id| !self.organisations.contains_key(*id)).cloned().collect();
        let found = hand::organisations(self.app, &unknown).await?;
        for id in unknown {
            let organisation = found.get(&id).copied();
            self.organisations.insert(id, organisation);
        }
        let meant = |id| self.organisations.get(id).copied().flatten().unwrap_or(hand::UNKNOWN);
        let parties: BTreeSet<i64> = ids.iter().map(meant).collect();
        self.parties_new.extend(parties.iter().map(|party| (logged.seq.0, *party)));
        self.parties.insert(logged.seq.0, parties.clone());
        Ok(parties)
    }

    fn note_packing(&mut self, logged: &Logged, event: &Event) {
        let order = (logged.event_time, logged.seq);
        if let Some(packing) = hand::packing(event, order, &logged.event_id)
            // What is not loaded yet will be loaded with it.
            && let Some(known) =
                self.packings.get_mut(&(logged.owner, packing.container.clone()))
        {
            known.push(packing);
        }
    }

    /// Who sees an event as it is declared to be in error, or saw it when it was declared so before, sees the declaration.
    async fn let_know(&mut self, declaration: &Logged, id: &str) -> Result<(), Fail> {
        let mut told = BTreeSet::new();
        for seq in self.versions(declaration.owner, id).await? {
            told.extend(self.who_sees(seq).await?);
        }
        for reader in told {
            self.sees(reader, declaration, 1);
        }
        Ok(())
    }

    /// Who sees an event by now.
    async fn who_sees(&self, seq: Seq) -> Result<BTreeSet<i64>, Fail> {
        let statement = sql!("SELECT reader, things FROM view_seen WHERE seq = $1");
        let mut things: BTreeMap<i64, i64> = BTreeMap::new();
        for row in &self.app.store.find_all(statement, &params![seq]).await? {
            things.insert(row.get(0)?, row.get(1)?);
        }
        for ((_, reader), change) in self.seen.range((seq.0, i64::MIN)..=(seq.0, i64::MAX)) {
            *things.entry(*reader).or_default() += change.things;
        }
        Ok(things.into_iter().filter(|(_, things)| *things > 0).map(|(reader, _)| reader).collect())
    }

    pub(super) fn sees(&mut self, reader: i64, logged: &Logged, sign: i64) {
        let change = self.seen.entry((logged.seq.0, reader)).or_insert(Change {
            event_time: logged.event_time,
            record_time: logged.record_time,
            things: 0,
        });
        change.things += sign;
    }

    pub(super) fn touch(&mut self, owner: i64, thing: &str, reader: i64) {
        self.touched.insert((owner, thing.to_owned(), reader));
    }

    fn work(&self) -> usize {
        self.touched.len() + self.seen.len()
    }

    async fn write(self, from: Seq, to: Seq) -> Result<(), Fail> {
        let mut tx = self.app.store.begin().await?;
        self.write_hands(&mut tx).await?;
        self.write_seen(&mut tx).await?;
        for (seq, organisation) in &self.parties_new {
            let statement = sql!(
                "INSERT INTO event_party (seq, organisation) VALUES ($1, $2) ON CONFLICT DO NOTHING"
            );
            tx.execute(statement, &params![*seq, *organisation]).await?;
        }
        let mut advanced = tx.advance(CURSOR, from, to).await;
        if advanced.is_ok() && to > self.parties_known {
            advanced = tx.advance(PARTIES, self.parties_known, to).await;
        }
        match advanced {
            Ok(()) => tx.commit().await?,
            // Another node was here first; its work is as good as ours.
            Err(StoreError::CursorMoved { .. }) => tx.rollback().await?,
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    async fn write_hands(&self, tx: &mut Tx) -> Result<(), Fail> {
        for (owner, thing, reader) in &self.touched {
            let readers = self.hands.get(&(*owner, thing.clone()));
            let statement = if readers.is_some_and(|readers| readers.contains(reader)) {
                sql!(
                    "INSERT INTO view_hand (owner, thing, reader) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
                )
            } else {
                sql!("DELETE FROM view_hand WHERE owner = $1 AND thing = $2 AND reader = $3")
            };
            tx.execute(statement, &params![*owner, &**thing, *reader]).await?;
        }
        Ok(())
    }

    async fn write_seen(&self, tx: &mut Tx) -> Result<(), Fail> {
        for ((seq, reader), change) in &self.seen {
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
        Ok(())
    }
}

/// Takes the next stretch of the log into the views; the number of events it had.
async fn step(app: &App) -> Result<usize, Fail> {
    // Many ask at once to be caught up for, and each of them would do the same work.
    let _turn = app.sight_turn.lock().await;
    let from = app.store.cursor(CURSOR).await?;
    let events = app.store.follow(from, BATCH).await?;
    let mut stretch = Stretch::new(app, app.store.cursor(PARTIES).await?);
    let said = |one: &Logged| (one.owner, one.corrects.as_ref().unwrap_or(&one.event_id).clone());
    stretch.look_up_declarations(events.iter().map(said).collect()).await?;
    let mut taken = 0;
    for logged in &events {
        stretch.take(logged).await?;
        taken += 1;
        if stretch.work() > ENOUGH {
            break;
        }
    }
    if taken > 0 {
        let to = stretch.now;
        stretch.write(from, to).await?;
    }
    Ok(taken)
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
