//! The description of the APIs for machines: `GET /api/openapi.json`, OpenAPI 3.1. Written by
//! hand, because it says more than types do; a test holds it against the table of addresses.

use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::shared::guard::{Access, Routes};

/// The document.
pub const DOCUMENT: &str = include_str!("openapi.json");

pub fn routes(routes: Routes) -> Routes {
    routes.get("/api/openapi.json", Access::Public, document)
}

/// `GET /api/openapi.json`
pub async fn document() -> Response {
    (
        [
            (header::CONTENT_TYPE, "application/json"),
            (header::CACHE_CONTROL, "public, max-age=300"),
        ],
        DOCUMENT,
    )
        .into_response()
}
