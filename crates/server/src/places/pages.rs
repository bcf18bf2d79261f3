//! An organisation's pages about its places, and the sheet with the establishment code that is
//! printed and hung up at the gate.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use stamp::qr::{Level, QUIET_ZONE};

use super::{KINDS, NewPlace, Place, kind_choices, kind_label, register};
use crate::app::App;
use crate::organisations;
use crate::shared::audit::Line;
use crate::shared::field::Choice;
use crate::shared::form::{Entered, Form};
use crate::shared::guard::{Ids, Visit};
use crate::shared::once::once;
use crate::shared::page::{Page, go, show, show_with};
use crate::shared::{Fail, audit, text};

struct Card {
    place: Place,
    kind: String,
}

#[derive(Template)]
#[template(path = "places/list.html")]
struct ListPage {
    page: Page,
    base: String,
    cards: Vec<Card>,
    closed: Vec<Place>,
}

async fn frame(app: &App, visit: &Visit, org: i64, title: impl Into<String>) -> Result<Page, Fail> {
    let name = organisations::name(app, org).await?;
    Ok(Page::of_organisation(visit, title, org, &name))
}

fn base(org: i64) -> String {
    format!("/org/{org}/places")
}

/// `GET /org/{org}/places`
pub async fn list(State(app): State<App>, visit: Visit, ids: Ids) -> Result<Response, Fail> {
    let org = ids.get("org")?;
    let (open, closed): (Vec<Place>, Vec<Place>) =
        register::all_of(&app, org).await?.into_iter().partition(|place| place.closed_at.is_none());
    let cards = open
        .into_iter()
        .map(|place| Card { kind: kind_label(visit.l, &place.kind), place })
        .collect();
    let page = frame(&app, &visit, org, visit.l.t("Cơ sở, địa điểm", "Places")).await?;
    show(&ListPage { page, base: base(org), cards, closed })
}

#[derive(Template)]
#[template(path = "places/form.html")]
struct FormPage {
    page: Page,
    /// Where the form goes, and where its way back leads.
    action: String,
    back: String,
    f: Entered,
    kinds: Vec<Choice>,
}

async fn form_page(
    app: &App,
    visit: &Visit,
    org: i64,
    place: Option<i64>,
    f: Entered,
) -> Result<FormPage, Fail> {
    let (title, action, back) = match place {
        None => (visit.l.t("Thêm địa điểm", "Add a place"), base(org), base(org)),
        Some(id) => {
            let one = format!("{}/{id}", base(org));
            (visit.l.t("Sửa địa điểm", "Change the place"), format!("{one}/edit"), one)
        }
    };
    Ok(FormPage {
        page: frame(app, visit, org, title).await?,
        action,
        back,
        f,
        kinds: kind_choices(visit.l),
    })
}

/// `GET /org/{org}/places/new`: filled in with the organisation's own address.
pub async fn new(State(app): State<App>, visit: Visit, ids: Ids) -> Result<Response, Fail> {
    let org = ids.get("org")?;
    let o = organisations::accepted(&app, org).await?;
    let f = Entered::of([
        ("commune", o.commune),
        ("address_line", o.address_line),
        ("once", app.token()),
    ]);
    show(&form_page(&app, &visit, org, None, f).await?)
}

/// Reads the form; what is wrong is noted at its field.
async fn read(app: &App, form: &mut Form, of_place: Option<i64>) -> Result<NewPlace, Fail> {
    let kinds: Vec<&str> = KINDS.iter().map(|kind| kind.0).collect();
    let kind = form.choice("kind", &kinds);
    let name = form.text("name", 200);
    let (commune, _) = form.commune("commune");
    let address_line = form.optional("address_line", 200);
    let typed = form.optional("gln", 30);
    let gln = match register::free_gln(app, &typed, of_place).await {
        Ok(gln) => gln,
        Err(Fail::Refused { vi, en, .. }) => {
            form.fault("gln", &vi, &en);
            None
        }
        Err(other) => return Err(other),
    };
    let area_m2 = form.optional_whole("area_m2", 1, 10_000_000_000);
    let note = form.lines("note", 1_000);
    Ok(NewPlace { kind, name, commune, address_line, gln, area_m2, note })
}

