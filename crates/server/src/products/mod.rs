//! Products of organisations.

use store::{Row, params, sql};

use crate::app::App;
use crate::review::record::MissingItem;
use crate::shared::Fail;

/// A product.
#[derive(Debug, Clone)]
pub struct Product {
    pub id: i64,
    pub organisation: i64,
    pub code: String,
    pub gtin: Option<String>,
    pub name: String,
    pub group_code: String,
    pub brand: String,
    pub no_brand: bool,
    pub unit: String,
    pub net_content: String,
    pub shelf_life_days: Option<i64>,
    pub no_expiry: bool,
    pub standards: Vec<String>,
    pub description: String,
    pub version: i64,
}

impl Product {
    fn of_row(row: &Row) -> Result<Product, Fail> {
        let standards: String = row.at("standards")?;
        Ok(Product {
            id: row.at("id")?,
            organisation: row.at("organisation")?,
            code: row.at("code")?,
            gtin: row.at("gtin")?,
            name: row.at("name")?,
            group_code: row.at("group_code")?,
            brand: row.at("brand")?,
            no_brand: row.at("no_brand")?,
            unit: row.at("unit")?,
            net_content: row.at("net_content")?,
            shelf_life_days: row.at("shelf_life_days")?,
            no_expiry: row.at("no_expiry")?,
            standards: serde_json::from_str(&standards).unwrap_or_default(),
            description: row.at("description")?,
            version: row.at("version")?,
        })
    }
}

/// One product of an organisation.
pub async fn load(app: &App, org: i64, id: i64) -> Result<Product, Fail> {
    let row = app
        .store
        .query_one(sql!("SELECT * FROM product WHERE organisation = $1 AND id = $2"), &params![org, id])
        .await?;
    Product::of_row(&row.ok_or(Fail::NotFound)?)
}

/// One product, whosever it is.
pub async fn any(app: &App, id: i64) -> Result<Product, Fail> {
    let row = app.store.query_one(sql!("SELECT * FROM product WHERE id = $1"), &params![id]).await?;
    Product::of_row(&row.ok_or(Fail::NotFound)?)
}

/// The products of an organisation.
pub async fn of_organisation(app: &App, org: i64) -> Result<Vec<Product>, Fail> {
    let rows = app.store.query(sql!("SELECT * FROM product WHERE organisation = $1 ORDER BY id"), &params![org]).await?;
    rows.iter().map(Product::of_row).collect()
}

/// What the profile in force misses of a product.
pub async fn missing_for(_app: &App, _product: &Product) -> Result<Vec<MissingItem>, Fail> {
    Ok(Vec::new())
}
