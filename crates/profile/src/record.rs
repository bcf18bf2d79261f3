//! The facts of one lot, gathered from register and log by whoever calls; plain values without behaviour.

use std::collections::BTreeSet;

use jiff::Timestamp;

/// What is known of one lot, as a consumer would see it. Text that is empty or only space counts as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// Name of the product.
    pub product_name: Option<String>,
    /// How many pictures of the product can be shown.
    pub images: usize,
    /// Legal name of the producer or trader.
    pub organisation_name: Option<String>,
    /// House, village or street; the commune is separate.
    pub organisation_address: Option<String>,
    /// Five digits, of the division in force.
    pub commune_code: Option<String>,
    /// The journey so far, oldest first.
    pub stages: Vec<Stage>,
    /// When the lot was harvested, made or traded.
    pub production_time: Option<Timestamp>,
    /// Mã truy xuất nguồn gốc of the lot.
    pub trace_code: Option<String>,
    /// Brand, trade mark or model.
    pub brand: Option<String>,
    /// Serial number of the single item.
    pub serial: Option<String>,
    /// Expiry as it is shown, a day or a length of time.
    pub expiry: Option<String>,
    /// Applied standards, as shown.
    pub standards: Vec<String>,
    /// Country or place of origin (xuất xứ).
    pub origin: Option<String>,
    /// Lot or batch number.
    pub lot_number: Option<String>,
    /// Keys of “if any” items of which the producer says that they do not exist.
    pub declared_none: BTreeSet<String>,
}

/// One stage of the journey.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stage {
    /// As people call it: `Thu hoạch`.
    pub name: String,
    /// Mã truy vết sản phẩm.
    pub product_code: Option<String>,
    /// Mã truy vết địa điểm.
    pub location_code: Option<String>,
    /// When it happened.
    pub time: Option<Timestamp>,
}
