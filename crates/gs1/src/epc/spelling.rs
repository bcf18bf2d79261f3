//! Two plain spellings that Tag Data Translation 2.2 has beside URNs, links and bits: a bare
//! identifier, `gtin=…;serial=…`, and a small JSON object of AIs, `{"01":"…","21":"…"}`.

use std::fmt::Write;

use super::EpcError;
use crate::ai::Ai;
use crate::link::{Link, LinkBuilder};

/// What keys are called in bare identifiers; of two names the first is written.
const NAMES: [(&str, Ai); 12] = [
    ("gtin", Ai::GTIN),
    ("sscc", Ai::SSCC),
    ("gln", Ai::GLN),
    ("grai", Ai::GRAI),
    ("giai", Ai::GIAI),
    ("gdti", Ai::GDTI),
    ("gsrn", Ai::GSRN),
    ("gsrnp", Ai::GSRN_PROVIDER),
    ("gcn", Ai::GCN),
    // As the scheme of 96 bits calls it.
    ("sgcn", Ai::GCN),
    ("itip", Ai::ITIP),
    ("cpi", Ai::CPID),
];

/// What the dates of DSGTIN+ are called.
const DATES: [(&str, Ai); 7] = [
    ("prodDate", Ai::PRODUCTION_DATE),
    ("packDate", Ai::of("13")),
    ("bestBeforeDate", Ai::BEST_BEFORE),
    ("sellByDate", Ai::of("16")),
    ("expDate", Ai::EXPIRY),
    ("firstFreezeDate", Ai::of("7006")),
    ("harvestDate", Ai::of("7007")),
];

/// What a serial number is an AI of, by the key it belongs to.
const SERIALS: [(Ai, Ai); 4] = [
    (Ai::GTIN, Ai::SERIAL),
    (Ai::ITIP, Ai::SERIAL),
    (Ai::GLN, Ai::GLN_EXTENSION),
    (Ai::CPID, Ai::CPID_SERIAL),
];

/// The AI of a serial number after a key.
fn serial_of(primary: Ai) -> Option<Ai> {
    SERIALS.iter().find(|(key, _)| *key == primary).map(|(_, serial)| *serial)
}

/// The key of a link as a bare identifier, with its serial number, and with a serial number of a
/// trade item the date that DSGTIN+ would hold.
///
/// ```
/// use gs1::{Link, epc};
/// let link = Link::parse("https://tx.example.vn/01/08931234567897/10/L7/21/7K3M?17=261231")?;
/// let bare = epc::to_bare(&link)?;
/// assert_eq!(bare, "gtin=08931234567897;serial=7K3M;expDate=261231");
/// assert_eq!(epc::of_bare(&bare)?.serial(), Some("7K3M"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// A key that tags do not hold.
pub fn to_bare(link: &Link) -> Result<String, EpcError> {
    let (ai, value) = link.primary();
    let name = NAMES.iter().find(|(_, known)| *known == ai);
    let (name, _) = name.ok_or_else(|| EpcError::NoTag { ai: ai.to_string() })?;
    let mut out = format!("{name}={value}");
    let Some(serial) = serial_of(ai).and_then(|ai| link.get(ai)) else { return Ok(out) };
    out.push_str(";serial=");
    out.push_str(serial);
    let date = |(name, date): &(&str, Ai)| {
        let value = link.get(*date).filter(|value| ai == Ai::GTIN && value.len() == 6)?;
        Some(format!(";{name}={value}"))
    };
    out.extend(DATES.iter().find_map(date));
    Ok(out)
}

/// The link of a bare identifier.
///
/// # Errors
/// An unknown name, no value after it, or values against their rules.
pub fn of_bare(text: &str) -> Result<Link, EpcError> {
    let (name, mut rest) = text.split_once('=').ok_or(EpcError::NotEpc)?;
    let key = NAMES.iter().find(|(known, _)| *known == name);
    let &(_, ai) = key.ok_or_else(|| EpcError::UnknownScheme { scheme: name.to_owned() })?;
    let mut builder = LinkBuilder::new();
    if let Some(serial_ai) = serial_of(ai) {
        // From the end, because a serial number may hold these signs too.
        if ai == Ai::GTIN
            && let Some((before, name, date)) = last_part(rest)
            && let Some((_, date_ai)) = DATES.iter().find(|(known, _)| *known == name)
        {
            builder = builder.with(date_ai.as_str(), date);
            rest = before;
        }
        let cut = [";serial=", ";cpiserial="].iter().find_map(|sign| rest.split_once(sign));
        if let Some((value, serial)) = cut {
            builder = builder.with(serial_ai.as_str(), serial);
            rest = value;
        }
    }
    builder.with(ai.as_str(), rest).build().map_err(EpcError::Link)
}

/// `…;name=value` cut up at its last name.
fn last_part(text: &str) -> Option<(&str, &str, &str)> {
    let (before, last) = text.rsplit_once(';')?;
    let (name, value) = last.split_once('=')?;
    Some((before, name, value))
}

