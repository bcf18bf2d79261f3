//! Parsing of the three compiled-in tables.
//!
//! They are ours and a test reads every line, so a line that does not parse is left out here rather than handled.

use std::sync::OnceLock;

use super::{Commune, Kind, OldCommune, Province};

const PROVINCES: &str = include_str!("../../data/provinces.tsv");
const COMMUNES: &str = include_str!("../../data/communes.tsv");
const OLD_COMMUNES: &str = include_str!("../../data/old_communes.tsv");

/// The division of today. Positions fit `u16`: there are 3,321 communes.
pub(super) struct New {
    pub(super) provinces: Vec<Province>,
    pub(super) communes: Vec<Commune>,
    /// Positions in `communes`, which is by province, by code.
    by_code: Vec<u16>,
}

/// The division until June 2025, parsed apart because most pages never need it.
pub(super) struct Old {
    /// By code, as in the file.
    pub(super) communes: Vec<OldCommune>,
}

impl New {
    pub(super) fn commune(&self, code: &str) -> Option<&Commune> {
        let at =
            self.by_code.binary_search_by_key(&code, |at| self.communes[usize::from(*at)].code);
        at.ok().map(|at| &self.communes[usize::from(self.by_code[at])])
    }
}

impl Old {
    pub(super) fn commune(&self, code: &str) -> Option<&OldCommune> {
        let at = self.communes.binary_search_by_key(&code, |unit| unit.code).ok()?;
        Some(&self.communes[at])
    }
}

/// The division of today, parsed on first use.
pub(super) fn new() -> &'static New {
    static TABLE: OnceLock<New> = OnceLock::new();
    TABLE.get_or_init(|| {
        let provinces: Vec<Province> = PROVINCES.lines().filter_map(province).collect();
        let communes: Vec<Commune> =
            COMMUNES.lines().filter_map(|line| commune(line, &provinces)).collect();
        let mut by_code: Vec<u16> = (0..communes.len()).map(|at| at as u16).collect();
        by_code.sort_by_key(|at| communes[usize::from(*at)].code);
        New { provinces, communes, by_code }
    })
}

/// The division until June 2025, parsed on first use.
pub(super) fn old() -> &'static Old {
    static TABLE: OnceLock<Old> = OnceLock::new();
    TABLE.get_or_init(|| Old { communes: old_communes() })
}

fn kind(letter: &str) -> Option<Kind> {
    Some(match letter {
        "x" => Kind::Commune,
        "p" => Kind::Ward,
        "d" => Kind::SpecialZone,
        "t" => Kind::Township,
        "h" => Kind::IslandDistrict,
        _ => return None,
    })
}

fn province(line: &'static str) -> Option<Province> {
    let mut cells = line.split('\t');
    Some(Province {
        code: cells.next()?,
        kind: if cells.next()? == "c" { Kind::City } else { Kind::Province },
        name: cells.next()?,
        latitude: cells.next()?.parse().ok()?,
        longitude: cells.next()?.parse().ok()?,
    })
}

fn commune(line: &'static str, provinces: &[Province]) -> Option<Commune> {
    let mut cells = line.split('\t');
    let (code, province_code) = (cells.next()?, cells.next()?);
    let province = provinces.binary_search_by_key(&province_code, |province| province.code).ok()?;
    Some(Commune {
        code,
        kind: kind(cells.next()?)?,
        name: cells.next()?,
        province_code,
        latitude: cells.next()?.parse().ok()?,
        longitude: cells.next()?.parse().ok()?,
        province: province as u16,
    })
}

/// Lines `P code name` and `D code name` say where the communes after them lie; `districts` counts the latter.
fn old_communes() -> Vec<OldCommune> {
    let mut old = Vec::with_capacity(10_040);
    let (mut province, mut district, mut districts) = (("", ""), ("", ""), 0u16);
    for line in OLD_COMMUNES.lines() {
        let mut cells = line.split('\t');
        let (Some(first), Some(second), Some(third)) = (cells.next(), cells.next(), cells.next())
        else {
            continue;
        };
        match first {
            "P" => province = (second, third),
            "D" => {
                district = (second, third);
                districts += 1;
            }
            code => {
                let (Some(kind), Some(successors)) = (kind(second), cells.next()) else { continue };
                old.push(OldCommune {
                    code,
                    kind,
                    name: third,
                    district_code: district.0,
                    district_name: district.1,
                    province_code: province.0,
                    province_name: province.1,
                    successors,
                    district: districts - 1,
                });
            }
        }
    }
    old
}
