//! People of an organisation: its manager adds them and ends their membership. A new person
//! gets a password drawn by the system, shown once.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;
use store::{params, sql};

use super::account::normal_login;
use super::password;
use crate::app::App;
use crate::organisations;
use crate::shared::form::{Entered, Form};
use crate::shared::guard::{Ids, Visit};
use crate::shared::page::{Page, go, show, show_with};
use crate::shared::{Fail, audit};

struct Person {
    id: i64,
    name: String,
    login: String,
    manager: bool,
}

#[derive(Template)]
#[template(path = "identity/members.html")]
struct MembersPage {
    page: Page,
    org: i64,
    people: Vec<Person>,
    f: Entered,
    /// Login and password of an account just made: shown this once.
    made: Option<(String, String)>,
}

async fn render(
    app: &App,
    visit: &Visit,
    org: i64,
    f: Entered,
    made: Option<(String, String)>,
) -> Result<MembersPage, Fail> {
    let name = organisations::name(app, org).await?;
    let rows = app
        .store
        .query(
            sql!(
                "SELECT a.id, a.name, a.login, m.role FROM membership m JOIN account a ON a.id = m.account
                 WHERE m.organisation = $1 AND (m.valid_to IS NULL OR m.valid_to > $2) ORDER BY a.name"
            ),
            &params![org, app.now()],
        )
        .await?;
    let mut people = Vec::new();
    for row in &rows {
        let role: String = row.get(3)?;
        people.push(Person {
            id: row.get(0)?,
            name: row.get(1)?,
            login: row.get(2)?,
            manager: role == "manager",
        });
    }
    let title = visit.l.t("Người dùng của đơn vị", "People of the organisation");
    Ok(MembersPage { page: Page::of_organisation(visit, title, org, &name), org, people, f, made })
}

/// `GET /org/{org}/members`
pub async fn page(State(app): State<App>, visit: Visit, ids: Ids) -> Result<Response, Fail> {
    show(&render(&app, &visit, ids.get("org")?, Entered::default(), None).await?)
}

/// `POST /org/{org}/members`
pub async fn add(
    State(app): State<App>,
    visit: Visit,
    ids: Ids,
    mut form: Form,
) -> Result<Response, Fail> {
    let org = ids.get("org")?;
    let name = form.text("name", 100);
    let login = normal_login(&form.text("login", 200));
    let role = form.choice("role", &["member", "manager"]);
    if form.sound() {
        let secret = password::draw(&app);
        if make(&app, visit.actor()?, org, &name, &login, &role, &secret).await? {
            return show(
                &render(&app, &visit, org, Entered::default(), Some((login, secret))).await?,
            );
        }
        form.fault(
            "login",
            "Đã có tài khoản với tên đăng nhập này.",
            "There is an account with this login.",
        );
    }
    show_with(
        StatusCode::UNPROCESSABLE_ENTITY,
        &render(&app, &visit, org, form.entered, None).await?,
    )
}

/// Makes an account and its membership; false where the login is taken.
pub async fn make(
    app: &App,
    actor: i64,
    org: i64,
    name: &str,
    login: &str,
    role: &str,
    secret: &str,
) -> Result<bool, Fail> {
    let hashed = password::hash(app, secret).await?;
    let id = app.id();
    let mut tx = app.store.begin().await?;
    let made = tx
        .execute(
            sql!(
                "INSERT INTO account (id, login, name, password, language, state, created_at)
                 VALUES ($1, $2, $3, $4, 'vi', 'active', $5) ON CONFLICT DO NOTHING"
            ),
            &params![id, login, name, hashed, app.now()],
        )
        .await?;
    if made == 0 {
        return Ok(false);
    }
    tx.execute(
        sql!("INSERT INTO membership (organisation, account, role, valid_from) VALUES ($1, $2, $3, $4)"),
        &params![org, id, role, app.now()],
    )
    .await?;
    let change = audit::Change {
        subject_kind: "account",
        subject: id,
        action: "join",
        organisation: Some(org),
        before: json!({}),
        after: json!({"login": login, "name": name, "role": role}),
    };
    audit::record(app, &mut tx, actor, change).await?;
    tx.commit().await?;
    Ok(true)
}

/// `POST /org/{org}/members/{account}/end`
pub async fn end(
    State(app): State<App>,
    visit: Visit,
    ids: Ids,
    _form: Form,
) -> Result<Response, Fail> {
    let (org, account) = (ids.get("org")?, ids.get("account")?);
    if account == visit.actor()? {
        return Err(Fail::refused(
            "Bạn không thể tự bỏ mình; hãy nhờ người quản lý khác.",
            "You cannot remove yourself; ask another manager.",
        ));
    }
    let mut tx = app.store.begin().await?;
    let done = tx
        .execute(
            sql!("UPDATE membership SET valid_to = $3 WHERE organisation = $1 AND account = $2 AND valid_to IS NULL"),
            &params![org, account, app.now()],
        )
        .await?;
    if done == 0 {
        return Err(Fail::NotFound);
    }
    let change = audit::Change {
        subject_kind: "account",
        subject: account,
        action: "leave",
        organisation: Some(org),
        before: json!({"member": true}),
        after: json!({"member": false}),
    };
    audit::record(&app, &mut tx, visit.actor()?, change).await?;
    tx.commit().await?;
    Ok(go(&format!("/org/{org}/members?done=removed")))
}
