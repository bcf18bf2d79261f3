//! Conditions on fields that are not EPCIS's own, wherever they stand and however their author wrote them.

use epcis::query::{OrderBy, SortKey};
use epcis::{Context, Event, Json, Limits, Query, read_json, read_xml};
use serde_json::{Value, json};

use crate::built::{at, spraying};

fn event(more: &Value) -> Event {
    let mut event = json!({
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {"ex": "https://ex.example/ns#"}],
        "type": "ObjectEvent",
        "action": "ADD",
        "eventTime": "2026-03-01T08:00:00+07:00",
        "eventTimeZoneOffset": "+07:00",
        "epcList": ["urn:nguon:lot:1"],
    });
    for (name, value) in more.as_object().unwrap() {
        event[name] = value.clone();
    }
    let document = read_json(event.to_string().as_bytes(), &Limits::default());
    document.unwrap_or_else(|faults| panic!("{faults:?}")).events.remove(0)
}

/// Whether the event answers one parameter; `q:` stands for the namespace that events write as `ex:`.
#[track_caller]
fn answers(event: &Event, name: &str, value: &str) -> bool {
    let prefixes = Context::prefix("q", "https://ex.example/ns#");
    let query = Query::parse_in(&prefixes, [(name, value)]);
    query.unwrap_or_else(|faults| panic!("{name}={value}: {faults:?}")).matches(event)
}

#[test]
fn a_text_is_equal_letter_by_letter() {
    let event = event(&json!({"ex:lot": "007", "ex:farm": "Tổ 3"}));
    assert!(answers(&event, "EQ_https://ex.example/ns#lot", "007"));
    assert!(answers(&event, "EQ_q:lot", "8|007"));
    assert!(!answers(&event, "EQ_q:lot", "7"), "a lot is no number");
    assert!(answers(&event, "EQ_q:farm", "Tổ 3"));
    assert!(!answers(&event, "EQ_q:farm", "tổ 3"));
    assert!(!answers(&event, "EQ_https://other.example/#lot", "007"));
    let lists = Query::parse_lists([("EQ_https://ex.example/ns#lot", vec!["007|8"])]).unwrap();
    assert!(!lists.matches(&event), "a list is not split");
}

#[test]
fn a_number_is_equal_by_value_and_a_time_by_instant() {
    let event =
        event(&json!({"ex:dose": 12.50, "ex:at": "2026-03-01T08:00:00+07:00", "ex:ok": true}));
    for dose in ["12.5", "12.500", "1.25e1", "+12.5"] {
        assert!(answers(&event, "EQ_q:dose", dose), "{dose}");
    }
    assert!(!answers(&event, "EQ_q:dose", "12.51") && !answers(&event, "EQ_q:dose", "many"));
    assert!(answers(&event, "EQ_q:at", "2026-03-01T01:00:00Z"));
    assert!(answers(&event, "EQ_q:at", "2026-03-01T08:00:00 07:00"), "a + that became a space");
    assert!(!answers(&event, "EQ_q:at", "2026-03-01T08:00:00Z"));
    assert!(answers(&event, "EQ_q:ok", "true") && !answers(&event, "EQ_q:ok", "false"));
}

