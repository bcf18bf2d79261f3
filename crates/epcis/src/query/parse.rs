//! From query parameters to a query. Names and meanings are those of the EPCIS 2.0 REST binding; several values of one
//! parameter are separated by `|`, or the parameter is repeated. An unknown parameter is a fault: to answer more than was
//! asked would be worse than to refuse.

use std::borrow::Cow;

use super::{IdPattern, Identifiers, OrderBy, Query, Typed};
use crate::fault::{
    Fault, RULE_ACTION, RULE_BOTH_LIMITS, RULE_DISPOSITION, RULE_EVENT_TYPE, RULE_PAGE,
    RULE_PARAMETER, RULE_PARTY, RULE_REASON, RULE_REPEATED, RULE_STEP, RULE_TIME, RULE_TRANSACTION,
    RULE_UNSUPPORTED, RULE_URI, RULE_VALUE, Rule,
};
use crate::model::{Action, EventKind};
use crate::postings::{Role, canonical};
use crate::time::EventTime;
use crate::uri::is_uri;
use crate::vocab::List;

/// Parameters of the standard that this server does not answer.
const UNSUPPORTED: &[&str] = &[
    "WD_",
    "EQ_quantity",
    "GT_",
    "GE_",
    "LT_",
    "LE_",
    "EXISTS_",
    "HASATTR_",
    "EQATTR_",
    "EQ_INNER",
    "EQ_ILMD",
    "EQ_SENSOR",
    "EQ_type",
    "EQ_deviceID",
    "EQ_dataProcessingMethod",
    "EQ_microorganism",
    "EQ_chemicalSubstance",
    "EQ_bizRules",
    "EQ_stringValue",
    "EQ_hexBinaryValue",
    "EQ_uriValue",
    "EQ_booleanValue",
    "EQ_value_",
];

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

impl Query {
    /// From the decoded names and values of a query string, in any order.
    ///
    /// On error, all that is wrong; a fault's path is the parameter, `/MATCH_epc`.
    pub fn parse<N: AsRef<str>, V: AsRef<str>>(
        parameters: impl IntoIterator<Item = (N, V)>,
    ) -> Result<Self, Vec<Fault>> {
        let lists = parameters.into_iter().map(|(name, value)| (name, vec![value]));
        Self::read(lists, Values::Joined)
    }

    /// From names and lists of values, as a named query in JSON or a SOAP request has them: each value stands for itself,
    /// and a `|` in it is a character like any other.
    pub fn parse_lists<N: AsRef<str>, V: AsRef<str>>(
        parameters: impl IntoIterator<Item = (N, Vec<V>)>,
    ) -> Result<Self, Vec<Fault>> {
        Self::read(parameters, Values::Apart)
    }

    fn read<N: AsRef<str>, V: AsRef<str>>(
        parameters: impl IntoIterator<Item = (N, Vec<V>)>,
        values_are: Values,
    ) -> Result<Self, Vec<Fault>> {
        let mut parser =
            Parser { query: Self::default(), values_are, seen: Vec::new(), faults: Vec::new() };
        for (name, values) in parameters {
            if values.is_empty() {
                parser.fault(&RULE_VALUE, name.as_ref(), "");
            }
            for value in values {
                parser.parameter(name.as_ref(), value.as_ref());
            }
        }
        if parser.query.event_count_limit.is_some() && parser.query.max_event_count.is_some() {
            parser.fault(&RULE_BOTH_LIMITS, "maxEventCount", "");
        }
        if parser.faults.is_empty() { Ok(parser.query) } else { Err(parser.faults) }
    }
}

/// Whether one text may hold several values.
#[derive(Clone, Copy, PartialEq)]
enum Values {
    /// Separated by `|`, in a query string.
    Joined,
    Apart,
}

impl Values {
    fn of(self, text: &str) -> impl Iterator<Item = &str> {
        let separator: &[char] = if self == Self::Joined { &['|'] } else { &[] };
        text.split(separator)
    }
}

struct Parser {
    query: Query,
    values_are: Values,
    /// Parameters with one value that have had it.
    seen: Vec<String>,
    faults: Vec<Fault>,
}

impl Parser {
    fn fault(&mut self, rule: &'static Rule, name: &str, what: &str) {
        if self.faults.len() < 100 {
            let path = format!("/{}", name.replace('~', "~0").replace('/', "~1"));
            self.faults.push(Fault::new(rule, path, (0, 0), what));
        }
    }

