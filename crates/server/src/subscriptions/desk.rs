//! The page of an organisation's manager: who is sent events, how that goes, and what was not taken.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::failure::sentence;
use super::{letters, register};
use crate::app::App;
use crate::organisations;
use crate::shared::form::Form;
use crate::shared::guard::{Ids, Visit};
use crate::shared::page::{Page, go, show};
use crate::shared::{Fail, text};

struct Row {
    id: i64,
    query: String,
    dest: String,
    /// When it is told, in words.
    when: String,
    taken: String,
    state: String,
    well: bool,
}

struct LetterRow {
    id: i64,
    query: String,
    dest: String,
    events: String,
    died: String,
    failure: String,
    /// On its way again.
    waiting: bool,
}

#[derive(Template)]
#[template(path = "subscriptions/desk.html")]
struct SubscriptionsPage {
    page: Page,
    org: i64,
    rows: Vec<Row>,
    letters: Vec<LetterRow>,
}

/// `GET /org/{org}/subscriptions`
pub(super) async fn page(State(app): State<App>, visit: Visit, ids: Ids) -> Result<Response, Fail> {
    let (org, l) = (ids.get("org")?, visit.l);
    let name = organisations::name(&app, org).await?;
    let subscriptions = register::all(&app, org).await?;
    let letters = letters::all(&app, org).await?;
    let whose = |id: i64| {
        let found = subscriptions.iter().find(|one| one.id == id);
        found.map_or_else(Default::default, |one| (one.query_name.clone(), one.dest.clone()))
    };
    let letters = letters
        .iter()
        .map(|letter| {
            let (query, dest) = whose(letter.subscription);
            LetterRow {
                id: letter.id,
                query,
                dest,
                events: text::count(&l, &letter.events),
                died: text::moment(&l, &letter.died_at),
                failure: sentence(l, &letter.failure),
                waiting: letter.next_at.is_some(),
            }
        })
        .collect();
    let rows = subscriptions
        .iter()
        .map(|one| Row {
            id: one.id,
            query: one.query_name.clone(),
            dest: one.dest.clone(),
            when: if one.schedule.is_none() {
                l.t("ngay khi có sự kiện", "as events come").to_owned()
            } else {
                let words = l.t("theo lịch, lần tới", "by schedule, next on");
                format!("{words} {}", text::moment(&l, &one.next_at))
            },
            taken: one.notified_at.map_or_else(
                || l.t("chưa lần nào", "never yet").to_owned(),
                |at| text::moment(&l, &at),
            ),
            state: if one.attempts == 0 {
                l.t("bình thường", "well").to_owned()
            } else {
                let words = l.t("Lần thử", "Tries");
                format!("{} {words}: {}", sentence(l, &one.failure), one.attempts)
            },
            well: one.attempts == 0,
        })
        .collect();
    let title = l.t("Gửi sự kiện tự động", "Events sent out");
    let page = Page::of_organisation(&visit, title, org, &name);
    show(&SubscriptionsPage { page, org, rows, letters })
}

/// `POST /org/{org}/subscriptions/{subscription}/end`
pub(super) async fn end(
    State(app): State<App>,
    visit: Visit,
    ids: Ids,
    _form: Form,
) -> Result<Response, Fail> {
    let org = ids.get("org")?;
    if !register::end(&app, visit.actor()?, org, None, ids.get("subscription")?).await? {
        return Err(Fail::NotFound);
    }
    Ok(go(&format!("/org/{org}/subscriptions?done=removed")))
}

/// `POST /org/{org}/letters/{letter}/send`
pub(super) async fn send_again(
    State(app): State<App>,
    visit: Visit,
    ids: Ids,
    _form: Form,
) -> Result<Response, Fail> {
    let org = ids.get("org")?;
    if !letters::send_again(&app, visit.actor()?, org, ids.get("letter")?).await? {
        return Err(Fail::NotFound);
    }
    Ok(go(&format!("/org/{org}/subscriptions?done=sending")))
}
