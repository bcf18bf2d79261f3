//! Documents of FoodChain-Lab Web (BfR): its JSON format 1.x with `data`, `tracing` and `settings`, and the older flat one with
//! `stations`, `deliveries`, `deliveriesRelations`. `settings.metaNodes` are merged stations. Looks and layout are not kept.

use serde_json::{Map, Value, json};

use super::fault::{Fault, Faults, Kind, Table};
use super::mark::{Mark, Merged, Tracing};
use super::sheet::{Row, Sheet};
use super::{Delivery, Network, Station};

/// What a document holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// Stations, deliveries and relations.
    pub network: Network,
    /// Weights and other assumptions; temporal order holds where the document does not say otherwise.
    pub tracing: Tracing,
}

/// Reads a document.
///
/// ```
/// let text = br#"{"stations": [{"id": "1"}, {"id": "2"}],
///     "deliveries": [{"id": "d", "source": "1", "target": "2"}], "deliveriesRelations": []}"#;
/// let document = trace::network::fcl::read(text).unwrap();
/// assert_eq!(document.network.deliveries()[0].to, 1);
/// ```
///
/// # Errors
/// It is no such document, or its tables have faults; rows are counted from 1.
pub fn read(text: &[u8]) -> Result<Document, Faults> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let root: Value =
        serde_json::from_slice(text).map_err(|error| unreadable(&error.to_string()))?;
    let sheets = if let Some(data) = root.get("data") {
        let sheet = |name: &str| data.get(name).and_then(table);
        [sheet("stations"), sheet("deliveries"), sheet("deliveryRelations")]
    } else {
        let data = root.get("elements").unwrap_or(&root);
        let sheet = |name: &str| data.get(name).and_then(flat);
        let relations = sheet("deliveriesRelations").or_else(|| Some(Sheet::default()));
        [sheet("stations"), sheet("deliveries"), relations]
    };
    let [Some(stations), Some(deliveries), Some(relations)] = sheets else {
        return Err(unreadable("no FoodChain-Lab tables of stations and deliveries"));
    };
    let [stations, deliveries, relations] = [
        filled(stations, &["ID"]),
        filled(deliveries, &["ID", "from", "to"]),
        filled(relations, &["ID", "Next"]),
    ];
    let network = Network::from_sheets(&stations, &deliveries, &relations)?;
    let tracing = tracing(&root, &network)?;
    Ok(Document { network, tracing })
}

fn unreadable(why: &str) -> Faults {
    Fault::new(Table::Document, 0, "", Kind::Unreadable(why.to_owned())).into()
}

/// A table without rows need not name its columns.
fn filled(mut sheet: Sheet, columns: &[&str]) -> Sheet {
    if sheet.rows.is_empty() && sheet.columns.is_empty() {
        sheet.columns = columns.iter().map(|name| (*name).to_owned()).collect();
    }
    sheet
}

/// `{columnProperties: [{id, type}], data: [[{id, value}]]}`.
fn table(value: &Value) -> Option<Sheet> {
    let mut sheet = Sheet::default();
    for column in value.get("columnProperties").and_then(Value::as_array).into_iter().flatten() {
        sheet.columns.push(column.get("id")?.as_str()?.to_owned());
    }
    for (number, row) in value.get("data")?.as_array()?.iter().enumerate() {
        let cells = row.as_array()?.iter().map(|cell| {
            Some((cell.get("id")?.as_str()?, cell.get("value").unwrap_or(&Value::Null)))
        });
        push(&mut sheet, number, cells.collect::<Option<Vec<_>>>()?);
    }
    Some(square(sheet))
}

/// `[{id: …, source: …}]`.
fn flat(value: &Value) -> Option<Sheet> {
    let mut sheet = Sheet::default();
    for (number, row) in value.as_array()?.iter().enumerate() {
        let cells = row.as_object()?.iter().map(|(name, value)| (name.as_str(), value));
        push(&mut sheet, number, cells.collect());
    }
    Some(square(sheet))
}

fn push(sheet: &mut Sheet, number: usize, cells: Vec<(&str, &Value)>) {
    let mut row = Row { line: number as u64 + 1, cells: vec![String::new(); sheet.columns.len()] };
    for (name, value) in cells {
        let place = sheet.columns.iter().position(|column| column == name).unwrap_or_else(|| {
            sheet.columns.push(name.to_owned());
            row.cells.push(String::new());
            sheet.columns.len() - 1
        });
        row.cells[place] = match value {
            Value::Null => String::new(),
            Value::String(text) => text.trim().to_owned(),
            other => other.to_string(),
        };
    }
    sheet.rows.push(row);
}

/// Rows before a column first appeared are shorter.
fn square(mut sheet: Sheet) -> Sheet {
    let width = sheet.columns.len();
    sheet.rows.iter_mut().for_each(|row| row.cells.resize(width, String::new()));
    sheet
}