    fn parameter(&mut self, name: &str, value: &str) {
        match name {
            "eventType" => {
                self.each(name, value, &RULE_EVENT_TYPE, EventKind::parse, |q| &mut q.event_types);
            }
            "EQ_action" => self.each(name, value, &RULE_ACTION, Action::parse, |q| &mut q.actions),
            "EQ_bizStep" => {
                self.words(name, value, List::BizStep, &RULE_STEP, |q| &mut q.biz_steps);
            }
            "EQ_disposition" => {
                self.words(name, value, List::Disposition, &RULE_DISPOSITION, |q| {
                    &mut q.dispositions
                });
            }
            "EQ_persistentDisposition_set" => {
                self.words(name, value, List::Disposition, &RULE_DISPOSITION, |q| {
                    &mut q.persistent_set
                });
            }
            "EQ_persistentDisposition_unset" => {
                self.words(name, value, List::Disposition, &RULE_DISPOSITION, |q| {
                    &mut q.persistent_unset
                });
            }
            "EQ_eventID" => self.each(name, value, &RULE_URI, uri, |q| &mut q.event_ids),
            "EQ_errorReason" => {
                self.words(name, value, List::ErrorReason, &RULE_REASON, |q| &mut q.error.reasons);
            }
            "EQ_correctiveEventID" => {
                self.each(name, value, &RULE_URI, uri, |q| &mut q.error.corrective_event_ids);
            }
            "EXISTS_errorDeclaration" => {
                // "false" would ask for nothing in the standard's words, and for the opposite in a person's.
                if self.single(name) && value != "true" {
                    self.fault(&RULE_VALUE, name, value);
                }
                self.query.error.exists = true;
            }
            "GE_eventTime" => self.time(name, value, |q| &mut q.event_time.ge),
            "LT_eventTime" => self.time(name, value, |q| &mut q.event_time.lt),
            "GE_recordTime" => self.time(name, value, |q| &mut q.record_time.ge),
            "LT_recordTime" => self.time(name, value, |q| &mut q.record_time.lt),
            "GE_errorDeclarationTime" => self.time(name, value, |q| &mut q.error.declared.ge),
            "LT_errorDeclarationTime" => self.time(name, value, |q| &mut q.error.declared.lt),
            "orderBy" | "orderDirection" => self.order(name, value),
            "perPage" => {
                let count = value.parse().ok().filter(|count| (1..=1_000).contains(count));
                self.count(name, value, count, &RULE_PAGE, |q| &mut q.per_page);
            }
            "eventCountLimit" => {
                self.count(name, value, positive(value), &RULE_VALUE, |q| &mut q.event_count_limit);
            }
            "maxEventCount" => {
                self.count(name, value, positive(value), &RULE_VALUE, |q| &mut q.max_event_count);
            }
            "nextPageToken" => {
                if self.single(name) {
                    self.query.next_page_token = Some(value.to_owned());
                }
            }
            _ => self.open(name, value),
        }
    }

    /// Parameters whose name is a family, and all that is unknown.
    fn open(&mut self, name: &str, value: &str) {
        if let Some(roles) = roles(name) {
            return self.identifiers(name, value, roles);
        }
        let typed = [
            ("EQ_bizTransaction_", Role::BizTransaction, List::BizTransaction, &RULE_TRANSACTION),
            ("EQ_source_", Role::Source, List::SourceDestination, &RULE_PARTY),
            ("EQ_destination_", Role::Destination, List::SourceDestination, &RULE_PARTY),
        ];
        for (family, role, list, rule) in typed {
            if let Some(kind) = name.strip_prefix(family) {
                return self.typed(name, value, role, list.check(kind).ok(), rule);
            }
        }
        let unsupported = UNSUPPORTED.iter().any(|family| name.starts_with(family))
            || name.strip_prefix("EQ_").is_some_and(|field| field.contains([':', '#']));
        self.fault(if unsupported { &RULE_UNSUPPORTED } else { &RULE_PARAMETER }, name, name);
    }

    fn single(&mut self, name: &str) -> bool {
        if self.seen.iter().any(|seen| seen == name) {
            self.fault(&RULE_REPEATED, name, name);
            return false;
        }
        self.seen.push(name.to_owned());
        true
    }

    fn each<T>(
        &mut self,
        name: &str,
        value: &str,
        rule: &'static Rule,
        parse: impl Fn(&str) -> Option<T>,
        field: impl Fn(&mut Query) -> &mut Vec<T>,
    ) {
        for part in self.values_are.of(value) {
            match parse(part) {
                Some(value) => field(&mut self.query).push(value),
                None => self.fault(rule, name, part),
            }
        }
    }

