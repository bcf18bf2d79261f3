//! The outermost layer: request ids, who is calling, security headers, failures turned into
//! pages, problem documents or SOAP faults, logs and metrics.

use std::sync::Arc;

use axum::extract::MatchedPath;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};

use super::fail::Fail;
use super::guard::Visit;
use super::lang;
use crate::app::App;
use crate::capture::problem;
use crate::identity::session;
use crate::soap::{self, Soap};

/// Header that carries the request id in and out.
static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Portal pages: own styles, scripts, pictures; nothing from elsewhere, nothing inline.
const CSP: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'";

/// Whether the path is one that machines call.
pub fn is_api(path: &str) -> bool {
    ["/epcis", "/soap", "/api", "/healthz", "/readyz", "/.well-known"]
        .iter()
        .any(|root| path.starts_with(root))
}

fn wants_html(headers: &HeaderMap, path: &str) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or("*/*");
    !is_api(path) && (accept.contains("text/html") || accept.contains("*/*"))
}

/// Everything that surrounds a handler.
pub async fn surround(State(app): State<App>, request: Request, next: Next) -> Response {
    let started = app.now();
    let (mut parts, body) = request.into_parts();
    let path = parts.uri.path().to_owned();
    let l = lang::of_request(&parts, is_api(&path));
    let html = wants_html(&parts.headers, &path);
    let soap = path.starts_with("/soap").then(|| Soap::of_request(&parts.headers));
    let request_id = incoming_id(&parts.headers).unwrap_or_else(|| app.token()[..16].to_owned());
    // Scan pages hold no form.
    let scan = is_scan(&path);
    let kept = super::cookie(&parts.headers, "nguon_form").filter(|token| token.len() == 32);
    let had_csrf = kept.is_some();
    let csrf = kept.map_or_else(|| if scan { String::new() } else { app.token() }, str::to_owned);
    let method = parts.method.clone();
    let matched = parts.extensions.get::<MatchedPath>().map(|m| m.as_str().to_owned());

    let looked_up = if scan || is_api(&path) {
        Ok(None)
    } else {
        session::of_request(&app, &parts.headers).await
    };
    let (account, refused) = match looked_up {
        Ok(account) => (account, None),
        Err(fail) => (None, Some(fail)),
    };
    let visit = Arc::new(Visit {
        account,
        l,
        csrf,
        here: parts.uri.path_and_query().map_or_else(|| path.clone(), ToString::to_string),
        address: caller_address(&app, &parts),
        request_id,
    });
    let mut response = match refused {
        None => {
            parts.extensions.insert(Arc::clone(&visit));
            next.run(Request::from_parts(parts, body)).await
        }
        Some(fail) => fail.into_response(),
    };

    if let Some(fail) = response.extensions_mut().remove::<Fail>() {
        if let Fail::Internal(cause) = &fail {
            tracing::error!(request_id = visit.request_id, path, cause, "a request failed");
        }
        response = match soap {
            Some(soap) => soap::of_fail(&fail, soap, l),
            None => answer_failure(&visit, &fail, html, &response),
        };
    } else if response.status() == StatusCode::METHOD_NOT_ALLOWED && html {
        response = answer_failure(&visit, &Fail::NotFound, html, &response);
    }

    finish_headers(&app, &mut response, &visit, html && !had_csrf && !scan);
    let label = matched.unwrap_or_else(|| "other".to_owned());
    let status = response.status().as_u16();
    let seconds = (app.now() - started) as f64 / 1e6;
    metrics::counter!("http_requests_total", "path" => label.clone(), "status" => status.to_string()).increment(1);
    metrics::histogram!("http_request_seconds", "path" => label).record(seconds);
    tracing::info!(target: "http", request_id = visit.request_id, %method, path, status, seconds, "answered");
    response
}

/// Scan pages are public, need no session and carry no cookie.
fn is_scan(path: &str) -> bool {
    let mut parts = path.split('/').skip(1);
    let first = parts.next().unwrap_or_default();
    first.eq_ignore_ascii_case("t")
        || first == "assets"
        || first == "pictures"
        || (first.len() >= 2 && first.bytes().all(|b| b.is_ascii_digit()))
}

