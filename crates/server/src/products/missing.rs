//! What the law's ten data still lack on the side of the product, each with the field that mends
//! it. Stages, dates and the trace code belong to a lot and are looked at there.

use std::collections::BTreeSet;

use profile::{Finding, Record, State};

use super::Product;
use crate::app::App;
use crate::organisations::{self, Organisation};
use crate::review::record::MissingItem;
use crate::shared::{Fail, picture};

/// The profile whose product data are asked for while a product is declared.
const PROFILE: &str = "TT02-2024";
/// Items of the profile that a product and its organisation answer, with the field that mends
/// them: the organisation's fields stand on another page.
const ITEMS: [(&str, &str); 7] = [
    ("product_name", "f-name"),
    ("images", "f-pictures"),
    ("organisation_name", "f-legal_name"),
    ("organisation_address", "f-address_line"),
    ("brand", "f-brand"),
    ("expiry", "f-shelf_life_days"),
    ("standards", "f-standards"),
];

/// The product's items of Circular 02/2024/TT-BKHCN that are missing, or of which nothing is said.
pub async fn missing_for(app: &App, product: &Product) -> Result<Vec<MissingItem>, Fail> {
    let o = organisations::load(app, product.organisation).await?;
    let images = picture::of_subject(app, "product", product.id).await?.len();
    missing_with(product, &o, images)
}

/// As [`missing_for`], where the organisation and the number of pictures are known.
pub(super) fn missing_with(
    product: &Product,
    o: &Organisation,
    images: usize,
) -> Result<Vec<MissingItem>, Fail> {
    let mut declared_none = BTreeSet::new();
    if product.no_brand {
        declared_none.insert("brand".to_owned());
    }
    if product.no_expiry {
        declared_none.insert("expiry".to_owned());
    }
    let record = Record {
        product_name: Some(product.name.clone()),
        images,
        organisation_name: Some(o.legal_name.clone()),
        organisation_address: Some(o.address_line.clone()),
        commune_code: Some(o.commune.clone()),
        brand: Some(product.brand.clone()),
        expiry: product.shelf_life_days.map(|days| days.to_string()),
        standards: product.standards.clone(),
        declared_none,
        ..Record::default()
    };
    let profile = profile::profile(PROFILE)
        .ok_or_else(|| Fail::internal("the profile TT02-2024 is not shipped"))?;
    let report = profile::check(profile, &record);
    Ok(report.items.iter().filter_map(|finding| missing(product, finding)).collect())
}

fn missing(product: &Product, finding: &Finding) -> Option<MissingItem> {
    let (_, field) = ITEMS.iter().find(|(key, _)| *key == finding.key)?;
    if !matches!(finding.state, State::Missing | State::NotStated) {
        return None;
    }
    let page = if finding.key.starts_with("organisation_") {
        format!("/org/{}/profile", product.organisation)
    } else {
        format!("/org/{}/products/{}/edit", product.organisation, product.id)
    };
    Some(MissingItem {
        number: u8::try_from(finding.number).unwrap_or(u8::MAX),
        key: finding.key.clone(),
        label_vi: finding.label.vi.clone(),
        label_en: finding.label.en.clone(),
        detail_vi: finding.hint.vi.clone(),
        detail_en: finding.hint.en.clone(),
        mend: format!("{page}#{field}"),
    })
}
