//! All published lots, newest first, by pages that stay right while lots are published; narrowed
//! to a product or an organisation.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

use super::cards::{self, Card};
use crate::app::App;
use crate::shared::Fail;
use crate::shared::guard::Visit;
use crate::shared::page::{Page, show};

/// Lots of one page.
const PAGE: i64 = 24;

#[derive(Deserialize, Default)]
pub(super) struct Asked {
    before: Option<i64>,
    product: Option<i64>,
    organisation: Option<i64>,
}

#[derive(Template)]
#[template(path = "portal/lots.html")]
struct LotsPage {
    page: Page,
    cards: Vec<Card>,
    older: Option<String>,
}

/// `GET /lots`
pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Response, Fail> {
    let l = visit.l;
    let before = asked.before.unwrap_or(i64::MAX);
    let (cards, narrowed) = match (asked.product, asked.organisation) {
        (Some(product), _) => (
            cards::of_product(&app, l, product, before, PAGE).await?,
            format!("&product={product}"),
        ),
        (_, Some(org)) => (
            cards::of_organisation(&app, l, org, before, PAGE).await?,
            format!("&organisation={org}"),
        ),
        _ => (cards::newest(&app, l, before, PAGE).await?, String::new()),
    };
    let last = cards.last().filter(|_| cards.len() as i64 == PAGE);
    let older = last.map(|card| format!("/lots?before={}{narrowed}", card.published_at));
    let mut page = Page::public(&visit, l.t("Lô đã công bố", "Published lots"));
    page.demonstration = app.config.demonstration;
    show(&LotsPage { page, cards, older })
}
