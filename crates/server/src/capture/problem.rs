//! Problem documents (RFC 9457) of the EPCIS interface, with the exception names of its REST
//! binding and a line for every fault: rule, path, line, column, and the sentence.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use epcis::{DocumentKind, Fault};
use serde_json::{Value, json};

use super::{Refused, extension};
use crate::shared::{Fail, L};

/// The version of EPCIS and of CBV that we speak.
pub const VERSION: &str = "2.0.0";

/// The headers that say which versions and extensions are spoken here (EPCIS 2.0 §12.2, §12.4).
pub fn put_versions(headers: &mut HeaderMap) {
    for name in [
        "gs1-epcis-version",
        "gs1-epcis-min",
        "gs1-epcis-max",
        "gs1-cbv-version",
        "gs1-cbv-min",
        "gs1-cbv-max",
    ] {
        headers.insert(name, HeaderValue::from_static(VERSION));
    }
    headers.insert("gs1-extensions", HeaderValue::from_static(extension::DECLARED));
    headers.insert("gs1-vendor-version", HeaderValue::from_static(env!("CARGO_PKG_VERSION")));
}

/// A problem document; `exception` is a name such as `ValidationException`.
pub fn problem(
    status: StatusCode,
    exception: &str,
    title: &str,
    detail: &str,
    errors: &[Value],
) -> Response {
    let mut body = json!({
        "type": format!("epcisException:{exception}"),
        "title": title,
        "status": status.as_u16(),
        "detail": detail,
    });
    if !errors.is_empty() {
        body["errors"] = Value::Array(errors.to_vec());
    }
    let mut response =
        (status, [(header::CONTENT_TYPE, "application/problem+json")], body.to_string())
            .into_response();
    put_versions(response.headers_mut());
    response
}

/// The exception of the REST binding that a failure without one of its own comes under.
pub fn exception(fail: &Fail) -> &'static str {
    match fail.status() {
        _ if matches!(fail, Fail::TooComplex { .. }) => "QueryTooComplexException",
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => "SecurityException",
        StatusCode::NOT_FOUND => "NoSuchNameException",
        StatusCode::NOT_ACCEPTABLE => "NotAcceptableException",
        StatusCode::CONFLICT => "ResourceAlreadyExistsException",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "UnsupportedMediaTypeException",
        StatusCode::PAYLOAD_TOO_LARGE => "CaptureLimitExceededException",
        StatusCode::URI_TOO_LONG => "URITooLongException",
        status if status.is_client_error() => "ValidationException",
        _ => "ImplementationException",
    }
}

/// The lines of faults that a reader found.
pub fn of_faults(l: L, faults: &[Fault]) -> Vec<Value> {
    let line = |fault: &Fault| {
        json!({
            "rule": fault.rule, "path": fault.path, "line": fault.line, "column": fault.column,
            "message": fault.message(l.0),
        })
    };
    faults.iter().map(line).collect()
}

/// Answers faults of a document or of a query.
pub fn invalid(l: L, exception: &str, faults: &[Fault]) -> Response {
    let over_limit =
        faults.iter().any(|fault| fault.rule == "limit.bytes" || fault.rule == "limit.events");
    let title = l.t(
        "Dữ liệu gửi lên có lỗi; chưa có gì được lưu",
        "What was sent has faults; nothing was stored",
    );
    let detail = faults.first().map(|fault| fault.message(l.0)).unwrap_or_default();
    let errors = of_faults(l, faults);
    if over_limit {
        return problem(
            StatusCode::PAYLOAD_TOO_LARGE,
            "CaptureLimitExceededException",
            title,
            &detail,
            &errors,
        );
    }
    problem(StatusCode::BAD_REQUEST, exception, title, &detail, &errors)
}

/// Where in its document the place stands that an event was refused for.
pub fn path_in(kind: DocumentKind, one: &Refused) -> String {
    let list = match kind {
        DocumentKind::EpcisDocument => "/epcisBody/eventList",
        DocumentKind::EpcisQueryDocument => "/epcisBody/queryResults/resultsBody/eventList",
        // An array of events has no name before the number.
        DocumentKind::Events => "",
    };
    format!("{list}/{}{}", one.index, one.path)
}

/// Answers a single event that a rule refused.
pub fn refused_event(l: L, refused: &[Refused]) -> Response {
    let has = |end: &str| refused.iter().any(|one| one.rule.ends_with(end));
    let (status, exception) = if has(".conflict") {
        (StatusCode::CONFLICT, "ResourceAlreadyExistsException")
    } else if has(".foreign") {
        (StatusCode::FORBIDDEN, "SecurityException")
    } else {
        (StatusCode::BAD_REQUEST, "ValidationException")
    };
    let title = l.t(
        "Sự kiện không được nhận; chưa có gì được lưu",
        "The event was refused; nothing was stored",
    );
    let detail = refused.first().map(|one| one.sentence(l).to_owned()).unwrap_or_default();
    let line = |one: &Refused| json!({"rule": one.rule, "path": one.path, "line": 0, "column": 0, "message": one.sentence(l)});
    problem(status, exception, title, &detail, &refused.iter().map(line).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_that_is_too_complex_is_no_capture_that_is_too_large() {
        let large = Fail::with(StatusCode::PAYLOAD_TOO_LARGE, "", "");
        assert_eq!(exception(&large), "CaptureLimitExceededException");
        let complex = crate::masterdata::too_complex();
        assert_eq!(
            (complex.status(), exception(&complex)),
            (StatusCode::PAYLOAD_TOO_LARGE, "QueryTooComplexException")
        );
    }
}
