//! The paper itself: a PDF or a picture, known by its first bytes and never by its name. Only the
//! organisation and the staff of its sector and area get it back, always as a download, so that
//! nothing in it runs or is shown in our name.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use store::{params, sql};

use super::{Certificate, SEES, register};
use crate::app::App;
use crate::shared::Fail;
use crate::shared::form::Form;
use crate::shared::guard::{Ids, Visit};

/// Largest file, in bytes.
pub const MOST_BYTES: usize = 8 * 1024 * 1024;

/// What a file is by its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    Pdf,
    Jpeg,
    Png,
}

impl FileKind {
    /// By the signatures of ISO 32000-1 (7.5.2), ITU-T T.81 (SOI) and ISO/IEC 15948 (5.2).
    fn of(bytes: &[u8]) -> Option<FileKind> {
        let signatures: [(&[u8], FileKind); 3] = [
            (b"%PDF-", FileKind::Pdf),
            (b"\xFF\xD8\xFF", FileKind::Jpeg),
            (b"\x89PNG\r\n\x1A\n", FileKind::Png),
        ];
        signatures.into_iter().find(|(start, _)| bytes.starts_with(start)).map(|(_, kind)| kind)
    }

    pub fn media_type(self) -> &'static str {
        match self {
            FileKind::Pdf => "application/pdf",
            FileKind::Jpeg => "image/jpeg",
            FileKind::Png => "image/png",
        }
    }

    fn of_media_type(text: &str) -> Option<FileKind> {
        [FileKind::Pdf, FileKind::Jpeg, FileKind::Png]
            .into_iter()
            .find(|kind| kind.media_type() == text)
    }

    fn ending(self) -> &'static str {
        match self {
            FileKind::Pdf => "pdf",
            FileKind::Jpeg => "jpg",
            FileKind::Png => "png",
        }
    }
}

/// A file that is what it says and not too large.
#[derive(Debug, Clone)]
pub struct CertificateFile {
    name: String,
    kind: FileKind,
    bytes: Vec<u8>,
}

impl CertificateFile {
    /// Believes a file after looking at its size and first bytes.
    ///
    /// # Errors
    /// [`Fail::Refused`] with the sentence for the field.
    pub fn checked(name: &str, bytes: Vec<u8>) -> Result<CertificateFile, Fail> {
        if bytes.len() > MOST_BYTES {
            return Err(Fail::refused(
                "Tệp quá lớn: tối đa 8 MB.",
                "The file is too large: at most 8 MB.",
            ));
        }
        let Some(kind) = FileKind::of(&bytes) else {
            return Err(Fail::refused(
                "Tệp phải là PDF, JPEG hoặc PNG. Hãy chụp ảnh hoặc quét giấy rồi gửi lại.",
                "The file must be a PDF, JPEG or PNG. Take a photo or scan the paper and send it again.",
            ));
        };
        // The name is only shown; one that hides signs or is too long gives way to a plain one.
        let name = vietnam::text::clean(name, vietnam::text::Rules::line(150))
            .unwrap_or_else(|_| format!("chung-nhan.{}", kind.ending()));
        Ok(CertificateFile { name, kind, bytes })
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn kind(&self) -> FileKind {
        self.kind
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// Takes the file sent under `file`, if there is one; what is wrong is noted at the field.
pub(super) fn take(form: &mut Form) -> Result<Option<CertificateFile>, Fail> {
    let mut uploads = form.files("file");
    if uploads.len() > 1 {
        form.fault(
            "file",
            "Chỉ gửi một tệp. Nhiều trang thì gộp thành một PDF.",
            "Send one file. Join several pages into one PDF.",
        );
        return Ok(None);
    }
    let Some(upload) = uploads.pop() else { return Ok(None) };
    match CertificateFile::checked(&upload.name, upload.bytes) {
        Ok(file) => Ok(Some(file)),
        Err(Fail::Refused { vi, en, .. }) => {
            form.fault("file", &vi, &en);
            Ok(None)
        }
        Err(other) => Err(other),
    }
}

/// `GET /org/{org}/certificates/{certificate}/file`
pub async fn own(State(app): State<App>, ids: Ids) -> Result<Response, Fail> {
    let c = register::load(&app, ids.get("org")?, ids.get("certificate")?).await?;
    download(&app, &c).await
}

/// `GET /desk/certificates/{certificate}/file`
pub async fn of_staff(State(app): State<App>, visit: Visit, ids: Ids) -> Result<Response, Fail> {
    let c = register::any(&app, ids.get("certificate")?).await?;
    if !visit.signed_in()?.oversees(&app, &SEES, c.organisation).await? {
        return Err(Fail::NotFound);
    }
    download(&app, &c).await
}

async fn download(app: &App, c: &Certificate) -> Result<Response, Fail> {
    let row = app
        .store
        .query_one(sql!("SELECT file_type, file FROM certificate WHERE id = $1"), &params![c.id])
        .await?
        .ok_or(Fail::NotFound)?;
    let (media_type, bytes): (String, Option<Vec<u8>>) = (row.get(0)?, row.get(1)?);
    let (Some(kind), Some(bytes)) = (FileKind::of_media_type(&media_type), bytes) else {
        return Err(Fail::NotFound);
    };
    let headers = [
        (header::CONTENT_TYPE, kind.media_type().to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"chung-nhan-{}.{}\"", c.id, kind.ending()),
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_known_by_its_first_bytes_and_not_by_its_name() {
        for bytes in
            [&b"<svg onload=alert(1)>"[..], b"<!doctype html>", b"MZ\x90", b"", b" %PDF-1.7"]
        {
            assert!(CertificateFile::checked("giay.pdf", bytes.to_vec()).is_err(), "{bytes:?}");
        }
        let file =
            CertificateFile::checked("giay.exe", b"%PDF-1.7 minh hoa".to_vec()).expect("a PDF");
        assert_eq!((file.kind(), file.name()), (FileKind::Pdf, "giay.exe"));
    }

    #[test]
    fn a_file_above_eight_megabytes_is_refused() {
        let mut bytes = b"%PDF-".to_vec();
        bytes.resize(MOST_BYTES, b' ');
        assert!(CertificateFile::checked("giay.pdf", bytes.clone()).is_ok());
        bytes.push(b' ');
        assert!(CertificateFile::checked("giay.pdf", bytes).is_err());
    }

    #[test]
    fn a_name_with_hidden_signs_is_not_kept() {
        let file =
            CertificateFile::checked("giay\u{202e}fdp.exe", b"%PDF-1.7".to_vec()).expect("a PDF");
        assert_eq!(file.name(), "chung-nhan.pdf");
    }
}
