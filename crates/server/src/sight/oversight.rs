//! The administrator's page of oversight: which authority may see the events of which sector and area.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;
use store::{params, sql};

use crate::app::App;
use crate::identity::staff::{area_label, sector_choices};
use crate::organisations::sector_label;
use crate::shared::field::Choice;
use crate::shared::form::{Entered, Form};
use crate::shared::guard::{Ids, Visit};
use crate::shared::page::{Page, go, show, show_with};
use crate::shared::{Fail, audit};

struct GrantRow {
    id: i64,
    name: String,
    sector: String,
    area: String,
}

#[derive(Template)]
#[template(path = "sight/oversight.html")]
struct OversightPage {
    page: Page,
    rows: Vec<GrantRow>,
    f: Entered,
    sectors: Vec<Choice>,
}

async fn render(app: &App, visit: &Visit, f: Entered) -> Result<OversightPage, Fail> {
    let l = visit.l;
    let found = app
        .store
        .query(
            sql!(
                "SELECT g.id, o.legal_name, g.sector, g.area FROM oversight g
                 JOIN organisation o ON o.id = g.organisation
                 WHERE g.valid_to IS NULL OR g.valid_to > $1 ORDER BY o.legal_name, g.valid_from LIMIT 1000"
            ),
            &params![app.now()],
        )
        .await?;
    let mut rows = Vec::new();
    for row in &found {
        let (sector, area): (String, String) = (row.get(2)?, row.get(3)?);
        rows.push(GrantRow {
            id: row.get(0)?,
            name: row.get(1)?,
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
    let page = Page::of_staff(visit, l.t("Cơ quan giám sát", "Oversight"));
    Ok(OversightPage { page, rows, f, sectors: sector_choices(l) })
}

/// `GET /desk/oversight`
pub(super) async fn page(State(app): State<App>, visit: Visit) -> Result<Response, Fail> {
    show(&render(&app, &visit, Entered::default()).await?)
}

/// Lets an authority see the events of organisations of a sector and area; empty means all.
pub async fn grant(
    app: &App,
    actor: i64,
    organisation: i64,
    sector: &str,
    area: &str,
) -> Result<i64, Fail> {
    let id = app.id();
    let mut tx = app.store.begin().await?;
    tx.execute(
        sql!(
            "INSERT INTO oversight (id, organisation, sector, area, valid_from, granted_by) VALUES ($1, $2, $3, $4, $5, $6)"
        ),
        &params![id, organisation, sector, area, app.now(), actor],
    )
    .await?;
    let change = audit::Change {
        subject_kind: "oversight",
        subject: id,
        action: "create",
        organisation: Some(organisation),
        before: json!({}),
        after: json!({"sector": sector, "area": area}),
    };
    audit::record(app, &mut tx, actor, change).await?;
    tx.commit().await?;
    Ok(id)
}

/// `POST /desk/oversight`
pub(super) async fn add(
    State(app): State<App>,
    visit: Visit,
    mut form: Form,
) -> Result<Response, Fail> {
    let tax_code = form.text("tax_code", 20);
    let authority = super::accepted_by_tax_code(&app, &tax_code).await?;
    match &authority {
        Some((_, kind)) if kind != "authority" => form.fault(
            "tax_code",
            "Đơn vị này không phải cơ quan quản lý.",
            "This organisation is no public authority.",
        ),
        None if form.entered.fault("tax_code").is_none() => form.fault(
            "tax_code",
            "Không có đơn vị đã tiếp nhận nào mang mã số thuế này.",
            "No accepted organisation has this tax code.",
        ),
        _ => {}
    }
    let sector = form.choice("sector", &["all", "agriculture", "trade", "health"]);
    let area = form.optional("area", 5);
    if !area.is_empty() && area_label(&area).is_empty() {
        form.fault(
            "area",
            "Mã tỉnh (2 số) hoặc mã xã (5 số) không đúng.",
            "Not a province code (2 digits) or commune code (5).",
        );
    }
    let (Some((authority, _)), true) = (authority, form.sound()) else {
        let page = render(&app, &visit, form.entered).await?;
        return show_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    };
    let sector = if sector == "all" { "" } else { &sector };
    grant(&app, visit.actor()?, authority, sector, &area).await?;
    Ok(go("/desk/oversight?done=saved"))
}

/// `POST /desk/oversight/{grant}/end`
pub(super) async fn end(
    State(app): State<App>,
    visit: Visit,
    ids: Ids,
    _form: Form,
) -> Result<Response, Fail> {
    let grant = ids.get("grant")?;
    let mut tx = app.store.begin().await?;
    let found = tx
        .query_one(
            sql!("SELECT organisation FROM oversight WHERE id = $1 AND valid_to IS NULL"),
            &params![grant],
        )
        .await?
        .ok_or(Fail::NotFound)?;
    tx.execute(
        sql!("UPDATE oversight SET valid_to = $2 WHERE id = $1"),
        &params![grant, app.now()],
    )
    .await?;
    let change = audit::Change {
        subject_kind: "oversight",
        subject: grant,
        action: "revoke",
        organisation: Some(found.get(0)?),
        before: json!({}),
        after: json!({"revoked": true}),
    };
    audit::record(&app, &mut tx, visit.actor()?, change).await?;
    tx.commit().await?;
    Ok(go("/desk/oversight?done=removed"))
}
