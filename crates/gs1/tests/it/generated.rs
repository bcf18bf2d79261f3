//! What must hold for messages of every AI and for any text at all. Values are made from the
//! dictionary itself, so that an AI that is added is tested without a line here. How many are made is
//! said by `GS1_CASES` (the nightly run asks for millions).

use gs1::compress::{Compression, compress, decompress};
use gs1::dictionary::{self, Check, Dictionary, Entry, Kind, Part};
use gs1::epc::{self, tag};
use gs1::message::{Message, Options, Syntax};
use gs1::{Ai, Link, Reading, check_digit, check_pair};
use proptest::prelude::*;

/// Small and repeatable: the numbers of Marsaglia's xorshift.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }

    fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }

    pub(crate) fn text(&mut self, letters: &str, len: usize) -> String {
        let letters = letters.as_bytes();
        (0..len).map(|_| char::from(letters[self.below(letters.len())])).collect()
    }

    pub(crate) fn digits(&mut self, len: usize) -> String {
        self.text("0123456789", len)
    }

    fn date(&mut self, years: usize) -> String {
        let year = self.digits(years);
        format!("{year}{:02}{:02}", 1 + self.below(12), 1 + self.below(28))
    }
}

const CSET82: &str =
    "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";

/// A value that an AI may carry.
pub(crate) fn value(entry: &Entry, random: &mut Random) -> String {
    let mut out = String::new();
    for part in &entry.parts {
        if part.optional && random.below(2) == 0 {
            break;
        }
        out.push_str(&component(part, random));
    }
    out
}

fn component(part: &Part, random: &mut Random) -> String {
    let len = part.least + random.below(part.most - part.least + 1);
    let Some(check) = part.checks.first() else {
        return match part.kind {
            Kind::Digits => random.digits(len),
            // Often of the sets that compression knows.
            Kind::Cset82 => {
                let sets = ["0123456789", "0123456789abcdef", "0123456789ABCDEF", "aZ-_09", CSET82];
                let set = random.pick(&sets);
                random.text(set, len)
            }
            Kind::Cset39 => random.text("#-/0123456789ABCXYZ", len),
            Kind::Cset64 => random.text("-_0123456789ABCxyz", len),
        };
    };
    match check {
        Check::CheckDigit => {
            let body = random.digits(len - 1);
            let digit = check_digit(&body).expect("digits");
            format!("{body}{digit}")
        }
        Check::CheckPair => {
            let len = len.max(7) - 2;
            let body = random.digits(4) + &random.text(CSET82, len - 5) + "A";
            let [a, b] = check_pair(&body).expect("of the 82 characters");
            format!("{body}{a}{b}")
        }
        Check::PrefixAt0 | Check::PrefixAt1 => {
            let letters = if part.kind == Kind::Cset39 { "#-/09AZ" } else { CSET82 };
            random.digits(5) + &random.text(letters, len.max(6) - 5)
        }
        Check::Date | Check::DateDay0 => random.date(2),
        Check::LongDate | Check::LongDateDay0 => random.date(4),
        Check::HourMinute => format!("{:02}{:02}", random.below(24), random.below(60)),
        Check::Hour => format!("{:02}", random.below(24)),
        Check::Minute | Check::Second => format!("{:02}", random.below(60)),
        Check::Zero => "0".repeat(len),
        Check::NonZero | Check::NoZeroPrefix => format!("1{}", random.digits(len - 1)),
        Check::PieceOfTotal => random.pick(&["0101", "0102", "0999"]).to_owned(),
        Check::Winding | Check::YesNo | Check::BiologicalSex | Check::ImporterIndex => {
            "1".to_owned()
        }
        Check::Hyphen => "-".to_owned(),
        Check::Latitude | Check::Longitude => format!("0{}", random.digits(9)),
        Check::PercentEncoded => {
            let piece = random.pick(&["A", "%C4%90", "b-7", "%20", "X"]);
            piece.repeat(1 + random.below(part.most / piece.len()))
        }
        Check::PositionInSequence => random.pick(&["1/2", "3/3", "9/9"]).to_owned(),
        Check::Country | Check::CountryOr999 => random.pick(&["704", "004", "840"]).to_owned(),
        Check::CountryLetters => random.pick(&["VN", "AD", "ZW"]).to_owned(),
        Check::Currency => random.pick(&["704", "008", "999"]).to_owned(),
        Check::Iban => "GR9608100010000001234567890".to_owned(),
        Check::MediaType => random.pick(&["01", "80"]).to_owned(),
        Check::PackageType => random.pick(&["1A", "200", "ZZ"]).to_owned(),
        Check::CouponCode => "106141416543213500110000310123196000".to_owned(),
        Check::CouponPosOffer => "001234561234560123456".to_owned(),
        other => panic!("no values for {other:?}"),
    }
}

/// One AI of an entry.
fn ai_of(entry: &Entry, random: &mut Random) -> Ai {
    let (first, last) = entry.range();
    let number = |ai: Ai| ai.as_str().parse::<usize>().expect("digits");
    let number = number(first) + random.below(number(last) - number(first) + 1);
    let len = first.len();
    Ai::parse(&format!("{number:0>len$}")).expect("digits")
}

