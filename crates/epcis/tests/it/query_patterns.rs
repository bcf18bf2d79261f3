//! `MATCH_` with the patterns of the Tag Data Standard, scheme by scheme (EPCIS 2.0 §8.2.7.1.1, TDS 2.2 §6.3, §6.7).

use epcis::query::IdPattern;
use epcis::{Action, Event, Quantity, Query};

use crate::built::at;

fn of_epc(epc: &str) -> Event {
    let mut event = Event::object(Action::Observe, at("2026-03-01T08:00:00+07:00"));
    event.epc_list.push(epc.to_owned());
    event
}

fn of_class(class: &str) -> Event {
    let mut event = Event::object(Action::Observe, at("2026-03-01T08:00:00+07:00"));
    event.quantity_list.push(Quantity::unknown(class));
    event
}

fn asked(parameter: &str, value: &str) -> Query {
    Query::parse([(parameter, value)]).unwrap_or_else(|faults| panic!("{value}: {faults:?}"))
}

#[test]
fn a_pattern_fits_the_epcs_that_agree_with_it_and_no_others() {
    // Pattern, EPCs that fit, EPCs that do not.
    let cases: &[(&str, &[&str], &[&str])] = &[
        (
            "sgtin:893123456.0789.*",
            &["sgtin:893123456.0789.7", "sgtin:893123456.0789.a.b"],
            &["sgtin:893123456.1789.7", "upui:893123456.0789.7", "itip:893123456.0789.01.02.7"],
        ),
        (
            "sgtin:893123456.*.*",
            &["sgtin:893123456.0789.7", "sgtin:893123456.9123.8"],
            &["sgtin:893123457.0789.7", "upui:893123456.0789.7", "sscc:893123456.00000001"],
        ),
        ("sgtin:*.*.*", &["sgtin:893123456.0789.7"], &["sscc:893123456.00000001"]),
        (
            "sgtin:893123456.0789.7",
            &["sgtin:893123456.0789.7"],
            &["sgtin:893123456.0789.77", "sgtin:893123456.0789.8"],
        ),
        ("upui:893123456.0789.*", &["upui:893123456.0789.7"], &["sgtin:893123456.0789.7"]),
        (
            "itip:893123456.0789.01.02.*",
            &["itip:893123456.0789.01.02.7"],
            &["itip:893123456.0789.02.02.7", "sgtin:893123456.0789.7"],
        ),
        (
            "itip:893123456.0789.*.*.*",
            &["itip:893123456.0789.02.02.7"],
            &["itip:893123456.1789.02.02.7"],
        ),
        (
            "itip:893123456.*.*.*.*",
            &["itip:893123456.0789.02.02.7"],
            &["itip:893123457.0789.02.02.7", "sgtin:893123456.0789.7"],
        ),
        ("sscc:893123456.*", &["sscc:893123456.00000001"], &["sscc:893123457.00000001"]),
        ("sscc:*.*", &["sscc:893123456.00000001"], &["sgtin:893123456.0789.7"]),
        (
            "grai:893123456.789.*",
            &["grai:893123456.789.A1"],
            &["grai:893123456.780.A1", "gdti:893123456.789.1"],
        ),
        ("grai:893123456.*.*", &["grai:893123456.789.A1"], &["grai:893123450.789.A1"]),
        ("giai:893123456.*", &["giai:893123456.A1"], &["giai:893123457.A1"]),
        (
            "gdti:893123456.789.*",
            &["gdti:893123456.789.1"],
            &["gdti:893123456.780.1", "sgcn:893123456.789.1"],
        ),
        ("gdti:893123456.*.*", &["gdti:893123456.789.1"], &["gdti:893123457.789.1"]),
        ("sgcn:893123456.789.*", &["sgcn:893123456.789.1"], &["gdti:893123456.789.1"]),
        (
            "cpi:893123456.AB.*",
            &["cpi:893123456.AB.1"],
            &["cpi:893123456.ABC.1", "cpi:893123456.A.1"],
        ),
        ("cpi:893123456.*.*", &["cpi:893123456.ABC.1"], &["cpi:893123457.AB.1"]),
        ("gsrn:893123456.*", &["gsrn:893123456.00000001"], &["gsrnp:893123456.00000001"]),
        ("gsrnp:893123456.*", &["gsrnp:893123456.00000001"], &["gsrn:893123456.00000001"]),
        ("pgln:893123456.*", &["pgln:893123456.789"], &["sgln:893123456.789.0"]),
        (
            "sgln:893123456.789.*",
            &["sgln:893123456.789.0", "sgln:893123456.789.K1"],
            &["sgln:893123456.780.0", "pgln:893123456.789"],
        ),
        (
            "sgln:893123456.*.*",
            &["sgln:893123456.789.0", "sgln:893123456.780.K1"],
            &["sgln:893123457.789.0"],
        ),
        ("ginc:893123456.*", &["ginc:893123456.AB1"], &["giai:893123456.AB1"]),
        ("gsin:893123456.*", &["gsin:893123456.0000001"], &["gsin:893123457.0000001"]),
        ("gid:95100000.12345.*", &["gid:95100000.12345.1"], &["gid:95100000.1234.1"]),
        ("gid:95100000.*.*", &["gid:95100000.12345.1"], &["gid:9510000.12345.1"]),
        ("usdod:2S194.*", &["usdod:2S194.1"], &["usdod:2S195.1"]),
        ("adi:2S194.PQ7.*", &["adi:2S194.PQ7.1"], &["adi:2S194.PQ.1"]),
        ("bic:*", &["bic:CSQU3054383"], &["imovn:9176187"]),
        ("imovn:*", &["imovn:9176187"], &["bic:CSQU3054383"]),
    ];
    for (pattern, fit, others) in cases {
        let query = asked("MATCH_epc", &format!("urn:epc:idpat:{pattern}"));
        for epc in *fit {
            let urn = format!("urn:epc:id:{epc}");
            assert!(query.matches(&of_epc(&urn)), "{pattern} fits {epc}: {:?}", query.identifiers);
            // The same thing written as a link, where the scheme is a GS1 key.
            let link = epcis::canonical(&urn);
            assert!(query.matches(&of_epc(&link)), "{pattern} fits {link}");
        }
        for epc in *others {
            let urn = format!("urn:epc:id:{epc}");
            assert!(!query.matches(&of_epc(&urn)), "{pattern} does not fit {epc}");
        }
    }
}

