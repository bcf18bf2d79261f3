//! The frame around every page: title, language, navigation by role, and the pieces that all
//! templates use.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

use super::guard::Visit;
use super::{Fail, L, assets};
use crate::identity::account::Role;

/// One entry of the side navigation.
pub struct NavItem {
    pub href: String,
    pub icon: &'static str,
    pub label: String,
    pub current: bool,
}

/// What the frame of a page shows. A page struct holds one under the name `page`.
pub struct Page {
    pub l: L,
    pub title: String,
    pub csrf: String,
    pub here: String,
    pub account_name: Option<String>,
    pub nav: Vec<NavItem>,
    /// The organisation whose pages these are, where there is one: its name.
    pub organisation: Option<String>,
    /// A notice from the last action (`?done=…`), already in words.
    pub notice: Option<String>,
    pub desk: bool,
    pub demonstration: bool,
}

impl Page {
    /// A public page.
    pub fn public(visit: &Visit, title: impl Into<String>) -> Page {
        Page {
            l: visit.l,
            title: title.into(),
            csrf: visit.csrf.clone(),
            here: visit.here.clone(),
            account_name: visit.account.as_ref().map(|account| account.name.clone()),
            nav: Vec::new(),
            organisation: None,
            notice: notice(visit),
            desk: false,
            demonstration: false,
        }
    }

    /// A page of an organisation, with its navigation.
    pub fn of_organisation(
        visit: &Visit,
        title: impl Into<String>,
        organisation: i64,
        name: &str,
    ) -> Page {
        let l = visit.l;
        let base = format!("/org/{organisation}");
        let item = |path: &str, icon, vi: &str, en: &str| {
            let href = format!("{base}{path}");
            let current =
                if path.is_empty() { visit.here == href } else { visit.here.starts_with(&href) };
            NavItem { href, icon, label: l.t(vi, en).to_owned(), current }
        };
        let mut nav = vec![
            item("/lots", "lot", "Lô và nhật ký", "Lots and diary"),
            item("/products", "product", "Sản phẩm", "Products"),
            item("/places", "place", "Cơ sở, địa điểm", "Places"),
            item("/certificates", "certificate", "Chứng nhận", "Certificates"),
            item("/stamps", "stamp", "Tem", "Stamps"),
            item("/profile", "organisation", "Đơn vị", "Organisation"),
        ];
        if visit.account.as_ref().is_some_and(|account| account.is_manager(organisation)) {
            nav.push(item("/members", "user", "Người dùng", "People"));
            nav.push(item("/keys", "key", "Kết nối máy", "API keys"));
            nav.push(item("/sharing", "share", "Chia sẻ", "Sharing"));
            nav.push(item("/subscriptions", "out", "Gửi tự động", "Sending out"));
        }
        Page { nav, organisation: Some(name.to_owned()), desk: true, ..Page::public(visit, title) }
    }

    /// A page of the staff's desk, with what the roles of the account may open.
    pub fn of_staff(visit: &Visit, title: impl Into<String>) -> Page {
        let l = visit.l;
        let has = |role: Role| {
            visit
                .account
                .as_ref()
                .is_some_and(|account| account.staff.iter().any(|grant| grant.role == role))
        };
        let mut nav = Vec::new();
        let mut item = |show: bool, href: &str, icon, vi: &str, en: &str| {
            if show {
                let current = visit.here.starts_with(href);
                nav.push(NavItem {
                    href: href.to_owned(),
                    icon,
                    label: l.t(vi, en).to_owned(),
                    current,
                });
            }
        };
        let any = has(Role::Officer) || has(Role::Reviewer) || has(Role::Inspector);
        item(has(Role::Reviewer), "/desk/review", "review", "Duyệt hồ sơ", "Review");
        item(
            has(Role::Officer) || has(Role::Reviewer),
            "/desk/organisations",
            "organisation",
            "Đơn vị",
            "Organisations",
        );
        item(any, "/desk/certificates", "certificate", "Chứng nhận", "Certificates");
        item(any, "/desk/trace", "search", "Truy vết", "Trace");
        item(any, "/desk/doubts", "question", "Nghi vấn", "Doubts");
        item(has(Role::Administrator), "/desk/accounts", "user", "Tài khoản", "Accounts");
        item(has(Role::Administrator), "/desk/oversight", "review", "Giám sát", "Oversight");
        item(has(Role::Administrator), "/desk/audit", "history", "Nhật ký hệ thống", "Audit trail");
        Page { nav, desk: true, ..Page::public(visit, title) }
    }

