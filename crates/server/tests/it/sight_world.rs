//! Who may see which events, in a random world of organisations that hand goods to each other, pack, err and take back: what
//! every reader sees against an oracle that follows the rules' words.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use server::capture::party_uri;
use server::sight;
use store::testing::each_engine;
use store::{params, sql};

use crate::epcis_api::{Program, document};
use crate::ground::Ground;
use crate::sight::{LOT, PALLET, name, seen, set};

/// One of the four organisations of the random world says something.
#[derive(Debug, Clone)]
struct Saying {
    owner: usize,
    things: Vec<usize>,
    container: Option<usize>,
    names: Option<(bool, usize)>,
    minute: u8,
    /// Instead of all this, an earlier event is declared to be in error.
    declares: Option<prop::sample::Index>,
}

fn saying() -> impl Strategy<Value = Saying> {
    let names = prop::option::weighted(0.4, (any::<bool>(), 0..4_usize));
    (
        0..4_usize,
        prop::collection::vec(0..5_usize, 1..3),
        prop::option::weighted(0.3, 3..5_usize),
        names,
        0..59_u8,
        prop::option::weighted(0.12, any::<prop::sample::Index>()),
    )
        .prop_map(|(owner, things, container, names, minute, declares)| Saying {
            owner,
            things,
            container,
            names,
            minute,
            declares,
        })
}

/// Three lots and two pallets.
fn thing(number: usize) -> &'static str {
    [
        LOT,
        "https://id.gs1.org/01/08931234567897/10/L2",
        "https://id.gs1.org/01/08931234567897/10/L3",
        PALLET,
        "https://id.gs1.org/00/389312345000000024",
    ][number]
}

fn said(number: usize, saying: &Saying, parties: &[i64]) -> Value {
    let classes: Vec<Value> = saying
        .things
        .iter()
        .filter(|thing| Some(**thing) != saying.container)
        .map(|number| json!({"epcClass": thing(*number), "quantity": 1, "uom": "KGM"}))
        .collect();
    let mut event = json!({
        "type": "ObjectEvent", "eventID": format!("urn:x:{number}"), "action": "OBSERVE",
        "eventTime": format!("2026-11-01T08:{:02}:00+07:00", saying.minute), "eventTimeZoneOffset": "+07:00",
        "quantityList": classes, "bizStep": if saying.minute.is_multiple_of(2) { "storing" } else { "shipping" },
    });
    if let Some(container) = saying.container {
        event["type"] = json!("AggregationEvent");
        event["action"] = json!("ADD");
        event["parentID"] = json!(thing(container));
        event["childQuantityList"] = event["quantityList"].take();
        event.as_object_mut().unwrap().remove("quantityList");
    }
    if let Some((forward, party)) = saying.names {
        let party = party_uri(parties[party]);
        if forward {
            event["destinationList"] = json!([{"type": "owning_party", "destination": party}]);
        } else {
            event["sourceList"] = json!([{"type": "owning_party", "source": party}]);
        }
    }
    event
}

/// What the random world knows of one captured event.
#[derive(Debug, Clone)]
struct Known {
    owner: usize,
    event: Value,
    things: BTreeSet<usize>,
    container: Option<usize>,
    named: Option<usize>,
    declaration_of: Option<usize>,
}

/// What a reader may see by hands alone, straight from the words of the module's page.
fn by_hand(log: &[Known], reader: usize) -> BTreeSet<String> {
    let void: BTreeSet<usize> = log.iter().filter_map(|one| one.declaration_of).collect();
    let stands = |number: &usize| log[*number].declaration_of.is_none() && !void.contains(number);
    let mut handed: BTreeSet<(usize, usize)> = BTreeSet::new();
    for number in (0..log.len()).filter(stands) {
        let one = &log[number];
        if one.named == Some(reader) && one.owner != reader {
            handed.extend(one.things.iter().map(|thing| (one.owner, *thing)));
        }
    }
    for _ in 0..log.len() {
        for number in (0..log.len()).filter(stands) {
            let one = &log[number];
            if one.container.is_some_and(|container| handed.contains(&(one.owner, container))) {
                handed.extend(one.things.iter().map(|thing| (one.owner, *thing)));
            }
        }
    }
    log.iter()
        .filter(|one| {
            one.owner == reader
                || one.things.iter().any(|thing| handed.contains(&(one.owner, *thing)))
        })
        .map(|one| name(&one.event))
        .collect()
}

