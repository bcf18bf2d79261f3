//! How many parties one event may name. Whoever is named sees what is said of the goods, so that one event may open as much as one
//! shipment does, and no more.

use super::known::is_thing;
use super::{Refused, Said};

/// Sources and destinations that one event may name. A shipment has a few.
const MOST_PARTIES: usize = 20;
/// How many things may go to how many parties by one event: each pair is one more line of who may see what.
const MOST_HANDS: usize = 100_000;

/// The fault of an event that names too many.
pub(super) fn too_many(index: usize, said: &Said) -> Option<Refused> {
    let (sources, destinations) = (said.event.source_list.len(), said.event.destination_list.len());
    let path = if sources > destinations { "/sourceList" } else { "/destinationList" };
    let parties = sources + destinations;
    let things = said.postings.iter().filter(|posting| is_thing(posting.role)).count();
    let (vi, en) = if parties > MOST_PARTIES {
        (
            format!(
                "Một sự kiện nêu nhiều nhất {MOST_PARTIES} nguồn và đích; sự kiện này nêu {parties}. Ghi mỗi chuyến hàng một sự kiện."
            ),
            format!(
                "An event names at most {MOST_PARTIES} sources and destinations; this one names {parties}. Record each shipment as an event of its own."
            ),
        )
    } else if parties * things > MOST_HANDS {
        (
            format!(
                "Sự kiện giao {things} mã hàng cho {parties} bên, quá nhiều cho một lần. Chia thành nhiều sự kiện, hoặc ghi mã thùng, pa-lét thay cho từng mã."
            ),
            format!(
                "The event hands {things} identifiers to {parties} parties, too many at once. Split it, or name cases and pallets instead of each item."
            ),
        )
    } else {
        return None;
    };
    Some(Refused { index, rule: "party.many", path, vi, en })
}
