//! The answer to a question in the search box. A code, a link or a GTIN goes straight to its page;
//! words are looked up among what is public, and a commune shows who works there.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use gs1::{Gtin, element};
use serde::Deserialize;
use stamp::{Code, Kind, Serial};
use store::{params, sql};
use vietnam::units::Hit;

use super::cards::{self, Card};
use super::search;
use crate::app::App;
use crate::organisations;
use crate::resolve::address;
use crate::resolve::lookup;
use crate::shared::guard::Visit;
use crate::shared::page::{Page, go, show};
use crate::shared::{Fail, L, limit};

/// Things of one kind that are shown.
const MOST: usize = 24;

#[derive(Deserialize, Default)]
pub(super) struct Asked {
    #[serde(default)]
    q: String,
}

struct Line {
    href: String,
    name: String,
    detail: String,
}

struct CommuneGroup {
    title: String,
    organisations: Vec<Line>,
}

#[derive(Template)]
#[template(path = "portal/results.html")]
struct ResultsPage {
    page: Page,
    q: String,
    cards: Vec<Card>,
    products: Vec<Line>,
    organisations: Vec<Line>,
    communes: Vec<CommuneGroup>,
}

impl ResultsPage {
    fn is_empty(&self) -> bool {
        self.cards.is_empty()
            && self.products.is_empty()
            && self.organisations.is_empty()
            && self.communes.is_empty()
    }
}

/// `GET /search?q=…`
pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Response, Fail> {
    if !app.limiter.allow(&format!("search {}", visit.address), limit::API, app.now()) {
        return Err(Fail::TooMany);
    }
    let q: String = asked.q.trim().chars().take(300).collect();
    if let Some(path) = direct(&app, &q).await? {
        return Ok(go(&path));
    }
    let mut page = Page::public(&visit, visit.l.t("Tìm", "Search"));
    page.demonstration = app.config.demonstration;
    let mut results = ResultsPage {
        page,
        q,
        cards: Vec::new(),
        products: Vec::new(),
        organisations: Vec::new(),
        communes: Vec::new(),
    };
    fill(&app, visit.l, &mut results).await?;
    show(&results)
}

async fn fill(app: &App, l: L, results: &mut ResultsPage) -> Result<(), Fail> {
    for found in search::find(app, &results.q).await? {
        match found.kind.as_str() {
            "lot" if results.cards.len() < MOST => {
                results.cards.extend(cards::one(app, l, found.subject).await?);
            }
            "product" if results.products.len() < MOST => {
                results.products.extend(product(app, found.subject).await?);
            }
            "organisation" if results.organisations.len() < MOST => {
                results.organisations.extend(organisation(app, found.subject).await?);
            }
            _ => {}
        }
    }
    results.communes = communes(app, &results.q).await?;
    Ok(())
}

/// A product that has a published lot.
async fn product(app: &App, id: i64) -> Result<Option<Line>, Fail> {
    let row = app
        .store
        .query_one(
            sql!(
                "SELECT p.name, o.legal_name FROM product p JOIN organisation o ON o.id = p.organisation
                 WHERE p.id = $1 AND EXISTS
                   (SELECT 1 FROM publication b WHERE b.product = p.id AND b.withdrawn_at IS NULL)"
            ),
            &params![id],
        )
        .await?;
    row.map(|row| {
        Ok(Line { href: format!("/products/{id}"), name: row.get(0)?, detail: row.get(1)? })
    })
    .transpose()
}

