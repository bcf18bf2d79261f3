//! The groups that products are sorted into: those of the provincial plans and the six of the OCOP programme.
//!
//! Plan groups follow the traceability plans of the provinces, which name vegetables, fruit, pork, poultry, fish, forest
//! products, processed food and medicines; rice, tea and coffee, and other meat stand apart here for practice's sake. OCOP groups are those of Decision 148/QĐ-TTg of
//! 24 February 2023. A product has one plan group and, if it takes part in the programme, one OCOP group.

use gs1::Lang;

/// A group of products.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProductGroup {
    /// Stable in stored data.
    pub code: &'static str,
    /// Name in Vietnamese.
    pub vi: &'static str,
    /// Name in English.
    pub en: &'static str,
}

impl ProductGroup {
    /// The name.
    pub fn label(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::Vi => self.vi,
            Lang::En => self.en,
        }
    }
}

const fn group(code: &'static str, vi: &'static str, en: &'static str) -> ProductGroup {
    ProductGroup { code, vi, en }
}

/// The groups of the provincial plans.
pub const PLAN_GROUPS: [ProductGroup; 12] = [
    group("rau", "Rau, củ", "Vegetables"),
    group("qua", "Quả, trái cây", "Fruit"),
    group("luong-thuc", "Gạo, lương thực", "Rice and staple crops"),
    group("che-ca-phe", "Chè, cà phê", "Tea and coffee"),
    group("thit-lon", "Thịt lợn", "Pork"),
    group("thit-gia-cam", "Thịt gia cầm, trứng", "Poultry and eggs"),
    group("thit-khac", "Thịt khác", "Other meat"),
    group("thuy-san", "Thủy sản", "Fish and aquatic products"),
    group("lam-san", "Lâm sản", "Forest products"),
    group("che-bien", "Thực phẩm chế biến", "Processed food"),
    group("thuoc", "Thuốc chữa bệnh, dược liệu", "Medicines and medicinal plants"),
    group("khac", "Sản phẩm khác", "Other products"),
];

/// The six groups of the OCOP programme.
pub const OCOP_GROUPS: [ProductGroup; 6] = [
    group("ocop-1", "Thực phẩm", "Food"),
    group("ocop-2", "Đồ uống", "Drinks"),
    group(
        "ocop-3",
        "Dược liệu và sản phẩm từ dược liệu",
        "Medicinal plants and products from them",
    ),
    group("ocop-4", "Thủ công mỹ nghệ", "Handicrafts"),
    group("ocop-5", "Sinh vật cảnh", "Ornamental plants and animals"),
    group(
        "ocop-6",
        "Dịch vụ du lịch cộng đồng, du lịch sinh thái và điểm du lịch",
        "Community tourism, ecotourism and tourist sites",
    ),
];

/// The group, of either list, with this code.
pub fn product_group(code: &str) -> Option<&'static ProductGroup> {
    PLAN_GROUPS.iter().chain(&OCOP_GROUPS).find(|group| group.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_names_one_group_of_one_list() {
        let all: Vec<_> = PLAN_GROUPS.iter().chain(&OCOP_GROUPS).collect();
        for (at, group) in all.iter().enumerate() {
            assert!(all[..at].iter().all(|other| other.code != group.code), "{}", group.code);
            assert_eq!(product_group(group.code), Some(*group));
        }
        assert_eq!(product_group("ocop-7"), None);
    }
}
