//! The invented goods: places, products, certificates, then lots, steps, submissions and stamps
//! in the order in which they happened.

use jiff::civil::DateTime;
use sample::{Lot, Province, Step, Verdict};
use store::{params, sql};

use super::{Stage, found, people};
use crate::certificates::{self, NewCertificate};
use crate::diary::{self, Into};
use crate::feedback;
use crate::lots::{self, NewLot};
use crate::places::{self, NewPlace};
use crate::products::{self, NewProduct};
use crate::resolve::{self, scan::Scan};
use crate::review::{desk, submit};
use crate::shared::{Fail, picture};
use crate::stamps::{self, Carrier, NewOrder};

/// Places, products with their pictures, certificates.
pub(super) async fn declared(stage: &mut Stage, province: &Province) -> Result<(), Fail> {
    for place in &province.places {
        let (org, actor) = stage.organisation(&place.organisation)?;
        let new = NewPlace {
            kind: place.kind.code().to_owned(),
            name: place.name.clone(),
            commune: place.commune.to_owned(),
            address_line: place.address_line.clone(),
            gln: place.gln.clone(),
            area_m2: place.area_m2.map(i64::from),
            note: String::new(),
        };
        let made = places::create(&stage.app, actor, org, &new).await?;
        if made.gln.is_some() {
            let officer =
                people::governing(stage, province, sample::StaffRole::Officer, org).await?;
            let theirs = places::gln::Finding::Theirs;
            places::gln::decide(&stage.app, &officer, &made, made.version, theirs).await?;
        }
        stage.places.insert(place.key.clone(), made.id);
    }
    for product in &province.products {
        let (org, actor) = stage.organisation(&product.organisation)?;
        let new = NewProduct {
            gtin: product.gtin.clone(),
            name: product.name.clone(),
            group_code: product.group.to_owned(),
            brand: product.brand.clone().unwrap_or_default(),
            no_brand: product.brand.is_none(),
            unit: product.unit.to_owned(),
            net_content: product.net_content.to_owned(),
            shelf_life_days: product.shelf_life_days.map(i64::from),
            no_expiry: product.shelf_life_days.is_none(),
            standards: product.standards.iter().map(|&one| one.to_owned()).collect(),
            description: product.description.to_owned(),
        };
        let made = products::create(&stage.app, actor, org, &new).await?;
        stage.products.insert(product.key.clone(), made.id);
        let mut pictures = Vec::new();
        for spec in &product.pictures {
            pictures.extend(picture::clean(sample::picture(*spec)).await?);
        }
        if !pictures.is_empty() {
            products::add_pictures(&stage.app, actor, &made, pictures).await?;
        }
    }
    for paper in &province.certificates {
        let (org, actor) = stage.organisation(&paper.organisation)?;
        let covered: Result<Vec<i64>, Fail> =
            paper.products.iter().map(|key| found(&stage.products, key)).collect();
        let new = NewCertificate {
            kind: paper.kind.to_owned(),
            number: paper.number.clone(),
            issuer: paper.issuer.to_owned(),
            scope: paper.scope.clone(),
            issued_on: paper.issued_on,
            expires_on: paper.expires_on,
            products: covered?,
            file: None,
        };
        let made = certificates::create(&stage.app, actor, org, &new).await?;
        if paper.verified {
            let officer =
                people::governing(stage, province, sample::StaffRole::Officer, org).await?;
            certificates::verify(&stage.app, &officer, &made, made.version).await?;
        }
    }
    Ok(())
}

/// One thing that happens to a lot.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Deed {
    Open,
    Step(usize),
    Submit(usize),
    Stamps,
}

/// The organisation and the stamp that a visitor is shown first.
pub(super) struct Shown {
    pub(super) organisation: i64,
    pub(super) scan_link: String,
    pub(super) stamp_link: String,
}

/// Everything about lots, in order of time.
pub(super) async fn timeline(
    stage: &mut Stage,
    province: &Province,
    progress: impl Fn(usize, usize),
) -> Result<Shown, Fail> {
    let mut deeds: Vec<(DateTime, Deed, usize)> = Vec::new();
    for (index, lot) in province.lots.iter().enumerate() {
        deeds.push((lot.opened_at, Deed::Open, index));
        deeds.extend(
            lot.steps.iter().enumerate().map(|(at, step)| (step.at, Deed::Step(at), index)),
        );
        deeds.extend(
            lot.submissions.iter().enumerate().map(|(at, one)| (one.at, Deed::Submit(at), index)),
        );
        deeds.extend(lot.stamps.iter().map(|one| (one.ordered_at, Deed::Stamps, index)));
    }
    deeds.sort_by_key(|(time, deed, index)| {
        // A shipment stands before its receipt and an input before its use: the sample's own
        // order breaks ties between lots, a lot's own order within it.
        (*time, !matches!(deed, Deed::Open), *index, *deed)
    });
    let mut shown = None;
    let all = deeds.len();
    for (done, (time, deed, index)) in deeds.into_iter().enumerate() {
        stage.at(time);
        let lot = &province.lots[index];
        let told = |fail: Fail| Fail::internal(format!("lot {} at {time}: {fail}", lot.key));
        match deed {
            Deed::Open => open(stage, lot).await.map_err(told)?,
            Deed::Step(at) => step(stage, province, lot, &lot.steps[at]).await.map_err(told)?,
            Deed::Submit(at) => submission(stage, province, lot, at).await.map_err(told)?,
            Deed::Stamps => {
                let product = province.products.iter().find(|one| one.key == lot.product);
                let one = order(stage, lot).await.map_err(told)?;
                // The first page that a visitor sees: complete, published, with a GTIN.
                let good = lot.published
                    && product.is_some_and(|p| p.gtin.is_some() && !p.pictures.is_empty());
                if let Some(one) = one.filter(|_| good && shown.is_none()) {
                    shown = Some(one);
                }
            }
        }
        if done % 20 == 0 || done + 1 == all {
            progress(done + 1, all);
        }
    }
    shown.ok_or_else(|| Fail::internal("the sample has no published lot with an active stamp"))
}

