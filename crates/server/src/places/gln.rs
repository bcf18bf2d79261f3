//! Whose a GLN is. Anybody can write a number down; an officer finds out whether GS1 gave it to the organisation (the certificate,
//! or GS1's own register), and only then does it open what others send there. A number that stands at the wrong place is taken
//! from it, so that its holder can have it.

use axum::extract::State;
use axum::response::Response;
use store::{params, sql};

use super::Place;
use super::register::{change, load};
use crate::app::App;
use crate::identity::account::Account;
use crate::organisations::desk;
use crate::shared::form::Form;
use crate::shared::guard::{Ids, Visit};
use crate::shared::page::go;
use crate::shared::{Fail, audit};

/// What an officer finds of a GLN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// It is the organisation's.
    Theirs,
    /// It is not; the place goes on without it.
    NotTheirs,
}

/// Places of an organisation that have a GLN, by name; closed ones too, since events may name them.
pub async fn numbered(app: &App, org: i64) -> Result<Vec<Place>, Fail> {
    let all = super::all_of(app, org).await?;
    Ok(all.into_iter().filter(|place| place.gln.is_some()).collect())
}

/// The organisation at one of whose places a GLN stands.
pub async fn holder(app: &App, gln: &str) -> Result<Option<i64>, Fail> {
    let Ok(gln) = gs1::Gln::parse(gln) else { return Ok(None) };
    let statement = sql!("SELECT organisation FROM place WHERE gln = $1");
    let row = app.store.find(statement, &params![gln.as_str()]).await?;
    Ok(row.map(|row| row.get(0)).transpose()?)
}

/// Notes what an officer found of a place's GLN. `version` is the one the page was opened with.
///
/// # Errors
/// [`Fail::stale`] if somebody changed the place since; a refusal for a member of its organisation.
pub async fn decide(
    app: &App,
    officer: &Account,
    before: &Place,
    version: i64,
    finding: Finding,
) -> Result<Place, Fail> {
    desk::not_own(officer, before.organisation)?;
    let (gln, gln_checked_at, action) = match finding {
        Finding::Theirs => (before.gln.clone(), Some(app.now()), "check_gln"),
        Finding::NotTheirs => (None, None, "take_gln"),
    };
    let mut tx = app.store.begin().await?;
    let changed = tx
        .execute(
            sql!(
                "UPDATE place SET gln = $4, gln_checked_at = $5, version = version + 1
                 WHERE organisation = $1 AND id = $2 AND version = $3 AND gln IS NOT NULL"
            ),
            &params![before.organisation, before.id, version, &gln, gln_checked_at],
        )
        .await?;
    if changed == 0 {
        return Err(Fail::stale());
    }
    let after = Place { gln, gln_checked_at, version: version + 1, ..before.clone() };
    audit::record(app, &mut tx, officer.id, change(action, before.as_json(), &after)).await?;
    tx.commit().await?;
    Ok(after)
}

/// `POST /desk/organisations/{organisation}/places/{place}/gln`
pub(super) async fn submit(
    State(app): State<App>,
    visit: Visit,
    ids: Ids,
    mut form: Form,
) -> Result<Response, Fail> {
    let o = desk::governed(&app, &visit, ids.get("organisation")?).await?;
    let place = load(&app, o.id, ids.get("place")?).await?;
    let finding = match form.choice("finding", &["theirs", "not-theirs"]).as_str() {
        "theirs" => Finding::Theirs,
        _ => Finding::NotTheirs,
    };
    let version = form.entered.value("version").parse().unwrap_or(0);
    if !form.sound() {
        return Err(Fail::stale());
    }
    decide(&app, visit.signed_in()?, &place, version, finding).await?;
    Ok(go(&format!("/desk/organisations/{}?done=saved", o.id)))
}
