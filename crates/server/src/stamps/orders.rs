//! The orders of an organisation and the form that makes one.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use store::{params, sql};

use super::carrier::Carrier;
use super::kind::Kind;
use super::link::Face;
use super::order::{self, MOST, NewOrder};
use crate::app::App;
use crate::organisations;
use crate::shared::field::Choice;
use crate::shared::form::{Entered, Form};
use crate::shared::guard::{Ids, Visit};
use crate::shared::page::{Page, go, show, show_with};
use crate::shared::{Fail, L, text};

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

/// A kind as the form offers it.
struct KindChoice {
    code: &'static str,
    title: &'static str,
    purpose: &'static str,
    /// The papers, where they are not those of ordinary stamps.
    papers: String,
    checked: bool,
    /// Why it cannot be chosen; empty where it can.
    reason: String,
}

/// The lots of an organisation, as the form offers them.
struct Lots {
    choices: Vec<Choice>,
    /// Whether the product of any of them has a GTIN.
    any_gtin: bool,
}

#[derive(Template)]
#[template(path = "stamps/orders.html")]
struct OrdersPage {
    page: Page,
    org: i64,
    orders: Vec<OrderRow>,
    older: Option<String>,
    lots: Vec<Choice>,
    /// The lot that the form is for, if it came from a lot's page.
    lot: Option<Choice>,
    kinds: Vec<KindChoice>,
    carriers: Vec<Choice>,
    f: Entered,
    unknown_serial: bool,
}

async fn lots(app: &App, org: i64) -> Result<Lots, Fail> {
    let rows = app
        .store
        .query(
            sql!(
                "SELECT l.id, l.code, p.name, p.gtin FROM lot l JOIN product p ON p.id = l.product
                 WHERE l.organisation = $1 ORDER BY l.opened_at DESC LIMIT $2"
            ),
            &params![org, LOTS],
        )
        .await?;
    let mut lots = Lots { choices: Vec::new(), any_gtin: false };
    for row in &rows {
        let (id, code, name): (i64, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        lots.any_gtin |= row.get::<Option<String>>(3)?.is_some();
        lots.choices.push((id.to_string(), format!("{name} · {code}")));
    }
    Ok(lots)
}

/// The kinds, with what stands against them: for the lot that was chosen, else for every lot there is.
fn kinds(l: L, f: &Entered, face: Option<&Face>, any_gtin: bool) -> Vec<KindChoice> {
    let reason = |kind: Kind| match face {
        Some(face) => face.lacking(kind).map_or("", |lacking| {
            let (vi, en) = lacking.words();
            l.t(vi, en)
        }),
        None if kind != Kind::Qr && !any_gtin => l.t(
            "Chưa sản phẩm nào có lô của đơn vị mang mã GTIN do GS1 cấp.",
            "No product with a lot of the organisation has a GTIN from GS1 yet.",
        ),
        None => "",
    };
    let papers = |kind: Kind| {
        if kind.serialised() {
            return String::new();
        }
        let labels: Vec<_> = kind.carriers().iter().map(|one| one.label(l)).collect();
        format!("{} {}.", l.t("Kiểu in:", "Paper:"), labels.join("; "))
    };
    let choice = |kind: Kind| KindChoice {
        code: kind.code(),
        title: kind.title(l),
        purpose: kind.purpose(l),
        papers: papers(kind),
        checked: f.has("kind", kind.code()) && reason(kind).is_empty(),
        reason: reason(kind).to_owned(),
    };
    Kind::ALL.into_iter().map(choice).collect()
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
            carrier: format!("{} · {}", one.kind.name(), one.carrier.label(l)),
            when: text::moment(&l, &one.ordered_at),
        })
        .collect();
    let lots = lots(app, org).await?;
    // An address may name any lot; one that is not the organisation's is as good as none.
    let face = match f.value("lot").parse() {
        Ok(id) => match order::face_of_lot(app, org, id).await {
            Ok(face) => Some(face),
            Err(Fail::NotFound) => None,
            Err(fail) => return Err(fail),
        },
        Err(_) => None,
    };
    let lot = face
        .as_ref()
        .map(|face| (face.lot.to_string(), format!("{} · {}", face.product, face.lot_code)));
    Ok(OrdersPage {
        page: Page::of_organisation(visit, l.t("Tem", "Stamps"), org, &name),
        org,
        orders,
        older,
        kinds: kinds(l, &f, face.as_ref(), lots.any_gtin),
        lots: lots.choices,
        lot,
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
    let f = Entered::of([
        ("lot", asked.lot.clone()),
        ("kind", Kind::default().code().to_owned()),
        ("layout", Carrier::default().code()),
    ]);
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
    let kind = Kind::of_code(&form.choice("kind", &Kind::ALL.map(Kind::code)));
    let codes: Vec<String> = Carrier::ALL.iter().map(|one| one.code()).collect();
    let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
    let carrier = Carrier::of_code(&form.choice("layout", &codes));
    if let Some(kind) = kind {
        let face = if lot > 0 { Some(order::face_of_lot(&app, org, lot).await?) } else { None };
        if let Some(lacking) = face.and_then(|face| face.lacking(kind)) {
            let (vi, en) = lacking.words();
            form.fault("kind", vi, en);
        }
        if carrier.is_some_and(|carrier| !kind.carriers().contains(&carrier)) {
            let (vi, en) = order::paper_words(kind);
            form.fault("layout", &vi, &en);
        }
    }
    let (Some(count), Some(kind), Some(carrier), true) = (count, kind, carrier, form.sound())
    else {
        let page = render(&app, &visit, org, &Asked::default(), form.entered).await?;
        return show_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    };
    let new = NewOrder { lot, count, carrier, kind };
    let token = form.entered.value("once").to_owned();
    let id = order::order_once(&app, visit.actor()?, org, &new, &token).await?;
    Ok(go(&format!("/org/{org}/stamps/{id}?done=saved")))
}
