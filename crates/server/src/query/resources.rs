//! The top-level resources of the EPCIS REST binding (EPCIS 2.0 §12.6): event types, EPCs, business steps, business locations,
//! read points and dispositions, each as a list, as a resource with its sub-resources, and with its events. Vocabularies show
//! the standard's words beside those in use here; identifiers are those that the caller's own events speak of.

use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use epcis::vocab::List;
use epcis::{Context, EPCIS_CONTEXT, EventKind};
use serde_json::json;
use store::{params, sql};

use super::format::Format;
use super::negotiate::{Prefixes, Spelling, discoverable};
use super::{ASK, Address, bad_token, described, events_at, next_link, pairs, place};
use crate::app::App;
use crate::capture::problem;
use crate::capture::views::Name;
use crate::identity::key::KeyHolder;
use crate::shared::Fail;
use crate::shared::guard::{Routes, Visit};

/// Members a page where none is asked, and at most.
const PER_PAGE: usize = 30;
const MOST: usize = 1_000;

/// One of the six kinds of top-level resources.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Resource {
    EventTypes,
    Epcs,
    BizSteps,
    BizLocations,
    ReadPoints,
    Dispositions,
}

/// The addresses of a kind: its list, one of them, and the events of that one.
macro_rules! addresses {
    ($name:literal) => {
        [
            concat!("/epcis/", $name),
            concat!("/epcis/", $name, "/{name}"),
            concat!("/epcis/", $name, "/{name}/events"),
        ]
    };
}

/// The kinds with their addresses.
const RESOURCES: [(Resource, [&str; 3]); 6] = [
    (Resource::EventTypes, addresses!("eventTypes")),
    (Resource::Epcs, addresses!("epcs")),
    (Resource::BizSteps, addresses!("bizSteps")),
    (Resource::BizLocations, addresses!("bizLocations")),
    (Resource::ReadPoints, addresses!("readPoints")),
    (Resource::Dispositions, addresses!("dispositions")),
];

pub(super) fn routes(routes: Routes) -> Routes {
    let routes = routes.api(Method::GET, "/epcis", ASK, described::root(), root);
    let routes = discoverable(routes, "/epcis", "OPTIONS, GET", "epcisRootOptions");
    RESOURCES.into_iter().fold(routes, |routes, (resource, [every, named, its_events])| {
        let says = resource.says(every.trim_start_matches("/epcis/"));
        let ids = says.each_ref().map(|says| format!("{}Options", says.id));
        let [of_list, of_one, of_events] = says;
        let routes = routes
            .api(
                Method::GET,
                every,
                ASK,
                of_list,
                async move |state: State<App>,
                            visit: Visit,
                            holder: KeyHolder,
                            headers: HeaderMap,
                            query: RawQuery| {
                    list(&state, &visit, (&holder, &headers), resource, every, query).await
                },
            )
            .api(
                Method::GET,
                named,
                ASK,
                of_one,
                async move |state: State<App>,
                            visit: Visit,
                            holder: KeyHolder,
                            prefixes: Prefixes,
                            name: Path<String>| {
                    one(&state, &visit, &holder, resource, &name, &prefixes.context).await
                },
            )
            .api(
                Method::GET,
                its_events,
                ASK,
                of_events,
                async move |state: State<App>,
                            visit: Visit,
                            holder: KeyHolder,
                            format: Format,
                            prefixes: Prefixes,
                            name: Path<String>,
                            query: RawQuery| {
                    let asked = pairs(query.0.as_deref().unwrap_or_default());
                    let of_one = OfOne { resource, name: &name, asked, prefixes };
                    events(&state, &visit, &holder, format, of_one).await
                },
            );
        [every, named, its_events]
            .into_iter()
            .zip(ids)
            .fold(routes, |routes, (path, id)| discoverable(routes, path, "OPTIONS, GET", id))
    })
}

/// `GET /epcis`
async fn root() -> Response {
    let kinds = RESOURCES.iter().map(|(_, [list, ..])| list.trim_start_matches("/epcis/"));
    let members: Vec<&str> =
        ["capture", "events"].into_iter().chain(kinds).chain(["queries"]).collect();
    collection(&members)
}

