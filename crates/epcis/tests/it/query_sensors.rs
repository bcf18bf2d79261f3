//! GS1's conformance procedures for sensor elements (TCR-53) as far as they are about queries, and quantities, which are
//! asked for in the same way.

use epcis::{Action, Event, Json, Limits, Quantity, Query, read_json};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::built::at;

fn event(id: &str, elements: Value) -> Value {
    let mut event = json!({
        "type": "ObjectEvent",
        "eventID": id,
        "action": "OBSERVE",
        "eventTime": "2026-03-01T09:00:00+07:00",
        "eventTimeZoneOffset": "+07:00",
        "epcList": ["urn:nguon:lot:1"],
    });
    if !elements.is_null() {
        event["sensorElementList"] = elements;
    }
    event
}

fn read(events: &[Value]) -> Vec<Event> {
    let document = json!({
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {"ex": "https://ex.example/ns#"}],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-03-02T00:00:00Z",
        "epcisBody": {"eventList": events},
    });
    let document = read_json(document.to_string().as_bytes(), &Limits::default());
    document.unwrap_or_else(|faults| panic!("{faults:?}")).events
}

/// The pre-test conditions: every attribute somewhere, extensions at each level, one event without sensor element, one
/// temperature in °C.
fn set1() -> Vec<Event> {
    read(&[
        event("urn:x:none", Value::Null),
        event(
            "urn:x:celsius",
            json!([{
                "sensorMetadata": {
                    "time": "2026-03-01T08:00:00+07:00", "startTime": "2026-03-01T07:00:00+07:00", "endTime": "2026-03-01T07:30:00+07:00",
                    "deviceID": "urn:epc:id:giai:893123456.1", "deviceMetadata": "https://ex.example/device", "rawData": "https://ex.example/raw",
                    "dataProcessingMethod": "https://ex.example/method", "bizRules": "https://ex.example/rules", "ex:room": 4,
                },
                "sensorReport": [{
                    "type": "gs1:Temperature", "value": 26.0, "minValue": 24.5, "maxValue": 27, "meanValue": 25.5, "sDev": 0.5,
                    "percRank": 50, "percValue": 26.5, "uom": "CEL", "ex:probe": "upper",
                }],
                "ex:shelf": 12,
            }]),
        ),
        event(
            "urn:x:other",
            json!([{"sensorReport": [
                {"type": "Dimensionless", "stringValue": "wet", "booleanValue": true, "hexBinaryValue": "f0A1", "uriValue": "https://ex.example/state/2"},
                {"type": "https://gs1.org/voc/AmountOfSubstance", "value": 2e-3, "uom": "C34", "microorganism": "https://www.ncbi.nlm.nih.gov/taxonomy/1126011",
                 "chemicalSubstance": "https://identifiers.org/inchikey:CZMRCDWAGMRECN-UHFFFAOYSA-N"},
                {"type": "RelativeHumidity", "value": 80, "uom": "P1"},
            ]}]),
        ),
    ])
}

/// The ids, without their namespace, of the events that answer.
#[track_caller]
fn found(events: &[Event], text: &str) -> Vec<String> {
    let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
    let query = Query::parse(pairs).unwrap_or_else(|faults| panic!("{text}: {faults:?}"));
    let events = events.iter().filter(|event| query.matches(event));
    events.map(|event| event.event_id.as_deref().unwrap()["urn:x:".len()..].to_owned()).collect()
}

#[test]
fn tcr_53_steps_2_and_3_all_events_and_those_with_sensor_elements() {
    assert_eq!(found(&set1(), "").len(), 3);
    for name in ["EXISTS_sensorElement", "EXISTS_sensorElementList"] {
        assert_eq!(found(&set1(), &format!("{name}=")), ["celsius", "other"]);
        assert_eq!(found(&set1(), &format!("{name}=false")).len(), 3);
    }
}

#[test]
fn tcr_53_steps_4_and_5_times() {
    for (field, time) in [("time", "01:00"), ("startTime", "00:00"), ("endTime", "00:30")] {
        let ge = |time: &str| found(&set1(), &format!("GE_{field}=2026-03-01T{time}:00Z"));
        let lt = |time: &str| found(&set1(), &format!("LT_{field}=2026-03-01T{time}:00Z"));
        assert_eq!(ge(time), ["celsius"], "{field}");
        assert!(ge("02:00").is_empty() && lt(time).is_empty(), "{field}");
        assert_eq!(lt("02:00"), ["celsius"], "{field}");
        assert_eq!(found(&set1(), &format!("EQ_{field}=2026-03-01T{time}:00.000Z")), ["celsius"]);
        assert!(found(&set1(), &format!("EQ_{field}=2026-03-01T{time}:00.001Z")).is_empty());
    }
}