fn incoming_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get(&REQUEST_ID)?.to_str().ok()?;
    let fits = (8..=64).contains(&id.len())
        && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    fits.then(|| id.to_owned())
}

fn caller_address(app: &App, parts: &axum::http::request::Parts) -> String {
    if app.config.behind_proxy
        && let Some(forwarded) = parts.headers.get("x-forwarded-for").and_then(|v| v.to_str().ok())
    {
        // The last entry is the one our own proxy wrote; earlier ones are the caller's claim.
        return forwarded.rsplit(',').next().unwrap_or_default().trim().to_owned();
    }
    parts
        .extensions
        .get::<axum::extract::ConnectInfo<std::net::SocketAddr>>()
        .map_or_else(|| "unknown".to_owned(), |info| info.0.ip().to_string())
}

fn answer_failure(visit: &Visit, fail: &Fail, html: bool, bare: &Response) -> Response {
    let sentence = fail.sentence(visit.l);
    let mut answer = if html && matches!(fail, Fail::SignIn) {
        let back: String =
            percent_encoding::utf8_percent_encode(&visit.here, percent_encoding::NON_ALPHANUMERIC)
                .to_string();
        axum::response::Redirect::to(&format!("/sign-in?back={back}")).into_response()
    } else if html {
        match super::page::failure(visit, fail.status(), &sentence) {
            Ok(page) => (fail.status(), Html(page)).into_response(),
            Err(_) => (fail.status(), sentence).into_response(),
        }
    } else if visit.here.starts_with("/epcis") {
        let exception = problem::exception(fail);
        let title = visit.l.t("Không làm được", "This could not be done");
        problem::problem(fail.status(), exception, title, &sentence, &[])
    } else {
        let problem = serde_json::json!({
            "type": "about:blank",
            "title": fail.status().canonical_reason().unwrap_or("Error"),
            "status": fail.status().as_u16(),
            "detail": sentence,
            "instance": visit.here,
            "requestId": visit.request_id,
        });
        let kind = [(header::CONTENT_TYPE, "application/problem+json")];
        (fail.status(), kind, problem.to_string()).into_response()
    };
    if let Some(value) = bare.headers().get(header::RETRY_AFTER) {
        answer.headers_mut().insert(header::RETRY_AFTER, value.clone());
    }
    answer
}

fn finish_headers(app: &App, response: &mut Response, visit: &Visit, set_form_cookie: bool) {
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&visit.request_id) {
        headers.insert(REQUEST_ID.clone(), value);
    }
    let mut put = |name: HeaderName, value: &'static str| {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    put(header::CONTENT_SECURITY_POLICY, CSP);
    put(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(header::REFERRER_POLICY, "same-origin");
    put(header::X_FRAME_OPTIONS, "DENY");
    put(
        HeaderName::from_static("permissions-policy"),
        "camera=(self), geolocation=(self), microphone=()",
    );
    put(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    if app.config.secure_cookies {
        put(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    if !visit.here.starts_with("/assets/") && !visit.here.starts_with("/pictures/") {
        put(header::CACHE_CONTROL, "no-store");
    }
    if set_form_cookie {
        let secure = if app.config.secure_cookies { "; Secure" } else { "" };
        let cookie =
            format!("nguon_form={}; Path=/; HttpOnly; SameSite=Strict{secure}", visit.csrf);
        if let Ok(value) = HeaderValue::from_str(&cookie) {
            headers.append(header::SET_COOKIE, value);
        }
    }
    if !is_scan(visit.here.split('?').next().unwrap_or_default())
        && let Some(chosen) =
            visit.here.split(['?', '&']).find_map(|pair| pair.strip_prefix("lang="))
        && ["vi", "en"].contains(&chosen)
        && let Ok(value) =
            HeaderValue::from_str(&format!("lang={chosen}; Path=/; Max-Age=31536000; SameSite=Lax"))
    {
        headers.append(header::SET_COOKIE, value);
    }
}
