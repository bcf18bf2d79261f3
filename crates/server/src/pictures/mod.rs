//! Pictures as they are sent to readers: already decoded, stripped and written anew when they
//! came in (`shared::picture`). Pictures of products and events are public; an id never gets
//! another picture, so the answer may be kept for ever.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use store::{Row, params, sql};

use crate::app::App;
use crate::shared::Fail;
use crate::shared::guard::{Access, Ids, Routes};

pub fn routes(routes: Routes) -> Routes {
    routes.get("/pictures/{id}", Access::Public, full).get(
        "/pictures/{id}/small",
        Access::Public,
        small,
    )
}

/// `GET /pictures/{id}`: at most 1600 pixels a side.
pub async fn full(State(app): State<App>, ids: Ids) -> Result<Response, Fail> {
    let id = ids.get("id")?;
    answer(
        app.store
            .query_one(sql!("SELECT full_image FROM picture WHERE id = $1"), &params![id])
            .await?,
    )
}

/// `GET /pictures/{id}/small`: at most 480 pixels a side, for lists and the scan page.
pub async fn small(State(app): State<App>, ids: Ids) -> Result<Response, Fail> {
    let id = ids.get("id")?;
    answer(
        app.store
            .query_one(sql!("SELECT thumbnail FROM picture WHERE id = $1"), &params![id])
            .await?,
    )
}

fn answer(row: Option<Row>) -> Result<Response, Fail> {
    let bytes: Vec<u8> = row.ok_or(Fail::NotFound)?.get(0)?;
    let headers = [
        (header::CONTENT_TYPE, "image/jpeg"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((headers, bytes).into_response())
}
