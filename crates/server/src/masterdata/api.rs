//! `GET /api/vocabularies`: master data for programs, our own addresses. EPCIS 2.0 dropped the query for master data from
//! its REST binding (it is left to SOAP), and those who captured some want it back.

use axum::extract::{Path, RawQuery, State};
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use epcis::EventTime;
use epcis::master::canonical_type;
use serde_json::json;

use super::described;
use super::find::{Element, assertions, page, vocabularies};
use crate::app::{App, Micros};
use crate::capture::problem;
use crate::identity::key::{KeyHolder, Right};
use crate::query::{next_link, pairs, place, segment};
use crate::shared::Fail;
use crate::shared::guard::{Access, Routes, Visit};

/// Members a page where none is asked, and at most.
const PER_PAGE: usize = 30;
const MOST: usize = 1_000;
/// The types of the standard's vocabularies; in addresses they stand without it.
const STANDARD: &str = "urn:epcglobal:epcis:vtype:";

const ASK: Access = Access::Key(Right::Query);

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .api(Method::GET, "/api/vocabularies", ASK, described::types(), types)
        .api(Method::GET, "/api/vocabularies/{type}", ASK, described::elements(), elements)
        .api(Method::GET, "/api/vocabularies/{type}/{name}", ASK, described::one(), one)
        .api(
            Method::GET,
            "/api/vocabularies/{type}/{name}/assertions",
            ASK,
            described::history(),
            history,
        )
}

/// What may stand behind the question mark.
#[derive(Default)]
struct Asked {
    /// As known at this time.
    at: Option<Micros>,
    per_page: Option<usize>,
    after: Option<String>,
}

impl Asked {
    /// The inner error is an answer that is ready.
    async fn read(
        app: &App,
        visit: &Visit,
        holder: &KeyHolder,
        query: Option<&str>,
    ) -> Result<Result<Asked, Response>, Fail> {
        let mut asked = Asked::default();
        for (name, value) in pairs(query.unwrap_or_default()) {
            let right = match name.as_str() {
                "at" => {
                    asked.at = EventTime::parse(&value).ok().map(|time| time.micros);
                    asked.at.is_some()
                }
                "perPage" => {
                    asked.per_page = value.parse().ok().filter(|count| (1..=MOST).contains(count));
                    asked.per_page.is_some()
                }
                "nextPageToken" => {
                    asked.after = place(app, holder.organisation, &value).await?;
                    asked.after.is_some()
                }
                "lang" => true,
                _ => false,
            };
            if !right {
                return Ok(Err(bad_parameter(visit, &name)));
            }
        }
        Ok(Ok(asked))
    }

    fn per_page(&self) -> usize {
        self.per_page.unwrap_or(PER_PAGE)
    }
}

fn bad_parameter(visit: &Visit, name: &str) -> Response {
    let title = visit.l.t("Tham số sai", "A parameter is wrong");
    let known = visit.l.t(
        "at (thời điểm RFC 3339), perPage (1–1000), nextPageToken",
        "at (an instant of RFC 3339), perPage (1–1000), nextPageToken",
    );
    let detail = format!("{name}: {known}");
    problem::problem(StatusCode::BAD_REQUEST, "QueryParameterException", title, &detail, &[])
}

/// The type that an address means: `Location`, or the whole URI.
fn type_of(written: &str) -> String {
    if written.contains(':') {
        return canonical_type(written).into_owned();
    }
    canonical_type(&format!("{STANDARD}{written}")).into_owned()
}

fn address_of(kind: &str) -> String {
    format!("/api/vocabularies/{}", segment(kind.strip_prefix(STANDARD).unwrap_or(kind)))
}

fn instant(at: Micros) -> String {
    EventTime { micros: at, offset_minutes: 0 }.utc_text()
}

