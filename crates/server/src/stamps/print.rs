//! The files that are printed: a PDF of up to two thousand stamps, and the CSV for print houses.

use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use sheet::{Sheet, StampFace};

use super::order::{self, Order};
use crate::app::App;
use crate::shared::guard::{Ids, Visit};
use crate::shared::{Fail, L, assets, text};

/// Most stamps of one PDF file: a few seconds of work and a few megabytes.
pub(super) const FILE_MOST: i64 = 2_000;

#[derive(Deserialize, Default)]
pub(super) struct Asked {
    from: Option<i64>,
    to: Option<i64>,
}

/// The range that is asked for, within the order and the limit.
fn range(asked: &Asked, order: &Order) -> Result<(i64, i64), Fail> {
    let from = asked.from.unwrap_or(1);
    let to = asked.to.unwrap_or_else(|| order.quantity.min(from.saturating_add(FILE_MOST - 1)));
    if 1 <= from && from <= to && to <= order.quantity && to - from < FILE_MOST {
        return Ok((from, to));
    }
    Err(Fail::refused(
        "Mỗi tệp in nhiều nhất 2.000 tem, nằm trong đơn này. Hãy chọn lại dải tem.",
        "One file holds at most 2,000 stamps of this order. Choose another range.",
    ))
}

/// `GET /org/{org}/stamps/{order}/sheet.pdf`
pub(super) async fn pdf(
    State(app): State<App>,
    visit: Visit,
    ids: Ids,
    Query(asked): Query<Asked>,
) -> Result<Response, Fail> {
    let order = order::load(&app, ids.get("org")?, ids.get("order")?).await?;
    let (from, to) = range(&asked, &order)?;
    let sheet = sheet_of(&app, visit.l, &order, from, to).await?;
    let font = assets::bytes("sheet.ttf").ok_or_else(|| Fail::internal("no font for sheets"))?;
    let printed = tokio::task::spawn_blocking(move || sheet::pdf(&sheet, &font))
        .await
        .map_err(Fail::internal)?
        .map_err(|error| {
            Fail::refused(
                format!("{}.", error.message(gs1::Lang::Vi)),
                format!("{}.", error.message(gs1::Lang::En)),
            )
        })?;
    let name =
        format!("attachment; filename=\"tem-{}-{from}-{to}.pdf\"", file_name(&order.face.lot_code));
    let headers =
        [(header::CONTENT_TYPE, "application/pdf".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, printed.bytes).into_response())
}

/// The stamps of a range, ready to be drawn.
async fn sheet_of(app: &App, l: L, order: &Order, from: i64, to: i64) -> Result<Sheet, Fail> {
    let mut stamps = Vec::new();
    for serial in order::serials(app, order.id, from, to).await? {
        stamps.push(StampFace {
            symbology: stamp::carrier::Symbology::Qr,
            data: order.face.link(&app.config.public_url, &serial)?,
            lines: order.face.lines(l, &serial)?,
        });
    }
    Ok(Sheet {
        title: vec![
            order.face.product.clone(),
            format!("{} {}", l.t("Lô", "Lot"), order.face.lot_code),
            format!("{from}–{to} / {}", order.quantity),
        ],
        date: text::day(&l, &order.ordered_at),
        lang: l.0,
        layout: order.carrier.layout(),
        stamps,
    })
}

/// `GET /org/{org}/stamps/{order}/print.csv`
pub(super) async fn csv(State(app): State<App>, visit: Visit, ids: Ids) -> Result<Response, Fail> {
    let order = order::load(&app, ids.get("org")?, ids.get("order")?).await?;
    let mut rows = Vec::new();
    for serial in order::serials(&app, order.id, 1, order.quantity).await? {
        let link = order.face.link(&app.config.public_url, &serial)?;
        let lines = order.face.lines(visit.l, &serial)?;
        rows.push((serial, link, lines[1..].join(" ")));
    }
    let lines = rows.iter().map(|(serial, link, hri)| stamp::csv::Row {
        serial: serial.as_str(),
        link,
        hri,
        product: &order.face.product,
        lot: &order.face.lot_code,
    });
    let mut bytes = Vec::new();
    stamp::csv::print_csv(lines, visit.l.0, &mut bytes).map_err(Fail::internal)?;
    let name = format!("attachment; filename=\"tem-{}.csv\"", file_name(&order.face.lot_code));
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, bytes).into_response())
}

/// A lot code as part of a file name.
fn file_name(code: &str) -> String {
    code.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' }).collect()
}
