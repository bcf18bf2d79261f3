//! The files that are printed: a PDF of up to two thousand stamps or labels, and the CSV for print
//! houses.

use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use sheet::{Sheet, SheetError, StampFace};
use stamp::Serial;
use stamp::carrier::encode;

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
        .map_err(|error| refused(&error))?;
    let name =
        format!("attachment; filename=\"tem-{}-{from}-{to}.pdf\"", file_name(&order.face.lot_code));
    let headers =
        [(header::CONTENT_TYPE, "application/pdf".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, printed.bytes).into_response())
}

pub(super) fn refused(error: &SheetError) -> Fail {
    Fail::refused(
        format!("{}.", error.message(gs1::Lang::Vi)),
        format!("{}.", error.message(gs1::Lang::En)),
    )
}

/// The stamps of a range, ready to be drawn.
pub(super) async fn sheet_of(
    app: &App,
    l: L,
    order: &Order,
    from: i64,
    to: i64,
) -> Result<Sheet, Fail> {
    let face = |serial: Option<&Serial>| -> Result<StampFace, Fail> {
        let mark = order.face.mark(order.kind, &app.config.public_url, serial)?;
        let lines = order.face.text(order.kind, l, serial)?;
        Ok(StampFace { symbology: mark.symbology, data: mark.data, lines })
    };
    let stamps = if order.kind.serialised() {
        let serials = order::serials(app, order.id, from, to).await?;
        serials.iter().map(|serial| face(Some(serial))).collect::<Result<_, _>>()?
    } else {
        vec![face(None)?; usize::try_from(to - from + 1).unwrap_or(0)]
    };
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
    let bytes = if order.kind.serialised() {
        stamp_list(&app, visit.l, &order).await?
    } else {
        label_list(&app, visit.l, &order)?
    };
    let name = format!("attachment; filename=\"tem-{}.csv\"", file_name(&order.face.lot_code));
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, bytes).into_response())
}

/// A line for each stamp.
async fn stamp_list(app: &App, l: L, order: &Order) -> Result<Vec<u8>, Fail> {
    let mut rows = Vec::new();
    for serial in order::serials(app, order.id, 1, order.quantity).await? {
        let mark = order.face.mark(order.kind, &app.config.public_url, Some(&serial))?;
        let lines = order.face.text(order.kind, l, Some(&serial))?;
        rows.push((serial, mark.data, lines[1..].join(" ")));
    }
    let lines = rows.iter().map(|(serial, data, text)| stamp::csv::Row {
        first: serial.as_str(),
        data,
        text,
        product: &order.face.product,
        lot: &order.face.lot_code,
    });
    let mut bytes = Vec::new();
    stamp::csv::print_csv(order.kind.name(), lines, l.0, &mut bytes).map_err(Fail::internal)?;
    Ok(bytes)
}

/// One line for labels that are all alike, with how many of them there are to be.
fn label_list(app: &App, l: L, order: &Order) -> Result<Vec<u8>, Fail> {
    let mark = order.face.mark(order.kind, &app.config.public_url, None)?;
    let carrier = encode(mark.symbology, &mark.data).map_err(Fail::internal)?;
    let row = stamp::csv::Row {
        first: &order.quantity.to_string(),
        data: &mark.data,
        text: &carrier.hri().join(" "),
        product: &order.face.product,
        lot: &order.face.lot_code,
    };
    let mut bytes = Vec::new();
    stamp::csv::copies_csv(mark.symbology.name(), row, l.0, &mut bytes).map_err(Fail::internal)?;
    Ok(bytes)
}

/// A lot code as part of a file name.
fn file_name(code: &str) -> String {
    code.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' }).collect()
}
