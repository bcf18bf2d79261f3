//! Tea from old trees (fresh to dry 20–23 %) and Arabica (ripe cherries to green beans 18–20 %, green to roasted 83–85 %);
//! households deliver to the cooperative, which mixes their harvest with its own.

use jiff::ToSpan as _;
use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::lots::Step;
use crate::scene::Scene;
use crate::types::Card;
use crate::world::{Fate, Load, LotAt, Why, World, kg, share};

const SHOP: &str = "ban-trang";

const NO_PLACE: &[Why] = &[(
    "stages",
    "Công đoạn hái chè chưa ghi địa điểm; xin chọn rừng chè trong danh sách nơi sản xuất.",
)];

pub(crate) fn add(world: &mut World<'_>) {
    tea(world);
    coffee(world);
}

fn tea(world: &mut World<'_>) {
    // Month and day of the flushes; the household picks two of them.
    let mut fresh = Vec::new();
    for (at, (month, day)) in [(3, 22), (5, 26), (8, 24)].into_iter().enumerate() {
        let picked = world.day(month, day, 5);
        let about = 620 - at as u32 * 60;
        let own = pick(world, "bup-che", Some("lung-may-rung"), picked, about);
        let bought = (at != 1).then(|| {
            let place = (at == 0).then_some("ho-che-vuon");
            let lot = pick(world, "bup-che-ho", place, picked, 150);
            world.carry(lot.0, "lung-may", (picked, 13), Load::of(lot.1));
            lot
        });
        fresh.push((picked, own, bought));
    }
    for (at, (picked, own, bought)) in fresh.into_iter().enumerate() {
        let green = dry(world, "che-xanh", picked, &[(own, 640)], 215);
        to_shop(world, green, picked.saturating_add(12.days()), 450);
        publish(world, green, if at == 1 { Fate::Mended(NO_PLACE) } else { Fate::Approved }, 200);
        if let Some(bought) = bought {
            let black = dry(world, "hong-tra", picked, &[(own, 300), (bought, 1_000)], 205);
            to_shop(world, black, picked.saturating_add(20.days()), 300);
            publish(world, black, if at == 0 { Fate::Approved } else { Fate::Waiting }, 100);
            world.submit(bought.0, if at == 0 { Fate::Approved } else { Fate::Returned(NO_PLACE) });
        }
        world.submit(own.0, if at == 2 { Fate::Draft } else { Fate::Approved });
    }
}

/// Tends and picks old trees; they are neither sprayed nor watered.
fn pick(
    world: &mut World<'_>,
    product: &'static str,
    place: Option<&'static str>,
    picked: Date,
    about: u32,
) -> (LotAt, Decimal) {
    let first = world.at(picked.saturating_sub(48.days()), 8);
    let lot = world.open(product, place, first);
    world.add(lot, Step::new(Card::Fertilise, first).using("Phân chuồng ủ hoai", "8 kg/gốc"));
    let harvested = kg(about + world.draw.between(0, 60));
    let picture = world.picture(Scene::TeaHill);
    let at = world.at(picked, 7);
    let step =
        Step::new(Card::Harvest, at).kg(harvested).note("Hái một tôm hai lá").picture(picture);
    world.add(lot, step);
    (lot, harvested)
}

/// Dries shares (thousandths) of fresh lots into one, the day after they were picked, and packs it.
fn dry(
    world: &mut World<'_>,
    product: &'static str,
    picked: Date,
    from: &[((LotAt, Decimal), u32)],
    permille: u32,
) -> (LotAt, Decimal) {
    let day = picked.saturating_add(1.day());
    let first = world.at(day, if product == "che-xanh" { 8 } else { 10 });
    let lot = world.open(product, Some("lung-may-xuong"), first);
    let mut used = Decimal::ZERO;
    let mut inputs = Vec::new();
    for &((fresh, all), part) in from {
        let amount = share(all, part);
        used += amount;
        inputs.push(world.input(fresh, amount, None));
    }
    let yielded = share(used, permille + world.draw.between(0, 12));
    let note = if product == "che-xanh" {
        "Diệt men, vò, sao khô"
    } else {
        "Làm héo, vò, lên men, sấy"
    };
    world.add(lot, Step::new(Card::Process, first).from(inputs).kg(yielded).note(note));
    let picture = world.picture(Scene::TeaPack);
    let at = world.at(day.saturating_add(3.days()), 9);
    world.add(lot, Step::new(Card::Pack, at).kg(yielded).picture(picture));
    (lot, yielded)
}

