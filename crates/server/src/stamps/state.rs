//! The states of stamps: issued, active, void. A range changes whole or not at all, and the
//! statements themselves name the states they may leave, so that no order of events, on either
//! engine, brings a void stamp back.

use serde_json::json;
use store::{Tx, params, sql};

use super::order::{self, Order};
use crate::app::App;
use crate::shared::{Fail, audit};

/// What became of a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Changed {
    /// Stamps that changed.
    pub changed: i64,
    /// Stamps that were so already.
    pub already: i64,
}

/// How many stamps of an order are in each state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub issued: i64,
    pub active: i64,
    pub void: i64,
    /// Active ones that somebody has scanned.
    pub scanned: i64,
}

/// Counts the stamps of an order by state.
pub async fn counts(app: &App, order: i64) -> Result<Counts, Fail> {
    let rows = app
        .store
        .query(
            sql!(
                "SELECT state, COUNT(*), COUNT(first_scan_at) FROM stamp WHERE stamp_order = $1 GROUP BY state"
            ),
            &params![order],
        )
        .await?;
    let mut counts = Counts::default();
    for row in &rows {
        let state: String = row.get(0)?;
        let count: i64 = row.get(1)?;
        counts.scanned += row.get::<i64>(2)?;
        match state.as_str() {
            "active" => counts.active = count,
            "void" => counts.void = count,
            _ => counts.issued = count,
        }
    }
    Ok(counts)
}

/// Activates the stamps of an order from one ordinal to another, both included.
///
/// # Errors
/// Nothing changes if the range leaves the order or holds a void stamp; the refusal names them.
pub async fn activate(
    app: &App,
    actor: i64,
    org: i64,
    order: i64,
    from: i64,
    to: i64,
) -> Result<Changed, Fail> {
    let order = order::load(app, org, order).await?;
    within(&order, from, to)?;
    let mut tx = app.store.begin().await?;
    let changed = tx
        .execute(
            sql!(
                "UPDATE stamp SET state = 'active', activated_at = $4
                 WHERE stamp_order = $1 AND ordinal >= $2 AND ordinal <= $3 AND state = 'issued'"
            ),
            &params![order.id, from, to, app.now()],
        )
        .await?;
    let changed = i64::try_from(changed).unwrap_or(i64::MAX);
    let void = void_in(&mut tx, order.id, from, to).await?;
    if !void.is_empty() {
        tx.rollback().await?;
        return Err(holds_void(&void));
    }
    record(
        app,
        &mut tx,
        actor,
        &order,
        "activate",
        json!({"from": from, "to": to, "stamps": changed}),
    )
    .await?;
    tx.commit().await?;
    Ok(Changed { changed, already: to - from + 1 - changed })
}

/// Voids the stamps of an order from one ordinal to another, both included, for ever.
///
/// # Errors
/// Nothing changes if the range leaves the order or holds a void stamp; the refusal names them.
pub async fn void(
    app: &App,
    actor: i64,
    org: i64,
    order: i64,
    from: i64,
    to: i64,
    reason: &str,
) -> Result<Changed, Fail> {
    let order = order::load(app, org, order).await?;
    within(&order, from, to)?;
    let mut tx = app.store.begin().await?;
    let changed = tx
        .execute(
            sql!(
                "UPDATE stamp SET state = 'void', voided_at = $4, void_reason = $5
                 WHERE stamp_order = $1 AND ordinal >= $2 AND ordinal <= $3 AND state IN ('issued', 'active')"
            ),
            &params![order.id, from, to, app.now(), reason],
        )
        .await?;
    let changed = i64::try_from(changed).unwrap_or(i64::MAX);
    if changed < to - from + 1 {
        tx.rollback().await?;
        let mut tx = app.store.begin().await?;
        let void = void_in(&mut tx, order.id, from, to).await?;
        tx.rollback().await?;
        return Err(holds_void(&void));
    }
    let after = json!({"from": from, "to": to, "stamps": changed, "reason": reason});
    record(app, &mut tx, actor, &order, "void", after).await?;
    tx.commit().await?;
    Ok(Changed { changed, already: 0 })
}

fn within(order: &Order, from: i64, to: i64) -> Result<(), Fail> {
    if !order.kind.serialised() {
        return Err(Fail::refused(
            "Nhãn của đơn này giống nhau, không có số riêng nên không kích hoạt hay hủy từng nhãn.",
            "The labels of this order are all alike and have no numbers: none is activated or voided.",
        ));
    }
    if 1 <= from && from <= to && to <= order.quantity {
        return Ok(());
    }
    Err(Fail::refused(
        format!(
            "Dải tem phải nằm trong đơn này, từ 1 đến {}, số đầu không lớn hơn số cuối.",
            order.quantity
        ),
        format!(
            "The range must lie within this order, 1 to {}, the first not after the last.",
            order.quantity
        ),
    ))
}

/// The first void ordinals of a range.
async fn void_in(tx: &mut Tx, order: i64, from: i64, to: i64) -> Result<Vec<i64>, Fail> {
    let rows = tx
        .query(
            sql!(
                "SELECT ordinal FROM stamp WHERE stamp_order = $1 AND ordinal >= $2 AND ordinal <= $3 AND state = 'void'
                 ORDER BY ordinal LIMIT 11"
            ),
            &params![order, from, to],
        )
        .await?;
    rows.iter().map(|row| row.get(0).map_err(Fail::from)).collect()
}

fn holds_void(void: &[i64]) -> Fail {
    let mut list: Vec<String> = void.iter().take(10).map(ToString::to_string).collect();
    if void.len() > 10 {
        list.push("…".to_owned());
    }
    let list = list.join(", ");
    Fail::with(
        axum::http::StatusCode::CONFLICT,
        format!(
            "Trong dải này có tem đã hủy (số {list}). Tem hủy không dùng lại được. Chưa có tem nào thay đổi; hãy chọn dải khác."
        ),
        format!(
            "The range holds void stamps (no. {list}). A void stamp never returns. Nothing was changed; choose another range."
        ),
    )
}

async fn record(
    app: &App,
    tx: &mut Tx,
    actor: i64,
    order: &Order,
    action: &'static str,
    after: serde_json::Value,
) -> Result<(), Fail> {
    let change = audit::Change {
        subject_kind: "stamp_order",
        subject: order.id,
        action,
        organisation: Some(order.organisation),
        before: json!({}),
        after,
    };
    audit::record(app, tx, actor, change).await
}
