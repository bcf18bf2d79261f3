//! Who may see which events, in a random world of organisations that hand goods to each other, pack, err and take back: what
//! every reader sees against an oracle that follows the rules' words.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use server::capture::party_uri;
use server::places::gln::{self, Finding};
use server::places::{self, NewPlace};
use server::sight;
use store::testing::each_engine;
use store::{params, sql};

use crate::epcis_api::{Program, document};
use crate::ground::{COMMUNE, Ground};
use crate::sight::{LOT, PALLET, name, seen, set};

/// One of the four organisations of the random world says something.
#[derive(Debug, Clone)]
struct Saying {
    owner: usize,
    things: Vec<usize>,
    container: Option<usize>,
    /// Into the container, or out of it; all of it where nothing is named.
    adds: bool,
    all: bool,
    /// Forward or back, whom, and whether by the number of a place.
    names: Option<(bool, usize, bool)>,
    minute: u8,
    /// Instead of all this, an earlier event is declared to be in error.
    declares: Option<prop::sample::Index>,
}

fn saying() -> impl Strategy<Value = Saying> {
    let names = prop::option::weighted(0.4, (any::<bool>(), 0..4_usize, prop::bool::weighted(0.4)));
    (
        0..4_usize,
        prop::collection::vec(0..6_usize, 1..3),
        prop::option::weighted(0.4, 3..5_usize),
        (prop::bool::weighted(0.7), prop::bool::weighted(0.3)),
        names,
        0..59_u8,
        prop::option::weighted(0.15, any::<prop::sample::Index>()),
    )
        .prop_map(|(owner, things, container, (adds, all), names, minute, declares)| Saying {
            owner,
            // Nothing lies in itself.
            container: container.filter(|container| things.iter().any(|thing| thing != container)),
            things,
            adds,
            all: all && !adds,
            names,
            minute,
            declares,
        })
}

/// Three lots, two pallets and a single item.
fn thing(number: usize) -> &'static str {
    [
        LOT,
        "https://id.gs1.org/01/08931234567897/10/L2",
        "https://id.gs1.org/01/08931234567897/10/L3",
        PALLET,
        "https://id.gs1.org/00/389312345000000024",
        "https://id.gs1.org/01/08931234567897/21/7K3M",
    ][number]
}

fn is_lot(number: usize) -> bool {
    number < 3
}

/// A place's number for each of the organisations.
const GLNS: [&str; 4] = ["8931234567804", "8931234567811", "8931234567828", "8931234567835"];

fn said(number: usize, saying: &Saying, parties: &[i64]) -> Value {
    let others = saying.things.iter().filter(|thing| Some(**thing) != saying.container);
    let (lots, items): (Vec<usize>, Vec<usize>) = others.partition(|number| is_lot(**number));
    let classes: Vec<Value> = lots
        .iter()
        .map(|number| json!({"epcClass": thing(*number), "quantity": 1, "uom": "KGM"}))
        .collect();
    let items: BTreeSet<&str> = items.iter().map(|number| thing(*number)).collect();
    let mut event = json!({
        "type": "ObjectEvent", "eventID": format!("urn:x:{number}"), "action": "OBSERVE",
        "eventTime": format!("2026-11-01T08:{:02}:00+07:00", saying.minute), "eventTimeZoneOffset": "+07:00",
        "bizStep": if saying.minute.is_multiple_of(2) { "storing" } else { "shipping" },
    });
    let (mut of_items, mut of_lots) = ("epcList", "quantityList");
    if let Some(container) = saying.container {
        event["type"] = json!("AggregationEvent");
        event["action"] = json!(if saying.adds { "ADD" } else { "DELETE" });
        event["parentID"] = json!(thing(container));
        (of_items, of_lots) = ("childEPCs", "childQuantityList");
    }
    if !(saying.all && saying.container.is_some()) {
        event[of_items] = json!(items);
        event[of_lots] = json!(classes);
    }
    if let Some((forward, party, by_number)) = saying.names {
        let party = if by_number {
            format!("https://id.gs1.org/414/{}", GLNS[party])
        } else {
            party_uri(parties[party])
        };
        if forward {
            event["destinationList"] = json!([{"type": "owning_party", "destination": party}]);
        } else {
            event["sourceList"] = json!([{"type": "owning_party", "source": party}]);
        }
    }
    event
}

/// Whom an event names.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Named {
    Nobody,
    Somebody,
    Organisation(usize),
}

impl Named {
    fn of(party: Option<usize>) -> Named {
        party.map_or(Named::Somebody, Named::Organisation)
    }
}

