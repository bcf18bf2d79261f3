//! What one event changes in whose hands things are: an event that names somebody opens what it names and what lay in it; what
//! is taken back, and what is told late of a container, makes whatever may hang on it be looked at afresh.

use std::collections::{BTreeSet, VecDeque};

use epcis::Event;
use store::{Logged, Token};

use super::follow::Stretch;
use super::hand;
use super::packing::{self, Order, Packing};
use crate::lots::ledger::read;
use crate::shared::Fail;

impl Stretch<'_> {
    /// An event of the owner's stands from now on.
    pub(super) async fn say(
        &mut self,
        logged: &Logged,
        event: &Event,
        parties: &BTreeSet<i64>,
    ) -> Result<(), Fail> {
        let (owner, order) = (logged.owner, (logged.event_time, logged.seq));
        if let Some(packing) = hand::packing(event, order, &logged.event_id) {
            self.repack(owner, &packing).await?;
        }
        let named = others(parties, owner);
        if named.is_empty() {
            return Ok(());
        }
        for thing in self.with_content(owner, hand::things(event), order).await? {
            for reader in &named {
                self.set(owner, &thing, *reader, true).await?;
            }
        }
        Ok(())
    }

    /// An event of the owner's stands no longer.
    pub(super) async fn unsay(&mut self, said: &Logged) -> Result<(), Fail> {
        let (owner, event) = (said.owner, read(said)?);
        let named = others(&self.parties_of(said, &event).await?, owner);
        if !named.is_empty() {
            let below = self.below(owner, hand::things(&event)).await?;
            for reader in named {
                self.settle(owner, reader, &below).await?;
            }
        }
        match hand::packing(&event, (said.event_time, said.seq), &said.event_id) {
            Some(packing) => self.repack(owner, &packing).await,
            None => Ok(()),
        }
    }

    /// What went into a container, or out of it, matters to what was handed over afterwards. Mostly that is nothing yet.
    async fn repack(&mut self, owner: i64, packing: &Packing) -> Result<(), Fail> {
        if self.readers(owner, &packing.container).await?.is_empty() {
            return Ok(());
        }
        let mut concerned = BTreeSet::new();
        for holder in self.with_containers(owner, &packing.container).await? {
            let mut after = None;
            loop {
                let page = self.about(owner, &holder, after).await?;
                for logged in &page.events {
                    if (logged.event_time, logged.seq) > packing.order
                        && self.stands(logged).await?
                    {
                        concerned.extend(others(&self.parties(logged).await?, owner));
                    }
                }
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
        }
        if concerned.is_empty() {
            return Ok(());
        }
        let below = self.below(owner, BTreeSet::from([packing.container.clone()])).await?;
        for reader in concerned {
            self.settle(owner, reader, &below).await?;
        }
        Ok(())
    }

    /// Looks afresh which of these things are in a reader's hand.
    async fn settle(
        &mut self,
        owner: i64,
        reader: i64,
        things: &BTreeSet<String>,
    ) -> Result<(), Fail> {
        let found = self.found(owner, reader, things).await?;
        for thing in things {
            self.set(owner, thing, reader, found.contains(thing)).await?;
        }
        Ok(())
    }

    /// Those of these things that an event that stands says went to the reader or came from it.
    async fn found(
        &mut self,
        owner: i64,
        reader: i64,
        things: &BTreeSet<String>,
    ) -> Result<BTreeSet<String>, Fail> {
        let (mut found, mut looked) = (BTreeSet::new(), BTreeSet::new());
        let mut holders: VecDeque<String> = things.iter().cloned().collect();
        let mut met: BTreeSet<String> = things.clone();
        while let Some(holder) = holders.pop_front() {
            let mut after = None;
            loop {
                let page = self.about(owner, &holder, after).await?;
                for logged in &page.events {
                    if looked.contains(&logged.seq)
                        || !self.stands(logged).await?
                        || !self.parties(logged).await?.contains(&reader)
                    {
                        continue;
                    }
                    looked.insert(logged.seq);
                    let order = (logged.event_time, logged.seq);
                    let with =
                        self.with_content(owner, hand::things(&read(logged)?), order).await?;
                    found.extend(with.intersection(things).cloned());
                }
                after = page.next;
                if after.is_none() || found.len() == things.len() {
                    break;
                }
            }
            if found.len() == things.len() {
                break;
            }
            for container in self.containers(owner, &holder).await? {
                if met.insert(container.clone()) {
                    holders.push_back(container);
                }
            }
        }
        Ok(found)
    }

    /// Puts a thing into a reader's hand, or out of it; the reader sees what the owner said of the thing before, or no longer.
    async fn set(&mut self, owner: i64, thing: &str, reader: i64, has: bool) -> Result<(), Fail> {
        let readers = self.readers(owner, thing).await?;
        let changed = if has { readers.insert(reader) } else { readers.remove(&reader) };
        if !changed {
            return Ok(());
        }
        self.touch(owner, thing, reader);
        let sign = if has { 1 } else { -1 };
        let mut after: Option<Token> = None;
        loop {
            let page = self.about(owner, thing, after).await?;
            let now = self.now;
            for logged in page.events.iter().filter(|logged| logged.seq < now) {
                let open = !hand::is_lot(thing)
                    || hand::opens(&self.parties(logged).await?, owner, thing, reader);
                if open {
                    self.sees(reader, logged, sign);
                }
            }
            after = page.next;
            if after.is_none() {
                return Ok(());
            }
        }
    }

    /// Things, with what lay in them at a time, and in that.
    async fn with_content(
        &mut self,
        owner: i64,
        things: BTreeSet<String>,
        at: Order,
    ) -> Result<BTreeSet<String>, Fail> {
        let mut open: Vec<String> = things.iter().cloned().collect();
        let mut all = things;
        while let Some(container) = open.pop() {
            self.load_packings(owner, &container).await?;
            let before = self.packings(owner, &container).iter();
            let before = before
                .filter(|packing| packing.order < at && !self.is_void(owner, &packing.event_id));
            for thing in packing::content(before) {
                if all.insert(thing.clone()) {
                    open.push(thing);
                }
            }
        }
        Ok(all)
    }

    /// Things, with whatever ever was in them, and in that.
    async fn below(
        &mut self,
        owner: i64,
        things: BTreeSet<String>,
    ) -> Result<BTreeSet<String>, Fail> {
        let mut open: Vec<String> = things.iter().cloned().collect();
        let mut all = things;
        while let Some(container) = open.pop() {
            self.load_packings(owner, &container).await?;
            for packing in self.packings(owner, &container) {
                for thing in packing.goods() {
                    if all.insert(thing.clone()) {
                        open.push(thing.clone());
                    }
                }
            }
        }
        Ok(all)
    }

    /// A thing, with whatever it ever was in, and that was.
    async fn with_containers(&mut self, owner: i64, thing: &str) -> Result<BTreeSet<String>, Fail> {
        let mut all = BTreeSet::from([thing.to_owned()]);
        let mut open = vec![thing.to_owned()];
        while let Some(thing) = open.pop() {
            for container in self.containers(owner, &thing).await? {
                if all.insert(container.clone()) {
                    open.push(container);
                }
            }
        }
        Ok(all)
    }
}

/// Whom an event names beside its owner, of those who are in the register.
fn others(parties: &BTreeSet<i64>, owner: i64) -> BTreeSet<i64> {
    parties.iter().copied().filter(|party| *party != owner && *party != hand::UNKNOWN).collect()
}
