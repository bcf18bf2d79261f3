//! Administrative units: the 34 provinces and 3,321 communes since 1 July 2025, and the 10,040 communes before.
//!
//! The tables are compiled in (`data/`, see its README for source and licence) and parsed once, on first use. A code is
//! text with leading zeros and means nothing without a date: the numbering went on across the reform, and `00004` was the
//! ward Trúc Bạch before it and is the ward Ba Đình since. New and old units are therefore different types.

mod search;
mod table;

use std::fmt;

use jiff::civil::{Date, date};

pub use search::{Hit, find};

/// The first day of the two-level division (Decision 19/2025/QĐ-TTg).
pub const TWO_LEVELS_SINCE: Date = date(2025, 7, 1);

/// What a unit is called in front of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Tỉnh.
    Province,
    /// Thành phố trực thuộc trung ương.
    City,
    /// Xã.
    Commune,
    /// Phường.
    Ward,
    /// Đặc khu, since July 2025.
    SpecialZone,
    /// Thị trấn, until June 2025.
    Township,
    /// One of the five island districts that had no communes and stood for themselves until June 2025.
    IslandDistrict,
}

impl Kind {
    /// The word as it stands in an address: `xã`, `phường`, `tỉnh`…
    pub const fn word(self) -> &'static str {
        match self {
            Self::Province => "tỉnh",
            Self::City => "thành phố",
            Self::Commune => "xã",
            Self::Ward => "phường",
            Self::SpecialZone => "đặc khu",
            Self::Township => "thị trấn",
            Self::IslandDistrict => "huyện",
        }
    }
}

/// A province or city of the first level, since July 2025.
#[derive(Clone, Debug, PartialEq)]
pub struct Province {
    /// Two digits.
    pub code: &'static str,
    /// [`Kind::Province`] or [`Kind::City`].
    pub kind: Kind,
    /// The name without kind: `Điện Biên`.
    pub name: &'static str,
    /// Degrees north (WGS 84), of a point inside, not of an office.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
}

/// A commune, ward or special zone, since July 2025.
#[derive(Clone, Debug, PartialEq)]
pub struct Commune {
    /// Five digits.
    pub code: &'static str,
    /// [`Kind::Commune`], [`Kind::Ward`] or [`Kind::SpecialZone`].
    pub kind: Kind,
    /// The name without kind: `Thanh An`.
    pub name: &'static str,
    /// The province's two digits.
    pub province_code: &'static str,
    /// Degrees north (WGS 84), of a point inside, not of an office.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// Position in the table of provinces.
    province: u16,
}

/// A commune, ward or township as it was until 30 June 2025, with the district and province of that time.
#[derive(Clone, Debug, PartialEq)]
pub struct OldCommune {
    /// Five digits; the three digits of the district for an island district.
    pub code: &'static str,
    /// [`Kind::Commune`], [`Kind::Ward`], [`Kind::Township`] or [`Kind::IslandDistrict`].
    pub kind: Kind,
    /// The name without kind.
    pub name: &'static str,
    /// Three digits.
    pub district_code: &'static str,
    /// With its kind: `Huyện Điện Biên`.
    pub district_name: &'static str,
    /// Two digits, of the 63 provinces of that time.
    pub province_code: &'static str,
    /// With its kind: `Tỉnh Điện Biên`.
    pub province_name: &'static str,
    /// As in the table: codes by comma, with `=` in front where the unit goes on unchanged.
    successors: &'static str,
    /// Which run of communes of one district it is in; the search folds a district's name once a run.
    district: u16,
}

