//! Where to look next.

use trace::network::inspect::{Options, next};
use trace::network::score::{Tracing, score};

use super::network;

#[test]
fn the_best_place_splits_the_suspicion_in_halves() {
    // Four farms, two through t1, two through t2, all to the shop.
    let network = network(
        "f1 f2 f3 f4 t1 t2 shop",
        &["a f1 t1", "b f2 t1", "c f3 t2", "d f4 t2", "x t1 shop", "y t2 shop"],
        &["a x", "b x", "c y", "d y"],
    );
    let mut tracing = Tracing::default();
    tracing.station("shop").weight = 1.0;
    let plan = next(&network, &tracing, &Options::default()).unwrap();
    // Seven stations are equally likely: six suppliers, and the shop itself.
    assert!((plan.uncertainty - 7_f64.log2()).abs() < 1e-9);
    let ids: Vec<&str> = plan.places.iter().map(|place| place.id.as_str()).collect();
    assert_eq!(ids, ["t1", "t2", "f1", "f2", "f3", "f4"]);
    assert!((plan.places[0].chance - 3.0 / 7.0).abs() < 1e-9);
    let deliveries = Options { deliveries: true, ..Options::default() };
    let plan = next(&network, &tracing, &deliveries).unwrap();
    let ids: Vec<&str> = plan.places.iter().map(|place| place.id.as_str()).collect();
    assert_eq!(&ids[..4], ["t1", "t2", "x", "y"]);
}

#[test]
fn the_gain_is_that_of_counting_out_every_source_and_answer() {
    let network = network(
        "s0 s1 s2 s3 s4 s5",
        &["a s0 s1", "b s1 s2", "c s3 s1", "d s1 s4", "e s3 s5", "f s4 s5"],
        &["a b", "c d", "c b", "d f"],
    );
    let mut tracing = Tracing::default();
    tracing.station("s2").weight = 2.0;
    tracing.station("s5").weight = 1.0;
    let scores = score(&network, &tracing).unwrap();
    let all: f64 = scores.stations.iter().map(|one| one.score).sum();
    let p: Vec<f64> = scores.stations.iter().map(|one| one.score / all).collect();
    let entropy = |w: &[f64]| -> f64 {
        let sum: f64 = w.iter().sum();
        w.iter().filter(|w| **w > 0.0).map(|w| -w / sum * (w / sum).log2()).sum()
    };
    // Who has whom on his forward trace, by hand.
    let reach: [&[usize]; 6] = [&[0, 1, 2], &[1, 2, 4, 5], &[2], &[3, 1, 2, 4, 5], &[4, 5], &[5]];
    for sensitivity in [1.0, 0.6] {
        let options = Options { sensitivity, ..Options::default() };
        let plan = next(&network, &tracing, &options).unwrap();
        assert!((plan.uncertainty - entropy(&p)).abs() < 1e-9);
        let mut wanted: Vec<(usize, f64)> = [0, 1, 3, 4]
            .into_iter()
            .map(|place| {
                let chance = |source: usize| {
                    if reach[source].contains(&place) { sensitivity } else { 0.0 }
                };
                let found: Vec<f64> = (0..6).map(|s| p[s] * chance(s)).collect();
                let missed: Vec<f64> = (0..6).map(|s| p[s] * (1.0 - chance(s))).collect();
                let after = found.iter().sum::<f64>() * entropy(&found)
                    + missed.iter().sum::<f64>() * entropy(&missed);
                (place, entropy(&p) - after)
            })
            .collect();
        wanted.sort_by(|a, b| b.1.total_cmp(&a.1));
        assert_eq!(plan.places.len(), wanted.len());
        for (place, (number, gain)) in plan.places.iter().zip(wanted) {
            assert_eq!(place.id, format!("s{number}"));
            assert!((place.gain - gain).abs() < 1e-9, "{place:?}, wanted {gain}");
        }
    }
}

#[test]
fn without_cases_there_is_nothing_to_look_for() {
    let network = network("a b", &["1 a b"], &[]);
    let plan = next(&network, &Tracing::default(), &Options::default()).unwrap();
    assert!(plan.places.is_empty());
}
