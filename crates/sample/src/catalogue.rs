//! The products of one copy. Numbers of national standards are real; names of brands are invented.

use crate::names::marked;
use crate::organisations::{company, gs1_number};
use crate::scene::Scene;
use crate::types::Product;
use crate::world::World;

/// A product as the table writes it.
struct Row {
    key: &'static str,
    organisation: &'static str,
    /// Letters of its lot numbers.
    letters: &'static str,
    name: &'static str,
    group: &'static str,
    brand: &'static str,
    /// Number of the item within the company; 0 where it has no GTIN.
    item: u32,
    unit: &'static str,
    net: &'static str,
    /// Days; 0 where no date is given.
    keeps: u32,
    standards: &'static [&'static str],
    description: &'static str,
    pictures: &'static [Scene],
}

/// Owner, key and letters; name, group, brand; item, unit, net, days; standards; description; pictures.
const fn row(
    (organisation, key, letters): (&'static str, &'static str, &'static str),
    (name, group, brand): (&'static str, &'static str, &'static str),
    (item, unit, net, keeps): (u32, &'static str, &'static str, u32),
    standards: &'static [&'static str],
    description: &'static str,
    pictures: &'static [Scene],
) -> Row {
    Row {
        key,
        organisation,
        letters,
        name,
        group,
        brand,
        item,
        unit,
        net,
        keeps,
        standards,
        description,
        pictures,
    }
}

const GOOD_PRACTICE: &str = "TCVN 11892-1:2017";
const WHITE_RICE: &str = "TCVN 11888:2017";
const MICROBES: &str = "QCVN 8-3:2012/BYT";
const METALS: &str = "QCVN 8-2:2011/BYT";

const ROWS: [Row; 30] = [
    row(
        ("en-vang", "thoc-seng-cu", "TSC"),
        ("Thóc Séng Cù", "luong-thuc", ""),
        (0, "kg", "", 365),
        &[GOOD_PRACTICE],
        "Thóc Séng Cù phơi khô, nguyên liệu để xay xát.",
        &[Scene::RiceField],
    ),
    row(
        ("en-vang", "thoc-bac-thom", "TBT"),
        ("Thóc Bắc thơm số 7", "luong-thuc", ""),
        (0, "kg", "", 365),
        &[],
        "Thóc Bắc thơm số 7, nguyên liệu để xay xát.",
        &[],
    ),
    row(
        ("en-vang", "gao-seng-cu", "SC"),
        ("Gạo Séng Cù Mường Thanh 5 kg", "luong-thuc", "Én Vàng"),
        (1, "bao", "5 kg", 365),
        &[WHITE_RICE, METALS],
        "Gạo hạt thon dài, trắng trong, cơm dẻo và thơm. Cấy tại lòng chảo Mường Thanh.",
        &[Scene::RiceBag, Scene::RiceField],
    ),
    row(
        ("en-vang", "gao-bac-thom", "BT"),
        ("Gạo Bắc thơm số 7 10 kg", "luong-thuc", "Én Vàng"),
        (2, "bao", "10 kg", 365),
        &[WHITE_RICE],
        "Gạo dẻo, thơm nhẹ, dùng hằng ngày.",
        &[Scene::RiceBag],
    ),
    row(
        ("en-vang", "gao-lut", "LU"),
        ("Gạo lứt Séng Cù 2 kg", "luong-thuc", "Én Vàng"),
        (0, "tui", "2 kg", 180),
        &[],
        "Gạo chỉ bóc vỏ trấu, giữ lớp cám.",
        &[Scene::RiceBag],
    ),
    row(
        ("suoi-bac", "thoc-nep", "TNN"),
        ("Thóc nếp nương", "luong-thuc", ""),
        (0, "kg", "", 365),
        &[GOOD_PRACTICE],
        "Thóc nếp nương một vụ trong năm.",
        &[Scene::RiceField],
    ),
    row(
        ("suoi-bac", "gao-nep", "NN"),
        ("Gạo nếp nương Mường Luân 2 kg", "luong-thuc", "Suối Bạc"),
        (1, "tui", "2 kg", 365),
        &[],
        "Nếp nương hạt tròn, dẻo thơm, đồ xôi ngon.",
        &[Scene::RiceBag, Scene::RiceField],
    ),
    row(
        ("lung-may", "bup-che", "BC"),
        ("Búp chè Shan Tuyết tươi", "che-ca-phe", ""),
        (0, "kg", "", 2),
        &[],
        "Búp một tôm hai lá hái từ cây cổ thụ.",
        &[Scene::TeaHill],
    ),
    row(
        ("lung-may", "che-xanh", "CX"),
        ("Chè xanh Shan Tuyết Tủa Chùa 200 g", "che-ca-phe", "Lưng Mây"),
        (1, "goi", "200 g", 730),
        &["TCVN 9740:2013", METALS],
        "Chè xanh sao tay, nước vàng sánh, hậu ngọt.",
        &[Scene::TeaPack, Scene::TeaHill],
    ),
    row(
        ("lung-may", "hong-tra", "HT"),
        ("Hồng trà Shan Tuyết 100 g", "che-ca-phe", "Lưng Mây"),
        (2, "hop", "100 g", 730),
        &["TCVN 1454:2013"],
        "Chè lên men toàn phần, nước đỏ nâu, thơm mật.",
        &[Scene::TeaPack],
    ),
    row(
        ("ho-che", "bup-che-ho", "BH"),
        ("Búp chè tươi Khe Sương", "che-ca-phe", ""),
        (0, "kg", "", 2),
        &[],
        "Búp chè tươi của hộ, bán cho hợp tác xã.",
        &[],
    ),
    row(
        ("deo-xanh", "qua-ca-phe", "QC"),
        ("Quả cà phê Arabica chín", "che-ca-phe", ""),
        (0, "kg", "", 1),
        &[GOOD_PRACTICE],
        "Quả chín hái chọn, tỷ lệ chín trên 95 %.",
        &[Scene::CoffeeCherries],
    ),
    row(
        ("deo-xanh", "ca-phe-nhan", "CN"),
        ("Cà phê nhân Arabica Mường Ảng 60 kg", "che-ca-phe", "Nắng Đèo Xanh"),
        (1, "bao", "60 kg", 540),
        &["TCVN 4193:2014"],
        "Cà phê nhân chế biến ướt, phơi giàn.",
        &[Scene::CoffeeBag, Scene::CoffeeCherries],
    ),
    row(
        ("ho-ca-phe", "qua-ca-phe-ho", "QH"),
        ("Quả cà phê chín Pom Sai", "che-ca-phe", ""),
        (0, "kg", "", 1),
        &[],
        "Quả cà phê chín của hộ, giao trong ngày.",
        &[Scene::CoffeeCherries],
    ),
    row(
        ("hat-da-nau", "ca-phe-bot", "CB"),
        ("Cà phê bột Arabica 250 g", "che-ca-phe", "Hạt Đá Nâu"),
        (1, "goi", "250 g", 365),
        &["TCVN 5251:2015"],
        "Cà phê rang vừa, xay mịn, không trộn.",
        &[Scene::CoffeeBag],
    ),
    row(
        ("hat-da-nau", "ca-phe-hat", "CH"),
        ("Cà phê hạt rang Arabica 500 g", "che-ca-phe", "Hạt Đá Nâu"),
        (2, "goi", "500 g", 365),
        &[MICROBES],
        "Cà phê hạt rang vừa, van một chiều.",
        &[Scene::CoffeeBag, Scene::CoffeeCherries],
    ),
    row(
        ("ho-ong", "mat-ong-rung", "MR"),
        ("Mật ong hoa rừng Mường Phăng 500 ml", "khac", ""),
        (0, "chai", "500 ml", 730),
        &["TCVN 12605:2019"],
        "Mật chín, quay ly tâm, lọc thô.",
        &[Scene::HoneyJar, Scene::Hives],
    ),
    row(
        ("ho-ong", "mat-ong-ban", "MB"),
        ("Mật ong hoa ban 350 ml", "khac", ""),
        (0, "lo", "350 ml", 730),
        &[],
        "Mật đầu mùa khi hoa ban nở, màu nhạt.",
        &[Scene::HoneyJar],
    ),
    row(
        ("doi-sim", "lon-doi-sim", "LD"),
        ("Lợn thịt Đồi Sim", "thit-lon", ""),
        (0, "con", "", 0),
        &[],
        "Lợn lai nuôi chuồng, ăn ngô và cám.",
        &[Scene::Pig],
    ),
    row(
        ("khe-lim", "lon-ban", "LB"),
        ("Lợn bản Khe Lim", "thit-lon", "Khe Lim"),
        (0, "con", "", 0),
        &[],
        "Lợn đen bản địa nuôi bán chăn thả.",
        &[Scene::Pig],
    ),
    row(
        ("cau-da", "thit-lon", "TL"),
        ("Thịt lợn mát", "thit-lon", "Cầu Đá Trắng"),
        (1, "kg", "", 3),
        &["TCVN 12429-1:2018", MICROBES],
        "Thịt mảnh làm mát sau giết mổ, có dấu kiểm soát giết mổ.",
        &[Scene::MeatTray],
    ),
    row(
        ("cau-da", "thit-lon-ban", "TB"),
        ("Thịt lợn bản", "thit-lon", "Cầu Đá Trắng"),
        (2, "kg", "", 3),
        &["TCVN 12429-1:2018"],
        "Thịt lợn đen bản địa, bì giòn.",
        &[Scene::MeatTray, Scene::Pig],
    ),
    row(
        ("khoi-lam", "lap-xuong", "LX"),
        ("Lạp xưởng gác bếp 500 g", "che-bien", "Bếp Khói Lam"),
        (1, "goi", "500 g", 60),
        &[MICROBES],
        "Thịt lợn, mỡ phần, mắc khén; hun khói nhẹ.",
        &[Scene::Sausages],
    ),
    row(
        ("khoi-lam", "thit-gac-bep", "GB"),
        ("Thịt lợn gác bếp 300 g", "che-bien", "Bếp Khói Lam"),
        (2, "goi", "300 g", 90),
        &[MICROBES],
        "Thịt lợn thái thớ dài, ướp mắc khén, hun khói.",
        &[Scene::Sausages, Scene::MeatTray],
    ),
    row(
        ("gio-hat", "mac-ca-tuoi", "MT"),
        ("Quả mắc ca tươi", "qua", ""),
        (0, "kg", "", 10),
        &[],
        "Quả rụng thu nhặt trong ngày.",
        &[Scene::Macadamia],
    ),
    row(
        ("gio-hat", "mac-ca-say", "MS"),
        ("Hạt mắc ca sấy nứt vỏ 500 g", "qua", "Gió Hát"),
        (1, "hop", "500 g", 365),
        &[METALS],
        "Hạt sấy chậm, nứt vỏ, không tẩm.",
        &[Scene::Macadamia],
    ),
    row(
        ("bo-muong", "cai-meo", "CM"),
        ("Rau cải mèo", "rau", "Bờ Mương Xanh"),
        (0, "kg", "", 4),
        &[GOOD_PRACTICE],
        "Cải mèo lá xoăn, vị đắng nhẹ.",
        &[Scene::Greens],
    ),
    row(
        ("bo-muong", "ca-chua", "CC"),
        ("Cà chua nhà lưới", "rau", "Bờ Mương Xanh"),
        (1, "kg", "", 10),
        &[GOOD_PRACTICE],
        "Cà chua chín cây, trồng trong nhà lưới.",
        &[Scene::Tomatoes],
    ),
    row(
        ("bo-muong", "bi-xanh", "BX"),
        ("Bí xanh thơm", "rau", ""),
        (0, "kg", "", 30),
        &[],
        "Bí xanh thơm, ruột đặc.",
        &[],
    ),
    row(
        ("en-vang", "tam-gao", "TG"),
        ("Tấm gạo Séng Cù", "luong-thuc", ""),
        (0, "kg", "", 180),
        &[],
        "Tấm từ lô Séng Cù, bán cân.",
        &[],
    ),
];

pub(crate) fn add(world: &mut World<'_>) {
    for row in &ROWS {
        let key = world.key(row.key);
        world.letters.insert(key.clone(), row.letters);
        let owner = company(world, row.organisation);
        let pictures = row.pictures.iter().map(|scene| world.picture(*scene)).collect();
        let product = Product {
            organisation: world.key(row.organisation),
            name: world.numbered(row.name),
            group: row.group,
            brand: (!row.brand.is_empty()).then(|| marked(&world.numbered(row.brand))),
            gtin: (row.item > 0).then(|| gs1_number(owner, row.item)),
            unit: row.unit,
            net_content: row.net,
            shelf_life_days: (row.keeps > 0).then_some(row.keeps),
            standards: row.standards.to_vec(),
            description: row.description,
            pictures,
            key,
        };
        world.out.products.push(product);
    }
}
