//! Query parameters, and which events answer.

use epcis::query::{IdPattern, OrderBy};
use epcis::{Event, Place, Quantity, Query};
use serde_json::{Value, json};

use crate::built::{at, spraying};

fn query(text: &str) -> Query {
    let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
    Query::parse(pairs).unwrap_or_else(|faults| panic!("{text}: {faults:?}"))
}

#[track_caller]
fn assert_fault(text: &str, rule: &str) {
    let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
    let faults = Query::parse(pairs).unwrap_err();
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert_eq!(faults[0].rule, rule);
}

fn processing() -> Event {
    let mut event = Event::transformation(at("2026-03-05T08:00:00+07:00"));
    event.input_quantity_list.push(Quantity::measured(
        "urn:epc:class:lgtin:893123456.0789.SC-0726",
        100,
        "KGM",
    ));
    event.output_epc_list.push("https://tem.example.vn/01/08931234567897/21/7".into());
    event.biz_step = Some("commissioning".into());
    event.biz_location = Some(Place::from("urn:epc:id:sgln:893123456.789.0"));
    event.record_time = Some(at("2026-03-05T02:00:00Z"));
    event
}

#[test]
fn an_empty_query_is_answered_by_every_event() {
    assert!(query("").matches(&spraying()) && query("").matches(&processing()));
}

#[test]
fn values_of_one_parameter_are_alternatives_and_parameters_add_up() {
    assert!(query("eventType=ObjectEvent|TransformationEvent").matches(&processing()));
    assert!(!query("eventType=ObjectEvent").matches(&processing()));
    assert!(
        query("EQ_bizStep=urn:epcglobal:cbv:bizstep:commissioning|shipping").matches(&processing())
    );
    assert!(!query("EQ_bizStep=commissioning&eventType=ObjectEvent").matches(&processing()));
    assert!(query("EQ_action=OBSERVE").matches(&spraying()));
    assert!(
        !query("EQ_action=OBSERVE|ADD|DELETE").matches(&processing()),
        "a transformation has no action"
    );
}

#[test]
fn a_time_span_holds_its_beginning_and_not_its_end() {
    assert!(query("GE_eventTime=2026-03-05T01:00:00Z").matches(&processing()));
    assert!(!query("LT_eventTime=2026-03-05T01:00:00Z").matches(&processing()));
    assert!(query("LT_eventTime=2026-03-05T08:00:00.000001+07:00").matches(&processing()));
    assert!(
        query("GE_eventTime=2026-03-05T08:00:00 07:00").matches(&processing()),
        "a + that became a space"
    );
    assert!(query("GE_recordTime=2026-03-05T02:00:00Z").matches(&processing()));
    assert!(!query("GE_recordTime=2020-01-01T00:00:00Z").matches(&spraying()), "not recorded yet");
}

#[test]
fn identifiers_match_in_any_spelling_and_only_in_their_role() {
    let urn = "urn:epc:id:sgtin:893123456.0789.7";
    assert!(query(&format!("MATCH_outputEPC={urn}")).matches(&processing()));
    assert!(query(&format!("MATCH_anyEPC=urn:x:y|{urn}")).matches(&processing()));
    assert!(!query(&format!("MATCH_epc={urn}")).matches(&processing()));
    assert!(!query(&format!("MATCH_inputEPC={urn}")).matches(&processing()));
    assert!(
        query("MATCH_anyEPCClass=https://id.gs1.org/01/08931234567897/10/SC-0726")
            .matches(&processing())
    );
    assert!(
        query("MATCH_inputEPCClass=https://id.gs1.org/01/08931234567897/10/SC-0726")
            .matches(&processing())
    );
    assert!(
        !query("MATCH_epcClass=https://id.gs1.org/01/08931234567897/10/SC-0726")
            .matches(&processing())
    );
    assert!(query("EQ_bizLocation=https://id.gs1.org/414/8931234567897").matches(&processing()));
    assert!(!query("EQ_readPoint=https://id.gs1.org/414/8931234567897").matches(&processing()));
}

#[test]
fn a_pattern_stands_for_all_serials_of_its_class() {
    let asked = query("MATCH_anyEPC=urn:epc:idpat:sgtin:893123456.0789.*");
    let class = IdPattern::Class("https://id.gs1.org/01/08931234567897".into());
    assert_eq!(asked.identifiers[0].patterns, [class]);
    assert!(asked.matches(&processing()));
    assert!(!asked.matches(&spraying()), "the class of a quantity is no serial");
    assert_fault("MATCH_anyEPC=urn:epc:idpat:sgtin:893123456.*.7", "query.pattern");
    assert_fault("MATCH_anyEPC=not a uri", "query.pattern");
}

