//! What following the log needs to know of what is stored, each looked up once in a stretch.

use std::collections::BTreeSet;

use epcis::{Event, EventKind, Role};
use store::{Filter, Logged, Page, Seq, SortBy, Token, params, sql};

use super::follow::Stretch;
use super::hand;
use super::packing::Packing;
use crate::capture::kind_code;
use crate::lots::ledger::read;
use crate::shared::Fail;

/// Events read at once.
const PAGE: usize = 500;

impl Stretch<'_> {
    /// To whom a thing went, or from whom it came.
    pub(super) async fn readers(
        &mut self,
        owner: i64,
        thing: &str,
    ) -> Result<&mut BTreeSet<i64>, Fail> {
        let held = (owner, thing.to_owned());
        if !self.hands.contains_key(&held) {
            let mut readers = BTreeSet::new();
            if self.handed_on(owner).await? {
                let of_thing = sql!("SELECT reader FROM view_hand WHERE owner = $1 AND thing = $2");
                for row in &self.app.store.find_all(of_thing, &params![owner, thing]).await? {
                    readers.insert(row.get(0)?);
                }
            }
            self.hands.insert(held.clone(), readers);
        }
        Ok(self.hands.entry(held).or_default())
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

    /// Whom an event of before names.
    pub(super) async fn parties(&mut self, logged: &Logged) -> Result<BTreeSet<i64>, Fail> {
        match self.parties.get(&logged.seq.0) {
            Some(parties) => Ok(parties.clone()),
            None => self.parties_of(logged, &read(logged)?).await,
        }
    }

    /// The same, of an event that has been read already.
    pub(super) async fn parties_of(
        &mut self,
        logged: &Logged,
        event: &Event,
    ) -> Result<BTreeSet<i64>, Fail> {
        if let Some(parties) = self.parties.get(&logged.seq.0) {
            return Ok(parties.clone());
        }
        let mut parties = BTreeSet::new();
        if !hand::counterparts(event).is_empty() {
            let statement = sql!("SELECT organisation FROM event_party WHERE seq = $1");
            for row in &self.app.store.find_all(statement, &params![logged.seq]).await? {
                parties.insert(row.get(0)?);
            }
        }
        self.parties.insert(logged.seq.0, parties.clone());
        Ok(parties)
    }

    /// Whether an event is no declaration and had not been declared to be in error by now.
    pub(super) async fn stands(&mut self, logged: &Logged) -> Result<bool, Fail> {
        Ok(logged.corrects.is_none()
            && !self.is_declared(logged.owner, &logged.event_id, Seq(self.now.0 + 1)).await?)
    }

    /// Whether an event had been declared to be in error before a place in the log. What was declared behind the stretch is not
    /// before any place in it, so that what was looked up once stays true.
    pub(super) async fn is_declared(
        &mut self,
        owner: i64,
        event_id: &str,
        before: Seq,
    ) -> Result<bool, Fail> {
        let event = (owner, event_id.to_owned());
        if !self.declared.contains_key(&event) {
            self.look_up_declarations(vec![event.clone()]).await?;
        }
        Ok(self.declared.get(&event).copied().flatten().is_some_and(|first| first < before))
    }

    /// The same, as of now, of an event that has been looked up.
    pub(super) fn is_void(&self, owner: i64, event_id: &str) -> bool {
        let first = self.declared.get(&(owner, event_id.to_owned())).copied().flatten();
        first.is_some_and(|first| first <= self.now)
    }

    pub(super) async fn look_up_declarations(
        &mut self,
        mut events: Vec<(i64, String)>,
    ) -> Result<(), Fail> {
        events.retain(|event| !self.declared.contains_key(event));
        for some in events.chunks(PAGE) {
            self.declared.extend(some.iter().map(|event| (event.clone(), None)));
            let mut filter = Filter {
                corrects: some.iter().map(|(_, id)| id.clone()).collect(),
                sort_by: SortBy::Seq,
                limit: 1_000,
                ..Filter::default()
            };
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
                    break;
                }
            }
        }
        Ok(())
    }

    /// Where an event of before stands in the log, and the declarations of before that it is in error.
    pub(super) async fn versions(&self, owner: i64, event_id: &str) -> Result<Vec<Seq>, Fail> {
        let said = self.app.store.event(Some(owner), event_id).await?;
        let mut filter = Filter {
            owner: Some(owner),
            corrects: vec![event_id.to_owned()],
            sort_by: SortBy::Seq,
            limit: PAGE,
            upto: Some(Seq(self.now.0 - 1)),
            ..Filter::default()
        };
        let mut all: Vec<Seq> =
            said.into_iter().map(|said| said.seq).filter(|seq| *seq < self.now).collect();
        loop {
            let page = self.app.store.events(&filter).await?;
            all.extend(page.events.iter().map(|declaration| declaration.seq));
            filter.after = page.next;
            if page.next.is_none() {
                return Ok(all);
            }
        }
    }

    /// What an owner has said of a thing by now, a page of it.
    pub(super) async fn about(
        &self,
        owner: i64,
        thing: &str,
        after: Option<Token>,
    ) -> Result<Page, Fail> {
        let filter = Filter {
            owner: Some(owner),
            ids: vec![(super::thing_roles(), vec![thing.to_owned()])],
            upto: Some(self.now),
            sort_by: SortBy::Seq,
            limit: PAGE,
            after,
            ..Filter::default()
        };
        Ok(self.app.store.events(&filter).await?)
    }

    /// What went into a container and out of it by now, in any order, events that are void by now among it; nothing unless
    /// [`Self::load_packings`] was asked for it.
    pub(super) fn packings(&self, owner: i64, container: &str) -> &[Packing] {
        self.packings.get(&(owner, container.to_owned())).map_or(&[], Vec::as_slice)
    }

    pub(super) async fn load_packings(&mut self, owner: i64, container: &str) -> Result<(), Fail> {
        let held = (owner, container.to_owned());
        // A lot is the parent of nothing.
        if hand::is_lot(container) || self.packings.contains_key(&held) {
            return Ok(());
        }
        let mut all = Vec::new();
        for (logged, event) in self.packed_with(owner, &[Role::Parent], container).await? {
            let order = (logged.event_time, logged.seq);
            all.extend(hand::packing(&event, order, &logged.event_id));
        }
        let ids = all.iter().map(|packing: &Packing| (owner, packing.event_id.clone()));
        self.look_up_declarations(ids.collect()).await?;
        self.packings.insert(held, all);
        Ok(())
    }

    /// What a thing ever was in.
    pub(super) async fn containers(
        &self,
        owner: i64,
        thing: &str,
    ) -> Result<BTreeSet<String>, Fail> {
        let found = self.packed_with(owner, &[Role::Child, Role::ChildClass], thing).await?;
        let parents = found.into_iter().filter_map(|(_, event)| event.parent_id);
        Ok(parents.map(|parent| epcis::canonical(&parent)).collect())
    }

    /// The aggregation events of an owner's that bear an identifier in one of these roles, declarations left out.
    async fn packed_with(
        &self,
        owner: i64,
        roles: &[Role],
        id: &str,
    ) -> Result<Vec<(Logged, Event)>, Fail> {
        let roles = roles.iter().map(|role| i64::from(role.code())).collect();
        let mut filter = Filter {
            owner: Some(owner),
            kinds: vec![kind_code(EventKind::Aggregation)],
            ids: vec![(roles, vec![id.to_owned()])],
            upto: Some(self.now),
            sort_by: SortBy::Seq,
            limit: PAGE,
            ..Filter::default()
        };
        let mut found = Vec::new();
        loop {
            let page = self.app.store.events(&filter).await?;
            for logged in page.events.into_iter().filter(|logged| logged.corrects.is_none()) {
                let event = read(&logged)?;
                found.push((Logged { body: Vec::new(), ..logged }, event));
            }
            filter.after = page.next;
            if page.next.is_none() {
                return Ok(found);
            }
        }
    }
}
