//! More cannot leave than came, and whoever says so can be held to it.

use trace::balance::{Finding, check};

use crate::world::{World, lot, place};

fn findings(world: &World, tolerance: u32) -> Vec<Finding> {
    let graph = world.graph();
    let found = graph.balance(tolerance, None).findings;
    for finding in &found {
        assert_eq!(check(&graph, finding), None, "{finding:?}");
        let raised = Finding { gap: finding.gap + 1, left: finding.left + 1, ..finding.clone() };
        assert!(check(&graph, &raised).is_some());
    }
    found
}

#[test]
fn a_trader_who_sells_four_times_what_he_bought_is_found_with_the_events_that_prove_it() {
    let mut w = World::default();
    w.born("tea:5000", "garden");
    w.ship("tea:1000", "garden", "trader");
    w.receive("tea:1000", "trader");
    w.ship("tea:900", "trader", "a");
    w.ship("tea:3100", "trader", "b");
    w.receive("tea:3000", "trader");
    let found = findings(&w, 0);
    assert_eq!(found.len(), 1);
    let one = &found[0];
    assert_eq!(
        (one.place.as_str(), one.product.as_str()),
        (place("trader").as_str(), lot("tea").as_str())
    );
    let kilograms = |micro: i64| micro / 1_000_000;
    assert_eq!(
        (kilograms(one.came), kilograms(one.left), kilograms(one.gap)),
        (1_000, 4_000, 3_000)
    );
    assert_eq!((one.bringing.as_slice(), one.taking.as_slice()), (&[2][..], &[3, 4][..]));
    // What came later does not explain what had left.
    assert_eq!(one.until, World::time(5).micros);
}

#[test]
fn losses_scales_and_unknown_amounts_are_no_finding() {
    let mut w = World::default();
    w.receive("rice:1000", "shop");
    w.gone("rice:1004", "shop");
    assert_eq!(findings(&w, 5), []);
    assert_eq!(findings(&w, 0).len(), 1);
    let mut w = World::default();
    w.receive("rice", "shop");
    w.gone("rice:10", "shop");
    let balances = w.graph().balance(0, None);
    assert_eq!((balances.findings.len(), balances.unknown), (0, 1));
    // Where records begin, nobody can say what was there.
    let mut w = World::default();
    w.ship("rice:10", "mill", "shop");
    let balances = w.graph().balance(0, None);
    assert_eq!((balances.findings.len(), balances.begins), (0, 1));
}

#[test]
fn lots_of_one_product_are_judged_alone_and_together() {
    let mut w = World::default();
    for (id, came, left) in [("L1", 100, 150), ("L2", 100, 20)] {
        let id = format!("https://id.gs1.org/01/08931234567897/10/{id}");
        w.receive("", "shop").quantity_list.push(epcis::Quantity::measured(&id, came, "KGM"));
        w.gone("", "shop").quantity_list.push(epcis::Quantity::measured(&id, left, "KGM"));
    }
    let products: Vec<String> =
        findings(&w, 0).into_iter().map(|finding| finding.product).collect();
    // L1 was sold before L2 came: the product as a whole had a gap too.
    assert_eq!(
        products,
        ["https://id.gs1.org/01/08931234567897", "https://id.gs1.org/01/08931234567897/10/L1"]
    );
    w.events.swap(1, 2);
    let (first, second) = (w.events[1].event_time, w.events[2].event_time);
    (w.events[1].event_time, w.events[2].event_time) = (second, first);
    let products: Vec<String> =
        findings(&w, 0).into_iter().map(|finding| finding.product).collect();
    assert_eq!(products, ["https://id.gs1.org/01/08931234567897/10/L1"]);
}

#[test]
fn goods_in_containers_leave_and_come() {
    let mut w = World::default();
    w.receive("rice:100", "mill");
    w.pack(epcis::Action::Add, "pallet", "rice:100", "mill");
    w.receive("#pallet", "shop");
    w.pack(epcis::Action::Delete, "pallet", "rice:100", "shop");
    w.gone("rice:100", "shop");
    assert_eq!(findings(&w, 0), []);
    w.gone("rice:1", "shop");
    assert_eq!(findings(&w, 0).len(), 1);
}

#[test]
fn goods_that_come_and_leave_at_one_instant_came_first() {
    let mut w = World::default();
    w.gone("rice:10", "shop");
    w.receive("rice:10", "shop");
    let instant = w.events[0].event_time;
    w.events[1].event_time = instant;
    assert_eq!(findings(&w, 0), []);
}