/// The element as it was said, and when, by which capture job.
fn as_json(element: &Element) -> String {
    let mut text = element.said.to_json();
    text.pop();
    let told = json!({
        "assertedAt": instant(element.asserted_at),
        "supersededAt": element.superseded_at.map(instant),
        "captureID": element.job,
    });
    // One object out of two: the braces that meet become a comma.
    text.push(',');
    text.push_str(&told.to_string()[1..]);
    text
}

fn answer(body: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

fn members(elements: &[Element]) -> Response {
    let list: Vec<String> = elements.iter().map(as_json).collect();
    answer(format!("{{\"member\":[{}]}}", list.join(",")))
}

/// `GET /api/vocabularies`
async fn types(State(app): State<App>, holder: KeyHolder) -> Result<Response, Fail> {
    let found = vocabularies(&app, holder.organisation).await?;
    let list: Vec<_> = found
        .iter()
        .map(|(kind, count)| json!({"type": kind, "elements": count, "href": address_of(kind)}))
        .collect();
    Ok(answer(json!({"member": list}).to_string()))
}

/// `GET /api/vocabularies/{type}`: by name, a page at a time, as known now or `at` a time.
async fn elements(
    State(app): State<App>,
    visit: Visit,
    holder: KeyHolder,
    Path(kind): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Fail> {
    let asked = match Asked::read(&app, &visit, &holder, query.as_deref()).await? {
        Ok(asked) => asked,
        Err(answer) => return Ok(answer),
    };
    let kind = type_of(&kind);
    let (count, after) = (asked.per_page(), asked.after.as_deref().unwrap_or_default());
    let mut found = page(&app, holder.organisation, &kind, after, asked.at, count + 1).await?;
    let more = found.len() > count;
    found.truncate(count);
    let mut response = members(&found);
    if let Some(last) = found.last().filter(|_| more) {
        let count = count.to_string();
        let at = asked.at.map(instant);
        let mut again = vec![("perPage", count.as_str())];
        again.extend(at.as_deref().map(|at| ("at", at)));
        next_link(&app, &mut response, &address_of(&kind), &again, &last.name)?;
    }
    Ok(response)
}

/// `GET /api/vocabularies/{type}/{name}`: as known now or `at` a time.
async fn one(
    State(app): State<App>,
    visit: Visit,
    holder: KeyHolder,
    Path((kind, name)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Response, Fail> {
    let asked = match Asked::read(&app, &visit, &holder, query.as_deref()).await? {
        Ok(asked) => asked,
        Err(answer) => return Ok(answer),
    };
    let before = asked.at.map(|at| at + 1);
    let found = assertions(&app, holder.organisation, &type_of(&kind), &name, before, 1).await?;
    Ok(answer(as_json(found.first().ok_or(Fail::NotFound)?)))
}

/// `GET /api/vocabularies/{type}/{name}/assertions`: all that was said of it, the newest first.
async fn history(
    State(app): State<App>,
    visit: Visit,
    holder: KeyHolder,
    Path((kind, name)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Response, Fail> {
    let asked = match Asked::read(&app, &visit, &holder, query.as_deref()).await? {
        Ok(asked) => asked,
        Err(answer) => return Ok(answer),
    };
    let before = match asked.after.as_deref().map(str::parse) {
        None => asked.at.map(|at| at + 1),
        Some(Ok(before)) => Some(before),
        Some(Err(_)) => return Ok(bad_parameter(&visit, "nextPageToken")),
    };
    let (kind, count) = (type_of(&kind), asked.per_page());
    let mut found = assertions(&app, holder.organisation, &kind, &name, before, count + 1).await?;
    if found.is_empty() {
        return Err(Fail::NotFound);
    }
    let more = found.len() > count;
    found.truncate(count);
    let mut response = members(&found);
    if let Some(last) = found.last().filter(|_| more) {
        let path = format!("{}/{}/assertions", address_of(&kind), segment(&name));
        let count = count.to_string();
        next_link(
            &app,
            &mut response,
            &path,
            &[("perPage", &count)],
            &last.asserted_at.to_string(),
        )?;
    }
    Ok(response)
}
