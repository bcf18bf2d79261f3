//! Conditions on sensor elements and on quantities (EPCIS 2.0 §7.3.7, §8.2.7.1). Each is a condition on the event: some
//! report, or the metadata that holds for its reports, satisfies it.

use super::test::{NumberTest, Test};

/// What is asked of sensor elements.
#[derive(Clone, Debug, PartialEq)]
pub enum SensorCondition {
    /// `EXISTS_sensorElementList`, or `EXISTS_sensorElement` as GS1's conformance procedures have it (TCR-53).
    Exists,
    /// The field is one of these values.
    Is(SensorWord, Vec<String>),
    /// `EQ_booleanValue`
    Boolean(bool),
    Time(SensorTime, Test),
    Measured(SensorValue, Measure),
}

/// Fields that hold an identifier, a word or a text. Those that may stand in the metadata of a sensor element hold for each
/// of its reports (§7.3.7.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SensorWord {
    Type,
    DeviceId,
    DeviceMetadata,
    RawData,
    DataProcessingMethod,
    BizRules,
    Microorganism,
    ChemicalSubstance,
    StringValue,
    HexBinaryValue,
    UriValue,
}

impl SensorWord {
    pub const ALL: [Self; 11] = [
        Self::Type,
        Self::DeviceId,
        Self::DeviceMetadata,
        Self::RawData,
        Self::DataProcessingMethod,
        Self::BizRules,
        Self::Microorganism,
        Self::ChemicalSubstance,
        Self::StringValue,
        Self::HexBinaryValue,
        Self::UriValue,
    ];

    /// The name of the field.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Type => "type",
            Self::DeviceId => "deviceID",
            Self::DeviceMetadata => "deviceMetadata",
            Self::RawData => "rawData",
            Self::DataProcessingMethod => "dataProcessingMethod",
            Self::BizRules => "bizRules",
            Self::Microorganism => "microorganism",
            Self::ChemicalSubstance => "chemicalSubstance",
            Self::StringValue => "stringValue",
            Self::HexBinaryValue => "hexBinaryValue",
            Self::UriValue => "uriValue",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SensorTime {
    /// Of the metadata or of a report.
    Time,
    StartTime,
    EndTime,
}

impl SensorTime {
    pub const ALL: [Self; 3] = [Self::Time, Self::StartTime, Self::EndTime];

    /// The name of the field.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Time => "time",
            Self::StartTime => "startTime",
            Self::EndTime => "endTime",
        }
    }
}

/// The numbers of a sensor report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SensorValue {
    Value,
    MinValue,
    MaxValue,
    MeanValue,
    StandardDeviation,
    PercentileRank,
    PercentileValue,
}

impl SensorValue {
    pub const ALL: [Self; 7] = [
        Self::Value,
        Self::MinValue,
        Self::MaxValue,
        Self::MeanValue,
        Self::StandardDeviation,
        Self::PercentileRank,
        Self::PercentileValue,
    ];

    /// The name of the field.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Value => "value",
            Self::MinValue => "minValue",
            Self::MaxValue => "maxValue",
            Self::MeanValue => "meanValue",
            Self::StandardDeviation => "sDev",
            Self::PercentileRank => "percRank",
            Self::PercentileValue => "percValue",
        }
    }

    /// Whether a parameter may ask for the bare number, whatever its unit: a rank has none, and TCR-53 asks so for the
    /// spread and the percentile.
    pub(super) fn may_lack_unit(self) -> bool {
        matches!(self, Self::StandardDeviation | Self::PercentileRank | Self::PercentileValue)
    }
}

/// A test of a number with a unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Measure {
    /// The unit of the numbers asked for (UN/CEFACT Recommendation 20). Readings in another unit of the same quantity are
    /// converted; those that measure something else, or say no unit, do not match. `None`: the bare number is compared.
    pub uom: Option<String>,
    pub test: NumberTest,
}

/// `GE_quantity`, `GE_quantity_KGM`: some quantity of the event, whatever its part in it, passes.
pub type QuantityCondition = Measure;
