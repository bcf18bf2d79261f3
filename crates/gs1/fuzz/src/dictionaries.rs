//! Dictionary files, reading by them, and every rule for components.

use gs1::dictionary::{self, Check, Dictionary, highlight};
use gs1::message::{Message, Options};
use gs1::typed::typed;
use gs1::{Ai, Lang, ValueError, epc};

use super::{named, options, place, split};

/// The first line is a message, what follows a dictionary to read it by.
pub(super) fn dictionary(data: &[u8]) {
    let (flags, text) = split(data);
    let (message, rows) = text.split_once('\n').unwrap_or(("", &text));
    let own = match Dictionary::parse(rows) {
        Ok(own) => own,
        Err(error) => {
            assert!((1..=rows.lines().count()).contains(&error.line), "{error}");
            assert!(!error.what.is_empty());
            return;
        }
    };
    let written: Vec<String> = own.entries().iter().map(ToString::to_string).collect();
    let again = Dictionary::parse(&written.join("\n")).expect("our own rows");
    assert_eq!(own.changes(&again), [], "{rows}");
    assert_eq!(again.warnings(), []);
    for entry in own.entries() {
        let (first, last) = entry.range();
        assert!(own.entry(first) == Some(entry) && own.entry(last) == Some(entry));
    }
    let changes = Dictionary::built_in().changes(&own);
    assert!(changes.iter().all(|change| !change.to_string().is_empty()));
    let options = Options { dictionary: &own, ..options(flags, gs1::message::Syntax::Auto) };
    match Message::read(message, &options) {
        Ok(message) => {
            let _ = (message.ai_data(), message.raw(), message.hri_with_titles());
            let _ = message.canonical_link();
            if let Ok(link) = message.link_of() {
                // Its values are right by another dictionary than the one that ships.
                let _ = (link.address(), link.constrained(), link.level(), link.gtin());
                let _ = (link.gln(), link.sscc());
                for length in 0..=13 {
                    let _ = epc::to_urn(&link, length);
                }
                let _ = epc::to_urn_known(&link);
                let _ = gs1::compress::compress(&link, gs1::compress::Compression::default());
            }
        }
        Err(error) => {
            place(&error.at, message);
            named(error.name, |lang| error.message(lang));
        }
    }
}

/// The first byte is the number of a rule, the rest the component. Every AI judges it as a value too.
pub(super) fn lint(data: &[u8]) {
    let (number, text) = split(data);
    let check = Check::ALL[usize::from(number) % Check::ALL.len()];
    assert_eq!(Check::by_name(check.name()), Some(check));
    match check.run(&text) {
        Ok(()) => passed(check, &text),
        Err((error, at)) => {
            wrong(error, &at, &text);
            let told = highlight(&text, &at);
            assert_eq!(told.len(), text.len() + 2, "{told}");
        }
    }
    for entry in dictionary::entries() {
        let ai = entry.range().0;
        match entry.check(&text) {
            Ok(()) => {
                let _ = typed(ai, &text, 2026);
                let bracketed = format!("({ai}){}", text.replace('(', "\\("));
                let options = Options { relations: false, ..Options::default() };
                let message = Message::read(&bracketed, &options);
                let message = message.unwrap_or_else(|error| panic!("{bracketed}: {error}"));
                assert_eq!(message.get(ai), Some(&*text));
            }
            // Its sentences are those of the rules, and there are many AIs.
            Err((error, at)) => {
                place(&at, &text);
                assert!(!error.name().is_empty());
            }
        }
    }
    let _ = typed(Ai::EXPIRY, &text, 2026);
}

fn wrong(error: ValueError, at: &std::ops::Range<usize>, text: &str) {
    place(at, text);
    named(error.name(), |lang: Lang| error.message(lang));
}

/// What a rule that is kept means.
fn passed(check: Check, text: &str) {
    let digits = || text.bytes().all(|b| b.is_ascii_digit());
    let holds = match check {
        Check::CheckDigit => {
            let (body, last) = text.split_at(text.len() - 1);
            gs1::check_digit(body).map(|d| d.to_string()).as_deref() == Some(last)
        }
        Check::CheckPair => {
            let (body, last) = text.split_at(text.len() - 2);
            gs1::check_pair(body).is_some_and(|pair| last.chars().eq(pair))
        }
        Check::Date | Check::DateDay0 => digits() && text.len() == 6,
        Check::LongDate | Check::LongDateDay0 => digits() && text.len() == 8,
        Check::HourMinute => digits() && text.len() == 4,
        Check::Hour | Check::Minute | Check::Second => digits() && text.len() == 2,
        Check::Latitude | Check::Longitude => digits() && text.len() == 10,
        Check::Winding | Check::YesNo | Check::BiologicalSex | Check::ImporterIndex => {
            text.len() == 1
        }
        Check::Country | Check::CountryOr999 | Check::Currency => digits() && text.len() == 3,
        Check::CountryLetters => text.len() == 2,
        Check::CouponCode | Check::CouponPosOffer | Check::Digits | Check::Zero => digits(),
        Check::HasNonDigit => !digits(),
        _ => true,
    };
    assert!(holds, "{check:?} {text:?}");
}
