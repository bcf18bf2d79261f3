//! What leads to what, one rule a test.

use epcis::{Action, Event};
use trace::{Direction, Limits, NodeKind, Start, StartError, Stopped};

use crate::world::{World, back, events, forward, go, item, lot, names, place, spots};

#[test]
fn rice_goes_from_the_field_to_the_shop_and_back() {
    let mut w = World::default();
    w.born("paddy:100", "field");
    w.ship("paddy:100", "field", "mill");
    w.receive("paddy:100", "mill");
    w.make("paddy:100", "rice:65", "mill");
    w.ship("rice:65", "mill", "shop");
    w.receive("rice:65", "shop");
    let there = forward(&w, "paddy");
    assert_eq!(
        spots(&there),
        ["paddy@>mill", "paddy@field", "paddy@mill", "rice@>shop", "rice@mill", "rice@shop"]
    );
    assert_eq!(events(&there), [0, 1, 2, 3, 4, 5]);
    let again = back(&w, "rice");
    assert_eq!(spots(&again), spots(&there));
    assert_eq!(events(&again), [0, 1, 2, 3, 4, 5]);
    assert_eq!(again.edges.len(), there.edges.len());
    assert_eq!(names(&forward(&w, "rice")), ["rice"]);
    assert_eq!(names(&back(&w, "paddy")), ["paddy"]);
}

#[test]
fn what_left_before_the_suspect_came_is_not_touched() {
    let mut w = World::default();
    w.make("good", "early", "mill");
    w.receive("bad:10", "mill");
    w.make("bad:10", "late:10", "mill");
    w.make("good", "other:5", "mill");
    assert_eq!(names(&forward(&w, "bad")), ["*", "bad", "late"]);
    assert_eq!(names(&back(&w, "late")), ["*", "bad", "late"]);
}

#[test]
fn a_lot_at_one_place_is_not_the_lot_at_another() {
    let mut w = World::default();
    w.born("tea:100", "farm");
    w.ship("tea:40", "farm", "a");
    w.ship("tea:60", "farm", "b");
    w.receive("tea:40", "a");
    w.receive("tea:60", "b");
    w.make("tea:40", "green:40", "a");
    w.make("tea:60", "black:60", "b");
    let start = Start { place: Some(place("a")), ..Start::of(&lot("tea")) };
    let trace = w.graph().trace(&[start], Direction::Forward, None, &Limits::default()).unwrap();
    assert_eq!(names(&trace), ["*", "green", "tea"]);
    assert_eq!(spots(&back(&w, "green")), ["green@a", "tea@>a", "tea@a", "tea@farm"]);
}

#[test]
fn what_is_in_a_container_goes_where_it_goes() {
    let mut w = World::default();
    w.born("#egg", "farm");
    w.pack(Action::Add, "crate", "#egg", "farm");
    w.ship("#crate", "farm", "market");
    w.receive("#crate", "market");
    w.pack(Action::Delete, "crate", "#egg", "market");
    w.gone("#egg", "market");
    let trace = forward(&w, "#egg");
    assert_eq!(spots(&trace), ["#egg@farm", "#egg@in #crate", "#egg@market"]);
    assert_eq!(events(&trace), [0, 1, 2, 3, 4, 5]);
}

#[test]
fn a_crate_that_is_used_again_does_not_join_strangers() {
    let mut w = World::default();
    w.pack(Action::Add, "crate", "monday:10", "farm");
    w.receive("#crate", "market");
    w.pack(Action::Delete, "crate", "", "market");
    w.pack(Action::Add, "crate", "tuesday:10", "farm");
    w.receive("#crate", "shop");
    w.make("tuesday:10", "soup:9", "shop");
    assert_eq!(names(&forward(&w, "monday")), ["monday"]);
    assert_eq!(names(&back(&w, "soup")), ["*", "soup", "tuesday"]);
    // Nor do things that lie in it together become each other.
    let mut w = World::default();
    w.pack(Action::Add, "crate", "#a #b", "farm");
    w.receive("#crate", "shop");
    w.pack(Action::Delete, "crate", "#b", "shop");
    assert_eq!(names(&forward(&w, "#a")), ["#a"]);
    assert_eq!(names(&back(&w, "#b")), ["#b"]);
}

