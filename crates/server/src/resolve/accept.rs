//! Which of our three forms a request wants (RFC 9110, 12.5.1): the page, the linkset or the
//! events. People come first: a tie, an unknown type or no header at all gets the page.

use axum::http::HeaderMap;

use crate::shared::accept;

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
    best(&accept::of_request(headers))
}

fn best(header: &str) -> Form {
    let mut chosen = (0, 0, Form::Page);
    for (kind, subtype, form) in FORMS {
        let (quality, exact) = accept::quality(header, kind, subtype);
        if quality > 0 && (quality, exact) > (chosen.0, chosen.1) {
            chosen = (quality, exact, form);
        }
    }
    chosen.2
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
