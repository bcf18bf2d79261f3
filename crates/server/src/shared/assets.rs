//! The built styles, scripts, fonts and icons, embedded in the program. Names carry a content
//! hash, so that they may be cached for ever.

use std::collections::HashMap;
use std::sync::OnceLock;

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

use super::Fail;

/// What `web/build.mjs` made.
#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../web/dist"]
struct Dist;

/// The bytes of a built file, by its name without hash where it has none.
pub fn bytes(name: &str) -> Option<std::borrow::Cow<'static, [u8]>> {
    Dist::get(name).map(|file| file.data)
}

fn table(name: &str) -> HashMap<String, String> {
    bytes(name).and_then(|data| serde_json::from_slice(&data).ok()).unwrap_or_default()
}

/// The address of an asset: `href("app.css")` is `/assets/app-3F2A.css`.
pub fn href(name: &str) -> String {
    static MANIFEST: OnceLock<HashMap<String, String>> = OnceLock::new();
    let manifest = MANIFEST.get_or_init(|| table("manifest.json"));
    format!("/assets/{}", manifest.get(name).map_or(name, String::as_str))
}

/// An icon as inline SVG, hidden from screen readers: a word always stands beside it.
pub fn icon(name: &str) -> String {
    static ICONS: OnceLock<HashMap<String, String>> = OnceLock::new();
    let icons = ICONS.get_or_init(|| table("icons.json"));
    let inner = icons.get(name).map_or("", String::as_str);
    format!(
        r#"<svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">{inner}</svg>"#
    )
}

/// The style of the scan page, which is sent inside the page itself.
pub fn scan_style() -> &'static str {
    static STYLE: OnceLock<String> = OnceLock::new();
    STYLE.get_or_init(|| {
        bytes("scan.css")
            .map_or_else(String::new, |data| String::from_utf8_lossy(&data).into_owned())
    })
}

/// `GET /assets/{name}`
pub async fn serve(Path(name): Path<String>) -> Result<Response, Fail> {
    let data = bytes(&name).ok_or(Fail::NotFound)?;
    let kind = match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("woff2") => "font/woff2",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        _ => return Err(Fail::NotFound),
    };
    let cache = "public, max-age=31536000, immutable";
    Ok(([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, cache)], data.into_owned())
        .into_response())
}
