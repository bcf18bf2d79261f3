//! Subscriptions in the REST binding: `/queries/{queryName}/subscriptions`.

use axum::extract::{Path, RawQuery, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use epcis::EventTime;
use serde_json::{Value, json};

use super::body::{self, Asked};
use super::failure::sentence;
use super::letters;
use super::register::{self, MOST, Subscription};
use crate::app::{App, Micros};
use crate::capture::problem;
use crate::identity::key::KeyHolder;
use crate::query::named::{self, answer_json, json_body, no_such_query, paging, wrong_body};
use crate::query::negotiate::Spelling;
use crate::query::next_link;
use crate::shared::guard::Visit;
use crate::shared::{Fail, L};

fn instant(at: Micros) -> String {
    EventTime { micros: at, offset_minutes: 0 }.utc_text()
}

impl Subscription {
    /// As the binding shows it, without the secret; and how it fares, which the binding leaves to us.
    fn shown(&self, l: L, letters: i64) -> Value {
        let (epc, _) = self.format.spelling.codes();
        let mut shown = json!({
            "subscriptionID": self.id.to_string(),
            "queryName": self.query_name,
            "dest": self.dest,
            "createdAt": instant(self.created_at),
            "minRecordTime": instant(self.executed_at.or(self.initial_record_time).unwrap_or(self.created_at)),
            "epcFormat": epc,
            "format": self.format.syntax.media_type(),
            "signed": !self.signature_token.is_empty(),
            "state": if self.attempts == 0 { "active" } else { "retrying" },
            "attempts": self.attempts,
            "deadLetters": letters,
        });
        match &self.schedule {
            None => shown["stream"] = json!(true),
            Some(schedule) => {
                shown["schedule"] = schedule.to_json();
                shown["reportIfEmpty"] = json!(self.report_if_empty);
            }
        }
        if self.schedule.is_some() || self.attempts > 0 {
            shown["nextAt"] = json!(instant(self.next_at));
        }
        let times = [
            ("initialRecordTime", self.initial_record_time),
            ("lastNotifiedAt", self.notified_at),
            ("lastFailedAt", self.failed_at),
        ];
        for (name, time) in times {
            if let Some(time) = time {
                shown[name] = json!(instant(time));
            }
        }
        if !self.failure.is_empty() {
            shown["lastError"] = json!(sentence(l, &self.failure));
        }
        shown
    }
}

fn address_of(one: &Subscription) -> String {
    format!("{}/subscriptions/{}", named::address_of(&one.query_name), one.id)
}

/// `POST /epcis/queries/{queryName}/subscriptions`
pub(super) async fn post(
    State(app): State<App>,
    visit: Visit,
    holder: KeyHolder,
    Path(name): Path<String>,
    request: Request,
) -> Result<Response, Fail> {
    let l = visit.l;
    let Some(query) = named::load(&app, holder.organisation, &name).await? else {
        return Ok(no_such_query(l, &name));
    };
    let spelling = Spelling::of(request.headers()).map_err(Fail::internal)?;
    let body = match json_body(l, request).await? {
        Ok(body) => body,
        Err(answer) => return Ok(answer),
    };
    const EXCEPTION: &str = "SubscriptionControlsException";
    let asked = match Asked::read(&body, app.config.webhooks.to_loopback) {
        Ok(asked) => asked,
        Err(wrong) => return Ok(wrong_body(l, EXCEPTION, &wrong)),
    };
    if let Some(wrong) = body::unfit_to_follow(&query.query) {
        return Ok(wrong_body(l, EXCEPTION, &[wrong]));
    }
    let Some(one) = register::create(&app, &holder, &name, &asked, spelling).await? else {
        let title = l.t(
            "Đơn vị đã có quá nhiều đăng ký nhận",
            "Your organisation has too many subscriptions",
        );
        let detail = l.t("Bỏ bớt đăng ký không dùng nữa.", "End some that are no longer used.");
        let detail = format!("{detail} ({MOST})");
        return Ok(problem::problem(
            StatusCode::FORBIDDEN,
            "SecurityException",
            title,
            &detail,
            &[],
        ));
    };
    let mut response = answer_json(StatusCode::CREATED, &one.shown(l, 0));
    let location = HeaderValue::from_str(&address_of(&one)).map_err(Fail::internal)?;
    response.headers_mut().insert(header::LOCATION, location);
    Ok(response)
}

/// `GET /epcis/queries/{queryName}/subscriptions`: the oldest first, a page at a time.
pub(super) async fn all(
    State(app): State<App>,
    visit: Visit,
    holder: KeyHolder,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Fail> {
    let owner = holder.organisation;
    if !named::exists(&app, owner, &name).await? {
        return Ok(no_such_query(visit.l, &name));
    }
    let asked = match paging(&app, &visit, &holder, query.as_deref().unwrap_or_default()).await? {
        Ok(asked) => asked,
        Err(answer) => return Ok(answer),
    };
    let after = asked.after.parse().unwrap_or(0);
    let mut found = register::list(&app, owner, &name, after, asked.count + 1).await?;
    let more = found.len() > asked.count;
    found.truncate(asked.count);
    let mut shown = Vec::with_capacity(found.len());
    for one in &found {
        shown.push(one.shown(visit.l, letters::count(&app, one.id).await?));
    }
    let mut response = answer_json(StatusCode::OK, &Value::Array(shown));
    if let Some(last) = found.last().filter(|_| more) {
        let path = format!("{}/subscriptions", named::address_of(&name));
        let count = asked.count.to_string();
        next_link(&app, &mut response, &path, &[("perPage", &count)], &last.id.to_string())?;
    }
    Ok(response)
}

/// The answer to an id that no subscription to the query has.
fn no_such_subscription(l: L, id: &str) -> Response {
    let title = l.t("Truy vấn không có đăng ký nhận này", "The query has no such subscription");
    problem::problem(StatusCode::NOT_FOUND, "NoSuchNameException", title, id, &[])
}

/// `GET /epcis/queries/{queryName}/subscriptions/{subscriptionID}`
pub(super) async fn one(
    State(app): State<App>,
    visit: Visit,
    holder: KeyHolder,
    Path((name, id)): Path<(String, String)>,
) -> Result<Response, Fail> {
    let found = match id.parse() {
        Ok(id) => register::load(&app, holder.organisation, &name, id).await?,
        Err(_) => None,
    };
    let Some(one) = found else { return Ok(no_such_subscription(visit.l, &id)) };
    let letters = letters::count(&app, one.id).await?;
    Ok(answer_json(StatusCode::OK, &one.shown(visit.l, letters)))
}

/// `DELETE /epcis/queries/{queryName}/subscriptions/{subscriptionID}`
pub(super) async fn delete(
    State(app): State<App>,
    visit: Visit,
    holder: KeyHolder,
    Path((name, id)): Path<(String, String)>,
) -> Result<Response, Fail> {
    let ended = match id.parse() {
        Ok(id) => register::end(&app, holder.made_by, holder.organisation, Some(&name), id).await?,
        Err(_) => false,
    };
    if !ended {
        return Ok(no_such_subscription(visit.l, &id));
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    problem::put_versions(response.headers_mut());
    Ok(response)
}
