//! The officer's desk for organisations: who applied, who is registered; accept, or return with
//! a reason. What an officer sees is bounded by sector and area.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use store::{Tx, params, sql};

use super::{Organisation, kind_label, load, sector_label};
use crate::app::App;
use crate::identity::account::{Account, Role};
use crate::places::{self, Place};
use crate::shared::audit::Line;
use crate::shared::form::{Entered, Form};
use crate::shared::guard::{Ids, Visit};
use crate::shared::page::{Page, go, show, show_with};
use crate::shared::table::{self, Cell, Column, Table};
use crate::shared::{Fail, L, audit, text};

/// Roles that govern organisations.
pub const GOVERN: [Role; 2] = [Role::Officer, Role::Reviewer];

struct ListRow {
    o: Organisation,
    kind: String,
    when: String,
    state: &'static str,
}

#[derive(Deserialize, Default)]
pub struct Asked {
    #[serde(default)]
    state: String,
    #[serde(default)]
    q: String,
}

#[derive(Template)]
#[template(path = "organisations/list.html")]
struct ListPage {
    page: Page,
    rows: Vec<ListRow>,
    asked: Asked,
    waiting: usize,
    table: Table,
}

fn columns(l: L) -> [Column<ListRow>; 6] {
    [
        Column::new("name", l.t("Tên", "Name"), |row| Cell::Text(row.o.legal_name.clone())),
        Column::new("kind", l.t("Loại hình", "Kind"), |row| Cell::Text(row.kind.clone())),
        Column::new("address", l.t("Địa chỉ", "Address"), |row| Cell::Text(row.o.address())),
        Column::new("tax", l.t("Mã số thuế", "Tax code"), |row| {
            Cell::Text(row.o.tax_code.clone())
        }),
        Column::new("sent", l.t("Gửi ngày", "Sent on"), |row| {
            Cell::Day(Some(text::day_of(row.o.submitted_at)))
        }),
        Column::new("state", l.t("Tình trạng", "State"), |row| Cell::Text(row.state.to_owned())),
    ]
}

fn state_label(l: L, state: &str) -> &'static str {
    match state {
        "submitted" => l.t("Chờ tiếp nhận", "Waiting"),
        "returned" => l.t("Đã trả lại", "Returned"),
        _ => l.t("Đã tiếp nhận", "Accepted"),
    }
}

