//! What a client and this server agree on by headers (EPCIS 2.0 §12.2, §12.4): the versions of EPCIS and of CBV, and how
//! identifiers and words are spelled in what goes out. Every operation of the interface is held to it.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use epcis::{CbvFormat, Context, EpcFormat, Fault};

use super::described;
use crate::app::App;
use crate::capture::problem;
use crate::shared::guard::{Access, Routes};
use crate::shared::{Fail, L};

/// Major and minor number. Patches change no meaning: 2.0.1 corrected the artefacts of 2.0.0.
type Version = (u32, u32);

/// What answers are written in.
const SPOKEN: Version = (2, 0);
/// The oldest that a capture may be written in.
const OLDEST_READ: Version = (1, 1);

/// Headers that name a version, and those that bound it from below and from above.
const AXES: [[&str; 3]; 2] = [
    ["gs1-epcis-version", "gs1-epcis-min", "gs1-epcis-max"],
    ["gs1-cbv-version", "gs1-cbv-min", "gs1-cbv-max"],
];

/// Whether an address is one of the interface, so that every operation of it is held to the headers.
pub fn agrees(path: &str) -> bool {
    path == "/epcis" || path.starts_with("/epcis/")
}

/// The prefixes that a request writes names in its parameters with (`GS1-Extensions`, EPCIS 2.0 §12.4).
#[derive(Debug, Clone, Default)]
pub struct Prefixes {
    pub context: Context,
    /// As they were sent, to go along with the token of a next page.
    pub text: String,
}

impl Prefixes {
    /// The prefixes that a header says.
    pub fn read(text: &str) -> Result<Prefixes, Fault> {
        Ok(Prefixes { context: Context::of_extensions_header(text)?, text: text.to_owned() })
    }

    /// A header may come in several lines, which are one list (RFC 9110 §5.3).
    fn of(headers: &HeaderMap) -> Result<Prefixes, Fault> {
        let lines = headers.get_all("gs1-extensions").iter();
        let lines: Vec<_> = lines.map(|line| String::from_utf8_lossy(line.as_bytes())).collect();
        Prefixes::read(&lines.join(","))
    }
}

impl FromRequestParts<App> for Prefixes {
    type Rejection = Fail;
    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Prefixes, Fail> {
        // What is wrong with the header was answered when it was agreed on.
        Prefixes::of(&parts.headers).map_err(|fault| {
            let [vi, en] = [gs1::Lang::Vi, gs1::Lang::En].map(|lang| fault.message(lang));
            Fail::with(StatusCode::BAD_REQUEST, vi, en)
        })
    }
}

/// The answer to a request whose headers ask for versions or spellings that are not spoken here, or cannot be read; nothing
/// where all is well.
pub fn refusal(l: L, parts: &Parts) -> Option<Response> {
    let path = parts.uri.path();
    if !agrees(path) {
        return None;
    }
    let capture = parts.method == Method::POST
        && (path.starts_with("/epcis/capture") || path == "/epcis/events");
    if let Err(fault) = Prefixes::of(&parts.headers) {
        return Some(problem::invalid(l, "ValidationException", &[fault]));
    }
    let oldest = if capture { OLDEST_READ } else { SPOKEN };
    let wrong = AXES
        .iter()
        .find_map(|axis| disagreement(&parts.headers, axis, oldest))
        .or_else(|| Spelling::of(&parts.headers).err())?;
    let title = l.t(
        "Máy chủ không nói được phiên bản hoặc cách viết này",
        "This version or spelling is not spoken here",
    );
    let spoken = l.t("ở đây nói EPCIS 2.0 và CBV 2.0", "EPCIS 2.0 and CBV 2.0 are spoken here");
    let detail = format!("{wrong}; {spoken}");
    Some(problem::problem(
        StatusCode::NOT_ACCEPTABLE,
        "NotAcceptableException",
        title,
        &detail,
        &[],
    ))
}

/// The header that leaves no common version, as it was sent.
fn disagreement(headers: &HeaderMap, axis: &[&str; 3], oldest: Version) -> Option<String> {
    let [exact, least, most] = axis;
    let fits = |name: &str, holds: fn(Version, Version, Version) -> bool| {
        let value = headers.get(name)?;
        let asked = value.to_str().ok().and_then(version);
        let holds = asked.is_some_and(|asked| holds(asked, oldest, SPOKEN));
        (!holds).then(|| format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())))
    };
    fits(exact, |asked, oldest, newest| (oldest..=newest).contains(&asked))
        .or_else(|| fits(least, |asked, _, newest| asked <= newest))
        .or_else(|| fits(most, |asked, oldest, _| asked >= oldest))
}

/// `2`, `2.0` or `2.0.1`.
fn version(text: &str) -> Option<Version> {
    let numbers: Option<Vec<u32>> = text.trim().split('.').map(|part| part.parse().ok()).collect();
    match numbers?.as_slice() {
        [major] => Some((*major, 0)),
        [major, minor] | [major, minor, _] => Some((*major, *minor)),
        _ => None,
    }
}

/// How identifiers and, in XML, words of CBV are spelled in what goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spelling {
    pub epc: EpcFormat,
    pub cbv: CbvFormat,
}

pub(super) const EPC_FORMATS: [(&str, EpcFormat); 4] = [
    ("Always_GS1_Digital_Link", EpcFormat::Link),
    ("Always_EPC_URN", EpcFormat::Urn),
    ("Never_Translates", EpcFormat::AsIs),
    ("No_Preference", EpcFormat::AsIs),
];

