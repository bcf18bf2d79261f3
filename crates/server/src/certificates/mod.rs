//! Certificates and other papers that vouch for products: who issued them, for what, from when
//! until when. A claim counts only for the products it names and on the days it is valid; an
//! officer may compare it with the paper and say so.

pub mod desk;
pub mod file;
pub mod pages;
mod register;
mod verify;

use jiff::civil::Date;
use store::Row as StoreRow;
use vietnam::certificate_kinds::{CERTIFICATE_KINDS, certificate_kind};

use crate::identity::account::Role;
use crate::products::Product;
use crate::shared::field::Choice;
use crate::shared::guard::{Access, Routes};
use crate::shared::{Fail, L, text};

pub use file::CertificateFile;
pub use register::{any, create, load, of_organisation, of_product, update, valid_on, withdraw};
pub use verify::verify;

/// Who sees the certificates of a sector and area.
const SEES: [Role; 3] = [Role::Officer, Role::Reviewer, Role::Inspector];
/// Who compares them with the paper.
const VERIFIES: [Role; 2] = [Role::Officer, Role::Reviewer];

pub fn routes(routes: Routes) -> Routes {
    let (sees, verifies) = (Access::Staff(&SEES), Access::Staff(&VERIFIES));
    routes
        .get("/org/{org}/certificates", Access::Member, pages::list)
        .post("/org/{org}/certificates", Access::Member, pages::create)
        .get("/org/{org}/certificates/new", Access::Member, pages::new)
        .get("/org/{org}/certificates/{certificate}", Access::Member, pages::show_one)
        .get("/org/{org}/certificates/{certificate}/edit", Access::Member, pages::edit)
        .post("/org/{org}/certificates/{certificate}/edit", Access::Member, pages::save)
        .post("/org/{org}/certificates/{certificate}/withdraw", Access::Member, pages::withdraw)
        .get("/org/{org}/certificates/{certificate}/file", Access::Member, file::own)
        .get("/desk/certificates", sees, desk::list)
        .get("/desk/certificates/{certificate}", sees, desk::show_one)
        .get("/desk/certificates/{certificate}/file", sees, file::of_staff)
        .post("/desk/certificates/{certificate}/verify", verifies, desk::confirm)
}

/// Days before the end of a certificate from which its end is announced.
pub const SOON_DAYS: i64 = 30;

/// A certificate as the register has it; its file is read apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    pub id: i64,
    pub organisation: i64,
    /// Code of a kind of certificate.
    pub kind: String,
    pub number: String,
    pub issuer: String,
    pub scope: String,
    /// ISO day.
    pub issued_on: String,
    /// ISO day, the last one on which it is valid; none where the paper names none.
    pub expires_on: Option<String>,
    /// As it was called when it was sent; empty where there is no file.
    pub file_name: String,
    pub has_file: bool,
    pub verified_by: Option<i64>,
    pub verified_at: Option<i64>,
    pub withdrawn_at: Option<i64>,
    pub version: i64,
    /// The products it covers.
    pub products: Vec<i64>,
}

/// What somebody says of a certificate.
#[derive(Debug, Clone)]
pub struct NewCertificate {
    pub kind: String,
    pub number: String,
    pub issuer: String,
    pub scope: String,
    pub issued_on: Date,
    pub expires_on: Option<Date>,
    /// Ids of products of the same organisation.
    pub products: Vec<i64>,
    /// A new file; none keeps the one there is.
    pub file: Option<CertificateFile>,
}

/// How a certificate stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    Expired,
    /// Ends within [`SOON_DAYS`].
    EndsSoon,
    Valid,
    /// Its first day is still to come.
    NotYet,
    Withdrawn,
}

