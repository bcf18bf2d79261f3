//! Parameters whose name is a family: operator, place, field and unit.

use super::super::{
    Asked, Attributes, Comparison, FieldCondition, FieldName, FieldPlace, Identifiers, Limit,
    Measure, NumberTest, SensorCondition, SensorTime, SensorValue, SensorWord, Test, Typed,
    VocabularyField, Within, pattern,
};
use super::Parser;
use super::value::{plus_restored, uri, with_expansion};
use crate::fault::{
    RULE_AMBIGUOUS, RULE_COMPARABLE, RULE_FIELD_NAME, RULE_HEX, RULE_MEASUREMENT, RULE_PARAMETER,
    RULE_PARTY, RULE_PATTERN, RULE_TIME, RULE_TRANSACTION, RULE_UOM, RULE_URI, RULE_VALUE, Rule,
};
use crate::postings::{Role, canonical};
use crate::time::EventTime;
use crate::units::Number;
use crate::vocab::List;

/// The roles that a `MATCH_` parameter, or one on a place, looks at (EPCIS 2.0 §8.2.7.1).
fn roles(name: &str) -> Option<&'static [Role]> {
    use Role::{
        BizLocation, Child, ChildClass, Epc, Input, InputClass, Output, OutputClass, Parent,
        QuantityClass, ReadPoint, Transformation,
    };
    Some(match name {
        "MATCH_epc" => &[Epc, Child],
        "MATCH_parentID" => &[Parent],
        "MATCH_inputEPC" => &[Input],
        "MATCH_outputEPC" => &[Output],
        "MATCH_anyEPC" => &[Epc, Child, Parent, Input, Output],
        "MATCH_epcClass" => &[QuantityClass, ChildClass],
        "MATCH_inputEPCClass" => &[InputClass],
        "MATCH_outputEPCClass" => &[OutputClass],
        "MATCH_anyEPCClass" => &[QuantityClass, ChildClass, InputClass, OutputClass],
        "EQ_readPoint" => &[ReadPoint],
        "EQ_bizLocation" => &[BizLocation],
        "EQ_transformationID" => &[Transformation],
        _ => return None,
    })
}

/// What stands before the first `_`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Operator {
    Exists,
    Equal,
    Compare(Comparison),
}

impl Operator {
    fn split(name: &str) -> Option<(Self, &str)> {
        let (operator, rest) = name.split_once('_')?;
        let operator = match operator {
            "EXISTS" => Self::Exists,
            "EQ" => Self::Equal,
            "GT" => Self::Compare(Comparison::Greater),
            "GE" => Self::Compare(Comparison::GreaterOrEqual),
            "LT" => Self::Compare(Comparison::Less),
            "LE" => Self::Compare(Comparison::LessOrEqual),
            _ => return None,
        };
        Some((operator, rest))
    }
}

