//! How fine an identifier is: one thing, a lot of things, or a class of things. Traceability asks this
//! of every identifier, because quantities belong to lots and classes and never to single things.

use crate::ai::Ai;
use crate::link::{Reading, View};

/// How fine an identifier is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// All things of a kind: a GTIN alone.
    Class,
    /// The things of one batch: a GTIN and a lot.
    Lot,
    /// One thing: a serial number, a logistic unit, a place.
    Instance,
}

impl Level {
    /// The level of an identifier as events carry it: EPC URN, Digital Link on any host, or one of
    /// the GDST URNs (GDST 1.2, 4: `urn:gdst:…:product:lot:class:…`). `None` where the text does not
    /// say.
    ///
    /// ```
    /// use gs1::Level;
    /// assert_eq!(Level::of("urn:epc:class:lgtin:893123456.0789.L7"), Some(Level::Lot));
    /// assert_eq!(Level::of("https://tx.example.vn/01/08931234567897"), Some(Level::Class));
    /// assert_eq!(Level::of("urn:uuid:…"), None);
    /// ```
    pub fn of(id: &str) -> Option<Self> {
        if crate::epc::is_prefix(id, "urn:epc:") {
            let elements = crate::epc::to_elements(id).ok()?;
            let (ai, value) = elements.first()?;
            return Some(Self::of_keys(*ai, value, |wanted| {
                elements[1..].iter().any(|(ai, _)| *ai == wanted)
            }));
        }
        if let Some(gdst) = id.strip_prefix("urn:gdst:") {
            return of_gdst(gdst);
        }
        View::parse(id, Reading::tolerant()).ok().map(|view| view.level())
    }

    /// The level of a primary key, where `has` tells which qualifiers are in the path.
    pub(crate) fn of_keys(ai: Ai, value: &str, has: impl Fn(Ai) -> bool) -> Self {
        match ai {
            Ai::GTIN | Ai::ITIP if has(Ai::SERIAL) || has(Ai::TPX) => Self::Instance,
            Ai::GTIN | Ai::ITIP if has(Ai::LOT) => Self::Lot,
            Ai::GTIN | Ai::ITIP | Ai::GMN => Self::Class,
            // The serial number is the tail of the key itself.
            Ai::GDTI | Ai::GCN if value.len() == 13 => Self::Class,
            Ai::GRAI if value.len() == 14 => Self::Class,
            Ai::CPID if !has(Ai::CPID_SERIAL) => Self::Class,
            _ => Self::Instance,
        }
    }
}

fn of_gdst(rest: &str) -> Option<Level> {
    if rest.contains(":product:lot:class:") {
        Some(Level::Lot)
    } else if rest.contains(":product:class:") {
        Some(Level::Class)
    } else if rest.contains(":product:serial:obj:") || rest.contains(":lpn:obj:") {
        Some(Level::Instance)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serial_beats_lot_and_lot_beats_class() {
        let level = |path: &str| Level::of(&format!("https://example.vn{path}"));
        assert_eq!(level("/01/08931234567897/10/L/21/S"), Some(Level::Instance));
        assert_eq!(level("/01/08931234567897/235/S"), Some(Level::Instance));
        assert_eq!(level("/01/08931234567897/22/V/10/L"), Some(Level::Lot));
        assert_eq!(level("/01/08931234567897/22/V"), Some(Level::Class));
        assert_eq!(level("/00/389312345000000010"), None, "wrong check digit");
        assert_eq!(level("/253/8931234567897"), Some(Level::Class));
        assert_eq!(level("/253/8931234567897A1"), Some(Level::Instance));
        assert_eq!(level("/8003/08931234567897"), Some(Level::Class));
        assert_eq!(level("/8003/0893123456789777"), Some(Level::Instance));
        assert_eq!(level("/414/8931234567897"), Some(Level::Instance));
    }

    #[test]
    fn urns_say_their_level() {
        assert_eq!(Level::of("urn:epc:id:sgtin:893123456.0789.7"), Some(Level::Instance));
        assert_eq!(Level::of("urn:epc:idpat:sgtin:893123456.0789.*"), Some(Level::Class));
        assert_eq!(Level::of("urn:gdst:example.org:product:lot:class:x.y"), Some(Level::Lot));
        assert_eq!(Level::of("urn:gdst:example.org:product:class:x"), Some(Level::Class));
        assert_eq!(Level::of("urn:gdst:example.org:party:x.0"), None);
    }
}
