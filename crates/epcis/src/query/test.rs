//! What is asked of a value. EPCIS 2.0 §8.2.7.1 compares a field with a parameter of the field's own type: numbers as
//! decimals, times as instants, texts letter by letter; a number is never compared with a time.

use std::cmp::Ordering;

use crate::json::{Kind, Node};
use crate::time::EventTime;
use crate::units::Number;

/// What is asked of a field whose type only its author knows.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// It is there, and not empty.
    Exists,
    /// It equals one of these.
    Equal(Vec<Asked>),
    Compare(Comparison, Limit),
}

/// A value to be equal to. Its type is that of the field it meets: the lot `"007"` is no lot `7`, the number 7.0 is 7, and an
/// hour in Hà Nội is the same hour in UTC.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    pub text: String,
    pub number: Option<Number>,
    /// Microseconds since 1970 UTC.
    pub time: Option<i64>,
}

impl Asked {
    pub(super) fn new(text: &str) -> Self {
        let time = EventTime::parse(text).ok().map(|time| time.micros);
        Self { text: text.to_owned(), number: Number::parse(text), time }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

impl Comparison {
    /// Whether a value that stands so to the limit passes.
    pub fn holds(self, value_to_limit: Ordering) -> bool {
        match self {
            Self::Greater => value_to_limit.is_gt(),
            Self::GreaterOrEqual => value_to_limit.is_ge(),
            Self::Less => value_to_limit.is_lt(),
            Self::LessOrEqual => value_to_limit.is_le(),
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum Limit {
    Number(Number),
    /// Microseconds since 1970 UTC.
    Time(i64),
}

/// What is asked of a number.
#[derive(Clone, Debug, PartialEq)]
pub enum NumberTest {
    Equal(Vec<Number>),
    Compare(Comparison, Number),
}

impl NumberTest {
    /// Whether a number passes.
    pub fn holds(&self, value: &Number) -> bool {
        match self {
            Self::Equal(numbers) => numbers.contains(value),
            Self::Compare(comparison, limit) => comparison.holds(value.cmp(limit)),
        }
    }
}

impl Test {
    /// Whether a comparison holds of a value that is neither list nor object.
    pub(super) fn holds_of(&self, scalar: Node<'_>) -> bool {
        match self {
            Self::Compare(comparison, limit) => {
                limit.compare(scalar).is_some_and(|order| comparison.holds(order))
            }
            Self::Exists | Self::Equal(_) => false,
        }
    }
}

impl Limit {
    /// How the value stands to the limit. XML has no types, so a text that is a number is taken as one.
    fn compare(&self, scalar: Node<'_>) -> Option<Ordering> {
        let text = match scalar.number() {
            Some(number) => number.into(),
            None => scalar.string()?,
        };
        match self {
            Self::Number(limit) => Some(Number::parse(&text)?.cmp(limit)),
            Self::Time(limit) => Some(instant(&text)?.cmp(limit)),
        }
    }
}

pub(super) fn instant(text: &str) -> Option<i64> {
    EventTime::parse(text).ok().map(|time| time.micros)
}

/// The member that holds the value of an object: of one from XML beside its attributes, of a typed value or reference of
/// JSON-LD.
const VALUES: [&str; 3] = ["#text", "@value", "@id"];

pub(super) fn any_scalar(value: Node<'_>, judge: &dyn Fn(Node<'_>) -> bool) -> bool {
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        match value.kind() {
            Kind::Array => open.extend(value.items()),
            Kind::Object => open.extend(VALUES.iter().find_map(|name| value.get(name))),
            Kind::Null => {}
            _ if judge(value) => return true,
            _ => {}
        }
    }
    false
}

/// Whether something is there: not null, not an empty text, list or object, nor a list of only such.
pub(super) fn is_filled(value: Node<'_>) -> bool {
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        match value.kind() {
            Kind::Array => open.extend(value.items()),
            Kind::Null => {}
            Kind::Object if value.members().next().is_none() => {}
            Kind::String if value.string().is_none_or(|text| text.is_empty()) => {}
            _ => return true,
        }
    }
    false
}
