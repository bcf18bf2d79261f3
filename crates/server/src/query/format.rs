//! In which format events go out: JSON-LD, or EPCIS 2.0 XML for those who ask for it.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use epcis::{Document, DocumentKind, EventTime, Stored, Version};
use store::Logged;

use super::record_time;
use crate::app::App;
use crate::capture::problem;
use crate::lots::ledger::read;
use crate::shared::guard::Visit;
use crate::shared::{Fail, accept};

/// A format that we write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Json,
    Xml,
}

/// Our formats by media type, the preferred first.
const FORMATS: [(&str, &str, Format); 4] = [
    ("application", "ld+json", Format::Json),
    ("application", "json", Format::Json),
    ("application", "xml", Format::Xml),
    ("text", "xml", Format::Xml),
];

impl Format {
    /// What an `Accept` header wants; nothing where none of ours will do.
    fn of(accept: &str) -> Option<Format> {
        if accept.is_empty() {
            return Some(Format::Json);
        }
        let mut best = (0, 0, None);
        for (kind, subtype, format) in FORMATS {
            let (quality, exact) = accept::quality(accept, kind, subtype);
            if quality > 0 && (quality, exact) > (best.0, best.1) {
                best = (quality, exact, Some(format));
            }
        }
        best.2
    }

    /// The answer to a query.
    pub(super) fn query_document(
        self,
        visit: &Visit,
        events: &[Logged],
        created: EventTime,
    ) -> Result<Response, Fail> {
        const NAME: &str = "SimpleEventQuery";
        if self == Format::Json {
            let stored = events
                .iter()
                .map(|one| Stored { body: &one.body, record_time: Some(record_time(one)) });
            return Ok(answer(
                "application/ld+json",
                epcis::write_query_document(stored, NAME, None, created),
            ));
        }
        let mut document = Document::new(DocumentKind::EpcisQueryDocument);
        document.query_name = Some(NAME.to_owned());
        for logged in events {
            let mut event = read(logged)?;
            event.record_time = Some(record_time(logged));
            document.events.push(event);
        }
        match epcis::write_xml(&document, Version::V2_0, created) {
            Ok(xml) => Ok(answer("application/xml", xml)),
            Err(faults) => {
                let title = visit.l.t(
                    "Có nội dung không viết được bằng XML; hãy hỏi JSON-LD",
                    "Some of it cannot be said in XML; ask for JSON-LD",
                );
                let (status, errors) =
                    (StatusCode::NOT_ACCEPTABLE, problem::of_faults(visit.l, &faults));
                Ok(problem::problem(status, "NotAcceptableException", title, "", &errors))
            }
        }
    }

    /// The answer that is one event: by itself in JSON-LD, alone in a document in XML.
    pub(super) fn event(
        self,
        visit: &Visit,
        logged: Logged,
        created: EventTime,
    ) -> Result<Response, Fail> {
        if self == Format::Xml {
            return self.query_document(visit, &[logged], created);
        }
        let stored = Stored { body: &logged.body, record_time: Some(record_time(&logged)) };
        Ok(answer("application/ld+json", epcis::write_bare_event(stored)))
    }
}

fn answer(kind: &'static str, body: String) -> Response {
    let mut response = ([(header::CONTENT_TYPE, kind)], body).into_response();
    problem::put_versions(response.headers_mut());
    response
}

impl FromRequestParts<App> for Format {
    type Rejection = Fail;
    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Format, Fail> {
        Format::of(&accept::of_request(&parts.headers)).ok_or_else(|| {
            Fail::with(
                StatusCode::NOT_ACCEPTABLE,
                "Sự kiện chỉ có ở dạng application/ld+json, application/json và application/xml.",
                "Events come as application/ld+json, application/json and application/xml.",
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_comes_first_and_xml_to_those_who_want_it_more() {
        for (accept, wanted) in [
            ("", Some(Format::Json)),
            ("*/*", Some(Format::Json)),
            ("application/xml", Some(Format::Xml)),
            ("text/*", Some(Format::Xml)),
            ("application/json, application/xml", Some(Format::Json)),
            ("application/json;q=0.5, application/xml", Some(Format::Xml)),
            ("text/html, */*;q=0.1", Some(Format::Json)),
            ("image/png", None),
            ("application/xml;q=0", None),
        ] {
            assert_eq!(Format::of(accept), wanted, "{accept}");
        }
    }
}
