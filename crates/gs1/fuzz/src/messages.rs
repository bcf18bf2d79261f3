//! Whole messages: bracketed, raw, scanned, and plain text of any kind.

use std::collections::BTreeSet;

use gs1::message::{Message, Options, Symbology, Syntax, scan_data};
use gs1::typed::typed;
use gs1::{Ai, Gln, Gtin, KeyError, Lang, Level, Reading, Sscc};

use super::{fault, links, options, split};

pub(super) fn bracketed(data: &[u8]) {
    let (flags, text) = split(data);
    read(&text, &options(flags, Syntax::Bracketed));
    element(&text, gs1::element::read_bracketed(&text));
}

pub(super) fn raw(data: &[u8]) {
    let (flags, text) = split(data);
    read(&text, &options(flags, Syntax::Raw));
    element(&text, gs1::element::read_raw(&text));
}

const SYMBOLOGIES: [Symbology; 9] = [
    Symbology::Gs1_128,
    Symbology::DataBar,
    Symbology::DataBarLimited,
    Symbology::DataMatrix,
    Symbology::Qr,
    Symbology::DotCode,
    Symbology::Ean13,
    Symbology::Upc,
    Symbology::Ean8,
];

/// What a scanner gives, and the same text as what a symbol shall hold.
pub(super) fn scan(data: &[u8]) {
    let (flags, text) = split(data);
    let options = options(flags, Syntax::Scan);
    read(&text, &options);
    for symbology in SYMBOLOGIES {
        let scan = match scan_data(symbology, &text, &options) {
            Ok(scan) => scan,
            // The place may be in digits that were completed.
            Err(error) => {
                super::named(error.name, |lang| error.message(lang));
                continue;
            }
        };
        let loose = Options { relations: false, add_check_digit: false, ..options };
        let again = match Message::read(&scan, &loose) {
            Ok(again) => again,
            // Text may be a broken link, and data may hold one AI twice.
            Err(error) => {
                let twice = error.name == "INSTANCES_OF_AI_HAVE_DIFFERENT_VALUES";
                assert!(twice || scan.contains("://"), "{scan:?}: {error}");
                fault(&error, &scan);
                continue;
            }
        };
        let expected = match symbology {
            Symbology::DataBarLimited => Symbology::DataBar,
            Symbology::Upc => Symbology::Ean13,
            other => other,
        };
        assert_eq!(again.symbology(), Some(expected), "{scan:?}");
        if let Some(raw) = text.strip_prefix('^').filter(|_| again.gtin().is_none()) {
            let first = Message::read(raw, &Options { syntax: Syntax::Raw, ..loose });
            let first = first.unwrap_or_else(|error| panic!("{scan:?}: {error}"));
            assert_eq!(pairs(&first), pairs(&again), "{scan:?}");
        }
    }
}

/// Any text, where the reader finds the syntax, and what is made of bare numbers.
pub(super) fn plain(data: &[u8]) {
    let (flags, text) = split(data);
    read(&text, &options(flags, Syntax::Auto));
    element(&text, gs1::element::read(&text));
    numbers(&text);
    let canonical = gs1::canonical_id(&text);
    assert_eq!(gs1::canonical_id(&canonical), canonical, "{text}");
    let constrained = gs1::constrained_id(&text);
    assert_eq!(gs1::constrained_id(&constrained), constrained, "{text}");
    assert_eq!(gs1::constrained_id(&canonical), constrained, "{text}");
    assert_eq!(Level::of(&canonical), Level::of(&text), "{text}");
    if let Some(ai) = Ai::parse(&text) {
        assert_eq!(ai.as_str(), text);
        assert_eq!(ai.is_known(), ai.title().is_some());
    }
}

fn numbers(text: &str) {
    let told = |error: KeyError| {
        for lang in [Lang::Vi, Lang::En] {
            assert!(!error.message(lang).is_empty());
        }
    };
    match Gtin::parse(text) {
        Ok(gtin) => {
            let (body, last) = gtin.as_str().split_at(13);
            assert_eq!(gs1::check_digit(body).map(|d| d.to_string()).as_deref(), Some(last));
            assert_eq!(Gtin::parse(gtin.short()).as_ref(), Ok(&gtin));
            let _ = (gtin.is_restricted(), gtin.is_vietnamese(), gs1::prefix::kind(gtin.short()));
        }
        Err(error) => told(error),
    }
    match Gln::parse(text) {
        Ok(gln) => assert_eq!(Gln::parse(gln.as_str()).as_ref(), Ok(&gln)),
        Err(error) => told(error),
    }
    match Sscc::parse(text) {
        Ok(sscc) => assert_eq!(Sscc::parse(sscc.as_str()).as_ref(), Ok(&sscc)),
        Err(error) => told(error),
    }
    if let Some(length) = gs1::gcp_length(text) {
        assert!((6..=12).contains(&length), "{length}");
    }
    let _ = (gs1::prefix::kind(text), gs1::check_pair(text));
}

