//! Drawing up the record of a lot from the register and the log, and checking it against the
//! profile in force.

use std::collections::BTreeSet;

use profile::{Finding, Record, Stage, State};
use store::{params, sql};

use super::record::{MissingItem, PublicRecord, RecordLot, RecordOrganisation, RecordProduct};
use crate::app::App;
use crate::lots::Lot;
use crate::organisations::{self, Organisation};
use crate::products::{self, Product};
use crate::shared::{Fail, picture, text};
use crate::{certificates, diary};

/// The profile that a record must meet today.
pub const PROFILE: &str = "TT02-2024";
/// How many transformations back a buyer is shown.
const DEPTH: usize = 6;

/// The record of a lot as of now.
pub async fn record(app: &App, lot: &Lot) -> Result<PublicRecord, Fail> {
    let product = products::load(app, lot.organisation, lot.product).await?;
    let organisation = organisations::load(app, lot.organisation).await?;
    let journey = diary::journey(app, &lot.item, DEPTH).await?;
    let pictures = picture::of_subject(app, "product", product.id).await?;
    let made = lot
        .made_on
        .as_deref()
        .and_then(|day| day.parse().ok())
        .unwrap_or_else(|| text::day_of(app.now()));
    let certificates = certificates::valid_on(app, product.id, made).await?;
    let mut authors: BTreeSet<i64> =
        journey.iter().map(|step| step.entered_by).filter(|id| *id > 0).collect();
    authors.extend(writers(app, lot, &product).await?);
    let mut drawn = PublicRecord {
        lot: RecordLot {
            id: lot.id,
            code: lot.code.clone(),
            trace_code: lot.trace_code.clone(),
            item: lot.item.clone(),
            made_on: lot.made_on.clone().unwrap_or_default(),
            expires_on: lot.expires_on.clone().unwrap_or_default(),
        },
        product: of_product(&product, pictures),
        organisation: of_organisation(&organisation),
        certificates,
        journey,
        missing: Vec::new(),
        profile: PROFILE.to_owned(),
        authors: authors.into_iter().collect(),
        published_although: String::new(),
        log_head: app.store.head().await?.0,
    };
    drawn.missing = missing(&drawn);
    Ok(drawn)
}

/// Accounts that wrote the product's or the lot's data.
async fn writers(app: &App, lot: &Lot, product: &Product) -> Result<Vec<i64>, Fail> {
    let rows = app
        .store
        .query(
            sql!(
                "SELECT DISTINCT actor FROM audit
                 WHERE (subject_kind = 'product' AND subject = $1)
                    OR (subject_kind = 'lot' AND subject = $2 AND action NOT IN ('approved', 'returned'))"
            ),
            &params![product.id, lot.id],
        )
        .await?;
    rows.iter().map(|row| row.get(0).map_err(Fail::from)).collect()
}

fn of_product(product: &Product, pictures: Vec<i64>) -> RecordProduct {
    RecordProduct {
        id: product.id,
        name: product.name.clone(),
        brand: product.brand.clone(),
        no_brand: product.no_brand,
        no_expiry: product.no_expiry,
        gtin: product.gtin.clone().unwrap_or_default(),
        code: product.code.clone(),
        group: product.group_code.clone(),
        unit: product.unit.clone(),
        net_content: product.net_content.clone(),
        standards: product.standards.clone(),
        pictures,
        description: product.description.clone(),
    }
}

fn of_organisation(o: &Organisation) -> RecordOrganisation {
    RecordOrganisation {
        id: o.id,
        name: o.legal_name.clone(),
        kind: o.kind.clone(),
        address: o.address(),
        old_address: o.old_address().unwrap_or_default(),
        commune: o.commune.clone(),
        illustrative: o.illustrative,
    }
}

/// What the profile in force misses of a record, each with the address of the field that mends it.
pub fn missing(record: &PublicRecord) -> Vec<MissingItem> {
    let Some(profile) = profile::profile(PROFILE) else { return Vec::new() };
    let report = profile::check(profile, &facts(record));
    let open = |finding: &&Finding| matches!(finding.state, State::Missing | State::NotStated);
    report.items.iter().filter(open).map(|finding| item(record, finding)).collect()
}

/// The facts of a record in the profile's words.
fn facts(record: &PublicRecord) -> Record {
    let mut declared_none = BTreeSet::new();
    if record.product.no_brand {
        declared_none.insert("brand".to_owned());
    }
    if record.product.no_expiry {
        declared_none.insert("expiry".to_owned());
    }
    let own = record.journey.iter().map(|step| Stage {
        name: step.title_vi.clone(),
        product_code: Some(if step.of_item.is_empty() {
            record.lot.item.clone()
        } else {
            step.of_item.clone()
        }),
        location_code: Some(step.place_code.clone()).filter(|code| !code.is_empty()),
        time: jiff::Timestamp::from_microsecond(step.time).ok(),
    });
    let known = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    Record {
        product_name: known(&record.product.name),
        images: record.product.pictures.len(),
        organisation_name: known(&record.organisation.name),
        organisation_address: known(&record.organisation.address),
        commune_code: known(&record.organisation.commune),
        stages: own.collect(),
        production_time: record.lot.made_on.parse().ok().and_then(midnight),
        trace_code: known(&record.lot.trace_code),
        brand: known(&record.product.brand),
        expiry: known(&record.lot.expires_on),
        standards: record.product.standards.clone(),
        declared_none,
        ..Record::default()
    }
}

/// The beginning of a Vietnamese day.
fn midnight(day: jiff::civil::Date) -> Option<jiff::Timestamp> {
    let micros = vietnam::format::instant(day.at(0, 0, 0, 0))?;
    jiff::Timestamp::from_microsecond(micros).ok()
}

fn item(record: &PublicRecord, finding: &Finding) -> MissingItem {
    let org = record.organisation.id;
    let product = format!("/org/{org}/products/{}/edit", record.product.id);
    let lot = format!("/org/{org}/lots/{}", record.lot.id);
    let mend = match finding.key.as_str() {
        "product_name" => format!("{product}#f-name"),
        "images" => format!("{product}#f-pictures"),
        "brand" => format!("{product}#f-brand"),
        "standards" => format!("{product}#f-standards"),
        "organisation_name" | "organisation_address" => format!("/org/{org}/profile"),
        "expiry" => format!("{lot}#f-expires_on"),
        _ => lot,
    };
    let words = |lang| match finding.details.as_slice() {
        [] => finding.hint.get(lang).to_owned(),
        details => details.iter().map(|detail| detail.message(lang)).collect::<Vec<_>>().join("; "),
    };
    MissingItem {
        number: u8::try_from(finding.number).unwrap_or(u8::MAX),
        key: finding.key.clone(),
        label_vi: finding.label.get(gs1::Lang::Vi).to_owned(),
        label_en: finding.label.get(gs1::Lang::En).to_owned(),
        detail_vi: words(gs1::Lang::Vi),
        detail_en: words(gs1::Lang::En),
        mend,
    }
}
