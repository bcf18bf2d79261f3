//! People of an organisation: its manager adds them and ends their membership. A new person
//! gets a password drawn by the system, shown once.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;
use store::{params, sql};

use super::account::normal_login;
use super::enrol::{self, Enrolled};
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
    /// Login and password of an account just made: shown this once. The password is empty where the
    /// person keeps the one he has.
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
        let shown = match make(&app, visit.actor()?, org, &name, &login, &role, &secret).await? {
            Enrolled::New(_) => Some((login, secret)),
            Enrolled::Known(_) => Some((login, String::new())),
            Enrolled::Taken => None,
        };
        if shown.is_some() {
            return show(&render(&app, &visit, org, Entered::default(), shown).await?);
        }
        form.fault(
            "login",
            "Người có tên đăng nhập này đã thuộc đơn vị, hoặc là cán bộ quản lý.",
            "The person with this login belongs to the organisation already, or is staff of the administration.",
        );
    }
    show_with(
        StatusCode::UNPROCESSABLE_ENTITY,
        &render(&app, &visit, org, form.entered, None).await?,
    )
}

/// Makes somebody a member: with a new account, or with the one that he has, unless he is staff of the
/// administration or belongs to the organisation already.
pub async fn make(
    app: &App,
    actor: i64,
    org: i64,
    name: &str,
    login: &str,
    role: &str,
    secret: &str,
) -> Result<Enrolled, Fail> {
    let hashed = password::hash(app, secret).await?;
    let mut tx = app.store.begin().await?;
    let enrolled = enrol::account_of(app, &mut tx, login, name, &hashed).await?;
    let Some(id) = enrolled.account() else { return Ok(Enrolled::Taken) };
    if enrol::is_staff(&mut tx, id).await?
        || enrol::organisations_of(&mut tx, id).await?.contains(&org)
    {
        return Ok(Enrolled::Taken);
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
    Ok(enrolled)
}

/// `POST /org/{org}/members/{account}/password`: a password drawn anew for somebody who forgot his.
/// Only for people of this organisation alone: otherwise a manager here could enter elsewhere.
pub async fn renew(
    State(app): State<App>,
    visit: Visit,
    ids: Ids,
    _form: Form,
) -> Result<Response, Fail> {
    let (org, account) = (ids.get("org")?, ids.get("account")?);
    let mut tx = app.store.begin().await?;
    let of = enrol::organisations_of(&mut tx, account).await?;
    if !of.contains(&org) {
        return Err(Fail::NotFound);
    }
    if account == visit.actor()? || of.len() > 1 || enrol::is_staff(&mut tx, account).await? {
        return Err(Fail::refused(
            "Không cấp được mật khẩu mới ở đây: mật khẩu của mình thì đổi ở trang Đổi mật khẩu; người còn thuộc đơn vị khác thì do quản trị viên của tỉnh cấp.",
            "No new password can be given here: change your own on its page; for somebody who also belongs elsewhere ask the province's administrator.",
        ));
    }
    let row =
        tx.query_one(sql!("SELECT login FROM account WHERE id = $1"), &params![account]).await?;
    let login: String = row.ok_or(Fail::NotFound)?.get(0)?;
    let secret = password::renew(&app, &mut tx, visit.actor()?, account, Some(org)).await?;
    tx.commit().await?;
    show(&render(&app, &visit, org, Entered::default(), Some((login, secret))).await?)
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
