//! What the first digits of a number say: who gave it out, whether it means anything outside one
//! company or region, and how long the company prefix is. The last a number alone does not say: GS1
//! publishes rules by leading digits; the sixteen under 893 (Viet Nam) ship with the crate, others can
//! be loaded.

mod table;

use std::collections::BTreeMap;

/// Who or what a GS1 prefix is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// Numbers of a member organisation, by its name: `GS1 Vietnam`. It tells who gave out the number,
    /// not where goods are from.
    Organisation(&'static str),
    /// For circulation inside a region, as its organisation rules: weighed goods, mostly.
    RestrictedRegion,
    /// For circulation inside one company.
    RestrictedCompany,
    /// GTIN-8 given out by the Global Office.
    Gtin8,
    /// Serial publications (ISSN).
    Serial,
    /// Books (ISBN).
    Book,
    /// Refund receipts.
    Refund,
    /// Coupons.
    Coupon,
    /// Demonstrations and examples.
    Example,
    /// General Manager Numbers of the EPC General Identifier.
    GeneralManager,
    /// Not given out.
    Reserved,
}

impl Kind {
    /// Whether numbers of the prefix say nothing outside a company or region.
    pub const fn is_restricted(self) -> bool {
        matches!(self, Self::RestrictedCompany | Self::RestrictedRegion)
    }
}

/// What the GS1 prefix of a number is for. `digits` begins with it: of a GTIN-14 leave out the first
/// digit, of an SSCC the extension digit. `None` for prefixes that are for nothing.
///
/// ```
/// use gs1::prefix::{Kind, kind};
/// assert_eq!(kind("8931234567897"), Some(Kind::Organisation("GS1 Vietnam")));
/// assert_eq!(kind("2112345678900"), Some(Kind::RestrictedRegion));
/// assert_eq!(kind("9999"), Some(Kind::Coupon));
/// assert_eq!(kind("1401234567890"), None);
/// ```
pub fn kind(digits: &str) -> Option<Kind> {
    let fits = |(first, last, _): &&(&str, &str, Kind)| {
        digits.get(..first.len()).is_some_and(|start| (*first..=*last).contains(&start))
    };
    // The longest prefix decides; shorter rows never hold it.
    let found = table::PREFIXES.iter().filter(fits).max_by_key(|(first, ..)| first.len());
    found.map(|(.., kind)| *kind)
}

/// Leading digits and the length of the company prefix they start (GS1 company prefix length table,
/// rules under 893).
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

/// The length of the company prefix (893 included) that starts a key, in digits, by the rules that
/// ship with the crate.
///
/// `digits` begins with the GS1 prefix: of a 14-digit GTIN leave out the first digit, of an SSCC the
/// extension digit. `None` where no rule is known.
///
/// ```
/// assert_eq!(gs1::gcp_length("8935012345678"), Some(8));
/// assert_eq!(gs1::gcp_length("4012345000009"), None);
/// ```
pub fn gcp_length(digits: &str) -> Option<usize> {
    let rules = VIET_NAM.iter().filter(|(prefix, _)| digits.starts_with(prefix));
    rules.max_by_key(|(prefix, _)| prefix.len()).map(|&(_, length)| length)
}

/// Rules for the length of company prefixes: those that ship with the crate, and more.
///
/// ```
/// use gs1::prefix::PrefixLengths;
/// let mut lengths = PrefixLengths::built_in();
/// // Invented rules, for illustration (minh hoạ).
/// lengths.load("# prefix length\n952 7\n95212 9\n")?;
/// assert_eq!(lengths.of("9521234567890"), Some(9));
/// assert_eq!(lengths.of("8935012345678"), Some(8));
/// # Ok::<(), gs1::prefix::RuleError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PrefixLengths {
    rules: BTreeMap<String, usize>,
}

/// A line is no rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: expected leading digits and a length from 4 to 12")]
pub struct RuleError {
    /// The number of the line, from 1.
    pub line: usize,
}

impl PrefixLengths {
    /// The sixteen rules under 893.
    pub fn built_in() -> Self {
        let rules = VIET_NAM.iter().map(|(prefix, length)| ((*prefix).to_owned(), *length));
        Self { rules: rules.collect() }
    }

    /// Adds rules, a line each: leading digits, white space, length of the company prefix. A rule for
    /// the same digits replaces the one before; `#` starts a comment.
    ///
    /// # Errors
    /// The first line that is no rule; those before it are added.
    pub fn load(&mut self, text: &str) -> Result<(), RuleError> {
        for (at, row) in text.lines().enumerate() {
            let row = row.split('#').next().unwrap_or_default();
            let mut fields = row.split_ascii_whitespace();
            let Some(prefix) = fields.next() else { continue };
            let length = fields.next().and_then(|length| length.parse::<usize>().ok());
            let digits = prefix.bytes().all(|b| b.is_ascii_digit());
            let length = length.filter(|length| digits && (4..=12).contains(length));
            let length = length.filter(|_| fields.next().is_none());
            self.rules.insert(prefix.to_owned(), length.ok_or(RuleError { line: at + 1 })?);
        }
        Ok(())
    }

    /// The length of the company prefix that starts `digits`, by the rule for most of its digits.
    pub fn of(&self, digits: &str) -> Option<usize> {
        let most = digits.len().min(12);
        (1..=most).rev().find_map(|len| self.rules.get(digits.get(..len)?).copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_rule_decides() {
        let lengths = PrefixLengths::built_in();
        for of in [&gcp_length as &dyn Fn(&str) -> Option<usize>, &|digits| lengths.of(digits)] {
            assert_eq!(of("893200009"), Some(9));
            assert_eq!(of("893200109"), Some(7));
            assert_eq!(of("8933"), None);
            assert_eq!(of("893"), None);
            for (prefix, length) in VIET_NAM {
                assert_eq!(of(&format!("{prefix:0<13}")), Some(length), "{prefix}");
            }
        }
    }

    #[test]
    fn a_line_that_is_no_rule_is_told_by_its_number() {
        for bad in ["893", "893 x", "8x3 7", "893 13", "893 7 7"] {
            let told = PrefixLengths::default().load(&format!("# ok\n{bad}"));
            assert_eq!(told, Err(RuleError { line: 2 }), "{bad}");
        }
    }

    #[test]
    fn prefixes_are_in_order_and_do_not_overlap() {
        for pair in table::PREFIXES.windows(2) {
            assert!(pair[0].1 < pair[1].0, "{pair:?}");
        }
        assert_eq!(kind("0001000000000"), Some(Kind::Organisation("GS1 US")));
        assert_eq!(kind("0000000000000"), Some(Kind::RestrictedCompany));
        assert_eq!(kind("0412345678903"), Some(Kind::RestrictedCompany));
        assert_eq!(kind("9521234543213"), Some(Kind::Example));
        assert_eq!((kind(""), kind("89")), (None, None));
    }
}
