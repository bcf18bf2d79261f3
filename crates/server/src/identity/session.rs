//! Sessions: a random token in a cookie, its SHA-256 in the database, ended after 14 days or
//! 12 idle hours.

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use sha2::{Digest, Sha256};
use store::{params, sql};

use super::account::{self, Account};
use crate::app::{App, DAY, Micros};
use crate::shared::{Fail, cookie};

const NAME: &str = "nguon_session";
const LIFE: Micros = 14 * DAY;
const IDLE: Micros = DAY / 2;
/// How stale `seen_at` may get before it is written again: keeps reads from becoming writes.
const TOUCH: Micros = DAY / 288;

fn digest(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// The account behind a request, if it carries a living session.
pub async fn of_request(app: &App, headers: &HeaderMap) -> Result<Option<Account>, Fail> {
    let Some(token) = cookie(headers, NAME) else { return Ok(None) };
    let now = app.now();
    let key = digest(token);
    let found = app
        .store
        .find(
            sql!("SELECT account, seen_at FROM session WHERE token = $1 AND expires_at > $2 AND seen_at > $3"),
            &params![key.clone(), now, now - IDLE],
        )
        .await?;
    let Some(row) = found else { return Ok(None) };
    let (id, seen): (i64, i64) = (row.get(0)?, row.get(1)?);
    if now - seen > TOUCH {
        app.store
            .execute(sql!("UPDATE session SET seen_at = $2 WHERE token = $1"), &params![key, now])
            .await?;
    }
    account::load(&app.store, id, now).await
}

/// Begins a session and puts its cookie on the answer.
pub async fn begin(app: &App, response: &mut Response, account: i64) -> Result<(), Fail> {
    let token = app.token();
    let now = app.now();
    app.store.execute(sql!("DELETE FROM session WHERE expires_at < $1"), &params![now]).await?;
    app.store
        .execute(
            sql!("INSERT INTO session (token, account, created_at, seen_at, expires_at) VALUES ($1, $2, $3, $3, $4)"),
            &params![digest(&token), account, now, now + LIFE],
        )
        .await?;
    set_cookie(app, response, &token, LIFE / 1_000_000);
    Ok(())
}

/// Ends the session of a request.
pub async fn end(app: &App, headers: &HeaderMap, response: &mut Response) -> Result<(), Fail> {
    if let Some(token) = cookie(headers, NAME) {
        app.store
            .execute(sql!("DELETE FROM session WHERE token = $1"), &params![digest(token)])
            .await?;
    }
    set_cookie(app, response, "", 0);
    Ok(())
}

fn set_cookie(app: &App, response: &mut Response, token: &str, seconds: i64) {
    let secure = if app.config.secure_cookies { "; Secure" } else { "" };
    let cookie =
        format!("{NAME}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}
