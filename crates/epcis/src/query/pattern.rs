//! What an identifier is compared with. A URI stands for itself in any spelling; a pure identity pattern of the Tag Data
//! Standard (§6.7, `urn:epc:idpat:…`) for every EPC that agrees with it where it has no `*` (EPCIS 2.0 §8.2.7.1.1).

use crate::postings::{Role, canonical};
use crate::uri::is_uri;

/// What an identifier is compared with; canonical, as in [`crate::Posting`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum IdPattern {
    Exact(String),
    /// All instances of a class: `urn:epc:idpat:sgtin:0614141.107346.*`. The text is the canonical link of the class,
    /// `https://id.gs1.org/01/10614141073464`; its lots do not fit.
    Class(String),
    /// Everything that begins so, and is longer.
    Under(String),
    /// All keys of a company, or all of a scheme: `urn:epc:idpat:sgtin:0614141.*.*`. A canonical link that begins with
    /// `before`, then has `any` characters of any kind, then `then`, and further on `with`; of exactly or at least so many
    /// characters. In SQL: `LIKE before || any × '_' || then || '%' || with || '%'`, and a length.
    Keys {
        before: String,
        /// The digit of a GTIN or SSCC that stands before the company prefix.
        any: usize,
        then: String,
        with: &'static str,
        length: Length,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Length {
    Exactly(usize),
    AtLeast(usize),
}

impl IdPattern {
    pub fn fits(&self, id: &str) -> bool {
        match self {
            Self::Exact(exact) => id == exact,
            Self::Under(stem) => id.len() > stem.len() && id.starts_with(stem.as_str()),
            Self::Class(class) => id
                .strip_prefix(class.as_str())
                .is_some_and(|rest| !rest.is_empty() && rest.starts_with(serial_of(class))),
            Self::Keys { before, any, then, with, length } => {
                let rest = id.strip_prefix(before.as_str()).and_then(|rest| rest.get(*any..));
                let rest = rest.and_then(|rest| rest.strip_prefix(then.as_str()));
                rest.is_some_and(|rest| rest.contains(with))
                    && match length {
                        Length::Exactly(exactly) => id.len() == *exactly,
                        Length::AtLeast(least) => id.len() >= *least,
                    }
            }
        }
    }
}

/// What stands between class and serial; nothing where the key holds both.
fn serial_of(class: &str) -> &'static str {
    let scheme = SCHEMES.iter().find(|scheme| {
        scheme.serial != Serial::None
            && class.strip_prefix(HOST).is_some_and(|rest| rest.starts_with(scheme.key))
    });
    scheme.map_or("", Scheme::separator)
}

const HOST: &str = "https://id.gs1.org/";