async fn open(stage: &mut Stage, lot: &Lot) -> Result<(), Fail> {
    let (org, actor) = stage.organisation(&lot.organisation)?;
    let place = match &lot.place {
        Some(key) => found(&stage.places, key)?,
        None => seat(stage, org).await?,
    };
    let new = NewLot {
        product: found(&stage.products, &lot.product)?,
        place,
        name: String::new(),
        code: lot.code.clone(),
    };
    let made = lots::open(&stage.app, actor, org, &new).await?;
    stage.lots.insert(lot.key.clone(), made.id);
    Ok(())
}

/// The first place of an organisation, which it has since it was accepted.
async fn seat(stage: &Stage, org: i64) -> Result<i64, Fail> {
    let all = places::of_organisation(&stage.app, org).await?;
    all.first()
        .map(|place| place.id)
        .ok_or_else(|| Fail::internal("an accepted organisation without a place"))
}

async fn step(stage: &mut Stage, province: &Province, lot: &Lot, one: &Step) -> Result<(), Fail> {
    let id = found(&stage.lots, &lot.key)?;
    let (org, manager) = stage.organisation(&one.by)?;
    let (actor, office) = match &one.entered_by {
        Some(key) => (
            found(&stage.staff, key)?,
            province
                .staff
                .iter()
                .find(|person| person.key == *key)
                .map(|p| p.office.clone())
                .unwrap_or_default(),
        ),
        None => (manager, String::new()),
    };
    let place = match &one.place {
        Some(key) => found(&stage.places, key)?,
        None => seat(stage, org).await?,
    };
    let to = one.to.as_ref().map(|key| stage.organisation(key)).transpose()?.map(|(id, _)| id);
    let sender =
        one.from.as_ref().map(|key| stage.organisation(key)).transpose()?.map(|(id, _)| id);
    let shipment =
        sender.and_then(|from| stage.shipments.get(&(id, from))).cloned().unwrap_or_default();
    let mut inputs = Vec::new();
    for input in &one.inputs {
        // Animals are counted, everything else weighed.
        let amount = input.count.map_or(input.kg, rust_decimal::Decimal::from);
        inputs.push((found(&stage.lots, &input.lot)?, amount));
    }
    let turned = !inputs.is_empty();
    let filled = diary::Step {
        card: one.card.code().to_owned(),
        time: stage.app.now(),
        place,
        amount: one.count.map(rust_decimal::Decimal::from).or(one.kg).filter(|_| !turned),
        substance: one.substance.unwrap_or_default().to_owned(),
        dose: one.dose.unwrap_or_default().to_owned(),
        wait_days: one.wait_days.map(i64::from),
        to,
        live_weight: turned.then(|| one.inputs.iter().map(|input| input.kg).sum()),
        inputs,
        outputs: one.kg.filter(|_| turned).map(|kg| (Into::Lot(id), kg)).into_iter().collect(),
        passed: (one.card == sample::Card::Test).then_some(true),
        note: one.note.unwrap_or_default().to_owned(),
        shipment,
        office,
        ..diary::Step::default()
    };
    let mut pictures = Vec::new();
    if let Some(spec) = &one.picture {
        pictures.extend(picture::clean(sample::picture(*spec)).await?);
    }
    let saved = diary::record(&stage.app, actor, org, id, &filled, pictures)
        .await
        .map_err(crate::capture::Refusal::into_fail)?;
    if one.card == sample::Card::Ship {
        stage.shipments.insert((id, org), diary::build::shipment_uri(&saved.event_id));
    }
    Ok(())
}

