//! What marks of stations and deliveries mean, on networks small enough to see.

use std::fmt::Write as _;
use trace::network::Network;
use trace::network::score::{Merged, Scores, Tracing, csv, score};

use super::network;

fn value(scores: &Scores, id: &str) -> f64 {
    let mut all = scores.stations.iter().chain(&scores.deliveries);
    all.find(|one| one.id == id).unwrap().score
}

fn assert_score(scores: &Scores, id: &str, wanted: f64) {
    let found = value(scores, id);
    assert!((found - wanted).abs() < 1e-12, "{id}: {found}, wanted {wanted}");
}

/// farm -a-> mill -b-> shop, and farm2 -c-> mill -d-> shop2; a went into b. Cases at both shops.
fn mill() -> (Network, Tracing) {
    let network = network(
        "farm farm2 mill shop shop2",
        &[
            "a farm mill 2026-03-01",
            "c farm2 mill 2026-03-05",
            "b mill shop 2026-03-03",
            "d mill shop2 2026-03-06",
        ],
        &["a b"],
    );
    let mut tracing = Tracing::default();
    tracing.station("shop").weight = 1.0;
    tracing.station("shop2").weight = 3.0;
    (network, tracing)
}

#[test]
fn a_score_is_the_share_of_weights_on_the_forward_trace() {
    let (network, tracing) = mill();
    let scores = score(&network, &tracing).unwrap();
    for (id, wanted) in
        [("farm", 0.25), ("a", 0.25), ("farm2", 0.0), ("mill", 1.0), ("d", 0.75), ("shop", 0.25)]
    {
        assert_score(&scores, id, wanted);
    }
}

#[test]
fn crossing_at_a_station_heeds_dates_unless_told_otherwise() {
    let (network, mut tracing) = mill();
    tracing.station("mill").cross_contamination = true;
    let scores = score(&network, &tracing).unwrap();
    assert_score(&scores, "farm", 1.0);
    assert_score(&scores, "farm2", 0.75);
    tracing.temporal_order = false;
    assert_score(&score(&network, &tracing).unwrap(), "farm2", 1.0);
}

#[test]
fn what_kills_contamination_at_a_station_lets_nothing_through_and_is_no_source() {
    let (network, mut tracing) = mill();
    tracing.station("mill").cross_contamination = true;
    tracing.station("mill").kill_contamination = true;
    tracing.station("mill").weight = 4.0;
    let scores = score(&network, &tracing).unwrap();
    assert_score(&scores, "farm", 0.5);
    assert_score(&scores, "mill", 0.5);
    assert_score(&scores, "b", 0.125);
}

#[test]
fn what_kills_contamination_in_a_delivery_spares_its_receiver() {
    let (network, mut tracing) = mill();
    tracing.delivery("b").kill_contamination = true;
    let scores = score(&network, &tracing).unwrap();
    assert_score(&scores, "farm", 0.0);
    assert_score(&scores, "b", 0.0);
    assert_score(&scores, "mill", 0.75);
}

#[test]
fn crossing_deliveries_get_into_each_others_onward_deliveries() {
    let network = network(
        "x y kitchen guest",
        &[
            "a x kitchen 2026-03-01",
            "c y kitchen 2026-03-02",
            "late y kitchen 2026-03-09",
            "b kitchen guest 2026-03-03",
        ],
        &["a b"],
    );
    let mut tracing = Tracing::default();
    tracing.station("guest").weight = 1.0;
    assert_score(&score(&network, &tracing).unwrap(), "y", 0.0);
    for id in ["a", "c", "late"] {
        tracing.delivery(id).cross_contamination = true;
    }
    let scores = score(&network, &tracing).unwrap();
    assert_score(&scores, "c", 1.0);
    assert_score(&scores, "late", 0.0);
    tracing.delivery("a").cross_contamination = false;
    assert_score(&score(&network, &tracing).unwrap(), "c", 0.0);
}