/// What the random world knows of one captured event.
#[derive(Debug, Clone)]
struct Known {
    owner: usize,
    event: Value,
    minute: u8,
    things: BTreeSet<usize>,
    container: Option<usize>,
    /// What it names beside the container; a lot as often as its kilograms.
    content: Vec<usize>,
    adds: bool,
    named: Named,
    /// Whose number it names them by.
    by_number: Option<usize>,
    declaration_of: Option<usize>,
}

impl Known {
    fn of(saying: &Saying, event: Value, numbers: &[Option<usize>; 4]) -> Known {
        let content: Vec<usize> = saying
            .things
            .iter()
            .copied()
            .filter(|thing| Some(*thing) != saying.container)
            .filter(|_| !(saying.all && saying.container.is_some()))
            .collect();
        let mut things: BTreeSet<usize> = content.iter().copied().collect();
        things.extend(saying.container);
        Known {
            owner: saying.owner,
            event,
            minute: saying.minute,
            things,
            container: saying.container,
            content,
            adds: saying.adds,
            named: match saying.names {
                None => Named::Nobody,
                Some((_, party, true)) => Named::of(numbers[party]),
                Some((_, party, false)) => Named::Organisation(party),
            },
            by_number: saying.names.filter(|(_, _, by_number)| *by_number).map(|names| names.1),
            declaration_of: None,
        }
    }
}

/// The random world up to some event.
struct World<'a>(&'a [Known], BTreeSet<usize>);

