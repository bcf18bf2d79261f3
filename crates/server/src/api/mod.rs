//! The description of the APIs for machines: `GET /api/openapi.json`, OpenAPI 3.1. It is made from the table of addresses:
//! what an address takes and answers is said where it is registered ([`Operation`]), so that nothing is described that is
//! not there.

mod document;
mod operation;

use std::sync::LazyLock;

use axum::http::{Method, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::shared::guard::{Access, Routes};

pub use operation::{
    Operation, common, content, count, instant, list, parameter, schema, text, text_that_is,
};

/// The document.
pub static DOCUMENT: LazyLock<String> =
    LazyLock::new(|| document::of_table(&crate::table()).to_string());

pub fn routes(routes: Routes) -> Routes {
    let says = Operation::new("describe", "This document")
        .answers_json("OpenAPI 3.1", json!({"type": "object"}));
    routes.api(Method::GET, "/api/openapi.json", Access::Public, says, document)
}

/// `GET /api/openapi.json`
pub async fn document() -> Response {
    (
        [
            (header::CONTENT_TYPE, "application/json"),
            (header::CACHE_CONTROL, "public, max-age=300"),
        ],
        DOCUMENT.as_str(),
    )
        .into_response()
}