fn coffee(world: &mut World<'_>) {
    let mut green = Vec::new();
    for (at, (month, day)) in [(9, 14), (10, 3)].into_iter().enumerate() {
        let picked = world.day(month, day, 4);
        let own = cherries(world, "qua-ca-phe", Some("deo-xanh-vuon"), picked, 2_400);
        let place = (at == 0).then_some("ho-ca-phe-vuon");
        let bought = cherries(world, "qua-ca-phe-ho", place, picked, 640);
        world.carry(bought.0, "deo-xanh", (picked, 14), Load::of(bought.1));

        // Pulped and washed the same evening; what counts is the day the dry beans are weighed.
        let weighed = picked.saturating_add(17.days());
        let first = world.at(weighed, 9);
        let lot = world.open("ca-phe-nhan", Some("deo-xanh-xuong"), first);
        let used = own.1 + bought.1;
        let yielded = share(used, 182 + world.draw.between(0, 14));
        let inputs = vec![world.input(own.0, own.1, None), world.input(bought.0, bought.1, None)];
        let step = Step::new(Card::Process, first).from(inputs).kg(yielded);
        world.add(lot, step.note("Chế biến ướt, phơi giàn, xát vỏ trấu"));
        let picture = world.picture(Scene::CoffeeBag);
        let moment = world.at(weighed.saturating_add(1.day()), 10);
        world.add(lot, Step::new(Card::Pack, moment).kg(yielded).picture(picture));
        let sent = share(yielded, 620);
        world.carry(lot, "hat-da-nau", (weighed.saturating_add(2.days()), 7), Load::of(sent));
        world.submit(own.0, Fate::Approved);
        world.submit(bought.0, if at == 0 { Fate::Approved } else { Fate::Draft });
        world.submit(lot, Fate::Approved);
        world.stamps(lot, 8);
        green.push((lot, sent, weighed));
    }
    let [early, late] = [green[0], green[1]];
    roast(world, "ca-phe-bot", &[(early.0, share(early.1, 600))], (early.2, 5), Fate::Approved);
    // A blend of both harvests.
    let blend = [(early.0, share(early.1, 380)), (late.0, share(late.1, 300))];
    roast(world, "ca-phe-hat", &blend, (late.2, 5), Fate::Approved);
    roast(world, "ca-phe-bot", &[(late.0, share(late.1, 500))], (late.2, 6), Fate::Waiting);
}

fn cherries(
    world: &mut World<'_>,
    product: &'static str,
    place: Option<&'static str>,
    picked: Date,
    about: u32,
) -> (LotAt, Decimal) {
    let first = world.at(picked.saturating_sub(150.days()), 8);
    let lot = world.open(product, place, first);
    world.add(lot, Step::new(Card::Fertilise, first).using("NPK 16-8-16", "0,4 kg/gốc"));
    let at = world.at(picked.saturating_sub(95.days()), 16);
    world.add(lot, Step::new(Card::Spray, at).using("Đồng oxyclorua", "2,5 kg/ha").wait(14));
    let at = world.at(picked.saturating_sub(60.days()), 8);
    world.add(lot, Step::new(Card::Water, at));
    let harvested = kg(about + world.draw.between(0, 200));
    let picture = world.picture(Scene::CoffeeCherries);
    let at = world.at(picked, 10);
    world.add(lot, Step::new(Card::Harvest, at).kg(harvested).picture(picture));
    (lot, harvested)
}

fn roast(
    world: &mut World<'_>,
    product: &'static str,
    from: &[(LotAt, Decimal)],
    (weighed, after): (Date, i64),
    fate: Fate,
) {
    let day = weighed.saturating_add(after.days());
    let first = world.at(day, 9);
    let lot = world.open(product, Some("hat-da-nau-xuong"), first);
    let used: Decimal = from.iter().map(|one| one.1).sum();
    let yielded = share(used, 832 + world.draw.between(0, 14));
    let inputs = from.iter().map(|one| world.input(one.0, one.1, None)).collect();
    world.add(lot, Step::new(Card::Process, first).from(inputs).kg(yielded).note("Rang vừa"));
    let picture = world.picture(Scene::CoffeeBag);
    let at = world.at(day.saturating_add(1.day()), 9);
    world.add(lot, Step::new(Card::Pack, at).kg(yielded).picture(picture));
    to_shop(world, (lot, yielded), day.saturating_add(2.days()), 400);
    publish(world, (lot, yielded), fate, if product == "ca-phe-bot" { 250 } else { 500 });
}

fn to_shop(world: &mut World<'_>, (lot, all): (LotAt, Decimal), day: Date, permille: u32) {
    let load = share(all, permille);
    world.carry(lot, SHOP, (day, 7), Load::of(load));
    let at = world.at(day.saturating_add(3.days()), 18);
    world.add_by(lot, SHOP, Step::new(Card::Sell, at).kg(share(load, 500)));
}

/// Submits; published packs of so many grams get stamps.
fn publish(world: &mut World<'_>, (lot, all): (LotAt, Decimal), fate: Fate, grams: i64) {
    world.submit(lot, fate);
    let packs = u32::try_from((all / Decimal::new(grams, 3)).trunc()).unwrap_or(0);
    world.stamps(lot, packs.min(300));
}
