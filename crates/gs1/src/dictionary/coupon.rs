//! North American coupons (General Specifications 3.9.17 and 3.9.18, AI 8110 and 8112): digits that
//! say of themselves how long the next field is. Few outside that market meet them; they are here
//! because a value that may be wrong must be checked.

use std::ops::Range;

use super::{Check, Kind, lint};
use crate::value::ValueError;

type Verdict<T = ()> = Result<T, (ValueError, Range<usize>)>;

macro_rules! faults {
    ($($field:ident ($vi:literal, $en:literal) $($fault:ident = $name:literal)*;)*) => {
        /// A field of a coupon.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum CouponField {
            $(#[doc = $en] $field,)*
        }

        impl CouponField {
            /// What the field is called, in Vietnamese and English.
            pub(crate) const fn words(self) -> (&'static str, &'static str) {
                match self {
                    $(Self::$field => ($vi, $en),)*
                }
            }

            pub(crate) const fn error_name(self, fault: CouponFault) -> &'static str {
                match (self, fault) {
                    $($((Self::$field, CouponFault::$fault) => $name,)*)*
                    _ => "GS1_LINTER_COUPON_EXCESS_DATA",
                }
            }
        }
    };
}

/// What is wrong with a field of a coupon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CouponFault {
    /// The data end before it.
    Missing,
    /// Its code, or the digit that says how long it is, has no meaning.
    Invalid,
    /// The data end inside it.
    Truncated,
    /// There is more data than fields, or dates in the wrong order.
    Excess,
}