/// Events hold bare words, as JSON-LD has them; the original of XML was always one of the two, and the URN is what GS1's own
/// documents have.
pub(super) const CBV_FORMATS: [(&str, CbvFormat); 4] = [
    ("Always_Web_URI", CbvFormat::WebUri),
    ("Always_URN", CbvFormat::Urn),
    ("Never_Translates", CbvFormat::Urn),
    ("No_Preference", CbvFormat::Urn),
];

impl Spelling {
    /// What the headers ask for; without one, the standard's default, Digital Links. On error the header that names none.
    pub fn of(headers: &HeaderMap) -> Result<Spelling, String> {
        Ok(Spelling {
            epc: one_of(headers, "gs1-epc-format", &EPC_FORMATS, EpcFormat::Link)?,
            cbv: one_of(headers, "gs1-cbv-xml-format", &CBV_FORMATS, CbvFormat::Urn)?,
        })
    }

    /// From the codes that [`Spelling::codes`] gave.
    pub fn of_codes(epc: &str, cbv: &str) -> Spelling {
        let epc = EPC_FORMATS.iter().find(|(code, _)| *code == epc);
        let cbv = CBV_FORMATS.iter().find(|(code, _)| *code == cbv);
        Spelling {
            epc: epc.map_or(EpcFormat::Link, |(_, format)| *format),
            cbv: cbv.map_or(CbvFormat::Urn, |(_, format)| *format),
        }
    }

    /// The names of its two formats, as the headers have them.
    pub fn codes(self) -> (&'static str, &'static str) {
        let epc = EPC_FORMATS.iter().find(|(_, format)| *format == self.epc);
        let cbv = CBV_FORMATS.iter().find(|(_, format)| *format == self.cbv);
        (epc.map_or("", |(code, _)| *code), cbv.map_or("", |(code, _)| *code))
    }
}

fn one_of<T: Copy>(
    headers: &HeaderMap,
    name: &str,
    known: &[(&str, T)],
    absent: T,
) -> Result<T, String> {
    let Some(value) = headers.get(name) else { return Ok(absent) };
    known
        .iter()
        .find(|(code, _)| code.as_bytes() == value.as_bytes())
        .map(|(_, format)| *format)
        .ok_or_else(|| format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())))
}

/// Adds `OPTIONS` to an address that takes these methods.
pub fn discoverable(
    routes: Routes,
    path: &'static str,
    allow: &'static str,
    id: impl Into<String>,
) -> Routes {
    let says = described::discovery(id.into());
    routes.api(Method::OPTIONS, path, Access::Public, says, async move || discovery(allow))
}

/// The answer to `OPTIONS`: what the address takes, and what can be agreed on. `No_Preference` says of a spelling that each
/// is at hand.
pub fn discovery(allow: &'static str) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    problem::put_versions(headers);
    headers.insert(header::ALLOW, HeaderValue::from_static(allow));
    headers.insert("gs1-epc-format", HeaderValue::from_static("No_Preference"));
    headers.insert("gs1-cbv-xml-format", HeaderValue::from_static("No_Preference"));
    response
}

#[cfg(test)]
mod tests {
    use axum::http::Request;
    use gs1::Lang;

    use super::*;

    fn refused(method: Method, path: &str, headers: &[(&str, &str)]) -> bool {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (parts, ()) = request.body(()).expect("a request").into_parts();
        refusal(L(Lang::En), &parts).is_some()
    }

    #[test]
    fn a_range_that_reaches_2_0_is_agreed_on_and_another_is_not() {
        for (headers, wrong) in [
            (&[][..], false),
            (&[("GS1-EPCIS-Min", "1.2.0"), ("GS1-EPCIS-Max", "2.0.0")], false),
            (&[("GS1-EPCIS-Min", "2.0.1")], false),
            (&[("GS1-EPCIS-Min", "2.1.0")], true),
            (&[("GS1-EPCIS-Max", "1.2.0")], true),
            (&[("GS1-EPCIS-Max", "3")], false),
            (&[("GS1-CBV-Max", "1.2.2")], true),
            (&[("GS1-CBV-Min", "2.0")], false),
            (&[("GS1-EPCIS-Version", "1.2.0")], true),
            (&[("GS1-EPCIS-Version", "two")], true),
            (&[("GS1-EPCIS-Version", "2.0.0.0")], true),
            (&[("GS1-CBV-Version", "2.0.0")], false),
            (&[("GS1-EPC-Format", "Always_EPC_URN")], false),
            (&[("GS1-EPC-Format", "urn")], true),
            (&[("GS1-CBV-XML-Format", "Always_Web_URI")], false),
            (&[("GS1-CBV-XML-Format", "bare")], true),
        ] {
            assert_eq!(refused(Method::GET, "/epcis/events", headers), wrong, "{headers:?}");
            assert!(!refused(Method::GET, "/01/08931234567897", headers), "{headers:?}");
        }
    }

    #[test]
    fn what_is_sent_may_be_of_an_older_version_than_what_is_answered() {
        for (version, wrong) in
            [("1.0", true), ("1.1", false), ("1.2.0", false), ("2.0.0", false), ("2.1", true)]
        {
            let headers = &[("GS1-EPCIS-Version", version)];
            assert_eq!(refused(Method::POST, "/epcis/capture", headers), wrong, "{version}");
        }
    }

    #[test]
    fn a_spelling_is_known_again_by_its_codes() {
        for (_, epc) in EPC_FORMATS {
            for (_, cbv) in CBV_FORMATS {
                let spelling = Spelling { epc, cbv };
                let (epc, cbv) = spelling.codes();
                assert_eq!(Spelling::of_codes(epc, cbv), spelling);
            }
        }
    }
}
