//! Forms at the door: size limits, the anti-forgery token, text cleaned once, and typed reading
//! that gathers every fault instead of stopping at the first. What was typed is never lost: the
//! same values fill the form again beside their faults.

use std::collections::BTreeMap;

use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use http_body_util::{BodyExt, Limited};
use jiff::civil::Date;
use rust_decimal::Decimal;
use vietnam::text::Rules;

use super::guard::Visit;
use super::{Fail, L};
use crate::app::App;

/// Largest form without files.
const PLAIN_LIMIT: usize = 256 * 1024;
/// Largest form with pictures or files; phones send up to five pictures of 2 MB.
pub const FILES_LIMIT: usize = 12 * 1024 * 1024;
/// Most fields a form may have.
const MOST_FIELDS: usize = 500;

/// A file that came with a form, not yet believed.
pub struct Upload {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// What somebody typed, with what is wrong with it.
#[derive(Default)]
pub struct Entered {
    values: BTreeMap<String, Vec<String>>,
    faults: Vec<(String, String)>,
}

impl Entered {
    /// An empty form, or one filled with what is known.
    pub fn of<const N: usize>(values: [(&str, String); N]) -> Entered {
        let mut entered = Entered::default();
        for (name, value) in values {
            entered.set(name, value);
        }
        entered
    }

    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.values.insert(name.to_owned(), vec![value.into()]);
    }

    /// One more value of a field that takes several.
    pub fn add(&mut self, name: &str, value: impl Into<String>) {
        self.values.entry(name.to_owned()).or_default().push(value.into());
    }

    pub fn value(&self, name: &str) -> &str {
        self.values.get(name).and_then(|all| all.first()).map_or("", String::as_str)
    }

    pub fn has(&self, name: &str, value: &str) -> bool {
        self.values.get(name).is_some_and(|all| all.iter().any(|one| one == value))
    }

    /// All values of a field that takes several.
    pub fn all(&self, name: &str) -> &[String] {
        self.values.get(name).map_or(&[], Vec::as_slice)
    }

    pub fn fault(&self, name: &str) -> Option<&str> {
        self.faults.iter().find(|(field, _)| field == name).map(|(_, sentence)| sentence.as_str())
    }

    /// All faults, as field and sentence, for the summary on top.
    pub fn faults(&self) -> &[(String, String)] {
        &self.faults
    }
}

/// A form that was sent.
pub struct Form {
    pub entered: Entered,
    pub l: L,
    files: BTreeMap<String, Vec<Upload>>,
}

impl Form {
    /// Notes a fault of a field.
    pub fn fault(&mut self, name: &str, vi: &str, en: &str) {
        let sentence = self.l.t(vi, en).to_owned();
        self.entered.faults.push((name.to_owned(), sentence));
    }

    /// Whether nothing is wrong so far.
    pub fn sound(&self) -> bool {
        self.entered.faults.is_empty()
    }

    fn cleaned(&mut self, name: &str, rules: Rules) -> String {
        let raw = self.entered.value(name).to_owned();
        match vietnam::text::clean(&raw, rules) {
            Ok(text) => {
                self.entered.set(name, text.clone());
                text
            }
            Err(fault) => {
                let sentence = fault.message(self.l.0);
                self.entered.faults.push((name.to_owned(), sentence));
                String::new()
            }
        }
    }

    /// One line of text, at most `most` characters, possibly empty.
    pub fn optional(&mut self, name: &str, most: usize) -> String {
        self.cleaned(name, Rules::line(most).optional())
    }

    /// One line of text that must not be empty.
    pub fn text(&mut self, name: &str, most: usize) -> String {
        self.cleaned(name, Rules::line(most))
    }

    /// Several lines of text, possibly empty.
    pub fn lines(&mut self, name: &str, most: usize) -> String {
        self.cleaned(name, Rules::paragraph(most).optional())
    }