#[test]
fn negative_weights_speak_for_a_station() {
    let (network, mut tracing) = mill();
    tracing.station("shop").weight = -4.0;
    let scores = score(&network, &tracing).unwrap();
    let of = |id: &str| scores.stations.iter().find(|one| one.id == id).unwrap().clone();
    let (farm, mill) = (of("farm"), of("mill"));
    assert_eq!((farm.score, farm.positive, farm.negative), (-1.0, 0.0, 1.0));
    assert_eq!((mill.score, mill.positive, mill.negative), (-0.25, 1.0, 1.0));
    assert_eq!((farm.normalized, mill.normalized), (-1.0, -0.25));
}

#[test]
fn a_merged_station_has_the_traces_of_its_members_and_hides_what_is_between_them() {
    let (network, mut tracing) = mill();
    let members = ["farm2".to_owned(), "mill".to_owned()].into();
    tracing.merged.push(Merged { id: "plant".to_owned(), members });
    let scores = score(&network, &tracing).unwrap();
    let ids: Vec<&str> = scores.stations.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(ids, ["farm", "shop", "shop2", "plant"]);
    let ids: Vec<&str> = scores.deliveries.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(ids, ["a", "b", "d"]);
    assert_score(&scores, "plant", 1.0);
    tracing.station("mill").cross_contamination = true;
    assert_score(&score(&network, &tracing).unwrap(), "farm", 1.0);
    tracing.station("plant").weight = 0.0;
    assert_score(&score(&network, &tracing).unwrap(), "farm", 0.25);
}

#[test]
fn a_lot_has_the_trace_of_all_its_deliveries() {
    let network = Network::from_csv(
        b"ID\nmill\nshop\nshop2\n",
        b"ID,from,to,Charge Number\na,mill,shop,L1\nb,mill,shop2,L1\nc,mill,shop,L2\n",
        b"ID,Next\n",
    )
    .unwrap();
    let mut tracing = Tracing::default();
    tracing.station("shop").weight = 1.0;
    tracing.station("shop2").weight = 1.0;
    let scores = score(&network, &tracing).unwrap();
    let lots: Vec<_> = scores.deliveries.iter().map(|one| one.lot.unwrap()).collect();
    assert_eq!(lots, [1.0, 1.0, 0.5]);
    assert_eq!(scores.stations[0].lot, Some(1.0));
    assert_eq!(scores.stations[1].lot, None);
}

#[test]
fn a_case_counts_once_also_where_goods_go_in_circles() {
    let network = network("a b c", &["1 a b", "2 b a", "3 b c"], &["1 2", "2 1", "1 3"]);
    assert_eq!(network.notices().len(), 1);
    let mut tracing = Tracing::default();
    tracing.station("a").weight = 1.0;
    tracing.delivery("2").weight = 1.0;
    let scores = score(&network, &tracing).unwrap();
    for id in ["a", "1", "2", "b"] {
        assert_score(&scores, id, 1.0);
    }
    assert_score(&scores, "3", 0.0);
}

#[test]
fn without_cases_every_score_is_zero() {
    let (network, _) = mill();
    let scores = score(&network, &Tracing::default()).unwrap();
    assert!(scores.stations.iter().all(|one| one.score == 0.0 && one.normalized == 0.0));
}

#[test]
fn scores_come_out_as_csv_with_id_and_score_first() {
    let (network, tracing) = mill();
    let text = csv(&score(&network, &tracing).unwrap().stations);
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("id,score,normalized_score,"), "{}", lines[0]);
    assert_eq!(lines[1], "farm,0.25,0.25,0.25,0,,0,false,false,false,false,false");
    assert_eq!(lines.len(), 6);
}