fn cases() -> u64 {
    std::env::var("GS1_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(2000)
}

fn options(syntax: Syntax) -> Options<'static> {
    Options { syntax, relations: false, ..Options::default() }
}

#[test]
fn values_of_every_ai_are_read_back_from_every_syntax() {
    for (at, entry) in dictionary::entries().iter().enumerate() {
        let mut random = Random(0x9e37_79b9_7f4a_7c15 + at as u64);
        for _ in 0..40 {
            let (ai, value) = (ai_of(entry, &mut random), value(entry, &mut random));
            assert_eq!(entry.check(&value), Ok(()), "{ai} {value}");
            let bracketed = format!("({ai}){}", value.replace('(', "\\("));
            let message = Message::read(&bracketed, &options(Syntax::Bracketed));
            let message = message.unwrap_or_else(|error| panic!("{bracketed}: {error}"));
            assert_eq!(message.get(ai), Some(value.as_str()));
            assert_eq!(message.ai_data().as_deref(), Some(bracketed.as_str()));
            let raw = message.raw().expect("AI data");
            let again = Message::read(&raw, &options(Syntax::Raw)).expect("our own data");
            assert_eq!(again.elements(), message.elements(), "{raw}");
            let scan = format!("]d2{}", raw[1..].replace('^', "\u{1d}"));
            let again = Message::read(&scan, &options(Syntax::Scan)).expect("our own data");
            assert_eq!(again.elements(), message.elements(), "{scan}");
        }
    }
}

/// A link of one key, some of its qualifiers and some attributes, with everything that can follow.
fn link(random: &mut Random) -> Option<Link> {
    let entries = dictionary::entries();
    let keys: Vec<&Entry> = entries.iter().filter(|entry| entry.qualifiers.is_some()).collect();
    let key = keys[random.below(keys.len())];
    let mut elements = vec![(key.range().0, value(key, random))];
    let rows = key.qualifiers.as_deref().unwrap_or_default();
    if !rows.is_empty() {
        for &ai in &rows[random.below(rows.len())] {
            if random.below(2) == 0 {
                elements.push((ai, value(dictionary::entry(ai).expect("known"), random)));
            }
        }
    }
    for _ in 0..random.below(4) {
        let entry = &entries[random.below(entries.len())];
        let ai = ai_of(entry, random);
        if entry.attribute && !elements.iter().any(|(known, _)| *known == ai) {
            elements.push((ai, value(entry, random)));
        }
    }
    let pairs: Vec<(&str, &str)> =
        elements.iter().map(|(ai, value)| (ai.as_str(), value.as_str())).collect();
    // An attribute may belong into the path; then this is no link.
    let address = Link::build(&pairs).ok()?.address();
    let sign = if address.contains('?') { '&' } else { '?' };
    let rest = random.pick(&["", "linkType=gs1:pip", "k=%20a&b", "x_1=007#top"]);
    let address = if rest.is_empty() { address } else { format!("{address}{sign}{rest}") };
    Some(Link::parse(&address).unwrap_or_else(|error| panic!("{address}: {error}")))
}

#[test]
fn every_link_is_compressed_without_loss_and_read_back_as_written() {
    let mut random = Random(88_172_645_463_325_252);
    let mut made = 0;
    for _ in 0..cases() {
        let Some(link) = link(&mut random) else { continue };
        made += 1;
        let address = link.address();
        let again = Link::parse_with(&address, Reading::strict()).expect("our own link");
        assert_eq!(again.address(), address);
        for (optimise, other) in [(true, false), (false, false), (true, true)] {
            let short = compress(&link, Compression { optimise, other });
            let back = decompress(&short).unwrap_or_else(|e| panic!("{address} {short}: {e}"));
            let (mut back, mut link) = (sorted(&back), sorted(&link));
            if other {
                // Parameters that were compressed come before those that could not be.
                back.2.sort();
                link.2.sort();
            }
            assert_eq!(back, link, "{address} {short}");
            // A message is read from it like from any link.
            let message = Message::read(&short, &options(Syntax::Auto)).expect("our own link");
            assert!(link.0.iter().all(|(ai, value)| message.get(*ai) == Some(value)), "{short}");
        }
    }
    println!("{made} links of {} drafts", cases());
    assert!(made > cases() / 3, "{made}");
}

type Sorted = (Vec<(Ai, String)>, Vec<(Ai, String)>, Vec<(String, String)>, String);

/// A link with its attributes in order of their AI, as compression gives them back.
fn sorted(link: &Link) -> Sorted {
    let mut attributes = link.attributes().to_vec();
    attributes.sort();
    let rest = format!("{}#{}", link.stem(), link.fragment().unwrap_or_default());
    (link.keys().to_vec(), attributes, link.other_parameters().to_vec(), rest)
}

