//! Products in the register: making, changing and finding them, and the rules of their numbers.
//! Everything here works without HTTP, for the demonstration province and for tests.

use serde_json::json;
use stamp::code::{Code, Kind};
use store::{Tx, params, sql};
use vietnam::product_groups::product_group;
use vietnam::units_of_measure::unit;

use super::{NewProduct, Product};
use crate::app::App;
use crate::shared::{Fail, audit};
use crate::{organisations, portal};

/// Draws of a code before giving up; 40 random bits meet once in a million million.
const DRAWS: usize = 8;
/// Longest shelf life taken, in days: a hundred years.
pub(super) const LONGEST_LIFE: i64 = 36_500;

/// One product of an organisation; another's is not found.
pub async fn load(app: &App, org: i64, id: i64) -> Result<Product, Fail> {
    let row = app
        .store
        .query_one(
            sql!("SELECT * FROM product WHERE organisation = $1 AND id = $2"),
            &params![org, id],
        )
        .await?;
    Product::of_row(&row.ok_or(Fail::NotFound)?)
}

/// One product, whoever's it is.
pub async fn any(app: &App, id: i64) -> Result<Product, Fail> {
    let row =
        app.store.query_one(sql!("SELECT * FROM product WHERE id = $1"), &params![id]).await?;
    Product::of_row(&row.ok_or(Fail::NotFound)?)
}

/// The products of an organisation that are in use, by name.
pub async fn of_organisation(app: &App, org: i64) -> Result<Vec<Product>, Fail> {
    let all = all_of(app, org).await?;
    Ok(all.into_iter().filter(|product| product.retired_at.is_none()).collect())
}

/// All products of an organisation, those taken out of use too.
pub async fn all_of(app: &App, org: i64) -> Result<Vec<Product>, Fail> {
    let rows = app
        .store
        .query(
            sql!("SELECT * FROM product WHERE organisation = $1 ORDER BY name, id LIMIT 5000"),
            &params![org],
        )
        .await?;
    rows.iter().map(Product::of_row).collect()
}

/// A GTIN as typed, as 14 digits: the check digit right, meant for use everywhere, and not the
/// number of another product. Empty is none.
///
/// # Errors
/// [`Fail::Refused`] with the sentence for the field.
pub(super) async fn free_gtin(
    app: &App,
    typed: &str,
    org: i64,
    product: Option<i64>,
) -> Result<Option<String>, Fail> {
    if typed.is_empty() {
        return Ok(None);
    }
    let gtin = checked_gtin(typed)?;
    let taken = app
        .store
        .query_one(
            sql!("SELECT organisation FROM product WHERE gtin = $1 AND id <> $2"),
            &params![&gtin, product.unwrap_or_default()],
        )
        .await?;
    match taken {
        Some(row) => Err(gtin_taken(row.get::<i64>(0)? == org)),
        None => Ok(Some(gtin)),
    }
}

fn checked_gtin(typed: &str) -> Result<String, Fail> {
    let gtin = gs1::Gtin::parse(typed).map_err(|error| {
        Fail::refused(
            format!("{}.", error.message(gs1::Lang::Vi)),
            format!("{}.", error.message(gs1::Lang::En)),
        )
    })?;
    if gtin.is_restricted() {
        return Err(Fail::refused(
            "Mã bắt đầu bằng 02, 04 hoặc 20–29 chỉ dùng trong nội bộ một cửa hàng hay doanh nghiệp, người khác có thể dùng trùng. Hãy để trống, hệ thống cấp mã của tỉnh.",
            "Numbers that begin with 02, 04 or 20–29 are for use inside one shop or firm, and others may use the same. Leave it empty; the system gives a provincial code.",
        ));
    }
    Ok(gtin.as_str().to_owned())
}

