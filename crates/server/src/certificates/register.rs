//! Certificates in the register: declaring, changing, withdrawing, verifying, and which were
//! valid on a day. Everything here works without HTTP.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::json;
use store::{Row, Tx, params, sql};
use vietnam::certificate_kinds::certificate_kind;

use super::{Certificate, NewCertificate};
use crate::app::App;
use crate::organisations;
use crate::products::Product;
use crate::review::record::RecordCertificate;
use crate::shared::{Fail, audit, text};

/// One certificate of an organisation; another's is not found.
pub async fn load(app: &App, org: i64, id: i64) -> Result<Certificate, Fail> {
    let c = any(app, id).await?;
    if c.organisation == org { Ok(c) } else { Err(Fail::NotFound) }
}

/// One certificate, whoever's it is.
pub async fn any(app: &App, id: i64) -> Result<Certificate, Fail> {
    let row = app
        .store
        .query_one(
            sql!(
                "SELECT id, organisation, kind, number, issuer, scope, issued_on, expires_on, file_name,
                   file IS NOT NULL AS has_file, verified_by, verified_at, withdrawn_at, version
                 FROM certificate WHERE id = $1"
            ),
            &params![id],
        )
        .await?
        .ok_or(Fail::NotFound)?;
    let products = app
        .store
        .query(
            sql!("SELECT product FROM certificate_product WHERE certificate = $1 ORDER BY product"),
            &params![id],
        )
        .await?;
    let products = products.iter().map(|row| row.get(0)).collect::<Result<_, _>>()?;
    Certificate::of_row(&row, products)
}

/// The certificates of an organisation: those in use first, by their end.
pub async fn of_organisation(app: &App, org: i64) -> Result<Vec<Certificate>, Fail> {
    let rows = app
        .store
        .query(
            sql!(
                "SELECT id, organisation, kind, number, issuer, scope, issued_on, expires_on, file_name,
                   file IS NOT NULL AS has_file, verified_by, verified_at, withdrawn_at, version
                 FROM certificate WHERE organisation = $1
                 ORDER BY CASE WHEN withdrawn_at IS NULL THEN 0 ELSE 1 END, COALESCE(expires_on, '9999'), id LIMIT 5000"
            ),
            &params![org],
        )
        .await?;
    let covered = app
        .store
        .query(
            sql!(
                "SELECT cp.certificate, cp.product FROM certificate_product cp
                 JOIN certificate c ON c.id = cp.certificate WHERE c.organisation = $1 ORDER BY cp.product"
            ),
            &params![org],
        )
        .await?;
    with_products(&rows, &covered)
}

fn with_products(rows: &[Row], covered: &[Row]) -> Result<Vec<Certificate>, Fail> {
    let mut by_certificate: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for row in covered {
        by_certificate.entry(row.get(0)?).or_default().push(row.get(1)?);
    }
    rows.iter()
        .map(|row| {
            Certificate::of_row(row, by_certificate.remove(&row.at("id")?).unwrap_or_default())
        })
        .collect()
}

/// The certificates that name a product and are not withdrawn.
pub async fn of_product(app: &App, product: &Product) -> Result<Vec<Certificate>, Fail> {
    let all = of_organisation(app, product.organisation).await?;
    Ok(all
        .into_iter()
        .filter(|c| c.withdrawn_at.is_none() && c.products.contains(&product.id))
        .collect())
}

