//! The office's word on a certificate: that somebody compared it with the paper or with the
//! issuer's register. Buyers see it, so nobody says it of his own organisation or of what he
//! entered himself.

use axum::http::StatusCode;
use store::{params, sql};

use super::register::record;
use super::{Certificate, VERIFIES};
use crate::app::App;
use crate::identity::account::Account;
use crate::shared::Fail;

/// An officer or reviewer says that he compared a certificate with the paper or with the
/// issuer's register.
///
/// # Errors
/// Not found outside his sector and area; forbidden for his own organisation's certificate and
/// for one that he entered himself; [`Fail::stale`] if it was changed since he opened it.
pub async fn verify(
    app: &App,
    account: &Account,
    before: &Certificate,
    version: i64,
) -> Result<(), Fail> {
    if !account.oversees(app, &VERIFIES, before.organisation).await? {
        return Err(Fail::NotFound);
    }
    may_verify(app, account, before).await?;
    let mut tx = app.store.begin().await?;
    let done = tx
        .execute(
            sql!(
                "UPDATE certificate SET verified_by = $3, verified_at = $4, version = version + 1
                 WHERE id = $1 AND version = $2 AND withdrawn_at IS NULL AND verified_at IS NULL"
            ),
            &params![before.id, version, account.id, app.now()],
        )
        .await?;
    if done == 0 {
        return Err(Fail::stale());
    }
    let after = Certificate {
        verified_by: Some(account.id),
        verified_at: Some(app.now()),
        ..before.clone()
    };
    record(app, &mut tx, account.id, "verify", before.as_json(), &after).await?;
    tx.commit().await?;
    Ok(())
}

/// Nobody vouches for his own organisation's paper, nor for words that he wrote himself.
pub(super) async fn may_verify(app: &App, account: &Account, c: &Certificate) -> Result<(), Fail> {
    if account.is_member(c.organisation) {
        return Err(Fail::with(
            StatusCode::FORBIDDEN,
            "Bạn thuộc đơn vị này nên không xác nhận được chứng nhận của nó.",
            "You belong to this organisation and cannot verify its certificates.",
        ));
    }
    let wrote = app
        .store
        .query_one(
            sql!(
                "SELECT id FROM audit WHERE subject_kind = 'certificate' AND subject = $1 AND actor = $2
                   AND action IN ('create', 'update') LIMIT 1"
            ),
            &params![c.id, account.id],
        )
        .await?;
    if wrote.is_some() {
        return Err(Fail::with(
            StatusCode::FORBIDDEN,
            "Bạn đã nhập chứng nhận này nên người khác phải xác nhận.",
            "You entered this certificate, so somebody else must verify it.",
        ));
    }
    Ok(())
}
