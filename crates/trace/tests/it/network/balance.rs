//! The balance of stations: what is found, what is not, and that each proof adds up.

use std::fmt::Write as _;
use std::fs;

use gs1::Lang;
use proptest::prelude::*;
use rust_decimal::Decimal;
use trace::network::balance::{
    Balance, Conflict, Grounds, Options, Unjudged, balance, json_lines, notes,
};
use trace::network::check::{Why, check};
use trace::network::{Network, fcl};

use super::{corpora, network};

fn judged(network: &Network) -> Balance {
    let found = balance(network, &Options::default());
    for finding in &found.findings {
        assert_eq!(check(network, finding), Ok(()));
    }
    found
}

#[test]
fn the_trader_of_the_baby_tea_exercise_is_found_and_nobody_else() {
    let Some(corpora) = corpora() else { return };
    let path =
        "SiLeBAT+fcl-client/src/assets/example-data/baby-tea/Scenario_1_Outbreak-Baby-Tea.json";
    let network = fcl::read(&fs::read(corpora.join(path)).unwrap()).unwrap().network;
    let found = judged(&network);
    assert_eq!(found.findings.len(), 1);
    let finding = &found.findings[0];
    assert_eq!(network.stations()[finding.station].name, "Exclusive Foxon Trading");
    let line = &found.stations[finding.station];
    assert_eq!((line.into, line.out), (1000.into(), 4000.into()));
    assert_eq!(finding.gap, 3000.into());
    assert_eq!(finding.grounds, Grounds::Amounts);
    let ids = |numbers: &[usize]| -> Vec<&str> {
        numbers.iter().map(|number| network.delivery_id(*number).unwrap()).collect()
    };
    assert_eq!(ids(&finding.out), ["1575619243", "-697533458", "28392981", "-674626929"]);
    assert_eq!(ids(&finding.into), ["1895570134", "174817918"]);
    let backwards = found.conflicts.iter().filter(|c| matches!(c, Conflict::RelationBackwards(..)));
    assert_eq!(backwards.count(), 2);
    let text = json_lines(&network, &found);
    assert_eq!(text.lines().count(), 1);
    let object: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        (&object["in"], &object["out"], &object["gap"]),
        (&1000.into(), &4000.into(), &3000.into())
    );
}

#[test]
fn who_sends_more_than_he_received_is_found_with_the_deliveries_that_show_it() {
    let network = network(
        "farm trader shop",
        &[
            "a farm trader 2026-03-01 100",
            "b trader shop 2026-03-02 80",
            "c trader shop 2026-03-03 50",
        ],
        &[],
    );
    let found = judged(&network);
    assert_eq!(found.findings.len(), 1);
    assert_eq!(found.findings[0].gap, 30.into());
    assert_eq!((&found.findings[0].out, &found.findings[0].into), (&vec![1, 2], &vec![0]));
}

#[test]
fn goods_that_came_too_late_do_not_cover_what_had_left() {
    let network = network(
        "farm trader shop",
        &[
            "a farm trader 2026-03-01 10",
            "late farm trader 2026-03-09 100",
            "b trader shop 2026-03-02 60",
        ],
        &[],
    );
    let found = judged(&network);
    assert_eq!(found.findings[0].grounds, Grounds::Dates);
    assert_eq!((&found.findings[0].out, &found.findings[0].into), (&vec![2], &vec![0]));
    assert_eq!(found.findings[0].gap, 50.into());
}

#[test]
fn relations_say_what_went_in_and_what_did_not() {
    let rows = [
        "a farm trader 2026-03-01 10",
        "b farm trader 2026-03-01 100",
        "c trader shop 2026-03-02 60",
    ];
    assert!(judged(&network("farm trader shop", &rows, &[])).findings.is_empty());
    let found = judged(&network("farm trader shop", &rows, &["a c"]));
    assert_eq!(found.findings[0].grounds, Grounds::Relations);
    assert_eq!(found.findings[0].gap, 50.into());
}

#[test]
fn a_partial_date_speaks_for_the_station() {
    let rows =
        ["a farm trader 2026-03-30 10", "b trader shop 2026-03 10", "c trader shop 2026-02 1"];
    let found = judged(&network("farm trader shop", &rows, &[]));
    assert_eq!(found.findings.len(), 1);
    assert_eq!(found.findings[0].out, [2]);
    assert_eq!(found.conflicts, [Conflict::LeftFirst(2)]);
}

