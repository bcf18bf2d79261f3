//! Percent-encoding (RFC 3986, 2.1) as Digital Link uses it: everything outside the unreserved set
//! is escaped on writing; on reading a null is refused.

use std::borrow::Cow;

/// Appends `value` to `out`, escaping all but `A–Z a–z 0–9 - . _ ~` with upper-case hexadecimal.
pub(crate) fn encode_into(out: &mut String, value: &str) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    if value.bytes().all(plain) {
        // Nearly every value in the field.
        out.push_str(value);
        return;
    }
    for byte in value.bytes() {
        if plain(byte) {
            out.push(byte as char);
        } else {
            out.push('%');
            out.push(HEX[usize::from(byte >> 4)] as char);
            out.push(HEX[usize::from(byte & 15)] as char);
        }
    }
}

/// A null character (`%00`) at this byte of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Null(pub(crate) usize);

/// Decodes `text`; `plus_is_space` is the habit of query strings. A percent sign without two
/// hexadecimal digits stands for itself, as the reference has it: it is wrong by RFC 3986, but it is
/// one of the 82 characters, nothing is lost, and the link is written back right.
pub(crate) fn decode(text: &str, plus_is_space: bool) -> Result<Cow<'_, str>, Null> {
    let bytes = text.as_bytes();
    if !bytes.iter().any(|&b| b == b'%' || (plus_is_space && b == b'+')) {
        // Nearly every value in the field: nothing to decode.
        return Ok(Cow::Borrowed(text));
    }
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        if let Some(byte) = escape(bytes, at) {
            if byte == 0 {
                return Err(Null(at));
            }
            out.push(byte);
            at += 3;
            continue;
        }
        out.push(if plus_is_space && bytes[at] == b'+' { b' ' } else { bytes[at] });
        at += 1;
    }
    // Bytes that are no UTF-8 are no characters that any value may hold. As Latin-1 they stay visible
    // to whoever refuses them.
    let text = String::from_utf8(out);
    Ok(Cow::Owned(text.unwrap_or_else(|bad| bad.as_bytes().iter().map(|&b| b as char).collect())))
}

/// The byte that an escape at `at` stands for, where one is there.
fn escape(bytes: &[u8], at: usize) -> Option<u8> {
    if bytes[at] != b'%' {
        return None;
    }
    let high = hex(*bytes.get(at + 1)?)?;
    let low = hex(*bytes.get(at + 2)?)?;
    Some(high << 4 | low)
}

const fn hex(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_unreserved_characters_stay_as_they_are() {
        let mut out = String::new();
        encode_into(&mut out, "aZ9-._~!/%\"");
        assert_eq!(out, "aZ9-._~%21%2F%25%22");
    }

    #[test]
    fn nulls_are_refused_and_a_lone_percent_stays() {
        assert_eq!(decode("a%4gb%", false), Ok("a%4gb%".into()));
        assert_eq!(decode("%c4%90", false), Ok("Đ".into()));
        assert_eq!(decode("a%00", false), Err(Null(1)));
        assert_eq!(decode("%ff%fe", false), Ok("ÿþ".into()));
        assert_eq!(decode("a+b%2b", true), Ok("a b+".into()));
        assert_eq!(decode("a+b", false), Ok("a+b".into()));
    }
}
