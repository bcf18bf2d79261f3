//! The scan page itself: verdict first, then what is the same for all stamps of the lot. One
//! answer holds everything, style included; it needs no script, no cookie and no second request
//! but for the photo and the little icon.

use std::sync::OnceLock;

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use base64::Engine;
use sha2::{Digest, Sha256};

use super::verdict::Verdict;
use crate::app::{App, Micros};
use crate::review::record::{JourneyStep, PublicRecord};
use crate::shared::{Fail, L, assets, text};

#[derive(Template)]
#[template(path = "resolve/lot.html")]
struct LotBody<'a> {
    l: L,
    r: &'a PublicRecord,
}

/// Card, journey and the law's ten data of a lot.
pub(super) fn lot_body(l: L, r: &PublicRecord) -> Result<String, Fail> {
    Ok(LotBody { l, r }.render()?)
}

#[expect(
    clippy::unused_self,
    clippy::trivially_copy_pass_by_ref,
    reason = "pages call methods, and pass references"
)]
impl LotBody<'_> {
    fn date(&self, iso: &str) -> String {
        text::iso_date(&self.l, iso)
    }

    fn day(&self, at: &Micros) -> String {
        text::day(&self.l, at)
    }

    fn moment(&self, at: &Micros) -> String {
        text::moment(&self.l, at)
    }

    fn iso(&self, at: &Micros) -> String {
        text::day_of(*at).to_string()
    }

    fn icon(&self, name: &str) -> String {
        // The page's own style draws the strokes, so the drawing alone is sent.
        bare_icon(name)
    }

    /// The last step that the producer itself declared at a place with a code: where and when the
    /// goods left its hands.
    fn last_own(&self) -> Option<&JourneyStep> {
        let own = |step: &&JourneyStep| {
            step.organisation == self.r.organisation.id && !step.place_code.is_empty()
        };
        self.r.journey.iter().filter(own).max_by_key(|step| step.time)
    }

    /// Product code and lot: what law calls mã truy xuất nguồn gốc begins with them.
    fn trace(&self) -> String {
        if self.r.product.gtin.is_empty() {
            format!("{} · {} · {}", self.r.product.code, self.r.lot.code, self.r.lot.trace_code)
        } else {
            format!("(01) {} (10) {}", self.r.product.gtin, self.r.lot.code)
        }
    }
}

/// The page of a record that is not public yet, for who decides on it: what a buyer would see, under a
/// verdict that no stamp can have.
pub(crate) fn preview(app: &App, l: L, record: &PublicRecord) -> Result<Response, Fail> {
    let band = Band::plain(
        "clock",
        l.t("Xem trước, chưa công bố", "Preview, not public yet"),
        l.t(
            "Người mua sẽ thấy trang như dưới đây sau khi hồ sơ được duyệt; dòng này khi đó là kết luận về con tem.",
            "Buyers will see the page below once the record is approved; this line will then be the verdict on the stamp.",
        ),
    );
    let title = l.t("Xem trước hồ sơ", "Preview of the record");
    let path = format!("/t/{}", record.lot.trace_code);
    let body = lot_body(l, record)?;
    page(
        app,
        l,
        &Shown {
            status: StatusCode::OK,
            title,
            band,
            notice: None,
            body: &body,
            path: &path,
            serial: None,
        },
    )
}

fn bare_icon(name: &str) -> String {
    let full = assets::icon(name);
    let inner = full.split_once('>').map_or("", |(_, rest)| rest);
    format!(r#"<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{inner}"#)
}

/// What stands above the lot's part.
pub(super) struct Band {
    pub class: &'static str,
    pub icon: &'static str,
    pub title: String,
    pub sentence: String,
}

impl Band {
    pub(super) fn of(l: L, verdict: &Verdict) -> Band {
        Band {
            class: verdict.class(),
            icon: verdict.icon(),
            title: verdict.title(l),
            sentence: verdict.sentence(l),
        }
    }

    /// A code that could not be read, or is none of ours.
    pub(super) fn plain(icon: &'static str, title: &str, sentence: &str) -> Band {
        Band { class: "verdict", icon, title: title.to_owned(), sentence: sentence.to_owned() }
    }
}

/// All that one page shows.
pub(super) struct Shown<'a> {
    pub status: StatusCode,
    pub title: &'a str,
    pub band: Band,
    /// A second warning, such as a date that has passed.
    pub notice: Option<String>,
    pub body: &'a str,
    /// The path of the address, percent-encoded.
    pub path: &'a str,
    /// What is printed on the stamp.
    pub serial: Option<String>,
}

#[derive(Template)]
#[template(path = "resolve/scan.html")]
struct ScanPage<'a> {
    l: L,
    style: &'static str,
    province: &'static str,
    doubt: String,
    s: &'a Shown<'a>,
}

#[expect(clippy::unused_self, reason = "pages call methods")]
impl ScanPage<'_> {
    fn icon(&self, name: &str) -> String {
        bare_icon(name)
    }
}

/// Renders the page with the headers that belong to it.
pub(super) fn page(app: &App, l: L, shown: &Shown<'_>) -> Result<Response, Fail> {
    let link = format!("{}{}", app.config.public_url, shown.path);
    let link = percent_encoding::utf8_percent_encode(&link, percent_encoding::NON_ALPHANUMERIC);
    let page = ScanPage {
        l,
        style: assets::scan_style(),
        province: vietnam::units::province(&app.config.province).map_or("", |unit| unit.name),
        doubt: format!("/doubt?link={link}"),
        s: shown,
    };
    // Room for all of it at once: the page is put together at every scan.
    let mut html = String::with_capacity(page.style.len() + shown.body.len() + 4096);
    page.render_into(&mut html)?;
    let mut response = (shown.status, Html(html)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, policy().clone());
    headers.insert(header::VARY, HeaderValue::from_static("Accept, Cookie"));
    Ok(response)
}

/// The page's own policy: its one style by hash, pictures of ours, nothing else.
fn policy() -> &'static HeaderValue {
    static POLICY: OnceLock<HeaderValue> = OnceLock::new();
    POLICY.get_or_init(|| {
        let digest = Sha256::digest(assets::scan_style().as_bytes());
        let hash = base64::engine::general_purpose::STANDARD.encode(digest);
        let text = format!(
            "default-src 'none'; style-src 'sha256-{hash}'; img-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
        );
        HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("default-src 'none'"))
    })
}
