//! What can go wrong in a handler, and the one place where it becomes an answer: a page for
//! people, a problem document (RFC 9457) for machines, in the reader's language.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use store::StoreError;

use super::lang::L;

/// Why a request was not done. Sentences come in both languages; causes go to the log only.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Fail {
    #[error("not found")]
    NotFound,
    #[error("sign in first")]
    SignIn,
    #[error("not allowed")]
    Forbidden,
    /// The request cannot be understood or is refused by a rule.
    #[error("{en}")]
    Refused { status: StatusCode, vi: String, en: String },
    /// A question that would take too much to answer (`QueryTooComplexException` of EPCIS 2.0 §8.2.6).
    #[error("{en}")]
    TooComplex { vi: String, en: String },
    #[error("too many requests")]
    TooMany,
    #[error("the database is not available")]
    Unavailable,
    #[error("internal: {0}")]
    Internal(String),
}

impl Fail {
    /// A refusal with both sentences and status 422.
    pub fn refused(vi: impl Into<String>, en: impl Into<String>) -> Fail {
        Fail::Refused { status: StatusCode::UNPROCESSABLE_ENTITY, vi: vi.into(), en: en.into() }
    }

    /// A refusal with a status of its own.
    pub fn with(status: StatusCode, vi: impl Into<String>, en: impl Into<String>) -> Fail {
        Fail::Refused { status, vi: vi.into(), en: en.into() }
    }

    /// Somebody else changed the record since the form was opened.
    pub fn stale() -> Fail {
        Fail::with(
            StatusCode::CONFLICT,
            "Hồ sơ đã được người khác sửa sau khi bạn mở trang này. Mở lại trang để xem bản mới rồi sửa lại; chưa có gì bị ghi đè.",
            "Someone changed this record after you opened the page. Open it again to see the new version; nothing was overwritten.",
        )
    }

    /// An error of our own making, kept for the log.
    pub fn internal(cause: impl std::fmt::Display) -> Fail {
        Fail::Internal(cause.to_string())
    }

    pub fn status(&self) -> StatusCode {
        match self {
            Fail::NotFound => StatusCode::NOT_FOUND,
            Fail::SignIn => StatusCode::UNAUTHORIZED,
            Fail::Forbidden => StatusCode::FORBIDDEN,
            Fail::Refused { status, .. } => *status,
            Fail::TooComplex { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Fail::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Fail::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Fail::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// What happened, for the reader.
    pub fn sentence(&self, l: L) -> String {
        match self {
            Fail::NotFound => l.t("Không tìm thấy trang hoặc hồ sơ này.", "This page or record was not found.").to_owned(),
            Fail::SignIn => l.t("Cần đăng nhập để xem trang này.", "Please sign in to see this page.").to_owned(),
            Fail::Forbidden => l.t("Tài khoản của bạn không có quyền làm việc này.", "Your account may not do this.").to_owned(),
            Fail::Refused { vi, en, .. } | Fail::TooComplex { vi, en } => l.t(vi, en).to_owned(),
            Fail::TooMany => l.t("Gửi quá nhiều lần. Chờ một phút rồi thử lại.", "Too many requests. Wait a minute and try again.").to_owned(),
            Fail::Unavailable => l
                .t(
                    "Hệ thống tạm thời chưa ghi được dữ liệu. Chưa có gì được lưu; hãy thử lại sau ít phút.",
                    "The system cannot reach its data at the moment. Nothing was saved; please try again in a few minutes.",
                )
                .to_owned(),
            Fail::Internal(_) => l
                .t(
                    "Hệ thống gặp lỗi ngoài dự kiến. Lỗi đã được ghi lại kèm mã yêu cầu.",
                    "Something unexpected went wrong. It was logged with the request id.",
                )
                .to_owned(),
        }
    }
}

impl From<StoreError> for Fail {
    fn from(error: StoreError) -> Fail {
        if error.is_unavailable() {
            tracing::warn!(error = %error, "the store is not available");
            Fail::Unavailable
        } else {
            let mut chain = error.to_string();
            let mut cause = std::error::Error::source(&error);
            while let Some(inner) = cause {
                chain.push_str(": ");
                chain.push_str(&inner.to_string());
                cause = inner.source();
            }
            Fail::Internal(chain)
        }
    }
}

impl From<askama::Error> for Fail {
    fn from(error: askama::Error) -> Fail {
        Fail::internal(format!("rendering a page: {error}"))
    }
}

/// The status goes out at once; the body is written by the outermost layer, which knows the
/// reader's language and whether it is a person or a machine.
impl IntoResponse for Fail {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        if matches!(self, Fail::TooMany | Fail::Unavailable) {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, axum::http::HeaderValue::from_static("60"));
        }
        response.extensions_mut().insert(self);
        response
    }
}
