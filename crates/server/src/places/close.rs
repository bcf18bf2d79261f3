//! Closing a place that is used no more, and opening it again. A closed place keeps its code and its history; it is not offered
//! for new lots and steps, and nothing that happens there later can be recorded.

use axum::extract::State;
use axum::response::Response;
use store::{params, sql};

use super::Place;
use super::register::{change, load};
use crate::app::App;
use crate::shared::form::Form;
use crate::shared::guard::{Ids, Visit};
use crate::shared::page::go;
use crate::shared::{Fail, audit};

/// Closes a place, or opens it again. `version` is the one the page was opened with.
///
/// # Errors
/// [`Fail::stale`] if somebody changed it since.
pub async fn close(
    app: &App,
    actor: i64,
    before: &Place,
    version: i64,
    closed: bool,
) -> Result<(), Fail> {
    let closed_at = closed.then(|| app.now());
    let mut tx = app.store.begin().await?;
    let changed = tx
        .execute(
            sql!(
                "UPDATE place SET valid_to = $4, version = version + 1
                 WHERE organisation = $1 AND id = $2 AND version = $3"
            ),
            &params![before.organisation, before.id, version, closed_at],
        )
        .await?;
    if changed == 0 {
        return Err(Fail::stale());
    }
    let after = Place { closed_at, version: version + 1, ..before.clone() };
    let action = if closed { "close_place" } else { "reopen_place" };
    audit::record(app, &mut tx, actor, change(action, before.as_json(), &after)).await?;
    tx.commit().await?;
    Ok(())
}

/// `POST /org/{org}/places/{place}/closed`
pub(super) async fn submit(
    State(app): State<App>,
    visit: Visit,
    ids: Ids,
    mut form: Form,
) -> Result<Response, Fail> {
    let org = ids.get("org")?;
    let place = load(&app, org, ids.get("place")?).await?;
    let closed = form.choice("closed", &["yes", "no"]) == "yes";
    let version = form.entered.value("version").parse().unwrap_or(0);
    if !form.sound() {
        return Err(Fail::stale());
    }
    close(&app, visit.actor()?, &place, version, closed).await?;
    Ok(go(&format!("/org/{org}/places/{}?done=saved", place.id)))
}
