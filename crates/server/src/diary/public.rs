//! `GET /journey?id=…`: the steps of anything by its identifier or link, straight from the log. A lot
//! registered here is shown once it is published; of what is not registered, what accepted
//! organisations said of it.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use store::{params, sql};

use super::journey::journey;
use crate::app::App;
use crate::lots;
use crate::organisations;
use crate::query::pairs;
use crate::review::record::JourneyStep;
use crate::shared::guard::Visit;
use crate::shared::page::{Page, show};
use crate::shared::{Fail, text};

/// Transformations followed back.
const DEPTH: usize = 8;

struct Line {
    step: JourneyStep,
    when: String,
}

#[derive(Template)]
#[template(path = "diary/public.html")]
struct JourneyPage {
    page: Page,
    id: String,
    lines: Vec<Line>,
}

/// `GET /journey`
pub async fn page(State(app): State<App>, visit: Visit, RawQuery(query): RawQuery) -> Result<Response, Fail> {
    let asked = pairs(query.as_deref().unwrap_or_default());
    let id = asked.into_iter().find(|(name, _)| name == "id").map(|(_, value)| value.trim().to_owned()).unwrap_or_default();
    if id.is_empty() || id.len() > 2_000 || id.contains('\0') {
        return Err(Fail::NotFound);
    }
    let steps = visible(&app, &id).await?;
    if steps.is_empty() {
        return Err(Fail::NotFound);
    }
    let lines = steps.into_iter().map(|step| Line { when: text::moment(&visit.l, &step.time), step }).collect();
    show(&JourneyPage { page: Page::public(&visit, visit.l.t("Hành trình", "Journey")), id, lines })
}

/// The steps that anyone may see of an identifier.
pub async fn visible(app: &App, id: &str) -> Result<Vec<JourneyStep>, Fail> {
    let item = epcis::canonical(id);
    if !may_see(app, &item).await? {
        return Err(Fail::NotFound);
    }
    let mut open: HashMap<String, bool> = HashMap::new();
    let mut accepted: HashMap<i64, bool> = HashMap::new();
    let mut steps = Vec::new();
    for step in journey(app, &item, DEPTH).await? {
        if !accepted.contains_key(&step.organisation) {
            let organisation = organisations::load(app, step.organisation).await;
            accepted.insert(step.organisation, organisation.is_ok_and(|one| one.state == "accepted"));
        }
        if !step.of_item.is_empty() && !open.contains_key(&step.of_item) {
            open.insert(step.of_item.clone(), may_see(app, &step.of_item).await?);
        }
        let shown = step.of_item.is_empty() || open.get(&step.of_item).copied().unwrap_or(false);
        if shown && accepted.get(&step.organisation).copied().unwrap_or(false) {
            steps.push(step);
        }
    }
    Ok(steps)
}

/// Whether an item is public: a registered lot when its record is published, anything else always.
async fn may_see(app: &App, item: &str) -> Result<bool, Fail> {
    let Some(lot) = lots::by_item(app, item).await? else { return Ok(true) };
    let row = app
        .store
        .query_one(sql!("SELECT lot FROM publication WHERE lot = $1 AND withdrawn_at IS NULL"), &params![lot.id])
        .await?;
    Ok(row.is_some())
}
