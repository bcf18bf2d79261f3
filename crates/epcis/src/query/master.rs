//! Conditions that only master data can decide: places below other places, elements of a vocabulary with certain attributes
//! (EPCIS 2.0 §6.5, §8.2.7.1). The query says what is asked; a server that knows the answer fills in the identifiers.

use super::field::FieldName;
use crate::postings::{Role, canonical};
use crate::vocab::List;

/// `WD_readPoint`, `WD_bizLocation`: the place is one of `ids`. As parsed these are the places asked for; a server that knows
/// what lies below them adds it before the query runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Within {
    /// `ReadPoint` or `BizLocation`.
    pub role: Role,
    /// Canonical.
    pub ids: Vec<String>,
}

impl Within {
    /// Takes in the direct and indirect descendants of the places asked for, in any spelling.
    pub fn add<I: AsRef<str>>(&mut self, descendants: impl IntoIterator<Item = I>) {
        let known: std::collections::HashSet<String> = self.ids.iter().cloned().collect();
        let mut more: Vec<String> =
            descendants.into_iter().map(|id| canonical(id.as_ref())).collect();
        more.sort_unstable();
        more.dedup();
        self.ids.extend(more.into_iter().filter(|id| !known.contains(id)));
    }
}

/// A field whose value is an element of a vocabulary (EPCIS 2.0 §7.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VocabularyField {
    ReadPoint,
    BizLocation,
    /// The class of any quantity.
    EpcClass,
    BizStep,
    Disposition,
    BizTransaction,
    Source,
    Destination,
    /// A top-level extension field.
    Extension(FieldName),
}

impl VocabularyField {
    /// EPCIS's own, by the name that a parameter has for them.
    pub(super) const NAMED: [(&'static str, Self); 8] = [
        ("readPoint", Self::ReadPoint),
        ("bizLocation", Self::BizLocation),
        ("epcClass", Self::EpcClass),
        ("bizStep", Self::BizStep),
        ("disposition", Self::Disposition),
        ("bizTransaction", Self::BizTransaction),
        ("source", Self::Source),
        ("destination", Self::Destination),
    ];

    /// The postings under which events with such a value are found; none for words and extension fields.
    pub fn roles(&self) -> &'static [Role] {
        match self {
            Self::ReadPoint => &[Role::ReadPoint],
            Self::BizLocation => &[Role::BizLocation],
            Self::EpcClass => {
                &[Role::QuantityClass, Role::ChildClass, Role::InputClass, Role::OutputClass]
            }
            Self::BizTransaction => &[Role::BizTransaction],
            Self::Source => &[Role::Source],
            Self::Destination => &[Role::Destination],
            Self::BizStep | Self::Disposition | Self::Extension(_) => &[],
        }
    }
}

/// `HASATTR_…` (some attribute of these names) and `EQATTR_…` (that attribute with one of these values) of the master data
/// of what stands in a field. Matches no event until a server has said which elements these are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attributes {
    pub field: VocabularyField,
    /// Alternatives for `HASATTR_`, one for `EQATTR_`. Compare with the attributes of master data by
    /// [`FieldName::attribute`].
    pub names: Vec<FieldName>,
    /// `None` for `HASATTR_`: any value.
    pub values: Option<Vec<String>>,
    /// The vocabulary elements that have the attribute, as events are compared with them.
    pub ids: Vec<String>,
}

impl Attributes {
    /// Takes in the elements that have the attribute, in any spelling.
    pub fn add<I: AsRef<str>>(&mut self, elements: impl IntoIterator<Item = I>) {
        let mut known: std::collections::HashSet<String> = self.ids.iter().cloned().collect();
        for element in elements {
            let element = match self.field {
                VocabularyField::BizStep => List::BizStep.bare(element.as_ref()).to_owned(),
                VocabularyField::Disposition => List::Disposition.bare(element.as_ref()).to_owned(),
                _ => canonical(element.as_ref()),
            };
            if known.insert(element.clone()) {
                self.ids.push(element);
            }
        }
    }
}