#[test]
fn who_has_an_input_of_unknown_amount_is_not_accused() {
    let rows =
        ["a farm trader 2026-03-01", "b farm trader 2026-03-01 1", "c trader shop 2026-03-02 60"];
    let network = network("farm trader shop", &rows, &[]);
    let found = judged(&network);
    assert!(found.findings.is_empty());
    let unknown = Unjudged::UnknownInputs(1, vec![0]);
    assert_eq!(found.unjudged, [Unjudged::Source(0), unknown]);
    let told = notes(&network, &found, Lang::Vi);
    assert_eq!(told.lines().count(), 2);
    assert!(told.contains("trader: không xét, vì không rõ khối lượng hàng nhận: a."), "{told}");
}

#[test]
fn an_input_that_no_row_lists_is_an_unknown_amount() {
    let rows = ["a farm trader 2026-03-01 1", "c trader shop 2026-03-02 60"];
    let found = judged(&network("farm trader shop", &rows, &["hidden c"]));
    assert!(found.findings.is_empty());
    assert_eq!(found.unjudged, [Unjudged::Source(0), Unjudged::UnknownInputs(1, vec![2])]);
}

#[test]
fn what_a_station_sends_itself_is_neither_in_nor_out() {
    let rows = [
        "a farm trader 2026-03-01 10",
        "s trader trader 2026-03-01 500",
        "c trader shop 2026-03-02 60",
    ];
    let found = judged(&network("farm trader shop", &rows, &[]));
    assert_eq!(found.findings[0].gap, 50.into());
}

#[test]
fn a_yield_and_a_tolerance_are_allowed_for() {
    let rows = ["a farm mill 2026-03-01 100", "c mill shop 2026-03-02 126"];
    let network = network("farm mill shop", &rows, &[]);
    let mut options = Options::default();
    options.read_yields(&network, b"id,factor,source\nmill,1.2,TCVN 0000\n").unwrap();
    let found = balance(&network, &options);
    assert_eq!(found.findings[0].gap, 6.into());
    assert_eq!(check(&network, &found.findings[0]), Ok(()));
    options.tolerance = Decimal::new(5, 2);
    assert!(balance(&network, &options).findings.is_empty());
    let faults = options.read_yields(&network, b"id,factor,source\nx,1,s\nmill,-1,s\nmill,1,\n");
    assert_eq!(faults.unwrap_err().0.len(), 3);
}

#[test]
fn a_finding_that_was_tampered_with_does_not_pass_the_checker() {
    let rows = [
        "a farm trader 2026-03-01 10",
        "b farm trader 2026-03-01 20",
        "c trader shop 2026-03-02 60",
        "x farm shop 2026-03-02 60",
        "late farm trader 2026-03-09",
    ];
    let whole = network("farm trader shop", &rows[..4], &[]);
    let finding = judged(&whole).findings.remove(0);
    let changed = |change: &dyn Fn(&mut trace::network::balance::Finding)| {
        let mut finding = finding.clone();
        change(&mut finding);
        check(&whole, &finding).unwrap_err()
    };
    assert_eq!(changed(&|f| f.gap += Decimal::ONE), Why::Sums);
    assert_eq!(changed(&|f| f.factor = Decimal::TWO), Why::Sums);
    assert_eq!(changed(&|f| f.into = vec![0]), Why::LeftOut(1));
    assert_eq!(changed(&|f| f.into = vec![0, 1, 3]), Why::NotTheirs(3));
    assert_eq!(changed(&|f| f.out = vec![2, 3]), Why::NotTheirs(3));
    assert_eq!(changed(&|f| f.out = vec![2, 2]), Why::NotThere);
    assert_eq!(changed(&|f| f.out = vec![9]), Why::NotThere);
    let unknown = network("farm trader shop", &rows, &[]);
    assert_eq!(check(&unknown, &finding), Err(Why::Unknown(4)));
}

/// Deliveries into one trader and out of it: (day, kilograms), and who is said to have gone into whom.
type Trader = (Vec<(u8, u32)>, Vec<(u8, u32)>, Vec<bool>);

fn trader() -> impl Strategy<Value = Trader> {
    let side = || prop::collection::vec((0..6_u8, 1..40_u32), 1..7);
    (side(), side(), prop::collection::vec(prop::bool::weighted(0.15), 36))
}

fn build((into, out, said): &Trader) -> Network {
    let row = |name: char, n: usize, ends: &str, (day, kg): (u8, u32)| {
        format!("{name}{n} {ends} 2026-03-{:02} {kg}", day + 1)
    };
    let mut rows: Vec<String> =
        into.iter().enumerate().map(|(n, one)| row('i', n, "farm trader", *one)).collect();
    rows.extend(out.iter().enumerate().map(|(n, one)| row('o', n, "trader shop", *one)));
    let pairs: Vec<String> = (0..into.len())
        .flat_map(|i| (0..out.len()).map(move |o| (i, o)))
        .filter(|(i, o)| said[i * 6 + o])
        .map(|(i, o)| format!("i{i} o{o}"))
        .collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    network("farm trader shop", &rows, &pairs.iter().map(String::as_str).collect::<Vec<_>>())
}

