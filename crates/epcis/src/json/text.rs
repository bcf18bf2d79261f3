//! JSON texts that pass through us unread: kept compact, with numbers, escapes and order as their author wrote them.

use std::borrow::Cow;
use std::fmt;

use serde::{Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

/// A valid JSON text without space between its parts. Nothing else about it is changed or interpreted.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Json(Box<str>);

impl Json {
    /// Of a text that is already known to be JSON (it has been read onto a tape).
    pub(crate) fn known(source: &str) -> Self {
        let mut out = String::with_capacity(source.len());
        compact(source, &mut out);
        Self(out.into_boxed_str())
    }

    /// Checks and keeps a JSON text.
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {
        let raw: &RawValue = serde_json::from_str(text)?;
        Ok(Self::known(raw.get()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The value behind the text. `Null` where the text is nested deeper than serde_json follows (128).
    pub fn to_value(&self) -> Value {
        serde_json::from_str(&self.0).unwrap_or(Value::Null)
    }
}

impl From<Value> for Json {
    fn from(value: Value) -> Self {
        Self(value.to_string().into_boxed_str())
    }
}

impl From<&str> for Json {
    /// A JSON string with this content.
    fn from(content: &str) -> Self {
        let mut out = String::with_capacity(content.len() + 2);
        push_string(&mut out, content);
        Self(out.into_boxed_str())
    }
}

impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw: &RawValue = serde_json::from_str(&self.0).map_err(serde::ser::Error::custom)?;
        raw.serialize(serializer)
    }
}

/// Appends a valid JSON text without the space between its parts.
pub(crate) fn compact(source: &str, out: &mut String) {
    let bytes = source.as_bytes();
    let mut from = 0;
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => {
                at += 1;
                while at < bytes.len() && bytes[at] != b'"' {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                at += 1;
            }
            b' ' | b'\t' | b'\n' | b'\r' => {
                out.push_str(&source[from..at]);
                while at < bytes.len() && bytes[at].is_ascii_whitespace() {
                    at += 1;
                }
                from = at;
            }
            _ => at += 1,
        }
    }
    out.push_str(&source[from..]);
}

/// The strings of a valid JSON text, names and values.
pub(crate) fn strings(text: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        let from = at + bytes[at..].iter().position(|byte| *byte == b'"')?;
        let (mut end, mut plain) = (from + 1, true);
        while end < bytes.len() && bytes[end] != b'"' {
            plain &= bytes[end] != b'\\';
            end += if bytes[end] == b'\\' { 2 } else { 1 };
        }
        at = (end + 1).min(bytes.len());
        let content = text.get(from + 1..end).unwrap_or_default();
        if plain {
            return Some(Cow::Borrowed(content));
        }
        Some(Cow::Owned(serde_json::from_str(&text[from..at]).unwrap_or_default()))
    })
}

/// Appends a JSON string with its quotes.
pub(crate) fn push_string(out: &mut String, content: &str) {
    out.push('"');
    let mut from = 0;
    for (at, byte) in content.bytes().enumerate() {
        let escape = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0..0x20 => "",
            _ => continue,
        };
        out.push_str(&content[from..at]);
        if escape.is_empty() {
            out.push_str("\\u00");
            out.push(char::from(b'0' + (byte >> 4)));
            out.push(char::from(b"0123456789abcdef"[usize::from(byte & 15)]));
        } else {
            out.push_str(escape);
        }
        from = at + 1;
    }
    out.push_str(&content[from..]);
    out.push('"');
}
