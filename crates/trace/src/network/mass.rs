//! Amounts in kilograms, to the milligram: exact sums, so that a proof can be added up by hand.

use rust_decimal::Decimal;

/// No delivery is heavier: beyond it a number is a slip of the keyboard.
const LIMIT_KG: i64 = 1_000_000_000_000;

/// A plain number, not negative; `None` if it is none or too large.
pub(super) fn number(text: &str) -> Option<Decimal> {
    let text = text.trim();
    let value = Decimal::from_str_exact(text).or_else(|_| Decimal::from_scientific(text)).ok()?;
    bounded(value)
}

fn bounded(value: Decimal) -> Option<Decimal> {
    if value.is_sign_negative() && !value.is_zero() {
        return None;
    }
    // Workbooks write 36.8 as 36.799999999999997.
    (value <= Decimal::from(LIMIT_KG)).then(|| value.round_dp(6).abs().normalize())
}

/// The amount of so many units of mass, in kilograms; `None` where the unit is no unit of mass or the number none.
pub(super) fn in_unit(number_text: &str, unit: &str) -> Option<Decimal> {
    let kg = match unit.trim().to_lowercase().as_str() {
        "kg" | "kgm" | "kgs" => Decimal::ONE,
        "g" | "grm" => Decimal::new(1, 3),
        "t" | "tne" | "tấn" | "tan" => Decimal::ONE_THOUSAND,
        "tạ" => Decimal::ONE_HUNDRED,
        "yến" => Decimal::TEN,
        _ => return None,
    };
    bounded(number(number_text)?.checked_mul(kg)?)
}

/// `20 kg`, `1.5t`: a number and a unit of mass, and nothing else.
pub(super) fn phrase(text: &str) -> Option<Decimal> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    in_unit(&text[..end], &text[end..])
}
