//! Every rule: one document that breaks it, where it says so.

use epcis::{Fault, Limits, read_json};
use serde_json::{Value, json};

fn object() -> Value {
    json!({
        "type": "ObjectEvent", "action": "OBSERVE", "eventTime": "2026-03-01T08:00:00+07:00",
        "eventTimeZoneOffset": "+07:00", "epcList": ["urn:epc:id:sgtin:893123456.0789.7"]
    })
}

fn transformation() -> Value {
    json!({
        "type": "TransformationEvent", "eventTime": "2026-03-01T08:00:00+07:00", "eventTimeZoneOffset": "+07:00",
        "inputEPCList": ["urn:example:a"], "outputQuantityList": [{"epcClass": "urn:example:b", "quantity": 1.5, "uom": "KGM"}]
    })
}

fn aggregation() -> Value {
    json!({
        "type": "AggregationEvent", "action": "ADD", "eventTime": "2026-03-01T08:00:00+07:00",
        "eventTimeZoneOffset": "+07:00", "parentID": "urn:example:box", "childEPCs": ["urn:example:a"]
    })
}

fn document(event: &Value) -> Value {
    json!({
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {"ex": "https://ex.example/"}],
        "type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": "2026-03-02T00:00:00Z",
        "epcisBody": {"eventList": [event]}
    })
}

fn faults(value: &Value) -> Vec<Fault> {
    read_json(value.to_string().as_bytes(), &Limits::default()).err().unwrap_or_default()
}

/// `event` with one field set (or removed, for null) has exactly this one fault.
#[track_caller]
fn assert_fault(mut event: Value, field: &str, value: Value, rule: &str, path: &str) {
    assert!(faults(&document(&event)).is_empty(), "the event itself is right");
    if value.is_null() {
        event.as_object_mut().unwrap().remove(field);
    } else {
        event[field] = value;
    }
    let faults = faults(&document(&event));
    let found: Vec<_> = faults.iter().map(|f| (f.rule, f.path.as_str())).collect();
    assert_eq!(found, [(rule, format!("/epcisBody/eventList/0{path}").as_str())]);
}

#[test]
fn required_fields_of_every_event() {
    assert_fault(object(), "action", Value::Null, "field.missing", "/action");
    assert_fault(object(), "eventTime", Value::Null, "field.missing", "/eventTime");
    assert_fault(
        object(),
        "eventTimeZoneOffset",
        Value::Null,
        "field.missing",
        "/eventTimeZoneOffset",
    );
    assert_fault(object(), "type", Value::Null, "field.missing", "/type");
    assert_fault(object(), "type", json!("HarvestEvent"), "event.type", "/type");
    assert_fault(object(), "epcList", Value::Null, "event.what.missing", "");
}

#[test]
fn an_action_is_one_of_three_and_a_transformation_has_none() {
    assert_fault(object(), "action", json!("CREATE"), "event.action", "/action");
    assert_fault(object(), "action", json!(1), "json.type", "/action");
    assert_fault(transformation(), "action", json!("ADD"), "event.action.forbidden", "/action");
}

#[test]
fn times_have_a_zone_and_offsets_a_form() {
    assert_fault(object(), "eventTime", json!("22-07-2026"), "time.format", "/eventTime");
    assert_fault(object(), "eventTime", json!("2026-03-01T08:00:00"), "time.format", "/eventTime");
    assert_fault(
        object(),
        "recordTime",
        json!("2026-13-01T08:00:00Z"),
        "time.format",
        "/recordTime",
    );
    assert_fault(
        object(),
        "eventTimeZoneOffset",
        json!("+7:00"),
        "time.offset",
        "/eventTimeZoneOffset",
    );
    assert_fault(
        object(),
        "eventTimeZoneOffset",
        json!("+14:30"),
        "time.offset",
        "/eventTimeZoneOffset",
    );
    assert_fault(
        object(),
        "eventTimeZoneOffset",
        json!("Z"),
        "time.offset",
        "/eventTimeZoneOffset",
    );
}