/// Element strings by the smaller reader: written in both forms, they are read back.
fn element(text: &str, read: Result<gs1::element::Elements, gs1::ElementError>) {
    match read {
        Ok(elements) => {
            let bracketed = gs1::element::bracketed(&elements);
            assert_eq!(gs1::element::read(&bracketed).as_ref(), Ok(&elements), "{bracketed}");
            let raw = gs1::element::raw(&elements);
            assert_eq!(gs1::element::read_raw(&raw).as_ref(), Ok(&elements), "{raw}");
        }
        Err(error) => fault(&error, text),
    }
}

type Pairs<'m> = Vec<(Ai, &'m str)>;

fn pairs<'m>(message: &'m Message<'_>) -> Pairs<'m> {
    message.elements().iter().map(|element| (element.ai, &*element.value)).collect()
}

/// Reads a message and holds it to its word.
pub(super) fn read(text: &str, options: &Options<'static>) {
    match Message::read(text, options) {
        Ok(message) => whole(&message, options),
        Err(error) => fault(&error, text),
    }
}

fn whole(message: &Message<'_>, options: &Options<'static>) {
    let elements = message.elements();
    assert_eq!(message.hri().len(), elements.len());
    assert_eq!(message.hri_with_titles().len(), elements.len());
    for element in elements {
        assert_eq!(message.get(element.ai), Some(&*element.value), "repeats are the same");
        let _ = typed(element.ai, &element.value, 2026);
    }
    let (Some(written), Some(raw)) = (message.ai_data(), message.raw()) else {
        assert!(elements.is_empty());
        return;
    };
    // An EAN or UPC symbol may have only a composite part, which no other syntax says alone.
    if !elements[0].composite {
        let again = Message::read(&written, &Options { syntax: Syntax::Bracketed, ..*options });
        let again = again.unwrap_or_else(|error| panic!("{written}: {error}"));
        assert_eq!(again.elements(), elements, "{written}");
        // An unknown AI whose length cannot be told is only readable in brackets.
        if elements.iter().all(|element| element.ai.is_known()) {
            reread(&raw, message, options);
        }
    }
    match message.link_of() {
        Ok(link) => {
            let set = |pairs: Pairs<'_>| {
                pairs.into_iter().map(|(ai, value)| (ai, value.to_owned())).collect::<BTreeSet<_>>()
            };
            links::whole(&link);
            let text = message.canonical_link().expect("AI data").expect("it was made before");
            let again = Message::read(&text, &Options { syntax: Syntax::Link, ..*options });
            let again = again.unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(set(pairs(&again)), set(pairs(message)), "{text}");
            let strict = gs1::Link::parse_with(&text, Reading::strict());
            assert_eq!(strict.expect("our own link").canonical(), link.canonical());
        }
        Err(error) => {
            // The place counts elements here.
            assert!(error.at.start <= error.at.end && error.at.end <= elements.len(), "{error:?}");
            super::named(error.name, |lang| error.message(lang));
        }
    }
}

/// Raw data are read back, and as a scan of them.
fn reread(raw: &str, message: &Message<'_>, options: &Options<'static>) {
    let elements = message.elements();
    let again = Message::read(raw, &Options { syntax: Syntax::Raw, ..*options });
    let again = again.unwrap_or_else(|error| panic!("{raw}: {error}"));
    assert_eq!(again.elements(), elements, "{raw}");
    let scan = scan_data(Symbology::DataMatrix, raw, options);
    let scan = scan.unwrap_or_else(|error| panic!("{raw}: {error}"));
    let again = Message::read(&scan, &Options { syntax: Syntax::Scan, ..*options });
    let again = again.unwrap_or_else(|error| panic!("{scan:?}: {error}"));
    assert_eq!(pairs(&again), pairs(message), "{scan:?}");
}
