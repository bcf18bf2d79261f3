//! A lot's days, and its end: the day it was made follows from the first harvest, slaughter or
//! making; the expiry from the product's shelf life; both may be mended by hand. A closed lot takes
//! no more steps.

use axum::extract::State;
use axum::response::Response;
use jiff::ToSpan;
use jiff::civil::Date;
use store::{Tx, params, sql};

use super::{Lot, load};
use crate::app::App;
use crate::products::Product;
use crate::shared::form::Form;
use crate::shared::guard::{Ids, Visit};
use crate::shared::page::go;
use crate::shared::{Fail, audit};

/// Notes the day a lot was made, unless it is known, and the expiry that follows from it.
pub async fn made(app: &App, tx: &mut Tx, actor: i64, lot: &Lot, product: &Product, day: Date) -> Result<(), Fail> {
    if lot.made_on.is_some() {
        return Ok(());
    }
    let expires = lot.expires_on.clone().or_else(|| expiry(product, day));
    let after = Lot { made_on: Some(day.to_string()), expires_on: expires, ..lot.clone() };
    // Nobody has seen the lot without this day, so the version stays: an open form is not stale.
    tx.execute(
        sql!("UPDATE lot SET made_on = $2, expires_on = $3 WHERE id = $1 AND made_on IS NULL"),
        &params![lot.id, &after.made_on, &after.expires_on],
    )
    .await?;
    note(app, tx, actor, "made", lot, &after).await
}

fn expiry(product: &Product, made: Date) -> Option<String> {
    if product.no_expiry {
        return None;
    }
    let days = product.shelf_life_days.filter(|days| (1..=36_500).contains(days))?;
    made.checked_add(days.days()).ok().map(|day| day.to_string())
}

async fn note(app: &App, tx: &mut Tx, actor: i64, action: &str, before: &Lot, after: &Lot) -> Result<(), Fail> {
    let change = audit::Change {
        subject_kind: "lot",
        subject: before.id,
        action,
        organisation: Some(before.organisation),
        before: before.as_json(),
        after: after.as_json(),
    };
    audit::record(app, tx, actor, change).await
}

/// Sets name and days of a lot.
///
/// # Errors
/// [`Fail::stale`] where another version was opened, a refusal where it expires before it is made.
pub async fn update(app: &App, actor: i64, before: &Lot, after: Lot, version: i64) -> Result<(), Fail> {
    if let (Some(made), Some(expires)) = (&after.made_on, &after.expires_on)
        && expires < made
    {
        return Err(Fail::refused(
            "Hạn sử dụng phải sau ngày sản xuất.",
            "The expiry must be after the day of production.",
        ));
    }
    let mut tx = app.store.begin().await?;
    let done = tx
        .execute(
            sql!(
                "UPDATE lot SET name = $4, made_on = $5, expires_on = $6, closed_at = $7, version = version + 1
                 WHERE organisation = $1 AND id = $2 AND version = $3"
            ),
            &params![
                before.organisation,
                before.id,
                version,
                &*after.name,
                &after.made_on,
                &after.expires_on,
                after.closed_at
            ],
        )
        .await?;
    if done == 0 {
        return Err(Fail::stale());
    }
    note(app, &mut tx, actor, "update", before, &after).await?;
    tx.commit().await?;
    Ok(())
}

/// `POST /org/{org}/lots/{lot}/dates`
pub async fn submit(State(app): State<App>, visit: Visit, ids: Ids, mut form: Form) -> Result<Response, Fail> {
    let (org, id) = (ids.get("org")?, ids.get("lot")?);
    let before = load(&app, org, id).await?;
    let name = form.optional("name", 200);
    let made_on = form.optional_date("made_on").map(|day| day.to_string());
    let expires_on = form.optional_date("expires_on").map(|day| day.to_string());
    if !form.sound() {
        let first = form.entered.faults().first().map(|(_, words)| words.clone()).unwrap_or_default();
        return Err(Fail::refused(first.clone(), first));
    }
    let version = form.entered.value("version").parse().unwrap_or(0);
    let name = if name.is_empty() { before.name.clone() } else { name };
    let after = Lot { name, made_on, expires_on, ..before.clone() };
    update(&app, visit.actor()?, &before, after, version).await?;
    Ok(go(&format!("/org/{org}/lots/{id}?done=saved")))
}

/// `POST /org/{org}/lots/{lot}/close`
pub async fn close(State(app): State<App>, visit: Visit, ids: Ids, form: Form) -> Result<Response, Fail> {
    end(&app, &visit, &ids, &form, true).await
}

/// `POST /org/{org}/lots/{lot}/reopen`
pub async fn reopen(State(app): State<App>, visit: Visit, ids: Ids, form: Form) -> Result<Response, Fail> {
    end(&app, &visit, &ids, &form, false).await
}

async fn end(app: &App, visit: &Visit, ids: &Ids, form: &Form, closed: bool) -> Result<Response, Fail> {
    let (org, id) = (ids.get("org")?, ids.get("lot")?);
    let before = load(app, org, id).await?;
    let after = Lot { closed_at: closed.then(|| app.now()), ..before.clone() };
    let version = form.entered.value("version").parse().unwrap_or(0);
    update(app, visit.actor()?, &before, after, version).await?;
    Ok(go(&format!("/org/{org}/lots/{id}?done=saved")))
}
