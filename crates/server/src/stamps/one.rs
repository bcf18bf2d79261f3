//! One order: its counts, its first sheet in true size, the files to print, and the forms that
//! activate and void.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use sheet::Picture;

use super::order::{self, Order};
use super::print::FILE_MOST;
use super::state::{self, Counts};
use super::{form as range_form, preview};
use crate::app::App;
use crate::organisations;
use crate::shared::audit::{self, Line};
use crate::shared::form::{Entered, Form};
use crate::shared::guard::{Ids, Visit};
use crate::shared::page::{Page, go, show, show_with};
use crate::shared::{Fail, L, text};

struct FileRow {
    href: String,
    from: i64,
    to: i64,
}

#[derive(Template)]
#[template(path = "stamps/one.html")]
struct OnePage {
    page: Page,
    o: Order,
    quantity: String,
    carrier: String,
    when: String,
    counts: Counts,
    files: Vec<FileRow>,
    preview: String,
    /// What readers of the print should be told, in sentences.
    warnings: Vec<String>,
    first_data: String,
    may_void: bool,
    /// The form that was sent with faults, if one was.
    activating: Entered,
    voiding: Entered,
    history: Vec<Line>,
}

async fn render(
    app: &App,
    visit: &Visit,
    order: Order,
    activating: Entered,
    voiding: Entered,
) -> Result<OnePage, Fail> {
    let l = visit.l;
    let name = organisations::name(app, order.organisation).await?;
    let serial = order::serials(app, order.id, 1, 1).await?.into_iter().next();
    let mark = order.face.mark(order.kind, &app.config.public_url, serial.as_ref())?;
    let picture = preview::picture(app, &order, l).await?;
    let base = format!("/org/{}/stamps/{}", order.organisation, order.id);
    let files = (1..=order.quantity)
        .step_by(FILE_MOST as usize)
        .map(|from| {
            let to = (from + FILE_MOST - 1).min(order.quantity);
            FileRow { href: format!("{base}/sheet.pdf?from={from}&to={to}"), from, to }
        })
        .collect();
    let title = format!("{} {}", l.t("Tem", "Stamps"), order.face.lot_code);
    let manager =
        visit.account.as_ref().is_some_and(|account| account.is_manager(order.organisation));
    Ok(OnePage {
        page: Page::of_organisation(visit, title, order.organisation, &name),
        quantity: text::count(&l, &order.quantity),
        carrier: format!("{} · {}", order.kind.name(), order.carrier.label(l)),
        when: text::moment(&l, &order.ordered_at),
        counts: state::counts(app, order.id).await?,
        files,
        warnings: warnings(l, &order, &picture),
        preview: picture.svg,
        first_data: mark.data,
        may_void: manager && order.kind.serialised(),
        activating,
        voiding,
        history: audit::history(app, "stamp_order", order.id).await?,
        o: order,
    })
}

/// What there is to tell of the stamps that the preview shows, which are not all of a large order.
fn warnings(l: L, order: &Order, picture: &Picture) -> Vec<String> {
    let some = if order.quantity > preview::MOST {
        l.t("Trong {n} tem đầu: ", "Among the first {n}: ")
    } else {
        ""
    };
    let some = some.replace("{n}", &preview::MOST.to_string());
    picture.warnings.iter().map(|one| format!("{some}{}.", one.message(l.0))).collect()
}

fn whole(order: &Order) -> Entered {
    Entered::of([("from", "1".to_owned()), ("to", order.quantity.to_string())])
}

/// `GET /org/{org}/stamps/{order}`
pub(super) async fn page(State(app): State<App>, visit: Visit, ids: Ids) -> Result<Response, Fail> {
    let order = order::load(&app, ids.get("org")?, ids.get("order")?).await?;
    let activating = whole(&order);
    show(&render(&app, &visit, order, activating, Entered::default()).await?)
}

/// `POST /org/{org}/stamps/{order}/activate`
pub(super) async fn activate(
    State(app): State<App>,
    visit: Visit,
    ids: Ids,
    mut form: Form,
) -> Result<Response, Fail> {
    let (org, id) = (ids.get("org")?, ids.get("order")?);
    let order = order::load(&app, org, id).await?;
    let (from, to) = range_form::range(&app, id, &mut form).await?;
    if form.sound() {
        match state::activate(&app, visit.actor()?, org, id, from, to).await {
            Ok(_) => return Ok(go(&format!("/org/{org}/stamps/{id}?done=activated"))),
            Err(Fail::Refused { vi, en, .. }) => form.fault("from", &vi, &en),
            Err(fail) => return Err(fail),
        }
    }
    let page = render(&app, &visit, order, form.entered, Entered::default()).await?;
    show_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// `POST /org/{org}/stamps/{order}/void`
pub(super) async fn void(
    State(app): State<App>,
    visit: Visit,
    ids: Ids,
    mut form: Form,
) -> Result<Response, Fail> {
    let (org, id) = (ids.get("org")?, ids.get("order")?);
    let order = order::load(&app, org, id).await?;
    let (from, to) = range_form::range(&app, id, &mut form).await?;
    let reason = form.text("reason", 300);
    if form.sound() {
        match state::void(&app, visit.actor()?, org, id, from, to, &reason).await {
            Ok(_) => return Ok(go(&format!("/org/{org}/stamps/{id}?done=voided"))),
            Err(Fail::Refused { vi, en, .. }) => form.fault("from", &vi, &en),
            Err(fail) => return Err(fail),
        }
    }
    let activating = whole(&order);
    let page = render(&app, &visit, order, activating, form.entered).await?;
    show_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}
