//! The lot's part of the scan page, rendered once a language and publication. Every scan reads
//! which submission is published (with the stamp, in one statement), so a part is never older than
//! the register says, on any node; [`LotCache::forget`] only frees the room at once.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use gs1::Lang;
use jiff::civil::Date;
use store::{params, sql};

use super::view;
use crate::app::{App, Micros};
use crate::portal::figures::Figures;
use crate::review::record::PublicRecord;
use crate::shared::{Fail, L};

/// Most parts kept, of about 10 KB each.
const MOST: usize = 2_000;

/// What is the same for every stamp of a lot.
pub(crate) struct LotPart {
    pub(crate) submission: i64,
    pub(crate) title: String,
    /// Card, journey and the law's data as HTML.
    pub(crate) body: String,
    pub(crate) expires_on: Option<Date>,
    pub(crate) record: Arc<PublicRecord>,
}

/// Published records by lot, and the portal's figures of the last minute.
#[derive(Default)]
pub struct LotCache {
    parts: RwLock<HashMap<(i64, Lang), Arc<LotPart>>>,
    pub(crate) figures: RwLock<Option<(Micros, Arc<Figures>)>>,
}

impl LotCache {
    /// Drops what is kept of a lot.
    pub fn forget(&self, lot: i64) {
        let mut parts = self.parts.write().unwrap_or_else(PoisonError::into_inner);
        parts.remove(&(lot, Lang::Vi));
        parts.remove(&(lot, Lang::En));
    }

    /// The part of a lot as of a submission, from memory or from the register.
    pub(crate) async fn part(
        &self,
        app: &App,
        l: L,
        lot: i64,
        submission: i64,
    ) -> Result<Arc<LotPart>, Fail> {
        let kept = {
            let parts = self.parts.read().unwrap_or_else(PoisonError::into_inner);
            parts.get(&(lot, l.0)).cloned()
        };
        if let Some(part) = kept.filter(|part| part.submission == submission) {
            return Ok(part);
        }
        let part = Arc::new(read(app, l, lot).await?);
        let mut parts = self.parts.write().unwrap_or_else(PoisonError::into_inner);
        if parts.len() >= MOST {
            parts.clear();
        }
        parts.insert((lot, l.0), Arc::clone(&part));
        Ok(part)
    }
}

async fn read(app: &App, l: L, lot: i64) -> Result<LotPart, Fail> {
    let row = app
        .store
        .query_one(sql!("SELECT submission, record FROM publication WHERE lot = $1"), &params![lot])
        .await?
        .ok_or(Fail::NotFound)?;
    let text: String = row.get(1)?;
    let record: PublicRecord = serde_json::from_str(&text)
        .map_err(|error| Fail::internal(format!("the published record of lot {lot}: {error}")))?;
    Ok(LotPart {
        submission: row.get(0)?,
        title: format!("{} · {} {}", record.product.name, l.t("lô", "lot"), record.lot.code),
        body: view::lot_body(l, &record)?,
        expires_on: record.lot.expires_on.parse().ok(),
        record: Arc::new(record),
    })
}
