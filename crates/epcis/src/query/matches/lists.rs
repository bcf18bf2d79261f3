//! Lists of values asked for, made ready: a query may have ten thousand values and an event as many, and each of these is
//! looked up instead of being compared with each of those.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::super::pattern::IdPattern;
use super::super::{Asked, NumberTest, Test};
use crate::json::{Kind, Node};
use crate::query::test::{any_scalar, instant, is_filled};
use crate::units::Number;

/// Texts that are alternatives.
#[derive(Debug)]
pub(super) struct OneOf<'q>(HashSet<Cow<'q, str>>);

impl<'q> OneOf<'q> {
    pub(super) fn of(texts: &'q [String]) -> Self {
        Self(texts.iter().map(|text| Cow::Borrowed(text.as_str())).collect())
    }

    /// In lower case.
    pub(super) fn lower(texts: &'q [String]) -> Self {
        Self(texts.iter().map(|text| Cow::Owned(text.to_ascii_lowercase())).collect())
    }

    pub(super) fn has(&self, text: &str) -> bool {
        self.0.contains(text)
    }

    /// Whether nothing is asked for, or one of these is.
    pub(super) fn allows<'e>(&self, found: impl IntoIterator<Item = &'e String>) -> bool {
        self.0.is_empty() || found.into_iter().any(|text| self.has(text))
    }
}

/// What the fixed parts of patterns for keys have in common: what stands before, how many open characters follow, and how long
/// the company prefix is.
type Shape<'q> = (&'q str, usize, usize);

/// Patterns that are alternatives, found by the fixed text that an identifier must have for them.
#[derive(Debug, Default)]
pub(super) struct Patterns<'q> {
    exact: HashSet<&'q str>,
    /// By what an identifier begins with.
    stems: HashMap<&'q str, HashSet<&'q IdPattern>>,
    lengths: Vec<usize>,
    keys: HashMap<Shape<'q>, HashMap<&'q str, HashSet<&'q IdPattern>>>,
}

impl<'q> Patterns<'q> {
    pub(super) fn of(patterns: &'q [IdPattern]) -> Self {
        let mut all = Self::default();
        for pattern in patterns {
            match pattern {
                IdPattern::Exact(id) => _ = all.exact.insert(id),
                IdPattern::Class(stem) | IdPattern::Under(stem) => {
                    all.stems.entry(stem).or_default().insert(pattern);
                }
                IdPattern::Keys { before, any, then, .. } => {
                    let shape = (before.as_str(), *any, then.len());
                    let of_shape = all.keys.entry(shape).or_default();
                    of_shape.entry(then).or_default().insert(pattern);
                }
            }
        }
        let lengths: HashSet<usize> = all.stems.keys().map(|stem| stem.len()).collect();
        all.lengths.extend(lengths);
        all
    }

    pub(super) fn fit(&self, id: &str) -> bool {
        let fits = |found: Option<&HashSet<&IdPattern>>| {
            found.is_some_and(|patterns| patterns.iter().any(|pattern| pattern.fits(id)))
        };
        self.exact.contains(id)
            || self
                .lengths
                .iter()
                .any(|length| id.get(..*length).is_some_and(|stem| fits(self.stems.get(stem))))
            || self.keys.iter().any(|((before, any, length), of_shape)| {
                let rest = id.strip_prefix(before).and_then(|rest| rest.get(*any..*any + *length));
                rest.is_some_and(|then| fits(of_shape.get(then)))
            })
    }
}

/// A test of numbers.
#[derive(Debug)]
pub(super) enum Numbers<'q> {
    /// In order.
    Equal(Vec<&'q Number>),
    Test(&'q NumberTest),
}

impl<'q> Numbers<'q> {
    pub(super) fn of(test: &'q NumberTest) -> Self {
        match test {
            NumberTest::Equal(numbers) => Self::Equal(in_order(numbers)),
            NumberTest::Compare(..) => Self::Test(test),
        }
    }

    pub(super) fn hold(&self, value: &Number) -> bool {
        match self {
            Self::Equal(numbers) => has(numbers, value),
            Self::Test(test) => test.holds(value),
        }
    }
}

fn in_order<'q>(numbers: impl IntoIterator<Item = &'q Number>) -> Vec<&'q Number> {
    let mut numbers: Vec<_> = numbers.into_iter().collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

