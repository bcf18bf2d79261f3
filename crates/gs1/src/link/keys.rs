//! Which AIs may follow the primary key in the path of a link, in which order (the `dlpkey` facts of
//! the Syntax Dictionary; URI Syntax 1.6.0, 4.5–4.7). (8020) after (415) is kept as the dictionary
//! has it.

use crate::ai::Ai;
use crate::dictionary::Entry;

/// Whether `after` is a valid row of qualifiers of a key with this entry: part of one row, in order.
pub(crate) fn fits(primary: &Entry, after: &(impl Iterator<Item = Ai> + Clone)) -> bool {
    let Some(rows) = &primary.qualifiers else { return false };
    let in_order = |row: &[Ai]| {
        let mut rest = row.iter();
        after.clone().all(|ai| rest.any(|allowed| *allowed == ai))
    };
    after.clone().next().is_none() || rows.iter().any(|row| in_order(row))
}

/// Whether `ai` could have stood among the qualifiers `after` of a link.
pub(crate) fn could_join(
    primary: &Entry,
    after: &(impl Iterator<Item = Ai> + Clone),
    ai: Ai,
) -> bool {
    let rows = primary.qualifiers.as_deref().unwrap_or_default();
    // Nearly every attribute is no qualifier at all.
    rows.iter().filter(|row| row.contains(&ai)).any(|row| {
        let mut rest = row.iter().filter(|allowed| **allowed != ai);
        after.clone().all(|known| rest.any(|allowed| *allowed == known))
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
            let primary = crate::dictionary::entry(row[0]).expect("known");
            fits(primary, &row[1..].iter().copied())
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
