//! Symbols that carry one GTIN. Which lengths go where is General Specifications 5.2.1 and 5.3.1;
//! whether the GTIN is right is `gs1`'s.

use gs1::Gtin;

use super::{Carrier, CarrierError, Form, Options, Symbology};
use crate::linear::{ean, itf};

pub(super) fn encode(
    symbology: Symbology,
    data: &str,
    options: Options,
) -> Result<Carrier, CarrierError> {
    let digits = data.strip_prefix("(01)").unwrap_or(data).trim();
    if digits.is_empty() {
        return Err(CarrierError::Empty);
    }
    let gtin = Gtin::parse(digits)?;
    let all = gtin.as_str();
    let kind = CarrierError::Kind { symbology };
    // Six zeros in front are a GTIN-8: the prefixes that would make this a GTIN-12 are not given out
    // (General Specifications 1.4.2).
    let eight = all.strip_prefix("000000").filter(|eight| !eight.starts_with('0'));
    let twelve = all.strip_prefix("00").filter(|_| eight.is_none());
    let thirteen = all.strip_prefix('0').filter(|_| eight.is_none());
    let (bars, message, hri) = match symbology {
        Symbology::Ean13 => {
            let thirteen = thirteen.ok_or(kind)?;
            let hri = format!("{} {} {}", &thirteen[..1], &thirteen[1..7], &thirteen[7..]);
            (ean::ean13(thirteen, false), thirteen, hri)
        }
        Symbology::Ean8 => {
            let eight = eight.ok_or(kind)?;
            (ean::ean8(eight), eight, format!("{} {}", &eight[..4], &eight[4..]))
        }
        Symbology::UpcA => {
            let twelve = twelve.ok_or(kind)?;
            let [first, left] = [&twelve[..1], &twelve[1..6]];
            let [right, check] = [&twelve[6..11], &twelve[11..]];
            let hri = format!("{first} {left} {right} {check}");
            (ean::ean13(&all[1..], true), &all[1..], hri)
        }
        Symbology::UpcE => {
            let twelve = twelve.ok_or(kind)?;
            let six = ean::suppressed(twelve).ok_or(CarrierError::NoZeros)?;
            let check = &twelve[11..];
            let bars = ean::upc_e(&six, check.as_bytes()[0] - b'0');
            (bars, &all[1..], format!("0 {six} {check}"))
        }
        _ => (itf::bars(all), all, all.to_owned()),
    };
    Ok(Carrier {
        symbology,
        message: message.to_owned(),
        hri: vec![hri],
        form: Form::Bars(bars),
        bearer: (symbology == Symbology::Itf14).then_some(options.bearer),
    })
}
