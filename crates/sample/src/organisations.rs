//! The organisations of one copy and their places.

use jiff::ToSpan as _;
use vietnam::tax_code::TaxCode;

use crate::names::{MARK, marked, person};
use crate::types::{Admission, Org, OrgKind, Place, PlaceKind};
use crate::world::World;

/// A place as the table below writes it: key, kind, name, square metres.
type PlaceRow = (&'static str, PlaceKind, &'static str, u32);

struct Row {
    key: &'static str,
    kind: OrgKind,
    /// Without the mark; `Hộ` stands before the drawn name of the person.
    name: &'static str,
    commune: &'static str,
    address: &'static str,
    places: &'static [PlaceRow],
}

const fn row(
    key: &'static str,
    kind: OrgKind,
    name: &'static str,
    (commune, address): (&'static str, &'static str),
    places: &'static [PlaceRow],
) -> Row {
    Row { key, kind, name, commune, address, places }
}

use OrgKind::{Cooperative, Enterprise, Household, Market, Processor, Shop, Slaughterhouse};

/// An organisation is named by its key in the other tables; hamlets and streets are invented.
const ROWS: [Row; 22] = [
    row(
        "en-vang",
        Cooperative,
        "Hợp tác xã Gạo Cánh Đồng Én Vàng",
        ("03352", "Bản Noong Én"),
        &[
            ("en-vang-xuong", PlaceKind::Plant, "Xưởng xay xát Én Vàng", 600),
            ("en-vang-dong-tren", PlaceKind::Field, "Cánh đồng Trên, khu 1", 36_000),
            ("en-vang-dong-duoi", PlaceKind::Field, "Cánh đồng Dưới, khu 2", 28_800),
            ("en-vang-kho", PlaceKind::Warehouse, "Kho gạo Én Vàng", 250),
        ],
    ),
    row(
        "suoi-bac",
        Cooperative,
        "Hợp tác xã Nếp Nương Suối Bạc",
        ("03214", "Bản Huổi Bạc"),
        &[
            ("suoi-bac-xuong", PlaceKind::Plant, "Xưởng xát gạo Suối Bạc", 220),
            ("suoi-bac-nuong", PlaceKind::Field, "Nương lúa sườn Bắc", 42_000),
        ],
    ),
    row(
        "lung-may",
        Cooperative,
        "Hợp tác xã Chè Cổ Thụ Lưng Mây",
        ("03241", "Thôn Đỉnh Mây"),
        &[
            ("lung-may-xuong", PlaceKind::Plant, "Xưởng sao chè Lưng Mây", 320),
            ("lung-may-rung", PlaceKind::Forest, "Rừng chè cổ thụ Đỉnh Mây", 90_000),
        ],
    ),
    row(
        "ho-che",
        Household,
        "Hộ",
        ("03226", "Bản Khe Sương"),
        &[("ho-che-vuon", PlaceKind::Forest, "Vườn chè cổ thụ Khe Sương", 12_000)],
    ),
    row(
        "deo-xanh",
        Cooperative,
        "Hợp tác xã Cà phê Nắng Đèo Xanh",
        ("03256", "Bản Đèo Xanh"),
        &[
            ("deo-xanh-xuong", PlaceKind::Plant, "Trạm chế biến ướt Đèo Xanh", 900),
            ("deo-xanh-vuon", PlaceKind::Garden, "Vườn cà phê Đèo Xanh", 150_000),
        ],
    ),
    row(
        "ho-ca-phe",
        Household,
        "Hộ",
        ("03301", "Bản Pom Sai"),
        &[("ho-ca-phe-vuon", PlaceKind::Garden, "Vườn cà phê Pom Sai", 18_000)],
    ),
    row(
        "hat-da-nau",
        Processor,
        "Công ty TNHH Rang Xay Hạt Đá Nâu",
        ("03127", "Tổ dân phố Đồi Thông"),
        &[("hat-da-nau-xuong", PlaceKind::Plant, "Xưởng rang Hạt Đá Nâu", 450)],
    ),
    row(
        "ho-ong",
        Household,
        "Hộ nuôi ong",
        ("03325", "Bản Che Phai"),
        &[("ho-ong-trai", PlaceKind::Apiary, "Bãi ong bìa rừng Che Phai", 3_000)],
    ),
    row(
        "doi-sim",
        Household,
        "Hộ chăn nuôi",
        ("03328", "Bản Đồi Sim"),
        &[("doi-sim-chuong", PlaceKind::Barn, "Chuồng lợn Đồi Sim", 1_200)],
    ),
    row(
        "khe-lim",
        Cooperative,
        "Hợp tác xã Chăn Nuôi Lợn Bản Khe Lim",
        ("03316", "Bản Khe Lim"),
        &[("khe-lim-chuong", PlaceKind::Barn, "Khu chuồng Khe Lim", 3_500)],
    ),
    row(
        "cau-da",
        Slaughterhouse,
        "Cơ sở giết mổ tập trung Cầu Đá Trắng",
        ("03349", "Thôn Cầu Đá"),
        &[("cau-da-day", PlaceKind::Slaughter, "Dây chuyền giết mổ Cầu Đá Trắng", 800)],
    ),
    row(
        "khoi-lam",
        Processor,
        "Cơ sở chế biến thịt Bếp Khói Lam",
        ("03127", "Tổ dân phố Khói Lam"),
        &[("khoi-lam-xuong", PlaceKind::Plant, "Xưởng chế biến Bếp Khói Lam", 260)],
    ),
    row(
        "cho-noong-sen",
        Market,
        "Ban quản lý chợ Noong Sen",
        ("03334", "Chợ Noong Sen"),
        &[("cho-noong-sen-cho", PlaceKind::Market, "Chợ Noong Sen", 5_200)],
    ),
    row(
        "quay-7",
        Shop,
        "Quầy thịt số 7 chợ Noong Sen",
        ("03334", "Chợ Noong Sen, quầy 7"),
        &[("quay-7-quay", PlaceKind::Shop, "Quầy số 7", 6)],
    ),
    row(
        "quay-12",
        Shop,
        "Quầy thịt số 12 chợ Noong Sen",
        ("03334", "Chợ Noong Sen, quầy 12"),
        &[("quay-12-quay", PlaceKind::Shop, "Quầy số 12", 6)],
    ),
    row(
        "quay-3",
        Shop,
        "Quầy thịt số 3 chợ Bờ Ngòi",
        ("03127", "Chợ Bờ Ngòi, quầy 3"),
        &[("quay-3-quay", PlaceKind::Shop, "Quầy số 3", 5)],
    ),
    row(
        "ban-trang",
        Shop,
        "Cửa hàng đặc sản Bốn Mùa Ban Trắng",
        ("03127", "Tổ dân phố Ban Trắng, số 18"),
        &[("ban-trang-cua-hang", PlaceKind::Shop, "Cửa hàng Bốn Mùa Ban Trắng", 60)],
    ),
    row(
        "gio-hat",
        Enterprise,
        "Công ty Cổ phần Mắc Ca Đồi Gió Hát",
        ("03253", "Khối Gió Hát"),
        &[
            ("gio-hat-xuong", PlaceKind::Plant, "Xưởng sấy Đồi Gió Hát", 700),
            ("gio-hat-doi", PlaceKind::Garden, "Đồi mắc ca Gió Hát", 200_000),
        ],
    ),
    row(
        "bo-muong",
        Cooperative,
        "Hợp tác xã Rau Bờ Mương Xanh",
        ("03328", "Bản Bờ Mương"),
        &[
            ("bo-muong-vuon", PlaceKind::Garden, "Vườn rau Bờ Mương, lô A", 5_000),
            ("bo-muong-nha-luoi", PlaceKind::Garden, "Nhà lưới Bờ Mương, lô B", 2_000),
        ],
    ),
    row("ho-ngo", Household, "Hộ", ("03370", "Bản Đỉnh Ngô"), &[]),
    row(
        "da-mo-coi",
        Enterprise,
        "Công ty TNHH Nông Sản Đá Mồ Côi",
        ("03217", "Khu Đá Mồ Côi"),
        &[],
    ),
    row("quay-hoa-qua", Shop, "Quầy hoa quả Ngã Ba Cây Gạo", ("03253", "Khối Cây Gạo"), &[]),
];