#[test]
fn comparisons_never_mix_numbers_and_times() {
    let mut event = event(&json!({
        "ex:dose": 12.5, "ex:at": "2026-03-01T08:00:00+07:00", "ex:word": "zebra",
        "ex:tiny": 1e-30,
    }));
    assert!(answers(&event, "GT_q:dose", "9") && !answers(&event, "GT_q:dose", "12.5"));
    assert!(answers(&event, "GE_q:dose", "12.50") && answers(&event, "LE_q:dose", "12.5"));
    assert!(!answers(&event, "LT_q:dose", "12.5") && answers(&event, "LT_q:dose", "100"));
    assert!(
        answers(&event, "GE_q:at", "2026-03-01T01:00:00Z")
            && answers(&event, "LT_q:at", "2026-03-01T01:00:01Z")
    );
    assert!(
        !answers(&event, "LT_q:at", "9999") && !answers(&event, "GT_q:at", "1"),
        "a number is no time"
    );
    assert!(!answers(&event, "GT_q:dose", "2020-01-01T00:00:00Z"), "a time is no number");
    assert!(!answers(&event, "GT_q:word", "1"));
    assert!(answers(&event, "GT_q:tiny", "0") && answers(&event, "LT_q:tiny", "1e-29"));
    // More digits than any machine number has.
    event.set_extension("ex:big", Json::parse("123456789012345678901234567890.5").unwrap());
    assert!(answers(&event, "GT_q:big", "123456789012345678901234567890.49"));
    assert!(!answers(&event, "GT_q:big", "123456789012345678901234567890.5"));
    let fault =
        |value| Query::parse([("GT_https://ex.example/ns#dose", value)]).unwrap_err()[0].rule;
    assert_eq!(fault("much"), "query.comparable");
    assert_eq!(fault("2026-03-01T08:00:00"), "query.comparable");
}

#[test]
fn names_agree_by_namespace_whatever_the_prefixes() {
    let event = event(&json!({
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
            {"a": "https://ex.example/ns#", "b": "https://ex.example/other/", "dose": "https://ex.example/ns#dose"}],
        "a:x": "1", "b:x": "2", "dose": "3",
    }));
    assert!(answers(&event, "EQ_q:x", "1") && !answers(&event, "EQ_q:x", "2"));
    assert!(answers(&event, "EQ_https://ex.example/other/#x", "2"));
    assert!(answers(&event, "EQ_https://ex.example/other/x", "2"));
    assert!(answers(&event, "EQ_q:dose", "3"), "a term of the context");
    let b = Context::prefix("b", "https://ex.example/ns#");
    let query = Query::parse_in(&b, [("EQ_b:x", "1")]).unwrap();
    assert!(query.matches(&event), "the query's b is not the event's");
    assert_eq!(Query::parse([("EQ_a:x", "1")]).unwrap_err()[0].rule, "query.field");
}

#[test]
fn inner_fields_are_found_at_any_depth_but_not_at_the_top() {
    let event = event(&json!({
        "ex:spray": {"ex:dose": 3, "ex:more": [{"ex:deep": {"ex:unit": "ml"}}, "text"]},
        "ex:dose": 7,
        "ex:list": [{"ex:unit": "kg"}],
    }));
    assert!(answers(&event, "EQ_INNER_q:dose", "3") && !answers(&event, "EQ_INNER_q:dose", "7"));
    assert!(answers(&event, "EQ_q:dose", "7") && !answers(&event, "EQ_q:dose", "3"));
    assert!(answers(&event, "EQ_INNER_q:unit", "ml") && answers(&event, "EQ_INNER_q:unit", "kg"));
    assert!(!answers(&event, "EQ_q:unit", "ml"));
    assert!(answers(&event, "GE_INNER_q:dose", "3") && !answers(&event, "GT_INNER_q:dose", "3"));
    assert!(
        answers(&event, "EXISTS_INNER_q:deep", "") && !answers(&event, "EXISTS_INNER_q:spray", "")
    );
}

#[test]
fn what_is_empty_does_not_exist() {
    let event = event(&json!({
        "ex:full": {"ex:a": null}, "ex:none": null, "ex:text": "", "ex:list": [], "ex:object": {},
        "ex:nothings": [null, "", [[]]], "ex:zero": 0, "ex:no": false,
    }));
    for field in ["full", "zero", "no"] {
        assert!(answers(&event, &format!("EXISTS_q:{field}"), ""), "{field}");
    }
    for field in ["none", "text", "list", "object", "nothings", "absent"] {
        assert!(!answers(&event, &format!("EXISTS_q:{field}"), ""), "{field}");
        assert!(answers(&event, &format!("EXISTS_q:{field}"), "false"), "false asks for nothing");
    }
    let none: Query =
        Query::parse_lists([("EXISTS_https://ex.example/ns#full", Vec::<&str>::new())]).unwrap();
    assert!(none.matches(&event), "SOAP's void");
}

