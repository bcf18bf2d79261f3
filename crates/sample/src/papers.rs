//! The administration, the papers and the doubts: what stands around the chains.

use jiff::ToSpan as _;

use crate::lots::Lot;
use crate::names::{MARK, marked, person};
use crate::rng::Draw;
use crate::types::{Certificate, Doubt, DoubtState, Province, Staff, StaffRole};
use crate::world::World;

/// Staff key of the commune officer who enters data for households.
pub(crate) const COMMUNE_OFFICER: &str = "can-bo-xa";

type StaffRow = (&'static str, StaffRole, &'static str, Option<&'static str>, Option<&'static str>);

const STAFF: [StaffRow; 7] = [
    (
        "can-bo-nong-nghiep",
        StaffRole::Officer,
        "Sở Nông nghiệp và Môi trường (minh hoạ)",
        Some("agriculture"),
        None,
    ),
    ("can-bo-cong-thuong", StaffRole::Officer, "Sở Công Thương (minh hoạ)", Some("trade"), None),
    (
        COMMUNE_OFFICER,
        StaffRole::Officer,
        "Ủy ban nhân dân xã Mường Phăng (minh hoạ)",
        Some("agriculture"),
        Some("03325"),
    ),
    (
        "tham-dinh",
        StaffRole::Reviewer,
        "Chi cục Tiêu chuẩn Đo lường Chất lượng (minh hoạ)",
        None,
        None,
    ),
    (
        "tham-dinh-2",
        StaffRole::Reviewer,
        "Chi cục Tiêu chuẩn Đo lường Chất lượng (minh hoạ)",
        None,
        None,
    ),
    ("kiem-tra", StaffRole::Inspector, "Đội kiểm tra liên ngành (minh hoạ)", None, None),
    ("quan-tri", StaffRole::Administrator, "Tổ vận hành hệ thống (minh hoạ)", None, None),
];

pub(crate) fn staff(province: &mut Province) {
    // A stream of its own: the copies count from 0.
    let mut draw = Draw::new(province.seed, u64::MAX);
    for (key, role, office, sector, commune) in STAFF {
        province.staff.push(Staff {
            key: key.to_owned(),
            role,
            name: marked(&person(&mut draw)),
            login: key.to_owned(),
            office: office.to_owned(),
            sector,
            commune,
        });
    }
}

/// Organisation, products, kind, issuer, scope; months since the issue, months of validity; verified.
type PaperRow = (
    &'static str,
    &'static [&'static str],
    &'static str,
    &'static str,
    &'static str,
    (i64, i64),
    bool,
);

const CERTIFIER: &str = "Tổ chức chứng nhận Thước Xanh (minh hoạ)";
const COUNCIL: &str = "Hội đồng đánh giá OCOP cấp tỉnh (minh hoạ)";
const FOOD: &str = "Chi cục An toàn thực phẩm (minh hoạ)";

const PAPERS: [PaperRow; 18] = [
    (
        "en-vang",
        &["thoc-seng-cu", "gao-seng-cu"],
        "vietgap-trong-trot",
        CERTIFIER,
        "Lúa, 6,5 ha",
        (20, 24),
        true,
    ),
    ("en-vang", &["gao-seng-cu"], "ocop-4", COUNCIL, "Gạo Séng Cù Mường Thanh", (14, 36), true),
    (
        "en-vang",
        &["gao-seng-cu", "gao-bac-thom", "gao-lut", "tam-gao"],
        "attp",
        FOOD,
        "Xay xát, đóng gói gạo",
        (25, 36),
        true,
    ),
    (
        "suoi-bac",
        &["thoc-nep", "gao-nep"],
        "vietgap-trong-trot",
        CERTIFIER,
        "Lúa nương, 4,2 ha",
        (27, 24),
        true,
    ),
    ("suoi-bac", &["gao-nep"], "ocop-3", COUNCIL, "Gạo nếp nương", (10, 36), false),
    (
        "lung-may",
        &["bup-che", "che-xanh", "hong-tra"],
        "huu-co-vn",
        CERTIFIER,
        "Chè Shan Tuyết, 9 ha",
        (22, 24),
        true,
    ),
    ("lung-may", &["che-xanh"], "ocop-4", COUNCIL, "Chè xanh Shan Tuyết", (30, 36), true),
    ("lung-may", &["che-xanh", "hong-tra"], "attp", FOOD, "Sao chè, đóng gói", (37, 36), true),
    (
        "deo-xanh",
        &["qua-ca-phe", "ca-phe-nhan"],
        "vietgap-trong-trot",
        CERTIFIER,
        "Cà phê, 15 ha",
        (12, 24),
        true,
    ),
    (
        "hat-da-nau",
        &["ca-phe-bot", "ca-phe-hat"],
        "haccp",
        CERTIFIER,
        "Rang, xay, đóng gói cà phê",
        (18, 36),
        true,
    ),
    ("hat-da-nau", &["ca-phe-bot"], "ocop-3", COUNCIL, "Cà phê bột Arabica", (8, 36), true),
    (
        "ho-ong",
        &["mat-ong-rung", "mat-ong-ban"],
        "cam-ket-attp",
        "Chủ hộ tự cam kết (minh hoạ)",
        "Nuôi ong lấy mật",
        (26, 36),
        false,
    ),
    (
        "khe-lim",
        &["lon-ban"],
        "vietgap-chan-nuoi",
        CERTIFIER,
        "Chăn nuôi lợn, 300 con",
        (15, 24),
        true,
    ),
    ("cau-da", &["thit-lon", "thit-lon-ban"], "attp", FOOD, "Giết mổ lợn", (16, 36), true),
    (
        "khoi-lam",
        &["lap-xuong", "thit-gac-bep"],
        "attp",
        FOOD,
        "Chế biến sản phẩm thịt",
        (9, 36),
        true,
    ),
    (
        "khoi-lam",
        &["lap-xuong"],
        "tu-cong-bo",
        "Cơ sở tự công bố (minh hoạ)",
        "Lạp xưởng gác bếp",
        (9, 60),
        false,
    ),
    (
        "gio-hat",
        &["mac-ca-say"],
        "iso-22000",
        CERTIFIER,
        "Sấy, đóng gói hạt mắc ca",
        (34, 36),
        true,
    ),
    (
        "bo-muong",
        &["cai-meo", "ca-chua"],
        "vietgap-trong-trot",
        CERTIFIER,
        "Rau, 0,7 ha",
        (23, 24),
        false,
    ),
];

