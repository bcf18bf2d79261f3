//! Checks the proof of a [`Finding`] by adding up and comparing, without the search that found it. It trusts nothing of the
//! finding but what it names, so that whoever is accused, or whoever judges, can check it too, with a pencil if need be.

use std::collections::HashSet;

use rust_decimal::Decimal;

use super::balance::Finding;
use super::{Delivery, Network};

/// Why a finding proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    /// A number that is none of the network's, or is there twice.
    #[error("the finding names what is not in the network, or names it twice")]
    NotThere,
    /// A delivery that does not leave the station, or does not arrive there.
    #[error("delivery {0} is not the station's")]
    NotTheirs(usize),
    /// The amount of a delivery, or one that may have been an input, is not known.
    #[error("the amount of delivery {0} is not known")]
    Unknown(usize),
    /// A delivery came in time and is not counted.
    #[error("delivery {0} may have gone into what left, and is not counted")]
    LeftOut(usize),
    /// The sums do not give the gap.
    #[error("the sums do not give the gap")]
    Sums,
}

/// Checks that what left (`finding.out`) is more by `finding.gap` than all that can have gone into it.
///
/// # Errors
/// The first reason why it proves nothing.
pub fn check(network: &Network, finding: &Finding) -> Result<(), Why> {
    let deliveries = network.deliveries();
    let (out, into) = (distinct(network, &finding.out)?, distinct(network, &finding.into)?);
    for number in &finding.out {
        let delivery = &deliveries[*number];
        if delivery.from != finding.station || delivery.to == finding.station {
            return Err(Why::NotTheirs(*number));
        }
    }
    let fed: Vec<(usize, usize)> =
        network.relations().iter().copied().filter(|(_, into)| out.contains(into)).collect();
    if let Some((went, _)) = fed.iter().find(|(went, _)| *went >= deliveries.len()) {
        return Err(Why::Unknown(*went));
    }
    let told: HashSet<usize> = fed.iter().map(|(_, into)| *into).collect();
    let named: HashSet<usize> = fed.iter().map(|(went, _)| *went).collect();
    // Where relations say what went in, they say all; elsewhere dates must allow it.
    let open: Vec<&Delivery> =
        finding.out.iter().filter(|n| !told.contains(n)).map(|n| &deliveries[*n]).collect();
    let latest = open.iter().map(|delivery| delivery.departs().last()).max();
    for (number, delivery) in deliveries.iter().enumerate() {
        let arrives = delivery.to == finding.station && delivery.from != finding.station;
        if arrives && delivery.kg.is_none() {
            return Err(Why::Unknown(number));
        }
        let may =
            named.contains(&number) || latest.is_some_and(|d| delivery.arrives().first() <= d);
        match (arrives, into.contains(&number)) {
            (false, true) => return Err(Why::NotTheirs(number)),
            (true, false) if may => return Err(Why::LeftOut(number)),
            _ => {}
        }
    }
    let allowed = finding.factor * (Decimal::ONE + finding.tolerance) * sum(network, &into)?;
    let gap = sum(network, &out)? - allowed;
    if gap != finding.gap || gap <= Decimal::ZERO { Err(Why::Sums) } else { Ok(()) }
}

fn distinct(network: &Network, numbers: &[usize]) -> Result<HashSet<usize>, Why> {
    let set: HashSet<usize> = numbers.iter().copied().collect();
    let known = numbers.iter().all(|number| *number < network.deliveries().len());
    if set.len() == numbers.len() && known { Ok(set) } else { Err(Why::NotThere) }
}

fn sum(network: &Network, numbers: &HashSet<usize>) -> Result<Decimal, Why> {
    let mut sum = Decimal::ZERO;
    for number in numbers {
        sum += network.deliveries()[*number].kg.ok_or(Why::Unknown(*number))?;
    }
    Ok(sum)
}
