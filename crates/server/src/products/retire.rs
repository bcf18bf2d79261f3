//! Taking a product out of use, and putting it back. It keeps its codes and its history, and its lots go on; no new lot is opened
//! for it.

use axum::extract::State;
use axum::response::Response;
use store::{params, sql};

use super::Product;
use super::register::{finish, load};
use crate::app::App;
use crate::organisations;
use crate::shared::Fail;
use crate::shared::form::Form;
use crate::shared::guard::{Ids, Visit};
use crate::shared::page::go;

/// Takes a product out of use, or puts it back. `version` is the one the page was opened with.
///
/// # Errors
/// [`Fail::stale`] if somebody changed it since.
pub async fn retire(
    app: &App,
    actor: i64,
    before: &Product,
    version: i64,
    retired: bool,
) -> Result<(), Fail> {
    let organisation = organisations::name(app, before.organisation).await?;
    let retired_at = retired.then(|| app.now());
    let mut tx = app.store.begin().await?;
    let changed = tx
        .execute(
            sql!(
                "UPDATE product SET retired_at = $4, version = version + 1
                 WHERE organisation = $1 AND id = $2 AND version = $3"
            ),
            &params![before.organisation, before.id, version, retired_at],
        )
        .await?;
    if changed == 0 {
        return Err(Fail::stale());
    }
    let after = Product { retired_at, version: version + 1, ..before.clone() };
    let action = if retired { "retire" } else { "restore" };
    finish(app, &mut tx, actor, action, before.as_json(), &after, &organisation).await?;
    tx.commit().await?;
    Ok(())
}

/// `POST /org/{org}/products/{product}/retired`
pub(super) async fn submit(
    State(app): State<App>,
    visit: Visit,
    ids: Ids,
    mut form: Form,
) -> Result<Response, Fail> {
    let org = ids.get("org")?;
    let product = load(&app, org, ids.get("product")?).await?;
    let retired = form.choice("retired", &["yes", "no"]) == "yes";
    let version = form.entered.value("version").parse().unwrap_or(0);
    if !form.sound() {
        return Err(Fail::stale());
    }
    retire(&app, visit.actor()?, &product, version, retired).await?;
    Ok(go(&format!("/org/{org}/products/{}?done=saved", product.id)))
}