#[test]
fn each_place_has_its_own_fields() {
    let places = event(&json!({
        "ilmd": {"ex:x": "ilmd", "cbvmda:lotNumber": "L1", "ex:in": {"ex:y": "inner ilmd"}},
        "readPoint": {"id": "urn:nguon:place:1", "ex:x": "read point", "ex:in": {"ex:y": "inner read point"}},
        "bizLocation": {"id": "urn:nguon:place:2", "ex:x": "location"},
        "errorDeclaration": {"declarationTime": "2026-03-02T08:00:00+07:00", "ex:x": "error", "ex:in": {"ex:y": "inner error"}},
        "sensorElementList": [{
            "ex:x": "element", "ex:in": {"ex:y": "inner element"},
            "sensorMetadata": {"time": "2026-03-01T08:00:00+07:00", "ex:x": "metadata", "ex:in": {"ex:y": "inner metadata"}},
            "sensorReport": [{"type": "Temperature", "value": 1, "uom": "CEL"}, {"type": "Temperature", "ex:x": "report", "ex:in": {"ex:y": "inner report"}}],
        }],
        "ex:x": "event", "ex:in": {"ex:y": "inner event"},
    }));
    let places_of = [
        ("", "event"),
        ("ILMD_", "ilmd"),
        ("readPoint_", "read point"),
        ("bizLocation_", "location"),
        ("ERROR_DECLARATION_", "error"),
        ("SENSORELEMENT_", "element"),
        ("SENSORMETADATA_", "metadata"),
        ("SENSORREPORT_", "report"),
    ];
    for (place, _) in places_of {
        for (other, value) in places_of {
            assert_eq!(
                answers(&places, &format!("EQ_{place}q:x"), value),
                place == other,
                "{place} {value}"
            );
            let inner = format!("inner {value}");
            let holds = place == other && place != "bizLocation_";
            assert_eq!(
                answers(&places, &format!("EQ_INNER_{place}q:y"), &inner),
                holds,
                "{place} {inner}"
            );
        }
        assert!(answers(&places, &format!("EXISTS_{place}q:x"), ""), "{place}");
        assert!(!answers(&places, &format!("EXISTS_{place}q:y"), ""), "{place}");
        assert!(!answers(&places, &format!("GT_{place}q:x"), "0"), "{place}");
    }
    assert!(answers(&places, "EQ_ILMD_urn:epcglobal:cbv:mda#lotNumber", "L1"));
    assert!(answers(&places, "EQ_ILMD_cbvmda:lotNumber", "L1"), "a prefix of the EPCIS context");
    assert!(!answers(&event(&json!({})), "EXISTS_ILMD_q:x", ""));
}

#[test]
fn fields_that_came_as_xml_are_found_with_their_attributes() {
    let xml = r#"<epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:2" xmlns:e="https://ex.example/ns#" schemaVersion="2.0" creationDate="2026-03-01T08:00:00Z">
      <EPCISBody><EventList><ObjectEvent>
        <eventTime>2026-03-01T08:00:00Z</eventTime><eventTimeZoneOffset>+07:00</eventTimeZoneOffset>
        <epcList><epc>urn:nguon:lot:1</epc></epcList><action>OBSERVE</action>
        <e:dose e:unit="ml">12.5</e:dose>
        <e:box><e:at>2026-03-01T08:00:00+07:00</e:at><e:n>10</e:n><e:n>20</e:n></e:box>
      </ObjectEvent></EventList></EPCISBody></epcis:EPCISDocument>"#;
    let event = read_xml(xml.as_bytes(), &Limits::default()).unwrap().events.remove(0);
    assert!(answers(&event, "EQ_q:dose", "12.5"), "the text beside an attribute");
    assert!(answers(&event, "GT_q:dose", "9"), "XML has no types: a text that is a number is one");
    assert!(answers(&event, "EQ_INNER_q:unit", "ml"), "an attribute is inside its element");
    assert!(answers(&event, "EQ_INNER_q:at", "2026-03-01T01:00:00Z"));
    assert!(answers(&event, "EQ_INNER_q:n", "20") && answers(&event, "LT_INNER_q:n", "11"));
    assert!(!answers(&event, "GT_INNER_q:n", "20"));
}

