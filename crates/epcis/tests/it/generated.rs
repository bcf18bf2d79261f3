//! Events put together at random: whatever JSON says of them, XML says too.

use epcis::{
    Action, BizTransaction, Document, ErrorDeclaration, Event, EventTime, Json, Limits, Party,
    PersistentDisposition, Place, Quantity, Version, check, read_json, read_xml, write_json,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::built::at;
use crate::conversion::{assert_same, xml};

fn epc() -> impl Strategy<Value = String> {
    prop_oneof![
        (0..99_u32).prop_map(|n| format!("urn:epc:id:sgtin:893123456.0789.{n}")),
        (0..99_u32).prop_map(|n| format!("https://id.gs1.org/01/08931234567897/21/{n}")),
        (0..99_u32)
            .prop_map(|n| format!("https://tem.example.vn/01/08931234567897/10/L{n}?17=261231")),
        (0..99_u32).prop_map(|n| format!("urn:nguon:lot:{n}&<>\"'").replace(['<', '>', '"'], "")),
    ]
}

fn class() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("urn:epc:idpat:sgtin:893123456.0789.*".to_owned()),
        (0..99_u32).prop_map(|n| format!("urn:epc:class:lgtin:893123456.0789.L{n}")),
        (0..99_u32).prop_map(|n| format!("https://id.gs1.org/01/08931234567897/10/{n}")),
        (0..99_u32).prop_map(|n| format!("urn:nguon:lot:{n}")),
    ]
}

fn epcs() -> impl Strategy<Value = Vec<String>> {
    proptest::collection::btree_set(epc(), 0..4).prop_map(|set| set.into_iter().collect())
}

fn quantities() -> impl Strategy<Value = Vec<Quantity>> {
    let quantity = (class(), proptest::option::of((0..9_999_i64, 0..4_u32)), proptest::bool::ANY);
    let quantity = quantity.prop_map(|(class, amount, unit)| Quantity {
        epc_class: class,
        quantity: amount.map(|(digits, scale)| rust_decimal::Decimal::new(digits, scale)),
        uom: unit.then(|| "KGM".to_owned()),
    });
    proptest::collection::vec(quantity, 0..3)
}

/// Text that XML can hold, its white space included.
fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[ -~]{0,12}", "[ \\t\\r\\n<&>\"'đẦ\\]]{0,8}", "-?[0-9]{1,3}(\\.[0-9]{1,2})?"]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        text().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        (-9_999..9_999_i32).prop_map(|n| json!(f64::from(n) / 8.0)),
        any::<bool>().prop_map(Value::from),
        Just(Value::Null),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            proptest::collection::btree_map("(ex:|mda:|)[a-cđ]{1,2}", inner, 0..3)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn sensor() -> impl Strategy<Value = Json> {
    (any::<i32>(), text(), text()).prop_map(|(n, stringed, extra)| {
        Json::from(json!({
            "sensorMetadata": {"time": "2026-03-01T08:00:00.5+07:00", "deviceID": "urn:epc:id:giai:893123456.1", "ex:ghi": extra},
            "sensorReport": [
                {"type": "Temperature", "value": f64::from(n) / 4.0, "uom": "CEL", "component": "cbv:Comp-x"},
                {"exception": "gs1:ALARM_CONDITION", "stringValue": stringed, "booleanValue": n % 2 == 0},
            ],
            "ex:thêm": {"ex:a": n}
        }))
    })
}

type What = (Vec<String>, Vec<Quantity>, Vec<String>, Vec<Quantity>);

