//! The kinds of certificate and other evidence that an organisation shows for itself, its places or its products.
//!
//! A kind says what a paper is; number, issuer, scope and dates belong to the paper itself.

use gs1::Lang;

/// A kind of certificate or evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CertificateKind {
    /// Stable in stored data.
    pub code: &'static str,
    /// Name in Vietnamese.
    pub vi: &'static str,
    /// Name in English.
    pub en: &'static str,
    /// Who vouches for it.
    pub basis: Basis,
    /// Months it is valid where a rule fixes that; the paper's own dates go first.
    pub months: Option<u8>,
}

/// Who vouches for the content of a paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Basis {
    /// A certification body or laboratory.
    ThirdParty,
    /// A public authority.
    Authority,
    /// The organisation itself: a declaration or a commitment.
    OwnDeclaration,
}

impl CertificateKind {
    /// The name.
    pub fn label(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::Vi => self.vi,
            Lang::En => self.en,
        }
    }
}

const fn kind(
    code: &'static str,
    vi: &'static str,
    en: &'static str,
    basis: Basis,
    months: Option<u8>,
) -> CertificateKind {
    CertificateKind { code, vi, en, basis, months }
}

use Basis::{Authority, OwnDeclaration, ThirdParty};

/// All kinds. Terms of validity: OCOP by Decision 148/QĐ-TTg, food safety by Circulars 38/2018 and 17/2018/TT-BNNPTNT.
pub const CERTIFICATE_KINDS: [CertificateKind; 35] = [
    kind("vietgap-trong-trot", "VietGAP trồng trọt", "VietGAP crops", ThirdParty, None),
    kind("vietgap-chan-nuoi", "VietGAP chăn nuôi", "VietGAP livestock", ThirdParty, None),
    kind("vietgap-thuy-san", "VietGAP thủy sản", "VietGAP aquaculture", ThirdParty, None),
    kind("globalgap", "GlobalG.A.P.", "GLOBALG.A.P.", ThirdParty, None),
    kind("haccp", "HACCP", "HACCP", ThirdParty, None),
    kind("iso-22000", "ISO 22000", "ISO 22000", ThirdParty, None),
    kind("fssc-22000", "FSSC 22000", "FSSC 22000", ThirdParty, None),
    kind("iso-9001", "ISO 9001", "ISO 9001", ThirdParty, None),
    kind("huu-co-vn", "Hữu cơ TCVN 11041", "Organic, TCVN 11041", ThirdParty, None),
    kind("huu-co-eu", "Hữu cơ châu Âu", "Organic, European Union", ThirdParty, None),
    kind("huu-co-usda", "Hữu cơ Hoa Kỳ (USDA)", "Organic, USDA", ThirdParty, None),
    kind("huu-co-jas", "Hữu cơ Nhật Bản (JAS)", "Organic, JAS", ThirdParty, None),
    kind("4c", "4C (cà phê)", "4C (coffee)", ThirdParty, None),
    kind("rainforest", "Rainforest Alliance", "Rainforest Alliance", ThirdParty, None),
    kind("ocop-1", "OCOP 1 sao", "OCOP 1 star", Authority, Some(36)),
    kind("ocop-2", "OCOP 2 sao", "OCOP 2 stars", Authority, Some(36)),
    kind("ocop-3", "OCOP 3 sao", "OCOP 3 stars", Authority, Some(36)),
    kind("ocop-4", "OCOP 4 sao", "OCOP 4 stars", Authority, Some(36)),
    kind("ocop-5", "OCOP 5 sao", "OCOP 5 stars", Authority, Some(36)),
    kind(
        "attp",
        "Giấy chứng nhận cơ sở đủ điều kiện an toàn thực phẩm",
        "Food safety certificate of the establishment",
        Authority,
        Some(36),
    ),
    kind(
        "cam-ket-attp",
        "Bản cam kết sản xuất, kinh doanh thực phẩm an toàn",
        "Commitment to safe food",
        OwnDeclaration,
        Some(36),
    ),
    kind(
        "kien-thuc-attp",
        "Xác nhận kiến thức an toàn thực phẩm",
        "Confirmation of food safety knowledge",
        OwnDeclaration,
        None,
    ),
    kind(
        "chuoi",
        "Giấy xác nhận chuỗi cung ứng thực phẩm an toàn",
        "Confirmation of a safe food chain",
        Authority,
        None,
    ),
    kind(
        "he-thong-txng",
        "Chứng nhận hệ thống truy xuất nguồn gốc",
        "Certificate of the traceability system",
        ThirdParty,
        None,
    ),
    kind("tu-cong-bo", "Bản tự công bố sản phẩm", "Product self-declaration", OwnDeclaration, None),
    kind(
        "dang-ky-cong-bo",
        "Giấy tiếp nhận đăng ký bản công bố sản phẩm",
        "Registered product declaration",
        Authority,
        None,
    ),
    kind(
        "cong-bo-tieu-chuan",
        "Công bố tiêu chuẩn áp dụng",
        "Declaration of applied standard",
        OwnDeclaration,
        None,
    ),
    kind(
        "hop-chuan-hop-quy",
        "Công bố hợp chuẩn, hợp quy",
        "Declaration of conformity",
        OwnDeclaration,
        None,
    ),
    kind(
        "vung-trong-dong-goi",
        "Mã số vùng trồng, cơ sở đóng gói",
        "Growing area or packing house code",
        Authority,
        None,
    ),
    kind("kiem-dich", "Giấy chứng nhận kiểm dịch", "Quarantine certificate", Authority, None),
    kind("co", "Giấy chứng nhận xuất xứ (C/O)", "Certificate of origin", Authority, None),
    kind("kiem-nghiem", "Phiếu kiểm nghiệm", "Test report", ThirdParty, None),
    kind("chi-dan-dia-ly", "Chỉ dẫn địa lý", "Geographical indication", Authority, None),
    kind(
        "nhan-hieu",
        "Nhãn hiệu tập thể, nhãn hiệu chứng nhận",
        "Collective or certification mark",
        Authority,
        None,
    ),
    kind(
        "ma-so-ma-vach",
        "Giấy chứng nhận quyền sử dụng mã số mã vạch",
        "Right to use GS1 codes",
        Authority,
        None,
    ),
];

/// The kind with this code.
pub fn certificate_kind(code: &str) -> Option<&'static CertificateKind> {
    CERTIFICATE_KINDS.iter().find(|kind| kind.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_names_one_kind_in_both_languages() {
        for (at, kind) in CERTIFICATE_KINDS.iter().enumerate() {
            assert!(
                CERTIFICATE_KINDS[..at].iter().all(|other| other.code != kind.code),
                "{}",
                kind.code
            );
            assert_eq!(certificate_kind(kind.code), Some(kind));
            assert!(!kind.label(Lang::Vi).is_empty() && !kind.label(Lang::En).is_empty());
        }
    }

    #[test]
    fn an_ocop_certificate_lasts_three_years() {
        assert_eq!(certificate_kind("ocop-4").and_then(|kind| kind.months), Some(36));
        assert_eq!(certificate_kind("haccp").and_then(|kind| kind.months), None);
    }
}