#[test]
fn goods_used_where_only_their_pallet_came_were_on_the_pallet() {
    let mut w = World::default();
    w.born("fish:50", "boat");
    w.pack(Action::Add, "box", "fish:50", "boat");
    w.pack(Action::Add, "pallet", "#box", "harbour");
    w.ship("#pallet", "harbour", "plant");
    w.receive("#pallet", "plant");
    w.make("fish:50", "fillet:30", "plant");
    assert_eq!(
        spots(&back(&w, "fillet")),
        ["fillet@plant", "fish@boat", "fish@in #box", "fish@plant"]
    );
    assert_eq!(events(&back(&w, "fillet")), [0, 1, 2, 3, 4, 5]);
    assert_eq!(names(&forward(&w, "fish")), ["*", "fillet", "fish"]);
}

#[test]
fn a_container_that_goes_into_a_process_takes_its_contents_along() {
    let mut w = World::default();
    w.pack(Action::Add, "sack", "flour:25", "mill");
    w.pack(Action::Add, "pallet", "#sack", "mill");
    w.make("#pallet", "bread:30", "bakery");
    assert_eq!(names(&forward(&w, "flour")), ["*", "bread", "flour"]);
    assert_eq!(names(&back(&w, "bread")), ["#pallet", "#sack", "*", "bread", "flour"]);
}

#[test]
fn a_container_as_a_start_means_what_is_in_it() {
    let mut w = World::default();
    w.born("fish:50", "boat");
    w.pack(Action::Add, "box", "fish:50", "boat");
    w.receive("#box", "plant");
    w.make("fish:50", "fillet:30", "plant");
    assert!(names(&forward(&w, "#box")).contains(&"fillet".to_owned()));
    assert!(spots(&back(&w, "#box")).contains(&"fish@boat".to_owned()));
}

#[test]
fn events_of_one_transformation_are_one_process() {
    let mut w = World::default();
    w.make("milk:10", "", "dairy").transformation_id = Some("urn:minh-hoa:vat:1".into());
    w.make("", "cheese:1", "dairy").transformation_id = Some("urn:minh-hoa:vat:1".into());
    w.make("salt:1", "", "dairy").transformation_id = Some("urn:minh-hoa:vat:1".into());
    w.make("water", "whey", "dairy").transformation_id = Some("urn:minh-hoa:vat:2".into());
    assert_eq!(names(&back(&w, "cheese")), ["*", "cheese", "milk", "salt"]);
    assert_eq!(names(&forward(&w, "salt")), ["*", "cheese", "salt"]);
}

#[test]
fn a_shipment_meets_its_receipt_by_document_destination_source_or_as_the_only_one() {
    // By document, though the destination says otherwise.
    let mut w = World::default();
    w.born("a:10", "farm");
    w.ship("a:5", "farm", "b");
    w.document("1");
    w.ship("a:5", "farm", "c");
    w.receive("a:5", "d");
    w.document("1");
    assert_eq!(spots(&back(&w, "a")), ["a@>", "a@>c", "a@d", "a@farm"]);
    // By source.
    let mut w = World::default();
    w.born("a:10", "farm");
    w.ship("a:5", "farm", "");
    w.receive("a:5", "d").source_list.push(epcis::Party::new("location", &place("farm")));
    assert_eq!(forward(&w, "a").edges.iter().filter(|edge| edge.implied).count(), 0);
    // As the only ones.
    let mut w = World::default();
    w.born("a:10", "farm");
    w.ship("a:5", "farm", "");
    w.receive("a:5", "d");
    assert_eq!(spots(&forward(&w, "a")), ["a@>", "a@d", "a@farm"]);
}

