//! The oracle: each parameter by the words of EPCIS 2.0 §8.2.7.1, on the JSON as its author wrote it. Slow, plain, and
//! sharing no code with the query but the translation of one identifier into its canonical spelling.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::Value;

use super::{ATTRIBUTES, NS, OTHER, PLACES};

fn array(value: &Value) -> Vec<&Value> {
    value.as_array().into_iter().flatten().collect()
}

/// The identity behind a spelling.
fn same_id(a: &str, b: &str) -> bool {
    let is_gs1 = |id: &str| id.starts_with("urn:epc:") || id.starts_with("https://");
    a == b || (is_gs1(a) && is_gs1(b) && epcis::canonical(a) == epcis::canonical(b))
}

/// The word at the end of any of its spellings; a private one as it is.
fn bare(word: &str) -> &str {
    let ours = ["urn:epcglobal:cbv:", "https://ref.gs1.org/cbv/", "https://gs1.org/voc/", "gs1:"];
    if !ours.iter().any(|stem| word.starts_with(stem)) {
        return word;
    }
    word.rsplit([':', '-', '/']).next().unwrap_or(word)
}

fn instant(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}

fn decimal(text: &str) -> Option<Decimal> {
    text.parse().ok()
}

fn number(value: &Value) -> Option<Decimal> {
    value.as_number().and_then(|number| decimal(&number.to_string()))
}

fn compared<T: Ord>(operator: &str, found: &T, asked: &T) -> bool {
    match operator {
        "EQ" => found == asked,
        "GT" => found > asked,
        "GE" => found >= asked,
        "LT" => found < asked,
        "LE" => found <= asked,
        _ => unreachable!("{operator}"),
    }
}

/// "the result will only include events that …"
pub(super) fn answers(event: &Value, name: &str, values: &[String]) -> bool {
    let any = |found: &Value| {
        found.as_str().is_some_and(|found| values.iter().any(|v| bare(v) == bare(found)))
    };
    let time = |found: &Value, operator: &str| {
        let found = found.as_str().and_then(instant);
        found.is_some_and(|found| {
            values.iter().filter_map(|v| instant(v)).any(|asked| compared(operator, &found, &asked))
        })
    };
    let error = &event["errorDeclaration"];
    let void = || values.iter().all(|value| value != "false");
    match name {
        "eventType" => any(&event["type"]),
        "EQ_action" => any(&event["action"]),
        "EQ_bizStep" => any(&event["bizStep"]),
        "EQ_disposition" => any(&event["disposition"]),
        "EQ_persistentDisposition_set" => {
            array(&event["persistentDisposition"]["set"]).into_iter().any(any)
        }
        "EQ_persistentDisposition_unset" => {
            array(&event["persistentDisposition"]["unset"]).into_iter().any(any)
        }
        "GE_eventTime" => time(&event["eventTime"], "GE"),
        "LT_eventTime" => time(&event["eventTime"], "LT"),
        "GE_recordTime" => time(&event["recordTime"], "GE"),
        "LT_recordTime" => time(&event["recordTime"], "LT"),
        "GE_errorDeclarationTime" => time(&error["declarationTime"], "GE"),
        "LT_errorDeclarationTime" => time(&error["declarationTime"], "LT"),
        "EXISTS_errorDeclaration" => !void() || error.is_object(),
        "EQ_errorReason" => any(&error["reason"]),
        "EQ_correctiveEventID" => array(&error["correctiveEventIDs"]).into_iter().any(any),
        "EQ_eventID" => any(&event["eventID"]),
        "EQ_transformationID" => any(&event["transformationID"]),
        "EXISTS_sensorElementList" => !void() || !array(&event["sensorElementList"]).is_empty(),
        _ => {
            let (family, rest) = name.split_once('_').unwrap();
            match family {
                "MATCH" => values.iter().any(|value| matches_epc(event, rest, value)),
                "WD" => place_within(&event[rest]["id"], &values[0]),
                "HASATTR" | "EQATTR" => elements(name, values)
                    .iter()
                    .any(|place| id_is(&event["readPoint"]["id"], place)),
                _ => other(event, family, rest, values),
            }
        }
    }
}

fn id_is(found: &Value, asked: &str) -> bool {
    found.as_str().is_some_and(|found| same_id(found, asked))
}

fn place_within(found: &Value, asked: &str) -> bool {
    let at = PLACES.iter().position(|place| same_id(place, asked)).unwrap();
    PLACES[at..].iter().any(|place| id_is(found, place))
}

/// The places that have an attribute of a name in `HASATTR_`'s list, or `EQATTR_`'s with one of the values.
pub(super) fn elements(name: &str, values: &[String]) -> Vec<&'static str> {
    let has = |(_, attribute, value): &&(&str, &str, &str)| match name
        .strip_prefix("EQATTR_readPoint_")
    {
        Some(asked) => asked == *attribute && values.iter().any(|v| v == value),
        None => values.iter().any(|v| v == attribute),
    };
    ATTRIBUTES.iter().filter(has).map(|(place, _, _)| *place).collect()
}

