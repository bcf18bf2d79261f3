//! Scenarios whose scores FoodChain-Lab computed itself: every station, every delivery, every column.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use trace::network::score::{Mark, Merged, Scored, Scores, Tracing, csv, score};
use trace::network::{Network, Row, Sheet, Table};

use super::corpora;

/// A scenario: its inputs, and what FoodChain-Lab made of them.
struct Scenario {
    stations: Sheet,
    deliveries: Sheet,
    relations: Sheet,
    expected_stations: Sheet,
    expected_deliveries: Sheet,
}

fn cell<'a>(sheet: &Sheet, row: &'a Row, column: &str) -> &'a str {
    let place = sheet.columns.iter().position(|name| name == column);
    place.map_or("", |place| row.cells[place].as_str())
}

fn set(sheet: &mut Sheet, row: usize, column: &str, value: &str) {
    let place = sheet.columns.iter().position(|name| name == column).unwrap_or_else(|| {
        sheet.columns.push(column.to_owned());
        sheet.rows.iter_mut().for_each(|row| row.cells.push(String::new()));
        sheet.columns.len() - 1
    });
    value.clone_into(&mut sheet.rows[row].cells[place]);
}

impl Scenario {
    fn read(corpora: &Path, name: &str) -> Self {
        let folder = corpora.join("SiLeBAT+BfROpenLab/decoded_csv");
        let sheet = |table: Table, part: &str| {
            let path = folder.join(format!("{name}__{part}.csv"));
            Sheet::from_csv(table, &fs::read(path).unwrap()).unwrap()
        };
        Self {
            stations: sheet(Table::Stations, "Supply_Chain_Reader_1__port_1"),
            deliveries: sheet(Table::Deliveries, "Supply_Chain_Reader_1__port_2"),
            relations: sheet(Table::Relations, "Supply_Chain_Reader_1__port_3"),
            expected_stations: sheet(Table::Stations, "Table_Reader_297__port_1"),
            expected_deliveries: sheet(Table::Deliveries, "Table_Reader_298__port_1"),
        }
    }

    /// The scenario changed some dates before tracing; the result carries them.
    fn take_dates(&mut self) {
        let expected = &self.expected_deliveries;
        let by_id: HashMap<String, &Row> =
            expected.rows.iter().map(|row| (cell(expected, row, "ID").to_owned(), row)).collect();
        for number in 0..self.deliveries.rows.len() {
            let id = cell(&self.deliveries, &self.deliveries.rows[number], "ID").to_owned();
            let Some(row) = by_id.get(&id) else { continue };
            for column in ["Date Delivery", "Date Delivery Arrival"] {
                set(&mut self.deliveries, number, column, cell(expected, row, column));
            }
        }
    }

    fn tracing(&self, temporal_order: bool) -> Tracing {
        let mut tracing = Tracing { temporal_order, ..Tracing::default() };
        let kept: Vec<&str> = ids(&self.expected_stations);
        let given = ids(&self.stations);
        for whole in kept.iter().filter(|id| !given.contains(id)) {
            let members = given.iter().filter(|id| !kept.contains(id)).map(|id| (*id).to_owned());
            tracing.merged.push(Merged { id: (*whole).to_owned(), members: members.collect() });
        }
        for row in &self.expected_stations.rows {
            let id = cell(&self.expected_stations, row, "ID");
            *tracing.station(id) = mark(&self.expected_stations, row);
        }
        for row in &self.expected_deliveries.rows {
            let id = cell(&self.expected_deliveries, row, "ID");
            *tracing.delivery(id) = mark(&self.expected_deliveries, row);
        }
        tracing
    }

    fn compare(&self, scores: &Scores) -> (usize, usize) {
        let stations = compare(&self.expected_stations, &scores.stations, "Max Lot Score");
        let deliveries = compare(&self.expected_deliveries, &scores.deliveries, "Lot Score");
        (stations, deliveries)
    }
}

fn ids(sheet: &Sheet) -> Vec<&str> {
    sheet.rows.iter().map(|row| cell(sheet, row, "ID")).collect()
}

fn mark(sheet: &Sheet, row: &Row) -> Mark {
    Mark {
        weight: cell(sheet, row, "Weight").parse().unwrap(),
        cross_contamination: cell(sheet, row, "CrossContamination") == "True",
        kill_contamination: cell(sheet, row, "Kill Contamination") == "True",
        observed: cell(sheet, row, "Observed") == "True",
    }
}

/// Every row of the result, both ways; gives their number.
fn compare(expected: &Sheet, scored: &[Scored], lot: &str) -> usize {
    let by_id: HashMap<&str, &Scored> = scored.iter().map(|one| (one.id.as_str(), one)).collect();
    assert_eq!(by_id.len(), expected.rows.len());
    for row in &expected.rows {
        let id = cell(expected, row, "ID");
        let one = by_id[id];
        for (column, value) in [
            ("Score", one.score),
            ("Normalized Score", one.normalized),
            ("Positive Score", one.positive),
            ("Negative Score", one.negative),
        ] {
            let wanted: f64 = cell(expected, row, column).parse().unwrap();
            assert!((value - wanted).abs() < 1e-12, "{id} {column}: {value}, wanted {wanted}");
        }
        assert_eq!(one.lot.is_none(), cell(expected, row, lot).is_empty(), "{id} lot");
        assert_eq!(one.backward, cell(expected, row, "Backward") == "True", "{id} backward");
        assert_eq!(one.forward, cell(expected, row, "Forward") == "True", "{id} forward");
    }
    expected.rows.len()
}