#[test]
fn one_side_alone_is_kept_and_marked() {
    // Only the receiver speaks.
    let mut w = World::default();
    w.receive("a:5", "shop").source_list.push(epcis::Party::new("location", &place("farm")));
    let trace = back(&w, "a");
    assert_eq!(spots(&trace), ["a@farm", "a@shop"]);
    assert!(trace.edges[0].implied);
    // Only the sender speaks, and the goods are used there.
    let mut w = World::default();
    w.born("a:5", "farm");
    w.ship("a:5", "farm", "plant");
    w.make("a:5", "b:5", "plant");
    assert_eq!(spots(&back(&w, "b")), ["a@>plant", "a@farm", "a@plant", "b@plant"]);
    // Nobody speaks of the way at all.
    let mut w = World::default();
    w.born("a:5", "farm");
    w.born("#x", "farm");
    w.make("a:5 #x", "b:5", "plant");
    assert_eq!(names(&back(&w, "b")), ["#x", "*", "a", "b"]);
    assert!(spots(&back(&w, "b")).contains(&"a@farm".to_owned()));
    assert!(spots(&back(&w, "b")).contains(&"#x@farm".to_owned()));
}

#[test]
fn a_receipt_before_its_shipment_still_joins() {
    let mut w = World::default();
    w.born("a:5", "farm");
    w.receive("a:5", "plant");
    w.ship("a:5", "farm", "plant");
    w.make("a:5", "b:5", "plant");
    assert_eq!(names(&forward(&w, "a")), ["*", "a", "b"]);
    let start = Start { place: Some(place("farm")), ..Start::of(&lot("a")) };
    let trace = w.graph().trace(&[start], Direction::Forward, None, &Limits::default()).unwrap();
    assert_eq!(names(&trace), ["*", "a", "b"]);
    assert!(spots(&back(&w, "b")).contains(&"a@farm".to_owned()));
}

#[test]
fn the_order_in_which_events_come_changes_nothing() {
    let mut w = World::default();
    w.born("paddy:100", "field");
    w.pack(Action::Add, "sack", "paddy:100", "field");
    w.ship("#sack", "field", "mill");
    w.receive("#sack", "mill");
    w.make("paddy:100", "rice:65", "mill");
    let told = |trace: &trace::Trace| (spots(trace), trace.edges.len(), trace.events.len());
    let straight = told(&back(&w, "rice"));
    w.events.reverse();
    assert_eq!(told(&back(&w, "rice")), straight);
    w.events.swap(1, 3);
    let mut graph = w.graph();
    assert_eq!(told(&go(&graph, "rice", Direction::Back)), straight);
    graph.settle();
    assert_eq!(told(&go(&graph, "rice", Direction::Back)), straight);
}

#[test]
fn an_error_declaration_takes_an_event_out_and_the_past_stays_as_it_was_known() {
    let mut w = World::default();
    w.born("a:5", "plant");
    w.make("a:5", "b:5", "plant");
    let wrong = w.events[1].clone();
    let declared = wrong.declare_error(epcis::ErrorDeclaration {
        declaration_time: World::time(10),
        reason: None,
        corrective_event_ids: Vec::new(),
        extensions: Vec::new(),
    });
    let mut graph = trace::Graph::new();
    graph.add(&declared, Some(30));
    graph.add(&w.events[0], Some(10));
    graph.add(&wrong, Some(20));
    let at = |as_of| {
        let start = [Start::of(&lot("a"))];
        names(&graph.trace(&start, Direction::Forward, as_of, &Limits::default()).unwrap())
    };
    assert_eq!(at(None), ["a"]);
    assert_eq!(at(Some(29)), ["*", "a", "b"]);
    assert_eq!(at(Some(19)), ["a"]);
    let start = [Start::of(&lot("b"))];
    let unknown = graph.trace(&start, Direction::Back, Some(19), &Limits::default());
    assert_eq!(unknown.unwrap_err(), StartError::Unknown(lot("b")));
}

#[test]
fn a_class_means_all_its_lots_and_items_and_a_place_all_that_was_there() {
    let mut graph = trace::Graph::new();
    let mut w = World::default();
    for id in
        ["https://id.gs1.org/01/09521234567899/10/L1", "urn:epc:class:lgtin:952123456.0789.L2"]
    {
        let event: &mut Event = w.born("", "plant");
        event.quantity_list.push(epcis::Quantity::measured(id, 1, "KGM"));
    }
    w.born("", "plant").epc_list.push("urn:epc:id:sgtin:952123456.0789.S1".into());
    for event in &w.events {
        graph.add(event, None);
    }
    let ask = |id: &str| {
        let trace =
            graph.trace(&[Start::of(id)], Direction::Forward, None, &Limits::default()).unwrap();
        trace
            .nodes
            .into_iter()
            .map(|node| node.id.replace("https://id.gs1.org/01/09521234567899", ""))
            .collect::<Vec<_>>()
    };
    assert_eq!(ask("https://id.gs1.org/01/09521234567899"), ["/10/L1", "/10/L2", "/21/S1"]);
    assert_eq!(ask("urn:epc:class:lgtin:952123456.0789.L1"), ["/10/L1"]);
    assert_eq!(ask(&place("plant")).len(), 3);
}