#[test]
fn tcr_53_steps_6_to_11_and_16_to_19_words_and_texts() {
    for (parameter, event) in [
        ("EQ_type=Temperature", "celsius"),
        ("EQ_type=gs1:Temperature|Length", "celsius"),
        ("EQ_type=AmountOfSubstance", "other"),
        ("EQ_deviceID=urn:epc:id:giai:893123456.1", "celsius"),
        ("EQ_deviceID=https://id.gs1.org/8004/8931234561", "celsius"),
        ("EQ_deviceMetadata=https://ex.example/device", "celsius"),
        ("EQ_rawData=https://ex.example/raw", "celsius"),
        ("EQ_dataProcessingMethod=https://ex.example/method", "celsius"),
        ("EQ_bizRules=https://ex.example/none|https://ex.example/rules", "celsius"),
        ("EQ_microorganism=https://www.ncbi.nlm.nih.gov/taxonomy/1126011", "other"),
        (
            "EQ_chemicalSubstance=https://identifiers.org/inchikey:CZMRCDWAGMRECN-UHFFFAOYSA-N",
            "other",
        ),
        ("EQ_stringValue=dry|wet", "other"),
        ("EQ_booleanValue=true", "other"),
        ("EQ_hexBinaryValue=F0a1", "other"),
        ("EQ_uriValue=https://ex.example/state/2", "other"),
    ] {
        assert_eq!(found(&set1(), parameter), [event], "{parameter}");
    }
    for parameter in [
        "EQ_type=Length",
        "EQ_deviceID=urn:epc:id:giai:893123456.2",
        "EQ_microorganism=https://www.ncbi.nlm.nih.gov/taxonomy/1",
        "EQ_stringValue=WET",
        "EQ_booleanValue=false",
        "EQ_hexBinaryValue=F0",
        "EQ_uriValue=https://ex.example/state/",
        "EQ_bizRules=https://ex.example/device",
    ] {
        assert!(found(&set1(), parameter).is_empty(), "{parameter}");
    }
}

#[test]
fn tcr_53_steps_12_to_15_and_23_to_25_numbers() {
    for (field, value) in [
        ("value", "26"),
        ("minValue", "24.5"),
        ("maxValue", "27.0"),
        ("meanValue", "25.5"),
        ("sDev", "0.5"),
        ("percValue", "26.5"),
    ] {
        for (operator, holds) in
            [("EQ", true), ("GE", true), ("LE", true), ("GT", false), ("LT", false)]
        {
            let found = found(&set1(), &format!("{operator}_{field}_CEL={value}"));
            assert_eq!(found, if holds { vec!["celsius"] } else { vec![] }, "{operator}_{field}");
        }
        assert!(found(&set1(), &format!("GE_{field}_P1=0&LT_{field}_CEL=-50")).is_empty());
    }
    for (parameter, holds) in [
        ("GE_percRank=50", true),
        ("LT_percRank=50", false),
        ("GE_sDev=0.5", true),
        ("LT_sDev=0.5", false),
        ("GE_percValue=26.5", true),
        ("LT_percValue=26.5", false),
    ] {
        assert_eq!(found(&set1(), parameter) == ["celsius"], holds, "{parameter}");
    }
    let unit_missing = Query::parse([("GE_value", "1")]).unwrap_err();
    assert_eq!(unit_missing[0].rule, "query.parameter", "a value without its unit says nothing");
    assert_eq!(Query::parse([("GE_value_celsius", "1")]).unwrap_err()[0].rule, "quantity.uom");
    assert_eq!(Query::parse([("GE_value_CEL", "warm")]).unwrap_err()[0].rule, "query.value");
}

#[test]
fn tcr_53_steps_20_to_22_extension_fields_of_each_level() {
    for (level, field, value) in [("SENSORELEMENT", "shelf", "12"), ("SENSORMETADATA", "room", "4")]
    {
        for (operator, holds) in
            [("EQ", true), ("GE", true), ("LE", true), ("GT", false), ("LT", false)]
        {
            let found = found(
                &set1(),
                &format!("{operator}_{level}_https://ex.example/ns#{field}={value}"),
            );
            assert_eq!(found == ["celsius"], holds, "{operator}_{level}");
        }
    }
    assert_eq!(found(&set1(), "EQ_SENSORREPORT_https://ex.example/ns#probe=upper"), ["celsius"]);
    assert!(found(&set1(), "EQ_SENSORREPORT_https://ex.example/ns#shelf=12").is_empty());
}

