//! API keys: one secret an organisation's program sends as `Authorization: Bearer …`, or as the
//! password of HTTP Basic where its software knows nothing newer (SOAP clients), with rights. Only its SHA-256 is kept; the secret is shown once.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use sha2::{Digest, Sha256};
use store::{Tx, params, sql};

use crate::app::{App, Micros};
use crate::organisations;
use crate::shared::form::{Entered, Form};
use crate::shared::guard::{Ids, Visit};
use crate::shared::page::{Page, go, show, show_with};
use crate::shared::{Fail, audit, limit, text};

/// What a key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    /// Send events.
    Capture,
    /// Ask for the events of its organisation.
    Query,
}

impl Right {
    pub const ALL: [Right; 2] = [Right::Capture, Right::Query];

    pub fn code(self) -> &'static str {
        match self {
            Right::Capture => "capture",
            Right::Query => "query",
        }
    }
}

/// The holder of the key that came with a request.
#[derive(Debug, Clone)]
pub struct KeyHolder {
    pub organisation: i64,
    pub key: i64,
    /// The account that made the key: it answers for what the program says.
    pub made_by: i64,
    rights: String,
}

fn digest(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}

/// The secret that a request brings: a bearer token (RFC 6750), or the password of HTTP Basic (RFC 7617) under any
/// name.
fn secret_of(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, rest) = value.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(rest.trim().to_owned());
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(rest.trim()).ok()?).ok()?;
    text.split_once(':').map(|(_, password)| password.trim().to_owned())
}

impl KeyHolder {
    /// Looks the key of a request up.
    pub async fn of_request(app: &App, headers: &HeaderMap) -> Result<KeyHolder, Fail> {
        let secret = secret_of(headers).ok_or_else(no_key)?;
        let row = app
            .store
            .find(
                sql!("SELECT id, organisation, rights, created_by FROM api_key WHERE secret = $1 AND revoked_at IS NULL"),
                &params![digest(&secret)],
            )
            .await?
            .ok_or_else(no_key)?;
        let holder = KeyHolder {
            key: row.get(0)?,
            organisation: row.get(1)?,
            rights: row.get(2)?,
            made_by: row.get(3)?,
        };
        if !app.limiter.allow(&format!("key {}", holder.key), limit::API, app.now()) {
            return Err(Fail::TooMany);
        }
        Ok(holder)
    }

    /// Fails unless the key has a right.
    pub fn demand(&self, right: Right) -> Result<(), Fail> {
        if self.rights.split(' ').any(|one| one == right.code()) {
            return Ok(());
        }
        Err(Fail::with(
            StatusCode::FORBIDDEN,
            format!("Khóa này không có quyền “{}”.", right.code()),
            format!("This key does not have the right “{}”.", right.code()),
        ))
    }
}

impl axum::extract::FromRequestParts<App> for KeyHolder {
    type Rejection = Fail;
    async fn from_request_parts(
        parts: &mut axum::http::request::Parts,
        _: &App,
    ) -> Result<KeyHolder, Fail> {
        parts.extensions.get::<KeyHolder>().cloned().ok_or_else(no_key)
    }
}

fn no_key() -> Fail {
    Fail::with(
        StatusCode::UNAUTHORIZED,
        "Cần khóa kết nối hợp lệ trong đầu mục “Authorization: Bearer …”.",
        "A valid API key is needed in the header “Authorization: Bearer …”.",
    )
}

struct KeyRow {
    id: i64,
    name: String,
    hint: String,
    rights: String,
    made: String,
    revoked: bool,
}

#[derive(Template)]
#[template(path = "identity/keys.html")]
struct KeysPage {
    page: Page,
    base: String,
    keys: Vec<KeyRow>,
    f: Entered,
    /// The secret of a key just made: shown this once.
    secret: Option<String>,
}

