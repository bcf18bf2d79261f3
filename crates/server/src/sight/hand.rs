//! What of an event says that goods went from hand to hand: the goods themselves, and whom the event names beside its author.

use std::collections::{BTreeMap, BTreeSet};

use epcis::{Action, Event, EventKind};

use crate::app::App;
use crate::capture::known::is_thing;
use crate::capture::organisation_of_party;
use crate::places;
use crate::shared::Fail;

/// Whether an identifier, canonical, is that of goods that are in one hand at a time. A class without lot is in many; a
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

/// The goods of an event that go from hand to hand, each once.
pub(super) fn things(event: &Event) -> BTreeSet<String> {
    let postings = event.postings().into_iter();
    postings
        .filter(|posting| is_thing(posting.role) && is_traceable(&posting.id))
        .map(|posting| posting.id)
        .collect()
}

/// The container that an event fills, with what goes into it.
pub(super) fn packing(event: &Event) -> Option<(String, BTreeSet<String>)> {
    if event.kind != EventKind::Aggregation || event.action != Some(Action::Add) {
        return None;
    }
    let container = epcis::canonical(event.parent_id.as_deref()?);
    let mut content = things(event);
    content.remove(&container);
    Some((container, content))
}

/// The identifiers by which an event names whom goods came from or go to.
pub(super) fn counterparts(event: &Event) -> BTreeSet<String> {
    let parties = event.source_list.iter().chain(&event.destination_list);
    parties.map(|party| epcis::canonical(&party.id)).collect()
}

/// The organisations that such identifiers mean: parties of ours, and places of the register, which a party's number
/// (AI 417) may mean as well.
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
        let place = places.get(uri).map(|(place, _)| place.organisation);
        if let Some(organisation) = organisation_of_party(id).or(place) {
            found.insert(id.clone(), organisation);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::is_traceable;

    #[test]
    fn goods_in_one_hand_are_instances_and_lots() {
        for id in [
            "https://id.gs1.org/00/389312345000000017",
            "https://id.gs1.org/01/08931234567897/21/7K3M",
            "https://id.gs1.org/01/08931234567897/10/SC-0726",
            "urn:nguon:lot:11AB",
            "urn:gdst:example.org:product:lot:class:processor.2u.v1-0122-2022",
        ] {
            assert!(is_traceable(id), "{id}");
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
