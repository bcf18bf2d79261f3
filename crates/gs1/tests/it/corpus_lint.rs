//! The reference's cases for single checks.

use gs1::dictionary::{Check, Kind};

use crate::corpora::{lines, verdict};

#[test]
fn every_check_agrees_with_the_reference_on_its_cases() {
    let Some(cases) = lines("gs1+gs1-syntax-dictionary/linter-vectors.jsonl") else { return };
    let (mut judged, mut aside, mut wrong) = (0, 0, Vec::new());
    for case in &cases {
        let (Some(linter), Some(input)) = (case["linter"].as_str(), case["input"].as_str()) else {
            aside += 1;
            continue;
        };
        // General Specifications 3.9.12: a Global Model Number has at most 25 characters. Our check
        // takes no more; the reference's does, and leaves the length to its caller.
        let over = linter == "csumalpha" && input.len() > 25;
        let verdict = match (check_of(linter), set_of(linter)) {
            (Some(check), _) if !over => check.run(input),
            (None, Some(set)) => set.check(input),
            _ => {
                aside += 1;
                continue;
            }
        };
        judged += 1;
        if verdict.is_ok() != (case["ok"] == true) {
            wrong.push(format!("{linter} {input:?}: {verdict:?}, expected {case}"));
        }
    }
    verdict("checks", judged, aside, &wrong);
}

fn check_of(linter: &str) -> Option<Check> {
    Some(match linter {
        "csum" => Check::CheckDigit,
        "csumalpha" => Check::CheckPair,
        "gcppos1" => Check::PrefixAt0,
        "gcppos2" => Check::PrefixAt1,
        "yymmdd" => Check::Date,
        "yymmd0" => Check::DateDay0,
        "yyyymmdd" => Check::LongDate,
        "hhmi" => Check::HourMinute,
        "hh" => Check::Hour,
        "mi" => Check::Minute,
        "ss" => Check::Second,
        "zero" => Check::Zero,
        "nonzero" => Check::NonZero,
        "nozeroprefix" => Check::NoZeroPrefix,
        "pieceoftotal" => Check::PieceOfTotal,
        "hasnondigit" => Check::HasNonDigit,
        "winding" => Check::Winding,
        "yesno" => Check::YesNo,
        "iso5218" => Check::BiologicalSex,
        "importeridx" => Check::ImporterIndex,
        "hyphen" => Check::Hyphen,
        "latitude" => Check::Latitude,
        "longitude" => Check::Longitude,
        "pcenc" => Check::PercentEncoded,
        "posinseqslash" => Check::PositionInSequence,
        _ => return None,
    })
}

fn set_of(linter: &str) -> Option<Kind> {
    Some(match linter {
        "csetnumeric" => Kind::Digits,
        "cset82" => Kind::Cset82,
        "cset39" => Kind::Cset39,
        "cset64" => Kind::Cset64,
        _ => return None,
    })
}
