//! Ways between two things, what many have in common, and contact without descent.

use epcis::{Action, Event};
use trace::{Limits, Start, Trace};

use crate::world::{World, item, lot, names, spots};

fn path(w: &World, from: &str, to: &str) -> Trace {
    let start = |name| Start::of(&lot(name));
    w.graph().path(&start(from), &start(to), None, &Limits::default()).expect("known")
}

#[test]
fn the_ways_between_two_lots_are_all_and_only_what_lies_on_them() {
    let mut w = World::default();
    w.make("a:2", "b:1 c:1", "plant");
    w.make("b:1", "d:1", "plant");
    w.make("c:1 x:1", "d:1", "plant");
    w.make("c:1", "waste:1", "plant");
    assert_eq!(names(&path(&w, "a", "d")), ["*", "a", "b", "c", "d"]);
    assert_eq!(path(&w, "d", "a").nodes, []);
    // What came too late is on no way.
    let mut w = World::default();
    w.make("d:1", "e:1", "plant");
    w.make("a:1", "d:1", "plant");
    assert_eq!(path(&w, "a", "e").nodes, []);
}

#[test]
fn what_most_cases_come_from_is_first_and_of_that_the_latest() {
    let mut w = World::default();
    w.make("milk:9", "curd:9", "dairy");
    w.make("curd:3", "cheese:3", "dairy");
    w.make("curd:3", "quark:3", "dairy");
    w.make("flour:3", "bread:3", "bakery");
    w.make("milk:1 flour:1", "cake:1", "bakery");
    let starts = ["cheese", "quark", "cake"].map(|name| Start::of(&lot(name)));
    let common = w.graph().common(&starts, None, &Limits::default()).unwrap();
    let told: Vec<(String, Vec<usize>)> = common
        .into_iter()
        .filter(|common| common.node.place.is_some())
        .map(|common| (common.node.id.replace("urn:minh-hoa:lot:", ""), common.of))
        .collect();
    let milk = told.iter().position(|(name, _)| name == "milk").unwrap();
    assert_eq!(told[milk].1, [0, 1, 2]);
    let curd = told.iter().position(|(name, _)| name == "curd").unwrap();
    assert_eq!(told[curd].1, [0, 1]);
    assert!(milk < curd);
    assert!(told.iter().all(|(name, _)| name != "flour"));
}

#[test]
fn a_knife_brings_two_lots_into_contact_and_makes_neither_the_others_child() {
    let mut w = World::default();
    let tie = |w: &mut World, action: Action, thing: &str| {
        let minute = w.seen("", "plant").event_time;
        w.events.pop();
        let mut event = Event::association(action, minute, &item("knife"));
        event.child_epcs.push(item(thing));
        event.event_id = Some(format!("urn:minh-hoa:event:{}", w.events.len()));
        w.events.push(event);
    };
    tie(&mut w, Action::Add, "a");
    tie(&mut w, Action::Delete, "a");
    tie(&mut w, Action::Add, "b");
    tie(&mut w, Action::Add, "c");
    let graph = w.graph();
    let with = |name: &str, minutes: i64| -> Vec<String> {
        let contacts = graph.contacts(&item(name), minutes * 60_000_000, None).unwrap();
        assert!(contacts.iter().all(|contact| contact.base == item("knife")));
        contacts
            .into_iter()
            .map(|contact| contact.thing.replace("urn:minh-hoa:item:", ""))
            .collect()
    };
    assert_eq!(with("b", 0), ["c"]);
    assert_eq!(with("b", 1), ["a", "c"]);
    assert_eq!(with("a", 0), Vec::<String>::new());
    assert_eq!(with("a", 2), ["b", "c"]);
    assert_eq!(spots(&crate::world::forward(&w, "#a")).len(), 1);
    assert!(graph.contacts(&item("z"), 0, None).is_err());
}
