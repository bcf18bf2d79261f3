//! Questions: one to three parameters of any family, with values that some event may well have.

use std::collections::BTreeMap;

use super::events::{CLASSES, DISPOSITIONS, EPCS, NUMBERS, STEPS, TEXTS, TIMES, UNITS, id};
use super::{ATTRIBUTES, Choices, PLACES};

pub(super) fn question(choices: &mut Choices) -> BTreeMap<String, Vec<String>> {
    let count = 1 + choices.below(8) / 5;
    let mut question = BTreeMap::new();
    for _ in 0..count {
        let (name, values) = parameter(choices);
        question.insert(name, values);
    }
    question
}

fn listed(choices: &mut Choices, pool: &[&str]) -> Vec<String> {
    let count = 1 + choices.below(2);
    (0..count).map(|_| choices.of(pool).to_owned()).collect()
}

fn one(choices: &mut Choices, pool: &[&str]) -> Vec<String> {
    vec![choices.of(pool).to_owned()]
}

fn ids(choices: &mut Choices, pool: &[&str]) -> Vec<String> {
    let count = 1 + choices.below(2);
    (0..count).map(|_| id(choices, pool)).collect()
}

const PATTERNS: [&str; 8] = [
    "urn:epc:idpat:sgtin:893123456.0789.*",
    "urn:epc:idpat:sgtin:893123456.*.*",
    "urn:epc:idpat:sgtin:*.*.*",
    "urn:epc:idpat:sgtin:893123456.0789.7",
    "urn:epc:idpat:sscc:893123456.*",
    "urn:epc:idpat:sscc:*.*",
    "urn:epc:idpat:gid:95100000.*.*",
    "urn:epc:idpat:gid:95100000.12345.*",
];