    /// One of the given codes.
    pub fn choice(&mut self, name: &str, codes: &[&str]) -> String {
        let value = self.entered.value(name).to_owned();
        if !codes.contains(&value.as_str()) {
            self.fault(name, "Hãy chọn một mục trong danh sách.", "Choose one of the list.");
        }
        value
    }

    /// Every value of a field that takes several (check boxes), as sent.
    pub fn several(&self, name: &str) -> Vec<String> {
        self.entered.all(name).to_vec()
    }

    /// A commune: the code chosen from suggestions, or the typed name where it is plain which one
    /// is meant. A name that several communes have, or an old one that was split, asks.
    /// Returns the code of today and the old code where an old name was typed.
    pub fn commune(&mut self, name: &str) -> (String, String) {
        let chosen = self.entered.value(&format!("{name}_chosen")).to_owned();
        let code = if chosen.is_empty() { self.entered.value(name).to_owned() } else { chosen };
        let typed = self.optional(&format!("{name}_text"), 200);
        let old = self.entered.value(&format!("{name}_old")).to_owned();
        if vietnam::units::commune(&code).is_some() {
            self.entered.set(name, code.clone());
            let old = if vietnam::units::old_commune(&old).is_some() { old } else { String::new() };
            return (code, old);
        }
        let hits = vietnam::units::find(&typed, 12);
        let (choices, old, split) = meant(&hits);
        if let [only] = choices.as_slice() {
            self.entered.set(name, only.clone());
            return (only.clone(), old);
        }
        self.entered.set(&format!("{name}_old"), old);
        if choices.is_empty() {
            self.fault(
                name,
                "Không tìm thấy xã, phường này. Gõ tên xã, phường; không cần dấu.",
                "No such commune was found. Type its name; marks are not needed.",
            );
        } else if split {
            self.fault(
                name,
                "Xã cũ này đã được chia về nhiều xã, phường mới. Hãy chọn nơi đúng.",
                "This former commune was divided among several new ones. Choose the right one.",
            );
        } else {
            self.fault(
                name,
                "Có nhiều xã, phường khớp tên này. Hãy chọn một.",
                "Several communes fit. Choose one.",
            );
        }
        for choice in choices {
            self.entered.add(&format!("{name}_choices"), choice);
        }
        (String::new(), String::new())
    }

    pub fn ticked(&self, name: &str) -> bool {
        !self.entered.value(name).is_empty()
    }

    /// A day, `dd/mm/yyyy` or ISO (what a date field of a browser sends), possibly empty.
    pub fn optional_date(&mut self, name: &str) -> Option<Date> {
        let text = self.optional(name, 20);
        if text.is_empty() {
            return None;
        }
        let date = text.parse().or_else(|_| vietnam::format::parse_date(&text)).ok();
        let date = date.filter(|day: &Date| (1900..=2200).contains(&day.year()));
        if date.is_none() {
            self.fault(
                name,
                "Ngày không đúng. Viết dạng ngày/tháng/năm, ví dụ 22/11/2026.",
                "Not a date. Write day/month/year, such as 22/11/2026.",
            );
        }
        date
    }

    pub fn date(&mut self, name: &str) -> Option<Date> {
        let before = self.entered.faults.len();
        let date = self.optional_date(name);
        if date.is_none() && self.entered.faults.len() == before {
            self.fault(name, "Hãy chọn ngày.", "Choose a date.");
        }
        date
    }

    /// A positive number as people write it (`1.234,5` or `1234.5`), possibly empty.
    pub fn optional_amount(&mut self, name: &str) -> Option<Decimal> {
        let text = self.optional(name, 24);
        if text.is_empty() {
            return None;
        }
        let value = vietnam::format::parse_number(&text, self.l.0)
            .ok()
            .filter(|v| v.is_sign_positive() && !v.is_zero());
        if value.is_none_or(|v| v > Decimal::from(1_000_000_000) || v.scale() > 6) {
            self.fault(
                name,
                "Hãy nhập một số lớn hơn 0, ví dụ 1.240 hoặc 12,5.",
                "Enter a number above 0, such as 1240 or 12.5.",
            );
            return None;
        }
        value
    }