/// A list of names as the binding has it (`ResourceCollection`, `UriCollection`).
fn collection<T: serde::Serialize>(members: &[T]) -> Response {
    let body = json!({"@context": EPCIS_CONTEXT, "type": "Collection", "member": members});
    let mut response =
        ([(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response();
    problem::put_versions(response.headers_mut());
    response
}

impl Resource {
    /// Where the view has its names; event types are the same everywhere.
    pub(super) fn names(self) -> Option<Name> {
        Some(match self {
            Resource::EventTypes => return None,
            Resource::Epcs => Name::Epc,
            Resource::BizSteps => Name::BizStep,
            Resource::BizLocations => Name::BizLocation,
            Resource::ReadPoints => Name::ReadPoint,
            Resource::Dispositions => Name::Disposition,
        })
    }

    /// Its words in the Core Business Vocabulary.
    fn list(self) -> Option<List> {
        match self {
            Resource::BizSteps => Some(List::BizStep),
            Resource::Dispositions => Some(List::Disposition),
            _ => None,
        }
    }

    /// The standard's names: known whether or not an event has used them.
    pub(super) fn standard(self) -> Vec<&'static str> {
        match self.list() {
            Some(list) => list.words().to_vec(),
            None if self == Resource::EventTypes => {
                EventKind::ALL.iter().map(|kind| kind.name()).collect()
            }
            None => Vec::new(),
        }
    }

    /// A name in the form in which events are found by it.
    fn canonical(self, name: &str) -> String {
        match self.list() {
            Some(list) => list.bare(name).to_owned(),
            None if self == Resource::EventTypes => {
                name.strip_prefix("epcis:").unwrap_or(name).to_owned()
            }
            None => epcis::canonical(name),
        }
    }

    /// Several of them, in a sentence.
    pub(super) fn words(self) -> &'static str {
        match self {
            Resource::EventTypes => "event types",
            Resource::Epcs => "EPCs",
            Resource::BizSteps => "business steps",
            Resource::BizLocations => "business locations",
            Resource::ReadPoints => "read points",
            Resource::Dispositions => "dispositions",
        }
    }

    /// The parameter of the query for events of one of them.
    fn parameter(self) -> &'static str {
        match self {
            Resource::EventTypes => "eventType",
            Resource::Epcs => "MATCH_anyEPC",
            Resource::BizSteps => "EQ_bizStep",
            Resource::BizLocations => "EQ_bizLocation",
            Resource::ReadPoints => "EQ_readPoint",
            Resource::Dispositions => "EQ_disposition",
        }
    }
}

/// `GET /epcis/bizSteps` and its sisters: by name, a page at a time.
async fn list(
    app: &App,
    visit: &Visit,
    (holder, headers): (&KeyHolder, &HeaderMap),
    resource: Resource,
    path: &str,
    RawQuery(query): RawQuery,
) -> Result<Response, Fail> {
    let (mut count, mut after) = (PER_PAGE, String::new());
    for (name, value) in pairs(query.as_deref().unwrap_or_default()) {
        match name.as_str() {
            "perPage" => match value.parse() {
                Ok(asked) if (1..=MOST).contains(&asked) => count = asked,
                _ => return Ok(bad_parameter(visit, "perPage", "1–1000")),
            },
            // The last name of the page before: it outlives restarts, and what is added meanwhile.
            "nextPageToken" => match place(app, holder.organisation, &value).await? {
                Some(name) => after = name,
                None => return Ok(bad_token(visit.l)),
            },
            "lang" => {}
            other => return Ok(bad_parameter(visit, other, "nextPageToken, perPage")),
        }
    }
    let mut names: Vec<String> = match resource.names() {
        Some(kind) => used(app, holder.organisation, kind, &after, count + 1).await?,
        None => Vec::new(),
    };
    names.extend(resource.standard().into_iter().filter(|word| **word > *after).map(str::to_owned));
    names.sort_unstable();
    names.dedup();
    let more = names.len() > count;
    names.truncate(count);
    let spelling = Spelling::of(headers).map_err(Fail::internal)?;
    let shown: Vec<_> = match resource {
        Resource::Epcs | Resource::BizLocations | Resource::ReadPoints => {
            names.iter().map(|name| spelling.epc.spell(name)).collect()
        }
        _ => names.iter().map(|name| name.as_str().into()).collect(),
    };
    let mut response = collection(&shown);
    if let Some(last) = names.last().filter(|_| more) {
        next_link(app, &mut response, path, &[("perPage", &count.to_string())], last)?;
    }
    Ok(response)
}

