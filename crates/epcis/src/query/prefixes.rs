//! The prefixes under which a query writes names: from the `GS1-Extensions` header of the REST binding, or from the
//! `@context` of a named query.

use serde_json::Value;

use crate::context::{Context, ContextEntry, is_epcis_context};
use crate::fault::{Fault, RULE_CONTEXT, RULE_EXTENSIONS};
use crate::json::Json;
use crate::uri::is_uri;

impl Context {
    /// The prefixes of a `GS1-Extensions` header: `ex=https://ex.example/ns/,other=https://other.example/`.
    pub fn of_extensions_header(header: &str) -> Result<Self, Fault> {
        let mut context = Self::default();
        for entry in header.split(',').map(str::trim).filter(|entry| !entry.is_empty()) {
            let declared = entry.split_once('=').map(|(name, uri)| (name.trim(), uri.trim()));
            match declared.filter(|(name, uri)| is_prefix(name) && is_uri(uri)) {
                Some((name, uri)) => context.declare(name, uri),
                None => return Err(fault(&RULE_EXTENSIONS, "/GS1-Extensions", entry)),
            }
        }
        Ok(context)
    }

    /// The prefixes of a JSON-LD `@context`: an address, an object of prefixes, or a list of both. Contexts that it only
    /// refers to are not fetched.
    pub fn of_json(value: &Value) -> Result<Self, Fault> {
        let mut context = Self::default();
        let entries = match value {
            Value::Array(entries) => entries.as_slice(),
            one => std::slice::from_ref(one),
        };
        for entry in entries {
            match entry {
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
