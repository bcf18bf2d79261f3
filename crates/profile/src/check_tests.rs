use jiff::Timestamp;

use super::*;
use crate::load::profile;

fn stage(name: &str) -> Stage {
    Stage {
        name: name.to_owned(),
        product_code: Some("(01)08931234567894(10)SC-0726".to_owned()),
        location_code: Some("(414)8931234567818".to_owned()),
        time: Some(Timestamp::UNIX_EPOCH),
    }
}

/// A lot with everything that either profile asks for (minh hoạ).
fn whole() -> Record {
    let text = |text: &str| Some(text.to_owned());
    Record {
        product_name: text("Gạo Séng Cù"),
        images: 1,
        organisation_name: text("Hợp tác xã Nậm Rốm (minh hoạ)"),
        organisation_address: text("Bản Mường Pồn"),
        commune_code: text("03325"),
        stages: vec![stage("Gieo"), stage("Thu hoạch"), stage("Đóng gói")],
        production_time: Some(Timestamp::UNIX_EPOCH),
        trace_code: text("7K3M9Q2XWP4T"),
        brand: text("Nậm Rốm"),
        serial: text("000001"),
        expiry: text("12/10/2027"),
        standards: vec!["TCVN 11888:2017".to_owned()],
        origin: text("Việt Nam"),
        lot_number: text("SC-0726"),
        declared_none: [].into(),
    }
}

fn report(id: &str, record: &Record) -> Report {
    check(profile(id).unwrap(), record)
}

fn not_present(report: &Report) -> Vec<(&str, State)> {
    report
        .items
        .iter()
        .filter(|f| f.state != State::Present)
        .map(|f| (f.key.as_str(), f.state))
        .collect()
}