/// "one of the EPCs listed in the … field matches one of the EPC patterns or URIs"
fn matches_epc(event: &Value, what: &str, asked: &str) -> bool {
    let things: &[&str] = match what {
        "epc" => &["epcList", "childEPCs"],
        "parentID" => &["parentID"],
        "inputEPC" => &["inputEPCList"],
        "outputEPC" => &["outputEPCList"],
        "anyEPC" => &["epcList", "childEPCs", "parentID", "inputEPCList", "outputEPCList"],
        "epcClass" => &["quantityList", "childQuantityList"],
        "inputEPCClass" => &["inputQuantityList"],
        "outputEPCClass" => &["outputQuantityList"],
        _ => &["quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"],
    };
    things.iter().any(|field| {
        let found = &event[*field];
        let mut ids: Vec<&str> = found.as_str().into_iter().collect();
        for item in array(found) {
            ids.extend(item.as_str().or_else(|| item["epcClass"].as_str()));
        }
        ids.into_iter().any(|id| fits(id, asked))
    })
}

/// Part by part of the URN; a `*` is any part.
fn fits(id: &str, asked: &str) -> bool {
    let Some(pattern) = asked.strip_prefix("urn:epc:idpat:") else { return same_id(id, asked) };
    let pool = super::events::EPCS.iter().chain(&super::events::CLASSES);
    let Some(urn) = pool.copied().find(|urn| same_id(urn, id)) else { return false };
    let urn = urn.strip_prefix("urn:epc:id:").or_else(|| urn.strip_prefix("urn:epc:idpat:"));
    let Some((scheme, parts)) = urn.and_then(|urn| urn.split_once(':')) else { return false };
    let (asked_scheme, asked_parts) = pattern.split_once(':').unwrap();
    let asked_parts: Vec<&str> = asked_parts.split('.').collect();
    let parts: Vec<&str> = parts.splitn(asked_parts.len(), '.').collect();
    scheme == asked_scheme
        && parts.len() == asked_parts.len()
        && parts.iter().zip(asked_parts).all(|(part, asked)| asked == "*" || *part == asked)
}

fn other(event: &Value, operator: &str, rest: &str, values: &[String]) -> bool {
    let lists = [
        ("bizTransaction_", "bizTransactionList", "bizTransaction"),
        ("source_", "sourceList", "source"),
        ("destination_", "destinationList", "destination"),
    ];
    for (family, list, field) in lists {
        if let Some(kind) = rest.strip_prefix(family) {
            return array(&event[list]).into_iter().any(|item| {
                item["type"].as_str().is_some_and(|found| bare(found) == bare(kind))
                    && values.iter().any(|value| id_is(&item[field], value))
            });
        }
    }
    if matches!(rest, "readPoint" | "bizLocation") {
        return values.iter().any(|value| id_is(&event[rest]["id"], value));
    }
    if rest.contains([':', '#']) {
        return field(event, operator, rest, values);
    }
    let (what, uom) = rest.split_once('_').map_or((rest, None), |(what, uom)| (what, Some(uom)));
    if what == "quantity" {
        let lists =
            ["quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"];
        let mut quantities = lists.iter().flat_map(|list| array(&event[*list]));
        return quantities
            .any(|item| measured(&item["quantity"], &item["uom"], operator, uom, values, false));
    }
    array(&event["sensorElementList"]).into_iter().any(|element| {
        let reports = array(&element["sensorReport"]);
        let mut carriers = vec![&element["sensorMetadata"]];
        carriers.extend(&reports);
        match what {
            "value" | "minValue" | "maxValue" | "meanValue" | "sDev" | "percRank" | "percValue" => {
                reports.iter().any(|report| {
                    measured(&report[what], &report["uom"], operator, uom, values, what == "sDev")
                })
            }
            "time" | "startTime" | "endTime" => carriers.iter().any(|part| {
                let found = part[what].as_str().and_then(instant);
                found.is_some_and(|found| {
                    values.iter().any(|v| compared(operator, &found, &instant(v).unwrap()))
                })
            }),
            "booleanValue" => reports.iter().any(|report| {
                report[what].as_bool().map(|b| b.to_string()).as_ref() == values.first()
            }),
            _ => carriers.iter().any(|part| {
                part[what].as_str().is_some_and(|found| {
                    values.iter().any(|asked| match what {
                        "type" => bare(asked) == bare(found),
                        "deviceID" => same_id(asked, found),
                        "hexBinaryValue" => asked.to_uppercase() == found.to_uppercase(),
                        _ => asked == found,
                    })
                })
            }),
        }
    })
}

