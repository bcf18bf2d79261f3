//! Codes, names, references and counts.

use std::collections::{HashMap, HashSet};

use gs1::{Gln, Gtin};
use sample::{Admission, Card, DoubtState, OrgKind, Province, StaffRole, Verdict, generate};
use vietnam::{phone::Phone, tax_code::TaxCode, text};

use crate::{TODAY, province};

fn unique<'a>(keys: impl IntoIterator<Item = &'a str>) -> HashSet<&'a str> {
    let mut seen = HashSet::new();
    for key in keys {
        assert!(seen.insert(key), "twice: {key}");
    }
    seen
}

#[test]
fn a_province_is_as_large_as_promised() {
    let one = province(1);
    assert!(one.organisations.len() >= 12 && one.products.len() >= 20 && one.lots.len() >= 60);
    let three = province(3);
    assert_eq!(three.organisations.len(), 3 * one.organisations.len());
    assert_eq!(three.products.len(), 3 * one.products.len());
    assert_eq!(three.lots.len(), 3 * one.lots.len());
    assert_eq!(three.staff, one.staff);
}

#[test]
fn the_same_seed_makes_the_same_province() {
    assert_eq!(province(2), province(2));
    assert_ne!(generate(1, 1, TODAY).lots, generate(2, 1, TODAY).lots);
    let (one, three) = (province(1), province(3));
    assert_eq!(
        one.lots[..],
        three.lots[..one.lots.len()],
        "the first copy does not depend on scale"
    );
}

#[test]
fn every_key_is_known_and_unique() {
    let province = province(3);
    let orgs = unique(province.organisations.iter().map(|one| one.key.as_str()));
    let places = unique(province.places.iter().map(|one| one.key.as_str()));
    let products = unique(province.products.iter().map(|one| one.key.as_str()));
    let lots = unique(province.lots.iter().map(|one| one.key.as_str()));
    let staff = unique(province.staff.iter().map(|one| one.key.as_str()));
    unique(province.certificates.iter().map(|one| one.key.as_str()));
    let accepted: HashSet<_> = province
        .organisations
        .iter()
        .filter(|one| one.admission == Admission::Accepted)
        .map(|one| one.key.as_str())
        .collect();
    let place_owner: HashMap<_, _> =
        province.places.iter().map(|one| (one.key.as_str(), one.organisation.as_str())).collect();
    let product_owner: HashMap<_, _> =
        province.products.iter().map(|one| (one.key.as_str(), one.organisation.as_str())).collect();

    assert!(province.places.iter().all(|one| accepted.contains(one.organisation.as_str())));
    assert!(province.products.iter().all(|one| accepted.contains(one.organisation.as_str())));
    for paper in &province.certificates {
        for product in &paper.products {
            assert_eq!(product_owner[product.as_str()], paper.organisation, "{}", paper.key);
        }
    }
    for lot in &province.lots {
        assert!(products.contains(lot.product.as_str()));
        assert_eq!(product_owner[lot.product.as_str()], lot.organisation, "{}", lot.key);
        for step in &lot.steps {
            assert!(accepted.contains(step.by.as_str()), "{}", step.by);
            for org in step.to.iter().chain(&step.from) {
                assert!(orgs.contains(org.as_str()), "{org}");
            }
            if let Some(place) = &step.place {
                assert!(places.contains(place.as_str()), "{place}");
                assert_eq!(place_owner[place.as_str()], step.by, "{}", lot.key);
            }
            assert!(step.inputs.iter().all(|input| lots.contains(input.lot.as_str())));
            assert!(step.entered_by.iter().all(|one| staff.contains(one.as_str())));
        }
    }
    for doubt in &province.doubts {
        assert!(doubt.lot.iter().all(|lot| lots.contains(lot.as_str())));
        assert_eq!(doubt.state == DoubtState::Closed, doubt.answer.is_some());
    }
    assert!(province.doubts.iter().filter(|one| one.lot.is_some()).count() >= 2);
}

#[test]
fn tax_codes_keys_and_telephones_are_well_formed_and_invented() {
    let province = province(3);
    unique(province.organisations.iter().map(|one| one.tax_code.as_str()));
    for one in &province.organisations {
        let code = TaxCode::parse(&one.tax_code).expect("a valid tax code");
        assert!(code.as_str().starts_with("99"));
        Phone::parse(&one.phone).expect("a valid telephone");
        assert!(one.phone.starts_with("0500") || one.phone.starts_with("0215000"), "{}", one.phone);
    }
    let gtins: Vec<_> = province.products.iter().filter_map(|one| one.gtin.as_deref()).collect();
    let glns: Vec<_> = province.places.iter().filter_map(|one| one.gln.as_deref()).collect();
    assert!(gtins.len() >= 30 && gtins.len() < province.products.len());
    for gtin in unique(gtins) {
        let gtin = Gtin::parse(gtin).expect("a valid GTIN");
        assert!(gtin.is_vietnamese() && !gtin.is_restricted());
        assert!(gtin.short().starts_with("89300"));
    }
    assert!(!glns.is_empty());
    for gln in unique(glns) {
        Gln::parse(gln).expect("a valid GLN");
    }
    for contact in province.doubts.iter().filter_map(|one| one.contact) {
        Phone::parse(contact).expect("a valid telephone");
    }
}

