//! Following a case by its code. The page shows where the case stands and the answer, never who
//! reported it or what was written inside the office.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use stamp::{Code, Kind};
use store::{params, sql};

use super::State as CaseState;
use crate::app::{App, Micros};
use crate::shared::form::Entered;
use crate::shared::guard::Visit;
use crate::shared::page::{Page, go, show, show_with};
use crate::shared::{Fail, L, limit, text};

#[derive(Deserialize, Default)]
pub(super) struct Asked {
    #[serde(default)]
    code: String,
    #[serde(default)]
    new: String,
}

#[derive(Template)]
#[template(path = "feedback/find.html")]
struct FindPage {
    page: Page,
    f: Entered,
    fault: Option<String>,
}

/// `GET /cases`
pub(super) async fn find(
    State(app): State<App>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Response, Fail> {
    let l = visit.l;
    let mut fault = None;
    if !asked.code.is_empty() {
        match Code::parse_kind(Kind::Case, &asked.code) {
            Ok(code) if id_of(&app, &visit, &code).await?.is_some() => {
                return Ok(go(&format!("/cases/{code}")));
            }
            Ok(_) => {
                fault = Some(
                    l.t("Không có nghi vấn nào mang mã này.", "There is no case with this code.")
                        .to_owned(),
                );
            }
            Err(error) => fault = Some(format!("{}.", error.message(l.0))),
        }
    }
    let status = if fault.is_some() { StatusCode::NOT_FOUND } else { StatusCode::OK };
    let typed: String = asked.code.chars().take(40).collect();
    let page = Page::public(&visit, l.t("Theo dõi nghi vấn", "Follow a case"));
    show_with(status, &FindPage { page, f: Entered::of([("code", typed)]), fault })
}

/// Codes are 40 random bits, but trying many is not for free.
async fn id_of(app: &App, visit: &Visit, code: &Code) -> Result<Option<i64>, Fail> {
    if !app.limiter.allow(&format!("case {}", visit.address), limit::PUBLIC_FORM, app.now()) {
        return Err(Fail::TooMany);
    }
    let row = app
        .store
        .query_one(sql!("SELECT id FROM doubt WHERE code = $1"), &params![code.as_str()])
        .await?;
    Ok(row.map(|row| row.get(0)).transpose()?)
}

/// A case as its reporter sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicCase {
    pub state: CaseState,
    pub reported_at: Micros,
    /// State, when it was reached, and the answer where it was closed.
    pub steps: Vec<(CaseState, Micros, String)>,
}

/// The public view of a case.
pub async fn public(app: &App, id: i64) -> Result<PublicCase, Fail> {
    let row = app
        .store
        .query_one(sql!("SELECT state, reported_at FROM doubt WHERE id = $1"), &params![id])
        .await?
        .ok_or(Fail::NotFound)?;
    let code: String = row.get(0)?;
    let reported_at: Micros = row.get(1)?;
    let notes = app
        .store
        .query(
            sql!("SELECT state, note, written_at FROM doubt_note WHERE doubt = $1 ORDER BY id"),
            &params![id],
        )
        .await?;
    let mut steps = vec![(CaseState::Received, reported_at, String::new())];
    for note in &notes {
        let state: String = note.get(0)?;
        let Some(state) = CaseState::of_code(&state) else { continue };
        // Notes without a change of state are the office's own.
        if state > steps.last().map_or(CaseState::Received, |step| step.0) {
            let answer = if state == CaseState::Closed { note.get(1)? } else { String::new() };
            steps.push((state, note.get(2)?, answer));
        }
    }
    Ok(PublicCase {
        state: CaseState::of_code(&code).unwrap_or(CaseState::Received),
        reported_at,
        steps,
    })
}

struct StepRow {
    label: &'static str,
    when: String,
    answer: String,
}

#[derive(Template)]
#[template(path = "feedback/case.html")]
struct CasePage {
    page: Page,
    code: String,
    state: CaseState,
    label: &'static str,
    steps: Vec<StepRow>,
    new: bool,
}

/// `GET /cases/{code}`
pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Path(code): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fail> {
    let l: L = visit.l;
    let code = Code::parse_kind(Kind::Case, &code).map_err(|_| Fail::NotFound)?;
    let id = id_of(&app, &visit, &code).await?.ok_or(Fail::NotFound)?;
    let case = public(&app, id).await?;
    let steps = case
        .steps
        .into_iter()
        .map(|(state, at, answer)| StepRow {
            label: state.label(l),
            when: text::moment(&l, &at),
            answer,
        })
        .collect();
    show(&CasePage {
        page: Page::public(&visit, l.t("Nghi vấn đã báo", "A reported doubt")),
        code: code.grouped(),
        state: case.state,
        label: case.state.label(l),
        steps,
        new: asked.new == "1",
    })
}
