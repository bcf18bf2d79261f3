//! Holding a record against a profile.
//!
//! Every item of the profile gets exactly one [`Finding`], in the profile's order, so that a page can show the whole
//! list and a missing item never makes another one disappear.

use gs1::Lang;
use serde::Serialize;

use crate::{
    load::{Fact, Item, Presence, Profile, Text},
    record::{Record, Stage},
};

/// How an item stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// All its facts are known.
    Present,
    /// It must be there and is not, or it is there in part.
    Missing,
    /// An “if any” item of which the producer says that the product has none.
    DeclaredNone,
    /// An “if any” item about which nothing is said.
    NotStated,
}

impl State {
    /// In words.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Present => lang.pick("Đã có", "Present"),
            Self::Missing => lang.pick("Còn thiếu", "Missing"),
            Self::DeclaredNone => lang.pick("Đơn vị khai là không có", "Declared as none"),
            Self::NotStated => lang.pick("Chưa khai", "Not stated"),
        }
    }
}

/// One fact that is lacking, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Detail {
    /// The fact.
    pub fact: Fact,
    /// The stage that lacks it: position from 0 in the record and name.
    pub stage: Option<(usize, String)>,
}

impl Detail {
    /// `Công đoạn 2 “Thu hoạch” chưa có mã truy vết địa điểm`.
    pub fn message(&self, lang: Lang) -> String {
        let what = fact_name(self.fact, lang);
        match (lang, &self.stage) {
            (Lang::Vi, None) => format!("Chưa có {what}"),
            (Lang::En, None) => format!("No {what}"),
            (Lang::Vi, Some((at, name))) if name.is_empty() => {
                format!("Công đoạn {} chưa có {what}", at + 1)
            }
            (Lang::En, Some((at, name))) if name.is_empty() => {
                format!("Stage {} has no {what}", at + 1)
            }
            (Lang::Vi, Some((at, name))) => format!("Công đoạn {} “{name}” chưa có {what}", at + 1),
            (Lang::En, Some((at, name))) => format!("Stage {} “{name}” has no {what}", at + 1),
        }
    }
}

/// How one item of the profile stands in the record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Position in the instrument.
    pub number: u16,
    /// Stable name.
    pub key: String,
    /// The item in the instrument's words.
    pub label: Text,
    /// How it stands.
    pub state: State,
    /// Whether it belongs to the minimum that anyone may look up.
    pub public: bool,
    /// The form field that mends it.
    pub anchor: String,
    /// What to do.
    pub hint: Text,
    /// What exactly is lacking; empty where it is present or declared as none.
    pub details: Vec<Detail>,
}

/// A record held against a profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Which profile.
    pub profile_id: String,
    /// One for each item, in order.
    pub items: Vec<Finding>,
}

impl Report {
    /// The items that keep the record from being complete.
    pub fn missing(&self) -> impl Iterator<Item = &Finding> {
        self.items.iter().filter(|finding| finding.state == State::Missing)
    }

    /// Whether nothing is missing. An “if any” item about which nothing is said does not stand in the way.
    pub fn complete(&self) -> bool {
        self.missing().next().is_none()
    }

    /// Items answered (present or declared as none) and items in all.
    pub fn score(&self) -> (usize, usize) {
        let answered =
            |finding: &&Finding| matches!(finding.state, State::Present | State::DeclaredNone);
        (self.items.iter().filter(answered).count(), self.items.len())
    }
}

/// Holds a record against a profile.
///
/// An “if any” item with some but not all of its facts is missing. A thing that is there is present even
/// where it was declared as none.
pub fn check(profile: &Profile, record: &Record) -> Report {
    let items = profile.items.iter().map(|item| finding(item, record)).collect();
    Report { profile_id: profile.id.clone(), items }
}

fn finding(item: &Item, record: &Record) -> Finding {
    let mut details = Vec::new();
    let mut known = 0;
    for fact in &item.facts {
        let before = details.len();
        lacking(*fact, record, &mut details);
        known += usize::from(details.len() == before);
    }
    let state = if details.is_empty() {
        State::Present
    } else if item.presence == Presence::Must || known > 0 {
        State::Missing
    } else if record.declared_none.contains(&item.key) {
        State::DeclaredNone
    } else {
        State::NotStated
    };
    if state == State::DeclaredNone {
        details.clear();
    }
    Finding {
        number: item.number,
        key: item.key.clone(),
        label: item.label.clone(),
        state,
        public: item.public,
        anchor: item.anchor.clone(),
        hint: item.hint.clone(),
        details,
    }
}

