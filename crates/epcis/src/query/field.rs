//! Fields that are not EPCIS's own: how a parameter names them, and where in an event they stand.

use super::test::Test;
use crate::context::Context;

/// The name of an extension field: namespace and local name. The prefix that a document or a query writes it with means
/// nothing, and neither does the `#`, `/` or `:` between the two: XML has `urn:epcglobal:cbv:mda` and JSON-LD
/// `urn:epcglobal:cbv:mda:` for one namespace.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FieldName {
    namespace: String,
    local: String,
}

impl FieldName {
    /// As a parameter writes it (EPCIS 2.0 §8.2.7.1 `EQ_fieldname`): `{namespace}#name`, in REST also `prefix:name` with a
    /// prefix of `GS1-Extensions` or of the named query's `@context`, or one URI that ends in the name. `None` where no
    /// namespace can be made out.
    pub fn parse(text: &str, prefixes: &Context) -> Option<Self> {
        let name = match text.rsplit_once('#') {
            Some((namespace, local)) => Self::new(namespace, local),
            // One colon and no slash is a prefix, declared or not.
            None if text.contains('/') || text.matches(':').count() != 1 => {
                match text.split_once(':') {
                    Some(_) => Self::written(text, prefixes),
                    None => return None,
                }
            }
            None => {
                let (prefix, local) = text.split_once(':')?;
                Self::new(&prefixes.uri_of(prefix)?, local)
            }
        };
        (!name.local.is_empty()).then_some(name)
    }

    /// As an event writes it, by the event's own context.
    pub fn written(name: &str, context: &Context) -> Self {
        match context.expand(name) {
            Some((namespace, local)) => Self::new(&namespace, &local),
            None => Self::new(&context.uri_of("@vocab").unwrap_or_default(), name),
        }
    }

    /// The name of an attribute of master data, as a query or the master data has it. Unlike a field it may be a bare word.
    pub fn attribute(text: &str, prefixes: &Context) -> Self {
        Self::parse(text, prefixes).unwrap_or_else(|| Self::new("", text))
    }

    fn new(namespace: &str, local: &str) -> Self {
        let namespace = namespace.trim_end_matches(['#', '/', ':']);
        Self { namespace: namespace.to_owned(), local: local.to_owned() }
    }

    /// Without the sign that separated it from the name.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    pub fn local(&self) -> &str {
        &self.local
    }

    /// Whether an event means this field by `name`.
    pub(super) fn is(&self, name: &str, context: &Context) -> bool {
        // Most names differ in their last letters already, which costs nothing to see; a term may hide its own.
        let explained = !name.contains(':') && context.term(name).is_some();
        (explained || name.ends_with(self.local.as_str())) && *self == Self::written(name, context)
    }
}

/// In which part of an event a field stands, in the words of the parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldPlace {
    /// The event itself: `EQ_{field}`.
    Event,
    /// `EQ_ILMD_{field}`
    Ilmd,
    /// `EQ_ERROR_DECLARATION_{field}`
    ErrorDeclaration,
    /// `EQ_readPoint_{field}`
    ReadPoint,
    /// `EQ_bizLocation_{field}`
    BizLocation,
    /// `EQ_SENSORELEMENT_{field}`
    SensorElement,
    /// `EQ_SENSORMETADATA_{field}`
    SensorMetadata,
    /// `EQ_SENSORREPORT_{field}`
    SensorReport,
}

impl FieldPlace {
    /// The places that a parameter names, with its word.
    pub(super) const NAMED: [(&'static str, Self); 7] = [
        ("ILMD_", Self::Ilmd),
        ("ERROR_DECLARATION_", Self::ErrorDeclaration),
        ("readPoint_", Self::ReadPoint),
        ("bizLocation_", Self::BizLocation),
        ("SENSORELEMENT_", Self::SensorElement),
        ("SENSORMETADATA_", Self::SensorMetadata),
        ("SENSORREPORT_", Self::SensorReport),
    ];
}

/// Some field of this name in this place passes the test.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldCondition {
    pub place: FieldPlace,
    /// The field stands at any depth inside a field of that place, and not at its top (`EQ_INNER_…`).
    pub inner: bool,
    pub name: FieldName,
    pub test: Test,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_name_a_field_is_one_name() {
        let mut prefixes = Context::prefix("ex", "https://ex.example/ns#");
        prefixes.declare("dose", "https://ex.example/ns#dose");
        let name = FieldName::parse("ex:dose", &prefixes);
        assert!(name.is_some());
        for text in [
            "https://ex.example/ns#dose",
            "https://ex.example/ns##dose",
            "https://ex.example/ns/#dose",
            "https://ex.example/ns/dose",
        ] {
            assert_eq!(FieldName::parse(text, &Context::default()), name, "{text}");
        }
        assert_eq!(FieldName::written("dose", &prefixes), name.clone().unwrap());
        assert!(name.unwrap().is("dose", &prefixes));
        let lot = FieldName::parse("cbvmda:lotNumber", &Context::default());
        for text in ["urn:epcglobal:cbv:mda#lotNumber", "urn:epcglobal:cbv:mda:lotNumber"] {
            assert_eq!(FieldName::parse(text, &Context::default()), lot, "{text}");
        }
    }

    #[test]
    fn a_prefix_that_nobody_declared_names_nothing() {
        for text in ["ex:dose", "dose", "", ":dose", "https://ex.example/ns#", "ex:"] {
            assert_eq!(FieldName::parse(text, &Context::default()), None, "{text}");
        }
    }

    #[test]
    fn names_of_two_namespaces_differ() {
        let of = |text| FieldName::parse(text, &Context::default()).unwrap();
        assert_ne!(of("https://a.example/#dose"), of("https://b.example/#dose"));
        let (a, b) = (
            Context::prefix("ex", "https://a.example/"),
            Context::prefix("ex", "https://b.example/"),
        );
        assert!(of("https://a.example/#dose").is("ex:dose", &a));
        assert!(!of("https://a.example/#dose").is("ex:dose", &b));
        assert!(!of("https://a.example/#dose").is("ex:overdose", &a));
    }
}
