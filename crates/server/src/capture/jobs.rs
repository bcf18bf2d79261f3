//! Capture jobs: what became of each document that a program sent. A job is finished before its
//! address is answered, so nobody needs to poll; its record stays for later questions.

use axum::extract::{Path, RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use epcis::DocumentKind;
use serde_json::{Value, json};
use store::{Row, Tx, params, sql};

use super::{OnError, Outcome, problem};
use crate::app::{App, Micros};
use crate::identity::key::KeyHolder;
use crate::query::{bad_token, next_link, pairs, place};
use crate::shared::guard::Visit;
use crate::shared::{Fail, L};

/// Jobs a page where none is asked.
const PAGE: i64 = 30;

/// What a job is, before it has run.
pub(super) struct Job {
    pub(super) id: String,
    pub(super) started: Micros,
    pub(super) on_error: OnError,
    pub(super) kind: DocumentKind,
    /// How many events the document has.
    pub(super) events: usize,
}

/// A new job's id.
pub(super) fn new_id(app: &App) -> String {
    format!("job-{}", app.token())
}

/// Writes the record of a job.
pub(super) async fn write(
    app: &App,
    tx: &mut Tx,
    organisation: i64,
    job: &Job,
    outcome: &Outcome,
) -> Result<(), Fail> {
    let errors: Vec<Value> = outcome
        .refused
        .iter()
        .map(|one| json!({"rule": one.rule, "path": problem::path_in(job.kind, one), "vi": one.vi, "en": one.en}))
        .collect();
    tx.execute(
            sql!(
                "INSERT INTO capture_job (id, organisation, created_at, finished_at, success, error_behaviour, events,
                   duplicates, errors) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
            ),
            &params![
                &*job.id,
                organisation,
                job.started,
                app.now(),
                outcome.refused.is_empty(),
                job.on_error.code(),
                job.events as i64,
                outcome.duplicates() as i64,
                Value::Array(errors).to_string()
            ],
        )
        .await?;
    Ok(())
}

fn instant(at: Micros) -> String {
    epcis::EventTime { micros: at, offset_minutes: 0 }.utc_text()
}

fn as_json(row: &Row, l: L) -> Result<Value, Fail> {
    let errors: String = row.at("errors")?;
    let errors: Vec<Value> = serde_json::from_str(&errors).unwrap_or_default();
    let errors: Vec<Value> = errors
        .into_iter()
        .map(|one| {
            json!({
                "type": "epcisException:ValidationException",
                "title": l.t("Sự kiện không được nhận", "The event was refused"),
                "detail": one[l.code()], "rule": one["rule"], "path": one["path"],
                "line": 0, "column": 0, "message": one[l.code()],
            })
        })
        .collect();
    let id: String = row.at("id")?;
    let finished: Option<Micros> = row.at("finished_at")?;
    let success: bool = row.at("success")?;
    let behaviour: String = row.at("error_behaviour")?;
    let (events, duplicates): (i64, i64) = (row.at("events")?, row.at("duplicates")?);
    let created: Micros = row.at("created_at")?;
    Ok(json!({
        "captureID": id, "createdAt": instant(created), "finishedAt": finished.map(instant),
        "running": finished.is_none(), "success": success, "captureErrorBehaviour": behaviour,
        "events": events, "duplicates": duplicates, "errors": errors,
    }))
}

fn answer(body: &Value) -> Response {
    let mut response =
        (StatusCode::OK, [(header::CONTENT_TYPE, "application/json")], body.to_string())
            .into_response();
    problem::put_versions(response.headers_mut());
    response
}

/// `GET /epcis/capture/{job}`: one's own only.
pub async fn one(
    State(app): State<App>,
    visit: Visit,
    holder: KeyHolder,
    Path(job): Path<String>,
) -> Result<Response, Fail> {
    let row = app
        .store
        .query_one(
            sql!("SELECT * FROM capture_job WHERE id = $1 AND organisation = $2"),
            &params![&*job, holder.organisation],
        )
        .await?;
    Ok(answer(&as_json(&row.ok_or(Fail::NotFound)?, visit.l)?))
}

/// `GET /epcis/capture`: one's own jobs, newest first.
pub async fn list(
    State(app): State<App>,
    visit: Visit,
    holder: KeyHolder,
    RawQuery(query): RawQuery,
) -> Result<Response, Fail> {
    let (mut limit, mut before, mut after_id) = (PAGE, i64::MAX, String::new());
    for (name, value) in pairs(query.as_deref().unwrap_or_default()) {
        match name.as_str() {
            "perPage" => {
                limit =
                    value.parse().ok().filter(|count| (1..=1_000).contains(count)).unwrap_or(PAGE);
            }
            "nextPageToken" => {
                let place = place(&app, holder.organisation, &value).await?;
                let parts = place.as_deref().and_then(|place| place.split_once('.'));
                let parts = parts.and_then(|(at, id)| Some((at.parse().ok()?, id.to_owned())));
                let Some(parts) = parts else { return Ok(bad_token(visit.l)) };
                (before, after_id) = parts;
            }
            _ => {}
        }
    }
    let rows = app
        .store
        .query(
            sql!(
                "SELECT * FROM capture_job
                 WHERE organisation = $1 AND (created_at < $2 OR (created_at = $2 AND id < $3))
                 ORDER BY created_at DESC, id DESC LIMIT $4"
            ),
            &params![holder.organisation, before, &*after_id, limit + 1],
        )
        .await?;
    let more = rows.len() as i64 > limit;
    let shown: Vec<&Row> = rows.iter().take(limit as usize).collect();
    let jobs: Vec<Value> =
        shown.iter().map(|row| as_json(row, visit.l)).collect::<Result<_, _>>()?;
    let mut response = answer(&Value::Array(jobs));
    if let Some(last) = shown.last().filter(|_| more) {
        let (at, id): (Micros, String) = (last.at("created_at")?, last.at("id")?);
        next_link(
            &app,
            &mut response,
            "/epcis/capture",
            &[("perPage", &limit.to_string())],
            &format!("{at}.{id}"),
        )?;
    }
    Ok(response)
}