fn gtin_taken(own: bool) -> Fail {
    if own {
        return Fail::refused(
            "Một sản phẩm khác của đơn vị đã dùng mã GTIN này. Mỗi sản phẩm, mỗi quy cách có mã riêng.",
            "Another product of yours has this GTIN. Every product and every size has its own.",
        );
    }
    Fail::refused(
        "Mã GTIN này đã được một đơn vị khác đăng ký. Kiểm tra lại số; nếu GS1 cấp mã này cho đơn vị bạn, hãy báo cơ quan quản lý.",
        "Another organisation has registered this GTIN. Check the number; if GS1 gave it to you, tell the office.",
    )
}

/// What must hold wherever the data came from; returns the GTIN as 14 digits.
fn checked(new: &NewProduct) -> Result<Option<String>, Fail> {
    let refused = |vi: &str, en: &str| Err(Fail::refused(vi, en));
    if new.name.is_empty() {
        return refused("Sản phẩm cần có tên.", "A product needs a name.");
    }
    if product_group(&new.group_code).is_none() || unit(&new.unit).is_none() {
        return refused(
            "Sản phẩm cần có nhóm và đơn vị tính.",
            "A product needs a group and a unit.",
        );
    }
    if new.no_brand && !new.brand.is_empty() {
        return refused(
            "Đã ghi thương hiệu thì không chọn “không có thương hiệu”.",
            "A brand is given, so “no brand” cannot be ticked.",
        );
    }
    if new.no_expiry && new.shelf_life_days.is_some() {
        return refused(
            "Đã ghi thời hạn sử dụng thì không chọn “không có hạn”.",
            "A shelf life is given, so “no expiry” cannot be ticked.",
        );
    }
    if new.shelf_life_days.is_some_and(|days| !(1..=LONGEST_LIFE).contains(&days)) {
        return refused("Thời hạn sử dụng không đúng.", "Not a shelf life.");
    }
    new.gtin.as_deref().map(checked_gtin).transpose()
}

fn made(
    id: i64,
    org: i64,
    code: String,
    gtin: Option<String>,
    new: &NewProduct,
    version: i64,
) -> Product {
    let new = new.clone();
    Product {
        id,
        organisation: org,
        code,
        gtin,
        name: new.name,
        group_code: new.group_code,
        brand: new.brand,
        no_brand: new.no_brand,
        unit: new.unit,
        net_content: new.net_content,
        shelf_life_days: new.shelf_life_days,
        no_expiry: new.no_expiry,
        standards: new.standards,
        description: new.description,
        retired_at: None,
        version,
    }
}

/// Declares a product of an accepted organisation and draws the province's code for it.
pub async fn create(app: &App, actor: i64, org: i64, new: &NewProduct) -> Result<Product, Fail> {
    let o = organisations::accepted(app, org).await?;
    let gtin = checked(new)?;
    let mut tx = app.store.begin().await?;
    for _ in 0..DRAWS {
        let code = app.draw(|rng| Code::random(Kind::Product, rng)).as_str().to_owned();
        let product = made(app.id(), org, code, gtin.clone(), new, 1);
        if insert(app, &mut tx, &product).await? {
            finish(app, &mut tx, actor, "create", json!({}), &product, &o.legal_name).await?;
            tx.commit().await?;
            return Ok(product);
        }
        // The key that exists already is the GTIN or, hardly ever, the code just drawn.
        if let Some(gtin) = &gtin
            && let Some(row) = tx
                .query_one(sql!("SELECT organisation FROM product WHERE gtin = $1"), &params![gtin])
                .await?
        {
            return Err(gtin_taken(row.get::<i64>(0)? == org));
        }
    }
    Err(Fail::internal("no free product code was drawn"))
}

/// Whether the row was new.
async fn insert(app: &App, tx: &mut Tx, p: &Product) -> Result<bool, Fail> {
    let made = tx
        .execute(
            sql!(
                "INSERT INTO product (id, organisation, code, gtin, name, group_code, brand, no_brand, unit, net_content,
                   shelf_life_days, no_expiry, standards, description, created_at, version)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 1)
                 ON CONFLICT DO NOTHING"
            ),
            &params![
                p.id,
                p.organisation,
                &p.code,
                &p.gtin,
                &p.name,
                &p.group_code,
                &p.brand,
                p.no_brand,
                &p.unit,
                &p.net_content,
                p.shelf_life_days,
                p.no_expiry,
                json!(p.standards).to_string(),
                &p.description,
                app.now()
            ],
        )
        .await?;
    Ok(made == 1)
}