#[test]
fn identifiers_are_uris() {
    assert_fault(object(), "epcList", json!(["SC 0726"]), "uri", "/epcList/0");
    assert_fault(object(), "epcList", json!(["urn:a:b", "urn:a:b"]), "list.unique", "/epcList/1");
    assert_fault(object(), "readPoint", json!({"id": "ruộng"}), "uri", "/readPoint/id");
    assert_fault(object(), "readPoint", json!({}), "field.missing", "/readPoint/id");
    assert_fault(object(), "eventID", json!("1"), "uri", "/eventID");
    assert_fault(object(), "certificationInfo", json!(["x"]), "uri", "/certificationInfo/0");
}

#[test]
fn quantities_are_numbers_that_are_not_negative_with_a_unit_code() {
    let list = |q: Value| json!([{"epcClass": "urn:example:b", "quantity": q}]);
    let path = "/quantityList/0/quantity";
    assert_fault(object(), "quantityList", list(json!("twenty")), "quantity.value", path);
    assert_fault(object(), "quantityList", list(json!(-1)), "quantity.value", path);
    assert_fault(object(), "quantityList", list(json!(1e300)), "quantity.value", path);
    assert_fault(
        object(),
        "quantityList",
        json!([{"quantity": 1}]),
        "field.missing",
        "/quantityList/0/epcClass",
    );
    assert_fault(
        object(),
        "quantityList",
        json!([{"epcClass": "urn:a:b", "uom": "kg"}]),
        "quantity.uom",
        "/quantityList/0/uom",
    );
    assert_fault(
        object(),
        "quantityList",
        json!([{"epcClass": "urn:a:b", "weight": 1}]),
        "field.unknown",
        "/quantityList/0/weight",
    );
}

#[test]
fn bare_words_are_those_of_the_standard() {
    assert_fault(object(), "bizStep", json!("transforming"), "vocabulary.biz-step", "/bizStep");
    assert_fault(
        object(),
        "disposition",
        json!("in_transport"),
        "vocabulary.disposition",
        "/disposition",
    );
    assert_fault(
        object(),
        "persistentDisposition",
        json!({"set": ["wet"]}),
        "vocabulary.disposition",
        "/persistentDisposition/set/0",
    );
    assert_fault(
        object(),
        "persistentDisposition",
        json!({"set": []}),
        "list.empty",
        "/persistentDisposition/set",
    );
    assert_fault(
        object(),
        "persistentDisposition",
        json!({}),
        "field.missing",
        "/persistentDisposition/set",
    );
    assert_fault(
        object(),
        "sourceList",
        json!([{"type": "farm", "source": "urn:a:b"}]),
        "vocabulary.source-destination",
        "/sourceList/0/type",
    );
    assert_fault(
        object(),
        "destinationList",
        json!([{"destination": "urn:a:b"}]),
        "field.missing",
        "/destinationList/0/type",
    );
    assert_fault(
        object(),
        "bizTransactionList",
        json!([{"type": "bill", "bizTransaction": "urn:a:b"}]),
        "vocabulary.biz-transaction",
        "/bizTransactionList/0/type",
    );
    assert_fault(object(), "bizTransactionList", json!({}), "json.type", "/bizTransactionList");
}

#[test]
fn each_event_type_says_what_it_is_about() {
    assert_fault(aggregation(), "parentID", Value::Null, "event.parent.missing", "/parentID");
    assert_fault(aggregation(), "childEPCs", Value::Null, "event.what.missing", "");
    assert_fault(aggregation(), "epcList", json!(["urn:a:b"]), "field.unknown", "/epcList");
    assert_fault(transformation(), "inputEPCList", Value::Null, "event.transformation.input", "");
    assert_fault(
        transformation(),
        "outputQuantityList",
        Value::Null,
        "event.transformation.output",
        "",
    );
    assert_fault(object(), "ilmd", json!({"ex:a": 1}), "event.ilmd", "/ilmd");
    let mut unpacked = aggregation();
    unpacked["action"] = json!("DELETE");
    unpacked.as_object_mut().unwrap().remove("childEPCs");
    assert!(faults(&document(&unpacked)).is_empty(), "deleting without children means all of them");
    let mut half = transformation();
    half["transformationID"] = json!("urn:example:batch");
    half.as_object_mut().unwrap().remove("outputQuantityList");
    assert!(faults(&document(&half)).is_empty(), "the outputs may come in another event");
}