fn run(name: &str, temporal_order: bool) -> Option<(usize, usize)> {
    let mut scenario = Scenario::read(&corpora()?, name);
    scenario.take_dates();
    let network =
        Network::from_sheets(&scenario.stations, &scenario.deliveries, &scenario.relations);
    let scores = score(&network.unwrap(), &scenario.tracing(temporal_order)).unwrap();
    Some(scenario.compare(&scores))
}

#[test]
fn scores_with_temporal_order_are_those_of_foodchain_lab() {
    let Some(rows) = run("Tracing_Test_with_Temporal_Order", true) else { return };
    assert_eq!(rows, (381, 648));
}

#[test]
fn scores_with_crossing_deliveries_are_those_of_foodchain_lab() {
    let Some(rows) = run("Tracing_Test_with_CC_on_Deliveries", true) else { return };
    assert_eq!(rows, (371, 635));
}

#[test]
fn scores_with_merged_stations_are_those_of_foodchain_lab() {
    let Some(rows) = run("Tracing_Test_with_Join_Deliveries", true) else { return };
    assert_eq!(rows, (371, 635));
}

#[test]
fn a_table_out_of_which_inner_deliveries_were_taken_scores_the_same() {
    let Some(corpora) = corpora() else { return };
    for name in ["Tracing_Test_with_Join_Deliveries", "Tracing_Test_with_CC_on_Deliveries"] {
        let scenario = Scenario::read(&corpora, name);
        let network = Network::from_sheets(
            &scenario.expected_stations,
            &scenario.expected_deliveries,
            &scenario.relations,
        )
        .unwrap();
        assert_eq!(network.unlisted().len(), 13);
        let mut tracing = scenario.tracing(true);
        tracing.merged.clear();
        let scores = score(&network, &tracing).unwrap();
        assert_eq!(scenario.compare(&scores), (371, 635));
    }
}

/// Ids, each with a value, as the tables of the command line are.
fn marks_csv(sheets: [&Sheet; 2], header: &str, value: impl Fn(&Mark) -> Option<String>) -> String {
    let mut text = format!("{header}\n");
    for sheet in sheets {
        for row in &sheet.rows {
            if let Some(value) = value(&mark(sheet, row)) {
                writeln!(text, "{},{value}", cell(sheet, row, "ID")).unwrap();
            }
        }
    }
    text
}

#[test]
fn tables_as_they_came_give_the_scores_of_all_that_was_not_merged() {
    let Some(corpora) = corpora() else { return };
    for (name, rows) in [
        ("Tracing_Test_with_Temporal_Order", (381, 648)),
        ("Tracing_Test_with_Join_Deliveries", (370, 635)),
    ] {
        let folder = corpora.join("SiLeBAT+BfROpenLab/decoded_csv");
        let table = |port: u8| {
            fs::read(folder.join(format!("{name}__Supply_Chain_Reader_1__port_{port}.csv")))
                .unwrap()
        };
        let network = Network::from_csv(&table(1), &table(2), &table(3)).unwrap();
        let scenario = Scenario::read(&corpora, name);
        let sheets = [&scenario.expected_stations, &scenario.expected_deliveries];
        let weights = marks_csv(sheets, "id,weight", |mark| {
            (mark.weight != 0.0).then(|| mark.weight.to_string())
        });
        let cross = marks_csv(sheets, "ID,Crosses", |mark| {
            mark.cross_contamination.then(|| "True".to_owned())
        });
        let mut tracing = Tracing::default();
        tracing.read_weights(&network, weights.as_bytes()).unwrap();
        tracing.read_cross(&network, cross.as_bytes()).unwrap();
        let scores = score(&network, &tracing).unwrap();
        let compared = |expected: &Sheet, scored: &[Scored]| {
            let table = Sheet::from_csv(Table::Stations, csv(scored).as_bytes()).unwrap();
            assert_eq!(table.columns[..2], ["id", "score"]);
            let found: HashMap<&str, f64> = table
                .rows
                .iter()
                .map(|row| (row.cells[0].as_str(), row.cells[1].parse().unwrap()))
                .collect();
            let both = expected.rows.iter().filter_map(|row| {
                let wanted: f64 = cell(expected, row, "Score").parse().unwrap();
                Some((found.get(cell(expected, row, "ID"))?, wanted))
            });
            both.inspect(|(score, wanted)| assert!((*score - wanted).abs() < 1e-12)).count()
        };
        let stations = compared(&scenario.expected_stations, &scores.stations);
        assert_eq!((stations, compared(&scenario.expected_deliveries, &scores.deliveries)), rows);
    }
}
