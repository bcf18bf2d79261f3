//! The producer's side of the gate: the record as buyers will see it, what is missing, what came
//! back with which reasons, and sending it.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde_json::json;
use store::{params, sql};

use super::draw;
use super::fields::{self, Field};
use super::record::PublicRecord;
use crate::app::App;
use crate::lots::{self, Lot};
use crate::organisations;
use crate::shared::form::Form;
use crate::shared::guard::{Ids, Visit};
use crate::shared::page::{Page, go, show};
use crate::shared::{Fail, audit, text};

/// What became of the last submission of a lot.
pub struct Last {
    pub id: i64,
    pub state: String,
    pub number: i64,
    pub when: String,
    /// Reasons by field key; the empty key holds the general one.
    pub reasons: BTreeMap<String, String>,
}

#[derive(Template)]
#[template(path = "review/record.html")]
struct RecordPage {
    page: Page,
    org: i64,
    lot: Lot,
    record: PublicRecord,
    fields: Vec<Field>,
    last: Option<Last>,
    published: Option<String>,
}

/// The last submission of a lot.
pub async fn last(app: &App, visit: &Visit, lot: i64) -> Result<Option<Last>, Fail> {
    let found = app
        .store
        .query_one(
            sql!(
                "SELECT id, state, number, COALESCE(decided_at, submitted_at), reasons FROM submission
                 WHERE lot = $1 ORDER BY number DESC LIMIT 1"
            ),
            &params![lot],
        )
        .await?;
    let Some(row) = found else { return Ok(None) };
    let reasons: String = row.get(4)?;
    Ok(Some(Last {
        id: row.get(0)?,
        state: row.get(1)?,
        number: row.get(2)?,
        when: text::moment(&visit.l, &row.get(3)?),
        reasons: serde_json::from_str(&reasons).unwrap_or_default(),
    }))
}

/// `GET /org/{org}/lots/{lot}/record`
pub async fn page(State(app): State<App>, visit: Visit, ids: Ids) -> Result<Response, Fail> {
    let (org, lot) = (ids.get("org")?, ids.get("lot")?);
    let lot = lots::load(&app, org, lot).await?;
    let record = draw::record(&app, &lot).await?;
    let published = app
        .store
        .query_one(sql!("SELECT published_at FROM publication WHERE lot = $1"), &params![lot.id])
        .await?
        .map(|row| row.get(0).map(|at| text::moment(&visit.l, &at)))
        .transpose()?;
    let title = format!("{} {}", visit.l.t("Hồ sơ lô", "Record of lot"), lot.code);
    let name = organisations::name(&app, org).await?;
    show(&RecordPage {
        page: Page::of_organisation(&visit, title, org, &name),
        org,
        fields: fields::of(&record, visit.l),
        last: last(&app, &visit, lot.id).await?,
        lot,
        record,
        published,
    })
}

/// `POST /org/{org}/lots/{lot}/submit`
pub async fn submit(
    State(app): State<App>,
    visit: Visit,
    ids: Ids,
    _form: Form,
) -> Result<Response, Fail> {
    let (org, lot) = (ids.get("org")?, ids.get("lot")?);
    lay_before(&app, visit.actor()?, org, lot).await?;
    Ok(go(&format!("/org/{org}/lots/{lot}/record?done=sent")))
}

/// Draws the record up and lays it before the reviewer; one that still waits is replaced.
pub async fn lay_before(app: &App, actor: i64, org: i64, lot: i64) -> Result<i64, Fail> {
    organisations::accepted(app, org).await?;
    let lot = lots::load(app, org, lot).await?;
    let mut record = draw::record(app, &lot).await?;
    if record.journey.is_empty() {
        return Err(Fail::refused(
            "Lô chưa có bước nào trong nhật ký nên chưa gửi duyệt được.",
            "The lot's diary has no step yet, so there is nothing to review.",
        ));
    }
    if !record.authors.contains(&actor) {
        record.authors.push(actor);
    }
    let json = serde_json::to_string(&record).map_err(Fail::internal)?;
    let id = app.id();
    let mut tx = app.store.begin().await?;
    let last = tx
        .query_one(
            sql!("SELECT COALESCE(MAX(number), 0) FROM submission WHERE lot = $1"),
            &params![lot.id],
        )
        .await?
        .map_or(Ok(0), |row| row.get::<i64>(0))?;
    tx.execute(
        sql!("UPDATE submission SET state = 'replaced' WHERE lot = $1 AND state = 'submitted'"),
        &params![lot.id],
    )
    .await?;
    tx.execute(
        sql!(
            "INSERT INTO submission (id, lot, organisation, number, state, record, missing, submitted_by,
               submitted_at, reasons) VALUES ($1, $2, $3, $4, 'submitted', $5, $6, $7, $8, '{}')"
        ),
        &params![id, lot.id, org, last + 1, json, record.missing.len() as i64, actor, app.now()],
    )
    .await?;
    let change = audit::Change {
        subject_kind: "lot",
        subject: lot.id,
        action: "submit",
        organisation: Some(org),
        before: json!({}),
        after: json!({"submission": last + 1, "missing": record.missing.len()}),
    };
    audit::record(app, &mut tx, actor, change).await?;
    tx.commit().await?;
    Ok(id)
}
