//! The simple event query of the EPCIS REST binding: `GET /epcis/events` with its filters, and one
//! event by its id. A key sees what its organisation may see (`sight`). Paging is by key, not by
//! count: what is written meanwhile neither repeats nor hides an event.

pub(crate) mod described;
mod filter;
mod find;
pub mod format;
pub mod named;
pub mod negotiate;
mod pages;
mod resources;
mod token;

use axum::extract::{Path, RawQuery, State};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use epcis::{EventTime, Query};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use store::{Filter, Logged};

use crate::app::App;
use crate::capture::problem;
use crate::identity::key::{KeyHolder, Right};
use crate::shared::Fail;
use crate::shared::guard::{Access, Routes, Visit};
use crate::sight;

pub use find::{Bounds, Found, find, find_within, since};
use format::{Format, Title};
use negotiate::{Prefixes, discoverable};
pub use pages::{bad_token, next_link, place, sweep};

/// The name of the query that everybody has (EPCIS 2.0 §8.2.7.1): with no parameters, all events.
pub const SIMPLE: &str = "SimpleEventQuery";

/// Whoever asks.
const ASK: Access = Access::Key(Right::Query);

/// Kept as they are in an address, so that ids stay legible.
const SEGMENT: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b':');

pub fn routes(routes: Routes) -> Routes {
    let ended = "/epcis/nextPageToken/{token}";
    let routes = named::routes(resources::routes(routes))
        .api(Method::GET, "/epcis/events", ASK, described::query(), events)
        .api(Method::GET, "/epcis/events/{event}", ASK, described::event(), one)
        .api(Method::DELETE, ended, ASK, described::end_token(), pages::end);
    let routes = discoverable(routes, "/epcis/events", "OPTIONS, GET, POST", "eventsOptions");
    discoverable(routes, "/epcis/events/{event}", "OPTIONS, GET", "eventOptions")
}

/// Where an event is found by its id.
pub fn address_of(event_id: &str) -> String {
    format!("/epcis/events/{}", segment(event_id))
}

/// A text as one segment of an address.
pub(crate) fn segment(text: &str) -> impl std::fmt::Display + '_ {
    utf8_percent_encode(text, SEGMENT)
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
pub fn now(app: &App) -> EventTime {
    EventTime { micros: app.now(), offset_minutes: crate::shared::text::OFFSET_MINUTES }
}

/// More would have to be read than one answer may take.
pub fn too_complex() -> Fail {
    Fail::TooComplex {
        vi: "Phải đọc quá nhiều sự kiện để trả lời; hãy thêm điều kiện về mã, thời gian, nơi hoặc bước."
            .to_owned(),
        en: "Too many events would have to be read; add a condition on an identifier, a time, a place or a step."
            .to_owned(),
    }
}

/// `GET /epcis/events`
async fn events(
    State(app): State<App>,
    visit: Visit,
    holder: KeyHolder,
    format: Format,
    prefixes: Prefixes,
    RawQuery(query): RawQuery,
) -> Result<Response, Fail> {
    let asked = pairs(query.as_deref().unwrap_or_default());
    let address = Address { path: "/epcis/events", asked, narrowed: None, prefixes };
    events_at(&app, &visit, &holder, format, address).await
}

/// What an address and the headers with it ask.
struct Address<'a> {
    path: &'a str,
    asked: Vec<(String, String)>,
    /// A condition that the path says.
    narrowed: Option<(String, String)>,
    prefixes: Prefixes,
}

/// The events that answer a query at an address.
async fn events_at(
    app: &App,
    visit: &Visit,
    holder: &KeyHolder,
    format: Format,
    address: Address<'_>,
) -> Result<Response, Fail> {
    let Address { path, mut asked, narrowed, mut prefixes } = address;
    asked.retain(|(name, _)| name != "lang");
    // The link to a next page is whole without the header that the first page was asked for with.
    if prefixes.text.is_empty()
        && let Some((_, token)) = asked.iter().find(|(name, _)| name == "nextPageToken")
    {
        let Ok(carried) = Prefixes::read(token::prefixes(token)) else {
            return Ok(bad_token(visit.l));
        };
        prefixes = carried;
    }
    let parameters = asked.iter().chain(&narrowed).map(|(name, value)| (name, value));
    let query = match Query::parse_in(&prefixes.context, parameters) {
        Ok(query) => query,
        Err(faults) => return Ok(problem::invalid(visit.l, "QueryParameterException", &faults)),
    };
    let asking = Asking { name: SIMPLE, query, path, asked, prefixes: prefixes.text };
    answer(app, visit, holder, format, asking).await
}

/// A query with where it is asked.
struct Asking<'a> {
    name: &'a str,
    query: Query,
    path: &'a str,
    /// What the address says beside its path, to be said again for the next page.
    asked: Vec<(String, String)>,
    /// What prefixes in it stand for.
    prefixes: String,
}

/// A page of the events that answer a query.
async fn answer(
    app: &App,
    visit: &Visit,
    holder: &KeyHolder,
    format: Format,
    asking: Asking<'_>,
) -> Result<Response, Fail> {
    let Asking { name, mut query, path, asked, prefixes } = asking;
    if let Some(token) = &query.next_page_token {
        let Some(place) = place(app, holder.organisation, token).await? else {
            return Ok(bad_token(visit.l));
        };
        query.next_page_token = Some(token::without_prefixes(&place).to_owned());
    }
    let (events, next) = match find(app, holder.organisation, &query).await? {
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
        Found::TooMuch => return Err(too_complex()),
        Found::BadToken => return Ok(bad_token(visit.l)),
    };
    let title = Title { query_name: name, subscription: None, created: now(app) };
    let mut response = format.query_document(visit, &events, title)?;
    if let Some(place) = next {
        let again: Vec<(&str, &str)> = asked
            .iter()
            .filter(|(name, _)| name != "nextPageToken")
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let place = token::with_prefixes(place, &prefixes);
        next_link(app, &mut response, path, &again, &place)?;
    }
    Ok(response)
}
