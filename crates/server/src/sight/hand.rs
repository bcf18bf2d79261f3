//! What of an event says that goods went from hand to hand: the goods themselves, what lies in a container, and whom the event
//! names beside its author.

use std::collections::{BTreeMap, BTreeSet};

use epcis::{Event, EventKind};
use store::{params, sql};

use super::packing::{Order, Packing};
use crate::app::App;
use crate::capture::known::is_thing;
use crate::capture::organisation_of_party;
use crate::places;
use crate::shared::Fail;

/// Stands among the parties of an event for somebody who is not in the register.
pub(super) const UNKNOWN: i64 = 0;

/// Whether an identifier, canonical, is that of goods that go from hand to hand. A class without lot is in many; a
/// returnable asset comes to strangers with other things in it; of a private identifier nothing is known but what its
/// scheme says (`urn:gdst:…:product:lot:class:…`).
fn is_traceable(id: &str) -> bool {
    if let Some(link) = id.strip_prefix("https://id.gs1.org/") {
        return match link.split('/').next() {
            Some("00") => true,
            Some("01" | "8006" | "8010") => epcis::class_of(id).is_some(),
            _ => false,
        };
    }
    id.starts_with("urn:nguon:lot:")
        || (id.starts_with("urn:gdst:") && (id.contains(":lot:") || id.contains(":serial:")))
}

/// Whether goods under a traceable identifier may be in many hands at once: a lot. Of a single item the holder is one.
pub(super) fn is_lot(id: &str) -> bool {
    if let Some(link) = id.strip_prefix("https://id.gs1.org/") {
        return !link.starts_with("00/") && !link.contains("/21/") && !link.contains("/8011/");
    }
    !id.contains(":serial:")
}

/// Whether an event, by the parties it names, is open to whom its owner handed this thing to. Of a lot, what the owner did
/// with others is their business: open is what names nobody else, or names the reader too.
pub(super) fn opens(parties: &BTreeSet<i64>, owner: i64, thing: &str, reader: i64) -> bool {
    !is_lot(thing) || parties.contains(&reader) || parties.iter().all(|party| *party == owner)
}

/// The goods of an event that go from hand to hand, each once.
pub(super) fn things(event: &Event) -> BTreeSet<String> {
    let postings = event.postings().into_iter();
    postings
        .filter(|posting| is_thing(posting.role) && is_traceable(&posting.id))
        .map(|posting| posting.id)
        .collect()
}

/// What an event puts into a container or takes out of it.
pub(super) fn packing(event: &Event, order: Order, event_id: &str) -> Option<Packing> {
    if event.kind != EventKind::Aggregation {
        return None;
    }
    let container = epcis::canonical(event.parent_id.as_deref()?);
    let mut goods = things(event);
    goods.remove(&container);
    Packing::of(event, container, &goods, order, event_id)
}

/// The identifiers by which an event names whom goods came from or go to.
pub(super) fn counterparts(event: &Event) -> BTreeSet<String> {
    let parties = event.source_list.iter().chain(&event.destination_list);
    parties.map(|party| epcis::canonical(&party.id)).collect()
}

/// The organisations that such identifiers mean: parties of ours, and places of the register, which a party's number
/// (AI 417) may mean as well. Only accepted organisations count, and only numbers that an officer has checked: anybody can
/// write somebody else's number down.
pub(super) async fn organisations(
    app: &App,
    ids: &BTreeSet<String>,
) -> Result<BTreeMap<String, i64>, Fail> {
    let place_of = |id: &str| match id.strip_prefix("https://id.gs1.org/417/") {
        Some(number) => format!("https://id.gs1.org/414/{number}"),
        None => id.to_owned(),
    };
    let uris: Vec<String> = ids.iter().map(|id| place_of(id)).collect();
    let asked: Vec<&str> = uris.iter().map(String::as_str).collect();
    let places = places::by_uris(app, &asked).await?;
    let mut found = BTreeMap::new();
    for (id, uri) in ids.iter().zip(&uris) {
        let place = places.get(uri).map(|(place, _)| place);
        let of_place = place.filter(|place| place.vouches_for(uri)).map(|place| place.organisation);
        if let Some(organisation) = organisation_of_party(id).or(of_place) {
            found.insert(id.clone(), organisation);
        }
    }
    let accepted = accepted(app, found.values().copied().collect()).await?;
    found.retain(|_, organisation| accepted.contains(organisation));
    Ok(found)
}

/// Those of these organisations that are accepted; the others may not even exist.
async fn accepted(app: &App, organisations: BTreeSet<i64>) -> Result<BTreeSet<i64>, Fail> {
    let mut accepted = BTreeSet::new();
    for organisation in organisations {
        let statement = sql!("SELECT id FROM organisation WHERE id = $1 AND state = 'accepted'");
        if app.store.find(statement, &params![organisation]).await?.is_some() {
            accepted.insert(organisation);
        }
    }
    Ok(accepted)
}

#[cfg(test)]
mod tests {
    use super::{is_lot, is_traceable};

    #[test]
    fn goods_go_from_hand_to_hand_as_instances_and_lots() {
        for (id, lot) in [
            ("https://id.gs1.org/00/389312345000000017", false),
            ("https://id.gs1.org/01/08931234567897/21/7K3M", false),
            ("https://id.gs1.org/01/08931234567897/10/SC-0726/21/7K3M", false),
            ("https://id.gs1.org/01/08931234567897/10/SC-0726", true),
            ("urn:nguon:lot:11AB", true),
            ("urn:gdst:example.org:product:lot:class:processor.2u.v1-0122-2022", true),
            ("urn:gdst:example.org:product:serial:obj:processor.2u.7", false),
        ] {
            assert!(is_traceable(id), "{id}");
            assert_eq!(is_lot(id), lot, "{id}");
        }
        for id in [
            "https://id.gs1.org/01/08931234567897",
            "https://id.gs1.org/8003/089312345678977Q2",
            "https://id.gs1.org/8004/8931234567Q2",
            "https://id.gs1.org/414/8931234567897",
            "urn:gdst:example.org:product:class:processor.2u",
            "urn:x:crate:7",
        ] {
            assert!(!is_traceable(id), "{id}");
        }
    }
}
