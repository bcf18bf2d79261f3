//! Published lots as cards: one statement gives what a list shows, read from the approved record.

use store::{Row, params, sql};

use crate::app::{App, Micros};
use crate::review::record::PublicRecord;
use crate::shared::{Fail, L, text};

/// A published lot in a list.
#[derive(Debug, Clone)]
pub struct Card {
    pub lot: i64,
    pub href: String,
    pub product: String,
    pub product_id: i64,
    pub code: String,
    pub organisation: String,
    pub organisation_id: i64,
    pub commune: String,
    pub illustrative: bool,
    pub picture: Option<i64>,
    pub made: String,
    pub published_at: Micros,
    pub complete: bool,
}

/// The public address of a lot: its Digital Link where the product has a GTIN.
pub fn href(record: &PublicRecord) -> String {
    let link = gs1::Link::build(&[("01", &record.product.gtin), ("10", &record.lot.code)]);
    match link {
        Ok(link) if !record.product.gtin.is_empty() => link.path(),
        _ => format!("/t/{}", record.lot.trace_code),
    }
}

fn of_row(l: L, row: &Row) -> Result<Card, Fail> {
    let lot: i64 = row.get(0)?;
    let record: String = row.get(1)?;
    let record: PublicRecord = serde_json::from_str(&record)
        .map_err(|error| Fail::internal(format!("the published record of lot {lot}: {error}")))?;
    Ok(Card {
        lot,
        href: href(&record),
        made: text::iso_date(&l, &record.lot.made_on),
        picture: record.product.pictures.first().copied(),
        complete: record.missing.is_empty(),
        product: record.product.name,
        product_id: record.product.id,
        code: record.lot.code,
        organisation: record.organisation.name,
        organisation_id: record.organisation.id,
        commune: vietnam::units::commune(&record.organisation.commune)
            .map_or_else(String::new, vietnam::units::Commune::title),
        illustrative: record.organisation.illustrative,
        published_at: row.get(2)?,
    })
}

fn of_rows(l: L, rows: &[Row]) -> Result<Vec<Card>, Fail> {
    rows.iter().map(|row| of_row(l, row)).collect()
}

/// The newest published lots, those before a moment.
pub async fn newest(app: &App, l: L, before: Micros, most: i64) -> Result<Vec<Card>, Fail> {
    let rows = app
        .store
        .query(
            sql!(
                "SELECT lot, record, published_at FROM publication
                 WHERE published_at < $1 AND withdrawn_at IS NULL ORDER BY published_at DESC LIMIT $2"
            ),
            &params![before, most],
        )
        .await?;
    of_rows(l, &rows)
}

/// The published lots of a product, newest first.
pub async fn of_product(
    app: &App,
    l: L,
    product: i64,
    before: Micros,
    most: i64,
) -> Result<Vec<Card>, Fail> {
    let rows = app
        .store
        .query(
            sql!(
                "SELECT lot, record, published_at FROM publication
                 WHERE product = $1 AND published_at < $2 AND withdrawn_at IS NULL ORDER BY published_at DESC LIMIT $3"
            ),
            &params![product, before, most],
        )
        .await?;
    of_rows(l, &rows)
}

/// The published lots of an organisation, newest first.
pub async fn of_organisation(
    app: &App,
    l: L,
    org: i64,
    before: Micros,
    most: i64,
) -> Result<Vec<Card>, Fail> {
    let rows = app
        .store
        .query(
            sql!(
                "SELECT lot, record, published_at FROM publication
                 WHERE organisation = $1 AND published_at < $2 AND withdrawn_at IS NULL ORDER BY published_at DESC LIMIT $3"
            ),
            &params![org, before, most],
        )
        .await?;
    of_rows(l, &rows)
}

/// One published lot.
pub async fn one(app: &App, l: L, lot: i64) -> Result<Option<Card>, Fail> {
    let row = app
        .store
        .query_one(
            sql!("SELECT lot, record, published_at FROM publication WHERE lot = $1 AND withdrawn_at IS NULL"),
            &params![lot],
        )
        .await?;
    row.map(|row| of_row(l, &row)).transpose()
}