faults! {
    Format ("mã định dạng", "format code")
        Missing = "GS1_LINTER_COUPON_MISSING_FORMAT_CODE"
        Invalid = "GS1_LINTER_COUPON_INVALID_FORMAT_CODE";
    Funder ("mã bên tài trợ", "funder")
        Missing = "GS1_LINTER_COUPON_MISSING_FUNDER_VLI"
        Invalid = "GS1_LINTER_COUPON_INVALID_FUNDER_LENGTH"
        Truncated = "GS1_LINTER_COUPON_TRUNCATED_FUNDER";
    Offer ("mã ưu đãi", "offer code")
        Truncated = "GS1_LINTER_COUPON_TRUNCATED_OFFER_CODE";
    Serial ("số sê-ri", "serial number")
        Missing = "GS1_LINTER_COUPON_MISSING_SERIAL_NUMBER_VLI"
        Truncated = "GS1_LINTER_COUPON_TRUNCATED_SERIAL_NUMBER";
    Prefix ("tiền tố mã doanh nghiệp", "company prefix")
        Missing = "GS1_LINTER_COUPON_MISSING_GCP_VLI"
        Invalid = "GS1_LINTER_COUPON_INVALID_GCP_LENGTH"
        Truncated = "GS1_LINTER_COUPON_TRUNCATED_GCP";
    SaveValue ("giá trị giảm", "save value")
        Missing = "GS1_LINTER_COUPON_MISSING_SAVE_VALUE_VLI"
        Invalid = "GS1_LINTER_COUPON_INVALID_SAVE_VALUE_LENGTH"
        Truncated = "GS1_LINTER_COUPON_TRUNCATED_SAVE_VALUE";
    Requirement1 ("điều kiện mua thứ nhất", "first purchase requirement")
        Missing = "GS1_LINTER_COUPON_MISSING_1ST_PURCHASE_REQUIREMENT_VLI"
        Invalid = "GS1_LINTER_COUPON_INVALID_1ST_PURCHASE_REQUIREMENT_LENGTH"
        Truncated = "GS1_LINTER_COUPON_TRUNCATED_1ST_PURCHASE_REQUIREMENT";
    Code1 ("mã điều kiện mua thứ nhất", "first purchase requirement code")
        Missing = "GS1_LINTER_COUPON_MISSING_1ST_PURCHASE_REQUIREMENT_CODE"
        Invalid = "GS1_LINTER_COUPON_INVALID_1ST_PURCHASE_REQUIREMENT_CODE";
    Family1 ("mã nhóm hàng thứ nhất", "first purchase family code")
        Truncated = "GS1_LINTER_COUPON_TRUNCATED_1ST_PURCHASE_FAMILY_CODE";
    Rules ("mã quy tắc mua thêm", "additional purchase rules code")
        Missing = "GS1_LINTER_COUPON_MISSING_ADDITIONAL_PURCHASE_RULES_CODE"
        Invalid = "GS1_LINTER_COUPON_INVALID_ADDITIONAL_PURCHASE_RULES_CODE";
    Requirement2 ("điều kiện mua thứ hai", "second purchase requirement")
        Missing = "GS1_LINTER_COUPON_MISSING_2ND_PURCHASE_REQUIREMENT_VLI"
        Invalid = "GS1_LINTER_COUPON_INVALID_2ND_PURCHASE_REQUIREMENT_LENGTH"
        Truncated = "GS1_LINTER_COUPON_TRUNCATED_2ND_PURCHASE_REQUIREMENT";
    Code2 ("mã điều kiện mua thứ hai", "second purchase requirement code")
        Missing = "GS1_LINTER_COUPON_MISSING_2ND_PURCHASE_REQUIREMENT_CODE"
        Invalid = "GS1_LINTER_COUPON_INVALID_2ND_PURCHASE_REQUIREMENT_CODE";
    Family2 ("mã nhóm hàng thứ hai", "second purchase family code")
        Truncated = "GS1_LINTER_COUPON_TRUNCATED_2ND_PURCHASE_FAMILY_CODE";
    Prefix2 ("tiền tố doanh nghiệp thứ hai", "second purchase company prefix")
        Missing = "GS1_LINTER_COUPON_MISSING_2ND_PURCHASE_GCP_VLI"
        Invalid = "GS1_LINTER_COUPON_INVALID_2ND_PURCHASE_GCP_LENGTH"
        Truncated = "GS1_LINTER_COUPON_TRUNCATED_2ND_PURCHASE_GCP";
    Requirement3 ("điều kiện mua thứ ba", "third purchase requirement")
        Missing = "GS1_LINTER_COUPON_MISSING_3RD_PURCHASE_REQUIREMENT_VLI"
        Invalid = "GS1_LINTER_COUPON_INVALID_3RD_PURCHASE_REQUIREMENT_LENGTH"
        Truncated = "GS1_LINTER_COUPON_TRUNCATED_3RD_PURCHASE_REQUIREMENT";
    Code3 ("mã điều kiện mua thứ ba", "third purchase requirement code")
        Missing = "GS1_LINTER_COUPON_MISSING_3RD_PURCHASE_REQUIREMENT_CODE"
        Invalid = "GS1_LINTER_COUPON_INVALID_3RD_PURCHASE_REQUIREMENT_CODE";
    Family3 ("mã nhóm hàng thứ ba", "third purchase family code")
        Truncated = "GS1_LINTER_COUPON_TRUNCATED_3RD_PURCHASE_FAMILY_CODE";
    Prefix3 ("tiền tố doanh nghiệp thứ ba", "third purchase company prefix")
        Missing = "GS1_LINTER_COUPON_MISSING_3RD_PURCHASE_GCP_VLI"
        Invalid = "GS1_LINTER_COUPON_INVALID_3RD_PURCHASE_GCP_LENGTH"
        Truncated = "GS1_LINTER_COUPON_TRUNCATED_3RD_PURCHASE_GCP";
    // The spelling of the second name is the reference's.
    Expiry ("ngày hết hạn", "expiration date")
        Truncated = "GS1_LINTER_COUPON_TOO_SHORT_FOR_EXPIRATION_DATE"
        Invalid = "GS1_LINTER_COUPON_INVALID_EXIPIRATION_DATE"
        Excess = "GS1_LINTER_COUPON_EXPIRATION_BEFORE_START";
    Start ("ngày bắt đầu", "start date")
        Truncated = "GS1_LINTER_COUPON_TOO_SHORT_FOR_START_DATE"
        Invalid = "GS1_LINTER_COUPON_INVALID_START_DATE";
    Retailer ("mã nhà bán lẻ", "retailer")
        Missing = "GS1_LINTER_COUPON_MISSING_RETAILER_GCP_OR_GLN_VLI"
        Invalid = "GS1_LINTER_COUPON_INVALID_RETAILER_GCP_OR_GLN_LENGTH"
        Truncated = "GS1_LINTER_COUPON_TRUNCATED_RETAILER_GCP_OR_GLN";
    SaveCode ("mã giá trị giảm", "save value code")
        Missing = "GS1_LINTER_COUPON_MISSING_SAVE_VALUE_CODE"
        Invalid = "GS1_LINTER_COUPON_INVALID_SAVE_VALUE_CODE";
    AppliesTo ("mặt hàng được giảm", "save value applies to item")
        Missing = "GS1_LINTER_COUPON_MISSING_SAVE_VALUE_APPLIES_TO_ITEM"
        Invalid = "GS1_LINTER_COUPON_INVALID_SAVE_VALUE_APPLIES_TO_ITEM";
    StoreFlag ("dấu phiếu của cửa hàng", "store coupon flag")
        Missing = "GS1_LINTER_COUPON_MISSING_STORE_COUPON_FLAG";
    MultiplyFlag ("dấu không nhân giá trị", "don’t multiply flag")
        Missing = "GS1_LINTER_COUPON_MISSING_DONT_MULTIPLY_FLAG"
        Invalid = "GS1_LINTER_COUPON_INVALID_DONT_MULTIPLY_FLAG";
    Rest ("phần cuối", "end of the data")
        Excess = "GS1_LINTER_COUPON_EXCESS_DATA";
}

