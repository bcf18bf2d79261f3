use super::*;
use crate::fold;

/// Communes per province, as counted from Decision 19/2025/QĐ-TTg.
const COMMUNES_PER_PROVINCE: [(&str, usize); 34] = [
    ("01", 126),
    ("04", 56),
    ("08", 124),
    ("11", 45),
    ("12", 38),
    ("14", 75),
    ("15", 99),
    ("19", 92),
    ("20", 65),
    ("22", 54),
    ("24", 99),
    ("25", 148),
    ("31", 114),
    ("33", 104),
    ("37", 129),
    ("38", 166),
    ("40", 130),
    ("42", 69),
    ("44", 78),
    ("46", 40),
    ("48", 94),
    ("51", 96),
    ("52", 135),
    ("56", 65),
    ("66", 102),
    ("68", 124),
    ("75", 95),
    ("79", 168),
    ("80", 96),
    ("82", 102),
    ("86", 124),
    ("91", 102),
    ("92", 103),
    ("96", 64),
];

#[test]
fn every_province_has_its_number_of_communes() {
    let counted: Vec<_> = provinces().iter().map(|p| (p.code, communes_of(p.code).len())).collect();
    assert_eq!(counted, COMMUNES_PER_PROVINCE);
    assert_eq!(communes().len(), 3321);
    assert_eq!(communes_of("02").len(), 0);
}

#[test]
fn communes_are_2621_xa_687_phuong_13_dac_khu() {
    let count = |kind| communes().iter().filter(|c| c.kind == kind).count();
    assert_eq!(
        (count(Kind::Commune), count(Kind::Ward), count(Kind::SpecialZone)),
        (2621, 687, 13)
    );
    assert_eq!(provinces().iter().filter(|p| p.kind == Kind::City).count(), 6);
}

#[test]
fn no_old_commune_is_lost_and_471_were_split() {
    assert_eq!(old_communes().len(), 10_040);
    let mut parts = [0; 6];
    for unit in old_communes() {
        parts[unit.successors().communes().len()] += 1;
    }
    assert_eq!(parts, [0, 9569, 397, 58, 15, 1]);
    let districts: std::collections::HashSet<_> =
        old_communes().iter().map(|u| u.district_code).collect();
    let provinces: std::collections::HashSet<_> =
        old_communes().iter().map(|u| u.province_code).collect();
    assert_eq!((districts.len(), provinces.len()), (696, 63));
    for (code, count) in [("11", 129), ("01", 526), ("74", 91), ("36", 175), ("58", 62)] {
        assert_eq!(
            old_communes().iter().filter(|u| u.province_code == code).count(),
            count,
            "{code}"
        );
    }
}

#[test]
fn every_code_finds_its_own_unit() {
    for unit in communes() {
        assert_eq!(commune(unit.code), Some(unit));
        assert_eq!(unit.province().code, unit.province_code);
        assert!(unit.code.len() == 5 && unit.code.bytes().all(|b| b.is_ascii_digit()));
        assert!(
            (8.0..24.0).contains(&unit.latitude) && (102.0..115.0).contains(&unit.longitude),
            "{unit}"
        );
    }
    for unit in old_communes() {
        assert_eq!(old_commune(unit.code), Some(unit));
        assert_eq!(unit.code.len(), if unit.kind == Kind::IslandDistrict { 3 } else { 5 });
    }
    assert_eq!((commune("4"), commune(""), old_commune("99999")), (None, None, None));
}

/// How many old communes went, whole or in part, into each commune.
fn predecessors() -> std::collections::HashMap<&'static str, usize> {
    let mut count = std::collections::HashMap::new();
    for commune in old_communes().iter().flat_map(|unit| unit.successors().communes()) {
        *count.entry(commune.code).or_default() += 1;
    }
    count
}

#[test]
fn every_commune_of_today_came_from_somewhere() {
    let count = predecessors();
    let orphans: Vec<_> = communes().iter().filter(|c| !count.contains_key(c.code)).collect();
    assert_eq!(orphans, Vec::<&Commune>::new());
}

#[test]
fn names_are_stored_composed_and_trimmed() {
    use unicode_normalization::is_nfc;
    for name in communes().iter().map(|c| c.name).chain(old_communes().iter().map(|c| c.name)) {
        assert!(
            is_nfc(name) && name.trim() == name && !name.contains('’') && !name.is_empty(),
            "{name}"
        );
    }
}

#[test]
fn a_code_is_read_in_the_division_of_its_day() {
    assert_eq!(as_of(date(2025, 6, 30)), Division::ThreeLevels);
    assert_eq!(as_of(TWO_LEVELS_SINCE), Division::TwoLevels);
    assert_eq!(
        as_of(date(2025, 6, 30)).full_address("00004").as_deref(),
        Some("phường Trúc Bạch, quận Ba Đình, thành phố Hà Nội")
    );
    assert_eq!(
        as_of(date(2026, 1, 1)).full_address("00004").as_deref(),
        Some("phường Ba Đình, thành phố Hà Nội")
    );
    assert_eq!(as_of(date(2026, 1, 1)).full_address("498"), None);
    assert_eq!(
        as_of(date(2024, 1, 1)).full_address("498").as_deref(),
        Some("huyện Hoàng Sa, thành phố Đà Nẵng")
    );
}

#[test]
fn a_split_commune_names_every_part_and_chooses_none() {
    let Some(Successors::Split(parts)) = successors("00454") else {
        panic!("Đông Anh was split")
    };
    let titles: Vec<_> = parts.iter().map(|c| c.title()).collect();
    assert_eq!(parts.len(), 3, "{titles:?}");
    assert!(titles.iter().any(|t| t == "xã Đông Anh"), "{titles:?}");
}