impl<'a> World<'a> {
    fn of(log: &'a [Known]) -> World<'a> {
        World(log, log.iter().filter_map(|one| one.declaration_of).collect())
    }

    fn stands(&self, number: usize) -> bool {
        self.0[number].declaration_of.is_none() && !self.1.contains(&number)
    }

    /// What an owner says lay in a container before an event.
    fn content(&self, container: usize, before: usize) -> BTreeSet<usize> {
        let owner = self.0[before].owner;
        let mut numbers: Vec<usize> = (0..self.0.len())
            .filter(|number| {
                let one = &self.0[*number];
                one.owner == owner
                    && one.container == Some(container)
                    && self.stands(*number)
                    && (one.minute, *number) < (self.0[before].minute, before)
            })
            .collect();
        numbers.sort_by_key(|number| (self.0[*number].minute, *number));
        let mut inside: BTreeMap<usize, usize> = BTreeMap::new();
        for one in numbers.into_iter().map(|number| &self.0[number]) {
            if !one.adds && one.content.is_empty() {
                inside.clear();
            }
            for thing in &one.content {
                let amount = inside.get(thing).copied().unwrap_or_default();
                let left = match (one.adds, is_lot(*thing)) {
                    (true, true) => amount + 1,
                    (true, false) => 1,
                    (false, true) => amount.saturating_sub(1),
                    (false, false) => 0,
                };
                inside.insert(*thing, left);
            }
        }
        inside.into_iter().filter(|(_, amount)| *amount > 0).map(|(thing, _)| thing).collect()
    }

    /// Owner and thing, where the owner says that it went to the reader or came from it.
    fn handed(&self, reader: usize) -> BTreeSet<(usize, usize)> {
        let mut handed = BTreeSet::new();
        for (number, one) in self.0.iter().enumerate() {
            if !self.stands(number)
                || one.named != Named::Organisation(reader)
                || one.owner == reader
            {
                continue;
            }
            let mut with = one.things.clone();
            for _ in 0..6 {
                for container in with.clone() {
                    with.extend(self.content(container, number));
                }
            }
            handed.extend(with.into_iter().map(|thing| (one.owner, thing)));
        }
        handed
    }

    /// The events that a reader sees for their things.
    fn for_things(&self, reader: usize) -> BTreeSet<usize> {
        let handed = self.handed(reader);
        let open = |one: &Known, thing: usize| {
            let concerns = match one.named {
                Named::Nobody => true,
                Named::Somebody => false,
                Named::Organisation(party) => party == reader || party == one.owner,
            };
            handed.contains(&(one.owner, thing)) && (!is_lot(thing) || concerns)
        };
        let sees = |number: &usize| {
            let one = &self.0[*number];
            one.owner == reader || one.things.iter().any(|thing| open(one, *thing))
        };
        (0..self.0.len()).filter(sees).collect()
    }
}

/// What a reader may see by hands alone, straight from the words of the module's page: events for their things, and declarations
/// of what it saw when they came.
fn by_hand(log: &[Known], reader: usize) -> BTreeSet<String> {
    let mut told: BTreeSet<usize> = BTreeSet::new();
    for (number, one) in log.iter().enumerate() {
        let Some(wrong) = one.declaration_of else { continue };
        let saw = World::of(&log[..number]).for_things(reader);
        let of_it = |other: usize| other == wrong || log[other].declaration_of == Some(wrong);
        if (0..number).any(|other| of_it(other) && (saw.contains(&other) || told.contains(&other)))
        {
            told.insert(number);
        }
    }
    let numbers = World::of(log).for_things(reader);
    numbers.union(&told).map(|number| name(&log[*number].event)).collect()
}

/// What becomes of the numbers of places at some moments: written down, by whom it may be, found to be right or wrong.
async fn register(
    g: &Ground,
    orgs: &[(i64, i64)],
    moment: usize,
    numbers: &mut [Option<usize>; 4],
) {
    let write = async |org: usize, number: usize| {
        let new = NewPlace {
            kind: "shop".to_owned(),
            name: "Kho".to_owned(),
            commune: COMMUNE.to_owned(),
            gln: Some(GLNS[number].to_owned()),
            ..NewPlace::default()
        };
        places::create(&g.app, orgs[org].1, orgs[org].0, &new).await.unwrap();
    };
    let find = async |org: usize, number: usize, finding| {
        let all = gln::numbered(&g.app, orgs[org].0).await.unwrap();
        let place = all.iter().find(|place| place.gln.as_deref() == Some(GLNS[number])).unwrap();
        gln::decide(&g.app, &g.officer, place, place.version, finding).await.unwrap();
    };
    if [5, 20, 50, 80].contains(&moment) {
        // What came before means what it meant before.
        sight::catch_up(&g.app).await.unwrap();
    }
    match moment {
        5 => write(0, 3).await,
        20 => {
            write(1, 1).await;
            find(1, 1, Finding::Theirs).await;
            numbers[1] = Some(1);
            write(2, 2).await;
        }
        50 => {
            find(2, 2, Finding::Theirs).await;
            numbers[2] = Some(2);
            find(0, 3, Finding::NotTheirs).await;
            write(3, 3).await;
            find(3, 3, Finding::Theirs).await;
            numbers[3] = Some(3);
        }
        80 => {
            find(1, 1, Finding::NotTheirs).await;
            numbers[1] = None;
            write(0, 1).await;
            find(0, 1, Finding::Theirs).await;
            numbers[1] = Some(0);
        }
        _ => {}
    }
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
        let sayings = prop::collection::vec(saying(), 120).new_tree(&mut runner).unwrap().current();
        let mut log: Vec<Known> = Vec::new();
        let mut numbers = [None; 4];
        for (number, saying) in sayings.iter().enumerate() {
            register(&g, &orgs, number, &mut numbers).await;
            let candidates: Vec<usize> =
                (0..log.len()).filter(|number| log[*number].declaration_of.is_none()).collect();
            let known = match &saying.declares {
                Some(index) if !candidates.is_empty() => {
                    let wrong = *index.get(&candidates);
                    let mut known = log[wrong].clone();
                    let at = format!("2026-11-02T08:00:{:02}+07:00", number % 60);
                    known.event["errorDeclaration"] = json!({"declarationTime": at});
                    known.declaration_of = Some(wrong);
                    // What it names may have come to mean another.
                    if let Some(party) = known.by_number {
                        known.named = Named::of(numbers[party]);
                    }
                    // The same event may be declared once only here: a name is a line of the answer.
                    if log.iter().any(|one| one.declaration_of == Some(wrong)) {
                        continue;
                    }
                    known
                }
                _ => Known::of(saying, said(number, saying, &parties), &numbers),
            };
            let event = std::slice::from_ref(&known.event);
            let job = programs[known.owner].capture(document(event)).await;
            assert_eq!(job["success"], json!(true), "{job}");
            log.push(known);
            // Views come by now and then, and more than one event at once.
            if number % 7 == 0 {
                sight::catch_up(&g.app).await.unwrap();
                assert_eq!(sight::verify(&g.app).await.unwrap(), Vec::<String>::new(), "{number}");
            }
        }
        sight::catch_up(&g.app).await.unwrap();
        let mut beyond = 0;
        for _ in ["as followed", "as built again"] {
            assert_eq!(sight::verify(&g.app).await.unwrap(), Vec::<String>::new());
            for (reader, program) in programs.iter().enumerate().take(4) {
                let expected = by_hand(&log, reader);
                beyond += expected.len() - log.iter().filter(|one| one.owner == reader).count();
                assert_eq!(seen(program).await, expected, "reader {reader}");
            }
            sight::rebuild(&g.app).await.unwrap();
        }
        assert!(beyond > 80, "the world is too dull: {beyond}");
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