#[test]
fn a_trace_of_cases_agrees_with_walking_every_path() {
    use proptest::prelude::*;
    let edge = (0..5_usize, 0..5_usize, 0..28_u8);
    let marks = (0..5_usize, 0..10_usize, any::<bool>(), any::<u8>());
    let strategy =
        (prop::collection::vec(edge, 1..11), prop::collection::vec(any::<bool>(), 100), marks);
    proptest!(ProptestConfig::with_cases(500), |((edges, chosen, marks) in strategy)| {
        let (case, case_delivery, temporal_order, flags) = marks;
        let rows: Vec<String> = edges.iter().enumerate()
            .map(|(n, (from, to, day))| format!("d{n} s{from} s{to} 2026-02-{:02}", day + 1)).collect();
        let mut pairs = Vec::new();
        for (a, (_, to, _)) in edges.iter().enumerate() {
            for (b, (from, _, _)) in edges.iter().enumerate() {
                if a != b && to == from && chosen[a * 10 + b] {
                    pairs.push((a, b));
                }
            }
        }
        let words: Vec<String> = pairs.iter().map(|(a, b)| format!("d{a} d{b}")).collect();
        let network = network(
            "s0 s1 s2 s3 s4",
            &rows.iter().map(String::as_str).collect::<Vec<_>>(),
            &words.iter().map(String::as_str).collect::<Vec<_>>(),
        );
        let mut tracing = Tracing { temporal_order, ..Tracing::default() };
        let case_delivery = case_delivery % edges.len();
        tracing.station(&format!("s{case}")).weight = 1.0;
        tracing.delivery(&format!("d{case_delivery}")).weight = 2.0;
        tracing.station("s1").cross_contamination = flags & 1 > 0;
        tracing.station("s2").kill_contamination = flags & 2 > 0;
        tracing.station("s3").cross_contamination = flags & 4 > 0;
        let dead = |n: usize| flags & 8 > 0 && n == 0;
        if flags & 8 > 0 {
            tracing.delivery("d0").kill_contamination = true;
        }
        let onward = |a: usize, b: usize| {
            let ((_, to, day), (from, _, later)) = (edges[a], edges[b]);
            let crosses = to == 1 && flags & 1 > 0 || to == 3 && flags & 4 > 0;
            let ends = dead(a) || to == 2 && flags & 2 > 0;
            let in_time = !temporal_order || day <= later;
            a != b && to == from && !ends && (pairs.contains(&(a, b)) || crosses && in_time)
        };
        let scores = score(&network, &tracing).unwrap();
        let walk = |starts: Vec<usize>, at: Option<usize>| {
            let (mut seen, mut open) = (vec![false; edges.len()], starts);
            while let Some(a) = open.pop() {
                if !std::mem::replace(&mut seen[a], true) {
                    open.extend((0..edges.len()).filter(|b| onward(a, *b)));
                }
            }
            let station = at == Some(case)
                || (0..edges.len()).any(|n| seen[n] && edges[n].1 == case && !dead(n));
            (f64::from(u8::from(station)) + if seen[case_delivery] { 2.0 } else { 0.0 }) / 3.0
        };
        for n in 0..edges.len() {
            prop_assert!((scores.deliveries[n].score - walk(vec![n], None)).abs() < 1e-12);
        }
        for s in 0..5 {
            let ends = s == 2 && flags & 2 > 0;
            let sent = (0..edges.len()).filter(|n| !ends && edges[*n].0 == s).collect();
            prop_assert!((scores.stations[s].score - walk(sent, Some(s))).abs() < 1e-12, "s{s}");
        }
    });
}

#[test]
fn a_province_of_a_hundred_thousand_deliveries_is_scored_without_growing_quadratically() {
    // One market through which everything goes: crossing edges would be 50,000 × 50,000.
    let half = 50_000;
    let mut deliveries = String::from("ID,from,to,Date Delivery\n");
    let mut stations = String::from("ID\nmarket\n");
    for n in 0..half {
        let day = n % 28 + 1;
        writeln!(deliveries, "i{n},f{},market,2026-02-{day:02}", n % 5000).unwrap();
        writeln!(deliveries, "o{n},market,s{},2026-02-{day:02}", n % 5000).unwrap();
    }
    for n in 0..5000 {
        writeln!(stations, "f{n}\ns{n}").unwrap();
    }
    let network =
        Network::from_csv(stations.as_bytes(), deliveries.as_bytes(), b"ID,Next\n").unwrap();
    let mut tracing = Tracing::default();
    tracing.station("market").cross_contamination = true;
    for n in 0..200 {
        tracing.station(&format!("s{n}")).weight = 1.0;
    }
    let scores = score(&network, &tracing).unwrap();
    assert_score(&scores, "market", 1.0);
    assert_score(&scores, "i0", 1.0);
}