impl Certificate {
    fn of_row(row: &StoreRow, products: Vec<i64>) -> Result<Certificate, Fail> {
        Ok(Certificate {
            id: row.at("id")?,
            organisation: row.at("organisation")?,
            kind: row.at("kind")?,
            number: row.at("number")?,
            issuer: row.at("issuer")?,
            scope: row.at("scope")?,
            issued_on: row.at("issued_on")?,
            expires_on: row.at("expires_on")?,
            file_name: row.at("file_name")?,
            has_file: row.at("has_file")?,
            verified_by: row.at("verified_by")?,
            verified_at: row.at("verified_at")?,
            withdrawn_at: row.at("withdrawn_at")?,
            version: row.at("version")?,
            products,
        })
    }

    /// How it stands on a day (Vietnamese civil day).
    pub fn standing(&self, day: Date) -> Standing {
        let soon = day.saturating_add(jiff::Span::new().days(SOON_DAYS));
        // ISO days compare as text.
        let (today, soon) = (day.to_string(), soon.to_string());
        match &self.expires_on {
            _ if self.withdrawn_at.is_some() => Standing::Withdrawn,
            Some(last) if *last < today => Standing::Expired,
            _ if self.issued_on > today => Standing::NotYet,
            Some(last) if *last <= soon => Standing::EndsSoon,
            _ => Standing::Valid,
        }
    }

    /// What the audit trail keeps.
    fn as_json(&self) -> serde_json::Value {
        serde_json::json!({
            "kind": self.kind, "number": self.number, "issuer": self.issuer, "scope": self.scope,
            "issued_on": self.issued_on, "expires_on": self.expires_on, "file": self.file_name,
            "products": self.products, "verified_by": self.verified_by, "withdrawn_at": self.withdrawn_at,
        })
    }
}

pub fn kind_choices(l: L) -> Vec<Choice> {
    CERTIFICATE_KINDS
        .iter()
        .map(|kind| (kind.code.to_owned(), kind.label(l.0).to_owned()))
        .collect()
}

pub fn kind_label(l: L, code: &str) -> String {
    certificate_kind(code).map_or(code, |kind| kind.label(l.0)).to_owned()
}

/// A certificate in words, for tables and pages.
pub struct Row {
    pub c: Certificate,
    pub kind: String,
    pub issued: String,
    /// Empty where the paper names no end.
    pub expires: String,
    pub standing: Standing,
}

impl Row {
    fn of(l: L, today: Date, c: Certificate) -> Row {
        Row {
            kind: kind_label(l, &c.kind),
            issued: text::iso_date(&l, &c.issued_on),
            expires: c.expires_on.as_deref().map(|day| text::iso_date(&l, day)).unwrap_or_default(),
            standing: c.standing(today),
            c,
        }
    }

    /// Class of the badge, its icon and its words.
    fn badge(&self, l: L) -> (&'static str, &'static str, &'static str) {
        match self.standing {
            Standing::Expired => ("is-bad", "cross", l.t("Hết hạn", "Expired")),
            Standing::EndsSoon => ("is-warn", "clock", l.t("Sắp hết hạn", "Ends soon")),
            Standing::Valid => ("is-good", "check", l.t("Còn hạn", "Valid")),
            Standing::NotYet => ("is-warn", "clock", l.t("Chưa có hiệu lực", "Not valid yet")),
            Standing::Withdrawn => ("is-bad", "void", l.t("Đã rút", "Withdrawn")),
        }
    }

    pub fn badge_class(&self, l: &L) -> &'static str {
        self.badge(*l).0
    }

    pub fn badge_icon(&self, l: &L) -> &'static str {
        self.badge(*l).1
    }

    pub fn badge_words(&self, l: &L) -> &'static str {
        self.badge(*l).2
    }
}

/// The certificates that name a product, in words.
pub async fn rows_of_product(
    app: &crate::app::App,
    l: L,
    product: &Product,
) -> Result<Vec<Row>, Fail> {
    let today = text::day_of(app.now());
    Ok(of_product(app, product).await?.into_iter().map(|c| Row::of(l, today, c)).collect())
}