/// Keys of those whose application is not accepted; they own nothing.
const UNDECIDED: [&str; 3] = ["ho-ngo", "da-mo-coi", "quay-hoa-qua"];

pub(crate) fn add(world: &mut World<'_>) {
    let communes = vietnam::units::communes_of("11");
    for (at, row) in ROWS.iter().enumerate() {
        let number = world.copy * ROWS.len() as u32 + at as u32 + 1;
        // Copies move to other communes; the first stays where its names belong.
        let home = communes
            .iter()
            .position(|commune| commune.code == row.commune)
            .expect("the table names communes of the province");
        let commune = communes[(home + world.copy as usize * 7) % communes.len()].code;
        let representative = person(&mut world.draw);
        let name = if row.kind == Household {
            format!("{} {representative}", row.name)
        } else {
            row.name.to_owned()
        };
        let key = world.key(row.key);
        let back = i64::from(world.draw.between(420, 700));
        let (applied_on, admission) = match row.key {
            "da-mo-coi" => (
                world.ago(12),
                Admission::Returned {
                    reason: "Tên đơn vị trong đơn khác với tên gắn với mã số thuế; \
                             xin ghi đúng tên pháp lý và nộp lại."
                        .to_owned(),
                },
            ),
            undecided if UNDECIDED.contains(&undecided) => (world.ago(2), Admission::Waiting),
            _ => {
                // Before the first crop of the year.
                let day = jiff::civil::date(world.year, 1, 10).min(world.ago(200));
                (day.saturating_sub((back - 400).days()), Admission::Accepted)
            }
        };
        let applied_at = world.at(applied_on, 9);
        for (place_at, &(base, kind, name, area)) in row.places.iter().enumerate() {
            let place = Place {
                key: world.key(base),
                organisation: key.clone(),
                kind,
                name: world.numbered(name),
                commune,
                address_line: row.address.to_owned(),
                // Plants, slaughter lines and the market have one; fields and stalls do not.
                gln: (place_at == 0 && row.kind != Household && row.kind != Shop)
                    .then(|| gs1_number(number, 90)),
                area_m2: Some(area),
            };
            world.out.places.push(place);
        }
        world.out.organisations.push(Org {
            kind: row.kind,
            legal_name: format!("{} {MARK}", world.numbered(&name)),
            tax_code: tax_code(number),
            representative: marked(&representative),
            // Mobile numbers of 050 and fixed numbers beginning with 000 are given to nobody.
            phone: if row.kind == Household {
                format!("0500{number:06}")
            } else {
                format!("0215{number:07}")
            },
            commune,
            address_line: row.address.to_owned(),
            manager_name: marked(&representative),
            manager_login: key.clone(),
            applied_at,
            admission,
            key,
        });
    }
}

/// The `number`th well-formed tax code from 99, which no province's codes begin with.
///
/// One code in eleven has no check digit that fits; of each hundred numbers the first that fits is taken, so
/// that the result depends on `number` alone.
fn tax_code(number: u32) -> String {
    (0..100)
        .flat_map(|step| (0..10).map(move |check| format!("99{number:05}{step:02}{check}")))
        .find(|code| TaxCode::parse(code).is_ok())
        .expect("ten in eleven have a check digit")
}

/// A 13-digit key of the `owner`th company, whose invented prefix is `89300` and five digits.
pub(crate) fn gs1_number(owner: u32, item: u32) -> String {
    let body = format!("89300{owner:05}{item:02}");
    let check = gs1::check_digit(&body).expect("digits only");
    format!("{body}{check}")
}

/// The number that makes the keys of an organisation of this copy.
pub(crate) fn company(world: &World<'_>, key: &str) -> u32 {
    let at = ROWS.iter().position(|row| row.key == key).expect("a key of the table");
    world.copy * ROWS.len() as u32 + at as u32 + 1
}
