//! One stamp, for its owner: state, scans by day, and a word of suspicion where they are many.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use store::{params, sql};

use super::order;
use crate::app::{App, Micros};
use crate::organisations;
use crate::resolve::verdict::MANY;
use crate::shared::guard::Visit;
use crate::shared::page::{Page, show};
use crate::shared::{Fail, L, text};

/// A stamp as the register has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    pub serial: String,
    pub lot: i64,
    pub order: i64,
    pub ordinal: i64,
    /// `issued`, `active`, `void`.
    pub state: String,
    pub activated_at: Option<Micros>,
    pub voided_at: Option<Micros>,
    pub void_reason: String,
    pub first_scan_at: Option<Micros>,
    pub scans: i64,
}

/// A stamp of an organisation.
pub async fn by_serial(app: &App, org: i64, serial: &str) -> Result<Option<Stamp>, Fail> {
    let found = app
        .store
        .query_one(
            sql!(
                "SELECT s.serial, s.lot, s.stamp_order, s.ordinal, s.state, s.activated_at, s.voided_at, s.void_reason,
                   s.first_scan_at, s.scans
                 FROM stamp s JOIN stamp_order o ON o.id = s.stamp_order
                 WHERE s.serial = $2 AND o.organisation = $1"
            ),
            &params![org, serial],
        )
        .await?;
    let Some(row) = found else { return Ok(None) };
    Ok(Some(Stamp {
        serial: row.get(0)?,
        lot: row.get(1)?,
        order: row.get(2)?,
        ordinal: row.get(3)?,
        state: row.get(4)?,
        activated_at: row.get(5)?,
        voided_at: row.get(6)?,
        void_reason: row.get(7)?,
        first_scan_at: row.get(8)?,
        scans: row.get(9)?,
    }))
}

/// Scans of one day.
struct Day {
    date: String,
    scans: usize,
    verdicts: String,
}

#[derive(Template)]
#[template(path = "stamps/serial.html")]
struct SerialPage {
    page: Page,
    org: i64,
    s: Stamp,
    grouped: String,
    product: String,
    lot: String,
    activated: String,
    voided: String,
    first: String,
    days: Vec<Day>,
    suspicion: Option<String>,
    public: String,
}

/// `GET /org/{org}/stamps/serial/{serial}`
pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((org, serial)): Path<(i64, String)>,
) -> Result<Response, Fail> {
    let l = visit.l;
    let serial = stamp::Serial::parse(&serial).map_err(|_| Fail::NotFound)?;
    let s = by_serial(&app, org, serial.as_str()).await?.ok_or(Fail::NotFound)?;
    let order = order::load(&app, org, s.order).await?;
    let name = organisations::name(&app, org).await?;
    let days = days(&app, l, serial.as_str()).await?;
    let when = |at: Option<Micros>| at.map_or_else(String::new, |at| text::moment(&l, &at));
    let title = format!("{} {}", l.t("Tem", "Stamp"), serial.grouped());
    show(&SerialPage {
        page: Page::of_organisation(&visit, title, org, &name),
        org,
        grouped: serial.grouped(),
        product: order.face.product,
        lot: order.face.lot_code,
        activated: when(s.activated_at),
        voided: when(s.voided_at),
        first: when(s.first_scan_at),
        suspicion: suspicion(l, &s, days.len()),
        days,
        public: format!("/t/{serial}"),
        s,
    })
}

async fn days(app: &App, l: L, serial: &str) -> Result<Vec<Day>, Fail> {
    let rows = app
        .store
        .query(
            sql!(
                "SELECT verdict, scanned_at FROM scan WHERE code = $1 ORDER BY id DESC LIMIT 5000"
            ),
            &params![serial],
        )
        .await?;
    let mut days: BTreeMap<jiff::civil::Date, BTreeMap<String, usize>> = BTreeMap::new();
    for row in &rows {
        let day = text::day_of(row.get(1)?);
        *days.entry(day).or_default().entry(row.get(0)?).or_insert(0) += 1;
    }
    let day = |(day, verdicts): (jiff::civil::Date, BTreeMap<String, usize>)| Day {
        date: vietnam::format::date(day, l.0),
        scans: verdicts.values().sum(),
        verdicts: verdicts
            .iter()
            .map(|(code, count)| format!("{} ({count})", verdict_words(l, code)))
            .collect::<Vec<_>>()
            .join(", "),
    };
    Ok(days.into_iter().rev().map(day).collect())
}

/// What a scan found, in few words.
fn verdict_words(l: L, code: &str) -> &str {
    match code {
        "genuine" => l.t("hợp lệ", "genuine"),
        "inactive" => l.t("chưa kích hoạt", "not activated"),
        "void" => l.t("đã hủy", "void"),
        "elsewhere" => l.t("không khớp sản phẩm hoặc lô", "of another product or lot"),
        "unpublished" => l.t("hồ sơ chưa duyệt", "record not approved"),
        "withdrawn" => l.t("hồ sơ đã rút", "record withdrawn"),
        "never_issued" => l.t("chưa từng được cấp", "never issued"),
        "lot" => l.t("mã của cả lô", "code of the lot"),
        other => other,
    }
}

/// Why a stamp deserves a look; `None` where nothing is odd.
fn suspicion(l: L, s: &Stamp, days: usize) -> Option<String> {
    (s.scans > MANY).then(|| {
        l.t(
            "Tem này đã được quét {n} lần trong {d} ngày. Một tem thường chỉ được quét vài lần, nên có thể nó đã bị sao chép. Hãy xem lại nơi bán lô này.",
            "This stamp was scanned {n} times on {d} days. One stamp is usually scanned a few times, so it may have been copied. Look at where this lot is sold.",
        )
        .replace("{n}", &s.scans.to_string())
        .replace("{d}", &days.to_string())
    })
}
