//! Goods, times and dates.

use std::collections::{HashMap, HashSet};

use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use rust_decimal::Decimal;
use sample::{Card, Province, Verdict, generate};

use crate::{TODAY, province};

/// Goods of one lot at one organisation, or on the way to it.
type At = (String, String, bool);

#[derive(Default)]
struct Replay {
    kg: HashMap<At, Decimal>,
    head: HashMap<At, u32>,
}

impl Replay {
    fn take(&mut self, at: &At, kg: Option<Decimal>, head: Option<u32>) {
        if let Some(head) = head {
            let held = self.head.entry(at.clone()).or_default();
            *held = held.checked_sub(head).unwrap_or_else(|| panic!("{at:?}: {head} of {held}"));
            // Animals are weighed when they leave, so their kilograms are not held before.
            return;
        }
        let kg = kg.expect("an amount");
        let held = self.kg.entry(at.clone()).or_default();
        assert!(kg > Decimal::ZERO && kg <= *held, "{at:?}: {kg} of {held}");
        *held -= kg;
    }

    fn give(&mut self, at: At, kg: Option<Decimal>, head: Option<u32>) {
        if let Some(head) = head {
            *self.head.entry(at).or_default() += head;
        } else {
            *self.kg.entry(at).or_default() += kg.expect("an amount");
        }
    }
}

fn replay(province: &Province) -> Replay {
    let mut replay = Replay::default();
    for (lot, step) in province.steps_in_order() {
        let here = (lot.key.clone(), step.by.clone(), false);
        match step.card {
            Card::Harvest | Card::ReceiveAnimals => replay.give(here, step.kg, step.count),
            Card::Slaughter | Card::Process => {
                for input in &step.inputs {
                    let from = (input.lot.clone(), step.by.clone(), false);
                    replay.take(&from, Some(input.kg), input.count);
                }
                replay.give(here, step.kg, None);
            }
            Card::Ship => {
                replay.take(&here, step.kg, step.count);
                let to = step.to.clone().expect("a receiver");
                replay.give((lot.key.clone(), to, true), step.kg, step.count);
            }
            Card::Receive => {
                replay.take(&(lot.key.clone(), step.by.clone(), true), step.kg, step.count);
                replay.give(here, step.kg, step.count);
            }
            Card::Sell | Card::Destroy => replay.take(&here, step.kg, step.count),
            Card::Pack | Card::Store => {
                let held = replay.kg.get(&here).copied().unwrap_or_default();
                assert!(step.kg.is_some_and(|kg| kg <= held), "{} packs what it has", lot.key);
            }
            _ => {}
        }
    }
    replay
}

#[test]
fn nothing_is_shipped_used_or_sold_that_is_not_there() {
    for (seed, scale) in [(1, 1), (2, 1), (3, 1), (2026, 3)] {
        let replay = replay(&generate(seed, scale, TODAY));
        let arrived = replay.kg.iter().filter(|(at, kg)| at.2 && **kg > Decimal::ZERO).count();
        assert_eq!(arrived, scale as usize, "one shipment a copy is never confirmed");
    }
}

#[test]
fn yields_are_those_of_the_trade() {
    let province = province(2);
    let ranges = [
        ("gao-lut", 75, 79),
        ("gao", 61, 67),
        ("che-xanh", 20, 25),
        ("hong-tra", 20, 25),
        ("ca-phe-nhan", 18, 20),
        ("ca-phe", 82, 86),
        ("mac-ca-say", 38, 45),
        ("thit-gac-bep", 40, 50),
        ("thit", 70, 75),
        ("lap-xuong", 78, 85),
    ];
    let mut seen = HashSet::new();
    for lot in &province.lots {
        for step in lot.steps.iter().filter(|step| !step.inputs.is_empty()) {
            let used: Decimal = step.inputs.iter().map(|input| input.kg).sum();
            let per_cent = step.kg.expect("an output") * Decimal::ONE_HUNDRED / used;
            let (start, low, high) = ranges
                .iter()
                .find(|range| lot.product.starts_with(range.0))
                .expect("a yield for every product that is made of others");
            assert!(
                (Decimal::from(*low)..=Decimal::from(*high)).contains(&per_cent),
                "{}: {per_cent}",
                lot.key
            );
            seen.insert(*start);
        }
    }
    assert_eq!(seen.len(), ranges.len());
}

