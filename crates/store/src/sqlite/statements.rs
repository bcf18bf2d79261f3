//! Running a statement: parameters bound by their number, values as stored.

use std::sync::Arc;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, Statement, ToSql, ffi};

use crate::error::{Source, StoreError, doing};
use crate::value::{Row, Value};

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(int) => ValueRef::Integer(*int),
            Self::Real(real) => ValueRef::Real(*real),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
            Self::Bool(bool) => ValueRef::Integer((*bool).into()),
        }))
    }
}

pub(super) fn query(
    connection: &Connection,
    sql: &str,
    params: &[Value],
) -> Result<Vec<Row>, StoreError> {
    let failed = |e| refused(doing(sql), e);
    let mut statement = connection.prepare_cached(sql).map_err(failed)?;
    let columns: Arc<[String]> = statement.column_names().map(str::to_owned).collect();
    bind(&mut statement, sql, params)?;
    let mut found = statement.raw_query();
    let mut rows = Vec::new();
    while let Some(row) = found.next().map_err(failed)? {
        let values = (0..columns.len())
            .map(|column| value(row.get_ref(column).map_err(failed)?, column))
            .collect::<Result<_, _>>()?;
        rows.push(Row::new(Arc::clone(&columns), values));
    }
    Ok(rows)
}

pub(super) fn execute(
    connection: &Connection,
    sql: &str,
    params: &[Value],
) -> Result<u64, StoreError> {
    let failed = |e| refused(doing(sql), e);
    let mut statement = connection.prepare_cached(sql).map_err(failed)?;
    bind(&mut statement, sql, params)?;
    if statement.column_count() > 0 {
        // `… RETURNING` under execute: count the rows, as PostgreSQL does.
        let mut rows = statement.raw_query();
        let mut count = 0;
        while rows.next().map_err(failed)?.is_some() {
            count += 1;
        }
        return Ok(count);
    }
    let count = statement.raw_execute().map_err(failed)?;
    Ok(count as u64)
}

#[cfg(feature = "testing")]
pub(super) fn check(connection: &Connection, sql: &str) -> Result<(), StoreError> {
    let statement = connection.prepare(sql).map_err(|e| refused(doing(sql), e))?;
    numbers(&statement, sql).map(drop)
}

/// SQLite takes `$7` for a name and numbers names by their first appearance; PostgreSQL takes it
/// for the seventh parameter. Returns, for each of SQLite's positions, the number meant.
fn numbers(statement: &Statement<'_>, sql: &str) -> Result<Vec<usize>, StoreError> {
    (1..=statement.parameter_count())
        .map(|position| {
            statement
                .parameter_name(position)
                .and_then(|name| name.strip_prefix('$')?.parse().ok())
                .filter(|number| *number > 0)
                .ok_or_else(|| {
                    refused(doing(sql), rusqlite::Error::InvalidParameterName("?".into()))
                })
        })
        .collect()
}

pub(super) fn bind(
    statement: &mut Statement<'_>,
    sql: &str,
    params: &[Value],
) -> Result<(), StoreError> {
    let numbers = numbers(statement, sql)?;
    let wanted = numbers.iter().copied().max().unwrap_or(0);
    if wanted != params.len() {
        return Err(StoreError::ParameterCount { doing: doing(sql), wanted, given: params.len() });
    }
    for (index, number) in numbers.into_iter().enumerate() {
        statement
            .raw_bind_parameter(index + 1, &params[number - 1])
            .map_err(|e| refused(doing(sql), e))?;
    }
    Ok(())
}

fn value(stored: ValueRef<'_>, column: usize) -> Result<Value, StoreError> {
    Ok(match stored {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(int) => Value::Int(int),
        ValueRef::Real(real) => Value::Real(real),
        ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
        ValueRef::Text(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => Value::Text(text.to_owned()),
            Err(e) => {
                return Err(StoreError::Column {
                    column: column.to_string(),
                    problem: format!("the stored text is not UTF-8: {e}"),
                });
            }
        },
    })
}

/// Sorts an error of the engine into ours, naming what was being done only when it went wrong.
pub(super) fn fault<D: Fn() -> String>(doing: D) -> impl Fn(rusqlite::Error) -> StoreError {
    move |e| refused(doing(), e)
}

pub(super) fn refused(doing: String, error: rusqlite::Error) -> StoreError {
    let code = match &error {
        rusqlite::Error::SqliteFailure(code, _) => Some(*code),
        rusqlite::Error::SqlInputError { error, .. } => Some(*error),
        _ => None,
    };
    let source: Source = Arc::new(error);
    let Some(code) = code else {
        return StoreError::Database { doing, source };
    };
    match (code.code, code.extended_code) {
        (
            _,
            ffi::SQLITE_CONSTRAINT_UNIQUE
            | ffi::SQLITE_CONSTRAINT_PRIMARYKEY
            | ffi::SQLITE_CONSTRAINT_ROWID,
        ) => StoreError::Unique { doing, source },
        (ErrorCode::ConstraintViolation, _) => StoreError::Constraint { doing, source },
        (ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked, _) => {
            StoreError::Contended { doing, source }
        }
        (
            ErrorCode::CannotOpen
            | ErrorCode::DiskFull
            | ErrorCode::SystemIoFailure
            | ErrorCode::OutOfMemory,
            _,
        ) => StoreError::Unavailable { doing, source },
        _ => StoreError::Database { doing, source },
    }
}
