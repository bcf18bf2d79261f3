//! The record of a lot as the buyer sees it: one value that the reviewer reads, the approval
//! publishes and the scan page shows, so that all three cannot differ.

use serde::{Deserialize, Serialize};

/// Everything public of a lot, as of one moment.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PublicRecord {
    pub lot: RecordLot,
    pub product: RecordProduct,
    pub organisation: RecordOrganisation,
    pub certificates: Vec<RecordCertificate>,
    /// Oldest first.
    pub journey: Vec<JourneyStep>,
    /// What the profile in force still misses.
    pub missing: Vec<MissingItem>,
    /// Profile that was checked, such as `TT02-2024`.
    pub profile: String,
    /// Accounts that wrote any of it: none of them may approve it.
    pub authors: Vec<i64>,
    /// Why the reviewer published in spite of what is missing.
    pub published_although: String,
    /// The log's head when the record was drawn up.
    pub log_head: i64,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RecordLot {
    pub id: i64,
    pub code: String,
    pub trace_code: String,
    /// The identifier in events.
    pub item: String,
    /// ISO days; empty where not known.
    pub made_on: String,
    pub expires_on: String,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RecordProduct {
    pub id: i64,
    pub name: String,
    pub brand: String,
    pub no_brand: bool,
    pub no_expiry: bool,
    /// 14 digits; empty where there is none.
    pub gtin: String,
    /// The province's own product code.
    pub code: String,
    pub group: String,
    pub unit: String,
    pub net_content: String,
    pub standards: Vec<String>,
    pub pictures: Vec<i64>,
    pub description: String,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RecordOrganisation {
    pub id: i64,
    pub name: String,
    pub kind: String,
    pub address: String,
    pub old_address: String,
    pub commune: String,
    pub illustrative: bool,
}

/// A certificate that was valid for the product on the day the lot was made; where that day is not
/// known, on the day the record was drawn up.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RecordCertificate {
    pub id: i64,
    pub kind_vi: String,
    pub kind_en: String,
    pub number: String,
    pub issuer: String,
    pub expires_on: String,
    /// An officer compared it with the paper or the issuer's register.
    pub verified: bool,
}

/// One step of a lot's way: what, when, where, who said it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct JourneyStep {
    /// Sequence in the log.
    pub seq: i64,
    pub event_id: String,
    /// Card code (`sow`, `spray`, …) or the bare EPCIS business step.
    pub step: String,
    pub title_vi: String,
    pub title_en: String,
    /// The sentence buyers read; may be empty.
    pub text_vi: String,
    pub text_en: String,
    /// Microseconds UTC.
    pub time: i64,
    pub place: String,
    pub place_code: String,
    /// The organisation that declared it.
    pub declared_by: String,
    pub organisation: i64,
    /// Account that entered it; 0 where a machine did.
    pub entered_by: i64,
    /// Name of the office whose staff entered it for the organisation; empty else.
    pub entered_for_by: String,
    /// The other side confirmed it (a receipt that fits the dispatch).
    pub confirmed: bool,
    pub pictures: Vec<i64>,
    /// The lot this step belongs to, where it is an earlier lot of the chain.
    pub of_item: String,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct MissingItem {
    pub number: u8,
    pub key: String,
    pub label_vi: String,
    pub label_en: String,
    pub detail_vi: String,
    pub detail_en: String,
    /// Address of the field that mends it.
    pub mend: String,
}