#[test]
fn unchanged_means_alone_with_the_same_kind_and_name() {
    let count = predecessors();
    for unit in old_communes() {
        let successors = unit.successors();
        let now = successors.communes();
        let alone = now.len() == 1 && count[now[0].code] == 1;
        let same = (unit.kind, unit.name) == (now[0].kind, now[0].name);
        let unchanged = matches!(successors, Successors::Unchanged(_));
        assert_eq!(unchanged, alone && same, "{}", unit.full_address());
    }
    let hoang_sa = successors("498");
    assert!(matches!(hoang_sa, Some(Successors::One(now)) if now.title() == "đặc khu Hoàng Sa"));
    assert_eq!(successors("99999"), None);
}

fn lines(hits: &[Hit]) -> Vec<String> {
    hits.iter()
        .map(|hit| match hit {
            Hit::New(commune) => full_address(commune),
            Hit::Old { unit, successors } => {
                let now: Vec<_> = successors.communes().iter().map(|c| c.title()).collect();
                format!("{} → {}", unit.full_address(), now.join(" | "))
            }
        })
        .collect()
}

#[test]
fn a_name_is_found_without_marks_in_any_spelling() {
    let plain = lines(&find("tua chua", 5));
    assert_eq!(plain[0], "xã Tủa Chùa, tỉnh Điện Biên");
    for query in [
        "Tủa Chùa",
        "TỦA CHÙA",
        "tuachua",
        "Tu\u{309}a Chu\u{300}a",
        " xã  tủa-chùa",
        "tua chua dien bien",
    ] {
        assert_eq!(lines(&find(query, 1))[0], "xã Tủa Chùa, tỉnh Điện Biên", "{query}");
    }
}

#[test]
fn a_whole_name_comes_before_a_beginning_before_a_part() {
    let hits = find("Thanh An", 400);
    let names: Vec<_> = hits
        .iter()
        .map(|hit| match hit {
            Hit::New(c) => fold(c.name),
            Hit::Old { unit, .. } => fold(unit.name),
        })
        .collect();
    let class = |name: &String| {
        if name == "thanh an" {
            0
        } else if name.starts_with("thanh an") {
            1
        } else {
            2
        }
    };
    assert!(names.iter().map(class).is_sorted(), "{names:?}");
    assert!(matches!(hits[0], Hit::New(c) if c.name == "Thanh An"), "{:?}", lines(&hits[..3]));
    assert!(lines(&hits).contains(&"xã Thanh An, tỉnh Điện Biên".to_owned()));
}

#[test]
fn an_address_with_its_district_finds_the_old_unit_and_where_it_went() {
    let hits = lines(&find("xã Thanh An huyện Điện Biên", 3));
    assert_eq!(hits[0], "xã Thanh An, tỉnh Điện Biên");
    assert_eq!(hits[1], "xã Thanh An, huyện Điện Biên, tỉnh Điện Biên → xã Thanh An");
    assert_eq!(lines(&find("xa thanh an, h. dien bien", 3)), hits);
}

#[test]
fn a_district_or_province_alone_gives_the_communes_around() {
    assert!(
        lines(&find("huyện Tủa Chùa", 60))
            .iter()
            .any(|line| line.starts_with("xã Mường Báng, huyện Tủa Chùa"))
    );
    let hits = find("tỉnh Lai Châu", 1000);
    assert_eq!(
        hits.iter().filter(|hit| matches!(hit, Hit::New(c) if c.province_code == "12")).count(),
        38
    );
}

#[test]
fn a_word_that_does_not_fit_finds_nothing_rather_than_something_else() {
    assert_eq!(find("Thanh An Cà Mau xyz", 5), []);
    assert_eq!(find("  ,.! ", 5), []);
    assert_eq!(find("Thanh An", 0), []);
    assert_eq!(lines(&find("03127", 1)).len(), 1);
}

#[test]
fn a_name_that_looks_like_a_kind_is_still_a_name() {
    assert_eq!(lines(&find("xã Xa Dung", 1))[0], "xã Xa Dung, tỉnh Điện Biên");
    assert_eq!(lines(&find("Xa Dung", 1))[0], "xã Xa Dung, tỉnh Điện Biên");
}

#[test]
fn a_name_with_the_marks_as_typed_comes_first() {
    assert_eq!(lines(&find("xã Ba Dinh", 1))[0], "xã Ba Dinh, tỉnh Quảng Ngãi");
    assert_eq!(lines(&find("xã Ba Đình", 1))[0], "xã Ba Đình, tỉnh Thanh Hóa");
}

#[test]
fn an_unchanged_unit_is_not_listed_twice() {
    let old = old_communes().iter().find(|u| matches!(u.successors(), Successors::Unchanged(_)));
    let old = old.unwrap();
    let hits = find(&old.full_address(), 50);
    assert!(hits.iter().any(|hit| matches!(hit, Hit::Old { unit, .. } if *unit == old)));
    let now = old.successors().communes()[0];
    let hits = find(&now.title(), 2000);
    assert!(hits.contains(&Hit::New(now)));
    assert!(!hits.iter().any(|hit| matches!(hit, Hit::Old { unit, .. } if *unit == old)));
}

#[test]
fn a_number_is_not_cut_into_a_shorter_one() {
    assert!(lines(&find("phường 1 quận 10", 1))[0].starts_with("phường 1, quận 10"));
    assert_eq!(find("phường 110", 5), []);
}
