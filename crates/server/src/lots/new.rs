//! The form that opens a lot: which product, where; name and number are suggested.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::{NewLot, open};
use crate::app::App;
use crate::organisations;
use crate::places;
use crate::products;
use crate::shared::Fail;
use crate::shared::field::Choice;
use crate::shared::form::{Entered, Form};
use crate::shared::guard::{Ids, Visit};
use crate::shared::page::{Page, go, show, show_with};

#[derive(Template)]
#[template(path = "lots/new.html")]
struct NewPage {
    page: Page,
    base: String,
    products: Vec<Choice>,
    places: Vec<Choice>,
    f: Entered,
}

async fn render(app: &App, visit: &Visit, org: i64, mut f: Entered) -> Result<NewPage, Fail> {
    let name = organisations::name(app, org).await?;
    let products: Vec<Choice> =
        products::of_organisation(app, org).await?.into_iter().map(|one| (one.id.to_string(), one.name)).collect();
    let places: Vec<Choice> =
        places::of_organisation(app, org).await?.into_iter().map(|one| (one.id.to_string(), one.name)).collect();
    for (field, choices) in [("product", &products), ("place", &places)] {
        if let ([(only, _)], "") = (choices.as_slice(), f.value(field)) {
            f.set(field, only.clone());
        }
    }
    let title = visit.l.t("Mở lô", "Open a lot");
    Ok(NewPage { page: Page::of_organisation(visit, title, org, &name), base: format!("/org/{org}"), products, places, f })
}

/// `GET /org/{org}/lots/new`
pub async fn page(State(app): State<App>, visit: Visit, ids: Ids) -> Result<Response, Fail> {
    show(&render(&app, &visit, ids.get("org")?, Entered::default()).await?)
}

/// `POST /org/{org}/lots/new`
pub async fn submit(State(app): State<App>, visit: Visit, ids: Ids, mut form: Form) -> Result<Response, Fail> {
    let org = ids.get("org")?;
    let new = NewLot {
        product: form.id("product"),
        place: form.id("place"),
        name: form.optional("name", 200),
        code: form.optional("code", 40),
    };
    if form.sound() {
        match open(&app, visit.actor()?, org, &new).await {
            Ok(lot) => return Ok(go(&format!("/org/{org}/lots/{}?done=saved", lot.id))),
            Err(Fail::Refused { vi, en, .. }) => form.fault("code", &vi, &en),
            Err(fail) => return Err(fail),
        }
    }
    show_with(StatusCode::UNPROCESSABLE_ENTITY, &render(&app, &visit, org, form.entered).await?)
}