const fn error(field: CouponField, fault: CouponFault) -> ValueError {
    ValueError::Coupon { field, fault }
}

/// Takes fields off the front.
struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    /// `len` characters. What is left is shown as wrong, or everything where nothing is left.
    fn take(&mut self, len: usize, field: CouponField, fault: CouponFault) -> Verdict<&'a str> {
        let Some(piece) = self.text.get(self.at..self.at + len) else {
            let start = if self.at == self.text.len() { 0 } else { self.at };
            return Err((error(field, fault), start..self.text.len()));
        };
        self.at += len;
        Ok(piece)
    }

    /// One digit out of `allowed`.
    fn digit(&mut self, field: CouponField, allowed: &str) -> Verdict<usize> {
        let digit = self.take(1, field, CouponFault::Missing)?;
        if !allowed.contains(digit) {
            return Err((error(field, CouponFault::Invalid), self.at - 1..self.at));
        }
        Ok(usize::from(digit.as_bytes()[0] - b'0'))
    }

    /// A digit that says how long the field is, and the field.
    fn sized(&mut self, field: CouponField, allowed: &str, more: usize) -> Verdict<&'a str> {
        let len = self.digit(field, allowed)? + more;
        self.take(len, field, CouponFault::Truncated)
    }

    /// The requirement of a purchase: how much, of what kind, of which family.
    fn purchase(&mut self, of: [CouponField; 3]) -> Verdict {
        self.sized(of[0], "12345", 0)?;
        self.digit(of[1], "012349")?;
        self.take(3, of[2], CouponFault::Truncated).map(|_| ())
    }

    /// A company prefix, or 9 for that of the first purchase.
    fn other_prefix(&mut self, field: CouponField) -> Verdict {
        if self.text[self.at..].starts_with('9') {
            self.at += 1;
            return Ok(());
        }
        self.sized(field, "0123456", 6).map(|_| ())
    }

    fn date(&mut self, field: CouponField) -> Verdict<&'a str> {
        let at = self.at;
        let date = self.take(6, field, CouponFault::Truncated)?;
        match Check::Date.run(date) {
            Ok(()) => Ok(date),
            Err(_) => Err((error(field, CouponFault::Invalid), at..self.at)),
        }
    }

    /// Whether the next optional field is the one of this number; its number is taken.
    fn next_is(&mut self, number: char) -> bool {
        let is = self.text[self.at..].starts_with(number);
        self.at += usize::from(is);
        is
    }

    fn end(&self) -> Verdict {
        if self.at == self.text.len() {
            return Ok(());
        }
        Err((error(CouponField::Rest, CouponFault::Excess), self.at..self.text.len()))
    }
}

/// AI 8110.
pub(super) fn code(text: &str) -> Verdict {
    use CouponField as F;
    lint::characters(Kind::Digits, text)?;
    let mut reader = Reader { text, at: 0 };
    reader.sized(F::Prefix, "0123456", 6)?;
    reader.take(6, F::Offer, CouponFault::Truncated)?;
    reader.sized(F::SaveValue, "12345", 0)?;
    reader.purchase([F::Requirement1, F::Code1, F::Family1])?;
    if reader.next_is('1') {
        reader.digit(F::Rules, "0123")?;
        reader.purchase([F::Requirement2, F::Code2, F::Family2])?;
        reader.other_prefix(F::Prefix2)?;
    }
    if reader.next_is('2') {
        reader.purchase([F::Requirement3, F::Code3, F::Family3])?;
        reader.other_prefix(F::Prefix3)?;
    }
    let dates_at = reader.at;
    let expiry = if reader.next_is('3') { Some(reader.date(F::Expiry)?) } else { None };
    if reader.next_is('4') {
        let start = reader.date(F::Start)?;
        if expiry.is_some_and(|expiry| expiry < start) {
            return Err((error(F::Expiry, CouponFault::Excess), dates_at..reader.at));
        }
    }
    if reader.next_is('5') {
        reader.sized(F::Serial, "0123456789", 6)?;
    }
    if reader.next_is('6') {
        reader.sized(F::Retailer, "1234567", 6)?;
    }
    if reader.next_is('9') {
        reader.digit(F::SaveCode, "01256")?;
        reader.digit(F::AppliesTo, "012")?;
        reader.digit(F::StoreFlag, "0123456789")?;
        reader.digit(F::MultiplyFlag, "01")?;
    }
    reader.end()
}

/// AI 8112.
pub(super) fn positive_offer(text: &str) -> Verdict {
    use CouponField as F;
    lint::characters(Kind::Digits, text)?;
    let mut reader = Reader { text, at: 0 };
    reader.digit(F::Format, "01")?;
    reader.sized(F::Funder, "0123456", 6)?;
    reader.take(6, F::Offer, CouponFault::Truncated)?;
    reader.sized(F::Serial, "0123456789", 6)?;
    reader.end()
}
