//! A table before it means anything: names of columns, and rows of cells.

use super::fault::{Fault, Faults, Kind, Table};

/// A table with a header.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// Names of the columns.
    pub columns: Vec<String>,
    /// The rows, each with as many cells as there are columns.
    pub rows: Vec<Row>,
}

/// One row of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Where a person finds it; see [`Fault::row`].
    pub line: u64,
    /// Its cells, trimmed.
    pub cells: Vec<String>,
}

impl Sheet {
    /// Reads CSV with a header (RFC 4180). A byte order mark is skipped; semicolons separate where the header has no comma.
    /// Empty lines are left out; a row that is too short has empty cells, one that is too long is a fault.
    ///
    /// # Errors
    /// The table cannot be read as such.
    pub fn from_csv(table: Table, text: &[u8]) -> Result<Self, Fault> {
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        let header = text.split(|b| *b == b'\n').next().unwrap_or_default();
        let semicolons = !header.contains(&b',') && header.contains(&b';');
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(if semicolons { b';' } else { b',' })
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(text);
        let unreadable = |error: csv::Error| {
            let line = error.position().map_or(0, csv::Position::line);
            Fault::new(table, line, "", Kind::Unreadable(error.to_string()))
        };
        let columns: Vec<String> =
            reader.headers().map_err(unreadable)?.iter().map(str::to_owned).collect();
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(unreadable)?;
            let line = record.position().map_or(0, csv::Position::line);
            let mut cells: Vec<String> = record.iter().map(str::to_owned).collect();
            if cells.iter().skip(columns.len()).any(|cell| !cell.is_empty()) {
                let why = format!("{} cells, {} columns", cells.len(), columns.len());
                return Err(Fault::new(table, line, "", Kind::Unreadable(why)));
            }
            cells.resize(columns.len(), String::new());
            if cells.iter().any(|cell| !cell.is_empty()) {
                rows.push(Row { line, cells });
            }
        }
        Ok(Self { columns, rows })
    }

    /// Whether there is not even a header: an empty file.
    pub(super) fn is_empty(&self) -> bool {
        self.columns.iter().all(String::is_empty) && self.rows.is_empty()
    }

    /// The place of the column that has one of these names.
    pub(super) fn find(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| {
            self.columns.iter().position(|column| column.eq_ignore_ascii_case(name))
        })
    }

    /// The place of a column that must be there.
    pub(super) fn need(&self, table: Table, names: &[&str], faults: &mut Faults) -> Option<usize> {
        let found = self.find(names);
        if found.is_none() {
            faults.push(Fault::new(table, 1, names[0], Kind::NoColumn));
        }
        found
    }

    /// A column that is used must not be there twice: nobody could tell which is meant.
    pub(super) fn once(&self, table: Table, used: &[Option<usize>], faults: &mut Faults) {
        for place in used.iter().flatten() {
            let name = &self.columns[*place];
            if self.columns.iter().filter(|other| other.eq_ignore_ascii_case(name)).count() > 1 {
                faults.push(Fault::new(table, 1, name, Kind::ColumnTwice));
            }
        }
    }
}

impl Row {
    /// The cell of a column that may not be there.
    pub(super) fn cell(&self, column: Option<usize>) -> &str {
        column.and_then(|place| self.cells.get(place)).map_or("", String::as_str)
    }
}
