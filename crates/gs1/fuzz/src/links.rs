//! Links, plain and compressed.

use gs1::compress::{Compression, DecompressError, compress, decompress, is_compressed};
use gs1::link::{View, is_qr_alphanumeric};
use gs1::message::Syntax;
use gs1::{Ai, Link, Reading, epc};

use super::{epcs, fault, messages, options, split};

/// The highest bits choose the tolerance, the lowest those of a message.
pub(super) fn link(data: &[u8]) {
    let (flags, text) = split(data);
    messages::read(&text, &options(flags, Syntax::Link));
    let reading = Reading {
        short_gtin: flags & 2 != 0,
        short_names: flags & 8 != 0,
        trailing_slash: flags & 64 == 0,
        unknown_ais: flags & 1 != 0,
    };
    match Link::parse_with(&text, reading) {
        Ok(link) => {
            assert_eq!(
                Link::parse(&text).as_ref(),
                Ok(&link),
                "tolerance adds, and changes nothing"
            );
            let view = View::parse(&text, reading).expect("it was read before");
            assert_eq!(view.canonical_path(), link.canonical_path());
            assert_eq!(view.constrained(), link.constrained());
            assert_eq!(view.level(), link.level());
            let elements = link.keys().iter().chain(link.attributes());
            assert!(view.elements().eq(elements.map(|(ai, value)| (*ai, value.as_str()))));
            whole(&link);
        }
        Err(error) => fault(&error, &text),
    }
}

/// A compressed link as text, or with the highest bit the bytes of its segment.
pub(super) fn compressed(data: &[u8]) {
    let (flags, mut text) = split(data);
    if flags & 128 != 0 {
        let rest = data.get(1..).unwrap_or_default();
        text = format!("https://tx.example.vn/{}", base64url(rest)).into();
    }
    messages::read(&text, &options(flags, Syntax::Link));
    match decompress(&text) {
        Ok(link) => {
            assert_eq!(is_compressed(&text), Link::parse(&text).is_err());
            whole(&link);
        }
        Err(error) => {
            assert!(!is_compressed(&text));
            super::named(error.name(), |lang| error.message(lang));
            if let DecompressError::Link(error) = &error {
                // The place counts elements here.
                assert!(error.at.start <= error.at.end, "{error:?}");
            }
        }
    }
}

fn base64url(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut out = String::new();
    for three in bytes.chunks(3) {
        let byte = |at: usize| three.get(at).map_or(0, |byte| u32::from(*byte));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..=three.len() {
            out.push(char::from(LETTERS[(bits >> (18 - 6 * at) & 63) as usize]));
        }
    }
    out
}

type Sorted = (Vec<(Ai, String)>, Vec<(Ai, String)>, Vec<(String, String)>);

/// Keys, attributes and other parameters, where their order means nothing in order.
fn sorted(link: &Link) -> Sorted {
    let (mut attributes, mut other) =
        (link.attributes().to_vec(), link.other_parameters().to_vec());
    attributes.sort();
    other.sort();
    (link.keys().to_vec(), attributes, other)
}

/// Holds a link to its word: every spelling of it is read back to the same.
pub(super) fn whole(link: &Link) {
    let address = link.address();
    let permit = Reading { unknown_ais: true, ..Reading::strict() };
    let again = Link::parse_with(&address, permit);
    let again = again.unwrap_or_else(|error| panic!("{address}: {error}"));
    assert_eq!(again.address(), address);
    assert_eq!(sorted(&again), sorted(link), "{address}");
    assert_eq!(again.stem().trim_end_matches('/'), link.stem().trim_end_matches('/'));
    assert_eq!(again.fragment(), link.fragment(), "{address}");

    let canonical = link.canonical();
    let again = Link::parse_with(&canonical, Reading::strict());
    let again = again.unwrap_or_else(|error| panic!("{canonical}: {error}"));
    assert_eq!((again.canonical(), again.keys()), (canonical.clone(), link.keys()));
    assert_eq!(again.level(), link.level());
    assert!(canonical.starts_with(&link.canonical_path()));
    assert_eq!(gs1::canonical_id(&canonical), link.canonical_path());

    let constrained = link.constrained();
    let again = Link::parse_with(&constrained, Reading::strict());
    let again = again.unwrap_or_else(|error| panic!("{constrained}: {error}"));
    assert_eq!(again.constrained(), constrained);
    assert_eq!(gs1::constrained_id(&address), constrained);

    let upper = link.upper_case("https://tx.example.vn").expect("only scheme and host");
    let again = Link::parse_with(&upper, Reading::strict());
    let again = again.unwrap_or_else(|error| panic!("{upper}: {error}"));
    assert_eq!((again.stem(), again.keys()), ("https://tx.example.vn", link.keys()));
    let _ = is_qr_alphanumeric(&upper);

    for (optimise, other) in [(true, false), (false, false), (true, true)] {
        let short = compress(link, Compression { optimise, other });
        let back = decompress(&short);
        let back = back.unwrap_or_else(|error| panic!("{address} {short}: {error}"));
        assert_eq!(sorted(&back), sorted(link), "{address} {short}");
        assert_eq!((back.stem(), back.fragment()), (link.stem(), link.fragment()), "{short}");
    }

    for length in 0..=13 {
        match epc::to_urn(link, length) {
            Ok(urn) => {
                assert_eq!(epc::to_link(&urn).as_ref(), Ok(&constrained), "{urn}");
                epcs::on_tag(&urn);
            }
            Err(error) => super::epc_fault(&error, ""),
        }
    }
    let _ = epc::to_urn_known(link);
    epcs::on_tag(&canonical);
}
