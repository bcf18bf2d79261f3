//! The sentences for people, one a kind of fault, in both languages.

use super::{Code, List, Shape, ValueError};
use crate::dictionary::{CouponFault, CouponField};
use crate::lang::Lang;

impl ValueError {
    /// The sentence for people, without a full stop.
    pub fn message(self, lang: Lang) -> String {
        let (vi, en) = self.sentences();
        match lang {
            Lang::Vi => vi,
            Lang::En => en,
        }
    }

    fn sentences(self) -> (String, String) {
        let (vi, en) = match self {
            Self::WrongLength { allowed, found } => {
                return (
                    format!("Mã phải có {} chữ số, ở đây có {found}", or(allowed, "hoặc")),
                    format!("The number must have {} digits, here are {found}", or(allowed, "or")),
                );
            }
            Self::TooShort { least } => {
                return (
                    format!("Giá trị quá ngắn: cần ít nhất {least} ký tự"),
                    format!("Too short: at least {least} characters are needed"),
                );
            }
            Self::TooLong { most } => {
                return (
                    format!("Giá trị quá dài: nhiều nhất {most} ký tự"),
                    format!("Too long: at most {most} characters are allowed"),
                );
            }
            Self::NotDigit { found } => {
                return (
                    format!("Chỉ được dùng chữ số, ở đây có ký tự “{}”", shown(found)),
                    format!("Only digits may stand here, found “{}”", shown(found)),
                );
            }
            Self::NotInSet { found, .. } | Self::IbanCharacter { found } => {
                return (
                    format!("Ký tự “{}” không được phép ở đây", shown(found)),
                    format!("The character “{}” is not allowed here", shown(found)),
                );
            }
            Self::WrongCheckDigit { expected } => {
                return (
                    format!("Mã số kiểm tra sai: số cuối phải là {expected}"),
                    format!("Wrong check digit: the last digit must be {expected}"),
                );
            }
            Self::WrongCheckPair { expected: [a, b] } => {
                return (
                    format!("Cặp ký tự kiểm tra sai: hai ký tự cuối phải là {a}{b}"),
                    format!("Wrong check characters: the last two must be {a}{b}"),
                );
            }
            Self::Empty => ("Chưa có giá trị", "There is no value"),
            Self::NoRoomForCheckPair => (
                "Giá trị quá ngắn để có cặp ký tự kiểm tra",
                "Too short to hold the two check characters",
            ),
            Self::NoCompanyPrefix => (
                "Giá trị quá ngắn để có tiền tố mã doanh nghiệp",
                "Too short to hold a company prefix",
            ),
            Self::CompanyPrefixNotDigits => {
                ("Tiền tố mã doanh nghiệp chỉ gồm chữ số", "The company prefix must be digits")
            }
            Self::NoSuchMonth => ("Không có tháng này", "There is no such month"),
            Self::NoSuchDay => {
                ("Không có ngày này trong tháng", "There is no such day in that month")
            }
            Self::NoSuchHour => ("Giờ phải từ 00 đến 23", "Hours go from 00 to 23"),
            Self::NoSuchMinute => ("Phút phải từ 00 đến 59", "Minutes go from 00 to 59"),
            Self::NoSuchSecond => ("Giây phải từ 00 đến 59", "Seconds go from 00 to 59"),
            Self::IsZero => ("Giá trị không được bằng 0", "The value must not be zero"),
            Self::NotZero => ("Chỗ này phải là số 0", "A zero must stand here"),
            Self::ZeroPrefix => {
                ("Số không được bắt đầu bằng 0", "The number must not start with a zero")
            }
            Self::PieceOverTotal => (
                "Số thứ tự phần lớn hơn tổng số phần",
                "The piece number is greater than the number of pieces",
            ),
            Self::PieceIsZero => ("Số thứ tự phần bắt đầu từ 1", "Pieces are counted from 1"),
            Self::TotalIsZero => {
                ("Tổng số phần phải lớn hơn 0", "The number of pieces must not be zero")
            }
            Self::NeedsNonDigit => (
                "Cần ít nhất một ký tự không phải chữ số",
                "At least one character must not be a digit",
            ),
            Self::NoSuchCode { code } => match code {
                Code::Winding => ("Hướng cuộn phải là 0, 1 hoặc 9", "Must be 0, 1 or 9"),
                Code::YesNo => ("Phải là 0 hoặc 1", "Must be 0 or 1"),
                Code::BiologicalSex => ("Phải là 0, 1, 2 hoặc 9", "Must be 0, 1, 2 or 9"),
                Code::ImporterIndex => (
                    "Phải là một chữ số, chữ cái, “-” hoặc “_”",
                    "Must be one digit, letter, “-” or “_”",
                ),
                Code::Hyphen => ("Phải là dấu “-”", "Must be a hyphen"),
            },
            Self::BrokenPercent => (
                "Sau dấu “%” phải là hai chữ số thập lục phân",
                "Two hexadecimal digits must follow “%”",
            ),
            Self::PositionOverEnd => {
                ("Vị trí lớn hơn tổng số", "The position is greater than the end of the sequence")
            }
            Self::NotAPosition => ("Phải có dạng “1/2”", "Must look like “1/2”"),
            Self::Latitude => ("Vĩ độ không hợp lệ", "The latitude is out of range"),
            Self::Longitude => ("Kinh độ không hợp lệ", "The longitude is out of range"),
            Self::Padding => ("Ký tự đệm “=” không hợp lệ", "The “=” padding is wrong"),
            Self::Length { of: Shape::PieceOfTotal, .. } => (
                "Số thứ tự phần và tổng số phần phải có cùng số chữ số",
                "Piece number and total must have the same number of digits",
            ),
            Self::Length { long: false, .. } => ("Giá trị quá ngắn", "The value is too short"),
            Self::Length { long: true, .. } => ("Giá trị quá dài", "The value is too long"),
            Self::NoRoomForCheckDigit => {
                ("Giá trị quá ngắn để có số kiểm tra", "Too short to hold a check digit")
            }
            Self::TooLongForCheckPair => (
                "Giá trị quá dài để tính cặp ký tự kiểm tra",
                "Too long for the two check characters",
            ),
            Self::NotOneCharacter => ("Phải có đúng một ký tự", "Must be exactly one character"),
            Self::NotListed { list } => match list {
                List::Country => {
                    ("Không có mã quốc gia này (ISO 3166)", "There is no such country (ISO 3166)")
                }
                List::CountryOr999 => (
                    "Phải là mã quốc gia (ISO 3166) hoặc 999",
                    "Must be a country number (ISO 3166) or 999",
                ),
                List::CountryLetters => (
                    "Không có mã quốc gia hai chữ này (ISO 3166)",
                    "There is no such country code (ISO 3166)",
                ),
                List::Currency => {
                    ("Không có mã tiền tệ này (ISO 4217)", "There is no such currency (ISO 4217)")
                }
                List::MediaType => {
                    ("Không có loại vật mang này", "There is no such type of data carrier")
                }
                List::PackageType => ("Không có loại bao gói này", "There is no such package type"),
            },
            Self::IbanTooShort => {
                ("Số tài khoản IBAN quá ngắn", "Too short for a bank account number (IBAN)")
            }
            Self::IbanTooLong => {
                ("Số tài khoản IBAN quá dài", "Too long for a bank account number (IBAN)")
            }
            Self::IbanCountry => (
                "Số tài khoản IBAN phải bắt đầu bằng mã quốc gia",
                "A bank account number (IBAN) starts with a country code",
            ),
            Self::IbanChecksum => (
                "Hai số kiểm tra của IBAN sai",
                "The check digits of the bank account number (IBAN) are wrong",
            ),
            Self::Coupon { field, fault } => return coupon_sentences(field, fault),
        };
        (vi.to_owned(), en.to_owned())
    }
}

