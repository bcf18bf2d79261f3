//! The numbers of EAN and UPC symbols, which hold no AI: 8, 12 or 13 digits with a check digit.

use std::borrow::Cow;

use crate::check::check_digit;

/// A number with its check digit where that is all that lacks to the 8, 12, 13 or 14 digits of a
/// GTIN; anything else unchanged.
pub(super) fn completed(digits: Cow<'_, str>) -> Cow<'_, str> {
    if !matches!(digits.len(), 7 | 11..=13) {
        return digits;
    }
    match check_digit(&digits) {
        Some(digit) => Cow::Owned(format!("{digits}{digit}")),
        None => digits,
    }
}