/// `POST /org/{org}/places`
pub async fn create(
    State(app): State<App>,
    visit: Visit,
    ids: Ids,
    mut form: Form,
) -> Result<Response, Fail> {
    let (org, actor) = (ids.get("org")?, visit.actor()?);
    let new = read(&app, &mut form, None).await?;
    if !form.sound() {
        let page = form_page(&app, &visit, org, None, form.entered).await?;
        return show_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    let make = async {
        let place = register::create(&app, actor, org, &new).await?;
        Ok(format!("{}/{}?done=saved", base(org), place.id))
    };
    let path = once(&app, actor, form.entered.value("once"), &base(org), make).await?;
    Ok(go(&path))
}

#[derive(Template)]
#[template(path = "places/one.html")]
struct OnePage {
    page: Page,
    base: String,
    place: Place,
    kind: String,
    /// With its unit; empty where not known.
    area: String,
    /// The day it was closed.
    closed: Option<String>,
    history: Vec<Line>,
}

/// `GET /org/{org}/places/{place}`
pub async fn show_one(State(app): State<App>, visit: Visit, ids: Ids) -> Result<Response, Fail> {
    let org = ids.get("org")?;
    let place = register::load(&app, org, ids.get("place")?).await?;
    let area = place
        .area_m2
        .map(|area| format!("{} m²", text::count(&visit.l, &area)))
        .unwrap_or_default();
    show(&OnePage {
        page: frame(&app, &visit, org, place.name.clone()).await?,
        base: base(org),
        kind: kind_label(visit.l, &place.kind),
        area,
        closed: place.closed_at.map(|at| text::day(&visit.l, &at)),
        history: audit::history(&app, "place", place.id).await?,
        place,
    })
}

/// `GET /org/{org}/places/{place}/edit`
pub async fn edit(State(app): State<App>, visit: Visit, ids: Ids) -> Result<Response, Fail> {
    let org = ids.get("org")?;
    let place = register::load(&app, org, ids.get("place")?).await?;
    let f = Entered::of([
        ("kind", place.kind),
        ("name", place.name),
        ("commune", place.commune),
        ("address_line", place.address_line),
        ("gln", place.gln.unwrap_or_default()),
        ("area_m2", place.area_m2.map(|area| area.to_string()).unwrap_or_default()),
        ("note", place.note),
        ("version", place.version.to_string()),
    ]);
    show(&form_page(&app, &visit, org, Some(place.id), f).await?)
}

/// `POST /org/{org}/places/{place}/edit`
pub async fn save(
    State(app): State<App>,
    visit: Visit,
    ids: Ids,
    mut form: Form,
) -> Result<Response, Fail> {
    let org = ids.get("org")?;
    let place = register::load(&app, org, ids.get("place")?).await?;
    let new = read(&app, &mut form, Some(place.id)).await?;
    let version: i64 = form.entered.value("version").parse().unwrap_or(0);
    if !form.sound() {
        let page = form_page(&app, &visit, org, Some(place.id), form.entered).await?;
        return show_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    register::update(&app, visit.actor()?, &place, &new, version).await?;
    Ok(go(&format!("{}/{}?done=saved", base(org), place.id)))
}

#[derive(Template)]
#[template(path = "places/code.html")]
struct CodePage {
    page: Page,
    base: String,
    organisation: String,
    place: Place,
    kind: String,
    link: String,
    /// The symbol as path data, quiet zone included, in modules.
    path: String,
    side: usize,
}

/// `GET /org/{org}/places/{place}/code`
pub async fn code(State(app): State<App>, visit: Visit, ids: Ids) -> Result<Response, Fail> {
    let org = ids.get("org")?;
    let place = register::load(&app, org, ids.get("place")?).await?;
    let link = format!("{}/t/{}", app.config.public_url, place.code);
    // A sheet at a gate gets rain and dirt: Q restores a quarter of the symbol.
    let symbol = stamp::qr::encode(&link, Level::Q).map_err(Fail::internal)?;
    let title = format!("{} {}", visit.l.t("Mã cơ sở", "Establishment code"), place.grouped_code());
    show(&CodePage {
        page: frame(&app, &visit, org, title).await?,
        base: base(org),
        organisation: organisations::name(&app, org).await?,
        kind: kind_label(visit.l, &place.kind),
        link,
        path: symbol.svg_path(QUIET_ZONE),
        side: symbol.size() + 2 * QUIET_ZONE,
        place,
    })
}
