//! Numbers with a meaning: pieces, degrees, positions, and the bank account number of ISO 13616.

use super::{Kind, Shape, ValueError, Verdict, characters, holds, length};

/// Piece number and total, of the same number of digits (General Specifications 3.9.6).
pub(super) fn piece_of_total(piece: &str) -> Verdict {
    let even = !piece.is_empty() && piece.len().is_multiple_of(2);
    holds(even, piece, ValueError::Length { of: Shape::PieceOfTotal, long: false })?;
    characters(Kind::Digits, piece)?;
    let middle = piece.len() / 2;
    let (number, total) = piece.split_at(middle);
    if number.bytes().all(|b| b == b'0') {
        return Err((ValueError::PieceIsZero, 0..middle));
    }
    if total.bytes().all(|b| b == b'0') {
        return Err((ValueError::TotalIsZero, middle..piece.len()));
    }
    // Of equal length, so the order of text is that of numbers.
    holds(number <= total, piece, ValueError::PieceOverTotal)
}

/// Ten digits, ten-millionths of a degree, up to `most`.
pub(super) fn degrees(piece: &str, most: u64, of: Shape, error: ValueError) -> Verdict {
    length(piece, 10, of)?;
    characters(Kind::Digits, piece)?;
    holds(piece.parse::<u64>().is_ok_and(|value| value <= most), piece, error)
}

/// `1/2`.
pub(super) fn position(piece: &str) -> Verdict {
    let number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let Some((place, end)) = piece.split_once('/').filter(|(a, b)| number(a) && number(b)) else {
        return Err((ValueError::NotAPosition, 0..piece.len()));
    };
    if place.starts_with('0') {
        return Err((ValueError::ZeroPrefix, 0..place.len()));
    }
    if end.starts_with('0') {
        return Err((ValueError::ZeroPrefix, place.len() + 1..piece.len()));
    }
    holds((place.len(), place) <= (end.len(), end), piece, ValueError::PositionOverEnd)
}

/// Country, two check digits, account; the number read with letters as 10 to 35 and the first four
/// characters last leaves 1 modulo 97 (ISO 13616-1, 6; ISO 7064).
pub(super) fn iban(piece: &str, is_country: impl Fn(&str) -> bool) -> Verdict {
    const MOST: usize = 34;
    if let Some((at, found)) =
        piece.char_indices().find(|(_, c)| !c.is_ascii_digit() && !c.is_ascii_uppercase())
    {
        return Err((ValueError::IbanCharacter { found }, at..at + found.len_utf8()));
    }
    holds(piece.len() > 4, piece, ValueError::IbanTooShort)?;
    holds(piece.len() <= MOST, piece, ValueError::IbanTooLong)?;
    if !is_country(&piece[..2]) {
        return Err((ValueError::IbanCountry, 0..2));
    }
    let mut rest = 0_u32;
    for byte in piece[4..].bytes().chain(piece[..4].bytes()) {
        rest = match byte {
            b'0'..=b'9' => rest * 10 + u32::from(byte - b'0'),
            _ => rest * 100 + u32::from(byte - b'A') + 10,
        } % 97;
    }
    if rest == 1 { Ok(()) } else { Err((ValueError::IbanChecksum, 2..4)) }
}