impl Parser<'_> {
    pub(super) fn family(&mut self, name: &str, values: &[String]) {
        if let Some(roles) = roles(name) {
            return self.identifiers(name, values, roles);
        }
        if let Some(place) = name.strip_prefix("WD_") {
            return self.within(name, place, values);
        }
        if let Some(field) = name.strip_prefix("HASATTR_") {
            return self.has_attribute(name, field, values);
        }
        // The JSON schema of named queries writes an underscore more than the standard.
        let attribute = name.strip_prefix("EQATTR_").or_else(|| name.strip_prefix("EQ_ATTR_"));
        if let Some(rest) = attribute {
            return self.equal_attribute(name, rest, values);
        }
        let typed = [
            ("EQ_bizTransaction_", Role::BizTransaction, List::BizTransaction, &RULE_TRANSACTION),
            ("EQ_source_", Role::Source, List::SourceDestination, &RULE_PARTY),
            ("EQ_destination_", Role::Destination, List::SourceDestination, &RULE_PARTY),
        ];
        for (family, role, list, rule) in typed {
            if let Some(kind) = name.strip_prefix(family) {
                return self.typed(name, values, role, list.check(kind).ok(), rule);
            }
        }
        let Some((operator, field)) = Operator::split(name) else {
            return self.fault(&RULE_PARAMETER, name, name);
        };
        let known = self.sensor(operator, field, name, values)
            || self.measured(operator, field, name, values)
            || self.extension(operator, field, name, values);
        if !known {
            self.fault(&RULE_PARAMETER, name, name);
        }
    }

    fn identifiers(&mut self, name: &str, values: &[String], roles: &'static [Role]) {
        let patterns =
            self.each_uri(name, values, &RULE_PATTERN, |value| pattern::patterns(value, roles));
        let patterns = patterns.into_iter().flatten().collect();
        self.query.identifiers.push(Identifiers { roles, patterns });
    }

    fn typed(
        &mut self,
        name: &str,
        values: &[String],
        role: Role,
        kind: Option<&str>,
        rule: &'static Rule,
    ) {
        let Some(kind) = kind else {
            return self.fault(rule, name, name);
        };
        let ids = self.ids(name, values);
        self.query.typed.push(Typed { role, kind: kind.to_owned(), ids });
    }

    /// Identifiers, canonical.
    fn ids(&mut self, name: &str, values: &[String]) -> Vec<String> {
        self.each_uri(name, values, &RULE_URI, |value| uri(value).map(|uri| canonical(&uri)))
    }

    fn within(&mut self, name: &str, place: &str, values: &[String]) {
        let role = match place {
            "readPoint" => Role::ReadPoint,
            "bizLocation" => Role::BizLocation,
            _ => return self.fault(&RULE_PARAMETER, name, name),
        };
        let ids = self.ids(name, values);
        self.query.within.push(Within { role, ids });
    }

    fn has_attribute(&mut self, name: &str, field: &str, values: &[String]) {
        let Some(field) = self.vocabulary_field(field) else {
            return self.fault(&RULE_PARAMETER, name, name);
        };
        let prefixes = self.reading.prefixes;
        let names = self.each(name, values, &RULE_VALUE, |value| {
            (!value.is_empty()).then(|| FieldName::attribute(value, prefixes))
        });
        self.query.attributes.push(Attributes { field, names, values: None, ids: Vec::new() });
    }

    /// `fieldname_attrname`: EPCIS's own fields have no underscore; where a name of somebody else's has one, nobody can tell
    /// where it ends, and the standard lets us refuse it.
    fn equal_attribute(&mut self, name: &str, rest: &str, values: &[String]) {
        let own = VocabularyField::NAMED
            .into_iter()
            .find_map(|(field, known)| Some((known, rest.strip_prefix(field)?.strip_prefix('_')?)));
        let (field, attribute) = match (own, rest.split_once('_')) {
            (Some(own), _) => own,
            (None, Some((_, attribute))) if attribute.contains('_') => {
                return self.fault(&RULE_AMBIGUOUS, name, rest);
            }
            (None, split) => {
                let field = split.and_then(|(field, attribute)| {
                    Some((self.vocabulary_field(field)?, attribute))
                });
                let Some(field) = field else {
                    return self.fault(&RULE_PARAMETER, name, name);
                };
                field
            }
        };
        if attribute.is_empty() {
            return self.fault(&RULE_PARAMETER, name, name);
        }
        let names = vec![FieldName::attribute(attribute, self.reading.prefixes)];
        let values = self.list(name, values).into_iter().map(str::to_owned).collect();
        let ids = Vec::new();
        self.query.attributes.push(Attributes { field, names, values: Some(values), ids });
    }

    fn vocabulary_field(&self, name: &str) -> Option<VocabularyField> {
        let own = VocabularyField::NAMED.into_iter().find(|(field, _)| *field == name);
        own.map(|(_, field)| field).or_else(|| {
            let field = name.contains([':', '#', '/']).then_some(name)?;
            FieldName::parse(field, self.reading.prefixes).map(VocabularyField::Extension)
        })
    }

    /// Words, texts and times of sensor elements; false if the parameter is none of these.
    fn sensor(&mut self, operator: Operator, field: &str, name: &str, values: &[String]) -> bool {
        let condition = match (operator, field) {
            (Operator::Exists, "sensorElement" | "sensorElementList") => {
                self.exists(name, values).then_some(SensorCondition::Exists)
            }
            (Operator::Equal, "booleanValue") => match self.single(name, values) {
                Some("true") => Some(SensorCondition::Boolean(true)),
                Some("false") => Some(SensorCondition::Boolean(false)),
                other => {
                    if let Some(other) = other {
                        self.fault(&RULE_VALUE, name, other);
                    }
                    None
                }
            },
            (Operator::Exists, _) => return false,
            _ => {
                let time = SensorTime::ALL.into_iter().find(|time| time.name() == field);
                if let Some(time) = time {
                    let test = self.time_test(operator, name, values);
                    test.map(|test| SensorCondition::Time(time, test))
                } else if operator == Operator::Equal
                    && let Some(word) = SensorWord::ALL.into_iter().find(|w| w.name() == field)
                {
                    Some(SensorCondition::Is(word, self.sensor_words(word, name, values)))
                } else {
                    return false;
                }
            }
        };
        self.query.sensors.extend(condition);
        true
    }

    fn sensor_words(&mut self, word: SensorWord, name: &str, values: &[String]) -> Vec<String> {
        match word {
            SensorWord::Type => self.words(name, values, List::Measurement, &RULE_MEASUREMENT),
            SensorWord::StringValue => {
                self.list(name, values).into_iter().map(str::to_owned).collect()
            }
            SensorWord::HexBinaryValue => self.each(name, values, &RULE_HEX, |value| {
                let hex = !value.is_empty() && value.bytes().all(|b| b.is_ascii_hexdigit());
                hex.then(|| value.to_owned())
            }),
            SensorWord::DeviceId => self.ids(name, values),
            _ => {
                let prefixes = self.reading.prefixes;
                let uris = self.each_uri(name, values, &RULE_URI, |value| {
                    uri(value).map(|uri| with_expansion(prefixes, uri))
                });
                uris.into_iter().flatten().collect()
            }
        }
    }

    fn time_test(&mut self, operator: Operator, name: &str, values: &[String]) -> Option<Test> {
        if let Operator::Compare(comparison) = operator {
            let time = self.time(name, values)?;
            return Some(Test::Compare(comparison, Limit::Time(time)));
        }
        let times = self.each(name, values, &RULE_TIME, |value| {
            let value = plus_restored(value);
            EventTime::parse(&value).is_ok().then(|| Asked::new(&value))
        });
        Some(Test::Equal(times))
    }

    /// Numbers of quantities and of sensor reports, with their unit; false if the parameter is none of these.
    fn measured(&mut self, operator: Operator, field: &str, name: &str, values: &[String]) -> bool {
        let (field, uom) = match field.split_once('_') {
            Some((field, uom)) => (field, Some(uom)),
            None => (field, None),
        };
        let value = SensorValue::ALL.into_iter().find(|value| value.name() == field);
        if operator == Operator::Exists || (value.is_none() && field != "quantity") {
            return false;
        }
        let is_unit = |uom: &str| {
            (2..=4).contains(&uom.len())
                && uom.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        };
        if let Some(uom) = uom.filter(|uom| !is_unit(uom)) {
            self.fault(&RULE_UOM, name, uom);
        }
        if uom.is_none() && value.is_some_and(|value| !value.may_lack_unit()) {
            return false;
        }
        let Some(test) = self.number_test(operator, name, values) else { return true };
        let measure = Measure { uom: uom.map(str::to_owned), test };
        match value {
            Some(value) => self.query.sensors.push(SensorCondition::Measured(value, measure)),
            None => self.query.quantities.push(measure),
        }
        true
    }

    fn number_test(
        &mut self,
        operator: Operator,
        name: &str,
        values: &[String],
    ) -> Option<NumberTest> {
        if let Operator::Compare(comparison) = operator {
            let value = self.single(name, values)?;
            let number = Number::parse(value);
            if number.is_none() {
                self.fault(&RULE_VALUE, name, value);
            }
            return number.map(|number| NumberTest::Compare(comparison, number));
        }
        Some(NumberTest::Equal(self.each(name, values, &RULE_VALUE, Number::parse)))
    }

    /// Conditions on extension fields; false if the parameter names no field of anybody's.
    fn extension(&mut self, operator: Operator, rest: &str, name: &str, values: &[String]) -> bool {
        let (inner, rest) = match rest.strip_prefix("INNER_") {
            Some(rest) => (true, rest),
            None => (false, rest),
        };
        let named = FieldPlace::NAMED
            .into_iter()
            .find_map(|(word, place)| Some((place, rest.strip_prefix(word)?)));
        let (place, field) = named.unwrap_or((FieldPlace::Event, rest));
        if !field.contains([':', '#', '/']) {
            return false;
        }
        let Some(field_name) = FieldName::parse(field, self.reading.prefixes) else {
            self.fault(&RULE_FIELD_NAME, name, field);
            return true;
        };
        if let Some(test) = self.field_test(operator, name, values) {
            self.query.fields.push(FieldCondition { place, inner, name: field_name, test });
        }
        true
    }

    fn field_test(&mut self, operator: Operator, name: &str, values: &[String]) -> Option<Test> {
        match operator {
            Operator::Exists => self.exists(name, values).then_some(Test::Exists),
            Operator::Equal => {
                let values = self.list(name, values);
                Some(Test::Equal(values.into_iter().map(asked).collect()))
            }
            Operator::Compare(comparison) => {
                let value = self.single(name, values)?;
                let time = || EventTime::parse(&plus_restored(value)).ok();
                let limit = Number::parse(value)
                    .map(Limit::Number)
                    .or_else(|| Some(Limit::Time(time()?.micros)));
                if limit.is_none() {
                    self.fault(&RULE_COMPARABLE, name, value);
                }
                limit.map(|limit| Test::Compare(comparison, limit))
            }
        }
    }
}

fn asked(value: &str) -> Asked {
    let mut asked = Asked::new(value);
    if asked.time.is_none() {
        asked.time = EventTime::parse(&plus_restored(value)).ok().map(|time| time.micros);
    }
    asked
}
