//! Signing in and out. A wrong login and a wrong password are answered alike and take alike long.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use store::{params, sql};

use super::account::{self, normal_login};
use super::{password, session};
use crate::app::App;
use crate::shared::form::{Entered, Form};
use crate::shared::guard::Visit;
use crate::shared::page::{Page, go, show, show_with};
use crate::shared::{Fail, limit};

#[derive(Template)]
#[template(path = "identity/sign_in.html")]
struct SignInPage {
    page: Page,
    f: Entered,
}

fn render(visit: &Visit, f: Entered) -> SignInPage {
    SignInPage { page: Page::public(visit, visit.l.t("Đăng nhập", "Sign in")), f }
}

#[derive(Deserialize)]
pub struct Back {
    #[serde(default)]
    back: String,
}

/// `GET /sign-in`
pub async fn page(visit: Visit, Query(back): Query<Back>) -> Result<Response, Fail> {
    show(&render(&visit, Entered::of([("back", back.back)])))
}

/// A hash of nothing anyone knows, verified when the login does not exist.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$0p0nVqxGhFNmS7yf5bCrvpk0Ab4IRTzlVkyBhCFPlYo";

/// `POST /sign-in`
pub async fn submit(
    State(app): State<App>,
    visit: Visit,
    mut form: Form,
) -> Result<Response, Fail> {
    let typed = form.text("login", 200);
    let secret = form.entered.value("password").to_owned();
    form.entered.set("password", "");
    let login = normal_login(&typed);
    let now = app.now();
    if !app.limiter.allow(&format!("sign-in {login}"), limit::SIGN_IN, now)
        || !app.limiter.allow(&format!("sign-in from {}", visit.address), limit::PUBLIC_FORM, now)
    {
        return Err(Fail::TooMany);
    }
    let found = app
        .store
        .query_one(
            sql!("SELECT id, password FROM account WHERE login = $1 AND state = 'active'"),
            &params![login],
        )
        .await?;
    let (id, stored) = match &found {
        Some(row) => (Some(row.get::<i64>(0)?), row.get::<String>(1)?),
        None => (None, NOBODY.to_owned()),
    };
    let fits = secret.len() <= 1_000 && password::fits(&secret, &stored).await?;
    let Some(id) = id.filter(|_| fits) else {
        form.fault(
            "login",
            "Tên đăng nhập hoặc mật khẩu không đúng.",
            "The login or the password is wrong.",
        );
        return show_with(StatusCode::UNPROCESSABLE_ENTITY, &render(&visit, form.entered));
    };
    let account = account::load(&app.store, id, now).await?.ok_or(Fail::Forbidden)?;
    let back = form.entered.value("back");
    // Only a path of our own: `//host` and `/\host` would leave the site.
    let own = back.starts_with('/')
        && !back.starts_with("//")
        && !back.contains('\\')
        && !back.contains("..");
    let target = if own { back.to_owned() } else { account.home() };
    let mut response = go(&target);
    session::begin(&app, &mut response, id).await?;
    Ok(response)
}

/// `POST /sign-out`
pub async fn out(
    State(app): State<App>,
    headers: HeaderMap,
    _form: Form,
) -> Result<Response, Fail> {
    let mut response = go("/?done=out");
    session::end(&app, &headers, &mut response).await?;
    Ok(response)
}
