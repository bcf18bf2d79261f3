//! Who may call what. Every address is registered together with its [`Access`]; there is no
//! other way to add one, so a test can walk the table and try every role on every address.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::{FromRequestParts, RawPathParams, Request, State};
use axum::handler::Handler;
use axum::http::request::Parts;
use axum::http::{Extensions, Method};
use axum::response::{IntoResponse, Response};
use axum::routing::MethodFilter;

use super::{Fail, L};
use crate::api::Operation;
use crate::app::App;
use crate::identity::account::{Account, Role};
use crate::identity::key::{KeyHolder, Right};
use crate::query::negotiate;

/// Who may call an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anyone.
    Public,
    /// Anyone who signed in.
    SignedIn,
    /// `{org}` in the path: its members and managers, and officers or reviewers of its sector
    /// and area, who may enter data for it (the page then says who did).
    Member,
    /// `{org}` in the path: its managers only.
    Manager,
    /// Staff with one of these roles. What they may see of it is narrowed by sector and area.
    Staff(&'static [Role]),
    /// A machine with an API key that has this right.
    Key(Right),
}

/// One address of the table.
#[derive(Debug, Clone)]
pub struct Route {
    pub method: Method,
    pub path: &'static str,
    pub access: Access,
    /// What it is, for programs; nothing where only people call it.
    pub says: Option<Arc<Operation>>,
}

/// What is known of the caller of one request.
#[derive(Debug, Clone)]
pub struct Visit {
    pub account: Option<Account>,
    pub l: L,
    /// The anti-forgery token: the same in the cookie and in every form.
    pub csrf: String,
    /// Path and query, for "back here" links.
    pub here: String,
    /// The caller's address, for rate limits.
    pub address: String,
    pub request_id: String,
}

impl Visit {
    /// What the outermost layer laid down.
    pub(super) fn of(extensions: &Extensions) -> Result<Arc<Visit>, Fail> {
        extensions.get::<Arc<Visit>>().cloned().ok_or_else(|| Fail::internal("no visit"))
    }

    /// The account; an error where nobody is signed in.
    pub fn signed_in(&self) -> Result<&Account, Fail> {
        self.account.as_ref().ok_or(Fail::SignIn)
    }

    /// The account id of a route whose access demands one.
    pub fn actor(&self) -> Result<i64, Fail> {
        Ok(self.signed_in()?.id)
    }
}

impl FromRequestParts<App> for Visit {
    type Rejection = Fail;
    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Visit, Fail> {
        Visit::of(&parts.extensions).map(|visit| (*visit).clone())
    }
}

/// Collects addresses with their access.
#[derive(Default)]
#[must_use]
pub struct Routes {
    router: Router<App>,
    table: Vec<Route>,
}

impl Routes {
    pub fn get<H, T>(self, path: &'static str, access: Access, handler: H) -> Routes
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add(Method::GET, path, access, None, handler)
    }

    pub fn post<H, T>(self, path: &'static str, access: Access, handler: H) -> Routes
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add(Method::POST, path, access, None, handler)
    }

    /// An address that programs call, with what it is.
    pub fn api<H, T>(
        self,
        method: Method,
        path: &'static str,
        access: Access,
        says: Operation,
        handler: H,
    ) -> Routes
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add(method, path, access, Some(Arc::new(says)), handler)
    }

    fn add<H, T>(
        mut self,
        method: Method,
        path: &'static str,
        access: Access,
        says: Option<Arc<Operation>>,
        handler: H,
    ) -> Routes
    where
        H: Handler<T, App>,
        T: 'static,
    {
        let filter = match method {
            Method::POST => MethodFilter::POST,
            Method::OPTIONS => MethodFilter::OPTIONS,
            Method::DELETE => MethodFilter::DELETE,
            _ => MethodFilter::GET,
        };
        let guarded = async move |State(app): State<App>, request: Request| match check(
            &app, access, request,
        )
        .await
        {
            Ok(request) => handler.call(request, app).await,
            Err(refusal) => refusal,
        };
        self.table.push(Route { method, path, access, says });
        self.router = self.router.route(path, axum::routing::on(filter, guarded));
        self
    }

    /// The router, and the table of what it holds.
    pub fn finish(self) -> (Router<App>, Vec<Route>) {
        (self.router, self.table)
    }
}

/// The request with what was found out about its caller, or the answer to one that is refused.
async fn check(app: &App, access: Access, request: Request) -> Result<Request, Response> {
    let (mut parts, body) = request.into_parts();
    allowed(app, access, &mut parts).await.map_err(IntoResponse::into_response)?;
    match disagreement(&parts) {
        None => Ok(Request::from_parts(parts, body)),
        Some(refusal) => Err(refusal),
    }
}

/// What the headers of the EPCIS interface ask for must be spoken here, whatever the operation.
fn disagreement(parts: &Parts) -> Option<Response> {
    match Visit::of(&parts.extensions) {
        Ok(visit) => negotiate::refusal(visit.l, parts),
        Err(fail) => Some(fail.into_response()),
    }
}

async fn allowed(app: &App, access: Access, parts: &mut Parts) -> Result<(), Fail> {
    if let Access::Key(right) = access {
        let holder = KeyHolder::of_request(app, &parts.headers).await?;
        holder.demand(right)?;
        parts.extensions.insert(holder);
        return Ok(());
    }
    let visit = Visit::of(&parts.extensions)?;
    match access {
        Access::Public | Access::Key(_) => Ok(()),
        Access::SignedIn => visit.signed_in().map(drop),
        Access::Staff(roles) => {
            let account = visit.signed_in()?;
            if account.staff.iter().any(|grant| roles.contains(&grant.role)) {
                Ok(())
            } else {
                Err(Fail::Forbidden)
            }
        }
        Access::Member | Access::Manager => {
            let account = visit.signed_in()?;
            let organisation = path_id(parts, app, "org").await?;
            if account.is_manager(organisation)
                || access == Access::Member && account.is_member(organisation)
            {
                return Ok(());
            }
            let enters = [Role::Officer, Role::Reviewer];
            if access == Access::Member && account.oversees(app, &enters, organisation).await? {
                return Ok(());
            }
            Err(Fail::Forbidden)
        }
    }
}

/// The id under a name in the path; a path that has none is answered "not found".
async fn path_id(parts: &mut Parts, app: &App, name: &str) -> Result<i64, Fail> {
    let params = RawPathParams::from_request_parts(parts, app).await.map_err(|_| Fail::NotFound)?;
    params
        .iter()
        .find(|(key, _)| *key == name)
        .and_then(|(_, value)| value.parse().ok())
        .ok_or(Fail::NotFound)
}

/// The ids in the path by name: `ids.get("lot")`.
pub struct Ids(BTreeMap<String, i64>);

impl Ids {
    pub fn get(&self, name: &str) -> Result<i64, Fail> {
        self.0.get(name).copied().ok_or(Fail::NotFound)
    }
}

impl FromRequestParts<App> for Ids {
    type Rejection = Fail;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Ids, Fail> {
        let params =
            RawPathParams::from_request_parts(parts, app).await.map_err(|_| Fail::NotFound)?;
        let mut ids = BTreeMap::new();
        for (name, value) in &params {
            ids.insert(name.to_owned(), value.parse().map_err(|_| Fail::NotFound)?);
        }
        Ok(Ids(ids))
    }
}