fn has(in_order: &[&Number], value: &Number) -> bool {
    in_order.binary_search_by(|number| (*number).cmp(value)).is_ok()
}

/// A test of a field whose type only its author knows.
#[derive(Debug)]
pub(super) enum Values<'q> {
    Equal { texts: HashSet<&'q str>, numbers: Vec<&'q Number>, times: HashSet<i64> },
    Test(&'q Test),
}

impl<'q> Values<'q> {
    pub(super) fn of(test: &'q Test) -> Self {
        let Test::Equal(values) = test else { return Self::Test(test) };
        let text = |asked: &'q Asked| asked.text.as_str();
        Self::Equal {
            texts: values.iter().map(text).collect(),
            numbers: in_order(values.iter().filter_map(|asked| asked.number.as_ref())),
            times: values.iter().filter_map(|asked| asked.time).collect(),
        }
    }

    /// Whether the value of a field passes; of a list, whether one of its items does.
    pub(super) fn hold(&self, value: Node<'_>) -> bool {
        match self {
            Self::Test(Test::Exists) => is_filled(value),
            Self::Test(test) => any_scalar(value, &|scalar| test.holds_of(scalar)),
            Self::Equal { .. } => any_scalar(value, &|scalar| self.equal(scalar)),
        }
    }

    fn equal(&self, scalar: Node<'_>) -> bool {
        let Self::Equal { texts, numbers, times } = self else { return false };
        match scalar.kind() {
            Kind::Number => {
                let number = scalar.number().filter(|_| !numbers.is_empty());
                number.and_then(Number::parse).is_some_and(|number| has(numbers, &number))
            }
            Kind::Bool => texts.contains(scalar.source()),
            _ => scalar.string().is_some_and(|text| {
                texts.contains(&*text)
                    || (!times.is_empty() && instant(&text).is_some_and(|at| times.contains(&at)))
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::postings::{Role, canonical};
    use crate::query::pattern::patterns;

    fn some_id() -> impl Strategy<Value = String> {
        prop::sample::select(vec![
            "urn:epc:id:sgtin:893123456.0789.7",
            "urn:epc:id:sgtin:0614141.107346.2017",
            "urn:epc:class:lgtin:893123456.0789.L2",
            "https://id.gs1.org/01/08931234567897",
            "urn:epc:id:grai:893123456.789.9",
            "urn:epc:id:sscc:893123456.30000000",
            "urn:epc:id:giai:893123456.789é",
            "urn:epc:id:gid:1.2.3",
            "urn:x:item",
            "urn:đồng:1",
        ])
        .prop_map(canonical)
    }

    fn some_pattern() -> impl Strategy<Value = IdPattern> {
        let of = |text: &str| patterns(text, &[Role::Epc]).unwrap();
        let mut all: Vec<IdPattern> = [
            "urn:epc:idpat:sgtin:893123456.0789.*",
            "urn:epc:idpat:sgtin:893123456.*.*",
            "urn:epc:idpat:sgtin:0614141.*.*",
            "urn:epc:idpat:sgtin:*.*.*",
            "urn:epc:idpat:grai:893123456.789.*",
            "urn:epc:idpat:grai:893123456.*.*",
            "urn:epc:idpat:sscc:*.*",
            "urn:epc:idpat:giai:893123456.*",
            "urn:epc:idpat:gid:1.2.*",
            "urn:epc:idpat:gid:*.*.*",
            "urn:x:item",
        ]
        .into_iter()
        .flat_map(of)
        .collect();
        all.push(IdPattern::Under("urn:đồn".into()));
        all.push(IdPattern::Under(String::new()));
        prop::sample::select(all)
    }

    proptest! {
        #[test]
        fn patterns_that_are_looked_up_fit_as_each_of_them_does(
            asked in prop::collection::vec(some_pattern(), 0..6), id in some_id()
        ) {
            let one_by_one = asked.iter().any(|pattern| pattern.fits(&id));
            prop_assert_eq!(Patterns::of(&asked).fit(&id), one_by_one);
        }
    }
}