/// `GET /desk/organisations`
pub async fn list(
    State(app): State<App>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Response, Fail> {
    let account = visit.signed_in()?;
    let rows = app
        .store
        .query(sql!("SELECT * FROM organisation ORDER BY submitted_at DESC LIMIT 5000"), &[])
        .await?;
    let sought = vietnam::fold(&asked.q);
    // Whose a number is that somebody else claims.
    let of_gln = places::gln::holder(&app, &asked.q).await?;
    let mut shown = Vec::new();
    let mut waiting = 0;
    for row in &rows {
        let o = Organisation::of_row(row)?;
        if !account.covers(&GOVERN, &o.sector, &o.commune) {
            continue;
        }
        waiting += usize::from(o.state == "submitted");
        let wanted_state = asked.state.is_empty() || asked.state == o.state;
        let haystack = format!(
            "{} {} {}",
            vietnam::fold(&o.legal_name),
            o.tax_code,
            vietnam::fold(&o.address())
        );
        if wanted_state && (haystack.contains(&sought) || of_gln == Some(o.id)) {
            shown.push(ListRow {
                kind: kind_label(visit.l, &o.kind),
                when: text::day(&visit.l, &o.submitted_at),
                state: state_label(visit.l, &o.state),
                o,
            });
        }
    }
    shown.sort_by_key(|row| (row.o.state != "submitted", -row.o.submitted_at));
    let page = Page::of_staff(&visit, visit.l.t("Đơn vị", "Organisations"));
    let columns = columns(visit.l);
    let table = Table::order(&visit, &columns, &mut shown);
    if table.as_sheet {
        return table::sheet(&page.title, text::day_of(app.now()), &columns, &shown);
    }
    show(&ListPage { page, rows: shown, asked, waiting, table })
}

#[derive(Template)]
#[template(path = "organisations/one.html")]
struct OnePage {
    page: Page,
    o: Organisation,
    /// Places with a GLN, which an officer is to check.
    numbered: Vec<Place>,
    kind: String,
    sector: String,
    when: String,
    history: Vec<Line>,
    f: Entered,
}

async fn one(app: &App, visit: &Visit, id: i64, f: Entered) -> Result<OnePage, Fail> {
    let o = governed(app, visit, id).await?;
    Ok(OnePage {
        page: Page::of_staff(visit, o.legal_name.clone()),
        kind: kind_label(visit.l, &o.kind),
        sector: sector_label(visit.l, &o.sector),
        when: text::moment(&visit.l, &o.submitted_at),
        numbered: places::gln::numbered(app, id).await?,
        history: audit::history(app, "organisation", id).await?,
        o,
        f,
    })
}

/// An organisation within the caller's sector and area; outside it is as if it did not exist.
pub async fn governed(app: &App, visit: &Visit, id: i64) -> Result<Organisation, Fail> {
    let o = load(app, id).await?;
    if visit.signed_in()?.covers(&GOVERN, &o.sector, &o.commune) {
        Ok(o)
    } else {
        Err(Fail::NotFound)
    }
}

/// `GET /desk/organisations/{organisation}`
pub async fn show_one(State(app): State<App>, visit: Visit, ids: Ids) -> Result<Response, Fail> {
    show(&one(&app, &visit, ids.get("organisation")?, Entered::default()).await?)
}

/// `POST /desk/organisations/{organisation}/accept`: its seat becomes its first place.
pub async fn accept(
    State(app): State<App>,
    visit: Visit,
    ids: Ids,
    form: Form,
) -> Result<Response, Fail> {
    let id = ids.get("organisation")?;
    let o = governed(&app, &visit, id).await?;
    let version: i64 = form.entered.value("version").parse().unwrap_or(o.version);
    accept_application(&app, visit.signed_in()?, &o, version).await?;
    Ok(go("/desk/organisations?done=accepted"))
}

/// Accepts an application and gives the organisation its first establishment code.
pub async fn accept_application(
    app: &App,
    account: &Account,
    o: &Organisation,
    version: i64,
) -> Result<(), Fail> {
    not_own(account, o.id)?;
    let mut tx = app.store.begin().await?;
    decide(app, &mut tx, account.id, o, version, "accepted", "").await?;
    places::open_seat(app, &mut tx, account.id, o).await?;
    crate::portal::search::index_organisation(&mut tx, o).await?;
    tx.commit().await?;
    Ok(())
}

/// `POST /desk/organisations/{organisation}/return`
pub async fn send_back(
    State(app): State<App>,
    visit: Visit,
    ids: Ids,
    mut form: Form,
) -> Result<Response, Fail> {
    let id = ids.get("organisation")?;
    let o = governed(&app, &visit, id).await?;
    let reason = form.text("reason", 1_000);
    let version: i64 = form.entered.value("version").parse().unwrap_or(o.version);
    if !form.sound() {
        return show_with(
            StatusCode::UNPROCESSABLE_ENTITY,
            &one(&app, &visit, id, form.entered).await?,
        );
    }
    return_application(&app, visit.signed_in()?, &o, version, &reason).await?;
    Ok(go("/desk/organisations?done=returned"))
}

/// Returns an application with a reason.
pub async fn return_application(
    app: &App,
    account: &Account,
    o: &Organisation,
    version: i64,
    reason: &str,
) -> Result<(), Fail> {
    not_own(account, o.id)?;
    let mut tx = app.store.begin().await?;
    decide(app, &mut tx, account.id, o, version, "returned", reason).await?;
    tx.commit().await?;
    Ok(())
}

/// Nobody decides on an organisation of his own.
pub(crate) fn not_own(account: &Account, organisation: i64) -> Result<(), Fail> {
    if account.is_member(organisation) {
        return Err(Fail::with(
            StatusCode::FORBIDDEN,
            "Bạn thuộc đơn vị này nên không được quyết định hồ sơ của nó.",
            "You belong to this organisation and may not decide on its application.",
        ));
    }
    Ok(())
}

async fn decide(
    app: &App,
    tx: &mut Tx,
    actor: i64,
    o: &Organisation,
    version: i64,
    state: &str,
    reason: &str,
) -> Result<(), Fail> {
    let done = tx
        .execute(
            sql!(
                "UPDATE organisation SET state = $3, reason = $4, decided_at = $5, decided_by = $6, version = version + 1
                 WHERE id = $1 AND version = $2 AND state = 'submitted'"
            ),
            &params![o.id, version, state, reason, app.now(), actor],
        )
        .await?;
    if done == 0 {
        return Err(Fail::stale());
    }
    let after = Organisation { state: state.to_owned(), reason: reason.to_owned(), ..o.clone() };
    let change = audit::Change {
        subject_kind: "organisation",
        subject: o.id,
        action: state,
        organisation: Some(o.id),
        before: o.as_json(),
        after: after.as_json(),
    };
    audit::record(app, tx, actor, change).await
}
