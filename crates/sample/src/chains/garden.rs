//! Honey, macadamia and vegetables: short chains, several of them as incomplete as real records are.

use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::lots::Step;
use crate::papers::COMMUNE_OFFICER;
use crate::scene::Scene;
use crate::types::Card;
use crate::world::{Fate, Load, Why, World, kg, share};

const SHOP: &str = "ban-trang";

const DATES: &[Why] =
    &[("expiry", "Hạn sử dụng ghi trên nhãn khác với hạn khai; xin xem lại nhãn hoặc sửa hạn.")];

pub(crate) fn add(world: &mut World<'_>) {
    honey(world);
    macadamia(world);
    vegetables(world);
}

fn honey(world: &mut World<'_>) {
    let seasons = [
        ("mat-ong-ban", (3, 20), 70, Fate::Approved),
        ("mat-ong-rung", (5, 8), 130, Fate::Approved),
        ("mat-ong-rung", (8, 12), 110, Fate::Mended(DATES)),
        ("mat-ong-rung", (10, 2), 90, Fate::Waiting),
    ];
    for (at, (product, (month, day), about, fate)) in seasons.into_iter().enumerate() {
        let taken = world.day(month, day, 8);
        let first = world.at(taken, 8);
        let lot = world.open(product, Some("ho-ong-trai"), first);
        let harvested = kg(about + world.draw.between(0, 25));
        let picture = world.picture(Scene::Hives);
        let step =
            Step::new(Card::Harvest, first).kg(harvested).note("Quay mật đã vít nắp trên 80 %");
        // The household has no phone that can do it; the officer of the commune comes by.
        world.add(lot, step.picture(picture).entered_by(COMMUNE_OFFICER));
        let moment = world.at(taken.saturating_add(4.days()), 9);
        let step = Step::new(Card::Pack, moment).kg(harvested);
        world.add(lot, step.entered_by(COMMUNE_OFFICER));
        if at == 1 {
            let moment = world.at(taken.saturating_add(6.days()), 10);
            let step = Step::new(Card::Test, moment).kg(kg(1));
            world.add(lot, step.note("Độ ẩm 19 %, HMF đạt (kết quả minh hoạ)"));
        }
        let load = share(harvested, 400);
        world.carry(lot, SHOP, (taken.saturating_add(9.days()), 8), Load::of(load));
        let moment = world.at(taken.saturating_add(20.days()), 18);
        world.add_by(lot, SHOP, Step::new(Card::Sell, moment).kg(share(load, 600)));
        world.submit(lot, fate);
        world.stamps(lot, 120 + at as u32 * 30);
    }
}

fn macadamia(world: &mut World<'_>) {
    for (at, (month, day)) in [(8, 14), (9, 6)].into_iter().enumerate() {
        let taken = world.day(month, day, 5);
        let first = world.at(taken.saturating_sub(120.days()), 8);
        let fresh = world.open("mac-ca-tuoi", Some("gio-hat-doi"), first);
        world
            .add(fresh, Step::new(Card::Fertilise, first).using("Phân hữu cơ vi sinh", "5 kg/cây"));
        let moment = world.at(taken.saturating_sub(70.days()), 7);
        world.add(fresh, Step::new(Card::Spray, moment).using("Abamectin", "0,6 lít/ha").wait(14));
        let harvested = kg(1_500 + world.draw.between(0, 300));
        let moment = world.at(taken, 9);
        world.add(fresh, Step::new(Card::Harvest, moment).kg(harvested));

        let dried_on = taken.saturating_add(12.days());
        let first = world.at(dried_on, 8);
        let lot = world.open("mac-ca-say", Some("gio-hat-xuong"), first);
        let used = share(harvested, 900);
        // Husk and water go: 40 to 43 % remain as nut in shell.
        let yielded = share(used, 402 + world.draw.between(0, 25));
        let inputs = vec![world.input(fresh, used, None)];
        let step = Step::new(Card::Process, first).from(inputs).kg(yielded);
        world.add(lot, step.note("Tách vỏ xanh, sấy chậm, cắt nứt vỏ"));
        let picture = world.picture(Scene::Macadamia);
        let moment = world.at(dried_on.saturating_add(1.day()), 9);
        world.add(lot, Step::new(Card::Pack, moment).kg(yielded).picture(picture));
        let load = share(yielded, 300);
        let sent = (dried_on.saturating_add(3.days()), 7);
        if at == 0 {
            world.carry(lot, SHOP, sent, Load::of(load));
            let moment = world.at(dried_on.saturating_add(8.days()), 17);
            world.add_by(lot, SHOP, Step::new(Card::Sell, moment).kg(share(load, 500)));
        } else {
            // Never confirmed by the shop.
            world.dispatch(lot, SHOP, sent, Load::of(load));
        }
        world.submit(fresh, if at == 0 { Fate::Approved } else { Fate::Draft });
        world.submit(lot, Fate::Approved);
        world.stamps(lot, 260);
    }
}