/// What a unit measures, and a value in hundredths of a 1.8th of it, so that no temperature has a remainder.
fn scaled(value: Decimal, uom: &str, spread: bool) -> (&str, Decimal) {
    let zero = |zero: i64| if spread { Decimal::ZERO } else { Decimal::from(zero) };
    match uom {
        "KEL" => ("temperature", value * Decimal::from(180)),
        "CEL" => ("temperature", value * Decimal::from(180) + zero(49_167)),
        "FAH" => ("temperature", value * Decimal::from(100) + zero(45_967)),
        "KGM" => ("mass", value * Decimal::from(1_000)),
        "GRM" => ("mass", value),
        "C62" => ("ratio", value * Decimal::from(100)),
        "P1" => ("ratio", value),
        other => (other, value),
    }
}

fn measured(
    found: &Value,
    found_uom: &Value,
    operator: &str,
    uom: Option<&str>,
    values: &[String],
    spread: bool,
) -> bool {
    let Some(found) = number(found) else { return false };
    values.iter().any(|asked| {
        let asked = decimal(asked).unwrap();
        match (uom, found_uom.as_str()) {
            (None, _) => compared(operator, &found, &asked),
            (Some(_), None) => false,
            (Some(uom), Some(found_uom)) => {
                let ((kind, found), (asked_kind, asked)) =
                    (scaled(found, found_uom, spread), scaled(asked, uom, spread));
                kind == asked_kind && compared(operator, &found, &asked)
            }
        }
    })
}

/// Extension fields: where they stand, at the top or inside, and what is asked of them.
fn field(event: &Value, operator: &str, rest: &str, values: &[String]) -> bool {
    let (inner, rest) = rest.strip_prefix("INNER_").map_or((false, rest), |rest| (true, rest));
    let places = [
        "ILMD_",
        "ERROR_DECLARATION_",
        "readPoint_",
        "bizLocation_",
        "SENSORELEMENT_",
        "SENSORMETADATA_",
        "SENSORREPORT_",
    ];
    let place = places.into_iter().find(|place| rest.starts_with(place)).unwrap_or("");
    let name = &rest[place.len()..];
    if operator == "EXISTS" && values[0] == "false" {
        return true;
    }
    let elements = array(&event["sensorElementList"]);
    let holders: Vec<&Value> = match place {
        "" => vec![event],
        "ILMD_" => vec![&event["ilmd"]],
        "ERROR_DECLARATION_" => vec![&event["errorDeclaration"]],
        "readPoint_" => vec![&event["readPoint"]],
        "bizLocation_" => vec![&event["bizLocation"]],
        "SENSORELEMENT_" => elements,
        "SENSORMETADATA_" => elements.iter().map(|element| &element["sensorMetadata"]).collect(),
        _ => elements.iter().flat_map(|element| array(&element["sensorReport"])).collect(),
    };
    let tops = holders
        .into_iter()
        .filter_map(Value::as_object)
        .flatten()
        .filter(|(key, _)| key.contains(':'));
    let mut found = Vec::new();
    for (key, value) in tops {
        if inner {
            inside(value, &mut found);
        } else {
            found.push((key.as_str(), value));
        }
    }
    found.iter().any(|(key, value)| means(event, key, name) && holds(value, operator, values))
}

fn inside<'v>(value: &'v Value, found: &mut Vec<(&'v str, &'v Value)>) {
    for (key, value) in value.as_object().into_iter().flatten() {
        found.push((key, value));
        inside(value, found);
    }
    for item in array(value) {
        inside(item, found);
    }
}

/// Whether a key of the event is the field that the parameter names.
fn means(event: &Value, key: &str, asked: &str) -> bool {
    let Some((prefix, local)) = key.split_once(':') else { return false };
    let namespace = event["@context"][1][prefix].as_str().unwrap();
    let spellings = match namespace {
        NS => vec![format!("https://ex.example/ns#{local}"), format!("q:{local}")],
        _ => vec![format!("{OTHER}#{local}"), format!("{OTHER}:{local}")],
    };
    spellings.iter().any(|spelling| spelling == asked)
}

fn holds(value: &Value, operator: &str, values: &[String]) -> bool {
    match value {
        Value::Array(items) => items.iter().any(|item| holds(item, operator, values)),
        Value::Object(members) if operator == "EXISTS" => !members.is_empty(),
        Value::Object(members) => members
            .get("#text")
            .or(members.get("@value"))
            .is_some_and(|value| holds(value, operator, values)),
        Value::Null => false,
        Value::String(text) if operator == "EXISTS" => !text.is_empty(),
        _ if operator == "EXISTS" => true,
        Value::String(text) => values.iter().any(|asked| {
            let times = instant(text).zip(instant(asked));
            let numbers = decimal(text).zip(decimal(asked)).filter(|_| operator != "EQ");
            (operator == "EQ" && text == asked)
                || times.is_some_and(|(found, asked)| compared(operator, &found, &asked))
                || numbers.is_some_and(|(found, asked)| compared(operator, &found, &asked))
        }),
        Value::Number(_) => values.iter().any(|asked| {
            number(value)
                .zip(decimal(asked))
                .is_some_and(|(found, asked)| compared(operator, &found, &asked))
        }),
        Value::Bool(truth) => operator == "EQ" && values.contains(&truth.to_string()),
    }
}