    fn words(
        &mut self,
        name: &str,
        value: &str,
        list: List,
        rule: &'static Rule,
        field: impl Fn(&mut Query) -> &mut Vec<String>,
    ) {
        self.each(name, value, rule, |part| list.check(part).ok().map(str::to_owned), field);
    }

    fn time(&mut self, name: &str, value: &str, field: impl Fn(&mut Query) -> &mut Option<i64>) {
        if !self.single(name) {
            return;
        }
        // A "+" that nobody escaped reaches us as a space.
        let value = match value.rsplit_once(' ') {
            Some((time, zone)) => Cow::Owned(format!("{time}+{zone}")),
            None => Cow::Borrowed(value),
        };
        match EventTime::parse(&value) {
            Ok(time) => *field(&mut self.query) = Some(time.micros),
            Err(_) => self.fault(&RULE_TIME, name, &value),
        }
    }

    fn count(
        &mut self,
        name: &str,
        value: &str,
        count: Option<u32>,
        rule: &'static Rule,
        field: impl Fn(&mut Query) -> &mut Option<u32>,
    ) {
        if !self.single(name) {
            return;
        }
        match count {
            Some(count) => *field(&mut self.query) = Some(count),
            None => self.fault(rule, name, value),
        }
    }

    fn order(&mut self, name: &str, value: &str) {
        if !self.single(name) {
            return;
        }
        match (name, value) {
            ("orderBy", "eventTime") => self.query.order_by = Some(OrderBy::EventTime),
            ("orderBy", "recordTime") => self.query.order_by = Some(OrderBy::RecordTime),
            ("orderDirection", "ASC") => self.query.ascending = true,
            ("orderDirection", "DESC") => self.query.ascending = false,
            _ => self.fault(&RULE_VALUE, name, value),
        }
    }

    fn identifiers(&mut self, name: &str, value: &str, roles: &'static [Role]) {
        let mut patterns = Vec::new();
        for part in self.values_are.of(value) {
            match pattern(part, roles) {
                Some(pattern) => patterns.push(pattern),
                None => self.fault(&RULE_VALUE, name, part),
            }
        }
        // Repeating a parameter adds alternatives, as "|" does.
        match self.query.identifiers.iter_mut().find(|asked| std::ptr::eq(asked.roles, roles)) {
            Some(asked) => asked.patterns.extend(patterns),
            None => self.query.identifiers.push(Identifiers { roles, patterns }),
        }
    }

    fn typed(
        &mut self,
        name: &str,
        value: &str,
        role: Role,
        kind: Option<&str>,
        rule: &'static Rule,
    ) {
        let Some(kind) = kind else {
            return self.fault(rule, name, name);
        };
        let mut ids = Vec::new();
        for part in self.values_are.of(value) {
            if is_uri(part) {
                ids.push(canonical(part));
            } else {
                self.fault(&RULE_URI, name, part);
            }
        }
        self.query.typed.push(Typed { role, kind: kind.to_owned(), ids });
    }
}

fn uri(text: &str) -> Option<String> {
    is_uri(text).then(|| text.to_owned())
}

fn positive(text: &str) -> Option<u32> {
    text.parse().ok().filter(|count| *count > 0)
}

/// An identifier, or a pattern that stands for all serials of a class.
fn pattern(text: &str, roles: &[Role]) -> Option<IdPattern> {
    /// What stands between class and serial in the Digital Link of a scheme.
    const SERIALS: &[(&str, &str)] = &[
        ("sgtin", "/21/"),
        ("itip", "/21/"),
        ("cpi", "/8011/"),
        ("upui", "/235/"),
        ("grai", ""),
        ("gdti", ""),
        ("sgcn", ""),
    ];
    if !is_uri(text) {
        return None;
    }
    let Some(body) = text.strip_prefix("urn:epc:idpat:") else {
        return Some(IdPattern::Exact(canonical(text)));
    };
    let of_instances = roles.iter().any(|role| {
        matches!(role, Role::Epc | Role::Child | Role::Parent | Role::Input | Role::Output)
    });
    if !of_instances || !body.contains('*') {
        return Some(IdPattern::Exact(canonical(text)));
    }
    let (scheme, fields) = body.split_once(':')?;
    let (_, separator) = SERIALS.iter().find(|(name, _)| *name == scheme)?;
    let class = fields.strip_suffix(".*").filter(|rest| !rest.contains('*'))?;
    let link = canonical(&format!("urn:epc:idpat:{scheme}:{class}.*"));
    link.starts_with("https://").then(|| IdPattern::Under(format!("{link}{separator}")))
}