#[test]
fn one_step_is_to_the_next_hand_and_no_further() {
    let mut w = World::default();
    w.born("a:9", "farm");
    for (from, to) in [("farm", "mill"), ("mill", "shop"), ("shop", "home")] {
        w.ship("a:9", from, to);
        w.receive("a:9", to);
    }
    let start = Start { place: Some(place("mill")), ..Start::of(&lot("a")) };
    let limits = Limits { steps: 1, ..Limits::default() };
    let ask = |direction| {
        spots(&w.graph().trace(std::slice::from_ref(&start), direction, None, &limits).unwrap())
    };
    assert_eq!(ask(Direction::Forward), ["a@>shop", "a@mill", "a@shop"]);
    assert_eq!(ask(Direction::Back), ["a@>mill", "a@farm", "a@mill"]);
}

#[test]
fn a_circle_ends_and_a_diamond_of_a_billion_ways_is_walked_once() {
    let mut w = World::default();
    w.make("a:1", "b:1", "plant");
    w.make("b:1", "a:1", "plant");
    assert_eq!(names(&forward(&w, "a")), ["*", "a", "b"]);
    let mut w = World::default();
    for level in 0..30 {
        let next = level + 1;
        w.make(&format!("n{level}"), &format!("l{level} r{level}"), "plant");
        w.make(&format!("l{level}"), &format!("n{next}"), "plant");
        w.make(&format!("r{level}"), &format!("n{next}"), "plant");
    }
    assert_eq!(forward(&w, "n0").nodes.len(), 31 + 60 + 90);
    assert_eq!(back(&w, "n30").nodes.len(), 31 + 60 + 90);
}

#[test]
fn an_answer_that_would_be_too_large_says_so() {
    let mut w = World::default();
    w.make("a:1000", "", "plant").transformation_id = Some("urn:minh-hoa:p".into());
    for n in 0..500 {
        w.make("", &format!("out{n}:1"), "plant").transformation_id = Some("urn:minh-hoa:p".into());
    }
    let ask = |limits: &Limits<'_>| {
        w.graph().trace(&[Start::of(&lot("a"))], Direction::Forward, None, limits).unwrap()
    };
    let few = ask(&Limits { nodes: 100, ..Limits::default() });
    assert_eq!((few.nodes.len(), few.stopped), (100, Some(Stopped::TooMany)));
    let all = ask(&Limits::default());
    assert_eq!((all.nodes.len(), all.stopped), (502, None));
    assert_eq!(all.nodes.iter().filter(|node| node.kind == NodeKind::Process).count(), 1);
    assert_eq!(
        ask(&Limits { stop: &|| true, ..Limits::default() }).stopped,
        Some(Stopped::Cancelled)
    );
}

#[test]
fn containers_in_a_circle_do_not_hang() {
    let mut w = World::default();
    w.pack(Action::Add, "a", "#b", "yard");
    w.pack(Action::Add, "b", "#a lot:1", "yard");
    w.seen("#a", "quay");
    w.make("lot:1", "out:1", "quay");
    assert!(names(&back(&w, "out")).contains(&"lot".to_owned()));
    assert!(names(&forward(&w, "#a")).contains(&"#a".to_owned()));
}

#[test]
fn what_nobody_speaks_of_is_unknown() {
    let w = World::default();
    let ask = |start: Start| w.graph().trace(&[start], Direction::Back, None, &Limits::default());
    assert_eq!(ask(Start::of(&item("x"))).unwrap_err(), StartError::Unknown(item("x")));
    let mut w = World::default();
    w.born("a:1", "farm");
    let start = Start { place: Some(place("moon")), ..Start::of(&lot("a")) };
    let never = w.graph().trace(&[start], Direction::Back, None, &Limits::default());
    assert_eq!(never.unwrap_err(), StartError::NeverThere(lot("a"), place("moon")));
}

