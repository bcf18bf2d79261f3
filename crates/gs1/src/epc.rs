//! EPC URNs and Digital Links are two spellings of one identity (Tag Data Standard 2.2, 6; EPCIS 2.0
//! prefers the link). Here one becomes the other, and any identifier of an event becomes the text the
//! event store looks it up by.

mod from_urn;
mod inspect;
mod spelling;
pub mod tag;
mod to_urn;

use std::borrow::Cow;

pub use from_urn::{to_elements, to_link};
pub use inspect::{Form, Inspected, inspect};
pub use spelling::{of_ai_json, of_bare, to_ai_json, to_bare};
pub use to_urn::{to_urn, to_urn_by, to_urn_known};

use crate::lang::Lang;
use crate::link::{LinkError, Reading, View};

/// An EPC URN or link cannot be turned into the other.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message(Lang::En))]
#[non_exhaustive]
pub enum EpcError {
    /// Not `urn:epc:id:`, `urn:epc:class:` or `urn:epc:idpat:`.
    NotEpc,
    /// An EPC scheme that is no GS1 key, such as `gid` or `usdod`, or none at all.
    UnknownScheme {
        /// The scheme found.
        scheme: String,
    },
    /// The scheme has more or fewer parts between dots.
    WrongParts {
        /// Parts the scheme has.
        expected: usize,
    },
    /// The company prefix is not 6 to 12 digits.
    CompanyPrefix,
    /// Prefix and reference together have another number of digits.
    WrongLength {
        /// Digits the two must have.
        expected: usize,
    },
    /// A part that must be digits is not.
    NotDigits,
    /// A character that must be escaped or may not stand there (TDS 2.2, Annex A and 6.3).
    Character {
        /// What was found.
        found: String,
    },
    /// A serial number that is empty or too long.
    SerialLength {
        /// The greatest number of characters.
        most: usize,
    },
    /// A pattern must end with `*`.
    NotPattern,
    /// The key has no EPC URN, or none at this level.
    NoUrn {
        /// The AI of the key.
        ai: String,
    },
    /// No rule says how long the company prefix of the key is.
    UnknownCompanyPrefixLength,
    /// The link itself is not valid.
    Link(LinkError),
    /// Not hexadecimal.
    NotHex,
    /// The tag has fewer bits than its scheme.
    TagTooShort,
    /// No scheme has this header.
    TagHeader {
        /// The first eight bits.
        header: u8,
    },
    /// Bits that no encoding of the scheme writes.
    TagBits,
    /// Data follow the identity that cannot be read: an AI without a table, or bits of none.
    TagData,
    /// The filter is not a number up to the greatest.
    TagFilter {
        /// The greatest.
        most: u8,
    },
    /// The identity has more than the scheme can hold.
    DoesNotFit {
        /// The scheme.
        scheme: &'static str,
    },
    /// No tag scheme holds the key, or not at this level.
    NoTag {
        /// The AI of the key.
        ai: String,
    },
}

