//! How the “+” schemes hold the value of each AI (Tag Data Standard 2.2, 14.5; tables B, E and F of Tag
//! Data Translation): one or two fields, each with its own way to be bits.

use super::bits::{Bits, Reader};
use super::text::{
    BASE64, base64, length_bits, push_integer, push_length, push_text, take_integer, take_text,
};
use crate::ai::Ai;

/// A field of a value.
#[derive(Clone, Copy)]
pub(super) enum Field {
    /// So many digits of four bits.
    Digits(usize),
    /// So many digits as one number.
    Integer(usize),
    /// A number of at most so many digits, with its length before it.
    Number(usize),
    /// Text of at most so many characters, with encoding and length before it.
    Text(usize),
    /// Digits of four bits, ended by 15, or by 14 and text for the rest.
    Delimited,
    /// YYMMDD.
    Date,
    /// YYMMDDhhmm.
    DateTime,
    /// A date, or two for a range.
    DateRange,
    /// A date, perhaps with hour, minute and second.
    Precision,
    /// Two letters.
    Letters,
    /// One bit.
    Flag,
    /// A minus sign or nothing.
    Minus,
    /// `1/2`.
    Sequence,
}

use Field::{
    Date, DateRange, DateTime, Delimited, Digits, Flag, Integer, Letters, Minus, Number, Precision,
    Sequence, Text,
};

/// The fields of an AI (table F); nothing for those that came after it.
pub(super) fn fields(ai: Ai) -> Option<&'static [Field]> {
    Some(match ai.as_str() {
        "00" | "8006" | "8017" | "8018" | "8026" => &[Digits(18)],
        "01" | "02" => &[Digits(14)],
        "410" | "411" | "412" | "413" | "414" | "415" | "416" | "417" => &[Digits(13)],
        "253" => &[Digits(13), Text(17)],
        "255" => &[Digits(13), Number(12)],
        "8003" => &[Digits(14), Text(16)],
        "7023" | "8004" | "8010" => &[Delimited],
        "10" | "21" | "22" | "243" | "254" | "420" | "4318" | "7020" | "7021" | "7022" | "710"
        | "711" | "712" | "713" | "714" | "715" | "716" | "7240" | "8002" | "8012" => &[Text(20)],
        "235" => &[Text(28)],
        "240" | "241" | "250" | "251" | "400" | "401" | "403" | "4308" | "4319" | "7002"
        | "7230" | "7231" | "7232" | "7233" | "7234" | "7235" | "7236" | "7237" | "7238"
        | "7239" | "90" => &[Text(30)],
        "4300" | "4301" | "4310" | "4311" | "4320" => &[Text(35)],
        "4302" | "4303" | "4304" | "4305" | "4306" | "4312" | "4313" | "4314" | "4315" | "4316"
        | "7257" | "8110" | "8112" | "8200" => &[Text(70)],
        "7253" | "7254" | "7259" => &[Text(40)],
        "7256" | "8030" | "91" | "92" | "93" | "94" | "95" | "96" | "97" | "98" | "99" => {
            &[Text(90)]
        }
        "427" | "7008" => &[Text(3)],
        "7005" => &[Text(12)],
        "7009" | "7255" => &[Text(10)],
        "7010" => &[Text(2)],
        "7040" | "7041" => &[Text(4)],
        "7242" | "8013" | "8020" => &[Text(25)],
        "8007" => &[Text(24)],
        "8009" => &[Text(50)],
        "11" | "12" | "13" | "15" | "16" | "17" | "4326" | "7006" => &[Date],
        "4324" | "4325" | "7003" => &[DateTime],
        "7007" => &[DateRange],
        "7011" | "8008" => &[Precision],
        "4307" | "4317" => &[Letters],
        "4321" | "4322" | "4323" => &[Flag],
        "7258" => &[Sequence],
        "20" => &[Integer(2)],
        "402" => &[Integer(17)],
        "422" | "424" | "426" => &[Integer(3)],
        "4309" => &[Integer(20)],
        "421" => &[Integer(3), Text(9)],
        "7001" => &[Integer(13)],
        "7241" => &[Digits(2)],
        "7250" => &[Integer(8)],
        "7251" => &[Integer(12)],
        "7252" => &[Integer(1)],
        "8001" => &[Integer(14)],
        "8111" => &[Integer(4)],
        "242" => &[Number(6)],
        "30" | "37" => &[Number(8)],
        "423" | "425" => &[Number(15)],
        "7004" => &[Number(4)],
        "8011" => &[Number(12)],
        "8019" => &[Number(10)],
        "8005" => &[Integer(6)],
        other => return of_row(other.as_bytes()),
    })
}

/// The fields of AIs that stand in rows.
fn of_row(ai: &[u8]) -> Option<&'static [Field]> {
    let &[first, second, third, fourth] = ai else { return None };
    Some(match (first, second, third) {
        (b'3', b'1'..=b'6', _) => &[Integer(6)],
        (b'3', b'9', b'0' | b'2') => &[Number(15)],
        (b'3', b'9', b'1' | b'3') => &[Integer(3), Number(15)],
        (b'3', b'9', b'4') => &[Integer(4)],
        (b'3', b'9', b'5') if fourth < b'4' => &[Integer(6)],
        (b'4', b'3', b'3') => &[Integer(6), Minus],
        (b'7', b'0', b'3') => &[Integer(3), Text(27)],
        _ => return None,
    })
}

/// Appends a value; nothing where the fields do not hold it.
pub(super) fn push_value(bits: &mut Bits, ai: Ai, value: &str) -> Option<()> {
    let mut rest = value;
    for field in fields(ai)? {
        rest = push(bits, *field, rest)?;
    }
    rest.is_empty().then_some(())
}

