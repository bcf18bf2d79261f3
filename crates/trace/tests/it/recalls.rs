//! How much is suspect, one rule a test; that the bounds hold however goods were mixed is played in `simulated`.

use trace::{Holding, Limits, Place, Recall, Start, Verdict};

use crate::world::{World, lot, place};

fn recall(w: &World, name: &str) -> Recall {
    w.graph().recall(&[Start::of(&lot(name))], None, &Limits::default()).expect("known")
}

/// Verdict and suspect kilograms, least and most, of a lot at a place.
fn said(recall: &Recall, name: &str, site: &str) -> (Verdict, i64, Option<i64>) {
    let there =
        |one: &&Holding| one.node.id == lot(name) && one.node.place == Some(Place::At(place(site)));
    let one = recall.holdings.iter().find(there).expect("a holding");
    (one.verdict, one.suspect.low / 1_000_000, one.suspect.high.map(|high| high / 1_000_000))
}

#[test]
fn what_is_made_of_suspect_goods_alone_is_suspect_however_much_it_is() {
    let mut w = World::default();
    w.make("bad:1", "more:5", "plant");
    w.make("bad", "unknown:5", "plant");
    let recall = recall(&w, "bad");
    assert_eq!(said(&recall, "more", "plant"), (Verdict::Certain, 5, Some(5)));
    assert_eq!(said(&recall, "unknown", "plant"), (Verdict::Certain, 5, Some(5)));
}

#[test]
fn a_process_mixes_and_at_least_so_much_stays_as_loss_and_other_outputs_cannot_hold() {
    let mut w = World::default();
    w.make("bad:30 good:70", "mix:60 rest:30", "plant");
    let recall = recall(&w, "bad");
    // Of 30 bad ones 10 may be lost, and the other output may have taken the rest.
    assert_eq!(said(&recall, "mix", "plant"), (Verdict::Possible, 0, Some(60)));
    assert_eq!(said(&recall, "rest", "plant"), (Verdict::Possible, 0, Some(30)));
    let mut w = World::default();
    w.make("bad:30 good:70", "mix:95", "plant");
    assert_eq!(said(&self::recall(&w, "bad"), "mix", "plant"), (Verdict::Certain, 25, Some(95)));
}

#[test]
fn what_left_before_the_suspect_goods_came_is_cleared_and_an_emptied_heap_is_clean_again() {
    let mut w = World::default();
    w.born("tea:10", "shop");
    w.make("tea:10", "early:9", "shop");
    w.make("bad:10", "tea:10", "mill");
    w.ship("tea:10", "mill", "shop");
    w.receive("tea:10", "shop");
    w.make("tea:10", "late:9", "shop");
    w.born("tea:10", "shop");
    w.make("tea:10", "clean:9", "shop");
    let recall = recall(&w, "bad");
    assert_eq!(said(&recall, "tea", "shop"), (Verdict::Certain, 10, Some(10)));
    assert_eq!(said(&recall, "late", "shop").0, Verdict::Certain);
    // By name it was reached; by kilograms nothing suspect was left.
    assert_eq!(said(&recall, "clean", "shop"), (Verdict::Cleared, 0, Some(0)));
    assert!(recall.holdings.iter().all(|one| one.node.id != lot("early")));
}

#[test]
fn finer_lots_would_have_saved_what_is_called_back_beyond_what_was_suspect() {
    let mut w = World::default();
    w.make("seed:1", "bad:30", "field");
    w.ship("bad:30", "field", "plant");
    w.receive("bad:30", "plant");
    w.make("bad:30 good:70", "mix:100", "plant");
    w.gone("mix:40", "plant");
    // 100 kg are called back, 30 were suspect.
    assert_eq!(recall(&w, "bad").avoidable, Some(70_000_000));
}
