//! Which AIs may start the path of a link, and which may follow, in which order (the `dlpkey` facts
//! of the Syntax Dictionary; URI Syntax 1.6.0, 4.5–4.7). (8020) after (415) is kept as the
//! dictionary has it.

use crate::ai::Ai;

/// The qualifiers a primary key may have: one of these rows, each in this order, any left out.
type Rows = &'static [&'static [Ai]];

const UIC: Ai = Ai::of("7040");
const SRIN: Ai = Ai::of("8019");
const REF_NO: Ai = Ai::of("8020");

/// The rows of a primary key, or nothing where `ai` is not one.
pub(crate) const fn qualifiers(ai: Ai) -> Option<Rows> {
    Some(match ai {
        Ai::GTIN => &[&[Ai::VARIANT, Ai::LOT, Ai::SERIAL], &[Ai::TPX]],
        Ai::ITIP => &[&[Ai::VARIANT, Ai::LOT, Ai::SERIAL]],
        Ai::GLN => &[&[Ai::GLN_EXTENSION], &[UIC]],
        Ai::PAY_TO => &[&[REF_NO]],
        Ai::PARTY | Ai::GIAI => &[&[UIC]],
        Ai::CPID => &[&[Ai::CPID_SERIAL]],
        Ai::GSRN_PROVIDER | Ai::GSRN => &[&[SRIN]],
        Ai::SSCC | Ai::GDTI | Ai::GCN | Ai::GINC | Ai::GSIN | Ai::GRAI | Ai::GMN => &[],
        _ => return None,
    })
}

pub(crate) const fn is_primary(ai: Ai) -> bool {
    qualifiers(ai).is_some()
}

/// Whether `after` is a valid row of qualifiers of `key`.
pub(crate) fn fits(key: Ai, after: &[Ai]) -> bool {
    let Some(rows) = qualifiers(key) else { return false };
    let in_order = |row: &[Ai]| {
        let mut rest = row.iter();
        after.iter().all(|ai| rest.any(|allowed| allowed == ai))
    };
    after.is_empty() || rows.iter().any(|row| in_order(row))
}

/// Whether `ai` could have stood in the path of a link with these keys (primary first).
pub(crate) fn could_join(keys: &[(Ai, String)], ai: Ai) -> bool {
    let Some(((key, _), after)) = keys.split_first() else { return false };
    // Nearly every attribute is no qualifier at all.
    if !qualifiers(*key).unwrap_or_default().iter().any(|row| row.contains(&ai)) {
        return false;
    }
    (0..=after.len()).any(|place| {
        let (before, behind) = after.split_at(place);
        let names = |part: &[(Ai, String)]| part.iter().map(|(ai, _)| *ai).collect::<Vec<_>>();
        let row = [names(before), vec![ai], names(behind)].concat();
        fits(*key, &row)
    })
}

/// The short names that the syntax had until 1.2, for reading only.
pub(crate) fn of_short_name(name: &str) -> Option<Ai> {
    Some(Ai::of(match name {
        "sscc" => "00",
        "gtin" => "01",
        "lot" => "10",
        "ser" => "21",
        "cpv" => "22",
        "gdti" => "253",
        "glnx" => "254",
        "gcn" => "255",
        "ginc" => "401",
        "gsin" => "402",
        "gln" => "414",
        "payTo" => "415",
        "party" => "417",
        "grai" => "8003",
        "giai" => "8004",
        "itip" => "8006",
        "cpid" => "8010",
        "cpsn" => "8011",
        "gmn" => "8013",
        "gsrnp" => "8017",
        "gsrn" => "8018",
        "srin" => "8019",
        "refno" => "8020",
        _ => return None,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn qualifiers_stand_in_their_order_and_rows_do_not_mix() {
        let fits = |row: &[&str]| {
            let row: Vec<Ai> = row.iter().map(|ai| Ai::of(ai)).collect();
            fits(row[0], &row[1..])
        };
        for good in [
            &["01"][..],
            &["01", "22", "10", "21"],
            &["01", "22", "21"],
            &["01", "10"],
            &["01", "235"],
            &["414", "254"],
            &["414", "7040"],
            &["8004", "7040"],
            &["417", "7040"],
            &["415", "8020"],
            &["8006", "22", "10", "21"],
            &["8010", "8011"],
            &["8017", "8019"],
            &["8013"],
            &["00"],
        ] {
            assert!(fits(good), "{good:?}");
        }
        for bad in [
            &["10"][..],
            &["01", "21", "10"],
            &["01", "10", "10"],
            &["01", "10", "235"],
            &["00", "10"],
            &["414", "254", "7040"],
            &["8003", "21"],
            &["8006", "235"],
            &["01", "99"],
            &["417", "254"],
        ] {
            assert!(!fits(bad), "{bad:?}");
        }
    }
}
