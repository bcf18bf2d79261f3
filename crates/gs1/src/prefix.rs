//! How long a company prefix is, which a number alone does not say. GS1 publishes rules by leading
//! digits; under 893 (Viet Nam) there are sixteen, and these are all this module knows. Elsewhere the
//! caller must know the length.

/// Leading digits and the length of the company prefix they start, longest rules first where they
/// overlap (GS1 company prefix length table, rules under 893).
const VIET_NAM: [(&str, usize); 16] = [
    ("8931", 10),
    ("89320000", 9),
    ("89320001", 9),
    ("8932001", 7),
    ("89328", 12),
    ("8934", 7),
    ("8935", 8),
    ("89360", 9),
    ("89361", 9),
    ("89362", 9),
    ("89364", 10),
    ("89380", 9),
    ("89385", 10),
    ("89386", 10),
    ("89389", 10),
    ("8939", 12),
];

/// The length of the company prefix (893 included) that starts a key, in digits.
///
/// `digits` begins with the GS1 prefix: of a 14-digit GTIN leave out the first digit, of an SSCC the
/// extension digit. `None` where no rule is known.
///
/// ```
/// assert_eq!(gs1::gcp_length("8935012345678"), Some(8));
/// assert_eq!(gs1::gcp_length("4012345000009"), None);
/// ```
pub fn gcp_length(digits: &str) -> Option<usize> {
    VIET_NAM
        .iter()
        .filter(|(prefix, _)| digits.starts_with(prefix))
        .max_by_key(|(prefix, _)| prefix.len())
        .map(|&(_, length)| length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_rule_decides() {
        assert_eq!(gcp_length("893200009"), Some(9));
        assert_eq!(gcp_length("893200109"), Some(7));
        assert_eq!(gcp_length("8933"), None);
        assert_eq!(gcp_length("893"), None);
        for (prefix, length) in VIET_NAM {
            assert_eq!(gcp_length(&format!("{prefix:0<13}")), Some(length), "{prefix}");
        }
    }
}
