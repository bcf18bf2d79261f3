//! From parameters to a query. Names and meanings are those of EPCIS 2.0 §8.2.7.1 and its REST binding. An unknown parameter
//! is a fault: to answer more than was asked would be worse than to refuse.

mod family;
mod value;

use super::{OrderBy, Query};
use crate::context::Context;
use crate::fault::{
    Fault, RULE_ACTION, RULE_BOTH_LIMITS, RULE_DISPOSITION, RULE_EVENT_TYPE, RULE_FIELD_NAME,
    RULE_LIMIT_ORDER, RULE_PAGE, RULE_QUERY_LIMIT, RULE_REASON, RULE_STEP, RULE_URI, RULE_VALUE,
    Rule,
};
use crate::model::{Action, EventKind};
use crate::vocab::List;

/// Parameters of a query, and values of all parameters together. A thousand EPCs in a named query are a real question.
const MOST_PARAMETERS: usize = 200;
const MOST_VALUES: usize = 10_000;
/// Faults that are told.
const MOST_FAULTS: usize = 100;

/// How values are told, and what prefixes stand for.
#[derive(Clone, Copy)]
struct Reading<'c> {
    /// Several values of a parameter stand in one text, separated by `|`.
    joined: bool,
    prefixes: &'c Context,
}

impl Query {
    /// From the decoded names and values of a query string, in any order. Several values of one parameter are separated by
    /// `|`, or the parameter is repeated.
    ///
    /// On error, all that is wrong; a fault's path is the parameter, `/MATCH_epc`.
    pub fn parse<N: AsRef<str>, V: AsRef<str>>(
        parameters: impl IntoIterator<Item = (N, V)>,
    ) -> Result<Self, Vec<Fault>> {
        Self::parse_in(&Context::default(), parameters)
    }

    /// The same under prefixes for the names of fields and for private words, as a `GS1-Extensions` header declares them
    /// ([`Context::of_extensions_header`]).
    pub fn parse_in<N: AsRef<str>, V: AsRef<str>>(
        prefixes: &Context,
        parameters: impl IntoIterator<Item = (N, V)>,
    ) -> Result<Self, Vec<Fault>> {
        let lists = parameters.into_iter().map(|(name, value)| (name, vec![value]));
        read(Reading { joined: true, prefixes }, lists)
    }

    /// From names and lists of values, as a named query in JSON or a SOAP request has them: each value stands for itself,
    /// and a `|` in it is a character like any other.
    pub fn parse_lists<N: AsRef<str>, V: AsRef<str>>(
        parameters: impl IntoIterator<Item = (N, Vec<V>)>,
    ) -> Result<Self, Vec<Fault>> {
        Self::parse_lists_in(&Context::default(), parameters)
    }

    /// The same under prefixes, as the `@context` of a named query declares them ([`Context::of_json`]).
    pub fn parse_lists_in<N: AsRef<str>, V: AsRef<str>>(
        prefixes: &Context,
        parameters: impl IntoIterator<Item = (N, Vec<V>)>,
    ) -> Result<Self, Vec<Fault>> {
        read(Reading { joined: false, prefixes }, parameters)
    }
}

/// A parameter with all its values, from wherever it was repeated.
struct Parameter {
    name: String,
    values: Vec<String>,
}

fn read<N: AsRef<str>, V: AsRef<str>>(
    reading: Reading<'_>,
    parameters: impl IntoIterator<Item = (N, Vec<V>)>,
) -> Result<Query, Vec<Fault>> {
    let mut parser = Parser { query: Query::default(), reading, faults: Vec::new() };
    let parameters = match gathered(parameters) {
        Ok(parameters) => parameters,
        Err(most) => {
            parser.fault(&RULE_QUERY_LIMIT, "", &most.to_string());
            return Err(parser.faults);
        }
    };
    for Parameter { name, values } in &parameters {
        parser.parameter(name, values);
    }
    let given = |name: &str| parameters.iter().any(|parameter| parameter.name == name);
    if given("eventCountLimit") && given("maxEventCount") {
        parser.fault(&RULE_BOTH_LIMITS, "maxEventCount", "");
    }
    if given("eventCountLimit") && !given("orderBy") {
        parser.fault(&RULE_LIMIT_ORDER, "eventCountLimit", "");
    }
    if parser.faults.is_empty() { Ok(parser.query) } else { Err(parser.faults) }
}

