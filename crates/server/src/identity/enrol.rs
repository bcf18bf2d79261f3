//! Giving a login its account: a new one, or the one that the person has already.

use store::{Tx, params, sql};

use crate::app::App;
use crate::shared::Fail;

/// What became of a login that was to be given a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enrolled {
    /// A new account, or one that had no role left, with the password that was drawn for it.
    New(i64),
    /// The person has an account in use and keeps its password.
    Known(i64),
    /// The login belongs to somebody who may not have this role beside his own, or has it already.
    Taken,
}

impl Enrolled {
    /// The account.
    pub fn account(self) -> Option<i64> {
        match self {
            Enrolled::New(id) | Enrolled::Known(id) => Some(id),
            Enrolled::Taken => None,
        }
    }
}

/// The account of a login, made if there is none. One without a role is taken into use like a new one:
/// whoever gave it a password in its last role must not be able to enter in the next.
pub(super) async fn account_of(
    app: &App,
    tx: &mut Tx,
    login: &str,
    name: &str,
    hashed: &str,
) -> Result<Enrolled, Fail> {
    let id = app.id();
    let made = tx
        .execute(
            sql!(
                "INSERT INTO account (id, login, name, password, language, state, created_at)
                 VALUES ($1, $2, $3, $4, 'vi', 'active', $5) ON CONFLICT DO NOTHING"
            ),
            &params![id, login, name, hashed, app.now()],
        )
        .await?;
    if made == 1 {
        return Ok(Enrolled::New(id));
    }
    let row =
        tx.query_one(sql!("SELECT id FROM account WHERE login = $1"), &params![login]).await?;
    let id = row.ok_or_else(Fail::stale)?.get(0)?;
    if is_staff(tx, id).await? || !organisations_of(tx, id).await?.is_empty() {
        return Ok(Enrolled::Known(id));
    }
    tx.execute(sql!("UPDATE account SET password = $2 WHERE id = $1"), &params![id, hashed])
        .await?;
    tx.execute(sql!("DELETE FROM session WHERE account = $1"), &params![id]).await?;
    Ok(Enrolled::New(id))
}

/// Organisations that somebody belongs to now.
pub(super) async fn organisations_of(tx: &mut Tx, account: i64) -> Result<Vec<i64>, Fail> {
    let rows = tx
        .query(
            sql!("SELECT organisation FROM membership WHERE account = $1 AND valid_to IS NULL"),
            &params![account],
        )
        .await?;
    rows.iter().map(|row| Ok(row.get(0)?)).collect()
}

/// Whether somebody has a role in the administration now.
pub(super) async fn is_staff(tx: &mut Tx, account: i64) -> Result<bool, Fail> {
    let rows = tx
        .query(
            sql!("SELECT role FROM staff_role WHERE account = $1 AND valid_to IS NULL"),
            &params![account],
        )
        .await?;
    Ok(!rows.is_empty())
}
