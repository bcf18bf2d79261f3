//! Ordering stamps: serial numbers are drawn at random, and the primary key of the register makes
//! each unique for ever. Order, stamps and audit line are one transaction.

use serde_json::json;
use stamp::Serial;
use store::{Row, StoreError, Tx, params, sql};

use super::carrier::Carrier;
use super::kind::Kind;
use super::link::Face;
use crate::app::{App, Micros};
use crate::shared::{Fail, L, audit};

/// Most stamps of one order.
pub const MOST: i64 = 50_000;
/// Serial numbers of one statement.
const BATCH: usize = 1_000;
/// 60 random bits meet one of a billion others once in a million orders of a thousand stamps; three
/// in a row means a broken generator.
const TRIES: usize = 3;

/// What is ordered.
#[derive(Debug, Clone, Copy, Default)]
pub struct NewOrder {
    pub lot: i64,
    pub count: i64,
    pub carrier: Carrier,
    pub kind: Kind,
}

/// An order as the register has it.
#[derive(Debug, Clone)]
pub struct Order {
    pub id: i64,
    pub organisation: i64,
    pub lot: i64,
    pub quantity: i64,
    pub carrier: Carrier,
    pub kind: Kind,
    pub ordered_at: Micros,
    pub face: Face,
}

impl Order {
    fn of_row(row: &Row) -> Result<Order, Fail> {
        let layout: String = row.get(4)?;
        let kind: String = row.get(10)?;
        let lot: i64 = row.get(2)?;
        let organisation: i64 = row.get(1)?;
        Ok(Order {
            id: row.get(0)?,
            organisation,
            lot,
            quantity: row.get(3)?,
            carrier: Carrier::of_code(&layout).unwrap_or_default(),
            kind: Kind::of_code(&kind).unwrap_or_default(),
            ordered_at: row.get(5)?,
            face: Face {
                lot,
                lot_code: row.get(6)?,
                trace_code: row.get(7)?,
                gtin: row.get(8)?,
                product: row.get(9)?,
                organisation,
                expires_on: row.get(11)?,
            },
        })
    }
}

/// One order of an organisation.
pub async fn load(app: &App, org: i64, id: i64) -> Result<Order, Fail> {
    let row = app
        .store
        .query_one(
            sql!(
                "SELECT o.id, o.organisation, o.lot, o.quantity, o.layout, o.ordered_at, l.code, l.trace_code, p.gtin, p.name,
                   o.kind, l.expires_on
                 FROM stamp_order o JOIN lot l ON l.id = o.lot JOIN product p ON p.id = l.product
                 WHERE o.organisation = $1 AND o.id = $2"
            ),
            &params![org, id],
        )
        .await?;
    Order::of_row(&row.ok_or(Fail::NotFound)?)
}

/// The orders of an organisation, newest first, at most `most`, those before a moment.
pub async fn of_organisation(
    app: &App,
    org: i64,
    before: Micros,
    most: i64,
) -> Result<Vec<Order>, Fail> {
    let rows = app
        .store
        .query(
            sql!(
                "SELECT o.id, o.organisation, o.lot, o.quantity, o.layout, o.ordered_at, l.code, l.trace_code, p.gtin, p.name,
                   o.kind, l.expires_on
                 FROM stamp_order o JOIN lot l ON l.id = o.lot JOIN product p ON p.id = l.product
                 WHERE o.organisation = $1 AND o.ordered_at < $2 ORDER BY o.ordered_at DESC LIMIT $3"
            ),
            &params![org, before, most],
        )
        .await?;
    rows.iter().map(Order::of_row).collect()
}

/// What the stamps of a lot say.
pub async fn face_of_lot(app: &App, org: i64, lot: i64) -> Result<Face, Fail> {
    let row = app
        .store
        .query_one(
            sql!(
                "SELECT l.code, l.trace_code, p.gtin, p.name, l.expires_on FROM lot l JOIN product p ON p.id = l.product
                 WHERE l.organisation = $1 AND l.id = $2"
            ),
            &params![org, lot],
        )
        .await?
        .ok_or(Fail::NotFound)?;
    Ok(Face {
        lot,
        lot_code: row.get(0)?,
        trace_code: row.get(1)?,
        gtin: row.get(2)?,
        product: row.get(3)?,
        organisation: org,
        expires_on: row.get(4)?,
    })
}

/// Orders stamps for a lot of the organisation; returns the order's id.
///
/// # Errors
/// A lot of another organisation is not found; a count outside 1 to [`MOST`] is refused, and so is a
/// kind that the product cannot have or that the paper is too small for.
pub async fn order(app: &App, actor: i64, org: i64, new: &NewOrder) -> Result<i64, Fail> {
    order_once(app, actor, org, new, "").await
}

/// As [`order`], where a form sent twice (the same token) gives the first order again.
pub async fn order_once(
    app: &App,
    actor: i64,
    org: i64,
    new: &NewOrder,
    token: &str,
) -> Result<i64, Fail> {
    if !(1..=MOST).contains(&new.count) {
        return Err(Fail::refused(
            "Mỗi lần đặt từ 1 đến 50.000 tem.",
            "An order is of 1 to 50,000 stamps.",
        ));
    }
    crate::organisations::accepted(app, org).await?;
    let face = face_of_lot(app, org, new.lot).await?;
    if let Some(lacking) = face.lacking(new.kind) {
        let (vi, en) = lacking.words();
        return Err(Fail::refused(vi, en));
    }
    if !new.kind.carriers().contains(&new.carrier) {
        let (vi, en) = paper_words(new.kind);
        return Err(Fail::refused(vi, en));
    }
    let mut clash = None;
    for _ in 0..TRIES {
        match write(app, actor, org, new, token).await {
            Err(Unwritten::Clash(error)) => clash = Some(error),
            Err(Unwritten::Fail(fail)) => return Err(fail),
            Ok(id) => return Ok(id),
        }
    }
    Err(clash.map_or(Fail::NotFound, Fail::from))
}

