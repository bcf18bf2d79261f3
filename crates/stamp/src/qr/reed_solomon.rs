//! Error correction codewords (ISO/IEC 18004:2015, 7.5.2 and Annex A): the remainder of a division
//! by the generator polynomial over GF(256). The remainder is held in four words and advanced a
//! whole byte at a time with two table look-ups, one for each half of the byte.

/// Largest number of error correction codewords in a block.
const MAX_ECC: usize = 30;

type Words = [u64; 4];

/// For each degree, the generator times the sixteen values of the low half of a byte, then of the
/// high half. Byte 0 of word 0 is the coefficient next below the leading one.
static MULTIPLES: [[Words; 32]; MAX_ECC + 1] = multiples();

/// Multiplies in GF(256) with the field polynomial x^8 + x^4 + x^3 + x^2 + 1.
const fn product(a: u8, b: u8) -> u8 {
    let (mut a, mut b, mut sum) = (a, b, 0);
    while b != 0 {
        if b & 1 == 1 {
            sum ^= a;
        }
        a = (a << 1) ^ (if a & 0x80 == 0 { 0 } else { 0x1d });
        b >>= 1;
    }
    sum
}

/// Coefficients of (x - 1)(x - 2)…(x - 2^(degree-1)) below the leading one, highest first.
const fn generator(degree: usize) -> [u8; MAX_ECC] {
    let mut coefficients = [0; MAX_ECC];
    if degree == 0 {
        return coefficients;
    }
    coefficients[degree - 1] = 1;
    let mut root = 1;
    let mut factor = 0;
    while factor < degree {
        let mut place = 0;
        while place < degree {
            coefficients[place] = product(coefficients[place], root);
            if place + 1 < degree {
                coefficients[place] ^= coefficients[place + 1];
            }
            place += 1;
        }
        root = product(root, 2);
        factor += 1;
    }
    coefficients
}

#[expect(clippy::large_stack_arrays, reason = "evaluated by the compiler, never on a stack")]
const fn multiples() -> [[Words; 32]; MAX_ECC + 1] {
    let mut table = [[[0; 4]; 32]; MAX_ECC + 1];
    let mut degree = 1;
    while degree <= MAX_ECC {
        let coefficients = generator(degree);
        let mut half = 0;
        while half < 32 {
            let value = if half < 16 { half as u8 } else { ((half - 16) << 4) as u8 };
            let mut place = 0;
            while place < degree {
                let byte = product(coefficients[place], value) as u64;
                table[degree][half][place / 8] |= byte << (place % 8 * 8);
                place += 1;
            }
            half += 1;
        }
        degree += 1;
    }
    table
}

/// The error correction codewords of one block; the first `degree` bytes count.
pub(super) fn remainder(data: &[u8], degree: usize) -> [u8; 32] {
    let table = &MULTIPLES[degree];
    let mut words: Words = [0; 4];
    for &byte in data {
        let factor = usize::from(byte ^ (words[0] & 0xff) as u8);
        let low = &table[factor & 15];
        let high = &table[16 + (factor >> 4)];
        words = [
            (words[0] >> 8 | words[1] << 56) ^ low[0] ^ high[0],
            (words[1] >> 8 | words[2] << 56) ^ low[1] ^ high[1],
            (words[2] >> 8 | words[3] << 56) ^ low[2] ^ high[2],
            (words[3] >> 8) ^ low[3] ^ high[3],
        ];
    }
    let mut out = [0; 32];
    for (chunk, word) in out.chunks_exact_mut(8).zip(words) {
        chunk.copy_from_slice(&word.to_le_bytes());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The worked example of ISO/IEC 18004:2015, Annex I: version 1-M, "01234567".
    #[test]
    fn the_standards_worked_example_comes_out() {
        let data = [16, 32, 12, 86, 97, 128, 236, 17, 236, 17, 236, 17, 236, 17, 236, 17];
        let ecc = [165, 36, 212, 193, 237, 54, 199, 135, 44, 85];
        assert_eq!(remainder(&data, 10)[..10], ecc);
    }
}