pub(crate) fn event() -> impl Strategy<Value = Event> {
    let what = (epcs(), quantities(), epcs(), quantities());
    let why = (0..5_usize, 0..3_usize, any::<bool>(), any::<bool>(), any::<bool>());
    let more = (proptest::collection::vec(sensor(), 0..2), value(), value(), text());
    (what, why, more, -2_000_000_000..2_000_000_000_i64, -840..=840_i16).prop_map(
        |(what, why, (sensors, first, second, note), seconds, offset)| {
            let time = EventTime { micros: seconds * 1_000_500, offset_minutes: offset };
            let mut event = start(what, why.0, why.1, time);
            event.declare_prefix("ex", "https://ex.example/ns#");
            event.declare_prefix("mda", "urn:epcglobal:cbv:mda");
            if why.2 {
                event.biz_step = Some("inspecting".into());
                event.disposition = Some("https://ex.example/disp/khô".into());
                event.read_point = Some(Place::from("urn:nguon:place:1"));
                event.source_list.push(Party::new("owning_party", "urn:epc:id:pgln:893123456.789"));
                event.destination_list.push(Party::new("urn:nguon:kho", "urn:nguon:place:2"));
                event
                    .biz_transaction_list
                    .push(BizTransaction { kind: None, id: "urn:nguon:po:1".into() });
            }
            if why.3 {
                event.sensor_element_list = sensors;
                event.certification_info.push("https://ex.example/cert/1".into());
                event.persistent_disposition = Some(PersistentDisposition {
                    set: vec!["completeness_verified".into()],
                    unset: vec!["completeness_inferred".into()],
                });
            }
            if why.4 {
                event.event_id = Some("urn:uuid:0f3c2b1a-0000-4000-8000-000000000001".into());
                event.error_declaration = Some(ErrorDeclaration {
                    declaration_time: time,
                    reason: Some("incorrect_data".into()),
                    corrective_event_ids: vec!["urn:uuid:2".into()],
                    extensions: Vec::new(),
                });
            }
            event.set_extension("ex:một", first);
            event.set_extension("mda:hai", second);
            event.set_extension("ex:note", note.as_str());
            event
        },
    )
}

fn start(
    (epcs, quantities, others, more): What,
    kind: usize,
    action: usize,
    time: EventTime,
) -> Event {
    let action = [Action::Add, Action::Observe, Action::Delete][action];
    let some = || vec!["urn:nguon:lot:một".to_owned()];
    match kind {
        0 => {
            let mut event = Event::object(action, time);
            event.epc_list = if epcs.is_empty() { some() } else { epcs };
            event.quantity_list = quantities;
            if action == Action::Add {
                event.ilmd =
                    Some(Json::from(json!({"ex:giống": "Shan Tuyết", "mda:lotNumber": "007"})));
            }
            event
        }
        1 | 2 => {
            let mut event = if kind == 1 {
                Event::aggregation(action, time, "urn:epc:id:sscc:893123456.00000001")
            } else {
                Event::association(action, time, "urn:epc:id:sscc:893123456.00000001")
            };
            event.child_epcs = if epcs.is_empty() { some() } else { epcs };
            event.child_quantity_list = quantities;
            event
        }
        3 => {
            let mut event =
                Event::transaction(action, time, BizTransaction::new("po", "urn:nguon:po:2"));
            event.epc_list = if epcs.is_empty() { some() } else { epcs };
            event.quantity_list = quantities;
            event
        }
        _ => {
            let mut event = Event::transformation(time);
            event.input_epc_list = if epcs.is_empty() { some() } else { epcs };
            event.output_epc_list = if others.is_empty() { some() } else { others };
            event.input_quantity_list = quantities;
            event.output_quantity_list = more;
            event
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn generated_events_mean_the_same_in_json_and_in_both_versions_of_xml(events in proptest::collection::vec(event(), 1..4)) {
        for event in &events {
            prop_assert_eq!(check(event), []);
        }
        let document = Document::from(events);
        let text = write_json(&document, at("2026-03-02T00:00:00Z"));
        let json = read_json(text.as_bytes(), &Limits::default()).unwrap();
        for version in [Version::V2_0, Version::V1_2] {
            let text = xml(&json, version);
            let back = read_xml(text.as_bytes(), &Limits::default());
            let back = back.unwrap_or_else(|faults| panic!("{faults:?}\n{text}"));
            let paths = epcis::diff(&json, &back);
            prop_assert!(paths.is_empty(), "{paths:?}\n{text}\n{}", write_json(&back, at("2026-03-02T00:00:00Z")));
        }
        assert_same(&document, &json, &text);
    }
}
