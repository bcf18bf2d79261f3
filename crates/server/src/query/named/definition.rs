//! What a named query is: a name and the parameters of the simple event query as a JSON object. It is judged when it is sent,
//! so that a query which exists can be asked.

use epcis::{Context, ContextEntry, Fault, Query};
use serde_json::{Map, Value};

use crate::query::SIMPLE;
use crate::shared::L;

/// Longest body that is read.
pub(super) const LONGEST: usize = 64 << 10;
/// Longest name, in characters.
pub(super) const LONGEST_NAME: usize = 100;
/// Parameters that belong to one asking of a query, not to the query.
const OF_ONE_ASKING: [&str; 2] = ["nextPageToken", "perPage"];

/// A query with a name.
#[derive(Debug, Clone)]
pub struct Named {
    pub name: String,
    /// The JSON object as it was sent.
    pub definition: Map<String, Value>,
    pub query: Query,
}

/// One thing wrong with a body: rule, place, and the sentence in both languages.
#[derive(Debug, Clone)]
pub struct Wrong {
    pub rule: &'static str,
    pub path: String,
    vi: String,
    en: String,
}

impl Wrong {
    pub fn new(
        rule: &'static str,
        path: impl Into<String>,
        vi: impl Into<String>,
        en: impl Into<String>,
    ) -> Wrong {
        Wrong { rule, path: path.into(), vi: vi.into(), en: en.into() }
    }

    /// A fault of what stands at a place.
    fn of_fault(place: &str, fault: &Fault) -> Wrong {
        let path = format!("{place}{}", fault.path);
        Wrong::new(fault.rule, path, fault.message(gs1::Lang::Vi), fault.message(gs1::Lang::En))
    }

    pub fn sentence(&self, l: L) -> &str {
        l.t(&self.vi, &self.en)
    }

    /// As a line of a problem document.
    pub fn line(&self, l: L) -> Value {
        let message = self.sentence(l);
        serde_json::json!({"rule": self.rule, "path": self.path, "line": 0, "column": 0, "message": message})
    }
}

impl Named {
    /// Reads the body of `POST /queries`, sent under these prefixes.
    pub fn read(body: &[u8], prefixes: &Context) -> Result<Named, Vec<Wrong>> {
        let mut body = object(body).map_err(|wrong| vec![wrong])?;
        let mut wrong = Vec::new();
        let around = body.remove("@context").unwrap_or_default();
        if let Err(fault) = Context::of_json(&around) {
            wrong.push(Wrong::of_fault("", &fault));
        }
        let name = read_name(body.remove("name")).unwrap_or_else(|fault| {
            wrong.push(fault);
            String::new()
        });
        let definition = if let Some(Value::Object(mut definition)) = body.remove("query") {
            declare(&mut definition, prefixes, around);
            Some(definition)
        } else {
            wrong.push(Wrong::new(
                "query.definition.missing",
                "/query",
                "Thiếu “query”: một đối tượng JSON gồm các tham số.",
                "“query” is missing: a JSON object of parameters.",
            ));
            None
        };
        wrong.extend(body.keys().map(|key| {
            Wrong::new(
                "query.body.unknown",
                format!("/{}", escaped(key)),
                format!("Không có trường “{key}”; chỉ có “name” và “query”."),
                format!("There is no field “{key}”; there are “name” and “query”."),
            )
        }));
        let query = definition.as_ref().map(|definition| {
            let own = definition.get("@context").unwrap_or(&Value::Null);
            let own = Context::of_json(own).unwrap_or_else(|fault| {
                // What stands around it was told above.
                if !wrong.iter().any(|told| told.path == fault.path) {
                    wrong.push(Wrong::of_fault("/query", &fault));
                }
                Context::default()
            });
            judge(definition, &own)
        });
        match query {
            Some(Err(faults)) => {
                wrong.extend(faults);
                Err(wrong)
            }
            Some(Ok(query)) if wrong.is_empty() => {
                Ok(Named { name, definition: definition.unwrap_or_default(), query })
            }
            _ => Err(wrong),
        }
    }

    /// The query that everybody has.
    pub fn simple() -> Named {
        Named { name: SIMPLE.to_owned(), definition: Map::new(), query: Query::default() }
    }
}

/// Reads a body that must be a JSON object.
pub fn object(body: &[u8]) -> Result<Map<String, Value>, Wrong> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(body)) => Ok(body),
        Ok(_) => Err(Wrong::new(
            "json.object",
            "",
            "Nội dung phải là một đối tượng JSON.",
            "The body must be a JSON object.",
        )),
        Err(error) => Err(Wrong::new(
            "json.syntax",
            "",
            format!("Nội dung không phải là JSON: dòng {}, cột {}.", error.line(), error.column()),
            format!("The body is not JSON: line {}, column {}.", error.line(), error.column()),
        )),
    }
}

fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

fn read_name(name: Option<Value>) -> Result<String, Wrong> {
    let Some(Value::String(name)) = name else {
        return Err(Wrong::new(
            "query.name.missing",
            "/name",
            "Thiếu tên truy vấn (chuỗi ký tự).",
            "The name of the query is missing (a text).",
        ));
    };
    if name == SIMPLE {
        return Err(Wrong::new(
            "query.name.taken",
            "/name",
            format!("“{SIMPLE}” là truy vấn có sẵn."),
            format!("“{SIMPLE}” is a query that is there already."),
        ));
    }
    let fits = (1..=LONGEST_NAME).contains(&name.chars().count())
        && name.trim() == name
        && !name.chars().any(|c| c.is_control() || c == '/')
        && !matches!(&*name, "." | "..");
    if fits {
        return Ok(name);
    }
    Err(Wrong::new(
        "query.name",
        "/name",
        format!(
            "Tên truy vấn có từ 1 đến {LONGEST_NAME} ký tự, không có dấu “/”, ký tự điều khiển hay dấu cách ở hai đầu."
        ),
        format!(
            "The name of a query has 1 to {LONGEST_NAME} characters, no “/”, no control characters, and no blanks at its ends."
        ),
    ))
}

