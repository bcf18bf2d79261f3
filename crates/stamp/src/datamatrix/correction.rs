//! Error correction (ISO/IEC 16022:2006, 5.7 and Annex E): Reed-Solomon over GF(256) with the field
//! polynomial x^8 + x^5 + x^3 + x^2 + 1 (301) and the roots 2, 2^2, … 2^n of the generator. Data go
//! into the blocks codeword by codeword in turn, and so do the corrections.

use super::table::Size;

/// Largest number of error correction codewords in a block.
const MAX_ECC: usize = 68;

const fn doubled(value: u8) -> u8 {
    (value << 1) ^ (if value & 0x80 == 0 { 0 } else { 0x2d })
}

/// Powers of 2, twice over so that a sum of logarithms needs no reduction, and logarithms.
static FIELD: ([u8; 510], [u8; 256]) = {
    let (mut power, mut log) = ([0; 510], [0; 256]);
    let (mut value, mut exponent) = (1, 0);
    while exponent < 255 {
        power[exponent] = value;
        power[exponent + 255] = value;
        log[value as usize] = exponent as u8;
        value = doubled(value);
        exponent += 1;
    }
    (power, log)
};

fn product(a: u8, b: u8) -> u8 {
    let (power, log) = &FIELD;
    if a == 0 || b == 0 {
        return 0;
    }
    power[usize::from(log[usize::from(a)]) + usize::from(log[usize::from(b)])]
}

/// Coefficients of (x - 2)(x - 4)…(x - 2^degree) below the leading one, highest first.
fn generator(degree: usize) -> [u8; MAX_ECC] {
    let mut coefficients = [0; MAX_ECC];
    coefficients[degree - 1] = 1;
    for root in &FIELD.0[1..=degree] {
        for place in 0..degree {
            let next = if place + 1 < degree { coefficients[place + 1] } else { 0 };
            coefficients[place] = product(coefficients[place], *root) ^ next;
        }
    }
    coefficients
}

/// All codewords of a symbol: `data`, which must fill it, and the corrections after them.
pub(super) fn completed(mut data: Vec<u8>, size: &Size) -> Vec<u8> {
    debug_assert_eq!(data.len(), size.data);
    let factors = generator(size.ecc);
    data.resize(size.data + size.ecc * size.blocks, 0);
    for block in 0..size.blocks {
        let mut rest = [0_u8; MAX_ECC];
        for place in (block..size.data).step_by(size.blocks) {
            let lead = data[place] ^ rest[0];
            for index in 0..size.ecc {
                let next = if index + 1 < size.ecc { rest[index + 1] } else { 0 };
                rest[index] = next ^ product(lead, factors[index]);
            }
        }
        // From the first block on, as the standard has it; in 144 × 144, where the data end within a
        // round, some encoders go on with the next block instead, which not every reader accepts.
        for (index, &codeword) in rest[..size.ecc].iter().enumerate() {
            data[size.data + index * size.blocks + block] = codeword;
        }
    }
    data
}

#[cfg(test)]
mod tests {
    use super::super::table::SIZES;
    use super::*;

    /// The worked example of ISO/IEC 16022:2006, Annex O: "123456" in 10 × 10.
    #[test]
    fn the_standards_worked_example_comes_out() {
        let all = completed(vec![142, 164, 186], &SIZES[0]);
        assert_eq!(all, [142, 164, 186, 114, 25, 5, 88, 102]);
    }

    /// A codeword polynomial is zero at every root of the generator, in every block of every size.
    #[test]
    fn every_block_is_divisible_by_its_generator() {
        for size in &SIZES {
            let data = (0..size.data).map(|place| (place * 37 + 11) as u8).collect();
            let all = completed(data, size);
            for block in 0..size.blocks {
                for root in &FIELD.0[1..=size.ecc] {
                    let data = (block..size.data).step_by(size.blocks);
                    let ecc = (size.data + block..all.len()).step_by(size.blocks);
                    let value =
                        data.chain(ecc).fold(0, |sum, place| product(sum, *root) ^ all[place]);
                    assert_eq!(value, 0, "{size:?} block {block}");
                }
            }
        }
    }
}
