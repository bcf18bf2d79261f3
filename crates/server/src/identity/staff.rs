//! The administrator's page of accounts of the administration. He makes accounts and ends roles;
//! what those people decide is not his.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;
use store::{params, sql};

use super::account::{Role, normal_login};
use super::enrol::{self, Enrolled};
use super::password;
use crate::app::App;
use crate::organisations::{SECTORS, sector_label};
use crate::shared::field::Choice;
use crate::shared::form::{Entered, Form};
use crate::shared::guard::{Ids, Visit};
use crate::shared::page::{Page, go, show, show_with};
use crate::shared::{Fail, L, audit};

struct StaffRow {
    account: i64,
    name: String,
    login: String,
    role: String,
    sector: String,
    area: String,
}

#[derive(Template)]
#[template(path = "identity/staff.html")]
struct StaffPage {
    page: Page,
    rows: Vec<StaffRow>,
    f: Entered,
    roles: Vec<Choice>,
    sectors: Vec<Choice>,
    made: Option<(String, String)>,
}

/// The name of a province or commune; empty where the code is none.
pub(crate) fn area_label(code: &str) -> String {
    vietnam::units::province(code)
        .map(vietnam::units::Province::title)
        .or_else(|| vietnam::units::commune(code).map(vietnam::units::full_address))
        .unwrap_or_default()
}

/// Every sector, and all of them.
pub(crate) fn sector_choices(l: L) -> Vec<Choice> {
    let one = |(code, vi, en): &(&str, &str, &str)| ((*code).to_owned(), l.t(vi, en).to_owned());
    let mut sectors = vec![("all".to_owned(), l.t("Mọi ngành", "All sectors").to_owned())];
    sectors.extend(SECTORS.iter().map(one));
    sectors
}

async fn render(
    app: &App,
    visit: &Visit,
    f: Entered,
    made: Option<(String, String)>,
) -> Result<StaffPage, Fail> {
    let l = visit.l;
    let found = app
        .store
        .query(
            sql!(
                "SELECT a.id, a.name, a.login, s.role, s.sector, s.area FROM staff_role s
                 JOIN account a ON a.id = s.account
                 WHERE s.valid_to IS NULL OR s.valid_to > $1 ORDER BY a.name, s.role"
            ),
            &params![app.now()],
        )
        .await?;
    let mut rows = Vec::new();
    for row in &found {
        let (role, sector, area): (String, String, String) =
            (row.get(3)?, row.get(4)?, row.get(5)?);
        rows.push(StaffRow {
            account: row.get(0)?,
            name: row.get(1)?,
            login: row.get(2)?,
            role: Role::of_code(&role).map_or(role, |r| l.t(r.label().0, r.label().1).to_owned()),
            sector: if sector.is_empty() {
                l.t("mọi ngành", "all sectors").to_owned()
            } else {
                sector_label(l, &sector)
            },
            area: if area.is_empty() {
                l.t("mọi nơi", "everywhere").to_owned()
            } else {
                area_label(&area)
            },
        });
    }
    let roles = Role::ALL
        .iter()
        .map(|r| (r.code().to_owned(), l.t(r.label().0, r.label().1).to_owned()))
        .collect();
    let page = Page::of_staff(visit, l.t("Tài khoản cán bộ", "Staff accounts"));
    Ok(StaffPage { page, rows, f, roles, sectors: sector_choices(l), made })
}

/// `GET /desk/accounts`
pub async fn page(State(app): State<App>, visit: Visit) -> Result<Response, Fail> {
    show(&render(&app, &visit, Entered::default(), None).await?)
}

/// A person of the administration to be made.
pub struct NewStaff<'a> {
    pub name: &'a str,
    pub login: &'a str,
    pub role: Role,
    pub sector: &'a str,
    pub area: &'a str,
    /// Who makes the account; `None` for the first one, which makes itself.
    pub made_by: Option<i64>,
}

/// Gives somebody a role: with a new account, or with the one that he has, unless he belongs to an
/// organisation or has this role already. The first one of all must be new.
pub async fn make(app: &App, staff: &NewStaff<'_>, secret: &str) -> Result<Enrolled, Fail> {
    let hashed = password::hash(app, secret).await?;
    let mut tx = app.store.begin().await?;
    let enrolled = enrol::account_of(app, &mut tx, staff.login, staff.name, &hashed).await?;
    let Some(id) = enrolled.account() else { return Ok(Enrolled::Taken) };
    let same = tx
        .query(
            sql!(
                "SELECT role FROM staff_role WHERE account = $1 AND role = $2 AND sector = $3 AND area = $4
                   AND valid_to IS NULL"
            ),
            &params![id, staff.role.code(), staff.sector, staff.area],
        )
        .await?;
    let known = matches!(enrolled, Enrolled::Known(_));
    if !same.is_empty()
        || known && staff.made_by.is_none()
        || !enrol::organisations_of(&mut tx, id).await?.is_empty()
    {
        return Ok(Enrolled::Taken);
    }
    tx.execute(
        sql!("INSERT INTO staff_role (account, role, sector, area, valid_from) VALUES ($1, $2, $3, $4, $5)"),
        &params![id, staff.role.code(), staff.sector, staff.area, app.now()],
    )
    .await?;
    let change = audit::Change {
        subject_kind: "account",
        subject: id,
        action: "appoint",
        organisation: None,
        before: json!({}),
        after: json!({"login": staff.login, "name": staff.name, "role": staff.role.code(),
            "sector": staff.sector, "area": staff.area}),
    };
    audit::record(app, &mut tx, staff.made_by.unwrap_or(id), change).await?;
    tx.commit().await?;
    Ok(enrolled)
}