    pub fn amount(&mut self, name: &str) -> Option<Decimal> {
        let before = self.entered.faults.len();
        let value = self.optional_amount(name);
        if value.is_none() && self.entered.faults.len() == before {
            self.fault(name, "Hãy nhập số lượng.", "Enter an amount.");
        }
        value
    }

    /// A whole number within bounds, possibly empty.
    pub fn optional_whole(&mut self, name: &str, least: i64, most: i64) -> Option<i64> {
        let text = self.optional(name, 20);
        if text.is_empty() {
            return None;
        }
        let value = text.replace('.', "").parse().ok().filter(|v| (least..=most).contains(v));
        if value.is_none() {
            let vi = format!("Hãy nhập một số nguyên từ {least} đến {most}.");
            let en = format!("Enter a whole number from {least} to {most}.");
            self.fault(name, &vi, &en);
        }
        value
    }

    /// A register id (from a list or a hidden field).
    pub fn id(&mut self, name: &str) -> i64 {
        let id = self.entered.value(name).parse().unwrap_or(0);
        if id <= 0 {
            self.fault(name, "Hãy chọn một mục trong danh sách.", "Choose one of the list.");
        }
        id
    }

    /// Takes the files sent under a name; empty file inputs are left out.
    pub fn files(&mut self, name: &str) -> Vec<Upload> {
        self.files.remove(name).unwrap_or_default()
    }
}

/// What search results mean: the communes to choose from, the old unit, and whether it was split.
fn meant(hits: &[vietnam::units::Hit]) -> (Vec<String>, String, bool) {
    use vietnam::units::Hit;
    match hits.first() {
        None => (Vec::new(), String::new(), false),
        Some(Hit::Old { unit, successors }) if hits.len() == 1 => {
            let codes: Vec<String> =
                successors.communes().iter().map(|unit| unit.code.to_owned()).collect();
            let split = codes.len() > 1;
            (codes, unit.code.to_owned(), split)
        }
        Some(_) => {
            let mut codes = Vec::new();
            for hit in hits {
                let found = match hit {
                    Hit::New(unit) => vec![*unit],
                    Hit::Old { successors, .. } => successors.communes(),
                };
                for unit in found {
                    if !codes.iter().any(|code| code == unit.code) {
                        codes.push(unit.code.to_owned());
                    }
                }
            }
            (codes, String::new(), false)
        }
    }
}

impl FromRequest<App> for Form {
    type Rejection = Fail;

    async fn from_request(request: Request, _app: &App) -> Result<Form, Fail> {
        let visit = Visit::of(request.extensions())?;
        same_origin(&request)?;
        let kind = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_owned();
        let mut form = Form { entered: Entered::default(), l: visit.l, files: BTreeMap::new() };
        if let Ok(boundary) = multer::parse_boundary(&kind) {
            let body = collect(request, FILES_LIMIT).await?;
            form.read_multipart(body, boundary).await?;
        } else if kind.starts_with("application/x-www-form-urlencoded") || kind.is_empty() {
            let body = collect(request, PLAIN_LIMIT).await?;
            form.read_urlencoded(&body)?;
        } else {
            return Err(Fail::with(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "Trang này chỉ nhận biểu mẫu.",
                "This address takes forms only.",
            ));
        }
        if visit.csrf.is_empty() || form.entered.value("csrf") != visit.csrf {
            return Err(Fail::with(
                StatusCode::FORBIDDEN,
                "Biểu mẫu đã cũ hoặc không gửi từ trang của hệ thống. Mở lại trang rồi gửi lần nữa; chưa có gì được lưu.",
                "The form is too old or was not sent from our page. Open the page again and resend; nothing was saved.",
            ));
        }
        Ok(form)
    }
}