/// Reads the value of an AI.
pub(super) fn take_value(reader: &mut Reader<'_>, ai: Ai) -> Option<String> {
    let mut value = String::new();
    for field in fields(ai)? {
        take(reader, *field, &mut value)?;
    }
    Some(value)
}

/// Appends a field; gives what of the value is left.
fn push<'a>(bits: &mut Bits, field: Field, value: &'a str) -> Option<&'a str> {
    match field {
        Digits(len) => {
            let (digits, rest) = value.split_at_checked(len)?;
            push_digits(bits, digits)?;
            Some(rest)
        }
        Integer(len) => {
            let (digits, rest) = value.split_at_checked(len)?;
            push_integer(bits, digits)?;
            Some(rest)
        }
        Number(most) => {
            push_length(bits, value, most)?;
            push_integer(bits, value)?;
            Some("")
        }
        Text(most) => push_text(bits, value, most),
        Delimited => {
            let end = value.bytes().position(|b| !b.is_ascii_digit()).unwrap_or(value.len());
            let (digits, rest) = value.split_at(end);
            push_digits(bits, digits)?;
            let last = if rest.is_empty() { 15 } else { 14 };
            bits.push(last, 4).then_some(())?;
            if rest.is_empty() { Some("") } else { push_text(bits, rest, 30) }
        }
        Date => push_parts(bits, value, 3),
        DateTime => push_parts(bits, value, 5),
        DateRange => {
            bits.push(u128::from(value.len() > 6), 1).then_some(())?;
            let rest = push_parts(bits, value, 3)?;
            if rest.is_empty() { Some("") } else { push_parts(bits, rest, 3) }
        }
        Precision => {
            let (sign, parts) = match value.len() {
                6 => (3, 3),
                8 => (0, 4),
                10 => (1, 5),
                12 => (2, 6),
                _ => return None,
            };
            bits.push(sign, 2).then_some(())?;
            push_parts(bits, value, parts)
        }
        Letters => {
            let (letters, rest) = value.split_at_checked(2)?;
            for byte in letters.bytes() {
                bits.push(base64(byte)?, 6).then_some(())?;
            }
            Some(rest)
        }
        Flag => {
            let (flag, rest) = value.split_at_checked(1)?;
            bits.push(flag.parse().ok()?, 1).then_some(rest)
        }
        Minus => {
            let rest = value.strip_prefix('-');
            bits.push(u128::from(rest.is_some()), 1).then_some(rest.unwrap_or(value))
        }
        Sequence => {
            let (first, second) = value.split_once('/').filter(|_| value.len() == 3)?;
            push_digits(bits, first)?;
            push_digits(bits, second).map(|()| "")
        }
    }
}

fn push_digits(bits: &mut Bits, digits: &str) -> Option<()> {
    digits.bytes().all(|b| b.is_ascii_digit() && bits.push(u128::from(b - b'0'), 4)).then_some(())
}

/// The bits of year, month, day, hour, minute and second.
const PARTS: [usize; 6] = [7, 4, 5, 5, 6, 6];

/// The first parts of a date, two digits each.
fn push_parts<'a>(bits: &mut Bits, value: &'a str, parts: usize) -> Option<&'a str> {
    let mut rest = value;
    for len in &PARTS[..parts] {
        let (part, after) = rest.split_at_checked(2)?;
        let plain = part.bytes().all(|b| b.is_ascii_digit());
        (plain && bits.push(part.parse().ok()?, *len)).then_some(())?;
        rest = after;
    }
    Some(rest)
}

fn take(reader: &mut Reader<'_>, field: Field, out: &mut String) -> Option<()> {
    match field {
        Digits(len) => {
            for _ in 0..len {
                out.push(char::from_digit(reader.take(4)? as u32, 10)?);
            }
            Some(())
        }
        Integer(len) => take_integer(reader, len, out),
        Number(most) => {
            let len = reader.take(length_bits(most))? as usize;
            take_integer(reader, len, out)
        }
        Text(most) => take_text(reader, most, out),
        Delimited => loop {
            match reader.take(4)? as u32 {
                15 => return Some(()),
                14 => return take_text(reader, 30, out),
                digit => out.push(char::from_digit(digit, 10)?),
            }
        },
        Date => take_parts(reader, 3, out),
        DateTime => take_parts(reader, 5, out),
        DateRange => {
            let range = reader.take(1)? == 1;
            take_parts(reader, 3, out)?;
            if range { take_parts(reader, 3, out) } else { Some(()) }
        }
        Precision => {
            let parts = *[4, 5, 6, 3].get(reader.take(2)? as usize)?;
            take_parts(reader, parts, out)
        }
        Letters => {
            for _ in 0..2 {
                out.push(BASE64[reader.take(6)? as usize] as char);
            }
            Some(())
        }
        Flag => {
            out.push(if reader.take(1)? == 1 { '1' } else { '0' });
            Some(())
        }
        Minus => {
            if reader.take(1)? == 1 {
                out.push('-');
            }
            Some(())
        }
        Sequence => {
            take(reader, Digits(1), out)?;
            out.push('/');
            take(reader, Digits(1), out)
        }
    }
}

fn take_parts(reader: &mut Reader<'_>, parts: usize, out: &mut String) -> Option<()> {
    for len in &PARTS[..parts] {
        let part = format!("{:02}", reader.take(*len)?);
        out.push_str(Some(part).filter(|part| part.len() == 2)?.as_str());
    }
    Some(())
}
