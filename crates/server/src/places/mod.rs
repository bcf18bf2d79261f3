//! Places of organisations: fields, ponds, barns, plants, stalls. Each has an establishment code
//! (mã số định danh cơ sở), which is printed and hung up, and perhaps a GLN. What happens at a
//! place is in the log, under [`Place::uri`].

mod close;
pub mod gln;
pub mod pages;
mod register;

use store::Row;

use crate::app::Micros;
use crate::identity::account::Role;
use crate::shared::field::Choice;
use crate::shared::guard::{Access, Routes};
use crate::shared::{Fail, L};

pub use close::close;
pub use register::{all_of, by_uris, create, load, of_organisation, open_seat, update};

const OFFICE: Access = Access::Staff(&[Role::Officer, Role::Reviewer]);

pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/org/{org}/places", Access::Member, pages::list)
        .post("/org/{org}/places", Access::Member, pages::create)
        .get("/org/{org}/places/new", Access::Member, pages::new)
        .get("/org/{org}/places/{place}", Access::Member, pages::show_one)
        .get("/org/{org}/places/{place}/edit", Access::Member, pages::edit)
        .post("/org/{org}/places/{place}/edit", Access::Member, pages::save)
        .post("/org/{org}/places/{place}/closed", Access::Member, close::submit)
        .get("/org/{org}/places/{place}/code", Access::Member, pages::code)
        .post("/desk/organisations/{organisation}/places/{place}/gln", OFFICE, gln::submit)
}

/// Kinds of place: code, Vietnamese, English.
pub const KINDS: [(&str, &str, &str); 12] = [
    ("field", "Ruộng, nương, rẫy", "Field"),
    ("garden", "Vườn, đồi cây", "Garden or orchard"),
    ("pond", "Ao, lồng nuôi thủy sản", "Pond or fish cage"),
    ("barn", "Chuồng trại", "Barn"),
    ("forest", "Rừng, khu thu hái", "Forest"),
    ("apiary", "Trại ong", "Apiary"),
    ("plant", "Nhà máy, xưởng, nơi sơ chế, đóng gói", "Plant, workshop or packing house"),
    ("slaughter", "Cơ sở, dây chuyền giết mổ", "Slaughter line"),
    ("warehouse", "Kho", "Warehouse"),
    ("shop", "Cửa hàng, quầy bán", "Shop or stall"),
    ("market", "Chợ", "Market"),
    ("office", "Trụ sở, văn phòng", "Seat or office"),
];

pub fn kind_choices(l: L) -> Vec<Choice> {
    KINDS.iter().map(|(code, vi, en)| ((*code).to_owned(), l.t(vi, en).to_owned())).collect()
}

pub fn kind_label(l: L, code: &str) -> String {
    KINDS.iter().find(|kind| kind.0 == code).map_or(code, |(_, vi, en)| l.t(vi, en)).to_owned()
}

/// A place as the register has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub id: i64,
    pub organisation: i64,
    /// Establishment code in canonical form: ten characters, no hyphens.
    pub code: String,
    /// One of [`KINDS`].
    pub kind: String,
    pub name: String,
    /// Code of the commune, five digits.
    pub commune: String,
    pub address_line: String,
    /// 13 digits.
    pub gln: Option<String>,
    /// When an officer found that the GLN is this organisation's. Until then it opens nothing to it.
    pub gln_checked_at: Option<Micros>,
    /// Square metres.
    pub area_m2: Option<i64>,
    pub note: String,
    /// Since when it is used no more.
    pub closed_at: Option<Micros>,
    pub version: i64,
}

/// What somebody says of a place.
#[derive(Debug, Clone, Default)]
pub struct NewPlace {
    /// One of [`KINDS`].
    pub kind: String,
    pub name: String,
    /// Code of the commune, five digits.
    pub commune: String,
    pub address_line: String,
    pub gln: Option<String>,
    /// Square metres.
    pub area_m2: Option<i64>,
    pub note: String,
}

impl Place {
    fn of_row(row: &Row) -> Result<Place, Fail> {
        Ok(Place {
            id: row.at("id")?,
            organisation: row.at("organisation")?,
            code: row.at("code")?,
            kind: row.at("kind")?,
            name: row.at("name")?,
            commune: row.at("commune")?,
            address_line: row.at("address_line")?,
            gln: row.at("gln")?,
            gln_checked_at: row.at("gln_checked_at")?,
            area_m2: row.at("area_m2")?,
            note: row.at("note")?,
            closed_at: row.at("valid_to")?,
            version: row.at("version")?,
        })
    }

    /// The place in events (mã truy vết địa điểm): its GLN as a GS1 Digital Link where it has one,
    /// else its establishment code.
    pub fn uri(&self) -> String {
        match &self.gln {
            Some(gln) => format!("{GLN_ROOT}{gln}"),
            None => format!("{CODE_ROOT}{}", self.code),
        }
    }

    /// Whether an event that names this identifier of the place as whom goods went to means its organisation for sure: a code was
    /// given out here, a GLN only written down, until an officer has checked it.
    pub fn vouches_for(&self, uri: &str) -> bool {
        uri.starts_with(CODE_ROOT) || self.gln_checked_at.is_some()
    }

    /// `Bản Phủ, xã Thanh An, tỉnh Điện Biên`.
    pub fn address(&self) -> String {
        crate::organisations::address(&self.address_line, &self.commune)
    }

    /// `E7K3-M9Q2-X4`, for people.
    pub fn grouped_code(&self) -> String {
        stamp::Code::parse(&self.code).map_or_else(|_| self.code.clone(), |code| code.grouped())
    }

    /// What the audit trail keeps.
    fn as_json(&self) -> serde_json::Value {
        let mut said = serde_json::json!({
            "code": self.code, "kind": self.kind, "name": self.name, "commune": self.commune,
            "address_line": self.address_line, "gln": self.gln, "area_m2": self.area_m2, "note": self.note,
        });
        if self.gln_checked_at.is_some() {
            said["gln_checked"] = true.into();
        }
        if self.closed_at.is_some() {
            said["closed"] = true.into();
        }
        said
    }
}

/// Canonical GS1 Digital Link of a physical location (GS1 Digital Link URI Syntax 1.4, AI 414).
const GLN_ROOT: &str = "https://id.gs1.org/414/";
/// Our own name space for places without GLN.
const CODE_ROOT: &str = "urn:nguon:place:";