#[test]
fn typed_values_of_json_ld_are_their_value() {
    let event = event(&json!({
        "ex:farm": {"@id": "urn:nguon:place:1"},
        "ex:dose": {"@value": "12.5", "@type": "xsd:decimal"},
    }));
    assert!(
        answers(&event, "EQ_q:farm", "urn:nguon:place:1") && answers(&event, "LT_q:dose", "13")
    );
}

#[test]
fn events_are_ordered_by_a_field() {
    let key = |value: Value| event(&json!({"ex:key": value}));
    let events = [
        key(json!("b")),
        key(json!(10)),
        key(json!("2026-03-01T08:00:00+07:00")),
        key(json!("Z")),
        key(json!(9.5)),
        key(json!("2026-03-01T00:30:00Z")),
        event(&json!({})),
        key(json!([11, 3])),
    ];
    let sorted = |direction: &str| {
        let parameters = [("orderBy", "https://ex.example/ns#key"), ("orderDirection", direction)];
        let query = Query::parse(parameters).unwrap();
        assert!(matches!(query.order_by, Some(OrderBy::Field(_))));
        let keys: Vec<_> = events.iter().map(|event| query.sort_key(event)).collect();
        let mut order: Vec<usize> = (0..events.len()).collect();
        order.sort_by(|a, b| query.order(&keys[*a], &keys[*b]).then(a.cmp(b)));
        order
    };
    assert_eq!(sorted("ASC"), [7, 4, 1, 5, 2, 3, 0, 6]);
    assert_eq!(sorted("DESC"), [0, 3, 2, 5, 1, 4, 7, 6]);
    let by_time = Query::parse([("orderBy", "eventTime")]).unwrap();
    assert_eq!(by_time.sort_key(&spraying()), SortKey::Time(at("2026-03-01T01:00:00Z").micros));
    let rule = |field| Query::parse([("orderBy", field)]).unwrap_err()[0].rule;
    assert_eq!((rule("quantity"), rule("ex:key")), ("query.value", "query.field"));
}

#[test]
fn private_words_under_a_prefix_are_asked_for_in_both_spellings() {
    let with_step = |step: &str| event(&json!({"bizStep": step}));
    for step in ["https://ex.example/ns#dry", "q:dry"] {
        assert!(answers(&with_step(step), "EQ_bizStep", "q:dry"), "{step}");
    }
    assert!(!answers(&with_step("https://ex.example/ns#dry"), "EQ_bizStep", "q:wet"));
}

#[test]
fn a_query_that_is_too_large_is_refused_before_it_is_read() {
    let names = (0..201).map(|n| (format!("EQ_https://ex.example/ns#f{n}"), "1".to_owned()));
    assert_eq!(Query::parse(names).unwrap_err()[0].rule, "query.too-large");
    let values: Vec<String> = (0..10_001).map(|n| format!("urn:nguon:lot:{n}")).collect();
    let faults = Query::parse_lists([("MATCH_epc", values)]).unwrap_err();
    assert_eq!((faults[0].rule, faults[0].what()), ("query.too-large", "10000"));
    let wrong = (0..150).map(|n| (format!("WRONG_{n}"), "1"));
    assert_eq!(Query::parse(wrong).unwrap_err().len(), 100, "all that is wrong, up to a hundred");
}
