//! Lots: what is grown, kept, made or packed as one and told apart from the next one. The register
//! holds a lot's names and days; what happened to it is in the log, and what is left of it is
//! computed from there by [`ledger`]. Steps are written by `diary`.

pub mod dates;
pub mod ledger;
pub mod list;
pub mod new;
pub mod open;

use store::{Row, params, sql};

use crate::app::{App, Micros};
use crate::shared::Fail;
use crate::shared::guard::{Access, Routes};

pub use open::{NewLot, open, open_in};

pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/org/{org}/lots", Access::Member, list::page)
        .get("/org/{org}/lots/new", Access::Member, new::page)
        .post("/org/{org}/lots/new", Access::Member, new::submit)
        .post("/org/{org}/lots/{lot}/dates", Access::Member, dates::submit)
        .post("/org/{org}/lots/{lot}/close", Access::Member, dates::close)
        .post("/org/{org}/lots/{lot}/reopen", Access::Member, dates::reopen)
}

/// A lot as the register has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lot {
    pub id: i64,
    pub organisation: i64,
    pub product: i64,
    /// Where it is grown or made.
    pub place: i64,
    /// What its people call it: “Lúa vụ mùa · Ruộng 3”.
    pub name: String,
    /// The lot number as printed, AI (10) of GS1.
    pub code: String,
    /// The province's own code of the lot.
    pub trace_code: String,
    /// The identifier in events, canonical.
    pub item: String,
    /// ISO day on which it was harvested, slaughtered or made.
    pub made_on: Option<String>,
    /// ISO day.
    pub expires_on: Option<String>,
    pub opened_at: Micros,
    pub closed_at: Option<Micros>,
    pub version: i64,
}

impl Lot {
    pub(crate) fn of_row(row: &Row) -> Result<Lot, Fail> {
        Ok(Lot {
            id: row.at("id")?,
            organisation: row.at("organisation")?,
            product: row.at("product")?,
            place: row.at("place")?,
            name: row.at("name")?,
            code: row.at("code")?,
            trace_code: row.at("trace_code")?,
            item: row.at("item")?,
            made_on: row.at("made_on")?,
            expires_on: row.at("expires_on")?,
            opened_at: row.at("opened_at")?,
            closed_at: row.at("closed_at")?,
            version: row.at("version")?,
        })
    }

    /// What the audit trail keeps.
    pub fn as_json(&self) -> serde_json::Value {
        serde_json::json!({
            "name": self.name, "code": self.code, "place": self.place, "made_on": self.made_on,
            "expires_on": self.expires_on, "closed": self.closed_at.is_some(),
        })
    }
}

/// One lot of an organisation.
pub async fn load(app: &App, org: i64, id: i64) -> Result<Lot, Fail> {
    let row = app
        .store
        .query_one(sql!("SELECT * FROM lot WHERE organisation = $1 AND id = $2"), &params![org, id])
        .await?;
    Lot::of_row(&row.ok_or(Fail::NotFound)?)
}

/// One lot, whosever it is.
pub async fn any(app: &App, id: i64) -> Result<Lot, Fail> {
    let row = app.store.query_one(sql!("SELECT * FROM lot WHERE id = $1"), &params![id]).await?;
    Lot::of_row(&row.ok_or(Fail::NotFound)?)
}

/// The lot that events know under this identifier, in any spelling.
pub async fn by_item(app: &App, item: &str) -> Result<Option<Lot>, Fail> {
    let row = app
        .store
        .query_one(sql!("SELECT * FROM lot WHERE item = $1"), &params![epcis::canonical(item)])
        .await?;
    row.as_ref().map(Lot::of_row).transpose()
}

/// The registered lots among these canonical identifiers.
pub async fn by_items(app: &App, items: &[String]) -> Result<Vec<Lot>, Fail> {
    let mut found = Vec::new();
    for eight in items.chunks(8) {
        // A statement has a fixed number of parameters; the last identifier fills the rest.
        let at = |place: usize| eight.get(place).or(eight.last()).cloned().unwrap_or_default();
        let rows = app
            .store
            .query(
                sql!("SELECT * FROM lot WHERE item IN ($1, $2, $3, $4, $5, $6, $7, $8)"),
                &params![at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7)],
            )
            .await?;
        for row in &rows {
            found.push(Lot::of_row(row)?);
        }
    }
    Ok(found)
}

/// The lots of an organisation, open ones first, newest first.
pub async fn of_organisation(app: &App, org: i64) -> Result<Vec<Lot>, Fail> {
    let rows = app
        .store
        .query(
            sql!(
                "SELECT * FROM lot WHERE organisation = $1
                 ORDER BY CASE WHEN closed_at IS NULL THEN 0 ELSE 1 END, opened_at DESC, id DESC LIMIT 1000"
            ),
            &params![org],
        )
        .await?;
    rows.iter().map(Lot::of_row).collect()
}

/// The lot that somebody names by typing or scanning: its trace code, its link or the lot number
/// printed on it (only where one lot alone has that number).
pub async fn named(app: &App, typed: &str) -> Result<Option<Lot>, Fail> {
    let typed = typed.trim();
    if let Ok(code) = stamp::Code::parse_kind(stamp::Kind::Trace, typed) {
        let row = app
            .store
            .query_one(sql!("SELECT * FROM lot WHERE trace_code = $1"), &params![code.as_str()])
            .await?;
        return row.as_ref().map(Lot::of_row).transpose();
    }
    if typed.contains(':') {
        let item = match gs1::Link::parse(typed) {
            Ok(link) => match (link.gtin(), link.lot()) {
                (Some(gtin), Some(lot)) => gtin_item(gtin.as_str(), lot).unwrap_or_default(),
                _ => String::new(),
            },
            Err(_) => typed.to_owned(),
        };
        return by_item(app, &item).await;
    }
    let rows = app
        .store
        .query(sql!("SELECT * FROM lot WHERE code = $1 LIMIT 2"), &params![typed.to_uppercase()])
        .await?;
    match rows.as_slice() {
        [only] => Ok(Some(Lot::of_row(only)?)),
        _ => Ok(None),
    }
}

/// The identifier in events of a lot whose product has a GTIN; `None` for a code that GS1 does not
/// allow.
pub(crate) fn gtin_item(gtin: &str, code: &str) -> Option<String> {
    let link = gs1::Link::build(&[("01", gtin), ("10", code)]).ok()?;
    Some(epcis::canonical(&link.canonical()))
}
