//! Which of our three forms a request wants (RFC 9110, 12.5.1): the page, the linkset or the
//! events. People come first: a tie, an unknown type or no header at all gets the page.

use axum::http::{HeaderMap, header};

/// A form of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Page,
    Linkset,
    Events,
}

/// Our forms by media type, the preferred first.
const FORMS: [(&str, &str, Form); 3] = [
    ("text", "html", Form::Page),
    ("application", "linkset+json", Form::Linkset),
    ("application", "ld+json", Form::Events),
];

/// The form that a request wants. `linkType=linkset` asks by query (GS1-Conformant Resolver 1.2).
pub(crate) fn wanted(headers: &HeaderMap, query: &str) -> Form {
    let by_query = ["linkType=linkset", "linkType=all"];
    if query.split('&').any(|pair| by_query.contains(&pair)) {
        return Form::Linkset;
    }
    let lines: Vec<&str> =
        headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok()).collect();
    best(&lines.join(","))
}

fn best(accept: &str) -> Form {
    let mut chosen = (0, 0, Form::Page);
    for (kind, subtype, form) in FORMS {
        let (quality, exact) = quality(accept, kind, subtype);
        if quality > 0 && (quality, exact) > (chosen.0, chosen.1) {
            chosen = (quality, exact, form);
        }
    }
    chosen.2
}

/// Thousandths that a header gives a type, by its most specific range, and how specific that is.
fn quality(accept: &str, kind: &str, subtype: &str) -> (u32, u8) {
    let mut found = (0, 0);
    for range in accept.split(',') {
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default().to_ascii_lowercase();
        let Some((k, s)) = name.split_once('/') else { continue };
        let exact = match (k == kind, s == subtype, k, s) {
            (true, true, ..) => 3,
            (true, _, _, "*") => 2,
            (_, _, "*", "*") => 1,
            _ => continue,
        };
        if exact > found.1 {
            let q = parts.find_map(|part| part.strip_prefix("q=").or(part.strip_prefix("Q=")));
            let q: f64 = q.map_or(1.0, |q| q.parse().unwrap_or(0.0));
            found = ((q.clamp(0.0, 1.0) * 1000.0) as u32, exact);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quality_values_and_the_more_specific_range_decide() {
        let cases = [
            ("", Form::Page),
            ("*/*", Form::Page),
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", Form::Page),
            ("application/linkset+json", Form::Linkset),
            ("application/linkset+json, */*", Form::Linkset),
            ("application/linkset+json;q=0.5, text/html;q=0.9", Form::Page),
            ("text/html;q=0.1, application/ld+json;q=0.2", Form::Events),
            ("application/ld+json;q=0, text/html", Form::Page),
            ("application/LD+JSON; profile=\"x\"; q=1", Form::Events),
            ("image/png", Form::Page),
            ("nonsense;;q=,/", Form::Page),
        ];
        for (header, form) in cases {
            assert_eq!(best(header), form, "{header}");
        }
    }
}
