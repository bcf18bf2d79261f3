//! NUMERIC on the wire, only as far as `sum(bigint)` needs it: PostgreSQL widens that to NUMERIC,
//! SQLite does not.

use std::error::Error;

use bytes::{BufMut as _, BytesMut};

use crate::value::Value;

const NEGATIVE: u16 = 0x4000;
const BASE: i128 = 10_000;

/// A whole number as an integer, any other as a floating-point number.
pub(super) fn read(raw: &[u8]) -> Result<Value, Box<dyn Error + Sync + Send>> {
    let mut words = raw.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
    let mut word = || words.next().ok_or("a NUMERIC is cut short");
    let count = word()?;
    let weight = word()?.cast_signed();
    let sign = word()?;
    let scale = word()?;
    if sign != 0 && sign != NEGATIVE {
        return Err("a NUMERIC is not a finite number".into());
    }
    let digits = (0..count).map(|_| word()).collect::<Result<Vec<_>, _>>()?;
    if scale == 0 {
        let mut whole = 0_i128;
        for place in 0..=weight.max(-1) {
            let digit = usize::try_from(place).ok().and_then(|place| digits.get(place)).copied();
            whole = whole
                .checked_mul(BASE)
                .and_then(|whole| whole.checked_add(digit.unwrap_or(0).into()))
                .ok_or("a NUMERIC is too large")?;
        }
        let whole = if sign == NEGATIVE { -whole } else { whole };
        return Ok(Value::Int(i64::try_from(whole).map_err(|_| "a NUMERIC is too large")?));
    }
    let mut real = 0.0_f64;
    for (place, digit) in (0_i32..).zip(digits) {
        real += f64::from(digit) * 10_000_f64.powi(i32::from(weight) - place);
    }
    Ok(Value::Real(if sign == NEGATIVE { -real } else { real }))
}

pub(super) fn write(int: i64, out: &mut BytesMut) {
    let mut rest = i128::from(int).abs();
    let mut digits = Vec::new();
    while rest > 0 {
        digits.push((rest % BASE) as u16);
        rest /= BASE;
    }
    let weight = digits.len().saturating_sub(1) as u16;
    out.put_u16(digits.len() as u16);
    out.put_u16(weight);
    out.put_u16(if int < 0 { NEGATIVE } else { 0 });
    out.put_u16(0);
    for digit in digits.into_iter().rev() {
        out.put_u16(digit);
    }
}

#[cfg(test)]
mod tests {
    use bytes::BytesMut;
    use proptest::prelude::*;

    use super::{read, write};
    use crate::value::Value;

    proptest! {
        #[test]
        fn an_integer_comes_back_from_numeric(int: i64) {
            let mut out = BytesMut::new();
            write(int, &mut out);
            prop_assert_eq!(read(&out).expect("was just written"), Value::Int(int));
        }

        #[test]
        fn no_bytes_make_reading_numeric_panic(raw: Vec<u8>) {
            let _ = read(&raw);
        }
    }
}
