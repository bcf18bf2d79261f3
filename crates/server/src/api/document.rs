//! The table of addresses as an OpenAPI document. Here stands what is common to many operations: who may call them, what every
//! address of the EPCIS interface takes and answers, and how refusals are told.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::operation::{Operation, common, parameter, schema, text};
use crate::query::negotiate::agrees;
use crate::shared::guard::{Access, Route};
use crate::{capture, masterdata, query, subscriptions};

const ABOUT: &str = "Events are EPCIS 2.0 (ISO/IEC 19987) in JSON-LD; XML of 2.0, 1.2 and 1.1 is taken too. A key belongs to one organisation, which makes it under “Kết nối máy”; it sees that organisation's events.";
const PROBLEM: &str = "What is wrong, as RFC 9457; `errors` lists rule, path, line, column and message of each fault.";

/// The document of these addresses (OpenAPI 3.1).
pub(super) fn of_table(table: &[Route]) -> Value {
    let mut by_path: BTreeMap<&str, Vec<(&Route, &Operation)>> = BTreeMap::new();
    for route in table {
        let Some(says) = route.says.as_deref() else { continue };
        by_path.entry(says.shown.unwrap_or(route.path)).or_default().push((route, says));
    }
    let paths = by_path.into_iter().map(|(path, there)| (path.to_owned(), of_path(path, &there)));
    let paths: Map<String, Value> = paths.collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Nguồn",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "Product traceability: events in, events out, answers to scans.",
            "description": ABOUT,
            "license": {"name": env!("CARGO_PKG_LICENSE"), "identifier": env!("CARGO_PKG_LICENSE")},
        },
        "paths": paths,
        "components": components(),
    })
}

/// The operations of an address, and what holds for all of them: the parts of its path, and the headers by which client and
/// server agree.
fn of_path(path: &str, there: &[(&Route, &Operation)]) -> Value {
    let part = |name: &str| {
        let mut said = there.iter().flat_map(|(_, says)| &says.parts).filter(|(of, _)| *of == name);
        let said = said.next().map(|(_, said)| said.clone());
        let mut part = said.unwrap_or_else(|| parameter("path", name, "", &text()));
        part["required"] = json!(true);
        part
    };
    let parts = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let mut parameters: Vec<Value> = parts.map(part).collect();
    if agrees(path) {
        let names = query::described::agreed().into_iter().map(|(name, ..)| name);
        parameters.extend(names.map(|name| common("parameters", name)));
    }
    let method = |route: &Route| route.method.as_str().to_lowercase();
    let mut item: Map<String, Value> =
        there.iter().map(|(route, says)| (method(route), of_route(route, says))).collect();
    if !parameters.is_empty() {
        item.insert("parameters".to_owned(), json!(parameters));
    }
    Value::Object(item)
}

fn of_route(route: &Route, says: &Operation) -> Value {
    let mut operation = json!({"operationId": says.id, "summary": says.summary});
    let mut description = vec![says.description.clone()];
    if let Access::Key(right) = route.access {
        // The key as the password is for programs that know HTTP Basic only.
        operation["security"] = json!([{"key": []}, {"keyAsPassword": []}]);
        description.push(format!("Needs a key with the right `{}`.", right.code()));
    }
    description.retain(|sentence| !sentence.is_empty());
    if !description.is_empty() {
        operation["description"] = json!(description.join(" "));
    }
    if !says.parameters.is_empty() {
        operation["parameters"] = json!(says.parameters);
    }
    if let Some(body) = &says.body {
        operation["requestBody"] = body.clone();
    }
    if let Some(callbacks) = &says.callbacks {
        operation["callbacks"] = callbacks.clone();
    }
    operation["responses"] = answers(route, says);
    operation
}

/// The answers of an operation: what it says itself, and the refusals of its kind that it does not describe itself.
fn answers(route: &Route, says: &Operation) -> Value {
    let mut answers = Map::new();
    let epcis = agrees(route.path);
    for said in &says.answers {
        let mut answer = json!({"description": said.description});
        if let Some(content) = &said.content {
            answer["content"] = content.clone();
        }
        let mut headers = said.headers.clone();
        if epcis && said.status >= 200 {
            for name in query::described::ALWAYS_SAID {
                headers.insert(name.to_owned(), common("headers", name));
            }
        }
        if !headers.is_empty() {
            answer["headers"] = Value::Object(headers);
        }
        answers.insert(said.status.to_string(), answer);
    }
    let of_key: &[u16] = match route.access {
        Access::Key(_) => &[401, 403, 429],
        _ => &[],
    };
    let of_body: &[u16] = if says.body.is_some() { &[400, 413, 415] } else { &[] };
    let of_epcis: &[u16] = if epcis { &[400, 406] } else { &[] };
    for status in [of_key, of_body, of_epcis, &says.problems].into_iter().flatten() {
        answers.entry(status.to_string()).or_insert_with(|| common("responses", "Problem"));
    }
    Value::Object(answers)
}

