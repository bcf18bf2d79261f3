//! The simple event query of the EPCIS REST binding: `GET /epcis/events` with its filters, and one
//! event by its id. A key sees what its organisation may see (`sight`). Paging is by key, not by
//! count: what is written meanwhile neither repeats nor hides an event.

mod filter;
mod find;
mod format;
mod resources;
mod token;

use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use epcis::{EventTime, Query};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use store::{Filter, Logged};

use crate::app::App;
use crate::capture::problem;
use crate::identity::key::{KeyHolder, Right};
use crate::shared::Fail;
use crate::shared::guard::{Access, Routes, Visit};
use crate::sight;

pub use find::{Found, find, since};
use format::Format;

/// Kept as they are in an address, so that ids stay legible.
const SEGMENT: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b':');

pub fn routes(routes: Routes) -> Routes {
    resources::routes(routes)
        .get("/epcis/events", Access::Key(Right::Query), events)
        .options("/epcis/events", Access::Public, options)
        .get("/epcis/events/{event}", Access::Key(Right::Query), one)
        .options("/epcis/events/{event}", Access::Public, resources::options)
}

/// Where an event is found by its id.
pub fn address_of(event_id: &str) -> String {
    format!("/epcis/events/{}", utf8_percent_encode(event_id, SEGMENT))
}

/// The decoded names and values of a query string.
pub fn pairs(query: &str) -> Vec<(String, String)> {
    let decode =
        |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        })
        .collect()
}

/// Says where the next page is (RFC 8288).
pub(crate) fn next_link(
    response: &mut Response,
    path: &str,
    asked: &[(&str, &str)],
    token: &str,
) -> Result<(), Fail> {
    let encode = |text: &str| utf8_percent_encode(text, SEGMENT).to_string();
    let mut query: Vec<String> =
        asked.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    query.push(format!("nextPageToken={}", encode(token)));
    let value = format!("<{path}?{}>; rel=\"next\"", query.join("&"));
    let value = HeaderValue::from_str(&value).map_err(Fail::internal)?;
    response.headers_mut().insert(header::LINK, value);
    // Tokens do not expire: they are places in the log.
    response
        .headers_mut()
        .insert("gs1-next-page-token-expires", HeaderValue::from_static("9999-12-31T23:59:59Z"));
    Ok(())
}

/// `OPTIONS /epcis/events`
pub async fn options() -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    problem::put_versions(response.headers_mut());
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("OPTIONS, GET, POST"));
    response
}

/// The time at which an event was recorded, on the clocks of the place it speaks of.
pub fn record_time(logged: &Logged) -> EventTime {
    EventTime {
        micros: logged.record_time,
        offset_minutes: i16::try_from(logged.offset_minutes).unwrap_or(0),
    }
}

/// `GET /epcis/events/{eventID}`
async fn one(
    State(app): State<App>,
    visit: Visit,
    holder: KeyHolder,
    format: Format,
    Path(id): Path<String>,
) -> Result<Response, Fail> {
    let filter = Filter {
        event_ids: vec![id],
        sight: sight::of(&app, holder.organisation).await?,
        limit: 1,
        ..Filter::default()
    };
    let found = app.store.events(&filter).await?.events.into_iter().next();
    let logged = found.ok_or(Fail::NotFound)?;
    format.event(&visit, logged, now(&app))
}

/// The time of an answer, on the clocks here.
fn now(app: &App) -> EventTime {
    EventTime { micros: app.now(), offset_minutes: crate::shared::text::OFFSET_MINUTES }
}

/// `GET /epcis/events`
async fn events(
    State(app): State<App>,
    visit: Visit,
    holder: KeyHolder,
    format: Format,
    RawQuery(query): RawQuery,
) -> Result<Response, Fail> {
    let asked = pairs(query.as_deref().unwrap_or_default());
    events_at(&app, &visit, &holder, format, "/epcis/events", asked, None).await
}

/// The events that answer a query, at the address `path`; `narrowed` is a condition that the address says.
async fn events_at(
    app: &App,
    visit: &Visit,
    holder: &KeyHolder,
    format: Format,
    path: &str,
    mut asked: Vec<(String, String)>,
    narrowed: Option<(String, String)>,
) -> Result<Response, Fail> {
    asked.retain(|(name, _)| name != "lang");
    let query = match Query::parse(asked.iter().chain(&narrowed).map(|(name, value)| (name, value)))
    {
        Ok(query) => query,
        Err(faults) => return Ok(problem::invalid(visit.l, "QueryParameterException", &faults)),
    };
    // These need the register's hierarchy and attributes, and an order that the log does not keep.
    let by_field = matches!(query.order_by, Some(epcis::query::OrderBy::Field(_)));
    if by_field || !query.within.is_empty() || !query.attributes.is_empty() {
        let title = visit.l.t(
            "Máy chủ này chưa trả lời WD_, HASATTR_, EQATTR_ và orderBy theo trường mở rộng",
            "This server does not answer WD_, HASATTR_, EQATTR_ and orderBy by an extension field yet",
        );
        let status = StatusCode::BAD_REQUEST;
        return Ok(problem::problem(status, "QueryParameterException", title, "", &[]));
    }
    let found = match find(app, holder.organisation, &query).await? {
        Found::Page { events, next } => (events, next),
        Found::TooMany(most) => {
            let title =
                visit.l.t("Có nhiều sự kiện hơn số cho phép", "There are more events than allowed");
            let detail = format!("maxEventCount={most}");
            return Ok(problem::problem(
                StatusCode::PAYLOAD_TOO_LARGE,
                "QueryTooLargeException",
                title,
                &detail,
                &[],
            ));
        }
        Found::BadToken => {
            let title = visit.l.t(
                "nextPageToken không hợp với truy vấn này",
                "This nextPageToken does not belong to this query",
            );
            return Ok(problem::problem(
                StatusCode::BAD_REQUEST,
                "QueryParameterException",
                title,
                "nextPageToken",
                &[],
            ));
        }
    };
    let (events, next) = found;
    let mut response = format.query_document(visit, &events, now(app))?;
    if let Some(token) = next {
        let again: Vec<(&str, &str)> = asked
            .iter()
            .filter(|(name, _)| name != "nextPageToken")
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        next_link(&mut response, path, &again, &token)?;
    }
    Ok(response)
}
