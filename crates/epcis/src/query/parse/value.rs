//! The values of a parameter.

use std::borrow::Cow;

use super::Parser;
use crate::fault::{RULE_REPEATED, RULE_TIME, RULE_VALUE, Rule};
use crate::time::EventTime;
use crate::uri::is_uri;
use crate::vocab::List;

pub(super) fn uri(text: &str) -> Option<String> {
    is_uri(text).then(|| text.to_owned())
}

/// A "+" that nobody escaped reaches us as a space.
pub(super) fn plus_restored(time: &str) -> Cow<'_, str> {
    match time.rsplit_once(' ') {
        Some((time, zone)) => Cow::Owned(format!("{time}+{zone}")),
        None => Cow::Borrowed(time),
    }
}

/// The same of a URI. No space stands in one.
fn pluses_restored(uri: &str) -> Cow<'_, str> {
    if uri.contains(' ') { Cow::Owned(uri.replace(' ', "+")) } else { Cow::Borrowed(uri) }
}

impl Parser<'_> {
    /// The values of a parameter that takes a list.
    pub(super) fn list<'v>(&mut self, name: &str, values: &'v [String]) -> Vec<&'v str> {
        if values.is_empty() {
            self.fault(&RULE_VALUE, name, "");
        }
        if self.reading.joined {
            values.iter().flat_map(|value| value.split('|')).collect()
        } else {
            values.iter().map(String::as_str).collect()
        }
    }

    /// The value of a parameter that takes one.
    pub(super) fn single<'v>(&mut self, name: &str, values: &'v [String]) -> Option<&'v str> {
        match values {
            [value] => return Some(value),
            [] => self.fault(&RULE_VALUE, name, ""),
            _ => self.fault(&RULE_REPEATED, name, name),
        }
        None
    }

    /// The values of a parameter that takes URIs, or words of which some are.
    pub(super) fn each_uri<T>(
        &mut self,
        name: &str,
        values: &[String],
        rule: &'static Rule,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Vec<T> {
        let in_address = self.reading.joined;
        self.each(name, values, rule, |value| {
            if in_address { parse(&pluses_restored(value)) } else { parse(value) }
        })
    }

    pub(super) fn each<T>(
        &mut self,
        name: &str,
        values: &[String],
        rule: &'static Rule,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Vec<T> {
        let mut parsed = Vec::new();
        for value in self.list(name, values) {
            match parse(value) {
                Some(value) => parsed.push(value),
                None => self.fault(rule, name, value),
            }
        }
        parsed
    }

    /// Words of a list, bare, and private ones. A private one under a prefix is asked for as it was written and as the URI
    /// that it stands for: an event keeps the spelling of its author.
    pub(super) fn words(
        &mut self,
        name: &str,
        values: &[String],
        list: List,
        rule: &'static Rule,
    ) -> Vec<String> {
        let prefixes = self.reading.prefixes;
        let words = self.each_uri(name, values, rule, |value| {
            let word = list.check(value).ok()?.to_owned();
            Some(with_expansion(prefixes, word))
        });
        words.into_iter().flatten().collect()
    }

    pub(super) fn time(&mut self, name: &str, values: &[String]) -> Option<i64> {
        let value = plus_restored(self.single(name, values)?);
        let time = EventTime::parse(&value).ok().map(|time| time.micros);
        if time.is_none() {
            self.fault(&RULE_TIME, name, &value);
        }
        time
    }

    pub(super) fn count(
        &mut self,
        name: &str,
        values: &[String],
        rule: &'static Rule,
        fits: impl Fn(&u32) -> bool,
    ) -> Option<u32> {
        let value = self.single(name, values)?;
        let count = value.parse().ok().filter(fits);
        if count.is_none() {
            self.fault(rule, name, value);
        }
        count
    }

    /// Whether a parameter without a value of its own asks for something. REST gives it a truth value, SOAP nothing, the JSON
    /// schema of named queries a number that is ignored; "false" asks for nothing (REST binding, `EXISTS_errorDeclaration`).
    pub(super) fn exists(&mut self, name: &str, values: &[String]) -> bool {
        let value = match values {
            [] => "",
            values => self.single(name, values).unwrap_or_default(),
        };
        let asks = value.is_empty() || matches!(value, "true" | "null");
        if !asks && value != "false" && !value.bytes().all(|byte| byte.is_ascii_digit()) {
            self.fault(&RULE_VALUE, name, value);
        }
        value != "false"
    }
}

/// A text and, where it is a CURIE under a declared prefix, its URI.
pub(super) fn with_expansion(prefixes: &crate::context::Context, text: String) -> Vec<String> {
    let expanded = text.split_once(':').filter(|(_, local)| !local.starts_with("//")).and_then(
        |(prefix, local)| Some(prefixes.term(prefix).and(prefixes.uri_of(prefix))? + local),
    );
    std::iter::once(text).chain(expanded).collect()
}
