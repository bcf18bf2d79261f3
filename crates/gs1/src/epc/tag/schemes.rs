//! The classic schemes as rows: header, size, and what follows filter and partition (Tag Data
//! Standard 2.2, 14.6). A partition says how the bits divide between company prefix and reference.

use super::super::EpcError;

/// What a scheme has after its header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// Filter, partition, company prefix, reference, tail.
    Partitioned(Reference, Tail),
    /// General Identifier: manager 28, class 24, serial 36 bits.
    General,
    /// US Department of Defense: filter 4, supplier 48, serial 36 bits.
    Defense,
    /// Aerospace: filter 6, supplier 36 bits, two terminated texts of six bits a character.
    Aerospace,
}

/// The reference after the company prefix: its bits by partition (0 for a prefix of 12 digits to 6
/// for one of 6), and what they hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reference {
    /// Digits that fill up to this number with the prefix.
    Digits([usize; 7], usize),
    /// A number without leading zeros.
    Number([usize; 7]),
    /// Characters of seven bits, filled up with zeros.
    Text([usize; 7]),
    /// Characters of six bits up to a zero; the greatest number of characters by partition.
    Terminated([usize; 7]),
}

/// What follows the reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tail {
    /// Zero bits.
    Zero(usize),
    /// A number without leading zeros, of so many bits.
    Number(usize),
    /// Digits with a one before them, which keeps leading zeros; of so many bits.
    Digits(usize),
    /// So many characters of seven bits, filled up with zeros.
    Text(usize),
    /// Piece and total of two digits, seven bits each, then a number of 38 bits.
    PieceNumber,
    /// Piece and total, then 20 characters.
    PieceText,
}

/// A scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Scheme {
    /// As in the tag URI.
    pub(super) name: &'static str,
    /// As in the EPC URN.
    pub(super) identity: &'static str,
    pub(super) header: u8,
    pub(super) layout: Layout,
}

/// Bits of the company prefix by partition.
pub(super) const PREFIX: [usize; 7] = [40, 37, 34, 30, 27, 24, 20];

const ITEM: Reference = Reference::Digits([4, 7, 10, 14, 17, 20, 24], 13);
const UNIT: Reference = Reference::Digits([18, 21, 24, 28, 31, 34, 38], 17);
const PLACE: Reference = Reference::Digits([1, 4, 7, 11, 14, 17, 21], 12);
const ASSET_TYPE: Reference = Reference::Digits([4, 7, 10, 14, 17, 20, 24], 12);
const ASSET: Reference = Reference::Number([42, 45, 48, 52, 55, 58, 62]);
const LONG_ASSET: Reference = Reference::Text([148, 151, 154, 158, 161, 164, 168]);
const PART: Reference = Reference::Number([11, 14, 17, 21, 24, 27, 31]);
const LONG_PART: Reference = Reference::Terminated([18, 19, 20, 21, 22, 23, 24]);

const fn row(
    name: &'static str,
    identity: &'static str,
    header: u8,
    reference: Reference,
    tail: Tail,
) -> Scheme {
    Scheme { name, identity, header, layout: Layout::Partitioned(reference, tail) }
}

/// All, the shorter before the longer of one identity.
const SCHEMES: [Scheme; 22] = [
    row("sgtin-96", "sgtin", 0x30, ITEM, Tail::Number(38)),
    row("sgtin-198", "sgtin", 0x36, ITEM, Tail::Text(20)),
    row("sscc-96", "sscc", 0x31, UNIT, Tail::Zero(24)),
    row("sgln-96", "sgln", 0x32, PLACE, Tail::Number(41)),
    row("sgln-195", "sgln", 0x39, PLACE, Tail::Text(20)),
    row("grai-96", "grai", 0x33, ASSET_TYPE, Tail::Number(38)),
    row("grai-170", "grai", 0x37, ASSET_TYPE, Tail::Text(16)),
    row("giai-96", "giai", 0x34, ASSET, Tail::Zero(0)),
    row("giai-202", "giai", 0x38, LONG_ASSET, Tail::Zero(0)),
    row("gsrn-96", "gsrn", 0x2d, UNIT, Tail::Zero(24)),
    row("gsrnp-96", "gsrnp", 0x2e, UNIT, Tail::Zero(24)),
    row("gdti-96", "gdti", 0x2c, PLACE, Tail::Number(41)),
    row("gdti-113", "gdti", 0x3a, PLACE, Tail::Digits(58)),
    row("gdti-174", "gdti", 0x3e, PLACE, Tail::Text(17)),
    row("cpi-96", "cpi", 0x3c, PART, Tail::Number(31)),
    row("cpi-var", "cpi", 0x3d, LONG_PART, Tail::Number(40)),
    row("sgcn-96", "sgcn", 0x3f, PLACE, Tail::Digits(41)),
    row("itip-110", "itip", 0x40, ITEM, Tail::PieceNumber),
    row("itip-212", "itip", 0x41, ITEM, Tail::PieceText),
    Scheme { name: "gid-96", identity: "gid", header: 0x35, layout: Layout::General },
    Scheme { name: "usdod-96", identity: "usdod", header: 0x2f, layout: Layout::Defense },
    Scheme { name: "adi-var", identity: "adi", header: 0x3b, layout: Layout::Aerospace },
];

pub(super) fn by_name(name: &str) -> Option<&'static Scheme> {
    SCHEMES.iter().find(|scheme| scheme.name == name)
}

pub(super) fn by_header(header: u8) -> Option<&'static Scheme> {
    SCHEMES.iter().find(|scheme| scheme.header == header)
}

/// The schemes of an identity, the shortest first. GDTI-113 is withdrawn and only read.
pub(super) fn of_identity(name: &str) -> impl Iterator<Item = &'static Scheme> {
    SCHEMES.iter().filter(move |scheme| scheme.identity == name && scheme.name != "gdti-113")
}

impl Scheme {
    /// The filter of a tag URI and what follows; a General Identifier has none.
    pub(super) fn split_filter<'a>(&self, body: &'a str) -> Result<(u8, &'a str), EpcError> {
        let most = match self.layout {
            Layout::General => return Ok((0, body)),
            Layout::Partitioned(..) => 7,
            Layout::Defense => 15,
            Layout::Aerospace => 63,
        };
        let (filter, rest) = body.split_once('.').ok_or(EpcError::WrongParts { expected: 2 })?;
        let plain = filter.bytes().all(|b| b.is_ascii_digit())
            && (filter.len() == 1 || !filter.starts_with('0'));
        let filter = filter.parse::<u8>().ok().filter(|filter| plain && *filter <= most);
        Ok((filter.ok_or(EpcError::TagFilter { most })?, rest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_partition_of_a_scheme_fills_its_tag() {
        for scheme in &SCHEMES {
            let Layout::Partitioned(reference, tail) = scheme.layout else { continue };
            let Some(size) = scheme.name.rsplit('-').next().and_then(|s| s.parse::<usize>().ok())
            else {
                continue;
            };
            let (Reference::Digits(lens, _) | Reference::Number(lens) | Reference::Text(lens)) =
                reference
            else {
                continue;
            };
            let tail = match tail {
                Tail::Zero(len) | Tail::Number(len) | Tail::Digits(len) => len,
                Tail::Text(most) => most * 7,
                Tail::PieceNumber => 14 + 38,
                Tail::PieceText => 14 + 140,
            };
            for (prefix, reference) in PREFIX.iter().zip(lens) {
                assert_eq!(8 + 3 + 3 + prefix + reference + tail, size, "{}", scheme.name);
            }
        }
    }
}