/// Names that events of an organisation use, after one of them, in the order of their bytes.
async fn used(
    app: &App,
    owner: i64,
    kind: Name,
    after: &str,
    limit: usize,
) -> Result<Vec<String>, Fail> {
    let rows = app
        .store
        .query(
            sql!(
                "SELECT name FROM view_name WHERE owner = $1 AND kind = $2 AND name > $3 ORDER BY name LIMIT $4"
            ),
            &params![owner, kind.code(), after.as_bytes(), limit as i64],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let name: Vec<u8> = row.get(0)?;
            String::from_utf8(name).map_err(Fail::internal)
        })
        .collect()
}

/// `GET /epcis/bizSteps/{bizStep}` and its sisters: what there is to ask of it.
async fn one(
    app: &App,
    visit: &Visit,
    holder: &KeyHolder,
    resource: Resource,
    name: &str,
    prefixes: &Context,
) -> Result<Response, Fail> {
    // Events keep the spelling of their authors: as it was written, and as the URI that it stands for.
    let whole = prefixes.expand(name).map(|(namespace, local)| namespace + &local);
    let mut known = false;
    for name in std::iter::once(name).chain(whole.as_deref()) {
        known = known || is_known(app, holder, resource, &resource.canonical(name)).await?;
    }
    if known {
        return Ok(collection(&["events"]));
    }
    let title = visit.l.t(
        "Chưa có sự kiện nào của đơn vị bạn dùng tên này",
        "No event of yours has used this name",
    );
    Ok(problem::problem(StatusCode::NOT_FOUND, "NoSuchResourceException", title, name, &[]))
}

/// Whether a name is one of the standard's, or events of the caller use it.
async fn is_known(
    app: &App,
    holder: &KeyHolder,
    resource: Resource,
    name: &str,
) -> Result<bool, Fail> {
    if resource.standard().contains(&name) {
        return Ok(true);
    }
    let Some(kind) = resource.names() else { return Ok(false) };
    let row = app
        .store
        .find(
            sql!("SELECT events FROM view_name WHERE owner = $1 AND kind = $2 AND name = $3"),
            &params![holder.organisation, kind.code(), name.as_bytes()],
        )
        .await?;
    Ok(row.is_some())
}

/// What is asked of the events of one thing.
struct OfOne<'a> {
    resource: Resource,
    name: &'a str,
    asked: Vec<(String, String)>,
    prefixes: Prefixes,
}

/// `GET /epcis/bizSteps/{bizStep}/events` and its sisters: the query for events, narrowed to it.
async fn events(
    app: &App,
    visit: &Visit,
    holder: &KeyHolder,
    format: Format,
    of_one: OfOne<'_>,
) -> Result<Response, Fail> {
    let OfOne { resource, name, asked, prefixes } = of_one;
    let parameter = resource.parameter();
    if asked.iter().any(|(name, _)| name == parameter) {
        let already = visit.l.t("đã nói trong địa chỉ", "the address says it already");
        return Ok(bad_parameter(visit, parameter, already));
    }
    let path = visit.here.split('?').next().unwrap_or_default();
    let narrowed = Some((parameter.to_owned(), resource.canonical(name)));
    events_at(app, visit, holder, format, Address { path, asked, narrowed, prefixes }).await
}

fn bad_parameter(visit: &Visit, name: &str, detail: &str) -> Response {
    let title = visit.l.t("Tham số sai", "A parameter is wrong");
    let detail = format!("{name}: {detail}");
    problem::problem(StatusCode::BAD_REQUEST, "QueryParameterException", title, &detail, &[])
}