#[test]
fn tcr_53_step_26_a_threshold_in_another_unit_finds_the_reading() {
    assert_eq!(found(&set1(), "EQ_type=gs1:Temperature&GE_value_KEL=290"), ["celsius"]);
    assert!(found(&set1(), "EQ_type=gs1:Temperature&GE_value_KEL=300").is_empty());
    assert_eq!(found(&set1(), "EQ_value_KEL=299.15"), ["celsius"]);
    assert_eq!(found(&set1(), "EQ_value_FAH=78.8"), ["celsius"]);
    assert_eq!(found(&set1(), "GT_minValue_FAH=76.09&LT_maxValue_FAH=80.61"), ["celsius"]);
    assert_eq!(found(&set1(), "EQ_sDev_FAH=0.9"), ["celsius"], "a spread has no zero");
    assert_eq!(found(&set1(), "EQ_value_C18=2"), ["other"], "millimoles");
    assert_eq!(found(&set1(), "EQ_value_C62=0.8"), ["other"], "80 % are 0.8 of one");
    assert!(found(&set1(), "GE_value_MTR=0").is_empty(), "nothing here is a length");
    assert!(found(&set1(), "GE_value_XYZ=0").is_empty(), "nobody knows this unit");
}

#[test]
fn tcr_53_step_28_what_stands_in_the_metadata_holds_for_its_reports() {
    let fields = |n: u8| {
        json!({
            "time": format!("2026-03-01T08:0{n}:00+07:00"), "deviceID": format!("urn:epc:id:giai:893123456.{n}"),
            "deviceMetadata": format!("https://ex.example/device/{n}"), "rawData": format!("https://ex.example/raw/{n}"),
            "dataProcessingMethod": format!("https://ex.example/method/{n}"),
        })
    };
    let mut report = fields(2);
    report["type"] = json!("Temperature");
    let set2 = read(&[
        event(
            "urn:x:metadata",
            json!([{"sensorMetadata": fields(1), "sensorReport": [{"type": "Temperature"}]}]),
        ),
        event("urn:x:report", json!([{"sensorReport": [report]}])),
    ]);
    for (n, id) in [(1, "metadata"), (2, "report")] {
        for (field, value) in fields(n).as_object().unwrap() {
            assert_eq!(
                found(&set2, &format!("EQ_{field}={}", value.as_str().unwrap())),
                [id],
                "{field}"
            );
        }
    }
    assert_eq!(
        found(&set2, "EQ_deviceID=urn:epc:id:giai:893123456.1|urn:epc:id:giai:893123456.2").len(),
        2
    );
    assert_eq!(
        found(&set2, "GE_time=2026-03-01T01:01:00Z&LT_time=2026-03-01T01:02:00Z"),
        ["metadata"]
    );
}

#[test]
fn each_condition_may_be_met_by_another_report() {
    let two = json!([{"sensorReport": [{"type": "Temperature", "value": 30, "uom": "CEL"}, {"type": "RelativeHumidity", "value": 5, "uom": "P1"}]}]);
    let events = read(&[event("urn:x:two", two)]);
    assert_eq!(found(&events, "EQ_type=RelativeHumidity&GE_value_CEL=30"), ["two"]);
    assert!(found(&events, "EQ_type=RelativeHumidity&GE_value_CEL=31").is_empty());
}

#[test]
fn quantities_are_compared_as_numbers_and_with_a_unit_as_amounts() {
    let mut event = Event::object(Action::Observe, at("2026-03-01T08:00:00+07:00"));
    event.event_id = Some("urn:x:lot".into());
    let class = "urn:epc:class:lgtin:893123456.0789.SC-0726";
    event.quantity_list.push(Quantity::measured(class, Decimal::new(12_500, 3), "KGM"));
    event.quantity_list.push(Quantity::pieces(class, 40));
    event.quantity_list.push(Quantity::unknown(class));
    let events = [event];
    for (parameter, holds) in [
        ("EQ_quantity=12.5", true),
        ("EQ_quantity=7|40", true),
        ("EQ_quantity=12500", false),
        ("GT_quantity=39.9", true),
        ("GT_quantity=40", false),
        ("LT_quantity=12.5", false),
        ("LE_quantity=12.5", true),
        ("EQ_quantity_KGM=12.5", true),
        ("EQ_quantity_GRM=12500", true),
        ("GE_quantity_TNE=0.0125", true),
        ("GT_quantity_TNE=0.0125", false),
        ("EQ_quantity_KGM=40", false),
        ("GE_quantity_LTR=0", false),
        ("GE_quantity_H87=0", false),
    ] {
        assert_eq!(found(&events, parameter) == ["lot"], holds, "{parameter}");
    }
}

#[test]
fn a_sensor_element_that_a_program_wrote_badly_answers_nothing() {
    let mut event = Event::object(Action::Observe, at("2026-03-01T08:00:00+07:00"));
    event.sensor_element_list = vec![
        Json::from(json!({"sensorReport": {"type": 1}, "sensorMetadata": []})),
        Json::from(json!("x")),
    ];
    for parameter in [
        "EQ_type=Temperature",
        "GE_value_CEL=0",
        "GE_time=2020-01-01T00:00:00Z",
        "EXISTS_SENSORREPORT_https://ex.example/#a=",
    ] {
        let (name, value) = parameter.split_once('=').unwrap();
        assert!(!Query::parse([(name, value)]).unwrap().matches(&event), "{parameter}");
    }
}