/// The certificates that cover a product on a day: issued by then, not ended before it, not
/// withdrawn. Both ends count.
pub async fn valid_on(app: &App, product: i64, day: Date) -> Result<Vec<RecordCertificate>, Fail> {
    let rows = app
        .store
        .query(
            sql!(
                "SELECT c.id, c.kind, c.number, c.issuer, c.expires_on, c.verified_at FROM certificate_product cp
                 JOIN certificate c ON c.id = cp.certificate
                 WHERE cp.product = $1 AND c.withdrawn_at IS NULL AND c.issued_on <= $2
                   AND (c.expires_on IS NULL OR c.expires_on >= $2)
                 ORDER BY c.issued_on, c.id"
            ),
            &params![product, day.to_string()],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let code: String = row.get(1)?;
            let kind = certificate_kind(&code);
            Ok(RecordCertificate {
                id: row.get(0)?,
                kind_vi: kind.map_or(code.as_str(), |kind| kind.vi).to_owned(),
                kind_en: kind.map_or(code.as_str(), |kind| kind.en).to_owned(),
                number: row.get(2)?,
                issuer: row.get(3)?,
                expires_on: row.get::<Option<String>>(4)?.unwrap_or_default(),
                verified: row.get::<Option<i64>>(5)?.is_some(),
            })
        })
        .collect()
}

/// What must hold wherever the data came from.
fn checked(app: &App, new: &NewCertificate) -> Result<(), Fail> {
    let refused = |vi: &str, en: &str| Err(Fail::refused(vi, en));
    let Some(kind) = certificate_kind(&new.kind) else {
        return refused("Hãy chọn loại chứng nhận.", "Choose the kind of certificate.");
    };
    if new.number.is_empty() || new.issuer.is_empty() {
        return refused(
            "Chứng nhận cần có số và nơi cấp.",
            "A certificate needs a number and an issuer.",
        );
    }
    if new.issued_on > text::day_of(app.now()) {
        return refused(
            "Ngày cấp không được ở tương lai.",
            "The day of issue cannot be in the future.",
        );
    }
    match new.expires_on {
        Some(last) if last < new.issued_on => refused(
            "Ngày hết hạn phải sau ngày cấp.",
            "The last day must come after the day of issue.",
        ),
        None if kind.months.is_some() => refused(
            "Loại giấy này có thời hạn theo quy định. Hãy ghi ngày hết hạn trên giấy.",
            "The term of this kind is fixed by rule. Enter the last day that the paper names.",
        ),
        _ => Ok(()),
    }
}

/// Declares a certificate of an accepted organisation.
pub async fn create(
    app: &App,
    actor: i64,
    org: i64,
    new: &NewCertificate,
) -> Result<Certificate, Fail> {
    organisations::accepted(app, org).await?;
    checked(app, new)?;
    let c = made(app.id(), org, new, None, 1);
    let file = new.file.as_ref();
    let mut tx = app.store.begin().await?;
    tx.execute(
        sql!(
            "INSERT INTO certificate (id, organisation, kind, number, issuer, scope, issued_on, expires_on, file_name,
               file_type, file, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1)"
        ),
        &params![
            c.id,
            org,
            &c.kind,
            &c.number,
            &c.issuer,
            &c.scope,
            &c.issued_on,
            &c.expires_on,
            &c.file_name,
            file.map_or("", |file| file.kind().media_type()),
            file.map(|file| file.bytes().to_vec())
        ],
    )
    .await?;
    cover(&mut tx, &c).await?;
    record(app, &mut tx, actor, "create", json!({}), &c).await?;
    tx.commit().await?;
    Ok(c)
}

/// The certificate that `new` makes; what it was before gives the file where there is no new one.
fn made(
    id: i64,
    org: i64,
    new: &NewCertificate,
    before: Option<&Certificate>,
    version: i64,
) -> Certificate {
    let kept = before.map(|c| (c.file_name.clone(), c.has_file)).unwrap_or_default();
    let (file_name, has_file) =
        new.file.as_ref().map_or(kept, |file| (file.name().to_owned(), true));
    let mut products = new.products.clone();
    products.sort_unstable();
    products.dedup();
    Certificate {
        id,
        organisation: org,
        kind: new.kind.clone(),
        number: new.number.clone(),
        issuer: new.issuer.clone(),
        scope: new.scope.clone(),
        issued_on: new.issued_on.to_string(),
        expires_on: new.expires_on.map(|day| day.to_string()),
        file_name,
        has_file,
        verified_by: None,
        verified_at: None,
        withdrawn_at: None,
        version,
        products,
    }
}