#[test]
fn typed_lists_match_type_and_identifier_together() {
    let mut event = spraying();
    event.source_list.push(epcis::Party::new("owning_party", "urn:epc:id:pgln:893123456.789"));
    let gln = "https://id.gs1.org/417/8931234567897";
    assert!(query(&format!("EQ_source_owning_party={gln}")).matches(&event));
    assert!(!query(&format!("EQ_source_possessing_party={gln}")).matches(&event));
    assert!(!query(&format!("EQ_destination_owning_party={gln}")).matches(&event));
    assert_fault("EQ_source_farm=urn:a:b", "vocabulary.source-destination");
}

#[test]
fn error_declarations_can_be_asked_for() {
    let declared = spraying().declare_error(epcis::ErrorDeclaration {
        declaration_time: at("2026-03-03T09:00:00+07:00"),
        reason: Some("did_not_occur".into()),
        corrective_event_ids: vec![],
        extensions: vec![],
    });
    assert!(query("EXISTS_errorDeclaration=true").matches(&declared));
    assert!(!query("EXISTS_errorDeclaration=true").matches(&spraying()));
    assert!(
        query("EQ_errorReason=did_not_occur&GE_errorDeclarationTime=2026-03-03T02:00:00Z")
            .matches(&declared)
    );
    assert!(!query("LT_errorDeclarationTime=2026-03-03T02:00:00Z").matches(&declared));
    assert!(!query("EQ_correctiveEventID=urn:a:b").matches(&declared));
}

#[test]
fn order_and_pages_are_read() {
    let asked = query(
        "orderBy=recordTime&orderDirection=ASC&perPage=30&nextPageToken=abc&eventCountLimit=5",
    );
    assert_eq!((asked.order_by, asked.ascending), (Some(OrderBy::RecordTime), true));
    assert_eq!(
        (asked.per_page, asked.next_page_token.as_deref(), asked.event_count_limit),
        (Some(30), Some("abc"), Some(5))
    );
}

#[test]
fn what_is_not_understood_is_refused_rather_than_ignored() {
    assert_fault("MATCH_farm=urn:a:b", "query.parameter");
    assert_fault("EQ_bizstep=shipping", "query.parameter");
    assert_fault("WD_parentID=urn:a:b", "query.parameter");
    assert_fault("EQ_ex:dose=1", "query.field");
    assert_fault("EQ_bizStep=transforming", "vocabulary.biz-step");
    assert_fault("EQ_action=CREATE", "event.action");
    assert_fault("eventType=HarvestEvent", "event.type");
    assert_fault("GE_eventTime=yesterday", "time.format");
    assert_fault(
        "GE_eventTime=2026-03-05T01:00:00Z&GE_eventTime=2026-03-05T01:00:00Z",
        "query.repeated",
    );
    assert_fault("perPage=0", "query.per-page");
    assert_fault("perPage=5000", "query.per-page");
    assert_fault("orderBy=bizStep", "query.value");
    assert_fault("EXISTS_errorDeclaration=no", "query.value");
    assert_fault("eventCountLimit=1&maxEventCount=1&orderBy=eventTime", "query.limits");
    assert_fault("eventCountLimit=1", "query.limit-order");
}

#[test]
fn values_given_as_lists_are_not_split() {
    let asked = Query::parse_lists([
        ("EQ_transformationID", vec!["urn:nguon:a", "urn:nguon:b"]),
        ("EQ_bizStep", vec!["shipping", "receiving"]),
    ]);
    let asked = asked.unwrap();
    assert_eq!(asked.biz_steps, ["shipping", "receiving"]);
    let exact = |id: &str| IdPattern::Exact(id.to_owned());
    assert_eq!(asked.identifiers[0].patterns, [exact("urn:nguon:a"), exact("urn:nguon:b")]);
    let rule = |name: &str, values: Vec<&str>| {
        Query::parse_lists([(name.to_owned(), values)]).unwrap_err()[0].rule
    };
    assert_eq!(rule("EQ_bizStep", vec!["shipping|receiving"]), "vocabulary.biz-step");
    assert_eq!(rule("EQ_bizStep", vec![]), "query.value");
    assert_eq!(rule("perPage", vec!["1", "2"]), "query.repeated");
}