fn tracing(root: &Value, network: &Network) -> Result<Tracing, Faults> {
    let mut tracing = Tracing::default();
    let at = |path: &str| root.pointer(path).and_then(Value::as_array).into_iter().flatten();
    for meta in at("/settings/metaNodes") {
        let members = meta.get("members").and_then(Value::as_array);
        let members = members.ok_or_else(|| unreadable("metaNodes without members"))?;
        tracing.merged.push(Merged { id: id(meta)?, members: members.iter().map(text).collect() });
    }
    if let Some(Value::Bool(order)) = root.pointer("/tracing/enforceTemporalOrder") {
        tracing.temporal_order = *order;
    }
    for node in at("/tracing/nodes") {
        let (id, mark) = (id(node)?, mark(node)?);
        // A mark of a merged station says that nothing holds of its members, so it is kept even if it says nothing else.
        if mark != Mark::default() || tracing.merged.iter().any(|merged| merged.id == id) {
            *tracing.station(&id) = mark;
        }
    }
    for delivery in at("/tracing/deliveries") {
        let (id, mark) = (id(delivery)?, mark(delivery)?);
        if mark != Mark::default() {
            *tracing.delivery(&id) = mark;
        }
    }
    tracing.resolve(network)?;
    Ok(tracing)
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn id(value: &Value) -> Result<String, Faults> {
    value
        .get("id")
        .map(text)
        .ok_or_else(|| unreadable("an element of `tracing` or `metaNodes` without id"))
}

fn mark(value: &Value) -> Result<Mark, Faults> {
    let flag = |name: &str| value.get(name).and_then(Value::as_bool).unwrap_or(false);
    let weight = match value.get("weight") {
        None | Some(Value::Null) => 0.0,
        Some(weight) => weight.as_f64().ok_or_else(|| {
            Fault::new(Table::Document, 0, "weight", Kind::BadNumber(weight.to_string()))
        })?,
    };
    Ok(Mark {
        weight,
        cross_contamination: flag("crossContamination"),
        kill_contamination: flag("killContamination"),
        observed: flag("observed"),
    })
}

/// Writes a document of format 1.0.0. What [`read`] reads of it is equal to what was written.
pub fn write(network: &Network, tracing: &Tracing) -> String {
    let merged = tracing.merged.iter().map(|merged| {
        json!({"id": merged.id, "name": merged.id, "type": null, "members": merged.members})
    });
    let document = json!({
        "version": "1.0.0",
        "data": {
            "version": "1.0.0",
            "stations": stations(network),
            "deliveries": deliveries(network),
            "deliveryRelations": relations(network),
        },
        "tracing": {
            "version": "1.0.0",
            "enforceTemporalOrder": tracing.temporal_order,
            "nodes": tracing.stations.iter().map(marked).collect::<Vec<_>>(),
            "deliveries": tracing.deliveries.iter().map(marked).collect::<Vec<_>>(),
        },
        "settings": { "version": "1.0.0", "metaNodes": merged.collect::<Vec<_>>() },
    });
    document.to_string()
}

fn marked((id, mark): (&String, &Mark)) -> Value {
    json!({
        "id": id,
        "weight": mark.weight,
        "crossContamination": mark.cross_contamination,
        "killContamination": mark.kill_contamination,
        "observed": mark.observed,
    })
}

/// The usual name of a column, unless a further column has it.
fn unless_taken<'a>(further: &[String], usual: &'a str, other: &'a str) -> &'a str {
    if further.iter().any(|name| name.eq_ignore_ascii_case(usual)) { other } else { usual }
}

fn stations(network: &Network) -> Value {
    let further = network.station_columns();
    let name = unless_taken(further, "Name", "node");
    let rows = network.stations().iter().map(|station| {
        let Station { id, name: called, further: cells } = station;
        row([("ID", id.as_str()), (name, called)], further, cells)
    });
    written(&["ID", name], further, rows.collect())
}

fn deliveries(network: &Network) -> Value {
    let further = network.delivery_columns();
    let lot_number = unless_taken(further, "Lot Number", "Charge Number");
    let name = unless_taken(further, "Name", "product");
    let place = |number: usize| network.stations()[number].id.as_str();
    let rows = network.deliveries().iter().map(|delivery| {
        let Delivery { id, from, to, left, arrived, kg, product, lot, lot_id, further: cells } =
            delivery;
        let kg = kg.map(|kg| kg.to_string()).unwrap_or_default();
        let (left, arrived) = (left.to_string(), arrived.to_string());
        let known = [
            ("ID", id.as_str()),
            ("from", place(*from)),
            ("to", place(*to)),
            (name, product),
            ("Lot ID", lot_id),
            (lot_number, lot),
            ("Date Delivery", &left),
            ("Date Delivery Arrival", &arrived),
            ("Amount [kg]", &kg),
        ];
        row(known, further, cells)
    });
    let columns = [
        "ID",
        "from",
        "to",
        name,
        "Lot ID",
        lot_number,
        "Date Delivery",
        "Date Delivery Arrival",
        "Amount [kg]",
    ];
    written(&columns, further, rows.collect())
}

fn relations(network: &Network) -> Value {
    let id = |number: usize| network.delivery_id(number).unwrap_or_default();
    let rows = network
        .relations()
        .iter()
        .map(|(went, into)| row([("from", id(*went)), ("to", id(*into))], &[], &[]));
    written(&["from", "to"], &[], rows.collect())
}

/// Empty cells are left out, as FoodChain-Lab does.
fn row<const N: usize>(known: [(&str, &str); N], further: &[String], cells: &[String]) -> Value {
    let further = further.iter().map(String::as_str).zip(cells.iter().map(String::as_str));
    let filled = known.into_iter().chain(further).filter(|(_, value)| !value.is_empty());
    filled.map(|(id, value)| json!({"id": id, "value": value})).collect()
}

fn written(known: &[&str], further: &[String], rows: Vec<Value>) -> Value {
    let columns = known.iter().copied().chain(further.iter().map(String::as_str));
    let columns: Vec<Value> = columns.map(|id| json!({"id": id, "type": "string"})).collect();
    Value::Object(Map::from_iter([
        ("columnProperties".to_owned(), Value::Array(columns)),
        ("data".to_owned(), Value::Array(rows)),
    ]))
}
