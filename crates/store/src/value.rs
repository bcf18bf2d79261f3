//! The values that go into and come out of a statement, the same on both engines.

use std::borrow::Cow;
use std::sync::Arc;

use crate::error::StoreError;
use crate::log::Seq;

/// A parameter of a statement or a column of a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Null,
    /// `BIGINT`; SQLite's booleans come back as this too.
    Int(i64),
    /// `DOUBLE PRECISION`; must be finite, since SQLite would turn NaN into NULL.
    Real(f64),
    /// `TEXT`; must not hold U+0000, which PostgreSQL cannot store.
    Text(String),
    /// `BYTEA`
    Bytes(Vec<u8>),
    /// `BOOLEAN`
    Bool(bool),
}

impl Value {
    fn kind(&self) -> &'static str {
        match self {
            Self::Null => "NULL",
            Self::Int(_) => "an integer",
            Self::Real(_) => "a floating-point number",
            Self::Text(_) => "text",
            Self::Bytes(_) => "bytes",
            Self::Bool(_) => "a boolean",
        }
    }
}

macro_rules! value_from {
    ($($type:ty => |$x:ident| $make:expr;)+) => {
        $(impl From<$type> for Value {
            fn from($x: $type) -> Self {
                $make
            }
        })+
    };
}

value_from! {
    i64 => |x| Self::Int(x);
    i32 => |x| Self::Int(x.into());
    i16 => |x| Self::Int(x.into());
    u32 => |x| Self::Int(x.into());
    u16 => |x| Self::Int(x.into());
    u8 => |x| Self::Int(x.into());
    f64 => |x| Self::Real(x);
    bool => |x| Self::Bool(x);
    String => |x| Self::Text(x);
    &String => |x| Self::Text(x.clone());
    &str => |x| Self::Text(x.to_owned());
    Cow<'_, str> => |x| Self::Text(x.into_owned());
    Vec<u8> => |x| Self::Bytes(x);
    &Vec<u8> => |x| Self::Bytes(x.clone());
    &[u8] => |x| Self::Bytes(x.to_vec());
    Seq => |x| Self::Int(x.0);
}

impl<const N: usize> From<[u8; N]> for Value {
    fn from(bytes: [u8; N]) -> Self {
        Self::Bytes(bytes.to_vec())
    }
}

impl<T> From<Option<T>> for Value
where
    Self: From<T>,
{
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::from)
    }
}

impl<T: Clone> From<&Option<T>> for Value
where
    Self: From<T>,
{
    fn from(value: &Option<T>) -> Self {
        value.clone().into()
    }
}

/// What a column can be read as. The error says what was found instead.
pub trait FromValue: Sized {
    fn from_value(value: &Value) -> Result<Self, String>;
}

fn unexpected<T>(wanted: &str, found: &Value) -> Result<T, String> {
    Err(format!("wanted {wanted}, found {}", found.kind()))
}

impl FromValue for i64 {
    fn from_value(value: &Value) -> Result<Self, String> {
        match value {
            Value::Int(int) => Ok(*int),
            other => unexpected("an integer", other),
        }
    }
}

macro_rules! narrow_int {
    ($($type:ty),+) => {
        $(impl FromValue for $type {
            fn from_value(value: &Value) -> Result<Self, String> {
                let wide = i64::from_value(value)?;
                Self::try_from(wide).map_err(|_| format!("{wide} is out of range"))
            }
        })+
    };
}

narrow_int!(i32, i16, u64, u32, u16, u8, usize);

impl FromValue for Seq {
    fn from_value(value: &Value) -> Result<Self, String> {
        i64::from_value(value).map(Self)
    }
}

impl FromValue for f64 {
    fn from_value(value: &Value) -> Result<Self, String> {
        match value {
            Value::Real(real) => Ok(*real),
            Value::Int(int) => Ok(*int as Self),
            other => unexpected("a number", other),
        }
    }
}

impl FromValue for bool {
    fn from_value(value: &Value) -> Result<Self, String> {
        match value {
            Value::Bool(bool) => Ok(*bool),
            Value::Int(0) => Ok(false),
            Value::Int(1) => Ok(true),
            other => unexpected("a boolean", other),
        }
    }
}

impl FromValue for String {
    fn from_value(value: &Value) -> Result<Self, String> {
        match value {
            Value::Text(text) => Ok(text.clone()),
            other => unexpected("text", other),
        }
    }
}

impl FromValue for Vec<u8> {
    fn from_value(value: &Value) -> Result<Self, String> {
        match value {
            Value::Bytes(bytes) => Ok(bytes.clone()),
            other => unexpected("bytes", other),
        }
    }
}

impl FromValue for Value {
    fn from_value(value: &Value) -> Result<Self, String> {
        Ok(value.clone())
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: &Value) -> Result<Self, String> {
        match value {
            Value::Null => Ok(None),
            some => T::from_value(some).map(Some),
        }
    }
}

/// One row of an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    columns: Arc<[String]>,
    values: Vec<Value>,
}

impl Row {
    pub(crate) fn new(columns: Arc<[String]>, values: Vec<Value>) -> Self {
        debug_assert_eq!(columns.len(), values.len());
        Self { columns, values }
    }

    /// The column at a position, from 0.
    ///
    /// # Errors
    /// [`StoreError::Column`] if there is no such column or it holds another type.
    pub fn get<T: FromValue>(&self, column: usize) -> Result<T, StoreError> {
        let fault = |problem| StoreError::Column { column: column.to_string(), problem };
        let value = self.values.get(column).ok_or_else(|| fault("no such column".to_owned()))?;
        T::from_value(value).map_err(fault)
    }

    /// The column of a name, as written in the statement.
    ///
    /// # Errors
    /// [`StoreError::Column`] if there is no such column or it holds another type.
    pub fn at<T: FromValue>(&self, column: &str) -> Result<T, StoreError> {
        let fault = |problem| StoreError::Column { column: column.to_owned(), problem };
        let position = self
            .columns
            .iter()
            .position(|name| name == column)
            .ok_or_else(|| fault("no such column".to_owned()))?;
        T::from_value(&self.values[position]).map_err(fault)
    }

    /// The names of the columns, in order.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The values, in the order of the columns.
    pub fn values(&self) -> &[Value] {
        &self.values
    }
}

/// Refuses what one of the engines would not give back as it was given.
pub(crate) fn check(params: &[Value]) -> Result<(), StoreError> {
    for (index, value) in params.iter().enumerate() {
        let fault = |problem| Err(StoreError::Parameter { number: index + 1, problem });
        match value {
            Value::Text(text) if text.contains('\0') => {
                return fault("the text holds the character U+0000");
            }
            Value::Real(real) if !real.is_finite() => {
                return fault("the number is not finite");
            }
            _ => {}
        }
    }
    Ok(())
}
