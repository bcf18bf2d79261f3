//! Sensor elements against the conditions on them.

use super::super::{SensorCondition, SensorTime, SensorValue, SensorWord};
use super::fields::tape;
use super::lists::{OneOf, Values};
use super::{Judge, Measured};
use crate::json::{Node, Tape};
use crate::model::Event;
use crate::postings::canonical;
use crate::units::Number;
use crate::vocab::List;

/// A condition on sensor elements, made ready.
#[derive(Debug)]
pub(super) enum Sensor<'q> {
    Exists,
    Is(SensorWord, OneOf<'q>),
    Boolean(bool),
    Time(SensorTime, Values<'q>),
    Measured(SensorValue, Measured<'q>),
}

impl Judge<'_> {
    pub(super) fn sensors_match(&self, event: &Event) -> bool {
        if self.sensors.is_empty() {
            return true;
        }
        let elements: Vec<Tape<'_>> = event.sensor_element_list.iter().filter_map(tape).collect();
        self.sensors
            .iter()
            .all(|condition| elements.iter().any(|element| condition.holds(element.root())))
    }
}

impl<'q> Sensor<'q> {
    pub(super) fn of(condition: &'q SensorCondition) -> Self {
        match condition {
            SensorCondition::Exists => Self::Exists,
            SensorCondition::Is(word @ SensorWord::HexBinaryValue, values) => {
                Self::Is(*word, OneOf::lower(values))
            }
            SensorCondition::Is(word, values) => Self::Is(*word, OneOf::of(values)),
            SensorCondition::Boolean(asked) => Self::Boolean(*asked),
            SensorCondition::Time(field, test) => Self::Time(*field, Values::of(test)),
            SensorCondition::Measured(field, measure) => {
                Self::Measured(*field, Measured::of(measure))
            }
        }
    }

    fn holds(&self, element: Node<'_>) -> bool {
        let metadata = element.get("sensorMetadata");
        let mut reports = element.get("sensorReport").into_iter().flat_map(Node::items);
        match self {
            Self::Exists => true,
            Self::Is(word, values) => {
                let equals = |part: Node<'_>| {
                    let found = part.get(word.name()).and_then(Node::string);
                    found.is_some_and(|text| word.is_one(values, &text))
                };
                metadata.is_some_and(equals) || reports.any(equals)
            }
            Self::Boolean(asked) => reports.any(|report| {
                let found = report.get("booleanValue").map(Node::source);
                found == Some(if *asked { "true" } else { "false" })
            }),
            Self::Time(field, test) => {
                let holds =
                    |part: Node<'_>| part.get(field.name()).is_some_and(|time| test.hold(time));
                metadata.is_some_and(holds) || (*field == SensorTime::Time && reports.any(holds))
            }
            Self::Measured(field, measure) => reports.any(|report| {
                let value = report.get(field.name()).and_then(Node::number);
                let uom = report.get("uom").and_then(Node::string);
                let spread = *field == SensorValue::StandardDeviation;
                value
                    .and_then(Number::parse)
                    .is_some_and(|value| measure.holds(&value, uom.as_deref(), spread))
            }),
        }
    }
}

impl SensorWord {
    /// Whether what an event has in this field is among what a query asks for, which is canonical.
    fn is_one(self, asked: &OneOf<'_>, found: &str) -> bool {
        match self {
            Self::Type => asked.has(List::Measurement.bare(found)),
            Self::DeviceId => asked.has(found) || asked.has(&canonical(found)),
            Self::HexBinaryValue => asked.has(&found.to_ascii_lowercase()),
            _ => asked.has(found),
        }
    }
}