fn components() -> Value {
    let mut parameters = Map::new();
    let per_page = json!({"type": "integer", "minimum": 1, "maximum": 1000, "default": 30});
    let token = "Where the next page begins; from the `Link` of the last answer.";
    let pages = [
        parameter("query", "perPage", "Members a page.", &per_page),
        parameter("query", "nextPageToken", token, &text()),
    ];
    let agreed = query::described::agreed();
    let agreed = agreed.iter().map(|(name, about, of)| parameter("header", name, about, of));
    for parameter in pages.into_iter().chain(agreed).chain(query::described::conditions()) {
        let name = parameter["name"].as_str().unwrap_or_default().to_owned();
        parameters.insert(name, parameter);
    }
    let mut schemas = Map::from_iter([("Problem".to_owned(), problem())]);
    for (name, schema) in capture::described::schemas()
        .into_iter()
        .chain(query::described::schemas())
        .chain(subscriptions::described::schemas())
        .chain(masterdata::described::schemas())
    {
        schemas.insert(name.to_owned(), schema);
    }
    let header = |(name, about): (&str, &str)| {
        (name.to_owned(), json!({"description": about, "schema": text()}))
    };
    let own = [
        ("Link", "Where the next page is (RFC 8288), rel=\"next\"."),
        ("GS1-Next-Page-Token-Expires", "Until when the next page can be asked for."),
        ("Location", "Where the new resource is."),
    ];
    let headers: Map<String, Value> = own
        .into_iter()
        .chain(query::described::DISCOVERED)
        .chain(capture::described::LIMITS)
        .map(header)
        .collect();
    json!({
        "securitySchemes": {
            "key": {"type": "http", "scheme": "bearer", "description": "`Authorization: Bearer nguon_…`"},
            "keyAsPassword": {
                "type": "http", "scheme": "basic",
                "description": "The key as the password, under any name, for programs that know HTTP Basic only.",
            },
        },
        "schemas": schemas,
        "parameters": parameters,
        "headers": headers,
        "responses": {"Problem": {
            "description": PROBLEM,
            "content": {"application/problem+json": {"schema": schema("Problem")}},
        }},
    })
}

/// A problem document (RFC 9457) with a line for every fault.
fn problem() -> Value {
    let number = json!({"type": "integer"});
    json!({"type": "object", "properties": {
        "type": text(), "title": text(), "status": number, "detail": text(),
        "errors": {"type": "array", "items": {"type": "object", "properties": {
            "rule": text(), "path": text(), "line": number, "column": number, "message": text(),
        }}},
    }})
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn document() -> Value {
        of_table(&crate::table())
    }

    /// Every value under a name, wherever it stands.
    fn all<'v>(name: &str, value: &'v Value, found: &mut Vec<&'v Value>) {
        match value {
            Value::Object(members) => {
                found.extend(members.get(name));
                members.values().for_each(|value| all(name, value, found));
            }
            Value::Array(list) => list.iter().for_each(|value| all(name, value, found)),
            _ => {}
        }
    }

    #[test]
    fn what_is_referred_to_is_described_and_what_is_described_is_referred_to() {
        let document = document();
        let mut references = Vec::new();
        all("$ref", &document, &mut references);
        let used: BTreeSet<&str> = references.into_iter().filter_map(Value::as_str).collect();
        for reference in &used {
            let found = document.pointer(reference.trim_start_matches('#'));
            assert!(found.is_some(), "{reference} is not described");
        }
        for kind in ["schemas", "parameters", "headers", "responses"] {
            let Some(named) = document["components"][kind].as_object() else { continue };
            for name in named.keys() {
                let reference = format!("#/components/{kind}/{name}");
                assert!(used.contains(reference.as_str()), "{reference} is not referred to");
            }
        }
    }

    #[test]
    fn every_operation_has_a_name_of_its_own() {
        let document = document();
        let mut names = Vec::new();
        all("operationId", &document, &mut names);
        let distinct: BTreeSet<&str> = names.iter().filter_map(|name| name.as_str()).collect();
        assert_eq!(distinct.len(), names.len());
        let described = crate::table().iter().filter(|route| route.says.is_some()).count();
        assert_eq!(names.len(), described, "two operations stand at one place");
    }

    #[test]
    fn what_the_table_knows_of_an_address_is_said_of_its_operation() {
        let document = document();
        for route in crate::table() {
            let Some(says) = &route.says else { continue };
            let item = &document["paths"][says.shown.unwrap_or(route.path)];
            let operation = &item[route.method.as_str().to_lowercase()];
            let key = matches!(route.access, Access::Key(_));
            assert_eq!(operation["security"].is_array(), key, "{}", route.path);
            for status in ["401", "403", "429"] {
                assert!(!key || operation["responses"][status].is_object(), "{}", route.path);
            }
            for (part, _) in &says.parts {
                assert!(
                    route.path.contains(&format!("{{{part}}}")),
                    "{} has no {part}",
                    route.path
                );
            }
        }
    }
}
