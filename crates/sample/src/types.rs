//! What a province is made of: plain values that name each other by key. A key is unique within its kind and
//! stable for a seed; it means nothing outside this crate.

use jiff::civil::{Date, DateTime};

use crate::lots::{Lot, Recall, Step};
use crate::scene::PictureSpec;

/// Everything that was invented.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Province {
    /// What it was made from.
    pub seed: u64,
    /// How many copies of the basic province.
    pub scale: u32,
    /// The day it pretends to be; everything lies before it.
    pub today: Date,
    /// People of the administration; one set, whatever the scale.
    pub staff: Vec<Staff>,
    /// Producers and traders, with those whose application is not decided.
    pub organisations: Vec<Org>,
    /// Their places beside the seat.
    pub places: Vec<Place>,
    /// What they make and sell.
    pub products: Vec<Product>,
    /// Papers of organisations and products.
    pub certificates: Vec<Certificate>,
    /// Lots with their diaries.
    pub lots: Vec<Lot>,
    /// Reports of consumers.
    pub doubts: Vec<Doubt>,
    /// For each copy, a lot worth recalling and everything made of it.
    pub recalls: Vec<Recall>,
}

impl Province {
    /// Every step of every diary with its lot, oldest first. What a step needs (a shipment before its receipt,
    /// an input before its use) stands before it.
    pub fn steps_in_order(&self) -> Vec<(&Lot, &Step)> {
        let mut steps: Vec<_> = self
            .lots
            .iter()
            .flat_map(|lot| lot.steps.iter().map(move |step| (lot, step)))
            .collect();
        // Stable: steps of one lot at one moment keep their order.
        steps.sort_by_key(|(_, step)| step.at);
        steps
    }
}

macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$variant_doc])* $variant),+ }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word that stands for it in stored data.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }
        }
    };
}

codes! {
    /// Kinds of organisation.
    OrgKind {
        /// A family farm or business.
        Household = "household",
        /// A cooperative (hợp tác xã).
        Cooperative = "cooperative",
        /// A company.
        Enterprise = "enterprise",
        /// A slaughterhouse.
        Slaughterhouse = "slaughterhouse",
        /// A processor or packer.
        Processor = "processor",
        /// A market board.
        Market = "market",
        /// A shop or stall.
        Shop = "shop",
    }
}

codes! {
    /// Kinds of place.
    PlaceKind {
        /// Paddy or upland field.
        Field = "field",
        /// Garden or plantation.
        Garden = "garden",
        /// Barn.
        Barn = "barn",
        /// Forest, with old tea trees.
        Forest = "forest",
        /// Where the hives stand.
        Apiary = "apiary",
        /// Plant or workshop.
        Plant = "plant",
        /// Slaughter line.
        Slaughter = "slaughter",
        /// Warehouse.
        Warehouse = "warehouse",
        /// Shop or stall.
        Shop = "shop",
        /// Market.
        Market = "market",
    }
}

codes! {
    /// Step cards of the diary.
    Card {
        /// Gieo trồng.
        Sow = "sow",
        /// Bón phân.
        Fertilise = "fertilise",
        /// Phun thuốc.
        Spray = "spray",
        /// Tưới nước.
        Water = "water",
        /// Thu hoạch.
        Harvest = "harvest",
        /// Nhập đàn.
        ReceiveAnimals = "receive-animals",
        /// Cho ăn.
        Feed = "feed",
        /// Thuốc thú y.
        Treat = "treat",
        /// Giết mổ.
        Slaughter = "slaughter",
        /// Chế biến.
        Process = "process",
        /// Đóng gói.
        Pack = "pack",
        /// Lưu kho.
        Store = "store",
        /// Xuất hàng.
        Ship = "ship",
        /// Nhận hàng.
        Receive = "receive",
        /// Bán.
        Sell = "sell",
        /// Tiêu hủy.
        Destroy = "destroy",
        /// Kiểm nghiệm.
        Test = "test",
    }
}

codes! {
    /// Roles of the administration.
    StaffRole {
        /// Accepts organisations, keeps the registers of a sector or commune.
        Officer = "officer",
        /// Decides what is published.
        Reviewer = "reviewer",
        /// Looks in the market.
        Inspector = "inspector",
        /// Keeps accounts.
        Administrator = "administrator",
    }
}

