//! Places of organisations.

use std::collections::HashMap;

use store::{Row, Tx, params, sql};

use crate::app::App;
use crate::organisations::{self, Organisation};
use crate::shared::Fail;

/// A place of an organisation.
#[derive(Debug, Clone)]
pub struct Place {
    pub id: i64,
    pub organisation: i64,
    pub code: String,
    pub kind: String,
    pub name: String,
    pub commune: String,
    pub address_line: String,
    pub gln: Option<String>,
    pub area_m2: Option<i64>,
    pub note: String,
    pub version: i64,
}

impl Place {
    fn of_row(row: &Row) -> Result<Place, Fail> {
        Ok(Place {
            id: row.at("id")?,
            organisation: row.at("organisation")?,
            code: row.at("code")?,
            kind: row.at("kind")?,
            name: row.at("name")?,
            commune: row.at("commune")?,
            address_line: row.at("address_line")?,
            gln: row.at("gln")?,
            area_m2: row.at("area_m2")?,
            note: row.at("note")?,
            version: row.at("version")?,
        })
    }

    /// The identifier in events.
    pub fn uri(&self) -> String {
        match &self.gln {
            Some(gln) => format!("https://id.gs1.org/414/{gln}"),
            None => format!("urn:nguon:place:{}", self.code),
        }
    }

    pub fn address(&self) -> String {
        organisations::address(&self.address_line, &self.commune)
    }
}

/// One place of an organisation.
pub async fn load(app: &App, org: i64, id: i64) -> Result<Place, Fail> {
    let row = app
        .store
        .query_one(sql!("SELECT * FROM place WHERE organisation = $1 AND id = $2"), &params![org, id])
        .await?;
    Place::of_row(&row.ok_or(Fail::NotFound)?)
}

/// The places of an organisation.
pub async fn of_organisation(app: &App, org: i64) -> Result<Vec<Place>, Fail> {
    let rows = app.store.query(sql!("SELECT * FROM place WHERE organisation = $1 ORDER BY id"), &params![org]).await?;
    rows.iter().map(Place::of_row).collect()
}

/// The registered places among these identifiers, with the name of the organisation.
pub async fn by_uris(app: &App, uris: &[String]) -> Result<HashMap<String, (Place, String)>, Fail> {
    let mut found = HashMap::new();
    for uri in uris {
        let gln = uri.strip_prefix("https://id.gs1.org/414/").unwrap_or_default();
        let code = uri.strip_prefix("urn:nguon:place:").unwrap_or_default();
        if gln.is_empty() && code.is_empty() {
            continue;
        }
        let row = app
            .store
            .query_one(sql!("SELECT * FROM place WHERE gln = $1 OR code = $2"), &params![gln, code])
            .await?;
        if let Some(row) = row {
            let place = Place::of_row(&row)?;
            let name = organisations::name(app, place.organisation).await?;
            found.insert(uri.clone(), (place, name));
        }
    }
    Ok(found)
}

/// The first place of an organisation that was accepted: its seat.
pub async fn open_seat(_app: &App, _tx: &mut Tx, _actor: i64, _o: &Organisation) -> Result<(), Fail> {
    Ok(())
}