/// The audit line and the words to search by, in the transaction of the change.
pub(super) async fn finish(
    app: &App,
    tx: &mut Tx,
    actor: i64,
    action: &str,
    before: serde_json::Value,
    after: &Product,
    organisation: &str,
) -> Result<(), Fail> {
    let change = audit::Change {
        subject_kind: "product",
        subject: after.id,
        action,
        organisation: Some(after.organisation),
        before,
        after: after.as_json(),
    };
    audit::record(app, tx, actor, change).await?;
    let (printed, whole) = (after.printed_gtin(), after.gtin.clone().unwrap_or_default());
    let texts = [
        (after.name.as_str(), 3),
        (after.brand.as_str(), 2),
        (after.code.as_str(), 3),
        (printed.as_str(), 3),
        (whole.as_str(), 3),
        (organisation, 1),
    ];
    portal::search::index(tx, "product", after.id, &texts).await
}

/// Changes a product. `version` is the one the form was opened with.
///
/// # Errors
/// [`Fail::stale`] if somebody changed it since; a refusal if the GTIN is changed after lots were
/// opened under the old one (GS1 GTIN Management Standard: a number is never moved).
pub async fn update(
    app: &App,
    actor: i64,
    before: &Product,
    new: &NewProduct,
    version: i64,
) -> Result<Product, Fail> {
    let gtin = checked(new)?;
    let organisation = organisations::name(app, before.organisation).await?;
    let mut tx = app.store.begin().await?;
    if before.gtin != gtin && has_lots(&mut tx, before).await? {
        return Err(Fail::refused(
            "Sản phẩm đã có lô nên không đổi mã GTIN được nữa: tem đã in mang mã cũ. Hãy khai sản phẩm mới với mã mới.",
            "Lots of this product exist, so its GTIN cannot change any more: printed stamps carry the old one. Declare a new product with the new number.",
        ));
    }
    let after = Product {
        retired_at: before.retired_at,
        ..made(before.id, before.organisation, before.code.clone(), gtin, new, version + 1)
    };
    match overwrite(&mut tx, &after, version).await {
        Err(error) if error.is_unique_violation() => return Err(gtin_taken(false)),
        Err(error) => return Err(error.into()),
        Ok(0) => return Err(Fail::stale()),
        Ok(_) => {}
    }
    finish(app, &mut tx, actor, "update", before.as_json(), &after, &organisation).await?;
    tx.commit().await?;
    Ok(after)
}

async fn overwrite(tx: &mut Tx, p: &Product, version: i64) -> Result<u64, store::StoreError> {
    tx.execute(
        sql!(
            "UPDATE product SET gtin = $4, name = $5, group_code = $6, brand = $7, no_brand = $8, unit = $9,
               net_content = $10, shelf_life_days = $11, no_expiry = $12, standards = $13, description = $14,
               version = version + 1
             WHERE organisation = $1 AND id = $2 AND version = $3"
        ),
        &params![
            p.organisation,
            p.id,
            version,
            &p.gtin,
            &p.name,
            &p.group_code,
            &p.brand,
            p.no_brand,
            &p.unit,
            &p.net_content,
            p.shelf_life_days,
            p.no_expiry,
            json!(p.standards).to_string(),
            &p.description
        ],
    )
    .await
}

async fn has_lots(tx: &mut Tx, product: &Product) -> Result<bool, Fail> {
    let row = tx
        .query_one(sql!("SELECT id FROM lot WHERE product = $1 LIMIT 1"), &params![product.id])
        .await?;
    Ok(row.is_some())
}