/// Someone of the administration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    /// Key.
    pub key: String,
    /// What they may do.
    pub role: StaffRole,
    /// Invented, ends in “(minh hoạ)”.
    pub name: String,
    /// Name to sign in with.
    pub login: String,
    /// Office, in Vietnamese.
    pub office: String,
    /// `agriculture`, `trade`, `health`; `None` is every sector.
    pub sector: Option<&'static str>,
    /// Code of the commune they serve; `None` is the whole province.
    pub commune: Option<&'static str>,
}

/// How an application to join ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Admission {
    /// By an officer, on or after the day of application.
    Accepted,
    /// Not decided.
    Waiting,
    /// Sent back for mending.
    Returned {
        /// What is wrong, in Vietnamese.
        reason: String,
    },
}

/// An organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Org {
    /// Key.
    pub key: String,
    /// Kind.
    pub kind: OrgKind,
    /// Invented, ends in “(minh hoạ)”.
    pub legal_name: String,
    /// Ten digits with a valid check digit, from 99, which is no province's; unique.
    pub tax_code: String,
    /// Invented, ends in “(minh hoạ)”.
    pub representative: String,
    /// Well formed, in a range that is not allotted.
    pub phone: String,
    /// Code of a commune of province 11.
    pub commune: &'static str,
    /// Hamlet or street; invented.
    pub address_line: String,
    /// The person who manages its account; the representative.
    pub manager_name: String,
    /// Name to sign in with.
    pub manager_login: String,
    /// When it applied.
    pub applied_at: DateTime,
    /// How that ended.
    pub admission: Admission,
}

/// A place of an organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Key.
    pub key: String,
    /// Key of its organisation.
    pub organisation: String,
    /// Kind.
    pub kind: PlaceKind,
    /// As people call it.
    pub name: String,
    /// Code of its commune.
    pub commune: &'static str,
    /// Hamlet or street.
    pub address_line: String,
    /// Valid by check digit, under an invented company prefix.
    pub gln: Option<String>,
    /// Square metres.
    pub area_m2: Option<u32>,
}

/// A product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    /// Key.
    pub key: String,
    /// Key of its organisation.
    pub organisation: String,
    /// As on the label.
    pub name: String,
    /// Code of `vietnam::product_groups::PLAN_GROUPS`.
    pub group: &'static str,
    /// Invented, ends in “(minh hoạ)”. `None` means that it has none, and that this is declared.
    pub brand: Option<String>,
    /// 13 digits under 893, valid by check digit, under an invented company prefix.
    pub gtin: Option<String>,
    /// Code of `vietnam::units_of_measure::UNITS`.
    pub unit: &'static str,
    /// As on the label: `5 kg`; empty where it is sold loose.
    pub net_content: &'static str,
    /// `None`: no date is given, and that is declared.
    pub shelf_life_days: Option<u32>,
    /// Applied standards; empty for some, as a thing still missing.
    pub standards: Vec<&'static str>,
    /// One or two sentences, in Vietnamese.
    pub description: &'static str,
    /// What [`crate::picture`] draws; empty for some, as a thing still missing.
    pub pictures: Vec<PictureSpec>,
}

/// A certificate or other paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Key.
    pub key: String,
    /// Key of its organisation.
    pub organisation: String,
    /// Keys of the products it covers.
    pub products: Vec<String>,
    /// Code of `vietnam::certificate_kinds::CERTIFICATE_KINDS`.
    pub kind: &'static str,
    /// Begins with `MH-` (minh hoạ); unique.
    pub number: String,
    /// Invented, ends in “(minh hoạ)”.
    pub issuer: &'static str,
    /// What it is for, in Vietnamese.
    pub scope: String,
    /// First day.
    pub issued_on: Date,
    /// Last day; some lie before today.
    pub expires_on: Option<Date>,
    /// Whether staff has compared it with the paper.
    pub verified: bool,
}

/// What a consumer reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// When.
    pub at: DateTime,
    /// Key of the lot whose page it came from.
    pub lot: Option<String>,
    /// Which stamp of the lot, from 1.
    pub ordinal: Option<u32>,
    /// In Vietnamese.
    pub message: &'static str,
    /// Telephone, if left.
    pub contact: Option<&'static str>,
    /// How far it got.
    pub state: DoubtState,
    /// What the reporter reads when it is closed.
    pub answer: Option<&'static str>,
}

codes! {
    /// How far a doubt got.
    DoubtState {
        /// Nobody has looked.
        Received = "received",
        /// Someone is looking.
        Looking = "looking",
        /// Answered.
        Closed = "closed",
    }
}
