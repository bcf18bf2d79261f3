//! What the register knows of a code: one statement an address, by primary or unique keys only.

use store::{Row, params, sql};

use super::verdict::Verdict;
use crate::app::{App, Micros};
use crate::shared::Fail;

/// A lot with the state of its publication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LotState {
    pub lot: i64,
    pub code: String,
    pub trace_code: String,
    pub gtin: Option<String>,
    pub product: i64,
    /// The submission that is published.
    pub submission: Option<i64>,
    pub withdrawn_at: Option<Micros>,
}

/// A stamp with its lot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StampState {
    pub state: String,
    pub activated_at: Option<Micros>,
    pub voided_at: Option<Micros>,
    pub first_scan_at: Option<Micros>,
    pub scans: i64,
    pub of: LotState,
}

fn lot_of(row: &Row, from: usize) -> Result<LotState, Fail> {
    Ok(LotState {
        lot: row.get(from)?,
        code: row.get(from + 1)?,
        trace_code: row.get(from + 2)?,
        gtin: row.get(from + 3)?,
        product: row.get(from + 4)?,
        submission: row.get(from + 5)?,
        withdrawn_at: row.get(from + 6)?,
    })
}

/// The stamp of a serial number.
pub async fn stamp(app: &App, serial: &str) -> Result<Option<StampState>, Fail> {
    let found = app
        .store
        .find(
            sql!(
                "SELECT s.state, s.activated_at, s.voided_at, s.first_scan_at, s.scans,
                   l.id, l.code, l.trace_code, p.gtin, p.id, b.submission, b.withdrawn_at
                 FROM stamp s JOIN lot l ON l.id = s.lot JOIN product p ON p.id = l.product
                 LEFT JOIN publication b ON b.lot = s.lot
                 WHERE s.serial = $1"
            ),
            &params![serial],
        )
        .await?;
    let Some(row) = found else { return Ok(None) };
    Ok(Some(StampState {
        state: row.get(0)?,
        activated_at: row.get(1)?,
        voided_at: row.get(2)?,
        first_scan_at: row.get(3)?,
        scans: row.get(4)?,
        of: lot_of(&row, 5)?,
    }))
}

/// The lot of a GTIN and a lot code.
pub async fn lot(app: &App, gtin: &str, code: &str) -> Result<Option<LotState>, Fail> {
    let found = app
        .store
        .find(
            sql!(
                "SELECT l.id, l.code, l.trace_code, p.gtin, p.id, b.submission, b.withdrawn_at
                 FROM product p JOIN lot l ON l.product = p.id LEFT JOIN publication b ON b.lot = l.id
                 WHERE p.gtin = $1 AND l.code = $2"
            ),
            &params![gtin, code],
        )
        .await?;
    found.map(|row| lot_of(&row, 0)).transpose()
}

/// The lot of a trace code.
pub async fn lot_by_trace(app: &App, code: &str) -> Result<Option<LotState>, Fail> {
    let found = app
        .store
        .find(
            sql!(
                "SELECT l.id, l.code, l.trace_code, p.gtin, p.id, b.submission, b.withdrawn_at
                 FROM lot l JOIN product p ON p.id = l.product LEFT JOIN publication b ON b.lot = l.id
                 WHERE l.trace_code = $1"
            ),
            &params![code],
        )
        .await?;
    found.map(|row| lot_of(&row, 0)).transpose()
}

/// A product that has something public: id and name.
pub async fn product_by_gtin(app: &App, gtin: &str) -> Result<Option<(i64, String)>, Fail> {
    let found = app
        .store
        .find(
            sql!(
                "SELECT p.id, p.name FROM product p WHERE p.gtin = $1 AND EXISTS
                   (SELECT 1 FROM publication b WHERE b.product = p.id AND b.withdrawn_at IS NULL)"
            ),
            &params![gtin],
        )
        .await?;
    named(found)
}

/// As [`product_by_gtin`], by the province's own product code.
pub async fn product_by_code(app: &App, code: &str) -> Result<Option<(i64, String)>, Fail> {
    let found = app
        .store
        .find(
            sql!(
                "SELECT p.id, p.name FROM product p WHERE p.code = $1 AND EXISTS
                   (SELECT 1 FROM publication b WHERE b.product = p.id AND b.withdrawn_at IS NULL)"
            ),
            &params![code],
        )
        .await?;
    named(found)
}

/// The organisation of a place: id and the place's name.
pub async fn place_by_gln(app: &App, gln: &str) -> Result<Option<(i64, String)>, Fail> {
    let found = app
        .store
        .find(sql!("SELECT organisation, name FROM place WHERE gln = $1"), &params![gln])
        .await?;
    named(found)
}

/// As [`place_by_gln`], by establishment code.
pub async fn place_by_code(app: &App, code: &str) -> Result<Option<(i64, String)>, Fail> {
    let found = app
        .store
        .find(sql!("SELECT organisation, name FROM place WHERE code = $1"), &params![code])
        .await?;
    named(found)
}

fn named(row: Option<Row>) -> Result<Option<(i64, String)>, Fail> {
    row.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
}

impl LotState {
    /// Whether the record may be shown.
    pub fn is_public(&self) -> bool {
        self.submission.is_some()
    }

    /// The verdict on the code of the lot itself; `None` where nothing is public.
    pub fn verdict(&self) -> Option<Verdict> {
        self.submission?;
        Some(self.withdrawn_at.map_or(Verdict::LotOnly, |at| Verdict::Withdrawn { at }))
    }
}

impl StampState {
    /// Whether the link speaks of the product and lot that the stamp was issued for.
    pub fn fits(&self, gtin: Option<&str>, lot: Option<&str>) -> bool {
        let same = |said: &str, own: &str| said.eq_ignore_ascii_case(own);
        gtin.is_none_or(|gtin| self.of.gtin.as_deref() == Some(gtin))
            && lot.is_none_or(|lot| same(lot, &self.of.code))
    }

    /// The verdict on the stamp. `waiting` scans are counted but not written yet; `again` says that
    /// the same phone asked a moment ago.
    pub fn verdict(&self, waiting: i64, again: bool, now: Micros) -> Verdict {
        match self.state.as_str() {
            "void" => Verdict::Void { at: self.voided_at.unwrap_or(now) },
            _ if self.of.withdrawn_at.is_some() => {
                Verdict::Withdrawn { at: self.of.withdrawn_at.unwrap_or(now) }
            }
            "active" if !self.of.is_public() => Verdict::Unpublished,
            "active" => {
                let before = self.scans + waiting;
                Verdict::Genuine {
                    times: if again { before.max(1) } else { before + 1 },
                    first_at: self.first_scan_at.unwrap_or(now),
                    activated_at: self.activated_at.unwrap_or(now),
                }
            }
            _ => Verdict::Inactive,
        }
    }
}