fn vegetables(world: &mut World<'_>) {
    let beds = [
        ("cai-meo", Some("bo-muong-vuon"), (38, 45), 260, Fate::Approved),
        ("ca-chua", Some("bo-muong-nha-luoi"), (26, 95), 540, Fate::Approved),
        ("cai-meo", Some("bo-muong-vuon"), (15, 42), 240, Fate::Approved),
        ("ca-chua", Some("bo-muong-nha-luoi"), (6, 92), 480, Fate::Approved),
        ("cai-meo", None, (3, 44), 210, Fate::Waiting),
        ("bi-xanh", None, (10, 80), 900, Fate::Draft),
    ];
    for (product, place, (ago, grows), about, fate) in beds {
        let cut = world.ago(ago);
        bed(world, (product, place), (cut, grows), about, fate);
    }
}

fn bed(
    world: &mut World<'_>,
    (product, place): (&'static str, Option<&'static str>),
    (cut, grows): (Date, i64),
    about: u32,
    fate: Fate,
) {
    let first = world.at(cut.saturating_sub(grows.days()), 7);
    let lot = world.open(product, place, first);
    world.add(lot, Step::new(Card::Sow, first).using("Cây giống vườn ươm", "3.000 cây/1.000 m²"));
    let at = world.at(cut.saturating_sub((grows - 14).days()), 7);
    world.add(lot, Step::new(Card::Fertilise, at).using("Phân chuồng ủ hoai", "500 kg/1.000 m²"));
    let at = world.at(cut.saturating_sub((grows - 18).days()), 17);
    world.add(lot, Step::new(Card::Water, at));
    if product != "bi-xanh" {
        let at = world.at(cut.saturating_sub(9.days()), 17);
        world
            .add(lot, Step::new(Card::Spray, at).using("Emamectin benzoate", "0,2 lít/ha").wait(7));
    }
    let harvested = kg(about + world.draw.between(0, 60));
    let scene = if product == "ca-chua" { Scene::Tomatoes } else { Scene::Greens };
    let picture = world.picture(scene);
    let at = world.at(cut, 6);
    world.add(lot, Step::new(Card::Harvest, at).kg(harvested).picture(picture));
    let day = cut.saturating_add(1.day());
    if place.is_some() {
        let load = share(harvested, 600);
        world.carry(lot, SHOP, (day, 5), Load::of(load));
        let at = world.at(day, 16);
        world.add_by(lot, SHOP, Step::new(Card::Sell, at).kg(share(load, 850)));
        let at = world.at(day.saturating_add(1.day()), 17);
        let step = Step::new(Card::Destroy, at).kg(share(load, 100));
        world.add_by(lot, SHOP, step.note("Rau héo, ủ phân"));
    } else {
        // Sold at the garden gate.
        let at = world.at(day, 15);
        world.add(lot, Step::new(Card::Sell, at).kg(share(harvested, 500)));
    }
    world.submit(lot, fate);
    world.stamps(lot, 80);
}