type Removal = (&'static str, State, fn(&mut Record));

const REMOVALS: [Removal; 11] = [
    ("product_name", State::Missing, |r| r.product_name = None),
    ("images", State::Missing, |r| r.images = 0),
    ("organisation_name", State::Missing, |r| r.organisation_name = Some("  ".to_owned())),
    ("organisation_address", State::Missing, |r| r.organisation_address = None),
    ("organisation_address", State::Missing, |r| r.commune_code = None),
    ("stages", State::Missing, |r| r.stages.clear()),
    ("production_time", State::Missing, |r| r.production_time = None),
    ("trace_code", State::Missing, |r| r.trace_code = None),
    ("brand", State::NotStated, |r| (r.brand, r.serial) = (None, None)),
    ("expiry", State::NotStated, |r| r.expiry = None),
    ("standards", State::Missing, |r| r.standards = vec![String::new()]),
];

#[test]
fn a_lot_with_all_ten_data_passes() {
    let report = report("TT02-2024", &whole());
    assert_eq!(not_present(&report), []);
    assert!(report.complete());
    assert_eq!(report.score(), (10, 10));
    assert!(report.items.iter().all(|finding| finding.details.is_empty()));
}

#[test]
fn removing_each_item_in_turn_gives_exactly_one_named_finding() {
    for (key, state, remove) in REMOVALS {
        let mut record = whole();
        remove(&mut record);
        let report = report("TT02-2024", &record);
        assert_eq!(not_present(&report), [(key, state)], "{key}");
        assert_eq!(report.complete(), state == State::NotStated, "{key}");
        assert_eq!(report.score(), (9, 10), "{key}");
        let finding = report.items.iter().find(|finding| finding.key == key).unwrap();
        assert_eq!(finding.details.len(), 1, "{key}");
        assert!(finding.details[0].message(Lang::Vi).starts_with("Chưa có "), "{key}");
    }
}

#[test]
fn a_stage_without_location_code_is_named() {
    let mut record = whole();
    record.stages[1].location_code = Some(String::new());
    let report = report("TT02-2024", &record);
    let missing: Vec<_> = report.missing().collect();
    assert_eq!(missing.len(), 1);
    assert_eq!(missing[0].number, 5);
    let messages: Vec<_> = missing[0].details.iter().map(|d| d.message(Lang::Vi)).collect();
    assert_eq!(messages, ["Công đoạn 2 “Thu hoạch” chưa có mã truy vết địa điểm"]);
    assert_eq!(
        missing[0].details[0].message(Lang::En),
        "Stage 2 “Thu hoạch” has no location trace code"
    );
}

#[test]
fn every_lack_of_every_stage_is_listed() {
    let mut record = whole();
    record.stages[0].time = None;
    record.stages[2] = Stage { name: " ".to_owned(), ..Stage::default() };
    let report = report("ND37-2026", &record);
    let details = &report.missing().next().unwrap().details;
    let lacks: Vec<_> = details.iter().map(|d| (d.fact, d.stage.as_ref().map(|s| s.0))).collect();
    assert_eq!(
        lacks,
        [
            (Fact::StageName, Some(2)),
            (Fact::StageProductCode, Some(2)),
            (Fact::StageLocationCode, Some(2)),
            (Fact::StageTime, Some(0)),
            (Fact::StageTime, Some(2)),
        ]
    );
    assert_eq!(details[1].message(Lang::Vi), "Công đoạn 3 chưa có mã truy vết sản phẩm");
}

#[test]
fn what_the_producer_says_does_not_exist_is_answered() {
    let mut record = whole();
    record.expiry = None;
    record.declared_none.insert("expiry".to_owned());
    let report = report("TT02-2024", &record);
    assert_eq!(not_present(&report), [("expiry", State::DeclaredNone)]);
    assert_eq!(report.score(), (10, 10));
}

#[test]
fn a_must_item_cannot_be_declared_away() {
    let mut record = whole();
    record.images = 0;
    record.declared_none.insert("images".to_owned());
    assert_eq!(not_present(&report("TT02-2024", &record)), [("images", State::Missing)]);
}

#[test]
fn what_is_there_counts_even_if_declared_as_none() {
    let mut record = whole();
    record.declared_none.insert("brand".to_owned());
    assert_eq!(not_present(&report("TT02-2024", &record)), []);
}

#[test]
fn a_brand_or_a_serial_number_is_enough() {
    let mut record = whole();
    record.brand = None;
    assert_eq!(not_present(&report("TT02-2024", &record)), []);
    assert_eq!(not_present(&report("ND37-2026", &record)), [("brand", State::NotStated)]);
}

#[test]
fn nd37_2026_also_demands_origin_and_a_lot_or_serial_number() {
    assert_eq!(not_present(&report("ND37-2026", &whole())), []);
    let mut record = whole();
    (record.origin, record.lot_number, record.serial) = (None, None, None);
    assert_eq!(
        not_present(&report("ND37-2026", &record)),
        [("origin", State::Missing), ("lot_number", State::Missing)]
    );
    assert!(report("TT02-2024", &record).complete());
}

#[test]
fn an_empty_record_misses_every_must_item() {
    let report = report("TT02-2024", &Record::default());
    assert_eq!(report.missing().count(), 8);
    assert_eq!(report.score(), (0, 10));
    let stages = report.items.iter().find(|finding| finding.key == "stages").unwrap();
    assert_eq!(
        stages.details.iter().map(|d| d.message(Lang::Vi)).collect::<Vec<_>>(),
        ["Chưa có công đoạn nào"]
    );
}

#[test]
fn a_report_is_json_for_machines() {
    let mut record = whole();
    record.stages[1].location_code = None;
    let json = serde_json::to_value(report("TT02-2024", &record)).unwrap();
    assert_eq!(json["items"][4]["state"], "missing");
    assert_eq!(json["items"][4]["details"][0]["fact"], "stage_location_code");
    assert_eq!(json["items"][0]["label"]["en"], "Name of the product");
}

#[test]
fn an_if_any_item_that_is_there_in_part_is_missing() {
    let mut profile = profile("TT02-2024").unwrap().clone();
    profile.items[8].facts.push(Fact::Origin);
    let record = Record { origin: None, ..whole() };
    assert_eq!(not_present(&check(&profile, &record)), [("expiry", State::Missing)]);
}