/// What to do where the paper is too small for what is to be printed on it, or far too large.
pub(super) fn paper_words(kind: Kind) -> (String, String) {
    let list = |l: L| {
        let labels: Vec<_> = kind.carriers().iter().map(|one| one.label(l)).collect();
        labels.join("; ")
    };
    (
        format!("{} cần một trong các kiểu in: {}.", kind.name(), list(L(gs1::Lang::Vi))),
        format!("{} needs one of these papers: {}.", kind.name(), list(L(gs1::Lang::En))),
    )
}

enum Unwritten {
    /// A serial number was issued before.
    Clash(StoreError),
    Fail(Fail),
}

impl From<StoreError> for Unwritten {
    fn from(error: StoreError) -> Unwritten {
        if error.is_unique_violation() {
            Unwritten::Clash(error)
        } else {
            Unwritten::Fail(error.into())
        }
    }
}

impl From<Fail> for Unwritten {
    fn from(fail: Fail) -> Unwritten {
        Unwritten::Fail(fail)
    }
}

async fn write(
    app: &App,
    actor: i64,
    org: i64,
    new: &NewOrder,
    token: &str,
) -> Result<i64, Unwritten> {
    let id = app.id();
    let mut tx = app.store.begin().await?;
    if let Some(first) = done_before(app, &mut tx, id, actor, token).await? {
        return Ok(first);
    }
    tx.execute(
        sql!(
            "INSERT INTO stamp_order (id, organisation, lot, quantity, layout, ordered_by, ordered_at, kind)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        ),
        &params![
            id,
            org,
            new.lot,
            new.count,
            new.carrier.code(),
            actor,
            app.now(),
            new.kind.code()
        ],
    )
    .await?;
    let mut first = 1;
    // Labels that are all alike are only counted.
    while new.kind.serialised() && first <= new.count {
        let count = (new.count - first + 1).min(BATCH as i64);
        draw_batch(app, &mut tx, new.lot, id, first, count).await?;
        first += count;
    }
    let change = audit::Change {
        subject_kind: "stamp_order",
        subject: id,
        action: "order",
        organisation: Some(org),
        before: json!({}),
        after: json!({
            "lot": new.lot, "count": new.count, "layout": new.carrier.code(), "kind": new.kind.code()
        }),
    };
    audit::record(app, &mut tx, actor, change).await?;
    tx.commit().await?;
    Ok(id)
}

/// The order that a form with this token made before; else notes the token for this one.
async fn done_before(
    app: &App,
    tx: &mut Tx,
    id: i64,
    actor: i64,
    token: &str,
) -> Result<Option<i64>, StoreError> {
    if token.is_empty() {
        return Ok(None);
    }
    let token = format!("stamps {actor} {token}");
    let fresh = tx
        .execute(
            sql!("INSERT INTO form_once (token, result, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"),
            &params![&*token, id.to_string(), app.now()],
        )
        .await?;
    if fresh == 1 {
        return Ok(None);
    }
    let row = tx
        .query_one(sql!("SELECT result FROM form_once WHERE token = $1"), &params![token])
        .await?;
    let result: Option<String> = row.map(|row| row.get(0)).transpose()?;
    Ok(result.and_then(|id| id.parse().ok()))
}

/// Inserts up to [`BATCH`] stamps by one statement: the serial numbers come as one text of twelve
/// characters each and are cut apart by number, which both engines do without a list parameter.
async fn draw_batch(
    app: &App,
    tx: &mut Tx,
    lot: i64,
    order: i64,
    first: i64,
    count: i64,
) -> Result<(), StoreError> {
    let serials: String =
        app.draw(|rng| (0..count).map(|_| Serial::random(rng).as_str().to_owned()).collect());
    tx.execute(
        sql!(
            "INSERT INTO stamp (serial, lot, stamp_order, ordinal, state, void_reason, scans)
             SELECT substr(CAST($1 AS TEXT), t.i * 12 + 1, 12), CAST($2 AS BIGINT), CAST($3 AS BIGINT),
               CAST($4 AS BIGINT) + t.i, 'issued', '', 0
             FROM (SELECT x.n * 100 + y.n * 10 + z.n AS i FROM
               (SELECT 0 AS n UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4
                UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9) x,
               (SELECT 0 AS n UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4
                UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9) y,
               (SELECT 0 AS n UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4
                UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9) z) t
             WHERE t.i < CAST($5 AS BIGINT)"
        ),
        &params![serials, lot, order, first, count],
    )
    .await?;
    Ok(())
}

/// The serial numbers of a range of an order, in the order of printing.
pub async fn serials(app: &App, order: i64, from: i64, to: i64) -> Result<Vec<Serial>, Fail> {
    let rows = app
        .store
        .query(
            sql!(
                "SELECT serial FROM stamp WHERE stamp_order = $1 AND ordinal >= $2 AND ordinal <= $3 ORDER BY ordinal"
            ),
            &params![order, from, to],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let text: String = row.get(0)?;
            Serial::parse(&text)
                .map_err(|error| Fail::internal(format!("a stored serial number: {error}")))
        })
        .collect()
}
