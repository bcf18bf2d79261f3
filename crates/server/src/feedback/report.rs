//! Reporting a doubt: one question, an optional contact, and a code to follow it by.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use stamp::{Code, Kind};
use store::{params, sql};

use super::State as CaseState;
use crate::app::App;
use crate::resolve::address::{self, Target};
use crate::resolve::lookup;
use crate::shared::form::{Entered, Form};
use crate::shared::guard::Visit;
use crate::shared::page::{Page, go, show, show_with};
use crate::shared::{Fail, audit, limit};

/// The audit trail's actor where nobody is signed in.
const ANYONE: i64 = 0;

#[derive(Deserialize, Default)]
pub(super) struct Asked {
    #[serde(default)]
    link: String,
}

#[derive(Template)]
#[template(path = "feedback/doubt.html")]
struct DoubtPage {
    page: Page,
    f: Entered,
}

fn render(visit: &Visit, f: Entered) -> DoubtPage {
    DoubtPage { page: Page::public(visit, visit.l.t("Báo nghi vấn", "Report a doubt")), f }
}

/// `GET /doubt?link=…`
pub(super) async fn page(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Fail> {
    let link: String = asked.link.chars().filter(|c| !c.is_control()).take(500).collect();
    show(&render(&visit, Entered::of([("link", link)])))
}

/// `POST /doubt`
pub(super) async fn submit(
    State(app): State<App>,
    visit: Visit,
    mut form: Form,
) -> Result<Response, Fail> {
    if !app.limiter.allow(&format!("doubt {}", visit.address), limit::PUBLIC_FORM, app.now()) {
        return Err(Fail::TooMany);
    }
    let link = form.optional("link", 500);
    let message = form.lines("message", 2_000);
    let contact = form.optional("contact", 200);
    if message.trim().is_empty() && form.entered.fault("message").is_none() {
        form.fault(
            "message",
            "Hãy cho biết điều gì làm bạn nghi ngờ.",
            "Say what makes you doubt.",
        );
    }
    if !form.sound() {
        return show_with(StatusCode::UNPROCESSABLE_ENTITY, &render(&visit, form.entered));
    }
    let code = report(&app, &Report { link, message, contact }).await?;
    Ok(go(&format!("/cases/{code}?new=1")))
}

/// What somebody reports.
#[derive(Debug, Clone)]
pub struct Report {
    /// The address that was scanned, or whatever was typed.
    pub link: String,
    pub message: String,
    /// How to reach the reporter; may be empty. Shown to staff only.
    pub contact: String,
}

/// Opens a case and returns the code that its reporter follows it by.
pub async fn report(app: &App, report: &Report) -> Result<Code, Fail> {
    let lot = lot_of(app, &report.link).await?;
    loop {
        let code = app.draw(|rng| Code::random(Kind::Case, rng));
        let id = app.id();
        let mut tx = app.store.begin().await?;
        let made = tx
            .execute(
                sql!(
                    "INSERT INTO doubt (id, code, link, lot, message, contact, state, reported_at)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING"
                ),
                &params![
                    id,
                    code.as_str(),
                    &*report.link,
                    lot,
                    &*report.message,
                    &*report.contact,
                    CaseState::Received.code(),
                    app.now()
                ],
            )
            .await?;
        if made == 0 {
            // 40 random bits met: draw again.
            tx.rollback().await?;
            continue;
        }
        let change = audit::Change {
            subject_kind: "doubt",
            subject: id,
            action: "report",
            organisation: None,
            before: json!({}),
            after: json!({"state": CaseState::Received.code(), "lot": lot}),
        };
        audit::record(app, &mut tx, ANYONE, change).await?;
        tx.commit().await?;
        metrics::counter!("doubts_reported_total").increment(1);
        return Ok(code);
    }
}

/// The lot that a link speaks of, where it is one of ours.
async fn lot_of(app: &App, link: &str) -> Result<Option<i64>, Fail> {
    let Some(address) = read(link) else { return Ok(None) };
    let found = match address.target {
        Target::Item { serial, .. } => lookup::stamp(app, &serial).await?.map(|stamp| stamp.of),
        Target::Lot { gtin, lot } => lookup::lot(app, &gtin, &lot).await?,
        Target::Code(code) if code.kind() == Kind::Trace => {
            lookup::lot_by_trace(app, code.as_str()).await?
        }
        _ => None,
    };
    Ok(found.map(|lot| lot.lot))
}

/// Reads a link or a bare code.
fn read(link: &str) -> Option<address::Address> {
    if let Ok(parsed) = gs1::Link::parse(link) {
        return address::of_parsed(&parsed).ok();
    }
    let last = link.trim_end_matches('/').rsplit('/').next()?;
    address::of_code(last.split(['?', '#']).next()?).ok()
}