#[tokio::test]
async fn every_reader_sees_what_the_rules_say_whatever_happened() {
    each_engine(|store| async move {
        let g = Ground::new(store).await;
        let mut orgs = vec![(g.org, g.manager)];
        for name in ["Cơ sở xay xát", "Cửa hàng", "Kho"] {
            orgs.push(g.neighbour(name).await);
        }
        let (authority, clerk) = g.neighbour("Chi cục quản lý chất lượng").await;
        let mut programs = Vec::new();
        for (org, person) in orgs.iter().chain([&(authority, clerk)]) {
            programs.push(Program::new(&g, *org, *person).await);
        }
        let parties: Vec<i64> = orgs.iter().map(|(org, _)| *org).collect();
        let mut runner = TestRunner::deterministic();
        let sayings = prop::collection::vec(saying(), 60).new_tree(&mut runner).unwrap().current();
        let mut log: Vec<Known> = Vec::new();
        for (number, saying) in sayings.iter().enumerate() {
            let candidates: Vec<usize> =
                (0..log.len()).filter(|number| log[*number].declaration_of.is_none()).collect();
            let known = match &saying.declares {
                Some(index) if !candidates.is_empty() => {
                    let wrong = *index.get(&candidates);
                    let mut known = log[wrong].clone();
                    let at = format!("2026-11-02T08:00:{:02}+07:00", number % 60);
                    known.event["errorDeclaration"] = json!({"declarationTime": at});
                    known.declaration_of = Some(wrong);
                    // The same event may be declared once only here: a name is a line of the answer.
                    if log.iter().any(|one| one.declaration_of == Some(wrong)) {
                        continue;
                    }
                    known
                }
                _ => {
                    let mut things: BTreeSet<usize> = saying.things.iter().copied().collect();
                    things.extend(saying.container);
                    Known {
                        owner: saying.owner,
                        event: said(number, saying, &parties),
                        things,
                        container: saying.container,
                        named: saying.names.map(|(_, party)| party),
                        declaration_of: None,
                    }
                }
            };
            let event = std::slice::from_ref(&known.event);
            let job = programs[known.owner].capture(document(event)).await;
            assert_eq!(job["success"], json!(true), "{job}");
            log.push(known);
            // Views come by now and then, and more than one event at once.
            if number % 7 == 0 {
                sight::catch_up(&g.app).await.unwrap();
            }
        }
        sight::catch_up(&g.app).await.unwrap();
        assert_eq!(sight::verify(&g.app).await.unwrap(), Vec::<String>::new());
        let mut beyond = 0;
        for (reader, program) in programs.iter().enumerate().take(4) {
            let expected = by_hand(&log, reader);
            beyond += expected.len() - log.iter().filter(|one| one.owner == reader).count();
            assert_eq!(seen(program).await, expected, "reader {reader}");
        }
        assert!(beyond > 20, "the world is too dull: {beyond}");
        assert_eq!(seen(&programs[4]).await, set(&[]));

        // A rule of the first organisation for the authority, by product, place and time, then oversight of all.
        rule(&g, g.org, authority, Some("2026-11-01T01:30:00Z")).await;
        let after_half_past = |one: &&Known| {
            one.owner == 0
                && one.event["eventTime"].as_str().unwrap() >= "2026-11-01T08:30:00+07:00"
        };
        let expected: BTreeSet<String> =
            log.iter().filter(after_half_past).map(|one| name(&one.event)).collect();
        assert_eq!(seen(&programs[4]).await, expected);
        for (sector, area, all) in
            [("health", "", false), ("agriculture", "01", false), ("", "11", true)]
        {
            oversee(&g, authority, sector, area).await;
            let expected = if all {
                log.iter().map(|one| name(&one.event)).collect()
            } else {
                expected.clone()
            };
            assert_eq!(seen(&programs[4]).await, expected, "{sector} {area}");
        }
        // The conditions of a query hold for every reason.
        let shipped = programs[4].all("EQ_bizStep=shipping&perPage=7&orderBy=eventTime").await;
        let expected = log.iter().filter(|one| one.event["bizStep"] == json!("shipping")).count();
        assert_eq!(shipped.len(), expected);
        let of_lot = programs[1].all(&format!("MATCH_anyEPCClass={LOT}&perPage=5")).await;
        let sees = by_hand(&log, 1);
        let expected = log
            .iter()
            .filter(|one| one.things.contains(&0) && sees.contains(&name(&one.event)))
            .count();
        assert_eq!(of_lot.len(), expected);
        assert!(expected > 3);
    })
    .await;
}

async fn rule(g: &Ground, owner: i64, reader: i64, since: Option<&str>) {
    let since = since.map(|time| time.parse::<jiff::Timestamp>().unwrap().as_microsecond());
    g.app
        .store
        .execute(
            sql!(
                "INSERT INTO share_rule (id, owner, reader, since, note, valid_from, made_by) VALUES ($1, $2, $3, $4, '', 0, $5)"
            ),
            &params![g.app.id(), owner, reader, since, g.manager],
        )
        .await
        .unwrap();
}

async fn oversee(g: &Ground, authority: i64, sector: &str, area: &str) {
    g.app
        .store
        .execute(
            sql!(
                "INSERT INTO oversight (id, organisation, sector, area, valid_from, granted_by) VALUES ($1, $2, $3, $4, 0, $5)"
            ),
            &params![g.app.id(), authority, sector, area, g.manager],
        )
        .await
        .unwrap();
}
