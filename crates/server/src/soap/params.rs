//! The parameters of `poll` and `subscribe`: a name and a value of any type (EPCIS 1.2 and 2.0 §11.1). A list is an
//! `ArrayOfString`, a single value is text, and a parameter that only needs to be there has an empty value (`VoidHolder`).

use epcis::{Element, Query};

use super::fault::{Exception, Fault};

/// One parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Param {
    pub(super) name: String,
    pub(super) values: Vec<String>,
}

/// Reads the element `params` of a call.
pub(super) fn read(call: &Element) -> Result<Vec<Param>, Fault> {
    let mut found: Vec<Param> = Vec::new();
    let Some(params) = call.child("params") else { return Ok(found) };
    for param in &params.children {
        let name = param.child("name").map(|name| name.text.trim()).unwrap_or_default();
        let Some(value) =
            param.child("value").filter(|_| param.name == "param" && !name.is_empty())
        else {
            return Err(Fault::new(
                Exception::Validation,
                "Mỗi tham số phải là một phần tử param có name và value.",
                "Each parameter must be an element param with a name and a value.",
            ));
        };
        if found.iter().any(|known| known.name == name) {
            return Err(wrong(name, "tham số xuất hiện hai lần", "the parameter occurs twice"));
        }
        found.push(Param { name: name.to_owned(), values: values(name, value)? });
    }
    Ok(found)
}

fn values(name: &str, value: &Element) -> Result<Vec<String>, Fault> {
    if value.children.is_empty() {
        let text = value.text.trim();
        return Ok(if text.is_empty() { Vec::new() } else { vec![text.to_owned()] });
    }
    let string = |item: &Element| {
        let plain = item.name == "string" && item.children.is_empty();
        plain.then(|| item.text.trim().to_owned())
    };
    value.children.iter().map(string).collect::<Option<_>>().ok_or_else(|| {
        wrong(
            name,
            "giá trị phải là ArrayOfString hoặc chữ",
            "the value must be an ArrayOfString or text",
        )
    })
}

/// A parameter is wrong.
pub(super) fn wrong(name: &str, vi: &str, en: &str) -> Fault {
    Fault::new(Exception::QueryParameter, format!("{name}: {vi}."), format!("{name}: {en}."))
}

/// A query that is kept under a name has its parameters already.
pub(super) fn none(params: &[Param]) -> Result<(), Fault> {
    match params.first() {
        None => Ok(()),
        Some(first) => Err(wrong(
            &first.name,
            "truy vấn đặt tên đã có sẵn tham số",
            "a named query has its parameters already",
        )),
    }
}

/// The simple event query that the parameters say. Pages are no parameters here: `poll` answers whole.
pub(super) fn event_query(params: &[Param]) -> Result<Query, Fault> {
    if let Some(page) = params.iter().find(|p| matches!(&*p.name, "perPage" | "nextPageToken")) {
        return Err(wrong(
            &page.name,
            "giao diện SOAP không có tham số này",
            "the SOAP interface has no such parameter",
        ));
    }
    let lists = params.iter().map(|param| {
        // It needs only to be there.
        let void = param.values.is_empty() && param.name.starts_with("EXISTS_");
        let values = if void { vec!["true".to_owned()] } else { param.values.clone() };
        (param.name.as_str(), values)
    });
    Query::parse_lists(lists).map_err(|faults| Fault::of_faults(Exception::QueryParameter, &faults))
}
