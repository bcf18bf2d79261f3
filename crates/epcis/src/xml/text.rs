//! The characters of XML 1.0: which may stand, what names are made of, and what references stand for.

use std::borrow::Cow;

/// Why a reference stands for nothing; the offset is that of its `&`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BadReference {
    /// No entity of XML's own five: it would have to come from a DTD.
    Entity(usize),
    /// Not `&name;`, or a number that is no character.
    Syntax(usize),
}

/// XML 1.0 §2.2 `Char`.
pub(super) fn is_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// Namespaces in XML 1.0 §3 `NCName`: a name without a colon.
pub(crate) fn is_ncname(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(is_name_start) && chars.all(is_name_char)
}

/// A name with at most one prefix.
pub(super) fn is_qname(name: &str) -> bool {
    match name.split_once(':') {
        Some((prefix, local)) => is_ncname(prefix) && is_ncname(local),
        None => is_ncname(name),
    }
}

fn is_name_start(c: char) -> bool {
    matches!(c, 'A'..='Z' | '_' | 'a'..='z' | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}'
        | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}'
        | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}'
        | '\u{10000}'..='\u{EFFFF}')
}

fn is_name_char(c: char) -> bool {
    is_name_start(c)
        || matches!(c, '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

/// The text with its references put in. Nothing grows: each reference is longer than what it stands for.
pub(super) fn unescape(raw: &str) -> Result<Cow<'_, str>, BadReference> {
    let Some(first) = raw.find('&') else { return Ok(Cow::Borrowed(raw)) };
    let mut out = String::with_capacity(raw.len());
    out.push_str(&raw[..first]);
    let mut at = first;
    while at < raw.len() {
        let rest = &raw[at..];
        if !rest.starts_with('&') {
            let end = rest.find('&').unwrap_or(rest.len());
            out.push_str(&rest[..end]);
            at += end;
            continue;
        }
        // A name is short; looking no further keeps a text of bare ampersands linear.
        let window = rest.len().min(64);
        let end = rest.as_bytes()[..window].iter().position(|b| *b == b';');
        let name = end.and_then(|end| rest.get(1..end)).ok_or(BadReference::Syntax(at))?;
        out.push(reference(name, at)?);
        at += name.len() + 2;
    }
    Ok(Cow::Owned(out))
}

/// What `&name;` stands for.
pub(super) fn reference(name: &str, at: usize) -> Result<char, BadReference> {
    let number = match name.strip_prefix('#') {
        Some(digits) => match digits.strip_prefix('x') {
            Some(hex) if hex.bytes().all(|b| b.is_ascii_hexdigit()) => u32::from_str_radix(hex, 16),
            None if digits.bytes().all(|b| b.is_ascii_digit()) => digits.parse(),
            _ => return Err(BadReference::Syntax(at)),
        },
        None => {
            return match name {
                "amp" => Ok('&'),
                "lt" => Ok('<'),
                "gt" => Ok('>'),
                "quot" => Ok('"'),
                "apos" => Ok('\''),
                _ if is_ncname(name) => Err(BadReference::Entity(at)),
                _ => Err(BadReference::Syntax(at)),
            };
        }
    };
    let c = number.ok().and_then(char::from_u32).filter(|c| is_char(*c));
    c.ok_or(BadReference::Syntax(at))
}

/// Appends character data, escaped for element content and for attributes in double quotes. White space that a reader
/// would normalise is written as references.
pub(super) fn push_escaped(out: &mut String, text: &str, attribute: bool) {
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escape = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'\r' => "&#13;",
            b'"' if attribute => "&quot;",
            b'\n' if attribute => "&#10;",
            b'\t' if attribute => "&#9;",
            _ => continue,
        };
        out.push_str(&text[from..at]);
        out.push_str(escape);
        from = at + 1;
    }
    out.push_str(&text[from..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_those_of_xml_itself() {
        assert_eq!(unescape("a &lt; b &#x111;&#273;").as_deref(), Ok("a < b đđ"));
        assert_eq!(unescape("&nbsp;"), Err(BadReference::Entity(0)));
        for bad in
            ["a & b", "&#0;", "&#xD800;", "&#x110000;", "&;", "&#;", "&#x;", "&#xFFFE;", "&#+9;"]
        {
            assert!(matches!(unescape(bad), Err(BadReference::Syntax(_))), "{bad}");
        }
    }

    #[test]
    fn what_is_escaped_comes_back() {
        let text = "a<b>&\"'\r\n\t]]> đ";
        for attribute in [false, true] {
            let mut out = String::new();
            push_escaped(&mut out, text, attribute);
            assert_eq!(unescape(&out).as_deref(), Ok(text));
        }
    }
}