/// `POST /desk/accounts`
pub async fn add(State(app): State<App>, visit: Visit, mut form: Form) -> Result<Response, Fail> {
    let name = form.text("name", 100);
    let login = normal_login(&form.text("login", 200));
    let role = form.choice("role", &["officer", "reviewer", "inspector", "administrator"]);
    let sector = form.choice("sector", &["all", "agriculture", "trade", "health"]);
    let area = form.optional("area", 5);
    if !area.is_empty() && area_label(&area).is_empty() {
        form.fault(
            "area",
            "Mã tỉnh (2 số) hoặc mã xã (5 số) không đúng.",
            "Not a province code (2 digits) or commune code (5).",
        );
    }
    if form.sound()
        && let Some(role) = Role::of_code(&role)
    {
        let secret = password::draw(&app);
        let sector = if sector == "all" { "" } else { &sector };
        let staff = NewStaff {
            name: &name,
            login: &login,
            role,
            sector,
            area: &area,
            made_by: Some(visit.actor()?),
        };
        let shown = match make(&app, &staff, &secret).await? {
            Enrolled::New(_) => Some((login, secret)),
            Enrolled::Known(_) => Some((login, String::new())),
            Enrolled::Taken => None,
        };
        if shown.is_some() {
            return show(&render(&app, &visit, Entered::default(), shown).await?);
        }
        form.fault(
            "login",
            "Người có tên đăng nhập này đã có vai trò đó, hoặc thuộc một đơn vị sản xuất.",
            "The person with this login has that role already, or belongs to an organisation.",
        );
    }
    show_with(StatusCode::UNPROCESSABLE_ENTITY, &render(&app, &visit, form.entered, None).await?)
}

/// `POST /desk/accounts/password`: a password drawn anew for whoever forgot his.
pub async fn renew(State(app): State<App>, visit: Visit, mut form: Form) -> Result<Response, Fail> {
    let login = normal_login(&form.text("forgot", 200));
    let found = app
        .store
        .query_one(
            sql!("SELECT id FROM account WHERE login = $1 AND state = 'active'"),
            &params![&login],
        )
        .await?;
    let account: Option<i64> = found.map(|row| row.get(0)).transpose()?;
    if form.entered.fault("forgot").is_none() && account.is_none() {
        form.fault(
            "forgot",
            "Không có tài khoản nào với tên đăng nhập này.",
            "No account has this login.",
        );
    }
    if account == Some(visit.actor()?) {
        form.fault(
            "forgot",
            "Mật khẩu của mình thì đổi ở trang Đổi mật khẩu.",
            "Change your own password on its page.",
        );
    }
    let (Some(account), true) = (account, form.sound()) else {
        return show_with(
            StatusCode::UNPROCESSABLE_ENTITY,
            &render(&app, &visit, form.entered, None).await?,
        );
    };
    let mut tx = app.store.begin().await?;
    let secret = password::renew(&app, &mut tx, visit.actor()?, account, None).await?;
    tx.commit().await?;
    show(&render(&app, &visit, Entered::default(), Some((login, secret))).await?)
}

/// `POST /desk/accounts/{account}/end`: ends every role of an account and its sessions.
pub async fn end(
    State(app): State<App>,
    visit: Visit,
    ids: Ids,
    _form: Form,
) -> Result<Response, Fail> {
    let account = ids.get("account")?;
    let actor = visit.actor()?;
    if account == actor {
        return Err(Fail::refused(
            "Bạn không thể tự chấm dứt quyền của mình; hãy nhờ quản trị viên khác.",
            "You cannot end your own role; ask another administrator.",
        ));
    }
    let mut tx = app.store.begin().await?;
    let done = tx
        .execute(
            sql!("UPDATE staff_role SET valid_to = $2 WHERE account = $1 AND valid_to IS NULL"),
            &params![account, app.now()],
        )
        .await?;
    if done == 0 {
        return Err(Fail::NotFound);
    }
    tx.execute(sql!("DELETE FROM session WHERE account = $1"), &params![account]).await?;
    let change = audit::Change {
        subject_kind: "account",
        subject: account,
        action: "dismiss",
        organisation: None,
        before: json!({"staff": true}),
        after: json!({"staff": false}),
    };
    audit::record(&app, &mut tx, actor, change).await?;
    tx.commit().await?;
    Ok(go("/desk/accounts?done=removed"))
}