async fn render(
    app: &App,
    visit: &Visit,
    org: i64,
    f: Entered,
    secret: Option<String>,
) -> Result<KeysPage, Fail> {
    let name = organisations::name(app, org).await?;
    let rows = app
        .store
        .query(
            sql!(
                "SELECT id, name, hint, rights, created_at, revoked_at FROM api_key
                 WHERE organisation = $1 ORDER BY created_at DESC"
            ),
            &params![org],
        )
        .await?;
    let mut keys = Vec::new();
    for row in &rows {
        let made: Micros = row.get(4)?;
        let revoked: Option<Micros> = row.get(5)?;
        keys.push(KeyRow {
            id: row.get(0)?,
            name: row.get(1)?,
            hint: row.get(2)?,
            rights: row.get(3)?,
            made: text::moment(&visit.l, &made),
            revoked: revoked.is_some(),
        });
    }
    let title = visit.l.t("Kết nối máy", "API keys");
    Ok(KeysPage {
        page: Page::of_organisation(visit, title, org, &name),
        base: format!("/org/{org}/keys"),
        keys,
        f,
        secret,
    })
}

/// `GET /org/{org}/keys`
pub async fn page(State(app): State<App>, visit: Visit, ids: Ids) -> Result<Response, Fail> {
    show(&render(&app, &visit, ids.get("org")?, Entered::default(), None).await?)
}

/// `POST /org/{org}/keys`
pub async fn create(
    State(app): State<App>,
    visit: Visit,
    ids: Ids,
    mut form: Form,
) -> Result<Response, Fail> {
    let org = ids.get("org")?;
    let actor = visit.actor()?;
    let name = form.text("name", 100);
    let asked = form.several("rights");
    let rights: Vec<&str> = Right::ALL
        .iter()
        .map(|right| right.code())
        .filter(|code| asked.iter().any(|a| a == code))
        .collect();
    if rights.is_empty() {
        form.fault("rights", "Hãy chọn ít nhất một quyền.", "Choose at least one right.");
    }
    if !form.sound() {
        let page = render(&app, &visit, org, form.entered, None).await?;
        return show_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    let secret = make(&app, org, actor, &name, &rights.join(" ")).await?;
    show(&render(&app, &visit, org, Entered::default(), Some(secret)).await?)
}

/// Makes a key and returns its secret, which is kept nowhere.
pub async fn make(
    app: &App,
    org: i64,
    actor: i64,
    name: &str,
    rights: &str,
) -> Result<String, Fail> {
    let secret = format!("nguon_{}", app.token());
    let id = app.id();
    let mut tx = app.store.begin().await?;
    tx.execute(
        sql!(
            "INSERT INTO api_key (id, organisation, name, secret, hint, rights, created_by, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        ),
        &params![id, org, name, digest(&secret), &secret[..10], rights, actor, app.now()],
    )
    .await?;
    let change = audit::Change {
        subject_kind: "api_key",
        subject: id,
        action: "create",
        organisation: Some(org),
        before: json!({}),
        after: json!({"name": name, "rights": rights}),
    };
    audit::record(app, &mut tx, actor, change).await?;
    tx.commit().await?;
    Ok(secret)
}

/// `POST /org/{org}/keys/{key}/revoke`
pub async fn revoke(
    State(app): State<App>,
    visit: Visit,
    ids: Ids,
    _form: Form,
) -> Result<Response, Fail> {
    let (org, key) = (ids.get("org")?, ids.get("key")?);
    let mut tx = app.store.begin().await?;
    let done = tx
        .execute(
            sql!("UPDATE api_key SET revoked_at = $3 WHERE id = $1 AND organisation = $2 AND revoked_at IS NULL"),
            &params![key, org, app.now()],
        )
        .await?;
    if done == 0 {
        return Err(Fail::NotFound);
    }
    let ended = end_subscriptions(&mut tx, key).await?;
    let change = audit::Change {
        subject_kind: "api_key",
        subject: key,
        action: "revoke",
        organisation: Some(org),
        before: json!({}),
        after: json!({"revoked": true, "subscriptions": ended}),
    };
    audit::record(&app, &mut tx, visit.actor()?, change).await?;
    tx.commit().await?;
    Ok(go(&format!("/org/{org}/keys?done=removed")))
}

/// Ends what a key subscribed to, with what waits to be sent again: who may ask no more is sent nothing more. How many they were.
async fn end_subscriptions(tx: &mut Tx, key: i64) -> Result<u64, Fail> {
    let letters = sql!(
        "DELETE FROM dead_letter WHERE subscription IN (SELECT id FROM subscription WHERE api_key = $1)"
    );
    tx.execute(letters, &params![key]).await?;
    Ok(tx.execute(sql!("DELETE FROM subscription WHERE api_key = $1"), &params![key]).await?)
}