/// The AIs of a link as a JSON object, keys first.
///
/// ```
/// use gs1::{Link, epc};
/// let link = Link::parse("https://tx.example.vn/01/08931234567897/21/7K%223M?17=261231")?;
/// let json = r#"{"01":"08931234567897","21":"7K\"3M","17":"261231"}"#;
/// assert_eq!(epc::to_ai_json(&link), json);
/// assert_eq!(epc::of_ai_json(json)?.attributes(), link.attributes());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn to_ai_json(link: &Link) -> String {
    let mut out = String::from("{");
    for (place, (ai, value)) in link.keys().iter().chain(link.attributes()).enumerate() {
        let comma = if place == 0 { "" } else { "," };
        let value = value.replace('\\', "\\\\").replace('"', "\\\"");
        // Writing to a string cannot fail.
        let _ = write!(out, "{comma}\"{ai}\":\"{value}\"");
    }
    out.push('}');
    out
}

/// The link of a JSON object whose names are AIs and whose values are texts.
///
/// # Errors
/// Text of another form, an unknown AI, or values that make no link.
pub fn of_ai_json(text: &str) -> Result<Link, EpcError> {
    let inside = text.trim().strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    let mut rest = inside.ok_or(EpcError::NotEpc)?.trim_start();
    let mut builder = LinkBuilder::new();
    loop {
        let (name, after) = quoted(rest).ok_or(EpcError::NotEpc)?;
        let after = after.trim_start().strip_prefix(':').ok_or(EpcError::NotEpc)?;
        let (value, after) = quoted(after.trim_start()).ok_or(EpcError::NotEpc)?;
        builder = builder.with(&name, &value);
        rest = after.trim_start();
        match rest.strip_prefix(',') {
            Some(more) => rest = more.trim_start(),
            None if rest.is_empty() => return builder.build().map_err(EpcError::Link),
            None => return Err(EpcError::NotEpc),
        }
    }
}

/// A text in quotes, and what follows it. No AI holds a sign that needs more than a backslash.
fn quoted(text: &str) -> Option<(String, &str)> {
    let text = text.strip_prefix('"')?;
    let mut out = String::new();
    let mut chars = text.char_indices();
    loop {
        match chars.next()? {
            (at, '"') => return Some((out, &text[at + 1..])),
            (_, '\\') => match chars.next()? {
                (_, sign @ ('"' | '\\' | '/')) => out.push(sign),
                _ => return None,
            },
            (_, sign) if sign.is_control() => return None,
            (_, sign) => out.push(sign),
        }
    }
}

/// Whether text claims to be one of these spellings.
pub(super) fn link(text: &str) -> Option<Result<Link, EpcError>> {
    if text.starts_with('{') {
        return Some(of_ai_json(text));
    }
    let named = |(name, _): &(&str, Ai)| text.strip_prefix(*name)?.strip_prefix('=');
    NAMES.iter().any(|name| named(name).is_some()).then(|| of_bare(text))
}

#[cfg(test)]
mod tests {
    use super::super::tag;
    use super::*;

    #[test]
    fn keys_are_spelled_and_read_in_both_ways() -> Result<(), EpcError> {
        for (link, bare) in [
            ("https://id.gs1.org/00/389312345000000017", "sscc=389312345000000017"),
            ("https://id.gs1.org/414/8931234567897/254/A7", "gln=8931234567897;serial=A7"),
            ("https://id.gs1.org/414/8931234567897", "gln=8931234567897"),
            ("https://id.gs1.org/8003/08931234567897X7", "grai=08931234567897X7"),
            ("https://id.gs1.org/255/893123456789700042", "gcn=893123456789700042"),
            ("https://id.gs1.org/8010/893123A-7/8011/77", "cpi=893123A-7;serial=77"),
            ("https://id.gs1.org/8018/893123456700000006", "gsrn=893123456700000006"),
            (
                "https://id.gs1.org/01/08931234567897/21/A%3BB?17=261231",
                "gtin=08931234567897;serial=A;B;expDate=261231",
            ),
        ] {
            let read = Link::parse(link).map_err(EpcError::Link)?;
            assert_eq!(to_bare(&read)?, bare);
            assert_eq!(of_bare(bare)?, read);
            assert_eq!(of_ai_json(&to_ai_json(&read))?, read);
            assert_eq!(tag::encode(bare)?, tag::encode(link)?);
            assert_eq!(tag::encode(&to_ai_json(&read))?, tag::encode(link)?);
        }
        assert_eq!(of_bare("cpi=893123A-7;cpiserial=77"), of_bare("cpi=893123A-7;serial=77"));
        assert_eq!(of_bare("sgcn=893123456789700042"), of_bare("gcn=893123456789700042"));
        Ok(())
    }

    #[test]
    fn what_is_neither_is_said() {
        for text in ["", "gtin", "lot=7", "gtin=7", "gsrn=893123456700000006;serial=1"] {
            assert!(of_bare(text).is_err(), "{text}");
        }
        for text in
            ["{}", "{\"01\"}", "{\"00\":389312345000000017}", "{\"10\":\"A\"}", "{\"00\":\"3"]
        {
            assert!(of_ai_json(text).is_err(), "{text}");
        }
    }
}
