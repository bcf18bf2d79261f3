//! How a [`Balance`] is told: to programs, and to people.

use std::collections::HashSet;
use std::fmt::Write as _;

use gs1::Lang;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::Network;
use super::balance::{Balance, Conflict, Grounds, Unjudged};

/// A line of JSON for each finding: place, product, in, out, gap (kilograms) and the deliveries that prove it.
pub fn json_lines(network: &Network, balance: &Balance) -> String {
    let mut text = String::new();
    for finding in &balance.findings {
        let station = &network.stations()[finding.station];
        let line = &balance.stations[finding.station];
        let ids = |numbers: &[usize]| -> Vec<&str> {
            numbers.iter().filter_map(|number| network.delivery_id(*number)).collect()
        };
        let mut seen = HashSet::new();
        let products: Vec<&str> = finding
            .out
            .iter()
            .map(|number| network.deliveries()[*number].product.as_str())
            .filter(|product| !product.is_empty() && seen.insert(*product))
            .collect();
        let object = json!({
            "place": station.id,
            "name": station.name,
            "product": products.join("; "),
            "in": number(line.into),
            "out": number(line.out),
            "gap": number(finding.gap),
            "unit": "kg",
            "grounds": match finding.grounds {
                Grounds::Amounts => "amounts",
                Grounds::Dates => "dates",
                Grounds::Relations => "relations",
            },
            "factor": number(finding.factor),
            "tolerance": number(finding.tolerance),
            "proof": { "out": ids(&finding.out), "in": ids(&finding.into) },
        });
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{object}");
    }
    text
}

fn number(kg: Decimal) -> Value {
    serde_json::from_str(&kg.normalize().to_string()).unwrap_or_default()
}

/// For people, a sentence a line: what was not judged and why, and what the dates contradict.
pub fn notes(network: &Network, balance: &Balance, lang: Lang) -> String {
    let say = |vi: String, en: String| if lang == Lang::Vi { vi } else { en };
    let station = |number: &usize| {
        let station = &network.stations()[*number];
        if station.name.is_empty() { station.id.clone() } else { station.name.clone() }
    };
    let id = |number: &usize| network.delivery_id(*number).unwrap_or_default().to_owned();
    let unjudged = balance.unjudged.iter().map(|why| match why {
        Unjudged::Source(number) => {
            let name = station(number);
            say(
                format!("{name}: không xét, vì không nhận hàng từ ai (nơi sản xuất)."),
                format!("{name}: not judged, for nothing came to it (a producer)."),
            )
        }
        Unjudged::UnknownInputs(number, inputs) => {
            let (name, ids) =
                (station(number), inputs.iter().map(id).collect::<Vec<_>>().join(", "));
            say(
                format!("{name}: không xét, vì không rõ khối lượng hàng nhận: {ids}."),
                format!("{name}: not judged, for the amounts of inputs are not known: {ids}."),
            )
        }
    });
    let conflicts = balance.conflicts.iter().map(|conflict| match conflict {
        Conflict::RelationBackwards(went, into) => {
            let (went, into) = (id(went), id(into));
            say(
                format!("{went} đến sau khi {into} đã rời đi, mà lại ghi là đi vào đó."),
                format!("{went} arrived after {into} had left, and is said to have gone into it."),
            )
        }
        Conflict::LeftFirst(number) => {
            let id = id(number);
            say(
                format!("{id} rời đi trước khi cơ sở nhận được bất cứ hàng gì."),
                format!("{id} left before anything had arrived at its station."),
            )
        }
    });
    unjudged.chain(conflicts).map(|line| line + "\n").collect()
}