#[test]
fn all_that_is_wrong_is_told_at_once() {
    let faults = Query::parse([
        ("eventCountLimit", "5"),
        ("maxEventCount", "none"),
        ("EQ_bizStep", "shipping|curing"),
        ("GE_eventTime", "yesterday"),
        ("MATCH_epc", "urn:epc:idpat:sgtin:1.*.*"),
        ("GT_https://ex.example/ns#dose", "much"),
        ("EQ_ILMD_ex:lot", "1"),
        ("GE_value_celsius", "1"),
        ("EQ_farm", "1"),
    ]);
    let mut told: Vec<(&str, String)> =
        faults.unwrap_err().into_iter().map(|fault| (fault.rule, fault.path)).collect();
    told.sort();
    let told: Vec<(&str, &str)> = told.iter().map(|(rule, path)| (*rule, path.as_str())).collect();
    assert_eq!(
        told,
        [
            ("quantity.uom", "/GE_value_celsius"),
            ("query.comparable", "/GT_https:~1~1ex.example~1ns#dose"),
            ("query.field", "/EQ_ILMD_ex:lot"),
            ("query.limit-order", "/eventCountLimit"),
            ("query.limits", "/maxEventCount"),
            ("query.parameter", "/EQ_farm"),
            ("query.pattern", "/MATCH_epc"),
            ("query.value", "/maxEventCount"),
            ("time.format", "/GE_eventTime"),
            ("vocabulary.biz-step", "/EQ_bizStep"),
        ]
    );
}

#[test]
fn a_plus_that_nobody_escaped_is_a_plus_in_a_uri() {
    for name in ["MATCH_epc", "EQ_eventID", "EQ_readPoint", "EQ_bizStep", "EQ_deviceID"] {
        let spaced = Query::parse([(name, "urn:x:a b c")]).unwrap();
        assert_eq!(spaced, Query::parse([(name, "urn:x:a+b+c")]).unwrap(), "{name}");
        // What comes in a body was escaped by nobody.
        assert!(Query::parse_lists([(name, vec!["urn:x:a b"])]).is_err(), "{name}");
    }
}

#[test]
fn many_values_against_a_large_event_end() {
    let numbers: Vec<String> = (0..9_000).map(|n| format!("{n}.5")).collect();
    let mut event = spraying();
    let quantity = Quantity::measured("urn:x:class", 7, "KGM");
    event.quantity_list = vec![quantity; 20_000];
    let asked = |name: &str, mut values: Vec<String>, found: &str| {
        let none = Query::parse_lists([(name, values.clone())]).unwrap();
        values.push(found.to_owned());
        (none, Query::parse_lists([(name, values)]).unwrap())
    };
    let (none, some) = asked("EQ_quantity", numbers.clone(), "7.0");
    assert!(!none.matches(&event) && some.matches(&event));
    let (none, some) = asked("EQ_quantity_GRM", numbers.clone(), "7000");
    assert!(!none.matches(&event) && some.matches(&event));

    event.epc_list = (0..20_000).map(|n| format!("urn:epc:id:sgtin:893123456.0789.{n}")).collect();
    let classes = (0..9_000).map(|n| format!("urn:epc:idpat:sgtin:893123456.{n:04}.*"));
    let classes: Vec<_> = classes.filter(|class| !class.contains(".0789.")).collect();
    let (none, some) = asked("MATCH_epc", classes, "urn:epc:idpat:sgtin:893123456.0789.*");
    assert!(!none.matches(&event) && some.matches(&event));
    let companies = (0..9_000).map(|n| format!("urn:epc:idpat:sgtin:{:09}.*.*", 100_000_000 + n));
    let (none, some) = asked("MATCH_epc", companies.collect(), "urn:epc:idpat:sgtin:893123456.*.*");
    assert!(!none.matches(&event) && some.matches(&event));

    let values: Vec<Value> = (0..20_000).map(|n| json!(format!("v{n}"))).collect();
    event.set_extension("nguon:list", Value::from(values));
    let name = "EQ_https://nguon.example.vn/ns/list";
    let (none, some) = asked(name, numbers, "v19999");
    assert!(!none.matches(&event) && some.matches(&event));
}
