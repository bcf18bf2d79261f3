//! Organisations: how one joins, what it is, how an officer accepts it or returns its
//! application. People in it are `identity`'s; its places are `places`'.

pub mod desk;
pub mod join;
pub mod profile;
pub mod suggest;

use axum::http::Method;
use store::{Row, params, sql};

use crate::app::App;
use crate::identity::account::Role;
use crate::shared::field::Choice;
use crate::shared::guard::{Access, Routes};
use crate::shared::{Fail, L};

const OFFICE: Access = Access::Staff(&[Role::Officer, Role::Reviewer]);

pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/join", Access::Public, join::page)
        .post("/join", Access::Public, join::submit)
        .api(Method::GET, "/suggest/communes", Access::Public, suggest::says(), suggest::communes)
        .get("/org/{org}/profile", Access::Member, profile::page)
        .post("/org/{org}/profile", Access::Manager, profile::submit)
        .get("/desk/organisations", OFFICE, desk::list)
        .get("/desk/organisations/{organisation}", OFFICE, desk::show_one)
        .post("/desk/organisations/{organisation}/accept", OFFICE, desk::accept)
        .post("/desk/organisations/{organisation}/return", OFFICE, desk::send_back)
}

/// Kinds of organisation: code, Vietnamese, English, sector that governs it by default.
pub const KINDS: [(&str, &str, &str, &str); 8] = [
    ("household", "Hộ sản xuất", "Household", "agriculture"),
    ("cooperative", "Hợp tác xã", "Cooperative", "agriculture"),
    ("enterprise", "Doanh nghiệp", "Enterprise", "trade"),
    ("slaughterhouse", "Cơ sở giết mổ", "Slaughterhouse", "agriculture"),
    ("processor", "Cơ sở chế biến, đóng gói", "Processor or packer", "agriculture"),
    ("market", "Ban quản lý chợ", "Market board", "trade"),
    ("shop", "Cửa hàng, quầy bán", "Shop or stall", "trade"),
    ("authority", "Cơ quan quản lý", "Public authority", "agriculture"),
];

/// Sectors of the administration.
pub const SECTORS: [(&str, &str, &str); 3] = [
    ("agriculture", "Nông nghiệp và Môi trường", "Agriculture and environment"),
    ("trade", "Công Thương", "Industry and trade"),
    ("health", "Y tế", "Health"),
];

pub fn kind_choices(l: L) -> Vec<Choice> {
    KINDS.iter().map(|(code, vi, en, _)| ((*code).to_owned(), l.t(vi, en).to_owned())).collect()
}

pub fn kind_label(l: L, code: &str) -> String {
    KINDS.iter().find(|kind| kind.0 == code).map_or(code, |(_, vi, en, _)| l.t(vi, en)).to_owned()
}

pub fn sector_label(l: L, code: &str) -> String {
    SECTORS.iter().find(|one| one.0 == code).map_or(code, |(_, vi, en)| l.t(vi, en)).to_owned()
}

/// An organisation as the register has it.
#[derive(Debug, Clone)]
pub struct Organisation {
    pub id: i64,
    pub kind: String,
    pub legal_name: String,
    pub tax_code: String,
    pub representative: String,
    pub phone: String,
    pub email: String,
    pub commune: String,
    pub address_line: String,
    pub old_unit: String,
    pub sector: String,
    /// `submitted`, `returned`, `accepted`.
    pub state: String,
    pub reason: String,
    pub illustrative: bool,
    pub submitted_at: i64,
    pub version: i64,
}

impl Organisation {
    fn of_row(row: &Row) -> Result<Organisation, Fail> {
        Ok(Organisation {
            id: row.at("id")?,
            kind: row.at("kind")?,
            legal_name: row.at("legal_name")?,
            tax_code: row.at("tax_code")?,
            representative: row.at("representative")?,
            phone: row.at("phone")?,
            email: row.at("email")?,
            commune: row.at("commune")?,
            address_line: row.at("address_line")?,
            old_unit: row.at("old_unit")?,
            sector: row.at("sector")?,
            state: row.at("state")?,
            reason: row.at("reason")?,
            illustrative: row.at("illustrative")?,
            submitted_at: row.at("submitted_at")?,
            version: row.at("version")?,
        })
    }

    /// `Bản Phủ, xã Thanh An, tỉnh Điện Biên`.
    pub fn address(&self) -> String {
        address(&self.address_line, &self.commune)
    }

    /// The address by the units of before July 2025, where one was given.
    pub fn old_address(&self) -> Option<String> {
        vietnam::units::old_commune(&self.old_unit).map(vietnam::units::OldCommune::full_address)
    }

    /// What the audit trail keeps.
    pub fn as_json(&self) -> serde_json::Value {
        serde_json::json!({
            "kind": self.kind, "legal_name": self.legal_name, "tax_code": self.tax_code,
            "representative": self.representative, "phone": self.phone, "email": self.email,
            "commune": self.commune, "address_line": self.address_line, "old_unit": self.old_unit,
            "sector": self.sector, "state": self.state, "reason": self.reason,
        })
    }
}

/// A line and a commune as one address.
pub fn address(line: &str, commune: &str) -> String {
    let unit =
        vietnam::units::commune(commune).map_or_else(String::new, vietnam::units::full_address);
    if line.is_empty() { unit } else { format!("{line}, {unit}") }
}

/// One organisation.
pub async fn load(app: &App, id: i64) -> Result<Organisation, Fail> {
    let row =
        app.store.find(sql!("SELECT * FROM organisation WHERE id = $1"), &params![id]).await?;
    Organisation::of_row(&row.ok_or(Fail::NotFound)?)
}

/// Its legal name.
pub async fn name(app: &App, id: i64) -> Result<String, Fail> {
    let row = app
        .store
        .query_one(sql!("SELECT legal_name FROM organisation WHERE id = $1"), &params![id])
        .await?;
    Ok(row.ok_or(Fail::NotFound)?.get(0)?)
}

/// An organisation that has been accepted, or a refusal that says what is awaited.
pub async fn accepted(app: &App, id: i64) -> Result<Organisation, Fail> {
    let organisation = load(app, id).await?;
    if organisation.state == "accepted" {
        return Ok(organisation);
    }
    Err(Fail::refused(
        "Đơn vị chưa được tiếp nhận nên chưa khai được. Xem tình trạng hồ sơ ở trang “Đơn vị”.",
        "The organisation is not accepted yet, so nothing can be declared. See the state of its application under “Organisation”.",
    ))
}
