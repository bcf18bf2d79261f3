//! Check digits (General Specifications 7.9.1) and the check character pair of the Global Model
//! Number (7.9.5). Both are pure arithmetic over the characters before them.

/// The check digit that completes `digits`, weighting 3 and 1 in turn from the right (General
/// Specifications 7.9.1). `digits` is the key **without** its check digit; the length is free, so
/// this serves GTIN, GLN, SSCC, GSRN, GSIN, GRAI, GDTI and GCN alike.
///
/// `None` where `digits` is empty or holds anything but `0`–`9`.
///
/// ```
/// assert_eq!(gs1::check_digit("893123456789"), Some(7));
/// assert_eq!(gs1::check_digit("89312345678x"), None);
/// ```
pub fn check_digit(digits: &str) -> Option<u8> {
    // Eight digits at a time, counted from the right, so that the weights begin anew with each eight.
    const EACH: u64 = u64::from_ne_bytes([1; 8]);
    const EVERY_OTHER: u64 = 0x00ff_00ff_00ff_00ff;
    let (rest, words) = digits.as_bytes().as_rchunks::<8>();
    let mut sum = 0_u64;
    for word in words {
        let word = u64::from_le_bytes(*word) ^ (EACH * u64::from(b'0'));
        // Ten or more sets the high bit of its byte; what that carries into the next is bad already.
        if (word.wrapping_add(EACH * (0x80 - 10)) | word) & (EACH * 0x80) != 0 {
            return None;
        }
        let pairs = (word & EVERY_OTHER) + ((word >> 8) & EVERY_OTHER) * 3;
        // Multiplying adds up the four pairs in the topmost.
        sum += pairs.wrapping_mul(0x0001_0001_0001_0001) >> 48;
    }
    let mut weight = 3;
    for byte in rest.iter().rev() {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        sum += u64::from(digit) * weight;
        weight = 4 - weight;
    }
    if digits.is_empty() { None } else { Some(((10 - sum % 10) % 10) as u8) }
}

/// The 82 characters of AI values in their order of the standard (General Specifications 7.11),
/// which gives each its weight for the check character pair.
const CSET82: &[u8; 82] =
    b"!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";

/// For every byte its weight and one more, or zero outside the 82.
const WEIGHTS: [u8; 256] = {
    let mut weights = [0; 256];
    let mut at = 0;
    while at < CSET82.len() {
        weights[CSET82[at] as usize] = at as u8 + 1;
        at += 1;
    }
    weights
};

/// The 32 characters a check character pair is written with (General Specifications 7.9.5).
const CSET32: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// The primes that weight the characters before a pair, from the right. A Global Model Number has at
/// most 23 of them; the algorithm is defined for 97.
const PRIMES: [u32; 97] = {
    let mut primes = [0; 97];
    let (mut count, mut candidate) = (0, 2);
    while count < primes.len() {
        let mut at = 0;
        while at < count && candidate % primes[at] != 0 {
            at += 1;
        }
        if at == count {
            primes[count] = candidate;
            count += 1;
        }
        candidate += 1;
    }
    primes
};

/// The check character pair that completes `body` (General Specifications 7.9.5).
///
/// `None` where `body` is longer than 97 characters or holds a character outside the 82.
pub fn check_pair(body: &str) -> Option<[char; 2]> {
    if body.len() > PRIMES.len() {
        return None;
    }
    let mut sum = 0_u32;
    for (byte, prime) in body.bytes().rev().zip(PRIMES) {
        let value = WEIGHTS[usize::from(byte)].checked_sub(1)?;
        sum += u32::from(value) * prime;
    }
    sum %= 1021;
    Some([CSET32[(sum >> 5) as usize] as char, CSET32[(sum & 31) as usize] as char])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_digit_completes_every_numeric_key() {
        assert_eq!(check_digit("629104150021"), Some(3));
        assert_eq!(check_digit("9638507"), Some(4));
        assert_eq!(check_digit("37610425002123456"), Some(9));
        assert_eq!(check_digit("000000000000"), Some(0));
    }

    #[test]
    fn anything_but_digits_has_no_check_digit() {
        assert_eq!(check_digit(""), None);
        assert_eq!(check_digit("12 4"), None);
        assert_eq!(check_digit("１２"), None);
    }

    #[test]
    fn a_check_pair_is_the_one_of_the_specification() {
        assert_eq!(check_pair("1987654Ad4X4bL5ttr2310c"), Some(['2', 'K']));
        assert_eq!(check_pair("198 7654"), None);
    }
}
