//! What lies in a container at a time: what was put in before, less what was taken out before.

use std::collections::{BTreeMap, BTreeSet};

use epcis::{Action, Event};
use rust_decimal::Decimal;
use store::Seq;

use crate::app::Micros;
use crate::lots::ledger;

/// When something happened; what happened at the same time follows the log.
pub(super) type Order = (Micros, Seq);

/// Amounts by unit; nothing where the event does not say how much.
type Amount = Option<BTreeMap<String, Decimal>>;

/// One event that puts goods into a container, or takes them out.
#[derive(Debug, Clone)]
pub(super) struct Packing {
    pub container: String,
    pub order: Order,
    pub event_id: String,
    /// In, or out.
    adds: bool,
    /// Empty where everything is taken out (EPCIS 2.0 §7.4.3: a DELETE that names no children).
    content: BTreeMap<String, Amount>,
}

impl Packing {
    /// Nothing for an event that only observes; `goods` are those that go from hand to hand.
    pub(super) fn of(
        event: &Event,
        container: String,
        goods: &BTreeSet<String>,
        order: Order,
        event_id: &str,
    ) -> Option<Packing> {
        let adds = match event.action? {
            Action::Add => true,
            Action::Delete => false,
            Action::Observe => return None,
        };
        let all = event.child_epcs.is_empty() && event.child_quantity_list.is_empty();
        // Nothing of what it names is ours to follow; to take all out would be another thing.
        if goods.is_empty() && (adds || !all) {
            return None;
        }
        let amount_of = |thing: &String| {
            let mut sum = BTreeMap::new();
            ledger::sum(&event.child_quantity_list, thing, &mut sum, Decimal::ONE);
            (thing.clone(), (!sum.is_empty()).then_some(sum))
        };
        let content = goods.iter().map(amount_of).collect();
        Some(Packing { container, order, event_id: event_id.to_owned(), adds, content })
    }

    /// The goods it names.
    pub(super) fn goods(&self) -> impl Iterator<Item = &String> {
        self.content.keys()
    }
}

/// What lies in a container after these, in their order.
pub(super) fn content<'a>(packings: impl Iterator<Item = &'a Packing>) -> BTreeSet<String> {
    let mut in_order: Vec<&Packing> = packings.collect();
    in_order.sort_by_key(|packing| packing.order);
    let mut inside: BTreeMap<&String, Amount> = BTreeMap::new();
    for packing in in_order {
        if !packing.adds && packing.content.is_empty() {
            inside.clear();
        }
        for (thing, amount) in &packing.content {
            if packing.adds {
                put_in(&mut inside, thing, amount);
            } else if inside.get_mut(thing).is_some_and(|left| took_all(left, amount)) {
                inside.remove(thing);
            }
        }
    }
    inside.into_keys().cloned().collect()
}

fn put_in<'a>(inside: &mut BTreeMap<&'a String, Amount>, thing: &'a String, amount: &Amount) {
    let Some(there) = inside.get_mut(thing) else {
        inside.insert(thing, amount.clone());
        return;
    };
    match (there.as_mut(), amount) {
        (Some(there), Some(more)) => {
            for (uom, value) in more {
                let total = there.entry(uom.clone()).or_default();
                *total = total.saturating_add(*value);
            }
        }
        // An amount that is not known stays so.
        _ => *there = None,
    }
}

/// Takes some out. Of what nobody counted nothing is left; of what was, as long as an amount is.
fn took_all(left: &mut Amount, amount: &Amount) -> bool {
    let (Some(left), Some(less)) = (left, amount) else { return true };
    for (uom, value) in less {
        let total = left.entry(uom.clone()).or_default();
        *total = total.saturating_sub(*value);
    }
    !left.values().any(|total| *total > Decimal::ZERO)
}