/// An organisation that was accepted.
async fn organisation(app: &App, id: i64) -> Result<Option<Line>, Fail> {
    let row = app
        .store
        .query_one(
            sql!("SELECT legal_name, address_line, commune FROM organisation WHERE id = $1 AND state = 'accepted'"),
            &params![id],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let (line, commune): (String, String) = (row.get(1)?, row.get(2)?);
    Ok(Some(Line {
        href: format!("/organisations/{id}"),
        name: row.get(0)?,
        detail: organisations::address(&line, &commune),
    }))
}

/// Communes that the question names, old names included, with the organisations there.
async fn communes(app: &App, q: &str) -> Result<Vec<CommuneGroup>, Fail> {
    let mut groups: Vec<CommuneGroup> = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for hit in vietnam::units::find(q, 5) {
        let units = match hit {
            Hit::New(unit) => vec![unit],
            Hit::Old { successors, .. } => successors.communes(),
        };
        for unit in units {
            if seen.contains(&unit.code) {
                continue;
            }
            seen.push(unit.code);
            let rows = app
                .store
                .query(
                    sql!(
                        "SELECT id, legal_name, address_line FROM organisation
                         WHERE commune = $1 AND state = 'accepted' ORDER BY legal_name LIMIT 24"
                    ),
                    &params![unit.code],
                )
                .await?;
            let mut lines = Vec::new();
            for row in &rows {
                let id: i64 = row.get(0)?;
                lines.push(Line {
                    href: format!("/organisations/{id}"),
                    name: row.get(1)?,
                    detail: row.get(2)?,
                });
            }
            if !lines.is_empty() {
                groups.push(CommuneGroup {
                    title: vietnam::units::full_address(unit),
                    organisations: lines,
                });
            }
        }
    }
    Ok(groups)
}

/// The page of a code, a link, an element string or a GTIN; `None` where the text is none of them
/// or names nothing that is here.
pub(super) async fn direct(app: &App, text: &str) -> Result<Option<String>, Fail> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    if let Some(path) = of_link(app, text) {
        return Ok(Some(path));
    }
    let digits: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '.')).collect();
    if matches!(digits.len(), 8 | 12 | 13 | 14)
        && digits.bytes().all(|b| b.is_ascii_digit())
        && let Ok(gtin) = Gtin::parse(&format!("{digits:0>14}"))
    {
        if lookup::product_by_gtin(app, gtin.as_str()).await?.is_some() {
            return Ok(Some(format!("/01/{gtin}")));
        }
        if digits.len() == 13 && lookup::place_by_gln(app, &digits).await?.is_some() {
            return Ok(Some(format!("/414/{digits}")));
        }
    }
    if let Ok(serial) = Serial::parse(text)
        && lookup::stamp(app, serial.as_str()).await?.is_some()
    {
        return Ok(Some(format!("/t/{serial}")));
    }
    of_code(app, text).await
}

/// A link to this portal, or a Digital Link or element string of anything.
fn of_link(app: &App, text: &str) -> Option<String> {
    let own = app.config.public_url.to_lowercase();
    let lower = text.to_lowercase();
    if let Some(rest) = lower.strip_prefix(&own).and_then(|rest| rest.strip_prefix("/t/")) {
        let code = rest.split(['?', '#', '/']).next().unwrap_or_default();
        return address::of_code(code).ok().map(|address| address.path);
    }
    let link = if lower.starts_with("http://") || lower.starts_with("https://") {
        gs1::Link::parse(text).ok()
    } else if text.starts_with('(') || text.starts_with(']') {
        element::read(text).ok().and_then(|elements| element::to_link(&elements).ok())
    } else {
        None
    };
    link.and_then(|link| address::of_parsed(&link).ok()).map(|address| address.path)
}

/// One of our codes that names something.
async fn of_code(app: &App, text: &str) -> Result<Option<String>, Fail> {
    let Ok(code) = Code::parse(text) else { return Ok(None) };
    let known = match code.kind() {
        Kind::Trace => lookup::lot_by_trace(app, code.as_str()).await?.is_some(),
        Kind::Establishment => lookup::place_by_code(app, code.as_str()).await?.is_some(),
        Kind::Product => lookup::product_by_code(app, code.as_str()).await?.is_some(),
        // Tried codes must cost what the case page lets them cost.
        Kind::Case => text.chars().any(|c| c.is_ascii_digit()),
    };
    Ok(known.then(|| format!("/t/{code}")))
}
