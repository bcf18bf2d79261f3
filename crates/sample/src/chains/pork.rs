//! Pork from barn over slaughterhouse to stall (carcass 70–75 % of live weight), and a processor that mixes carcasses of
//! several farms. One herd turns out contaminated: its meat went to every stall and into three products.

use jiff::ToSpan as _;
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::recall;
use crate::lots::Step;
use crate::scene::Scene;
use crate::types::Card;
use crate::world::{Fate, Load, LotAt, Why, World, share};

const NO_TRANSPORT: &[Why] =
    &[("stages", "Chưa có công đoạn nhận hàng tại nơi bán; xin nhắc quầy xác nhận.")];

/// What was found, told as a laboratory would; nothing of it is real.
const FINDING: &str = "Mẫu thịt dương tính Salmonella spp. trong 25 g (kết quả minh hoạ)";

pub(crate) fn add(world: &mut World<'_>) {
    // Product, place, days before yesterday on which the herd leaves, head at the start.
    let bad = herd(world, ("lon-doi-sim", Some("doi-sim-chuong")), 15, 34);
    let other = herd(world, ("lon-ban", Some("khe-lim-chuong")), 14, 26);
    let before = herd(world, ("lon-ban", Some("khe-lim-chuong")), 32, 22);
    let small = herd(world, ("lon-doi-sim", None), 24, 12);

    let bad_early = slaughter(world, "thit-lon", bad, (16, 13));
    let bad_late = slaughter(world, "thit-lon", bad, (12, 12));
    let other_early = slaughter(world, "thit-lon-ban", other, (14, 13));
    let other_late = slaughter(world, "thit-lon-ban", other, (8, 10));
    let before_early = slaughter(world, "thit-lon-ban", before, (12, 31));
    let before_late = slaughter(world, "thit-lon-ban", before, (6, 29));
    let from_small = slaughter(world, "thit-lon", small, (9, 23));

    let on = |world: &World<'_>, meat: Meat, after: i64| world.ago(meat.ago - after);
    // The contaminated herd: three stalls, the shop and the processor.
    for (meat, stall, permille) in [
        (bad_early, "quay-7", 220),
        (bad_early, "quay-12", 240),
        (bad_late, "quay-3", 260),
        (bad_late, "quay-12", 160),
        (other_early, "quay-7", 250),
        (other_late, "quay-3", 300),
        (before_early, "quay-7", 420),
        (before_late, "quay-12", 500),
        (from_small, "quay-3", 450),
    ] {
        let day = on(world, meat, 1);
        stall_sells(world, meat, stall, day, permille);
    }
    for (meat, permille) in
        [(bad_early, 480), (bad_late, 500), (other_early, 620), (before_early, 500)]
    {
        let day = on(world, meat, 1);
        let load = Load::of(share(meat.kg, permille));
        world.carry(meat.lot, "khoi-lam", (day, 6), load);
    }
    let day = on(world, bad_late, 6);
    let at = world.at(day, 14);
    world.add_by(bad_late.lot, "quay-3", Step::new(Card::Test, at).note(FINDING));

    // Sausages of one herd before, then two mixtures that hold the bad herd, then smoked meat.
    product(world, "lap-xuong", &[(before_early, 300)], (28, 820), Fate::Approved);
    product(world, "lap-xuong", &[(bad_early, 280), (other_early, 300)], (10, 820), Fate::Approved);
    product(world, "lap-xuong", &[(bad_late, 300), (other_early, 160)], (9, 815), Fate::Approved);
    product(world, "thit-gac-bep", &[(bad_early, 150), (bad_late, 150)], (8, 450), Fate::Waiting);

    for (at, meat) in
        [bad_early, bad_late, other_early, other_late, before_early, before_late, from_small]
            .into_iter()
            .enumerate()
    {
        let fate = match at {
            5 => Fate::Mended(NO_TRANSPORT),
            6 => Fate::Returned(NO_TRANSPORT),
            _ => Fate::Approved,
        };
        world.submit(meat.lot, fate);
        world.stamps(meat.lot, 60);
    }
    for (at, herd) in [bad, other, before, small].into_iter().enumerate() {
        world.submit(herd.lot, if at == 3 { Fate::Draft } else { Fate::Approved });
    }
    growing(world);
    recall::trace(world, bad.lot, FINDING);
}

#[derive(Clone, Copy)]
struct Herd {
    lot: LotAt,
    /// Live weight of one at slaughter.
    each: Decimal,
}

#[derive(Clone, Copy)]
struct Meat {
    lot: LotAt,
    kg: Decimal,
    /// Days before yesterday on which it was slaughtered.
    ago: i64,
}

