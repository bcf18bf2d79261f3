//! What several capabilities need and none owns: layout, forms, failures, language, access,
//! pictures, the audit trail. Small on purpose.

pub mod accept;
pub mod assets;
pub mod audit;
pub mod fail;
pub mod field;
pub mod form;
pub mod guard;
pub mod history;
pub mod lang;
pub mod limit;
pub mod once;
pub mod page;
pub mod picture;
pub mod table;
pub mod text;
pub mod view;
pub mod web;

pub use fail::Fail;
pub use lang::L;

/// The value of a cookie, if the request carries it.
pub fn cookie<'h>(headers: &'h axum::http::HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all("cookie")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}
