//! The front door: the search box first, then what is new, then figures.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::cards::{self, Card};
use super::figures::{self, Figures};
use crate::app::App;
use crate::shared::Fail;
use crate::shared::guard::Visit;
use crate::shared::page::{Page, show};

#[derive(Template)]
#[template(path = "portal/home.html")]
struct HomePage {
    page: Page,
    cards: Vec<Card>,
    figures: Arc<Figures>,
}

/// `GET /`
pub(super) async fn page(State(app): State<App>, visit: Visit) -> Result<Response, Fail> {
    let mut page = Page::public(&visit, visit.l.t("Truy xuất nguồn gốc", "Product traceability"));
    page.demonstration = app.config.demonstration;
    let cards = cards::newest(&app, visit.l, i64::MAX, 6).await?;
    show(&HomePage { page, cards, figures: figures::of_today(&app).await? })
}
