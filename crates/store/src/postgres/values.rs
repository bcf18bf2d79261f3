//! Running a statement: our values as the types the server inferred, and its columns as our values.

use std::error::Error;
use std::sync::Arc;

use bytes::BytesMut;
use deadpool_postgres::ClientWrapper;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{Row as PgRow, Statement};

use super::fault::refused;
use super::numeric;
use crate::error::{StoreError, doing};
use crate::value::{Row, Value};

type Fault = Box<dyn Error + Sync + Send>;

impl ToSql for Value {
    fn to_sql(&self, wanted: &Type, out: &mut BytesMut) -> Result<IsNull, Fault> {
        match (self, wanted) {
            (Self::Null, _) => Ok(IsNull::Yes),
            (Self::Int(int), &Type::INT8) => int.to_sql(wanted, out),
            (Self::Int(int), &Type::INT4) => i32::try_from(*int)?.to_sql(wanted, out),
            (Self::Int(int), &Type::INT2) => i16::try_from(*int)?.to_sql(wanted, out),
            (Self::Int(int), &Type::FLOAT8) => (*int as f64).to_sql(wanted, out),
            (Self::Int(int), &Type::NUMERIC) => {
                numeric::write(*int, out);
                Ok(IsNull::No)
            }
            (Self::Real(real), &Type::FLOAT8) => real.to_sql(wanted, out),
            (Self::Real(real), &Type::FLOAT4) => (*real as f32).to_sql(wanted, out),
            (Self::Text(text), _) if <&str as ToSql>::accepts(wanted) => text.to_sql(wanted, out),
            (Self::Bytes(bytes), &Type::BYTEA) => bytes.to_sql(wanted, out),
            (Self::Bool(bool), &Type::BOOL) => bool.to_sql(wanted, out),
            _ => Err(format!("a parameter does not fit the type {wanted}").into()),
        }
    }

    /// Every type, since only the value decides; `to_sql` refuses what does not fit.
    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(given: &Type, raw: &'a [u8]) -> Result<Self, Fault> {
        Ok(match *given {
            Type::INT8 => Self::Int(i64::from_sql(given, raw)?),
            Type::INT4 => Self::Int(i32::from_sql(given, raw)?.into()),
            Type::INT2 => Self::Int(i16::from_sql(given, raw)?.into()),
            Type::FLOAT8 => Self::Real(f64::from_sql(given, raw)?),
            Type::FLOAT4 => Self::Real(f32::from_sql(given, raw)?.into()),
            Type::NUMERIC => numeric::read(raw)?,
            Type::BYTEA => Self::Bytes(raw.to_vec()),
            Type::BOOL => Self::Bool(bool::from_sql(given, raw)?),
            _ if <&str as FromSql<'_>>::accepts(given) => Self::Text(String::from_sql(given, raw)?),
            _ => return Err(format!("the type {given} has no counterpart here").into()),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Fault> {
        Ok(Self::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

pub(super) async fn query(
    client: &ClientWrapper,
    sql: &str,
    params: &[Value],
) -> Result<Vec<Row>, StoreError> {
    let statement = prepare(client, sql, params).await?;
    let rows = client.query(&statement, &as_sql(params)).await;
    let rows = rows.map_err(|e| refused(doing(sql), e))?;
    let columns: Arc<[String]> =
        statement.columns().iter().map(|column| column.name().to_owned()).collect();
    rows.iter().map(|row| portable(row, &columns)).collect()
}

pub(super) async fn execute(
    client: &ClientWrapper,
    sql: &str,
    params: &[Value],
) -> Result<u64, StoreError> {
    let statement = prepare(client, sql, params).await?;
    client.execute(&statement, &as_sql(params)).await.map_err(|e| refused(doing(sql), e))
}

async fn prepare(
    client: &ClientWrapper,
    sql: &str,
    params: &[Value],
) -> Result<Statement, StoreError> {
    let statement = client.prepare_cached(sql).await.map_err(|e| refused(doing(sql), e))?;
    let wanted = statement.params().len();
    if wanted != params.len() {
        return Err(StoreError::ParameterCount { doing: doing(sql), wanted, given: params.len() });
    }
    Ok(statement)
}

pub(super) fn as_sql(params: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    params.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

fn portable(row: &PgRow, columns: &Arc<[String]>) -> Result<Row, StoreError> {
    let values = (0..columns.len())
        .map(|column| {
            row.try_get(column).map_err(|e| StoreError::Column {
                column: columns[column].clone(),
                problem: e.source().map_or_else(|| e.to_string(), ToString::to_string),
            })
        })
        .collect::<Result<_, _>>()?;
    Ok(Row::new(Arc::clone(columns), values))
}