/// Adds what is lacking of one fact.
fn lacking(fact: Fact, record: &Record, details: &mut Vec<Detail>) {
    let known = match fact {
        Fact::ProductName => said(record.product_name.as_ref()),
        Fact::Image => record.images > 0,
        Fact::OrganisationName => said(record.organisation_name.as_ref()),
        Fact::OrganisationAddress => said(record.organisation_address.as_ref()),
        Fact::CommuneCode => said(record.commune_code.as_ref()),
        Fact::Stage => !record.stages.is_empty(),
        Fact::StageName => {
            return each_stage(fact, record, details, |stage| !stage.name.trim().is_empty());
        }
        Fact::StageProductCode => {
            return each_stage(fact, record, details, |stage| said(stage.product_code.as_ref()));
        }
        Fact::StageLocationCode => {
            return each_stage(fact, record, details, |stage| said(stage.location_code.as_ref()));
        }
        Fact::StageTime => return each_stage(fact, record, details, |stage| stage.time.is_some()),
        Fact::ProductionTime => record.production_time.is_some(),
        Fact::TraceCode => said(record.trace_code.as_ref()),
        Fact::Brand => said(record.brand.as_ref()),
        Fact::BrandOrSerial => said(record.brand.as_ref()) || said(record.serial.as_ref()),
        Fact::LotOrSerial => said(record.lot_number.as_ref()) || said(record.serial.as_ref()),
        Fact::Expiry => said(record.expiry.as_ref()),
        Fact::Standard => record.standards.iter().any(|standard| !standard.trim().is_empty()),
        Fact::Origin => said(record.origin.as_ref()),
    };
    if !known {
        details.push(Detail { fact, stage: None });
    }
}

fn each_stage(
    fact: Fact,
    record: &Record,
    details: &mut Vec<Detail>,
    known: impl Fn(&Stage) -> bool,
) {
    let without = record.stages.iter().enumerate().filter(|(_, stage)| !known(stage));
    details.extend(
        without.map(|(at, stage)| Detail { fact, stage: Some((at, stage.name.trim().to_owned())) }),
    );
}

fn said(text: Option<&String>) -> bool {
    text.is_some_and(|text| !text.trim().is_empty())
}

fn fact_name(fact: Fact, lang: Lang) -> &'static str {
    match fact {
        Fact::ProductName => lang.pick("tên sản phẩm", "product name"),
        Fact::Image => lang.pick("ảnh sản phẩm", "picture of the product"),
        Fact::OrganisationName => lang.pick("tên đơn vị", "name of the organisation"),
        Fact::OrganisationAddress => lang.pick("số nhà, thôn bản", "house or village"),
        Fact::CommuneCode => lang.pick("xã, phường", "commune"),
        Fact::Stage => lang.pick("công đoạn nào", "stage"),
        Fact::StageName => lang.pick("tên công đoạn", "name"),
        Fact::StageProductCode => lang.pick("mã truy vết sản phẩm", "product trace code"),
        Fact::StageLocationCode => lang.pick("mã truy vết địa điểm", "location trace code"),
        Fact::StageTime => lang.pick("thời gian của sự kiện", "time of the event"),
        Fact::ProductionTime => {
            lang.pick("thời gian sản xuất, kinh doanh", "time of production or trade")
        }
        Fact::TraceCode => lang.pick("mã truy xuất nguồn gốc", "traceability code"),
        Fact::Brand => lang.pick("thương hiệu, nhãn hiệu", "brand or trade mark"),
        Fact::BrandOrSerial => lang.pick("thương hiệu hoặc số sê-ri", "brand or serial number"),
        Fact::LotOrSerial => lang.pick("số lô hoặc số sê-ri", "batch or serial number"),
        Fact::Expiry => lang.pick("thời hạn sử dụng", "shelf life"),
        Fact::Standard => lang.pick("tiêu chuẩn áp dụng", "applied standard"),
        Fact::Origin => lang.pick("xuất xứ", "origin"),
    }
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
