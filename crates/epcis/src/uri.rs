//! What counts as a URI where EPCIS asks for one: a scheme, a colon, and only characters that RFC 3986 lets stand.

/// Whether `text` is an absolute URI (RFC 3986 §4.3, characters checked, `%` followed by two hexadecimal digits).
/// Letters outside ASCII pass: JSON-LD speaks of IRIs (RFC 3987).
pub fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let mut scheme = scheme.bytes();
    if !scheme.next().is_some_and(|byte| byte.is_ascii_alphabetic()) || rest.is_empty() {
        return false;
    }
    if !scheme.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')) {
        return false;
    }
    let bytes = rest.as_bytes();
    // A table and one pass: this is asked for every identifier of every event.
    let plain = bytes.iter().all(|byte| PLAIN[usize::from(*byte)]);
    plain
        || (bytes.iter().enumerate().all(|(at, byte)| may_stand(bytes, at, *byte))
            && !rest.chars().any(|c| c.is_control() || c.is_whitespace() || is_invisible(c)))
}

/// Letters, digits and punctuation that stand anywhere without further look.
static PLAIN: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        let forbidden = matches!(
            byte as u8,
            b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' | b'%'
        );
        table[byte] = byte > 0x20 && byte < 0x7F && !forbidden;
        byte += 1;
    }
    table
};

fn may_stand(bytes: &[u8], at: usize, byte: u8) -> bool {
    if byte == b'%' {
        return matches!(bytes.get(at + 1..at + 3), Some([a, b]) if a.is_ascii_hexdigit() && b.is_ascii_hexdigit());
    }
    byte >= 0x80 || PLAIN[usize::from(byte)]
}

/// Characters that let two different identifiers look the same: zero-width ones and direction marks.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uri_needs_a_scheme_and_holds_no_space() {
        for good in [
            "urn:epc:id:sgtin:0614141.107346.2017",
            "https://id.gs1.org/01/x/21/%22a",
            "geo:1,2",
            "ni:///sha-256;a?ver=CBV2.0",
            "_x".replace('_', "a:").as_str(),
        ] {
            assert!(is_uri(good), "{good}");
        }
        for bad in [
            "",
            "a",
            ":a",
            "1a:b",
            "https://a b",
            "urn:a%2",
            "urn:a%zz",
            "urn:a\u{200b}b",
            "urn:\u{202e}b",
            "urn:<b>",
            "https:",
        ] {
            assert!(!is_uri(bad), "{bad}");
        }
    }
}
