//! From tables to a network: ids are resolved, dates and amounts read, all faults gathered.

use std::collections::{HashMap, HashSet};

use super::fault::{Fault, Faults, Kind, Table};
use super::sheet::{Row, Sheet};
use super::{Date, Delivery, Network, Station, contact, mass};

/// Reads the three tables.
pub(super) fn network(
    stations: &Sheet,
    deliveries: &Sheet,
    relations: &Sheet,
) -> Result<Network, Faults> {
    let mut faults = Faults::default();
    let mut network = Network::default();
    read_stations(stations, &mut network, &mut faults);
    read_deliveries(deliveries, &mut network, &mut faults);
    read_relations(relations, &mut network, &mut faults);
    finish(&mut network);
    faults.or(network)
}

fn finish(network: &mut Network) {
    network.relations.sort_unstable();
    network.relations.dedup();
    for number in contact::circles(network) {
        let id = network.delivery_id(number).unwrap_or_default().to_owned();
        network.notices.push(Fault::new(Table::Relations, 0, "", Kind::Circle(id)));
    }
}

/// Puts together what is already read; rows are counted from 1.
pub(super) fn parts(
    stations: Vec<Station>,
    deliveries: Vec<Delivery>,
    relations: &[(usize, usize)],
) -> Result<Network, Faults> {
    let mut faults = Faults::default();
    let mut network = Network { stations, deliveries, ..Network::default() };
    for (number, station) in network.stations.iter().enumerate() {
        note(Table::Stations, &station.id, number, &mut network.station_by_id, &mut faults);
    }
    for (number, delivery) in network.deliveries.iter().enumerate() {
        note(Table::Deliveries, &delivery.id, number, &mut network.delivery_by_id, &mut faults);
        for (column, end) in [("from", delivery.from), ("to", delivery.to)] {
            if end >= network.stations.len() {
                let kind = Kind::UnknownStation(end.to_string());
                faults.push(Fault::new(Table::Deliveries, number as u64 + 1, column, kind));
            }
        }
    }
    for (row, (went, into)) in relations.iter().copied().enumerate() {
        let id = network.deliveries.get(went).map_or("", |delivery| &delivery.id);
        let unknown = [went, into].into_iter().find(|end| *end >= network.deliveries.len());
        let kind = match unknown {
            Some(end) => Some(Kind::UnknownDelivery(end.to_string())),
            None => impossible(&network, went, into, id),
        };
        match kind {
            Some(kind) => faults.push(Fault::new(Table::Relations, row as u64 + 1, "", kind)),
            None => network.relations.push((went, into)),
        }
    }
    finish(&mut network);
    faults.or(network)
}

fn note(
    table: Table,
    id: &str,
    number: usize,
    known: &mut HashMap<String, usize>,
    faults: &mut Faults,
) {
    if id.is_empty() {
        faults.push(Fault::new(table, number as u64 + 1, "ID", Kind::Empty));
    } else if known.insert(id.to_owned(), number).is_some() {
        faults.push(Fault::new(table, number as u64 + 1, "ID", Kind::Duplicate(id.to_owned())));
    }
}

fn read_stations(sheet: &Sheet, network: &mut Network, faults: &mut Faults) {
    let table = Table::Stations;
    let id = sheet.need(table, &["ID"], faults);
    let name = sheet.find(&["node", "Name"]);
    sheet.once(table, &[id, name], faults);
    let further = further(sheet, &[id, name]);
    network.station_columns = further.iter().map(|place| sheet.columns[*place].clone()).collect();
    let Some(id) = id else { return };
    for row in &sheet.rows {
        let number = network.stations.len();
        if !take_id(table, row, sheet, id, number, &mut network.station_by_id, faults) {
            continue;
        }
        network.stations.push(Station {
            id: row.cells[id].clone(),
            name: row.cell(name).to_owned(),
            further: further.iter().map(|place| row.cells[*place].clone()).collect(),
        });
    }
}

/// Whether the row has an id of its own, which is then noted.
fn take_id(
    table: Table,
    row: &Row,
    sheet: &Sheet,
    column: usize,
    number: usize,
    known: &mut HashMap<String, usize>,
    faults: &mut Faults,
) -> bool {
    let id = &row.cells[column];
    let kind = if id.is_empty() {
        Kind::Empty
    } else if known.contains_key(id) {
        Kind::Duplicate(id.clone())
    } else {
        known.insert(id.clone(), number);
        return true;
    };
    faults.push(Fault::new(table, row.line, &sheet.columns[column], kind));
    false
}

fn further(sheet: &Sheet, used: &[Option<usize>]) -> Vec<usize> {
    (0..sheet.columns.len()).filter(|place| !used.contains(&Some(*place))).collect()
}

/// Where the columns of deliveries are.
struct Places {
    id: usize,
    from: usize,
    to: usize,
    left: Option<usize>,
    arrived: Option<usize>,
    kg: Option<usize>,
    lot: Option<usize>,
    lot_id: Option<usize>,
    product: Option<usize>,
    /// `Amount` as a phrase, and number with unit, as FoodChain-Lab's import from workbooks writes them. They stay
    /// further columns too, as `kg` is only our reading of them.
    phrase: Option<usize>,
    measured: Option<(usize, usize)>,
}