#[test]
fn tags_hold_every_identity_they_take() {
    let mut random = Random(1_234_567_891);
    let mut made = 0;
    for _ in 0..cases() {
        let Some(link) = link(&mut random) else { continue };
        let urns = (6..=12).filter_map(|length| epc::to_urn(&link, length).ok());
        let texts = urns.filter(|urn| urn.starts_with("urn:epc:id:")).chain([link.canonical()]);
        for text in texts {
            if let Ok(tag) = tag::encode(&text) {
                made += 1;
                assert_eq!(tag::decode(&tag.hex).as_ref(), Ok(&tag), "{text}");
            }
        }
    }
    assert!(made > cases() / 3, "{made}");
}

#[test]
fn a_megabyte_of_anything_is_read_in_linear_time() {
    let long = |piece: &str| piece.repeat(1_000_000 / piece.len());
    let inputs = [
        long("(01)08931234567897"),
        long("(10)\\("),
        long("(("),
        format!("^{}", long("0108931234567897")),
        format!("^{}", long("99X^")),
        format!("^{}", long("\u{1d}^")),
        format!("]d2{}", long("10A\u{1d}")),
        format!("https://a/01/08931234567897{}", long("/10/A")),
        format!("https://a{}", long("/")),
        format!("https://a/01/08931234567897?{}", long("a=1&")),
        format!("https://a/01/08931234567897?{}", long("99=A&")),
        format!("https://a/01/08931234567897/21/{}", long("%41")),
        format!("https://a/{}", long("_")),
        format!("https://a/{}", long("A")),
        format!("urn:epc:id:sgtin:893123456.0789.{}", long("%2F")),
        format!("urn:epc:id:{}", long("sgtin.")),
        format!("3D{}", long("5")),
        long("10 X..20 # LOT\n"),
        long("đ"),
    ];
    // Linear takes seconds for all of them even unoptimised. Quadratic would take hours, and the runner ends a test after
    // five minutes.
    for input in inputs {
        let _ =
            Message::read(&input, &Options::default()).map(|m| (m.ai_data(), m.canonical_link()));
        others(&input);
    }
}

/// Every reader of the crate, strict and permitting everything.
fn everything(text: &str) {
    for syntax in [Syntax::Auto, Syntax::Bracketed, Syntax::Raw, Syntax::Link, Syntax::Scan] {
        for permit in [false, true] {
            let options = Options {
                syntax,
                permit_unknown_ais: permit,
                permit_zero_suppressed_gtin: permit,
                add_check_digit: permit,
                permit_convenience_alphas: permit,
                ..Options::default()
            };
            match Message::read(text, &options) {
                Ok(message) => {
                    let _ = (message.ai_data(), message.raw(), message.canonical_link());
                    let _ = (message.hri().len(), message.gtin());
                }
                Err(error) => assert!(text.get(error.at.clone()).is_some(), "{error:?}"),
            }
        }
    }
    others(text);
    for &check in Check::ALL {
        if let Err((_, at)) = check.run(text) {
            assert!(text.get(at.clone()).is_some(), "{check:?} {at:?}");
        }
    }
}

/// The readers besides that of messages.
fn others(text: &str) {
    let _ = (gs1::element::read(text).is_ok(), decompress(text).is_ok());
    let _ = (epc::to_link(text).is_ok(), tag::encode(text).is_ok(), tag::decode(text).is_ok());
    let _ = (Dictionary::parse(text).is_ok(), gs1::prefix::kind(text), gs1::canonical_id(text));
}

proptest! {
    #[test]
    fn no_text_makes_a_reader_panic(text in "\\PC{0,80}") {
        everything(&text);
    }

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
        everything(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn no_almost_message_makes_a_reader_panic(
        text in "(\\(|\\^|\\][CdQeJEI][0-4]|https?://a/|urn:epc:(id|tag):)?([0-9]{2,4}[|)^/.:=?&]?[0-9A-Fđ%\u{1d}|^(]{0,16}){0,5}",
    ) {
        everything(&text);
    }

    #[test]
    fn no_segment_makes_decompression_panic(segment in "[A-Za-z0-9_-]{1,40}") {
        if let Ok(link) = decompress(&format!("https://a.vn/{segment}")) {
            let short = compress(&link, Compression::default());
            prop_assert_eq!(decompress(&short).expect("our own").address(), link.address());
        }
    }

    #[test]
    fn no_memory_makes_a_tag_panic(header in 0x2c_u8..=0xff, rest in "[0-9A-F]{0,60}") {
        let hex = format!("{header:02X}{rest}");
        if let Ok(tag) = tag::decode(&hex) {
            prop_assert_eq!(tag::decode(&tag.hex).expect("our own"), tag);
        }
    }

    #[test]
    fn no_line_makes_a_dictionary_panic(line in "[0-9]{2,4}(-[0-9]{2,4})? [*?]{0,2} [NXYZ](\\.\\.)?[0-9]{1,2}(,[a-z]{3,8})?( \\[[NX][0-9]\\])?( (req|ex|dlpkey)=[0-9n,+|]{1,8})?") {
        if let Ok(dictionary) = Dictionary::parse(&line) {
            for entry in dictionary.entries() {
                prop_assert!(dictionary.entry(entry.range().0).is_some());
            }
        }
    }
}
