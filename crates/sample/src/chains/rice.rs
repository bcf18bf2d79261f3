//! Paddy and upland sticky rice: two seasons of paddy (chiêm, mùa), one of sticky rice; milled at 62–66 % (brown rice
//! 76–78 %), packed, and sold at the cooperative or carried to the shop.

use jiff::ToSpan as _;
use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::lots::Step;
use crate::scene::Scene;
use crate::types::Card;
use crate::world::{Fate, Load, LotAt, Why, World, kg, share};

const SHOP: &str = "ban-trang";

const BLURRED: &[Why] =
    &[("images", "Ảnh sản phẩm mờ, không đọc được nhãn; xin chụp lại mặt trước bao bì.")];
const NO_STANDARD: &[Why] = &[
    ("standards", "Chưa ghi tiêu chuẩn áp dụng; xin ghi số hiệu trên nhãn hoặc bản công bố."),
    ("stages", "Chưa có công đoạn vận chuyển từ xưởng đến nơi bán."),
];

pub(crate) fn add(world: &mut World<'_>) {
    for (season, sown, grows) in [("Vụ chiêm", (2, 4), 118), ("Vụ mùa", (6, 14), 112)] {
        let first = season == "Vụ chiêm";
        let sown = world.day(sown.0, sown.1, 5);
        let upper =
            field(world, ("thoc-seng-cu", "en-vang-dong-tren", season), (sown, grows), 2_300);
        let lower = field(
            world,
            ("thoc-seng-cu", "en-vang-dong-duoi", season),
            (sown.saturating_add(2.days()), grows),
            1_750,
        );
        let plain = field(
            world,
            ("thoc-bac-thom", "en-vang-dong-duoi", season),
            (sown.saturating_add(3.days()), grows),
            2_600,
        );
        let done = sown.saturating_add(i64::from(grows + 3).days());

        let rice = mill(world, (upper.0, share(upper.1, 760), 655), "gao-seng-cu", done, 10);
        to_shop(world, rice, done.saturating_add(13.days()), 350);
        publish(world, rice, Fate::Approved, 5);
        if !first {
            world.copied_stamp(rice.0, 1);
        }
        let brown = mill(world, (upper.0, share(upper.1, 180), 775), "gao-lut", done, 11);
        sell(world, brown, done.saturating_add(15.days()), 600);
        let fate = if first { Fate::Approved } else { Fate::Returned(NO_STANDARD) };
        publish(world, brown, fate, 2);

        let rice = mill(world, (lower.0, share(lower.1, 950), 645), "gao-seng-cu", done, 12);
        to_shop(world, rice, done.saturating_add(14.days()), 420);
        publish(world, rice, if first { Fate::Mended(BLURRED) } else { Fate::Waiting }, 5);

        // Sold at the cooperative's door: no transport to show.
        let rice = mill(world, (plain.0, share(plain.1, 900), 635), "gao-bac-thom", done, 9);
        sell(world, rice, done.saturating_add(16.days()), 750);
        publish(world, rice, if first { Fate::Approved } else { Fate::Draft }, 10);

        for (at, paddy) in [upper, lower, plain].into_iter().enumerate() {
            let fate = if at == 2 { Fate::Draft } else { Fate::Approved };
            world.submit(paddy.0, fate);
        }
    }
    sticky(world);
}