async fn submission(stage: &Stage, province: &Province, lot: &Lot, at: usize) -> Result<(), Fail> {
    let (org, actor) = stage.organisation(&lot.organisation)?;
    let id = submit::lay_before(&stage.app, actor, org, found(&stage.lots, &lot.key)?).await?;
    let reviewer = people::governing(stage, province, sample::StaffRole::Reviewer, org).await?;
    match &lot.submissions[at].verdict {
        Verdict::Waiting => Ok(()),
        Verdict::Approved { at } => {
            stage.at(*at);
            let although = "Thông tin còn thiếu không ảnh hưởng đến an toàn; đơn vị cam kết bổ sung (minh hoạ).";
            desk::approve_as(&stage.app, reviewer, id, although).await
        }
        Verdict::Returned { at, reasons } => {
            stage.at(*at);
            let given =
                reasons.iter().map(|one| (field_key(one.field), one.text.to_owned())).collect();
            desk::return_as(&stage.app, reviewer, id, given).await
        }
    }
}

/// The reviewer's field for an item of the profile.
fn field_key(item: &str) -> String {
    match item {
        "images" => "image",
        "product_name" => "name",
        "organisation_name" => "organisation",
        "organisation_address" => "address",
        "production_time" => "made",
        "brand" | "expiry" | "standards" => item,
        _ => "",
    }
    .to_owned()
}

/// Orders, activates and voids stamps, and lets them be scanned; returns an active one.
async fn order(stage: &Stage, lot: &Lot) -> Result<Option<Shown>, Fail> {
    let Some(wanted) = &lot.stamps else { return Ok(None) };
    let (org, actor) = stage.organisation(&lot.organisation)?;
    let app = &stage.app;
    let new = NewOrder {
        lot: found(&stage.lots, &lot.key)?,
        count: i64::from(wanted.count),
        carrier: Carrier::A4(30),
        kind: stamps::Kind::Qr,
    };
    let id = stamps::order(app, actor, org, &new).await?;
    if let Some((from, to)) = wanted.active {
        stamps::activate(app, actor, org, id, i64::from(from), i64::from(to)).await?;
    }
    if let Some((from, to)) = wanted.void {
        let reason = "In hỏng (minh hoạ)";
        stamps::void(app, actor, org, id, i64::from(from), i64::from(to), reason).await?;
    }
    let serials = stamps::order::serials(app, id, 1, new.count).await?;
    let of_ordinal = |ordinal: u32| serials.get(ordinal.checked_sub(1)? as usize);
    for scan in &wanted.scans {
        let Some((serial, noon)) =
            of_ordinal(scan.ordinal).zip(vietnam::format::instant(scan.day.at(9, 0, 0, 0)))
        else {
            continue;
        };
        for _ in 0..scan.times {
            app.scans.push(Scan {
                code: serial.to_string(),
                lot: Some(new.lot),
                verdict: "genuine",
                counts: true,
                at: noon,
            });
        }
    }
    resolve::write_waiting(app).await?;
    // One that nobody has scanned yet, so that the visitor is the first.
    let fresh = wanted.active.and_then(|(from, to)| {
        (from..=to).find(|ordinal| !wanted.scans.iter().any(|scan| scan.ordinal == *ordinal))
    });
    let Some(serial) = fresh.and_then(of_ordinal) else { return Ok(None) };
    let face = stamps::order::face_of_lot(app, org, new.lot).await?;
    let stamp_link = face.link(&app.config.public_url, serial)?;
    let scan_link = gs1::Link::parse(&stamp_link)
        .map_or_else(|_| stamp_link.clone(), |link| link.with_stem(&app.config.public_url));
    Ok(Some(Shown { organisation: org, scan_link, stamp_link }))
}

/// Doubts that people reported, with how far they got.
pub(super) async fn doubts(stage: &Stage, province: &Province) -> Result<(), Fail> {
    let inspector =
        province.staff.iter().find(|person| person.role == sample::StaffRole::Inspector);
    let inspector = found(&stage.staff, inspector.map_or("", |person| &person.key))?;
    for doubt in &province.doubts {
        stage.at(doubt.at);
        let lot = doubt.lot.as_ref().map(|key| found(&stage.lots, key)).transpose()?;
        let link = match lot {
            Some(id) => format!(
                "{}/t/{}",
                stage.app.config.public_url,
                lots::any(&stage.app, id).await?.trace_code
            ),
            None => String::new(),
        };
        let report = feedback::Report {
            link,
            message: doubt.message.to_owned(),
            contact: doubt.contact.unwrap_or_default().to_owned(),
        };
        let code = feedback::report(&stage.app, &report).await?;
        let state =
            feedback::State::of_code(doubt.state.code()).unwrap_or(feedback::State::Received);
        if state != feedback::State::Received {
            let row = stage
                .app
                .store
                .query_one(sql!("SELECT id FROM doubt WHERE code = $1"), &params![code.as_str()])
                .await?
                .ok_or(Fail::NotFound)?;
            let note = doubt.answer.unwrap_or("Đang liên hệ đơn vị để kiểm tra (minh hoạ).");
            let before = feedback::State::Received;
            feedback::desk::answer(&stage.app, inspector, row.get(0)?, before, state, note).await?;
        }
    }
    Ok(())
}