#[test]
fn more_received_than_was_sent_came_from_elsewhere_too() {
    let mut w = World::default();
    w.born("a:5", "farm");
    w.make("x:1", "a:5", "barn");
    w.ship("a:5", "farm", "plant");
    w.receive("a:5", "plant");
    // A second receipt, of which nobody wrote down the shipment.
    w.receive("a:5", "plant");
    w.make("a:10", "b:10", "plant");
    assert!(names(&back(&w, "b")).contains(&"x".to_owned()));
    assert!(names(&forward(&w, "x")).contains(&"b".to_owned()));
}

#[test]
fn a_thing_that_left_its_container_travels_with_it_no_longer() {
    let mut w = World::default();
    w.pack(Action::Add, "crate", "#a", "farm");
    w.pack(Action::Add, "box", "#crate", "farm");
    w.receive("#crate", "market");
    w.pack(Action::Delete, "crate", "#a", "market");
    w.ship("#crate", "market", "farm");
    assert_eq!(events(&forward(&w, "#a")), [0, 1, 2, 3]);
    // Nor does a crate that was taken out of a box go into the pot with it.
    w.make("#box", "soup:1", "farm");
    assert_eq!(names(&back(&w, "soup")), ["#box", "*", "soup"]);
}

#[test]
fn a_shipment_without_an_address_that_nobody_received_may_be_wherever_the_lot_is() {
    let mut w = World::default();
    w.make("bad:5", "lot:5", "d");
    w.born("lot:10", "c");
    w.make("lot:1", "other:1", "c");
    w.ship("lot:5", "d", "");
    assert_eq!(spots(&forward(&w, "bad")), ["bad@d", "lot@>", "lot@?", "lot@c", "lot@d"]);
}

#[test]
fn a_lot_in_forty_thousand_places_is_walked_in_the_time_of_its_links() {
    const SHOPS: usize = 40_000;
    let mut w = World::default();
    w.born("salt:1000000", "works");
    for shop in 0..SHOPS {
        // Half of the way is written down by the sender, half by the receiver, a part by both under one document.
        let to = format!("shop{shop}");
        match shop % 4 {
            0 => drop(w.ship("salt:1", "works", &to).clone()),
            1 => drop(w.receive("salt:1", &to).clone()),
            _ => {
                w.ship("salt:1", "works", "");
                w.document(&(shop / 4).to_string());
                if shop % 4 == 3 {
                    w.receive("salt:1", &to);
                    w.document(&(shop / 4).to_string());
                }
            }
        }
    }
    let graph = w.graph();
    let trace = go(&graph, "salt", Direction::Forward);
    assert!(trace.nodes.len() > SHOPS && trace.stopped.is_none());
    assert!(trace.edges.len() < 4 * SHOPS);
    let recall = graph.recall(&[Start::of(&lot("salt"))], None, &Limits::default()).unwrap();
    assert!(recall.holdings.len() > SHOPS);
    assert!(go(&graph, "salt", Direction::Back).nodes.len() > SHOPS);
}

#[test]
fn a_process_with_many_inputs_and_outputs_is_added_up_once() {
    let many =
        |name: &str| (0..20_000).map(|n| format!("{name}{n}:1")).collect::<Vec<_>>().join(" ");
    let mut w = World::default();
    w.make(&many("in"), &many("out"), "plant");
    let recall = w.graph().recall(&[Start::of(&lot("in0"))], None, &Limits::default()).unwrap();
    assert_eq!(recall.holdings.len(), 20_001);
}

#[test]
fn a_shipment_with_an_address_that_nobody_received_came_to_where_the_lot_is_already() {
    let mut w = World::default();
    w.make("bad:5", "lot:5", "d");
    w.born("lot:10", "c");
    w.ship("lot:5", "d", "c");
    w.make("lot:1", "other:1", "c");
    assert!(names(&forward(&w, "bad")).contains(&"other".to_owned()));
    assert!(names(&back(&w, "other")).contains(&"bad".to_owned()));
}
