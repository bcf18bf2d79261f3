//! The artefacts of Tag Data Translation 2.2: every scheme and every table there is held against the
//! tags that are written and read here. The tables are interpreted, so that bits are judged and not
//! only that they come back.

mod classic;
mod tables;

use gs1::epc::tag;
use gs1::{Ai, EpcError, Link, dictionary};
use serde_json::Value;

use tables::{Tables, date};

use crate::corpora::{json, verdict};
use crate::generated::{Random, value};

/// A file of the artefacts.
fn artefact(name: &str) -> Option<Value> {
    json(&format!("gs1+TDT/artefacts/JSON/{name}.json"))
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

fn number(value: &Value, key: &str) -> usize {
    text(value, key).parse().unwrap_or_default()
}

fn rows(table: &Value) -> &[Value] {
    table["rows"].as_array().map(Vec::as_slice).expect("a table has rows")
}

/// The option of a scheme's level whose key is this, or the only one.
fn option<'a>(scheme: &'a Value, level: &str, key: &str) -> Option<&'a Value> {
    let levels = scheme["tdt:epcTagDataTranslation"]["scheme"]["level"].as_array()?;
    let level = levels.iter().find(|found| found["type"] == level)?;
    let options = level["option"].as_array()?;
    options.iter().find(|found| found["optionKey"] == key).or(options.first())
}

/// A number as so many bits.
fn bits(number: u32, width: usize) -> String {
    format!("{number:0width$b}")
}

fn bits_of(hex: &str) -> String {
    hex.chars().map(|c| bits(c.to_digit(16).expect("hexadecimal"), 4)).collect()
}

/// Whether a tag holds exactly these bits, filled up with zeros, and is read back.
fn holds(tag: &tag::Tag, expected: &str) -> bool {
    let bits = bits_of(&tag.hex);
    let rest = bits.strip_prefix(expected);
    rest.is_some_and(|rest| rest.len() < 16 && rest.bytes().all(|b| b == b'0'))
        && tag::decode(&tag.hex).as_ref() == Ok(tag)
}

#[test]
fn every_ai_of_the_tables_follows_an_identity_as_they_say() {
    let Some(tables) = Tables::read() else { return };
    let identity = "https://id.gs1.org/00/389312345000000017";
    let head = bits_of(&tag::encode(identity).expect("a good key").hex)[12..84].to_owned();
    let (mut judged, mut prose, mut wrong) = (0, 0, Vec::new());
    let mut random = Random(4_711);
    for row in rows(&tables.f) {
        let ai = Ai::parse(text(row, "a")).expect("an AI");
        let entry = dictionary::entry(ai).unwrap_or_else(|| panic!("{ai} is not known"));
        let length = rows(&tables.k).iter().find(|row| ai.as_str().starts_with(text(row, "a")));
        assert_eq!(length.map(|row| number(row, "b")), Some(ai.len()), "{ai}: table K");
        for _ in 0..10 {
            let value = value(entry, &mut random);
            let written = tag::encode_with(identity, &[(ai.as_str(), &value)]);
            // An IBAN may have 34 characters, of which the table holds 24.
            if ai.as_str() == "8007" && value.len() > number(row, "h") {
                assert!(matches!(written, Err(EpcError::NoTag { .. })), "{value}");
                continue;
            }
            let Ok(written) = written else {
                wrong.push(format!("({ai}){value}: {written:?}"));
                continue;
            };
            judged += 1;
            let name = bits_of(ai.as_str());
            let good = if let Some(bits) = tables.bits(ai, &value) {
                holds(&written, &format!("111110011000{head}{name}{bits}"))
            } else {
                prose += 1;
                tag::decode(&written.hex).as_ref() == Ok(&written)
            };
            if !good || written.data != [(ai, value.clone())] || written.uri != identity {
                wrong.push(format!("({ai}){value}: {written:?}"));
            }
        }
    }
    verdict("data on tags (told in prose, only read back: set aside)", judged, prose, &wrong);
    let later = tag::encode_with(identity, &[("8040", "123456789012345")]);
    assert_eq!(later, Err(EpcError::NoTag { ai: "8040".to_owned() }), "not in the tables");
}

