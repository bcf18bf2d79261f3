//! Named queries (EPCIS 2.0 §12.7): questions that an organisation keeps under a name, to be asked again and subscribed to. A
//! definition never changes; another question is another query.

mod definition;
pub(crate) mod described;
mod register;

use axum::extract::{Path, RawQuery, Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use epcis::Query;
use serde_json::{Value, json};

use super::format::Format;
use super::negotiate::{Prefixes, discoverable};
use super::{ASK, Asking, answer, bad_token, next_link, pairs, place};
use crate::app::App;
use crate::capture::problem;
use crate::identity::key::KeyHolder;
use crate::shared::guard::{Routes, Visit};
use crate::shared::{Fail, L, form};
use crate::subscriptions;

pub use definition::{Named, Wrong, object};
pub use register::{Creating, create, exists, is_hidden, list, load, load_kept, remove};

/// Queries a page where none is asked, and at most.
const PER_PAGE: usize = 30;
const MOST: usize = 1_000;

pub(super) fn routes(routes: Routes) -> Routes {
    let (every, named, its_events) =
        ("/epcis/queries", "/epcis/queries/{queryName}", "/epcis/queries/{queryName}/events");
    let routes = routes
        .api(Method::GET, every, ASK, described::all(), all)
        .api(Method::POST, every, ASK, described::post(), post)
        .api(Method::GET, named, ASK, described::one(), one)
        .api(Method::DELETE, named, ASK, described::delete(), delete)
        .api(Method::GET, its_events, ASK, described::events(), events);
    let routes = discoverable(routes, every, "OPTIONS, GET, POST", "queriesOptions");
    let routes = discoverable(routes, named, "OPTIONS, GET, DELETE", "queryOptions");
    discoverable(routes, its_events, "OPTIONS, GET", "queryEventsOptions")
}

/// Where a query is found by its name.
pub fn address_of(name: &str) -> String {
    format!("/epcis/queries/{}", percent_encoding::utf8_percent_encode(name, super::SEGMENT))
}

/// The answer to a name that no query of the organisation has.
pub fn no_such_query(l: L, name: &str) -> Response {
    let title =
        l.t("Đơn vị không có truy vấn tên này", "Your organisation has no query of this name");
    problem::problem(StatusCode::NOT_FOUND, "NoSuchNameException", title, name, &[])
}

/// Answers what is wrong with a body.
pub fn wrong_body(l: L, exception: &str, wrong: &[Wrong]) -> Response {
    let title = l.t(
        "Nội dung gửi lên có lỗi; chưa có gì được lưu",
        "What was sent has faults; nothing was stored",
    );
    let detail = wrong.first().map(|one| one.sentence(l)).unwrap_or_default();
    let lines: Vec<Value> = wrong.iter().map(|one| one.line(l)).collect();
    problem::problem(StatusCode::BAD_REQUEST, exception, title, detail, &lines)
}

/// The JSON body of a request; the inner error is an answer that is ready.
pub async fn json_body(l: L, request: Request) -> Result<Result<Vec<u8>, Response>, Fail> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let kind = kind.and_then(|kind| kind.split(';').next()).unwrap_or_default().trim();
    if !["application/json", "application/ld+json"]
        .iter()
        .any(|json| json.eq_ignore_ascii_case(kind))
    {
        return Ok(Err(problem::problem(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "UnsupportedMediaTypeException",
            l.t("Loại nội dung không được nhận", "This media type is not taken"),
            l.t("Content-Type phải là application/json.", "Content-Type must be application/json."),
            &[],
        )));
    }
    Ok(Ok(form::collect(request, definition::LONGEST).await?.to_vec()))
}