fn parameter(choices: &mut Choices) -> (String, Vec<String>) {
    let named = |name: &str, values: Vec<String>| (name.to_owned(), values);
    match choices.below(20) {
        0 => named(
            "eventType",
            listed(
                choices,
                &[
                    "ObjectEvent",
                    "AggregationEvent",
                    "TransactionEvent",
                    "TransformationEvent",
                    "AssociationEvent",
                ],
            ),
        ),
        1 => named("EQ_action", listed(choices, &["ADD", "OBSERVE", "DELETE"])),
        2 => {
            let name = choices.of(&[
                "EQ_bizStep",
                "EQ_disposition",
                "EQ_persistentDisposition_set",
                "EQ_persistentDisposition_unset",
            ]);
            let values = if name == "EQ_bizStep" {
                listed(choices, &STEPS)
            } else {
                listed(choices, &DISPOSITIONS)
            };
            named(name, values)
        }
        3 => {
            let name = choices.of(&[
                "GE_eventTime",
                "LT_eventTime",
                "GE_recordTime",
                "LT_recordTime",
                "GE_errorDeclarationTime",
                "LT_errorDeclarationTime",
            ]);
            named(name, one(choices, &TIMES))
        }
        4 | 5 => {
            let name = choices.of(&[
                "MATCH_anyEPC",
                "MATCH_epc",
                "MATCH_parentID",
                "MATCH_inputEPC",
                "MATCH_outputEPC",
            ]);
            let values =
                if choices.one_in(2) { listed(choices, &PATTERNS) } else { ids(choices, &EPCS) };
            named(name, values)
        }
        6 => {
            let name = choices.of(&[
                "MATCH_anyEPCClass",
                "MATCH_epcClass",
                "MATCH_inputEPCClass",
                "MATCH_outputEPCClass",
            ]);
            let values = if choices.one_in(2) {
                listed(choices, &PATTERNS[..3])
            } else {
                ids(choices, &CLASSES)
            };
            named(name, values)
        }
        7 => {
            let name =
                choices.of(&["EQ_readPoint", "EQ_bizLocation", "WD_readPoint", "WD_bizLocation"]);
            named(name, vec![id(choices, &PLACES)])
        }
        8 => {
            let (_, attribute, value) = ATTRIBUTES[choices.below(2)];
            match choices.below(2) {
                0 => named("HASATTR_readPoint", vec![attribute.to_owned()]),
                _ => named(
                    &format!("EQATTR_readPoint_{attribute}"),
                    vec![if choices.one_in(3) { "none" } else { value }.to_owned()],
                ),
            }
        }
        9 => {
            let name = choices.of(&[
                "EQ_source_owning_party",
                "EQ_source_possessing_party",
                "EQ_destination_owning_party",
                "EQ_destination_urn:nguon:kho",
            ]);
            named(name, ids(choices, &PLACES))
        }
        10 => {
            let name = choices.of(&[
                "EQ_bizTransaction_po",
                "EQ_bizTransaction_urn:epcglobal:cbv:btt:inv",
                "EQ_bizTransaction_urn:nguon:phieu",
            ]);
            named(name, listed(choices, &["urn:x:doc1", "urn:x:doc2"]))
        }
        11 => match choices.below(5) {
            0 => named("EXISTS_errorDeclaration", one(choices, &["true", "false", ""])),
            1 => named(
                "EQ_errorReason",
                listed(choices, &["incorrect_data", "did_not_occur", "urn:x:reason"]),
            ),
            2 => named("EQ_correctiveEventID", listed(choices, &["urn:x:e1", "urn:x:e2"])),
            3 => named("EQ_eventID", listed(choices, &["urn:x:e1", "urn:x:e2"])),
            _ => named("EQ_transformationID", listed(choices, &["urn:x:t1", "urn:x:t2"])),
        },
        12 => {
            let operator = choices.of(&["EQ", "GT", "GE", "LT", "LE"]);
            let unit =
                if choices.one_in(2) { format!("_{}", choices.of(&UNITS)) } else { String::new() };
            named(&format!("{operator}_quantity{unit}"), numbers(choices, operator))
        }
        13 => match choices.below(4) {
            0 => named("EXISTS_sensorElementList", one(choices, &["", "true", "false"])),
            1 => named("EQ_type", listed(choices, &["Temperature", "Mass", "urn:x:kind"])),
            2 => named("EQ_booleanValue", one(choices, &["true", "false"])),
            _ => named(
                "EQ_deviceID",
                listed(
                    choices,
                    &[
                        "urn:epc:id:giai:893123456.1",
                        "https://id.gs1.org/8004/8931234561",
                        "urn:x:device",
                    ],
                ),
            ),
        },
        14 => match choices.below(3) {
            0 => named("EQ_stringValue", listed(choices, &TEXTS)),
            1 => named("EQ_hexBinaryValue", listed(choices, &["0a", "Ff"])),
            _ => {
                let name = choices.of(&[
                    "EQ_deviceMetadata",
                    "EQ_rawData",
                    "EQ_dataProcessingMethod",
                    "EQ_bizRules",
                    "EQ_microorganism",
                    "EQ_chemicalSubstance",
                    "EQ_uriValue",
                ]);
                named(name, listed(choices, &["urn:x:m1", "urn:x:m2"]))
            }
        },
        15 => {
            let operator = choices.of(&["EQ", "GE", "LT"]);
            let field = choices.of(&["time", "startTime", "endTime"]);
            let values =
                if operator == "EQ" { listed(choices, &TIMES) } else { one(choices, &TIMES) };
            named(&format!("{operator}_{field}"), values)
        }
        16 => {
            let operator = choices.of(&["EQ", "GT", "GE", "LT", "LE"]);
            let field = choices.of(&[
                "value",
                "minValue",
                "maxValue",
                "meanValue",
                "sDev",
                "percValue",
                "percRank",
            ]);
            let bare = matches!(field, "sDev" | "percRank" | "percValue") && choices.one_in(2);
            let unit = if bare { String::new() } else { format!("_{}", choices.of(&UNITS)) };
            named(&format!("{operator}_{field}{unit}"), numbers(choices, operator))
        }
        _ => field(choices),
    }
}

fn numbers(choices: &mut Choices, operator: &str) -> Vec<String> {
    if operator == "EQ" { listed(choices, &NUMBERS) } else { one(choices, &NUMBERS) }
}

fn field(choices: &mut Choices) -> (String, Vec<String>) {
    let operator = choices.of(&["EQ", "EXISTS", "GT", "GE", "LT", "LE"]);
    let inner = if choices.one_in(2) { "INNER_" } else { "" };
    let place = choices.of(&[
        "",
        "ILMD_",
        "ERROR_DECLARATION_",
        "readPoint_",
        "bizLocation_",
        "SENSORELEMENT_",
        "SENSORMETADATA_",
        "SENSORREPORT_",
    ]);
    let local = choices.of(&["a", "b"]);
    let stem = choices.of(&["https://ex.example/ns#", "q:", "urn:nguon:ns#", "urn:nguon:ns:"]);
    let values = match operator {
        "EXISTS" => one(choices, &["", "true", "false"]),
        "EQ" => match choices.below(3) {
            0 => listed(choices, &TEXTS),
            1 => listed(choices, &TIMES),
            _ => listed(choices, &NUMBERS),
        },
        _ if choices.one_in(3) => one(choices, &TIMES),
        _ => one(choices, &NUMBERS),
    };
    (format!("{operator}_{inner}{place}{stem}{local}"), values)
}
