//! Views of the log that are kept by following it: each with a cursor of its own, moved in the transaction that writes what a
//! stretch of the log changes, so that two nodes may follow at once.

use std::time::Duration;

use super::Fail;
use crate::app::App;

/// How long a follower waits where nothing wakes it: another node may have written.
const POLL: Duration = Duration::from_secs(1);

/// A view that follows the log.
pub trait View: 'static {
    /// Takes the next stretch of the log into the view; the number of events it had.
    fn step(app: &App) -> impl Future<Output = Result<usize, Fail>> + Send;
}

/// Catches up with the log; the number of events it took.
pub async fn catch_up<V: View>(app: &App) -> Result<usize, Fail> {
    let mut taken = 0;
    loop {
        match V::step(app).await? {
            0 => return Ok(taken),
            more => taken += more,
        }
    }
}

/// Keeps a view for ever; ends only with the task.
pub async fn keep<V: View>(app: App) {
    let mut wake = app.store.subscribe();
    loop {
        if let Err(fail) = catch_up::<V>(&app).await {
            let view = std::any::type_name::<V>();
            tracing::warn!(cause = %fail, view, "a view could not be kept; trying again");
            tokio::time::sleep(POLL).await;
        }
        // Either outcome means: look again.
        let _ = tokio::time::timeout(POLL, wake.changed()).await;
    }
}