/// An EPC scheme that is a GS1 key, and where its parts stand in the canonical link.
struct Scheme {
    name: &'static str,
    /// Parts between dots in the URN.
    parts: usize,
    key: &'static str,
    /// Digits of the key before the company prefix.
    before_prefix: usize,
    /// Characters of the key without a serial; 0 where that is not fixed.
    length: usize,
    serial: Serial,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Serial {
    /// The key is the instance.
    None,
    /// A qualifier of its own.
    Qualifier(&'static str),
    /// At the end of the key.
    Within,
}

impl Scheme {
    fn separator(&self) -> &'static str {
        match self.serial {
            Serial::Qualifier(qualifier) => qualifier,
            Serial::None | Serial::Within => "",
        }
    }

    const fn new(name: &'static str, parts: usize, key: &'static str, length: usize) -> Self {
        Self { name, parts, key, before_prefix: 0, length, serial: Serial::None }
    }

    const fn after(mut self, digits: usize) -> Self {
        self.before_prefix = digits;
        self
    }

    const fn numbered(mut self, serial: Serial) -> Self {
        self.serial = serial;
        self
    }
}

const SCHEMES: &[Scheme] = &[
    Scheme::new("sgtin", 3, "01/", 14).after(1).numbered(Serial::Qualifier("/21/")),
    Scheme::new("upui", 3, "01/", 14).after(1).numbered(Serial::Qualifier("/235/")),
    Scheme::new("itip", 5, "8006/", 18).after(1).numbered(Serial::Qualifier("/21/")),
    Scheme::new("cpi", 3, "8010/", 0).numbered(Serial::Qualifier("/8011/")),
    // The first digit of a GRAI is a zero.
    Scheme::new("grai", 3, "8003/", 14).after(1).numbered(Serial::Within),
    Scheme::new("gdti", 3, "253/", 13).numbered(Serial::Within),
    Scheme::new("sgcn", 3, "255/", 13).numbered(Serial::Within),
    Scheme::new("sscc", 2, "00/", 18).after(1),
    Scheme::new("sgln", 3, "414/", 13),
    Scheme::new("pgln", 2, "417/", 13),
    Scheme::new("gsrn", 2, "8018/", 18),
    Scheme::new("gsrnp", 2, "8017/", 18),
    Scheme::new("gsin", 2, "402/", 17),
    Scheme::new("giai", 2, "8004/", 0),
    Scheme::new("ginc", 2, "401/", 0),
];

/// EPC schemes that are no GS1 keys, with their parts (TDS 2.2 §6.3).
const FOREIGN: &[(&str, usize)] = &[("gid", 3), ("usdod", 2), ("adi", 3), ("bic", 1), ("imovn", 1)];

/// What an identifier in a query stands for; several for a place, whose own link has no extension. `None` for what is no
/// URI, or a pattern that the Tag Data Standard does not have.
pub(super) fn patterns(text: &str, roles: &[Role]) -> Option<Vec<IdPattern>> {
    if !is_uri(text) {
        return None;
    }
    let Some(body) = text.strip_prefix("urn:epc:idpat:") else {
        return Some(vec![IdPattern::Exact(canonical(text))]);
    };
    let (scheme, fields) = body.split_once(':')?;
    // Only the last parts may be "*".
    let fixed = fields.trim_end_matches(".*");
    let (fixed, stars) = match fixed {
        "*" => ("", (fields.len() - 1) / 2 + 1),
        _ => (fixed, (fields.len() - fixed.len()) / 2),
    };
    if fixed.contains('*') {
        return None;
    }
    let of_instances = roles.iter().any(|role| {
        matches!(role, Role::Epc | Role::Child | Role::Parent | Role::Input | Role::Output)
    });
    let known = SCHEMES.iter().find(|known| known.name == scheme);
    match known {
        // Without a star it stands for one EPC.
        Some(_) if stars == 0 => Some(vec![IdPattern::Exact(link(&format!("urn:epc:id:{body}"))?)]),
        Some(scheme) => of_key(scheme, fixed, stars, of_instances),
        None => {
            let (_, parts) = FOREIGN.iter().find(|(name, _)| *name == scheme)?;
            let named = if fixed.is_empty() { 0 } else { fixed.split('.').count() };
            if named + stars != *parts {
                return None;
            }
            let urn = format!("urn:epc:id:{scheme}:{fixed}");
            Some(vec![match (stars, named) {
                (0, _) => IdPattern::Exact(urn),
                (_, 0) => IdPattern::Under(urn),
                _ => IdPattern::Under(format!("{urn}.")),
            }])
        }
    }
}

fn of_key(
    scheme: &Scheme,
    fixed: &str,
    stars: usize,
    of_instances: bool,
) -> Option<Vec<IdPattern>> {
    let parts: Vec<&str> = fixed.split('.').filter(|part| !part.is_empty()).collect();
    if parts.len() + stars != scheme.parts {
        return None;
    }
    match parts[..] {
        [] => Some(vec![keys(scheme, "", of_instances)]),
        [prefix] => {
            let is_prefix =
                (6..=12).contains(&prefix.len()) && prefix.bytes().all(|b| b.is_ascii_digit());
            is_prefix.then(|| vec![keys(scheme, prefix, of_instances)])
        }
        _ if scheme.name == "sgln" => {
            let place = link(&format!("urn:epc:id:sgln:{fixed}.0"))?;
            let parts_of_it = IdPattern::Under(format!("{place}/254/"));
            Some(vec![IdPattern::Exact(place), parts_of_it])
        }
        // Of pieces only the item is known: the number of the piece and of all pieces follow it.
        [prefix, item] if scheme.name == "itip" => {
            let any_piece = link(&format!("urn:epc:idpat:itip:{prefix}.{item}.00.00.*"))?;
            let before = any_piece.get(..any_piece.len() - 4)?.to_owned();
            let length = before.len() + 4;
            let (with, length) = instances_or_classes(scheme, length, of_instances);
            Some(vec![IdPattern::Keys { before, any: 0, then: String::new(), with, length }])
        }
        [_, _, _] if scheme.name == "itip" => None,
        _ => {
            let class = link(&format!("urn:epc:idpat:{}:{fixed}.*", scheme.name))?;
            Some(vec![match scheme.name {
                _ if !of_instances => IdPattern::Exact(class),
                "upui" => IdPattern::Under(format!("{class}/235/")),
                _ => IdPattern::Class(class),
            }])
        }
    }
}

fn link(urn: &str) -> Option<String> {
    let link = canonical(urn);
    link.starts_with(HOST).then_some(link)
}

/// All keys of a scheme that have this company prefix.
fn keys(scheme: &Scheme, prefix: &str, of_instances: bool) -> IdPattern {
    let before = format!("{HOST}{}", scheme.key);
    let (with, length) = instances_or_classes(scheme, before.len() + scheme.length, of_instances);
    // Where the prefix is open, so is the digit before it.
    let any = if prefix.is_empty() { 0 } else { scheme.before_prefix };
    IdPattern::Keys { before, any, then: prefix.to_owned(), with, length }
}

fn instances_or_classes(
    scheme: &Scheme,
    length: usize,
    of_instances: bool,
) -> (&'static str, Length) {
    match scheme.serial {
        Serial::None => ("", Length::AtLeast(length)),
        _ if !of_instances && scheme.length > 0 => ("", Length::Exactly(length)),
        _ if !of_instances => ("", Length::AtLeast(length)),
        Serial::Qualifier(qualifier) => (qualifier, Length::AtLeast(length)),
        Serial::Within => ("", Length::AtLeast(length + 1)),
    }
}
