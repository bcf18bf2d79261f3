//! The orders of an organisation and the form that makes one.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use store::{params, sql};

use super::carrier::Carrier;
use super::order::{self, MOST, NewOrder};
use crate::app::App;
use crate::organisations;
use crate::shared::field::Choice;
use crate::shared::form::{Entered, Form};
use crate::shared::guard::{Ids, Visit};
use crate::shared::page::{Page, go, show, show_with};
use crate::shared::{Fail, text};

/// Orders of one page.
const PAGE: i64 = 50;
/// Lots offered in the form: the newest.
const LOTS: i64 = 300;

#[derive(Deserialize, Default)]
pub(super) struct Asked {
    #[serde(default)]
    lot: String,
    #[serde(default)]
    serial: String,
    #[serde(default)]
    before: String,
}

struct OrderRow {
    id: i64,
    product: String,
    lot: String,
    quantity: String,
    carrier: String,
    when: String,
}

#[derive(Template)]
#[template(path = "stamps/orders.html")]
struct OrdersPage {
    page: Page,
    org: i64,
    orders: Vec<OrderRow>,
    older: Option<String>,
    lots: Vec<Choice>,
    carriers: Vec<Choice>,
    f: Entered,
    unknown_serial: bool,
}

async fn lots(app: &App, org: i64) -> Result<Vec<Choice>, Fail> {
    let rows = app
        .store
        .query(
            sql!(
                "SELECT l.id, l.code, p.name FROM lot l JOIN product p ON p.id = l.product
                 WHERE l.organisation = $1 ORDER BY l.opened_at DESC LIMIT $2"
            ),
            &params![org, LOTS],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let (id, code, name): (i64, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok((id.to_string(), format!("{name} · {code}")))
        })
        .collect()
}

async fn render(
    app: &App,
    visit: &Visit,
    org: i64,
    asked: &Asked,
    mut f: Entered,
) -> Result<OrdersPage, Fail> {
    let l = visit.l;
    let name = organisations::name(app, org).await?;
    let before = asked.before.parse().unwrap_or(i64::MAX);
    let orders = order::of_organisation(app, org, before, PAGE).await?;
    let older = (orders.len() as i64 == PAGE)
        .then(|| orders.last().map(|last| format!("/org/{org}/stamps?before={}", last.ordered_at)))
        .flatten();
    if f.value("once").is_empty() {
        f.set("once", app.token());
    }
    let orders = orders
        .into_iter()
        .map(|one| OrderRow {
            id: one.id,
            product: one.face.product,
            lot: one.face.lot_code,
            quantity: text::count(&l, &one.quantity),
            carrier: one.carrier.label(l),
            when: text::moment(&l, &one.ordered_at),
        })
        .collect();
    Ok(OrdersPage {
        page: Page::of_organisation(visit, l.t("Tem", "Stamps"), org, &name),
        org,
        orders,
        older,
        lots: lots(app, org).await?,
        carriers: Carrier::ALL.iter().map(|one| (one.code(), one.label(l))).collect(),
        f,
        unknown_serial: !asked.serial.is_empty(),
    })
}

/// `GET /org/{org}/stamps`; `?serial=` goes to the stamp's own page.
pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    ids: Ids,
    Query(asked): Query<Asked>,
) -> Result<Response, Fail> {
    let org = ids.get("org")?;
    if let Ok(serial) = stamp::Serial::parse(&asked.serial)
        && super::by_serial(&app, org, serial.as_str()).await?.is_some()
    {
        return Ok(go(&format!("/org/{org}/stamps/serial/{serial}")));
    }
    let f = Entered::of([("lot", asked.lot.clone()), ("layout", "a4-30".to_owned())]);
    show(&render(&app, &visit, org, &asked, f).await?)
}

/// `POST /org/{org}/stamps`
pub(super) async fn submit(
    State(app): State<App>,
    visit: Visit,
    ids: Ids,
    mut form: Form,
) -> Result<Response, Fail> {
    let org = ids.get("org")?;
    let lot = form.id("lot");
    let count = form.optional_whole("count", 1, MOST);
    if count.is_none() && form.entered.fault("count").is_none() {
        form.fault("count", "Hãy nhập số tem.", "Enter how many stamps.");
    }
    let codes: Vec<String> = Carrier::ALL.iter().map(|one| one.code()).collect();
    let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
    let carrier = Carrier::of_code(&form.choice("layout", &codes));
    let (Some(count), Some(carrier), true) = (count, carrier, form.sound()) else {
        let page = render(&app, &visit, org, &Asked::default(), form.entered).await?;
        return show_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    };
    let new = NewOrder { lot, count, carrier };
    let token = form.entered.value("once").to_owned();
    let id = order::order_once(&app, visit.actor()?, org, &new, &token).await?;
    Ok(go(&format!("/org/{org}/stamps/{id}?done=saved")))
}
