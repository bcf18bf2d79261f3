//! Passwords: argon2id (RFC 9106, second recommended option: 64 MiB would starve a small
//! server, so OWASP's 19 MiB, two passes), hashed off the async threads.

use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use rand_core::Rng;
use store::{Tx, params, sql};

use crate::app::App;
use crate::shared::form::{Entered, Form};
use crate::shared::guard::Visit;
use crate::shared::page::{Page, go, show, show_with};
use crate::shared::{Fail, audit};

/// Shortest password taken.
pub const LEAST: usize = 10;

fn hasher() -> Argon2<'static> {
    // 19 MiB, 2 passes, 1 lane: the OWASP minimum for argon2id.
    let params = Params::new(19 * 1024, 2, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Hashes a password with a fresh salt.
pub async fn hash(app: &App, password: &str) -> Result<String, Fail> {
    let mut salt = [0u8; 16];
    app.draw(|rng| rng.fill_bytes(&mut salt));
    let password = password.to_owned();
    tokio::task::spawn_blocking(move || {
        hasher()
            .hash_password_with_salt(password.as_bytes(), &salt)
            .map(|hash| hash.to_string())
            .map_err(|error| Fail::internal(format!("hashing a password: {error}")))
    })
    .await
    .map_err(Fail::internal)?
}

/// Whether a password fits a stored hash.
pub async fn fits(password: &str, stored: &str) -> Result<bool, Fail> {
    let (password, stored) = (password.to_owned(), stored.to_owned());
    tokio::task::spawn_blocking(move || {
        // An account without a password (made before one was drawn) has none that fits.
        let Ok(parsed) = PasswordHash::new(&stored) else { return Ok(false) };
        Ok(hasher().verify_password(password.as_bytes(), &parsed).is_ok())
    })
    .await
    .map_err(Fail::internal)?
}

/// Gives an account a password drawn anew, ends its sessions, and returns the password.
pub async fn renew(
    app: &App,
    tx: &mut Tx,
    actor: i64,
    account: i64,
    organisation: Option<i64>,
) -> Result<String, Fail> {
    let secret = draw(app);
    let hashed = hash(app, &secret).await?;
    tx.execute(sql!("UPDATE account SET password = $2 WHERE id = $1"), &params![account, hashed])
        .await?;
    tx.execute(sql!("DELETE FROM session WHERE account = $1"), &params![account]).await?;
    let change = audit::Change {
        subject_kind: "account",
        subject: account,
        action: "renew",
        organisation,
        before: serde_json::Value::Null,
        after: serde_json::Value::Null,
    };
    audit::record(app, tx, actor, change).await?;
    Ok(secret)
}

/// As [`renew`], from the command line: whoever holds the database gives it, and the trail names the
/// account itself. `None` where no account has this login.
pub async fn renew_by_login(app: &App, login: &str) -> Result<Option<String>, Fail> {
    let mut tx = app.store.begin().await?;
    let row = tx
        .query_one(
            sql!("SELECT id FROM account WHERE login = $1 AND state = 'active'"),
            &params![login],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let account = row.get(0)?;
    let secret = renew(app, &mut tx, account, account, None).await?;
    tx.commit().await?;
    Ok(Some(secret))
}

/// Checks a new password and notes a fault at `name`.
pub fn check_new(form: &mut Form, name: &str) -> String {
    let password = form.entered.value(name).to_owned();
    let length = password.chars().count();
    let varied = password.chars().collect::<std::collections::BTreeSet<_>>().len() >= 5;
    if !(LEAST..=200).contains(&length) || !varied {
        let vi = format!("Mật khẩu cần ít nhất {LEAST} ký tự và không lặp lại một vài ký tự.");
        let en = format!(
            "A password needs at least {LEAST} characters and more than a few different ones."
        );
        form.fault(name, &vi, &en);
    }
    // Never sent back to the browser.
    form.entered.set(name, "");
    password
}

/// A password for somebody else: 4 groups of 4 characters, 80 bits, easy to read out.
pub fn draw(app: &App) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";
    let mut password = String::with_capacity(19);
    for index in 0..16 {
        if index > 0 && index % 4 == 0 {
            password.push('-');
        }
        password.push(char::from(LETTERS[app.draw(Rng::next_u32) as usize % 32]));
    }
    password
}

#[derive(Template)]
#[template(path = "identity/password.html")]
struct PasswordPage {
    page: Page,
    f: Entered,
}

fn render(visit: &Visit, f: Entered) -> PasswordPage {
    PasswordPage {
        page: Page::public(visit, visit.l.t("Đổi mật khẩu", "Change password")), f
    }
}

/// `GET /password`
pub async fn page(visit: Visit) -> Result<Response, Fail> {
    show(&render(&visit, Entered::default()))
}

/// `POST /password`: the old one is asked again; every other session ends.
pub async fn submit(
    State(app): State<App>,
    visit: Visit,
    mut form: Form,
) -> Result<Response, Fail> {
    let actor = visit.actor()?;
    let row = app
        .store
        .query_one(sql!("SELECT password FROM account WHERE id = $1"), &params![actor])
        .await?;
    let stored: String = row.ok_or(Fail::NotFound)?.get(0)?;
    if !app.limiter.allow(&format!("password {actor}"), crate::shared::limit::SIGN_IN, app.now()) {
        return Err(Fail::TooMany);
    }
    let old = form.entered.value("old").to_owned();
    form.entered.set("old", "");
    if !fits(&old, &stored).await? {
        form.fault("old", "Mật khẩu hiện tại không đúng.", "The present password is wrong.");
    }
    let new = check_new(&mut form, "new");
    if !form.sound() {
        return show_with(StatusCode::UNPROCESSABLE_ENTITY, &render(&visit, form.entered));
    }
    let hashed = hash(&app, &new).await?;
    let mut tx = app.store.begin().await?;
    tx.execute(sql!("UPDATE account SET password = $2 WHERE id = $1"), &params![actor, hashed])
        .await?;
    tx.execute(sql!("DELETE FROM session WHERE account = $1"), &params![actor]).await?;
    let change = audit::Change {
        subject_kind: "account",
        subject: actor,
        action: "password",
        organisation: None,
        before: serde_json::Value::Null,
        after: serde_json::Value::Null,
    };
    audit::record(&app, &mut tx, actor, change).await?;
    tx.commit().await?;
    let mut response = go("/?done=saved");
    super::session::begin(&app, &mut response, actor).await?;
    Ok(response)
}