#[test]
fn a_class_is_neither_its_lots_nor_its_instances() {
    let class = "urn:epc:idpat:sgtin:893123456.0789.*";
    let lot = "urn:epc:class:lgtin:893123456.0789.SC-0726";
    assert!(asked("MATCH_epcClass", class).matches(&of_class(class)));
    assert!(
        asked("MATCH_epcClass", class).matches(&of_class("https://id.gs1.org/01/08931234567897"))
    );
    assert!(!asked("MATCH_epcClass", class).matches(&of_class(lot)));
    assert!(asked("MATCH_epcClass", lot).matches(&of_class(lot)));
    assert!(!asked("MATCH_epcClass", lot).matches(&of_class(class)));
    let company = asked("MATCH_epcClass", "urn:epc:idpat:sgtin:893123456.*.*");
    assert!(company.matches(&of_class(class)) && !company.matches(&of_class(lot)));
    assert!(!company.matches(&of_class("urn:epc:idpat:sgtin:893123457.0789.*")));
    assert!(!asked("MATCH_anyEPC", class).matches(&of_class(class)), "a class is no EPC");
    assert!(
        !asked("MATCH_epc", class).matches(&of_epc("https://id.gs1.org/01/08931234567897/10/L1"))
    );
}

#[test]
fn what_is_no_pattern_of_the_tag_data_standard_is_refused() {
    for pattern in [
        "sgtin:893123456.*.7",
        "sgtin:*.0789.*",
        "sgtin:893123456.*",
        "sgtin:893123456.0789.1*",
        "sgtin:89312.*.*",
        "sgtin:893123456.0789.7.*.*",
        "sscc:*",
        "nosuch:1.*",
        "bic:*.*",
        "sgtin",
        "sgtin:",
        "*",
    ] {
        let faults = Query::parse([("MATCH_anyEPC", format!("urn:epc:idpat:{pattern}"))]);
        assert_eq!(faults.unwrap_err()[0].rule, "query.pattern", "{pattern}");
    }
}

#[test]
fn a_store_sees_which_class_is_asked_for() {
    let class = |text: &str| vec![IdPattern::Class(text.to_owned())];
    for (pattern, patterns) in [
        ("sgtin:893123456.0789.*", class("https://id.gs1.org/01/08931234567897")),
        ("grai:893123456.789.*", class("https://id.gs1.org/8003/08931234567897")),
        ("itip:893123456.0789.01.02.*", class("https://id.gs1.org/8006/089312345678970102")),
        ("cpi:893123456.AB.*", class("https://id.gs1.org/8010/893123456AB")),
    ] {
        let query = asked("MATCH_anyEPC", &format!("urn:epc:idpat:{pattern}"));
        assert_eq!(query.identifiers[0].patterns, patterns);
    }
}

/// TCR-54, step 2, asked for: a parent that is a place.
#[test]
fn a_parent_that_is_a_place_is_found_as_a_parent() {
    let mut event = Event::association(
        Action::Add,
        at("2026-03-01T08:00:00+07:00"),
        "urn:epc:id:sgln:893123456.789.K1",
    );
    event.child_epcs.push("urn:epc:id:grai:893123456.789.A1".into());
    for place in [
        "urn:epc:id:sgln:893123456.789.K1",
        "https://id.gs1.org/414/8931234567897/254/K1",
        "urn:epc:idpat:sgln:893123456.789.*",
    ] {
        assert!(asked("MATCH_parentID", place).matches(&event), "{place}");
        assert!(asked("MATCH_anyEPC", place).matches(&event), "{place}");
        assert!(!asked("MATCH_epc", place).matches(&event), "{place}");
        assert!(!asked("EQ_readPoint", "urn:epc:id:sgln:893123456.789.K1").matches(&event));
    }
}