/// What became of an old commune on 1 July 2025.
#[derive(Clone, Debug, PartialEq)]
pub enum Successors {
    /// It goes on alone under the same kind and name (its district is gone from the address all the same).
    Unchanged(&'static Commune),
    /// It went, whole, into this commune.
    One(&'static Commune),
    /// It was divided among these; only a person, or a position on the map, can say which. Never choose by program.
    Split(Vec<&'static Commune>),
}

impl Successors {
    /// All of them, one or several.
    pub fn communes(&self) -> Vec<&'static Commune> {
        match self {
            Self::Unchanged(commune) | Self::One(commune) => vec![commune],
            Self::Split(communes) => communes.clone(),
        }
    }
}

impl Province {
    /// `tỉnh Điện Biên`, `thành phố Hà Nội`.
    pub fn title(&self) -> String {
        format!("{} {}", self.kind.word(), self.name)
    }
}

impl Commune {
    /// `xã Thanh An`.
    pub fn title(&self) -> String {
        format!("{} {}", self.kind.word(), self.name)
    }

    /// The province it lies in.
    pub fn province(&self) -> &'static Province {
        &table::new().provinces[usize::from(self.province)]
    }
}

impl OldCommune {
    /// `xã Thanh An`, `thị trấn Tủa Chùa`, `huyện Lý Sơn`.
    pub fn title(&self) -> String {
        format!("{} {}", self.kind.word(), self.name)
    }

    /// `xã Thanh An, huyện Điện Biên, tỉnh Điện Biên`.
    pub fn full_address(&self) -> String {
        let province = lower_first(self.province_name);
        if self.kind == Kind::IslandDistrict {
            return format!("{}, {province}", self.title());
        }
        format!("{}, {}, {province}", self.title(), lower_first(self.district_name))
    }

    /// What became of it.
    pub fn successors(&self) -> Successors {
        let unchanged = self.successors.strip_prefix('=');
        let codes = unchanged.unwrap_or(self.successors);
        let communes: Vec<_> = codes.split(',').filter_map(commune).collect();
        match communes.as_slice() {
            [commune] if unchanged.is_some() => Successors::Unchanged(commune),
            [commune] => Successors::One(commune),
            _ => Successors::Split(communes),
        }
    }
}

impl fmt::Display for Commune {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&full_address(self))
    }
}

/// Which division of the country is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Division {
    /// Provinces, districts, communes: until 30 June 2025. The table is the last state of it.
    ThreeLevels,
    /// Provinces and communes: since 1 July 2025.
    TwoLevels,
}

/// Which division was in force on a day.
pub fn as_of(day: Date) -> Division {
    if day < TWO_LEVELS_SINCE { Division::ThreeLevels } else { Division::TwoLevels }
}

impl Division {
    /// The full address of a commune code read in this division.
    pub fn full_address(self, code: &str) -> Option<String> {
        match self {
            Self::ThreeLevels => old_commune(code).map(OldCommune::full_address),
            Self::TwoLevels => commune(code).map(full_address),
        }
    }
}

/// The 34 provinces and cities, by code.
pub fn provinces() -> &'static [Province] {
    &table::new().provinces
}

/// The province of a two-digit code.
pub fn province(code: &str) -> Option<&'static Province> {
    provinces().iter().find(|province| province.code == code)
}

/// All 3,321 communes, by province and code.
pub fn communes() -> &'static [Commune] {
    &table::new().communes
}

/// The communes of a province, by code; empty for a code that no province has.
pub fn communes_of(province_code: &str) -> &'static [Commune] {
    let all = communes();
    let start = all.partition_point(|commune| commune.province_code < province_code);
    let end = all.partition_point(|commune| commune.province_code <= province_code);
    &all[start..end]
}

/// The commune of a five-digit code, read in the division since July 2025.
pub fn commune(code: &str) -> Option<&'static Commune> {
    table::new().commune(code)
}

/// All 10,040 old communes, by code.
pub fn old_communes() -> &'static [OldCommune] {
    &table::old().communes
}

/// The commune of a five-digit code, read in the division until June 2025.
pub fn old_commune(code: &str) -> Option<&'static OldCommune> {
    table::old().commune(code)
}

/// What became of the old commune of this code; `None` where no old commune had it.
pub fn successors(old_code: &str) -> Option<Successors> {
    old_commune(old_code).map(OldCommune::successors)
}

/// `xã Thanh An, tỉnh Điện Biên`.
pub fn full_address(commune: &Commune) -> String {
    format!("{}, {}", commune.title(), commune.province().title())
}

/// `Huyện Điện Biên` inside an address is `huyện Điện Biên`.
fn lower_first(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

#[cfg(test)]
mod tests;