/// The greatest shortfall over every set of what left, by trying them all.
fn brute((into, out, said): &Trader) -> u32 {
    let fed = |o: usize| (0..into.len()).any(|i| said[i * 6 + o]);
    let may = |i: usize, o: usize| if fed(o) { said[i * 6 + o] } else { into[i].0 <= out[o].0 };
    (0..1_usize << out.len())
        .map(|set| {
            let chosen = || (0..out.len()).filter(|o| set >> o & 1 == 1);
            let left: u32 = chosen().map(|o| out[o].1).sum();
            let came = (0..into.len()).filter(|i| chosen().any(|o| may(*i, o)));
            left.saturating_sub(came.map(|i| into[i].1).sum())
        })
        .max()
        .unwrap_or(0)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn the_gap_is_that_of_the_worst_of_all_sets_and_its_proof_adds_up(trader in trader()) {
        let network = build(&trader);
        let found = judged(&network);
        let gap = found.findings.first().map_or(Decimal::ZERO, |finding| finding.gap);
        prop_assert_eq!(gap, Decimal::from(brute(&trader)));
    }

    #[test]
    fn honest_stations_are_never_accused_and_a_planted_claim_is_found(
        steps in prop::collection::vec((0..5_usize, 0..5_usize, 1..100_u32, any::<bool>()), 1..40),
        planted in any::<prop::sample::Index>(),
    ) {
        // Goods are moved only out of what is in store, a day a step; station 0 produces.
        let mut store = [0_u32; 5];
        let mut rows: Vec<(usize, usize, usize, u32)> = Vec::new();
        for (day, (from, to, kg, all)) in steps.into_iter().enumerate() {
            let kg = if from == 0 { kg } else if all { store[from] } else { kg.min(store[from]) };
            if from == to || to == 0 || kg == 0 {
                continue;
            }
            if from != 0 {
                store[from] -= kg;
            }
            store[to] += kg;
            rows.push((day, from, to, kg));
        }
        let words = |rows: &[(usize, usize, usize, u32)]| {
            let rows: Vec<String> = rows.iter().enumerate().map(|(n, (day, from, to, kg))| {
                format!("d{n} s{from} s{to} 2026-{:02}-{:02} {kg}", day / 28 + 1, day % 28 + 1)
            }).collect();
            network("s0 s1 s2 s3 s4", &rows.iter().map(String::as_str).collect::<Vec<_>>(), &[])
        };
        let honest = judged(&words(&rows));
        prop_assert!(honest.findings.is_empty(), "{:?}", honest.findings);
        // Somebody who sends claims to have sent all he had in store besides, and 5 % of all he ever received on top.
        let senders: Vec<usize> = (1..5).filter(|s| rows.iter().any(|row| row.2 == *s)).collect();
        if !senders.is_empty() {
            let liar = senders[planted.index(senders.len())];
            let ever: u32 = rows.iter().filter(|row| row.2 == liar).map(|row| row.3).sum();
            rows.push((60, liar, if liar == 1 { 2 } else { 1 }, store[liar] + ever.div_ceil(20)));
            let found = judged(&words(&rows));
            prop_assert_eq!(found.findings.len(), 1);
            prop_assert_eq!(found.findings[0].station, liar);
            prop_assert_eq!(found.findings[0].gap, Decimal::from(ever.div_ceil(20)));
        }
    }
}

#[test]
fn a_market_of_twenty_thousand_deliveries_is_judged_without_growing_quadratically() {
    let half = 10_000;
    let mut deliveries = String::from("ID,from,to,Date Delivery,Amount [kg]\n");
    for n in 0..half {
        let (month, day) = (n / 28 % 12 + 1, n % 28 + 1);
        writeln!(deliveries, "i{n},farm,market,2026-{month:02}-{day:02},10").unwrap();
        writeln!(deliveries, "o{n},market,shop,2026-{month:02}-{day:02},10").unwrap();
    }
    deliveries += "lie,market,shop,2026-12-31,25000\n";
    let network =
        Network::from_csv(b"ID\nfarm\nmarket\nshop\n", deliveries.as_bytes(), b"ID,Next\n")
            .unwrap();
    let found = balance(&network, &Options::default());
    assert_eq!(found.findings[0].gap, 25_000.into());
}
