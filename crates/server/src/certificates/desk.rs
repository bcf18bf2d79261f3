//! The office's desk for certificates: what ended, what ends soon, what nobody has compared with
//! the paper yet, within the sector and area of whoever looks.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;
use store::sql;

use super::pages::product_names;
use super::{Certificate, Row, SEES, Standing, VERIFIES, register, verify};
use crate::app::App;
use crate::organisations;
use crate::shared::audit::Line;
use crate::shared::form::Form;
use crate::shared::guard::{Ids, Visit};
use crate::shared::page::{Page, go, show};
use crate::shared::table::{self, Cell, Column, Table};
use crate::shared::{Fail, L, audit, text};

struct ListRow {
    row: Row,
    organisation: String,
    /// How it stands and whether somebody compared it with the paper, in words.
    state: String,
}

/// What to show, kept in the address.
#[derive(Deserialize, Default)]
pub struct Asked {
    /// `expired`, `soon`, `unverified`; empty for all.
    #[serde(default)]
    state: String,
    #[serde(default)]
    q: String,
}

impl Asked {
    fn wants(&self, row: &Row) -> bool {
        match self.state.as_str() {
            "expired" => row.standing == Standing::Expired,
            "soon" => row.standing == Standing::EndsSoon,
            "unverified" => row.c.verified_at.is_none(),
            _ => true,
        }
    }
}

#[derive(Template)]
#[template(path = "certificates/desk.html")]
struct ListPage {
    page: Page,
    rows: Vec<ListRow>,
    asked: Asked,
    unverified: usize,
    table: Table,
}

fn columns(l: L) -> [Column<ListRow>; 6] {
    [
        Column::new("kind", l.t("Loại", "Kind"), |one| Cell::Text(one.row.kind.clone())),
        Column::new("organisation", l.t("Đơn vị", "Organisation"), |one| {
            Cell::Text(one.organisation.clone())
        }),
        Column::new("number", l.t("Số", "Number"), |one| Cell::Text(one.row.c.number.clone())),
        Column::new("issuer", l.t("Nơi cấp", "Issuer"), |one| {
            Cell::Text(one.row.c.issuer.clone())
        }),
        Column::new("ends", l.t("Hết hạn", "Ends"), |one| {
            Cell::iso(one.row.c.expires_on.as_deref().unwrap_or_default())
        }),
        Column::new("state", l.t("Tình trạng", "State"), |one| Cell::Text(one.state.clone())),
    ]
}

/// `GET /desk/certificates`: the ended first, then those that end soon, then the rest; among
/// each the ones nobody verified first.
pub async fn list(
    State(app): State<App>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Response, Fail> {
    let account = visit.signed_in()?;
    let found = app
        .store
        .query(
            sql!(
                "SELECT c.id, c.organisation, c.kind, c.number, c.issuer, c.scope, c.issued_on, c.expires_on, c.file_name,
                   c.file IS NOT NULL AS has_file, c.verified_by, c.verified_at, c.withdrawn_at, c.version,
                   o.legal_name, o.sector, o.commune
                 FROM certificate c JOIN organisation o ON o.id = c.organisation
                 WHERE c.withdrawn_at IS NULL ORDER BY COALESCE(c.expires_on, '9999'), c.id LIMIT 5000"
            ),
            &[],
        )
        .await?;
    let today = text::day_of(app.now());
    let sought = vietnam::fold(&asked.q);
    let (mut rows, mut unverified) = (Vec::new(), 0);
    for row in &found {
        let (organisation, sector, commune): (String, String, String) =
            (row.at("legal_name")?, row.at("sector")?, row.at("commune")?);
        if !account.covers(&SEES, &sector, &commune) {
            continue;
        }
        let row = Row::of(visit.l, today, Certificate::of_row(row, Vec::new())?);
        unverified += usize::from(row.c.verified_at.is_none());
        let words = vietnam::fold(&format!("{} {} {organisation}", row.c.number, row.c.issuer));
        if asked.wants(&row) && words.contains(&sought) {
            let seen = if row.c.verified_at.is_some() {
                visit.l.t("Đã đối chiếu", "Verified")
            } else {
                visit.l.t("Chưa đối chiếu", "Not verified")
            };
            let state = format!("{} · {seen}", row.badge_words(&visit.l));
            rows.push(ListRow { row, organisation, state });
        }
    }
    // The order by end is kept within each group: sorting is stable.
    rows.sort_by_key(|one| (one.row.standing, one.row.c.verified_at.is_some()));
    let page = Page::of_staff(&visit, visit.l.t("Chứng nhận", "Certificates"));
    let columns = columns(visit.l);
    let table = Table::order(&visit, &columns, &mut rows);
    if table.as_sheet {
        return table::sheet(&page.title, today, &columns, &rows);
    }
    show(&ListPage { page, rows, asked, unverified, table })
}

#[derive(Template)]
#[template(path = "certificates/desk_one.html")]
struct OnePage {
    page: Page,
    organisation: String,
    file: String,
    row: Row,
    products: Vec<String>,
    /// Whether the caller may say that he compared it with the paper.
    may_verify: bool,
    history: Vec<Line>,
}

/// `GET /desk/certificates/{certificate}`
pub async fn show_one(State(app): State<App>, visit: Visit, ids: Ids) -> Result<Response, Fail> {
    let account = visit.signed_in()?;
    let c = register::any(&app, ids.get("certificate")?).await?;
    let o = organisations::load(&app, c.organisation).await?;
    if !account.covers(&SEES, &o.sector, &o.commune) {
        return Err(Fail::NotFound);
    }
    let may_verify = c.verified_at.is_none()
        && c.withdrawn_at.is_none()
        && account.covers(&VERIFIES, &o.sector, &o.commune)
        && verify::may_verify(&app, account, &c).await.is_ok();
    let products = product_names(&app, &c).await?;
    let history = audit::history(&app, "certificate", c.id).await?;
    let file = format!("/desk/certificates/{}/file", c.id);
    let row = Row::of(visit.l, text::day_of(app.now()), c);
    let page = Page::of_staff(&visit, row.kind.clone());
    show(&OnePage { page, organisation: o.legal_name, file, row, products, may_verify, history })
}

/// `POST /desk/certificates/{certificate}/verify`
pub async fn confirm(
    State(app): State<App>,
    visit: Visit,
    ids: Ids,
    form: Form,
) -> Result<Response, Fail> {
    let c = register::any(&app, ids.get("certificate")?).await?;
    let version: i64 = form.entered.value("version").parse().unwrap_or(0);
    verify::verify(&app, visit.signed_in()?, &c, version).await?;
    Ok(go("/desk/certificates?done=saved"))
}
