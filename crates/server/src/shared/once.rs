//! A form sent twice is done once: the page carries a token drawn when it was made, and whoever
//! comes second with it is sent to what the first one made.

use std::future::Future;
use std::time::Duration;

use store::{params, sql};

use super::Fail;
use crate::app::{App, DAY, Micros};
use crate::query;

/// Longest token that is looked at.
const LONGEST: usize = 64;
/// A page left open for so long is opened again before its form is sent a second time.
const KEPT: Micros = 7 * DAY;
const SWEEP_EVERY: Duration = Duration::from_hours(1);

/// Does `act` unless the same person sent this token before; returns the page to go to. `act`
/// returns the address of what it made; `otherwise` is where a second click goes while the
/// first is still being done. A form without a token is simply done.
pub async fn once(
    app: &App,
    actor: i64,
    token: &str,
    otherwise: &str,
    act: impl Future<Output = Result<String, Fail>>,
) -> Result<String, Fail> {
    if token.is_empty() || token.len() > LONGEST {
        return act.await;
    }
    let token = format!("{actor} {token}");
    let first = app
        .store
        .execute(
            sql!("INSERT INTO form_once (token, result, at) VALUES ($1, '', $2) ON CONFLICT DO NOTHING"),
            &params![&token, app.now()],
        )
        .await?;
    if first == 0 {
        let row = app
            .store
            .query_one(sql!("SELECT result FROM form_once WHERE token = $1"), &params![&token])
            .await?;
        let made: String = row.map_or_else(|| Ok(String::new()), |row| row.get(0))?;
        return Ok(if made.is_empty() { otherwise.to_owned() } else { made });
    }
    match act.await {
        Ok(made) => {
            app.store
                .execute(
                    sql!("UPDATE form_once SET result = $2 WHERE token = $1"),
                    &params![&token, &made],
                )
                .await?;
            Ok(made)
        }
        Err(fail) => {
            app.store
                .execute(sql!("DELETE FROM form_once WHERE token = $1"), &params![&token])
                .await?;
            Err(fail)
        }
    }
}

/// Throws away the tokens of forms sent long ago; the number of them.
pub async fn sweep(app: &App) -> Result<u64, Fail> {
    let old = sql!("DELETE FROM form_once WHERE at < $1");
    Ok(app.store.execute(old, &params![app.now() - KEPT]).await?)
}

/// Sweeps now and then, the tokens of pages too; ends only with the task.
pub async fn run_sweep(app: App) {
    loop {
        for swept in [sweep(&app).await, query::sweep(&app).await] {
            if let Err(fail) = swept {
                tracing::warn!(cause = %fail, "old tokens could not be swept; trying again in an hour");
            }
        }
        tokio::time::sleep(SWEEP_EVERY).await;
    }
}
