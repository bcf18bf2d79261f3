//! What the fuzzer asks of every reader of `gs1`. A target takes any bytes and asserts what must hold
//! for all of them: what reads well is written and read again to the same, and what does not is told
//! with a name, a sentence, and a place inside the input. The crate's own tests run the same functions
//! over the kept corpus.

mod dictionaries;
mod epcs;
mod links;
mod messages;

use std::borrow::Cow;
use std::ops::Range;

use gs1::message::{Options, Syntax};
use gs1::{EpcError, Lang, ReadError};

/// A target: bytes in, a panic where something does not hold.
pub type Target = fn(&[u8]);

/// Every target by its name, which is also that of its corpus.
pub const TARGETS: [(&str, Target); 10] = [
    ("bracketed", messages::bracketed),
    ("raw", messages::raw),
    ("scan", messages::scan),
    ("plain", messages::plain),
    ("link", links::link),
    ("compressed", links::compressed),
    ("epc", epcs::epc),
    ("tag", epcs::tag),
    ("dictionary", dictionaries::dictionary),
    ("lint", dictionaries::lint),
];

/// Runs a target by its name.
pub fn run(name: &str, data: &[u8]) {
    let found = TARGETS.iter().find(|(known, _)| *known == name);
    let (_, target) = found.unwrap_or_else(|| panic!("there is no target {name}"));
    target(data);
}

/// The first byte, whose bits choose how the rest is read, and the rest as text.
fn split(data: &[u8]) -> (u8, Cow<'_, str>) {
    let (flags, rest) = data.split_first().map_or((0, data), |(flags, rest)| (*flags, rest));
    (flags, String::from_utf8_lossy(rest))
}

/// Options by the lowest five bits: `@` is none of them, `P` only leaves the relations out.
fn options(flags: u8, syntax: Syntax) -> Options<'static> {
    Options {
        syntax,
        permit_unknown_ais: flags & 1 != 0,
        permit_zero_suppressed_gtin: flags & 2 != 0,
        add_check_digit: flags & 4 != 0,
        permit_convenience_alphas: flags & 8 != 0,
        relations: flags & 16 == 0,
        ..Options::default()
    }
}

/// A fault is told well: its place is in the text, and cut between characters.
fn fault(error: &ReadError, text: &str) {
    place(&error.at, text);
    named(error.name, |lang| error.message(lang));
    let linter = error.linter_error();
    assert_eq!(linter.is_some(), error.name == "AI_LINTER_ERROR", "{error:?}");
    assert_eq!(error.markup().is_some(), linter.is_some(), "{error:?}");
    if let Some(linter) = linter {
        assert!(linter.starts_with("GS1_LINTER_"), "{linter}");
        assert!(error.value_error().is_some(), "{error:?}");
        markup(error, text);
    }
}

/// A markup is the AI and its value up to the end of a component, with two bars.
fn markup(error: &ReadError, text: &str) {
    let (Some(markup), Some(ai)) = (error.markup(), &error.ai) else {
        panic!("a value has an AI: {error:?}")
    };
    let value = markup.strip_prefix(&format!("({ai})"));
    let value = value.unwrap_or_else(|| panic!("{markup} does not start with ({ai})"));
    let bars: Vec<usize> = value.match_indices('|').map(|(at, _)| at).collect();
    assert!(bars.len() >= 2, "{markup}");
    // Where the value stands in the text as it is, so does the markup without its bars. Elsewhere the
    // place is the whole of what was written.
    let wrong = format!("|{}|", &text[error.at.clone()]);
    let whole = || {
        let mut ways = bars.iter().enumerate().flat_map(|(nth, first)| {
            bars[nth + 1..].iter().map(move |second| {
                [&value[..*first], &value[first + 1..*second], &value[second + 1..]].concat()
            })
        });
        ways.any(|way| text.contains(&way))
    };
    let rewritten = text.contains(['\\', '%', '+']) || error.at.is_empty();
    assert!(rewritten || markup.contains(&wrong) && whole() || completed(ai), "{markup} in {text}");
}

/// Whether a value of this AI may have been filled up before it was judged.
fn completed(ai: &str) -> bool {
    ai == "01"
}

fn place(at: &Range<usize>, text: &str) {
    assert!(text.get(at.clone()).is_some(), "{at:?} is not in {text:?}");
}

fn named(name: &str, message: impl Fn(Lang) -> String) {
    let good = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_';
    assert!(!name.is_empty() && name.bytes().all(good), "{name}");
    for lang in [Lang::Vi, Lang::En] {
        let message = message(lang);
        assert!(!message.trim().is_empty() && !message.ends_with(". "), "{name}: {message}");
    }
}

fn epc_fault(error: &EpcError, text: &str) {
    named(error.name(), |lang| error.message(lang));
    if let EpcError::Link(error) = error
        && text.starts_with("http")
    {
        fault(error, text);
    }
}
