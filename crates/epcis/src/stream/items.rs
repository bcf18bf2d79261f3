//! The events of a stream, each handed to the reader of its format with what is known of the document.

use super::Cutter;
use super::step::List;
use crate::context::Context;
use crate::fault::{Fault, Place, RULE_UTF8};
use crate::read::{At, Cut, Document, Item, Limits, Origin, judge_item};
use crate::xml::{ItemPlace, ItemReader, Names};

#[derive(Debug, Default)]
pub(super) struct Items {
    context: Context,
    unhashed: Vec<String>,
    xml: ItemReader,
}

/// Where the next item begins, and its number.
#[derive(Clone, Copy)]
pub(super) struct Spot {
    pub(super) place: Place,
    pub(super) index: usize,
}

impl Items {
    pub(super) fn new(document: &Document, names: Names) -> Self {
        let context = document.context.clone();
        Self { context, unhashed: document.unhashed(), xml: ItemReader::new(names) }
    }

    /// Reads an item; false beside it where it is none that counts.
    pub(super) fn read(
        &mut self,
        bytes: &[u8],
        cutter: &Cutter,
        limits: &Limits,
        strict: bool,
        spot: Spot,
    ) -> (Item, bool) {
        let (mut item, counts) = with_place(cutter, spot.index, |at| match cutter {
            Cutter::Xml(cutter, Some(around)) => {
                let cut = Cut { offset: 0, place: spot.place };
                let (level, wrappers) = (cutter.level(), cutter.wrappers());
                let place = ItemPlace { around, level, wrappers, at, cut };
                self.xml.read(bytes, limits, strict, &place)
            }
            Cutter::Json(cutter) => {
                let level = cutter.level();
                (self.json(bytes, limits, level, strict, at, spot.place), true)
            }
            Cutter::Xml(_, None) | Cutter::Unknown => (Item::nothing(), false),
        });
        if let Some(event) = &mut item.event {
            event.written.unhashed.clone_from(&self.unhashed);
        }
        (item, counts)
    }

    fn json(
        &self,
        bytes: &[u8],
        limits: &Limits,
        level: usize,
        strict: bool,
        at: &At<'_>,
        place: Place,
    ) -> Item {
        let cuts = [Cut { offset: 0, place }];
        let origin = Origin { bytes, map: None, cuts: &cuts };
        match std::str::from_utf8(bytes) {
            Ok(text) => judge_item(text, origin, limits, level, strict, at, &self.context),
            Err(error) => {
                let place = origin.place(error.valid_up_to());
                let faults = vec![Fault::new(&RULE_UTF8, String::new(), place, "")];
                Item { faults, broken: 1, stopped: true, ..Item::nothing() }
            }
        }
    }

    /// The path of an item.
    pub(super) fn pointer(cutter: &Cutter, index: usize) -> String {
        let mut pointer = String::new();
        with_place(cutter, index, |at| pointer = at.pointer());
        pointer
    }

    /// What is wrong with a wrapper around events.
    pub(super) fn wrapper(
        tag: &[u8],
        cutter: &Cutter,
        strict: bool,
        place: Place,
        index: usize,
    ) -> Option<Fault> {
        let Cutter::Xml(xml, Some(around)) = cutter else { return None };
        with_place(cutter, index, |at| {
            let cut = Cut { offset: 0, place };
            let (level, wrappers) = (xml.level(), xml.wrappers());
            ItemReader::wrapper(tag, strict, &ItemPlace { around, level, wrappers, at, cut })
        })
    }
}

/// Calls `with` with the place of an item of the list.
fn with_place<T>(cutter: &Cutter, index: usize, with: impl FnOnce(&At<'_>) -> T) -> T {
    let list = match cutter {
        Cutter::Json(cutter) => cutter.list,
        Cutter::Xml(cutter, _) => cutter.list,
        Cutter::Unknown => List::Bare,
    };
    step_down(list.path(), &At::ROOT, index, with)
}

fn step_down<T>(path: &[&str], at: &At<'_>, index: usize, with: impl FnOnce(&At<'_>) -> T) -> T {
    match path.split_first() {
        Some((name, rest)) => step_down(rest, &at.name(name), index, with),
        None => with(&at.index(index)),
    }
}