/// The parameters with the values of repeated ones together; the limit that is passed, if one is.
fn gathered<N: AsRef<str>, V: AsRef<str>>(
    parameters: impl IntoIterator<Item = (N, Vec<V>)>,
) -> Result<Vec<Parameter>, usize> {
    let mut gathered: Vec<Parameter> = Vec::new();
    let mut count = 0;
    for (name, values) in parameters {
        let name = name.as_ref();
        count += values.len();
        if count > MOST_VALUES {
            return Err(MOST_VALUES);
        }
        let values = values.iter().map(|value| value.as_ref().to_owned());
        let full = gathered.len() == MOST_PARAMETERS;
        match gathered.iter_mut().find(|known| known.name == name) {
            Some(known) => known.values.extend(values),
            None if full => return Err(MOST_PARAMETERS),
            None => gathered.push(Parameter { name: name.to_owned(), values: values.collect() }),
        }
    }
    Ok(gathered)
}

struct Parser<'c> {
    query: Query,
    reading: Reading<'c>,
    faults: Vec<Fault>,
}

impl Parser<'_> {
    fn fault(&mut self, rule: &'static Rule, name: &str, what: &str) {
        if self.faults.len() < MOST_FAULTS {
            let path = match name {
                "" => String::new(),
                name => format!("/{}", name.replace('~', "~0").replace('/', "~1")),
            };
            self.faults.push(Fault::new(rule, path, (0, 0), what));
        }
    }

    fn parameter(&mut self, name: &str, values: &[String]) {
        match name {
            "eventType" => {
                self.query.event_types =
                    self.each(name, values, &RULE_EVENT_TYPE, EventKind::parse);
            }
            "EQ_action" => {
                self.query.actions = self.each(name, values, &RULE_ACTION, Action::parse);
            }
            "EQ_bizStep" => {
                self.query.biz_steps = self.words(name, values, List::BizStep, &RULE_STEP);
            }
            "EQ_disposition" => self.query.dispositions = self.dispositions(name, values),
            "EQ_persistentDisposition_set" => {
                self.query.persistent_set = self.dispositions(name, values);
            }
            "EQ_persistentDisposition_unset" => {
                self.query.persistent_unset = self.dispositions(name, values);
            }
            "EQ_eventID" => {
                self.query.event_ids = self.each_uri(name, values, &RULE_URI, value::uri);
            }
            "EQ_errorReason" => {
                self.query.error.reasons =
                    self.words(name, values, List::ErrorReason, &RULE_REASON);
            }
            "EQ_correctiveEventID" => {
                self.query.error.corrective_event_ids =
                    self.each_uri(name, values, &RULE_URI, value::uri);
            }
            "EXISTS_errorDeclaration" => self.query.error.exists = self.exists(name, values),
            "GE_eventTime" => self.query.event_time.ge = self.time(name, values),
            "LT_eventTime" => self.query.event_time.lt = self.time(name, values),
            "GE_recordTime" => self.query.record_time.ge = self.time(name, values),
            "LT_recordTime" => self.query.record_time.lt = self.time(name, values),
            "GE_errorDeclarationTime" | "GE_errorDeclaration_Time" => {
                self.query.error.declared.ge = self.time(name, values);
            }
            "LT_errorDeclarationTime" | "LT_errorDeclaration_Time" => {
                self.query.error.declared.lt = self.time(name, values);
            }
            "orderBy" => self.query.order_by = self.order_by(name, values),
            "orderDirection" => self.query.ascending = self.is_ascending(name, values),
            "perPage" => {
                let fits = |count: &u32| (1..=1_000).contains(count);
                self.query.per_page = self.count(name, values, &RULE_PAGE, fits);
            }
            "eventCountLimit" => {
                self.query.event_count_limit =
                    self.count(name, values, &RULE_VALUE, |count| *count > 0);
            }
            "maxEventCount" => {
                self.query.max_event_count =
                    self.count(name, values, &RULE_VALUE, |count| *count > 0);
            }
            "nextPageToken" => {
                self.query.next_page_token = self.single(name, values).map(str::to_owned);
            }
            _ => self.family(name, values),
        }
    }

    fn dispositions(&mut self, name: &str, values: &[String]) -> Vec<String> {
        self.words(name, values, List::Disposition, &RULE_DISPOSITION)
    }

    fn order_by(&mut self, name: &str, values: &[String]) -> Option<OrderBy> {
        let value = self.single(name, values)?;
        match value {
            "eventTime" => Some(OrderBy::EventTime),
            "recordTime" => Some(OrderBy::RecordTime),
            field if field.contains([':', '#', '/']) => {
                let field = super::FieldName::parse(field, self.reading.prefixes);
                if field.is_none() {
                    self.fault(&RULE_FIELD_NAME, name, value);
                }
                field.map(OrderBy::Field)
            }
            _ => {
                self.fault(&RULE_VALUE, name, value);
                None
            }
        }
    }

    fn is_ascending(&mut self, name: &str, values: &[String]) -> bool {
        match self.single(name, values) {
            Some("ASC") => true,
            Some("DESC") | None => false,
            Some(other) => {
                self.fault(&RULE_VALUE, name, other);
                false
            }
        }
    }
}
