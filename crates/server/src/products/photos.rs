//! The pictures of a product: adding, putting one first, removing. What was published stays
//! published: a picture that a submitted record may name is taken off the product, not deleted.

use std::collections::BTreeMap;

use serde_json::json;
use store::{Tx, params, sql};

use super::Product;
use crate::app::App;
use crate::shared::picture::{self, Picture, Subject};
use crate::shared::{Fail, audit};

/// Most pictures of one product.
pub const MOST_PICTURES: usize = 12;
/// `subject_kind` of pictures of products.
const KIND: &str = "product";
/// `subject_kind` of pictures taken off a product while records may still name them.
const TAKEN_OFF: &str = "product-before";

/// Adds pictures behind those there are; returns their ids.
///
/// # Errors
/// A refusal if there would be more than [`MOST_PICTURES`].
pub async fn add_pictures(
    app: &App,
    actor: i64,
    product: &Product,
    pictures: Vec<Picture>,
) -> Result<Vec<i64>, Fail> {
    if pictures.is_empty() {
        return Ok(Vec::new());
    }
    let mut tx = app.store.begin().await?;
    let before = ids(&mut tx, product).await?;
    if before.len() + pictures.len() > MOST_PICTURES {
        return Err(Fail::refused(
            format!(
                "Mỗi sản phẩm có nhiều nhất {MOST_PICTURES} ảnh. Hãy bỏ bớt ảnh cũ rồi thêm ảnh mới."
            ),
            format!(
                "A product has at most {MOST_PICTURES} pictures. Remove old ones before you add new ones."
            ),
        ));
    }
    let subject = Subject { organisation: product.organisation, kind: KIND, id: product.id };
    let mut after = before.clone();
    let mut added = Vec::new();
    for picture in pictures {
        let id = picture::keep(app, &mut tx, actor, subject, after.len() as i64, picture).await?;
        added.push(id);
        after.push(id);
    }
    number(&mut tx, product, &after).await?;
    record(app, &mut tx, actor, product, &before, &after).await?;
    tx.commit().await?;
    Ok(added)
}

/// Puts a picture first: the one that lists and the scan page show.
pub async fn put_first(app: &App, actor: i64, product: &Product, id: i64) -> Result<(), Fail> {
    let mut tx = app.store.begin().await?;
    let before = ids(&mut tx, product).await?;
    if !before.contains(&id) {
        return Err(Fail::NotFound);
    }
    let mut after = vec![id];
    after.extend(before.iter().copied().filter(|other| *other != id));
    number(&mut tx, product, &after).await?;
    record(app, &mut tx, actor, product, &before, &after).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes a picture off a product.
pub async fn remove_picture(app: &App, actor: i64, product: &Product, id: i64) -> Result<(), Fail> {
    let mut tx = app.store.begin().await?;
    let before = ids(&mut tx, product).await?;
    if !before.contains(&id) {
        return Err(Fail::NotFound);
    }
    if was_submitted(&mut tx, product).await? {
        tx.execute(
            sql!("UPDATE picture SET subject_kind = $3 WHERE id = $1 AND subject = $2"),
            &params![id, product.id, TAKEN_OFF],
        )
        .await?;
    } else {
        tx.execute(
            sql!("DELETE FROM picture WHERE id = $1 AND subject = $2"),
            &params![id, product.id],
        )
        .await?;
    }
    let after: Vec<i64> = before.iter().copied().filter(|other| *other != id).collect();
    record(app, &mut tx, actor, product, &before, &after).await?;
    tx.commit().await?;
    Ok(())
}

/// The pictures of all products of an organisation, by product, each in order.
pub(super) async fn of_organisation(app: &App, org: i64) -> Result<BTreeMap<i64, Vec<i64>>, Fail> {
    let rows = app
        .store
        .query(
            sql!(
                "SELECT product.id, picture.id FROM product
                 JOIN picture ON picture.subject_kind = $2 AND picture.subject = product.id
                 WHERE product.organisation = $1 ORDER BY product.id, picture.ordinal, picture.id"
            ),
            &params![org, KIND],
        )
        .await?;
    let mut pictures: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for row in &rows {
        pictures.entry(row.get(0)?).or_default().push(row.get(1)?);
    }
    Ok(pictures)
}

async fn was_submitted(tx: &mut Tx, product: &Product) -> Result<bool, Fail> {
    let row = tx
        .query_one(
            sql!("SELECT s.id FROM submission s JOIN lot ON lot.id = s.lot WHERE lot.product = $1 LIMIT 1"),
            &params![product.id],
        )
        .await?;
    Ok(row.is_some())
}

async fn ids(tx: &mut Tx, product: &Product) -> Result<Vec<i64>, Fail> {
    let rows = tx
        .query(
            sql!("SELECT id FROM picture WHERE subject_kind = $1 AND subject = $2 ORDER BY ordinal, id"),
            &params![KIND, product.id],
        )
        .await?;
    rows.iter().map(|row| row.get(0).map_err(Fail::from)).collect()
}

async fn number(tx: &mut Tx, product: &Product, order: &[i64]) -> Result<(), Fail> {
    for (ordinal, id) in order.iter().enumerate() {
        tx.execute(
            sql!("UPDATE picture SET ordinal = $3 WHERE id = $1 AND subject = $2"),
            &params![*id, product.id, ordinal as i64],
        )
        .await?;
    }
    Ok(())
}

async fn record(
    app: &App,
    tx: &mut Tx,
    actor: i64,
    p: &Product,
    before: &[i64],
    after: &[i64],
) -> Result<(), Fail> {
    let change = audit::Change {
        subject_kind: "product",
        subject: p.id,
        action: "pictures",
        organisation: Some(p.organisation),
        before: json!({ "pictures": before }),
        after: json!({ "pictures": after }),
    };
    audit::record(app, tx, actor, change).await
}
