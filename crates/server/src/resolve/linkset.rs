//! The same address for machines: a linkset (RFC 9264) in the vocabulary of GS1 (Web Vocabulary
//! 1.16), and the description of this resolver (GS1-Conformant Resolver 1.2). Every href is
//! absolute and every link has a title, as GS1's schema wants.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value as Json, json};

use crate::app::App;
use crate::review::record::PublicRecord;

const VOC: &str = "https://gs1.org/voc/";
/// Says how a linkset is read as JSON-LD (GS1-Conformant Resolver 1.2).
const CONTEXT: &str = "<https://ref.gs1.org/standards/resolver/linkset-context>; rel=\"http://www.w3.org/ns/json-ld#context\"; type=\"application/ld+json\"";

fn page(href: &str, title: &str) -> Json {
    json!({"href": href, "title": title, "type": "text/html", "hreflang": ["vi", "en"]})
}

/// The linkset of a lot or of one thing of it.
pub(super) fn of_lot(app: &App, path: &str, r: &PublicRecord) -> Response {
    let base = &app.config.public_url;
    let here = format!("{base}{path}");
    let title = format!("{} · {}", r.product.name, r.lot.code);
    let product = format!("{base}/products/{}", r.product.id);
    let mut links = vec![
        ("defaultLink", json!({"href": here, "title": title})),
        ("pip", page(&product, &r.product.name)),
        ("traceability", page(&here, &format!("Hành trình / Journey: {title}"))),
        ("epcis", json!({"href": here, "title": "EPCIS 2.0", "type": "application/ld+json"})),
    ];
    if !r.certificates.is_empty() {
        links.push((
            "certificationInfo",
            page(&format!("{product}#certificates"), "Chứng nhận / Certificates"),
        ));
    }
    answer(&here, &title, links)
}

/// The linkset of a product or a place.
pub(super) fn of_thing(app: &App, path: &str, name: &str, target: &str) -> Response {
    let base = &app.config.public_url;
    let target = format!("{base}{target}");
    let kind = if path.starts_with("/414/") { "locationInfo" } else { "pip" };
    let links =
        vec![("defaultLink", json!({"href": target, "title": name})), (kind, page(&target, name))];
    answer(&format!("{base}{path}"), name, links)
}

fn answer(anchor: &str, description: &str, links: Vec<(&str, Json)>) -> Response {
    let mut context = Map::new();
    context.insert("anchor".to_owned(), json!(anchor));
    context.insert("itemDescription".to_owned(), json!(description));
    for (kind, link) in links {
        context.insert(format!("{VOC}{kind}"), json!([link]));
    }
    let body = json!({"linkset": [context]}).to_string();
    let headers = [
        (header::CONTENT_TYPE, "application/linkset+json"),
        (header::LINK, CONTEXT),
        (header::VARY, "Accept"),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ];
    (headers, body).into_response()
}

/// Tells a machine that reads the page where the linkset is.
pub(super) fn announce(app: &App, response: &mut Response, path: &str) {
    let link = format!(
        "<{}{path}>; rel=\"linkset\"; type=\"application/linkset+json\"",
        app.config.public_url
    );
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&link) {
        headers.insert(header::LINK, value);
    }
    headers.insert(header::VARY, HeaderValue::from_static("Accept, Cookie"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
}

/// `GET /.well-known/gs1resolver`
pub(super) async fn description(
    axum::extract::State(app): axum::extract::State<App>,
) -> axum::Json<Json> {
    axum::Json(json!({
        "name": "Nguồn",
        "resolverRoot": app.config.public_url,
        "supportedPrimaryKeys": ["01", "414"],
        "supportedLinkType": [{"namespace": VOC, "prefix": "gs1:"}],
        "linkTypeDefaultCanBeLinkset": false,
        "supportsLanguageVariants": true,
    }))
}