impl EpcError {
    /// A name that stays.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::NotEpc => "NOT_AN_EPC_URN",
            Self::UnknownScheme { .. } => "EPC_SCHEME_UNKNOWN",
            Self::WrongParts { .. } => "EPC_WRONG_NUMBER_OF_PARTS",
            Self::CompanyPrefix => "EPC_COMPANY_PREFIX_INVALID",
            Self::WrongLength { .. } => "EPC_WRONG_LENGTH",
            Self::NotDigits => "EPC_NOT_DIGITS",
            Self::Character { .. } => "EPC_ILLEGAL_CHARACTER",
            Self::SerialLength { .. } => "EPC_SERIAL_LENGTH",
            Self::NotPattern => "EPC_NOT_A_PATTERN",
            Self::NoUrn { .. } => "EPC_NO_URN_FOR_KEY",
            Self::UnknownCompanyPrefixLength => "EPC_COMPANY_PREFIX_LENGTH_UNKNOWN",
            Self::Link(error) => error.name,
            Self::NotHex => "TAG_NOT_HEXADECIMAL",
            Self::TagTooShort => "TAG_TOO_SHORT",
            Self::TagHeader { .. } => "TAG_HEADER_UNKNOWN",
            Self::TagBits => "TAG_BITS_INVALID",
            Self::TagData => "TAG_DATA_NOT_SUPPORTED",
            Self::TagFilter { .. } => "TAG_FILTER_INVALID",
            Self::DoesNotFit { .. } => "TAG_DOES_NOT_FIT",
            Self::NoTag { .. } => "TAG_NO_SCHEME_FOR_KEY",
        }
    }

    /// The sentence for people, without a full stop.
    pub fn message(&self, lang: Lang) -> String {
        let (vi, en) = match self {
            Self::NotEpc => {
                ("Đây không phải là EPC URN".to_owned(), "This is no EPC URN".to_owned())
            }
            Self::UnknownScheme { scheme } => (
                format!("Loại EPC “{scheme}” không có mã GS1 tương ứng"),
                format!("The EPC scheme “{scheme}” has no GS1 key"),
            ),
            Self::WrongParts { expected } => (
                format!("Loại EPC này phải có {expected} phần, cách nhau bằng dấu chấm"),
                format!("This EPC scheme has {expected} parts between dots"),
            ),
            Self::CompanyPrefix => (
                "Tiền tố mã doanh nghiệp phải có từ 6 đến 12 chữ số".to_owned(),
                "The company prefix must have 6 to 12 digits".to_owned(),
            ),
            Self::WrongLength { expected } => (
                format!(
                    "Tiền tố mã doanh nghiệp và số tham chiếu phải có tổng cộng {expected} chữ số"
                ),
                format!("Company prefix and reference must have {expected} digits together"),
            ),
            Self::NotDigits => {
                ("Chỗ này chỉ được dùng chữ số".to_owned(), "Only digits may stand here".to_owned())
            }
            Self::Character { found } => (
                format!("Ký tự “{found}” không được phép trong EPC URN"),
                format!("“{found}” is not allowed in an EPC URN"),
            ),
            Self::SerialLength { most } => (
                format!("Phần cuối phải có từ 1 đến {most} ký tự"),
                format!("The last part must have 1 to {most} characters"),
            ),
            Self::NotPattern => (
                "Mẫu EPC phải kết thúc bằng “*”".to_owned(),
                "An EPC pattern must end with “*”".to_owned(),
            ),
            Self::NoUrn { ai } => {
                (format!("Mã ({ai}) không có EPC URN"), format!("The key ({ai}) has no EPC URN"))
            }
            Self::UnknownCompanyPrefixLength => (
                "Chưa biết độ dài tiền tố mã doanh nghiệp của mã này".to_owned(),
                "The length of the company prefix of this key is not known".to_owned(),
            ),
            Self::Link(error) => (error.message(Lang::Vi), error.message(Lang::En)),
            Self::NotHex => (
                "Bộ nhớ thẻ phải viết bằng chữ số thập lục phân".to_owned(),
                "The memory of a tag is written in hexadecimal".to_owned(),
            ),
            Self::TagTooShort => (
                "Dữ liệu thẻ ngắn hơn loại thẻ cần có".to_owned(),
                "The tag has fewer bits than its scheme needs".to_owned(),
            ),
            Self::TagHeader { header } => (
                format!("Không có loại thẻ EPC nào bắt đầu bằng {header:02X}"),
                format!("No EPC tag scheme has the header {header:02X}"),
            ),
            Self::TagBits => (
                "Dữ liệu thẻ không đúng với loại thẻ".to_owned(),
                "The bits of the tag are not by its scheme".to_owned(),
            ),
            Self::TagData => (
                "Thẻ có dữ liệu kèm theo mã, chưa đọc được".to_owned(),
                "The tag holds data after its identity that cannot be read".to_owned(),
            ),
            Self::TagFilter { most } => (
                format!("Giá trị lọc phải là số từ 0 đến {most}"),
                format!("The filter must be a number from 0 to {most}"),
            ),
            Self::DoesNotFit { scheme } => (
                format!("Mã này không vừa với loại thẻ {scheme}"),
                format!("This does not fit the tag scheme {scheme}"),
            ),
            Self::NoTag { ai } => (
                format!("Không có loại thẻ EPC cho mã ({ai}) này"),
                format!("No EPC tag scheme holds this key ({ai})"),
            ),
        };
        match lang {
            Lang::Vi => vi,
            Lang::En => en,
        }
    }
}