/// Writes into a definition what prefixes in it stand for where that was said around it, so that it means the same wherever it
/// is read. What it says itself comes last, and so goes first.
fn declare(definition: &mut Map<String, Value>, prefixes: &Context, around: Value) {
    let said = prefixes.entries().filter_map(|entry| match entry {
        ContextEntry::Term { name, value } => Some((name.clone(), value.to_value())),
        ContextEntry::Remote(_) => None,
    });
    let said = Value::Object(said.collect());
    let around: Vec<Value> = [said, around]
        .into_iter()
        .filter(|one| !one.is_null() && one.as_object().is_none_or(|terms| !terms.is_empty()))
        .collect();
    if around.is_empty() {
        return;
    }
    let own = definition.remove("@context").unwrap_or_default();
    let entries = around.into_iter().chain([own]).flat_map(|one| match one {
        Value::Null => Vec::new(),
        Value::Array(entries) => entries,
        one => vec![one],
    });
    let context = Value::Array(entries.collect());
    definition.insert("@context".to_owned(), context);
}

/// The query that a definition which is kept says; nothing where it says none any more.
pub(super) fn understood(definition: &Map<String, Value>) -> Option<Query> {
    let context = definition.get("@context").unwrap_or(&Value::Null);
    judge(definition, &Context::of_json(context).unwrap_or_default()).ok()
}

/// The query that the parameters say under their prefixes.
fn judge(definition: &Map<String, Value>, prefixes: &Context) -> Result<Query, Vec<Wrong>> {
    let mut wrong = Vec::new();
    let mut parameters = Vec::new();
    for (name, value) in definition {
        if OF_ONE_ASKING.contains(&name.as_str()) {
            wrong.push(Wrong::new(
                "query.paging",
                format!("/query/{name}"),
                format!("“{name}” thuộc về từng lần hỏi, không thuộc về truy vấn."),
                format!("“{name}” belongs to one asking, not to the query."),
            ));
            continue;
        }
        // It explains prefixes; it asks nothing.
        if name == "@context" {
            continue;
        }
        match values(value) {
            Some(values) => parameters.push((name.as_str(), values)),
            None => wrong.push(Wrong::new(
                "query.value.shape",
                format!("/query/{}", escaped(name)),
                "Giá trị là chuỗi, số, true/false hoặc danh sách các giá trị đó.",
                "A value is a text, a number, true or false, or a list of those.",
            )),
        }
    }
    match Query::parse_lists_in(prefixes, parameters) {
        Ok(query) if wrong.is_empty() => Ok(query),
        Ok(_) => Err(wrong),
        Err(faults) => {
            wrong.extend(faults.iter().map(|fault| Wrong::of_fault("/query", fault)));
            Err(wrong)
        }
    }
}

/// The values of a parameter.
fn values(value: &Value) -> Option<Vec<String>> {
    let one = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    };
    match value {
        Value::Array(list) => list.iter().map(one).collect(),
        single => one(single).map(|text| vec![text]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &Value) -> Result<Named, Vec<(&'static str, String)>> {
        Named::read(body.to_string().as_bytes(), &Context::default())
            .map_err(|wrong| wrong.into_iter().map(|one| (one.rule, one.path)).collect())
    }

    #[test]
    fn parameters_are_lists_texts_numbers_and_truths() {
        let body = serde_json::json!({"name": "Xuất kho", "query": {
            "eventType": ["ObjectEvent"], "EQ_bizStep": ["shipping", "receiving"], "orderBy": "eventTime",
            "eventCountLimit": 5,
            "EXISTS_errorDeclaration": true, "EQ_eventID": "urn:x:a",
        }});
        let named = read(&body).expect("a query");
        let asked = [
            ("eventType", vec!["ObjectEvent"]),
            ("EQ_bizStep", vec!["shipping", "receiving"]),
            ("orderBy", vec!["eventTime"]),
            ("eventCountLimit", vec!["5"]),
            ("EXISTS_errorDeclaration", vec!["true"]),
            ("EQ_eventID", vec!["urn:x:a"]),
        ];
        assert_eq!(named.query, Query::parse_lists(asked).expect("a query"));
    }

    #[test]
    fn every_fault_is_told_with_its_place() {
        let faults = |body: Value| read(&body).map(|named| named.name).expect_err("faults");
        let query =
            serde_json::json!({"EQ_bizStep": {"a": 1}, "perPage": 3, "EQ_action": ["TAKE"]});
        let found = faults(serde_json::json!({"name": "a/b", "query": query, "kind": 1}));
        for wanted in ["/name", "/kind", "/query/EQ_bizStep", "/query/perPage", "/query/EQ_action"]
        {
            assert!(found.iter().any(|(_, path)| path == wanted), "{wanted} in {found:?}");
        }
        assert_eq!(found.len(), 5);
        assert_eq!(faults(serde_json::json!({"query": {}}))[0].1, "/name");
        assert_eq!(faults(serde_json::json!({"name": "a"}))[0].1, "/query");
        assert_eq!(
            faults(serde_json::json!({"name": SIMPLE, "query": {}}))[0].0,
            "query.name.taken"
        );
        assert_eq!(faults(serde_json::json!([]))[0].0, "json.object");
    }
}