/// Writes which products are covered; all of them must be the organisation's own.
async fn cover(tx: &mut Tx, c: &Certificate) -> Result<(), Fail> {
    tx.execute(sql!("DELETE FROM certificate_product WHERE certificate = $1"), &params![c.id])
        .await?;
    for product in &c.products {
        let made = tx
            .execute(
                sql!(
                    "INSERT INTO certificate_product (certificate, product)
                     SELECT CAST($1 AS BIGINT), id FROM product WHERE organisation = $2 AND id = $3"
                ),
                &params![c.id, c.organisation, *product],
            )
            .await?;
        if made == 0 {
            return Err(Fail::NotFound);
        }
    }
    Ok(())
}

pub(super) async fn record(
    app: &App,
    tx: &mut Tx,
    actor: i64,
    action: &str,
    before: serde_json::Value,
    after: &Certificate,
) -> Result<(), Fail> {
    let change = audit::Change {
        subject_kind: "certificate",
        subject: after.id,
        action,
        organisation: Some(after.organisation),
        before,
        after: after.as_json(),
    };
    audit::record(app, tx, actor, change).await
}

fn not_in_use() -> Fail {
    Fail::refused(
        "Chứng nhận đã rút thì không sửa được nữa. Hãy khai chứng nhận mới.",
        "A withdrawn certificate cannot be changed any more. Declare a new one.",
    )
}

/// Changes a certificate. What an officer had verified is no longer verified, because he compared
/// other words with the paper. `version` is the one the form was opened with.
///
/// # Errors
/// [`Fail::stale`] if somebody changed it since.
pub async fn update(
    app: &App,
    actor: i64,
    before: &Certificate,
    new: &NewCertificate,
    version: i64,
) -> Result<Certificate, Fail> {
    if before.withdrawn_at.is_some() {
        return Err(not_in_use());
    }
    checked(app, new)?;
    let after = made(before.id, before.organisation, new, Some(before), version + 1);
    let mut tx = app.store.begin().await?;
    let done = tx
        .execute(
            sql!(
                "UPDATE certificate SET kind = $4, number = $5, issuer = $6, scope = $7, issued_on = $8, expires_on = $9,
                   verified_by = NULL, verified_at = NULL, version = version + 1
                 WHERE organisation = $1 AND id = $2 AND version = $3 AND withdrawn_at IS NULL"
            ),
            &params![
                before.organisation,
                before.id,
                version,
                &after.kind,
                &after.number,
                &after.issuer,
                &after.scope,
                &after.issued_on,
                &after.expires_on
            ],
        )
        .await?;
    if done == 0 {
        return Err(Fail::stale());
    }
    if let Some(file) = &new.file {
        tx.execute(
            sql!("UPDATE certificate SET file_name = $2, file_type = $3, file = $4 WHERE id = $1"),
            &params![before.id, file.name(), file.kind().media_type(), file.bytes()],
        )
        .await?;
    }
    cover(&mut tx, &after).await?;
    record(app, &mut tx, actor, "update", before.as_json(), &after).await?;
    tx.commit().await?;
    Ok(after)
}

/// Withdraws a certificate: from now on it counts for no day. What was published with it keeps
/// the words that were approved.
pub async fn withdraw(
    app: &App,
    actor: i64,
    before: &Certificate,
    version: i64,
) -> Result<(), Fail> {
    let mut tx = app.store.begin().await?;
    let done = tx
        .execute(
            sql!(
                "UPDATE certificate SET withdrawn_at = $4, version = version + 1
                 WHERE organisation = $1 AND id = $2 AND version = $3 AND withdrawn_at IS NULL"
            ),
            &params![before.organisation, before.id, version, app.now()],
        )
        .await?;
    if done == 0 {
        return Err(Fail::stale());
    }
    let after = Certificate { withdrawn_at: Some(app.now()), ..before.clone() };
    record(app, &mut tx, actor, "withdraw", before.as_json(), &after).await?;
    tx.commit().await?;
    Ok(())
}