/// One text for one identity: an EPC URN, or a Digital Link on any host, becomes the canonical link on
/// `https://id.gs1.org` **without its query**, with every qualifier that stood in the path. All else
/// (`urn:gdst:…`, `urn:uuid:…`, other web addresses, anything malformed) is given back unchanged.
///
/// See [`constrained_id`] for the form in which a serialised item is equal with and without its lot.
///
/// ```
/// use gs1::epc::canonical_id;
/// let link = "https://id.gs1.org/01/08931234567897/21/7";
/// assert_eq!(canonical_id("urn:epc:id:sgtin:893123456.0789.7"), link);
/// assert_eq!(canonical_id("https://tx.example.vn/s/01/08931234567897/21/7?17=261231"), link);
/// assert_eq!(canonical_id("urn:uuid:1f9d"), "urn:uuid:1f9d");
/// ```
pub fn canonical_id(id: &str) -> Cow<'_, str> {
    normal(id, View::canonical_path)
}

/// As [`canonical_id`], with the finest level only (CBV 2.0, 8.9): `/01/…/10/…/21/…` becomes
/// `/01/…/21/…`, as its EPC URN has it. The right key for finding events, and the form of identifiers
/// in the EPCIS event hash.
pub fn constrained_id(id: &str) -> Cow<'_, str> {
    normal(id, View::constrained)
}

fn normal<'a>(id: &'a str, write: impl Fn(&View<'a>) -> String) -> Cow<'a, str> {
    if is_prefix(id, "urn:epc:") {
        return to_link(id).map_or(Cow::Borrowed(id), Cow::Owned);
    }
    if is_prefix(id, "http") {
        let view = View::parse(id, Reading::tolerant());
        return view.map_or(Cow::Borrowed(id), |view| Cow::Owned(write(&view)));
    }
    Cow::Borrowed(id)
}

/// Schemes and URN namespaces are without case (RFC 8141, 2).
pub(crate) fn is_prefix(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_spellings_of_one_thing_are_one_key() {
        let link = "https://id.gs1.org/01/08931234567897/21/A%2F7";
        assert_eq!(constrained_id("urn:epc:id:sgtin:893123456.0789.A%2F7"), link);
        assert_eq!(
            constrained_id("HTTPS://TX.VN/01/08931234567897/10/L/21/A%2f7?17=261231#x"),
            link
        );
        assert_eq!(
            canonical_id("https://tx.vn/01/8931234567897/10/L/21/7"),
            "https://id.gs1.org/01/08931234567897/10/L/21/7"
        );
    }

    #[test]
    fn what_is_no_gs1_identity_stays_as_it_is() {
        for id in [
            "urn:gdst:example.org:product:lot:class:a.b",
            "urn:uuid:0f3c",
            "https://example.vn/lo/7",
            "https://example.vn/01/08931234567890",
            "urn:epc:id:gid:1.2.3",
            "urn:epc:id:sgtin:893123456.078.7",
            "",
            "http",
            "é",
        ] {
            assert_eq!(canonical_id(id), id);
            assert_eq!(constrained_id(id), id);
        }
    }
}
