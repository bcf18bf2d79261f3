//! How the words of an event are read: its business step, its place, its id.

use epcis::{Event, canonical};

use crate::graph::Part;

/// What the business step says of the movement, whatever the action is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Sent,
    Got,
    Ends,
    Other,
}

impl Step {
    pub(crate) fn of(event: &Event) -> Self {
        match event.biz_step.as_deref() {
            Some("shipping" | "departing") => Self::Sent,
            // A shipment that is void: the goods are back.
            Some("receiving" | "arriving" | "accepting" | "void_shipping") => Self::Got,
            Some("retail_selling" | "destroying" | "dispensing" | "consuming") => Self::Ends,
            _ => Self::Other,
        }
    }

    pub(crate) fn part(self) -> Option<Part> {
        match self {
            Self::Sent => Some(Part::Sent),
            Self::Got => Some(Part::Got),
            Self::Ends => Some(Part::Gone),
            Self::Other => None,
        }
    }
}

/// The site of a place: a location number without its extension, so that the dock and the cold room of a packing house are
/// the packing house (General Specifications 3.7.9, AI 254).
pub(crate) fn site(id: &str) -> String {
    let mut id = canonical(id);
    if let Some(end) = id.starts_with("https://id.gs1.org/414/").then(|| id.find("/254/")).flatten()
    {
        id.truncate(end);
    }
    id
}

/// FNV-1a: the same on every machine, in every run.
pub(crate) fn key_of(id: &str) -> u64 {
    id.bytes().fold(0xcbf2_9ce4_8422_2325, |key, byte| {
        (key ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
