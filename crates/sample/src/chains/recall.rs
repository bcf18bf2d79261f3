//! What a bad lot touched, by following inputs; tests and benches hold the trace engine's answer against it.

use std::collections::{BTreeSet, HashSet};

use crate::lots::Recall;
use crate::world::{LotAt, World};

pub(crate) fn trace(world: &mut World<'_>, source: LotAt, finding: &'static str) {
    let source = world.out.lots[source].key.clone();
    let lots = &world.out.lots[world.first_lot..];
    let mut touched: HashSet<&str> = HashSet::from([source.as_str()]);
    // A lot may be opened after one that is made of it was told, so repeat until nothing is added.
    loop {
        let before = touched.len();
        for lot in lots {
            let made_of = lot.steps.iter().flat_map(|step| &step.inputs);
            if made_of.into_iter().any(|input| touched.contains(input.lot.as_str())) {
                touched.insert(&lot.key);
            }
        }
        if touched.len() == before {
            break;
        }
    }
    let mut affected = Vec::new();
    let mut holders = BTreeSet::new();
    for lot in lots.iter().filter(|lot| touched.contains(lot.key.as_str())) {
        if lot.key != source {
            affected.push(lot.key.clone());
        }
        holders.extend(
            lot.steps
                .iter()
                .flat_map(|step| [Some(step.by.clone()), step.to.clone()].into_iter().flatten()),
        );
    }
    let holders = holders.into_iter().collect();
    world.out.recalls.push(Recall { source, finding, affected, holders });
}