#[test]
fn communes_groups_units_and_kinds_of_paper_exist() {
    let province = province(3);
    let communes = province.organisations.iter().map(|one| one.commune);
    for code in communes.chain(province.places.iter().map(|one| one.commune)) {
        assert_eq!(
            vietnam::units::commune(code).map(|one| one.province_code),
            Some("11"),
            "{code}"
        );
    }
    for code in province.staff.iter().filter_map(|one| one.commune) {
        assert_eq!(vietnam::units::commune(code).map(|one| one.province_code), Some("11"));
    }
    for product in &province.products {
        assert!(vietnam::product_groups::PLAN_GROUPS.iter().any(|one| one.code == product.group));
        assert!(vietnam::units_of_measure::unit(product.unit).is_some(), "{}", product.unit);
    }
    for paper in &province.certificates {
        assert!(vietnam::certificate_kinds::certificate_kind(paper.kind).is_some());
    }
}

#[test]
fn what_is_invented_says_so() {
    let province = province(3);
    let mark = |text: &str| assert!(text.ends_with("(minh hoạ)"), "{text}");
    for one in &province.organisations {
        mark(&one.legal_name);
        mark(&one.representative);
        mark(&one.manager_name);
    }
    province.staff.iter().for_each(|one| mark(&one.name));
    province.products.iter().filter_map(|one| one.brand.as_deref()).for_each(mark);
    for paper in &province.certificates {
        mark(paper.issuer);
        assert!(paper.number.starts_with("MH-"));
    }
    unique(province.certificates.iter().map(|one| one.number.as_str()));
    unique(province.organisations.iter().map(|one| one.legal_name.as_str()));
    unique(province.organisations.iter().map(|one| one.manager_login.as_str()));
}

#[test]
fn no_two_lots_of_a_product_share_a_number() {
    let province = province(3);
    let mut seen = HashSet::new();
    for lot in &province.lots {
        assert!(seen.insert((&lot.product, &lot.code)), "{} {}", lot.product, lot.code);
        assert!(lot.code.len() <= 20);
        let allowed = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-';
        assert!(lot.code.chars().all(allowed), "{}", lot.code);
    }
}

#[test]
fn every_case_that_a_page_must_show_is_there() {
    let province = province(1);
    let has = |found: bool, what: &str| assert!(found, "{what}");
    for kind in OrgKind::ALL {
        has(province.organisations.iter().any(|one| one.kind == *kind), kind.code());
    }
    for role in StaffRole::ALL {
        has(province.staff.iter().any(|one| one.role == *role), role.code());
    }
    for card in Card::ALL {
        has(province.steps_in_order().iter().any(|(_, step)| step.card == *card), card.code());
    }
    let orgs = &province.organisations;
    has(orgs.iter().any(|one| one.admission == Admission::Waiting), "waiting organisation");
    let returned = |one: &sample::Org| matches!(one.admission, Admission::Returned { .. });
    has(orgs.iter().any(returned), "returned organisation");
    has(province.lots.iter().any(|lot| lot.submissions.is_empty()), "draft");
    has(province.lots.iter().any(|lot| lot.submissions.len() == 2 && lot.published), "mended");
    let last = |lot: &sample::Lot| lot.submissions.last().map(|one| one.verdict.clone());
    has(province.lots.iter().any(|lot| last(lot) == Some(Verdict::Waiting)), "waiting");
    let back = |lot: &sample::Lot| matches!(last(lot), Some(Verdict::Returned { .. }));
    has(province.lots.iter().any(back), "returned lot");
    has(province.lots.iter().any(|lot| lot.place.is_none()), "lot without a place");
    has(province.products.iter().any(|one| one.pictures.is_empty()), "no picture");
    has(province.products.iter().any(|one| one.standards.is_empty()), "no standards");
    has(province.products.iter().any(|one| one.gtin.is_none()), "no GTIN");
    has(province.certificates.iter().any(|one| !one.verified), "unverified paper");
    let expired = |one: &sample::Certificate| one.expires_on.is_some_and(|day| day < TODAY);
    has(province.certificates.iter().any(expired), "expired paper");
    let stamps: Vec<_> = province.lots.iter().filter_map(|lot| lot.stamps.as_ref()).collect();
    has(stamps.iter().any(|one| one.void.is_some()), "void stamps");
    has(stamps.iter().any(|one| one.scans.iter().any(|scan| scan.times > 20)), "copied stamp");
    let spare = |one: &&sample::Stamps| one.void.is_some_and(|void| void.1 < one.count);
    has(stamps.iter().any(spare), "stamps not activated");
    let published = province.lots.iter().filter(|lot| lot.published).count();
    assert!(published >= 30 && published < province.lots.len(), "{published}");
    assert!(stamps.iter().all(|one| match (one.active, one.void) {
        (Some(active), Some(void)) => active.1 < void.0 && void.1 <= one.count,
        _ => true,
    }));
}

#[test]
fn two_seasons_of_paddy_lie_in_one_year() {
    let province = province(1);
    let months: HashSet<_> = province
        .lots
        .iter()
        .filter(|lot| lot.product == "thoc-seng-cu")
        .flat_map(|lot| &lot.steps)
        .filter(|step| step.card == Card::Harvest)
        .map(|step| (step.at.year(), step.at.month()))
        .collect();
    assert_eq!(months, HashSet::from([(2026, 6), (2026, 10)]));
}

/// Text is shown as it stands, so it must already be in the form that the portal stores.
#[test]
fn texts_are_clean_as_a_form_would_leave_them() {
    let Province { organisations, products, places, .. } = province(1);
    let texts = organisations
        .iter()
        .map(|one| one.legal_name.as_str())
        .chain(products.iter().map(|one| one.name.as_str()))
        .chain(products.iter().map(|one| one.description))
        .chain(places.iter().map(|one| one.name.as_str()));
    for text in texts {
        assert_eq!(text::clean(text, text::Rules::line(200)).expect("clean text"), text);
    }
}