#[test]
fn extensions_need_a_prefix_that_is_declared() {
    assert_fault(object(), "comment", json!("x"), "field.unknown", "/comment");
    assert_fault(object(), "none:comment", json!("x"), "field.prefix", "/none:comment");
    assert_fault(object(), "@graph", json!([]), "field.unknown", "/@graph");
    let mut event = object();
    event["ex:comment"] = json!({"a": [1, null]});
    event["rdfs:comment"] = json!("x");
    event["https://other.example/comment"] = json!(1.50);
    assert!(faults(&document(&event)).is_empty());
    event["own:comment"] = json!("x");
    event["@context"] = json!({"own": "https://own.example/"});
    assert!(faults(&document(&event)).is_empty(), "an event may declare its own");
}

#[test]
fn sensor_reports_measure_what_gs1_knows() {
    let element = |report: Value| json!([{"sensorReport": [report]}]);
    let base = "/sensorElementList/0/sensorReport/0";
    assert_fault(
        object(),
        "sensorElementList",
        element(json!({"type": "EffectiveDoseRate"})),
        "vocabulary.measurement",
        &format!("{base}/type"),
    );
    assert_fault(
        object(),
        "sensorElementList",
        element(json!({"value": 1})),
        "field.missing",
        &format!("{base}/type"),
    );
    assert_fault(
        object(),
        "sensorElementList",
        element(json!({"type": "Mass", "value": "1"})),
        "json.type",
        &format!("{base}/value"),
    );
    assert_fault(
        object(),
        "sensorElementList",
        element(json!({"type": "Mass", "hexBinaryValue": "xy"})),
        "sensor.hex",
        &format!("{base}/hexBinaryValue"),
    );
    assert_fault(
        object(),
        "sensorElementList",
        json!([{"sensorReport": []}]),
        "list.empty",
        "/sensorElementList/0/sensorReport",
    );
    assert_fault(
        object(),
        "sensorElementList",
        json!([{}]),
        "field.missing",
        "/sensorElementList/0/sensorReport",
    );
}

#[test]
fn an_error_declaration_says_when() {
    assert_fault(
        object(),
        "errorDeclaration",
        json!({"reason": "incorrect_data"}),
        "field.missing",
        "/errorDeclaration/declarationTime",
    );
    let declared = json!({"declarationTime": "2026-03-01T08:00:00Z", "reason": "oops"});
    assert_fault(
        object(),
        "errorDeclaration",
        declared,
        "vocabulary.error-reason",
        "/errorDeclaration/reason",
    );
}

#[test]
fn a_document_has_its_own_required_fields() {
    for field in ["@context", "schemaVersion", "creationDate", "epcisBody"] {
        let mut document = document(&object());
        document.as_object_mut().unwrap().remove(field);
        let faults = faults(&document);
        // Without the context its prefixes are gone too; here none is used.
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert_eq!(
            (faults[0].rule, faults[0].path.as_str()),
            ("field.missing", format!("/{field}").as_str())
        );
    }
    assert_eq!(faults(&json!({"type": "Invoice"}))[0].rule, "document.type");
    assert_eq!(faults(&json!(3))[0].rule, "json.type");
}

#[test]
fn all_faults_are_told_at_once_each_with_its_line_and_column() {
    let text = r#"{
  "type": "ObjectEvent", "action": "CREATE",
  "eventTime": "hôm qua", "eventTimeZoneOffset": "+07:00",
  "epcList": ["urn:a:b",
              "lô 1"]
}"#;
    let faults = read_json(text.as_bytes(), &Limits::default()).unwrap_err();
    let places: Vec<_> = faults.iter().map(|f| (f.rule, f.line, f.column)).collect();
    assert_eq!(places, [("event.action", 2, 36), ("time.format", 3, 16), ("uri", 5, 15)]);
    assert!(faults[1].message(gs1::Lang::Vi).contains("“hôm qua” không phải là thời điểm"));
    assert!(faults[1].message(gs1::Lang::En).contains("“hôm qua” is not a time"));
}
