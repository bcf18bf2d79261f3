//! The tables of the desks: every column sorts by a link in its head, the order stands in the
//! address beside the filters, and the same rows go out as a spreadsheet.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use super::Fail;
use super::guard::Visit;
use crate::app::Micros;

/// What stands in one cell, as it is ordered and as a spreadsheet keeps it.
#[derive(Debug, Clone)]
pub enum Cell {
    Text(String),
    Number(i64),
    Day(Option<Date>),
    Moment(Micros),
}

impl Cell {
    /// A day kept as ISO text; empty where there is none.
    pub fn iso(day: &str) -> Cell {
        Cell::Day(day.parse().ok())
    }

    /// Words in the order of their letters without marks first, so that `Đào` stands beside `Dao`.
    fn key(&self) -> (i64, String, &str) {
        match self {
            Cell::Text(text) => (0, vietnam::fold(text), text),
            Cell::Number(number) => (*number, String::new(), ""),
            Cell::Day(day) => (day.map_or(0, ordinal), String::new(), ""),
            Cell::Moment(at) => (*at, String::new(), ""),
        }
    }

    fn is_empty(&self) -> bool {
        match self {
            Cell::Text(text) => text.is_empty(),
            Cell::Day(day) => day.is_none(),
            Cell::Number(_) | Cell::Moment(_) => false,
        }
    }
}

fn ordinal(day: Date) -> i64 {
    i64::from(day.year()) * 10_000 + i64::from(day.month()) * 100 + i64::from(day.day())
}

/// One column: its name in the address, its head, and what it shows of a row.
pub struct Column<R> {
    key: &'static str,
    title: &'static str,
    cell: fn(&R) -> Cell,
}

impl<R> Column<R> {
    pub fn new(key: &'static str, title: &'static str, cell: fn(&R) -> Cell) -> Column<R> {
        Column { key, title, cell }
    }
}

/// The head of a column.
pub struct Head {
    pub title: &'static str,
    pub href: String,
    /// `ascending` or `descending` where the rows stand in the order of this column.
    pub sorted: Option<&'static str>,
}

/// What a page needs beside its rows: `shared/table_head.html` draws it.
pub struct Table {
    pub heads: Vec<Head>,
    /// The order as the address names it, for the filters' form to keep.
    pub sort: String,
    /// The same rows as a spreadsheet.
    pub sheet: String,
    /// Whether the address asks for that.
    pub as_sheet: bool,
}

impl Table {
    /// Puts the rows into the order that the address asks for (`sort=name`, `sort=-name`); they stay
    /// as they are where it asks for none. Empty cells come last either way.
    pub fn order<R>(visit: &Visit, columns: &[Column<R>], rows: &mut [R]) -> Table {
        let (path, query) = visit.here.split_once('?').unwrap_or((&visit.here, ""));
        let pairs: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty()).collect();
        let value =
            |name| pairs.iter().find_map(|pair| pair.split_once('=').filter(|(n, _)| *n == name));
        let (_, asked) = value("sort").unwrap_or_default();
        let (down, key) = asked.strip_prefix('-').map_or((false, asked), |key| (true, key));
        let column = columns.iter().find(|column| column.key == key);
        if let Some(column) = column {
            let cell = |row: &R| (column.cell)(row);
            rows.sort_by(|a, b| {
                let (a, b) = (cell(a), cell(b));
                let order = if down { b.key().cmp(&a.key()) } else { a.key().cmp(&b.key()) };
                a.is_empty().cmp(&b.is_empty()).then(order)
            });
        }
        let kept: String = pairs
            .iter()
            .filter(|pair| {
                !["sort", "format", "done"].contains(&pair.split('=').next().unwrap_or_default())
            })
            .fold(String::new(), |kept, pair| format!("{kept}{pair}&"));
        let heads = columns.iter().map(|one| {
            let here = column.is_some_and(|column| column.key == one.key);
            let turn = if here && !down { "-" } else { "" };
            Head {
                title: one.title,
                href: format!("{path}?{kept}sort={turn}{}", one.key),
                sorted: here.then_some(if down { "descending" } else { "ascending" }),
            }
        });
        let sort = if column.is_some() { asked.to_owned() } else { String::new() };
        Table {
            heads: heads.collect(),
            sheet: format!("{path}?{kept}sort={sort}&format=xlsx"),
            sort,
            as_sheet: value("format").is_some_and(|(_, format)| format == "xlsx"),
        }
    }
}

/// The rows as an .xlsx file to keep. Texts are written as texts: nothing in them is a formula.
///
/// # Errors
/// [`Fail::Internal`] where there are more rows than a sheet holds.
pub fn sheet<R>(
    title: &str,
    today: Date,
    columns: &[Column<R>],
    rows: &[R],
) -> Result<Response, Fail> {
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    fill(page, title, columns, rows)
        .map_err(|error| Fail::internal(format!("writing a spreadsheet: {error}")))?;
    let bytes = book
        .save_to_buffer()
        .map_err(|error| Fail::internal(format!("writing a spreadsheet: {error}")))?;
    let name = format!("{}-{today}.xlsx", vietnam::fold(title).replace(' ', "-"));
    let headers = [
        (
            header::CONTENT_TYPE,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".to_owned(),
        ),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, bytes).into_response())
}

fn fill<R>(
    page: &mut Worksheet,
    title: &str,
    columns: &[Column<R>],
    rows: &[R],
) -> Result<(), XlsxError> {
    let head = Format::new().set_bold();
    let (day, moment) = (
        Format::new().set_num_format("dd/mm/yyyy"),
        Format::new().set_num_format("dd/mm/yyyy hh:mm"),
    );
    page.set_name(title.chars().take(31).collect::<String>())?;
    for (at, column) in (0..).zip(columns) {
        page.write_string_with_format(0, at, column.title, &head)?;
        for (line, row) in (1..).zip(rows) {
            match (column.cell)(row) {
                Cell::Text(text) => page.write_string(line, at, text)?,
                Cell::Number(number) => page.write_number(line, at, number as f64)?,
                Cell::Day(Some(date)) => page.write_datetime_with_format(line, at, date, &day)?,
                Cell::Day(None) => continue,
                Cell::Moment(micros) => match vietnam::format::local(micros) {
                    Some(local) => page.write_datetime_with_format(line, at, local, &moment)?,
                    None => continue,
                },
            };
        }
    }
    let last = columns.len().saturating_sub(1).try_into().unwrap_or(u16::MAX);
    page.set_freeze_panes(1, 0)?.autofilter(
        0,
        0,
        rows.len().try_into().unwrap_or(u32::MAX),
        last,
    )?;
    page.autofit();
    Ok(())
}
