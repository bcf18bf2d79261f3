//! Pages that say something rather than show data, and the small addresses beside them.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::results;
use crate::app::App;
use crate::shared::Fail;
use crate::shared::guard::Visit;
use crate::shared::page::{Page, go, show};

#[derive(Template)]
#[template(path = "portal/about.html")]
struct AboutPage {
    page: Page,
}

/// `GET /about`
pub(super) async fn about(visit: Visit) -> Result<Response, Fail> {
    let title =
        visit.l.t("Tem chứng minh gì, không chứng minh gì", "What a stamp proves and what not");
    show(&AboutPage { page: Page::public(&visit, title) })
}

#[derive(Deserialize, Default)]
pub(super) struct Asked {
    #[serde(default)]
    code: String,
}

#[derive(Template)]
#[template(path = "portal/scan.html")]
struct CameraPage {
    page: Page,
    /// What the camera read, where it is nothing of ours.
    unknown: Option<String>,
}

/// `GET /scan`; `?code=` is what the camera read or somebody typed.
pub(super) async fn scan(
    State(app): State<App>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Response, Fail> {
    let code: String = asked.code.chars().take(500).collect();
    if let Some(path) = results::direct(&app, &code).await? {
        return Ok(go(&path));
    }
    let page = Page::public(&visit, visit.l.t("Quét mã", "Scan a code"));
    show(&CameraPage { page, unknown: (!code.is_empty()).then_some(code) })
}

/// `GET /desk`: where the caller's work begins.
pub(super) async fn desk(visit: Visit) -> Result<Response, Fail> {
    Ok(go(&visit.signed_in()?.home()))
}

/// `GET /robots.txt`: everything public may be found, forms and desks need not.
pub(super) async fn robots() -> Response {
    let text = "User-agent: *\nDisallow: /desk\nDisallow: /org/\nDisallow: /doubt\nDisallow: /cases\nDisallow: /search\n";
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}