/// Raises a herd that leaves so many days before yesterday.
fn herd(
    world: &mut World<'_>,
    (product, place): (&'static str, Option<&'static str>),
    ago: i64,
    count: u32,
) -> Herd {
    let leaves = world.ago(ago);
    let first = world.at(leaves.saturating_sub(132.days()), 9);
    let lot = world.open(product, place, first);
    let arrival = Step { count: Some(count), ..Step::new(Card::ReceiveAnimals, first) };
    world.add(lot, arrival.note("Lợn giống 10–12 kg, có giấy kiểm dịch (minh hoạ)"));
    let at = world.at(leaves.saturating_sub(128.days()), 8);
    let step = Step::new(Card::Treat, at).using("Vắc xin dịch tả lợn cổ điển", "1 liều/con");
    world.add(lot, step.wait(21));
    for (before, dose) in [(100_i64, "1,2 kg/con/ngày"), (45, "2,3 kg/con/ngày")] {
        let at = world.at(leaves.saturating_sub(before.days()), 7);
        world.add(lot, Step::new(Card::Feed, at).using("Ngô nghiền, cám gạo, thân chuối", dose));
    }
    let at = world.at(leaves.saturating_sub(62.days()), 8);
    world.add(lot, Step::new(Card::Treat, at).using("Amoxicillin", "15 mg/kg thể trọng").wait(28));
    let each = Decimal::new(i64::from(world.draw.between(780, 940)), 1);
    Herd { lot, each }
}

/// Drives some head of a herd to the slaughterhouse the day before and slaughters them.
fn slaughter(
    world: &mut World<'_>,
    product: &'static str,
    herd: Herd,
    (head, ago): (u32, i64),
) -> Meat {
    let day = world.ago(ago);
    let live = herd.each * Decimal::from(head);
    let load = Load { kg: live, count: Some(head) };
    world.carry(herd.lot, "cau-da", (day.saturating_sub(1.day()), 15), load);
    let first = world.at(day, 2);
    let lot = world.open(product, Some("cau-da-day"), first);
    let carcass = share(live, world.draw.between(705, 745));
    let inputs = vec![world.input(herd.lot, live, Some(head))];
    world.add(lot, Step::new(Card::Slaughter, first).from(inputs).kg(carcass));
    let at = world.at(day, 5);
    let picture = world.picture(Scene::MeatTray);
    let step = Step::new(Card::Store, at).kg(carcass).note("Làm mát 0–4 °C, đã kiểm soát giết mổ");
    world.add(lot, step.picture(picture));
    Meat { lot, kg: carcass, ago }
}

fn stall_sells(world: &mut World<'_>, meat: Meat, stall: &'static str, day: Date, permille: u32) {
    let load = share(meat.kg, permille);
    world.carry(meat.lot, stall, (day, 3), Load::of(load));
    let at = world.at(day, 11);
    world.add_by(meat.lot, stall, Step::new(Card::Sell, at).kg(share(load, 700)));
    let at = world.at(day, 18);
    world.add_by(meat.lot, stall, Step::new(Card::Sell, at).kg(share(load, 200)));
}

/// Makes a meat product of shares (thousandths of a whole carcass lot) and brings it to the shop.
fn product(
    world: &mut World<'_>,
    product: &'static str,
    from: &[(Meat, u32)],
    (ago, permille): (i64, u32),
    fate: Fate,
) {
    let day = world.ago(ago);
    let first = world.at(day, 7);
    let lot = world.open(product, Some("khoi-lam-xuong"), first);
    let mut used = Decimal::ZERO;
    let mut inputs = Vec::new();
    for &(meat, part) in from {
        let amount = share(meat.kg, part);
        used += amount;
        inputs.push(world.input(meat.lot, amount, None));
    }
    let yielded = share(used, permille);
    let note = if product == "lap-xuong" {
        "Xay, ướp, nhồi, hun khói nhẹ"
    } else {
        "Ướp, hun khói 48 giờ"
    };
    world.add(lot, Step::new(Card::Process, first).from(inputs).kg(yielded).note(note));
    let picture = world.picture(Scene::Sausages);
    let at = world.at(day.saturating_add(2.days()), 9);
    world.add(lot, Step::new(Card::Pack, at).kg(yielded).picture(picture));
    let load = share(yielded, 550);
    let shipped = day.saturating_add(3.days());
    world.carry(lot, "ban-trang", (shipped, 8), Load::of(load));
    let at = world.at(shipped.saturating_add(1.day()), 17);
    world.add_by(lot, "ban-trang", Step::new(Card::Sell, at).kg(share(load, 350)));
    world.submit(lot, fate);
    world.stamps(lot, 150);
}

/// A herd that is still in its barn, inside a waiting period.
fn growing(world: &mut World<'_>) {
    let day = world.ago(70);
    let first = world.at(day, 9);
    let lot = world.open("lon-ban", Some("khe-lim-chuong"), first);
    world.add(lot, Step { count: Some(30), ..Step::new(Card::ReceiveAnimals, first) });
    let day = world.ago(30);
    let at = world.at(day, 7);
    world.add(
        lot,
        Step::new(Card::Feed, at).using("Ngô nghiền, cám gạo, thân chuối", "1,5 kg/con/ngày"),
    );
    let day = world.ago(5);
    let at = world.at(day, 8);
    world.add(lot, Step::new(Card::Treat, at).using("Amoxicillin", "15 mg/kg thể trọng").wait(28));
    let picture = world.picture(Scene::Pig);
    let day = world.ago(2);
    let at = world.at(day, 7);
    let step = Step::new(Card::Feed, at).using("Cám gạo, rau rừng", "1,8 kg/con/ngày");
    world.add(lot, step.picture(picture));
    world.submit(lot, Fate::Draft);
}
