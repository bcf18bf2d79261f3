//! The reader's language. Every sentence is written in both languages at the place where it is
//! said, so that neither can be forgotten and a reader of the code sees what people see.

use gs1::Lang;

/// The language of one answer; `l.t("Lưu", "Save")` in a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct L(pub Lang);

impl L {
    /// The Vietnamese or the English sentence.
    pub fn t<'a>(&self, vi: &'a str, en: &'a str) -> &'a str {
        match self.0 {
            Lang::Vi => vi,
            Lang::En => en,
        }
    }

    /// The code for `lang=`.
    pub fn code(&self) -> &'static str {
        self.t("vi", "en")
    }

    /// The other language's code.
    pub fn other(&self) -> &'static str {
        self.t("en", "vi")
    }
}

/// The language that a request asks for: `?lang=`, then the cookie, then Vietnamese for pages.
/// Machines (`api`) are answered by `Accept-Language`.
pub fn of_request(parts: &axum::http::request::Parts, api: bool) -> L {
    let asked = parts
        .uri
        .query()
        .and_then(|q| q.split('&').find_map(|pair| pair.strip_prefix("lang=")))
        .or_else(|| super::cookie(&parts.headers, "lang"));
    L(match asked {
        Some("en") => Lang::En,
        Some("vi") => Lang::Vi,
        _ if api => {
            let accept = parts.headers.get("accept-language").and_then(|v| v.to_str().ok());
            if accept.is_some_and(|a| a.trim_start().starts_with("vi")) {
                Lang::Vi
            } else {
                Lang::En
            }
        }
        _ => Lang::Vi,
    })
}