impl Places {
    fn find(sheet: &Sheet, faults: &mut Faults) -> Option<Self> {
        let table = Table::Deliveries;
        let id = sheet.need(table, &["ID"], faults);
        let from = sheet.need(table, &["from", "source"], faults);
        let to = sheet.need(table, &["to", "target"], faults);
        let places = Self {
            id: id?,
            from: from?,
            to: to?,
            left: sheet.find(&["Date Delivery", "date"]),
            arrived: sheet.find(&["Date Delivery Arrival"]),
            kg: sheet.find(&["Amount [kg]", "kg"]),
            lot: sheet.find(&["Charge Number", "Lot Number", "lot"]),
            lot_id: sheet.find(&["Lot ID"]),
            product: sheet.find(&["Name", "product"]),
            phrase: sheet.find(&["Amount"]),
            measured: sheet
                .find(&["_Lieferungen.Delivery_Amount", "Delivery_Amount"])
                .zip(sheet.find(&["_Lieferungen.Delivery_Unit", "Delivery_Unit"])),
        };
        sheet.once(table, &places.used(), faults);
        Some(places)
    }

    fn used(&self) -> [Option<usize>; 9] {
        [
            Some(self.id),
            Some(self.from),
            Some(self.to),
            self.left,
            self.arrived,
            self.kg,
            self.lot,
            self.lot_id,
            self.product,
        ]
    }
}

fn read_deliveries(sheet: &Sheet, network: &mut Network, faults: &mut Faults) {
    let table = Table::Deliveries;
    let Some(places) = Places::find(sheet, faults) else { return };
    let further = further(sheet, &places.used());
    network.delivery_columns = further.iter().map(|place| sheet.columns[*place].clone()).collect();
    for row in &sheet.rows {
        let number = network.deliveries.len();
        if !take_id(table, row, sheet, places.id, number, &mut network.delivery_by_id, faults) {
            continue;
        }
        let mut wrong = |place: usize, kind: Kind| {
            faults.push(Fault::new(table, row.line, &sheet.columns[place], kind));
        };
        let mut station = |place: usize| {
            let id = &row.cells[place];
            let found = network.find_station(id);
            if found.is_none() {
                let unknown = Kind::UnknownStation(id.clone());
                wrong(place, if id.is_empty() { Kind::Empty } else { unknown });
            }
            found.unwrap_or_default()
        };
        let (from, to) = (station(places.from), station(places.to));
        let mut date = |place: Option<usize>| {
            let Some(place) = place else { return Date::UNKNOWN };
            Date::parse(&row.cells[place]).unwrap_or_else(|| {
                wrong(place, Kind::BadDate(row.cells[place].clone()));
                Date::UNKNOWN
            })
        };
        let (left, arrived) = (date(places.left), date(places.arrived));
        if let Some(place) = places.kg
            && !row.cells[place].is_empty()
            && mass::number(&row.cells[place]).is_none()
        {
            wrong(place, Kind::BadNumber(row.cells[place].clone()));
        }
        network.deliveries.push(Delivery {
            id: row.cells[places.id].clone(),
            from,
            to,
            left,
            arrived,
            kg: kilograms(row, &places),
            product: row.cell(places.product).to_owned(),
            lot: row.cell(places.lot).to_owned(),
            lot_id: row.cell(places.lot_id).to_owned(),
            further: further.iter().map(|place| row.cells[*place].clone()).collect(),
        });
    }
}

/// The amount, from the first column that says it. What is in pieces or bags is not known in kilograms.
fn kilograms(row: &Row, places: &Places) -> Option<rust_decimal::Decimal> {
    let plain = row.cell(places.kg);
    if !plain.is_empty() {
        return mass::number(plain);
    }
    places
        .measured
        .and_then(|(number, unit)| mass::in_unit(&row.cells[number], &row.cells[unit]))
        .or_else(|| mass::phrase(row.cell(places.phrase)))
}

fn read_relations(sheet: &Sheet, network: &mut Network, faults: &mut Faults) {
    let table = Table::Relations;
    if sheet.is_empty() {
        return;
    }
    // A table with `from` has its own `ID` for the relation, if any.
    let went = match sheet.find(&["from", "source"]) {
        Some(place) => Some(place),
        None => sheet.need(table, &["ID"], faults),
    };
    let into = sheet.need(table, &["Next", "to", "target"], faults);
    let (Some(went), Some(into)) = (went, into) else { return };
    let places = [went, into];
    sheet.once(table, &places.map(Some), faults);
    let mut unlisted = HashMap::new();
    let mut told = HashSet::new();
    for row in &sheet.rows {
        let mut ends = [0; 2];
        let mut whole = true;
        for (end, place) in ends.iter_mut().zip(places) {
            let id = &row.cells[place];
            if id.is_empty() {
                faults.push(Fault::new(table, row.line, &sheet.columns[place], Kind::Empty));
                whole = false;
            }
            *end = network.find_delivery(id).unwrap_or_else(|| {
                if whole && told.insert(id.clone()) {
                    let kind = Kind::UnknownDelivery(id.clone());
                    network.notices.push(Fault::new(table, row.line, &sheet.columns[place], kind));
                }
                let next = network.deliveries.len() + unlisted.len();
                *unlisted.entry(id.clone()).or_insert(next)
            });
        }
        let [went, into] = ends;
        let id = &row.cells[places[0]];
        if let Some(kind) = impossible(network, went, into, id) {
            faults.push(Fault::new(table, row.line, "", kind));
        } else if whole {
            network.relations.push((went, into));
        }
    }
    network.unlisted = vec![String::new(); unlisted.len()];
    for (id, number) in unlisted {
        network.unlisted[number - network.deliveries.len()] = id;
    }
}

fn impossible(network: &Network, went: usize, into: usize, id: &str) -> Option<Kind> {
    if went == into {
        return (!id.is_empty()).then(|| Kind::SelfRelation(id.to_owned()));
    }
    let (first, second) = (network.deliveries.get(went)?, network.deliveries.get(into)?);
    (first.to != second.from).then(|| Kind::Apart(first.id.clone(), second.id.clone()))
}
