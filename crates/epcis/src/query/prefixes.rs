//! The prefixes under which a query writes names: from the `GS1-Extensions` header of the REST binding, or from the
//! `@context` of a named query.

use serde_json::Value;

use crate::context::{Context, ContextEntry, is_epcis_context};
use crate::fault::{Fault, RULE_CONTEXT, RULE_EXTENSIONS, RULE_EXTENSIONS_LIMIT};
use crate::json::Json;
use crate::uri::is_uri;

/// Bytes of a header that are read and written: it travels with every page, and clients take heads of a few kilobytes.
const LONGEST_HEADER: usize = 2_000;

impl Context {
    /// The prefixes of a `GS1-Extensions` header: `ex=https://ex.example/ns/,other=https://other.example/`.
    pub fn of_extensions_header(header: &str) -> Result<Self, Fault> {
        let mut context = Self::default();
        if header.len() > LONGEST_HEADER {
            let most = LONGEST_HEADER.to_string();
            return Err(fault(&RULE_EXTENSIONS_LIMIT, "/GS1-Extensions", &most));
        }
        for entry in header.split(',').map(str::trim).filter(|entry| !entry.is_empty()) {
            let declared = entry.split_once('=').map(|(name, uri)| (name.trim(), uri.trim()));
            match declared.filter(|(name, uri)| is_prefix(name) && is_uri(uri)) {
                Some((name, uri)) => context.declare(name, uri),
                None => return Err(fault(&RULE_EXTENSIONS, "/GS1-Extensions", entry)),
            }
        }
        Ok(context)
    }

    /// The prefixes as a `GS1-Extensions` header has them. What the header cannot say (contexts of others, terms that are no
    /// prefixes, a URI with a comma) and what it has no room for is left out.
    pub fn to_extensions_header(&self) -> String {
        let mut header = String::new();
        for entry in self.entries() {
            let ContextEntry::Term { name, .. } = entry else { continue };
            let Some(uri) = self.uri_of(name).filter(|uri| is_prefix(name) && is_sayable(uri))
            else {
                continue;
            };
            let comma = usize::from(!header.is_empty());
            if header.len() + comma + name.len() + 1 + uri.len() > LONGEST_HEADER {
                continue;
            }
            header.push_str(&","[..comma]);
            header.push_str(name);
            header.push('=');
            header.push_str(&uri);
        }
        header
    }

    /// The prefixes of a JSON-LD `@context`: an address, an object of prefixes, a list of both, or `null`. Contexts that it
    /// only refers to are not fetched.
    pub fn of_json(value: &Value) -> Result<Self, Fault> {
        let mut context = Self::default();
        let entries = match value {
            Value::Array(entries) => entries.as_slice(),
            one => std::slice::from_ref(one),
        };
        for entry in entries {
            match entry {
                Value::Null => {}
                Value::String(uri) if is_epcis_context(uri) => {}
                Value::String(uri) if is_uri(uri) => {
                    context.push(ContextEntry::Remote(uri.clone()));
                }
                Value::Object(terms) => {
                    for (name, value) in terms {
                        let (name, value) = (name.clone(), Json::from(value.clone()));
                        context.push(ContextEntry::Term { name, value });
                    }
                }
                other => return Err(fault(&RULE_CONTEXT, "/@context", &other.to_string())),
            }
        }
        Ok(context)
    }
}

/// Whether a URI may stand in a list that commas separate, in the head of a message.
fn is_sayable(uri: &str) -> bool {
    is_uri(uri) && uri.bytes().all(|byte| byte.is_ascii_graphic() && byte != b',')
}

fn is_prefix(name: &str) -> bool {
    !name.is_empty()
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

fn fault(rule: &'static crate::fault::Rule, path: &str, what: &str) -> Fault {
    Fault::new(rule, path.to_owned(), (0, 0), what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_of_the_rest_binding_declares_prefixes() {
        // The example of the OpenAPI document.
        let header = "example-epc-ext=http://org1.example.com/epcis/,\nexample-epc-ext2=http://vendor.example.com/epcis/";
        let context = Context::of_extensions_header(header).unwrap();
        assert_eq!(
            context.uri_of("example-epc-ext2").as_deref(),
            Some("http://vendor.example.com/epcis/")
        );
        assert!(Context::of_extensions_header("").unwrap().is_empty());
        for bad in ["ex", "ex=", "=https://ex.example/", "e x=https://ex.example/", "ex=no uri"] {
            assert_eq!(Context::of_extensions_header(bad).unwrap_err().rule, "query.extensions");
        }
    }

    #[test]
    fn what_a_header_says_is_read_again_and_what_it_cannot_say_is_left_out() {
        let said = "ex=https://ex.example/ns#,other=urn:x:y:";
        let mut context = Context::of_extensions_header(said).unwrap();
        assert_eq!(context.to_extensions_header(), said);
        context.push(ContextEntry::Remote("https://other.example/context.jsonld".to_owned()));
        for (name, uri) in [
            ("@vocab", "https://ex.example/"),
            ("a", "https://ex.example/a,b/"),
            ("b", "https://ex.example/tiếng#"),
            ("c", "plain"),
            ("long", &format!("https://ex.example/{}", "x".repeat(LONGEST_HEADER))),
        ] {
            context.declare(name, uri);
        }
        assert_eq!(context.to_extensions_header(), said);
        let long = format!("ex=https://ex.example/{}", "x".repeat(LONGEST_HEADER));
        let fault = Context::of_extensions_header(&long).unwrap_err();
        assert_eq!(fault.rule, "query.extensions.limit");
    }

    #[test]
    fn the_context_of_a_named_query_declares_prefixes() {
        let value = serde_json::json!([
            "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
            {"ex": "https://ex.example/", "more": {"@id": "https://more.example/"}},
        ]);
        let context = Context::of_json(&value).unwrap();
        assert_eq!(context.uri_of("ex").as_deref(), Some("https://ex.example/"));
        assert_eq!(context.uri_of("more").as_deref(), Some("https://more.example/"));
        assert_eq!(Context::of_json(&serde_json::json!([1])).unwrap_err().rule, "context");
    }
}
