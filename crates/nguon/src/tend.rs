//! Tending the data: migrate, check, rebuild.

use serde_json::json;
use server::{capture, sight};

use crate::{Ended, data};

pub(crate) async fn migrate(place: &data::Where) -> anyhow::Result<Ended> {
    let store = place.open().await?;
    crate::print(&json!({"migrated": store.migrate().await?}));
    Ok(Ended::Done)
}

/// Log gapless, bodies intact, postings as the events say, views as a fresh build would make them.
pub(crate) async fn fsck(place: &data::Where) -> anyhow::Result<Ended> {
    let store = place.open().await?;
    let report = store::fsck(&store, capture::postings_of).await?;
    let app = data::app(store, data::quiet_config())?;
    let failed = |fail| anyhow::anyhow!("checking the views: {fail}");
    let mut views = capture::views::verify(&app).await.map_err(failed)?;
    views.extend(sight::verify(&app).await.map_err(failed)?);
    let log: Vec<String> = report.faults.iter().map(ToString::to_string).collect();
    let ok = log.is_empty() && views.is_empty();
    crate::print(
        &json!({"ok": ok, "events": report.events, "postings": report.postings, "log": log, "views": views}),
    );
    Ok(if ok { Ended::Done } else { Ended::Invalid })
}

pub(crate) async fn rebuild(place: &data::Where) -> anyhow::Result<Ended> {
    let app = data::app(place.ready().await?, data::quiet_config())?;
    let failed = |fail| anyhow::anyhow!("rebuilding the views: {fail}");
    let events = capture::views::rebuild(&app).await.map_err(failed)?;
    sight::rebuild(&app).await.map_err(failed)?;
    crate::print(&json!({"rebuilt": true, "events": events}));
    Ok(Ended::Done)
}
