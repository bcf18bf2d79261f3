//! Why a delivery failed: kept as a short code, told in both languages.

use crate::shared::L;

/// What came of one attempt that did not succeed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The receiver answered with another status than 2xx.
    Status(u16),
    /// It took longer than it may.
    Time,
    /// Its name was not found.
    Name,
    /// Its address is none that may be called.
    Address,
    /// Nobody listens there.
    Connect,
    /// Its certificate or its TLS is not sound.
    Tls,
    /// The connection broke before there was an answer.
    Broken,
    /// XML cannot say what the events hold. That does not change, so it is not tried again.
    Unsayable,
    /// The query could not be answered here, or its answer not be written.
    Query,
}

impl Failure {
    pub fn code(&self) -> String {
        match self {
            Failure::Status(status) => format!("status-{status}"),
            Failure::Time => "time".to_owned(),
            Failure::Name => "name".to_owned(),
            Failure::Address => "address".to_owned(),
            Failure::Connect => "connect".to_owned(),
            Failure::Tls => "tls".to_owned(),
            Failure::Broken => "broken".to_owned(),
            Failure::Unsayable => "unsayable".to_owned(),
            Failure::Query => "query".to_owned(),
        }
    }
}

/// A failure by its code, for the reader.
pub(super) fn sentence(l: L, code: &str) -> String {
    if let Some(status) = code.strip_prefix("status-") {
        let words = l.t("Máy nhận trả lời mã", "The receiver answered with status");
        return format!("{words} {status}.");
    }
    let words = match code {
        "" => "",
        "time" => l.t("Máy nhận không trả lời kịp.", "The receiver did not answer in time."),
        "name" => l.t("Không tìm thấy tên máy nhận.", "The receiver's name was not found."),
        "address" => l.t(
            "Tên máy nhận dẫn tới địa chỉ không thuộc internet công cộng.",
            "The receiver's name leads to an address that is not of the public internet.",
        ),
        "connect" => {
            l.t("Không kết nối được tới máy nhận.", "The receiver could not be connected to.")
        }
        "tls" => l.t(
            "Chứng chỉ hoặc TLS của máy nhận không hợp lệ.",
            "The receiver's certificate or TLS is not sound.",
        ),
        "broken" => l.t(
            "Kết nối bị ngắt trước khi có trả lời.",
            "The connection broke before there was an answer.",
        ),
        "unsayable" => l.t(
            "Có nội dung không viết được bằng XML.",
            "Some of the content cannot be said in XML.",
        ),
        "query" => l.t(
            "Máy chủ này không trả lời được truy vấn của đăng ký.",
            "This server could not answer the query of the subscription.",
        ),
        other => other,
    };
    words.to_owned()
}

#[cfg(test)]
mod tests {
    use gs1::Lang;

    use super::*;

    #[test]
    fn every_failure_has_a_sentence_in_both_languages() {
        use Failure::{Address, Broken, Connect, Name, Query, Status, Time, Tls, Unsayable};
        for failure in [Status(500), Time, Name, Address, Connect, Tls, Broken, Unsayable, Query] {
            let code = failure.code();
            let (vi, en) = (sentence(L(Lang::Vi), &code), sentence(L(Lang::En), &code));
            assert!(vi.ends_with('.') && en.ends_with('.') && vi != en, "{code}: {vi} {en}");
        }
    }
}
