//! Products: what an organisation makes or sells, with its GTIN or the province's own code, and
//! the pictures that buyers see. Certificates that cover a product are `certificates`'; the lots
//! that are made of it are `lots`'.

mod missing;
pub mod pages;
mod photos;
mod register;
mod retire;

use store::Row;
use vietnam::product_groups::{PLAN_GROUPS, product_group};
use vietnam::units_of_measure::{Dimension, UNITS, unit};

use crate::app::Micros;
use crate::shared::field::Choice;
use crate::shared::guard::{Access, Routes};
use crate::shared::{Fail, L};

pub use missing::missing_for;
pub use photos::{MOST_PICTURES, add_pictures, put_first, remove_picture};
pub use register::{all_of, any, create, load, of_organisation, update};
pub use retire::retire;

pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/org/{org}/products", Access::Member, pages::list)
        .post("/org/{org}/products", Access::Member, pages::create)
        .get("/org/{org}/products/new", Access::Member, pages::new)
        .get("/org/{org}/products/{product}", Access::Member, pages::show_one)
        .get("/org/{org}/products/{product}/edit", Access::Member, pages::edit)
        .post("/org/{org}/products/{product}/edit", Access::Member, pages::save)
        .post("/org/{org}/products/{product}/retired", Access::Member, retire::submit)
        .post(
            "/org/{org}/products/{product}/pictures/{picture}/first",
            Access::Member,
            pages::first_picture,
        )
        .post(
            "/org/{org}/products/{product}/pictures/{picture}/remove",
            Access::Member,
            pages::drop_picture,
        )
}

/// A product as the register has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    pub id: i64,
    pub organisation: i64,
    /// The province's own product code in canonical form: ten characters, no hyphens.
    pub code: String,
    /// 14 digits.
    pub gtin: Option<String>,
    pub name: String,
    /// One of [`PLAN_GROUPS`].
    pub group_code: String,
    pub brand: String,
    /// The producer says that it has no brand.
    pub no_brand: bool,
    /// Code of a unit of measure.
    pub unit: String,
    /// As on the label: `Túi 500 g`.
    pub net_content: String,
    pub shelf_life_days: Option<i64>,
    /// The producer says that it has no term of use.
    pub no_expiry: bool,
    /// Applied standards: `TCVN 11888:2017`.
    pub standards: Vec<String>,
    pub description: String,
    /// Since when no new lots are opened for it.
    pub retired_at: Option<Micros>,
    pub version: i64,
}

/// What somebody says of a product.
#[derive(Debug, Clone, Default)]
pub struct NewProduct {
    /// 8, 12, 13 or 14 digits; none where the province's code is to serve.
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
            standards: serde_json::from_str(&standards)
                .map_err(|e| Fail::internal(format!("standards of a product: {e}")))?,
            description: row.at("description")?,
            retired_at: row.at("retired_at")?,
            version: row.at("version")?,
        })
    }

    /// `P7K3-M9Q2-X4`, for people.
    pub fn grouped_code(&self) -> String {
        stamp::Code::parse(&self.code).map_or_else(|_| self.code.clone(), |code| code.grouped())
    }

    /// The GTIN as it is printed under the bars; empty where there is none.
    pub fn printed_gtin(&self) -> String {
        let gtin = self.gtin.as_deref().unwrap_or_default();
        gs1::Gtin::parse(gtin).map_or_else(|_| gtin.to_owned(), |gtin| gtin.short().to_owned())
    }

    pub fn group_label(&self, l: L) -> String {
        product_group(&self.group_code)
            .map_or(self.group_code.as_str(), |group| group.label(l.0))
            .to_owned()
    }

    pub fn unit_label(&self, l: L) -> String {
        unit(&self.unit).map_or(self.unit.as_str(), |unit| unit.label(l.0)).to_owned()
    }

    /// What the audit trail keeps.
    fn as_json(&self) -> serde_json::Value {
        let mut said = serde_json::json!({
            "code": self.code, "gtin": self.gtin, "name": self.name, "group": self.group_code, "brand": self.brand,
            "no_brand": self.no_brand, "unit": self.unit, "net_content": self.net_content,
            "shelf_life_days": self.shelf_life_days, "no_expiry": self.no_expiry,
            "standards": self.standards.join("; "), "description": self.description,
        });
        if self.retired_at.is_some() {
            said["out_of_use"] = true.into();
        }
        said
    }
}

pub fn group_choices(l: L) -> Vec<Choice> {
    PLAN_GROUPS.iter().map(|group| (group.code.to_owned(), group.label(l.0).to_owned())).collect()
}

/// Units that goods are weighed, measured or counted in; lengths and areas are not for goods.
pub fn unit_choices(l: L) -> Vec<Choice> {
    let goods = [Dimension::Mass, Dimension::Volume, Dimension::Count, Dimension::Pack];
    UNITS
        .iter()
        .filter(|unit| goods.contains(&unit.dimension))
        .map(|unit| (unit.code.to_owned(), unit.label(l.0).to_owned()))
        .collect()
}
