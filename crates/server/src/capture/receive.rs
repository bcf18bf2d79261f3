//! `POST /epcis/capture` and `POST /epcis/events`: documents and single events in EPCIS 2.0
//! JSON-LD or XML, or XML of EPCIS 1.2 and 1.1. What cannot be read is answered at once with the place of every fault; what a rule
//! refuses is told by the job, as the standard has it.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use epcis::{Document, Event, Fault, Limits};

use super::{Caller, OnError, Refusal, capture, capture_document, problem};
use crate::app::App;
use crate::identity::key::KeyHolder;
use crate::query::negotiate::discovery;
use crate::shared::guard::Visit;
use crate::shared::{Fail, L, form};

/// Bodies up to so many bytes are read on the thread that serves them: at most a millisecond.
const READ_HERE: usize = 64 << 10;
const JSON: [&str; 2] = ["application/json", "application/ld+json"];
const XML: [&str; 2] = ["application/xml", "text/xml"];

/// `OPTIONS /epcis/capture`
pub async fn options() -> Response {
    let limits = Limits::for_capture();
    let mut response = discovery("OPTIONS, GET, POST");
    let headers = response.headers_mut();
    headers.insert("gs1-epcis-capture-limit", HeaderValue::from(limits.events));
    headers.insert("gs1-epcis-capture-file-size-limit", HeaderValue::from(limits.bytes));
    // Both `rollback`, the default, and `proceed`.
    headers.insert("gs1-capture-error-behaviour", HeaderValue::from_static("all"));
    response
}

impl KeyHolder {
    fn caller(&self) -> Caller {
        Caller { organisation: self.organisation, account: 0, made_by: self.made_by }
    }
}

/// `POST /epcis/capture`
pub async fn document(
    State(app): State<App>,
    visit: Visit,
    holder: KeyHolder,
    request: Request,
) -> Result<Response, Fail> {
    let l = visit.l;
    let Some(on_error) = asked_behaviour(request.headers()) else { return Ok(bad_behaviour(l)) };
    let document = match read(l, request).await? {
        Ok(document) => document,
        Err(answer) => return Ok(answer),
    };
    let (job, _) = capture_document(&app, &holder.caller(), document, on_error).await?;
    let mut response = StatusCode::ACCEPTED.into_response();
    problem::put_versions(response.headers_mut());
    located(&mut response, &format!("/epcis/capture/{job}"))?;
    Ok(response)
}

/// `POST /epcis/events`
pub async fn event(
    State(app): State<App>,
    visit: Visit,
    holder: KeyHolder,
    request: Request,
) -> Result<Response, Fail> {
    let l = visit.l;
    let document = match read(l, request).await? {
        Ok(document) => document,
        Err(answer) => return Ok(answer),
    };
    let Ok([event]) = <[Event; 1]>::try_from(document.events) else {
        let title = l.t("Địa chỉ này chỉ nhận một sự kiện", "This address takes exactly one event");
        let detail =
            l.t("Gửi nhiều sự kiện tới /epcis/capture.", "Send several events to /epcis/capture.");
        return Ok(problem::problem(
            StatusCode::BAD_REQUEST,
            "ValidationException",
            title,
            detail,
            &[],
        ));
    };
    match capture(&app, &holder.caller(), event).await {
        Ok(outcome) => {
            let id = outcome.kept.first().map(|kept| kept.event_id.clone()).unwrap_or_default();
            let mut response = StatusCode::CREATED.into_response();
            problem::put_versions(response.headers_mut());
            located(&mut response, &crate::query::address_of(&id))?;
            Ok(response)
        }
        Err(Refusal::Faults(refused)) => Ok(problem::refused_event(l, &refused)),
        Err(Refusal::Fail(fail)) => Err(fail),
    }
}

fn located(response: &mut Response, address: &str) -> Result<(), Fail> {
    let value = HeaderValue::from_str(address).map_err(Fail::internal)?;
    response.headers_mut().insert(header::LOCATION, value);
    Ok(())
}

fn asked_behaviour(headers: &HeaderMap) -> Option<OnError> {
    match headers.get("gs1-capture-error-behaviour").map(HeaderValue::as_bytes) {
        None | Some(b"rollback") => Some(OnError::Rollback),
        Some(b"proceed") => Some(OnError::Proceed),
        Some(_) => None,
    }
}

fn bad_behaviour(l: L) -> Response {
    let title = l.t(
        "Đầu mục GS1-Capture-Error-Behaviour sai",
        "The header GS1-Capture-Error-Behaviour is wrong",
    );
    let detail = l.t("Chỉ nhận “rollback” hoặc “proceed”.", "It is “rollback” or “proceed”.");
    problem::problem(StatusCode::BAD_REQUEST, "ValidationException", title, detail, &[])
}

/// Reads the body as an EPCIS document; the inner error is an answer that is ready.
async fn read(l: L, request: Request) -> Result<Result<Document, Response>, Fail> {
    let Some(reader) = reader(request.headers()) else { return Ok(Err(wrong_type(l))) };
    if is_packed(request.headers()) {
        return Ok(Err(packed(l)));
    }
    let limits = Limits::for_capture();
    let body = match form::collect(request, limits.bytes).await {
        Ok(body) => body,
        Err(fail) if fail.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            let title = l.t("Dữ liệu gửi lên quá lớn", "Too much was sent");
            let exception = "CaptureLimitExceededException";
            return Ok(Err(problem::problem(
                fail.status(),
                exception,
                title,
                &fail.sentence(l),
                &[],
            )));
        }
        Err(fail) => return Err(fail),
    };
    // Ten megabytes take a while to read; other requests go on meanwhile. An event or two are read sooner
    // than handed over.
    let read = if body.len() <= READ_HERE {
        reader(&body, &limits)
    } else {
        tokio::task::spawn_blocking(move || reader(&body, &limits)).await.map_err(Fail::internal)?
    };
    Ok(read.map_err(|faults| problem::invalid(l, "ValidationException", &faults)))
}

type Reader = fn(&[u8], &Limits) -> Result<Document, Vec<Fault>>;

/// What reads the type of content that was sent.
fn reader(headers: &HeaderMap) -> Option<Reader> {
    let kind =
        headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if JSON.contains(&kind.as_str()) {
        Some(epcis::read_json)
    } else if XML.contains(&kind.as_str()) {
        Some(epcis::read_xml)
    } else {
        None
    }
}

/// Whether the body is compressed. What it would unpack to is not bounded by what was sent, so it is not taken.
fn is_packed(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::CONTENT_ENCODING)
        .iter()
        .any(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity"))
}

/// RFC 9110 §15.5.16: the answer says which codings are taken.
fn packed(l: L) -> Response {
    let title = l.t("Nội dung nén không được nhận", "Compressed content is not taken");
    let detail = l.t(
        "Hãy gửi nội dung không nén (không có đầu mục Content-Encoding).",
        "Send the content uncompressed (without a Content-Encoding header).",
    );
    let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
    let mut response =
        problem::problem(status, "UnsupportedMediaTypeException", title, detail, &[]);
    response.headers_mut().insert(header::ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    response
}

fn wrong_type(l: L) -> Response {
    problem::problem(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "UnsupportedMediaTypeException",
        l.t("Loại nội dung không được nhận", "This media type is not taken"),
        l.t(
            "Content-Type phải là application/ld+json, application/json hoặc application/xml.",
            "Content-Type must be application/ld+json, application/json or application/xml.",
        ),
        &[],
    )
}
