//! Figures of the province, each a link to the rows behind it. They are counted at most once a
//! minute: the portal's first page must not cost a walk over every stamp.

use std::fmt::Write as _;
use std::sync::{Arc, PoisonError};

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use jiff::ToSpan;
use jiff::civil::Date;
use store::{params, sql};

use crate::app::{App, Micros};
use crate::shared::guard::Visit;
use crate::shared::page::{Page, show};
use crate::shared::{Fail, L, text};

/// How long figures are kept.
const KEPT: Micros = 60_000_000;
/// Days of the chart.
const DAYS: i64 = 30;

/// What is counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    pub lots: i64,
    pub products: i64,
    pub organisations: i64,
    /// Ordered in all.
    pub stamps: i64,
    pub active: i64,
    pub void: i64,
    /// Of the last thirty days.
    pub scans: i64,
    /// Scans by day, oldest first, days without any included.
    pub days: Vec<(Date, i64)>,
}

/// The figures, not older than a minute.
pub async fn of_today(app: &App) -> Result<Arc<Figures>, Fail> {
    let now = app.now();
    let kept = app.lots.figures.read().unwrap_or_else(PoisonError::into_inner).clone();
    if let Some((at, figures)) = kept
        && (0..KEPT).contains(&(now - at))
    {
        return Ok(figures);
    }
    let figures = Arc::new(count(app).await?);
    *app.lots.figures.write().unwrap_or_else(PoisonError::into_inner) =
        Some((now, Arc::clone(&figures)));
    Ok(figures)
}

/// Counts now.
pub async fn count(app: &App) -> Result<Figures, Fail> {
    let row = app
        .store
        .query_one(
            sql!(
                "SELECT COUNT(*), COUNT(DISTINCT product), COUNT(DISTINCT organisation) FROM publication
                 WHERE withdrawn_at IS NULL"
            ),
            &[],
        )
        .await?
        .ok_or(Fail::NotFound)?;
    let mut figures = Figures {
        lots: row.get(0)?,
        products: row.get(1)?,
        organisations: row.get(2)?,
        ..Figures::default()
    };
    for row in
        app.store.query(sql!("SELECT state, COUNT(*) FROM stamp GROUP BY state"), &[]).await?
    {
        let (state, stamps): (String, i64) = (row.get(0)?, row.get(1)?);
        figures.stamps += stamps;
        match state.as_str() {
            "active" => figures.active = stamps,
            "void" => figures.void = stamps,
            _ => {}
        }
    }
    figures.days = days(app).await?;
    figures.scans = figures.days.iter().map(|(_, scans)| scans).sum();
    Ok(figures)
}

async fn days(app: &App) -> Result<Vec<(Date, i64)>, Fail> {
    let today = text::day_of(app.now());
    let first = today.saturating_sub((DAYS - 1).days());
    let rows = app
        .store
        .query(
            sql!("SELECT day, CAST(SUM(scans) AS BIGINT) FROM scan_day WHERE day >= $1 GROUP BY day ORDER BY day"),
            &params![first.to_string()],
        )
        .await?;
    let mut days: Vec<(Date, i64)> =
        (0..DAYS).map(|back| (first.saturating_add(back.days()), 0)).collect();
    for row in &rows {
        let day: String = row.get(0)?;
        let scans: i64 = row.get(1)?;
        if let Some(entry) = days.iter_mut().find(|(known, _)| known.to_string() == day) {
            entry.1 = scans;
        }
    }
    Ok(days)
}

struct DayRow {
    day: String,
    scans: String,
}

#[derive(Template)]
#[template(path = "portal/figures.html")]
struct FiguresPage {
    page: Page,
    figures: Arc<Figures>,
    chart: String,
    rows: Vec<DayRow>,
}

/// `GET /figures`
pub(super) async fn page(State(app): State<App>, visit: Visit) -> Result<Response, Fail> {
    let l = visit.l;
    let figures = of_today(&app).await?;
    let row = |(day, scans): &(Date, i64)| DayRow {
        day: vietnam::format::date(*day, l.0),
        scans: text::count(&l, scans),
    };
    let mut page = Page::public(&visit, l.t("Số liệu", "Figures"));
    page.demonstration = app.config.demonstration;
    show(&FiguresPage {
        page,
        chart: chart(l, &figures.days),
        rows: figures.days.iter().rev().map(row).collect(),
        figures,
    })
}

/// The bars of the chart as SVG; every bar is also a row of the table below it.
fn chart(l: L, days: &[(Date, i64)]) -> String {
    let most = days.iter().map(|(_, scans)| *scans).max().unwrap_or(0).max(1);
    let step = 600.0 / days.len().max(1) as f64;
    let label = l.t("Lượt quét theo ngày", "Scans by day");
    let mut out = format!(
        r#"<svg viewBox="0 0 640 200" role="img" aria-label="{label}, {} {most}"><path class="grid" d="M36 30H640M36 95H640"/><path class="axis" d="M36 160H640"/><text x="30" y="34" text-anchor="end">{most}</text>"#,
        l.t("cao nhất", "at most")
    );
    for (place, (day, scans)) in days.iter().enumerate() {
        let height = 130.0 * *scans as f64 / most as f64;
        let x = 38.0 + place as f64 * step;
        let date = vietnam::format::date(*day, l.0);
        // Writing to a String cannot fail.
        let _ = write!(
            out,
            r#"<rect class="bar" x="{x:.1}" y="{:.1}" width="{:.1}" height="{height:.1}" rx="2"><title>{date}: {scans}</title></rect>"#,
            160.0 - height,
            step * 0.72
        );
        // Weeks are counted back from today, so that no two labels meet.
        if (days.len() - 1 - place).is_multiple_of(7) {
            let _ = write!(
                out,
                r#"<text x="{:.1}" y="182" text-anchor="middle">{}</text>"#,
                x + step * 0.36,
                date.get(..5).unwrap_or(&date)
            );
        }
    }
    out.push_str("</svg>");
    out
}
