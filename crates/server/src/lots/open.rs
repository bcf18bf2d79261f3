//! Opening a lot: its number, its trace code and the identifier under which events speak of it.

use jiff::civil::Date;
use store::{Tx, params, sql};

use super::{Lot, gtin_item};
use crate::app::App;
use crate::products::{self, Product};
use crate::shared::{Fail, audit, text};
use crate::{organisations, places};

/// Longest lot number (GS1 General Specifications, AI 10).
pub const LONGEST_CODE: usize = 20;

/// What is needed to open a lot.
#[derive(Debug, Clone, Default)]
pub struct NewLot {
    pub product: i64,
    pub place: i64,
    /// Empty: the product's name.
    pub name: String,
    /// Empty: the next number of the day.
    pub code: String,
}

/// Opens a lot.
///
/// # Errors
/// A refusal with its sentence where the number is not allowed or taken, [`Fail::NotFound`] where
/// product or place are not the organisation's.
pub async fn open(app: &App, actor: i64, org: i64, new: &NewLot) -> Result<Lot, Fail> {
    let mut tx = app.store.begin().await?;
    let lot = open_in(app, &mut tx, actor, org, new).await?;
    tx.commit().await?;
    Ok(lot)
}

/// As [`open`], within a transaction that does more.
pub async fn open_in(
    app: &App,
    tx: &mut Tx,
    actor: i64,
    org: i64,
    new: &NewLot,
) -> Result<Lot, Fail> {
    organisations::accepted(app, org).await?;
    let product = products::load(app, org, new.product).await?;
    let place = places::load(app, org, new.place).await?;
    if product.retired_at.is_some() {
        return Err(Fail::refused(
            "Sản phẩm này đã ngừng dùng. Mở lại sản phẩm rồi mới mở lô.",
            "This product is out of use. Put it back before you open a lot.",
        ));
    }
    if place.closed_at.is_some() {
        return Err(Fail::refused(
            "Địa điểm này đã đóng. Mở lại địa điểm, hoặc chọn nơi khác.",
            "This place is closed. Open it again, or choose another.",
        ));
    }
    let code = if new.code.is_empty() {
        next_code(tx, product.id, text::day_of(app.now())).await?
    } else {
        allowed_code(&new.code)?
    };
    if taken(tx, product.id, &code).await? {
        return Err(Fail::refused(
            format!("Sản phẩm này đã có lô số {code}. Hãy chọn số khác."),
            format!("This product already has a lot {code}. Choose another number."),
        ));
    }
    let trace_code = free_trace_code(app, tx).await?;
    let lot = Lot {
        id: app.id(),
        organisation: org,
        product: product.id,
        place: place.id,
        name: if new.name.is_empty() { product.name.clone() } else { new.name.clone() },
        item: item_of(&product, &code, &trace_code),
        code,
        trace_code,
        made_on: None,
        expires_on: None,
        opened_at: app.now(),
        closed_at: None,
        version: 1,
    };
    insert(tx, actor, &lot).await?;
    let change = audit::Change {
        subject_kind: "lot",
        subject: lot.id,
        action: "open",
        organisation: Some(org),
        before: serde_json::json!({}),
        after: lot.as_json(),
    };
    audit::record(app, tx, actor, change).await?;
    Ok(lot)
}

async fn insert(tx: &mut Tx, actor: i64, lot: &Lot) -> Result<(), Fail> {
    tx.execute(
        sql!(
            "INSERT INTO lot (id, organisation, product, place, name, code, trace_code, item, opened_at, opened_by, version)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        ),
        &params![
            lot.id,
            lot.organisation,
            lot.product,
            lot.place,
            &*lot.name,
            &*lot.code,
            &*lot.trace_code,
            &*lot.item,
            lot.opened_at,
            actor,
            lot.version
        ],
    )
    .await?;
    Ok(())
}

fn item_of(product: &Product, code: &str, trace_code: &str) -> String {
    product
        .gtin
        .as_deref()
        .and_then(|gtin| gtin_item(gtin, code))
        .unwrap_or_else(|| format!("urn:nguon:lot:{trace_code}"))
}

/// A lot number in capitals (so that a stamp's QR stays small), checked by the rule of AI (10).
pub fn allowed_code(typed: &str) -> Result<String, Fail> {
    let code = typed.trim().to_uppercase();
    let allowed = gs1::Ai::parse("10")
        .and_then(gs1::dictionary::entry)
        .is_some_and(|entry| code.len() <= LONGEST_CODE && entry.check(&code).is_ok());
    if allowed {
        return Ok(code);
    }
    Err(Fail::refused(
        "Số lô chỉ gồm chữ không dấu, chữ số và các dấu như - . / _, dài nhất 20 ký tự.",
        "A lot number has unaccented letters, digits and signs such as - . / _, at most 20 characters.",
    ))
}

/// `ddmmyy-NN`: the next free number of the day for a product.
pub async fn next_code(tx: &mut Tx, product: i64, day: Date) -> Result<String, Fail> {
    let prefix = day_prefix(day);
    let rows = tx
        .query(
            sql!("SELECT code FROM lot WHERE product = $1 AND code LIKE $2"),
            &params![product, format!("{prefix}-%")],
        )
        .await?;
    let mut highest = 0;
    for row in &rows {
        let code: String = row.get(0)?;
        let number = code.rsplit('-').next().and_then(|tail| tail.parse::<u32>().ok());
        highest = highest.max(number.unwrap_or(0));
    }
    Ok(format!("{prefix}-{:02}", highest + 1))
}

pub(super) fn day_prefix(day: Date) -> String {
    format!("{:02}{:02}{:02}", day.day(), day.month(), day.year().rem_euclid(100))
}

async fn taken(tx: &mut Tx, product: i64, code: &str) -> Result<bool, Fail> {
    let row = tx
        .query_one(
            sql!("SELECT id FROM lot WHERE product = $1 AND code = $2"),
            &params![product, code],
        )
        .await?;
    Ok(row.is_some())
}

/// Draws until a code is free: 40 random bits meet now and then when there are millions.
async fn free_trace_code(app: &App, tx: &mut Tx) -> Result<String, Fail> {
    for _ in 0..8 {
        let code = app.draw(|rng| stamp::Code::random(stamp::Kind::Trace, rng)).as_str().to_owned();
        let known = tx
            .query_one(sql!("SELECT id FROM lot WHERE trace_code = $1"), &params![&*code])
            .await?;
        if known.is_none() {
            return Ok(code);
        }
    }
    Err(Fail::internal("no free trace code after eight draws"))
}

#[cfg(test)]
mod tests {
    use super::{allowed_code, day_prefix};

    #[test]
    fn a_lot_number_is_capitals_of_the_set_that_gs1_allows() {
        assert_eq!(allowed_code(" sc-0726 ").expect("allowed"), "SC-0726");
        for bad in ["", "LÔ-1", "A B", "123456789012345678901", "a\u{200b}b"] {
            assert!(allowed_code(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_suggested_number_begins_with_the_day_as_people_write_it() {
        assert_eq!(day_prefix(jiff::civil::date(2026, 11, 2)), "021126");
    }
}
