//! Random queries over random events: `Query::matches` against an oracle that knows nothing of our types. It looks at the
//! JSON of the event and at the words of EPCIS 2.0 §8.2.7.1 for each parameter.
//!
//! `NGUON_CASES=100000` runs that many instead of a thousand.

mod events;
mod judge;
mod questions;

use std::collections::BTreeMap;

use epcis::query::VocabularyField;
use epcis::{Context, Event, Limits, Query, read_json, read_stored};
use proptest::prelude::*;
use serde_json::Value;

/// A stream of small decisions. Proptest shrinks its bytes towards zero, which is always the plainest choice.
pub(crate) struct Choices {
    bytes: std::vec::IntoIter<u8>,
}

impl Choices {
    fn new(bytes: Vec<u8>) -> Self {
        Self { bytes: bytes.into_iter() }
    }

    /// A number below `n`, at most 256.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        usize::from(self.bytes.next().unwrap_or(0)) % n
    }

    pub(crate) fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == n - 1
    }

    pub(crate) fn of<'t, T: ?Sized>(&mut self, all: &[&'t T]) -> &'t T {
        all[self.below(all.len())]
    }
}

/// The namespace that queries write as `q:`.
pub(crate) const NS: &str = "https://ex.example/ns#";
/// Another one, whose name ends in a word as those of XML do.
pub(crate) const OTHER: &str = "urn:nguon:ns";

/// Places, each below the one before it.
pub(crate) const PLACES: [&str; 3] =
    ["urn:nguon:place:0", "urn:epc:id:sgln:893123456.789.0", "urn:epc:id:sgln:893123456.789.K1"];

/// Which place has which attribute.
pub(crate) const ATTRIBUTES: [(&str, &str, &str); 2] = [
    (PLACES[0], "urn:epcglobal:cbv:mda#countryCode", "VN"),
    (PLACES[2], "urn:epcglobal:cbv:mda#city", "Vị Thanh"),
];

fn events(choices: &mut Choices) -> Vec<(Value, Event)> {
    let count = 1 + choices.below(4);
    let documents = (0..count).map(|_| {
        let value = events::event(choices);
        let document = read_json(value.to_string().as_bytes(), &Limits::default());
        let event =
            document.unwrap_or_else(|faults| panic!("{faults:?}\n{value:#}")).events.remove(0);
        // What a store keeps has to mean the same.
        let mut stored = read_stored(&event.stored()).unwrap();
        stored.record_time = event.record_time;
        assert_eq!(stored.extensions, event.extensions);
        (value, stored)
    });
    documents.collect()
}

/// What a server does before a query runs.
fn fill(query: &mut Query, names: &BTreeMap<String, Vec<String>>) {
    for within in &mut query.within {
        let highest = PLACES.iter().position(|place| within.ids.contains(&epcis::canonical(place)));
        within.add(&PLACES[highest.unwrap_or(PLACES.len())..]);
    }
    let asked = names.iter().filter(|(name, _)| name.contains("ATTR_"));
    for (attributes, (name, values)) in query.attributes.iter_mut().zip(asked) {
        assert_eq!(attributes.field, VocabularyField::ReadPoint);
        attributes.add(judge::elements(name, values));
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: std::env::var("NGUON_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(1_000),
        max_shrink_iters: 20_000,
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_query_matches_what_the_words_of_the_standard_say(bytes in prop::collection::vec(any::<u8>(), 0..1_500)) {
        let mut choices = Choices::new(bytes);
        let prefixes = Context::prefix("q", NS);
        // Questions first: their bytes must not depend on how long the events are.
        let questions: Vec<_> = (0..6).map(|_| questions::question(&mut choices)).collect();
        let events = events(&mut choices);
        for question in &questions {
            let mut query = Query::parse_lists_in(&prefixes, question.clone()).map_err(|faults| TestCaseError::fail(format!("{question:?}: {faults:?}")))?;
            fill(&mut query, question);
            for (value, event) in &events {
                let expected = question.iter().all(|(name, values)| judge::answers(value, name, values));
                prop_assert_eq!(query.matches(event), expected, "{:?}\n{:#}", question, value);
            }
            // The same in a query string, where no value holds the separator.
            let joined = question.iter().map(|(name, values)| (name, values.join("|")));
            let mut again = Query::parse_in(&prefixes, joined).unwrap();
            fill(&mut again, question);
            prop_assert_eq!(again, query);
        }
    }
}

proptest! {
    #[test]
    fn no_text_is_too_strange_for_a_parameter(
        parameters in prop::collection::vec(("(EQ|GE|EXISTS|WD|MATCH|HASATTR|EQATTR)_(INNER_|ILMD_)?[a-zA-Z_:#/.*đ]{0,20}|\\PC{0,30}", "urn:epc:idpat:[a-z]{0,5}:[0-9.*]{0,20}|\\PC{0,30}"), 0..6),
    ) {
        let read = [Query::parse(parameters.clone()), Query::parse_lists(parameters.iter().map(|(n, v)| (n, vec![v])))];
        for faults in read.into_iter().filter_map(Result::err) {
            for fault in faults {
                prop_assert!(epcis::RULES.contains(&fault.rule) && fault.line == 0);
            }
        }
    }
}

/// The parameter without the field or the unit that its name holds.
fn family(name: &str) -> &str {
    let name = ["https://ex", "q:", "urn:nguon:ns"]
        .iter()
        .fold(name, |name, stem| name.find(stem).map_or(name, |at| &name[..at]));
    let unit = events::UNITS.iter().find_map(|unit| name.strip_suffix(unit));
    unit.unwrap_or(name)
}

/// The property is worth something only if both answers occur, for every family of parameters.
#[test]
fn questions_are_answered_both_ways() {
    let mut seen: BTreeMap<String, [usize; 2]> = BTreeMap::new();
    let mut state = 1_u64;
    let mut choices = || {
        let bytes = (0..1_500).map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 56) as u8
        });
        Choices::new(bytes.collect())
    };
    let events: Vec<Value> = (0..90).map(|_| events::event(&mut choices())).collect();
    for _ in 0..6_000 {
        for (name, values) in &questions::question(&mut choices()) {
            let counts = seen.entry(family(name).to_owned()).or_default();
            if counts.contains(&0) {
                let yes = events.iter().filter(|e| judge::answers(e, name, values)).count();
                *counts = [counts[0] + events.len() - yes, counts[1] + yes];
            }
        }
    }
    let never: Vec<_> = seen.iter().filter(|(_, [no, yes])| *no == 0 || *yes == 0).collect();
    assert!(never.is_empty(), "{never:?}");
    println!("{} families of parameters, each answered both ways", seen.len());
    assert!(seen.len() > 150, "{}", seen.len());
}
