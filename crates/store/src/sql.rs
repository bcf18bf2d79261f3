//! The text of a statement. Only the [`sql!`](crate::sql!) macro makes one, and only from a
//! literal, so that a test can walk the source and prepare every statement on both engines.

/// One SQL statement, valid on both engines: `$1`, `$2`, … for parameters, and of types only
/// `BIGINT`, `TEXT`, `BYTEA`, `BOOLEAN` and `DOUBLE PRECISION`.
///
/// PostgreSQL takes the type of a parameter from its first use, so an optional condition is written
/// with that use first: `(name = $1 OR $1 IS NULL)`. A list of values of no fixed length is a
/// statement for each, or a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sql(&'static str);

impl Sql {
    #[doc(hidden)]
    pub const fn from_literal(text: &'static str) -> Self {
        Self(text)
    }

    /// The statement as written.
    pub const fn text(self) -> &'static str {
        self.0
    }
}

/// Makes a [`Sql`] from a string literal.
///
/// ```
/// let by_code = store::sql!("SELECT name FROM commune WHERE code = $1");
/// assert!(by_code.text().starts_with("SELECT"));
/// ```
#[macro_export]
macro_rules! sql {
    ($text:literal) => {
        $crate::Sql::from_literal($text)
    };
}

/// The parameters of a statement, in the order of their numbers: `&params![7, "Mường Ảng",
/// None::<i64>]`.
#[macro_export]
macro_rules! params {
    () => {
        ([] as [$crate::Value; 0])
    };
    ($($value:expr),+ $(,)?) => {
        [$($crate::Value::from($value)),+]
    };
}