/// The “+” schemes of the manifest, with header and AIs where the file of one is missing.
const PLUS: [(&str, &str, &[&str]); 12] = [
    ("SGTIN+", "", &[]),
    ("DSGTIN+", "", &[]),
    ("ITIP+", "11110011", &["8006", "21"]),
    ("SSCC+", "", &[]),
    ("SGLN+", "", &[]),
    ("GRAI+", "", &[]),
    ("GIAI+", "", &[]),
    ("GDTI+", "", &[]),
    ("GSRN+", "", &[]),
    ("GSRNP+", "", &[]),
    ("SGCN+", "", &[]),
    ("CPI+", "", &[]),
];

#[test]
fn every_plus_scheme_is_written_as_its_artefact_says() {
    let (Some(tables), Some(manifest)) = (Tables::read(), artefact("manifest")) else { return };
    let files = manifest["definitionFiles"].as_array().expect("a list");
    let named = files.iter().map(|file| text(file, "scheme")).filter(|name| name.ends_with('+'));
    assert!(named.eq(PLUS.iter().map(|(name, ..)| *name)), "the manifest has other schemes");
    let (mut judged, mut wrong) = (0, Vec::new());
    let mut random = Random(8_893);
    for (name, header, ais) in PLUS {
        for turn in 0..140_u32 {
            let key = (turn % 7).to_string();
            let file = if header.is_empty() { artefact(name) } else { None };
            let binary = file.as_ref().and_then(|file| option(file, "BINARY", &key));
            let (head, ais) = match binary {
                Some(binary) => head_of(binary),
                None => (header.to_owned(), ais.iter().map(|ai| Ai::parse(ai)).collect()),
            };
            let ais: Vec<Ai> = ais.expect("AIs");
            let mut elements: Vec<(Ai, String)> = Vec::new();
            for ai in ais {
                let mut made = String::new();
                // Documents, coupons and assets are on tags with their serial number only.
                // And an extension of a single zero says that there is none.
                while made.len() <= serial_after(ai) || made == "0" {
                    made = value(dictionary::entry(ai).expect("known"), &mut random);
                }
                elements.push((ai, made));
            }
            let mut expected = format!("{head}0000");
            let mut query = None;
            if name == "DSGTIN+" {
                let link = file.as_ref().and_then(|file| option(file, "GS1_DIGITAL_LINK", &key));
                let ai = text(link.expect("a level"), "grammar").split('?').nth(1);
                let ai =
                    Ai::parse(&ai.expect("a date")[..ai.expect("a date").find('=').expect("=")]);
                let ai = ai.expect("an AI");
                let day = format!("{}{:02}{:02}", random.digits(2), turn % 12 + 1, turn % 28 + 1);
                expected.push_str(&bits(turn % 7, 4));
                expected.push_str(&date(&day).expect("a date"));
                query = Some((ai, day));
            }
            for (ai, value) in &elements {
                expected.push_str(&tables.bits(*ai, value).expect("table F"));
            }
            elements.extend(query);
            let pairs: Vec<(&str, &str)> =
                elements.iter().map(|(ai, value)| (ai.as_str(), value.as_str())).collect();
            let link = Link::build(&pairs).expect("a link").canonical();
            judged += 1;
            match tag::encode(&link) {
                Ok(tag) if tag.uri == link && tag.data.is_empty() && holds(&tag, &expected) => {}
                other => wrong.push(format!("{name} {link}: {other:?}, expected {expected}")),
            }
        }
    }
    verdict("“+” schemes", judged, 0, &wrong);
}

/// The header of a scheme and its AIs.
fn head_of(binary: &Value) -> (String, Option<Vec<Ai>>) {
    let head = text(binary, "grammar").split('\'').nth(1).expect("a header").to_owned();
    let ais = binary["encodedAI"].as_array().expect("AIs").iter();
    (head, ais.map(|one| Ai::parse(text(one, "ai"))).collect())
}

fn serial_after(ai: Ai) -> usize {
    match ai {
        Ai::GDTI | Ai::GCN => 13,
        Ai::GRAI => 14,
        _ => 0,
    }
}