fn coupon_sentences(field: CouponField, fault: CouponFault) -> (String, String) {
    let (vi, en) = field.words();
    match (field, fault) {
        (CouponField::Expiry, CouponFault::Excess) => (
            "Phiếu giảm giá hết hạn trước ngày bắt đầu".to_owned(),
            "The coupon expires before it starts".to_owned(),
        ),
        (_, CouponFault::Missing) => {
            (format!("Phiếu giảm giá thiếu {vi}"), format!("The coupon lacks its {en}"))
        }
        (_, CouponFault::Invalid) => (
            format!("Phiếu giảm giá có {vi} không hợp lệ"),
            format!("The coupon’s {en} is not valid"),
        ),
        (_, CouponFault::Truncated) => (
            format!("Phiếu giảm giá có {vi} bị cắt cụt"),
            format!("The coupon’s {en} is cut short"),
        ),
        (_, CouponFault::Excess) => (
            "Phiếu giảm giá có dữ liệu thừa ở cuối".to_owned(),
            "The coupon has data left over at its end".to_owned(),
        ),
    }
}

/// `8, 12, 13, 14` with a word before the last.
fn or(list: &str, word: &str) -> String {
    match list.rsplit_once(", ") {
        Some((head, last)) => format!("{head} {word} {last}"),
        None => list.to_owned(),
    }
}

/// A character people can see; control characters by their code point.
fn shown(found: char) -> String {
    if found.is_control() { format!("U+{:04X}", found as u32) } else { found.to_string() }
}