/// JSON in the words of the binding.
pub fn answer_json(status: StatusCode, body: &Value) -> Response {
    let mut response =
        (status, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response();
    problem::put_versions(response.headers_mut());
    response
}

fn shown(named: &Named) -> Value {
    json!({"name": named.name, "query": named.definition})
}

/// `POST /epcis/queries`
async fn post(
    State(app): State<App>,
    visit: Visit,
    holder: KeyHolder,
    prefixes: Prefixes,
    request: Request,
) -> Result<Response, Fail> {
    let l = visit.l;
    let body = match json_body(l, request).await? {
        Ok(body) => body,
        Err(answer) => return Ok(answer),
    };
    let named = match Named::read(&body, &prefixes.context) {
        Ok(named) => named,
        Err(wrong) => return Ok(wrong_body(l, "QueryValidationException", &wrong)),
    };
    match create(&app, &holder, &named).await? {
        Creating::Created => {
            let mut response = StatusCode::CREATED.into_response();
            let location = HeaderValue::from_str(&address_of(&named.name));
            problem::put_versions(response.headers_mut());
            response.headers_mut().insert(header::LOCATION, location.map_err(Fail::internal)?);
            Ok(response)
        }
        Creating::Exists => {
            let title = l.t("Đã có truy vấn tên này", "There is a query of this name already");
            let exception = "ResourceAlreadyExistsException";
            Ok(problem::problem(StatusCode::CONFLICT, exception, title, &named.name, &[]))
        }
        Creating::TooMany(most) => {
            let title =
                l.t("Đơn vị đã có quá nhiều truy vấn", "Your organisation has too many queries");
            let detail =
                l.t("Xóa bớt truy vấn không dùng nữa.", "Delete some that are no longer used.");
            let detail = format!("{detail} ({most})");
            Ok(problem::problem(StatusCode::FORBIDDEN, "SecurityException", title, &detail, &[]))
        }
    }
}

/// `GET /epcis/queries`: by name, a page at a time, the one that everybody has first.
async fn all(
    State(app): State<App>,
    visit: Visit,
    holder: KeyHolder,
    RawQuery(query): RawQuery,
) -> Result<Response, Fail> {
    let asked = match paging(&app, &visit, &holder, query.as_deref().unwrap_or_default()).await? {
        Ok(asked) => asked,
        Err(answer) => return Ok(answer),
    };
    let mut queries = Vec::new();
    if asked.after.is_empty() {
        queries.push(Named::simple());
    }
    queries.extend(list(&app, holder.organisation, &asked.after, asked.count + 1).await?);
    let more = queries.len() > asked.count;
    queries.truncate(asked.count);
    let body: Vec<Value> = queries.iter().map(shown).collect();
    let mut response = answer_json(StatusCode::OK, &Value::Array(body));
    if let Some(last) = queries.last().filter(|_| more) {
        // The first of all stands before every name.
        let behind = if last.name == super::SIMPLE { "\u{1}" } else { &last.name };
        let count = asked.count.to_string();
        next_link(&app, &mut response, "/epcis/queries", &[("perPage", &count)], behind)?;
    }
    Ok(response)
}

/// Which page of a list is asked for.
pub struct Paging {
    pub count: usize,
    /// The place behind which it begins; empty for the first.
    pub after: String,
}

/// Reads `perPage` and `nextPageToken`; the inner error is an answer that is ready.
pub async fn paging(
    app: &App,
    visit: &Visit,
    holder: &KeyHolder,
    query: &str,
) -> Result<Result<Paging, Response>, Fail> {
    let mut asked = Paging { count: PER_PAGE, after: String::new() };
    for (name, value) in pairs(query) {
        match name.as_str() {
            "perPage" => match value.parse() {
                Ok(count) if (1..=MOST).contains(&count) => asked.count = count,
                _ => return Ok(Err(bad_parameter(visit.l, "perPage: 1–1000"))),
            },
            "nextPageToken" => match place(app, holder.organisation, &value).await? {
                Some(after) => asked.after = after,
                None => return Ok(Err(bad_token(visit.l))),
            },
            "lang" => {}
            other => return Ok(Err(bad_parameter(visit.l, other))),
        }
    }
    Ok(Ok(asked))
}

fn bad_parameter(l: L, detail: &str) -> Response {
    let title = l.t("Tham số sai", "A parameter is wrong");
    problem::problem(StatusCode::BAD_REQUEST, "QueryParameterException", title, detail, &[])
}

/// `GET /epcis/queries/{queryName}`
async fn one(
    State(app): State<App>,
    visit: Visit,
    holder: KeyHolder,
    Path(name): Path<String>,
) -> Result<Response, Fail> {
    Ok(match load(&app, holder.organisation, &name).await? {
        Some(named) => answer_json(StatusCode::OK, &shown(&named)),
        None => no_such_query(visit.l, &name),
    })
}

/// `DELETE /epcis/queries/{queryName}`: its subscriptions end with it.
async fn delete(
    State(app): State<App>,
    visit: Visit,
    holder: KeyHolder,
    Path(name): Path<String>,
) -> Result<Response, Fail> {
    if name == super::SIMPLE {
        let title =
            visit.l.t("Truy vấn có sẵn không xóa được", "The query that everybody has stays");
        return Ok(problem::problem(StatusCode::FORBIDDEN, "SecurityException", title, &name, &[]));
    }
    if is_hidden(&name) || !remove(&app, &holder, &name).await? {
        return Ok(no_such_query(visit.l, &name));
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    problem::put_versions(response.headers_mut());
    Ok(response)
}

/// `GET /epcis/queries/{queryName}/events`: a page of its events, or a subscription over a WebSocket.
async fn events(
    State(app): State<App>,
    visit: Visit,
    holder: KeyHolder,
    format: Format,
    socket: subscriptions::socket::Wanted,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Fail> {
    let Some(named) = load(&app, holder.organisation, &name).await? else {
        return Ok(no_such_query(visit.l, &name));
    };
    let asked = pairs(query.as_deref().unwrap_or_default());
    if let Some(upgrade) = socket.0 {
        return subscriptions::socket::open(&app, &visit, &holder, format, named, &asked, upgrade)
            .await;
    }
    let of_one_asking = asked.iter().filter(|(name, _)| name != "lang");
    let mut query = named.query;
    let given: Vec<_> = of_one_asking.cloned().collect();
    if let Some((other, _)) =
        given.iter().find(|(name, _)| !["perPage", "nextPageToken"].contains(&name.as_str()))
    {
        return Ok(bad_parameter(visit.l, other));
    }
    match Query::parse(given.iter().map(|(name, value)| (name, value))) {
        Ok(asked) => {
            query.per_page = asked.per_page;
            query.next_page_token = asked.next_page_token;
        }
        Err(faults) => return Ok(problem::invalid(visit.l, "QueryParameterException", &faults)),
    }
    let path = format!("{}/events", address_of(&name));
    // A query that is kept has its own prefixes.
    let prefixes = String::new();
    let asking = Asking { name: &name, query, path: &path, asked: given, prefixes };
    answer(&app, &visit, &holder, format, asking).await
}