#[test]
fn nothing_is_harvested_or_slaughtered_inside_a_waiting_period() {
    let province = province(2);
    let mut checked = 0;
    for (lot, step) in province.steps_in_order() {
        let Some(days) = step.wait_days else { continue };
        let free = step.at.date().saturating_add(i64::from(days).days());
        let taken = province.lots.iter().flat_map(|other| &other.steps).filter(|other| {
            other.card == Card::Slaughter && other.inputs.iter().any(|input| input.lot == lot.key)
        });
        for end in lot.steps.iter().filter(|one| one.card == Card::Harvest).chain(taken) {
            assert!(end.at < step.at || end.at.date() >= free, "{} at {}", lot.key, end.at);
            checked += 1;
        }
    }
    assert!(checked > 30);
}

fn moments_of(province: &Province) -> Vec<Date> {
    let mut days = Vec::new();
    for lot in &province.lots {
        let first = lot.steps.first().expect("every lot has a step").at;
        let last = lot.steps.last().expect("every lot has a step").at;
        assert!(lot.opened_at < first, "{}", lot.key);
        assert!(lot.steps.is_sorted_by_key(|step| step.at), "{}", lot.key);
        days.push(last.date());
        let mut before = last;
        for submission in &lot.submissions {
            assert!(submission.at > before, "{}", lot.key);
            before = match &submission.verdict {
                Verdict::Waiting => submission.at,
                Verdict::Approved { at } | Verdict::Returned { at, .. } => *at,
            };
            assert!(before >= submission.at);
        }
        if let Some(stamps) = &lot.stamps {
            assert!(lot.published && stamps.ordered_at > before, "{}", lot.key);
            before = stamps.ordered_at;
            assert!(stamps.scans.is_sorted_by_key(|scan| (scan.day, scan.ordinal)));
            for scan in &stamps.scans {
                assert!(scan.day > stamps.ordered_at.date(), "{}", lot.key);
                assert!((1..=stamps.count).contains(&scan.ordinal));
                days.push(scan.day);
            }
        }
        days.push(before.date());
    }
    days.extend(province.doubts.iter().map(|doubt| doubt.at.date()));
    days.extend(province.organisations.iter().map(|one| one.applied_at.date()));
    days
}

#[test]
fn times_run_forward_and_end_before_today() {
    for today in [
        TODAY,
        date(2026, 11, 15),
        date(2026, 11, 14),
        date(2027, 1, 1),
        date(2028, 2, 29),
        date(2026, 7, 1),
    ] {
        for seed in 0..4 {
            let province = generate(seed, 1, today);
            assert!(moments_of(&province).iter().all(|day| *day < today), "{today}, seed {seed}");
        }
    }
}

#[test]
fn a_firm_applies_before_it_records() {
    let province = province(2);
    let applied: HashMap<_, _> =
        province.organisations.iter().map(|one| (one.key.as_str(), one.applied_at)).collect();
    for (lot, step) in province.steps_in_order() {
        assert!(applied[step.by.as_str()] < step.at, "{} {}", lot.key, step.at);
        assert!(applied[lot.organisation.as_str()] < lot.opened_at);
    }
}

#[test]
fn a_recall_names_all_that_the_bad_herd_became_and_nothing_else() {
    let province = province(2);
    assert_eq!(province.recalls.len(), 2);
    let recall = &province.recalls[0];
    // Two carcass lots, two sausages that mix herds, one smoked meat.
    assert_eq!(recall.affected.len(), 5, "{:?}", recall.affected);
    assert_eq!(
        recall.holders,
        ["ban-trang", "cau-da", "doi-sim", "khoi-lam", "quay-12", "quay-3", "quay-7"]
    );
    let mixed = province.lots.iter().filter(|lot| recall.affected.contains(&lot.key)).any(|lot| {
        lot.steps.iter().any(|step| {
            step.inputs.iter().any(|input| recall.affected.contains(&input.lot))
                && step.inputs.iter().any(|input| !recall.affected.contains(&input.lot))
        })
    });
    assert!(mixed, "one product mixes bad meat with good");
}