    /// An icon by name.
    pub fn icon(&self, name: &str) -> String {
        assets::icon(name)
    }

    /// Address of a built asset.
    pub fn asset(&self, name: &str) -> String {
        assets::href(name)
    }

    /// This page in the other language.
    pub fn other_language(&self) -> String {
        let (path, query) = self.here.split_once('?').unwrap_or((&self.here, ""));
        let kept: Vec<&str> = query
            .split('&')
            .filter(|pair| !pair.is_empty() && !pair.starts_with("lang="))
            .collect();
        let joint = if kept.is_empty() { String::new() } else { format!("{}&", kept.join("&")) };
        format!("{path}?{joint}lang={}", self.l.other())
    }
}

/// The words for `?done=…`: a closed list, so that a link cannot put words into our mouth.
fn notice(visit: &Visit) -> Option<String> {
    let (_, query) = visit.here.split_once('?')?;
    let code = query.split('&').find_map(|pair| pair.strip_prefix("done="))?;
    let l = visit.l;
    let words = match code {
        "saved" => l.t("Đã lưu.", "Saved."),
        "sent" => l.t(
            "Đã gửi. Cơ quan sẽ xem xét và trả lời tại trang này.",
            "Sent. The office will look at it and answer on this page.",
        ),
        "approved" => l.t("Đã duyệt và công bố.", "Approved and published."),
        "returned" => l.t("Đã trả lại kèm lý do.", "Returned with reasons."),
        "accepted" => l.t("Đã tiếp nhận đơn vị.", "The organisation is accepted."),
        "activated" => l.t("Đã kích hoạt tem.", "Stamps activated."),
        "voided" => l.t("Đã hủy tem. Tem hủy không dùng lại được.", "Stamps voided, for ever."),
        "corrected" => l.t(
            "Đã sửa. Bản khai cũ vẫn được giữ và ghi là khai nhầm.",
            "Corrected. The old entry is kept and marked as declared in error.",
        ),
        "removed" => l.t("Đã bỏ.", "Removed."),
        "sending" => l.t("Đang gửi lại.", "Being sent again."),
        "out" => l.t("Đã đăng xuất.", "Signed out."),
        _ => return None,
    };
    Some(words.to_owned())
}

/// Renders a page.
pub fn show<T: Template>(page: &T) -> Result<Response, Fail> {
    Ok(Html(page.render()?).into_response())
}

/// Renders a page with a status (422 for a form with faults).
pub fn show_with<T: Template>(status: StatusCode, page: &T) -> Result<Response, Fail> {
    Ok((status, Html(page.render()?)).into_response())
}

/// Sends the browser to a page after a form was done.
pub fn go(path: &str) -> Response {
    axum::response::Redirect::to(path).into_response()
}

#[derive(Template)]
#[template(path = "shared/failure.html")]
struct Failure<'a> {
    page: Page,
    status: u16,
    sentence: &'a str,
    request_id: &'a str,
}

/// The page that tells what went wrong.
pub fn failure(visit: &Visit, status: StatusCode, sentence: &str) -> Result<String, askama::Error> {
    let title = if status == StatusCode::NOT_FOUND {
        visit.l.t("Không tìm thấy", "Not found")
    } else {
        visit.l.t("Không làm được", "This could not be done")
    };
    Failure {
        page: Page::public(visit, title),
        status: status.as_u16(),
        sentence,
        request_id: &visit.request_id,
    }
    .render()
}
