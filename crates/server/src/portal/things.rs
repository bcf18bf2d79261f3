//! The public pages of a product and of an organisation: what the newest approved record says,
//! and the published lots.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use store::{params, sql};

use super::cards::{self, Card};
use crate::app::App;
use crate::organisations::{self, Organisation};
use crate::review::record::PublicRecord;
use crate::shared::guard::{Ids, Visit};
use crate::shared::page::{Page, show};
use crate::shared::{Fail, text};

/// Lots shown on these pages.
const LOTS: i64 = 12;

struct CertificateRow {
    kind: String,
    number: String,
    issuer: String,
    until: String,
    verified: bool,
}

#[derive(Template)]
#[template(path = "portal/product.html")]
struct ProductPage {
    page: Page,
    r: PublicRecord,
    group: String,
    certificates: Vec<CertificateRow>,
    cards: Vec<Card>,
    all: Option<String>,
}

/// `GET /products/{product}`
pub(super) async fn product(
    State(app): State<App>,
    visit: Visit,
    ids: Ids,
) -> Result<Response, Fail> {
    let (id, l) = (ids.get("product")?, visit.l);
    let row = app
        .store
        .query_one(
            sql!(
                "SELECT record FROM publication WHERE product = $1 AND withdrawn_at IS NULL
                 ORDER BY published_at DESC LIMIT 1"
            ),
            &params![id],
        )
        .await?
        .ok_or(Fail::NotFound)?;
    let text: String = row.get(0)?;
    let r: PublicRecord = serde_json::from_str(&text).map_err(|error| {
        Fail::internal(format!("the published record of product {id}: {error}"))
    })?;
    let certificates = r
        .certificates
        .iter()
        .map(|one| CertificateRow {
            kind: l.t(&one.kind_vi, &one.kind_en).to_owned(),
            number: one.number.clone(),
            issuer: one.issuer.clone(),
            until: text::iso_date(&l, &one.expires_on),
            verified: one.verified,
        })
        .collect();
    let group = vietnam::product_groups::PLAN_GROUPS
        .iter()
        .chain(&vietnam::product_groups::OCOP_GROUPS)
        .find(|group| group.code == r.product.group)
        .map_or_else(String::new, |group| group.label(l.0).to_owned());
    let cards = cards::of_product(&app, l, id, i64::MAX, LOTS).await?;
    let all = (cards.len() as i64 == LOTS).then(|| format!("/lots?product={id}"));
    let mut page = Page::public(&visit, r.product.name.clone());
    page.demonstration = app.config.demonstration;
    show(&ProductPage { page, r, group, certificates, cards, all })
}

struct PlaceRow {
    name: String,
    code: String,
    address: String,
}

#[derive(Template)]
#[template(path = "portal/organisation.html")]
struct OrganisationPage {
    page: Page,
    o: Organisation,
    kind: String,
    places: Vec<PlaceRow>,
    cards: Vec<Card>,
    all: Option<String>,
}

/// `GET /organisations/{organisation}`
pub(super) async fn organisation(
    State(app): State<App>,
    visit: Visit,
    ids: Ids,
) -> Result<Response, Fail> {
    let (id, l) = (ids.get("organisation")?, visit.l);
    let o = organisations::load(&app, id).await?;
    if o.state != "accepted" {
        return Err(Fail::NotFound);
    }
    let rows = app
        .store
        .query(
            sql!(
                "SELECT name, code, address_line, commune FROM place
                 WHERE organisation = $1 AND valid_to IS NULL ORDER BY valid_from LIMIT 100"
            ),
            &params![id],
        )
        .await?;
    let mut places = Vec::new();
    for row in &rows {
        let (code, line, commune): (String, String, String) =
            (row.get(1)?, row.get(2)?, row.get(3)?);
        places.push(PlaceRow {
            name: row.get(0)?,
            code: stamp::Code::parse(&code).map_or(code, |code| code.grouped()),
            address: organisations::address(&line, &commune),
        });
    }
    let cards = cards::of_organisation(&app, l, id, i64::MAX, LOTS).await?;
    let all = (cards.len() as i64 == LOTS).then(|| format!("/lots?organisation={id}"));
    let mut page = Page::public(&visit, o.legal_name.clone());
    page.demonstration = app.config.demonstration;
    show(&OrganisationPage {
        page,
        kind: organisations::kind_label(l, &o.kind),
        places,
        cards,
        all,
        o,
    })
}
