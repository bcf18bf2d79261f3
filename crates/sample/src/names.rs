//! Invented people. Family names are those common among Thái, H'Mông, Khơ Mú and Kinh of the region; the combination is
//! drawn, and the suffix says that nobody is meant.

use crate::rng::Draw;

/// What marks everything invented.
pub(crate) const MARK: &str = "(minh hoạ)";

/// Family name with middle name, and given names that go with it.
type People = (&'static [&'static str], &'static [&'static str]);

const PEOPLE: [People; 6] = [
    // Thái
    (
        &["Lò Văn", "Quàng Văn", "Cà Văn", "Tòng Văn", "Lường Văn", "Vì Văn"],
        &["Pánh", "Inh", "Hặc", "Thoan", "Ướng", "Biên", "Piến", "Chựa"],
    ),
    (
        &["Lò Thị", "Quàng Thị", "Cà Thị", "Tòng Thị", "Lường Thị", "Bạc Thị"],
        &["Ín", "Panh", "Hương", "Ọi", "Xuân", "Hoa", "Phóng", "Dung"],
    ),
    // H'Mông
    (
        &["Giàng A", "Vừ A", "Sùng A", "Mùa A", "Thào A", "Hạng A"],
        &["Chớ", "Páo", "Sình", "Dế", "Lử", "Khua", "Tủa", "Vàng"],
    ),
    (
        &["Giàng Thị", "Vừ Thị", "Sùng Thị", "Mùa Thị", "Thào Thị"],
        &["Mỷ", "Dợ", "Pla", "Chư", "Sua", "Máy"],
    ),
    // Kinh
    (
        &["Nguyễn Văn", "Trần Đức", "Phạm Quang", "Bùi Hữu", "Đỗ Trọng"],
        &["Lĩnh", "Thuận", "Khiêm", "Bảo", "Tường", "Vinh"],
    ),
    (
        &["Nguyễn Thị", "Trần Thu", "Phạm Ngọc", "Hoàng Minh", "Đặng Thúy"],
        &["Hà", "Nga", "Yến", "Thảo", "Diệp", "Khuê"],
    ),
];

/// A name without the mark.
pub(crate) fn person(draw: &mut Draw) -> String {
    let (families, given) = draw.pick(&PEOPLE);
    format!("{} {}", draw.pick(families), draw.pick(given))
}

/// `Lò Văn Pánh` → `Lò Văn Pánh (minh hoạ)`.
pub(crate) fn marked(name: &str) -> String {
    format!("{name} {MARK}")
}
