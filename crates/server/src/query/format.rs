//! In which format events go out: JSON-LD, or EPCIS 2.0 XML for those who ask for it, and how identifiers are spelled there.

use std::borrow::Cow;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use epcis::{Document, DocumentKind, EpcFormat, EventTime, Fault, Stored, Version};
use store::Logged;

use super::negotiate::Spelling;
use super::record_time;
use crate::app::App;
use crate::capture::{extension, problem};
use crate::lots::ledger::read;
use crate::shared::guard::Visit;
use crate::shared::{Fail, accept};

/// A syntax that we write.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Syntax {
    #[default]
    Json,
    Xml,
}

/// Our syntaxes by media type, the preferred first.
const SYNTAXES: [(&str, &str, Syntax); 4] = [
    ("application", "ld+json", Syntax::Json),
    ("application", "json", Syntax::Json),
    ("application", "xml", Syntax::Xml),
    ("text", "xml", Syntax::Xml),
];

impl Syntax {
    /// What an `Accept` header wants; nothing where none of ours will do.
    pub fn of(accept: &str) -> Option<Syntax> {
        if accept.is_empty() {
            return Some(Syntax::Json);
        }
        let mut best = (0, 0, None);
        for (kind, subtype, syntax) in SYNTAXES {
            let (quality, exact) = accept::quality(accept, kind, subtype);
            if quality > 0 && (quality, exact) > (best.0, best.1) {
                best = (quality, exact, Some(syntax));
            }
        }
        best.2
    }

    pub fn media_type(self) -> &'static str {
        match self {
            Syntax::Json => "application/ld+json",
            Syntax::Xml => "application/xml",
        }
    }
}

/// The format of what goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Format {
    pub syntax: Syntax,
    pub spelling: Spelling,
}

/// What a document of events says of itself.
#[derive(Debug, Clone, Copy)]
pub struct Title<'a> {
    pub query_name: &'a str,
    pub subscription: Option<&'a str>,
    pub created: EventTime,
}

/// Why a document could not be written.
pub enum Unwritten {
    /// XML cannot say it.
    Unsayable(Vec<Fault>),
    Fail(Fail),
}

impl From<Fail> for Unwritten {
    fn from(fail: Fail) -> Self {
        Unwritten::Fail(fail)
    }
}

/// The body of an event with its identifiers in the format asked for. Events are kept as they go out by default, so that most
/// need not even be read.
fn spelled(logged: &Logged, format: EpcFormat) -> Result<Cow<'_, [u8]>, Fail> {
    let suspect: Option<&[u8]> = match format {
        EpcFormat::AsIs => None,
        // Every EPC URN begins so, and nothing else is made a link.
        EpcFormat::Link => Some(b"urn:epc:"),
        EpcFormat::Urn => Some(b"http"),
    };
    let found = |needle: &[u8]| logged.body.windows(needle.len()).any(|window| window == needle);
    if !suspect.is_some_and(found) {
        return Ok(Cow::Borrowed(&logged.body));
    }
    let mut event = read(logged)?;
    event.spell_ids(format);
    Ok(Cow::Owned(event.stored()))
}

/// The prefixes that events use, and our own unless they mean something else by it.
fn extensions(events: &[Logged]) -> String {
    let mut used = epcis::stored_context(events.iter().map(|one| one.body.as_slice()));
    if used.uri_of(extension::PREFIX).is_none() {
        used.declare(extension::PREFIX, extension::NAMESPACE);
    }
    used.to_extensions_header()
}

impl Format {
    /// A query document of events, in their order.
    pub fn document(self, events: &[Logged], title: Title<'_>) -> Result<String, Unwritten> {
        let Title { query_name, subscription, created } = title;
        let epc = self.spelling.epc;
        if self.syntax == Syntax::Json {
            let bodies: Vec<Cow<'_, [u8]>> =
                events.iter().map(|one| spelled(one, epc)).collect::<Result<_, _>>()?;
            let stored = events
                .iter()
                .zip(&bodies)
                .map(|(one, body)| Stored { body, record_time: Some(record_time(one)) });
            return Ok(epcis::write_query_document(stored, query_name, subscription, created));
        }
        let mut document = Document::new(DocumentKind::EpcisQueryDocument);
        document.query_name = Some(query_name.to_owned());
        document.subscription_id = subscription.map(str::to_owned);
        for logged in events {
            let mut event = read(logged)?;
            event.record_time = Some(record_time(logged));
            document.events.push(event);
        }
        document.spell_ids(epc);
        epcis::write_xml_with(&document, Version::V2_0, self.spelling.cbv, created)
            .map_err(Unwritten::Unsayable)
    }

    /// The answer to a query.
    pub(super) fn query_document(
        self,
        visit: &Visit,
        events: &[Logged],
        title: Title<'_>,
    ) -> Result<Response, Fail> {
        match self.document(events, title) {
            Ok(body) => Ok(self.answer(body, events)),
            Err(Unwritten::Fail(fail)) => Err(fail),
            Err(Unwritten::Unsayable(faults)) => {
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
        if self.syntax == Syntax::Xml {
            let title = Title { query_name: super::SIMPLE, subscription: None, created };
            return self.query_document(visit, &[logged], title);
        }
        let body = spelled(&logged, self.spelling.epc)?;
        let stored = Stored { body: &body, record_time: Some(record_time(&logged)) };
        Ok(self.answer(epcis::write_bare_event(stored), std::slice::from_ref(&logged)))
    }

    /// With the headers that say how it is written.
    fn answer(self, body: String, events: &[Logged]) -> Response {
        let mut response =
            ([(header::CONTENT_TYPE, self.syntax.media_type())], body).into_response();
        let headers = response.headers_mut();
        problem::put_versions(headers);
        let (epc, cbv) = self.spelling.codes();
        headers.insert("gs1-epc-format", HeaderValue::from_static(epc));
        if let Ok(used) = HeaderValue::from_str(&extensions(events)) {
            headers.insert("gs1-extensions", used);
        }
        if self.syntax == Syntax::Xml {
            headers.insert("gs1-cbv-xml-format", HeaderValue::from_static(cbv));
        }
        response
    }
}

impl FromRequestParts<App> for Format {
    type Rejection = Fail;
    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Format, Fail> {
        let syntax = Syntax::of(&accept::of_request(&parts.headers)).ok_or_else(|| {
            Fail::with(
                StatusCode::NOT_ACCEPTABLE,
                "Sự kiện chỉ có ở dạng application/ld+json, application/json và application/xml.",
                "Events come as application/ld+json, application/json and application/xml.",
            )
        })?;
        // What it cannot be was refused when the headers were agreed on.
        let spelling = Spelling::of(&parts.headers).map_err(|header| {
            Fail::with(
                StatusCode::NOT_ACCEPTABLE,
                format!("Không có cách viết này: {header}."),
                format!("There is no such spelling: {header}."),
            )
        })?;
        Ok(Format { syntax, spelling })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_comes_first_and_xml_to_those_who_want_it_more() {
        for (accept, wanted) in [
            ("", Some(Syntax::Json)),
            ("*/*", Some(Syntax::Json)),
            ("application/xml", Some(Syntax::Xml)),
            ("text/*", Some(Syntax::Xml)),
            ("application/json, application/xml", Some(Syntax::Json)),
            ("application/json;q=0.5, application/xml", Some(Syntax::Xml)),
            ("text/html, */*;q=0.1", Some(Syntax::Json)),
            ("image/png", None),
            ("application/xml;q=0", None),
        ] {
            assert_eq!(Syntax::of(accept), wanted, "{accept}");
        }
    }
}