/// A browser tells where a form came from; one that came from elsewhere is refused.
fn same_origin(request: &Request) -> Result<(), Fail> {
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    let (Some(origin), Some(host)) = (header("origin"), header("host")) else { return Ok(()) };
    if origin.split_once("://").is_some_and(|(_, authority)| authority == host) {
        return Ok(());
    }
    Err(Fail::with(
        StatusCode::FORBIDDEN,
        "Biểu mẫu gửi từ một trang khác nên không được nhận.",
        "The form was sent from another site and is refused.",
    ))
}

/// Reads a body up to a limit.
pub async fn collect(request: Request, limit: usize) -> Result<bytes::Bytes, Fail> {
    let body = Limited::new(request.into_body(), limit);
    match body.collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<http_body_util::LengthLimitError>() => {
            let megabytes = limit / (1024 * 1024);
            let (vi, en) = if megabytes == 0 {
                (format!("{} KB", limit / 1024), format!("{} KB", limit / 1024))
            } else {
                (format!("{megabytes} MB"), format!("{megabytes} MB"))
            };
            Err(Fail::with(
                StatusCode::PAYLOAD_TOO_LARGE,
                format!("Dữ liệu gửi lên quá lớn: tối đa {vi}. Chưa có gì được lưu."),
                format!("Too much was sent: at most {en}. Nothing was saved."),
            ))
        }
        Err(_) => Err(Fail::with(
            StatusCode::BAD_REQUEST,
            "Đường truyền bị đứt khi đang gửi. Hãy gửi lại.",
            "The connection broke while sending. Please send again.",
        )),
    }
}

fn malformed() -> Fail {
    Fail::with(
        StatusCode::BAD_REQUEST,
        "Không đọc được biểu mẫu. Mở lại trang rồi gửi lần nữa.",
        "The form could not be read. Open the page again and resend.",
    )
}

impl Form {
    fn read_urlencoded(&mut self, body: &[u8]) -> Result<(), Fail> {
        for pair in body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let name = decoded(halves.next().unwrap_or_default())?;
            let value = decoded(halves.next().unwrap_or_default())?;
            self.take(name, value)?;
        }
        Ok(())
    }

    async fn read_multipart(&mut self, body: bytes::Bytes, boundary: String) -> Result<(), Fail> {
        // The body is already in memory and bounded, so one chunk feeds the parser.
        let once = std::future::ready(Ok::<_, std::convert::Infallible>(body));
        let mut parts = multer::Multipart::new(OnceStream(Some(once)), boundary);
        while let Some(part) = parts.next_field().await.map_err(|_| malformed())? {
            let name = part.name().unwrap_or_default().to_owned();
            let file = part.file_name().map(str::to_owned);
            let bytes = part.bytes().await.map_err(|_| malformed())?;
            if let Some(file) = file {
                if !bytes.is_empty() {
                    let upload = Upload { name: file, bytes: bytes.to_vec() };
                    self.files.entry(name).or_default().push(upload);
                }
            } else {
                let value = String::from_utf8(bytes.to_vec()).map_err(|_| malformed())?;
                self.take(name, value)?;
            }
        }
        Ok(())
    }

    fn take(&mut self, name: String, value: String) -> Result<(), Fail> {
        if self.entered.values.values().map(Vec::len).sum::<usize>() >= MOST_FIELDS {
            return Err(malformed());
        }
        self.entered.values.entry(name).or_default().push(value);
        Ok(())
    }
}

fn decoded(raw: &[u8]) -> Result<String, Fail> {
    let spaced: Vec<u8> = raw.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    let bytes: Vec<u8> = percent_encoding::percent_decode(&spaced).collect();
    String::from_utf8(bytes).map_err(|_| malformed())
}

/// A stream of one ready chunk.
struct OnceStream(Option<std::future::Ready<Result<bytes::Bytes, std::convert::Infallible>>>);

impl futures_util::Stream for OnceStream {
    type Item = Result<bytes::Bytes, std::convert::Infallible>;
    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        std::task::Poll::Ready(self.0.take().map(std::future::Ready::into_inner))
    }
}