pub(crate) fn certificates(world: &mut World<'_>) {
    for (at, (organisation, products, kind, issuer, scope, (since, months), verified)) in
        PAPERS.into_iter().enumerate()
    {
        let number = world.copy * PAPERS.len() as u32 + at as u32 + 1;
        let slack = i64::from(world.draw.between(0, 14));
        let issued_on = world.out.today.saturating_sub(since.months()).saturating_sub(slack.days());
        let expires_on = issued_on.saturating_add(months.months()).saturating_sub(1.day());
        let certificate = Certificate {
            key: world.key(&format!("giay-{:02}", at + 1)),
            organisation: world.key(organisation),
            products: products.iter().map(|product| world.key(product)).collect(),
            kind,
            number: format!("MH-{}-{number:04}", issued_on.year()),
            issuer,
            scope: format!("{scope} {MARK}"),
            issued_on,
            // A self-declaration holds until it is replaced.
            expires_on: (kind != "tu-cong-bo").then_some(expires_on),
            verified,
        };
        world.out.certificates.push(certificate);
    }
}

/// Doubts about stamps of this copy, and one about goods without any.
pub(crate) fn doubts(world: &mut World<'_>) {
    let stamped: Vec<String> = world.out.lots[world.first_lot..]
        .iter()
        .filter(|lot| lot.stamps.as_ref().is_some_and(|stamps| stamps.active.is_some()))
        .map(|lot: &Lot| lot.key.clone())
        .collect();
    let pick = |at: usize| stamped.get(at % stamped.len().max(1)).cloned();
    // The stamp that looks copied, if its lot is old enough to show it.
    let copied = world.out.lots[world.first_lot..]
        .iter()
        .find(|lot| lot.stamps.iter().flat_map(|stamps| &stamps.scans).any(|scan| scan.times > 8))
        .map(|lot| lot.key.clone());
    let (first, second) = (copied.or_else(|| pick(0)), pick(7));
    let day = world.ago(1);
    let at = world.at(day, 10);
    world.out.doubts.push(Doubt {
        at,
        lot: first,
        ordinal: Some(1),
        message: "Bao gạo tôi mua có tem đã được quét nhiều lần trước khi tôi mua, chữ in trên bao hơi mờ.",
        contact: Some("0500999001"),
        state: DoubtState::Received,
        answer: None,
    });
    let day = world.ago(3);
    let at = world.at(day, 15);
    world.out.doubts.push(Doubt {
        at,
        lot: second,
        ordinal: Some(2),
        message: "Ngày đóng gói trên bao bì khác với ngày trên trang này.",
        contact: None,
        state: DoubtState::Looking,
        answer: None,
    });
    let day = world.ago(9);
    let at = world.at(day, 8);
    world.out.doubts.push(Doubt {
        at,
        lot: None,
        ordinal: None,
        message: "Mã dán trên hộp chè bán ở bến xe không mở ra trang nào.",
        contact: Some("0500999002"),
        state: DoubtState::Closed,
        answer: Some(
            "Mã này không do hệ thống cấp. Đội kiểm tra đã nhắc nhở người bán và thu lại tem (minh hoạ).",
        ),
    });
}
