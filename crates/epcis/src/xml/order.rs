//! The sequences of the EPCIS schemas: which elements an event has, where, and in which order (EPCIS 2.0 XSD
//! `EPCglobal-epcis-2_0.xsd`, EPCIS 1.2 XSD `EPCglobal-epcis-1_2.xsd`). In 1.x what came later stands in wrappers.

use super::Version;
use crate::model::EventKind;

/// Where within an event an element stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    Event,
    /// `baseExtension`.
    Base,
    /// `extension` of `baseExtension`, open to whatever comes.
    BaseOpen,
    /// `extension`.
    Extension,
    /// `extension` of `extension`, open to whatever comes.
    Open,
}

const BASE_2: &[&str] = &[
    "eventTime",
    "recordTime",
    "eventTimeZoneOffset",
    "eventID",
    "errorDeclaration",
    "certificationInfo",
    "baseExtension",
];
const BASE_1: &[&str] = &["eventTime", "recordTime", "eventTimeZoneOffset", "baseExtension"];

const OBJECT_2: &[&str] = &[
    "epcList",
    "action",
    "bizStep",
    "disposition",
    "readPoint",
    "bizLocation",
    "bizTransactionList",
    "quantityList",
    "sourceList",
    "destinationList",
    "sensorElementList",
    "persistentDisposition",
    "ilmd",
    "extension",
];
const AGGREGATION_2: &[&str] = &[
    "parentID",
    "childEPCs",
    "action",
    "bizStep",
    "disposition",
    "readPoint",
    "bizLocation",
    "bizTransactionList",
    "childQuantityList",
    "sourceList",
    "destinationList",
    "sensorElementList",
    "persistentDisposition",
    "extension",
];
const TRANSACTION_2: &[&str] = &[
    "bizTransactionList",
    "parentID",
    "epcList",
    "action",
    "bizStep",
    "disposition",
    "readPoint",
    "bizLocation",
    "quantityList",
    "sourceList",
    "destinationList",
    "sensorElementList",
    "persistentDisposition",
    "extension",
];
const TRANSFORMATION_2: &[&str] = &[
    "inputEPCList",
    "inputQuantityList",
    "outputEPCList",
    "outputQuantityList",
    "transformationID",
    "bizStep",
    "disposition",
    "readPoint",
    "bizLocation",
    "bizTransactionList",
    "sourceList",
    "destinationList",
    "sensorElementList",
    "persistentDisposition",
    "ilmd",
    "extension",
];
const ASSOCIATION_2: &[&str] = &[
    "parentID",
    "childEPCs",
    "childQuantityList",
    "action",
    "bizStep",
    "disposition",
    "readPoint",
    "bizLocation",
    "bizTransactionList",
    "sourceList",
    "destinationList",
    "sensorElementList",
    "persistentDisposition",
    "extension",
];

const WHY_1: &[&str] = &[
    "action",
    "bizStep",
    "disposition",
    "readPoint",
    "bizLocation",
    "bizTransactionList",
    "extension",
];
const PARTIES_1: &[&str] = &["sourceList", "destinationList"];
const OBJECT_1: &[&str] = &["epcList"];
const AGGREGATION_1: &[&str] = &["parentID", "childEPCs"];
const TRANSACTION_1: &[&str] = &[
    "bizTransactionList",
    "parentID",
    "epcList",
    "action",
    "bizStep",
    "disposition",
    "readPoint",
    "bizLocation",
    "extension",
];
const TRANSFORMATION_1: &[&str] = &[
    "inputEPCList",
    "inputQuantityList",
    "outputEPCList",
    "outputQuantityList",
    "transformationID",
    "bizStep",
    "disposition",
    "readPoint",
    "bizLocation",
    "bizTransactionList",
    "sourceList",
    "destinationList",
    "ilmd",
    "extension",
];

/// Parts of a sequence, one after the other.
pub(crate) type Sequence = [&'static [&'static str]; 3];

/// The sequence of a level; `None` where the schema takes anything.
pub(crate) fn sequence(version: Version, kind: EventKind, level: Level) -> Option<Sequence> {
    use EventKind::{Aggregation, Association, Object, Transaction, Transformation};
    Some(match (version, level) {
        (Version::V2_0, Level::Event) => {
            let own = match kind {
                Object => OBJECT_2,
                Aggregation => AGGREGATION_2,
                Transaction => TRANSACTION_2,
                Transformation => TRANSFORMATION_2,
                Association => ASSOCIATION_2,
            };
            [BASE_2, own, &[]]
        }
        // In 2.0 the wrappers hold extensions of others only.
        (Version::V2_0, _) => [&[], &[], &[]],
        (Version::V1_2, Level::BaseOpen | Level::Open) => return None,
        // 1.2 knows no AssociationEvent; GS1 carries it in the open place of the event list.
        (Version::V1_2, _) if kind == Association => return None,
        (Version::V1_2, Level::Base) => [&["eventID", "errorDeclaration", "extension"], &[], &[]],
        (Version::V1_2, Level::Event) => match kind {
            Transaction => [BASE_1, TRANSACTION_1, &[]],
            Transformation => [BASE_1, TRANSFORMATION_1, &[]],
            Aggregation => [BASE_1, AGGREGATION_1, WHY_1],
            Object | Association => [BASE_1, OBJECT_1, WHY_1],
        },
        (Version::V1_2, Level::Extension) => match kind {
            Object => [&["quantityList"], PARTIES_1, &["ilmd", "extension"]],
            Aggregation => [&["childQuantityList"], PARTIES_1, &["extension"]],
            Transaction => [&["quantityList"], PARTIES_1, &["extension"]],
            Transformation | Association => return None,
        },
    })
}

/// The place of an element in its sequence: `Ok(None)` where the schema takes anything, an error where it has no place.
pub(super) fn rank(
    version: Version,
    kind: EventKind,
    level: Level,
    name: &str,
) -> Result<Option<usize>, ()> {
    let Some(parts) = sequence(version, kind, level) else { return Ok(None) };
    let place = parts.into_iter().flatten().position(|known| *known == name);
    place.map(Some).ok_or(())
}