/// Grows and harvests paddy; gives the lot and its kilograms.
fn field(
    world: &mut World<'_>,
    (product, place, season): (&'static str, &'static str, &'static str),
    (sown, grows): (Date, u32),
    about: u32,
) -> (LotAt, Decimal) {
    let day = |after: u32| sown.saturating_add(i64::from(after).days());
    let seed =
        if product == "thoc-seng-cu" { "Giống Séng Cù" } else { "Giống Bắc thơm số 7" };
    let first = world.at(sown, 7);
    let lot = world.open(product, Some(place), first);
    world.add(lot, Step::new(Card::Sow, first).using(seed, "4 kg/1.000 m²").note(season));
    let at = world.at(day(7), 8);
    world.add(lot, Step::new(Card::Water, at).note("Giữ nước 3–5 cm"));
    let at = world.at(day(12), 7);
    world.add(lot, Step::new(Card::Fertilise, at).using("NPK 16-16-8", "12 kg/1.000 m²"));
    let at = world.at(day(42), 16);
    world.add(lot, Step::new(Card::Spray, at).using("Validamycin", "1,2 lít/ha").wait(14));
    let at = world.at(day(56), 7);
    world.add(lot, Step::new(Card::Fertilise, at).using("Kali clorua", "5 kg/1.000 m²"));
    let at = world.at(day(grows - 24), 16);
    world.add(lot, Step::new(Card::Spray, at).using("Bacillus thuringiensis", "1 kg/ha").wait(3));
    let harvested = kg(about + world.draw.between(0, 240));
    let picture = world.picture(Scene::RiceField);
    let at = world.at(day(grows), 8);
    world.add(lot, Step::new(Card::Harvest, at).kg(harvested).picture(picture));
    let at = world.at(day(grows + 2), 15);
    world.add(lot, Step::new(Card::Store, at).kg(harvested).note("Phơi khô, độ ẩm dưới 14 %"));
    (lot, harvested)
}

/// Mills and packs; gives the lot and its kilograms.
fn mill(
    world: &mut World<'_>,
    (paddy, used, permille): (LotAt, Decimal, u32),
    product: &'static str,
    done: Date,
    after: i64,
) -> (LotAt, Decimal) {
    let milled_on = done.saturating_add(after.days());
    let first = world.at(milled_on, 8);
    let place = if product == "gao-nep" { "suoi-bac-xuong" } else { "en-vang-xuong" };
    let lot = world.open(product, Some(place), first);
    let yielded = share(used, permille - world.draw.between(0, 15));
    let inputs = vec![world.input(paddy, used, None)];
    world.add(
        lot,
        Step::new(Card::Process, first).from(inputs).kg(yielded).note("Xay xát, tách tấm"),
    );
    let picture = world.picture(Scene::RiceBag);
    let at = world.at(milled_on.saturating_add(1.day()), 9);
    world.add(lot, Step::new(Card::Pack, at).kg(yielded).picture(picture));
    (lot, yielded)
}

/// Carries a part to the shop, which sells most of it.
fn to_shop(world: &mut World<'_>, (lot, all): (LotAt, Decimal), day: Date, permille: u32) {
    let load = share(all, permille);
    world.carry(lot, SHOP, (day, 7), Load::of(load));
    let at = world.at(day.saturating_add(2.days()), 17);
    world.add_by(
        lot,
        SHOP,
        Step::new(Card::Sell, at).kg(share(load, 400)).note("Bán lẻ trong tuần"),
    );
}

/// Sells a part where it was packed.
fn sell(world: &mut World<'_>, (lot, all): (LotAt, Decimal), day: Date, permille: u32) {
    let at = world.at(day, 16);
    world.add(lot, Step::new(Card::Sell, at).kg(share(all, permille)));
}

/// Submits; published packs get stamps, one a pack.
fn publish(world: &mut World<'_>, (lot, all): (LotAt, Decimal), fate: Fate, pack: u32) {
    world.submit(lot, fate);
    let packs = u32::try_from((all / kg(pack)).trunc()).unwrap_or(0);
    world.stamps(lot, packs.min(320));
}

/// One season of sticky rice on two slopes; the second is short of a place, as records often are.
fn sticky(world: &mut World<'_>) {
    let sown = world.day(5, 18, 6);
    for (at, (place, about)) in
        [(Some("suoi-bac-nuong"), 1_300), (None, 900)].into_iter().enumerate()
    {
        let sown = sown.saturating_add((at as i64 * 3).days());
        let first = world.at(sown, 7);
        let lot = world.open("thoc-nep", place, first);
        world.add(
            lot,
            Step::new(Card::Sow, first).using("Giống nếp nương địa phương", "6 kg/1.000 m²"),
        );
        let moment = world.at(sown.saturating_add(35.days()), 8);
        world.add(
            lot,
            Step::new(Card::Fertilise, moment).using("Phân chuồng ủ hoai", "300 kg/1.000 m²"),
        );
        let harvested = kg(about + world.draw.between(0, 150));
        let done = sown.saturating_add(138.days());
        let moment = world.at(done, 8);
        let picture = world.picture(Scene::RiceField);
        world.add(lot, Step::new(Card::Harvest, moment).kg(harvested).picture(picture));
        let rice = mill(world, (lot, share(harvested, 900), 640), "gao-nep", done, 12);
        to_shop(world, rice, done.saturating_add(16.days()), 500);
        publish(world, rice, if at == 0 { Fate::Approved } else { Fate::Returned(NO_STANDARD) }, 2);
        world.submit(lot, if at == 0 { Fate::Approved } else { Fate::Draft });
    }
}
